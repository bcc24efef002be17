"""How numbers, shares, days, counts and lists are written, the same in every part of the product."""

import re
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any

from inputs.phrases import day as day
from inputs.phrases import few as few
from inputs.phrases import join as join
from inputs.phrases import whole as whole
from rules.phrases import span as span

Exact = Fraction | Decimal | int
"""A number without the error of a float."""
_STEPS = tuple(Decimal(1).scaleb(-places) for places in range(5))


class Rating(Decimal):
    """A number of the rule pack's scale with what the file calls it: `7`, `70%`, `Solid`.

    It is a plain number to whoever calculates with it, and written in the file's way for whoever reads it.
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


def figure(value: Exact | float, places: int = 2, *, signed: bool = False) -> str:
    """A figure of statistics, with all its decimals: `3.50`, and signed `+0.30` or `−0.30`."""
    shown = rounded(Fraction(value), places) or Decimal(0)
    return f"{shown:{'+' if signed and shown else ''}.{places}f}".replace("-", "−")


def percent(part: Exact | float, whole: Exact = 1, places: int = 0) -> str:
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


def count(value: Exact, one: str, many: str | None = None) -> str:
    """A number with its noun: `1 person`, `1,204 people`; `many` has an `s` more than `one` unless given."""
    shown = whole(value) if isinstance(value, int) else number(value)
    return f"{shown} {one if value == 1 else many or one + 's'}"


THE_MANAGER = "the manager"
"""Who has neither name nor id."""


def filled(template: str, texts: Mapping[str, str]) -> str:
    """A sentence of a pack with its texts; it begins with a capital also where the manager has no name."""
    if texts.get("manager") == THE_MANAGER:
        template = _BEGINS_WITH_MANAGER.sub(rf"\1{THE_MANAGER.capitalize()}", template)
    return template.format_map(texts)


_BEGINS_WITH_MANAGER = re.compile(r"(^|[.!?] )\{manager\}")
