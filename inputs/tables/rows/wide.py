"""Tables with one row per person, or one per person and cycle: then the latest row of each person counts."""

from datetime import date

import polars as pl

from inputs.fields import EMPLOYEE_NAME, Field, is_rating
from inputs.mapping import RowThatCounts
from inputs.phrases import counted
from inputs.tables.contents import BY_OTHERS_SCHEMA, TableContent, source_columns
from inputs.tables.layout import Table
from inputs.tables.review_cycles import report_behind, row_order
from inputs.tables.review_status import cycles, finished, is_beside_finished, report_unfinished
from inputs.tables.rows.left_out_rows import TIMES, report_drafts, report_earlier
from inputs.tables.rows.managers_of_rows import report_new_managers
from inputs.tables.rows.repeated_rows import ask_what_tells_apart, rows_that_count
from inputs.tables.rows.split_rows import by_rater, put_together
from inputs.tables.table_issues import TableIssues
from inputs.words.lexicon import BY_OTHERS
from inputs.words.spelling import words
from inputs.words.stand_ins import sums_up

_SAY_NOTHING = (None, "neither", "together")
"""Answers by which no row counts before another one."""


def wide_content(
    table: Table,
    key: Field,
    day: date,
    said: RowThatCounts | None = None,
    not_rated: frozenset[str] = frozenset(),
) -> TableContent:
    """A table with one row per person: two rows that each rater has filled in one of are one. Of several in
    different cycles the latest counts, and of others the one that counts, where a mapping has `said` it."""
    log = TableIssues(table)
    if _keys(table, key).is_duplicated().any():
        keys = by_rater(table, _keys(table, key), not_rated)
        table = _latest_finished(table, keys, log, day, not_rated)
        if said not in _SAY_NOTHING:
            keys = by_rater(table, _keys(table, key), not_rated)
            table = rows_that_count(table, key, keys, said, log, day)
    split = put_together(table, key, day, log, not_rated, said=said == "together")
    table = split.table
    keys = _keys(table, key)
    if keys.is_duplicated().any():
        keys = keys.set(keys.is_in(split.contradicting), None)
        table = _latest_finished(table, keys, log, day, not_rated)
    if said not in _SAY_NOTHING and _keys(table, key).is_duplicated().any():
        table = rows_that_count(table, key, _keys(table, key), said, log, day)
    _ask_about_most(log, table, _keys(table, key), said)
    report_unfinished(log, split.rows_of(table))
    report_behind(log, _keys(log.table, key), day)
    return TableContent(
        table,
        key,
        _keys(table, key),
        table.rows,
        split.placed(source_columns(table)),
        tuple(dict.fromkeys(log.issues)),
        tuple(dict.fromkeys(log.questions)),
        compared=table.cells,
        others=_by_others(table, key),
    )


def _by_others(table: Table, key: Field) -> pl.DataFrame:
    """What stands in columns of other raters, but for means of several."""
    keys = _keys(table, key)
    parts = [
        pl.DataFrame(
            {
                "key": keys,
                "competency": pl.repeat(column.why.removesuffix(BY_OTHERS).rstrip(), len(keys), eager=True),
                "text": table.texts_of(column),
            },
            schema=BY_OTHERS_SCHEMA,
        )
        for column in table.columns
        if column.role is None and column.why.endswith(BY_OTHERS)
        if not any(map(sums_up, words(column.header)))
    ]
    return pl.concat([pl.DataFrame(schema=BY_OTHERS_SCHEMA), *parts]).drop_nulls()


def _ask_about_most(log: TableIssues, table: Table, keys: pl.Series, said: RowThatCounts | None) -> None:
    """Asks what tells rows apart where most people have several: nobody would be left to assess."""
    rows = pl.DataFrame({"group": keys, "row": table.rows}).drop_nulls("group")
    several = rows.filter(pl.col("group").is_duplicated())
    count, of = several["group"].n_unique(), rows["group"].n_unique()
    if said is None and count * 2 > of and any(map(is_rating, table.by_role)):
        problem = f"{table.place}: {count:,} of {counted(of, 'person has', 'people have')} several rows."
        ask_what_tells_apart(log, problem, several)


def _keys(table: Table, key: Field) -> pl.Series:
    return source_columns(table)[key].texts


def _latest_finished(
    table: Table, keys: pl.Series, log: TableIssues, day: date, not_rated: frozenset[str]
) -> Table:
    """The table without the drafts and the earlier rows among those that share a key."""
    drafts = _drafts(table, keys)
    if drafts.any():
        report_drafts(table, keys, drafts, not_rated, log)
    table, keys = table.filtered(~drafts), keys.filter(~drafts)
    if keys.drop_nulls().is_duplicated().any() and table.by_role.keys() & set(TIMES):
        return _latest(table, keys, log, day, not_rated)
    return table


def _drafts(table: Table, keys: pl.Series) -> pl.Series:
    """Whether each row is an unfinished review of somebody who has a finished one of the same cycle."""
    frame = pl.DataFrame({"key": keys, "finished": finished(table), "cycle": cycles(table)})
    return frame.select(pl.col("key").is_not_null() & is_beside_finished("key")).to_series()


def _latest(table: Table, keys: pl.Series, log: TableIssues, day: date, not_rated: frozenset[str]) -> Table:
    """The table without the rows that are followed by a later one of the same person.

    A row stays when it does not say when it was, or when the rows of one id have different names: only a
    person can tell which of them is right.
    """
    several = keys.is_duplicated() & keys.is_not_null()
    order = row_order(table, log, day, among=several)
    names = table.texts(EMPLOYEE_NAME).str.to_lowercase() if EMPLOYEE_NAME in table.by_role else keys
    frame = pl.DataFrame({"key": keys, "order": order, "name": names})
    earlier = (
        frame.select(
            pl.lit(several)
            & (pl.col("order") < pl.col("order").max().over("key"))
            & pl.col("order").is_not_null().all().over("key")
            & (pl.col("name").drop_nulls().n_unique().over("key") <= 1)
        )
        .to_series()
        .fill_null(value=False)
    )
    if not earlier.any():
        return table
    report_earlier(table, keys, earlier, not_rated, log)
    report_new_managers(log, keys, order)
    return table.filtered(~earlier)
