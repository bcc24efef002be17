"""A rating scale with its steps, and what the signals of a transition need on it.

All numbers are in rating units. Statuses are judged for one person in plain numbers and for many in arrays.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from math import ceil

import numpy as np

from engine.arrays import Ints
from engine.signals import STATUS, looked_at, signal_columns, units
from rules.pack import RulePack, Transition

UNGIVEN = -(2**62)
"""In arrays of ratings: there is none."""
Ratings = Sequence[int | None]
"""A manager's ratings of the competencies of a transition, in the order of `engine.signals.looked_at`."""
Bar = tuple[int, int]
"""A score as a fraction: numerator and denominator."""


@dataclass(frozen=True)
class Ladder:
    """The steps of a scale and what a transition's signals need."""

    step: int
    lowest: int
    highest: int
    weights: tuple[Mapping[int, int], ...]
    """By signal: place of the competency to its weight."""
    least_weights: tuple[int, ...]
    """By signal: the weight that must be rated."""
    bars: tuple[tuple[Bar, Bar], ...]
    """By signal: the score from which it is met, and the one from which it is near."""
    _totals: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)

    @classmethod
    def of(cls, pack: RulePack, transition: Transition) -> "Ladder":
        """The ladder of a transition."""
        places = {name: place for place, name in enumerate(looked_at(transition))}
        columns = signal_columns(pack, transition)
        scale, standard = pack.scale, pack.standard
        return cls(
            step=int(units(scale.step)),
            lowest=int(units(scale.lowest)),
            highest=int(units(scale.highest)),
            weights=tuple(
                {places[name]: weight for name, weight in signal.weights.items()}
                for signal in transition.signals
            ),
            least_weights=tuple(
                ceil(Fraction(standard.minimum_coverage) * names.total_weight) for names in columns
            ),
            bars=tuple(
                (
                    names.bar.as_integer_ratio(),
                    (names.bar - units(standard.near_margin)).as_integer_ratio(),
                )
                for names in columns
            ),
        )

    def rungs(self) -> Iterator[int]:
        """The ratings that a rater can give, lowest first."""
        yield from range(self.lowest, self.highest, self.step)
        yield self.highest

    @cached_property
    def matrix(self) -> Ints:
        """The weights: a row for each competency, a column for each signal."""
        places = 1 + max((place for weights in self.weights for place in weights), default=-1)
        matrix = np.zeros((places, len(self.weights)), dtype=np.int64)
        for signal, weights in enumerate(self.weights):
            for place, weight in weights.items():
                matrix[place, signal] = weight
        return matrix

    @cached_property
    def competencies(self) -> tuple[Ints, Ints]:
        """By signal: the places of its competencies in its own order, and their weights; of fewer than others
        have, the last ones are place 0 with no weight."""
        widest = max(map(len, self.weights), default=0)
        places = np.zeros((len(self.weights), widest), dtype=np.int64)
        amounts = np.zeros_like(places)
        for signal, weights in enumerate(self.weights):
            places[signal, : len(weights)] = list(weights)
            amounts[signal, : len(weights)] = list(weights.values())
        return places, amounts

    def least_sums(self, signals: Ints, weights: Ints, statuses: Ints, *, up: bool) -> Ints:
        """As `least_total`: the sum from which signals with so much weight rated have a status (up), or below
        which they have at best that one."""
        numerators, denominators = np.stack(self._bars, axis=1)[:, statuses if up else statuses - 1, signals]
        least: Ints = -(-numerators * weights // denominators)
        return least

    def least_weight(self, signals: Ints) -> Ints:
        """The weight that must be rated of signals."""
        return self._least[signals]

    def rung_from(self, ratings: Ints) -> Ints:
        """The lowest rating that a rater can give that is at least this, the highest at most."""
        above = np.maximum(ratings - self.lowest, 0)
        rungs: Ints = np.minimum(self.lowest - (-above // self.step) * self.step, self.highest)
        return rungs

    def statuses(self, ratings: Ints) -> Ints:
        """The codes of the statuses, a column for each signal, of ratings, a column for each competency."""
        return self.statuses_of(*self.sums_of(ratings), slice(None))

    def sums_of(self, ratings: Ints) -> tuple[Ints, Ints]:
        """The weighted sums of the ratings and the weights that were rated, a column for each signal."""
        rated = ratings != UNGIVEN
        return np.where(rated, ratings, 0) @ self.matrix, rated @ self.matrix

    def statuses_of(self, totals: Ints, weights: Ints, signals: int | slice) -> Ints:
        """The codes of statuses, by the weighted sums of some signals and the weights that were rated."""
        least, (met, near) = self._least[signals], self._bars
        at_met = totals * met[1][signals] >= weights * met[0][signals]
        at_near = totals * near[1][signals] >= weights * near[0][signals]
        status = np.where(at_met, STATUS["met"], np.where(at_near, STATUS["near"], STATUS["gap"]))
        return np.where(weights >= least, status, STATUS["unrated"])

    @cached_property
    def _bars(self) -> tuple[tuple[Ints, Ints], tuple[Ints, Ints]]:
        """Numerators and denominators of the scores from which signals are met, and near."""
        bars = np.array(self.bars, dtype=np.int64).reshape(-1, 2, 2)
        return (bars[:, 0, 0], bars[:, 0, 1]), (bars[:, 1, 0], bars[:, 1, 1])

    @cached_property
    def _least(self) -> Ints:
        return np.array(self.least_weights, dtype=np.int64)

    def stepped(self, ratings: Ints, direction: int) -> Ints:
        """Ratings one step higher (1) or lower (-1), as far as the scale goes."""
        after = ratings + direction * self.step
        return np.minimum(after, self.highest) if direction > 0 else np.maximum(after, self.lowest)

    def status(self, signal: int, ratings: Ratings) -> int:
        """The code of a signal's status."""
        return self.status_of(signal, *self.sums(signal, ratings))

    def status_of(self, signal: int, total: int, weight: int) -> int:
        """The code of the status of a signal's weighted sum and the weight that was rated."""
        if weight < self.least_weights[signal]:
            return STATUS["unrated"]
        met, near = self.least_totals(signal, weight)
        return STATUS["met"] if total >= met else STATUS["near"] if total >= near else STATUS["gap"]

    def least_totals(self, signal: int, weight: int) -> tuple[int, int]:
        """The weighted sums from which a signal is met and near, with so much weight rated."""
        key = (signal, weight)
        if key not in self._totals:
            met, near = self.bars[signal]
            self._totals[key] = least_total(met, weight), least_total(near, weight)
        return self._totals[key]

    def sums(self, signal: int, ratings: Ratings) -> tuple[int, int]:
        """A signal's weighted sum of the ratings and the weight that was rated."""
        total = rated = 0
        for place, weight in self.weights[signal].items():
            rating = ratings[place]
            if rating is not None:
                total += rating * weight
                rated += weight
        return total, rated

    def missing(self, signal: int, ratings: Ratings) -> list[int]:
        """The competencies of a signal that are not rated."""
        return [place for place in self.weights[signal] if ratings[place] is None]


def least_total(bar: Bar, weight: int) -> int:
    """The smallest weighted sum of ratings whose mean is at the bar."""
    return -(-bar[0] * weight // bar[1])
