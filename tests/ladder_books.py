"""Workbooks with ladders, written as text, and the packs that are made of them."""

from collections.abc import Callable, Mapping
from pathlib import Path

from openpyxl import Workbook

from rules import RulePack, load_pack
from rules.ladders import Answers, Grid, Ladder, ladder_from_matrix, matrix_among
from tests.command_line import call, succeeded

Change = Callable[[Workbook], None]


def made(
    folder: Path, sheets: Mapping[str, str], *arguments: str, change: Change | None = None
) -> tuple[RulePack, str]:
    """The pack of a workbook, and what was said."""
    matrix = book_of(folder / "ladder.xlsx", sheets, change)
    out = folder / f"ours_{len(list(folder.iterdir()))}"
    result = succeeded("pack", "new", "ours", "--from-matrix", matrix, "--out", out, *arguments)
    return load_pack(out), result.stderr


def read(
    sheets: str | Mapping[str, str], wanted: str | None = None, answers: Answers | None = None
) -> Ladder:
    """What sheets, or the one sheet Ladder, say, without a workbook and a pack of it."""
    grids = []
    for title, text in ({"Ladder": sheets} if isinstance(sheets, str) else sheets).items():
        rows = [[cell.strip() for cell in line.split("|")] for line in text.splitlines()]
        width = max(map(len, rows))
        grids.append(Grid("ladder.xlsx", title, [[*row, *[""] * (width - len(row))] for row in rows]))
    return ladder_from_matrix(matrix_among("ladder.xlsx", grids, wanted), answers or Answers())


def refused(folder: Path, sheets: Mapping[str, str], *arguments: str, change: Change | None = None) -> str:
    """What is said to a workbook that no pack is made of."""
    matrix = book_of(folder / "ladder.xlsx", sheets, change)
    result = call("pack", "new", "ours", "--from-matrix", matrix, "--out", folder / "x", *arguments)
    assert result.exit_code == 1, result.output
    return result.output


def book_of(path: Path, sheets: Mapping[str, str], change: Change | None = None) -> Path:
    """A workbook with a sheet for each text; cells stand between `|`."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, text in sheets.items():
        sheet = book.create_sheet(title)
        for line in text.strip("\n").splitlines():
            cells = [cell.strip().replace("\\n", "\n") for cell in line.split("|")]
            sheet.append([int(cell) if cell.isdecimal() else cell or None for cell in cells])
    if change:
        change(book)
    book.save(path)
    return path
