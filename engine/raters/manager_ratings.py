"""How each manager uses the scale: what is given most, how far ratings spread, where people are rated
alike."""

from dataclasses import dataclass
from decimal import Decimal

import polars as pl

from engine.raters.severity import Numbers
from engine.words import shown_rating
from inputs import UNITS_PER_POINT, OwnScale
from rules.pack import RulePack


@dataclass(frozen=True)
class Habit:
    """One manager's use of the scale. Points are of the pack's scale; single ratings also say how the file
    writes them."""

    ratings: int
    mean: float
    spread: float | None
    """The standard deviation of the manager's ratings; None of a single one."""
    commonest: Decimal
    """The rating that is given most; the higher one of two."""
    commonest_share: float
    midpoint_share: float
    """The share of ratings in the middle of the scale."""
    straight: int
    """People with the same rating on everything."""
    straight_of: int
    """People with enough ratings for that to say something (`straight_line_from` of the pack)."""
    halo: float | None
    """The spread of the ratings of one person, after what sets competencies apart for everybody: the smaller,
    the more a person is seen as one whole. None where nobody has two ratings."""


def habits_of(
    ratings: pl.DataFrame, ease: Numbers, managers: pl.Series, pack: RulePack, own: OwnScale | None
) -> list[Habit]:
    """The habits of managers 0, 1, ... in their order; `own` is how the file writes their ratings.

    `ratings` has a column for each competency and a row for each person, in units; `ease` says in points how
    each competency is rated everywhere, and `managers` whose person it is.
    """
    middle = int((pack.scale.lowest + pack.scale.highest) * UNITS_PER_POINT / 2)
    shift = pl.DataFrame({"competency": ratings.columns, "ease": ease})
    given = (
        ratings.with_columns(managers.alias("manager"))
        .with_row_index("person")
        .unpivot(index=["person", "manager"], variable_name="competency", value_name="units")
        .drop_nulls("units")
        .join(shift, on="competency", how="left", maintain_order="left")
        .with_columns((pl.col("units") / UNITS_PER_POINT).alias("points"))
    )
    people = given.group_by("person", "manager").agg(
        pl.len().alias("n"),
        pl.col("units").n_unique().alias("kinds"),
        ((pl.col("points") - pl.col("ease")).var() * (pl.len() - 1)).alias("squares"),
    )
    long = pl.col("n") >= pack.standard.straight_line_from
    of_people = people.group_by("manager").agg(
        (long & (pl.col("kinds") == 1)).sum().alias("straight"),
        long.sum().alias("straight_of"),
        pl.col("squares").sum(),
        (pl.col("n") - 1).sum().alias("free"),
    )
    commonest = (
        given.group_by("manager", "units")
        .len("times")
        .sort("times", "units", descending=True)
        .group_by("manager", maintain_order=True)
        .first()
    )
    overall = given.group_by("manager").agg(
        pl.len().alias("ratings"),
        pl.col("points").mean().alias("mean"),
        pl.col("points").std().alias("spread"),
        (pl.col("units") == middle).mean().alias("midpoint"),
    )
    found = overall.join(of_people, on="manager").join(commonest, on="manager").sort("manager")
    return [
        Habit(
            ratings=row["ratings"],
            mean=row["mean"],
            spread=row["spread"],
            commonest=shown_rating(row["units"], own),
            commonest_share=row["times"] / row["ratings"],
            midpoint_share=row["midpoint"],
            straight=row["straight"],
            straight_of=row["straight_of"],
            halo=(row["squares"] / row["free"]) ** 0.5 if row["free"] else None,
        )
        for row in found.iter_rows(named=True)
    ]
