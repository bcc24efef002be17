"""A sheet or a file for each person, whom nothing but its title names."""

from pathlib import Path

import pytest
from openpyxl import Workbook

from inputs.inspection import inspect_files
from inputs.mapping import FileMapping
from tests.read_rosters import DAY, WORDS, assessed, points, question, read, told

LIST = (("E1", "Runa Falk"), ("E2", "Timo Abel"), ("E3", "Zofia Lis"))


def book(path: Path, *titles: str, people=LIST, above=()) -> Path:
    """The person at place 0 has 1 and 2, the next 2 and 3, and so on."""
    made = Workbook()
    made.active.title = "People"
    for row in [("Employee ID", "Name", "Level"), *((*one, "Senior PM") for one in people)] if people else []:
        made.active.append(row)
    for at, title in enumerate(titles):
        sheet = made.create_sheet(title)
        rows = [("Competency", "Self", "Manager"), ("Communication", at + 1, at + 2), ("Delegation", 3, 4)]
        for row in [above, (), *rows] if above else rows:
            sheet.append(row)
    made.save(path)
    return path


@pytest.mark.parametrize(
    "titles",
    [
        ("Falk, Runa", "Timo Abel", "Zofia Lis"),
        ("E1", "E2", "E3"),
        ("E1 Runa Falk", "E2 Timo Abel", "E3 Zofia Lis"),
    ],
)
def test_sheets_are_about_the_person_whom_their_title_names(tmp_path, titles):
    path = book(tmp_path / "sheets.xlsx", *titles)
    roster = read(path)
    assert assessed(roster) == ["E1", "E2", "E3"]
    assert points(roster, "communication:self") == [1, 2, 3]
    assert points(roster, "communication:manager") == [2, 3, 4]
    assert "the person whom the title alone names" in told(roster, "stacked")[0]
    again = read(path, mapping=inspect_files([path], WORDS, DAY).mapping)
    assert points(again, "communication:manager") == [2, 3, 4]


def test_a_title_that_names_nobody_is_told(tmp_path):
    roster = read(book(tmp_path / "sheets.xlsx", "Runa Falk", "Timo Abel", "Zofia L."))
    assert points(roster, "communication:manager") == [2, 3, None]
    assert roster.not_assessable["employee_id"].to_list() == ["Zofia L."]
    assert roster.not_assessable["kind"].to_list() == ["not_among_people"]


def test_a_title_beside_another_name_above_the_table_is_not_read(tmp_path):
    asked = question(book(tmp_path / "sheets.xlsx", "Runa Falk", "Timo Abel", above=("Name", "Zofia Lis")))
    assert "sheet 'Runa Falk': whom is it about, 'Runa Falk' or 'Zofia Lis', whom B1 names?" in asked

    asked = question(book(tmp_path / "first.xlsx", "Runa", "Timo"))
    assert "name the sheet as the other table names that person" in asked


def test_a_level_above_a_table_that_is_not_that_of_the_list_is_told(tmp_path):
    roster = read(book(tmp_path / "sheets.xlsx", "Runa Falk", "Timo Abel", above=("Level", "Associate PM")))
    assert set(roster.people["level"]) == {"senior_pm"}
    assert (
        told(roster, "conflicting_value")
        == ["B1 says 'Associate PM', and 'People' says 'Senior PM', which counts."] * 2
    )


def test_titles_without_a_list_of_the_people_are_refused_with_the_way_out(tmp_path):
    asked = question(book(tmp_path / "sheets.xlsx", "Runa Falk", "Timo Abel", people=()))
    assert "whom its title names, such as 'Runa Falk', it is enough to add a sheet with the columns" in asked


def test_the_column_that_holds_the_people_of_another_file_is_proposed(tmp_path):
    people, ratings = tmp_path / "people.csv", tmp_path / "ratings.csv"
    people.write_text("Name,Level\nRuna Falk,Senior PM\nTimo Abel,Senior PM\n", encoding="utf-8")
    rows = [
        f"{who}@a.test,{one},{who},4" for one in ("Runa Falk", "Timo Abel") for who in ("Self", "Manager")
    ] * 2
    head = "Email Address,Which one are you rating?,Rater,Communication"
    ratings.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    asked = question(people, ratings)
    assert "'Which one are you rating?' (column B) holds the employee name of people there" in asked
    mapping = FileMapping(columns={"Which one are you rating?": "employee_name"})
    assert points(read(people, ratings, mapping=mapping), "communication:manager") == [4, 4]
