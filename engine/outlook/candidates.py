"""Which changes may reach another band, decided in the case space for everybody in the same state at once.

A move of a signal is one whole number: its place times the number of statuses, plus the code of the status
that it is to have. A change is a row of moves in ascending order.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, combinations_with_replacement, product

import numpy as np
from numpy.typing import NDArray

from engine.decide.evidence import STATUS
from engine.outlook.arrays import Bools, Ints, Numbers, slices, spread
from engine.outlook.banding import COVERAGE
from engine.outlook.people import People
from engine.outlook.space import NO_BAND, UNRATED, Space
from rules.pack import BANDS, STATUSES

MOST_TRIED = 400
"""Changes of one size tried on one person where the rules rest on more than statuses; beyond, the size is not
searched."""
AT_ONCE = 20_000_000
"""Comparisons of what is there with what changes need that are made together."""
CHOSEN_AT_ONCE = 100_000
"""Changes by class of which the choices of signals are made together."""
LARGEST_COUNT = 100
"""No change needs so many signals in one place."""
INSUFFICIENT = BANDS.index("insufficient_evidence")
_TARGETS: Mapping[bool, Mapping[int, tuple[int, ...]]] = {
    True: {
        STATUS["met"]: (),
        STATUS["near"]: (STATUS["met"],),
        STATUS["gap"]: (STATUS["near"], STATUS["met"]),
        UNRATED: (STATUS["near"], STATUS["met"]),
    },
    False: {
        STATUS["met"]: (STATUS["near"], STATUS["gap"]),
        STATUS["near"]: (STATUS["gap"],),
        STATUS["gap"]: (),
        UNRATED: (),
    },
}
"""Up or down: the statuses that a signal of a status may be moved to, the nearest first."""


def leads(before: Ints, after: Ints, *, up: bool) -> Bools:
    """Whether bands (their places in `rules.pack.BANDS`) are better, or worse, than others; insufficient
    evidence is no place in that order."""
    moved = after < before if up else after > before
    found: Bools = moved & (after != INSUFFICIENT) & (after != NO_BAND)
    return found


@dataclass(frozen=True)
class Offered:
    """Changes worth carrying out."""

    rows: Ints
    """Whose, in ascending order."""
    moves: Ints
    """A column for each move."""
    left_out: frozenset[int]
    """Rows for which there are too many to search."""


@dataclass(frozen=True)
class _Move:
    """Signals of a class go from one group of statuses to another."""

    of_class: int
    start: int
    end: int
    """Places of the groups in the class."""
    adds: bool
    """It begins at signals that are not rated."""
    value: int
    """What it adds to the state."""
    members: tuple[int, ...]
    targets: tuple[int, ...]
    """By status of a signal: the nearest one that the move leads to; -1 where it does not begin there."""


@dataclass(frozen=True)
class _Table:
    """Every change by class of one size, each at a place of these."""

    moves: Ints
    """Places of `Candidates._class_moves`, in ascending order, a column for each."""
    places: Sequence[tuple[int, int]]
    """Class and group where some change begins."""
    needs: NDArray[np.int8]
    """How many signals must be there, a column for each of `places`."""
    values: Numbers
    """What it adds to the state."""
    adds: Bools
    """Whether it adds ratings."""


@dataclass(frozen=True)
class Candidates:
    """The changes worth carrying out in one direction, of a case space or of every choice of signals."""

    space: Space
    up: bool

    def of(self, people: People, rows: Ints, size: int) -> Offered:
        """The changes of these rows that move so many signals."""
        statuses = people.statuses[rows]
        if not people.by_state:
            return self._every(rows, statuses, size)
        table = self._table(size)
        distinct, numbers = np.unique(people.states[rows], return_inverse=True)
        states, changes = self._by_class(distinct, table)
        starts, ends = np.searchsorted(states, [np.arange(len(distinct)), np.arange(1, len(distinct) + 1)])
        at, nth = spread((ends - starts)[numbers])
        found = table.moves[changes[starts[numbers[at]] + nth]]
        parts = (self._choices(at[some], found[some], statuses) for some in slices(len(at), CHOSEN_AT_ONCE))
        chosen, moves = zip(*parts, strict=True)
        return Offered(rows[np.concatenate(chosen)], np.concatenate(moves), frozenset())

    def nearer(self, moves: Ints) -> Iterator[tuple[Bools, Ints]]:
        """Moves of the same signals that move none of them further and some less far: which of these have
        them, and theirs."""
        near, far = _TARGETS[self.up][STATUS["gap"] if self.up else STATUS["met"]]
        is_far = moves % len(STATUSES) == far
        for subset in product((False, True), repeat=moves.shape[1]):
            if any(subset):
                yield is_far[:, np.array(subset)].all(axis=1), moves + np.array(subset) * (near - far)

    def _every(self, rows: Ints, statuses: Ints, size: int) -> Offered:
        """Every choice of signals and statuses, of the rows for which these are few enough."""
        lists = [list(self._moves_of(some, size)) for some in statuses.tolist()]
        few = [at for at, some in enumerate(lists) if len(some) <= MOST_TRIED]
        moves = np.array([one for at in few for one in lists[at]], dtype=np.int64).reshape(-1, size)
        left_out = frozenset(rows.tolist()).difference(rows[few].tolist())
        return Offered(np.repeat(rows[few], [len(lists[at]) for at in few]), moves, left_out)

    def _moves_of(self, statuses: Sequence[int], size: int) -> Iterator[tuple[int, ...]]:
        moves = [
            [signal * len(STATUSES) + target for target in _TARGETS[self.up][status]]
            for signal, status in enumerate(statuses)
        ]
        for chosen in combinations([some for some in moves if some], size):
            yield from product(*chosen)

    def _by_class(self, states: Numbers, table: _Table) -> tuple[Ints, Ints]:
        """The changes by class that may reach another band from these states: places of states, in ascending
        order, and of changes in the table."""
        found = []
        for some in slices(len(states), AT_ONCE // max(1, table.needs.size)):
            rows, changes = self._possible(states[some], table)
            reaching = self._reaching(states[some], rows, changes, table)
            found.append((some.start + rows[reaching], changes[reaching]))
        places, changes = (np.concatenate(parts) for parts in zip(*found, strict=True))
        return places, changes

    def _possible(self, states: Numbers, table: _Table) -> tuple[Ints, Ints]:
        """The places of states and of changes for which enough signals are where they begin."""
        counts = self.space.counts(states)[:, [self.space.places[place] for place in table.places]]
        there = np.minimum(counts, LARGEST_COUNT).astype(np.int8)
        rows, changes = np.nonzero((there[:, np.newaxis] >= table.needs).all(axis=2))
        return rows, changes

    def _reaching(self, states: Numbers, rows: Ints, changes: Ints, table: _Table) -> Bools:
        """Whether the changes of the states at these rows may reach another band."""
        after = states[rows] + table.values[changes]
        pairs = np.arange(len(rows))
        if COVERAGE in self.space.banding.program.cuts:
            # Ratings that are added move coverage by an amount of the person's own: any bin is supposed.
            adding, others = np.flatnonzero(table.adds[changes]), np.flatnonzero(~table.adds[changes])
            bins = self.space.banding.coverage_cut.size
            supposed = [self.space.covered(after[adding], bin_) for bin_ in range(bins)]
            pairs = np.concatenate([others, *([adding] * bins)])
            after = np.concatenate([after[others], *supposed])
        codes = self.space.codes(np.concatenate([states, after]))
        found = np.zeros(len(rows), dtype=np.bool_)
        found[pairs[leads(codes[rows[pairs]], codes[len(states) :], up=self.up)]] = True
        return found

    def _choices(self, people: Ints, changes: Ints, statuses: Ints) -> tuple[Ints, Ints]:
        """The choices of signals for changes by class, one a row, of people at these places of `statuses`:
        whose, in the same order, and the moves."""
        statuses = statuses[people]
        at, used = np.arange(len(changes)), np.zeros(statuses.shape, dtype=np.bool_)
        moves = np.empty((len(changes), 0), dtype=np.int64)
        targets, members = self._targets
        for nth, move in enumerate(changes.T):
            reached = targets[move[at, np.newaxis], statuses[at]]
            able = members[move[at]] & (reached >= 0) & ~used
            if nth:
                # Of equal moves, signals in ascending order: each choice is met once.
                again = np.flatnonzero(move[at] == changes[at, nth - 1])
                last = moves[again, -1] // len(STATUSES)
                able[again] &= np.arange(statuses.shape[1]) > last[:, np.newaxis]
            rows, signals = np.nonzero(able)
            more = signals * len(STATUSES) + reached[rows, signals]
            at, moves, used = at[rows], np.column_stack([moves[rows], more]), used[rows]
            used[np.arange(len(rows)), signals] = True
        return people[at], np.sort(moves, axis=1)

    def _table(self, size: int) -> _Table:
        moves = self._class_moves
        places = sorted({(move.of_class, move.start) for move in moves})
        some = combinations_with_replacement(range(len(moves)), size)
        changes = np.array(list(some), dtype=np.int64).reshape(-1, size)
        begins = np.array([[(move.of_class, move.start) == one for one in places] for move in moves])
        adding = [place for place, move in enumerate(moves) if move.adds]
        return _Table(
            moves=changes,
            places=places,
            needs=begins.reshape(len(moves), len(places))[changes].sum(axis=1, dtype=np.int8),
            values=self.space.numbers([move.value for move in moves])[changes].sum(axis=1),
            adds=np.isin(changes, adding).sum(axis=1) > 0,
        )

    @cached_property
    def _class_moves(self) -> list[_Move]:
        space, moves = self.space, []
        for place, one in enumerate(space.classes):
            for start, end in product(range(len(one.groups)), repeat=2):
                targets = tuple(
                    self._nearest(one.groups[end], status) if status in one.groups[start] else -1
                    for status in range(len(STATUSES))
                )
                if start != end and max(targets) >= 0:
                    value = space.values[place][end] - space.values[place][start]
                    adds = UNRATED in one.groups[start]
                    moves.append(_Move(place, start, end, adds, value, one.members, targets))
        return moves

    def _nearest(self, group: Sequence[int], status: int) -> int:
        """The nearest status in a group to which a signal of a status may be moved, or -1."""
        return next((target for target in _TARGETS[self.up][status] if target in group), -1)

    @cached_property
    def _targets(self) -> tuple[Ints, Bools]:
        """Of each class move: by status what it leads to, by signal whether it is in the class."""
        moves = self._class_moves
        targets = np.array([move.targets for move in moves], dtype=np.int64).reshape(-1, len(STATUSES))
        members = np.zeros((len(moves), len(self.space.banding.columns)), dtype=np.bool_)
        for place, move in enumerate(moves):
            members[place, list(move.members)] = True
        return targets, members
