"""What the table of a sheet says."""

from dataclasses import replace

from rules.ladders.cells import is_sentence, number_in, rating_in
from rules.ladders.competency_titles import (
    name_apart,
    require_one_of_each,
    take_importance,
    take_marks,
    without_numbers,
)
from rules.ladders.grid import Grid
from rules.ladders.headings import role_of
from rules.ladders.level_names import OtherName, are_levels
from rules.ladders.long_table import read_long
from rules.ladders.matrix import Matrix, require_one_column
from rules.ladders.other_tables import require_ladder
from rules.ladders.table import Table, is_long
from rules.ladders.table_search import table_of
from rules.ladders.wide_table import read_wide
from rules.pack import PackError


def read_table(grid: Grid) -> Matrix:
    """What the table of a sheet says, with the problems of its cells.

    Raises `PackError` where there is no table, or one of another kind than a ladder.
    """
    table = table_of(grid)
    table = table if is_long(table.roles) else _in_its_direction(table)
    require_one_column(table, "weight", table.columns("weight"))
    matrix = read_long(table) if is_long(table.roles) else read_wide(table)
    require_ladder(matrix)
    take_marks(matrix)
    take_importance(matrix)
    require_one_of_each(matrix)
    name_apart(matrix)
    without_numbers(matrix)
    for one in map(table.heading, table.columns("aliases")):
        if role_of(one.text) == "competency":
            matrix.notes.append(f"“{one.text}” ({one.cell}) is read as other names of the competencies.")
    heading = table.heading(table.columns("level")[0]).text if is_long(table.roles) else table.corner
    if role_of(heading) == "level":
        numbers = (one for one in matrix.levels.items() if number_in(one[1].title) is not None)
        matrix.level_names += [OtherName(key, f"{heading} {level.title}") for key, level in numbers]
    return matrix


def _in_its_direction(table: Table) -> Table:
    """A wide table with the competencies down: with rows and columns changed where its first column names
    levels and the headings beside it do not. Raises `PackError` where an empty corner leaves that open."""
    column = (table.columns("competency") or table.columns("level"))[0]
    down = table.said(column)
    across = [one.text for one in table.of_levels(table.head)]
    if not table.columns("competency") and (are_levels(down) or not are_levels(across)):
        return _turned_over(table, column)
    if role_of(table.corner) is None and are_levels(down) and not are_levels(across):
        raise PackError(
            f"{table.name(table.head).place}: are {' and '.join(down[:2])} the levels, or "
            f"{' and '.join(across[:2])}? Write “Level” here for the first, and “Competency” for the others"
        )
    return replace(table, roles={**table.roles, column: "competency"})


def _with_sentences_joined(table: Table, column: int) -> Table:
    """A row that names no level, or the same as the row above, goes on with the sentences of that."""
    rows = [list(texts) for texts in table.grid.rows]
    above: int | None = None
    repeated: dict[str, None] = {}
    for row in table.below:
        texts = [one for one in table.grid.texts_in(row) if one.column != column]
        level, here = rows[row][column], [] if above is None else rows[above]
        again = level == (here[column] if here else "") and not table.columns("family")
        again = again and any(is_sentence(one.text) for one in texts)
        if not texts or not here or (level and not again):
            above = row if level else None
        elif all(rating_in(text) is None for one in texts for text in (one.text, here[one.column])):
            for one in texts:
                here[one.column] = f"{here[one.column]}\n{one.text}".strip()
            rows[row] = [""] * len(rows[row])
            repeated |= {level: None} if level else {}
    said = f"Rows of one level below each other are read as one: {', '.join(repeated)}."
    remarks = (*table.grid.remarks, *([said] if repeated else ()))
    return replace(table, grid=replace(table.grid, rows=rows, remarks=remarks))


def _turned_over(table: Table, column: int) -> Table:
    table = _with_sentences_joined(table, column)
    grid = table.grid
    above = len(grid.texts_in(table.head - 1)) > 1 if table.head else False
    roles = dict.fromkeys(range(table.head), "ignored") | {table.head: "competency"}
    roles |= {table.head - 1: "category"} if above else {}
    named = {row: role_of(grid.rows[row][column]) for row in table.below}
    roles |= {row: role for row, role in named.items() if role in ("weight", "importance", "definition")}
    # Lines above stand beside the turned table, and not in its headings.
    read = {row for row in table.below if len(grid.texts_in(row)) > 1} | {table.head, table.head - above}
    corner = grid.rows[table.head][column]
    for row in [row for row in table.below if row in read and corner and grid.rows[row][column] == corner]:
        if grid.rows[row] != grid.rows[table.head]:
            raise PackError(
                f"{grid.place(row, column)}: a second table begins here, with other competencies; write both "
                "as one, with all competencies beside each other"
            )
        read.remove(row)
    head = grid.said_in(table.head)
    beside = [line for line in table.lines_around if line != head]
    grid = replace(grid.without({*range(len(grid.rows))} - read), beside=beside)
    return Table(grid.turned_over(), column, roles, {})
