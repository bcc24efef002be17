"""Ladders of other shapes, each as a small pack in data alone: checked, and people assessed with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from rules.pack import Bars, Rule, Scale, Signal, Tenure
from rules.writer import write_pack
from tests.command_line import succeeded
from tests.made_files import write_sheet
from tests.small import CITE, pack, rule, signal

SURE = rule("T-C1", "always", confidence="high")
NOW, SOON, NOT_YET, UNCLEAR = "ready_now", "ready_soon", "developing", "insufficient_evidence"


@dataclass(frozen=True)
class Shape:
    """A policy as signals and rules, and people with what it says of them: the manager's ratings, since when
    they are in their level, and the band."""

    signals: Sequence[Signal]
    rules: Sequence[Rule]
    people: Sequence[tuple[Mapping[str, float | None], date | None, str]]
    tenure: Tenure | None = None
    expects: Mapping[str, str] = field(default_factory=dict)
    """What the present level asks for, by competency."""
    standard: Mapping[str, object] = field(default_factory=dict)
    scale: Scale | None = None


LONG_AGO = date(2020, 1, 1)

VETO = Shape(
    # The weights let a good rating outweigh a bad one; the veto looks at every competency on its own.
    signals=(
        signal("craft", weights={"code": "1", "design": "3"}),
        *(
            signal(f"floor_{name}", "supporting", {name: "1"}, bar=Decimal("1.5"))
            for name in ("code", "design")
        ),
    ),
    rules=(
        rule(
            "T-R2",
            "supporting_near >= 1 or supporting_gap >= 1",
            recommendation=NOT_YET,
            overrides=("T-R3",),
        ),
        rule("T-R3", "core_met == 1", recommendation=NOW),
        rule("T-R4", "core_met == 0", recommendation=NOT_YET),
    ),
    people=(
        ({"code": 2, "design": 5}, LONG_AGO, NOW),
        ({"code": 1, "design": 5}, LONG_AGO, NOT_YET),
        ({"code": 2, "design": 3}, LONG_AGO, NOT_YET),
        ({"code": None, "design": 5}, LONG_AGO, UNCLEAR),
        ({"code": None, "design": 1}, LONG_AGO, NOT_YET),
    ),
)
VETO_BY_LOWEST = Shape(
    signals=(signal("code"), signal("design")),
    rules=(
        rule("T-R2", "lowest_score <= 1", recommendation=NOT_YET),
        rule("T-R3", "lowest_score > 1", recommendation=NOW),
    ),
    people=(({"code": 1.5, "design": 2}, LONG_AGO, NOW), ({"code": 1, "design": 5}, LONG_AGO, NOT_YET)),
)
WEIGHTED = Shape(
    # 50, 30 and 20 per cent; 3.5 overall, and no category under 2.
    signals=(
        signal("overall", weights={"code": "50", "design": "30", "team": "20"}, bar=Decimal("3.5")),
        *(signal(name, "supporting", bar=Decimal(2)) for name in ("code", "design", "team")),
    ),
    rules=(
        rule("T-R2", "core_met == 1 and supporting_met == 3", recommendation=NOW),
        rule("T-R3", "not (core_met == 1 and supporting_met == 3)", recommendation=NOT_YET),
    ),
    people=(
        ({"code": 4, "design": 3, "team": 3}, LONG_AGO, NOW),
        ({"code": 4, "design": 3, "team": 2.5}, LONG_AGO, NOT_YET),
        ({"code": 3, "design": 4, "team": 4}, LONG_AGO, NOW),
        ({"code": 5, "design": 5, "team": 1.5}, LONG_AGO, NOT_YET),
    ),
    standard={"minimum_coverage": Decimal(1)},
)
OF_A_HUNDRED = Shape(
    # 35, 35, 10 and 20 per cent of a hundred points; 75 make ready, 60 are close.
    signals=(signal("total", weights={"review": "35", "goals": "35", "delivery": "10", "overall": "20"}),),
    rules=(
        rule("T-R2", "score < 60", recommendation=NOT_YET),
        rule("T-R3", "score >= 60 and score < 75", recommendation=SOON),
        rule("T-R4", "score >= 75", recommendation=NOW),
    ),
    people=(
        ({"review": 75, "goals": 75, "delivery": 75, "overall": 75}, LONG_AGO, NOW),
        ({"review": 74, "goals": 75, "delivery": 75, "overall": 76}, LONG_AGO, SOON),
        ({"review": 60, "goals": 58, "delivery": 62, "overall": 61}, LONG_AGO, NOT_YET),
        ({"review": 100, "goals": None, "delivery": 90, "overall": 80}, LONG_AGO, UNCLEAR),
        ({"review": 100, "goals": 90, "delivery": None, "overall": 80}, LONG_AGO, NOW),
    ),
    standard={
        "bars": Bars(core=Decimal(75), supporting=Decimal(60)),
        "near_margin": Decimal(15),
        "agreement_margin": Decimal(10),
    },
    scale=Scale(lowest=Decimal(0), highest=Decimal(100), step=Decimal(5)),
)
YEARS = Shape(
    signals=(signal("code"),),
    rules=(
        rule("T-R5", "not known(experience_years)", recommendation=UNCLEAR, kind="fact_missing"),
        rule("T-R2", "experience_years < 2", recommendation=SOON),
        rule("T-R3", "core_met == 1 and experience_years >= 2", recommendation=NOW),
        rule("T-R4", "core_met == 0 and experience_years >= 2", recommendation=NOT_YET),
    ),
    people=(
        ({"code": 5}, date(2024, 6, 30), NOW),
        ({"code": 5}, date(2024, 7, 1), SOON),
        ({"code": 2}, date(2024, 6, 30), NOT_YET),
        ({"code": 5}, None, UNCLEAR),
    ),
    tenure=Tenure(measure="time_in_level", from_years=Decimal(2), cite=CITE),
)
FIVE = ("code", "design", "team", "users", "words")
AT_MOST_TWO_BELOW = Shape(
    signals=tuple(signal(name) for name in FIVE),
    rules=(
        rule("T-R2", "core_met >= 3", recommendation=NOW),
        rule("T-R3", "core_met < 3", recommendation=NOT_YET),
    ),
    people=(
        ({**dict.fromkeys(FIVE, 4), "code": 1, "design": 3.5}, LONG_AGO, NOW),
        ({**dict.fromkeys(FIVE, 4), "code": 1, "design": 3.5, "team": 3.5}, LONG_AGO, NOT_YET),
    ),
)
PRESENT_LEVEL_FIRST = Shape(
    signals=(
        signal("next_code", weights={"code": "1"}, bar=Decimal(4)),
        signal("next_team", weights={"team": "1"}, bar=Decimal(4)),
    ),
    rules=(
        rule("T-R2", "present_below >= 1", recommendation=NOT_YET, overrides=("T-R3", "T-R4")),
        rule("T-R3", "core_met == 2", recommendation=NOW),
        rule("T-R4", "core_met < 2", recommendation=SOON),
    ),
    expects={"words": "3"},
    people=(
        ({"code": 4, "team": 4, "words": 3}, LONG_AGO, NOW),
        ({"code": 4, "team": 4, "words": 2.5}, LONG_AGO, NOT_YET),
        ({"code": 4, "team": 3, "words": 3}, LONG_AGO, SOON),
        ({"code": 2, "team": 2, "words": 2}, LONG_AGO, NOT_YET),
    ),
)
REQUIRED_LEVELS = Shape(
    signals=tuple(
        signal(name, bar=Decimal(level)) for name, level in (("code", 4), ("team", 3), ("words", 2))
    ),
    rules=(
        rule("T-R2", "core_met == 3", recommendation=NOW),
        rule("T-R3", "core_met < 3", recommendation=NOT_YET),
    ),
    people=(
        ({"code": 4, "team": 3, "words": 2}, LONG_AGO, NOW),
        ({"code": 3.5, "team": 5, "words": 5}, LONG_AGO, NOT_YET),
        ({"code": 5, "team": 5, "words": 1.5}, LONG_AGO, NOT_YET),
        ({"code": 5, "team": None, "words": 2}, LONG_AGO, UNCLEAR),
    ),
)

SHAPES = {
    "a veto by any competency": VETO,
    "a veto by the lowest score": VETO_BY_LOWEST,
    "a weighted score with a minimum overall and in each category": WEIGHTED,
    "one weighted score of a hundred points": OF_A_HUNDRED,
    "minimum years as a gate": YEARS,
    "at most two below": AT_MOST_TWO_BELOW,
    "the present level first": PRESENT_LEVEL_FIRST,
    "a required level for each competency": REQUIRED_LEVELS,
}


@pytest.mark.parametrize("name", SHAPES)
def test_a_ladder_of_this_shape_is_sound_and_decides_as_it_says(name: str, tmp_path: Path) -> None:
    shape = SHAPES[name]
    rules = (*shape.rules, SURE)
    small = pack(shape.signals, rules, tenure=shape.tenure, expects=shape.expects, **shape.standard)
    small = small.model_copy(update={"scale": shape.scale or small.scale})
    write_pack(small, tmp_path / "ours")
    checked = succeeded("pack", "check", tmp_path / "ours")
    assert "a higher rating never leads to a lower band" in checked.output
    sheet = _sheet(tmp_path / "ratings.xlsx", [competency.id for competency in small.competencies], shape)
    out = tmp_path / "run"
    arguments = ["--pack", str(tmp_path / "ours"), "--as-of", "2026-06-30", "--out", str(out)]
    succeeded("assess", sheet, *arguments)
    found = pl.read_parquet(out / "recommendations.parquet").sort("employee_id")
    assert found["recommendation"].to_list() == [band for _, _, band in shape.people]


def _sheet(path: Path, competencies: Sequence[str], shape: Shape) -> Path:
    rated = [f"{name.title()} (Manager)" for name in competencies]
    people = [
        [f"E{number}", "Junior", since, *(ratings[name] for name in competencies)]
        for number, (ratings, since, _) in enumerate(shape.people)
    ]
    return write_sheet(path, ["Employee ID", "Level", "Level since", *rated], *people)
