"""How strict raters are who rated the same things: a many-facet Rasch model with a rating scale.

The chance of a rating rises with where the thing lies and falls with the rater's severity (Linacre 1994,
Andrich 1978). Where things lie is taken as normally distributed and integrated out, so that severities are
estimated without bias however few things there are (marginal maximum likelihood, Bock & Aitkin 1981).
Severities add up to 0; above 0 is stricter. Unlike ratings of one's own people, they can be told: everybody
rated the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Ratings = NDArray[np.int64]
"""A row for each thing, a column for each rater: the category, 0 the lowest; -1 where there is no rating."""
NORMAL_95 = 1.959964
NODES = 41
STEP = 1e-4
"""By which second derivatives are taken."""
MOST_ROUNDS = 60


@dataclass(frozen=True)
class RaterSeverity:
    """One rater, in logits."""

    severity: float
    error: float

    @property
    def low(self) -> float:
        """The lower end of the 95 % interval."""
        return self.severity - NORMAL_95 * self.error

    @property
    def high(self) -> float:
        """The upper end."""
        return self.severity + NORMAL_95 * self.error

    @property
    def clear(self) -> bool:
        """Whether it lies on one side of the others' mean."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True)
class Facets:
    """What can be told of all raters."""

    raters: tuple[RaterSeverity | None, ...]
    """In their order; None of whom it cannot be told."""
    refused: str | None
    """Why nothing is told of anybody."""


def severities_of(ratings: Ratings) -> Facets:
    """The severities of raters who rated the same things, or why they cannot be told."""
    raters = ratings.shape[1]
    nothing: tuple[None, ...] = (None,) * raters
    told = [at for at in range(raters) if _varies(ratings[:, at], ratings)]
    if len(told) < 2:
        return Facets(nothing, "Fewer than two raters gave ratings that differ.")
    if not _connected(ratings[:, told] >= 0):
        return Facets(
            nothing, "Some raters have rated nothing that the others have, so they cannot be compared."
        )
    fit = _Model(_categories(ratings[:, told])).fit()
    if fit is None:
        return Facets(nothing, "The ratings are too few or too much alike for the model to settle.")
    found = dict(zip(told, fit, strict=True))
    return Facets(tuple(found.get(at) for at in range(raters)), None)


def _varies(own: Ratings, everybody: Ratings) -> bool:
    """Whether a rater gave anything but the lowest, or but the highest: else the severity has no bound."""
    given, known = own[own >= 0], everybody[everybody >= 0]
    return bool(given.size) and not (np.all(given == known.min()) or np.all(given == known.max()))


def _connected(given: NDArray[np.bool_]) -> bool:
    """Whether all raters are linked by things that two of them rated."""
    reached = np.zeros(given.shape[1], dtype=bool)
    reached[0] = True
    while True:
        more = given[given[:, reached].any(1)].any(0) | reached
        if (more == reached).all():
            return bool(reached.all())
        reached = more


def _categories(ratings: Ratings) -> Ratings:
    """The categories that occur, without those between that do not: nothing can be told of them."""
    known = np.unique(ratings[ratings >= 0])
    return np.where(ratings >= 0, np.searchsorted(known, ratings), -1)


@dataclass(frozen=True)
class _Model:
    """The parameters are the severities but the last, the steps between categories, and a log of the spread
    of things."""

    ratings: Ratings

    def fit(self) -> Sequence[RaterSeverity] | None:
        """The severities with their errors; None where the model does not settle."""
        at = np.zeros(self._raters - 1 + self._steps + 1)
        value, slope = self._likelihood(at)
        for _ in range(MOST_ROUNDS):
            move = self._newton(at, slope)
            size = 1.0
            while size > 1e-6:
                new_value, new_slope = self._likelihood(at + size * move)
                if new_value >= value - 1e-9:
                    break
                size /= 2
            at, gain, value, slope = at + size * move, new_value - value, new_value, new_slope
            if abs(gain) < 1e-9 and np.abs(slope).max() < 1e-4:
                return self._severities(at)
        return None

    def _newton(self, at: Numbers, slope: Numbers) -> Numbers:
        """The step uphill; shortened where it is long."""
        curved = -self._hessian(at)
        values, vectors = np.linalg.eigh(curved)
        move: Numbers = vectors @ ((vectors.T @ slope) / np.maximum(np.abs(values), 1e-3))
        return move / max(1.0, float(np.abs(move).max()))

    def _hessian(self, at: Numbers) -> Numbers:
        rows = []
        for n in range(len(at)):
            move = np.zeros(len(at))
            move[n] = STEP
            rows.append((self._likelihood(at + move)[1] - self._likelihood(at - move)[1]) / (2 * STEP))
        matrix = np.array(rows)
        symmetric: Numbers = (matrix + matrix.T) / 2
        return symmetric

    def _severities(self, at: Numbers) -> Sequence[RaterSeverity] | None:
        free = self._raters - 1
        values, vectors = np.linalg.eigh(-self._hessian(at))
        if values.min() <= 1e-8:
            return None
        covariance = (vectors / values) @ vectors.T
        last = np.vstack([np.eye(free), -np.ones(free)])
        errors = np.sqrt(np.diag(last @ covariance[:free, :free] @ last.T))
        return [RaterSeverity(float(s), float(e)) for s, e in zip(last @ at[:free], errors, strict=True)]

    def _likelihood(self, at: Numbers) -> tuple[float, Numbers]:
        """The log likelihood and its slope."""
        free, steps = self._raters - 1, self._steps
        severities = np.append(at[:free], -at[:free].sum())
        places, weights = self._nodes
        things = places * np.exp(at[-1])
        reached = np.arange(steps + 1) * (things[:, None, None] - severities[None, :, None])
        reached[:, :, 1:] -= np.cumsum(at[free : free + steps])
        logs = reached - np.logaddexp.reduce(reached, axis=2, keepdims=True)
        joint = self._given @ logs.reshape(len(things), -1).T + np.log(weights)
        whole = np.logaddexp.reduce(joint, axis=1)
        seen = (np.exp(joint - whole[:, None]).T @ self._given).reshape(logs.shape)
        extra = seen - seen.sum(2, keepdims=True) * np.exp(logs)
        scores = extra @ np.arange(steps + 1)
        of_raters = -scores.sum(0)
        of_steps = -np.cumsum(extra.sum((0, 1))[::-1])[::-1][1:]
        slope = np.concatenate([of_raters[:-1] - of_raters[-1], of_steps, [things @ scores.sum(1)]])
        return float(whole.sum()), slope

    @cached_property
    def _given(self) -> Numbers:
        """1 for each thing, rater and category that was given."""
        given: Numbers = (self.ratings[:, :, None] == np.arange(self._steps + 1)).astype(np.float64)
        return given.reshape(len(self.ratings), -1)

    @cached_property
    def _nodes(self) -> tuple[Numbers, Numbers]:
        places, weights = np.polynomial.hermite_e.hermegauss(NODES)
        return places, weights / weights.sum()

    @property
    def _raters(self) -> int:
        return int(self.ratings.shape[1])

    @cached_property
    def _steps(self) -> int:
        return int(self.ratings.max())
