"""Decisions that count, and the log they are kept in: appended to, never rewritten."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date

from pydantic import TypeAdapter, ValidationError

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
        return Entry(
            decision=self.decision,
            reason_code=self.reason_code,
            reason=self.reason,
            decided_by=self.decided_by,
            decided_on=self.decided_on,
            follow_up=self.follow_up,
        )


@dataclass(frozen=True)
class LogLine:
    """One decision as it was made final: from what, to what, and by which workbook."""

    number: int
    """1, 2, 3 ..."""
    before: Band | None
    """The band decided before; None when nothing was."""
    decision: Decision
    workbook: str
    workbook_sha256: str
    previous: str
    """SHA-256 of the line above, so that a line changed or taken out later is noticed."""


FIRST = "0" * 64
"""`previous` of the first line."""


@dataclass(frozen=True)
class Conflict:
    """A decision that differs from one that already counts."""

    current: Decision
    proposed: Decision
    differs: tuple[str, ...]
    """The names of the fields in which they differ."""


@dataclass(frozen=True)
class Merge:
    """What a set of decisions would add to those that count."""

    fresh: tuple[Decision, ...]
    same: tuple[Decision, ...]
    conflicts: tuple[Conflict, ...]


def merge(current: Mapping[Key, Decision], proposed: Iterable[Decision]) -> Merge:
    """Sort proposed decisions into new ones, ones already known, and conflicts."""
    fresh, same, conflicts = [], [], []
    for decision in proposed:
        known = current.get(decision.key)
        if known is None:
            fresh.append(decision)
        elif known == decision:
            same.append(decision)
        else:
            conflicts.append(Conflict(known, decision, _differences(known, decision)))
    return Merge(tuple(fresh), tuple(same), tuple(conflicts))


def _differences(one: Decision, other: Decision) -> tuple[str, ...]:
    left, right = asdict(one), asdict(other)
    return tuple(name for name in left if left[name] != right[name])


def decisions_in(log: Iterable[LogLine]) -> dict[Key, Decision]:
    """The decisions that count: for each person and promotion the last line of the log."""
    return {line.decision.key: line.decision for line in log}


def append(
    log: Sequence[LogLine], decisions: Iterable[Decision], workbook: str, workbook_sha256: str
) -> tuple[LogLine, ...]:
    """The log with a line for each decision added below."""
    lines = list(log)
    current = decisions_in(log)
    for decision in decisions:
        known = current.get(decision.key)
        lines.append(
            LogLine(
                number=len(lines) + 1,
                before=None if known is None else known.decision,
                decision=decision,
                workbook=workbook,
                workbook_sha256=workbook_sha256,
                previous=_hash(lines[-1]) if lines else FIRST,
            )
        )
        current[decision.key] = decision
    return tuple(lines)


def render_log(log: Iterable[LogLine]) -> str:
    """The log as text, one JSON object a line."""
    return "".join(_render(line) + "\n" for line in log)


def parse_log(text: str, place: str) -> tuple[LogLine, ...]:
    """The log from its text. Raises `InputError` when a line was changed, taken out or put in."""
    lines: list[LogLine] = []
    for number, raw in enumerate(text.splitlines(), start=1):
        try:
            line = _LINE.validate_json(raw)
        except ValidationError as error:
            raise InputError(f"{place}, line {number}: this is not a line of a decision log") from error
        expected = _hash(lines[-1]) if lines else FIRST
        if line.number != number or line.previous != expected:
            raise InputError(
                f"{place}, line {number}: the log was changed by hand: this line does not follow from the "
                "one above. Restore the file from a backup; to change decisions, use a workbook"
            )
        lines.append(line)
    return tuple(lines)


_LINE = TypeAdapter(LogLine)


def _render(line: LogLine) -> str:
    return json.dumps(_LINE.dump_python(line, mode="json"), ensure_ascii=False)


def _hash(line: LogLine) -> str:
    return hashlib.sha256(_render(line).encode()).hexdigest()
