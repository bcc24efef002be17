"""Some people of one transition, and what becomes of their band when ratings are supposed to be others."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import lcm

import polars as pl

from engine.banding import COVERAGE, Banding
from engine.cuts import NumberCut
from engine.signals import STATUS
from engine.space import Space
from engine.steps import Ladder
from inputs.roster import rating_column

MET, NEAR, GAP = STATUS["met"], STATUS["near"], STATUS["gap"]


@dataclass(frozen=True)
class Supposed:
    """A person with some of the manager's ratings replaced."""

    row: int
    ratings: Mapping[int, int]
    """Place of the competency in `Banding.competencies` to its new rating."""
    statuses: Mapping[int, int]
    """Place of every signal that looks at one of them, to the code of its status after it."""


@dataclass(frozen=True)
class People:
    """Some people of one transition with everything that their band is made of, one row each, in order."""

    banding: Banding
    space: Space
    """The case space, asked only where it decides the band; tracks with signs of like importance share it."""
    ratings: pl.DataFrame
    """`person` and rating columns."""
    evidence: pl.DataFrame
    times: pl.DataFrame
    present: pl.Series
    """The recommendation."""

    @cached_property
    def codes(self) -> list[int]:
        """By row, the place of the recommendation in `rules.pack.BANDS`."""
        return self.present.to_physical().to_list()

    @cached_property
    def ladder(self) -> Ladder:
        """The steps of the scale."""
        return Ladder.of(self.banding.pack, self.banding.transition)

    @cached_property
    def managers_ratings(self) -> list[tuple[int | None, ...]]:
        """By row, the manager's ratings in the order of `Banding.competencies`."""
        names = [rating_column(name, "manager") for name in self.banding.competencies]
        columns = [
            self.ratings[name] if name in self.ratings.columns else _nothing(name, self.ratings.height)
            for name in names
        ]
        return pl.DataFrame(columns).rows()

    @cached_property
    def statuses(self) -> list[tuple[int, ...]]:
        """By row, the codes of the signals' statuses."""
        return self.evidence.select(names.status for names in self.banding.columns).rows()

    @property
    def by_state(self) -> bool:
        """Whether a state of the case space decides the band."""
        return self.banding.rests_on_statuses

    @cached_property
    def states(self) -> list[int]:
        """By row, the state; asked for only where it decides the band."""
        facts = self.banding.program.facts
        places = [facts.index(name) for name in self.banding.fixed_facts]
        cases = self.banding.cases(self.evidence, self.times)
        return [
            self.space.state(tuple(case[place] for place in places), statuses)
            for case, statuses in zip(cases, self.statuses, strict=True)
        ]

    @cached_property
    def looking_at(self) -> list[list[tuple[int, int]]]:
        """By competency: the signals that look at it, with its weight."""
        return [
            [(n, weights[place]) for n, weights in enumerate(self.ladder.weights) if place in weights]
            for place in range(len(self.banding.competencies))
        ]

    @cached_property
    def sums(self) -> list[list[tuple[int, int]]]:
        """By row and signal: the weighted sum of the manager's ratings and the weight that was rated."""
        columns = self.banding.columns
        sums = self.evidence.select(names.sum("manager") for names in columns).rows()
        weights = self.evidence.select(names.weight("manager") for names in columns).rows()
        return [list(zip(*row, strict=True)) for row in zip(sums, weights, strict=True)]

    def suppose(self, row: int, new: Mapping[int, int]) -> Supposed:
        """The person of a row with these ratings by place of the competency."""
        ratings, sums, looking_at = self.managers_ratings[row], self.sums[row], self.looking_at
        moved: dict[int, tuple[int, int]] = {}
        for place, after in new.items():
            before = ratings[place]
            for signal, weight in looking_at[place]:
                total, rated = moved.get(signal) or sums[signal]
                if before is None:
                    moved[signal] = total + after * weight, rated + weight
                else:
                    moved[signal] = total + (after - before) * weight, rated
        status = self.ladder.status_of
        return Supposed(row, new, {signal: status(signal, *moved[signal]) for signal in sorted(moved)})

    def codes_of(self, supposed: Sequence[Supposed]) -> list[int | None]:
        """The place of each one's band in `rules.pack.BANDS`; None where the rules give none."""
        if not supposed:
            return []
        if not self.by_state:
            return self._run_again(supposed)
        states = self._states_of(supposed)
        codes = self.space.codes(states)
        return [codes[state] for state in states]

    def codes_filled(
        self, tried: Sequence[tuple[int, Sequence[int]]], rungs: Sequence[int]
    ) -> list[list[int | None]]:
        """For each row and places of competencies that are not rated: the place of the band in
        `rules.pack.BANDS` when all of these are given the same rating, one after the other of `rungs`."""
        if self.by_state:
            states = [state for row, places in tried for state in self._states_filled(row, places, rungs)]
            known = self.space.codes(states)
            codes = [known[state] for state in states]
        else:
            codes = self.codes_of(
                [self.suppose(row, dict.fromkeys(places, rung)) for row, places in tried for rung in rungs]
            )
        return [codes[n : n + len(rungs)] for n in range(0, len(codes), len(rungs))]

    def _states_filled(self, row: int, places: Sequence[int], rungs: Sequence[int]) -> Iterator[int]:
        ladder, contributions, before = self.ladder, self.space.contributions, self.statuses[row]
        shares, _ = self._coverage_shares
        added: dict[int, int] = {}
        for place in places:
            for signal, weight in self.looking_at[place]:
                added[signal] = added.get(signal, 0) + weight
        filled = self.states[row]
        if places and COVERAGE in self.banding.fixed_facts:
            rated = self._rated[row] + sum(shares[place] for place in places)
            filled = self.space.with_coverage(filled, self._coverage_bin(rated))
        moving = []
        for signal, weight in added.items():
            total, rated = self.sums[row][signal]
            if rated + weight >= ladder.least_weights[signal]:
                met, near = ladder.least_totals(signal, rated + weight)
                adds = contributions[signal]
                moving.append((total, weight, met, near, adds, adds[before[signal]]))
        for rung in rungs:
            state = filled
            for total, weight, met, near, adds, was in moving:
                score = total + rung * weight
                state += adds[MET if score >= met else NEAR if score >= near else GAP] - was
            yield state

    def _states_of(self, supposed: Sequence[Supposed]) -> list[int]:
        contributions, sees_coverage = self.space.contributions, COVERAGE in self.banding.fixed_facts
        shares, _ = self._coverage_shares
        states = []
        for one in supposed:
            before, ratings, state = (
                self.statuses[one.row],
                self.managers_ratings[one.row],
                self.states[one.row],
            )
            for signal, status in one.statuses.items():
                if status != before[signal]:
                    state += contributions[signal][status] - contributions[signal][before[signal]]
            added = sum(shares[place] for place in one.ratings if ratings[place] is None)
            if added and sees_coverage:
                state = self.space.with_coverage(state, self._coverage_bin(self._rated[one.row] + added))
            states.append(state)
        return states

    def _coverage_bin(self, rated: int) -> int:
        """The bin of the coverage when so much of `_coverage_shares` is rated."""
        _, whole = self._coverage_shares
        if rated not in self._coverage_bins:
            cut = self.banding.program.cuts[COVERAGE]
            assert isinstance(cut, NumberCut)
            self._coverage_bins[rated] = cut.bin_of(rated, whole)
        return self._coverage_bins[rated]

    @cached_property
    def _coverage_bins(self) -> dict[int, int]:
        return {}

    @cached_property
    def _rated(self) -> list[int]:
        """By row, what all that is rated adds to the coverage."""
        shares, _ = self._coverage_shares
        return [
            sum(share for share, rating in zip(shares, ratings, strict=True) if rating is not None)
            for ratings in self.managers_ratings
        ]

    @cached_property
    def _coverage_shares(self) -> tuple[list[int], int]:
        """What rating each competency adds to the coverage, and what all is counted against."""
        columns = self.banding.columns
        common = lcm(*(names.total_weight for names in columns))
        shares = [
            sum(weight * (common // columns[signal].total_weight) for signal, weight in some)
            for some in self.looking_at
        ]
        return shares, common * len(columns)

    def _run_again(self, supposed: Sequence[Supposed]) -> list[int | None]:
        """Everything computed anew, where more than statuses decide."""
        rows = pl.Series([one.row for one in supposed], dtype=pl.UInt32)
        ratings = self.ratings[rows]
        replaced: dict[int, tuple[list[int], list[int]]] = {}
        for n, one in enumerate(supposed):
            for competency, rating in one.ratings.items():
                places, values = replaced.setdefault(competency, ([], []))
                places.append(n)
                values.append(rating)
        columns = []
        for competency, (places, values) in replaced.items():
            name = rating_column(self.banding.competencies[competency], "manager")
            known = ratings[name] if name in ratings.columns else _nothing(name, ratings.height)
            columns.append(known.scatter(places, values))
        evidence = self.banding.evidence(ratings.with_columns(columns))
        return self.banding.codes(evidence, self.times[rows])


def _nothing(name: str, height: int) -> pl.Series:
    return pl.repeat(None, height, dtype=pl.Int64, eager=True).alias(name)
