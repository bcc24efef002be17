"""`readiness calibrate`: what edited workbooks change, and making it final."""

import json
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path

import click

from inputs import InputError
from reports.calibration import (
    calibrate,
    count_votes,
    outcome_json,
    outcome_lines,
    twins,
    vote_lines,
    votes_json,
    write_decisions,
    write_vote_agenda,
)
from reports.run import read_log, read_run
from reports.workbook import read_workbook

AGENDA = "agenda.xlsx"


@click.command(epilog="Example:  readiness calibrate results calibration-edited.xlsx --apply")
@click.argument("folder", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument(
    "workbooks",
    metavar="WORKBOOK.xlsx...",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)
@click.option("--apply", "final", is_flag=True, help="Make the decisions final.")
@click.option("--replace", is_flag=True, help="Let a decision replace a different one that counts already.")
@click.option(
    "--preview",
    is_flag=True,
    help="Read the copies as votes before the meeting: no decision is made, and an agenda is written.",
)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="AGENDA.xlsx",
    help=f"With --preview: where to write the agenda; {AGENDA} in DIR unless given.",
)
@click.option(
    "--today",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The day after which no decision can have been made; the real one unless given.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON on stdout.")
def command(
    folder: Path,
    workbooks: tuple[Path, ...],
    out: Path | None,
    today: datetime | None,
    *,
    final: bool,
    replace: bool,
    preview: bool,
    as_json: bool,
) -> None:
    """Check edited calibration workbooks and show what they change, person by person.

    DIR is the folder that `readiness assess --out` wrote. Nothing is changed without --apply. With it, the
    folder gets decisions.csv and .parquet, decisions-log.jsonl, calibration-final.xlsx with before and after,
    and hr-decisions.csv for the HR system; calibration-final.html shows who moved, who decided it, and why.

    With --preview, the workbooks are copies that the members filled in by themselves before the meeting. The
    result is an agenda to project, which starts where the votes differ. It says how many voted for what, not
    who; with --json, votes are listed by the copies' file names.
    """
    if preview and (final or replace):
        raise click.UsageError("--preview makes no decision; leave out --apply and --replace")
    if out is not None and not preview:
        raise click.UsageError("--out is where --preview writes its agenda; add --preview, or leave it out")
    if preview and len({path.resolve() for path in workbooks}) < len(workbooks):
        raise click.UsageError("a copy is given twice, and nobody votes twice; give each voter's copy once")
    run = read_run(folder)
    log = read_log(folder)
    day = today.date() if today else date.today()
    edited = [read_workbook(path, max(day, run.day)) for path in workbooks]
    outcome = calibrate(run, edited, () if preview else log, day, replace=replace)
    if preview:
        ballots = count_votes(run, outcome.reviews)
        agenda = out or folder / AGENDA
        write_vote_agenda(run, ballots, len(edited), agenda)
        _show(vote_lines(run, ballots, len(edited)), votes_json(ballots), as_json=as_json)
        for one, other in twins(outcome.reviews):
            click.echo(f"{one} and {other} are identical; is one a copy of the other?", err=True)
        for problem in (one for checked in outcome.reviews for one in checked.uncounted):
            click.echo(f"Not counted as a vote: {problem}", err=True)
        click.echo(f"No decision was made. The agenda to project is {agenda}", err=True)
        return
    _show(outcome_lines(run, outcome, replace=replace), outcome_json(outcome), as_json=as_json)
    if refusal := outcome.refusal(replace=replace):
        raise InputError(refusal)
    if not final:
        click.echo("Nothing was changed. Add --apply to make it final.", err=True)
    elif len(outcome.log) == len(log):
        click.echo("Everything in it is final already; nothing was changed.", err=True)
    else:
        written = write_decisions(run, outcome.log, folder)
        click.echo(f"Final. Written: {', '.join(path.name for path in written)}", err=True)


def _show(lines: Iterable[str], data: object, *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(data, indent=2, ensure_ascii=False))
        return
    for line in lines:
        click.echo(line)
