"""Ratings with a word or a sentence beside the number, written in other ways than `2 - Solid`."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from rules.ladders.matrix import Matrix
from rules.ladders.times import speaks_of_time
from rules.spelling import name_key

_Found = Sequence[re.Match[str]]


def take_numbers_beside_words(matrix: Matrix) -> None:
    """Each cell as `2 - Solid`, where all are `2 Solid` or most are such as `Writes features (2)`."""
    for pattern, are_ratings in _WAYS.items():
        found = {
            at: one for at, cell in matrix.written.items() if (one := pattern.fullmatch(cell.text.strip()))
        }
        if found and are_ratings([*found.values()], len(matrix.written)):
            for at, one in found.items():
                said = f"{one['number']} - {one['said']}"
                matrix.written[at] = replace(matrix.written[at], text=said)


def _come_back(found: _Found, count: int) -> bool:
    """Whether all cells are such, each number comes back with one word, and none is a time."""
    pairs = {(one["number"], name_key(one["said"])) for one in found}
    numbers, words = {number for number, _ in pairs}, {word for _, word in pairs}
    times = any(speaks_of_time(one[0]) for one in found)
    return not times and count == len(found) > len(pairs) == len(numbers) == len(words) > 1


def _hold_sentences(found: _Found, count: int) -> bool:
    """Whether most cells are such and some of them has several words."""
    return 2 * len(found) > count and any(" " in one["said"] for one in found)


_WAYS: Mapping[re.Pattern[str], Callable[[_Found, int], bool]] = {
    re.compile(r"(?P<number>\d+) +(?P<said>[^\W\d].*)"): _come_back,
    re.compile(
        r"(?P<said>[^\W\d].*?)\s*[(\[](?P<number>\d{1,2}(?:[.,]\d+)?)[)\]]", re.DOTALL
    ): _hold_sentences,
}
"""How numbers stand beside words, and when they are ratings, of so many cells in all."""
