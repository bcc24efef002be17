"""Dates to time: whole months in the level and in product work, on the day of the assessment."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date
from fractions import Fraction

import polars as pl

from rules.pack import TENURES, Promotion, RulePack, Tenure, TimeMeasure

OBSERVATIONS: tuple[str, ...] = ("enough", "too_short", "unknown")
MEASURED_FROM: dict[TimeMeasure, str] = {
    "time_in_level": "level_since",
    "product_experience": "product_since",
}
"""The column of the roster from which each measure of tenure counts."""


def compute_tenure(
    people: pl.DataFrame, pack: RulePack, promotion: Promotion, day: date | pl.Expr
) -> pl.DataFrame:
    """As `plan_tenure`, computed."""
    return plan_tenure(people.lazy(), pack, promotion, day).collect()


def plan_tenure(
    people: pl.LazyFrame, pack: RulePack, promotion: Promotion, day: date | pl.Expr
) -> pl.LazyFrame:
    """Time facts of these people (`inputs.PEOPLE_SCHEMA`), one row each, in order, not yet computed.

    `day` may be a column, for a day of each person's own. Returns `months_in_level` and `experience_months`
    (Int32, null when unknown) and the codes `tenure` (UInt8 into `rules.pack.TENURES`) and `observation`
    (UInt8 into `OBSERVATIONS`).
    """
    times = people.select(_times(promotion, day))
    return times.with_columns(_observation(pack.standard.observation_months), _tenure(promotion.tenure))


def add_months(start: date, months: int) -> date:
    """The day on which so many whole months have passed since `start`, the month's last day at the latest."""
    years, month = divmod(start.month - 1 + months, 12)
    year = start.year + years
    last = monthrange(year, month + 1)[1]
    return date(year, month + 1, min(start.day, last))


def _times(promotion: Promotion, day: date | pl.Expr) -> Iterator[pl.Expr]:
    guidance = promotion.tenure
    yield _whole_months("level_since", day).alias("months_in_level")
    # Without guidance there is no measure, and a condition on years must not compare another one.
    years = (
        pl.lit(None, pl.Int32) if guidance is None else _whole_months(MEASURED_FROM[guidance.measure], day)
    )
    yield years.alias("experience_months")


def _whole_months(column: str, day: date | pl.Expr) -> pl.Expr:
    """Calendar months from the date in the column to the day; a date after the day is unknown."""
    start, end = pl.col(column), pl.lit(day) if isinstance(day, date) else day
    reached = (end == end.dt.month_end()) | (start.dt.day() <= end.dt.day())
    months = (end.dt.year() - start.dt.year()) * 12 + (
        end.dt.month().cast(pl.Int32) - start.dt.month().cast(pl.Int32)
    )
    return pl.when(start <= end).then(months - (~reached).cast(pl.Int32)).cast(pl.Int32)


def _observation(least_months: int) -> pl.Expr:
    months = pl.col("months_in_level")
    return (
        pl.when(months.is_null())
        .then(_code(OBSERVATIONS, "unknown"))
        .when(months >= least_months)
        .then(_code(OBSERVATIONS, "enough"))
        .otherwise(_code(OBSERVATIONS, "too_short"))
        .alias("observation")
    )


def _tenure(guidance: Tenure | None) -> pl.Expr:
    if guidance is None:
        return _code(TENURES, "unknown").alias("tenure")
    months = pl.col("experience_months")
    earliest = Fraction(guidance.from_years) * 12
    early = months * earliest.denominator < earliest.numerator
    if guidance.to_years is None:
        overdue = pl.lit(value=False)
    else:
        latest = Fraction(guidance.to_years) * 12
        overdue = months * latest.denominator > latest.numerator
    return (
        pl.when(months.is_null())
        .then(_code(TENURES, "unknown"))
        .when(early)
        .then(_code(TENURES, "early"))
        .when(overdue)
        .then(_code(TENURES, "overdue"))
        .otherwise(_code(TENURES, "typical"))
        .alias("tenure")
    )


def _code(values: tuple[str, ...], value: str) -> pl.Expr:
    return pl.lit(values.index(value), dtype=pl.UInt8)
