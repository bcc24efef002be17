"""A competency that is spelled wrong is asked about, wherever it stands."""

from pathlib import Path

import pytest

from inputs import RATERS
from inputs.answering import understand
from inputs.loading import read_files
from inputs.mapping import FileMapping
from tests.made_files import write_lines, write_workbook
from tests.read_rosters import DAY, WORDS, question, read

RATED = (1, 2, 4, 5, 3)


def two_tabs(path: Path, *named: str) -> Path:
    """A sheet of the person's own ratings and one of the manager's, under bare names."""
    rows = [["ID", "Level", "Communication", "Delivering Results", *named]]
    rows += [[f"E{at}", "Product Manager", 3, 4, *[rating] * len(named)] for at, rating in enumerate(RATED)]
    return write_workbook(path, {"Self": rows, "Manager": rows})


@pytest.mark.parametrize("name", ["Grwth Mindset", "Customr Empathy", "Idependent Project Leadership"])
def test_a_misspelt_name_on_tabs_of_raters_is_asked_about(name: str, tmp_path: Path) -> None:
    path = two_tabs(tmp_path / "tabs.xlsx", name)
    assert f"which competency of the rule pack is this: '{name}'" in question(path)


@pytest.mark.parametrize(
    "scale",
    [("A", "B", "C", "D", "E"), ("Exceeds", "Meets", "Below", "Meets", "Meets"), (90, 45, 70, 15, 100)],
)
def test_a_misspelt_name_above_what_its_neighbours_hold_is_asked_about(
    scale: tuple[object, ...], tmp_path: Path
) -> None:
    rows = [
        [
            "ID",
            "Level",
            "Communication",
            "Delivering Results",
            "Shirt",
            "Tch Understanding",
            "Customer Orentation",
        ]
    ]
    rows += [
        [f"E{at}", "Product Manager", scale[-at], one, "LSLML"[at], one, scale[at - 1]]
        for at, one in enumerate(scale)
    ]
    text = question(write_workbook(tmp_path / "tabs.xlsx", {"Self": rows, "Manager": rows}))
    assert "'Tch Understanding'" in text
    assert "'Customer Orentation'" in text
    assert "Shirt" not in text


@pytest.mark.parametrize("name", ["Grwth Mindset", "Customr Empathy"])
def test_the_name_that_is_meant_is_offered_first(name: str, tmp_path: Path) -> None:
    sheets = read_files([two_tabs(tmp_path / "tabs.xlsx", name)])
    (asked,) = understand(sheets, WORDS, DAY, FileMapping()).questions
    (blank,) = asked.blanks
    assert blank.likely == {"Grwth Mindset": "learning", "Customr Empathy": "user_empathy"}[name]


def test_other_numbers_on_tabs_of_raters_are_nobody_s_ratings(tmp_path: Path) -> None:
    roster = read(two_tabs(tmp_path / "tabs.xlsx", "Desk", "Communication 360", "Goals reached"))
    assert {column.partition(":")[0] for column in roster.ratings.columns} == {"communication", "results"}


def test_a_misspelt_name_in_rows_of_raters_is_asked_about(tmp_path: Path) -> None:
    rows = [
        [f"E{at}", "Product Manager", rater, 3, 4, rating]
        for at, rating in enumerate(RATED)
        for rater in ("Self", "Manager")
    ]
    header = ["ID", "Level", "Rater", "Communication", "Delivering Results", "Delegatin"]
    path = write_lines(tmp_path / "rows.csv", header, *rows)
    assert "which competency of the rule pack is this: 'Delegatin'" in question(path)


def test_a_misspelt_name_in_a_list_of_ratings_is_asked_about(tmp_path: Path) -> None:
    rows = [
        [f"E{at}", "Product Manager", name, rater, rating]
        for at, rating in enumerate(RATED)
        for rater in ("Self", "Manager")
        for name in ("Communication", "Delivering Results", "Delegatin", "Juggling")
    ]
    header = ["ID", "Level", "Competency", "Rater", "Rating"]
    path = write_lines(tmp_path / "list.csv", header, *rows)
    assert "which competency of the rule pack is this: 'Delegatin'" in question(path)


@pytest.mark.parametrize("nothing", ["", "N/A", "-"])
def test_a_misspelt_name_over_ratings_in_words_is_asked_about(nothing: str, tmp_path: Path) -> None:
    words = ("Unsatisfactory", "Needs improvement", nothing, "Exceeds expectations", "Outstanding")
    rows = [[f"E{at}", "Product Manager", 3, 4, word, word] for at, word in enumerate(words)]
    headers = ["ID", "Level", *(f"{name} ({by})" for name in ("Communication", "Delegatin") for by in RATERS)]
    path = write_lines(tmp_path / "words.csv", headers, *rows)
    assert "which competency of the rule pack is this: 'Delegatin'" in question(path)


def test_a_misspelt_name_with_a_word_that_says_nothing_is_asked_about(tmp_path: Path) -> None:
    rows = [[f"E{at}", "Product Manager", 3, 4, rating, rating] for at, rating in enumerate(RATED)]
    named = ("Communication", "Tecnical Skills")
    headers = ["ID", "Level", *(f"{name} ({by})" for name in named for by in RATERS)]
    path = write_lines(tmp_path / "skills.csv", headers, *rows)
    assert "which competency of the rule pack is this: 'Tecnical'" in question(path)


@pytest.mark.parametrize("header", ["{name} ({rater})", "{rater}: {name}", "{name} - {rater}"])
@pytest.mark.parametrize("name", ["Self-Management", "Employee Development", "Managing a Team of Managers"])
def test_a_name_with_a_word_for_a_rater_in_it_is_that_of_both_raters(
    name: str, header: str, tmp_path: Path
) -> None:
    own, theirs = (header.format(name=name, rater=rater) for rater in ("Self", "Manager"))
    rows = [[f"E{at}", "Product Manager", one, one] for at, one in enumerate(RATED)]
    text = question(write_lines(tmp_path / "ratings.csv", ["ID", "Level", own, theirs], *rows))
    assert f"which competency of the rule pack is this: '{name}' (2 columns" in text


OTHERWISE_NAMED = [
    "Customer focus and empathy",
    "Empathy for customers",
    "Delegating work",
    "Learning mindset",
]


@pytest.mark.parametrize("name", OTHERWISE_NAMED)
def test_a_name_that_has_all_words_of_a_competency_without_ratings_is_asked_about(
    name: str, tmp_path: Path
) -> None:
    asked = f"which competency of the rule pack is this: '{name}'"
    assert asked in question(two_tabs(tmp_path / "tabs.xlsx", name))
    rows = [
        [f"E{at}", "Product Manager", one, rating, rating]
        for at, rating in enumerate(RATED)
        for one in ("Communication", "Delivering Results", "Technical Understanding", name)
    ]
    header = ["ID", "Level", "Competency", "Self rating", "Manager rating"]
    assert asked in question(write_lines(tmp_path / "list.csv", header, *rows))


def test_a_name_that_has_all_words_of_a_competency_with_ratings_is_not_asked_about(tmp_path: Path) -> None:
    roster = read(two_tabs(tmp_path / "tabs.xlsx", "Communication to customers", "Results of the team"))
    assert {column.partition(":")[0] for column in roster.ratings.columns} == {"communication", "results"}


def test_a_competency_that_ends_in_others_is_by_others_where_all_columns_name_raters(tmp_path: Path) -> None:
    headers = ["ID", "Level", "Communication (self)", "Communication (manager)", "Mentoring others"]
    path = write_lines(
        tmp_path / "wide.csv", headers, *([f"E{at}", "Product Manager", 3, 4, 2] for at in RATED)
    )
    assert {one.partition(":")[0] for one in read(path).ratings.columns} == {"communication"}


@pytest.mark.parametrize("name", ["Mentoring others", "Helping others"])
def test_a_competency_that_ends_in_others_is_whose_a_header_says(name: str, tmp_path: Path) -> None:
    headers = [
        "ID",
        "Level",
        *(f"{one} - {by} Rating" for one in (name, "Trust") for by in ("Self", "Manager")),
    ]
    path = write_lines(
        tmp_path / "wide.csv", headers, *([f"E{at}", "Product Manager", 3, 4, 2, 4] for at in RATED)
    )
    assert f"'{name}' (2 columns such as '{name} - Self Rating' (column C)" in question(path)
