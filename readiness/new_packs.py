"""`readiness pack new`: a pack of one's own, as a copy of another or made from a company's matrix."""

from collections.abc import Callable, Sequence
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from pathlib import Path

import click

from engine.phrases import count
from engine.prove import sound_pack
from inputs.discovery import discover
from inputs.files import in_clear_letters, read_file
from readiness import console
from reports.run import whole_folder
from rules import PackError, RulePack
from rules.ladders import Answers, Grid, Ladder, ladder_from_matrix, ladder_from_ratings, matrix_among
from rules.schema import write_schemas
from rules.writer import checked_name, copy_pack, in_words, require_new, write_pack


@click.command("new", epilog="Example:  readiness pack new our_ladder --from-matrix LADDER.xlsx")
@click.argument("name", metavar="NAME")
@click.option("--from", "source", default="product_management", show_default=True, metavar="NAME_OR_DIR")
@click.option(
    "--from-matrix", "matrix", metavar="FILE", type=console.FILE, help="A matrix of levels and competencies."
)
@click.option(
    "--from-ratings",
    "ratings",
    metavar="FILE",
    multiple=True,
    type=console.FILE,
    help="An export of ratings: a starting point with its levels and competencies.",
)
@click.option("--title", help="What reports call it; NAME in words unless given.")
@click.option("--out", type=click.Path(path_type=Path), help="The new folder; NAME here unless given.")
@click.option("--sheet", help="The sheet of the matrix, where there are several.")
@click.option("--words", default="", help='The words of its scale, the lowest first: "Basic, Solid, Strong".')
@click.option("--scale", help="The ends of its scale: 1..5.")
@click.option(
    "--levels",
    default="",
    help='Its levels, the lowest first: "Junior, Senior, Lead"; for two ways up "Junior, Senior, Lead; '
    'Senior, Manager".',
)
@click.option("--bar", help="The rating that the next level asks for, if the matrix gives none.")
def new_pack(
    name: str,
    source: str,
    matrix: Path | None,
    ratings: tuple[Path, ...],
    title: str | None,
    out: Path | None,
    sheet: str | None,
    words: str,
    scale: str | None,
    levels: str,
    bar: str | None,
) -> None:
    """Begin a pack of your own: a copy of another, or made from your company's matrix or ratings.

    A matrix has competencies down and levels across, with the required rating, a word of a scale or a
    sentence in each cell; or a row for each level and competency. Areas, definitions, core or supporting,
    weights, minimum totals and minimum years are read where there are columns for them. What it leaves open
    is asked, or stated as a default that nobody has decided.

    Of ratings, the levels and competencies are found in the file; the order of the levels is asked. The bars
    are one step above what each level shows today, or the number given by --bar: a starting point.
    """
    folder = out or Path(name)
    if matrix is None and not ratings:
        write_new_pack(folder, lambda fresh: copy_pack(source, name, fresh, title))
        _say_what_is_next(folder, f"a copy of {source}", name)
        return
    chains = [_listed(chain) for chain in levels.split(";")]
    answers = Answers(
        _listed(words),
        _span(scale),
        tuple(dict.fromkeys(level for chain in chains for level in chain)),
        None if bar is None else _number(bar),
        tuple(step for chain in chains for step in pairwise(chain)) if len(chains) > 1 else (),
    )
    if matrix is None and answers.steps:
        raise PackError("a pack made from ratings has one way up: name its levels with --levels")
    ladder = (
        ladder_from_ratings(discover(ratings), answers)
        if matrix is None
        else ladder_from_matrix(matrix_among(matrix.name, _grids_of(matrix), sheet), answers)
    )
    title = title or in_words(name)
    title = _as_starting_point(title) if matrix is None or ladder.kind == "prose" else title
    pack = sound_pack(ladder, checked_name(name), title, answers)
    write_new_pack(folder, lambda fresh: write_pack(pack, fresh))
    console.say(_what_was_read(ladder, pack), err=True)
    _say_what_is_next(folder, f"made from {ladder.source}", name)


def pack_from_ratings(
    files: Sequence[Path], title: str, answers: Answers, folder: Path, encoding: str | None = None
) -> None:
    """Write a pack that an export of ratings shows, named like its folder. Raises PackError with the question
    that is open, and InputError where nothing is found."""
    ladder = ladder_from_ratings(discover(files, encoding), answers)
    pack = sound_pack(ladder, checked_name(folder.name), _as_starting_point(title), answers)
    write_new_pack(folder, lambda fresh: write_pack(pack, fresh))


def write_new_pack(folder: Path, write: Callable[[Path], None]) -> None:
    """A pack's new folder, with the schemas of its files."""
    require_new(folder)
    with whole_folder(folder) as fresh:
        write(fresh)
        write_schemas(fresh)


def _as_starting_point(title: str) -> str:
    return f"{title} (starting point: nobody has decided these bars)"


def _what_was_read(ladder: Ladder, pack: RulePack) -> list[str]:
    titles = [level.title for level in ladder.levels]
    steps = "; ".join(f"{titles[lower]} < {titles[higher]}" for lower, higher in ladder.steps)
    levels = steps or " < ".join(titles)
    return [
        f"{count(len(ladder.levels), 'level')}: {levels}",
        f"{count(len(ladder.competencies), 'competency', 'competencies')}, "
        f"{count(len(pack.promotions), 'promotion')}; the rules are sound",
        *(f"  see again: {note}" for note in ladder.notes),
        *(f"  undecided: {line}" for line in pack.undecided),
    ]


def _say_what_is_next(folder: Path, what: str, name: str) -> None:
    copied = (folder / "examples.yaml").exists()
    tries = (
        f"  try     readiness pack test {folder}    which examples come out differently",
        f"  try     readiness simulate RATINGS.xlsx --with-pack {folder} --out what_if    who would move",
    )
    made = (
        f"  try     readiness pack test {folder} --generate    worked examples, proposed for you to read",
        f"  fill in readiness template --out ratings.xlsx --pack {folder}    without a file of ratings yet",
    )
    lines = (
        f"{folder} is a pack of your own, {what}. Next steps:",
        f"  edit    {folder / 'pack.yaml'} (bars, margins), {folder / 'promotions'} (signals, weights), "
        f"{folder / 'rules.yaml'}",
        f"  or      readiness pack export {name}-rules.xlsx --pack {folder}    to edit it in a spreadsheet "
        "program",
        f"  prove   readiness pack check {folder}",
        *(tries if copied else made),
        f"  use     readiness assess RATINGS.xlsx --pack {folder} --out results",
    )
    console.say(lines, err=True)


def _grids_of(path: Path) -> list[Grid]:
    sheets = in_clear_letters(read_file(path))
    hidden = [str(sheet.name) for sheet in sheets if not sheet.visible and not sheet.cells.is_empty()]
    unread = [f"Hidden sheets were not read: {', '.join(hidden)}."] if hidden else []
    return [
        Grid(
            sheet.file,
            sheet.name,
            sheet.texts(),
            sheet.first_row - (sheet.headers is not None),
            remarks=[*unread, *sheet.seen_otherwise],
            uncalculated=[f"{letter}{row}" for row, letter in sorted(sheet.uncalculated)],
        )
        for sheet in sheets
        if sheet.visible
    ]


def _listed(text: str) -> tuple[str, ...]:
    return tuple(one.strip() for one in text.split(",") if one.strip())


def _span(text: str | None) -> tuple[Decimal, Decimal] | None:
    if text is None:
        return None
    low, dots, high = text.partition("..")
    if not dots:
        raise PackError(f"{text}: a scale is written as LOWEST..HIGHEST, such as 1..5")
    ends: Sequence[Decimal] = sorted((_number(low), _number(high)))
    return ends[0], ends[1]


def _number(text: str) -> Decimal:
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        number = Decimal("nan")
    if not number.is_finite():
        raise PackError(f"{text}: write a number, such as 3.5")
    return number
