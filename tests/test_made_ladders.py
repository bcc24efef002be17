"""Ladders of other professions, made from a matrix: what the people on them are told is right and plain."""

import json
import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from engine import assess, explain, vocabulary_of
from engine.prove import check_soundness
from engine.simulation import settings_of, with_settings
from engine.words.explanation import Explanation
from inputs.loading import load_roster
from inputs.mapping import FileMapping
from reports.shown.content import Run, run_of
from reports.shown.crux import crux_of
from reports.shown.saying import present_plan
from reports.workbook import write_workbook
from rules import PackError, RulePack, load_pack
from tests.command_line import call, succeeded

DAY = date(2026, 6, 30)
LAW = """
    Scale: 1 to 4
    Competency | A1 | A2 | A3
    Law | 1 | 2 | 3
    Procedure | 1 | 2 | 3
    Clients | 1 | 2 | 2
    Minimum time in level below | | 6 months | 18 months"""


def test_who_lacks_only_the_minimum_time_is_told_from_when_it_is_over(tmp_path: Path) -> None:
    pack = made(tmp_path, LAW)
    people = (
        "E1 | A2 | 2025-07-31 | 3 | 3 | 3\nE2 | A2 | 2024-12-30 | 3 | 3 | 3\nE3 | A2 | 2025-07-31 | 2 | 3 | 3"
    )
    found = judged(tmp_path, pack, people)
    assert [one.recommendation for one in found.values()] == ["ready_soon", "ready_now", "ready_soon"]
    early, _, short = (one.outlook for one in found.values())
    assert early.summary == (
        "No rating leads to a better band before 31 January 2027, when the minimum time is over; with "
        "ratings like these it would be Ready now then."
    )
    assert (early.from_day, early.from_day_recommendation) == (date(2027, 1, 31), "ready_now")
    assert (
        short.summary
        == "No rating leads to a better band before 31 January 2027, when the minimum time is over."
    )
    undated = judged(tmp_path, pack, "E1 | A2 | | 2 | 3 | 3")["E1"]
    assert undated.outlook.summary == (
        "No rating, however high, leads to a better band; the date from which the person has been at the "
        "present level is missing."
    )
    later = judged(tmp_path, pack, people, day=date(2027, 1, 31))
    assert later["E1"].recommendation == "ready_now"
    assert judged(tmp_path, pack, people, day=date(2027, 1, 30))["E1"].recommendation == "ready_soon"


def test_a_later_review_is_said_to_bring_what_it_brings_where_a_minimum_time_is_over_by_then(
    tmp_path: Path,
) -> None:
    pack = made(tmp_path, LAW)
    people = "E1 | A1 | 2026-02-28 | 2 | 2 | 2\nE2 | A2 | 2026-02-28 | 3 | 3 | 3"
    first, second = judged(tmp_path, pack, people).values()
    said = "A review on or after 28 August 2026 would be enough to judge; with ratings like these it would be"
    assert first.outlook.summary == f"{said} Ready now."
    assert second.outlook.summary == f"{said} Ready soon."
    then = judged(tmp_path, pack, people, day=date(2026, 8, 28))
    assert [one.recommendation for one in then.values()] == ["ready_now", "ready_soon"]


def test_no_time_is_said_to_be_in_the_way_of_whom_a_missing_rating_holds_back(tmp_path: Path) -> None:
    pack = made(tmp_path, LAW)
    found = judged(tmp_path, pack, "E1 | A2 | 2025-07-31 | | 1 | 2")["E1"]
    told = "No better band is possible until what is missing has been rated: Law. That alone does not change"
    assert (found.recommendation, found.outlook.summary) == ("developing", f"{told} the band.")
    rated = judged(tmp_path, pack, "E1 | A2 | 2025-07-31 | 3 | 3 | 3")["E1"]
    assert rated.recommendation == "ready_soon"


WARD = """
    Scale: 1 to 5
    Competency | Nurse | Charge nurse | Specialist
    Safety | 3 | 4 | 5
    Medicine | 3 | 3 | 4
    Teaching | 1 | 3 | 4
    Planning | 2 | 4 | 4
    Minimum time in level below | | 2 years | 18 months"""


def test_nobody_is_told_to_leap_where_a_first_step_can_be_named(tmp_path: Path) -> None:
    pack = made(tmp_path, WARD)
    run = assessed(tmp_path, pack, "E1 | Charge nurse | 2024-01-31 | 5 | 1 | 1 | 4")
    (found,) = run.explanations
    assert found.outlook.changes[0].sentence == "A first step would be Medicine rated 2 instead of 1."
    assert crux_of(found, run).startswith("4 rating steps to Ready soon; first Medicine to 2; E2 says 1")


def test_who_lacks_only_time_is_not_spoken_to_as_if_something_were_still_to_be_shown(tmp_path: Path) -> None:
    made(tmp_path, WARD)
    people = (
        "ID | Manager | Level | In level since | Safety (manager) | Medicine (manager) | "
        "Teaching (manager) | Planning (manager)\nE1 | Ada Quist | Nurse | 2025-07-31 | 4 | 3 | 3 | 4"
    )
    given = ["assess", str(book(tmp_path / "people.xlsx", people)), "--pack", str(tmp_path / "ours")]
    out = tmp_path / "run"
    succeeded(*given, "--out", out, "--as-of", "2026-06-30")
    page = (out / "managers" / "ada-quist.html").read_text("utf-8")
    assert "before 31 July 2027, when the minimum time is over; with ratings like these it would be" in page
    assert page.count("Keep what was seen written down, and bring it up when the time is over.") > 1
    assert "What we still need to see" not in page
    assert "Then name what is missing" not in page


def test_the_fewest_steps_are_found_where_the_date_of_a_minimum_time_is_missing(tmp_path: Path) -> None:
    pack = made(tmp_path, WARD)
    people = "E1 | Nurse | | 2 | 3 | 1 | 1\nE2 | Charge nurse | | 5 | 5 | 5 | 1"
    first, second = judged(tmp_path, pack, people).values()
    assert first.outlook.summary == "Ready soon is 5 rating steps away."
    after = "E1 | Nurse | | 3 | 3 | 2 | 4\nE2 | Nurse | | 3 | 3 | 2 | 3"
    assert [one.recommendation for one in judged(tmp_path, pack, after).values()] == [
        "ready_soon",
        "developing",
    ]
    assert second.outlook.summary == (
        "3 rating steps do not lead to a better band; the date from which the person has been at the present "
        "level is missing."
    )


def test_a_missing_rating_that_decides_between_two_better_bands_is_named(tmp_path: Path) -> None:
    rows = "Competency | Importance | I | II\nCraft | core | 2 | 3\nSelling | core | 1 | 2"
    pack = made(tmp_path, f"Scale: 1 to 4\n{rows}\nWriting | supporting | 2 | 3")
    run = assessed(tmp_path, pack, "E1 | I | 2024-01-31 | 3 | | 1\nE2 | I | 2024-01-31 | 3 | | 3")
    first, second = run.explanations
    assert (first.recommendation, second.kind) == ("developing", "cannot_be_told")
    assert first.outlook.summary == (
        "Missing ratings leave open to which better band higher ones would lead: Selling."
    )
    assert crux_of(first, run) == f"{first.outlook.summary.rstrip('.')}; rated lowest on the scale: Writing"
    assert (second.worst_band, second.best_band) == ("ready_soon", "ready_now")


def test_the_ratings_named_first_are_those_without_which_no_better_band_is_possible(tmp_path: Path) -> None:
    rows = "Competency | Importance | I | II\nCraft | core | 2 | 3\nSelling | core | 2 | 3"
    pack = made(tmp_path, f"Scale: 1 to 4\n{rows}\nWriting | supporting | 1 | 1")
    run = assessed(tmp_path, pack, "E1 | I | 2024-01-31 | 1 | | ")
    (found,) = run.explanations
    told = (
        "No better band is possible until what is missing has been rated: Selling. That alone does not change"
    )
    assert (found.recommendation, found.outlook.summary) == ("developing", f"{told} the band.")
    assert crux_of(found, run) == f"{told} the band; rated lowest on the scale: Craft"


def test_a_date_that_is_missing_is_not_called_a_rating(tmp_path: Path) -> None:
    pack = made(tmp_path, LAW)
    run = assessed(tmp_path, pack, "E1 | A2 | | 3 | 3 | 3")
    (found,) = run.explanations
    assert found.kind == "fact_missing"
    told = (
        "The date from which the person has been at the present level is missing; "
        "there is no band without it."
    )
    assert found.outlook.summary == told
    assert crux_of(found, run) == told.rstrip(".")


SCHOOL = """
    Scale: 1 to 6
    Competency | Teacher | Head of subject
    Lessons | 4 | 5
    Assessment | 3 | 5
    Leading | 2 | 4"""
ONE_IS_BEST = FileMapping.model_validate({"scales": {"both": {"worst": 6, "best": 1}}})


def test_what_missing_ratings_settle_is_true_of_a_scale_on_which_one_is_best(tmp_path: Path) -> None:
    pack = made(tmp_path, SCHOOL)
    run = assessed(tmp_path, pack, "E1 | Teacher | 2024-01-31 | 2 | | 3", mapping=ONE_IS_BEST)
    (found,) = run.explanations
    (needed,) = found.outlook.to_rate
    assert needed.sentence == (
        "Rate Assessment. With 2 (= 5) or better: Ready now; with 3 (= 4) or better: Ready soon; "
        "otherwise: Developing."
    )
    assert "with 2 (= 5) or better: Ready now" in crux_of(found, run)


def test_a_ladder_on_which_one_is_best_judges_as_one_that_counts_upwards(tmp_path: Path) -> None:
    rows = "Teacher | Head\nLessons | 3 | 2\nAssessment | 4 | 2\nLeading | 5 | 3\nMinimum total | | "
    for said in ("Rating scale: 1 is best, 6 is worst", "Marks: 1 = very good, 6 = insufficient"):
        (tmp_path / said[:5]).mkdir()
        pack = made(tmp_path / said[:5], f"{said}\nCompetency | {rows}")
        assert [{e.competency: e.rating for e in one.expects} for one in pack.levels] == [
            {"lessons": 4, "assessment": 3, "leading": 2},
            {"lessons": 5, "assessment": 5, "leading": 4},
        ]
        people = "E1 | Teacher | 2024-01-31 | 2 | 1 | 3\nE2 | Teacher | 2024-01-31 | 5 | 6 | 4"
        found = judged(tmp_path, pack, people)
        assert [one.recommendation for one in found.values()] == ["ready_now", "developing"]
        assert (
            found["E2"]
            .reasons[0]
            .endswith("requires more than the ratings show here: Lessons and Assessment.")
        )
        assert "numbers from 6 to 1" in found["E2"].scale_note
        book_of_pack, back = tmp_path / f"{said[:5]}.xlsx", tmp_path / f"{said[:5]}_back"
        for given in (
            ["export", book_of_pack, "--pack", tmp_path / said[:5] / "ours"],
            ["import", book_of_pack, "--out", back],
        ):
            succeeded("pack", *given)
        assert load_pack(back).scale == pack.scale


def test_ratings_that_say_which_number_is_best_are_read_so_whatever_the_ladder_counts(tmp_path: Path) -> None:
    pack = made(
        tmp_path,
        "Scale: 1 is best, 6 is worst\nCompetency | Teacher | Head\nLessons | 4 | 2\nMarking | 4 | 2",
    )
    upwards = FileMapping.model_validate({"scales": {"both": {"worst": 1, "best": 6}}})
    people = "E1 | Teacher | 2024-01-31 | 5 | 6"
    assert judged(tmp_path, pack, people)["E1"].recommendation == "developing"
    assert judged(tmp_path, pack, people, mapping=upwards)["E1"].recommendation == "ready_now"


def test_the_workbook_heads_signals_with_bars_as_the_file_writes_ratings(tmp_path: Path) -> None:
    pack = made(tmp_path, "1 is best, 5 is worst\nSkill | L1 | L2\nCraft | 4 | 3\nLead | 5 | 2")
    path = book(
        tmp_path / "people.xlsx", "Employee ID | Level | Craft (manager) | Lead (manager)\nE1 | L1 | 3 | 4"
    )
    assessment = assess(load_roster((path,), vocabulary_of(pack), DAY), pack, DAY)
    write_workbook(run_of(assessment, explain(assessment), "0"), tmp_path / "calibration.xlsx")
    sheet = load_workbook(tmp_path / "calibration.xlsx")["To L2"]
    heads, person = ([cell.value for cell in row] for row in sheet.iter_rows(min_row=5))
    assert heads[6:8] == ["Craft\ncore, bar 3 (= 3)", "Lead\ncore, bar 2 (= 4)"]
    assert person[6:8] == ["M  3 (= 3) | –", "G  4 (= 2) | –"]


def test_a_ladder_whose_numbers_fall_is_asked_about_with_both_ways_to_say_it(tmp_path: Path) -> None:
    matrix = book(tmp_path / "ladder.xlsx", "Competency | Aide | Nurse\nCare | 3 | 2\nSafety | 3 | 1")
    given = ["pack", "new", "ours", "--from-matrix", matrix, "--out", tmp_path / "ours"]
    asked = call(*given)
    assert asked.exit_code == 1
    assert 'Say it with --levels "Nurse, Aide", the lowest first' in asked.output
    assert 'If the lowest number is the best rating, write that above the matrix: "1 is best' in asked.output
    book(
        tmp_path / "ladder.xlsx",
        "Rating 1 is the best\nCompetency | Aide | Nurse\nCare | 3 | 2\nSafety | 3 | 1",
    )
    assert "1 is the best rating; which is the worst?" in call(*given).output
    succeeded(*given, "--scale", "1..4")
    assert load_pack(tmp_path / "ours").levels[1].expects[1].rating == 4


def test_what_a_level_requires_stands_in_one_place_of_a_made_pack(tmp_path: Path) -> None:
    """Whoever edits it must not be contradicted by a sentence that still says the old number."""
    pack = made(
        tmp_path, "Competency | Weight | L1 | L2\nCare | 2 | 2 | 4\nSkill | 1 | 2 | 4\nMinimum total | | | 4"
    )
    for signal in pack.promotions[0].signals:
        texts = (signal.looks_like, signal.grow, signal.ask)
        assert not any(sign.isdigit() for text in texts for sign in text.replace("L2", ""))


def test_the_margin_of_a_made_pack_is_decided_in_one_place(tmp_path: Path) -> None:
    pack = made(tmp_path, "Competency | L1 | L2\nCare | 2 | 4\nSkill | 2 | 4")
    people = "E1 | L1 | 2024-01-31 | 2 | 4\nE2 | L1 | 2024-01-31 | 3 | 4"
    found = judged(tmp_path, pack, people)
    assert [one.recommendation for one in found.values()] == ["developing", "ready_soon"]
    standard = tmp_path / "ours" / "pack.yaml"
    standard.write_text(standard.read_text("utf-8").replace("near_margin: 1", "near_margin: 2"), "utf-8")
    pack = load_pack(tmp_path / "ours")
    assert not check_soundness(pack).flaws
    found = judged(tmp_path, pack, people)
    assert [one.recommendation for one in found.values()] == ["ready_soon", "ready_soon"]
    assert "still to show: Care" in found["E1"].reasons[0]


def test_a_bar_that_no_signal_takes_cannot_be_tried_and_the_way_out_is_said(tmp_path: Path) -> None:
    pack = made(tmp_path, "Competency | L1 | L2\nCare | 2 | 4\nSkill | 2 | 3")
    settings = settings_of(pack)
    assert "bar.core" not in settings
    assert settings["bar.l1_to_l2.core"].present == "3, 4"
    listed = succeeded("simulate", "--list-keys", "--pack", tmp_path / "ours")
    assert "bar.l1_to_l2.care=4\n" in listed.stdout
    assert call("simulate", "--set", "margin.near=2").exit_code == 2
    with pytest.raises(PackError, match="takes its bar from there"):
        with_settings(pack, [("bar.core", "3")])
    people = "E1 | L1 | 2024-01-31 | 3 | 3"
    assert judged(tmp_path, pack, people)["E1"].recommendation == "ready_soon"
    easier = with_settings(pack, [("bar.l1_to_l2.care", "3")])
    assert judged(tmp_path, easier, people)["E1"].recommendation == "ready_now"


def test_a_persons_page_says_what_the_bar_is_and_no_day_that_has_passed_as_one_to_come(
    tmp_path: Path,
) -> None:
    made(tmp_path, "Scale: E, D, C, B, A (lowest first)\nSkill | Agent | Senior\nTone | C | B\nSpeed | D | C")
    people = (
        "ID | Level | In level since | Review date | Tone (self) | Tone (manager) | Speed (manager)\n"
        "E1 | Agent | 2025-06-30 | 2025-09-30 | C | C | C\nE2 | Agent | 2024-01-31 | 2026-06-30 | C | C | C"
    )
    given = ["assess", book(tmp_path / "people.xlsx", people), "--pack", tmp_path / "ours"]
    out = tmp_path / "run"
    succeeded(*given, "--out", out, "--people", "--as-of", "2026-06-30")
    early, judged_one = ((out / "people" / f"{one}.html").read_text("utf-8") for one in ("E1", "E2"))
    assert "The review came too early; a new one would be enough to judge." in early
    assert "Too early to say" not in early
    assert "the bar is B (= 4)" in judged_one
    assert "Your level in its records is Agent." in judged_one


def test_the_examples_that_are_proposed_for_a_made_pack_hold_and_describe_people_to_rate(
    tmp_path: Path,
) -> None:
    made(tmp_path, "Skill | L1 | L2\nCraft | 2 | 3\nLead | 1 | 2")
    said = succeeded("pack", "test", tmp_path / "ours", "--generate").stdout
    (tmp_path / "ours" / "examples.yaml").write_text(said, encoding="utf-8")
    tried = json.loads(call("pack", "test", tmp_path / "ours", "--json").stdout)
    assert tried["examples"]
    assert not any(one["problems"] for one in tried["examples"])
    vignettes = tmp_path / "vignettes.xlsx"
    succeeded("vignettes", "--pack", tmp_path / "ours", "--out", vignettes)
    assert vignettes.exists()


def test_a_persons_page_says_nothing_twice_and_nothing_against_itself(tmp_path: Path) -> None:
    made(tmp_path, LAW)
    people = (
        "ID | Level | In level since | Review date | Law (manager) | "
        "Procedure (manager) | Clients (manager)\n"
        "E1 | A2 | 2024-01-31 | 2026-06-01 | 2 | 3 | 2\nE2 | A2 | | 2026-06-01 | 3 | 3 | 2\n"
        "E3 | A1 | 2026-05-31 | 2026-06-30 | | 2 | 2"
    )
    given = ["assess", str(book(tmp_path / "people.xlsx", people)), "--pack", str(tmp_path / "ours")]
    out = tmp_path / "run"
    succeeded(*given, "--out", out, "--people", "--as-of", "2026-06-30")
    soon, undated, new = ((out / "people" / f"E{one}.html").read_text("utf-8") for one in (1, 2, 3))
    assert soon.count("The present level is solid") == 1
    assert "until it is, this is between Ready soon and Ready now." in undated
    assert "says nothing about your readiness" not in undated
    assert "The file has no date for when you began at your present level. Tell HR" in undated
    assert "The file has no date" not in soon
    enough = "a review on or after 30 November 2026 would be enough once what is missing is there too."
    assert f"neither yes nor no. Too early to say; {enough}" in new
    assert "“Cannot tell” when ratings are missing" in new


def test_a_persons_page_says_what_is_lacking_which_rating_is_lowest_and_when_a_minimum_time_is_over(
    tmp_path: Path,
) -> None:
    made(tmp_path, LAW)
    people = (
        "ID | Level | In level since | Review date | "
        "Law (manager) | Procedure (manager) | Clients (manager)\n"
        "E1 | A2 | 2025-07-31 | 2026-06-01 | 3 | 3 | 3\nE2 | A2 | 2025-07-31 | 2026-06-01 | 3 | 2 | 3\n"
        "E3 | A2 | 2020-01-31 | 2026-06-01 | 3 | 3 | 1\nE4 | A1 | 2026-05-31 | 2026-06-30 | 1 | | 2\n"
        "E5 | A1 | 2020-01-31 | 2026-06-30 | 2 | | 2\nE6 | A2 | 2020-01-31 | 2026-06-30 | 1 | 1 | 2"
    )
    given = ["assess", book(tmp_path / "people.xlsx", people), "--pack", tmp_path / "ours"]
    succeeded(*given, "--out", tmp_path / "run", "--people", "--as-of", "2026-06-30")
    pages = tmp_path / "run" / "people"
    full, short, lowest, new, unrated, both = ((pages / f"E{n}.html").read_text("utf-8") for n in range(1, 7))
    assert "Time at the present level: 11 months so far; the ladder asks for 1 year and 6 months." in full
    over = "at least 1 year and 6 months at your present level, which you reach on 31 January 2027."
    assert f"{over} With ratings like these the recommendation would then be Ready now." in full
    assert f"{over} Until then no rating leads further." in short
    assert (
        "A2 expects and your manager does not see yet:</strong> Clients (rated 1, expected 2).</li>" in lowest
    )
    assert (
        "Rated lowest on the scale by your manager:</strong> Clients. Ask which work this rests on" in lowest
    )
    assert "This step asks for" not in lowest
    assert "Rated lowest on the scale by your manager:</strong> Law. Ask which work" in new
    assert "A1 expects" not in new
    assert "Your manager’s rating of Procedure would settle it." in unrated
    assert "<strong>Law, as A2.</strong>" in both
    assert "<strong>Procedure, as A2.</strong>" in both


def test_a_persons_page_does_not_speak_against_a_present_level_that_is_solid(tmp_path: Path) -> None:
    made(tmp_path, "Scale: 1 to 5\nSkill | L1 | L2\nCraft | 2 | 3.5\nLead | 2 | 3")
    people = "ID | Level | In level since | Review date | Craft (manager) | Lead (manager)\n"
    rows = "E1 | L1 | 2020-01-31 | 2026-06-01 | 1.5 | 3\nE2 | L1 | 2020-01-31 | 2026-06-01 | 1 | 3"
    sheet = book(tmp_path / "people.xlsx", people + rows)
    given = ["--pack", tmp_path / "ours", "--people", "--as-of", "2026-06-30"]
    succeeded("assess", sheet, *given, "--out", tmp_path / "run")
    solid, below = ((tmp_path / "run" / "people" / f"E{n}.html").read_text("utf-8") for n in (1, 2))
    assert "L1 expects and your manager does not see yet" not in solid
    assert "L1 expects and your manager does not see yet:</strong> Craft (rated 1, expected 2)." in below


def test_what_helps_names_everything_that_the_lowest_level_lacks(tmp_path: Path) -> None:
    pack = made(tmp_path, LAW.replace("| 1 | 2 | 3", "| 2 | 3 | 4"))
    assert present_plan(judged(tmp_path, pack, "E1 | A1 | 2020-01-31 | 1 | 1 | 2")["E1"], pack) == [
        (
            "Law and Procedure",
            "Agree on what A1 requires here, and on one piece of work that shows it.",
        )
    ]


def test_the_next_steps_that_are_told_of_a_made_pack_can_be_taken(tmp_path: Path) -> None:
    matrix, out = book(tmp_path / "ladder.xlsx", LAW), tmp_path / "ours"
    said = succeeded("pack", "new", "ours", "--from-matrix", matrix, "--out", out).stderr
    steps = re.findall(r"readiness (pack check|pack test|template|pack export) (.*?)(?:    |\n)", said)
    assert {step for step, _ in steps} == {"pack check", "pack test", "template", "pack export"}
    none = call("pack", "test", out).stderr
    assert none.startswith("Stopped: ours has no worked examples yet.")
    assert len(none.splitlines()) == 1
    (out / "examples.yaml").touch()  # as `--generate > ours/examples.yaml` does before anything else
    for step, given in steps:
        made_here = [tmp_path / one if one.endswith(".xlsx") else one for one in given.split()]
        succeeded(*step.split(), *made_here)
    assert "simulate" not in said


def test_the_rating_step_is_that_of_single_ratings_where_only_a_total_has_decimals(tmp_path: Path) -> None:
    total = "Skill | Weight | L1 | L2\nCraft | 60 | 2 | 4\nLead | 40 | 2 | 3\nMinimum total | | 2 | 3.8"
    pack = made(tmp_path, total)
    assert pack.scale.step == 1
    # A step short in a total would be a step short in everything: as it is at the level below.
    found = judged(tmp_path, pack, "E1 | L1 | 2020-01-31 | 3 | 3\nE2 | L1 | 2020-01-31 | 4 | 3")
    assert [one.recommendation for one in found.values()] == ["developing", "ready_soon"]
    assert "More than half a step short of what L2 requires" in found["E1"].reasons[0]
    assert pack.statuses["near"].meaning.endswith("by at most half a step.")
    assert "Ready soon is half a step short, one in all." in " ".join(pack.undecided)
    (tmp_path / "halves").mkdir()
    assert made(tmp_path / "halves", total.replace("2 | 4", "2 | 3.5")).scale.step == Decimal("0.5")


def made(folder: Path, matrix: str, *arguments: str) -> RulePack:
    """The pack that `readiness pack new` makes of a matrix."""
    out = folder / "ours"
    given = ["pack", "new", "ours", "--from-matrix", book(folder / "ladder.xlsx", matrix)]
    succeeded(*given, "--out", out, *arguments)
    return load_pack(out)


def judged(
    folder: Path, pack: RulePack, people: str, *, day: date = DAY, mapping: FileMapping | None = None
) -> Mapping[str, Explanation]:
    """People as id, level, start of the level, and the manager's rating of each competency; by id."""
    run = assessed(folder, pack, people, day=day, mapping=mapping)
    return {one.employee_id: one for one in run.explanations}


def assessed(
    folder: Path, pack: RulePack, people: str, *, day: date = DAY, mapping: FileMapping | None = None
) -> Run:
    """The run of people as `judged` takes them."""
    ratings = " | ".join(f"{one.title} (manager)" for one in pack.competencies)
    path = book(folder / "people.xlsx", f"Employee ID | Level | In level since | {ratings}\n{people}")
    roster = load_roster((path,), vocabulary_of(pack), day, mapping)
    assessment = assess(roster, pack, day)
    return run_of(assessment, explain(assessment), "f")


def book(path: Path, text: str) -> Path:
    """A workbook of one sheet."""
    workbook = Workbook()
    for line in text.strip("\n").splitlines():
        cells = [cell.strip() for cell in line.split("|")]
        workbook.active.append([int(cell) if cell.isdigit() else cell or None for cell in cells])
    workbook.save(path)
    return path
