"""One person in two rows that differ: refused, asked about, and left to whoever knows which row counts."""

from pathlib import Path

import pytest

from inputs import InputError
from inputs.answering import understand, with_answer
from inputs.inspection import inspect_files
from inputs.loading import load_roster, read_files
from inputs.mapping import FileMapping, read_mapping
from inputs.transcript import inspection_lines
from tests.inputs_vocabulary import DAY, VOCABULARY, questions
from tests.made_files import Row, write_lines
from tests.read_rosters import points

HEADER = "Employee ID,Name,Level,In Level Since,Hire Date,Manager,Communication (manager)"
TRANSFER = (
    "E1,Ann Lee,Senior PM,2024-03-01,2020-03-01,Bob Ray,4",
    "E2,Bob Ray,Product Manager,2023-03-01,2020-03-01,Zoe Ho,2",
    'E2,"Ray, Bob",Senior PM,2026-01-15,2020-03-01,Zoe Ho,5',
)
TWO_PEOPLE = (
    "E4,Dee Fox,Senior PM,2023-03-01,2020-03-01,Bob Ray,3",
    "E4,Max Orr,Senior PM,2024-03-01,2020-03-01,Bob Ray,2",
)


def written(folder: Path, *rows: str, header: str = HEADER) -> Path:
    path = folder / "ratings.csv"
    path.write_text("\n".join([header, *rows]), encoding="utf-8")
    return path


def asked(path: Path, mapping: FileMapping | None = None):
    return [question for question in questions(path, mapping) if question.kind == "rows"]


def read(path: Path, row: str):
    return load_roster([path], VOCABULARY, DAY, FileMapping.model_validate({"row_that_counts": row}))


def said(roster, severity: str) -> list[str]:
    return [
        f"{one.cell}: {one.problem}"
        for one in roster.issues
        if one.kind == SETTLED and one.severity == severity
    ]


SETTLED = "other_row_counts"


def levels(roster) -> dict[str, str]:
    return dict(roster.people.select("employee_id", "level").iter_rows())


def test_which_row_counts_is_asked_and_each_choice_says_what_it_leads_to(tmp_path):
    path = written(tmp_path, *TRANSFER)
    (question,) = asked(path)
    assert not question.needed
    assert question.text == (
        "1 person has several rows with other values, as after a transfer or a new export, and is left "
        "out: E2 (rows 3 and 4, other Name, Level, In Level Since and 1 more)."
    )
    assert {choice.label: choice.consequence.assessable for choice in question.choices} == {
        "The one with the later “In Level Since”": 2,
        "The first one in the file": 2,
        "The last one in the file": 2,
        "None of them: leave these people out": 1,
    }
    for choice in question.choices:
        assert asked(path, with_answer(FileMapping(), question.kind, choice.given)) == []


@pytest.mark.parametrize(
    ("row", "level", "left", "days"),
    [
        ("first", "product_manager", 4, ""),
        ("last", "senior_pm", 3, ""),
        (
            "later level_since",
            "senior_pm",
            3,
            " (starting date in the level 15 January 2026, here 1 March 2023)",
        ),
    ],
)
def test_the_row_left_out_is_named_and_nothing_of_it_is_read(tmp_path, row, level, left, days):
    roster = read(written(tmp_path, *TRANSFER), row)
    assert levels(roster) == {"E1": "senior_pm", "E2": level}
    assert roster.not_assessable.is_empty()
    assert said(roster, "note")[1:] == [f"A{left}: The row of E2 was left out: row {7 - left} counts{days}."]
    assert said(roster, "warning") == []
    # The manager who had two rows is found by name again.
    assert roster.people["manager_id"].to_list() == ["E2", None]


def test_neither_row_counts_where_that_is_the_answer(tmp_path):
    roster = read(written(tmp_path, *TRANSFER), "neither")
    assert levels(roster) == {"E1": "senior_pm"}
    assert roster.not_assessable["kind"].to_list() == ["duplicate_employee_id"] * 2


def test_no_answer_makes_one_person_of_two_names(tmp_path):
    path = written(tmp_path, *TWO_PEOPLE, "E1,Ann Lee,Senior PM,2024-03-01,2020-03-01,Bob Ray,4")
    assert asked(path) == []
    roster = read(path, "last")
    assert levels(roster) == {"E1": "senior_pm"}
    assert said(roster, "warning") == [
        "column A: The mapping says which row counts, and that settles nothing for E4 (different names)."
    ]


@pytest.mark.parametrize("since", ["", "2023-03-01"])
def test_a_date_that_is_missing_or_the_same_settles_nothing(tmp_path, since):
    path = written(tmp_path, TRANSFER[0], TRANSFER[1], f"E2,Bob Ray,Senior PM,{since},2020-03-01,Zoe Ho,5")
    assert "In Level Since" not in str([choice.label for choice in asked(path)[0].choices])
    roster = read(path, "later level_since")
    assert levels(roster) == {"E1": "senior_pm"}
    (warning,) = said(roster, "warning")
    assert warning.endswith("that settles nothing for E2 (no later starting date in the level).")
    assert asked(path, FileMapping(row_that_counts="later level_since")) != []


def test_dates_whose_day_and_month_could_be_swapped_settle_nothing(tmp_path):
    rows = (
        "E1,Ann,Senior PM,02/03/2024,,,4",
        "E2,Bob,Senior PM,05/04/2024,,,4",
        "E2,Bob,Lead PM,03/06/2024,,,4",
    )
    roster = read(written(tmp_path, *rows), "later level_since")
    assert levels(roster) == {"E1": "senior_pm"}
    mapping = FileMapping(row_that_counts="later level_since", date_order="month first")
    told = load_roster([tmp_path / "ratings.csv"], VOCABULARY, DAY, mapping)
    assert levels(told) == {"E1": "senior_pm", "E2": "senior_pm"}


def test_a_row_given_twice_counts_once_beside_an_older_one(tmp_path):
    roster = read(written(tmp_path, *TRANSFER, TRANSFER[2]), "later level_since")
    assert levels(roster) == {"E1": "senior_pm", "E2": "senior_pm"}
    assert roster.not_assessable["kind"].to_list() == ["exact_repeat"]


def test_ids_that_a_program_has_mangled_and_names_in_place_of_ids_stay_those_of_several_people(tmp_path):
    header = "Employee ID,Level,Communication (manager)"
    rows = ("1.2E+05,Senior PM,4", "1.2E+05,Lead PM,3", "-,Senior PM,4", "-,Lead PM,4", "E1,Lead PM,4")
    path = written(tmp_path, *rows, header=header)
    assert asked(path) == []
    assert levels(read(path, "last")) == {"E1": "lead_pm"}
    assert read(path, "last").people_in_file == 5
    named = written(
        tmp_path,
        "Ann,Lead PM,4",
        "Bob,Lead PM,4",
        "Bob,Lead PM,2",
        header=header.replace("Employee ID", "Name"),
    )
    assert asked(named) == []
    assert levels(read(named, "last")) == {"Ann": "lead_pm"}


def test_two_rows_on_a_sheet_of_ratings_are_settled_too(tmp_path):
    people = tmp_path / "people.csv"
    people.write_text(
        "Employee ID,Level,Communication (self)\nE1,Senior PM,4\nE2,Senior PM,3\n", encoding="utf-8"
    )
    manager = tmp_path / "manager.csv"
    manager.write_text("Employee ID,Communication (manager)\nE1,4\nE2,5\nE2,2\n", encoding="utf-8")
    sheets = read_files([people, manager])
    (question,) = understand(sheets, VOCABULARY, DAY, FileMapping()).questions
    assert [choice.consequence.assessable for choice in question.choices] == [2, 2, 1]
    roster = load_roster([people, manager], VOCABULARY, DAY, FileMapping(row_that_counts="first"))
    assert [str(roster.cell(at, "communication:manager")) for at in (0, 1)] == [
        "[manager.csv]B2",
        "[manager.csv]B3",
    ]


def test_the_command_line_says_how_a_mapping_answers_it(tmp_path):
    path = written(tmp_path, *TRANSFER)
    shown = " ".join(" ".join(inspection_lines(inspect_files([path], VOCABULARY, DAY))).split())
    assert "Worth answering - 1 person has several rows with other values" in shown
    assert "`row_that_counts: later level_since`, or `first`, `last`, `neither`." in shown
    mapping = tmp_path / "map.yaml"
    mapping.write_text("row_that_counts: last\n", encoding="utf-8")
    assert levels(load_roster([path], VOCABULARY, DAY, read_mapping(mapping)))["E2"] == "senior_pm"


def test_parts_of_competencies_are_no_reviews(tmp_path: Path) -> None:
    parts = (("Communication", "1.1 Talks"), ("Communication", "1.2 Writes"))
    parts = (
        *parts,
        ("Cross-functional Collaboration", "2.1 Sees"),
        ("Cross-functional Collaboration", "2.2 Plans"),
    )
    rows = [[f"K{at}", "PM", *part, "manager", n + 1] for at in (1, 2) for n, part in enumerate(parts)]
    head = ["Employee ID", "Level", "Competency", "Item", "Rater", "Rating"]
    with pytest.raises(InputError) as stopped:
        load_roster([write_lines(tmp_path / "people.csv", head, *rows)], VOCABULARY, DAY)
    asked = "2.2 Plans (2). Are these parts of competencies? Give each competency the one rating that is to"
    assert asked in str(stopped.value)
    assert "the review of each row" not in str(stopped.value)


@pytest.mark.parametrize(
    ("header", "values"),
    [("Stage", ("Pre", "Post")), ("Review Type", ("Mid-year", "Year-end")), ("When", ("Before", "After"))],
)
@pytest.mark.parametrize("shape", ["people", "ratings"])
def test_what_tells_the_rows_of_everybody_apart_is_asked_about_by_its_name_and_an_answer_chooses(
    shape: str, header: str, values: tuple[str, str], tmp_path: Path
) -> None:
    head = ["Employee ID", "Level", "Communication (self)", "Communication (manager)", header]
    rows: list[Row] = [[f"K{at}", "PM", 4 + n, 2 + n, one] for at in (1, 2) for n, one in enumerate(values)]
    if shape == "ratings":
        head = ["Employee ID", "Level", "Competency", "Rater", "Rating", header]
        raters = (("Self", 2), ("Manager", 3))
        rows = [[*row[:2], "Communication", rater, row[at], row[4]] for row in rows for rater, at in raters]
    path = write_lines(tmp_path / "people.csv", head, *rows)
    counts = f"{values[1]} ({len(rows) // 2})"
    mapping = FileMapping(columns={header: "cycle"}, cycle=values[1])
    with pytest.raises(InputError) as stopped:
        load_roster([path], VOCABULARY, DAY)
    assert f"'{header}' (column {'EF'[shape == 'ratings']}) tells them apart: " in str(stopped.value)
    assert counts in str(stopped.value)
    assert points(load_roster([path], VOCABULARY, DAY, mapping), "communication:manager") == [3, 3]
