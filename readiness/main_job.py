"""The main job, as the command line and the upload page do it: files in, the folder of a run out."""

from collections.abc import Sequence
from concurrent.futures import Executor
from datetime import date
from pathlib import Path

from engine import assess, vocabulary_of
from inputs import Roster, Vocabulary
from inputs.files import Sheet
from inputs.loading import begin_reading, roster_of
from inputs.mapping import FileMapping
from reports.run import cycles_in
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
    rules, roster, marking = load(files, pack, day, wanted.mapping, watch)
    with watch.stage("assessing"):
        earlier = None if wanted.previous is None else cycles_in(wanted.previous, roster, day)
        assessment = assess(roster, rules, day, earlier=earlier)
    return write_run(assessment, out, watch, wanted, executor, marking)


def load(
    files: Sequence[Path], pack: str | Path, day: date, mapping: FileMapping | None, watch: Stopwatch
) -> tuple[RulePack, Roster, Marking | None]:
    """The rules, the people, and what `issues.xlsx` will show."""
    with begin_reading(files) as sheets:
        with watch.stage("reading the rules"):
            rules = load_pack(pack)
        with watch.stage("reading the spreadsheet"):
            return rules, *_read_sheets(sheets(), vocabulary_of(rules), day, mapping)


def _read_sheets(
    sheets: Sequence[Sheet], vocabulary: Vocabulary, day: date, mapping: FileMapping | None
) -> tuple[Roster, Marking | None]:
    """Nothing else is kept of the sheets."""
    roster = roster_of(sheets, vocabulary, day, mapping)
    return roster, mark_issues(roster, sheets)
