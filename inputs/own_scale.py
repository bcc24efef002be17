"""How a file writes its ratings where that is not the rule pack's scale: what its people know them by."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from math import ceil, floor

_PLACES = 2
MOST_RATINGS = 200
"""Ratings of a scale that are tried one by one."""


@dataclass(frozen=True)
class OwnScale:
    """One rater's scale in a file: words, or numbers in even steps from the worst to the best."""

    lowest: int
    """The ends of the rule pack's scale, in rating units."""
    highest: int
    words: tuple[tuple[int, str], ...] = ()
    """Each with its rating in units, the worst first."""
    worst: Decimal = Decimal(0)
    """May be the higher number, as in school marks."""
    best: Decimal = Decimal(0)
    step: Decimal = Decimal(1)
    """The coarsest step in which all ratings of the file are written."""
    sign: str = ""
    """Behind each number: `%`."""

    def __str__(self) -> str:
        """`words from Basic to Strong`, `numbers from 1 to 10`."""
        if self.words:
            return f"words from {self.words[0][1]} to {self.words[-1][1]}"
        return f"numbers from {_plain(self.worst)}{self.sign} to {_plain(self.best)}{self.sign}"

    def written(self, units: Fraction | int) -> str:
        """A rating or a mean as the file would write it; `Basic+` between a word and the next."""
        if not self.words:
            return f"{_plain(self._value(units))}{self.sign}"
        known = [at for at, _ in self.words]
        reached = max(bisect_right(known, units) - 1, 0)
        return self.words[reached][1] + (self.between if units > known[reached] else "")

    @property
    def between(self) -> str:
        """What stands behind a word for a mean between it and the next; empty for numbers."""
        if not self.words:
            return ""
        return "…" if any("+" in word for _, word in self.words) else "+"

    @cached_property
    def ratings(self) -> tuple[int, ...]:
        """All ratings that can be written in the file, in units, the lowest first; none where they are more
        than `MOST_RATINGS`."""
        if self.words:
            return tuple(at for at, _ in self.words)
        steps = int(abs(self.best - self.worst) / self.step)
        if steps >= MOST_RATINGS:
            return ()
        lowest = [self.lowest]
        for _ in range(steps):
            lowest.append(self.reaching(lowest[-1] + 1, up=True))
        return tuple(lowest)

    def reaching(self, units: int, *, up: bool) -> int:
        """The nearest rating that can be written in the file and is no lower, or else no higher, in units."""
        if self.words:
            known = [at for at, _ in self.words]
            place = bisect_left(known, units) if up else bisect_right(known, units) - 1
            return known[min(max(place, 0), len(known) - 1)]
        span, whole = Fraction(abs(self.best - self.worst)), self.highest - self.lowest
        steps = Fraction(units - self.lowest, whole) * span / Fraction(self.step)
        share = (ceil(steps) if up else floor(steps)) * Fraction(self.step) / span
        return self.lowest + round(min(max(share, Fraction(0)), Fraction(1)) * whole)

    def _value(self, units: Fraction | int) -> Fraction:
        share = (Fraction(units) - self.lowest) / (self.highest - self.lowest)
        return Fraction(self.worst) + share * Fraction(self.best - self.worst)


def _plain(value: Fraction | Decimal) -> str:
    hundredths = floor(Fraction(value) * 10**_PLACES + Fraction(1, 2))
    return f"{(Decimal(hundredths) / 10**_PLACES).normalize():f}"
