"""`readiness packet`: a printable promotion packet per person."""

from datetime import date
from pathlib import Path

import click

from inputs.roster import InputError
from reports.data import read_recommendations
from reports.pages import write_packet
from rules import load_pack


@click.command(epilog="Example:  readiness packet results E1042 E1077")
@click.argument("folder", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("employee_ids", metavar="EMPLOYEE_ID...", nargs=-1, required=True)
@click.option(
    "--out", type=click.Path(path_type=Path), help="Folder for the packets; DIR/packets unless given."
)
@click.option(
    "--pack",
    metavar="NAME_OR_DIR",
    help="The rule pack that the run was made with, if it is not a shipped one.",
)
def command(folder: Path, employee_ids: tuple[str, ...], out: Path | None, pack: str | None) -> None:
    """Write two pages to print for a committee, for each promotion open to a person.

    They hold the case for and against by sign, comments, what is missing, the rules with their sources, and
    room for the decision. DIR is the folder that `readiness assess --out` wrote. The paths are printed.
    """
    run = read_recommendations(folder)
    rules = load_pack(pack or run.pack)
    if rules.name != run.pack:
        raise InputError(
            f"{folder} was made with the rule pack {run.pack}, not with {rules.name}; "
            "give that one with --pack"
        )
    ids = tuple(dict.fromkeys(employee_ids))
    found = {name: [one for one in run.recommendations if one.employee_id == name] for name in ids}
    if unknown := [name for name, own in found.items() if not own]:
        raise InputError(
            f"{folder} has no recommendation for employee id {', '.join(unknown)}; no packet was written; "
            "people who could not be assessed are listed with the reason in the report and the workbook"
        )
    for own in found.values():
        path = write_packet(
            own, rules, date.fromisoformat(run.day), run.fingerprint, out or folder / "packets"
        )
        click.echo(path)
