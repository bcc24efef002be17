"""A list of the levels on another sheet than the matrix: what they are called too, and more."""

from collections.abc import Collection
from dataclasses import dataclass

from rules.ladders.grid import Grid
from rules.ladders.headings import role_of
from rules.ladders.level_names import OtherName, are_names, names_in
from rules.ladders.level_times import times_of
from rules.spelling import name_key


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
        roles = {one.column: role for one in grid.texts_in(row) if (role := role_of(one.text))}
        named = tuple(column for column, role in roles.items() if role in ("level", "aliases"))
        if "competency" in roles.values() or "level" not in roles.values():
            continue
        if len(named) > 1 or "years" in roles.values():
            return LevelList(grid, row, named)
    return None
