"""What ratings and dates are possible, as a model for a solver: is there a person for whom a condition holds?

The variables are the ratings themselves (any number of the scale, or none) and the months, so that what a
solver finds is an example that can be shown, and what it rules out cannot happen to anybody.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from itertools import combinations
from types import MappingProxyType
from typing import Any as Anything

import z3

from inputs import RATERS, Rater
from rules.conditions import All, Always, Any, Compare, Condition, Flag, Known, Not, OneOf
from rules.pack import Promotion, Rule, RulePack, Signal

Z3Expression = Anything
"""What z3 makes; it is not typed."""
Ratings = Mapping[str, Decimal | None]
Key = tuple[Rater, str]
"""Who rates which competency."""
LONGEST_MONTHS = 600
NOTHING: Mapping[str, Z3Expression] = MappingProxyType({})


@dataclass(frozen=True)
class Example:
    """A person for whom something holds: ratings and times, enough to try it out."""

    manager: Ratings
    """Competency to rating; None where there is none."""
    own: Ratings
    """The self ratings, likewise."""
    months_in_level: int | None
    experience_months: int | None
    holding: frozenset[str] = frozenset()
    """What was asked to be watched and holds."""

    def __str__(self) -> str:
        """The example in one line, the most frequent rating told once."""
        parts = [_ratings_in_words("manager", self.manager), _ratings_in_words("self", self.own)]
        parts.append(_time_in_words("in the level", self.months_in_level))
        if self.experience_months != self.months_in_level:
            parts.append(_time_in_words("of experience", self.experience_months))
        return "; ".join(parts)


def _ratings_in_words(who: str, ratings: Ratings) -> str:
    values = list(ratings.values())
    usual = max(dict.fromkeys(values), key=values.count)
    others = [f"{name} {_shown(rating)}" for name, rating in ratings.items() if rating != usual]
    return f"{who} {_shown(usual)} on everything" + (f" but {', '.join(others)}" if others else "")


def _shown(rating: Decimal | None) -> str:
    return "nothing" if rating is None else f"{rating.normalize():f}"


def _time_in_words(what: str, months: int | None) -> str:
    return f"time {what} unknown" if months is None else f"{months} months {what}"


class Possible:
    """All people that one promotion could meet."""

    def __init__(self, pack: RulePack, promotion: Promotion, rules: Iterable[Rule]) -> None:
        self._pack = pack
        self._promotion = promotion
        self._solver = z3.Solver()
        self._rules = tuple(rules)
        self._settled: set[Key] = set()
        names = dict.fromkeys(name for signal in promotion.signals for name in signal.competencies)
        self._rated = {(who, c): z3.Bool(f"{who}:{c}:rated") for who in RATERS for c in names}
        self._rating = {(who, c): z3.Real(f"{who}:{c}") for who in RATERS for c in names}
        for rating in self._rating.values():
            self._solver.add(rating >= _exact(pack.scale.lowest), rating <= _exact(pack.scale.highest))
        self._months = _Months(self._solver, "months_in_level")
        guidance = promotion.tenure
        if guidance is None:
            self._experience = _Months(self._solver, "experience_months")
            self._solver.add(z3.Not(self._experience.known))
        elif guidance.measure == "time_in_level":
            self._experience = self._months
        else:
            self._experience = _Months(self._solver, "experience_months")

    def example(self, *wanted: Z3Expression, watch: Mapping[str, Z3Expression] = NOTHING) -> Example | None:
        """A person for whom all of this holds, as plain as can be; None when there is none.

        The example names those of `watch` that hold for this person.
        """
        self._solver.push()
        try:
            self._solver.add(*wanted)
            if self._solver.check() != z3.sat:
                return None
            self._prefer_plain()
            self._solver.check()
            return self._read(self._solver.model(), watch)
        finally:
            self._solver.pop()

    def is_possible(self, *wanted: Z3Expression) -> bool:
        """Whether there is a person for whom all of this holds."""
        return bool(self._solver.check(*wanted) == z3.sat)

    def holds(
        self, condition: Condition, conditions: Mapping[str, Condition], *, true: bool = True
    ) -> Z3Expression:
        """The condition, or with `true` false its opposite, in terms of ratings and dates.

        `conditions` are those of all rules by code: a finding holds where one of its rules does.
        """
        match condition:
            case Always():
                return z3.BoolVal(true)
            case Not(part):
                return self.holds(part, conditions, true=not true)
            case All(parts) | Any(parts):
                held = [self.holds(part, conditions, true=true) for part in parts]
                return z3.And(held) if isinstance(condition, All) == true else z3.Or(held)
            case Flag(fact):
                name = fact.removeprefix("finding.")
                of_it = [rule for rule in self._rules if rule.finding == name]
                drawn = z3.Or([self.holds(conditions[rule.code], conditions) for rule in of_it])
                return drawn if true else z3.Not(drawn)
            case OneOf(fact, values):
                inside = z3.Or([self._category(fact, value) for value in sorted(values)])
                return inside if true else z3.Not(inside)
            case Known(fact):
                known = self._number(fact)[1]
                return known if true else z3.Not(known)
            case Compare(fact, operator, constant):
                number, known = self._number(fact)
                compared = _COMPARE[operator](number, _exact(constant))
                return z3.And(known, compared if true else z3.Not(compared))

    def _prefer_plain(self) -> None:
        """Hold on to plain values one by one, as far as what is wanted allows."""
        self._settled.clear()
        for who in RATERS:
            for plain in self._plain_ratings:
                free = [key for key in self._rated if key[0] == who and key not in self._settled]
                self._keep(
                    [z3.And(self._rated[key], self._rating[key] == _exact(plain)) for key in free], free
                )
            self._keep_each_absent(who)
        for months in (self._months, self._experience):
            for value in (36, 24, 48, 12, 72, 132, 6, 3, 0):
                if self._solver.check(months.known, months.value == value) == z3.sat:
                    self._solver.add(months.known, months.value == value)
                    break

    @cached_property
    def _plain_ratings(self) -> tuple[Decimal, ...]:
        """Ratings to try first, from the usual ones to finer steps."""
        scale, bars = self._pack.scale, self._pack.standard.bars
        halves = int((scale.highest - scale.lowest) * 2)
        steps = [scale.lowest + Decimal(n) / 2 for n in range(halves + 1)]
        return tuple(sorted(steps, key=lambda step: (step % 1 != 0, abs(step - bars.core), step)))

    def _keep(self, facts: list[Z3Expression], keys: Sequence[Key]) -> None:
        if facts and self._solver.check(*facts) == z3.sat:
            self._solver.add(*facts)
            self._settled.update(keys)
            return
        for fact, key in zip(facts, keys, strict=True):
            if self._solver.check(fact) == z3.sat:
                self._solver.add(fact)
                self._settled.add(key)

    def _keep_each_absent(self, who: Rater) -> None:
        for key, rated in self._rated.items():
            if key[0] == who and key not in self._settled and self._solver.check(z3.Not(rated)) == z3.sat:
                self._solver.add(z3.Not(rated))
                self._settled.add(key)

    def _read(self, model: z3.ModelRef, watch: Mapping[str, Z3Expression]) -> Example:
        ratings: dict[str, dict[str, Decimal | None]] = {who: {} for who in RATERS}
        for (who, competency), rated in self._rated.items():
            there = z3.is_true(model.eval(rated, model_completion=True))
            value = model.eval(self._rating[who, competency], model_completion=True).as_fraction()
            ratings[who][competency] = (
                Decimal(value.numerator) / Decimal(value.denominator) if there else None
            )
        holding = {n for n, w in watch.items() if z3.is_true(model.eval(w, model_completion=True))}
        months, experience = self._months.read(model), self._experience.read(model)
        return Example(ratings["manager"], ratings["self"], months, experience, frozenset(holding))

    def _category(self, fact: str, value: str) -> Z3Expression:
        family, _, name = fact.partition(".")
        if family == "signal":
            return self._signals[name].status[value]
        if family == "agreement":
            return self._signals[name].agreement[value]
        return self._observation[value] if fact == "observation" else self._tenure[value]

    @cached_property
    def _signals(self) -> dict[str, "_Signal"]:
        return {
            signal.id: _Signal(self._solver, self._pack, self._promotion, signal, self._rated, self._rating)
            for signal in self._promotion.signals
        }

    @cached_property
    def _observation(self) -> dict[str, Z3Expression]:
        months, least = self._months, self._pack.standard.observation_months
        return {
            "enough": z3.And(months.known, months.value >= least),
            "too_short": z3.And(months.known, months.value < least),
            "unknown": z3.Not(months.known),
        }

    @cached_property
    def _tenure(self) -> dict[str, Z3Expression]:
        guidance, months = self._promotion.tenure, self._experience
        if guidance is None:
            never = z3.BoolVal(val=False)
            return {"early": never, "typical": never, "overdue": never, "unknown": z3.BoolVal(val=True)}
        early = months.value < _exact(guidance.from_years) * 12
        end = guidance.to_years
        overdue = z3.BoolVal(val=False) if end is None else months.value > _exact(end) * 12
        return {
            "early": z3.And(months.known, early),
            "overdue": z3.And(months.known, z3.Not(early), overdue),
            "typical": z3.And(months.known, z3.Not(early), z3.Not(overdue)),
            "unknown": z3.Not(months.known),
        }

    def _number(self, fact: str) -> tuple[Z3Expression, Z3Expression]:
        """A number fact and whether it is known."""
        importance, _, rest = fact.partition("_")
        if importance in ("core", "supporting"):
            signals = [self._signals[s.id] for s in self._promotion.signals if s.importance == importance]
            count = len(signals) if rest == "total" else _count(signal.status[rest] for signal in signals)
            return z3.IntVal(count) if isinstance(count, int) else count, z3.BoolVal(val=True)
        return _NUMBERS[fact](self)

    def _counted(self, one: Callable[["_Signal"], Z3Expression]) -> tuple[Z3Expression, Z3Expression]:
        return _count(one(signal) for signal in self._signals.values()), z3.BoolVal(val=True)

    def _coverage(self) -> tuple[Z3Expression, Z3Expression]:
        shares = [signal.rated_weight["manager"] / _real(signal.total) for signal in self._signals.values()]
        return z3.Sum(shares) / len(shares), z3.BoolVal(val=True)

    def _score(self) -> tuple[Z3Expression, Z3Expression]:
        signals = tuple(self._signals.values())
        count = _count(signal.is_rated["manager"] for signal in signals)
        total = z3.Sum(
            [z3.If(signal.is_rated["manager"], signal.score("manager"), z3.RealVal(0)) for signal in signals]
        )
        score = z3.Real("score")
        for number in range(1, len(signals) + 1):
            self._solver.add(z3.Implies(count == number, score * number == total))
        return score, count > 0

    def _lowest_score(self) -> tuple[Z3Expression, Z3Expression]:
        rated = [(signal.is_rated["manager"], signal.score("manager")) for signal in self._signals.values()]
        return self._lowest("lowest_score", rated)

    def _lowest(
        self, name: str, rated: Iterable[tuple[Z3Expression, Z3Expression]]
    ) -> tuple[Z3Expression, Z3Expression]:
        pairs = list(rated)
        lowest, known = z3.Real(name), z3.Or([there for there, _ in pairs])
        self._solver.add(*(z3.Implies(there, lowest <= value) for there, value in pairs))
        reached = z3.Or([z3.And(there, lowest == value) for there, value in pairs])
        self._solver.add(z3.Implies(known, reached))
        return lowest, known


class _Months:
    """A number of whole months that may be unknown."""

    def __init__(self, solver: z3.Solver, name: str) -> None:
        self.known = z3.Bool(f"{name} known")
        self.value = z3.Int(name)
        solver.add(self.value >= 0, self.value <= LONGEST_MONTHS)

    def read(self, model: z3.ModelRef) -> int | None:
        if not z3.is_true(model.eval(self.known, model_completion=True)):
            return None
        return int(model.eval(self.value, model_completion=True).as_long())


class _Signal:
    """One signal's evidence in terms of the ratings."""

    def __init__(
        self,
        solver: z3.Solver,
        pack: RulePack,
        promotion: Promotion,
        signal: Signal,
        rated: Mapping[Key, Z3Expression],
        rating: Mapping[Key, Z3Expression],
    ) -> None:
        self._solver = solver
        self._signal = signal
        self._rated = rated
        self._rating = rating
        self._scores: dict[str, Z3Expression] = {}
        standard = pack.standard
        self.total = sum(signal.weights.values())
        bar = pack.bar_of(promotion, signal)
        self.rated_weight = {who: self._weight(who) for who in RATERS}
        least = Fraction(standard.minimum_coverage) * self.total
        self.is_rated = {who: self.rated_weight[who] >= _real(least) for who in RATERS}
        met, close = self._at_least("manager", bar), self._at_least("manager", bar - standard.near_margin)
        there = self.is_rated["manager"]
        self.status = {
            "met": z3.And(there, met),
            "near": z3.And(there, z3.Not(met), close),
            "gap": z3.And(there, z3.Not(met), z3.Not(close)),
            "unrated": z3.Not(there),
        }
        self.self_at_bar = z3.And(self.is_rated["self"], self._at_least("self", bar))
        self.blind_spot = z3.And(there, z3.Not(met), self.self_at_bar)
        self.hidden_strength = z3.And(there, met, self.is_rated["self"], z3.Not(self._at_least("self", bar)))
        self._margin = _exact(standard.agreement_margin)

    @cached_property
    def agreement(self) -> dict[str, Z3Expression]:
        both = z3.And(self.is_rated["manager"], self.is_rated["self"])
        difference = self.score("self") - self.score("manager")
        higher, lower = difference >= self._margin, -difference >= self._margin
        return {
            "self_higher": z3.And(both, higher),
            "self_lower": z3.And(both, z3.Not(higher), lower),
            "aligned": z3.And(both, z3.Not(higher), z3.Not(lower)),
            "unknown": z3.Not(both),
        }

    def score(self, who: Rater) -> Z3Expression:
        """The rater's weighted mean: linear once it is fixed which competencies are rated."""
        if who not in self._scores:
            score = self._scores[who] = z3.Real(f"{self._signal.id} {who} score")
            names = tuple(self._signal.weights)
            for size in range(1, len(names) + 1):
                for chosen in combinations(names, size):
                    pattern = [
                        rated if name in chosen else z3.Not(rated)
                        for name, rated in ((name, self._rated[who, name]) for name in names)
                    ]
                    weight = sum(self._signal.weights[name] for name in chosen)
                    total = z3.Sum([self._signal.weights[name] * self._rating[who, name] for name in chosen])
                    self._solver.add(z3.Implies(z3.And(pattern), score * weight == total))
        return self._scores[who]

    def _weight(self, who: Rater) -> Z3Expression:
        parts = self._signal.weights.items()
        return z3.Sum([z3.If(self._rated[who, name], z3.RealVal(w), z3.RealVal(0)) for name, w in parts])

    def _at_least(self, who: Rater, bar: Decimal) -> Z3Expression:
        """Whether the weighted mean of what is rated reaches the bar, without dividing."""
        above = [
            z3.If(self._rated[who, name], weight * (self._rating[who, name] - _exact(bar)), z3.RealVal(0))
            for name, weight in self._signal.weights.items()
        ]
        return z3.Sum(above) >= 0


def _count(conditions: Iterable[Z3Expression]) -> Z3Expression:
    terms = [z3.If(condition, z3.IntVal(1), z3.IntVal(0)) for condition in conditions]
    return z3.Sum(terms) if terms else z3.IntVal(0)


def _exact(number: Decimal) -> Z3Expression:
    return _real(Fraction(number))


def _real(number: Fraction | int) -> Z3Expression:
    exact = Fraction(number)
    return z3.RealVal(f"{exact.numerator}/{exact.denominator}")


def _years(possible: Possible) -> tuple[Z3Expression, Z3Expression]:
    months = possible._experience
    return z3.ToReal(months.value) / 12, months.known


_COMPARE: dict[str, Callable[[Z3Expression, Z3Expression], Z3Expression]] = {
    "==": lambda left, right: left == right,
    "!=": lambda left, right: left != right,
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
}
_NUMBERS: dict[str, Callable[[Possible], tuple[Z3Expression, Z3Expression]]] = {
    "blind_spots": lambda possible: possible._counted(lambda signal: signal.blind_spot),
    "hidden_strengths": lambda possible: possible._counted(lambda signal: signal.hidden_strength),
    "self_higher": lambda possible: possible._counted(lambda signal: signal.agreement["self_higher"]),
    "self_lower": lambda possible: possible._counted(lambda signal: signal.agreement["self_lower"]),
    "self_unknown": lambda possible: possible._counted(lambda signal: signal.agreement["unknown"]),
    "coverage": Possible._coverage,
    "score": Possible._score,
    "lowest_score": Possible._lowest_score,
    "months_in_level": lambda possible: (possible._months.value, possible._months.known),
    "experience_years": _years,
}
