"""An empty ratings workbook: the columns that can be read, with drop-downs, notes and an example row."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from inputs.fields import BY, FIELDS, LEVEL, RATERS, TARGET_LEVEL, Field, Heading
from inputs.phrases import join
from inputs.roster import RatingScale, Vocabulary
from inputs.words.lexicon import has_use

ROWS = 2_000
"""Rows that are prepared for people."""
_HEADER = PatternFill("solid", start_color="1F3A5F")
_EXAMPLE = PatternFill("solid", start_color="F4F0E4")
_FORMATS = {"date": "yyyy-mm-dd", "text": "@", "id": "@", "specialisation": "@"}
_STAMP = datetime(2026, 1, 1)
"""The same in every workbook, so that the same pack gives the same file."""


@dataclass(frozen=True)
class _Column:
    heading: Heading
    kind: str
    example: str | Decimal | date | None


def write_template(path: Path, vocabulary: Vocabulary) -> None:
    """Writes the workbook. Its first sheet is what `load_roster` reads; the others explain and list."""
    book = Workbook()
    book.properties.created = book.properties.modified = _STAMP
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "Ratings"
    columns = _columns(vocabulary)
    _write_columns(sheet, columns)
    _write_notes(book.create_sheet("How to fill in"), vocabulary)
    _write_levels(book.create_sheet("Levels"), vocabulary)
    _write_rules(sheet, columns, vocabulary)
    book.save(path)


def _columns(vocabulary: Vocabulary) -> list[_Column]:
    scale = vocabulary.scale
    columns = [
        _Column(field.heading, field.kind, _example(field, field.heading, vocabulary))
        for field in FIELDS.values()
        if field.heading is not None and has_use(field, vocabulary)
    ]
    middle = scale.words[(len(scale.words) - 1) // 2] if scale.words else (scale.lowest + scale.highest) // 2
    for term in vocabulary.competencies:
        for rater in RATERS:
            note = f"Rating by {BY[rater]}: {_span(scale)}. Empty means not rated, never a zero."
            heading = Heading(f"{term.title} ({rater})", note, 14)
            columns.append(_Column(heading, "rating", middle))
    for rater in RATERS:
        heading = Heading(f"Overall Comment ({rater})", f"In a few words, by {BY[rater]}.", 40)
        columns.append(_Column(heading, "text", None))
    return columns


def _span(scale: RatingScale) -> str:
    """`a number from 1 to 5`, and which end is the best where that is not the highest; or the words."""
    if scale.words:
        return f"{join(scale.words, 'or')} (best)"
    best = f" (best) to {scale.highest} (worst)" if scale.lowest_is_best else f" to {scale.highest}"
    return f"a number from {scale.lowest}{best}"


def _example(field: Field, heading: Heading, vocabulary: Vocabulary) -> str | date | None:
    first = vocabulary.levels[0]
    nexts = vocabulary.next_levels.get(first.id, ())
    if field is LEVEL:
        return first.title
    if field is TARGET_LEVEL and nexts:
        return next(term.title for term in vocabulary.levels if term.id == nexts[0])
    return heading.example


def _write_columns(sheet: Worksheet, columns: list[_Column]) -> None:
    for at, column in enumerate(columns, start=1):
        cell = sheet.cell(1, at, column.heading.header)
        cell.font = Font(name="Calibri", bold=True, color="FFFFFF")
        cell.fill = _HEADER
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        note = Comment(column.heading.note, "Template")
        note.width, note.height = 260, 90
        cell.comment = note
        letter = get_column_letter(at)
        sheet.column_dimensions[letter].width = column.heading.width
        example = sheet.cell(2, at, column.example)
        example.fill = _EXAMPLE
        example.font = Font(name="Calibri", italic=True)
        form = _FORMATS.get(column.kind)
        if form is not None:
            example.number_format = sheet.column_dimensions[letter].number_format = form
    sheet.row_dimensions[1].height = 48
    sheet.freeze_panes = "D2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{ROWS}"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation = "landscape"


def _write_rules(sheet: Worksheet, columns: list[_Column], vocabulary: Vocabulary) -> None:
    """The drop-downs and the bounds of dates and ratings."""
    scale = vocabulary.scale
    rules = {
        "level": DataValidation("list", f"=Levels!$A$2:$A${len(vocabulary.levels) + 1}"),
        "date": DataValidation("date", "DATE(1940,1,1)", "DATE(2100,1,1)", operator="between"),
        "yes_no": DataValidation("list", '"yes,no"'),
        "rating": DataValidation("list", f"=Levels!$B$2:$B${len(scale.words) + 1}")
        if scale.words
        else DataValidation("decimal", str(scale.lowest), str(scale.highest), operator="between"),
    }
    told = {
        "level": ("Not a level", "Choose a level from the list."),
        "date": ("Not a date", "Write a date such as 2024-03-31."),
        "yes_no": ("Neither yes nor no", "Write yes or no, or leave it empty if nobody has asked."),
        "rating": ("Outside the scale", f"Write {_span(scale)}, or leave it empty if not rated."),
    }
    for kind, rule in rules.items():
        rule.errorTitle, rule.error = told[kind]
        rule.allow_blank = rule.showErrorMessage = True
        sheet.add_data_validation(rule)
    for at, column in enumerate(columns, start=1):
        if column.kind in rules:
            letter = get_column_letter(at)
            rules[column.kind].add(f"{letter}2:{letter}{ROWS}")


def _write_notes(sheet: Worksheet, vocabulary: Vocabulary) -> None:
    scale = vocabulary.scale
    lines = (
        "How to fill in this workbook",
        "One row per person on the sheet “Ratings”. Delete the example in row 2 first.",
        "Only an id, a level and ratings are required. What an empty column costs is shown, before anybody "
        "is",
        "assessed, by    readiness inspect FILE",
        f"A rating is {_span(scale)}{'' if scale.words else '; halves and quarters are fine'}.",
        "Leave a cell empty, or write n/a, where nothing was rated. An empty cell is never read as a zero.",
        "The manager's ratings are held to the rule pack's bars. The person's own ratings show agreement; "
        "they",
        "never raise or lower a recommendation.",
        "For a comment on one competency add a column such as “Communication (manager comment)”.",
        "Columns may be moved, renamed to what people usually call them, or left out.",
    )
    sheet.column_dimensions["A"].width = 110
    for at, line in enumerate(lines, start=1):
        sheet.cell(at, 1, line)
    sheet["A1"].font = Font(name="Calibri", bold=True, size=14)


def _write_levels(sheet: Worksheet, vocabulary: Vocabulary) -> None:
    """What the drop-downs offer."""
    lists = {"Levels of the rule pack": [term.title for term in vocabulary.levels]}
    if vocabulary.scale.words:
        lists["Ratings, the lowest first"] = list(vocabulary.scale.words)
    for at, (title, texts) in enumerate(lists.items(), start=1):
        sheet.column_dimensions[get_column_letter(at)].width = 32
        sheet.cell(1, at, title).font = Font(name="Calibri", bold=True)
        for row, text in enumerate(texts, start=2):
            sheet.cell(row, at, text)
