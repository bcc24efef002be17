"""Where things stand in the workbook: sheets, columns and ranges that formulas and readers refer to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from openpyxl.utils import get_column_letter, quote_sheetname

from reports.shown.content import Run
from reports.workbook.topics import AgendaItem

READ_ME = "Read me"
SESSION = "Session"
AGENDA = "Agenda"
CALIBRATION = "Calibration"
SUMMARY = "Summary"
PEOPLE = "People"
LAST_CYCLE = "Last cycle"
ROOM = "Room"
DETAILS = "Details"
RULES = "Rules"
DATA_ISSUES = "Data issues"
NOT_ASSESSABLE = "Not assessable"
LISTS = "Lists"


@dataclass(frozen=True)
class Column:
    """One column of the Calibration sheet."""

    key: str
    header: str
    width: float
    role: Literal["given", "entry", "live", "mark"] = "given"
    """`given` comes from the run, `entry` is filled in by the session, `live` is computed by a formula. A
    `mark` is hidden among the entries, and moves with them when they are sorted without their rows."""


CALIBRATION_COLUMNS: tuple[Column, ...] = (
    Column("number", "No.", 6),
    Column("employee_id", "Employee id", 11),
    Column("employee_name", "Name", 22),
    Column("promotion", "Promotion", 22),
    Column("crux", "What it hinges on", 52),
    Column("recommendation", "Recommendation", 17),
    Column("decision", "Decision", 17, "entry"),
    Column("mark", "Row of", 4, "mark"),
    Column("status", "Status", 18, "live"),
    Column("reason_code", "Reason code", 20, "entry"),
    Column("reason", "Reason", 28, "entry"),
    Column("follow_up", "Follow-up", 22, "entry"),
    Column("evidence", "Evidence", 10),
    Column("confidence", "Confidence", 12),
    Column("manager", "Manager", 20),
    Column("department", "Department", 16),
    Column("level", "Level", 18),
    Column("specialisation", "Specialisation", 18),
    Column("decided_by", "Decided by", 16, "entry"),
    Column("decided_on", "Decided on", 12, "entry"),
    Column("result", "Result", 17, "live"),
    Column("person_result", "Best result of the person", 17, "live"),
)
"""The Calibration sheet from left to right."""

HIDDEN = ("mark", "result", "person_result")
"""Columns that people need not see: one that guards the entries, and two that the Summary counts."""
CALIBRATION_HEADER_ROW = 5
SESSION_ROW = 3
"""Where the Calibration sheet says once, for all its rows, who decided and when."""


@dataclass(frozen=True)
class SessionCell:
    """One of those cells: its label, and the columns of the label and of itself, side by side."""

    key: str
    label: str
    label_column: str
    column: str

    @property
    def name(self) -> str:
        """Its defined name."""
        return f"session_{self.key}"

    @property
    def place(self) -> str:
        """Its place on the sheet."""
        return f"{_LETTERS[self.column]}{SESSION_ROW}"


SESSION_CELLS = (
    SessionCell("decided_by", "Decided by, for all rows", "employee_name", "promotion"),
    SessionCell("decided_on", "Decided on, for all rows", "crux", "recommendation"),
    SessionCell("rest", "The rest as recommended", "status", "reason_code"),
)
YES = "yes"
_LETTERS = {c.key: get_column_letter(i) for i, c in enumerate(CALIBRATION_COLUMNS, start=1)}


def letter(key: str) -> str:
    """The letter of a column of the Calibration sheet."""
    return _LETTERS[key]


@dataclass(frozen=True)
class Layout:
    """The places of one workbook's rows."""

    order: tuple[AgendaItem, ...]
    """Everybody in the order of the session: the rows of the Calibration sheet, and their numbers."""
    first: int
    """The Calibration sheet's first row below the header."""
    last: int
    evidence_sheets: Mapping[str, str]
    """Promotion id to the name of its evidence sheet, in the order of the pack."""
    evidence_names: Mapping[str, str]
    """Promotion id to the defined name of the evidence sheet's column of row numbers."""
    signal_names: Mapping[str, str]
    """Promotion id to the defined name of the signals' block, the header row first."""

    def cells(self, key: str) -> str:
        """A column of the Calibration sheet as an absolute range, sheet name included."""
        column = letter(key)
        return f"{CALIBRATION}!${column}${self.first}:${column}${self.last}"


def name_of(key: str) -> str:
    """The defined name of a column of the Calibration sheet, such as `calibration_result`."""
    return f"calibration_{key}"


EVIDENCE_HEADER_ROW = 5


def lay_out(run: Run, order: tuple[AgendaItem, ...]) -> Layout:
    """Find the place of everything before anything is written."""
    first = CALIBRATION_HEADER_ROW + 1
    sheets = _evidence_sheets(run)
    return Layout(
        order=order,
        first=first,
        last=max(first, first + len(run.recommendations) - 1),
        evidence_sheets=sheets,
        signal_names={id_: f"evidence_{n}_signals" for n, id_ in enumerate(sheets, start=1)},
        evidence_names={id_: f"evidence_{n}_number" for n, id_ in enumerate(sheets, start=1)},
    )


def _evidence_sheets(run: Run) -> dict[str, str]:
    present = {one.promotion for one in run.recommendations}
    titles = {level.id: level.title for level in run.pack.levels}
    taken: set[str] = set()
    sheets: dict[str, str] = {}
    for promotion in (one for one in run.pack.promotions if one.id in present):
        to, from_ = titles[promotion.to_level], titles[promotion.from_level]
        sheets[promotion.id] = _sheet_name((f"To {to}", promotion.title, f"From {from_}"), taken)
        taken.add(sheets[promotion.id].casefold())
    return sheets


LONGEST_NAME = 31
"""Letters of a sheet's name (Excel's limit)."""


def _sheet_name(titles: Sequence[str], taken: set[str]) -> str:
    """The first title that fits and is free; else the first one, cut after a word and numbered. Excel takes
    none of `[]:*?/\\` and no apostrophe."""
    plain = ["".join("-" if c in "[]:*?/\\" else c for c in title if c != "'") for title in titles]
    names = [" ".join("".join(c for c in name if c.isprintable()).split()) for name in plain]
    for name in names:
        if len(name) <= LONGEST_NAME and name.casefold() not in taken:
            return name
    number = 1
    while True:
        tail = f" {number}" if number > 1 else ""
        room = LONGEST_NAME - len(tail)
        name = names[0] if len(names[0]) <= room else (names[0][: room + 1].rsplit(" ", 1)[0])[:room]
        if f"{name}{tail}".casefold() not in taken:
            return f"{name}{tail}"
        number += 1


def place(sheet: str, cell: str) -> str:
    """A reference with the sheet's name quoted where it has to be."""
    return f"{quote_sheetname(sheet) if not sheet.isalnum() else sheet}!{cell}"


def quoted(text: str) -> str:
    """A text as a formula's constant."""
    return f'"{doubled(text)}"'


def doubled(text: str) -> str:
    """A text inside a formula's constant."""
    return text.replace('"', '""')
