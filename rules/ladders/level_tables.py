"""Tables of levels beside a matrix: minimum times for each level or promotion, in rows or columns, on another
sheet or below it, and lists of what levels are called too."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from rules.ladders.grid import Grid
from rules.ladders.headings import keys, role_of
from rules.ladders.level_names import OtherName, are_names, names_in
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
    level: int
    """The column of the levels; where it has one, that of the level to which a promotion leads."""
    time: int
    below: int | None
    """The column of the level that a promotion leads from."""
    names_promotions: bool
    unread: tuple[str, ...]
    """The headings of its other columns."""

    @property
    def heading(self) -> str:
        """What the times are called."""
        return self.grid.rows[self.head][self.time]

    @property
    def rows(self) -> Iterator[TimeRow]:
        """The rows that name a level."""
        for row in range(self.head + 1, len(self.grid.rows)):
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
    return _times_in(grid) or _times_in(turned)


def _times_in(grid: Grid) -> TimesTable | None:
    for row in range(len(grid.rows)):
        texts, roles = grid.texts_in(row), _roles_in(grid, row)
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
        return TimesTable(grid, row, levels[0], times[0], below, promotions, unread)
    return None


_SAID = ("level", "aliases")
"""What else such a table says of levels that is read."""
_COLUMNS = ("to_level", "from_level", "promotion")


@dataclass(frozen=True)
class LevelList:
    """A table with a row for each level and no competencies."""

    grid: Grid
    head: int
    columns: tuple[int, ...]
    """Those of the levels and of other names of them."""

    def names(self, levels: Collection[str]) -> list[OtherName]:
        """The other names of levels, which are given by their keys."""
        rows = self.grid.rows[self.head + 1 :]
        known = [sum(name_key(row[column]) in levels for row in rows) for column in self.columns]
        level = self.columns[known.index(max(known))]
        found = list[OtherName]()
        for row, texts in enumerate(rows, start=self.head + 1):
            key = name_key(texts[level])
            for column in self.columns:
                if key in levels and column != level and are_names([texts[column]]):
                    heading = self.grid.rows[self.head][column]
                    heading = heading if role_of(heading) == "level" else ""
                    found += names_in(key, self.grid.at(row, column), heading)
        return found


def is_another_table(grid: Grid) -> bool:
    """Whether a sheet holds more than notes, and no list of levels or their times."""
    return grid.holds_more_than_notes and not (times_of(grid) or level_list(grid))


def level_list(grid: Grid) -> LevelList | None:
    """The list of levels of a sheet; None where it has none."""
    for row in range(len(grid.rows)):
        roles = _roles_in(grid, row)
        named = tuple(column for column, role in roles.items() if role in ("level", "aliases"))
        if "competency" in roles.values() or "level" not in roles.values():
            continue
        if len(named) > 1 or "years" in roles.values():
            return LevelList(grid, row, named)
    return None


def _roles_in(grid: Grid, row: int) -> dict[int, str]:
    """By column what the headings of a row say that it holds."""
    return {one.column: role for one in grid.texts_in(row) if (role := role_of(one.text))}
