"""What would change a recommendation: the smallest changes of a manager's ratings that reach another band.

A change moves up to three signals of one person to another status. The smallest are those that move the
fewest signals, and of the same signals to the nearest statuses; each is stated in the fewest rating steps
that bring about its moves (`steps`). What is stated is carried out on the person's ratings with everything
that moves along, and only what holds is kept. Where the rules look at more than statuses, the smallest are
those of the fewest rating steps (`step_changes`); moves of signals are tried where the steps are too many to
try.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from engine.arrays import Bools, ByRow, Ints
from engine.ladder import UNGIVEN
from engine.outlook.candidates import INSUFFICIENT, Candidates, leads
from engine.outlook.people import People
from engine.outlook.plans import Planner
from engine.outlook.step_changes import StepSearch, find_steps
from engine.outlook.steps import Moves
from rules.pack import BANDS

LARGEST_CHANGE = 3
"""Signals that a change moves at most."""


@dataclass(frozen=True)
class FoundChange:
    """One smallest change of one person, carried out and run again."""

    recommendation: str
    """The band that it reaches."""
    moves: tuple[tuple[int, int, int], ...]
    """Place of the signal, code of its status before and after."""
    ratings: tuple[tuple[int, int | None, int], ...]
    """Place of the competency in `Banding.competencies`, its rating before and after."""
    steps: int
    also: tuple[tuple[int, int, int], ...]
    """Signals that move with it although it does not need them to; as `moves`."""
    fewest: bool = True
    """Whether it is one of the smallest; False where smaller ones were too many to try."""


@dataclass(frozen=True)
class Search:
    """Everybody's smallest changes in one direction."""

    found: Mapping[int, tuple[FoundChange, ...]]
    """By row: every smallest change, fewest steps first; a row without any is not there."""
    unsearched: frozenset[int]
    """Rows without a change for which there were too many of some size to try them all."""
    tried_steps: Mapping[int, int] = field(default_factory=dict)
    """Where steps were searched, for rows without a change: so many of the ratings at hand lead nowhere."""


def find_changes(people: People, candidates: Candidates) -> Search:
    """The smallest changes that lead to a better band, or to a worse one, as the candidates do.

    Only people with a band in the order of bands are searched; insufficient evidence is no place in it.
    """
    ends = (0, INSUFFICIENT) if candidates.up else (INSUFFICIENT - 1, INSUFFICIENT)
    searcher = _Searcher(people, candidates)
    waiting = np.flatnonzero(~np.isin(people.codes, ends))
    return searcher.by_moves(waiting) if people.by_state else searcher.by_steps(waiting)


@dataclass(frozen=True)
class _Held:
    """Changes that were carried out and lead to another band, each at a place of these arrays."""

    rows: Ints
    codes: Ints
    """Of the bands reached."""
    ratings: Ints
    statuses: Ints
    steps: Ints
    moves: Sequence[Moves | None]
    """What had to move; None where steps were searched and not moves."""
    fewest: Sequence[bool]


@dataclass(frozen=True)
class _Searcher:
    """The search on one track in one direction."""

    people: People
    candidates: Candidates

    @property
    def up(self) -> bool:
        return self.candidates.up

    def by_moves(self, waiting: Ints) -> Search:
        """The fewest signals, and of the same signals the nearest statuses."""
        found, left_out = self._moves(waiting, fewest=True)
        return Search(_changes(self.people, found), left_out)

    def by_steps(self, waiting: Ints) -> Search:
        """The fewest rating steps, and moves of signals where these were too many to try."""
        steps = find_steps(self.people, waiting.tolist(), up=self.up)
        by_steps = _stepped(self.people, steps)
        others = waiting[~np.isin(waiting, by_steps.rows)]
        moved, _ = self._moves(others, fewest=False)
        found = _changes(self.people, [by_steps, *moved])
        known = {row for row in steps.exhausted if UNGIVEN not in self.people.ratings[row]}
        return Search(found, frozenset(waiting.tolist()) - known - found.keys(), steps.tried)

    def _moves(self, waiting: Ints, *, fewest: bool) -> tuple[list[_Held], frozenset[int]]:
        """What holds, and the rows without a change for which not everything was tried."""
        planner = Planner(self.people, self.up)
        found, left_out = [], set[int]()
        for size in range(1, LARGEST_CHANGE + 1):
            if not len(waiting):
                break
            offered = self.candidates.of(self.people, waiting, size)
            left_out |= offered.left_out
            done = planner.carry_out(offered.rows, offered.moves, offered.numbers)
            judged = self.people.judge(done.supposed)
            rows, numbers = done.supposed.rows, offered.numbers[done.kept]
            kept = np.flatnonzero(leads(self.people.codes[rows], judged.codes, up=self.up))
            kept = kept[self._nearest(rows[kept], numbers[kept])]
            found.append(
                _Held(
                    rows[kept],
                    judged.codes[kept],
                    done.supposed.ratings[kept],
                    judged.statuses[kept],
                    done.steps[kept],
                    [offered.moves[number] for number in numbers[kept].tolist()],
                    [fewest] * len(kept),
                )
            )
            waiting = waiting[~np.isin(waiting, rows[kept])]
        return found, frozenset(left_out.intersection(waiting.tolist()))

    def _nearest(self, rows: Ints, numbers: Ints) -> Bools:
        """Which changes do not move the same signals further than another one of the same row."""
        distinct, which = np.unique(numbers, return_inverse=True)
        size = 1 + int(numbers.max(initial=0))
        there = rows * size + numbers
        kept = np.ones(len(rows), dtype=np.bool_)
        for nearer in self.candidates.nearer(distinct).T:
            known = (nearer[which] >= 0) & (nearer[which] < size)
            kept &= ~(known & np.isin(rows * size + nearer[which], there))
        return kept


def _stepped(people: People, steps: StepSearch) -> _Held:
    """The ways that were found by steps."""
    ways = [way for row in sorted(steps.found) for way in steps.found[row]]
    rows = np.array([way.row for way in ways], dtype=np.int64)
    # A rating that is missing could be given in one step, and that is not searched.
    complete = (people.ratings[rows] != UNGIVEN).all(axis=1).tolist()
    return _Held(
        rows,
        np.array([way.code for way in ways], dtype=np.int64),
        _stacked([way.ratings for way in ways], people.ratings),
        _stacked([way.statuses for way in ways], people.statuses),
        np.array([way.taken for way in ways], dtype=np.int64),
        [None] * len(ways),
        [way.taken == 1 or whole for way, whole in zip(ways, complete, strict=True)],
    )


def _stacked(rows: Sequence[Ints], like: Ints) -> Ints:
    return np.stack(rows) if rows else np.empty((0, like.shape[1]), dtype=np.int64)


def _changes(people: People, found: Sequence[_Held]) -> ByRow[FoundChange]:
    """The changes by row, the fewest steps first."""

    def make(some: Sequence[tuple[int, int]]) -> Sequence[FoundChange]:
        changes = [_found(people, found[batch], at) for batch, at in some]
        by_steps = any(found[batch].moves[at] is None for batch, at in some)
        return changes if by_steps else sorted(changes, key=lambda change: (change.steps, change.moves))

    return ByRow.of([held.rows for held in found], make)


def _found(people: People, held: _Held, at: int) -> FoundChange:
    """The change as it is stated; where steps were searched every signal that moves is one of its moves."""
    row, wanted = int(held.rows[at]), held.moves[at]
    before, after = people.statuses[row].tolist(), held.statuses[at].tolist()
    moved = [(n, old, new) for n, (old, new) in enumerate(zip(before, after, strict=True)) if old != new]
    signals = {n for n, _, _ in moved} if wanted is None else {n for n, _ in wanted}
    ratings = zip(people.ratings[row].tolist(), held.ratings[at].tolist(), strict=True)
    return FoundChange(
        recommendation=BANDS[held.codes[at]],
        moves=tuple(move for move in moved if move[0] in signals),
        ratings=tuple(
            (n, None if old == UNGIVEN else old, new) for n, (old, new) in enumerate(ratings) if old != new
        ),
        steps=int(held.steps[at]),
        also=tuple(move for move in moved if move[0] not in signals),
        fewest=held.fewest[at],
    )
