"""`report.html`: the whole population, for HR, with every person behind it."""

import json
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from pathlib import Path

from markupsafe import Markup

from engine.words import Recommendation
from reports.pages.people import anchors_of, entries_of
from reports.pages.rendering import file_name, render, write_page
from reports.pages.rows import Rows
from reports.shown.content import NO_DEPARTMENT, NO_SPECIALISATION, Run, specialisation_of
from reports.shown.session import LastCycle, PastCycle
from rules.pack import BANDS, CONFIDENCES

MARKS = 400
"""The ladder's picture has at most about this many marks; above, one mark stands for several."""
WHOLE = 400
"""Up to this many recommendations the cards are in `report.html` itself; measured in benchmarks/pages.py."""
SHEET = 250
"""Above, they are on sheets of at most so many, by department, in the folder `report/` next to it."""


@dataclass(frozen=True)
class SheetOfPeople:
    """One of several pages with the cards of a large population."""

    name: str
    """Of the file, without its ending."""
    places: tuple[int, ...]
    """Of its recommendations in the run."""
    people: tuple[Recommendation, ...]


def write_report(run: Run, path: Path) -> None:
    """Write the page for HR, with nothing fetched.

    A large population's cards go to sheets in a folder of the same name next to it.
    """
    folder = path.with_suffix("")
    if folder.is_dir():
        shutil.rmtree(folder)
    for piece in report_pages(run, path, Rows(run.pack)):
        piece()


def report_pages(run: Run, path: Path, rows: Rows) -> Iterator[Callable[[], None]]:
    """The page and its sheets, each as a piece of the work."""
    folder = path.with_suffix("")
    sheets = sheets_of(run.recommendations) if len(run.recommendations) > WHOLE else ()
    if sheets:
        folder.mkdir(exist_ok=True)
    yield partial(_write_whole, run, path, rows, sheets)
    for piece in run.pieces(sheets, lambda sheet: len(sheet.places)):
        yield partial(_write_sheets, run, folder, rows, piece, path.name)


def _write_whole(run: Run, path: Path, rows: Rows, sheets: Sequence[SheetOfPeople]) -> None:
    write_page(path, _render_report(run, rows, sheets, path.stem))


def _write_sheets(run: Run, folder: Path, rows: Rows, sheets: Sequence[SheetOfPeople], home: str) -> None:
    own = [run.at(sheet.places) for sheet in sheets]
    run.explanations.joined(own).make()
    for sheet, explanations in zip(sheets, own, strict=True):
        entries = entries_of(explanations, run)
        text = render("sheet.html", {**_shared(run, rows), "entries": entries, "home": f"../{home}"})
        write_page(folder / f"{sheet.name}.html", text)


def sheets_of(recommendations: Sequence[Recommendation]) -> tuple[SheetOfPeople, ...]:
    """Departments in alphabetical order, cut at `SHEET`, people whole."""

    def department(place: int) -> str:
        return recommendations[place].department or NO_DEPARTMENT

    ordered = sorted(
        range(len(recommendations)), key=lambda one: (department(one).casefold(), department(one))
    )
    sheets: dict[str, list[int]] = {}
    for number, (name, members) in enumerate(groupby(ordered, key=department), start=1):
        part, before = 0, None
        for place in members:
            sheet = sheets.get(f"{number:03}-{file_name(name)}-{part}")
            if sheet is None or (len(sheet) >= SHEET and recommendations[place].person != before):
                part += 1
                sheet = sheets[f"{number:03}-{file_name(name)}-{part}"] = []
            sheet.append(place)
            before = recommendations[place].person
    return tuple(
        SheetOfPeople(name, tuple(places), tuple(recommendations[place] for place in places))
        for name, places in sheets.items()
    )


def _render_report(run: Run, rows: Rows, sheets: Sequence[SheetOfPeople], folder: str) -> str:
    cycle = run.session.cycle
    by_level = {group.name: group for group in run.by_level()}
    anchors = anchors_of(run.recommendations)
    return render(
        "report.html",
        {
            **_shared(run, rows),
            "entries": () if sheets else entries_of(run.explanations, run),
            "sheets": sheets,
            "folder": folder,
            "moved": _moved(run, cycle, anchors, sheets, folder) if cycle else (),
            "since": cycle.day if cycle else None,
            "promised": cycle.promised if cycle else (),
            "changes": Counter(_COUNTED.get(row.change, row.change) for row in cycle.rows) if cycle else {},
            "index": _index(sheets, anchors, run) if sheets else "",
            "rungs": [(level, by_level.get(level.title)) for level in reversed(run.pack.levels)],
            "per_mark": -(-len(run.recommendations) // MARKS) or 1,
        },
    )


def _moved(
    run: Run, cycle: LastCycle, anchors: Sequence[str], sheets: Sequence[SheetOfPeople], folder: str
) -> list[tuple[str, Recommendation, PastCycle]]:
    """Recommendations in another band than in the earlier run, of somebody at another level, or with
    something open since then; each with the address of its card."""
    pages = {anchors[place]: f"{folder}/{sheet.name}.html" for sheet in sheets for place in sheet.places}
    return [
        (f"{pages.get(anchor, '')}#{anchor}", one, past)
        for anchor, one, past in zip(anchors, run.recommendations, cycle.rows, strict=True)
        if past.before not in (None, one.recommendation) or past.open or past.change == "new level"
    ]


_COUNTED = {
    "new level": "at a new level",
    "new promotion": "up for another promotion",
    "other levels": "under rules with other levels",
}
"""How many did what, where that is no word after a number."""


def _shared(run: Run, rows: Rows) -> dict[str, object]:
    return {
        "run": run,
        "pack": run.pack,
        "no_department": NO_DEPARTMENT,
        "no_specialisation": NO_SPECIALISATION,
        "rows": rows,
    }


def _index(sheets: Sequence[SheetOfPeople], anchors: Sequence[str], run: Run) -> Markup:
    """Everybody in short, for the search of a large report, as JSON that is safe inside an element.

    `sheets`, `bands`, `confidences`, `promotions`, `departments`, `managers` and `specialisations` are lists;
    each row of `people` is anchor, name, id, and the places in those lists; the last item is 1 when it is
    borderline.
    """
    promotions = [promotion.id for promotion in run.pack.promotions]
    departments = [group.name for group in run.by_department()]
    managers = [group.name for group in run.by_manager()]
    specialisations = [group.name for group in run.by_specialisation()] or [NO_SPECIALISATION]
    rank = [
        {value: n for n, value in enumerate(known)}
        for known in (promotions, departments, managers, specialisations)
    ]
    people = [
        (
            anchors[place],
            one.employee_name or one.employee_id,
            one.employee_id,
            number,
            BANDS.index(one.recommendation),
            CONFIDENCES.index(one.confidence),
            rank[0][one.promotion],
            rank[1][one.department or NO_DEPARTMENT],
            rank[2][run.manager_label(one)],
            rank[3][specialisation_of(one)],
            int(one.borderline),
        )
        for number, sheet in enumerate(sheets)
        for place, one in zip(sheet.places, sheet.people, strict=True)
    ]
    index = {
        "sheets": [sheet.name for sheet in sheets],
        "bands": [[band, run.pack.bands[band].label] for band in BANDS],
        "confidences": [run.pack.confidences[confidence].label for confidence in CONFIDENCES],
        "promotions": [[promotion.id, promotion.title] for promotion in run.pack.promotions],
        "departments": departments,
        "managers": managers,
        "specialisations": specialisations,
        "people": people,
    }
    text = json.dumps(index, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))
