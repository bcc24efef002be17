"""What is wrong with the cells of a matrix that would be read as something else than they mean."""

import re
from collections.abc import Iterator

from rules.ladders.cells import is_sentence, number_in
from rules.ladders.headings import means, speaks_of
from rules.ladders.matrix import Matrix
from rules.ladders.scale import FoundScale


def numbers_among_sentences(matrix: Matrix, found: FoundScale) -> Iterator[str]:
    """That a competency has numbers where others have sentences."""
    cells = [one for row in matrix.rows.values() for one in row]
    others = [one for one in cells if number_in(one.text) is None]
    if found.kind != "prose" or not others:
        return
    short = not any(is_sentence(one.text) for one in others)
    what = f"words, such as “{others[0].text}” ({others[0].cell})" if short else "sentences"
    for key, row in matrix.rows.items():
        if first := next((one for one in row if number_in(one.text) is not None), None):
            yield (
                f"{first.place}: “{first.text}” is a number, and other cells are {what}; say in words what "
                f"“{matrix.competencies[key].title}” requires, or take the row out, or those"
            )


def no_ratings_in(matrix: Matrix) -> Iterator[str]:
    """That a cell holds a mark in brackets, a day, which spreadsheet programs make of a range, or a number
    below 0."""
    for one in matrix.written.values():
        text = one.text.strip()
        day = _DAY.fullmatch(text)
        if text.startswith("(") and text.endswith(")") and means("mark", text[1:-1]):
            yield (
                f"{one.place}: “{text}” may say that it is optional, or required in part; write {text[1:-1]} "
                "if it is required, and empty the cell if not"
            )
        if day and (day["date"] or means("months", day["month"])):
            yield (
                f"{one.place}: “{day['date'] or text}” is a day; spreadsheet programs make one of 1-2 or "
                "2/1: write what is required as text, such as '2"
            )
        elif text.startswith(("-", "−")) and number_in(text[1:]):
            yield (
                f"{one.place}: “{text}” is below 0; write the scale from 0 or 1 on, such as 1 for the "
                "lowest, here and where people are rated"
            )


_DAY = re.compile(
    r"(?P<date>\d{4}-\d\d-\d\d)(?:[ T]\d\d:\d\d\S*)?"
    r"|(?=.*\d)(?:\d{1,2}[-. ]+)?(?P<month>[^\W\d]{3,10})[-. ]*\d{0,4}"
)


def empty_cells_in(matrix: Matrix) -> Iterator[str]:
    """That a line says of empty cells that the level before holds, and that there are some behind others."""
    lines = (" ".join(line) for line in matrix.table.lines_around)
    of_before = [line for line in lines if speaks_of("before", line)]
    line = next((one for one in of_before if speaks_of("empty", one) or speaks_of("builds_on", one)), None)
    at, order = matrix.written, matrix.order
    gaps = [
        f"“{one.title}” at {matrix.levels[level].title}"
        for key, one in matrix.competencies.items()
        for place, level in enumerate(order)
        if (level, key) not in at and any((lower, key) in at for lower in order[:place])
    ]
    if line and gaps:
        yield (
            f"{matrix.table.grid.file}, {matrix.name}: “{line}” But empty cells are read as nothing "
            f"required; write what is required of {', '.join(gaps)}, and take this line out"
        )


def two_numbers_in(matrix: Matrix) -> Iterator[str]:
    """That `2/3` is no 2 out of 3, where other cells have another number behind the line."""
    cells = [one for one in matrix.written.values() if _FRACTION.fullmatch(one.text.strip())]
    if len({one.text.partition("/")[2].strip() for one in cells}) > 1:
        yield (
            f"{cells[0].place}: “{cells[0].text.strip()}” holds two numbers, and so do {len(cells) - 1} more "
            "cells; write in each the one rating that is required"
        )


_FRACTION = re.compile(r"\d+(?:[.,]\d+)?\s*/\s*\d+")
