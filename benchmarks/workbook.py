"""The calibration workbook for 10,000 people, against openpyxl alone writing the same cells in the same run.

"openpyxl alone" gets every cell's finished value and finished style, and only puts them into the same sheets
(tables, checks, highlights and charts included) and saves: nothing is computed and no style is made in its
time. Both are processor seconds, so that other work on the machine does not count. Then the group workbooks
by the wall clock: one process against one for each core. The people are the sample's, repeated under new
ids. Give another number of people as the argument.
"""

import resource
import sys
import tempfile
import warnings
from dataclasses import replace
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

import openpyxl

from engine import assess, explain, vocabulary_of
from inputs import load_roster
from inputs.samples import SAMPLE_DAY, shipped_sample
from reports.shown import Run
from reports.shown.content import run_of
from reports.workbook import write_workbook
from reports.workbook.by_group import write_group_workbooks
from rules import load_pack

PEOPLE = 10_000
ROUNDS = 3
AIM = 1.3
"""At most this many times the time of openpyxl alone."""


def main() -> None:
    people = int(sys.argv[1]) if len(sys.argv) > 1 else PEOPLE
    run = repeated(sample(), people)
    print(f"{run.people_recommended:,} people, {len(run.explanations):,} recommendations")
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        ours, bare = [], []
        for number in range(ROUNDS):
            path = folder / f"calibration-{number}.xlsx"
            start = process_time()
            write_workbook(run, path)
            ours.append(process_time() - start)
        print(
            f"ours           {median(ours):6.2f} s, {path.stat().st_size / 1e6:.1f} MB, peak {peak():.0f} MB"
        )
        shell, cells = taken_apart(path)
        print(f"               {len(cells):,} cells on {len(shell.worksheets)} sheets")
        for number in range(ROUNDS):
            bare.append(written_bare(shell, cells, folder / f"bare-{number}.xlsx"))
        ratio = median(ours) / median(bare)
        print(f"openpyxl alone {median(bare):6.2f} s")
        print(f"ratio          {ratio:6.2f} (aim: at most {AIM})")
        groups(run, folder)
    if ratio > AIM:
        raise SystemExit(f"the workbook takes {ratio:.2f} times as long as openpyxl alone")


def sample() -> Run:
    pack = load_pack("product_management")
    roster = load_roster([shipped_sample()], vocabulary_of(pack), SAMPLE_DAY)
    assessment = assess(roster, pack, SAMPLE_DAY)
    return run_of(assessment, explain(assessment), "benchmark")


def repeated(run: Run, people: int) -> Run:
    """The same people again and again under new ids, until there are enough."""
    rounds = -(-people // run.people_recommended)
    explanations = [
        replace(one, person=one.person + turn * 100_000, employee_id=f"{one.employee_id}-{turn}")
        for turn in range(rounds)
        for one in run.explanations
    ]
    keep = set(list(dict.fromkeys(one.person for one in explanations))[:people])
    kept = tuple(one for one in explanations if one.person in keep)
    listed = len(run.not_assessable)
    return replace(run, explanations=kept, people_recommended=people, people_in_file=people + listed)


def taken_apart(path: Path) -> tuple[openpyxl.Workbook, list[tuple[str, int, int, object, object]]]:
    """The workbook without its cells, and the cells with their values and styles."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        shell = openpyxl.load_workbook(path)
    cells = []
    for sheet in shell.worksheets:
        cells += [
            (sheet.title, c.row, c.column, c.value, c._style) for row in sheet for c in row if c.has_style
        ]
        sheet._cells.clear()
    return shell, cells


def written_bare(
    shell: openpyxl.Workbook, cells: list[tuple[str, int, int, object, object]], path: Path
) -> float:
    start = process_time()
    sheets = {sheet.title: sheet for sheet in shell.worksheets}
    for title, row, column, value, style in cells:
        cell = sheets[title].cell(row, column)
        cell.value = value
        cell._style = style
    shell.save(path)
    spent = process_time() - start
    for sheet in shell.worksheets:
        sheet._cells.clear()
        sheet._charts.clear()
    return spent


def groups(run: Run, folder: Path) -> None:
    start = perf_counter()
    paths = write_group_workbooks(run, "department", folder)
    print(f"{len(paths)} groups: {perf_counter() - start:.2f} s")


def peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
