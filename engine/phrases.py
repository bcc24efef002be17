"""Small pieces of text that every part of the product writes alike."""

from collections.abc import Sequence


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
