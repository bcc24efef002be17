"""Columns that could mean more than one thing: settled by their values where those decide, else asked."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import polars as pl

from inputs.layout import Column, Table
from inputs.levels import LevelNames
from inputs.lexicon import BY, COMMENT_RATER_UNKNOWN, RATER_UNKNOWN, Lexicon
from inputs.readings import tidy
from inputs.roster import RATERS, Issue, Rater, Severity, comment_column, rating_column
from inputs.spelling import key

SOFT_FIELDS = frozenset(
    [
        "department", "employee_name", "first_name", "last_name", "manager_name", "email", "speciality",
        "hire_date", "date", "status", "leaving_date", "rater_name", "rating_comment",
    ]
)  # fmt: skip
"""Fields of which the first of several columns is taken, with a note: no recommendation rests on them."""
LONG_FIELDS = frozenset(
    ["competency", "rater", "relationship", "rating", "self_rating", "manager_rating", "cycle", "rater_id"]
)
"""Fields that matter only where each row is one rating."""
_OFTEN = 20
"""Rows from which a text under `Level` that is no header is the level of people."""
_LONGEST_FIELD = 200
"""Bytes up to which a text may be the name of a field."""
_MOST = 0.5
"""The share of values from which a column is taken for what they are."""


@dataclass(frozen=True)
class Settled:
    """A table whose columns mean one thing each, as far as its values decide it."""

    table: Table
    issues: tuple[Issue, ...]
    questions: tuple[str, ...]
    """What only a person can answer; the work cannot go on with any left."""
    asked: frozenset[str]
    """Letters of the columns that the questions are about."""


def settle(table: Table, lexicon: Lexicon, names: LevelNames, *, confirmed: bool = False) -> Settled:
    """Gives every column the one meaning that its values show, and collects what remains to be asked.

    With `confirmed`, a person said what the columns are: nothing is settled by values.
    """
    for step in () if confirmed else (_names_or_ids, _half_names, _levels, _raters_of_title, _manager):
        table = step(table, lexicon, names)
    issues: list[Issue] = []
    questions: list[str] = []
    asked: set[str] = set()
    table = _one_column_per_role(table, issues, questions, asked)
    table = _ratings_without_rater(table, issues, questions, asked)
    if not confirmed:
        issues += _unused(table, lexicon)
    questions += second_headers(table, lexicon)
    return Settled(table, tuple(issues), tuple(questions), frozenset(asked))


def _replaced(table: Table, change: Callable[[Column], Column]) -> Table:
    return table.with_columns([change(column) for column in table.columns])


def _names_or_ids(table: Table, lexicon: Lexicon, names: LevelNames) -> Table:  # noqa: ARG001
    """`Employee` is an id or a name, `Reviewer` a kind of rater or a name: as the values are."""

    def settled(column: Column) -> Column:
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

    return _replaced(table, settled)


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

    def settled(column: Column) -> Column:
        if column.role != "level":
            return column
        if column.letter in holding:
            return replace(column, why=f"{column.why}; its values are levels of the rule pack")
        return replace(
            column, role=None, why="could be the level, but its values are no levels of the rule pack"
        )

    return _replaced(table, settled)


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

    def settled(column: Column) -> Column:
        if column.role != "manager":
            return column
        are_ids = _share(table, column, lambda text: text in known) or _looks_like_id(
            table.cells[column.letter]
        )
        role = "manager_id" if are_ids else "manager_name"
        if role in table.by_role:
            return replace(column, role=None, why=f"the file has a clearer column for the {said_role(role)}")
        return replace(column, role=role, why="its values are ids" if are_ids else "its values are names")

    return _replaced(table, settled)


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


def _unused(table: Table, lexicon: Lexicon) -> list[Issue]:
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


def said_role(role: str) -> str:
    """A role as words in a sentence."""
    if role.startswith("comment:"):
        competency, rater = role.removeprefix("comment:").split(":")
        return f"comment by {BY[_rater(rater)]} on {competency.replace('_', ' ')}"
    if ":" in role:
        competency, rater = role.split(":")
        if rater in RATERS:
            return f"rating of {competency.replace('_', ' ')} by {BY[_rater(rater)]}"
        return f"rating of {rater.replace('_', ' ')}"
    return role.replace("_", " ")


def _rater(text: str) -> Rater:
    return "self" if text == "self" else "manager"
