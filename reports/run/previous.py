"""An earlier run, read for comparison, and the table of the two cycles."""

from dataclasses import replace
from pathlib import Path

import polars as pl

from inputs.met_again import met_again
from reports.run.data import write_csv
from reports.run.saved import read_run, require_earlier
from reports.shown.content import Run
from reports.shown.last_cycle import Previous
from reports.shown.session import LastCycle

LAST_CYCLE_COLUMNS: dict[str, pl.DataType] = {
    "employee_id": pl.String(),
    "promotion": pl.String(),
    "before": pl.String(),  # a band
    "decided": pl.String(),  # a band
    "recommendation": pl.String(),  # a band: what the rules say now
    "change": pl.String(),
    "became": pl.String(),
    "open": pl.Boolean(),
    "core_signals": pl.Int64(),
    "core_signals_met": pl.Int64(),
    "core_signals_sustained": pl.Int64(),  # met in an earlier cycle too, with other ratings
    "cycles": pl.Int64(),  # in how many every core signal was met, this one included; 0 when one is not met
    "since": pl.Date(),  # the day of the first of these
    "finding": pl.String(),
    "facts": pl.String(),
}
"""`last-cycle.parquet` and `.csv`: one row per recommendation of a run that was given an earlier cycle."""


def read_previous(folder: Path, run: Run) -> Previous:
    """Read an earlier run, without people whose ids are now somebody else's. Raises `InputError` when it is
    not a run, or not earlier than `run`."""
    earlier = read_run(folder)
    require_earlier(folder, earlier.day, run.day)
    people = earlier.explanations.people
    others = met_again(people, run.explanations.people).ids_of_others
    if not others:
        return Previous(earlier, earlier.decisions)
    same = earlier.explanations.chosen(~people["employee_id"].is_in(others))
    decisions = {key: made for key, made in earlier.decisions.items() if key[0] not in others}
    return Previous(replace(earlier, explanations=same), decisions, others=len(others))


def write_last_cycle(run: Run, cycle: LastCycle, folder: Path) -> None:
    """Write `last-cycle.csv` and `.parquet`."""
    frame = last_cycle_frame(run, cycle)
    frame.write_parquet(folder / "last-cycle.parquet")
    write_csv(frame, folder / "last-cycle.csv")


def last_cycle_frame(run: Run, cycle: LastCycle) -> pl.DataFrame:
    """The earlier cycle and this one as a table of `LAST_CYCLE_COLUMNS`."""
    rows = []
    for one, row in zip(run.recommendations, cycle.rows, strict=True):
        whole = len(row.streaks) == row.core > 0
        shown = {name: getattr(row, name) for name in LAST_CYCLE_COLUMNS if hasattr(row, name)}
        rows.append(
            {
                **shown,
                "recommendation": one.recommendation,
                "core_signals": row.core,
                "core_signals_met": len(row.streaks),
                "core_signals_sustained": row.sustained,
                "cycles": min(streak.cycles for streak in row.streaks) if whole else 0,
                "since": max(streak.since for streak in row.streaks) if whole else None,
                "facts": row.sentence,
            }
        )
    return pl.DataFrame(rows, schema=LAST_CYCLE_COLUMNS)
