"""`readiness withdraw`: a final decision taken back."""

from pathlib import Path

import click

from readiness.console import now, run_argument
from reports.calibration import withdraw, withdrawn_line


@click.command(
    epilog="Example:  readiness withdraw results E10001 --reason 'Rated in the wrong row' --by 'HR, M. Ito'"
)
@run_argument
@click.argument("asked", metavar="EMPLOYEE")
@click.option("--promotion", help="Which promotion, by title or id, if several of the person's were decided.")
@click.option("--reason", required=True, help="Why; it stays in the log.")
@click.option("--by", required=True, help="Who takes it back.")
def command(folder: Path, asked: str, promotion: str | None, reason: str, by: str) -> None:
    """Take back a decision that was made final; the log keeps it and says why.

    DIR is the folder of the run, EMPLOYEE an employee id or a name. Nothing counts as decided for the person
    and promotion from then on, and all files of decisions are written anew.
    """
    if not any(map(str.isalnum, reason)) or not any(map(str.isalnum, by)):
        raise click.UsageError("--reason and --by need a text: both stay in the log")
    run, decision = withdraw(folder, asked, promotion, reason.strip(), by.strip(), now())
    click.echo(withdrawn_line(run, decision), err=True)
