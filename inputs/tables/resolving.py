"""Columns that could mean more than one thing: resolved by their values where those decide, else asked."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import polars as pl

from inputs.roster import RATERS, Issue, Rater, Severity, comment_column, rating_column
from inputs.tables.layout import Column, Table
from inputs.tables.leftovers import second_headers, similar_columns
from inputs.words.levels import LevelNames
from inputs.words.lexicon import BY, COMMENT_RATER_UNKNOWN, RATER_UNKNOWN, Lexicon
from inputs.words.roles import said_role
from inputs.words.texts import tidy

SOFT_FIELDS = frozenset(
    [
        "department", "employee_name", "first_name", "last_name", "manager_name", "email", "specialisation",
        "hire_date", "date", "status", "leaving_date", "rater_name", "rating_comment",
    ]
)  # fmt: skip
"""Fields of which the first of several columns is taken, with a note: no recommendation rests on them."""
LONG_FIELDS = frozenset(
    ["competency", "rater", "relationship", "rating", "self_rating", "manager_rating", "cycle", "rater_id"]
)
"""Fields that matter only where each row is one rating."""
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
    table: Table, lexicon: Lexicon, names: LevelNames, *, confirmed: bool = False
) -> ResolvedColumns:
    """Gives every column the one meaning that its values show, and collects what remains to be asked.

    With `confirmed`, a person said what the columns are: nothing is resolved by values.
    """
    for step in () if confirmed else (_names_or_ids, _half_names, _levels, _raters_of_title, _manager):
        table = step(table, lexicon, names)
    issues: list[Issue] = []
    questions: list[str] = []
    asked: set[str] = set()
    table = _one_column_per_role(table, issues, questions, asked)
    table = _ratings_without_rater(table, issues, questions, asked)
    if not confirmed:
        issues += similar_columns(table, lexicon)
    questions += second_headers(table, lexicon)
    return ResolvedColumns(table, tuple(issues), tuple(questions), frozenset(asked))


def _replaced(table: Table, change: Callable[[Column], Column]) -> Table:
    return table.with_columns([change(column) for column in table.columns])


def _names_or_ids(table: Table, lexicon: Lexicon, names: LevelNames) -> Table:  # noqa: ARG001
    """`Employee` is an id or a name, `Reviewer` a kind of rater or a name: as the values are."""

    def resolved(column: Column) -> Column:
        if column.role == "employee":
            looks = _looks_like_id(table.cells[column.letter])
            role = "employee_id" if looks and "employee_id" not in table.by_role else "employee_name"
            why = "its values look like ids" if role == "employee_id" else "its values look like names"
            return replace(column, role=role, why=why, weak=True)
        if column.role == "rater_name" and _share(
            table, column, lambda text: lexicon.rater(text) is not None
        ):
            return replace(column, role="rater", why="its values say who rated")
        return column

    return _replaced(table, resolved)


def _half_names(table: Table, lexicon: Lexicon, names: LevelNames) -> Table:  # noqa: ARG001
    """`Nom` beside `Prénom` is the last name, and `Nombre` beside `Apellidos` the first: unless its values
    already hold the other half."""
    present = table.by_role.keys() & {"first_name", "last_name"}
    whole = table.by_role.get("employee_name")
    if len(present) != 1 or whole is None:
        return table
    half = next(iter(present))
    other = "last_name" if half == "first_name" else "first_name"
    frame = pl.DataFrame(
        {
            "whole": table.cells[whole.letter].cast(pl.String),
            "half": table.cells[table.by_role[half].letter].cast(pl.String),
        }
    ).drop_nulls()
    if frame.is_empty() or float(frame.select(_holds_half()).to_series().mean() or 0) > _MOST:  # type: ignore[arg-type]
        return table
    why = f"the {said_role(other)}: the {said_role(half)} has a column of its own"
    return _replaced(
        table, lambda column: replace(column, role=other, why=why) if column is whole else column
    )


def _holds_half() -> pl.Expr:
    return pl.col("whole").str.to_lowercase().str.contains(pl.col("half").str.to_lowercase(), literal=True)


def _looks_like_id(cells: pl.Series) -> bool:
    """Whether most values are one word with a digit in it."""
    texts = cells.cast(pl.String).drop_nulls().head(1000).str.strip_chars()
    return bool(len(texts)) and float((texts.str.contains(r"^\S*\d\S*$")).mean() or 0) > _MOST  # type: ignore[arg-type]


def _share(table: Table, column: Column, fits: Callable[[str], bool]) -> bool:
    """Whether most of a column's different values fit."""
    texts = table.cells[column.letter].cast(pl.String).drop_nulls().unique().head(2000).to_list()
    texts = [text for text in texts if text.strip()]
    return bool(texts) and sum(fits(text) for text in texts) / len(texts) > _MOST


def _levels(table: Table, lexicon: Lexicon, names: LevelNames) -> Table:  # noqa: ARG001
    """Of several columns that could hold the level, the only one whose values are levels."""
    candidates = [column for column in table.columns if column.role == "level"]
    known = {column.letter: _known_levels(table, column, names) for column in candidates}
    holding = [place for place, count in known.items() if count]
    if len(candidates) < 2 or len(holding) != 1:
        return table

    def resolved(column: Column) -> Column:
        if column.role != "level":
            return column
        if column.letter in holding:
            return replace(column, why=f"{column.why}; its values are levels of the rule pack")
        return replace(
            column, role=None, why="could be the level, but its values are no levels of the rule pack"
        )

    return _replaced(table, resolved)


def _known_levels(table: Table, column: Column, names: LevelNames) -> int:
    texts = table.cells[column.letter].cast(pl.String).drop_nulls().unique().head(5000).to_list()
    return sum(names.level(tidy(text)) is not None for text in texts)


def _raters_of_title(table: Table, lexicon: Lexicon, names: LevelNames) -> Table:  # noqa: ARG001
    """Ratings without a rater belong to the one that the sheet's, or else the file's, title names."""
    if "rater" in table.by_role or "relationship" in table.by_role:
        return table
    stem = table.sheet.file.rpartition(".")[0]
    for title, kind in ((table.sheet.name, "sheet"), (stem, "file")):
        rater = lexicon.rater_of_title(title) if title else None
        if rater is not None:
            return _replaced(table, lambda column: _by_title(column, rater, f"the {kind} is named '{title}'"))  # noqa: B023
    return table


def _by_title(column: Column, rater: Rater, why: str) -> Column:
    role = column.role or ""
    if role.startswith(RATER_UNKNOWN):
        return replace(
            column, role=rating_column(role.removeprefix(RATER_UNKNOWN), rater), why=f"by {BY[rater]}: {why}"
        )
    if role.startswith(COMMENT_RATER_UNKNOWN):
        name = rating_column(role.removeprefix(COMMENT_RATER_UNKNOWN), rater)
        return replace(column, role=comment_column(name), why=f"comment by {BY[rater]}: {why}")
    if role == "rating":
        return replace(column, role=f"{rater}_rating", why=f"by {BY[rater]}: {why}")
    return column


def _manager(table: Table, lexicon: Lexicon, names: LevelNames) -> Table:  # noqa: ARG001
    """`Manager` is a name or an id: an id when most of its values are ids of the file or look like ids.
    Beside a column `Self`, in a table with a row per competency, it holds ratings."""
    columns = [column for column in table.columns if column.role == "manager"]
    if not columns:
        return table
    if {"competency", "self_rating"} <= table.by_role.keys() and "manager_rating" not in table.by_role:
        why = "ratings by the manager, beside those of the person"
        first = columns[0]
        return _replaced(
            table,
            lambda column: replace(column, role="manager_rating", why=why) if column is first else column,
        )
    ids = table.values("employee_id")
    known = set() if ids is None else set(ids.cast(pl.String).drop_nulls().to_list())

    def resolved(column: Column) -> Column:
        if column.role != "manager":
            return column
        are_ids = _share(table, column, lambda text: text in known) or _looks_like_id(
            table.cells[column.letter]
        )
        role = "manager_id" if are_ids else "manager_name"
        if role in table.by_role:
            return replace(column, role=None, why=f"the file has a clearer column for the {said_role(role)}")
        return replace(column, role=role, why="its values are ids" if are_ids else "its values are names")

    return _replaced(table, resolved)


def _one_column_per_role(table: Table, issues: list[Issue], questions: list[str], asked: set[str]) -> Table:
    """Of several columns for one thing: the clearer one, one of equals, or a question."""
    rivals: defaultdict[str, list[Column]] = defaultdict(list)
    for column in table.columns:
        if column.role is not None:
            rivals[column.role].append(column)
    put_aside: dict[str, str] = {}
    for role, columns in rivals.items():
        if len(columns) == 1:
            continue
        clear = [column for column in columns if not column.weak] or columns
        chosen = clear[0]
        matters = (
            role in LONG_FIELDS and "competency" in table.by_role
        ) or role not in SOFT_FIELDS | LONG_FIELDS
        if len(clear) > 1 and matters and not _all_equal(table, clear):
            both = " and ".join(f"'{column.header}' (column {column.letter})" for column in clear)
            questions.append(f"{table.place}: {both} could both be the {said_role(role)}. Which one is it?")
            asked.update(column.letter for column in clear)
        for column in columns:
            if column is not chosen:
                put_aside[column.letter] = (
                    f"column {chosen.letter} ('{chosen.header}') is read as the {said_role(role)}"
                )
                issues.append(_aside(table, column, put_aside[column.letter]))
    return _replaced(
        table,
        lambda column: (
            replace(column, role=None, why=put_aside[column.letter]) if column.letter in put_aside else column
        ),
    )


def _all_equal(table: Table, columns: Sequence[Column]) -> bool:
    first = table.cells[columns[0].letter]
    return all(first.equals(table.cells[column.letter], check_names=False) for column in columns[1:])


def _ratings_without_rater(table: Table, issues: list[Issue], questions: list[str], asked: set[str]) -> Table:
    """Ratings of a competency that do not say whose they are: put aside when both raters have their own."""
    if "rater" in table.by_role or "relationship" in table.by_role:
        return table
    nobodys = []
    put_aside: set[str] = set()
    for column in table.columns:
        role = column.role or ""
        if role.startswith(COMMENT_RATER_UNKNOWN):
            put_aside.add(column.letter)
            issues.append(_aside(table, column, "it does not say whether the person or the manager wrote it"))
        elif role.startswith(RATER_UNKNOWN):
            competency = role.removeprefix(RATER_UNKNOWN)
            if all(rating_column(competency, rater) in table.by_role for rater in RATERS):
                put_aside.add(column.letter)
                issues.append(
                    _aside(table, column, "self and manager have their own columns for this competency")
                )
            else:
                nobodys.append(f"'{column.header}' (column {column.letter})")
                asked.add(column.letter)
    if nobodys:
        few = ", ".join(nobodys[:3]) + (f" and {len(nobodys) - 3} more" if len(nobodys) > 3 else "")
        questions.append(
            f"{table.place}: whose ratings are {few}: the person's own or the manager's? "
            "Name the columns such as 'Communication (manager)'."
        )
    return _replaced(
        table,
        lambda column: (
            replace(column, role=None, why="does not say who rated or wrote it")
            if column.letter in put_aside
            else column
        ),
    )


def _aside(table: Table, column: Column, why: str) -> Issue:
    return Issue(
        "column_not_used",
        Severity.NOTE,
        f"The column '{column.header}' was not used: {why}.",
        "Nothing to do if that is right; else say in a mapping what it is.",
        sheet=table.sheet.name,
        file=table.sheet.named_file,
        column=column.letter,
        header=column.header,
    )
