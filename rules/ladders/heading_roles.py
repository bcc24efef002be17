"""What the headings of a matrix say that its columns hold."""

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

from rules.ladders.cells import rating_in
from rules.ladders.grid import Grid
from rules.ladders.headings import keys, means, role_of
from rules.ladders.level_names import are_levels, is_ranked, number_of_level
from rules.ladders.table import is_long
from rules.pack import PackError
from rules.spelling import name_key


def roles_in(grid: Grid, row: int) -> dict[int, str]:
    """By column of a line of headings what they say that it holds; levels have none.

    Empty where none is left for the competencies.
    """
    texts = grid.texts_in(row)
    over_several = {text for text, after in pairwise(grid.rows[row]) if text == after}
    own = [one for one in texts if one.text not in over_several]
    roles = {one.column: role for one in own if (role := role_of(one.text))}
    asked = [one.column for one in own if roles.get(one.column) == "required" and "(" in one.text]
    if len(asked) > 1:
        # `Expected level (Junior)` is a column of that level.
        roles = {column: role for column, role in roles.items() if column not in asked}
    if "other" in roles.values():
        # `Manager` beside `Self` is who rates, and no level.
        roles |= {one.column: "other" for one in texts if name_key(one.text) in keys("raters")}
    roles |= dict.fromkeys(_of_what_is_optional(grid, row, roles), "importance")
    roles = _without_heading_of_levels(grid, row, roles)
    if list(roles.values()) == ["required"] and texts[0].column in roles:
        # `Requirement` in the corner.
        roles = {texts[0].column: "competency"}
    if not is_long(roles) and "competency" not in roles.values() and "level" not in roles.values():
        # The first column that is nothing else names the competencies, whatever it is called.
        open_ones = (column for column in range(len(grid.rows[row])) if column not in roles)
        free = [column for column in open_ones if grid.rows[row][column] or grid.texts_below(row, column)]
        named = [column for column in free if not _are_codes(grid, row, column)] or free
        if not named:
            return {}
        areas = [column for column, role in roles.items() if role == "category"]
        if areas and (_is_a_level(grid, row, free) or all(are_ratings(grid, row, column) for column in free)):
            # `Category` beside levels alone names the competencies.
            return roles | {areas[-1]: "competency"}
        _require_names(grid, row, named, free)
        roles |= dict.fromkeys((column for column in free if column < named[0]), "ignored")
        roles[named[0]] = "competency"
    return roles


def _of_what_is_optional(grid: Grid, row: int, roles: Mapping[int, str]) -> list[int]:
    """The column `Optional`, where it has marks and the levels have something else."""
    free = [one for one in grid.texts_in(row) if one.column not in roles]
    marked = [one.column for one in free if _are_marks(grid.texts_below(row, one.column))]
    named = [one.column for one in free if one.column in marked and name_key(one.text) in keys("optional")]
    # The first one may name the competencies.
    return named if len(marked) == len(named) < len(free) - 1 else []


def _are_marks(texts: Sequence[str]) -> bool:
    return bool(texts) and all(means("mark", text) or means("cross", text) for text in texts)


def _is_a_level(grid: Grid, row: int, columns: Sequence[int]) -> bool:
    """Whether the first of several headings is a level as the others are: `Junior`, `L1`, or `Designer`
    beside `Senior Designer`."""
    first, *others = (grid.rows[row][column].partition("(")[0].strip() for column in columns)
    spoken = {*first.casefold().split()}
    numbered = number_of_level(first) is not None and are_levels([first, *others])
    begun = any(spoken < {*one.casefold().split()} for one in others)
    return bool(others) and (is_ranked(first) or numbered or begun)


def _require_names(grid: Grid, row: int, named: Sequence[int], columns: Sequence[int]) -> None:
    """Raises `PackError` where the column that would name the competencies has sentences, as the levels have:
    it may be the lowest level."""
    if len(named) < 2 or not all(are_sentences(grid, row, column) for column in named[:2]):
        return
    heading = grid.rows[row][named[0]]
    is_level = named[0] == columns[0] and _is_a_level(grid, row, columns)
    said = "is a level, and no column names the competencies" if is_level else "may be a level or name them"
    raise PackError(
        f"{grid.place(row, named[0])}: which column names the competencies? “{heading}” has sentences, as "
        f"“{grid.rows[row][named[1]]}” has: it {said}; call the column of their names Competency"
    )


def are_ratings(grid: Grid, row: int, column: int) -> bool:
    """Whether all texts below a heading are ratings, or say that there is none."""
    texts = grid.texts_below(row, column)
    return bool(texts) and all(rating_in(one) is not None or means("nothing", one) for one in texts)


def are_sentences(grid: Grid, row: int, column: int) -> bool:
    """Whether most texts below a heading are too long for names."""
    texts = grid.texts_below(row, column)
    return 2 * sum(len(one.split()) > _LONG_NAME for one in texts) > len(texts)


def _without_heading_of_levels(grid: Grid, row: int, roles: dict[int, str]) -> dict[int, str]:
    """`Grade` over several levels, which stand in the row below, is no column of levels."""
    below = grid.rows[row + 1] if row + 1 < len(grid.rows) else ()
    named = [column for column, role in roles.items() if role == "competency" and below and below[column]]
    free = [column for column, text in enumerate(below) if text and not grid.rows[row][column]]
    over = is_long(roles) and not named and free
    return {column: role for column, role in roles.items() if role != "level"} if over else roles


def _are_codes(grid: Grid, row: int, column: int) -> bool:
    """Whether a column below a heading numbers its rows: `1`, `1.2`, `A3`."""
    texts = grid.texts_below(row, column)
    return bool(texts) and all(_CODE.fullmatch(text) for text in texts)


_LONG_NAME = 6
"""A text of more words is a sentence and no name of a competency."""


_CODE = re.compile(r"[A-Za-z]{0,3}[-. ]?\d+(?:[.]\d+)*[.)]?")
