"""How firm a band is: in how many plausible re-ratings it stays.

In each of `RE_RATINGS` re-ratings, the same for everybody, every one of the manager's ratings goes half a
step down, stays as it is, or goes half a step up. Which of the three is fixed by the competency and the
number of the re-rating alone, so that a run repeats.
"""

from functools import cache
from hashlib import sha256

import numpy as np

from engine.decide.facts import RE_RATINGS
from engine.decide.supposed import MISSING, Ints, People

AT_ONCE = 4_000
"""People that are re-rated together."""


@cache
def moves_of(competency: str) -> tuple[int, ...]:
    """By re-rating: -1 for half a step down, 0 for as it is, 1 for half a step up."""
    digests = (sha256(f"{competency}:{number}".encode()).digest() for number in range(RE_RATINGS))
    return tuple(int.from_bytes(digest[:8], "big") % 3 - 1 for digest in digests)


def firm_in(people: People, bands: Ints) -> Ints:
    """For each person in how many re-ratings `bands` (codes) is still the band, whatever is missing."""
    stays = np.zeros(len(people), dtype=np.int64)
    moves = np.array([moves_of(name) for name in people.bander.competencies], dtype=np.int64)
    scale = people.bander.scale
    half = scale.step // 2
    for places, some in people.parts(AT_ONCE):
        each = np.repeat(np.arange(len(some)), RE_RATINGS)
        moved = some.ratings[:, each] + np.tile(moves, len(some)) * half
        missing = some.missing[:, each]
        worst, best = some.those(each).range_of(
            np.where(missing, MISSING, np.clip(moved, scale.lowest, scale.highest))
        )
        same = (worst == bands[places][each]) & (best == bands[places][each])
        stays[places] = same.reshape(-1, RE_RATINGS).sum(axis=1)
    return stays
