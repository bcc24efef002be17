"""Rating cells, and notes to them, that seem to hold another rating too: none of them counts in silence."""

from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.comments import Comment

from inputs import InputError, Roster
from inputs.loading import load_roster
from tests.inputs_vocabulary import DAY, VOCABULARY
from tests.made_files import write_sheet
from tests.read_rosters import points, told

HEADER = ("Employee ID", "Level", "Communication (self)", "Communication (manager)")
PEOPLE = ((1, "Senior PM", 4, 5), (2, "PM", 3, 2), (3, "PM", 5, 4), (4, "PM", 3, 3))


def read(folder: Path, cell: object, note: str = "") -> Roster:
    """People of whom the second has another rating by the manager, and a note to it."""

    def change(book: Workbook) -> None:
        book.active["D3"] = cell
        if note:
            book.active["D3"].comment = Comment(note, "Uta")

    return load_roster([write_sheet(folder / "people.xlsx", HEADER, *PEOPLE, change=change)], VOCABULARY, DAY)


@pytest.mark.parametrize(
    "text",
    [
        "4 (calibrated to 3)",
        "4 - moved to 3 after calibration",
        "4; final 3",
        "4 - should be 3",
        "4 (agreed: 3)",
        "4 - Exceeds\n3 - Meets",
        "4 Exceeds 3 Meets",
        "4 - strong start, lowered to 3.5 in calibration",
        "4 - delivery; 2 - people",
        "Exceeds expectations (calibrated to Meets)",
        "4 (kalibriert auf 3)",
        "4 - corrigé à 3",
    ],
)
def test_a_cell_with_two_ratings_is_none(text: str, tmp_path: Path) -> None:
    roster = read(tmp_path, text)
    assert points(roster, "communication:manager") == [5, None, 4, 3]
    shown = " ".join(text.split())
    assert told(roster, "unreadable_rating") == [f"'{shown}' seems to hold two ratings."]


@pytest.mark.parametrize(
    "text",
    [
        "4 (was 3)",
        "4 - led the launches of 3 products",
        "4 - moved to 3 teams in a year",
        "4 - raised 3 issues early",
        "4 - final 3 weeks were strong",
        "4 - now leads a team of 3",
        "4 - delivered 3 good launches",
        "4 - weak in spring, now good",
    ],
)
def test_a_number_in_a_comment_is_no_rating(text: str, tmp_path: Path) -> None:
    assert points(read(tmp_path, text), "communication:manager") == [5, 4, 4, 3]


def test_a_note_with_another_rating_is_told(tmp_path: Path) -> None:
    roster = read(tmp_path, 4, "Calibrated to 3")
    assert points(roster, "communication:manager") == [5, 4, 4, 3]
    assert told(roster, "note_on_rating") == [
        "The note 'Calibrated to 3' seems to hold another rating than the cell, which was read."
    ]


@pytest.mark.parametrize("cell", [None, "n/a"])
def test_a_note_to_a_cell_without_a_rating_is_told(cell: object, tmp_path: Path) -> None:
    roster = read(tmp_path, cell, "Rating: 3")
    assert points(roster, "communication:manager") == [5, None, 4, 3]
    assert told(roster, "note_on_rating") == [
        "'Rating: 3' is a note to a cell without a rating: kept as a comment, and not rated."
    ]


def test_an_ordinary_note_is_a_comment_and_nothing_else(tmp_path: Path) -> None:
    roster = read(tmp_path, 4, "Led 3 launches alone")
    assert told(roster, "note_on_rating") == []
    assert roster.comments["comment:communication:manager"][1] == "Led 3 launches alone"


def test_a_single_zero_is_asked_about_where_nobody_reaches_the_top(tmp_path: Path) -> None:
    rows = [(at, "PM", own, boss) for at, (own, boss) in enumerate([(4, 3), (3, 3), (2, 0), (4, 4), (3, 2)])]
    path = write_sheet(tmp_path / "people.xlsx", HEADER, *rows)
    with pytest.raises(InputError, match="1 of 5 is outside the rule pack's scale from 1 to 5, 1 of them 0"):
        load_roster([path], VOCABULARY, DAY)


def test_a_comment_that_begins_with_a_rating_beside_an_empty_cell_is_told(tmp_path: Path) -> None:
    header = (*HEADER, "Communication (manager comment)")
    said = ("3 - led it alone", "4 - strong", "2 launches led", "")
    rows = [(*row[:3], "" if at else 5, said[at]) for at, row in enumerate(PEOPLE)]
    roster = load_roster([write_sheet(tmp_path / "people.xlsx", header, *rows)], VOCABULARY, DAY)
    assert points(roster, "communication:manager") == [5, None, None, None]
    assert told(roster, "note_on_rating") == [
        "The comment '4 - strong' seems to hold a rating whose own cell is empty: not rated."
    ]


@pytest.mark.parametrize("header", ["Comments", "Communication comments", "Comments (manager)", "Notes"])
@pytest.mark.parametrize("empty", ["self", "manager"])
def test_a_rating_in_comments_beside_an_empty_cell_is_told_whoever_wrote_them(
    header: str, empty: str, tmp_path: Path
) -> None:
    ratings = ("", 4) if empty == "self" else (4, "")
    rows = [
        ("K1", "Senior PM", *ratings, "4 - does well"),
        ("K2", "Senior PM", 5, 2, "5 - was the best"),
        ("K3", "Senior PM", *ratings, "2 launches led"),
    ]
    names = ("Employee ID", "Level", "Communication (self)", "Communication (manager)", header)
    roster = load_roster([write_sheet(tmp_path / "people.xlsx", names, *rows)], VOCABULARY, DAY)
    said = [(one.cell, one.problem) for one in roster.issues if one.kind == "note_on_rating"]
    problem = "The comment '4 - does well' seems to hold a rating whose own cell is empty: not rated."
    of_another = header == "Comments (manager)" and empty == "self"
    assert said == ([] if of_another else [("Sheet!E2", problem)])


def test_notes_on_what_is_said_of_people_are_told(tmp_path: Path) -> None:
    def change(book: Workbook) -> None:
        book.active["B3"].comment = Comment("Promoted to Lead PM in June", "Uta")
        book.active["B1"].comment = Comment("As of January", "Uta")
        book.active["E3"].comment = Comment("Ask again", "Uta")

    rows = [(*row, 50_000) for row in PEOPLE]
    path = write_sheet(tmp_path / "people.xlsx", (*HEADER, "Salary"), *rows, change=change)
    assert told(load_roster([path], VOCABULARY, DAY), "note_not_read") == [
        "Notes on what is said of people were not read: B3 ('Promoted to Lead PM in June')."
    ]
