"""What would change a recommendation: the smallest changes of a manager's ratings that reach another band.

A change moves up to three signals of one person to another status. The smallest are those that move the
fewest signals, and of the same signals to the nearest statuses; each is stated in the fewest rating steps
that bring about its moves (`plans`). What is stated is carried out on the person's ratings with everything
that moves along, and only what holds is kept. Where the rules look at more than statuses, the smallest are
those of the fewest rating steps (`step_changes`); moves of signals are tried where the steps are too many to
try.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from engine.outlook.arrays import Bools, ByRow, Ints
from engine.outlook.candidates import INSUFFICIENT, Candidates, Offered, leads
from engine.outlook.people import People, Supposed
from engine.outlook.plans import plan
from engine.outlook.step_changes import StepSearch, find_steps
from engine.outlook.variant_bars import UNGIVEN
from rules.pack import BANDS, STATUSES

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
    """Place of the competency in `People.competencies`, its rating before and after."""
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
    waiting = np.flatnonzero((people.codes != ends[0]) & (people.codes != ends[1]))
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
    moves: Ints | None
    """What had to move, a column for each move as in `Offered`; None where steps were searched and not
    moves."""
    fewest: Bools


@dataclass(frozen=True)
class _Searcher:
    """The search on one variant in one direction."""

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
        known = {row for row in steps.exhausted if not self.people.missing[row].any()}
        return Search(found, frozenset(waiting.tolist()) - known - found.keys(), steps.tried)

    def _moves(self, waiting: Ints, *, fewest: bool) -> tuple[list[_Held], frozenset[int]]:
        """What holds, and the rows without a change for which not everything was tried."""
        people, found, left_out = self.people, list[_Held](), set[int]()
        still = np.zeros(len(people), dtype=np.bool_)
        still[waiting] = True
        for size in range(1, LARGEST_CHANGE + 1):
            if not len(waiting):
                break
            offered = self.candidates.of(people, waiting, size)
            left_out |= offered.left_out
            rows, moves, ratings, steps = self._carried_out(offered)
            judged = people.judge(Supposed(rows, ratings))
            kept = np.flatnonzero(leads(people.codes[rows], judged.codes, up=self.up))
            kept = kept[self._nearest(rows[kept], moves[kept])]
            found.append(
                _Held(
                    rows[kept],
                    judged.codes[kept],
                    ratings[kept],
                    judged.statuses[kept],
                    steps[kept],
                    moves[kept],
                    np.full(len(kept), fewest),
                )
            )
            still[rows[kept]] = False
            waiting = np.flatnonzero(still)
        return found, frozenset(left_out.intersection(waiting.tolist()))

    def _carried_out(self, offered: Offered) -> tuple[Ints, Ints, Ints, Ints]:
        """Of the changes that the scale has room for: whose, the moves, the new ratings and how many steps
        these are."""
        people, rows = self.people, offered.rows
        signals, statuses = np.divmod(offered.moves, len(STATUSES))
        done = plan(
            people.ladders, people.variants[rows], people.ratings[rows], signals, statuses, up=self.up
        )
        able = np.flatnonzero(done.able)
        return rows[able], offered.moves[able], done.ratings[able], done.steps[able]

    def _nearest(self, rows: Ints, moves: Ints) -> Bools:
        """Which changes do not move the same signals further than another one of the same row."""
        kept = np.ones(len(rows), dtype=np.bool_)
        there = np.sort(self._keys(rows, moves), kind="stable")
        for able, nearer in self.candidates.nearer(moves):
            tried = np.flatnonzero(able)
            keys = self._keys(rows[tried], nearer[tried])
            found = there[np.minimum(np.searchsorted(there, keys), len(there) - 1)]
            kept[tried[found == keys]] = False
        return kept

    def _keys(self, rows: Ints, moves: Ints) -> Ints:
        """Rows with their moves as one number each; three moves of a few hundred signals leave room for any
        number of people."""
        largest = self.people.statuses.shape[1] * len(STATUSES)
        for column in moves.T:
            rows = rows * largest + column
        return rows


def _stepped(people: People, steps: StepSearch) -> _Held:
    """The ways that were found by steps."""
    ways = [way for row in sorted(steps.found) for way in steps.found[row]]
    rows = np.array([way.row for way in ways], dtype=np.int64)
    # A rating that is missing could be given in one step, and that is not searched.
    complete = ~people.missing[rows].any(axis=1)
    taken = np.array([way.taken for way in ways], dtype=np.int64)
    return _Held(
        rows,
        np.array([way.code for way in ways], dtype=np.int64),
        _stacked([way.ratings for way in ways], people.ratings),
        _stacked([way.statuses for way in ways], people.statuses),
        taken,
        None,
        complete | (taken == 1),
    )


def _stacked(rows: Sequence[Ints], like: Ints) -> Ints:
    return np.stack(rows) if rows else np.empty((0, like.shape[1]), dtype=np.int64)


def _changes(people: People, found: Sequence[_Held]) -> ByRow[FoundChange]:
    """The changes by row, the fewest steps first."""

    def make(some: Sequence[tuple[int, int]]) -> Sequence[FoundChange]:
        changes = [_found(people, found[batch], at) for batch, at in some]
        by_steps = any(found[batch].moves is None for batch, _ in some)
        return changes if by_steps else sorted(changes, key=lambda change: (change.steps, change.moves))

    return ByRow.of([held.rows for held in found], make)


def _found(people: People, held: _Held, at: int) -> FoundChange:
    """The change as it is stated; where steps were searched every signal that moves is one of its moves."""
    row = int(held.rows[at])
    before, after = people.statuses[row].tolist(), held.statuses[at].tolist()
    moved = [(n, old, new) for n, (old, new) in enumerate(zip(before, after, strict=True)) if old != new]
    wanted = None if held.moves is None else held.moves[at] // len(STATUSES)
    signals = {n for n, _, _ in moved} if wanted is None else set(wanted.tolist())
    ratings = zip(people.ratings[row].tolist(), held.ratings[at].tolist(), strict=True)
    return FoundChange(
        recommendation=BANDS[held.codes[at]],
        moves=tuple(move for move in moved if move[0] in signals),
        ratings=tuple(
            (n, None if old == UNGIVEN else old, new) for n, (old, new) in enumerate(ratings) if old != new
        ),
        steps=int(held.steps[at]),
        also=tuple(move for move in moved if move[0] not in signals),
        fewest=bool(held.fewest[at]),
    )
