"""What a file lacks altogether, and the one thing to do about it: rows, ratings, levels."""

from collections.abc import Iterator, Sequence

import polars as pl

from inputs.asked import mapped
from inputs.fields import COMPETENCY, LEVEL, RATERS, RATING_BY
from inputs.phrases import few, join
from inputs.roster import FaultyFileError, InputError
from inputs.tables.columns.people_columns import NOT_LEVELS, several_each
from inputs.tables.joining.titles import level_above, of_nobody
from inputs.tables.layout import Column, Table
from inputs.tables.values import are_levels, hold_numbers, range_of
from inputs.words.lexicon import OVERALL_RATING
from inputs.words.names import Names

_AN_EXAMPLE = (
    "Ratings need two columns per competency, such as 'Communication (self)' and 'Communication (manager)', "
    "or a column each for competency, rater and rating. `readiness template` writes a workbook with all of "
    "them."
)


def without_rows(tables: Sequence[Table]) -> str:
    """The message for tables without a row below the header."""
    where = few([f"{table.place}, header in row {table.header_row}" for table in tables], 3, "; ")
    return f"{where}: there are no rows below the header. Is it the right file?"


def without_ratings(tables: Sequence[Table]) -> str:
    """The message for tables in which no column is a rating of a competency."""
    overall = {table: found for table in tables if (found := list(_overall_ratings(table)))}
    named = [table for table in overall if COMPETENCY not in table.by_role]
    if len(named) > 1:
        return _of_titles(named)
    if named:
        of_what = [column for column in named[0].unknown if several_each(named[0], column)]
        return _of_what(named[0], of_what[0]) if of_what else _overall_only(named[0], overall[named[0]])
    for table in tables:
        candidates = [column for column in table.columns if _may_be_the_rating(table, column)]
        if COMPETENCY in table.by_role and candidates:
            return _which_rating(table, candidates)
    return f"No column with ratings was found. Columns seen in {_seen(tables)}. {_AN_EXAMPLE}"


def _of_titles(tables: Sequence[Table]) -> str:
    """The message for several tables that may each be of the competency that its title names."""
    names = join([f"'{table.full_name}'" for table in tables], most=4)
    return (
        f"{tables[0].sheet.file}: {names} each hold ratings, and no column says of which competency. If each "
        "is of the competency that its title names, put them into one list: the rows of all of them, with "
        "the title in a column 'Competency'. If they are overall ratings, nobody can be assessed by them: "
        "ask for the ratings of each competency."
    )


def _overall_ratings(table: Table) -> Iterator[Column]:
    """The columns with one overall rating for each person."""
    for column in table.columns:
        is_overall = column.role in RATING_BY.values() or (
            column.role is None and column.why == OVERALL_RATING
        )
        if is_overall and hold_numbers(table, column):
            yield column


def _of_what(table: Table, column: Column) -> str:
    """The message for a table with several ratings of each person, each of something that is not known."""
    values = few([f"'{text}'" for text in table.texts_of(column).drop_nulls().unique().sort()], 3)
    return (
        f"{table.place} holds several ratings of each person, and no column is known to say of which "
        f"competency each is. If it is '{column.header}' (column {column.letter}: {values}), say so in a "
        f"mapping: {column.mapped_as('competency')}. What it calls the competencies is asked then."
    )


def _overall_only(table: Table, overall: Sequence[Column]) -> str:
    by = {RATING_BY[rater].name: rater for rater in RATERS}
    whose = {column.letter: by.get("" if column.role is None else column.role.name) for column in overall}
    listed = few(
        [f"'{column.header}' (column {column.letter}, {range_of(table, column)})" for column in overall], 4
    )
    answers = mapped((one.header, f'"performance:{whose[one.letter] or "?"}"') for one in overall[:2])
    return (
        f"{table.place} holds overall ratings only: {listed}, and no rating of a competency. The rules work "
        "on competencies, so nobody can be assessed by it. Ask for the ratings of each competency; or take "
        "a rule pack with one competency for the whole, `performance` say (`readiness pack new`), and say "
        f"in a mapping which column is whose: `columns: {answers}`. Then the report shows how far "
        f"person and manager agree."
    )


def _may_be_the_rating(table: Table, column: Column) -> bool:
    unknown = column.role is None and column.why in ("", NOT_LEVELS) and bool(column.header)
    return (unknown or column.role is LEVEL) and hold_numbers(table, column)


def _which_rating(table: Table, candidates: Sequence[Column]) -> str:
    listed = " or ".join(
        f"'{column.header}' (column {column.letter}, {range_of(table, column)})" for column in candidates[:4]
    )
    looks = "looks like it" if len(candidates) == 1 else "could be it"
    return (
        f"{table.place}, row {table.header_row}: which column holds the rating of each row? {listed} "
        f"{looks}. Say it in a mapping: {candidates[0].mapped_as('rating')}."
    )


def without_level(tables: Sequence[Table], levels: Names) -> InputError:
    """The error of tables without a column of levels: those whose values are levels, if there are any."""
    for table in tables:
        found = [column for column in table.unknown if are_levels(table, column, levels)]
        if found:
            return InputError(_which_level(table, found))
    for table in tables:
        bare = [one.letter for one in table.columns if not one.header and are_levels(table, one, levels)]
        if bare:
            return FaultyFileError(
                f"{table.place}: column {bare[0]} holds levels of the rule pack and has no header in row "
                f"{table.header_row}. Write 'Level' there."
            )
        above = level_above(table, levels)
        if above is not None:
            return FaultyFileError(
                f"{table.place}: the level is above the table ('{above[1]}' in {above[0]}), as in a form "
                "for one person. Put all people into one list, in which every row says whom it is about and "
                "on which level they are: 'Employee ID', 'Level' and the columns of the table."
                f"{_by_titles(tables)}"
            )
    titled = [f"'{table.full_name}'" for table in tables if levels.id_of(table.title) is not None]
    if titled:
        are = "is" if len(titled) == 1 else "are"
        return FaultyFileError(
            f"No column says at which level people are, but {join(titled, most=4)} {are} named after levels. "
            "Write a column 'Level' into each, with that level in every row; several of them are then read "
            "as one list with `--all-sheets` (in a mapping: `sheets: all`)."
        )
    return InputError(
        f"No column with the level was found. Columns seen in {_seen(tables)}. Name the column 'Level', or "
        f"say which one it is in a mapping (`readiness inspect --write-mapping`).{_by_titles(tables)}"
    )


def _by_titles(tables: Sequence[Table]) -> str:
    """What helps where several tables do not say whom they are about."""
    titled = of_nobody(tables)
    if len(titled) < 2:
        return ""
    return (
        f" If each of the {len(titled)} tables is about the person whom its title names, such as "
        f"'{titled[0].title}', it is enough to add a sheet with the columns 'Name' and 'Level', and a "
        "row for each of them."
    )


def _which_level(table: Table, found: Sequence[Column]) -> str:
    column = found[0]
    first = table.cells[column.letter].drop_nulls().cast(pl.String)[0]
    named = [one.called for one in found]
    if len(found) > 1:
        return (
            f"{table.place}: no column is named as the level, but {join(named)} hold levels of the rule "
            "pack. Say in a mapping which of them is the level that people are in now: "
            '`columns: {"...": level}`.'
        )
    return (
        f"{table.place}: no column is named as the level, but {named[0]} holds levels of the rule pack, "
        f"such as '{first[:40]}'. If it is the level that people are in now, say so in a mapping: "
        f"{column.mapped_as('level')}."
    )


def _seen(tables: Sequence[Table]) -> str:
    return few([f"{table.place}, row {table.header_row}: {table.seen}" for table in tables], 3, "; ")
