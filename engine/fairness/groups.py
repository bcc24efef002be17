"""Adverse impact: the share of people ready in each group, held against the group with the highest share.

Groups are known here alone: no rule sees them, and nothing that is computed here enters a recommendation. A
ratio under four fifths is the usual signal to look closer (Uniform Guidelines on Employee Selection
Procedures, 1978, 29 CFR 1607.4 D); it proves nothing, least of all where groups are small.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import polars as pl

from engine.fairness.cells import Cell, Population, Table
from engine.fairness.comparing import Comparison, Selected, compare_all, exact_tests
from engine.fairness.outcomes import (
    CHANGES,
    MEASURES,
    OUTCOMES,
    changes_of,
    outcomes_of,
    selected,
    time_column,
)
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
    cells, withheld, unchanged = population.cells(levels)
    shown = _shown(cells, withheld, unchanged, len(bands), smallest)
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


def _shown(
    cells: Sequence[Cell], withheld: frozenset[int], unchanged: frozenset[int], times: int, smallest: int
) -> tuple[GroupShares, ...]:
    """The cells as groups, those of each table together; of crossed ones those without anybody are left
    out."""
    tables: dict[Table, list[int]] = {}
    for at, cell in enumerate(cells):
        if not cell.never_shown:
            tables.setdefault(cell.table, []).append(at)
    order = [at for places in tables.values() for at in places if cells[at].counts.people or at in withheld]
    changes = _changes(cells, tables, unchanged)
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
            changes=changes.get(at),
        )
        for at in order
    )


def _changes(
    cells: Sequence[Cell], tables: Mapping[Table, Sequence[int]], withheld: frozenset[int]
) -> dict[int, Changes]:
    """By cell, of the tables of one attribute among everybody."""
    found: dict[int, Changes] = {}
    for (attributes, level), places in tables.items():
        if level is not None or len(attributes) > 1:
            continue
        counted = {
            at: dict(zip(CHANGES, cells[at].changes.parts[-1], strict=True))
            for at in places
            if at not in withheld and cells[at].changes != cells[at].counts
        }
        for at, own in counted.items():
            others = {name: sum(one[name] for one in counted.values()) - own[name] for name in CHANGES}
            up, down = (_by_chance(own, others, way) for way in ("up", "down"))
            decided = sum(own.values()) - own["none"]
            found[at] = Changes(decided, own["agreed"], own["up"], own["down"], own["aside"], up, down)
    return found


def _by_chance(own: Mapping[str, int], others: Mapping[str, int], way: str) -> Fraction | None:
    both = [Selected(one[way], sum(one.values()) - one["none"]) for one in (own, others)]
    return exact_tests(*both)[0] if all(one.people for one in both) else None


def _name(values: tuple[str | None, ...]) -> str | None:
    return None if values == (None,) else CROSS.join(str(value) for value in values)


def _ratios(
    cells: Sequence[Cell],
    tables: Mapping[Table, Sequence[int]],
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
