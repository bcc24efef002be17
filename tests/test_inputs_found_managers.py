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
