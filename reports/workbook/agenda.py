"""The Agenda sheet: whom to discuss first, about what, with the question to ask and where it stands."""

from openpyxl.formatting.rule import Rule

from engine.calibration import FAULTY, SETTLED
from engine.explanation import Explanation
from reports.looks import BANDS as BAND_LOOKS
from reports.looks import STATUSES
from reports.summary import Summary, manager_of
from reports.workbook.book import Book, Sheet
from reports.workbook.calibration import Entries, standing_of
from reports.workbook.cells import Formula
from reports.workbook.layout import AGENDA, CALIBRATION, Layout, letter, name_of
from reports.workbook.styles import (
    CELL,
    CELL_BOLD,
    CELL_SMALL,
    HEAD,
    LINK,
    SUBTITLE,
    TITLE,
    highlight,
    in_colors_of,
)
from reports.workbook.topics import agenda_of
from rules.pack import BANDS

COLUMNS = (
    ("Order", 8.0),
    ("Name", 24.0),
    ("Manager", 20.0),
    ("Promotion", 24.0),
    ("Recommendation", 18.0),
    ("Confidence", 13.0),
    ("Why on the agenda", 34.0),
    ("Signs to look at", 44.0),
    ("Question to discuss", 60.0),
    ("Status", 20.0),
)


def add_agenda(book: Book, summary: Summary, layout: Layout, entries: Entries) -> None:
    """Draw the sheet; the status is live and comes from the Calibration sheet."""
    sheet = book.sheet(AGENDA, "C28F00")
    sheet.widths(width for _, width in COLUMNS)
    items = agenda_of(summary.explanations)
    sheet.add(("Agenda", TITLE), height=28)
    sheet.add(
        (
            f"{len(items):,} of {len(summary.explanations):,} recommendations, in the order of how much the "
            "discussion can change: one rating step from another band, then the least certain, then the most "
            "open questions.",
            SUBTITLE,
        )
    )
    sheet.rows.skip(2)
    headers = [header for header, _ in COLUMNS]
    head = sheet.add(*((header, HEAD) for header in headers), height=24)
    bands: dict[str, int] = {band: sheet.number(in_colors_of(BAND_LOOKS[band], CELL)) for band in BANDS}
    plain, bold, small, link = (sheet.number(style) for style in (CELL, CELL_BOLD, CELL_SMALL, LINK))
    for order, item in enumerate(items, start=1):
        one = item.explanation
        topics = "\n".join(topic.title for topic in item.topics)
        questions = "\n".join(topic.question for topic in item.topics[:QUESTIONS])
        signs = ", ".join(item.signs)
        sheet.add_numbered(
            (
                order,
                _link(item.index + 1, one, layout),
                manager_of(one),
                one.transition_title,
                summary.pack.bands[one.recommendation].label,  # type: ignore[index]
                summary.pack.confidences[one.confidence].label,  # type: ignore[index]
                topics,
                signs,
                questions,
                Formula(
                    f"INDEX({name_of('standing')},MATCH({item.index + 1},{name_of('number')},0))",
                    str(standing_of(summary, one, entries)),
                ),
            ),
            (plain, link, plain, plain, bands[one.recommendation], plain, plain, small, plain, bold),
            15.0 * max(len(item.topics), 1 + len(signs) // 46, _lines(questions)) + 4,
        )
    if not items:
        sheet.add(("–", CELL), ("Nobody stands out.", CELL), *[(None, CELL)] * (len(COLUMNS) - 2))
    sheet.table("Agenda_table", headers, head, sheet.rows.last_row)
    sheet.freeze(f"C{head + 1}")
    _add_highlights(sheet, head + 1)
    sheet.page.sheet_view.zoomScale = 90
    sheet.protect()


QUESTIONS = 2
"""Questions to a person; more would not be discussed."""


def _lines(text: str) -> int:
    return sum(1 + len(line) // 58 for line in text.split("\n"))


def _link(number: int, one: Explanation, layout: Layout) -> Formula:
    """The person's name, leading to their row. The name is looked up, so that none stands in a formula."""
    found = f"MATCH({number},{name_of('number')},0)"
    shown = f"INDEX({name_of('employee_name' if one.employee_name else 'employee_id')},{found})"
    target = f'"#{CALIBRATION}!{letter("decision")}"&({found}+{layout.first - 1})'
    return Formula(f"HYPERLINK({target},{shown})", one.employee_name or one.employee_id)


def _add_highlights(sheet: Sheet, first: int) -> None:
    cells = f"J{first}:J{sheet.rows.last_row}"
    for standings, look in ((SETTLED, BAND_LOOKS["ready_now"]), (FAULTY, STATUSES["gap"])):
        tests = ",".join(f'$J{first}="{s}"' for s in standings)
        sheet.highlight(cells, Rule(type="expression", dxf=highlight(look), formula=[f"OR({tests})"]))
