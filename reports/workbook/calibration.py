"""The Calibration sheet: one row per person and promotion, and the columns that the session fills in."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from openpyxl.formatting.rule import Rule
from openpyxl.styles import Font, PatternFill
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.worksheet.datavalidation import DataValidation

from engine.phrases import day
from engine.session import FAULTY, SETTLED, DecisionStatus, Entry, decision_status, session_terms
from engine.words import Key, Recommendation
from reports.shown.content import NO_DEPARTMENT, Run, specialisation_of
from reports.shown.looks import BANDS as BAND_LOOKS
from reports.shown.looks import STATUSES
from reports.workbook.book import Book, Sheet
from reports.workbook.cells import Formula, Value, row_height
from reports.workbook.layout import (
    CALIBRATION,
    CALIBRATION_COLUMNS,
    CALIBRATION_HEADER_ROW,
    EVIDENCE_HEADER_ROW,
    HIDDEN,
    SESSION_CELLS,
    SESSION_ROW,
    YES,
    Layout,
    doubled,
    letter,
    name_of,
    place,
    quoted,
)
from reports.workbook.styles import (
    CELL,
    CELL_BOLD,
    ENTRY_CELL,
    ENTRY_DATE,
    ENTRY_HEAD,
    HEAD,
    LINK,
    TEXT,
    Style,
    in_colors_of,
)
from rules.pack import BANDS, Band, RulePack

BAND_LIST = "list_decisions"
REASON_LIST = "list_reasons"
YES_LIST = "list_yes"
"""Defined names of the drop-downs' sources on the hidden sheet."""

Entries = Mapping[Key, Entry]
"""What the session filled in, by employee id and promotion id."""

WIDTHS = {column.key: column.width for column in CALIBRATION_COLUMNS}
HOW_TO = (
    "Fill in what is yellow: first, once for all rows, who decides and when; then a decision for each person "
    "discussed. A changed one needs a reason code and a reason. "
    f"With “{YES}” next to “The rest as recommended”, the room agrees to every row that is left empty."
)


def add_calibration(book: Book, run: Run, layout: Layout, entries: Entries) -> None:
    """Write the sheet; `entries` are decisions already made, as the final workbook shows them."""
    sheet = book.sheet(CALIBRATION, "C28F00")
    sheet.widths(column.width for column in CALIBRATION_COLUMNS)
    for hidden in HIDDEN:
        sheet.page.column_dimensions[letter(hidden)].hidden = True
    sheet.title("Calibration", HOW_TO)
    statuses = {one.key: status_of(run, one, entries) for one in run.recommendations}
    styles = {"decided_on": ENTRY_DATE}
    _add_beside(sheet, [(cell.label, None, styles.get(cell.key, ENTRY_CELL)) for cell in SESSION_CELLS])
    assert sheet.rows.last_row == SESSION_ROW
    _add_live_counts(sheet, list(statuses.values()))
    heads = {"given": HEAD, "live": HEAD, "entry": ENTRY_HEAD, "mark": ENTRY_HEAD}
    sheet.add(*((column.header, heads[column.role]) for column in CALIBRATION_COLUMNS), height=32)
    _add_rows(sheet, run, layout, entries, statuses)
    sheet.table("Calibration_table", [c.header for c in CALIBRATION_COLUMNS], CALIBRATION_HEADER_ROW, "D")
    _add_checks(sheet, run, layout)
    _add_highlights(sheet, run.pack, layout)
    for column in CALIBRATION_COLUMNS:
        book.name(name_of(column.key), layout.cells(column.key))
    for cell in SESSION_CELLS:
        book.name(cell.name, f"{CALIBRATION}!${cell.place[:-1]}${SESSION_ROW}")
    sheet.page.print_area = f"A1:{letter('follow_up')}{layout.last}"
    sheet.enlarge(90)


def status_of(run: Run, one: Recommendation, entries: Entries) -> DecisionStatus:
    """The status of a recommendation's row with these entries."""
    entry = entries.get(one.key, Entry())
    others = (t.id for t in run.pack.promotions_from(one.level) if t.id != one.promotion)
    promoted = any(entries.get((one.employee_id, other), Entry()).decision == BANDS[0] for other in others)
    return decision_status(entry, one.recommendation, promoted_elsewhere=promoted)


def result_of(one: Recommendation, entries: Entries) -> Band:
    """The band after the session: the decision, or the recommendation while there is none."""
    return entries.get(one.key, Entry()).decision or one.recommendation


def _add_live_counts(sheet: Sheet, statuses: Sequence[DecisionStatus]) -> None:
    shown = (("Undecided", (DecisionStatus.UNDECIDED,)), ("Decided", SETTLED), ("To fix", FAULTY))
    figure = Style(bold=True, size=14, across="left", number_format="#,##0")
    told: list[tuple[str, Value, Style]] = []
    for label, counted in shown:
        text = "+".join(f'COUNTIF({name_of("status")},"{status}")' for status in counted)
        told.append((label, Formula(text, sum(status in counted for status in statuses)), figure))
    _add_beside(sheet, told)
    red = DifferentialStyle(font=Font(color=STATUSES["gap"].colours.text, bold=True))
    to_fix = f"{letter(SESSION_CELLS[-1].column)}{sheet.rows.last_row}"
    sheet.highlight(to_fix, Rule(type="expression", dxf=red, formula=[f"{to_fix}>0"]))


def _add_beside(sheet: Sheet, told: Sequence[tuple[str, Value, Style]]) -> None:
    """A row of three values in the columns of the session's cells, each with its label before it."""
    cells: dict[str, tuple[Value, Style]] = {}
    for one, (label, value, style) in zip(SESSION_CELLS, told, strict=True):
        cells[one.label_column] = (label, Style(bold=True, across="right"))
        cells[one.column] = (value, style)
    sheet.add(*(cells.get(column.key, (None, TEXT)) for column in CALIBRATION_COLUMNS), height=22)


def _add_rows(
    sheet: Sheet, run: Run, layout: Layout, entries: Entries, statuses: Mapping[Key, DecisionStatus]
) -> None:
    pack = run.pack
    styles = _style_numbers(sheet)
    bands: dict[str, int] = {band: sheet.number(in_colors_of(BAND_LOOKS[band], CELL)) for band in BANDS}
    recommendation = [c.key for c in CALIBRATION_COLUMNS].index("recommendation")
    reason_labels = {reason.id: reason.label for reason in session_terms().reasons}
    best = run.best_bands({one.key: result_of(one, entries) for one in run.recommendations})
    counted: set[int] = set()
    for row, item in enumerate(layout.order, start=layout.first):
        one = item.known
        entry = entries.get(one.key, Entry())
        given = given_values(run, one, item.texts["crux"])
        values: dict[str, Value] = {
            **given,
            "number": row - layout.first + 1,
            "evidence": Formula(_evidence_formula(row, one, layout), "Evidence"),
            "decision": pack.bands[entry.decision].label if entry.decision else None,
            "mark": mark_of(one),
            "reason_code": reason_labels.get(entry.reason_code or ""),
            "reason": entry.reason,
            "decided_by": entry.decided_by,
            "decided_on": entry.decided_on,
            "follow_up": entry.follow_up,
            "result": Formula(_result_formula(row), pack.bands[result_of(one, entries)].label),
            "status": Formula(_status_formula(row, pack, one), str(statuses[one.key])),
            "person_result": None,
        }
        if one.person not in counted:  # a person counts once, in the first of their rows
            band = pack.bands[best[one.person]].label
            values["person_result"] = Formula(_best_formula(row, pack, one), band)
            counted.add(one.person)
        styles[recommendation] = bands[one.recommendation]
        texts = {key: given[key] for key in ("employee_name", "promotion", "crux")}
        room = ((text, WIDTHS[key]) for key, text in {**texts, "reason": entry.reason or ""}.items())
        height = row_height(*room, least=2)
        sheet.rows.add([values[c.key] for c in CALIBRATION_COLUMNS], styles, height)
    if not layout.order:
        sheet.rows.add([None] * len(styles), styles)


def mark_of(recommendation: Recommendation) -> str:
    """What says whose row it is, in the midst of the entries."""
    return f"{recommendation.employee_id} {recommendation.promotion_title}"


def given_values(run: Run, one: Recommendation, crux: str) -> dict[str, str]:
    """What the sheet says of a person before the session, by column; `crux` as `crux_of` says it."""
    pack = run.pack
    return {
        "employee_id": one.employee_id,
        "employee_name": one.employee_name or "",
        "department": one.department or NO_DEPARTMENT,
        "manager": run.manager_label(one),
        "promotion": one.promotion_title,
        "crux": crux,
        "recommendation": pack.bands[one.recommendation].label,
        "confidence": pack.confidences[one.confidence].label,
        "level": one.level_title,
        "specialisation": specialisation_of(one),
    }


def _style_numbers(sheet: Sheet) -> list[int]:
    special = {
        "employee_name": CELL_BOLD,
        "evidence": LINK,
        "decided_on": ENTRY_DATE,
        "status": CELL_BOLD,
        "result": CELL_BOLD,
    }
    by_role = {"given": CELL, "live": CELL, "entry": ENTRY_CELL, "mark": ENTRY_CELL}
    return [sheet.number(special.get(c.key, by_role[c.role])) for c in CALIBRATION_COLUMNS]


def _evidence_formula(row: int, one: Recommendation, layout: Layout) -> str:
    """A link that still finds its row after one of the two sheets was sorted."""
    sheet = doubled(place(layout.evidence_sheets[one.promotion], "C"))
    names = layout.evidence_names[one.promotion]
    found = f"MATCH(${letter('number')}{row},{names},0)+{EVIDENCE_HEADER_ROW}"
    return f'HYPERLINK("#{sheet}"&({found}),"Evidence")'


def _result_formula(row: int) -> str:
    decision, recommendation = _entered("decision"), f"{letter('recommendation')}{row}"
    return f'IF({decision}="",{recommendation},{decision})'


def _entered(key: str) -> str:
    """What stands in a column of entries in the row of the formula, without spaces around it, as it is read.

    A reference to the cell itself would go along when somebody cuts the cell and pastes it elsewhere; this
    stays with the row."""
    return f"TRIM(INDEX(${letter(key)}:${letter(key)},ROW()))"


def _best_formula(row: int, pack: RulePack, one: Recommendation) -> str:
    """The best result of all promotions of the person in this row."""
    if len(pack.promotions_from(one.level)) < 2:
        return f"{letter('result')}{row}"
    own = f"EXACT({name_of('employee_id')},${letter('employee_id')}{row})"
    best = quoted(pack.bands[BANDS[-1]].label)
    for band in reversed(BANDS[:-1]):
        label = quoted(pack.bands[band].label)
        best = f"IF(SUMPRODUCT({own}*({name_of('result')}={label}))>0,{label},{best})"
    return best


def _status_formula(row: int, pack: RulePack, one: Recommendation) -> str:
    recommendation, employee = f"${letter('recommendation')}{row}", f"${letter('employee_id')}{row}"
    entries = ("decision", "reason_code", "reason", "decided_by", "decided_on")
    decision, code, reason, by, on = map(_entered, entries)
    unclear = quoted(pack.bands["insufficient_evidence"].label)
    move = (
        f'IF({decision}={recommendation},"{DecisionStatus.AGREED}",'
        f'IF(OR({decision}={unclear},{recommendation}={unclear}),"{DecisionStatus.ASIDE}",'
        f"IF(MATCH({decision},{BAND_LIST},0)<MATCH({recommendation},{BAND_LIST},0),"
        f'"{DecisionStatus.UP}","{DecisionStatus.DOWN}")))'
    )
    by_nobody = f'AND({by}="",session_decided_by="")'
    on_no_day = f'AND({on}="",session_decided_on="")'
    complete = f'IF(OR({by_nobody},{on_no_day}),"{DecisionStatus.DECIDER_MISSING}",{move})'
    rest = quoted(session_terms().rest)  # a reason for what nobody asked to discuss alone
    unreasoned = f'AND({decision}<>{recommendation},OR({code}="",{reason}="",{reason}={rest}))'
    reasoned = f'IF({unreasoned},"{DecisionStatus.REASON_MISSING}",{complete})'
    nobody = 'OR(session_decided_by="",session_decided_on="")'
    rested = f'IF({nobody},"{DecisionStatus.DECIDER_MISSING}","{DecisionStatus.AGREED}")'
    if len(pack.promotions_from(one.level)) > 1:
        top = quoted(pack.bands[BANDS[0]].label)
        promoted = f"(TRIM({name_of('decision')})={top})+{RESTING}*({name_of('recommendation')}={top})"
        twice = f"SUMPRODUCT(EXACT({name_of('employee_id')},{employee})*({promoted}))>1"
        two = f'"{DecisionStatus.TWO_PROMOTIONS}"'
        reasoned = f"IF(AND({decision}={top},{twice}),{two},{reasoned})"
        rested = f"IF(AND({recommendation}={top},{twice}),{two},{rested})"
    known = f'IF(ISNA(MATCH({decision},{BAND_LIST},0)),"{DecisionStatus.UNKNOWN_DECISION}",{reasoned})'
    filled = f'OR({code}<>"",{reason}<>"",{by}<>"",{on}<>"")'
    rest = f'IF(session_rest="{YES}",{rested},"{DecisionStatus.UNDECIDED}")'
    undecided = f'IF({filled},"{DecisionStatus.DECISION_MISSING}",{rest})'
    return f'IF({decision}="",{undecided},{known})'


RESTING = f'(session_rest="{YES}")*(TRIM({name_of("decision")})="")'
"""Rows that are left empty and count as agreed."""


def _add_checks(sheet: Sheet, run: Run, layout: Layout) -> None:
    def rows(key: str) -> str:
        return f"{letter(key)}{layout.first}:{letter(key)}{layout.last}"

    sheet.choices(
        rows("decision"), f"={BAND_LIST}", "Decision", "What the session decides, also when it agrees."
    )
    sheet.choices(
        rows("reason_code"),
        f"={REASON_LIST}",
        "Reason code",
        "Needed when the decision differs from the recommendation.",
    )
    earliest = run.day - timedelta(days=366)
    days = DataValidation(
        type="date",
        operator="greaterThanOrEqual",
        formula1=f"DATE({earliest.year},{earliest.month},{earliest.day})",
        allow_blank=True,
        showErrorMessage=True,
        showInputMessage=True,
        errorTitle="Decided on",
        error=f"Please give a date, not before {day(earliest)}.",
        promptTitle="Decided on",
        prompt="The day of the decision, as a date. In a row, only where it differs from the one above.",
    )
    by, on, rest = (cell.place for cell in SESSION_CELLS)
    sheet.check(days, rows("decided_on"), on)
    sheet.choices(rest, f"={YES_LIST}", "The rest", "Yes: the room agrees to all that is left empty.")
    texts = DataValidation(
        type="textLength",
        operator="lessThanOrEqual",
        formula1="1000",
        allow_blank=True,
        showErrorMessage=True,
        errorTitle="Too long",
        error="Please keep it under 1,000 characters.",
    )
    sheet.check(texts, rows("reason"), rows("decided_by"), rows("follow_up"), by)


def _add_highlights(sheet: Sheet, pack: RulePack, layout: Layout) -> None:
    first, last = layout.first, layout.last
    status_cell = f"${letter('status')}{first}"
    faulty = ",".join(f'{status_cell}="{s}"' for s in FAULTY)
    gap = STATUSES["gap"].colours
    red = DifferentialStyle(
        font=Font(color=gap.text), fill=PatternFill(bgColor=gap.ground, fill_type="solid")
    )
    everything = f"A{first}:{letter('person_result')}{last}"
    sheet.highlight(everything, Rule(type="expression", dxf=red, formula=[f"OR({faulty})"], stopIfTrue=True))
    for key in ("decision", "result"):
        column = letter(key)
        labels = {band: quoted(pack.bands[band].label) for band in BANDS}
        sheet.colour(
            f"{column}{first}:{column}{last}",
            ((f"${column}{first}={label}", BAND_LOOKS[band]) for band, label in labels.items()),
        )
    shown = {
        DecisionStatus.AGREED: BAND_LOOKS["ready_now"],
        DecisionStatus.UP: BAND_LOOKS["ready_soon"],
        DecisionStatus.DOWN: BAND_LOOKS["developing"],
        DecisionStatus.ASIDE: BAND_LOOKS["insufficient_evidence"],
    }
    sheet.colour(
        f"{letter('status')}{first}:{letter('status')}{last}",
        ((f'{status_cell}="{status}"', look) for status, look in shown.items()),
    )
