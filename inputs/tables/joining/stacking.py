"""Several tables of the same kind, one below the other as one list; every row keeps its file, sheet and
cell."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import polars as pl

from inputs.fields import Role
from inputs.files.sheets import column_index, letter
from inputs.phrases import counted, few
from inputs.roster import Issue, Severity
from inputs.tables.contents import key_field, shape_of
from inputs.tables.layout import Column, Layer, Table
from inputs.words.spelling import normalise

_NAMED = 12


def not_alike(tables: Sequence[Table]) -> str | None:
    """Why tables cannot be read as one list, or None when they can."""
    first = tables[0]
    for table in tables[1:]:
        names = f"'{first.full_name}' and '{table.full_name}'"
        if shape_of(table) != shape_of(first):
            return f"{names} are of different shapes"
        if key_field(table) is not key_field(first):
            return f"{names} do not identify people by the same thing"
        for role, column in table.by_role.items():
            ours = first.by_role.get(role)
            if ours is not None and ours.scale != column.scale:
                return f"the headers of {names} name different scales for the {role.label}"
    return None


def stacked(tables: Sequence[Table]) -> tuple[Table, list[Issue]]:
    """The tables as one list, with a note that says so. They have to be alike."""
    columns = _all_columns(tables)
    layers: list[Layer] = []
    for table in tables:
        start = layers[-1].end if layers else 0
        layers.append(Layer(table, start, _own_letters(table, columns)))
    cells = pl.concat([_cells(layer, columns) for layer in layers])
    rows = pl.concat([layer.table.rows + layer.start for layer in layers]).cast(pl.UInt32)
    first = tables[0]
    whole = Table(first.sheet, first.header_rows, columns, cells, rows, tuple(layers))
    return whole, [_note(tables), *_lacking(tables, columns)]


def _all_columns(tables: Sequence[Table]) -> tuple[Column, ...]:
    """The columns of the first table, then those that only others have, under letters of their own."""
    columns = list(tables[0].columns)
    known = {_same(column) for column in columns}
    free = max(column_index(column.letter) for table in tables for column in table.columns) + 1
    for column in (column for table in tables[1:] for column in table.columns):
        if _same(column) not in known:
            known.add(_same(column))
            columns.append(replace(column, letter=letter(free)))
            free += 1
    return tuple(columns)


def _same(column: Column) -> Role | tuple[str, str]:
    """What two columns of alike tables have in common: what they are taken for, else the header, else the
    place."""
    if column.role is not None:
        return column.role
    return (
        ("header", normalise(column.header).replace(" ", "")) if column.header else ("place", column.letter)
    )


def _own_letters(table: Table, columns: Sequence[Column]) -> dict[str, str]:
    own = {_same(column): column.letter for column in reversed(table.columns)}
    return {column.letter: own[_same(column)] for column in columns if _same(column) in own}


def _cells(layer: Layer, columns: Sequence[Column]) -> pl.DataFrame:
    """The cells of a table under the letters of the list, as text; empty where it has no such column."""
    cells = layer.table.cells
    return cells.select(
        (
            pl.col(layer.letters[column.letter]).cast(pl.String)
            if layer.letters.get(column.letter) in cells.columns
            else pl.lit(None, pl.String)
        ).alias(column.letter)
        for column in columns
    )


def _note(tables: Sequence[Table]) -> Issue:
    named = [f"'{table.full_name}' ({counted(len(table.rows), 'row')})" for table in tables]
    return Issue(
        "stacked",
        Severity.NOTE,
        f"{len(tables)} tables with the same columns were read as one list: {few(named, _NAMED)}.",
        "Nothing to do if everybody in them is to be assessed.",
    )


def _lacking(tables: Sequence[Table], columns: Sequence[Column]) -> Iterator[Issue]:
    """A note for each table without a column that others have."""
    roles = dict.fromkeys(column.role for column in columns if column.role is not None)
    for table in tables:
        absent = [role.label for role in roles if role not in table.by_role]
        if absent:
            lacks = f"'{table.full_name}' has no column for the {few(absent, 4)}"
            problem = f"{lacks}, which the others in the list have."
            remedy = "Nothing to do if that is right; otherwise name the column there as in the others."
            yield table.sheet.issue("stacked", Severity.WARNING, problem, remedy)
