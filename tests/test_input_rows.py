"""Rows without a person behind them, and tables side by side: told of, and never read as people."""

import re
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.styles import Font

from inputs import UNITS_PER_POINT, InputError, Roster, Severity
from inputs.files import rich_texts
from inputs.loading import load_roster
from inputs.mapping import FileMapping
from tests.made_files import Row, write_lines, write_sheet, write_workbook
from tests.read_rosters import DAY, WORDS, assessed, points, question, read, read_rows, told

WIDE = ("Employee ID", "Name", "Level", "Communication (self)", "Communication (manager)")


PEOPLE: list[Row] = [
    ["K1", "Max Total", "Senior PM", 3, 4],
    ["K2", "Jane Example", "Senior PM", 4, 4],
    ["K3", "Ann Test", "Product Manager", 2, 3],
]


@pytest.mark.parametrize(
    ("employee", "name", "kind"),
    [
        ("AVG", "All employees", "totals_row"),
        ("Average", "", "totals_row"),
        ("Ø", "", "totals_row"),
        ("MAX", "", "totals_row"),
        ("K0", "All employees", "totals_row"),
        ("K0", "Company average", "totals_row"),
        ("Senior PM average", "", "totals_row"),
        ("Target", "", "totals_row"),
        ("Expected for Senior PM", "", "totals_row"),
        ("K0", "Required level", "totals_row"),
        ("EXAMPLE", "Jane Example", "example_row"),
        ("EXAMPLE-1", "Example, to be deleted", "example_row"),
        ("SAMPLE", "John Sample", "example_row"),
        ("TEST01", "Tina Test", "example_row"),
        ("template", "", "example_row"),
        ("Beispiel", "Max Mustermann", "example_row"),
        ("K0", "Test employee", "example_row"),
    ],
)
def test_rows_that_sum_up_or_show_how_are_no_people_also_with_a_level(
    employee: str, name: str, kind: str, tmp_path: Path
) -> None:
    roster = read_rows(tmp_path, WIDE, [employee, name, "Senior PM", 3, 3], *PEOPLE)
    assert assessed(roster) == ["K1", "K2", "K3"]
    [issue] = [issue for issue in roster.issues if issue.kind == kind]
    assert issue.severity is Severity.NOTE
    assert (issue.row, issue.employee_id) == (2, employee)
    assert f"'{name if employee == 'K0' else employee}'" in issue.problem


def test_one_person_beside_the_example_is_enough(tmp_path: Path) -> None:
    example = ["EXAMPLE-1", "Example, to be deleted", "Senior PM", "", ""]
    assert assessed(read_rows(tmp_path, WIDE, example, PEOPLE[0])) == ["K1"]


def test_ids_that_all_begin_with_test_are_people(tmp_path: Path) -> None:
    rows = [[f"TEST{at}", *row[1:]] for at, row in enumerate(PEOPLE)]
    assert assessed(read_rows(tmp_path, WIDE, *rows)) == ["TEST0", "TEST1", "TEST2"]


def test_initials_are_people_also_where_they_are_words(tmp_path: Path) -> None:
    rows = [[employee, *row[1:]] for employee, row in zip(("MAX", "MIN", "ANN"), PEOPLE, strict=True)]
    assert assessed(read_rows(tmp_path, WIDE, *rows)) == ["MAX", "MIN", "ANN"]


def test_people_known_by_name_alone_stay_people(tmp_path: Path) -> None:
    rows = [row[1:] for row in (*PEOPLE, ["", "Average", "Senior PM", 3, 3], ["", "Max", "Senior PM", 3, 3])]
    assert assessed(read_rows(tmp_path, WIDE[1:], *rows)) == ["Max Total", "Jane Example", "Ann Test", "Max"]


LONG = ("Employee ID", "Level", "Competency", "Self", "Manager")


def test_sums_in_a_table_with_several_rows_for_each_person_are_no_people(tmp_path: Path) -> None:
    roster = read_rows(
        tmp_path,
        LONG,
        ["K1", "Senior PM", "Communication", 3, 4],
        ["", "", "Customer Empathy", 2, 5],
        ["", "", "Problem Solving", 2, 5],
        ["K1 Total", "", "", 2.5, 4.5],
        ["K2", "Senior PM", "Communication", 1, 4],
        ["", "", "Customer Empathy", 5, 3],
        ["", "", "Problem Solving", 2, 5],
        ["K2 Total", "", "", 3, 3.5],
        ["Grand Total", "", "", 2.75, 4],
        ["Ø", "", "", 2.75, 4],
        ["Std. deviation", "", "", 1, 1],
        ["# rated", "", "", 4, 4],
    )
    assert assessed(roster) == ["K1", "K2"]
    assert set(roster.not_assessable["kind"]) == {"totals_row"}
    assert all(issue.severity is not Severity.ERROR for issue in roster.issues)
    assert not [issue for issue in roster.issues if issue.kind == "unknown_competency"]


def test_an_example_in_a_table_with_several_rows_for_each_person_is_no_person(tmp_path: Path) -> None:
    rows = [
        [employee, "Senior PM", title, 3, 4]
        for employee in ("EXAMPLE", "K1", "K2", "K3")
        for title in ("Communication", "Customer Empathy")
    ]
    roster = read_rows(tmp_path, LONG, *rows)
    assert assessed(roster) == ["K1", "K2", "K3"]
    assert roster.not_assessable["kind"].to_list() == ["example_row"]


@pytest.mark.parametrize("gap", [[], [[]]], ids=["", "after a gap"])
def test_an_example_alone_in_its_row_is_an_example_and_no_remark(
    tmp_path: Path, gap: list[list[str]]
) -> None:
    path = write_sheet(tmp_path / "people.xlsx", WIDE, *PEOPLE, *gap, ["Test employee"])
    roster = load_roster([path], WORDS, DAY)
    assert assessed(roster) == ["K1", "K2", "K3"]
    assert roster.not_assessable["kind"].to_list() == ["example_row"]


def test_figures_and_remarks_below_the_table_are_no_people_and_no_ratings(tmp_path: Path) -> None:
    path = write_sheet(
        tmp_path / "people.xlsx",
        WIDE,
        *PEOPLE,
        ["Ø", None, None, 3.2, 3.2],
        ["Std. deviation", None, None, 1.2, 1.2],
        ["# rated", None, None, 10, 10],
        [],
        ["Generated by j.doe on 30/06/2026 14:02", "Page 1 of 1"],
    )
    roster = load_roster([path], WORDS, DAY)
    assert assessed(roster) == ["K1", "K2", "K3"]
    assert roster.not_assessable["kind"].to_list() == [*["totals_row"] * 3, "remark_row"]
    assert not [issue for issue in roster.issues if issue.severity is Severity.ERROR]
    assert not [issue for issue in roster.issues if issue.kind == "rating_out_of_scale"]


SELF, MANAGER = "Communication (self)", "Communication (manager)"
ORDERS = [["K1", "K2", "K3", "K4"], ["K3", "K4", "K1", "K2"]]


A_ROW_FOR_EACH = ["Employee ID", "Name", "Level", "Competency", "Rater", "Rating"]
RATED_PEOPLE: list[Row] = [
    [one, f"Person {one}", "Senior PM", "Communication", rater, 3]
    for one in ("K1", "K2")
    for rater in ("Self", "Manager")
]


@pytest.mark.parametrize("column", [0, 1, 2, 3, 4])
@pytest.mark.parametrize(
    "said",
    [
        *("Total records: 7", "Count: 7", "7 rows", "Grand total", "Generated on 2026-05-04 by HR"),
        *("*** End of Report ***", "Confidential", "Confidential - internal", "Page 1 of 3", "Anzahl: 2"),
        *("Généré le 04/05/2026", "Source: Workday", "----------", "© 2026 Example Ltd"),
    ],
)
def test_what_programs_write_below_a_table_is_no_person_and_no_error(
    said: str, column: int, tmp_path: Path
) -> None:
    footer = [said if at == column else "" for at in range(5)]
    for header, people in ((WIDE, PEOPLE), (A_ROW_FOR_EACH, RATED_PEOPLE)):
        roster = read_rows(tmp_path, header, *people, footer + [""] * (len(header) - 5))
        assert assessed(roster) == sorted({str(row[0]) for row in people})
        assert [one.severity for one in roster.issues if one.row == len(people) + 2] == [Severity.NOTE]


@pytest.mark.parametrize(
    "row",
    [
        *(["Confidential", "Ann Lee", "Senior PM", 4, 3], ["Page", "", "Senior PM", "", ""]),
        *(["", "Page Turner", "", "", ""], ["Note", "", "", "", 4], ["", "Source Paul", "", "", ""]),
        *(["", "", "Senior PM", "", ""], ["", "", "", "", 4], ["Confidential", "Ann Lee", "", "", ""]),
    ],
)
def test_a_row_with_a_name_a_level_or_a_rating_is_a_persons(row: Row, tmp_path: Path) -> None:
    roster = read_rows(tmp_path, WIDE, *PEOPLE, row)
    out = roster.not_assessable["kind"].to_list()
    assert len(assessed(roster)) + len(out) == len(PEOPLE) + 1
    assert not set(out) & {"remark_row", "totals_row"}


@pytest.mark.parametrize(
    ("label", "value"), [("Total records:", 7), ("Source:", "Workday"), ("Generated on", "2026-05-04")]
)
def test_a_footer_in_two_cells_is_no_person(label: str, value: str, tmp_path: Path) -> None:
    roster = read_rows(tmp_path, WIDE, *PEOPLE, [label, value, "", "", ""])
    assert roster.not_assessable.height == 0
    assert [one.problem for one in roster.issues if one.kind == "remark_row"] == [
        f"The row is a footer ('{label} {value}'); it is not a person."
    ]


def side_by_side(folder: Path, *headers: Row, gap: bool = True, right: Sequence[str] = ()) -> Path:
    """Two tables in one sheet, the second with the people in another order."""
    between = [None] if gap else []
    people = [
        [one, f"Name of {one}", "Senior PM", 3, *between, other, f"Name of {other}", 4]
        for one, other in zip(ORDERS[0], right or ORDERS[1], strict=True)
    ]
    return write_sheet(folder / "both.xlsx", *headers, *people)


ONE, OTHER = ["Employee ID", "Name", "Level"], ["Employee ID", "Name"]


@pytest.mark.parametrize(
    "headers",
    [
        [[*ONE, SELF, None, *OTHER, MANAGER]],
        [
            ["Self ratings", *[None] * 4, "Manager ratings"],
            [*ONE, "Communication", None, *OTHER, "Communication"],
        ],
        [[*ONE, SELF, None, "Personnel number", "Full name", MANAGER]],
    ],
)
def test_two_tables_side_by_side_are_never_read_by_row(headers: list[Row], tmp_path: Path) -> None:
    with pytest.raises(InputError) as stopped:
        load_roster([side_by_side(tmp_path, *headers)], WORDS, DAY)
    assert "two tables side by side" in str(stopped.value)
    assert "Put each on a sheet of its own." in str(stopped.value)
    assert "column F" in str(stopped.value)


def test_a_mapping_does_not_put_the_rows_of_two_tables_in_order(tmp_path: Path) -> None:
    path = side_by_side(tmp_path, [*ONE, SELF, None, *OTHER, MANAGER])
    said = ["employee_id", "employee_name", "level", "communication:self"]
    roles = dict(zip("ABCDFGH", [*said, None, None, "communication:manager"], strict=True))
    headers = dict(zip("ABCDFGH", [*ONE, SELF, *OTHER, MANAGER], strict=True))
    columns = {letter: {"header": headers[letter], "is": role} for letter, role in roles.items()}
    mapping = FileMapping.model_validate({"tables": [{"header_rows": [1], "columns": columns}]})
    with pytest.raises(InputError, match="two tables side by side"):
        load_roster([path], WORDS, DAY, mapping)


def test_two_tables_side_by_side_without_a_gap_or_with_other_people_are_told(tmp_path: Path) -> None:
    headers = [*ONE, SELF, *OTHER, MANAGER]
    with pytest.raises(InputError, match="two tables side by side"):
        load_roster([side_by_side(tmp_path, headers, gap=False)], WORDS, DAY)
    others = ["L1", "L2", "L3", "L4"]
    with pytest.raises(InputError, match="two tables side by side"):
        load_roster([side_by_side(tmp_path, headers, gap=False, right=others)], WORDS, DAY)


def test_a_second_table_that_names_people_by_something_else_is_told(tmp_path: Path) -> None:
    headers = ["Employee ID", "Level", SELF, None, "Name", MANAGER]
    people = zip(*ORDERS, strict=True)
    rows = [[one, "Senior PM", 3, None, f"Name of {other}", 4] for one, other in people]
    write_sheet(tmp_path / "both.xlsx", headers, *rows)
    with pytest.raises(InputError, match="two tables side by side"):
        load_roster([tmp_path / "both.xlsx"], WORDS, DAY)


def test_an_id_that_is_repeated_beside_the_ratings_is_one_table(tmp_path: Path) -> None:
    path = side_by_side(tmp_path, [*ONE, SELF, None, *OTHER, MANAGER], right=ORDERS[0])
    assert assessed(load_roster([path], WORDS, DAY)) == ORDERS[0]


def test_a_second_name_column_with_the_managers_names_is_no_second_table(tmp_path: Path) -> None:
    rows = [[*row[:4], "Ann Boss", row[4]] for row in PEOPLE]
    roster = read_rows(tmp_path, [*WIDE[:4], "Name", WIDE[4]], *rows)
    assert assessed(roster) == ["K1", "K2", "K3"]


def struck(folder: Path, *places: str) -> list[tuple[str, Severity]]:
    """What is said of the people when the text of some cells is struck through."""

    def strike(book: Workbook) -> None:
        for place in places:
            book.active[place].font = Font(strike=True)

    roster = load_roster([write_sheet(folder / "people.xlsx", WIDE, *PEOPLE, change=strike)], WORDS, DAY)
    assert assessed(roster) == ["K1", "K2", "K3"]
    return [(one.problem, one.severity) for one in roster.issues if one.kind == "struck_through"]


NO = "<rPr/>"
YES = "<rPr><strike/></rPr>"
BY_STYLE = ""


MAIN = "http://schemas.openxmlformats.org"
SHARED = {
    "</Types>": '<Override PartName="/xl/sharedStrings.xml" ContentType="application/'
    'vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/>',
    "</Relationships>": f'<Relationship Id="rId99" Target="sharedStrings.xml" Type="{MAIN}/officeDocument/'
    '2006/relationships/sharedStrings"/>',
}
"""What a workbook with shared strings has at the ends of its parts."""


def partly_struck(folder: Path, kind: str, place: str, *runs: tuple[str, str], style: bool = False) -> Roster:
    """People of whom the text of one cell has parts, each with its looks; among the shared strings or in the
    cell itself."""

    def change(book: Workbook) -> None:
        book.active[place] = "TO BE PUT HERE"
        book.active[place].font = Font(strike=style)

    write_sheet(folder / "plain.xlsx", WIDE, *PEOPLE, change=change)
    parts = "".join(f"<r>{looks}<t>{text}</t></r>" for text, looks in runs)
    cell = re.compile(rf'<c r="{place}"( s="\d+")? t="inlineStr"><is><t>TO BE PUT HERE</t></is></c>')
    here = 't="s"><v>1</v>' if kind == "shared" else f't="inlineStr"><is>{parts}</is>'
    with (
        zipfile.ZipFile(folder / "plain.xlsx") as plain,
        zipfile.ZipFile(folder / "people.xlsx", "w") as made,
    ):
        for name in plain.namelist():
            text = cell.sub(rf'<c r="{place}"\1 {here}</c>', plain.read(name).decode())
            for end, more in SHARED.items() if kind == "shared" else ():
                text = text.replace(end, more + end)
            made.writestr(name, text)
        if kind == "shared":
            strings = f"<si><t>Another</t></si><si>{parts}<rPh><t>43</t></rPh></si>"
            made.writestr(
                "xl/sharedStrings.xml", f'<sst xmlns="{MAIN}/spreadsheetml/2006/main">{strings}</sst>'
            )
    return load_roster([folder / "people.xlsx"], WORDS, DAY)


@pytest.mark.parametrize("kind", ["shared", "inline"])
@pytest.mark.parametrize(
    ("runs", "style"),
    [
        ([("4", YES), ("3", NO)], False),
        ([("3", BY_STYLE), ("4", YES)], False),
        ([("4", BY_STYLE), ("3", NO)], True),
        ([("4", '<rPr><b/><strike val="1"/></rPr>'), ("3", '<rPr><strike val="0"/></rPr>')], False),
    ],
)
def test_the_part_of_a_text_that_is_struck_through_is_left_out_and_told(
    kind: str, runs: list[tuple[str, str]], style: bool, tmp_path: Path
) -> None:
    roster = partly_struck(tmp_path, kind, "E3", *runs, style=style)
    assert roster.ratings["communication:manager"][1] == 3 * UNITS_PER_POINT
    whole = "".join(text for text, _ in runs)
    assert [one.problem for one in roster.issues if one.kind == "struck_through"] == [
        f"A part of a text that is struck through was left out: E3 ('{whole}', read as '3')."
    ]


def test_a_text_in_a_column_that_is_not_read_is_not_repeated(tmp_path: Path) -> None:
    roster = partly_struck(tmp_path, "shared", "F3", ("50000", YES), ("60000", NO))
    assert [one.problem for one in roster.issues if one.kind == "struck_through"] == []


@pytest.mark.parametrize("kind", ["shared", "inline"])
def test_a_level_is_not_taken_from_its_part_that_is_struck_through(kind: str, tmp_path: Path) -> None:
    roster = partly_struck(tmp_path, kind, "C3", ("Senior PM", YES), (" Lead PM", NO))
    assert roster.people["level"][1] == "lead_pm"


@pytest.mark.parametrize("kind", ["shared", "inline"])
def test_a_text_whose_parts_are_all_struck_through_is_told_like_any_other(kind: str, tmp_path: Path) -> None:
    roster = partly_struck(tmp_path, kind, "E3", ("4", YES), (".5", YES))
    assert [one.problem for one in roster.issues if one.kind == "struck_through"] == [
        "Text that is struck through was read like any other: E3."
    ]


def test_more_such_texts_than_can_be_looked_at_stop_the_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rich_texts, "_MOST", 0)
    with pytest.raises(
        InputError, match=r"^people\.xlsx: the workbook has more than 0 texts of which a part"
    ):
        partly_struck(tmp_path, "shared", "E3", ("4", YES), ("3", NO))


@pytest.mark.parametrize("kind", ["shared", "inline"])
def test_a_text_with_bold_parts_is_read_whole(kind: str, tmp_path: Path) -> None:
    roster = partly_struck(tmp_path, kind, "E3", ("4", "<rPr><b/></rPr>"), (".5", BY_STYLE))
    assert roster.ratings["communication:manager"][1] == 4.5 * UNITS_PER_POINT
    assert not [one for one in roster.issues if one.kind == "struck_through"]


@pytest.mark.parametrize(
    ("places", "named"),
    [
        (["A3", "B3", "C3", "D3", "E3", "F3"], "A3:E3"),
        (["B2", "E4", "D4"], "B2, D4:E4"),
        (["A1", "A9"], ""),
        ([], ""),
    ],
)
def test_text_that_is_struck_through_is_warned_of_with_its_cells(
    places: list[str], named: str, tmp_path: Path
) -> None:
    said = f"Text that is struck through was read like any other: {named}."
    assert struck(tmp_path, *places) == ([(said, Severity.WARNING)] if named else [])


@pytest.mark.parametrize("count", [str, "({})".format])
def test_a_line_below_the_header_that_numbers_the_columns_is_no_person(count, tmp_path: Path) -> None:
    numbers = [count(at) for at, _ in enumerate(WIDE, 1)]
    roster = read_rows(tmp_path, WIDE, numbers, *PEOPLE)
    assert assessed(roster) == ["K1", "K2", "K3"]
    assert roster.not_assessable.is_empty()
    assert roster.cell(0, "communication:self").place == "D3"


@pytest.mark.parametrize(
    "line",
    [
        ("String", "String", "String", "Number", "Number"),
        ("varchar(20)", "varchar(80)", "varchar(20)", "decimal(3,1)", "int"),
        ("*Required", "Optional", "*Required", "Required", "Required"),
        ("Pflichtfeld", "optional", "Pflichtfeld", "Zahl", "Zahl"),
        ("-----------", "----", "-----", "----", "----"),
        ("Text", "", "Picklist", "Number", "Number"),
    ],
)
def test_a_line_below_the_header_that_says_what_to_fill_in_is_no_person(line: Row, tmp_path: Path) -> None:
    roster = read_rows(tmp_path, WIDE, line, *PEOPLE)
    assert assessed(roster) == ["K1", "K2", "K3"]
    assert roster.not_assessable.is_empty()
    assert points(roster, "communication:self") == [3, 4, 2]
    assert roster.cell(0, "communication:self").place == "D3"


def test_a_line_that_says_what_to_fill_in_is_no_person_and_its_scale_is_heeded(tmp_path: Path) -> None:
    line = ("Text", "Text", "Picklist", "1-10", "1-10", "Text")
    people = [[*row[:3], 10, units, "Runa Falk"] for row, units in zip(PEOPLE, (1, 7, 10), strict=True)]
    roster = read_rows(tmp_path, (*WIDE, "Manager"), line, *people)
    assert assessed(roster) == ["K1", "K2", "K3"]
    assert roster.not_assessable["kind"].to_list() == ["totals_row"]
    assert points(roster, "communication:self") == [5, 5, 5]
    assert told(roster, "own_manager") == []


def test_a_row_with_a_level_and_words_of_such_a_line_is_a_persons(tmp_path: Path) -> None:
    roster = read_rows(
        tmp_path, WIDE, ("Text", "Ann Key", "Senior PM", 4, 4), ("Real", "Ed Date", "Senior PM", 4, 4)
    )
    assert assessed(roster) == ["Text", "Real"]


@pytest.mark.parametrize(
    "footer",
    [
        "18 rows in set (0.00 sec)",
        "(6 rows affected)",
        "(18 rows)",
        "12 rows selected.",
        "3 records returned",
    ],
)
def test_what_a_database_writes_below_a_table_is_no_person(footer: str, tmp_path: Path) -> None:
    roster = read_rows(tmp_path, WIDE, *PEOPLE, (footer,))
    assert roster.not_assessable.is_empty()
    assert told(roster, "remark_row") == [f"The row is a footer ('{footer}'); it is not a person."]


def test_a_dump_of_a_database_is_read(tmp_path: Path) -> None:
    path = write_lines(
        tmp_path / "dump.psv", WIDE, ("K1", "Max", "Senior PM", 3, "\\N"), ("(1 row)",), between="|"
    )
    roster = read(path)
    assert points(roster, "communication:self") == [3]
    assert told(roster, "declared_unrated") == ["Read as not rated: '\\N' (1)."]


def test_a_person_whose_row_counts_up_stays_one(tmp_path: Path) -> None:
    header = ("Employee ID", "Level", *(f"{title} (manager)" for title in ("Communication", "Delegation")))
    path = write_lines(tmp_path / "people.csv", header, [1, 2, 3, 4], ["7", "Senior PM", 5, 4])
    roster = read(path, mapping=FileMapping(levels={"2": "lead_pm"}))
    assert assessed(roster) == ["1", "7"]


def test_a_sum_that_stands_below_the_names_of_a_list_is_no_person(tmp_path: Path) -> None:
    header = ("Name", "Employee ID", "Level", "Competency", "Self", "Manager")
    rows = [["Max Lind", "K1", "Senior PM", "Communication", 3, 4], ["Average", "", "", "", 3, 4]]
    roster = read(write_lines(tmp_path / "people.csv", header, *rows))
    assert roster.not_assessable["kind"].to_list() == ["totals_row"]


def test_a_line_that_names_a_team_in_a_list_of_ratings_is_nobody_without_a_level(tmp_path: Path) -> None:
    rows = [[one, "Senior PM", "Communication", 3, 4] for one in ("K1", "K2")]
    team: list[Row] = [["Growth team", *[""] * 4], ["Payments team", *[""] * 4]]
    roster = read_rows(tmp_path, LONG, team[0], rows[0], team[1], rows[1])
    assert assessed(roster) == ["K1", "K2"]
    assert roster.not_assessable["kind"].to_list() == ["remark_row"] * 2


@pytest.mark.parametrize(
    ("header", "first", "alone", "remark"),
    [
        ("Name", "Runa Falk", "Timo Jan Abel", "All figures are final"),
        ("Name", "Falk, Runa", "O'Neil-Abel, Timo", "Confidential draft"),
        ("Employee ID", "E 1", "E 20", "Growth team"),
        ("Employee ID", "K-1", "K-20", "Growth team"),
    ],
)
def test_a_row_with_an_id_or_name_alone_is_a_person_of_whom_nothing_is_said(
    header: str, first: str, alone: str, remark: str, tmp_path: Path
) -> None:
    rows: list[Row] = [[first, "Senior PM", 4], [alone, "", ""], [], [remark, "", ""]]
    path = write_lines(tmp_path / "people.csv", (header, "Level", "Communication (manager)"), *rows)
    out = read(path).not_assessable
    assert out["kind"].to_list() == ["missing_level", "remark_row"]


@pytest.mark.parametrize("shape", ["bands", "rater rows"])
def test_the_header_once_more_is_no_second_table_and_nobody_in_any_shape(shape, tmp_path: Path) -> None:
    if shape == "bands":
        header: list[Row] = [["Employee ID", "Level", "Self", "", "Manager", ""]]
        header += [["", "", *["Communication", "Delegation"] * 2]]
        people: list[Row] = [["K1", "Senior PM", 1, 2, 3, 4], ["K2", "Senior PM", 5, 4, 3, 2]]
    else:
        header = [["Employee ID", "Level", "Rater", "Communication", "Delegation"]]
        people = [["K1", "Senior PM", "Manager", 3, 4], ["K2", "Senior PM", "Manager", 3, 2]]
    path = write_lines(tmp_path / "people.csv", *header, people[0], [], *header, people[1])
    roster = read(path)
    assert points(roster, "delegation:manager") == [4, 2]
    assert len(told(roster, "repeated_header")) == len(header)


@pytest.mark.parametrize(
    ("below", "others"),
    [("Communication (manager)", "Communication (self)"), ("Delegation (self)", "Delegation (manager)")],
)
def test_a_header_among_the_rows_that_says_something_else_begins_a_second_table(
    below: str, others: str, tmp_path: Path
) -> None:
    again = [*WIDE[:3], below, others]
    path = write_lines(tmp_path / "people.csv", WIDE, PEOPLE[0], again, PEOPLE[1])
    assert "row 3: is that the header of a second table?" in question(path)


def test_a_header_among_the_rows_in_other_words_is_nobody(tmp_path: Path) -> None:
    again = [*WIDE[:3], "Communication - Self", "Manager: Communication"]
    roster = read_rows(tmp_path, WIDE, PEOPLE[0], again, PEOPLE[1])
    assert points(roster, "communication:manager") == [4, 4]
    assert told(roster, "repeated_header") == ["The row repeats the header; it is not a person."]


def test_a_rating_alone_of_a_competency_that_is_a_word_of_footers_is_read(tmp_path: Path) -> None:
    rows = [["K1", "Senior PM", "Communication", 3, 4], ["", "", "Results", 5, ""], ["", "", "Vision", "", 4]]
    roster = read_rows(tmp_path, LONG, *rows)
    assert points(roster, "results:self") == [5]
    assert points(roster, "product_vision:manager") == [4]


def test_rows_that_say_nothing_of_the_level_do_not_contradict_those_that_do(tmp_path: Path) -> None:
    rows = [["K1", "n/a", "Vision", 3, 4], ["K1", "Senior PM", "Communication", 3, 4]]
    assert read_rows(tmp_path, LONG, *rows).people["level"].to_list() == ["senior_pm"]


def test_where_the_rows_of_everybody_contradict_each_other_in_the_level_that_is_said(tmp_path: Path) -> None:
    rows = [["K1", "PM", "Vision", 3, 4], ["K1", "Senior PM", "Communication", 3, 4]]
    with pytest.raises(InputError, match=r"The rows of K1 differ in the level: 'PM' \(row 2\), 'Senior PM'"):
        read_rows(tmp_path, LONG, *rows)


@pytest.mark.parametrize(
    "line",
    [
        *("Manager: Oona Rask", "Department: Payments", "Vorgesetzter: Oona Rask"),
        *("Not assessed this cycle:", "New joiners (not rated)", "Duplicates"),
    ],
)
def test_a_line_that_says_of_the_rows_below_it_what_no_column_does_is_told(line: str, tmp_path: Path) -> None:
    roster = read_rows(tmp_path, WIDE, [line, "", "", "", ""], *PEOPLE)
    (problem,) = told(roster, "line_among_rows")
    assert problem.startswith(f"'{line}' stands in a row of its own.")


def test_a_line_that_repeats_what_a_column_says_is_a_remark_alone(tmp_path: Path) -> None:
    rows = [[*row, "Oona Rask"] for row in PEOPLE]
    roster = read_rows(tmp_path, [*WIDE, "Manager"], ["Manager: Oona Rask", "", "", "", "", ""], *rows)
    assert told(roster, "line_among_rows") == []
    assert len(told(roster, "remark_row")) == 1


def test_rows_below_the_first_of_a_person_are_theirs_also_between_subtotals(tmp_path: Path) -> None:
    rows = [
        ["K1", "Senior PM", "Vision", 3, 4],
        ["", "", "Communication", 2, 5],
        ["K1 Total", "", "", 2.5, 4.5],
    ]
    rows += [["K2", "PM", "Vision", 1, 2], ["", "", "Communication", 3, 3], ["K2 Total", "", "", 2, 2.5]]
    roster = read_rows(tmp_path, LONG, *rows)
    assert points(roster, "communication:manager") == [5, 3]
    assert len(told(roster, "totals_row")) == 2


def test_rows_of_a_pivot_table_are_the_persons_above_also_where_its_totals_stand_beside_an_empty_id(
    tmp_path: Path,
) -> None:
    rows: list[Row] = [["Name", "Employee ID", "Level", "Competency", "Self rating", "Manager rating"]]
    for name, one, level, own, given in (
        ("Runa Falk", "K1", "Senior PM", 2, 5),
        ("Timo Abel", "K2", "PM", 4, 3),
    ):
        rows += [[name, one, level, "Vision", 3, 4], ["", "", "", "Communication", own, given]]
        rows += [[f"{name} Total", "", "", "", (3 + own) / 2, (4 + given) / 2]]
    roster = read_rows(tmp_path, *rows, ["Grand Total", "", "", "", 3, 4])
    assert roster.people["employee_name"].to_list() == ["Runa Falk", "Timo Abel"]
    assert points(roster, "communication:manager") == [5, 3]
    assert len(told(roster, "totals_row")) == 3


def test_rows_below_a_subtotal_are_not_taken_for_its_own(tmp_path: Path) -> None:
    rows = [["K1 Total", "", "", 2.5, 4.5], ["", "", "Vision", 3, 4], ["K2", "PM", "Vision", 1, 2]]
    assert assessed(read_rows(tmp_path, LONG, *rows, ["", "", "Communication", 3, 3])) == ["K2"]


@pytest.mark.parametrize("ids", [["AB-7", "AB-8", "AB-9"], ["K1", "K2", "K3"]])
def test_a_line_that_numbers_few_columns_is_nobody_where_ids_are_no_numbers(
    ids: list[str], tmp_path: Path
) -> None:
    header = ["Employee ID", "Level", "Communication (self)", "Communication (manager)"]
    rows = [[one, "Senior PM", 3, 4] for one in ids]
    roster = read(write_lines(tmp_path / "people.csv", header, [1, 2, 3, 4], *rows))
    assert (assessed(roster), roster.not_assessable.height) == (ids, 0)


def test_a_first_row_of_rising_ratings_is_a_person_where_ids_are_numbers(tmp_path: Path) -> None:
    header: Row = ["Employee ID", "Communication (self)", "Communication (manager)"]
    people: list[Row] = [["Employee ID", "Level"], *([one, "Senior PM"] for one in (1, 2, 3))]
    rated = [header, [1, 2, 3], [2, 4, 4], [3, 3, 5]]
    book = write_workbook(tmp_path / "book.xlsx", {"Staff": people, "Ratings": rated})
    assert points(read(book), "communication:manager") == [3, 4, 5]
