"""Lenses and development actions of the product management pack, through worked people."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType

import polars as pl
import pytest

from engine import Explanation, assess, explain
from engine.prove import check_soundness
from inputs import PEOPLE_SCHEMA, UNITS_PER_POINT, Roster, rating_column
from rules import PackError, load_pack
from rules.pack import Promotion

DAY = date(2026, 6, 30)
PACK = load_pack("product_management")


def person(
    level: str,
    target: str,
    usual: str = "4",
    specialisation: str | None = None,
    answers: Mapping[str, bool] = MappingProxyType({}),
    **managers: str | None,
) -> Explanation:
    """Somebody whom both raters rate the same everywhere, but for what the manager rates otherwise."""
    identity = {
        **dict.fromkeys(PEOPLE_SCHEMA),
        **answers,
        "row": 2,
        "employee_id": "E1",
        "employee_name": "Ana",
        "level": level,
        "target_level": target,
        "specialisation": specialisation,
        "level_since": date(2024, 1, 1),
        "product_since": date(2020, 1, 1),
    }
    ratings: dict[str, int | None] = {}
    for competency in PACK.competencies:
        given = managers.get(competency.id, usual)
        ratings[rating_column(competency.id, "self")] = _units(usual)
        ratings[rating_column(competency.id, "manager")] = None if given is None else _units(given)
    roster = Roster.without_file(
        pl.DataFrame([identity], schema=PEOPLE_SCHEMA),
        pl.DataFrame([ratings], schema=dict.fromkeys(ratings, pl.Int64)),
    )
    steps = tuple(t for t in PACK.promotions if (t.from_level, t.to_level) == (level, target))
    return explain(assess(roster, PACK.model_copy(update={"promotions": steps}), DAY))[0]


def _units(rating: str) -> int:
    return int(Decimal(rating) * UNITS_PER_POINT)


def values(explanation: Explanation) -> Mapping[str, str]:
    return {lens.lens: lens.value for lens in explanation.lenses}


def findings(explanation: Explanation, lens_id: str) -> tuple[str, ...]:
    return next(lens.findings for lens in explanation.lenses if lens.lens == lens_id)


def test_the_one_differentiator_of_seniors_that_is_missing_is_named() -> None:
    ana = person("product_manager", "senior_pm", decision_making="2")
    assert values(ana)["bavaro"] == "some"
    assert findings(ana, "bavaro") == ("nuance_missing",)
    assert findings(person("product_manager", "senior_pm"), "bavaro") == ("bavaro_complete",)


@pytest.mark.parametrize(
    ("ratings", "altitude"),
    [
        ({"results": "1", "collaboration": "1"}, "none"),
        ({"user_research": "1", "team_leadership": "1"}, "shipping"),
        ({"product_vision": "1", "risk_taking": "1"}, "planning"),
        ({"executive_communication": "1"}, "strategic"),
        ({}, "partnering"),
        ({"results": None, "collaboration": None}, "unknown"),
    ],
)
def test_the_altitude_is_the_highest_one_that_is_met_with_all_below_it(
    ratings: dict[str, str | None], altitude: str
) -> None:
    assert values(person("senior_pm", "director", **ratings))["altitude"] == altitude


def test_the_altitude_is_held_against_the_present_and_the_next_level() -> None:
    ana = person("senior_pm", "director", strategic_thinking="1", risk_taking="1")
    lens = next(lens for lens in ana.lenses if lens.lens == "altitude")
    assert (lens.expected_level, lens.expected_next) == ("Planning", "Strategic")
    assert lens.findings == ("altitude_to_gain",)
    sentence = lens.rules[0].sentence
    assert "The next level, Director of Product, decides at the altitude “Strategic”" in sentence
    assert "“Planning” so far" in sentence


@pytest.mark.parametrize(
    ("ratings", "finding"),
    [
        ({"results": "1", "collaboration": "1"}, ("altitude_to_gain",)),  # none
        ({"product_vision": "1", "risk_taking": "1"}, ("altitude_to_gain",)),  # shipping
        ({"executive_communication": "1"}, ("altitude_reached",)),  # strategic, as the next level needs
        ({}, ("altitude_reached",)),  # partnering, above it
        ({"results": None, "collaboration": None}, ()),
    ],
)
def test_every_altitude_is_below_at_or_above_that_of_the_next_level(
    ratings: dict[str, str | None], finding: tuple[str, ...]
) -> None:
    found = findings(person("senior_pm", "director", **ratings), "altitude")
    assert tuple(one for one in found if one != "below_own_altitude") == finding


def test_a_next_level_of_the_same_altitude_is_no_climb() -> None:
    assert findings(person("associate_pm", "product_manager"), "altitude") == ()
    low = {"results": "1", "collaboration": "1", "project_management": "1"}
    assert findings(person("associate_pm", "product_manager", **low), "altitude") == ("below_own_altitude",)


def test_strong_seniors_who_have_not_begun_to_lead_stand_before_the_canyon() -> None:
    ana = person("senior_pm", "director", mentoring="2", delegation="2", influence="2")
    assert {"canyon_risk", "manager_death_spiral", "judged_by_own_success"} <= set(findings(ana, "canyon"))
    assert findings(person("senior_pm", "director"), "canyon") == ("canyon_crossed",)


@pytest.mark.parametrize(
    ("usual", "ratings", "shape"),
    [
        ("3", {"user_empathy": "5", "problem_solving": "5", "prioritization": "5"}, "i"),
        ("3.5", {"user_empathy": "5", "problem_solving": "5", "prioritization": "5"}, "t"),
        ("4", {}, "broad"),
        ("3", {}, "none"),
        ("4", {"market_insight": None, "risk_taking": None}, "unknown"),
    ],
)
def test_the_shape_over_the_kinds_of_work(usual: str, ratings: dict[str, str | None], shape: str) -> None:
    assert values(person("product_manager", "senior_pm", usual, **ratings))["work_types"] == shape


def test_a_specialisation_is_held_against_the_kind_of_work_that_is_strongest() -> None:
    strong = {"data_analysis": "5", "business_acumen": "5"}
    platform = person("product_manager", "senior_pm", "3", "platform_pm", **strong)
    growth = person("product_manager", "senior_pm", "3", "growth_pm", **strong)
    assert "tools_may_not_transfer" in findings(platform, "work_types")
    assert "works_in_strength" in findings(growth, "work_types")


@pytest.mark.parametrize(("usual", "strongest"), [("4", "5"), ("3", "3.5")])
def test_tools_are_not_in_question_for_whoever_is_deep_in_their_own_work_or_in_none(
    usual: str, strongest: str
) -> None:
    ana = person("product_manager", "senior_pm", usual, "platform_pm", data_analysis=strongest)
    assert "tools_may_not_transfer" not in findings(ana, "work_types")


@pytest.mark.parametrize("promotion", PACK.promotions, ids=lambda promotion: promotion.id)
def test_dependable_without_help_never_reads_as_below_the_present_level(promotion: Promotion) -> None:
    ana = person(promotion.from_level, promotion.to_level, "3")
    drawn = {finding for lens in ana.lenses for finding in lens.findings}
    assert not {one for one in drawn if one.startswith("present_role_gap")}
    assert drawn.isdisjoint(
        {"below_own_altitude", "common_skill_missing", "empathy_first", "hard_skill_missing"}
    )


def test_a_gap_at_the_altitude_of_the_present_level_is_told_whatever_lies_higher() -> None:
    ana = person("director", "vp_product", "3", strategic_thinking="1")
    assert findings(ana, "altitude") == ("below_own_altitude",)
    assert findings(person("director", "vp_product", "4", communication="1"), "altitude") == ()


@pytest.mark.parametrize(
    ("usual", "ratings", "status"),
    [
        ("3.5", {}, "met"),
        ("3", {"mentoring": "5"}, "near"),
        ("4", {"technical_understanding": "1", "project_management": "3"}, "gap"),
        ("4", {"user_empathy": None, "problem_solving": None}, "unrated"),
    ],
)
def test_breadth_means_the_same_before_the_canyon_and_in_the_lens_of_breadth(
    usual: str, ratings: dict[str, str | None], status: str
) -> None:
    ana = person("senior_pm", "director", usual, **ratings)
    canyon = next(lens for lens in ana.lenses if lens.lens == "canyon")
    breadth = next(part for part in canyon.parts if part.part == "breadth")
    kinds = [part for part in canyon.parts if part.title.startswith("Breadth, ")]
    rated = [part.score for part in kinds if part.score is not None]
    assert breadth.status == status
    assert breadth.score == (None if status == "unrated" else min(rated))
    drawn = findings(ana, "leader_breadth")
    assert ("breadth_there" in drawn, "breadth_missing" in drawn) == (status == "met", status == "gap")


INSIDE = ("owned_project", "volunteered", "written_record")


def shown(explanation: Explanation, lens_id: str) -> tuple[list[str], list[str]]:
    """The statuses of a lens's parts, and the sentences of its rules."""
    lens = next(lens for lens in explanation.lenses if lens.lens == lens_id)
    return [part.status for part in lens.parts], [rule.sentence for rule in lens.rules]


def test_a_step_of_a_way_in_is_what_the_sheet_answers_and_never_a_guess_from_ratings() -> None:
    best, lowest = (person("aspiring_pm", "associate_pm", usual) for usual in ("5", "1"))
    assert shown(best, "way_in_inside") == (["unrated"] * 4, [])
    assert shown(lowest, "way_in_inside") == (["unrated"] * 4, [])
    half = person("aspiring_pm", "associate_pm", answers={"owned_project": True, "written_record": False})
    statuses, sentences = shown(half, "way_in_inside")
    assert statuses == ["met", "unrated", "gap", "unrated"]
    assert sentences == [
        "According to the sheet, not every step of the way in from inside was taken. The first that it does "
        "not say was taken: Volunteer for a problem at work."
    ]


def test_the_ways_in_say_who_is_ready_to_apply_and_who_has_applied() -> None:
    ready = person("aspiring_pm", "associate_pm", answers=dict.fromkeys(INSIDE, True))
    assert findings(ready, "way_in_inside") == ("inside_steps_ready",)
    assert "The sheet does not say that Ana has applied." in shown(ready, "way_in_inside")[1][0]
    applied = person(
        "aspiring_pm", "associate_pm", answers=dict.fromkeys((*INSIDE, "role_application"), True)
    )
    assert findings(applied, "way_in_inside") == ("inside_way_taken",)
    assert values(applied)["way_in_inside"] == "done"


@pytest.mark.parametrize(
    ("answer", "independence", "found"),
    [
        (False, "1", "ideas_without_project"),
        (False, "4", "able_without_project"),
        (True, "1", "project_not_in_ratings"),
        (True, "4", None),
        (None, "1", None),
        (None, "4", None),
    ],
)
def test_what_the_sheet_says_of_a_project_is_held_beside_the_ratings(
    answer: bool | None, independence: str, found: str | None
) -> None:
    answers = {} if answer is None else {"owned_project": answer}
    ana = person("aspiring_pm", "associate_pm", answers=answers, independence=independence)
    about = {"ideas_without_project", "able_without_project", "project_not_in_ratings"}
    assert about & set(ana.findings) == ({found} if found else set())


def test_answers_move_neither_band_nor_confidence() -> None:
    facts = [fact.id for fact in PACK.facts]
    for usual in ("4", "3.5", "2"):
        without, *others = (
            person("aspiring_pm", "associate_pm", usual, answers=answers)
            for answers in ({}, dict.fromkeys(facts, True), dict.fromkeys(facts, False))
        )
        for other in others:
            assert (other.recommendation, other.confidence) == (without.recommendation, without.confidence)


def test_what_nobody_answered_is_one_open_question_and_what_is_answered_is_none() -> None:
    def asked(explanation: Explanation) -> list[str]:
        return [one.sentence for one in explanation.questions if one.kind == "not_asked"]

    (sentence,) = asked(person("aspiring_pm", "associate_pm"))
    assert sentence == (
        "The sheet does not say whether Ana can point to this: a project owned from end to end; a problem "
        "taken on beyond the job; a written record of hard problems; a side project that was finished and "
        "written up; and 4 more. Ask, and write yes or no."
    )
    most = {fact.id: False for fact in PACK.facts if fact.id != "certificate"}
    (sentence,) = asked(person("aspiring_pm", "associate_pm", answers=most))
    assert "can point to this: a certificate in product management. Ask" in sentence
    everything = {fact.id: True for fact in PACK.facts}
    assert asked(person("aspiring_pm", "associate_pm", answers=everything)) == []
    assert asked(person("product_manager", "senior_pm")) == []


def test_a_lens_never_changes_the_recommendation() -> None:
    ana = person("senior_pm", "director", mentoring="2")
    lens_codes = {rule.code for lens in PACK.lenses for rule in lens.rules}
    assert lens_codes & {rule.code for lens in ana.lenses for rule in lens.rules}
    assert lens_codes.isdisjoint({rule.code for rule in ana.rules})
    assert set(ana.findings).isdisjoint({one.id for lens in PACK.lenses for one in lens.findings})


def test_actions_come_in_the_order_of_their_effect_on_the_next_band() -> None:
    ana = person("product_manager", "senior_pm", mentoring="2", user_empathy="3", prioritization="3")
    purposes = list(dict.fromkeys(action.purpose for action in ana.actions))
    evidence = {signal.title: (signal.importance, signal.status) for signal in ana.evidence}
    ranks = [("core", "gap"), ("core", "near"), ("supporting", "gap"), ("supporting", "near")]
    order = [ranks.index(evidence[purpose]) for purpose in purposes]
    assert order == sorted(order)
    assert set(purposes) == {title for title, rank in evidence.items() if rank in ranks}
    advice = [action.advice for action in ana.actions]
    assert len(advice) == len(set(advice))


def test_steps_that_show_no_evidence_get_an_action_and_the_next_level_its_skills() -> None:
    ana = person("aspiring_pm", "associate_pm")
    assert "The way in from inside: Apply for an opening" in {action.purpose for action in ana.actions}
    assert [skill.title for skill in ana.skills_ahead] == [
        "Communication",
        "Analysis",
        "Technical understanding",
    ]


def test_a_fact_for_which_no_sheet_can_have_a_column_is_refused() -> None:
    asked = (*PACK.facts, PACK.facts[0].model_copy(update={"id": "juggles"}))
    with pytest.raises(PackError, match="`juggles` is not a yes/no column that a sheet can have"):
        check_soundness(PACK.model_copy(update={"facts": asked}))
