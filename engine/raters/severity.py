"""How far each manager's ratings lie from those of peers for people on the same levels.

A mixed model of one score per person: the person's level is a fixed effect, the manager a random one, fitted
by restricted maximum likelihood (Patterson & Thompson 1971). The shrunken difference is its best linear
unbiased prediction (Robinson 1991): the fewer people, the nearer to none. Its interval also allows for not
knowing how much managers differ at all (Kass & Steffey 1989): it averages over that with a prior that is
flat for the variance, by which intervals cover at least what they say (Morris & Tang 2011).

None of this can tell a strict manager from a weak team, as each person is rated by one manager.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
NORMAL_95 = 1.959964
WIDEST = 8.0
"""The largest spread between managers that is tried, in multiples of the spread between one manager's
people."""
STEPS = 120


@dataclass(frozen=True)
class Difference:
    """One manager against peers, in points of the scale; above 0 is higher."""

    people: int
    peers: int
    """People of other managers on the same levels; without any there is nothing to compare with."""
    difference: float
    """Of the manager's people, from what people on the same levels get."""
    error: float
    """The standard error of that."""
    shrunken: float
    low: float
    high: float
    """The shrunken difference lies between these with 95 % probability."""

    @property
    def clear(self) -> bool:
        """Whether it surely lies on one side of 0."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True)
class Severity:
    """How managers differ."""

    differences: tuple[Difference, ...]
    between: float
    """The standard deviation between managers, in points."""
    within: float
    """The standard deviation between the people of one manager, on the same level."""

    @property
    def share(self) -> float:
        """How much of the variance of scores lies between managers, 0 to 1."""
        whole = self.between**2 + self.within**2
        return self.between**2 / whole if whole else 0.0


def severity_of(scores: Numbers, levels: Sequence[int], managers: Sequence[int]) -> Severity | None:
    """The differences of managers 0, 1, ... in their order; one score, level and manager for each person.

    None where it cannot be told: fewer than two managers, nobody with two people, or everybody the same.
    """
    model = _Model.of(scores, np.asarray(levels), np.asarray(managers))
    if len(model.people) < 2 or model.people.max() < 2 or model.free < 2:
        return None
    spreads = WIDEST * np.linspace(0, 1, STEPS) ** 2
    ratios = spreads**2
    tried = [model.at(ratio) for ratio in ratios]
    if min(one.variance for one in tried) <= 1e-12:
        return None
    best = model.at(_refined(model, ratios, int(np.argmax([one.likelihood for one in tried]))))
    weights = np.exp(np.array([one.likelihood for one in tried]) - best.likelihood) * np.gradient(ratios)
    weights /= weights.sum()
    spread = sum(
        weight * (one.uncertainty + (one.predicted - best.predicted) ** 2)
        for weight, one in zip(weights, tried, strict=True)
    )
    reach = NORMAL_95 * np.sqrt(spread)
    figures = (best.difference, best.error, best.predicted, best.predicted - reach, best.predicted + reach)
    return Severity(
        tuple(
            Difference(int(people), int(peers), *map(float, own))
            for people, peers, *own in zip(model.people, model.peers, *figures, strict=True)
        ),
        between=float(np.sqrt(best.ratio * best.variance)),
        within=float(np.sqrt(best.variance)),
    )


@dataclass(frozen=True)
class _Fit:
    """The model at one ratio of the variance between managers to that between a manager's people."""

    ratio: float
    likelihood: float
    """The restricted log likelihood, up to a constant."""
    variance: float
    """Between the people of one manager."""
    difference: Numbers
    error: Numbers
    predicted: Numbers
    uncertainty: Numbers
    """The variance of the prediction's error, with that of the levels' means."""


@dataclass(frozen=True)
class _Model:
    """All that the model needs of the scores: counts and sums."""

    counts: Numbers
    """People by manager and level."""
    people: Numbers
    """By manager."""
    sums: Numbers
    """Of scores by manager."""
    level_sums: Numbers
    squares: float

    @classmethod
    def of(cls, scores: Numbers, levels: NDArray[np.int_], managers: NDArray[np.int_]) -> "_Model":
        centred = scores - scores.mean() if len(scores) else scores
        of_levels, levels = np.unique(levels, return_inverse=True)
        counts = np.zeros((int(managers.max(initial=-1)) + 1, len(of_levels)))
        np.add.at(counts, (managers, levels), 1)
        return cls(
            counts,
            counts.sum(1),
            np.bincount(managers, centred, len(counts)).astype(np.float64),
            np.bincount(levels, centred, len(of_levels)).astype(np.float64),
            float(centred @ centred),
        )

    @property
    def peers(self) -> Numbers:
        """By manager: people of others on the same levels."""
        others: Numbers = ((self.counts > 0) * (self.counts.sum(0) - self.counts)).sum(1)
        return others

    @property
    def free(self) -> int:
        """Degrees of freedom besides those of the levels' means."""
        return int(self.people.sum()) - int(self.counts.shape[1])

    def at(self, ratio: float) -> _Fit:
        """The fit for one ratio of the variances."""
        damped = 1 / (1 + self.people * ratio)
        taken = ratio * damped
        normal = np.diag(self.counts.sum(0)) - (self.counts * taken[:, None]).T @ self.counts
        inverse = np.linalg.inv(normal)
        means = inverse @ (self.level_sums - self.counts.T @ (taken * self.sums))
        rest = self.squares - float(taken @ self.sums**2)
        rest -= float(means @ (self.level_sums - self.counts.T @ (taken * self.sums)))
        variance = max(rest, 0.0) / self.free
        likelihood = -0.5 * (
            self.free * np.log(max(variance, 1e-300)) - np.log(damped).sum() + np.linalg.slogdet(normal)[1]
        )
        residuals = self.sums - self.counts @ means
        leverage = np.einsum("ml,lk,mk->m", self.counts, inverse, self.counts)
        own = leverage / self.people**2
        return _Fit(
            ratio,
            float(likelihood),
            variance,
            difference=residuals / self.people,
            error=np.sqrt(np.maximum(variance * (1 / self.people + own - 2 * own * damped), 0)),
            predicted=taken * residuals,
            uncertainty=variance * (ratio - ratio**2 * (self.people * damped - damped**2 * leverage)),
        )


def _refined(model: _Model, ratios: Numbers, best: int) -> float:
    """The most likely ratio between the neighbours of the best one tried, by golden section."""
    low, high = np.sqrt(ratios[max(best - 1, 0)]), np.sqrt(ratios[min(best + 1, len(ratios) - 1)])
    golden = (np.sqrt(5) - 1) / 2
    while high - low > 1e-7:
        left, right = high - golden * (high - low), low + golden * (high - low)
        if model.at(left**2).likelihood >= model.at(right**2).likelihood:
            high = right
        else:
            low = left
    return float(((low + high) / 2) ** 2)


def person_scores(ratings: pl.DataFrame) -> tuple[Numbers, Numbers]:
    """The mean of each row's ratings after taking away how each competency is rated everywhere, and that.

    With all ratings given it is the row's mean; with some missing, nobody gains by which they are. A row
    without ratings has NaN.
    """
    values = ratings.to_numpy().astype(np.float64)
    given = ~np.isnan(values)
    filled, rated = np.where(given, values, 0.0), given.astype(np.float64)
    per_row = rated.sum(1)
    share = np.divide(1, per_row, out=np.zeros_like(per_row), where=per_row > 0)
    normal = np.diag(rated.sum(0)) - rated.T @ (rated * share[:, None])
    sums = filled.sum(0) - rated.T @ (filled.sum(1) * share)
    ease = np.linalg.lstsq(normal, sums, rcond=None)[0]
    ease -= (ease * rated.sum(0)).sum() / max(rated.sum(), 1)
    with np.errstate(invalid="ignore"):
        return (filled.sum(1) - rated @ ease) / np.where(per_row > 0, per_row, np.nan), ease
