"""Adverse impact: the share of people ready in each group, held against the group with the highest share.

Groups are known here alone: no rule sees them, and nothing that is computed here enters a recommendation. A
ratio under four fifths is the usual signal to look closer (Uniform Guidelines on Employee Selection
Procedures, 1978, 29 CFR 1607.4 D); it proves nothing, least of all where groups are small.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import polars as pl

from engine.fairness.cells import Cell, Population, Table, figure_of
from engine.fairness.comparing import Comparison, Selected, compare_all, exact_tests
from engine.fairness.outcomes import CHANGES, MEASURES, OUTCOMES, changes_of, outcomes_of, time_column
from engine.fairness.withholding import Printed
from engine.session import DecisionStatus
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

    counted: Selected
    """Of the people who are counted, those who are ready."""
    compared: Comparison | None
    """With the group with the highest share; None where nobody in any group is ready or no other one is
    shown, and for people without a value."""
    highest: bool = False
    """Whether it is that group itself."""
    pooled: bool = False
    """Whether the people of withheld groups are counted too, whose number could be worked out otherwise."""

    @property
    def ready(self) -> int:
        """People who are ready."""
        return self.counted.selected

    @property
    def share(self) -> Fraction:
        """Of the people who are counted, 0 to 1."""
        return self.counted.share

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
    undecided: tuple[int | None, ...]
    """At each time: people whose evidence is insufficient for every promotion open to them; None where a
    withheld number could be worked out from it."""
    measures: tuple[tuple[GroupRatio | None, ...], ...]
    """For each of `MEASURES`: the ratio at each time; None where a withheld number could be worked out from
    it."""
    level: str | None = None
    """Where only people on one level are counted."""
    changes: "Changes | None" = None
    """What decisions changed, for one attribute among everybody."""


@dataclass(frozen=True)
class Changes:
    """What a session's decisions changed for the people of a group. A person with several decisions counts
    once: as changed where one is."""

    decided: int
    """People with a decision."""
    agreed: int
    up: int
    down: int
    aside: int
    """Changed both ways, or from or to insufficient evidence."""
    up_by_chance: Fraction | None
    """Fisher's p of the share changed up, against everybody else with a decision who is shown; None without
    anybody else."""
    down_by_chance: Fraction | None
    pooled: bool = False
    """Whether the people of withheld groups are counted too, whose number could be worked out otherwise."""

    @property
    def changed(self) -> int:
        """People for whom a decision differs from the recommendation."""
        return self.decided - self.agreed


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
    decided: Mapping[Key, DecisionStatus] | None = None,
) -> Fairness:
    """The shares and ratios of every group.

    `groups` has `employee_id` and a String column per attribute; `bands` gives for each time the band of each
    person and promotion. With `levels`, the level of each employee id, lowest first, groups are also shown
    by level, and two attributes together. With `decided`, what decisions did to recommendations, it is shown
    what they changed.
    """
    outcomes = outcomes_of(bands)
    ids = outcomes["employee_id"]
    known = groups["employee_id"]
    missing = tuple(ids.filter(~ids.is_in(known.implode())))
    members = outcomes.join(groups, on="employee_id", how="left", maintain_order="left")
    if decided:
        members = members.with_columns(changes_of(decided, ids))
    times = tuple(map(time_column, range(len(bands))))
    population = Population(members, tuple(attributes), times, bool(decided), missing, smallest)
    tables = _Tables.of(*population.cells(levels), len(bands))
    shown = _shown(tables, smallest)
    return Fairness(
        times=tuple(bands),
        smallest=smallest,
        people=ids.len(),
        matched=ids.len() - len(missing),
        missing=missing,
        unknown=tuple(known.filter(~known.is_in(ids.implode()))),
        attributes=tuple(attributes),
        groups=shown,
        compared=_compared(shown),
    )


@dataclass(frozen=True)
class _Tables:
    """The cells of all tables, and what is not printed of them."""

    cells: Sequence[Cell]
    withheld: frozenset[int]
    figures: frozenset[Printed]
    """Withheld of cells that are shown."""
    times: int
    places: Mapping[Table, Sequence[int]]

    @classmethod
    def of(
        cls, cells: Sequence[Cell], withheld: frozenset[int], figures: frozenset[Printed], times: int
    ) -> "_Tables":
        places: dict[Table, list[int]] = {}
        for at, cell in enumerate(cells):
            if not cell.never_shown:
                places.setdefault(cell.table, []).append(at)
        return cls(cells, withheld, figures, times, places)

    @property
    def are_decided(self) -> bool:
        """Whether cells say what decisions changed."""
        return len(self.cells[0].counts.parts) > self.times

    def shown(self, table: Table) -> list[int]:
        """The cells of a table that are shown; of crossed ones those without anybody are left out."""
        places = self.places[table]
        return [at for at in places if at not in self.withheld and self.cells[at].counts.people]

    def pooled(self, table: Table, figure: int) -> list[int]:
        """The cells of a list that are counted together where a figure of one of them is withheld: the
        withheld ones are among them. Their sum follows from what is shown and the total."""
        partly = [at for at in self.shown(table) if (at, figure) in self.figures]
        return [at for at in self.places[table] if at in self.withheld] + partly if partly else []


def _shown(tables: _Tables, smallest: int) -> tuple[GroupShares, ...]:
    """The cells as groups, those of each table together."""
    cells = tables.cells
    order = [
        at
        for places in tables.places.values()
        for at in places
        if cells[at].counts.people or at in tables.withheld
    ]
    changes = _changes(tables)
    asked = [(measure, time) for measure in range(len(MEASURES)) for time in range(tables.times)]
    ratios = {one: _ratios(tables, *one, smallest) for one in asked}
    undecided = OUTCOMES.index("insufficient_evidence")
    return tuple(
        GroupShares(
            attribute=CROSS.join(cells[at].attributes),
            group=None if cells[at].values == (None,) else CROSS.join(map(str, cells[at].values)),
            people=cells[at].counts.people,
            withheld=at in tables.withheld,
            undecided=()
            if at in tables.withheld
            else tuple(
                None if (at, figure_of(time, None)) in tables.figures else parts[undecided]
                for time, parts in enumerate(cells[at].counts.parts[: tables.times])
            ),
            measures=()
            if at in tables.withheld
            else tuple(
                tuple(ratios[measure, time].get(at) for time in range(tables.times))
                for measure in range(len(MEASURES))
            ),
            level=cells[at].level,
            changes=changes.get(at),
        )
        for at in order
    )


def _changes(tables: _Tables) -> dict[int, Changes]:
    """By cell, of the tables of one attribute among everybody."""
    found: dict[int, Changes] = {}
    for table in tables.places:
        places = tables.shown(table)
        if not places or not tables.cells[places[0]].is_total or not tables.are_decided:
            continue
        pool = tables.pooled(table, figure_of(tables.times, 0))
        counted = {at: _added(tables, [at]) for at in places if at not in pool}
        if pool:
            counted[pool[-1]] = _added(tables, pool)
        for at, own in counted.items():
            others = {name: sum(one[name] for one in counted.values()) - own[name] for name in CHANGES}
            up, down = (_by_chance(own, others, way) for way in ("up", "down"))
            decided = sum(own.values()) - own["none"]
            found[at] = Changes(
                decided, own["agreed"], own["up"], own["down"], own["aside"], up, down, at in pool
            )
    return found


def _added(tables: _Tables, places: Sequence[int]) -> dict[str, int]:
    parts = [tables.cells[at].counts.parts[-1] for at in places]
    return dict(zip(CHANGES, map(sum, zip(*parts, strict=True)), strict=True))


def _by_chance(own: Mapping[str, int], others: Mapping[str, int], way: str) -> Fraction | None:
    both = [Selected(one[way], sum(one.values()) - one["none"]) for one in (own, others)]
    return exact_tests(*both)[0] if all(one.people for one in both) else None


def _ratios(tables: _Tables, measure: int, time: int, smallest: int) -> dict[int, GroupRatio]:
    """The ratios of one measure at one time, by cell, of all that are shown."""
    cells, figure = tables.cells, figure_of(time, measure)
    counted: dict[int, Selected] = {}
    pairs: dict[int, tuple[Selected, Selected] | None] = {}
    best: set[int] = set()
    for table, places in tables.places.items():
        own = _counted(tables, table, measure, time)
        counted |= own
        least = max(Fraction(smallest), SENSIBLE_SHARE * sum(cells[at].counts.people for at in places))
        named = [at for at in own if None not in cells[at].values]
        large = [at for at in named if len(named) > 1 and cells[at].counts.people >= least]
        highest = max(large, key=lambda at: own[at].share, default=None)
        best |= set() if highest is None else {highest}
        for at in own:
            alone = highest is None or None in cells[at].values
            pairs[at] = None if alone or highest is None else (own[at], own[highest])
    compared = dict(zip(pairs, compare_all([None if at in best else pairs[at] for at in pairs]), strict=True))
    itself = dict(zip(pairs, compare_all([pairs[at] if at in best else None for at in pairs]), strict=True))
    return {
        at: GroupRatio(one, compared[at] or itself[at], at in best, (at, figure) in tables.figures)
        for at, one in counted.items()
    }


def _counted(tables: _Tables, table: Table, measure: int, time: int) -> dict[int, Selected]:
    """Who is ready in each cell of a table that is shown; those of a list whose figure is withheld together
    with all who are not shown, those of other tables not at all."""
    figure = figure_of(time, measure)
    pool = tables.pooled(table, figure)
    found = {at: _selected(tables, [at], measure, time) for at in tables.shown(table) if at not in pool}
    if pool and tables.cells[pool[0]].is_total:
        together = _selected(tables, pool, measure, time)
        found |= {at: together for at in pool if at not in tables.withheld}
    return {at: found[at] for at in tables.places[table] if at in found}


def _selected(tables: _Tables, places: Sequence[int], measure: int, time: int) -> Selected:
    counts = [tables.cells[at].counts for at in places]
    chosen = sum(sum(one.parts[time][: measure + 1]) for one in counts)
    return Selected(chosen, sum(one.people for one in counts))


def _compared(groups: Sequence[GroupShares]) -> int:
    """How many comparisons there are of the measure at the time that has most."""
    counts = Counter(
        (measure, time)
        for group in groups
        for measure, ratios in enumerate(group.measures)
        for time, ratio in enumerate(ratios)
        if ratio is not None and ratio.compared is not None and not ratio.highest
    )
    return max(counts.values(), default=0)
