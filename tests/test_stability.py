from decimal import Decimal

import pytest

from engine import assess, explain
from engine.outlook import find_outlooks
from inputs import UNITS_PER_POINT
from rules.pack import BANDS
from tests.oracle import as_asked, judge
from tests.random_packs import random_pack, random_roster, random_specialisations
from tests.small import DAY, RULES, pack, roster, rule, signal

LOWEST, HIGHEST, STEP = UNITS_PER_POINT, 5 * UNITS_PER_POINT, UNITS_PER_POINT // 2


def outlook(person, **more):
    return explain(assess(roster([person]), pack(**more), DAY))[0].outlook


def one_step_away(units):
    return [moved for moved in (max(units - STEP, LOWEST), min(units + STEP, HIGHEST)) if moved != units]


@pytest.mark.parametrize("seed", range(10))
def test_every_single_step_of_a_random_person_does_what_running_again_says(seed):
    rules_pack = random_specialisations(seed, random_pack(seed))
    people = random_roster(seed, rules_pack, DAY, people=10)
    assessment = assess(people, rules_pack, DAY)
    for promotion in rules_pack.promotions:
        assessed = assessment.of(promotion).select("person", "recommendation").rows()
        for places, found in find_outlooks(assessment, promotion):
            for place, (ours, turning) in zip(places, _ours(found), strict=True):
                person, present = assessed[place]
                steps = list(_steps(people, rules_pack, promotion, person))
                changed = {step for step in steps if step[-1] != present}
                assert ours == (len(steps), len(steps) - len(changed))
                assert set(turning) == changed


def _ours(found):
    competencies = found.competencies
    for row, counts in enumerate(zip(found.stability.steps, found.stability.unchanged, strict=True)):
        turning = found.stability.turning.get(row, ())
        yield (
            counts,
            [(competencies[one.competency], one.before, one.after, one.recommendation) for one in turning],
        )


def _steps(people, rules_pack, promotion, person):
    rated = people.ratings.row(person, named=True)
    dates = people.people.row(person, named=True)
    promotion = as_asked(rules_pack, promotion, dates["specialisation"])
    for competency in dict.fromkeys(name for one in promotion.signals for name in one.competencies):
        column = f"{competency}:manager"
        before = rated.get(column)
        for after in one_step_away(before) if before is not None else ():
            moved = {**rated, column: after}
            verdict = judge(rules_pack, promotion, moved, dates["level_since"], dates["product_since"], DAY)
            yield competency, before, after, verdict.recommendation


def test_stability_is_the_share_of_single_steps_that_change_nothing():
    found = outlook({"drive:manager": 4, "care:manager": 4})  # only drive, the core signal, decides
    assert (found.single_steps, found.stability, found.borderline) == (4, Decimal("0.75"), True)
    assert [step.sentence for step in found.decisive_steps] == [
        "ready soon if Drive were rated 3.5 instead of 4."
    ]


def test_at_the_end_of_the_scale_there_is_one_step_only():
    found = outlook({"drive:manager": 5})
    assert (found.single_steps, found.stability, found.borderline) == (1, Decimal(1), False)


def test_the_last_step_is_as_long_as_the_scale_allows():
    found = outlook({"drive:manager": "4.8"}, rules=_top_only())
    assert [(step.rating.before, step.rating.after) for step in found.decisive_steps] == [
        (Decimal("4.8"), Decimal(5))
    ]


def _top_only():
    return (
        rule("T-R1", "score >= 5", recommendation="ready_now"),
        rule("T-R2", "score < 5 or core_unrated >= 1", recommendation="developing"),
        RULES[-1],
    )


def test_nobody_without_a_rating_has_a_stability():
    found = outlook({})
    assert (found.single_steps, found.stability, found.borderline) == (0, None, False)


def test_a_step_that_no_rule_covers_is_told_as_no_recommendation():
    rules = (
        rule("T-R1", "core_met >= 1", recommendation="ready_now"),
        rule("T-R2", "core_gap >= 1 or core_unrated >= 1", recommendation="developing"),
        RULES[-1],
    )
    found = outlook({"drive:manager": 4}, rules=rules)
    assert [step.sentence for step in found.decisive_steps] == [
        "No recommendation if Drive were rated 3.5 instead of 4."
    ]


def test_a_pack_may_have_a_step_of_its_own():
    small = pack([signal("drive")])
    wider = small.model_copy(update={"scale": small.scale.model_copy(update={"step": Decimal("0.25")})})
    explained = explain(assess(roster([{"drive:manager": 4}]), wider, DAY))[0]
    assert [step.rating.after for step in explained.outlook.decisive_steps] == [Decimal("3.75")]


def test_confidence_is_shown_with_its_parts():
    people = [{"drive:manager": 4, "drive:self": 5, "care:manager": None}]
    explained = explain(assess(roster(people), pack(), DAY))[0]
    assert [(part.name, part.share) for part in explained.confidence_parts] == [
        ("coverage", Decimal("0.5")),
        ("agreement", Decimal(0)),
        ("stability", Decimal("0.5")),
    ]
    assert explained.recommendation in BANDS
