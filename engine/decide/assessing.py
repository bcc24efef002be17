"""The whole way from a roster and a pack to recommendations."""

from collections.abc import Sequence
from datetime import date

import polars as pl

from engine.decide.assessment import RECOMMENDATIONS_SCHEMA, UNDECIDED_SCHEMA, Assessment, Outcome
from engine.decide.evidence import compute_evidence, rating_columns
from engine.decide.facts import plan_facts
from engine.decide.program import compile_program
from engine.decide.recommending import run
from engine.decide.tenure import MEASURED_FROM, compute_tenure
from engine.decide.variants import by_variant
from inputs import NOT_ASSESSABLE_SCHEMA, Roster
from rules.pack import Promotion, RulePack


def assess(roster: Roster, pack: RulePack, day: date, *, gaps_allowed: bool = False) -> Assessment:
    """Recommend for every person and every promotion open to them.

    A person with a `target_level` is assessed for that promotion alone. `day` is the day on which time in
    level and experience are counted. Raises `PackError` when the rules give somebody no recommendation or
    contradicting ones; with `gaps_allowed`, as where rules are only tried, these people are told in
    `Assessment.undecided`.
    """
    recommendations: list[pl.DataFrame] = []
    undecided = [pl.DataFrame(schema=UNDECIDED_SCHEMA)]
    evidence: dict[str, pl.DataFrame] = {}
    outcomes: dict[str, Sequence[Outcome]] = {}
    for promotion in pack.promotions:
        chosen = _candidates(roster, promotion)
        found, outcomes[promotion.id], rated = _assess_promotion(
            roster, chosen, pack, promotion, day, gaps_allowed=gaps_allowed
        )
        known = found["reason"].is_null()
        if not known.all():
            undecided.append(found.filter(~known).select(*UNDECIDED_SCHEMA))
            found, rated = found.filter(known), rated.filter(known)
        evidence[promotion.id] = rated
        recommendations.append(found.drop("reason"))
    # A stable sort keeps the order of the pack's promotions.
    together = pl.concat(recommendations).sort("person", maintain_order=True).select(*RECOMMENDATIONS_SCHEMA)
    without = pl.concat(undecided).sort("person", maintain_order=True)
    left_out = _left_out(roster, pack, together, without)
    not_assessable = pl.concat([roster.not_assessable, left_out]).sort("row")
    return Assessment(roster, pack, day, together, evidence, outcomes, not_assessable, without)


def _candidates(roster: Roster, promotion: Promotion) -> pl.DataFrame:
    """The people at the promotion's level who do not aim elsewhere: `person` and their dates."""
    aims_here = pl.col("target_level").is_null() | (pl.col("target_level") == promotion.to_level)
    return (
        roster.people.lazy()
        .with_row_index("person")
        .filter((pl.col("level") == promotion.from_level) & aims_here)
        .select("person", *MEASURED_FROM.values())
        .collect()
    )


def _assess_promotion(
    roster: Roster,
    people: pl.DataFrame,
    pack: RulePack,
    promotion: Promotion,
    day: date,
    *,
    gaps_allowed: bool,
) -> tuple[pl.DataFrame, Sequence[Outcome], pl.DataFrame]:
    """The rows of `RECOMMENDATIONS_SCHEMA` with the `reason` where there is no recommendation, the outcomes,
    and the evidence of the same people."""
    program = compile_program(pack, promotion)
    written = roster.people["specialisation"].gather(people["person"])
    times = compute_tenure(people, pack, promotion, day)
    evidence, facts = [], []
    for variant, places in by_variant(pack, promotion, written):
        everybody = places.len() == people.height
        own = people["person"] if everybody else people["person"].gather(places)
        own_times = times if everybody else times[places]
        rated = compute_evidence(_ratings_of(own, roster, variant.promotion), pack, variant.promotion)
        facts.append(plan_facts(rated, own_times, pack, variant.promotion, program.facts))
        evidence.append(rated.hstack(own_times.get_columns()))
    together = facts[0] if len(facts) == 1 else pl.concat(facts).sort("person")
    concluded = run(program, together, gaps_allowed=gaps_allowed)
    found = people.select(
        "person",
        pl.lit(promotion.id).alias("promotion"),
        concluded.case.alias("case"),
        concluded.recommendation.alias("recommendation"),
        concluded.confidence.alias("confidence"),
        concluded.undecided.alias("reason"),
    )
    return (
        found,
        concluded.outcomes,
        evidence[0] if len(evidence) == 1 else pl.concat(evidence).sort("person"),
    )


def _ratings_of(people: pl.Series, roster: Roster, promotion: Promotion) -> pl.LazyFrame:
    """`person` and what these people are rated on for the promotion; nothing more is carried along."""
    looked_at = [name for name in rating_columns(promotion) if name in roster.ratings.columns]
    chosen = pl.repeat(value=False, n=roster.people.height, dtype=pl.Boolean, eager=True)
    everybody = pl.int_range(roster.people.height, dtype=pl.UInt32, eager=True).alias("person").to_frame()
    ratings = everybody.hstack(roster.ratings.select(looked_at).get_columns())
    return ratings.lazy().filter(chosen.scatter(people, values=True))


def _left_out(
    roster: Roster, pack: RulePack, recommendations: pl.DataFrame, undecided: pl.DataFrame
) -> pl.DataFrame:
    """People for whom the pack has no promotion or the rules no recommendation, as rows of
    `NOT_ASSESSABLE_SCHEMA`."""
    recommended = pl.repeat(value=False, n=roster.people.height, dtype=pl.Boolean, eager=True)
    people = roster.people.with_row_index("person")
    left = people.filter(~recommended.scatter(recommendations["person"], values=True))
    titles = {level.id: level.title for level in pack.levels}
    promotions = {promotion.id: promotion.title for promotion in pack.promotions}
    title = pl.col("level").replace_strict(titles, return_dtype=pl.String)
    nowhere = pl.format("The rules of “{}” have no promotion from {}.", pl.lit(pack.title), title)
    promotion = pl.col("promotion").replace_strict(promotions, return_dtype=pl.String)
    why = pl.format("{}: {}.", promotion, pl.col("reason"))
    reasons = undecided.group_by("person").agg(why.str.join(" ").alias("reason"))
    return (
        left.join(reasons, on="person", how="left", maintain_order="left")
        .with_columns(
            level_as_written=title,
            kind=pl.when(pl.col("reason").is_null())
            .then(pl.lit("no_promotion"))
            .otherwise(pl.lit("no_recommendation")),
            reason=pl.coalesce("reason", nowhere),
        )
        .select(*NOT_ASSESSABLE_SCHEMA)
    )
