"""Rows of one person whose id, address or name is written in several ways: put together, or told apart."""

from pathlib import Path

import pytest

from inputs import Roster
from inputs.loading import load_roster
from tests.inputs_vocabulary import DAY, VOCABULARY
from tests.read_rosters import assessed, points, read_rows, told


def read(folder: Path, *rows: str) -> Roster:
    path = folder / "export.csv"
    path.write_text("".join(f"{row}\n" for row in rows), encoding="utf-8")
    return load_roster([path], VOCABULARY, DAY)


def rated(roster: Roster) -> dict[str, tuple[float | None, float | None]]:
    """By id: the rating of communication by the person and by the manager."""
    both = zip(*(points(roster, f"communication:{rater}") for rater in ("self", "manager")), strict=True)
    return dict(zip(assessed(roster), both, strict=True))


HEADER = "{},Level,Rater,Communication"
NAMED = "Employee ID,Name,Level,Rater,Communication"


@pytest.mark.parametrize(
    ("key", "one", "other", "read_as"),
    [
        ("Employee ID", "k2001", "K2001", "k2001"),
        ("Employee ID", "K2001", "K-2001", "K-2001"),
        ("Employee ID", "417", "00417", "00417"),
        ("Email", "Runa@example.test", "runa@example.test", "Runa@example.test"),
        ("Employee", "Falk Runa", "Runa Falk", "Falk Runa"),
    ],
)
def test_rows_of_two_raters_whose_keys_differ_in_writing_alone_are_one_persons(
    key: str, one: str, other: str, read_as: str, tmp_path: Path
) -> None:
    rows = f"{one},Senior PM,Self,5", f"{other},Senior PM,Manager,3"
    roster = read(tmp_path, HEADER.format(key), *rows)
    assert rated(roster) == {read_as: (5, 3)}
    (note,) = told(roster, "ids_joined")
    assert f"'{one}' and '{other}'; they were put together" in note
    assert not told(roster, "similar_ids") + told(roster, "conflicting_value")


def test_names_that_agree_join_ids_that_one_rater_wrote_in_two_ways(tmp_path: Path) -> None:
    header = "Employee ID,Name,Level,Competency,Rater,Rating"
    rows = (
        "k2001,Runa Falk,Senior PM,Communication,Self,5",
        'K2001,"Falk, Runa",Senior PM,Delegation,Self,4',
        "k2001,Runa Falk,Senior PM,Communication,Manager,3",
    )
    assert rated(read(tmp_path, header, *rows)) == {"k2001": (5, 3)}


def test_ids_that_case_alone_tells_apart_stay_two_people_where_their_names_differ(tmp_path: Path) -> None:
    rows = (
        "0051a,Runa Falk,Senior PM,Self,5",
        "0051a,Runa Falk,Senior PM,Manager,2",
        "0051A,Ines Duarte,Senior PM,Self,4",
        "0051A,Ines Duarte,Senior PM,Manager,3",
    )
    roster = read(tmp_path, NAMED, *rows)
    assert rated(roster) == {"0051a": (5, 2), "0051A": (4, 3)}
    assert told(roster, "similar_ids")
    assert not told(roster, "ids_joined")


def test_ids_without_names_that_one_rater_rated_both_stay_two_people(tmp_path: Path) -> None:
    rows = ("k2001,Senior PM,Self,5", "K2001,Senior PM,Self,4", "K2001,Senior PM,Manager,3")
    roster = read(tmp_path, HEADER.format("Employee ID"), *rows)
    assert rated(roster) == {"k2001": (5, None), "K2001": (4, 3)}
    assert told(roster, "similar_ids")
    assert not told(roster, "ids_joined")


def test_one_person_under_two_ways_of_writing_with_two_levels_is_not_assessed(tmp_path: Path) -> None:
    rows = (
        "k2001,Runa Falk,Senior PM,Self,5",
        "K2001,Runa Falk,Lead PM,Manager,3",
        "K2002,Timo Abel,Senior PM,Self,4",
    )
    roster = read(tmp_path, NAMED, *rows)
    assert rated(roster) == {"K2002": (4, None)}
    assert roster.not_assessable["kind"].to_list() == ["conflicting_rows"]


def test_an_id_with_the_decimals_of_an_export_is_told_also_where_ids_have_letters(tmp_path: Path) -> None:
    rows = [["E1", "PM", 4], ["E1.0", "PM", 3], ["E10", "PM", 2]]
    roster = read_rows(tmp_path, ["Employee ID", "Level", "Communication (manager)"], *rows)
    assert told(roster, "id_decimals") == [
        "1 id ends in .0, such as E1.0, and the others do not: an export may have written numbers this way. "
        "It was left as written."
    ]
