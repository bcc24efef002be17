"""The Summary sheet: before and after, by level, department and manager, live while the session decides."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.pagebreak import Break

from engine.phrases import count
from engine.session import FAULTY, SETTLED, DecisionStatus
from engine.words import Recommendation
from reports.shown.content import NO_DEPARTMENT, Run, Tally, specialisation_of
from reports.shown.guidelines import Guideline, guideline_shares
from reports.shown.looks import ACCENT, INK, LINE, STATUSES
from reports.shown.looks import BANDS as BAND_LOOKS
from reports.workbook.book import Book, Sheet
from reports.workbook.calibration import Entries, result_of, status_of
from reports.workbook.cells import Formula, row_height
from reports.workbook.charts import Bars, bar_chart
from reports.workbook.counting import NameCounts
from reports.workbook.layout import SUMMARY, name_of
from reports.workbook.styles import (
    COUNT,
    COUNT_BOLD,
    FIGURE,
    FIGURE_LABEL,
    HEAD,
    HEAD_CENTER,
    QUIET,
    ROW_HEAD,
    ROW_HEAD_BOLD,
    SUBTITLE,
    in_colors_of,
)
from rules.pack import BANDS, Band

NAMES = 34
"""The width of the column of groups' names."""
FIRST_BAND_ROW = 11
"""The overall table's first row; its column A holds the bands' labels, which all counts compare with."""
CHART_ROWS = 16
PAGE_FROM = "department"
"""The group whose table begins a printed page."""


@dataclass(frozen=True)
class _Row:
    """One recommendation as the counts see it."""

    explanation: Recommendation
    result: Band
    status: DecisionStatus


def add_summary(book: Book, run: Run, entries: Entries) -> None:
    """Write the sheet; the numbers shown before any calculation are those of `entries`."""
    rows = [_Row(e, result_of(e, entries), status_of(run, e, entries)) for e in run.recommendations]
    sheet = book.sheet(SUMMARY, "2B4C9B")
    sheet.widths([NAMES, *[12] * 11])
    about = f"Before: what the rules recommend. After: what the session decided. Run {run.fingerprint}."
    sheet.title("Summary", about)
    sheet.rows.skip()
    _add_figures(sheet, run, rows)
    _add_bands(sheet, run, rows)
    groups: tuple[tuple[str, str, Sequence[Tally[Band]], Callable[[Recommendation], str]], ...] = (
        ("Level", "level", run.by_level(), lambda e: e.level_title),
        ("Promotion", "promotion", run.by_promotion(), lambda e: e.promotion_title),
        ("Department", "department", run.by_department(), lambda e: e.department or NO_DEPARTMENT),
        ("Manager", "manager", run.by_manager(), run.manager_label),
    )
    if specialisations := run.by_specialisation():
        groups = (*groups, ("Specialisation", "specialisation", specialisations, specialisation_of))
    places = {}
    for title, key, tallies, name_of_group in groups:
        members: dict[str, list[_Row]] = {tally.name: [] for tally in tallies}
        for row in rows:
            members[name_of_group(row.explanation)].append(row)
        if key == PAGE_FROM:
            sheet.page.row_breaks.append(Break(sheet.rows.last_row))
        places[key] = _add_groups(sheet, run, title, key, members)
    _add_charts(sheet, run, rows, places["level"])
    sheet.freeze("B3")


def _of_bands(rows: Sequence[_Row]) -> dict[Band, tuple[int, int]]:
    """By band how many are of it before and after."""
    before = Counter(row.explanation.recommendation for row in rows)
    after = Counter(row.result for row in rows)
    return {band: (before[band], after[band]) for band in BANDS}


def _add_figures(sheet: Sheet, run: Run, rows: Sequence[_Row]) -> None:
    def having(*statuses: DecisionStatus) -> Formula:
        text = "+".join(f'COUNTIF({name_of("status")},"{s}")' for s in statuses)
        return Formula(text, sum(row.status in statuses for row in rows))

    figures: list[tuple[str, Formula | int]] = [
        ("recommendations", Formula(f'COUNTIF({name_of("employee_id")},"?*")', len(rows))),
        ("undecided", having(DecisionStatus.UNDECIDED)),
        ("agreed", having(DecisionStatus.AGREED)),
        ("changed up", having(DecisionStatus.UP)),
        ("changed down", having(DecisionStatus.DOWN)),
        ("neither up nor down", having(DecisionStatus.ASIDE)),
        ("reason missing", having(DecisionStatus.REASON_MISSING)),
        ("to fix in all", having(*FAULTY)),
        ("decided", having(*SETTLED)),
    ]
    sheet.add(
        (f"{count(run.people_in_file, 'person', 'people')} in the file", ROW_HEAD_BOLD),
        *((value, FIGURE) for _, value in figures),
        height=32,
    )
    listed = len(run.not_assessable)
    sheet.add(
        (f"{run.people_recommended:,} with a recommendation + {listed:,} not assessable", ROW_HEAD),
        *((name, FIGURE_LABEL) for name, _ in figures),
        height=32,
    )
    sheet.colour("H4:I4", [("H$4>0", STATUSES["gap"])])
    adds_up = run.people_recommended + listed == run.people_in_file
    sheet.add(
        (
            f"{run.people_recommended:,} + {listed:,} = {run.people_in_file:,}: "
            + ("everybody is accounted for. " if adds_up else "THIS DOES NOT ADD UP; do not use this file. ")
            + "A person with two possible next levels has two recommendations.",
            SUBTITLE,
        ),
    )
    sheet.rows.skip()


def _add_bands(sheet: Sheet, run: Run, rows: Sequence[_Row]) -> None:
    sheet.section("All recommendations")
    sheet.add(
        ("Band", HEAD), ("Before", HEAD_CENTER), ("After", HEAD_CENTER), ("Change", HEAD_CENTER), height=20
    )
    assert sheet.rows.last_row == FIRST_BAND_ROW - 1
    for band, (before, after) in _of_bands(rows).items():
        row = sheet.rows.last_row + 1
        sheet.add(
            (run.pack.bands[band].label, in_colors_of(BAND_LOOKS[band], ROW_HEAD)),
            (Formula(f"COUNTIF({name_of('recommendation')},$A{row})", before), COUNT),
            (Formula(f"COUNTIF({name_of('result')},$A{row})", after), COUNT),
            (Formula(f"C{row}-B{row}", after - before), SIGNED),
            height=20,
        )
    _add_sums(sheet, FIRST_BAND_ROW, [len(rows), len(rows), 0])
    if run.session.guidelines:
        _add_guidelines(sheet, run, rows)
    sheet.skip_to(FIRST_BAND_ROW + CHART_ROWS + 1)


def _add_guidelines(sheet: Sheet, run: Run, rows: Sequence[_Row]) -> None:
    """The shares that were expected and the live ones. Whether they are met is said, never coloured."""
    sheet.section("Guideline, not a quota")
    heads = ("Share of all people", "Before", "After", "After is")
    sheet.add(*zip(heads, (HEAD, HEAD_CENTER, HEAD_CENTER, HEAD_CENTER), strict=True), height=20)
    after = run.people_bands({row.explanation.key: row.result for row in rows})
    everybody = f'COUNTIF({name_of("person_result")},"?*")'
    for share in guideline_shares(run.session.guidelines, run.people_bands(), after):
        one, whole = share.guideline, share.whole
        part = f"COUNTIF({name_of('person_result')},$A{FIRST_BAND_ROW + BANDS.index(one.band)})"
        sheet.add(
            (f"{run.pack.bands[one.band].label}: {one.words}", ROW_HEAD),
            (share.before / whole if whole else 0, SHARE),
            (
                Formula(f"IF({everybody}=0,0,{part}/{everybody})", share.after / whole if whole else 0),
                SHARE,
            ),
            (Formula(_place(one, part, everybody), share.place), PLACE),
            height=20,
        )
    for line in GUIDELINE_WORDS:
        sheet.add((line, SUBTITLE))


SHARE = replace(COUNT, number_format="0.0%")
PLACE = replace(COUNT, number_format="General", across="center")
GUIDELINE_WORDS = (
    "Information for the room: it moves no recommendation, and nobody has",
    "to be placed to meet it. The fewer people, the more chance decides.",
    "A person counts once, with the best of their promotions.",
)


def _place(guideline: Guideline, part: str, whole: str) -> str:
    """Compared in ten-thousandths, so that an end of the range is met exactly."""
    tests = '"within"'
    if guideline.high is not None:
        tests = f'IF({part}*10000>{int(guideline.high * 100)}*{whole},"above",{tests})'
    if guideline.low is not None:
        tests = f'IF({part}*10000<{int(guideline.low * 100)}*{whole},"below",{tests})'
    return f'IF({whole}=0,"",{tests})'


SIGNED = replace(COUNT, number_format="+#,##0;-#,##0;–")


def _add_sums(sheet: Sheet, first: int, values: Sequence[int]) -> None:
    last = sheet.rows.last_row
    sums = [
        Formula(f"SUM({get_column_letter(column)}{first}:{get_column_letter(column)}{last})", value)
        for column, value in enumerate(values, start=2)
    ]
    sheet.add(("All", ROW_HEAD_BOLD), *((value, COUNT_BOLD) for value in sums), height=20)


def _add_groups(
    sheet: Sheet, run: Run, title: str, key: str, members: dict[str, list[_Row]]
) -> tuple[int, int]:
    """One table: a row per group; returns its first and last row."""
    sheet.section(f"By {title.lower()}")
    heads = [f"{run.pack.bands[b].label}, {when}" for b in BANDS for when in ("before", "after")]
    sheet.add(
        (title, HEAD),
        *((head, HEAD_CENTER) for head in ("All", *heads, "Undecided", "To fix")),
        height=48,
    )
    counting = NameCounts(key, members)
    first = sheet.rows.last_row + 1
    sums = [0] * (1 + 2 * len(BANDS) + 2)
    for name, rows in members.items():
        cell = f"$A{sheet.rows.last_row + 1}"
        counts = [Formula(counting.formula(name, cell), len(rows))]
        for row, ends in enumerate(_of_bands(rows).values(), start=FIRST_BAND_ROW):
            for column, found in zip(("recommendation", "result"), ends, strict=True):
                counts.append(Formula(counting.formula(name, cell, (column, f"$A${row}")), found))
        undecided = sum(r.status is DecisionStatus.UNDECIDED for r in rows)
        faulty = [counting.formula(name, cell, ("status", f'"{s}"')) for s in FAULTY]
        counts.append(
            Formula(counting.formula(name, cell, ("status", f'"{DecisionStatus.UNDECIDED}"')), undecided)
        )
        counts.append(Formula("+".join(faulty), sum(r.status in FAULTY for r in rows)))
        sheet.add((name, ROW_HEAD), *((count, COUNT) for count in counts), height=row_height((name, NAMES)))
        sums = [total + int(count.value) for total, count in zip(sums, counts, strict=True)]
    last = sheet.rows.last_row
    _add_sums(sheet, first, sums)
    return first, last


def _add_charts(sheet: Sheet, run: Run, rows: Sequence[_Row], levels: tuple[int, int]) -> None:
    bands = run.pack.bands
    labels = [bands[band].label for band in BANDS]
    before, after = zip(*_of_bands(rows).values(), strict=True)
    chart = bar_chart(
        "Before and after the session",
        labels,
        (FIRST_BAND_ROW, FIRST_BAND_ROW + len(BANDS) - 1),
        (Bars("Before", 2, before, LINE, QUIET), Bars("After", 3, after, ACCENT, INK)),
        stacked=False,
    )
    spoken = "; ".join(
        f"{label} {b} before, {a} after" for label, b, a in zip(labels, before, after, strict=True)
    )
    chart.width, chart.height = 12, 10
    sheet.chart(
        chart, f"F{FIRST_BAND_ROW - 2}", f"Bars of recommendations before and after the session: {spoken}."
    )
    _add_level_chart(sheet, run, rows, levels)


def _add_level_chart(sheet: Sheet, run: Run, rows: Sequence[_Row], levels: tuple[int, int]) -> None:
    names = [tally.name for tally in run.by_level()]
    if not names:
        return
    counts = {
        band: [sum(r.result == band and r.explanation.level_title == name for r in rows) for name in names]
        for band in BANDS
    }
    series = [
        Bars(
            run.pack.bands[band].label,
            4 + 2 * index,
            counts[band],
            BAND_LOOKS[band].colours.ground,
            BAND_LOOKS[band].colours.text,
        )
        for index, band in enumerate(BANDS)
    ]
    chart = bar_chart("By level, after the session", names, levels, series, stacked=True)
    chart.width, chart.height = 15, 10
    spoken = "; ".join(
        f"{name}: " + ", ".join(f"{run.pack.bands[b].label} {counts[b][index]}" for b in BANDS)
        for index, name in enumerate(names)
    )
    sheet.chart(chart, f"K{FIRST_BAND_ROW - 2}", f"Stacked bars by level after the session. {spoken}.")
