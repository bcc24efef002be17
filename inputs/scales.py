"""Ratings as people write them to exact units of the rule pack's scale."""

import re
from collections.abc import Callable
from decimal import ROUND_HALF_EVEN, Decimal
from functools import cache

from inputs.lexicon import read_words
from inputs.readings import ERROR_TEXTS, Reading, tidy
from inputs.roster import UNITS_PER_POINT, RatingScale

_NUMBER = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d+)?")
_FOUR_DECIMALS = Decimal("0.0001")


def rating_reader(scale: RatingScale) -> Callable[[str], Reading[int]]:
    """A function that reads one text as a rating on `scale`, in `UNITS_PER_POINT`."""
    right = f"a number from {scale.lowest} to {scale.highest}"

    def read(text: str) -> Reading[int]:
        tidied = tidy(text).lstrip("'")
        if is_unrated(tidied):
            return Reading(None)
        if tidied.upper() in ERROR_TEXTS:
            problem = f"The cell holds the spreadsheet error {tidied}."
            return Reading(None, "error_cell", problem, f"Write {right}, or leave it empty if not rated.")
        number = number_in(tidied)
        if number is None:
            problem = f"'{tidied[:60]}' cannot be read as a rating."
            return Reading(
                None, "unreadable_rating", problem, f"Write {right}, or leave it empty if not rated."
            )
        if not scale.lowest <= number <= scale.highest:
            problem = f"{tidied} is outside the scale from {scale.lowest} to {scale.highest}."
            return Reading(None, "rating_out_of_scale", problem, f"Write {right}.")
        return Reading(units(number))

    return read


def units(points: Decimal) -> int:
    """Points of the scale as whole units, rounded to four decimals of a point."""
    return int(points.quantize(_FOUR_DECIMALS, ROUND_HALF_EVEN) * UNITS_PER_POINT)


def number_in(text: str) -> Decimal | None:
    """The number that a tidied text is, with a point or a comma before its decimals; else None."""
    if not _NUMBER.fullmatch(text) or len(text) > 40:
        return None
    number = Decimal(text.replace(",", "."))
    return number if abs(number.adjusted()) < 15 else None


def is_rounded(text: str) -> bool:
    """Whether the number in a text has more than four decimals."""
    number = number_in(tidy(text).lstrip("'"))
    return number is not None and number != number.quantize(_FOUR_DECIMALS, ROUND_HALF_EVEN)


def is_unrated(tidied: str) -> bool:
    """Whether a tidied text says that nothing was rated."""
    return not tidied or tidied.casefold() in _unrated_words()


@cache
def _unrated_words() -> frozenset[str]:
    return frozenset(tidy(word).casefold() for word in read_words("marks")["not_rated"])
