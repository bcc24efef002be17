"""Days, numbers and lists in sentences."""

from collections.abc import Iterable, Sequence
from datetime import date

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def whole(value: int) -> str:
    """A whole number: `7`, `1,204`."""
    return f"{value:,}"


def counted(count: int, one: str, several: str | None = None) -> str:
    """`1 row`, `1,204 rows`; `2 people` where the plural does not end in `s`."""
    return f"{count:,} {one if count == 1 else several or one + 's'}"


def was(count: int) -> str:
    """`was` or `were`, for sentences."""
    return "was" if count == 1 else "were"


NAMED = 5
"""People, rows and columns that a sentence names, unless it has its own number."""


def few(texts: Sequence[str], most: int = NAMED, separator: str = ", ") -> str:
    """The first of several texts, and how many more there are: `a, b, c and 4 more`, `a; b; and 4 more`."""
    before = "; and" if separator == "; " else " and"
    more = f"{before} {len(texts) - most:,} more" if len(texts) > most else ""
    return separator.join(texts[:most]) + more


def tally(found: Iterable[tuple[str, int]], most: int | None = None) -> str:
    """Texts with how often each was found: `'Draft' (2), no entry (1,204) and 3 more`."""
    texts = [f"{text} ({count:,})" for text, count in found]
    return few(texts, len(texts) if most is None else most)


def day(value: date) -> str:
    """`3 March 2026`, in English whatever the locale."""
    return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"


def join(titles: Sequence[str], word: str = "and", most: int | None = None) -> str:
    """`a, b and c`, or with another last word; `none` when there is nothing.

    Of more than `most`, the first and how many more there are: `a, b and 4 more`.

    `a, again and again; b and c; and d` where titles have commas or an “and” of their own: one hears where
    each ends.
    """
    if most is not None and len(titles) > most:
        titles = [*titles[:most], f"{len(titles) - most:,} more"]
    if len(titles) < 2:
        return titles[0] if titles else "none"
    if any(mark in title for title in titles for mark in (", ", " and ")):
        return "; ".join(titles[:-1]) + f"; {word} " + titles[-1]
    return ", ".join(titles[:-1]) + f" {word} " + titles[-1]
