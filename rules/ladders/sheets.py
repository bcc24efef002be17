"""Which sheets of a file the matrix is on."""

from collections.abc import Sequence
from dataclasses import replace

from rules.ladders.grid import Grid
from rules.ladders.ladder import OpenQuestionError
from rules.ladders.level_sheets import table_of_levels
from rules.ladders.level_times import times_of
from rules.pack import PackError


def matrix_among(file: str, grids: Sequence[Grid], wanted: str | None) -> Grid:
    """The sheet of a file that holds the matrix: the one that was named, or the only one that holds more than
    notes. Raises `PackError` where there is none, and `OpenQuestionError` where there are several."""
    names = ", ".join(str(grid.sheet) for grid in grids)
    named = [grid for grid in grids if wanted is None or (grid.sheet or "").casefold() == wanted.casefold()]
    if wanted is not None and not named:
        raise PackError(f"{file}: there is no sheet “{wanted}”; its sheets are {names}")
    if wanted is None and (levels := table_of_levels(grids)):
        return levels
    tables = [grid for grid in named if _holds_more_than_notes(grid)]
    if len(tables) > 1:
        tables = [grid for grid in tables if times_of(grid) is None] or tables
    if len(tables) > 1:
        raise OpenQuestionError(f"{file}: which sheet is the matrix?", f"Say it with --sheet, one of {names}")
    if not tables:
        raise PackError(f"{file}: no sheet holds a matrix of levels and competencies")
    chosen = tables[0]
    others = [grid for grid in grids if grid.sheet != chosen.sheet]
    return replace(chosen, beside=[row for grid in others for row in grid.rows], others=others)


def _holds_more_than_notes(grid: Grid) -> bool:
    return sum(len(grid.texts_in(row)) > 2 for row in range(len(grid.rows))) > 2
