"""All pages of a run: the report, and those of managers and people, with what was decided on top."""

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from reports.pages.individuals import write_person_pages
from reports.pages.letters import write_letters
from reports.pages.managers import write_manager_pages
from reports.pages.packets import write_packet
from reports.pages.report import write_report
from reports.pages.rows import Rows
from reports.shown.content import Run, by_person


def write_pages(run: Run, folder: Path, only: Collection[str] | None = None) -> None:
    """Write the pages that the run has (`Run.pages`) and the letters that are due into a folder.

    With `only`, employee ids, those of these people and their managers alone; the report is always written.
    """
    rows = Rows(run.pack)
    write_report(run, folder / "report.html", rows)
    write_manager_pages(run, folder / "managers", only=only, rows=rows)
    some = run if only is None else replace(run, explanations=run.only(only))
    write_letters(some, folder / "letters")
    if run.pages.people:
        write_person_pages(some, folder / "people")
    if run.pages.packets:
        for own in by_person(some.explanations):
            write_packet(own, run, folder / "packets", rows)
