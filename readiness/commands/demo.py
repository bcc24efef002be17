"""`readiness demo`: the shipped sample through everything."""

from concurrent.futures import Executor
from pathlib import Path

import click

from inputs.samples import SAMPLE_DAY, shipped_sample
from readiness import console
from readiness.commands.assess import assess_files
from reports.writing import Wanted


@click.command(epilog="Example:  readiness demo --out demo")
@click.option(
    "--out",
    default="demo",
    show_default=True,
    type=click.Path(path_type=Path),
    help="Folder for the results.",
)
@console.json_option("Print what run.json says on stdout.")
@click.pass_obj
def command(executor: Executor | None, out: Path, *, as_json: bool) -> None:
    """Assess the sample that is shipped: an invented company of about 240 people, with a real export's dirt.

    Works offline and takes seconds. Every person in it is invented.
    """
    assess_files(
        (shipped_sample(),), Wanted(), out, console.DEFAULT_PACK, SAMPLE_DAY, executor, as_json=as_json
    )
