"""The Session sheet: one person, large, for the projector: typed by number or picked from a list."""

from collections.abc import Iterable
from dataclasses import replace

from openpyxl.worksheet.datavalidation import DataValidation

from engine.session import FAULTY, SETTLED, DecisionStatus, session_terms
from reports.shown.content import Run
from reports.shown.looks import BANDS as BAND_LOOKS
from reports.shown.looks import STATUSES
from reports.workbook.book import Book, Cell, Sheet
from reports.workbook.calibration import Entries, status_of
from reports.workbook.cells import Formula, row_height
from reports.workbook.details import details_name
from reports.workbook.evidence import MARKS_MEAN, signal_headers
from reports.workbook.layout import CALIBRATION, SESSION, Layout, letter, name_of, place, quoted
from reports.workbook.lists import PEOPLE_LIST, pick_label
from reports.workbook.styles import CELL, CELL_CENTER, ENTRY_CELL, HEAD, QUIET, SUBTITLE, Style
from reports.workbook.topics import NOW, places_of
from rules.pack import STATUSES as STATUS_NAMES

SHOWN, BESIDE = "session_number", "session_beside"
"""Defined names of the cells with the numbers of who is shown and who stands beside; 0 for nobody."""
PICK_ROW = 3
WIDTHS = (17.0, 70.0, 2.0, 18.0, 70.0)
LETTERS = 66
"""Of the sheet's usual text, in a line of the wide columns."""
LABEL = Style(bold=True, down="top", color=QUIET)
BESIDES = replace(LABEL, down="center")
"""The label of what stands in the middle of its row."""
GO = replace(LABEL, underline=True, color="2B4C9B")
MIDDLE = Style(size=12, wrap=True, down="top")
LARGE = Style(size=14, bold=True, wrap=True, down="top")
CHIP = Style(size=18, bold=True, line=True, across="center")
NAME = Style(size=24, bold=True, wrap=True)
NUMBER = Style(bold=True, color=QUIET, number_format='"No. "0;;')
PICK = replace(ENTRY_CELL, size=14, bold=True, down="center", wrap=False)


def add_session(book: Book, run: Run, layout: Layout, entries: Entries) -> None:
    """Write the sheet; it opens with the first of the agenda, and nobody beside."""
    sheet = book.sheet(SESSION, "C28F00")
    sheet.widths(WIDTHS)
    everybody = len(layout.order)
    hint = f"Type a number from 1 to {everybody:,} into the yellow cell, or choose from its list."
    sheet.title("Session", hint)
    person = _Person(run, layout, entries)
    sheet.add(
        ("Person", BESIDES),
        (pick_label(1, layout.order[0]) if layout.order else None, PICK),
        (None, MIDDLE),
        ("Left to do", BESIDES),
        (_left(run, layout, entries), replace(MIDDLE, down="center")),
        height=26,
    )
    _add_person(sheet, person)
    book.name(SHOWN, place(SESSION, f"$A${PICK_ROW + 1}"))
    _offer(sheet, f"B{PICK_ROW}")
    _add_signals(book, sheet, run, layout)
    sheet.page.sheet_view.zoomScale = 115
    sheet.freeze(f"A{PICK_ROW + 1}")


class _Person:
    """The cells of whoever is shown, each a formula with its value for the first of the agenda."""

    def __init__(self, run: Run, layout: Layout, entries: Entries) -> None:
        self.run, self.layout = run, layout
        self.texts = [item.texts for item in layout.order]
        self._live: dict[str, str] = {}
        if layout.order:
            one = layout.order[0].known
            entry = entries.get(one.key)
            made = f": {run.pack.bands[entry.decision].label}" if entry and entry.decision else ""
            self._live = {
                "recommendation": run.pack.bands[one.recommendation].label,
                "status": f"{status_of(run, one, entries)}{made}",
                "crux": self.texts[0]["crux"],
            }

    def has(self, key: str) -> bool:
        """Whether anybody has such a text."""
        return any(texts[key] for texts in self.texts)

    def told(self, key: str) -> Formula:
        """A column of the Details sheet."""
        value = self.texts[0][key] if self.has(key) else ""
        formula = _looked_up(details_name(key), details_name("number")) if self.has(key) else '""'
        return Formula(formula, value)

    def said(self, rater: str) -> Formula:
        """What a rater wrote, shortened."""
        formula = f'IF({SHOWN}=0,"",INDEX(list_{rater}_wrote,{SHOWN})&"")'
        return Formula(formula, self.texts[0][f"{rater}_short"] if self.texts else "")

    def live(self, key: str) -> Formula:
        """A column of the Calibration sheet."""
        return Formula(_looked_up(name_of(key), name_of("number")), self._live.get(key, ""))

    def status(self) -> Formula:
        """The status, and what was decided."""
        row = f"MATCH({SHOWN},{name_of('number')},0)"
        made = f"TRIM(INDEX({name_of('decision')},{row}))"
        shown = f'INDEX({name_of("status")},{row})&IF({made}="","",": "&{made})'
        return Formula(f'IF({SHOWN}=0,"",{shown})', self._live.get("status", ""))

    def height(self, *keys: str, wide: int = LETTERS, line: float = 16.0) -> float:
        """Room for the longest text that anybody has in these columns."""
        return _height([texts[key] for texts in self.texts for key in keys], wide, line)


def _height(texts: Iterable[str], wide: int = LETTERS, line: float = 16.0) -> float:
    return row_height(*((text, wide) for text in texts), ("", wide), line=line)


def _looked_up(column: str, numbers: str, nobody: str = "") -> str:
    return f'IF({SHOWN}=0,"{nobody}",INDEX({column},MATCH({SHOWN},{numbers},0))&"")'


def _add_person(sheet: Sheet, person: _Person) -> None:
    run, layout = person.run, person.layout
    number = _number(f"$B${PICK_ROW}", len(layout.order))
    one = layout.order[0].known if layout.order else None
    nobody = f"Nobody has this number: 1 to {len(layout.order)}" if one else "Nobody to show"
    numbers = details_name("number")
    name = _looked_up(details_name("name"), numbers, nobody)
    promotion, time = (_looked_up(details_name(key), numbers) for key in ("promotion", "time"))
    step = f'{promotion}&IF({SHOWN}=0,"","; ")&{time}'
    steps = [f"{texts['promotion']}; {texts['time']}" for texts in person.texts]
    first = person.texts[0] if person.texts else None
    gap: Cell = (None, MIDDLE)
    sheet.add(
        (Formula(number, 1 if one else 0), NUMBER),
        (Formula(name, first["name"] if first else nobody), NAME),
        gap,
        ("Recommendation", BESIDES),
        (person.live("recommendation"), CHIP),
        height=person.height("name", wide=30, line=34.0),
    )
    sheet.add(
        ("Step", LABEL),
        (Formula(step, steps[0] if steps else ""), MIDDLE),
        gap,
        ("How firm", LABEL),
        (person.told("firmness"), MIDDLE),
        height=max(person.height("firmness"), _height(steps)),
    )
    target = (
        f'"#{CALIBRATION}!{letter("decision")}"&(MATCH({SHOWN},{name_of("number")},0)+{layout.first - 1})'
    )
    go = Formula(f'IF({SHOWN}=0,"",HYPERLINK({target},"Go and decide"))', "Go and decide" if one else "")
    sheet.add(
        ("It hinges on", LABEL),
        (person.live("crux"), LARGE),
        gap,
        (go, GO),
        (person.status(), CHIP),
        height=person.height("crux", wide=50, line=19.0),
    )
    rows: list[tuple[tuple[str, str], tuple[str, str]]] = [
        (("Still to show", "show"), ("Question to discuss", "asks")),
        (("Strongest signals", "strong"), ("Open questions", "questions")),
        (("Last cycle", "past"), ("Votes", "votes")),
    ]
    for left, right in rows:
        if not (person.has(left[1]) or person.has(right[1])):
            continue
        cells: list[Cell] = []
        for label, key in (left, right):
            there = person.has(key)
            cells += [(label if there else None, LABEL), (person.told(key) if there else None, MIDDLE), gap]
        sheet.add(*cells[:-1], height=person.height(left[1], right[1]))
    wrote: list[Cell] = []
    for label, rater in (("Manager wrote", "manager"), ("Self wrote", "self")):
        there = person.has(f"{rater}_wrote")
        wrote += [(label if there else None, LABEL), (person.said(rater) if there else None, MIDDLE), gap]
    sheet.add(*wrote[:-1], height=person.height("manager_short", "self_short"))
    _add_colours(sheet, run)


def _add_colours(sheet: Sheet, run: Run) -> None:
    band, status = f"E{PICK_ROW + 1}", f"E{PICK_ROW + 3}"
    sheet.colour(
        band,
        (
            (f"${band[0]}${band[1:]}={quoted(text.label)}", BAND_LOOKS[one])
            for one, text in run.pack.bands.items()
        ),
    )
    for statuses, look in ((SETTLED, BAND_LOOKS["ready_now"]), (FAULTY, STATUSES["gap"])):
        tests = ",".join(f'LEFT(${status[0]}${status[1:]},{len(one)})="{one}"' for one in statuses)
        sheet.colour(status, [(f"OR({tests})", look)])


def _number(cell: str, everybody: int) -> str:
    """The number that a yellow cell means: typed, or that of the label that was chosen; 0 for neither."""
    typed = f"IF(AND({cell}>=1,{cell}<={everybody}),INT({cell}),0)"
    chosen = f"MATCH({cell},{PEOPLE_LIST},0)"
    return f"IF(ISNUMBER({cell}),{typed},IF(ISNA({chosen}),0,{chosen}))"


def _offer(sheet: Sheet, cell: str) -> None:
    """A list that also lets a number be typed."""
    validation = DataValidation(type="list", formula1=f"={PEOPLE_LIST}", allow_blank=True)
    validation.showErrorMessage = False
    validation.promptTitle, validation.prompt = "Person", "Type a number, or choose from the list."
    validation.showInputMessage = True
    sheet.check(validation, cell)


def _left(run: Run, layout: Layout, entries: Entries) -> Formula:
    """How many of those to discuss are undecided, and the minutes that they need."""
    now = [item for item in layout.order if item.when == NOW]
    open_ = sum(status_of(run, one.known, entries) is DecisionStatus.UNDECIDED for one in now)
    undecided = f'{name_of("status")},"{DecisionStatus.UNDECIDED}"'
    counted = f'COUNTIFS({name_of("number")},"<={len(now)}",{undecided})'
    words, time = f" of {len(now)} to discuss are undecided", session_terms().time
    if places_of(run) != time.places:
        return Formula(f'{counted}&"{words}"', f"{open_}{words}")
    each = f" minutes at {time.minutes_per_item} each"
    formula = f'{counted}&"{words}: "&{time.minutes_per_item}*{counted}&"{each}"'
    return Formula(formula, f"{open_}{words}: {time.minutes_per_item * open_}{each}")


def _add_signals(book: Book, sheet: Sheet, run: Run, layout: Layout) -> None:
    """Signal by signal, with room for somebody else of the same step beside."""
    sheet.section("Signal by signal")
    sheet.add((MARKS_MEAN, SUBTITLE))
    pick = sheet.rows.last_row + 1
    beside = Formula(_number(f"$E${pick}", len(layout.order)), 0)
    gap: Cell = (None, MIDDLE)
    sheet.add((beside, NUMBER), gap, gap, ("Compare with", LABEL), (None, PICK), height=24)
    book.name(BESIDE, place(SESSION, f"$A${pick}"))
    _offer(sheet, f"E{pick}")
    heads = ("", "Signal", "", "Manager | self", "The other: manager | self")
    sheet.add(*((text or None, HEAD if text else MIDDLE) for text in heads), height=22)
    first = sheet.rows.last_row + 1
    most = max((len(run.pack.promotion(id_).signals) for id_ in layout.evidence_sheets), default=0)
    shown = [("", "")] * most
    for item in layout.order[:1]:
        headers = signal_headers(run, run.pack.promotion(item.known.promotion))
        shown[: len(headers)] = [(name, text) for name, (text, _) in zip(headers, item.signals, strict=True)]
    for number, (header, text) in enumerate(shown, start=1):
        sheet.add(
            (None, MIDDLE),
            (Formula(_signal_formula(layout, run, SHOWN, number, header=True), header), CELL),
            (None, MIDDLE),
            (Formula(_signal_formula(layout, run, SHOWN, number, header=False), text), CELL_CENTER),
            (Formula(_other_formula(layout, run, number), ""), CELL_CENTER),
            height=32,
        )
    for column in "DE":
        looks = [STATUSES[status] for status in STATUS_NAMES]
        sheet.colour(
            f"{column}{first}:{column}{max(sheet.rows.last_row, first)}",
            ((f'LEFT({column}{first},1)="{look.letter}"', look) for look in looks),
        )


def _step_of(person: str) -> str:
    return f"INDEX({name_of('promotion')},MATCH({person},{name_of('number')},0))"


def _other_formula(layout: Layout, run: Run, number: int) -> str:
    found = _signal_formula(layout, run, BESIDE, number, header=False)
    same, other = f"{_step_of(SHOWN)}={_step_of(BESIDE)}", "another step" if number == 1 else "–"
    return f'IF(OR({SHOWN}=0,{BESIDE}=0),"",IF({same},{found},"{other}"))'


def _signal_formula(layout: Layout, run: Run, person: str, number: int, *, header: bool) -> str:
    """The name or the evidence of a signal, from the evidence sheet of the person's promotion."""
    formula = '""'
    for id_ in reversed(list(layout.evidence_sheets)):
        promotion = run.pack.promotion(id_)
        if number <= len(promotion.signals):
            row = "1" if header else f"MATCH({person},{layout.evidence_names[id_]},0)+1"
            found = f"INDEX({layout.signal_names[id_]},{row},{number})"
            formula = f"IF({_step_of(person)}={quoted(promotion.title)},{found},{formula})"
    return f'IF({person}=0,"",{formula})'
