"""An empty ratings workbook: the columns that reading knows, with drop-downs, notes and an example row."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from inputs.roster import RATERS, Vocabulary
from inputs.words.lexicon import BY

ROWS = 2_000
"""Rows that are prepared for people."""
_HEADER = PatternFill("solid", start_color="1F3A5F")
_EXAMPLE = PatternFill("solid", start_color="F4F0E4")
_STAMP = datetime(2026, 1, 1)
"""The same in every workbook, so that the same pack gives the same file."""


@dataclass(frozen=True)
class _Heading:
    header: str
    note: str
    width: int
    example: str | float | date | None
    kind: str = "text"


def write_template(path: Path, vocabulary: Vocabulary) -> None:
    """Writes the workbook. Its first sheet is what `load_roster` reads; the others explain and list."""
    book = Workbook()
    book.properties.created = book.properties.modified = _STAMP
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "Ratings"
    headings = _headings(vocabulary)
    _write_headings(sheet, headings)
    _write_notes(book.create_sheet("How to fill in"), vocabulary)
    _write_levels(book.create_sheet("Levels"), vocabulary)
    _write_rules(sheet, headings, vocabulary)
    book.save(path)


def _headings(vocabulary: Vocabulary) -> list[_Heading]:
    first = vocabulary.levels[0]
    nexts = vocabulary.next_levels.get(first.id, ())
    titles = {term.id: term.title for term in vocabulary.levels}
    low, high = vocabulary.scale.lowest, vocabulary.scale.highest
    middle = float((low + high) / 2)
    people = [
        _Heading("Employee ID", "Required. One id per person; it is kept as text.", 14, "EXAMPLE-1"),
        _Heading("Name", "The name that reports show.", 26, "Example, to be deleted"),
        _Heading("Level", "Required. Choose from the list.", 22, first.title, "level"),
        _Heading(
            "Target Level",
            "Only where the ladder forks: the next level to look at. Leave it empty to look at all.",
            22,
            titles[nexts[0]] if nexts else None,
            "level",
        ),
        _Heading("Manager ID", "The manager's employee id.", 14, None),
        _Heading("Manager Name", "Reports are put together per manager.", 24, "Example Manager"),
        _Heading("Department", "Reports compare departments.", 20, "Example department"),
        _Heading("Specialisation", "Only if the rule pack knows specialisations.", 18, None),
        _Heading("Hire Date", "As a date: 2022-03-01.", 13, date(2021, 3, 1), "date"),
        _Heading(
            "In Level Since", "From when the person has been in the level.", 15, date(2023, 3, 1), "date"
        ),
        _Heading(
            "In Product Since", "From when the person has worked in product.", 16, date(2020, 3, 1), "date"
        ),
        _Heading("Review Date", "When the ratings were given.", 13, date(2026, 1, 1), "date"),
    ]
    ratings = [
        _Heading(
            f"{term.title} ({rater})",
            f"Rating by {BY[rater]}, from {low} to {high}. Leave it empty if not rated: empty is never "
            "a zero.",
            14,
            middle,
            "rating",
        )
        for term in vocabulary.competencies
        for rater in RATERS
    ]
    comments = [
        _Heading(f"Overall Comment ({rater})", f"In a few words, by {BY[rater]}.", 40, None)
        for rater in RATERS
    ]
    return [*people, *ratings, *comments]


def _write_headings(sheet: Worksheet, headings: list[_Heading]) -> None:
    for at, heading in enumerate(headings, start=1):
        cell = sheet.cell(1, at, heading.header)
        cell.font = Font(name="Calibri", bold=True, color="FFFFFF")
        cell.fill = _HEADER
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        note = Comment(heading.note, "Template")
        note.width, note.height = 260, 90
        cell.comment = note
        letter = get_column_letter(at)
        sheet.column_dimensions[letter].width = heading.width
        example = sheet.cell(2, at, heading.example)
        example.fill = _EXAMPLE
        example.font = Font(name="Calibri", italic=True)
        formatted = {"date": "yyyy-mm-dd", "text": "@"}.get(heading.kind)
        if formatted is not None:
            example.number_format = formatted
            sheet.column_dimensions[letter].number_format = formatted
    sheet.row_dimensions[1].height = 48
    sheet.freeze_panes = "D2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(headings))}{ROWS}"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation = "landscape"


def _write_rules(sheet: Worksheet, headings: list[_Heading], vocabulary: Vocabulary) -> None:
    """The drop-downs and the bounds of dates and ratings."""
    low, high = vocabulary.scale.lowest, vocabulary.scale.highest
    rules = {
        "level": DataValidation(
            type="list",
            formula1=f"=Levels!$A$2:$A${len(vocabulary.levels) + 1}",
            allow_blank=True,
            errorTitle="Not a level",
            error="Choose a level from the list.",
        ),
        "date": DataValidation(
            type="date",
            operator="between",
            formula1="DATE(1940,1,1)",
            formula2="DATE(2100,1,1)",
            allow_blank=True,
            errorTitle="Not a date",
            error="Write a date such as 2024-03-31.",
        ),
        "rating": DataValidation(
            type="decimal",
            operator="between",
            formula1=str(low),
            formula2=str(high),
            allow_blank=True,
            errorTitle="Outside the scale",
            error=f"Write a number from {low} to {high}, or leave it empty if not rated.",
        ),
    }
    for rule in rules.values():
        rule.showErrorMessage = True
        sheet.add_data_validation(rule)
    for at, heading in enumerate(headings, start=1):
        if heading.kind in rules:
            letter = get_column_letter(at)
            rules[heading.kind].add(f"{letter}2:{letter}{ROWS}")


def _write_notes(sheet: Worksheet, vocabulary: Vocabulary) -> None:
    low, high = vocabulary.scale.lowest, vocabulary.scale.highest
    lines = (
        "How to fill in this workbook",
        "One row per person on the sheet “Ratings”. Delete the example in row 2 first.",
        "Only an id, a level and ratings are required. Every column that stays empty costs something, which",
        "    readiness inspect FILE    says before anybody is assessed.",
        f"A rating is a number from {low} to {high}; halves and quarters are fine. Leave a cell empty, "
        "or write n/a,",
        "where nothing was rated. An empty cell is never read as a zero.",
        "The manager's ratings are held to the rule pack's bars. The person's own ratings show "
        "agreement; they",
        "never raise or lower a recommendation.",
        "For a comment on one competency add a column such as “Communication (manager comment)”.",
        "Columns may be moved, renamed to what people usually call them, or left out.",
    )
    sheet.column_dimensions["A"].width = 110
    for at, line in enumerate(lines, start=1):
        sheet.cell(at, 1, line)
    sheet["A1"].font = Font(name="Calibri", bold=True, size=14)


def _write_levels(sheet: Worksheet, vocabulary: Vocabulary) -> None:
    sheet["A1"] = "Levels of the rule pack"
    sheet["A1"].font = Font(name="Calibri", bold=True)
    sheet.column_dimensions["A"].width = 32
    for at, term in enumerate(vocabulary.levels, start=2):
        sheet.cell(at, 1, term.title)
