"""Columns that seldom stand in a file: each is read by its values, or asked about."""

from pathlib import Path

import pytest

from inputs import UNITS_PER_POINT, InputError, Roster
from inputs.loading import load_roster
from inputs.mapping import read_mapping
from tests.inputs_vocabulary import DAY, VOCABULARY

PEOPLE = ("E11", "E12", "E13")
TITLES = ("Communication", "Delegation", "Prioritization")


def read(folder: Path, *lines: str) -> Roster:
    path = folder / "export.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return load_roster([path], VOCABULARY, DAY)


def rows(line: str) -> list[str]:
    """A line for each person and competency; `{own}` is 4, and `{theirs}` is 2."""
    return [
        line.format(id=one, title=title, own=4, theirs=2, at=at)
        for at, one in enumerate(PEOPLE)
        for title in TITLES
    ]


def people(line: str) -> list[str]:
    return [line.format(id=one, at=at) for at, one in enumerate(PEOPLE)]


def assert_both_rated(roster: Roster) -> None:
    for title in TITLES:
        for rater, points in (("self", 4), ("manager", 2)):
            found = roster.ratings[f"{title.lower()}:{rater}"].to_list()
            assert found == [points * UNITS_PER_POINT] * len(PEOPLE)


@pytest.mark.parametrize(("own", "theirs"), [("Self", "Manager"), ("{id}", "M99")])
def test_a_reviewer_is_a_word_or_an_id_as_the_values_show(own: str, theirs: str, tmp_path: Path) -> None:
    lines = rows(f"{{id}},Senior PM,M99,{{title}},{own},{{own}}")
    lines += rows(f"{{id}},Senior PM,M99,{{title}},{theirs},{{theirs}}")
    assert_both_rated(read(tmp_path, "Employee ID,Level,Manager ID,Competency,Reviewer,Rating", *lines))


def test_a_reviewer_is_an_address_where_the_values_are(tmp_path: Path) -> None:
    head = "Employee ID,Email,Level,Manager Email,Competency,Reviewer,Rating"
    lines = rows("{id},{id}@a.test,Senior PM,boss@a.test,{title},{id}@a.test,{own}")
    lines += rows("{id},{id}@a.test,Senior PM,boss@a.test,{title},boss@a.test,{theirs}")
    assert_both_rated(read(tmp_path, head, *lines))


def test_employee_and_manager_are_ratings_where_both_are_numbers(tmp_path: Path) -> None:
    head = "Employee ID,Level,Competency,Employee,Manager"
    assert_both_rated(read(tmp_path, head, *rows("{id},Senior PM,{title},{own},{theirs}")))


@pytest.mark.parametrize("manager", ["Manager", "Manager rating"])
@pytest.mark.parametrize("names", ["Name", "Employee", "Employee name"])
@pytest.mark.parametrize("in_words", [True, False])
def test_employee_holds_ratings_beside_another_column_of_names_in_numbers_or_in_words(
    manager: str, names: str, in_words: bool, tmp_path: Path
) -> None:
    """Of the two columns called `Employee` in such a file the one with ratings was left out, with a note."""
    rated = [1, 2, 3, 4, 5, 1, 2, 3, 4]
    cells = [WORDS[one] if in_words else one for one in rated]
    keys = [(employee, title) for employee in PEOPLE for title in TITLES]
    lines = [
        f"{employee},Person {employee},Senior PM,{title},{cell},{cell}"
        for (employee, title), cell in zip(keys, cells, strict=True)
    ]
    roster = read(tmp_path, f"Employee ID,{names},Level,Competency,Employee,{manager}", *lines)
    assert set(roster.people["employee_name"]) == {f"Person {one}" for one in PEOPLE}
    for rater in ("self", "manager"):
        columns = (roster.ratings[f"{title.lower()}:{rater}"] for title in TITLES)
        found = zip(*columns, strict=True)
        assert [one // UNITS_PER_POINT for of_person in found for one in of_person] == rated


@pytest.mark.parametrize("names", ["Employee", "First name,Last name"])
def test_rows_below_the_first_of_a_person_are_theirs_where_names_tell_people_apart(
    names: str, tmp_path: Path
) -> None:
    rated = [1, 2, 3, 4, 5, 1, 2, 3, 4]
    lines = []
    for at, one in enumerate(rated):
        name = f"Runa{',' if ',' in names else ' '}Person {PEOPLE[at // 3]}"
        fields = f"{name},Senior PM" if at % 3 == 0 else "," * (1 + names.count(","))
        lines.append(f"{fields},{TITLES[at % 3]},{one},{6 - one}")
    roster = read(tmp_path, f"{names},Level,Competency,Employee,Manager rating", *lines)
    assert roster.people["employee_name"].to_list() == [f"Runa Person {one}" for one in PEOPLE]
    columns = [roster.ratings[f"{title.lower()}:self"].to_list() for title in TITLES]
    assert [one // UNITS_PER_POINT for of_person in zip(*columns, strict=True) for one in of_person] == rated


WORDS = (
    *("", "Unsatisfactory", "Needs improvement", "Meets expectations"),
    *("Exceeds expectations", "Outstanding"),
)


def test_two_columns_that_could_be_the_rating_of_each_row_are_asked_about(tmp_path: Path) -> None:
    head = "Employee ID,Level,Competency,Rating,Manager rating"
    with pytest.raises(InputError, match=r"which column holds the rating of each row: 'Rating' \(column D,"):
        read(tmp_path, head, *rows("{id},Senior PM,{title},{own},{theirs}"))


def test_an_overall_rating_beside_those_of_competencies_is_not_used(tmp_path: Path) -> None:
    pairs = ",".join(f"{title} (self),{title} (manager)" for title in TITLES)
    roster = read(
        tmp_path, f"Employee ID,Level,{pairs},Manager rating", *people("{id},Senior PM,4,2,4,2,4,2,5")
    )
    assert_both_rated(roster)
    (told,) = [issue for issue in roster.issues if issue.kind == "column_not_used"]
    assert (told.header, told.column) == ("Manager rating", "I")
    assert "an overall rating" in told.problem


def test_ratings_of_two_cycles_side_by_side_are_warned_of(tmp_path: Path) -> None:
    pairs = ",".join(f"{title} (self) 2026,{title} (manager) 2025" for title in TITLES)
    roster = read(tmp_path, f"Employee ID,Level,{pairs}", *people("{id},Senior PM,4,2,4,2,4,2"))
    (told,) = [issue for issue in roster.issues if issue.kind == "earlier_cycle"]
    assert told.severity == "warning"
    assert "of different cycles: 2026 by the person and 2025 by the manager" in told.problem


def test_competencies_of_rows_that_the_pack_does_not_have_are_asked_for_once(tmp_path: Path) -> None:
    text = "\n".join(rows("{id},Senior PM,{title},{own},{theirs}"))
    text = text.replace("Delegation", "Delegating").replace("Prioritization", "Sales")
    with pytest.raises(
        InputError, match=r'competencies: \{"Delegating": delegation, "Sales": null}'
    ) as asked:
        read(tmp_path, "Employee ID,Level,Competency,Self rating,Manager rating", text)
    assert "is one question" in str(asked.value)


def test_headers_that_name_different_scales_are_asked_about(tmp_path: Path) -> None:
    head = "Employee ID,Level,Communication (manager) (1-10),Delegation (manager)"
    with pytest.raises(InputError, match=r"name numbers from 1 .* for 1 of 2 columns"):
        read(tmp_path, head, *people("{id},Senior PM,4,2"))


def test_percentages_mixed_with_other_ratings_are_asked_about(tmp_path: Path) -> None:
    head = "Employee ID,Level,Communication (manager),Delegation (manager)"
    with pytest.raises(InputError, match=r"mix 3 percentages with 3 others \(only 4\)"):
        read(tmp_path, head, *people("{id},Senior PM,80%,4"))


@pytest.mark.parametrize("header", ["Value added", "Their rank"])
def test_the_only_numbers_of_a_long_list_are_proposed_as_its_rating(header: str, tmp_path: Path) -> None:
    lines = rows("{id},Senior PM,{title},Manager,{theirs}")
    with pytest.raises(InputError, match="looks like it") as asked:
        read(tmp_path, f"Employee ID,Level,Competency,Rater,{header}", *lines)
    assert f'columns: {{"{header}": rating}}' in str(asked.value)


def test_of_several_columns_that_hold_levels_none_is_proposed_alone(tmp_path: Path) -> None:
    said = r"'Old level' \(column B\) and 'New level' \(column C\) hold levels of the rule pack\. Say in a"
    with pytest.raises(InputError, match=said):
        read(
            tmp_path,
            "Employee ID,Old level,New level,Communication (self),Communication (manager)",
            *people("{id},PM,Senior PM,4,2"),
        )


def test_a_column_that_holds_levels_is_proposed_where_none_is_named_so(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"'Where they are' \(column B\) holds levels of the rule pack"):
        read(
            tmp_path,
            "Employee ID,Where they are,Communication (self),Communication (manager)",
            *people("{id},Senior PM,4,2"),
        )


def test_many_cells_in_a_column_without_a_header_are_one_issue(tmp_path: Path) -> None:
    several = [f"E{at},Senior PM,4,2,look" for at in range(10, 16)]
    roster = read(tmp_path, "Employee ID,Level,Communication (self),Communication (manager),", *several)
    (told,) = [issue for issue in roster.issues if issue.kind == "stray_cells"]
    assert told.problem == "6 cells in a column without a header were not used."
    assert (told.column, told.row) == ("E", None)


def test_a_comment_under_an_unknown_word_by_a_known_rater_is_an_overall_comment(tmp_path: Path) -> None:
    said = (
        "Led the launch alone from the first call to the last.",
        "Asks all of those concerned before deciding.",
        "Writes what was learnt down for all of the others.",
    )
    lines = [f"{one},Senior PM,4,2,{text}" for one, text in zip(PEOPLE, said, strict=True)]
    head = "Employee ID,Level,Communication (self),Communication (manager),Highlights (manager)"
    roster = read(tmp_path, head, *lines)
    assert tuple(roster.comments["comment:overall:manager"]) == said


def test_names_of_one_id_that_have_a_word_in_common_are_one_person(tmp_path: Path) -> None:
    head = "Employee ID,Name,Level,Competency,Self rating,Manager rating"
    lines = rows("{id},Runa Falk {id},Senior PM,{title},{own},{theirs}")
    lines[1] = lines[1].replace("Runa Falk E11", "Runa Falk-Berg E11")
    roster = read(tmp_path, head, *lines)
    assert_both_rated(roster)
    (told,) = [issue for issue in roster.issues if issue.kind == "conflicting_value"]
    assert "different names: 'Runa Falk E11', 'Runa Falk-Berg E11'. They were read as one" in told.problem


def comments(roster: Roster) -> dict[str, str]:
    """Whose comment on what each column of comments is, by its first value."""
    return {roster.comments[name][0]: name.removeprefix("comment:") for name in roster.comments.columns}


@pytest.mark.parametrize("header", ["Comments", "Comments.{at}", "Evidence", "Notes"])
def test_columns_of_one_name_right_of_each_rating_are_comments_on_it(header: str, tmp_path: Path) -> None:
    rated = [(title, rater) for title in TITLES[:2] for rater in ("self", "manager", "peer")]
    head = ",".join(
        f"{title} ({rater}),{header.format(at=at)}" for at, (title, rater) in enumerate(rated)
    ).replace("Comments.0", "Comments")
    cells = ",".join(f"3,on {title} by {rater}" for title, rater in rated)
    roster = read(tmp_path, f"Employee ID,Level,{head}", *people(f"{{id}},Senior PM,{cells}"))
    assert comments(roster) == {
        f"on {title} by {rater}": f"{title.lower()}:{rater}" for title, rater in rated if rater != "peer"
    }


def test_comments_right_of_every_second_rating_are_nobodys(tmp_path: Path) -> None:
    head = ",".join(f"{title} (self),{title} (manager),Comments" for title in TITLES)
    roster = read(tmp_path, f"Employee ID,Level,{head}", *people("{id},Senior PM" + ",4,2,well done" * 3))
    assert not roster.comments.columns
    said = [one for one in roster.issues if one.kind == "column_not_used"]
    assert [one.column for one in said] == ["E", "H", "K"]
    assert {one.problem for one in said} == {
        "The column 'Comments' was not used: it does not say whether the person or the manager wrote it."
    }


def test_marks_right_of_each_rating_are_no_comments(tmp_path: Path) -> None:
    head = ",".join(f"{title} ({rater}),Trend" for title in TITLES for rater in ("self", "manager"))
    roster = read(tmp_path, f"Employee ID,Level,{head}", *people("{id},Senior PM" + ",4,up" * 6))
    assert not roster.comments.columns


def test_a_comment_in_a_row_of_its_own_belongs_to_the_rating_of_the_other_row(tmp_path: Path) -> None:
    head = "Employee ID,Level,Rater,Competency,Rating,Comment"
    lines = [
        f"{one},Senior PM,{rater},Communication,{cells}"
        for one in PEOPLE
        for rater, rating in (("Self", 4), ("Manager", 2))
        for cells in (f",{rater} saw it", f"{rating},")
    ]
    roster = read(tmp_path, head, *lines)
    assert roster.ratings["communication:self"].to_list() == [4 * UNITS_PER_POINT] * len(PEOPLE)
    assert roster.comments["comment:communication:manager"].to_list() == ["Manager saw it"] * len(PEOPLE)
    places = [str(roster.cell(0, name)) for name in ("communication:self", "comment:communication:self")]
    assert places == ["E3", "F2"]


def test_of_two_comments_on_one_rating_it_is_said_that_one_is_left_out(tmp_path: Path) -> None:
    head = "Employee ID,Level,Rater,Competency,Rating,Comment"
    rows = ("E11,Senior PM,Manager,Communication,3,led it", "E11,Senior PM,Manager,Communication,3,again")
    roster = read(tmp_path, head, *rows)
    assert roster.comments["comment:communication:manager"].to_list() == ["led it"]
    assert [one.problem for one in roster.issues if one.kind == "repeated_rating"] == [
        "1 comment was left out, because the same rating has another one."
    ]


def test_what_a_mapping_is_to_say_of_a_header_with_quotation_marks_is_a_mapping(tmp_path: Path) -> None:
    lines = ['ID;The "track";Communication (manager)', "E1;Senior PM;3", "E2;Lead PM;4"]
    with pytest.raises(InputError, match="holds levels of the rule pack") as stopped:
        read(tmp_path, *lines)
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text(str(stopped.value).split("`")[1], encoding="utf-8")
    roster = load_roster([tmp_path / "export.csv"], VOCABULARY, DAY, read_mapping(mapping))
    assert roster.people["level"].to_list() == ["senior_pm", "lead_pm"]
