"""`readiness calibrate`: what edited workbooks change, and making it final."""

import json
from collections import Counter
from datetime import date, datetime
from pathlib import Path

import click

from engine.session import Conflict, Decision, decisions_in, session_terms
from inputs import InputError
from reports.calibration import (
    STANDS,
    Ballot,
    Outcome,
    calibrate,
    count_votes,
    twins,
    write_decisions,
    write_vote_agenda,
)
from reports.run import read_log, read_run
from reports.shown import Run
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
@click.option("--replace", is_flag=True, help="Let a decision take the place of a different one.")
@click.option(
    "--preview",
    is_flag=True,
    help="Read the copies as votes before the meeting: no decision is made, an agenda is written.",
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
    and hr-decisions.csv for the HR system; calibration-final.html shows who moved, by whom and why.

    With --preview, the workbooks are copies that the members filled in by themselves before the meeting. What
    comes out is an agenda to project that starts where the votes differ. It tells how many voted what, not
    who; with --json, votes are told by the copies' file names.
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
    latest = max(day, run.day)
    edited = [read_workbook(path, latest) for path in workbooks]
    outcome = calibrate(run, edited, () if preview else log, day, replace=replace)
    if preview:
        ballots = count_votes(run, outcome.reviews)
        agenda = out or folder / AGENDA
        write_vote_agenda(run, ballots, len(edited), agenda)
        _show_votes(run, ballots, len(edited), as_json=as_json)
        for one, other in twins(outcome.reviews):
            click.echo(f"{one} and {other} are the same byte for byte; is one a copy of the other?", err=True)
        for problem in (one for checked in outcome.reviews for one in checked.uncounted):
            click.echo(f"Not counted as a vote: {problem}", err=True)
        click.echo(f"No decision was made. The agenda to project is {agenda}", err=True)
        return
    _show(run, outcome, replace=replace, as_json=as_json)
    stopped = _stopped(outcome, replace=replace)
    if stopped:
        raise InputError(stopped)
    if not final:
        click.echo("Nothing was changed. Add --apply to make it final.", err=True)
    elif len(outcome.log) == len(log):
        click.echo("Everything in it is final already; nothing was changed.", err=True)
    else:
        written = write_decisions(run, outcome.log, folder)
        click.echo(f"Final. Written: {', '.join(path.name for path in written)}", err=True)


def _stopped(outcome: Outcome, *, replace: bool) -> str | None:
    problems = len(outcome.problems)
    conflicts = 0 if replace else len(outcome.conflicts)
    reasons = []
    if problems:
        reasons.append(f"{problems} {'thing has' if problems == 1 else 'things have'} to be put right first")
    if conflicts:
        plural = "decision differs" if conflicts == 1 else "decisions differ"
        reasons.append(f"{conflicts} {plural} from what counts already; agree on one, or add --replace")
    return "; ".join(reasons) or None


def _show(run: Run, outcome: Outcome, *, replace: bool, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(_answer(outcome), indent=2, ensure_ascii=False))
        return
    names = {one.employee_id: " ".join((one.employee_name or "").split()) for one in run.explanations}
    for checked, merged in zip(outcome.reviews, outcome.merges, strict=True):
        group = checked.workbook.group
        part = f" ({group.by} {group.value})" if group else ""
        click.echo(
            f"{checked.workbook.file}{part}: {len(merged.fresh)} new, {len(merged.same)} known, "
            f"{len(merged.conflicts)} in conflict, {checked.undecided} undecided"
        )
        for decision in merged.fresh:
            click.echo("  + " + _decision_line(decision, run, names))
        for conflict in merged.conflicts:
            click.echo(("  ~ " if replace else "  ! ") + _conflict_line(conflict, run, names))
        for problem in checked.problems:
            click.echo(f"  ✗ {problem}")
        for note in checked.notes:
            click.echo(f"  i {note}")
    counts: dict[str, int] = {}
    for decision in outcome.fresh:
        counts[str(decision.status)] = counts.get(str(decision.status), 0) + 1
    told = ", ".join(f"{count} {name.casefold()}" for name, count in counts.items())
    click.echo(f"In all: {told or 'no new decision'}")
    for line in _guideline_lines(run, outcome):
        click.echo(line)


def _guideline_lines(run: Run, outcome: Outcome) -> list[str]:
    """The run's guidelines beside the shares that these decisions and those before them leave."""
    decided = decisions_in(outcome.log)
    results = [
        made.decision if (made := decided.get(one.key)) else one.recommendation for one in run.explanations
    ]
    whole = len(results)
    before = run.overall().counts
    return [
        f"Guideline, not a quota: {run.pack.bands[one.band].label} {one.words}; "
        f"{before[one.band] / whole:.1%} before, {results.count(one.band) / whole:.1%} after "
        f"({one.place(results.count(one.band), whole)})"
        for one in run.session.guidelines
        if whole
    ]


def _decision_line(decision: Decision, run: Run, names: dict[str, str]) -> str:
    bands = {band: text.label for band, text in run.pack.bands.items()}
    codes = {reason.id: reason.label for reason in session_terms().reasons}
    title = run.pack.promotion(decision.promotion).title
    move = f"{bands[decision.decision]}, agreed"
    if decision.decision != decision.recommendation:
        before, after = bands[decision.recommendation], bands[decision.decision]
        move = f"{before} → {after} ({codes.get(decision.reason_code or '', '')}: {decision.reason})"
    return (
        f"{decision.employee_id} {names[decision.employee_id]}, {title}: {move}; "
        f"{decision.decided_by}, {decision.decided_on.isoformat()}"
    )


def _conflict_line(conflict: Conflict, run: Run, names: dict[str, str]) -> str:
    differs = ", ".join(name.replace("_", " ") for name in conflict.differs)
    return (
        f"{_decision_line(conflict.proposed, run, names)}; differs in {differs} from what counts: "
        f"{_decision_line(conflict.current, run, names)}"
    )


def _answer(outcome: Outcome) -> dict[str, object]:
    def plain(decision: Decision) -> dict[str, object]:
        return {
            **{name: getattr(decision, name) for name in Decision.__dataclass_fields__},
            "decided_on": decision.decided_on.isoformat(),
            "change": str(decision.status).casefold(),
        }

    return {
        "new": [plain(decision) for decision in outcome.fresh],
        "known": sum(len(merged.same) for merged in outcome.merges),
        "conflicts": [
            {"counts": plain(c.current), "proposed": plain(c.proposed), "differs": list(c.differs)}
            for c in outcome.conflicts
        ],
        "problems": [
            {"place": p.place, "employee_id": p.employee_id, "problem": p.problem, "remedy": p.remedy}
            for p in outcome.problems
        ],
        "notes": [note for checked in outcome.reviews for note in checked.notes],
        "undecided": [checked.undecided for checked in outcome.reviews],
    }


def _show_votes(run: Run, ballots: tuple[Ballot, ...], copies: int, *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps([_ballot(ballot) for ballot in ballots], indent=2, ensure_ascii=False))
        return
    stands = Counter(ballot.stand for ballot in ballots)
    voted = len(ballots) - stands["none"]
    click.echo(
        f"{copies} copies, {voted} of {len(ballots)} recommendations voted on: {stands['split']} split, "
        f"{stands['against']} agreed against the recommendation, {stands['agreed']} agreed with it"
    )
    for ballot in ballots:
        if STANDS[ballot.stand].discuss:
            click.echo("  " + _ballot_line(ballot, run))


def _ballot_line(ballot: Ballot, run: Run) -> str:
    one = ballot.explanation
    labels: dict[str, str] = {band: text.label for band, text in run.pack.bands.items()}
    votes = ", ".join(f"{count} {labels[band]}" for band, count in ballot.counts.items())
    return (
        f"{one.employee_id} {one.employee_name or ''}, {one.promotion_title}: {votes}; "
        f"recommendation {labels[one.recommendation]}; agreement {ballot.agreement or 0:.0%}"
    )


def _ballot(ballot: Ballot) -> dict[str, object]:
    one = ballot.explanation
    return {
        "employee_id": one.employee_id,
        "promotion": one.promotion,
        "recommendation": one.recommendation,
        "votes": dict(ballot.votes),
        "agreement": ballot.agreement,
    }
