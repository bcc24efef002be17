"""The fewest missing ratings that would settle a recommendation that they leave open."""

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from engine.decide.supposed import Ints, People
from engine.outlook.searched import BandFrom, Needed
from rules.pack import BANDS

MOST_NAMED = 3
"""Ratings of which every choice is tried; where more are needed, all that are missing are named."""
MOST_TRIED = 200_000
"""Ways to rate one person that are tried for one number of ratings; beyond, the number is not tried."""


def needed_ratings(people: People) -> tuple[tuple[Needed, ...], ...]:
    """For each person all smallest sets of missing ratings that would settle the band; nothing where it is
    settled."""
    return tuple(_needed(people.those(np.array([person]))) for person in range(len(people)))


def _needed(person: People) -> tuple[Needed, ...]:
    gone = np.flatnonzero(person.missing[:, 0])
    scale = person.bander.scale.ratings()
    for size in range(1, min(MOST_NAMED, len(gone)) + 1):
        chosen = list(combinations(gone.tolist(), size))
        if len(chosen) * 2**size > MOST_TRIED:
            break
        # Most sets leave two bands open at the ends of the scale already.
        able = [
            some
            for some, settles in zip(chosen, _settle(person, chosen, scale[[0, -1]]), strict=True)
            if settles
        ]
        if len(able) * len(scale) ** size > MOST_TRIED:
            break
        found = [some for some, settles in zip(able, _settle(person, able, scale), strict=True) if settles]
        if found:
            return tuple(settled_by(person, some, scale) for some in found)
    return (settled_by(person, gone.tolist(), scale),) if len(gone) else ()


def _settle(person: People, chosen: Sequence[Sequence[int]], scale: Ints) -> Sequence[bool]:
    """For each set of ratings whether only one band is left, whatever of `scale` is given."""
    if not chosen:
        return ()
    size = len(chosen[0])
    ways = np.stack(np.meshgrid(*[scale] * size, indexing="ij")).reshape(size, -1)
    count = ways.shape[1]
    given = np.repeat(person.ratings, len(chosen) * count, axis=1)
    places = np.repeat(np.array(chosen).T, count, axis=1)
    given[places, np.arange(given.shape[1])] = np.tile(ways, len(chosen))
    worst, best = person.those(np.zeros(given.shape[1], dtype=np.int64)).range_of(given)
    settled: Sequence[bool] = (worst == best).reshape(-1, count).all(axis=1).tolist()
    return settled


def settled_by(person: People, chosen: Sequence[int], scale: Ints) -> Needed:
    """The missing ratings, and the band by the rating that all of them get, where it is settled."""
    given = np.repeat(person.ratings, len(scale), axis=1)
    given[list(chosen)] = scale
    worst, best = person.those(np.zeros(len(scale), dtype=np.int64)).range_of(given)
    outcomes: list[BandFrom] = []
    for rating, low, high in zip(scale.tolist(), worst.tolist(), best.tolist(), strict=True):
        if low == high < len(BANDS) and (not outcomes or outcomes[-1].band != BANDS[low]):
            outcomes.append(BandFrom(rating, BANDS[low]))
    return Needed(tuple(person.bander.competencies[place] for place in chosen), tuple(outcomes))
