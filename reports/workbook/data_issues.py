"""The sheets about the input: what did not fit, and who could not be assessed."""

from collections.abc import Sequence

from engine.phrases import count
from reports.shown.content import Run
from reports.shown.looks import SEVERITIES
from reports.workbook.book import Book, Sheet
from reports.workbook.cells import row_height
from reports.workbook.layout import DATA_ISSUES, NOT_ASSESSABLE
from reports.workbook.styles import CELL, CELL_BOLD, CELL_CENTER, CELL_SMALL, in_colors_of

Columns = Sequence[tuple[str, float]]
"""Headers and widths."""
HEAD_ROW = 5
ISSUE_COLUMNS = (
    ("Severity", 12.0),
    ("Place", 30.0),
    ("Employee id", 14.0),
    ("Column", 28.0),
    ("Value", 24.0),
    ("What is wrong", 60.0),
    ("What would be right", 60.0),
    ("Kind", 40.0),
)
NOT_ASSESSABLE_COLUMNS = (
    ("Row", 8.0),
    ("Employee id", 14.0),
    ("Name", 24.0),
    ("Level as written", 22.0),
    ("Manager", 22.0),
    ("Department", 20.0),
    ("Why there is no recommendation", 90.0),
)


def add_data_issues(book: Book, run: Run) -> None:
    """Write the sheet of issues, in the order of the file."""
    kinds = "; ".join(f"{title}: {n:,}" for title, _, n in run.issues_by_kind())
    sheet = _begun(book, DATA_ISSUES, f"{len(run.issues):,} in all. {kinds}", ISSUE_COLUMNS)
    for issue in run.issues:
        look = SEVERITIES[str(issue.severity)]
        sheet.add(
            (f"{look.letter} {issue.severity}", in_colors_of(look)),
            (issue.cell, CELL_BOLD),
            (issue.employee_id, CELL),
            (issue.header, CELL),
            (issue.value, CELL),
            (issue.problem, CELL),
            (issue.remedy, CELL),
            (issue.title, CELL_SMALL),
            height=row_height(
                (issue.problem, 58),
                (issue.remedy, 58),
                (issue.cell or "", 27),
                (issue.header or "", 27),
                (issue.value or "", 23),
            ),
        )
    if not run.issues:
        sheet.add(("none", CELL_CENTER), *[(None, CELL)] * (len(ISSUE_COLUMNS) - 1))
    sheet.table("Issues_table", [header for header, _ in ISSUE_COLUMNS], HEAD_ROW, "C")


def add_not_assessable(book: Book, run: Run) -> None:
    """Write the sheet of people without a recommendation; its heading shows that the counts add up."""
    adds_up = (
        f"{count(run.people_in_file, 'person', 'people')} in the file = {run.people_recommended:,} with "
        f"a recommendation + {len(run.not_assessable):,} listed here. Not assessable never means not ready."
    )
    sheet = _begun(book, NOT_ASSESSABLE, adds_up, NOT_ASSESSABLE_COLUMNS)
    for person in run.not_assessable:
        sheet.add(
            (person.row, CELL),
            (person.employee_id, CELL),
            (person.employee_name, CELL_BOLD),
            (person.level, CELL),
            (person.manager_name, CELL),
            (person.department, CELL),
            (person.reason, CELL),
            height=row_height(
                (person.reason, 88), (person.employee_name or "", 22), (person.level or "", 21)
            ),
        )
    if not run.not_assessable:
        sheet.add(
            *[(None, CELL)] * (len(NOT_ASSESSABLE_COLUMNS) - 1), ("Nobody: everyone was assessed.", CELL)
        )
    sheet.table("Not_assessable_table", [header for header, _ in NOT_ASSESSABLE_COLUMNS], HEAD_ROW, "B")


def _begun(book: Book, name: str, about: str, columns: Columns) -> Sheet:
    sheet = book.sheet(name, "A0453A")
    sheet.widths(width for _, width in columns)
    sheet.title(name, about)
    sheet.skip_to(HEAD_ROW)
    sheet.heads([header for header, _ in columns], 22)
    return sheet
