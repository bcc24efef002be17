"""`readiness explain`: one person's recommendation, evidence and trace in the terminal."""

from pathlib import Path

import click
from pydantic import TypeAdapter

from engine import Explanation
from engine.simulation import MARK
from readiness import console
from reports.run import person_asked_for, read_log, read_run
from reports.shown import revised_in
from reports.terminal import aloud_lines, explanation_lines


@click.command(epilog="Example:  readiness explain results E1042")
@console.run_argument
@click.argument("asked", metavar="EMPLOYEE")
@click.option("--aloud", "spoken", is_flag=True, help="Print it in words to be read out, without the trace.")
@console.json_option("Print everything as JSON on stdout.")
def command(folder: Path, asked: str, *, spoken: bool, as_json: bool) -> None:
    """Show why a person got a recommendation: the rules, the evidence, and the cells it came from.

    DIR is the folder that `readiness assess --out` wrote, EMPLOYEE an employee id or a name.
    """
    run = read_run(folder, simulated=True)
    found = run.only({person_asked_for(run, asked)})
    if run.pack.title.startswith(MARK):
        click.echo(f"{run.pack.title}. Nobody is recommended this.", err=as_json)
    if as_json:
        plain = TypeAdapter(tuple[Explanation, ...])
        console.say_json(plain.dump_python(tuple(found), mode="json"))
        return
    revised = revised_in(read_log(folder), run.pack)
    for one in found:
        decided, before = run.decided(one), [past for past in revised if past.key == one.key]
        console.say(
            aloud_lines(one, run.pack, decided)
            if spoken
            else explanation_lines(one, run.pack, decided, before)
        )
