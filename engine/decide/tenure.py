"""Dates to time: how long somebody has been observed, how old the review is, and the tenure so far.

The time under observation runs to the review; where the file has no review date, to the day of the run. The
guidance of the articles is about the day of the run.
"""

from calendar import monthrange
from datetime import date

import polars as pl

from engine.decide.algebra import POLARS
from engine.decide.meaning import Algebra, Number, Truth
from rules.facts import OBSERVATIONS, REVIEWS
from rules.pack import TENURES, Promotion, RulePack, Tenure, TimeMeasure

MEASURED_FROM: dict[TimeMeasure, str] = {
    "time_in_level": "level_since",
    "product_experience": "product_since",
}
"""The column of the roster from which each measure of tenure counts."""


def compute_tenure(
    people: pl.DataFrame, pack: RulePack, promotion: Promotion, day: date | pl.Expr
) -> pl.DataFrame:
    """The time facts of these people (`inputs.PEOPLE_SCHEMA`), one row each, in order, on a day, which may be
    another for each.

    Returns `months_in_level`, `experience_months`, `observed_months` and `review_age_months` (Int32, null
    when unknown) and the codes (UInt8) `tenure` into `rules.pack.TENURES`, `observation` into
    `rules.facts.OBSERVATIONS` and `review` into `rules.facts.REVIEWS`.
    """
    today = day if isinstance(day, pl.Expr) else pl.lit(day)
    began, guidance = pl.col("level_since"), promotion.tenure
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
    passed, age, experience = map(pl.col, ("observed_months", "review_age_months", "experience_months"))
    dated = age.is_not_null()
    codes = {
        "observation": observation_of(POLARS, passed.is_not_null(), passed, standard.observation_months),
        "tenure": tenure_of(POLARS, experience.is_not_null(), experience, guidance),
        "review": review_of(POLARS, pl.col("before"), dated, age, standard.stale_months),
    }
    named = (code.cast(pl.UInt8).alias(name) for name, code in codes.items())
    return times.select(pl.exclude("before"), *named).collect()


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


def observation_of(algebra: Algebra, known: Truth, months: Number, least_months: int) -> Number:
    """The code into `rules.facts.OBSERVATIONS` of the months up to the review."""
    enough, too_short, unknown = map(OBSERVATIONS.index, ("enough", "too_short", "unknown"))
    return algebra.where(known, algebra.where(months >= least_months, enough, too_short), unknown)


def review_of(algebra: Algebra, before: Truth, dated: Truth, age: Number, stale_months: int) -> Number:
    """The code into `rules.facts.REVIEWS`: `before` is whether the review lies before the level began."""
    earlier, undated, stale, current = map(REVIEWS.index, ("earlier_level", "undated", "stale", "current"))
    of_now = algebra.where(dated, algebra.where(age > stale_months, stale, current), undated)
    return algebra.where(before, earlier, of_now)


def tenure_of(algebra: Algebra, known: Truth, months: Number, guidance: Tenure | None) -> Number:
    """The code into `rules.pack.TENURES` of the months so far, by a promotion's guidance."""
    early, typical, overdue, unknown = map(TENURES.index, ("early", "typical", "overdue", "unknown"))
    if guidance is None:
        return algebra.where(known, unknown, unknown)
    usual: Number = typical
    if guidance.most_months is not None:
        usual = algebra.where(months > guidance.most_months, overdue, typical)
    return algebra.where(known, algebra.where(months < guidance.least_months, early, usual), unknown)
