"""Where a file explains its scale: above the header, below the table, or on a sheet without a table."""

from collections.abc import Iterator, Sequence

from inputs.files.sheets import Sheet
from inputs.roster import Cell
from inputs.tables.layout import Table
from inputs.words.legends import Legend, explains, read_legend

_LOOKED_AT = 60
"""Rows of a sheet without a table, and rows above a header, that are looked at."""
_BELOW = 2
"""Cells of a row below a table that can hold a legend."""


def legend_of(sheets: Sequence[Sheet], tables: Sequence[Table]) -> Legend | None:
    """What the files say of their scale; None when nothing, or different things, are said."""
    known = {id(table.sheet): table for table in tables}
    found = [
        legend
        for sheet in sheets
        for texts in _texts(sheet, known.get(id(sheet)))
        if (legend := read_legend(texts)) is not None
    ]
    different = {
        tuple(sorted((number, word.casefold()) for number, word in one.words.items())) for one in found
    }
    return found[0] if len(different) == 1 else None


def _texts(sheet: Sheet, table: Table | None) -> Iterator[list[tuple[str, str]]]:
    """The texts of each part of a sheet that can hold a legend, with their cells."""
    if table is None:
        yield list(_rows(sheet, 0, _LOOKED_AT))
        return
    yield list(_rows(sheet, 0, min(_LOOKED_AT, table.header_rows[0] - sheet.first_row)))
    last = zip(table.rows.tail(_LOOKED_AT), table.cells.tail(_LOOKED_AT).iter_rows(named=True), strict=True)
    below = [(row, {name: str(value) for name, value in cells.items() if value}) for row, cells in last]
    texts: list[tuple[str, str]] = []
    for row, cells in reversed(below):
        if len(cells) > _BELOW:
            break
        texts = [*_joined(sheet, row, cells), *texts]
    yield texts


def _rows(sheet: Sheet, start: int, end: int) -> Iterator[tuple[str, str]]:
    for at, row in enumerate(sheet.cells.slice(start, max(0, end - start)).iter_rows(named=True), start):
        cells = {name: str(value) for name, value in row.items() if value is not None}
        yield from _joined(sheet, sheet.first_row + at, cells)


def _joined(sheet: Sheet, row: int, cells: dict[str, str]) -> list[tuple[str, str]]:
    """The texts of a row; a number and the text beside it are one."""
    listed = list(cells.items())
    if len(listed) == 2 and explains(text := f"{listed[0][1].removesuffix('.0')} - {listed[1][1]}"):
        return [(str(Cell(sheet.name, row, listed[0][0], sheet.named_file)), text)]
    return [(str(Cell(sheet.name, row, letter, sheet.named_file)), text) for letter, text in listed]
