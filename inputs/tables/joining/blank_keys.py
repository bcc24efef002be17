"""Rows without what tells the people of a table apart: found by their address or name, or told of."""

from collections.abc import Iterator
from dataclasses import replace

import polars as pl

from inputs.fields import KEYS, Field
from inputs.phrases import counted, few, was
from inputs.roster import Issue, Severity
from inputs.tables.contents import holds_ratings, source_columns
from inputs.tables.keys import are_ids, plain_key
from inputs.tables.layout import Table
from inputs.words.stand_ins import sums_up
from inputs.words.texts import text_of


def with_keys(table: Table, key: Field, people: Table) -> tuple[Table, list[Issue]]:
    """The table with the key of people also in rows that only name them otherwise, as other rows of the table
    or those of the people do with the key beside it. Issues tell of these rows, and of rows with ratings that
    are nobody's."""
    column = table.by_role.get(key)
    if column is None:
        return table, []
    keys = source_columns(table)[key].texts
    blank = ~are_ids(keys)
    if not blank.any():
        return table, []
    found, by = _named_otherwise(table, key, people, blank)
    issues = []
    if by:
        rows = [table.row_label(row) for row in table.rows.filter(found.is_not_null())]
        problem = (
            f"{counted(len(rows), 'row')} without the {key.label} {was(len(rows))} read as of the person "
            f"with the same {' or '.join(by)}: {few(rows)}."
        )
        remedy = f"If that is somebody else, write the {key.label} there."
        issues.append(table.issue("ids_joined", Severity.NOTE, problem, remedy, column))
    # Of the table of the people itself each such row is listed among those who cannot be assessed.
    if table is not people and (lost := list(_with_ratings(table, blank & found.is_null()))):
        problem = (
            f"{counted(len(lost), 'row')} with ratings {'does' if len(lost) == 1 else 'do'} not say whose "
            f"these are, and {was(len(lost))} not used: {few(lost)}."
        )
        remedy = f"Write the {key.label} there."
        issues.append(table.issue("missing_employee_id", Severity.WARNING, problem, remedy, column))
    if not by:
        return table, issues
    cells = table.cells.with_columns(keys.zip_with(found.is_null(), found).alias(column.letter))
    return replace(table, cells=cells), issues


def _named_otherwise(
    table: Table, key: Field, people: Table, blank: pl.Series
) -> tuple[pl.Series, list[str]]:
    """For each blank row the key of whom it names otherwise, and by what."""
    columns, by = source_columns(table), list[str]()
    found = pl.repeat(None, len(blank), dtype=pl.String, eager=True)
    for other in (one for one in KEYS if one is not key and one in columns):
        known, open_ = dict(_known(key, other, table, people)), blank & found.is_null()
        texts = columns[other].texts.filter(open_).to_list()
        meant = [known.get(plain_key(text, other)) if text else None for text in texts]
        if any(meant):
            by.append(other.label)
            found = found.scatter(open_.arg_true(), pl.Series(meant, dtype=pl.String))
    return found, by


def _known(key: Field, other: Field, *tables: Table) -> Iterator[tuple[str, str]]:
    """What each address or name is beside one key alone."""
    beside: dict[str, dict[str, str]] = {}
    for columns in map(source_columns, tables):
        if key in columns and other in columns:
            ids, texts = columns[key].texts, columns[other].texts
            known = are_ids(ids)
            for one, text in zip(ids.filter(known).to_list(), texts.filter(known).to_list(), strict=True):
                if one and text:
                    beside.setdefault(plain_key(text, other), {})[plain_key(one, key)] = one
    for text, keys in beside.items():
        if text and len(keys) == 1:
            yield text, next(iter(keys.values()))


def _with_ratings(table: Table, rows: pl.Series) -> Iterator[str]:
    """The labels of those rows that hold a rating and do not sum up others."""
    rated = [one.letter for one in table.columns if holds_ratings(one.role)]
    if not rated:
        return
    some = rows & table.cells.select(pl.any_horizontal(pl.col(rated).is_not_null())).to_series()
    texts = table.cells.filter(some).select(text_of(one) for one in table.cells.filter(some).get_columns())
    for row, cells in zip(table.rows.filter(some), texts.iter_rows(), strict=True):
        if not any(sums_up(text) for text in cells if text):
            yield table.row_label(row)
