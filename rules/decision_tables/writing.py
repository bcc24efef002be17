"""A pack as a workbook of decision tables, for whoever edits bars, weights, rules and texts without YAML."""

from collections.abc import Hashable, Iterable
from copy import copy
from dataclasses import replace
from decimal import Decimal
from math import ceil
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from rules.decision_tables import matrix
from rules.decision_tables.layout import (
    POINTS,
    SETTINGS,
    TABLES,
    TALK,
    WORDS,
    Column,
    Kind,
    Plain,
    Table,
    entries_of,
)
from rules.pack import RulePack
from rules.paths import value_at

FIRST_SHEET = "Read me"
"""It tells how to use the workbook; nothing of it is read back."""
LINE_HEIGHT = 15
"""Points that a line of text takes."""
LAST_ROW = 1000
"""Drop-downs and limits reach down to this row."""
_NAVY, _GRAY, _YELLOW, _LINE = "2B4C9B", "F1F3F5", "FFF8DC", "D5DAE1"
_HEAD = PatternFill("solid", fgColor=_NAVY)
_GROUNDS = {
    "name": PatternFill("solid", fgColor=_GRAY),
    "policy": PatternFill("solid", fgColor=_YELLOW),
    "text": PatternFill(),
}
_NAME = Column("", ("id",))
_HEART = (matrix.SHEET, "Pack", "Promotions", "Signals", "Rules", "Promotion rules")
"""The sheets that decide about a recommendation."""
_HINTS = {
    "Bar": "The score that is needed. Empty: the bar of its importance, on Promotions or on Pack.",
    "Core bar": "For this promotion alone. Empty: the core bar on the sheet Pack.",
    "Supporting bar": "For this promotion alone. Empty: the supporting bar on the sheet Pack.",
    "Importance": "core: must be there. supporting: adds to the picture.",
    "Competencies and weights": "One a line: the id of a competency, a colon, its weight. "
    "A weight of 2 counts twice as much as a weight of 1.",
    "When": "The condition. The facts that it may name are listed by `readiness pack show`.",
    "Aliases": "One a line: other names that a spreadsheet may use.",
    "Overrides": "One a line: the codes of rules that give way when this one applies too.",
    "Only for": "One a line: the ids of the promotions that it is read for. Empty: all.",
    "From years": "Guidance, never a gate: a rule may make it one.",
    "Id": "The name by which other sheets refer to this row. Small letters, digits and _.",
    "Code": "The name of the rule in every trace. Capitals and digits in parts joined by -.",
    "Reason": "The sentence that is shown. Words in {curly brackets} are filled in for each person.",
    "Next step": "Shown with a recommendation. Words in {curly brackets} are filled in for each person.",
    "Everything": "The rating, by both raters, of whatever is not named in the columns to the right.",
}
_SETTING_HINTS = {
    "Name": "By which `--pack` knows it. Small letters, digits and _.",
    "Version": "Yours to count up whenever something changes.",
    "Title": "Shown on every report.",
    "About": "What the pack is and where its policy comes from.",
    "Scale lowest": "The lowest rating.",
    "Scale highest": "The highest rating.",
    "Scale step": "The least by which a rater moves a rating.",
    "Core bar": "The score that a core signal needs to be met.",
    "Supporting bar": "The score that a supporting signal needs to be met.",
    "Scale words": "Where ratings are words: one a line, the lowest first, one for each step.",
    "Scale lowest is best": "Whether people rate downwards, as in school marks; bars count upwards.",
    "Bars from": "Where a bar comes from that no row sets: importance, or what the next_level expects.",
    "Bar tolerance": "A bar from the next level lies so many points under what it expects.",
    "Near margin": "A score at most so far under its bar is near.",
    "Agreement margin": "Self and manager at least so far apart disagree.",
    "Minimum coverage": "The share of a signal's weight, 0 to 1, that both must rate to be compared.",
    "Observation months": "Months in the level before ratings can speak for a recommendation.",
    "Stale months": "A review that is more months old than this is stale.",
    "Borderline below": "A band that stays in a smaller share of the re-ratings, 0 to 1, is borderline.",
    "Straight line from": "From this many ratings on, the same rating throughout is asked about.",
    "Alike from people": "From this many people on, a manager who rates nearly all alike is asked about.",
    "Alike share": "The share of a manager's ratings, 0 to 1, that makes “nearly all”.",
    "Ratings against": "What a rating is measured by: present_level or whole_ladder.",
    "Cannot tell code": "The name of what is said where missing ratings could lead to more than one band.",
    "Cannot tell title": "What it is called.",
    "Cannot tell reason": "Words in {curly brackets} are filled in for each person.",
    "Cannot tell next step": "Words in {curly brackets} are filled in for each person.",
}
_STEPS = (
    "Edit the sheets below. Yellow cells decide what comes out, white ones are texts, gray ones are names "
    "that other sheets refer to.",
    "To add an entry, fill the row below the last one. To take one out, delete its whole row.",
    "Save as .xlsx, and read it back:  readiness pack import THIS_FILE.xlsx --out our_ladder",
    "Prove that the rules are sound:  readiness pack check our_ladder",
    "Run the worked examples:  readiness pack test our_ladder",
    "See who would move:  readiness simulate RATINGS.xlsx --with-pack our_ladder --out what_if",
)


def write_tables(pack: RulePack, path: Path) -> None:
    """Write a pack as a workbook of decision tables."""
    plain = pack.model_dump(by_alias=True, exclude_defaults=True)
    book, looks = Workbook(), _Looks()
    book.remove(book.worksheets[0])
    _write_matrix(book.create_sheet(matrix.SHEET), pack, plain, looks)
    _write_first(book.create_sheet(FIRST_SHEET), pack)
    _write_settings(book.create_sheet("Pack"), pack, looks)
    _write_words(book.create_sheet("Words"), plain, looks)
    for table in TABLES:
        _write_table(book.create_sheet(table.sheet), table, pack, plain, looks)
    _write_sources(book.create_sheet(matrix.SOURCES_SHEET), plain, looks)
    for sheet in book.worksheets:
        sheet.sheet_properties.tabColor = _NAVY if sheet.title in _HEART else "A9B2BF"
        _set_up_page(sheet)
    book.save(path)


def _write_first(sheet: Worksheet, pack: RulePack) -> None:
    sheet.sheet_view.showGridLines = False
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 22, 100
    for place, text in (("A1", f"{pack.title}, as tables to edit"), ("A2", pack.about)):
        sheet[place] = text
        sheet[place].data_type = "s"  # also where it begins with =
    sheet["A1"].font = _font(bold=True, size=16, color=_NAVY)
    sheet.merge_cells("A2:B2")
    sheet["A2"].alignment = Alignment(wrap_text=True, vertical="top")
    sheet.row_dimensions[2].height = 48
    for number, step in enumerate(_STEPS, start=1):
        sheet.cell(3 + number, 1, f"Step {number}").font = _font(bold=True)
        sheet.cell(3 + number, 2, step).font = _font()
    head = 3 + len(_STEPS) + 2
    abouts = {
        matrix.SHEET: matrix.ABOUT,
        "Pack": "Name, rating scale, bars, margins and minimums that hold everywhere.",
        "Words": "How bands, confidences, statuses and the values of lenses are called and explained.",
        **{table.sheet: table.about for table in TABLES},
        matrix.SOURCES_SHEET: matrix.SOURCES_ABOUT,
    }
    _write_head(sheet, (("Sheet", 22), ("What it holds", 100)), head, frozen=False)
    for row, (name, about) in enumerate(abouts.items(), start=head + 1):
        cell = sheet.cell(row, 1, name)
        cell.hyperlink = f"#{quote_sheetname(name)}!A1"
        cell.font = _font(color=_NAVY, underline="single", bold=name in _HEART)
        sheet.cell(row, 2, about).font = _font()


def _font(**more: Any) -> Font:
    return Font(name="Calibri", **{"size": 11, **more})


def _write_matrix(sheet: Worksheet, pack: RulePack, plain: Plain, looks: "_Looks") -> None:
    """The sheet that opens first: a row for each competency, a column for each level."""
    headings = zip(matrix.HEADINGS, (36, 22), strict=True)
    _write_head(sheet, [*headings, *((level.title, 18) for level in pack.levels)])
    sheet.freeze_panes = "C3"
    sheet.auto_filter.ref = None
    sheet["C1"].comment = Comment(_MATRIX_HINT, sheet.title, width=320, height=110)
    for number, level in enumerate(pack.levels, start=3):
        looks.write(sheet, 2, number, level.id, _NAME)
    ratings = matrix.ratings_of(plain)
    for row, competency in enumerate(pack.competencies, start=3):
        looks.write(sheet, row, 1, competency.title, _NAME)
        looks.write(sheet, row, 2, competency.id, _NAME)
        for number, level in enumerate(pack.levels, start=3):
            points = ratings.get((level.id, competency.id))
            value = None if points is None else matrix.shown(points, pack.scale)
            looks.write(sheet, row, number, value, _WORD if isinstance(value, str) else _POINTS)
    for number, line in enumerate(pack.undecided):
        said = line if number else f"Undecided: {line}"
        sheet.cell(5 + len(pack.competencies) + number, 1, said).font = _font()
    rating = Column("Expectation", ("rating",), "number", choices=pack.scale.words)
    cells = f"C3:{get_column_letter(2 + len(pack.levels))}{2 + len(pack.competencies)}"
    _limit(sheet, cells, rating, pack)


_POINTS = Column("Rating", ("rating",), "number")
_WORD = replace(_POINTS, kind="text", choices=("",))
_MATRIX_HINT = (
    "The rating that the level expects of the competency; empty where it expects none. Nobody is ready for "
    "the next level who misses the present one."
)


def _write_sources(sheet: Worksheet, plain: Plain, looks: "_Looks") -> None:
    _write_head(sheet, zip(matrix.SOURCE_HEADINGS, (24, 26, 14, 60), strict=True))
    for row, values in enumerate(matrix.source_rows(plain), start=2):
        for number, value in enumerate(values, start=1):
            looks.write(sheet, row, number, value, _NAME)


def _write_settings(sheet: Worksheet, pack: RulePack, looks: "_Looks") -> None:
    plain = pack.model_dump(by_alias=True)
    _write_head(sheet, (("Setting", 24), ("Value", 70), ("What it is", 80)))
    for row, setting in enumerate(SETTINGS, start=2):
        looks.write(sheet, row, 1, setting.heading, _NAME)
        looks.write(sheet, row, 2, value_at(plain, setting.keys), setting)
        looks.write(sheet, row, 3, _SETTING_HINTS.get(setting.heading), _NAME)


def _write_words(sheet: Worksheet, plain: Plain, looks: "_Looks") -> None:
    headings = (
        *(("Of", 20), ("Value", 26), ("Called", 26), ("Meaning", 70)),
        *((heading, 50) for heading, _ in TALK),
    )
    _write_head(sheet, headings)
    rows: list[tuple[str | None, ...]] = [
        (POINTS, point, None, meaning, *(None for _ in TALK))
        for point, meaning in plain["scale"].get("meanings", {}).items()
    ]
    for kind, fields in WORDS.items():
        rows += [_words(kind, name, text, fields) for name, text in plain.get(kind, {}).items()]
    for lens in plain.get("lenses", ()):
        rows += [_words(f"lens {lens['id']}", name, text) for name, text in lens["words"].items()]
    for row, values in enumerate(rows, start=2):
        for column, ((heading, _), value) in enumerate(zip(headings, values, strict=True), start=1):
            shown = _NAME if heading in ("Of", "Value") else Column(heading, ("text",))
            looks.write(sheet, row, column, value, shown)


def _words(
    of: str, name: str, text: Plain, fields: tuple[str, ...] = ("label", "meaning")
) -> tuple[str | None, ...]:
    return (of, name, *(text.get(key) for key in (*fields, *(key for _, key in TALK))))


def _write_table(sheet: Worksheet, table: Table, pack: RulePack, plain: Plain, looks: "_Looks") -> None:
    columns = table.all_columns
    _write_head(sheet, ((column.heading, column.width) for column in columns))
    row, above = 1, ""
    for owner, entry in entries_of(plain, table):
        row += 1
        for number, column in enumerate(columns, start=1):
            value = owner if column.keys == () else value_at(entry, column.keys)
            looks.write(sheet, row, number, value, column, first=owner != above)
        above = owner
    for number, column in enumerate(columns, start=1):
        letter = get_column_letter(number)
        _limit(sheet, f"{letter}2:{letter}{LAST_ROW}", column, pack)


def _limit(sheet: Worksheet, cells: str, column: Column, pack: RulePack) -> None:
    """Let the cells of a column take only what it may hold."""
    limit = DataValidation("list", allow_blank=True)
    if column.choices:
        limit.formula1 = f'"{",".join(column.choices)}"'
        limit.error = f"Choose one of: {', '.join(column.choices)}"
    elif column.chosen_from:
        limit.formula1 = f"{quote_sheetname(column.chosen_from)}!$A$2:$A${LAST_ROW}"
        limit.error = f"Choose one of the ids on the sheet {column.chosen_from}"
    elif column.keys[-1:] == ("rating",) or column.heading.lower().endswith("bar"):
        ends = (str(pack.scale.lowest), str(pack.scale.highest))
        limit = DataValidation("decimal", "between", *ends, allow_blank=True)
        limit.error = f"It lies on the rating scale, from {ends[0]} to {ends[1]}"
    else:
        return
    limit.showErrorMessage, limit.errorTitle = True, column.heading
    sheet.add_data_validation(limit)
    limit.add(cells)


def _write_head(
    sheet: Worksheet, headings: Iterable[tuple[str, int]], row: int = 1, *, frozen: bool = True
) -> None:
    for number, (heading, width) in enumerate(headings, start=1):
        cell = sheet.cell(row, number, heading)
        cell.font, cell.fill = _font(bold=True, color="FFFFFF"), _HEAD
        cell.alignment = Alignment(vertical="center", wrap_text=True)
        sheet.column_dimensions[get_column_letter(number)].width = width
        if frozen and heading in _HINTS:
            cell.comment = Comment(_HINTS[heading], sheet.title, width=320, height=90)
    sheet.row_dimensions[row].height = 30
    if frozen:
        sheet.freeze_panes = "C2"
        sheet.auto_filter.ref = f"A1:{get_column_letter(number)}1"


class _Looks:
    """Writes cells in a few looks, each made once for a workbook: openpyxl takes long to compare styles."""

    def __init__(self) -> None:
        self._made: dict[Hashable, Any] = {}

    def write(
        self, sheet: Worksheet, row: int, number: int, value: object, column: Column, *, first: bool = False
    ) -> None:
        """Write a value as its column shows it; the first row of an owner has a line above."""
        cell: Any = sheet.cell(row, number)
        is_number = column.kind == "number" and value is not None
        look = (column.role, first, is_number, is_number and column in SETTINGS)
        if look not in self._made:
            _dress(cell, *look)
            self._made[look] = cell._style
        cell._style = copy(self._made[look])
        if value is not None:
            _fill(cell, value, column.kind)


def _dress(cell: Cell, role: str, first: bool, is_number: bool, is_setting: bool) -> None:
    cell.font, cell.fill = _font(), _GROUNDS[role]
    line = Side("thin", color=_LINE)
    cell.border = Border(line, line, Side("medium", color=_NAVY) if first else line, line)
    across = "left" if is_setting else None
    cell.alignment = Alignment(across, vertical="top", wrap_text=None if is_number else True)


def _fill(cell: Cell, value: object, kind: Kind) -> None:
    if kind == "number":
        assert isinstance(value, Decimal | int)
        cell.value = float(value) if isinstance(value, Decimal) else value
    elif kind == "flag":
        cell.value = "yes" if value else "no"
    else:
        cell.value = _as_text(value, kind)
        # A text that begins with = is a text all the same.
        cell.data_type = "s"


def _as_text(value: Any, kind: Kind) -> str:
    if kind == "lines":
        return "\n".join(value)
    if kind == "pairs":
        return "\n".join(f"{name}: {entry}" for name, entry in value.items())
    return str(value)


def _set_up_page(sheet: Worksheet) -> None:
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    if sheet.title != FIRST_SHEET:
        sheet.print_title_rows = "1:1"
        _fit_rows(sheet)


def _fit_rows(sheet: Worksheet) -> None:
    """Give every row the height that its longest text needs; not every program does so by itself."""
    widths = {letter: dimension.width for letter, dimension in sheet.column_dimensions.items()}
    for number, row in enumerate(sheet.iter_rows(min_row=2), start=2):
        lines = (
            sum(ceil(len(line) / widths[cell.column_letter]) or 1 for line in str(cell.value).splitlines())
            for cell in row
            if cell.value is not None
        )
        sheet.row_dimensions[number].height = max((1, *lines)) * LINE_HEIGHT + 2
