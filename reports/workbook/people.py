"""The People sheet: who stands where, by the distance to the next level and the time in this one."""

from collections.abc import Sequence

from engine.phrases import few
from reports.shown.content import Run
from reports.shown.looks import BANDS as BAND_LOOKS
from reports.workbook.book import Book, Sheet
from reports.workbook.cells import row_height
from reports.workbook.layout import PEOPLE, Layout
from reports.workbook.styles import CELL, HEAD, HEAD_CENTER, ROW_HEAD_BOLD, SUBTITLE, in_colors_of
from reports.workbook.topics import AgendaItem
from rules.pack import BANDS

DISTANCES: tuple[tuple[str, int | None, int | None], ...] = (
    ("1 or 2 steps", 1, 2),
    ("3 to 5 steps", 3, 5),
    ("6 to 10 steps", 6, 10),
    ("Over 10 steps", 11, None),
)
"""Rating steps to the best band, from and to."""
UNKNOWN = "No number of steps"
"""Where ratings, time or a date is missing."""
YEARS: tuple[tuple[str, int, int | None], ...] = (
    ("Over 3 years", 37, None),
    ("Over 2, to 3 years", 25, 36),
    ("Over 1, to 2 years", 13, 24),
    ("Up to 1 year", 0, 12),
)
"""Months in the level, from and to."""
TIME_UNKNOWN = "Time not known"
MOVED = {
    "up": " ↑",
    "down": " ↓",
    **dict.fromkeys(("not in the earlier run", "new level", "new promotion", "other levels"), " +"),
}
MOST_NAMES = 60
"""Names in one cell; more are counted, and are on the Calibration sheet."""
WIDTH = 33.0


def add_people(book: Book, run: Run, layout: Layout) -> None:
    """Write the sheet: a grid for each promotion, in which every name stands once."""
    sheet = book.sheet(PEOPLE, "2B4C9B")
    sheet.widths([20.0, *[WIDTH] * (len(DISTANCES) + 2)])
    sheet.title(
        "People",
        f"Across: rating steps to {run.pack.bands[BANDS[0]].label}; there may be no number where ratings, "
        "time or a date is missing. Down: time in the level. It shows what the present ratings support, and "
        "says nothing about what somebody could become.",
    )
    if run.session.cycle is not None:
        sheet.add(("Since the last cycle: ↑ a better band, ↓ a lower one, + not in it then.", SUBTITLE))
    for promotion in run.pack.promotions:
        members = [item for item in layout.order if item.known.promotion == promotion.id]
        if members:
            _add_grid(sheet, run, promotion.title, members)
    sheet.freeze("A3")
    sheet.enlarge(90)


def _add_grid(sheet: Sheet, run: Run, title: str, members: Sequence[AgendaItem]) -> None:
    best = run.pack.bands[BANDS[0]].label
    columns = [best, *(name for name, _, _ in DISTANCES), UNKNOWN]
    rows: dict[str, dict[str, list[str]]] = {}
    for item in members:
        row = rows.setdefault(_time(item), {})
        row.setdefault(_distance(item, best), []).append(_name(run, item))
    sheet.section(f"{title} ({len(members):,})")
    counts = {name: sum(len(row.get(name, ())) for row in rows.values()) for name in columns}
    sheet.add(
        ("Time in the level", HEAD),
        (f"{best} ({counts[best]})", in_colors_of(BAND_LOOKS[BANDS[0]], HEAD_CENTER)),
        *((f"{name} ({counts[name]})", HEAD_CENTER) for name in columns[1:]),
        height=22,
    )
    for name in (*(name for name, _, _ in YEARS), TIME_UNKNOWN):
        if name in rows:
            texts = [few(rows[name].get(column, []), MOST_NAMES) for column in columns]
            height = row_height(*((text, WIDTH) for text in texts))
            sheet.add((name, ROW_HEAD_BOLD), *((text, CELL) for text in texts), height=height)


def _name(run: Run, item: AgendaItem) -> str:
    one, past = item.known, run.session.past(item.known.key)
    return f"{one.employee_name or one.employee_id}{MOVED.get(past.change, '') if past else ''}"


def _distance(item: AgendaItem, best: str) -> str:
    if item.known.recommendation == BANDS[0]:
        return best
    return _between(DISTANCES, item.steps_to_ready_now) or UNKNOWN


def _time(item: AgendaItem) -> str:
    return _between(YEARS, item.months_in_level) or TIME_UNKNOWN


def _between(ranges: Sequence[tuple[str, int | None, int | None]], value: int | None) -> str | None:
    if value is None:
        return None
    return next(
        (name for name, low, high in ranges if (low or 0) <= value and (high is None or value <= high)), None
    )
