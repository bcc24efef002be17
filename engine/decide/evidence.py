"""Ratings to evidence: for each person and signal the scores, their status and their agreement.

All arithmetic is on whole numbers (`inputs.UNITS_PER_POINT`), so a score that equals its bar is met. A
score is kept as a fraction: the weighted sum of the ratings and the weight that was rated. Both are kept in
as few bits as hold the largest that the pack allows, and counted with in 64: polars raises where a number
does not fit a narrower type, but wraps silently where a sum does not.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce

import numpy as np
import polars as pl
from numpy.typing import NDArray

from engine.decide import cases
from engine.decide.algebra import NUMPY, POLARS
from engine.decide.meaning import Algebra, Mean, Number, PromotionMeaning, SignalMeaning, Truth, units
from inputs import RATERS, Rater, rating_column
from rules.pack import Promotion, RulePack

LOWEST = "lowest_ratings"
"""UInt32: how many competencies of the pack have the manager's lowest rating."""
UNRATED = "unrated_competencies"
"""UInt32: how many have none."""


def sum_of(signal: str, rater: Rater) -> str:
    """The weighted sum of the rater's ratings, in rating units; 0 without any. A whole number."""
    return f"{signal}.{rater}_sum"


def weight_of(signal: str, rater: Rater) -> str:
    """The weight that the rater rated. A whole number."""
    return f"{signal}.{rater}_weight"


def status_of(signal: str) -> str:
    """UInt8: the index of the status in `rules.pack.STATUSES`."""
    return f"{signal}.status"


def agreement_of(signal: str) -> str:
    """UInt8: the index of the agreement in `rules.pack.AGREEMENTS`."""
    return f"{signal}.agreement"


def expected_of(competency: str) -> str:
    """The manager's rating of what the present level expects, null where there is none. A whole number."""
    return f"expected.{competency}"


def looked_at(promotion: Promotion) -> tuple[str, ...]:
    """The competencies that a promotion's signals look at, in their order."""
    return tuple(dict.fromkeys(name for signal in promotion.signals for name in signal.competencies))


def compute_evidence(ratings: pl.DataFrame, meaning: PromotionMeaning) -> pl.DataFrame:
    """The evidence of some people for one promotion.

    `ratings` holds `person` (UInt32), columns of `Roster.ratings` and those of `count_lowest`; a rating
    column that is not there counts as unrated. Returns `person`, the columns above for each signal and
    expectation, and those of `count_lowest`, in the same order.
    """
    if ratings.height <= cases.FEW_PEOPLE:
        return _evidence_of_few(ratings, meaning)
    columns, available = Expressions(), set(ratings.columns)
    kept = [number.cast(kind).alias(name) for name, number, kind in _sums(meaning, columns, available)]
    kept += [
        (pl.col(column) if column in available else pl.repeat(None, pl.len(), dtype=pl.Int64))
        .cast(kind)
        .alias(name)
        for name, column, kind in _expected(meaning)
    ]
    codes = [code.cast(pl.UInt8).alias(name) for name, code in _codes(meaning, columns)]
    return ratings.lazy().select("person", *kept, LOWEST, UNRATED).with_columns(codes).collect()


def _evidence_of_few(ratings: pl.DataFrame, meaning: PromotionMeaning) -> pl.DataFrame:
    rows, available = ratings.height, set(ratings.columns)
    kept = [
        pl.Series(name, np.broadcast_to(number, rows).astype(_OF_NUMPY[kind]))
        for name, number, kind in _sums(meaning, Arrays(ratings), available)
    ]
    kept += [
        pl.Series(name, ratings[column].to_list() if column in available else [None] * rows, dtype=kind)
        for name, column, kind in _expected(meaning)
    ]
    evidence = pl.DataFrame([ratings["person"], *kept, ratings[LOWEST], ratings[UNRATED]])
    codes = _codes(meaning, Arrays(evidence))
    return evidence.hstack(
        [pl.Series(name, np.broadcast_to(code, rows).astype(np.uint8)) for name, code in codes]
    )


def _codes(meaning: PromotionMeaning, columns: "Expressions | Arrays") -> Iterator[tuple[str, Number]]:
    """The status and the agreement of each signal."""
    known, algebra = KnownRatings(columns=columns), columns.algebra
    for signal in meaning.signals:
        own, managers = (known.mean(signal, rater) for rater in RATERS)
        yield status_of(signal.id), signal.status(algebra, managers)
        yield agreement_of(signal.id), signal.agreement(algebra, own, managers)


def in_64_bits(evidence: pl.LazyFrame, meaning: PromotionMeaning) -> pl.LazyFrame:
    """The same with sums, weights and ratings as Int64, as files hold them."""
    wide = [
        of(signal.id, rater) for signal in meaning.signals for of in (sum_of, weight_of) for rater in RATERS
    ]
    wide += [expected_of(one.competency) for one in meaning.expected]
    return evidence.with_columns(pl.col(wide).cast(pl.Int64))


def count_lowest(ratings: pl.DataFrame, pack: RulePack) -> pl.DataFrame:
    """For each row of `Roster.ratings`, `LOWEST` and `UNRATED` over all competencies of the pack."""
    columns = [rating_column(part.id, "manager") for part in pack.competencies]
    known = [pl.col(name) for name in columns if name in ratings.columns]
    lowest, nothing = units(pack.scale.lowest), pl.repeat(0, pl.len(), dtype=pl.UInt32)

    def count(tests: Iterable[pl.Expr]) -> pl.Expr:
        return reduce(lambda total, test: total + test.cast(pl.UInt32), tests, nothing)

    absent = len(columns) - len(known)
    counted = ratings.lazy().select(
        count((column == lowest).fill_null(value=False) for column in known).alias(LOWEST),
        (count(column.is_null() for column in known) + absent).cast(pl.UInt32).alias(UNRATED),
    )
    return counted.collect()


class Expressions:
    """The columns of an evidence frame as polars interprets them."""

    algebra: Algebra = POLARS

    def column(self, name: str) -> Number:
        """A column of whole numbers."""
        return pl.col(name).cast(pl.Int64)

    def code(self, name: str) -> Number:
        """A column of codes."""
        return pl.col(name)

    def known(self, name: str) -> Truth:
        """Where it is not null."""
        return pl.col(name).is_not_null()

    def given(self, name: str) -> Number:
        """1 where it is not null, else 0."""
        return self.known(name).cast(pl.Int64)

    def filled(self, name: str, value: int) -> Number:
        """The column with a value in place of nulls."""
        return self.column(name).fill_null(value)


@dataclass(frozen=True)
class Arrays:
    """The same as numpy interprets them: for few people quicker than a query."""

    frame: pl.DataFrame
    algebra: Algebra = NUMPY
    _read: dict[str, tuple[NDArray[np.int64], NDArray[np.bool_]]] = field(default_factory=dict, repr=False)

    def column(self, name: str) -> Number:
        """A column of whole numbers, 0 where it is null."""
        return self._arrays(name)[0]

    code = column

    def known(self, name: str) -> Truth:
        """Where it is not null."""
        return self._arrays(name)[1]

    def given(self, name: str) -> Number:
        """1 where it is not null, else 0."""
        return self.known(name).astype(np.int64)

    def filled(self, name: str, value: int) -> Number:
        """The column with a value in place of nulls."""
        numbers, known = self._arrays(name)
        return np.where(known, numbers, value)

    def _arrays(self, name: str) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        if name not in self._read:
            given = self.frame[name].to_list()
            known = np.array([one is not None for one in given], dtype=np.bool_)
            self._read[name] = np.array([one or 0 for one in given], dtype=np.int64), known
        return self._read[name]


@dataclass(frozen=True)
class KnownRatings:
    """The ratings of an evidence frame as they are: `engine.decide.meaning.Ratings`."""

    columns: Expressions | Arrays = field(default_factory=Expressions, kw_only=True)

    def mean(self, signal: SignalMeaning, rater: Rater) -> Mean:
        """What a rater gave a signal."""
        total, rated = sum_of(signal.id, rater), weight_of(signal.id, rater)
        return Mean(self.columns.column(total), self.columns.column(rated))

    def status(self, signal: SignalMeaning) -> Number:
        """The code of a signal's status."""
        return self.columns.code(status_of(signal.id))

    def agreement(self, signal: SignalMeaning) -> Number:
        """The code of a signal's agreement."""
        return self.columns.code(agreement_of(signal.id))

    def rating(self, competency: str) -> Mean:
        """The manager's rating of what the present level expects."""
        name = expected_of(competency)
        return Mean(self.columns.filled(name, 0), self.columns.given(name))

    def lowest_ratings(self) -> Number:
        """How many competencies have the lowest rating."""
        return self.columns.column(LOWEST)

    def missing_ratings(self) -> Number:
        """How many competencies have none."""
        return self.columns.column(UNRATED)


@dataclass(frozen=True)
class CompletedRatings(KnownRatings):
    """The same with every missing rating of the manager at the lowest of the scale, or at the highest."""

    meaning: PromotionMeaning
    best: bool

    def mean(self, signal: SignalMeaning, rater: Rater) -> Mean:
        """The manager's ratings, completed; self ratings as they are."""
        mean = super().mean(signal, rater)
        if rater == "self":
            return mean
        return Mean(signal.at_best(mean) if self.best else signal.at_worst(mean), signal.whole)

    def status(self, signal: SignalMeaning) -> Number:
        """The status of the completed ratings."""
        return signal.status(self.columns.algebra, self.mean(signal, "manager"))

    def rating(self, competency: str) -> Mean:
        """The manager's rating, completed."""
        end = self.meaning.highest if self.best else self.meaning.lowest
        return Mean(self.columns.filled(expected_of(competency), end), 1)

    def lowest_ratings(self) -> Number:
        """How many competencies have the lowest rating, those at the lowest for want of one included."""
        lowest, unrated = super().lowest_ratings(), super().missing_ratings()
        return lowest if self.best else lowest + unrated

    def missing_ratings(self) -> Number:
        """None is missing any more."""
        return super().missing_ratings() * 0


def is_incomplete(meaning: PromotionMeaning, *, everything: bool) -> pl.Expr:
    """Whether a rating is missing that signals or the present level look at, or, with `everything`, any of
    the pack's."""
    missing = [pl.col(weight_of(signal.id, "manager")) < signal.whole for signal in meaning.signals]
    missing += [pl.col(expected_of(one.competency)).is_null() for one in meaning.expected]
    missing += [pl.col(UNRATED) > 0] if everything else []
    return pl.any_horizontal(missing)


def _sums(
    meaning: PromotionMeaning, columns: Expressions | Arrays, available: set[str]
) -> Iterator[tuple[str, Number, pl.DataType]]:
    """What each rater gave each signal, and how much of it they rated, with the types that hold these."""
    for signal in meaning.signals:
        ends = signal.lowest * signal.whole, signal.highest * signal.whole
        for rater in RATERS:
            given = [
                (rating_column(competency, rater), weight)
                for competency, weight in signal.weights.items()
                if rating_column(competency, rater) in available
            ]
            total = _weighted([(columns.filled(name, 0), weight) for name, weight in given], columns.algebra)
            rated = _weighted([(columns.given(name), weight) for name, weight in given], columns.algebra)
            yield sum_of(signal.id, rater), total, _kept_as(*ends)
            yield weight_of(signal.id, rater), rated, _kept_as(signal.whole)


def _expected(meaning: PromotionMeaning) -> Iterator[tuple[str, str, pl.DataType]]:
    """What the present level expects, the columns of the ratings of it, and the type that holds these."""
    for one in meaning.expected:
        column = rating_column(one.competency, "manager")
        yield expected_of(one.competency), column, _kept_as(meaning.lowest, meaning.highest)


def _kept_as(*ends: int) -> pl.DataType:
    """The narrowest type for whole numbers that are no further from 0 than the furthest of these."""
    furthest = max(map(abs, ends))
    return next((kind for kind, end in _NARROW if furthest < end), pl.Int64())


_NARROW: Sequence[tuple[pl.DataType, int]] = ((pl.Int16(), 2**15), (pl.Int32(), 2**31))
_OF_NUMPY: Mapping[pl.DataType, type[np.generic]] = {
    pl.Int16(): np.int16,
    pl.Int32(): np.int32,
    pl.Int64(): np.int64,
}


def _weighted(terms: Sequence[tuple[Number, int]], algebra: Algebra) -> Number:
    """The sum of numbers times their weights."""
    weighted = (term if weight == 1 else term * weight for term, weight in terms)
    return reduce(lambda total, term: total + term, weighted) if terms else algebra.count([])
