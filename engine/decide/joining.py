"""Parts of an assessment as one: people are decided independently of each other."""

from collections.abc import Mapping, Sequence
from itertools import accumulate

import polars as pl

from engine.decide.assessing import together
from engine.decide.assessment import RECOMMENDATIONS_SCHEMA, Assessment, Judged, Outcome
from inputs import Roster

_Part = tuple[int, Judged]
"""How many people stand before those of the part, and what was judged of these."""


def joined(parts: Sequence[Assessment], roster: Roster) -> Assessment:
    """The assessment of everybody in `roster`, whose people were assessed in parts, in its order.

    Cases are numbered as they come: the result is the same however the people were divided. All parts are
    of one pack and day, and nobody in them is undecided.
    """
    before = accumulate((part.roster.people.height for part in parts), initial=0)
    judged: dict[str, list[_Part]] = {}
    for start, part in zip(before, parts, strict=False):
        for promotion in part.promotions:
            judged.setdefault(promotion.id, []).append((start, part.of(promotion)))
    return together(
        roster, parts[0].pack, parts[0].day, {name: _judged(several) for name, several in judged.items()}
    )


def _judged(parts: Sequence[_Part]) -> Judged:
    numbers: dict[Outcome, int] = {}
    found = [_found(start, one, numbers) for start, one in parts]
    banders = {name: bander for _, one in parts for name, bander in one.banders.items()}
    evidence = pl.concat([_placed(start, one.evidence) for start, one in parts], rechunk=True)
    return Judged(parts[0][1].programs, pl.concat(found, rechunk=True), evidence, tuple(numbers), banders)


def _found(start: int, part: Judged, numbers: dict[Outcome, int]) -> pl.DataFrame:
    """The part's table with the places of its people, and the cases, in the whole."""
    cases: Mapping[int, int] = {
        case: numbers.setdefault(part.outcomes[case], len(numbers))
        for case in part.found["case"].unique(maintain_order=True)
    }
    return _placed(start, part.found).select(
        "person",
        "promotion",
        pl.col("case").replace_strict(cases, return_dtype=pl.UInt32),
        *(name for name in RECOMMENDATIONS_SCHEMA if name not in ("person", "promotion", "case")),
        pl.lit(None, dtype=pl.String).alias("reason"),
    )


def _placed(start: int, frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns((pl.col("person") + start).cast(pl.UInt32))
