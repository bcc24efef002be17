"""Sheets and files to one table of people: which are read, and how they are joined."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from inputs import fields
from inputs.fields import Field
from inputs.mapping import RowThatCounts
from inputs.roster import InputError, Issue, Severity
from inputs.tables.contents import TableContent, key_field, keys_of, shape_of, source_columns, unused_columns
from inputs.tables.joining.blank_keys import with_keys
from inputs.tables.joining.choosing import choose
from inputs.tables.joining.joined_tables import JoinedTables
from inputs.tables.joining.left_out import column_of_people
from inputs.tables.joining.one_more import with_table
from inputs.tables.layout import Table
from inputs.tables.raters import Managers, managers_of
from inputs.tables.rows.long import long_content
from inputs.tables.rows.wide import wide_content
from inputs.words.lexicon import Lexicon
from inputs.words.names import Names


def join_tables(
    tables: Sequence[Table],
    lexicon: Lexicon,
    levels: Names,
    day: date,
    *,
    together: bool = False,
    cycle: str | None = None,
    counts: RowThatCounts | None = None,
    not_rated: frozenset[str] = frozenset(),
) -> JoinedTables:
    """The people of the tables that belong together. Raises InputError when there are none.

    With `together`, a person said that tables of one kind are one list; by `counts` which of several rows of
    a person counts; `not_rated` are texts that mean: not rated.
    """
    choice = choose(tables, levels, day, together=together, cycle=cycle)
    first, *rest = choice.tables
    managers = managers_of(choice.tables)
    found = list[Issue]()
    if shape_of(first) in ("long", "rater rows") and (own := key_field(first)) is not None:
        first, found = with_keys(first, own, first)
    main = _content(first, key_field(first), lexicon, levels, day, managers, counts, not_rated)
    others = []
    for table in rest:
        key = key_field(table, keys_of(first))
        if key is None:
            raise InputError(_without_key(table, first))
        keyed, told = with_keys(table, key, first)
        found += told
        others.append(_content(keyed, key, lexicon, levels, day, managers, counts, not_rated))
    joined = JoinedTables(
        **vars(main),
        tables=tuple(choice.tables),
        unused=unused_columns(main),
        earlier=tuple(choice.earlier),
        rivals=tuple(choice.rivals),
    )
    joined = replace(
        joined,
        issues=(*choice.issues, *found, *main.issues, *_told_apart(main, joined=False)),
        questions=(*choice.questions, *main.questions),
    )
    for other in others:
        noted = (*joined.issues, *_told_apart(other, joined=True))
        joined = with_table(replace(joined, issues=noted), other, levels)
    return joined


def _content(
    table: Table,
    key: Field | None,
    lexicon: Lexicon,
    levels: Names,
    day: date,
    managers: Managers,
    counts: RowThatCounts | None,
    not_rated: frozenset[str],
) -> TableContent:
    if key is None:
        raise InputError(
            f"{table.place}, row {table.header_row}: no column says who each row is about. Columns seen: "
            f"{table.seen}. Name one 'Employee ID', or say which one it is in a mapping (`readiness inspect "
            "--write-mapping`)."
        )
    if shape_of(table) in ("wide", "people", "other"):
        return wide_content(table, key, day, counts, not_rated)
    return long_content(table, key, lexicon, levels, day, managers)


def _told_apart(content: TableContent, *, joined: bool) -> Iterator[Issue]:
    """A note of people who are told apart without an id: in the table of the people, or in one that is joined
    to it, where the other may have ids."""
    if content.key not in _KEY_NOTES:
        return
    kind, by, severity, more = _KEY_NOTES[content.key]
    problem = f"There is no employee id; the {by} tells people apart.{more}"
    if joined:
        severity, problem = Severity.NOTE, f"Without an employee id here, people are found by the {by}."
    column, remedy = content.columns[content.key], "Add a column 'Employee ID' if there are ids."
    yield column.sheet.issue(kind, severity, problem, remedy, column=column.letter, header=column.header)


_KEY_NOTES = {
    fields.EMAIL: ("email_as_id", "e-mail address", Severity.NOTE, ""),
    fields.EMPLOYEE_NAME: (
        *("name_as_id", "name", Severity.WARNING),
        " Two people of one name cannot be assessed.",
    ),
}


def _without_key(table: Table, people: Table) -> str:
    """Why a table cannot be joined to that of the people, and what would help."""
    by, remedy = "no column says who each row is about", "Give both tables an employee id"
    if own := keys_of(table):
        header = source_columns(table)[own[0]].header
        by = f"it tells people apart by '{header}', which the other does not have"
        if theirs := keys_of(people):
            by += f"; that one by '{source_columns(people)[theirs[0]].header}'"
        remedy += f", or add the {own[0].label} to the other"
    else:
        remedy += (
            ", or, if all rows are about one person, name the sheet as the other table names that person"
        )
    if found := column_of_people(table, people):
        column, key = found
        remedy = (
            f"{column.called} holds the {key.label} of people there: if it is who "
            f"is rated, say so in a mapping, {column.mapped_as(key.name)}"
        )
    return f"{table.place} cannot be joined to the table of the people, {people.place}: {by}. {remedy}."
