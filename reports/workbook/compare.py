"""The Compare sheet: up to three people picked from drop-downs, side by side, by formulas alone."""

from collections.abc import Sequence
from dataclasses import replace

from openpyxl.formatting.rule import Rule

from engine.words import Explanation
from reports.shown.content import Run
from reports.shown.looks import BANDS as BAND_LOOKS
from reports.shown.looks import STATUSES
from reports.workbook.book import Book, Sheet
from reports.workbook.calibration import Entries, given_values, result_of, status_of
from reports.workbook.cells import Formula, Value
from reports.workbook.evidence import MARKS_MEAN, evidence_of, evidence_text, signal_headers
from reports.workbook.layout import COMPARE, Layout, name_of
from reports.workbook.styles import (
    CELL,
    CELL_BOLD,
    CELL_CENTER,
    ENTRY_CELL,
    HEAD,
    ROW_HEAD_BOLD,
    SUBTITLE,
    TITLE,
    highlight,
)
from reports.workbook.topics import agenda_of
from rules.pack import STATUSES as STATUS_NAMES

PEOPLE_LIST = "list_people"
"""Defined name of the drop-down's source on the hidden sheet."""
PICKS = 3
PICK_ROW = 5
FIELDS: tuple[tuple[str, str, float], ...] = (
    ("Employee id", "employee_id", 18),
    ("Department", "department", 18),
    ("Manager", "manager", 18),
    ("Level", "level", 18),
    ("Specialisation", "specialisation", 18),
    ("Promotion", "promotion", 18),
    ("Recommendation", "recommendation", 20),
    ("Confidence", "confidence", 18),
    ("Result", "result", 20),
    ("Status", "status", 18),
    ("Main reason", "reasons", 80),
    ("Findings", "findings", 64),
    ("Next step", "next_step", 80),
)
"""Label, column of the Calibration sheet, height of the row."""


def pick_label(number: int, explanation: Explanation) -> str:
    """How the drop-down calls a row; the number makes it unique, and `~` would hide it from MATCH."""
    name = explanation.employee_name or explanation.employee_id
    return f"{number} {name}, {explanation.promotion_title}".replace("~", "-")[:200]


def add_compare(book: Book, run: Run, layout: Layout, entries: Entries) -> None:
    """Write the sheet; it opens with the first three of the agenda."""
    sheet = book.sheet(COMPARE, "3E7C59")
    sheet.widths([17.0, *[42.0, 19.0] * PICKS])
    sheet.add(("Compare", TITLE), height=28)
    sheet.add(("Choose up to three rows of the Calibration sheet from the yellow lists.", SUBTITLE))
    sheet.add((f"{MARKS_MEAN}; see the Evidence sheets for more.", SUBTITLE))
    sheet.rows.skip(PICK_ROW - 1 - sheet.rows.last_row)
    ranked = [item.index for item in agenda_of(run)]
    ranked += [index for index in range(len(run.explanations)) if index not in set(ranked[:PICKS])]
    picked = list(dict.fromkeys(ranked))[:PICKS]
    labels = [pick_label(index + 1, run.explanations[index]) for index in picked]
    labels += [""] * (PICKS - len(labels))
    entry = replace(ENTRY_CELL, bold=True, down="center")
    sheet.add(
        ("Person", ROW_HEAD_BOLD), *(c for label in labels for c in ((label, entry), (None, CELL))), height=34
    )
    for pick in range(PICKS):
        place = f"{_letter(pick)}{PICK_ROW}"
        sheet.choices(place, f"={PEOPLE_LIST}", "Person", "Choose a row of the Calibration sheet.")
    _add_fields(sheet, run, entries, picked)
    _add_signals(sheet, run, layout, picked)
    sheet.freeze(f"B{PICK_ROW + 1}")
    sheet.protect()


def _letter(pick: int, offset: int = 0) -> str:
    return "BCDEFG"[2 * pick + offset]


def _number(pick: int) -> str:
    """The row number of a pick: its place in the list, which is in the order of the numbers."""
    return f"MATCH({_letter(pick)}${PICK_ROW},{PEOPLE_LIST},0)"


def _add_fields(sheet: Sheet, run: Run, entries: Entries, picked: Sequence[int]) -> None:
    for label, key, height in FIELDS:
        cells: list[tuple[Value, object]] = []
        for pick in range(PICKS):
            value = ""
            if pick < len(picked):
                value = _field(run, run.explanations[picked[pick]], entries, key)
            found = f"INDEX({name_of(key)},MATCH({_number(pick)},{name_of('number')},0))"
            formula = Formula(f'IF({_letter(pick)}${PICK_ROW}="","",{found}&"")', value)
            cells += [(formula, CELL_BOLD if key in BAND_FIELDS else CELL), (None, CELL)]
        sheet.add((label, ROW_HEAD_BOLD), *cells, height=height)  # type: ignore[arg-type]
    first = PICK_ROW + 1
    for pick in range(PICKS):
        letter = _letter(pick)
        rules = [
            Rule(
                type="expression",
                dxf=highlight(BAND_LOOKS[band]),
                formula=[f'{letter}{first}="{text.label}"'],
            )
            for band, text in run.pack.bands.items()
        ]
        sheet.highlight(f"{letter}{first}:{letter}{sheet.rows.last_row}", *rules)


BAND_FIELDS = ("recommendation", "result")


def _field(run: Run, explanation: Explanation, entries: Entries, key: str) -> str:
    if key == "result":
        return run.pack.bands[result_of(explanation, entries)].label
    if key == "status":
        return str(status_of(run, explanation, entries))
    return given_values(run, explanation)[key]


def _add_signals(sheet: Sheet, run: Run, layout: Layout, picked: Sequence[int]) -> None:
    sheet.rows.skip()
    heads = [cell for _ in range(PICKS) for cell in (("Signal", HEAD), ("Manager | self", HEAD))]
    sheet.add(("Evidence", HEAD), *heads, height=22)
    first = sheet.rows.last_row + 1
    counts = [len(run.pack.promotion(id_).signals) for id_ in layout.evidence_sheets]
    for place in range(1, max(counts, default=0) + 1):
        cells: list[tuple[Value, object]] = []
        for pick in range(PICKS):
            signal, text = "", ""
            if pick < len(picked):
                one = run.explanations[picked[pick]]
                promotion = run.pack.promotion(one.promotion)
                if place <= len(promotion.signals):
                    signal = signal_headers(run.pack, promotion)[place - 1]
                    text = evidence_text(one, evidence_of(one, promotion)[place - 1])
            cells.append((Formula(_signal_formula(layout, run, pick, place, header=True), signal), CELL))
            cells.append(
                (Formula(_signal_formula(layout, run, pick, place, header=False), text), CELL_CENTER)
            )
        sheet.add((f"Signal {place}", ROW_HEAD_BOLD), *cells, height=34)  # type: ignore[arg-type]
    last = max(sheet.rows.last_row, first)
    for pick in range(PICKS):
        letter = _letter(pick, 1)
        rules = [
            Rule(
                type="expression",
                dxf=highlight(STATUSES[status]),
                formula=[f'LEFT({letter}{first},1)="{STATUSES[status].letter}"'],
            )
            for status in STATUS_NAMES
        ]
        sheet.highlight(f"{letter}{first}:{letter}{last}", *rules)


def _signal_formula(layout: Layout, run: Run, pick: int, place: int, *, header: bool) -> str:
    """The name or the evidence of a signal, from the evidence sheet of the picked row's promotion."""
    if not layout.evidence_sheets:
        return '""'
    number = _number(pick)
    titles = [run.pack.promotion(id_).title for id_ in layout.evidence_sheets]
    chosen = f"INDEX({name_of('promotion')},MATCH({number},{name_of('number')},0))"
    formula = '""'
    for id_, title in reversed(list(zip(layout.evidence_sheets, titles, strict=True))):
        if place <= len(run.pack.promotion(id_).signals):
            row = "1" if header else f"MATCH({number},{layout.evidence_names[id_]},0)+1"
            found = f"INDEX({layout.signal_names[id_]},{row},{place})"
            doubled = title.replace('"', '""')
            formula = f'IF({chosen}="{doubled}",{found},{formula})'
    return f'IF({_letter(pick)}${PICK_ROW}="","",{formula})'
