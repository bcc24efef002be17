"""What would change a recommendation: the smallest changes of a manager's ratings that reach another band.

A change moves up to three signals of one person to another status. The smallest are those that move the
fewest signals, and of the same signals to the nearest statuses; each is stated in the fewest rating steps
that bring about its moves (`engine.steps`). Which changes can reach another band is decided in the case space
of the rules, for everybody in the same state at once; what is stated is then carried out on the person's
ratings with everything that moves along, and only what holds is kept.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, combinations_with_replacement, product
from typing import Literal

import polars as pl

from engine.banding import COVERAGE, Banding
from engine.signals import STATUS
from engine.space import UNRATED, Space
from engine.steps import Ladder, Moves, Plan
from inputs.roster import rating_column
from rules.pack import BANDS

LARGEST_CHANGE = 3
"""Signals that a change moves at most."""
MOST_TRIED = 400
"""Changes of one size tried on one person where the rules rest on more than statuses; beyond, the size is not
searched."""
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


@dataclass(frozen=True)
class Search:
    """Everybody's smallest changes in one direction."""

    found: Mapping[int, tuple[FoundChange, ...]]
    """By row: every smallest change, fewest steps first; a row without any is not there."""
    searched: Mapping[int, int]
    """By row without a change: how many signals at once were tried."""


@dataclass(frozen=True)
class People:
    """Some people of one transition with everything that their band is made of, one row each, in order."""

    banding: Banding
    ratings: pl.DataFrame
    """`person` and rating columns."""
    evidence: pl.DataFrame
    times: pl.DataFrame
    present: pl.Series
    """The recommendation."""

    def with_ratings(self, changed: Sequence[tuple[int, Mapping[int, int]]]) -> "Outcome":
        """Run everything again for these rows, each with some ratings (by place) replaced."""
        rows = pl.Series([row for row, _ in changed], dtype=pl.UInt32)
        ratings = self.ratings[rows]
        replaced: dict[int, tuple[list[int], list[int]]] = {}
        for place, (_, new) in enumerate(changed):
            for competency, rating in new.items():
                places, values = replaced.setdefault(competency, ([], []))
                places.append(place)
                values.append(rating)
        columns = []
        for competency, (places, values) in replaced.items():
            name = rating_column(self.banding.competencies[competency], "manager")
            known = ratings[name] if name in ratings.columns else _nothing(name, ratings.height)
            columns.append(known.scatter(places, values))
        evidence = self.banding.evidence(ratings.with_columns(columns))
        return Outcome(self.banding.bands(evidence, self.times[rows]), evidence)

    @cached_property
    def ladder(self) -> Ladder:
        """The steps of the scale."""
        return Ladder.of(self.banding)

    @cached_property
    def managers_ratings(self) -> list[tuple[int | None, ...]]:
        """By row, the manager's ratings in the order of `Banding.competencies`."""
        names = [rating_column(name, "manager") for name in self.banding.competencies]
        columns = [
            self.ratings[name] if name in self.ratings.columns else _nothing(name, self.ratings.height)
            for name in names
        ]
        return pl.DataFrame(columns).rows()

    @cached_property
    def statuses(self) -> list[tuple[int, ...]]:
        """By row, the codes of the signals' statuses."""
        return self.evidence.select(names.status for names in self.banding.columns).rows()

    @cached_property
    def placed(self) -> tuple[Space, pl.Series]:
        """The case space, and by row the number of the fixed facts."""
        return Space.of(self.banding, self.banding.bins(self.banding.facts(self.evidence, self.times)))

    @cached_property
    def by_state(self) -> bool:
        """Whether a state of the case space decides the band."""
        return self.banding.rests_on_statuses and self.placed[0].packable

    @cached_property
    def states(self) -> pl.Series:
        """By row, the state; asked for only where it decides the band."""
        space, fixed = self.placed
        frame = self.evidence.with_columns(fixed.alias("fixed"))
        state = space.states(pl.col("fixed"), self.banding.columns)
        return frame.select(state.alias("state")).to_series()


@dataclass(frozen=True)
class Outcome:
    """What running again came to."""

    bands: pl.Series
    evidence: pl.DataFrame


def find_changes(people: People, direction: Direction) -> Search:
    """The smallest changes that lead to a better band (`up`) or to a worse one (`down`).

    Only people with a band in the order of bands are searched; insufficient evidence is no place in it.
    """
    codes = people.present.to_physical()
    ends = (0, INSUFFICIENT) if direction == "up" else (INSUFFICIENT - 1, INSUFFICIENT)
    waiting = [row for row, code in enumerate(codes) if code not in ends]
    return _Searcher(people, direction).search(waiting)


def _nothing(name: str, height: int) -> pl.Series:
    return pl.repeat(None, height, dtype=pl.Int64, eager=True).alias(name)


@dataclass(frozen=True)
class _Move:
    """Signals of a class go from one group of statuses to another."""

    of_class: int
    start: int
    end: int
    """Places of the groups in the class."""


class _Searcher:
    """The search for one transition in one direction."""

    def __init__(self, people: People, direction: Direction) -> None:
        self.people = people
        self.up = direction == "up"
        self.banding = people.banding
        self.ladder = people.ladder
        self.space = people.placed[0]
        self.by_state = people.by_state
        self.ratings = people.managers_ratings
        self.statuses = people.statuses
        self.codes = people.present.to_physical().to_list()
        self.looking_at = [
            [n for n, weights in enumerate(self.ladder.weights) if place in weights]
            for place in range(len(self.banding.competencies))
        ]
        if self.by_state:
            self.states = people.states
            self.state_list: list[int] = self.states.to_list()
            signals = range(len(self.banding.transition.signals))
            self.contributions = [self.space.contribution(n) for n in signals]

    def search(self, waiting: Sequence[int]) -> Search:
        found: dict[int, tuple[FoundChange, ...]] = {}
        searched = dict.fromkeys(waiting, 0)
        if self.by_state:
            self.reaching = self._reaching(waiting)
        for size in range(1, LARGEST_CHANGE + 1):
            rows = [row for row in waiting if row not in found]
            planned = [(row, plan) for row, plans in self._plans(rows, size) for plan in plans]
            for row in rows:
                searched[row] += searched[row] == size - 1 and row not in self._too_many
            found |= self._held(planned)
        return Search(found, {row: size for row, size in searched.items() if row not in found})

    def _plans(self, rows: Sequence[int], size: int) -> Iterator[tuple[int, list[tuple[Moves, Plan]]]]:
        """By row, the changes of a size that may reach another band, carried out."""
        self._too_many: set[int] = set()
        carry_out = self.ladder.raised if self.up else self.ladder.lowered
        for row, changes in self._candidates(rows, size):
            plans = ((moves, carry_out(self.ratings[row], moves)) for moves in changes)
            yield row, [(moves, plan) for moves, plan in plans if plan is not None]

    def _candidates(self, rows: Sequence[int], size: int) -> Iterator[tuple[int, Iterable[Moves]]]:
        if not self.by_state:
            for row in rows:
                every = list(self._every_change(row, size))
                if len(every) > MOST_TRIED:
                    self._too_many.add(row)
                else:
                    yield row, every
            return
        chosen: dict[tuple[int, tuple[int, ...]], list[Moves]] = {}
        for row in rows:
            key = (self.state_list[row], self.statuses[row])
            if key not in chosen:
                expanded = (self._expand(change, key[1]) for change in self.reaching[size][key[0]])
                chosen[key] = list(dict.fromkeys(moves for sets in expanded for moves in sets))
            if chosen[key]:
                yield row, chosen[key]

    def _every_change(self, row: int, size: int) -> Iterator[Moves]:
        """Every choice of signals and statuses."""
        targets = {signal: tuple(self._targets(status)) for signal, status in enumerate(self.statuses[row])}
        for signals in combinations([signal for signal, codes in targets.items() if codes], size):
            for codes in product(*(targets[signal] for signal in signals)):
                yield tuple(zip(signals, codes, strict=True))

    def _targets(self, status: int) -> Iterable[int]:
        """The statuses that a signal may be moved to, the nearest first."""
        met, near, gap = STATUS["met"], STATUS["near"], STATUS["gap"]
        if self.up:
            return {met: (), near: (met,), gap: (near, met), UNRATED: (near, met)}[status]
        return {met: (near, gap), near: (gap,), gap: (), UNRATED: ()}[status]

    def _reaching(self, rows: Sequence[int]) -> dict[int, dict[int, list[tuple[_Move, ...]]]]:
        """By size and state of these rows: the changes by class that may reach another band."""
        states = self.states.gather(rows).unique().sort()
        changes = [
            change
            for size in range(1, LARGEST_CHANGE + 1)
            for change in combinations_with_replacement(self._moves(), size)
        ]
        reaching: dict[int, dict[int, list[tuple[_Move, ...]]]] = {
            size: {state: [] for state in states} for size in range(1, LARGEST_CHANGE + 1)
        }
        possible = list(self._possible(states.to_list(), changes))
        if not possible:
            return reaching
        distinct = pl.Series(sorted({after for _, _, after in possible}), dtype=states.dtype)
        index = {after: n for n, after in enumerate(distinct)}
        table = pl.DataFrame(
            [(change, place, index[after]) for change, place, after in possible],
            schema=dict.fromkeys(("change", "state", "after"), pl.UInt32),
            orient="row",
        )
        adds = pl.Series([any(self._from_unrated(move) for move in change) for change in changes])
        added = adds.gather(table["change"])
        present = self.space.bands(states).to_physical().gather(table["state"])
        better = self._better(self._codes(distinct, None).gather(table["after"]), present) & ~added
        for bin_ in self._coverage_bins():
            codes = self._codes(distinct, bin_).gather(table["after"])
            better = better | (self._better(codes, present) & added)
        for number, place in table.filter(better).select("change", "state").iter_rows():
            change = changes[number]
            reaching[len(change)][states.item(place)].append(change)
        return reaching

    def _coverage_bins(self) -> Iterable[int | None]:
        """Ratings that are added move coverage by an amount of the person's own: any bin is supposed."""
        if COVERAGE not in self.banding.program.facts:
            return (None,)
        return range(self.banding.program.cuts[COVERAGE].size)

    def _better(self, codes: pl.Series, present: pl.Series) -> pl.Series:
        return (codes < present if self.up else codes > present).fill_null(value=False)

    def _codes(self, states: pl.Series, coverage_bin: int | None) -> pl.Series:
        """The place of each state's band in the order of bands; null outside that order."""
        codes = self.space.bands(states, coverage_bin).to_physical()
        return codes.set(codes == INSUFFICIENT, None)

    def _moves(self) -> list[_Move]:
        moves = []
        for place, one in enumerate(self.space.classes):
            for start, end in product(range(len(one.groups)), repeat=2):
                reachable = {code for status in one.groups[start] for code in self._targets(status)}
                if start != end and reachable & set(one.groups[end]):
                    moves.append(_Move(place, start, end))
        return moves

    def _from_unrated(self, move: _Move) -> bool:
        return UNRATED in self.space.classes[move.of_class].groups[move.start]

    def _possible(
        self, states: Sequence[int], changes: Sequence[Sequence[_Move]]
    ) -> Iterator[tuple[int, int, int]]:
        """Change, place of the state, and the state after it, where enough signals are in the groups that the
        change starts from."""
        there = [self.space.counts(state) for state in states]
        for number, change in enumerate(changes):
            needed = Counter((move.of_class, move.start) for move in change)
            values = self.space.values
            delta = sum(values[m.of_class][m.end] - values[m.of_class][m.start] for m in change)
            for place, counts in enumerate(there):
                if all(counts[start] >= count for start, count in needed.items()):
                    yield number, place, states[place] + delta

    def _expand(self, change: Sequence[_Move], statuses: Sequence[int]) -> Iterator[Moves]:
        """The choices of signals for a change by class."""
        choices = []
        for move in dict.fromkeys(change):
            one = self.space.classes[move.of_class]
            able = []
            for signal in one.members:
                if statuses[signal] in one.groups[move.start]:
                    ends = [code for code in self._targets(statuses[signal]) if code in one.groups[move.end]]
                    able += [(signal, ends[0])] if ends else []
            choices.append(list(combinations(able, change.count(move))))
        for chosen in product(*choices):
            moves = [move for part in chosen for move in part]
            if len({signal for signal, _ in moves}) == len(moves):
                yield tuple(sorted(moves))

    def _held(self, planned: Sequence[tuple[int, tuple[Moves, Plan]]]) -> dict[int, tuple[FoundChange, ...]]:
        """What reaches another band when it is carried out."""
        held: dict[int, list[tuple[Moves, FoundChange]]] = {}
        for (row, (moves, plan)), (code, after) in zip(planned, self._carried_out(planned), strict=True):
            if code is None or code == INSUFFICIENT:
                continue
            if code < self.codes[row] if self.up else code > self.codes[row]:
                change = self._found(row, moves, plan, BANDS[code], after)
                held.setdefault(row, []).append((moves, change))
        return {row: _smallest(changes, up=self.up) for row, changes in held.items()}

    def _carried_out(
        self, planned: Sequence[tuple[int, tuple[Moves, Plan]]]
    ) -> Iterator[tuple[int | None, Mapping[int, int]]]:
        """By plan: the place of the band in the order of bands, and the statuses of the signals it touches.

        Where statuses decide and no rating is added, the new state says the band; else all is run again.
        """
        by_state = [
            self.by_state and all(self.ratings[row][place] is not None for place in plan.ratings)
            for row, (_, plan) in planned
        ]
        touched = [self._touched(row, plan) for row, (_, plan) in planned]
        states = [
            self._state_after(row, statuses)
            for (row, _), statuses, known in zip(planned, touched, by_state, strict=True)
            if known
        ]
        known_bands = iter(self._bands_of(states))
        others = [
            (row, plan.ratings)
            for (row, (_, plan)), known in zip(planned, by_state, strict=True)
            if not known
        ]
        other_bands = iter(self.people.with_ratings(others).bands.to_physical() if others else ())
        for statuses, known in zip(touched, by_state, strict=True):
            yield next(known_bands if known else other_bands), statuses

    def _bands_of(self, states: Sequence[int]) -> Iterable[int | None]:
        if not states:
            return ()
        every = pl.Series("state", states, dtype=pl.Int64)
        distinct = every.unique().sort()
        codes = self.space.bands(distinct).to_physical()
        return codes.gather(distinct.search_sorted(every)).to_list()

    def _touched(self, row: int, plan: Plan) -> dict[int, int]:
        """The statuses, after a plan, of the signals that look at what it changes."""
        ratings = list(self.ratings[row])
        for place, rating in plan.ratings.items():
            ratings[place] = rating
        signals = {signal for place in plan.ratings for signal in self.looking_at[place]}
        return {signal: self.ladder.status(signal, ratings) for signal in sorted(signals)}

    def _state_after(self, row: int, statuses: Mapping[int, int]) -> int:
        before = self.statuses[row]
        return self.state_list[row] + sum(
            self.contributions[signal][status] - self.contributions[signal][before[signal]]
            for signal, status in statuses.items()
        )

    def _found(self, row: int, moves: Moves, plan: Plan, band: str, after: Mapping[int, int]) -> FoundChange:
        before, wanted = self.statuses[row], {signal for signal, _ in moves}
        moved = [(n, before[n], status) for n, status in after.items() if before[n] != status]
        return FoundChange(
            recommendation=band,
            moves=tuple(move for move in moved if move[0] in wanted),
            ratings=tuple(
                (place, self.ratings[row][place], new) for place, new in sorted(plan.ratings.items())
            ),
            steps=plan.steps,
            also=tuple(move for move in moved if move[0] not in wanted),
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


def _smallest(changes: Sequence[tuple[Moves, FoundChange]], *, up: bool) -> tuple[FoundChange, ...]:
    kept = set(_nearest([moves for moves, _ in changes], up=up))
    smallest = [change for moves, change in changes if moves in kept]
    return tuple(sorted(smallest, key=lambda change: (change.steps, change.moves)))
