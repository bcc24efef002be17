"""The fewest missing ratings that would settle a recommendation which cannot be told."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from engine.decide.supposed import Ints, People

MOST_NAMED = 3
"""Ratings of which every choice is tried; where more are needed, all that are missing are named."""
MOST_TRIED = 200_000
"""Supposed ratings of one person that are tried for one number of ratings; beyond, the number is not
tried."""


@dataclass(frozen=True)
class Needed:
    """Missing ratings that settle the band, whatever they turn out to be."""

    competencies: tuple[int, ...]
    """Places in `Bander.competencies`."""
    outcomes: tuple[tuple[int, int], ...]
    """From this rating on, given to all of them, the band's code; the lowest rating first."""


def needed_ratings(people: People) -> tuple[tuple[Needed, ...], ...]:
    """For each person all smallest sets of missing ratings that would settle the band; nothing where it is
    settled."""
    return tuple(_needed(people.those(np.array([person]))) for person in range(len(people)))


def _needed(person: People) -> tuple[Needed, ...]:
    gone = np.flatnonzero(person.missing[:, 0])
    rungs = person.bander.scale.rungs()
    for size in range(1, min(MOST_NAMED, len(gone)) + 1):
        chosen = list(combinations(gone.tolist(), size))
        if len(chosen) * 2**size > MOST_TRIED:
            break
        # Most sets leave two bands open at the ends of the scale already.
        able = [
            some
            for some, settles in zip(chosen, _settle(person, chosen, rungs[[0, -1]]), strict=True)
            if settles
        ]
        if len(able) * len(rungs) ** size > MOST_TRIED:
            break
        found = [some for some, settles in zip(able, _settle(person, able, rungs), strict=True) if settles]
        if found:
            return tuple(Needed(some, _outcomes(person, some)) for some in found)
    everything = tuple(gone.tolist())
    return (Needed(everything, _outcomes(person, everything)),) if everything else ()


def _settle(person: People, chosen: Sequence[Sequence[int]], rungs: Ints) -> Sequence[bool]:
    """For each set of ratings whether only one band is left, whatever of `rungs` is given."""
    if not chosen:
        return ()
    size = len(chosen[0])
    ways = np.stack(np.meshgrid(*[rungs] * size, indexing="ij")).reshape(size, -1)
    count = ways.shape[1]
    given = np.repeat(person.ratings, len(chosen) * count, axis=1)
    places = np.repeat(np.array(chosen).T, count, axis=1)
    given[places, np.arange(given.shape[1])] = np.tile(ways, len(chosen))
    worst, best = person.those(np.zeros(given.shape[1], dtype=np.int64)).range_of(given)
    settled: Sequence[bool] = (worst == best).reshape(-1, count).all(axis=1).tolist()
    return settled


def _outcomes(person: People, chosen: Sequence[int]) -> tuple[tuple[int, int], ...]:
    """The band by the rating that all of them get, where it is settled; the lowest rating of each band."""
    rungs = person.bander.scale.rungs()
    given = np.repeat(person.ratings, len(rungs), axis=1)
    given[list(chosen)] = rungs
    worst, best = person.those(np.zeros(len(rungs), dtype=np.int64)).range_of(given)
    outcomes: list[tuple[int, int]] = []
    for rung, low, high in zip(rungs.tolist(), worst.tolist(), best.tolist(), strict=True):
        if low == high and (not outcomes or outcomes[-1][1] != low):
            outcomes.append((rung, low))
    return tuple(outcomes)
