"""Columns that could mean more than one thing: resolved by their values where those decide, else asked."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import polars as pl

from inputs import fields
from inputs.fields import BY, RATERS, RATING_BY, CommentOn, Field, Rater, RatingOf, Role
from inputs.phrases import few
from inputs.roster import Issue, Severity
from inputs.tables.layout import Column, Table
from inputs.tables.leftovers import second_headers, similar_columns
from inputs.words.lexicon import Lexicon
from inputs.words.names import Names
from inputs.words.texts import tidy

_MOST = 0.5
"""The share of values from which a column is taken for what they are."""


@dataclass(frozen=True)
class ResolvedColumns:
    """A table whose columns mean one thing each, as far as its values decide it."""

    table: Table
    issues: tuple[Issue, ...]
    questions: tuple[str, ...]
    """What only a person can answer; the work cannot go on with any left."""
    asked: frozenset[str]
    """Letters of the columns that the questions are about."""


def resolve_columns(
    table: Table, lexicon: Lexicon, levels: Names, *, confirmed: bool = False
) -> ResolvedColumns:
    """Gives every column the one meaning that its values show, and collects what remains to be asked.

    With `confirmed`, a person said what the columns are: nothing is resolved by values.
    """
    if not confirmed:
        table = _half_names(_names_or_ids(table, lexicon))
        table = _managers(_raters_of_title(_levels(table, levels), lexicon))
    found = _Found()
    table = _one_column_per_role(table, found)
    table = _ratings_without_rater(table, found)
    if not confirmed:
        found.issues += similar_columns(table, lexicon)
    found.questions += second_headers(table, lexicon)
    return ResolvedColumns(table, tuple(found.issues), tuple(found.questions), frozenset(found.asked))


class _Found:
    """Collects issues and questions, and which columns are not used after all."""

    def __init__(self) -> None:
        self.issues: list[Issue] = []
        self.questions: list[str] = []
        self.asked: set[str] = set()
        self.unused: dict[str, str] = {}
        """Letter to the reason."""

    def put_aside(self, table: Table, column: Column, why: str, shown: str | None = None) -> None:
        """Notes that a column is not used; `shown` says why in the inspection, where that is shorter."""
        self.unused[column.letter] = shown or why
        self.issues.append(
            table.sheet.issue(
                "column_not_used",
                Severity.NOTE,
                f"The column '{column.header}' was not used: {why}.",
                "Nothing to do if that is right; else say in a mapping what it is.",
                column=column.letter,
                header=column.header,
            )
        )

    def left_in(self, table: Table) -> Table:
        """The table without the columns that are not used."""
        return _replaced(
            table,
            lambda column: (
                replace(column, role=None, why=self.unused[column.letter])
                if column.letter in self.unused
                else column
            ),
        )


def _replaced(table: Table, change: Callable[[Column], Column]) -> Table:
    return table.with_columns([change(column) for column in table.columns])


def _names_or_ids(table: Table, lexicon: Lexicon) -> Table:
    """`Employee` is an id or a name, `Reviewer` a kind of rater or a name: as the values are."""

    def names_rater(text: str) -> bool:
        return lexicon.rater(text) is not None

    def resolved(column: Column) -> Column:
        if column.role is fields.EMPLOYEE:
            if _looks_like_id(table.cells[column.letter]) and fields.EMPLOYEE_ID not in table.by_role:
                return replace(column, role=fields.EMPLOYEE_ID, why="its values look like ids", weak=True)
            return replace(column, role=fields.EMPLOYEE_NAME, why="its values look like names", weak=True)
        if column.role is fields.RATER_NAME and _most(table, column, names_rater):
            return replace(column, role=fields.RATER, why="its values say who rated")
        return column

    return _replaced(table, resolved)


def _half_names(table: Table) -> Table:
    """`Nom` beside `Prénom` is the last name, and `Nombre` beside `Apellidos` the first: unless its values
    already hold the other half."""
    whole = table.by_role.get(fields.EMPLOYEE_NAME)
    halves = [field for field in (fields.FIRST_NAME, fields.LAST_NAME) if field in table.by_role]
    if whole is None or len(halves) != 1:
        return table
    half = halves[0]
    other = fields.LAST_NAME if half is fields.FIRST_NAME else fields.FIRST_NAME
    cells = {"whole": table.cells[whole.letter], "half": table.cells[table.by_role[half].letter]}
    lowered = pl.DataFrame(cells).select(pl.all().cast(pl.String).str.to_lowercase()).drop_nulls()
    holds = lowered.select(pl.col("whole").str.contains(pl.col("half"), literal=True)).to_series()
    if holds.is_empty() or holds.sum() > _MOST * len(holds):
        return table
    rest = replace(whole, role=other, why=f"the {other.label}: the {half.label} has a column of its own")
    return _replaced(table, lambda column: rest if column is whole else column)


def _looks_like_id(cells: pl.Series) -> bool:
    """Whether most values are one word with a digit in it."""
    texts = cells.cast(pl.String).drop_nulls().head(1000).str.strip_chars()
    return texts.str.contains(r"^\S*\d\S*$").sum() > _MOST * len(texts)


def _most(table: Table, column: Column, fits: Callable[[str], bool]) -> bool:
    """Whether most of a column's different values fit."""
    texts = table.cells[column.letter].cast(pl.String).drop_nulls().unique().head(2000).to_list()
    texts = [text for text in texts if text.strip()]
    return sum(map(fits, texts)) > _MOST * len(texts)


def _levels(table: Table, levels: Names) -> Table:
    """Of several columns that could hold the level, the only one whose values are levels."""
    candidates = [column for column in table.columns if column.role is fields.LEVEL]
    holding = [column for column in candidates if _holds_levels(table, column, levels)]
    if len(candidates) < 2 or len(holding) != 1:
        return table

    def resolved(column: Column) -> Column:
        if column.role is not fields.LEVEL:
            return column
        if column is holding[0]:
            return replace(column, why=f"{column.why}; its values are levels of the rule pack")
        why = "could be the level, but its values are not levels of the rule pack"
        return replace(column, role=None, why=why)

    return _replaced(table, resolved)


def _holds_levels(table: Table, column: Column, levels: Names) -> bool:
    texts = table.cells[column.letter].cast(pl.String).drop_nulls().unique().head(5000).to_list()
    return any(levels.id_of(tidy(text)) is not None for text in texts)


def _raters_of_title(table: Table, lexicon: Lexicon) -> Table:
    """Ratings without a rater belong to the one that the sheet's, or else the file's, title names."""
    if table.by_role.keys() & {fields.RATER, fields.RELATIONSHIP}:
        return table
    for kind, title in (("sheet", table.sheet.name), ("file", table.sheet.file.rpartition(".")[0])):
        rater = lexicon.rater_of_title(title) if title else None
        if rater is not None:
            why = f"the {kind} is named '{title}'"
            return table.with_columns([_by_title(column, rater, why) for column in table.columns])
    return table


def _by_title(column: Column, rater: Rater, why: str) -> Column:
    role = column.role
    if isinstance(role, RatingOf) and role.rater is None:
        return replace(column, role=replace(role, rater=rater), why=f"by {BY[rater]}: {why}")
    if isinstance(role, CommentOn) and role.rater is None:
        return replace(column, role=replace(role, rater=rater), why=f"comment by {BY[rater]}: {why}")
    if role is fields.RATING:
        return replace(column, role=RATING_BY[rater], why=f"by {BY[rater]}: {why}")
    return column


def _managers(table: Table) -> Table:
    """`Manager` is a name or an id: an id when most of its values are ids of the file or look like ids.
    Beside a column `Self`, in a table with a row per competency, it holds ratings."""
    roles, first = table.by_role.keys(), table.by_role.get(fields.MANAGER)
    if first is None:
        return table
    if roles >= {fields.COMPETENCY, fields.SELF_RATING} and fields.MANAGER_RATING not in roles:
        rated = replace(first, role=fields.MANAGER_RATING, why="ratings by the manager, beside the person's")
        return _replaced(table, lambda column: rated if column is first else column)
    ids = table.values(fields.EMPLOYEE_ID)
    known = set() if ids is None else set(ids.cast(pl.String).drop_nulls().to_list())

    def resolved(column: Column) -> Column:
        if column.role is not fields.MANAGER:
            return column
        are_ids = _most(table, column, known.__contains__) or _looks_like_id(table.cells[column.letter])
        role = fields.MANAGER_ID if are_ids else fields.MANAGER_NAME
        if role in table.by_role:
            return replace(column, role=None, why=f"the file has a clearer column for the {role.label}")
        return replace(column, role=role, why="its values are ids" if are_ids else "its values are names")

    return _replaced(table, resolved)


def _one_column_per_role(table: Table, found: _Found) -> Table:
    """Of several columns for one thing: the clearer one, one of equals, or a question."""
    rivals: defaultdict[Role, list[Column]] = defaultdict(list)
    for column in table.columns:
        if column.role is not None:
            rivals[column.role].append(column)
    for role, columns in rivals.items():
        clear = [column for column in columns if not column.weak] or columns
        chosen = clear[0]
        if len(clear) > 1 and _matters(role, table) and not _all_equal(table, clear):
            both = " and ".join(f"'{column.header}' (column {column.letter})" for column in clear)
            found.questions.append(f"{table.place}: {both} could both be the {role.label}. Which one is it?")
            found.asked.update(column.letter for column in clear)
        why = f"column {chosen.letter} ('{chosen.header}') is read as the {role.label}"
        for column in columns:
            if column is not chosen:
                found.put_aside(table, column, why)
    return found.left_in(table)


def _matters(role: Role, table: Table) -> bool:
    """Whether a person has to say which of several columns is meant."""
    if not isinstance(role, Field):
        return True
    return not role.first_counts and (role.use != "rating" or fields.COMPETENCY in table.by_role)


def _all_equal(table: Table, columns: Sequence[Column]) -> bool:
    first = table.cells[columns[0].letter]
    return all(first.equals(table.cells[column.letter], check_names=False) for column in columns[1:])


def _ratings_without_rater(table: Table, found: _Found) -> Table:
    """Ratings of a competency that do not say whose they are: put aside when both raters have their own."""
    if table.by_role.keys() & {fields.RATER, fields.RELATIONSHIP}:
        return table
    short = "does not say who rated or wrote it"
    nobodys = []
    for column in table.columns:
        role = column.role
        if isinstance(role, CommentOn) and role.rater is None:
            why = "it does not say whether the person or the manager wrote it"
            found.put_aside(table, column, why, short)
        elif isinstance(role, RatingOf) and role.rater is None:
            if all(replace(role, rater=rater) in table.by_role for rater in RATERS):
                why = "self and manager have their own columns for this competency"
                found.put_aside(table, column, why, short)
            else:
                nobodys.append(f"'{column.header}' (column {column.letter})")
                found.asked.add(column.letter)
    if nobodys:
        found.questions.append(
            f"{table.place}: whose ratings are {few(nobodys, 3)}: the person's own or the manager's? Name "
            "the columns such as 'Communication (manager)'."
        )
    return found.left_in(table)
