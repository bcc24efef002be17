"""Minimum times of a ladder: from the matrix or from a table beside it, in the level below."""

from collections.abc import Iterator
from dataclasses import replace

from rules.ladders.headings import means, speaks_of
from rules.ladders.ladder import OpenQuestionError
from rules.ladders.level_tables import TimeRow, TimesTable, times_of
from rules.ladders.matrix import Matrix
from rules.spelling import closest


def take_times(matrix: Matrix) -> None:
    """Minimum times from the one table of them below the matrix or on another sheet, where the matrix has
    none itself."""
    every = filter(None, map(times_of, matrix.table.grid.others))
    tables = [one for one in every if any(matrix.level_called(row.level) for row in one.rows)]
    if len(tables) != 1 or matrix.times is not None:
        return
    found, matrix.has_times_beside = tables[0], True
    where = found.grid.place(found.head, found.time)
    matrix.times = ("" if found.names_promotions else found.heading), where
    unread = [*found.unread]
    for row in found.rows:
        level = matrix.level_called(row.level)
        if row.time and level is None:
            unread.append(f"{row.level} ({found.grid.place(row.row, found.level)})")
        elif row.time and level:
            matrix.problems += _not_below(matrix, found, row, level)
            matrix.take_number(level, "years", found.grid.at(row.row, found.time), found.heading)
    elsewhere = "table" if found.grid.sheet == matrix.table.grid.sheet else "sheet"
    matrix.undecided.append(f"“{found.heading}” is read from another {elsewhere} ({where}).")
    if unread:
        matrix.undecided.append(f"Not read from that table, and in no rule: {', '.join(unread)}.")


def _not_below(matrix: Matrix, table: TimesTable, row: TimeRow, level: str) -> Iterator[str]:
    """That a promotion does not lead from the level right below, or from none that is known."""
    if not row.below or means("nothing", row.below):
        return
    where = table.grid.place(row.row, table.level if table.below is None else table.below)
    key = matrix.level_called(row.below)
    if key is None:
        yield f"{where}: “{row.below}” is not a level of the matrix{closest(row.below, matrix.titles)}"
    elif level in matrix.order and key in matrix.order and (key, level) not in matrix.steps:
        lower = [matrix.levels[below].title for below, above in matrix.steps if above == level]
        right = " or ".join(f"“{title}”" for title in lower)
        yield (
            f"{where}: “{row.below}” is not the level right below “{matrix.levels[level].title}”; "
            + (f"that is {right}. " if right else "there is none. ")
            + "Give the time from each level to the next one, or name another way up with --levels"
        )


def settle_times(matrix: Matrix) -> None:
    """Minimum times are in the level below. Where they are in the level itself, as their heading or a highest
    level without any says, each is moved to the level above; where nothing says which, it is asked."""
    if matrix.times is None or len(matrix.order) < 2:
        return
    heading, place = matrix.times
    years = {level: matrix.levels[level].years for level in matrix.order}
    lowest, highest = matrix.order[0], matrix.order[-1]
    own = speaks_of("own_time", heading)
    if not own and heading and not speaks_of("time_below", heading) and years[lowest]:
        if years[highest]:
            raise OpenQuestionError(
                f"{place}: “{heading}” gives a time for the lowest and for the highest level; "
                "is it the time in the level itself, or in the level below?",
                f"Say so in the heading: “{heading} below” or “{heading} before promotion”",
            )
        own = True
    if own:
        below = {higher: years[lower] for lower, higher in matrix.steps}
        matrix.levels |= {
            level: replace(matrix.levels[level], years=below.get(level)) for level in matrix.order
        }
        matrix.undecided.append(f"“{heading}” is read as the time in each level before the next one.")
