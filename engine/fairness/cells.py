"""The cells that groups are counted in: by attribute, by level, two attributes together, and which are
withheld."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import polars as pl

from engine.fairness.outcomes import CHANGES, CHANGES_COLUMN, OUTCOMES, counts_of
from engine.fairness.withholding import Counts, Tables, withhold_fewest, withhold_in_order

Table = tuple[tuple[str, ...], str | None]
"""The attributes and the level of a table."""


@dataclass(frozen=True)
class Cell:
    """One cell of the tables: who is in it, and how they are counted."""

    attributes: tuple[str, ...]
    values: tuple[str | None, ...]
    level: str | None
    counts: Counts
    """A part for each time, by `OUTCOMES`."""
    changes: Counts
    """The same with what decisions changed, by `CHANGES`, where there are any."""

    @property
    def table(self) -> Table:
        """The table that it stands in."""
        return self.attributes, self.level

    @property
    def nameless(self) -> bool:
        """Whether people without a value are in it."""
        return None in self.values

    @property
    def never_shown(self) -> bool:
        """Whether it only fills a table of two attributes up."""
        return self.nameless and len(self.attributes) > 1


@dataclass(frozen=True)
class Population:
    """Everybody, as groups count them."""

    members: pl.DataFrame
    """`employee_id`, the attributes, and a column for each time and for changes."""
    attributes: tuple[str, ...]
    times: tuple[str, ...]
    changed: bool
    missing: Collection[str]
    """Ids that stand in no file of groups, as every report says."""
    smallest: int

    def cells(self, levels: Mapping[str, str] | None) -> tuple[list[Cell], frozenset[int], frozenset[int]]:
        """All cells, the places of those that are withheld, and of those of which changes are; without
        `levels` by one attribute alone."""
        lists = {attribute: self._of_attribute(attribute) for attribute in self.attributes}
        cells = [cell for own in lists.values() for cell in own]
        places = {(cell.attributes[0], cell.values[0]): at for at, cell in enumerate(cells)}
        withheld = self._withheld_of_lists(lists, places, [cell.counts for cell in cells])
        unchanged = withheld | self._withheld_of_lists(lists, places, [cell.changes for cell in cells])
        if levels is None:
            return cells, withheld, unchanged
        fixed = frozenset(range(len(cells)))
        sums: list[tuple[Sequence[int], int | None]] = []
        people = self._by_level(levels)
        wholes = {name: [places[name, cell.values[0]] for cell in own] for name, own in lists.items()}
        for attribute, own in lists.items():
            sums += _sums(len(cells), wholes[attribute], [None] * len(people))
            cells += [
                self._cell((attribute,), row.values, level, there)
                for row in own
                for level, there in people.items()
            ]
        for row, column in combinations(self.attributes, 2):
            sums += _sums(len(cells), wholes[row], wholes[column])
            pairs = [(*one.values, *two.values) for one in lists[row] for two in lists[column]]
            cells += [self._cell((row, column), pair, None, self.members) for pair in pairs]
        return cells, self._withheld(cells, sums, fixed, withheld), unchanged

    def _withheld_of_lists(
        self,
        lists: Mapping[str, Sequence[Cell]],
        places: Mapping[tuple[str, str | None], int],
        counts: Sequence[Counts],
    ) -> frozenset[int]:
        """Of each attribute on its own: every total is known."""
        withheld: set[int] = set()
        for attribute, own in lists.items():
            here = [places[attribute, cell.values[0]] for cell in own]
            nameless = frozenset(at for at, cell in enumerate(own) if cell.nameless)
            tables = Tables([counts[at] for at in here], [(range(len(here)), None)], open=nameless)
            small = [at for at, cell in enumerate(own) if self._is_small(cell)]
            withheld |= {here[at] for at in withhold_in_order(tables, small, nameless)}
        return frozenset(withheld)

    def _withheld(
        self,
        cells: Sequence[Cell],
        sums: Sequence[tuple[Sequence[int], int | None]],
        fixed: frozenset[int],
        already: Collection[int],
    ) -> frozenset[int]:
        hidden = frozenset(at for at, cell in enumerate(cells) if cell.never_shown)
        small = [at for at, cell in enumerate(cells) if at not in fixed | hidden and self._is_small(cell)]
        nameless = frozenset(at for at, cell in enumerate(cells) if cell.nameless)
        tables = Tables([cell.counts for cell in cells], sums, hidden, nameless)
        return withhold_fewest(tables, [*already, *small], fixed) | hidden

    def _is_small(self, cell: Cell) -> bool:
        """Whether a group must not be shown; people without a value are none, and are withheld before others
        where that hides one."""
        return not cell.nameless and 0 < cell.counts.people < self.smallest

    def _of_attribute(self, attribute: str) -> list[Cell]:
        """The groups of an attribute, by name, people without a value last."""
        values: list[str | None] = sorted(self.members[attribute].drop_nulls().unique())
        if self.members[attribute].null_count():
            values.append(None)
        return [self._cell((attribute,), (value,), None, self.members, known=1) for value in values]

    def _by_level(self, levels: Mapping[str, str]) -> dict[str, pl.DataFrame]:
        titles = self.members["employee_id"].replace_strict(levels, default=None, return_dtype=pl.String)
        present = set(titles.drop_nulls())
        order = dict.fromkeys(levels.values())
        return {level: self.members.filter(titles == level) for level in order if level in present}

    def _cell(
        self,
        attributes: tuple[str, ...],
        values: tuple[str | None, ...],
        level: str | None,
        people: pl.DataFrame,
        known: int = 0,
    ) -> Cell:
        for attribute, value in zip(attributes, values, strict=True):
            people = people.filter(pl.col(attribute).eq_missing(pl.lit(value, dtype=pl.String)))
        listed = people.filter(pl.col("employee_id").is_in(list(self.missing)))
        parts, least = (
            tuple(counts_of(one[time], OUTCOMES) for time in self.times) for one in (people, listed)
        )
        known = max(known, listed.height)
        counts = changes = Counts(parts, least, known)
        if self.changed:
            more, most = (counts_of(one[CHANGES_COLUMN], CHANGES) for one in (people, listed))
            changes = Counts((*parts, more), (*least, most), known)
        return Cell(attributes, values, level, counts, changes)


def _sums(
    first: int, rows: Sequence[int | None], columns: Sequence[int | None]
) -> list[tuple[Sequence[int], int | None]]:
    """The sums of a table whose cells stand row by row from `first` on, with the places of its totals."""
    width, last = len(columns), first + len(rows) * len(columns)
    return [
        *((range(first + at * width, first + (at + 1) * width), row) for at, row in enumerate(rows)),
        *((range(first + at, last, width), column) for at, column in enumerate(columns)),
    ]
