"""Engine and oracle side by side: what each says, as rows that can be compared."""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import Any

from engine import Assessment, assess
from inputs import UNITS_PER_POINT, Roster
from rules.pack import AGREEMENTS, STATUSES, TENURES, RulePack
from tests.oracle import Verdict, verdicts

OBSERVATIONS = ("enough", "too_short", "unknown")
Row = tuple[Any, ...]


def differences(roster: Roster, pack: RulePack, day: date) -> list[tuple[Row | None, Row | None]]:
    """Every row on which engine (first) and oracle (second) do not say the same; empty when they agree."""
    ours = list(engine_rows(assess(roster, pack, day), pack))
    theirs = [oracle_row(person, verdict) for person, verdict in verdicts(roster, pack, day)]
    longest = max(len(ours), len(theirs))
    padded = zip(_padded(ours, longest), _padded(theirs, longest), strict=True)
    return [(our, their) for our, their in padded if our != their]


def _padded(rows: list[Row], length: int) -> list[Row | None]:
    return [*rows, *[None] * (length - len(rows))]


def engine_rows(assessment: Assessment, pack: RulePack) -> Iterator[Row]:
    """Person, promotion, conclusions, trace, time and evidence per signal, in the engine's order."""
    evidence = {
        name: {row["person"]: row for row in frame.to_dicts()} for name, frame in assessment.evidence.items()
    }
    for person, promotion, case, recommendation, confidence in assessment.recommendations.iter_rows():
        outcome = assessment.outcomes[promotion][case]
        seen = evidence[promotion][person]
        yield (
            person,
            promotion,
            (recommendation, outcome.recommendation, outcome.recommendation_rule),
            (confidence, outcome.confidence, outcome.confidence_rule),
            outcome.fired,
            outcome.findings,
            (seen["months_in_level"], TENURES[seen["tenure"]], OBSERVATIONS[seen["observation"]]),
            tuple(_engine_signal(seen, signal.id) for signal in pack.promotion(promotion).signals),
        )


def _engine_signal(seen: dict[str, Any], signal: str) -> Row:
    status = STATUSES[seen[f"{signal}.status"]]
    agreement = AGREEMENTS[seen[f"{signal}.agreement"]]
    if status == "unrated":
        return status, agreement, None
    score = Fraction(seen[f"{signal}.manager_sum"], seen[f"{signal}.manager_weight"] * UNITS_PER_POINT)
    return status, agreement, score


def oracle_row(person: int, verdict: Verdict) -> Row:
    """The same of the oracle's verdict."""
    return (
        person,
        verdict.promotion,
        (verdict.recommendation, verdict.recommendation, verdict.recommendation_rule),
        (verdict.confidence, verdict.confidence, verdict.confidence_rule),
        verdict.fired,
        verdict.findings,
        tuple(verdict.facts[name] for name in ("months_in_level", "tenure", "observation")),
        tuple((signal.status, signal.agreement, signal.manager_score) for signal in verdict.signals.values()),
    )
