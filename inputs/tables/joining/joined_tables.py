"""Sheets and files to one table of people: which are read, and how they are joined."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import polars as pl

from inputs import fields
from inputs.asked import Asked, ask_about_columns
from inputs.fields import Field, Role, is_rating
from inputs.mapping import RowThatCounts
from inputs.phrases import counted, few
from inputs.roster import Cell, FileSource, InputError, Issue, Severity
from inputs.tables.contents import (
    IDENTITY,
    KEYS,
    Exclusion,
    SourceColumn,
    TableContent,
    key_field,
    keys_of,
    shape_of,
    source_columns,
    unused_columns,
)
from inputs.tables.joining.blank_keys import with_keys
from inputs.tables.joining.choosing import choose, column_of_people
from inputs.tables.keys import match_keys, plain_key, shared_keys
from inputs.tables.layout import Table
from inputs.tables.raters import Managers, managers_of
from inputs.tables.rows.long import long_content
from inputs.tables.rows.wide import wide_content
from inputs.words.lexicon import Lexicon
from inputs.words.names import Names
from inputs.words.spelling import person_key

_NAMED = 5
"""People who are named in one sentence."""


@dataclass(frozen=True)
class JoinedTables(TableContent):
    """All that is known of the people, one row each, before its values are checked: what the table of the
    people says, and what others say of them."""

    tables: tuple[Table, ...] = ()
    """The tables that were read: that of the people first."""
    unused: Mapping[str, pl.Series] = field(default_factory=dict)
    """By header: the columns that are taken for nothing."""
    strays: tuple[tuple[int, Table], ...] = ()
    """From which index on the rows are those of another table, whose people are not among the people."""
    earlier: tuple[Table, ...] = ()
    """Those that hold the same people in an earlier cycle; they are not read."""
    rivals: tuple[Table, ...] = ()
    """Those of which only one can be read, where a question asks which."""

    @property
    def sources(self) -> tuple[FileSource, ...]:
        """The sheets that were read."""
        return tuple(
            FileSource(one.sheet.file, one.sheet.sha256, one.sheet.name, one.header_row, len(one.rows))
            for table in self.tables
            for one in table.originals
        )

    @property
    def used_columns(self) -> frozenset[tuple[str, str | None, str]]:
        """File, sheet and letter of each column that is taken for something."""
        return frozenset(
            (one.sheet.file, one.sheet.name, column.letter)
            for table in self.tables
            for one in table.originals
            for column in one.columns
            if column.role is not None
        )

    def without_values(self, rows: Collection[int]) -> "JoinedTables":
        """The tables without the values of some rows; their ids and levels stay, to name them by."""
        if not rows:
            return self
        at = pl.Series(sorted(rows), dtype=pl.UInt32)
        kept = (self.key, fields.LEVEL, fields.EMPLOYEE_NAME, fields.MANAGER_NAME, fields.DEPARTMENT)
        columns = {
            role: column if role in kept else replace(column, cells=column.cells.clone().scatter(at, None))
            for role, column in self.columns.items()
        }
        unused = {header: cells.clone().scatter(at, None) for header, cells in self.unused.items()}
        return replace(self, columns=columns, unused=unused)

    def place(self, role: Role | None, at: int) -> Cell:
        """The cell of a person in a role's column; with no letter when it is the whole row."""
        table = next((table for start, table in reversed(self.strays) if at >= start), self.table)
        column = self.columns.get(role) if role else None
        if column is not None and (column.rows is not None or column.table is table):
            row = self.rows[at] if column.rows is None else column.rows[at]
            if row is not None:
                return column.table.cell(int(row), column.letter)
        return table.cell(int(self.rows[at]), column.letter if column and column.table is table else "")

    def row_label(self, at: int) -> str:
        """The number of a person's row, with its sheet in a list of several."""
        return self.table.row_label(int(self.rows[at]))

    def shown_rows(self) -> pl.Series:
        """The row numbers as the sheets show them."""
        ends = [start for start, _ in self.strays]
        tables = (self.table, *(table for _, table in self.strays))
        parts = zip([0, *ends], [*ends, None], tables, strict=True)
        return pl.concat([table.shown(self.rows[start:end]) for start, end, table in parts])


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
        joined = _joined(replace(joined, issues=noted), other, levels)
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
            f'is rated, say so in a mapping, `columns: {{"{column.header}": {key.name}}}`'
        )
    return f"{table.place} cannot be joined to the table of the people, {people.place}: {by}. {remedy}."


def _joined(joined: JoinedTables, other: TableContent, levels: Names) -> JoinedTables:
    """The people with the columns of another table, found by the same key."""
    key, start = other.key, len(joined.rows)
    own = joined.keys if key is joined.key else joined.columns[key].texts
    matched = match_keys(own, other.keys, key)
    theirs = pl.DataFrame({"key": matched.keys}).with_row_index("at").drop_nulls("key")
    theirs = theirs.unique("key", keep="first", maintain_order=True)
    people = own.rename("key").to_frame()
    at = people.join(theirs, on="key", how="left", maintain_order="left")["at"]
    shared = [] if key is joined.key else shared_keys(own, other.keys, key)
    places = {key: at for at, key in enumerate(own.to_list()) if key is not None}
    exclusions = [*joined.exclusions, *_sharing(joined, other, shared)]
    exclusions += _carried(other, matched.keys, places)
    exclusions += _repeated(other, matched.keys, places)
    strays = theirs.join(people, on="key", how="anti", maintain_order="left")
    if not other.has_ratings:
        # A list of more people than those who are assessed.
        strays = strays.clear()
    swapped = {role: _of_somebody_else(joined, other, at, role) for role in KEYS}
    exclusions += _contradictions(joined, other, at, levels, swapped[fields.EMAIL])
    written = other.texts(fields.LEVEL).gather(strays["at"])
    exclusions += [
        _stray(start + index, other, key)
        for index, key in enumerate(strays["key"].to_list())
        if written[index] is None
    ]
    more, everybody = strays.height, pl.concat([at, strays["at"]])
    unused = {header: cells.gather(everybody) for header, cells in unused_columns(other).items()}
    compared = joined.compared
    if compared is not None and more:
        compared = pl.concat([compared, compared.clear(more)])
    notes = _without_ratings(other, joined.keys.filter(at.is_null()).drop_nulls().to_list()) + [
        other.table.sheet.issue("ids_joined", Severity.NOTE, text) for text in matched.notes
    ]
    blanks = _blanks(joined, other, at)
    notes += [*_noted_blanks(joined, other, blanks), *_other_managers(joined, other, at)]
    return replace(
        joined,
        keys=_extended(joined.keys, more, strays["key"] if key is joined.key else None),
        rows=pl.concat([joined.rows, other.rows.gather(strays["at"]).alias(joined.rows.name)]),
        columns=_columns(joined, other, everybody, strays["at"], blanks),
        issues=(*joined.issues, *other.issues, *notes),
        questions=(
            *(*joined.questions, *other.questions),
            *_twice_rated(joined, other),
            *_nobody_found(joined, other, at),
            *_others_found(joined, other, at, swapped),
        ),
        exclusions=tuple(exclusions),
        compared=compared,
        unused=unused | {header: _extended(cells, more) for header, cells in joined.unused.items()},
        open_words=(*joined.open_words, *other.open_words),
        others=pl.concat([joined.others, _others(joined, other, own, matched.keys)]),
        strays=(*joined.strays, *([(start, other.table)] if more else [])),
    )


def _others(joined: JoinedTables, other: TableContent, own: pl.Series, as_ours: pl.Series) -> pl.DataFrame:
    """What other raters gave in the other table, beside the keys of the people."""
    ours = dict(zip(own.to_list(), joined.keys.to_list(), strict=True))
    known = {
        theirs: ours[key]
        for theirs, key in zip(other.keys.to_list(), as_ours.to_list(), strict=True)
        if theirs is not None and ours.get(key) is not None
    }
    keys = pl.col("key").replace_strict(known, default=None, return_dtype=pl.String)
    return other.others.with_columns(keys).drop_nulls()


def _other_managers(joined: JoinedTables, other: TableContent, at: pl.Series) -> list[Issue]:
    """A warning where another table gives people another manager, who may be whoever rated there."""
    notes = []
    for role in (fields.MANAGER_ID, fields.MANAGER_EMAIL, fields.MANAGER_NAME):
        if role not in joined.columns or role not in other.columns:
            continue
        own, theirs = joined.columns[role].texts, other.columns[role].texts.gather(at)
        pairs = (
            pl.DataFrame({"own": own, "theirs": theirs})
            .drop_nulls()
            .filter(pl.col("own") != pl.col("theirs"))
        )
        differ = [pair for pair in pairs.iter_rows() if person_key(pair[0]) != person_key(pair[1])]
        if differ:
            one, another = differ[0]
            column = other.columns[role]
            notes.append(
                other.table.sheet.issue(
                    "conflicting_value",
                    Severity.WARNING,
                    f"The {role.label} of {counted(len(differ), 'person', 'people')} differs from that "
                    f"in {joined.table.place}: '{another[:40]}' and not '{one[:40]}', for example. The "
                    "one there counts, and the ratings here are used.",
                    "Nothing to do if the rater stood in for the manager; otherwise remove the rows.",
                    column=column.letter,
                    header=column.header,
                )
            )
    return notes


def _twice_rated(joined: JoinedTables, other: TableContent) -> list[Asked]:
    """A question when two tables hold the same ratings: nobody knows which of them counts."""
    both = [role for role in other.columns if is_rating(role) and role in joined.columns]
    if not both:
        return []
    first = joined.columns[both[0]].table
    more = f" and {counted(len(both) - 1, 'more rating')}" if len(both) > 1 else ""
    return [
        Asked(
            f"{first.place} and {other.table.place} both hold the {both[0].label}{more}. Which one should be "
            "read?",
            "Keep only that one, or name it in a mapping.",
        )
    ]


def _nobody_found(joined: JoinedTables, other: TableContent, at: pl.Series) -> list[Asked]:
    """A question when a table with ratings has none of the people, by what it tells them apart by."""
    if not other.has_ratings or at.is_not_null().any():
        return []
    column = other.columns.get(other.key)
    header = "" if column is None else column.header
    problem = (
        f"{other.table.place}: nobody in it is among the people of {joined.table.place} by the "
        f"{other.key.label} ('{header}'), so none of its ratings could be used."
    )
    for role in KEYS:
        if role is other.key or role not in other.columns:
            continue
        own = joined.keys if role is joined.key else joined.texts(role)
        theirs = set(match_keys(own, other.columns[role].texts, role).keys.drop_nulls())
        found = len(theirs & set(own.drop_nulls()))
        if found:
            remedy = (
                f"If '{header}' is about somebody else, such as the person who answered, say in a mapping "
                f'that it is not used: `columns: {{"{header}": null}}`.'
            )
            places = frozenset([] if column is None else [column.sheet.column(column.letter)])
            return [
                ask_about_columns(f"{problem} Matched by the {role.label}, {found:,} are.", remedy, places)
            ]
    return [Asked(problem, "Use the same ids, addresses or names in both.")]


def _others_found(
    joined: JoinedTables, other: TableContent, at: pl.Series, swapped: Mapping[Field, Sequence[int]]
) -> Iterator[Asked]:
    """A question when most rows of a table stand beside the address or name of another person than their key
    says: it may number the answers, or be of another system. `swapped` are the people for whom one does."""
    for role, people in swapped.items():
        if 2 * len(people) > at.count():
            key, beside, first = other.columns[other.key], other.columns[role], people[0]
            yield ask_about_columns(
                f"{other.table.place}: by {key.called}, most rows would be about people whose {role.label} "
                f"is another one in {beside.called}, such as '{joined.texts(role)[first]}', but "
                f"'{beside.texts.gather(at)[first]}' there, who is somebody else. Which of the two is wrong?",
                "If one of them says nothing of the person who is rated, because it numbers the answers or "
                "is of whoever answered, say in a mapping that it is not used, such as "
                f'`columns: {{"{key.header}": null}}`; otherwise correct the file.',
                frozenset(column.sheet.column(column.letter) for column in (key, beside)),
            )
            return


def _of_somebody_else(joined: JoinedTables, other: TableContent, at: pl.Series, role: Field) -> list[int]:
    """The people whom another table, found by its key, gives the address, say, of another one of them. None
    where several rows have one: that is of whoever answered."""
    if role in (joined.key, other.key) or role not in joined.columns or role not in other.columns:
        return []
    here, there = joined.texts(role), other.columns[role].texts.gather(at)
    if not (here != there).any():
        return []
    own, theirs = (
        [None if text is None else plain_key(text, role) for text in texts.to_list()]
        for texts in (here, there)
    )
    counts, owner = Counter(own), {text: index for index, text in enumerate(own)}
    found = [
        index
        for index, text in enumerate(theirs)
        if text is not None and counts[text] == 1 and owner[text] != index and own[index] is not None
    ]
    several = Counter(theirs)
    return [] if any(several[theirs[index]] > 1 for index in found) else found


def _columns(
    joined: JoinedTables,
    other: TableContent,
    at: pl.Series,
    strays: pl.Series,
    blanks: Mapping[Role, list[int]],
) -> dict[Role, SourceColumn]:
    """The columns, also for people who are only in the other table, with their blanks filled and the other's
    new ones; `at` is where the other has each person."""
    columns = {
        role: _with_strays(
            _filled(joined, role, other, at, blanks), other.columns.get(role), strays, joined.rows
        )
        for role in joined.columns
    }
    for role, column in other.columns.items():
        if role not in columns:
            rows = other.rows if column.rows is None else column.rows
            columns[role] = replace(column, cells=column.cells.gather(at), rows=rows.gather(at))
    return columns


def _blanks(joined: JoinedTables, other: TableContent, at: pl.Series) -> Mapping[Role, list[int]]:
    """The people of whom a table does not say the level, the department or who manages them, and another
    does, by what it says. Of a manager who is named in one way only, nobody knows whether both mean one."""
    managers = [role for role in _OF_MANAGERS if role in joined.columns]
    found: dict[Role, list[int]] = {}
    for role in (fields.LEVEL, fields.DEPARTMENT, *managers):
        if role in joined.columns and role in other.columns:
            lacking = [joined.texts(one) for one in (managers if role in managers else [role])]
            blank = pl.select(pl.all_horizontal(texts.is_null() for texts in lacking)).to_series()
            found[role] = (blank & other.texts(role).gather(at).is_not_null()).arg_true().to_list()
    return {role: people for role, people in found.items() if people}


_OF_MANAGERS = (fields.MANAGER_ID, fields.MANAGER_EMAIL, fields.MANAGER_NAME)


def _filled(
    joined: JoinedTables,
    role: Role,
    other: TableContent,
    at: pl.Series,
    blanks: Mapping[Role, list[int]],
) -> SourceColumn:
    """A column with its blanks as another table fills them; these values have no cell."""
    column, people = joined.columns[role], blanks.get(role)
    if not people:
        return column
    theirs = other.columns[role].cells.gather(at.gather(people)).cast(pl.String)
    rows = joined.rows if column.rows is None else column.rows
    return replace(
        column,
        cells=column.cells.cast(pl.String).scatter(people, theirs),
        rows=rows.clone().scatter(people, None),
    )


def _noted_blanks(
    joined: JoinedTables, other: TableContent, blanks: Mapping[Role, list[int]]
) -> Iterator[Issue]:
    for role, people in blanks.items():
        named = few([str(joined.keys[at] or joined.row_label(at)) for at in people], _NAMED)
        column, count = other.columns[role], counted(len(people), "person", "people")
        problem = (
            f"{joined.table.place} leaves the {role.label} of {count} blank, so what stands here was used: "
            f"{named}."
        )
        remedy = "Nothing to do if that is right; otherwise write it there."
        yield other.table.sheet.issue(
            "filled_blanks", Severity.NOTE, problem, remedy, column=column.letter, header=column.header
        )


def _with_strays(
    column: SourceColumn, other: SourceColumn | None, strays: pl.Series, rows: pl.Series
) -> SourceColumn:
    """A column with what another table says of people who are in that alone; these values have no cell."""
    if strays.is_empty():
        return column
    more, kept = len(strays), column.rows
    if other is None:
        rows_kept = None if kept is None else _extended(kept, more)
        return replace(column, cells=_extended(column.cells, more), rows=rows_kept)
    theirs = other.cells.gather(strays).cast(pl.String)
    cells = _extended(column.cells.cast(pl.String), more, theirs)
    return replace(column, cells=cells, rows=_extended(rows if kept is None else kept, more))


def _contradictions(
    joined: JoinedTables, other: TableContent, at: pl.Series, levels: Names, swapped: Sequence[int]
) -> list[Exclusion]:
    """People whose name or level differs in the second table, or whose address there is somebody else's, who
    are `swapped`: only a person can tell which is right."""
    exclusions = []
    for role in IDENTITY:
        if role not in joined.columns or role not in other.columns:
            continue
        here, there = joined.texts(role), other.columns[role].texts.gather(at)
        plain = person_key if role is fields.EMPLOYEE_NAME else levels.plain
        differs = (here != there).fill_null(value=False).arg_true().to_list()
        for index in (index for index in differs if plain(here[index]) != plain(there[index])):
            problem = f"'{here[index]}' here, but '{there[index]}' in {other.table.place}."
            remedy = "Write the same in both."
            exclusions.append(Exclusion(index, "conflicting_rows", problem, remedy, role))
    for index in swapped:
        address = other.columns[fields.EMAIL].texts.gather(at)[index]
        problem = f"The address in {other.table.place} is '{address}', which is somebody else's here."
        exclusions.append(Exclusion(index, "conflicting_rows", problem, "Correct it.", fields.EMAIL))
    return exclusions


def _carried(other: TableContent, keys: pl.Series, places: Mapping[str, int]) -> list[Exclusion]:
    """The other table's exclusions, for the people that they are about."""
    return [
        replace(exclusion, at=places[keys[exclusion.at]])
        for exclusion in other.exclusions
        if keys[exclusion.at] in places
    ]


def _sharing(joined: JoinedTables, other: TableContent, shared: list[list[int]]) -> list[Exclusion]:
    """People who share what the other table knows them by: its rows could be about any of them."""
    label = other.key.label
    return [
        Exclusion(
            at,
            "shared_key",
            f"{other.table.place} tells people apart by the {label} alone, and {len(places):,} people share "
            f"this one: rows {few([joined.row_label(one) for one in places], 5)}.",
            "Give the employee ids in both tables.",
            other.key,
        )
        for places in shared
        for at in places
    ]


def _repeated(other: TableContent, keys: pl.Series, places: Mapping[str, int]) -> Iterator[Exclusion]:
    """People with several rows in the other table that differ: only a person can tell which counts."""
    for key, at, different in other.repeated(keys):
        if different > 1 and key in places:
            rows = few([other.table.row_label(int(other.rows[row])) for row in at], 5)
            problem = f"{other.table.place} has several rows for {key} with different values: rows {rows}."
            remedy = "Keep the row that is right."
            yield Exclusion(places[key], "duplicate_employee_id", problem, remedy, None)


def _stray(at: int, other: TableContent, key: str) -> Exclusion:
    return Exclusion(
        at,
        "not_among_people",
        f"{other.table.place} rates {key}, who is not among the people with a level.",
        f"Add the person to the list of people, or correct the {other.key.label}"
        f"{'; leading zeros count' if other.key is fields.EMPLOYEE_ID else ''}.",
        None,
    )


def _extended(cells: pl.Series, by: int, more: pl.Series | None = None) -> pl.Series:
    """The column with more cells below it, or else nulls."""
    added = cells.clear(by) if more is None else more.alias(cells.name)
    return pl.concat([cells, added]) if by else cells


def _without_ratings(other: TableContent, people: list[str]) -> list[Issue]:
    if not people:
        return []
    problem = (
        f"{counted(len(people), 'person', 'people')} {'is' if len(people) == 1 else 'are'} "
        f"{'not rated' if other.has_ratings else 'not found'} in {other.table.place}: {few(people, _NAMED)}."
    )
    remedy = "Nothing to do if they were not reviewed."
    return [other.table.sheet.issue("person_without_ratings", Severity.NOTE, problem, remedy)]
