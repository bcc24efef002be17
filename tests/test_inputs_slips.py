"""One slip of somebody at a spreadsheet: what it touches is read as it was, or named."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from inputs.mapping import FileMapping
from tests.made_files import Row, write_sheet, write_workbook
from tests.read_rosters import assessed, points, question, read, told

ABOUT = ("Employee ID", "Name", "Level", "In Level Since")
RATED = ("Communication (self)", "Communication (manager)", "Delegation (self)", "Delegation (manager)")
PEOPLE = (
    ("K2001", "Runa Falk", "Senior PM", date(2022, 1, 3)),
    ("K2002", "Timo Abel", "Senior PM", date(2023, 2, 4)),
    ("K2003", "Ines Duarte", "Product Manager", date(2024, 3, 5)),
    ("K2004", "Oona Rask", "Lead PM", date(2022, 4, 6)),
)
RATINGS = ((4, 5, 3, 4), (2, 3, 5, 1), (5, 4, 2, 2), (3, 1, 4, 5))
WIDE = [(*person, *rated) for person, rated in zip(PEOPLE, RATINGS, strict=True)]
LONG = [
    (*person, competency, rater, rated[at])
    for person, rated in zip(PEOPLE, RATINGS, strict=True)
    for at, (competency, rater) in enumerate(
        [(one, by) for one in ("Communication", "Delegation") for by in ("Self", "Manager")]
    )
]
LONG_HEADER = (*ABOUT, "Competency", "Rater", "Rating")
FORM_HEADER = ("Timestamp", *ABOUT, "Rater", "Communication", "Delegation")


def forms(people: Sequence[Row]) -> list[Row]:
    """Two answers about each person, those of the manager a day later."""
    return [
        (date(2026, 5, day), *person, rater, *rated[by::2])
        for person, rated in zip(people, RATINGS, strict=True)
        for by, (rater, day) in enumerate((("Self", 3), ("Manager", 4)))
    ]


def test_a_summary_beside_the_ratings_does_not_take_their_place(tmp_path: Path) -> None:
    summary = [
        ("Competency", "Self", "Manager"),
        *(("Communication", 3.5, 3.25), ("Delegation", 3.5, 3)),
        *[(None, None, None)] * 2,
    ]
    rows = [(*row, None, *beside) for row, beside in zip([(*ABOUT, *RATED), *WIDE], summary, strict=True)]
    path = write_sheet(tmp_path / "people.xlsx", *rows)
    said = question(path)
    assert "two tables side by side: 'Communication (self)' (column E) holds" in said
    assert "'Competency' (column J) names another one in each row" in said
    assert '`columns: {"Competency": null}`' in said
    answered = read(path, mapping=FileMapping(columns={"Competency": None}))
    assert points(answered, "communication:manager") == [5, 3, 4, 1]


def test_rows_that_were_sorted_above_the_header_are_named(tmp_path: Path) -> None:
    rows = [*WIDE[:2], (*ABOUT, *RATED), *WIDE[2:], ("K2005", "Milo Lis", "Senior PM", None, 1, 2, 3, 4)]
    roster = read(write_sheet(tmp_path / "people.xlsx", *rows))
    assert assessed(roster) == ["K2003", "K2004", "K2005"]
    assert told(roster, "row_above") == [
        "2 rows above the header in row 3 look like those below it and were not read: 1, 2."
    ]


def test_what_people_write_above_a_table_is_no_row_of_it(tmp_path: Path) -> None:
    above = (("Talent review", "Senior PM"), tuple(range(1, 9)), ("Prepared by", "Timo Abel", "for HR"))
    assert (
        told(read(write_sheet(tmp_path / "people.xlsx", *above, (*ABOUT, *RATED), *WIDE)), "row_above") == []
    )


def test_a_number_that_was_typed_over_a_header_is_named(tmp_path: Path) -> None:
    header = (*ABOUT, RATED[0], 4, *RATED[2:])
    roster = read(write_sheet(tmp_path / "people.xlsx", header, *WIDE))
    assert told(roster, "stray_cells") == ["4 cells below '4' (column F) were not used."]


@pytest.mark.parametrize("layout", ["wide", "forms"])
def test_ids_and_names_in_each_others_place_are_nobodys(layout: str, tmp_path: Path) -> None:
    people = [*PEOPLE[:3], ("Oona Rask", "K2004", *PEOPLE[3][2:])]
    wide = [(*ABOUT, *RATED), *((*one, *rated) for one, rated in zip(people, RATINGS, strict=True))]
    rows = wide if layout == "wide" else [FORM_HEADER, *forms(people)]
    roster = read(write_sheet(tmp_path / "people.xlsx", *rows))
    assert assessed(roster) == ["K2001", "K2002", "K2003"]
    assert told(roster, "shifted_row") == [
        "The id 'Oona Rask' and the name 'K2004' seem to stand in each other's place."
    ]


def test_ids_that_count_on_in_rows_of_one_person_are_perhaps_that_person(tmp_path: Path) -> None:
    rows = [(f"K{3001 + at}", *row[1:]) if at < 2 else row for at, row in enumerate(LONG)]
    roster = read(write_sheet(tmp_path / "people.xlsx", LONG_HEADER, *rows))
    assert set(told(roster, "perhaps_twice")) == {
        "K3001, K3002 and K2001 have the same name and the same starting date in the level: perhaps one "
        "person twice."
    }


@pytest.mark.parametrize(
    ("written", "kind", "problem"),
    [
        ("#REF!", "missing_employee_id", "The id holds the spreadsheet error #REF!."),
        (
            "1.2E+10",
            "mangled_employee_id",
            "The spreadsheet program turned the id into a rounded number (1.2E+10).",
        ),
    ],
)
def test_ids_that_are_lost_make_nobody_of_several_people(
    written: str, kind: str, problem: str, tmp_path: Path
) -> None:
    lost = [(written, f"{one[1]} jr", *one[2:]) for one in PEOPLE[2:]]
    roster = read(write_sheet(tmp_path / "some.xlsx", FORM_HEADER, *forms([*PEOPLE[:2], *lost])))
    assert points(roster, "communication:manager") == [5, 3]
    assert told(roster, kind) == [problem] * 4
    assert told(roster, "earlier_rating") == []
    everybody = [(written, *one[1:]) for one in PEOPLE]
    said = question(write_sheet(tmp_path / "all.xlsx", FORM_HEADER, *forms(everybody)))
    assert f"nobody's level is known. {problem}" in said


def test_rows_without_a_whole_id_are_of_whom_they_name(tmp_path: Path) -> None:
    rows = [("1.2E+10", *row[1:]) if at in (1, 5) else row for at, row in enumerate(LONG)]
    roster = read(write_sheet(tmp_path / "people.xlsx", LONG_HEADER, *rows))
    assert points(roster, "communication:manager") == [5, 3, 4, 1]
    assert "2 rows without the employee id were read as of the person" in told(roster, "ids_joined")[0]


@pytest.mark.parametrize(("comment", "said"), [("4", 1), ("Meets expectations", 1), ("4 launches", 0)])
def test_a_rating_among_the_comments_is_named_where_one_is_missing(
    comment: str, said: int, tmp_path: Path
) -> None:
    rows = [(*row, "Led two launches") for row in WIDE]
    rows[1] = (*WIDE[1][:5], None, *WIDE[1][6:], comment)
    header = (*ABOUT, *RATED, "Comments (manager)")
    roster = read(write_sheet(tmp_path / "people.xlsx", header, *rows))
    assert points(roster, "communication:manager") == [5, None, 4, 1]
    problem = f"The comment '{comment}' seems to hold a rating whose own cell is empty: not rated."
    assert told(roster, "note_on_rating") == [problem] * said


def test_levels_that_nobody_knows_are_proposed_for_the_mapping(tmp_path: Path) -> None:
    rows = [(*row[:2], level, *row[3:]) for row, level in zip(WIDE, ("Senor PM", "X1", "", ""), strict=True)]
    said = question(write_sheet(tmp_path / "people.xlsx", (*ABOUT, *RATED), *rows))
    assert said.endswith('say so in a mapping: `levels: {"Senor PM": senior_pm}`.')


def test_of_very_many_levels_that_nobody_knows_some_are_proposed(tmp_path: Path) -> None:
    rows = [(f"K{at:03}", WIDE[0][1], f"Senor PM of team {at}", *WIDE[0][3:]) for at in range(200)]
    said = question(write_sheet(tmp_path / "people.xlsx", (*ABOUT, *RATED), *rows))
    assert said.count('"Senor PM of team ') == 40


def test_a_day_that_stands_for_no_date_is_not_used(tmp_path: Path) -> None:
    rows = [(*row[:3], date(1970, 1, 1) if at else row[3], *row[4:]) for at, row in enumerate(WIDE)]
    roster = read(write_sheet(tmp_path / "people.xlsx", (*ABOUT, *RATED), *rows))
    assert roster.people["level_since"].to_list() == [date(2022, 1, 3), None, None, None]
    assert told(roster, "implausible_date") == ["1 January 1970 is what some systems write for no date."] * 3


def test_a_cycle_with_quotes_in_its_name_is_proposed_as_a_mapping_can_hold_it(tmp_path: Path) -> None:
    rows = [(*row, cycle) for row in WIDE for cycle in ('The "big" one', 'The "small" one')]
    said = question(write_sheet(tmp_path / "people.xlsx", (*ABOUT, *RATED, "Review Cycle"), *rows))
    assert r'`cycle: "The \"big\" one"`' in said


def test_levels_whose_header_was_deleted_are_found(tmp_path: Path) -> None:
    said = question(write_sheet(tmp_path / "people.xlsx", (*ABOUT[:2], None, ABOUT[3], *RATED), *WIDE))
    assert "column C holds levels of the rule pack and has no header in row 1. Write 'Level' there." in said


def test_a_form_whose_values_moved_left_is_named_and_the_others_are_read(tmp_path: Path) -> None:
    rows = [row if at != 3 else (row[0], *row[2:]) for at, row in enumerate(forms(PEOPLE))]
    roster = read(write_sheet(tmp_path / "forms.xlsx", FORM_HEADER, *rows))
    assert points(roster, "communication:manager")[::2] == [5, 4]
    assert told(roster, "unknown_rater") == ["'3' does not say who rated; 1 row with it was not used."]


def test_a_rating_whose_values_moved_left_is_named_and_the_others_are_read(tmp_path: Path) -> None:
    rows = [row if at != 6 else (row[0], *row[2:]) for at, row in enumerate(LONG)]
    roster = read(write_sheet(tmp_path / "rows.xlsx", LONG_HEADER, *rows))
    assert points(roster, "communication:manager") == [5, 4, 1]
    assert "The rows of K2002 differ in the employee name" in told(roster, "conflicting_rows")[0]
    assert "'Self' is not a competency in this rule pack" in told(roster, "unknown_competency")[0]


def test_a_copy_of_a_tab_that_is_the_same_is_read_once(tmp_path: Path) -> None:
    tab = [(*ABOUT, "Communication"), *(row[:4] + row[5:6] for row in WIDE)]
    own = [(*ABOUT[:2], "Communication"), *(row[:2] + row[4:5] for row in WIDE)]
    book = {"Self": own, "Manager": [*tab, ("Average", None, None, None, 3.25)]}
    roster = read(write_workbook(tmp_path / "tabs.xlsx", {**book, "Manager (2)": book["Manager"]}))
    assert points(roster, "communication:manager") == [5, 3, 4, 1]
    assert told(roster, "person_without_ratings") == []
