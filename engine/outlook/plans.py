"""Moves of signals to new ratings: the fewest rating steps that carry them out, for many people at once.

A step is the pack's (`Scale.step`), shortened at the ends of the scale. All numbers are in rating units.

Competencies that several of a person's signals look at are tried in every way; what each signal then still
needs is covered by its own competencies, the largest gain first, which is the fewest for one signal because a
competency's later steps never gain more than its earlier ones. Of equally few, the choice with most steps on
shared competencies, then on the heaviest.

A signal that is not rated gets its missing ratings first, all of one and the same value, the lowest that will
do, together with those that share a competency with it. A rating that there was not counts as one step.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, product
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from engine.outlook.arrays import Bools, Ints
from engine.outlook.variant_bars import UNGIVEN, VariantBars

TRIED_AT_ONCE = 50_000
"""Ways to step shared competencies that are tried together."""
_NEVER = 2**62
"""More steps, or places, than there are."""
T = TypeVar("T", np.int64, np.bool_)


@dataclass(frozen=True)
class Plans:
    """New ratings that carry out some moves, one plan a row."""

    ratings: Ints
    """All of them, a column for each competency."""
    steps: Ints
    able: Bools
    """Whether the scale has room; where it has not, the rest says nothing."""


@dataclass(frozen=True)
class _Asked:
    """Signals that are to have other statuses, a column for each move."""

    ladders: VariantBars
    which: Ints
    """By row, the place of the ladder."""
    signals: Ints
    statuses: Ints
    up: bool

    def those(self, rows: Ints) -> "_Asked":
        """Of some rows."""
        return _Asked(self.ladders, self.which[rows], self.signals[rows], self.statuses[rows], self.up)

    @cached_property
    def places(self) -> Ints:
        """The places of each signal's competencies, in its own order: rows, signals, competencies."""
        return self.ladders.competencies[0][self.which[:, np.newaxis], self.signals]

    @cached_property
    def weights(self) -> Ints:
        """Their weights; 0 where a signal has fewer."""
        return self.ladders.competencies[1][self.which[:, np.newaxis], self.signals]

    @property
    def weights_by_place(self) -> Ints:
        """Rows, then signals, then all competencies."""
        weights: Ints = self.ladders.matrices[self.which[:, np.newaxis], :, self.signals]
        return weights

    def needs(self, ratings: Ints) -> Ints:
        """By signal what its weighted sum has to be moved by."""
        given = _at(ratings, self.places)
        rated = np.where(given != UNGIVEN, self.weights, 0)
        total, which = np.einsum("ijk,ijk->ij", rated, given), self.which[:, np.newaxis]
        bar = self.ladders.least_sums(which, self.signals, rated.sum(axis=2), self.statuses, up=self.up)
        need: Ints = bar - total if self.up else total - bar + 1
        return need


def plan(
    ladders: VariantBars, which: Ints, ratings: Ints, signals: Ints, statuses: Ints, *, up: bool
) -> Plans:
    """The fewest steps up after which every signal of a row has at least its status, or down at best.

    `which` holds the place of each row's ladder; `signals` and `statuses` have a column for each move.
    """
    asked = _Asked(ladders, which, signals, statuses, up)
    filled, able = _filled(asked, ratings) if up else (ratings, np.ones(len(ratings), dtype=np.bool_))
    room = ladders.scale.highest - filled if up else filled - ladders.scale.lowest
    room = np.where(ratings == UNGIVEN, 0, room)
    need = asked.needs(filled)
    shared = _shared(asked, need, room)
    new, steps = filled.copy(), (filled != ratings).sum(axis=1)
    most = _most(asked, need, room, shared)
    for rows, ways in _alike(shared, most):
        moved, taken = _taken(asked.those(rows), need[rows], room[rows], shared[rows], most[rows], ways)
        new[rows] += moved if up else -moved
        steps[rows] += taken
        able[rows] &= taken < _NEVER
    return Plans(new, steps, able)


def _at(by_place: NDArray[T], places: Ints) -> NDArray[T]:
    """Of rows of what there is at each place, what there is at these places."""
    rows = np.arange(len(places)).reshape(-1, *([1] * (places.ndim - 1)))
    return by_place[rows, places]


def _filled(asked: _Asked, ratings: Ints) -> tuple[Ints, Bools]:
    """Ratings with what is missing of the signals that are not rated, and whether the scale has room."""
    able, filled = np.ones(len(ratings), dtype=np.bool_), ratings
    missing = (_at(ratings, asked.places) == UNGIVEN) & (asked.weights > 0)
    rated = np.where(missing, 0, asked.weights).sum(axis=2)
    unrated = rated < asked.ladders.least_weight(asked.which[:, np.newaxis], asked.signals)
    rows = np.flatnonzero(unrated.any(axis=1))
    if not len(rows):
        return filled, able
    asked, filled = asked.those(rows), ratings.copy()
    scale, parts = asked.ladders.scale, _parts(asked)
    for part in range(parts.shape[1]):
        inside = unrated[rows] & (parts == part)
        given = np.zeros((len(rows), ratings.shape[1]), dtype=np.bool_)
        at, signal, nth = np.nonzero(missing[rows] & inside[:, :, np.newaxis])
        given[at, asked.places[at, signal, nth]] = True
        more = np.where(_at(given, asked.places), asked.weights, 0).sum(axis=2)
        need = asked.needs(np.where(given, 0, filled[rows]))
        least = np.where(inside, -(-need // np.maximum(more, 1)), scale.lowest).max(axis=1)
        able[rows[least > scale.highest]] = False
        rating = asked.ladders.rung_from(least)[:, np.newaxis]
        filled[rows] = np.where(given, rating, filled[rows])
    return filled, able


def _parts(asked: _Asked) -> Ints:
    """By signal the number of its part: signals that share a competency with each other, or with others of
    the part, are in one; it is the place of the first of them."""
    looks, signals = asked.weights_by_place > 0, range(asked.signals.shape[1])
    parts = np.tile(np.array(signals), (len(looks), 1))
    for first, second in combinations(signals, 2):
        joined = (looks[:, first] & looks[:, second]).any(axis=1, keepdims=True)
        into, other = parts[:, [first]], parts[:, [second]]
        moved = joined & ((parts == into) | (parts == other))
        parts = np.where(moved, np.minimum(into, other), parts)
    return parts


def _shared(asked: _Asked, need: Ints, room: Ints) -> Ints:
    """By row the places of the competencies that can serve several of its signals, in the order of the
    signals and of their competencies; then -1."""
    if asked.signals.shape[1] == 1:
        return np.empty((len(room), 0), dtype=np.int64)
    needing = (need > 0)[:, :, np.newaxis]
    serving = (asked.weights_by_place > 0) & needing & (room > 0)[:, np.newaxis]
    shared = serving.sum(axis=1) > 1
    counts = shared.sum(axis=1)
    rows = np.flatnonzero(counts)
    places, counting = asked.places[rows], (asked.weights > 0)[rows] & needing[rows]
    first = np.full((len(rows), room.shape[1]), _NEVER)
    for signal, nth in reversed(list(np.ndindex(*places.shape[1:]))):
        there = np.flatnonzero(counting[:, signal, nth])
        first[there, places[there, signal, nth]] = signal * places.shape[2] + nth
    order = np.argsort(np.where(shared[rows], first, _NEVER), axis=1, kind="stable")
    most = int(counts.max(initial=0))
    found = np.full((len(room), most), -1)
    found[rows] = np.where(np.arange(most) < counts[rows, np.newaxis], order[:, :most], -1)
    return found


def _most(asked: _Asked, need: Ints, room: Ints, shared: Ints) -> Ints:
    """How many steps there are on each shared competency, and no more than the signals need."""
    step = asked.ladders.scale.step
    weights = _at(asked.weights_by_place.transpose(0, 2, 1), shared)
    wanted = np.where(weights > 0, -(-need[:, np.newaxis] // (np.maximum(weights, 1) * step)), 0)
    most: Ints = np.minimum(-(-_at(room, shared) // step), wanted.max(axis=2, initial=0))
    return most


def _alike(shared: Ints, most: Ints) -> Iterator[tuple[Ints, Ints]]:
    """Rows with the same number of shared competencies, and every number of steps that may be taken on each
    of these, most first."""
    counts = (shared >= 0).sum(axis=1)
    for count in np.unique(counts).tolist():
        alike = np.flatnonzero(counts == count)
        largest = most[alike, :count].max(axis=0, initial=0)
        ways = np.array(list(product(*(range(some, -1, -1) for some in largest.tolist()))), dtype=np.int64)
        at_once = max(1, TRIED_AT_ONCE // len(ways))
        for start in range(0, len(alike), at_once):
            yield alike[start : start + at_once], ways


def _taken(asked: _Asked, need: Ints, room: Ints, shared: Ints, most: Ints, ways: Ints) -> tuple[Ints, Ints]:
    """What the ratings move by, a column for each competency, so that every signal gets what it needs, and
    in how many steps, the fewest."""
    shared, most, step = shared[:, : ways.shape[1]], most[:, : ways.shape[1]], asked.ladders.scale.step
    own_room = _at(room, asked.places)
    if not shared.shape[1]:
        return _own(asked.places, *_covered(need, asked.weights, own_room, step), room.shape[1])
    is_shared = (asked.places[..., np.newaxis] == shared[:, np.newaxis, np.newaxis]).any(axis=3)
    own_weights = np.where(is_shared, 0, asked.weights)
    rows, tried = np.nonzero((ways <= most[:, np.newaxis]).all(axis=2))
    moved = np.minimum(ways[tried] * step, _at(room, shared)[rows])
    helping = _at(asked.weights_by_place.transpose(0, 2, 1), shared)
    left = need[rows] - (helping[rows] * moved[:, :, np.newaxis]).sum(axis=1)
    covered, steps = _covered(left, own_weights[rows], own_room[rows], step)
    total = np.where((steps < _NEVER).all(axis=1), ways[tried].sum(axis=1) + steps.sum(axis=1), _NEVER)
    starts = np.searchsorted(rows, np.arange(len(room)))
    fewest = np.flatnonzero(total == np.minimum.reduceat(total, starts)[rows])
    best = fewest[np.searchsorted(rows[fewest], np.arange(len(room)))]
    ratings, _ = _own(asked.places, covered[best], steps[best], room.shape[1])
    ratings[np.arange(len(room))[:, np.newaxis], shared] = moved[best]
    return ratings, total[best]


def _own(places: Ints, covered: Ints, steps: Ints, competencies: int) -> tuple[Ints, Ints]:
    """What was covered by place, and the steps of all signals together."""
    ratings = np.zeros((len(places), competencies), dtype=np.int64)
    at, signal, nth = np.nonzero(covered)
    ratings[at, places[at, signal, nth]] = covered[at, signal, nth]
    return ratings, np.where((steps < _NEVER).all(axis=1), steps.sum(axis=1), _NEVER)


def _covered(need: Ints, weights: Ints, room: Ints, step: int) -> tuple[Ints, Ints]:
    """What some competencies move by, and in how many steps, so that their weighted sum moves by what each
    signal needs, the step of the largest gain first, of equal ones that of the first competency."""
    width = weights.shape[2]
    waiting, weights, left = need.ravel().copy(), weights.reshape(-1, width), room.reshape(-1, width).copy()
    steps, rows = np.zeros(len(waiting), dtype=np.int64), np.flatnonzero(waiting > 0)
    while len(rows):
        gains = weights[rows] * np.minimum(left[rows], step)
        best = gains.argmax(axis=1)
        gain = gains[np.arange(len(rows)), best]
        steps[rows[gain <= 0]] = _NEVER
        rows, best, gain = rows[gain > 0], best[gain > 0], gain[gain > 0]
        # The largest gain stays the largest as long as whole steps are left there.
        count = np.minimum(-(-waiting[rows] // gain), np.maximum(left[rows, best] // step, 1))
        moved = np.minimum(count * step, left[rows, best])
        waiting[rows] -= weights[rows, best] * moved
        left[rows, best] -= moved
        steps[rows] += count
        rows = rows[waiting[rows] > 0]
    return room - left.reshape(room.shape), steps.reshape(need.shape)
