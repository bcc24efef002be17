"""Tables with one row per rating or per rater: one rating per person, competency and rater, the latest."""

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from inputs.roster import RATERS, Severity, comment_column
from inputs.tables.contents import SourceColumn, shape_of, source_column_of, text_of
from inputs.tables.layout import Table
from inputs.tables.raters import raters_of
from inputs.tables.table_issues import TableIssues
from inputs.words.lexicon import COMMENT_RATER_UNKNOWN, RATER_UNKNOWN, Lexicon
from inputs.words.spelling import counted

_LISTED = 200
"""Issues of one kind that are listed one by one; the rest is counted."""


def ratings_of(log: TableIssues, lexicon: Lexicon, ids: pl.Series, order: pl.Series) -> pl.DataFrame:
    """One row per rating: id, role (`communication:self`), text, comment, row, letter, order."""
    table = log.table
    nothing = pl.Series([None], dtype=pl.String).new_from_index(0, len(table.rows))
    raters = raters_of(log, lexicon, ids)
    blocks = _blocks(log, lexicon, raters)
    if not blocks:
        return pl.DataFrame(schema=_RATING_SCHEMA)
    frame = pl.concat(
        [
            pl.DataFrame(
                {
                    "id": ids,
                    "competency": competency,
                    "rater": rater,
                    "text": text,
                    "comment": text_of(table.cells[beside]) if beside else nothing,
                    "row": table.rows,
                    "order": order,
                }
            ).with_columns(letter=pl.lit(letter), comment_letter=pl.lit(beside, pl.String))
            for competency, rater, text, beside, letter in blocks
        ]
    )
    frame = frame.filter(
        pl.col("id").is_not_null() & (pl.col("text").is_not_null() | pl.col("comment").is_not_null())
    )
    return _once(log, frame)


_RATING_SCHEMA = {
    "id": pl.String(), "competency": pl.String(), "rater": pl.String(), "text": pl.String(),
    "comment": pl.String(), "row": pl.UInt32(), "order": pl.Int64(), "letter": pl.String(),
    "comment_letter": pl.String(),
}  # fmt: skip
_Block = tuple[pl.Series, pl.Series, pl.Series, str | None, str]
"""Competency ids, raters, texts, the column letter of the comments beside them, and that of the texts."""


def _blocks(log: TableIssues, lexicon: Lexicon, raters: pl.Series | None) -> list[_Block]:
    table = log.table
    height = len(table.rows)
    blocks: list[_Block] = []
    if shape_of(table) == "rater rows":
        assert raters is not None
        for column in table.columns:
            if (column.role or "").startswith(RATER_UNKNOWN):
                name = (column.role or "").removeprefix(RATER_UNKNOWN)
                competency = pl.Series([name]).new_from_index(0, height)
                beside = _letter(table, COMMENT_RATER_UNKNOWN + name)
                blocks.append(
                    (competency, raters, text_of(table.cells[column.letter]), beside, column.letter)
                )
        return blocks
    competencies = _competencies(log, lexicon)
    for rater in RATERS:
        one = table.by_role.get(f"{rater}_rating")
        if one is not None:
            own = pl.Series([rater]).new_from_index(0, height)
            beside = _letter(table, comment_column(f"overall:{rater}"))
            blocks.append((competencies, own, text_of(table.cells[one.letter]), beside, one.letter))
    single = table.by_role.get("rating")
    if single is not None and not blocks:
        if raters is None:
            log.questions.append(
                f"{table.place}, column {single.letter} ('{single.header}'): whose ratings are they, "
                "the person's "
                "own or the manager's? Add a column 'Rater' with 'Self' or 'Manager' in every row."
            )
        else:
            beside = _letter(table, "rating_comment")
            blocks.append((competencies, raters, text_of(table.cells[single.letter]), beside, single.letter))
    return blocks


def _letter(table: Table, role: str) -> str | None:
    """The letter of a role's column, or None when the table has no such column."""
    column = table.by_role.get(role)
    return None if column is None else column.letter


def _competencies(log: TableIssues, lexicon: Lexicon) -> pl.Series:
    """The competency of each row; a warning per name that the rule pack does not know."""
    texts = text_of(log.table.cells[log.table.by_role["competency"].letter])
    distinct = texts.drop_nulls().unique().to_list()
    known = {text: lexicon.competency(text) for text in distinct}
    for text in sorted(text for text, found in known.items() if found is None):
        rows = log.table.rows.filter((texts == text).fill_null(value=False))
        near = lexicon.suggestion(f"{text} manager")
        meant = "Nothing to do if no rule uses it."
        if near is not None and ":" in near.role:
            meant = f"If {lexicon.titles[near.role.split(':')[0]]} is meant, write that."
        log.issue(
            "unknown_competency",
            Severity.WARNING,
            f"'{text[:60]}' is no competency that the rule pack knows; {len(rows)} rows with it were "
            "not used.",
            meant,
            "competency",
            rows[0],
            text,
        )
    return texts.replace_strict(known, default=None, return_dtype=pl.String) if known else texts


def _once(log: TableIssues, frame: pl.DataFrame) -> pl.DataFrame:
    """One rating per person, competency and rater: the latest; none where two of the same time differ."""
    frame = frame.filter(pl.col("competency").is_not_null() & pl.col("rater").is_in(RATERS))
    group = ["id", "competency", "rater"]
    latest = frame.with_columns(_latest=pl.col("order").max().over(group), _all=pl.len().over(group))
    older = latest.filter(
        pl.col("_latest").is_not_null() & (pl.col("order") != pl.col("_latest")).fill_null(value=True)
    )
    if older.height:
        log.issue(
            "earlier_rating",
            Severity.NOTE,
            f"{counted(older.height, 'earlier rating')} left out, because the same person has a later "
            "one by "
            "the same "
            "rater for the same competency.",
            "Nothing to do if the latest one is to count.",
        )
    frame = latest.filter(pl.col("order").eq_missing(pl.col("_latest")))
    several = frame.filter(pl.len().over(group) > 1)
    if several.is_empty():
        return frame
    differ = several.filter(pl.struct("text").n_unique().over(group) > 1)
    _report_repeats(log, differ, group)
    frame = frame.join(differ.select(group).unique(), on=group, how="anti", maintain_order="left")
    return frame.unique(group, keep="first", maintain_order=True)


def _report_repeats(log: TableIssues, differ: pl.DataFrame, group: Sequence[str]) -> None:
    found = differ.group_by(group, maintain_order=True).agg("row", "text", "letter")
    for employee_id, competency, rater, rows, texts, _ in found.head(_LISTED).iter_rows():
        pairs = zip(texts, rows, strict=True)
        said = ", ".join(f"{text} (row {log.table.said_row(row)})" for text, row in pairs)
        log.issue(
            "repeated_rating",
            Severity.WARNING,
            f"{competency.replace('_', ' ')} by {rater} has several ratings of the same time: {said}. "
            "None was used.",
            "Keep the one that counts, or add the date of each.",
            "rating" if "rating" in log.table.by_role else f"{rater}_rating",
            rows[0],
            texts[0],
            employee_id,
        )
    if found.height > _LISTED:
        log.issue(
            "repeated_rating",
            Severity.WARNING,
            f"{found.height - _LISTED} more repeated ratings differ. None of them was used.",
            "Keep the one that counts, or add the date of each.",
        )


def rating_columns(log: TableIssues, ratings: pl.DataFrame, keys: pl.Series) -> dict[str, SourceColumn]:
    """A column for each competency and rater, and one for the comments beside it, one cell for each key."""
    table = log.table
    columns: dict[str, SourceColumn] = {}
    parts = ratings.partition_by("competency", "rater", "letter", as_dict=True) if ratings.height else {}
    people = keys.rename("id").to_frame()
    column_at = {column.letter: column for column in table.columns}
    for (competency, rater, letter), part in sorted(parts.items()):
        role = f"{competency}:{rater}"
        if role in columns:
            continue
        joined = people.join(
            part.select("id", "text", "comment", "row"), on="id", how="left", maintain_order="left"
        )
        why = f"rows of {competency.replace('_', ' ')} by {rater}"
        column = source_column_of(table, column_at[letter], joined["text"], joined["row"])
        columns[role] = replace(column, role=role, why=why)
        if joined["comment"].is_not_null().any():
            comment = column_at[part["comment_letter"][0]]
            beside = source_column_of(table, comment, joined["comment"], joined["row"])
            name = comment_column(role)
            columns[name] = replace(beside, role=name, why=why, scale=None)
    return columns
