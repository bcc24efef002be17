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
from engine.decide.variants import on_tracks
from inputs.roster import NOT_ASSESSABLE_SCHEMA, Roster
from rules.pack import RulePack, Transition


def assess(roster: Roster, pack: RulePack, day: date, *, gaps_allowed: bool = False) -> Assessment:
    """Recommend for every person and every transition open to them.

    A person with a `target_level` is assessed for that transition alone. `day` is the day on which time in
    level and experience are counted. Raises `PackError` when the rules give somebody no recommendation or
    contradicting ones; with `gaps_allowed`, as where rules are only tried, these people are told in
    `Assessment.undecided`.
    """
    recommendations: list[pl.DataFrame] = []
    undecided = [pl.DataFrame(schema=UNDECIDED_SCHEMA)]
    evidence: dict[str, pl.DataFrame] = {}
    outcomes: dict[str, Sequence[Outcome]] = {}
    for transition in pack.transitions:
        chosen = _candidates(roster, transition)
        found, outcomes[transition.id], rated = _assess_transition(
            roster, chosen, pack, transition, day, gaps_allowed=gaps_allowed
        )
        known = found["reason"].is_null()
        if not known.all():
            undecided.append(found.filter(~known).select(*UNDECIDED_SCHEMA))
            found, rated = found.filter(known), rated.filter(known)
        evidence[transition.id] = rated
        recommendations.append(found.drop("reason"))
    # A stable sort keeps the order of the pack's transitions.
    together = pl.concat(recommendations).sort("person", maintain_order=True).select(*RECOMMENDATIONS_SCHEMA)
    without = pl.concat(undecided).sort("person", maintain_order=True)
    left_out = _left_out(roster, pack, together, without)
    not_assessable = pl.concat([roster.not_assessable, left_out]).sort("row")
    return Assessment(roster, pack, day, together, evidence, outcomes, not_assessable, without)


def _candidates(roster: Roster, transition: Transition) -> pl.DataFrame:
    """The people at the transition's level who do not aim elsewhere: `person` and their dates."""
    aims_here = pl.col("target_level").is_null() | (pl.col("target_level") == transition.to_level)
    return (
        roster.people.lazy()
        .with_row_index("person")
        .filter((pl.col("level") == transition.from_level) & aims_here)
        .select("person", *MEASURED_FROM.values())
        .collect()
    )


def _assess_transition(
    roster: Roster,
    people: pl.DataFrame,
    pack: RulePack,
    transition: Transition,
    day: date,
    *,
    gaps_allowed: bool,
) -> tuple[pl.DataFrame, Sequence[Outcome], pl.DataFrame]:
    """The rows of `RECOMMENDATIONS_SCHEMA` with the `reason` where there is no recommendation, the outcomes,
    and the evidence of the same people."""
    program = compile_program(pack, transition)
    written = roster.people["speciality"].gather(people["person"])
    times = compute_tenure(people, pack, transition, day)
    evidence, facts = [], []
    for track, places in on_tracks(pack, transition, written):
        everybody = places.len() == people.height
        own = people["person"] if everybody else people["person"].gather(places)
        own_times = times if everybody else times[places]
        rated = compute_evidence(_ratings_of(own, roster, track.transition), pack, track.transition)
        facts.append(plan_facts(rated, own_times, pack, track.transition, program.facts))
        evidence.append(rated.hstack(own_times.get_columns()))
    together = facts[0] if len(facts) == 1 else pl.concat(facts).sort("person")
    concluded = run(program, together, gaps_allowed=gaps_allowed)
    found = people.select(
        "person",
        pl.lit(transition.id).alias("transition"),
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


def _ratings_of(people: pl.Series, roster: Roster, transition: Transition) -> pl.LazyFrame:
    """`person` and what these people are rated on for the transition; nothing more is carried along."""
    looked_at = [name for name in rating_columns(transition) if name in roster.ratings.columns]
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
    promotions = {transition.id: transition.title for transition in pack.transitions}
    title = pl.col("level").replace_strict(titles, return_dtype=pl.String)
    nowhere = pl.format("The rules of “{}” have no promotion from {}.", pl.lit(pack.title), title)
    promotion = pl.col("transition").replace_strict(promotions, return_dtype=pl.String)
    why = pl.format("{}: {}.", promotion, pl.col("reason"))
    reasons = undecided.group_by("person").agg(why.str.join(" ").alias("reason"))
    return (
        left.join(reasons, on="person", how="left", maintain_order="left")
        .with_columns(
            level_as_written=title,
            kind=pl.when(pl.col("reason").is_null())
            .then(pl.lit("no_transition"))
            .otherwise(pl.lit("no_recommendation")),
            reason=pl.coalesce("reason", nowhere),
        )
        .select(*NOT_ASSESSABLE_SCHEMA)
    )
