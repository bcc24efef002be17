"""All pages of a run: the report, and those of managers and people, with what was decided on top."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from functools import partial
from itertools import groupby
from pathlib import Path

from reports.pages.individuals import write_person_pages
from reports.pages.letters import write_letters
from reports.pages.managers import manager_pages
from reports.pages.packets import write_packet
from reports.pages.report import report_pages
from reports.pages.rows import Rows
from reports.shown.content import Run, by_person


def write_pages(run: Run, folder: Path, only: Collection[str]) -> None:
    """Write the report, and of the pages that the run has (`Run.pages`) and the letters that are due those of
    some people, by their employee ids, and of their managers."""
    for piece in page_pieces(run, folder, only):
        piece()


def page_pieces(
    run: Run, folder: Path, only: Collection[str] | None = None
) -> Iterator[Callable[[], object]]:
    """The same in pieces, each of which can be written by another process; for the same run the same ones."""
    rows = Rows(run.pack)
    yield from report_pages(run, folder / "report.html", rows)
    yield from manager_pages(run, folder / "managers", only=only, rows=rows)
    some = run if only is None else replace(run, explanations=run.only(only))
    yield partial(write_letters, some, folder / "letters")
    for part in _parts(some):
        if run.pages.people:
            yield partial(write_person_pages, part, folder / "people")
        if run.pages.packets:
            yield partial(_write_packets, part, folder / "packets", rows)


def _write_packets(run: Run, folder: Path, rows: Rows) -> None:
    for own in by_person(run.explanations):
        write_packet(own, run, folder, rows)


def _parts(run: Run) -> Iterator[Run]:
    """The recommendations cut into pieces, each person's together."""
    people = run.explanations.people["person"].to_list()
    each = (list(places) for _, places in groupby(range(len(people)), key=people.__getitem__))
    for piece in run.pieces(each, len):
        yield replace(run, explanations=run.explanations[piece[0][0] : piece[-1][-1] + 1])
