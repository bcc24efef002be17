"""The Last cycle sheet: what the earlier run said and decided, and what became of it."""

from reports.history import Previous, movements
from reports.looks import BANDS as BAND_LOOKS
from reports.summary import Summary, manager_of
from reports.workbook.book import Book
from reports.workbook.layout import LAST_CYCLE
from reports.workbook.styles import CELL, CELL_BOLD, CELL_CENTER, HEAD, SUBTITLE, TITLE, Style, in_colors_of
from rules.pack import RulePack

COLUMNS = (
    ("Employee id", 13.0),
    ("Name", 24.0),
    ("Manager", 20.0),
    ("Promotion", 24.0),
    ("Recommended then", 19.0),
    ("Decided then", 19.0),
    ("Recommended now", 19.0),
    ("Movement", 18.0),
    ("What became of it", 46.0),
    ("Months in level", 12.0),
    ("Core signs met both times", 16.0),
    ("Finding", 20.0),
)


def add_last_cycle(book: Book, summary: Summary, previous: Previous) -> None:
    """Draw the sheet."""
    sheet = book.sheet(LAST_CYCLE, "6B4E9B")
    sheet.widths(width for _, width in COLUMNS)
    moves = movements(summary, previous)
    now = {one.employee_id for one in summary.explanations}
    gone = {one.employee_id for one in previous.summary.explanations} - now
    sheet.add(("Last cycle", TITLE), height=28)
    told = f"{len(gone):,} people of that run have no recommendation in this one." if gone else ""
    earlier = previous.summary
    sheet.add((f"Run {earlier.fingerprint}, as of {earlier.day.isoformat()}. {told}", SUBTITLE))
    sheet.rows.skip(2)
    headers = [header for header, _ in COLUMNS]
    head = sheet.add(*((header, HEAD) for header in headers), height=34)
    for move in moves:
        one = move.explanation
        sheet.add(
            (one.employee_id, CELL),
            (one.employee_name, CELL_BOLD),
            (manager_of(one), CELL),
            (one.transition_title, CELL),
            *(_band(band, summary.pack) for band in (move.before, move.decided, one.recommendation)),
            (move.change, CELL),
            (move.became, CELL),
            (one.months_in_level, CELL_CENTER),
            (f"{move.sustained} of {move.core}", CELL_CENTER),
            (move.finding, CELL_BOLD),
            height=34,
        )
    if not moves:
        sheet.add(*[(None, CELL)] * len(COLUMNS))
    sheet.table("Last_cycle_table", headers, head, sheet.rows.last_row)
    sheet.freeze(f"C{head + 1}")
    sheet.protect()


def _band(band: str | None, pack: RulePack) -> tuple[str, Style]:
    if band is None:
        return "–", CELL
    return pack.bands[band].label, in_colors_of(BAND_LOOKS[band], CELL)  # type: ignore[index]
