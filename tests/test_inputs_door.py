"""Inspecting, mapping, the template, the marked copy: what stands around reading a spreadsheet."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inputs import KINDS, UNITS_PER_POINT, InputError, RatingScale
from inputs.inspection import inspect_files
from inputs.loading import load_roster, read_files
from inputs.mapping import read_mapping
from inputs.template import write_template
from inputs.transcript import inspection_data, inspection_lines, mapping_text
from inputs.words import read_dates
from inputs.words.scales.kinds import NumberScale, units_on
from inputs.words.written_ratings import read_written_rating
from reports.workbook import issues_workbook, mark_issues
from tests.inputs_vocabulary import DAY, VOCABULARY
from tests.made_files import write_workbook

TEN = "Employee ID,Level,Communication (self),Communication (manager)\n" + "".join(
    f"E{at},Senior PM,{at % 10 + 1},{at % 5 + 1}\n" for at in range(20)
)


def made(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def mapped(path: Path, folder: Path, change: tuple[str, str] = ("", "")) -> Path:
    text = mapping_text(inspect_files([path], VOCABULARY, DAY)).replace(*change)
    return made(folder / "map.yaml", text)


def test_an_inspection_says_for_each_column_what_it_is_taken_for_and_why(tmp_path: Path) -> None:
    text = "Employee ID,Level,Comunication (self),Communication (manager),Shoe size\nE1,Senior PM,3,4,41\n"
    seen = inspect_files([made(tmp_path / "a.csv", text)], VOCABULARY, DAY)
    columns = {column.header: (column.taken_for, column.suggestion) for column in seen.columns}
    assert columns == {
        "Employee ID": ("employee_id", None),
        "Level": ("level", None),
        "Comunication (self)": ("as its header says", None),
        "Communication (manager)": ("communication:manager", None),
        "Shoe size": (None, None),
    }
    assert "'Comunication' is not in the rule pack" in "\n".join(inspection_lines(seen))
    assert any(text.startswith("No hire date:") for text in seen.missing)


def test_an_inspection_shows_the_scale_of_each_rater_and_asks_for_the_unknown_one(tmp_path: Path) -> None:
    seen = inspect_files([made(tmp_path / "a.csv", TEN)], VOCABULARY, DAY)
    assert [(one.rater, one.range) for one in seen.ratings] == [("self", "1 to 10"), ("manager", "1 to 5")]
    assert len(seen.questions) == 1
    assert "Ratings by the person run from 1 to 10" in seen.questions[0]


def test_an_inspection_can_be_read_by_programs(tmp_path: Path) -> None:
    data = json.loads(
        json.dumps(inspection_data(inspect_files([made(tmp_path / "a.csv", TEN)], VOCABULARY, DAY)))
    )
    assert data["people_in_file"] == 20
    assert data["mapping"]["tables"][0]["columns"]["C"] == {
        "header": "Communication (self)",
        "is": "communication:self",
    }


def test_a_file_that_cannot_be_assessed_is_still_described(tmp_path: Path) -> None:
    seen = inspect_files(
        [made(tmp_path / "a.csv", "EmployeeNumber,JobRole,Age\n1,Nurse,41\n")], VOCABULARY, DAY
    )
    assert [column.header for column in seen.columns] == ["EmployeeNumber", "JobRole", "Age"]
    assert "No column with ratings was found" in seen.questions[0]


def test_a_mapping_is_refused_while_a_question_is_open(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"map.yaml, line \d+: the '\?' still has to be answered"):
        read_mapping(mapped(made(tmp_path / "a.csv", TEN), tmp_path))


def test_a_corrected_mapping_answers_the_question_exactly(tmp_path: Path) -> None:
    path = made(tmp_path / "a.csv", TEN)
    mapping = read_mapping(mapped(path, tmp_path, ("worst: ?, best: ?", "worst: 1, best: 10")))
    ratings = load_roster([path], VOCABULARY, DAY, mapping).ratings["communication:self"].to_list()
    assert ratings[:10] == [UNITS_PER_POINT * (9 + 4 * at) // 9 for at in range(10)]


def test_the_mapping_of_a_file_with_a_row_for_each_rater_reads_its_ratings_and_comments(
    tmp_path: Path,
) -> None:
    header = "Employee ID,Level,Reviewer Type,Communication,Communication comment\n"
    rows = "E1,Senior PM,Self,2,Fine\nE1,Senior PM,Manager,4,Good\n"
    path = made(tmp_path / "a.csv", header + rows)
    roster = load_roster([path], VOCABULARY, DAY, read_mapping(mapped(path, tmp_path)))
    assert roster.ratings.row(0) == (2 * UNITS_PER_POINT, 4 * UNITS_PER_POINT)
    assert roster.comments["comment:communication:manager"].to_list() == ["Good"]


def test_a_mapping_is_refused_when_the_file_no_longer_fits(tmp_path: Path) -> None:
    path = made(tmp_path / "a.csv", TEN.replace("self)", "self) [1-10]"))
    mapping = read_mapping(mapped(path, tmp_path))
    made(path, TEN.replace("Communication (manager)", "Delegation (manager)"))
    with pytest.raises(InputError, match="the mapping no longer fits: column C was"):
        load_roster([path], VOCABULARY, DAY, mapping)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("tables: [", "map.yaml, line 1: this is not YAML"),
        ("colours: {}\n", "colours: a mapping has no such part"),
        ("sheets: both\n", "sheets: input should be 'all'"),
        ("date_order: day first\ndate_order: month first\n", "map.yaml, line 2: 'date_order' is there twice"),
        ("levels: {a: b, a: c}\n", "map.yaml, line 1: 'a' is there twice"),
        ("levels: &x {a: b}\nspecialisations: *x\n", "map.yaml, line 2: *x refers to another part"),
        ("tables: &x [*x]\n", "map.yaml, line 1: *x refers to another part"),
        ("levels: " + "[" * 5_000, "too many parts nested in each other"),
        ("scales: {boss: {worst: 1, best: 5}}\n", "scales.boss"),
        (
            "tables:\n  - header_rows: [1]\n    columns: {A: {header: x, is: shoe_size}}\n",
            "is 'shoe_size', which is not one of: ",
        ),
        ("levels: {Wizard: grand_wizard}\n", "'grand_wizard', which is not one of: associate_pm"),
        ("scales: {self: {worst: 1}}\n", "is not complete"),
    ],
)
def test_a_mistake_in_a_mapping_is_named(text: str, words: str, tmp_path: Path) -> None:
    path = made(tmp_path / "a.csv", TEN.replace("Employee ID", "x", 1) if "shoe" in text else TEN)
    with pytest.raises(InputError) as stopped:
        load_roster([path], VOCABULARY, DAY, read_mapping(made(tmp_path / "map.yaml", text)))
    assert words in str(stopped.value)


def test_the_template_is_read_as_it_is(tmp_path: Path) -> None:
    write_template(tmp_path / "template.xlsx", VOCABULARY)
    roster = load_roster([tmp_path / "template.xlsx"], VOCABULARY, DAY)
    assert roster.people["level"].to_list() == ["associate_pm"]
    assert set(roster.ratings.row(0)) == {3 * UNITS_PER_POINT}
    assert {issue.kind for issue in roster.issues} == {"sheet_not_used", "no_comments"}


def test_the_template_offers_the_levels_and_bounds_the_ratings(tmp_path: Path) -> None:
    write_template(tmp_path / "template.xlsx", VOCABULARY)
    sheet = openpyxl.load_workbook(tmp_path / "template.xlsx")["Ratings"]
    rules = {rule.type: rule for rule in sheet.data_validations.dataValidation}
    assert rules["list"].formula1 == "=Levels!$A$2:$A$6"
    assert (rules["decimal"].formula1, rules["decimal"].formula2) == ("1", "5")
    assert all(cell.comment is not None for cell in sheet[1])


def test_the_template_of_a_scale_in_words_offers_the_words(tmp_path: Path) -> None:
    scale = RatingScale(Decimal(1), Decimal(4), ("Learning", "Working", "Strong", "Expert"))
    in_words = replace(VOCABULARY, scale=scale)
    write_template(tmp_path / "template.xlsx", in_words)
    book = openpyxl.load_workbook(tmp_path / "template.xlsx")
    (column,) = (cell.column_letter for cell in book["Ratings"][1] if cell.value == "Delegation (manager)")
    assert book["Ratings"][f"{column}2"].value == "Working"
    offered = {str(rule.sqref): rule.formula1 for rule in book["Ratings"].data_validations.dataValidation}
    (rule,) = (formula for cells, formula in offered.items() if f"{column}2:" in cells)
    assert rule == "=Levels!$B$2:$B$5"
    assert [row[1] for row in book["Levels"].iter_rows(min_row=2, max_row=5, values_only=True)] == [
        *scale.words
    ]
    roster = load_roster([tmp_path / "template.xlsx"], in_words, DAY)
    assert set(roster.ratings.row(0)) == {2 * UNITS_PER_POINT}


def test_what_the_pack_has_no_use_for_is_neither_asked_for_nor_missed(tmp_path: Path) -> None:
    straight = replace(VOCABULARY, next_levels={"associate_pm": ("product_manager",)})
    for vocabulary, there in ((straight, False), (VOCABULARY, True)):
        write_template(tmp_path / "template.xlsx", vocabulary)
        headers = [cell.value for cell in openpyxl.load_workbook(tmp_path / "template.xlsx")["Ratings"][1]]
        assert ("Target Level" in headers) == there
        assert "Specialisation" not in headers
        said = " ".join(inspect_files([made(tmp_path / "a.csv", TEN)], vocabulary, DAY).missing)
        assert ("No target level" in said) == there
        assert "No specialisation" not in said


def test_the_marked_copy_keeps_places_and_colours_the_faulty_cells(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Ratings"
    for row in (
        ["Export"],
        ["Employee ID", "Level", "Hire Date", "Communication (manager)"],
        ["007", "Senior PM", date(2020, 1, 31), "Exceeds"],
        ["=E2", "Wizard", None, 3],
        ["E3", "Senior PM", None, 3.5],
        ["E4", "Senior PM", None, 4],
    ):
        sheet.append(row)
    sheet["A4"].data_type = "s"
    book.save(tmp_path / "a.xlsx")
    before = (tmp_path / "a.xlsx").read_bytes()
    roster = load_roster([tmp_path / "a.xlsx"], VOCABULARY, DAY)
    marking = mark_issues(roster, read_files([tmp_path / "a.xlsx"]))
    (tmp_path / "issues.xlsx").write_bytes(issues_workbook(marking))
    copy = openpyxl.load_workbook(tmp_path / "issues.xlsx")
    marked = copy["Ratings"]
    assert copy.sheetnames == ["Issues", "Ratings"]
    assert [marked["A3"].value, marked["D5"].value, marked["A4"].value] == ["007", 3.5, "=E2"]
    assert marked["A4"].data_type == "s"
    assert marked["C3"].value.date() == date(2020, 1, 31)
    assert "cannot be read as a rating" in marked["D3"].comment.text
    assert "is not a level in this rule pack" in marked["B4"].comment.text
    assert marked["D5"].comment is None
    assert marked["B4"].fill.start_color.rgb != marked["B5"].fill.start_color.rgb
    index = {row[3].value: row[3] for row in copy["Issues"].iter_rows(min_row=5)}
    assert set(index) == {"Ratings", "Ratings!B4", "Ratings!D3"}
    assert index["Ratings!B4"].hyperlink.location == "'Ratings'!B4"
    assert (tmp_path / "a.xlsx").read_bytes() == before


def test_rows_below_the_last_of_a_workbook_are_named_in_the_index_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A text file may have more than 1,048,576 rows; the limits are lowered here."""
    monkeypatch.setattr("reports.workbook.issues.LAST_ROW", 3)
    monkeypatch.setattr("reports.workbook.issues.WHOLE_COPY", 0)
    monkeypatch.setattr("reports.workbook.issues.LISTED", 3)
    path = tmp_path / "long.csv"
    rows = "".join(f"E{at},{level},3\n" for at, level in enumerate(("Wizard", "Senior PM", "Witch", "Elf")))
    path.write_text(f"Employee ID,Level,Communication (manager)\n{rows}", encoding="utf-8")
    roster = load_roster([path], VOCABULARY, DAY)
    (tmp_path / "issues.xlsx").write_bytes(issues_workbook(mark_issues(roster, read_files([path]))))
    index, copy = openpyxl.load_workbook(tmp_path / "issues.xlsx").worksheets
    assert [row[0].value for row in copy.iter_rows() if row[0].value] == ["Employee ID", "E0"]
    assert [index.cell(row, 6).value for row in range(5, 9)] == ["Wizard", "Witch", "Elf", None]
    assert [bool(index.cell(row, 4).hyperlink) for row in range(5, 8)] == [True, False, False]
    assert "Rows below row 3" in index.cell(2, 1).value
    assert "The first 3, the worst first, are listed here" in index.cell(2, 1).value


def test_the_marked_copy_shows_nothing_of_columns_that_are_not_used(tmp_path: Path) -> None:
    people = [
        ["Employee ID", "Gender", "Level", "Salary", "Communication (manager)"],
        ["E1", "female", "Senior PM", 81_234, 3],
        ["E2", "male", "Wizard", 75_555, 4],
    ]
    write_workbook(tmp_path / "a.xlsx", {"Sheet": people, "Pay": [["Bonus", 9_876]]})
    roster = load_roster([tmp_path / "a.xlsx"], VOCABULARY, DAY)
    (tmp_path / "issues.xlsx").write_bytes(
        issues_workbook(mark_issues(roster, read_files([tmp_path / "a.xlsx"])))
    )
    copy = openpyxl.load_workbook(tmp_path / "issues.xlsx")
    held = {str(cell.value) for page in copy for row in page.iter_rows() for cell in row}
    assert {"E1", "Senior PM", "Wizard", "Salary", "Gender", "3"} <= held
    assert not {"female", "male", "81234", "75555", "9876"} & held


def test_every_issue_kind_has_a_title_of_its_own() -> None:
    assert len(set(KINDS.values())) == len(KINDS)


@given(st.decimals(min_value=-99, max_value=99, places=4))
def test_a_number_is_read_exactly_however_its_decimals_are_marked(number: Decimal) -> None:
    for text in (f"{number}", f" {number}\u00a0", f"{number}".replace(".", ",")):
        written = read_written_rating(text)
        assert (written.kind, written.ten_thousandths, written.rounded) == (
            "number",
            int(number * 10_000),
            False,
        )


@given(st.text(max_size=20))
def test_any_text_in_a_rating_column_means_something_or_nothing(text: str) -> None:
    written = read_written_rating(text)
    assert (written.number is not None) == (written.kind in ("number", "percent"))


@given(
    st.integers(0, 9),
    st.integers(1, 10),
    st.integers(0, 10),
)
def test_a_change_of_scale_is_exact(worst: int, width: int, steps: int) -> None:
    if steps <= width:
        scale = NumberScale(Decimal(worst), Decimal(worst + width))
        units = units_on((worst + steps) * 10_000, scale, VOCABULARY.scale)
        assert Fraction(units or 0, UNITS_PER_POINT) == 1 + Fraction(4 * steps, width)


@given(st.dates(date(1950, 1, 13), date(2026, 6, 29)))
def test_a_date_is_the_same_in_every_form(day: date) -> None:
    forms = [f"{day:%Y-%m-%d}", f"{day:%d %B %Y}", f"{day:%B %d, %Y}", f"{day:%Y%m%d}", f"{day} 00:00:00"]
    values = read_dates(pl.Series(forms), DAY).values.to_list()
    assert set(values) == {day}
