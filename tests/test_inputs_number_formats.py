"""Numbers whose cells' formats show something else: what is read is what people see."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.formatting.rule import Rule
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.styles.numbers import NumberFormat

from inputs import InputError, Roster, Severity
from inputs.files.number_formats import number_format
from inputs.loading import load_roster
from tests.inputs_vocabulary import DAY, VOCABULARY
from tests.made_files import write_sheet
from tests.read_rosters import assessed, points, told

HEADER = ("Employee ID", "Level", "Communication (self)", "Communication (manager)")


def write(folder: Path, code: str, ratings: Sequence[object], columns: str = "CD") -> Path:
    """People of whom both raters gave these ratings, with the cells of some columns in one format."""

    def change(book: Workbook) -> None:
        for column in columns:
            for row in range(2, len(ratings) + 2):
                book.active[f"{column}{row}"].number_format = code

    rows = [(at, "Senior PM", rating, rating) for at, rating in enumerate(ratings, start=1)]
    return write_sheet(folder / "people.xlsx", HEADER, *rows, change=change)


def read(folder: Path, code: str, ratings: Sequence[object], columns: str = "CD") -> Roster:
    return load_roster([write(folder, code, ratings, columns)], VOCABULARY, DAY)


def test_words_that_a_format_shows_for_numbers_are_the_ratings(tmp_path: Path) -> None:
    roster = read(tmp_path, '[=1]"Unsatisfactory";[=2]"Needs improvement";"Outstanding"', [1, 2, 3])
    assert points(roster, "communication:manager") == [1, 2, 5]
    assert told(roster, "shown_otherwise") == [
        "Numbers were read as their formats show them: C2 (1, shown as 'Unsatisfactory'), C3 (2, shown as "
        "'Needs improvement'), C4 (3, shown as 'Outstanding'), D2 (1, shown as 'Unsatisfactory'), D3 (2, "
        "shown as 'Needs improvement'), D4 (3, shown as 'Outstanding')."
    ]


def test_words_that_a_format_shows_are_asked_about_like_any_other(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"'Solid' .*'Strong' .*'Weak'"):
        read(tmp_path, '[>=4]"Strong";[>=3]"Solid";"Weak"', [1, 3, 5])


@pytest.mark.parametrize("code", ['0" of 4"', '0"/4"', "0\\/\\4", 'General" of 4"', '0" out of 4"'])
def test_the_best_that_a_format_names_is_asked_about_where_it_is_not_the_rule_packs(
    code: str, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match="run from 1 to 4 out of 4; 6 of 6 are outside"):
        read(tmp_path, code, [1, 2.5, 4])


def test_the_best_of_the_rule_pack_may_be_named_by_a_format(tmp_path: Path) -> None:
    roster = read(tmp_path, '0.0"/5"', [1, 2.25, 4])
    assert points(roster, "communication:manager") == [1, 2.25, 4]


def test_a_rating_that_a_format_shows_as_not_rated_is_none(tmp_path: Path) -> None:
    roster = read(tmp_path, '0;-0;"n/a"', [0, 3, 5])
    assert points(roster, "communication:manager") == [None, 3, 5]


def test_numbers_that_their_format_hides_are_read_with_a_warning(tmp_path: Path) -> None:
    roster = read(tmp_path, ";;;", [1, 3, 5], "D")
    assert points(roster, "communication:manager") == [1, 3, 5]
    assert [(one.problem, one.severity) for one in roster.issues if one.kind == "shown_otherwise"] == [
        ("What the format of the cells hides was read like any other: D2, D3, D4.", Severity.WARNING)
    ]


def test_numbers_of_columns_that_are_not_read_are_not_repeated(tmp_path: Path) -> None:
    def change(book: Workbook) -> None:
        for row, code in ((2, '0" kr"'), (3, ";;;")):
            book.active[f"E{row}"].number_format = code

    rows = [(at, "Senior PM", rating, rating, 50_000) for at, rating in enumerate((1, 5), start=1)]
    path = write_sheet(tmp_path / "people.xlsx", (*HEADER, "Salary"), *rows, change=change)
    roster = load_roster([path], VOCABULARY, DAY)
    assert told(roster, "shown_otherwise") == []


@pytest.mark.parametrize(("code", "told_of"), [('"Strong"', True), (";;;", True), ("0.0", False)])
def test_rules_that_show_numbers_otherwise_are_told(code: str, told_of: bool, tmp_path: Path) -> None:
    def change(book: Workbook) -> None:
        looks = DifferentialStyle(numFmt=NumberFormat(numFmtId=200, formatCode=code))
        rule = Rule(type="cellIs", operator="equal", formula=["5"], dxf=looks)
        book.active.conditional_formatting.add("D2:D4", rule)

    rows = [(at, "Senior PM", rating, rating) for at, rating in enumerate((1, 3, 5), start=1)]
    path = write_sheet(tmp_path / "people.xlsx", HEADER, *rows, change=change)
    roster = load_roster([path], VOCABULARY, DAY)
    assert points(roster, "communication:manager") == [1, 3, 5]
    said = ["Rules show some numbers as words or hide them; all were read as they are: D2:D4."]
    assert told(roster, "shown_otherwise") == (said if told_of else [])


def test_words_that_their_format_hides_are_read_with_a_warning(tmp_path: Path) -> None:
    roster = read(tmp_path, ";;;", ["Unsatisfactory", "Outstanding"], "D")
    assert points(roster, "communication:manager") == [1, 5]
    assert told(roster, "shown_otherwise") == [
        "What the format of the cells hides was read like any other: D2, D3."
    ]


@pytest.mark.parametrize(
    ("code", "ids"),
    [
        ("00000", ["00001", "00002"]),
        ('"E"0000', ["E0001", "E0002"]),
        ("000-000", ["000-001", "000-002"]),
        ("\\E-0", ["E-1", "E-2"]),
    ],
)
def test_ids_are_those_that_their_format_shows(code: str, ids: list[str], tmp_path: Path) -> None:
    assert assessed(read(tmp_path, code, [3, 5], "A")) == ids


@pytest.mark.parametrize(
    "code",
    [
        "0",
        "0.0",
        "#,##0.00",
        '"$"#,##0.00',
        "[$€-407] 0.0",
        "# ?/?",
        "0_);(0)",
        "[Red]0",
        '_($* "-"??_)',
        "@",
    ],
)
def test_formats_that_only_dress_a_number_leave_it_as_it_is(code: str, tmp_path: Path) -> None:
    roster = read(tmp_path, code, [1, 3.5, 5])
    assert points(roster, "communication:manager") == [1, 3.5, 5]
    assert told(roster, "shown_otherwise") == []


def test_a_format_for_numbers_says_nothing_of_numbers_that_are_text(tmp_path: Path) -> None:
    roster = read(tmp_path, "0%", ["1", "3", "5"])
    assert points(roster, "communication:manager") == [1, 3, 5]


@pytest.mark.parametrize(
    ("code", "number", "shown"),
    [
        ("0%", "0.8", "80%"),
        ('0%" done"', "0.8", "80% done"),
        ('0.0"%"', "80", "80%"),
        ('[<3]"below";0', "2", "below"),
        ('[<3]"below";0', "4", "4"),
        ('0;"minus "0', "-2", "minus 2"),
        ('"E"0000', "-2", "-E0002"),
        ('[=1]"one"', "2", "2"),
        ("0;", "-1", ""),
        ("yyyy", "45000", "45000"),
        ('0" ""stars"', "4", "4 stars"),
        ('[=5]"★★★★★";[=4]"★★★★";0', "4", "★★★★"),
        ("+0;-0", "3", "+3"),
    ],
)
def test_a_format_shows_a_number_as_spreadsheet_programs_do(code: str, number: str, shown: str) -> None:
    found = number_format(code)
    assert (number if found is None else found.shown(number)) == shown


@pytest.mark.parametrize(
    ("code", "rating", "shown"),
    [
        ("0", 3.5, "4"),
        ("#,##0", 2.5, "3"),
        ("0.0", 3.25, "3.3"),
        ("_-0_-;-0_-", 4.2, "4"),
        ("0 ;(0)", 1.5, "2"),
    ],
)
def test_a_rating_of_which_the_format_hides_decimals_is_read_with_all_of_them_and_told(
    code: str, rating: float, shown: str, tmp_path: Path
) -> None:
    roster = read(tmp_path, code, [rating, 4, 5, 1], "D")
    assert points(roster, "communication:manager") == [rating, 4, 5, 1]
    assert told(roster, "hidden_decimals") == [
        f"Ratings were read with decimals that their formats do not show: D2 ({rating}, shown as {shown})."
    ]


@pytest.mark.parametrize("code", ["General", "0.00", "0.0", "@"])
def test_a_rating_that_is_seen_as_it_is_is_not_told(code: str, tmp_path: Path) -> None:
    roster = read(tmp_path, code, [3.5, 4, 5], "D")
    assert told(roster, "hidden_decimals") == []
