"""What the table of a sheet says."""

from dataclasses import replace

from rules.ladders.grid import Grid
from rules.ladders.level_names import are_levels
from rules.ladders.long_table import read_long
from rules.ladders.parts import Parts, name_apart
from rules.ladders.table import Table, is_long, table_of
from rules.ladders.wide_table import read_wide


def read_table(grid: Grid) -> tuple[Table, Parts]:
    """The table of a sheet and what it says, with the problems of its cells.

    Raises `PackError` where there is no table.
    """
    table = table_of(grid)
    if is_long(table.roles):
        parts = read_long(table)
        name_apart(parts)
        return table, parts
    if table.roles.get(0) == "level" and "competency" not in table.roles.values():
        down = [grid.rows[row][0] for row in table.below if grid.rows[row][0]]
        across = [one.text for one in grid.texts_in(table.head) if one.column not in table.roles]
        if are_levels(across) and not are_levels(down):
            # `Level` or `Job title` is what the headings beside it are.
            table = replace(table, roles={**table.roles, 0: "competency"})
        else:
            table = table_of(grid.turned_over(), turned=True)
    parts = read_wide(table)
    name_apart(parts)
    return table, parts
