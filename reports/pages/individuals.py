"""`people/<id>.html`: what a person may read about themself, with no comparison and nobody else's numbers."""

from collections.abc import Sequence
from pathlib import Path

from engine.words import Explanation
from reports.pages.rendering import person_file, render, write_page
from reports.shown.content import Run, by_person
from reports.shown.saying import about_time, present_first, present_plan, too_early


def write_person_pages(run: Run, folder: Path) -> tuple[Path, ...]:
    """Write a page for every person with a recommendation, and return the paths in the order of the file."""
    folder.mkdir(parents=True, exist_ok=True)
    return tuple(
        write_page(folder / f"{person_file(own[0].employee_id)}.html", render_person(run, own))
        for own in by_person(run.explanations)
    )


def render_person(run: Run, own: Sequence[Explanation]) -> str:
    """One person's page, as text: all of `own` is theirs."""
    about = {
        "present_first": {one.key: present_first(one) for one in own},
        "present_plan": {one.key: present_plan(one, run.pack) for one in own},
        "too_early": {one.key: too_early(one, run) for one in own},
        "time": {one.key: about_time(one, run.pack) for one in own},
    }
    return render("person.html", {"run": run, "pack": run.pack, "own": own, **about})
