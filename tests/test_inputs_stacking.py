"""Several sheets or files of the same kind as one list: only when a person says so, and every row keeps its
place."""

from collections import Counter
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from engine import assess, explain, vocabulary_of
from inputs import PEOPLE_SCHEMA, UNITS_PER_POINT, InputError, Roster
from inputs.inspection import inspect_files
from inputs.loading import load_roster, read_files
from inputs.mapping import FileMapping, read_mapping
from inputs.samples import SAMPLE_DAY
from inputs.transcript import inspection_lines, mapping_text
from reports.shown import choose_groups
from reports.shown.calibration_groups import split
from reports.shown.content import run_of
from reports.workbook import issues_workbook, mark_issues
from rules import load_pack
from tests.command_line import call, succeeded
from tests.company_files import write_sample_workbook
from tests.inputs_outcome import LACKING
from tests.inputs_vocabulary import DAY, VOCABULARY
from tests.made_files import Row, write_lines, write_workbook

HEADER = ["Employee ID", "Name", "Level", "Communication (self)", "Communication (manager)"]
ALL = FileMapping(sheets="all")
SALES = [HEADER, ["E1", "Ann", "Senior PM", 3, 4], ["E2", "Bob", "Product Manager", 2, 3]]
LEGAL = [["Legal department"], [], HEADER, ["E3", "Cid", "Senior PM", 5, "often"]]
CSV = "Employee ID,Level,Communication (manager)\n"


def text(path: Path, rows: str) -> Path:
    path.write_text(CSV + rows, encoding="utf-8")
    return path


def cells(roster: Roster, column: str) -> dict[str, str]:
    ids = roster.people["employee_id"].to_list()
    return {person: str(roster.cell(at, column)) for at, person in enumerate(ids)}


def issues(roster: Roster) -> list[str]:
    said = [issue for issue in roster.issues if issue.kind not in LACKING]
    return [f"{issue.severity} {issue.kind} {issue.cell or ''}".strip() for issue in said]


def test_sheets_with_the_same_columns_are_asked_about_and_the_question_tells_the_way(tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "a.xlsx", {"Sales": SALES, "Legal": LEGAL})
    with pytest.raises(InputError, match="read them as one list with `--all-sheets`"):
        load_roster([path], VOCABULARY, DAY)


def test_every_row_of_a_list_keeps_its_sheet_and_cell(tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "a.xlsx", {"Sales": SALES, "Legal": LEGAL})
    roster = load_roster([path], VOCABULARY, DAY, ALL)
    assert cells(roster, "communication:self") == {"E1": "Sales!D2", "E2": "Sales!D3", "E3": "Legal!D4"}
    assert roster.people["row"].to_list() == [2, 3, 4]
    assert [(source.sheet, source.header_row, source.rows) for source in roster.sources] == [
        ("Sales", 1, 2),
        ("Legal", 3, 1),
    ]
    assert issues(roster) == ["note stacked", "warning unreadable_rating Legal!E4"]


def test_columns_in_another_order_are_found_by_what_they_are(tmp_path: Path) -> None:
    turned = [[row[at] for at in (4, 0, 3, 2, 1)] for row in (HEADER, ["E3", "Cid", "Senior PM", 5, 1])]
    path = write_workbook(tmp_path / "a.xlsx", {"Sales": SALES, "Legal": turned})
    roster = load_roster([path], VOCABULARY, DAY, ALL)
    assert cells(roster, "communication:manager")["E3"] == "Legal!A2"
    assert cells(roster, "employee_name")["E3"] == "Legal!E2"
    assert roster.people["employee_name"].to_list() == ["Ann", "Bob", "Cid"]


def test_a_column_that_one_sheet_lacks_is_said_and_stays_empty_there(tmp_path: Path) -> None:
    short = [row[:3] + row[4:] for row in (HEADER, ["E3", "Cid", "Senior PM", 5, 1])]
    path = write_workbook(tmp_path / "a.xlsx", {"Sales": SALES, "Legal": short})
    roster = load_roster([path], VOCABULARY, DAY, ALL)
    assert roster.ratings["communication:self"].is_null().to_list() == [False, False, True]
    assert issues(roster) == ["note stacked", "warning stacked Legal"]


def test_a_column_that_only_a_later_sheet_has_is_read_from_there(tmp_path: Path) -> None:
    longer = [[*HEADER, "Delegation (manager)"], ["E3", "Cid", "Senior PM", 5, 1, 2]]
    path = write_workbook(tmp_path / "a.xlsx", {"Sales": SALES, "Legal": longer})
    roster = load_roster([path], VOCABULARY, DAY, ALL)
    assert roster.ratings["delegation:manager"].is_null().to_list() == [True, True, False]
    assert cells(roster, "delegation:manager")["E3"] == "Legal!F2"


def test_a_person_in_two_sheets_of_a_list_is_a_duplicate_and_the_message_names_the_sheet(
    tmp_path: Path,
) -> None:
    again = [HEADER, ["E2", "Bob", "Senior PM", 5, 1]]
    path = write_workbook(tmp_path / "a.xlsx", {"Sales": SALES, "Legal": again})
    roster = load_roster([path], VOCABULARY, DAY, ALL)
    assert roster.people["employee_id"].to_list() == ["E1"]
    assert roster.people_in_file == 3
    ways = (
        "with other values. Keep the row that is right, or give each person their own id. A mapping can say "
        "which row counts: `row_that_counts: first`, or `last`, `neither`."
    )
    assert roster.not_assessable["reason"].to_list() == [
        f"Sales!A3: The id E2 is also in row 2 of 'Legal', {ways}",
        f"Legal!A2: The id E2 is also in row 3 of 'Sales', {ways}",
    ]


def test_a_person_in_two_files_whose_sheets_have_one_name_is_told_of_with_the_file(tmp_path: Path) -> None:
    again = [HEADER, ["E2", "Bob", "Senior PM", 5, 1], ["E9", "Una", "Senior PM", 3, 3]]
    paths = [
        write_workbook(tmp_path / f"{at}.xlsx", {"Sheet1": rows}) for at, rows in enumerate((SALES, again))
    ]
    reasons = load_roster(paths, VOCABULARY, DAY).not_assessable["reason"].to_list()
    assert ["in row 2 of '[1.xlsx]Sheet1'" in reasons[0], "in row 3 of '[0.xlsx]Sheet1'" in reasons[1]] == [
        True
    ] * 2


def test_each_sheet_reads_its_dates_in_its_own_order(tmp_path: Path) -> None:
    head = ["Employee ID", "Level", "Hire Date", "Communication (manager)"]
    us = [head, ["E1", "Senior PM", "01/31/2020", 3], ["E2", "Senior PM", "02/03/2020", 3]]
    uk = [head, ["E3", "Senior PM", "31/01/2020", 3], ["E4", "Senior PM", "02/03/2020", 3]]
    roster = load_roster([write_workbook(tmp_path / "a.xlsx", {"US": us, "UK": uk})], VOCABULARY, DAY, ALL)
    assert roster.people["hire_date"].to_list() == [
        date(2020, 1, 31),
        date(2020, 2, 3),
        date(2020, 1, 31),
        date(2020, 3, 2),
    ]


def test_sheets_whose_headers_name_different_scales_are_no_list(tmp_path: Path) -> None:
    ten = [[*HEADER[:3], "Communication (self) [1-10]", HEADER[4]], ["E3", "Cid", "Senior PM", 9, 4]]
    path = write_workbook(tmp_path / "a.xlsx", {"Sales": SALES, "Legal": ten})
    with pytest.raises(
        InputError, match="name different scales for the rating of communication by the person"
    ):
        load_roster([path], VOCABULARY, DAY, ALL)


def test_a_hidden_sheet_does_not_join_a_list(tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "a.xlsx", {"Sales": SALES, "Legal": LEGAL, "Old": SALES})
    book = openpyxl.load_workbook(path)
    book["Old"].sheet_state = "hidden"
    book.save(path)
    roster = load_roster([path], VOCABULARY, DAY, ALL)
    assert roster.people.height == 3
    assert "note sheet_not_used Old" in issues(roster)


def test_files_of_different_people_are_one_list_and_cells_name_the_file(tmp_path: Path) -> None:
    paths = [
        text(tmp_path / "sales.csv", "E1,Senior PM,4\nE2,Senior PM,x\n"),
        text(tmp_path / "legal.csv", "E3,PM,3\n"),
    ]
    roster = load_roster(paths, VOCABULARY, DAY)
    assert cells(roster, "communication:manager") == {
        "E1": "[sales.csv]C2",
        "E2": "[sales.csv]C3",
        "E3": "[legal.csv]C2",
    }
    assert issues(roster) == ["note stacked", "warning unreadable_rating [sales.csv]C3"]


def test_of_files_of_the_same_people_that_name_their_year_the_later_one_counts(tmp_path: Path) -> None:
    paths = [text(tmp_path / f"{year}.csv", f"E1,Senior PM,{year % 5 + 1}\n") for year in (2026, 2025)]
    roster = load_roster(paths, VOCABULARY, DAY)
    assert cells(roster, "communication:manager") == {"E1": "[2026.csv]C2"}
    assert "'2025.csv' holds the same people in a different cycle from" in roster.issues[0].problem


def test_files_of_the_same_people_that_do_not_name_their_year_are_asked_about(tmp_path: Path) -> None:
    paths = [text(tmp_path / f"{name}.csv", f"E1,Senior PM,{len(name)}\n") for name in ("one", "four")]
    with pytest.raises(InputError, match=r"'one.csv' and 'four.csv' each hold"):
        load_roster(paths, VOCABULARY, DAY)


def test_two_files_of_one_name_are_refused(tmp_path: Path) -> None:
    (tmp_path / "may").mkdir()
    paths = [text(tmp_path / "a.csv", "E1,PM,4\n"), text(tmp_path / "may" / "a.csv", "E2,PM,4\n")]
    with pytest.raises(InputError, match="two files of this name"):
        load_roster(paths, VOCABULARY, DAY)


def test_ratings_on_several_sheets_are_one_list_beside_the_people(tmp_path: Path) -> None:
    rated = ["Employee ID", "Communication (self)", "Communication (manager)"]
    sheets = {
        "People": [["Employee ID", "Level"], ["E1", "Senior PM"], ["E2", "PM"], ["E3", "PM"]],
        "May": [rated, ["E1", 3, 4], ["E9", 3, 4]],
        "June": [rated, ["E2", 2, 3]],
    }
    path = write_workbook(tmp_path / "a.xlsx", sheets)
    with pytest.raises(InputError, match="'May' and 'June' each hold ratings by the same raters"):
        load_roster([path], VOCABULARY, DAY)
    roster = load_roster([path], VOCABULARY, DAY, ALL)
    assert cells(roster, "communication:self") == {"E1": "May!B2", "E2": "June!B2", "E3": "None"}
    assert roster.not_assessable["reason"].to_list()[0].startswith("May, row 3: ")


def test_rows_of_ratings_on_several_sheets_are_one_list_where_the_latest_counts(tmp_path: Path) -> None:
    head = ["Employee ID", "Level", "Competency", "Rater", "Rating", "Cycle"]
    sheets = {
        "H1": [head, ["E1", "PM", "Communication", "Manager", 2, "H1 2026"]],
        "H2": [
            head,
            ["E1", "Senior PM", "Communication", "Manager", 4, "H2 2026"],
            ["E2", "PM", "Delegation", "Self", 4, "H2 2026"],
        ],
    }
    roster = load_roster([write_workbook(tmp_path / "a.xlsx", sheets)], VOCABULARY, DAY, ALL)
    assert roster.people["level"].to_list() == ["senior_pm", "product_manager"]
    assert cells(roster, "communication:manager") == {"E1": "H2!E2", "E2": "None"}
    assert "note earlier_rating" in issues(roster)


def test_a_mapping_that_lists_the_tables_reads_them_as_one_list(tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "a.xlsx", {"Sales": SALES, "Legal": LEGAL})
    written = mapping_text(inspect_files([path], VOCABULARY, DAY, ALL))
    (tmp_path / "map.yaml").write_text(written, encoding="utf-8")
    roster = load_roster([path], VOCABULARY, DAY, read_mapping(tmp_path / "map.yaml"))
    assert cells(roster, "communication:self") == {"E1": "Sales!D2", "E2": "Sales!D3", "E3": "Legal!D4"}


def test_inspect_shows_several_files_and_which_are_one_list(tmp_path: Path) -> None:
    paths = [text(tmp_path / "sales.csv", "E1,PM,4\n"), text(tmp_path / "legal.csv", "E3,PM,3\n")]
    lines = inspection_lines(inspect_files(paths, VOCABULARY, DAY))
    assert lines[0] == "sales.csv legal.csv: 2 people, all of them assessable."
    assert "  legal.csv: read as one list; one row per person, 1 row below the header in row 1" in lines
    assert sum("Employee ID" in line for line in lines) == 1


def test_the_marked_copy_marks_the_cell_in_the_sheet_that_holds_it(tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "a.xlsx", {"Sales": SALES, "Legal": LEGAL})
    roster = load_roster([path], VOCABULARY, DAY, ALL)
    marking = mark_issues(roster, read_files([path]))
    (tmp_path / "issues.xlsx").write_bytes(issues_workbook(marking))
    copy = openpyxl.load_workbook(tmp_path / "issues.xlsx")
    assert "cannot be read as a rating" in copy["Legal"]["E4"].comment.text
    assert copy["Sales"]["E4"].comment is None


def test_the_command_reads_all_sheets_when_told_so(tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "a.xlsx", {"Sales": SALES, "Legal": LEGAL})
    told = succeeded("inspect", path, "--all-sheets")
    assert "3 people" in told.output
    assert "--all-sheets" in call("inspect", path).output


def test_people_on_one_row_of_two_sheets_keep_their_own_group(tmp_path: Path) -> None:
    head = ["Employee ID", "Level", "Squad", "Communication (manager)"]
    sheets = {
        "Sales": [head, ["E1", "Senior PM", "Red", 4]],
        "Legal": [head, ["E2", "PM", "Blue", 3]],
    }
    roster = load_roster([write_workbook(tmp_path / "a.xlsx", sheets)], VOCABULARY, DAY, ALL)
    _, column = choose_groups("Squad", roster)
    assert column is not None
    assert column.of_people == {0: "Red", 1: "Blue"}


def test_a_row_without_an_id_reaches_no_group_when_its_number_says_nothing(tmp_path: Path) -> None:
    pack = load_pack("product_management")
    head = ["Employee ID", "Level", "Department", "Communication (manager)"]
    sheets = {
        "Sales": [head, ["E1", "Senior PM", "Red", 4], [None, "PM", "Red", 3]],
        "Legal": [head, ["E2", "PM", "Blue", 3], [None, "PM", "Blue", 5]],
    }
    path = write_workbook(tmp_path / "a.xlsx", sheets)
    assessment = assess(load_roster([path], vocabulary_of(pack), DAY, ALL), pack, DAY)
    run = run_of(assessment, explain(assessment), "0123456789ab")
    told = {
        group.value: {issue.sheet for issue in part.issues if issue.row == 3}
        for group, part in split(run, "department")
    }
    assert told == {"Red": set(), "Blue": set()}


def test_the_sample_cut_into_two_sheets_is_read_as_the_whole(tmp_path: Path) -> None:
    vocabulary = vocabulary_of(load_pack("product_management"))
    write_sample_workbook(tmp_path / "whole.xlsx", vocabulary)
    header, *rows = openpyxl.load_workbook(tmp_path / "whole.xlsx").worksheets[0].iter_rows(values_only=True)
    halves = {"North": [header, *rows[:120]], "South": [["Second half"], [], header, *rows[120:]]}
    path = write_workbook(tmp_path / "halves.xlsx", halves)
    whole = load_roster([tmp_path / "whole.xlsx"], vocabulary, SAMPLE_DAY)
    both = load_roster([path], vocabulary, SAMPLE_DAY, ALL)
    columns = [name for name in PEOPLE_SCHEMA if name != "row"]
    assert both.people.select(columns).equals(whole.people.select(columns))
    assert both.ratings.equals(whole.ratings)
    counts = [Counter(issue.kind for issue in roster.issues) for roster in (whole, both)]
    assert set((counts[1] - counts[0]).elements()) == {"stacked"}


def rated(folder: Path, name: str, first: int, ratings: list[int]) -> Path:
    """A department's file: a person for each rating."""
    lines = [f"E{first + at},Senior PM,{rating}" for at, rating in enumerate(ratings)]
    return text(folder / f"{name}.csv", "\n".join(lines))


BOTH_ENDS = [1, 2, 3, 4, 5] * 8


def test_a_question_about_the_scale_of_a_list_says_what_each_table_runs_from(tmp_path: Path) -> None:
    sales, legal = rated(tmp_path, "sales", 0, BOTH_ENDS), rated(tmp_path, "legal", 100, [4, 6, 8, 10] * 10)
    with pytest.raises(
        InputError, match=r"In 'sales.csv' they run from 1 to 5, in 'legal.csv' they run from 4"
    ):
        load_roster([sales, legal], VOCABULARY, DAY)


def test_an_answer_that_is_right_of_one_table_of_a_list_alone_is_warned_of(tmp_path: Path) -> None:
    sales, legal = rated(tmp_path, "sales", 0, BOTH_ENDS), rated(tmp_path, "legal", 100, [4, 6, 8, 10] * 10)
    answer = FileMapping.model_validate({"scales": {"both": {"worst": 1, "best": 10}}})
    roster = load_roster([sales, legal], VOCABULARY, DAY, answer)
    (warned,) = [
        one.problem for one in roster.issues if one.kind == "scale_read" and one.severity == "warning"
    ]
    assert warned.startswith(
        "Ratings by the manager in 'sales.csv' were read as numbers from 1 (worst) to 10"
    )


def test_a_large_table_of_a_list_in_which_nobody_reaches_the_top_is_asked_about(tmp_path: Path) -> None:
    sales, legal = rated(tmp_path, "sales", 0, BOTH_ENDS), rated(tmp_path, "legal", 100, [1, 2, 3, 4] * 10)
    with pytest.raises(
        InputError, match=r"In 'legal\.csv': Ratings by the manager run from 1 to 4: none of 40"
    ):
        load_roster([sales, legal], VOCABULARY, DAY)
    answer = FileMapping.model_validate({"scales": {"both": {"worst": 1, "best": 5}}})
    roster = load_roster([sales, legal], VOCABULARY, DAY, answer)
    assert (roster.ratings["communication:manager"] / UNITS_PER_POINT).max() == 5


def test_a_small_table_of_a_list_may_be_without_the_highest_rating(tmp_path: Path) -> None:
    sales, legal = rated(tmp_path, "sales", 0, BOTH_ENDS), rated(tmp_path, "legal", 100, [1, 2, 3, 4] * 7)
    assert load_roster([sales, legal], VOCABULARY, DAY).people.height == 68


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        ("active", "leavers 2025", "the name 'leavers 2025' says that those in it are not to be assessed"),
        ("ratings final", "ratings draft", "the name 'ratings draft' says"),
        ("reviews 2024 H2", "reviews 2025 H2", "their names are those of different cycles"),
    ],
)
def test_files_of_different_people_are_no_list_where_their_names_say_otherwise(
    one: str, other: str, why: str, tmp_path: Path
) -> None:
    paths = [rated(tmp_path, one, 0, BOTH_ENDS), rated(tmp_path, other, 100, BOTH_ENDS)]
    with pytest.raises(InputError, match=why):
        load_roster(paths, VOCABULARY, DAY)
    roster = load_roster(paths, VOCABULARY, DAY, ALL)
    warned = [issue.problem for issue in roster.issues if issue.severity == "warning"]
    assert (roster.people.height, [text for text in warned if why in text.lower()] != []) == (80, True)


@pytest.mark.parametrize(
    "names", [("part 1", "part 2"), ("sales 2026", "legal 2026"), ("Team (1)", "Team (2)")]
)
def test_files_of_different_people_are_one_list_whatever_numbers_their_names_have(
    names: tuple[str, str], tmp_path: Path
) -> None:
    paths = [rated(tmp_path, name, 100 * at, BOTH_ENDS) for at, name in enumerate(names)]
    assert load_roster(paths, VOCABULARY, DAY).people.height == 80


@pytest.mark.parametrize(("most", "few"), [("numbers", "words"), ("words", "numbers")])
def test_a_table_of_a_list_whose_ratings_are_written_otherwise_is_asked_about(
    most: str, few: str, tmp_path: Path
) -> None:
    words = {1: "Far below expectations", 3: "Meets expectations", 4: "Exceeds expectations"}
    teams = []
    for team in range(7):
        form = few if team == 6 else most
        rated = [[f"E{team}{at}", "Senior PM", one, one] for at, one in enumerate((1, 3, 4, 3))]
        rows = [[words.get(cell, cell) if form == "words" else cell for cell in row] for row in rated]
        header: Row = ["Employee ID", "Level", "Communication (self)", "Communication (manager)"]
        teams.append(write_lines(tmp_path / f"team {team}.csv", header, *rows))
    with pytest.raises(InputError, match=r"mix numbers \(1 to 4\) and words: 'Exceeds expectations'"):
        load_roster(teams, VOCABULARY, DAY)
