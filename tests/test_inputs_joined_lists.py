"""What a list beside the ratings says of people: their managers, and what the ratings leave blank."""

from pathlib import Path

from inputs import Roster
from tests.made_files import Row, write_workbook
from tests.read_rosters import assessed, read, told

LEVELS = {"K1": "Senior PM", "K2": "Product Manager", "K3": "Associate PM", "K4": "Lead PM"}
RATED: list[Row] = [["Employee ID", "Communication (manager)"], *([one, 3] for one in LEVELS)]
STAFF: list[Row] = [["Employee ID", "Level"], *map(list, LEVELS.items())]


def book(folder: Path, **sheets: list[Row]) -> Roster:
    return read(write_workbook(folder / "book.xlsx", sheets))


def managers(roster: Roster) -> list[str | None]:
    return roster.people["manager_name"].to_list()


def test_a_list_that_says_nothing_but_who_manages_whom_is_read(tmp_path: Path) -> None:
    lines: list[Row] = [["Employee ID", "Manager"], *([one, "Ina Holt"] for one in LEVELS)]
    assert managers(book(tmp_path, Staff=STAFF, Ratings=RATED, Lines=lines)) == ["Ina Holt"] * 4


def test_who_manages_people_is_what_the_list_of_the_people_says(tmp_path: Path) -> None:
    staff = [[*row, "Manager" if at == 0 else "Ute Lang"] for at, row in enumerate(STAFF)]
    lines: list[Row] = [["Employee ID", "Manager"], *([one, "Ina Holt"] for one in LEVELS)]
    assert managers(book(tmp_path, Staff=staff, Ratings=RATED, Lines=lines)) == ["Ute Lang"] * 4


def test_a_level_that_the_ratings_leave_blank_is_that_of_the_list(tmp_path: Path) -> None:
    rated = [["Employee ID", "Level", "Communication (manager)"]]
    rated += [[one, None if one == "K2" else level, 3] for one, level in LEVELS.items()]
    dated = [[*row, "In level since" if at == 0 else "2023-01-01"] for at, row in enumerate(STAFF)]
    roster = book(tmp_path, Ratings=rated, Staff=dated)
    assert dict(zip(assessed(roster), roster.people["level"], strict=True))["K2"] == "product_manager"
    assert (
        "leaves the level of 1 person blank, so what stands here was used: K2."
        in told(roster, "filled_blanks")[0]
    )
    assert roster.cell(assessed(roster).index("K2"), "level") is None


def test_a_manager_who_is_named_in_one_way_is_not_given_another_ones_id(tmp_path: Path) -> None:
    rated = [["Employee ID", "Level", "Manager Name", "Manager ID", "Communication (manager)"]]
    rated += [[one, level, "Ute Lang", None, 3] for one, level in LEVELS.items()]
    rated[1][2] = None
    listed = [["Employee ID", "Level", "Manager ID", "In level since"]]
    listed += [[one, level, "M7", "2023-01-01"] for one, level in LEVELS.items()]
    roster = book(tmp_path, Ratings=rated, Staff=listed)
    assert roster.people["manager_id"].to_list() == ["M7", None, None, None]
