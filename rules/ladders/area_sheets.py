"""A matrix with a sheet for each area, as one table with the areas above its rows."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations

from rules.ladders.contents import read_table
from rules.ladders.grid import Grid, Text, joined
from rules.ladders.headings import keys, role_of, words
from rules.ladders.legends import named_scale, words_of_line
from rules.ladders.matrix import Matrix
from rules.ladders.table import Table, heading_above, is_long
from rules.pack import PackError
from rules.spelling import name_key


def matrix_on(grid: Grid) -> Matrix | None:
    """What a sheet with a matrix of two levels or more says; None where it holds something else."""
    try:
        matrix = read_table(grid)
    except PackError:
        return None
    if any(name_key(text) in keys("log_columns") for text in matrix.table.grid.rows[matrix.table.head]):
        return None
    return matrix if len(matrix.levels) > 1 and matrix.competencies else None


def shared_by(sheets: Sequence[Matrix]) -> list[str]:
    """The titles of the competencies that two of the sheets list."""
    found: dict[str, None] = {}
    for one, other in combinations(sheets, 2):
        keys = {name_key(item.title) for item in other.competencies.values()}
        found |= {item.title: None for item in one.competencies.values() if name_key(item.title) in keys}
    return list(found)


def have_the_same_levels(sheets: Sequence[Matrix]) -> bool:
    """Whether the sheets have the same levels in the same order."""
    return len({tuple(map(name_key, sheet.titles)) for sheet in sheets}) == 1


def of_areas(sheets: Sequence[Matrix], beside: Sequence[Grid]) -> Grid:
    """The sheets as one table; the area of a row is that which its sheet gives it, or the name of the sheet.

    `beside` are the other sheets of the file. Raises `PackError` where they do not fit together.
    """
    longest = max(sheets, key=lambda sheet: len(sheet.titles))
    _require_fit(sheets, longest)
    tables, first = [sheet.table for sheet in sheets], longest.table
    columns = dict.fromkeys(one for table in (first, *tables) for one in ("category", *_columns(table)))
    rows = [
        [
            replace(_cell(first, row, _columns(first).get(one)), text=_heading(tables, one, line))
            for one in columns
        ]
        for line, row in enumerate(_heads(first))
    ]
    for table in tables:
        places = _columns(table)
        for row, area in _rows_of(table):
            cells = {one: _cell(table, row, places.get(one)) for one in columns}
            rows.append([*(cells | {"category": replace(cells["category"], text=area)}).values()])
    heads = [table.grid.said_in(table.head) for table in tables]
    lines = [line for table in tables for line in table.lines_around if line not in heads]
    around = [other for table in tables for other in table.grid.others]
    return replace(joined([table.grid for table in tables], rows, lines, beside), others=[*beside, *around])


def _heads(table: Table) -> list[int]:
    """The rows of the headings."""
    return [table.head, table.head + 1] if table.parts else [table.head]


def _columns(table: Table) -> dict[str, int]:
    """The columns of a table by what they hold: a role or a level."""
    title, found = "", dict[str, int]()
    for column in range(len(table.grid.rows[table.head])):
        above, *below = (table.grid.rows[row][column] for row in _heads(table))
        role, title = table.roles.get(column), above or title
        if role or above or below:
            found.setdefault(role or "/".join(map(name_key, (title, *below))), column)
    return found


def _cell(table: Table, row: int, column: int | None) -> Text:
    """What a row has in a column; where its sheet has none, nothing, at the competency."""
    return replace(table.name(row), text="") if column is None else table.grid.at(row, column)


def _require_fit(sheets: Sequence[Matrix], longest: Matrix) -> None:
    file, name = longest.table.grid.file, longest.name
    for sheet in sheets:
        known, other = iter(map(name_key, longest.titles)), sheet.name
        if not all(name_key(level) in known for level in sheet.titles):
            raise PackError(
                f"{file}: the sheets {name} ({', '.join(longest.titles)}) and {other} "
                f"({', '.join(sheet.titles)}) have different levels, or the same in another order; parts of "
                "one matrix have the same ones, in the same order"
            )
        if _shape(sheet.table) != _shape(longest.table):
            raise PackError(
                f"{file}: the sheets {name} and {other} are laid out in different ways; give both the same "
                "headings"
            )
        scales = {named_scale(one.table.lines_around) for one in (sheet, longest)} - {None}
        if len(scales) > 1:
            raise PackError(
                f"{file}: the sheets {name} and {other} name different scales; use one scale on both"
            )


def _shape(table: Table) -> tuple[bool, bool, int]:
    return is_long(table.roles), table.grid.turned, len(_heads(table))


def _heading(tables: Sequence[Table], column: str, line: int) -> str:
    """What a column is called in the first sheet that has it, or the usual word for what it holds."""
    for table in tables:
        if column in (columns := _columns(table)):
            cell = table.grid.at(_heads(table)[line], columns[column])
            named = line or cell.column not in table.roles or role_of(cell.text) == column
            return cell.text if named else str(words(column)[0])
    return "" if line else str(words(column)[0])


def _rows_of(table: Table) -> Iterator[tuple[int, str]]:
    """The rows below the headings and their areas."""
    area = heading_above(table) or table.grid.name
    for row in table.below:
        texts = table.grid.said_in(row)
        area = table.text(row, "category") or area
        if len(texts) == 1 and not words_of_line(texts):
            area = area if table.columns("category") else texts[0]
        elif texts and not table.is_of_legend(row):
            yield row, area
