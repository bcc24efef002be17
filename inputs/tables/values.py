"""What the values of a column look like: ratings, numbers, levels."""

import re
from collections import Counter
from collections.abc import Sequence

import polars as pl

from inputs.fields import Field
from inputs.tables.layout import Column, Table
from inputs.words.names import Names
from inputs.words.rating_words import is_word_of_a_scale
from inputs.words.scales.seen import RatingsSeen
from inputs.words.texts import text_of
from inputs.words.written_ratings import read_written_rating

_MOST = 0.5
_FEW_WORDS = 12
"""Different words up to which a column may hold ratings in words."""
_SAMPLE = 3000
_HIGHEST = 100
HIGHEST_RATING = 10
"""The best rating up to which numbers under a header that does not say so may be ratings."""


def hold_ratings(cells: pl.Series) -> bool:
    """Whether most values could be ratings: small numbers, percentages, or a few words."""
    counts = _counts(cells)
    given = Counter({text: count for text, count in counts.items() if not _says_unrated(text)})
    mostly = _numbers(counts, _HIGHEST) > _MOST * counts.total()
    return not counts or mostly or (_numbers(given, _HIGHEST) == 0 and _are_a_scale(given))


def hold_numbers(table: Table, column: Column, highest: int = _HIGHEST) -> bool:
    """Whether most values of a column are numbers that a scale could have."""
    counts = _counts(table.cells[column.letter])
    return _numbers(counts, highest) > _MOST * counts.total()


def hold_a_scale(table: Table, column: Column) -> bool:
    """Whether most values of a column are numbers that a short scale could have, or words of a known one."""
    counts = _counts(table.cells[column.letter])
    in_words = sum(count for text, count in counts.items() if is_word_of_a_scale(text))
    return hold_numbers(table, column, HIGHEST_RATING) or in_words > _MOST * counts.total()


def words_in(table: Table, *columns: Column) -> set[str]:
    """The different texts of columns, but for those that say that nothing is rated."""
    found = (word for column in columns for word in _counts(table.cells[column.letter]))
    return {word for word in found if not _says_unrated(word)}


def _counts(cells: pl.Series) -> Counter[str]:
    """The different texts of the first cells, with their counts."""
    return Counter(dict(text_of(cells.head(_SAMPLE)).drop_nulls().value_counts().iter_rows()))


def _numbers(counts: Counter[str], highest: int) -> int:
    """How many cells hold a number up to the highest, or say that there is none."""
    read = [(read_written_rating(text), count) for text, count in counts.items()]
    return sum(
        count
        for found, count in read
        if found.kind in ("percent", "unrated")
        or (found.kind == "number" and found.number is not None and 0 <= found.number <= highest)
    )


def _says_unrated(text: str) -> bool:
    return read_written_rating(text).kind == "unrated"


def _are_a_scale(counts: Counter[str]) -> bool:
    """Whether texts are words of a known scale, or few, short and repeated."""
    if counts and all(map(is_word_of_a_scale, counts)):
        return True
    short = all(len(text) <= 40 for text in counts)
    return short and len(counts) <= _FEW_WORDS and (2 * len(counts) <= counts.total() or len(counts) < 4)


def key_among(texts: pl.Series, keys: Sequence[Field]) -> tuple[Field, str]:
    """By what texts mostly identify people: the one of `KEYS`, or of those of managers or raters, and what
    these are called."""
    by_id, by_address, by_name = keys
    for field, what, pattern in ((by_address, "addresses", _ADDRESS), (by_id, "ids", _ID)):
        if texts.str.strip_chars().str.contains(pattern).sum() > _MOST * len(texts):
            return field, what
    return by_name, "names"


_ADDRESS = r"^[^@\s]+@[^@\s]+\.[^@\s]+$"
_ID = r"^[^@\s]*\d[^@\s]*$"


def is_address(text: str) -> bool:
    """Whether a text is an e-mail address."""
    return re.match(_ADDRESS, text.strip()) is not None


def are_prose(cells: pl.Series) -> bool:
    """Whether values are texts that somebody wrote."""
    texts = text_of(cells.head(_SAMPLE)).drop_nulls()
    return bool(len(texts)) and not texts.str.contains(r"^[\d.,]+$").any()


def range_of(table: Table, *columns: Column) -> str:
    """The lowest to the highest number of columns; empty without any."""
    seen = RatingsSeen()
    for column in columns:
        for text in table.cells[column.letter].cast(pl.String).drop_nulls().unique().head(5000).to_list():
            seen.widen(read_written_rating(text).ten_thousandths)
    return "" if seen.lowest is None else seen.range


def are_levels(table: Table, column: Column, levels: Names) -> bool:
    """Whether most different values of a column are levels."""
    texts = text_of(table.cells[column.letter].head(_SAMPLE)).drop_nulls().unique().to_list()
    return bool(texts) and sum(levels.id_of(text) is not None for text in texts) > _MOST * len(texts)
