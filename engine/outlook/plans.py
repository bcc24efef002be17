"""Moves of signals to new ratings, for many people at once.

Signals that share no competency are planned apart. A signal by itself, the usual case, is planned for
everybody at once; of the other problems, the same moves on the same ratings, many people share each one, and
`steps` solves it once.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from engine.arrays import Bools, Ints, Register, numbered
from engine.ladder import UNGIVEN, Ladder
from engine.outlook.people import People, Supposed
from engine.outlook.steps import Moves, Plan, lowered, raised


@dataclass(frozen=True)
class CarriedOut:
    """The changes that the scale has room for, carried out in the fewest steps."""

    kept: Ints
    """The places of those that were asked for."""
    supposed: Supposed
    steps: Ints


@dataclass(frozen=True)
class _Planned:
    """Plans, one a row."""

    ratings: Ints
    """The new ones; `UNGIVEN` where a rating stays."""
    steps: Ints
    able: Bools
    """Whether the scale has room."""

    @classmethod
    def nothing(cls, rows: int, competencies: int) -> "_Planned":
        """No plan for anybody."""
        ratings = np.full((rows, competencies), UNGIVEN)
        return cls(ratings, np.zeros(rows, dtype=np.int64), np.zeros(rows, dtype=np.bool_))


@dataclass(frozen=True)
class Planner:
    """Carries out moves of people's signals in one direction."""

    people: People
    up: bool
    _parts: Register[Moves] = field(default_factory=Register, repr=False)
    """Moves of signals that share competencies."""
    _plans: dict[tuple[int, ...], Plan | None] = field(default_factory=dict, repr=False)
    """By the number of a part and the codes of the ratings of its competencies."""

    def carry_out(self, rows: Ints, moves: Sequence[Moves], numbers: Ints) -> CarriedOut:
        """For each row the moves at a place of `moves`."""
        known, which = np.unique(numbers, return_inverse=True)
        parts = self._parts_of([moves[number] for number in known.tolist()])[which]
        ratings, steps = self.people.ratings[rows], np.zeros(len(rows), dtype=np.int64)
        able = np.ones(len(rows), dtype=np.bool_)
        for part in parts.T:
            there = np.flatnonzero(part >= 0)
            done = self._planned(rows[there], part[there])
            ratings[there] = np.where(done.ratings != UNGIVEN, done.ratings, ratings[there])
            steps[there] += done.steps
            able[there] &= done.able
        kept = np.flatnonzero(able)
        return CarriedOut(kept, Supposed(rows[kept], ratings[kept]), steps[kept])

    def _parts_of(self, moves: Sequence[Moves]) -> Ints:
        """For each of the moves the numbers of its parts, then -1."""
        found = np.full((len(moves), max(map(len, moves), default=0)), -1)
        for at, some in enumerate(moves):
            for nth, part in enumerate(self._parted(some)):
                found[at, nth] = self._parts.number(part)
        return found

    def _parted(self, moves: Moves) -> list[Moves]:
        if len(moves) == 1:
            return [moves]
        parts: list[tuple[Moves, set[int]]] = []
        for move in moves:
            places = set(self.people.ladder.weights[move[0]])
            joined = [part for part in parts if part[1] & places]
            parts = [part for part in parts if part not in joined]
            together = sorted([*(one for part, _ in joined for one in part), move])
            parts.append((tuple(together), places.union(*(looked_at for _, looked_at in joined))))
        return [part for part, _ in parts]

    def _planned(self, rows: Ints, parts: Ints) -> _Planned:
        """A part of the moves of each row."""
        one_by_one = [part[0] if len(part) == 1 else (-1, -1) for part in self._parts.values]
        signals, statuses = np.array(one_by_one, dtype=np.int64).reshape(-1, 2)[parts].T
        first, others = np.flatnonzero(signals >= 0), np.flatnonzero(signals < 0)
        ladder, ratings = self.people.ladder, self.people.ratings[rows[first]]
        planned = (
            (first, plan_alone(ladder, ratings, signals[first], statuses[first], up=self.up)),
            (others, self._solved(rows[others], parts[others])),
        )
        whole = _Planned.nothing(len(rows), self.people.ratings.shape[1])
        for at, done in planned:
            whole.ratings[at], whole.steps[at], whole.able[at] = done.ratings, done.steps, done.able
        return whole

    def _solved(self, rows: Ints, parts: Ints) -> _Planned:
        """Each distinct problem by itself."""
        places, numbers = self._problems(rows, parts)
        solved = _Planned.nothing(len(places), self.people.ratings.shape[1])
        problems = zip(rows[places].tolist(), parts[places].tolist(), strict=True)
        for at, plan in enumerate(self._plan(*problem) for problem in problems):
            if plan is not None:
                solved.ratings[at, list(plan.ratings)] = list(plan.ratings.values())
                solved.steps[at], solved.able[at] = plan.steps, True
        return _Planned(solved.ratings[numbers], solved.steps[numbers], solved.able[numbers])

    def _problems(self, rows: Ints, parts: Ints) -> tuple[Ints, Ints]:
        """The distinct problems, the same part on the same ratings: the place of each, and for each row the
        number of its own."""
        competencies = [self._competencies(part) for part in self._parts.values]
        looked_at = np.full((len(competencies), max(map(len, competencies), default=0)), -1)
        for number, places in enumerate(competencies):
            looked_at[number, : len(places)] = places
        codes, size = self._rating_codes
        columns = [codes[rows, places] for places in looked_at[parts].T]
        return numbered([parts, *columns], [max(1, len(competencies)), *([size] * len(columns))])

    def _competencies(self, part: Moves) -> list[int]:
        return sorted({place for signal, _ in part for place in self.people.ladder.weights[signal]})

    @cached_property
    def _rating_codes(self) -> tuple[Ints, int]:
        """The ratings as small numbers, with a column of nothing but 0 at the end, and how many there are."""
        ratings = self.people.ratings
        known, codes = np.unique(ratings, return_inverse=True)
        nothing = np.zeros((len(ratings), 1), dtype=np.int64)
        return np.hstack([codes.reshape(ratings.shape), nothing]), max(1, len(known))

    def _plan(self, row: int, number: int) -> Plan | None:
        part, (codes, _) = self._parts.values[number], self._rating_codes
        key = (number, *codes[row, self._competencies(part)].tolist())
        if key not in self._plans:
            given = [None if rating == UNGIVEN else rating for rating in self.people.ratings[row].tolist()]
            self._plans[key] = (raised if self.up else lowered)(self.people.ladder, given, part)
        return self._plans[key]


def plan_alone(ladder: Ladder, ratings: Ints, signals: Ints, statuses: Ints, *, up: bool) -> _Planned:
    """As `raised` and `lowered` of `steps` for one signal of each row.

    Of one that is rated the step of the largest gain is taken, again and again, the first of equal ones,
    until it has its status. One that is not gets the lowest rating throughout that will do.
    """
    looked_at, weights = (table[signals] for table in ladder.competencies)
    given = ratings[np.arange(len(ratings))[:, np.newaxis], looked_at]
    rated = np.where(given != UNGIVEN, weights, 0)
    unrated = rated.sum(axis=1) < ladder.least_weight(signals)
    counted = np.where(unrated, weights.sum(axis=1), rated.sum(axis=1))
    total, bar = (rated * given).sum(axis=1), ladder.least_sums(signals, counted, statuses, up=up)
    need = bar - total if up else total - bar + 1
    first, others = np.flatnonzero(~unrated), np.flatnonzero(unrated)
    planned = _Planned.nothing(*ratings.shape)
    for at, (new, steps, able) in (
        (first, _stepped(ladder, given[first], weights[first], need[first], up=up)),
        (others, _filled(ladder, given[others], weights[others], need[others])),
    ):
        rows, moved = np.nonzero(new != given[at])
        planned.ratings[at[rows], looked_at[at[rows], moved]] = new[rows, moved]
        planned.steps[at], planned.able[at] = steps, able
    return planned


def _stepped(ladder: Ladder, given: Ints, weights: Ints, need: Ints, *, up: bool) -> tuple[Ints, Ints, Bools]:
    """New ratings of some competencies, a column each: what is needed of their weighted sum is stepped to."""
    weights = np.where(given != UNGIVEN, weights, 0)
    room = np.where(weights > 0, ladder.highest - given if up else given - ladder.lowest, 0)
    steps, left, need = np.zeros(len(given), dtype=np.int64), room.copy(), need.copy()
    rows = np.arange(len(given))
    while True:
        gains = weights * np.minimum(left, ladder.step)
        best = gains.argmax(axis=1) if gains.size else rows
        going = np.flatnonzero((need > 0) & (gains[rows, best] > 0))
        if not len(going):
            break
        place = going, best[going]
        need[going] -= gains[place]
        left[place] -= np.minimum(left[place], ladder.step)
        steps[going] += 1
    taken = room - left
    return given + (taken if up else -taken), steps, need <= 0


def _filled(ladder: Ladder, given: Ints, weights: Ints, need: Ints) -> tuple[Ints, Ints, Bools]:
    """As `_stepped`, by one and the same rating of all that is missing."""
    missing = (given == UNGIVEN) & (weights > 0)
    least = -(-need // np.maximum(np.where(missing, weights, 0).sum(axis=1), 1))
    new = np.where(missing, ladder.rung_from(least)[:, np.newaxis], given)
    return new, missing.sum(axis=1), least <= ladder.highest
