"""`letters/<id>.html`: to everybody who is not promoted now, what was decided and how to question it."""

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

from engine.phrases import day as written_day
from engine.session import session_terms
from engine.words import Explanation
from reports.pages.people import ratings_behind
from reports.pages.rendering import person_file, render, write_page
from reports.shown.cells import CellNames
from reports.shown.content import Run, by_person
from reports.shown.saying import too_early
from rules.pack import BANDS


def write_letters(run: Run, folder: Path) -> tuple[Path, ...]:
    """Write every letter that is due, and return the paths in the order of the file."""
    return tuple(
        write_page(folder / f"{person_file(own[0].employee_id)}.html", render_letter(run, own))
        for own in by_person(run.only(due_letters(run)))
    )


def due_letters(run: Run) -> tuple[str, ...]:
    """The employee ids of those whose steps are all decided, and none of them for a promotion."""
    settled: dict[str, bool] = {}
    for one in run.recommendations:
        made = run.decisions.get(one.key)
        due = made is not None and made.decision != BANDS[0]
        settled[one.employee_id] = settled.get(one.employee_id, True) and due
    return tuple(name for name, due in settled.items() if due)


def render_letter(run: Run, own: Sequence[Explanation]) -> str:
    """One letter, as text: all of `own` is of one person, and decided."""
    sent = max(run.decisions[one.key].decided_on for one in own)
    return render(
        "letter.html",
        {
            "run": run,
            "pack": run.pack,
            "own": own,
            "sent": sent,
            "too_early": {one.key: too_early(one, run) for one in own},
            "ratings": [ratings_behind(one, CellNames.of(one)) for one in own],
            "letter": session_terms().letter,
            "review": _review(run, sent),
        },
    )


def _review(run: Run, sent: date) -> str:
    days = run.pack.standard.correction_days
    deadline = written_day(sent + timedelta(days=days))
    return session_terms().letter.review.format(days=f"{days} days", deadline=deadline)
