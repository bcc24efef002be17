"""What became of each person, once for every time that is looked at: the groups that people are counted
in."""

from collections.abc import Mapping, Sequence
from functools import reduce

import polars as pl

from engine.session import DecisionStatus
from engine.words import Key
from rules.pack import Band

OUTCOMES = ("ready_now", "ready_soon", "insufficient_evidence", "other")
"""Of a person's promotions together: the best band; without evidence only where all of them are."""
CHANGES = ("none", "agreed", "up", "down", "aside")
"""What decisions did to a person's recommendations; `none` without a decision."""
MEASURES = ("ready_now", "ready_now_or_soon")
"""What a share is of: people with that band in at least one of the promotions open to them. Each counts its
own place in `OUTCOMES` and those before it."""


CHANGES_COLUMN = ".changes"


def time_column(number: int) -> str:
    """The name of the column of a time: no header of a file of groups is like it."""
    return f".time {number}"


def outcomes_of(bands: Mapping[str, Mapping[Key, Band]]) -> pl.DataFrame:
    """`employee_id`, and for each time its `time_column`: the place in `OUTCOMES`.

    Who has no recommendation at a time counts as `other` there.
    """

    def joined(one: pl.DataFrame, other: pl.DataFrame) -> pl.DataFrame:
        return one.join(other, on="employee_id", how="full", coalesce=True, maintain_order="left_right")

    each = (_outcomes(found, time_column(number)) for number, found in enumerate(bands.values()))
    return reduce(joined, each).with_columns(pl.exclude("employee_id").fill_null(OUTCOMES.index("other")))


def _outcomes(bands: Mapping[Key, Band], name: str) -> pl.DataFrame:
    frame = pl.DataFrame(
        ([id_ for id_, _ in bands], list(bands.values())),
        schema={"employee_id": pl.String, "band": pl.String},
    )
    rank = pl.col("band").replace_strict(_RANKS, default=2, return_dtype=pl.UInt8)
    best = frame.group_by("employee_id", maintain_order=True).agg(rank.min().alias("rank"))
    place = pl.col("rank").replace_strict(_PLACES, return_dtype=pl.UInt8)
    return best.select("employee_id", place.alias(name))


_RANKS = {"ready_now": 0, "ready_soon": 1, "insufficient_evidence": 3}
"""The best of a person's promotions has the lowest rank; any other band is 2."""
_PLACES = {0: 0, 1: 1, 2: 3, 3: 2}
"""Rank to the place in `OUTCOMES`."""


def changes_of(decided: Mapping[Key, DecisionStatus], ids: pl.Series) -> pl.Series:
    """`CHANGES_COLUMN`: for each id what decisions changed, as the place in `CHANGES`."""
    found: dict[str, set[str]] = {}
    for (employee_id, _), status in decided.items():
        found.setdefault(employee_id, set()).add(status.name.lower())
    places = [CHANGES.index(_together(found.get(one, {"none"}))) for one in ids]
    return pl.Series(CHANGES_COLUMN, places, dtype=pl.UInt8)


def _together(changes: set[str]) -> str:
    """One change of a person: both ways is aside, and agreed only where all of them are."""
    real = changes - {"agreed"}
    return next(iter(real or changes)) if len(real) < 2 else "aside"


def counts_of(places: pl.Series, names: Sequence[str]) -> tuple[int, ...]:
    """How many people have each of the places, which are those of `names`."""
    found = dict(places.value_counts().iter_rows())
    return tuple(int(found.get(at, 0)) for at in range(len(names)))
