"""Engine and oracle side by side: what each says, as rows that can be compared."""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import Any

from engine import Assessment, assess
from inputs import UNITS_PER_POINT, Roster
from rules.facts import OBSERVATIONS, REVIEWS
from rules.pack import AGREEMENTS, STATUSES, TENURES, RulePack
from tests.oracle import Verdict, verdicts

Row = tuple[Any, ...]


def differences(
    roster: Roster, pack: RulePack, day: date, *, every_completion: bool = False
) -> list[tuple[Row | None, Row | None]]:
    """Every row on which engine (first) and oracle (second) do not say the same; empty when they agree.

    How firm a band is takes the oracle long, and is compared where the pack's rules look at it.
    """
    ours = list(engine_rows(assess(roster, pack, day), pack))
    theirs = [
        oracle_row(person, verdict)
        for person, verdict in verdicts(roster, pack, day, every_completion=every_completion)
    ]
    longest = max(len(ours), len(theirs))
    padded = zip(_padded(ours, longest), _padded(theirs, longest), strict=True)
    return [(our, their) for our, their in padded if our != their]


def _padded(rows: list[Row], length: int) -> list[Row | None]:
    return [*rows, *[None] * (length - len(rows))]


def engine_rows(assessment: Assessment, pack: RulePack) -> Iterator[Row]:
    """Person, promotion, conclusions, range, trace, time and evidence per signal, in the engine's order."""
    firm = looks_at_firmness(pack)
    evidence = {
        name: {row["person"]: row for row in judged.evidence.to_dicts()}
        for name, judged in assessment.judged.items()
    }
    for found in assessment.recommendations.to_dicts():
        person, promotion = found["person"], found["promotion"]
        outcome = assessment.judged[promotion].outcomes[found["case"]]
        seen = evidence[promotion][person]
        yield (
            person,
            promotion,
            (found["recommendation"], outcome.recommendation, outcome.recommendation_rule, outcome.kind),
            (found["worst_band"], found["best_band"]),
            (found["confidence"], outcome.confidence, outcome.confidence_rule),
            outcome.fired,
            outcome.findings,
            found["firm_in"] if firm else None,
            _engine_time(seen),
            tuple(_engine_signal(seen, signal.id) for signal in pack.promotion(promotion).signals),
        )


def _engine_time(seen: dict[str, Any]) -> Row:
    return (
        *(seen[name] for name in ("months_in_level", "observed_months", "review_age_months")),
        seen["cycles_met_before"],
        TENURES[seen["tenure"]],
        OBSERVATIONS[seen["observation"]],
        REVIEWS[seen["review"]],
    )


def _engine_signal(seen: dict[str, Any], signal: str) -> Row:
    weight, score = seen[f"{signal}.manager_weight"], None
    if weight:
        score = Fraction(seen[f"{signal}.manager_sum"], weight * UNITS_PER_POINT)
    return STATUSES[seen[f"{signal}.status"]], AGREEMENTS[seen[f"{signal}.agreement"]], score


TIME = (
    *("months_in_level", "observed_months", "review_age_months", "cycles_met_before"),
    *("tenure", "observation", "review"),
)


def oracle_row(person: int, verdict: Verdict) -> Row:
    """The same of the oracle's verdict."""
    return (
        person,
        verdict.promotion,
        (verdict.recommendation, verdict.recommendation, verdict.recommendation_rule, verdict.kind),
        (verdict.worst_band, verdict.best_band),
        (verdict.confidence, verdict.confidence, verdict.confidence_rule),
        verdict.fired,
        verdict.findings,
        verdict.firm_in if looks_at_firmness(verdict.asked.rules.pack) else None,
        tuple(verdict.facts[name] for name in TIME),
        tuple((signal.status, signal.agreement, signal.manager_score) for signal in verdict.signals.values()),
    )


def firmness_differences(roster: Roster, pack: RulePack, day: date) -> list[tuple[Row, Row]]:
    """Whose band stays in another number of re-ratings by the engine (first) than by the oracle."""
    found = assess(roster, pack, day).recommendations
    ours = found.select("person", "promotion", "firm_in").iter_rows()
    theirs = ((person, verdict.promotion, verdict.firm_in) for person, verdict in verdicts(roster, pack, day))
    return [(our, their) for our, their in zip(ours, theirs, strict=True) if our != their]


def looks_at_firmness(pack: RulePack) -> bool:
    """Whether a rule looks at how firm a band is."""
    return any("firmness" in rule.when for one in pack.promotions for rule in pack.rules_of(one))
