"""A sheet as plain texts with the names of its cells."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from openpyxl.utils import get_column_letter

from rules.ladders.ladder import OpenQuestionError
from rules.pack import PackError


@dataclass(frozen=True)
class Text:
    """One cell that is not empty."""

    text: str
    row: int
    column: int
    """Both 0-based."""


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

    @property
    def name(self) -> str:
        """The sheet, or the file where there are no sheets."""
        return self.sheet or self.file

    def cell(self, row: int, column: int) -> str:
        """`D5`, as the spreadsheet program calls it."""
        row, column = (column, row) if self.turned else (row, column)
        return f"{get_column_letter(column + 1)}{row + self.first_row}"

    def place(self, row: int, column: int) -> str:
        """`ladder.xlsx, Design ladder!D5`, for messages."""
        where = self.cell(row, column)
        return f"{self.file}, {self.sheet}!{where}" if self.sheet else f"{self.file}!{where}"

    def texts_in(self, row: int) -> list[Text]:
        """The cells of a row that hold something."""
        return [Text(text, row, column) for column, text in enumerate(self.rows[row]) if text]

    def turned_over(self) -> "Grid":
        """The same with rows and columns changed."""
        width = max((len(row) for row in self.rows), default=0)
        rows = [[row[column] if column < len(row) else "" for row in self.rows] for column in range(width)]
        return Grid(self.file, self.sheet, rows, self.first_row, not self.turned, self.beside)


def matrix_among(file: str, grids: Sequence[Grid], wanted: str | None) -> Grid:
    """The sheet of a file that holds the matrix: the one that was named, or the only one that holds more than
    notes. Raises `PackError` where there is none, and `OpenQuestionError` where there are several."""
    names = ", ".join(str(grid.sheet) for grid in grids)
    named = [grid for grid in grids if wanted is None or (grid.sheet or "").casefold() == wanted.casefold()]
    if wanted is not None and not named:
        raise PackError(f"{file}: there is no sheet “{wanted}”; its sheets are {names}")
    tables = [grid for grid in named if sum(len(grid.texts_in(row)) > 2 for row in range(len(grid.rows))) > 2]
    if len(tables) > 1:
        raise OpenQuestionError(f"{file}: which sheet is the matrix?", f"Say it with --sheet, one of {names}")
    if not tables:
        raise PackError(f"{file}: no sheet holds a matrix of levels and competencies")
    chosen = tables[0]
    return replace(chosen, beside=[row for grid in grids if grid.sheet != chosen.sheet for row in grid.rows])
