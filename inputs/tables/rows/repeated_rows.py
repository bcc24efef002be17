"""Which of several rows about one person counts, where a person has said it in a mapping."""

from collections import Counter
from collections.abc import Mapping
from datetime import date

import polars as pl

from inputs import phrases
from inputs.asked import mapped_cycle
from inputs.fields import COMPETENCY, CYCLE, EMPLOYEE_NAME, HIRE_DATE, LEVEL_SINCE, RATER, Field
from inputs.mapping import RowThatCounts
from inputs.phrases import counted, few, tally, was
from inputs.tables.contents import source_columns
from inputs.tables.date_language import numbered_days
from inputs.tables.keys import are_ids
from inputs.tables.layout import Table
from inputs.tables.table_issues import TableIssues
from inputs.words.spelling import person_key
from inputs.words.texts import each

BY = "\n"
"""Between a person's key and whose ratings a row holds, where keys tell rows of raters apart."""
_LISTED = 200
"""Rows that are named one by one; the rest is counted."""
_NAMED = 6
"""People who are named in one sentence."""
ROWS_BY_DATE: Mapping[RowThatCounts, Field] = {"later level_since": LEVEL_SINCE, "later hire_date": HIRE_DATE}
"""The answers by dates, each with the field of the dates."""


def rows_that_count(
    table: Table, key: Field, keys: pl.Series, said: RowThatCounts, log: TableIssues, day: date
) -> Table:
    """The table without the rows of people whose other row counts, each named in a note.

    All rows of a person stay where they have different names, and where dates do not tell which is the later
    one: then only a change of the file helps, and a warning names these people.
    """
    found = _found(table, key, keys, said, day)
    left = found.filter(pl.col("left"))
    field = ROWS_BY_DATE.get(said)
    undecided = found.filter(~pl.col("left").any().over("key")).unique("key", maintain_order=True)
    if undecided.height:
        what = "which row counts" if field is None else f"that the row with the later {field.label} counts"
        people = [
            f"{person_of(one)} ({why})" for one, why in undecided.select("key", _why_not(field)).iter_rows()
        ]
        log.warn(
            "other_row_counts",
            f"The mapping says {what}, and that settles nothing for {few(people, _NAMED)}.",
            "Keep the row that is right, or give each person their own id.",
            key,
        )
    if left.is_empty():
        return table
    _report(table, key, found, left, field, said, log)
    return table.filtered(~table.rows.is_in(left["row"].implode()))


def settled_by(table: Table, key: Field, keys: pl.Series, said: RowThatCounts, day: date) -> list[str]:
    """The people of whom an answer would tell which row counts."""
    found = _found(table, key, keys, said, day)
    return found.filter("left")["key"].unique(maintain_order=True).to_list()


def _found(table: Table, key: Field, keys: pl.Series, said: RowThatCounts, day: date) -> pl.DataFrame:
    """The rows of people who have several that differ: `key`, `row`, `order` (the highest counts), whether
    one person is `named`, and whether the row is `left` out."""
    columns = source_columns(table)
    names = columns[EMPLOYEE_NAME].texts if EMPLOYEE_NAME in columns else pl.repeat("", len(keys), eager=True)
    places = pl.int_range(len(keys), dtype=pl.Int64, eager=True)
    field = ROWS_BY_DATE.get(said)
    order = places if said == "last" else -places if said == "first" else days_of_rows(table, field, day)
    several = (
        pl.DataFrame(
            {"key": keys, "row": table.rows, "order": order, "cells": table.cells.to_struct(), "name": names}
        )
        .filter(are_ids(keys) & keys.is_duplicated())
        .filter(pl.col("cells").n_unique().over("key") > 1)
    )
    if key is EMPLOYEE_NAME:
        several = several.clear()  # two people may have one name
    last = pl.col("order") == pl.col("order").max()
    one_counts = pl.col("order").is_not_null().all() & (pl.col("cells").filter(last).n_unique() == 1)
    several = several.with_columns(named=each(several["name"], person_key))
    several = several.with_columns(named=pl.col("named").drop_nulls().n_unique().over("key") <= 1)
    return several.with_columns(
        left=(
            pl.col("named") & one_counts.over("key") & (pl.col("order") < pl.col("order").max().over("key"))
        ).fill_null(value=False)
    )


def ask_what_tells_apart(log: TableIssues, problem: str, groups: pl.DataFrame) -> bool:
    """Asks whether a column tells apart the rows, in `row`, that each `group` has several of, and which of
    its values counts; False where no column does."""
    for column in log.table.columns:
        if column.role not in (None, RATER) or not column.header:
            continue
        texts = log.table.texts_of(column)
        values = groups.join(pl.DataFrame({"row": log.table.rows, "value": texts}), on="row")
        apart = values.group_by("group").agg(pl.col("value").drop_nulls().n_unique() == pl.len())
        if texts.n_unique() > _MOST_VALUES or not apart["value"].all():
            continue
        found = sorted(Counter(texts.drop_nulls()).items())
        apart_by = f"{problem} {column.called} tells them apart: {tally(found)}."
        if _are_parts_of_competencies(log.table, texts):
            log.ask(
                f"{apart_by} Are these parts of competencies?",
                "Give each competency the one rating that is to count, such as the mean of its parts, or "
                "take a rule pack that has the parts as its competencies.",
                [column],
            )
            return True
        is_cycle = f"{column.mapped_as(CYCLE.name)} and {mapped_cycle(found[0][0])}"
        log.ask(
            f"{apart_by} Which of these counts?",
            "Keep its rows, or say in a mapping that the column names the review of each row, and which is "
            f"to be read: {is_cycle}.",
            [column],
            namings=((f"“{column.header}” names the review of each row", ((column.header, CYCLE.name),)),),
        )
        return True
    return False


def _are_parts_of_competencies(table: Table, values: pl.Series) -> bool:
    """Whether each value is there for one competency alone, of several."""
    if COMPETENCY not in table.by_role:
        return False
    both = pl.DataFrame({"value": values, "of": table.texts(COMPETENCY)}).drop_nulls()
    each_of_one = both.group_by("value").agg(pl.col("of").n_unique() == 1)["of"].all()
    return each_of_one and both["of"].n_unique() > 1


_MOST_VALUES = 6
"""Different texts that a column has at most which tells rows of one person apart."""


def person_of(key: str) -> str:
    """Who a key is about, be it of one rater or not."""
    return key.partition(BY)[0]


def days_of_rows(table: Table, field: Field | None, day: date) -> pl.Series:
    """The dates of a field as numbers; nulls where it says none, and where day and month could be swapped."""
    dates = None if field is None else table.values(field)
    days = None if field is None or dates is None else numbered_days(table, field, dates, day, future=True)
    return pl.repeat(None, len(table.rows), dtype=pl.Int64, eager=True) if days is None else days


def _why_not(field: Field | None) -> pl.Expr:
    """Why nothing tells which row of a person counts."""
    label = "" if field is None else field.label
    return pl.when("named").then(pl.lit(f"no later {label}")).otherwise(pl.lit("different names"))


def _report(
    table: Table,
    key: Field,
    found: pl.DataFrame,
    left: pl.DataFrame,
    field: Field | None,
    said: RowThatCounts,
    log: TableIssues,
) -> None:
    """A note that says how many rows were left out, and one for each row."""
    which = f"the {said} one" if field is None else f"the one with the later {field.label}"
    count = left.height
    log.note(
        "other_row_counts",
        f"{counted(count, 'row')} {was(count)} left out, because another row of the same person counts: "
        f"{which}, as the mapping says.",
        "Nothing to do if that is right.",
        key,
    )
    counting = found.filter(~pl.col("left")).unique("key", keep="first", maintain_order=True)
    counting = counting.select("key", pl.col("row").alias("counts"), pl.col("order").alias("best"))
    rows = left.join(counting, on="key", maintain_order="left").head(_LISTED)
    for one, row, order, counts, best in rows.select("key", "row", "order", "counts", "best").iter_rows():
        days = "" if field is None else f" ({field.label} {_day(best)}, here {_day(order)})"
        log.note(
            "other_row_counts",
            f"The row of {person_of(one)} was left out: row {table.row_label(counts)} counts{days}.",
            "Nothing to do if that is right.",
            key,
            row,
            None,
            person_of(one),
        )


def _day(number: int) -> str:
    return phrases.day(date.fromordinal(date(1970, 1, 1).toordinal() + number))
