"""Dates to time: how long somebody has been observed, how old the review is, and the tenure so far.

The time under observation runs to the review; where the file has no review date, to the day of the run. The
guidance of the articles is about the day of the run.
"""

from calendar import monthrange
from datetime import date
from fractions import Fraction

import polars as pl

from rules.facts import OBSERVATIONS, REVIEWS
from rules.pack import TENURES, Promotion, RulePack, Tenure, TimeMeasure

MEASURED_FROM: dict[TimeMeasure, str] = {
    "time_in_level": "level_since",
    "product_experience": "product_since",
}
"""The column of the roster from which each measure of tenure counts."""


def compute_tenure(people: pl.DataFrame, pack: RulePack, promotion: Promotion, day: date) -> pl.DataFrame:
    """The time facts of these people (`inputs.PEOPLE_SCHEMA`), one row each, in order.

    Returns `months_in_level`, `experience_months`, `observed_months` and `review_age_months` (Int32, null
    when unknown) and the codes (UInt8) `tenure` into `rules.pack.TENURES`, `observation` into
    `rules.facts.OBSERVATIONS` and `review` into `rules.facts.REVIEWS`.
    """
    today, began, guidance = pl.lit(day), pl.col("level_since"), promotion.tenure
    reviewed = pl.when(pl.col("review_date") <= today).then("review_date")
    until = pl.coalesce(reviewed, today)
    observed = pl.when(began <= until).then(_whole_months("level_since", until)).when(began > until).then(0)
    # Without guidance there is no measure, and a condition on years must not compare another one.
    years = (
        pl.lit(None, pl.Int32) if guidance is None else _whole_months(MEASURED_FROM[guidance.measure], today)
    )
    times = people.lazy().select(
        _whole_months("level_since", today).alias("months_in_level"),
        years.alias("experience_months"),
        observed.cast(pl.Int32).alias("observed_months"),
        _whole_months("review_date", today).alias("review_age_months"),
        (reviewed < began).fill_null(value=False).alias("before"),
    )
    standard = pack.standard
    return times.select(
        pl.exclude("before"),
        _observation(standard.observation_months),
        _tenure(guidance),
        _review(standard.stale_months),
    ).collect()


def add_months(start: date, months: int) -> date:
    """The day on which so many whole months have passed since `start`, the month's last day at the latest."""
    years, month = divmod(start.month - 1 + months, 12)
    year = start.year + years
    last = monthrange(year, month + 1)[1]
    return date(year, month + 1, min(start.day, last))


def _whole_months(column: str, end: pl.Expr) -> pl.Expr:
    """Calendar months from the date in the column to a day; a date after that day is unknown."""
    start = pl.col(column)
    reached = (end == end.dt.month_end()) | (start.dt.day() <= end.dt.day())
    months = (end.dt.year() - start.dt.year()) * 12 + (
        end.dt.month().cast(pl.Int32) - start.dt.month().cast(pl.Int32)
    )
    return pl.when(start <= end).then(months - (~reached).cast(pl.Int32)).cast(pl.Int32)


def _observation(least_months: int) -> pl.Expr:
    months = pl.col("observed_months")
    return (
        pl.when(months.is_null())
        .then(_code(OBSERVATIONS, "unknown"))
        .when(months >= least_months)
        .then(_code(OBSERVATIONS, "enough"))
        .otherwise(_code(OBSERVATIONS, "too_short"))
        .alias("observation")
    )


def _review(stale_months: int) -> pl.Expr:
    age = pl.col("review_age_months")
    return (
        pl.when("before")
        .then(_code(REVIEWS, "earlier_level"))
        .when(age.is_null())
        .then(_code(REVIEWS, "undated"))
        .when(age > stale_months)
        .then(_code(REVIEWS, "stale"))
        .otherwise(_code(REVIEWS, "current"))
        .alias("review")
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
