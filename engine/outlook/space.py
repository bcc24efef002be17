"""The case space of a band: every case as one whole number, so that supposed changes are additions.

Signals that the rules cannot tell apart form a class; of a class only counts by status matter, and statuses
that no rule names are one group. A state is the counts of all classes packed into one number, together with
the number of the combination of facts that ratings do not move (time, coverage).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import prod

import numpy as np
from numpy.typing import NDArray

from engine.decide.discretization import NumberCut
from engine.decide.evidence import STATUS
from engine.outlook.arrays import LARGEST_KEY, Ints, Numbers, numbered, strides
from engine.outlook.banding import COVERAGE, Banding
from rules.pack import BANDS, STATUSES

UNRATED = STATUS["unrated"]
NO_BAND = len(BANDS)
"""In arrays of places in `rules.pack.BANDS`: the rules give no band, or contradict each other."""
LARGEST_TABLE = 2**24
"""States up to which the bands are kept in a table by state."""
_NOT_ASKED = -1
Group = tuple[int, ...]
"""Codes of statuses that the rules do not tell apart."""


@dataclass(frozen=True)
class SignalClass:
    """Signals that the rules treat alike."""

    importance: str
    members: tuple[int, ...]
    """Places in the promotion's signals."""
    groups: tuple[Group, ...]

    def group_of(self, status: int) -> int:
        """The place of the group that a status is in."""
        return next(place for place, group in enumerate(self.groups) if status in group)


@dataclass(frozen=True)
class Space:
    """The states of some variants whose band rests on statuses."""

    banding: Banding
    _codes: dict[int, int] = field(default_factory=dict, repr=False, compare=False)
    """By state, where there are too many for a table."""

    @cached_property
    def classes(self) -> tuple[SignalClass, ...]:
        """The classes of signals, those named by themselves first."""
        promotion, facts = self.banding.promotion, set(self.banding.program.facts)
        classes = [
            SignalClass(signal.importance, (place,), tuple((code,) for code in range(len(STATUSES))))
            for place, signal in enumerate(promotion.signals)
            if f"signal.{signal.id}" in facts
        ]
        alone = {place for one in classes for place in one.members}
        for importance in dict.fromkeys(signal.importance for signal in promotion.signals):
            members = tuple(
                place
                for place, signal in enumerate(promotion.signals)
                if signal.importance == importance and place not in alone
            )
            if members:
                classes.append(SignalClass(importance, members, self._groups(importance, facts)))
        return tuple(classes)

    def _groups(self, importance: str, facts: set[str]) -> tuple[Group, ...]:
        """Statuses that a count names, or whose change moves coverage, each alone; the others together."""
        told_apart = [
            code
            for code, status in enumerate(STATUSES)
            if f"{importance}_{status}" in facts or (code == UNRATED and COVERAGE in facts)
        ]
        rest = tuple(code for code in range(len(STATUSES)) if code not in told_apart)
        return (*((code,) for code in told_apart), *((rest,) if rest else ()))

    @cached_property
    def class_of(self) -> dict[int, int]:
        """Place of a signal to the place of its class."""
        return {member: place for place, one in enumerate(self.classes) for member in one.members}

    @cached_property
    def _radices(self) -> list[int]:
        # The last group of a class is what the other groups leave over and needs no digit of its own.
        return [len(one.members) + 1 for one in self.classes for _ in one.groups[1:]]

    @cached_property
    def size(self) -> int:
        """How many packed counts there are; for each combination of fixed facts there are so many states."""
        return prod(self._radices)

    @cached_property
    def _sizes(self) -> tuple[int, ...]:
        """How many bins each of the fixed facts has."""
        return tuple(self.banding.program.cuts[name].size for name in self.banding.fixed_facts)

    @cached_property
    def _strides(self) -> Ints:
        """What the bin of each of the fixed facts counts for in the number of a combination."""
        return strides(self._sizes)

    @property
    def _states(self) -> int:
        """How many states there are."""
        return self.size * prod(self._sizes)

    @cached_property
    def values(self) -> tuple[tuple[int, ...], ...]:
        """By class and group: what one signal in it adds to the packed counts."""
        values, place, digits = [], 1, iter(self._radices)
        for one in self.classes:
            own = []
            for _ in one.groups[1:]:
                own.append(place)
                place *= next(digits)
            values.append((*own, 0))
        return tuple(values)

    @cached_property
    def contributions(self) -> Numbers:
        """By signal and status: what a signal of that status adds to the packed counts."""
        places = range(len(self.banding.columns))
        added = [[self._contribution(place, code) for code in range(len(STATUSES))] for place in places]
        return np.array(added, dtype=np.int64 if self._states <= LARGEST_KEY else object)

    def states(self, combinations: Ints, statuses: Ints) -> Numbers:
        """The states with these numbers of `combinations` and codes of statuses, signals along the last
        axis."""
        added = self.contributions[np.arange(len(self.contributions)), statuses].sum(axis=-1)
        states: Numbers = combinations.astype(self.contributions.dtype) * self.size + added
        return states

    def combinations(self, bins: Ints) -> Ints:
        """The numbers of combinations of fixed facts: rows of bins, a column for each of
        `Banding.fixed_facts`."""
        numbers: Ints = bins @ self._strides
        return numbers

    def with_times(self, combinations: Ints, bins: Ints) -> Ints:
        """The numbers of the same combinations at other times, with a column of bins for each of
        `Banding.time_facts`, which are the first of the fixed facts."""
        times = bins.shape[1]
        other = combinations - combinations % prod(self._sizes[:times])
        numbers: Ints = other + bins @ self._strides[:times]
        return numbers

    def with_coverage(self, combinations: Numbers, bins: Ints | int) -> Numbers:
        """The numbers of the same combinations with the coverage, which the rules look at, in other bins."""
        place = self.banding.fixed_facts.index(COVERAGE)
        stride, size = self._strides[place], self._sizes[place]
        numbers: Numbers = combinations + (bins - combinations // stride % size) * stride
        return numbers

    def covered(self, states: Numbers, bin_: int) -> Numbers:
        """The states with the coverage, which the rules look at, in a bin."""
        before = states // self.size
        covered: Numbers = states + (self.with_coverage(before, bin_) - before) * self.size
        return covered

    def codes(self, states: Numbers) -> Ints:
        """The place of the band of each state in `rules.pack.BANDS`, or `NO_BAND`."""
        if self._states > LARGEST_TABLE:
            return self._remembered(states)
        found = self._bands[states]
        unasked = np.unique(states[found == _NOT_ASKED])
        if len(unasked):
            self._bands[unasked] = self._ruled(unasked)
            found = self._bands[states]
        return found.astype(np.int64)

    def _remembered(self, states: Numbers) -> Ints:
        """As `codes`, where there are too many for a table."""
        distinct, numbers = np.unique(states, return_inverse=True)
        asked = distinct.tolist()
        new = [state for state in asked if state not in self._codes]
        self._codes.update(zip(new, self._ruled(self.numbers(new)).tolist(), strict=True))
        codes = np.array([self._codes[state] for state in asked], dtype=np.int64)
        return codes[numbers].reshape(states.shape)

    @cached_property
    def _bands(self) -> NDArray[np.int8]:
        """By state the code of its band, or that nobody has asked for it."""
        return np.full(self._states, _NOT_ASKED, dtype=np.int8)

    def _ruled(self, states: Numbers) -> Ints:
        """As `codes`, asked of the rules: of many states each case of theirs once."""
        program, bins = self.banding.program, self._bins(states)
        places, numbers = numbered(bins, [program.cuts[name].size for name in program.facts])
        codes = self.banding.codes_of([tuple(case) for case in bins[places].tolist()])
        known = [NO_BAND if code is None else code for code in codes]
        return np.array(known, dtype=np.int64)[numbers]

    @cached_property
    def places(self) -> dict[tuple[int, int], int]:
        """Class and group to the column of `counts`."""
        groups = [
            (place, group) for place, one in enumerate(self.classes) for group in range(len(one.groups))
        ]
        return {group: column for column, group in enumerate(groups)}

    def counts(self, states: Numbers) -> Ints:
        """How many signals each state has in each group of each class, as `places` says."""
        values, radices, whole, parts = self._digits
        digits: Ints = (states[:, np.newaxis] // values % radices).astype(np.int64)
        return whole + digits @ parts

    @cached_property
    def _digits(self) -> tuple[Numbers, Ints, Ints, Ints]:
        """Of the digits of packed counts: what each counts for, how many values it has; and what makes counts
        of them: the count without any digit, and what each digit adds to each count."""
        columns = [
            (place, group) for place, group in self.places if group < len(self.classes[place].groups) - 1
        ]
        whole = np.zeros(len(self.places), dtype=np.int64)
        parts = np.zeros((len(columns), len(self.places)), dtype=np.int64)
        for place, one in enumerate(self.classes):
            whole[self.places[place, len(one.groups) - 1]] = len(one.members)
        for digit, (place, group) in enumerate(columns):
            parts[digit, self.places[place, group]] = 1
            parts[digit, self.places[place, len(self.classes[place].groups) - 1]] = -1
        values = self.numbers([self.values[place][group] for place, group in columns])
        return values, np.array(self._radices, dtype=np.int64), whole, parts

    def numbers(self, states: Sequence[int]) -> Numbers:
        """States as an array."""
        return np.array(states, dtype=self.contributions.dtype)

    def _contribution(self, signal: int, status: int) -> int:
        of_class = self.class_of[signal]
        return self.values[of_class][self.classes[of_class].group_of(status)]

    def _bins(self, states: Numbers) -> Ints:
        """The bins of all facts of the program, a column for each."""
        facts = list(self.banding.program.facts)
        bins = np.empty((len(states), len(facts)), dtype=np.int64)
        combinations = (states // self.size)[:, np.newaxis]
        fixed = [facts.index(name) for name in self.banding.fixed_facts]
        bins[:, fixed] = combinations // self._strides % np.array(self._sizes, dtype=np.int64)
        decided = [facts.index(name) for name in self.banding.status_facts]
        weights, starts, of_sums = self._sums
        bins[:, decided] = of_sums[starts + self.counts(states) @ weights]
        return bins

    @cached_property
    def _sums(self) -> tuple[Ints, Ints, Ints]:
        """Of the facts that the statuses decide: the weight of each of `counts` in the sum of each fact; the
        bins of every sum of every fact, and where those of each begin."""
        names = self.banding.status_facts
        weights, of_sums = np.zeros((len(self.places), len(names)), dtype=np.int64), list[int]()
        starts = []
        for column, name in enumerate(names):
            counted, bins = self._sum_of(name)
            for group, weight in counted.items():
                weights[self.places[group], column] = weight
            starts.append(len(of_sums))
            of_sums += bins
        return weights, np.array(starts, dtype=np.int64), np.array(of_sums, dtype=np.int64)

    def _sum_of(self, fact: str) -> tuple[dict[tuple[int, int], int], Sequence[int]]:
        """The groups that are counted for a fact, each with its weight, and the bin of every sum."""
        if fact.startswith("signal."):
            signals = [signal.id for signal in self.banding.promotion.signals]
            place = self.class_of[signals.index(fact.removeprefix("signal."))]
            codes = range(len(STATUSES))  # one signal, and each status a group of its own
            return {(place, code): code for code in codes}, codes
        importance, _, status = fact.partition("_")
        alike = [(place, one) for place, one in enumerate(self.classes) if one.importance == importance]
        cut = self.banding.program.cuts[fact]
        assert isinstance(cut, NumberCut)
        most = sum(len(one.members) for _, one in alike)
        counted = {(place, one.groups.index((STATUSES.index(status),))): 1 for place, one in alike}
        return counted, [cut.bin_of(total, 1) for total in range(most + 1)]
