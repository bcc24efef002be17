"""What ratings mean, written once: statuses, shortfalls, agreement and every fact that rests on ratings.

The definitions use no more than sums, comparisons and the three operations of an `Algebra`. Polars interprets
them for everybody (`engine.decide.evidence`, `engine.decide.facts`), numpy for supposed ratings
(`engine.decide.supposed`), z3 for proofs (`engine.prove`) and linear programs for ratings that may rise
(`engine.outlook.linear`). All numbers are whole: ratings are in rating units (`inputs.UNITS_PER_POINT`), so
comparisons are exact. `docs/judgement.md` says the same in words.
"""

import operator
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import cached_property, reduce
from itertools import combinations
from math import lcm
from typing import Any, ClassVar, Literal, Protocol

from inputs import UNITS_PER_POINT, Rater
from rules.pack import AGREEMENTS, IMPORTANCES, STATUSES, PackError, Promotion, RulePack, Signal

Number = Any
"""A whole number, or an expression or an array of some."""
Truth = Any

STATUS: Mapping[str, int] = {status: code for code, status in enumerate(STATUSES)}
AGREEMENT: Mapping[str, int] = {agreement: code for code, agreement in enumerate(AGREEMENTS)}
LARGEST_PRODUCT = 2**62
"""A weighted sum of ratings is multiplied by another weight, and two of these are compared, in 64 bits."""
_SCORE = re.compile(r"\b(?:lowest_)?score\b")
"""Scores over all signals need a common weight; nothing else does."""
LARGEST_SUM = 2**62 // 10_000
"""Sums of scores must stay below this: they are multiplied by constants of up to four decimals in 64 bits."""


class Algebra(Protocol):
    """What an interpreter knows beyond `+`, `-`, `*`, comparisons, `&`, `|` and `~`."""

    def where(self, test: Truth, then: Number, other: Number) -> Number:
        """One number where the test holds, another elsewhere."""

    def largest(self, numbers: Sequence[Number]) -> Number:
        """The largest of some numbers, one at least."""

    def smallest(self, numbers: Sequence[Number]) -> Number:
        """The smallest of some numbers, one at least."""

    def count(self, tests: Sequence[Truth]) -> Number:
        """How many of the tests hold."""


@dataclass(frozen=True)
class Mean:
    """What one rater gave a signal: the weighted sum of the ratings, and the weight that is rated."""

    total: Number
    rated: Number


class Ratings(Protocol):
    """Somebody's ratings, as an interpreter holds them."""

    def mean(self, signal: "SignalMeaning", rater: Rater) -> Mean:
        """What a rater gave a signal."""

    def status(self, signal: "SignalMeaning") -> Number:
        """The code of a signal's status, worked out already or now."""

    def agreement(self, signal: "SignalMeaning") -> Number:
        """The code of a signal's agreement."""

    def rating(self, competency: str) -> Mean:
        """The manager's rating of one competency, of weight 1."""

    def lowest_ratings(self) -> Number:
        """How many competencies of the pack have the lowest rating."""

    def missing_ratings(self) -> Number:
        """How many competencies of the pack have none."""


@dataclass(frozen=True)
class CompleteRatings:
    """Ratings of the manager of which none is missing; self ratings are not known."""

    meaning: "PromotionMeaning"
    ratings: Mapping[str, Number]
    """By competency, in units."""
    _means: dict[str, Mean] = field(default_factory=dict, repr=False)

    algebra: ClassVar[Algebra]
    refusal: ClassVar[type[Exception]] = AssertionError
    """What is raised for whoever asks for self ratings."""

    def mean(self, signal: "SignalMeaning", rater: Rater) -> Mean:
        """What the manager gives a signal."""
        if rater != "manager":
            raise self.refusal(signal.id)
        if signal.id not in self._means:
            each = (self.ratings[name] * weight for name, weight in signal.weights.items())
            self._means[signal.id] = Mean(reduce(operator.add, each), signal.whole)
        return self._means[signal.id]

    def status(self, signal: "SignalMeaning") -> Number:
        """The code of a signal's status."""
        return signal.status(self.algebra, self.mean(signal, "manager"))

    def agreement(self, signal: "SignalMeaning") -> Number:
        """There is none to be known."""
        raise self.refusal(signal.id)

    def rating(self, competency: str) -> Mean:
        """The manager's rating of a competency."""
        return Mean(self.ratings[competency], 1)

    def missing_ratings(self) -> Number:
        """None is missing."""
        return 0


@dataclass(frozen=True)
class Ratio:
    """A number as a fraction of two whole ones; the denominator is never below 0, and 0 where it is
    unknown."""

    numerator: Number
    denominator: Number
    known: Truth | None = None
    """Where the number is known; None for everywhere."""


def units(points: Decimal) -> int:
    """Points of the rating scale in rating units; whole, as a pack's numbers have four decimals at most."""
    return int(points * UNITS_PER_POINT)


@dataclass(frozen=True)
class SignalMeaning:
    """What one signal is held to."""

    id: str
    importance: str
    weights: Mapping[str, int]
    bar: int
    near: int
    """The score from which it is near."""
    lowest: int
    highest: int
    least: int
    """The weight that both raters must have rated before their views are compared."""
    step: int
    margin: int
    """How far two views must be apart to disagree."""

    @cached_property
    def whole(self) -> int:
        """The weight of all its competencies."""
        return sum(self.weights.values())

    def at_worst(self, mean: Mean) -> Number:
        """The weighted sum with every missing rating at the lowest of the scale."""
        return mean.total + (self.whole - mean.rated) * self.lowest

    def at_best(self, mean: Mean) -> Number:
        """The weighted sum with every missing rating at the highest of the scale."""
        return mean.total + (self.whole - mean.rated) * self.highest

    def status(self, algebra: Algebra, mean: Mean) -> Number:
        """The code of its status: what holds whatever the missing ratings are, or `unrated`."""
        worst, best = self.at_worst(mean), self.at_best(mean)
        met, near = self.whole * self.bar, self.whole * self.near
        where = algebra.where
        between = where((best < met) & (worst >= near), STATUS["near"], STATUS["unrated"])
        return where(worst >= met, STATUS["met"], where(best < near, STATUS["gap"], between))

    def shortfall(self, algebra: Algebra, mean: Mean) -> Number:
        """What its score at best lacks to the bar, in units times `whole`."""
        missing = self.whole * self.bar - self.at_best(mean)
        return algebra.where(missing > 0, missing, 0)

    def comparable(self, own: Mean, managers: Mean) -> Truth:
        """Whether both raters rated enough of it."""
        return (own.rated >= self.least) & (managers.rated >= self.least)

    def agreement(self, algebra: Algebra, own: Mean, managers: Mean) -> Number:
        """The code of how self and manager compare."""
        apart = own.total * managers.rated - managers.total * own.rated
        common = own.rated * managers.rated * self.margin
        where = algebra.where
        lower = where(apart + common <= 0, AGREEMENT["self_lower"], AGREEMENT["aligned"])
        known = where(apart >= common, AGREEMENT["self_higher"], lower)
        return where(self.comparable(own, managers), known, AGREEMENT["unknown"])

    def higher_by_a_bar(self, one: Mean, other: Mean) -> Truth:
        """Whether one view is at the bar and the other below it, a step of the scale lower at least."""
        apart = one.total * other.rated - other.total * one.rated
        at_bar = (one.total >= self.bar * one.rated) & (other.total < self.bar * other.rated)
        return self.comparable(one, other) & at_bar & (apart >= self.step * one.rated * other.rated)


@dataclass(frozen=True)
class Expected:
    """What the present level asks of one competency."""

    competency: str
    rating: int


@dataclass(frozen=True)
class PromotionMeaning:
    """What the ratings of one promotion, as one specialisation asks for it, mean."""

    signals: tuple[SignalMeaning, ...]
    expected: tuple[Expected, ...]
    lowest: int
    highest: int
    step: int

    @classmethod
    def of(cls, pack: RulePack, promotion: Promotion) -> "PromotionMeaning":
        """Raises `PackError` when its weights are too fine to be added up and compared exactly."""
        scale = pack.scale
        meaning = cls(
            signals=signal_meanings(pack, promotion),
            expected=tuple(
                Expected(one.competency, units(one.rating))
                for one in pack.level(promotion.from_level).expects
            ),
            lowest=units(scale.lowest),
            highest=units(scale.highest),
            step=units(scale.step),
        )
        if any(_SCORE.search(text) for rule in pack.rules_of(promotion) for text in (rule.when, rule.reason)):
            _refuse_uneven(meaning, promotion)
        return meaning

    def of_importance(self, importance: str) -> tuple[SignalMeaning, ...]:
        """The core or the supporting signals."""
        return tuple(signal for signal in self.signals if signal.importance == importance)

    @cached_property
    def competencies(self) -> tuple[str, ...]:
        """Everything that the signals and the present level look at."""
        signals = (name for signal in self.signals for name in signal.weights)
        return tuple(dict.fromkeys([*signals, *(one.competency for one in self.expected)]))

    def number(self, name: str, algebra: Algebra, ratings: Ratings) -> Ratio:
        """A number fact that rests on ratings."""
        return NUMBERS[name].definition(self, algebra, ratings)

    def category(self, name: str, ratings: Ratings) -> Number | None:
        """The code of a category fact that rests on ratings; None for any other."""
        family, _, signal = name.partition(".")
        if family not in ("signal", "agreement"):
            return None
        of = self.signal(signal)
        return ratings.status(of) if family == "signal" else ratings.agreement(of)

    def signal(self, name: str) -> SignalMeaning:
        """The signal with this id."""
        return next(one for one in self.signals if one.id == name)


def signal_meanings(pack: RulePack, promotion: Promotion) -> tuple[SignalMeaning, ...]:
    """What each signal of a promotion is held to."""
    return tuple(_signal(pack, promotion, signal) for signal in promotion.signals)


def _signal(pack: RulePack, promotion: Promotion, signal: Signal) -> SignalMeaning:
    standard, scale = pack.standard, pack.scale
    whole = sum(signal.weights.values())
    furthest = max(abs(units(scale.lowest)), abs(units(scale.highest)))
    if furthest * whole**2 >= LARGEST_PRODUCT:
        raise PackError(
            f"the weights of “{signal.title}” ({signal.id}) are too fine to compare scores exactly: together "
            f"they are {whole:,} parts; round them to small whole numbers such as 1, 2 and 3"
        )
    least = Fraction(standard.minimum_coverage) * whole
    bar = pack.bar_of(promotion, signal)
    return SignalMeaning(
        id=signal.id,
        importance=signal.importance,
        weights=signal.weights,
        bar=units(bar),
        near=units(bar - standard.near_margin),
        lowest=units(scale.lowest),
        highest=units(scale.highest),
        least=-(-least.numerator // least.denominator),
        step=units(scale.step),
        margin=units(standard.agreement_margin),
    )


def _refuse_uneven(meaning: PromotionMeaning, promotion: Promotion) -> None:
    common = _common_weight(meaning.signals)
    furthest = max(abs(meaning.lowest), abs(meaning.highest))
    if len(meaning.signals) > 1 and furthest * common * len(meaning.signals) >= LARGEST_SUM:
        raise PackError(
            f"promotion {promotion.id}: the weights of its signals are too uneven to add up scores "
            f"exactly (a common weight of {common}); round them to small whole numbers such as 1, 2 and 3, "
            "or weight everything in one signal"
        )


def _common_weight(signals: Sequence[SignalMeaning]) -> int:
    """A whole number that every weight a manager can have rated divides."""
    weights: set[int] = {1}
    for signal in signals:
        parts = tuple(signal.weights.values())
        for size in range(1, len(parts) + 1):
            weights.update(sum(chosen) for chosen in combinations(parts, size))
    return lcm(*weights)


Signals = Sequence[SignalMeaning]


def _of_status(status: str) -> Callable[[Signals, Algebra, Ratings], Ratio]:
    def count(signals: Signals, algebra: Algebra, ratings: Ratings) -> Ratio:
        return Ratio(algebra.count([ratings.status(signal) == STATUS[status] for signal in signals]), 1)

    return count


def _met_share(signals: Signals, algebra: Algebra, ratings: Ratings) -> Ratio:
    met = _of_status("met")(signals, algebra, ratings)
    return Ratio(met.numerator, len(signals)) if signals else Ratio(1, 1)


def _shortfalls(signals: Signals, algebra: Algebra, ratings: Ratings) -> tuple[list[Number], int]:
    """Of each signal over one common denominator, in points."""
    common = lcm(1, *(signal.whole for signal in signals))
    short = (signal.shortfall(algebra, ratings.mean(signal, "manager")) for signal in signals)
    same = [one * (common // signal.whole) for one, signal in zip(short, signals, strict=True)]
    return same, common * UNITS_PER_POINT


def _shortfall(signals: Signals, algebra: Algebra, ratings: Ratings) -> Ratio:
    each, denominator = _shortfalls(signals, algebra, ratings)
    return Ratio(sum(each), denominator)


def _mean_shortfall(signals: Signals, algebra: Algebra, ratings: Ratings) -> Ratio:
    each, denominator = _shortfalls(signals, algebra, ratings)
    return Ratio(sum(each), denominator * max(1, len(signals)))


def _largest_shortfall(signals: Signals, algebra: Algebra, ratings: Ratings) -> Ratio:
    each, denominator = _shortfalls(signals, algebra, ratings)
    return Ratio(algebra.largest(each) if each else 0, denominator)


Definition = Callable[[PromotionMeaning, Algebra, Ratings], Ratio]


def _missing(meaning: PromotionMeaning, algebra: Algebra, ratings: Ratings) -> Iterator[Number]:
    """What each expectation of the present level lacks at best, in units."""
    for one in meaning.expected:
        given = ratings.rating(one.competency)
        missing = one.rating - (given.total + (1 - given.rated) * meaning.highest)
        yield algebra.where(missing > 0, missing, 0)


def _present_met(meaning: PromotionMeaning, algebra: Algebra, ratings: Ratings) -> Ratio:
    given = [(ratings.rating(one.competency), one.rating) for one in meaning.expected]
    return Ratio(algebra.count([(one.rated > 0) & (one.total >= rating) for one, rating in given]), 1)


def _present_largest(meaning: PromotionMeaning, algebra: Algebra, ratings: Ratings) -> Ratio:
    missing = list(_missing(meaning, algebra, ratings))
    return Ratio(algebra.largest(missing) if missing else 0, UNITS_PER_POINT)


def _coverage(meaning: PromotionMeaning, _algebra: Algebra, ratings: Ratings) -> Ratio:
    common = lcm(*(signal.whole for signal in meaning.signals))
    rated = (ratings.mean(one, "manager").rated * (common // one.whole) for one in meaning.signals)
    return Ratio(sum(rated), common * len(meaning.signals))


def _scores(meaning: PromotionMeaning, algebra: Algebra, ratings: Ratings) -> list[tuple[Truth, Number]]:
    """Of each signal whether anything is rated, and the score over a common weight, which every rated one
    divides."""
    common = _common_weight(meaning.signals)
    found = []
    for signal in meaning.signals:
        mean = ratings.mean(signal, "manager")
        rated = algebra.where(mean.rated > 0, mean.rated, 1)
        found.append((mean.rated > 0, mean.total * (common // rated)))
    return found


def _only_score(meaning: PromotionMeaning, algebra: Algebra, ratings: Ratings) -> Ratio:
    """The score of the only signal: over the weight that is rated, it needs no common one."""
    mean = ratings.mean(meaning.signals[0], "manager")
    return Ratio(mean.total, algebra.where(mean.rated > 0, mean.rated, 1) * UNITS_PER_POINT, mean.rated > 0)


def _score(meaning: PromotionMeaning, algebra: Algebra, ratings: Ratings) -> Ratio:
    if len(meaning.signals) == 1:
        return _only_score(meaning, algebra, ratings)
    scores = _scores(meaning, algebra, ratings)
    count = algebra.count([there for there, _ in scores])
    denominator = algebra.where(count > 0, count, 1) * (_common_weight(meaning.signals) * UNITS_PER_POINT)
    return Ratio(sum(algebra.where(there, score, 0) for there, score in scores), denominator, count > 0)


def _lowest_score(meaning: PromotionMeaning, algebra: Algebra, ratings: Ratings) -> Ratio:
    if len(meaning.signals) == 1:
        return _only_score(meaning, algebra, ratings)
    scores, common = _scores(meaning, algebra, ratings), _common_weight(meaning.signals)
    above = meaning.highest * common
    lowest = algebra.smallest([algebra.where(there, score, above) for there, score in scores])
    known = algebra.count([there for there, _ in scores]) > 0
    return Ratio(lowest, common * UNITS_PER_POINT, known)


def _of_agreement(agreement: str) -> Definition:
    def count(meaning: PromotionMeaning, algebra: Algebra, ratings: Ratings) -> Ratio:
        code = AGREEMENT[agreement]
        return Ratio(algebra.count([ratings.agreement(signal) == code for signal in meaning.signals]), 1)

    return count


def is_blind_spot(signal: SignalMeaning, ratings: Ratings) -> Truth:
    """Self sees the signal at its bar; the manager sees it below, and at least a step lower."""
    return signal.higher_by_a_bar(ratings.mean(signal, "self"), ratings.mean(signal, "manager"))


def is_hidden_strength(signal: SignalMeaning, ratings: Ratings) -> Truth:
    """The mirror of a blind spot."""
    return signal.higher_by_a_bar(ratings.mean(signal, "manager"), ratings.mean(signal, "self"))


Direction = Literal["rises", "falls", "stays", "either"]
"""What a number does when the manager's ratings rise, nothing being missing: it never falls, it never rises,
it does not move, or it may do any of these."""


@dataclass(frozen=True)
class NumberMeaning:
    """What one number is, and how it follows the manager's ratings."""

    definition: Definition
    direction: Direction


def _of_importance(definition: Callable[[Signals, Algebra, Ratings], Ratio], importance: str) -> Definition:
    return lambda meaning, algebra, ratings: definition(meaning.of_importance(importance), algebra, ratings)


_OF_SIGNALS: Mapping[str, tuple[Callable[[Signals, Algebra, Ratings], Ratio], Direction]] = {
    "{}_met": (_of_status("met"), "rises"),
    "{}_near": (_of_status("near"), "either"),
    "{}_gap": (_of_status("gap"), "falls"),
    "{}_unrated": (_of_status("unrated"), "stays"),
    "{}_total": (lambda signals, *_: Ratio(len(signals), 1), "stays"),
    "{}_met_share": (_met_share, "rises"),
    "largest_{}_shortfall": (_largest_shortfall, "falls"),
}
NUMBERS: Mapping[str, NumberMeaning] = {
    **{
        name.format(importance): NumberMeaning(_of_importance(definition, importance), direction)
        for name, (definition, direction) in _OF_SIGNALS.items()
        for importance in IMPORTANCES
    },
    "core_shortfall": NumberMeaning(_of_importance(_shortfall, "core"), "falls"),
    "supporting_shortfall": NumberMeaning(_of_importance(_mean_shortfall, "supporting"), "falls"),
    "present_total": NumberMeaning(lambda m, *_: Ratio(len(m.expected), 1), "stays"),
    "present_met": NumberMeaning(_present_met, "rises"),
    "present_below": NumberMeaning(
        lambda m, a, r: Ratio(a.count([one > 0 for one in _missing(m, a, r)]), 1), "falls"
    ),
    "present_shortfall": NumberMeaning(
        lambda m, a, r: Ratio(sum(_missing(m, a, r)), UNITS_PER_POINT), "falls"
    ),
    "largest_present_shortfall": NumberMeaning(_present_largest, "falls"),
    "lowest_ratings": NumberMeaning(lambda _m, _a, r: Ratio(r.lowest_ratings(), 1), "falls"),
    "missing_ratings": NumberMeaning(lambda _m, _a, r: Ratio(r.missing_ratings(), 1), "stays"),
    "coverage": NumberMeaning(_coverage, "stays"),
    "score": NumberMeaning(_score, "rises"),
    "lowest_score": NumberMeaning(_lowest_score, "rises"),
    "blind_spots": NumberMeaning(
        lambda m, a, r: Ratio(a.count([is_blind_spot(one, r) for one in m.signals]), 1), "either"
    ),
    "hidden_strengths": NumberMeaning(
        lambda m, a, r: Ratio(a.count([is_hidden_strength(one, r) for one in m.signals]), 1), "either"
    ),
    "self_higher": NumberMeaning(_of_agreement("self_higher"), "either"),
    "self_lower": NumberMeaning(_of_agreement("self_lower"), "either"),
    "self_unknown": NumberMeaning(_of_agreement("unknown"), "either"),
}
"""Every number that rests on ratings. A new one is an entry here, its name and unit in `rules.facts`, and its
definition in the tests' oracle."""


def _that(direction: Direction) -> frozenset[str]:
    return frozenset(name for name, number in NUMBERS.items() if number.direction == direction)


RISING, FALLING, FIXED = _that("rises"), _that("falls"), _that("stays")
"""The numbers by their direction."""
