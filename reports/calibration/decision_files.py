"""The files that decisions are kept in: log, tables, final workbook, and one for HR's system."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import polars as pl

from engine.session import LogLine, decisions_in, effective_days, end_of, render_log
from reports.calibration.final_page import render_final
from reports.pages import due_letters, write_pages
from reports.pages.rendering import person_file
from reports.run.data import write_csv
from reports.run.decision_log import SEAL, SEAL_FILE, Seal, followed, read_files, require_own
from reports.run.manifest import LOG, sha256_of
from reports.run.replacing import replaced_files, require_writable
from reports.shown.content import Run
from reports.shown.grouped import grouped
from reports.workbook import write_workbook
from rules.pack import BANDS

FINAL_WORKBOOK = "calibration-final.xlsx"
FINAL_PAGE = "calibration-final.html"
MADE = ("decisions.csv", "decisions.parquet", "hr-decisions.csv", FINAL_WORKBOOK, FINAL_PAGE)
"""What is made of the log."""
FILES = (*MADE, LOG, SEAL_FILE)

DECISION_COLUMNS: dict[str, pl.DataType] = {
    "employee_id": pl.String(),
    "employee_name": pl.String(),
    "manager_name": pl.String(),
    "department": pl.String(),
    "level": pl.String(),  # a level id of the pack
    "promotion": pl.String(),
    "next_level": pl.String(),
    "recommendation": pl.String(),
    "decision": pl.String(),  # a band, as is the recommendation
    "change": pl.String(),  # agreed, changed up, changed down, neither up nor down
    "reason_code": pl.String(),
    "reason": pl.String(),
    "decided_by": pl.String(),
    "decided_on": pl.Date(),
    "follow_up": pl.String(),
}
"""`decisions.csv` and `.parquet`: one row per decision, in the order of the run."""

HR_COLUMNS: dict[str, pl.DataType] = {
    "employee_id": pl.String(),
    "decision": pl.String(),  # promote, no_change or open
    "effective_level": pl.String(),  # the level's title
    "effective_on": pl.Date(),  # of a promotion, where the day was given
    "decided_by": pl.String(),
    "decided_on": pl.Date(),
    "reason": pl.String(),
}
"""`hr-decisions.csv`: one row per person with a recommendation, without ratings, recommendations or bands."""


def write_decisions(run: Run, log: Sequence[LogLine], folder: Path) -> tuple[Path, ...]:
    """Write the log and everything that follows from it: all files, or none.

    The pages of everybody whose decision changes are written anew, with it on top. The caller holds the
    folder's lock; `run` is what was read of it. Raises `InputError` when one of the files cannot be replaced.
    """
    require_writable(folder, FILES)
    require_own(folder, MADE)
    written_before, decisions = decisions_in(log[: followed(folder)]), decisions_in(log)
    before, run = replace(run, decisions=written_before), replace(run, decisions=decisions)
    changed = {
        one.employee_id
        for one in run.recommendations
        if written_before.get(one.key) != decisions.get(one.key)
    }
    gone = sorted(_letters(before) - _letters(run))
    with replaced_files(folder, gone) as scratch:
        write_pages(run, scratch, only=changed)
        pages = {path.relative_to(scratch).as_posix() for path in scratch.rglob("*") if path.is_file()}
        require_own(folder, [*sorted(pages), *gone])
        table = decisions_frame(run)
        write_csv(table, scratch / "decisions.csv")
        table.write_parquet(scratch / "decisions.parquet")
        write_csv(hr_frame(run, log), scratch / "hr-decisions.csv")
        entries = {key: decision.entry for key, decision in decisions.items()}
        write_workbook(run, scratch / FINAL_WORKBOOK, entries=entries)
        (scratch / FINAL_PAGE).write_text(render_final(run, log), encoding="utf-8", newline="\n")
        (scratch / LOG).write_text(render_log(log), encoding="utf-8", newline="\n")
        written = {name: sha256_of(scratch / name) for name in (*MADE, *sorted(pages))}
        kept = {name: sha256 for name, sha256 in read_files(folder).items() if name not in gone}
        seal = Seal(end_of(log), {**kept, **written}, len(log))
        (scratch / SEAL_FILE).write_bytes(SEAL.dump_json(seal, indent=1) + b"\n")
    return tuple(folder / name for name in FILES)


def write_log(log: Sequence[LogLine], folder: Path) -> None:
    """Write the log alone, which is quick; what follows from it is as it was until `write_decisions`.

    The caller holds the folder's lock. Raises `InputError` when a file cannot be replaced.
    """
    seal = Seal(end_of(log), read_files(folder), followed(folder))
    with replaced_files(folder) as scratch:
        (scratch / LOG).write_text(render_log(log), encoding="utf-8", newline="\n")
        (scratch / SEAL_FILE).write_bytes(SEAL.dump_json(seal, indent=1) + b"\n")


def _letters(run: Run) -> set[str]:
    return {f"letters/{person_file(name)}.html" for name in due_letters(run)}


def decisions_frame(run: Run) -> pl.DataFrame:
    """The decisions as a table of `DECISION_COLUMNS`."""
    rows = []
    for one in (one for one in run.recommendations if one.key in run.decisions):
        decision = run.decisions[one.key]
        given = {name: getattr(one, name, None) for name in DECISION_COLUMNS}
        made = {name: getattr(decision, name) for name in DECISION_COLUMNS if hasattr(decision, name)}
        rows.append({**given, **made, "change": str(decision.status).casefold()})
    return pl.DataFrame(rows, schema=DECISION_COLUMNS)


def hr_frame(run: Run, log: Sequence[LogLine]) -> pl.DataFrame:
    """One row per person as a table of `HR_COLUMNS`: the promotion where one was decided, no change where all
    that are open to the person were decided otherwise, else open."""
    decisions, days = decisions_in(log), effective_days(log)
    rows = []
    for employee_id, own in grouped(run.recommendations, lambda one: one.employee_id).items():
        made = [decisions[one.key] for one in own if one.key in decisions]
        promoted = [one for one in made if one.decision == BANDS[0]]
        settled = promoted or (made if len(made) == len(own) else [])
        level = {one.promotion: one.next_level_title for one in own}
        row: dict[str, object] = dict.fromkeys(HR_COLUMNS)
        row |= {"employee_id": employee_id, "decision": "open", "effective_level": own[0].level_title}
        if settled:
            last = max(settled, key=lambda one: one.decided_on)
            row |= {name: getattr(last, name) for name in ("decided_by", "decided_on", "reason")}
            row["decision"] = "promote" if promoted else "no_change"
        if promoted:
            row["effective_level"] = level[promoted[0].promotion]
            row["effective_on"] = days.get(promoted[0].key)
        rows.append(row)
    return pl.DataFrame(rows, schema=HR_COLUMNS)
