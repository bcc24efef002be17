"""A mapping that was made for one export, and the next export: it fits, or what no longer fits is said."""

from pathlib import Path
from typing import Any

import pytest

from inputs import InputError, Issue, Roster, Severity
from inputs.inspection import inspect_files
from inputs.loading import load_roster
from inputs.mapping import FileMapping, read_mapping
from inputs.transcript import mapping_text
from tests.inputs_vocabulary import DAY, VOCABULARY
from tests.made_files import write_workbook
from tests.read_rosters import points

HEADER = ("Employee ID", "Level", "Communication (self)", "Communication (manager)")
RATINGS = (5, 4, 3, 2, 4, 3)
Rows = list[tuple[object, ...]]


def people(*more: object, given: tuple[object, ...] = RATINGS) -> Rows:
    """Six people, with what their manager gave, and with more columns that hold the same for all."""
    return [(f"K{at}", "Senior PM", 5, rating, *more) for at, rating in enumerate(given)]


def written(path: Path, **sheets: Rows) -> Path:
    return write_workbook(path, sheets)


def mapping(**parts: Any) -> FileMapping:
    return FileMapping.model_validate(parts)


def as_read(path: Path) -> FileMapping:
    return inspect_files([path], VOCABULARY, DAY).mapping


def read(path: Path, known: FileMapping) -> Roster:
    return load_roster([path], VOCABULARY, DAY, known)


def stopped(path: Path, known: FileMapping) -> str:
    with pytest.raises(InputError) as stop:
        read(path, known)
    return str(stop.value)


def about(roster: Roster, kind: str) -> list[Issue]:
    return [issue for issue in roster.issues if issue.kind == kind]


def managers(roster: Roster) -> list[float | None]:
    return points(roster, "communication:manager")


def test_a_new_column_of_ratings_that_the_mapping_does_not_list_is_warned_of(tmp_path: Path) -> None:
    known = as_read(written(tmp_path / "q1.xlsx", Ratings=[HEADER, *people()]))
    fresh = (*HEADER, "Delegation (manager)", "Location")
    roster = read(written(tmp_path / "q2.xlsx", Ratings=[fresh, *people(4, "Bern")]), known)
    (issue,) = about(roster, "column_not_used")
    assert issue.severity is Severity.WARNING
    assert "'Delegation (manager)' (column E) was not used: not in the mapping" in issue.problem
    assert not about(read(tmp_path / "q1.xlsx", known), "column_not_used")


def test_a_new_sheet_of_ratings_that_the_mapping_does_not_name_is_warned_of(tmp_path: Path) -> None:
    known = as_read(written(tmp_path / "q1.xlsx", Ratings=[HEADER, *people()]))
    more = [("Employee ID", "Delegation (manager)"), *((f"K{at}", 4) for at in range(6))]
    roster = read(written(tmp_path / "q2.xlsx", Ratings=[HEADER, *people()], More=more), known)
    (issue,) = about(roster, "sheet_not_used")
    assert issue.severity is Severity.WARNING
    assert issue.problem == "The sheet 'More' was not used: the mapping does not name it."


def test_a_column_that_the_mapping_names_and_the_file_lacks_stops_the_work(tmp_path: Path) -> None:
    header = (*HEADER[:3], "Boss score 2026")
    path = written(tmp_path / "q2.xlsx", Ratings=[header, *people()])
    answer = {"Boss score": "communication:manager", "Old notes": None}
    assert "no column is called 'Boss score' (communication:manager)" in stopped(
        path, mapping(columns=answer)
    )
    now = {"Boss score 2026": "communication:manager", "Old notes": None}
    assert managers(read(path, mapping(columns=now))) == list(RATINGS)


@pytest.mark.parametrize(
    ("header", "there"),
    [
        (HEADER, ""),
        (
            (*HEADER[:2], "Communication self 2025", "Communication manager 2025"),
            " There is '2025'.",
        ),
    ],
)
def test_a_cycle_that_the_mapping_asks_for_and_the_file_lacks_stops_the_work(
    header: tuple[str, ...], there: str, tmp_path: Path
) -> None:
    path = written(tmp_path / "export.xlsx", Ratings=[header, *people()])
    said = stopped(path, mapping(cycle="2024"))
    assert f"the cycle '2024', which no header, cell, sheet or file names.{there} Name one" in said


@pytest.mark.parametrize("cycle", ["2024", "2025"])
def test_the_name_of_a_file_or_sheet_is_that_of_its_cycle(cycle: str, tmp_path: Path) -> None:
    path = written(tmp_path / "ratings 2024.xlsx", **{"Review 2025": [HEADER, *people()]})
    assert managers(read(path, mapping(cycle=cycle))) == list(RATINGS)


@pytest.mark.parametrize(
    ("scale", "given", "said"),
    [
        (
            {"worst": 1, "best": 4},
            (*RATINGS[1:], 5, 5, 5),
            "a number from 1 to 4, but 3 of 8 are not: '5' (3)",
        ),
        (
            {"points": {"A": 5, "B": 3}},
            ("A", "B", "A", "B", "C", "C", "C"),
            "one of A, B, but 3 of 7 are not",
        ),
        (
            {"percent": True},
            ("80%", "60%", "40%", 4, 3, 5),
            "a percentage from 0% to 100%, but 3 of 6 are not",
        ),
    ],
)
def test_a_scale_of_the_mapping_that_many_ratings_are_not_on_is_asked_about_again(
    scale: dict[str, Any], given: tuple[object, ...], said: str, tmp_path: Path
) -> None:
    path = written(tmp_path / "q2.xlsx", Ratings=[HEADER, *people(given=given)])
    assert f"According to the mapping, each rating by the manager is {said}" in stopped(
        path, mapping(scales={"manager": scale})
    )


def test_one_rating_beyond_the_scale_of_the_mapping_is_an_issue_of_its_own(tmp_path: Path) -> None:
    path = written(tmp_path / "q2.xlsx", Ratings=[HEADER, *people(given=(1, 2, 3, 4, 4, 5))])
    roster = read(path, mapping(scales={"manager": {"worst": 1, "best": 4}}))
    assert [issue.value for issue in about(roster, "rating_out_of_scale")] == ["5"]


@pytest.mark.parametrize(("best", "warned"), [(5, False), (10, True)])
def test_a_scale_of_the_mapping_that_goes_beyond_all_ratings_is_warned_of(
    best: int, warned: bool, tmp_path: Path
) -> None:
    path = written(tmp_path / "q2.xlsx", Ratings=[HEADER, *people(given=RATINGS * 6)])
    roster = read(path, mapping(scales={"manager": {"worst": 1, "best": best}}))
    warnings = [one.problem for one in about(roster, "scale_read") if one.severity is Severity.WARNING]
    assert bool(warnings) == warned
    assert all("none of 36 is above 5" in one for one in warnings)


def test_a_mapping_that_is_written_down_holds_the_answers_that_were_given(tmp_path: Path) -> None:
    header = (*HEADER[:2], "Comms (self)", "Comms (Squad boss)", "Talk (self)")
    rows = [("K1", "Senior PM", 7, 8, 6), ("K2", "PM Grade 7", 9, 6, 8), ("K3", "Senior PM", 10, 0, 7)]
    path = written(tmp_path / "q1.xlsx", Ratings=[header, *rows])
    answers: dict[str, Any] = {
        "levels": {"PM Grade 7": "product_manager"},
        "competencies": {"Comms": "communication", "Talk": None},
        "raters": {"Squad boss": "manager"},
        "scales": {"both": {"worst": "1", "best": "10"}},
        "not_rated": ["0"],
    }
    text = mapping_text(inspect_files([path], VOCABULARY, DAY, mapping(**answers)))
    (tmp_path / "map.yaml").write_text(text, encoding="utf-8")
    again = read(path, read_mapping(tmp_path / "map.yaml"))
    first = read(path, mapping(**answers))
    assert again.ratings.equals(first.ratings)
    assert again.people.equals(first.people)
    assert managers(again) == [pytest.approx(1 + 4 * 7 / 9), pytest.approx(1 + 4 * 5 / 9), None]


def test_an_open_question_of_a_kind_keeps_the_answers_of_the_kind(tmp_path: Path) -> None:
    header = (*HEADER[:2], "Comms (Own view)", "Comms (Squad boss)")
    path = written(tmp_path / "q1.xlsx", Ratings=[header, ("K1", "Senior PM", 3, 4)])
    known = mapping(raters={"Own view": "self"}, competencies={"Comms": "communication"})
    text = mapping_text(inspect_files([path], VOCABULARY, DAY, known))
    assert '# raters: {"Squad boss": manager, "Own view": self}' in text
    assert text.count("\nraters:") == 1
    assert "competencies: {Comms: communication}" in text
