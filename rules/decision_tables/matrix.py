"""The matrix of a pack: what each level expects of each competency, on one sheet.

A row for each competency and a column for each level, both with title and id. A cell holds the rating, as a
word where the pack's ratings are words. Where an expectation comes from stands on a sheet of its own.
"""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from rules.pack import Scale
from rules.spelling import closest, name_key

SHEET = "Expectations"
SOURCES_SHEET = "Expectation sources"
ABOUT = "What each level expects of each competency, as a matrix."
SOURCES_ABOUT = "Where each expectation comes from. One without a row here cites what its level cites."
HEADINGS = ("Competency", "Id")
"""The first two columns; the ids of the levels stand in the second row."""
SOURCE_HEADINGS = ("Level", "Competency", "Source", "Section")

Plain = Mapping[str, Any]


def ratings_of(plain: Plain) -> dict[tuple[str, str], Decimal]:
    """The rating that a level expects of a competency, by their ids."""
    return {
        (level["id"], one["competency"]): one["rating"]
        for level in plain["levels"]
        for one in level.get("expects", ())
    }


def source_rows(plain: Plain) -> Iterator[tuple[str, ...]]:
    """The rows of the sheet of sources, as `SOURCE_HEADINGS`."""
    for level in plain["levels"]:
        for one in level.get("expects", ()):
            yield level["id"], one["competency"], one["cite"]["source"], one["cite"]["section"]


def points_by_word(scale: Scale) -> dict[str, Decimal]:
    """The words of a scale with their points, the lowest first; empty where ratings are numbers."""
    return {word: scale.lowest + scale.step * place for place, word in enumerate(scale.words)}


def shown(rating: Decimal, scale: Scale) -> str | Decimal:
    """A rating as the matrix shows it."""
    words = {points: word for word, points in points_by_word(scale).items()}
    return words.get(rating, rating)


def refuse_number_as_text(value: object) -> None:
    """Raises `ValueError` for a number such as `3,75` or `4` that is a text in its cell."""
    if isinstance(value, str) and re.fullmatch(r"\s*-?\d+(?:[.,]\d+)?\s*", value):
        raise ValueError(f"`{value}` is text and not a number; write it once more, in the format General")


def rating_in(value: object, words: Mapping[str, Decimal]) -> Decimal | int:
    """A cell of the matrix as a rating. Raises `ValueError` with what would be right."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, float):
        return Decimal(str(value))
    found = {name_key(word): points for word, points in words.items()}.get(name_key(str(value)))
    if found is None:
        refuse_number_as_text(value)
        right = f"one of {', '.join(words)}" if words else "a number"
        raise ValueError(f"`{value}` is not {right}{closest(str(value), words)}")
    return found
