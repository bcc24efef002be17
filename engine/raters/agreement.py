"""How self ratings and the manager's compare: by competency, by manager, and person by person.

Kappa is Cohen's with quadratic weights (Cohen 1968): 1 is the same everywhere, 0 what chance would give.
People over- or underestimate themselves where their mean difference lies half a standard deviation or more
above or below that of everybody (Atwater & Yammarino 1992); so the usual difference between the two is
nobody's own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import polars as pl

from engine.words import shown_rating
from inputs import UNITS_PER_POINT, Roster, rating_column
from rules.pack import RulePack

LARGEST = 15
"""Differences that are listed."""
FEWEST_PAIRS = 3
"""Competencies rated by both before a person's mean difference counts."""
FEWEST_PEOPLE = 5
"""People to compare a person with before anybody is said to differ from them. Of two people one always lies
above and one below, whatever they gave."""
APART = 0.5
"""Standard deviations from the mean difference of everybody."""


@dataclass(frozen=True)
class Agreement:
    """How pairs of ratings of the same thing compare."""

    pairs: int
    exact: int
    within_step: int
    """The same or one step of the scale apart."""
    kappa: float | None
    """None where neither rating varies, and of a single pair, of which it is 0 whatever the two are."""
    difference: float
    """The mean of self less manager, in points."""


@dataclass(frozen=True)
class Gap:
    """One rating that the person and the manager see differently."""

    employee_id: str
    employee_name: str | None
    manager: str | None
    """As `Rater.manager`."""
    competency: str
    """Title."""
    own: Decimal
    given: Decimal
    """The manager's."""


@dataclass(frozen=True)
class SelfAndManager:
    """The two views of everybody whom both have rated."""

    overall: Agreement
    competencies: Mapping[str, Agreement]
    """By title, in the order of the pack."""
    managers: Mapping[str, Agreement]
    """By `Rater.manager`."""
    people: int
    """People with enough pairs to compare them with others."""
    tells: bool
    """Whether `over` and `under` say something: people are enough, and do not all differ alike."""
    over: int
    under: int
    gap: float
    """The mean over people of their mean differences, in points."""
    gap_spread: float
    largest: tuple[Gap, ...]
    """The largest differences first; only those that the pack counts as disagreement."""


def agreement_of(roster: Roster, managers: pl.Expr, pack: RulePack) -> SelfAndManager | None:
    """The two views compared; None where no rating has both. `managers` reads `Roster.people`."""
    pairs = _pairs(roster, managers, pack)
    if pairs.is_empty():
        return None
    step = int(pack.scale.step * UNITS_PER_POINT)
    titles = {part.id: part.title for part in pack.competencies}
    by_competency = _agreements(pairs, "competency", step)
    people = pairs.group_by("person").agg(pl.col("difference").mean(), pl.len()).sort("person")
    means = people.filter(pl.col("len") >= FEWEST_PAIRS)["difference"] / UNITS_PER_POINT
    gap, spread = _float(means.mean()), _float(means.std())
    return SelfAndManager(
        overall=_agreements(pairs.with_columns(all=pl.lit("")), "all", step)[""],
        competencies={titles[id_]: by_competency[id_] for id_ in titles if id_ in by_competency},
        managers=_agreements(pairs.drop_nulls("manager"), "manager", step),
        people=means.len(),
        tells=means.len() >= FEWEST_PEOPLE and spread > 0,
        over=int((means >= gap + APART * spread).sum()) if spread else 0,
        under=int((means <= gap - APART * spread).sum()) if spread else 0,
        gap=gap,
        gap_spread=spread,
        largest=_largest(pairs, roster, titles, int(pack.standard.agreement_margin * UNITS_PER_POINT)),
    )


def _pairs(roster: Roster, managers: pl.Expr, pack: RulePack) -> pl.DataFrame:
    """`person`, `manager`, `competency`, the units `own` and `given`, and their `difference`."""
    whose = roster.people.select(manager=managers).with_row_index("person")
    found = [whose.clear().with_columns(competency=pl.lit(""), own=pl.lit(0), given=pl.lit(0))]
    for part in pack.competencies:
        own, given = (rating_column(part.id, rater) for rater in ("self", "manager"))
        if own in roster.ratings.columns and given in roster.ratings.columns:
            both = roster.ratings.select(own=pl.col(own), given=pl.col(given))
            rows = whose.hstack(both).drop_nulls(["own", "given"])
            found.append(
                rows.select("person", "manager", pl.lit(part.id).alias("competency"), "own", "given")
            )
    together = pl.concat(found, how="vertical_relaxed")
    return together.with_columns(difference=pl.col("own") - pl.col("given"))


def _agreements(pairs: pl.DataFrame, by: str, step: int) -> dict[str, Agreement]:
    apart = pl.col("difference")
    points = [(pl.col(name).cast(pl.Float64) / UNITS_PER_POINT).alias(name) for name in ("own", "given")]
    counts = pairs.group_by(by).agg(
        pl.len().alias("pairs"),
        (apart == 0).sum().alias("exact"),
        (apart.abs() <= step).sum().alias("within"),
        apart.sum().alias("difference"),
    )
    moments = (
        pairs.with_columns(points)
        .group_by(by)
        .agg(
            ((pl.col("own") - pl.col("given")) ** 2).mean().alias("seen"),
            (
                pl.col("own").var(ddof=0)
                + pl.col("given").var(ddof=0)
                + (pl.col("own").mean() - pl.col("given").mean()) ** 2
            ).alias("by_chance"),
        )
    )
    return {
        row[by]: Agreement(
            row["pairs"],
            row["exact"],
            row["within"],
            1 - row["seen"] / row["by_chance"] if row["pairs"] > 1 and row["by_chance"] > 1e-12 else None,
            row["difference"] / UNITS_PER_POINT / row["pairs"],
        )
        for row in counts.join(moments, on=by).sort(by).iter_rows(named=True)
    }


def _largest(pairs: pl.DataFrame, roster: Roster, titles: Mapping[str, str], margin: int) -> tuple[Gap, ...]:
    apart = pairs.with_columns(size=pl.col("difference").abs()).filter(pl.col("size") >= margin)
    first = apart.sort("size", "person", descending=[True, False], maintain_order=True).head(LARGEST)
    people = roster.people.select("employee_id", "employee_name")[first["person"].to_list()]
    return tuple(
        Gap(
            row["employee_id"],
            row["employee_name"],
            row["manager"],
            titles[row["competency"]],
            shown_rating(row["own"], roster.scales.get("self")),
            shown_rating(row["given"], roster.scales.get("manager")),
        )
        for row in first.hstack(people).iter_rows(named=True)
    )


def _float(value: object) -> float:
    return value if isinstance(value, float) else 0.0
