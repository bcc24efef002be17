"""Decisions of an earlier run that hold in a later one: nothing that they rest on has changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

from engine.phrases import join
from engine.session import Decision, LogLine, Withdrawal, decisions_in
from engine.words import Expectation, Explanation, Key, RatingUsed
from reports.shown.content import Run
from rules.pack import BANDS

NAMED = 3
"""Competencies that a reason names."""


@dataclass(frozen=True)
class Left:
    """A decision that does not hold by itself in the later run."""

    decision: Decision
    why: str


@dataclass(frozen=True)
class Kept:
    """The decisions of an earlier run, sorted by whether they hold."""

    lines: tuple[LogLine, ...]
    """Those that do, each as the earlier log has it."""
    known: int
    """How many are final in the later run already, just the same."""
    left: tuple[Left, ...]
    names: Mapping[str, str]
    """Employee id to the name in the earlier run: people leave, and an id may be somebody else now."""


def keep(before: Run, log: Sequence[LogLine], run: Run, made: Sequence[LogLine]) -> Kept:
    """Sort the decisions of an earlier run; `made` is the log of the later one."""
    final, last = decisions_in(made), {line.decision.key: line.decision for line in made}
    then = {one.key: one for one in before.explanations}
    now = {one.key: one for one in run.explanations}
    in_force = decisions_in(log)
    lines, known, left = [], 0, []
    for key, line in {line.decision.key: line for line in log}.items():
        decision = in_force.get(key)
        if decision is None:
            continue
        taken_back = last.get(key)
        if final.get(key) == decision:
            known += 1
        elif isinstance(taken_back, Withdrawal):
            left.append(Left(decision, f"it was taken back in this run: {taken_back.reason}"))
        elif why := _obstacle(then.get(key), now.get(key), decision, final, run):
            left.append(Left(decision, why))
        else:
            lines.append(line)
    return Kept(tuple(lines), known, tuple(left), before.names)


def _obstacle(
    then: Explanation | None,
    now: Explanation | None,
    decision: Decision,
    final: Mapping[Key, Decision],
    run: Run,
) -> str | None:
    if then is None or now is None:
        return "there is no such recommendation any more"
    if decision.key in final:
        return "something else is final in this run"
    elsewhere = [one for one in final.values() if one.employee_id == decision.employee_id]
    if decision.decision == BANDS[0] and any(one.decision == BANDS[0] for one in elsewhere):
        return "another promotion is final in this run"
    if then.employee_name != now.employee_name:
        return f"the id is now of {now.employee_name or 'somebody without a name'}"
    if then.recommendation != now.recommendation:
        was, is_now = (run.pack.bands[one.recommendation].label for one in (then, now))
        return f"the recommendation was {was}, it is {is_now}"
    before, after = _rests_on(then), _rests_on(now)
    changed = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    titles = list(dict.fromkeys(title for title, _ in changed))
    return f"other evidence: {join(titles, most=NAMED)}" if titles else None


def _rests_on(one: Explanation) -> dict[tuple[str, str], object]:
    """What a decision looked at, by title and what it is of; where a cell stands is no part of it."""
    found: dict[tuple[str, str], object] = {
        ("the day of the review", ""): one.review_date,
        ("the findings", ""): one.findings,
        ("the overall comments", ""): {
            (said.rater, said.text) for said in one.comments if said.competency is None
        },
        ("the lowest ratings", ""): {given.competency_title for given in one.lowest},
    }
    for signal in one.evidence:
        found[signal.title, "signal"] = (signal.status, signal.importance, signal.bar)
        for used in signal.ratings:
            found[used.competency_title, signal.signal] = _without_cells(used)
    for expected in one.present_level:
        found[expected.competency_title, "present level"] = _without_cells(expected)
    return found


def _without_cells(given: RatingUsed | Expectation) -> tuple[object, ...]:
    return tuple(getattr(given, one.name) for one in fields(given) if not one.name.endswith("cell"))
