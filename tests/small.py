"""A small pack and rosters built as values, for tests that look at one thing."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl

from inputs import (
    NOT_ASSESSABLE_SCHEMA,
    PEOPLE_SCHEMA,
    UNITS_PER_POINT,
    ColumnSource,
    FileSource,
    Issue,
    Roster,
)
from rules.pack import (
    AGREEMENTS,
    BANDS,
    CONFIDENCES,
    STATUSES,
    BandText,
    Bars,
    CannotTell,
    Citation,
    Competency,
    EvidenceStandard,
    Expectation,
    Finding,
    Level,
    Promotion,
    Rule,
    RulePack,
    Scale,
    Signal,
    Source,
    Tenure,
)

CITE = Citation(source="article", section="Signals")
SOURCES = (Source(id="article", title="Article", author="A", about="B", sections=("Signals",)),)
WORDS: dict[str, Any] = {
    kind: {name: BandText(label=name.replace("_", " "), meaning=name) for name in names}
    for kind, names in (
        ("bands", BANDS),
        ("confidences", CONFIDENCES),
        ("statuses", STATUSES),
        ("agreements", AGREEMENTS),
    )
}
"""The words of a pack for its bands, confidences, statuses and agreements."""
CANNOT_TELL = CannotTell(
    code="T-R1",
    title="It cannot be told",
    reason="{employee}: between {worst_band} and {best_band}.",
    next_step="Rate {competencies_to_rate}.",
    cite=CITE,
)
DAY = date(2026, 6, 30)


def rule(code: str, when: str, **conclusion: Any) -> Rule:
    conclusion.setdefault("reason", "{employee}: {core_short_signals}.")
    if "recommendation" in conclusion:
        conclusion.setdefault("next_step", "Work on {core_short_signals}.")
    return Rule(code=code, title=code, when=when, cite=CITE, **conclusion)


def signal(
    name: str, importance: str = "core", weights: Mapping[str, str] | None = None, **more: Any
) -> Signal:
    return Signal(
        id=name,
        title=name.title(),
        looks_like="It shows.",
        importance=importance,
        competencies={key: Decimal(value) for key, value in (weights or {name: "1"}).items()},
        grow="Practise.",
        ask="When did you see it?",
        cite=CITE,
        **more,
    )


RULES = (
    rule("T-R2", "core_gap >= 1", recommendation="developing"),
    rule("T-R3", "core_gap == 0 and core_shortfall > 0", recommendation="ready_soon"),
    rule("T-R4", "core_gap == 0 and core_shortfall == 0", recommendation="ready_now"),
    rule("T-C1", "always", confidence="high"),
)
"""A gap, or near, or met, and monotone; where a rating is missing that matters, `CANNOT_TELL` speaks."""


def pack(
    signals: Sequence[Signal] = (signal("drive"), signal("care", "supporting")),
    rules: Sequence[Rule] = RULES,
    findings: Sequence[str] = (),
    *,
    tenure: Tenure | None = None,
    levels: Sequence[str] = ("junior", "senior"),
    expects: Mapping[str, str] | None = None,
    beside: Sequence[str] = (),
    **standard: Any,
) -> RulePack:
    """A pack of one promotion. `expects`: what the first level asks, by competency; `beside`: competencies
    that no signal looks at."""
    looked_at = {name for one in signals for name in one.competencies}
    competencies = sorted({*looked_at, *(expects or {}), *beside})
    return RulePack(
        name="small",
        version="1",
        title="Small pack",
        about="For tests.",
        scale=Scale(lowest=Decimal(1), highest=Decimal(5)),
        standard=EvidenceStandard(
            **{
                "bars": Bars(core=Decimal(4), supporting=Decimal("3.5")),
                "near_margin": Decimal("0.5"),
                "agreement_margin": Decimal(1),
                "minimum_coverage": Decimal("0.6"),
                "observation_months": 6,
                **standard,
            }
        ),
        **WORDS,
        cannot_tell=CANNOT_TELL,
        sources=SOURCES,
        levels=tuple(
            Level(
                id=name,
                title=name.title(),
                track="ic",
                summary=name,
                expects=_expectations(expects or {}) if name == levels[0] else (),
                cite=CITE,
            )
            for name in levels
        ),
        competencies=tuple(
            Competency(id=name, title=name.title(), definition=name, cite=CITE) for name in competencies
        ),
        findings=tuple(
            Finding(id=name, title=name, meaning=name, kind="concern", cite=CITE) for name in findings
        ),
        rules=tuple(rules),
        promotions=(
            Promotion(
                id="up",
                from_level=levels[0],
                to_level=levels[1],
                title="Up",
                tenure=tenure,
                signals=tuple(signals),
                cite=CITE,
            ),
        ),
        sha256="0" * 64,
    )


def _expectations(expects: Mapping[str, str]) -> tuple[Expectation, ...]:
    return tuple(
        Expectation(competency=name, rating=Decimal(rating), cite=CITE) for name, rating in expects.items()
    )


def roster(
    people: Sequence[Mapping[str, Any]], issues: tuple[Issue, ...] = (), level: str = "junior"
) -> Roster:
    """People as mappings: roster columns by name, ratings as `drive:manager` in points (text or number)."""
    known = [
        {
            "row": number + 2,
            "employee_id": f"E{number + 1}",
            "employee_name": f"Person {number + 1}",
            "level": level,
            "level_since": date(2024, 1, 1),
            **{key: value for key, value in person.items() if ":" not in key},
        }
        for number, person in enumerate(people)
    ]
    rated = sorted({key for person in people for key in person if ":" in key})
    given = [pl.Series(name, [_units(one.get(name)) for one in people], dtype=pl.Int64) for name in rated]
    ratings = pl.DataFrame(given) if rated else pl.DataFrame(height=len(people))
    letters = "FGHIJKLMNOPQRSTUVWXYZ"
    columns = tuple(
        ColumnSource(name, name, "Ratings", letter, "known name")
        for name, letter in zip(rated, letters, strict=False)
    )
    return Roster(
        people=pl.DataFrame(known, schema=PEOPLE_SCHEMA),
        ratings=ratings,
        comments=pl.DataFrame(),
        not_assessable=pl.DataFrame(schema=NOT_ASSESSABLE_SCHEMA),
        issues=issues,
        columns=columns,
        sources=(FileSource("ratings.xlsx", "1" * 64, "Ratings", 1, len(people)),),
    )


def _units(points: Any) -> int | None:
    return None if points is None else int(Decimal(str(points)) * UNITS_PER_POINT)
