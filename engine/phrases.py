"""How numbers, shares, days, counts and lists are written, the same in every part of the product."""

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any

Exact = Fraction | Decimal | int
"""A number without the error of a float."""
_STEPS = tuple(Decimal(1).scaleb(-places) for places in range(5))
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


class Rating(Decimal):
    """A number of the rule pack's scale with what the file calls it: `7`, `70%`, `Solid`.

    It is a plain number to whoever calculates with it, and told in the file's way to whoever reads it.
    """

    own: str

    def __new__(cls, value: Decimal, own: str) -> "Rating":
        """The number, and what the file calls it."""
        rating = super().__new__(cls, value)
        rating.own = own
        return rating

    def __copy__(self) -> "Rating":
        return self

    def __deepcopy__(self, _: object) -> "Rating":
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return Rating, (Decimal(self), self.own)


def number(value: Exact, places: int = 2) -> str:
    """`3.5`, `4.13`: at most so many decimals; of a `Rating` what the file calls it first, `7 (= 3.67)`."""
    if isinstance(value, Rating):
        return f"{value.own} (= {number(Decimal(value), min(places, 2))})"
    return f"{rounded(value, places):f}"


def percent(part: Exact, whole: Exact = 1, places: int = 0) -> str:
    """A share as `38%`; a dash of an empty whole."""
    return f"{number(Fraction(part) * 100 / Fraction(whole), places)}%" if whole else "–"


def rounded(value: Exact, places: int) -> Decimal:
    """A number with at most so many decimals, halves away from zero, without trailing zeros."""
    return rounded_ratio(*value.as_integer_ratio(), places)


@lru_cache(maxsize=100_000)
def rounded_ratio(numerator: int, denominator: int, places: int) -> Decimal:
    """As `rounded`, of two whole numbers; a population shares few distinct ratings and scores."""
    value = (Decimal(numerator) / Decimal(denominator)).quantize(_STEPS[places], rounding=ROUND_HALF_UP)
    whole = value.to_integral_value()
    return whole if value == whole else value.normalize()


def day(value: date) -> str:
    """`3 March 2026`, in English whatever the locale."""
    return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"


def count(value: Exact, one: str, many: str | None = None) -> str:
    """A number with its noun: `1 person`, `1,204 people`; `many` has an `s` more than `one` unless given."""
    shown = f"{value:,}" if isinstance(value, int) else number(value)
    return f"{shown} {one if value == 1 else many or one + 's'}"


def join(titles: Sequence[str], word: str = "and") -> str:
    """`a, b and c`, or with another last word; `none` when there is nothing.

    `a, again and again; b and c; and d` where titles have commas or an “and” of their own: one hears where
    each ends.
    """
    if len(titles) < 2:
        return titles[0] if titles else "none"
    if any(mark in title for title in titles for mark in (", ", " and ")):
        return "; ".join(titles[:-1]) + f"; {word} " + titles[-1]
    return ", ".join(titles[:-1]) + f" {word} " + titles[-1]
