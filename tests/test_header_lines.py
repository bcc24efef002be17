"""Headers of three and four lines: joined where they are a rating together, or else not guessed at."""

from pathlib import Path

import pytest

from inputs import Roster
from inputs.inspection import inspect_files
from inputs.mapping import read_mapping
from inputs.transcript import inspection_lines, mapping_text
from tests.made_files import Row, write_lines, write_sheet
from tests.read_rosters import DAY, WORDS, points, question, read, told

PEOPLE = (("K1", "Senior PM", 3, 4, 2, 5), ("K2", "PM", 2, 3, 4, 1), ("K3", "PM", 5, 1, 3, 4))
COMMENTED = tuple((one, level, own, "my own", theirs, "theirs") for one, level, own, theirs, *_ in PEOPLE)
IDS = ("Employee ID", "Level")
NO_IDS = (None, None)
RATERS = ("Self", "Manager")
TWO = ("Communication", None, "Delegation", None)


def assert_own_and_managers(roster: Roster, competency: str = "communication", first: int = 2) -> None:
    assert points(roster, f"{competency}:self") == [person[first] for person in PEOPLE]
    assert points(roster, f"{competency}:manager") == [person[first + 1] for person in PEOPLE]


RATED: dict[str, tuple[Row, ...]] = {
    "kinds over competencies over raters": (
        (*IDS, "Craft", None, "People", None),
        (*NO_IDS, *TWO),
        (*NO_IDS, *RATERS, *RATERS),
    ),
    "kinds over competencies over raters, ids at the bottom": (
        (*NO_IDS, "Craft", None, "People", None),
        (*NO_IDS, *TWO),
        (*IDS, *RATERS, *RATERS),
    ),
    "competencies over raters over scales": (
        (*IDS, *TWO),
        (*NO_IDS, *RATERS, *RATERS),
        (*NO_IDS, "1-5", "1-5", "1-5", "1-5"),
    ),
    "pandas, with the names of the rows below": (
        (*NO_IDS, "Communication", "Communication", "Delegation", "Delegation"),
        (*NO_IDS, "self", "manager", "self", "manager"),
        (*IDS, None, None, None, None),
    ),
    "pandas, with the names of lines and rows": (
        (None, None, "rating", "rating", "rating", "rating"),
        (None, "competency", "Communication", "Communication", "Delegation", "Delegation"),
        (None, "rater", "self", "manager", "self", "manager"),
        ("employee_id", "level", None, None, None, None),
    ),
}


@pytest.mark.parametrize("lines", RATED.values(), ids=RATED)
def test_lines_that_are_ratings_together_are_joined(lines: tuple[Row, ...], tmp_path: Path) -> None:
    for path in (
        write_sheet(tmp_path / "sheet.xlsx", *lines, *PEOPLE),
        write_lines(tmp_path / "lines.csv", *([one or "" for one in line] for line in (*lines, *PEOPLE))),
    ):
        roster = read(path)
        assert_own_and_managers(roster)
        assert_own_and_managers(roster, "delegation", 4)
        assert roster.people["employee_id"].to_list() == ["K1", "K2", "K3"]
        assert not told(roster, "stray_cells")


GIVEN: dict[str, tuple[Row, ...]] = {
    "raters over a competency": (
        (*IDS, "Self", None, "Manager", None),
        (*NO_IDS, "Communication", None, "Communication", None),
        (*NO_IDS, "Rating", "Comment", "Rating", "Comment"),
    ),
    "a competency over raters": (
        (*IDS, "Communication", None, None, None),
        (*NO_IDS, "Self", None, "Manager", None),
        (*NO_IDS, "Rating", "Comment", "Rating", "Comment"),
    ),
}


@pytest.mark.parametrize("lines", GIVEN.values(), ids=GIVEN)
def test_ratings_and_comments_below_two_lines_are_told_apart(lines: tuple[Row, ...], tmp_path: Path) -> None:
    roster = read(write_sheet(tmp_path / "sheet.xlsx", *lines, *COMMENTED))
    assert points(roster, "communication:self") == [3, 2, 5]
    assert points(roster, "communication:manager") == [4, 3, 1]
    assert not told(roster, "unreadable_rating")


def test_years_over_competencies_over_raters_are_cycles(tmp_path: Path) -> None:
    lines = (
        (*IDS, "2025", None, "2026", None),
        (*NO_IDS, "Communication", None, "Communication", None),
        (*NO_IDS, *RATERS, *RATERS),
    )
    roster = read(write_sheet(tmp_path / "sheet.xlsx", *lines, *PEOPLE))
    assert_own_and_managers(roster, first=4)
    assert "'2025'" in told(roster, "earlier_cycle")[0]


def test_years_over_raters_are_cycles_of_the_ratings_of_rows(tmp_path: Path) -> None:
    lines = ((*IDS, "Competency", "2025", None, "2026", None), (*NO_IDS, None, *RATERS, *RATERS))
    rows = [(one, level, title, *rated) for one, level, *rated in PEOPLE for title in TWO[::2]]
    roster = read(write_sheet(tmp_path / "sheet.xlsx", *lines, *rows))
    assert_own_and_managers(roster, first=4)
    assert_own_and_managers(roster, "delegation", first=4)


def test_kinds_between_raters_and_competencies_are_passed_over(tmp_path: Path) -> None:
    lines = (
        (*IDS, "Self", None, "Manager", None),
        (*NO_IDS, "Craft", "People", "Craft", "People"),
        (*NO_IDS, "Communication", "Delegation", "Communication", "Delegation"),
    )
    roster = read(write_sheet(tmp_path / "sheet.xlsx", *lines, *PEOPLE))
    assert points(roster, "communication:self") == [3, 2, 5]
    assert points(roster, "delegation:manager") == [5, 1, 4]


@pytest.mark.parametrize("given", [("Rating", "Comment"), ("Score", "Remarks")])
def test_what_is_given_below_competencies_or_raters_is_of_these(
    given: tuple[str, str], tmp_path: Path
) -> None:
    beside = (("Self", 3, 2), ("Manager", 4, 5))
    rows = [("K1", "PM", rater, one, "seen", two, "clear") for rater, one, two in beside]
    lines = ((*IDS, "Rater", *TWO), (*NO_IDS, None, *given, *given))
    by_rater = read(write_sheet(tmp_path / "raters.xlsx", *lines, *rows))
    beside = (("Communication", 3, 4), ("Delegation", 2, 5))
    rows = [("K1", "PM", name, own, "seen", theirs, "clear") for name, own, theirs in beside]
    lines = ((*IDS, "Competency", "Self", None, "Manager", None), (*NO_IDS, None, *given, *given))
    by_competency = read(write_sheet(tmp_path / "competencies.xlsx", *lines, *rows))
    for roster in (by_rater, by_competency):
        assert points(roster, "communication:self") + points(roster, "communication:manager") == [3, 4]
        assert points(roster, "delegation:self") + points(roster, "delegation:manager") == [2, 5]
        assert roster.comments["comment:communication:manager"].to_list() in (["seen"], ["clear"])


def test_targets_between_raters_and_competencies_are_no_ratings(tmp_path: Path) -> None:
    lines = (
        (*IDS, "Manager", None, None, None),
        (*NO_IDS, "Rating", None, "Target", None),
        (*NO_IDS, "Communication", "Delegation", "Communication", "Delegation"),
    )
    roster = read(write_sheet(tmp_path / "sheet.xlsx", *lines, *PEOPLE))
    assert points(roster, "communication:manager") == [3, 2, 5]
    assert points(roster, "delegation:manager") == [4, 3, 1]


def test_a_person_below_two_lines_is_no_third_line(tmp_path: Path) -> None:
    lines = ((*IDS, *TWO, "Notes"), (*NO_IDS, *RATERS, *RATERS, None))
    words = ("Outstanding", "Needs improvement", "Meets expectations", "Exceeds expectations")
    people = [(f"K{at}", "PM", *words[at % 4 :], *words[: at % 4], "Manager") for at in range(1, 5)]
    roster = read(write_sheet(tmp_path / "sheet.xlsx", *lines, *people))
    assert roster.people["employee_id"].to_list() == ["K1", "K2", "K3", "K4"]


def test_a_line_over_everything_is_no_part_of_the_header(tmp_path: Path) -> None:
    """Joined to `Peers - Communication` it would be somebody whom nobody knows."""
    header = ("Employee ID", "Level", *(f"{one} - Communication" for one in (*RATERS, "Peers")))
    roster = read(write_lines(tmp_path / "rows.csv", ["Exported by HR Ops"], header, *PEOPLE))
    assert_own_and_managers(roster)
    assert "such as 'Peers - Communication', was kept apart" in told(roster, "other_raters")[0]


def test_a_written_mapping_keeps_the_lines(tmp_path: Path) -> None:
    path = write_sheet(tmp_path / "sheet.xlsx", *GIVEN["a competency over raters"], *COMMENTED)
    inspection = inspect_files([path], WORDS, DAY)
    assert "below the header in rows 1, 2 and 3" in "\n".join(inspection_lines(inspection))
    written = tmp_path / "map.yaml"
    written.write_text(mapping_text(inspection), encoding="utf-8")
    assert points(read(path, mapping=read_mapping(written)), "communication:manager") == [4, 3, 1]


def test_words_nobody_knows_over_competencies_are_asked_about(tmp_path: Path) -> None:
    lines = (
        (*IDS, "Facilitator", None, "Self", None),
        (*NO_IDS, *TWO[:1], None, *TWO[:1], None),
        (*NO_IDS, "Rating", "Comment", "Rating", "Comment"),
    )
    path = write_sheet(tmp_path / "sheet.xlsx", *lines, *COMMENTED)
    assert "'Facilitator'" in question(path)
