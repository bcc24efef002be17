"""How many of the 64 re-ratings keep the band, against the oracle, and what it means."""

import pytest

from engine import assess, explain
from tests.oracle import RE_RATINGS, half_steps
from tests.oracle_comparison import firmness_differences
from tests.random_packs import lacking_few, random_pack, random_roster, random_specialisations
from tests.small import DAY, RULES, pack, roster, rule, signal


def explained(person, small=None):
    return explain(assess(roster([person]), small or pack((signal("drive"),)), DAY))[0]


def kept(name, *ways):
    return sum(half_steps(name, number) in ways for number in range(RE_RATINGS))


@pytest.mark.parametrize("seed", range(4))
def test_the_band_stays_in_as_many_re_ratings_as_the_oracle_says(seed):
    rules_pack = random_specialisations(seed, random_pack(seed, monotone=True))
    people = lacking_few(random_roster(seed, rules_pack, DAY, people=60), rules_pack)
    assert firmness_differences(people, rules_pack, DAY) == []


def test_a_rating_at_the_bar_is_as_firm_as_the_re_ratings_that_do_not_lower_it():
    assert explained({"drive:manager": 4}).firm_in == kept("drive", 0, 1)
    assert explained({"drive:manager": "3.75"}).firm_in == kept("drive", -1, 0)


def test_far_from_every_bar_all_re_ratings_keep_the_band():
    one = explained({"drive:manager": 5})
    assert (one.firm_in, one.re_ratings) == (64, 64)
    assert explained({"drive:manager": 1}).firm_in == 64


def test_nobody_without_a_band_has_a_firmness():
    one = explained({})
    assert (one.recommendation, one.firm_in) == ("insufficient_evidence", None)


def test_missing_ratings_stay_missing_in_every_re_rating():
    two = pack((signal("drive", weights={"a": "1", "b": "9"}),))
    # At worst (1 + 9 b) / 10: above 4 for b from 4.34 on, so half a step down from 4.5 is not told any more.
    assert explained({"b:manager": "4.5"}, two).firm_in == kept("b", 0, 1)


def test_firmness_is_the_same_in_every_run_and_for_everybody():
    people = [{"drive:manager": "3.75"}, {"drive:manager": 2}, {"drive:manager": "3.75"}]
    small = pack((signal("drive"),))
    first, again = ([one.firm_in for one in explain(assess(roster(people), small, DAY))] for _ in range(2))
    assert first == again
    assert first[0] == first[2]


def test_half_a_step_is_half_of_the_packs_own_step():
    small = pack((signal("drive"),))
    wide = small.model_copy(update={"scale": small.scale.model_copy(update={"step": 2 * small.scale.step})})
    assert explained({"drive:manager": "4.25"}, small).firm_in == 64
    assert explained({"drive:manager": "4.25"}, wide).firm_in == kept("drive", 0, 1)


def test_a_re_rating_that_leaves_a_better_band_open_does_not_keep_the_band():
    two = pack((signal("drive", weights={"a": "1", "b": "9"}),))
    # From (1 + 9 b) / 10 to (5 + 9 b) / 10: of 3.8 between 3.5 and 4, of 4.05 on both sides of 4.
    assert explained({"b:manager": "3.8"}, two).firm_in == kept("b", 0)


def test_re_ratings_reach_competencies_beside_where_lowest_ratings_hold_a_band_back():
    low = rule("T-G1", "lowest_ratings >= 1", recommendation="developing", overrides=("T-R3", "T-R4"))
    small = pack((signal("drive"),), (low, *RULES), beside=("idle",))
    # Half a step down from 1.25 is the lowest rating there is.
    one = explained({"drive:manager": 5, "idle:manager": "1.25"}, small)
    assert (one.recommendation, one.firm_in) == ("ready_now", kept("idle", 0, 1))
    assert explained({"drive:manager": 5}, small).kind == "cannot_be_told"


def test_re_ratings_are_judged_through_the_findings_that_the_band_rests_on():
    rules = (
        rule("T-F1", "core_gap >= 1", finding="wide"),
        rule("T-R2", "finding.wide", recommendation="developing"),
        rule("T-R4", "not finding.wide", recommendation="ready_now"),
        RULES[-1],
    )
    small = pack((signal("drive"),), rules, ("wide",))
    for rating, ways in (("3.5", (0, 1)), ("3.25", (-1, 0)), ("3", (-1, 0, 1))):
        assert explained({"drive:manager": rating}, small).firm_in == kept("drive", *ways)
    assert explained({"drive:manager": 3}, small).outlook.steps_to_ready_now == 1
