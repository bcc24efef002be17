"""Decisions of a run's folder changed: read, checked and made final while nobody else changes them."""

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from engine.phrases import join
from engine.session import Decision, Origin, Withdrawal, append, decisions_in
from inputs import InputError
from reports.calibration.decision_files import write_decisions
from reports.calibration.keeping import Kept, keep
from reports.calibration.outcome import Outcome, calibrate
from reports.run.asked_for import person_asked_for
from reports.run.decision_log import followed, read_log
from reports.run.replacing import locked
from reports.run.saved import read_run
from reports.shown.content import Run
from reports.workbook import read_workbook


@dataclass(frozen=True)
class Applied:
    """What workbooks change in a folder, and what was written."""

    run: Run
    outcome: Outcome
    refusal: str | None
    """Why nothing can be made final; None when it can."""
    lines: int
    """How many lines the log had before."""
    written: tuple[Path, ...]
    """Empty when nothing was to be made final, or everything is already."""


def apply_workbooks(
    folder: Path,
    workbooks: Sequence[Path],
    today: date,
    applied_at: datetime,
    *,
    final: bool,
    replace: bool = False,
    effective_on: date | None = None,
    seen: int | None = None,
) -> Applied:
    """Check edited workbooks against the run of a folder; with `final`, make their decisions final.

    `seen` is how many lines the log had when somebody agreed to replace what is final: with more, nothing is.
    Raises `InputError` when a workbook does not belong to the run, or when a file cannot be replaced.
    """
    with locked(folder) if final else nullcontext():
        run, log = read_run(folder), read_log(folder)
        edited = [read_workbook(path, max(today, run.day)) for path in workbooks]
        outcome = calibrate(run, edited, log, today, applied_at, replace=replace, effective_on=effective_on)
        refusal = outcome.refusal(replace=replace)
        if replace and seen not in (None, len(log)):
            refusal = "something was decided in the meantime; look again at what would be replaced"
        changed = final and refusal is None and len(outcome.log) > followed(folder)
        written = write_decisions(run, outcome.log, folder) if changed else ()
        return Applied(run, outcome, refusal, len(log), written)


def keep_decisions(
    folder: Path, earlier: Path, applied_at: datetime, *, final: bool
) -> tuple[Run, Kept, tuple[Path, ...]]:
    """The decisions of an earlier run that still hold in this one; with `final`, they are made so here.

    Raises `InputError` when one of the folders is not a run.
    """
    with locked(folder) if final else nullcontext():
        run, log = read_run(folder), read_log(folder)
        before = read_run(earlier)
        kept = keep(before, read_log(earlier), run, log)
        lines = log
        for line in kept.lines:
            origin = Origin(line.origin.workbook, line.origin.sha256, line.origin.run or before.fingerprint)
            lines = append(lines, [line.decision], origin, applied_at, line.effective_on)
        changed = final and len(lines) > followed(folder)
        return run, kept, write_decisions(run, lines, folder) if changed else ()


def withdraw(
    folder: Path, asked: str, promotion: str | None, reason: str, by: str, applied_at: datetime
) -> tuple[Run, Decision]:
    """Take a decision back; from then on there is none, and the log says why.

    `asked` is a person's id or name. Raises `InputError` when there is no such decision, or more than one
    and no `promotion` says which: its id or title.
    """
    with locked(folder):
        run, log = read_run(folder), read_log(folder)
        named = {one.id for one in run.pack.promotions if promotion in (None, one.id, one.title)}
        employee_id = person_asked_for(run, asked)
        own = [one for one in decisions_in(log).values() if one.employee_id == employee_id]
        meant = [one for one in own if one.promotion in named]
        if len(meant) != 1:
            there = join([run.pack.promotion(one.promotion).title for one in own])
            which = f"these promotions are decided: {there}. Add --promotion with the one to take back"
            raise InputError(f"On {employee_id} {which if own else 'nothing is decided'}")
        (decision,) = meant
        taken_back = Withdrawal(decision.employee_id, decision.promotion, reason, by)
        write_decisions(run, append(log, [taken_back], Origin(), applied_at), folder)
        return run, decision
