"""Names of one person in two tables or rows: joined where nobody else can be meant."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from inputs import Roster
from tests.made_files import write_lines, write_workbook
from tests.read_rosters import points, read, told


def beside_people(folder: Path, people: Sequence[str], rated: Sequence[str]) -> Roster:
    """A list of people, and ratings of the same or other names: 1 for the first, 2 for the second."""
    levels = [("Name", "Level"), *((name, "Senior PM") for name in people)]
    ratings = [("Name", "Communication (manager)"), *((name, at) for at, name in enumerate(rated, 1))]
    return read(write_workbook(folder / "both.xlsx", {"People": levels, "Ratings": ratings}))


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ("Anna Müller", "Anna Mueller"),
        ("Anna Mueller", "Müller, Anna"),
        ("Anna Müller", "ANNA MULLER"),
        ("Anna Müller", "Dr. Anna  Mueller"),
        ("Anna Müller", "Müller, Ms Anna"),
        ("Anna Müller", "Anna\u00a0K. Müller"),
        ("Anna K. Müller", "Muller Anna"),
        ("Anna Katharina Müller", "Anna K. Müller"),
        ("Søren Kjær", "Soeren Kjaer"),
        ("Ian McDonald", "IAN MCDONALD"),
        ("Zoë O'Neil", "Oneil, Zoe"),
        ("Prof. Dr. Łukasz Żak, PhD", "Lukasz Zak"),
    ],
)
def test_a_name_that_can_be_one_person_alone_is_joined(here: str, there: str, tmp_path: Path) -> None:
    roster = beside_people(tmp_path, ("Ben Cole", here), ("Ben Cole", there))
    assert points(roster, "communication:manager") == [1, 2]
    (note,) = told(roster, "ids_joined")
    assert "1 person was found" in note
    assert f"'{' '.join(there.split())}' for '{here}'" in note


@pytest.mark.parametrize(
    ("people", "rated"),
    [
        (["Ben A. Cole", "Ben B. Cole"], ["Ben Cole"]),
        (["Ben A. Cole"], ["Ben B. Cole"]),
        (["Ben Cole"], ["Ben Cole", "Dr. Ben Cole"]),
        (["Ben A. Cole"], ["Ben Cole", "Ben B. Cole"]),
        (["Anna Maria Lee"], ["Anna Marta Lee"]),
        (["Anna Maria Lee"], ["Anna Lee"]),
        (["Jo Park"], ["Joe Park"]),
        (["Mr. Kim Roe"], ["Ms Kim Roe"]),
        (["Ada Roe (K1)"], ["Dr. Ada Roe (K2)"]),
        (["A. Lee"], ["Anna Lee"]),
    ],
)
def test_a_name_that_may_be_of_somebody_else_is_not_joined(
    people: list[str], rated: list[str], tmp_path: Path
) -> None:
    roster = beside_people(tmp_path, [*people, "Zed Ray"], [*rated, "Zed Ray"])
    assert not told(roster, "ids_joined")
    assert roster.not_assessable["kind"].to_list().count("not_among_people") == len({*rated} - {*people})


def test_whoever_may_be_meant_by_a_name_is_told(tmp_path: Path) -> None:
    roster = beside_people(tmp_path, ("Ben A. Cole", "Ben B. Cole", "Zed Ray"), ("Ben Cole", "Zed Ray"))
    (issue,) = [issue for issue in roster.issues if issue.kind == "not_among_people"]
    assert "if 'Ben A. Cole' or 'Ben B. Cole' is meant" in issue.remedy


def test_a_name_that_is_spelled_much_like_another_is_not_joined_but_told(tmp_path: Path) -> None:
    roster = beside_people(tmp_path, ("Runa Falk", "Zed Ray"), ("Runi Falk", "Zed Ray"))
    (issue,) = [issue for issue in roster.issues if issue.kind == "not_among_people"]
    assert "if 'Runa Falk' is meant" in issue.remedy


def test_names_that_differ_beside_one_id_so_are_no_contradiction(tmp_path: Path) -> None:
    people = [("Employee ID", "Name", "Level"), ("K1", "Anna Müller", "Senior PM"), ("K2", "Ben Cole", "PM")]
    ratings = [
        ("Employee ID", "Name", "Communication (manager)"),
        ("K1", "Dr. Anna Mueller", 3),
        ("K2", "Ben J. Cole", 4),
    ]
    roster = read(write_workbook(tmp_path / "both.xlsx", {"People": people, "Ratings": ratings}))
    assert points(roster, "communication:manager") == [3, 4]


@pytest.mark.parametrize("other", ["Anna Mueller", "Dr. Anna Müller", "Anna K. Müller"])
@pytest.mark.parametrize("raters", [("Rater", "Self", "Manager"), ("Reviewer", "Anna Müller", "Uta White")])
def test_rows_by_two_raters_of_one_person_are_put_together(
    raters: tuple[str, str, str], other: str, tmp_path: Path
) -> None:
    header, own, managers = raters
    head = ("Employee Name", "Level", "Manager", header, "Communication")
    path = write_lines(
        tmp_path / "list.csv",
        head,
        ("Anna Müller", "Senior PM", "Uta White", own, 3),
        (other, "Senior PM", "Uta White", managers, 4),
        ("Ben Cole", "PM", "Uta White", "Self" if own == "Self" else "Ben Cole", 2),
        ("Ben Cole", "PM", "Uta White", managers, 5),
    )
    roster = read(path)
    assert points(roster, "communication:self") == [3, 2]
    assert points(roster, "communication:manager") == [4, 5]
    assert "written in different ways" in told(roster, "ids_joined")[0]


@pytest.mark.parametrize("rater", ["Manager", "Self"])
def test_rows_of_two_names_by_one_rater_stay_apart(rater: str, tmp_path: Path) -> None:
    path = write_lines(
        tmp_path / "list.csv",
        ("Employee Name", "Level", "Rater", "Communication"),
        ("Anna Müller", "Senior PM", "Manager", 3),
        ("Anna Mueller", "Senior PM", "Manager", 4),
        ("Anna Mueller", "Senior PM", "Self", 4),
        ("Ben Cole", "PM", "Manager", 2),
        ("Ben Cole", "PM", rater, 2),
    )
    assert len(read(path).people) == 3


def test_a_manager_whose_title_or_initial_the_reviewer_has_is_the_manager(tmp_path: Path) -> None:
    path = write_lines(
        tmp_path / "list.csv",
        ("Employee ID", "Employee Name", "Level", "Manager", "Reviewer", "Communication"),
        ("K1", "Anna Müller", "Senior PM", "Uta White", "Dr. Uta K. White", 4),
        ("K1", "Anna Müller", "Senior PM", "Uta White", "Anna Mueller", 3),
        ("K1", "Anna Müller", "Senior PM", "Uta White", "Uma White", 1),
    )
    roster = read(path)
    assert points(roster, "communication:self") == [3]
    assert points(roster, "communication:manager") == [4]
