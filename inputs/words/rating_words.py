"""Words that rate: the known sets of them, each from the worst to the best, and the words for the ends."""

from collections.abc import Collection
from fractions import Fraction
from functools import cache, lru_cache

import polars as pl

from inputs.words.texts import tidy
from inputs.words.word_lists import read_words
from inputs.words.written_ratings import is_unrated, rating_word, read_written_rating

KnownSet = tuple[tuple[str, ...], ...]
"""The steps of a known set of words, worst first, each with its spellings."""


@cache
def known_sets() -> dict[str, KnownSet]:
    """The known sets of rating words by name; the spellings are normalised."""
    listed = read_words("scales")["sets"]
    return {
        name: tuple(tuple(rating_word(word) for word in step) for step in steps)
        for name, steps in listed.items()
    }


def sets_with(words: Collection[str]) -> dict[str, KnownSet]:
    """The known sets that have all of these words, by name."""
    return {
        name: steps
        for name, steps in known_sets().items()
        if all(any(word in step for step in steps) for word in words)
    }


def is_word_of_a_scale(text: str) -> bool:
    """Whether a text is one of the words of a known set."""
    return bool(sets_with([rating_word(text)]))


@lru_cache(10_000)
def is_known(text: str) -> bool:
    """Whether a text is a word of a known set, one for the ends, or says that there is no rating."""
    return bool(places_of(text)) or (bool(tidy(text)) and is_unrated(tidy(text)))


def places_of(text: str) -> list[Fraction]:
    """How far up a word is, in each of the known sets that have it, and among the words for the ends."""
    word = rating_word(text)
    return places_in_sets(word) + [Fraction(place) for place, end in enumerate(_ends()) if word in end]


@cache
def _ends() -> tuple[frozenset[str], ...]:
    """The words for the worst and for the best rating."""
    ends = read_words("scales")["ends"]
    return tuple(frozenset(map(rating_word, ends[end])) for end in ("worst", "best"))


def places_in_sets(word: str) -> list[Fraction]:
    """How far up a normalised word is, in each of the known sets that have it."""
    return [
        Fraction(at, len(steps) - 1)
        for steps in known_sets().values()
        for at, step in enumerate(steps)
        if word in step
    ]


HELD_BY_COMMENT = "The comment '{}' seems to hold a rating whose own cell is empty: not rated."
WRITE_IT = "If it does, write the rating into its cell; otherwise nothing to do."


def held_ratings(comments: pl.Series, empty: pl.Series) -> list[int]:
    """Where comments beside empty cells begin with a rating, `4 - does well`, or are a word of a scale."""
    texts = comments.set(~empty, None)
    different = texts.drop_nulls().unique()
    held = [text for text in different if _begins_with_number(text) or is_word_of_a_scale(text)]
    return texts.is_in(held).fill_null(value=False).arg_true().to_list()


def _begins_with_number(text: str) -> bool:
    return any(map(str.isdigit, text[:3])) and read_written_rating(text).kind == "number"
