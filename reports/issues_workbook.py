"""`issues.xlsx`: the user's own sheets, values in their places, with the faulty cells marked, and an index.

The user's file is read again and never written: saving it through a library would drop what the library does
not know.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from math import ceil
from pathlib import Path
from typing import Literal

from openpyxl import Workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from inputs import KINDS, FileSource, Issue, Roster, Sheet, read_file
from inputs.roster import Severity
from reports.dated_zip import DatedZip, write_book
from reports.formula_texts import starts_like_formula
from reports.looks import ACCENT, SEVERITIES
from reports.workbook.cells import clean_text

WHOLE_COPY = 400_000
"""Cells up to which a sheet is copied as a whole; of a larger one the header and the rows with issues."""
MARKED = 5_000
"""Cells of a sheet that get a comment."""
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
class _Copied:
    """A sheet of the user's and the sheet that it is copied to."""

    sheet: Sheet
    page: Worksheet
    header_row: int


def write_issues_workbook(roster: Roster, paths: Sequence[Path], out: Path) -> None:
    """Writes the copy of the files at `paths` that `roster` was read from."""
    book = Workbook()
    book.properties.created = _STAMP
    index = book.active
    assert isinstance(index, Worksheet)
    sheets = [sheet for path in paths for sheet in read_file(path)]
    index.title = _free_name(_INDEX, {sheet.name or "" for sheet in sheets})
    copies = [_copied(book, sheet, roster.sources) for sheet in sheets]
    at: defaultdict[int, list[Issue]] = defaultdict(list)
    places: list[tuple[Issue, _Copied | None]] = []
    for issue in roster.issues:
        copy = _copy_of(issue, copies)
        places.append((issue, copy))
        if copy is not None:
            at[id(copy)].append(issue)
    for copy in copies:
        _copy_cells(copy, {issue.row for issue in at[id(copy)] if issue.row is not None})
        _mark(copy, at[id(copy)])
    _write_index(index, places, copies)
    write_book(book, DatedZip(out, _STAMP))


def _free_name(wanted: str, taken: Iterable[str]) -> str:
    lowered = {name.lower() for name in taken}
    return wanted if wanted.lower() not in lowered else f"{wanted} found"


def _copied(book: Workbook, sheet: Sheet, sources: Sequence[FileSource]) -> _Copied:
    name = re.sub(r"[\[\]:*?/\\]", "_", sheet.name or Path(sheet.file).stem)[:31].strip("'") or "Sheet"
    page = book.create_sheet(name)
    if not sheet.visible:
        page.sheet_state = "hidden"
    row = next((one.header_row for one in sources if (one.name, one.sheet) == (sheet.file, sheet.name)), 0)
    return _Copied(sheet, page, row)


def _copy_of(issue: Issue, copies: Sequence[_Copied]) -> _Copied | None:
    """The copy that an issue is about: by its file and sheet, and of several of one name by its header."""
    named = [
        copy for copy in copies if copy.sheet.name == issue.sheet and issue.file in (None, copy.sheet.file)
    ]
    if issue.sheet is None and issue.row is None and issue.column is None:
        return None
    fitting = [copy for copy in named if copy.header_row and _has_header(copy, issue)]
    return next(iter(fitting or named), None)


def _has_header(copy: _Copied, issue: Issue) -> bool:
    if issue.header is None or issue.column not in copy.sheet.cells.columns:
        return issue.header is None
    if copy.sheet.headers is not None:
        return issue.header in copy.sheet.headers
    row = copy.header_row - copy.sheet.first_row
    above = [
        copy.sheet.cells[issue.column][at] or "" for at in (row - 1, row) if 0 <= at < copy.sheet.cells.height
    ]
    return any(text and " ".join(text.split()) in issue.header for text in above)


def _copy_cells(copy: _Copied, faulty: set[int]) -> None:
    """Writes the values in their places: all of them, or those of the header and of the faulty rows."""
    sheet = copy.sheet
    if sheet.headers is not None:
        for column, header in enumerate(sheet.headers, start=1):
            _put(copy.page.cell(1, column), header)
    whole = sheet.cells.height * sheet.cells.width <= WHOLE_COPY
    columns = [_column_number(letter) for letter in sheet.cells.columns]
    if whole:
        rows: Iterable[int] = range(sheet.cells.height)
    else:
        kept = {row - sheet.first_row for row in (*faulty, *range(1, copy.header_row + 1))}
        rows = sorted(row for row in kept if 0 <= row < sheet.cells.height)
    for row in rows:
        for column, value in zip(columns, sheet.cells.row(row), strict=True):
            if value is not None:
                _put(copy.page.cell(sheet.first_row + row, column), value)
    if copy.header_row:
        copy.page.freeze_panes = f"A{copy.header_row + 1}"


def _put(cell: Cell | MergedCell, value: object) -> None:
    """Writes one value: numbers and dates as such, text as text, never as a formula."""
    if not isinstance(value, str):
        cell.value = value if isinstance(value, int | float | date) else str(value)
        return
    if day := _DAY.fullmatch(value):
        cell.value = date(int(day[1]), int(day[2]), int(day[3]))
        cell.number_format = "yyyy-mm-dd"
    elif _NUMBER.fullmatch(value):
        cell.value = float(value) if "." in value else int(value)
    else:
        cell.value = clean_text(value)
        cell.data_type = "s"
        cell.quotePrefix = starts_like_formula(value)


def _mark(copy: _Copied, issues: Sequence[Issue]) -> None:
    """Colours the cells that issues are about and says in a comment what is wrong."""
    by_cell: defaultdict[tuple[int, int], list[Issue]] = defaultdict(list)
    first = min((_column_number(letter) for letter in copy.sheet.cells.columns), default=1)
    for issue in issues:
        row = issue.row or copy.header_row
        if row:
            by_cell[row, _column_number(issue.column) if issue.column else first].append(issue)
    for number, ((row, column), found) in enumerate(sorted(by_cell.items(), key=lambda item: item[0])):
        cell = copy.page.cell(row, column)
        worst = min((issue.severity for issue in found), key=_WORST_FIRST.index)
        look = SEVERITIES[worst]
        cell.fill = PatternFill("solid", start_color=look.ground)
        cell.font = _font(color=look.text, bold=worst is Severity.ERROR)
        if number < MARKED:
            said = "\n\n".join(
                f"{SEVERITIES[issue.severity].symbol} {KINDS[issue.kind]}\n{issue.problem} {issue.remedy}"
                for issue in found[:5]
            )
            comment = Comment(clean_text(said)[:2000], "readiness")
            comment.width, comment.height = 340, 40 + 18 * (len(said) // 45 + said.count("\n") + 1)
            cell.comment = comment


def _write_index(
    page: Worksheet, places: Sequence[tuple[Issue, _Copied | None]], copies: Sequence[_Copied]
) -> None:
    page.cell(1, 1, "What was found in the data").font = _font(bold=True, size=16)
    page.cell(2, 1, _summary(places, copies)).font = _font(italic=True)
    for column, (header, width) in enumerate(_COLUMNS, start=1):
        cell = page.cell(4, column, header)
        cell.font = _font(bold=True, color="FFFFFF")
        cell.fill = _HEAD
        cell.alignment = _TOP
        page.column_dimensions[get_column_letter(column)].width = width
    worst_first = sorted(places, key=lambda place: _WORST_FIRST.index(place[0].severity))
    for number, (issue, copy) in enumerate(worst_first, start=1):
        _write_issue(page, number, issue, copy)
    page.freeze_panes = "A5"
    page.auto_filter.ref = f"A4:{get_column_letter(len(_COLUMNS))}{4 + max(len(places), 1)}"
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
        KINDS[issue.kind],
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
            cell.value = clean_text(value)
            cell.data_type = "s"
            cell.quotePrefix = starts_like_formula(value)
        else:
            cell.value = value
        cell.alignment = _TOP
    # Spreadsheet programs differ in whether they fit the height of rows themselves.
    lines = max(
        ceil(len(str(value)) / (width - 2)) for value, (_, width) in zip(values, _COLUMNS, strict=True)
    )
    page.row_dimensions[row].height = 15 * min(max(lines, 1), 8)
    page.cell(row, 2).fill = PatternFill("solid", start_color=look.ground)
    page.cell(row, 2).font = _font(color=look.text)
    target = _target(issue, copy)
    if copy is not None and target is not None:
        title = copy.page.title.replace("'", "''")
        page.cell(row, 4).hyperlink = Hyperlink(ref=f"D{row}", location=f"'{title}'!{target}")
        page.cell(row, 4).font = _font(color=ACCENT, underline="single")


def _target(issue: Issue, copy: _Copied | None) -> str | None:
    if copy is None:
        return None
    row = issue.row or copy.header_row
    return f"{issue.column or 'A'}{row}" if row else None


def _summary(places: Sequence[tuple[Issue, _Copied | None]], copies: Sequence[_Copied]) -> str:
    counts: Mapping[Severity, int] = {
        severity: sum(issue.severity is severity for issue, _ in places) for severity in _WORST_FIRST
    }
    said = ", ".join(f"{count} {severity.value}{'s' * (count != 1)}" for severity, count in counts.items())
    cut = any(copy.sheet.cells.height * copy.sheet.cells.width > WHOLE_COPY for copy in copies)
    rows = " Of large sheets only the rows with issues are copied." if cut else ""
    return f"{said}. The other sheets are copies of your own, with the cells marked in their places.{rows}"


def _column_number(letters: str) -> int:
    number = 0
    for character in letters:
        number = number * 26 + ord(character) - 64
    return number
