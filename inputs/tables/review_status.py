"""How far the review of each row has come: a draft is not what was submitted."""

from dataclasses import replace
from datetime import date

import polars as pl

from inputs.fields import CYCLE, RATER, REVIEW_STATUS, STATUS
from inputs.phrases import counted, tally
from inputs.tables.layout import Table
from inputs.tables.table_issues import TableIssues
from inputs.words.lexicon import Lexicon
from inputs.words.statuses import asked_by, employments, is_of_reviews_alone, progress

_NAMED = 8
"""Statuses that are named."""


def with_review_status(table: Table, lexicon: Lexicon, day: date) -> Table:
    """The table with each column `Status` whose values are those of reviews taken for that, and so a
    `Response type` that names no rater."""
    why = "its values say how far a review has come"
    meant = []
    for column in (*table.taken_for(STATUS), *table.taken_for(RATER)):
        texts = table.texts_of(column).drop_nulls().unique().to_list()
        if column.role is RATER and any(lexicon.rater(text) for text in texts):
            continue
        known = employments(texts, None, day)
        of_people = any(progress(text) is None and said for text, said in known.items())
        of_reviews = any(map(is_of_reviews_alone, texts)) and not of_people
        if of_reviews and asked_by(column.header) is None:
            meant.append(replace(column, role=REVIEW_STATUS, why=why))
    return table.with_columns(meant)


def finished(table: Table) -> pl.Series:
    """Whether each row's review is known to be finished; everywhere where no column says it of any."""
    if REVIEW_STATUS not in table.by_role:
        return pl.repeat(True, len(table.rows), eager=True)
    texts = table.texts(REVIEW_STATUS)
    known = [text for text in texts.drop_nulls().unique().to_list() if progress(text) == "finished"]
    return texts.is_in(known).fill_null(value=False)


def is_beside_finished(*group: str) -> pl.Expr:
    """Whether a review that is not `finished` stands beside a finished one of the same group and `cycle`."""
    return ~pl.col("finished") & pl.col("finished").any().over(*group, "cycle")


def cycles(table: Table) -> pl.Series:
    """The review cycle of each row: a draft of this year stands beside nothing of last year."""
    return table.texts(CYCLE) if CYCLE in table.by_role else pl.repeat(None, len(table.rows), eager=True)


def report_unfinished(log: TableIssues, rows: pl.Series) -> None:
    """A warning of rows that are used although their reviews are not known to be finished."""
    open_ones = log.table.rows.is_in(rows.implode()) & ~finished(log.table)
    if not open_ones.any():
        return
    counts = log.table.texts(REVIEW_STATUS).fill_null("").filter(open_ones).value_counts(sort=True)
    log.warn(
        "unfinished_review",
        f"{counted(int(open_ones.sum()), 'row')} of a review that is not known to be finished: "
        f"{named_with_counts(counts)}. What they rate was used.",
        "Take out the rows whose ratings should not be used.",
        REVIEW_STATUS,
    )


def named_with_counts(counts: pl.DataFrame) -> str:
    """`'Draft' (2), 'Cancelled' (1), no entry (1)`, the most frequent first, then by name."""
    counts = counts.sort(counts.columns[1], counts.columns[0], descending=[True, False])
    return tally(((_quoted(text), count) for text, count in counts.iter_rows()), _NAMED)


def _quoted(text: str) -> str:
    return f"'{text[:40]}'" if text else "no entry"
