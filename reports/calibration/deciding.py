"""One decision of a session that goes on in a browser: checked as a workbook is, and written down at once."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from engine.session import (
    Decision,
    Entry,
    LogLine,
    Origin,
    Withdrawal,
    append,
    decision_status,
    decisions_in,
    session_terms,
)
from engine.words import Key
from inputs import InputError
from reports.calibration.decision_files import write_decisions, write_log
from reports.calibration.entries import STATUS_WORDS, date_problems, decision_of, no_words
from reports.calibration.sitting import Seat, Sitting
from reports.run.decision_log import followed, read_log
from reports.run.replacing import locked
from reports.run.saved import read_run
from reports.workbook.cells import clean_text
from reports.workbook.topics import CONSENT, LATER, NEVER, NOW
from rules.pack import BANDS


class MeanwhileError(InputError):
    """Somebody else has changed this row since it was looked at."""


def versions_in(log: Sequence[LogLine]) -> dict[Key, int]:
    """The version of each row that was ever decided: the number of its last line in the log. It is 0 for all
    others."""
    return {line.decision.key: line.number for line in log}


def decide(
    folder: Path, seat: Seat, entry: Entry, seen: int, day: date, today: date, applied_at: datetime
) -> tuple[LogLine, ...]:
    """Decide on one recommendation; returns the log, in which it is then.

    `seen` is the version of the row that the decision is about, `day` that of the assessment. Files that
    follow from the log are written by `follow_log`. Raises `InputError` when the decision is not complete,
    and `MeanwhileError` when the row has another version by now.
    """
    given = _tidied(entry)
    with locked(folder):
        log = read_log(folder)
        decided = decisions_in(log)
        known = decided.get(seat.key)
        if known is not None and known.entry == given:  # left as it is, or sent twice
            return log
        _require_version(log, seat.key, seen)
        _require_complete(given, seat, decided, day, today)
        made = decision_of(given, seat.key, seat.recommendation)
        return _written(folder, log, [made], applied_at)


def take_back(
    folder: Path, seat: Seat, reason: str, by: str, seen: int, applied_at: datetime
) -> tuple[LogLine, ...]:
    """Withdraw what was decided on one recommendation; the log keeps both. Raises `InputError` as `decide`,
    and when nothing is decided."""
    why, who = _reasoned(reason, by)
    with locked(folder):
        log = read_log(folder)
        _require_version(log, seat.key, seen)
        if seat.key not in decisions_in(log):
            raise InputError(f"Nothing is decided on {seat.name}.")
        return _written(folder, log, [Withdrawal(*seat.key, why, who)], applied_at)


def _reasoned(reason: str, by: str) -> tuple[str, str]:
    why, who = clean_text(reason).strip(), clean_text(by).strip()
    if not why or not who:
        raise InputError("Say who takes the decision back, and why: both stay in the log.")
    for problem, remedy in (*no_words("reason", why), *no_words("decided_by", who)):
        raise InputError(f"{problem} {remedy}")
    return why, who


@dataclass(frozen=True)
class Rest:
    """Who is undecided, where the room agrees to the rest."""

    groups: Mapping[str, tuple[Seat, ...]]
    """By what the agenda says of them; first those whom nobody asked to discuss."""
    twice: tuple[Seat, ...]
    """Those who would be promoted to two levels at once: they are decided one by one."""


def rest_of(sitting: Sitting, log: Sequence[LogLine]) -> Rest:
    """Who is undecided, in the order of the agenda."""
    made = decisions_in(log)
    bands = (
        (one.key[0], made[one.key].decision if one.key in made else one.recommendation)
        for one in sitting.seats
    )
    promoted = Counter(employee for employee, band in bands if band == BANDS[0])
    left = [one for one in sitting.seats if one.key not in made]
    twice = {one.key for one in left if one.recommendation == BANDS[0] and promoted[one.key[0]] > 1}
    groups = {
        when: tuple(one for one in left if one.when == when and one.key not in twice)
        for when in (*UNASKED, LATER, NOW)
    }
    return Rest(
        {when: seats for when, seats in groups.items() if seats},
        tuple(one for one in left if one.key in twice),
    )


UNASKED = (CONSENT, NEVER)
"""Nothing was open about them; the agenda has a question for all others."""


def agree_to_rest(
    folder: Path,
    sitting: Sitting,
    groups: Collection[str],
    by: str,
    on: date,
    seen: int,
    today: date,
    applied_at: datetime,
) -> tuple[LogLine, ...]:
    """Decide as recommended on everybody of these groups of `rest_of`; returns the log.

    `seen` is how many lines the log had when somebody looked at them. Raises `InputError` as `decide`.
    """
    agreed = Entry(reason=session_terms().rest, decided_by=_tidy(by), decided_on=on)
    with locked(folder):
        log = read_log(folder)
        _require_seen(log, seen)
        seats = [one for when, own in rest_of(sitting, log).groups.items() if when in groups for one in own]
        if not seats:
            raise InputError("Nobody was chosen, so nothing is decided.")
        entries = [(one, replace(agreed, decision=one.recommendation)) for one in seats]
        _require_complete(entries[0][1], seats[0], {}, sitting.day, today)
        made = [decision_of(entry, one.key, one.recommendation) for one, entry in entries]
        return _written(folder, log, made, applied_at)


def said_of_rest(log: Sequence[LogLine]) -> tuple[Decision, ...]:
    """What was agreed to with the rest when that was last said, as far as it still counts."""
    rest = session_terms().rest
    last = versions_in(log)
    said = [
        (line.applied_at, line.decision)
        for line in log
        if line.number == last[line.decision.key]
        and isinstance(line.decision, Decision)
        and line.decision.reason == rest
    ]
    return tuple(made for at, made in said if at == said[-1][0])


def take_back_rest(
    folder: Path, reason: str, by: str, seen: int, applied_at: datetime
) -> tuple[LogLine, ...]:
    """Withdraw all of `said_of_rest`; the log keeps both. Raises `InputError` as `take_back`."""
    why, who = _reasoned(reason, by)
    with locked(folder):
        log = read_log(folder)
        _require_seen(log, seen)
        said = said_of_rest(log)
        if not said:
            raise InputError("There is nothing to take back.")
        return _written(folder, log, [Withdrawal(*one.key, why, who) for one in said], applied_at)


def _require_seen(log: Sequence[LogLine], seen: int) -> None:
    if len(log) != seen:
        raise MeanwhileError(
            "Something was decided meanwhile, perhaps in another window or by a workbook. Look at who is "
            "undecided now, then say it again."
        )


def follow_log(folder: Path) -> bool:
    """Write everything that follows from the log, where it is not there yet; whether there was anything."""
    if not (folder.is_dir() and followed(folder) < len(read_log(folder))):
        return False
    with locked(folder):
        log = read_log(folder)
        write_decisions(read_run(folder), log, folder)
    return True


def _written(
    folder: Path, log: Sequence[LogLine], made: Sequence[Decision | Withdrawal], applied_at: datetime
) -> tuple[LogLine, ...]:
    log = append(log, made, Origin(), applied_at)
    write_log(log, folder)
    return log


def _tidied(entry: Entry) -> Entry:
    """Texts as they come back from a workbook."""
    return replace(
        entry,
        reason_code=_tidy(entry.reason_code),
        reason=_tidy(entry.reason),
        decided_by=_tidy(entry.decided_by),
        follow_up=_tidy(entry.follow_up),
    )


def _tidy(text: str | None) -> str | None:
    return None if text is None else clean_text(text.replace("\r\n", "\n")).strip() or None


def _require_version(log: Sequence[LogLine], key: Key, seen: int) -> None:
    if versions_in(log).get(key, 0) != seen:
        raise MeanwhileError(
            "This row was changed meanwhile, perhaps in another window or by a workbook. Look at it as it is "
            "now, then decide again."
        )


def _require_complete(
    entry: Entry, seat: Seat, final: Mapping[Key, Decision], day: date, today: date
) -> None:
    codes = {reason.id for reason in session_terms().reasons}
    if entry.reason_code is not None and entry.reason_code not in codes:
        raise InputError(f"“{entry.reason_code}” is not a reason code.")
    changed = entry.decision != seat.recommendation
    for problem, remedy in (
        *no_words("reason", entry.reason, needed=changed),
        *no_words("decided_by", entry.decided_by),
        *date_problems(None, entry.decided_on, day, today),
    ):
        raise InputError(f"{problem} {remedy}")
    elsewhere = any(
        made.decision == BANDS[0] and key[0] == seat.key[0] and key != seat.key for key, made in final.items()
    )
    if entry.decision is None:
        raise InputError("Choose a decision.")
    status = decision_status(entry, seat.recommendation, promoted_elsewhere=elsewhere)
    if status in STATUS_WORDS:
        _, problem, remedy = STATUS_WORDS[status]
        raise InputError(f"{problem.format(name=seat.name)} {remedy}".partition(", once above the table")[0])
