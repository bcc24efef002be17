"""Some people of one track as arrays, and what becomes of their band with other ratings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import lcm

import numpy as np
import polars as pl

from engine.arrays import Ints, Numbers, numbered
from engine.ladder import UNGIVEN, Ladder
from engine.outlook.banding import COVERAGE, Banding
from engine.outlook.space import NO_BAND, Space
from inputs.roster import rating_column

AT_ONCE = 50_000
"""Supposed people that are computed together."""


@dataclass(frozen=True)
class Supposed:
    """People with other ratings of the manager, one supposition a row."""

    rows: Ints
    """Whose."""
    ratings: Ints
    """A column for each of `Banding.competencies`; `UNGIVEN` where there is none."""

    def __len__(self) -> int:
        return len(self.rows)

    def those(self, chosen: slice) -> "Supposed":
        """Some of them."""
        return Supposed(self.rows[chosen], self.ratings[chosen])


@dataclass(frozen=True)
class Judged:
    """What becomes of supposed people."""

    codes: Ints
    """The place of the band in `rules.pack.BANDS`, or `NO_BAND`."""
    statuses: Ints
    """A column of codes for each signal."""


@dataclass(frozen=True)
class People:
    """Some people of one track with everything that their band is made of, one row each, in order."""

    banding: Banding
    space: Space
    """The case space, asked only where it decides the band; tracks with signs of like importance share it."""
    known: pl.DataFrame
    """`person` and rating columns."""
    evidence: pl.DataFrame
    times: pl.DataFrame
    present: pl.Series
    """The recommendation."""
    _coverage_bins: dict[int, int] = field(default_factory=dict, repr=False, compare=False)

    def __len__(self) -> int:
        return self.known.height

    @cached_property
    def codes(self) -> Ints:
        """By row, the place of the recommendation in `rules.pack.BANDS`."""
        return self.present.to_physical().cast(pl.Int64).to_numpy()

    @cached_property
    def ladder(self) -> Ladder:
        """The steps of the scale."""
        return Ladder.of(self.banding.pack, self.banding.transition)

    @cached_property
    def ratings(self) -> Ints:
        """The manager's ratings, a column for each of `Banding.competencies`."""
        names = [rating_column(name, "manager") for name in self.banding.competencies]
        ungiven = pl.lit(UNGIVEN, dtype=pl.Int64)
        known = set(self.known.columns)
        columns = (
            pl.col(name).fill_null(ungiven) if name in known else ungiven.alias(name) for name in names
        )
        return self.known.lazy().select("person", *columns).drop("person").collect().to_numpy()

    @cached_property
    def statuses(self) -> Ints:
        """A column of codes for each signal."""
        names = [names.status for names in self.banding.columns]
        return self.evidence.select(pl.col(names).cast(pl.Int64)).to_numpy()

    @property
    def by_state(self) -> bool:
        """Whether a state of the case space decides the band."""
        return self.banding.rests_on_statuses

    @cached_property
    def states(self) -> Numbers:
        """By row, the state; asked for only where it decides the band."""
        return self.space.states(self._combinations, self.statuses)

    def states_with(self, place: int, ratings: Ints) -> Numbers:
        """By row, the state with another rating of one competency, of those who have one."""
        ladder, states = self.ladder, self.states
        totals, weights = self._sums
        for signal in np.flatnonzero(ladder.matrix[place]).tolist():
            moved = totals[:, signal] + (ratings - self.ratings[:, place]) * ladder.matrix[place, signal]
            statuses = ladder.statuses_of(moved, weights[:, signal], signal)
            adds = self.space.contributions[signal]
            states = states + adds[statuses] - adds[self.statuses[:, signal]]
        return states

    @cached_property
    def _sums(self) -> tuple[Ints, Ints]:
        """By row and signal: the weighted sum of the manager's ratings and the weight that was rated."""
        return self.ladder.sums_of(self.ratings)

    def suppose(self, changes: Sequence[tuple[int, Mapping[int, int]]]) -> Supposed:
        """The person of each row given, with ratings by place of the competency."""
        rows = np.array([row for row, _ in changes], dtype=np.int64)
        supposed = self.ratings[rows]
        for at, (_, new) in enumerate(changes):
            for place, rating in new.items():
                supposed[at, place] = rating
        return Supposed(rows, supposed)

    def judge(self, supposed: Supposed) -> Judged:
        """The band and the statuses of supposed people."""
        parts = [
            self._judge(supposed.those(slice(start, start + AT_ONCE)))
            for start in range(0, max(1, len(supposed)), AT_ONCE)
        ]
        codes, statuses = ([one.codes for one in parts], [one.statuses for one in parts])
        return Judged(np.concatenate(codes), np.concatenate(statuses))

    def _judge(self, supposed: Supposed) -> Judged:
        statuses = self.ladder.statuses(supposed.ratings)
        if not self.by_state:
            return Judged(self._run_again(supposed), statuses)
        combinations = self._combinations[supposed.rows]
        if COVERAGE in self.banding.fixed_facts:
            combinations = self._with_coverage_of(combinations, supposed)
        return Judged(self.space.codes(self.space.states(combinations, statuses)), statuses)

    def codes_at(self, rows: Ints, times: pl.DataFrame) -> Ints:
        """The bands of the people of these rows at other times (of `engine.tenure.compute_tenure`)."""
        if not self.by_state:
            return _codes(self.banding.codes(self.evidence[rows], times))
        bins = self.banding.time_bins(times)
        combinations = [
            self.space.combination((*new, *self._fixed_bins[row][len(new) :]))
            for row, new in zip(rows.tolist(), bins, strict=True)
        ]
        states = self.space.states(np.array(combinations, dtype=np.int64), self.statuses[rows])
        return self.space.codes(states)

    @cached_property
    def _fixed_bins(self) -> list[tuple[int, ...]]:
        """By row, the bins of `Banding.fixed_facts`."""
        return self.banding.fixed_bins(self.evidence, self.times)

    @cached_property
    def _combinations(self) -> Ints:
        """By row, the number in the case space of the bins of `_fixed_bins`."""
        return np.array([self.space.combination(bins) for bins in self._fixed_bins], dtype=np.int64)

    def _with_coverage_of(self, combinations: Ints, supposed: Supposed) -> Ints:
        """The numbers with the coverage that these people have with ratings that they had not."""
        shares, _ = self._coverage_shares
        added = (supposed.ratings != UNGIVEN) & (self.ratings[supposed.rows] == UNGIVEN)
        more = np.flatnonzero(added.any(axis=1))
        if not len(more):
            return combinations
        rated = (supposed.ratings[more] != UNGIVEN) @ shares
        known, amounts = np.unique(rated, return_inverse=True)
        old = combinations[more]
        places, numbers = numbered([old, amounts], [1 + int(old.max()), len(known)])
        new = [
            self.space.with_coverage(number, self._coverage_bin(amount))
            for number, amount in zip(old[places].tolist(), rated[places].tolist(), strict=True)
        ]
        combinations = combinations.copy()
        combinations[more] = np.array(new, dtype=np.int64)[numbers]
        return combinations

    def _coverage_bin(self, rated: int) -> int:
        """The bin of the coverage when so much of `_coverage_shares` is rated."""
        if rated not in self._coverage_bins:
            _, whole = self._coverage_shares
            self._coverage_bins[rated] = self.banding.coverage_cut.bin_of(rated, whole)
        return self._coverage_bins[rated]

    @cached_property
    def _coverage_shares(self) -> tuple[Ints, int]:
        """What rating each competency adds to the coverage, and what all is counted against."""
        columns = self.banding.columns
        common = lcm(*(names.total_weight for names in columns))
        parts = np.array([common // names.total_weight for names in columns], dtype=np.int64)
        return self.ladder.matrix @ parts, common * len(columns)

    def _run_again(self, supposed: Supposed) -> Ints:
        """Everything computed anew, where more than statuses decide."""
        rows = pl.Series(supposed.rows, dtype=pl.UInt32)
        names = [rating_column(name, "manager") for name in self.banding.competencies]
        given = pl.DataFrame(supposed.ratings, schema=dict.fromkeys(names, pl.Int64), orient="row")
        given = given.with_columns(pl.col(names).replace(UNGIVEN, None))
        evidence = self.banding.evidence(self.known[rows].with_columns(given.get_columns()))
        return _codes(self.banding.codes(evidence, self.times[rows]))


def _codes(places: Sequence[int | None]) -> Ints:
    return np.array([NO_BAND if place is None else place for place in places], dtype=np.int64)
