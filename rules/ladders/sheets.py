"""Which sheets of a file the matrix is on."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from rules.ladders.area_sheets import have_the_same_levels, matrix_on, of_areas, shared_by
from rules.ladders.grid import Grid
from rules.ladders.ladder import OpenQuestionError
from rules.ladders.legends import is_of_legend
from rules.ladders.level_names import are_professions, without_version
from rules.ladders.level_tables import level_list, times_of
from rules.ladders.markup import without_markup
from rules.ladders.matrix import Matrix
from rules.ladders.named_sheets import table_of_named_sheets
from rules.pack import PackError
from rules.spelling import name_key


def matrix_among(file: str, grids: Sequence[Grid], wanted: str | None) -> Grid:
    """The sheet of a file that holds the matrix: the one that was named, or the only one that holds more than
    notes; several that were named, or that are its areas, as one. Raises `PackError` where there is none, and
    `OpenQuestionError` where there are several."""
    grids = [without_markup(grid) for grid in grids]
    if wanted is not None:
        return _named(file, grids, wanted)
    if one := table_of_named_sheets(grids):
        return one
    tables = [grid for grid in grids if grid.holds_more_than_notes and not _explains_words(grid, grids)]
    if len(tables) > 1:
        matrices = [grid for grid in tables if not _is_only_of_levels(grid)]
        tables = matrices if any(matrix_on(grid) for grid in matrices) else tables
    if not tables and len(grids) == 1:
        return grids[0]
    if not tables:
        raise PackError(f"{file}: no sheet holds a matrix of levels and competencies")
    return _with_others(tables[0], grids) if len(tables) == 1 else _of_several(file, grids, tables)


def _explains_words(grid: Grid, grids: Sequence[Grid]) -> bool:
    """Whether a sheet is a legend: numbers, and words that are what another sheet says in its cells."""
    rows = [texts for row in range(len(grid.rows)) if len(texts := grid.said_in(row)) > 1][1:]
    elsewhere = {name_key(text) for other in grids if other is not grid for row in other.rows for text in row}
    known = [texts for texts in rows if is_of_legend(texts) and name_key(texts[1]) in elsewhere]
    return all(map(is_of_legend, rows)) and 2 * len(known) > len(rows)


def _is_only_of_levels(grid: Grid) -> bool:
    """Whether a sheet has a list of levels or their times, and neither below a matrix nor beside ratings."""
    sheet, times = matrix_on(grid), times_of(grid)
    if not (times or level_list(grid)) or (sheet and sheet.table.grid.others):
        return False
    if times and times.names_promotions:
        return True
    ratings = [one.text for one in sheet.written.values()] if sheet else []
    return not sheet or 2 * len({*ratings}) > len(ratings)


def _named(file: str, grids: Sequence[Grid], wanted: str) -> Grid:
    known = {str(grid.sheet).casefold(): grid for grid in grids}
    names = [wanted] if wanted.casefold() in known else [name.strip() for name in wanted.split(",")]
    for name in names:
        if name.casefold() not in known:
            shown = ", ".join(str(grid.sheet) for grid in grids)
            raise PackError(f"{file}: there is no sheet “{name}”; its sheets are {shown}")
    chosen = [known[name.casefold()] for name in names]
    if len(chosen) == 1:
        return _with_others(chosen[0], grids)
    sheets = [matrix_on(grid) for grid in chosen]
    for grid, sheet in zip(chosen, sheets, strict=True):
        if sheet is None:
            raise PackError(f"{file}: the sheet “{grid.sheet}” holds no matrix of levels and competencies")
    return of_areas([*filter(None, sheets)], [grid for grid in grids if grid not in chosen])


def _with_others(chosen: Grid, grids: Sequence[Grid]) -> Grid:
    others = [grid for grid in grids if grid.sheet != chosen.sheet]
    return replace(chosen, beside=[row for grid in others for row in grid.rows], others=others)


def _of_several(file: str, grids: Sequence[Grid], tables: Sequence[Grid]) -> Grid:
    """The sheets that are the areas of one matrix, or the question which it is."""
    sheets = {sheet.name: sheet for grid in tables if (sheet := matrix_on(grid))}
    overviews = [name for name, sheet in sheets.items() if _lists_sheets(sheet, sheets)]
    if overviews:
        rest = [grid for grid in tables if grid.sheet not in overviews]
        found = _with_others(rest[0], grids) if len(rest) == 1 else _of_several(file, grids, rest)
        note = f"Not read, as it lists the other sheets: {', '.join(overviews)}."
        return replace(found, remarks=(*found.remarks, note))
    if len(sheets) == 1 and not any(_names_levels(grid, *sheets.values()) for grid in tables):
        return _with_others(next(grid for grid in tables if grid.sheet in sheets), grids)
    if len(sheets) < 2:
        names = ", ".join(str(grid.sheet) for grid in tables)
        raise OpenQuestionError(f"{file}: which sheet is the matrix?", f"Say it with --sheet, one of {names}")
    one = f'Say --sheet "{next(iter(sheets))}" for one of them'
    _require_one_matrix(file, list(sheets.values()), one)
    try:
        grid = of_areas(list(sheets.values()), [grid for grid in grids if grid.sheet not in sheets])
    except PackError as error:
        raise OpenQuestionError(f"{error}; which is the ladder?", one) from error
    note = (
        f"The sheets {', '.join(sheets)} have the same levels and are read as areas of one matrix. "
        f'If they are separate ladders, say so: --sheet "{next(iter(sheets))}"'
    )
    return replace(grid, remarks=(note, *grid.remarks))


def _lists_sheets(sheet: Matrix, sheets: Collection[str]) -> bool:
    """Whether the rows of a sheet are called after other sheets, as an overview of areas is."""
    named = {name_key(one.title) for one in sheet.competencies.values()}
    return named <= {name_key(name) for name in sheets if name != sheet.name}


def _require_one_matrix(file: str, sheets: Sequence[Matrix], one: str) -> None:
    """Asks where the sheets have different levels, the same competencies or professions; `one` names the
    first."""
    shared, together = shared_by(sheets), ", ".join(sheet.name for sheet in sheets)
    bare = [without_version(sheet.name) for sheet in sheets]
    if "" in bare or len({*bare}) < len(bare):
        raise OpenQuestionError(
            f"{file}: the sheets {together} are called as versions of one ladder are; which one holds?",
            f'{one}, or name those that are parts of one matrix, such as --sheet "{together}"',
        )
    if not have_the_same_levels(sheets):
        shown = "; ".join(f"{sheet.name}: {', '.join(sheet.titles)}" for sheet in sheets)
        ways = "; ".join(", ".join(sheet.titles) for sheet in sheets)
        raise OpenQuestionError(
            f"{file}: several sheets hold a matrix, with different levels ({shown}); which is the ladder?",
            f"{one}. Ways up of one ladder go on one sheet, with all levels beside each other; "
            f'then name each way with --levels "{ways}"',
        )
    if shared or are_professions(sheet.name for sheet in sheets):
        why = f"several list {', '.join(shared)}" if shared else "are called after professions"
        raise OpenQuestionError(
            f"{file}: the sheets {together} have the same levels, and {why}; "
            "are they parts of one matrix, or ladders of their own?",
            f'{one}, or --sheet "{together}" for parts of one matrix',
        )


def _names_levels(grid: Grid, sheet: Matrix) -> bool:
    """Whether another sheet names levels of the matrix, so that it may be a part of it."""
    texts = {name_key(text) for row in grid.rows for text in row}
    return grid.sheet != sheet.name and len(texts & {*map(name_key, sheet.titles)}) > 1
