"""The shipped sample as a run, made once for all tests of pages in a process."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import openpyxl

from engine import Explanation, assess, explain, vocabulary_of
from inputs.loading import load_roster
from inputs.samples import SAMPLE_DAY, shipped_sample
from reports.pages.managers import manager_pages
from reports.pages.rows import Rows
from reports.shown import Run
from reports.shown.content import run_of
from reports.shown.last_cycle import Previous, last_cycle
from rules import load_pack


@cache
def sample() -> Run:
    pack = load_pack("product_management")
    roster = load_roster((shipped_sample(),), vocabulary_of(pack), SAMPLE_DAY)
    assessment = assess(roster, pack, SAMPLE_DAY)
    return run_of(assessment, explain(assessment), "0123456789ab")


def one_whom_a_missing_rating_decides(run: Run) -> Explanation:
    """Somebody with every signal at its bar and a rating that is still to be given."""
    return next(
        one
        for one in run.explanations
        if one.outlook.to_rate and all(signal.status == "met" for signal in one.evidence)
    )


def write_manager_pages(run: Run, folder: Path) -> list[Path]:
    return [path for piece in manager_pages(run, folder, rows=Rows(run.pack)) for path in piece()]


def write_few(path: Path, people: int = 60) -> Path:
    """The first people of the sample as a workbook: each command takes a fraction of the time."""
    book = openpyxl.load_workbook(shipped_sample())
    book.active.delete_rows(people + 2, book.active.max_row)
    book.save(path)
    return path


def with_earlier(run: Run, earlier: Run) -> Run:
    """A run with an earlier one beside it, in which nothing was decided."""
    return replace(run, session=replace(run.session, cycle=last_cycle(run, Previous(earlier, {}))))
