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

from engine.arrays import Ints, Numbers, Register
from engine.cuts import NumberCut
from engine.outlook.banding import COVERAGE, Banding
from engine.signals import STATUS
from rules.pack import BANDS, STATUSES

UNRATED = STATUS["unrated"]
NO_BAND = len(BANDS)
"""In arrays of places in `rules.pack.BANDS`: the rules give no band, or contradict each other."""
LARGEST_SPACE = 2**48
"""Packed counts up to which a state fits in 64 bits, with room for the combinations."""
LARGEST_TABLE = 2**22
"""States up to which the bands are kept in a table by state."""
_NOT_ASKED = -1
Group = tuple[int, ...]
"""Codes of statuses that the rules do not tell apart."""
Bins = tuple[int, ...]
"""The bins of `Banding.fixed_facts`."""


@dataclass(frozen=True)
class SignClass:
    """Signals that the rules treat alike."""

    importance: str
    members: tuple[int, ...]
    """Places in the transition's signals."""
    groups: tuple[Group, ...]
    named: bool
    """The rules name this signal by itself."""

    def group_of(self, status: int) -> int:
        """The place of the group that a status is in."""
        return next(place for place, group in enumerate(self.groups) if status in group)


@dataclass(frozen=True)
class Space:
    """The states of one transition whose band rests on statuses."""

    banding: Banding
    _combinations: Register[Bins] = field(default_factory=Register, repr=False, compare=False)
    """The combinations of bins of the fixed facts that were met."""
    _covered: dict[tuple[int, int], int] = field(default_factory=dict, repr=False, compare=False)
    """By number and bin of coverage: the number with the coverage in that bin."""
    _codes: dict[int, int] = field(default_factory=dict, repr=False, compare=False)
    """By state, where there are too many for a table."""
    _tabled: list[NDArray[np.int8]] = field(default_factory=list, repr=False, compare=False)

    @cached_property
    def classes(self) -> tuple[SignClass, ...]:
        """The classes of signals, those named by themselves first."""
        transition, facts = self.banding.transition, set(self.banding.program.facts)
        classes = [
            SignClass(
                signal.importance, (place,), tuple((code,) for code in range(len(STATUSES))), named=True
            )
            for place, signal in enumerate(transition.signals)
            if f"signal.{signal.id}" in facts
        ]
        alone = {place for one in classes for place in one.members}
        for importance in dict.fromkeys(signal.importance for signal in transition.signals):
            members = tuple(
                place
                for place, signal in enumerate(transition.signals)
                if signal.importance == importance and place not in alone
            )
            if members:
                classes.append(SignClass(importance, members, self._groups(importance, facts), named=False))
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
        return np.array(added, dtype=np.int64 if self.size <= LARGEST_SPACE else object)

    def states(self, combinations: Ints, statuses: Ints) -> Numbers:
        """The states of rows with these numbers of `combination` and codes of statuses by signal."""
        added = [self.contributions[place, codes] for place, codes in enumerate(statuses.T)]
        start: Numbers = combinations.astype(self.contributions.dtype) * self.size
        return sum(added, start=start)

    def combination(self, fixed: Bins) -> int:
        """The number of a combination of bins of `Banding.fixed_facts`."""
        return self._combinations.number(fixed)

    def with_coverage(self, number: int, bin_: int) -> int:
        """The number of the same combination with the coverage in another bin, where the rules look at it."""
        if (number, bin_) not in self._covered:
            place, fixed = self.banding.fixed_facts.index(COVERAGE), self._combinations.values[number]
            self._covered[number, bin_] = self.combination((*fixed[:place], bin_, *fixed[place + 1 :]))
        return self._covered[number, bin_]

    def codes(self, states: Numbers) -> Ints:
        """The place of the band of each state in `rules.pack.BANDS`, or `NO_BAND`."""
        if self.size * len(self._combinations) > LARGEST_TABLE:
            distinct, numbers = np.unique(states, return_inverse=True)
            asked = distinct.tolist()
            new = [state for state in asked if state not in self._codes]
            self._codes.update(zip(new, self._ruled(self.numbers(new)), strict=True))
            return np.array([self._codes[state] for state in asked], dtype=np.int64)[numbers]
        table = self._bands()
        found = table[states]
        unasked = np.unique(states[found == _NOT_ASKED])
        if len(unasked):
            table[unasked] = self._ruled(unasked)
            found = table[states]
        return found.astype(np.int64)

    def _bands(self) -> NDArray[np.int8]:
        """By state the code of its band, or that nobody has asked for it."""
        missing = self.size * len(self._combinations) - sum(map(len, self._tabled))
        if missing:
            more = np.full(missing, _NOT_ASKED, dtype=np.int8)
            self._tabled[:] = [np.concatenate([*self._tabled, more])]
        return self._tabled[0]

    def _ruled(self, states: Numbers) -> list[int]:
        """As `codes`, asked of the rules."""
        return [NO_BAND if code is None else code for code in self.banding.codes_of(self._cases(states))]

    def counts(self, states: Numbers) -> dict[tuple[int, int], Numbers]:
        """How many signals each state has by places of class and group."""
        packed = states % self.size
        found: dict[tuple[int, int], Numbers] = {}
        for place, (one, values) in enumerate(zip(self.classes, self.values, strict=True)):
            digits = [packed // value % (len(one.members) + 1) for value in values[:-1]]
            rest = len(one.members) - sum(digits, start=np.zeros_like(packed))
            for group, count in enumerate((*digits, rest)):
                found[place, group] = count
        return found

    def numbers(self, states: Sequence[int] | Sequence[Sequence[int]]) -> Numbers:
        """States as an array."""
        return np.array(states, dtype=self.contributions.dtype)

    def _contribution(self, signal: int, status: int) -> int:
        of_class = self.class_of[signal]
        return self.values[of_class][self.classes[of_class].group_of(status)]

    def _cases(self, states: Numbers) -> list[tuple[int, ...]]:
        """The bins of all facts of the program, for each state."""
        fixed = np.array(self._combinations.values, dtype=np.int64)[(states // self.size).astype(np.int64)]
        bins = dict(zip(self.banding.fixed_facts, fixed.T, strict=True))
        counts = self.counts(states)
        for name, places, of_sum in self._sums:
            total = sum((counts[place] * weight for place, weight in places), start=np.zeros_like(states))
            bins[name] = np.array(of_sum, dtype=np.int64)[total.astype(np.int64)]
        columns = [bins[name].tolist() for name in self.banding.program.facts]
        return list(zip(*columns, strict=True)) if columns else [()] * len(states)

    @cached_property
    def _sums(self) -> list[tuple[str, list[tuple[tuple[int, int], int]], Sequence[int]]]:
        """By fact that the statuses decide: the places of class and group that are counted, each with its
        weight, and the bin of every sum."""
        return [(name, *self._sum_of(name)) for name in self.banding.status_facts]

    def _sum_of(self, fact: str) -> tuple[list[tuple[tuple[int, int], int]], Sequence[int]]:
        if fact.startswith("signal."):
            signals = [signal.id for signal in self.banding.transition.signals]
            place = self.class_of[signals.index(fact.removeprefix("signal."))]
            codes = range(len(STATUSES))  # one signal, and each status a group of its own
            return [((place, code), code) for code in codes], codes
        importance, _, status = fact.partition("_")
        alike = [(place, one) for place, one in enumerate(self.classes) if one.importance == importance]
        cut = self.banding.program.cuts[fact]
        assert isinstance(cut, NumberCut)
        most = sum(len(one.members) for _, one in alike)
        places = [((place, one.groups.index((STATUSES.index(status),))), 1) for place, one in alike]
        return places, [cut.bin_of(total, 1) for total in range(most + 1)]
