"""Who manages whom, found by what the file says of people: by what identifies them, and by nothing else."""

from pathlib import Path

import pytest

from tests.read_rosters import read_rows, told


@pytest.mark.parametrize("mentors", [("Timo Abel", "Zoe Ho", "Lea Noé"), ("Zoe Ho", "Timo Abel", "Ines Lis")])
def test_who_mentors_whom_says_nothing_of_who_the_managers_are(
    mentors: tuple[str, ...], tmp_path: Path
) -> None:
    managers = ("Zoe Ho", "Timo Abel", "Zoe Ho")
    rows = [(f"K{at}", "PM", who, by, 4) for at, (who, by) in enumerate(zip(managers, mentors, strict=True))]
    header = ("Employee ID", "Level", "Manager", "Mentor", "Communication (manager)")
    people = read_rows(tmp_path, header, *rows).people
    assert people["manager_name"].to_list() == list(managers)
    assert people["manager_id"].to_list() == [None] * 3


def test_a_column_by_which_managers_are_found_is_named(tmp_path: Path) -> None:
    rows = [("K1", "Zoe Ho", "PM", "tabel", "zho", 4), ("K2", "Timo Abel", "PM", "", "tabel", 3)]
    header = ("Employee ID", "Name", "Level", "Manager", "Login", "Communication (manager)")
    roster = read_rows(tmp_path, header, *rows)
    assert roster.people["manager_id"].to_list() == ["K2", None]
    assert told(roster, "managers_found") == [
        "Managers are given by what column 'Login' says of people, such as 'tabel'."
    ]


IDS_AND_NAMES = ("Employee ID", "Name", "Level", "Manager ID", "Manager Name", "Communication (manager)")
INES = ("M1", "Ines Marlow", "PM", "M2", "Tomas Quill", 4)
TOMAS = ("M2", "Tomas Quill", "PM", "", "", 4)


def test_a_name_beside_the_id_of_another_manager_is_told_and_gives_nobodys_page_that_name(
    tmp_path: Path,
) -> None:
    bea = ("P1", "Bea Moss", "PM", "M1", "Tomas Quill", 4)
    cal = ("P2", "Cal Reed", "PM", "M1", "Marlow, Ines", 4)
    roster = read_rows(tmp_path, IDS_AND_NAMES, INES, TOMAS, bea, cal)
    assert roster.people["manager_id"].to_list() == ["M2", None, "M1", "M1"]
    assert roster.people["manager_name"].to_list()[2] == "Ines Marlow"
    (issue,) = (one for one in roster.issues if one.kind == "manager_named_otherwise")
    assert (issue.row, issue.about) == (4, "manager_name")
    assert (
        issue.problem
        == "The name beside the manager's id M1 is 'Tomas Quill', but M1 is Ines Marlow. The id was used."
    )


def test_two_names_beside_the_id_of_a_manager_without_a_row_are_told(tmp_path: Path) -> None:
    names = ("Wren Gale", "Wren Gale-Otis", "Zed Lark", "Wren Gale")
    rows = [(f"P{at}", f"Bea {at}", "PM", "M9", name, 4) for at, name in enumerate(names)]
    roster = read_rows(tmp_path, IDS_AND_NAMES, *rows)
    assert told(roster, "manager_named_otherwise") == [
        "The name beside the manager's id M9 is 'Zed Lark', but M9 is Wren Gale. The id was used."
    ]


def test_a_manager_whom_the_file_calls_otherwise_throughout_is_nobody_else(tmp_path: Path) -> None:
    ines = ("M1", "李雷", "PM", "", "", 4)
    rows = [(f"P{at}", f"Bea {at}", "PM", "M1", "Lei Li", 4) for at in range(3)]
    assert told(read_rows(tmp_path, IDS_AND_NAMES, ines, *rows), "manager_named_otherwise") == []


@pytest.mark.parametrize("between", ["; ", " / ", " & ", " and ", ", "])
def test_several_managers_in_one_cell_are_not_one_more_manager_without_a_word(
    between: str, tmp_path: Path
) -> None:
    bea = ("P1", "Bea Moss", "PM", f"Ines Marlow{between}Tomas Quill", 4)
    cal = ("P2", "Cal Reed", "PM", "Ines Marlow", 4)
    header = ("Employee ID", "Name", "Level", "Manager Name", "Communication (manager)")
    ines, tomas = (one[:3] + one[4:] for one in (INES, TOMAS))
    roster = read_rows(tmp_path, header, ines, tomas, bea, cal)
    (problem,) = told(roster, "several_managers")
    assert problem == (
        f"'Ines Marlow{between}Tomas Quill' names 2 managers. It was read as one more manager, "
        "with a page that neither of them has (1 person)."
    )


def test_several_ids_of_managers_in_one_cell_are_told(tmp_path: Path) -> None:
    bea = ("P1", "Bea Moss", "PM", "M1; M2", "Ines Marlow; Tomas Quill", 4)
    roster = read_rows(tmp_path, IDS_AND_NAMES, INES, TOMAS, bea)
    assert [problem.partition(".")[0] for problem in told(roster, "several_managers")] == [
        "'M1; M2' names 2 managers"
    ]


def test_a_comma_in_the_name_of_one_manager_names_no_two(tmp_path: Path) -> None:
    bea = ("P1", "Bea Moss", "PM", "Marlow, Ines", 4)
    header = ("Employee ID", "Name", "Level", "Manager Name", "Communication (manager)")
    assert told(read_rows(tmp_path, header, bea), "several_managers") == []
