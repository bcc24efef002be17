"""Rows that leave blank what tells people apart: found by whatever else names the person, or told of."""

from pathlib import Path

import pytest

from inputs import Roster
from inputs.loading import load_roster
from tests.inputs_vocabulary import DAY, VOCABULARY
from tests.read_rosters import assessed, points, told

PEOPLE = (
    "Employee ID,Name,Email,Level\nK1,Runa Falk,runa@x.test,Senior PM\nK2,Timo Abel,timo@x.test,Senior PM\n"
)


def read(folder: Path, **files: str) -> Roster:
    paths = [folder / f"{name}.csv" for name in files]
    for path, text in zip(paths, files.values(), strict=True):
        path.write_text(text, encoding="utf-8")
    return load_roster(paths, VOCABULARY, DAY)


def rated(roster: Roster) -> dict[str, tuple[float | None, float | None]]:
    """By id: the rating of communication by the person and by the manager."""
    both = zip(*(points(roster, f"communication:{rater}") for rater in ("self", "manager")), strict=True)
    return dict(zip(assessed(roster), both, strict=True))


@pytest.mark.parametrize(
    ("rows", "by"),
    [
        (("K1,,Self,5", ",runa@x.test,Manager,3", "K2,timo@x.test,Self,4", "K2,,Manager,2"), "email"),
        (
            ("K1,RUNA@x.test,Self,5", "n/a,runa@x.test,Manager,3", ",timo@x.test,Self,4", "K2,,Manager,2"),
            "email",
        ),
    ],
)
def test_a_row_without_an_id_is_of_whoever_has_its_address(
    tmp_path: Path, rows: tuple[str, ...], by: str
) -> None:
    ratings = "\n".join(("Employee ID,Email,Rater,Communication", *rows))
    roster = read(tmp_path, people=PEOPLE, ratings=ratings)
    assert rated(roster) == {"K1": (5, 3), "K2": (4, 2)}
    assert f"read as of the person with the same {by}" in told(roster, "ids_joined")[0]


def test_rows_of_one_table_are_of_the_person_whom_they_name(tmp_path: Path) -> None:
    rows = (
        "K1,Runa Falk,Senior PM,Self,5",
        ',"Falk, Runa",Senior PM,Manager,3',
        "K2,Timo Abel,Senior PM,Self,4",
    )
    roster = read(tmp_path, all="\n".join(("Employee ID,Name,Level,Rater,Communication", *rows)))
    assert rated(roster) == {"K1": (5, 3), "K2": (4, None)}


def test_a_row_of_each_person_is_found_by_the_name_where_others_have_an_address(tmp_path: Path) -> None:
    rows = ("Runa Falk,,5,3", ",timo@x.test,4,2")
    ratings = "\n".join(("Name,Email,Communication (self),Communication (manager)", *rows))
    assert rated(read(tmp_path, people=PEOPLE, ratings=ratings)) == {"K1": (5, 3), "K2": (4, 2)}


def test_a_name_that_two_people_have_finds_nobody_and_is_told(tmp_path: Path) -> None:
    people = f"{PEOPLE}K3,Runa Falk,falk@x.test,Senior PM\n"
    rows = (",Runa Falk,Self,5", "K2,Timo Abel,Self,4", "K2,Timo Abel,Manager,2")
    ratings = "\n".join(("Employee ID,Name,Rater,Communication", *rows))
    roster = read(tmp_path, people=people, ratings=ratings)
    assert rated(roster) == {"K1": (None, None), "K2": (4, 2), "K3": (None, None)}
    assert told(roster, "missing_employee_id") == [
        "1 row with ratings does not say whose these are, and was not used: 2."
    ]


def test_totals_are_nobodys_and_not_told_of(tmp_path: Path) -> None:
    rows = ("K1,Self,5", "K1,Manager,3", ",Average,4")
    ratings = "\n".join(("Employee ID,Rater,Communication", *rows))
    roster = read(tmp_path, people=PEOPLE, ratings=ratings)
    assert told(roster, "missing_employee_id") == []


MANAGED = "Employee ID,Name,Level,Manager ID,Manager Name,Communication (manager)"


def test_a_manager_who_is_named_without_an_id_is_the_person_of_that_name(tmp_path: Path) -> None:
    rows = (
        "M1,Oona Rask,Lead PM,,,4",
        "K1,Runa Falk,Senior PM,M1,,3",
        "K2,Timo Abel,Senior PM,,Oona Rask,3",
        'K3,Zofia Lis,Senior PM,,"Rask, Oona",3',
    )
    roster = read(tmp_path, all="\n".join((MANAGED, *rows)))
    assert roster.people["manager_id"].to_list() == [None, "M1", "M1", "M1"]


def test_a_manager_of_another_file_has_the_id_beside_the_name_in_other_rows(tmp_path: Path) -> None:
    rows = (
        "K1,Runa Falk,Senior PM,M1,Oona Rask,3",
        "K2,Timo Abel,Senior PM,,oona rask,3",
        "K3,Zofia Lis,Senior PM,M2,Ivo Tamm,3",
        "K4,Ida Berg,Senior PM,M3,Ivo Tamm,3",
        "K5,Ada Moor,Senior PM,,Ivo Tamm,3",
    )
    roster = read(tmp_path, all="\n".join((MANAGED, *rows)))
    assert roster.people["manager_id"].to_list() == ["M1", "M1", "M2", "M3", None]
    assert "1 row without a manager's id was read as of the manager of that name" in " ".join(
        told(roster, "managers_found")
    )
