"""A run to `calibration.xlsx`: the sheets in the order of the session."""

from pathlib import Path

from engine.phrases import day
from reports.shown.calibration_groups import Group
from reports.shown.content import Run
from reports.workbook.agenda import add_agenda
from reports.workbook.agenda_items import running_order
from reports.workbook.book import Book
from reports.workbook.calibration import Entries, add_calibration
from reports.workbook.data_issues import add_data_issues, add_not_assessable
from reports.workbook.details import add_details
from reports.workbook.evidence import add_evidence
from reports.workbook.last_cycle import add_last_cycle
from reports.workbook.layout import lay_out
from reports.workbook.lists import add_lists
from reports.workbook.people import add_people
from reports.workbook.readme import add_read_me
from reports.workbook.room import add_room
from reports.workbook.rules import add_rules
from reports.workbook.session import add_session
from reports.workbook.summary import add_summary

NOTHING_DECIDED: Entries = {}


def write_workbook(
    run: Run,
    path: Path,
    *,
    entries: Entries = NOTHING_DECIDED,
    group: Group | None = None,
) -> None:
    """Write the calibration workbook; the same run and entries give the same bytes.

    `entries` are decisions already made, by employee id and promotion id. `group` names the part of the run
    that `run` holds, when it is not all of it.
    """
    footer = f"Confidential. Run {run.fingerprint}, as of {day(run.day)}"
    title = f"Promotion calibration {group.value}" if group else "Promotion calibration"
    book = Book(title, run.day, footer)
    layout = lay_out(run, running_order(run))
    add_read_me(book, run, layout, group)
    add_session(book, run, layout, entries)
    add_agenda(book, run, layout, entries)
    add_calibration(book, run, layout, entries)
    add_summary(book, run, entries)
    if run.decisions:
        add_room(book, run)
    add_people(book, run, layout)
    add_evidence(book, run, layout)
    add_details(book, layout)
    if run.session.cycle is not None:
        add_last_cycle(book, run, layout, run.session.cycle)
    add_rules(book, run)
    add_data_issues(book, run)
    add_not_assessable(book, run)
    add_lists(book, run, layout, group)
    book.write(path)
