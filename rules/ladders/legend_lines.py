"""Legends around a matrix, which are no lines of it."""

from dataclasses import replace

from rules.ladders.cells import number_in
from rules.ladders.grid import Grid
from rules.ladders.headings import role_of
from rules.ladders.legends import is_of_legend
from rules.ladders.level_names import are_levels, are_names
from rules.spelling import name_key


def without_legends(grid: Grid) -> Grid:
    """A sheet without the legends beside, below and above its matrix, which are kept as legends."""
    return _without_legend_above(_without_legend_below(_without_legend_beside(grid)))


def _without_legend_beside(grid: Grid) -> Grid:
    """A legend right of the table, behind an empty column, counts as one on a sheet of its own."""
    width = max(map(len, grid.rows), default=0)
    empty = [column for column in range(1, width) if not any(row[column] for row in grid.rows)]
    for column in empty:
        legend = [texts for row in grid.rows if (texts := [text for text in row[column:] if text])]
        if len(legend) > 2 and all(map(is_of_legend, legend[1:])) and len(legend[0]) in (2, 3):
            rows = [[*row[:column], *[""] * (width - column)] for row in grid.rows]
            return replace(grid, rows=rows, beside=[*grid.beside, *legend])
    return grid


def _without_legend_below(grid: Grid) -> Grid:
    """The same of one below the table, numbered upwards, behind an empty row or with headings of its own."""
    texts = [grid.said_in(row) for row in range(len(grid.rows))]
    numbers = [number_in(row[0]) if len(row) == 2 and is_of_legend(row) else None for row in texts]
    last = max((row for row, one in enumerate(texts) if one), default=0)
    first = last
    while first and (number := numbers[first]) is not None and numbers[first - 1] == number - 1:
        first -= 1
    titled = first and len(texts[first - 1]) == 2 and role_of(texts[first - 1][0]) in _OF_RATINGS
    head = first - 1 if titled else first
    if first == last or not head or (head == first and texts[head - 1]):
        return grid
    return grid.without(range(head, len(grid.rows)), beside=texts[head : last + 1])


_OF_RATINGS = ("required", "level")


def _without_legend_above(grid: Grid) -> Grid:
    """The same of two lines above the headings: numbers in one, and their words in the other."""
    row = next((row for row in range(len(grid.rows) - 2) if len(grid.texts_in(row)) > 1), None)
    if row is None:
        return grid
    above, below = grid.texts_in(row), grid.texts_in(row + 1)
    if [one.column for one in above] != [one.column for one in below] or not headings_follow(grid, row):
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
