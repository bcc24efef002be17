"""Minimum times as companies write them: `2`, `2+ years`, `at least 18 months`, `two years`, `zwei Jahre`."""

import re
from decimal import ROUND_DOWN, Decimal
from itertools import pairwise

from rules.ladders.headings import words

_NUMBER = re.compile(r"(\d+(?:[.,]\d+)?)\s*\+?")
_MONTHS = Decimal(12)
_FOUR_DECIMALS = Decimal("0.0001")


def years_in(text: str, heading: str = "") -> Decimal | None:
    """The years of a minimum time, a bare number in the unit of its heading; 0 for none, and None where it
    cannot be read."""
    said = " ".join(text.casefold().split()).rstrip(".")
    if said in words("no_time"):
        return Decimal(0)
    for begin in sorted([*words("at_least"), *words("about")], key=len, reverse=True):
        said = said.removeprefix(f"{begin} ")
    said = re.sub(r"^[≥>]=?\s*", "", said)
    for half in words("halves"):
        if said.removeprefix(half).strip() in words("year_words") and said.startswith(half):
            return Decimal("0.5")
    number = _NUMBER.match(said)
    if number is not None:
        amount, unit = Decimal(number[1].replace(",", ".")), said[number.end() :]
    else:
        first, _, unit = said.partition(" ")
        amounts = [at for at, spelled in enumerate(words("numbers")) if first in spelled]
        if not amounts or not unit:
            return None
        amount = Decimal(amounts[0])
    # `2 years in grade`, `12 months (in the level below)`: the unit is the first word.
    unit = unit.strip(" -+").split(" ")[0].strip("()") or _unit_of(heading)
    if unit in words("month_words"):
        return (amount / _MONTHS).quantize(_FOUR_DECIMALS, ROUND_DOWN).normalize()
    return amount.normalize() + 0 if not unit or unit in words("year_words") else None


def lower_end(text: str) -> str:
    """`1 years` of `1-2 years`; the text itself where it is no range."""
    return re.sub(r"(\d)\s*(?:[-–—]|\b(?:to|bis|à|a|tot)\b)\s*\d+(?:[.,]\d+)?\s*", r"\1 ", text, count=1)


def _unit_of(heading: str) -> str:
    """The month or year that a heading names."""
    said = re.findall(r"[^\W\d_]+", heading.casefold())
    units = (*words("year_words"), *words("month_words"))
    return next((word for word in said if len(word) > 2 and word in units), "")


def speaks_of_time(text: str) -> bool:
    """Whether a sentence holds an amount of months or years, such as `at least 12 months`."""
    said = text.casefold().replace("-", " ").split()
    units = {*words("year_words"), *words("month_words")}
    return any(before[:1].isdigit() and unit.strip(".,;:()") in units for before, unit in pairwise(said))
