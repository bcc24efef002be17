"""What lines above a table say of everybody in it, as a form about one person does: `Level: Senior PM`."""

import re
from collections.abc import Collection, Iterator, Sequence

import polars as pl

from inputs import fields
from inputs.fields import Field, Role
from inputs.phrases import counted, few
from inputs.roster import Issue, Severity
from inputs.tables.layout import Table, one_line
from inputs.tables.values import hold_numbers, key_among
from inputs.words.lexicon import Lexicon, Meaning
from inputs.words.spelling import person_key, words
from inputs.words.texts import tidy
from inputs.words.word_lists import word_key, word_keys
from inputs.words.written_ratings import is_unrated

_LONGEST = 60
"""Letters of a value; what is longer explains something."""
_APART = re.compile(r"\s{2,}|[|;\n\t]")
"""What is between several fields in one cell: `Name: Runa Falk   Level: Senior PM`."""
_FIELD = re.compile(r"[^\W\d]:(?:\s|$)")
"""A word and a colon: where another field begins."""
_NAMING = {fields.EMPLOYEE, *fields.OF_EMPLOYEE}
_MANAGING = {fields.MANAGER, *fields.OF_MANAGER}
ABOVE = "above the table, for all its rows"


def with_fields_above(table: Table, lexicon: Lexicon, elsewhere: Collection[Field] = ()) -> Table:
    """The table with a column for each field of people that a cell above it names, with its value beside or
    behind a colon; not for what columns of the table say, or another table for all people."""
    taken = {*_said_by_columns(table), *elsewhere}
    for row, place, header, value in _pairs(table.above, table.sheet.first_row, lexicon):
        meaning = lexicon.meaning(header)
        role = None if meaning is None else _by_value(meaning.role, value)
        if meaning is None or role is None or role in taken or role.use not in ("person", "kept"):
            continue
        taken.add(role)
        table = table.with_value(Meaning(role, ABOVE, meaning.weak), value, header, (row, place))
    return table


def several_in_one(table: Table, lexicon: Lexicon) -> str | None:
    """The message for a sheet with several forms or lists beside or below each other, each under lines that
    say whom or what it is about; None where there is one."""
    sheet, start = table.sheet, table.header_row + 1
    if (earlier := _row_of_the_same_header(table)) is not None:
        return (
            f"{table.place}: two lists are one below the other, with the same header in rows {earlier} and "
            f"{table.header_row}. Put each on a sheet of its own, named as its title is, such as 'Self' and "
            "'Manager'; or both into one list, in which every row says what it is about."
        )
    above: dict[str, tuple[str, int]] = {}
    heads = [column.header for column in table.columns if column.header]
    doubled = len(heads) - len({*heads}) > 1
    for row, _, header, value in _pairs(table.above, sheet.first_row, lexicon):
        meaning = lexicon.meaning(header)
        if meaning is None or meaning.role not in _HEADING:
            continue
        first, before = above.setdefault(header, (value, row))
        if doubled and before == row and value != first:
            return (
                f"{table.place}: several forms are side by side: '{header}' in row {row} is '{first}' and "
                f"'{value}'. {_APART_OR_LISTED}"
            )
    if not above:
        return None
    cells = sheet.cells.slice(table.header_row - sheet.first_row)
    cells = cells.select(pl.all().cast(pl.String).str.strip_chars())
    head, below = cells.row(0, named=True), cells.slice(1)
    begun = below.select(pl.any_horizontal(pl.all().str.starts_with(header) for header in above).arg_true())
    lines = begun.to_series().to_list()
    values = below.columns[1:]  # beside competencies or people
    given = {text for letter in values for text in below[letter].head(min(lines, default=0)).drop_nulls()}
    another = pl.all_horizontal(pl.col(letter) == text for letter, text in head.items() if text)
    another |= pl.any_horizontal(pl.col(values).is_in(given) if given else pl.lit(value=False))
    last = max(below.select(another.arg_true()).to_series().to_list(), default=0)
    for at in filter(last.__gt__, lines):
        for row, _, header, value in _pairs(below.slice(at, 1), start + at, lexicon):
            if header in above and value != above[header][0]:
                first, before = above[header]
                return (
                    f"{table.place}: several forms or lists are one below the other: '{header}' is '{first}' "
                    f"in row {before} and '{value}' in row {row}. {_APART_OR_LISTED}"
                )
    return None


def _row_of_the_same_header(table: Table) -> int | None:
    """The row above the table with the texts of its header and a list below it; None where there is none."""
    lines = [one_line(row) for row in table.above.iter_rows()]
    head = one_line(table.sheet.cells.row(table.header_row - table.sheet.first_row)) if lines else []
    if head not in lines:
        return None
    at = lines.index(head)
    full = [line for line in lines[at + 1 :] if 2 * sum(map(bool, line)) > len(line)]
    return table.sheet.first_row + at if len(full) > 1 else None


_APART_OR_LISTED = (
    "Put each on a sheet of its own, or all people into one list, in which every row says whom it is about: "
    "'Employee ID', 'Level' and the columns of the table."
)
_HEADING = (*_NAMING, *_MANAGING, fields.LEVEL, fields.DEPARTMENT)
"""What lines above a table say of everybody in it."""


def named_otherwise(tables: Sequence[Table]) -> str | None:
    """The message for tables whose title names somebody else than a line above them does: another person of
    the tables, or nobody known where most titles repeat the name. None where there is no such table."""
    said = ((table, table.said_above(fields.EMPLOYEE_NAME)) for table in tables)
    named = [(table, name) for table, name in said if name is not None]
    listed = [table for table in tables if fields.EMPLOYEE_NAME in table.by_role] if named else []
    texts = (text for table in listed for text in table.texts(fields.EMPLOYEE_NAME).drop_nulls().unique())
    known = {person_key(text) for text in texts}
    for at in range(2):
        titles = [person_key(table.titles[at]) for table, _ in named]
        alike = [
            {*person_key(name).split()} <= {*title.split()}
            for title, (_, name) in zip(titles, named, strict=True)
        ]
        mostly = 2 * sum(alike) > len(alike)
        for (table, name), title, repeats in zip(named, titles, alike, strict=True):
            if title and not repeats and (mostly or title in known):
                row, real = table.raised[table.by_role[fields.EMPLOYEE_NAME].letter]
                says = f"'{table.titles[at][:60]}' or '{name}', whom {real}{row} names"
                return f"{table.place}: whom is it about, {says}? Correct the one that is wrong."
    return None


def _said_by_columns(table: Table) -> set[Role]:
    """What no line above a table can say: what a column does. In a list of competencies, `Employee` and
    `Manager` above numbers are ratings, and so is one above nothing beside the other."""
    both = (fields.EMPLOYEE, fields.MANAGER) if fields.COMPETENCY in table.by_role else ()
    columns = {role: table.by_role[role] for role in both if role in table.by_role}
    rated = {role for role, column in columns.items() if hold_numbers(table, column)}
    if rated:
        rated |= {role for role, column in columns.items() if not table.cells[column.letter].count()}
    has = table.by_role.keys() - rated
    return {*has, *(_NAMING if has & _NAMING else ()), *(_MANAGING if has & _MANAGING else ())}


def _by_value(role: Role | None, value: str) -> Field | None:
    """The field, of which `Manager` and `Employee` may be an id, an address or a name."""
    keys = {fields.EMPLOYEE: fields.KEYS, fields.MANAGER: fields.KEYS_OF_MANAGERS}
    if role in (fields.EMPLOYEE, fields.MANAGER):
        return key_among(pl.Series([value]), keys[role])[0]
    return role if isinstance(role, Field) else None


def note_of_fields_above(tables: Sequence[Table]) -> Iterator[Issue]:
    """Says once, of the first table and how many more, what was read so."""
    found = [table for table in tables if table.raised]
    for table in found[:1]:
        said = []
        for role, column in table.by_role.items():
            if (value := table.said_above(role)) is not None:
                row, place = table.raised[column.letter]
                said.append(f"{role.label} '{value.removesuffix(' 00:00:00')}' ({place}{row})")
        more = f"; so were those of {counted(len(found) - 1, 'more table')}" if found[1:] else ""
        yield table.sheet.issue(
            "said_above",
            Severity.NOTE,
            f"What stands above the table was read for all its rows: {few(said, 6)}{more}.",
            "Nothing to do if that is right; otherwise write it into columns of the table.",
        )


def _pairs(lines: pl.DataFrame, first: int, lexicon: Lexicon) -> Iterator[tuple[int, str, str, str]]:
    """The row and letter of each value in lines, with what stands before it and itself. Every cell of such a
    row is part of a pair. `first` is the number of the first row."""
    for row, cells in enumerate(lines.iter_rows(), start=first):
        texts = [
            (place, tidy(part))
            for place, cell in zip(lines.columns, cells, strict=True)
            if cell is not None
            for part in (_APART.split(str(cell)) if str(cell).count(":") > 1 else [str(cell)])
            if tidy(part)
        ]
        pairs, at = [], 0
        while at < len(texts):
            place, text = texts[at]
            header, _, value = (part.strip() for part in text.partition(":"))
            if not value and at + 1 < len(texts):
                at += 1
                place, value = texts[at]
            pairs.append((row, place, header, value))
            at += 1
        if all(_is_value(header, value, lexicon) for _, _, header, value in pairs):
            yield from pairs


def _is_value(header: str, text: str, lexicon: Lexicon) -> bool:
    """Whether a text may be the value of what stands before it, and is not called as a column is: a level may
    be."""
    if not header or not 0 < len(text) <= _LONGEST or _FIELD.search(text) or _is_nobodys(text):
        return False
    meaning = lexicon.meaning(header)
    of_level = meaning is not None and isinstance(meaning.role, Field) and meaning.role.kind == "level"
    return of_level or lexicon.meaning(text.rstrip(": ")) is None


def _is_nobodys(text: str) -> bool:
    """Whether a text is the blank of a form, `____` and `<name>`, or means many: `All departments`."""
    spoken = words(text)
    blank = not spoken or text[0] in "<[{" or is_unrated(text)
    return blank or word_key(spoken[0]) in word_keys("cells", "of_many")
