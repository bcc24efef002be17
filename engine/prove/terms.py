"""The facts of anybody as terms for a solver: `engine.decide.meaning` and `engine.decide.tenure` over z3."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from typing import Any

import z3

from engine.decide.discretization import Bins, Cut, NumberCut, runs_of
from engine.decide.inference import CompiledRule
from engine.decide.meaning import Mean, Number, PromotionMeaning, Ratio, SignalMeaning, Truth
from engine.decide.program import FINDING, Program
from engine.decide.tenure import observation_of, review_of, tenure_of
from inputs import RATERS, Rater
from rules.facts import ANSWER, CYCLES_MET
from rules.pack import ANSWERS, Promotion, RulePack

Formula = Any
"""What z3 makes; it is not typed."""
LONGEST_MONTHS = 600


class Z3Algebra:
    """Numbers are terms over the ratings of anybody."""

    def where(self, test: Truth, then: Number, other: Number) -> Number:
        """One number where the test holds, another elsewhere."""
        if isinstance(test, bool):
            return then if test else other
        chosen = z3.If(test, then, other)
        few = [_among(one) for one in (then, other)]
        return _Few(chosen, (*few[0], *few[1])) if all(few) else chosen

    def largest(self, numbers: Sequence[Number]) -> Number:
        """The largest of some numbers."""
        return reduce(lambda one, other: self.where(one >= other, one, other), numbers)

    def smallest(self, numbers: Sequence[Number]) -> Number:
        """The smallest of some numbers."""
        return reduce(lambda one, other: self.where(one <= other, one, other), numbers)

    def count(self, tests: Sequence[Truth]) -> Number:
        """How many of the tests hold."""
        return sum(int(test) if isinstance(test, bool) else z3.If(test, 1, 0) for test in tests)


Z3 = Z3Algebra()


class _Few(z3.ArithRef):  # type: ignore[misc]
    """A number that is one of a few, such as the weight that is rated: what it is multiplied with or divides
    stays linear."""

    def __init__(self, term: Formula, among: Iterable[int]) -> None:
        super().__init__(term.as_ast(), term.ctx)
        self.among = tuple(dict.fromkeys(among))

    def __mul__(self, other: Number) -> Formula:
        return super().__mul__(other) if isinstance(other, int) else self._by_case(lambda one: one * other)

    __rmul__ = __mul__

    def __rfloordiv__(self, number: int) -> "_Few":
        # Where it is 0 nothing is asked of the quotient.
        parts = {one: number // (one or 1) for one in self.among}
        return _Few(self._by_case(lambda one: z3.IntVal(parts[one])), parts.values())

    def _by_case(self, of: Callable[[int], Number]) -> Formula:
        last, *others = self.among
        return reduce(lambda rest, one: z3.If(self == one, of(one), rest), others, of(last))


def _among(number: Number) -> tuple[int, ...]:
    """What a number can be, where that is a few numbers."""
    return number.among if isinstance(number, _Few) else (number,) if isinstance(number, int) else ()


@dataclass(frozen=True)
class RatingTerms:
    """Somebody's ratings as terms: `engine.decide.meaning.Ratings` for z3."""

    meaning: PromotionMeaning
    everything: tuple[str, ...]
    """All competencies of the pack."""
    given: Callable[[Rater, str], Mean]
    """One rating: its number, 0 where there is none, and 1 or 0 for whether it is there."""
    _means: dict[tuple[str, Rater], Mean] = field(default_factory=dict)
    _codes: dict[tuple[str, str], Number] = field(default_factory=dict)

    def mean(self, signal: SignalMeaning, rater: Rater) -> Mean:
        """What a rater gave a signal."""
        key = (signal.id, rater)
        if key not in self._means:
            each = [(self.given(rater, name), weight) for name, weight in signal.weights.items()]
            total = z3.Sum([one.total * weight for one, weight in each])
            rated = z3.Sum([one.rated * weight for one, weight in each])
            self._means[key] = Mean(total, _Few(rated, sorted(_sums(signal.weights.values()))))
        return self._means[key]

    def status(self, signal: SignalMeaning) -> Number:
        """The code of a signal's status."""
        return self._once("status", signal, lambda: signal.status(Z3, self.mean(signal, "manager")))

    def agreement(self, signal: SignalMeaning) -> Number:
        """The code of a signal's agreement."""
        views = (self.mean(signal, rater) for rater in RATERS)
        return self._once("agreement", signal, lambda: signal.agreement(Z3, *views))

    def _once(self, what: str, signal: SignalMeaning, make: Callable[[], Number]) -> Number:
        if (what, signal.id) not in self._codes:
            self._codes[what, signal.id] = make()
        return self._codes[what, signal.id]

    def rating(self, competency: str) -> Mean:
        """The manager's rating of one competency."""
        return self.given("manager", competency)

    def lowest_ratings(self) -> Number:
        """How many competencies have the lowest rating."""
        every = [self.rating(name) for name in self.everything]
        return Z3.count([z3.And(one.rated > 0, one.total == self.meaning.lowest) for one in every])

    def missing_ratings(self) -> Number:
        """How many competencies have none."""
        return Z3.count([self.rating(name).rated == 0 for name in self.everything])


def _sums(weights: Iterable[int]) -> set[int]:
    """What some of the weights can add up to."""
    return reduce(lambda sums, weight: sums | {one + weight for one in sums}, weights, {0})


class Months:
    """A number of whole months before the run, or of cycles, that may be unknown."""

    def __init__(self, solver: z3.Solver, name: str) -> None:
        self.known = z3.Bool(f"{name} known")
        self.value = z3.Int(name)
        solver.add(self.value >= 0, self.value <= LONGEST_MONTHS)

    def is_(self, number: int) -> Formula:
        """Whether it is known to be this one."""
        return z3.And(self.known, self.value == number)


class Times:
    """The facts on time of anybody.

    Level and review began on the same day of a month, or the review half a month earlier: then the months up
    to the review and those since add up to one less than the months in the level.
    """

    def __init__(self, solver: z3.Solver, pack: RulePack, promotion: Promotion) -> None:
        self.since, self.review = Months(solver, "months_in_level"), Months(solver, "review_months")
        self.product, self.earlier = Months(solver, "experience_months"), z3.Bool("half a month earlier")
        self.cycles = Months(solver, CYCLES_MET)
        guidance, standard = promotion.tenure, pack.standard
        experience, counted = self.product, self.product.known
        if guidance is None:
            counted = z3.BoolVal(val=False)
        elif guidance.measure == "time_in_level":
            experience, counted = self.since, self.since.known
        age = self.review.value + z3.If(self.earlier, 1, 0)
        before = z3.And(self.since.known, self.review.known, age > self.since.value)
        passed = z3.If(self.review.known, self.since.value - age, self.since.value)
        observed = z3.If(before, 0, passed)
        self.numbers = {
            "months_in_level": Ratio(self.since.value, 1, self.since.known),
            "observed_months": Ratio(observed, 1, self.since.known),
            "review_age_months": Ratio(self.review.value, 1, self.review.known),
            "experience_years": Ratio(experience.value, 12, counted),
            CYCLES_MET: Ratio(self.cycles.value, 1, self.cycles.known),
        }
        self.codes = {
            "tenure": tenure_of(Z3, counted, experience.value, guidance),
            "observation": observation_of(Z3, self.since.known, observed, standard.observation_months),
            "review": review_of(Z3, before, self.review.known, self.review.value, standard.stale_months),
        }


class Answers:
    """What a sheet says to yes/no facts: codes into `rules.pack.ANSWERS`."""

    def __init__(self, solver: z3.Solver, facts: Iterable[str]) -> None:
        self.codes = {fact: z3.Int(f"{ANSWER}{fact}") for fact in facts}
        for code in self.codes.values():
            solver.add(code >= 0, code < len(ANSWERS))

    def is_(self, fact: str, answer: str) -> Formula:
        """Whether the sheet says so."""
        return self.codes[fact] == ANSWERS.index(answer)


@dataclass(frozen=True)
class Facts:
    """The facts of anybody, over ratings as they are or completed."""

    meaning: PromotionMeaning
    ratings: RatingTerms
    numbers: Mapping[str, Ratio]
    """Those that do not rest on ratings."""
    codes: Mapping[str, Number]
    """Categories that do not."""
    drawn: dict[str, Formula] = field(default_factory=dict)
    """When a finding is drawn, by the name of its fact."""
    _ratios: dict[str, Ratio] = field(default_factory=dict)
    _above: dict[NumberCut, list[Truth]] = field(default_factory=dict)

    def fires(self, program: Program) -> dict[str, Formula]:
        """When each rule of a program fires, by code; the findings that its rules draw go into `drawn`."""
        fires: dict[str, Formula] = {}
        for layer in program.layers:
            for rule in (rule for group in layer for rule in group.rules):
                fires[rule.code] = self.meets(rule, program.cuts)
            drawn: dict[str, list[Formula]] = {}
            for code in (rule.code for group in layer for rule in group.rules):
                if program.rules[code].topic == "finding":
                    drawn.setdefault(FINDING + program.rules[code].conclusion, []).append(fires[code])
            self.drawn.update((name, z3.Or(some)) for name, some in drawn.items())
        return fires

    def meets(self, rule: CompiledRule, cuts: Mapping[str, Cut]) -> Formula:
        """When a rule fires."""
        ways = ([self.within(cuts[name], bins) for name, bins in some.items()] for some in rule.conjunctions)
        return z3.Or([z3.And(way) for way in ways])

    def is_zero(self, fact: str) -> Formula:
        """Whether a number that rests on ratings is 0."""
        return self._ratio(fact).numerator == 0

    def within(self, cut: Cut, bins: Bins) -> Formula:
        """Whether a fact is in one of these bins."""
        if cut.fact.startswith(FINDING):
            drawn = self.drawn.get(cut.fact, z3.BoolVal(val=False))
            return z3.Or([drawn if one else z3.Not(drawn) for one in sorted(bins)])
        if not isinstance(cut, NumberCut):
            code = self._code(cut.fact)
            return z3.Or([code == one for one in sorted(bins)])
        ratio = self._ratio(cut.fact)
        known = z3.BoolVal(val=True) if ratio.known is None else ratio.known
        if cut not in self._above:
            self._above[cut] = cut.above(ratio)
        above = self._above[cut]
        unknown = [z3.Not(known)] if len(above) + 1 in bins else []
        runs = runs_of(one for one in bins if one <= len(above))
        inside = (
            z3.And(known, *above[low - 1 : low], *map(z3.Not, above[high : high + 1])) for low, high in runs
        )
        return z3.Or(*inside, *unknown)

    def _ratio(self, name: str) -> Ratio:
        if name in self.numbers:
            return self.numbers[name]
        if name not in self._ratios:
            self._ratios[name] = self.meaning.number(name, Z3, self.ratings)
        return self._ratios[name]

    def _code(self, name: str) -> Number:
        code = self.meaning.category(name, self.ratings)
        return self.codes[name] if code is None else code
