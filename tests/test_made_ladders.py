"""Ladders of other professions, made from a matrix: what the people on them are told is right and plain."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook

from engine import assess, explain, vocabulary_of
from engine.prove import check_soundness
from engine.simulation import settings_of, with_settings
from engine.words.explanation import Explanation
from inputs.loading import load_roster
from inputs.mapping import FileMapping
from reports.shown.crux import crux_of
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
        "No rating, however high, leads to a better band; a date or an answer that the rules ask for is "
        "missing."
    )
    later = judged(tmp_path, pack, people, day=date(2027, 1, 31))
    assert later["E1"].recommendation == "ready_now"
    assert judged(tmp_path, pack, people, day=date(2027, 1, 30))["E1"].recommendation == "ready_soon"


def test_a_date_that_is_missing_is_not_called_a_rating(tmp_path: Path) -> None:
    pack = made(tmp_path, LAW)
    found = judged(tmp_path, pack, "E1 | A2 | | 3 | 3 | 3")["E1"]
    assert found.kind == "fact_missing"
    told = "A date or an answer that the rules ask for is missing; there is no band without it."
    assert found.outlook.summary == told
    assert crux_of(found, pack) == told.rstrip(".")


SCHOOL = """
    Scale: 1 to 6
    Competency | Teacher | Head of subject
    Lessons | 4 | 5
    Assessment | 3 | 5
    Leading | 2 | 4"""
ONE_IS_BEST = FileMapping.model_validate({"scales": {"both": {"worst": 6, "best": 1}}})


def test_what_missing_ratings_settle_is_true_of_a_scale_on_which_one_is_best(tmp_path: Path) -> None:
    pack = made(tmp_path, SCHOOL)
    found = judged(tmp_path, pack, "E1 | Teacher | 2024-01-31 | 2 | | 3", mapping=ONE_IS_BEST)["E1"]
    (needed,) = found.outlook.to_rate
    assert needed.sentence == (
        "Rate Assessment. With 2 (= 5) or better: Ready now; with 3 (= 4) or better: Ready soon; "
        "otherwise: Developing."
    )
    assert "with 2 (= 5) or better: Ready now" in crux_of(found, pack)


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
    assert "The review came too early; a new one would be enough to judge by." in early
    assert "there will be enough to judge by" not in early
    assert "the bar is B (= 4)" in judged_one
    assert "Your level in its records is Agent." in judged_one


def made(folder: Path, matrix: str, *arguments: str) -> RulePack:
    """The pack that `readiness pack new` makes of a matrix."""
    out = folder / "ours"
    given = ["pack", "new", "ours", "--from-matrix", book(folder / "ladder.xlsx", matrix)]
    succeeded(*given, "--out", out, *arguments)
    return load_pack(out)


def judged(
    folder: Path, pack: RulePack, people: str, *, day: date = DAY, mapping: FileMapping | None = None
) -> Mapping[str, Explanation]:
    """People as id, level, start of the level, and the manager's rating of each competency."""
    ratings = " | ".join(f"{one.title} (manager)" for one in pack.competencies)
    path = book(folder / "people.xlsx", f"Employee ID | Level | In level since | {ratings}\n{people}")
    roster = load_roster((path,), vocabulary_of(pack), day, mapping)
    return {one.employee_id: one for one in explain(assess(roster, pack, day))}


def book(path: Path, text: str) -> Path:
    """A workbook of one sheet."""
    workbook = Workbook()
    for line in text.strip("\n").splitlines():
        cells = [cell.strip() for cell in line.split("|")]
        workbook.active.append([int(cell) if cell.isdigit() else cell or None for cell in cells])
    workbook.save(path)
    return path
