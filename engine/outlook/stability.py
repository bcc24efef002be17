"""How sure: what becomes of a band when one manager's rating is one step higher or lower.

A step is the pack's (`Scale.step`), shortened at the ends of the scale. Nothing here changes a
recommendation.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from engine.outlook.arrays import ByRow, Ints
from engine.outlook.people import People, Supposed
from engine.outlook.space import NO_BAND
from engine.outlook.variant_bars import UNGIVEN
from rules.pack import BANDS

DIRECTIONS = (-1, 1)
"""Down, then up."""


@dataclass(frozen=True)
class TurningStep:
    """A single step of a rating that changes the band."""

    competency: int
    """Place in `People.competencies`."""
    before: int
    """The manager's rating, in rating units."""
    after: int
    recommendation: str | None
    """After the step; None where the rules would give none."""


@dataclass(frozen=True)
class Stability:
    """What single steps do to the bands of the people of one promotion, by row."""

    steps: Sequence[int]
    """How many single steps are possible."""
    unchanged: Sequence[int]
    """How many of them leave the band as it is."""
    turning: Mapping[int, Sequence[TurningStep]]
    """The others, in the order of the competencies, down before up; a row without any is not there."""


@dataclass(frozen=True)
class _Steps:
    """Single steps, each at a place of these arrays."""

    rows: Ints
    competencies: Ints
    after: Ints
    """The rating after the step."""
    codes: Ints
    """Of the band after it."""

    def those(self, chosen: Ints) -> "_Steps":
        return _Steps(self.rows[chosen], self.competencies[chosen], self.after[chosen], self.codes[chosen])


def compute_stability(people: People) -> Stability:
    """Try every single step of every manager's rating that the promotion looks at."""
    ratings = people.ratings
    steps = np.zeros(len(people), dtype=np.int64)
    for direction in DIRECTIONS:
        steps += ((ratings != UNGIVEN) & (people.ladders.stepped(ratings, direction) != ratings)).sum(axis=1)
    tried = _tried_by_state(people) if people.by_state else _tried_again(people)
    turned = tried.those(np.flatnonzero(tried.codes != people.codes[tried.rows]))
    # Stable, and down was tried before up.
    turned = turned.those(np.lexsort((turned.competencies, turned.rows)))

    def make(some: range) -> Sequence[TurningStep]:
        return [_turning(people, turned, at) for at in some]

    unchanged = steps - np.bincount(turned.rows, minlength=len(people))
    return Stability(steps.tolist(), unchanged.tolist(), ByRow(turned.rows, make))


def _turning(people: People, turned: _Steps, at: int) -> TurningStep:
    row, place, code = int(turned.rows[at]), int(turned.competencies[at]), int(turned.codes[at])
    band = None if code == NO_BAND else BANDS[code]
    return TurningStep(place, int(people.ratings[row, place]), int(turned.after[at]), band)


def _tried_by_state(people: People) -> _Steps:
    """The steps that lead to another state, where the state decides; the other steps change nothing."""
    found = []
    for direction in DIRECTIONS:
        after = people.ladders.stepped(people.ratings, direction)
        states = people.states_with(after)
        row, place = np.nonzero((states != people.states[:, np.newaxis]) & (people.ratings != UNGIVEN))
        found.append((row, place, after[row, place], states[row, place]))
    rows, places, new, after_states = (np.concatenate(some) for some in zip(*found, strict=True))
    return _Steps(rows, places, new, people.space.codes(after_states))


def _tried_again(people: People) -> _Steps:
    """Every step, run again."""
    rows, places, new = [], [], []
    for direction in DIRECTIONS:
        after = people.ladders.stepped(people.ratings, direction)
        row, place = np.nonzero((people.ratings != UNGIVEN) & (after != people.ratings))
        rows.append(row)
        places.append(place)
        new.append(after[row, place])
    row, place, rating = np.concatenate(rows), np.concatenate(places), np.concatenate(new)
    ratings = people.ratings[row]
    ratings[np.arange(len(row)), place] = rating
    return _Steps(row, place, rating, people.judge(Supposed(row, ratings)).codes)
