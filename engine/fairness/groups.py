"""Adverse impact: the share of people ready in each group, held against the group with the highest share.

Groups are known here alone: no rule sees them, and nothing that is computed here enters a recommendation. A
ratio under four fifths is the usual signal to look closer (Uniform Guidelines on Employee Selection
Procedures, 1978, 29 CFR 1607.4 D); it proves nothing, least of all where groups are small.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

import polars as pl

from engine.fairness.comparing import Comparison, Selected, compare_all
from engine.fairness.outcomes import MEASURES, OUTCOMES, counts_of, outcomes_of, selected
from engine.fairness.withholding import Counts, Tables, withhold_fewest, withhold_in_order
from engine.words import Key
from rules.pack import Band

SMALLEST_GROUP = 10
"""People that a group must have for its shares to be shown."""
SENSIBLE_SHARE = Fraction(2, 100)
"""The share of people that the group of comparison must have (29 CFR 1607.15 A 2 a)."""
SOURCE = "Uniform Guidelines on Employee Selection Procedures (1978), 29 CFR 1607.4 D"
CROSS = " × "


@dataclass(frozen=True)
class GroupRatio:
    """One measure of one group, at one time."""

    ready: int
    """People of the group."""
    share: Fraction
    """Of the group's people, 0 to 1."""
    compared: Comparison | None
    """With the group with the highest share; None where nobody in any group is ready, and for people without
    a value."""
    highest: bool = False
    """Whether it is that group itself."""

    @property
    def ratio(self) -> Fraction | None:
        """To the share of the group with the highest one."""
        return None if self.compared is None else self.compared.ratio

    @property
    def below_four_fifths(self) -> bool:
        """Whether the ratio is under the line."""
        return self.compared is not None and self.compared.below_four_fifths


@dataclass(frozen=True)
class GroupShares:
    """One group of one attribute, or of two together."""

    attribute: str
    group: str | None
    """None: people of the run for whom no value is given."""
    people: int
    withheld: bool
    """Whether the group is not shown, for it is small, or a small one could be worked out from it; its
    measures are then empty."""
    undecided: tuple[int, ...]
    """At each time: people whose evidence is insufficient for every promotion open to them."""
    measures: tuple[tuple[GroupRatio, ...], ...]
    """For each of `MEASURES`: the ratio at each time."""
    level: str | None = None
    """Where only people on one level are counted."""


@dataclass(frozen=True)
class Fairness:
    """The groups of a run's people, at one time or at several, such as before and after a change of rules."""

    times: tuple[str, ...]
    smallest: int
    people: int
    """People with a recommendation."""
    matched: int
    """Of them, those who stand in the file of groups."""
    missing: tuple[str, ...]
    """Their ids, of those who do not."""
    unknown: tuple[str, ...]
    """Ids of the file of groups that have no recommendation."""
    attributes: tuple[str, ...]
    groups: tuple[GroupShares, ...]
    """By attribute in the order of the file, then pairs of them, each for everybody and then by level; in
    each by name, people without a value last."""
    compared: int
    """Comparisons of one measure at one time, for which p is adjusted."""


def compare_groups(
    groups: pl.DataFrame,
    attributes: Sequence[str],
    bands: Mapping[str, Mapping[Key, Band]],
    smallest: int = SMALLEST_GROUP,
    levels: Mapping[str, str] | None = None,
) -> Fairness:
    """The shares and ratios of every group.

    `groups` has `employee_id` and a String column per attribute; `bands` gives for each time the band of each
    person and promotion. With `levels`, the level of each employee id, lowest first, groups are also shown
    by level, and two attributes together.
    """
    outcomes = outcomes_of(bands)
    ids = outcomes["employee_id"]
    known = groups["employee_id"]
    missing = tuple(ids.filter(~ids.is_in(known.implode())))
    members = outcomes.join(groups, on="employee_id", how="left", maintain_order="left")
    counted = _Counted(members, tuple(attributes), tuple(map(str, range(len(bands)))), missing, smallest)
    cells, withheld = _withheld(counted, smallest, levels)
    shown = _shown(cells, withheld, len(bands), smallest)
    return Fairness(
        times=tuple(bands),
        smallest=smallest,
        people=ids.len(),
        matched=ids.len() - len(missing),
        missing=missing,
        unknown=tuple(known.filter(~known.is_in(ids.implode()))),
        attributes=tuple(attributes),
        groups=shown,
        compared=sum(_is_compared(one) for one in shown),
    )


_Table = tuple[tuple[str, ...], str | None]
"""The attributes and the level of a table."""


@dataclass(frozen=True)
class _Cell:
    """One cell of the tables: who is in it, and how they are counted."""

    attributes: tuple[str, ...]
    values: tuple[str | None, ...]
    level: str | None
    counts: Counts

    @property
    def table(self) -> _Table:
        """The table that it stands in."""
        return self.attributes, self.level


@dataclass(frozen=True)
class _Counted:
    """Everybody, as groups count them."""

    members: pl.DataFrame
    attributes: tuple[str, ...]
    times: tuple[str, ...]
    missing: Collection[str]
    smallest: int

    def of_attribute(self, attribute: str) -> list[_Cell]:
        """The groups of an attribute, by name, people without a value last."""
        values: list[str | None] = sorted(self.members[attribute].drop_nulls().unique())
        if self.members[attribute].null_count():
            values.append(None)
        return [self._cell((attribute,), (value,), None, self.members, known=1) for value in values]

    def crossed(self, row: str, column: str, rows: Sequence[_Cell], columns: Sequence[_Cell]) -> list[_Cell]:
        """The groups of two attributes together, row by row; also those of nobody."""
        of = (row, column)
        pairs = [(one.values[0], two.values[0]) for one in rows for two in columns]
        return [self._cell(of, pair, None, self.members) for pair in pairs]

    def by_level(
        self, attribute: str, rows: Sequence[_Cell], levels: Mapping[str, pl.DataFrame]
    ) -> list[_Cell]:
        """The groups of an attribute at each level, group by group; also those of nobody."""
        return [
            self._cell((attribute,), row.values, level, people)
            for row in rows
            for level, people in levels.items()
        ]

    def _cell(
        self,
        attributes: tuple[str, ...],
        values: tuple[str | None, ...],
        level: str | None,
        people: pl.DataFrame,
        known: int = 0,
    ) -> _Cell:
        for attribute, value in zip(attributes, values, strict=True):
            people = people.filter(pl.col(attribute).eq_missing(pl.lit(value, dtype=pl.String)))
        listed = people.filter(pl.col("employee_id").is_in(list(self.missing)))
        parts, least = (tuple(counts_of(frame[time]) for time in self.times) for frame in (people, listed))
        return _Cell(attributes, values, level, Counts(parts, least, max(known, listed.height)))


def _withheld(
    counted: _Counted, smallest: int, levels: Mapping[str, str] | None
) -> tuple[list[_Cell], frozenset[int]]:
    """All cells, and the places of those that are withheld."""
    lists = {attribute: counted.of_attribute(attribute) for attribute in counted.attributes}
    cells = [cell for own in lists.values() for cell in own]
    places = {id(cell): at for at, cell in enumerate(cells)}
    withheld: set[int] = set()
    for own in lists.values():
        tables = Tables([cell.counts for cell in own], [(range(len(own)), None)])
        small = [at for at, cell in enumerate(own) if _is_small(cell, smallest)]
        nameless = [at for at, cell in enumerate(own) if cell.values == (None,)]
        withheld |= {places[id(own[at])] for at in withhold_in_order(tables, small, nameless)}
    if levels is None:
        return cells, frozenset(withheld)
    sums: list[tuple[Sequence[int], int | None]] = []
    margins = len(cells)
    for attribute, own in lists.items():
        people = _by_level(counted.members, levels)
        inner = counted.by_level(attribute, own, people)
        sums += _sums(len(cells), [places[id(cell)] for cell in own], [None] * len(people))
        cells += inner
    for row, column in combinations(counted.attributes, 2):
        inner = counted.crossed(row, column, lists[row], lists[column])
        wholes = ([places[id(cell)] for cell in lists[one]] for one in (row, column))
        sums += _sums(len(cells), *wholes)
        cells += inner
    hidden = frozenset(
        at for at, cell in enumerate(cells) if len(cell.attributes) > 1 and None in cell.values
    )
    small = [at for at in range(margins, len(cells)) if at not in hidden and _is_small(cells[at], smallest)]
    tables = Tables([cell.counts for cell in cells], sums, hidden)
    return cells, withhold_fewest(tables, [*withheld, *small], frozenset(range(margins))) | hidden


def _by_level(members: pl.DataFrame, levels: Mapping[str, str]) -> dict[str, pl.DataFrame]:
    titles = members["employee_id"].replace_strict(levels, default=None, return_dtype=pl.String)
    present = set(titles.drop_nulls())
    return {
        level: members.filter(titles == level) for level in dict.fromkeys(levels.values()) if level in present
    }


def _sums(
    first: int, rows: Sequence[int | None], columns: Sequence[int | None]
) -> list[tuple[Sequence[int], int | None]]:
    """The sums of a table whose cells stand row by row from `first` on, with the places of its totals."""
    width, last = len(columns), first + len(rows) * len(columns)
    return [
        *((range(first + at * width, first + (at + 1) * width), row) for at, row in enumerate(rows)),
        *((range(first + at, last, width), column) for at, column in enumerate(columns)),
    ]


def _is_small(cell: _Cell, smallest: int) -> bool:
    """Whether a group must not be shown; people without a value are none, and are withheld before others
    where that hides one."""
    return None not in cell.values and 0 < cell.counts.people < smallest


def _shown(
    cells: Sequence[_Cell], withheld: frozenset[int], times: int, smallest: int
) -> tuple[GroupShares, ...]:
    """The cells as groups, those of each table together; of crossed ones those without anybody are left
    out."""
    tables: dict[_Table, list[int]] = {}
    for at, cell in enumerate(cells):
        if not (len(cell.attributes) > 1 and None in cell.values):
            tables.setdefault(cell.table, []).append(at)
    order = [at for places in tables.values() for at in places if cells[at].counts.people or at in withheld]
    ratios: dict[tuple[int, int, int], GroupRatio] = {}
    for measure in range(len(MEASURES)):
        for time in range(times):
            found = _ratios(cells, tables, withheld, (measure, time), smallest)
            ratios |= {(at, measure, time): ratio for at, ratio in found.items()}
    return tuple(
        GroupShares(
            attribute=CROSS.join(cells[at].attributes),
            group=_name(cells[at].values),
            people=cells[at].counts.people,
            withheld=at in withheld,
            undecided=()
            if at in withheld
            else tuple(parts[OUTCOMES.index("insufficient_evidence")] for parts in cells[at].counts.parts),
            measures=()
            if at in withheld
            else tuple(
                tuple(ratios[at, measure, time] for time in range(times)) for measure in range(len(MEASURES))
            ),
            level=cells[at].level,
        )
        for at in order
    )


def _name(values: tuple[str | None, ...]) -> str | None:
    return None if values == (None,) else CROSS.join(str(value) for value in values)


def _ratios(
    cells: Sequence[_Cell],
    tables: Mapping[_Table, Sequence[int]],
    withheld: frozenset[int],
    asked: tuple[int, int],
    smallest: int,
) -> dict[int, GroupRatio]:
    """The ratios of one measure at one time, by cell, of all that are shown."""
    measure, time = asked
    counted: dict[int, Selected] = {}
    pairs: dict[int, tuple[Selected, Selected] | None] = {}
    best: set[int] = set()
    for places in tables.values():
        shown = [at for at in places if at not in withheld and cells[at].counts.people]
        for at in shown:
            counts = cells[at].counts
            counted[at] = Selected(tuple(selected(counts.parts[time]))[measure], counts.people)
        whole = sum(cells[at].counts.people for at in places)
        least = max(Fraction(smallest), SENSIBLE_SHARE * whole)
        large = [at for at in shown if None not in cells[at].values and counted[at].people >= least]
        highest = max(large, key=lambda at: counted[at].share, default=None)
        best |= set() if highest is None else {highest}
        for at in shown:
            alone = highest is None or None in cells[at].values
            pairs[at] = None if alone or highest is None else (counted[at], counted[highest])
    compared = dict(zip(pairs, compare_all([None if at in best else pairs[at] for at in pairs]), strict=True))
    itself = dict(zip(pairs, compare_all([pairs[at] if at in best else None for at in pairs]), strict=True))
    return {
        at: GroupRatio(one.selected, one.share, compared[at] or itself[at], highest=at in best)
        for at, one in counted.items()
    }


def _is_compared(group: GroupShares) -> bool:
    return not group.withheld and any(
        ratio.compared is not None and not ratio.highest for ratio in group.measures[0]
    )
