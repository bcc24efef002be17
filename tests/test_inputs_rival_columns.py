"""Two columns for one rating: which of them counts is one question, and one answer settles all of them."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from inputs import InputError
from inputs.answering import Question, with_answer
from inputs.inspection import inspect_files
from inputs.loading import load_roster
from inputs.mapping import FileMapping
from tests.inputs_vocabulary import DAY, VOCABULARY, questions
from tests.made_files import write_sheet, write_workbook
from tests.read_rosters import points, told

PEOPLE = ((1, "Senior PM", 4, 5, 2, 3), (2, "PM", 3, 2, 1, 5))


def write(folder: Path, *headers: str) -> Path:
    rows = [row[: 2 + len(headers)] for row in PEOPLE]
    return write_sheet(folder / "people.xlsx", ("Employee ID", "Level", *headers), *rows)


def asked(path: Path) -> Question:
    (question,) = questions(path)
    return question


@pytest.mark.parametrize(
    "words",
    [
        ("Manager 1", "Manager 2"),
        ("Manager rating", "Line manager rating"),
        ("Manager (mid)", "Manager (end)"),
    ],
)
def test_one_answer_says_which_of_two_columns_counts_for_all_competencies(
    words: Sequence[str], tmp_path: Path
) -> None:
    first, second = words
    path = write(
        tmp_path,
        f"Communication - {first}",
        f"Communication - {second}",
        f"Delegation - {first}",
        f"Delegation - {second}",
    )
    mapping = FileMapping()
    for choose in (0, 1):
        question = asked(path)
        labels = [choice.label for choice in question.choices]
        assert labels == [
            f"“Communication - {first}” and 1 column like it",
            f"“Communication - {second}” and 1 column like it",
        ]
        mapping = with_answer(FileMapping(), question.kind, question.choices[choose].given)
        roster = load_roster([path], VOCABULARY, DAY, mapping)
        assert points(roster, "communication:manager") == [[4, 3], [5, 2]][choose]
        assert points(roster, "delegation:manager") == [[2, 1], [3, 5]][choose]


def test_the_question_says_what_to_put_into_a_mapping(tmp_path: Path) -> None:
    path = write(tmp_path, "Communication - Manager 1", "Communication - Manager 2")
    with pytest.raises(InputError) as stopped:
        load_roster([path], VOCABULARY, DAY)
    assert (
        "If it is “Communication - Manager 1”, say so in a mapping: "
        '`columns: {"Communication - Manager 2": null}`.'
    ) in str(stopped.value)


def test_columns_of_one_header_need_another_one(tmp_path: Path) -> None:
    path = write(tmp_path, "Communication (manager)", "Communication (manager)")
    with pytest.raises(InputError, match="Write different headers above them"):
        load_roster([path], VOCABULARY, DAY)


def test_the_rating_by_the_second_line_manager_is_kept_apart(tmp_path: Path) -> None:
    path = write(tmp_path, "Communication (first line manager)", "Communication (second line manager)")
    roster = load_roster([path], VOCABULARY, DAY)
    assert points(roster, "communication:manager") == [4, 3]
    assert len(told(roster, "other_raters")) == 1


def test_a_final_rating_that_is_kept_apart_can_be_the_one_that_counts(tmp_path: Path) -> None:
    path = write(tmp_path, "Communication (manager)", "Communication (final)")
    (note,) = [one for one in load_roster([path], VOCABULARY, DAY).issues if one.kind == "other_raters"]
    assert '`raters: {"final": manager}`' in note.remedy
    mapping = FileMapping.model_validate({"raters": {"final": "manager"}})
    (question,) = questions(path, mapping)
    answered = with_answer(mapping, question.kind, question.choices[1].given)
    assert points(load_roster([path], VOCABULARY, DAY, answered), "communication:manager") == [5, 2]


@pytest.mark.parametrize("other", ["Official Rating", "Calibrated rating", "HR score"])
def test_ratings_of_rows_by_nobody_who_is_known_are_told(other: str, tmp_path: Path) -> None:
    header = ("Employee ID", "Level", "Competency", "Self Rating", "Manager Rating", other)
    rows = [(at, "PM", name, 4, 3, 2) for at in (1, 2) for name in ("Communication", "Delegation")]
    path = write_sheet(tmp_path / "people.xlsx", header, *rows)
    roster = load_roster([path], VOCABULARY, DAY)
    assert points(roster, "communication:manager") == [3, 3]
    (warning,) = [one for one in roster.issues if one.kind == "column_not_used"]
    answer = f'`columns: {{"{other}": manager_rating, "Manager Rating": null}}`'
    assert warning.severity == "warning"
    assert answer in warning.remedy
    mapping = FileMapping.model_validate({"columns": {other: "manager_rating", "Manager Rating": None}})
    answered = load_roster([path], VOCABULARY, DAY, mapping)
    assert points(answered, "communication:manager") == [2, 2]


@pytest.mark.parametrize(
    ("read", "beside"),
    [("Achieved", "Desired"), ("Ist", "Soll"), ("Answer", "Responses")],
)
def test_what_is_reached_is_the_rating_and_what_is_wanted_is_none(
    read: str, beside: str, tmp_path: Path
) -> None:
    header = (
        "Employee ID",
        "Level",
        "Competency",
        f"{read} (self)",
        f"{read} (manager)",
        f"{beside} (manager)",
    )
    rows = [(at, "PM", name, 4, 3, 5) for at in (1, 2) for name in ("Communication", "Delegation")]
    roster = load_roster([write_sheet(tmp_path / "people.xlsx", header, *rows)], VOCABULARY, DAY)
    assert points(roster, "communication:manager") == [3, 3]
    assert points(roster, "delegation:self") == [4, 4]


LONG = ("Employee ID", "Level", "Competency", "Rater")
NAMED = {1: "Weak", 2: "Fair", 3: "Solid", 4: "Strong", 5: "Great"}


def rated_twice(folder: Path, names: Mapping[int, str], *headers: str, slip: str | None = None) -> Path:
    """Each rating as its word and as a number; of the last one another word, where there is a slip."""
    rows = [
        (f"K{at}", "PM", "Communication", rater, names[rating], rating)
        for at in range(1, 11)
        for rater, rating in (("Self", 1 + at % 5), ("Manager", 1 + (at + 2) % 5))
    ]
    rows[-1] = (*rows[-1][:4], slip or rows[-1][4], rows[-1][5])
    return write_sheet(folder / "people.xlsx", (*LONG, *headers), *rows)


@pytest.mark.parametrize(
    "headers", [("Rating", "Rating Value"), ("Rating Description", "Rating"), ("Score label", "Score")]
)
def test_of_a_rating_as_a_word_and_as_a_number_the_numbers_count(
    headers: tuple[str, str], tmp_path: Path
) -> None:
    roster = load_roster([rated_twice(tmp_path, NAMED, *headers)], VOCABULARY, DAY)
    assert points(roster, "communication:manager") == [4, 5, 1, 2, 3] * 2
    assert str(roster.cell(0, "communication:manager")) == "Sheet!F3"
    assert told(roster, "column_not_used") == [
        f"The column '{headers[0]}' was not used: '{headers[1]}' (column F) has the numbers of its words."
    ]


def test_a_number_beside_the_word_of_another_is_no_rating(tmp_path: Path) -> None:
    path = rated_twice(tmp_path, NAMED, "Rating", "Rating Value", slip="Great")
    roster = load_roster([path], VOCABULARY, DAY)
    assert points(roster, "communication:manager")[-1] is None
    assert told(roster, "unreadable_rating") == ["'3 / Great' seems to hold two ratings."]


def test_words_in_another_column_that_run_against_the_numbers_are_asked_about(tmp_path: Path) -> None:
    names = dict(enumerate(("Outstanding", "Exceeds", "Meets", "Needs improvement", "Unsatisfactory"), 1))
    with pytest.raises(InputError, match="say the opposite of their numbers: '1 - Outstanding'"):
        load_roster([rated_twice(tmp_path, names, "Rating Description", "Rating")], VOCABULARY, DAY)


PLAIN = ("Employee ID", "Level", "Communication (self)", "Communication (manager)")


def with_managers(folder: Path, headers: tuple[str, str], *named: tuple[str, str]) -> Path:
    rows = [(f"K{at}", "PM", 3, 4, *both) for at, both in enumerate(named)]
    return write_sheet(folder / "people.xlsx", (*PLAIN, *headers), *rows)


MANAGERS = pytest.mark.parametrize(
    "headers", [("Manager", "Line Manager"), ("Manager", "Supervisor Name"), ("Manager Name", "Supervisor")]
)


@MANAGERS
def test_two_columns_of_managers_that_name_different_people_are_asked_about(
    headers: tuple[str, str], tmp_path: Path
) -> None:
    path = with_managers(tmp_path, headers, ("Runa Falk", "Runa Falk"), ("Runa Falk", "Timo Falk"))
    question = asked(path)
    assert "could both be the manager name" in question.text
    for choice in question.choices:
        mapping = with_answer(FileMapping(), question.kind, choice.given)
        managers = load_roster([path], VOCABULARY, DAY, mapping).people["manager_name"].to_list()
        assert managers == ["Runa Falk", "Runa Falk" if f"“{headers[0]}”" in choice.label else "Timo Falk"]


@MANAGERS
def test_two_columns_of_managers_of_which_each_fills_what_the_other_leaves_empty_are_both_read(
    headers: tuple[str, str], tmp_path: Path
) -> None:
    both = (("Runa Falk", ""), ("", "Timo Abel"), ("Runa Falk", "Falk, R."))
    roster = load_roster([with_managers(tmp_path, headers, *both)], VOCABULARY, DAY)
    managers = roster.people["manager_name"].to_list()
    assert managers[:2] == ["Runa Falk", "Timo Abel"]
    (note,) = told(roster, "filled_down")
    assert note.startswith("1 name was taken from '")


def test_of_two_columns_of_names_the_empty_cells_of_one_are_filled_from_the_other(tmp_path: Path) -> None:
    rows = [("K1", "Runa Falk", "", "PM", 4), ("K2", "", "Timo Abel", "PM", 3)]
    header = ("Employee ID", "Full Name", "Name", "Level", "Communication (manager)")
    roster = load_roster([write_sheet(tmp_path / "people.xlsx", header, *rows)], VOCABULARY, DAY)
    assert roster.people["employee_name"].to_list() == ["Runa Falk", "Timo Abel"]
    assert told(roster, "filled_down") == [
        "1 name was taken from 'Name' (column C), where 'Full Name' (column B) is empty."
    ]


def test_a_column_that_a_mapping_names_is_not_passed_over_for_another_whose_values_are_levels(
    tmp_path: Path,
) -> None:
    rows = ((1, "Senior PM", "Ops", 3), (2, "PM", "Sales", 4))
    path = write_sheet(
        tmp_path / "people.xlsx", ("Employee ID", "Level", "Department", "Communication (manager)"), *rows
    )
    with pytest.raises(
        InputError, match=r"'Level' \(column B\) and 'Department' \(column C\) could both be the"
    ):
        load_roster([path], VOCABULARY, DAY, FileMapping(columns={"Department": "level"}))


COMPLETING = pytest.mark.parametrize(
    ("headers", "values", "column"),
    [
        (("Level (current)", "Grade"), ("PM", "Senior PM", "Lead PM", "PM"), "level"),
        (("Hire Date", "Date of Joining"), ("2020-01-02", "2021-03-04", "2019-05-06", "2018-07-08"), None),
        (("Department", "Team"), ("Core", "Growth", "Core", "Growth"), "department"),
        (
            ("Manager", "Supervisor Name"),
            ("Runa Falk", "Timo Abel", "Runa Falk", "Ines Maro"),
            "manager_name",
        ),
        (("Employee ID", "Employee Number"), ("K1", "K2", "K3", "K4"), "employee_id"),
    ],
)


@COMPLETING
@pytest.mark.parametrize("sheets", [1, 2])
def test_columns_of_which_each_fills_what_the_other_leaves_empty_are_one_also_by_a_written_mapping(
    headers: tuple[str, str], values: Sequence[str], column: str | None, sheets: int, tmp_path: Path
) -> None:
    others = [one for one in ("Employee ID", "Level") if one.split()[0] not in headers[0]]
    plain = {"Employee ID": ("E1", "E2", "E3", "E4"), "Level": ("PM",) * 4}
    rows = [
        (*(plain[one][at] for one in others), *((value, "") if at % 2 else ("", value)), 3, 4)
        for at, value in enumerate(values)
    ]
    header = (*others, *headers, "Communication (self)", "Communication (manager)")
    per = len(rows) // sheets
    path = write_workbook(
        tmp_path / "people.xlsx",
        {f"Team {at}": [header, *rows[at * per : (at + 1) * per]] for at in range(sheets)},
    )
    mapping = FileMapping(sheets="all") if sheets > 1 else None
    roster = load_roster([path], VOCABULARY, DAY, mapping)
    name = column or "hire_date"
    ids = {"PM": "product_manager", "Senior PM": "senior_pm", "Lead PM": "lead_pm"}
    expected = [ids.get(one, one) for one in values]
    assert [str(one) for one in roster.people[name]] == expected
    notes = told(roster, "filled_down")
    assert len(notes) == sheets
    assert f"taken from '{headers[0]}'" in notes[0] or f"taken from '{headers[1]}'" in notes[0]
    written = inspect_files([path], VOCABULARY, DAY, mapping).mapping
    again = load_roster([path], VOCABULARY, DAY, written)
    assert again.people.equals(roster.people)


def test_a_value_that_another_column_fills_in_is_in_the_cell_of_that(tmp_path: Path) -> None:
    header = ("Employee ID", "Level (current)", "Grade", "Communication (manager)")
    rows = [("K1", "PM", "", 4), ("K2", "", "Wizard", 4), ("K3", "", "Lead PM", 4)]
    path = write_sheet(tmp_path / "people.xlsx", header, *rows)
    (issue,) = [one for one in load_roster([path], VOCABULARY, DAY).issues if one.kind == "unknown_level"]
    assert str(issue.cell) == "Sheet!C3"


def test_columns_that_contradict_each_other_in_one_row_are_asked_about(tmp_path: Path) -> None:
    header = ("Employee ID", "Level", "Competency", "Skill", "Rater", "Rating")
    rows = [
        ("K1", "PM", "Communication", "", "Manager", 4),
        ("K2", "PM", "Communication", "Delegation", "Manager", 3),
    ]
    question = asked(write_sheet(tmp_path / "people.xlsx", header, *rows))
    assert "could both be the competency" in question.text
    assert len(question.choices) == 2


def test_ratings_in_two_columns_are_one_when_a_person_says_so(tmp_path: Path) -> None:
    header = ("Employee ID", "Level", "Communication (manager)", "Communication (line manager)")
    path = write_sheet(tmp_path / "people.xlsx", header, ("K1", "PM", 4, ""), ("K2", "PM", "", 3))
    question = asked(path)
    *_, both = question.choices
    assert both.label == "All of them: each fills what the others leave empty"
    roster = load_roster([path], VOCABULARY, DAY, with_answer(FileMapping(), question.kind, both.given))
    assert points(roster, "communication:manager") == [4, 3]
    assert str(roster.cell(0, "communication:manager")) == "Sheet!C2"
    assert roster.cell(1, "communication:manager") is None
    assert told(roster, "filled_down") == [
        "1 value was taken from 'Communication (line manager)' (column D), where 'Communication (manager)' "
        "(column C) is empty."
    ]


def test_ratings_that_a_person_says_are_one_and_that_contradict_each_other_are_asked_about_again(
    tmp_path: Path,
) -> None:
    header = ("Employee ID", "Level", "Communication (manager)", "Communication (line manager)")
    path = write_sheet(tmp_path / "people.xlsx", header, ("K1", "PM", 4, ""), ("K2", "PM", 2, 3))
    named = dict.fromkeys(header[2:], "communication:manager")
    (question,) = questions(path, FileMapping.model_validate({"columns": named}))
    assert "could both be the rating of communication by the manager" in question.text
    assert len(question.choices) == 2


@pytest.mark.parametrize(
    "said", ["target", "expected", "weighted", "benchmark", "rank", "team average", "peer avg"]
)
@pytest.mark.parametrize("named", ["Rating", "Manager Rating", "Score"])
def test_brackets_that_name_no_rating_are_not_passed_over(named: str, said: str, tmp_path: Path) -> None:
    header = ("Employee ID", "Level", "Competency", "Rater", f"{named} ({said})")
    path = write_sheet(tmp_path / "people.xlsx", header, ("K1", "PM", "Communication", "Manager", 3))
    with pytest.raises(InputError, match="column"):
        load_roster([path], VOCABULARY, DAY)
    beside = ("K1", "PM", "Communication", "Manager", 3, 4)
    path = write_sheet(tmp_path / "both.xlsx", (*header, "Rating"), beside)
    assert points(load_roster([path], VOCABULARY, DAY), "communication:manager") == [4]


@pytest.mark.parametrize("said", ["number", "value", "1-5", "DD/MM", "self and manager"])
def test_brackets_that_say_how_a_rating_is_written_leave_it_one(said: str, tmp_path: Path) -> None:
    header = ("Employee ID", "Level", "Competency", "Rater", f"Rating ({said})")
    path = write_sheet(tmp_path / "people.xlsx", header, ("K1", "PM", "Communication", "Manager", 3))
    assert points(load_roster([path], VOCABULARY, DAY), "communication:manager") == [3]
