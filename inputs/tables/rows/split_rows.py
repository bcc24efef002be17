"""People whose row is split over several: their own ratings in one, the manager's in another."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

import polars as pl

from inputs.fields import (
    CYCLE,
    DATE,
    DEPARTMENT,
    EMAIL,
    EMPLOYEE_NAME,
    MANAGER_NAME,
    RATERS,
    REVIEW_DATE,
    CommentOn,
    Field,
    Rater,
    RatingOf,
    Role,
    is_comment,
    is_rating,
)
from inputs.phrases import few, join
from inputs.tables.contents import SourceColumn, source_columns
from inputs.tables.keys import alike, are_ids, match_within
from inputs.tables.layout import Table
from inputs.tables.rows.repeated_rows import BY, days_of_rows
from inputs.tables.table_issues import TableIssues
from inputs.words.spelling import normalise, person_key
from inputs.words.texts import each, text_of
from inputs.words.written_ratings import is_unrated

_ONE_REVIEW = 92
"""Days between the rows of one review: the person writes first, the manager some weeks later."""
_NAMED = 3
"""People who are named in one sentence."""
_DATES = (DATE, REVIEW_DATE)


@dataclass(frozen=True)
class SplitRows:
    """A table in which each person's rows are one, and where the values of that row come from."""

    table: Table
    places: Mapping[str, Mapping[int, int]]
    """By letter: for the rows of people, the row that the cell is really in, where that is another."""
    contradicting: tuple[str, ...] = ()
    """The people of whom two raters' rows of one review differ in what they say of the person."""

    def rows_of(self, table: Table) -> pl.Series:
        """The rows that the values of some of its rows are in."""
        kept = set(table.rows.to_list())
        behind = {real for rows in self.places.values() for row, real in rows.items() if row in kept}
        return pl.Series(sorted(kept | behind), dtype=table.rows.dtype) if behind else table.rows

    def placed(self, columns: Mapping[Role, SourceColumn]) -> dict[Role, SourceColumn]:
        """Columns of the table, or of some of its rows, each with the rows that its cells are in."""
        found = dict(columns)
        for role, column in columns.items():
            if places := self.places.get(column.letter):
                rows = column.table.rows_in(column.letter, column.table.rows.replace(places))
                found[role] = replace(column, rows=rows)
        return found


def put_together(
    table: Table,
    key: Field,
    day: date,
    log: TableIssues,
    not_rated: frozenset[str] = frozenset(),
    *,
    said: bool,
) -> SplitRows:
    """The table with one row for each person whose rows fill different cells, one each rater's ratings; with
    `said`, for all whose rows contradict each other nowhere. A note says whose."""
    several = _split(table, key, day, not_rated)
    contradicting = tuple(several.filter(pl.col("by_rater") & ~pl.col("fits"))["key"])
    found = several.filter(pl.col("fits") & (pl.lit(said) | pl.col("by_rater")))
    if found.is_empty():
        return SplitRows(table, {}, contradicting)
    groups: list[list[int]] = found["at"].to_list()
    everywhere = pl.int_range(len(table.rows), dtype=pl.Int64, eager=True)
    first = [at[0] for at in groups]
    left = [at for group in groups for at in group[1:]]
    kept = ~everywhere.is_in(left)
    cells, places = {}, {}
    for column in table.columns:
        filled = _texts(table.cells[column.letter], column.role, not_rated).is_not_null().to_list()
        # What is said of the person is as the first row writes it; a review is as old as the manager's row.
        ways = groups if column.role in _DATES else map(sorted, groups)
        source = [next((at for at in group if filled[at]), group[0]) for group in ways]
        cells[column.letter] = table.cells[column.letter].gather(everywhere.clone().scatter(first, source))
        if column.role is EMAIL:
            # Two addresses are those of whoever answered.
            own = table.texts_of(column)
            answered = [
                at for at, group in zip(first, groups, strict=True) if own.gather(group).n_unique() > 1
            ]
            cells[column.letter] = cells[column.letter].scatter(answered, None)
        at_rows = zip(table.rows.gather(first), table.rows.gather(source), strict=True)
        places[column.letter] = {row: real for row, real in at_rows if row != real}
    letter = table.by_role[key].letter if key in table.by_role else None
    if letter is not None:
        written = cells[letter].cast(pl.String)
        cells[letter] = written.scatter(first, found["key"])
    whole = replace(table, cells=table.cells.with_columns(**cells)).filtered(kept)
    _report(table, key, found, log, said=said)
    return SplitRows(whole, places, contradicting)


def by_rater(table: Table, keys: pl.Series, not_rated: frozenset[str]) -> pl.Series:
    """The keys of people whose rows each hold one rater's ratings, another one for each rater; else null."""
    frame = pl.DataFrame({"key": keys, "rater": _one_rater(table, not_rated)})
    apart = (pl.col("rater").n_unique() == 2) & pl.col("rater").is_not_null().all()
    both = pl.concat_str("key", "rater", separator=BY)
    return frame.select(pl.when(apart.over("key")).then(both)).to_series()


def rows_rated(table: Table, not_rated: frozenset[str]) -> dict[Rater, pl.Series]:
    """By rater: whether each row holds a rating."""
    rated = {rater: pl.repeat(False, len(table.rows), eager=True) for rater in RATERS}
    for column in table.columns:
        if isinstance(column.role, RatingOf) and column.role.rater is not None:
            filled = _texts(table.cells[column.letter], column.role, not_rated).is_not_null()
            rated[column.role.rater] |= filled
    return rated


def _one_rater(table: Table, not_rated: frozenset[str]) -> pl.Series:
    """Whose ratings each row holds, where they are those of one rater alone."""
    rated = rows_rated(table, not_rated)
    own, manager = pl.col("self"), pl.col("manager")
    return (
        pl.DataFrame(rated)
        .select(
            rater=pl.when(own & ~manager).then(pl.lit("self")).when(manager & ~own).then(pl.lit("manager"))
        )
        .to_series()
    )


def those_that_fit(table: Table, key: Field, day: date, not_rated: frozenset[str]) -> list[str]:
    """The people of whom all rows can be put together, because they contradict each other nowhere."""
    return _split(table, key, day, not_rated).filter("fits")["key"].to_list()


def _split(table: Table, key: Field, day: date, not_rated: frozenset[str]) -> pl.DataFrame:
    """The people with several rows: `key`, `at` (those rows, that with the manager's ratings first), whether
    they `fits` together, and whether one is the person's and the other the manager's `by_rater`."""
    nobody = pl.DataFrame(
        schema={"key": pl.String, "at": pl.List(pl.Int64), "fits": pl.Boolean, "by_rater": pl.Boolean}
    )
    keys = source_columns(table)[key].texts
    among = alike(keys, key) & are_ids(keys)
    if not among.any():
        return nobody
    some = table.filtered(among)
    columns = source_columns(some)
    texts = {
        role: _compared(role, column, not_rated)
        for role, column in columns.items()
        if role is not key and _is_compared(role)
    }
    raters = _one_rater(some, not_rated)
    names = columns[EMPLOYEE_NAME].texts if EMPLOYEE_NAME in columns else raters.clear(len(raters))
    matched = match_within(columns[key].texts, key, names, raters.fill_null("both"))
    names_of_texts = [f"text {at}" for at in range(len(texts))]
    frame = pl.DataFrame(
        {
            "key": matched.keys,
            "at": among.arg_true().cast(pl.Int64),
            "cycle": some.texts(CYCLE) if CYCLE in some.by_role else raters.clear(len(raters)),
            "rater": raters,
            "cells": some.cells.to_struct(),
            **dict(zip(names_of_texts, texts.values(), strict=True)),
            **{f"day {at}": days_of_rows(some, one, day) for at, one in enumerate(_DATES)},
        }
    )
    days = [pl.col(f"day {at}") for at, one in enumerate(_DATES) if one in some.by_role]
    near = [one.is_not_null().all() & (one.max() - one.min() <= _ONE_REVIEW) for one in days]
    frame = frame.with_columns(order=pl.col("rater").is_in(["manager"]).not_())
    groups = frame.sort("order", maintain_order=True).group_by("key", "cycle", maintain_order=True)
    found = groups.agg(
        "at",
        fits=pl.all_horizontal(
            pl.lit(True), *(pl.col(name).drop_nulls().n_unique() <= 1 for name in names_of_texts)
        )
        & (pl.col("cells").n_unique() > 1),
        by_rater=pl.all_horizontal(
            pl.len() == 2, pl.col("rater").drop_nulls().n_unique() == 2, *near
        ),
    )  # fmt: skip
    return found.filter(pl.col("at").list.len() > 1).select("key", "at", "fits", "by_rater")


def _is_compared(role: Role) -> bool:
    if isinstance(role, Field):
        return role.use != "rating" and role not in (REVIEW_DATE, DEPARTMENT, EMAIL)
    return is_rating(role) or is_comment(role)


def _compared(role: Role, column: SourceColumn, not_rated: frozenset[str]) -> pl.Series:
    """The texts of a column by which rows are compared."""
    texts = _texts(column.cells, role, not_rated)
    if not isinstance(role, Field):
        return texts
    return each(texts, person_key if role in (EMPLOYEE_NAME, MANAGER_NAME) else normalise)


def _texts(cells: pl.Series, role: Role | None, not_rated: frozenset[str]) -> pl.Series:
    """The cells as texts; null where nothing is rated."""
    texts = text_of(cells)
    if not isinstance(role, RatingOf | CommentOn):
        return texts
    empty = [
        text
        for text in texts.drop_nulls().unique().to_list()
        if is_unrated(text) or text.casefold() in not_rated
    ]
    return texts.set(texts.is_in(empty), None)


def _report(table: Table, key: Field, found: pl.DataFrame, log: TableIssues, *, said: bool) -> None:
    """A note that says whose rows were put together."""
    people = [
        f"rows {join([table.row_label(row) for row in sorted(table.rows.gather(at))])} ({one})"
        for one, at in found.select("key", "at").head(_NAMED + 1).iter_rows()
    ]
    count = found.height
    has = "person has" if count == 1 else "people have"
    which = "several rows" if said else "one row with their own ratings and one with the manager's"
    why = "as the mapping says" if said else "because they are of one review and fill different cells"
    log.note(
        "rows_put_together",
        f"{count:,} {has} {which}, which were read as one row, {why}: {few(people, _NAMED)}.",
        "Nothing to do if that is right; otherwise keep one row for each person.",
        key,
    )
