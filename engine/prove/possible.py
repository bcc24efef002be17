"""What ratings and dates are possible: is there a person for whom something holds?

The variables are the ratings themselves (any number of the scale, or none) and the months, so that what a
solver finds is a person that can be shown, and what it rules out cannot happen to anybody.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from math import floor

import z3

from engine.decide.meaning import Mean, PromotionMeaning, units
from engine.decide.variants import Variant
from engine.prove.people import Person
from engine.prove.terms import Answers, Facts, Formula, Months, RatingTerms, Times
from inputs import UNITS_PER_POINT, Rater
from rules.facts import ANSWER
from rules.pack import PackError, RulePack

Key = tuple[Rater, str]
"""Who rates which competency."""
Reading = Callable[[Rater, str], Mean]
FINER = (20, 100, 10_000, UNITS_PER_POINT)
"""Parts of a point that an example gives a rating in where half points will not do."""
PLAIN_MONTHS = (36, 24, 48, 12, 72, 132, 6, 3, 0)
FEW_CYCLES = (1, 0, 2, 3)


@dataclass(frozen=True)
class Found:
    """A person that a solver found."""

    person: Person
    model: z3.ModelRef

    def holds(self, formula: Formula) -> bool:
        """Whether something else holds for this person too."""
        return _holds(self.model, formula)

    def number(self, term: Formula) -> Fraction:
        """What a number is for this person."""
        return _fraction(self.model, term)


class Possible:
    """Everybody whom one promotion could meet, as one specialisation asks for it."""

    def __init__(self, pack: RulePack, variant: Variant, *, complete: bool = False) -> None:
        """With `complete` the manager has rated everything, and nobody has rated themselves."""
        self._pack, self._variant, self._complete = pack, variant, complete
        self.meaning = PromotionMeaning.of(pack, variant.promotion)
        self._solver = z3.Solver()
        self.times = Times(self._solver, pack, variant.promotion)
        self.answers = Answers(self._solver, [fact.id for fact in pack.facts])
        self._rated: dict[Key, Formula] = {}
        self._rating: dict[Key, Formula] = {}
        for name in self.meaning.competencies:
            self.given("manager", name)

    def given(self, who: Rater, competency: str) -> Mean:
        """One rating as it is: its number, 0 where there is none, and 1 or 0 for whether it is there."""
        key = (who, competency)
        if key not in self._rating:
            assert not self._solver.num_scopes(), "the limits of a rating hold always"
            number = self._rating[key] = z3.Real(f"{who}:{competency}")
            rated = z3.BoolVal(val=True) if self._complete else z3.Bool(f"{who}:{competency}:rated")
            self._rated[key] = rated
            inside = z3.And(number >= self.meaning.lowest, number <= self.meaning.highest)
            self._solver.add(z3.If(rated, inside, number == 0))
        return Mean(self._rating[key], z3.If(self._rated[key], z3.IntVal(1), z3.IntVal(0)))

    def at_worst(self, who: Rater, competency: str) -> Mean:
        """The manager's rating with a missing one at the lowest of the scale; self ratings as they are."""
        return self._completed(who, competency, self.meaning.lowest)

    def at_best(self, who: Rater, competency: str) -> Mean:
        """The same with a missing one at the highest."""
        return self._completed(who, competency, self.meaning.highest)

    def facts(self, given: Reading) -> Facts:
        """The facts over ratings that are read in one of these ways."""
        ratings = RatingTerms(self.meaning, tuple(part.id for part in self._pack.competencies), given)
        answers = {f"{ANSWER}{fact}": code for fact, code in self.answers.codes.items()}
        return Facts(self.meaning, ratings, self.times.numbers, {**self.times.codes, **answers})

    @property
    def incomplete(self) -> Formula:
        """Whether a manager's rating is missing."""
        return z3.Or([z3.Not(rated) for (who, _), rated in self._rated.items() if who == "manager"])

    def limit(self, *limits: Formula) -> None:
        """Nobody for whom these do not hold is asked for."""
        self._solver.add(*limits)

    def is_possible(self, *wanted: Formula) -> bool:
        """Whether this holds for some person. Raises `PackError` where the solver gives up."""
        found = self._solver.check(*wanted)
        if found == z3.unknown:
            raise PackError(
                f"pack {self._pack.name}, promotion {self._variant.base.id}: the solver cannot tell whether "
                f"the rules are sound ({self._solver.reason_unknown()}); simplify their conditions"
            )
        return bool(found == z3.sat)

    def which(self, wanted: Mapping[str, Formula], *always: Formula) -> set[str]:
        """The names of what holds for some person for whom all else does. Raises as `is_possible`."""
        found = set[str]()
        for name, formula in wanted.items():
            if name not in found and self.is_possible(*always, formula):
                # Much more than was asked holds for whom the solver found.
                model = self._solver.model()
                found |= {name} | {other for other in wanted.keys() - found if _holds(model, wanted[other])}
        return found

    def is_ruled_out(self, *wanted: Formula, effort: int) -> bool:
        """Whether it takes no more than so much effort to see that there is no such person."""
        return bool(self._within(effort, wanted) == z3.unsat)

    def is_found(self, *wanted: Formula, effort: int) -> bool:
        """Whether it takes no more than so much effort to see that there is such a person."""
        return bool(self._within(effort, wanted) == z3.sat)

    def _within(self, effort: int, wanted: Sequence[Formula]) -> z3.CheckSatResult:
        self._solver.set("rlimit", effort)
        try:
            return self._solver.check(*wanted)
        finally:
            self._solver.set("rlimit", 0)

    def find(self, *wanted: Formula, rather: Sequence[Formula] = ()) -> Found | None:
        """A person for whom all of this holds, as plain as can be; None when there is none.

        What is `rather` wanted is kept to in its order, as far as the rest allows.
        """
        self._solver.push()
        try:
            self._solver.add(*wanted)
            if not self.is_possible():
                return None
            for one in rather:
                self._keep([one])
            self._prefer_plain()
            self._solver.check()
            model = self._solver.model()
            return Found(self._read(model), model)
        finally:
            self._solver.pop()

    def _completed(self, who: Rater, competency: str, end: int) -> Mean:
        given = self.given(who, competency)
        if who == "self" or self._complete:
            return given
        return Mean(z3.If(self._rated[who, competency], given.total, end), z3.IntVal(1))

    def _prefer_plain(self) -> None:
        """Hold on to plain values, many at once where that can be, as far as what is wanted allows."""
        free = dict(self._rating)
        for who in ("manager", "self"):
            for plain in self._plain_ratings:
                each = {
                    key: z3.And(self._rated[key], number == plain)
                    for key, number in free.items()
                    if key[0] == who
                }
                for key in self._kept(each):
                    del free[key]
        for parts in FINER:
            free = {key: number for key, number in free.items() if not self._kept_near(key, parts)}
        for fact in self.answers.codes:
            self._keep([self.answers.is_(fact, "unknown")])
        self._keep([z3.Not(self.times.review.known)])
        self._keep([z3.Not(self.times.cycles.known)])
        for months in (self.times.since, self.times.product, self.times.review):
            next((value for value in PLAIN_MONTHS if self._keep([months.is_(value)])), None)
        next((few for few in FEW_CYCLES if self._keep([self.times.cycles.is_(few)])), None)
        self._keep([z3.Not(self.times.earlier)])

    @cached_property
    def _plain_ratings(self) -> tuple[int, ...]:
        """Ratings to try first, in units, from the usual ones to finer steps."""
        scale, bar = self._pack.scale, self._pack.standard.bars.core
        halves = int((scale.highest - scale.lowest) * 2)
        steps = [scale.lowest + Decimal(number) / 2 for number in range(halves + 1)]
        plain = sorted(steps, key=lambda step: (step % 1 != 0, abs(step - bar), step))
        return tuple(units(step) for step in plain)

    def _kept(self, each: Mapping[Key, Formula]) -> Iterable[Key]:
        if self._keep(list(each.values())):
            return list(each)
        return [key for key, one in each.items() if self._keep([one])]

    def _kept_near(self, key: Key, parts: int) -> bool:
        """Hold on to nothing for a rating, or else to a number of such parts of a point near where it is."""
        number, part = self._rating[key], Fraction(UNITS_PER_POINT, parts)
        self._solver.check()
        below = floor(_fraction(self._solver.model(), number) / part)
        near = (
            z3.And(self._rated[key], number == z3.Q(*((place * part).as_integer_ratio())))
            for place in (below, below + 1)
        )
        return any(self._keep([one]) for one in (z3.Not(self._rated[key]), *near))

    def _keep(self, wanted: Sequence[Formula]) -> bool:
        kept = bool(wanted) and self._solver.check(*wanted) == z3.sat
        if kept:
            self._solver.add(*wanted)
        return kept

    def _read(self, model: z3.ModelRef) -> Person:
        ratings: dict[str, dict[str, Decimal | None]] = {"manager": {}, "self": {}}
        for (who, competency), number in self._rating.items():
            there = _holds(model, self._rated[who, competency])
            ratings[who][competency] = points_of(_fraction(model, number)) if there else None
        times = self.times

        def months(one: Months) -> int | None:
            return int(_fraction(model, one.value)) if _holds(model, one.known) else None

        def says(fact: str, answer: str) -> bool:
            return _holds(model, self.answers.is_(fact, answer))

        facts = self.answers.codes
        return Person(
            id="example",
            promotion=self._variant.base,
            manager=ratings["manager"],
            own=ratings["self"],
            months_in_level=months(times.since),
            review_months=months(times.review),
            experience_months=months(times.product),
            cycles_met_before=months(times.cycles),
            specialisation=self._variant.name,
            answers={fact: says(fact, "yes") for fact in facts if not says(fact, "unknown")},
            half_a_month_earlier=_holds(model, times.earlier),
        )


def points_of(number: Fraction) -> Decimal:
    """Rating units as points, so exactly that they are the same units again."""
    points = number / UNITS_PER_POINT
    return Decimal(points.numerator) / points.denominator


def _holds(model: z3.ModelRef, formula: Formula) -> bool:
    return bool(z3.is_true(model.eval(formula, model_completion=True)))


def _fraction(model: z3.ModelRef, term: Formula) -> Fraction:
    value = model.eval(term, model_completion=True)
    exact = value.as_fraction() if z3.is_rational_value(value) else value.as_long()
    return Fraction(exact)
