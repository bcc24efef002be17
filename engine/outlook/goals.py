"""What a band asks of ratings: the least that facts must be for it.

Rules decide over cases, bins of facts. The cases with a band or a better one are at least as good as one of
a few: the band's goals. Each goal is a short list of demands, such as "at least three core signals met" and
"core shortfall at most 1", from which `engine.outlook.nearest` finds the fewest rating steps.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import product
from math import ceil, floor, prod

import numpy as np

from engine.decide.discretization import NumberCut
from engine.decide.meaning import FALLING, FIXED, RISING
from engine.decide.monotony import MOST_CASES, Case
from engine.decide.recommending import MOST_REMEMBERED, Recommender
from engine.decide.supposed import Bander, Bools, Ints, People, band_codes
from rules.pack import STATUSES


@dataclass(frozen=True)
class AtLeast:
    """A number is so large at the least; with `above`, larger than that."""

    fact: str
    amount: Fraction
    above: bool

    def numerator(self, denominator: int) -> int:
        """The least whole number that, divided by the denominator, is enough."""
        amount = self.amount * denominator
        return floor(amount) + 1 if self.above else ceil(amount)


@dataclass(frozen=True)
class AtMost:
    """A number is so large at the most; with `below`, smaller than that."""

    fact: str
    amount: Fraction
    below: bool

    def numerator(self, denominator: int) -> int:
        """The largest whole number that, divided by the denominator, is little enough."""
        amount = self.amount * denominator
        return ceil(amount) - 1 if self.below else floor(amount)


@dataclass(frozen=True)
class SignalAtLeast:
    """A signal has this status, or a better one."""

    signal: str
    status: str


Demand = AtLeast | AtMost | SignalAtLeast
Goal = Sequence[Demand]
"""Demands that hold together."""


def goals_of(bander: Bander, fixed: Mapping[str, int], rank: int) -> Sequence[Goal] | None:
    """The goals of a band (its place in `rules.pack.BANDS`), where the facts in `fixed` are in these bins.

    None at all where the band cannot be reached; `None` where what it asks cannot be said in demands.
    Whatever reaches the band meets a goal. What meets one may miss the band where better facts lead out of
    it again, as where the date is missing that ready now asks for.
    """
    facts = bander.program.facts
    movable = [name for name in facts if name not in fixed]
    # A fact that neither rises nor falls for good with a rating has no least.
    if not all(name in RISING or name in FALLING or name.startswith("signal.") for name in movable):
        return None
    ranges = tuple(
        range(fixed[name], fixed[name] + 1) if name in fixed else _complete(bander, name) for name in facts
    )
    if prod(map(len, ranges)) > MOST_CASES:
        return None
    return [
        _demands(bander, dict(zip(facts, case, strict=True)), movable)
        for case in _least_cases(bander.recommender, ranges, rank)
    ]


def fixed_facts(people: People, person: int) -> dict[str, int]:
    """The bins of the facts that no rating of a person moves: those on time, and those that count ratings."""
    one = people.those(np.array([person]))
    lowest = np.full_like(one.ratings, people.bander.scale.lowest)
    bins = people.bander.bins(lowest, one.times)
    return {name: int(np.ravel(bin_)[0]) for name, bin_ in bins.items() if name in FIXED or name in one.times}


@lru_cache(MOST_REMEMBERED)
def _least_cases(recommender: Recommender, ranges: tuple[range, ...], rank: int) -> list[Case]:
    """The worst cases that reach the band, of all with a bin of each range."""
    ranks = band_codes(recommender, [*product(*ranges)]).reshape([len(some) for some in ranges])
    least = _least(ranks <= rank).tolist()
    return [tuple(bins[place] for bins, place in zip(ranges, case, strict=True)) for case in least]


def _complete(bander: Bander, name: str) -> range:
    """The bins of a fact where no rating is missing, the worst first."""
    cut = bander.program.facts[name]
    bins = range(len(cut.breaks) + 1 if isinstance(cut, NumberCut) else STATUSES.index("unrated"))
    return bins if name in RISING else bins[::-1]


def _least(reached: Bools) -> Ints:
    """The places of the worst cases that reach the band, of cases with the worst first on every axis."""
    closed = reached
    for axis in range(reached.ndim):
        closed = np.maximum.accumulate(closed, axis=axis)
    least = closed.copy()
    for axis in range(reached.ndim):
        worse = np.roll(closed, 1, axis=axis)
        worse[(slice(None),) * axis + (0,)] = False
        least &= ~worse
    return np.argwhere(least)


def _demands(bander: Bander, case: Mapping[str, int], movable: Sequence[str]) -> Goal:
    demands: list[Demand] = []
    for name in movable:
        cut, bin_ = bander.program.facts[name], case[name]
        if not isinstance(cut, NumberCut):
            if STATUSES[bin_] != "gap":
                demands.append(SignalAtLeast(name.removeprefix("signal."), STATUSES[bin_]))
        elif name in RISING and bin_ > 0:
            demands.append(AtLeast(name, *cut.breaks[bin_ - 1]))
        elif name in FALLING and bin_ < len(cut.breaks):
            amount, after = cut.breaks[bin_]
            demands.append(AtMost(name, amount, below=not after))
    return demands
