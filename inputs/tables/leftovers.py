"""What a table holds beside what is used of it: columns like known ones, second headers, stray cells."""

import polars as pl

from inputs.roster import Issue, Severity
from inputs.tables.layout import Column, Table
from inputs.words.lexicon import Lexicon
from inputs.words.roles import said_role
from inputs.words.spelling import key

_OFTEN = 20
"""Rows from which a text under `Level` that is no header is the level of people."""
_LONGEST_FIELD = 200
"""Bytes up to which a text may be the name of a field."""


def similar_columns(table: Table, lexicon: Lexicon) -> list[Issue]:
    """A warning for every column that looks like a known one, but is not spelled like it."""
    issues = []
    for column in table.columns:
        like = None if column.role or column.why or not column.header else lexicon.suggestion(column.header)
        if like is not None and like.role not in table.by_role:
            issues.append(
                Issue(
                    "similar_column",
                    Severity.WARNING,
                    f"The column '{column.header}' was not used. It looks like '{like.spelling}'.",
                    f"If it is the {said_role(like.role)}, name it '{like.spelling}' or say it in a mapping.",
                    sheet=table.sheet.name,
                    file=table.sheet.named_file,
                    column=column.letter,
                    header=column.header,
                )
            )
    return issues


def second_headers(table: Table, lexicon: Lexicon) -> list[str]:
    """A question for every row that is the header of another table: what stands below it would be read under
    the headers of the first."""
    own = {column.letter: key(column.header) for column in table.columns}
    questions: list[str] = []
    rows = _rows_with_a_rare_level(table, lexicon)
    for role in ("level", "employee_id", "employee_name"):
        column = table.by_role.get(role)
        if column is None or table.cells[column.letter].dtype != pl.String or questions:
            continue
        cells = table.cells[column.letter].gather(rows)
        headers = _fields_among(cells, lexicon)
        found_at = cells.is_in(headers).fill_null(value=False).arg_true()
        for at in rows.gather(found_at.head(50)).to_list():
            row = {
                name: str(text) for name, text in table.cells.row(at, named=True).items() if text is not None
            }
            known = {found.name for text in row.values() if (found := lexicon.role(text)) is not None}
            if len(known - {None}) > 2 and any(own.get(name, "") != key(text) for name, text in row.items()):
                questions.append(
                    f"{table.place}, row {table.rows[at]}: is that the header of a second table? Its "
                    "columns are not "
                    "those of the first. Put each table on a sheet of its own."
                )
    return questions


def _rows_with_a_rare_level(table: Table, lexicon: Lexicon) -> pl.Series:
    """The rows that could be a header: not those of the levels that many people have."""
    column = table.by_role.get("level")
    if column is None or table.cells[column.letter].dtype != pl.String:
        return pl.int_range(len(table.rows), dtype=pl.UInt32, eager=True)
    cells = table.cells[column.letter]
    counts = cells.value_counts(name="_count")
    often = counts.filter(pl.col("_count") >= _OFTEN)[column.letter].drop_nulls().to_list()
    people = [text for text in often if lexicon.role(text) is None]
    return (~cells.is_in(people)).fill_null(value=True).arg_true()


def _fields_among(cells: pl.Series, lexicon: Lexicon) -> list[str]:
    """The texts of a column that are names of fields."""
    texts = cells.drop_nulls().unique().rename("text").to_frame()
    # The keys in one go for a column of many names; `key` itself has the last word.
    plain = pl.col("text").str.normalize("NFKD").str.replace_all(r"\p{M}", "").str.to_lowercase()
    keys = plain.str.replace_all("&", "and", literal=True).str.replace_all("ß", "ss", literal=True)
    likely = texts.filter(
        (pl.col("text").str.len_bytes() <= _LONGEST_FIELD)
        & keys.str.replace_all(r"[\W_]+", "").is_in(list(lexicon.fields))
    )
    return [text for text in likely["text"].to_list() if key(text) in lexicon.fields]


def stray_cells(table: Table) -> list[Issue]:
    """A warning for cells in columns without a header: a remark, or a row that is shifted."""
    issues = []
    for column in table.columns:
        if column.header or column.role:
            continue
        cells = table.cells[column.letter].cast(pl.String)
        at = (cells.str.contains(r"\S")).fill_null(value=False).arg_true().to_list()
        if len(at) > max(3, len(cells) // 20):
            issues.append(
                _stray(table, column, f"{len(at)} cells stand in a column without a header", None, None)
            )
            continue
        issues += [
            _stray(table, column, "A value stands in a column without a header", table.rows[row], cells[row])
            for row in at
        ]
    return issues


def _stray(table: Table, column: Column, said: str, row: int | None, value: str | None) -> Issue:
    return Issue(
        "stray_cells",
        Severity.WARNING,
        f"{said}; it was not used.",
        "If it is a remark, nothing to do; if the row is shifted, move its values back under their headers.",
        sheet=table.sheet.name,
        file=table.sheet.named_file,
        row=row,
        column=column.letter,
        value=value,
    )
