"""People whom a promotion committee would judge with care, through the product, and what has to come out."""

import itertools
import re
from calendar import monthrange
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path

import polars as pl
import pytest

from engine import Explanation, assess, explain, vocabulary_of
from engine.explain.questions import SHARED
from inputs import UNITS_PER_POINT, Roster, rating_column
from inputs.loading import load_roster
from inputs.samples import SAMPLE_DAY, shipped_sample
from rules import RulePack, load_pack, pack_names
from rules.pack import BANDS, CONFIDENCES
from tests import small

CASES = Path(__file__).parent / "cases" / "judgement"
DAY = date(2026, 6, 30)
PACK = load_pack("product_management")
USED_4_OTHER_1 = ("aspass", "asspro", "prosen", "senlea", "sendir", "leadir", "leavp_", "dirvp_", "vp_cpo")


@cache
def people() -> dict[str, Explanation]:
    found = {}
    for file in sorted(CASES.glob("*.csv")):
        explained = explain(assess(load_roster((file,), vocabulary_of(PACK), DAY), PACK, DAY))
        found.update({str(one.employee_id): one for one in explained})
    return found


@cache
def strong_but_for_one(name: str) -> dict[tuple[str, str], Explanation]:
    """By promotion and competency: somebody rated 5 by both, and the lowest rating on that competency."""
    pack = load_pack(name)
    cases = [(step.id, one.id) for step in pack.promotions for one in pack.competencies]
    explained = explain(assess(_rated(pack, cases), pack, DAY))
    return dict(zip(cases, explained, strict=True))


def told(person: Explanation) -> str:
    """Everything that is said about somebody in sentences of the rules."""
    return " ".join([*person.reasons, person.next_step, *(rule.sentence for rule in person.rules)])


@pytest.mark.parametrize(
    ("person", "band", "confidences"),
    [
        ("mixed-results1", "developing", ("medium", "low")),
        ("all4.0-dir", "ready_now", ("medium", "low")),
        ("all3.98-dir", "ready_now", ("medium", "low")),
        ("all3.9-dir", "ready_soon", ("high", "medium", "low")),
        ("all3.9-sen", "ready_soon", ("high", "medium", "low")),
        ("5s-mentor3-dir", "developing", ("high", "medium", "low")),
        ("5s-mentor3.45-dir", "ready_soon", ("medium", "low")),
        ("4s-2near-2supgap-dir", "developing", ("medium", "low")),
        ("hid-all-low", "ready_now", ("medium", "low")),
        ("hid1", "ready_now", ("medium", "low")),
        ("se", "ready_now", ("medium", "low")),
        ("blind1", "ready_now", ("medium", "low")),
        ("dir-nobiz", "developing", ("medium", "low")),
        ("leaddir-nobiz", "developing", ("medium", "low")),
        ("cpo-noresults", "developing", ("medium", "low")),
        ("asp-noside", "ready_now", ("medium", "low")),
        ("all1", "developing", ("medium", "low")),
        ("selfonly", "insufficient_evidence", ("low",)),
        ("R08", "developing", ("high", "medium", "low")),
        ("old-review", "ready_now", ("medium", "low")),
        ("review-before-level", "insufficient_evidence", ("low",)),
        ("fresh", "ready_now", ("medium", "low")),
        ("hired-senior-8y", "ready_now", ("medium", "low")),
        ("pm-6mo-level", "insufficient_evidence", ("low",)),
        ("pm-5mo29", "insufficient_evidence", ("low",)),
        ("intern", "ready_now", ("medium", "low")),
        *((f"{start}-used4-other1", "developing", ("medium", "low")) for start in USED_4_OTHER_1),
    ],
)
def test_everybody_is_judged_as_a_committee_would(
    person: str, band: str, confidences: tuple[str, ...]
) -> None:
    assert people()[person].recommendation == band
    assert people()[person].confidence in confidences


def test_all_the_people_of_the_cases_are_held() -> None:
    assert len(people()) == 35


@pytest.mark.parametrize("start", USED_4_OTHER_1)
def test_whoever_misses_the_present_level_is_told_so_first_and_which_ratings_are_lowest(start: str) -> None:
    person = people()[f"{start}-used4-other1"]
    assert person.reasons[0].startswith("The present level comes first.")
    assert {"present_level_not_held", "lowest_rating"} <= set(person.findings)
    assert person.lowest
    assert all(given.competency_title in told(person) for given in person.lowest)


@pytest.mark.parametrize("promotion", [promotion.id for promotion in PACK.promotions])
def test_one_lowest_rating_on_what_the_present_level_expects_outweighs_every_strength(promotion: str) -> None:
    expected = PACK.level(PACK.promotion(promotion).from_level).expects
    for one in expected:
        person = strong_but_for_one("product_management")[promotion, one.competency]
        assert person.recommendation == "developing", one.competency
        assert person.reasons[0].startswith("The present level comes first."), one.competency
        assert PACK.competency(one.competency).title in person.reasons[0]


@pytest.mark.parametrize("name", pack_names())
def test_a_lowest_rating_on_whatever_competency_is_named_and_rules_out_high_confidence(name: str) -> None:
    pack = load_pack(name)
    strong = strong_but_for_one(name)
    assert len(strong) == len(pack.promotions) * len(pack.competencies)
    for (promotion, competency), person in strong.items():
        assert person.confidence != "high", (promotion, competency)
        assert pack.competency(competency).title in told(person)


def test_five_hundredths_of_a_point_move_nobody_two_bands() -> None:
    ranks = {
        name: BANDS.index(people()[name].recommendation)
        for name in ("all4.0-dir", "all3.98-dir", "all3.9-dir", "4s-2near-2supgap-dir")
    }
    assert ranks["all4.0-dir"] <= ranks["all3.98-dir"] <= ranks["all3.9-dir"] <= BANDS.index("ready_soon")
    assert ranks["4s-2near-2supgap-dir"] > ranks["all3.98-dir"]


def test_the_distance_is_told_where_one_competency_is_far_off() -> None:
    outlook = people()["5s-mentor3-dir"].outlook
    assert (outlook.steps_to_next, outlook.steps_to_ready_now) == (1, 2)
    assert {move.competency for change in outlook.changes for move in change.ratings} == {"mentoring"}


def test_a_difference_of_views_is_a_question_in_both_directions_and_lowers_no_confidence() -> None:
    one, other = people()["hid-all-low"], people()["se"]
    assert (one.recommendation, one.confidence) == (other.recommendation, other.confidence)
    assert "hidden_strength" in {question.kind for question in one.questions}
    assert people()["blind1"].confidence == people()["hid1"].confidence


def test_business_is_core_for_a_director() -> None:
    for promotion in ("senior_pm_to_director", "lead_pm_to_director"):
        signals = {signal.id: signal.importance for signal in PACK.promotion(promotion).signals}
        assert signals["business_command"] == "core"


def test_results_are_named_where_they_are_what_is_missing() -> None:
    assert "Delivering Results" in people()["mixed-results1"].reasons[0]


def test_a_self_rating_alone_leaves_everything_open() -> None:
    person = people()["selfonly"]
    assert (person.kind, person.worst_band, person.best_band) == ("cannot_be_told", "developing", "ready_now")


def test_the_age_of_an_old_review_is_said() -> None:
    assert "review_stale" in people()["old-review"].findings
    assert "5 years and 3 months before this run." in told(people()["old-review"])
    assert "review_stale" not in people()["fresh"].findings


def test_an_old_review_is_an_open_question_so_that_whoever_decides_sees_it() -> None:
    asked = people()["old-review"].questions[0]
    assert (asked.kind, asked.title) == ("old_review", "An old review")
    assert asked.sentence.startswith("The ratings date from ")
    assert all(one.kind != "old_review" for one in people()["fresh"].questions)


def test_ratings_about_an_earlier_level_are_no_evidence_and_the_reason_says_so() -> None:
    person = people()["review-before-level"]
    assert person.kind == "earlier_level"
    assert "earlier level" in person.reasons[0]
    assert "critical_gap" not in person.findings


@pytest.mark.parametrize("since", ["2026-06-20", "2026-06-29"])
def test_nothing_is_held_against_whoever_was_rated_too_early(since: str, tmp_path: Path) -> None:
    """Rated 1 throughout, before or just after the level began: the 1s are named, and nothing else, not
    even where they would lead."""
    header, person, *_ = (CASES / "time.csv").read_text("utf-8").splitlines()
    low = re.sub(r"(,4)+$", lambda found: found[0].replace("4", "1"), person)
    low = low.replace("2019-01-01", since).replace("2021-03-01", "2026-06-28")
    (tmp_path / "people.csv").write_text("\n".join([header, low]), "utf-8")
    (found,) = explain(assess(load_roster((tmp_path / "people.csv",), vocabulary_of(PACK), DAY), PACK, DAY))
    assert found.kind in ("too_new", "earlier_level")
    assert found.lowest
    assert not found.short_of_present
    assert [one.kind for one in found.questions] == ["straight_lined"]
    assert found.outlook.summary.endswith("would be enough to judge.")


@pytest.mark.parametrize("manager", [{"manager_id": "M1"}, {"manager_name": "Uno Flat"}])
def test_a_manager_who_rates_everybody_alike_is_asked_about_with_an_id_or_without(
    manager: dict[str, str],
) -> None:
    pack = small.pack()
    people = [{**manager, "drive:manager": 3, "care:manager": 3} for _ in range(5)]
    other = {"manager_name": "Ada Wide", "drive:manager": 3, "care:manager": 4}
    explained = explain(assess(small.roster([*people, other]), pack, DAY))
    asked = [[question.kind for question in one.questions] for one in explained]
    assert [("same_for_everybody" in kinds) for kinds in asked] == [True] * 5 + [False]


def test_an_example_is_asked_for_where_a_core_signal_is_just_met_and_nobody_wrote_a_word(
    tmp_path: Path,
) -> None:
    header, four, *_ = (CASES / "core.csv").read_text("utf-8").splitlines()
    five = re.sub(r"(,4)+$", lambda found: found[0].replace("4", "5"), four).replace("all4.0-dir", "fives")
    rows = [f"{header},Mentoring and Coaching (manager comment)", f"{four},", f"{five},"]
    rows.append(f"{four},Brought up two juniors in a year".replace("all4.0-dir", "said"))
    (tmp_path / "people.csv").write_text("\n".join(rows), "utf-8")
    explained = explain(assess(load_roster((tmp_path / "people.csv",), vocabulary_of(PACK), DAY), PACK, DAY))
    asked = [
        {title for question in one.questions if question.kind == "unwritten" for title in question.subjects}
        for one in explained
    ]
    core = {signal.title for signal in explained[0].evidence if signal.importance == "core"}
    assert asked == [core, set(), core - {"A source of advice for product managers"}]


@pytest.mark.parametrize(
    ("ratings", "first"),
    [
        ({"results": 3, "data_analysis": 3.5}, "Carry a launch"),
        ({"results": 3.5, "data_analysis": 3}, "Show what customers gain"),
    ],
)
def test_what_grows_the_weakest_rating_of_a_signal_is_advised_first(
    ratings: dict[str, float], first: str
) -> None:
    roster = _rated(PACK, [("product_manager_to_senior_pm", "")])
    given = {
        rating_column(name, "manager"): int(points * UNITS_PER_POINT) for name, points in ratings.items()
    }
    changed = roster.ratings.with_columns(
        pl.lit(units, pl.Int64).alias(name) for name, units in given.items()
    )
    (found,) = explain(assess(replace(roster, ratings=changed), PACK, DAY))
    advised = [action for action in found.actions if action.purpose == "Measurable results, again and again"]
    assert [action.title for action in advised[:2]] == ["Measurable results, again and again", first]


def test_no_review_is_spoken_of_where_there_was_none(tmp_path: Path) -> None:
    header, person, *_ = (CASES / "time.csv").read_text("utf-8").splitlines()
    unrated = re.sub(r"(,4)+$", lambda found: found[0].replace("4", ""), person)
    unrated = unrated.replace("2019-01-01", "2026-06-23").replace("2021-03-01", "")
    (tmp_path / "people.csv").write_text("\n".join([header, unrated]), "utf-8")
    (found,) = explain(assess(load_roster((tmp_path / "people.csv",), vocabulary_of(PACK), DAY), PACK, DAY))
    assert found.kind == "too_new"
    assert "counts from 23 June 2026, and no review came long enough after that" in found.reasons[0]


def test_nobody_is_known_to_have_rated_whoever_is_given_as_their_own_manager(tmp_path: Path) -> None:
    header, person, *_ = (CASES / "time.csv").read_text("utf-8").splitlines()
    own = person.replace("Mona Boss", "N old-review")
    (tmp_path / "people.csv").write_text("\n".join([header, own]), "utf-8")
    (found,) = explain(assess(load_roster((tmp_path / "people.csv",), vocabulary_of(PACK), DAY), PACK, DAY))
    assert (found.recommendation, found.kind) == ("insufficient_evidence", "cannot_be_told")
    assert "own manager" in found.reasons[0]
    assert found.next_step.startswith("In the file, E2 (Manager Name): Write who manages old-review;")
    assert (found.lowest, found.short_of_present, found.outlook.to_rate) == ((), (), ())
    assert [one.kind for one in found.questions] == ["issue", "old_review"]
    assert all(not one.issues for one in people().values())


def test_the_first_step_is_on_the_present_level_where_nothing_else_leads_on(tmp_path: Path) -> None:
    """2.5 throughout, and less in what the present level does not expect: that could not help."""
    header, person, *_ = (CASES / "time.csv").read_text("utf-8").splitlines()
    low = re.sub(r"(,4)+$", lambda found: found[0].replace("4", "2.5"), person)
    low = low.removesuffix("2.5,2.5") + "2,2"
    (tmp_path / "people.csv").write_text("\n".join([header, low]), "utf-8")
    (found,) = explain(assess(load_roster((tmp_path / "people.csv",), vocabulary_of(PACK), DAY), PACK, DAY))
    assert found.recommendation == "developing"
    assert found.outlook.first_step is not None
    expected = {one.competency for one in found.short_of_present}
    assert found.outlook.first_step.competency in expected


def test_a_role_of_an_article_is_said_to_be_filled_by_what_the_article_names_alone(tmp_path: Path) -> None:
    """The present level expects more than the article names: both must be able to stand on one page."""
    header, person, *_ = (CASES / "time.csv").read_text("utf-8").splitlines()
    at = header.split(",").index("Delivering Results (manager)")
    cells = [PM_AGAIN.get(cell, cell) for cell in person.split(",")]
    cells[at] = "1"
    (tmp_path / "people.csv").write_text("\n".join([header, ",".join(cells)]), "utf-8")
    (found,) = explain(assess(load_roster((tmp_path / "people.csv",), vocabulary_of(PACK), DAY), PACK, DAY))
    (lens,) = (one for one in found.lenses if one.lens == "role_product_manager")
    said = " ".join(rule.sentence for rule in lens.rules)
    assert "what the article names for the role of Product Manager is at the bar: The one to go to" in said


PM_AGAIN = {"Senior PM": "Product Manager", "Director of Product": "Senior PM"}


def test_whoever_has_not_begun_the_level_yet_is_not_judged_in_it(tmp_path: Path) -> None:
    header, person, *_ = (CASES / "time.csv").read_text("utf-8").splitlines()
    begins = person.replace("2019-01-01", "2026-08-01")
    undated = begins.replace("old-review", "undated").replace("2021-03-01", "")
    (tmp_path / "people.csv").write_text("\n".join([header, begins, undated]), "utf-8")
    roster = load_roster((tmp_path / "people.csv",), vocabulary_of(PACK), DAY)
    found = explain(assess(roster, PACK, DAY))
    assert [one.kind for one in found] == ["earlier_level", "too_new"]
    assert all("1 August 2026" in one.reasons[0] for one in found)
    ahead = [issue for issue in roster.issues if issue.kind == "future_date"]
    assert [issue.employee_id for issue in ahead] == ["old-review", "undated"]


def test_years_of_experience_that_begin_after_the_level_are_asked_about_where_they_count(
    tmp_path: Path,
) -> None:
    people = (
        "K1,PM,2020-01-01,2025-01-01,3",
        "K2,PM,2020-01-01,2020-01-01,3",
        "K3,APM,2024-01-01,2025-01-01,3",
    )
    header = "Employee ID,Level,In level since,In product since,Communication (manager)"
    (tmp_path / "people.csv").write_text("\n".join([header, *people]), "utf-8")
    roster = load_roster([tmp_path / "people.csv"], vocabulary_of(PACK), DAY)
    told = [(one.employee_id, one.problem) for one in roster.issues if one.kind == "level_before_experience"]
    said = "In level since 1 January 2020, but in the profession only since 1 January 2025. Both were used."
    assert told == [("K1", said)]
    asked = [one.sentence for one in explain(assess(roster, PACK, DAY))[0].questions]
    assert any(said in sentence for sentence in asked)


def test_what_the_file_says_of_several_people_is_asked_about_each_and_names_none_of_the_others(
    tmp_path: Path,
) -> None:
    people = (
        *("K1,Runa Falk,PM,K2,2019-01-01,3", "K2,Timo Abel,PM,K1,2020-01-01,3"),
        *("K7,Ida Rask,PM,,2021-01-01,3", "K8,Ida Rask,PM,K1,2021-01-01,4", "K9,Bo Sand,PM,K1,2021-01-01,3"),
    )
    header = "Employee ID,Name,Level,Manager ID,Hire date,Communication (manager)"
    (tmp_path / "people.csv").write_text("\n".join([header, *people]), "utf-8")
    found = explain(assess(load_roster([tmp_path / "people.csv"], vocabulary_of(PACK), DAY), PACK, DAY))
    asked = [[one.sentence for one in person.questions if one.kind in SHARED] for person in found]
    twice = "The file may hold Ida Rask under another id too; its data issues say which. Settle that before "
    assert [[sentence.partition(". Correct")[0] for sentence in of_one] for of_one in asked] == [
        ["By the manager ids of the file, Runa Falk is above Timo Abel as well as below"],
        ["By the manager ids of the file, Timo Abel is above Runa Falk as well as below"],
        *([f"{twice}deciding."], [f"{twice}deciding."], []),
    ]
    assert not any(person.issues for person in found)


@pytest.mark.parametrize("name", pack_names())
def test_whoever_is_rated_again_when_the_next_step_says_so_is_judged_and_not_a_day_sooner(name: str) -> None:
    pack = load_pack(name)
    roster = _rated(pack, [(pack.promotions[0].id, "")])
    sooner = set()
    for months, day in itertools.product(range(8), (1, 28, 29, 30, 31)):
        since = DAY - timedelta(days=31 * months)
        since = since.replace(day=min(day, monthrange(since.year, since.month)[1]))

        def judged(on: date) -> Explanation:
            dates = {"level_since": pl.lit(since), "review_date": pl.lit(on)}  # noqa: B023
            people = roster.people.with_columns(**dates)
            return explain(assess(replace(roster, people=people), pack, max(on, DAY)))[0]

        one = judged(min(since, DAY) - timedelta(days=1))
        said = re.match(r"Rate E0 at the present level (now|on or after (.+?))\.", one.next_step)
        assert said, one.next_step
        on = datetime.strptime(said[2], "%d %B %Y").date() if said[2] else DAY
        assert (on > DAY) == bool(said[2])
        assert judged(on).recommendation != "insufficient_evidence"
        if said[2]:
            early = judged(on - timedelta(days=1))
            sooner.add(early.kind)
            assert early.next_step.startswith(f"Rate E0 again {said[1]}")
    assert sooner == {"too_new"}


def test_time_under_observation_runs_to_the_day_of_the_review() -> None:
    for name in ("pm-6mo-level", "pm-5mo29"):
        assert people()[name].kind == "too_new"
        assert people()[name].observed_months == 5
    assert people()["pm-6mo-level"].next_step.endswith(" again now, with an example for each signal.")


def test_nobody_seven_months_in_the_level_is_called_overdue() -> None:
    assert not {"overdue", "overlooked"} & set(people()["hired-senior-8y"].findings)


@pytest.mark.parametrize("experience", [date(2004, 1, 1), date(2026, 1, 1), None])
@pytest.mark.parametrize("reviewed", [date(2022, 12, 1), date(2023, 3, 1)])
def test_no_years_are_held_against_whoever_cannot_be_judged_yet(
    experience: date | None, reviewed: date
) -> None:
    roster = _rated(PACK, [(step.id, "") for step in PACK.promotions if step.tenure])
    dates = (pl.lit(experience, pl.Date).alias("product_since"), pl.lit(reviewed).alias("review_date"))
    for person in explain(assess(replace(roster, people=roster.people.with_columns(dates)), PACK, DAY)):
        assert person.kind in ("too_new", "earlier_level")
        assert not {"early_move", "overdue", "overlooked", "tenure_unknown"} & set(person.findings)


def test_years_in_the_level_are_not_called_years_of_experience() -> None:
    roster = _rated(PACK, [("associate_pm_to_product_manager", "results")])
    (person,) = explain(assess(roster, PACK, DAY))
    so_far = "Time at the present level so far: 3 years and 5 months"
    assert f"{so_far}; the guidance for this step ends at 3 years." in told(person)
    assert "Experience so far" not in told(person)


def test_the_missing_years_are_said_plainly() -> None:
    person = people()["intern"]
    assert "Experience so far: 1 year" in told(person)
    assert "begins at 10 years" in told(person)
    assert "good person back" not in told(person)


def test_nobody_whose_review_has_no_date_is_judged_with_high_confidence() -> None:
    undated = [person for person in people().values() if person.review_date is None]
    assert undated
    assert "high" not in {person.confidence for person in undated}


def test_what_every_band_rests_on_is_no_further_reason_where_it_cannot_be_told() -> None:
    person = people()["selfonly"]
    assert "enough_evidence" in person.findings
    assert not [reason for reason in person.reasons if "long enough before the review" in reason]


@pytest.mark.parametrize(
    ("rating", "asked"), [(1, False), (2, False), (3, False), ("3.5", False), (4, True), (5, True)]
)
def test_a_date_is_asked_for_only_where_the_ratings_say_more_than_developing(
    rating: int | str, asked: bool
) -> None:
    pack = load_pack("software_engineering")
    roster = _rated(pack, [("engineer_2_to_engineer_3", one.id) for one in pack.competencies])
    units = pl.lit(int(float(rating) * UNITS_PER_POINT), pl.Int64)
    roster = replace(
        roster,
        people=roster.people.with_columns(product_since=pl.lit(None, pl.Date)),
        ratings=roster.ratings.with_columns(pl.all().cast(pl.Int64) * 0 + units),
    )
    (person, *_) = explain(assess(roster, pack, DAY))
    found = (person.recommendation, person.kind) if asked else person.recommendation
    assert found == (("insufficient_evidence", "fact_missing") if asked else "developing")
    assert ("Add the date" in person.next_step) == asked


def test_only_ratings_without_which_nothing_better_can_be_given_have_to_be_rated() -> None:
    promotion, blank = "aspiring_pm_to_associate_pm", ("communication", "data_analysis", "influence")
    roster = _rated(PACK, [(promotion, "problem_solving")])
    gone = [pl.lit(None, pl.Int64).alias(rating_column(name, "manager")) for name in blank]
    (person,) = explain(assess(replace(roster, ratings=roster.ratings.with_columns(gone)), PACK, DAY))
    assert person.recommendation == "developing"
    assert person.outlook.summary == (
        "No better band is possible until what is missing has been rated: Communication. "
        "That alone does not change the band."
    )


def test_whoever_lacks_years_is_not_told_that_a_missing_rating_is_in_the_way() -> None:
    pack = load_pack("software_engineering")
    roster = _rated(pack, [("engineer_2_to_engineer_3", "")])
    gone = pl.lit(None, pl.Int64).alias(rating_column("coding", "manager"))
    recent = roster.people.with_columns(product_since=pl.lit(date(2025, 1, 1)))
    roster = replace(roster, people=recent, ratings=roster.ratings.with_columns(gone))
    (person,) = explain(assess(roster, pack, DAY))
    assert person.recommendation == "developing"
    over = "No rating leads to a better band before 1 January 2027, when the minimum time is over"
    assert person.outlook.summary.startswith(over)


def test_a_later_review_is_not_said_to_be_enough_where_a_date_is_missing_as_well() -> None:
    roster = _rated(load_pack("software_engineering"), [("engineer_2_to_engineer_3", "")])
    recent = {"level_since": pl.lit(date(2026, 3, 31)), "product_since": pl.lit(None, pl.Date)}
    roster = replace(roster, people=roster.people.with_columns(**recent))
    (person,) = explain(assess(roster, load_pack("software_engineering"), DAY))
    assert (person.kind, person.outlook.from_day_recommendation) == ("too_new", None)
    assert person.outlook.summary == (
        "A review on or after 30 September 2026 would be enough once what is missing is there too."
    )


def test_one_step_that_leads_past_a_band_is_told_once() -> None:
    pack, column = PACK, rating_column("collaboration", "manager")
    roster = _rated(pack, [("senior_pm_to_director", "")])
    two = (pl.lit(2, pl.Int64) * UNITS_PER_POINT).alias(column)
    (person,) = explain(assess(replace(roster, ratings=roster.ratings.with_columns(two)), pack, DAY))
    assert person.recommendation == "developing"
    assert person.outlook.summary == "Ready now is 1 rating step away."


def test_distances_that_add_up_are_told_with_the_signals_that_missing_ratings_cannot_bring_to_the_bar() -> (
    None
):
    roster = _rated(PACK, [("senior_pm_to_director", "")])
    points = dict.fromkeys((one.id for one in PACK.competencies), 4.0)
    points |= {"strategic_thinking": 3, "team_leadership": 3, "decision_making": 3.5, "budgeting": 3}
    points |= {"executive_communication": 3, "business_acumen": 3}
    missing = ("product_vision", "influence", "data_analysis")
    ratings = {
        rating_column(name, "manager"): None if name in missing else int(rating * UNITS_PER_POINT)
        for name, rating in points.items()
    }
    (one,) = explain(assess(replace(roster, ratings=pl.DataFrame([ratings])), PACK, DAY))
    assert one.recommendation == "developing"
    assert {signal.status for signal in one.evidence if signal.importance == "core"} == {"unrated", "met"}
    assert one.reasons[0].endswith(
        "together the distances add up to 1.09 points: Leadership of people; Strategy across the portfolio; "
        "Diplomatic communication, inside and outside; and Command of the business."
    )


def test_what_several_missing_ratings_settle_is_said_of_each() -> None:
    needed = people()["selfonly"].outlook.to_rate[0]
    assert len(needed.ratings) > 1
    assert needed.sentence.startswith("Rate ")
    assert "With 4 or better in each: Ready now" in needed.sentence
    assert "with worse in each: Developing." in needed.sentence


def test_blanking_a_rating_in_the_sample_never_raises_a_band_or_a_confidence() -> None:
    sample = load_roster((shipped_sample(),), vocabulary_of(PACK), SAMPLE_DAY)
    columns = [rating_column(competency.id, "manager") for competency in PACK.competencies]
    copies = [sample.ratings, *(_blanked(sample.ratings, column) for column in columns)]
    many = replace(
        sample, people=pl.concat([sample.people] * len(copies)), ratings=pl.concat(copies, how="vertical")
    )
    found = assess(many, PACK, SAMPLE_DAY).recommendations.with_columns(
        copy=pl.col("person") // sample.people.height, person=pl.col("person") % sample.people.height
    )
    before = found.filter(pl.col("copy") == 0)
    both = found.filter(pl.col("copy") > 0).join(before, on=("person", "promotion"), suffix="_before")
    rank = {name: place for names in (BANDS, CONFIDENCES) for place, name in enumerate(names)}
    for one, was in both.select(
        pl.struct("recommendation", "confidence").alias("now"),
        pl.struct("recommendation_before", "confidence_before").alias("was"),
    ).iter_rows():
        assert rank[one["recommendation"]] >= rank[was["recommendation_before"]]
        assert rank[one["confidence"]] >= rank[was["confidence_before"]]


def test_without_communication_a_near_director_of_the_sample_is_not_ready_now_but_open() -> None:
    sample = load_roster((shipped_sample(),), vocabulary_of(PACK), SAMPLE_DAY)
    blank = _blanked(sample.ratings, rating_column("communication", "manager"))
    found = assess(replace(sample, ratings=blank), PACK, SAMPLE_DAY).recommendations
    person = sample.people["employee_id"].to_list().index("E10002")
    aimed = (pl.col("person") == person) & (pl.col("promotion") == "senior_pm_to_director")
    bands = found.filter(aimed).select("recommendation", "worst_band", "best_band")
    assert bands.rows() == [("insufficient_evidence", "developing", "ready_now")]


def _blanked(ratings: pl.DataFrame, column: str) -> pl.DataFrame:
    return ratings.with_columns(pl.lit(None, dtype=ratings.schema[column]).alias(column))


def _rated(pack: RulePack, cases: list[tuple[str, str]]) -> Roster:
    sample = load_roster((CASES / "core.csv",), vocabulary_of(PACK), DAY)
    steps = [pack.promotion(promotion) for promotion, _ in cases]
    identities = [
        {
            **dict.fromkeys(sample.people.columns),
            "row": number + 2,
            "employee_id": f"E{number}",
            "level": step.from_level,
            "target_level": step.to_level,
            "level_since": date(2023, 1, 1),
            "product_since": date(2004, 1, 1),
            "review_date": date(2026, 6, 1),
        }
        for number, step in enumerate(steps)
    ]
    ratings = [
        {
            rating_column(one.id, rater): (1 if one.id == lowest else 5) * UNITS_PER_POINT
            for one in pack.competencies
            for rater in ("self", "manager")
        }
        for _, lowest in cases
    ]
    return replace(
        sample,
        people=pl.DataFrame(identities, schema=sample.people.schema),
        ratings=pl.DataFrame(ratings),
        comments=pl.DataFrame(),
        columns=(),
        sources=(),
    )
