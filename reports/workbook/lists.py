"""The hidden sheet: what the drop-downs offer, and which run the workbook belongs to."""

from itertools import zip_longest

from engine.session import session_terms
from reports.shown.calibration_groups import Group
from reports.shown.content import Run
from reports.workbook.book import Book
from reports.workbook.calibration import BAND_LIST, REASON_LIST, YES_LIST
from reports.workbook.layout import LISTS, YES, Layout
from reports.workbook.styles import HEAD, TEXT
from reports.workbook.topics import AgendaItem
from rules.pack import BANDS

FORMAT = "readiness calibration workbook 3"
"""Says that a workbook is ours, and which generation of columns it has."""
PEOPLE_LIST = "list_people"
"""Defined name of a label for each row of the Calibration sheet, in the order of their numbers."""


def pick_label(number: int, item: AgendaItem) -> str:
    """How a list calls a row; the number makes it unique, and `~` would hide it from MATCH."""
    one = item.known
    return f"{number} {one.employee_name or one.employee_id}, {one.promotion_title}".replace("~", "-")[:200]


def add_lists(book: Book, run: Run, layout: Layout, group: Group | None) -> None:
    """Write the sheet; `group` is the part of the run that the workbook holds, None for all of it."""
    sheet = book.sheet(LISTS, "C9CCD8")
    sheet.page.sheet_state = "hidden"
    sheet.widths([30, 34, 24, 40, 12, 50, 50, 50])
    bands = [run.pack.bands[band].label for band in BANDS]
    reasons = [reason.label for reason in session_terms().reasons]
    about = {
        "format": FORMAT,
        "run": run.fingerprint,
        "group by": group.by if group else "",
        "group": group.value if group else "",
    }
    people = [pick_label(number, item) for number, item in enumerate(layout.order, start=1)]
    columns = (
        ("Decisions", BAND_LIST, bands),
        ("Reason codes", REASON_LIST, reasons),
        ("About", None, list(about)),
        ("Value", None, list(about.values())),
        ("The rest", YES_LIST, [YES]),
        ("People", PEOPLE_LIST, people),
        ("Manager wrote", "list_manager_wrote", [item.texts["manager_short"] for item in layout.order]),
        ("Self wrote", "list_self_wrote", [item.texts["self_short"] for item in layout.order]),
    )
    sheet.add(*((header, HEAD) for header, _, _ in columns))
    for row in zip_longest(*(texts for _, _, texts in columns)):
        sheet.add(*((text, TEXT) for text in row))
    for letter, (_, name, texts) in zip("ABCDEFGH", columns, strict=True):
        if name is not None:
            book.name(name, f"{LISTS}!${letter}$2:${letter}${1 + max(len(texts), 1)}")
