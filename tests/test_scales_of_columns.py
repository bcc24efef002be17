"""Where headers name different scales, each column is read on its own; what none of them names is asked."""

from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.datavalidation import DataValidation

from inputs import InputError, Roster
from inputs.answering import understand, with_answer
from inputs.files.reading import read_file
from inputs.mapping import FileMapping, MappedScale
from tests.read_rosters import DAY, WORDS, points, read

RATED = ((4, 2, 1), (8, 4, 2), (10, 5, 4), (1, 1, 3))
ON_TEN, ON_FOUR = [2.3333, 4.1111, 5, 1], [1, 2.3333, 5, 3.6667]


def file(folder: Path, *headers: str, above: str = "", rated=RATED) -> Path:
    lines = [*([above, ""] if above else []), ",".join(("Employee ID", "Level", *headers))]
    lines += [",".join(map(str, (f"E{at}", "Senior PM", *row))) for at, row in enumerate(rated)]
    path = folder / "scales.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def theirs(roster: Roster, competency: str) -> list[float | None]:
    found = points(roster, f"{competency}:manager")
    return [None if one is None else round(one, 4) for one in found]


def test_each_column_is_read_on_the_scale_that_its_header_names(tmp_path):
    headers = ("Communication (manager) (1-10)", "Prioritization (manager) (1-5)", "Delegation mgr (1-4)")
    roster = read(file(tmp_path, *headers))
    assert theirs(roster, "communication") == ON_TEN
    assert theirs(roster, "prioritization") == [2, 4, 5, 1]
    assert theirs(roster, "delegation") == ON_FOUR
    *said, shown = [issue.problem for issue in roster.issues if issue.kind == "scale_read"]
    assert [text.split("'")[1] for text in said] == [headers[0], headers[2]]
    assert "by the manager are on several scales, so reports show them from 1 to 5" in shown
    assert not roster.scales  # there is no one scale on which to show them


def test_the_scale_of_columns_beside_those_that_name_one_is_asked_for_alone(tmp_path):
    path = file(
        tmp_path, "Communication (manager) (1-10)", "Prioritization (manager)", "Delegation (manager)"
    )
    with pytest.raises(InputError, match=r"The others \('Prioritization .*', 'Delegation .*'\) run from 1"):
        read(path)
    (question,) = understand(read_file(path), WORDS, DAY, FileMapping()).questions
    labels = [choice.label for choice in question.choices]
    assert labels[:2] == ["1 to 5; 5 is the best", "1 to 10; 10 is the best"]
    answered = with_answer(FileMapping(), question.kind, question.choices[0].given)
    roster = read(path, mapping=answered)
    assert theirs(roster, "communication") == ON_TEN
    assert theirs(roster, "prioritization") == [2, 4, 5, 1]


def test_the_best_of_a_scale_that_headers_name_is_what_a_legend_says(tmp_path):
    headers = ("Communication (manager) (1-5)", "Prioritization (manager) (1-5)", "Delegation (manager)")
    for named in (headers, (*headers[:2], "Delegation (manager) (1-4)")):
        path = file(tmp_path, *named, above="1 = excellent; 5 = poor", rated=[(*row[1:], 2) for row in RATED])
        assert theirs(read(path), "communication") == [4, 2, 1, 5]


def test_a_mapping_says_which_end_is_the_best_of_a_scale_that_some_headers_name(tmp_path):
    rated = [(row[1], row[1], row[0]) for row in RATED]
    path = file(tmp_path, *(f"{one} (manager) (1-5)" for one in ("Communication", "Delegation")),
                "Prioritization (manager) (1-10)", rated=rated)  # fmt: skip
    mapping = FileMapping(scales={"manager": MappedScale(worst=5, best=1)})
    assert theirs(read(path, mapping=mapping), "delegation") == [4, 2, 1, 5]
    assert theirs(read(path, mapping=mapping), "prioritization") == ON_TEN


def test_an_earlier_cycle_is_read_on_the_scale_that_its_own_headers_name(tmp_path):
    path = file(tmp_path, "Communication manager 2025 (1-10)", "Communication manager 2026 (1-5)")
    roster = read(path)
    assert theirs(roster, "communication") == [2, 4, 5, 1]
    assert theirs(roster.earlier[0].roster, "communication") == ON_TEN


def test_a_header_that_names_percentages_is_no_other_scale_of_them(tmp_path):
    rated = [(f"{25 * (row[1] - 1)}%", row[1]) for row in RATED]
    path = file(tmp_path, "Communication (manager) (0-100%)", "Delegation (manager) (1-5)", rated=rated)
    assert theirs(read(path), "communication") == [2, 4, 5, 1]


@pytest.mark.parametrize(
    "header", ["{}_Manager_1-10", "1-10_{}_Manager", "(Manager) {} scale 1-10", "{} 1-10 Manager"]
)
def test_a_scale_is_found_wherever_a_header_has_it(tmp_path, header):
    path = file(tmp_path, header.format("Communication"), header.format("Delegation"))
    assert theirs(read(path), "communication") == ON_TEN


def test_the_scale_beside_the_name_of_a_competency_in_a_list_is_that_of_its_ratings(tmp_path):
    path = tmp_path / "list.csv"
    names = ("Communication (1-10)", "Delegation (1-4)", "Prioritization (1-5)")
    rows = [
        f"E{at},Senior PM,{name},Manager,{n}"
        for at, row in enumerate(RATED)
        for name, n in zip(names, (row[0], row[2], row[2]), strict=True)
    ]
    path.write_text("\n".join(["Employee ID,Level,Competency,Rater,Rating", *rows]), encoding="utf-8")
    roster = read(path)
    assert theirs(roster, "communication") == [2.3333, 4.1111, 5, 1]
    assert theirs(roster, "delegation") == ON_FOUR
    assert theirs(roster, "prioritization") == [1, 2, 4, 3]


def test_a_legend_beside_the_ratings_of_one_rater_is_asked_about_for_those_on_another_sheet(tmp_path):
    book = Workbook()
    for title in ("Self", "Manager"):
        sheet = book.active if title == "Self" else book.create_sheet(title)
        sheet.title = title
        for row in (
            ["1 = excellent, 5 = poor"] if title == "Self" else [],
            [],
            ["Employee ID", "Level", "Delegation"],
        ):
            sheet.append(row)
        for at, row in enumerate(RATED):
            sheet.append([f"E{at}", "Senior PM", row[2]])
    book.save(tmp_path / "both.xlsx")
    with pytest.raises(InputError, match=r"Those by the manager run .* the scale in 'Manager' too"):
        read(tmp_path / "both.xlsx")


def test_a_scale_of_the_mapping_that_no_column_is_left_for_is_told(tmp_path):
    path = file(tmp_path, "Communication (manager) (1-10)", "Delegation (manager) (1-5)")
    roster = read(path, mapping=FileMapping(scales={"manager": MappedScale(worst=1, best=7)}))
    assert theirs(roster, "communication") == ON_TEN
    (said,) = (one for one in roster.issues if one.severity == "warning" and one.kind == "scale_read")
    assert "but the header of each column names one of its own, which counts" in said.problem


def test_what_may_be_entered_below_each_header_is_the_scale_of_that_column(tmp_path):
    book = Workbook()
    book.active.append(["Employee ID", "Level", "Communication (manager)", "Delegation (manager)"])
    for at, row in enumerate(RATED):
        book.active.append([f"E{at}", "Senior PM", row[0], row[1]])
    for letter, top in (("C", 10), ("D", 5)):
        rule = DataValidation(type="whole", operator="between", formula1="1", formula2=str(top))
        rule.add(f"{letter}2:{letter}9")
        book.active.add_data_validation(rule)
    book.save(tmp_path / "rules.xlsx")
    roster = read(tmp_path / "rules.xlsx")
    assert theirs(roster, "communication") == ON_TEN
    assert theirs(roster, "delegation") == [2, 4, 5, 1]


def test_a_line_of_scales_below_the_headers_is_theirs(tmp_path):
    rated = [row[:2] for row in RATED]
    path = file(tmp_path, "Communication (manager)", "Delegation (manager)", rated=rated)
    head, *rows = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([head, ",,1-10,Scale 1-5", *rows]) + "\n", encoding="utf-8")
    roster = read(path)
    assert roster.people.height == len(RATED)
    assert theirs(roster, "communication") == ON_TEN
    assert theirs(roster, "delegation") == [2, 4, 5, 1]


def test_ratings_beyond_the_scale_are_counted_for_both_raters_together(tmp_path):
    headers = [
        f"{one} ({rater})" for one in ("Communication", "Prioritization") for rater in ("self", "manager")
    ]
    rated = ((1, 2, 7, 7), (2, 3, 1, 7), (4, 4, 2, 5), (3, 5, 4, 4))
    with pytest.raises(
        InputError, match="by the person and the manager run from 1 to 7; 3 of 16 are outside"
    ):
        read(file(tmp_path, *headers, rated=rated))
    # Two are mistakes until somebody says otherwise.
    fewer = ((1, 2, 7, 4), *rated[1:])
    told = [one.problem for one in read(file(tmp_path, *headers, rated=fewer)).issues]
    assert len([text for text in told if text.startswith("7 is outside the scale")]) == 2
