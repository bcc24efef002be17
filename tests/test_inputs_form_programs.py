"""Answers to two forms, one for everybody and one for managers, as programs for forms export them: each
rating is that of the person whom it is about, and whoever answered about somebody else is their manager."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from inputs import Roster
from inputs.loading import load_roster
from inputs.mapping import FileMapping
from tests.inputs_vocabulary import DAY, VOCABULARY
from tests.made_files import Row, write_lines
from tests.read_rosters import points, question


class Person(NamedTuple):
    first: str
    last: str
    own: int
    given: int | None
    """By the manager."""
    manager: int | None

    @property
    def name(self) -> str:
        return f"{self.first} {self.last}"

    @property
    def address(self) -> str:
        return f"{self.first}.{self.last}@example.test".lower()


TEAM = [
    Person("Runa", "Falk", 2, 3, 4),
    Person("Timo", "Abel", 3, 4, 5),
    Person("Zofia", "Lis", 4, 5, 4),
    Person("Ines", "Vasko", 5, 2, 5),
    Person("Oona", "Rask", 4, None, None),
    Person("Ivo", "Tamm", 3, None, None),
]
LABELS = ("", "1 - Far below", "2 - Below", "3 - Meets", "4 - Above", "5 - Far above")
RATED = ("Communication", "Delegation")
Answers = list[tuple[int, Person, Person, int]]
"""The number of each answer, who answered, about whom, and the rating."""


def answers(*, of_managers: bool) -> Iterator[tuple[int, Person, Person, int]]:
    for at, one in enumerate(TEAM, 1):
        if not of_managers:
            yield at, one, one, one.own
        elif one.manager is not None and one.given is not None:
            yield at, TEAM[one.manager], one, one.given


def google(whom: str, own: bool, level: bool) -> list[Row]:
    asks = ["What is your name?"] if own else [whom]
    asks += ["What is your level?"] if level else []
    who = "yourself" if own else "your report"
    rated = [f"Rate {who} [{one}]" for one in RATED]
    rows: list[Row] = [["Timestamp", "Email Address", *asks, *rated]]
    for at, by, about, rating in answers(of_managers=not own):
        told = [f"6/{at}/2026 9:41:07", by.address, about.name, *(["Senior PM"] if level else [])]
        rows.append([*told, rating, rating])
    return rows


def numbered(whom: str, own: bool, level: bool) -> list[Row]:
    asks = [] if own else [whom]
    asks += ["Your level"] if level else []
    rater = "self" if own else "manager"
    head = ["ID", "Start time", "Completion time", "Email", "Name", *asks]
    rows: list[Row] = [[*head, *(f"{one} ({rater})" for one in RATED)]]
    for at, by, about, rating in answers(of_managers=not own):
        times = [f"6/{at}/26 9:41:07", f"6/{at}/26 9:51:07"]
        told = [at, *times, by.address, by.name, *([] if own else [about.name])]
        rows.append([*told, *(["Senior PM"] if level else []), LABELS[rating], LABELS[rating]])
    return rows


def in_two_lines(whom: str, own: bool, level: bool) -> list[Row]:
    head = [
        "Respondent ID",
        "Collector ID",
        "Start Date",
        "End Date",
        "Email Address",
        "First Name",
        "Last Name",
    ]
    asks = [] if own else [whom]
    asks += ["What is your level?"] if level else []
    below = ([] if own else ["Open-Ended Response"]) + (["Response"] if level else [])
    how = f"How would you rate {'yourself' if own else 'this person'} on the following?"
    rows: list[Row] = [[*head, *asks, how, ""], [*[""] * len(head), *below, *RATED]]
    for at, by, about, rating in answers(of_managers=not own):
        times = [f"06/0{at}/2026 10:00:00 AM", f"06/0{at}/2026 10:09:00 AM"]
        told = [118000000 + at, 4001, *times, by.address, by.first, by.last, *([] if own else [about.name])]
        rows.append([*told, *(["Senior PM"] if level else []), rating, rating])
    return rows


def by_names_alone(whom: str, own: bool, level: bool) -> list[Row]:
    asks = ["What's your name?"] if own else ["Who are you?", whom]
    asks += ["Which level are you at?"] if level else []
    rater = "yourself" if own else "your report"
    rows: list[Row] = [["#", *asks, *(f"Rate {rater}: {one}" for one in RATED), "Submit Date (UTC)"]]
    for at, by, about, rating in answers(of_managers=not own):
        told = [f"k{at * 7919:x}", *([] if own else [by.name]), about.name]
        rows.append([*told, *(["Senior PM"] if level else []), rating, rating, f"2026-06-0{at} 10:10:00"])
    return rows


PROGRAMS = [google, numbered, in_two_lines, by_names_alone]
Program = Callable[[str, bool, bool], list[Row]]
WHOM = ["Who are you rating?", "Name of your direct report", "Employee", "Which team member is this about?"]
SAID = FileMapping.model_validate({"raters": {"yourself": "self", "your report": "manager"}})


def read(folder: Path, program: Program, whom: str, *, people: bool) -> Roster:
    own = write_lines(folder / "self.csv", *program(whom, True, not people))
    theirs = write_lines(folder / "manager.csv", *program(whom, False, False))
    files = [own, theirs]
    if people:
        listed: list[Row] = [["Employee ID", "Full Name", "Work Email", "Job Title"]]
        listed += [[f"K{at}", one.name, one.address, "Senior PM"] for at, one in enumerate(TEAM, 200)]
        files = [write_lines(folder / "people.csv", *listed), *files]
    return load_roster(files, VOCABULARY, DAY)


@pytest.mark.parametrize("people", [False, True], ids=["two forms", "with a list of people"])
@pytest.mark.parametrize("whom", WHOM)
@pytest.mark.parametrize("program", PROGRAMS)
def test_every_rating_is_about_the_person_whom_the_form_asked_about(
    program: Program, whom: str, people: bool, tmp_path: Path
) -> None:
    roster = read(tmp_path, program, whom, people=people)
    assert roster.people["employee_name"].to_list() == [one.name for one in TEAM]
    assert points(roster, "communication:self") == [one.own for one in TEAM]
    assert points(roster, "communication:manager") == [one.given for one in TEAM]


@pytest.mark.parametrize("program", [google, numbered, in_two_lines])
def test_whoever_answered_about_somebody_else_is_their_manager(program: Program, tmp_path: Path) -> None:
    roster = read(tmp_path, program, WHOM[0], people=False)
    expected = [None if one.manager is None else TEAM[one.manager].name for one in TEAM]
    assert roster.people["manager_name"].to_list() == expected


def test_ratings_of_a_form_that_do_not_say_whose_they_are_are_asked_about_and_not_left_out(
    tmp_path: Path,
) -> None:
    people: list[Row] = [["Employee ID", "Name", "Level"]]
    people += [[f"K{at}", one.name, "Senior PM"] for at, one in enumerate(TEAM)]
    given: list[Row] = [["Employee", "Communication (manager)"], *([one.name, one.given] for one in TEAM)]
    own: list[Row] = [["Handle", *RATED], *([one.name, one.own, one.own] for one in TEAM)]
    files = [("people", people), ("given", given), ("answers", own)]
    said = question(*(write_lines(tmp_path / f"{name}.csv", *rows) for name, rows in files))
    assert "answers.csv holds ratings that are nowhere else" in said
    assert "'Handle' (column A) holds the employee name of people in people.csv" in said
