"""Tables that are no ladder, such as prices, plans and hours.

A ladder's headings are levels, and its cells say what somebody does there, or are ratings.
"""

import re
from collections.abc import Callable
from decimal import Decimal
from itertools import pairwise

from rules.ladders.cells import is_sentence, number_in
from rules.ladders.headings import keys, means, role_of, speaks_of, words
from rules.ladders.ladder import OpenQuestionError
from rules.ladders.level_names import are_levels
from rules.ladders.matrix import Matrix
from rules.ladders.table import is_long
from rules.pack import PackError
from rules.spelling import name_key

_YEAR = re.compile(r"(?:19|20)\d\d")
_WORD = re.compile(r"[^\W\d_]+(?!\d)|[€$£¥]")


def require_ladder(matrix: Matrix) -> None:
    """Raises `PackError` where the levels are days, quarters and the like, or the cells amounts or times."""
    times = [level for level in matrix.levels.values() if is_time(level.title)]
    if len(times) > 1:
        first, second = times[:2]
        raise PackError(
            f"{matrix.table.grid.place_of(first.cell)}: “{first.title}” and “{second.title}” ({second.cell}) "
            "are times, and no levels. A ladder has a column or row for each level, such as Junior and "
            "Senior, and says what somebody does there; if they are levels, write Level before each"
        )
    parts = {part for one in matrix.written.values() for part in re.findall(r"\w+", one.text.upper())}
    if {"R", "A"} <= parts <= {*"RACIS"} and parts & {*"CI"}:
        part = next(iter(matrix.written.values()))
        raise PackError(
            f"{part.place}: “{part.text}” is a part in a task, as responsible, accountable, consulted and "
            "informed are, and no rating. A ladder says in each cell what somebody does at the level, in "
            "words or as a rating"
        )
    if _is_divided(matrix):
        place = next(iter(matrix.written.values())).place
        raise PackError(
            f"{place}: what stands below each level adds up to 100 %, as shares of somebody's time do. "
            "A ladder says in each cell what somebody does at the level, in words or as a rating; weights "
            "have one column for all levels"
        )
    kinds: dict[str, Callable[[str], bool]] = {"an amount": is_amount, "a time": is_time}
    for what, is_one in kinds.items():
        found = [one for one in matrix.written.values() if is_one(one.text)]
        if found and 2 * len(found) > len(matrix.written):
            raise PackError(
                f"{found[0].place}: “{found[0].text}” is {what}, and so are {len(found) - 1} more of "
                f"{len(matrix.written)} cells. A ladder says in each cell what somebody does at the level, "
                "in words or as a rating; if a level requires this, say so in a sentence"
            )


def _is_divided(matrix: Matrix) -> bool:
    """Whether what each level has adds up to all of something, and some of it falls from level to level."""
    rows = [[number_in(one.text) or Decimal(0) for one in row] for row in matrix.rows.values()]
    falls = any(lower > higher for row in rows for lower, higher in pairwise(row))
    if not falls or len({*map(len, rows)}) > 1:
        return False
    totals = {sum(column, Decimal(0)) for column in zip(*rows, strict=True)}
    return totals in ({Decimal(100)}, {Decimal(1)})


def require_rows_of_a_ladder(matrix: Matrix) -> None:
    """Asks where short texts stand below headings that nothing says are levels, or beside rows that are no
    competencies by what they are called."""
    table = matrix.table
    cells = [*matrix.written.values()]
    sentences = [one for one in cells if is_sentence(one.text)]
    if is_long(table.roles) or 2 * len(sentences) > len(cells):
        return
    corner, where = table.corner, table.heading(table.columns("competency")[0]).place
    titles, rows = ", ".join(matrix.titles), ", ".join(one.title for one in matrix.competencies.values())
    if name_key(corner) in keys("rows_of_others"):
        raise OpenQuestionError(
            f"{where}: the rows are called “{corner}” ({rows}); are they what the levels {titles} require of "
            "somebody?",
            "If so, call their column Competency",
        )
    said = [table.grid.name, *(text for line in table.lines_around for text in line)]
    if (
        not matrix.answers.levels
        and role_of(corner) is None
        and not are_levels(matrix.titles)
        and not any(speaks_of("words_of_ladders", text) for text in said)
    ):
        raise OpenQuestionError(
            f"{where}: are {titles} levels, and {rows} what they require? Nothing in the table says so.",
            f'If they are, say so with --levels "{titles}", the lowest first. Ratings of people are read by '
            "`readiness assess` and by --from-ratings",
        )


def is_time(text: str) -> bool:
    """Whether a text is a calendar year, a month, a day of the week, or such as `Q1` and `Sprint 2`."""
    said = re.findall(r"[^\W\d_]+", text.casefold())
    return bool(_YEAR.fullmatch(text.strip())) or (
        bool(said) and all(means("months", word) or word in words("periods") for word in said)
    )


def is_amount(text: str) -> bool:
    """Whether a text is a number with its unit, such as `€80/h`, `45k-60k EUR` or `30 days`."""
    said = _WORD.findall(text.casefold())
    units = {*words("units")}
    return (
        any(map(str.isdigit, text))
        and not units.isdisjoint(said)
        and all(word in units or word in words("beside_units") for word in said)
    )
