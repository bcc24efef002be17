"""The Agenda sheet: whom to discuss first, what it hinges on, and whom the room promotes by consent."""

from dataclasses import replace

from engine.phrases import count
from engine.session import FAULTY, SETTLED, session_terms
from reports.shown.content import Run
from reports.shown.looks import BANDS as BAND_LOOKS
from reports.shown.looks import STATUSES
from reports.shown.votes import VOTE_RESULTS
from reports.workbook.book import Book, Cell, Sheet
from reports.workbook.calibration import Entries, status_of
from reports.workbook.cells import Formula, row_height
from reports.workbook.layout import AGENDA, CALIBRATION, Layout, letter, name_of
from reports.workbook.styles import CELL, CELL_BOLD, LINK, in_colors_of
from reports.workbook.topics import CONSENT, LATER, NEVER, NOW, AgendaItem, Turn, places_of

WHEN = "When"
COLUMNS = (
    ("No.", 6.0),
    (WHEN, 14.0),
    ("Name", 22.0),
    ("Promotion", 23.0),
    ("Recommendation", 17.0),
    ("What it hinges on", 53.0),
    ("Why on the agenda", 32.0),
    ("Question to discuss", 40.0),
    ("Status", 18.0),
)
VOTES = ("Votes", 22.0)
"""A column that is there when votes were cast."""
FIRST_ROW = 5
QUESTIONS = 2
"""Questions to a person; more would not be discussed."""
TOGETHER = "Goes with the person's other step"


def add_agenda(book: Book, run: Run, layout: Layout, entries: Entries) -> None:
    """Write the sheet; the status is live and comes from the Calibration sheet."""
    sheet = book.sheet(AGENDA, "C28F00")
    columns = (*COLUMNS[:-1], *([VOTES] * bool(run.votes)), COLUMNS[-1])
    sheet.widths(width for _, width in columns)
    items = [item for item in layout.order if item.when != NEVER]
    later = sum(item.when == LATER for item in items)
    sheet.title("Agenda", *_about(run, items, later))
    sheet.skip_to(FIRST_ROW)
    headers = [header for header, _ in columns]
    head = sheet.heads(headers, 24)
    for number, item in enumerate(items, start=1):
        _add_item(sheet, run, layout, entries, number, item)
    if not items:
        nobody = (("–", CELL), (None, CELL), ("Nobody stands out.", CELL))
        sheet.add(*nobody, *[(None, CELL)] * (len(columns) - len(nobody)))
    only = (WHEN, [NOW, CONSENT]) if later else None
    sheet.table("Agenda_table", headers, head, "D", only=only)
    _add_highlights(sheet, head + 1, len(columns))
    sheet.enlarge(90)


def _add_item(
    sheet: Sheet, run: Run, layout: Layout, entries: Entries, number: int, item: AgendaItem
) -> None:
    one = item.known
    crux, why, questions, votes = (item.texts[key] for key in ("crux", "topics", "asks", "votes"))
    status = f"INDEX({name_of('status')},MATCH({number},{name_of('number')},0))"
    cells: list[Cell] = [
        (number, CELL),
        (item.when, CELL),
        (_link(number, item, layout), replace(LINK, wrap=True)),
        (one.promotion_title, CELL),
        (run.pack.bands[one.recommendation].label, in_colors_of(BAND_LOOKS[one.recommendation], CELL)),
        (crux, CELL),
        (why, CELL),
        (questions, CELL),
        *([(votes, CELL)] if run.votes else []),
        (Formula(status, str(status_of(run, one, entries))), CELL_BOLD),
    ]
    name = one.employee_name or one.employee_id
    texts = {
        "Name": name,
        "What it hinges on": crux,
        "Why on the agenda": why,
        "Question to discuss": questions,
    }
    room = [(text, dict(COLUMNS)[header]) for header, text in texts.items()]
    sheet.add(*cells, height=row_height(*room, (votes, VOTES[1]), least=2), hidden=item.when == LATER)


def topics_text(item: Turn) -> str:
    """Why somebody is on the agenda, a line each; empty for who is not."""
    titles = [topic.title for topic in item.topics]
    if item.votes is not None and item.votes.discuss:
        titles.insert(0, VOTE_RESULTS[item.votes.result].words)
    return "\n".join(titles) or ("" if item.when == NEVER else TOGETHER)


def questions_text(item: Turn) -> str:
    """What to ask, a line each."""
    asked = [topic.question for topic in item.topics]
    if item.votes is not None and item.votes.discuss:
        asked.insert(0, session_terms().split)
    return "\n".join(asked[:QUESTIONS])


def votes_text(run: Run, item: Turn) -> str:
    """How many voted for what before the session; empty without a vote."""
    return item.votes.words(run.pack) if item.votes is not None else ""


def _about(run: Run, items: list[AgendaItem], later: int) -> tuple[str, ...]:
    consent = sum(item.when == CONSENT for item in items)
    now = sum(item.when == NOW for item in items)
    time, places = session_terms().time, places_of(run)
    each = time.minutes_per_item
    fit = f", {now * each} minutes at {each} each" if places == time.places else ""
    have = f"{len(items):,} of {count(len(run.recommendations), 'recommendation')} on the agenda"
    split = f"{now:,} to discuss{fit}; {consent:,} by consent, unless somebody objects"
    order = "Those that a discussion can change most come first, with each person's steps together."
    if not later:
        return (f"{have}: {split}. {order}",)
    return (
        f"{have}: {split}; {later:,} more if time allows. {order}",
        f"To see the other {later:,}, choose “{LATER}” in the filter of the column “{WHEN}”.",
    )


def _link(number: int, item: AgendaItem, layout: Layout) -> Formula:
    """The person's name, with a link to where the decision is filled in. The name is looked up, so that no
    formula holds one."""
    one = item.known
    found = f"MATCH({number},{name_of('number')},0)"
    shown = f"INDEX({name_of('employee_name' if one.employee_name else 'employee_id')},{found})"
    target = f'"#{CALIBRATION}!{letter("decision")}"&({found}+{layout.first - 1})'
    return Formula(f"HYPERLINK({target},{shown})", one.employee_name or one.employee_id)


def _add_highlights(sheet: Sheet, first: int, columns: int) -> None:
    status = "ABCDEFGHIJKL"[columns - 1]
    cells = f"{status}{first}:{status}{sheet.rows.last_row}"
    for statuses, look in ((SETTLED, BAND_LOOKS["ready_now"]), (FAULTY, STATUSES["gap"])):
        tests = ",".join(f'${status}{first}="{s}"' for s in statuses)
        sheet.colour(cells, [(f"OR({tests})", look)])
