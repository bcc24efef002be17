"""Whose ratings a column or row holds, where several columns and words name managers: read right or asked."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from inputs import UNITS_PER_POINT, Roster
from inputs.answering import Question, understand, with_answer
from inputs.inspection import inspect_files
from inputs.loading import read_files
from inputs.mapping import FileMapping
from tests.made_files import Row, write_lines, write_workbook
from tests.read_rosters import DAY, WORDS, points, question, read, told

RATED = {
    "Communication": "communication",
    "Delivering Results": "results",
    "Prioritization": "prioritization",
}
PEOPLE = {"K2001": "Senior PM", "K2002": "Product Manager", "K2003": "Associate PM", "K2004": "Lead PM"}
BOTH = {"{} (self)": "self", "{} (manager)": "manager"}
NAMES = ("Ulla Brenner", "Theo Marchetti")


def given(person: int, rated: int, rater: str) -> int:
    """What each rater gave: all different, so that one cannot stand for another."""
    return 1 + (person + 2 * rated + {"self": 0, "manager": 1, "other": 2, "then": 3}[rater]) % 5


def assert_as_given(roster: Roster, *raters: str) -> None:
    for place, competency in enumerate(RATED.values()):
        for rater in raters or ("self", "manager"):
            expected = [given(person, place, rater) for person in range(len(PEOPLE))]
            assert points(roster, f"{competency}:{rater}") == expected, (competency, rater)


def by_competency(path: Path, headers: dict[str, str]) -> Path:
    """A row for each competency of each person, with what stands under each header: a rater, or a name."""
    rows: list[Row] = [["Employee ID", "Level", "Competency", *headers]]
    for person, (employee, level) in enumerate(PEOPLE.items()):
        for place, title in enumerate(RATED):
            cells = [
                NAMES[person % 2] if of == "name" else given(person, place, of) for of in headers.values()
            ]
            rows.append([employee, level, title, *cells])
    return write_lines(path, *rows)


@pytest.mark.parametrize(
    "headers",
    [
        {"Line Manager": "name", "Self": "self", "Manager": "manager"},
        {"Self": "self", "Manager": "manager", "Line Manager": "name"},
        {"Supervisor": "name", "Employee": "self", "Manager": "manager"},
        {"Previous Manager": "then", "Self": "self", "Manager": "manager"},
        {"Manager (last year)": "then", "Self": "self", "Manager": "manager"},
        {"Self (last year)": "other", "Self": "self", "Manager (last year)": "then", "Manager": "manager"},
        {"Prior Year Manager": "then", "Manager": "manager", "Self": "self"},
        {"Manager 2025": "then", "Manager 2026": "manager", "Self 2025": "other", "Self 2026": "self"},
        {
            "Self Q1 2026": "other",
            "Manager Q1 2026": "then",
            "Self Q2 2026": "self",
            "Manager Q2 2026": "manager",
        },
    ],
    ids=lambda headers: ", ".join(headers),
)
def test_of_several_columns_that_name_managers_the_one_with_the_present_ratings_is_read(
    headers: dict[str, str], tmp_path: Path
) -> None:
    roster = read(by_competency(tmp_path / "list.csv", headers))
    assert_as_given(roster)
    if "name" in headers.values():
        assert roster.people["manager_name"].to_list() == [NAMES[person % 2] for person in range(len(PEOPLE))]


@pytest.mark.parametrize(
    "both",
    [
        "{} (self / manager)",
        "{} - Self & Manager",
        "{} Self and Manager",
        "{} [Employee / Manager]",
        "Self/Mgr {}",
    ],
)
def test_columns_that_hold_both_raters_numbers_are_to_be_split(both: str, tmp_path: Path) -> None:
    header = ("Employee ID", "Level", *(both.format(name) for name in RATED))
    rows = [(one, "PM", "3 / 5", "4 / 5", "2 / 4") for one in PEOPLE]
    asked = question(write_lines(tmp_path / "people.csv", header, *rows))
    assert "name both the person and the manager" in asked
    assert "Split each into a column of the person's own ratings and one of the manager's." in asked


def test_two_columns_that_could_be_the_managers_ratings_are_asked_about(tmp_path: Path) -> None:
    headers = {"Self": "self", "Manager Rating": "manager", "Manager": "other"}
    text = question(by_competency(tmp_path / "list.csv", headers))
    assert (
        "'Manager Rating' (column E) and 'Manager' (column F) could both be the rating by the manager" in text
    )


@pytest.mark.parametrize("other", ["Team member", "Employee"])
def test_two_columns_that_could_be_the_persons_own_ratings_are_asked_about(
    other: str, tmp_path: Path
) -> None:
    text = question(
        by_competency(tmp_path / "list.csv", {"Self": "self", "Manager": "manager", other: "other"})
    )
    assert f"'Self' (column D) and '{other}' (column F) could both be the rating by the person" in text


def test_names_of_managers_of_several_years_are_those_of_the_latest(tmp_path: Path) -> None:
    headers = {"Manager 2025": "other", "Self": "self", "Manager Rating": "manager", "Manager 2026": "name"}
    path = by_competency(tmp_path / "list.csv", headers)
    rows = [line.split(";") for line in path.read_text(encoding="utf-8").splitlines()]
    rows = [rows[0], *([*row[:3], "Somebody Else", *row[4:]] for row in rows[1:])]
    roster = read(write_lines(path, *rows))
    assert_as_given(roster)
    assert roster.people["manager_name"].to_list() == [NAMES[person % 2] for person in range(len(PEOPLE))]
    assert not roster.earlier


@pytest.mark.parametrize(
    "header", ["Manager Z", "Skip level manager", "Previous Manager", "The manager's view"]
)
def test_numbers_under_a_header_that_names_the_manager_are_asked_about_where_no_manager_rated(
    header: str, tmp_path: Path
) -> None:
    path = by_competency(tmp_path / "list.csv", {"Self": "self", header: "manager"})
    text = question(path)
    assert f"column E ('{header}', 1 to 5): whose ratings are they, next to 'Self'?" in text
    assert_as_given(read(path, mapping=FileMapping(columns={header: "manager_rating"})))
    alone = read(path, mapping=FileMapping(columns={header: None}))
    assert "communication:manager" not in alone.ratings.columns


def by_rater(path: Path, column: str, raters: Sequence[str], managers: Sequence[str] = ()) -> Path:
    """A row for each rating, with who gave it; `{}` stands for the person."""
    with_manager = ["Manager ID"] if managers else []
    rows: list[Row] = [["Employee ID", "Level", *with_manager, "Competency", column, "Rating"]]
    for person, (employee, level) in enumerate(PEOPLE.items()):
        manager = [managers[person]] if managers else []
        for place, title in enumerate(RATED):
            for rater, of in zip(raters, ("self", "manager", "other"), strict=True):
                who = rater.format(employee)
                rows.append([employee, level, *manager, title, who, given(person, place, of)])
    return write_lines(path, *rows)


def test_raters_by_id_who_are_neither_the_person_nor_the_manager_are_told(tmp_path: Path) -> None:
    roster = read(by_rater(tmp_path / "list.csv", "Rater ID", ("{}", "M1", "P7"), ["M1"] * 4))
    assert_as_given(roster)
    assert told(roster, "other_raters") == [
        "12 rows by raters in column E ('Rater ID') who are neither the person nor the manager ('P7') were "
        "kept apart: not part of the manager's rating."
    ]


def test_people_whom_only_a_former_manager_has_rated_are_warned_of(tmp_path: Path) -> None:
    roster = read(by_rater(tmp_path / "list.csv", "Rater ID", ("{}", "M1", "P7"), ["M1", "M2", "M1", "M1"]))
    told = [issue for issue in roster.issues if issue.kind == "other_raters"]
    assert [issue.severity for issue in told] == ["warning"]
    assert "neither the person nor the manager ('M1', 'P7')" in told[0].problem
    assert told[0].problem.endswith("Only self ratings are left for K2002.")
    assert "former manager" in told[0].remedy


@pytest.mark.parametrize("word", ["Team member", "Staff member", "Team members"])
def test_a_team_member_beside_both_raters_is_somebody_else(word: str, tmp_path: Path) -> None:
    path = by_rater(tmp_path / "list.csv", "Rater role", ("Self", "Manager", word))
    assert_as_given(read(path))
    assert_as_given(read(wide(tmp_path / "wide.csv", {f"{{}} ({word})": "other", **BOTH})))


def test_the_previous_managers_ratings_are_no_earlier_cycle(tmp_path: Path) -> None:
    roster = read(wide(tmp_path / "wide.csv", {"Previous manager - {}": "then", **BOTH}))
    assert_as_given(roster)
    assert not told(roster, "earlier_cycle")


def test_what_a_file_is_named_says_nothing_of_columns_that_say_it_themselves(tmp_path: Path) -> None:
    headers = {
        "{} - Fremdbild (Kollegen)": "other",
        "{} - Selbstbild": "self",
        "{} - Fremdbild (Führungskraft)": "manager",
    }
    path = wide(tmp_path / "fremdbild.csv", headers)
    assert_as_given(read(path))
    raters = {"Fremdbild (Führungskraft)": "manager", "Fremdbild (Kollegen)": "other"}
    assert_as_given(read(path, mapping=FileMapping.model_validate({"raters": raters})))


def wide(path: Path, headers: dict[str, str], more: dict[str, Sequence[object]] | None = None) -> Path:
    """A row for each person: how a competency's headers are written for each rater, and further columns."""
    more = more or {}
    titles = [header.format(title) for title in RATED for header in headers]
    rows: list[Row] = [["Employee ID", "Level", *more, *titles]]
    for person, (employee, level) in enumerate(PEOPLE.items()):
        rated = [given(person, place, rater) for place in range(len(RATED)) for rater in headers.values()]
        rows.append([employee, level, *(cells[person] for cells in more.values()), *rated])
    return write_lines(path, *rows)


def test_an_overall_rating_of_a_year_is_no_id_of_a_manager(tmp_path: Path) -> None:
    roster = read(wide(tmp_path / "wide.csv", BOTH, {"Manager 2026": [3, 4, 2, 4]}))
    assert_as_given(roster)
    assert "manager_id" not in roster.people.columns or roster.people["manager_id"].null_count() == 4


@pytest.mark.parametrize("first", [True, False])
def test_an_exact_header_wins_over_one_that_brackets_limit(first: bool, tmp_path: Path) -> None:
    limited = {"Manager (old team)": ["Somebody Else"] * 4, "Hire date (group)": ["2010-01-01"] * 4}
    limited |= {"Level since (former team)": ["2011-01-01"] * 4, "Level (expected)": ["Lead PM"] * 4}
    exact = {"Manager": NAMES * 2, "Hire date": ["2022-03-01"] * 4, "Level since": ["2023-04-01"] * 4}
    roster = read(wide(tmp_path / "wide.csv", BOTH, {**limited, **exact} if first else {**exact, **limited}))
    assert_as_given(roster)
    assert (
        roster.people["level"].to_list() == read(wide(tmp_path / "plain.csv", BOTH)).people["level"].to_list()
    )
    assert roster.people["manager_name"].to_list() == list(NAMES * 2)
    assert set(roster.people["hire_date"].to_list()) == {date(2022, 3, 1)}
    assert set(roster.people["level_since"].to_list()) == {date(2023, 4, 1)}
    assert any("'Hire date (group)' was not used" in one for one in told(roster, "column_not_used"))


@pytest.mark.parametrize(
    "manager",
    ["Manager (former)", "Führungskraft (ehemalig)", "Responsable (précédent)", "Leidinggevende (vorige)"],
)
def test_what_was_earlier_is_not_read_for_the_present(manager: str, tmp_path: Path) -> None:
    more = {"Hire date (previous employer)": ["2010-01-01"] * 4, manager: ["Somebody Else"] * 4}
    roster = read(wide(tmp_path / "wide.csv", BOTH, more))
    assert roster.people["hire_date"].null_count() == len(PEOPLE)
    assert roster.people["manager_name"].null_count() == len(PEOPLE)


@pytest.mark.parametrize("said", ["requested", "new", "after promotion", "old", "at hire", "planned"])
def test_a_level_of_which_brackets_say_that_it_is_not_the_present_one_is_asked_for(
    said: str, tmp_path: Path
) -> None:
    header = ("Employee ID", f"Level ({said})", "Communication (manager)")
    path = write_lines(tmp_path / "people.csv", header, ("K1", "Senior PM", 4))
    assert f"'Level ({said})' (column B) holds levels of the rule pack" in question(path)
    mapping = FileMapping(columns={f"Level ({said})": "level"})
    assert read(path, mapping=mapping).people["level"].to_list() == ["senior_pm"]


def test_a_level_or_a_date_of_which_brackets_say_that_it_is_planned_is_not_the_present_one(
    tmp_path: Path,
) -> None:
    header = (
        "Employee ID",
        "Level (current)",
        "Level (target)",
        "Review date (next)",
        "Communication (manager)",
    )
    row = ("K1", "Product Manager", "Senior PM", "2026-06-01", 4)
    people = read(write_lines(tmp_path / "people.csv", header, row)).people
    assert people["level"].to_list() == ["product_manager"]
    assert people["target_level"].to_list() == ["senior_pm"]
    assert people["review_date"].to_list() == [None]


@pytest.mark.parametrize("form", ["{} ({})", "{} - {}", "{} / {}", "{}: {}"])
@pytest.mark.parametrize("title", ["Level", "Job title"])
def test_brackets_dashes_and_slashes_say_alike_of_what_time_a_level_or_a_date_is(
    title: str, form: str, tmp_path: Path
) -> None:
    said = [(title, "current"), (title, "proposed"), ("Review date", "latest"), ("Review date", "next")]
    header = ("Employee ID", *(form.format(*one) for one in said), "Communication (manager)")
    row = ("K1", "Product Manager", "Senior PM", "2026-05-01", "2026-06-01", 4)
    people = read(write_lines(tmp_path / "people.csv", header, row)).people
    assert people["level"].to_list() == ["product_manager"]
    assert people["target_level"].to_list() == ["senior_pm"]
    assert people["review_date"].to_list() == [date(2026, 5, 1)]


@pytest.mark.parametrize("form", ["{} {}", "{} ({})", "{} - {}"])
@pytest.mark.parametrize("named", ["Rating", "Manager rating"])
def test_the_rating_of_the_latest_of_two_years_counts(named: str, form: str, tmp_path: Path) -> None:
    ratings = [form.format(named, year) for year in (2025, 2026)]
    header = ("Employee ID", form.format("Level", 2026), "Competency", "Rater", *ratings)
    row = ("K1", "Senior PM", "Communication", "Manager", 2, 4)
    roster = read(write_lines(tmp_path / "list.csv", header, row))
    assert points(roster, "communication:manager") == [4]
    assert f"'{ratings[0]}', was left out" in told(roster, "earlier_cycle")[0]


@pytest.mark.parametrize("form", ["{} ({})", "{} - {}", "{} / {}"])
def test_the_previous_rating_of_a_row_is_of_an_earlier_cycle(form: str, tmp_path: Path) -> None:
    ratings = [form.format("Rating", said) for said in ("previous", "current")]
    header = ("Employee ID", "Level", "Competency", "Rater", *ratings)
    row = ("K1", "Senior PM", "Communication", "Manager", 2, 4)
    roster = read(write_lines(tmp_path / "list.csv", header, row))
    assert points(roster, "communication:manager") == [4]


def test_the_rating_of_last_year_beside_the_present_one_is_left_out(tmp_path: Path) -> None:
    path = by_rater(tmp_path / "list.csv", "Rater", ("Self", "Manager", "Peer"))
    head, *lines = path.read_text(encoding="utf-8").splitlines()
    last = head.replace("Rating", "Rating (last year);Rating")
    rows = [last, *(f"{line.rpartition(';')[0]};1;{line.rpartition(';')[2]}" for line in lines)]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    roster = read(path)
    assert_as_given(roster)
    assert "'Rating (last year)'" in told(roster, "earlier_cycle")[0]


def sheets(path: Path, *tabs: tuple[str, str]) -> Path:
    """A tab for each rater, by its title."""

    def rows(rater: str) -> list[Row]:
        people = [
            [*one, *(given(person, place, rater) for place in range(len(RATED)))]
            for person, one in enumerate(PEOPLE.items())
        ]
        return [["Employee ID", "Level", *RATED], *people]

    return write_workbook(path, {title: rows(rater) for title, rater in tabs})


def answered(raters: dict[str, str]) -> FileMapping:
    return FileMapping.model_validate({"raters": raters})


def test_whose_ratings_a_file_holds_is_what_the_answer_says(tmp_path: Path) -> None:
    own = wide(tmp_path / "x7b_employees_2026.csv", {"{}": "self"})
    theirs = wide(tmp_path / "x7b_leads_2026.csv", {"{}": "manager"})
    assert '`raters: {"x7b_employees_2026": manager}`, or `self`, or `other`' in question(own, theirs)
    answer = answered({"x7b_employees_2026": "self", "x7b_leads_2026": "manager"})
    assert_as_given(read(own, theirs, mapping=answer))


def test_a_date_in_the_name_of_a_file_says_nothing_of_who_rated(tmp_path: Path) -> None:
    own = wide(tmp_path / "Self_Assessment_20260630.csv", {"{}": "self"})
    theirs = wide(tmp_path / "Manager_Assessment_20260630.csv", {"{}": "manager"})
    assert_as_given(read(own, theirs))


@pytest.mark.parametrize("title", ["Panel 1", "Calibration"])
def test_a_sheet_by_somebody_else_is_kept_apart_where_the_answer_says_so(title: str, tmp_path: Path) -> None:
    path = sheets(tmp_path / "tabs.xlsx", ("Self", "self"), ("Manager", "manager"), (title, "other"))
    assert f'`raters: {{"{title}": manager}}`, or `self`, or `other`' in question(path)
    roster = read(path, mapping=answered({title: "other"}))
    assert_as_given(roster)
    assert f"The sheet '{title}' was not used" in told(roster, "sheet_not_used")[0]


def raters_in(folder: Path, header: str) -> Path:
    rows: list[Row] = [["Employee ID", "Level", header, *RATED]]
    for person, (employee, level) in enumerate(PEOPLE.items()):
        for word, rater in (("Self", "self"), ("Mgr", "manager")):
            rated = [given(person, place, rater) for place in range(len(RATED))]
            rows.append([employee, level, word, *rated])
    return write_lines(folder / "form.csv", *rows)


@pytest.mark.parametrize(
    "header",
    [
        *("Rater", "", "Who is completing this form?", "Your role in this review", "I am ..."),
        *("Who are you?", "Role", "Relationship to employee"),
    ],
)
def test_a_column_that_names_both_raters_says_who_rated_without_a_header_too(
    header: str, tmp_path: Path
) -> None:
    assert_as_given(read(raters_in(tmp_path, header)))


@pytest.mark.parametrize("header", ["Who is completing this form?", "I am", "Role"])
def test_a_form_with_the_address_or_a_number_of_each_answer_says_who_rated(
    header: str, tmp_path: Path
) -> None:
    path = answers(tmp_path, "Employee name")
    text = path.read_text(encoding="utf-8").replace("I am the", header).replace("Employee;", "Self;")
    path.write_text(text, encoding="utf-8")
    roster = read(path)
    assert roster.ratings["communication:self"].to_list() == [
        (2 + person % 3) * UNITS_PER_POINT for person in range(4)
    ]


@pytest.mark.parametrize("words", [("Employee", "Manager"), ("Self", "Manager")])
def test_a_role_of_which_each_person_has_one_does_not_say_who_rated(
    words: tuple[str, str], tmp_path: Path
) -> None:
    rows: list[Row] = [["Employee ID", "Level", "Role", "Competency", "Rating"]]
    for person, (employee, level) in enumerate(PEOPLE.items()):
        rows += [
            [employee, level, words[person % 2], title, given(person, place, "self")]
            for place, title in enumerate(RATED)
        ]
    assert "whose ratings are they, the person's own or the manager's?" in question(
        write_lines(tmp_path / "rows.csv", *rows)
    )


def test_a_column_that_names_both_raters_but_not_who_answered_is_asked_about(tmp_path: Path) -> None:
    """Peers whom the person or the manager nominated."""
    assert "does 'Nominated by' (column C) say who rated" in question(raters_in(tmp_path, "Nominated by"))


@pytest.mark.parametrize(
    "title",
    [
        "Peers",
        "Peer 1",
        "Peer review",
        "Coworkers",
        "Skip-level manager",
        "Second manager",
        "Manager's manager",
        "N+2",
        "Mentors",
        "Customers",
        "Upward",
        "Pairs",
        "Kollegen",
        "Compañeros",
    ],
)
def test_a_sheet_that_is_named_after_others_is_kept_apart(title: str, tmp_path: Path) -> None:
    roster = read(sheets(tmp_path / "t.xlsx", ("Self", "self"), ("Manager", "manager"), (title, "other")))
    assert_as_given(roster)
    assert f"The sheet '{title}' was not used" in told(roster, "sheet_not_used")[0]


def answers(folder: Path, whom: str, *left_out: str) -> Path:
    """A form's answers: who answered, whom they rate below a header, and by which relation."""
    header = ["ID", "Email", "Name", whom, "Level of the person", "I am the", "Communication"]
    rows: list[Row] = []
    for person, (employee, level) in enumerate(PEOPLE.items()):
        own = [f"p{person}@example.org", f"Person {person}", employee, level, "Employee", 2 + person % 3]
        by_manager = ["ulla@example.org", "Ulla Brenner", employee, level, "Manager", 3 + person % 2]
        rows += [[1 + 2 * person, *own], [2 + 2 * person, *by_manager]]
    kept = [at for at, name in enumerate(header) if name not in left_out]
    return write_lines(folder / "answers.csv", *([row[at] for at in kept] for row in (header, *rows)))


@pytest.mark.parametrize(
    "whom",
    [
        *("Employee number of the person you review", "Employee ID of the person you are rating"),
        *("Whom is this about? (Employee ID)", "Person you are reviewing", "Feedback receiver"),
    ],
)
def test_a_form_is_about_whoever_its_header_says_is_reviewed(whom: str, tmp_path: Path) -> None:
    roster = read(answers(tmp_path, whom))
    assert roster.people["employee_id"].to_list() == list(PEOPLE)
    for rater, first, steps in (("self", 2, 3), ("manager", 3, 2)):
        units = roster.ratings[f"communication:{rater}"].to_list()
        assert units == [(first + at % steps) * UNITS_PER_POINT for at in range(len(PEOPLE))]


@pytest.mark.parametrize(
    ("left_out", "key"),
    [((), "ID"), (("ID",), "Email"), (("ID", "Name"), "Email"), (("ID", "Email"), "Name")],
)
def test_whoever_answered_is_not_taken_for_whoever_is_rated(
    left_out: tuple[str, ...], key: str, tmp_path: Path
) -> None:
    path = answers(tmp_path, "Target", *left_out)
    asked = question(path)
    assert f"who is each row about? '{key}'" in asked
    assert '`columns: {"Target": employee}`' in asked
    mapping = FileMapping(columns={"Target": "employee"})
    assert read(path, mapping=mapping).people["employee_id"].to_list() == list(PEOPLE)


@pytest.mark.parametrize("named", ["Review", "Cycle", "Review date"])
def test_what_the_latest_review_leaves_blank_is_not_taken_from_an_earlier_one(
    named: str, tmp_path: Path
) -> None:
    first, last = ("2025-12-15", "2026-06-15") if named == "Review date" else ("H2 2025", "H1 2026")
    header = ["Employee ID", "Level", named, "Rater", "Communication", "Prioritization"]
    rows: list[Row] = [
        [employee, level, when, rater, *rated]
        for employee, level in PEOPLE.items()
        for rater in ("Self", "Manager")
        for when, rated in ((first, (1, 2)), (last, (3, "" if employee == "K2001" else 4)))
    ]
    roster = read(write_lines(tmp_path / "reviews.csv", header, *rows))
    for rater in ("self", "manager"):
        assert roster.ratings[f"communication:{rater}"].to_list() == [3 * UNITS_PER_POINT] * 4
        assert roster.ratings[f"prioritization:{rater}"].to_list() == [None, *[4 * UNITS_PER_POINT] * 3]
    said = [one.problem for one in roster.issues if one.kind == "earlier_rating"]
    assert (
        "2 ratings of earlier reviews were left out, because the same person has a later review by the same "
        "rater, which leaves the competency blank: K2001."
    ) in said


def test_a_rating_without_a_date_is_not_taken_for_an_earlier_one(tmp_path: Path) -> None:
    header = ["Employee ID", "Level", "Competency", "Rater", "Rating", "Date"]
    rows: list[Row] = [
        ["K2001", "Senior PM", "Communication", "Manager", 2, "2026-05-01"],
        ["K2001", "Senior PM", "Communication", "Manager", 4, ""],
        ["K2001", "Senior PM", "Prioritization", "Manager", 2, "2025-05-01"],
        ["K2001", "Senior PM", "Prioritization", "Manager", 4, "2026-05-01"],
        ["K2001", "Senior PM", "Delivering Results", "Manager", 3, ""],
    ]
    roster = read(write_lines(tmp_path / "ratings.csv", header, *rows))
    assert "communication:manager" not in roster.ratings.columns
    assert points(roster, "prioritization:manager") == [4]
    assert points(roster, "results:manager") == [3]
    assert told(roster, "repeated_rating") == [
        "The rating of communication by the manager is given several times and not always dated: 2 (E2), "
        "4 (E3). None was used."
    ]


def test_ratings_with_a_day_of_their_own_stay_where_later_ones_are_of_something_else(tmp_path: Path) -> None:
    header = ["Employee ID", "Level", "Competency", "Rater", "Rating", "Date"]
    rows: list[Row] = [
        [employee, level, competency, "Manager", 3, day]
        for employee, level in PEOPLE.items()
        for competency, day in (("Communication", "2026-01-10"), ("Prioritization", "2026-06-10"))
    ]
    roster = read(write_lines(tmp_path / "list.csv", header, *rows))
    assert points(roster, "communication:manager") == [3] * 4


@pytest.mark.parametrize("word", ["Calibrated", "Final", "Committee"])
def test_calibrated_ratings_are_asked_about_where_the_manager_has_no_others(
    word: str, tmp_path: Path
) -> None:
    header = ["Employee ID", "Level", "Communication Self", f"Communication {word}"]
    rows: list[Row] = [[employee, level, 3, 4] for employee, level in PEOPLE.items()]
    asked = question(write_lines(tmp_path / "people.csv", header, *rows))
    assert f"who rated under this word: '{word.lower()}'" in asked


@pytest.mark.parametrize("word", ["Calibrated", "Final", "Committee"])
def test_calibrated_ratings_beside_the_managers_are_kept_apart_with_a_note(word: str, tmp_path: Path) -> None:
    header = ["Employee ID", "Level", "Communication Self", "Communication Manager", f"Communication {word}"]
    rows: list[Row] = [[employee, level, 3, 4, 2] for employee, level in PEOPLE.items()]
    roster = read(write_lines(tmp_path / "people.csv", header, *rows))
    assert points(roster, "communication:manager") == [4] * 4
    assert [one.problem for one in roster.issues if one.kind == "other_raters"] == [
        f"1 column by other raters ('{word.lower()}'), such as 'Communication {word}', was kept apart: not "
        "part of the manager's rating."
    ]


def twice(folder: Path, header: Row, day: str, last: str) -> Path:
    """A list in which everybody has a rating of each of two days."""
    rows: list[Row] = [
        [employee, level, "Communication", "Manager", rating, when]
        for when, rating in ((day, 2), (last, 5))
        for employee, level in PEOPLE.items()
    ]
    return write_lines(folder / "twice.csv", header, *rows)


IN_ENGLISH = ("Employee ID", "Level", "Competency", "Rater", "Rating", "Date")


def test_a_mapping_says_the_order_of_dates_that_tell_which_rating_is_the_latest(tmp_path: Path) -> None:
    path = twice(tmp_path, IN_ENGLISH, "03/04/2026", "04/03/2026")
    assert "say in a mapping whether they are day first or month first: `date_order:" in question(path)
    for order, latest in (("day first", 2), ("month first", 5)):
        roster = read(path, mapping=FileMapping(date_order=order))
        assert points(roster, "communication:manager") == [latest] * 4


def test_a_date_that_may_be_the_latest_is_not_taken_for_the_earliest(tmp_path: Path) -> None:
    question(twice(tmp_path, IN_ENGLISH, "03/04/2026", "2026-03-30"))


def test_the_language_of_the_headers_tells_which_rating_is_the_latest(tmp_path: Path) -> None:
    header = ("Matricule", "Niveau", "Compétence", "Évaluateur", "Note", "Date de saisie")
    roster = read(twice(tmp_path, header, "03/04/2026", "04/03/2026"))
    assert points(roster, "communication:manager") == [2] * 4
    assert roster.people["review_date"].to_list() == [date(2026, 4, 3)] * 4
    assert [one.problem for one in roster.issues if one.kind == "date_order"] == [
        "1 different date could be read in two ways and was read day first, as dates are written in "
        "French, the language of the headers."
    ]


@pytest.mark.parametrize("header", ["Date", "Timestamp", "Submitted on", "Completed on"])
def test_the_date_of_the_ratings_is_that_of_the_review_where_no_other_is(header: str, tmp_path: Path) -> None:
    columns = ["Employee ID", "Level", header, "Communication (self)", "Communication (manager)"]
    rows: list[Row] = [[employee, level, "2024-05-10", 3, 4] for employee, level in PEOPLE.items()]
    roster = read(write_lines(tmp_path / "people.csv", columns, *rows))
    assert roster.people["review_date"].to_list() == [date(2024, 5, 10)] * 4
    both = [[*row, "2026-05-01"] for row in rows]
    other = read(write_lines(tmp_path / "both.csv", [*columns, "Review Date"], *both))
    assert other.people["review_date"].to_list() == [date(2026, 5, 1)] * 4


def test_a_review_is_as_old_as_the_managers_ratings_whenever_people_rate_themselves(tmp_path: Path) -> None:
    header = ["Employee ID", "Level", "Date", "Rater", "Communication"]
    rows: list[Row] = []
    for employee, level in PEOPLE.items():
        rows += [[employee, level, "2024-12-15", "Manager", 4], [employee, level, "2026-05-01", "Self", 3]]
    roster = read(write_lines(tmp_path / "people.csv", header, *rows))
    assert roster.people["review_date"].to_list() == [date(2024, 12, 15)] * 4
    alone = read(
        write_lines(tmp_path / "self.csv", header, *rows[1::2], ["K9", "Senior PM", "", "Manager", 3])
    )
    assert alone.people["review_date"].to_list() == [*[date(2026, 5, 1)] * 4, None]


def test_columns_of_known_other_raters_are_kept_apart_with_a_note(tmp_path: Path) -> None:
    header = [
        "Employee ID",
        "Level",
        *(f"Communication - {one}" for one in ("Self", "Manager", "Skip Level")),
    ]
    rows: list[Row] = [[employee, level, 3, 4, 5] for employee, level in PEOPLE.items()]
    roster = read(write_lines(tmp_path / "people.csv", header, *rows))
    assert told(roster, "other_raters") == [
        "1 column of other raters or averages, such as 'Communication - Skip Level', was kept apart: not "
        "part of the manager's rating."
    ]


def open_questions(path: Path, mapping: FileMapping | None = None) -> list[Question]:
    return list(understand(read_files([path]), WORDS, DAY, mapping or FileMapping()).questions)


def test_a_sheet_with_the_managers_ratings_and_nobody_known_is_asked_about(tmp_path: Path) -> None:
    own: list[Row] = [["Employee ID", "Work Email", "Level", "Communication", "Prioritization"]]
    managers: list[Row] = [["Direct report email", "Communication", "Prioritization"]]
    for employee, level in PEOPLE.items():
        own.append([employee, f"{employee}@example.test", level, 4, 4])
        managers.append([f"{employee}@example.test", 3, 3])
    path = write_workbook(tmp_path / "both.xlsx", {"Self": own, "Manager": managers})
    (asked,) = open_questions(path)
    assert "'Direct report email' (column A) holds the email of people" in asked.text
    found = {choice.label.partition(":")[0]: choice for choice in asked.choices}
    yes, no = (with_answer(FileMapping(), asked.kind, found[one].given) for one in ("Yes", "No"))
    assert read(path, mapping=yes).ratings["communication:manager"].to_list() == [3 * UNITS_PER_POINT] * 4
    assert "communication:manager" not in read(path, mapping=no).ratings.columns


def test_a_column_whose_values_name_both_raters_is_proposed_beside_reviewers_and_in_lists(
    tmp_path: Path,
) -> None:
    header = ["Employee ID", "Name", "Level", "Reviewer", "Kind", "Communication"]
    rows: list[Row] = []
    for employee, level in PEOPLE.items():
        rows += [[employee, f"{employee} Lee", level, f"{employee} Lee", "Self", 4]]
        rows += [[employee, f"{employee} Lee", level, "Ann Boss", "Manager", 3]]
    beside = write_lines(tmp_path / "beside.csv", header, *rows)
    listed = [[*row[:3], row[4], "Communication", row[5]] for row in rows]
    header = ["Employee ID", "Name", "Level", "Assessment", "Question", "Rating"]
    for path in (beside, write_lines(tmp_path / "list.csv", header, *listed)):
        (asked,) = open_questions(path)
        assert "say who rated, with 'Manager' and 'Self'?" in asked.text
        mapping = with_answer(FileMapping(), asked.kind, asked.choices[0].given)
        ratings = read(path, mapping=mapping).ratings
        assert ratings["communication:self"].to_list() == [4 * UNITS_PER_POINT] * 4
        assert ratings["communication:manager"].to_list() == [3 * UNITS_PER_POINT] * 4
        no = with_answer(FileMapping(), asked.kind, asked.choices[1].given)
        assert [one.text for one in open_questions(path, no)] != [asked.text]


def test_what_a_header_says_already_is_kept_where_another_column_is_asked_about(tmp_path: Path) -> None:
    header = ["Employee ID", "Step on it", "Communication - Coach", "Communication - Self"]
    rows: list[Row] = [[employee, level, 3, 4] for employee, level in PEOPLE.items()]
    path = write_lines(tmp_path / "people.csv", header, *rows)
    (asked,) = open_questions(path)
    assert all(blank.likely in blank.options for blank in asked.blanks)
    given = {blank.name: blank.likely for blank in asked.blanks} | {"Step on it": "level"}
    mapping = with_answer(FileMapping(), asked.kind, given)
    assert [one.kind for one in open_questions(path, mapping)] == ["rater"]


def test_headers_in_two_languages_are_read_by_the_half_that_is_known(tmp_path: Path) -> None:
    header = ["Employee ID / Matricule", "Level / Niveau"]
    header += [
        f"Prioritization / Priorisation - {one}"
        for one in ("Self / Auto-évaluation", "Manager / Responsable")
    ]
    rows: list[Row] = [[employee, level, 4, 3] for employee, level in PEOPLE.items()]
    ratings = read(write_lines(tmp_path / "people.csv", header, *rows)).ratings
    assert ratings["prioritization:self"].to_list() == [4 * UNITS_PER_POINT] * 4
    assert ratings["prioritization:manager"].to_list() == [3 * UNITS_PER_POINT] * 4
    two = [
        "Employee ID",
        "Level",
        "Communication / Delegation - Self",
        "Communication / Delegation - Manager",
    ]
    assert question(write_lines(tmp_path / "two.csv", two, *rows))


def test_people_whom_somebody_else_rated_in_place_of_the_manager_are_named(tmp_path: Path) -> None:
    header = ["Employee ID", "Level", "Rater type", "Communication"]
    rows: list[Row] = []
    for employee, level in PEOPLE.items():
        rater = "Skip-level manager" if employee == "K2003" else "Direct manager"
        rows += [[employee, level, "Self", 4], [employee, level, rater, 3]]
    roster = read(write_lines(tmp_path / "people.csv", header, *rows))
    assert [(one.severity, one.problem) for one in roster.issues if one.kind == "other_raters"] == [
        (
            "warning",
            "1 row by other raters ('Skip-level manager') was kept apart: not part of the manager's rating. "
            "Nobody rated K2003 as the manager.",
        )
    ]


@pytest.mark.parametrize("named", ["Item", "Question", "Attribute", "Dimension"])
def test_a_rating_of_what_another_column_names_is_that_of_the_row(named: str, tmp_path: Path) -> None:
    header = ["Employee ID", "Level", named, f"{named} Rating (Self)", f"{named} Rating (Manager)"]
    rows: list[Row] = [
        [employee, level, rated, 4, 3] for employee, level in PEOPLE.items() for rated in RATED
    ]
    ratings = read(write_lines(tmp_path / "list.csv", header, *rows)).ratings
    assert ratings["prioritization:self"].to_list() == [4 * UNITS_PER_POINT] * 4
    assert ratings["prioritization:manager"].to_list() == [3 * UNITS_PER_POINT] * 4


def test_comments_in_a_list_of_managers_ratings_are_theirs(tmp_path: Path) -> None:
    header = ["Employee ID", "Level", "Competency", "Rating", "Comment"]
    rows: list[Row] = [
        [employee, level, "Communication", 3, f"saw {employee} do it"] for employee, level in PEOPLE.items()
    ]
    roster = read(write_lines(tmp_path / "Manager review.csv", header, *rows))
    (column,) = [name for name in roster.comments.columns if name.endswith(":manager")]
    assert roster.comments[column].to_list() == [f"saw {employee} do it" for employee in PEOPLE]


def test_names_and_addresses_that_most_people_share_are_those_of_whoever_answered(tmp_path: Path) -> None:
    header: Row = ["ID", "Email", "Name", "Employee ID of the person you rate", "Level", *RATED]
    own, managers = [header], [header]
    for sheet, rater, answered in ((own, "self", None), (managers, "manager", "Ann Boss")):
        for at, (employee, level) in enumerate(PEOPLE.items()):
            name = answered or f"Person {employee}"
            ratings = [given(at, place, rater) for place in range(len(RATED))]
            sheet.append([at + 1, f"{name[-5:]}@example.test", name, employee, level, *ratings])
    path = write_workbook(tmp_path / "form.xlsx", {"Self assessment": own, "Manager assessment": managers})
    roster = read(path)
    assert_as_given(roster)
    assert roster.people["employee_name"].to_list() == [f"Person {employee}" for employee in PEOPLE]
    assert told(roster, "perhaps_twice") == []


def test_words_for_raters_are_asked_about_as_long_as_somebody_has_no_managers_rating(tmp_path: Path) -> None:
    header = ["Employee ID", "Level", "Rater", "Communication"]
    rows: list[Row] = []
    for at, (employee, level) in enumerate(PEOPLE.items()):
        rows += [[employee, level, "Self", 4], [employee, level, NAMES[at % 2], 3]]
    rows.append(["K2001", "Senior PM", "Buddy", 5])
    path = write_lines(tmp_path / "people.csv", header, *rows)
    asked = {one.title.partition("“")[2].rstrip("”?") for one in open_questions(path)}
    assert asked == {*NAMES, "Buddy"}
    one, other = (FileMapping(raters=dict.fromkeys(NAMES[:count], "manager")) for count in (1, 2))
    assert NAMES[1] in str([question.title for question in open_questions(path, one)])
    assert open_questions(path, other) == []
    roster = read(path, mapping=other)
    assert roster.ratings["communication:manager"].to_list() == [3 * UNITS_PER_POINT] * 4
    assert told(roster, "unknown_rater")


@pytest.mark.parametrize("in_rows", [False, True])
def test_comments_on_a_sheet_of_their_own_are_read_or_named(in_rows: bool, tmp_path: Path) -> None:
    kinds = ["Competency", "Manager comment"] if in_rows else ["Communication (manager comment)"]
    rated: list[Row] = [["Employee ID", "Level", "Communication (self)", "Communication (manager)"]]
    comments: list[Row] = [["Employee ID", *kinds]]
    for employee, level in PEOPLE.items():
        rated.append([employee, level, 4, 3])
        comments.append([employee, *(["Communication"] if in_rows else []), f"saw {employee} do it"])
    roster = read(write_workbook(tmp_path / "book.xlsx", {"Ratings": rated, "Comments": comments}))
    warned = [one.problem for one in roster.issues if one.kind == "sheet_not_used"]
    if in_rows:
        assert warned == [
            "The sheet 'Comments' was not used: the people are in 'Ratings'. Its comments were not read."
        ]
    else:
        assert warned == []
        assert roster.comments["comment:communication:manager"].to_list() == [
            f"saw {employee} do it" for employee in PEOPLE
        ]


@pytest.mark.parametrize("in_rows", [False, True])
def test_people_without_a_row_of_the_latest_cycle_are_named(in_rows: bool, tmp_path: Path) -> None:
    rater = ["Rater", "Communication"] if in_rows else ["Communication (self)", "Communication (manager)"]
    rows: list[Row] = []
    for employee, level in PEOPLE.items():
        for cycle in ("2023 Annual", "2026 Mid-Year"):
            if (employee, cycle) != ("K2003", "2026 Mid-Year"):
                rows += [
                    [employee, level, cycle, *given] for given in ([["Manager", 3]] if in_rows else [[4, 3]])
                ]
    path = write_lines(tmp_path / "people.csv", ["Employee ID", "Level", "Review Period", *rater], *rows)
    roster = read(path)
    assert [
        one.problem for one in roster.issues if one.kind == "earlier_row" and one.severity == "warning"
    ] == [
        "1 person has no row of the latest review cycle, '2026 Mid-Year': K2003 ('2023 Annual'). Their "
        "latest row counts as if it were of that cycle."
    ]
    assert roster.people.height == len(PEOPLE)
    wanted = read(path, mapping=FileMapping(cycle="2023 Annual"))
    assert not [one for one in wanted.issues if one.kind == "earlier_row" and one.severity == "warning"]


def test_calibrated_ratings_beside_empty_columns_of_the_manager_are_asked_about(tmp_path: Path) -> None:
    header = [
        "Employee ID",
        "Level",
        *(f"Communication ({one})" for one in ("self", "manager", "calibrated")),
    ]
    rows: list[Row] = [[employee, level, 4, "", 3] for employee, level in PEOPLE.items()]
    path = write_lines(tmp_path / "people.csv", header, *rows)
    (asked,) = open_questions(path)
    assert asked.title == "Whose ratings are under “calibrated”?"
    roster = read(path, mapping=with_answer(FileMapping(), asked.kind, {"calibrated": "manager"}))
    assert roster.ratings["communication:manager"].to_list() == [3 * UNITS_PER_POINT] * 4


def test_a_manager_whose_name_two_people_have_is_told_of_and_taken_for_neither(tmp_path: Path) -> None:
    header = ["Employee ID", "Name", "Level", "Manager", "Communication (manager)"]
    people = [[f"E{at}", f"Person {at}", "Senior PM", "Ida Berg", 3] for at in range(3)]
    bosses = [[f"B{at}", "Berg, Ida", "Lead PM", None, 3] for at in (1, 2)]
    roster = read(write_workbook(tmp_path / "people.xlsx", {"Sheet": [header, *people, *bosses]}))
    (said,) = told(roster, "shared_manager_name")
    assert said.startswith(
        "'Ida Berg', the manager of 3 people, is the name of 2 people in the file: B1, B2."
    )
    assert roster.people["manager_id"].null_count() == 5
    one = [header, *people, bosses[0]]
    alone = read(write_workbook(tmp_path / "alone.xlsx", {"Sheet": one}))
    assert told(alone, "shared_manager_name") == []
    assert alone.people["manager_id"].to_list()[:3] == ["B1"] * 3


def test_the_words_of_a_forms_question_are_no_rater_where_a_column_tells_rows_apart(tmp_path: Path) -> None:
    asked = "How would you rate them? [{}]"
    header = ["Timestamp", "Email Address", "Who is this review for?", "Level", "I am ..."]
    rows: list[Row] = [[*header, *map(asked.format, RATED)]]
    for person, (employee, level) in enumerate(PEOPLE.items()):
        for rater, who in (("self", "reviewing myself"), ("manager", "their manager")):
            mail = f"{employee}@example.test" if rater == "self" else "boss@example.test"
            rated = [given(person, place, rater) for place in range(len(RATED))]
            rows.append(["2026-05-12", mail, f"Person {employee}", level, who, *rated])
    path = write_lines(tmp_path / "form.csv", *rows)
    assert (
        "does 'I am ...' (column E) say who rated, with 'reviewing myself' and 'their manager'?"
        in question(path)
    )
    mapping = FileMapping(columns={"I am ...": "rater"}, raters={"reviewing myself": "self"})
    roster = read(path, mapping=mapping)
    assert roster.people["employee_name"].to_list() == [f"Person {one}" for one in PEOPLE]
    assert_as_given(roster)


def test_the_number_of_an_answer_is_not_asked_about_as_who_rated(tmp_path: Path) -> None:
    rows: list[Row] = [["#", "Who are you rating?", "Level", "Communication", "Token"]]
    for person, level in enumerate(PEOPLE.values()):
        rows += [[f"a{person}{one}", f"Person {person}", level, 3, f"t{person}{one}"] for one in (1, 2)]
    assert "'#'" not in question(write_lines(tmp_path / "form.csv", *rows))


def test_two_managers_of_everybody_are_asked_about_and_do_not_leave_everybody_without_one(
    tmp_path: Path,
) -> None:
    rows: list[Row] = [["Employee ID", "Level", "Reviewer", "Rater", "Competency", "Rating"]]
    for person, (employee, level) in enumerate(PEOPLE.items()):
        for place, title in enumerate(RATED):
            rows.append([employee, level, employee, "Self", title, given(person, place, "self")])
            rows += [[employee, level, who, "Manager", title, 1 + at] for at, who in enumerate(NAMES)]
    asked = question(write_lines(tmp_path / "ratings.csv", *rows))
    assert (
        "12 of 12 ratings appear more than once with different values, such as, for K2001, the rating of"
        in asked
    )


def test_a_sheet_by_nobody_who_is_known_is_kept_apart_with_one_answer(tmp_path: Path) -> None:
    sheets: dict[str, list[Row]] = {"Self": [["Employee ID", "Level", *RATED]]}
    sheets |= {name: [["Employee ID", "Reviewer", *RATED]] for name in ("Manager", "Round 2b")}
    for person, (employee, level) in enumerate(PEOPLE.items()):
        for name, about in (("Self", level), ("Manager", NAMES[0]), ("Round 2b", NAMES[1])):
            rater = {"Self": "self", "Manager": "manager"}.get(name, "other")
            sheets[name].append(
                [employee, about, *(given(person, place, rater) for place in range(len(RATED)))]
            )
    path = write_workbook(tmp_path / "round.xlsx", sheets)
    assert '`raters: {"Round 2b": other}`' in question(path)
    (asked,) = understand(read_files([path]), WORDS, DAY, FileMapping()).questions
    apart = with_answer(FileMapping(), asked.kind, asked.choices[-1].given)
    assert_as_given(read(path, mapping=apart))


@pytest.mark.parametrize("shape", ["long", "tabs"])
def test_two_names_of_one_level_are_no_contradiction(shape, tmp_path: Path) -> None:
    names = ("Senior PM", "SPM")
    if shape == "long":
        rows = [
            [person, level, "Communication", rater, 4]
            for person in ("K1", "K2")
            for level, rater in zip(names, ("Self", "Manager"), strict=True)
        ]
        path = write_lines(tmp_path / "long.csv", ["ID", "Level", "Competency", "Rater", "Rating"], *rows)
    else:
        tabs = {
            rater: [["Employee ID", "Level", "Communication"], ["K1", level, 4], ["K2", level, 4]]
            for level, rater in zip(names, ("Self", "Manager"), strict=True)
        }
        path = write_workbook(tmp_path / "tabs.xlsx", tabs)
    roster = read(path)
    assert roster.people["level"].to_list() == ["senior_pm", "senior_pm"]
    assert points(roster, "communication:self") == points(roster, "communication:manager") == [4, 4]


def test_fractions_below_one_line_are_ratings_and_no_second_line_of_headers(tmp_path: Path) -> None:
    sheets = {
        "People": [["Name", "Level"], ["Ulla Brenner", "Senior PM"]],
        "Ulla Brenner": [
            ["Competency", "", "Self", "Manager"],
            ["Communication", "", "5/5", "-"],
            ["Delegation", "", "4/5", "2/5"],
        ],
    }
    roster = read(write_workbook(tmp_path / "person.xlsx", sheets))
    assert points(roster, "communication:self") == [5]
    assert points(roster, "delegation:manager") == [2]


def test_other_raters_above_several_competencies_are_above_all_of_them(tmp_path: Path) -> None:
    raters = ("Self", "Manager", "Peer", "Skip-level manager")
    top = [cell for rater in raters for cell in (rater, *[""] * (len(RATED) - 1))]
    people: list[Row] = [
        [*person, *range(1, 4), *range(3, 6), *[1, 2, 3], *[2, 1, 4]] for person in PEOPLE.items()
    ]
    path = write_lines(
        tmp_path / "bands.csv", ["Employee ID", "Level", *top], ["", "", *[*RATED] * len(raters)], *people
    )
    roster = read(path)
    assert points(roster, "prioritization:self") == [3] * len(PEOPLE)
    assert points(roster, "prioritization:manager") == [5] * len(PEOPLE)
    assert set(roster.ratings.columns) == {f"{one}:{by}" for one in RATED.values() for by in BOTH.values()}


def titled(path: Path, *titles: str, names: Sequence[str] = ("Sheet1", "Sheet2")) -> Path:
    """A sheet for each rater, with a title above its table."""
    tables = {
        name: [
            [title],
            [],
            ["Employee ID", *(["Level"] if not at else []), *RATED],
            *(
                [key, *([level] if not at else []), *(given(person, one, rater) for one in range(3))]
                for person, (key, level) in enumerate(PEOPLE.items())
            ),
        ]
        for at, (name, title, rater) in enumerate(zip(names, titles, ("self", "manager"), strict=True))
    }
    return write_workbook(path, tables)


def test_a_line_above_the_table_says_whose_ratings_it_holds(tmp_path: Path) -> None:
    roster = read(titled(tmp_path / "titled.xlsx", "Self-Assessment 2026", "Manager ratings"))
    assert_as_given(roster)
    assert "'Manager ratings'" in next(one.why for one in roster.columns if one.name == "results:manager")


def test_a_line_that_contradicts_the_title_of_the_sheet_is_asked_about(tmp_path: Path) -> None:
    path = titled(tmp_path / "titled.xlsx", "Manager ratings", "Self ratings", names=("Self", "Manager"))
    assert "whose ratings are 'Communication'" in question(path)
    roster = read(path, mapping=FileMapping(raters={"Self": "self", "Manager": "manager"}))
    assert_as_given(roster)


def test_a_competency_in_the_first_row_is_no_second_line_of_headers(tmp_path: Path) -> None:
    rows = [["Competency", "", "Self", "Manager"], ["Delegation", "", "", ""], ["Communication", "", 5, 4]]
    sheets = {"People": [["Name", "Level"], ["Ulla Brenner", "Senior PM"]], "Ulla Brenner": rows}
    assert points(read(write_workbook(tmp_path / "person.xlsx", sheets)), "communication:self") == [5]


@pytest.mark.parametrize("named", ["Rater Name", "Rater ID"])
def test_ratings_by_another_than_the_persons_manager_are_told_and_so_is_whose_were_left_out(
    named: str, tmp_path: Path
) -> None:
    by_id = named.endswith("ID")
    mona, nils = ("M1", "M2") if by_id else ("Mona Boss", "Nils Boss")
    header = [
        "Employee ID",
        "Employee Name",
        "Level",
        named.replace("Rater", "Manager"),
        "Rater",
        named,
        "Date",
    ]
    rows: list[Row] = [[*header, "Competency", "Rating"]]
    for employee, name, later in (("K2001", "Ulla Brenner", nils), ("K2002", "Theo Marchetti", mona)):
        person = [employee, name, "Senior PM", mona]
        own = employee if by_id else name
        for title in RATED:
            rows += [
                [*person, "Self", own, "2026-06-01", title, 4],
                [*person, "Manager", mona, "2026-01-15", title, 5],
                [*person, "Manager", later, "2026-06-01", title, 2],
            ]
    roster = read(write_lines(tmp_path / "people.csv", *rows))
    assert points(roster, "results:manager") == [2, 2]
    assert told(roster, "new_manager") == [
        f"3 ratings by the manager were given, as column F ('{named}') says, by somebody else than the "
        f"person's manager: K2001 ('{nils}', and not '{mona}'). They count as the manager's, and pages speak "
        "of the manager whom the file names."
    ]
    (left_out,) = [one for one in roster.issues if one.kind == "earlier_rating"]
    assert left_out.severity == "warning"
    assert left_out.problem.endswith(f"gave the later ones: K2001 ('{mona}', later '{nils}').")


def test_nobody_is_told_of_ratings_by_the_persons_own_manager(tmp_path: Path) -> None:
    rows: list[Row] = [
        ["Employee ID", "Level", "Manager Name", "Rater", "Rater Name", "Competency", "Rating"]
    ]
    for employee in PEOPLE:
        for title in RATED:
            rows.append([employee, "Senior PM", "Brenner, Ulla", "Manager", "Ulla Brenner", title, 3])
            rows.append([employee, "Senior PM", "Brenner, Ulla", "Self", "", title, 4])
    roster = read(write_lines(tmp_path / "people.csv", *rows))
    assert told(roster, "new_manager") == []


def test_two_managers_of_one_day_are_named_beside_what_each_gave(tmp_path: Path) -> None:
    rows: list[Row] = [["Employee ID", "Level", "Rater", "Rater Name", "Competency", "Rating"]]
    for employee in PEOPLE:
        for title in RATED:
            rows.append([employee, "Senior PM", "Manager", "Mona Boss", title, 5])
            rows.append([employee, "Senior PM", "Self", "", title, 4])
    rows.append(["K2001", "Senior PM", "Manager", "Nils Boss", "Communication", 2])
    roster = read(write_lines(tmp_path / "people.csv", *rows))
    assert points(roster, "communication:manager") == [None, 5, 5, 5]
    (issue,) = [one for one in roster.issues if one.kind == "repeated_rating"]
    assert "5 by 'Mona Boss' (F2), 2 by 'Nils Boss' (F26). None was used." in issue.problem
    assert issue.remedy == "Keep the one that counts: write 'Peer' for the other rater."


def one_by_one(folder: Path, title: str, header: Sequence[str], *, as_sheets: bool) -> list[Path]:
    """A list of the people, their own ratings, and a third table about them, as files or as sheets."""
    tables: dict[str, list[Row]] = {
        "staff": [["Employee ID", "Level"], *map(list, PEOPLE.items())],
        "self": [["Employee ID", *RATED], *([one, 3, 4, 2] for one in PEOPLE)],
        title: [["Employee ID", *header], *([one, *range(2, 2 + len(header))] for one in PEOPLE)],
    }
    if as_sheets:
        return [write_workbook(folder / "book.xlsx", tables)]
    return [write_lines(folder / f"{name}.csv", *rows) for name, rows in tables.items()]


@pytest.mark.parametrize("as_sheets", [False, True])
@pytest.mark.parametrize(
    ("title", "header", "asked"),
    [
        ("manager", ["Kommunikation", "Datenanalyse"], "which are these: 'Kommunikation'"),
        ("vorgesetzte", ["Communication", "Datenanalyse"], "which competency of the rule pack is this"),
        ("feedback", ["Communication", "Kundenempathie"], "whose ratings are 'Communication' (column B)"),
    ],
)
def test_a_table_about_the_same_people_is_asked_about_however_few_of_its_columns_are_known(
    title: str, header: list[str], asked: str, as_sheets: bool, tmp_path: Path
) -> None:
    assert asked in question(*one_by_one(tmp_path, title, header, as_sheets=as_sheets))


@pytest.mark.parametrize("as_sheets", [False, True])
def test_numbers_about_the_same_people_that_are_not_used_are_warned_of(
    as_sheets: bool, tmp_path: Path
) -> None:
    roster = read(*one_by_one(tmp_path, "feedback", ["Q1", "Q2"], as_sheets=as_sheets))
    (issue,) = [one for one in roster.issues if one.kind == "sheet_not_used"]
    assert (issue.severity, "Its columns 'Q1', 'Q2' hold numbers" in issue.problem) == ("warning", True)


def test_words_of_a_scale_that_are_not_used_are_warned_of_as_numbers_are(tmp_path: Path) -> None:
    people: list[Row] = [["Name", "Level", "Communication (self)"]]
    words: list[Row] = [["Name", "Q1"]]
    for name, word in (("Runa Falk", "Exceeds expectations"), ("Timo Abel", "Meets expectations")):
        people.append([name, "Senior PM", 3])
        words.append([name, word])
    files = [("people", people), ("feedback", words)]
    roster = read(*(write_lines(tmp_path / f"{title}.csv", *rows) for title, rows in files))
    (issue,) = [one for one in roster.issues if one.kind == "sheet_not_used"]
    assert (issue.severity, "Its columns 'Q1' hold words as ratings do" in issue.problem) == ("warning", True)


def test_a_second_table_without_ids_says_by_what_its_people_are_found(tmp_path: Path) -> None:
    people: list[Row] = [["Employee ID", "Email", "Level"]]
    rated: list[Row] = [["Email", "Communication (manager)"]]
    for at, (employee, level) in enumerate(PEOPLE.items()):
        people.append([employee, f"p{at}@example.org", level])
        rated.append([f"p{at}@example.org", 3])
    roster = read(write_workbook(tmp_path / "book.xlsx", {"Staff": people, "Rated": rated}))
    assert told(roster, "email_as_id") == [
        "Without an employee id here, people are found by the e-mail address."
    ]


@pytest.mark.parametrize(
    ("header", "name"),
    [
        (("Attribute", "Value"), "{title} ({rater})"),
        (("Question", "Rating"), "{rater}: {title}"),
        (("variable", "value"), "{title}_{rater}"),
    ],
)
def test_names_of_competencies_that_say_who_rated_are_read(
    header: tuple[str, str], name: str, tmp_path: Path
) -> None:
    given = {("Communication", "self"): 3, ("Communication", "manager"): 4, ("Delegation", "manager"): 5}
    said = [(name.format(title=title, rater=rater), rating) for (title, rater), rating in given.items()]
    rows = [(person, "Senior PM", *one) for person in ("K1", "K2") for one in said]
    path = write_lines(tmp_path / "list.csv", ("Employee ID", "Level", *header), *rows)
    roster = read(path)
    for (title, rater), rating in given.items():
        assert points(roster, f"{title.lower()}:{rater}") == [rating, rating]
    assert "delegation:self" not in roster.ratings.columns
    again = read(path, mapping=inspect_files([path], WORDS, DAY).mapping)
    assert again.ratings.equals(roster.ratings)


def test_names_of_competencies_that_say_that_peers_rated_are_kept_apart(tmp_path: Path) -> None:
    said = {"Communication (self)": 3, "Communication (manager)": 4, "Communication (peer)": 1}
    rows = [("K1", "Senior PM", name, rating) for name, rating in said.items()]
    roster = read(write_lines(tmp_path / "list.csv", ("Employee ID", "Level", "Attribute", "Value"), *rows))
    assert points(roster, "communication:manager") == [4]
    assert len(told(roster, "other_raters")) == 1
    assert roster.others["ratings"].to_list() == [1]


@pytest.mark.parametrize(
    "other", ["Communication", "Communication (manager) 2025", "Communication (manager) (1-10)"]
)
def test_names_of_competencies_of_which_only_some_say_who_rated_are_asked_about(
    other: str, tmp_path: Path
) -> None:
    names = ("Communication (self)", other)
    rows = [("K1", "Senior PM", name, rating) for rating, name in enumerate(names, 3)]
    path = write_lines(tmp_path / "list.csv", ("Employee ID", "Level", "Attribute", "Value"), *rows)
    assert "whose ratings are they" in question(path)


@pytest.mark.parametrize("whom", ["Employee ID (ratee)", "Rated employee", "Employee being rated"])
@pytest.mark.parametrize("by", ["Employee ID (rater)", "ID (reviewer)"])
def test_brackets_that_name_the_rater_say_whose_id_it_is(whom: str, by: str, tmp_path: Path) -> None:
    header = (by, whom, "Level", "Manager ID", "Competency", "Rating")
    rows = [
        (rater, person, "Senior PM", "M1", "Communication", rating)
        for person in ("K1", "K2")
        for rater, rating in ((person, 3), ("M1", 4))
    ]
    roster = read(write_lines(tmp_path / "list.csv", header, *rows))
    assert roster.people["employee_id"].to_list() == ["K1", "K2"]
    assert points(roster, "communication:self") == [3, 3]
    assert points(roster, "communication:manager") == [4, 4]


def test_the_level_of_the_rater_is_not_that_of_the_person(tmp_path: Path) -> None:
    header = ("Employee ID", "Level (rater)", "Communication (manager)")
    path = write_lines(tmp_path / "people.csv", header, ("K1", "Senior PM", 4))
    assert "'Level (rater)' (column B) holds levels of the rule pack" in question(path)


def in_rows(path: Path, raters: Sequence[tuple[str, str]], **dates: str) -> Path:
    """A row for each person, word for a rater and competency, and a date where the word has one."""
    rows: list[Row] = [["Employee ID", "Level", "Rater", "Date", "Competency", "Rating"]]
    for person, (employee, level) in enumerate(PEOPLE.items()):
        for word, rater in raters:
            for place, title in enumerate(RATED):
                rows.append([employee, level, word, dates.get(rater, ""), title, given(person, place, rater)])
    return write_lines(path, *rows)


@pytest.mark.parametrize("below", ["N-1", "N–1", "n-1", "N+2"])
def test_whoever_is_not_one_step_above_is_not_the_manager(below: str, tmp_path: Path) -> None:
    raters = [("Self", "self"), ("N+1", "manager"), (below, "other")]
    roster = read(in_rows(tmp_path / "rows.csv", raters, manager="2026-05-01", other="2026-06-01"))
    assert_as_given(roster)
    header = ["Employee ID", "Level", *(f"{title} - {word}" for title in RATED for word, _ in raters)]
    rows = [
        [employee, level, *(given(person, place, by) for place in range(len(RATED)) for _, by in raters)]
        for person, (employee, level) in enumerate(PEOPLE.items())
    ]
    assert_as_given(read(write_lines(tmp_path / "columns.csv", header, *rows)))


def test_ratings_by_those_below_are_not_the_managers_where_there_are_no_others(tmp_path: Path) -> None:
    header = ["Employee ID", "Level", *(f"{title} {by}" for title in RATED for by in ("auto", "N-1"))]
    path = write_lines(tmp_path / "columns.csv", header, *([one, "PM", *[3] * 6] for one in PEOPLE))
    assert not [name for name in read(path).ratings.columns if name.endswith(":manager")]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Manager", "Manager 2"),
        ("Manager 1", "Manager L2"),
        ("1. Manager", "2. Manager"),
        ("Chef", "2e chef"),
        ("Yönetici", "2. Yönetici"),
        ("Line manager", "Level 2 manager"),
        ("Boss", "Manager+1"),
    ],
)
def test_a_manager_with_another_number_is_not_the_manager(first: str, second: str, tmp_path: Path) -> None:
    raters = [("Self", "self"), (first, "manager"), (second, "other")]
    roster = read(in_rows(tmp_path / "rows.csv", raters, manager="2026-05-01", other="2026-06-01"))
    assert_as_given(roster)
    assert [one for one in told(roster, "unknown_rater") if second in one]
    alone = question(in_rows(tmp_path / "alone.csv", [("Self", "self"), (second, "other")]))
    assert f"who rated under this word: '{second}'" in alone


@pytest.mark.parametrize("second", ["{} - Manager 2", "2. Yönetici: {}", "{} (L2 manager)"])
@pytest.mark.parametrize("first", ["", "Bağlı olduğu kişi: {}"])
def test_columns_of_a_second_manager_are_not_the_managers_where_no_first_one_is_known(
    first: str, second: str, tmp_path: Path
) -> None:
    headers = {"{} (self)": "self", second: "other"} | ({first: "manager"} if first else {})
    header = ["Employee ID", "Level", *(one.format(title) for title in RATED for one in headers)]
    rows = [
        [employee, level, *(given(person, at, by) for at in range(len(RATED)) for by in headers.values())]
        for person, (employee, level) in enumerate(PEOPLE.items())
    ]
    path = write_lines(tmp_path / "columns.csv", header, *rows)
    word = second.format("").strip(" -:()")
    assert f"'{word}' (3 columns" in question(path)
    said = {word: "other"} | ({first.format("").strip(" :"): "manager"} if first else {})
    roster = read(path, mapping=FileMapping(raters=said))
    assert_as_given(roster, *(("self", "manager") if first else ("self",)))


def test_numbers_that_all_words_for_raters_begin_with_are_those_of_a_list(tmp_path: Path) -> None:
    raters = [("1 - Self", "self"), ("2 - Manager", "manager"), ("3 - Peer", "other")]
    assert_as_given(read(in_rows(tmp_path / "rows.csv", raters)))


@pytest.mark.parametrize(
    ("one", "other"), [("Manager", "Team lead"), ("Supervisor", "Boss"), ("Vorgesetzter", "Manager")]
)
def test_two_words_for_managers_who_rated_the_same_people_are_asked_about(
    one: str, other: str, tmp_path: Path
) -> None:
    raters = [("Self", "self"), (one, "manager"), (other, "other")]
    path = in_rows(tmp_path / "rows.csv", raters, manager="2026-05-01", other="2026-06-01")
    asked = question(path)
    assert "who rated under each of these words" in asked
    assert f"'{one}' (12 rows" in asked
    assert f"'{other}' (12 rows" in asked
    assert_as_given(read(path, mapping=FileMapping(raters={other: "other", one: "manager"})))
    both = read(path, mapping=FileMapping(raters={other: "manager", one: "manager"}))
    assert points(both, "communication:manager") == [given(person, 0, "other") for person in range(4)]


def test_two_words_for_one_rater_who_rated_different_people_are_no_question(tmp_path: Path) -> None:
    rows: list[Row] = [["Employee ID", "Level", "Rater", *RATED]]
    for person, (employee, level) in enumerate(PEOPLE.items()):
        for word, rater in (("Self", "self"), (("Manager", "Mgr")[person % 2], "manager")):
            rows.append([employee, level, word, *(given(person, place, rater) for place in range(3))])
    assert_as_given(read(write_lines(tmp_path / "rows.csv", *rows)))


@pytest.mark.parametrize("cycle", [True, False])
@pytest.mark.parametrize(
    ("then", "now"),
    [
        ("2026-05-04 09:00:00", "2026-05-06 08:00:00"),
        ("2026-05-04 09:00:00", "2026-05-04 09:07:00"),
        ("5/14/2026 11:58 AM", "5/14/2026 12:03 PM"),
        ("5/14/2026 9:30:00", "5/14/2026 10:00:00"),
        ("2026-05-04T09:00:00Z", "2026-05-04T17:00:00Z"),
    ],
)
@pytest.mark.parametrize("rows_of", ["ratings", "raters"])
def test_of_several_submissions_by_one_rater_the_last_counts(
    rows_of: str, then: str, now: str, cycle: bool, tmp_path: Path
) -> None:
    """Also within one cycle, and on one day; what it leaves blank is not rated."""
    named = ["Cycle"] if cycle else []
    titled = ["Competency", "Rating"] if rows_of == "ratings" else list(RATED)
    rows: list[Row] = [["Employee ID", "Level", *named, "Rater", "Submitted at", *titled]]
    for person, (employee, level) in enumerate(PEOPLE.items()):
        for rater in ("self", "manager"):
            last: list[object] = [given(person, place, rater) for place in range(len(RATED))]
            if person == 0 and rater == "manager":
                last[1] = ""
            sent = [(now, last)] if person > 1 else [(now, last), (then, [1, 5, 2])]
            for when, ratings in sent:
                start = [employee, level, *(["H1 2026"] * cycle), rater, when]
                if rows_of == "raters":
                    rows.append([*start, *ratings])
                else:
                    rows += [[*start, *pair] for pair in zip(RATED, ratings, strict=True)]
    roster = read(write_lines(tmp_path / "answers.csv", *rows))
    for place, competency in enumerate(RATED.values()):
        assert points(roster, f"{competency}:self") == [given(person, place, "self") for person in range(4)]
        manager: list[float | None] = [given(person, place, "manager") for person in range(4)]
        assert points(roster, f"{competency}:manager") == ([None, *manager[1:]] if place == 1 else manager)
    assert not told(roster, "repeated_rating")
    left_out = told(roster, "earlier_rating")
    assert any("leaves the competency blank: K2001." in problem for problem in left_out)


def test_a_later_row_that_is_blank_and_a_draft_takes_nothing_back(tmp_path: Path) -> None:
    rows: list[Row] = [["Employee ID", "Level", "Rater", "Submitted at", "Status", "Competency", "Rating"]]
    for person, (employee, level) in enumerate(PEOPLE.items()):
        for place, title in enumerate(RATED):
            for rater in ("self", "manager"):
                rating = given(person, place, rater)
                rows.append([employee, level, rater, "2026-05-04", "Submitted", title, rating])
                rows.append([employee, level, rater, "2026-05-09", "Draft", title, ""])
    assert_as_given(read(write_lines(tmp_path / "answers.csv", *rows)))


def related(path: Path, pairs: Sequence[tuple[str, str, str]]) -> Path:
    """A row for each rated person, the rater and how the file calls it."""
    rows: list[Row] = [["Employee ID", "Level", "Relationship", "Reviewer", "Communication"]]
    rows += [[one, "Senior PM", word, by, 1 + at % 5] for at, (one, word, by) in enumerate(pairs)]
    return write_lines(path, *rows)


def test_managers_of_several_people_who_have_one_each_gave_the_ratings(tmp_path: Path) -> None:
    pairs = [(one, "Self", one) for one in PEOPLE]
    pairs += [(one, "Manager", f"M{at % 2}") for at, one in enumerate(PEOPLE)]
    roster = read(related(tmp_path / "rows.csv", pairs))
    assert points(roster, "communication:self") == [1, 2, 3, 4]
    assert points(roster, "communication:manager") == [5, 1, 2, 3]


@pytest.mark.parametrize(
    "pairs",
    [
        [("K2001", "K2002"), ("K2001", "K2003"), ("K2004", "K2003")],
        [("K2001", "K2002"), ("K2004", "K2003")],
        [("K2001", "K2002"), ("K2003", "K2002"), ("K2004", "K2003")],
    ],
)
def test_whether_manager_is_who_rated_or_who_is_rated_is_asked_where_both_may_be(
    pairs: list[tuple[str, str]], tmp_path: Path
) -> None:
    given = [(one, "Self", one) for one in PEOPLE] + [(one, "Manager", by) for one, by in pairs]
    asked = question(related(tmp_path / "rows.csv", given))
    assert "does 'Manager' there mean that the manager gave the rating" in asked


def test_the_column_of_codes_beside_that_of_names_says_who_rated(tmp_path: Path) -> None:
    rows: list[Row] = [["Employee ID", "Level", "Manager", "Feedback provider", "Reviewer", *RATED]]
    for employee, level in PEOPLE.items():
        for code, who in (("S", employee), ("M", "Wei Zhang")):
            rows.append([employee, level, "Wei Zhang", code, who, 3, 4, 2])
    asked = question(write_lines(tmp_path / "rows.csv", *rows))
    assert "who rated under each of these words: 'M' (4 rows of column D" in asked


def test_of_two_columns_called_so_the_one_with_competencies_says_what_is_rated(tmp_path: Path) -> None:
    rows: list[Row] = [["Employee ID", "Level", "Rater", "Competency", "Question", "Score"]]
    for person, (employee, level) in enumerate(PEOPLE.items()):
        for place, title in enumerate(RATED):
            for rater in ("self", "manager"):
                asked = "How do you rate this?"
                rows.append([employee, level, rater, title, asked, given(person, place, rater)])
    assert_as_given(read(write_lines(tmp_path / "rows.csv", *rows)))
