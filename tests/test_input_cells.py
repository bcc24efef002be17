"""Cells that look like what is asked for and are something else: said, and never taken for it."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import polars as pl
import pytest
import yaml

from inputs import UNITS_PER_POINT, InputError
from inputs.answering import understand, with_answer
from inputs.loading import read_files
from inputs.mapping import FileMapping
from tests.made_files import Row, write_lines
from tests.read_rosters import DAY, WORDS, points, read, read_rows, told

RATED = ["Communication (self)", "Communication (manager)"]


def managers_rating(folder: Path, cell: str) -> tuple[float | None, list[str]]:
    """What a cell by the manager is read as among numbers, and what is said of it."""
    people = [[f"E{at}", "Senior PM", 1 + at % 5, 5 - at % 5] for at in range(12)]
    roster = read_rows(folder, ["Employee ID", "Level", *RATED], ["E", "Senior PM", 3, cell], *people)
    return points(roster, "communication:manager")[0], told(roster, "unreadable_rating")


def test_a_level_with_a_plus_is_not_the_level_without(tmp_path: Path) -> None:
    rows = [["E1", "Senior PM+", 4, 4], ["E2", "Senior PM", 4, 4], ["E3", "Sr. PM +", 4, 4]]
    roster = read_rows(tmp_path, ["Employee ID", "Level", *RATED], *rows)
    assert roster.people["employee_id"].to_list() == ["E2"]
    assert roster.not_assessable["kind"].to_list() == ["unknown_level"] * 2


@pytest.mark.parametrize(
    "cell", ["4-May", "04. Mai", "3.Apr", "4.mars", "1. Dez.", "5-mei", "04.05", "04/05"]
)
def test_a_rating_that_a_spreadsheet_program_made_a_date_of_is_none(cell: str, tmp_path: Path) -> None:
    assert managers_rating(tmp_path, cell) == (None, [f"{cell} is a date, not a rating."])


@pytest.mark.parametrize(
    ("cell", "rating"),
    [
        ("★★★½", 3.5),
        ("★★★½☆", 3.5),
        ("★ ★ ★", 3),
        ("⭐️⭐️⭐️", 3),
        ("★★★☆☆ - led the launch", 3),
        ("★★★★★ Outstanding", 5),
    ],
)
def test_stars_are_counted_also_halves_and_with_words_behind_them(
    cell: str, rating: float, tmp_path: Path
) -> None:
    assert managers_rating(tmp_path, cell) == (rating, [])


@pytest.mark.parametrize(
    "cell", ["too early to tell", "Too soon to say", "noch zu früh", "Not enough evidence"]
)
def test_a_manager_who_cannot_say_yet_has_not_rated(cell: str, tmp_path: Path) -> None:
    assert managers_rating(tmp_path, cell) == (None, [])


@pytest.mark.parametrize(
    "cell", ["4 (self)", "self: 4", "4 self", "Self (4/5)", "4 - self rating", "selbst: 4"]
)
def test_a_cell_that_names_another_rater_than_its_column_is_not_read(cell: str, tmp_path: Path) -> None:
    said = f"'{cell}' says that it is by the person, among the ratings by the manager."
    assert managers_rating(tmp_path, cell) == (None, [said])


@pytest.mark.parametrize(
    "cell", ["4 (mgr)", "Manager: 4", "4 by the manager", "4 (final)", "4 - Durchschnitt"]
)
def test_a_cell_that_names_the_rater_of_its_column_is_read(cell: str, tmp_path: Path) -> None:
    assert managers_rating(tmp_path, cell) == (4, [])


@pytest.mark.parametrize(
    "cell", ["5 - Superior", "5 - Supérieur", "5 (self-starter)", "5 - self-managed, led the launch"]
)
def test_words_that_tell_how_somebody_works_name_no_rater(cell: str, tmp_path: Path) -> None:
    assert managers_rating(tmp_path, cell) == (5, [])


@pytest.mark.parametrize("cell", ["3 or 4", "3 bis 4", "3 to 4", "2 et 3", "3.5 oder 4"])
def test_two_numbers_in_a_cell_are_no_rating(cell: str, tmp_path: Path) -> None:
    assert managers_rating(tmp_path, cell) == (None, [f"'{cell}' cannot be read as a rating."])


@pytest.mark.parametrize(
    "cell",
    [
        *(
            "4/5",
            "4 sobre 5",
            "4.0 / 5.0",
            "4 op 5",
            "4 su 5",
            "4 - since May, led Q3",
            "4 pts",
            "4 points.",
            "4 Sterne",
            "4★",
            "4 out of 5 stars",
            "4 stars out of five",
            "4 (out of 5)",
            "4 von 5 Punkten",
            "4/5 (Exceeds)",
            "Exceeds (4/5)",
            "Level 4 - Exceeds",
            "4 of 5 - led the launch alone",
            "[4] Exceeds",
            "(4) Exceeds",
        ),
        *(
            "(4)",
            "[4]",
            "#4",
            "Level 4",
            "Stufe 4",
            "Exceeds: 4",
            "Exceeds expectations - 4",
        ),
    ],
)
def test_a_rating_may_name_the_best_one_or_have_words_behind_it(cell: str, tmp_path: Path) -> None:
    assert managers_rating(tmp_path, cell) == (4, [])


@pytest.mark.parametrize("cell", ["led a team of 4", "Projects: 4", "Note 4", "Grade 4", "4 reports"])
def test_a_number_beside_other_words_is_no_rating(cell: str, tmp_path: Path) -> None:
    assert managers_rating(tmp_path, cell) == (None, [f"'{cell}' cannot be read as a rating."])


@pytest.mark.parametrize("cell", ["4*", "4 *", "4**", "4†"])
def test_a_number_with_the_sign_of_a_footnote_is_read_and_said(cell: str, tmp_path: Path) -> None:
    assert managers_rating(tmp_path, cell) == (4, [])
    header = ["Employee ID", "Level", *RATED]
    people = [[f"E{at}", "Senior PM", 1 + at % 5, cell if at < 2 else 5] for at in range(12)]
    (said,) = [one for one in read_rows(tmp_path, header, *people).issues if one.kind == "marked_rating"]
    assert said.problem == (
        f"2 ratings with a sign behind the number, such as '{cell}', were read as the number."
    )


def test_a_level_with_the_sign_of_a_footnote_is_read_and_said(tmp_path: Path) -> None:
    people: list[Row] = [
        ["E1", "Senior PM*", 3, 4],
        ["E2", "Senior PM", 3, 5],
        ["E3", "Product Manager †", 3, 5],
    ]
    roster = read_rows(tmp_path, ["Employee ID", "Level", *RATED], *people)
    assert roster.people["level"].to_list() == ["senior_pm", "senior_pm", "product_manager"]
    assert told(roster, "marked_level") == [
        "Levels with a sign behind the name were read as the level: 'Product Manager †', 'Senior PM*'."
    ]


@pytest.mark.parametrize("cell", ["4 (tbc)", "4 - draft", "4 (provisional)", "4 (vorläufig)"])
def test_a_rating_that_is_marked_as_not_final_is_read_and_told_with_the_person(
    cell: str, tmp_path: Path
) -> None:
    people: list[Row] = [[f"E{at}", "Senior PM", 3, cell if at == 1 else at] for at in range(1, 5)]
    roster = read_rows(tmp_path, ["Employee ID", "Level", *RATED], *people)
    assert points(roster, "communication:manager") == [4, 2, 3, 4]
    (said,) = [one for one in roster.issues if one.kind == "rating_not_final"]
    assert said.problem == f"'{cell}' says that it is not final, and was read as the rating."
    assert (said.employee_id, said.about) == ("E1", "communication:manager")


def test_a_rating_beside_which_stands_that_there_is_none_is_told(tmp_path: Path) -> None:
    people: list[Row] = [["E1", "Senior PM", 3, "4 (N/A)"], ["E2", "Senior PM", 3, 5]]
    roster = read_rows(tmp_path, ["Employee ID", "Level", *RATED], *people)
    assert told(roster, "rating_not_final") == [
        "'4 (N/A)' says that it is not rated, and was read as the rating."
    ]


def test_the_names_of_a_scale_say_nothing_of_whether_ratings_are_final(tmp_path: Path) -> None:
    scale = ("1 - Not started", "2 - In progress", "3 - Practised", "4 - Strong", "5 - Leads others")
    people: list[Row] = [[f"E{at}", "Senior PM", 3, cell] for at, cell in enumerate(scale * 2)]
    roster = read_rows(tmp_path, ["Employee ID", "Level", *RATED], *people)
    assert points(roster, "communication:manager") == [1, 2, 3, 4, 5] * 2
    assert told(roster, "rating_not_final") == []


@pytest.mark.parametrize("cell", ["4 points behind target", "4 projects delivered", "4 weeks late again"])
def test_what_is_counted_in_a_sentence_is_no_rating(cell: str, tmp_path: Path) -> None:
    assert managers_rating(tmp_path, cell) == (None, [f"'{cell}' cannot be read as a rating."])
    assert managers_rating(tmp_path, "4 Led the launch alone")[0] == 4


@pytest.mark.parametrize("cell", ["4 of 5 goals met", "4 de 5 objetivos", "4/5 releases on time"])
def test_a_count_of_other_things_is_no_rating(cell: str, tmp_path: Path) -> None:
    assert managers_rating(tmp_path, cell) == (None, [f"'{cell}' cannot be read as a rating."])


@pytest.mark.parametrize("cell", ["4 out of 10 stars", "4 (out of 10)", "4 out of ten", "4 of 10 points"])
def test_a_number_of_another_best_rating_is_asked_about(cell: str, tmp_path: Path) -> None:
    people = [[f"E{at}", "Senior PM", cell] for at in range(3)]
    with pytest.raises(InputError, match="Ratings by the manager are all 4 out of 10; 3 of 3 are outside"):
        read_rows(tmp_path, ["Employee ID", "Level", "Communication (manager)"], *people)


def in_words(folder: Path, *steps: str) -> list[float | None]:
    """The manager's ratings where everybody writes them in this way."""
    people = [
        [f"E{at}", "Senior PM", steps[at % len(steps)], steps[-1 - at % len(steps)]] for at in range(10)
    ]
    units = read_rows(folder, ["Employee ID", "Level", *RATED], *people).ratings["communication:manager"]
    return [None if one is None else one / UNITS_PER_POINT for one in units]


@pytest.mark.parametrize(
    "steps",
    [
        ("I", "II", "III", "IV", "V"),
        ("i", "ii", "iii", "iv", "v"),
        ("one", "two", "three", "four", "five"),
        ("I - Poor", "II - Fair", "III - Good", "IV - Very good", "V - Excellent"),
    ],
)
def test_numbers_without_digits_are_ratings_where_all_words_are(
    steps: tuple[str, ...], tmp_path: Path
) -> None:
    assert in_words(tmp_path, *steps) == [5 - at % 5 for at in range(10)]


@pytest.mark.parametrize("steps", [("I", "V"), ("I", "II", "III", "Superb"), ("I", "II", "III", "IV", "VII")])
def test_numerals_that_may_be_something_else_or_on_another_scale_are_asked_about(
    steps: tuple[str, ...], tmp_path: Path
) -> None:
    with pytest.raises(InputError, match="question"):
        in_words(tmp_path, *steps)


def test_numerals_whose_words_say_the_opposite_are_asked_about(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="say the opposite"):
        in_words(tmp_path, "I - Outstanding", "II - Exceeds", "III - Meets", "V - Unsatisfactory")


@pytest.mark.parametrize(("header", "yes", "no"), [("Manager", "Yes", "No"), ("People manager", "x", "")])
def test_whether_somebody_is_a_manager_is_nobodys_name(
    header: str, yes: str, no: str, tmp_path: Path
) -> None:
    people = [[f"E{at}", "Senior PM", yes if at == 2 else no, 1 + at % 5, 5 - at % 5] for at in range(6)]
    roster = read_rows(tmp_path, ["Employee ID", "Level", header, *RATED], *people)
    assert roster.people["manager_name"].null_count() == 6
    said = [one.problem for one in roster.issues if one.kind == "column_not_used"]
    assert said == [
        f"The column '{header}' was not used: its values are yes and no, and name nobody's manager."
    ]


@pytest.mark.parametrize("manager", ["1", "No Van Thi"])
def test_ids_and_names_like_yes_and_no_are_managers(manager: str, tmp_path: Path) -> None:
    people = [[at, "Senior PM", manager, 1 + at % 5, 5 - at % 5] for at in range(6)]
    roster = read_rows(tmp_path, ["Employee ID", "Level", "Manager", *RATED], *people)
    given = roster.people.select(pl.coalesce("manager_id", "manager_name")).to_series()
    # Nobody is their own manager.
    assert given.to_list() == [None if manager == str(at) else manager for at in range(6)]


def dates_in(folder: Path, *written: str) -> tuple[list[date | None], list[str]]:
    """What dates are read as, and what is said of those that are not."""
    people = [[f"E{at}", "Senior PM", text, 1 + at % 5, 5 - at % 5] for at, text in enumerate(written)]
    roster = read_rows(folder, ["Employee ID", "Level", "Level since", *RATED], *people)
    said = [one.problem for one in roster.issues if one.kind == "ambiguous_date"]
    return roster.people["level_since"].to_list(), said


def hired(folder: Path, header: str, *written: str) -> tuple[list[str], list[str]]:
    """The dates of hire below a header, and what is said of their order."""
    people = [[f"E{at}", "Senior PM", text, 1 + at % 5, 5 - at % 5] for at, text in enumerate(written)]
    roster = read_rows(folder, ["Employee ID", "Level", header, *RATED], *people)
    said = [one.problem for one in roster.issues if one.kind in ("ambiguous_date", "date_order")]
    return [str(one) for one in roster.people["hire_date"]], said


@pytest.mark.parametrize(
    ("header", "order"),
    [
        ("Hire date (MM/DD/YYYY)", "month first"),
        ("Hire Date - M/D/YY", "month first"),
        ("Hire date [mm-dd-yyyy]", "month first"),
        ("Hire date (dd.mm.yyyy)", "day first"),
        ("Hire date DD/MM/YYYY", "day first"),
        ("Eintrittsdatum (TT.MM.JJJJ)", "day first"),
        ("Date d'embauche (JJ/MM/AAAA)", "day first"),
        ("Fecha de alta (dd/mm/aaaa)", "day first"),
    ],
)
def test_the_header_of_dates_gives_the_order_of_day_and_month(
    header: str, order: str, tmp_path: Path
) -> None:
    found, said = hired(tmp_path, header, "03/04/2024", "05/06/2023")
    day_first = ["2024-04-03", "2023-06-05"]
    assert found == (day_first if order == "day first" else ["2024-03-04", "2023-05-06"])
    assert said == [f"2 different dates could be read in two ways and were read {order}, as the header says."]


OF_LANGUAGES = {
    "French": (
        "Matricule",
        "Niveau",
        "Responsable",
        "Date d'embauche",
        "auto-évaluation",
        "évaluation manager",
    ),
    "Spanish": ("Nº empleado", "Nivel", "Responsable", "Fecha de alta", "autoevaluación", "jefe"),
    "Italian": (
        "Matricola",
        "Livello",
        "Responsabile",
        "Data di assunzione",
        "autovalutazione",
        "responsabile",
    ),
    "Portuguese": ("Nº colaborador", "Nível", "Gestor", "Data de admissão", "autoavaliação", "gestor"),
    "German": ("Personalnummer", "Stufe", "Vorgesetzter", "Eintrittsdatum", "Selbst", "Führungskraft"),
}


def hired_in(
    folder: Path, headers: Sequence[str], *written: str, more: str = ""
) -> tuple[list[str], list[str]]:
    """The dates of hire in a sheet with headers of a language, and what is said of their order."""
    *first, own, by_manager = headers
    rated = [f"Communication ({own})", f"Communication ({by_manager})"]
    people = [
        [f"E{at}", "Senior PM", "Uta", text, 1 + at % 5, 5 - at % 5, more] for at, text in enumerate(written)
    ]
    roster = read_rows(folder, [*first, *rated, "Vu le"], *people)
    said = [one.problem for one in roster.issues if one.kind in ("ambiguous_date", "date_order")]
    return [str(one) for one in roster.people["hire_date"]], said


@pytest.mark.parametrize("language", OF_LANGUAGES)
def test_the_language_of_the_headers_settles_dates_that_nothing_else_does(
    language: str, tmp_path: Path
) -> None:
    found, said = hired_in(tmp_path, OF_LANGUAGES[language], "03/04/2024", "05/06/2023")
    assert found == ["2024-04-03", "2023-06-05"]
    assert said == [
        "2 different dates could be read in two ways and were read day first, as dates are written in "
        f"{language}, the language of the headers."
    ]


def test_a_month_beyond_the_12th_goes_before_the_language_of_the_headers(tmp_path: Path) -> None:
    found, said = hired_in(tmp_path, OF_LANGUAGES["French"], "03/04/2024", "05/16/2023")
    assert found == ["2024-03-04", "2023-05-16"]
    assert said[0].endswith("as the other dates of the column show.")


def test_another_column_with_the_month_first_leaves_dates_in_doubt(tmp_path: Path) -> None:
    found, said = hired_in(tmp_path, OF_LANGUAGES["French"], "03/04/2024", "05/06/2023", more="05/25/2026")
    assert found == ["None", "None"]
    assert len(said) == 2


@pytest.mark.parametrize("header", ["Hire date", "Date d'embauche"])
def test_headers_in_english_or_of_both_languages_settle_no_dates(header: str, tmp_path: Path) -> None:
    found, said = hired(tmp_path, header, "03/04/2024", "05/06/2023")
    assert found == ["None", "None"]
    assert len(said) == 2


def test_the_name_of_a_month_in_another_language_settles_the_dates_of_its_column(tmp_path: Path) -> None:
    found, said = hired(tmp_path, "Hire date", "03/04/2024", "12 févr. 2023")
    assert found == ["2024-04-03", "2023-02-12"]
    assert said[0].endswith("day first, as is usual in the language of the month names in the column.")
    assert hired(tmp_path, "Hire date", "03/04/2024", "12 Sept 2023")[0] == ["None", "2023-09-12"]


def test_dates_that_contradict_their_header_are_told_of(tmp_path: Path) -> None:
    found, said = hired(tmp_path, "Hire date (MM/DD/YYYY)", "03/04/2024", "25/06/2023")
    assert found == ["None", "2023-06-25"]
    assert len(said) == 1


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (("04.03.2024", "05.06.2023"), ["2024-03-04", "2023-06-05"]),
        (("04.03.24", "5.6.23"), ["2024-03-04", "2023-06-05"]),
        (("04.03.2024", "25.06.2023"), ["2024-03-04", "2023-06-25"]),
        (("04.03.2024", "06.25.2023"), ["2024-04-03", "2023-06-25"]),
        (("04.03.2024", "05/06/2023"), ["None", "None"]),
        (("04/03/2024", "05/06/2023"), ["None", "None"]),
    ],
)
def test_dates_with_dots_are_day_first_unless_another_date_shows_otherwise(
    written: tuple[str, str], expected: list[str], tmp_path: Path
) -> None:
    found, said = hired(tmp_path, "Hire date", *written)
    assert found == expected
    assert said


def test_short_dates_that_may_begin_with_the_year_are_told_of(tmp_path: Path) -> None:
    read_as, said = dates_in(tmp_path, "24-03-04", "23-11-25", "25-02-01")
    assert read_as == [None] * 3
    assert said[0] == "'24-03-04' could begin with the year or end with it."


def test_short_dates_that_end_with_the_year_are_read(tmp_path: Path) -> None:
    expected = [date(2024, 3, 4), date(2023, 11, 25), date(2019, 6, 18)]
    assert dates_in(tmp_path, "04.03.24", "25.11.23", "18.06.19") == (expected, [])


def test_numbers_that_a_format_shows_as_percentages_are_asked_about(tmp_path: Path) -> None:
    people = [[f"E{at}", "Senior PM", f"{1 + at % 5}00%", f"{5 - at % 5}00%"] for at in range(10)]
    with pytest.raises(
        InputError, match="16 of 20 ratings by the person and the manager are percentages out"
    ):
        read_rows(tmp_path, ["Employee ID", "Level", *RATED], *people)


def test_a_preferred_name_is_no_half_of_the_name(tmp_path: Path) -> None:
    people = [[f"E{at}", "Robert Falk", "Bob", "Senior PM", 1 + at % 5, 5 - at % 5] for at in range(6)]
    roster = read_rows(tmp_path, ["Employee ID", "Name", "Preferred name", "Level", *RATED], *people)
    assert roster.people["employee_name"].to_list() == ["Robert Falk"] * 6


@pytest.mark.parametrize(
    "header",
    ["Band since (DD.MM.YYYY)", "Date in grade", "Promoted on", "Title effective date", "En poste depuis"],
)
def test_a_date_since_when_people_are_in_their_level_is_known_by_any_word_for_a_level(
    header: str, tmp_path: Path
) -> None:
    roster = read_rows(
        tmp_path, ["Employee ID", "Level", header, *RATED], ["E1", "Senior PM", "13.04.2023", 4, 5]
    )
    assert roster.people["level_since"].to_list() == [date(2023, 4, 13)]


def unused_dates(folder: Path, header: str, *written: object) -> list[str]:
    people = [[f"E{at}", "Senior PM", one, 1 + at % 5, 5 - at % 5] for at, one in enumerate(written)]
    roster = read_rows(folder, ["Employee ID", "Level", header, *RATED], *people)
    return [issue.remedy for issue in roster.issues if issue.kind == "column_not_used"]


def test_dates_that_may_say_since_when_people_are_in_their_level_are_not_passed_over(tmp_path: Path) -> None:
    assert unused_dates(tmp_path, "Last step", "2023-04-13", "12/04/2021", "") == [
        'If these are the dates, say so in a mapping: `columns: {"Last step": level_since}`.'
    ]
    (quoted,) = unused_dates(tmp_path, 'Last "step"', "2023-04-13", "12/04/2021", "")
    assert yaml.safe_load(quoted.split("`")[1]) == {"columns": {'Last "step"': "level_since"}}


@pytest.mark.parametrize(
    ("header", "lasted"),
    [
        ("Time in level", "2y 3m"),
        ("Years in role", "2.5"),
        ("Tenure in grade (months)", "27"),
        ("Time in Job Profile", "1"),
    ],
)
def test_how_long_people_have_been_at_their_level_is_not_passed_over_in_silence(
    header: str, lasted: str, tmp_path: Path
) -> None:
    assert unused_dates(tmp_path, header, lasted, "11") == [
        "Add a column 'In Level Since' with the date from which each person has been at their level."
    ]


@pytest.mark.parametrize("written", [("41000", "41200"), ("Berlin", "2024-01-01", "Paris"), ("", "")])
def test_what_is_no_column_of_dates_is_not_asked_about(written: tuple[str, ...], tmp_path: Path) -> None:
    assert not unused_dates(tmp_path, "Place", *written)


def test_other_dates_are_not_asked_about_where_the_level_has_its_own(tmp_path: Path) -> None:
    rows = (["Employee ID", "Level", "Level since", "Born on", *RATED],)
    roster = read_rows(tmp_path, *rows, ["E1", "Senior PM", "2023-04-13", "1990-01-31", 4, 5])
    assert not [one for one in roster.issues if one.kind == "column_not_used"]


def test_columns_on_another_scale_than_the_others_are_named(tmp_path: Path) -> None:
    header = ["Employee ID", "Level", *RATED, "Prioritization (self)", "Prioritization (manager)"]
    people = [[f"E{at}", "Senior PM", 1 + at % 5, 5 - at % 5, 20 * (1 + at % 5), 80] for at in range(12)]
    with pytest.raises(InputError) as stopped:
        read_rows(tmp_path, header, *people)
    assert "All of those are in 'Prioritization (self)', 'Prioritization (manager)', and the other" in str(
        stopped.value
    )
    whole = [[*row[:2], 20, 80, *row[4:]] for row in people]
    with pytest.raises(InputError) as stopped:
        read_rows(tmp_path, header, *whole)
    assert "All of those" not in str(stopped.value)


def test_a_column_on_another_scale_among_many_is_asked_about_and_not_read_in_part(tmp_path: Path) -> None:
    titles = ("Prioritization", "Mentoring", "Influence", "Delegation", "Budgeting", "Learning")
    others = [f"{title} ({rater})" for title in titles for rater in ("self", "manager")]
    header = ["Employee ID", "Level", *RATED, *others]
    of_ten = (4, 5, 6, 7, 8, 3, 4, 5, 5, 9, 4, 5)
    people = [
        [f"E{at}", "Senior PM", one, 1 + at % 5, *[1 + at % 5] * len(others)] for at, one in enumerate(of_ten)
    ]
    path = write_lines(tmp_path / "people.csv", header, *people, between="|")
    (question,) = understand(read_files([path]), WORDS, DAY, FileMapping()).questions
    assert f"'{RATED[0]}' (column C): 6 (1), 7 (1), 8 (1), 9 (1)." in question.text
    left_out, mistakes = (
        read(path, mapping=with_answer(FileMapping(), question.kind, choice.given))
        for choice in question.choices
    )
    assert "communication:self" not in left_out.ratings.columns
    assert mistakes.ratings["communication:self"].null_count() == 4
    people[2][2] = people[3][2] = 5
    read_rows(tmp_path, header, *people)  # two ratings beyond the scale are two mistakes


def test_few_columns_on_another_scale_are_asked_about_and_not_the_scale_of_all(tmp_path: Path) -> None:
    header = [
        "Employee ID",
        "Level",
        *RATED,
        "Mentoring (self)",
        "Mentoring (manager)",
        "Delegation (manager)",
    ]
    people = [[f"E{at}", "Senior PM", 1 + at, 5 - at, 5 - at, 1 + at, 6 + at] for at in range(4)]
    path = write_lines(tmp_path / "people.csv", header, *people, between="|")
    (question,) = understand(read_files([path]), WORDS, DAY, FileMapping()).questions
    assert (question.kind, len(question.choices)) == ("columns", 2)
    assert "'Delegation (manager)' (column G): 6 (1), 7 (1), 8 (1), 9 (1)." in question.text


def test_ratings_that_were_rounded_in_several_columns_are_one_note(tmp_path: Path) -> None:
    header = ("Employee ID", "Level", "Communication (manager)", "Delegation (manager)", "Results (manager)")
    rows = [("E1", "PM", 3.666666667, 3.333333333, 3.5), ("E2", "PM", 3.5, 2.666666667, 4)]
    assert told(read_rows(tmp_path, header, *rows), "rounded_rating") == [
        "Ratings with more than four decimals in 2 columns, such as 3.666666667, were rounded to four."
    ]
