"""`readiness diff`: whose result differs between two runs, and what caused it."""

import json
from pathlib import Path

import click

from readiness.console import announce, mapping_of
from reports.comparison import (
    Origin,
    compare_runs,
    difference_json,
    difference_lines,
    read_compared,
    render_difference,
    run_crosswise,
)
from reports.run import whole_file
from reports.writing import Stopwatch

folder = click.Path(exists=True, file_okay=False, path_type=Path)
file = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command(epilog="Example:  readiness diff results_spring results_autumn")
@click.argument("before", metavar="DIR", type=folder)
@click.argument("after", metavar="DIR", type=folder)
@click.option("--data-before", type=file, help="The first run's spreadsheet, to run it again.")
@click.option("--data-after", type=file, help="The second run's spreadsheet, to run it again.")
@click.option("--pack-before", metavar="NAME_OR_DIR", help="The first run's rule pack.")
@click.option("--pack-after", metavar="NAME_OR_DIR", help="The second run's rule pack.")
@click.option("--mapping-before", type=file, help="The mapping that the first run was made with, if any.")
@click.option("--mapping-after", type=file, help="The mapping that the second run was made with, if any.")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Also write the comparison as an HTML page.",
)
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON on stdout.")
def command(
    before: Path,
    after: Path,
    data_before: Path | None,
    data_after: Path | None,
    pack_before: str | None,
    pack_after: str | None,
    mapping_before: Path | None,
    mapping_after: Path | None,
    out: Path | None,
    *,
    as_json: bool,
) -> None:
    """Show whose result differs in the second run, and whether data, time, rules or a decision caused it.

    A decision that was made final in a run counts there, whatever its rules recommend; it is shown with who
    made it, when and why. A cause is certain if only one of them differs for a person. If both the
    ratings and the rules differ, give both spreadsheets (and the packs, unless they are shipped ones): each
    is then run under the other's rules. They must be the same files that the runs were made from.
    """
    old, new = read_compared(before), read_compared(after)
    rerun = None
    if data_before and data_after:
        watch = Stopwatch(announce)
        with watch.stage("running both again under each other's rules"):
            mappings = [mapping_of(path, all_sheets=False) for path in (mapping_before, mapping_after)]
            rerun = run_crosswise(
                Origin(old, data_before, mappings[0], pack_before),
                Origin(new, data_after, mappings[1], pack_after),
            )
    elif data_before or data_after:
        raise click.UsageError("give both spreadsheets, --data-before and --data-after, or neither")
    difference = compare_runs(old, new, rerun)
    labels = {**old.labels, **new.labels}
    if out is not None:
        with whole_file(out) as fresh:
            fresh.write_text(render_difference(difference, labels), encoding="utf-8", newline="\n")
        click.echo(f"Open {out}", err=True)
    if as_json:
        click.echo(json.dumps(difference_json(difference), indent=2, ensure_ascii=False))
        return
    for line in difference_lines(difference, labels):
        click.echo(line)
