"""The agenda that pre-votes give, as a workbook to project: where the votes differ comes first."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from engine.phrases import count, day
from engine.session import session_terms
from reports.calibration.votes import VOTE_RESULTS, Ballot
from reports.shown.content import Run, manager_of
from reports.shown.looks import BANDS as BAND_LOOKS
from reports.workbook.book import Book, Sheet
from reports.workbook.styles import (
    CELL,
    CELL_BOLD,
    CELL_CENTER,
    COUNT,
    HEAD,
    HEAD_CENTER,
    SUBTITLE,
    TITLE,
    in_colors_of,
)
from reports.workbook.topics import agenda_of
from rules.pack import BANDS

DISCUSS = "Discuss"
WIDTHS = (7, 10, 24, 20, 22, 17, *[13] * len(BANDS), 11, 27, 60)
SECRET = (
    "How many voted what is shown, not who: a vote is a first thought, and nobody should have to defend one."
)


def write_vote_agenda(run: Run, ballots: Sequence[Ballot], copies: int, path: Path) -> None:
    """Write the workbook; `ballots` are in the order of `reports.calibration.votes.count_votes`."""
    footer = f"Confidential. Run {run.fingerprint}, as of {day(run.day)}"
    book = Book("Agenda from votes", run.day, footer)
    sheet = book.sheet("Agenda", "C28F00")
    sheet.widths(WIDTHS)
    sheet.add(("Agenda from the votes before the session", TITLE), height=28)
    sheet.add((_about(ballots, copies), SUBTITLE))
    sheet.add((SECRET, SUBTITLE))
    sheet.rows.skip()
    bands = [run.pack.bands[band].label for band in BANDS]
    plain = ("Order", DISCUSS, "Name", "Manager", "Promotion", "Recommendation")
    headers = [*plain, *bands, "Agreement", "Result of the vote", "Question to discuss"]
    head = sheet.add(
        *((header, HEAD) for header in plain),
        *((text, in_colors_of(BAND_LOOKS[b], HEAD_CENTER)) for b, text in zip(BANDS, bands, strict=True)),
        ("Agreement", HEAD_CENTER),
        ("Result of the vote", HEAD),
        ("Question to discuss", HEAD),
        height=34,
    )
    questions = {one.explanation.key: one.topics[0].question for one in agenda_of(run)}
    some = any(VOTE_RESULTS[ballot.result].discuss for ballot in ballots)
    for order, ballot in enumerate(ballots, start=1):
        key = ballot.explanation.key
        _add_ballot(sheet, run, order, ballot, questions.get(key), filtered=some)
    if not ballots:
        sheet.add(*[(None, CELL)] * len(headers))
    only = (DISCUSS, "yes") if some and not all(VOTE_RESULTS[b.result].discuss for b in ballots) else None
    sheet.table("Votes_table", headers, head, sheet.rows.last_row, only=only)
    sheet.freeze(f"D{head + 1}")
    sheet.protect()
    book.write(path)


def _about(ballots: Sequence[Ballot], copies: int) -> str:
    counted = {result: sum(ballot.result == result for ballot in ballots) for result in VOTE_RESULTS}
    listed = "; ".join(f"{n:,} {VOTE_RESULTS[result].words.casefold()}" for result, n in counted.items() if n)
    return (
        f"{count(copies, 'copy', 'copies')}: {listed}. "
        f"The filter of the column “{DISCUSS}” hides what needs no discussion."
    )


def _add_ballot(
    sheet: Sheet, run: Run, order: int, ballot: Ballot, question: str | None, *, filtered: bool
) -> None:
    one, counts, result = ballot.explanation, ballot.counts, VOTE_RESULTS[ballot.result]
    asked = (question or session_terms().split) if result.discuss else None
    votes = (
        (counts[band], in_colors_of(BAND_LOOKS[band], CELL_CENTER)) if band in counts else (None, CELL_CENTER)
        for band in BANDS
    )
    sheet.add(
        (order, CELL),
        ("yes" if result.discuss else "no", CELL),
        (one.employee_name or one.employee_id, CELL_BOLD),
        (manager_of(one), CELL),
        (one.promotion_title, CELL),
        (
            run.pack.bands[one.recommendation].label,
            in_colors_of(BAND_LOOKS[one.recommendation], CELL),
        ),
        *votes,
        (None if ballot.agreement is None else float(ballot.agreement), SHARE),
        (result.words, CELL_BOLD if result.discuss else CELL),
        (asked, CELL),
        height=15.0 * (1 + len(asked or "") // 58) + 17,
        hidden=filtered and not result.discuss,
    )


SHARE = replace(COUNT, number_format="0%", down="top", across="center")
