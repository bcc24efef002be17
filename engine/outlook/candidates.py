"""Which changes may reach another band, decided in the case space for everybody in the same state at once."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations, combinations_with_replacement, product

import numpy as np
from numpy.typing import NDArray

from engine.arrays import Bools, Ints, Numbers, Register, numbered, spread
from engine.outlook.banding import COVERAGE
from engine.outlook.people import People
from engine.outlook.space import NO_BAND, UNRATED, Space
from engine.outlook.steps import Moves
from engine.signals import STATUS
from rules.pack import BANDS, STATUSES

MOST_TRIED = 400
"""Changes of one size tried on one person where the rules rest on more than statuses; beyond, the size is not
searched."""
AT_ONCE = 20_000_000
"""Comparisons of what is there with what changes need that are made together."""
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
    moved: Bools = after < before if up else after > before
    return moved & ~np.isin(after, (INSUFFICIENT, NO_BAND))


@dataclass(frozen=True)
class Offered:
    """Changes worth carrying out."""

    rows: Ints
    """Whose, in ascending order."""
    moves: Sequence[Moves]
    numbers: Ints
    """For each of `rows` the place of its moves in `moves`."""
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


_Change = tuple[_Move, ...]


@dataclass(frozen=True)
class _Table:
    """Every change by class of one size, each at a place of these."""

    changes: Sequence[_Change]
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
    _moves: Register[Moves] = field(default_factory=Register, repr=False)
    _known: dict[tuple[int, int, tuple[int, ...]], Ints] = field(default_factory=dict, repr=False)
    """By size, state and statuses: places in `_moves`."""
    _reached: dict[tuple[int, int], Sequence[_Change]] = field(default_factory=dict, repr=False)
    """By size and state: the changes by class that may reach another band."""
    _tables: dict[int, _Table] = field(default_factory=dict, repr=False)

    def of(self, people: People, rows: Ints, size: int) -> Offered:
        """The changes of these rows that move so many signals."""
        statuses = people.statuses[rows]
        if not people.by_state:
            return self._every(rows, statuses, size)
        states = people.states[rows]
        distinct, codes = np.unique(states, return_inverse=True)
        places, numbers = numbered(
            [codes, *statuses.T], [max(1, len(distinct)), *([len(STATUSES)] * statuses.shape[1])]
        )
        self._learn(distinct.tolist(), size)
        lists = [
            self._expanded(size, state, tuple(some))
            for state, some in zip(states[places].tolist(), statuses[places].tolist(), strict=True)
        ]
        at, moves = spread(numbers, lists)
        return Offered(rows[at], self._moves.values, moves, frozenset())

    def nearer(self, numbers: Ints) -> Ints:
        """For places in `Offered.moves`: the places of the moves of the same signals that move none of them
        further and some less far, as far as they were offered to anybody; then -1."""
        found = [
            [self._moves.number(moves) for moves in self._nearer(number) if moves in self._moves]
            for number in numbers.tolist()
        ]
        table = np.full((len(found), max(map(len, found), default=0)), -1)
        for at, some in enumerate(found):
            table[at, : len(some)] = some
        return table

    def _nearer(self, number: int) -> Iterator[Moves]:
        moves = self._moves.values[number]
        nearest_first = _TARGETS[self.up][STATUS["gap"] if self.up else STATUS["met"]]
        choices = [
            [(signal, nearer) for nearer in nearest_first[: nearest_first.index(code) + 1]]
            for signal, code in moves
        ]
        return (nearer for nearer in product(*choices) if nearer != moves)

    def _every(self, rows: Ints, statuses: Ints, size: int) -> Offered:
        """Every choice of signals and statuses, of the rows for which these are few enough."""
        lists = [list(self._choices(some, size)) for some in statuses.tolist()]
        few = [at for at, some in enumerate(lists) if len(some) <= MOST_TRIED]
        moves = [self._moves.number(one) for at in few for one in lists[at]]
        counts = [len(lists[at]) for at in few]
        left_out = frozenset(rows.tolist()).difference(rows[few].tolist())
        return Offered(
            np.repeat(rows[few], counts), self._moves.values, np.array(moves, dtype=np.int64), left_out
        )

    def _choices(self, statuses: Sequence[int], size: int) -> Iterator[Moves]:
        targets = {n: _TARGETS[self.up][status] for n, status in enumerate(statuses)}
        for signals in combinations([signal for signal, codes in targets.items() if codes], size):
            for codes in product(*(targets[signal] for signal in signals)):
                yield tuple(zip(signals, codes, strict=True))

    def _expanded(self, size: int, state: int, statuses: tuple[int, ...]) -> Ints:
        key = size, state, statuses
        if key not in self._known:
            sets = (self._expand(change, statuses) for change in self._reached[size, state])
            found = dict.fromkeys(self._moves.number(moves) for some in sets for moves in some)
            self._known[key] = np.array(list(found), dtype=np.int64)
        return self._known[key]

    def _learn(self, states: Sequence[int], size: int) -> None:
        """Find the changes by class that may reach another band from these states."""
        new, table = [state for state in states if (size, state) not in self._reached], self._table(size)
        step = max(1, AT_ONCE // max(1, table.needs.size))
        for start in range(0, len(new), step):
            some = new[start : start + step]
            rows, changes = self._possible(self.space.numbers(some), table)
            reaching = self._reaching(self.space.numbers(some), rows, changes, table)
            ends = np.searchsorted(rows[reaching], np.arange(1, len(some) + 1)).tolist()
            found, begin = changes[reaching].tolist(), 0
            for state, end in zip(some, ends, strict=True):
                self._reached[size, state] = [table.changes[place] for place in found[begin:end]]
                begin = end

    def _possible(self, states: Numbers, table: _Table) -> tuple[Ints, Ints]:
        """The places of states and of changes for which enough signals are where they begin."""
        counts = self.space.counts(states)
        there = np.zeros((len(states), len(table.places)), dtype=np.int8)
        for column, place in enumerate(table.places):
            there[:, column] = np.minimum(counts[place], LARGEST_COUNT)
        rows, changes = np.nonzero((there[:, np.newaxis] >= table.needs).all(axis=2))
        return rows, changes

    def _reaching(self, states: Numbers, rows: Ints, changes: Ints, table: _Table) -> Bools:
        """Whether the changes of the states at these rows may reach another band."""
        present, values = self.space.codes(states)[rows], table.values[changes]
        found = leads(present, self.space.codes(states[rows] + values), up=self.up)
        if COVERAGE in self.space.banding.program.cuts:
            # Ratings that are added move coverage by an amount of the person's own: any bin is supposed.
            adding = np.flatnonzero(table.adds[changes])
            found[adding] = False
            for bin_ in range(self.space.banding.coverage_cut.size):
                afters = self._with_coverage(states, bin_)[rows[adding]] + values[adding]
                found[adding] |= leads(present[adding], self.space.codes(afters), up=self.up)
        return found

    def _with_coverage(self, states: Numbers, bin_: int) -> Numbers:
        """The states with the coverage in a bin."""
        numbers = states // self.space.size
        moved = [self.space.with_coverage(number, bin_) for number in numbers.tolist()]
        covered: Numbers = (self.space.numbers(moved) - numbers) * self.space.size + states
        return covered

    def _table(self, size: int) -> _Table:
        if size not in self._tables:
            places = sorted({(move.of_class, move.start) for move in self._class_moves})
            changes = list(combinations_with_replacement(self._class_moves, size))
            needs = [Counter((move.of_class, move.start) for move in change) for change in changes]
            self._tables[size] = _Table(
                changes=changes,
                places=places,
                needs=np.array([[one[place] for place in places] for one in needs], dtype=np.int8).reshape(
                    len(changes), len(places)
                ),
                values=self.space.numbers([sum(move.value for move in change) for change in changes]),
                adds=np.array([any(move.adds for move in change) for change in changes], dtype=np.bool_),
            )
        return self._tables[size]

    @cached_property
    def _class_moves(self) -> list[_Move]:
        space, moves = self.space, []
        for place, one in enumerate(space.classes):
            for start, end in product(range(len(one.groups)), repeat=2):
                reachable = {code for status in one.groups[start] for code in _TARGETS[self.up][status]}
                if start != end and reachable & set(one.groups[end]):
                    value = space.values[place][end] - space.values[place][start]
                    moves.append(_Move(place, start, end, UNRATED in one.groups[start], value))
        return moves

    def _expand(self, change: _Change, statuses: Sequence[int]) -> Iterator[Moves]:
        """The choices of signals for a change by class."""
        choices: list[list[tuple[tuple[int, int], ...]]] = []
        for move in dict.fromkeys(change):
            one = self.space.classes[move.of_class]
            able = list(self._able(one.members, one.groups[move.start], one.groups[move.end], statuses))
            choices.append(list(combinations(able, change.count(move))))
        for chosen in product(*choices):
            moves = [move for part in chosen for move in part]
            if len({signal for signal, _ in moves}) == len(moves):
                yield tuple(sorted(moves))

    def _able(
        self, members: Iterable[int], start: Sequence[int], end: Sequence[int], statuses: Sequence[int]
    ) -> Iterator[tuple[int, int]]:
        """The signals of a class that can make a move, with the nearest status that it leads to."""
        for signal in members:
            if statuses[signal] in start:
                ends = [code for code in _TARGETS[self.up][statuses[signal]] if code in end]
                if ends:
                    yield signal, ends[0]
