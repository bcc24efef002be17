"""What a file says of its scale is heeded, wherever and however it says it; what it leaves open is asked."""

import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

from inputs import InputError, Roster
from inputs.mapping import FileMapping
from tests.made_files import Row, write_lines
from tests.read_rosters import points, read, told

HEADER = (
    "Employee ID",
    "Level",
    "Communication (self)",
    "Communication (manager)",
    "Prioritization (manager)",
)
PEOPLE = tuple((f"E{at}", "Senior PM", 1 + at % 5, 1 + (at + 1) % 5, 1 + (at + 2) % 5) for at in range(10))
WORST_FIRST = ("Unsatisfactory", "Partially meets", "Meets", "Exceeds", "Outstanding")
REVERSED = tuple(zip(range(1, 6), reversed(WORST_FIRST), strict=True))


def book(
    path: Path, people=PEOPLE, *, above=(), below=(), beside=(), key=(), note="", title="Ratings"
) -> Path:
    """A sheet of people, with what stands around it and on a sheet of its own."""
    made = Workbook()
    sheet = made.active
    sheet.title = title
    rows = [*above, *([()] if above else []), HEADER, *people, *([()] if below else []), *below]
    for row in rows:
        sheet.append(list(row))
    for at, cells in enumerate(beside):
        for place, value in enumerate(cells):
            sheet.cell(2 + at, len(HEADER) + 2 + place, value)
    if note:
        sheet.cell(rows.index(HEADER) + 1, 4).comment = Comment(note, "HR")
    if key:
        other = made.create_sheet("Key")
        for row in key:
            other.append(list(row))
    made.save(path)
    return path


def rated(roster: Roster) -> list[float | None]:
    return points(roster, "communication:manager")


@pytest.mark.parametrize(
    "said",
    [
        {"key": [("Value", "Label", "Description"), *((n, word, "In their role") for n, word in REVERSED)]},
        {"key": [("Rating scale",), *((word, n) for n, word in REVERSED)]},
        {"key": [("Rate from 1 to 5, where 1 means outstanding and 5 means unsatisfactory.",)]},
        {"above": [(", ".join(f"{word} ({n})" for n, word in REVERSED),)]},
        {"above": [("On our scale 1 is the best rating and 5 the worst.",)]},
        {"above": [("Scale", *(cell for step in REVERSED for cell in step))]},
        {"below": [(n, word, "In their role") for n, word in REVERSED]},
        {"beside": REVERSED},
        {"note": "1 = excellent ... 5 = poor"},
    ],
    ids=[
        "three-columns",
        "word-first",
        "means",
        "brackets",
        "sentence",
        "one-row",
        "below",
        "beside",
        "note",
    ],
)
def test_a_scale_on_which_1_is_the_best_is_read_however_the_file_says_so(tmp_path, said):
    roster = read(book(tmp_path / "ratings.xlsx", **said))
    expected = [float(6 - row[3]) for row in PEOPLE]
    assert [one for one in rated(roster) if one is not None] == expected
    assert any("to 1 (best)" in issue.problem for issue in roster.issues)


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (0, [(0, "Not rated"), *enumerate(WORST_FIRST, 1)]),
        (6, [*enumerate(WORST_FIRST, 1), (6, "Cannot say")]),
    ],
)
def test_a_number_that_says_not_rated_is_no_rating_and_moves_no_other(tmp_path, number, said):
    people = tuple((*row[:3], number if at % 3 == 0 else row[3], row[4]) for at, row in enumerate(PEOPLE))
    roster = read(book(tmp_path / "ratings.xlsx", people, key=said))
    assert rated(roster) == [None if at % 3 == 0 else row[3] for at, row in enumerate(PEOPLE)]
    assert any(f"{number} was read as not rated, as Key!" in issue.problem for issue in roster.issues)


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        (
            {"above": [("Self: 1 = poor, 5 = excellent",), ("Manager: 1 = excellent, 5 = poor",)]},
            "Which of these is their scale",
        ),
        ({"key": [*enumerate(("poor", "fair", "good", "excellent", "wow"), 1)]}, "Is 5 the best on a scale"),
        ({"above": [("1 is the best rating.",)]}, "Which scale are they on"),
        ({"above": [("1 = highest",)]}, "Which scale are they on"),
        ({"above": [("10 = best rating",)]}, "Which scale are they on"),
        *(
            ({"above": [(text,)]}, "Which scale are they on")
            for text in (
                "Note: 1 = best",
                "Note: 5 = lowest",
                "(1 is best)",
                "best = 1",
                "Key: 5 = unsatisfactory",
            )
        ),
        ({"below": [("* 1 = excellent",)]}, "Which scale are they on"),
        ({"note": "From 1 (excellent) to 5"}, "Which scale are they on"),
    ],
)
def test_what_a_legend_leaves_open_is_asked(tmp_path, said, asked):
    with pytest.raises(InputError, match=asked):
        read(book(tmp_path / "ratings.xlsx", **said))


@pytest.mark.parametrize(
    "said",
    [
        {"above": [("Scale: 1-10",)]},
        {"above": [("Please rate from 0 to 10.",)]},
        {"below": [("Ratings are on a scale of 1 to 7.",)]},
        {"key": [("We use a 7-point rating scale.",)]},
        {"beside": [("Scale 1-10",)]},
        {"note": "Score out of 10"},
        {"above": [("Bewertung nach Schulnoten",)]},
        {"above": [("Lower is better.",)]},
        {"above": [("Highest rating is 10",)]},
        {"title": "Ratings (1-10)"},
        {"above": [("On a scale of one to ten",)]},
        {"above": [("Ratings out of ten",)]},
        {"above": [("seven-point scale",)]},
        {"above": [("Skala von eins bis zehn",)]},
        {"above": [("Échelle de un à dix",)]},
        {"note": "Rate from one to seven"},
    ],
)
def test_ends_that_are_not_the_rule_packs_are_asked_about(tmp_path, said):
    with pytest.raises(
        InputError, match=r"says '.*'\. Those by the person and the manager run from 1 to 5\."
    ):
        read(book(tmp_path / "ratings.xlsx", **said))


@pytest.mark.parametrize(
    "said",
    [
        "Rate each from 1 to 5",
        "5-point scale",
        "Rating period 1-7 May 2026",
        "Ratings 2025-26, FY 1-4",
        "Rated by 2 to 6 people",
        "Scale: 1-5, 5 = best",
        "On a scale of one to five",
        "Ratings were given by one to three people",
    ],
)
def test_ends_of_the_rule_packs_scale_and_of_something_else_are_no_question(tmp_path, said):
    assert rated(read(book(tmp_path / "ratings.xlsx", above=[(said,)]))) == [float(row[3]) for row in PEOPLE]


@pytest.mark.parametrize(
    ("header", "value", "asked"),
    [("Scale", "1-10", True), ("Max rating", 10, True), ("Max rating", 5, False), ("Scale", "1-5", False)],
)
def test_a_column_that_names_the_scale_in_every_row_is_heeded(tmp_path, header, value, asked):
    made = book(tmp_path / "ratings.xlsx")
    workbook = load_workbook(made)
    for at, cell in enumerate((header, *[value] * len(PEOPLE)), 1):
        workbook.active.cell(at, len(HEADER) + 1, cell)
    workbook.save(made)
    if asked:
        with pytest.raises(InputError, match=f"Ratings!F2 says '{header}: {value}'"):
            read(made)
    else:
        assert rated(read(made)) == [float(row[3]) for row in PEOPLE]


def test_ratings_beyond_the_rule_packs_scale_are_read_on_the_one_that_the_file_names(tmp_path):
    people = tuple((f"E{at}", "Senior PM", *(1 + (at + more) % 10 for more in range(3))) for at in range(10))
    roster = read(book(tmp_path / "ratings.xlsx", people, above=[("Scale: 1-10",)]))
    assert rated(roster) == pytest.approx([1 + 4 * (row[3] - 1) / 9 for row in people])
    assert any("as Ratings!A1 says: 'Scale: 1-10'" in issue.problem for issue in roster.issues)


@pytest.mark.parametrize("top", ["({}) /10", "({}, out of 10)", "({}) max. 10", "{} (out of 100)"])
def test_the_best_rating_that_headers_name_is_heeded(tmp_path, top):
    path = tmp_path / "top.csv"
    for best, asked in (("10", True), ("5", False)):
        said = top.replace("100", best).replace("10", best)
        header = (
            f"Employee ID;Level;Communication {said.format('self')};Communication {said.format('manager')}"
        )
        path.write_text("\n".join([header, *(";".join(map(str, row[:4])) for row in PEOPLE)]) + "\n")
        if asked:
            with pytest.raises(
                InputError, match=r"C1 says 'Communication .*10.*'\. Those by the person and the"
            ):
                read(path)
        else:
            assert rated(read(path)) == [float(row[3]) for row in PEOPLE]


@pytest.mark.parametrize(
    "said",
    ["Scale: 1 (lowest) to ten", "Rate from one (lowest) to ten (highest)", "Rating scale 1-10, 10 = best"],
)
def test_the_ends_of_a_scale_and_what_is_best_are_read_together(tmp_path, said):
    roster = read(book(tmp_path / "ratings.xlsx", above=[(said,)]))
    assert rated(roster) == pytest.approx([1 + 4 * (row[3] - 1) / 9 for row in PEOPLE])
    assert any("from 1 (worst) to 10 (best), as Ratings!A1 says" in issue.problem for issue in roster.issues)


def test_a_scale_in_words_in_headers_is_heeded(tmp_path):
    path = tmp_path / "headers.csv"
    rated_by = [f"Communication ({rater}) on a scale of one to ten" for rater in ("self", "manager")]
    rows = [("Employee ID", "Level", *rated_by), *(row[:4] for row in PEOPLE)]
    path.write_text("\n".join(",".join(map(str, row)) for row in rows) + "\n")
    assert rated(read(path)) == pytest.approx([1 + 4 * (row[3] - 1) / 9 for row in PEOPLE])


def test_a_column_that_explains_the_scale_in_every_row_is_heeded(tmp_path):
    path = tmp_path / "rows.csv"
    rows = [(*HEADER[:4], "Basis"), *((*row[:4], "Scale: 1 = best; 5 = worst") for row in PEOPLE)]
    path.write_text("\n".join(",".join(map(str, row)) for row in rows) + "\n")
    assert rated(read(path)) == [float(6 - row[3]) for row in PEOPLE]


LEGENDS_OF_HEADERS = (
    *("(one = low, ten = high)", "(1 low - 10 high)", "(low 1, high 10)", "[1 is poor and 10 is excellent]"),
    *("- 1 (lowest) to 10 (highest)", "1-10 (10 is best)", "(scale: one not at all, ten extremely)"),
    *("(1 = needs improvement, 10 = outstanding)", "(1=poor 5=good 10=excellent)", "(1 niedrig - 10 hoch)"),
)


@pytest.mark.parametrize("legend", LEGENDS_OF_HEADERS)
def test_a_legend_in_a_header_of_ratings_is_a_scale_and_no_rater(tmp_path, legend):
    path = tmp_path / "headers.csv"
    rated_by = [f'"Communication {legend} ({rater})"' for rater in ("self", "manager")]
    rows = [("Employee ID", "Level", *rated_by), *(row[:4] for row in PEOPLE)]
    path.write_text("\n".join(",".join(map(str, row)) for row in rows) + "\n")
    assert rated(read(path)) == pytest.approx([1 + 4 * (row[3] - 1) / 9 for row in PEOPLE])


def in_rows(path: Path, header: str) -> Roster:
    """A list of ratings under one header."""
    rows = [("Employee ID", "Level", "Competency", "Rater", f'"{header}"')]
    rows += [(row[0], row[1], "Communication", "Manager", row[3]) for row in PEOPLE]
    path.write_text("\n".join(",".join(map(str, row)) for row in rows) + "\n")
    return read(path)


@pytest.mark.parametrize("legend", LEGENDS_OF_HEADERS)
def test_a_legend_in_the_header_of_a_list_of_ratings_is_heeded(tmp_path, legend):
    roster = in_rows(tmp_path / "list.csv", f"Rating {legend}")
    assert rated(roster) == pytest.approx([1 + 4 * (row[3] - 1) / 9 for row in PEOPLE])


@pytest.mark.parametrize("said", ["(10 = best)", "/10", "(1 topp - 10 botten)", "(1 = best)"])
def test_a_header_of_a_list_that_leaves_the_scale_open_is_asked_about(tmp_path, said):
    with pytest.raises(InputError, match=r"E1 says 'Rating .*'\. Those by the manager run from 1 to 5"):
        in_rows(tmp_path / "list.csv", f"Rating {said}")


@pytest.mark.parametrize("said", ["(5 = best)", "(last 6 months)", "(H1 2026)", "(1 = low, 5 = high)"])
def test_numbers_in_a_header_that_say_nothing_else_of_the_scale_are_no_question(tmp_path, said):
    assert rated(in_rows(tmp_path / "list.csv", f"Rating {said}")) == [float(row[3]) for row in PEOPLE]


WORDS_TO_4 = "1 = Below, 2 = Partially meets, 3 = Meets, 4 = Exceeds"


@pytest.mark.parametrize(
    "said", ["Scale: 1-4", "Rating scale 0 - 3", "Please rate from 1 to 4", "Ratings 1-4"]
)
def test_a_stated_scale_that_the_ratings_exceed_is_asked_about(tmp_path, said):
    with pytest.raises(InputError, match=rf"says '{said}', but the ratings .* run from 1 to 5\. Which scale"):
        read(book(tmp_path / "ratings.xlsx", above=[(said,)]))


def test_headers_whose_scale_many_ratings_exceed_are_asked_about(tmp_path):
    path = tmp_path / "headers.csv"
    rated_by = [f"Communication ({rater}) (1-4)" for rater in ("self", "manager")]
    people = [(at, *row[1:4]) for at, row in enumerate(PEOPLE * 2)]
    rows = [("Employee ID", "Level", *rated_by), *people]
    path.write_text("\n".join(",".join(map(str, row)) for row in rows) + "\n")
    with pytest.raises(
        InputError, match=r"headers say .* from 1 \(worst\) to 4 \(best\), but they run from 1 to 5"
    ):
        read(path)


def test_an_explained_scale_that_the_ratings_exceed_is_warned_of(tmp_path):
    roster = read(book(tmp_path / "ratings.xlsx", above=[(WORDS_TO_4,)]))
    assert rated(roster) == [float(row[3]) for row in PEOPLE]
    said = [issue.problem for issue in roster.issues if issue.kind == "scale_read"]
    assert len(said) == 1
    assert said[0].startswith("Ratings!A1 explains a scale from 1 to 4")
    assert "the ratings by the person and the manager run from 1 to 5" in said[0]


def test_one_rating_beyond_an_explained_scale_moves_no_other(tmp_path):
    people = tuple(
        (*row[:2], *(5 if (at, one) == (0, 0) else 1 + (at + one) % 4 for one in range(3)))
        for at, row in enumerate(PEOPLE)
    )
    roster = read(book(tmp_path / "ratings.xlsx", people, above=[(WORDS_TO_4,)]))
    assert rated(roster) == pytest.approx([1 + 4 * (row[3] - 1) / 3 for row in people])
    said = [
        f"{issue.cell}: {issue.problem}" for issue in roster.issues if issue.kind == "rating_out_of_scale"
    ]
    assert said == ["Ratings!C4: 5 is outside the scale from 1 to 4."]


def test_comments_beside_a_table_name_no_scale(tmp_path):
    beside = [("rating moved from 0 to 10",)] * len(PEOPLE)
    assert rated(read(book(tmp_path / "ratings.xlsx", beside=beside))) == [float(row[3]) for row in PEOPLE]


def test_german_marks_are_asked_about_and_french_ones_are_not(tmp_path):
    def marked(own: str, managers: str) -> Path:
        path = tmp_path / "marks.csv"
        header = f"Employee ID,Level,Communication {own},Communication {managers}"
        path.write_text("\n".join([header, *(",".join(map(str, row[:4])) for row in PEOPLE)]) + "\n")
        return path

    with pytest.raises(InputError, match="which number is the best"):
        read(marked("Selbst (Note)", "Vorgesetzter (Note)"))
    assert rated(read(marked("note auto-évaluation", "note manager"))) == [float(row[3]) for row in PEOPLE]


def test_a_legend_of_something_else_is_none_of_the_ratings(tmp_path):
    said = [("Potential",), (1, "Low"), (2, "Medium"), (3, "High")]
    roster = read(book(tmp_path / "ratings.xlsx", key=said, above=[("Top 5 of 12 teams, with 3 experts",)]))
    assert rated(roster) == [float(row[3]) for row in PEOPLE]


def test_ratings_of_which_none_is_near_the_top_are_asked_about(tmp_path):
    people = tuple((f"E{at}", "Senior PM", *(1 + (at + more) % 3 for more in range(3))) for at in range(12))
    with pytest.raises(InputError, match="none of 36 reaches 5"):
        read(book(tmp_path / "ratings.xlsx", people))


def entered(path: Path, people, rule: DataValidation, *, listed=()) -> Path:
    """A book whose rating cells have a rule for what may be entered; `listed` has its own sheet."""
    workbook = load_workbook(book(path, people))
    sheet = workbook.create_sheet("Lists of HR")
    for value in listed:
        sheet.append([value])
    workbook.defined_names["Marks"] = DefinedName("Marks", attr_text=f"'Lists of HR'!$A$1:$A${len(listed)}")
    workbook["Ratings"].add_data_validation(rule)
    rule.add("C2:E11")
    workbook.save(path)
    return path


OWN_WORDS = ("Not yet there", "Meets", "Exceeds", "Role model")
OF_WORDS = tuple((*row[:2], *(OWN_WORDS[rating % 4] for rating in row[2:])) for row in PEOPLE)


@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize("source", ["", "='Lists of HR'!$A$1:$A$4", "Marks"])
def test_a_drop_down_list_gives_the_order_of_its_words(tmp_path, source, order):
    listed = OWN_WORDS[::order]
    rule = DataValidation("list", source or f'"{",".join(listed)}"')
    roster = read(entered(tmp_path / "ratings.xlsx", OF_WORDS, rule, listed=listed))
    assert rated(roster) == pytest.approx([1 + 4 * (row[3] % 4) / 3 for row in PEOPLE])
    assert any("The list of Ratings!C2 gives their order." in issue.problem for issue in roster.issues)


@pytest.mark.parametrize(
    "listed",
    [("Alpha", "Beta", "Gamma"), ("Exceeds", "Meets", "Superb"), ("Exceeds", "Below", "Meets", "Superb")],
)
def test_the_order_of_a_list_by_the_alphabet_or_of_unknown_words_is_asked(tmp_path, listed):
    people = tuple((*row[:2], *(listed[rating % 3] for rating in row[2:])) for row in PEOPLE)
    rule = DataValidation("list", f'"{",".join(listed)}"')
    with pytest.raises(InputError, match=f"has them as {', '.join(listed)}. What is their order"):
        read(entered(tmp_path / "ratings.xlsx", people, rule))


def test_a_list_by_the_alphabet_says_nothing_against_words_whose_order_is_known(tmp_path):
    known = ("Unsatisfactory", "Needs improvement", "Meets", "Exceeds", "Outstanding")
    people = tuple((*row[:2], *(known[rating - 1] for rating in row[2:])) for row in PEOPLE)
    rule = DataValidation("list", f'"{",".join(sorted(known))}"')
    roster = read(entered(tmp_path / "ratings.xlsx", people, rule))
    assert rated(roster) == [float(row[3]) for row in PEOPLE]


@pytest.mark.parametrize(
    "rule",
    [
        DataValidation("list", '"1,2,3,4,5,6,7,8,9,10"'),
        DataValidation("whole", formula1="1", formula2="10", operator="between"),
    ],
)
def test_the_numbers_that_may_be_entered_name_the_scale(tmp_path, rule):
    with pytest.raises(InputError, match=r"The (list|rule) of Ratings!C2 says '1, .*10'.* run from 1 to 5"):
        read(entered(tmp_path / "ratings.xlsx", PEOPLE, rule))


@pytest.mark.parametrize(
    "rule",
    [
        DataValidation("list", '"1,2,3,4,5,N/A"'),
        DataValidation("decimal", formula1="1", formula2="5", operator="between"),
        DataValidation("whole", formula1="10", operator="lessThan"),
    ],
)
def test_a_rule_that_says_no_more_than_the_rule_packs_scale_is_no_question(tmp_path, rule):
    assert rated(read(entered(tmp_path / "ratings.xlsx", PEOPLE, rule))) == [float(row[3]) for row in PEOPLE]


def test_a_drop_down_list_of_numbers_with_words_is_a_legend(tmp_path):
    rule = DataValidation("list", '"' + ",".join(f"{number} - {word}" for number, word in REVERSED) + '"')
    roster = read(entered(tmp_path / "ratings.xlsx", PEOPLE, rule))
    assert rated(roster) == [float(6 - row[3]) for row in PEOPLE]


def test_a_legend_on_one_sheet_of_a_list_is_asked_about_where_it_changes_ratings(tmp_path):
    path = book(tmp_path / "ratings.xlsx", PEOPLE[:5], above=[("1 = excellent, 5 = poor",)], title="Sales")
    workbook = load_workbook(path)
    second = workbook.create_sheet("Legal")
    for row in (HEADER, *PEOPLE[5:]):
        second.append(list(row))
    workbook.save(path)
    everything = FileMapping(sheets="all")
    with pytest.raises(InputError, match="the scale in 'Legal' too, which does not say so"):
        read(path, mapping=everything)
    second.insert_rows(1, 2)
    second["A1"] = "1 = excellent, 5 = poor"
    workbook.save(path)
    assert rated(read(path, mapping=everything)) == [6 - row[3] for row in PEOPLE]


@pytest.mark.parametrize("first", ["Scale: 1-5", "Ratings of Sales"])
def test_a_scale_on_one_sheet_of_a_list_is_asked_about_where_another_sheet_says_another_or_none(
    tmp_path, first
):
    path = book(tmp_path / "ratings.xlsx", PEOPLE[:5], above=[(first,)], title="Sales")
    workbook = load_workbook(path)
    second = workbook.create_sheet("Legal")
    doubled = [(*row[:2], *(2 * rating for rating in row[2:])) for row in PEOPLE[5:]]
    for row in (("Scale: 1-10",), HEADER, *doubled):
        second.append(list(row))
    workbook.save(path)
    with pytest.raises(
        InputError, match=r"Legal!A1 .* Is that the scale in 'Sales' too, which does not say so"
    ):
        read(path, mapping=FileMapping(sheets="all"))


@pytest.mark.parametrize(("header", "values"), [("Scale used", ("1-5", "1-10")), ("Max rating", (5, 10))])
def test_a_column_that_names_another_scale_in_some_rows_is_asked_about(tmp_path, header, values):
    path = tmp_path / "rows.csv"
    rows = [(*HEADER[:4], header), *((*row[:4], values[at % 2]) for at, row in enumerate(PEOPLE))]
    path.write_text("\n".join(",".join(map(str, row)) for row in rows) + "\n")
    with pytest.raises(InputError, match=f"'{header}' .* names different scales from row to row"):
        read(path)
    assert rated(read(path, mapping=FileMapping(columns={header: None}))) == [float(row[3]) for row in PEOPLE]


def test_a_number_that_a_legend_calls_na_is_no_rating(tmp_path):
    said = "0 = N/A, 1 = Poor, 2 = Fair, 3 = Good, 4 = Very good, 5 = Excellent"
    people = [(*row[:4], 0) for row in PEOPLE]
    roster = read(book(tmp_path / "ratings.xlsx", people, above=[(said,)]))
    assert rated(roster) == [float(row[3]) for row in PEOPLE]
    assert points(roster, "prioritization:manager") == [None] * len(PEOPLE)


def test_ratings_of_an_earlier_year_explain_no_scale(tmp_path):
    made = Workbook()
    for year, title in (("2025", "Before"), ("2026", "Now")):
        sheet = made.create_sheet(year)
        sheet.append(HEADER)
        for at, row in enumerate(PEOPLE):
            said = ("N/A", "3 - led the launch alone")[at % 2] if title == "Before" else row[4]
            sheet.append([*row[:4], said])
    made.remove(made.worksheets[0])
    made.save(tmp_path / "ratings.xlsx")
    assert rated(read(tmp_path / "ratings.xlsx")) == [float(row[3]) for row in PEOPLE]


def test_a_scale_right_above_a_table_with_an_empty_column_is_no_part_of_its_header(tmp_path):
    made = Workbook()
    header = ("Employee ID", "Level", None, "Communication (self)", "Communication (manager)")
    people = [(f"E{at}", "Senior PM", None, 1 + at % 7, 7 - at % 7) for at in range(10)]
    for row in (["Rating scale from 1 (lowest) to 7 (highest)"], header, *people):
        made.active.append(row)
    made.save(tmp_path / "ratings.xlsx")
    assert rated(read(tmp_path / "ratings.xlsx"))[:2] == [5, pytest.approx(1 + 4 * 5 / 6)]


@pytest.mark.parametrize("name", ["Ratings 1-4", "ratings_scale_1_to_4", "Ratings 4-point scale"])
def test_a_scale_in_the_name_of_a_file_is_asked_about(tmp_path, name):
    low = [(*row[:2], *(min(rating, 4) for rating in row[2:])) for row in PEOPLE]
    with pytest.raises(
        InputError, match=rf"The name of the file '{name}\.xlsx' says '.*'\. .* run from 1 to 4"
    ):
        read(book(tmp_path / f"{name}.xlsx", low))


@pytest.mark.parametrize(
    "name", ["Ratings 2026-06", "Ratings teams 1-4", "Ratings 1-5", "Ratings 6-30", "Ratings 1-4 July"]
)
def test_other_numbers_in_the_name_of_a_file_are_no_scale(tmp_path, name):
    assert rated(read(book(tmp_path / f"{name}.xlsx"))) == [float(row[3]) for row in PEOPLE]


@pytest.mark.parametrize("said", ["(1, 2, 3, 4)", "1|2|3|4", "[1/2/3/4]", "(4; 3; 2; 1)"])
def test_a_header_may_name_every_number_of_the_scale(tmp_path, said):
    header = ("Employee ID", "Level", f"Communication (manager) {said}")
    rows = [header, ("E1", "Senior PM", 1), ("E2", "PM", 4), ("E3", "PM", 2.5)]
    made = Workbook()
    for row in rows:
        made.active.append(list(row))
    made.save(tmp_path / "people.xlsx")
    assert points(read(tmp_path / "people.xlsx"), "communication:manager") == [1, 5, 3]


@pytest.mark.parametrize(
    "said",
    [
        *("(1 = best)", "(1 is the best)", "(best = 1)", "[10 = highest]", "(5 = lowest)", "[worst: 5]"),
        *("(5 = strongly disagree)", "(0 = lowest)"),
    ],
)
def test_a_header_that_names_one_end_behind_the_rater_is_asked_about(tmp_path, said):
    header = ("Employee ID", "Level", f"Communication (self) {said}", f"Communication (manager) {said}")
    made = Workbook()
    for row in [header, *(row[:4] for row in PEOPLE)]:
        made.active.append(list(row))
    made.save(tmp_path / "people.xlsx")
    with pytest.raises(InputError, match=r"Communication \(self\) .*, and which number is the best"):
        read(tmp_path / "people.xlsx")


@pytest.mark.parametrize(
    "said", ["Note: 5 = best", "1 = poor", "Top 5", "Room 5, good view", "5 = excellent"]
)
def test_a_line_that_says_nothing_else_than_the_rule_packs_scale_is_no_question(said, tmp_path):
    roster = read(book(tmp_path / "ratings.xlsx", above=[(said,)]))
    assert rated(roster) == [float(row[3]) for row in PEOPLE]


@pytest.mark.parametrize("said", ["(5 = best)", "(1 = lowest)"])
def test_a_header_that_names_an_end_of_the_rule_packs_scale_is_no_question(said, tmp_path):
    header = ("Employee ID", "Level", f"Communication (manager) {said}")
    made = Workbook()
    for row in [header, *((*row[:2], row[3]) for row in PEOPLE)]:
        made.active.append(list(row))
    made.save(tmp_path / "people.xlsx")
    assert rated(read(tmp_path / "people.xlsx")) == [float(row[3]) for row in PEOPLE]


TURNED = ", ".join(f"{number} = {word}" for number, word in REVERSED)


@pytest.mark.parametrize("where", ["oddHeader", "oddFooter", "firstHeader"])
def test_a_legend_in_the_header_of_the_printed_pages_is_heeded(where: str, tmp_path: Path) -> None:
    path = book(tmp_path / "ratings.xlsx")
    made = load_workbook(path)
    getattr(made.active, where).center.text = TURNED
    getattr(made.active, where).right.text = "Page &P of &N"
    made.save(path)
    assert rated(read(path))[:4] == [4, 3, 2, 1]


def test_a_legend_in_a_text_box_is_heeded(tmp_path: Path) -> None:
    lines = "".join(
        f"<a:p><a:r><a:t>{n} = </a:t></a:r><a:r><a:t>{word}</a:t></a:r></a:p>" for n, word in REVERSED
    )
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    box = f'<w:wsDr xmlns:w="urn:w" xmlns:a="urn:a"><w:sp><w:txBody>{lines}</w:txBody></w:sp></w:wsDr>'
    relation = f'<Relationship Id="d" Type="{office}/drawing" Target="../drawings/drawing1.xml"/>'
    path = book(tmp_path / "ratings.xlsx")
    with zipfile.ZipFile(path, "a") as package:
        package.writestr("xl/drawings/drawing1.xml", box)
        package.writestr("xl/worksheets/_rels/sheet1.xml.rels", f"<Relationships>{relation}</Relationships>")
    roster = read(path)
    assert rated(roster)[:4] == [4, 3, 2, 1]
    (note, *_) = told(roster, "scale_read")
    assert "ratings.xlsx, sheet 'Ratings' (text box or page header) says: 1 = Outstanding" in note


def test_a_legend_in_the_row_below_the_headers_is_heeded(tmp_path: Path) -> None:
    row = ("required", "from the list", TURNED, TURNED, TURNED)
    assert rated(read(book(tmp_path / "ratings.xlsx", (row, *PEOPLE))))[:4] == [4, 3, 2, 1]


@pytest.mark.parametrize("said", ["1 to 4", "1-4", "0-4"])
def test_a_scale_in_the_row_below_the_headers_is_asked_about(said: str, tmp_path: Path) -> None:
    few = tuple((*row[:2], *(min(rating, 4) for rating in row[2:])) for row in PEOPLE)
    path = book(tmp_path / "ratings.xlsx", (("required", "from the list", said, said, said), *few))
    with pytest.raises(InputError, match=r"C2 says 'Scale: .*4.*Which scale are they on"):
        read(path)


def test_words_among_numbers_are_asked_about_where_a_line_names_the_scale_of_the_numbers(
    tmp_path: Path,
) -> None:
    header: list[Row] = [
        ["Please rate from 1 (low) to 5 (high)"],
        ["Employee ID", "Level", "Communication (manager)"],
    ]
    words = ("Meets expectations", "Exceeds expectations")
    rows: list[Row] = [[f"E{at}", "Senior PM", words[at % 2] if at < 4 else 1 + at % 5] for at in range(10)]
    with pytest.raises(InputError, match=r"mix numbers \(1 to 5\) and words: 'Exceeds expectations' \(2\)"):
        read(write_lines(tmp_path / "ratings.csv", *header, *rows))


LETTERS = "ABCDE"
IN_LETTERS = tuple((*row[:2], *(LETTERS[number - 1] for number in row[2:])) for row in PEOPLE)
"""On a scale of which A is the lowest."""
A_IS_THE_LOWEST = {
    "a sheet": {"key": [("Rating", "Meaning"), *zip(LETTERS, WORST_FIRST, strict=True)]},
    "a row": {"key": [tuple(LETTERS), WORST_FIRST]},
    "its ends": {"key": [("A", "lowest"), ("E", "highest")]},
    "one line": {"above": [(", ".join(f"{a} = {b}" for a, b in zip(LETTERS, WORST_FIRST, strict=True)),)]},
    "a sentence": {"above": [("Rate every competency from A (lowest) to E (highest).",)]},
    "is the": {"below": [("A is the lowest rating, E the highest",)]},
    "below": {"below": [("A - poor",), ("E - excellent",)]},
    "beside": {"beside": tuple(zip(LETTERS, WORST_FIRST, strict=True))},
    "a note": {"note": "A: poor, E: excellent"},
    "one end": {"above": [("E = highest",)]},
}


@pytest.mark.parametrize("said", A_IS_THE_LOWEST.values(), ids=[*A_IS_THE_LOWEST])
def test_letters_of_which_a_is_the_lowest_are_read_so_however_the_file_says_it(tmp_path, said):
    roster = read(book(tmp_path / "ratings.xlsx", IN_LETTERS, **said))
    assert rated(roster) == [float(row[3]) for row in PEOPLE]
    assert any("a = 1, b = 2, c = 3, d = 4, e = 5, as " in issue.problem for issue in roster.issues)


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"key": [("Rating", "Meaning"), *zip(LETTERS, WORST_FIRST[::-1], strict=True)]},
        {"key": [("A", 5), ("B", 4), ("C", 3), ("D", 2), ("E", 1)]},
        {"above": [("A = best",)]},
        {"above": [("Part A: your people", "Part B: comments")]},
    ],
)
def test_letters_of_which_nothing_says_otherwise_have_a_as_the_best(tmp_path, said):
    roster = read(book(tmp_path / "ratings.xlsx", IN_LETTERS, **said))
    assert rated(roster) == [float(6 - row[3]) for row in PEOPLE]


@pytest.mark.parametrize(
    "key",
    [
        [*zip(LETTERS, ("Just started", "Getting there", "On the way", "There", "Beyond"), strict=True)],
        [("Letter", "Points"), *zip(LETTERS, range(1, 6), strict=True)],
        [("A", "poor"), ("C", "excellent"), ("E", "poor")],
    ],
)
def test_letters_that_are_explained_in_words_that_leave_their_order_open_are_asked_about(tmp_path, key):
    with pytest.raises(InputError, match=r"Key!A\d says A = .* What is their order, from worst to best\?"):
        read(book(tmp_path / "ratings.xlsx", IN_LETTERS, key=key))


def test_what_people_wrote_beside_letters_explains_no_letter(tmp_path):
    rows: list[Row] = [("Employee ID", "Level", "Competency", "Manager rating", "Comment")]
    for one, letter in (("E1", "A"), ("E2", "E"), ("E3", "C"), ("E4", "B"), ("E5", "D")):
        rows.append(
            (one, "Senior PM", "Communication", letter, "poor start" if letter < "C" else "excellent")
        )
    roster = read(write_lines(tmp_path / "ratings.csv", *rows))
    assert rated(roster) == [5, 1, 3, 4, 2]
