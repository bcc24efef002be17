"""The nearest ratings that meet a goal, as an integer program.

The variables are the rating steps of each competency; what a goal demands of signals and of the present level
is linear in them. Among the ratings with the fewest steps those are preferred that ask the least of a person:
no rating by more than a point, none to the top of the scale, weaker ratings first. HiGHS solves the program
up to a tolerance, so `engine.outlook.search` puts its answer to the rules.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import gcd, lcm

import highspy
import numpy as np

from engine.decide.meaning import PromotionMeaning, SignalMeaning
from engine.decide.supposed import MISSING, Bander, Ints
from engine.outlook.goals import AtLeast, Demand, Goal, SignalAtLeast
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
    missing and count as the lowest. None where no goal can be met.
    """
    found = [(goal, _Program(bander, ratings).nearest(goal)) for goal in goals]
    known = [(goal, one) for goal, one in found if one is not None]
    if not known:
        return None
    goal, fewest = min(known, key=lambda one: one[1].steps)
    if fewest.steps <= human_beyond:
        return fewest
    return _Program(bander, ratings, most=fewest.steps).nearest(goal) or fewest


def can_say(goals: Sequence[Goal]) -> bool:
    """Whether what goals demand can be written as such a program."""
    return all(
        isinstance(demand, SignalAtLeast) or demand.fact in LINEAR for goal in goals for demand in goal
    )


@dataclass(frozen=True)
class _Sum:
    """A weighted sum of variables and a whole number."""

    weights: Mapping[int, int]
    constant: int = 0

    @classmethod
    def of(cls, parts: Iterable[tuple["_Sum", int]]) -> "_Sum":
        weights, constant = defaultdict[int, int](int), 0
        for part, factor in parts:
            constant += part.constant * factor
            for variable, weight in part.weights.items():
                weights[variable] += weight * factor
        return cls(weights, constant)


_NOTHING, _ONE = _Sum({}), _Sum({}, 1)


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
        self._rows: list[tuple[_Sum, int]] = []
        self._rises = {
            name: self._rise(rating, place)
            for place, (name, rating) in enumerate(zip(bander.competencies, ratings.tolist(), strict=True))
        }
        self._steps = len(self._costs)
        if most is not None:
            self._row(_Sum(dict.fromkeys(range(self._steps), -1)), -most)

    def nearest(self, goal: Goal) -> Nearest | None:
        """The ratings that meet a goal; None where none do, or were found."""
        for demand in goal:
            self._demand(demand)
        values = self._solved()
        if values is None:
            return None
        rises = np.array([_value(self._rises[name], values) for name in self._bander.competencies])
        ratings = np.where(self._ratings == MISSING, MISSING, self._ratings + rises)
        return Nearest(int(values[: self._steps].sum()), ratings)

    @property
    def competencies(self) -> tuple[str, ...]:
        """What the ratings are of."""
        return self._bander.competencies

    def rating(self, competency: str) -> _Sum:
        """The rating of a competency."""
        rating = int(self._ratings[self._bander.competencies.index(competency)])
        lowest = self._bander.scale.lowest
        return _Sum(self._rises[competency].weights, lowest if rating == MISSING else rating)

    def total(self, signal: SignalMeaning) -> _Sum:
        """The weighted sum of a signal's ratings."""
        return _Sum.of((self.rating(name), weight) for name, weight in signal.weights.items())

    def reached(self, total: _Sum, amount: int) -> _Sum:
        """1 where it is wanted and a sum that nothing lowers is so large; else 0."""
        if amount <= total.constant:
            return _ONE
        one = _Sum({self._variable(1): 1})
        self._row(_Sum.of([(total, 1), (one, total.constant - amount)]), total.constant)
        return one

    def lacking(self, total: _Sum, amount: int) -> _Sum:
        """What a sum lacks to the amount, at the least."""
        if amount <= total.constant:
            return _NOTHING
        lack = _Sum({self._variable(highspy.kHighsInf, whole=False): gcd(*total.weights.values()) or 1})
        self._row(_Sum.of([(total, 1), (lack, 1)]), amount)
        return lack

    def _demand(self, demand: Demand) -> None:
        if isinstance(demand, SignalAtLeast):
            signal = next(one for one in self._bander.meaning.signals if one.id == demand.signal)
            bar = signal.bar if demand.status == "met" else signal.near
            self._row(self.total(signal), signal.whole * bar)
            return
        sign = 1 if isinstance(demand, AtLeast) else -1
        for number, denominator in LINEAR[demand.fact](self._bander.meaning, self):
            self._row(_Sum.of([(number, sign)]), sign * demand.numerator(denominator))

    def _rise(self, rating: int, place: int) -> _Sum:
        """By how many units a rating rises: whole steps, the last of which may be shortened by the top."""
        scale = self._bander.scale
        room = scale.highest - rating
        if rating == MISSING or room <= 0:
            return _NOTHING
        full = -(-room // scale.step) - 1
        last = room - full * scale.step
        if not self._human:
            # A step is a step; the fewer variables, the sooner the program is solved.
            if last == scale.step:
                return _Sum({self._variable(full + 1, 1): scale.step})
            return _Sum({self._variable(full, 1): scale.step, self._variable(1, 1): last})
        easy = min(full, UNITS_PER_POINT // scale.step)
        cost = _STRENGTH * (rating - scale.lowest) / (scale.highest - scale.lowest) + _ORDER * place
        beyond = _BEYOND_A_POINT if room > UNITS_PER_POINT else 0
        return _Sum(
            {
                self._variable(min(easy, 1), cost): scale.step,
                self._variable(max(easy - 1, 0), cost + _AGAIN): scale.step,
                self._variable(full - easy, cost + _BEYOND_A_POINT): scale.step,
                self._variable(1, cost + _TO_THE_TOP + beyond): last,
            }
        )

    def _variable(self, most: float, cost: float = 0, *, whole: bool = True) -> int:
        self._costs.append(cost)
        self._most.append(most)
        self._whole.append(whole)
        return len(self._costs) - 1

    def _row(self, total: _Sum, amount: int) -> None:
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


def _value(total: _Sum, values: Ints) -> int:
    return total.constant + sum(int(values[variable]) * weight for variable, weight in total.weights.items())


Numbers = Iterator[tuple[_Sum, int]]
"""Sums and what each is divided by; all of them have to be large, or small, enough."""
Signals = Sequence[SignalMeaning]


def _met(signals: Signals, program: _Program) -> _Sum:
    return _Sum.of((program.reached(program.total(one), one.whole * one.bar), 1) for one in signals)


def _gap(signals: Signals, program: _Program) -> _Sum:
    near = [(program.reached(program.total(one), one.whole * one.near), -1) for one in signals]
    return _Sum.of([*near, (_ONE, len(signals))])


def _shortfall(signals: Signals, program: _Program, *, mean: bool = False) -> Numbers:
    common = lcm(1, *(one.whole for one in signals))
    short = [
        (program.lacking(program.total(one), one.whole * one.bar), common // one.whole) for one in signals
    ]
    yield _Sum.of(short), common * UNITS_PER_POINT * (max(1, len(signals)) if mean else 1)


def _each_shortfall(signals: Signals, program: _Program) -> Numbers:
    for one in signals:
        bar = _Sum({}, one.whole * one.bar)
        yield _Sum.of([(bar, 1), (program.total(one), -1)]), one.whole * UNITS_PER_POINT


def _scores(meaning: PromotionMeaning, program: _Program) -> Numbers:
    for one in meaning.signals:
        yield program.total(one), one.whole * UNITS_PER_POINT


def _score(meaning: PromotionMeaning, program: _Program) -> Numbers:
    common = lcm(1, *(one.whole for one in meaning.signals))
    totals = [(program.total(one), common // one.whole) for one in meaning.signals]
    yield _Sum.of(totals), common * UNITS_PER_POINT * max(1, len(totals))


def _present(meaning: PromotionMeaning, program: _Program) -> list[tuple[_Sum, int]]:
    return [(program.rating(one.competency), one.rating) for one in meaning.expected]


def _present_met(meaning: PromotionMeaning, program: _Program) -> _Sum:
    return _Sum.of((program.reached(given, wanted), 1) for given, wanted in _present(meaning, program))


def _present_shortfall(meaning: PromotionMeaning, program: _Program) -> Numbers:
    lack = [(program.lacking(given, wanted), 1) for given, wanted in _present(meaning, program)]
    yield _Sum.of(lack), UNITS_PER_POINT


def _each_present_shortfall(meaning: PromotionMeaning, program: _Program) -> Numbers:
    for given, wanted in _present(meaning, program):
        yield _Sum.of([(_Sum({}, wanted), 1), (given, -1)]), UNITS_PER_POINT


def _lowest_ratings(meaning: PromotionMeaning, program: _Program) -> _Sum:
    names = program.competencies
    above = min(meaning.lowest + meaning.step, meaning.highest)
    ratings = [program.rating(name) for name in names]
    left = [_ONE if one.constant > meaning.lowest else program.reached(one, above) for one in ratings]
    return _Sum.of([*((one, -1) for one in left), (_ONE, len(names))])


Linear = Callable[[PromotionMeaning, _Program], Numbers]


def _counted(count: Callable[[Signals, _Program], _Sum], importance: str, *, share: bool = False) -> Linear:
    def numbers(meaning: PromotionMeaning, program: _Program) -> Numbers:
        signals = meaning.of_importance(importance)
        yield count(signals, program), max(1, len(signals)) if share else 1

    return numbers


def _count(count: Callable[[PromotionMeaning, _Program], _Sum]) -> Linear:
    return lambda meaning, program: iter([(count(meaning, program), 1)])


LINEAR: Mapping[str, Linear] = {
    "core_met": _counted(_met, "core"),
    "core_met_share": _counted(_met, "core", share=True),
    "core_gap": _counted(_gap, "core"),
    "core_shortfall": lambda meaning, program: _shortfall(meaning.of_importance("core"), program),
    "largest_core_shortfall": lambda meaning, program: _each_shortfall(
        meaning.of_importance("core"), program
    ),
    "supporting_met": _counted(_met, "supporting"),
    "supporting_met_share": _counted(_met, "supporting", share=True),
    "supporting_gap": _counted(_gap, "supporting"),
    "supporting_shortfall": lambda meaning, program: _shortfall(
        meaning.of_importance("supporting"), program, mean=True
    ),
    "largest_supporting_shortfall": lambda meaning, program: _each_shortfall(
        meaning.of_importance("supporting"), program
    ),
    "present_met": _count(_present_met),
    "present_below": lambda meaning, program: iter(
        [(_Sum.of([(_present_met(meaning, program), -1), (_ONE, len(meaning.expected))]), 1)]
    ),
    "present_shortfall": _present_shortfall,
    "largest_present_shortfall": _each_present_shortfall,
    "lowest_ratings": _count(_lowest_ratings),
    "score": _score,
    "lowest_score": _scores,
}
"""The facts that a goal may demand, as sums of rating steps, and what each is divided by; where there are
several, all of them have to be large, or small, enough. `engine.decide.meaning` says what the facts are."""
