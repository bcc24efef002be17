"""Minimum times of a ladder: from the matrix or from a table beside it, in the level below."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from rules.ladders.headings import means, speaks_of
from rules.ladders.ladder import Answers, OpenQuestionError
from rules.ladders.level_times import TimeRow, TimesTable, times_of
from rules.ladders.parts import Parts, take_number
from rules.ladders.table import Table
from rules.spelling import closest, name_key


def places_of(levels: Sequence[str], steps: Sequence[tuple[str, str]]) -> list[tuple[int, int]]:
    """The places of each level and one above it."""
    if not steps:
        return [*pairwise(range(len(levels)))]
    return [(levels.index(name_key(lower)), levels.index(name_key(higher))) for lower, higher in steps]


def take_times(table: Table, parts: Parts, levels: Sequence[str], answers: Answers) -> bool:
    """Whether the one table of minimum times below the matrix or on another sheet was read: where the matrix
    has none itself."""
    every = [table.times, *map(times_of, table.grid.others)]
    tables = [one for one in every if one and any(parts.level_called(row.level) for row in one.rows)]
    if len(tables) != 1 or parts.times is not None:
        return False
    found = tables[0]
    where = found.grid.place(found.head, found.time)
    parts.times = ("" if found.names_promotions else found.heading), where
    left = []
    for row in found.rows:
        level = parts.level_called(row.level)
        if not row.time:
            continue
        if level is None:
            left.append(f"{row.level} ({found.grid.place(row.row, found.level)})")
            continue
        parts.problems += _not_below(found, row, level, parts, levels, answers)
        take_number(parts, level, "years", found.grid.at(row.row, found.time), found.heading)
    elsewhere = "below the matrix" if found is table.times else "from another sheet"
    parts.undecided.append(f"“{found.heading}” is read {elsewhere} ({where}).")
    unread = [*found.unread, *left]
    if unread:
        parts.undecided.append(f"Not read from that table, and in no rule: {', '.join(unread)}.")
    return True


def _not_below(
    table: TimesTable, row: TimeRow, level: str, parts: Parts, levels: Sequence[str], answers: Answers
) -> Iterator[str]:
    """That a promotion does not lead from the level right below, or from none that is known."""
    if not row.below or means("nothing", row.below):
        return
    column = table.level if table.below is None else table.below
    where, titles = table.grid.place(row.row, column), {key: parts.levels[key].title for key in levels}
    key, title = parts.level_called(row.below), parts.levels[level].title
    if key is None:
        yield f"{where}: “{row.below}” is not a level of the matrix{closest(row.below, titles.values())}"
        return
    if key not in levels:
        return
    steps = places_of(levels, answers.steps)
    lower = [levels[below] for below, above in steps if levels[above] == level]
    if level in levels and key not in lower:
        right = " or ".join(f"“{titles[one]}”" for one in lower)
        yield (
            f"{where}: “{row.below}” is not the level right below “{title}”; "
            + (f"that is {right}. " if right else "there is none. ")
            + "Give the time from each level to the next one, or name another way up with --levels"
        )


def settle_times(levels: Sequence[str], parts: Parts, answers: Answers) -> None:
    """Minimum times are in the level below. Where they are in the level itself, as their heading or a highest
    level without any says, each is moved to the level above; where nothing says which, it is asked."""
    if parts.times is None or len(levels) < 2:
        return
    heading, place = parts.times
    years = [parts.levels[level].years for level in levels]
    own = speaks_of("own_time", heading)
    if not own and heading and not speaks_of("time_below", heading) and years[0]:
        if years[-1]:
            raise OpenQuestionError(
                f"{place}: “{heading}” gives a time for the lowest and for the highest level; "
                "is it the time in the level itself, or in the level below?",
                f"Say so in the heading: “{heading} below” or “{heading} before promotion”",
            )
        own = True
    if own:
        for level in levels:
            parts.levels[level] = replace(parts.levels[level], years=None)
        for lower, higher in places_of(levels, answers.steps):
            parts.levels[levels[higher]] = replace(parts.levels[levels[higher]], years=years[lower])
        parts.undecided.append(f"“{heading}” is read as the time in each level before the next one.")
