"""`packets/<id>.html`: two printed pages a committee can read, for each promotion open to a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.session import session_terms
from engine.words import Explanation, WrittenComment
from reports.pages.rendering import person_file, render, write_page
from reports.pages.rows import Rows
from reports.shown.content import Run
from reports.shown.saying import each_once, present_first
from reports.shown.session import SAME_RATINGS

WORDS = 260
"""Words of comments that fit on the second page; the rest is counted and left to the report."""


QUESTIONS = 5
"""Open questions that fit there too."""
MISSED = 5
"""Of what the present level expects, so many that are missed fit on the first page; the reason names all."""


@dataclass(frozen=True)
class Comments:
    """Whole comments, as many as fit, and how many more there are."""

    shown: tuple[WrittenComment, ...]
    more: int


def write_packet(own: Sequence[Explanation], run: Run, folder: Path, rows: Rows | None = None) -> Path:
    """Write the packet of one person, whose recommendations in `run` `own` are, and return its path."""
    return write_page(
        folder / f"{person_file(own[0].employee_id)}.html", render_packet(own, run, rows or Rows(run.pack))
    )


def render_packet(own: Sequence[Explanation], run: Run, rows: Rows) -> str:
    """The packet of one person, as text. Of the run it shows the rules and the person's own history."""
    cycle = run.session.cycle
    return render(
        "packet.html",
        {
            "own": own,
            "pack": run.pack,
            "day": run.day,
            "fingerprint": run.fingerprint,
            "rows": rows,
            "questions": QUESTIONS,
            "missed": {one.key: present_first(one)[:MISSED] for one in own},
            "comments": [comments_of(explanation) for explanation in own],
            "earlier": cycle.day if cycle else None,
            "earlier_rules": cycle.rules if cycle else None,
            "same_ratings": SAME_RATINGS if cycle and cycle.same_ratings else "",
            "past": [run.session.past(one.key) for one in own],
            "decided": [run.decided(one) for one in own],
            "decisions": session_terms().decisions,
        },
    )


def comments_of(explanation: Explanation) -> Comments:
    """Comments about the person: overall, then on core signals, then on others; each once and never cut."""
    rank: dict[str | None, int] = {None: -1}
    for signal in explanation.evidence:
        for rating in signal.ratings:
            rank.setdefault(rating.competency, len(rank))
    ordered = sorted(explanation.comments, key=lambda one: rank.get(one.competency, len(rank)))
    found = each_once(ordered)
    shown: list[WrittenComment] = []
    room = WORDS
    for comment in found:
        words = len(comment.text.split()) + 6
        if words <= room:
            shown.append(comment)
            room -= words
    return Comments(tuple(shown), len(found) - len(shown))
