"""A sheet as plain texts with the names of its cells."""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from openpyxl.utils import get_column_letter


@dataclass(frozen=True)
class Text:
    """What a cell holds."""

    text: str
    row: int
    column: int
    """Both 0-based."""
    grid: "Grid" = field(repr=False, compare=False)

    @property
    def cell(self) -> str:
        """Its name, such as `D5`."""
        return self.grid.cell(self.row, self.column)

    @property
    def place(self) -> str:
        """The same with file and sheet, for messages."""
        return self.grid.place(self.row, self.column)


@dataclass(frozen=True)
class Grid:
    """The cells of one sheet; an empty one is an empty text."""

    file: str
    sheet: str | None
    """None for formats without sheets."""
    rows: Sequence[Sequence[str]]
    first_row: int = 1
    turned: bool = False
    """Whether rows and columns have changed places."""
    beside: Sequence[Sequence[str]] = ()
    """What stands in rows of other sheets, such as a legend."""
    others: Sequence["Grid"] = ()
    """The other sheets."""
    cells: Mapping[tuple[int, int], str] = field(default_factory=dict)
    """Where several sheets are one table: what its cells are called, such as `PM II!B3`."""

    remarks: Sequence[str] = ()
    """What a reader of the sheet sees otherwise, such as hidden columns: sentences."""

    uncalculated: Sequence[str] = ()
    """Cells with a formula whose result was never stored."""

    @property
    def name(self) -> str:
        """The sheet, or the file where there are no sheets."""
        return self.sheet or self.file

    @property
    def holds_more_than_notes(self) -> bool:
        """Whether three rows or more have more than two cells each."""
        return sum(len(self.said_in(row)) > 2 for row in range(len(self.rows))) > 2

    def cell(self, row: int, column: int) -> str:
        """`D5`, as the spreadsheet program calls it."""
        if self.cells:
            return self.cells[row, column]
        row, column = (column, row) if self.turned else (row, column)
        return f"{get_column_letter(column + 1)}{row + self.first_row}"

    def place(self, row: int, column: int) -> str:
        """`ladder.xlsx, Design ladder!D5`, for messages."""
        return self.place_of(self.cell(row, column))

    def place_of(self, cell: str) -> str:
        """The same of what `cell` calls one."""
        if self.cells:
            return f"{self.file}, {cell}"
        return f"{self.file}, {self.sheet}!{cell}" if self.sheet else f"{self.file}!{cell}"

    def at(self, row: int, column: int) -> Text:
        """One cell."""
        return Text(self.rows[row][column], row, column, self)

    def texts_in(self, row: int) -> list[Text]:
        """The cells of a row that hold something."""
        return [self.at(row, column) for column, text in enumerate(self.rows[row]) if text]

    def said_in(self, row: int) -> list[str]:
        """What they hold."""
        return [text for text in self.rows[row] if text]

    def texts_below(self, row: int, column: int) -> list[str]:
        """The texts below a cell, without empty ones."""
        return [one for below in self.rows[row + 1 :] if (one := below[column])]

    def without(self, rows: Container[int], *, beside: Iterable[Sequence[str]] = ()) -> "Grid":
        """The same with empty rows in place of some, of which `beside` is kept."""
        kept = [[""] * len(texts) if row in rows else texts for row, texts in enumerate(self.rows)]
        return replace(self, rows=kept, beside=[*self.beside, *beside])

    def turned_over(self) -> "Grid":
        """The same with rows and columns changed."""
        width = max((len(row) for row in self.rows), default=0)
        rows = [[row[column] if column < len(row) else "" for row in self.rows] for column in range(width)]
        return replace(self, rows=rows, turned=not self.turned)


def joined(
    grids: Sequence[Grid],
    rows: Sequence[Sequence[Text]],
    lines: Iterable[Sequence[str]],
    beside: Sequence[Grid],
) -> Grid:
    """Rows of cells of several sheets as one sheet, in which they keep their names; `lines` stand around its
    table, and `beside` are the other sheets of the file."""
    return Grid(
        grids[0].file,
        ", ".join(grid.name for grid in grids),
        [[one.text for one in row] for row in rows],
        beside=[*lines, *(row for grid in beside for row in grid.rows)],
        others=beside,
        cells={
            (row, column): f"{one.grid.sheet}!{one.cell}"
            for row, texts in enumerate(rows)
            for column, one in enumerate(texts)
        },
        uncalculated=[f"{grid.sheet}!{cell}" for grid in grids for cell in grid.uncalculated],
        remarks=_remarks_of(grids),
    )


def _remarks_of(grids: Sequence[Grid]) -> list[str]:
    """The remarks of several sheets, each with those that it is of."""
    found: dict[str, list[str]] = {}
    for grid in grids:
        for remark in grid.remarks:
            found.setdefault(remark, []).append(grid.name)
    return [one if len(of) == len(grids) else f"{', '.join(of)}: {one}" for one, of in found.items()]
