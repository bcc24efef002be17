"""Spreadsheets made of rows, as people would write them."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from openpyxl import Workbook

Row = Sequence[object]


def write_workbook(
    path: Path, sheets: Mapping[str, Sequence[Row]], change: Callable[[Workbook], None] | None = None
) -> Path:
    """A workbook with these sheets, and what else is done to it before it is saved."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    if change:
        change(book)
    book.save(path)
    return path


def write_sheet(path: Path, *rows: Row, change: Callable[[Workbook], None] | None = None) -> Path:
    """A workbook with one sheet, named as a new one is."""
    return write_workbook(path, {"Sheet": rows}, change)


def write_lines(path: Path, *rows: Row, between: str = ";") -> Path:
    """A text file."""
    path.write_text("\n".join(between.join(map(str, row)) for row in rows) + "\n", encoding="utf-8")
    return path
