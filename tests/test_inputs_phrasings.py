"""Every way to say what a column is, and columns that only sound as if they said it."""

from pathlib import Path

import pytest

from inputs.words.word_lists import read_words
from tests.read_rosters import assessed, points, read_rows

HEADERS = {
    "employee_id": ["Assessed person ID", "Badge no.", "Your employee number"],
    "level": ["Current job title", "Current pay grade", "What is their current level?"],
    "level_since": ["Job title entry date", "Effective date of position", "In the band since"],
    "review_date": ["Date of evaluation", "Appraisal date"],
}


@pytest.mark.parametrize(("field", "header"), [(name, one) for name, each in HEADERS.items() for one in each])
def test_a_column_is_known_by_any_of_the_ways_to_say_it(field: str, header: str, tmp_path: Path) -> None:
    usual = {name: each[-1] for name, each in HEADERS.items()} | {field: header}
    roster = read_rows(
        tmp_path,
        [*usual.values(), "Communication (self)", "Communication (manager)"],
        ["K1", "Senior PM", "2023-02-01", "2026-05-04", 3, 4],
        ["K2", "Product Manager", "2024-03-01", "2026-05-05", 2, 5],
    )
    assert assessed(roster) == ["K1", "K2"]
    assert roster.people["level"].to_list() == ["senior_pm", "product_manager"]
    assert [day.year for day in roster.people["level_since"]] == [2023, 2024]
    assert [day.day for day in roster.people["review_date"]] == [4, 5]


@pytest.mark.parametrize("header", ["Employee reviewed", "Person assessed", "Employee"])
def test_a_column_of_yes_and_no_names_nobody(header: str, tmp_path: Path) -> None:
    roster = read_rows(
        tmp_path,
        [header, "Name", "Level", "Communication (self)", "Communication (manager)"],
        ["Yes", "Runa Falk", "Senior PM", 3, 4],
        ["no", "Timo Abel", "Senior PM", 2, 5],
    )
    assert roster.people["employee_name"].to_list() == ["Runa Falk", "Timo Abel"]
    assert points(roster, "communication:manager") == [4, 5]


def test_lists_of_words_name_alternatives_once() -> None:
    fields = read_words("columns")["fields"]
    assert {"pay grade", "current pay grade", "grade"} <= set(fields["level"])
    assert {"assessed person", "whose evaluation is this"} <= set(fields["employee"])
    assert not any("(" in word or "|" in word for listed in fields.values() for word in listed)
