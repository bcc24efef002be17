"""The files that decisions are kept in: log, tables, final workbook, and one for HR's system."""

import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl

from engine.session import Decision, LogLine, decisions_in, render_log
from engine.words import Key
from reports.calibration.final_page import render_final
from reports.run.data import write_csv
from reports.run.decision_log import LOG
from reports.shown.content import Run
from reports.workbook import write_workbook
from rules.pack import BANDS

FINAL_WORKBOOK = "calibration-final.xlsx"
FINAL_PAGE = "calibration-final.html"

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
    "change": pl.String(),  # agreed, changed up, changed down, changed, evidence
    "reason_code": pl.String(),
    "reason": pl.String(),
    "decided_by": pl.String(),
    "decided_on": pl.Date(),
    "follow_up": pl.String(),
}
"""`decisions.csv` and `.parquet`: one row per decision, in the order of the run."""

HR_COLUMNS: dict[str, pl.DataType] = {
    "employee_id": pl.String(),
    "decision": pl.String(),  # promote or no_change
    "effective_level": pl.String(),  # the level's title
    "decided_by": pl.String(),
    "decided_on": pl.Date(),
    "reason": pl.String(),
}
"""`hr-decisions.csv`: one row per person with a decision, without ratings, recommendations or bands."""


def write_decisions(run: Run, log: Sequence[LogLine], folder: Path) -> tuple[Path, ...]:
    """Write everything that follows from the log; the log itself comes last, so that a failure leaves the
    old decisions in force."""
    decisions = decisions_in(log)
    with tempfile.TemporaryDirectory(prefix=".decisions.", dir=folder) as temporary:
        scratch = Path(temporary)
        table = decisions_frame(run, decisions)
        write_csv(table, scratch / "decisions.csv")
        table.write_parquet(scratch / "decisions.parquet")
        write_csv(hr_frame(run, decisions), scratch / "hr-decisions.csv")
        entries = {key: decision.entry for key, decision in decisions.items()}
        write_workbook(run, scratch / FINAL_WORKBOOK, entries=entries)
        (scratch / FINAL_PAGE).write_text(render_final(run, decisions), encoding="utf-8", newline="\n")
        (scratch / LOG).write_text(render_log(log), encoding="utf-8", newline="\n")
        names = ("decisions.csv", "decisions.parquet", "hr-decisions.csv", FINAL_WORKBOOK, FINAL_PAGE, LOG)
        for name in names:
            os.replace(scratch / name, folder / name)  # noqa: PTH105 - atomic on one file system
    return tuple(folder / name for name in names)


def decisions_frame(run: Run, decisions: Mapping[Key, Decision]) -> pl.DataFrame:
    """The decisions as a table of `DECISION_COLUMNS`."""
    rows = []
    for one in run.explanations:
        decision = decisions.get(one.key)
        if decision is None:
            continue
        given = {name: getattr(one, name, None) for name in DECISION_COLUMNS}
        made = {name: getattr(decision, name) for name in DECISION_COLUMNS if hasattr(decision, name)}
        rows.append({**given, **made, "change": str(decision.status).casefold()})
    return pl.DataFrame(rows, schema=DECISION_COLUMNS)


def hr_frame(run: Run, decisions: Mapping[Key, Decision]) -> pl.DataFrame:
    """One row per person as a table of `HR_COLUMNS`: the promotion where one was decided, else no change."""
    rows: dict[str, dict[str, object]] = {}
    for one in run.explanations:
        decision = decisions.get(one.key)
        if decision is None:
            continue
        promoted = decision.decision == BANDS[0]
        if one.employee_id in rows and not promoted:
            continue
        rows[one.employee_id] = {
            "employee_id": one.employee_id,
            "decision": "promote" if promoted else "no_change",
            "effective_level": one.next_level_title if promoted else one.level_title,
            "decided_by": decision.decided_by,
            "decided_on": decision.decided_on,
            "reason": decision.reason,
        }
    return pl.DataFrame(list(rows.values()), schema=HR_COLUMNS)
