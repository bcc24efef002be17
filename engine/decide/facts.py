"""Evidence and dates to facts: the columns that conditions compare, exact.

A number fact is a fraction of two whole numbers: column `name` holds the numerator (Int64, null when the
number is unknown), column `name/` the denominator. A category fact is a column of
UInt8 codes into its values. Findings are facts too, but `engine.decide.inference` adds those.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from math import lcm

import polars as pl

from engine.decide.evidence import AGREEMENT, STATUS, SignalColumns, is_rated, signal_columns
from inputs import UNITS_PER_POINT
from rules.facts import Fact, facts_of
from rules.pack import (
    IMPORTANCES,
    STATUSES,
    Agreement,
    EvidenceStandard,
    PackError,
    Promotion,
    RulePack,
)

MONTHS_PER_YEAR = 12
_NONE = pl.lit(0, dtype=pl.UInt8)
LARGEST_SUM = 2**62 // 10_000
"""Sums of scores must stay below this: they are multiplied by constants of up to four decimals in 64 bits."""


@dataclass(frozen=True)
class Ratio:
    """A number fact as two expressions of whole numbers."""

    numerator: pl.Expr
    denominator: pl.Expr | int


@dataclass(frozen=True)
class Signals:
    """What the computation of facts knows of one promotion."""

    pack: RulePack
    promotion: Promotion
    columns: tuple[SignalColumns, ...]

    @property
    def standard(self) -> EvidenceStandard:
        """The pack's evidence standard."""
        return self.pack.standard

    def of(self, importance: str) -> Iterator[SignalColumns]:
        """The columns of the core or of the supporting signals."""
        for names, signal in zip(self.columns, self.promotion.signals, strict=True):
            if signal.importance == importance:
                yield names


def compute_facts(
    evidence: pl.DataFrame, times: pl.DataFrame, pack: RulePack, promotion: Promotion, names: Iterable[str]
) -> pl.DataFrame:
    """The named facts of these people, as `plan_facts` says, computed."""
    return plan_facts(evidence, times, pack, promotion, names).collect()


def plan_facts(
    evidence: pl.DataFrame, times: pl.DataFrame, pack: RulePack, promotion: Promotion, names: Iterable[str]
) -> pl.LazyFrame:
    """The named facts of these people, one row each, in order, not yet computed.

    `evidence` is of `engine.decide.evidence.compute_evidence`, `times` of
    `engine.decide.tenure.compute_tenure`. Returns `person`, a column for each name and, for a number, the
    column `name/` with its denominator (Int64).
    """
    expressions = fact_expressions(pack, promotion, names)
    return evidence.hstack(times.get_columns()).lazy().select("person", *expressions)


def fact_expressions(pack: RulePack, promotion: Promotion, names: Iterable[str]) -> tuple[pl.Expr, ...]:
    """The expressions of `plan_facts`, over evidence and times side by side."""
    signals = Signals(pack, promotion, signal_columns(pack, promotion))
    catalogue = facts_of(pack, promotion)
    expressions: list[pl.Expr] = []
    for name in names:
        fact = catalogue[name]
        if fact.kind == "number":
            ratio = _number(name, signals)
            expressions.append(ratio.numerator.cast(pl.Int64).alias(name))
            expressions.append(_as_expression(ratio.denominator).alias(denominator_of(name)))
        elif fact.kind == "category":
            expressions.append(_category(name, fact).alias(name))
    return tuple(expressions)


def denominator_of(name: str) -> str:
    """The column that holds the denominator of a number fact."""
    return f"{name}/"


def _as_expression(denominator: pl.Expr | int) -> pl.Expr:
    if isinstance(denominator, int):
        return pl.lit(denominator, dtype=pl.Int64)
    return denominator.cast(pl.Int64)


def _number(name: str, signals: Signals) -> Ratio:
    importance, _, status = name.partition("_")
    if importance in IMPORTANCES and status in STATUSES:
        return Ratio(_count(_is(n.status, STATUS[status]) for n in signals.of(importance)), 1)
    if importance in IMPORTANCES and status == "total":
        return Ratio(pl.lit(sum(1 for _ in signals.of(importance))), 1)
    return _NUMBERS[name](signals)


def _category(name: str, fact: Fact) -> pl.Expr:
    family, _, signal = name.partition(".")
    if family == "signal":
        return pl.col(f"{signal}.status")
    if family == "agreement":
        return pl.col(f"{signal}.agreement")
    assert fact.name in ("tenure", "observation")
    return pl.col(fact.name)


def _count(ones: Iterable[pl.Expr]) -> pl.Expr:
    # UInt8 sums are several times faster than 64-bit ones and 255 signals are more than a pack can hold.
    total = _NONE
    for one in ones:
        total = total + one
    return total


@cache
def _is(column: str, code: int) -> pl.Expr:
    return (pl.col(column) == code).cast(pl.UInt8)


def _count_agreement(agreement: Agreement) -> Callable[[Signals], Ratio]:
    def count(signals: Signals) -> Ratio:
        return Ratio(_count(_is(n.agreement, AGREEMENT[agreement]) for n in signals.columns), 1)

    return count


def _blind_spots(signals: Signals) -> Ratio:
    return Ratio(_count(blind_spot(names, signals.standard).cast(pl.UInt8) for names in signals.columns), 1)


def _hidden_strengths(signals: Signals) -> Ratio:
    return Ratio(
        _count(hidden_strength(names, signals.standard).cast(pl.UInt8) for names in signals.columns), 1
    )


@cache
def blind_spot(names: SignalColumns, standard: EvidenceStandard) -> pl.Expr:
    """Self rates the signal at its bar, the manager below."""
    manager_below = pl.col(names.status).is_in([STATUS["near"], STATUS["gap"]])
    return manager_below & is_rated(names, "self", standard) & _self_at_bar(names)


@cache
def hidden_strength(names: SignalColumns, standard: EvidenceStandard) -> pl.Expr:
    """The manager rates the signal at its bar, self below."""
    manager_at_bar = pl.col(names.status) == STATUS["met"]
    return manager_at_bar & is_rated(names, "self", standard) & ~_self_at_bar(names)


def _self_at_bar(names: SignalColumns) -> pl.Expr:
    total, weight = pl.col(names.sum("self")), pl.col(names.weight("self"))
    return total * names.bar.denominator >= weight * names.bar.numerator


def _coverage(signals: Signals) -> Ratio:
    common = lcm(*(names.total_weight for names in signals.columns))
    rated = pl.sum_horizontal(
        pl.col(names.weight("manager")) * (common // names.total_weight) for names in signals.columns
    )
    return Ratio(rated, common * len(signals.columns))


def _score(signals: Signals) -> Ratio:
    common = _common_weight(signals)
    rated = [pl.col(names.status) != STATUS["unrated"] for names in signals.columns]
    total = pl.sum_horizontal(
        pl.when(is_rated_).then(_score_over(names, common)).otherwise(0)
        for names, is_rated_ in zip(signals.columns, rated, strict=True)
    )
    count = _count(one.cast(pl.UInt8) for one in rated)
    return Ratio(pl.when(count > 0).then(total), count.cast(pl.Int64) * common)


def _lowest_score(signals: Signals) -> Ratio:
    common = _common_weight(signals)
    lowest = pl.min_horizontal(
        pl.when(pl.col(names.status) != STATUS["unrated"]).then(_score_over(names, common))
        for names in signals.columns
    )
    return Ratio(lowest, common)


def _score_over(names: SignalColumns, common: int) -> pl.Expr:
    """The manager's score times the common weight: whole, because every rated weight divides it."""
    weight = pl.col(names.weight("manager"))
    return pl.col(names.sum("manager")) * (common // weight.clip(lower_bound=1))


def _common_weight(signals: Signals) -> int:
    """A whole number that every weight a manager can have rated divides."""
    weights: set[int] = set()
    for signal in signals.promotion.signals:
        parts = tuple(signal.weights.values())
        for size in range(1, len(parts) + 1):
            weights.update(sum(chosen) for chosen in combinations(parts, size))
    common = lcm(*weights)
    largest = int(signals.pack.scale.highest) * UNITS_PER_POINT * common * len(signals.columns)
    if largest >= LARGEST_SUM:
        raise PackError(
            f"promotion {signals.promotion.id}: the weights of its signals are too uneven to add up scores "
            f"exactly (a common weight of {common}); round them to small whole numbers such as 1, 2 and 3"
        )
    return common


_NUMBERS: dict[str, Callable[[Signals], Ratio]] = {
    "blind_spots": _blind_spots,
    "hidden_strengths": _hidden_strengths,
    "self_higher": _count_agreement("self_higher"),
    "self_lower": _count_agreement("self_lower"),
    "self_unknown": _count_agreement("unknown"),
    "coverage": _coverage,
    "score": lambda signals: _in_points(_score(signals)),
    "lowest_score": lambda signals: _in_points(_lowest_score(signals)),
    "months_in_level": lambda _: Ratio(pl.col("months_in_level"), 1),
    "experience_years": lambda _: Ratio(pl.col("experience_months"), MONTHS_PER_YEAR),
}


def _in_points(ratio: Ratio) -> Ratio:
    return Ratio(ratio.numerator, ratio.denominator * UNITS_PER_POINT)
