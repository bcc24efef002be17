"""`readiness diff`: whose result differs between two runs, and what caused it."""

from pathlib import Path

import click

from readiness import console
from reports.comparison import (
    Origin,
    compare_runs,
    difference_json,
    difference_lines,
    read_compared,
    render_difference,
    run_crosswise,
)
from reports.writing import Stopwatch


@click.command(epilog="Example:  readiness diff results_spring results_autumn")
@click.argument("before", metavar="DIR", type=console.FOLDER)
@click.argument("after", metavar="DIR", type=console.FOLDER)
@click.option("--data-before", type=console.FILE, help="The first run's spreadsheet, to run it again.")
@click.option("--data-after", type=console.FILE, help="The second run's spreadsheet, to run it again.")
@click.option("--pack-before", metavar="NAME_OR_DIR", help="The first run's rule pack.")
@click.option("--pack-after", metavar="NAME_OR_DIR", help="The second run's rule pack.")
@click.option(
    "--mapping-before", type=console.FILE, help="The mapping that the first run was made with, if any."
)
@click.option(
    "--mapping-after", type=console.FILE, help="The mapping that the second run was made with, if any."
)
@click.option("--out", type=console.NEW_PAGE, help="Also write the comparison as an HTML page.")
@console.json_option("Print everything as JSON on stdout.")
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
        watch = Stopwatch(console.announce)
        with watch.stage("running both again under each other's rules"):
            first, second = (
                console.mapping_of(path, all_sheets=False) for path in (mapping_before, mapping_after)
            )
            rerun = run_crosswise(
                Origin(old, data_before, first, pack_before), Origin(new, data_after, second, pack_after)
            )
    elif data_before or data_after or pack_before or pack_after or mapping_before or mapping_after:
        raise click.UsageError("to run both again, give both spreadsheets: --data-before and --data-after")
    difference = compare_runs(old, new, rerun)
    labels = {**old.labels, **new.labels}
    if out is not None:
        console.save_text(out, render_difference(difference, labels))
        click.echo(f"Open {out}", err=True)
    if as_json:
        console.say_json(difference_json(difference))
    else:
        console.say(difference_lines(difference, labels))
