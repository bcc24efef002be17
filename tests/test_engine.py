from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from engine import assess, explain
from engine.explain.table import table_of
from inputs import RATERS, Cell
from rules.pack import Bars, PackError, SignalOverride, Specialisation, Tenure
from tests.small import CITE, DAY, RULES, pack, roster, rule, signal


def bands(rules_pack, people, **more):
    return assess(roster(people, **more), rules_pack, DAY).recommendations["recommendation"].to_list()


def statuses(rules_pack, *people):
    explained = explain(assess(roster(people), rules_pack, DAY))
    return [explanation.evidence[0].status for explanation in explained]


def test_a_score_equal_to_the_bar_meets_it_whatever_floating_point_says():
    thirds = pack(
        [signal("drive", weights={"a": "0.1", "b": "0.2", "c": "0.3"})],
        bars=Bars(core=Decimal("3.7"), supporting=Decimal(3)),
    )
    # 0.1 * 3.7 + 0.2 * 3.7 + 0.3 * 3.7 is 2.2199999999999998 in floating point, and 0.6 * 3.7 is 2.22
    assert statuses(thirds, {"a:manager": "3.7", "b:manager": "3.7", "c:manager": "3.7"}) == ["met"]


@pytest.mark.parametrize(
    ("rating", "status"),
    [("4", "met"), ("3.9999", "near"), ("3.5", "near"), ("3.4999", "gap"), ("1", "gap"), (None, "unrated")],
)
def test_status_follows_bar_and_margin_exactly(rating, status):
    assert statuses(pack([signal("drive")]), {"drive:manager": rating}) == [status]


@pytest.mark.parametrize(
    ("weights", "rating", "status"),
    [
        ((1, 1), 5, "unrated"),  # from 3 to 5
        ((3, 2), 5, "unrated"),  # from 3.4 to 5
        ((3, 1), 5, "met"),  # from 4 to 5
        ((1, 1), 1, "gap"),  # from 1 to 3
        ((9, 1), "3.8", "near"),  # from 3.52 to 3.92
        ((8, 1), "3.875", "unrated"),  # from near to the bar itself
        ((19, 1), 5, "met"),  # from 4.8, and the weighted sum is more than 32 bits hold
    ],
)
def test_a_missing_rating_is_bounded_by_the_scale_and_never_filled_in(weights, rating, status):
    small = pack([signal("drive", weights=dict(zip("ab", map(str, weights), strict=True)))])
    assert statuses(small, {"a:manager": rating, "b:manager": None}) == [status]


def test_a_competency_without_a_column_counts_as_unrated():
    assert statuses(pack([signal("drive", weights={"a": "1", "b": "1"})]), {"a:manager": 5}) == ["unrated"]


@pytest.mark.parametrize(
    ("own", "manager", "agreement"),
    [
        (5, 4, "self_higher"),
        (4.9999, 4, "aligned"),
        (3, 4, "self_lower"),
        (3.0001, 4, "aligned"),
        (None, 4, "unknown"),
    ],
)
def test_agreement_compares_self_and_manager_by_the_margin(own, manager, agreement):
    people = [{"drive:self": own, "drive:manager": manager}]
    explained = explain(assess(roster(people), pack([signal("drive")]), DAY))
    assert explained[0].evidence[0].agreement == agreement


def test_of_somebody_unrated_it_cannot_be_told_however_many_signals_the_rules_name():
    names = [f"s{number}" for number in range(40)]  # 3 ** 40 cases, which 64 bits do not hold
    met = " and ".join(f'signal.{name} == "met"' for name in names)
    rules = (
        rule("T-R2", met, recommendation="ready_now"),
        rule("T-R3", f"not ({met})", recommendation="developing"),
        RULES[-1],
    )
    assert bands(pack([*map(signal, names)], rules), [{}]) == ["insufficient_evidence"]


def test_a_band_between_the_lowest_and_the_highest_ratings_counts_where_too_many_are_missing_to_try_all():
    rules = (
        rule("T-R2", "core_near >= 1", recommendation="developing"),
        rule("T-R3", "core_near < 1", recommendation="ready_now"),
        RULES[-1],
    )
    signals = [signal(name) for name in "abcdef"]
    people = [{}, {f"{name}:manager": 5 for name in "abcdef"}, {f"{name}:manager": 3.5 for name in "abcdef"}]
    assert bands(pack(signals, rules), people) == ["insufficient_evidence", "ready_now", "developing"]


def test_a_self_rating_never_changes_the_band():
    people = [{"drive:self": own, "drive:manager": 3.5} for own in (None, 1, 5)]
    assert bands(pack(), people) == ["ready_soon"] * 3


def test_everybody_gets_one_recommendation_for_each_open_promotion():
    people = [{"drive:manager": rating} for rating in (5, 3.5, 2, None)]
    assert bands(pack(), people) == ["ready_now", "ready_soon", "developing", "insufficient_evidence"]


def test_a_person_at_the_top_is_listed_with_the_reason():
    assessment = assess(roster([{}], level="senior"), pack(), DAY)
    assert assessment.recommendations.height == 0
    assert assessment.not_assessable["reason"].to_list() == [
        "The rules of “Small pack” have no promotion from Senior."
    ]


def fork():
    small = pack(levels=("junior", "senior", "lead"))
    other = small.promotions[0].model_copy(update={"id": "across", "to_level": "lead"})
    return small.model_copy(update={"promotions": (*small.promotions, other)})


def test_a_fork_gives_one_recommendation_for_each_way_and_a_target_level_chooses():
    people = [{"drive:manager": 4}, {"drive:manager": 4, "target_level": "lead"}]
    found = assess(roster(people), fork(), DAY).recommendations
    assert found.select("person", "promotion").rows() == [(0, "up"), (0, "across"), (1, "across")]


def test_the_trace_lists_rules_in_firing_order_with_their_facts():
    rules = (
        rule("T-F1", "core_gap >= 1", finding="critical"),
        rule("T-F2", "finding.critical and supporting_gap >= 1", finding="wide"),
        *RULES,
    )
    small = pack(rules=rules, findings=("critical", "wide"))
    people = [{"drive:manager": 2, "care:manager": 1}]
    explained = explain(assess(roster(people), small, DAY))[0]
    assert [fired.code for fired in explained.rules] == ["T-F1", "T-F2", "T-R2", "T-C1"]
    assert explained.findings == ("critical", "wide")
    assert explained.rules[1].facts == (("finding.critical", "yes"), ("supporting_gap", "1"))


def test_a_finding_may_rest_on_the_absence_of_another():
    rules = (
        rule("T-F1", "not finding.low", finding="fine"),
        rule("T-F2", "core_gap >= 1", finding="low"),
        *RULES,
    )
    small = pack(rules=rules, findings=("fine", "low"))
    people = [{"drive:manager": 2}, {"drive:manager": 4}]
    assert [e.findings for e in explain(assess(roster(people), small, DAY))] == [("low",), ("fine",)]


def test_findings_in_a_circle_are_refused():
    rules = (rule("T-F1", "finding.b", finding="a"), rule("T-F2", "finding.a", finding="b"), *RULES)
    with pytest.raises(PackError, match="T-F1, T-F2 depend on each other in a circle"):
        assess(roster([{}]), pack(rules=rules, findings=("a", "b")), DAY)


def test_a_case_that_no_rule_covers_stops_with_the_case():
    rules = (rule("T-R1", "core_gap >= 1", recommendation="developing"), RULES[-1])
    with pytest.raises(PackError, match=r"no rule gives a recommendation for this case: core_gap: below 1"):
        assess(roster([{"drive:manager": 5}]), pack(rules=rules), DAY)


def test_rules_that_contradict_each_other_stop_unless_one_wins():
    strong = rule("T-R8", "core_met >= 1", recommendation="ready_now")
    weak = rule("T-R9", "always", recommendation="developing")
    with pytest.raises(PackError, match="T-R8 says ready_now, T-R9 says developing"):
        assess(roster([{"drive:manager": 5}]), pack(rules=(strong, weak, RULES[-1])), DAY)
    winner = strong.model_copy(update={"overrides": ("T-R9",)})
    assessment = assess(roster([{"drive:manager": 5}]), pack(rules=(winner, weak, RULES[-1])), DAY)
    explained = explain(assessment)[0]
    assert explained.recommendation == "ready_now"
    assert [(fired.code, fired.decisive) for fired in explained.rules[:2]] == [
        ("T-R8", True),
        ("T-R9", False),
    ]


GUIDANCE = Tenure(measure="time_in_level", from_years=Decimal(1), to_years=Decimal(3), cite=CITE)


@pytest.mark.parametrize(
    ("since", "months", "tenure"),
    [
        (date(2025, 6, 30), 12, "typical"),
        (date(2025, 7, 1), 11, "early"),
        (date(2023, 6, 30), 36, "typical"),
        (date(2023, 5, 30), 37, "overdue"),
        (date(2026, 7, 1), None, "unknown"),
        (None, None, "unknown"),
    ],
)
def test_time_in_level_is_counted_in_whole_months(since, months, tenure):
    explained = explain(assess(roster([{"level_since": since}]), pack(tenure=GUIDANCE), DAY))[0]
    assert (explained.months_in_level, explained.tenure) == (months, tenure)


def test_a_signal_that_cannot_be_judged_is_not_said_to_be_seen_at_the_bar():
    signals = (signal("drive", weights={"care": "0.7", "drive": "0.3"}), signal("grit"))
    seen = {"care:manager": 5, "drive:manager": 5, "care:self": 3, "drive:self": 3, "grit:manager": 2}
    people = roster([seen, {**seen, "drive:manager": None}])
    asked = [
        {question.kind for question in one.questions} - {"one_view"}
        for one in explain(assess(people, pack(signals, asked_from_core_signals=1), DAY))
    ]
    assert asked == [{"hidden_strength"}, {"views_apart"}]


def test_a_level_that_begins_after_the_review_was_not_observed_at_all():
    people = [
        {"drive:manager": 4, "level_since": date(2026, 5, 1), "review_date": date(2026, 4, 30)},
        {"drive:manager": 4, "level_since": date(2026, 7, 1), "review_date": date(2026, 4, 30)},
        {"drive:manager": 4, "level_since": date(2026, 7, 1)},
    ]
    explained = explain(assess(roster(people), pack(), DAY))
    assert [one.observed_months for one in explained] == [0, 0, 0]


def test_a_file_without_any_rating_is_assessed():
    assert bands(pack(), [{}, {}]) == ["insufficient_evidence"] * 2


def test_a_month_end_counts_as_the_day_that_the_month_lacks():
    people = roster([{"level_since": date(2025, 8, 31)}])
    explained = explain(assess(people, pack(), date(2026, 2, 28)))[0]
    assert explained.months_in_level == 6


def test_a_missing_number_satisfies_neither_a_comparison_nor_its_opposite():
    rules = (
        rule("T-F1", "months_in_level >= 6", finding="long"),
        rule("T-F2", "not months_in_level >= 6", finding="short"),
        rule("T-F3", "not known(months_in_level)", finding="unknown"),
        *RULES,
    )
    small = pack(rules=rules, findings=("long", "short", "unknown"))
    people = [{"level_since": day} for day in (date(2020, 1, 1), date(2026, 6, 1), None)]
    found = [explanation.findings for explanation in explain(assess(roster(people), small, DAY))]
    assert found == [("long",), ("short",), ("unknown",)]


def test_sentences_are_filled_with_the_persons_own_numbers_and_cells():
    people = [{"drive:manager": 3.5, "drive:self": 5, "manager_name": "Ada"}]
    explained = explain(assess(roster(people), pack(), DAY))[0]
    assert explained.reasons == ("Person 1: Drive.",)
    assert explained.next_step == "Work on Drive."
    used = explained.evidence[0].ratings[0]
    assert (used.manager_cell, used.manager_rating, used.self_cell) == (
        Cell("Ratings", 2, "F"),
        Decimal("3.5"),
        Cell("Ratings", 2, "G"),
    )


def test_missing_competencies_are_named():
    explained = explain(assess(roster([{"drive:manager": 4}]), pack(), DAY))[0]
    assert explained.missing == ("Care",)


def test_what_only_the_present_level_or_a_specialisation_looks_at_is_missing_too():
    asked = pack(expects={"drive": "2", "held": "3"}, beside=("depth",))
    deep = SignalOverride(promotion="up", signal="care", competencies={"depth": Decimal(1)}, reason="So.")
    diver = Specialisation(id="diver", title="Diver", about="Dives.", signal_overrides=(deep,), cite=CITE)
    asked = asked.model_copy(update={"specialisations": (diver,)})
    people = [{"drive:manager": 4, "care:manager": 4, "specialisation": name} for name in (None, "diver")]
    assessment = assess(roster(people), asked, DAY)
    assert [one.missing for one in explain(assessment)] == [("Held",), ("Depth", "Held")]
    assert table_of(assessment)["missing"].to_list() == [["Held"], ["Depth", "Held"]]


def test_many_people_share_cases_and_each_keeps_their_own_scores():
    people = [{"drive:manager": 1 + (n % 41) / 10} for n in range(2000)]
    assessment = assess(roster(people), pack(), DAY)
    assert len(assessment.judged["up"].outcomes) == 3
    scores = [explanation.evidence[0].manager_score for explanation in explain(assessment)]
    assert scores[:42] == [Decimal(10 + n % 41) / 10 for n in range(42)]


def test_more_rules_than_one_ruleset_holds_all_fire_in_order():
    rules = tuple(rule(f"T-F{n:03}", f"score >= {1 + n / 50:.2f}", finding="seen") for n in range(150))
    small = pack([signal("drive")], rules=(*rules, *RULES), findings=("seen",))
    explained = explain(assess(roster([{"drive:manager": 3}]), small, DAY))[0]
    assert [fired.code for fired in explained.rules if fired.topic == "finding"] == [
        f"T-F{n:03}" for n in range(101)
    ]


def test_a_constant_too_fine_for_exact_arithmetic_is_refused():
    rules = (rule("T-F1", "score >= 2.71999999", finding="seen"), *RULES)
    with pytest.raises(PackError, match="at most four decimals"):
        assess(roster([{}]), pack(rules=rules, findings=("seen",)), DAY)


def test_weights_too_uneven_for_exact_sums_are_refused():
    weights = {f"c{n}": f"1.{1007 + 2 * n}" for n in range(9)}
    rules = (rule("T-F1", "score >= 3", finding="seen"), *RULES)
    with pytest.raises(PackError, match="round them to small whole numbers"):
        assess(
            roster([{}]),
            pack([signal("drive", weights=weights), signal("care", weights=weights)], rules, ("seen",)),
            DAY,
        )


def test_a_roster_without_people_gives_an_empty_assessment():
    empty = roster([{"drive:manager": 4}])
    nobody = replace(empty, people=empty.people.clear(), ratings=empty.ratings.clear())
    assert assess(nobody, pack(), DAY).recommendations.height == 0


def test_whoever_is_decided_whatever_many_missing_ratings_are_gets_the_band():
    """Too many for all completions to be tried: worst and best decide, as the rules are monotone."""
    rules = (
        rule("T-R1", "score >= 1", recommendation="ready_now"),
        rule("T-R2", "score < 1 or not known(score)", recommendation="developing"),
        RULES[-1],
    )
    assert bands(pack([signal(name) for name in "abcdef"], rules), [{"a:manager": 2}]) == ["ready_now"]


def test_who_is_too_new_is_too_new_however_many_ratings_are_missing_under_rules_that_are_not_monotone():
    rules = (
        rule("T-R0", "observation == 'too_short'", recommendation="insufficient_evidence", kind="too_new"),
        rule("T-R1", "observation != 'too_short' and score == 3", recommendation="ready_now"),
        rule(
            "T-R2",
            "observation != 'too_short' and (score != 3 or not known(score))",
            recommendation="developing",
        ),
        RULES[-1],
    )
    small = pack([signal(name) for name in "abcdefgh"], rules)
    new = {"a:manager": 3, "level_since": DAY.replace(month=5)}
    long_there = {"a:manager": 3, "level_since": DAY.replace(year=DAY.year - 4)}
    one, other = explain(assess(roster([new, long_there]), small, DAY))
    assert (one.kind, one.worst_band, one.best_band) == ("too_new", *["insufficient_evidence"] * 2)
    assert (other.kind, other.worst_band, other.best_band) == ("cannot_be_told", "developing", "ready_now")


def test_where_rules_are_not_monotone_all_completions_of_everybody_are_tried():
    rules = (
        rule("T-R1", "score == 3", recommendation="ready_now"),
        rule("T-R2", "score != 3 or not known(score)", recommendation="developing"),
        RULES[-1],
    )
    people = [
        {"a:manager": 1, "b:manager": 1},
        {"a:manager": 1, "b:manager": 4, "c:manager": 4},
        {"a:manager": 1},  # with b and c at 4 it would be 3
        {"a:manager": "1.25"},  # no half points of b and c make it 3
        {"a:manager": "1.25", "b:manager": 3},
        {},
    ]
    found = bands(pack([signal(name) for name in "abc"], rules), people)
    untold, told = "insufficient_evidence", "developing"
    assert found == [told, "ready_now", untold, told, told, untold]


def test_whoever_the_rules_leave_out_is_told_the_findings_by_their_titles_and_the_facts():
    rules = (
        rule("T-F1", "core_gap >= 1", finding="wide"),
        rule("T-R1", "not finding.wide and months_in_level >= 6", recommendation="ready_now"),
        RULES[-1],
    )
    small = pack([signal("drive")], rules, ("wide",))
    people = [{"drive:manager": 2}, {"drive:manager": 4, "level_since": date(2026, 6, 1)}]
    found = assess(roster(people), small, DAY, gaps_allowed=True).undecided["reason"].to_list()
    assert found == [
        "no rule gives a recommendation where the findings are “wide”; whole months in the level: at least 6",
        "no rule gives a recommendation where none of the findings holds; whole months in the level: below 6",
    ]


def test_where_no_time_is_asked_for_ratings_of_an_earlier_level_still_say_nothing_of_this_one():
    rules = (
        rule(
            "T-R1",
            'review == "earlier_level"',
            recommendation="insufficient_evidence",
            kind="earlier_level",
            overrides=("T-R2", "T-R3", "T-R4"),
        ),
        *RULES,
    )
    small = pack([signal("drive")], rules, observation_months=0)
    people = [{"drive:manager": 4, "review_date": date(year, 6, 1)} for year in (2023, 2025)]
    early, later = explain(assess(roster(people), small, DAY))
    assert (early.kind, later.recommendation) == ("earlier_level", "ready_now")
    assert early.outlook.summary == "Ratings about the present level are needed before anything can be said."


def test_every_lowest_rating_is_in_the_table_whichever_promotion_looks_at_it():
    small = pack([signal("drive")], expects={"held": "2"}, beside=("idle",))
    people = [
        {"drive:manager": 1, "held:manager": 2, "idle:manager": 1},
        {"drive:manager": 1.5, "held:manager": 1},
    ]
    table = table_of(assess(roster(people), small, DAY))
    assert table["lowest_ratings"].to_list() == [["Drive", "Idle"], ["Held"]]


def test_sentences_name_the_signals_by_who_sees_them_higher():
    reason = "Higher: {self_higher_signals}. Lower: {self_lower_signals}. Met: {supporting_met_signals}."
    rules = (rule("T-F1", "self_higher >= 1 and self_lower == 1", finding="apart", reason=reason), *RULES)
    small = pack([signal("drive"), signal("lead"), signal("care", "supporting")], rules, ("apart",))
    views = {"drive": (5, 3), "lead": (4, 4), "care": (3, 5)}
    person = {f"{name}:{who}": view[n] for name, view in views.items() for n, who in enumerate(RATERS)}
    (found,) = explain(assess(roster([person]), small, DAY))
    assert found.rules[0].sentence == "Higher: Drive. Lower: Care. Met: Care."


def test_a_missing_rating_is_not_the_lowest_one():
    rules = (
        rule("T-F1", "lowest_ratings >= 1", finding="lowest"),
        rule("T-F2", "missing_ratings == 2", finding="two"),
        *RULES,
    )
    small = pack([signal("drive")], rules, ("lowest", "two"), beside=("idle", "no_column"))
    people = [{"drive:manager": 4, "idle:manager": rating} for rating in (None, 1, 2)]
    found = [one.findings for one in explain(assess(roster(people), small, DAY))]
    assert found == [("two",), ("lowest",), ()]


def test_a_review_is_stale_when_it_is_older_than_the_pack_allows_and_not_before():
    rules = (rule("T-F1", 'review == "stale"', finding="old"), *RULES)
    small = pack([signal("drive")], rules, ("old",), stale_months=12)
    days = [date(2025, 6, 30), date(2025, 5, 30)]  # 12 months before the day of the run, and 13
    people = [{"drive:manager": 4, "review_date": day} for day in days]
    assert [one.findings for one in explain(assess(roster(people), small, DAY))] == [(), ("old",)]


def test_a_step_is_enough_for_a_blind_spot_and_a_hidden_strength_in_whatever_parts_a_signal_is_rated():
    rules = (
        rule("T-F1", "blind_spots >= 1", finding="blind"),
        rule("T-F2", "hidden_strengths >= 1", finding="hidden"),
        *RULES,
    )
    small = pack([signal("drive", weights={"a": "2", "b": "1"})], rules, ("blind", "hidden"))
    pairs = ((4, 3.5), (4, "3.5001"), (3.5, 4), ("3.5001", 4))
    pairs += ((3.5, 3), (5, 4), (3, 3.5), (4, 5))  # both below the bar, or at it
    people = [
        {f"{part}:{rater}": rating for part in "ab" for rater, rating in zip(RATERS, pair, strict=True)}
        for pair in pairs
    ]
    found = [one.findings for one in explain(assess(roster(people), small, DAY))]
    assert found == [("blind",), (), ("hidden",), (), (), (), (), ()]


def test_where_a_promotion_has_no_supporting_signals_all_of_them_are_met():
    rules = (rule("T-F1", "supporting_met_share > 0.5", finding="held"), *RULES)
    found = explain(assess(roster([{"drive:manager": 1}]), pack([signal("drive")], rules, ("held",)), DAY))
    assert found[0].findings == ("held",)


def test_sentences_name_what_the_present_level_lacks_and_what_has_the_lowest_rating():
    reason = "Below: {present_below_competencies}. Lowest: {lowest_competencies}."
    rules = (rule("T-F1", "present_below == 1", finding="thin", reason=reason), *RULES)
    expects = {"held": "3", "kept": "3", "unrated": "3"}
    small = pack([signal("drive")], rules, ("thin",), expects=expects, beside=("idle",))
    person = {"drive:manager": 1, "held:manager": 2.5, "kept:manager": 3, "idle:manager": 1}
    (found,) = explain(assess(roster([person]), small, DAY))
    assert found.rules[0].sentence == "Below: Held. Lowest: Drive and Idle."


def test_reasons_are_what_decided_and_then_what_it_does_not_speak_of_with_concerns_first():
    rules = (
        rule("T-F1", "core_gap == 0", finding="held", reason="Held."),
        rule("T-F2", "supporting_gap >= 1", finding="thin", reason="Thin."),
        rule("T-F3", "core_gap == 0", finding="whole", reason="Whole."),
        rule("T-R2", "not finding.held", recommendation="developing"),
        rule("T-R4", "finding.held", recommendation="ready_now", reason="Nothing core is missing."),
        RULES[-1],
    )
    small = pack(rules=rules, findings=("held", "thin", "whole"))
    kinds = {"held": "strength", "whole": "strength", "thin": "concern"}
    named = tuple(one.model_copy(update={"kind": kinds[one.id]}) for one in small.findings)
    small = small.model_copy(update={"findings": named})
    (found,) = explain(assess(roster([{"drive:manager": 4, "care:manager": 2}]), small, DAY))
    assert found.reasons == ("Nothing core is missing.", "Thin.", "Whole.")


def test_a_rating_that_the_manager_left_out_leaves_the_band_open_whatever_the_person_rated():
    both = pack([signal("drive", weights={"a": "1", "b": "1"})])
    person = {"a:self": 4, "b:self": 4, "a:manager": 4}
    assert bands(both, [person, {**person, "b:manager": 4}]) == ["insufficient_evidence", "ready_now"]
    assert bands(both, [{"a:manager": 4, "b:manager": 4}]) == ["ready_now"]


@pytest.mark.parametrize(
    ("missing", "said"), [("a", "One rating would settle it."), ("ac", "2 ratings would settle it.")]
)
def test_how_many_ratings_would_settle_a_band_is_said(missing, said):
    small = pack([signal(name) for name in f"b{missing}"])
    (found,) = explain(assess(roster([{"b:manager": 4}]), small, DAY))
    assert (found.outlook.summary, found.outlook.to_rate_in_all) == (said, 1)


def test_with_too_many_completions_the_facts_between_their_ends_decide():
    """A gap at best is one in all of them, however many signals are near in some."""
    rules = (
        rule("T-R2", "core_gap >= 1", recommendation="developing"),
        rule("T-R3", "core_gap == 0 and core_near >= 1", recommendation="ready_soon"),
        rule("T-R4", "core_gap == 0 and core_near == 0", recommendation="ready_now"),
        RULES[-1],
    )
    small = pack([signal(name) for name in "abcdefgh"], rules)
    low, high = explain(assess(roster([{"a:manager": 1}, {"a:manager": 4}]), small, DAY))
    assert (low.recommendation, low.worst_band) == ("developing", "developing")
    assert (high.kind, high.worst_band, high.best_band) == ("cannot_be_told", "developing", "ready_now")


def test_whoever_no_rule_gives_a_confidence_is_left_out_where_that_is_allowed():
    small, people = pack(rules=RULES[:-1]), roster([{"drive:manager": 4}])
    found = assess(people, small, DAY, gaps_allowed=True)
    assert (found.recommendations.height, found.undecided["reason"].to_list()) == (
        0,
        ["no rule gives a confidence"],
    )
    with pytest.raises(PackError, match="no rule gives a confidence for this case: every case"):
        assess(people, small, DAY)
