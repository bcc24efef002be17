"""Who is to be assessed at all: of several columns for the status the one counts that says who has left, and
columns that seem to leave people out are warned about."""

from datetime import date

import polars as pl

from inputs.fields import LEAVING_DATE, STATUS
from inputs.phrases import counted, join
from inputs.tables.layout import Column, Table
from inputs.tables.table_issues import TableIssues
from inputs.words.statuses import answer_that_leaves_out, asked_by, employment
from inputs.words.texts import text_of
from inputs.words.written_ratings import is_unrated
from inputs.words.yes_no import yes_or_no


def with_one_status(table: Table, day: date, log: TableIssues) -> Table:
    """The table with one column for the status: the first that says of anybody that they have left, else the
    first that is not understood, so that people hear of it. Two that say it of different people are asked
    about."""
    columns = table.taken_for(STATUS)
    if not columns and LEAVING_DATE not in table.by_role:
        _warn_of_leavers(table, log)
    if len(columns) < 2:
        return table
    said = {column.letter: _said(table, column, day) for column in columns}
    telling = (
        [column for column in columns if (said[column.letter] == "left").any()]
        or [column for column in columns if (said[column.letter] == "unclear").any()]
        or columns
    )
    kept = telling[0]
    leavers = {tuple((said[column.letter] == "left").fill_null(value=False)) for column in telling}
    if len(leavers) > 1:
        named = join([f"'{column.header}' (column {column.letter})" for column in telling])
        log.ask(
            f"{table.place}: {named} say of different people that they have left. Which one is it?",
            f'Say in a mapping which of them is not: `columns: {{"{telling[-1].header}": null}}`, say.',
            telling,
        )
    for column in columns:
        if column is not kept:
            log.put_aside(column, f"column {kept.letter} ('{kept.header}') is read as the status")
    return log.left_in(table)


def _warn_of_leavers(table: Table, log: TableIssues) -> None:
    """A warning of columns that are taken for nothing and say of some people, it seems, why they have left:
    `Termination reason`."""
    for column in table.columns:
        if column.role is not None or asked_by(column.header) != "left":
            continue
        texts = text_of(table.cells[column.letter])
        count = sum(not is_unrated(text) for text in texts.drop_nulls())
        if 0 < count < len(texts):
            log.warn_of([column], f"it has entries for {counted(count, 'row')}, which were used")


def warn_of_exclusions(table: Table, log: TableIssues) -> None:
    """A warning of columns that are taken for nothing and seem to leave some people out: `Exclude`,
    `Eligible?`."""
    for column in table.columns:
        answer = answer_that_leaves_out(column.header)
        if column.role is not None or answer is None:
            continue
        texts = text_of(table.cells[column.letter])
        out = [text for text in texts.drop_nulls().unique() if yes_or_no(text) is answer]
        count = int(texts.is_in(out).sum())
        if 0 < count < len(texts):
            who = counted(count, "person, who is", "people, who are")
            log.warn_of(
                [column],
                f"it seems to leave out {who} assessed all the same",
                "Take out the rows of those who are not to be assessed; else nothing to do.",
            )


def _said(table: Table, column: Column, day: date) -> pl.Series:
    """What a column says of each row: `employed`, `left`, `unclear`, or null."""
    asked, texts = asked_by(column.header), text_of(table.cells[column.letter])
    known: dict[str, str] = {
        text: employment(text, asked, day) or "unclear" for text in texts.drop_nulls().unique()
    }
    return texts.replace_strict(known, default=None, return_dtype=pl.String)
