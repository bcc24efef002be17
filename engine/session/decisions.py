"""Decisions that count, and the log they are kept in: appended to, never rewritten."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime

from pydantic import TypeAdapter, ValidationError

from engine import phrases
from engine.session.calibration import DecisionStatus, Entry, movement
from engine.words import Key
from inputs import InputError
from rules.pack import Band


@dataclass(frozen=True)
class Decision:
    """What the session decided for one person and promotion."""

    employee_id: str
    promotion: str
    recommendation: Band
    decision: Band
    reason_code: str | None
    reason: str | None
    decided_by: str
    decided_on: date
    follow_up: str | None

    @property
    def key(self) -> Key:
        """The person and promotion."""
        return self.employee_id, self.promotion

    @property
    def status(self) -> DecisionStatus:
        """Agreed, or changed in which direction."""
        return movement(self.recommendation, self.decision)

    @property
    def entry(self) -> Entry:
        """The decision as a workbook shows it."""
        return Entry(**{field.name: getattr(self, field.name) for field in fields(Entry)})


@dataclass(frozen=True)
class Withdrawal:
    """A decision that is taken back: from then on there is none."""

    employee_id: str
    promotion: str
    reason: str
    withdrawn_by: str

    @property
    def key(self) -> Key:
        """The person and promotion."""
        return self.employee_id, self.promotion


@dataclass(frozen=True)
class Origin:
    """What a line of the log was made from."""

    workbook: str | None = None
    """The file's name; None for a withdrawal, and for what was decided in a browser."""
    sha256: str | None = None
    run: str | None = None
    """The fingerprint of the earlier run whose decision was kept; None for one that was made in this run."""


@dataclass(frozen=True)
class LogLine:
    """One decision as it was made final, or taken back: from what, to what, when, and by which workbook."""

    number: int
    """1, 2, 3 ..."""
    applied_at: datetime
    before: Band | None
    """The band decided before; None when nothing was."""
    decision: Decision | Withdrawal
    effective_on: date | None
    """The day on which a promotion takes effect, where it was given."""
    origin: Origin
    previous: str
    """SHA-256 of the line above, so that a line changed or taken out later is noticed."""


FIRST = "0" * 64
"""`previous` of the first line."""


@dataclass(frozen=True)
class LogEnd:
    """How the log ends. It is kept apart from it, so that a last line changed or cut off is noticed."""

    lines: int
    sha256: str
    """Of the last line."""


@dataclass(frozen=True)
class Conflict:
    """A decision that differs from another one for the same person and promotion."""

    current: Decision
    proposed: Decision
    differs: tuple[str, ...]
    """The names of the fields in which they differ."""


@dataclass(frozen=True)
class Again:
    """A decision that was taken back, and is proposed just as it was."""

    proposed: Decision
    withdrawal: Withdrawal


@dataclass(frozen=True)
class Merge:
    """What a set of decisions would add to those that are final."""

    fresh: tuple[Decision, ...]
    same: tuple[Decision, ...]
    conflicts: tuple[Conflict, ...]
    """With decisions that are final."""
    contradictions: tuple[Conflict, ...]
    """With decisions that are made at the same time: nothing says which of the two is meant."""
    again: tuple[Again, ...]


def merge(log: Iterable[LogLine], proposed: Iterable[Decision], beside: Mapping[Key, Decision]) -> Merge:
    """Sort proposed decisions into new ones, ones already known, those that differ from others (from one that
    is final, or one `beside` them), and those that were taken back."""
    lines = tuple(log)
    final, withdrawn = decisions_in(lines), _withdrawn_in(lines)
    fresh, same, conflicts, contradictions, again = [], [], [], [], []
    for decision in proposed:
        twin, known = beside.get(decision.key), final.get(decision.key)
        if twin is not None and twin != decision:
            contradictions.append(Conflict(twin, decision, _differences(twin, decision)))
        elif twin is not None or known == decision:
            same.append(decision)
        elif known is not None:
            conflicts.append(Conflict(known, decision, _differences(known, decision)))
        elif (back := withdrawn.get(decision.key)) and _as_it_was(decision, back[0]):
            again.append(Again(decision, back[1]))
        else:
            fresh.append(decision)
    return Merge(tuple(fresh), tuple(same), tuple(conflicts), tuple(contradictions), tuple(again))


def _as_it_was(decision: Decision, before: Decision) -> bool:
    """Whether it is the decision made before; who decides, and when, may stand above all rows by now."""
    return not {*_differences(decision, before)} - {"decided_by", "decided_on"}


def _withdrawn_in(log: Sequence[LogLine]) -> dict[Key, tuple[Decision, Withdrawal]]:
    """What was taken back, where nothing was decided since, with the reason."""
    made = {line.decision.key: line.decision for line in log if isinstance(line.decision, Decision)}
    last = {line.decision.key: line.decision for line in log}
    return {key: (made[key], one) for key, one in last.items() if isinstance(one, Withdrawal) and key in made}


def _differences(one: Decision, other: Decision) -> tuple[str, ...]:
    left, right = asdict(one), asdict(other)
    return tuple(name for name in left if left[name] != right[name])


def decisions_in(log: Iterable[LogLine]) -> dict[Key, Decision]:
    """The decisions that count: for each person and promotion the last line of the log, unless it takes the
    decision back."""
    last = {line.decision.key: line.decision for line in log}
    return {key: made for key, made in last.items() if isinstance(made, Decision)}


def effective_days(log: Iterable[LogLine]) -> dict[Key, date]:
    """The day that was last given for each decision; a decision that is taken back loses it."""
    days: dict[Key, date] = {}
    for line in log:
        if isinstance(line.decision, Withdrawal):
            days.pop(line.decision.key, None)
        elif line.effective_on is not None:
            days[line.decision.key] = line.effective_on
    return days


def append(
    log: Sequence[LogLine],
    made: Iterable[Decision | Withdrawal],
    origin: Origin,
    applied_at: datetime,
    effective_on: date | None = None,
) -> tuple[LogLine, ...]:
    """The log with a line for each decision added below."""
    lines = list(log)
    current = decisions_in(log)
    for decision in made:
        known = current.get(decision.key)
        lines.append(
            LogLine(
                number=len(lines) + 1,
                applied_at=applied_at,
                before=None if known is None else known.decision,
                decision=decision,
                effective_on=effective_on,
                origin=origin,
                previous=_hash(lines[-1]) if lines else FIRST,
            )
        )
        if isinstance(decision, Decision):
            current[decision.key] = decision
        else:
            current.pop(decision.key, None)
    return tuple(lines)


def render_log(log: Iterable[LogLine]) -> str:
    """The log as text, one JSON object a line."""
    return "".join(_render(line) + "\n" for line in log)


def end_of(log: Sequence[LogLine]) -> LogEnd:
    """How a log ends."""
    return LogEnd(len(log), _hash(log[-1]) if log else FIRST)


def parse_log(text: str, place: str, end: LogEnd) -> tuple[LogLine, ...]:
    """The log from its text. Raises `InputError` when a line was changed, taken out or put in, or when it
    does not end as it should."""
    lines: list[LogLine] = []
    # A line ends at a line feed and nowhere else: reasons may hold other characters that break lines.
    for number, raw in enumerate(text.removesuffix("\n").split("\n") if text else (), start=1):
        try:
            line = _LINE.validate_json(raw)
        except ValidationError as error:
            raise InputError(f"{place}, line {number}: this is not a line of a decision log") from error
        expected = _hash(lines[-1]) if lines else FIRST
        if line.number != number or line.previous != expected:
            raise InputError(
                f"{place}, line {number}: the log was changed by hand: this line does not follow from the "
                f"one above. {RESTORE}"
            )
        lines.append(line)
    if end_of(lines) != end:
        raise InputError(
            f"{place} was changed by hand: it should have {phrases.count(end.lines, 'line')}, the last with "
            f"a SHA-256 that begins with {end.sha256[:12]}; it has {len(lines):,}, the last with "
            f"{end_of(lines).sha256[:12]}. {RESTORE}"
        )
    return tuple(lines)


RESTORE = "Restore the file from a backup; to change decisions, use a workbook"
_LINE = TypeAdapter(LogLine)


def _render(line: LogLine) -> str:
    return json.dumps(_LINE.dump_python(line, mode="json"), ensure_ascii=False)


def _hash(line: LogLine) -> str:
    return hashlib.sha256(_render(line).encode()).hexdigest()
