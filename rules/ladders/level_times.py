"""A table of minimum times, on another sheet or below the matrix: for each level or promotion a row or a
column."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rules.ladders.grid import Grid
from rules.ladders.headings import keys, role_of
from rules.spelling import name_key

STEP = re.compile(r"(\S.*?)\s*(?:→|->|⇒|>|\s(?:to|bis|nach|vers|[-–—])\s)\s*(\S.*)")


@dataclass(frozen=True)
class TimeRow:
    """One time, as it is written."""

    row: int
    below: str
    """The level that a promotion leads from; empty where the table names the levels alone."""
    level: str
    time: str


@dataclass(frozen=True)
class TimesTable:
    """Where a sheet says how long somebody has to be in a level."""

    grid: Grid
    head: int
    end: int
    """The row after its last one."""
    level: int
    """The column of the levels; where it has one, that of the level to which a promotion leads."""
    time: int
    below: int | None
    """The column of the level that a promotion leads from."""
    names_promotions: bool
    unread: tuple[str, ...]
    """The headings of its other columns."""

    @property
    def lines(self) -> range:
        """All its rows."""
        return range(self.head, self.end)

    @property
    def heading(self) -> str:
        """What the times are called."""
        return self.grid.rows[self.head][self.time]

    @property
    def rows(self) -> Iterator[TimeRow]:
        """The rows that name a level."""
        for row in range(self.head + 1, self.end):
            texts = self.grid.rows[row]
            step = STEP.fullmatch(texts[self.level]) if self._holds_steps else None
            below = texts[self.below] if self.below is not None else ""
            below, level = (step[1], step[2]) if step else (below, texts[self.level])
            if level:
                yield TimeRow(row, below, level, texts[self.time])

    @property
    def _holds_steps(self) -> bool:
        """Whether one column names both levels, as in `L1 → L2`."""
        return self.names_promotions and self.below is None


def times_of(grid: Grid) -> TimesTable | None:
    """The table of times of a sheet; None where it has none, or several columns that may be it."""
    turned = grid.turned_over()
    return _times_in(grid, 0, len(grid.rows)) or _times_in(turned, 0, len(turned.rows))


def times_below(grid: Grid, after: int) -> TimesTable | None:
    """The table of times below a row, up to the next empty line; None where there is none."""
    begins = (row for row in range(after + 1, len(grid.rows)) if not grid.texts_in(row - 1))
    for begin in begins:
        end = next((row for row in range(begin, len(grid.rows)) if not grid.texts_in(row)), len(grid.rows))
        if found := _times_in(grid, begin, end):
            return found
    return None


def _times_in(grid: Grid, begin: int, end: int) -> TimesTable | None:
    for row in range(begin, end):
        texts = grid.texts_in(row)
        roles = {one.column: role for one in texts if (role := role_of(one.text))}
        times = [column for column, role in roles.items() if role == "years"]
        named = {what: [one.column for one in texts if name_key(one.text) in keys(what)] for what in _COLUMNS}
        levels = named["to_level"] or named["promotion"]
        levels = levels or [column for column, role in roles.items() if role == "level"]
        if not levels and grid.rows[row] and not grid.rows[row][0]:
            levels = [0]
        several = levels[1:] and (named["to_level"] or named["promotion"])
        if len(times) != 1 or not levels or several or "competency" in roles.values():
            continue
        below = next((column for column in named["from_level"] if column not in levels), None)
        said = {times[0], *levels, below, *(column for column, role in roles.items() if role in _SAID)}
        unread = tuple(one.text for one in texts if one.column not in said)
        promotions = bool(named["to_level"] or named["promotion"])
        return TimesTable(grid, row, end, levels[0], times[0], below, promotions, unread)
    return None


_SAID = ("level", "aliases")
"""What else such a table says of levels that is read."""
_COLUMNS = ("to_level", "from_level", "promotion")
