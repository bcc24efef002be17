"""Tables that are no ladder, though they look like one, and ladders that look like them."""

from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.styles import PatternFill

from rules import load_pack
from tests.command_line import call, succeeded

OTHERS = {
    "rates by the hour": (
        "Work | Junior | Senior | Partner\nAudit | €80/h | €150/h | €300/h\nTax | €90/h | €160/h | €320/h",
        "Sheet!B2: “€80/h” is an amount, and so are 5 more of 6 cells. A ladder says in each cell",
    ),
    "rates in German": (
        "Arbeit | Berater | Senior Berater\nKonzept | 95 €/Std | 140 €/Std\nUmbau | 85 €/Std | 120 €/Std",
        "“95 €/Std” is an amount",
    ),
    "rates by level in bare numbers": (
        "Role | Within | Abroad\nJunior | 80 | 640\nSenior | 150 | 1200",
        "such as --scale 0..1200; amounts, such as money, hours or people, are no ratings",
    ),
    "salary bands": (
        "Level | Salary band | Bonus | Equity\nL1 | 45k-60k | 5% | 0.01%\nL2 | 55k-75k | 10% | 0.02%",
        "no cell of the matrix on Sheet says what a level requires",
    ),
    "people on levels": (
        "Level | Name | Reports to\n1 | Ana | \n2 | Ben | Ana\n3 | Cara | Ben",
        "no cell of the matrix on Sheet says what a level requires",
    ),
    "a salary for each place": (
        "Location | L1 | L2\nBerlin | 52 | 64\nMunich | 56 | 70",
        "Sheet!A1: the rows are called “Location” (Berlin, Munich); are they what the levels L1, L2",
    ),
    "a sprint plan": (
        "Task | Sprint 1 | Sprint 2\nLogin | 3 | 5\nSearch | 2 | 4",
        "Sheet!B1: “Sprint 1” and “Sprint 2” (C1) are times, and no levels. A ladder has a column or row for",
    ),
    "a timesheet": (
        "Name | Mon | Tue | Wed\nAna | 6 | 7 | 8\nBen | 8 | 8 | 8",
        "“Mon” and “Tue” (C1) are times",
    ),
    "days down": (
        "Day | Early | Late\nMonday | Ana | Ben\nTuesday | Ben | Ana",
        "are Early, Late levels, and Monday, Tuesday what they require? Nothing",
    ),
    "quarters": (
        "Objective | Owner | Q1 | Q2\nGrow | Ana | Open Spain | Open Italy\nKeep | Ben | Ask all | Ask again",
        "“Q1” and “Q2” (D1) are times",
    ),
    "years": ("Cost | 2025 | 2026\nTravel | 12 | 15\nTools | 8 | 9", "“2025” and “2026” (C1) are times"),
    "months of courses": (
        "Topic | Junior | Senior\nSecurity | January | March\nPython | March | Mai",
        "Sheet!B2: “January” is a time, and so are 3 more of 4 cells.",
    ),
    "what a price includes": (
        "Feature | Free | Team | Business\nExport | ✓ | ✓ | ✓\nAudit log | | | ✓",
        "the rows are called “Feature” (Export, Audit log); are they what the levels Free, Team,",
    ),
    "people and their ratings": (
        "Name | Coding | Testing\nAna | 2 | 3\nBen | 3 | 4",
        "Sheet!A1: are Coding, Testing levels, and Ana, Ben what they require? Nothing in the table says so. "
        'If they are, say so with --levels "Coding, Testing", the lowest first.',
    ),
    "promotions": (
        "From | To | What must be shown\nJunior | Mid | Leads some work\nMid | Senior | Leads all of it",
        "Sheet!A1: “From” and “To” (B1) say promotions, and a ladder has levels. Write a row for each",
    ),
    "promotions in German": (
        "Von | Nach | Kompetenz | Erwartet\nJunior | Senior | Fach | 3\nSenior | Leitung | Fach | 4",
        "“Von” and “Nach” (B1) say promotions",
    ),
}
"""A table of another kind, and what is said of it."""


@pytest.mark.parametrize("name", OTHERS)
def test_a_table_that_is_no_ladder_is_refused_or_asked_about_with_what_was_read(
    name: str, tmp_path: Path
) -> None:
    text, words = OTHERS[name]
    assert words in _refused(_book(tmp_path, text))


LADDERS = {
    "times of leading": "Competency | L1 | L2\nLeading | 1 year | 2 years\nCoaching | 1 year | 2 years",
    "quotas": "KPI | Rep | Senior Rep\nQuota | 60% | 80%\nForecast | 50% | 70%",
    "money in sentences": "Topic | Manager | Director\nBudget | Plans €50k a year | Plans €1m a year",
    "tasks in sentences": "Task | Aide | Nurse\nCare | Washes with some help | Plans the care of all",
    "levels of years of training": "Skill | Year 1 | Year 2\nWelding | 1 | 2\nDrawing | 1 | 3",
    "years of experience": "Skill | Junior | Senior\nCoding | Basic | Good\nExperience | 12 months | 4 years",
    "points": "Skill | Grade 1 | Grade 2\nWelding | 2 | 8\nDrawing | 3 | 9",
    "an empty corner and ranks": " | Welder | Senior Welder\nWelding | 2 | 3\nDrawing | 1 | 3",
    "a title": "Our career ladder\n | Welder | Planner\nWelding | 2 | 3\nDrawing | 1 | 3",
}


@pytest.mark.parametrize("name", LADDERS)
def test_a_ladder_that_looks_like_another_table_is_read(name: str, tmp_path: Path) -> None:
    succeeded(
        "pack", "new", "ours", "--from-matrix", _book(tmp_path, LADDERS[name]), "--out", tmp_path / "ours"
    )
    assert len(load_pack(tmp_path / "ours").levels) == 2


def test_equity_is_pay_beside_a_salary_alone(tmp_path: Path) -> None:
    rows = "Competency | L1 | L2\nEquity | 1 | 3\nCoding | 2 | 3"
    for number, (more, titles) in enumerate(
        (("", ["Equity", "Coding"]), ("\nSalary | 40k | 50k", ["Coding"]))
    ):
        out = tmp_path / f"ours{number}"
        succeeded("pack", "new", "ours", "--from-matrix", _book(tmp_path, rows + more), "--out", out)
        assert [one.title for one in load_pack(out).competencies] == titles


def test_what_is_asked_of_a_table_can_be_answered(tmp_path: Path) -> None:
    path = _book(tmp_path, "Name | Coding | Testing\nAna | 2 | 3\nBen | 3 | 4")
    given = ["--from-matrix", path, "--out", tmp_path / "ours", "--levels", "Coding, Testing"]
    succeeded("pack", "new", "ours", *given)


def test_levels_by_colour_alone_are_refused_with_what_would_be_right(tmp_path: Path) -> None:
    path = _book(tmp_path, "Skill | Junior | Senior\nCoding\nTesting", coloured="B2:C3")
    said = _refused(path)
    assert (
        "no cell of the matrix on Sheet says what a level requires; colours are not read: write into each"
        in said
    )
    path = _book(
        tmp_path, "Competency | What we expect\nCoding | Writes it\nCoding | Plans it", coloured="A2:A3"
    )
    said = _refused(path)
    assert (
        "Give each a column, or write in a column Level which level each row is of: colours are not read"
        in said
    )


def test_a_level_that_requires_next_to_nothing_is_in_no_rule_and_that_is_said(tmp_path: Path) -> None:
    path = _book(tmp_path, "Skill | L1 | L2\nQuota | 1% | 50%\nReturns | 2% | 60%")
    said = succeeded("pack", "new", "ours", "--from-matrix", path, "--out", tmp_path / "ours").stderr
    assert (
        "So little is required of L1 that nobody can be more than 2.5 short of it: it is in no rule." in said
    )
    succeeded("pack", "check", tmp_path / "ours")


def _refused(path: Path) -> str:
    result = call("pack", "new", "ours", "--from-matrix", path, "--out", path.parent / "x")
    assert result.exit_code == 1, result.output
    return " ".join(result.output.split())


def _book(folder: Path, text: str, coloured: str | None = None) -> Path:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Sheet"
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.split("|")]
        sheet.append([int(cell) if cell.isdigit() else cell or None for cell in cells])
    for row in sheet[coloured] if coloured else ():
        for cell in row:
            cell.fill = PatternFill("solid", fgColor="FFCCFFCC")
    book.save(folder / "table.xlsx")
    return folder / "table.xlsx"
