"""The Room sheet of the final workbook: how often the session changed what the rules recommended."""

from engine.session import session_terms
from reports.shown.content import Run
from reports.shown.room import ABOUT, MOVES, Changes, room_of
from reports.workbook.book import Book, Sheet
from reports.workbook.cells import row_height
from reports.workbook.layout import ROOM
from reports.workbook.styles import CELL, COUNT, HEAD, HEAD_CENTER, ROW_HEAD, SUBTITLE

WIDTHS = (46.0, 16.0, 16.0, 16.0, 18.0, 16.0, 50.0)


def add_room(book: Book, run: Run) -> None:
    """Write the sheet; nobody is named but in the last table, which is for HR and the pack's owner."""
    room = room_of(run)
    sheet = book.sheet(ROOM, "2B4C9B")
    sheet.widths(WIDTHS)
    sheet.title("Is the room calibrated?", ABOUT)
    if room.votes is not None:
        sheet.section("Votes before the session")
        for sentence in room.votes.sentences:
            sheet.add((sentence, SUBTITLE))
    _add_changes(sheet, "By what the rules recommended", room.bands)
    _add_changes(sheet, "By manager, without names", room.managers)
    sheet.section("Rules that were overruled, with each decision: for HR and the pack's owner")
    sheet.heads(("Rule", "Decided", "Overruled", "Employee id", "Recommended", "Decided", "Why"), 20)
    reasons = {reason.id: reason.label for reason in session_terms().reasons}
    for rule in room.rules:
        for one, made in rule.changed:
            why = ": ".join(filter(None, [reasons.get(made.reason_code or ""), made.reason]))
            title = f"{rule.code} {rule.title}"
            sheet.add(
                (title, CELL),
                (rule.decided, COUNT),
                (len(rule.changed), COUNT),
                (one.employee_id, CELL),
                (run.pack.bands[made.recommendation].label, CELL),
                (run.pack.bands[made.decision].label, CELL),
                (why, CELL),
                height=row_height((title, WIDTHS[0]), (why, WIDTHS[-1]), (one.employee_id, 16.0)),
            )
    if not room.rules:
        sheet.add(("None: every decision agrees with its recommendation.", ROW_HEAD))
    sheet.freeze("A3")


def _add_changes(sheet: Sheet, title: str, changes: tuple[Changes, ...]) -> None:
    sheet.section(title)
    heads = ("Decided", *(str(move) for move in MOVES))
    sheet.add((None, HEAD), *((head, HEAD_CENTER) for head in heads), height=20)
    for one in changes:
        counts = (one.decided, *(one.counts.get(move, 0) for move in MOVES))
        sheet.add((one.name, ROW_HEAD), *((number, COUNT) for number in counts))
