"""Exports in which the rater, the competency or the whole layout is said in a way of their own."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from inputs import UNITS_PER_POINT, InputError, RatingScale, Roster, rating_column
from inputs.loading import load_roster
from inputs.mapping import FileMapping
from tests.inputs_vocabulary import DAY, VOCABULARY
from tests.made_files import write_workbook

SKILLS = ("Communication", "Delegation", "Prioritization")
PEOPLE = (
    ("0041", "Runa Falk", "Senior PM", (4, 5, 3), (2, 3, 4)),
    ("0042", "Timo Abel", "Product Manager", (5, 4, 4), (3, 3, 2)),
    ("0043", "Zofia Lis", "Senior PM", (3, 3, 5), (4, 4, 1)),
)
"""Id, name, level, own ratings and the manager's."""
Rows = Sequence[Sequence[object]]


def loaded(folder: Path, **sheets: Rows) -> Roster:
    return load_roster([write_workbook(folder / "export.xlsx", sheets)], VOCABULARY, DAY)


def given(roster: Roster, rater: str) -> dict[str, tuple[float | None, ...]]:
    columns = [rating_column(name.lower(), rater) for name in SKILLS]
    rows = roster.ratings.select(columns).rows()
    names = roster.people["employee_name"].to_list()
    return {
        name: tuple(None if one is None else one / UNITS_PER_POINT for one in row)
        for name, row in zip(names, rows, strict=True)
    }


def assert_as_written(roster: Roster) -> None:
    assert given(roster, "self") == {name: own for _, name, _, own, _ in PEOPLE}
    assert given(roster, "manager") == {name: theirs for _, name, _, _, theirs in PEOPLE}


@pytest.mark.parametrize("header", ["Assessed by", "Reviewer", "Reviewed by", "Evaluator"])
def test_whoever_rated_on_the_sheet_of_managers_ratings_is_the_manager(header: str, tmp_path: Path) -> None:
    own = [["Employee ID", "Name", "Level", *SKILLS]]
    own += [[one, name, level, *ratings] for one, name, level, ratings, _ in PEOPLE]
    theirs = [["Employee ID", header, *SKILLS]]
    theirs += [[int(one), "Dana Moss", *ratings] for one, _, _, _, ratings in reversed(PEOPLE)]
    roster = loaded(tmp_path, **{"Self-assessment": own, "Line manager assessment": theirs})
    assert_as_written(roster)
    assert set(roster.people["manager_name"]) == {"Dana Moss"}


def test_somebody_else_than_the_manager_on_the_sheet_of_managers_ratings_is_told_of(tmp_path: Path) -> None:
    own = [["Employee ID", "Name", "Level", "Manager", *SKILLS]]
    own += [[one, name, level, "Dana Moss", *ratings] for one, name, level, ratings, _ in PEOPLE]
    raters = ("Moss, Dana", "Ole Bergh", "Dana Moss")
    theirs = [["Employee ID", "Reviewer", *SKILLS]]
    theirs += [[one[0], rater, *one[4]] for one, rater in zip(PEOPLE, raters, strict=True)]
    roster = loaded(tmp_path, Self=own, Manager=theirs)
    assert_as_written(roster)
    assert set(roster.people["manager_name"]) == {"Dana Moss"}
    (told,) = [issue for issue in roster.issues if issue.kind == "conflicting_value"]
    assert "of 1 person differs from that in" in told.problem
    assert "'Ole Bergh' and not 'Dana Moss'" in told.problem


def test_a_title_that_the_raters_contradict_is_asked_about(tmp_path: Path) -> None:
    own = [["Name", "Level", *SKILLS], *([name, level, *ratings] for _, name, level, ratings, _ in PEOPLE)]
    theirs = [["Name", "Reviewer", *SKILLS], *([name, name, *ratings] for _, name, _, _, ratings in PEOPLE)]
    with pytest.raises(InputError, match="both hold the rating of communication by the person"):
        loaded(tmp_path, Self=own, Manager=theirs)


def test_a_column_whose_values_are_competencies_names_the_competency(tmp_path: Path) -> None:
    rows = [["Employee ID", "Name", "Level", "Factor", "Self score", "Manager score", "Peer average"]]
    for one, name, level, own, theirs in PEOPLE:
        rows += [[one, name, level, *both, 3.3] for both in zip(SKILLS, own, theirs, strict=True)]
    assert_as_written(loaded(tmp_path, Export=rows))


def test_an_area_to_develop_is_not_what_an_overall_rating_is_of(tmp_path: Path) -> None:
    rows = [["Employee ID", "Name", "Level", "Area to develop", "Self rating", "Manager rating"]]
    rows += [[one, name, level, SKILLS[0], 4, 3] for one, name, level, _, _ in PEOPLE]
    with pytest.raises(InputError, match="overall ratings only"):
        loaded(tmp_path, Export=rows)


def test_ratings_of_several_unknown_things_are_no_overall_ratings_and_one_answer_says_what_names_them(
    tmp_path: Path,
) -> None:
    rows = [["Employee ID", "Name", "Level", "Question ID", "Self score", "Manager score"]]
    for one, name, level, own, theirs in PEOPLE:
        rows += [[one, name, level, f"Q{at}", *both] for at, both in enumerate(zip(own, theirs, strict=True))]
    with pytest.raises(InputError, match="no column is known to say of which competency") as stopped:
        loaded(tmp_path, Export=rows)
    assert '`columns: {"Question ID": competency}`' in str(stopped.value)
    said = FileMapping.model_validate({"columns": {"Question ID": "competency"}})
    with pytest.raises(InputError, match="'Q0'"):
        load_roster([tmp_path / "export.xlsx"], VOCABULARY, DAY, said)


@pytest.mark.parametrize("header", ["Evaluator role", "Rater relationship", "Respondent category"])
@pytest.mark.parametrize("third", ["Peer", "Dotted-line manager"])
def test_a_column_that_says_in_which_role_somebody_rated_tells_raters_apart(
    header: str, third: str, tmp_path: Path
) -> None:
    rows: list[list[object]] = [["Employee ID", "Employee", "Level", "Evaluator", header, *SKILLS]]
    for one, name, level, own, theirs in PEOPLE:
        rows.append([one, name, level, name, "Self", *own])
        rows.append([one, name, level, "Dana Moss", "Manager", *theirs])
        rows.append([one, name, level, "Ole Bergh", third, 1, 1, 1])
    assert_as_written(loaded(tmp_path, Export=rows))


def test_people_as_columns_are_to_be_turned_and_never_taken_for_ratings(tmp_path: Path) -> None:
    def turned(at: int) -> Rows:
        head = [["Competency", *(one[1] for one in PEOPLE)], ["Level", *(one[2] for one in PEOPLE)]]
        return [*head, *([skill, *(one[at][n] for one in PEOPLE)] for n, skill in enumerate(SKILLS))]

    with pytest.raises(InputError, match="Transpose"):
        loaded(tmp_path, Self=turned(3), Manager=turned(4))


def test_competencies_named_in_numbered_columns_are_refused_with_the_way_out(tmp_path: Path) -> None:
    numbers = range(1, len(SKILLS) + 1)
    parts = ("Name", "Self Rating", "Manager Rating")
    rows = [
        ["User ID", "Full Name", "Job Level", *(f"Competency {n} {part}" for n in numbers for part in parts)]
    ]
    for one, name, level, own, theirs in PEOPLE:
        sets = zip(SKILLS, own, theirs, strict=True)
        rows.append([one, name, level, *(cell for some in sets for cell in some)])
    with pytest.raises(InputError, match=r"'Competency 1 Name' \(column D\) says in each row which"):
        loaded(tmp_path, Export=rows)


def test_two_forms_one_of_people_and_one_of_their_manager_are_joined(tmp_path: Path) -> None:
    address = {name: f"{name.lower().replace(' ', '.')}@example.test" for _, name, *_ in PEOPLE}
    own = [
        [
            "Timestamp",
            "Email Address",
            "Your level",
            *(f"How would you rate yourself on: {s}" for s in SKILLS),
        ]
    ]
    own += [["2026-05-02", address[name], level, *ratings] for _, name, level, ratings, _ in PEOPLE]
    asked = "Who are you rating? (email)"
    theirs = [["Timestamp", "Email Address", asked, *(f"How would you rate them on: {s}" for s in SKILLS)]]
    theirs += [["2026-05-09", "dana.moss@example.test", address[name], *got] for _, name, _, _, got in PEOPLE]
    roster = loaded(tmp_path, Self=own, Manager=theirs)
    by_address = dict(zip(roster.people["employee_id"], roster.ratings.rows(named=True), strict=True))
    for _, name, _, own_ratings, given in PEOPLE:
        row = by_address[address[name]]
        for skill, one, other in zip(SKILLS, own_ratings, given, strict=True):
            assert row[rating_column(skill.lower(), "self")] == one * UNITS_PER_POINT
            assert row[rating_column(skill.lower(), "manager")] == other * UNITS_PER_POINT


@pytest.mark.parametrize("word", ["Weight", "Gewichtung", "Average"])
def test_a_row_of_weights_or_sums_is_nobody_and_says_nothing_of_the_scale(word: str, tmp_path: Path) -> None:
    heads = [f"{skill} ({rater})" for skill in SKILLS for rater in ("self", "manager")]
    rows: list[list[object]] = [
        ["Employee ID", "Name", "Level", *heads],
        ["", word, "", *["10%"] * len(heads)],
    ]
    for one, name, level, own, theirs in PEOPLE:
        rows.append([one, name, level, *(cell for both in zip(own, theirs, strict=True) for cell in both)])
    assert_as_written(loaded(tmp_path, Export=rows))


@pytest.mark.parametrize("rows", [("3,5,4,0", "2,5,4,5", "4,3,5"), ("3,4,5", "2,4,0", "4,4")])
def test_decimal_commas_in_a_file_with_commas_are_not_read_as_other_ratings(
    rows: tuple[str, ...], tmp_path: Path
) -> None:
    lines = [f"E{at},Senior PM,{cells}" for at, cells in enumerate(rows)]
    path = tmp_path / "ratings.csv"
    path.write_text("\n".join(["Employee ID,Level,Communication (self),Communication (manager)", *lines]))
    with pytest.raises(
        InputError, match=r"beyond the last header .* a decimal comma \(3,5\) makes two fields"
    ):
        load_roster([path], VOCABULARY, DAY)


def test_rules_whose_end_is_a_guess_are_made_again_where_no_rating_reaches_it(tmp_path: Path) -> None:
    people = [(f"E{at}", "PM", 1 + at % 3, 1 + at % 3) for at in range(36)]
    header = ("Employee ID", "Level", "Communication (self)", "Communication (manager)")
    path = write_workbook(tmp_path / "t.xlsx", {"People": [header, *people]})
    guessed = RatingScale(Decimal(1), Decimal(5), known_up_to=Decimal(4))
    with pytest.raises(InputError) as stopped:
        load_roster([path], replace(VOCABULARY, scale=guessed), DAY)
    assert "none of 72 reaches 4, the highest that is known of the rule pack's scale" in str(stopped.value)
    again = "make them again with their whole scale, `readiness pack new ... --scale 1..5`"
    assert f"scale ends was a guess: if it is not there, {again}." in str(stopped.value)
