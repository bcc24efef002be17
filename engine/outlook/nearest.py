"""The nearest ratings that meet a goal, as an integer program.

The variables are the rating steps of each competency; what a goal demands of signals and of the present level
is linear in them. Among the ratings with the fewest steps those are preferred that ask the least of a person:
no rating by more than a point, none to the top of the scale, weaker ratings first. HiGHS solves the program
up to a tolerance, so `engine.outlook.search` puts its answer to the rules.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.decide.meaning import STATUS
from engine.decide.supposed import MISSING, Bander, Ints
from engine.outlook.goals import AtLeast, Demand, Goal, SignalAtLeast
from engine.outlook.integer_program import IntegerProgram
from engine.outlook.linear import LINEAR, RisingRatings, Sum, demand, demand_at_least, demand_at_most
from inputs import UNITS_PER_POINT

_BEYOND_A_POINT, _TO_THE_TOP, _AGAIN, _STRENGTH = 100.0, 30.0, 15.0, 10.0
"""What a step costs that lifts a rating by more than a point; one that ends at the top; a second one on the
same rating; and one on the strongest rating, where one on the weakest costs nothing."""
_ORDER = 0.01
"""What a step costs by the place of its competency, so that two ways hardly ever cost the same."""
_MOST_BRANCHES = 1000
"""So many branches better ratings are looked for among those with the fewest steps: hardly ever a limit."""


@dataclass(frozen=True)
class Nearest:
    """Ratings that meet a goal."""

    steps: int
    ratings: Ints
    """By competency, `MISSING` where there is none."""


def nearest(bander: Bander, ratings: Ints, goals: Sequence[Goal], human_beyond: int) -> Nearest | None:
    """The ratings of one person that meet one of the goals in the fewest steps.

    Of several with more steps than `human_beyond` those that ask the least of a person. Missing ratings stay
    missing and count as the lowest. None where no goal can be met. Raises NotLinearError where a goal demands
    what no linear program can hold.
    """
    found = [(goal, _Program(bander, ratings).nearest(goal)) for goal in goals]
    known = [(goal, one) for goal, one in found if one is not None]
    if not known:
        return None
    goal, fewest = min(known, key=lambda one: one[1].steps)
    if fewest.steps <= human_beyond:
        return fewest
    return _Program(bander, ratings, most=fewest.steps).nearest(goal) or fewest


class _Program:
    """The ratings of a person who is to meet a goal, as an integer program.

    Without `most`, the steps are to be as few as possible. With it, they are at most so many, and what they
    ask of a person is to be little.
    """

    def __init__(self, bander: Bander, ratings: Ints, most: int | None = None) -> None:
        self._bander, self._ratings, self._human = bander, ratings, most is not None
        self._variables = IntegerProgram()
        now = ratings.tolist()
        self._rises = [self._rise(rating, place) for place, rating in enumerate(now)]
        lowest = bander.scale.lowest
        risen = [
            rise + (lowest if rating == MISSING else rating)
            for rise, rating in zip(self._rises, now, strict=True)
        ]
        self._risen = RisingRatings(bander.meaning, dict(zip(bander.competencies, risen, strict=True)))
        self._steps = len(self._variables)
        if most is not None:
            steps = Sum(self._variables, dict.fromkeys(range(self._steps), 1))
            demand(steps <= most)

    def nearest(self, goal: Goal) -> Nearest | None:
        """The ratings that meet a goal; None where none do, or were found."""
        if not all(self.demand(one) for one in goal):
            return None
        values = self._variables.solved(_MOST_BRANCHES if self._human else None)
        if values is None:
            return None
        rises = np.array([_value(rise, values) for rise in self._rises])
        ratings = np.where(self._ratings == MISSING, MISSING, self._ratings + rises)
        return Nearest(int(values[: self._steps].sum()), ratings)

    def demand(self, one: Demand) -> bool:
        """Something is to hold; whether it can. Raises NotLinearError where it cannot be said."""
        meaning = self._bander.meaning
        if isinstance(one, SignalAtLeast):
            status = self._risen.status(meaning.signal(one.signal))
            return demand(status == STATUS["met"] if one.status == "met" else ~(status == STATUS["gap"]))
        number = meaning.number(one.fact, LINEAR, self._risen)
        is_to_be = demand_at_least if isinstance(one, AtLeast) else demand_at_most
        return is_to_be(number.numerator, one.numerator(number.denominator))

    def _rise(self, rating: int, place: int) -> Sum:
        """By how many units a rating rises: whole steps, the last of which may be shortened by the top."""
        scale, new = self._bander.scale, self._variables.variable
        room = scale.highest - rating
        if rating == MISSING or room <= 0:
            return Sum(self._variables, {})
        full = -(-room // scale.step) - 1
        last = room - full * scale.step
        if not self._human:
            # A step is a step; the fewer variables, the sooner the program is solved.
            even = last == scale.step
            steps = {new(full + 1, 1): last} if even else {new(full, 1): scale.step, new(1, 1): last}
            return Sum(self._variables, steps)
        easy = min(full, UNITS_PER_POINT // scale.step)
        cost = _STRENGTH * (rating - scale.lowest) / (scale.highest - scale.lowest) + _ORDER * place
        beyond = _BEYOND_A_POINT if room > UNITS_PER_POINT else 0
        steps = {
            new(min(easy, 1), cost): scale.step,
            new(max(easy - 1, 0), cost + _AGAIN): scale.step,
            new(full - easy, cost + _BEYOND_A_POINT): scale.step,
            new(1, cost + _TO_THE_TOP + beyond): last,
        }
        return Sum(self._variables, steps)


def _value(total: Sum, values: Ints) -> int:
    return total.constant + sum(int(values[variable]) * weight for variable, weight in total.weights.items())
