"""Which changes may reach another band, decided in the case space for everybody in the same state at once."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations, combinations_with_replacement, product

from engine.banding import COVERAGE
from engine.cuts import NumberCut
from engine.people import People
from engine.signals import STATUS
from engine.space import UNRATED
from engine.steps import Moves

MOST_TRIED = 400
"""Changes of one size tried on one person where the rules rest on more than statuses; beyond, the size is not
searched."""

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
_Places = tuple[tuple[tuple[int, int], int], ...]
"""Place of class and group to how many signals are there, as far as a change can use them."""


@dataclass(frozen=True)
class Candidates:
    """The changes worth carrying out, in one direction."""

    people: People
    leads: Callable[[int, int | None], bool]
    """Whether the second band is reached from the first in this direction."""
    up: bool
    _changes: dict[_Places, list[tuple[_Change, int, bool]]] = field(default_factory=dict, repr=False)

    def of(self, rows: Sequence[int], size: int) -> dict[int, Sequence[Moves]]:
        """By row, the changes that move so many signals; no row for which there are too many to search."""
        if not self.people.by_state:
            every = {row: list(self._every_change(row, size)) for row in rows}
            return {row: changes for row, changes in every.items() if len(changes) <= MOST_TRIED}
        states, statuses = self.people.states, self.people.statuses
        reaching = self._reaching({states[row]: self.people.codes[row] for row in rows}, size)
        expanded: dict[tuple[int, tuple[int, ...]], Sequence[Moves]] = {}
        found: dict[int, Sequence[Moves]] = {}
        for row in rows:
            key = (states[row], statuses[row])
            if key not in expanded:
                sets = (self._expand(change, key[1]) for change in reaching[key[0]])
                expanded[key] = list(dict.fromkeys(moves for some in sets for moves in some))
            found[row] = expanded[key]
        return found

    def _every_change(self, row: int, size: int) -> Iterator[Moves]:
        """Every choice of signals and statuses."""
        targets = {n: _TARGETS[self.up][status] for n, status in enumerate(self.people.statuses[row])}
        for signals in combinations([signal for signal, codes in targets.items() if codes], size):
            for codes in product(*(targets[signal] for signal in signals)):
                yield tuple(zip(signals, codes, strict=True))

    def _reaching(self, present: Mapping[int, int], size: int) -> dict[int, list[_Change]]:
        """By state, given with its band: the changes by class that may reach another band."""
        tried: dict[int, list[tuple[_Change, tuple[int, ...]]]] = {}
        for state in present:
            bases = self._with_any_coverage(state)
            tried[state] = [
                (change, tuple(base + value for base in bases) if adds else (state + value,))
                for change, value, adds in self._possible(state, size)
            ]
        afters = {after for changes in tried.values() for _, some in changes for after in some}
        codes, leads = self.people.space.codes(afters), self.leads
        return {
            state: [
                change
                for change, some in changes
                if any(leads(present[state], codes[after]) for after in some)
            ]
            for state, changes in tried.items()
        }

    def _with_any_coverage(self, state: int) -> Sequence[int]:
        """Ratings that are added move coverage by an amount of the person's own: any bin is supposed."""
        cut = self.people.banding.program.cuts.get(COVERAGE)
        if not isinstance(cut, NumberCut):
            return (state,)
        return tuple(self.people.space.with_coverage(state, bin_) for bin_ in range(cut.size))

    def _possible(self, state: int, size: int) -> list[tuple[_Change, int, bool]]:
        """The changes for which enough signals are where they begin, with what each adds to the state and
        whether it adds ratings."""
        there = self.people.space.counts(state)
        starts = {(move.of_class, move.start) for move in self._moves}
        key: _Places = ((-1, size), 0), *((place, min(there[place], size)) for place in sorted(starts))
        if key not in self._changes:
            able = [move for move in self._moves if there[move.of_class, move.start]]
            self._changes[key] = [
                (change, sum(move.value for move in change), any(move.adds for move in change))
                for change in combinations_with_replacement(able, size)
                if all(
                    there[place] >= count
                    for place, count in Counter((move.of_class, move.start) for move in change).items()
                )
            ]
        return self._changes[key]

    @cached_property
    def _moves(self) -> list[_Move]:
        space, moves = self.people.space, []
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
            one = self.people.space.classes[move.of_class]
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
