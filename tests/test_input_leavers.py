"""Who has left, and how far a review has come: statuses are understood, or told of."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from inputs import InputError, Roster, Severity
from inputs.loading import load_roster
from tests.made_files import Row, write_workbook
from tests.read_rosters import DAY, WORDS, assessed, points, read_rows, told


def with_statuses(folder: Path, header: str, *statuses: str) -> Roster:
    """A file of one person for each status: E1, E2 ..."""
    people = [[f"E{at}", "Senior PM", status, 3, 4] for at, status in enumerate(statuses, 1)]
    titles = ["Employee ID", "Level", header, "Communication (self)", "Communication (manager)"]
    return read_rows(folder, titles, *people)


@pytest.mark.parametrize("header", ["Active?", "Active", "Is active", "Currently employed", "Active (Y/N)"])
@pytest.mark.parametrize(("yes", "no"), [("Y", "N"), ("1", "0"), ("Yes", "No"), ("true", "false")])
def test_no_under_a_header_that_asks_who_is_employed_is_a_leaver(
    header: str, yes: str, no: str, tmp_path: Path
) -> None:
    roster = with_statuses(tmp_path, header, yes, no, yes)
    assert assessed(roster) == ["E1", "E3"]
    assert roster.not_assessable["kind"].to_list() == ["has_left"]
    assert told(roster, "has_left") == [f"The person has left: '{header}' says '{no}'."]
    assert not told(roster, "unclear_status")


@pytest.mark.parametrize(
    "header", ["Terminated", "Terminated?", "Has left", "Leaver", "Inactive", "Left the company"]
)
def test_yes_under_a_header_that_asks_who_has_left_is_a_leaver(header: str, tmp_path: Path) -> None:
    roster = with_statuses(tmp_path, header, "No", "Yes", "", "n", "2026-05-31", "2026-12-31", "-")
    assert assessed(roster) == ["E1", "E3", "E4", "E6", "E7"]
    assert not told(roster, "unclear_status")


LEFT = (
    *("Terminated", "Left the company", "Ex-employee", "Not active", "Contract ended", "Leaver", "Withdrawn"),
    *("Terminated (31.05.2026)", "Left on 31 May 2026", "Terminated - voluntary", "Retired", "ausgeschieden"),
    *("Parti", "Inactivo", "离职", "退職"),
)
STAY = (
    *("Active", "On leave", "Notice given", "Garden leave", "Parental leave", "Terminated (31.12.2026)"),
    *("Active - Payroll Eligible", "Aktiv", "Elternzeit", "在职", "Full-time"),
)


def test_leavers_are_known_by_many_words_and_by_the_day_beside_them(tmp_path: Path) -> None:
    roster = with_statuses(tmp_path, "Worker Status", *STAY, *LEFT)
    assert assessed(roster) == [f"E{at}" for at in range(1, len(STAY) + 1)]
    assert not told(roster, "unclear_status")


def test_people_on_leave_or_under_notice_are_assessed_and_that_is_said_without_names(tmp_path: Path) -> None:
    statuses = ("Active", "On leave", "On leave", "Notice given", "Terminated (31.12.2026)", "Terminated")
    roster = with_statuses(tmp_path, "Employment status", *statuses)
    assert assessed(roster) == ["E1", "E2", "E3", "E4", "E5"]
    [issue] = [issue for issue in roster.issues if issue.kind == "away_or_leaving"]
    assert issue.severity is Severity.NOTE
    assert issue.problem == (
        "4 people are on leave or about to leave, by the status: 'On leave' (2), 'Notice given' (1), "
        "'Terminated (31.12.2026)' (1). They are assessed like everybody else."
    )
    assert issue.employee_id is None
    assert not told(with_statuses(tmp_path, "Employment status", "Active", "Terminated"), "away_or_leaving")
    dated = with_statuses(tmp_path, "Last day", "", "2026-12-31", "2026-05-31", "9999-12-31")
    assert told(dated, "away_or_leaving") == [
        "1 person is about to leave: the last day is within a year. The person is assessed like everybody "
        "else."
    ]


def test_statuses_that_are_not_understood_are_listed_with_their_counts(tmp_path: Path) -> None:
    roster = with_statuses(tmp_path, "Emp Status", "A", "A", "T", "Terminated", "Inactive - LOA")
    assert assessed(roster) == ["E1", "E2", "E3", "E5"]
    [issue] = [issue for issue in roster.issues if issue.kind == "unclear_status"]
    assert issue.severity is Severity.WARNING
    assert issue.problem == (
        "The status of 4 people does not say whether they are still employed: 'A' (2), 'Inactive - LOA' (1), "
        "'T' (1). They are assessed."
    )
    assert (issue.column, issue.header) == ("C", "Emp Status")


def test_an_empty_cell_under_active_says_nothing(tmp_path: Path) -> None:
    roster = with_statuses(tmp_path, "Active?", "x", "x", "")
    assert assessed(roster) == ["E1", "E2", "E3"]
    assert told(roster, "unclear_status") == [
        "The status of 1 person does not say whether they are still employed: no entry (1). "
        "The person is assessed."
    ]


@pytest.mark.parametrize("header", ["Status", "Review status"])
def test_the_status_of_a_review_is_not_that_of_somebodys_employment(header: str, tmp_path: Path) -> None:
    statuses = ("Completed", "Manager draft", "Not started", "Completed", "Withdrawn", "Calibrated", "")
    roster = with_statuses(tmp_path, header, *statuses)
    assert assessed(roster) == [f"E{at}" for at in range(1, 8)]
    assert not told(roster, "unclear_status")
    [issue] = [issue for issue in roster.issues if issue.kind == "unfinished_review"]
    assert issue.severity is Severity.WARNING
    assert issue.problem == (
        "4 rows of a review that is not known to be finished: no entry (1), 'Manager draft' (1), "
        "'Not started' (1), 'Withdrawn' (1). What they rate was used."
    )


def test_statuses_of_people_and_of_reviews_may_stand_side_by_side(tmp_path: Path) -> None:
    roster = read_rows(
        tmp_path,
        ["Employee ID", "Level", "Status", "Employee Status", "Communication (manager)"],
        ["E1", "Senior PM", "Submitted", "Active", 4],
        ["E2", "Senior PM", "Draft", "Terminated", 4],
        ["E3", "Senior PM", "Draft", "Active", 4],
    )
    assert assessed(roster) == ["E1", "E3"]
    assert "'Draft' (2)" in told(roster, "unfinished_review")[0]


def test_words_for_reviews_among_those_for_people_are_told_of(tmp_path: Path) -> None:
    roster = with_statuses(tmp_path, "Status", "Active", "Terminated", "Pending")
    assert assessed(roster) == ["E1", "E3"]
    assert "'Pending' (1)" in told(roster, "unclear_status")[0]


@pytest.mark.parametrize("header", ["Status", "Form status"])
def test_a_later_draft_never_replaces_what_was_submitted(header: str, tmp_path: Path) -> None:
    roster = read_rows(
        tmp_path,
        ["Employee ID", "Level", "Rater", header, "Submitted on", "Communication"],
        ["E1", "Senior PM", "Self", "Submitted", "2026-05-02", 3],
        ["E1", "Senior PM", "Manager", "Submitted", "2026-05-10", 4],
        ["E1", "Senior PM", "Manager", "Draft", "2026-05-12", 1],
        ["E2", "Senior PM", "Self", "Submitted", "2026-05-02", 5],
        ["E2", "Senior PM", "Manager", "Draft", "2026-05-12", 2],
    )
    assert points(roster, "communication:manager") == [4, 2]
    assert points(roster, "communication:self") == [3, 5]
    left_out, used = told(roster, "unfinished_review")
    assert left_out.startswith("1 rating of reviews that are not finished was left out")
    assert used == (
        "1 row of a review that is not known to be finished: 'Draft' (1). What they rate was used."
    )
    assert not told(roster, "earlier_rating")


@pytest.mark.parametrize("dated", [True, False])
def test_of_two_rows_of_one_person_the_submitted_one_counts(dated: bool, tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["Employee ID", "Level", "Status", "Communication (manager)", "Review date"],
        ["E1", "Senior PM", "Submitted", 4, "2026-05-10"],
        ["E1", "Senior PM", "Cancelled", 1, "2026-05-12"],
        ["E2", "Senior PM", "Submitted", 3, "2026-05-10"],
    ]
    roster = read_rows(tmp_path, *(row if dated else row[:-1] for row in rows))
    assert points(roster, "communication:manager") == [4, 3]
    assert told(roster, "unfinished_review") == [
        "1 row of a review that is not finished was left out, because the same person has a finished one.",
        "The row of E1 is of a review that is not finished ('Cancelled'); a finished one counts.",
    ]


def test_a_draft_of_a_later_cycle_is_told_of_and_not_passed_over_for_last_years_ratings(
    tmp_path: Path,
) -> None:
    roster = read_rows(
        tmp_path,
        ["Employee ID", "Level", "Cycle", "Status", "Communication (manager)"],
        ["E1", "Senior PM", "2025", "Submitted", 4],
        ["E1", "Senior PM", "2026", "Draft", 2],
    )
    assert points(roster, "communication:manager") == [2]
    assert "'Draft' (1)" in told(roster, "unfinished_review")[0]


def with_two_columns(folder: Path, headers: Row, *values: Row) -> Roster:
    """A file of one person for each row of values: E1, E2 ..."""
    people = [[f"E{at}", "Senior PM", *pair, 3, 4] for at, pair in enumerate(values, 1)]
    titles = ["Employee ID", "Level", *headers, "Communication (self)", "Communication (manager)"]
    return read_rows(folder, titles, *people)


@pytest.mark.parametrize(
    ("headers", "here", "left"),
    [
        (["Contract status", "Status"], ["Permanent", "Active"], ["Permanent", "Terminated"]),
        (["Employment status", "Status"], ["Active", "Active"], ["Active", "Terminated"]),
        (["Status", "Status"], ["Active", "Active"], ["Active", "Left"]),
        (["Work status", "Terminated?"], ["Full time", "No"], ["Full time", "Yes"]),
        (["Status", "Work status"], ["Active", "Full time"], ["Terminated", "Full time"]),
        (["Employee status", "Status"], ["Tier 2", "Active"], ["Tier 1", "Terminated"]),
    ],
)
def test_of_several_statuses_the_one_counts_that_says_who_has_left(
    headers: Row, here: Row, left: Row, tmp_path: Path
) -> None:
    assert assessed(with_two_columns(tmp_path, headers, here, left, here)) == ["E1", "E3"]


def test_of_several_statuses_one_that_is_not_understood_is_told_of(tmp_path: Path) -> None:
    roster = with_two_columns(tmp_path, ["Work status", "Status"], ["Full time", "Q7"], ["Part time", "Q9"])
    assert assessed(roster) == ["E1", "E2"]
    assert "'Q7' (1), 'Q9' (1)" in told(roster, "unclear_status")[0]


def test_statuses_that_say_of_different_people_that_they_have_left_are_asked_about(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"say that different people have left\. Which one is right"):
        with_two_columns(tmp_path, ["Status", "Leaver"], ["Active", "yes"], ["Terminated", "no"])


def test_two_different_dates_of_leaving_are_asked_about(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"could both be the leaving date\. Which one is it"):
        with_two_columns(tmp_path, ["End date", "Termination date"], ["2027-01-31", "2026-03-31"], ["", ""])


RATED = [["Employee ID", "Level", "Communication (self)", "Communication (manager)"]]
RATED += [[f"E{at}", "Senior PM", 3, 4] for at in range(1, 6)]


def with_list(folder: Path, title: str, *rows: Row, ratings: Sequence[Row] = tuple(RATED)) -> Roster:
    """A workbook with ratings, and another sheet beside it."""
    path = write_workbook(folder / "book.xlsx", {"Ratings": ratings, title: rows})
    return load_roster([path], WORDS, DAY)


@pytest.mark.parametrize(
    "listed",
    [
        [["Employee ID", "Status"], *[[f"E{at}", "Left" if at == 3 else "Active"] for at in range(1, 6)]],
        [["Employee ID", "Termination date"], ["E3", "2026-04-30"]],
        [["Employee ID", "Name", "Last day"], ["e3", "Cleo", "2026-04-30"], ["E4", "Dov", "2026-12-31"]],
    ],
)
def test_a_list_of_who_has_left_is_heeded(listed: list[Row], tmp_path: Path) -> None:
    assert assessed(with_list(tmp_path, "HR", *listed)) == ["E1", "E2", "E4", "E5"]


def test_a_list_that_is_not_read_and_gives_another_level_is_warned_about(tmp_path: Path) -> None:
    listed = [[f"E{at}", "Lead PM" if at == 2 else "Senior Product Manager"] for at in range(1, 6)]
    roster = with_list(tmp_path, "HR", ["Employee ID", "Job title"], *listed)
    assert roster.people["level"].unique().to_list() == ["senior_pm"]
    assert told(roster, "conflicting_value") == [
        "'HR' gives 1 person a different level from 'Ratings', such as E2: 'Lead PM' and not 'Senior PM'. "
        "The level in 'Ratings' counts."
    ]


def test_two_sheets_that_differ_in_who_has_left_are_asked_about(tmp_path: Path) -> None:
    ratings = [[*row, "Status" if at == 0 else "Active"] for at, row in enumerate(RATED)]
    listed = [["Employee ID", "Employment status"], ["E3", "Terminated"], ["E4", "Active"]]
    with pytest.raises(InputError, match=r"sheet 'HR' says that E3 has left, and .* 'Ratings' does not"):
        with_list(tmp_path, "HR", *listed, ratings=ratings)


def test_a_list_of_the_whole_companys_leavers_is_asked_about(tmp_path: Path) -> None:
    listed = [["Employee ID", "Last day"], *[[f"E{at}", "2026-04-30"] for at in (3, 11, 12, 13, 14, 15)]]
    with pytest.raises(InputError, match="sheet 'Leavers' says that E3 has left"):
        with_list(tmp_path, "Leavers", *listed)


def test_a_sheet_of_leavers_without_dates_is_warned_about(tmp_path: Path) -> None:
    roster = with_list(tmp_path, "Leavers", ["Employee ID", "Name"], ["E3", "Cleo"])
    unused = next(issue for issue in roster.issues if issue.kind == "sheet_not_used")
    assert unused.severity is Severity.WARNING
    assert unused.problem.endswith("the people are in 'Ratings'. They are assessed.")


def test_entries_under_a_header_about_leaving_are_warned_about(tmp_path: Path) -> None:
    roster = with_statuses(tmp_path, "Termination reason", "", "Resignation", "")
    assert assessed(roster) == ["E1", "E2", "E3"]
    assert told(roster, "column_not_used") == [
        "The column 'Termination reason' was not used: it has entries for 1 row, which were used."
    ]


@pytest.mark.parametrize(
    ("header", "here", "out"),
    [
        ("Eligible for promotion", "Yes", "No"),
        ("In scope?", "Y", "N"),
        ("Exclude", "", "x"),
        ("Excluded from calibration", "no", "yes"),
        ("Teilnahmeberechtigt", "ja", "nein"),
    ],
)
def test_people_whom_a_column_leaves_out_are_assessed_with_a_warning(
    header: str, here: str, out: str, tmp_path: Path
) -> None:
    roster = with_statuses(tmp_path, header, here, out, here)
    assert assessed(roster) == ["E1", "E2", "E3"]
    assert told(roster, "column_not_used") == [
        f"The column '{header}' was not used: it seems to leave out 1 person, who is assessed all the same."
    ]
    assert [one.severity for one in roster.issues if one.kind == "column_not_used"] == [Severity.WARNING]


def test_a_column_by_which_everybody_is_in_scope_is_no_reason_to_warn(tmp_path: Path) -> None:
    roster = with_statuses(tmp_path, "In scope?", "Y", "Y", "Y")
    assert told(roster, "column_not_used") == []


@pytest.mark.parametrize("header", ["Employment status", "Status", "Emp Status", "Employee status code"])
def test_codes_of_a_status_are_read_beside_that_of_the_employed(header: str, tmp_path: Path) -> None:
    roster = with_statuses(tmp_path, header, "A", "T", "A", "I", "L")
    assert assessed(roster) == ["E1", "E3", "E5"]
    assert told(roster, "has_left") == [
        f"The person has left: the status is '{code}', and that of others is 'A'." for code in "TI"
    ]
    (unclear,) = told(roster, "unclear_status")
    assert "of 1 person" in unclear
    assert "'L' (1)" in unclear


@pytest.mark.parametrize("statuses", [("T", "P", "T"), ("A", "T", "Trainee"), ("I", "E", "E")])
def test_codes_without_that_of_the_employed_or_beside_words_are_told_of(
    statuses: tuple[str, ...], tmp_path: Path
) -> None:
    roster = with_statuses(tmp_path, "Employment status", *statuses)
    assert assessed(roster) == ["E1", "E2", "E3"]
    assert told(roster, "unclear_status")


@pytest.mark.parametrize("header", ["Account status", "User status", "Status"])
def test_a_disabled_account_is_told_of_and_a_deactivated_one_is_a_leavers(
    header: str, tmp_path: Path
) -> None:
    roster = with_statuses(tmp_path, header, "Enabled", "Disabled", "Active", "Deactivated")
    assert assessed(roster) == ["E1", "E2", "E3"]
    (unclear,) = told(roster, "unclear_status")
    assert "of 1 person" in unclear
    assert "'Disabled' (1)" in unclear


@pytest.mark.parametrize(
    ("header", "out"), [("Account disabled", "Yes"), ("Account enabled?", "No"), ("User disabled", "TRUE")]
)
def test_yes_and_no_about_accounts_are_warned_of(header: str, out: str, tmp_path: Path) -> None:
    other = {"Yes": "No", "No": "Yes", "TRUE": "FALSE"}[out]
    roster = with_statuses(tmp_path, header, other, out, other)
    assert assessed(roster) == ["E1", "E2", "E3"]
    assert "it seems to leave out 1 person" in told(roster, "column_not_used")[0]


def test_a_column_whose_values_say_who_has_left_is_warned_of_whatever_it_is_called(tmp_path: Path) -> None:
    roster = with_statuses(tmp_path, "Situation", "Active", "Terminated", "On leave")
    assert assessed(roster) == ["E1", "E2", "E3"]
    assert "says of 1 person, it seems, that they have left" in told(roster, "column_not_used")[0]
    assert not told(with_statuses(tmp_path, "Contract", "Permanent", "Temporary"), "column_not_used")


@pytest.mark.parametrize("name", ["Runa Falk (left)", "Falk, Runa - terminated", "Runa Falk [ex-employee]"])
def test_a_name_that_says_that_the_person_has_left_is_told(name: str, tmp_path: Path) -> None:
    rows = [["K1", name, "PM", 3, 4], ["K2", "Timo Abel (Berlin)", "PM", 3, 4], ["K3", "Ana Lis", "PM", 3, 4]]
    header = ["Employee ID", "Name", "Level", "Communication (self)", "Communication (manager)"]
    roster = read_rows(tmp_path, header, *rows)
    assert assessed(roster) == ["K1", "K2", "K3"]
    assert told(roster, "unclear_status") == [
        f"'{name}' seems to say that the person has left. They are assessed like everybody else."
    ]
