"""Lines above a table that say something of everybody in it: of a team, or of the one person of a form."""

from datetime import date
from pathlib import Path

import pytest

from inputs import Roster
from inputs.inspection import inspect_files
from inputs.loading import load_roster
from tests.inputs_vocabulary import DAY, VOCABULARY
from tests.made_files import Row, write_workbook
from tests.read_rosters import points, question, read, told

PEOPLE = {
    "Runa Falk": ("E1", "Senior PM", "Oona Rask", 2, 3),
    "Timo Abel": ("E2", "Product Manager", "Ivo Tamm", 3, 4),
    "Zofia Lis": ("E3", "Lead PM", "Oona Rask", 4, 5),
}
Form = list[Row]


def beside(name: str) -> Form:
    person, level, manager, own, given = PEOPLE[name]
    return [
        ["Performance review 2026"],
        ["Name", name],
        ["Employee ID", person],
        ["Level", level],
        ["Manager", manager],
        [],
        ["Competency", "Self", "Manager"],
        ["Communication", own, given],
        ["Delegation", given, own],
    ]


def behind_colons(name: str) -> Form:
    person, level, manager, own, given = PEOPLE[name]
    return [
        [f"Employee name: {name}", None, f"Employee ID: {person}"],
        [f"Job title: {level}"],
        [f"Line manager: {manager}"],
        ["1 = Poor", "5 = Excellent"],
        [],
        ["Competency", "Employee rating", "Manager rating"],
        ["Communication", own, given],
        ["Delegation", given, own],
    ]


def in_one_cell(name: str) -> Form:
    person, level, manager, own, given = PEOPLE[name]
    return [
        [f"Employee: {name}   Employee ID: {person}"],
        [f"Level: {level} | Manager: {manager}"],
        [],
        ["Section A"],
        ["Competency", "Self", "Manager"],
        ["Communication", own, given],
        [],
        ["Section B"],
        ["Competency", "Self", "Manager"],
        ["Delegation", given, own],
        ["Prioritization", None, None],
        [],
        ["Signature"],
    ]


def several_in_a_row(name: str) -> Form:
    person, level, manager, own, given = PEOPLE[name]
    return [
        ["Name:", None, name, "Personnel number:", person],
        ["Grade:", None, level, "Office:", "Bern"],
        ["Supervisor:", None, manager, "Review date:", date(2026, 5, 4)],
        [],
        ["Skill", "Employee", "Manager"],
        ["Communication", own, given],
        ["Delegation", given, own],
    ]


FORMS = [beside, behind_colons, in_one_cell, several_in_a_row]


def assert_read(roster: Roster) -> None:
    assert dict(roster.people.select("employee_name", "employee_id").iter_rows()) == {
        name: person for name, (person, *_) in PEOPLE.items()
    }
    assert roster.people["level"].to_list() == ["senior_pm", "product_manager", "lead_pm"]
    assert roster.people["manager_name"].to_list() == ["Oona Rask", "Ivo Tamm", "Oona Rask"]
    assert points(roster, "communication:self") == points(roster, "delegation:manager") == [2, 3, 4]
    assert points(roster, "communication:manager") == points(roster, "delegation:self") == [3, 4, 5]
    assert "What stands above the table was read for all its rows" in told(roster, "said_above")[0]


@pytest.mark.parametrize("form", FORMS)
def test_a_sheet_for_each_person_is_read_as_one_list(form, tmp_path):
    path = write_workbook(tmp_path / "forms.xlsx", {name: form(name) for name in PEOPLE})
    roster = load_roster([path], VOCABULARY, DAY)
    assert_read(roster)
    again = inspect_files([path], VOCABULARY, DAY).mapping
    assert_read(load_roster([path], VOCABULARY, DAY, again.model_copy(update={"sheets": "all"})))


@pytest.mark.parametrize("form", FORMS)
def test_a_file_for_each_person_is_read_as_one_list(form, tmp_path):
    files = [write_workbook(tmp_path / f"{at}.xlsx", {"Form": form(name)}) for at, name in enumerate(PEOPLE)]
    assert_read(load_roster(files, VOCABULARY, DAY))


def test_a_name_above_a_table_with_an_id_behind_it_is_a_name(tmp_path):
    def form(name: str) -> Form:
        person, level, manager, own, given = PEOPLE[name]
        lines: Form = [[f"Employee: {name} ({person})"], [f"Level: {level}"], [f"Manager: {manager} (M1)"]]
        return [*lines, [], ["Competency", "Self", "Manager"], ["Communication", own, given]]

    files = [write_workbook(tmp_path / f"{at}.xlsx", {"Form": form(name)}) for at, name in enumerate(PEOPLE)]
    people = load_roster(files, VOCABULARY, DAY).people
    assert people["employee_name"].to_list() == ["Runa Falk (E1)", "Timo Abel (E2)", "Zofia Lis (E3)"]
    assert people["manager_name"].to_list() == ["Oona Rask (M1)", "Ivo Tamm (M1)", "Oona Rask (M1)"]
    assert people["manager_id"].is_null().all()


def test_each_value_is_in_the_cell_above_the_table(tmp_path):
    path = write_workbook(tmp_path / "forms.xlsx", {name: beside(name) for name in PEOPLE})
    roster = load_roster([path], VOCABULARY, DAY)
    cells = [str(roster.cell(at, "level")) for at in range(3)]
    assert cells == ["'Runa Falk'!B4", "'Timo Abel'!B4", "'Zofia Lis'!B4"]
    assert str(roster.cell(1, "communication:manager")) == "'Timo Abel'!C8"


def test_a_level_above_a_form_that_nobody_knows_is_told_with_its_cell(tmp_path):
    forms = {name: beside(name) for name in PEOPLE}
    forms["Timo Abel"][3] = ["Level", "Wizard"]
    roster = load_roster([write_workbook(tmp_path / "forms.xlsx", forms)], VOCABULARY, DAY)
    (reason,) = roster.not_assessable["reason"].to_list()
    assert "'Timo Abel'!B4" in reason
    assert "'Wizard' is not a level" in reason


def test_a_copied_sheet_that_still_names_the_other_person_is_asked_about(tmp_path):
    forms = {name: beside(name) for name in PEOPLE} | {"Ines Vasko": beside("Zofia Lis")}
    asked = question(write_workbook(tmp_path / "forms.xlsx", forms))
    assert "sheet 'Ines Vasko': whom is it about, 'Ines Vasko' or 'Zofia Lis', whom B2 names?" in asked


def test_a_list_of_the_people_counts_for_levels_and_is_compared(tmp_path):
    forms: dict[str, Form] = {"People": [["Employee ID", "Name", "Level"]]}
    forms["People"] += [[person, name, level] for name, (person, level, *_) in PEOPLE.items()]
    forms |= {name: beside(name) for name in PEOPLE}
    forms["Timo Abel"][3] = ["Level", "Lead PM"]
    roster = load_roster([write_workbook(tmp_path / "forms.xlsx", forms)], VOCABULARY, DAY)
    assert roster.people["level"].to_list() == ["senior_pm", "product_manager", "lead_pm"]
    assert told(roster, "conflicting_value") == [
        "B4 says 'Lead PM', and 'People' says 'Product Manager', which counts."
    ]
    assert points(roster, "communication:manager") == [3, 4, 5]


def test_levels_are_compared_also_where_titles_alone_name_others(tmp_path):
    forms: dict[str, Form] = {"People": [["Employee ID", "Name", "Level"]]}
    forms["People"] += [[person, name, level] for name, (person, level, *_) in PEOPLE.items()]
    forms |= {name: beside(name)[6:] for name in ("Runa Falk", "Zofia Lis")}
    forms["Timo"] = beside("Timo Abel")
    forms["Timo"][3] = ["Level", "Lead PM"]
    roster = read(write_workbook(tmp_path / "forms.xlsx", forms))
    assert "B4 says 'Lead PM', and 'People' says 'Product Manager', which counts." in told(
        roster, "conflicting_value"
    )


def test_a_line_above_a_team_is_about_everybody_in_it(tmp_path):
    head = ["Employee ID", "Name", "Level", "Communication (self)", "Communication (manager)"]
    files = []
    for manager in ("Oona Rask", "Ivo Tamm"):
        team = [(name, one) for name, one in PEOPLE.items() if one[2] == manager]
        rows: list[Row] = [["Manager:", manager], ["Department:", "Product"], [], head]
        rows += [[one[0], name, one[1], one[3], one[4]] for name, one in team]
        rows += [["Total", None, None, 9, 12], ["Please return by Friday."]] if not files else []
        files.append(write_workbook(tmp_path / f"{manager}.xlsx", {"Team": rows}))
    roster = load_roster(files, VOCABULARY, DAY)
    managers = dict(roster.people.select("employee_name", "manager_name").iter_rows())
    assert managers == {name: manager for name, (_, _, manager, *_) in PEOPLE.items()}
    assert set(roster.people["department"]) == {"Product"}
    assert set(roster.not_assessable["kind"]) <= {"totals_row", "remark_row"}


@pytest.mark.parametrize(
    "above",
    [
        [["Ratings of the team", "Manager", "Employee"]],
        [["Level", "see the guide in the handbook of the company, chapter on levels, pages 12 to 17"]],
        [["1 = Poor", "5 = Excellent"]],
        [["Manager", "Employee"]],
        [["Name"], ["Level"]],
        [["Manager:", "All"], ["Department:", "All departments"]],
        [["Manager:", "________"], ["Department:", "<department>"]],
    ],
)
def test_other_lines_above_a_table_say_nothing_of_its_people(above, tmp_path):
    head = ["Employee ID", "Level", "Communication (self)", "Communication (manager)"]
    rows: list[Row] = [*above, [], head, *([one[0], one[1], one[3], one[4]] for one in PEOPLE.values())]
    roster = load_roster([write_workbook(tmp_path / "team.xlsx", {"Team": rows})], VOCABULARY, DAY)
    assert told(roster, "said_above") == []
    assert roster.people["manager_name"].null_count() == len(PEOPLE)
    assert roster.people["department"].null_count() == len(PEOPLE)


def test_what_a_column_says_counts_and_not_the_line_above(tmp_path):
    head = ["Employee ID", "Level", "Manager", "Communication (self)", "Communication (manager)"]
    rows: list[Row] = [["Manager", "Somebody Else"], [], head]
    rows += [[one[0], one[1], one[2], one[3], one[4]] for one in PEOPLE.values()]
    roster = load_roster([write_workbook(tmp_path / "team.xlsx", {"Team": rows})], VOCABULARY, DAY)
    assert set(roster.people["manager_name"]) == {"Oona Rask", "Ivo Tamm"}


@pytest.mark.parametrize("headers", [("Employee", "Manager"), ("Mitarbeiter", "Vorgesetzter")])
@pytest.mark.parametrize("missing", ["self", "manager"])
def test_a_form_that_one_of_the_two_has_left_blank_is_read_like_the_others(
    headers: tuple[str, str], missing: str, tmp_path: Path
) -> None:
    sheets = {name: beside(name) for name in PEOPLE}
    for form in sheets.values():
        form[6] = ["Competency", *headers]
    for row in sheets["Timo Abel"][7:]:
        row[1 if missing == "self" else 2] = None  # type: ignore[index]
    roster = read(write_workbook(tmp_path / "forms.xlsx", sheets))
    assert roster.people["employee_name"].to_list() == list(PEOPLE)
    assert points(roster, "communication:self") == [2, None if missing == "self" else 3, 4]
    assert points(roster, "communication:manager") == [3, None if missing == "manager" else 4, 5]


@pytest.mark.parametrize("again", [True, False], ids=["headers repeated", "one header"])
@pytest.mark.parametrize("form", FORMS)
def test_forms_of_several_people_one_below_the_other_are_never_read_as_the_first_persons(
    form, again, tmp_path
):
    first, *more = (form(name) for name in PEOPLE)
    stacked = [*first, *(row for one in more for row in one if again or row[:1] != ["Competency"])]
    asked = question(write_workbook(tmp_path / "reviews.xlsx", {"Reviews": stacked}))
    assert "several forms or lists are one below the other" in asked
    assert "'Runa Falk'" in asked
    assert "'Timo Abel'" in asked


def test_forms_of_two_people_side_by_side_are_never_one_persons(tmp_path):
    pairs = zip(beside("Runa Falk"), beside("Timo Abel"), strict=True)
    rows = [[*one, *[None] * (4 - len(one)), *other] for one, other in pairs]
    asked = question(write_workbook(tmp_path / "reviews.xlsx", {"Reviews": rows}))
    assert "several forms are side by side: 'Name' in row 2 is 'Runa Falk' and 'Timo Abel'" in asked


@pytest.mark.parametrize("line", [["Manager", "{}"], ["Department: {}"], ["Line manager:", None, "{}"]])
def test_lists_one_below_the_other_are_never_all_of_the_first_manager_or_department(line, tmp_path):
    def team(of: str, *people: str) -> list[Row]:
        head = ["Employee ID", "Name", "Level", "Communication (self)", "Communication (manager)"]
        rows = [[PEOPLE[one][0], one, PEOPLE[one][1], *PEOPLE[one][3:]] for one in people]
        return [[cell and cell.format(of) for cell in line], head, *rows, []]

    several = [*team("Oona Rask", "Runa Falk", "Zofia Lis"), *team("Ivo Tamm", "Timo Abel")]
    asked = question(write_workbook(tmp_path / "teams.xlsx", {"Teams": several}))
    assert "is 'Oona Rask' in row 1 and 'Ivo Tamm' in row 6" in asked
    pages = [*team("Oona Rask", "Runa Falk", "Zofia Lis"), *team("Oona Rask", "Timo Abel")]
    assert len(read(write_workbook(tmp_path / "pages.xlsx", {"Teams": pages})).people) == 3


def test_a_list_above_another_with_the_same_header_is_never_left_out(tmp_path):
    head = ["Employee ID", "Name", "Level", "Communication", "Delegation"]
    own = [[one, name, level, mine, given] for name, (one, level, _, mine, given) in PEOPLE.items()]
    theirs = [[one, name, level, given, mine] for name, (one, level, _, mine, given) in PEOPLE.items()]
    rows = [["Self assessment"], head, *own, [], ["Manager assessment"], head, *theirs]
    asked = question(write_workbook(tmp_path / "both.xlsx", {"Ratings": rows}))
    assert "two lists are one below the other, with the same header in rows 2 and 8" in asked


def test_fields_of_a_form_beside_each_other_in_one_line_are_no_header(tmp_path):
    rows = [["Employee", "Runa Falk", "Employee ID", "E1", "Level", "Senior PM"], ["Competencies"]]
    rows += [["Competency", "Self rating", "Manager rating"], ["Communication", 2, 3]]
    roster = read(write_workbook(tmp_path / "form.xlsx", {"Form": rows}))
    assert roster.people["employee_name"].to_list() == ["Runa Falk"]
    assert points(roster, "communication:manager") == [3]
