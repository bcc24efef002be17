"""The hidden sheet: what the drop-downs offer, and which run the workbook belongs to."""

from itertools import zip_longest

from engine.session import session_terms
from reports.shown.calibration_groups import Group
from reports.shown.content import Run
from reports.workbook.book import Book
from reports.workbook.calibration import BAND_LIST, REASON_LIST
from reports.workbook.compare import PEOPLE_LIST, pick_label
from reports.workbook.layout import LISTS
from reports.workbook.styles import HEAD, TEXT
from rules.pack import BANDS

FORMAT = "readiness calibration workbook 2"
"""Says that a workbook is ours, and which generation of columns it has."""


def add_lists(book: Book, run: Run, group: Group | None) -> None:
    """Write the sheet; `group` is the part of the run that the workbook holds, None for all of it."""
    sheet = book.sheet(LISTS, "C9CCD8")
    sheet.page.sheet_state = "hidden"
    sheet.widths([30, 34, 24, 40, 50])
    sheet.add(*((header, HEAD) for header in ("Decisions", "Reason codes", "About", "Value", "People")))
    bands = [run.pack.bands[band].label for band in BANDS]
    reasons = [reason.label for reason in session_terms().reasons]
    about = [
        ("format", FORMAT),
        ("run", run.fingerprint),
        ("group by", group.by if group else ""),
        ("group", group.value if group else ""),
    ]
    people = [pick_label(n, explanation) for n, explanation in enumerate(run.explanations, start=1)]
    keys, values = [key for key, _ in about], [value for _, value in about]
    for row in zip_longest(bands, reasons, keys, values, people):
        sheet.add(*((text, TEXT) for text in row))
    book.name(BAND_LIST, f"{LISTS}!$A$2:$A${1 + len(bands)}")
    book.name(REASON_LIST, f"{LISTS}!$B$2:$B${1 + len(reasons)}")
    book.name(PEOPLE_LIST, f"{LISTS}!$E$2:$E${1 + max(len(people), 1)}")
    sheet.protect()
