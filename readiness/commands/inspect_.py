"""`readiness inspect`: what a file seems to hold, before any assessment."""

import json
from datetime import date, datetime
from pathlib import Path

import click

from engine import vocabulary_of
from inputs.inspection import inspect_files
from inputs.transcript import inspection_data, inspection_lines, mapping_text
from readiness.console import all_sheets_option, mapping_of, pack_option
from reports.run import whole_file
from rules import load_pack


@click.command(epilog="Example:  readiness inspect ratings.xlsx --write-mapping map.yaml")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@pack_option
@all_sheets_option
@click.option(
    "--mapping",
    "mapping_path",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Read the file as this mapping says.",
)
@click.option(
    "--write-mapping",
    "written",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write how the file is read as a YAML file, to correct and give to `assess --mapping`.",
)
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The day of the assessment: no date can be later. Today unless given.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON on stdout.")
def command(
    files: tuple[Path, ...],
    pack: str,
    mapping_path: Path | None,
    written: Path | None,
    as_of: datetime | None,
    *,
    all_sheets: bool,
    as_json: bool,
) -> None:
    """Say what a spreadsheet seems to hold: what each column is taken for and why, scales, what is missing.

    Nobody is assessed and nothing is changed. What only you can answer is listed as questions.
    """
    day = as_of.date() if as_of else date.today()
    mapping = mapping_of(mapping_path, all_sheets=all_sheets)
    inspection = inspect_files(files, vocabulary_of(load_pack(pack)), day, mapping)
    if as_json:
        click.echo(json.dumps(inspection_data(inspection), indent=2, ensure_ascii=False))
    else:
        for line in inspection_lines(inspection):
            click.echo(line)
    if written is not None:
        if written.exists():
            raise click.UsageError(f"{written} exists. Give another name, or remove it first.")
        with whole_file(written) as fresh:
            fresh.write_text(mapping_text(inspection), encoding="utf-8", newline="\n")
        click.echo(
            f"Wrote {written}: correct it, then `readiness assess {' '.join(map(str, files))} --mapping "
            f"{written}`.",
            err=True,
        )
