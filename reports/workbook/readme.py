"""The Read me sheet: what the workbook is, how the session uses it, and where it came from."""

from engine.phrases import count, day
from engine.session import session_terms
from reports.shown.calibration_groups import Group
from reports.shown.content import Run
from reports.shown.looks import BANDS as BAND_LOOKS
from reports.shown.looks import STATUSES as STATUS_LOOKS
from reports.workbook.book import Book, Sheet
from reports.workbook.cells import Formula, Value, row_height
from reports.workbook.layout import (
    AGENDA,
    CALIBRATION,
    DATA_ISSUES,
    DETAILS,
    LAST_CYCLE,
    NOT_ASSESSABLE,
    PEOPLE,
    READ_ME,
    ROOM,
    RULES,
    SESSION,
    SUMMARY,
    Layout,
    place,
    quoted,
)
from reports.workbook.styles import CELL, CELL_BOLD, LABEL, LINK, PROSE, SUBTITLE, TITLE, Style, in_colors_of
from rules.pack import BANDS, CONFIDENCES, STATUSES

WIDTHS = (36, 118)

PURPOSE = (
    "For each person and each promotion open to them, rules that people wrote were applied to ratings that "
    "people gave. The result is a recommendation with its reasons: an opinion to discuss. A human decides, "
    "and says why."
)
STEPS = (
    "Before the session begins, write at the top of Calibration, once for all rows, who decides and on "
    "which day.",
    "Show the Session sheet on the projector. It shows one person, large: type a number or choose from the "
    "list. The numbers are in the order of the Agenda, which starts where a discussion can change most.",
    "“Go and decide” leads to the person's row. Choose the decision from the list. When it differs from the "
    "recommendation, choose a reason code and write the reason; until then the row is red.",
    "At the end, choose “yes” next to “The rest as recommended” if the room agrees to every row that is left "
    "empty, including those to be promoted by consent.",
    "Save the file. To check what it changes, run: readiness calibrate RUN WORKBOOK. Add --apply to make it "
    "final.",
)
PROTECTION = (
    "Sheets are protected against slips, without a password: only the yellow cells accept input. Filters "
    "work. To sort, choose Review, Unprotect Sheet first; reading the workbook back checks everything."
)
PRIVACY = (
    "It holds ratings of named people. It is for those who take part in this calibration and for HR; do not "
    "forward it. People have the right to know what is said about them, and how it came about."
)


def add_read_me(book: Book, run: Run, layout: Layout, group: Group | None) -> None:
    """Write the sheet."""
    sheet = book.sheet(READ_ME, "1D2130")
    sheet.widths(WIDTHS)
    title = f"Promotion calibration: {group.value}" if group else "Promotion calibration"
    sheet.add((title, TITLE), height=30)
    sheet.add((f"{run.pack.title}, as of {day(run.day)}. Run {run.fingerprint}.", SUBTITLE))
    sheet.section("What this is")
    _line(sheet, "Purpose", PURPOSE)
    _line(sheet, "Who may see it", PRIVACY)
    sheet.section("In the session")
    for number, step in enumerate(STEPS, start=1):
        _line(sheet, f"Step {number}", step)
    _line(sheet, "Protection", PROTECTION)
    _add_contents(sheet, run, layout)
    _add_meanings(sheet, run)
    _add_origin(sheet, run)


def _line(sheet: Sheet, label: Value, text: str, label_style: Style = LABEL, style: Style = PROSE) -> None:
    sheet.add((label, label_style), (text, style), height=row_height((text, WIDTHS[1])))


def _add_contents(sheet: Sheet, run: Run, layout: Layout) -> None:
    sheet.section("Sheets")
    evidence = [
        (
            name,
            f"{run.pack.promotion(id_).title}: every signal of every person, self and manager side by side.",
        )
        for id_, name in layout.evidence_sheets.items()
    ]
    contents = [
        (
            SESSION,
            "One person, large: what it hinges on, what is still to show, what to ask; and one next to them.",
        ),
        (AGENDA, "Whom to discuss first and what about, starting where a discussion can change most."),
        (CALIBRATION, "One row per person and promotion, in the same order; fill in what is yellow."),
        (SUMMARY, "Before and after by level, promotion, department and manager; live."),
        *([(ROOM, "How often the session changed a recommendation, and where.")] * bool(run.decisions)),
        (PEOPLE, "Everybody by the distance to the next level and the time in this one."),
        *evidence,
        (DETAILS, "Reasons, questions, comments and rules for everybody, in full."),
        *(
            [(LAST_CYCLE, "What moved since the earlier run, what is still open, and which evidence lasted.")]
            * (run.session.cycle is not None)
        ),
        (RULES, "Every rule and every signal, with its source."),
        (DATA_ISSUES, "What did not fit in the input, cell by cell, and what would be right."),
        (NOT_ASSESSABLE, "People without a recommendation, and why."),
    ]
    for name, text in contents:
        link = f"HYPERLINK({quoted('#' + place(name, 'A1'))},{quoted(name)})"
        _line(sheet, Formula(link, name), text, LINK, CELL)


def _add_meanings(sheet: Sheet, run: Run) -> None:
    pack = run.pack
    sheet.section("What the recommendations mean")
    for band in BANDS:
        look, text = BAND_LOOKS[band], pack.bands[band]
        _line(sheet, f"{look.symbol} {text.label}", text.meaning, in_colors_of(look, CELL), CELL)
    sheet.section("What the letters of the evidence mean")
    for status in STATUSES:
        look, text = STATUS_LOOKS[status], pack.statuses[status]
        _line(sheet, f"{look.letter} {text.label}", text.meaning, in_colors_of(look, CELL), CELL)
    sheet.section("How sure a recommendation is")
    for confidence in CONFIDENCES:
        text = pack.confidences[confidence]
        _line(sheet, text.label, text.meaning, CELL_BOLD, CELL)
    sheet.section("Reason codes")
    for reason in session_terms().reasons:
        _line(sheet, reason.label, reason.meaning, CELL_BOLD, CELL)


def _add_origin(sheet: Sheet, run: Run) -> None:
    pack = run.pack
    sheet.section("Where the data came from")
    for source in run.sources:
        sheet_name = f", sheet {source.sheet}" if source.sheet else ""
        rows = f"{count(source.rows, 'row')} below row {source.header_row}"
        _line(sheet, "File", f"{source.name}{sheet_name}, {rows}; SHA-256 {source.sha256}")
    _line(sheet, "Rules", f"{pack.name}, version {pack.version}; SHA-256 {pack.sha256}")
    _line(sheet, "Assessed as of", day(run.day))
    _line(sheet, "Run", f"{run.fingerprint}; the same on every output of this run")
