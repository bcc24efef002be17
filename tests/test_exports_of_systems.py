"""Exports of HR systems whose every rating is known: each is read as it was given, or asked about."""

from collections.abc import Callable
from pathlib import Path

import pytest

from inputs import Roster
from inputs.mapping import FileMapping
from tests.made_files import Row, write_lines
from tests.read_rosters import points, question, read

RATED = ("Communication", "Delegation")
SAID = (
    "",
    "Unsatisfactory",
    "Needs improvement",
    "Meets expectations",
    "Exceeds expectations",
    "Outstanding",
)
PEOPLE = (
    ("K1", "Ines Duarte", "Product Manager", (3, 4, 2, 5)),
    ("K2", "Milo Rask", "Senior PM", (2, 2, 4, 1)),
)
"""Id, name, level, and the person's own and the manager's rating of each competency."""


def wide(folder: Path, own: str, managers: str, *about: str) -> Roster:
    headers = [form.format(title) for title in RATED for form in (own, managers)]
    rows = [(one, name, level, *ratings) for one, name, level, ratings in PEOPLE]
    return read(
        write_lines(folder / "export.csv", (*(about or ("Employee ID", "Name", "Level")), *headers), *rows)
    )


def listed(folder: Path, headers: Row, row: Callable[..., Row]) -> Path:
    """A row for each person and competency, made of the person, the competency and its two ratings."""
    rows = [
        row(one, name, level, title, *ratings[2 * at : 2 * at + 2])
        for one, name, level, ratings in PEOPLE
        for at, title in enumerate(RATED)
    ]
    return write_lines(folder / "export.csv", headers, *rows)


def assert_as_given(roster: Roster) -> None:
    columns = [f"{title.lower()}:{rater}" for title in RATED for rater in ("self", "manager")]
    given = [list(ratings) for ratings in zip(*(person[3] for person in PEOPLE), strict=True)]
    assert [points(roster, column) for column in columns] == given
    assert roster.people["level"].to_list() == ["product_manager", "senior_pm"]


@pytest.mark.parametrize(
    ("own", "managers"),
    [
        ("{} – Selbsteinschätzung", "{} – Einschätzung durch Vorgesetzte:n"),
        ("{} (Mitarbeiter:in)", "{} (Vorgesetzte*r)"),
        ("{} (Mitarbeiter/-in)", "{} (Vorgesetzte(n))"),
        ("{} (salarié·e)", "{} (manager)"),
        ("{} (salarié(e))", "{} (manager)"),
        ("{} (empleado/a)", "{} (jefe/a)"),
    ],
)
def test_words_for_women_and_men_name_the_rater(own: str, managers: str, tmp_path: Path) -> None:
    assert_as_given(wide(tmp_path, own, managers))


def test_columns_that_were_not_taken_for_ratings_are_named_where_a_rater_has_none(tmp_path: Path) -> None:
    roster = wide(tmp_path, "{} (self)", "{} (manager, target)")
    (gap,) = [issue for issue in roster.issues if "No ratings by the manager" in issue.problem]
    assert "Not taken for ratings: 'Communication (manager, target)', 'Delegation" in gap.remedy


def test_what_brackets_say_of_filling_in_is_no_rater(tmp_path: Path) -> None:
    about = ("Employee ID (read only)", "Name [do not edit]", "Level (dropdown)")
    assert_as_given(wide(tmp_path, "{} (self) [dropdown]", "{} (manager) [mandatory]", *about))


def test_names_in_an_interface_are_read(tmp_path: Path) -> None:
    assert_as_given(wide(tmp_path, "{}_Self__c", "{}_Manager__c", "Employee_Number__c", "Name", "Level__c"))


@pytest.mark.parametrize("kind", ["Annual 2026", "Performance document"])
def test_a_type_of_review_beside_ratings_by_both_is_no_rater(kind: str, tmp_path: Path) -> None:
    headers = (
        "Employee ID",
        "Name",
        "Level",
        "Review Type",
        "Competency",
        "Employee Rating",
        "Manager Rating",
    )
    path = listed(tmp_path, headers, lambda one, name, level, *rated: (one, name, level, kind, *rated))
    assert_as_given(read(path))


def test_measures_of_a_crosstab_say_who_rated(tmp_path: Path) -> None:
    headers = ("Employee ID", "Level", "Competency", "Measure Names", "Measure Values")
    rows = [
        (one, level, title, f"{rater} Rating", ratings[2 * at + by])
        for one, _, level, ratings in PEOPLE
        for at, title in enumerate(RATED)
        for by, rater in enumerate(("Self", "Manager"))
    ]
    assert_as_given(read(write_lines(tmp_path / "export.csv", headers, *rows)))


def test_numbered_reviewers_are_asked_about_each_and_the_answer_reads_both(tmp_path: Path) -> None:
    header = [f"{title} (Reviewer {at})" for title in RATED for at in (1, 2)]
    rows = [(one, level, *ratings) for one, _, level, ratings in PEOPLE]
    path = write_lines(tmp_path / "export.csv", ("Employee ID", "Level", *header), *rows)
    assert "'Reviewer 1' (2 columns" in question(path)
    mapping = FileMapping(raters={"Reviewer 1": "self", "Reviewer 2": "manager"})
    assert_as_given(read(path, mapping=mapping))


@pytest.mark.parametrize(
    "names",
    [
        ("Employee Response", "Manager Response"),
        ("Worker Rating Description", "Manager Rating Description"),
        ("Self", "Line Mgr"),
    ],
)
@pytest.mark.parametrize("write", [str, SAID.__getitem__], ids=["numbers", "words"])
def test_names_of_the_two_ratings_of_a_row(
    names: tuple[str, str], write: Callable[[int], str], tmp_path: Path
) -> None:
    headers = ("Employee ID (from Employee)", "Level (from Employee)", "Competency", *names)

    def row(one: str, _: str, level: str, title: str, *both: int) -> Row:
        return (one, level, title, *map(write, both))

    assert_as_given(read(listed(tmp_path, headers, row)))


def test_words_beside_the_numbers_of_both_raters_are_not_a_second_rating(tmp_path: Path) -> None:
    names = ("Self Rating", "Self Rating Description", "Manager Rating", "Manager Rating Description")
    headers = ("Employee ID", "Level", "Competency", *names)
    path = listed(
        tmp_path,
        headers,
        lambda one, _, level, title, own, theirs: (one, level, title, own, SAID[own], theirs, SAID[theirs]),
    )
    assert_as_given(read(path))
