"""The evidence sheets: one per promotion, people down, signals across, a heat map by colour and letter."""

from collections.abc import Sequence
from decimal import Decimal

from openpyxl.utils import get_column_letter

from engine.phrases import count, number
from engine.words import Explanation, SignalEvidence, shown_rating
from inputs import UNITS_PER_POINT
from reports.shown.content import Run
from reports.shown.looks import BANDS as BAND_LOOKS
from reports.shown.looks import STATUSES
from reports.shown.saying import each_once
from reports.workbook.book import Book, Sheet
from reports.workbook.cells import Formula, Value, row_height
from reports.workbook.layout import CALIBRATION, EVIDENCE_HEADER_ROW, Layout, letter, name_of, place
from reports.workbook.styles import (
    CELL,
    CELL_BOLD,
    CELL_CENTER,
    HEAD,
    HEAD_CENTER,
    LINK,
    SUBTITLE,
    in_colors_of,
)
from reports.workbook.topics import AgendaItem
from rules.pack import BANDS, Promotion, Signal
from rules.pack import STATUSES as STATUS_NAMES

AGREEMENT_MARKS = {"aligned": "", "self_higher": " ▲", "self_lower": " ▽", "unknown": ""}
_PEOPLE = (
    ("No.", 6.0),
    ("Employee id", 12.0),
    ("Name", 21.0),
    ("Manager", 18.0),
    ("Recommendation", 23.0),
    ("Calibration", 11.0),
)
SIGNAL_WIDTH = 17.0
Member = tuple[int, AgendaItem]
"""A number on the Calibration sheet, and whose it is."""


def add_evidence(book: Book, run: Run, layout: Layout) -> None:
    """Write one sheet for each promotion that somebody is assessed for."""
    members: dict[str, list[Member]] = {name: [] for name in layout.evidence_sheets}
    for row, item in enumerate(layout.order, start=1):
        members[item.known.promotion].append((row, item))
    for promotion_id, name in layout.evidence_sheets.items():
        promotion = run.pack.promotion(promotion_id)
        _add_sheet(book, run, layout, name, promotion, members[promotion_id])


def _add_sheet(
    book: Book,
    run: Run,
    layout: Layout,
    name: str,
    promotion: Promotion,
    members: Sequence[Member],
) -> None:
    sheet = book.sheet(name, "3E7C59")
    signals = signals_of(promotion)
    sheet.widths([w for _, w in _PEOPLE] + [_signal_width(members)] * len(signals))
    sheet.title(
        f"Evidence: {promotion.title}",
        f"{count(len(members), 'person', 'people')}. A cell reads: status, manager's score | self score. "
        "The manager's score is compared with the bar; the self score shows whether the two agree. "
        + members[0][1].scale_note,
    )
    _add_legend(sheet, run)
    sheet.skip_to(EVIDENCE_HEADER_ROW)
    named = signal_headers(run, promotion)
    headers = [h for h, _ in _PEOPLE] + named
    heads = [HEAD] * len(_PEOPLE) + [HEAD_CENTER] * len(signals)
    longest = max(len(s.title) for s in signals)
    sheet.add(*zip(headers, heads, strict=True), height=15.0 * (2 + -(-longest // 12)) + 6)
    _add_people(sheet, run, layout, members)
    number = list(layout.evidence_sheets).index(promotion.id) + 1
    sheet.table(f"Evidence_table_{number}", headers, EVIDENCE_HEADER_ROW, "D")
    first, last = EVIDENCE_HEADER_ROW + 1, sheet.rows.last_row
    book.name(layout.evidence_names[promotion.id], place(name, f"$A${first}:$A${last}"))
    span = (get_column_letter(len(_PEOPLE) + 1), get_column_letter(len(_PEOPLE) + len(signals)))
    book.name(layout.signal_names[promotion.id], place(name, f"${span[0]}${first - 1}:${span[1]}${last}"))
    sheet.page.print_area = f"A1:{span[1]}{last}"
    sheet.enlarge(85)


def _signal_width(members: Sequence[Member]) -> float:
    """Wide enough for what a file with ratings of its own calls them."""
    if not members[0][1].scale_note:
        return SIGNAL_WIDTH
    texts = (text for _, item in members for text, _ in item.signals)
    return min(max(SIGNAL_WIDTH, *map(len, texts)), _WIDEST)


_WIDEST = 60.0


def _add_legend(sheet: Sheet, run: Run) -> None:
    chips = [
        (f"{STATUSES[s].letter} {run.pack.statuses[s].label}", in_colors_of(STATUSES[s]))
        for s in STATUS_NAMES
    ]
    sheet.add(("Legend", SUBTITLE), *chips, (None, SUBTITLE), (MARKS_MEAN, SUBTITLE), height=20)


def signals_of(promotion: Promotion) -> tuple[Signal, ...]:
    """The signals in the order of the columns: as the promotion asks for them of everybody, core first."""
    return tuple(sorted(promotion.signals, key=lambda signal: signal.importance != "core"))


def signal_headers(run: Run, promotion: Promotion) -> list[str]:
    """The heads of the signals' columns, each used once."""
    headers: list[str] = []
    own = run.explanations.scales.get("manager")
    for signal in signals_of(promotion):
        bar = shown_rating(int(run.pack.bar_of(promotion, signal) * UNITS_PER_POINT), own)
        header = f"{signal.title}\n{signal.importance}, bar {number(bar)}"
        headers.append(header if header not in headers else f"{header} ({signal.id})")
    return headers


def _add_people(sheet: Sheet, run: Run, layout: Layout, members: Sequence[Member]) -> None:
    plain, bold, link = sheet.number(CELL), sheet.number(CELL_BOLD), sheet.number(LINK)
    bands: dict[str, int] = {band: sheet.number(in_colors_of(BAND_LOOKS[band], CELL)) for band in BANDS}
    statuses: dict[str, int] = {s: sheet.number(in_colors_of(STATUSES[s], CELL_CENTER)) for s in STATUS_NAMES}
    for row, item in members:
        one, manager = item.known, run.manager_label(item.known)
        values: list[Value] = [
            row,
            one.employee_id,
            one.employee_name,
            manager,
            run.pack.bands[one.recommendation].label,
            _link_back(row, layout),
        ]
        styles = [plain, plain, bold, plain, bands[one.recommendation], link]
        for text, status in item.signals:
            values.append(text)
            styles.append(statuses[status])
        room = ((one.employee_id, 12.0), (one.employee_name or "", 20.0), (manager or "", 18.0))
        sheet.rows.add(values, styles, row_height(*room) + 1)


def _link_back(number: int, layout: Layout) -> Formula:
    row = f"MATCH({number},{name_of('number')},0)+{layout.first - 1}"
    return Formula(
        f'HYPERLINK("#{CALIBRATION}!{letter("employee_name")}"&({row}),"Calibration")', "Calibration"
    )


def evidence_of(explanation: Explanation, promotion: Promotion) -> list[SignalEvidence]:
    """A person's evidence in the order of the columns, whatever order a specialisation gives it."""
    found = {signal.signal: signal for signal in explanation.evidence}
    return [found[signal.id] for signal in signals_of(promotion)]


def evidence_text(explanation: Explanation, signal: SignalEvidence) -> str:
    """A signal in one cell, such as `N  3.25 | 4.00 ▲`: status, manager, self, agreement, marks."""
    letter_ = STATUSES[signal.status].letter
    scores = f"{_score(signal.manager_score)} | {_score(signal.self_score)}"
    unwritten = (one for one in explanation.questions if one.kind == "unwritten")
    ask = ASK if any(signal.title in one.subjects for one in unwritten) else ""
    other = OTHER if any(one.signal == signal.signal for one in explanation.signal_overrides) else ""
    return f"{letter_}  {scores}{AGREEMENT_MARKS[signal.agreement] or ' ' * bool(ask or other)}{ask}{other}"


ASK, OTHER = "✎", "*"
"""Marks of a signal: nobody has written what it rests on; the person's specialisation asks for it
differently."""
MARKS_MEAN = (
    "▲ self score above the manager's by the margin   ▽ below it by the margin   "
    f"{ASK} ask for an example   {OTHER} changed by the person's specialisation"
)


def _score(score: Decimal | None) -> str:
    return "–" if score is None else number(score)


def overridden_signals(explanation: Explanation) -> str:
    """What the person's specialisation asks differently, and why; empty where it is nothing."""
    lines = [f"{one.title}: {one.sentence} {one.reason}" for one in explanation.signal_overrides]
    return "\n".join([f"Of a {explanation.specialisation}:", *lines]) if lines else ""


def comments(explanation: Explanation, rater: str) -> str:
    """What a rater wrote about the person."""
    own = each_once(one for one in explanation.comments if one.rater == rater)
    return "\n".join(f"{one.about}: {one.text}" for one in own)
