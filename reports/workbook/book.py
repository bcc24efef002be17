"""The workbook as a file: sheets made by openpyxl, rows spliced in, the same bytes every time."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from xml.sax.saxutils import quoteattr

from openpyxl import Workbook
from openpyxl.chart import BarChart
from openpyxl.formatting.rule import Rule
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.table import Table, TableStyleInfo
from openpyxl.worksheet.worksheet import Worksheet

from reports.shown.looks import Look
from reports.workbook.cells import RowWriter, Value, clean_text
from reports.workbook.dated_zip import DatedZip, write_book
from reports.workbook.styles import HEAD, HEADING, SUBTITLE, TITLE, Style, StyleNumbers, highlight

Cell = tuple[Value, Style]


class Book:
    """A workbook under construction."""

    def __init__(self, title: str, day: date, footer: str) -> None:
        """`day` goes into the document properties, `footer` onto every printed page."""
        self._workbook = Workbook()
        self._workbook.remove(self._workbook.worksheets[0])
        self._styles = StyleNumbers(self._workbook)
        self._sheets: list[Sheet] = []
        self._footer = footer
        self._stamp = datetime(day.year, day.month, day.day)
        properties = self._workbook.properties
        properties.title = clean_text(title)
        properties.creator = "promotion-readiness"
        properties.created = self._stamp
        properties.modified = self._stamp

    def sheet(self, name: str, tab: str) -> "Sheet":
        """A new sheet after the others; `tab` is the colour of its tab."""
        page = self._workbook.create_sheet(name)
        page.sheet_properties.tabColor = tab
        sheet = Sheet(page, self._styles, self._footer)
        self._sheets.append(sheet)
        return sheet

    def name(self, name: str, target: str) -> None:
        """Define a name for a range such as `Calibration!$A$2:$A$9`."""
        self._workbook.defined_names[name] = DefinedName(name, attr_text=target)

    def write(self, path: Path) -> None:
        """Save the workbook."""
        rows = {sheet.page.title: sheet for sheet in self._sheets}
        sheets = [rows[page.title] for page in self._workbook.worksheets]
        write_book(self._workbook, _Archive(path, self._stamp, sheets))


class Sheet:
    """One sheet: rows are appended top down; everything else is openpyxl's, on `page`."""

    def __init__(self, page: Worksheet, styles: StyleNumbers, footer: str) -> None:
        """`page` stays without cells: the rows are kept here and spliced in when saving."""
        self.page = page
        self.styles = styles
        self.rows = RowWriter(self._quoted)
        self.alternatives: list[str] = []
        self._twins: dict[int, int] = {}
        self._by_number: dict[int, Style] = {}
        page.sheet_view.showGridLines = False
        page.sheet_view.zoomScale = 100
        _set_up_print(page, footer)
        _protect(page)

    def number(self, style: Style) -> int:
        """The style's number, for rows that are added to `rows`: the quick way for long tables."""
        number = self.styles.number(style)
        self._by_number[number] = style
        return number

    def add(self, *cells: Cell, height: float | None = None, hidden: bool = False) -> int:
        """Append a row of cells from column A on; returns the row's number."""
        numbers = [self.number(style) for _, style in cells]
        return self.rows.add([value for value, _ in cells], numbers, height, hidden=hidden)

    def title(self, title: str, *lines: str) -> None:
        """What the sheet is, and lines about it."""
        self.add((title, TITLE), height=28)
        for line in lines:
            self.add((line, SUBTITLE))

    def section(self, title: str) -> None:
        """A heading, below an empty row."""
        self.rows.skip()
        self.add((title, HEADING), height=24)

    def heads(self, headers: Iterable[str], height: float) -> int:
        """The headers of a table; returns the row's number."""
        return self.add(*((header, HEAD) for header in headers), height=height)

    def skip_to(self, row: int) -> None:
        """Go on in this row."""
        self.rows.skip(row - 1 - self.rows.last_row)

    def widths(self, widths: Iterable[float]) -> None:
        """Set the widths of the columns from A on, in characters."""
        for index, width in enumerate(widths, start=1):
            self.page.column_dimensions[get_column_letter(index)].width = width

    def table(
        self,
        name: str,
        headers: Sequence[str],
        first_row: int,
        scrolls_from: str,
        *,
        only: tuple[str, Sequence[str]] | None = None,
    ) -> None:
        """Declare a table with filters over rows already added; its header row repeats, and freezes with the
        columns before `scrolls_from`.

        `only` is a header and the texts that its filter lets through; the other rows are hidden already.
        """
        last = get_column_letter(len(headers))
        table = Table(displayName=name, ref=f"A{first_row}:{last}{self.rows.last_row}")
        table.tableStyleInfo = TableStyleInfo(name=None, showRowStripes=False)
        table._initialise_columns()  # type: ignore[attr-defined]
        for column, header in zip(table.tableColumns, headers, strict=True):
            column.name = header.replace("\n", "_x000a_")
        if only is not None:
            assert table.autoFilter is not None
            table.autoFilter.add_filter_column(headers.index(only[0]), list(only[1]))
        self.page.add_table(table)
        self.repeat(first_row)
        self.freeze(f"{scrolls_from}{first_row + 1}")

    def repeat(self, header_row: int) -> None:
        """Repeat the header row on every printed page."""
        self.page.print_title_rows = f"{header_row}:{header_row}"

    def freeze(self, place: str) -> None:
        """Keep the rows above and the columns left of a place such as `C6` in view."""
        self.page.freeze_panes = place

    def choices(self, place: str, source: str, title: str, prompt: str) -> None:
        """A drop-down over a range; anything that is not in `source` is refused when typed."""
        validation = DataValidation(type="list", formula1=source, allow_blank=True, showErrorMessage=True)
        validation.errorTitle, validation.error = title, "Please choose one of the list."
        validation.promptTitle, validation.prompt = title, prompt
        validation.showInputMessage = True
        self.check(validation, place)

    def check(self, validation: DataValidation, *places: str) -> None:
        """Any other check on what is typed."""
        for place in places:
            validation.add(place)
        self.page.add_data_validation(validation)

    def highlight(self, place: str, *rules: Rule) -> None:
        """Conditional formats over a range."""
        for rule in rules:
            self.page.conditional_formatting.add(place, rule)

    def colour(self, place: str, looks: Iterable[tuple[str, Look]]) -> None:
        """Over a range, the colours of the look whose formula holds."""
        for formula, look in looks:
            self.highlight(place, Rule(type="expression", dxf=highlight(look), formula=[formula]))

    def enlarge(self, zoom: int) -> None:
        """Print it on large paper, and show it smaller."""
        self.page.page_setup.paperSize = self.page.PAPERSIZE_A3
        self.page.sheet_view.zoomScale = zoom

    def chart(self, chart: BarChart, place: str, alternative: str) -> None:
        """Put a chart with its text alternative at a place such as `H4`."""
        self.page.add_chart(chart, place)
        self.alternatives.append(alternative)

    def _quoted(self, number: int) -> int:
        if number not in self._twins:
            self._twins[number] = self.styles.number(self._by_number[number], quoted=True)
        return self._twins[number]


def _set_up_print(page: Worksheet, footer: str) -> None:
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = page.PAPERSIZE_A4
    page.page_setup.fitToWidth = 1
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.page_margins.left = page.page_margins.right = 0.4
    page.page_margins.top, page.page_margins.bottom = 0.5, 0.6
    page.print_options.horizontalCentered = True
    texts = {"left": footer.replace("&", "&&"), "center": "&A", "right": "Page &P of &N"}
    for side, text in texts.items():
        part = getattr(page.oddFooter, side)
        part.text, part.size = text, 8


def _protect(page: Worksheet) -> None:
    """Lock everything but the cells to fill in. There is no password: it guards against slips."""
    page.protection.sheet = True
    for allowed in ("autoFilter", "sort", "formatColumns", "formatRows", "formatCells"):
        setattr(page.protection, allowed, False)


class _Archive(DatedZip):
    """The file of a `Book`: rows and text alternatives go into the parts as they pass through here."""

    def __init__(self, path: Path, stamp: datetime, sheets: Sequence[Sheet]) -> None:
        super().__init__(path, stamp, max((sheet.rows.size for sheet in sheets), default=0))
        self._sheets: Mapping[str, Sheet] = {
            f"xl/worksheets/sheet{index}.xml": sheet for index, sheet in enumerate(sheets, start=1)
        }
        with_charts = [sheet for sheet in sheets if sheet.alternatives]
        self._drawings: Mapping[str, Sheet] = {
            f"xl/drawings/drawing{index}.xml": sheet for index, sheet in enumerate(with_charts, start=1)
        }

    def completed(self, part: str, payload: bytes) -> Iterable[bytes]:
        """A part with what openpyxl left out."""
        if part in self._sheets:
            return _with_rows(payload, self._sheets[part])
        if part in self._drawings:
            return [_with_alternatives(payload, self._drawings[part].alternatives)]
        return super().completed(part, payload)


_DIMENSION = re.compile(rb'<dimension ref="[^"]*"\s*/>')
_SHEET_DATA = re.compile(rb"<sheetData\s*/>|<sheetData>\s*</sheetData>")
_AFTER_IGNORED = re.compile(rb"<drawing |<legacyDrawing |<tableParts|</worksheet>")
_FRAME_NAME = re.compile(rb'(<(?:xdr:)?cNvPr id="\d+" name="Chart \d+")')


def _with_rows(part: bytes, sheet: Sheet) -> Iterator[bytes]:
    """Splice the rows in, and tell Excel that numbers stored as text (employee ids) are meant as text."""
    dimension = sheet.rows.dimension
    part = _DIMENSION.sub(f'<dimension ref="{dimension}"/>'.encode(), part, count=1)
    head, found, tail = _cut(_SHEET_DATA, part)
    assert found, "openpyxl wrote a sheet without sheetData"
    before, mark, after = _cut(_AFTER_IGNORED, tail)
    ignored = f'<ignoredErrors><ignoredError sqref="{dimension}" numberStoredAsText="1"/></ignoredErrors>'
    yield head + b"<sheetData>"
    yield from sheet.rows.xml()
    yield b"".join([b"</sheetData>", before, ignored.encode(), mark, after])


def _with_alternatives(part: bytes, alternatives: Sequence[str]) -> bytes:
    texts = iter(alternatives)
    return _FRAME_NAME.sub(lambda m: m.group(1) + b" descr=" + quoteattr(next(texts)).encode("utf-8"), part)


def _cut(pattern: re.Pattern[bytes], part: bytes) -> tuple[bytes, bytes, bytes]:
    match = pattern.search(part)
    if match is None:
        return part, b"", b""
    return part[: match.start()], match.group(), part[match.end() :]
