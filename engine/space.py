"""The case space of a band: every case as one whole number, so that supposed changes are additions.

Signals that the rules cannot tell apart form a class; of a class only counts by status matter, and statuses
that no rule names are one group. A state is the counts of all classes packed into one number, together with
the number of the combination of facts that ratings do not move (time, coverage).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import prod

import polars as pl

from engine.banding import COVERAGE, Banding
from engine.cases import LARGEST_KEY, distinct_rows
from engine.facts import denominator_of
from engine.signals import STATUS, SignalColumns
from rules.pack import STATUSES

UNRATED = STATUS["unrated"]
Group = tuple[int, ...]
"""Codes of statuses that the rules do not tell apart."""


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
    """The states of one transition for people whose fixed facts are known."""

    banding: Banding
    fixed: pl.DataFrame
    """The distinct combinations of bins of the fixed facts; the row is the combination's number."""

    @classmethod
    def of(cls, banding: Banding, bins: pl.DataFrame) -> tuple["Space", pl.Series]:
        """The space of these people (`Banding.bins`), and the number of each one's fixed facts."""
        # A column that is always there: without any, a frame would have no rows.
        fixed = bins.select(pl.col("person").is_null().alias("nobody"), *banding.fixed_facts)
        number, distinct = distinct_rows(fixed)
        return cls(banding, distinct), number

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
    def packable(self) -> bool:
        """Whether every state fits in 64 bits with room to spare."""
        return self.size * max(self.fixed.height, 1) < LARGEST_KEY

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

    def states(self, fixed: pl.Expr, columns: Sequence[SignalColumns]) -> pl.Expr:
        """The state of people from the number of their fixed facts and the statuses of their signals."""
        total = fixed.cast(pl.Int64) * self.size
        for place, names in enumerate(columns):
            for status, value in enumerate(self.contribution(place)):
                if value:
                    total = total + (pl.col(names.status) == status).cast(pl.Int64) * value
        return total

    def bands(self, states: pl.Series, coverage_bin: int | None = None) -> pl.Series:
        """The band of each distinct state; null where the rules give none. With `coverage_bin`, as if the
        coverage were in that bin."""
        banding = self.banding
        frame = pl.DataFrame({"state": states}).with_row_index("person")
        number = (frame["state"] // self.size).cast(pl.UInt32)
        known = frame.hstack(self.fixed[number].get_columns())
        if coverage_bin is not None:
            known = known.with_columns(pl.lit(coverage_bin, pl.UInt8).alias(COVERAGE))
        bins = frame.lazy().select(self._status_facts).select(self._status_bins).collect()
        known = known.hstack(bins.get_columns())
        return banding.bands_of(known.select("person", *banding.program.facts))

    @cached_property
    def _status_facts(self) -> tuple[pl.Expr, ...]:
        counts = pl.col("state") % self.size
        return tuple(column for name in self.banding.status_facts for column in self._fact(name, counts))

    @cached_property
    def _status_bins(self) -> tuple[pl.Expr, ...]:
        cuts = self.banding.program.cuts
        return tuple(cuts[name].bin_expression().alias(name) for name in self.banding.status_facts)

    def _fact(self, name: str, counts: pl.Expr) -> Iterable[pl.Expr]:
        if name.startswith("signal."):
            signals = [signal.id for signal in self.banding.transition.signals]
            place = self.class_of[signals.index(name.removeprefix("signal."))]
            code = sum((self.count(place, (s,), counts) * s for s in range(1, len(STATUSES))), pl.lit(0))
            return [code.cast(pl.UInt8).alias(name)]
        importance, _, status = name.partition("_")
        total = pl.lit(0, pl.Int64)
        for place, one in enumerate(self.classes):
            if one.importance == importance:
                total = total + self.count(place, (STATUSES.index(status),), counts)
        return [total.alias(name), pl.lit(1, pl.Int64).alias(denominator_of(name))]

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

    def count(self, place: int, group: Group, counts: pl.Expr) -> pl.Expr:
        """How many signals of a class are in a group."""
        one = self.classes[place]
        radix = len(one.members) + 1
        digits = [(counts // value) % radix for value in self.values[place][:-1]]
        which = one.groups.index(group)
        if which < len(digits):
            return digits[which]
        return sum((-digit for digit in digits), pl.lit(len(one.members), pl.Int64))
