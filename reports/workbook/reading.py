"""An edited calibration workbook to values: whatever program saved it, sorted, filtered or rearranged."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import polars as pl
from openpyxl.utils import column_index_from_string, get_column_letter

from engine import phrases
from inputs import Cell, InputError
from inputs.files import Sheet, read_file
from inputs.words import read_dates
from reports.shown.calibration_groups import Group
from reports.workbook.layout import CALIBRATION, CALIBRATION_COLUMNS, LISTS, SESSION_CELLS, YES
from reports.workbook.lists import FORMAT

HEADERS: Mapping[str, str] = {column.header: column.key for column in CALIBRATION_COLUMNS}
ENTRIES = tuple(column.key for column in CALIBRATION_COLUMNS if column.role == "entry")
NEEDED = ("employee_id", "promotion", "decision", "mark", "reason_code", "reason")
"""Columns without which nothing can be read back."""


@dataclass(frozen=True)
class EditedRow:
    """One row of the Calibration sheet as it was read."""

    row: int
    texts: Mapping[str, str]
    """Column key to text, empty cells left out; `decided_on` too, as it was written."""
    decided_on: date | None
    date_problem: str | None
    """What is wrong with the date, when it could not be read."""
    uncalculated: tuple[str, ...] = ()
    """Column keys of entries that are formulas without a stored result."""
    struck: bool = False
    """Whether the decision is struck through."""

    @property
    def entries(self) -> list[str]:
        """Column keys of what was filled in."""
        return [key for key in ENTRIES if key in self.texts]

    @property
    def is_blank(self) -> bool:
        """Nothing was decided in the row; a follow-up alone decides nothing."""
        return self.entries in ([], ["follow_up"]) and not self.uncalculated


@dataclass(frozen=True)
class EditedSession:
    """What the sheet says above its rows, for all of them."""

    decided_by: str | None = None
    decided_on: date | None = None
    rest: str | None = None
    """What stands beside “The rest as recommended”, as it was written."""
    date_problem: str | None = None
    places: Mapping[str, str] = field(default_factory=dict)
    """The place of each cell by its key; of one whose label is gone, the sheet's."""

    @property
    def resting(self) -> bool:
        """The room agrees to all that is left empty."""
        return self.rest is not None and self.rest.casefold() == YES


@dataclass(frozen=True)
class EditedWorkbook:
    """An edited workbook."""

    file: str
    sha256: str
    run: str
    group: Group | None
    sheet: str
    letters: Mapping[str, str]
    """Column key to the letter of its column now."""
    rows: tuple[EditedRow, ...]
    added: tuple[str, ...] = ()
    """Columns with texts in them that are none of ours, with place and header, and notes to cells."""
    copies: Mapping[str, int] = field(default_factory=dict)
    """Copies of the sheet, and how many decisions each has that the sheet has not."""
    session: EditedSession = EditedSession()

    def cell(self, row: EditedRow, key: str) -> str:
        """A place as the spreadsheet program shows it, with the file."""
        return f"{self.file}, {Cell(self.sheet, row.row, self.letters.get(key, 'A'))}"


def read_workbook(path: Path, latest: date) -> EditedWorkbook:
    """Read an edited workbook; dates may be as late as `latest`.

    Raises `InputError` when the file is none of ours or lacks what is needed.
    """
    sheets = read_file(path)
    about = _about(path, sheets)
    sheet = next((s for s in sheets if s.name == CALIBRATION), None)
    if sheet is None:
        raise InputError(f"{path.name}: the sheet {CALIBRATION} is missing; it must keep its name")
    header, letters = _header(path, sheet, within=sheet.cells.height)
    indices = _body(sheet, header, letters)
    columns = {key: sheet.cells[letter].cast(pl.String)[indices] for key, letter in letters.items()}
    days = columns.get("decided_on", pl.Series([None] * len(indices), dtype=pl.String))
    dates = read_dates(days, latest, epoch_1904=sheet.epoch_1904, future=True, to_the_day=True)
    problems = {fault.at: fault.problem for fault in dates.faults}
    texts = {key: column.to_list() for key, column in columns.items()}
    rows = []
    for index, decided_on in enumerate(dates.values.to_list()):
        filled = {k: v for k, column in texts.items() if (v := _tidy(column[index])) is not None}
        if filled:
            number = sheet.first_row + indices[index]
            unknown = tuple(k for k, letter in letters.items() if (number, letter) in sheet.uncalculated)
            entered = tuple(key for key in unknown if key in ENTRIES)
            struck = (number, letters["decision"]) in sheet.struck
            rows.append(EditedRow(number, filled, decided_on, problems.get(index), entered, struck))
    by, value = about.get("group by"), about.get("group")
    return EditedWorkbook(
        file=path.name,
        sha256=sheet.sha256,
        run=about.get("run", ""),
        group=Group(by, value) if by and value else None,
        sheet=CALIBRATION,
        letters=letters,
        rows=tuple(rows),
        added=_added(path, sheet, header, letters),
        copies=_copies(path, sheets, sheet),
        session=_session(path, sheet, header, latest),
    )


def _body(sheet: Sheet, header: int, letters: Mapping[str, str]) -> list[int]:
    """The indices of the rows below the header, and of people's rows above it: somebody may have sorted it in
    among them."""
    whose = sheet.cells.select(letters[key] for key in ("employee_id", "promotion", "mark"))
    people = [index for index, row in enumerate(whose.head(header).iter_rows()) if None not in row]
    return [*people, *range(header + 1, sheet.cells.height)]


def _session(path: Path, sheet: Sheet, header: int, latest: date) -> EditedSession:
    """What stands to the right of the labels above the header row."""
    found: dict[str, str | None] = {}
    places: dict[str, str] = {}
    letters = list(sheet.cells.columns)
    labels = {cell.label: cell.key for cell in SESSION_CELLS}
    for number, row in enumerate(sheet.cells.head(header).cast(pl.String).iter_rows()):
        for at, text in enumerate(row):
            if (key := labels.get(_tidy(text) or "")) is not None:
                beside = get_column_letter(column_index_from_string(letters[at]) + 1)
                found[key] = _tidy(row[letters.index(beside)]) if beside in letters else None
                places[key] = f"{path.name}, {Cell(sheet.name, sheet.first_row + number, beside)}"
    written = pl.Series([found.get("decided_on")], dtype=pl.String)
    dates = read_dates(written, latest, epoch_1904=sheet.epoch_1904, future=True, to_the_day=True)
    problem = next((fault.problem for fault in dates.faults), None)
    return EditedSession(found.get("decided_by"), dates.values[0], found.get("rest"), problem, places)


def _added(path: Path, sheet: Sheet, header: int, letters: Mapping[str, str]) -> tuple[str, ...]:
    """The columns that somebody added and wrote into, and notes to cells."""
    found = [
        f"{path.name}, {Cell(sheet.name, row, letter)}: the note “{' '.join(text.split())[:60]}”"
        for (row, letter), text in sorted(sheet.notes.items())
    ]
    for letter in (one for one in sheet.cells.columns if one not in letters.values()):
        texts = sheet.cells[letter].cast(pl.String)
        filled = sum(_tidy(text) is not None for text in texts[header + 1 :])
        if filled:
            place = Cell(sheet.name, sheet.first_row + header, letter)
            named = f" “{head}”" if (head := _tidy(texts[header])) else ""
            found.append(f"{path.name}, {place}: the added column{named} ({phrases.count(filled, 'cell')})")
    return tuple(found)


def _copies(path: Path, sheets: tuple[Sheet, ...], sheet: Sheet) -> dict[str, int]:
    """The other sheets that look like ours, with the decisions that ours does not have."""
    own = _decided(path, sheet)
    others = ((one.name or "", _decided(path, one) - own) for one in sheets if one is not sheet)
    return {name: len(decided) for name, decided in others if decided}


def _decided(path: Path, sheet: Sheet) -> set[tuple[str | None, ...]]:
    """Employee id, promotion and decision of each row with one; none in a sheet that is not like ours."""
    try:
        header, letters = _header(path, sheet)
    except InputError:
        return set()
    keys = ("employee_id", "promotion", "decision")
    columns = (sheet.cells[letters[key]].cast(pl.String)[header + 1 :].to_list() for key in keys)
    rows = {tuple(map(_tidy, row)) for row in zip(*columns, strict=True)}
    return {row for row in rows if row[-1] is not None}


def _about(path: Path, sheets: tuple[Sheet, ...]) -> dict[str, str]:
    """Which run and group the hidden sheet names."""
    about = _said_of_itself(sheets)
    if sheets and sheets[0].name is None:
        raise InputError(
            f"{path.name} is not a workbook, so it does not say which run it belongs to. Save the workbook "
            "as .xlsx, or fill the decisions into a fresh calibration.xlsx of the run"
        )
    if about.get("format") != FORMAT:
        raise InputError(
            f"{path.name} is not a calibration workbook of this version (its hidden sheet {LISTS} does not "
            f"say “{FORMAT}”); give the edited calibration.xlsx of the run"
        )
    return about


def _said_of_itself(sheets: Sequence[Sheet]) -> dict[str, str]:
    """What the hidden sheet of a workbook of ours says; nothing in any other."""
    sheet = next((one for one in sheets if one.name == LISTS), None)
    if sheet is None or not {"C", "D"} <= set(sheet.cells.columns):
        return {}
    pairs = sheet.cells.select(pl.col("C", "D").cast(pl.String)).iter_rows()
    return {key: value for key, value in pairs if key and value}


def is_calibration_workbook(sheets: Sequence[Sheet]) -> bool:
    """Whether sheets are those of a calibration workbook, of whatever run and version."""
    return _said_of_itself(sheets).get("format", "").startswith(FORMAT.rstrip("0123456789"))


def _header(path: Path, sheet: Sheet, within: int = 50) -> tuple[int, dict[str, str]]:
    """The index of the header row, which is `within` so many rows, and the letter of each of our columns."""
    letters: dict[str, str] = {}
    twice: list[str] = []
    index = -1
    for number, row in enumerate(sheet.cells.head(within).iter_rows()):
        found: dict[str, str] = {}
        again: list[str] = []
        for letter, text in zip(sheet.cells.columns, row, strict=True):
            key = HEADERS.get(str(text).strip()) if text is not None else None
            if key is not None and key in found:
                again.append(str(text).strip())
            elif key is not None:
                found[key] = letter
        if len(found) > len(letters):
            index, letters, twice = number, found, again
    if twice:
        raise InputError(f"{path.name}, sheet {sheet.name}: the column {twice[0]} appears twice")
    missing = [c.header for c in CALIBRATION_COLUMNS if c.key in NEEDED and c.key not in letters]
    if missing:
        raise InputError(
            f"{path.name}, sheet {sheet.name}: no header row with {', '.join(missing)}; "
            "columns may be moved or hidden, but keep their headers"
        )
    return index, letters


def _tidy(text: str | None) -> str | None:
    stripped = text.strip().removesuffix(" 00:00:00") if text is not None else ""
    return stripped or None
