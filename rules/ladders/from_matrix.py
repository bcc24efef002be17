"""A company's matrix of levels and competencies, in the shapes that companies keep it in, to a `Ladder`.

`rules.ladders.contents` reads the table. Here its names, times and ratings are settled; which level is the
lowest is in `rules.ladders.order`, and what is in no rule is told by `rules.ladders.unread`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from rules.ladders.contents import read_table
from rules.ladders.doubtful_cells import (
    empty_cells_in,
    no_ratings_in,
    numbers_among_sentences,
    two_numbers_in,
)
from rules.ladders.grid import Grid
from rules.ladders.ladder import Answers, Ladder, Required
from rules.ladders.level_names import give_names, parts_of_titles
from rules.ladders.level_tables import level_list
from rules.ladders.matrix import Matrix
from rules.ladders.minimum_times import settle_times, take_times
from rules.ladders.numbers_beside_words import take_numbers_beside_words
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
from rules.ladders.unread import notes_of, unread
from rules.pack import PackError
from rules.spelling import closest


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
    matrix.take_out_own_levels()
    take_signs(matrix)
    _drop_totals(matrix)
    take_numbers_beside_words(matrix)
    _require_none([*no_ratings_in(matrix), *empty_cells_in(matrix)])
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
    have_two = matrix.table.is_bilingual or all(title.endswith(")") for title in titles.values())
    names = [*matrix.competency_names, *(parts_of_titles(titles) if have_two else ())]
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


def _required(matrix: Matrix, found: FoundScale) -> dict[tuple[int, int], Required]:
    """What levels require, by the places of level and competency. Raises `PackError`."""
    levels, competencies = matrix.order, list(matrix.competencies)
    required: dict[tuple[int, int], Required] = {}
    problems = [*numbers_among_sentences(matrix, found), *two_numbers_in(matrix)]
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
