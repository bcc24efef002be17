"""The raters as a workbook: one sheet to read first, one for managers, one for the two views."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from textwrap import wrap
from typing import Any

from engine.phrases import Rating, day, number
from reports.raters.shown import RatersShown
from reports.workbook.book import Book, Cell, Sheet
from reports.workbook.cells import Value, row_height
from reports.workbook.styles import CELL, COUNT, ROW_HEAD, SUBTITLE, Style

NUMBER = replace(COUNT, number_format="0.00")
SIGNED = replace(COUNT, number_format="+0.00;−0.00;0.00")
SHARE = replace(COUNT, number_format="0%")
PLAIN = replace(COUNT, number_format="0.##")
LINE = 120
"""Characters of a line of text."""

Column = tuple[str, float, Style, Callable[[Any], Value]]
"""Header, width, look, and what stands there of one row."""
MANAGERS: tuple[Column, ...] = (
    ("Manager", 30.0, ROW_HEAD, lambda one: one.name),
    ("People", 9.0, COUNT, lambda one: one.rater.people),
    ("Ratings", 9.0, COUNT, lambda one: one.rater.habit.ratings),
    ("Mean", 9.0, NUMBER, lambda one: one.rater.habit.mean),
    ("Spread", 9.0, NUMBER, lambda one: one.rater.habit.spread),
    ("Difference from peers", 13.0, SIGNED, lambda one: one.rater.beside and one.rater.beside.difference),
    ("Standard error", 11.0, NUMBER, lambda one: one.rater.beside and one.rater.beside.error),
    ("Likely difference", 11.0, SIGNED, lambda one: one.rater.beside and one.rater.beside.shrunken),
    ("From", 9.0, SIGNED, lambda one: one.rater.beside and one.rater.beside.low),
    ("To", 9.0, SIGNED, lambda one: one.rater.beside and one.rater.beside.high),
    ("Peers", 9.0, COUNT, lambda one: one.rater.difference and one.rater.difference.peers),
    ("Given most", 9.0, PLAIN, lambda one: float(one.rater.habit.commonest)),
    ("Share of it", 9.0, SHARE, lambda one: one.rater.habit.commonest_share),
    ("Share of the middle", 11.0, SHARE, lambda one: one.rater.habit.midpoint_share),
    ("One rating on everything", 13.0, COUNT, lambda one: one.rater.habit.straight),
    ("Of people", 9.0, COUNT, lambda one: one.rater.habit.straight_of),
    ("Spread within a person", 12.0, NUMBER, lambda one: one.rater.habit.halo),
    ("Same as self", 10.0, SHARE, lambda one: one.agreement and one.agreement.exact / one.agreement.pairs),
    (
        "Within a step",
        10.0,
        SHARE,
        lambda one: one.agreement and one.agreement.within_step / one.agreement.pairs,
    ),
    ("Self less manager", 11.0, SIGNED, lambda one: one.agreement and one.agreement.difference),
    ("Kappa", 9.0, NUMBER, lambda one: one.agreement and one.agreement.kappa),
    ("Recommended", 13.0, COUNT, lambda one: one.rater.recommended),
    ("Ready now", 9.0, COUNT, lambda one: one.rater.ready),
    (
        "Share ready",
        9.0,
        SHARE,
        lambda one: one.rater.ready / one.rater.recommended if one.rater.recommended else None,
    ),
)
"""Of a `RaterShown`."""
VIEWS: tuple[Column, ...] = (
    ("Competency", 36.0, ROW_HEAD, lambda row: row[0]),
    ("Ratings by both", 11.0, COUNT, lambda row: row[1].pairs),
    ("The same", 10.0, SHARE, lambda row: row[1].exact / row[1].pairs),
    ("Within a step", 10.0, SHARE, lambda row: row[1].within_step / row[1].pairs),
    ("Kappa", 9.0, NUMBER, lambda row: row[1].kappa),
    ("Self less manager", 12.0, SIGNED, lambda row: row[1].difference),
)
"""Of a competency's title and its `Agreement`."""


def write_raters_workbook(shown: RatersShown, path: Path) -> None:
    """Write the workbook; the same raters give the same bytes."""
    footer = f"For HR alone. Run {shown.run.fingerprint}, as of {day(shown.run.day)}"
    book = Book("Raters: questions to ask", shown.run.day, footer)
    _add_observations(book.sheet("Questions", "C28F00"), shown)
    _add_managers(book.sheet("Raters", "2B4C9B"), shown)
    if shown.both_views is not None:
        _add_views(book.sheet("Self and manager", "2B4C9B"), shown)
    book.write(path)


def _add_observations(sheet: Sheet, shown: RatersShown) -> None:
    widths = (32.0, 48.0, 70.0)
    sheet.widths(widths)
    about = "For HR alone, not for managers. These are questions, not answers."
    sheet.title("Raters: questions to ask", about)
    sheet.rows.skip()
    head = sheet.heads(("Manager", "What stands out", "Ask"), 20)
    for one in shown.observations:
        texts = (one.manager, one.title, one.question)
        height = row_height(*zip(texts, widths, strict=True))
        sheet.add(*((text, CELL) for text in texts), height=height)
    if shown.raters and not shown.observations:
        sheet.add(("–", CELL), ("Nothing stands out.", CELL), (None, CELL))
    sheet.section("What the numbers can and cannot say")
    for sentence in (shown.warning, *shown.links, shown.variance):
        _add_sentence(sheet, sentence)
    sheet.freeze(f"A{head + 1}")


def _add_managers(sheet: Sheet, shown: RatersShown) -> None:
    sheet.widths(width for _, width, *_ in MANAGERS)
    about = "By name. Nobody is ranked: the numbers cannot tell a strict manager from a weak team."
    sheet.title("Raters", about)
    sheet.rows.skip()
    headers = [header for header, *_ in MANAGERS]
    head = sheet.heads(headers, 48)
    for one in shown.raters:
        sheet.add(*_cells(MANAGERS, one))
    if shown.raters:
        sheet.table("Raters_table", headers, head, "B")


def _add_sentence(sheet: Sheet, sentence: str) -> None:
    """In several rows where it is long: the text runs on over the empty cells beside it."""
    for line in wrap(sentence, LINE):
        sheet.add((line, SUBTITLE))


def _cells(columns: Sequence[Column], one: object) -> list[Cell]:
    """A row. Figures have four decimals: more would be noise of the arithmetic, other on other machines."""
    values = ((value_of(one), style) for *_, style, value_of in columns)
    return [(round(value, 4) + 0.0 if isinstance(value, float) else value, style) for value, style in values]


def _add_views(sheet: Sheet, shown: RatersShown) -> None:
    both = shown.both_views
    assert both is not None
    sheet.widths(width for _, width, *_ in VIEWS)
    sheet.title("Self and manager")
    for sentence in shown.views:
        _add_sentence(sheet, sentence)
    sheet.rows.skip()
    sheet.heads((header for header, *_ in VIEWS), 34)
    for row in (("All", both.overall), *both.competencies.items()):
        sheet.add(*_cells(VIEWS, row))
    sheet.section("The largest differences")
    sheet.heads(("Person", "Employee id", "Self", "Manager", "Rated by", "Competency"), 20)
    for gap in both.largest:
        sheet.add(
            (gap.employee_name or gap.employee_id, ROW_HEAD),
            (gap.employee_id, CELL),
            _single(gap.own),
            _single(gap.given),
            (shown.names.get(gap.manager or "", gap.manager), CELL),
            (gap.competency, CELL),
        )


def _single(rating: Decimal) -> Cell:
    """A number, or what the file calls it."""
    return (number(rating), CELL) if isinstance(rating, Rating) else (float(rating), NUMBER)
