"""The Details sheet: everything long about each recommendation, in full; the Session sheet shows it."""

from collections.abc import Iterable, Mapping

from openpyxl.utils import get_column_letter

from engine.phrases import day, join, number, span
from engine.words import Explanation, SignalEvidence
from reports.shown.content import Run
from reports.shown.crux import crux_of, still_to_show, strongest
from reports.shown.saying import present_first, too_early
from reports.workbook.agenda import questions_text, topics_text, votes_text
from reports.workbook.book import Book
from reports.workbook.cells import row_height
from reports.workbook.evidence import comments, overridden_signals
from reports.workbook.layout import DETAILS, Layout
from reports.workbook.styles import CELL, CELL_BOLD
from reports.workbook.topics import Turn

HEADER_ROW = 4
SHOWN = 4
"""Signals and questions of one person that the Session sheet names; the rest is counted."""
COLUMNS: Mapping[str, tuple[str, float]] = {
    "number": ("No.", 6),
    "name": ("Name", 22),
    "id": ("Employee id", 12),
    "promotion": ("Promotion", 23),
    "time": ("Time", 22),
    "firmness": ("How firm", 36),
    "topics": ("Why on the agenda", 28),
    "asks": ("Question to discuss", 40),
    "votes": ("Votes before the session", 22),
    "strong": ("Strongest signals", 40),
    "show": ("Still to show", 40),
    "questions": ("Open questions", 40),
    "past": ("Last cycle", 40),
    "reasons": ("Reasons", 70),
    "next_step": ("Next step", 50),
    "asked": ("Open questions in full", 70),
    "other": ("Asked differently", 50),
    "manager_wrote": ("Manager's comments", 70),
    "self_wrote": ("Self comments", 70),
    "rules": ("Rules that fired", 26),
}
"""Key to header and width, from left to right; those in which nobody has anything are left out."""
ALWAYS = ("number", "name", "promotion", "time")
"""Columns that are there whatever is in them: formulas name them."""
RATERS = ("manager", "self")
ELSEWHERE = f", see {DETAILS} and the evidence"
LETTERS = 400
"""Of comments that the Session sheet has room for."""


def details_name(key: str) -> str:
    """The defined name of a column."""
    return f"details_{key}"


def add_details(book: Book, layout: Layout) -> None:
    """Write the sheet, in the order of the session."""
    rows = [item.texts for item in layout.order]
    sheet = book.sheet(DETAILS, "3E7C59")
    shown = {key: told for key, told in COLUMNS.items() if key in ALWAYS or any(row[key] for row in rows)}
    sheet.widths(width for _, width in shown.values())
    sheet.title("Details", "What the Session sheet shows about one person, for everybody and in full.")
    sheet.skip_to(HEADER_ROW)
    headers = [header for header, _ in shown.values()]
    sheet.heads(headers, 32)
    styles = [sheet.number(CELL_BOLD if key == "name" else CELL) for key in shown]
    for place, row in enumerate(rows, start=1):
        room = [(row[key], width) for key, (_, width) in shown.items() if key != "number"]
        values = [place if key == "number" else row[key] for key in shown]
        sheet.rows.add(values, styles, row_height(*room))
    if not rows:
        sheet.rows.add([None] * len(shown), styles)
    last = sheet.rows.last_row
    sheet.table("Details_table", headers, HEADER_ROW, "C")
    for column, key in enumerate(shown, start=1):
        letter = get_column_letter(column)
        book.name(details_name(key), f"{DETAILS}!${letter}${HEADER_ROW + 1}:${letter}${last}")
    sheet.enlarge(100)


def details_of(run: Run, turn: Turn, one: Explanation) -> dict[str, str]:
    """The texts of one recommendation by the keys of `COLUMNS`, but the number, and what the
    Session sheet shows beside them."""
    wrote = {rater: comments(one, rater) for rater in RATERS}
    return {
        "crux": crux_of(one, run),
        "manager_short": _shortened(wrote["manager"]),
        "self_short": _shortened(wrote["self"]),
        "name": one.employee_name or one.employee_id,
        "id": one.employee_id,
        "promotion": one.promotion_title,
        "time": _time(one),
        "firmness": _firmness(run, one),
        "topics": topics_text(turn),
        "asks": questions_text(turn),
        "votes": votes_text(run, turn),
        "strong": "\n".join(_above(signal) for signal in strongest(one)) or _nothing_strong(one),
        "show": show_text(run, one, ELSEWHERE),
        "questions": _first((asked.title for asked in one.questions), ELSEWHERE),
        "past": _past(run, one),
        "reasons": "\n".join(one.reasons),
        "next_step": one.next_step,
        "asked": "\n".join(asked.sentence for asked in one.questions),
        "other": overridden_signals(one),
        "manager_wrote": wrote["manager"],
        "self_wrote": wrote["self"],
        "rules": ", ".join(rule.code for rule in one.rules if rule.decisive),
    }


def show_text(run: Run, one: Explanation, elsewhere: str) -> str:
    """What the present level expects and the recommendation rests on, then the signals that are still to
    show; `elsewhere` says where those are that are only counted. Nothing is, after a review too early."""
    if early := too_early(one, run):
        return early
    present = (
        f"{part.competency_title}: {number(part.rating)}, {one.level_title} expects {number(part.expected)}"
        for part in present_first(one)
        if part.rating is not None
    )
    short = (_below(run, signal) for signal in still_to_show(one))
    return _first((*present, *short), elsewhere) or _nothing(one)


def _nothing_strong(one: Explanation) -> str:
    seen = {signal.status for signal in one.evidence}
    if "met" in seen:
        return "None: what is at its bar is rated lowest, or too low for the present level."
    return "No signal can be judged yet." if seen == {"unrated"} else "No signal is at its bar."


def _nothing(one: Explanation) -> str:
    """What is said where everything that was rated is there."""
    if not one.outlook.to_rate:
        return "Nothing: all is at its bar."
    needed = [move.competency_title for move in one.outlook.to_rate[0].ratings]
    return f"Not {'used' if one.corrects_file else 'rated'}, and needed: {join(needed, most=SHOWN)}"


def _shortened(text: str) -> str:
    if len(text) <= LETTERS:
        return text
    return f"{text[:LETTERS].rsplit(None, 1)[0]} … (all of it on {DETAILS})"


def _above(signal: SignalEvidence) -> str:
    score = number(signal.manager_score) if signal.manager_score is not None else "–"
    return f"{signal.title}: {score}, the bar is {number(signal.bar)}"


def _below(run: Run, signal: SignalEvidence) -> str:
    if signal.manager_score is None or signal.status == "unrated":
        return f"{signal.title}: {run.pack.statuses['unrated'].label.lower()}"
    return _above(signal)


def _first(texts: Iterable[str], elsewhere: str) -> str:
    lines = list(texts)
    more = [f"and {len(lines) - SHOWN} more{elsewhere}"] if len(lines) > SHOWN else []
    return "\n".join([*lines[:SHOWN], *more])


def _time(one: Explanation) -> str:
    if one.months_in_level is None:
        return f"time as {one.level_title} not known"
    return f"{one.level_title} for {span(one.months_in_level)}"


def _firmness(run: Run, one: Explanation) -> str:
    label = f"{run.pack.confidences[one.confidence].label} confidence"
    if one.firm_in is None:
        return label
    return f"{label}; it stays in {one.firm_in} of {one.re_ratings} plausible re-ratings"


def _past(run: Run, one: Explanation) -> str:
    """What the last cycle said and decided, how it moved, and what became of it."""
    cycle, past = run.session.cycle, run.session.past(one.key)
    if cycle is None or past is None:
        return ""
    change = past.change.capitalize()
    if past.before is not None:
        bands = run.pack.bands
        then = f"{day(cycle.day)}: {bands[past.before].label}"
        decided = f", decided {bands[past.decided].label}" if past.decided else ""
        change = f"{then}{decided}; {past.change} since"
    return "\n".join(filter(None, [change, past.became, past.sentence]))
