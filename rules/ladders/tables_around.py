"""Lists of people and logs of changes below or beside a matrix, which are no lines of it."""

from dataclasses import replace

from rules.ladders.grid import Grid, Text
from rules.ladders.headings import keys, role_of
from rules.spelling import name_key


def without_tables_around(grid: Grid) -> Grid:
    """A sheet without such tables, which is told."""
    head = next((row for row in range(len(grid.rows)) if len(grid.texts_in(row)) > 1), len(grid.rows))
    rows = [list(texts) for texts in grid.rows]
    remarks = list(grid.remarks)
    for row in range(head, len(rows)):
        for block in _blocks(grid, row):
            if (row == head and not block[0].column) or not _heads_another_table(grid, block):
                continue
            below = range(block[0].column, block[-1].column + 1)
            while row < len(rows) and any(rows[row][column] for column in below):
                rows[row] = ["" if column in below else text for column, text in enumerate(rows[row])]
                row += 1
            headings = ", ".join(one.text for one in block)
            remarks.append(f"Another table was not read ({block[0].cell}: {headings}).")
    return replace(grid, rows=rows, remarks=remarks)


def _blocks(grid: Grid, row: int) -> list[list[Text]]:
    """The texts of a row, apart where a column that is empty in all rows stands between them."""
    found: list[list[Text]] = []
    for one in grid.texts_in(row):
        between = range(found[-1][-1].column + 1, one.column) if found else ()
        if found and all(any(texts[column] for texts in grid.rows) for column in between):
            found[-1].append(one)
        else:
            found.append([one])
    return found


def _heads_another_table(grid: Grid, headings: list[Text]) -> bool:
    """Whether headings are those of a log, or of people with their levels, or beside levels or competencies
    that stand above or left of them."""
    named = [name_key(one.text) for one in headings]
    if sum(name in keys("log_columns") for name in named) > 1:
        return True
    if keys("people").isdisjoint(named[:2]):
        return False
    row, column = headings[0].row, headings[0].column
    lines = [said for above in range(row) if (said := grid.said_in(above))]
    wide = next((said for said in lines if len(said) > 1), [])
    known = {*map(name_key, (*wide, *(said[0] for said in lines), *grid.rows[row][:column]))}
    others = [name for name in named if name not in keys("people")]
    levels = any(role_of(one.text) == "level" for one in headings)
    return levels or (bool(others) and 2 * sum(name in known for name in others) >= len(others))
