"""Whether confidence says how firm a band is: a simulation with noise that the product knows nothing of.

Every rating of every manager gets a random error of its own, normal with half a point, and is rounded to half
points again; everybody is then assessed anew. Within each band, people with high confidence must keep it more
often than those with medium confidence, and those more often than people with low confidence. Prints the
table; exits with 1 where it is otherwise. Give the number of people and of rounds as arguments.
"""

import sys
from dataclasses import replace
from itertools import pairwise

import numpy as np
import polars as pl

from engine import assess, vocabulary_of
from inputs import UNITS_PER_POINT, Roster
from inputs.samples import SAMPLE_DAY
from rules import BANDS, CONFIDENCES, RulePack, load_pack
from tests.company import generate_people

PACKS = ("product_management", "software_engineering")
PEOPLE = 2_000
ROUNDS = 20
ERROR = 0.5
"""The standard deviation of a rating's error, in points."""
ENOUGH = 25
"""Fewer people than this in a cell are shown, but say nothing."""
KEY = ("person", "promotion")


def main() -> None:
    people = int(sys.argv[1]) if len(sys.argv) > 1 else PEOPLE
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else ROUNDS
    wrong = []
    for name in PACKS:
        pack = load_pack(name)
        print(f"\n{pack.title}: {people:,} people, {rounds} rounds of noise; the band stays in\n")
        company = generate_people(vocabulary_of(pack), n=people, seed=11).roster
        wrong += _show(_kept(company, pack, rounds))
    for sentence in wrong:
        print(sentence)
    sys.exit(1 if wrong else 0)


def _kept(roster: Roster, pack: RulePack, rounds: int) -> pl.DataFrame:
    """Band, confidence and in how many rounds the band stayed, for everybody who has a band."""
    first = assess(roster, pack, SAMPLE_DAY).recommendations.select(*KEY, "recommendation", "confidence")
    told = first.filter(pl.col("recommendation") != "insufficient_evidence").with_columns(kept=pl.lit(0))
    dice = np.random.default_rng(2026)
    for _ in range(rounds):
        noisy = replace(roster, ratings=_with_noise(roster.ratings, pack, dice))
        again = assess(noisy, pack, SAMPLE_DAY).recommendations.select(*KEY, again="recommendation")
        told = told.join(again, on=list(KEY), how="left", maintain_order="left").with_columns(
            kept=pl.col("kept") + (pl.col("again") == pl.col("recommendation")).cast(pl.Int32)
        )
        told = told.drop("again")
    return told.with_columns(kept=pl.col("kept") / rounds)


def _with_noise(ratings: pl.DataFrame, pack: RulePack, dice: np.random.Generator) -> pl.DataFrame:
    half = UNITS_PER_POINT // 2
    lowest, highest = (int(end * UNITS_PER_POINT) for end in (pack.scale.lowest, pack.scale.highest))

    def noisy(column: pl.Series) -> pl.Series:
        error = pl.Series(dice.normal(0, ERROR * UNITS_PER_POINT, len(column)))
        moved = ((column + error) / half).round(0) * half
        return moved.cast(pl.Int64).clip(lowest, highest).alias(column.name)

    columns = ratings.get_columns()
    return pl.DataFrame([noisy(one) if one.name.endswith(":manager") else one for one in columns])


def _show(kept: pl.DataFrame) -> list[str]:
    """Prints a row for each band and confidence; returns what is the wrong way round."""
    wrong, cells = [], kept.group_by("recommendation", "confidence").agg(pl.len(), pl.col("kept").mean())
    found = {(band, confidence): (count, share) for band, confidence, count, share in cells.iter_rows()}
    for band in BANDS[:-1]:
        row = [(one, *found[band, one]) for one in CONFIDENCES if (band, one) in found]
        for confidence, count, share in row:
            few = "" if count >= ENOUGH else "  (too few to say)"
            print(f"  {band:<14}{confidence:<10}{count:>7,} people{share:>9.1%}{few}")
        enough = [(confidence, share) for confidence, count, share in row if count >= ENOUGH]
        wrong += [
            f"{band}: {higher} confidence keeps the band no more often than {lower}."
            for (higher, more), (lower, less) in pairwise(enough)
            if more <= less
        ]
    return wrong


if __name__ == "__main__":
    main()
