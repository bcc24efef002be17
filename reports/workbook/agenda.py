"""The Agenda sheet: whom to discuss first, about what, with the question to ask and the status."""

from openpyxl.formatting.rule import Rule

from engine.phrases import count
from engine.session import FAULTY, SETTLED, session_terms
from engine.words import Explanation
from reports.shown.content import Run, manager_of
from reports.shown.looks import BANDS as BAND_LOOKS
from reports.shown.looks import STATUSES
from reports.workbook.book import Book, Sheet
from reports.workbook.calibration import Entries, status_of
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
from reports.workbook.topics import AgendaItem, agenda_of, places_of
from rules.pack import BANDS

WHEN = "When"
NOW, LATER = "In the session", "If time allows"
COLUMNS = (
    ("Order", 7.0),
    (WHEN, 14.0),
    ("Name", 22.0),
    ("Manager", 18.0),
    ("Promotion", 20.0),
    ("Recommendation", 16.0),
    ("Confidence", 12.0),
    ("Why on the agenda", 32.0),
    ("Signals to look at", 42.0),
    ("Question to discuss", 58.0),
    ("Status", 18.0),
)


def add_agenda(book: Book, run: Run, layout: Layout, entries: Entries) -> None:
    """Write the sheet; the status is live and comes from the Calibration sheet."""
    sheet = book.sheet(AGENDA, "C28F00")
    sheet.widths(width for _, width in COLUMNS)
    items, places = agenda_of(run), places_of(run)
    sheet.add(("Agenda", TITLE), height=28)
    for line in _about(len(items), places, len(run.explanations)):
        sheet.add((line, SUBTITLE))
    sheet.rows.skip(FIRST_ROW - 1 - sheet.rows.last_row)
    headers = [header for header, _ in COLUMNS]
    head = sheet.add(*((header, HEAD) for header in headers), height=24)
    bands: dict[str, int] = {band: sheet.number(in_colors_of(BAND_LOOKS[band], CELL)) for band in BANDS}
    plain, bold, small, link = (sheet.number(style) for style in (CELL, CELL_BOLD, CELL_SMALL, LINK))
    filtered = places < len(items)
    for order, item in enumerate(items, start=1):
        one = item.explanation
        topics = "\n".join(topic.title for topic in item.topics)
        questions = "\n".join(topic.question for topic in item.topics[:QUESTIONS])
        signals = "\n".join(_signals(item))
        sheet.add_numbered(
            (
                order,
                NOW if order <= places else LATER,
                _link(item.index + 1, one, layout),
                manager_of(one),
                one.promotion_title,
                run.pack.bands[one.recommendation].label,
                run.pack.confidences[one.confidence].label,
                topics,
                signals,
                questions,
                Formula(
                    f"INDEX({name_of('status')},MATCH({item.index + 1},{name_of('number')},0))",
                    str(status_of(run, one, entries)),
                ),
            ),
            (plain, plain, link, plain, plain, bands[one.recommendation], plain, plain, small, plain, bold),
            max(15.0 * max(len(item.topics), _lines(questions, 58), 2), 12.5 * _lines(signals, 52)) + 4,
            hidden=filtered and order > places,
        )
    if not items:
        nobody = (("–", CELL), (None, CELL), ("Nobody stands out.", CELL))
        sheet.add(*nobody, *[(None, CELL)] * (len(COLUMNS) - len(nobody)))
    only = (WHEN, NOW) if filtered else None
    sheet.table("Agenda_table", headers, head, sheet.rows.last_row, only=only)
    sheet.freeze(f"D{head + 1}")
    _add_highlights(sheet, head + 1)
    sheet.page.page_setup.paperSize = sheet.page.PAPERSIZE_A3
    sheet.page.sheet_view.zoomScale = 90
    sheet.protect()


FIRST_ROW = 5
QUESTIONS = 2
"""Questions to a person; more would not be discussed."""


def _about(items: int, places: int, everybody: int) -> tuple[str, ...]:
    order = "Those that a discussion can change most come first."
    have = f"{items:,} of {count(everybody, 'recommendation')} {'has' if items == 1 else 'have'} a topic"
    if items <= places:
        return (f"{have}. {order}",)
    time = session_terms().time
    fit = f"the first {places:,} are shown" + (
        f": {time.minutes} minutes at {time.minutes_per_item} each" if places == time.places else ""
    )
    return (
        f"{have}; {fit}. {order}",
        f"To see the other {items - places:,}, choose “{LATER}” in the filter of the column “{WHEN}”.",
    )


def _signals(item: AgendaItem) -> list[str]:
    lines = [", ".join(item.signals)] if item.signals else []
    warned = [one.title for one in item.explanation.questions if one.kind == "framework"]
    if warned:
        lines.append(f"By the frameworks: {'; '.join(warned[:ASKED])}")
    if item.asks:
        more = f" and {len(item.asks) - ASKED} more" if len(item.asks) > ASKED else ""
        lines.append(f"Ask for an example of: {', '.join(item.asks[:ASKED])}{more}")
    return lines


ASKED = 3
"""Signals that a row asks for an example of; the Evidence sheet has all."""


def _lines(text: str, width: int) -> int:
    return sum(1 + len(line) // width for line in text.split("\n"))


def _link(number: int, one: Explanation, layout: Layout) -> Formula:
    """The person's name, with a link to their row. The name is looked up, so that no formula holds one."""
    found = f"MATCH({number},{name_of('number')},0)"
    shown = f"INDEX({name_of('employee_name' if one.employee_name else 'employee_id')},{found})"
    target = f'"#{CALIBRATION}!{letter("decision")}"&({found}+{layout.first - 1})'
    return Formula(f"HYPERLINK({target},{shown})", one.employee_name or one.employee_id)


def _add_highlights(sheet: Sheet, first: int) -> None:
    cells = f"K{first}:K{sheet.rows.last_row}"
    for statuses, look in ((SETTLED, BAND_LOOKS["ready_now"]), (FAULTY, STATUSES["gap"])):
        tests = ",".join(f'$K{first}="{s}"' for s in statuses)
        sheet.highlight(cells, Rule(type="expression", dxf=highlight(look), formula=[f"OR({tests})"]))
