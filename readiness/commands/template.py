"""`readiness template`: an empty ratings workbook that `assess` reads as it is."""

from pathlib import Path

import click

from engine import vocabulary_of
from inputs.template import write_template
from readiness import console
from reports.run import whole_file
from rules import load_pack


@click.command(epilog="Example:  readiness template --out ratings.xlsx")
@click.option("--out", required=True, type=console.NEW_WORKBOOK, help="The workbook to write.")
@console.pack_option
def command(out: Path, pack: str) -> None:
    """Write an empty ratings workbook: headers, drop-downs, notes and an example row."""
    vocabulary = vocabulary_of(load_pack(pack))
    with whole_file(out) as fresh:
        write_template(fresh, vocabulary)
    then = f"readiness assess {out} --out results{console.with_pack(pack)}"
    click.echo(f"Wrote {out}. Fill it in, then:  {then}", err=True)
