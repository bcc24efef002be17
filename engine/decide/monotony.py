"""Whether a higher rating can ever lead to a lower band.

Shown over cases: every fact that rules on the band name rises with the manager's ratings, falls, stays, or
may do either. Where no case gets a lower band than another from which such moves lead to it, no rating moved
up can lead to a lower one. Cases without a band, or with two, are passed over: nobody may be in one.
"""

from collections.abc import Sequence
from functools import lru_cache
from itertools import product
from math import prod

import numpy as np
from numpy.typing import NDArray

from engine.decide.discretization import CategoryCut, Cut, NumberCut
from engine.decide.facts import is_given
from engine.decide.meaning import FALLING, FIXED, RISING
from engine.decide.program import Program
from engine.decide.recommending import MOST_REMEMBERED, Recommender
from rules.pack import BANDS, STATUSES

MOST_CASES = 100_000
"""Cases that are looked at; with more of them nothing is shown."""
Case = tuple[int, ...]
"""The bin of every fact of a program, in their order."""
_EITHER = None
"""The direction of a fact that may rise or fall when a rating rises."""


def count_complete(program: Program) -> int:
    """How many cases there are where nothing is missing."""
    return prod(_size(name, cut) for name, cut in program.facts.items())


def complete_cases(program: Program) -> list[Case]:
    """Each of them: the bin of every fact of the program, in their order."""
    return list(product(*(range(_size(name, cut)) for name, cut in program.facts.items())))


def band_grid(
    program: Program, bands: Sequence[str | None], order: Sequence[str] = BANDS
) -> NDArray[np.int64]:
    """The place in `order` of the band of each complete case, after its end without one; an axis a fact."""
    ranks = [_NO_BAND if band is None else order.index(band) for band in bands]
    return np.array(ranks, dtype=np.int64).reshape([_size(name, cut) for name, cut in program.facts.items()])


@lru_cache(MOST_REMEMBERED)
def is_monotone(recommender: Recommender) -> bool:
    """Whether it is shown that the rules of a recommender's program are monotone."""
    program = recommender.program
    if count_complete(program) > MOST_CASES:
        return False
    bands, directions = recommender.bands(complete_cases(program)), [*map(direction_of, program.facts)]
    return not all(_falls(band_grid(program, bands, order), directions) for order in (BANDS, _PENDING))


def _falls(grid: NDArray[np.int64], directions: Sequence[int | None]) -> bool:
    """Whether some case has a lower band than one from which moves in these directions lead to it."""
    return bool(((grid != _NO_BAND) & (grid > _best_below(grid, directions))).any())


def direction_of(name: str) -> int | None:
    """The bin to which a fact goes when ratings rise: 1 up, -1 down, 0 none, None either."""
    if name in RISING:
        return 1
    if name in FALLING or name.startswith("signal."):
        return -1
    if name in FIXED or is_given(name):
        return 0
    return _EITHER


_NO_BAND = len(BANDS)
_PENDING = (BANDS[-1], *BANDS[:-1])
"""As bands rise where insufficient evidence is all that is left of ready now, such as a date that is missing.

Two completions are enough in either order: where both ends give one band, nothing between gives another.
"""


def _size(name: str, cut: Cut) -> int:
    """How many bins there are where nothing is missing."""
    if isinstance(cut, CategoryCut) and name.startswith("signal."):
        return STATUSES.index("unrated")
    unknown = isinstance(cut, NumberCut) and cut.may_be_unknown and direction_of(name) != 0
    return cut.size - unknown


def _best_below(grid: NDArray[np.int64], directions: Sequence[int | None]) -> NDArray[np.int64]:
    """The best rank of each case and of all from which moves in these directions lead to it."""
    for axis, direction in enumerate(directions):
        if direction is _EITHER:
            grid = np.broadcast_to(grid.min(axis=axis, keepdims=True), grid.shape)
        elif direction:
            # What a fact moves away from stands before the case, seen in its direction.
            seen = np.flip(grid, axis) if direction < 0 else grid
            least = np.minimum.accumulate(seen, axis=axis)
            grid = np.flip(least, axis) if direction < 0 else least
    return grid
