"""What a table says about people, a row per person, whether its rows are people, raters or single ratings."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

import polars as pl

from inputs import fields
from inputs.asked import Asked
from inputs.fields import KEYS, KEYS_OF_RATERS, Field, OpenRating, RatingOf, Role, is_rating
from inputs.files.sheets import Sheet
from inputs.roster import Issue
from inputs.tables.layout import Column, Table
from inputs.tables.open_words import OpenWord
from inputs.words.texts import text_of

Shape = Literal["wide", "long", "rater rows", "people", "other"]
IDENTITY = (fields.EMPLOYEE_NAME, fields.LEVEL)
"""What must not differ between rows about one person."""
RATINGS = (fields.RATING, fields.SELF_RATING, fields.MANAGER_RATING)
"""Ratings of the competency that another column of the row names."""
RATERS_OF_ROWS = (fields.RATER, fields.RELATIONSHIP, fields.RATEE_ROLE)
"""What says who gave the ratings of a row, the best first."""
SAY_WHO_RATED = frozenset((*RATERS_OF_ROWS, *KEYS_OF_RATERS, fields.RATER_LAST_NAME))
"""With one of these, rows say who gave their ratings."""
BY_OTHERS_SCHEMA: dict[str, pl.DataType] = {
    "key": pl.String(),
    "competency": pl.String(),  # its id or title
    "text": pl.String(),
}
_KEY = " key"
"""No header begins with a space."""


@dataclass(frozen=True, kw_only=True)
class SourceColumn(Column):
    """One column of values, with the place that each came from."""

    role: Role
    table: Table
    cells: pl.Series
    rows: pl.Series | None = None
    """The row number of each cell; None when it is the person's own row."""

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
    role: Field | None = fields.EMPLOYEE_ID
    """The column at fault; None for the whole row."""


def sum_of_others(at: int, told: str) -> Exclusion:
    """A row that sums up others, as a text in it says."""
    problem = f"The row is about other rows or the columns ('{told[:40]}'); it is not a person."
    return Exclusion(at, "totals_row", problem, "Nothing to do.", None)


def remark(at: int, text: str) -> Exclusion:
    """A row that holds a text and nothing of a person."""
    problem = f"The row holds only a remark ('{text[:60]}'); it is not a person."
    return Exclusion(at, "remark_row", problem, "Nothing to do.", None)


@dataclass(frozen=True)
class TableContent:
    """What one table says about people."""

    table: Table
    key: Field
    """The field that tells people apart."""
    keys: pl.Series
    """Tidied (String); null where the row has none."""
    rows: pl.Series
    """The number of each person's row: of the first one where a person has several."""
    columns: Mapping[Role, SourceColumn]
    issues: tuple[Issue, ...] = ()
    questions: tuple[Asked, ...] = ()
    exclusions: tuple[Exclusion, ...] = ()
    open_words: tuple[OpenWord, ...] = ()
    compared: pl.DataFrame | None = field(default=None, repr=False)
    """The cells by which rows with the same key are compared; None when rows were put together."""
    others: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=BY_OTHERS_SCHEMA), repr=False)
    """What raters gave who are neither the person nor the manager: `BY_OTHERS_SCHEMA`."""

    def texts(self, role: Role) -> pl.Series:
        """The cells of a role as tidied texts; nulls when there is none."""
        if role in self.columns:
            return self.columns[role].texts
        return pl.Series(role.name, dtype=pl.String).clear(len(self.rows))

    def repeated(self, keys: pl.Series) -> Iterator[tuple[str, list[int], int]]:
        """The keys that several rows have, with these rows and in how many ways they are filled; none where
        rows were put together."""
        shared = keys.is_duplicated() & keys.is_not_null()
        if self.compared is None or not shared.any():
            return
        cells = self.compared.filter(shared)
        rows = cells.with_columns(_key=keys.filter(shared), _at=shared.arg_true())
        groups = rows.group_by("_key", maintain_order=True)
        yield from groups.agg("_at", _different=pl.struct(cells.columns).n_unique()).iter_rows()

    @property
    def has_ratings(self) -> bool:
        """Whether it holds ratings of competencies."""
        return any(map(is_rating, self.columns))


def holds_ratings(role: Role | None) -> bool:
    """Whether a column that is taken for this holds ratings, by whomever."""
    return isinstance(role, RatingOf) or role in RATINGS


def shape_of(table: Table) -> Shape:
    """What one row of a table is."""
    roles = table.by_role
    if fields.COMPETENCY in roles and roles.keys() & set(RATINGS):
        return "long"
    if roles.keys() & SAY_WHO_RATED and any(
        isinstance(role, RatingOf) and role.rater is None for role in roles
    ):
        return "rater rows"
    if any(isinstance(role, RatingOf | OpenRating) for role in roles):
        return "wide"
    return "people" if fields.LEVEL in roles else "other"


def rated_by(table: Table) -> set[Role]:
    """What a table rates: the competencies and raters of its columns, or that its rows name them; nothing of
    which neither is known."""
    return {
        role
        for role in table.by_role
        if holds_ratings(role)
        or (isinstance(role, OpenRating) and not role.is_comment and (role.competency or role.rater))
    }


def columns_of_people(table: Table) -> list[Column]:
    """The columns that say whom a row is about: `Employee`, in whatever way, then the best."""
    return [table.by_role[role] for role in (fields.EMPLOYEE, *KEYS) if role in table.by_role]


def key_field(table: Table, among: Collection[Field] = KEYS) -> Field | None:
    """The best field to tell people apart, or None when the table has none."""
    return next((key for key in keys_of(table) if key in among), None)


def keys_of(table: Table) -> tuple[Field, ...]:
    """The fields that can tell a table's people apart, the best first."""
    roles = set(table.by_role)
    if roles >= {fields.FIRST_NAME, fields.LAST_NAME}:
        roles.add(fields.EMPLOYEE_NAME)
    return tuple(key for key in KEYS if key in roles)


def source_column(
    table: Table, column: Column, role: Role, why: str, cells: pl.Series, rows: pl.Series | None = None
) -> SourceColumn:
    """A column of a table with values, taken for what they say."""
    return SourceColumn(**vars(replace(column, role=role, why=why)), table=table, cells=cells, rows=rows)


def source_columns(table: Table) -> dict[Role, SourceColumn]:
    """The columns that are taken for something. The first and the last name are the name too, and the date of
    a rating is that of the review, where those have no column of their own."""
    found = dict[Role, SourceColumn]()
    for role, column in table.by_role.items():
        rows = table.rows_in(column.letter, table.rows)
        own = None if rows is table.rows else rows
        found[role] = source_column(table, column, role, column.why, table.cells[column.letter], own)
    for role, *halves in (of[2:] for of in (fields.OF_EMPLOYEE, fields.OF_MANAGER, fields.OF_RATER)):
        first, last = map(found.get, halves)
        if role not in found and first is not None and last is not None:
            both = pl.concat_str(first.texts, last.texts, separator=" ", ignore_nulls=True)
            whole = text_of(pl.select(both).to_series())
            found[role] = replace(first, role=role, cells=whole, why="first and last name")
    if fields.DATE in found and fields.REVIEW_DATE not in found:
        found[fields.REVIEW_DATE] = replace(found[fields.DATE], role=fields.REVIEW_DATE)
    return found


def raters_named(table: Table) -> dict[Field, SourceColumn]:
    """The columns that name who rated, the best first."""
    found = source_columns(table) if table.by_role.keys() & SAY_WHO_RATED else {}
    return {role: found[role] for role in KEYS_OF_RATERS if role in found}


def unused_columns(content: TableContent) -> dict[str, pl.Series]:
    """The columns that are taken for nothing, by header, one cell for each person.

    Where a person has several rows, a column that differs between them says nothing of the person.
    """
    table = content.table
    letters: dict[str, str] = {}
    for column in table.unknown:
        twice = column.header in letters
        letters[f"{column.header} ({column.letter})" if twice else column.header] = column.letter
    if content.compared is not None:
        return {header: table.cells[letter].alias(header) for header, letter in letters.items()}
    if content.key not in table.by_role or not letters:
        return {}
    keys = table.texts(content.key).alias(_KEY)
    grouped = (
        pl.DataFrame([keys, *(table.cells[letter].alias(header) for header, letter in letters.items())])
        .drop_nulls(_KEY)
        .group_by(_KEY)
    )
    values = grouped.agg(pl.all().drop_nulls().unique())
    steady = [header for header in letters if not (values[header].list.len() > 1).any()]
    first = values.select(_KEY, *(pl.col(header).list.first() for header in steady))
    found = content.keys.alias(_KEY).to_frame().join(first, on=_KEY, how="left", maintain_order="left")
    return {header: found[header] for header in steady}
