"""Tables with one row per person, or one per person and cycle: then the latest row of each person counts."""

from datetime import date

import polars as pl

from inputs.fields import BY, CYCLE, DATE, EMPLOYEE_NAME, REVIEW_DATE, REVIEW_STATUS, Field
from inputs.mapping import RowThatCounts
from inputs.phrases import counted, few, tally, was
from inputs.roster import Severity
from inputs.tables.contents import TableContent, source_columns
from inputs.tables.layout import Table
from inputs.tables.repeated_rows import person_of, rows_that_count
from inputs.tables.review_cycles import report_behind, row_order
from inputs.tables.review_status import cycles, finished, report_unfinished
from inputs.tables.split_rows import by_rater, put_together, rows_rated
from inputs.tables.table_issues import TableIssues

_LISTED = 200
"""Earlier rows that are named one by one; the rest is counted."""
_SAY_NOTHING = (None, "neither", "together")
"""Answers by which no row counts before another one."""
_TIMES = (CYCLE, DATE, REVIEW_DATE)
"""What says when a row was written, the best first."""
_AS_ONE = "say in a mapping that rows which fill different cells are one: `row_that_counts: together`"
_ASK = {"self": "ask the person for theirs", "manager": "ask the manager for theirs"}


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
    )


def _keys(table: Table, key: Field) -> pl.Series:
    return source_columns(table)[key].texts


def _latest_finished(
    table: Table, keys: pl.Series, log: TableIssues, day: date, not_rated: frozenset[str]
) -> Table:
    """The table without the drafts and the earlier rows among those that share a key."""
    drafts = _drafts(table, keys, log)
    table, keys = table.filtered(~drafts), keys.filter(~drafts)
    if keys.drop_nulls().is_duplicated().any() and table.by_role.keys() & set(_TIMES):
        return _latest(table, keys, log, day, not_rated)
    return table


def _drafts(table: Table, keys: pl.Series, log: TableIssues) -> pl.Series:
    """Whether each row is an unfinished review of somebody who has a finished one of the same cycle."""
    frame = pl.DataFrame({"key": keys, "finished": finished(table), "cycle": cycles(table)})
    drafts = frame.select(
        pl.col("key").is_not_null() & ~pl.col("finished") & pl.col("finished").any().over("key", "cycle")
    ).to_series()
    if not drafts.any():
        return drafts
    count = int(drafts.sum())
    log.add(
        "unfinished_review",
        Severity.NOTE,
        f"{counted(count, 'row')} of a review that is not finished {was(count)} left out, because the same "
        "person has a finished one.",
        "Nothing to do if the finished one is to count.",
        REVIEW_STATUS,
    )
    return drafts


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
    _report(table, keys, earlier, log)
    _warn_of_lost_raters(table, keys, earlier, not_rated, log)
    return table.filtered(~earlier)


def _warn_of_lost_raters(
    table: Table, keys: pl.Series, earlier: pl.Series, not_rated: frozenset[str], log: TableIssues
) -> None:
    """A warning of people whom one of the raters has rated in the rows alone that were left out."""
    role = next(role for role in _TIMES if role in table.by_role)
    same = f"write the same {role.label} in all of them"
    same = same if role is CYCLE else f"{same}, or {_AS_ONE}"
    people = [None if one is None else person_of(one) for one in keys.to_list()]
    frame = pl.DataFrame({"who": people, "time": table.texts(role), "earlier": earlier})
    for rater, rated in rows_rated(table, not_rated).items():
        left = frame.filter(rated & pl.col("who").is_not_null())
        lost = left.filter(pl.col("earlier").all().over("who")).unique(
            "who", keep="last", maintain_order=True
        )
        if lost.is_empty():
            continue
        shown = [f"{who} ('{_day(time)}')" for who, time in lost.select("who", "time").iter_rows()]
        has = "person has no rating" if lost.height == 1 else "people have no rating"
        log.add(
            "rated_earlier",
            Severity.WARNING,
            f"{lost.height:,} {has} by {BY[rater]}, because those they have are in earlier rows, which were "
            f"left out: {few(shown, 5)}.",
            f"If those rows are of the same review, {same}. If not, {_ASK[rater]}.",
            role,
        )


def _report(table: Table, keys: pl.Series, earlier: pl.Series, log: TableIssues) -> None:
    """A note that says how many rows of which cycles were left out, and one for each row."""
    role = next(role for role in _TIMES if role in table.by_role)
    times = table.texts(role)
    counts = times.filter(earlier).value_counts(sort=True)
    shown = tally(((f"'{_day(text)}'", count) for text, count in counts.iter_rows()), 6)
    log.add(
        "earlier_row",
        Severity.NOTE,
        f"{counted(int(earlier.sum()), 'row')} left out, each followed by a later row of the same person, "
        f"which counts: {shown}.",
        "Nothing to do if the latest row of each person is to count.",
        role,
    )
    for index in earlier.arg_true().head(_LISTED).to_list():
        log.add(
            "earlier_row",
            Severity.NOTE,
            f"The row of {person_of(keys[index])} is from {_day(times[index])}; a later one counts.",
            "Nothing to do.",
            role,
            int(table.rows[index]),
            times[index],
            person_of(keys[index]),
        )


def _day(text: str | None) -> str:
    """A cycle or day as it is shown, without the midnight that spreadsheets add to days."""
    return (text or "").removesuffix(" 00:00:00")
