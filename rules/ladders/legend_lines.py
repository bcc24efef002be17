"""Legends above the headings of a matrix, which are none."""

from rules.ladders.cells import number_in
from rules.ladders.grid import Grid
from rules.ladders.headings import role_of
from rules.ladders.legends import is_of_legend
from rules.ladders.level_names import are_levels, are_names
from rules.spelling import name_key


def without_legend_above(grid: Grid) -> Grid:
    """A sheet without the two lines above its headings that have numbers and their words, which are kept as a
    legend."""
    row = next((row for row in range(len(grid.rows) - 2) if len(grid.texts_in(row)) > 1), None)
    if row is None:
        return grid
    above, below, third = (grid.texts_in(row + line) for line in range(3))
    if [one.column for one in above] != [one.column for one in below] or not headings_follow(grid, row):
        return grid
    if len(third) > 1 and role_of(third[0].text) != "competency":
        # These are the first lines of another table.
        return grid
    pairs = [[one.text, other.text] for one, other in zip(above, below, strict=True)]
    points = [pair if number_in(pair[0]) is not None else pair[::-1] for pair in pairs]
    legend = [pair for pair in points if is_of_legend(pair)]
    if len(legend) < 2 or legend not in (points, points[1:]) or "competency" in map(role_of, points[0]):
        return grid
    return grid.without((row, row + 1), beside=legend)


def headings_follow(grid: Grid, row: int) -> bool:
    """Whether a row has no headings but what stands above them, as the words of a scale do: one below names
    the competencies in the same column, beside levels that come back nowhere below."""
    first, *more = grid.texts_in(row)
    if {role_of(one.text) for one in (first, *more)} & {"competency", "level"}:
        return False
    # Right below headings there may be other names of the levels.
    begin = row + 1 + are_levels([one.text for one in more])
    for below in range(begin, len(grid.rows)):
        corner, *levels = grid.rows[below][first.column], *grid.said_in(below)[1:]
        others = {name_key(text) for texts in grid.rows[below + 1 :] for text in texts}
        named = are_levels(levels) and are_names(levels) and not any(map(number_in, levels))
        if role_of(corner) == "competency" and named:
            return others.isdisjoint(map(name_key, levels))
    return False
