"""`readiness packet`: a printable promotion packet per person."""

from pathlib import Path

import click

from inputs import InputError
from readiness.console import run_argument
from reports.pages import write_packet
from reports.run import person_asked_for, read_run, whole_files
from rules import RulePack, load_pack, pack_names


@click.command(epilog="Example:  readiness packet results E1042 E1077")
@run_argument
@click.argument("asked", metavar="EMPLOYEE...", nargs=-1, required=True)
@click.option(
    "--out", type=click.Path(path_type=Path), help="Folder for the packets; DIR/packets unless given."
)
@click.option(
    "--pack",
    metavar="NAME_OR_DIR",
    help="Refuse unless the run was made with exactly this rule pack.",
)
def command(folder: Path, asked: tuple[str, ...], out: Path | None, pack: str | None) -> None:
    """Write two pages to print for a committee, for each promotion open to a person.

    They hold what speaks for and against by signal, comments, what is missing, the rules of the run with
    their sources, the earlier cycle where the run was made with --previous, and room for the decision. DIR is
    the folder that `readiness assess --out` wrote, EMPLOYEE an employee id or a name. The paths are printed.
    """
    run = read_run(folder)
    _compare_rules(run.pack, folder, pack)
    ids = dict.fromkeys(person_asked_for(run, one) for one in asked)
    into, below = (folder, "packets") if out is None else (out, "")
    with whole_files(into) as fresh:
        packets = [write_packet(run.only({own}), run, fresh / below) for own in ids]
    for packet in packets:
        click.echo(into / below / packet.name)


def _compare_rules(ran: RulePack, folder: Path, wanted: str | None) -> None:
    """Refuse a pack that was asked for and is not the run's; say so where the installed one has changed."""
    if wanted is None and ran.name not in pack_names():
        return
    rules = load_pack(wanted or ran.name)
    if rules.sha256 == ran.sha256:
        return
    made = f"{folder} was made with the rule pack {ran.name} {ran.version} ({ran.sha256[:12]})"
    other = f"{rules.name} {rules.version} ({rules.sha256[:12]})"
    if wanted is not None:
        raise InputError(
            f"{made}, not with {other}; leave --pack out: a packet shows the rules that its run was made with"
        )
    click.echo(
        f"{made}; the installed one is {other}. The packet shows the rules of the run; "
        "run `readiness assess` again to have the present ones.",
        err=True,
    )
