"""Small exports of many shapes, through the product: what has to be read from each of them, or asked."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from engine import assess, explain, vocabulary_of
from inputs import UNITS_PER_POINT, InputError, Rater, Roster, Term
from inputs.inspection import inspect_files
from inputs.loading import load_roster
from inputs.mapping import FileMapping, MappedScale, read_mapping
from inputs.transcript import inspection_lines, mapping_text
from rules import load_pack

CASES = Path(__file__).parent / "cases" / "inputs"
DAY = date(2026, 6, 30)
PACK = load_pack("product_management")
WORDS = vocabulary_of(PACK)
PEOPLE = ["Runa Falk", "Timo Abel", "Ines Duarte", "Oona Rask", "Milo Brandt", "Zofia Lis"]
ONE_TO_FIVE = {"both": MappedScale(worst=Decimal(1), best=Decimal(5))}
CRAFT = (
    "Coding",
    "System Design",
    "Testing",
    "Operations",
    "Delivery",
    "Collaboration",
    "Mentoring",
    "Technical Direction",
)
OTHERS = ["Jana Brandt", "Null", "Lea Sommer", "None Given", "True North", "Ana Núñez"]


@cache
def read(*names: str) -> Roster:
    files = [CASES / name for name in names if not name.endswith(".yaml")]
    mappings = [CASES / name for name in names if name.endswith(".yaml")]
    return load_roster(files, WORDS, DAY, read_mapping(mappings[0]) if mappings else None)


def question(*names: str) -> str:
    """What stops the assessment; `inspect` says the same, in every run."""
    with pytest.raises(InputError) as stopped:
        load_roster([CASES / name for name in names], WORDS, DAY)
    inspected = [inspect_files([CASES / name for name in names], WORDS, DAY) for _ in range(2)]
    assert inspection_lines(inspected[0]) == inspection_lines(inspected[1])
    text = str(stopped.value)
    assert inspected[0].questions
    assert all(asked in text for asked in inspected[0].questions)
    return text


def points(roster: Roster, rater: Rater) -> dict[str, dict[str, Decimal]]:
    """By name and competency: the ratings of one rater."""
    ends = f":{rater}"
    return {
        name: {
            column.removesuffix(ends): Decimal(units) / UNITS_PER_POINT
            for column in roster.ratings.columns
            if column.endswith(ends) and (units := roster.ratings[column][at]) is not None
        }
        for at, name in enumerate(named(roster))
    }


def named(roster: Roster) -> list[str]:
    """Everybody's name, or id where there are no names."""
    return [name or key for name, key in roster.people.select("employee_name", "employee_id").iter_rows()]


def counted(roster: Roster) -> tuple[int, int]:
    """How many ratings there are by the person and by the manager."""
    own, theirs = (sum(map(len, points(roster, rater).values())) for rater in ("self", "manager"))
    return own, theirs


def names(roster: Roster) -> list[str]:
    return sorted(roster.people["employee_name"].to_list())


def managers(roster: Roster) -> Mapping[str, str | None]:
    return dict(roster.people.select("employee_name", "manager_name").iter_rows())


def said(roster: Roster, kind: str) -> str:
    return " ".join(issue.problem for issue in roster.issues if issue.kind == kind)


def test_in_a_long_list_an_overall_figure_beside_the_rating_never_replaces_it() -> None:
    roster = read("long-list-with-an-overall-column.csv")
    theirs = points(roster, "manager")
    assert points(roster, "self")["Ines Duarte"]["communication"] == 3
    assert theirs["Ines Duarte"]["communication"] == theirs["Ines Duarte"]["results"] == 2
    assert {value for rated in theirs.values() for value in rated.values()} == {2, 3}
    assert "Manager Rating" in said(roster, "column_not_used")
    assert "ready_now" not in {one.recommendation for one in explain(assess(roster, PACK, DAY))}


def test_team_lead_is_a_person_and_no_rating() -> None:
    roster = read("long-list-with-team-lead.csv")
    assert counted(roster) == (60, 60)
    assert managers(roster)["Runa Falk"] == "Oona Rask"


def test_the_respondents_address_of_a_form_is_not_the_person_rated() -> None:
    roster = read("form-with-respondents-address.csv")
    own, theirs = points(roster, "self"), points(roster, "manager")
    assert names(roster) == sorted(PEOPLE)
    for name, competency, by_both in (
        ("Runa Falk", "communication", [5, 3]),
        ("Runa Falk", "user_empathy", [5, 4]),
        ("Zofia Lis", "communication", [5, 4]),
        ("Zofia Lis", "prioritization", [5, 5]),
    ):
        assert [own[name][competency], theirs[name][competency]] == by_both
    assert {len(rated) for rated in own.values()} == {13}
    levels = dict(roster.people.select("employee_name", "level").iter_rows())
    assert (levels["Runa Falk"], levels["Zofia Lis"]) == ("senior_pm", "associate_pm")


def test_the_number_of_an_answer_is_nobodys_id() -> None:
    roster = read("form-workbook-with-answer-numbers.xlsx")
    assert names(roster) == sorted(PEOPLE)
    assert points(roster, "self")["Runa Falk"]["communication"] == 5
    assert points(roster, "manager")["Runa Falk"]["communication"] == 2
    assert dict(roster.people.select("employee_name", "level").iter_rows())["Oona Rask"] != "senior_pm"


def test_one_id_with_two_people_is_an_error_also_where_there_are_dates() -> None:
    roster = read("one-id-two-people-with-dates.csv")
    assert roster.people.height == 4
    assert roster.not_assessable["employee_id"].to_list() == ["K2001"]
    assert "Runa Falk" in roster.not_assessable["reason"][0]
    assert "Timo Abel" in roster.not_assessable["reason"][0]


def test_the_number_of_a_record_is_nobodys_id() -> None:
    roster = read("record-number-beside-employee.csv")
    assert roster.people["employee_id"].to_list() == [f"K200{at}" for at in range(1, 7)]
    assert names(roster) == sorted(PEOPLE)
    assert counted(roster) == (60, 60)


def test_a_self_tab_and_a_manager_tab_are_joined() -> None:
    roster = read("self-tab-and-manager-tab.xlsx")
    assert names(roster) == sorted(PEOPLE)
    assert counted(roster) == (78, 78)
    assert {value for rated in points(roster, "self").values() for value in rated.values()} == {4, 5}
    assert {value for rated in points(roster, "manager").values() for value in rated.values()} == {2, 3}


def test_a_self_tab_and_a_manager_tab_that_both_have_the_level_are_joined() -> None:
    roster = read("self-tab-and-manager-tab-both-with-level.xlsx")
    assert names(roster) == sorted(PEOPLE)
    assert counted(roster) == (78, 78)
    assert points(roster, "self")["Runa Falk"]["prioritization"] == 3
    assert points(roster, "manager")["Runa Falk"]["prioritization"] == 4


def test_a_hundred_percent_is_the_top_of_the_scale() -> None:
    roster = read("percent-cells-all-full.xlsx")
    assert {value for rated in points(roster, "manager").values() for value in rated.values()} == {5}


def test_a_label_that_says_not_observed_is_not_rated() -> None:
    text = question("labels-with-a-not-observed-point.csv")
    assert "4" in text
    assert "Exceeds" in text
    assert "'5 - Not observed'" in text


def test_letters_with_plus_and_minus_are_told_apart() -> None:
    text = question("letters-with-plus-and-minus.csv")
    letters = ("A+", "A", "A-", "B+", "B", "B-", "C+", "C", "C-", "D", "E")
    assert all(f"'{letter}'" in text for letter in letters)


def test_points_of_a_mapping_are_applied_as_declared() -> None:
    assert "'B+'" in question("letters-a-to-c.csv")
    roster = read("letters-a-to-c.csv", "letters-a-to-c.mapping.yaml")
    own, theirs = points(roster, "self")["Runa Falk"], points(roster, "manager")["Runa Falk"]
    competencies = ("independence", "decision_making", "initiative")
    assert [own[one] for one in competencies] == [Decimal("3.5"), 3, Decimal("4.5")]
    assert [theirs[one] for one in competencies] == [2, 2, Decimal("4.5")]


def test_signs_are_asked_for_with_their_counts() -> None:
    text = question("circles-as-ratings.xlsx")
    assert all(f"'{sign}'" in text for sign in "○◔◑◕●")


def test_ratings_that_were_never_calculated_stop_the_run() -> None:
    text = question("manager-ratings-never-calculated.xlsx")
    assert "never calculated" in text
    assert "by the manager" in text


def test_a_level_that_was_never_calculated_is_the_reason() -> None:
    text = question("level-never-calculated.xlsx")
    assert "column C" in text
    assert "never calculated" in text


def test_managers_given_by_another_id_of_the_file_are_found() -> None:
    roster = read("manager-by-another-id.csv")
    found = managers(roster)
    assert (found["Timo Abel"], found["Ines Duarte"]) == ("Oona Rask", "Runa Falk")
    assert dict(roster.people.select("employee_id", "manager_id").iter_rows())["70011"] == "70013"
    assert found["Oona Rask"] is None
    assert not said(roster, "manager_not_in_file")


def test_managers_given_by_their_address_are_found() -> None:
    roster = read("manager-by-address.csv")
    assert managers(roster)["Ines Duarte"] == "Runa Falk"
    assert dict(roster.people.select("employee_name", "manager_id").iter_rows())["Ines Duarte"] == "K2001"


def test_a_managers_name_may_stand_in_two_columns() -> None:
    assert set(managers(read("manager-in-two-columns.csv")).values()) <= {"Runa Falk", "Oona Rask", None}
    assert managers(read("manager-in-two-columns.csv"))["Ines Duarte"] == "Runa Falk"


def test_who_the_facilitator_is_is_asked_once_or_read() -> None:
    text = question("employee-and-facilitator-columns.csv")
    assert text.count("Facilitator") <= 6
    assert "one question" in text


def test_the_one_answer_reads_all_columns_of_the_facilitator(tmp_path: Path) -> None:
    files = [CASES / "employee-and-facilitator-columns.csv"]
    text = mapping_text(inspect_files(files, WORDS, DAY))
    answer, still_open = '# raters: {"Facilitator": manager}', 'raters: "?"'
    assert answer in text.splitlines()
    assert still_open in text.splitlines()
    mapping = tmp_path / "map.yaml"
    mapping.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="still has to be answered"):
        read_mapping(mapping)
    mapping.write_text(text.replace(answer, answer[2:]).replace(still_open, ""), encoding="utf-8")
    for answered in (read_mapping(mapping), FileMapping(raters={"Facilitator": "manager"})):
        roster = load_roster(files, WORDS, DAY, answered)
        assert counted(roster) == (48, 48)
        assert points(roster, "manager")["Runa Falk"]["results"] == 2
        assert "saw it in the May launch" in roster.comments["comment:decision_making:manager"].to_list()


def test_assessor_and_assessee_are_asked_for_once() -> None:
    text = question("assessee-and-assessor-columns.csv")
    assert text.count("who rated") == 1
    assert "'Assessee: Independent Leadership of Projects' was read as given by the person" in text
    assert '`raters: {"Assessor": manager}`' in text


def test_the_words_in_brackets_of_a_forms_grid_are_the_competency() -> None:
    roster = read("grid-question-headers.csv")
    assert names(roster) == sorted(PEOPLE)
    assert {len(rated) for rated in points(roster, "self").values()} == {13}


def test_a_sheet_of_requirements_is_no_table_of_people() -> None:
    text = question("matrix-with-a-sheet-of-requirements.xlsx")
    assert "0 to 4" in text or "from 0" in text
    inspected = inspect_files([CASES / "matrix-with-a-sheet-of-requirements.xlsx"], WORDS, DAY)
    assert {sheet.name for sheet in inspected.sheets if sheet.used} == {"Skills Matrix"}
    assert inspected.people_assessable == 6
    assert [rated.competencies for rated in inspected.ratings] == [0, 13]


def test_an_employees_grade_is_the_level() -> None:
    roster = read("employee-grade-is-the-level.csv")
    assert roster.people["level"][0] == "senior_pm"
    assert counted(roster) == (60, 60)


def test_a_designation_is_the_level() -> None:
    assert read("designation-is-the-level.csv").people["level"][0] == "senior_pm"


def test_the_notes_of_cells_are_comments() -> None:
    roster = read("evidence-in-cell-notes.xlsx")
    written = roster.comments["comment:communication:manager"].to_list()
    assert written[0] == "Led the spring launch review without help"
    assert not said(roster, "no_comments")


def test_fields_on_the_first_row_of_a_person_hold_for_the_rows_below() -> None:
    roster = read("parent-fields-on-the-first-row-only.csv")
    assert roster.people_in_file == roster.people.height == 6
    assert counted(roster) == (60, 60)
    assert "repeated those above" in said(roster, "filled_down")


def test_a_month_and_a_year_are_a_date() -> None:
    roster = read("month-and-year-only.csv")
    assert roster.people["level_since"][:2].to_list() == [date(2024, 3, 1), date(2023, 5, 1)]
    assert "first day" in said(roster, "month_only")


def test_who_rated_follows_from_ids() -> None:
    roster = read("reviewer-id-and-employee-id.csv")
    assert roster.people.height == 6
    assert points(roster, "self")["K2001"]["communication"] == 4
    assert points(roster, "manager")["K2001"]["communication"] == 2
    assert counted(roster) == (60, 50)


def test_a_report_of_participants_is_joined_by_their_address() -> None:
    roster = read("competency-report.csv", "competency-report-people.csv")
    assert names(roster) == sorted(PEOPLE)
    assert counted(roster) == (60, 50)
    assert points(roster, "manager")["Runa Falk"]["communication"] == 3
    others = said(roster, "other_raters")
    assert all(f"'{word}'" in others for word in ("additional manager", "peer", "upward"))


def test_words_with_a_plus_are_words_of_their_own() -> None:
    text = question("meets-and-meets-plus.csv")
    assert "'Meets'" in text
    assert "'Meets+'" in text


def test_a_user_data_file_with_keys_and_labels_is_read() -> None:
    roster = read("user-data-file.csv")
    assert (roster.people_in_file, roster.people.height) == (6, 5)
    assert roster.not_assessable["kind"].to_list() == ["has_left"]
    assert counted(roster) == (75, 75)
    assert set(managers(roster).values()) <= {"Oona Rask", "Runa Falk", None}


def test_weights_targets_and_totals_are_no_ratings() -> None:
    assert counted(read("weights-targets-and-totals.csv")) == (60, 60)


def test_spellings_of_one_manager_are_one_person() -> None:
    roster = read("manager-name-spellings.csv")
    found = managers(roster)
    assert found["Timo Abel"] == found["Ines Duarte"] == "Oona Rask"
    assert found["Oona Rask"] is None  # whom the file gives as her own manager
    assert "O. Rask" in said(roster, "similar_managers")


def test_columns_named_after_people_are_asked_for() -> None:
    text = question("named-calibrators.csv")
    assert "Dana K." in text
    assert "Omar P." in text
    assert "one question" in text


def test_a_count_of_evaluators_is_no_rating() -> None:
    text = question("counts-of-evaluators.xlsx")
    assert "Excellent" in text
    inspected = inspect_files([CASES / "counts-of-evaluators.xlsx"], WORDS, DAY)
    assert inspected.people_in_file in (0, 6)


def test_one_address_beside_two_ids_is_said() -> None:
    text = said(read("two-ids-one-address.csv"), "perhaps_twice")
    assert "K2003" in text
    assert "J0417" in text


def test_a_legend_that_says_one_is_best_is_heeded() -> None:
    roster = read("legend-says-one-is-best.xlsx")
    values = {value for rated in points(roster, "manager").values() for value in rated.values()}
    assert values <= {2, 3, 4, 5}
    assert "A2" in said(roster, "scale_read")


def test_a_scale_whose_top_nobody_reaches_is_asked_for() -> None:
    assert "scale" in question("one-to-four.xlsx")


def test_what_is_written_behind_a_rating_is_a_comment() -> None:
    roster = read("comments-in-rating-cells.xlsx")
    assert points(roster, "manager")["Jana Brandt"]["communication"] == 3
    assert roster.comments["comment:communication:manager"][0] == "solid work this half"
    assert not said(roster, "no_comments")


@pytest.mark.parametrize("name", ["two-years-in-columns.xlsx", "a-sheet-for-each-year.xlsx"])
def test_of_two_years_the_later_one_counts(name: str) -> None:
    roster = read(name)
    assert names(roster) == sorted(OTHERS)
    assert points(roster, "self")["Jana Brandt"]["communication"] == 4
    assert points(roster, "manager")["Jana Brandt"]["communication"] == 3
    assert roster.people_in_file == 6
    assert "2025" in said(roster, "earlier_cycle")


@pytest.mark.parametrize("name", ["two-years-in-columns.xlsx", "a-sheet-for-each-year.xlsx"])
def test_the_earlier_year_is_read_where_a_mapping_says_so(name: str) -> None:
    roster = load_roster([CASES / name], WORDS, DAY, FileMapping(cycle="2025", scales=ONE_TO_FIVE))
    assert {value for rated in points(roster, "manager").values() for value in rated.values()} == {1}
    assert roster.people_in_file == 6


def test_competencies_in_another_language_are_asked_for_once() -> None:
    text = question("german-competencies.xlsx")
    assert "one question" in text
    assert "Kommunikation" in text
    assert "communication" in text


def test_the_level_may_stand_on_the_self_tab_alone() -> None:
    roster = read("level-on-the-self-tab.xlsx")
    assert names(roster) == sorted(OTHERS)
    assert counted(roster) == (155, 155)


def test_ids_that_differ_in_leading_zeros_alone_are_joined() -> None:
    roster = read("ids-shown-with-leading-zeros.xlsx")
    assert roster.people_in_file == roster.people.height == 6
    assert counted(roster) == (155, 155)


def test_targets_and_last_years_ratings_are_not_this_years() -> None:
    roster = read("targets-and-last-year.xlsx")
    assert points(roster, "manager")["Jana Brandt"]["communication"] == 3
    assert counted(roster) == (155, 155)


def test_customer_empathy_is_a_competency_where_rows_say_who_rated() -> None:
    roster = read("a-row-for-each-rater.xlsx")
    assert counted(roster) == (155, 155)
    assert points(roster, "self")["Jana Brandt"]["user_empathy"] == 5


def test_the_date_from_which_experience_counts_is_found() -> None:
    words = replace(
        WORDS,
        competencies=tuple(Term(title, title) for title in CRAFT),
        levels=(Term("engineer", "Engineer"), Term("senior", "Senior Engineer")),
        next_levels={"engineer": ("senior",), "senior": ()},
    )
    roster = load_roster([CASES / "gate-on-years-no-dates.csv"], words, DAY)
    assert roster.people["product_since"].null_count() == 3


def test_every_file_of_the_cases_is_held() -> None:
    text = Path(__file__).read_text(encoding="utf-8")
    assert all(path.name in text for path in CASES.iterdir())
