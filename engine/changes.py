"""What would change a recommendation: the smallest changes of a manager's ratings that reach another band.

A change moves up to three signals of one person to another status. The smallest are those that move the
fewest signals, and of the same signals to the nearest statuses; each is stated in the fewest rating steps
that bring about its moves (`engine.steps`). What is stated is carried out on the person's ratings with
everything that moves along, and only what holds is kept. Where the rules look at more than statuses, the
smallest are those of the fewest rating steps (`engine.step_changes`); moves of signals are tried where the
steps are too many to try.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from engine.candidates import Candidates
from engine.people import People, Supposed
from engine.step_changes import Steps, find_steps
from engine.steps import Moves, Plan
from rules.pack import BANDS

LARGEST_CHANGE = 3
"""Signals that a change moves at most."""
INSUFFICIENT = BANDS.index("insufficient_evidence")
Direction = Literal["up", "down"]


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


def find_changes(people: People, direction: Direction) -> Search:
    """The smallest changes that lead to a better band (`up`) or to a worse one (`down`).

    Only people with a band in the order of bands are searched; insufficient evidence is no place in it.
    """
    ends = (0, INSUFFICIENT) if direction == "up" else (INSUFFICIENT - 1, INSUFFICIENT)
    waiting = [row for row, code in enumerate(people.codes) if code not in ends]
    return _Searcher(people, up=direction == "up").search(waiting)


@dataclass(frozen=True)
class _Searcher:
    """The search for one transition in one direction."""

    people: People
    up: bool

    def search(self, waiting: Sequence[int]) -> Search:
        if self.people.by_state:
            return self._by_moves(waiting)
        steps = find_steps(self.people, waiting, self._leads, up=self.up)
        by_steps = {row: tuple(map(self._stepped, ways)) for row, ways in steps.found.items()}
        others = [row for row in waiting if row not in by_steps]
        rest = self._by_moves(others)
        moved = {
            row: tuple(replace(change, fewest=False) for change in some) for row, some in rest.found.items()
        }
        known = {row for row in steps.exhausted if None not in self.people.managers_ratings[row]}
        return Search(by_steps | moved, frozenset(others) - moved.keys() - known, steps.tried)

    def _stepped(self, way: Steps) -> FoundChange:
        change = self._found(way.supposed, way.code, way.taken)
        # A rating that is missing could be given in one step, and that is not searched.
        ratings = self.people.managers_ratings[way.supposed.row]
        return replace(change, fewest=way.taken == 1 or None not in ratings)

    def _by_moves(self, waiting: Sequence[int]) -> Search:
        candidates = Candidates(self.people, self._leads, up=self.up)
        found: dict[int, tuple[FoundChange, ...]] = {}
        unsearched: set[int] = set()
        for size in range(1, LARGEST_CHANGE + 1):
            rows = [row for row in waiting if row not in found]
            offered = candidates.of(rows, size)
            unsearched.update(row for row in rows if row not in offered)
            found |= self._held(self._planned(offered))
        return Search(found, frozenset(unsearched - found.keys()))

    def _leads(self, before: int, after: int | None) -> bool:
        """Whether a band (its place in the order of bands) is better, or worse, than another."""
        if after is None or after == INSUFFICIENT:
            return False
        return after < before if self.up else after > before

    def _planned(self, offered: Mapping[int, Sequence[Moves]]) -> Iterator[tuple[Moves, Plan, Supposed]]:
        """The changes that the scale has room for, carried out."""
        carry_out = self.people.ladder.raised if self.up else self.people.ladder.lowered
        ratings = self.people.managers_ratings
        for row, changes in offered.items():
            for moves in changes:
                plan = carry_out(ratings[row], moves)
                if plan is not None:
                    yield moves, plan, self.people.suppose(row, plan.ratings)

    def _held(self, planned: Iterator[tuple[Moves, Plan, Supposed]]) -> dict[int, tuple[FoundChange, ...]]:
        """What reaches another band when it is carried out."""
        tried = list(planned)
        codes = self.people.codes_of([supposed for _, _, supposed in tried])
        held: dict[int, list[tuple[Moves, Plan, Supposed, int]]] = {}
        for (moves, plan, supposed), code in zip(tried, codes, strict=True):
            if code is not None and self._leads(self.people.codes[supposed.row], code):
                held.setdefault(supposed.row, []).append((moves, plan, supposed, code))
        return {row: self._smallest(changes) for row, changes in held.items()}

    def _smallest(self, changes: Sequence[tuple[Moves, Plan, Supposed, int]]) -> tuple[FoundChange, ...]:
        kept = set(_nearest([moves for moves, *_ in changes], up=self.up))
        found = [
            self._found(supposed, code, plan.steps, {signal for signal, _ in moves})
            for moves, plan, supposed, code in changes
            if moves in kept
        ]
        return tuple(sorted(found, key=lambda change: (change.steps, change.moves)))

    def _found(
        self, supposed: Supposed, code: int, steps: int, wanted: Collection[int] | None = None
    ) -> FoundChange:
        """The change as it is stated; without `wanted`, every signal that moves is one of its moves."""
        before = self.people.statuses[supposed.row]
        ratings = self.people.managers_ratings[supposed.row]
        moved = [
            (signal, before[signal], status)
            for signal, status in supposed.statuses.items()
            if before[signal] != status
        ]
        return FoundChange(
            recommendation=BANDS[code],
            moves=tuple(move for move in moved if wanted is None or move[0] in wanted),
            ratings=tuple((place, ratings[place], new) for place, new in sorted(supposed.ratings.items())),
            steps=steps,
            also=tuple(move for move in moved if wanted is not None and move[0] not in wanted),
        )


def _nearest(sets: Sequence[Moves], *, up: bool) -> list[Moves]:
    """Without the changes that move the same signals further than another one of them."""
    by_signals: dict[tuple[int, ...], list[Moves]] = {}
    for moves in dict.fromkeys(sets):
        by_signals.setdefault(tuple(signal for signal, _ in moves), []).append(moves)
    return [
        moves
        for alike in by_signals.values()
        for moves in alike
        if not any(other != moves and _within(other, moves, up=up) for other in alike)
    ]


def _within(nearer: Moves, further: Moves, *, up: bool) -> bool:
    """Whether no signal is moved further in one change of the same signals than in the other."""
    return all((a >= b if up else a <= b) for (_, a), (_, b) in zip(nearer, further, strict=True))
