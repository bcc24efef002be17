"""The fewest rating steps to another band, where the rules look at more than the statuses of signals.

With scores or agreement a band can change although no signal moves to another status. So single steps are
tried: all ways to take one step, then two, and so on, over the ratings that there are. What is found is
exact: fewer steps of the manager's ratings lead to no such band.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np

from engine.outlook.arrays import Ints
from engine.outlook.candidates import leads
from engine.outlook.people import People
from engine.outlook.variant_bars import UNGIVEN

MOST_TRIED = 150
"""Ways to take so many steps that are tried on one person; beyond, no further steps are searched."""


@dataclass(frozen=True)
class Steps:
    """One way to take some steps, with the band that it reaches."""

    row: int
    ratings: Ints
    statuses: Ints
    """After the steps."""
    taken: int
    code: int


@dataclass(frozen=True)
class StepSearch:
    """Everybody's fewest steps in one direction."""

    found: Mapping[int, tuple[Steps, ...]]
    """By row: every way to take the fewest steps that lead to another band."""
    exhausted: frozenset[int]
    """Rows without any, for whom all ways to move the ratings that they have were tried."""
    tried: Mapping[int, int]
    """For the other rows without any: so many steps at most were tried, in every way."""


def find_steps(people: People, rows: Sequence[int], *, up: bool) -> StepSearch:
    """The fewest steps up, or down, that lead to another band, as far as they are searched."""
    found: dict[int, tuple[Steps, ...]] = {}
    exhausted: set[int] = set()
    tried: dict[int, int] = {}
    waiting, taken = list(rows), 0
    while waiting:
        taken += 1
        offered = {row: list(islice(_ways(people, row, taken, up=up), MOST_TRIED + 1)) for row in waiting}
        exhausted.update(row for row, ways in offered.items() if not ways)
        tried.update((row, taken - 1) for row, ways in offered.items() if len(ways) > MOST_TRIED)
        supposed = people.suppose(
            [(row, new) for row, ways in offered.items() if len(ways) <= MOST_TRIED for new in ways]
        )
        judged = people.judge(supposed)
        reached: dict[int, list[Steps]] = {}
        for at in np.flatnonzero(leads(people.codes[supposed.rows], judged.codes, up=up)).tolist():
            row, code = int(supposed.rows[at]), int(judged.codes[at])
            way = Steps(row, supposed.ratings[at], judged.statuses[at], taken, code)
            reached.setdefault(row, []).append(way)
        found |= {row: tuple(ways) for row, ways in reached.items()}
        waiting = [row for row, ways in offered.items() if row not in found and 0 < len(ways) <= MOST_TRIED]
    return StepSearch(found, frozenset(exhausted), tried)


def _ways(people: People, row: int, taken: int, *, up: bool) -> Iterator[Mapping[int, int]]:
    """Every way to take so many steps in one direction: new ratings by place of the competency."""
    rungs = {
        place: _rungs(people, rating, up=up)
        for place, rating in enumerate(people.ratings[row].tolist())
        if rating != UNGIVEN
    }
    able = [place for place, some in rungs.items() if some]
    for counts in _parted(taken, [len(rungs[place]) for place in able]):
        yield {place: rungs[place][count - 1] for place, count in zip(able, counts, strict=True) if count}


def _rungs(people: People, rating: int, *, up: bool) -> list[int]:
    """The ratings that further and further steps lead to, up to the end of the scale."""
    scale = people.ladders.scale
    end, step = (scale.highest, scale.step) if up else (scale.lowest, -scale.step)
    return [*range(rating + step, end, step), end] if rating != end else []


def _parted(total: int, most: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """Every way to part a total over places that each take so many at most."""
    if not most:
        if total == 0:
            yield ()
        return
    rest = sum(most[1:])
    for first in range(min(total, most[0]), max(total - rest, 0) - 1, -1):
        for others in _parted(total - first, most[1:]):
            yield (first, *others)
