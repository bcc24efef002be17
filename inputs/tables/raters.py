"""Who gave each rating of a table with several rows per person: by words, or by ids."""

import polars as pl

from inputs.fields import MANAGER_ID, RATEE_ROLE, RATER_ID, RELATIONSHIP, Field
from inputs.phrases import counted, was
from inputs.roster import Severity
from inputs.tables.contents import RATERS_OF_ROWS
from inputs.tables.layout import Table
from inputs.tables.table_issues import TableIssues
from inputs.words.lexicon import AnyRater, Lexicon


def raters_of(log: TableIssues, lexicon: Lexicon, ids: pl.Series) -> pl.Series | None:
    """`self`, `manager` or `other` for each row; None when the table has no such column."""
    table = log.table
    field = next((one for one in RATERS_OF_ROWS if one in table.by_role), None)
    if field is None:
        return _raters_by_id(table, ids)
    texts = table.texts(field)
    counts: dict[str, int] = dict(texts.drop_nulls().value_counts().iter_rows())
    known = {text: lexicon.rater(text) for text in sorted(counts)}
    if field is RELATIONSHIP and not _direction_known(table, texts, known, ids):
        column = table.by_role[field]
        log.questions.append(
            f"{table.place}, column {column.letter} ('{column.header}'): does 'Manager' there mean that the "
            "manager gave the rating, or that the rated person is the manager? Name the column 'Rater' in "
            "the first case; in the second, keep only the rows that the manager and the person gave, and "
            "name who gave them."
        )
    _report(log, field, texts, counts, known)
    raters = texts.replace_strict(known, default=None, return_dtype=pl.String) if known else texts
    return raters.replace({"manager": "other", "other": "manager"}) if field is RATEE_ROLE else raters


def _report(
    log: TableIssues,
    field: Field,
    texts: pl.Series,
    counts: dict[str, int],
    known: dict[str, AnyRater | None],
) -> None:
    for text in (text for text, rater in known.items() if rater is None):
        log.add(
            "unknown_rater",
            Severity.WARNING,
            f"'{text[:60]}' does not say who rated; {counted(counts[text], 'row')} with it "
            f"{was(counts[text])} not used.",
            "Write 'Self' or 'Manager', or 'Peer' for anybody else.",
            field,
            log.table.rows[(texts == text).arg_true()[0]],
            text,
        )
    others = [text for text, rater in known.items() if rater == "other"]
    if others:
        count = sum(counts[text] for text in others)
        names = ", ".join(f"'{text}'" for text in others)
        log.add(
            "other_raters",
            Severity.NOTE,
            f"{counted(count, 'row')} by other raters ({names}) {was(count)} kept apart: not part of the "
            "manager's rating.",
            "Nothing to do.",
            field,
        )


def _raters_by_id(table: Table, ids: pl.Series) -> pl.Series | None:
    """Who rated, from the ids of rater, person and manager."""
    if RATER_ID not in table.by_role:
        return None
    managers = table.texts(MANAGER_ID) if MANAGER_ID in table.by_role else pl.lit(None, pl.String)
    raters = pl.lit(table.texts(RATER_ID))
    by_id = (
        pl.when(raters == pl.lit(ids)).then(pl.lit("self")).when(raters == managers).then(pl.lit("manager"))
    )
    return pl.select(by_id.otherwise(pl.lit("other"))).to_series()


def _direction_known(
    table: Table, texts: pl.Series, known: dict[str, AnyRater | None], ids: pl.Series
) -> bool:
    """Whether the raters called manager are the people's managers, by their ids."""
    by_id = _raters_by_id(table, ids)
    if by_id is None or MANAGER_ID not in table.by_role:
        return False
    managers = texts.is_in([text for text, rater in known.items() if rater == "manager"])
    found = by_id.filter(managers.fill_null(value=False))
    return bool(len(found)) and bool((found == "manager").all())
