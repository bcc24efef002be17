"""The calibration workbook for 10,000 people, against openpyxl alone writing the same cells in the same run.

    pip install -r benchmarks/requirements.txt
    python benchmarks/workbook.py [PEOPLE]      (10,000 unless given; writes a table of docs/benchmarks.md)

"openpyxl alone" gets every cell's finished value and finished style, and only puts them into the same sheets
(tables, checks, highlights and charts included) and saves: nothing is computed and no style is made in its
time. "Plain rows" are the same values without any style, table, check or chart, by openpyxl in its write-only
mode and by wolfxl, which has openpyxl's functions in Rust: the floor. All are processor seconds, so that
other work on the machine does not count. Then the group workbooks by the wall clock.
"""

import resource
import sys
import tempfile
import warnings
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any

import openpyxl
import wolfxl
from tables import write_table

from engine import assess, explain, vocabulary_of
from engine.explain import explanations
from inputs.loading import load_roster
from inputs.samples import SAMPLE_DAY
from reports.shown import Run
from reports.shown.content import run_of
from reports.workbook import write_workbook
from reports.workbook.by_group import group_workbooks
from rules import load_pack
from tests.company_files import write_sample_parquet

PEOPLE = 10_000
ROUNDS = 3
AIM = 1.3
"""At most this many times the time of openpyxl alone."""


def main() -> None:
    people = int(sys.argv[1]) if len(sys.argv) > 1 else PEOPLE
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        run = explained(people, folder / "people.parquet")
        print(f"{run.people_recommended:,} people, {len(run.explanations):,} recommendations")
        ours = median(written(run, folder / f"calibration-{number}.xlsx") for number in range(ROUNDS))
        path = folder / "calibration-0.xlsx"
        print(f"ours: {ours:.2f} s, {path.stat().st_size / 1e6:.1f} MB, peak {peak():.0f} MB")
        shell, cells = taken_apart(path)
        rows = dict(plain_rows(shell, cells))
        alone = [written_bare(shell, cells, folder / f"bare-{number}.xlsx") for number in range(ROUNDS)]
        plain = {
            library: [written_plain(library, rows, folder / "plain.xlsx") for _ in range(ROUNDS)]
            for library in (openpyxl, wolfxl)
        }
        seconds = {
            "ours": ours,
            "openpyxl, the same cells and sheets": median(alone),
            "openpyxl, write-only, plain rows": median(plain[openpyxl]),
            "wolfxl, plain rows: the floor": median(plain[wolfxl]),
        }
        tell(seconds, f"{run.people_recommended:,} people, {len(cells):,} cells")
        groups(run, folder)
    ratio = ours / median(alone)
    if ratio > AIM:
        raise SystemExit(f"the workbook takes {ratio:.2f} times as long as openpyxl alone")


def tell(seconds: dict[str, float], what: str) -> None:
    """Write the table of docs/benchmarks.md, and print it."""
    floor = min(seconds.values())
    lines = [f"| {what} | seconds | times the floor |", "| --- | --- | --- |"]
    lines += [f"| {name} | {spent:.2f} | {spent / floor:.1f} |" for name, spent in seconds.items()]
    write_table("writing", lines)


def explained(people: int, path: Path) -> Run:
    """A generated company, everybody's explanation at hand: only what a workbook takes is counted."""
    pack = load_pack("product_management")
    write_sample_parquet(path, vocabulary_of(pack), people)
    assessment = assess(load_roster([path], vocabulary_of(pack), SAMPLE_DAY), pack, SAMPLE_DAY)
    explanations.MOST_KEPT = assessment.recommendations.height
    run = run_of(assessment, explain(assessment), "benchmark")
    list(run.explanations)
    return run


def written(run: Run, path: Path) -> float:
    start = process_time()
    write_workbook(run, path)
    return process_time() - start


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


def plain_rows(
    shell: openpyxl.Workbook, cells: list[tuple[str, int, int, object, object]]
) -> Iterator[tuple[str, list[list[object]]]]:
    """Each sheet's values as rows."""
    for sheet in shell.worksheets:
        own = [(row, column, value) for title, row, column, value, _ in cells if title == sheet.title]
        rows = [
            [None] * max((column for _, column, _ in own), default=0)
            for _ in range(max((row for row, _, _ in own), default=0))
        ]
        for row, column, value in own:
            known = value is None or isinstance(value, str | int | float | date)
            rows[row - 1][column - 1] = value if known else str(value)
        yield sheet.title, rows


def written_plain(library: Any, rows: dict[str, list[list[object]]], path: Path) -> float:
    start = process_time()
    book = library.Workbook(write_only=True)
    for title, lines in rows.items():
        sheet = book.create_sheet(title)
        for line in lines:
            sheet.append(line)
    book.save(path)
    return process_time() - start


def groups(run: Run, folder: Path) -> None:
    start = perf_counter()
    for piece in group_workbooks(run, "department", folder):
        piece()
    print(f"{len(list(folder.iterdir())) - 1} groups: {perf_counter() - start:.2f} s")


def peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
