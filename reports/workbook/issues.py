"""`issues.xlsx`: the user's own sheets, values in their places, with the faulty cells marked, and an index.

The user's file is never written: saving it through a library would drop what the library does not know.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from io import BytesIO
from math import ceil
from pathlib import Path
from typing import Literal

import polars as pl
from openpyxl import Workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import column_index_from_string, get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from engine.phrases import count
from inputs import FileSource, Issue, Roster, Severity
from inputs.files import Sheet
from reports.shown.formula_texts import starts_like_formula
from reports.shown.looks import ACCENT, SEVERITIES
from reports.workbook.cells import clean_text
from reports.workbook.dated_zip import DatedZip, write_book

WHOLE_COPY = 400_000
"""Cells up to which a sheet is copied as a whole; of a larger one the header and the rows with issues."""
MARKED = 5_000
"""Cells of a sheet that get a comment."""
LAST_ROW = 1_048_576
"""The last row that a sheet of a workbook has; text files may be longer."""
LISTED = 100_000
"""Issues that the index lists, the worst first."""
_INDEX = "Issues"
_WORST_FIRST = (Severity.ERROR, Severity.WARNING, Severity.NOTE)
_STAMP = datetime(2000, 1, 1)
_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,14})(?:\.\d{1,10})?")
_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d) 00:00:00")
_COLUMNS = (
    ("No.", 6),
    ("Severity", 10),
    ("What", 34),
    ("Where", 30),
    ("Column", 24),
    ("Value", 20),
    ("Employee ID", 14),
    ("What is wrong", 60),
    ("What would be right", 52),
)
_HEAD = PatternFill("solid", start_color=ACCENT)
_TOP = Alignment(vertical="top", wrap_text=True)


def _font(
    size: int = 11, color: str | None = None, underline: Literal["single"] | None = None, **style: bool
) -> Font:
    return Font(
        name="Calibri", size=size, color=color, u=underline, b=style.get("bold"), i=style.get("italic")
    )


@dataclass(frozen=True)
class Excerpt:
    """What is copied of a sheet of the user's."""

    sheet: Sheet
    """Holds the copied rows alone."""
    header_row: int
    """0 where the sheet is not a table of people or ratings."""
    rows: Sequence[int]
    """The number of each copied row, as the spreadsheet program shows it."""
    whole: bool
    """Whether all rows are copied."""


@dataclass(frozen=True)
class Marking:
    """What the workbook is made from, and no more of large sheets than that."""

    excerpts: tuple[Excerpt, ...]
    issues: tuple[tuple[Issue, int | None], ...]
    """Each with the number of the excerpt that it is about."""


@dataclass(frozen=True)
class _Copied:
    """An excerpt and the sheet that it is copied to."""

    excerpt: Excerpt
    page: Worksheet

    def target(self, issue: Issue) -> str | None:
        """The cell that an issue is about; None where it is about no row of the sheet."""
        row = issue.row or self.excerpt.header_row
        return f"{issue.column or 'A'}{row}" if row else None


def mark_issues(roster: Roster, sheets: Sequence[Sheet]) -> Marking | None:
    """What to copy of the sheets that `roster` was read from, and where its issues are on them.

    None of Parquet alone: nobody opens that in a spreadsheet program.
    """
    if all(sheet.file.lower().endswith(".parquet") for sheet in sheets):
        return None
    headers = [_header_row(sheet, roster.sources) for sheet in sheets]
    issues = tuple(
        (issue, None if (issue.row or 0) > LAST_ROW else _sheet_of(issue, sheets, headers))
        for issue in roster.issues
    )
    faulty: defaultdict[int | None, set[int]] = defaultdict(set)
    for issue, at in issues:
        if issue.row is not None:
            faulty[at].add(issue.row)
    excerpts = (
        _excerpt(_without_unused(sheet, at, header_row, roster.used_columns, issues), header_row, faulty[at])
        for at, (sheet, header_row) in enumerate(zip(sheets, headers, strict=True))
    )
    return Marking(tuple(excerpts), issues)


def _without_unused(
    sheet: Sheet,
    at: int,
    header_row: int,
    used: Collection[tuple[str, str | None, str]] | None,
    issues: Iterable[tuple[Issue, int | None]],
) -> Sheet:
    """The sheet without what stands in columns that are taken for nothing, which may be for nobody's eyes: of
    these, the header alone, and the cells that issues are about."""
    unused = [one for one in sheet.cells.columns if (sheet.file, sheet.name, one) not in (used or ())]
    if used is None or not unused:
        return sheet
    faulty: defaultdict[str | None, list[int]] = defaultdict(list)
    for issue, where in issues:
        if where == at and issue.row is not None:
            faulty[issue.column].append(issue.row)
    rows = pl.int_range(sheet.cells.height) + sheet.first_row
    kept = [
        pl.when((rows <= header_row) | rows.is_in(faulty[letter])).then(pl.col(letter)).alias(letter)
        for letter in unused
    ]
    return replace(sheet, cells=sheet.cells.with_columns(kept))


def issues_workbook(marking: Marking) -> bytes:
    """The workbook as the content of a file."""
    book = Workbook()
    book.properties.created = _STAMP
    index = book.active
    assert isinstance(index, Worksheet)
    taken = {(excerpt.sheet.name or "").lower() for excerpt in marking.excerpts}
    index.title = f"{_INDEX} found" if _INDEX.lower() in taken else _INDEX
    copies = [_copied(book, excerpt) for excerpt in marking.excerpts]
    places = [(issue, None if at is None else copies[at]) for issue, at in marking.issues]
    for number, copy in enumerate(copies):
        _copy_cells(copy)
        _mark(copy, [issue for issue, at in marking.issues if at == number])
    _write_index(index, places, copies)
    content = BytesIO()
    write_book(book, DatedZip(content, _STAMP))
    return content.getvalue()


def _header_row(sheet: Sheet, sources: Sequence[FileSource]) -> int:
    return next((one.header_row for one in sources if (one.name, one.sheet) == (sheet.file, sheet.name)), 0)


def _excerpt(sheet: Sheet, header_row: int, faulty: set[int]) -> Excerpt:
    """All rows, or those of the header and the faulty ones."""
    height = sheet.cells.height
    if height * sheet.cells.width <= WHOLE_COPY:
        return Excerpt(sheet, header_row, range(sheet.first_row, sheet.first_row + height), whole=True)
    kept = {row - sheet.first_row for row in (*faulty, *range(1, header_row + 1))}
    places = sorted(place for place in kept if 0 <= place < height)
    rows = tuple(place + sheet.first_row for place in places)
    return Excerpt(replace(sheet, cells=sheet.cells[places]), header_row, rows, whole=False)


def _copied(book: Workbook, excerpt: Excerpt) -> _Copied:
    sheet = excerpt.sheet
    name = re.sub(r"[\[\]:*?/\\]", "_", sheet.name or Path(sheet.file).stem)[:31].strip("'") or "Sheet"
    page = book.create_sheet(name)
    if not sheet.visible:
        page.sheet_state = "hidden"
    return _Copied(excerpt, page)


def _sheet_of(issue: Issue, sheets: Sequence[Sheet], headers: Sequence[int]) -> int | None:
    """The number of the sheet that an issue is about: by its file and name, and of several of one name by its
    header."""
    if issue.sheet is None and issue.row is None and issue.column is None:
        return None
    named = [
        at
        for at, sheet in enumerate(sheets)
        if sheet.name == issue.sheet and issue.file in (None, sheet.file)
    ]
    fitting = (at for at in named if headers[at] and _has_header(sheets[at], headers[at], issue))
    return next(fitting, next(iter(named), None))


def _has_header(sheet: Sheet, header_row: int, issue: Issue) -> bool:
    if issue.header is None or issue.column not in sheet.cells.columns:
        return issue.header is None
    if sheet.headers is not None:
        return issue.header in sheet.headers
    row = header_row - sheet.first_row
    above = [sheet.cells[issue.column][at] or "" for at in (row - 1, row) if 0 <= at < sheet.cells.height]
    return any(text and " ".join(text.split()) in issue.header for text in above)


def _copy_cells(copy: _Copied) -> None:
    """Write the values in their places."""
    sheet, header_row = copy.excerpt.sheet, copy.excerpt.header_row
    if sheet.headers is not None:
        for column, header in enumerate(sheet.headers, start=1):
            _put(copy.page.cell(1, column), header)
    columns = [column_index_from_string(letter) for letter in sheet.cells.columns]
    for row, values in zip(copy.excerpt.rows, sheet.cells.iter_rows(), strict=True):
        for column, value in zip(columns, values, strict=True):
            if value is not None:
                _put(copy.page.cell(row, column), value)
    if header_row:
        copy.page.freeze_panes = f"A{header_row + 1}"


def _put(cell: Cell | MergedCell, value: object) -> None:
    """Write one value: numbers and dates as such, text as text, never as a formula."""
    if not isinstance(value, str):
        cell.value = value if isinstance(value, int | float | date) else str(value)
        return
    day = _DAY.fullmatch(value)
    if day and (real := _date(day)) is not None:
        cell.value = real
        cell.number_format = "yyyy-mm-dd"
    elif _NUMBER.fullmatch(value):
        cell.value = float(value) if "." in value else int(value)
    else:
        _put_text(cell, value)


def _put_text(cell: Cell | MergedCell, text: str) -> None:
    cell.value = clean_text(text)
    cell.data_type = "s"
    cell.quotePrefix = starts_like_formula(text)


def _date(day: re.Match[str]) -> date | None:
    """The day, where there is such a one."""
    try:
        return date(int(day[1]), int(day[2]), int(day[3]))
    except ValueError:
        return None


def _mark(copy: _Copied, issues: Sequence[Issue]) -> None:
    """Colour the cells that issues are about, and say in a comment what is wrong."""
    by_cell: defaultdict[tuple[int, int], list[Issue]] = defaultdict(list)
    first = min((column_index_from_string(letter) for letter in copy.excerpt.sheet.cells.columns), default=1)
    for issue in issues:
        row = issue.row or copy.excerpt.header_row
        if row:
            by_cell[row, column_index_from_string(issue.column) if issue.column else first].append(issue)
    for number, ((row, column), found) in enumerate(sorted(by_cell.items(), key=lambda item: item[0])):
        cell = copy.page.cell(row, column)
        worst = min((issue.severity for issue in found), key=_WORST_FIRST.index)
        look = SEVERITIES[worst]
        cell.fill = PatternFill("solid", start_color=look.colours.ground)
        cell.font = _font(color=look.colours.text, bold=worst is Severity.ERROR)
        if number < MARKED:
            said = "\n\n".join(
                f"{SEVERITIES[issue.severity].symbol} {issue.title}\n{issue.problem} {issue.remedy}"
                for issue in found[:5]
            )
            comment = Comment(clean_text(said)[:2000], "readiness")
            comment.width, comment.height = 340, 40 + 18 * (len(said) // 45 + said.count("\n") + 1)
            cell.comment = comment


def _write_index(
    page: Worksheet, places: Sequence[tuple[Issue, _Copied | None]], copies: Sequence[_Copied]
) -> None:
    page.cell(1, 1, "What was found in the data").font = _font(bold=True, size=16)
    page.cell(2, 1, _counts(places, copies)).font = _font(italic=True)
    for column, (header, width) in enumerate(_COLUMNS, start=1):
        cell = page.cell(4, column, header)
        cell.font = _font(bold=True, color="FFFFFF")
        cell.fill = _HEAD
        cell.alignment = _TOP
        page.column_dimensions[get_column_letter(column)].width = width
    worst_first = sorted(places, key=lambda place: _WORST_FIRST.index(place[0].severity))
    for number, (issue, copy) in enumerate(worst_first[:LISTED], start=1):
        _write_issue(page, number, issue, copy)
    page.freeze_panes = "A5"
    page.auto_filter.ref = f"A4:{get_column_letter(len(_COLUMNS))}{4 + min(max(len(places), 1), LISTED)}"
    page.print_title_rows = "4:4"
    page.page_setup.orientation = "landscape"
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _write_issue(page: Worksheet, number: int, issue: Issue, copy: _Copied | None) -> None:
    row = number + 4
    look = SEVERITIES[issue.severity]
    values: tuple[str | int, ...] = (
        number,
        f"{look.symbol} {issue.severity.value}",
        issue.title,
        issue.cell or "the file",
        issue.header or "",
        issue.value or "",
        issue.employee_id or "",
        issue.problem,
        issue.remedy,
    )
    for column, value in enumerate(values, start=1):
        cell = page.cell(row, column)
        if isinstance(value, str):
            _put_text(cell, value)
        else:
            cell.value = value
        cell.alignment = _TOP
    # Spreadsheet programs differ in whether they fit the height of rows themselves.
    lines = max(
        ceil(len(str(value)) / (width - 2)) for value, (_, width) in zip(values, _COLUMNS, strict=True)
    )
    page.row_dimensions[row].height = 15 * min(max(lines, 1), 8)
    page.cell(row, 2).fill = PatternFill("solid", start_color=look.colours.ground)
    page.cell(row, 2).font = _font(color=look.colours.text)
    if copy is not None and (target := copy.target(issue)) is not None:
        title = copy.page.title.replace("'", "''")
        page.cell(row, 4).hyperlink = Hyperlink(ref=f"D{row}", location=f"'{title}'!{target}")
        page.cell(row, 4).font = _font(color=ACCENT, underline="single")


def _counts(places: Sequence[tuple[Issue, _Copied | None]], copies: Sequence[_Copied]) -> str:
    counts: Mapping[Severity, int] = {
        severity: sum(issue.severity is severity for issue, _ in places) for severity in _WORST_FIRST
    }
    said = ", ".join(count(found, severity.value) for severity, found in counts.items())
    cut = any(not copy.excerpt.whole for copy in copies)
    rows = " Of large sheets, only the rows with issues are copied." if cut else ""
    if any(issue.row and copy is None for issue, copy in places):
        rows += f" Rows below row {LAST_ROW:,}, where sheets end, are named here alone."
    if len(places) > LISTED:
        rows += f" The first {LISTED:,}, the worst first, are listed here; issues.csv has all."
    return (
        f"{said}. The other sheets are copies of yours, with the cells marked; of columns that are "
        f"not used, the header alone.{rows}"
    )
