"""A table of minimum times on a sheet beside the matrix: a row or a column for each level or promotion."""

from collections.abc import Iterator
from dataclasses import dataclass

from rules.ladders.grid import Grid
from rules.ladders.headings import keys, role_of
from rules.spelling import name_key


@dataclass(frozen=True)
class TimesTable:
    """Where a sheet says how long somebody has to be in a level."""

    grid: Grid
    head: int
    level: int
    """The column of the levels; where it has one, that of the level to which a promotion leads."""
    time: int
    names_promotions: bool
    unread: tuple[str, ...]
    """The headings of its other columns."""

    @property
    def heading(self) -> str:
        """What the times are called."""
        return self.grid.rows[self.head][self.time]

    @property
    def rows(self) -> Iterator[tuple[int, str, str]]:
        """The rows that name a level: place, level and time."""
        for row in range(self.head + 1, len(self.grid.rows)):
            level, time = (self.grid.rows[row][column] for column in (self.level, self.time))
            if level:
                yield row, level, time


def times_of(grid: Grid) -> TimesTable | None:
    """The table of times of a sheet; None where it has none, or several columns that may be it."""
    return _times_of(grid) or _times_of(grid.turned_over())


def _times_of(grid: Grid) -> TimesTable | None:
    for row in range(len(grid.rows)):
        texts = grid.texts_in(row)
        roles = {one.column: role for one in texts if (role := role_of(one.text))}
        times = [column for column, role in roles.items() if role == "years"]
        to = [one.column for one in texts if name_key(one.text) in keys("to_level")]
        levels = to or [column for column, role in roles.items() if role == "level"]
        if not levels and grid.rows[row] and not grid.rows[row][0]:
            levels = [0]
        if len(times) != 1 or len(levels) != 1 or "competency" in roles.values():
            continue
        said = {
            times[0],
            levels[0],
            *(one.column for one in texts if name_key(one.text) in keys("from_level")),
        }
        unread = tuple(one.text for one in texts if one.column not in said)
        return TimesTable(grid, row, levels[0], times[0], bool(to), unread)
    return None
