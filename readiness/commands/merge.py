"""`readiness merge`: the parts of a run, put together."""

from concurrent.futures import Executor
from pathlib import Path

import click

from readiness import console
from readiness.commands.assess import show_results
from reports.run import require_replaceable
from reports.writing import Stopwatch, merge_parts


@click.command(epilog="Example:  readiness merge part-1 part-2 part-3 --out results")
@click.argument("parts", metavar="PART...", nargs=-1, required=True, type=console.FOLDER)
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Folder for the results.")
@console.json_option("Print what run.json says on stdout.")
@click.pass_obj
def command(executor: Executor | None, parts: tuple[Path, ...], out: Path, *, as_json: bool) -> None:
    """Put together the parts that `assess --shard` wrote: the results are those of one run, byte for byte."""
    require_replaceable(out, "run")
    run, by = merge_parts(parts, out, Stopwatch(console.announce), executor)
    show_results(run, out, by, as_json=as_json)
