"""What the table of a sheet says."""

from dataclasses import replace

from rules.ladders.cells import number_in
from rules.ladders.competency_titles import name_apart, take_marks, without_numbers
from rules.ladders.grid import Grid
from rules.ladders.headings import role_of
from rules.ladders.level_names import OtherName, are_levels
from rules.ladders.long_table import read_long
from rules.ladders.matrix import Matrix, require_one_column
from rules.ladders.table import Table, is_long, table_of
from rules.ladders.wide_table import read_wide
from rules.pack import PackError


def read_table(grid: Grid) -> Matrix:
    """What the table of a sheet says, with the problems of its cells.

    Raises `PackError` where there is no table.
    """
    table = table_of(grid)
    if not is_long(table.roles) and not table.columns("competency"):
        table = _with_competencies(table)
    _require_known_direction(table)
    require_one_column(table, "weight", table.columns("weight"))
    matrix = read_long(table) if is_long(table.roles) else read_wide(table)
    take_marks(matrix)
    name_apart(matrix)
    without_numbers(matrix)
    heading = table.heading(table.columns("level")[0]).text if is_long(table.roles) else table.corner
    if role_of(heading) == "level":
        numbers = (one for one in matrix.levels.items() if number_in(one[1].title) is not None)
        matrix.level_names += [OtherName(key, f"{heading} {level.title}") for key, level in numbers]
    return matrix


def _require_known_direction(table: Table) -> None:
    """Raises `PackError` where the corner is empty, and the rows look like levels and the columns do not."""
    down = [text for row in table.below if (text := table.text(row, "competency"))]
    across = [one.text for one in table.of_levels(table.head)]
    if not is_long(table.roles) and not table.corner and are_levels(down) and not are_levels(across):
        raise PackError(
            f"{table.name(table.head).place}: are {' and '.join(down[:2])} the levels, or "
            f"{' and '.join(across[:2])}? Write “Level” here for the first, and “Competency” for the others"
        )


def _with_competencies(table: Table) -> Table:
    """A table whose first column names levels, as it is where the headings beside it are levels too, or with
    rows and columns changed."""
    grid, column = table.grid, table.columns("level")[0]
    down = [grid.rows[row][column] for row in table.below if grid.rows[row][column]]
    across = [one.text for one in table.of_levels(table.head)]
    if are_levels(across) and not are_levels(down):
        return replace(table, roles={**table.roles, column: "competency"})
    above = len(grid.texts_in(table.head - 1)) > 1 if table.head else False
    roles = dict.fromkeys(range(table.head), "ignored") | {table.head: "competency"}
    roles |= {table.head - 1: "category"} if above else {}
    named = {row: role_of(grid.rows[row][column]) for row in table.below}
    roles |= {row: role for row, role in named.items() if role in ("weight", "importance", "definition")}
    times = range(table.times.head, table.times.end) if table.times else ()
    # Lines above stand beside the turned table, and not in its headings.
    read = {row for row in table.below if len(grid.texts_in(row)) > 1} | {table.head, table.head - above}
    rows = [
        texts if row in read and row not in times else [""] * len(texts)
        for row, texts in enumerate(grid.rows)
    ]
    head = grid.said_in(table.head)
    beside = [line for line in table.lines_around if line != head]
    return Table(replace(grid, rows=rows, beside=beside).turned_over(), column, roles, {}, table.times)
