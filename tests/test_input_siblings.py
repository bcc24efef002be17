"""More exports as people have them: read as written, or asked about, and never something else."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from itertools import product
from pathlib import Path

import pytest
import yaml
from openpyxl import Workbook
from openpyxl.styles import PatternFill

from inputs import Roster
from inputs.fields import Rater
from inputs.files.fills import color_name
from inputs.loading import load_roster
from inputs.mapping import FileMapping, MappedScale
from inputs.words.lexicon import load_lexicon
from tests.made_files import Row, write_lines, write_sheet, write_workbook
from tests.read_rosters import DAY, WORDS, points, question, read, told


def test_few_ratings_in_words_under_a_word_nobody_explained_are_asked_about(tmp_path: Path) -> None:
    path = write_lines(
        tmp_path / "words.csv",
        ["Employee ID", "Level", "Communication self", "Communication Facilitator"],
        ["E1", "Product Manager", "Needs improvement", "Exceeds expectations"],
        ["E2", "Product Manager", "Outstanding", "Meets expectations"],
        ["E3", "Senior PM", "Meets expectations", "Outstanding"],
        ["E4", "Senior PM", "Exceeds expectations", "Needs improvement"],
        ["E5", "Lead PM", "Unsatisfactory", "Unsatisfactory"],
    )
    assert "who rated under this word: 'Facilitator'" in question(path)


def coloured(path: Path, colour_of: Callable[[int, int], str]) -> Path:
    """A sheet in which the manager's cells are empty, with the colour that a row and a column have."""
    rated = ("Communication", "Delivering Results", "Customer Empathy")
    headers = [f"{title} ({rater})" for title in rated for rater in ("self", "manager")]
    people = [[f"E{at}", "Product Manager", *[3 + at % 2, None] * len(rated)] for at in range(6)]

    def fill(book: Workbook) -> None:
        for person, place in product(range(6), range(len(rated))):
            cell = book.worksheets[0].cell(person + 2, 4 + 2 * place)
            cell.fill = PatternFill("solid", fgColor=colour_of(person, place))

    return write_sheet(path, ["Employee ID", "Level", *headers], *people, change=fill)


def test_colours_that_mean_ratings_are_named_with_their_counts(tmp_path: Path) -> None:
    traffic_lights = ("FFC6EFCE", "FFFFEB9C", "FFFFC7CE")
    path = coloured(tmp_path / "lights.xlsx", lambda person, place: traffic_lights[(person + place) % 3])
    text = question(path)
    assert (
        "the ratings by the manager seem to be colours of empty cells: green (6), yellow (6), red (6)" in text
    )
    assert "Write into the cells what each colour stands for" in text


def test_the_stripes_of_a_table_are_no_ratings(tmp_path: Path) -> None:
    path = coloured(tmp_path / "stripes.xlsx", lambda person, _: ("FFDDEBF7", "FFFCE4D6")[person % 2])
    assert read(path).ratings["communication:manager"].null_count() == 6


@pytest.mark.parametrize(
    ("rgb", "name"),
    [
        *[("FF0000", "red"), ("FFC7CE", "red"), ("FFC000", "orange"), ("FFEB9C", "yellow")],
        *[("FFFF00", "yellow"), ("00B050", "green"), ("92D050", "green"), ("5B9BD5", "blue")],
        *[("7030A0", "purple"), ("BFBFBF", "grey"), ("FFFFFF", None)],
    ],
)
def test_colours_are_called_what_people_call_them(rgb: str, name: str | None) -> None:
    assert color_name(rgb) == name


IN_CHINESE_AND_JAPANESE = {
    "沟通自评": "communication:self",
    "自评沟通": "communication:self",
    "沟通上级评价": "communication:manager",
    "沟通上司评价": "communication:manager",
    "沟通能力（自评）": "communication:self",
    "コミュニケーション自己評価": "communication:self",
    "上司評価コミュニケーション": "communication:manager",
    "コミュニケーション上司コメント": "comment:communication:manager",
    "Communication自己評価": "communication:self",
    "沟通2025自评": "communication:self",
    "自己学習上司評価": "learning:manager",
    "自己学習": "rater_unknown:learning",
    "上司氏名": "manager_name",
    "評価日": "review_date",
}


def test_chinese_and_japanese_headers_need_no_space_between_competency_and_rater() -> None:
    known = {"communication": ("沟通", "沟通能力", "コミュニケーション"), "learning": ("自己学習",)}
    terms = [replace(one, aliases=known.get(one.id, ())) for one in WORDS.competencies]
    lexicon = load_lexicon(replace(WORDS, competencies=tuple(terms)))
    for header, name in IN_CHINESE_AND_JAPANESE.items():
        meaning = lexicon.meaning(header)
        assert meaning is not None, header
        assert meaning.role is not None, header
        assert meaning.role.name == name, header


RATED = ("Communication", "Delivering Results", "Customer Empathy", "Prioritization")
PEOPLE = {"K2001": "Senior PM", "K2002": "Product Manager", "K2003": "Associate PM", "K2004": "Lead PM"}


def given(person: int, rated: int, *, by_manager: bool) -> int:
    return 1 + (person * 7 + rated * 3 + 2 * by_manager) % 5


@pytest.mark.parametrize(
    ("own", "managers"),
    [
        ("Selbstbild (Mitarbeiter)", "Fremdbild (Führungskraft)"),
        ("self assessment (employee)", "manager review (supervisor)"),
        ("Selbsteinschätzung Mitarbeiter", "Vorgesetztenbewertung / Vorgesetzter"),
    ],
)
def test_a_header_may_name_the_view_and_the_person(own: str, managers: str) -> None:
    lexicon = load_lexicon(WORDS)
    for rater, said in (("self", own), ("manager", managers)):
        for title in ("Communication", "Customer Empathy"):
            for header in (f"{title} {said}", f"{said}: {title}"):
                meaning = lexicon.meaning(header)
                assert meaning is not None, header
                assert meaning.role is not None, header
                assert meaning.role.name.endswith(f":{rater}"), (header, meaning.role.name)


def a_row_for_each(own: str, managers: str) -> list[Row]:
    """A list with a row for each rating, with the ratings of both under these headers."""
    rows: list[Row] = [["Employee ID", "Level", "Competency", own, managers]]
    for person, (employee, level) in enumerate(PEOPLE.items()):
        for place, title in enumerate(RATED):
            both = [given(person, place, by_manager=manager) for manager in (False, True)]
            rows.append([employee, level, title, *both])
    return rows


def assert_as_given(roster: Roster) -> None:
    for place, title in enumerate(RATED):
        competency = next(one.id for one in WORDS.competencies if one.title == title)
        for rater in ("self", "manager"):
            expected = [given(person, place, by_manager=rater == "manager") for person in range(len(PEOPLE))]
            assert points(roster, f"{competency}:{rater}") == expected, (title, rater)


def test_the_abbreviations_of_american_exports_are_both_raters(tmp_path: Path) -> None:
    assert_as_given(read(write_lines(tmp_path / "long.csv", *a_row_for_each("EE Rating", "Mgr Rating"))))


def test_half_of_a_pair_that_is_not_understood_is_asked_about_and_never_dropped(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "long.csv", *a_row_for_each("Associate Score", "Mgr Rating"))
    text = question(path)
    assert "column D ('Associate Score', 1 to 5): whose ratings are they, next to 'Mgr Rating'?" in text
    assert '`columns: {"Associate Score": self_rating}`' in text
    answer = FileMapping(columns={"Associate Score": "self_rating"})
    assert_as_given(load_roster([path], WORDS, DAY, answer))
    without = load_roster([path], WORDS, DAY, FileMapping(columns={"Associate Score": None}))
    assert "communication:self" not in without.ratings.columns


def test_a_weight_beside_one_rater_is_no_half_of_a_pair(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "long.csv", *a_row_for_each("Rating Weight", "Mgr Rating"))
    assert "communication:self" not in read(path).ratings.columns


def test_a_form_for_each_person_that_does_not_say_what_is_what_is_called_that(tmp_path: Path) -> None:
    headers = ["Competency", "Self Rating", "Manager Rating"]
    rated = [[title, 3, 4] for title in RATED]
    forms = {employee: [[employee], [level], [], headers, *rated] for employee, level in PEOPLE.items()}
    text = question(write_workbook(tmp_path / "forms.xlsx", forms))
    assert "the level is above the table ('Senior PM' in A2), as in a form for one person" in text


def test_comments_under_a_competency_are_told_by_its_name(tmp_path: Path) -> None:
    over = ["", "", *[cell for title in RATED for cell in (title, "", "")]]
    path = write_lines(
        tmp_path / "two-lines.csv",
        over,
        ["Employee ID", "Level", *["Self", "Manager", "Comments"] * len(RATED)],
        *(
            [employee, level]
            + [
                cell
                for place in range(len(RATED))
                for cell in (*(given(person, place, by_manager=one) for one in (False, True)), "seen")
            ]
            for person, (employee, level) in enumerate(PEOPLE.items())
        ),
    )
    roster = read(path)
    assert_as_given(roster)
    said = [one.problem for one in roster.issues if one.kind == "column_not_used"]
    assert said == [
        f"The column '{title} Comments' was not used: it does not say whether the person or the manager "
        "wrote it."
        for title in RATED
    ]


GERMAN_TABS = {"Selbsteinschätzung": False, "Vorgesetzteneinschätzung": True}


def test_two_german_tabs_with_rows_in_another_order_are_one_table(tmp_path: Path) -> None:
    tabs = {}
    for tab, by_manager in GERMAN_TABS.items():
        rows = [
            [employee, level, *(given(person, place, by_manager=by_manager) for place in range(len(RATED)))]
            for person, (employee, level) in enumerate(PEOPLE.items())
        ]
        tabs[tab] = [["Personalnummer", "Stufe", *RATED], *(reversed(rows) if by_manager else rows)]
    assert_as_given(read(write_workbook(tmp_path / "zwei.xlsx", tabs)))


def wide(path: Path, headers: Callable[[str, bool], str], cell: Callable[[int], object], *more: str) -> Path:
    """One row for each person; how headers and ratings are written."""
    first = ["Matricule", "Niveau", *more]
    rated = [headers(title, manager) for title in RATED for manager in (False, True)]
    rows = [
        [
            employee,
            level,
            *["x"] * len(more),
            *(
                cell(given(person, place, by_manager=manager))
                for place in range(len(RATED))
                for manager in (False, True)
            ),
        ]
        for person, (employee, level) in enumerate(PEOPLE.items())
    ]
    return write_lines(path, [*first, *rated], *rows)


def test_a_french_export_with_marks_out_of_five_is_read(tmp_path: Path) -> None:
    def header(title: str, manager: bool) -> str:
        return f"{title} - {'Évaluation du manager' if manager else 'Auto-évaluation'}"

    assert_as_given(read(wide(tmp_path / "fr.csv", header, lambda rating: f"{rating}/5", "Service")))


def test_a_scale_from_0_to_4_is_asked_about_and_the_answer_reads_it(tmp_path: Path) -> None:
    def header(title: str, manager: bool) -> str:
        return f"{title} ({'manager' if manager else 'self'})"

    path = wide(tmp_path / "zero.csv", header, lambda rating: rating - 1)
    assert "run from 0 to 4" in question(path)
    answer = FileMapping(scales={"both": MappedScale(worst=Decimal(0), best=Decimal(4))})
    assert_as_given(load_roster([path], WORDS, DAY, answer))


def test_labels_with_numbers_are_read_and_not_rated_beside_zero_is_nothing(tmp_path: Path) -> None:
    words = ["Not rated", "Not shown", "Emerging", "Capable", "Strong", "Role model"]

    def header(title: str, manager: bool) -> str:
        return f"{'Mgr' if manager else 'Self'}: {title}"

    path = wide(tmp_path / "labels.csv", header, lambda rating: f"{rating} - {words[rating]}")
    assert_as_given(read(path))
    text = path.read_text(encoding="utf-8").replace("1 - Not shown", "0 - Not rated")
    path.write_text(text, encoding="utf-8")
    roster = read(path)
    assert 0 not in points(roster, "communication:manager")
    assert any(one.kind == "declared_unrated" for one in roster.issues)


def a_row_for_each_rater(rater: Callable[[bool], str]) -> list[Row]:
    """A list with a row for each rating, and a column that says who gave it."""
    rows: list[Row] = [["Employee ID", "Level", "Rater", "Competency", "Rating"]]
    for person, (employee, level) in enumerate(PEOPLE.items()):
        for place, title in enumerate(RATED):
            for manager in (False, True):
                rows.append(
                    [employee, level, rater(manager), title, given(person, place, by_manager=manager)]
                )
    return rows


def test_ratings_of_nobody_are_asked_about_where_a_rater_has_no_others(tmp_path: Path) -> None:
    path = write_lines(
        tmp_path / "list.csv", *a_row_for_each_rater(lambda manager: "" if manager else "Self")
    )
    assert (
        "16 rows have a rating and nothing in column C ('Rater'), which says who gave it, the first in row 3"
        in question(path)
    )


def test_single_ratings_of_nobody_or_of_nothing_are_told(tmp_path: Path) -> None:
    rows = a_row_for_each_rater(lambda manager: "Manager" if manager else "Self")
    rows += [["K2001", "Senior PM", "", "Communication", 1], ["K2001", "Senior PM", "Self", "", 1]]
    roster = read(write_lines(tmp_path / "list.csv", *rows))
    assert_as_given(roster)
    told = [one.problem for one in roster.issues if one.kind in ("unknown_rater", "unknown_competency")]
    assert told == [
        "1 row has a rating and nothing in column C ('Rater'), which says who gave it. It was not used.",
        "1 row has a rating and nothing in column D ('Competency'), which says of which competency it is. "
        "It was not used.",
    ]


@pytest.mark.parametrize(
    ("own", "managers", "doubtful", "meant"),
    [
        ("Colleague", "Line Manager", "Colleague", "self"),
        ("Myself", "My direct report", "My direct report", "manager"),
    ],
)
def test_words_for_others_that_may_mean_a_rater_who_is_lacking_are_asked_about(
    own: str, managers: str, doubtful: str, meant: Rater, tmp_path: Path
) -> None:
    def rater(manager: bool) -> str:
        return managers if manager else own

    path = write_lines(tmp_path / "list.csv", *a_row_for_each_rater(rater))
    assert f'`raters: {{"{doubtful}": ?}}`' in question(path)
    assert_as_given(load_roster([path], WORDS, DAY, FileMapping(raters={doubtful: meant})))
    apart = load_roster([path], WORDS, DAY, FileMapping(raters={doubtful: "other"}))
    assert not any(name.endswith(f":{meant}") for name in apart.ratings.columns)
    path = wide(tmp_path / "wide.csv", lambda title, manager: f"{title} ({rater(manager)})", str)
    assert f'"{doubtful.casefold().removeprefix("my ")}": ?' in question(path)
    assert_as_given(load_roster([path], WORDS, DAY, FileMapping(raters={doubtful: meant})))


@pytest.mark.parametrize(
    ("header", "word"),
    [
        ("My manager: Communication", "my manager"),
        ("Rating of my manager - Communication", "my manager"),
        ("Rate your manager [Communication]", "your manager"),
        ("Communication (about manager)", "about manager"),
        ("Communication (for manager)", "for manager"),
    ],
)
def test_a_manager_whom_somebody_may_rate_is_asked_about(header: str, word: str, tmp_path: Path) -> None:
    columns = ["Employee ID", "Level", "Communication (self)", header]
    path = write_lines(tmp_path / "form.csv", columns, ["K1", "Senior PM", 3, 4], ["K2", "PM", 4, 5])
    assert f"who rated under this word: '{word}'" in question(path)
    theirs = load_roster([path], WORDS, DAY, FileMapping(raters={word: "manager"}))
    assert points(theirs, "communication:manager") == [4, 5]
    apart = load_roster([path], WORDS, DAY, FileMapping(raters={word: "other"}))
    assert "communication:manager" not in apart.ratings.columns


@pytest.mark.parametrize(
    ("header", "word"),
    [
        ("Rate your team member [{}]", "your team member"),
        ("Rate the employee [{}]", "the employee"),
        ("How would you rate your employee's {}?", "employee's"),
        ("Rate the person on {}", "the person"),
        ("Assess your staff member: {}", "Assess your staff member"),
    ],
)
def test_people_whom_somebody_rates_have_not_rated_themselves(header: str, word: str, tmp_path: Path) -> None:
    people = write_lines(
        *(tmp_path / "people.csv", ["Employee ID", "Email", "Level"]),
        *([f"K{at}", f"k{at}@example.test", "Senior PM"] for at in range(3)),
    )
    own = write_lines(
        *(tmp_path / "answers 1.csv", ["Email Address", "Rate yourself [Communication]"]),
        *([f"k{at}@example.test", 1 + at] for at in range(3)),
    )
    asked = header.format("Communication")
    others = write_lines(
        *(tmp_path / "answers 2.csv", ["Email Address", "Whose review is this? (email)", asked]),
        *(["k0@example.test", f"k{at}@example.test", 5 - at] for at in range(1, 3)),
        ["boss@example.test", "k0@example.test", 5],
    )
    assert f"who rated under this word: '{word}'" in question(people, own, others)
    roster = load_roster([people, own, others], WORDS, DAY, FileMapping(raters={word: "manager"}))
    assert points(roster, "communication:self") == [1, 2, 3]
    assert points(roster, "communication:manager") == [5, 4, 3]


def test_what_a_file_of_managers_answers_calls_the_employees_is_by_the_managers(tmp_path: Path) -> None:
    addresses = [f"k{at}@example.test" for at in range(4)]
    people = write_lines(
        *(tmp_path / "people.csv", ["Employee ID", "Email", "Level"]),
        *([f"K{at}", address, "Senior PM"] for at, address in enumerate(addresses)),
    )
    own = write_lines(
        *(tmp_path / "Self review (Responses).csv", ["Email Address", "Self rating: Communication"]),
        *([address, 3] for address in addresses),
    )
    managers = write_lines(
        *(
            tmp_path / "Manager review (Responses).csv",
            ["Email Address", "Person", "Employee's Communication"],
        ),
        *([f"boss{at % 2}@example.test", address, 1] for at, address in enumerate(addresses)),
    )
    roster = load_roster([people, own, managers], WORDS, DAY)
    assert points(roster, "communication:self") == [3] * 4
    assert points(roster, "communication:manager") == [1] * 4


@pytest.mark.parametrize(
    ("whom", "header", "word"),
    [
        ("Report's name", "Report {}", "Report"),
        ("Direct report", "Rate {} of your direct report", "direct report"),
        ("Team member", "Rate your team member [{}]", "your team member"),
        ("Your team member", "Rate your team member [{}]", "your team member"),
    ],
)
def test_whom_managers_rate_is_no_manager_whatever_an_answer_calls_their_ratings(
    whom: str, header: str, word: str, tmp_path: Path
) -> None:
    names = ("Runa Falk", "Timo Abel", "Zofia Lis", "Oona Rask")
    people = write_lines(
        *(tmp_path / "people.csv", ["Employee ID", "Name", "Email", "Level"]),
        *([f"K{at}", name, f"k{at}@example.test", "Senior PM"] for at, name in enumerate(names)),
    )
    answers = write_lines(
        *(tmp_path / "answers.csv", ["Timestamp", "Your email", whom, header.format("Communication")]),
        *(["2026-06-14", f"boss{at % 2}@example.test", name, 1 + at] for at, name in enumerate(names)),
    )
    roster = load_roster([people, answers], WORDS, DAY, FileMapping(raters={word: "manager"}))
    assert points(roster, "communication:manager") == [1, 2, 3, 4]


@pytest.mark.parametrize(
    "header", ["Your rating (employee): {}", "{} - rated by the employee", "Employee: {}"]
)
def test_people_who_are_addressed_rate_themselves(header: str, tmp_path: Path) -> None:
    columns = ["Employee ID", "Level", "Communication (manager)", header.format("Communication")]
    path = write_lines(tmp_path / "form.csv", columns, ["K1", "Senior PM", 3, 4], ["K2", "PM", 4, 5])
    assert points(load_roster([path], WORDS, DAY), "communication:self") == [4, 5]


@pytest.mark.parametrize(
    "header",
    [
        "My manager's rating: Communication",
        "Communication (rating by my manager)",
        "Manager rating for Communication",
        "Communication (to be completed by the manager)",
        "To be filled in by your manager: Communication",
        "Communication [manager to complete]",
        "Communication, as assessed by the line manager",
    ],
)
def test_a_manager_who_surely_rated_is_not_asked_about(header: str, tmp_path: Path) -> None:
    columns = ["Employee ID", "Level", "Communication (self)", header]
    roster = read(write_lines(tmp_path / "form.csv", columns, ["K1", "Senior PM", 3, 4]))
    assert points(roster, "communication:manager") == [4]


@pytest.mark.parametrize("second", ["Runa Falk", "Falk, Runa"])
@pytest.mark.parametrize("managers", [["Runa Falk", "Timo Abel"], ["Timo Abel", "Runa Falk", "Runa Falk"]])
def test_two_people_of_one_name_get_nobodys_ratings_from_a_table_of_names(
    second: str, managers: list[str], tmp_path: Path
) -> None:
    people = (("K2001", "Runa Falk"), ("K2002", second), ("K2003", "Timo Abel"))
    rated = [[*one, "Senior PM", *[3] * len(RATED)] for one in people]
    own = [["Employee ID", "Name", "Level", *RATED], *rated]
    theirs = [["Name", *RATED], *([name, *[1 + at] * len(RATED)] for at, name in enumerate(managers))]
    roster = read(write_workbook(tmp_path / "tabs.xlsx", {"Self": own, "Manager": theirs}))
    assert roster.people["employee_id"].to_list() == ["K2003"]
    assert points(roster, "communication:manager") == [1 + managers.index("Timo Abel")]
    assert roster.not_assessable["employee_id"].to_list() == ["K2001", "K2002"]
    reasons = roster.not_assessable["reason"].to_list()
    assert all("tells people apart by the employee name alone, and 2 people share" in one for one in reasons)


def two_forms(folder: Path, key: str, *of_managers: str) -> list[Path]:
    """The answers to two forms about the same people, with what stands under one header in each."""
    files = []
    for title, manager in (("Self review", False), ("Manager review", True)):
        rows: list[Row] = [[key, "Employee name", *([] if manager else ["Level"]), *RATED]]
        for person, (employee, level) in enumerate(PEOPLE.items()):
            own = of_managers[person % len(of_managers)] if manager else f"{employee}@example.test"
            rated = [given(person, place, by_manager=manager) for place in range(len(RATED))]
            rows.append([own, f"Person {employee}", *([] if manager else [level]), *rated])
        files.append(write_lines(folder / f"{title}.csv", *rows))
    return files


def test_the_one_address_on_a_form_for_managers_is_the_managers(tmp_path: Path) -> None:
    roster = load_roster(two_forms(tmp_path, "Email Address", "ada@example.test"), WORDS, DAY)
    assert_as_given(roster)
    assert roster.people["manager_name"].unique().to_list() == ["ada@example.test"]


def test_a_form_by_whoever_answered_is_asked_about_where_it_finds_nobody(tmp_path: Path) -> None:
    files = two_forms(
        tmp_path, "Email Address", *(f"{name}@example.test" for name in ("ada", "bea", "cy", "di"))
    )
    text = question(*files)
    assert "Manager review.csv: nobody in it is among the people of Self review.csv by the email" in text
    assert "Matched by the employee name, 4 are" in text
    assert '`columns: {"Email Address": null}`' in text
    assert_as_given(load_roster(files, WORDS, DAY, FileMapping(columns={"Email Address": None})))


def test_the_column_of_whoever_answered_may_have_quotation_marks(tmp_path: Path) -> None:
    header = 'Email "Address"'
    files = two_forms(tmp_path, header, *(f"{name}@example.test" for name in ("ada", "bea", "cy", "di")))
    proposed = yaml.safe_load(question(*files).split("`")[1])
    assert proposed == {"columns": {header: None}}


def test_ids_of_two_files_that_have_nobody_in_common_are_asked_about(tmp_path: Path) -> None:
    text = question(*two_forms(tmp_path, "Employee ID", "P1", "P2", "P3", "P4"))
    assert "nobody in it is among the people of Self review.csv by the employee id" in text


def test_a_column_whose_values_name_both_raters_is_asked_about(tmp_path: Path) -> None:
    rows: list[Row] = [["Employee ID", "Level", "Type of review", *RATED]]
    for person, (employee, level) in enumerate(PEOPLE.items()):
        for manager in (False, True):
            rated = [given(person, place, by_manager=manager) for place in range(len(RATED))]
            rows.append([employee, level, "Manager review" if manager else "Self review", *rated])
    path = write_lines(tmp_path / "form.csv", *rows)
    text = question(path)
    assert "does 'Type of review' (column C) say who rated, with 'Manager review' and 'Self review'?" in text
    assert '`columns: {"Type of review": rater}`' in text
    assert_as_given(load_roster([path], WORDS, DAY, FileMapping(columns={"Type of review": "rater"})))


def test_several_items_for_each_competency_are_asked_about_and_not_lost_one_by_one(tmp_path: Path) -> None:
    rows: list[Row] = [["Employee ID", "Level", "Rater", "Competency", "Item", "Rating"]]
    for employee, level, rater, title, rating in a_row_for_each_rater(lambda by: "Manager" if by else "Self")[
        1:
    ]:
        rows += [[employee, level, rater, title, f"Item {n}", (int(str(rating)) + n) % 5 + 1] for n in (1, 2)]
    text = question(write_lines(tmp_path / "items.csv", *rows))
    assert "32 of 32 ratings appear more than once with different values" in text
    assert "such as, for K2001, the rating of communication by the person: 3 (row 2), 4 (row 3)" in text


@pytest.mark.parametrize("word", ["feedback to manager", "Employee's rating of manager", "Manager self"])
def test_no_answer_is_proposed_where_a_word_may_mean_that_the_manager_is_rated(
    word: str, tmp_path: Path
) -> None:
    def header(title: str, manager: bool) -> str:
        return f"{title} - {word if manager else 'Self'}"

    assert ": ?}`" in question(wide(tmp_path / "wide.csv", header, str))


def test_colleagues_beside_both_raters_are_others(tmp_path: Path) -> None:
    rows = a_row_for_each_rater(lambda manager: "Manager" if manager else "Self")
    rows += [["K2001", "Senior PM", "Colleague", title, 1] for title in RATED]
    roster = read(write_lines(tmp_path / "list.csv", *rows))
    assert_as_given(roster)
    assert any("4 rows by other raters ('Colleague') were kept apart" in one.problem for one in roster.issues)


@pytest.mark.parametrize("merged", [True, False])
def test_a_rater_above_competencies_is_above_those_of_the_merged_cell_alone(
    merged: bool, tmp_path: Path
) -> None:
    book = Workbook()
    sheet = book.active
    sheet.append([None, None, "Self", *[None] * 3, "Manager", *[None] * 3, *[None] * (2 if merged else 0)])
    more = ["Business Acumen", "Team Leadership"] if merged else []
    sheet.append(["Employee ID", "Level", *RATED, *RATED, *more])
    for person, (employee, level) in enumerate(PEOPLE.items()):
        both = [given(person, place, by_manager=one) for one in (False, True) for place in range(len(RATED))]
        sheet.append([employee, level, *both, *[5] * len(more)])
    if merged:
        sheet.merge_cells("C1:F1")
        sheet.merge_cells("G1:J1")
    book.save(tmp_path / "merged.xlsx")
    if merged:
        assert "whose ratings are 'Business Acumen' (column K)" in question(tmp_path / "merged.xlsx")
    else:
        assert_as_given(read(tmp_path / "merged.xlsx"))


@pytest.mark.parametrize("then", [["417", "418", "419"], None])
def test_two_years_are_of_the_same_people_however_their_ids_are_written(then, tmp_path: Path) -> None:
    names = ("Runa Falk", "Timo Abel", "Ines Duarte")
    files = []
    for year, rating, ids in (("2025", 1, then), ("2026", 4, ["00417", "00418", "00419"])):
        about = [["Employee ID", *(ids or ())], ["Name", *names], ["Level", *["Senior PM"] * 3]]
        columns = [*about[0 if ids else 1 :], ["Communication (manager)", *[rating] * 3]]
        files.append(write_lines(tmp_path / f"{year}.csv", *zip(*columns, strict=True)))
    roster = read(*files)
    assert points(roster, "communication:manager") == [4, 4, 4]
    (before,) = roster.earlier
    assert points(before.roster, "communication:manager") == [1, 1, 1]
    assert before.roster.people["employee_id"].to_list() == roster.people["employee_id"].to_list()


@pytest.mark.parametrize(("people", "is_told"), [(4, False), (6, True)])
def test_on_which_scale_some_ratings_were_read_that_do_not_reach_its_top_is_told(
    people: int, is_told: bool, tmp_path: Path
) -> None:
    rows = [[f"E{at}", "Product Manager", 1 + at % 4, 4 - at % 4] for at in range(people)]
    path = write_lines(tmp_path / "few.csv", ["ID", "Level", "Communication boss", "Delegation boss"], *rows)
    said = "Ratings by the manager run from 1 to 4 and were read on the scale from 1 to 5."
    assert any(said in one for one in told(read(path), "scale_read")) == is_told


@pytest.mark.parametrize("mark", [" (required)", " [Required]", " (text)"])
def test_a_mark_behind_all_headers_says_nothing_of_any(mark: str, tmp_path: Path) -> None:
    rated = [f"{one} ({rater})" for one in RATED for rater in ("self", "manager")]
    rows: list[Row] = [[f"{header}{mark}" for header in ("Employee ID", "Level", *rated)]]
    for person, (employee, level) in enumerate(PEOPLE.items()):
        places = range(len(RATED))
        pairs = [given(person, place, by_manager=by) for place in places for by in (False, True)]
        rows.append([employee, level, *pairs])
    assert_as_given(read(write_lines(tmp_path / "form.csv", *rows)))


def test_a_mark_behind_ratings_alone_says_that_they_are_not_ratings(tmp_path: Path) -> None:
    rated = [f"{one} ({rater})" for one in RATED for rater in ("self", "manager")]
    rows: list[Row] = [["Employee ID", "Level", *(f"{one} (required)" for one in RATED), *rated]]
    for employee, level in PEOPLE.items():
        rows.append([employee, level, *[5] * len(RATED), *[3] * len(rated)])
    roster = read(write_lines(tmp_path / "list.csv", *rows))
    assert points(roster, "communication:manager") == [3] * len(PEOPLE)
