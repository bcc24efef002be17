"""The oracle says what docs/judgement.md says, on cases worked out by hand."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from rules.pack import Bars, Scale, Tenure
from tests.oracle import Asked, asked_of, half_steps, verdicts
from tests.random_packs import random_pack, random_roster
from tests.small import CITE, DAY, RULES, pack, roster, rule, signal


def asked(person, small=None, **more) -> Asked:
    return next(one for _, one in asked_of(roster([person]), small or pack(), DAY, **more))


def facts(person, small=None):
    return asked(person, small).verdict().facts


TWO = (signal("drive", weights={"a": "1", "b": "3"}),)


@pytest.mark.parametrize(
    ("a", "b", "status"),
    [
        (4, 4, "met"),
        (None, 5, "met"),  # at worst (1 + 15) / 4 = 4
        (1, "4.6667", "near"),  # 3.750025
        (None, 2, "gap"),  # at best (5 + 6) / 4 = 2.75
        (None, "3.5", "unrated"),  # from 2.875 to 3.875
        (None, 3, "unrated"),  # at best exactly the margin below the bar
        (None, None, "unrated"),
    ],
)
def test_a_status_holds_whatever_the_missing_ratings_are(a, b, status):
    small = pack(TWO)
    assert facts({"a:manager": a, "b:manager": b}, small)["signal.drive"] == status


def test_a_signal_may_be_near_at_worst_and_at_best():
    wide = pack(TWO, near_margin=Decimal(2))
    assert facts({"a:manager": None, "b:manager": "3.5"}, wide)["signal.drive"] == "near"


def test_shortfalls_are_what_is_missing_at_best():
    small = pack(
        (
            *TWO,
            signal("lead", weights={"c": "1"}),
            signal("care", "supporting", weights={"d": "1"}),
            signal("craft", "supporting", weights={"e": "1"}),
        )
    )
    found = facts({"b:manager": 2, "c:manager": "3.5", "d:manager": 3, "e:manager": 4}, small)
    assert found["core_shortfall"] == Fraction(5, 4) + Fraction(1, 2)
    assert found["largest_core_shortfall"] == Fraction(5, 4)
    assert found["supporting_shortfall"] == Fraction(1, 4)
    assert found["largest_supporting_shortfall"] == Fraction(1, 2)
    assert found["core_met_share"] == 0
    assert found["supporting_met_share"] == Fraction(1, 2)
    assert found["coverage"] == (Fraction(3, 4) + 3) / 4
    assert found["score"] == (2 + Fraction(7, 2) + 3 + 4) / 4
    assert found["lowest_score"] == 2


def test_without_supporting_signals_nothing_of_them_is_missing():
    found = facts({"a:manager": 4, "b:manager": 4}, pack(TWO))
    assert (found["supporting_met_share"], found["supporting_shortfall"]) == (1, 0)


def test_the_present_level_counts_what_it_expects():
    small = pack(TWO, expects={"a": "3", "x": "3.5", "y": "4", "z": "2"}, beside=("idle",))
    person = {"a:manager": 3, "x:manager": 1, "y:manager": "3.5", "idle:manager": 1}
    found = facts(person, small)
    names = ("present_total", "present_met", "present_below", "present_shortfall")
    assert [found[name] for name in names] == [4, 1, 2, 3]
    assert found["largest_present_shortfall"] == Fraction(5, 2)
    assert found["lowest_ratings"] == 2


@pytest.mark.parametrize(
    ("since", "review", "said"),
    [
        ("2026-01-01", "2026-06-30", (5, "too_short", "current", 0, 5)),
        ("2025-12-30", "2026-06-30", (6, "enough", "current", 0, 6)),
        ("2025-12-30", "2026-06-29", (5, "too_short", "current", 0, 6)),
        ("2025-12-30", None, (6, "enough", "undated", None, 6)),
        ("2025-12-30", "2025-12-29", (0, "too_short", "earlier_level", 6, 6)),
        ("2025-12-30", "2025-12-30", (0, "too_short", "current", 6, 6)),
        ("2020-01-01", "2025-06-30", (65, "enough", "current", 12, 77)),
        ("2020-01-01", "2025-05-30", (64, "enough", "stale", 13, 77)),
        ("2026-01-01", "2021-05-30", (0, "too_short", "earlier_level", 61, 5)),
        (None, "2021-05-30", (None, "unknown", "stale", 61, None)),
        (None, None, (None, "unknown", "undated", None, None)),
    ],
)
def test_time_is_the_reviews(since, review, said):
    day_of = lambda text: None if text is None else date.fromisoformat(text)  # noqa: E731
    found = facts({"level_since": day_of(since), "review_date": day_of(review)})
    names = ("observed_months", "observation", "review", "review_age_months", "months_in_level")
    assert tuple(found[name] for name in names) == said


def test_experience_runs_to_the_day_of_the_run():
    guided = pack(tenure=Tenure(measure="time_in_level", from_years=Decimal(1), cite=CITE))
    person = {"level_since": date(2025, 6, 30), "review_date": date(2025, 7, 1)}
    assert facts(person, guided)["tenure"] == "typical"
    assert facts(person, guided)["experience_years"] == 1


@pytest.mark.parametrize(
    ("own", "manager", "said"),
    [
        ("4", "3.5", ("aligned", 1, 0)),
        ("4", "3.6", ("aligned", 0, 0)),
        ("5", "4", ("self_higher", 0, 0)),
        ("3.5", "4", ("aligned", 0, 1)),
        ("3", "4", ("self_lower", 0, 1)),
        (None, "4", ("unknown", 0, 0)),
    ],
)
def test_a_blind_spot_needs_a_step_and_the_bar_between_the_views(own, manager, said):
    found = facts({"drive:self": own, "drive:manager": manager}, pack((signal("drive"),)))
    assert tuple(found[name] for name in ("agreement.drive", "blind_spots", "hidden_strengths")) == said


def test_views_are_compared_where_both_rated_enough():
    small = pack(TWO, minimum_coverage=Decimal("0.75"))
    enough = {"b:self": 5, "a:manager": 1, "b:manager": 3}
    assert facts(enough, small)["agreement.drive"] == "self_higher"
    assert facts({**enough, "b:self": None, "a:self": 5}, small)["agreement.drive"] == "unknown"


BY_LEVEL = (
    rule("T-G1", "present_below >= 1", recommendation="developing", overrides=("T-R2", "T-R3", "T-R4")),
    *RULES,
)


def test_somebody_decided_whatever_is_missing_gets_the_band():
    small = pack(TWO, BY_LEVEL, expects={"x": "3"})
    one = asked({"b:manager": 5, "x:manager": 2}, small).verdict()
    assert (one.recommendation, one.recommendation_rule, one.kind) == ("developing", "T-G1", None)
    assert one.fired == ("T-G1", "T-R4", "T-C1")


def test_what_cannot_be_told_has_a_range_and_the_fewest_ratings_that_settle_it():
    small = pack(TWO, BY_LEVEL, expects={"x": "3"})
    one = asked({"b:manager": 5}, small)
    given = one.verdict()
    assert (given.recommendation, given.kind) == ("insufficient_evidence", "cannot_be_told")
    assert (given.worst_band, given.best_band) == ("developing", "ready_now")
    assert given.recommendation_rule == "T-R1"
    assert given.firmness is None
    assert one.missing == ["a:manager", "x:manager"]
    assert (one.settles(["a:manager"]), one.settles(["x:manager"])) == (False, True)
    assert one.fewest_to_settle() == 1


def test_a_competency_beside_matters_only_where_rules_on_the_band_ask_for_lowest_ratings():
    beside = {"drive:manager": 4}
    assert asked(beside, pack((signal("drive"),), beside=("idle",))).verdict().kind is None
    rules = (
        rule("T-F1", "lowest_ratings >= 1", finding="low"),
        rule("T-G1", "finding.low", recommendation="developing", overrides=("T-R2", "T-R3", "T-R4")),
        *RULES,
    )
    small = pack((signal("drive"),), rules, ("low",), beside=("idle",))
    one = asked(beside, small).verdict()
    assert (one.kind, one.worst_band, one.best_band) == ("cannot_be_told", "developing", "ready_now")
    assert one.findings == ()  # findings are drawn over the facts as they are


def test_where_rules_are_not_monotone_all_completions_count():
    rules = (
        rule("T-R2", "score == 3", recommendation="ready_now"),
        rule("T-R3", "score != 3 or not known(score)", recommendation="developing"),
        RULES[-1],
    )
    small = pack((signal("drive"),), rules)
    assert asked({}, small).verdict().kind is None
    one = asked({}, small, every_completion=True).verdict()
    assert (one.kind, one.worst_band, one.best_band) == ("cannot_be_told", "developing", "ready_now")


def test_the_kind_of_insufficient_evidence_is_that_of_the_rule():
    early = rule("T-R5", 'review == "earlier_level"', recommendation="insufficient_evidence")
    early = early.model_copy(update={"kind": "earlier_level", "overrides": ("T-R2", "T-R3", "T-R4")})
    small = pack((signal("drive"),), (early, *RULES))
    one = asked({"review_date": date(2023, 1, 1)}, small).verdict()
    assert (one.recommendation, one.kind, one.worst_band) == (
        "insufficient_evidence",
        "earlier_level",
        "insufficient_evidence",
    )


def test_re_ratings_are_fixed_by_competency_and_number():
    # The first 8 bytes of SHA-256 of "drive:0", "drive:1" ... as whole numbers, modulo 3, less 1.
    assert [half_steps("drive", number) for number in range(6)] == DRIVE
    counts = [sum(half_steps("drive", number) == way for number in range(64)) for way in (-1, 0, 1)]
    assert sum(counts) == 64


DRIVE = [0, 1, 0, 1, 0, -1]


@pytest.mark.parametrize(
    ("rating", "keeping"),
    [("5", (-1, 0, 1)), ("4.25", (-1, 0, 1)), ("4", (0, 1)), ("3.75", (-1, 0)), ("3.5", (0, 1))],
)
def test_firmness_is_the_share_of_re_ratings_in_which_the_band_stays(rating, keeping):
    kept = sum(half_steps("drive", number) in keeping for number in range(64))
    one = asked({"drive:manager": rating}, pack((signal("drive"),)))
    assert one.firmness == Fraction(kept, 64)


def test_confidence_may_ask_for_band_and_firmness():
    rules = (
        *RULES[:-1],
        rule("T-C1", 'recommendation == "ready_now" and firmness >= 0.9', confidence="high"),
        rule("T-C2", 'recommendation != "ready_now" or firmness < 0.9', confidence="low"),
    )
    small = pack((signal("drive"),), rules)
    people = roster([{"drive:manager": rating} for rating in (5, 4, "3.75")])
    assert [one.confidence for _, one in verdicts(people, small, DAY)] == ["high", "low", "low"]


def test_distance_is_the_fewest_rating_steps():
    small = pack(TWO)
    one = asked({"a:manager": 3, "b:manager": 3}, small)  # 3.0; soon from 3.5, now from 4
    assert one.band().band == "developing"
    assert list(one.changes_to("ready_soon", 5)) == [
        (2, {"a:manager": 75_600_000 + 12_600_000, "b:manager": 75_600_000 + 12_600_000}),
        (2, {"b:manager": 4 * 25_200_000}),
    ]
    assert one.fewest_steps("ready_now", 5) == 3
    assert one.fewest_steps("ready_now", 2) is None


def test_the_last_step_is_shortened_and_a_missing_rating_is_not_moved():
    high = pack((signal("drive"),), bars=Bars(core=Decimal(5), supporting=Decimal(3)))
    one = asked({"drive:manager": "4.8"}, high)
    assert list(one.changes_to("ready_now", 3)) == [(1, {"drive:manager": 5 * 25_200_000})]
    assert asked({}, high).fewest_steps("ready_now", 3) is None


def test_a_scale_that_steps_do_not_divide_ends_at_its_end():
    small = pack((signal("drive"),)).model_copy(
        update={"scale": Scale(lowest=Decimal(1), highest=Decimal(4), step=Decimal(2))}
    )
    one = asked({"drive:manager": 2}, small)
    assert [units // 25_200_000 for units in one.rules.lattice] == [1, 3, 4]
    assert one.fewest_steps("ready_now", 3) == 1


@pytest.mark.parametrize("seed", range(12))
def test_in_a_monotone_pack_worst_and_best_say_what_all_completions_say(seed):
    made = random_pack(seed, monotone=True)
    people = random_roster(seed, made, DAY, 40, gaps=(0.1, 0.3))
    told = 0
    for (_, extremes), (_, everything) in zip(
        asked_of(people, made, DAY), asked_of(people, made, DAY, every_completion=True), strict=True
    ):
        if 0 < len(everything.missing) <= 2:
            told += 1
            assert extremes.band() == everything.band()
    assert told
