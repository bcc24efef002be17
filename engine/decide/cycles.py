"""Cycles: in how many earlier ones in a row every core signal of a promotion was met."""

from collections.abc import Iterable, Iterator, Mapping

import polars as pl

from engine.decide.assessment import Assessment
from engine.decide.evidence import status_of
from engine.decide.meaning import STATUS
from engine.decide.variants import Variant
from inputs import Roster
from rules.facts import CYCLES_MET, REVIEWS

CYCLES_SCHEMA: Mapping[str, pl.DataType] = {
    "employee_id": pl.String(),
    "promotion": pl.String(),
    CYCLES_MET: pl.Int32(),  # null where it is not known
}
"""What earlier cycles say: a row for each person and promotion that they looked at."""
Seen = tuple[pl.Series, Variant, pl.DataFrame]
"""The employee ids of some people, what they were asked, and their evidence with times."""


def cycles_through(assessment: Assessment, now: Roster) -> pl.DataFrame:
    """What an assessment of an earlier cycle says to that of `now`, of its own cycle and of those before it
    that it knew. Somebody whose review is of the same day in both is in one cycle, given twice."""
    if repeats(assessment.roster, now):
        return cycles_met(_seen(assessment), fresh=False)
    found = cycles_met(_seen(assessment), fresh=True)
    ids = _of_one_review(assessment.roster, now)
    if ids.is_empty():
        return found
    same = pl.col("employee_id").is_in(ids.implode())
    again = cycles_met(_seen(assessment), fresh=False)
    return pl.concat([found.filter(~same), again.filter(same)])


def cycles_known(assessment: Assessment) -> pl.DataFrame:
    """What an assessment itself knew of the cycles before it."""
    return cycles_met(_seen(assessment), fresh=False)


def cycles_met(seen: Iterable[Seen], *, fresh: bool) -> pl.DataFrame:
    """`CYCLES_SCHEMA` of a cycle's evidence; of ratings that are not `fresh`, of the cycles before it."""
    frames = [
        evidence.select(
            ids.alias("employee_id"),
            pl.lit(variant.base.id).alias("promotion"),
            (_through(variant) if fresh else pl.col(CYCLES_MET)).cast(pl.Int32).alias(CYCLES_MET),
        )
        for ids, variant, evidence in seen
    ]
    return pl.concat([pl.DataFrame(schema=CYCLES_SCHEMA), *frames])


def cycles_before(earlier: pl.DataFrame | None, ids: pl.Series, promotion: str) -> pl.Series:
    """`CYCLES_MET` of these people, in their order; null where no earlier cycle tells."""
    if earlier is None:
        return pl.repeat(None, len(ids), dtype=pl.Int32, eager=True).alias(CYCLES_MET)
    here = earlier.filter(pl.col("promotion") == promotion).select("employee_id", CYCLES_MET)
    people = ids.alias("employee_id").to_frame()
    return people.join(here, on="employee_id", how="left", maintain_order="left")[CYCLES_MET]


def repeats(then: Roster, now: Roster) -> bool:
    """Whether everybody who is in both has the same ratings in both: these are one cycle, given twice."""
    columns = sorted({*then.ratings.columns, *now.ratings.columns})
    both = _given(now, columns).join(_given(then, columns), on="employee_id", suffix=" then")
    same = [pl.col(name).eq_missing(pl.col(f"{name} then")) for name in columns]
    return bool(same and both.height and both.select(pl.all_horizontal(same).all()).item())


def _of_one_review(then: Roster, now: Roster) -> pl.Series:
    """The ids of those whose review is of the same day in both."""
    days = (roster.people.select("employee_id", "review_date") for roster in (then, now))
    return next(days).join(next(days), on=["employee_id", "review_date"])["employee_id"]


def _given(roster: Roster, columns: Iterable[str]) -> pl.DataFrame:
    ratings, size = roster.ratings, roster.people.height
    nothing = pl.repeat(None, size, dtype=pl.Int64, eager=True)
    given = (ratings[name] if name in ratings.columns else nothing.alias(name) for name in columns)
    return pl.DataFrame([roster.people["employee_id"], *given])


def _seen(assessment: Assessment) -> Iterator[Seen]:
    ids = assessment.roster.people["employee_id"]
    for promotion in assessment.promotions:
        judged = assessment.of(promotion)
        for variant, places in assessment.by_variant(promotion):
            yield ids.gather(judged.found["person"].gather(places)), variant, judged.evidence[places]


def _through(variant: Variant) -> pl.Expr:
    """In how many cycles in a row, this one the last, every core signal is met; null where this one cannot
    tell, or is about an earlier level."""
    core = [pl.col(status_of(one.id)) for one in variant.promotion.signals if one.importance == "core"]
    if not core:
        return pl.lit(None, pl.Int32)
    met = pl.all_horizontal(status == STATUS["met"] for status in core)
    short = pl.any_horizontal(status.is_in([STATUS["near"], STATUS["gap"]]) for status in core)
    return (
        pl.when(pl.col("review") == REVIEWS.index("earlier_level"))
        .then(None)
        .when(met)
        .then(pl.col(CYCLES_MET).fill_null(0) + 1)
        .when(short)
        .then(0)
    )
