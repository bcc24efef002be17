"""Ratings to evidence: for each person and signal the scores, their status and their agreement.

All arithmetic is on whole numbers (`inputs.UNITS_PER_POINT`), so a score that equals its bar is met. A
score is kept as a fraction: the weighted sum of the ratings and the weight that was rated.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache

import polars as pl

from inputs import RATERS, UNITS_PER_POINT, Rater, rating_column
from rules.pack import AGREEMENTS, STATUSES, EvidenceStandard, PackError, Promotion, RulePack, Signal

LARGEST_PRODUCT = 2**62
"""A weighted sum of ratings is multiplied by another weight, and two of these are compared, in 64 bits."""
STATUS = {status: code for code, status in enumerate(STATUSES)}
AGREEMENT = {agreement: code for code, agreement in enumerate(AGREEMENTS)}


@dataclass(frozen=True)
class SignalColumns:
    """The names of one signal's columns in an evidence frame, and what its scores are held against.

    Expressions are kept by it: making one costs more than computing it for a few hundred people.
    """

    signal: str
    total_weight: int
    bar: Fraction
    """In rating units."""

    def sum(self, rater: Rater) -> str:
        """Int64: weighted sum of the rater's ratings, in rating units; 0 without any."""
        return f"{self.signal}.{rater}_sum"

    def weight(self, rater: Rater) -> str:
        """Int64: the weight that the rater rated."""
        return f"{self.signal}.{rater}_weight"

    @property
    def status(self) -> str:
        """UInt8: the index of the status in `rules.pack.STATUSES`."""
        return f"{self.signal}.status"

    @property
    def agreement(self) -> str:
        """UInt8: the index of the agreement in `rules.pack.AGREEMENTS`."""
        return f"{self.signal}.agreement"


def signal_columns(pack: RulePack, promotion: Promotion) -> tuple[SignalColumns, ...]:
    """The evidence columns of every signal of a promotion, in the pack's order.

    Raises `PackError` when the weights of a signal are too fine to be added up and compared exactly.
    """
    furthest = max(abs(units(pack.scale.lowest)), abs(units(pack.scale.highest)))
    return tuple(
        SignalColumns(signal.id, _total_weight(signal, furthest), units(pack.bar_of(promotion, signal)))
        for signal in promotion.signals
    )


def _total_weight(signal: Signal, furthest: Fraction) -> int:
    """`furthest` is the rating with the largest amount."""
    total = sum(signal.weights.values())
    if furthest * total**2 >= LARGEST_PRODUCT:
        raise PackError(
            f"the weights of “{signal.title}” ({signal.id}) are too fine to compare scores exactly: together "
            f"they are {total:,} parts; round them to small whole numbers such as 1, 2 and 3"
        )
    return total


def looked_at(promotion: Promotion) -> tuple[str, ...]:
    """The competencies that a promotion looks at, in the order of its signals."""
    return tuple(dict.fromkeys(name for signal in promotion.signals for name in signal.competencies))


def rating_columns(promotion: Promotion) -> tuple[str, ...]:
    """The columns of `Roster.ratings` that a promotion looks at."""
    return tuple(rating_column(name, rater) for name in looked_at(promotion) for rater in RATERS)


def units(points: Decimal) -> Fraction:
    """Points of the rating scale in rating units, exactly."""
    return Fraction(points) * UNITS_PER_POINT


@dataclass(frozen=True)
class EvidencePlan:
    """The expressions of evidence, made once for frames with the same columns."""

    sums: tuple[pl.Expr, ...]
    judgements: tuple[pl.Expr, ...]

    def compute(self, ratings: pl.DataFrame | pl.LazyFrame) -> pl.DataFrame:
        """As `compute_evidence`."""
        return ratings.lazy().select("person", *self.sums).with_columns(self.judgements).collect()


def compute_evidence(
    ratings: pl.DataFrame | pl.LazyFrame,
    pack: RulePack,
    promotion: Promotion,
    raters: Sequence[Rater] = RATERS,
) -> pl.DataFrame:
    """The evidence of some people for one promotion.

    `ratings` holds `person` (UInt32) and columns of `Roster.ratings`; a column that is not there counts as
    unrated. Returns `person` and the columns of `SignalColumns` for each signal, in the same order; of the
    manager alone, without agreement, when only that rater is asked for.
    """
    available = ratings.lazy().collect_schema().names()
    return plan_evidence(available, pack, promotion, raters).compute(ratings)


def plan_evidence(
    available: Iterable[str], pack: RulePack, promotion: Promotion, raters: Sequence[Rater] = RATERS
) -> EvidencePlan:
    """The expressions of `compute_evidence` for frames with the columns `available`."""
    columns, known = signal_columns(pack, promotion), set(available)
    sums = (
        expression
        for names, signal in zip(columns, promotion.signals, strict=True)
        for rater in raters
        for expression in _sums(names, signal, rater, known)
    )
    judge = _judgements if "self" in raters else _manager_judgement
    judgements = (expression for names in columns for expression in judge(names, pack.standard))
    return EvidencePlan(tuple(sums), tuple(judgements))


@cache
def is_rated(names: SignalColumns, rater: Rater, standard: EvidenceStandard) -> pl.Expr:
    """Whether a rater covers enough of the signal's weight to give it a score."""
    least = Fraction(standard.minimum_coverage) * names.total_weight
    return pl.col(names.weight(rater)) >= -(-least.numerator // least.denominator)


def at_least(total: pl.Expr, weight: pl.Expr, bar: Fraction) -> pl.Expr:
    """Whether the score total / weight is at or above the bar, in whole numbers."""
    if bar.denominator == 1:
        return total >= weight * bar.numerator
    return total * bar.denominator >= weight * bar.numerator


def _sums(names: SignalColumns, signal: Signal, rater: Rater, available: set[str]) -> Iterator[pl.Expr]:
    weights = [
        (rating_column(competency, rater), weight)
        for competency, weight in signal.weights.items()
        if rating_column(competency, rater) in available
    ]
    total = _add([_times(pl.col(column).fill_null(0), weight) for column, weight in weights])
    rated = _add([_times(pl.col(column).is_not_null().cast(pl.Int64), weight) for column, weight in weights])
    yield total.alias(names.sum(rater))
    yield rated.alias(names.weight(rater))


def _add(terms: Sequence[pl.Expr]) -> pl.Expr:
    if not terms:
        return pl.repeat(0, pl.len(), dtype=pl.Int64)
    total = terms[0]
    for term in terms[1:]:
        total = total + term
    return total


def _times(term: pl.Expr, factor: int) -> pl.Expr:
    return term if factor == 1 else term * factor


@cache
def _manager_judgement(names: SignalColumns, standard: EvidenceStandard) -> tuple[pl.Expr, ...]:
    total, weight = pl.col(names.sum("manager")), pl.col(names.weight("manager"))
    near = names.bar - units(standard.near_margin)
    return (
        pl.when(~is_rated(names, "manager", standard))
        .then(_code(STATUS["unrated"]))
        .when(at_least(total, weight, names.bar))
        .then(_code(STATUS["met"]))
        .when(at_least(total, weight, near))
        .then(_code(STATUS["near"]))
        .otherwise(_code(STATUS["gap"]))
        .alias(names.status),
    )


@cache
def _judgements(names: SignalColumns, standard: EvidenceStandard) -> tuple[pl.Expr, ...]:
    manager_sum, manager_weight = pl.col(names.sum("manager")), pl.col(names.weight("manager"))
    self_sum, self_weight = pl.col(names.sum("self")), pl.col(names.weight("self"))
    manager_rated, self_rated = is_rated(names, "manager", standard), is_rated(names, "self", standard)
    difference = self_sum * manager_weight - manager_sum * self_weight
    common_weight = self_weight * manager_weight
    margin = units(standard.agreement_margin)
    agreement = (
        pl.when(~(manager_rated & self_rated))
        .then(_code(AGREEMENT["unknown"]))
        .when(at_least(difference, common_weight, margin))
        .then(_code(AGREEMENT["self_higher"]))
        .when(at_least(-difference, common_weight, margin))
        .then(_code(AGREEMENT["self_lower"]))
        .otherwise(_code(AGREEMENT["aligned"]))
        .alias(names.agreement)
    )
    return (*_manager_judgement(names, standard), agreement)


@cache
def _code(value: int) -> pl.Expr:
    return pl.lit(value, dtype=pl.UInt8)
