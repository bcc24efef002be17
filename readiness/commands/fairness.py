"""`readiness fairness`: group shares and ratios of a run, for HR alone."""

from pathlib import Path

import click

from engine import vocabulary_of
from engine.fairness import compare_groups
from engine.phrases import count, day
from inputs import InputError
from inputs.protected_groups import read_groups
from readiness.console import groups_option, smallest_option
from reports.comparison import fairness_lines, show_fairness, write_fairness
from reports.run import read_run


@click.command(epilog="Example:  readiness fairness results --groups groups.xlsx --out hr_only")
@click.argument("folder", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path))
@groups_option
@smallest_option
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="Folder for fairness.html and fairness.csv, apart from DIR.",
)
def command(folder: Path, groups: Path | None, smallest: int, out: Path | None) -> None:
    """Show the share of people ready in each group, and its ratio to the group with the highest share.

    DIR is the folder that `readiness assess --out` wrote. Where decisions were made final in it, the shares
    are shown before and after them. The groups are read for this report alone: the run's folder is not
    touched.
    """
    if groups is None:
        raise click.UsageError(
            "give the file that says which group each employee id belongs to with --groups"
        )
    if out is not None and out.resolve().is_relative_to(folder.resolve()):
        raise InputError(
            f"{out} lies inside the run's folder, which managers may be given; choose a folder apart from it"
        )
    run = read_run(folder)
    known = read_groups(groups, vocabulary_of(run.pack))
    bands = {"recommended": run.bands()}
    if run.decisions:
        bands["decided"] = run.bands(run.decisions)
    shown = show_fairness(
        compare_groups(known.people, known.attributes, bands, smallest), known.file, run.pack
    )
    for line in fairness_lines(shown):
        click.echo(line)
    if out is not None:
        what = "as recommended and as decided" if run.decisions else "as recommended"
        subject = (
            f"{count(run.people_recommended, 'person', 'people')} of run {run.fingerprint}, assessed as of "
            f"{day(run.day)} with the rule pack {run.pack.title}, {what}."
        )
        page, _ = write_fairness(shown, run.pack, subject, out)
        click.echo(f"Open {page}", err=True)
