"""The Last cycle sheet: what the earlier run said and decided, what became of it, which evidence lasted."""

from collections import Counter

from engine.phrases import count, day, few
from engine.session import session_terms
from reports.shown.content import Run
from reports.shown.looks import BANDS as BAND_LOOKS
from reports.shown.session import SAME_RATINGS, LastCycle, PastCycle
from reports.workbook.book import Book, Sheet
from reports.workbook.cells import row_height
from reports.workbook.layout import LAST_CYCLE, Layout
from reports.workbook.styles import (
    CELL,
    CELL_BOLD,
    CELL_CENTER,
    CELL_SMALL,
    HEAD,
    HEAD_CENTER,
    SUBTITLE,
    Style,
    in_colors_of,
)
from rules.pack import Band, RulePack

COLUMNS = (
    ("Employee id", 12.0, HEAD),
    ("Name", 22.0, HEAD),
    ("Manager", 18.0, HEAD),
    ("Promotion", 20.0, HEAD),
    ("Recommended then", 16.0, HEAD),
    ("Decided then", 16.0, HEAD),
    ("Recommended now", 16.0, HEAD),
    ("Movement", 14.0, HEAD),
    ("What became of it", 36.0, HEAD),
    ("Months in level", 9.0, HEAD_CENTER),
    ("Core signals met now", 10.0, HEAD_CENTER),
    ("of these, also met then", 10.0, HEAD_CENTER),
    ("Finding", 20.0, HEAD),
    ("Its facts", 50.0, HEAD),
)


def add_last_cycle(book: Book, run: Run, layout: Layout, cycle: LastCycle) -> None:
    """Write the sheet."""
    sheet = book.sheet(LAST_CYCLE, "6B4E9B")
    sheet.widths(width for _, width, _ in COLUMNS)
    sheet.title("Last cycle", _about(cycle), _counts(cycle))
    sheet.rows.skip()
    head = sheet.add(*((header, style) for header, _, style in COLUMNS), height=48)
    items = sorted(layout.order, key=lambda item: item.index)
    pairs = list(zip(items, cycle.rows, strict=True))
    for item, row in sorted(pairs, key=lambda pair: _order(pair[1])):
        one = item.known
        sheet.add(
            (one.employee_id, CELL),
            (one.employee_name, CELL_BOLD),
            (run.manager_label(one), CELL),
            (one.promotion_title, CELL),
            *(_band(band, run.pack) for band in (row.before, row.decided, one.recommendation)),
            (row.change, CELL),
            (row.became, CELL),
            (item.months_in_level, CELL_CENTER),
            (f"{len(row.streaks)} of {row.core}", CELL_CENTER),
            ("–" if cycle.same_ratings else row.sustained, CELL_CENTER),
            (session_terms().cycle(row.finding).title if row.finding else "", CELL_BOLD),
            (row.sentence, CELL_SMALL),
            height=row_height((row.became, 36), (row.sentence, 50), least=2),
        )
    if not cycle.rows:
        sheet.add(*[(None, CELL)] * len(COLUMNS))
    sheet.table("Last_cycle_table", [header for header, _, _ in COLUMNS], head, "C")
    _add_meanings(sheet)
    sheet.enlarge(90)


def _order(row: PastCycle) -> tuple[bool, int, bool]:
    """What is open first, then findings as `engine/calibration.yaml` lists them, then what moved."""
    findings = [one.id for one in session_terms().cycles]
    rank = findings.index(row.finding) if row.finding else len(findings)
    return (not row.open, rank, row.change == "unchanged")


NAMED = 10
"""People who are named of those who are gone."""


def _about(cycle: LastCycle) -> str:
    people = count(cycle.gone, "person of it has", "people of it have")
    gone = f" {people} no recommendation now." if cycle.gone else ""
    if cycle.promised:
        gone += f" Promotion was decided for these of them: {few(cycle.promised, NAMED)}."
    rules = f" Assessed by other rules: {cycle.rules}; each run keeps its own." if cycle.rules else ""
    same = f" {SAME_RATINGS}" if cycle.same_ratings else ""
    what = f"Run {cycle.fingerprint}" if cycle.name is None else f"The cycle “{cycle.name}” of the same file"
    return f"{what}, as of {day(cycle.day)}.{gone}{rules}{same}"


def _counts(cycle: LastCycle) -> str:
    found = Counter(row.finding for row in cycle.rows)
    parts = [f"{found[one.id]:,} {one.title.casefold()}" for one in session_terms().cycles if found[one.id]]
    parts += [f"{n:,} open since then" for n in [sum(row.open for row in cycle.rows)] if n]
    return (
        "; ".join(parts) + ". A finding here changes no recommendation. Open points come first."
        if parts
        else ""
    )


def _add_meanings(sheet: Sheet) -> None:
    sheet.rows.skip()
    for one in session_terms().cycles:
        sheet.add((f"{one.title}: {one.meaning}", SUBTITLE))


def _band(band: Band | None, pack: RulePack) -> tuple[str, Style]:
    if band is None:
        return "–", CELL
    return pack.bands[band].label, in_colors_of(BAND_LOOKS[band], CELL)
