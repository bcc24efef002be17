"""Arrays over people: types, rows numbered by what they hold, results that are made when asked for."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Numbers = NDArray[Any]
"""Whole numbers that may be too large for 64 bits, and then are Python's own."""
LARGEST_KEY = 2**62
"""Rows are packed into one whole number while it fits in 64 bits with room to spare."""
T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class ByRow(Mapping[int, tuple[T, ...]]):
    """What was found for each row: kept in arrays, and put together for a row when it is asked for."""

    rows: Ints
    """The row of each thing that was found, in ascending order."""
    make: Callable[[range], Sequence[T]]
    """The things at places of `rows`, all of one row."""

    @classmethod
    def of(cls, rows: Sequence[Ints], make: Callable[[Sequence[tuple[int, int]]], Sequence[T]]) -> "ByRow[T]":
        """Of several batches, each with the rows of its things in any order; `make` is told batches and
        places in them."""
        together = np.concatenate([np.empty(0, dtype=np.int64), *rows])
        sizes = np.array([len(some) for some in rows], dtype=np.int64)
        batches = np.repeat(np.arange(len(rows)), sizes)
        places = np.concatenate([np.empty(0, dtype=np.int64), *map(np.arange, sizes)])
        order = np.argsort(together, kind="stable")

        def make_some(some: range) -> Sequence[T]:
            chosen = order[some]
            return make(list(zip(batches[chosen].tolist(), places[chosen].tolist(), strict=True)))

        return cls(together[order], make_some)

    def __getitem__(self, row: int) -> tuple[T, ...]:
        start, end = np.searchsorted(self.rows, (row, row + 1)).tolist()
        if start == end:
            raise KeyError(row)
        return tuple(self.make(range(start, end)))

    def __iter__(self) -> Iterator[int]:
        return iter(np.unique(self.rows).tolist())

    def __len__(self) -> int:
        return len(np.unique(self.rows))


def strides(sizes: Sequence[int]) -> Ints:
    """What each column counts for where rows of numbers below these sizes are packed into one number."""
    return np.array([prod(sizes[:place]) for place in range(len(sizes))], dtype=np.int64)


def numbered(rows: Ints, sizes: Sequence[int]) -> tuple[Ints, Ints]:
    """Rows numbered by what they hold: a place of each distinct row, and for each row the number of its
    equals.

    `rows` hold whole numbers from 0 on, in each column below its size.
    """
    if prod(sizes) <= LARGEST_KEY:
        key: Ints = rows @ strides(sizes)
    else:
        key, size = np.zeros(len(rows), dtype=np.int64), 1
        for column, more in zip(rows.T, sizes, strict=True):
            if size * more > LARGEST_KEY:
                known, key = np.unique(key, return_inverse=True)
                size = len(known)
            key, size = key * more + column, size * more
    _, places, numbers = np.unique(key, return_index=True, return_inverse=True)
    return places, numbers


def slices(length: int, size: int) -> list[slice]:
    """Rows in parts of at most so many, at least one part, and one row at least in each that may have any."""
    size = max(1, size)
    return [slice(start, start + size) for start in range(0, max(1, length), size)]


def spread(counts: Ints) -> tuple[Ints, Ints]:
    """So many entries for each row, one after the other: the place of the row of each, and how many of its
    row are before it."""
    places = np.repeat(np.arange(len(counts)), counts)
    return places, np.arange(len(places)) - (np.cumsum(counts) - counts)[places]
