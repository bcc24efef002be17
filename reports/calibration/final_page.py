"""`calibration-final.html`: what the session decided: who moved, by whom and why, and the counts."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from engine.session import Decision, DecisionStatus, LogLine, session_terms
from engine.words import Recommendation
from reports.pages.rendering import render
from reports.shown.content import NO_DEPARTMENT, Run, Tally
from reports.shown.decided import revised_in
from reports.shown.grouped import grouped
from reports.shown.guidelines import guideline_shares
from reports.shown.room import ABOUT, room_of
from reports.shown.room import MOVES as MOVES_OF_ROOM
from rules.pack import BANDS, Band

LISTED = 300
"""Up to this many undecided recommendations are listed by name; more are for the workbook's filter."""
MOVES = (DecisionStatus.UP, DecisionStatus.DOWN, DecisionStatus.ASIDE)


@dataclass(frozen=True)
class Row:
    """One recommendation and what became of it."""

    recommendation: Recommendation
    decision: Decision | None
    reason: str | None
    """The reason code in words."""
    manager: str
    """As the run names the manager."""

    @property
    def before(self) -> Band:
        """The band that the rules recommended."""
        return self.recommendation.recommendation

    @property
    def after(self) -> Band:
        """The band that was decided; without a decision the recommendation."""
        return self.decision.decision if self.decision else self.before

    @property
    def status(self) -> DecisionStatus | None:
        """Agreed, or changed in which direction; None without a decision."""
        return self.decision.status if self.decision else None


@dataclass(frozen=True)
class GroupCount:
    """The bands of one group before and after."""

    name: str
    before: Mapping[str, int]
    after: Mapping[str, int]
    moved: int
    undecided: int


def render_final(run: Run, log: Sequence[LogLine] = ()) -> str:
    """The page as text; `log` is that of the run's decisions."""
    codes = {reason.id: reason.label for reason in session_terms().reasons}
    rows = [
        Row(one, made, codes.get(made.reason_code or "") if made else None, run.manager_label(one))
        for one in run.recommendations
        for made in [run.decisions.get(one.key)]
    ]
    statuses = Counter(row.status for row in rows)
    by_name = sorted(rows, key=lambda row: (row.recommendation.employee_name or "").casefold())
    levels, promotions = (
        [tally.name for tally in tallies] for tallies in (run.by_level(), run.by_promotion())
    )
    row_of = {row.recommendation.key: row for row in rows}
    undecided = [row for row in by_name if row.decision is None]
    return render(
        "calibration-final.html",
        {
            "run": run,
            "pack": run.pack,
            "bands": BANDS,
            "rows": rows,
            "before": Counter(row.before for row in rows),
            "after": Counter(row.after for row in rows),
            "flows": Counter((row.before, row.after) for row in rows),
            "statuses": {name: statuses[name] for name in (DecisionStatus.AGREED, *MOVES)},
            "moves": {move: moved for move in MOVES if (moved := [r for r in by_name if r.status == move])},
            "agreed": [row for row in by_name if row.status == DecisionStatus.AGREED],
            "follow_ups": [row for row in by_name if row.decision and row.decision.follow_up],
            "revised": [(row_of[one.key], one) for one in revised_in(log, run.pack)],
            "undecided": undecided,
            "undecided_listed": undecided if len(undecided) <= LISTED else [],
            "deciders": _deciders(rows),
            "room": room_of(run),
            "room_about": ABOUT,
            "moves_of_room": MOVES_OF_ROOM,
            "shares": guideline_shares(
                run.session.guidelines, run.people_bands(), run.people_bands(run.bands(run.decisions))
            ),
            "groups": {
                "Level": _counted(rows, lambda row: row.recommendation.level_title, levels),
                "Promotion": _counted(rows, lambda row: row.recommendation.promotion_title, promotions),
                "Department": _counted(rows, lambda row: row.recommendation.department or NO_DEPARTMENT),
                "Manager": _counted(rows, lambda row: row.manager),
            },
        },
    )


def _counted(
    rows: Sequence[Row], name_of: Callable[[Row], str], order: Sequence[str] = ()
) -> list[GroupCount]:
    members = grouped(rows, name_of)
    names = list(order) or sorted(members, key=lambda name: (name.casefold(), name))
    return [
        GroupCount(
            name,
            Counter(row.before for row in members[name]),
            Counter(row.after for row in members[name]),
            sum(row.before != row.after for row in members[name]),
            sum(row.decision is None for row in members[name]),
        )
        for name in names
    ]


def _deciders(rows: Sequence[Row]) -> list[Tally[DecisionStatus]]:
    """What each person, or each panel, decided how often, the most decisions first."""
    made = grouped([row.decision for row in rows if row.decision], lambda decision: decision.decided_by)
    counts = [Tally(name, Counter(decision.status for decision in own)) for name, own in made.items()]
    return sorted(counts, key=lambda decider: (-decider.total, decider.name.casefold()))
