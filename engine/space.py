"""The case space of a band: every case as one whole number, so that supposed changes are additions.

Signals that the rules cannot tell apart form a class; of a class only counts by status matter, and statuses
that no rule names are one group. A state is the counts of all classes packed into one number, together with
the number of the combination of facts that ratings do not move (time, coverage).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import prod

from engine.banding import COVERAGE, Banding
from engine.cuts import NumberCut
from engine.signals import STATUS
from rules.pack import STATUSES

UNRATED = STATUS["unrated"]
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
    _numbers: dict[Bins, int] = field(default_factory=dict, repr=False, compare=False)
    """The number of each combination of bins of the fixed facts that was met."""
    _combinations: list[Bins] = field(default_factory=list, repr=False, compare=False)
    """The combinations, by number."""
    _covered: dict[tuple[int, int], int] = field(default_factory=dict, repr=False, compare=False)
    """By number and bin of coverage: the number with the coverage in that bin."""
    _codes: dict[int, int | None] = field(default_factory=dict, repr=False, compare=False)
    _status_bins: dict[int, dict[str, int]] = field(default_factory=dict, repr=False, compare=False)

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

    def contribution(self, signal: int) -> tuple[int, ...]:
        """By status: what a signal of that status adds to the packed counts."""
        one, values = self.classes[self.class_of[signal]], self.values[self.class_of[signal]]
        return tuple(values[one.group_of(status)] for status in range(len(STATUSES)))

    def state(self, fixed: Bins, statuses: Sequence[int]) -> int:
        """The state of the bins of `Banding.fixed_facts` and the statuses of all signals."""
        counts = sum(self.contributions[place][status] for place, status in enumerate(statuses))
        return self._number(fixed) * self.size + counts

    @cached_property
    def contributions(self) -> tuple[tuple[int, ...], ...]:
        """By signal and status: what a signal of that status adds to the packed counts."""
        return tuple(self._contribution(signal) for signal in range(len(self.banding.columns)))

    def with_coverage(self, state: int, bin_: int) -> int:
        """The same state with the coverage in another bin, where the rules look at coverage."""
        number, counts = divmod(state, self.size)
        if (number, bin_) not in self._covered:
            place, fixed = self.banding.fixed_facts.index(COVERAGE), self._combinations[number]
            self._covered[number, bin_] = self._number((*fixed[:place], bin_, *fixed[place + 1 :]))
        return self._covered[number, bin_] * self.size + counts

    def codes(self, states: Iterable[int]) -> Mapping[int, int | None]:
        """The place of the band of at least these states in `rules.pack.BANDS`; None where the rules give
        none."""
        new = [state for state in dict.fromkeys(states) if state not in self._codes]
        cases = [self._case(state) for state in new]
        self._codes.update(zip(new, self.banding.codes_of(cases), strict=True))
        return self._codes

    def counts(self, state: int) -> dict[tuple[int, int], int]:
        """How many signals a state has by places of class and group."""
        packed = state % self.size
        found: dict[tuple[int, int], int] = {}
        for place, (one, values) in enumerate(zip(self.classes, self.values, strict=True)):
            radix = len(one.members) + 1
            digits = [packed // value % radix for value in values[:-1]]
            for group, count in enumerate((*digits, len(one.members) - sum(digits))):
                found[place, group] = count
        return found

    def _contribution(self, signal: int) -> tuple[int, ...]:
        one, values = self.classes[self.class_of[signal]], self.values[self.class_of[signal]]
        return tuple(values[one.group_of(status)] for status in range(len(STATUSES)))

    def _number(self, fixed: Bins) -> int:
        if fixed not in self._numbers:
            self._numbers[fixed] = len(self._combinations)
            self._combinations.append(fixed)
        return self._numbers[fixed]

    def _case(self, state: int) -> tuple[int, ...]:
        """The bins of all facts of the program."""
        banding = self.banding
        number, packed = divmod(state, self.size)
        if packed not in self._status_bins:
            counts = self.counts(packed)
            self._status_bins[packed] = {
                name: bins[sum(weight * counts[place] for place, weight in places)]
                for name, places, bins in self._tables
            }
        fixed = dict(zip(banding.fixed_facts, self._combinations[number], strict=True))
        bins = self._status_bins[packed] | fixed
        return tuple(bins[name] for name in banding.program.facts)

    @cached_property
    def _tables(self) -> list[tuple[str, list[tuple[tuple[int, int], int]], Sequence[int]]]:
        """By fact that the statuses decide: the places of class and group that are counted, each with its
        weight, and the bin of every sum."""
        return [(name, *self._table(name)) for name in self.banding.status_facts]

    def _table(self, fact: str) -> tuple[list[tuple[tuple[int, int], int]], Sequence[int]]:
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
