"""Ladders in shapes that are seldom met, and what is said to answers that do not fit them."""

from collections.abc import Mapping
from decimal import Decimal

import pytest

from rules import PackError
from rules.ladders import Answers
from tests.ladder_books import read

MATRIX = "Competency | Junior | Senior | Staff\nCoding | 1 | 2 | 3\nTesting | 1 | 3 | 4"
LIST = "Level | Competency | Required\nJunior | Hiring | 1\nSenior | Hiring | 2\nStaff | Hiring | 3"


def test_half_a_year_is_a_minimum_time() -> None:
    ladder = read(f"{MATRIX}\nMinimum time in the level below | - | half a year | 2 years")
    assert [one.years for one in ladder.levels] == [0, Decimal("0.5"), 2]


def test_a_sentence_that_stands_in_two_lines_of_a_competency_is_said_once() -> None:
    ladder = read(
        "Competency | Junior | Senior\n"
        "Coding | Fixes what others found | Writes whole features\n"
        " | Asks for help early | Writes whole features"
    )
    assert ladder.required[0, 0].prose == "Fixes what others found\nAsks for help early"
    assert ladder.required[1, 0].prose == "Writes whole features"


def test_a_sheet_for_each_level_may_have_a_column_of_descriptions() -> None:
    ladder = read(
        {
            "Junior": "Competency | Description\nCoding | Fixes what others found\nTesting | Runs the tests",
            "Senior": "Competency | Description\nCoding | Writes whole features\nTesting | Plans the tests",
        }
    )
    assert [one.title for one in ladder.levels] == ["Junior", "Senior"]
    assert ladder.required[1, 1].prose == "Plans the tests"


@pytest.mark.parametrize(
    ("sheets", "wanted", "answers", "said"),
    [
        ({"Ladder": MATRIX}, "Old", Answers(), "there is no sheet “Old”; its sheets are Ladder"),
        (
            {"Craft": MATRIX, "Notes": "Ask HR | about it"},
            "Craft, Notes",
            Answers(),
            "the sheet “Notes” holds no matrix of levels and competencies",
        ),
        ({"Craft": MATRIX, "People": LIST}, "Craft, People", Answers(), "are laid out in different ways"),
        ({"Ladder": MATRIX}, None, Answers(levels=("Junior", "Staf")), "“Staf” is not a level of it"),
        (
            {"Ladder": "Level | Competency | Required\nJunior | Coding | 1\nJunior | Testing | 2"},
            None,
            Answers(),
            "a ladder needs at least two levels; found 1",
        ),
    ],
)
def test_what_does_not_fit_is_said(
    sheets: Mapping[str, str], wanted: str | None, answers: Answers, said: str
) -> None:
    with pytest.raises(PackError, match=said):
        read(sheets, wanted, answers)
