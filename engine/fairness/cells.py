"""The cells that groups are counted in: by attribute, by level, two attributes together, and which are
withheld."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import polars as pl

from engine.fairness.outcomes import CHANGES, CHANGES_COLUMN, MEASURES, OUTCOMES, counts_of
from engine.fairness.withholding import (
    PEOPLE,
    Counts,
    Figure,
    Printed,
    Tables,
    withhold_fewest,
    withhold_figures,
    withhold_in_order,
)

Table = tuple[tuple[str, ...], str | None]
"""The attributes and the level of a table."""


@dataclass(frozen=True)
class Cell:
    """One cell of the tables: who is in it, and how they are counted."""

    attributes: tuple[str, ...]
    values: tuple[str | None, ...]
    level: str | None
    counts: Counts
    """A part for each time, by `OUTCOMES`, and for what decisions changed, by `CHANGES`, where there are
    any."""

    @property
    def table(self) -> Table:
        """The table that it stands in."""
        return self.attributes, self.level

    @property
    def nameless(self) -> bool:
        """Whether people without a value are in it."""
        return None in self.values

    @property
    def is_total(self) -> bool:
        """Whether everybody with its value is in it."""
        return self.level is None and len(self.attributes) == 1

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

    def cells(
        self, levels: Mapping[str, str] | None
    ) -> tuple[list[Cell], frozenset[int], frozenset[Printed]]:
        """All cells, the places of those that are withheld, and the `figures` that are withheld of others;
        without `levels` by one attribute alone."""
        lists = {attribute: self._of_attribute(attribute) for attribute in self.attributes}
        cells = [cell for own in lists.values() for cell in own]
        fixed = frozenset(range(len(cells)))
        withheld: set[int] = set()
        partly: set[Printed] = set()
        for attribute, own in lists.items():
            first = next(at for at, cell in enumerate(cells) if cell.attributes == (attribute,))
            here = self._withheld_of_list(own)
            withheld |= {first + at for at in here}
            partly |= {(first + at, figure) for at, figure in self._figures_of_list(own, here)}
        if levels is None:
            return cells, frozenset(withheld), frozenset(partly)
        sums: list[tuple[Sequence[int], int | None]] = []
        people = self._by_level(levels)
        places = {(cell.attributes[0], cell.values[0]): at for at, cell in enumerate(cells)}
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
        return cells, *self._withheld(cells, sums, fixed, withheld, partly)

    def _withheld_of_list(self, own: Sequence[Cell]) -> frozenset[int]:
        """Of one attribute on its own: the total is known."""
        counts = [Counts(cell.counts.people, known_people=cell.counts.known_people) for cell in own]
        small = [at for at, cell in enumerate(own) if self._is_small(cell)]
        tables = Tables(counts, [(range(len(own)), None)], open=_nameless(own))
        return withhold_in_order(tables, small, tables.open)

    def _figures_of_list(self, own: Sequence[Cell], withheld: frozenset[int]) -> frozenset[Printed]:
        """One time after the other, so that two reports about the same people withhold the same figures, or
        one of them some more."""
        chosen: frozenset[Printed] = frozenset()
        for parts in range(1, len(own[0].counts.parts) + 1):
            counts = [_first_parts(cell.counts, parts) for cell in own]
            tables = Tables(
                counts,
                [(range(len(own)), None)],
                open=_nameless(own),
                figures=figures(len(self.times), changed=True)[: 1 + 3 * parts],
                largest_first=True,
            )
            _, chosen = withhold_figures(tables, withheld, chosen)
        return chosen

    def _withheld(
        self,
        cells: Sequence[Cell],
        sums: Sequence[tuple[Sequence[int], int | None]],
        fixed: frozenset[int],
        already: Collection[int],
        partly: Collection[Printed],
    ) -> tuple[frozenset[int], frozenset[Printed]]:
        hidden = frozenset(at for at, cell in enumerate(cells) if cell.never_shown)
        small = [at for at, cell in enumerate(cells) if at not in fixed | hidden and self._is_small(cell)]
        tables = Tables([_first_parts(cell.counts, 0) for cell in cells], sums, hidden, _nameless(cells))
        withheld = withhold_fewest(tables, [*already, *small], fixed) | hidden
        tables = Tables(
            [_first_parts(cell.counts, len(self.times)) for cell in cells],
            sums,
            hidden,
            _nameless(cells),
            figures(len(self.times)),
        )
        known = [one for one in partly if one[1] < len(tables.figures)]
        withheld, chosen = withhold_figures(tables, withheld, known, fixed)
        return withheld, chosen | set(partly)

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
        if self.changed:
            more, most = (counts_of(one[CHANGES_COLUMN], CHANGES) for one in (people, listed))
            parts, least = (*parts, more), (*least, most)
        counts = Counts(people.height, parts, least, max(known, listed.height))
        return Cell(attributes, values, level, counts)


def _nameless(cells: Sequence[Cell]) -> frozenset[int]:
    return frozenset(at for at, cell in enumerate(cells) if cell.nameless)


def _first_parts(counts: Counts, parts: int) -> Counts:
    return replace(counts, parts=counts.parts[:parts], least=counts.least[:parts])


def figures(times: int, *, changed: bool = False) -> tuple[Figure, ...]:
    """What is printed of a cell: people, for each time `MEASURES` and insufficient evidence, then what
    decisions changed."""
    found = [PEOPLE]
    for time in range(times):
        first = 1 + time * len(OUTCOMES)
        measures = [range(first, first + 1), range(first, first + 2)]
        undecided = [first + OUTCOMES.index("insufficient_evidence")]
        found += [*(Figure([one]) for one in measures), Figure([undecided], cost=0.1)]
    first = 1 + times * len(OUTCOMES)
    return (*found, Figure([[first + at] for at in range(len(CHANGES))])) if changed else tuple(found)


def figure_of(time: int, measure: int | None) -> int:
    """The place in `figures` of one of `MEASURES`; None for insufficient evidence."""
    return 1 + time * (len(MEASURES) + 1) + (len(MEASURES) if measure is None else measure)


def _sums(
    first: int, rows: Sequence[int | None], columns: Sequence[int | None]
) -> list[tuple[Sequence[int], int | None]]:
    """The sums of a table whose cells stand row by row from `first` on, with the places of its totals."""
    width, last = len(columns), first + len(rows) * len(columns)
    return [
        *((range(first + at * width, first + (at + 1) * width), row) for at, row in enumerate(rows)),
        *((range(first + at, last, width), column) for at, column in enumerate(columns)),
    ]
