"""The people of some variants as arrays, and what becomes of their band with other ratings."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import lcm

import numpy as np
import polars as pl

from engine.decide.bars import SignalBars
from engine.outlook.arrays import Bools, Ints, Numbers, slices
from engine.outlook.banding import COVERAGE, Banding
from engine.outlook.space import NO_BAND, Space
from engine.outlook.variant_bars import UNGIVEN, VariantBars
from inputs import RATERS, rating_column

TIME_COLUMNS = ("months_in_level", "experience_months", "tenure", "observation")
AT_ONCE = 50_000
"""Supposed people that are computed together."""


@dataclass(frozen=True)
class Supposed:
    """People with other ratings of the manager, one supposition a row."""

    rows: Ints
    """Whose."""
    ratings: Ints
    """A column for each of `People.competencies`; `UNGIVEN` where there is none."""

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
    """The people of some variants of a promotion with everything that their band is made of, one row each.

    Every signal has the same importance on all of the variants; bars and weights may differ.
    """

    bandings: tuple[Banding, ...]
    """Of each variant."""
    variants: Ints
    """By row, the place of the variant in `bandings`."""
    space: Space
    """The case space of all of the variants, asked only where it decides the band."""
    person: pl.Series
    """By row, the place in the roster."""
    given: pl.DataFrame
    """`Roster.ratings`."""
    evidence: pl.DataFrame
    """With the columns of time."""
    present: pl.Series
    """The recommendation."""

    def __len__(self) -> int:
        return len(self.person)

    @property
    def banding(self) -> Banding:
        """Of any of the variants, for what they have in common."""
        return self.bandings[0]

    @cached_property
    def competencies(self) -> tuple[str, ...]:
        """What any of the variants looks at, in the order of the promotion's own signals as far as these
        do."""
        return tuple(dict.fromkeys(name for banding in self.bandings for name in banding.competencies))

    @cached_property
    def codes(self) -> Ints:
        """By row, the place of the recommendation in `rules.pack.BANDS`."""
        return self.present.to_physical().to_numpy().astype(np.int64)

    @cached_property
    def ladders(self) -> VariantBars:
        """The ladder of each variant."""
        return VariantBars(
            tuple(SignalBars.of(one.pack, one.promotion, self.competencies) for one in self.bandings)
        )

    @cached_property
    def ratings(self) -> Ints:
        """The manager's ratings, a column for each of `competencies`; none where the variant does not
        look."""
        names = [rating_column(name, "manager") for name in self.competencies]
        places = [place for place, name in enumerate(names) if name in self.given.columns]
        ratings = np.full((len(self), len(names)), UNGIVEN)
        if places:
            known = self.given[[names[place] for place in places]][self.person]
            ratings[:, places] = known.select(pl.all().fill_null(UNGIVEN)).to_numpy()
        return np.where(self.ladders.looked_at[self.variants], ratings, UNGIVEN)

    @cached_property
    def missing(self) -> Bools:
        """The ratings that the variant looks at and that are not there."""
        missing: Bools = (self.ratings == UNGIVEN) & self.ladders.looked_at[self.variants]
        return missing

    @cached_property
    def times(self) -> pl.DataFrame:
        """As of `engine.decide.tenure.compute_tenure`."""
        return self.evidence[list(TIME_COLUMNS)]

    @cached_property
    def statuses(self) -> Ints:
        """A column of codes for each signal."""
        return self._of_signals([names.status for names in self.banding.columns])

    @property
    def by_state(self) -> bool:
        """Whether a state of the case space decides the band."""
        return self.banding.rests_on_statuses

    @cached_property
    def states(self) -> Numbers:
        """By row, the state; asked for only where it decides the band."""
        return self.space.states(self._combinations, self.statuses)

    def states_with(self, ratings: Ints) -> Numbers:
        """By row and competency, the state with another rating of it alone, where it has one."""
        matrices = self.ladders.matrices
        places, signals = np.nonzero(matrices.any(axis=0))
        moved = (ratings - self.ratings)[:, places] * matrices[:, places, signals][self.variants]
        totals, weights = self._totals[:, signals] + moved, self._weights[:, signals]
        statuses = self.ladders.statuses_of(self.variants, totals, weights, signals)
        contributions = self.space.contributions
        adds = contributions[signals, statuses] - contributions[signals, self.statuses[:, signals]]
        # Every competency is looked at by some signal, and the pairs are in the order of the competencies.
        starts = np.searchsorted(places, np.arange(ratings.shape[1]))
        return self.states[:, np.newaxis] + np.add.reduceat(adds, starts, axis=1)

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
        parts = [self._judge(supposed.those(some)) for some in slices(len(supposed), AT_ONCE)]
        codes, statuses = ([one.codes for one in parts], [one.statuses for one in parts])
        return Judged(np.concatenate(codes), np.concatenate(statuses))

    def codes_given(self, rows: Ints, missing: Bools, rungs: Sequence[int]) -> Ints:
        """The bands of people who are given one and the same rating of some competencies that are not rated,
        a column for each rating."""
        parts = slices(len(rows), AT_ONCE // len(rungs))
        return np.concatenate([self._codes_given(rows[some], missing[some], rungs) for some in parts])

    def codes_at(self, rows: Ints, times: pl.DataFrame) -> Ints:
        """The bands of the people of these rows at other times (of `engine.decide.tenure.compute_tenure`)."""
        if not self.by_state:
            signals = self.evidence.drop(TIME_COLUMNS)
            return self._codes(rows, lambda banding, own: banding.codes(signals[rows[own]], times[own]))
        combinations = self.space.with_times(self._combinations[rows], self.banding.time_bins(times))
        return self.space.codes(self.space.states(combinations, self.statuses[rows]))

    def _judge(self, supposed: Supposed) -> Judged:
        variants = self.variants[supposed.rows]
        totals, weights = self.ladders.sums_of(variants, supposed.ratings)
        statuses = self.ladders.statuses_of(variants, totals, weights)
        if not self.by_state:
            return Judged(self._run_again(supposed), statuses)
        combinations = self._combinations_with(supposed.rows, weights)
        return Judged(self.space.codes(self.space.states(combinations, statuses)), statuses)

    def _codes_given(self, rows: Ints, missing: Bools, rungs: Sequence[int]) -> Ints:
        if not self.by_state:
            each = [Supposed(rows, np.where(missing, rung, self.ratings[rows])) for rung in rungs]
            return np.stack([self._run_again(supposed) for supposed in each], axis=1)
        variants = self.variants[rows]
        more = self.ladders.weighted(variants, missing)
        weights = self._weights[rows] + more
        combinations = self._combinations_with(rows, weights)
        given = np.array(rungs, dtype=np.int64)[:, np.newaxis] * more[:, np.newaxis]
        totals = self._totals[rows][:, np.newaxis] + given
        statuses = self.ladders.statuses_of(variants[:, np.newaxis], totals, weights[:, np.newaxis])
        return self.space.codes(self.space.states(combinations[:, np.newaxis], statuses))

    @cached_property
    def _totals(self) -> Ints:
        """By row and signal, the weighted sum of the manager's ratings."""
        return self._of_signals([names.sum("manager") for names in self.banding.columns])

    @cached_property
    def _weights(self) -> Ints:
        """By row and signal, the weight that was rated."""
        return self._of_signals([names.weight("manager") for names in self.banding.columns])

    def _of_signals(self, columns: Sequence[str]) -> Ints:
        return np.column_stack([self.evidence[name].to_numpy().astype(np.int64) for name in columns])

    @cached_property
    def _combinations(self) -> Ints:
        """By row, the number of the combination of fixed facts in the space."""
        facts = self.banding.fixed_facts
        bins = np.empty((len(self), len(facts)), dtype=np.int64)
        bins[:, : len(self.banding.time_facts)] = self.banding.time_bins(self.times)
        for name, bin_ in self.banding.total_bins.items():
            bins[:, facts.index(name)] = bin_
        if COVERAGE in facts:
            bins[:, facts.index(COVERAGE)] = self._coverage_bins(self.variants, self._weights)
        return self.space.combinations(bins)

    def _combinations_with(self, rows: Ints, weights: Ints) -> Ints:
        """The numbers of the combinations of people of whom so much weight is rated, by signal."""
        combinations = self._combinations[rows]
        if COVERAGE not in self.banding.fixed_facts:
            return combinations
        more = np.flatnonzero((weights != self._weights[rows]).any(axis=1))
        bins = self._coverage_bins(self.variants[rows[more]], weights[more])
        combinations[more] = self.space.with_coverage(combinations[more], bins)
        return combinations

    def _coverage_bins(self, variants: Ints, weights: Ints) -> Ints:
        """The bins of the coverage when so much weight is rated, by signal."""
        parts, least = self._coverage_parts
        rated = (weights * parts[variants]).sum(axis=1, keepdims=True)
        bins: Ints = (rated >= least[variants]).sum(axis=1)
        return bins

    @cached_property
    def _coverage_parts(self) -> tuple[Ints, Ints]:
        """By variant: what a unit of weight of each signal adds to the coverage, and the least of it in each
        bin but the first."""
        parts, least, cut = [], [], self.banding.coverage_cut
        for banding in self.bandings:
            weights = [names.total_weight for names in banding.columns]
            common = lcm(*weights)
            parts.append([common // weight for weight in weights])
            least.append(cut.least_of_bins(common * len(weights)))
        return np.array(parts, dtype=np.int64), np.array(least, dtype=np.int64)

    def _run_again(self, supposed: Supposed) -> Ints:
        """Everything computed anew, where more than statuses decide."""
        names = [rating_column(name, "manager") for name in self.competencies]
        given = pl.DataFrame(supposed.ratings, schema=dict.fromkeys(names, pl.Int64), orient="row")
        given = given.with_columns(pl.col(names).replace(UNGIVEN, None))
        ratings = self._known[supposed.rows].with_columns(given.get_columns())
        times = self.times[supposed.rows]
        return self._codes(
            supposed.rows, lambda banding, own: banding.codes(banding.evidence(ratings[own]), times[own])
        )

    @cached_property
    def _known(self) -> pl.DataFrame:
        """`person` and the rating columns that the roster has, of both raters."""
        wanted = [rating_column(name, rater) for name in self.competencies for rater in RATERS]
        ratings = self.given.select(name for name in wanted if name in self.given.columns)
        return self.person.to_frame("person").hstack(ratings[self.person].get_columns())

    def _codes(self, rows: Ints, judge: Callable[[Banding, Ints], Sequence[int | None]]) -> Ints:
        """What `judge` says of the people of each variant, told the places in `rows` where they are."""
        codes = np.empty(len(rows), dtype=np.int64)
        for variant, banding in enumerate(self.bandings):
            own = np.flatnonzero(self.variants[rows] == variant)
            codes[own] = [NO_BAND if place is None else place for place in judge(banding, own)]
        return codes
