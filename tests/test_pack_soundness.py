"""Proving a pack sound, and that the examples it shows are real people to the engine."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from random import Random

import polars as pl
import pytest

from engine import assess
from engine.lenses.evaluation import LensProfile, fired_in_cases
from engine.prove import check_soundness
from engine.prove.confirming import UnconfirmedExampleError
from engine.prove.flaws import LARGEST_ENUMERATION
from engine.prove.lens_soundness import check_lens
from engine.prove.possible import Example, Possible
from engine.prove.possible_lens import PossibleLens
from inputs import NOT_ASSESSABLE_SCHEMA, PEOPLE_SCHEMA, UNITS_PER_POINT, Roster, rating_column
from rules import Promotion, RulePack, facts_of, load_pack, pack_names, parse_condition
from rules.conditions import facts_named
from rules.lens_facts import facts_of_lens
from rules.pack import STATUSES
from tests.broken import BASE, write_broken_pack

DAY = date(2026, 6, 28)


@pytest.mark.parametrize("name", pack_names())
def test_every_shipped_pack_is_sound(name: str) -> None:
    soundness = check_soundness(load_pack(name))
    assert soundness.flaws == ()
    pack = load_pack(name)
    searched = {(proof.promotion or proof.lens, proof.topic) for proof in soundness.proofs}
    assert searched == {
        *((t.id, topic) for t in pack.promotions for topic in ("recommendation", "confidence")),
        *((lens.id, "findings") for lens in pack.lenses),
    }
    for proof in soundness.proofs:
        assert proof.method == ("enumeration" if proof.cases <= LARGEST_ENUMERATION else "solver")


def test_the_solver_finds_the_same_flaws_where_there_are_too_many_cases(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    broken = load_pack(write_broken_pack("contradiction", tmp_path / "bakery"))
    enumerated = check_soundness(broken)
    for searched in ("engine.prove.soundness", "engine.prove.lens_soundness"):
        monkeypatch.setattr(f"{searched}.LARGEST_ENUMERATION", 0)
    solved = check_soundness(broken)
    assert {proof.method for proof in solved.proofs} == {"solver"}
    assert [(flaw.kind, flaw.rules) for flaw in solved.flaws] == [
        (flaw.kind, flaw.rules) for flaw in enumerated.flaws
    ]
    assert enumerated.flaws


@pytest.mark.parametrize("fault", ["contradiction", "gap_in_the_cases"])
def test_an_example_that_the_engine_does_not_confirm_is_never_shown(
    fault: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    broken = load_pack(write_broken_pack(fault, tmp_path / "bakery"))
    assert [flaw.example for flaw in check_soundness(broken).flaws if flaw.example]
    everywhere = dict.fromkeys((one.id for one in broken.competencies), broken.scale.highest)
    somebody = Example(everywhere, everywhere, 60, 60, frozenset(rule.code for rule in broken.rules))
    monkeypatch.setattr(Possible, "example", lambda *_, **__: somebody)
    with pytest.raises(UnconfirmedExampleError, match="a defect of readiness and not of the pack bakery"):
        check_soundness(broken)


def test_examples_of_flaws_in_both_topics_at_once_are_confirmed() -> None:
    pack = load_pack("product_management")
    without = tuple(rule for rule in pack.rules if rule.code not in ("PM-R05", "PM-C03"))
    flaws = check_soundness(pack.model_copy(update={"rules": without, "lenses": ()})).flaws
    assert {flaw.kind for flaw in flaws if flaw.example} == {"gap"}
    assert any("recommendation" in flaw.text for flaw in flaws)
    assert any("confidence" in flaw.text for flaw in flaws)


def test_a_gap_that_no_person_can_fall_into_is_no_flaw() -> None:
    pack = load_pack(BASE)
    # With one core signal in each promotion nobody has two core gaps, though the bins of the fact allow it.
    rules = tuple(
        rule.model_copy(update={"when": f"({rule.when}) and core_gap <= 1"}) if rule.recommendation else rule
        for rule in pack.rules
    )
    assert check_soundness(pack.model_copy(update={"rules": rules})).flaws == ()


def test_a_finding_of_a_lens_that_no_rule_concludes_is_a_flaw() -> None:
    pack = load_pack(BASE)
    lens = load_pack("product_management").lenses[0].model_copy(update={"rules": (), "promotions": ()})
    flaws = check_soundness(pack.model_copy(update={"lenses": (lens,)})).flaws
    assert [flaw.part for flaw in flaws] == [finding.id for finding in lens.findings]
    assert {flaw.kind for flaw in flaws} == {"unreachable_finding"}


@pytest.mark.parametrize(
    ("lens_id", "when", "found"),
    [
        ("altitude", 'value == "none" and against_next == "above"', True),
        ("altitude", 'part.planning == "unrated" and value == "strategic"', True),
        ("altitude", 'against_level == "above" and against_next == "below"', True),
        ("altitude", 'against_level == "at" and against_next == "below"', False),
        ("work_types", 'value == "broad" and strongest == "unknown"', True),
        ("work_types", 'part.growth_work == "gap" and parts_met == 1 and strongest == "growth_work"', True),
        ("work_types", 'parts_met == 2 and strongest == "several"', False),
        ("work_types", 'specialisation == "matches" and strongest == "several"', True),
        ("work_types", 'specialisation == "differs" and value == "unknown"', True),
        ("bavaro", 'value == "unknown" and parts_gap >= 1', True),
        ("way_in_inside", 'value == "done"', True),
        ("way_in_inside", 'value == "open" and parts_met == 3', False),
    ],
)
def test_a_rule_of_a_lens_that_cannot_fire_is_found_by_enumeration_and_by_solver(
    lens_id: str, when: str, found: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    pack = load_pack("product_management")
    whole = next(lens for lens in pack.lenses if lens.id == lens_id)
    rules = (whole.rules[0].model_copy(update={"when": when}),)
    lens = whole.model_copy(update={"rules": rules, "findings": ()})
    changed = pack.model_copy(update={"lenses": (lens,)})
    for method, limit in (("enumeration", 100_000), ("solver", 0)):
        monkeypatch.setattr("engine.prove.lens_soundness.LARGEST_ENUMERATION", limit)
        flaws, proof = check_lens(changed, lens)
        assert proof is not None
        assert proof.method == method
        assert [flaw.rules for flaw in flaws] == ([(rules[0].code,)] if found else [])


@pytest.mark.parametrize("lens_id", ["altitude", "bavaro", "work_types", "way_in_inside"])
def test_the_solver_and_the_rule_engine_agree_on_every_case_of_a_lens(lens_id: str) -> None:
    pack = load_pack("product_management")
    lens = next(lens for lens in pack.lenses if lens.id == lens_id)
    promotion = next(t for t in pack.promotions if lens in pack.lenses_for(t))
    facts = facts_of_lens(lens)
    dice = Random(5)
    cases = [
        LensProfile(
            tuple(dice.choice(STATUSES) if part.competencies else "unrated" for part in lens.parts),
            dice.choice(facts["strongest"].values) if "strongest" in facts else "unknown",
            None,
        )
        for _ in range(120)
    ]
    possible = PossibleLens(pack, promotion, lens)
    fired = fired_in_cases(pack, promotion, lens, cases)
    conditions = {rule.code: parse_condition(rule.when, facts) for rule in lens.rules}
    compared = 0
    for case, codes in fired.items():
        shown = possible.shows(case)
        if possible.is_possible(shown):
            compared += 1
            for code, condition in conditions.items():
                can_hold = possible.is_possible(shown, possible.holds(condition, {}))
                assert can_hold or code not in codes, (case, code)
                if not {"specialisation"} & set(facts_named(condition)):
                    assert can_hold == (code in codes), (case, code)
    assert compared >= 15


@pytest.mark.parametrize("name", pack_names())
def test_the_example_of_every_rule_makes_it_fire_in_the_engine(name: str) -> None:
    pack = load_pack(name)
    promotion = pack.promotions[1]
    catalogue = facts_of(pack, promotion)
    rules = pack.rules_of(promotion)
    conditions = {rule.code: parse_condition(rule.when, catalogue) for rule in rules}
    possible = Possible(pack, promotion, rules)
    examples = {
        code: possible.example(possible.holds(condition, conditions))
        for code, condition in conditions.items()
    }
    shown = {code: example for code, example in examples.items() if example is not None}
    assert len(shown) >= len(rules) - 1
    for code, outcome in zip(shown, _fired(pack, promotion, list(shown.values())), strict=True):
        assert code in outcome, (code, str(shown[code]))


def _fired(pack: RulePack, promotion: Promotion, examples: list[Example]) -> list[tuple[str, ...]]:
    assessment = assess(_roster(promotion, examples), pack, DAY)
    found = assessment.recommendations.filter(pl.col("promotion") == promotion.id)
    return [assessment.outcomes[promotion.id][case].fired for case in found["case"]]


def _roster(promotion: Promotion, examples: list[Example]) -> Roster:
    people = [
        {
            **dict.fromkeys(PEOPLE_SCHEMA),
            "row": number,
            "employee_id": f"E{number}",
            "level": promotion.from_level,
            "target_level": promotion.to_level,
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
