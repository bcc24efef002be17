"""The nearest ratings that meet a goal, as an integer program.

The variables are the rating steps of each competency; what a goal demands of signals and of the present level
is linear in them. Among the ratings with the fewest steps those are preferred that ask the least of a person:
no rating by more than a point, none to the top of the scale, weaker ratings first. HiGHS solves the program
up to a tolerance, so `engine.outlook.search` puts its answer to the rules.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import gcd

import highspy
import numpy as np

from engine.decide.meaning import STATUS
from engine.decide.supposed import MISSING, Bander, Ints
from engine.outlook.goals import AtLeast, Demand, Goal, SignalAtLeast
from engine.outlook.linear import (
    LINEAR,
    RisingRatings,
    Sum,
    demand,
    demand_at_least,
    demand_at_most,
)
from inputs import UNITS_PER_POINT

_BEYOND_A_POINT, _TO_THE_TOP, _AGAIN, _STRENGTH = 100.0, 30.0, 15.0, 10.0
"""What a step costs that lifts a rating by more than a point; one that ends at the top; a second one on the
same rating; and one on the strongest rating, where one on the weakest costs nothing."""
_ORDER = 0.01
"""What a step costs by the place of its competency, so that two ways hardly ever cost the same."""
_MOST_NODES = 1000
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
    """Variables, none of which is below 0, and sums of them that have to be large enough.

    Without `most`, the steps are to be as few as possible. With it, they are at most so many, and what they
    ask of a person is to be little.
    """

    def __init__(self, bander: Bander, ratings: Ints, most: int | None = None) -> None:
        self._bander, self._ratings, self._human = bander, ratings, most is not None
        self._costs: list[float] = []
        self._most: list[float] = []
        self._whole: list[bool] = []
        self._rows: list[tuple[Sum, int]] = []
        now = ratings.tolist()
        self._rises = [self._rise(rating, place) for place, rating in enumerate(now)]
        lowest = bander.scale.lowest
        risen = [
            rise + (lowest if rating == MISSING else rating)
            for rise, rating in zip(self._rises, now, strict=True)
        ]
        self._risen = RisingRatings(bander.meaning, dict(zip(bander.competencies, risen, strict=True)))
        self._steps = len(self._costs)
        if most is not None:
            self.row(Sum(self, dict.fromkeys(range(self._steps), -1)), -most)

    def nearest(self, goal: Goal) -> Nearest | None:
        """The ratings that meet a goal; None where none do, or were found."""
        if not all(self.demand(one) for one in goal):
            return None
        values = self._solved()
        if values is None:
            return None
        rises = np.array([_value(rise, values) for rise in self._rises])
        ratings = np.where(self._ratings == MISSING, MISSING, self._ratings + rises)
        return Nearest(int(values[: self._steps].sum()), ratings)

    def demand(self, one: Demand) -> bool:
        """Something is to hold; whether it can. Raises NotLinearError where it cannot be said."""
        meaning = self._bander.meaning
        if isinstance(one, SignalAtLeast):
            status = self._risen.status(next(some for some in meaning.signals if some.id == one.signal))
            return demand(status == STATUS["met"] if one.status == "met" else ~(status == STATUS["gap"]))
        number = meaning.number(one.fact, LINEAR, self._risen)
        is_to_be = demand_at_least if isinstance(one, AtLeast) else demand_at_most
        return is_to_be(number.numerator, one.numerator(number.denominator))

    def _rise(self, rating: int, place: int) -> Sum:
        """By how many units a rating rises: whole steps, the last of which may be shortened by the top."""
        scale = self._bander.scale
        room = scale.highest - rating
        if rating == MISSING or room <= 0:
            return Sum(self, {})
        full = -(-room // scale.step) - 1
        last = room - full * scale.step
        if not self._human:
            # A step is a step; the fewer variables, the sooner the program is solved.
            if last == scale.step:
                return Sum(self, {self._step(full + 1): scale.step})
            return Sum(self, {self._step(full): scale.step, self._step(1): last})
        easy = min(full, UNITS_PER_POINT // scale.step)
        cost = _STRENGTH * (rating - scale.lowest) / (scale.highest - scale.lowest) + _ORDER * place
        beyond = _BEYOND_A_POINT if room > UNITS_PER_POINT else 0
        return Sum(
            self,
            {
                self._step(min(easy, 1), cost): scale.step,
                self._step(max(easy - 1, 0), cost + _AGAIN): scale.step,
                self._step(full - easy, cost + _BEYOND_A_POINT): scale.step,
                self._step(1, cost + _TO_THE_TOP + beyond): last,
            },
        )

    def _step(self, most: int, cost: float = 1) -> int:
        """A variable that counts steps, each at a cost."""
        step = self.variable(most)
        self._costs[step] = cost
        return step

    def variable(self, most: float, *, whole: bool = True) -> int:
        """A new variable, from 0 to `most`, which costs nothing."""
        self._costs.append(0)
        self._most.append(most)
        self._whole.append(whole)
        return len(self._costs) - 1

    def row(self, total: Sum, amount: int) -> None:
        """The sum has to be so large."""
        if amount > total.constant or any(weight < 0 for weight in total.weights.values()):
            self._rows.append((total, amount))

    def _solved(self) -> Ints | None:
        """The values of all variables at the least cost; None where the rows cannot be met."""
        solver = highspy.Highs()  # type: ignore[no-untyped-call]
        for option, value in _OPTIONS.items():
            solver.setOptionValue(option, value)
        if self._human:
            solver.setOptionValue("mip_max_nodes", _MOST_NODES)
        solver.passModel(self._model())
        solver.run()
        if solver.getModelStatus() == highspy.HighsModelStatus.kOptimal or self._human:
            found = solver.getSolution()
            return np.rint(found.col_value).astype(np.int64) if found.value_valid else None
        return None

    def _model(self) -> highspy.HighsLp:
        """The costs and all rows."""
        model, count = highspy.HighsLp(), len(self._most)
        model.num_col_, model.num_row_ = count, len(self._rows)
        model.col_cost_ = np.array(self._costs)
        model.col_lower_, model.col_upper_ = np.zeros(count), np.array(self._most)
        model.integrality_ = [_KINDS[whole] for whole in self._whole]
        starts, places, weights, lower = [0], list[int](), list[float](), list[float]()
        for total, amount in self._rows:
            # Ratings are in units, millions to a point, but move by steps: with small numbers in its rows the
            # solver is as good as exact.
            size = gcd(*total.weights.values()) or 1
            places += total.weights
            weights += [weight / size for weight in total.weights.values()]
            needed = amount - total.constant
            whole = all(self._whole[variable] for variable in total.weights)
            lower.append(-(-needed // size) if whole else needed / size)
            starts.append(len(places))
        model.row_lower_, model.row_upper_ = np.array(lower), np.full(len(lower), highspy.kHighsInf)
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_ = np.array(starts, dtype=np.int32)
        model.a_matrix_.index_ = np.array(places, dtype=np.int32)
        model.a_matrix_.value_ = np.array(weights)
        return model


_KINDS = {True: highspy.HighsVarType.kInteger, False: highspy.HighsVarType.kContinuous}
_OPTIONS: Mapping[str, bool | int | float | str] = {
    "output_flag": False,
    "threads": 1,
    "mip_rel_gap": 0.0,
    "mip_abs_gap": 0.005,
    # What pays on large programs costs small ones more than it brings: presolving again below the root,
    # starting again, looking for good solutions early.
    "mip_root_presolve_only": True,
    "mip_allow_restart": False,
    "mip_detect_symmetry": False,
    "mip_heuristic_run_feasibility_jump": False,
    "mip_heuristic_run_rins": False,
    "mip_heuristic_run_rens": False,
    "mip_heuristic_run_root_reduced_cost": False,
}


def _value(total: Sum, values: Ints) -> int:
    return total.constant + sum(int(values[variable]) * weight for variable, weight in total.weights.items())
