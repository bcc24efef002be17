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
from inputs.roster import UNITS_PER_POINT
from rules.facts import Fact, facts_of
from rules.pack import (
    IMPORTANCES,
    STATUSES,
    Agreement,
    EvidenceStandard,
    PackError,
    RulePack,
    Transition,
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
class Signs:
    """What the computation of facts knows of one transition."""

    pack: RulePack
    transition: Transition
    columns: tuple[SignalColumns, ...]

    @property
    def standard(self) -> EvidenceStandard:
        """The pack's evidence standard."""
        return self.pack.standard

    def of(self, importance: str) -> Iterator[SignalColumns]:
        """The columns of the core or of the supporting signals."""
        for names, signal in zip(self.columns, self.transition.signals, strict=True):
            if signal.importance == importance:
                yield names


def compute_facts(
    evidence: pl.DataFrame, times: pl.DataFrame, pack: RulePack, transition: Transition, names: Iterable[str]
) -> pl.DataFrame:
    """The named facts of these people, as `plan_facts` says, computed."""
    return plan_facts(evidence, times, pack, transition, names).collect()


def plan_facts(
    evidence: pl.DataFrame, times: pl.DataFrame, pack: RulePack, transition: Transition, names: Iterable[str]
) -> pl.LazyFrame:
    """The named facts of these people, one row each, in order, not yet computed.

    `evidence` is of `engine.decide.evidence.compute_evidence`, `times` of
    `engine.decide.tenure.compute_tenure`. Returns `person`, a column for each name and, for a number, the
    column `name/` with its denominator (Int64).
    """
    expressions = fact_expressions(pack, transition, names)
    return evidence.hstack(times.get_columns()).lazy().select("person", *expressions)


def fact_expressions(pack: RulePack, transition: Transition, names: Iterable[str]) -> tuple[pl.Expr, ...]:
    """The expressions of `plan_facts`, over evidence and times side by side."""
    signs = Signs(pack, transition, signal_columns(pack, transition))
    catalogue = facts_of(pack, transition)
    expressions: list[pl.Expr] = []
    for name in names:
        fact = catalogue[name]
        if fact.kind == "number":
            ratio = _number(name, signs)
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


def _number(name: str, signs: Signs) -> Ratio:
    importance, _, status = name.partition("_")
    if importance in IMPORTANCES and status in STATUSES:
        return Ratio(_count(_is(n.status, STATUS[status]) for n in signs.of(importance)), 1)
    if importance in IMPORTANCES and status == "total":
        return Ratio(pl.lit(sum(1 for _ in signs.of(importance))), 1)
    return _NUMBERS[name](signs)


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


def _count_agreement(agreement: Agreement) -> Callable[[Signs], Ratio]:
    def count(signs: Signs) -> Ratio:
        return Ratio(_count(_is(n.agreement, AGREEMENT[agreement]) for n in signs.columns), 1)

    return count


def _blind_spots(signs: Signs) -> Ratio:
    return Ratio(_count(blind_spot(names, signs.standard).cast(pl.UInt8) for names in signs.columns), 1)


def _hidden_strengths(signs: Signs) -> Ratio:
    return Ratio(_count(hidden_strength(names, signs.standard).cast(pl.UInt8) for names in signs.columns), 1)


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


def _coverage(signs: Signs) -> Ratio:
    common = lcm(*(names.total_weight for names in signs.columns))
    rated = pl.sum_horizontal(
        pl.col(names.weight("manager")) * (common // names.total_weight) for names in signs.columns
    )
    return Ratio(rated, common * len(signs.columns))


def _score(signs: Signs) -> Ratio:
    common = _common_weight(signs)
    rated = [pl.col(names.status) != STATUS["unrated"] for names in signs.columns]
    total = pl.sum_horizontal(
        pl.when(is_rated_).then(_score_over(names, common)).otherwise(0)
        for names, is_rated_ in zip(signs.columns, rated, strict=True)
    )
    count = _count(one.cast(pl.UInt8) for one in rated)
    return Ratio(pl.when(count > 0).then(total), count.cast(pl.Int64) * common)


def _lowest_score(signs: Signs) -> Ratio:
    common = _common_weight(signs)
    lowest = pl.min_horizontal(
        pl.when(pl.col(names.status) != STATUS["unrated"]).then(_score_over(names, common))
        for names in signs.columns
    )
    return Ratio(lowest, common)


def _score_over(names: SignalColumns, common: int) -> pl.Expr:
    """The manager's score times the common weight: whole, because every rated weight divides it."""
    weight = pl.col(names.weight("manager"))
    return pl.col(names.sum("manager")) * (common // weight.clip(lower_bound=1))


def _common_weight(signs: Signs) -> int:
    """A whole number that every weight a manager can have rated divides."""
    weights: set[int] = set()
    for signal in signs.transition.signals:
        parts = tuple(signal.weights.values())
        for size in range(1, len(parts) + 1):
            weights.update(sum(chosen) for chosen in combinations(parts, size))
    common = lcm(*weights)
    largest = int(signs.pack.scale.highest) * UNITS_PER_POINT * common * len(signs.columns)
    if largest >= LARGEST_SUM:
        raise PackError(
            f"transition {signs.transition.id}: the weights of its signals are too uneven to add up scores "
            f"exactly (a common weight of {common}); round them to small whole numbers such as 1, 2 and 3"
        )
    return common


_NUMBERS: dict[str, Callable[[Signs], Ratio]] = {
    "blind_spots": _blind_spots,
    "hidden_strengths": _hidden_strengths,
    "self_higher": _count_agreement("self_higher"),
    "self_lower": _count_agreement("self_lower"),
    "self_unknown": _count_agreement("unknown"),
    "coverage": _coverage,
    "score": lambda signs: _in_points(_score(signs)),
    "lowest_score": lambda signs: _in_points(_lowest_score(signs)),
    "months_in_level": lambda _: Ratio(pl.col("months_in_level"), 1),
    "experience_years": lambda _: Ratio(pl.col("experience_months"), MONTHS_PER_YEAR),
}


def _in_points(ratio: Ratio) -> Ratio:
    return Ratio(ratio.numerator, ratio.denominator * UNITS_PER_POINT)
