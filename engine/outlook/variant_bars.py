"""The ladders of the variants of a promotion in arrays: sums, statuses and bars of many people at once.

In every method `which` holds for each row the place of its ladder.
"""

from dataclasses import dataclass
from functools import cached_property
from math import lcm
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.decide.bars import SignalBars
from engine.decide.evidence import STATUS
from engine.outlook.arrays import Bools, Ints

UNGIVEN = -(2**62)
"""In arrays of ratings: there is none."""
LARGEST_FLOAT = 2**53
"""Floats hold every whole number up to this."""


@dataclass(frozen=True)
class VariantBars:
    """Some ladders on one scale, with signals and competencies in the same places."""

    each: tuple[SignalBars, ...]

    @property
    def scale(self) -> SignalBars:
        """Any of them, for the steps of the scale that they share."""
        return self.each[0]

    @cached_property
    def matrices(self) -> Ints:
        """The weights of each ladder: a row for each competency, a column for each signal."""
        most = max((place for one in self.each for some in one.weights for place in some), default=-1)
        matrices = np.zeros((len(self.each), most + 1, len(self.scale.weights)), dtype=np.int64)
        for number, one in enumerate(self.each):
            for signal, weights in enumerate(one.weights):
                matrices[number, list(weights), signal] = list(weights.values())
        return matrices

    @cached_property
    def looked_at(self) -> Bools:
        """By ladder and competency, whether any of its signals looks at it."""
        looked_at: Bools = (self.matrices != 0).any(axis=2)
        return looked_at

    @cached_property
    def competencies(self) -> tuple[Ints, Ints]:
        """By ladder and signal: the places of its competencies in its own order, and their weights; of fewer
        than others have, the last ones are place 0 with no weight."""
        widest = max((len(weights) for one in self.each for weights in one.weights), default=0)
        places = np.zeros((len(self.each), len(self.scale.weights), widest), dtype=np.int64)
        amounts = np.zeros_like(places)
        for number, one in enumerate(self.each):
            for signal, weights in enumerate(one.weights):
                places[number, signal, : len(weights)] = list(weights)
                amounts[number, signal, : len(weights)] = list(weights.values())
        return places, amounts

    def sums_of(self, which: Ints, ratings: Ints) -> tuple[Ints, Ints]:
        """The weighted sums of the ratings (a column for each competency) and the weights that were rated, a
        column for each signal."""
        rated = ratings != UNGIVEN
        return self.weighted(which, np.where(rated, ratings, 0)), self.weighted(which, rated)

    def weighted(self, which: Ints, amounts: NDArray[Any]) -> Ints:
        """The weighted sums of amounts by competency, ratings at most, a column for each signal."""
        numbers, distinct = self._distinct
        amounts = amounts.astype(distinct.dtype)
        sums = np.empty((len(which), distinct.shape[2]), dtype=distinct.dtype)
        for number, matrix in enumerate(distinct):
            own = np.flatnonzero(numbers[which] == number) if len(distinct) > 1 else slice(None)
            sums[own] = amounts[own] @ matrix
        return sums.astype(np.int64)

    def statuses_of(
        self, which: Ints, totals: Ints, weights: Ints, signals: Ints | slice = slice(None)
    ) -> Ints:
        """The codes of the statuses of some signals, by their weighted sums and the weights that were
        rated."""
        (met, near), over, least = self._bars, self._denominators, self._least
        met, near, over, least = (self._of(which, part)[..., signals] for part in (met, near, over, least))
        sums = totals * over
        # A signal that is met is near as well: each bar that is not reached is a step from met.
        below = (sums < weights * met).astype(np.int64) + (sums < weights * near)
        return np.where(weights >= least, below, STATUS["unrated"])

    def least_sums(self, which: Ints, signals: Ints, weights: Ints, statuses: Ints, *, up: bool) -> Ints:
        """As `engine.decide.bars.least_total`: the sum from which a signal of each row with so much weight
        rated has a status (up), or below which it has at best that one."""
        numerators = self._bars[statuses if up else statuses - 1, which, signals]
        least: Ints = -(-numerators * weights // self._denominators[which, signals])
        return least

    def least_weight(self, which: Ints, signals: Ints) -> Ints:
        """The weight that must be rated of a signal of each row."""
        return self._least[which, signals]

    def rung_from(self, ratings: Ints) -> Ints:
        """The lowest rating that a rater can give that is at least this, the highest at most."""
        above = np.maximum(ratings - self.scale.lowest, 0)
        rungs: Ints = self.scale.lowest - (-above // self.scale.step) * self.scale.step
        return np.minimum(rungs, self.scale.highest)

    def stepped(self, ratings: Ints, direction: int) -> Ints:
        """Ratings one step higher (1) or lower (-1), as far as the scale goes."""
        after = ratings + direction * self.scale.step
        return (
            np.minimum(after, self.scale.highest) if direction > 0 else np.maximum(after, self.scale.lowest)
        )

    def _of(self, which: Ints, table: Ints) -> Ints:
        """The line of each row; of one ladder alone one line for all of them."""
        return table if len(table) == 1 else table[which]

    @cached_property
    def _distinct(self) -> tuple[Ints, NDArray[Any]]:
        """By ladder the number of its matrix, and the different matrices."""
        flat = self.matrices.reshape(len(self.each), -1)
        distinct, numbers = np.unique(flat, axis=0, return_inverse=True)
        # Floats multiply matrices several times faster, and whole numbers of this size exactly.
        largest = max(abs(self.scale.lowest), abs(self.scale.highest)) * int(flat.sum(axis=1).max())
        kind = np.float64 if largest < LARGEST_FLOAT else np.int64
        return numbers.reshape(-1), distinct.reshape(-1, *self.matrices.shape[1:]).astype(kind)

    @cached_property
    def _bars(self) -> Ints:
        """The scores from which signals are met, then near, by ladder and signal, times `_denominators`."""
        bars = [
            [
                [top * (over // bottom) for top, bottom in bar]
                for bar, over in zip(one.bars, overs, strict=True)
            ]
            for one, overs in zip(self.each, self._denominators.tolist(), strict=True)
        ]
        return np.moveaxis(np.array(bars, dtype=np.int64), -1, 0)

    @cached_property
    def _denominators(self) -> Ints:
        """What the bars of each signal have as a common denominator, by ladder."""
        common = [[lcm(met[1], near[1]) for met, near in one.bars] for one in self.each]
        return np.array(common, dtype=np.int64)

    @cached_property
    def _least(self) -> Ints:
        return np.array([one.least_weights for one in self.each], dtype=np.int64)
