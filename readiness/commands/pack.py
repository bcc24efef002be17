"""`readiness pack`: look at rule packs, and check them."""

import json

import click

from rules import RulePack, load_pack, pack_names
from rules.reference import reference

name_or_folder = click.argument("pack", metavar="NAME_OR_DIR", default="product_management")


@click.group(epilog="Example:  readiness pack show product_management")
def command() -> None:
    """List, show and check rule packs: ladder, signals and rules as data."""


@command.command("list", epilog="Example:  readiness pack list --json")
@click.option("--json", "as_json", is_flag=True, help="Print the list as JSON on stdout.")
def list_packs(*, as_json: bool) -> None:
    """List the rule packs that are shipped."""
    packs = [load_pack(name) for name in pack_names()]
    if as_json:
        click.echo(json.dumps([_in_short(pack) for pack in packs], indent=2, ensure_ascii=False))
        return
    for pack in packs:
        counts = f"{len(pack.levels)} levels, {len(pack.transitions)} promotions"
        click.echo(f"{pack.name}  {pack.title}, version {pack.version}: {counts}")


@command.command("show", epilog="Example:  readiness pack show product_management > reference.md")
@name_or_folder
def show_pack(pack: str) -> None:
    """Print a readable reference of a pack, as Markdown: signals, bars, rules, reasons, citations."""
    click.echo(reference(load_pack(pack)), nl=False)


@command.command("check", epilog="Example:  readiness pack check our_ladder/")
@name_or_folder
def check_pack(pack: str) -> None:
    """Check a pack: its files, their keys and values, and every name that one part uses of another."""
    loaded = load_pack(pack)
    rules = len(loaded.rules) + sum(len(transition.rules) for transition in loaded.transitions)
    click.echo(
        f"{loaded.name}: {rules} rules over {len(loaded.transitions)} promotions load without a problem"
    )


def _in_short(pack: RulePack) -> dict[str, object]:
    return {
        "name": pack.name,
        "version": pack.version,
        "title": pack.title,
        "levels": [level.id for level in pack.levels],
        "transitions": [transition.id for transition in pack.transitions],
        "sha256": pack.sha256,
    }
