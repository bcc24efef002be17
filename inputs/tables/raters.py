"""Who gave each rating of a table with several rows per person: by words, or by ids."""

import polars as pl

from inputs.roster import Severity
from inputs.tables.contents import text_of
from inputs.tables.layout import Table
from inputs.tables.table_issues import TableIssues
from inputs.words.lexicon import Lexicon
from inputs.words.spelling import counted


def raters_of(log: TableIssues, lexicon: Lexicon, ids: pl.Series) -> pl.Series | None:
    """`self`, `manager` or `other` for each row; None when the table has no such column."""
    table = log.table
    role = next((name for name in ("rater", "relationship", "ratee_role") if name in table.by_role), None)
    if role is None:
        return _raters_by_id(table, ids)
    texts = text_of(table.cells[table.by_role[role].letter])
    known = {text: lexicon.rater(text) for text in texts.drop_nulls().unique().to_list()}
    if role == "relationship" and not _direction_known(table, texts, known, ids):
        column = table.by_role[role]
        log.questions.append(
            f"{table.place}, column {column.letter} ('{column.header}'): does 'Manager' there mean that "
            "the manager "
            "gave the rating, or that the rated person is the manager? Name the column 'Rater' in the "
            "first case; "
            "in the second, keep only the rows that the manager and the person gave, and name who gave "
            "them."
        )
    for text in sorted(text for text, found in known.items() if found is None):
        rows = table.rows.filter((texts == text).fill_null(value=False))
        log.issue(
            "unknown_rater",
            Severity.WARNING,
            f"'{text[:60]}' does not say who rated; {counted(len(rows), 'row')} with it not used.",
            "Write 'Self' or 'Manager', or 'Peer' for anybody else.",
            role,
            rows[0],
            text,
        )
    others = sum(int((texts == text).sum()) for text, found in known.items() if found == "other")
    if others:
        names = ", ".join(f"'{text}'" for text, found in sorted(known.items()) if found == "other")
        log.issue(
            "other_raters",
            Severity.NOTE,
            f"{counted(others, 'row')} by other raters ({names}) kept apart: not part of the "
            "manager's rating.",
            "Nothing to do.",
            role,
        )
    raters = texts.replace_strict(known, default=None, return_dtype=pl.String) if known else texts
    if role != "ratee_role":
        return raters
    return raters.replace({"manager": "other", "other": "manager"})


def _raters_by_id(table: Table, ids: pl.Series) -> pl.Series | None:
    """Who rated, from the ids of rater, person and manager."""
    rater_ids, manager_ids = table.values("rater_id"), table.values("manager_id")
    if rater_ids is None:
        return None
    rater = text_of(rater_ids)
    manager = (
        text_of(manager_ids) if manager_ids is not None else pl.Series([None] * len(ids), dtype=pl.String)
    )
    return (
        pl.DataFrame({"rater": rater, "id": ids, "manager": manager})
        .select(
            pl.when(pl.col("rater") == pl.col("id"))
            .then(pl.lit("self"))
            .when(pl.col("rater") == pl.col("manager"))
            .then(pl.lit("manager"))
            .otherwise(pl.lit("other"))
        )
        .to_series()
    )


def _direction_known(table: Table, texts: pl.Series, known: dict[str, str | None], ids: pl.Series) -> bool:
    """Whether the raters called manager are the people's managers, by their ids."""
    by_id = _raters_by_id(table, ids)
    if by_id is None or "manager_id" not in table.by_role:
        return False
    managers = texts.is_in([text for text, found in known.items() if found == "manager"]).fill_null(
        value=False
    )
    return bool(managers.any()) and bool((by_id.filter(managers) == "manager").all())
