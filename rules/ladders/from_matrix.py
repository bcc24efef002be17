"""A company's matrix of levels and competencies, in the shapes that companies keep it in, to a `Ladder`.

`rules.ladders.contents` reads the table. Here its names, times and ratings are settled; which level is the
lowest is in `rules.ladders.order`, and what is in no rule is told by `rules.ladders.unread`.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from rules.ladders.cells import is_sentence, number_in
from rules.ladders.contents import read_table
from rules.ladders.grid import Grid
from rules.ladders.headings import means, speaks_of
from rules.ladders.ladder import Answers, Ladder, Required
from rules.ladders.level_names import give_names, parts_of_titles
from rules.ladders.level_tables import level_list
from rules.ladders.matrix import Matrix
from rules.ladders.minimum_times import settle_times, take_times
from rules.ladders.order import (
    require_alike,
    require_levels,
    require_no_senior_first,
    require_one_family,
    require_one_way,
    require_rising,
)
from rules.ladders.other_tables import require_rows_of_a_ladder
from rules.ladders.scale import FoundScale, find_scale
from rules.ladders.signs import take_signs
from rules.ladders.table import is_long
from rules.ladders.times import speaks_of_time
from rules.ladders.unread import notes_of, unread
from rules.pack import PackError
from rules.spelling import closest, name_key


def ladder_from_matrix(grid: Grid, answers: Answers) -> Ladder:
    """What a sheet says of levels and competencies.

    Raises `PackError` with every problem, each with its cell, or with the question that is left open.
    """
    if grid.uncalculated:
        raise PackError(
            f"{grid.file}, {grid.name}: a formula whose result was never stored is in "
            f"{', '.join(grid.uncalculated[:8])}; open the file in a spreadsheet program and save it"
        )
    matrix = read_table(grid)
    _give_names(matrix)
    _require_none(matrix.problems)
    matrix.answers = _with_titles(answers, matrix)
    order = matrix.order
    left_out = [level.title for key, level in matrix.levels.items() if key not in order]
    matrix.notes += [f"Left out, as --levels does: {', '.join(left_out)}."] if left_out else []
    matrix.written = {at: one for at, one in matrix.written.items() if at[0] in order}
    take_times(matrix)
    _require_none(matrix.problems)
    settle_times(matrix)
    _require_contents(matrix)
    require_levels(matrix)
    require_rows_of_a_ladder(matrix)
    require_one_family(matrix)
    require_alike(matrix)
    require_one_way(matrix)
    require_no_senior_first(matrix)
    take_signs(matrix)
    _drop_totals(matrix)
    _take_numbers_before_words(matrix)
    _take_numbers_behind_sentences(matrix)
    _require_none([*_of_no_ratings(matrix), *_of_empty_cells(matrix)])
    ladder = _ladder(matrix, find_scale(matrix))
    if not answers.levels:
        require_rising(ladder)
    return replace(ladder, notes=(*ladder.notes, *notes_of(ladder)))


def _ladder(matrix: Matrix, found: FoundScale) -> Ladder:
    order, grid = matrix.order, matrix.table.grid
    levels = [
        one if one.total is None else replace(one, total=found.upwards(one.total))
        for one in map(matrix.levels.__getitem__, order)
    ]
    steps = [(order.index(lower), order.index(higher)) for lower, higher in matrix.steps]
    return Ladder(
        source=grid.file,
        sheet=grid.name,
        scale=found.scale,
        levels=tuple(levels),
        competencies=tuple(matrix.competencies.values()),
        required=_required(matrix, found),
        kind=found.kind,
        steps=tuple(steps) if matrix.answers.steps else (),
        undecided=(*found.undecided, *unread(matrix, found)),
        notes=(*grid.remarks, *matrix.notes),
    )


def _require_none(problems: Sequence[str]) -> None:
    if problems:
        raise PackError(*problems)


def _give_names(matrix: Matrix) -> None:
    """Levels and competencies with all that they are called."""
    titles = {key: level.title for key, level in matrix.levels.items()}
    lists = [found for other in matrix.table.grid.others if (found := level_list(other))]
    names = [*matrix.level_names, *(name for one in lists for name in one.names(matrix.levels))]
    give_names(matrix.levels, [*names, *parts_of_titles(titles)], matrix.problems, matrix.notes)
    titles = {key: one.title for key, one in matrix.competencies.items()}
    in_brackets = all(title.endswith(")") for title in titles.values())
    names = [*matrix.competency_names, *(parts_of_titles(titles) if in_brackets else ())]
    give_names(matrix.competencies, names, matrix.problems, matrix.notes)


def _with_titles(answers: Answers, matrix: Matrix) -> Answers:
    """The answers with the titles of the levels in place of other names. Raises `PackError` where one is not
    known."""
    keys = {title: matrix.level_called(title) for title in answers.levels}
    unknown = [title for title, key in keys.items() if key is None]
    if unknown:
        also = closest(unknown[0], matrix.titles)
        raise PackError(f"{matrix.table.grid.file}: “{unknown[0]}” is not a level of it{also}")
    titles = {title: matrix.levels[key].title for title, key in keys.items() if key}
    steps = tuple((titles[lower], titles[higher]) for lower, higher in answers.steps)
    return replace(answers, levels=tuple(dict.fromkeys(titles.values())), steps=steps)


def _require_contents(matrix: Matrix) -> None:
    """Raises `PackError` where there are no two levels, or nothing that they require."""
    grid, count = matrix.table.grid, len(matrix.order)
    if count < 2:
        raise PackError(f"{grid.file}: a ladder needs at least two levels; found {count}")
    if not matrix.written and not any(matrix.totals) and is_long(matrix.table.roles):
        raise PackError(
            f"{grid.file}: no column of the list on {grid.name} says what is required; call it Required, or "
            "Behaviour where it has sentences"
        )
    if not matrix.written and not any(matrix.totals):
        raise PackError(
            f"{grid.file}: no cell of the matrix on {grid.name} says what a level requires; colours are not "
            "read: write into each cell a rating, a word, an x or a sentence"
        )


def _drop_totals(matrix: Matrix) -> None:
    """A total of competencies without weights is in no rule, and that is said."""
    weighs = any(one.weight for one in matrix.competencies.values())
    if matrix.totals and matrix.written and not weighs:
        matrix.levels = {key: replace(level, total=None) for key, level in matrix.levels.items()}
        matrix.notes.append("The totals are in no rule, because the competencies have no weights.")


def _take_numbers_before_words(matrix: Matrix) -> None:
    """`1 Basic` is a rating with a word, as `1 - Basic` is, where each number comes back with one word."""
    found = {at: _NUMBER_AND_WORD.fullmatch(one.text.strip()) for at, one in matrix.written.items()}
    pairs = {(one[1], name_key(one[2])) for one in found.values() if one}
    numbers, words = {number for number, _ in pairs}, {word for _, word in pairs}
    times = any(speaks_of_time(one.text) for one in matrix.written.values())
    if all(found.values()) and not times and len(found) > len(pairs) == len(numbers) == len(words) > 1:
        for at, one in matrix.written.items():
            matrix.written[at] = replace(one, text=one.text.strip().replace(" ", " - ", 1))


def _take_numbers_behind_sentences(matrix: Matrix) -> None:
    """`Writes features (2)` is a rating with what it means, where each cell ends with a number."""
    found = {at: _SENTENCE_AND_NUMBER.fullmatch(one.text.strip()) for at, one in matrix.written.items()}
    if all(found.values()) and any(one and " " in one[1] for one in found.values()):
        for at, one in found.items():
            said = f"{one[2]} - {one[1]}" if one else ""
            matrix.written[at] = replace(matrix.written[at], text=said)


_SENTENCE_AND_NUMBER = re.compile(r"([^\W\d].*?)\s*[(\[](\d{1,2}(?:[.,]\d+)?)[)\]]", re.DOTALL)
_NUMBER_AND_WORD = re.compile(r"(\d+) +([^\W\d].*)")


def _required(matrix: Matrix, found: FoundScale) -> dict[tuple[int, int], Required]:
    """What levels require, by the places of level and competency. Raises `PackError`."""
    levels, competencies = matrix.order, list(matrix.competencies)
    required: dict[tuple[int, int], Required] = {}
    problems = [*_among_sentences(matrix, found), *_of_two_numbers(matrix)]
    for (level, one), cell in matrix.written.items():
        try:
            rating, prose = found.read(cell.text)
        except ValueError as error:
            problems.append(f"{cell.place}: {error}")
            continue
        at = levels.index(level), competencies.index(one)
        required[at] = Required(cell.cell, rating, prose or matrix.prose.get((level, one)))
    _require_none(problems)
    return _without_labels(required) if found.kind == "numbers" else required


def _without_labels(required: Mapping[tuple[int, int], Required]) -> dict[tuple[int, int], Required]:
    """Without what stands beside numbers, as in `2 - Solid`, where one number always has one word."""
    words: dict[Decimal | None, set[str | None]] = {}
    for one in required.values():
        words.setdefault(one.rating, set()).add(one.prose)
    labels = len(required) > len(words) and all(len(prose) == 1 for prose in words.values())
    return {at: replace(one, prose=None) if labels else one for at, one in required.items()}


def _among_sentences(matrix: Matrix, found: FoundScale) -> Iterator[str]:
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


def _of_no_ratings(matrix: Matrix) -> Iterator[str]:
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


def _of_empty_cells(matrix: Matrix) -> Iterator[str]:
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


def _of_two_numbers(matrix: Matrix) -> Iterator[str]:
    """That `2/3` is no 2 out of 3, where other cells have another number behind the line."""
    cells = [one for one in matrix.written.values() if _FRACTION.fullmatch(one.text.strip())]
    if len({one.text.partition("/")[2].strip() for one in cells}) > 1:
        yield (
            f"{cells[0].place}: “{cells[0].text.strip()}” holds two numbers, and so do {len(cells) - 1} more "
            "cells; write in each the one rating that is required"
        )


_FRACTION = re.compile(r"\d+(?:[.,]\d+)?\s*/\s*\d+")
