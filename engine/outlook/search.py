"""The fewest rating steps to another band, for many people at once.

A step is the pack's (`Scale.step`), shortened at the ends of the scale; missing ratings are not moved.
Plans are tried by the number of steps that they need at the least (what they took so far and what their
goal still asks, see `engine.outlook.goals`), fewest first, so the first that reach the band are the fewest
there are. Among the fewest, the most human: no rating by more than a point, none to the top while a weaker
one could rise, the weakest ratings first.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from engine.decide.supposed import MISSING, Bander, Bools, Ints, People
from engine.outlook.goals import Goal
from inputs import UNITS_PER_POINT
from rules.pack import BANDS

MOST_STEPS = 20
"""Further away than this is told as just that."""
MOST_TRIES = 8
"""So many steps more than there must be are tried for a person; then none are found."""
FEW_PLANS = 40
"""Plans of one person that are followed at first: the most promising ones."""
MOST_PLANS = 1_000
"""Where plans were left out, so many are followed to see whether fewer steps would do."""
CERTAIN_STEPS = 8
"""Up to so many steps that is done; those further away are told how many steps lead there at most."""
MOST_LOST = 2
"""Steps down that are tried to see what could lose a band."""
KEPT = 3
"""Plans of one person that are kept, the most human first."""
AT_ONCE = 500
"""People that are searched together."""
INSUFFICIENT = BANDS.index("insufficient_evidence")


@dataclass(frozen=True)
class Plan:
    """A change of one person's ratings that leads to another band."""

    ratings: Ints
    """All of them, by competency."""
    band: int
    """The code of the band that it leads to."""


@dataclass(frozen=True)
class Found:
    """The fewest steps of some people, in their order."""

    steps: Ints
    """-1 where no steps lead there, or none were found."""
    certain: Bools
    """Whether fewer steps, or any at all, are ruled out."""
    plans: tuple[tuple[Plan, ...], ...]
    """The most human of the plans with so few steps."""
    ways: Ints
    """How many plans there are with so few steps."""
    weakest: Ints
    """Of the ratings that could bring the band closer, the place of the weakest; -1 where there is none."""


def fewest_up(people: People, rank: int) -> Found:
    """The fewest steps up to the band at `rank` in `rules.pack.BANDS`, or a better one."""
    goal = Goal.of(people.bander, rank)
    return _joined([_search(some, goal, rank) for _, some in people.parts(AT_ONCE)])


def fewest_down(people: People, bands: Ints) -> Found:
    """The fewest steps down that lose a band, of at most `MOST_LOST`."""
    return _joined([_losing(some, bands[places]) for places, some in people.parts(AT_ONCE)])


@dataclass
class _Plans:
    """Plans under way: each a column."""

    person: Ints
    ratings: Ints
    """`MISSING` where there is none."""
    last: Ints
    """Ratings before this place move no more: so every set of steps is tried in one order only."""


def _search(people: People, goal: Goal, rank: int) -> Found:
    count, bander = len(people), people.bander
    best = _Best.none(people)
    start = _Plans(np.arange(count), people.ratings.copy(), np.zeros(count, dtype=np.int64))
    least = goal.least_steps(_lowest(bander, start.ratings), _free(bander, start, goal))
    highest = np.where(people.missing, MISSING, bander.scale.highest)
    worst, _ = people.range_of(highest)
    exists = goal.reachable & (worst <= rank)
    able = exists & (least <= MOST_STEPS)
    best.certain[:] = able | ~exists
    could = _free(bander, start, goal)
    weakest = np.where(could, people.ratings, bander.scale.highest + 1).argmin(axis=0)
    best.weakest[:] = np.where(could.any(axis=0), weakest, -1)
    bound, cut = least.copy(), np.full(count, -1, dtype=np.int64)
    searched = np.flatnonzero(able)
    while len(searched):
        whole = _try(people, goal, rank, searched, bound, best, FEW_PLANS)
        left_out = searched[~whole & (best.steps[searched] < 0)]
        cut[left_out] = np.where(cut[left_out] < 0, bound[left_out], cut[left_out])
        bound[searched] += 1
        open_ = searched[best.steps[searched] < 0]
        best.certain[open_[bound[open_] > np.minimum(least[open_] + MOST_TRIES, MOST_STEPS)]] = False
        searched = open_[best.certain[open_]]
    best.certain[cut >= 0] = False
    _make_certain(people, goal, rank, cut, best)
    return best.found()


def _make_certain(people: People, goal: Goal, rank: int, cut: Ints, best: "_Best") -> None:
    """Where plans were left out: whether fewer steps would do, for those who are not far away."""
    bound = cut.copy()
    doubtful = np.flatnonzero((cut >= 0) & (best.steps > 0) & (best.steps <= CERTAIN_STEPS))
    most = best.steps.copy()
    while len(doubtful):
        best.steps[doubtful] = -1
        whole = _try(people, goal, rank, doubtful, bound, best, MOST_PLANS)
        found = best.steps[doubtful] >= 0
        best.certain[doubtful[found]] = True
        best.steps[doubtful[~found]] = most[doubtful[~found]]
        bound[doubtful] += 1
        on = doubtful[~found & whole]
        best.certain[on[bound[on] >= most[on]]] = True
        doubtful = on[bound[on] < most[on]]


def _try(
    people: People, goal: Goal, rank: int, searched: Ints, bound: Ints, best: "_Best", most: int
) -> Bools:
    """Try all plans that may need no more steps than each person's bound; whether none had to be left out."""
    bander, step = people.bander, people.bander.scale.step
    plans = _Plans(searched, people.ratings[:, searched], np.zeros(len(searched), dtype=np.int64))
    whole = np.ones(len(people), dtype=np.bool_)
    taken = 0
    while len(plans.person):
        done = bound[plans.person] == taken
        if done.any():
            best.keep(people, rank, _those(plans, np.flatnonzero(done)), taken)
        plans = _those(plans, np.flatnonzero(~done))
        taken += 1
        plans = _stepped(bander, plans, goal, step)
        left = goal.least_steps(_lowest(bander, plans.ratings), _free(bander, plans, goal))
        able = np.flatnonzero(taken + left <= bound[plans.person])
        plans, cut = _few(_those(plans, able), left[able], people, most)
        whole[cut] = False
    return whole[searched]


def _stepped(bander: Bander, plans: _Plans, goal: Goal, step: int) -> _Plans:
    """Every plan with one more step on one rating."""
    place, plan = np.nonzero(_free(bander, plans, goal))
    ratings = plans.ratings[:, plan]
    at = (place, np.arange(len(plan)))
    ratings[at] = np.minimum(ratings[at] + step, bander.scale.highest)
    order = np.argsort(plan, kind="stable")
    return _Plans(plans.person[plan][order], ratings[:, order], place[order])


def _free(bander: Bander, plans: _Plans, goal: Goal) -> Bools:
    """Which ratings may still rise."""
    known = plans.ratings != MISSING
    after = np.arange(len(bander.competencies))[:, np.newaxis] >= plans.last
    free: Bools = known & after & goal.matters(_lowest(bander, plans.ratings))
    return free


def _lowest(bander: Bander, ratings: Ints) -> Ints:
    """Ratings with what is missing at the lowest: the band has to be reached whatever is missing."""
    return np.where(ratings == MISSING, bander.scale.lowest, ratings)


def _those(plans: _Plans, which: Ints) -> _Plans:
    return _Plans(plans.person[which], plans.ratings[:, which], plans.last[which])


def _few(plans: _Plans, left: Ints, people: People, most: int) -> tuple[_Plans, Ints]:
    """At most so many plans of each person, the most promising, and whose had to be left out."""
    if len(plans.person) <= most:
        return plans, np.empty(0, dtype=np.int64)
    owners, counts = np.unique(plans.person, return_counts=True)
    many = owners[counts > most]
    if not len(many):
        return plans, many
    before = people.ratings[:, plans.person]
    scale = people.bander.scale
    steps = np.where(before == MISSING, 0, plans.ratings - before) // scale.step
    effort = (steps * (before - scale.lowest + steps * scale.step)).sum(axis=0, where=steps > 0)
    order = np.lexsort((effort, left, plans.person))
    starts = np.searchsorted(plans.person[order], plans.person[order])
    return _those(plans, np.sort(order[np.arange(len(order)) - starts < most])), many


@dataclass
class _Best:
    """What was found so far."""

    people: People
    steps: Ints
    certain: Bools
    ways: Ints
    plans: list[tuple[Plan, ...]]
    weakest: Ints

    @classmethod
    def none(cls, people: People) -> "_Best":
        count = len(people)
        nothing = np.zeros(count, dtype=np.int64)
        certain = np.ones(count, dtype=np.bool_)
        return cls(people, nothing - 1, certain, nothing, [()] * count, nothing - 1)

    def keep(self, people: People, rank: int, plans: _Plans, taken: int) -> None:
        """Of plans with so many steps, keep those that lead to the band."""
        worst, best = people.those(plans.person).range_of(plans.ratings)
        for person, reached in _grouped(plans.person, (worst <= rank) & (worst == best)):
            human = np.lexsort(_inhuman(people.ratings[:, person], plans.ratings[:, reached], people.bander))
            self.steps[person] = taken
            self.ways[person] = len(reached)
            chosen = reached[human[:KEPT]].tolist()
            self.plans[person] = tuple(Plan(plans.ratings[:, one], int(best[one])) for one in chosen)

    def found(self) -> Found:
        return Found(self.steps, self.certain, tuple(self.plans), self.ways, self.weakest)


def _inhuman(before: Ints, after: Ints, bander: Bander) -> tuple[Ints, ...]:
    """How little each plan is what one would ask of a person, as keys of `numpy.lexsort`: the last counts
    most."""
    was = before[:, np.newaxis]
    rise = np.where(was == MISSING, 0, np.abs(after - was))
    moved = rise > 0
    jumps = (rise > UNITS_PER_POINT).sum(axis=0)
    stays = np.where(moved | (was == MISSING), bander.scale.highest, was)
    to_top = (moved & (after == bander.scale.highest) & (was > stays.min(axis=0))).sum(axis=0)
    strength = np.where(moved, rise // max(1, bander.scale.step) * (was - bander.scale.lowest), 0).sum(axis=0)
    largest = rise.max(axis=0)
    return (*(-rise), strength, largest, to_top, jumps)


def _losing(people: People, bands: Ints) -> Found:
    """All plans of few steps down; the first that lose the band are the fewest."""
    bander, step = people.bander, people.bander.scale.step
    best = _Best.none(people)
    best.certain[:] = False
    count = len(people)
    plans = _Plans(np.arange(count), people.ratings, np.zeros(count, dtype=np.int64))
    for taken in range(1, MOST_LOST + 1):
        known = (plans.ratings != MISSING) & (plans.ratings > bander.scale.lowest)
        after = np.arange(len(bander.competencies))[:, np.newaxis] >= plans.last
        place, plan = np.nonzero(known & after)
        ratings = plans.ratings[:, plan]
        at = (place, np.arange(len(plan)))
        ratings[at] = np.maximum(ratings[at] - step, bander.scale.lowest)
        plans = _Plans(plans.person[plan], ratings, place)
        worst, found = people.those(plans.person).range_of(plans.ratings)
        lost = (worst == found) & (worst > bands[plans.person]) & (worst < INSUFFICIENT)
        for person, own in _grouped(plans.person, lost):
            human = np.lexsort(_inhuman(people.ratings[:, person], plans.ratings[:, own], bander))
            best.steps[person], best.ways[person], best.certain[person] = taken, len(own), True
            best.plans[person] = tuple(
                Plan(plans.ratings[:, one], int(worst[one])) for one in own[human[:KEPT]].tolist()
            )
        plans = _those(plans, np.flatnonzero(best.steps[plans.person] < 0))
    return best.found()


def _grouped(person: Ints, chosen: Bools) -> Iterator[tuple[int, Ints]]:
    """By person the places that are chosen."""
    places = np.flatnonzero(chosen)
    if len(places):
        places = places[np.argsort(person[places], kind="stable")]
        people, starts = np.unique(person[places], return_index=True)
        yield from zip(people.tolist(), np.split(places, starts[1:]), strict=True)


def _joined(parts: list[Found]) -> Found:
    if not parts:
        nothing = np.empty(0, dtype=np.int64)
        return Found(nothing, np.empty(0, dtype=np.bool_), (), nothing, nothing)
    return Found(
        np.concatenate([one.steps for one in parts]),
        np.concatenate([one.certain for one in parts]),
        tuple(plan for one in parts for plan in one.plans),
        np.concatenate([one.ways for one in parts]),
        np.concatenate([one.weakest for one in parts]),
    )
