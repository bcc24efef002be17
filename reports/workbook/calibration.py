"""The Calibration sheet: one row per person and promotion, and the columns that the session fills in."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta

from openpyxl.formatting.rule import Rule
from openpyxl.styles import Font, PatternFill
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.worksheet.datavalidation import DataValidation

from engine.phrases import count, day
from engine.session import FAULTY, SETTLED, DecisionStatus, Entry, decision_status, session_terms
from engine.words import Explanation, Key
from reports.shown.content import NO_DEPARTMENT, Run, manager_of, specialisation_of
from reports.shown.looks import BANDS as BAND_LOOKS
from reports.shown.looks import STATUSES
from reports.workbook.book import Book, Sheet
from reports.workbook.cells import Formula, Value
from reports.workbook.layout import (
    CALIBRATION,
    CALIBRATION_COLUMNS,
    CALIBRATION_HEADER_ROW,
    EVIDENCE_HEADER_ROW,
    Layout,
    letter,
    name_of,
    place,
)
from reports.workbook.styles import (
    CELL,
    CELL_BOLD,
    CELL_CENTER,
    CELL_SMALL,
    ENTRY_CELL,
    ENTRY_DATE,
    ENTRY_HEAD,
    HEAD,
    LINK,
    SUBTITLE,
    TITLE,
    Style,
    highlight,
    in_colors_of,
)
from rules.pack import BANDS, Band, RulePack

BAND_LIST = "list_decisions"
REASON_LIST = "list_reasons"
"""Defined names of the drop-downs' sources on the hidden sheet."""

Entries = Mapping[Key, Entry]
"""What the session filled in, by employee id and promotion id."""

LINE_HEIGHT = 15.0
MOST_LINES = 4


def add_calibration(book: Book, run: Run, layout: Layout, entries: Entries) -> None:
    """Write the sheet; `entries` are decisions already made, as the final workbook shows them."""
    sheet = book.sheet(CALIBRATION, "C28F00")
    sheet.widths(column.width for column in CALIBRATION_COLUMNS)
    for hidden in ("mark", "person_result"):
        sheet.page.column_dimensions[letter(hidden)].hidden = True
    sheet.add(("Calibration", TITLE), height=28)
    sheet.add((_how_to(), SUBTITLE))
    statuses = [status_of(run, explanation, entries) for explanation in run.explanations]
    _add_live_counts(sheet, statuses)
    sheet.rows.skip(CALIBRATION_HEADER_ROW - 1 - sheet.rows.last_row)
    heads = {"given": HEAD, "live": HEAD, "entry": ENTRY_HEAD, "mark": ENTRY_HEAD}
    sheet.add(*((column.header, heads[column.role]) for column in CALIBRATION_COLUMNS), height=32)
    _add_rows(sheet, run, layout, entries, statuses)
    sheet.table(
        "Calibration_table", [c.header for c in CALIBRATION_COLUMNS], CALIBRATION_HEADER_ROW, layout.last
    )
    sheet.freeze(f"D{layout.first}")
    _add_checks(sheet, run, layout)
    _add_highlights(sheet, run.pack, layout)
    for column in CALIBRATION_COLUMNS:
        book.name(name_of(column.key), layout.cells(column.key))
    sheet.page.page_setup.paperSize = sheet.page.PAPERSIZE_A3
    sheet.page.print_area = f"A1:{letter('status')}{layout.last}"
    sheet.page.sheet_view.zoomScale = 85
    sheet.protect()


def status_of(run: Run, explanation: Explanation, entries: Entries) -> DecisionStatus:
    """The status of an explanation's row with these entries."""
    entry = entries.get(explanation.key, Entry())
    others = (t.id for t in run.pack.promotions_from(explanation.level) if t.id != explanation.promotion)
    promoted = any(
        entries.get((explanation.employee_id, other), Entry()).decision == BANDS[0] for other in others
    )
    return decision_status(entry, explanation.recommendation, promoted_elsewhere=promoted)


def result_of(explanation: Explanation, entries: Entries) -> Band:
    """The band after the session: the decision, or the recommendation while there is none."""
    return entries.get(explanation.key, Entry()).decision or explanation.recommendation


def _how_to() -> str:
    return (
        "The yellow columns are yours to fill in. Record agreement too. A decision that differs from the "
        "recommendation needs a reason code and a reason; until then its row is red."
    )


def _add_live_counts(sheet: Sheet, statuses: Sequence[DecisionStatus]) -> None:
    counts = Counter(statuses)
    column = name_of("status")
    undecided = Formula(f'COUNTIF({column},"{DecisionStatus.UNDECIDED}")', counts[DecisionStatus.UNDECIDED])
    settled = "+".join(f'COUNTIF({column},"{s}")' for s in SETTLED)
    faulty = "+".join(f'COUNTIF({column},"{s}")' for s in FAULTY)
    decided = Formula(settled, sum(counts[s] for s in SETTLED))
    incomplete = Formula(faulty, sum(counts[s] for s in FAULTY))
    label = Style(bold=True, across="right")
    figure = Style(bold=True, size=14, across="left", number_format="#,##0")
    sheet.add(
        (None, label),
        ("Undecided", label),
        (undecided, figure),
        ("Decided", label),
        (decided, figure),
        ("To fix", label),
        (incomplete, figure),
        height=22,
    )
    red = DifferentialStyle(font=Font(color=STATUSES["gap"].colours.text, bold=True))
    sheet.highlight("F3:G3", Rule(type="expression", dxf=red, formula=["$G$3>0"]))


def _add_rows(
    sheet: Sheet, run: Run, layout: Layout, entries: Entries, statuses: Sequence[DecisionStatus]
) -> None:
    pack = run.pack
    styles = _style_numbers(sheet)
    bands: dict[str, int] = {band: sheet.number(in_colors_of(BAND_LOOKS[band], CELL)) for band in BANDS}
    recommendation = [c.key for c in CALIBRATION_COLUMNS].index("recommendation")
    reason_labels = {reason.id: reason.label for reason in session_terms().reasons}
    people = run.people_bands({one.key: result_of(one, entries) for one in run.explanations})
    counted: set[int] = set()
    rows = zip(run.explanations, statuses, strict=True)
    for row, (explanation, status) in enumerate(rows, start=layout.first):
        entry = entries.get(explanation.key, Entry())
        given = given_values(run, explanation)
        result = result_of(explanation, entries)
        values: dict[str, Value] = {
            **given,
            "number": row - layout.first + 1,
            "evidence": Formula(_evidence_formula(row, explanation, layout), "Evidence"),
            "decision": pack.bands[entry.decision].label if entry.decision else None,
            "mark": mark_of(explanation),
            "reason_code": reason_labels.get(entry.reason_code or ""),
            "reason": entry.reason,
            "decided_by": entry.decided_by,
            "decided_on": entry.decided_on,
            "follow_up": entry.follow_up,
            "result": Formula(_result_formula(row), pack.bands[result].label),
            "status": Formula(_status_formula(row, pack, explanation), str(status)),
            "person_result": None,
        }
        if explanation.person not in counted:  # a person counts once, in the first of their rows
            best = pack.bands[people[len(counted)]].label
            values["person_result"] = Formula(_best_formula(row, pack, explanation), best)
            counted.add(explanation.person)
        styles[recommendation] = bands[explanation.recommendation]
        height = _height(given["reasons"], given["findings"])
        sheet.add_numbered([values[c.key] for c in CALIBRATION_COLUMNS], styles, height)
    if not run.explanations:
        sheet.add_numbered([None] * len(styles), styles)


def mark_of(explanation: Explanation) -> str:
    """What says whose row it is, in the midst of the entries."""
    return f"{explanation.employee_id} {explanation.promotion_title}"


def given_values(run: Run, explanation: Explanation) -> dict[str, str]:
    """What the sheet says of a person before the session, by column."""
    pack = run.pack
    past = run.session.past(explanation.key)
    findings = [pack.finding(finding).title for finding in explanation.findings]
    reasons = list(explanation.reasons)
    if past is not None and past.finding is not None:
        findings.insert(0, session_terms().cycle(past.finding).title)
        reasons.append(past.sentence)
    steps = explanation.outlook.steps_to_next
    return {
        "employee_id": explanation.employee_id,
        "employee_name": explanation.employee_name or "",
        "department": explanation.department or NO_DEPARTMENT,
        "manager": manager_of(explanation),
        "promotion": explanation.promotion_title,
        "recommendation": pack.bands[explanation.recommendation].label,
        "confidence": pack.confidences[explanation.confidence].label,
        "distance": count(steps, "step") if steps else "",
        "questions": "; ".join(one.title for one in explanation.questions),
        "reasons": explanation.reasons[0],
        "all_reasons": "\n".join(reasons),
        "next_step": explanation.next_step,
        "level": explanation.level_title,
        "next_level": explanation.next_level_title,
        "specialisation": specialisation_of(explanation),
        "findings": ", ".join(findings),
        "rules": ", ".join(rule.code for rule in explanation.rules if rule.decisive),
    }


def _style_numbers(sheet: Sheet) -> list[int]:
    special = {
        "employee_name": CELL_BOLD,
        "evidence": LINK,
        "decided_on": ENTRY_DATE,
        "status": CELL_BOLD,
        "result": CELL_BOLD,
        "findings": CELL_SMALL,
        "questions": CELL_SMALL,
        "rules": CELL_SMALL,
        "next_step": CELL_SMALL,
        "all_reasons": CELL_SMALL,
        "distance": CELL_CENTER,
    }
    by_role = {"given": CELL, "live": CELL, "entry": ENTRY_CELL, "mark": ENTRY_CELL}
    return [sheet.number(special.get(c.key, by_role[c.role])) for c in CALIBRATION_COLUMNS]


def _height(reasons: str, findings: str) -> float:
    lines = max(_lines(reasons, 52), _lines(findings, 32))
    return LINE_HEIGHT * min(max(lines, 2), MOST_LINES) + 3


def _lines(text: str, width: int) -> int:
    return sum(1 + len(line) // width for line in text.split("\n"))


def _evidence_formula(row: int, explanation: Explanation, layout: Layout) -> str:
    """A link that still finds its row after one of the two sheets was sorted."""
    sheet = _doubled(place(layout.evidence_sheets[explanation.promotion], "C"))
    names = layout.evidence_names[explanation.promotion]
    found = f"MATCH(${letter('number')}{row},{names},0)+{EVIDENCE_HEADER_ROW}"
    return f'HYPERLINK("#{sheet}"&({found}),"Evidence")'


def _result_formula(row: int) -> str:
    decision, recommendation = f"{letter('decision')}{row}", f"{letter('recommendation')}{row}"
    return f'IF({decision}="",{recommendation},{decision})'


def _best_formula(row: int, pack: RulePack, explanation: Explanation) -> str:
    """The best result of all promotions of the person in this row."""
    if len(pack.promotions_from(explanation.level)) < 2:
        return f"{letter('result')}{row}"
    own = f"EXACT({name_of('employee_id')},${letter('employee_id')}{row})"
    best = _quoted(pack.bands[BANDS[-1]].label)
    for band in reversed(BANDS[:-1]):
        label = _quoted(pack.bands[band].label)
        best = f"IF(SUMPRODUCT({own}*({name_of('result')}={label}))>0,{label},{best})"
    return best


def _status_formula(row: int, pack: RulePack, explanation: Explanation) -> str:
    cell = {column.key: f"${column_letter}{row}" for column, column_letter in _LETTERED}
    decision, recommendation = cell["decision"], cell["recommendation"]
    code, reason, by, on = (cell[k] for k in ("reason_code", "reason", "decided_by", "decided_on"))
    unclear = _quoted(pack.bands["insufficient_evidence"].label)
    move = (
        f'IF({decision}={recommendation},"{DecisionStatus.AGREED}",'
        f'IF(OR({decision}={unclear},{recommendation}={unclear}),"{DecisionStatus.ASIDE}",'
        f"IF(MATCH({decision},{BAND_LIST},0)<MATCH({recommendation},{BAND_LIST},0),"
        f'"{DecisionStatus.UP}","{DecisionStatus.DOWN}")))'
    )
    complete = f'IF(OR({by}="",{on}=""),"{DecisionStatus.DECIDER_MISSING}",{move})'
    unreasoned = f'AND({decision}<>{recommendation},OR({code}="",{reason}=""))'
    reasoned = f'IF({unreasoned},"{DecisionStatus.REASON_MISSING}",{complete})'
    if len(pack.promotions_from(explanation.level)) > 1:
        top = _quoted(pack.bands[BANDS[0]].label)
        twice = (
            f"SUMPRODUCT(EXACT({name_of('employee_id')},{cell['employee_id']})"
            f"*({name_of('decision')}={top}))>1"
        )
        reasoned = f'IF(AND({decision}={top},{twice}),"{DecisionStatus.TWO_PROMOTIONS}",{reasoned})'
    known = f'IF(ISNA(MATCH({decision},{BAND_LIST},0)),"{DecisionStatus.UNKNOWN_DECISION}",{reasoned})'
    filled = f'OR({code}<>"",{reason}<>"",{by}<>"",{on}<>"")'
    undecided = f'IF({filled},"{DecisionStatus.DECISION_MISSING}","{DecisionStatus.UNDECIDED}")'
    return f'IF({decision}="",{undecided},{known})'


_LETTERED = tuple((column, letter(column.key)) for column in CALIBRATION_COLUMNS)


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
        prompt="The day of the decision, as a date.",
    )
    sheet.check(rows("decided_on"), days)
    texts = DataValidation(
        type="textLength",
        operator="lessThanOrEqual",
        formula1="1000",
        allow_blank=True,
        showErrorMessage=True,
        errorTitle="Too long",
        error="Please keep it under 1,000 characters.",
    )
    for key in ("reason", "decided_by", "follow_up"):
        texts.add(rows(key))
    sheet.page.add_data_validation(texts)


def _add_highlights(sheet: Sheet, pack: RulePack, layout: Layout) -> None:
    first, last = layout.first, layout.last
    status_cell = f"${letter('status')}{first}"
    faulty = ",".join(f'{status_cell}="{s}"' for s in FAULTY)
    gap = STATUSES["gap"].colours
    red = DifferentialStyle(
        font=Font(color=gap.text), fill=PatternFill(bgColor=gap.ground, fill_type="solid")
    )
    everything = f"A{first}:{letter('rules')}{last}"
    sheet.highlight(everything, Rule(type="expression", dxf=red, formula=[f"OR({faulty})"], stopIfTrue=True))
    for key in ("decision", "result"):
        column = letter(key)
        rules = [
            Rule(
                type="expression",
                dxf=highlight(BAND_LOOKS[band]),
                formula=[f"${column}{first}={_quoted(pack.bands[band].label)}"],
            )
            for band in BANDS
        ]
        sheet.highlight(f"{column}{first}:{column}{last}", *rules)
    shown = {
        DecisionStatus.AGREED: BAND_LOOKS["ready_now"],
        DecisionStatus.UP: BAND_LOOKS["ready_soon"],
        DecisionStatus.DOWN: BAND_LOOKS["developing"],
        DecisionStatus.ASIDE: BAND_LOOKS["insufficient_evidence"],
    }
    sheet.highlight(
        f"{letter('status')}{first}:{letter('status')}{last}",
        *(
            Rule(type="expression", dxf=highlight(look), formula=[f'{status_cell}="{status}"'])
            for status, look in shown.items()
        ),
    )


def _quoted(text: str) -> str:
    """A text as a formula's constant."""
    return f'"{_doubled(text)}"'


def _doubled(text: str) -> str:
    return text.replace('"', '""')
