"""Who is to be assessed at all: of several columns for the status the one counts that says who has left, and
columns that seem to leave people out are warned about."""

from datetime import date

import polars as pl

from inputs.fields import LEAVING_DATE, STATUS
from inputs.phrases import counted, join
from inputs.tables.layout import Table
from inputs.tables.table_issues import TableIssues
from inputs.words.statuses import answer_that_leaves_out, asked_by, employments
from inputs.words.written_ratings import is_unrated
from inputs.words.yes_no import yes_or_no

_STATUSES = 20
"""Different statuses from which a column holds something else."""


def with_one_status(table: Table, day: date, log: TableIssues) -> Table:
    """The table with one column for the status: the first that says of anybody that they have left, else the
    first that is not understood, so that people hear of it. Two that say it of different people are asked
    about."""
    columns = table.taken_for(STATUS)
    if not columns and LEAVING_DATE not in table.by_role:
        _warn_of_leavers(table, day, log)
    if len(columns) < 2:
        return table
    said = {
        column.letter: said_of_employment(column.header, table.texts_of(column), day) for column in columns
    }
    telling = (
        [column for column in columns if (said[column.letter] == "left").any()]
        or [column for column in columns if (said[column.letter] == "unclear").any()]
        or columns
    )
    kept = telling[0]
    leavers = {tuple((said[column.letter] == "left").fill_null(value=False)) for column in telling}
    if len(leavers) > 1:
        named = join([column.called for column in telling])
        log.ask(
            f"{table.place}: {named} say that different people have left. Which one is right?",
            f"Say in a mapping which of them is not, such as {telling[-1].mapped_as()}.",
            telling,
        )
    for column in columns:
        if column is not kept:
            log.put_aside(column, f"column {kept.letter} ('{kept.header}') is read as the status")
    return log.left_in(table)


def _leavers_by_words(texts: pl.Series, day: date) -> int:
    """How many have left where every text is an employment status, and none an answer."""
    different = texts.drop_nulls().unique().head(_STATUSES).to_list()
    known = employments(different, None, day)
    if (
        len(different) == _STATUSES
        or not all(known.values())
        or any(yes_or_no(text) is not None for text in known)
    ):
        return 0
    return int(texts.is_in([text for text, said in known.items() if said == "left"]).sum())


def _warn_of_leavers(table: Table, day: date, log: TableIssues) -> None:
    """A warning of columns that are taken for nothing and say of some people why they have left, it seems, as
    `Termination reason`, or that they have, by their values."""
    for column in table.columns:
        if column.role is not None:
            continue
        texts = table.texts_of(column)
        if asked_by(column.header) == "left":
            count = sum(not is_unrated(text) for text in texts.drop_nulls())
            why = f"it has entries for {counted(count, 'row')}, which were used"
        else:
            count = _leavers_by_words(texts, day)
            why = f"it says of {counted(count, 'person', 'people')}, it seems, that they have left"
        if 0 < count < len(texts):
            log.warn_of([column], why)


def warn_of_exclusions(table: Table, log: TableIssues) -> None:
    """A warning of columns that are taken for nothing and seem to leave some people out: `Exclude`,
    `Eligible?`."""
    for column in table.columns:
        answer = answer_that_leaves_out(column.header)
        if column.role is not None or answer is None:
            continue
        texts = table.texts_of(column)
        out = [text for text in texts.drop_nulls().unique() if yes_or_no(text) is answer]
        count = int(texts.is_in(out).sum())
        if 0 < count < len(texts):
            who = counted(count, "person, who is", "people, who are")
            log.warn_of(
                [column],
                f"it seems to leave out {who} assessed all the same",
                "Take out the rows of those who are not to be assessed; otherwise nothing to do.",
            )


def said_of_employment(header: str, texts: pl.Series, day: date) -> pl.Series:
    """What a column says of each row: `employed`, `left`, `unclear`, or null."""
    asked = asked_by(header)
    found = employments(texts.drop_nulls().unique().to_list(), asked, day)
    known = {text: said or "unclear" for text, said in found.items()}
    return texts.replace_strict(known, default=None, return_dtype=pl.String)
