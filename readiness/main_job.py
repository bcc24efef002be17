"""The main job, as the command line and the upload page do it: files in, the folder of a run out."""

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from engine import assess, vocabulary_of
from inputs import Roster, Vocabulary
from inputs.files import Sheet
from inputs.loading import begin_reading, roster_of
from reports.run import with_cycles_in
from reports.shown import Run
from reports.workbook import Marking, mark_issues
from reports.writing import Stopwatch, Wanted, write_run
from rules import RulePack, load_pack


def make_run(
    files: Sequence[Path],
    wanted: Wanted,
    out: Path,
    pack: str | Path,
    day: date,
    watch: Stopwatch,
    executor: Executor | None = None,
) -> Run:
    """Load, assess and write. Raises `InputError` or `PackError`."""
    rules, loaded = load(files, wanted, pack, day, watch)
    with watch.stage("assessing"):
        assessment = assess(loaded.roster, rules, day, earlier=loaded.earlier)
    return write_run(assessment, out, watch, wanted, executor, loaded.marking)


@dataclass(frozen=True)
class Loaded:
    """What is read before anybody is assessed."""

    roster: Roster
    earlier: pl.DataFrame | None
    """What the run of an earlier cycle says to the rules, where one is given."""
    marking: Marking | None
    """What `issues.xlsx` will show."""


def load(
    files: Sequence[Path], wanted: Wanted, pack: str | Path, day: date, watch: Stopwatch
) -> tuple[RulePack, Loaded]:
    """The rules and the people. Raises `InputError` or `PackError`."""
    with begin_reading(files) as sheets:
        with watch.stage("reading the rules"):
            rules = load_pack(pack)
        with watch.stage("reading the spreadsheet"):
            return rules, _read_sheets(sheets(), wanted, vocabulary_of(rules), day)


def _read_sheets(sheets: Sequence[Sheet], wanted: Wanted, vocabulary: Vocabulary, day: date) -> Loaded:
    """Nothing else is kept of the sheets."""
    roster, earlier = roster_of(sheets, vocabulary, day, wanted.mapping), None
    if wanted.previous is not None:
        roster, earlier = with_cycles_in(wanted.previous, roster, day)
    return Loaded(roster, earlier, mark_issues(roster, sheets))
