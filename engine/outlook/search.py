"""The fewest rating steps to another band.

A step is the pack's (`Scale.step`), shortened at the ends of the scale; missing ratings are not moved. How
few steps lead to a band is found by an integer program (`engine.outlook.nearest`). Up to `NEAR` steps all
ways are tried, and the most human are told: no rating by more than a point, none to the top where another
way spares it, the weakest ratings first.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from itertools import combinations_with_replacement

import numpy as np

from engine.decide.supposed import INSUFFICIENT, MISSING, Bander, Bools, Ints, People
from engine.outlook.goals import Goal, fixed_facts, goals_of
from engine.outlook.linear import NotLinearError
from engine.outlook.nearest import nearest
from engine.outlook.searched import Distance, NewRating, Way
from inputs import UNITS_PER_POINT
from rules.pack import BANDS

NEAR = 3
"""Up to so many steps all ways are tried."""
MOST_LOST = 2
"""Steps down that are tried to see what could lose a band."""
KEPT = 3
"""Ways of one person that are kept, the most human first."""
AT_ONCE = 200_000
"""Ways of all people that are tried together, about."""
_NEVER = 2**62


def fewest_up(people: People, rank: int, *, ways: bool) -> list[Distance]:
    """The fewest steps of each person up to the band at `rank` in `rules.pack.BANDS`, or a better one.

    With `ways` all ways of a few steps and the most human of them; without, any way will do.
    """
    goals = _Goals(people, rank)
    best = _Goals(people, 0)
    nearest_ = {person: goals.nearest(person, human=ways) for person in range(len(people))}
    found: dict[int, Distance] = {}
    for steps in range(1, NEAR + 1):
        open_ = [
            person
            for person, (least, ratings) in nearest_.items()
            if least <= steps and (ways or ratings is None) and person not in found
        ]
        found.update(_leading(people, open_, steps, lambda _, reached: reached <= rank))
    far = {person: one for person, one in nearest_.items() if person not in found}
    found.update(_led(goals, far, certain=True))
    # Missing ratings may leave it open which of two bands these ratings lead to; the best band is surely one.
    unsure = [person for person, (_, ratings) in far.items() if ratings is not None and person not in found]
    sure = {person: best.nearest(person, human=True) for person in unsure}
    found.update(_led(best, sure, certain=False))
    return [
        found.get(person) or Distance(None, certain=least == _NEVER)
        for person, (least, _) in nearest_.items()
    ]


def fewest_down(people: People, bands: Ints) -> list[Distance]:
    """The fewest steps down that lose a band, of at most `MOST_LOST`."""

    def lost(who: Ints, reached: Ints) -> Bools:
        return (reached > bands[who]) & (reached < INSUFFICIENT)

    found: dict[int, Distance] = {}
    for steps in range(1, MOST_LOST + 1):
        open_ = [person for person in range(len(people)) if person not in found]
        found.update(_leading(people, open_, -steps, lost))
    return [found.get(person) or Distance(None, certain=False) for person in range(len(people))]


def _leading(
    people: People, who: Sequence[int], steps: int, wanted: Callable[[Ints, Ints], Bools]
) -> Iterator[tuple[int, Distance]]:
    """Those of some people whom so many steps, down if below 0, lead to a band that is wanted."""
    scale, moves = people.bander.scale, _moves(len(people.bander.competencies), abs(steps))
    end = scale.highest if steps > 0 else scale.lowest
    ways = moves.shape[1]
    for some in np.array_split(np.array(who, dtype=np.int64), -(-len(who) * ways // AT_ONCE) or 1):
        person, by = np.repeat(some, ways), np.tile(moves, len(some))
        before = people.ratings[:, person]
        room = np.where(before == MISSING, 0, -(-np.abs(end - before) // scale.step))
        possible = np.flatnonzero((by <= room).all(axis=0))
        person, before, by = person[possible], before[:, possible], by[:, possible]
        towards = np.clip(before + np.sign(steps) * by * scale.step, scale.lowest, scale.highest)
        after = np.where(by > 0, towards, before)
        worst, best = people.those(person).range_of(after)
        for one, reached in _grouped(person, (worst == best) & wanted(person, best)):
            human = np.lexsort(_inhuman(people.ratings[:, one], after[:, reached], people.bander))
            kept = reached[human[:KEPT]].tolist()
            told = tuple(_way(people, one, after[:, way], best[way]) for way in kept)
            yield one, Distance(abs(steps), certain=True, ways=told, ways_in_all=len(reached))


def _way(people: People, person: int, after: Ints, band: int) -> Way:
    """Other ratings of a person, with the band that they lead to."""
    moved = np.flatnonzero(after != people.ratings[:, person]).tolist()
    ratings = (NewRating(people.bander.competencies[place], int(after[place])) for place in moved)
    return Way(tuple(ratings), BANDS[band])


@cache
def _moves(competencies: int, steps: int) -> Ints:
    """All ways to spread steps over competencies: a row for each competency, a column for each way."""
    chosen = np.array(list(combinations_with_replacement(range(competencies), steps)), dtype=np.int64)
    moves = np.zeros((competencies, len(chosen)), dtype=np.int64)
    for place in chosen.T:
        moves[place, np.arange(len(chosen))] += 1
    return moves


class _Goals:
    """What a band, or a better one, asks of people, by the facts that no rating moves."""

    def __init__(self, people: People, rank: int) -> None:
        self.people, self.rank = people, rank
        self._known: dict[tuple[int, ...], Sequence[Goal] | None] = {}

    def nearest(self, person: int, *, human: bool) -> tuple[int, Ints | None]:
        """How many steps lead there at the least, and the ratings then; none where it cannot be said."""
        goals = self._of(person)
        if goals is None:
            return 1, None
        ratings, beyond = self.people.ratings[:, person], NEAR if human else _NEVER
        try:
            found = nearest(self.people.bander, ratings, goals, beyond)
        except NotLinearError:
            return 1, None
        return (_NEVER, None) if found is None else (found.steps, found.ratings)

    def _of(self, person: int) -> Sequence[Goal] | None:
        times = tuple(int(bins[person]) for bins in self.people.times.values())
        if times not in self._known:
            fixed = fixed_facts(self.people, person)
            self._known[times] = goals_of(self.people.bander, fixed, self.rank)
        return self._known[times]


def _led(
    goals: _Goals, nearest_: Mapping[int, tuple[int, Ints | None]], *, certain: bool
) -> Mapping[int, Distance]:
    """Those whom their nearest ratings lead to the band, or a better one, whatever they lack."""
    known = [(person, steps, ratings) for person, (steps, ratings) in nearest_.items() if ratings is not None]
    if not known:
        return {}
    people = goals.people
    after = np.column_stack([ratings for _, _, ratings in known])
    worst, best = people.those(np.array([person for person, _, _ in known])).range_of(after)
    return {
        person: Distance(steps, certain=certain, ways=(_way(people, person, ratings, band),))
        for (person, steps, ratings), low, band in zip(known, worst.tolist(), best.tolist(), strict=True)
        if low == band <= goals.rank
    }


def _inhuman(before: Ints, after: Ints, bander: Bander) -> tuple[Ints, ...]:
    """How little each way is what one would ask of a person, as keys of `numpy.lexsort`: the last counts
    most."""
    was = before[:, np.newaxis]
    rise = np.where(was == MISSING, 0, np.abs(after - was))
    moved = rise > 0
    jumps = (rise > UNITS_PER_POINT).sum(axis=0)
    to_top = (moved & (after == bander.scale.highest)).sum(axis=0)
    strength = np.where(moved, rise // bander.scale.step * (was - bander.scale.lowest), 0).sum(axis=0)
    largest = rise.max(axis=0)
    return (*(-rise), strength, largest, to_top, jumps)


def _grouped(person: Ints, chosen: Bools) -> Iterator[tuple[int, Ints]]:
    """By person the places that are chosen."""
    places = np.flatnonzero(chosen)
    if len(places):
        places = places[np.argsort(person[places], kind="stable")]
        people, starts = np.unique(person[places], return_index=True)
        yield from zip(people.tolist(), np.split(places, starts[1:]), strict=True)
