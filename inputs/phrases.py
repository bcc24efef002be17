"""Numbers and lists in sentences."""

from collections.abc import Sequence


def counted(count: int, one: str, several: str | None = None) -> str:
    """`1 row`, `1,204 rows`; `2 people` where the plural does not end in `s`."""
    return f"{count:,} {one if count == 1 else several or one + 's'}"


def was(count: int) -> str:
    """`was` or `were`, for sentences."""
    return "was" if count == 1 else "were"


def few(texts: Sequence[str], most: int, separator: str = ", ") -> str:
    """The first of several texts, and how many more there are: `a, b, c and 4 more`."""
    more = f" and {len(texts) - most} more" if len(texts) > most else ""
    return separator.join(texts[:most]) + more
