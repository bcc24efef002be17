"""`readiness calibrate`: what edited workbooks change, and making it final."""

import itertools
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path

import click

from inputs import InputError
from readiness import console
from reports.calibration import (
    apply_workbooks,
    count_votes,
    keep_decisions,
    kept_json,
    kept_lines,
    outcome_json,
    outcome_lines,
    review_votes,
    vote_lines,
    vote_notes,
    votes_json,
    write_voted,
)
from reports.run import read_run
from reports.workbook import read_workbook

VOTED = "calibration-voted.xlsx"


@click.command(epilog="Example:  readiness calibrate results calibration-edited.xlsx --apply")
@console.run_argument
@click.argument(
    "workbooks",
    metavar="WORKBOOK.xlsx...",
    nargs=-1,
    type=console.FILE,
)
@click.option("--apply", "final", is_flag=True, help="Make the decisions final.")
@click.option("--replace", is_flag=True, help="Let a decision replace a different one that is final already.")
@click.option(
    "--from",
    "earlier",
    metavar="OLD_RUN",
    type=console.FOLDER,
    help="Keep the decisions of an earlier run whose recommendation and evidence did not change.",
)
@click.option(
    "--effective-on",
    type=console.DAY,
    help="With --apply: the day on which these promotions take effect, for hr-decisions.csv.",
)
@click.option(
    "--preview",
    is_flag=True,
    help="Read the copies as votes before the meeting: nothing is decided; a workbook with them is written.",
)
@click.option(
    "--out",
    type=console.NEW_FILE,
    metavar="VOTED.xlsx",
    help=f"With --preview: the workbook with the votes, a new file; {VOTED} in DIR unless given.",
)
@console.day_option(
    "--today", "The day that counts as today: no decision can be later. The real one unless given."
)
@console.json_option("Print the answer as JSON on stdout.")
def command(
    folder: Path,
    workbooks: tuple[Path, ...],
    earlier: Path | None,
    out: Path | None,
    effective_on: datetime | None,
    day: date,
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
    Several people may do this at the same time: each command waits for the others.

    With --preview, the workbooks are copies that the members filled in by themselves before the meeting. The
    result is the calibration workbook to project, whose agenda starts where the votes differ. It says how
    many voted for what, not who; with --json, votes are listed by the copies' file names. The counts stay in
    DIR for the record of the session.

    With --from, no workbook is read: DIR is a new run, made because something in the spreadsheet was
    corrected, and keeps the decisions of the earlier one that still rest on the same evidence. The others are
    listed.
    """
    _check(workbooks, earlier, out, preview=preview, changing=final or replace)
    console.say_open(workbooks)
    if preview:
        _preview(folder, workbooks, out or _free(folder / VOTED), day, as_json=as_json)
        return
    if earlier is not None:
        run, kept, written = keep_decisions(folder, earlier, console.now(), final=final)
        _show(kept_lines(run, kept), kept_json(kept), as_json=as_json)
    else:
        effective = effective_on.date() if effective_on else None
        made = apply_workbooks(
            folder, workbooks, day, console.now(), final=final, replace=replace, effective_on=effective
        )
        _show(
            outcome_lines(made.run, made.outcome, replace=replace),
            outcome_json(made.outcome),
            as_json=as_json,
        )
        if made.refusal:
            raise InputError(made.refusal)
        written = made.written
    if not final:
        click.echo("Nothing was changed. Add --apply to make it final.", err=True)
    elif not written:
        click.echo("There was nothing new to make final; nothing was changed.", err=True)
    else:
        click.echo(f"Final. Written: {', '.join(path.name for path in written)}", err=True)
        pages = "The report and the pages of everybody who was decided on say so too"
        letters = folder / "letters"
        to_print = f"; letters to those who are not promoted are in {letters}" if letters.is_dir() else ""
        click.echo(f"{pages}{to_print}.", err=True)


def _check(
    workbooks: tuple[Path, ...], earlier: Path | None, out: Path | None, *, preview: bool, changing: bool
) -> None:
    """Raise an error for options that do not go together."""
    if preview and (changing or earlier):
        raise click.UsageError("--preview makes no decision; leave out --apply, --replace and --from")
    if bool(workbooks) == bool(earlier):
        raise click.UsageError("give edited workbooks, or with --from the folder of an earlier run")
    if out is not None and not preview:
        raise click.UsageError("--out is where --preview writes its workbook; add --preview, or leave it out")
    if preview and len({path.resolve() for path in workbooks}) < len(workbooks):
        raise click.UsageError("a copy is given twice, and nobody votes twice; give each voter's copy once")


def _preview(folder: Path, workbooks: tuple[Path, ...], voted: Path, day: date, *, as_json: bool) -> None:
    run = read_run(folder)
    reviews = review_votes(run, [read_workbook(path, max(day, run.day)) for path in workbooks], day)
    ballots = count_votes(run, reviews)
    write_voted(run, ballots, folder, voted)
    _show(vote_lines(run, ballots, len(reviews)), votes_json(ballots), as_json=as_json)
    console.say(vote_notes(reviews), err=True)
    click.echo(f"No decision was made. The workbook to project, with the votes, is {voted}", err=True)


def _free(path: Path) -> Path:
    """The path, with a number where there is such a file: somebody may have written into it."""
    names = (path.with_stem(f"{path.stem}-{number}") for number in itertools.count(2))
    return next(one for one in itertools.chain([path], names) if not one.exists())


def _show(lines: Iterable[str], data: object, *, as_json: bool) -> None:
    if as_json:
        console.say_json(data)
    else:
        console.say(lines)
