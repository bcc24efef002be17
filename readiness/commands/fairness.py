"""`readiness fairness`: raters and groups of a run, for HR alone."""

from collections.abc import Iterator
from pathlib import Path

import click

from engine import vocabulary_of
from engine.fairness import compare_groups
from engine.phrases import count, day
from engine.raters import raters_of
from inputs import InputError
from inputs.protected_groups import read_groups
from readiness import console
from reports.comparison import FairnessShown, fairness_lines, show_fairness, write_fairness
from reports.raters import rater_lines, show_raters, write_raters
from reports.run import read_run, whole_files
from reports.shown import Run


@click.command(epilog="Example:  readiness fairness results --groups groups.xlsx --out hr_only")
@console.run_argument
@console.groups_option
@console.smallest_option
@click.option(
    "--previous",
    multiple=True,
    metavar="DIR",
    type=console.FOLDER,
    help="The run of an earlier cycle, to see whom two managers have rated; may be given several times.",
)
@click.option("--out", type=click.Path(path_type=Path), help="Folder for the pages and tables, outside DIR.")
def command(
    folder: Path, groups: Path | None, smallest: int, previous: tuple[Path, ...], out: Path | None
) -> None:
    """Show how managers rate, and how groups fare: questions to ask.

    DIR is the folder that `readiness assess --out` wrote. Each manager's ratings are shown next to those of
    peers, with what this comparison cannot tell. With --groups, the report also shows the share of people
    ready in each group, and its ratio to the highest share; if decisions were made final, before and after
    them. The groups are read for this report alone: the run's folder is not touched.
    """
    if out is not None and out.resolve().is_relative_to(folder.resolve()):
        raise InputError(
            f"{out} lies inside the run's folder, which managers may be given; choose a folder apart from it"
        )
    run = read_run(folder)
    earlier = [read_run(one).explanations.assessment for one in previous]
    raters = show_raters(raters_of(run.explanations.assessment, earlier), run)
    console.say(rater_lines(raters))
    shown = _shown(run, groups, smallest) if groups is not None else None
    if shown is not None:
        console.say(["", *fairness_lines(shown)])
    if out is not None:
        with whole_files(out) as fresh:
            pages = [write_raters(raters, fresh)[0]]
            pages += _written(shown, run, fresh) if shown is not None else ()
        click.echo(f"Open {' and '.join(str(out / page.name) for page in pages)}", err=True)


def _shown(run: Run, groups: Path, smallest: int) -> FairnessShown:
    console.announce("comparing groups")
    known = read_groups(groups, vocabulary_of(run.pack))
    bands = {"recommended": run.bands()}
    if run.decisions:
        bands["decided"] = run.bands(run.decisions)
    decided = {key: made.status for key, made in run.decisions.items()}
    fairness = compare_groups(known.people, known.attributes, bands, smallest, _levels(run), decided)
    return show_fairness(fairness, known.file, run.pack, known.remarks)


def _levels(run: Run) -> dict[str, str]:
    """The level of everybody with a recommendation, the lowest first."""
    titles = {level.title: at for at, level in enumerate(run.pack.levels)}
    people = {one.employee_id: one.level_title for one in run.recommendations}
    return dict(sorted(people.items(), key=lambda person: titles[person[1]]))


def _written(shown: FairnessShown, run: Run, out: Path) -> Iterator[Path]:
    what = "as recommended and as decided" if run.decisions else "as recommended"
    subject = (
        f"{count(run.people_recommended, 'person', 'people')} of run {run.fingerprint}, assessed as of "
        f"{day(run.day)} with the rule pack {run.pack.title}, {what}."
    )
    yield write_fairness(shown, run.pack, subject, out)[0]
