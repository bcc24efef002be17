"""How sure: what becomes of a band when one manager's rating is one step higher or lower.

A step is the pack's (`Scale.step`), shortened at the ends of the scale. Nothing here changes a
recommendation.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from engine.banding import Banding
from engine.changes import People
from engine.signals import status_of, units
from engine.space import Space
from inputs.roster import rating_column

TURNING_SCHEMA: dict[str, pl.DataType] = {
    "row": pl.UInt32(),  # place in the frame of people
    "competency": pl.String(),
    "before": pl.Int64(),  # the manager's rating, in rating units
    "after": pl.Int64(),
    "recommendation": pl.String(),  # after the step; null where the rules would give none
}
"""One row for each single step that changes a band."""


@dataclass(frozen=True)
class Stability:
    """What single steps do to the bands of the people of one transition."""

    people: pl.DataFrame
    """In order: `steps` (UInt32), how many single steps are possible, and `unchanged` (UInt32), how many of
    them leave the band as it is."""
    turning: pl.DataFrame
    """`TURNING_SCHEMA`, by person, then competency in the order of the transition, down before up."""


@dataclass(frozen=True)
class SingleStep:
    """One step of one competency's rating, up or down, tried on everybody."""

    competency: str
    up: bool

    @property
    def column(self) -> str:
        """The rating column that is moved."""
        return rating_column(self.competency, "manager")

    def after(self, banding: Banding) -> pl.Expr:
        """Int64: the rating one step on, null where there is none or it cannot move that way."""
        scale, before = banding.pack.scale, pl.col(self.column)
        step, lowest, highest = (int(units(n)) for n in (scale.step, scale.lowest, scale.highest))
        moved = (before + step).clip(upper_bound=highest) if self.up else (before - step).clip(lowest)
        return pl.when(moved > before if self.up else moved < before).then(moved)


def compute_stability(people: People) -> Stability:
    """Try every single step of every manager's rating that the transition looks at."""
    banding, ratings = people.banding, people.ratings
    steps = [
        SingleStep(competency, up)
        for competency in banding.competencies
        for up in (False, True)
        if rating_column(competency, "manager") in ratings.columns
    ]
    if not steps or not ratings.height:
        nothing = pl.repeat(0, ratings.height, dtype=pl.UInt32, eager=True)
        counted = pl.DataFrame({"steps": nothing, "unchanged": nothing})
        return Stability(counted, pl.DataFrame(schema=TURNING_SCHEMA))
    after = ratings.select(step.after(banding).alias(str(n)) for n, step in enumerate(steps))
    if people.by_state:
        bands = _bands_in_space(people, steps)
    else:
        bands = _bands_run_again(banding, ratings, people.times, steps, after)
    return _count(steps, ratings, after, list(bands), people.present)


def _bands_in_space(people: People, steps: Sequence[SingleStep]) -> Iterator[pl.Series]:
    """By step, the band after it, where statuses decide: the state moves by what the statuses move."""
    space = people.placed[0]
    together = people.ratings.hstack(people.evidence.drop("person").get_columns())
    states = together.with_columns(people.states).select(
        _state_after(space, step).alias(str(n)) for n, step in enumerate(steps)
    )
    every = pl.concat([states.to_series(n).alias("state") for n in range(states.width)])
    distinct = every.unique().sort()
    bands = space.bands(distinct).gather(distinct.search_sorted(every))
    for n in range(states.width):
        yield bands.slice(n * together.height, together.height)


def _state_after(space: Space, step: SingleStep) -> pl.Expr:
    banding = space.banding
    moved = step.after(banding).fill_null(pl.col(step.column)) - pl.col(step.column)
    state = pl.col("state")
    for place, (names, signal) in enumerate(zip(banding.columns, banding.transition.signals, strict=True)):
        weight = signal.weights.get(step.competency)
        if weight is None:
            continue
        total = pl.col(names.sum("manager")) + moved.fill_null(0) * weight
        values = [pl.lit(value, pl.Int64) for value in space.contribution(place)]
        before = status_of(pl.col(names.sum("manager")), names, banding.pack.standard, values)
        state = state + status_of(total, names, banding.pack.standard, values) - before
    return state


def _bands_run_again(
    banding: Banding,
    ratings: pl.DataFrame,
    times: pl.DataFrame,
    steps: Sequence[SingleStep],
    after: pl.DataFrame,
) -> Iterator[pl.Series]:
    """By step, the band after it, where more than statuses decide: everything is computed anew."""
    for n, step in enumerate(steps):
        moved = after.to_series(n).fill_null(ratings[step.column]).alias(step.column)
        yield banding.bands(banding.evidence(ratings.with_columns(moved)), times)


def _count(
    steps: Sequence[SingleStep],
    ratings: pl.DataFrame,
    after: pl.DataFrame,
    bands: Sequence[pl.Series],
    present: pl.Series,
) -> Stability:
    possible = after.select(pl.all().is_not_null())
    same = pl.DataFrame(
        [(band.eq_missing(present) & possible.to_series(n)).alias(str(n)) for n, band in enumerate(bands)]
    )
    people = pl.DataFrame(
        {
            "steps": possible.sum_horizontal().cast(pl.UInt32),
            "unchanged": same.sum_horizontal().cast(pl.UInt32),
        }
    )
    turning = []
    for n, step in enumerate(steps):
        rows = (possible.to_series(n) & ~same.to_series(n)).arg_true()
        if rows.len():
            turning.append(
                pl.DataFrame(
                    {
                        "row": rows.cast(pl.UInt32),
                        "competency": pl.Series([step.competency] * rows.len(), dtype=pl.String),
                        "before": ratings[step.column].gather(rows),
                        "after": after.to_series(n).gather(rows),
                        "recommendation": bands[n].gather(rows).cast(pl.String),
                    },
                    schema=TURNING_SCHEMA,
                )
            )
    found = pl.concat(turning) if turning else pl.DataFrame(schema=TURNING_SCHEMA)
    return Stability(people, found.sort("row", maintain_order=True))
