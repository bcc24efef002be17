"""What is known of every recommendation without a sentence, as a table: columns for any number of people."""

from collections.abc import Callable, Iterator, Mapping

import polars as pl

from engine.decide.assessment import Assessment
from engine.decide.meaning import PromotionMeaning, units
from engine.explain.signal_overrides import signal_overrides
from inputs import rating_column
from rules.pack import TENURES, Promotion, RulePack

_WORD, _WORDS, _WHOLE = pl.String(), pl.List(pl.String()), pl.Int32()
TABLE_SCHEMA: dict[str, pl.DataType] = {
    "employee_id": _WORD,
    "employee_name": _WORD,
    "manager_id": _WORD,
    "manager_name": _WORD,
    "department": _WORD,
    "level": _WORD,
    "promotion": _WORD,
    "next_level": _WORD,
    "recommendation": _WORD,
    "confidence": _WORD,
    "findings": _WORDS,
    "rules": _WORDS,  # codes in the order in which they fired
    "missing": _WORDS,  # titles of what signals and present level look at and the manager did not rate
    "months_in_level": _WHOLE,
    "experience_months": _WHOLE,
    "tenure": _WORD,
    "specialisation": _WORD,
    "signal_overrides": _WORDS,  # the signal and what its specialisation asks of it
    "kind": _WORD,  # of insufficient evidence: too_new, earlier_level, fact_missing, cannot_be_told
    "worst_band": _WORD,  # whatever the missing ratings are, no worse than this
    "best_band": _WORD,  # nor better than this
    "firm_in": _WHOLE,  # in how many of 64 plausible re-ratings the band stays
    "review_date": pl.Date(),
    "observed_months": _WHOLE,  # in the level, up to the review
    "lowest_ratings": _WORDS,  # titles of competencies with the lowest rating of the scale
}
"""One row per recommendation, in the order of `Assessment.recommendations`."""

_PEOPLE = ("employee_id", "employee_name", "manager_id", "manager_name", "department", "level", "review_date")


def table_of(assessment: Assessment) -> pl.DataFrame:
    """The table of `TABLE_SCHEMA`."""
    found, people = assessment.recommendations, assessment.roster.people
    known = found.hstack(people[found["person"]].select(*_PEOPLE, _specialisation(assessment.pack)))
    parts = [part for one in assessment.promotions for part in _parts(assessment, one)]
    if not parts:
        return pl.DataFrame(schema=TABLE_SCHEMA)
    for more, by in (
        (pl.concat(parts), ["person", "promotion"]),
        (_outcomes(assessment), ["promotion", "case"]),
    ):
        known = known.join(more, on=by, how="left", maintain_order="left")
    return known.select(pl.col(name).cast(kind) for name, kind in TABLE_SCHEMA.items())


def _parts(assessment: Assessment, promotion: Promotion) -> Iterator[pl.DataFrame]:
    """What the ratings and dates of the people of a promotion tell."""
    judged, rated, pack = assessment.of(promotion), assessment.roster.ratings, assessment.pack
    titles = {one.id: one.title for one in pack.competencies}
    for variant, places in assessment.by_variant(promotion):
        asked = {name: titles[name] for name in PromotionMeaning.of(pack, variant.promotion).competencies}
        people = judged.found["person"].gather(places)
        columns = rated[people].get_columns() if rated.width else []
        differences = [f"{one.title}: {one.sentence}" for one in signal_overrides(pack, variant)]
        yield (
            judged.evidence[places]
            .drop("person")
            .hstack([people, *columns])
            .select(
                "person",
                pl.lit(promotion.id).alias("promotion"),
                pl.lit(promotion.to_level).alias("next_level"),
                _titles(rated, asked, pl.Expr.is_null, absent=True).alias("missing"),
                _titles(rated, titles, lambda given: given == units(pack.scale.lowest)).alias(
                    "lowest_ratings"
                ),
                pl.lit(differences, dtype=_WORDS).alias("signal_overrides"),
                "months_in_level",
                "observed_months",
                "experience_months",
                pl.col("tenure").replace_strict(dict(enumerate(TENURES)), return_dtype=_WORD),
            )
        )


def _titles(
    rated: pl.DataFrame,
    titles: Mapping[str, str],
    chosen: Callable[[pl.Expr], pl.Expr],
    *,
    absent: bool = False,
) -> pl.Expr:
    """The titles of competencies whose rating by the manager is `chosen`; those that nobody has a rating of,
    where `absent`."""
    wanted = [
        pl.when(chosen(pl.col(column))).then(pl.lit(title)) if column in rated.columns else pl.lit(title)
        for name, title in titles.items()
        if (column := rating_column(name, "manager")) in rated.columns or absent
    ]
    return pl.concat_list(wanted).list.drop_nulls() if wanted else pl.lit([], dtype=_WORDS)


def _specialisation(pack: RulePack) -> pl.Expr:
    """The title, or what the sheet says where the pack knows none of that name."""
    titles = {one.id: one.title for one in pack.specialisations}
    known = pl.col("specialisation").replace_strict(titles, default=None, return_dtype=_WORD)
    return pl.coalesce(known, "specialisation_as_written").alias("specialisation")


def _outcomes(assessment: Assessment) -> pl.DataFrame:
    """What was concluded for each case that somebody is."""
    rows = [
        (promotion.id, case, outcome.findings, outcome.fired, outcome.kind)
        for promotion in assessment.promotions
        for judged in [assessment.of(promotion)]
        for case in judged.found["case"].unique()
        for outcome in [judged.outcomes[case]]
    ]
    schema = {"promotion": _WORD, "case": pl.UInt32(), "findings": _WORDS, "rules": _WORDS, "kind": _WORD}
    return pl.DataFrame(rows, schema=schema, orient="row")
