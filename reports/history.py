"""Cycles: what an earlier run said and decided, and what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from engine.calibration import Standing, movement
from engine.decisions import Decision, Key, decisions_in
from engine.explanation import Explanation
from inputs.roster import InputError
from reports.decision_log import read_log
from reports.saved import read_summary
from reports.summary import Summary
from rules.pack import BANDS


@dataclass(frozen=True)
class Previous:
    """An earlier run with the decisions that were made on it."""

    summary: Summary
    decisions: Mapping[Key, Decision]


@dataclass(frozen=True)
class Movement:
    """One recommendation of this run beside the earlier one."""

    explanation: Explanation
    before: str | None
    """The band that the rules recommended; None when the person was not assessed for this promotion."""
    decided: str | None
    """The band that the session decided, where it did."""
    change: str
    """How the recommendation moved, in words."""
    became: str
    """What became of the decision, in words."""
    sustained: int
    """Core signs that are met now and were met in the earlier run."""
    core: int
    """Core signs in all."""

    @property
    def finding(self) -> str:
        """`Sustained evidence` when every core sign was met in both cycles."""
        return "Sustained evidence" if self.core and self.sustained == self.core else ""


def read_previous(folder: Path, summary: Summary) -> Previous:
    """Read an earlier run. Raises `InputError` when it is none, or not earlier than `summary`."""
    earlier = read_summary(folder)
    if earlier.day >= summary.day:
        raise InputError(
            f"{folder} was assessed as of {earlier.day.isoformat()}, which is not before "
            f"{summary.day.isoformat()}; give the run of an earlier cycle"
        )
    return Previous(earlier, decisions_in(read_log(folder)))


def movements(summary: Summary, previous: Previous) -> tuple[Movement, ...]:
    """Every recommendation of a run beside the earlier one, in the order of the run."""
    earlier = {row_key(one): one for one in previous.summary.explanations}
    levels = {one.employee_id: one for one in previous.summary.explanations}
    return tuple(
        _movement(
            one,
            earlier.get((one.employee_id, one.transition)),
            levels.get(one.employee_id),
            previous.decisions,
        )
        for one in summary.explanations
    )


def row_key(explanation: Explanation) -> Key:
    """Employee id and transition id."""
    return explanation.employee_id, explanation.transition


def _movement(
    now: Explanation,
    same: Explanation | None,
    anything: Explanation | None,
    decisions: Mapping[Key, Decision],
) -> Movement:
    decision = decisions.get((now.employee_id, now.transition))
    core = [sign for sign in now.evidence if sign.importance == "core"]
    met = {sign.signal for sign in same.evidence if sign.status == "met"} if same else set()
    return Movement(
        explanation=now,
        before=same.recommendation if same else None,
        decided=decision.decision if decision else None,
        change=_change(now, same, anything),
        became=_became(now, anything, decision, decisions),
        sustained=sum(sign.status == "met" and sign.signal in met for sign in core),
        core=len(core),
    )


_CHANGES = {
    Standing.AGREED: "unchanged",
    Standing.UP: "up",
    Standing.DOWN: "down",
    Standing.ASIDE: "evidence changed",
}


def _change(now: Explanation, same: Explanation | None, anything: Explanation | None) -> str:
    if same is not None:
        return _CHANGES[movement(same.recommendation, now.recommendation)]
    if anything is None:
        return "not in the earlier run"
    return "new level" if anything.level != now.level else "new promotion"


def _became(
    now: Explanation,
    anything: Explanation | None,
    decision: Decision | None,
    decisions: Mapping[Key, Decision],
) -> str:
    if anything is not None and anything.level != now.level:
        promoted = any(
            key[0] == now.employee_id and made.decision == BANDS[0] for key, made in decisions.items()
        )
        moved = f"{anything.level_title} then, {now.level_title} now"
        return f"Promotion carried out: {moved}" if promoted else f"Level changed without a decision: {moved}"
    if decision is None:
        return "Nothing was decided" if anything is not None else ""
    if decision.decision == BANDS[0]:
        return f"Promotion decided on {decision.decided_on.isoformat()}, not carried out"
    return f"Decided on {decision.decided_on.isoformat()}" + (
        f"; follow-up: {decision.follow_up}" if decision.follow_up else ""
    )
