"""What a band asks of ratings at the least, and how many rating steps that takes at the least.

Rules decide over cases. Of each fact that rules on the band name, the loosest bin in which a band still
occurs is a condition that all ratings with that band meet. From such conditions follows a number of steps
that no plan can stay under: the search for the fewest steps (`engine.outlook.search`) leaves out what
cannot be among them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import ceil, lcm, prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.decide.discretization import NumberCut
from engine.decide.facts import TIME_CATEGORIES, TIME_NUMBERS
from engine.decide.meaning import FIXED, SignalMeaning
from engine.decide.supposed import NO_BAND, Bander, Bools, Ints
from inputs import UNITS_PER_POINT
from rules.pack import BANDS, IMPORTANCES, STATUSES

Numbers = NDArray[np.float64]
MOST_CASES = 100_000
_UNLIMITED = 2**60
_ROUNDING = 1e-6
"""Far more than sums of a few quotients can be off, and far less than a step."""
_SATURATING = frozenset(
    {f"{importance}_{rest}" for importance in IMPORTANCES for rest in (*STATUSES, "total", "met_share")}
    | {"core_shortfall", "largest_core_shortfall", "supporting_shortfall", "largest_supporting_shortfall"}
    | {"present_total", "present_met", "present_below", "present_shortfall", "largest_present_shortfall"}
)
"""Facts that a rating no longer moves once all its signals are met and what is expected is there."""


@dataclass(frozen=True)
class Group:
    """What is asked of the signals of one importance, in units over a common weight."""

    signals: tuple[SignalMeaning, ...]
    weights: Numbers
    """By signal and competency: what a unit of a rating adds to the signal's score over the common weight."""
    bars: Numbers
    total: int
    """What all of them together may lack."""
    largest: int
    """What each of them may lack."""
    met: int
    """How many must be met at the least."""


@dataclass(frozen=True)
class Goal:
    """Conditions that ratings with a band, or a better one, meet."""

    bander: Bander
    groups: tuple[Group, ...]
    needed: Ints
    """By competency: the rating that the present level's expectations leave no way around."""
    expected: tuple[tuple[int, int], ...]
    """Competency and rating of the present level's expectations."""
    conflicts: Bools
    """By signal and signal, all groups together: whether they share a competency."""
    saturating: bool
    """Whether a rating stops to matter once its signals are met and what is expected is there."""
    reachable: bool
    """Whether the band occurs at all."""

    @classmethod
    def of(cls, bander: Bander, rank: int) -> "Goal":
        """The goal of a band (its place in `rules.pack.BANDS`) or a better one."""
        facts = bander.program.facts
        saturating = all(
            name in _SATURATING or name in FIXED or name.startswith("signal.") or _of_time(name)
            for name in facts
        )
        limits = _limits(bander, rank)
        meaning = bander.meaning
        groups = tuple(_group(bander, importance, limits or {}) for importance in IMPORTANCES)
        needed = np.full(len(bander.competencies), meaning.lowest, dtype=np.int64)
        if limits:
            for name in ("largest_present_shortfall", "present_shortfall"):
                allowed = _numerator(limits.get(name), UNITS_PER_POINT)
                for one in meaning.expected:
                    place = bander.competencies.index(one.competency)
                    needed[place] = max(needed[place], one.rating - allowed)
            if limits.get("present_below", Fraction(1)) < 1:
                for one in meaning.expected:
                    place = bander.competencies.index(one.competency)
                    needed[place] = max(needed[place], one.rating)
        expected = tuple((bander.competencies.index(one.competency), one.rating) for one in meaning.expected)
        looks = np.concatenate([one.weights > 0 for one in groups]).astype(np.int64)
        reachable = limits is None or bool(limits) or not facts
        return cls(bander, groups, needed, expected, looks @ looks.T > 0, saturating, reachable)

    def least_steps(self, ratings: Ints, free: Bools) -> Ints:
        """How many more steps each column of ratings needs at the least; ratings that are not `free` stay.

        `_UNLIMITED` where no steps on free ratings meet the conditions.
        """
        scale = self.bander.scale
        lacking = np.maximum(self.needed[:, np.newaxis] - ratings, 0)
        impossible = ((lacking > 0) & (~free | (self.needed[:, np.newaxis] > scale.highest))).any(axis=0)
        forced = _up(lacking, scale.step)
        # Whatever else is done, these steps are: what is left to do begins behind them.
        lifted = np.minimum(ratings + forced * scale.step, scale.highest).astype(np.float64)
        room = np.where(free, scale.highest - lifted, 0.0)
        groups = [one for one in self.groups if one.signals]
        asked = [_Asked.of(one, lifted, room, scale.step) for one in groups]
        impossible |= np.any([one.impossible for one in asked], axis=0)
        alone = np.concatenate([one.alone for one in asked])
        least = np.maximum(self._apart(alone), np.max([one.together for one in asked], axis=0))
        return np.where(impossible, _UNLIMITED, forced.sum(axis=0) + least.astype(np.int64))

    def _apart(self, alone: Numbers) -> Numbers:
        """The steps of signals that share no competency, the neediest first: they add up."""
        left, total = alone.copy(), np.zeros(alone.shape[1])
        columns = np.arange(alone.shape[1])
        for _ in range(len(alone)):
            most = left.argmax(axis=0)
            total += left[most, columns]
            left = np.where(self.conflicts[:, most], 0, left)
        return total

    def matters(self, ratings: Ints) -> Bools:
        """Which ratings could still bring the band closer by rising."""
        below: Bools = ratings < self.bander.scale.highest
        if not self.saturating:
            return below
        open_ = self.needed[:, np.newaxis] > ratings
        for place, rating in self.expected:
            open_[place] |= ratings[place] < rating
        exact = ratings.astype(np.float64)
        for group in self.groups:
            if group.signals:
                short = group.bars[:, np.newaxis] - group.weights @ exact > 0
                open_ |= (group.weights > 0).T.astype(np.float64) @ short > 0
        return below & open_


@dataclass(frozen=True)
class _Asked:
    """What one group needs at the least, by column of ratings."""

    alone: Numbers
    """By signal: the steps that it needs on its own."""
    together: Numbers
    """The steps that all of them need together."""
    impossible: Bools

    @classmethod
    def of(cls, group: Group, ratings: Numbers, room: Numbers, step: int) -> "_Asked":
        """`ratings` and `room` are whole numbers, as floats for the speed of their sums."""
        weights = group.weights
        short = np.maximum(group.bars[:, np.newaxis] - weights @ ratings, 0)
        able = np.minimum(short, weights @ room)
        open_ = room > 0
        beyond = np.maximum(short - min(group.largest, group.total), 0)
        alone = np.zeros_like(beyond)
        for number, row in enumerate(weights):
            heaviest = np.zeros(ratings.shape[1])
            for place in np.flatnonzero(row):
                heaviest = np.maximum(heaviest, row[place] * open_[place])
            alone[number] = _up(beyond[number], np.maximum(heaviest * step, 1))
        wanted = short.sum(axis=0) - group.total
        impossible = (beyond > able).any(axis=0) | (wanted > able.sum(axis=0))
        # So many signals still to be met, each with one step at the least.
        missing = group.met - (short == 0).sum(axis=0)
        at_once = (weights > 0).sum(axis=0).max()
        together = np.maximum(_gained(weights, short, room, wanted, step), _up(missing, at_once))
        return cls(alone, np.maximum(together, 0), impossible)


def _gained(weights: Numbers, short: Numbers, room: Numbers, wanted: Numbers, step: int) -> Numbers:
    """The steps that bring so much in all, each rating giving what it gives at first, the best first, and no
    more than its signals can take."""
    rate = np.where(room > 0, weights.T @ (short > 0), 0) * step
    most = np.zeros_like(rate)
    for number, row in enumerate(weights):
        for place in np.flatnonzero(row):
            most[place] += np.minimum(short[number], row[place] * room[place])
    order = np.argsort(-rate, axis=0)
    rate, most = np.take_along_axis(rate, order, axis=0), np.take_along_axis(most, order, axis=0)
    steps = np.divide(most, rate, out=np.zeros_like(most), where=rate > 0)
    got, taken = np.cumsum(most, axis=0), np.cumsum(steps, axis=0)
    place = (got < wanted).sum(axis=0).clip(0, len(rate) - 1)
    at = (place, np.arange(len(place)))
    rest = np.divide(wanted - (got[at] - most[at]), rate[at], out=np.zeros(len(place)), where=rate[at] > 0)
    needed: Numbers = np.where(wanted > 0, np.ceil(taken[at] - steps[at] + rest - _ROUNDING), 0)
    return needed


def _up(amount: Any, by: Any) -> Any:
    return -(-amount // by)


def _group(bander: Bander, importance: str, limits: Mapping[str, Fraction]) -> Group:
    signals = bander.meaning.of_importance(importance)
    common = lcm(1, *(signal.whole for signal in signals))
    weights = np.zeros((len(signals), len(bander.competencies)))
    for number, signal in enumerate(signals):
        for name, weight in signal.weights.items():
            weights[number, bander.competencies.index(name)] = weight * (common // signal.whole)
    denominator = common * UNITS_PER_POINT
    number = len(signals)
    whole = denominator * (number if importance == "supporting" else 1)
    met = max(
        ceil(limits.get(f"{importance}_met", Fraction(0))),
        ceil(limits.get(f"{importance}_met_share", Fraction(0)) * number),
    )
    largest = _numerator(limits.get(f"largest_{importance}_shortfall"), denominator)
    if limits.get(f"{importance}_gap", Fraction(1)) < 1 and signals:
        margin = max(signal.bar - signal.near for signal in signals)
        largest = min(largest, margin * common)
    total = _numerator(limits.get(f"{importance}_shortfall"), whole)
    if met >= number:
        total = largest = 0
    return Group(
        signals, weights, np.array([float(signal.bar * common) for signal in signals]), total, largest, met
    )


def _numerator(limit: Fraction | None, denominator: int) -> int:
    return _UNLIMITED if limit is None else int(limit * denominator)


def _limits(bander: Bander, rank: int) -> dict[str, Fraction] | None:
    """Of facts that fall when ratings rise the largest value with the band, of `met` ones the least; None
    where there are too many cases to say, or nothing to limit."""
    facts = bander.program.facts
    sizes = [cut.size for cut in facts.values()]
    if not facts or prod(sizes) > MOST_CASES:
        return None
    cases = np.array(list(product(*map(range, sizes))), dtype=np.int64).reshape(-1, len(sizes))
    codes = bander.codes_of_cases(cases)
    good = cases[(codes <= rank) & (codes != NO_BAND)]
    limits: dict[str, Fraction] = {}
    if not len(good):
        return limits
    for place, (name, cut) in enumerate(facts.items()):
        if not isinstance(cut, NumberCut) or _of_time(name):
            continue
        if name.endswith(("_met", "_met_share")):
            least = int(good[:, place].min())
            limits[name] = cut.breaks[least - 1][0] if least else Fraction(0)
        elif name.endswith(("shortfall", "_gap", "_below")):
            most = int(good[:, place].max())
            if most < len(cut.breaks):
                end, after = cut.breaks[most]
                counted = name.endswith(("_gap", "_below")) and not after
                limits[name] = Fraction(ceil(end) - 1) if counted else end
    return limits or {"": Fraction(0)}


def _of_time(name: str) -> bool:
    return name in TIME_NUMBERS or name in TIME_CATEGORIES


def better_ranks(rank: int) -> Sequence[int]:
    """The ranks that lead from a band upwards: the next better band, and the best."""
    return tuple(dict.fromkeys((rank - 1, 0))) if 0 < rank < len(BANDS) - 1 else ()
