"""Questions about a file, answered by choosing: one answer settles all of its kind, and is kept."""

import json
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest

from engine import vocabulary_of
from inputs import UNITS_PER_POINT, InputError
from inputs.answering import NOT_USED, answers_text, understand, with_answer
from inputs.loading import load_roster, read_files
from inputs.mapping import FileMapping, read_mapping
from rules import load_pack
from tests.made_files import write_workbook

CASES = Path(__file__).parent / "cases" / "inputs"
DAY = date(2026, 6, 30)
VOCABULARY = vocabulary_of(load_pack("product_management"))


def seen(name, mapping=None):
    return understand(sheets_of(name), VOCABULARY, DAY, mapping or FileMapping())


@cache
def sheets_of(name):
    return read_files([CASES / name])


def test_one_answer_settles_all_columns_of_a_word_and_says_before_what_it_would_give():
    (question,) = seen("employee-and-facilitator-columns.csv").questions
    assert question.title == "Whose ratings are under “Facilitator”?"
    assert question.text.startswith("16 columns such as")
    manager = question.choices[0]
    assert (manager.consequence.manager_ratings, manager.consequence.questions) == (48, 0)
    mapping = with_answer(FileMapping(), question.kind, manager.given)
    after = seen("employee-and-facilitator-columns.csv", mapping)
    assert after.questions == ()
    assert after.consequence.manager_ratings == 48


def test_words_for_ratings_get_points_or_mean_not_rated():
    (question,) = seen("meets-and-meets-plus.csv").questions
    words = [blank.name for blank in question.blanks if blank.label]
    assert sorted(words) == ["Below", "Exceeds", "Meets", "Meets+"]
    given = {"whose": "both", "Below": "", "Meets": "3", "Meets+": "3.5", "Exceeds": "5"}
    after = seen("meets-and-meets-plus.csv", with_answer(FileMapping(), "points", given))
    assert after.questions == ()
    assert after.consequence.self_ratings + after.consequence.manager_ratings < 180
    with pytest.raises(InputError, match="Choose points for every word"):
        with_answer(FileMapping(), "points", {**given, "Meets": "?"})


def test_a_scale_is_chosen_among_those_that_fit_or_given():
    (question,) = seen("one-to-four.xlsx").questions
    assert [choice.label for choice in question.choices] == [
        "1 to 5; 5 is the best",
        "1 to 4; 4 is the best",
        "4 to 1: 1 is the best",
    ]
    assert (
        seen("one-to-four.xlsx", with_answer(FileMapping(), "scale", question.choices[1].given)).questions
        == ()
    )
    (legend,) = seen("matrix-with-a-sheet-of-requirements.xlsx").questions
    assert legend.choices[0].label == "0 to 4; 4 is the best"
    with pytest.raises(InputError, match="two different numbers"):
        with_answer(FileMapping(), "scale", {"whose": "both", "worst": "3", "best": "3"})


def marks(path, own, managers):
    rows = (f"E{at},Senior PM,{one},{two}" for at, (one, two) in enumerate(zip(own, managers, strict=True)))
    path.write_text("Employee ID,Level,Communication (self),Communication (manager)\n" + "\n".join(rows))
    return path


def test_the_scale_of_one_rater_is_that_of_the_other_where_a_few_ratings_of_theirs_are_beyond_too(tmp_path):
    path = marks(tmp_path / "a.csv", [*range(1, 6)] * 4 + [6], [*range(1, 7)] * 3 + [1, 2, 3])
    (question,) = understand(read_files([path]), VOCABULARY, DAY, FileMapping()).questions
    assert question.title == "Which scale are the ratings on?"
    mapping = with_answer(FileMapping(), "scale", question.choices[-1].given)
    assert question.choices[-1].label == "6 to 1: 1 is the best"
    assert understand(read_files([path]), VOCABULARY, DAY, mapping).questions == ()


def test_where_the_lowest_is_the_best_for_one_rater_the_other_scale_is_asked_for_too(tmp_path):
    """Nobody gave themselves the worst mark."""
    path = marks(tmp_path / "a.csv", [*range(1, 6)] * 6, [*range(1, 7)] * 5)
    (question,) = understand(read_files([path]), VOCABULARY, DAY, FileMapping()).questions
    mapping = with_answer(FileMapping(), "scale", question.choices[-1].given)
    (other,) = understand(read_files([path]), VOCABULARY, DAY, mapping).questions
    assert "the lowest number is the best on the other scale" in other.text
    labels = [choice.label for choice in other.choices]
    assert labels == ["1 to 5; 5 is the best", "6 to 1: 1 is the best", "5 to 1: 1 is the best"]
    settled = with_answer(mapping, "scale", other.choices[1].given)
    assert understand(read_files([path]), VOCABULARY, DAY, settled).questions == ()


def test_words_beside_numbers_mean_not_rated_where_the_answer_says_so(tmp_path):
    given = [(at, "Senior PM", 1 + at % 5, "On leave" if at % 3 == 0 else 5 - at % 5) for at in range(30)]
    rows = [("Employee ID", "Level", "Communication (self)", "Communication (manager)"), *given]
    path = tmp_path / "mixed.csv"
    path.write_text("\n".join(",".join(map(str, row)) for row in rows), encoding="utf-8")
    sheets = read_files([path])
    (question,) = understand(sheets, VOCABULARY, DAY, FileMapping()).questions
    assert "mix numbers (1 to 5) and words: 'On leave' (10)" in question.text
    labels = {choice.label: choice for choice in question.choices}
    told = labels["1 to 5; 5 is the best, and “On leave” means not rated"]
    # A word that is no rating on the scale is not counted as one, whichever answer it is.
    assert [choice.consequence.manager_ratings for choice in question.choices] == [20, 20, 20]
    after = understand(sheets, VOCABULARY, DAY, with_answer(FileMapping(), question.kind, told.given))
    assert after.questions == ()
    assert "Read as not rated: 'On leave' (10)." in after.inspection.notes
    assert "unreadable_rating" not in after.inspection.issues


@pytest.mark.parametrize(("at", "rated"), [(0, "2"), (1, "1")])
def test_of_cycles_in_no_known_order_one_is_chosen(at, rated, tmp_path):
    rows = [f"K1,Senior PM,{cycle},{who},{n}" for cycle, n in (("Spring", 1), ("Autumn", 2)) for who in BOTH]
    path = tmp_path / "cycles.csv"
    path.write_text("\n".join(["Employee ID,Level,Cycle,Rater,Communication", *rows]), encoding="utf-8")
    sheets = read_files([path])
    (question,) = understand(sheets, VOCABULARY, DAY, FileMapping()).questions
    assert [choice.label for choice in question.choices] == ["Autumn", "Spring"]
    mapping = with_answer(FileMapping(), question.kind, question.choices[at].given)
    after = understand(sheets, VOCABULARY, DAY, mapping)
    assert (after.questions, after.consequence.manager_ratings) == ((), 1)
    assert {one.range for one in after.inspection.ratings} == {f"only {rated}"}


BOTH = ("Self", "Manager")


@pytest.mark.parametrize("own", ["Myself", "Yes, myself"])
def test_a_column_that_tells_the_rows_of_each_person_apart_may_say_who_rated(own, tmp_path):
    rows = [f"K{at},Senior PM,{who},{n}" for at in range(4) for who, n in ((own, 5), ("I lead them", 3))]
    rows = [row.replace(own, f'"{own}"') for row in rows]
    path = tmp_path / "form.csv"
    path.write_text("\n".join(["Employee ID,Level,Who are you?,Communication", *rows]), encoding="utf-8")
    sheets = read_files([path])
    (question,) = understand(sheets, VOCABULARY, DAY, FileMapping()).questions
    assert f"does 'Who are you?' (column C) say who rated, with 'I lead them' and '{own}'?" in question.text
    mapping = with_answer(FileMapping(), "columns", {"Who are you?": "rater"})
    asked = {one.title for one in understand(sheets, VOCABULARY, DAY, mapping).questions}
    assert "Whose ratings are under “I lead them”?" in asked
    for words, rater in (("I lead them", "manager"), (own, "self")):
        mapping = with_answer(mapping, "rater", {words: rater})
    after = understand(sheets, VOCABULARY, DAY, mapping)
    assert after.questions == ()
    assert (after.consequence.self_ratings, after.consequence.manager_ratings) == (4, 4)


def test_a_column_that_tells_no_rows_apart_is_not_taken_for_raters(tmp_path):
    rows = [f"K{at},Senior PM,{('Bern', 'Basel')[at % 2]},3" for at in range(6)]
    path = tmp_path / "form.csv"
    path.write_text("\n".join(["Employee ID,Level,Town,Communication", *rows]), encoding="utf-8")
    (question,) = understand(read_files([path]), VOCABULARY, DAY, FileMapping()).questions
    assert "Town" not in question.text


@pytest.mark.parametrize(
    ("text", "likely"),
    [
        ("Senior PM, Payments", "senior_pm"),
        ("Senoir PM", "senior_pm"),
        ("Acting Director of Product", "director"),
        ("Nurse", NOT_USED),
    ],
)
def test_the_longest_level_in_a_text_is_offered_first(text, likely, tmp_path):
    path = tmp_path / "people.csv"
    path.write_text(f"ID;Job Level;Communication (manager)\nE1;{text};4\nE2;{text}!;3\n", encoding="utf-8")
    (question,) = understand(read_files([path]), VOCABULARY, DAY, FileMapping()).questions
    assert {blank.likely for blank in question.blanks} == {likely}


def test_levels_that_the_pack_does_not_know_are_named_once():
    (question,) = seen("gate-on-years-no-dates.csv").questions
    assert question.kind == "levels"
    mapping = with_answer(FileMapping(), "levels", {"Engineer": "senior_pm"})
    assert seen("gate-on-years-no-dates.csv", mapping).consequence.assessable == 6


def test_what_only_the_file_can_mend_is_said_and_offers_nothing_to_choose():
    (question,) = seen("counts-of-evaluators.xlsx").questions
    assert (question.kind, question.choices, question.blanks) == ("file", (), ())
    assert "a count is not a rating" in question.text


def long_list(path, headers, rows):
    people = [(f"E{at}", "Senior PM") for at in range(8)]
    lines = [(*person, *row) for person in people for row in rows]
    text = "\n".join(",".join(map(str, line)) for line in [("Employee ID", "Level", *headers), *lines])
    path.write_text(text, encoding="utf-8")
    return read_files([path])


@pytest.mark.parametrize(
    ("headers", "rows", "labels", "ratings"),
    [
        (
            ("Competency", "Rating"),
            [("Communication", 3), ("Prioritization", 4)],
            ["By the manager", "By the person"],
            [(0, 16), (16, 0)],
        ),
        (
            ("Relationship", "Competency", "Rating"),
            [(who, "Communication", 3) for who in ("Self", "Manager")],
            ["The manager gave the rating", "The rated person is the manager"],
            [(8, 8), (8, 0)],
        ),
    ],
)
def test_what_a_column_means_is_answered_with_a_click_that_says_what_it_would_give(
    tmp_path, headers, rows, labels, ratings
):
    sheets = long_list(tmp_path / "list.csv", headers, rows)
    (question,) = understand(sheets, VOCABULARY, DAY, FileMapping()).questions
    assert [choice.label for choice in question.choices] == labels
    given = [choice.consequence for choice in question.choices]
    assert [(one.self_ratings, one.manager_ratings) for one in given] == ratings
    assert [one.questions for one in given] == [0, 0]
    answered = with_answer(FileMapping(), question.kind, question.choices[0].given)
    assert understand(sheets, VOCABULARY, DAY, answered).questions == ()


@pytest.mark.parametrize("name", sorted(path.name for path in CASES.glob("*.[cx][sl]*")))
def test_every_question_that_a_click_can_answer_offers_something_to_click(name):
    for question in understand(sheets_of(name), VOCABULARY, DAY, FileMapping(), counting=False).questions:
        labelled = [blank for blank in question.blanks if blank.label]
        assert (question.kind == "file") != bool(question.choices or labelled), question.text
        assert question.id in ("file", "columns", "levels") or "`columns:" not in question.text


def test_sheets_of_which_one_is_to_be_read_are_chosen(tmp_path):
    headers = ["Employee ID", "Level", "Communication (self)", "Communication (manager)"]
    two = {
        name: [headers, *([f"{name[0]}{at}", "Senior PM", rating, 5] for at in range(6))]
        for name, rating in (("North", 3), ("South", 4))
    }
    sheets = read_files([write_workbook(tmp_path / "two.xlsx", two)])
    (question,) = understand(sheets, VOCABULARY, DAY, FileMapping()).questions
    assert [choice.label for choice in question.choices] == [
        "All of them, as one list",
        "Only “North”",
        "Only “South”",
    ]
    assert [choice.consequence.assessable for choice in question.choices] == [12, 6, 6]


def test_the_answers_as_a_file_are_read_again_with_the_same_result(tmp_path):
    for name in ("named-calibrators.csv", "letters-with-plus-and-minus.csv"):
        mapping = FileMapping()
        for _ in range(4):
            asked = [one for one in seen(name, mapping).questions if one.needed]
            if not asked:
                break
            one = asked[0]
            given = one.choices[0].given if one.choices else _filled(one)
            mapping = with_answer(mapping, one.kind, given)
        path = tmp_path / "answers.yaml"
        path.write_text(answers_text(mapping), encoding="utf-8")
        again = read_mapping(path)
        assert again == mapping
        roster = load_roster([CASES / name], VOCABULARY, DAY, again)
        assert roster.people.height == 6


def _filled(question):
    points = iter("12345123451")
    return {blank.name: (next(points) if blank.likely == "?" else blank.likely) for blank in question.blanks}


def test_long_words_of_a_scale_can_be_answered(tmp_path):
    words = [
        f"Performs {how} what the role would ask of anybody" for how in ("well below", "just", "well above")
    ]
    path = tmp_path / "words.csv"
    rows = [f"E{at},Senior PM,{words[at % 3]}" for at in range(9)]
    path.write_text("\n".join(["Employee ID,Level,Communication (manager)", *rows]), encoding="utf-8")
    sheets = read_files([path])
    (question,) = understand(sheets, VOCABULARY, DAY, FileMapping()).questions
    given = {"whose": "manager", **{word: str(1 + 2 * at) for at, word in enumerate(words)}}
    assert {blank.name for blank in question.blanks} == given.keys()
    after = understand(sheets, VOCABULARY, DAY, with_answer(FileMapping(), question.kind, given))
    assert (after.questions, after.consequence.manager_ratings) == ((), 9)


def test_a_column_that_an_answer_names_is_still_on_the_scale_of_its_header(tmp_path):
    path = tmp_path / "ten.csv"
    path.write_text("ID,Box,Talk (manager) (1-10)\nE1,PM,1\nE2,PM,4\nE3,Senior PM,10\n")
    told = {"ID": "employee_id", "Box": "level", "Talk (manager) (1-10)": "communication:manager"}
    short = with_answer(FileMapping(), "columns", told)
    columns = {at: {"header": one, "is": told[one]} for at, one in zip("ABC", told, strict=True)}
    table = json.dumps({"header_rows": [1], "columns": columns})
    listed = with_answer(FileMapping(), "tables", {"table": table})
    for mapping in (short, listed):
        ratings = load_roster([path], VOCABULARY, DAY, mapping).ratings["communication:manager"]
        assert [Fraction(one, UNITS_PER_POINT) for one in ratings] == [1, Fraction(7, 3), 5]


def test_dates_under_a_rating_of_which_the_words_were_told_are_refused_in_a_sentence(tmp_path):
    path = tmp_path / "dates.csv"
    path.write_text("Employee ID,Level,Communication (manager)\nE1,PM,2026-01-05\nE2,PM,2026-01-06\n")
    words = with_answer(FileMapping(), "points", {"whose": "manager", "Good": "3"})
    (question,) = understand(read_files([path]), VOCABULARY, DAY, words).questions
    assert question.kind == "file"
    assert "No rating by the manager could be read" in question.text


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        (
            "Competency,Ada,Bo\nLevel,PM,PM\nCommunication - Manager,3,4\nCommunication - Self,3,4\n",
            "Transpose",
        ),
        ("Ada\nPM\n\nCompetency,Self,Manager\nCommunication,3,4\n", "above the table"),
    ],
)
def test_no_word_about_columns_is_asked_where_only_the_file_itself_can_be_changed(text, wrong, tmp_path):
    path = tmp_path / "laid-out.csv"
    path.write_text(text)
    (question,) = understand(read_files([path]), VOCABULARY, DAY, FileMapping()).questions
    assert question.kind == "file"
    assert wrong in question.text


def test_of_all_columns_only_those_are_answered_that_somebody_changed(tmp_path):
    path = tmp_path / "box.csv"
    path.write_text("ID,Rank here,Communication (manager)\nE1,G7,1\nE2,G8,4\n")
    (question,) = understand(read_files([path]), VOCABULARY, DAY, FileMapping()).questions
    blanks = {one.name: one for one in question.blanks}
    told = blanks["Communication (manager)"]
    assert told.options[told.likely] == "Communication: rating by the manager"
    given = {name: one.likely for name, one in blanks.items()} | {"Rank here": "level"}
    assert with_answer(FileMapping(), "columns", given).columns == {"Rank here": "level"}


def test_a_header_that_an_answer_names_is_not_joined_with_the_line_above_it(tmp_path):
    rows = [["Scale: 0-100"], ["Staff", "Box", "Topic", "Own", "Boss"]]
    rows += [[f"K{at}", "PM", "Communication", 40 + at, 80 + at] for at in range(4)]
    sheets = read_files([write_workbook(tmp_path / "two-lines.xlsx", {"Data": rows})])
    named = ("employee_id", "level", "competency", "self_rating", "manager_rating")
    told = dict(zip(rows[1], named, strict=True))
    after = understand(sheets, VOCABULARY, DAY, with_answer(FileMapping(), "columns", told))
    assert (after.questions, after.consequence.manager_ratings) == ((), 4)


def test_letters_are_asked_about_from_the_best_to_the_worst():
    (asked,) = seen("letters-a-to-c.csv").questions
    assert [blank.label for blank in asked.blanks if blank.label] == ["A", "A-", "B+", "B", "B-", "C+", "C"]
    assert "'A' (36), 'A-' (26), 'B+' (19), 'B' (29)" in asked.text
