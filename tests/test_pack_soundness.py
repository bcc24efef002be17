"""Proving a pack sound, and that the examples it shows are real people to the engine."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from engine import assess
from engine.possible import Example, Possible
from engine.soundness import LARGEST_ENUMERATION, check_soundness
from inputs.roster import (
    NOT_ASSESSABLE_SCHEMA,
    PEOPLE_SCHEMA,
    UNITS_PER_POINT,
    Roster,
    rating_column,
)
from rules import RulePack, Transition, facts_of, load_pack, pack_names, parse_condition

BASE = Path(__file__).parent / "broken_packs" / "base"
DAY = date(2026, 6, 28)


@pytest.mark.parametrize("name", pack_names())
def test_every_shipped_pack_is_sound(name: str) -> None:
    soundness = check_soundness(load_pack(name))
    assert soundness.flaws == ()
    assert {proof.topic for proof in soundness.proofs} == {"recommendation", "confidence"}
    for proof in soundness.proofs:
        assert proof.method == ("enumeration" if proof.cases <= LARGEST_ENUMERATION else "solver")


def test_the_solver_finds_the_same_flaws_where_there_are_too_many_cases(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    broken = load_pack(BASE.parent / "contradiction")
    enumerated = check_soundness(broken)
    monkeypatch.setattr("engine.soundness.LARGEST_ENUMERATION", 0)
    solved = check_soundness(broken)
    assert {proof.method for proof in solved.proofs} == {"solver"}
    assert [(flaw.kind, flaw.rules) for flaw in solved.flaws] == [
        (flaw.kind, flaw.rules) for flaw in enumerated.flaws
    ]
    assert enumerated.flaws


def test_a_gap_that_no_person_can_fall_into_is_no_flaw() -> None:
    pack = load_pack(BASE)
    # With one core sign in each promotion nobody has two core gaps, though the bins of the fact allow it.
    rules = tuple(
        rule.model_copy(update={"when": f"({rule.when}) and core_gap <= 1"}) if rule.recommendation else rule
        for rule in pack.rules
    )
    assert check_soundness(pack.model_copy(update={"rules": rules})).flaws == ()


def test_a_finding_of_a_lens_that_no_rule_concludes_is_a_flaw() -> None:
    pack = load_pack(BASE)
    lens = load_pack("product_management").lenses[0].model_copy(update={"rules": (), "transitions": ()})
    flaws = check_soundness(pack.model_copy(update={"lenses": (lens,)})).flaws
    assert [flaw.part for flaw in flaws] == [finding.id for finding in lens.findings]
    assert {flaw.kind for flaw in flaws} == {"unreachable_finding"}


@pytest.mark.parametrize("name", pack_names())
def test_the_example_of_every_rule_makes_it_fire_in_the_engine(name: str) -> None:
    pack = load_pack(name)
    transition = pack.transitions[1]
    catalogue = facts_of(pack, transition)
    rules = pack.rules_of(transition)
    conditions = {rule.code: parse_condition(rule.when, catalogue) for rule in rules}
    possible = Possible(pack, transition, rules)
    examples = {
        code: possible.example(possible.holds(condition, conditions))
        for code, condition in conditions.items()
    }
    shown = {code: example for code, example in examples.items() if example is not None}
    assert len(shown) >= len(rules) - 1
    for code, outcome in zip(shown, _fired(pack, transition, list(shown.values())), strict=True):
        assert code in outcome, (code, str(shown[code]))


def _fired(pack: RulePack, transition: Transition, examples: list[Example]) -> list[tuple[str, ...]]:
    assessment = assess(_roster(transition, examples), pack, DAY)
    found = assessment.recommendations.filter(pl.col("transition") == transition.id)
    return [assessment.outcomes[transition.id][case].fired for case in found["case"]]


def _roster(transition: Transition, examples: list[Example]) -> Roster:
    people = [
        {
            **dict.fromkeys(PEOPLE_SCHEMA),
            "row": number,
            "employee_id": f"E{number}",
            "level": transition.from_level,
            "target_level": transition.to_level,
            "level_since": _before(example.months_in_level),
            "product_since": _before(example.experience_months),
        }
        for number, example in enumerate(examples)
    ]
    ratings = [{**_units(example.manager, "manager"), **_units(example.own, "self")} for example in examples]
    empty = pl.DataFrame(schema=NOT_ASSESSABLE_SCHEMA)
    return Roster(
        pl.DataFrame(people, schema=PEOPLE_SCHEMA),
        pl.DataFrame(ratings, schema=dict.fromkeys(ratings[0], pl.Int64)),
        pl.DataFrame(),
        empty,
        (),
        (),
        (),
    )


def _units(ratings: Mapping[str, Decimal | None], rater: str) -> dict[str, int | None]:
    return {
        rating_column(name, "self" if rater == "self" else "manager"): None
        if rating is None
        else int(rating * UNITS_PER_POINT)
        for name, rating in ratings.items()
    }


def _before(months: int | None) -> date | None:
    if months is None:
        return None
    year, month = divmod(DAY.year * 12 + DAY.month - 1 - months, 12)
    return date(year, month + 1, DAY.day)
