"""The sheets about the input: what did not fit, and who could not be assessed."""

from engine.phrases import count
from reports.shown.content import Run
from reports.shown.looks import SEVERITIES
from reports.workbook.book import Book
from reports.workbook.cells import row_height
from reports.workbook.layout import DATA_ISSUES, NOT_ASSESSABLE
from reports.workbook.styles import (
    CELL,
    CELL_BOLD,
    CELL_CENTER,
    CELL_SMALL,
    in_colors_of,
)

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
    sheet = book.sheet(DATA_ISSUES, "A0453A")
    sheet.widths(width for _, width in ISSUE_COLUMNS)
    kinds = "; ".join(f"{title}: {n:,}" for title, _, n in run.issues_by_kind())
    sheet.title("Data issues", f"{len(run.issues):,} in all. {kinds}")
    sheet.rows.skip(2)
    headers = [header for header, _ in ISSUE_COLUMNS]
    head = sheet.heads(headers, 22)
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
        sheet.add(("none", CELL_CENTER), *[(None, CELL)] * (len(headers) - 1))
    sheet.table("Issues_table", headers, head, sheet.rows.last_row)
    sheet.freeze(f"C{head + 1}")
    sheet.protect()


def add_not_assessable(book: Book, run: Run) -> None:
    """Write the sheet of people without a recommendation; its heading shows that the counts add up."""
    sheet = book.sheet(NOT_ASSESSABLE, "A0453A")
    sheet.widths(width for _, width in NOT_ASSESSABLE_COLUMNS)
    sheet.title(
        "Not assessable",
        f"{count(run.people_in_file, 'person', 'people')} in the file = {run.people_recommended:,} with "
        f"a recommendation + {len(run.not_assessable):,} listed here. Not assessable never means not ready.",
    )
    sheet.rows.skip(2)
    headers = [header for header, _ in NOT_ASSESSABLE_COLUMNS]
    head = sheet.heads(headers, 22)
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
            (None, CELL), *[(None, CELL)] * (len(headers) - 2), ("Nobody: everyone was assessed.", CELL)
        )
    sheet.table("Not_assessable_table", headers, head, sheet.rows.last_row)
    sheet.freeze(f"B{head + 1}")
    sheet.protect()
