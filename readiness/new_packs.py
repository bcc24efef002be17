"""`readiness pack new`: a pack of one's own, as a copy of another or made from a company's matrix."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from pathlib import Path

import click

from engine.phrases import count
from engine.prove import sound_pack
from inputs.discovery import Discovered, discover
from inputs.files import Sheet, read_file
from reports.run import whole_folder
from rules import PackError, RulePack
from rules.ladders import Answers, Grid, Ladder, LadderScale, ladder_from_matrix, ladder_from_shown
from rules.schema import write_schemas
from rules.writer import checked_name, copy_pack, require_new, write_pack

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("new", epilog="Example:  readiness pack new our_ladder --from-matrix LADDER.xlsx")
@click.argument("name", metavar="NAME")
@click.option("--from", "source", default="product_management", show_default=True, metavar="NAME_OR_DIR")
@click.option(
    "--from-matrix", "matrix", metavar="FILE", type=_FILE, help="A matrix of levels and competencies."
)
@click.option(
    "--from-ratings",
    "ratings",
    metavar="FILE",
    multiple=True,
    type=_FILE,
    help="An export of ratings: a starting point with its levels and competencies.",
)
@click.option("--title", help="What reports call it; NAME in words unless given.")
@click.option("--out", type=click.Path(path_type=Path), help="The new folder; NAME here unless given.")
@click.option("--sheet", help="The sheet of the matrix, where there are several.")
@click.option("--words", default="", help='The words of its scale, the lowest first: "Basic, Solid, Strong".')
@click.option("--scale", help="The ends of its scale: 1..5.")
@click.option("--levels", default="", help='Its levels, the lowest first: "Junior, Senior, Lead".')
@click.option("--bar", help="The rating that a next level asks for, where the matrix gives none.")
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
        require_new(folder)
        with whole_folder(folder) as fresh:
            copy_pack(source, name, fresh, title)
            write_schemas(fresh)
        _say_what_is_next(folder, f"a copy of {source}", name)
        return
    answers = Answers(_listed(words), _span(scale), _listed(levels), None if bar is None else _number(bar))
    ladder = (
        _ladder_of(ratings, answers)
        if matrix is None
        else ladder_from_matrix(_grid_of(matrix, sheet), answers)
    )
    mark = _STARTING_POINT if matrix is None or ladder.kind == "prose" else ""
    pack = sound_pack(ladder, checked_name(name), title or in_words(name), answers, mark)
    _write(pack, folder)
    for line in _what_was_read(ladder, pack):
        click.echo(line, err=True)
    _say_what_is_next(folder, f"made from {ladder.source}", name)


def pack_from_ratings(files: Sequence[Path], title: str, answers: Answers, folder: Path) -> RulePack:
    """Write a pack that an export of ratings shows, named like its folder. Raises PackError with the question
    that is open, and InputError where nothing is found."""
    pack = sound_pack(_ladder_of(files, answers), checked_name(folder.name), title, answers, _STARTING_POINT)
    _write(pack, folder)
    return pack


def _write(pack: RulePack, folder: Path) -> None:
    require_new(folder)
    with whole_folder(folder) as fresh:
        write_pack(pack, fresh)
        write_schemas(fresh)


_STARTING_POINT = "starting point: nobody has decided these bars"
MANY = 30
"""More ratings than this that never reach the top of a usual scale put the scale in question."""


def _ladder_of(files: Sequence[Path], answers: Answers) -> Ladder:
    """The ladder that ratings show."""
    found = discover(files)
    scale = _scale_of(found, answers)
    points = {word.casefold(): scale.lowest + scale.step * place for place, word in enumerate(scale.words)}
    shown: dict[tuple[str, str], list[Decimal]] = {}
    for one in found.ratings:
        rating = one.number if one.word is None else points.get(one.word.casefold())
        if rating is not None and scale.lowest <= rating <= scale.highest:
            shown.setdefault((one.level, one.competency), []).append(rating)
    ladder = ladder_from_shown(
        ", ".join(found.files), list(found.levels), list(found.competencies), shown, scale, answers
    )
    competencies = tuple(replace(one, aliases=found.competencies[one.title]) for one in ladder.competencies)
    alone = (_ONE_RATING,) if found.is_overall else ()
    return replace(ladder, competencies=competencies, undecided=(*ladder.undecided, *alone))


_ONE_RATING = (
    "The file has one overall rating: this pack cannot tell what is missing, what to grow, or where the two "
    "views differ. Rate single competencies for that."
)


def _scale_of(found: Discovered, answers: Answers) -> LadderScale:
    words = answers.words or found.known_order
    numbers = found.numbers
    if len(found.words) > 1 and len(found.ratings) > 2 * len(numbers):
        if not words:
            listed = ", ".join(found.words)
            raise PackError(f'in which order are the words of the ratings? Say it with --words "{listed}"')
        return LadderScale(Decimal(1), Decimal(len(words)), Decimal(1), tuple(words))
    if not numbers:
        raise PackError("the ratings could not be read as numbers or words")
    lowest, highest = answers.scale or _usual_scale(min(numbers), max(numbers), len(numbers))
    whole = all(number == number.to_integral_value() for number in numbers)
    span = highest - lowest
    return LadderScale(lowest, highest, span / 20 if span >= 20 else Decimal(1) if whole else Decimal("0.5"))


def _usual_scale(lowest: Decimal, highest: Decimal, count: int) -> tuple[Decimal, Decimal]:
    top = next((top for top in (5, 10, 100) if highest <= top), None)
    if top is None or (top == 5 and (lowest < 1 or (highest <= 4 and count > MANY))):
        raise PackError(
            f"the ratings run from {lowest} to {highest}; on which scale are they? Say it with --scale 1..5"
        )
    return Decimal(0 if top == 100 or lowest < 1 else 1), Decimal(top)


def in_words(name: str) -> str:
    """What reports call a pack of this name: `our_ladder` as `Our ladder`."""
    return name.replace("_", " ").capitalize()


def _what_was_read(ladder: Ladder, pack: RulePack) -> list[str]:
    levels = " < ".join(level.title for level in ladder.levels)
    return [
        f"{count(len(ladder.levels), 'level')}: {levels}",
        f"{count(len(ladder.competencies), 'competency', 'competencies')}, "
        f"{count(len(pack.promotions), 'promotion')}; the rules are sound",
        *(f"  see again: {note}" for note in ladder.notes),
        *(f"  undecided: {line}" for line in pack.undecided),
    ]


def _say_what_is_next(folder: Path, what: str, name: str) -> None:
    for line in (
        f"{folder} is a pack of your own, {what}. Next steps:",
        f"  edit    {folder / 'pack.yaml'} (bars, margins), {folder / 'promotions'} (signals, weights), "
        f"{folder / 'rules.yaml'}",
        f"  or      readiness pack export {name}.xlsx --pack {folder}    to edit it in a spreadsheet program",
        f"  prove   readiness pack check {folder}",
        f"  try     readiness pack test {folder}    which examples come out differently",
        f"  try     readiness simulate RATINGS.xlsx --with-pack {folder} --out what_if    who would move",
        f"  use     readiness assess RATINGS.xlsx --pack {folder} --out results",
    ):
        click.echo(line, err=True)


def _grid_of(path: Path, wanted: str | None) -> Grid:
    """The sheet that holds the matrix: the one that was named, or the only one that holds more than notes."""
    read = sheets = [sheet for sheet in read_file(path) if sheet.visible]
    names = ", ".join(str(sheet.name) for sheet in sheets)
    if wanted is not None:
        sheets = [sheet for sheet in sheets if (sheet.name or "").casefold() == wanted.casefold()]
        if not sheets:
            raise PackError(f"{path.name}: there is no sheet “{wanted}”; its sheets are {names}")
    grids = [_grid(sheet) for sheet in sheets]
    tables = [grid for grid in grids if sum(len(grid.texts_in(row)) > 2 for row in range(len(grid.rows))) > 2]
    if len(tables) > 1:
        raise PackError(f"{path.name}: which sheet is the matrix? Say it with --sheet, one of {names}")
    if not tables:
        raise PackError(f"{path.name}: no sheet holds a matrix of levels and competencies")
    chosen = tables[0]
    others = [row for sheet in read for row in _grid(sheet).rows if sheet.name != chosen.sheet]
    return replace(chosen, beside=others)


def _grid(sheet: Sheet) -> Grid:
    """A sheet as texts; a merged cell stands wherever it covers the table, but titles that begin at its edge,
    over all columns, stand once."""
    rows = [["" if cell is None else str(cell).strip() for cell in row] for row in sheet.cells.rows()]
    if sheet.headers is not None:
        rows.insert(0, list(sheet.headers))
    letters = {letter: number for number, letter in enumerate(sheet.cells.columns)}
    for (top, left), (bottom, right) in sheet.merged:
        if left not in letters or right not in letters or (left != right and letters[left] == 0):
            continue
        begin, end = max(top - sheet.first_row, 0), min(bottom + 1 - sheet.first_row, len(rows))
        for place in range(begin, end):
            for column in range(letters[left], letters[right] + 1):
                rows[place][column] = rows[begin][letters[left]]
    first = sheet.first_row - (sheet.headers is not None)
    return Grid(sheet.file, sheet.name, rows, first)


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
