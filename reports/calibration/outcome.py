"""What several edited workbooks together would change."""

from collections import ChainMap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from engine.phrases import count
from engine.session import (
    Again,
    Conflict,
    Decision,
    LogLine,
    Merge,
    Origin,
    append,
    decisions_in,
    effective_days,
    merge,
)
from engine.words import Key
from reports.calibration.filled import Filled, fill
from reports.calibration.review import Problem, Review, review
from reports.shown.content import Run
from reports.workbook.reading import EditedWorkbook


@dataclass(frozen=True)
class Outcome:
    """What several workbooks together would change."""

    reviews: tuple[Review, ...]
    merges: tuple[Merge, ...]
    """For each review, against the log and the workbooks before it."""
    log: tuple[LogLine, ...]
    """The log as it would be."""

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Everything that has to be fixed first."""
        return tuple(problem for one in self.reviews for problem in one.problems)

    @property
    def conflicts(self) -> tuple[Conflict, ...]:
        """Decisions that differ from ones that are final."""
        return tuple(conflict for one in self.merges for conflict in one.conflicts)

    @property
    def contradictions(self) -> tuple[Conflict, ...]:
        """Decisions that differ from those of a workbook given before them."""
        return tuple(conflict for one in self.merges for conflict in one.contradictions)

    @property
    def again(self) -> tuple[Again, ...]:
        """Decisions that were taken back, and that a workbook has just as they were."""
        return tuple(again for one in self.merges for again in one.again)

    def refusal(self, *, replace: bool) -> str | None:
        """Why the decisions cannot be made final; None when they can."""
        reasons = []
        if self.problems:
            reasons.append(f"{count(len(self.problems), 'problem')} to fix first")
        if self.contradictions:
            differ = count(len(self.contradictions), "decision differs", "decisions differ")
            reasons.append(f"{differ} between the workbooks; agree on one")
        if self.conflicts and not replace:
            differ = count(len(self.conflicts), "decision differs", "decisions differ")
            reasons.append(f"{differ} from what is final already; agree on one, or add --replace")
        if self.again and not replace:
            back = count(len(self.again), "decision was", "decisions were")
            reasons.append(f"{back} taken back since; clear them in the workbook, or add --replace")
        return "; ".join(reasons) or None

    @property
    def fresh(self) -> tuple[Decision, ...]:
        """Decisions that were not there before."""
        return tuple(decision for one in self.merges for decision in one.fresh)


def calibrate(
    run: Run,
    workbooks: Sequence[EditedWorkbook],
    log: Sequence[LogLine],
    today: date,
    applied_at: datetime,
    *,
    replace: bool = False,
    effective_on: date | None = None,
) -> Outcome:
    """Check workbooks; with `replace`, a decision takes the place of another one that is final, and one that
    was taken back is made again.

    `effective_on` is the day on which their promotions take effect, also of those that are final already.

    Raises `InputError` when a workbook does not belong to the run.
    """
    final, days = decisions_in(log), effective_days(log)
    filled = [fill(run, workbook) for workbook in workbooks]
    reviews, merges = [], []
    given: dict[Key, Decision] = {}
    lines = tuple(log)
    for one in filled:
        others = [other.bands for other in filled if other is not one]
        elsewhere = dict(ChainMap(*others, {key: made.decision for key, made in final.items()}))
        checked = _with_known(one, review(one, today, elsewhere), final)
        merged = merge(log, checked.decisions, given)
        new_day = [
            made
            for made in merged.same
            if made.key not in given and effective_on not in (None, days.get(made.key))
        ]
        replaced = [one.proposed for one in merged.conflicts if replace]
        again = [one.proposed for one in merged.again if replace]
        accepted = [*merged.fresh, *replaced, *again, *new_day]
        origin = Origin(one.workbook.file, one.workbook.sha256)
        lines = append(lines, accepted, origin, applied_at, effective_on)
        given |= {decision.key: decision for decision in checked.decisions if decision.key not in given}
        reviews.append(checked)
        merges.append(merged)
    return Outcome(tuple(reviews), tuple(merges), lines)


def _with_known(filled: Filled, checked: Review, final: Mapping[Key, Decision]) -> Review:
    """A review in which a decision that is final already stays of who made it and when: a workbook that a
    second session goes on with says above its rows who decides now."""
    kept, other, said = [], 0, []
    for made in checked.decisions:
        known, row = final.get(made.key), filled.rows[made.key]
        kept.append(made)
        if known is None:
            continue
        signed = "decided_by" in row.texts or "decided_on" in row.texts
        as_then = replace(made, decided_by=known.decided_by, decided_on=known.decided_on)
        if known == as_then and not signed:
            kept[-1] = known
            other += known != made
        elif known != as_then and made == as_then and signed:
            said.append(
                f"{filled.workbook.cell(row, 'decided_on')}: this decision differs from the final one, but "
                "its row still says who made that, and when; if it was made later, fill in who made it, and "
                "when"
            )
    if other:
        stay = "1 decision is already final; its original date and decider are kept"
        if other > 1:
            stay = f"{other:,} decisions are already final; their original dates and deciders are kept"
        said.append(f"{filled.workbook.file}: {stay}")
    return replace(checked, decisions=tuple(kept), notes=(*checked.notes, *said, *_stays(filled, final)))


def _stays(filled: Filled, final: Mapping[Key, Decision]) -> tuple[str, ...]:
    """Said of rows that are empty although they are decided: emptying a row takes nothing back."""
    empty = sum(key in final and row.is_blank for key, row in filled.rows.items())
    if not empty:
        return ()
    said = "1 row that is empty here is decided already and stays so; to take it back, withdraw it"
    if empty > 1:
        rows = f"{empty:,} rows that are empty here are decided already and stay so"
        said = f"{rows}; to take one back, withdraw it"
    return (f"{filled.workbook.file}: {said}",)
