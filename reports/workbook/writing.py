"""A summary to `calibration.xlsx`: the sheets in the order of the session."""

from pathlib import Path

from reports.shown.calibration_groups import Group
from reports.shown.content import Summary
from reports.workbook.agenda import add_agenda
from reports.workbook.book import Book
from reports.workbook.calibration import Entries, add_calibration
from reports.workbook.compare import add_compare
from reports.workbook.data_issues import add_data_issues, add_not_assessable
from reports.workbook.evidence import add_evidence
from reports.workbook.last_cycle import add_last_cycle
from reports.workbook.layout import lay_out
from reports.workbook.lists import add_lists
from reports.workbook.readme import add_read_me
from reports.workbook.rules import add_rules
from reports.workbook.summary import add_summary

NOTHING_DECIDED: Entries = {}


def write_workbook(
    summary: Summary,
    path: Path,
    *,
    entries: Entries = NOTHING_DECIDED,
    group: Group | None = None,
) -> None:
    """Write the calibration workbook; the same summary and entries give the same bytes.

    `entries` are decisions already made, by employee id and promotion id. `group` names the part of the run
    that the summary holds, when it is not all of it.
    """
    footer = f"Confidential. Run {summary.fingerprint}, as of {summary.day.isoformat()}"
    title = f"Promotion calibration {group.value}" if group else "Promotion calibration"
    book = Book(title, summary.day, footer)
    layout = lay_out(summary)
    add_read_me(book, summary, layout, group, cycles=summary.session.cycle is not None)
    add_agenda(book, summary, layout, entries)
    add_calibration(book, summary, layout, entries)
    add_summary(book, summary, entries)
    add_evidence(book, summary, layout)
    add_compare(book, summary, layout, entries)
    if summary.session.cycle is not None:
        add_last_cycle(book, summary, summary.session.cycle)
    add_rules(book, summary)
    add_data_issues(book, summary)
    add_not_assessable(book, summary)
    add_lists(book, summary, group)
    book.write(path)
