"""`readiness vignettes`: invented people that every manager rates blind, handed out and read back."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import click

from engine.phrases import count, join
from engine.raters import Vignette, room_of, vignettes_of
from inputs import InputError
from readiness import console
from reports.raters import VignettesShown, read_answers, vignette_lines, write_vignette_page, write_vignettes
from reports.run import whole_file, whole_files
from rules import load_pack, name_key
from rules.pack import RulePack


@click.command(epilog="Example:  readiness vignettes --out vignettes.xlsx --level product_manager")
@click.argument("files", metavar="[FILE...]", nargs=-1, type=console.FILE)
@click.option(
    "--after",
    metavar="FILE",
    multiple=True,
    type=console.FILE,
    help="A workbook that was filled in after the session; may be given several times.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="Without FILE the workbook to hand out; with FILE the folder for vignettes.html and vignettes.csv.",
)
@click.option(
    "--level", "levels", metavar="LEVEL", multiple=True, help="Only people of this level; may be repeated."
)
@console.pack_option
def command(
    files: tuple[Path, ...], after: tuple[Path, ...], out: Path | None, levels: tuple[str, ...], pack: str
) -> None:
    """Write invented people for every manager to rate blind, or read what managers filled in.

    Without FILE, a workbook with up to four people per level is written, made from the pack's worked
    examples. Hand a copy to every manager. With the filled-in copies, one FILE each, the command shows how
    strict managers are with the same people, and how far they agree with the pack: before the session and,
    with --after, also after it.
    """
    rules = load_pack(pack)
    vignettes = _vignettes(rules, levels)
    if not files:
        if after:
            raise click.UsageError("give the workbooks from before the session too, as FILE")
        _hand_out(vignettes, rules, out, pack)
        return
    rooms = {"before": room_of(vignettes, read_answers(files, vignettes, rules), rules)}
    if after:
        rooms["after"] = room_of(vignettes, read_answers(after, vignettes, rules), rules)
    shown = VignettesShown(rules, rooms)
    console.say(vignette_lines(shown))
    if out is not None:
        with whole_files(out) as fresh:
            page = write_vignette_page(shown, fresh)
        click.echo(f"Open {out / page.name}", err=True)


def _vignettes(pack: RulePack, levels: Sequence[str]) -> tuple[Vignette, ...]:
    """Those of the levels, or of all."""
    found = vignettes_of(pack)
    known = {name_key(name): level.id for level in pack.levels for name in (level.id, level.title)}
    if unknown := [one for one in levels if name_key(one) not in known]:
        right = join([level.id for level in pack.levels], "or")
        raise click.UsageError(f"{unknown[0]!r} is not a level of the rule pack; give {right}")
    chosen = {known[name_key(one)] for one in levels}
    some = tuple(one for one in found if not chosen or one.level in chosen)
    if not some:
        raise InputError(
            f"{pack.title} has no worked examples{' of these levels' if chosen else ''} that people could "
            "be described by; add some to examples.yaml, or propose them with `readiness pack test "
            "--generate`"
        )
    return some


def _hand_out(vignettes: Sequence[Vignette], rules: RulePack, out: Path | None, pack: str) -> None:
    if out is None or out.suffix.lower() != ".xlsx":
        raise click.UsageError("give the workbook to write with --out, such as --out vignettes.xlsx")
    console.require_free(out)
    with whole_file(out) as fresh:
        write_vignettes(vignettes, rules, date.today(), fresh)
    lines = sum(len(one.statements) + 1 for one in vignettes)
    click.echo(
        f"Wrote {out}: {count(len(vignettes), 'person', 'people')}, {count(lines, 'line')} to answer. Hand "
        f"a copy to every manager, then:  readiness vignettes COPY... --out hr_only{console.with_pack(pack)}",
        err=True,
    )
