"""A company's matrix of levels and competencies, in the shapes that companies keep it in, to a `Ladder`.

The table is read by `rules.ladders.table`. Here: which level is the lowest, what times and ratings mean, and
what is asked or said where that is open.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

from rules.ladders.contents import read_table
from rules.ladders.grid import Grid, Text
from rules.ladders.headings import means, role_of, speaks_of
from rules.ladders.ladder import Answers, Ladder, OpenQuestionError, Required
from rules.ladders.level_lists import level_list
from rules.ladders.level_names import give_names, has_word, number_of_level, parts_of_titles
from rules.ladders.level_times import STEP
from rules.ladders.minimum_times import places_of, settle_times, take_times
from rules.ladders.parts import Parts
from rules.ladders.scale import FoundScale, find_scale, number_in, points_in, two_words
from rules.ladders.table import Table
from rules.ladders.times import speaks_of_time
from rules.pack import PackError
from rules.spelling import closest, name_key

_MORE = re.compile(r"\d+(?:[.,]\d+)?\s*[(:].*\d.*", re.DOTALL)
_RANGE = re.compile(r"\d+(?:[.,]\d+)?\s*(?:[-–—→]|->|to|bis)\s*\d+(?:[.,]\d+)?")


def ladder_from_matrix(grid: Grid, answers: Answers) -> Ladder:
    """What a sheet says of levels and competencies.

    Raises `PackError` with every problem, each with its cell, or with the question that is left open.
    """
    if grid.uncalculated:
        raise PackError(
            f"{grid.file}, {grid.name}: a formula whose result was never stored is in "
            f"{', '.join(grid.uncalculated[:8])}; open the file in a spreadsheet program and save it"
        )
    table, parts = read_table(grid)
    titles = {key: level.title for key, level in parts.levels.items()}
    lists = [found for other in grid.others if (found := level_list(other))]
    parts.level_names += [name for one in lists for name in one.names(parts.levels)]
    give_names(parts.levels, [*parts.level_names, *parts_of_titles(titles)], parts.problems, parts.notes)
    titles = {key: one.title for key, one in parts.competencies.items()}
    if all(title.endswith(")") for title in titles.values()):
        parts.competency_names += parts_of_titles(titles)
    give_names(parts.competencies, parts.competency_names, parts.problems, parts.notes)
    if parts.problems:
        raise PackError(*parts.problems)
    return _ladder(table, parts, _with_titles(answers, parts, grid))


def _ladder(table: Table, parts: Parts, answers: Answers) -> Ladder:
    grid = table.grid
    levels = [name_key(title) for title in answers.levels] or list(parts.levels)
    left_out = [level.title for key, level in parts.levels.items() if key not in levels]
    parts.notes += [f"Left out, as --levels does: {', '.join(left_out)}."] if left_out else []
    parts.written = {at: one for at, one in parts.written.items() if at[0] in levels}
    read = take_times(table, parts, levels, answers)
    if parts.problems:
        raise PackError(*parts.problems)
    settle_times(levels, parts, answers)
    if len(levels) < 2:
        raise PackError(f"{grid.file}: a ladder needs at least two levels; found {len(levels)}")
    if not parts.written and not any(level.total for level in parts.levels.values()):
        raise PackError(f"{grid.file}: no cell of the matrix on {grid.name} says what a level requires")
    _require_levels(levels, parts, answers, grid)
    _require_one_family(table)
    _require_no_senior_first(levels, parts, answers, grid)
    _drop_crosses(parts)
    _drop_totals(parts)
    if no_ratings := [*_of_no_ratings(parts)]:
        raise PackError(*no_ratings)
    found = find_scale(
        [parts.written.get((level, one)) for one in parts.competencies for level in levels],
        [line for line in table.lines_around if not _explains_levels(line, parts)],
        len(levels),
        answers,
        [level.total for level in parts.levels.values() if level.total is not None],
    )
    if found.scale.lowest_is_best:
        parts.levels = {
            key: one if one.total is None else replace(one, total=found.upwards(one.total))
            for key, one in parts.levels.items()
        }
    required: dict[tuple[int, int], Required] = {}
    problems = [*_on_another_scale(levels, parts, found), *_of_two_numbers(parts)]
    for (level, one), written in parts.written.items():
        try:
            rating, prose = found.read(written)
        except ValueError as error:
            problems.append(f"{written.place}: {error}")
            continue
        at = levels.index(level), list(parts.competencies).index(one)
        required[at] = Required(written.cell, rating, prose or parts.prose.get((level, one)))
    if problems:
        raise PackError(*problems)
    _require_rising(levels, parts, required, answers, grid)
    if found.kind == "numbers":
        required = _without_labels(required)
    competencies = tuple(parts.competencies.values())
    return Ladder(
        source=grid.file,
        sheet=grid.name,
        scale=found.scale,
        levels=tuple(parts.levels[level] for level in levels),
        competencies=competencies,
        required=required,
        kind=found.kind,
        undecided=(
            *found.undecided,
            *_ranges(parts, found),
            *parts.undecided,
            *_groups(table, parts, answers),
            *_unread_rules(table),
            *(() if read else _elsewhere(grid, parts)),
            *_of_competencies(grid, parts),
        ),
        steps=tuple(places_of(levels, answers.steps)) if answers.steps else (),
        notes=(*grid.remarks, *parts.notes, *_notes(levels, parts, required, answers)),
    )


def _require_no_senior_first(levels: Sequence[str], parts: Parts, answers: Answers, grid: Grid) -> None:
    """Asks for the order of the levels where their names fall: from Senior to Junior, from III to I."""
    first, last = (parts.levels[levels[place]].title for place in (0, -1))
    names = has_word("senior_words", first) and has_word("junior_words", last)
    names = names and not (has_word("junior_words", first) or has_word("senior_words", last))
    numbers = number_of_level(first), number_of_level(last)
    falls = numbers[0] is not None and numbers[1] is not None and numbers[0] > numbers[1]
    if not answers.levels and (names or falls):
        raise _which_is_lowest(
            grid, parts, levels, "comes first and is named as a higher level than the last"
        )


def _require_rising(
    levels: Sequence[str],
    parts: Parts,
    required: Mapping[tuple[int, int], Required],
    answers: Answers,
    grid: Grid,
) -> None:
    """Asks for the order of the levels where the ratings fall from the first of them to the last."""
    ends = (
        (required.get((0, one)), required.get((len(levels) - 1, one)))
        for one in range(len(parts.competencies))
    )
    ratings = ((first.rating, last.rating) for first, last in ends if first and last)
    known = [(first, last) for first, last in ratings if first is not None and last is not None]
    falling = sum(first > last for first, last in known)
    if not answers.levels and falling > sum(first < last for first, last in known):
        raise _which_is_lowest(
            grid,
            parts,
            levels,
            "comes first and requires more than the levels behind it",
            '. If the lowest number is the best rating, write that above the matrix: "1 is best, 5 is worst"',
        )
    for lower, higher in places_of(levels, ()) if not answers.levels else ():
        _require_no_fork([parts.levels[level].title for level in levels], lower, higher, parts, required)


def _require_no_fork(
    titles: Sequence[str],
    lower: int,
    higher: int,
    parts: Parts,
    required: Mapping[tuple[int, int], Required],
) -> None:
    """Asks whether a level is the next one or a branch where it asks for less as often as for more."""
    less, more = list[str](), 0
    for place, one in enumerate(parts.competencies.values()):
        here, above = required.get((lower, place)), required.get((higher, place))
        if here and above and here.rating is not None and above.rating is not None:
            less += [one.title] if above.rating < here.rating else []
            more += above.rating > here.rating
    if lower and less and len(less) >= more:
        branch = f"{', '.join(titles[:higher])}; {titles[lower - 1]}, {', '.join(titles[higher:])}"
        raise OpenQuestionError(
            f"“{titles[higher]}” requires less than “{titles[lower]}” of {', '.join(less)}; "
            "is it the next level, or another way up?",
            f'Say it with --levels "{", ".join(titles)}" where each is the next level, or, for two ways up, '
            f'such as --levels "{branch}"',
        )


def _which_is_lowest(
    grid: Grid, parts: Parts, levels: Sequence[str], why: str, also: str = ""
) -> OpenQuestionError:
    titles = ", ".join(parts.levels[level].title for level in reversed(levels))
    return OpenQuestionError(
        f"{grid.file}: “{parts.levels[levels[0]].title}” {why}; which is the lowest level?",
        f'Say it with --levels "{titles}", the lowest first{also}',
    )


def _drop_crosses(parts: Parts) -> None:
    """Where cells only say whether something is expected, a no is an empty cell."""
    crosses = {key for key, one in parts.written.items() if means("cross", one.text)}
    if all(key in crosses or means("mark", one.text) for key, one in parts.written.items()):
        for key in crosses:
            del parts.written[key]


def _drop_totals(parts: Parts) -> None:
    """A total of competencies without weights is in no rule, and that is said."""
    totals = [level.title for level in parts.levels.values() if level.total is not None]
    if totals and parts.written and not any(one.weight for one in parts.competencies.values()):
        parts.levels = {key: replace(level, total=None) for key, level in parts.levels.items()}
        parts.notes.append("The totals are in no rule, because the competencies have no weights.")


def _without_labels(required: Mapping[tuple[int, int], Required]) -> dict[tuple[int, int], Required]:
    """Without what stands beside numbers, as in `2 - Solid`, where one number always has one word."""
    words: dict[Decimal | None, set[str | None]] = {}
    for one in required.values():
        words.setdefault(one.rating, set()).add(one.prose)
    labels = len(required) > len(words) and all(len(prose) == 1 for prose in words.values())
    return {at: replace(one, prose=None) if labels else one for at, one in required.items()}


def _with_titles(answers: Answers, parts: Parts, grid: Grid) -> Answers:
    """The answers with the titles of the levels in place of other names. Raises `PackError` where one is not
    known."""
    keys = {title: parts.level_called(title) for title in answers.levels}
    unknown = [title for title, key in keys.items() if key is None]
    if unknown:
        known = [level.title for level in parts.levels.values()]
        raise PackError(f"{grid.file}: “{unknown[0]}” is not a level of it{closest(unknown[0], known)}")
    titles = {title: parts.levels[key].title for title, key in keys.items() if key}
    steps = tuple((titles[lower], titles[higher]) for lower, higher in answers.steps)
    return replace(answers, levels=tuple(dict.fromkeys(titles.values())), steps=steps)


def _on_another_scale(levels: Sequence[str], parts: Parts, found: FoundScale) -> Iterator[str]:
    """That a competency has numbers alone where others have sentences, or percentages beside a few points."""
    rows: dict[str, list[Text]] = {}
    for (level, key), one in parts.written.items():
        if level in levels:
            rows.setdefault(key, []).append(one)
    numbers = {key: [number_in(one.text) for one in row] for key, row in rows.items()}
    known = {key: [one for one in row if one is not None] for key, row in numbers.items()}
    whole = {key: row for key, row in known.items() if len(row) == len(rows[key])}
    others = [one for row in rows.values() for one in row if number_in(one.text) is None]
    if found.kind == "prose" and others:
        short = all(len(one.text.split()) <= _FEW for one in others)
        what = f"words, such as “{others[0].text}” ({others[0].cell})" if short else "sentences"
        for key in (key for key, row in known.items() if row):
            first = next(one for one in rows[key] if number_in(one.text) is not None)
            yield (
                f"{first.place}: “{first.text}” is a number, and other cells are {what}; say in words what "
                f"“{parts.competencies[key].title}” requires, or take the row out, or those"
            )
    small = any(max(row) <= _SMALL for row in whole.values())
    large = [key for key, row in whole.items() if min(row) > _SMALL]
    for key in large if found.is_supposed and small else ():
        yield (
            f"{rows[key][0].place}: “{parts.competencies[key].title}” is on a different scale from other "
            "rows; write it on theirs, take it out, or say with --scale that all are on one"
        )


def _of_no_ratings(parts: Parts) -> Iterator[str]:
    """That a cell holds a day, which spreadsheet programs make of a range, or a number below 0."""
    for one in parts.written.values():
        text = one.text.strip()
        day = _DAY.fullmatch(text)
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


def _of_two_numbers(parts: Parts) -> Iterator[str]:
    """That `2/3` is no 2 out of 3, where other cells have another number behind the line."""
    cells = [one for one in parts.written.values() if _FRACTION.fullmatch(one.text.strip())]
    if len({one.text.partition("/")[2].strip() for one in cells}) > 1:
        yield (
            f"{cells[0].place}: “{cells[0].text.strip()}” holds two numbers, and so do {len(cells) - 1} more "
            "cells; write in each the one rating that is required"
        )


def _explains_levels(line: Sequence[str], parts: Parts) -> bool:
    """Whether a line such as `1 = Junior, 2 = Senior` explains levels, and no ratings."""
    points, titles = points_in(line), [level.title for level in parts.levels.values()]
    keys = " ".join(map(name_key, titles))
    numbers = {number_of_level(title) for title in titles}
    rates = speaks_of("scales", " ".join(line)) or any(
        speaks_of("points_of_a_scale", word) for word in points.values()
    )
    return any(name_key(word) in keys for word in points.values()) or (
        {*map(int, points)} == numbers and not rates
    )


_FRACTION = re.compile(r"\d+(?:[.,]\d+)?\s*/\s*\d+")
_ABOUT_ALL = 30
"""Weights that miss 100 by no more are meant as percentages."""
_SMALL = 10
"""Rows up to this and rows above it are on different scales."""


def _ranges(parts: Parts, found: FoundScale) -> Iterator[str]:
    """That of a range such as `2-3` its lower end is required."""
    ranges = [one for one in parts.written.values() if _RANGE.fullmatch(one.text.strip())]
    if ranges and found.kind == "numbers":
        first = f"{ranges[0].text.strip()} ({ranges[0].cell})"
        yield f"Where a cell gives a range, such as {first}, its lower end is required."
    pairs = [one for one in parts.written.values() if two_words(one.text, found.scale.words)]
    if pairs and found.kind == "words":
        first = f"{pairs[0].text.strip()} ({pairs[0].cell})"
        yield f"Where a cell gives two words, such as {first}, the lower is required."
    more = [one for one in parts.written.values() if _MORE.fullmatch(one.text.strip())]
    if more and found.kind == "numbers":
        first = f"{' '.join(more[0].text.split())} ({more[0].cell})"
        yield f"Where a cell has a second number, such as {first}, the first is required."


def _groups(table: Table, parts: Parts, answers: Answers) -> Iterator[str]:
    """That groups above the levels, such as tracks, were read as one way up."""
    grid = table.grid
    above = grid.texts_in(table.head - 1) if table.head else []
    groups = list(dict.fromkeys(one.text for one in above if one.column not in table.roles))
    family = {grid.rows[row][column] for column in table.columns("family") for row in table.below} - {""}
    if len(parts.groups) > 1:
        groups, above = parts.groups, [*above, *grid.texts_in(table.head)]
    if len(family) > 1:
        groups, above = sorted(family), [*above, *grid.texts_in(table.head)]
    if len(groups) > 1 and len(above) > len(groups) and not answers.levels:
        yield (
            f"The levels stand in groups ({', '.join(groups)}) and are read as one way up. "
            "If there are several, say so with --levels."
        )


def _require_levels(levels: Sequence[str], parts: Parts, answers: Answers, grid: Grid) -> None:
    """Asks where the headings are named as the points of a rating scale are, or as promotions."""
    titles = [parts.levels[level].title for level in levels]
    steps = [step.groups() for title in titles if (step := STEP.fullmatch(title))]
    if len(steps) == len(titles) and all(before[1] == after[0] for before, after in pairwise(steps)):
        raise PackError(
            f"{grid.place_of(parts.levels[levels[0]].cell)}: “{titles[0]}” is a promotion, and a ladder has "
            "levels: head each column with the level that the promotion leads to, such as "
            f"{steps[0][1]}, and give {steps[0][0]} a column before it with what is expected there"
        )
    if not answers.levels and all(speaks_of("points_of_a_scale", title) for title in titles):
        shown = ", ".join(titles)
        raise OpenQuestionError(
            f"{grid.file}: are {shown} levels of a ladder, or ratings that one level describes?",
            f'If they are levels, say so with --levels "{shown}"; a ladder has a column for each level',
        )


def _require_one_family(table: Table) -> None:
    """Asks where a column tells professions or tracks apart, and not their levels: nobody needs what all of
    them do."""
    grid = table.grid
    for column in table.columns("family"):
        of_level: dict[str, set[str]] = {}
        for row in table.below:
            level = name_key(table.text(row, "level"))
            of_level.setdefault(level, set()).add(grid.rows[row][column])
        several = sorted({one for some in of_level.values() for one in some} - {""})
        if len(several) > 1 and any(len(some - {""}) > 1 for some in of_level.values()):
            raise OpenQuestionError(
                f"{table.heading(column).place}: the column “{table.heading(column).text}” has rows of "
                f"{', '.join(several)}; whose ladder is it?",
                "Leave only the rows of one ladder in the file, or call the column Area if everybody needs "
                "all of them",
            )


def _unread_rules(table: Table) -> Iterator[str]:
    """That a line above or below the table speaks of a time or a limit: it may be a rule."""
    grid = table.grid
    for row in range(len(grid.rows)):
        texts = grid.texts_in(row)
        around = row <= table.head or len(texts) == 1
        for one in texts if around else ():
            limit = speaks_of("rule_words", one.text) or "%" in one.text
            says_how_much = len(one.text.split()) > _FEW or any(map(str.isdigit, one.text))
            limit = limit and row != table.head and says_how_much
            if speaks_of_time(one.text) or limit:
                yield f"A line was not read and may be a rule ({one.cell}): {one.text}"


_FEW = 3
"""A line of no more words is a heading."""


def _elsewhere(grid: Grid, parts: Parts) -> Iterator[str]:
    """That the levels stand on another sheet too, which is not read: it may ask for years or totals."""
    titles = {name_key(level.title) for level in parts.levels.values()}
    rows = [[text for text in row if text] for row in grid.beside]
    places = [n for n, row in enumerate(rows) if any(name_key(text) in titles for text in row)]
    if len({name_key(text) for n in places for text in rows[n]} & titles) < 2:
        return
    above = rows[places[0] - 1] if places[0] else []
    said = f" ({', '.join(above)})" if above else ""
    yield (
        f"Another sheet names these levels too{said}. It was not read: what it asks for is in no rule. "
        "Minimum years and totals are read from the sheet of the matrix, as rows or columns."
    )


def _of_competencies(grid: Grid, parts: Parts) -> Iterator[str]:
    """That another sheet says more of the competencies than what they mean, such as their weights."""
    titles = {name_key(one.title) for one in parts.competencies.values()}
    for other in grid.others:
        named = [row for row, texts in enumerate(other.rows) if titles & {*map(name_key, texts)}]
        if len(named) < 2 or not named[0]:
            continue
        headings = [text for text in other.rows[named[0] - 1] if text]
        said = [text for text in headings if role_of(text) in ("weight", "importance", "required", "total")]
        if said:
            yield (
                f"The sheet {other.name} names the competencies too ({', '.join(headings)}). "
                f"It was not read: {', '.join(said)} is in no rule."
            )


def _notes(
    levels: Sequence[str],
    parts: Parts,
    required: Mapping[tuple[int, int], Required],
    answers: Answers,
) -> Iterable[str]:
    """Weights that do not add up to 100, and requirements that fall from one level to the next."""
    weights = sum((one.weight or Decimal(0) for one in parts.competencies.values()), Decimal(0))
    if 1 <= abs(weights - 100) <= _ABOUT_ALL:
        yield f"The weights add up to {weights}, not 100; they count in proportion."
    titles = [parts.levels[level].title for level in levels]
    for place, one in enumerate(parts.competencies.values()):
        for lower, higher in places_of(levels, answers.steps):
            here, above = required.get((lower, place)), required.get((higher, place))
            if (
                here
                and here.rating is not None
                and (above is None or (above.rating is not None and above.rating < here.rating))
            ):
                what = "nothing" if above is None else "less"
                said = f"{titles[higher]} requires {what}"
                yield f"{one.title}: {said}, where {titles[lower]} requires more ({here.cell})."
