"""Numbers that are written without digits: `ten`, `VII`."""

import re
from functools import cache

from inputs.words.spelling import normalise
from inputs.words.word_lists import read_words

_ROMAN = ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x")
_SURELY_ROMAN = frozenset(_ROMAN) - {"", "i", "v", "x"}
"""Those that are no letter or mark too."""
_WORD = re.compile(r"[^\W\d_]+")


@cache
def _values() -> dict[str, int]:
    """Every word for a number, normalised, and what it stands for."""
    listed = enumerate(read_words("cells")["numbers"])
    return {normalise(word): number for number, words in listed for word in words}


def words_for_numbers() -> tuple[str, ...]:
    """The words for the numbers from 0 to 10 in every language, as they are spelled."""
    return tuple(word for listed in read_words("cells")["numbers"] for word in listed)


def value_of(text: str) -> int | None:
    """The number that one word is, or one Roman numeral."""
    word = text.casefold()
    return _ROMAN.index(word) if word in _ROMAN[1:] else _values().get(normalise(text))


def is_surely_number(text: str) -> bool:
    """Whether a text that may be a number can be nothing else: `I` can."""
    return text.casefold() in _SURELY_ROMAN or normalise(text) in _values()


def with_digits(text: str) -> str:
    """A text with digits for its words for numbers: `from one to ten` as `from 1 to 10`."""
    return _WORD.sub(lambda found: str(_values().get(normalise(found[0]), found[0])), text)
