"""One more table beside that of the people: what it adds."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import polars as pl

from inputs import fields
from inputs.fields import KEYS, Role
from inputs.phrases import NAMED, counted, few, join
from inputs.roster import Issue, Severity
from inputs.tables.contents import Exclusion, SourceColumn, TableContent, unused_columns
from inputs.tables.joining.disagreement import exclusions_of, notes_of, of_somebody_else, questions_of
from inputs.tables.joining.joined_tables import JoinedTables
from inputs.tables.keys import match_keys
from inputs.words.names import Names


def with_table(joined: JoinedTables, other: TableContent, levels: Names) -> JoinedTables:
    """The people with the columns of another table, found by the same key."""
    key, start = other.key, len(joined.rows)
    own = joined.keys if key is joined.key else joined.columns[key].texts
    matched = match_keys(own, other.keys, key)
    theirs = pl.DataFrame({"key": matched.keys}).with_row_index("at").drop_nulls("key")
    theirs = theirs.unique("key", keep="first", maintain_order=True)
    people = own.rename("key").to_frame()
    at = people.join(theirs, on="key", how="left", maintain_order="left")["at"]
    strays = theirs.join(people, on="key", how="anti", maintain_order="left")
    if not other.has_ratings:
        # A list of more people than those who are assessed.
        strays = strays.clear()
    swapped = {role: of_somebody_else(joined, other, at, role) for role in KEYS}
    written = other.texts(fields.LEVEL).gather(strays["at"])
    exclusions = (
        *joined.exclusions,
        *exclusions_of(joined, other, matched.keys, at, levels, swapped[fields.EMAIL]),
        *(
            _stray(start + index, other, key, matched.unclear.get(key, ()))
            for index, key in enumerate(strays["key"].to_list())
            if written[index] is None
        ),
    )
    more, everybody = strays.height, pl.concat([at, strays["at"]])
    unused = {header: cells.gather(everybody) for header, cells in unused_columns(other).items()}
    compared = joined.compared
    if compared is not None and more:
        compared = pl.concat([compared, compared.clear(more)])
    blanks = _blanks(joined, other, at)
    notes = (
        *(other.table.sheet.issue("ids_joined", Severity.NOTE, text) for text in matched.notes),
        *_noted_blanks(joined, other, blanks),
        *notes_of(joined, other, at),
    )
    return replace(
        joined,
        keys=_extended(joined.keys, more, strays["key"] if key is joined.key else None),
        rows=pl.concat([joined.rows, other.rows.gather(strays["at"]).alias(joined.rows.name)]),
        columns=_columns(joined, other, everybody, strays["at"], blanks),
        issues=(*joined.issues, *other.issues, *notes),
        questions=(*joined.questions, *other.questions, *questions_of(joined, other, at, swapped)),
        exclusions=exclusions,
        compared=compared,
        unused=unused | {header: _extended(cells, more) for header, cells in joined.unused.items()},
        open_words=(*joined.open_words, *other.open_words),
        others=pl.concat([joined.others, _others(joined, other, own, matched.keys)]),
        strays=(*joined.strays, *([(start, other.table)] if more else [])),
    )


def _columns(
    joined: JoinedTables,
    other: TableContent,
    at: pl.Series,
    strays: pl.Series,
    blanks: Mapping[Role, list[int]],
) -> dict[Role, SourceColumn]:
    """The columns, also for people who are only in the other table, with their blanks filled and the other's
    new ones; `at` is where the other has each person."""
    columns = {
        role: _with_strays(
            _filled(joined, role, other, at, blanks), other.columns.get(role), strays, joined.rows
        )
        for role in joined.columns
    }
    for role, column in other.columns.items():
        if role not in columns:
            rows = other.rows if column.rows is None else column.rows
            columns[role] = replace(column, cells=column.cells.gather(at), rows=rows.gather(at))
    return columns


def _blanks(joined: JoinedTables, other: TableContent, at: pl.Series) -> Mapping[Role, list[int]]:
    """The people of whom a table does not say the level, the department or who manages them, and another
    does, by what it says. Of a manager who is named in one way only, nobody knows whether both mean one."""
    managers = [role for role in fields.KEYS_OF_MANAGERS if role in joined.columns]
    found: dict[Role, list[int]] = {}
    for role in (fields.LEVEL, fields.DEPARTMENT, *managers):
        if role in joined.columns and role in other.columns:
            lacking = [joined.texts(one) for one in (managers if role in managers else [role])]
            blank = pl.select(pl.all_horizontal(texts.is_null() for texts in lacking)).to_series()
            found[role] = (blank & other.texts(role).gather(at).is_not_null()).arg_true().to_list()
    return {role: people for role, people in found.items() if people}


def _filled(
    joined: JoinedTables, role: Role, other: TableContent, at: pl.Series, blanks: Mapping[Role, list[int]]
) -> SourceColumn:
    """A column with its blanks as another table fills them; these values have no cell."""
    column, people = joined.columns[role], blanks.get(role)
    if not people:
        return column
    theirs = other.columns[role].cells.gather(at.gather(people)).cast(pl.String)
    rows = joined.rows if column.rows is None else column.rows
    return replace(
        column,
        cells=column.cells.cast(pl.String).scatter(people, theirs),
        rows=rows.clone().scatter(people, None),
    )


def _noted_blanks(
    joined: JoinedTables, other: TableContent, blanks: Mapping[Role, list[int]]
) -> Iterator[Issue]:
    for role, people in blanks.items():
        named = few([str(joined.keys[at] or joined.row_label(at)) for at in people])
        column, count = other.columns[role], counted(len(people), "person", "people")
        problem = (
            f"{joined.table.place} leaves the {role.label} of {count} blank, so what stands here was used: "
            f"{named}."
        )
        remedy = "Nothing to do if that is right; otherwise write it there."
        yield other.table.sheet.issue(
            "filled_blanks", Severity.NOTE, problem, remedy, column=column.letter, header=column.header
        )


def _with_strays(
    column: SourceColumn, other: SourceColumn | None, strays: pl.Series, rows: pl.Series
) -> SourceColumn:
    """A column with what another table says of people who are in that alone; these values have no cell."""
    if strays.is_empty():
        return column
    more, kept = len(strays), column.rows
    if other is None:
        rows_kept = None if kept is None else _extended(kept, more)
        return replace(column, cells=_extended(column.cells, more), rows=rows_kept)
    theirs = other.cells.gather(strays).cast(pl.String)
    cells = _extended(column.cells.cast(pl.String), more, theirs)
    return replace(column, cells=cells, rows=_extended(rows if kept is None else kept, more))


def _others(joined: JoinedTables, other: TableContent, own: pl.Series, as_ours: pl.Series) -> pl.DataFrame:
    """What other raters gave in the other table, beside the keys of the people."""
    ours = dict(zip(own.to_list(), joined.keys.to_list(), strict=True))
    known = {
        theirs: ours[key]
        for theirs, key in zip(other.keys.to_list(), as_ours.to_list(), strict=True)
        if theirs is not None and ours.get(key) is not None
    }
    keys = pl.col("key").replace_strict(known, default=None, return_dtype=pl.String)
    return other.others.with_columns(keys).drop_nulls()


def _stray(at: int, other: TableContent, key: str, near: Sequence[str]) -> Exclusion:
    """Somebody who is rated and not among the people; `near` are people whose names may mean the same."""
    correct = f"correct the {other.key.label}{'; leading zeros count' * (other.key is fields.EMPLOYEE_ID)}"
    if near:
        named = join([f"'{name}'" for name in near], "or", NAMED)
        correct = f"write the name as there if {named} is meant"
    return Exclusion(
        at,
        "not_among_people",
        f"{other.table.place} rates {key}, who is not among the people with a level.",
        f"Add the person to the list of people, or {correct}.",
        None,
    )


def _extended(cells: pl.Series, by: int, more: pl.Series | None = None) -> pl.Series:
    """The column with more cells below it, or else nulls."""
    added = cells.clear(by) if more is None else more.alias(cells.name)
    return pl.concat([cells, added]) if by else cells
