"""Whose recommendation would change under values that are only tried: counted and named for a page."""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from engine import Assessment

MOST_NAMED = 200
"""People that a page names."""


@dataclass(frozen=True)
class Tried:
    """Whose recommendation would change under other bars."""

    bands: tuple[tuple[str, str, int, int], ...]
    """Band, its label, how many it has now, and how many it would have."""
    moved: int
    of: int
    people: tuple[tuple[str, str, str, str, str], ...]
    """The first of them: name, id, promotion, band now, band then."""
    labels: Mapping[str, str]
    undecided: int
    """For how many the tried rules come to no recommendation."""


def tried_of(present: Assessment, movements: pl.DataFrame) -> Tried:
    """What is shown of `engine.simulation.Trial.movements`."""
    pack, people = present.pack, present.roster.people
    moved = movements.filter(pl.col("before").ne_missing(pl.col("after")))
    labels: dict[str | None, str] = {band: text.label for band, text in pack.bands.items()}
    labels[None] = "No recommendation"
    titles = {one.id: one.title for one in pack.promotions}
    before, after = (dict(movements[name].value_counts().iter_rows()) for name in ("before", "after"))
    named = (
        (
            people["employee_name"][person] or people["employee_id"][person],
            people["employee_id"][person],
            titles[promotion],
            str(old),
            str(new),
        )
        for person, promotion, old, new in moved.head(MOST_NAMED).iter_rows()
    )
    return Tried(
        tuple(
            (band, text.label, before.get(band, 0), after.get(band, 0)) for band, text in pack.bands.items()
        ),
        moved.height,
        movements.height,
        tuple(named),
        {str(band): label for band, label in labels.items()},
        movements["after"].null_count(),
    )
