"""`report.html`: the whole population, for HR, with every person behind it."""

import json
import shutil
from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from markupsafe import Markup

from engine.words import Explanation
from reports.pages.people import Entry, entries_of
from reports.pages.rendering import file_name, render
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


def write_report(run: Run, path: Path, rows: Rows | None = None) -> None:
    """Write the page for HR, with nothing fetched.

    A large population's cards go to sheets in a folder of the same name next to it. `rows` are the pieces
    drawn for other pages of the same run.
    """
    entries = entries_of(run.explanations, run.pack)
    rows = rows or Rows(run.pack)
    folder = path.with_suffix("")
    if folder.is_dir():
        shutil.rmtree(folder)
    sheets = sheets_of(entries) if len(entries) > WHOLE else {}
    if sheets:
        folder.mkdir()
    for name, sheet in sheets.items():
        text = render("sheet.html", {**_shared(run, rows), "entries": sheet, "home": f"../{path.name}"})
        (folder / f"{name}.html").write_text(text, "utf-8", newline="\n")
    text = _render_report(run, entries, rows, sheets, folder.name)
    path.write_text(text, "utf-8", newline="\n")


def sheets_of(entries: Sequence[Entry]) -> dict[str, tuple[Entry, ...]]:
    """Entries by the name of their sheet: departments in alphabetical order, cut at `SHEET`, people whole."""

    def department(entry: Entry) -> str:
        return entry.explanation.department or NO_DEPARTMENT

    ordered = sorted(entries, key=lambda entry: (department(entry).casefold(), department(entry)))
    sheets: dict[str, list[Entry]] = {}
    for number, (name, members) in enumerate(groupby(ordered, key=department), start=1):
        part, before = 0, None
        for entry in members:
            sheet = sheets.get(f"{number:03}-{file_name(name)}-{part}")
            if sheet is None or (len(sheet) >= SHEET and entry.explanation.person != before):
                part += 1
                sheet = sheets[f"{number:03}-{file_name(name)}-{part}"] = []
            sheet.append(entry)
            before = entry.explanation.person
    return {name: tuple(sheet) for name, sheet in sheets.items()}


def _render_report(
    run: Run,
    entries: Sequence[Entry],
    rows: Rows,
    sheets: dict[str, tuple[Entry, ...]],
    folder: str,
) -> str:
    cycle = run.session.cycle
    by_level = {group.name: group for group in run.by_level()}
    return render(
        "report.html",
        {
            **_shared(run, rows),
            "entries": () if sheets else entries,
            "sheets": sheets,
            "folder": folder,
            "moved": _moved(entries, cycle, sheets, folder) if cycle else (),
            "since": cycle.day if cycle else None,
            "changes": Counter(row.change for row in cycle.rows) if cycle else {},
            "index": _index(sheets, run) if sheets else "",
            "rungs": [(level, by_level.get(level.title)) for level in reversed(run.pack.levels)],
            "per_mark": -(-len(run.explanations) // MARKS) or 1,
        },
    )


def _moved(
    entries: Sequence[Entry], cycle: LastCycle, sheets: dict[str, tuple[Entry, ...]], folder: str
) -> list[tuple[str, Explanation, PastCycle]]:
    """Recommendations in another band than in the earlier run, each with the address of its card."""
    pages = {entry.anchor: f"{folder}/{name}.html" for name, sheet in sheets.items() for entry in sheet}
    return [
        (f"{pages.get(entry.anchor, '')}#{entry.anchor}", entry.explanation, past)
        for entry, past in zip(entries, cycle.rows, strict=True)
        if past.before not in (None, entry.explanation.recommendation)
    ]


def _shared(run: Run, rows: Rows) -> dict[str, object]:
    return {
        "run": run,
        "pack": run.pack,
        "no_department": NO_DEPARTMENT,
        "no_specialisation": NO_SPECIALISATION,
        "rows": rows,
    }


def _index(sheets: dict[str, tuple[Entry, ...]], run: Run) -> Markup:
    """Everybody in short, for the search of a large report, as JSON that is safe inside an element.

    `sheets`, `bands`, `confidences`, `promotions`, `departments`, `managers` and `specialisations` are lists;
    each row of `people` is anchor, name, id, and the places in those lists; the last item is 1 when it is
    borderline.
    """
    promotions = [promotion.id for promotion in run.pack.promotions]
    departments = [group.name for group in run.by_department()]
    managers = [group.name for group in run.by_manager()]
    specialisations = [group.name for group in run.by_specialisation()] or [NO_SPECIALISATION]
    place = [
        {value: n for n, value in enumerate(known)}
        for known in (promotions, departments, managers, specialisations)
    ]
    people = [
        (
            entry.anchor,
            one.employee_name or one.employee_id,
            one.employee_id,
            number,
            BANDS.index(one.recommendation),
            CONFIDENCES.index(one.confidence),
            place[0][one.promotion],
            place[1][one.department or NO_DEPARTMENT],
            place[2][entry.manager],
            place[3][specialisation_of(one)],
            int(one.outlook.borderline),
        )
        for number, sheet in enumerate(sheets.values())
        for entry in sheet
        for one in (entry.explanation,)
    ]
    index = {
        "sheets": list(sheets),
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
