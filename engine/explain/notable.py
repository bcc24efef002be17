"""What makes a recommendation worth talking about, in columns: nobody is explained for it."""

from collections.abc import Iterator
from functools import reduce

import polars as pl

from engine.decide.assessment import Assessment
from engine.decide.evidence import KnownRatings, agreement_of, status_of
from engine.decide.meaning import AGREEMENT, STATUS, PromotionMeaning, SignalMeaning
from engine.explain.questions import Habits
from rules.pack import TENURES, Promotion

NOTABLE_SCHEMA: dict[str, pl.DataType] = {
    "core": pl.UInt32(),
    "opposite": pl.UInt32(),  # core signals that self and manager see on different sides of the bar
    "unrated": pl.UInt32(),  # core signals whose status is not known
    "tenure": pl.String(),
    "kind": pl.String(),  # of insufficient evidence
    "alike": pl.Boolean(),  # the manager's ratings tell the person, or what the person can, hardly apart
}
"""One row per recommendation, in the order of `Assessment.recommendations`."""


def notable_of(assessment: Assessment, habits: Habits) -> pl.DataFrame:
    """The table of `NOTABLE_SCHEMA`."""
    parts = [part for one in assessment.promotions for part in _parts(assessment, one)]
    if not parts:
        return pl.DataFrame(schema=NOTABLE_SCHEMA)
    keys = ["person", "promotion"]
    alike = pl.col("person").is_in([*habits.straight, *habits.alike])
    known = assessment.recommendations.select(*keys, alike=alike)
    known = known.join(pl.concat(parts), on=keys, how="left", maintain_order="left")
    return known.select(pl.col(name).cast(kind) for name, kind in NOTABLE_SCHEMA.items())


def _parts(assessment: Assessment, promotion: Promotion) -> Iterator[pl.DataFrame]:
    judged = assessment.of(promotion)
    for variant, places in assessment.by_variant(promotion):
        core = PromotionMeaning.of(assessment.pack, variant.promotion).of_importance("core")
        evidence = judged.evidence[places].with_columns(judged.found[places].select("person", "case"))
        kinds = {case: judged.outcomes[case].kind for case in evidence["case"].unique()}
        yield evidence.select(
            "person",
            pl.lit(promotion.id).alias("promotion"),
            pl.lit(len(core), dtype=pl.UInt32).alias("core"),
            _count(map(_opposite, core)).alias("opposite"),
            _count(pl.col(status_of(one.id)) == STATUS["unrated"] for one in core).alias("unrated"),
            pl.col("tenure").replace_strict(dict(enumerate(TENURES)), return_dtype=pl.String),
            pl.col("case").replace_strict(kinds, return_dtype=pl.String).alias("kind"),
        )


def _opposite(signal: SignalMeaning) -> pl.Expr:
    """Self and manager stand on different sides of the bar."""
    own, managers = KnownRatings().mean(signal, "self"), KnownRatings().mean(signal, "manager")
    status, agreement = pl.col(status_of(signal.id)), pl.col(agreement_of(signal.id))
    seen = (own.rated > 0) & (managers.rated > 0) & (status != STATUS["unrated"])
    apart = (status == STATUS["met"]) != (own.total >= own.rated * signal.bar)
    opposite: pl.Expr = seen & apart & (agreement != AGREEMENT["aligned"])
    return opposite


def _count(tests: Iterator[pl.Expr]) -> pl.Expr:
    return reduce(lambda total, test: total + test.cast(pl.UInt32), tests, pl.lit(0, dtype=pl.UInt32))
