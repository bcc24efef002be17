"""`readiness template`: an empty ratings workbook that `assess` reads as it is."""

from pathlib import Path

import click

from engine import vocabulary_of
from inputs.template import write_template
from readiness.console import DEFAULT_PACK, pack_option
from reports.run import whole_file
from rules import load_pack


@click.command(epilog="Example:  readiness template --out ratings.xlsx")
@click.option(
    "--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The workbook to write."
)
@pack_option
def command(out: Path, pack: str) -> None:
    """Write an empty ratings workbook: headers, drop-downs, notes and an example row."""
    if out.suffix.lower() != ".xlsx":
        raise click.UsageError(f"The template is a workbook: name it {out.with_suffix('.xlsx')}.")
    if out.exists():
        raise click.UsageError(f"{out} exists. Give another name, or remove it first.")
    vocabulary = vocabulary_of(load_pack(pack))
    with whole_file(out) as fresh:
        write_template(fresh, vocabulary)
    named = "" if pack == DEFAULT_PACK else f" --pack {pack}"
    click.echo(f"Wrote {out}. Fill it in, then:  readiness assess {out} --out results{named}", err=True)
