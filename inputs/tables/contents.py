"""Tables to people: one row per person, whether the table has one row per person, per rater or per
rating."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from typing import Literal

import polars as pl

from inputs.files.sheets import Sheet
from inputs.roster import Issue
from inputs.tables.layout import Column, Table
from inputs.words.lexicon import RATER_UNKNOWN
from inputs.words.texts import UNSEEN

Shape = Literal["wide", "long", "rater rows", "people", "other"]
KEYS = ("employee_id", "email", "employee_name")
"""What can tell people apart, the best first."""
_KEY = " key"
"""No header begins with a space."""


@dataclass(frozen=True)
class SourceColumn:
    """One column of values, with the place that each came from."""

    role: str
    header: str
    table: Table
    letter: str
    why: str
    cells: pl.Series
    rows: pl.Series | None = None
    """The row number of each cell; None when it is the person's own row."""
    scale: tuple[Decimal, Decimal] | None = None

    @cached_property
    def texts(self) -> pl.Series:
        """The cells as tidied texts."""
        return text_of(self.cells)

    @property
    def sheet(self) -> Sheet:
        """The sheet, or the first of those that were read as one list."""
        return self.table.sheet


@dataclass(frozen=True)
class Exclusion:
    """Why one person cannot be assessed."""

    at: int
    kind: str
    problem: str
    remedy: str
    role: str | None = "employee_id"
    """The column at fault; None for the whole row."""


@dataclass(frozen=True)
class TableContent:
    """What one table says about people."""

    table: Table
    key: str
    """The role that tells people apart."""
    keys: pl.Series
    """Tidied (String); null where the row has none."""
    rows: pl.Series
    """The number of each person's row: of the first one where a person has several."""
    columns: Mapping[str, SourceColumn]
    issues: tuple[Issue, ...] = ()
    questions: tuple[str, ...] = ()
    exclusions: tuple[Exclusion, ...] = ()
    compared: pl.DataFrame | None = field(default=None, repr=False)
    """The cells by which rows with the same key are compared; None when rows were put together."""

    @property
    def has_ratings(self) -> bool:
        """Whether it holds ratings of competencies."""
        return any(is_rating(role) for role in self.columns)


def is_rating(role: str) -> bool:
    """Whether a role is a rating of a competency by a known rater."""
    return role.count(":") == 1 and not role.startswith(("comment", "rater_unknown"))


def is_comment(role: str) -> bool:
    """Whether a role is a comment by a known rater."""
    return role.startswith("comment:")


def shape_of(table: Table) -> Shape:
    """What one row of a table stands for."""
    roles = table.by_role
    if "competency" in roles and roles.keys() & {"rating", "self_rating", "manager_rating"}:
        return "long"
    if roles.keys() & {"rater", "relationship", "ratee_role"} and any(
        role.startswith(RATER_UNKNOWN) for role in roles
    ):
        return "rater rows"
    if any(is_rating(role) or role.startswith(RATER_UNKNOWN) for role in roles):
        return "wide"
    return "people" if "level" in roles else "other"


def key_role(table: Table) -> str | None:
    """The best column to tell people apart, or None when the table has none."""
    if "employee_name" not in table.by_role and {"first_name", "last_name"} <= table.by_role.keys():
        return next((role for role in KEYS if role in table.by_role), "employee_name")
    return next((role for role in KEYS if role in table.by_role), None)


def source_column_of(
    table: Table, column: Column, cells: pl.Series, rows: pl.Series | None = None
) -> SourceColumn:
    """A column with the names of a column."""
    role = column.role or ""
    return SourceColumn(role, column.header, table, column.letter, column.why, cells, rows, column.scale)


def unused_columns(part: TableContent) -> dict[str, pl.Series]:
    """The columns that are taken for nothing, by header, one cell for each person of the part.

    Where a person has several rows, a column that differs between them says nothing of the person.
    """
    table = part.table
    letters: dict[str, str] = {}
    for column in table.columns:
        if column.role is None and column.header:
            twice = column.header in letters
            letters[f"{column.header} ({column.letter})" if twice else column.header] = column.letter
    if part.compared is not None:
        return {header: table.cells[letter].alias(header) for header, letter in letters.items()}
    if part.key not in table.by_role or not letters:
        return {}
    keys = text_of(table.cells[table.by_role[part.key].letter]).alias(_KEY)
    grouped = (
        pl.DataFrame([keys, *(table.cells[letter].alias(header) for header, letter in letters.items())])
        .drop_nulls(_KEY)
        .group_by(_KEY)
    )
    values = grouped.agg(pl.all().drop_nulls().unique())
    steady = [header for header in letters if not (values[header].list.len() > 1).any()]
    first = values.select(_KEY, *(pl.col(header).list.first() for header in steady))
    found = part.keys.alias(_KEY).to_frame().join(first, on=_KEY, how="left", maintain_order="left")
    return {header: found[header] for header in steady}


def full_name(columns: Mapping[str, SourceColumn]) -> dict[str, SourceColumn]:
    """The name, where the table has the first and the last name in two columns."""
    first, last = columns.get("first_name"), columns.get("last_name")
    if "employee_name" in columns or first is None or last is None:
        return {}
    both = pl.select(
        pl.concat_str(text_of(first.cells), text_of(last.cells), separator=" ", ignore_nulls=True)
    ).to_series()
    return {"employee_name": replace(first, role="employee_name", cells=both, why="first and last name")}


def text_of(cells: pl.Series) -> pl.Series:
    """A column of texts: tidied, null where there is none."""
    if cells.dtype != pl.String:
        cells = cells.cast(pl.String)
    # Most texts are tidy already: only those with anything but plain words and single spaces are touched.
    odd = cells.str.contains(r"[^\x20-\x7e]|^ | $|  |^$").fill_null(value=False)
    if not odd.any():
        return cells
    at = odd.arg_true()
    # What `readings.tidy` does to one text, for all of them at once.
    plain = cells.gather(at).str.normalize("NFKC").str.replace_all(f"[{UNSEEN}]", "")
    spaced = plain.str.replace_all(r"[\s\x1c-\x1f]+", " ").str.strip_chars(" ")
    return cells.clone().scatter(at, spaced.set(spaced == "", None))
