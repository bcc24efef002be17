"""Codes of competencies in headers and rows, read by the sheet that explains them."""

from pathlib import Path

import pytest

from inputs import InputError, Roster
from inputs.mapping import FileMapping
from tests.made_files import Row, write_workbook
from tests.read_rosters import points, question, read, told

CODES = {"Q1": "Communication", "Q2": "Data Analysis", "Q3": "Customer Empathy"}
IDS = {"Q1": "communication", "Q2": "data_analysis", "Q3": "user_empathy"}
LEVELS = {"K1": "Senior PM", "K2": "Product Manager", "K3": "Associate PM"}
BOOK: list[Row] = [["Code", "Question"], *map(list, CODES.items())]


def given(person: int, at: int, rater: int) -> int:
    return 1 + (person + 2 * at + rater) % 5


def wide(header: str) -> list[Row]:
    """A column for each code and rater."""
    columns = [(at, rater) for at in range(len(CODES)) for rater in (0, 1)]
    words = ("self", "manager")
    named = [header.format(list(CODES)[at], words[rater]) for at, rater in columns]
    people = [
        [employee, level, *(given(person, *column) for column in columns)]
        for person, (employee, level) in enumerate(LEVELS.items())
    ]
    return [["Employee ID", "Level", *named], *people]


def long() -> list[Row]:
    """A row for each code of each person."""
    rows: list[Row] = [["Employee ID", "Level", "Competency", "Self", "Manager"]]
    for person, (employee, level) in enumerate(LEVELS.items()):
        for at, code in enumerate(CODES):
            rows.append([employee, level, code, given(person, at, 0), given(person, at, 1)])
    return rows


def assert_as_given(roster: Roster) -> None:
    for at, competency in enumerate(IDS.values()):
        for rater, word in enumerate(("self", "manager")):
            expected = [given(person, at, rater) for person in range(len(LEVELS))]
            assert points(roster, f"{competency}:{word}") == expected, (competency, word)


TABLES = {"brackets": wide("{} ({})"), "underscore": wide("{}_{}"), "rows": long()}


@pytest.mark.parametrize("layout", list(TABLES))
@pytest.mark.parametrize(
    "book",
    [
        BOOK,
        BOOK[1:],
        [["Survey questions"], [], ["No.", "Code", "What it asks"], *([1, *row] for row in BOOK[1:])],
        [["Name", "ID"], *([name, code] for code, name in CODES.items())],
        [*BOOK, ["Q4", "Something of our own"]],
    ],
)
def test_codes_are_read_as_a_sheet_explains_them(layout: str, book: list[Row], tmp_path: Path) -> None:
    roster = read(write_workbook(tmp_path / "survey.xlsx", {"Ratings": TABLES[layout], "Codebook": book}))
    assert_as_given(roster)
    assert "'Q1' (Communication)" in told(roster, "codes_read")[0]
    assert told(roster, "sheet_not_used") == []


def test_codes_that_nothing_explains_are_asked_about(tmp_path: Path) -> None:
    assert "'Q1' (3 rows of column C)" in question(write_workbook(tmp_path / "a.xlsx", {"Ratings": long()}))


def test_a_mapping_explains_codes_that_are_called_like_quarters(tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "a.xlsx", {"Ratings": wide("{} ({})")})
    assert_as_given(read(path, mapping=FileMapping(competencies=dict(IDS))))


def test_two_sheets_that_explain_a_code_otherwise_stop_the_work_unless_a_mapping_does(tmp_path: Path) -> None:
    swapped = [["Code", "Question"], ["Q1", "Data Analysis"], ["Q2", "Communication"]]
    sheets = {"Ratings": long(), "Codebook": BOOK, "Old codes": swapped}
    path = write_workbook(tmp_path / "a.xlsx", sheets)
    with pytest.raises(InputError, match="'Old codes' explain the code 'Q1' otherwise"):
        read(path)
    assert_as_given(read(path, mapping=FileMapping(competencies=dict(IDS))))


def test_what_people_are_to_work_on_explains_no_codes(tmp_path: Path) -> None:
    focus = [
        ["Employee ID", "Focus"],
        *([one, name] for one, name in zip(LEVELS, CODES.values(), strict=True)),
    ]
    rated = [["Employee ID", "Level", "Communication (manager)"], *([*one, 3] for one in LEVELS.items())]
    roster = read(write_workbook(tmp_path / "a.xlsx", {"Ratings": rated, "Focus": focus}))
    assert (told(roster, "codes_read"), points(roster, "communication:manager")) == ([], [3, 3, 3])
