"""Tables with one row per rating or per rater, put together to one row per person."""

from dataclasses import replace
from datetime import date

import polars as pl

from inputs.tables.contents import Exclusion, SourceColumn, TableContent, full_name, source_column_of, text_of
from inputs.tables.layout import Table
from inputs.tables.long_people import person_columns
from inputs.tables.long_ratings import rating_columns, ratings_of
from inputs.tables.review_cycles import row_order
from inputs.tables.table_issues import TableIssues
from inputs.words.lexicon import Lexicon


def long_content(table: Table, key: str, lexicon: Lexicon, day: date) -> TableContent:
    """A table with several rows per person, one row per person: the latest of repeated ratings counts."""
    log = TableIssues(table)
    own = {
        role: source_column_of(table, column, table.cells[column.letter])
        for role, column in table.by_role.items()
    }
    own |= full_name(own)
    ids = text_of(own[key].cells)
    order = row_order(log, day)
    ratings = ratings_of(log, lexicon, ids, order)
    keys = ids.drop_nulls().unique(maintain_order=True)
    first = (
        pl.DataFrame({"id": ids, "row": table.rows})
        .drop_nulls("id")
        .unique("id", keep="first", maintain_order=True)
    )
    columns, exclusions = person_columns(log, own, ids, order, keys)
    columns[key] = replace(own[key], role=key, cells=keys, rows=first["row"])
    columns |= rating_columns(log, ratings, keys)
    homeless = ids.is_null()
    if homeless.any():
        rows = table.rows.filter(homeless)
        nothing = pl.Series([None], dtype=pl.String).new_from_index(0, len(rows))
        start = len(keys)
        exclusions += [
            Exclusion(
                start + at,
                "missing_employee_id",
                "The row does not say whose rating it is.",
                "Write the id.",
                key,
            )
            for at in range(len(rows))
        ]
        keys = pl.concat([keys, nothing.alias(keys.name)])
        columns = {role: _longer(column, len(rows)) for role, column in columns.items()}
        first = pl.concat([first.select("row"), rows.alias("row").to_frame()])
    return TableContent(
        table,
        key,
        keys,
        first["row"],
        columns,
        tuple(log.issues),
        tuple(log.questions),
        tuple(exclusions),
    )


def _longer(column: SourceColumn, by: int) -> SourceColumn:
    cells = pl.concat([column.cells, pl.Series([None], dtype=column.cells.dtype).new_from_index(0, by)])
    rows = column.rows
    if rows is not None:
        rows = pl.concat([rows, pl.Series([None], dtype=pl.UInt32).new_from_index(0, by)])
    return replace(column, cells=cells, rows=rows)
