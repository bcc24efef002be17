"""Where things stand in the workbook: sheets, columns and ranges that formulas and readers refer to."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from openpyxl.utils import get_column_letter, quote_sheetname

from reports.shown.content import Run

READ_ME = "Read me"
AGENDA = "Agenda"
CALIBRATION = "Calibration"
SUMMARY = "Summary"
COMPARE = "Compare"
LAST_CYCLE = "Last cycle"
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
    Column("employee_id", "Employee id", 12),
    Column("employee_name", "Name", 21),
    Column("department", "Department", 15),
    Column("manager", "Manager", 18),
    Column("promotion", "Promotion", 20),
    Column("recommendation", "Recommendation", 16),
    Column("confidence", "Confidence", 12),
    Column("distance", "Steps to next band", 10),
    Column("reasons", "Main reason", 56),
    Column("findings", "Findings", 34),
    Column("questions", "Open questions", 34),
    Column("evidence", "Evidence", 11),
    Column("decision", "Decision", 17, "entry"),
    Column("mark", "Row of", 4, "mark"),
    Column("reason_code", "Reason code", 20, "entry"),
    Column("reason", "Reason", 32, "entry"),
    Column("decided_by", "Decided by", 16, "entry"),
    Column("decided_on", "Decided on", 12, "entry"),
    Column("follow_up", "Follow-up", 24, "entry"),
    Column("result", "Result", 17, "live"),
    Column("status", "Status", 18, "live"),
    Column("next_step", "Next step", 44),
    Column("level", "Level", 17),
    Column("next_level", "Next level", 17),
    Column("specialisation", "Specialisation", 18),
    Column("all_reasons", "All reasons", 70),
    Column("rules", "Rules that fired", 26),
    Column("person_result", "Best result of the person", 17, "live"),
)
"""The Calibration sheet from left to right."""

CALIBRATION_HEADER_ROW = 5
_LETTERS = {c.key: get_column_letter(i) for i, c in enumerate(CALIBRATION_COLUMNS, start=1)}


def letter(key: str) -> str:
    """The letter of a column of the Calibration sheet."""
    return _LETTERS[key]


@dataclass(frozen=True)
class Layout:
    """The places of one workbook's rows."""

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


def lay_out(run: Run) -> Layout:
    """Find the place of everything before anything is written."""
    first = CALIBRATION_HEADER_ROW + 1
    sheets = _evidence_sheets(run)
    return Layout(
        first=first,
        last=max(first, first + len(run.explanations) - 1),
        evidence_sheets=sheets,
        signal_names={id_: f"evidence_{n}_signals" for n, id_ in enumerate(sheets, start=1)},
        evidence_names={id_: f"evidence_{n}_number" for n, id_ in enumerate(sheets, start=1)},
    )


def _evidence_sheets(run: Run) -> dict[str, str]:
    present = {explanation.promotion for explanation in run.explanations}
    taken: set[str] = set()
    sheets: dict[str, str] = {}
    for promotion in run.pack.promotions:
        if promotion.id in present:
            name = _sheet_name(f"Evidence {promotion.title}", taken)
            taken.add(name.casefold())
            sheets[promotion.id] = name
    return sheets


def _sheet_name(title: str, taken: set[str]) -> str:
    """A name that Excel accepts: at most 31 characters, none of `[]:*?/\\`, no apostrophe, used once."""
    plain = "".join("-" if c in "[]:*?/\\" else c for c in title if c.isprintable() and c != "'")
    name = plain[:31].strip()
    number = 2
    while name.casefold() in taken:
        tail = f" {number}"
        name = plain[: 31 - len(tail)].strip() + tail
        number += 1
    return name


def place(sheet: str, cell: str) -> str:
    """A reference with the sheet's name quoted where it has to be."""
    return f"{quote_sheetname(sheet) if not sheet.isalnum() else sheet}!{cell}"
