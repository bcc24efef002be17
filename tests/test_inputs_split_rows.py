"""One person in two rows of a sheet, the person's own ratings in one and the manager's in the other."""

from pathlib import Path

import pytest

from inputs import UNITS_PER_POINT
from inputs.answering import with_answer
from inputs.loading import load_roster
from inputs.mapping import FileMapping
from tests.inputs_vocabulary import DAY, VOCABULARY, questions

RATED = "Communication (self),Delegation (self),Communication (manager),Delegation (manager)"
PLAIN = f"Employee ID,Name,Level,Manager,{RATED}"
DATED = f"Review Date,Employee ID,Name,Level,{RATED}"


def written(folder: Path, header: str, *rows: str) -> Path:
    path = folder / "ratings.csv"
    path.write_text("\n".join([header, *rows]), encoding="utf-8")
    return path


def read(path: Path, mapping: FileMapping | None = None):
    return load_roster([path], VOCABULARY, DAY, mapping)


def rated(roster) -> dict[str, list[int | None]]:
    """Per person: communication and delegation by the person, then by the manager, in points."""
    names = [f"{one}:{by}" for by in ("self", "manager") for one in ("communication", "delegation")]
    table = roster.ratings.select(roster.ratings[name] // UNITS_PER_POINT for name in names)
    return dict(zip(roster.people["employee_id"], map(list, table.iter_rows()), strict=True))


def said(roster, kind: str) -> list[str]:
    return [f"{one.severity} {one.cell}: {one.problem}" for one in roster.issues if one.kind == kind]


def about_rows(path: Path, mapping: FileMapping | None = None):
    return [question for question in questions(path, mapping) if question.kind == "rows"]


def test_a_row_by_the_person_and_one_by_the_manager_are_one_row_and_a_note_says_so(tmp_path):
    path = written(
        tmp_path,
        PLAIN,
        "E1,Ann Lee,Senior PM,Bob Ray,5,4,N/A,-",
        'E1,"Lee, Ann",Senior PM,Bob Ray,,,3,2',
        "E2,Max Orr,Senior PM,Bob Ray,4,4,4,4",
    )
    roster = read(path)
    assert rated(roster) == {"E1": [5, 4, 3, 2], "E2": [4, 4, 4, 4]}
    assert said(roster, "rows_put_together") == [
        "note column A: 1 person has one row with their own ratings and one with the manager's, which were "
        "read as one row, because they are of one review and fill different cells: rows 2 and 3 (E1)."
    ]
    assert about_rows(path) == []
    by_role = {source.name: source for source in roster.columns}
    rows = [roster.people[by_role[f"communication:{by}"].row_column][0] for by in ("self", "manager")]
    assert rows == [2, 3]


@pytest.mark.parametrize("first", ["self", "manager"])
def test_whoever_answered_a_form_last_takes_nothing_from_the_other(tmp_path, first):
    days = ("2026-05-04", "2026-05-18") if first == "self" else ("2026-05-18", "2026-05-04")
    roster = read(
        written(tmp_path, DATED, f"{days[0]},E1,Ann,Senior PM,5,4,,", f"{days[1]},E1,Ann,Senior PM,,,3,2")
    )
    assert rated(roster) == {"E1": [5, 4, 3, 2]}
    # How old the evidence is, is told by the manager's row.
    assert str(roster.people["review_date"][0]) == days[1]


def test_of_answers_given_twice_each_raters_later_one_counts(tmp_path):
    roster = read(
        written(
            tmp_path,
            DATED,
            "2026-05-01,E1,Ann,Senior PM,1,1,,",
            "2026-05-18,E1,Ann,Senior PM,,,3,2",
            "2026-05-20,E1,Ann,Senior PM,5,4,,",
        )
    )
    assert rated(roster) == {"E1": [5, 4, 3, 2]}
    assert said(roster, "earlier_row")[1:] == [
        "note A2: The row of E1 is from 2026-05-01; a later one counts."
    ]


def test_rows_of_two_years_are_two_reviews(tmp_path):
    roster = read(
        written(tmp_path, DATED, "2025-05-04,E1,Ann,Senior PM,,,5,5", "2026-05-18,E1,Ann,Senior PM,4,4,,")
    )
    assert rated(roster) == {"E1": [4, 4, None, None]}
    assert len(said(roster, "earlier_row")) == 2
    header = f"Review Cycle,Employee ID,Name,Level,{RATED}"
    cycles = ("2025,E1,Ann,Senior PM,1,1,,", "2025,E1,Ann,Senior PM,,,1,1")
    rows = (*cycles, "2026,E1,Ann,Senior PM,5,4,,", "2026,E1,Ann,Senior PM,,,3,2")
    assert rated(read(written(tmp_path, header, *rows))) == {"E1": [5, 4, 3, 2]}


def test_people_whose_manager_rated_in_an_earlier_row_alone_are_named_and_asked_about(tmp_path):
    path = written(
        tmp_path,
        DATED,
        "2026-01-10,E1,Ann,Senior PM,,,3,2",
        "2026-05-18,E1,Ann,Senior PM,5,4,,N/A",
        "2026-05-10,E2,Max,Senior PM,,,4,4",
        "2026-05-18,E2,Max,Senior PM,4,4,,",
        "2025-05-10,E3,Zoe,Senior PM,1,1,1,1",
        "2026-05-18,E3,Zoe,Senior PM,4,4,4,4",
    )
    told = said(read(path), "rated_earlier")
    assert told == [
        "warning column A: 1 person has no rating by the manager, because those they have are in earlier "
        "rows, which were left out: E1 ('2026-01-10')."
    ]
    (question,) = about_rows(path)
    assert question.text in told[0]
    assert not question.needed
    for choice, left in zip(question.choices, ([3, 2], [None, None]), strict=True):
        mapping = with_answer(FileMapping(), question.kind, choice.given)
        assert rated(read(path, mapping))["E1"] == [5, 4, *left]
        assert rated(read(path, mapping))["E3"] == [4, 4, 4, 4]
        assert about_rows(path, mapping) == []


def test_a_draft_that_is_left_out_is_named_and_what_is_lost_with_it(tmp_path):
    path = written(
        tmp_path,
        f"Review Status,{DATED}",
        "Draft,2026-06-14,E1,Ann,Senior PM,5,4,,",
        "Submitted,2026-02-04,E1,Ann,Senior PM,,,3,2",
        "Draft,2026-05-04,E2,Max,Senior PM,1,1,1,1",
        "Submitted,2026-05-18,E2,Max,Senior PM,4,4,4,4",
    )
    roster = read(path)
    assert rated(roster) == {"E1": [None, None, 3, 2], "E2": [4, 4, 4, 4]}
    assert said(roster, "rated_in_draft") == [
        "warning column A: 1 person has no rating of their own, because those they have are in reviews that "
        "are not finished, which were left out: E1 ('Draft')."
    ]
    assert [one[:7] for one in said(roster, "unfinished_review")] == ["note co", "note A2", "note A4"]


def test_a_manager_who_rated_in_an_earlier_cycle_alone_is_told_of(tmp_path):
    header = f"Review Cycle,Employee ID,Name,Level,{RATED}"
    rows = ("2025,E1,Ann,Senior PM,1,1,2,2", "2026,E1,Ann,Senior PM,5,4,,")
    path = written(tmp_path, header, *rows)
    assert len(said(read(path), "rated_earlier")) == 1
    assert about_rows(path) == [], "rows of two cycles are never one"


def test_two_rows_of_one_review_that_differ_in_the_level_are_refused_and_not_halved(tmp_path):
    roster = read(
        written(
            tmp_path,
            DATED,
            "2026-05-04,E1,Ann,Lead PM,5,4,,",
            "2026-05-18,E1,Ann,Senior PM,,,3,2",
            "2026-05-18,E2,Max,Senior PM,4,4,4,4",
        )
    )
    assert list(rated(roster)) == ["E2"]
    assert roster.not_assessable["kind"].to_list() == ["duplicate_employee_id"] * 2


def test_rows_that_fill_different_cells_in_another_way_are_asked_about(tmp_path):
    path = written(
        tmp_path,
        PLAIN,
        "E1,Ann Lee,Senior PM,Bob Ray,5,,3,",
        "E1,Ann Lee,Senior PM,Bob Ray,,4,,2",
        "E2,Max Orr,Senior PM,Bob Ray,4,4,4,4",
        "E2,Max Orr,Senior PM,Bob Ray,4,4,4,1",
    )
    (question,) = about_rows(path)
    assert question.choices[0].label == "All of them as one: they fill different cells"
    assert question.choices[0].consequence.assessable == 1
    mapping = with_answer(FileMapping(), "rows", question.choices[0].given)
    assert mapping == FileMapping(row_that_counts="together")
    roster = read(path, mapping)
    assert rated(roster) == {"E1": [5, 4, 3, 2]}
    assert roster.not_assessable["employee_id"].to_list() == ["E2", "E2"]
    assert said(roster, "rows_put_together")[0].endswith("as the mapping says: rows 2 and 3 (E1).")


def test_rows_that_contradict_each_other_are_not_offered_as_one(tmp_path):
    rows = ("E1,Ann,Senior PM,Bob,5,4,3,", "E1,Ann,Senior PM,Bob,,,4,2", "E2,Max,Senior PM,Bob,4,4,4,4")
    path = written(tmp_path, PLAIN, *rows)
    (question,) = about_rows(path)
    assert not [choice for choice in question.choices if choice.given["row"] == "together"]
    assert list(rated(read(path, FileMapping(row_that_counts="together")))) == ["E2"]


def test_an_id_in_small_letters_on_the_managers_row_is_the_same_person(tmp_path):
    rows = ("k2001,Runa Falk,Senior PM,Bob,5,4,,", "K2001,Runa Falk,Senior PM,Bob,,,3,2")
    roster = read(written(tmp_path, PLAIN, *rows))
    assert list(rated(roster).values()) == [[5, 4, 3, 2]]
    assert said(roster, "similar_ids") == []
    others = ("k2001,Runa Falk,Senior PM,Bob,5,4,,", "K2001,Timo Abel,Senior PM,Bob,,,3,2")
    apart = read(written(tmp_path, PLAIN, *others))
    assert rated(apart) == {"k2001": [5, 4, None, None], "K2001": [None, None, 3, 2]}
    assert said(apart, "similar_ids")


def test_two_people_of_one_id_are_never_one(tmp_path):
    rows = ("E1,Ann Lee,Senior PM,Bob,5,4,,", "E1,Max Orr,Senior PM,Bob,,,3,2")
    roster = read(written(tmp_path, PLAIN, *rows, "E2,Zoe Ho,Senior PM,Bob,4,4,4,4"))
    assert list(rated(roster)) == ["E2"]


def test_a_managers_draft_beside_what_the_person_submitted_is_read_with_a_warning(tmp_path):
    header = f"Employee ID,Name,Level,Review Status,{RATED}"
    rows = ("E1,Ann,Senior PM,Submitted,5,4,,", "E1,Ann,Senior PM,Draft,,,3,2")
    roster = read(written(tmp_path, header, *rows))
    assert rated(roster) == {"E1": [5, 4, 3, 2]}
    assert [one[:7] for one in said(roster, "unfinished_review")] == ["warning"]


def test_addresses_of_whoever_answered_keep_nothing_apart_and_are_nobodys(tmp_path):
    header = f"Employee ID,Name,Level,Email Address,{RATED}"
    rows = ("E1,Ann,Senior PM,ann@x.test,5,4,,", "E1,Ann,Senior PM,bob@x.test,,,3,2")
    more = ("E2,Max,Senior PM,max@x.test,5,4,,", "E2,Max,Senior PM,bob@x.test,,,3,2")
    roster = read(written(tmp_path, header, *rows, *more))
    assert rated(roster) == {"E1": [5, 4, 3, 2], "E2": [5, 4, 3, 2]}
    assert said(roster, "perhaps_twice") == []


@pytest.mark.parametrize(("answer", "own"), [("first", [5, 4]), ("last", [2, 2])])
def test_which_of_several_answers_counts_is_said_of_each_rater(tmp_path, answer, own):
    rows = ("E1,Ann,Senior PM,Bob,5,4,,", "E1,ANN,Senior PM,Bob,,,3,2", "E1,Ann,Senior PM,Bob,2,2,,")
    path = written(tmp_path, PLAIN, *rows, "E2,Max,Senior PM,Bob,4,4,4,4")
    (question,) = about_rows(path)
    assert question.choices[0].consequence.manager_ratings == 4
    roster = read(path, FileMapping(row_that_counts=answer))
    assert rated(roster) == {"E1": [*own, 3, 2], "E2": [4, 4, 4, 4]}
    assert roster.people["employee_name"][0] == ("Ann" if answer == "first" else "ANN")
    (left,) = said(roster, "other_row_counts")[1:]
    assert left.startswith(f"note A{4 if answer == 'first' else 2}: The row of E1 was left out")


def test_zeros_that_an_answer_calls_not_rated_are_empty_cells(tmp_path):
    rows = ("E1,Ann,Senior PM,Bob,5,4,0,0", "E1,Ann,Senior PM,Bob,0,0,3,2")
    path = written(tmp_path, PLAIN, *rows, "E2,Max,Senior PM,Bob,4,4,4,4")
    scale = {"both": {"worst": 1, "best": 5}}
    mapping = FileMapping.model_validate({"scales": scale, "not_rated": ["0"]})
    assert rated(read(path, mapping)) == {"E1": [5, 4, 3, 2], "E2": [4, 4, 4, 4]}


def test_rows_that_are_put_together_and_drafts_leave_the_dates_of_other_rows_where_they_are(tmp_path):
    rows = (
        "2026-05-02,E1,Ann Lee,Senior PM,{},4,3,,",
        "2026-05-20,E1,Ann Lee,Senior PM,{},,,3,2",
        "2025-01-21,E2,Max Orr,Senior PM,{},2,2,2,2",
        "2026-05-03,E2,Max Orr,Senior PM,{},4,4,4,4",
        "2026-05-03,E3,Bo Lind,Senior PM,Draft,1,1,1,1",
        "2026-05-03,E3,Bo Lind,Senior PM,{},3,3,3,3",
    )
    header = DATED.replace("Level,", "Level,Review Status,")
    roster = read(written(tmp_path, header, *(row.format("Completed") for row in rows)))
    assert rated(roster) == {"E1": [4, 3, 3, 2], "E2": [4, 4, 4, 4], "E3": [3, 3, 3, 3]}
    assert said(roster, "earlier_row")[0].startswith("note column A: 1 row left out")
