"""`readiness inspect`: what a file seems to hold, before any assessment."""

from datetime import date
from pathlib import Path

import click

from engine import vocabulary_of
from inputs.inspection import inspect_files
from inputs.transcript import inspection_data, inspection_lines, mapping_text
from readiness import console
from rules import load_pack


@click.command(epilog="Example:  readiness inspect ratings.xlsx --write-mapping map.yaml")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@console.pack_option
@console.all_sheets_option
@console.mapping_option("Read the file as this mapping says.")
@click.option(
    "--write-mapping",
    "written",
    type=console.NEW_FILE,
    help="Write how the file is read as a YAML file, to correct and give to `assess --mapping`.",
)
@console.day_option("--as-of", "The day of the assessment: no date can be later. Today unless given.")
@console.json_option("Print the answer as JSON on stdout.")
def command(
    files: tuple[Path, ...],
    pack: str,
    mapping: Path | None,
    written: Path | None,
    day: date,
    *,
    all_sheets: bool,
    as_json: bool,
) -> None:
    """Say what a spreadsheet seems to hold: what each column is taken for and why, scales, what is missing.

    Nobody is assessed and nothing is changed. What only you can answer is listed as questions.
    """
    meant = console.mapping_of(mapping, all_sheets=all_sheets)
    inspection = inspect_files(files, vocabulary_of(load_pack(pack)), day, meant)
    if as_json:
        console.say_json(inspection_data(inspection))
    else:
        console.say(inspection_lines(inspection))
    if written is not None:
        console.save_text(written, mapping_text(inspection))
        click.echo(
            f"Wrote {written}: correct it, then `readiness assess {' '.join(map(str, files))} --mapping "
            f"{written}`.",
            err=True,
        )
