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

import numpy as np

from engine.decide.discretization import NumberCut
from engine.decide.facts import TIME_CATEGORIES, TIME_NUMBERS
from engine.decide.meaning import FIXED, SignalMeaning
from engine.decide.supposed import NO_BAND, Bander, Bools, Ints
from inputs import UNITS_PER_POINT
from rules.pack import BANDS, IMPORTANCES, STATUSES

MOST_CASES = 100_000
_UNLIMITED = 2**60
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
    weights: Ints
    """By signal and competency: what a unit of a rating adds to the signal's score over the common weight."""
    bars: Ints
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
        return cls(bander, groups, needed, saturating, reachable=limits is None or bool(limits) or not facts)

    def least_steps(self, ratings: Ints, free: Bools) -> Ints:
        """How many more steps each column of ratings needs at the least; ratings that are not `free` stay.

        `_UNLIMITED` where no steps on free ratings meet the conditions.
        """
        scale = self.bander.scale
        room = np.where(free, scale.highest - ratings, 0)
        lacking = np.maximum(self.needed[:, np.newaxis] - ratings, 0)
        least = _up(lacking, scale.step).sum(axis=0)
        least = np.where((lacking > room).any(axis=0), _UNLIMITED, least)
        for group in self.groups:
            if group.signals:
                least = np.maximum(least, _least_of(group, ratings, room, scale.step))
        return least

    def matters(self, ratings: Ints) -> Bools:
        """Which ratings could still bring the band closer by rising."""
        below = ratings < self.bander.scale.highest
        if not self.saturating:
            return below
        open_ = self.needed[:, np.newaxis] > ratings
        for one in self.bander.meaning.expected:
            place = self.bander.competencies.index(one.competency)
            open_[place] |= ratings[place] < one.rating
        for group in self.groups:
            if group.signals:
                short = group.bars[:, np.newaxis] - group.weights @ ratings > 0
                open_ |= ((group.weights > 0).T.astype(np.int64) @ short.astype(np.int64)) > 0
        return below & open_


def _least_of(group: Group, ratings: Ints, room: Ints, step: int) -> Ints:
    weights = group.weights
    short = np.maximum(group.bars[:, np.newaxis] - weights @ ratings, 0)
    able = np.minimum(short, weights @ room)
    open_ = room > 0
    # Each signal on its own: the steps on its heaviest free competency that it needs at the least.
    heaviest = np.max(weights[:, :, np.newaxis] * open_[np.newaxis], axis=1)
    beyond = np.maximum(short - group.largest, 0)
    alone = np.where(beyond > 0, _up(beyond, np.maximum(heaviest * step, 1)), 0)
    impossible = (beyond > able).any(axis=0)
    sharing = ((weights > 0)[:, :, np.newaxis] & open_[np.newaxis] & (beyond > 0)[:, np.newaxis]).sum(axis=0)
    most = np.maximum(sharing.max(axis=0), 1)
    least = np.maximum(alone.max(axis=0), _up(alone.sum(axis=0), most))
    # All together: the largest gains there are, each as often as its rating has room.
    asked = short.sum(axis=0) - group.total
    impossible |= asked > able.sum(axis=0)
    gains = np.where(open_, weights.T @ (short > 0).astype(np.int64), 0) * step
    times = np.where(gains > 0, _up(room, step), 0)
    order = np.argsort(-gains, axis=0)
    gains, times = np.take_along_axis(gains, order, axis=0), np.take_along_axis(times, order, axis=0)
    got = np.cumsum(gains * times, axis=0)
    before = got - gains * times
    steps_before = np.cumsum(times, axis=0) - times
    place = (got < asked).sum(axis=0).clip(0, len(gains) - 1)
    at = (place, np.arange(len(place)))
    needed = steps_before[at] + _up(np.maximum(asked - before[at], 0), np.maximum(gains[at], 1))
    least = np.maximum(least, np.where(asked > 0, needed, 0))
    # So many signals still to be met, each with one step at the least.
    missing = group.met - (short == 0).sum(axis=0)
    most_shared = np.maximum((weights > 0).sum(axis=0).max(), 1)
    least = np.maximum(least, np.where(missing > 0, _up(missing, most_shared), 0))
    return np.where(impossible, _UNLIMITED, least)


def _up(amount: Ints, by: Ints | int) -> Ints:
    return -(-amount // by)


def _group(bander: Bander, importance: str, limits: Mapping[str, Fraction]) -> Group:
    signals = bander.meaning.of_importance(importance)
    common = lcm(1, *(signal.whole for signal in signals))
    weights = np.zeros((len(signals), len(bander.competencies)), dtype=np.int64)
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
    return Group(
        signals,
        weights,
        np.array([signal.bar * common for signal in signals], dtype=np.int64),
        total=_numerator(limits.get(f"{importance}_shortfall"), whole),
        largest=largest,
        met=met,
    )


def _numerator(limit: Fraction | None, denominator: int) -> int:
    return _UNLIMITED if limit is None else int(limit * denominator)


def _limits(bander: Bander, rank: int) -> dict[str, Fraction] | None:
    """Of facts that fall when ratings rise the largest value with the band, of `met` ones the least; None
    where there are too many cases to say."""
    facts = bander.program.facts
    sizes = [cut.size for cut in facts.values()]
    if prod(sizes) > MOST_CASES:
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
                limits[name] = cut.breaks[most][0]
    return limits or {"": Fraction(0)}


def _of_time(name: str) -> bool:
    return name in TIME_NUMBERS or name in TIME_CATEGORIES


def better_ranks(rank: int) -> Sequence[int]:
    """The ranks that lead from a band upwards: the next better band, and the best."""
    return tuple(dict.fromkeys((rank - 1, 0))) if 0 < rank < len(BANDS) - 1 else ()
