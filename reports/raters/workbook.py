"""The raters as a workbook: one sheet to read first, one for managers, one for the two views."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from textwrap import wrap

from engine.phrases import Rating, day, number
from engine.raters import Agreement
from reports.raters.shown import RaterShown, RatersShown
from reports.workbook.book import Book, Cell, Sheet
from reports.workbook.cells import Value, row_height
from reports.workbook.styles import CELL, COUNT, ROW_HEAD, SUBTITLE

NUMBER = replace(COUNT, number_format="0.00")
SIGNED = replace(COUNT, number_format="+0.00;−0.00;0.00")
SHARE = replace(COUNT, number_format="0%")
LINE = 120
"""Characters of a line of text."""

MANAGERS = (
    ("Manager", 30.0),
    ("People", 9.0),
    ("Ratings", 9.0),
    ("Mean", 9.0),
    ("Spread", 9.0),
    ("Difference from peers", 13.0),
    ("Standard error", 11.0),
    ("Likely difference", 11.0),
    ("From", 9.0),
    ("To", 9.0),
    ("Peers", 9.0),
    ("Given most", 9.0),
    ("Share of it", 9.0),
    ("Share of the middle", 11.0),
    ("One rating on everything", 13.0),
    ("Of people", 9.0),
    ("Spread within a person", 12.0),
    ("Same as self", 10.0),
    ("Within a step", 10.0),
    ("Self less manager", 11.0),
    ("Kappa", 9.0),
    ("Recommended", 13.0),
    ("Ready now", 9.0),
    ("Share ready", 9.0),
)
VIEWS = (
    ("Competency", 36.0),
    ("Ratings by both", 11.0),
    ("The same", 10.0),
    ("Within a step", 10.0),
    ("Kappa", 9.0),
    ("Self less manager", 12.0),
)


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
    sheet.widths(width for _, width in MANAGERS)
    about = "By name. Nobody is ranked: the numbers cannot tell a strict manager from a weak team."
    sheet.title("Raters", about)
    sheet.rows.skip()
    headers = [header for header, _ in MANAGERS]
    head = sheet.heads(headers, 48)
    for one in shown.raters:
        sheet.add(*_manager(one))
    if shown.raters:
        sheet.table("Raters_table", headers, head, "B")


def _add_sentence(sheet: Sheet, sentence: str) -> None:
    """In several rows where it is long: the text runs on over the empty cells beside it."""
    for line in wrap(sentence, LINE):
        sheet.add((line, SUBTITLE))


def _manager(one: RaterShown) -> Sequence[Cell]:
    rater, habit = one.rater, one.rater.habit
    far = rater.difference if rater.difference is not None and rater.difference.peers else None
    same: Sequence[Value] = _shares(one.agreement)
    ready = rater.ready / rater.recommended if rater.recommended else None
    return (
        (one.name, ROW_HEAD),
        (rater.people, COUNT),
        (habit.ratings, COUNT),
        (_rounded(habit.mean), NUMBER),
        (_rounded(habit.spread), NUMBER),
        (_rounded(far.difference if far else None), SIGNED),
        (_rounded(far.error if far else None), NUMBER),
        (_rounded(far.shrunken if far else None), SIGNED),
        (_rounded(far.low if far else None), SIGNED),
        (_rounded(far.high if far else None), SIGNED),
        (rater.difference.peers if rater.difference else None, COUNT),
        (float(habit.commonest), replace(COUNT, number_format="0.##")),
        (_rounded(habit.commonest_share), SHARE),
        (_rounded(habit.midpoint_share), SHARE),
        (habit.straight, COUNT),
        (habit.straight_of, COUNT),
        (_rounded(habit.halo), NUMBER),
        (same[0], SHARE),
        (same[1], SHARE),
        (same[3], SIGNED),
        (same[2], NUMBER),
        (rater.recommended, COUNT),
        (rater.ready, COUNT),
        (_rounded(ready), SHARE),
    )


def _add_views(sheet: Sheet, shown: RatersShown) -> None:
    both = shown.both_views
    assert both is not None
    sheet.widths(width for _, width in VIEWS)
    sheet.title("Self and manager")
    for sentence in shown.views:
        _add_sentence(sheet, sentence)
    sheet.rows.skip()
    sheet.heads((header for header, _ in VIEWS), 34)
    for title, agreement in (("All", both.overall), *both.competencies.items()):
        exact, within, kappa, difference = _shares(agreement)
        sheet.add(
            (title, ROW_HEAD),
            (agreement.pairs, COUNT),
            (exact, SHARE),
            (within, SHARE),
            (kappa, NUMBER),
            (difference, SIGNED),
        )
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


def _shares(agreement: Agreement | None) -> tuple[float | None, float | None, float | None, float | None]:
    """The shares of the same and within a step, kappa, and the mean difference."""
    if agreement is None:
        return None, None, None, None
    return (
        _rounded(agreement.exact / agreement.pairs),
        _rounded(agreement.within_step / agreement.pairs),
        _rounded(agreement.kappa),
        _rounded(agreement.difference),
    )


def _rounded(value: float | None) -> float | None:
    """Four decimals: more would be noise of the arithmetic, other on other machines."""
    return None if value is None else round(value, 4) + 0.0
