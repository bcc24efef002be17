"""Ratings with a word or a sentence beside the number, written in other ways than `2 - Solid`."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from rules.ladders.matrix import Matrix
from rules.ladders.times import speaks_of_time
from rules.spelling import name_key

_Found = Sequence[re.Match[str]]


def take_numbers_beside_words(matrix: Matrix) -> None:
    """Each cell as `2 - Solid`, where all are `2 Solid` or all are such as `Writes features (2)`."""
    for pattern, are_ratings in _WAYS.items():
        found = {at: pattern.fullmatch(one.text.strip()) for at, one in matrix.written.items()}
        told = [one for one in found.values() if one]
        if told and len(told) == len(found) and are_ratings(told):
            for at, one in zip(found, told, strict=True):
                said = f"{one['number']} - {one['said']}"
                matrix.written[at] = replace(matrix.written[at], text=said)


def _come_back(found: _Found) -> bool:
    """Whether each number comes back with one word, and none is a time."""
    pairs = {(one["number"], name_key(one["said"])) for one in found}
    numbers, words = {number for number, _ in pairs}, {word for _, word in pairs}
    times = any(speaks_of_time(one[0]) for one in found)
    return not times and len(found) > len(pairs) == len(numbers) == len(words) > 1


def _hold_sentences(found: _Found) -> bool:
    return any(" " in one["said"] for one in found)


_WAYS: Mapping[re.Pattern[str], Callable[[_Found], bool]] = {
    re.compile(r"(?P<number>\d+) +(?P<said>[^\W\d].*)"): _come_back,
    re.compile(
        r"(?P<said>[^\W\d].*?)\s*[(\[](?P<number>\d{1,2}(?:[.,]\d+)?)[)\]]", re.DOTALL
    ): _hold_sentences,
}
"""How numbers stand beside words, and when they are ratings."""
