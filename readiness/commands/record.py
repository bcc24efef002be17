"""`readiness record`: what is read, why, who sees it and what becomes of it, for counsel and works
council."""

from datetime import date
from pathlib import Path

import click

from engine import vocabulary_of
from engine.phrases import count
from inputs import InputError
from inputs.inspection import inspect_files
from readiness import console
from reports.record import show_record, write_record
from reports.run import whole_file
from rules import load_pack


@click.command(epilog="Example:  readiness record ratings.xlsx --out record.html --kept '24 months'")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@console.pack_option
@console.all_sheets_option
@console.mapping_option("What columns, words and scales mean, as for `readiness assess`.")
@console.day_option("--as-of", "The day of the record; today unless given.")
@click.option("--kept", metavar="TEXT", help="How long the employer keeps a run, and who may open it.")
@click.option("--out", required=True, type=console.NEW_PAGE, help="The page to write.")
def command(
    files: tuple[Path, ...],
    pack: str,
    mapping: Path | None,
    day: date,
    kept: str | None,
    out: Path,
    *,
    all_sheets: bool,
) -> None:
    """Write down what is read from a spreadsheet, why, who sees it, how decisions are made, and which law is
    asked about.

    Two pages to print, for HR's legal counsel and the works council, made from the files, the rule pack and
    the program. Nobody is assessed. No claim is made that anything complies with a law.
    """
    rules = load_pack(pack)
    meant = console.mapping_of(mapping, all_sheets=all_sheets)
    inspection = inspect_files(files, vocabulary_of(rules), day, meant)
    if inspection.questions:
        raise InputError(
            f"{count(len(inspection.questions), 'question is', 'questions are')} open about the columns, so "
            "nobody can say yet what is read; answer that first: "
            f"readiness inspect {' '.join(map(str, files))}"
        )
    shown = show_record(inspection, rules, day, kept)
    with whole_file(out) as fresh:
        write_record(shown, fresh)
    unread = len(shown.unread) + len(shown.compared)
    read = count(len(shown.read), "kind of field is", "kinds of fields are")
    click.echo(f"{read} read, {count(unread, 'other column is', 'other columns are')} not", err=True)
    click.echo(f"Open {out}", err=True)
