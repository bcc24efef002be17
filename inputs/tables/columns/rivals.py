"""Several columns for one thing: those that complete each other are one; of others one counts, or is asked
for."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from inputs import fields
from inputs.asked import Naming, mapped
from inputs.fields import Field, RatingOf, Role
from inputs.phrases import counted, join, was
from inputs.roster import Severity
from inputs.tables.layout import Column, Table
from inputs.tables.table_issues import TableIssues
from inputs.words.lexicon import BY_MAPPING, split_hint
from inputs.words.spelling import person_key, words
from inputs.words.texts import text_of

_NAMES = (fields.EMPLOYEE_NAME, fields.MANAGER_NAME)


def one_column_per_role(table: Table, log: TableIssues) -> Table:
    """Of several columns for one thing: those that contradict each other nowhere as one, else the clearer
    one, the only one that is not empty, or a question."""
    rivals: defaultdict[Role, list[Column]] = defaultdict(list)
    for column in table.columns:
        if column.role is not None:
            rivals[column.role].append(column)
    undecided: list[tuple[Role, list[Column]]] = []
    several = {role: columns for role, columns in rivals.items() if len(columns) > 1}
    for role, columns in several.items():
        clear = _exact(role, [column for column in columns if not column.weak] or columns)
        clear = [column for column in clear if table.cells[column.letter].count()] or clear
        chosen, exact = clear[0], _exact(role, columns)
        apart, parts, texts = list[Column](), [chosen], table.texts_of(chosen)
        for column in exact:
            theirs = table.texts_of(column)
            if column is not chosen and not _fits(chosen, texts, column, theirs):
                apart.append(column)
            elif filled := int((texts.is_null() & theirs.is_not_null()).sum()):
                _note_filled(filled, chosen, column, log)
                parts.append(column)
                texts = texts.zip_with(texts.is_not_null(), theirs)
        if any(column in apart for column in clear) and _matters(role, table):
            undecided.append((role, clear))
        elif apart and role is fields.MANAGER_NAME and fields.MANAGER_ID not in table.by_role:
            undecided.append((role, [chosen, *apart]))
        why = f"column {chosen.letter} ('{chosen.header}') is read as the {role.label}"
        for column in columns:
            if column not in parts:
                log.put_aside(column, why)
        table = _as_one(table, parts) if parts[1:] else table
    _ask_about_rivals(log, undecided)
    return log.left_in(table)


def complete_each_other(one: pl.Series, other: pl.Series) -> bool:
    """Whether texts of two columns differ in no row that has both."""
    return not (one != other).any()


def _fits(chosen: Column, texts: pl.Series, column: Column, theirs: pl.Series) -> bool:
    """Whether a column says nowhere anything else than the one that is chosen, whose texts are given, as far
    as they were filled already. Of ratings in two columns only a person can tell that they are one."""
    if (chosen.scale, chosen.cycle) != (column.scale, column.cycle):
        return False
    if isinstance(column.role, RatingOf) and not chosen.why == column.why == BY_MAPPING:
        return texts.equals(theirs)
    if column.role in _NAMES:
        return not _names_others(texts, theirs)
    return complete_each_other(texts, theirs)


def _names_others(names: pl.Series, others: pl.Series) -> bool:
    """Whether two columns name different people in some row; a part of a name and its initials are it."""
    pairs = pl.DataFrame({"one": names, "other": others}).drop_nulls().unique().iter_rows()
    return any(not _may_be_one(person_key(name).split(), person_key(also).split()) for name, also in pairs)


def _may_be_one(name: Sequence[str], other: Sequence[str]) -> bool:
    fewer, more = sorted((name, other), key=len)
    return all(any(one.startswith(word) or word.startswith(one) for one in more) for word in fewer)


def _note_filled(count: int, chosen: Column, other: Column, log: TableIssues) -> None:
    what = "name" if chosen.role in _NAMES else "value"
    problem = (
        f"{counted(count, what)} {was(count)} taken from {other.called}, where {chosen.called} is empty."
    )
    remedy = f"Nothing to do if both say the same thing; otherwise leave one out: {other.mapped_as()}."
    log.issues.append(log.table.issue("filled_down", Severity.NOTE, problem, remedy, other))


def _as_one(table: Table, columns: Sequence[Column]) -> Table:
    """The table with what several columns say of one thing in the first of them; the others stay what they
    are, so that a mapping names them too."""
    letters = [column.letter for column in columns]
    given = [text_of(table.cells[letter]).is_not_null().alias(letter) for letter in letters]
    cells = table.cells.select(pl.col(letters).cast(pl.String))
    whole, source = (
        pl.select(pl.coalesce(pl.when(mask).then(value(mask.name)) for mask in given)).to_series()
        for value in (cells.__getitem__, pl.lit)
    )
    first = next(column for column in table.columns if column in columns)
    lent = pl.DataFrame({"row": table.rows, "letter": source}).filter(source != first.letter)
    filling = [
        replace(column, why=f"{column.why}; it fills what '{columns[0].header}' leaves empty")
        for column in columns[1:]
    ]
    whole_table = replace(
        table,
        cells=table.cells.with_columns(whole.alias(first.letter)),
        lent={**table.lent, first.letter: dict(lent.iter_rows())},
    )
    return whole_table.with_columns(filling)


def _exact(role: Role, columns: list[Column]) -> list[Column]:
    """Of the columns for one thing those that no other limits by brackets: `Manager` beside `Manager
    (former)`, `Hire date` beside `Hire date (group)`."""
    if not isinstance(role, Field) or not (role.kind in ("date", "level") or role in fields.KEYS_OF_MANAGERS):
        return columns
    headers = [words(column.header) for column in columns]
    return [column for column in columns if not _is_limited(column.header, headers)]


def _is_limited(header: str, others: Sequence[tuple[str, ...]]) -> bool:
    outside, inside = split_hint(header)
    return bool(inside) and words(outside) in others


def _matters(role: Role, table: Table) -> bool:
    """Whether a person has to say which of several columns is meant."""
    if not isinstance(role, Field):
        return True
    return not role.first_counts and (role.use != "rating" or fields.COMPETENCY in table.by_role)


def _ask_about_rivals(log: TableIssues, undecided: Sequence[tuple[Role, list[Column]]]) -> None:
    """One question for each field, and one for all ratings."""
    rated = [(role, columns) for role, columns in undecided if not isinstance(role, Field)]
    for role, columns in undecided:
        if not isinstance(role, Field) and role != rated[0][0]:
            continue
        named = join([column.called for column in columns])
        each = "both" if len(columns) == 2 else "all"
        rivals = [(role, columns)] if isinstance(role, Field) else rated
        more = len(rivals) - 1
        like = f", and so it is for {counted(more, 'more rating')}" if more else ""
        text = f"{log.table.place}: {named} could {each} be the {role.label}{like}. Which one is it?"
        namings, asked = _namings(rivals), [column for _, several in rivals for column in several]
        as_one = _named_as_one(log.table, rivals)
        log.ask(text, _how_to_name(asked, namings, as_one), asked, namings=(*namings, *as_one))


def _namings(rivals: Sequence[tuple[Role, list[Column]]]) -> tuple[Naming, ...]:
    """For each of several columns for one thing the answer that it counts, and with it those that are called
    so among the columns for other things; none where that cannot be told."""
    called = [{_own_words(one, columns): one for one in columns} for _, columns in rivals]
    first, *others = called
    apart = all(len(one) == len(columns) for one, (_, columns) in zip(called, rivals, strict=True))
    if not apart or any(one.keys() != first.keys() for one in others):
        return ()
    more = f" and {counted(len(others), 'column')} like it" if others else ""
    return tuple(
        (
            f"“{chosen.header}”{more}",
            tuple(
                (column.header, role.name if own == how else "")
                for (role, _), of_role in zip(rivals, called, strict=True)
                for own, column in of_role.items()
            ),
        )
        for how, chosen in first.items()
    )


def _named_as_one(table: Table, rivals: Sequence[tuple[Role, list[Column]]]) -> tuple[Naming, ...]:
    """The answer that all columns count, where each fills what the others leave empty."""
    texts = [[table.texts_of(one) for one in columns] for _, columns in rivals]
    pairs = ((one, other) for of_role in texts for at, one in enumerate(of_role) for other in of_role[:at])
    if not all(complete_each_other(one, other) for one, other in pairs):
        return ()
    named = tuple((column.header, role.name) for role, columns in rivals for column in columns)
    return (("All of them: each fills what the others leave empty", named),)


def _own_words(column: Column, columns: Sequence[Column]) -> tuple[str, ...]:
    """The words of a header that not all of several have."""
    shared = set(words(column.header)).intersection(*(words(one.header) for one in columns))
    return tuple(word for word in words(column.header) if word not in shared)


def _how_to_name(columns: Sequence[Column], namings: Sequence[Naming], as_one: Sequence[Naming]) -> str:
    ways = []
    if namings:
        others = mapped((header, "null") for header, name in namings[0][1] if not name)
        ways.append(f"If it is {namings[0][0]}, say so in a mapping: `columns: {others}`.")
    elif not as_one:
        distinct = len({column.header for column in columns}) == len(columns)
        write = "Say in a mapping what each of them is" if distinct else "Write different headers above them"
        ways.append(f"{write}, or take out those that do not count.")
    for _, named in as_one:
        listed = mapped(dict(named).items())
        ways.append(f"If each fills what the others leave empty, name all: `columns: {listed}`.")
    return " ".join(ways)
