"""What raters gave who are neither the person nor the manager, on the scale of the manager's ratings."""

import polars as pl

from inputs.checks.ratings import units_of_written
from inputs.roster import OTHERS_SCHEMA, Vocabulary
from inputs.tables.joining.joined_tables import JoinedTables
from inputs.words.scales.kinds import RaterScale
from inputs.words.written_ratings import read_written_rating


def other_views(
    joined: JoinedTables, ids: pl.Series, scale: RaterScale, vocabulary: Vocabulary
) -> pl.DataFrame:
    """The means as `OTHERS_SCHEMA`; what is not on the scale is left out, as all of these ratings are where
    bands are concerned."""
    given = joined.others
    if given.is_empty():
        return pl.DataFrame(schema=OTHERS_SCHEMA)
    pack = vocabulary.scale
    texts = given["text"].unique().to_list()
    units = {text: units_of_written(read_written_rating(text), scale, pack) for text in texts}
    titles = {term.title: term.id for term in vocabulary.competencies}
    people = pl.DataFrame({"key": joined.keys, "employee_id": ids}).drop_nulls().unique("key", keep="none")
    known = (
        people.join(given, on="key", maintain_order="left_right")
        .with_columns(
            pl.col("competency").replace(titles),
            units=pl.col("text").replace_strict(units, return_dtype=pl.Int64),
        )
        .drop_nulls("units")
    )
    return (
        known.group_by("employee_id", "competency", maintain_order=True)
        .agg(pl.col("units").mean().round().cast(pl.Int64), pl.len().alias("ratings"))
        .select(pl.col(name).cast(kind) for name, kind in OTHERS_SCHEMA.items())
    )
