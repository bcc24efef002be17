"""Which columns of a form are about whoever answered, and not about the person whom a row is about."""

from dataclasses import replace

import polars as pl

from inputs import fields
from inputs.fields import RATERS, Field, RatingOf
from inputs.tables.contents import KEYS, SAY_WHO_RATED
from inputs.tables.keys import plain_key
from inputs.tables.layout import Column, Table
from inputs.tables.table_issues import TableIssues
from inputs.words.lexicon import Lexicon
from inputs.words.spelling import normalise, person_key, words
from inputs.words.texts import each, text_of

_OF_WHOEVER_ANSWERED = {fields.EMAIL: fields.RATER_EMAIL, fields.EMPLOYEE_NAME: fields.RATER_NAME}
_SEVERAL_ROWS = (*SAY_WHO_RATED, fields.COMPETENCY, fields.CYCLE, fields.DATE, fields.REVIEW_DATE)
"""With one of these a person may have several rows."""
_MOST = 0.5
"""The share of values from which a column is taken for what they are."""
_PAIRS = 2
"""People with several values before a column is somebody else's."""


def without_whoever_answered(table: Table, lexicon: Lexicon) -> Table:
    """Of a form, `Email`, `Name` and `ID` are whoever answered and the number of the answer, where they do
    not go with the person that the row is about."""
    person = _surest(table)
    if person is None:
        return table
    people = table.cells[person.letter]
    once = 2 * people.is_duplicated().sum() < len(people)
    if _asks(person) and once:
        table = table.with_columns(_of_whoever_was_asked(table, person, lexicon))
    if once and not table.by_role.keys() & set(_SEVERAL_ROWS):
        why = f"of whoever answered: '{person.header}' says whom the row is about"
        shared = {
            column.letter: why
            for column in table.columns
            if column is not person
            and column.role in _OF_WHOEVER_ANSWERED
            and may_be_of_answers(column, lexicon)
            and _mostly_shared(table, column, people)
        }
        # Of a form there are both, or the number of the answer.
        return table.unused(shared if len(shared) + len(table.taken_for(fields.EMPLOYEE_ID)) > 2 else {})

    others = []
    for column in table.columns:
        if column is person or _says_whose(column, lexicon) or not _is_somebody_else(table, column, people):
            continue
        role = _OF_WHOEVER_ANSWERED.get(column.role) if isinstance(column.role, Field) else None
        what = "it numbers the rows" if role is None else "of whoever answered"
        why = f"{what}: '{person.header}' says whom the row is about"
        others.append(replace(column, role=role, why=why))
    return table.with_columns(others)


def _surest(table: Table) -> Column | None:
    """The column that surely says whom a row is about, if there is one."""
    for role in (fields.EMPLOYEE_ID, fields.EMPLOYEE_NAME, fields.EMAIL):
        sure = [column for column in table.taken_for(role) if not column.weak]
        if sure:
            return sure[0]
    return None


def may_be_of_answers(column: Column, lexicon: Lexicon) -> bool:
    """Whether a column such as `Email`, `Name` or `ID` does not say whose it is: in a form, it may be of
    whoever answered or number the answers."""
    return (column.weak or column.role is fields.EMAIL) and not _says_whose(column, lexicon)


def _says_whose(column: Column, lexicon: Lexicon) -> bool:
    spoken = words(column.header)
    return any(lexicon.people.get(spoken[:end]) == "employee" for end in range(1, len(spoken)))


def _asks(person: Column) -> bool:
    """Whether a header asks somebody else whom the row is about: `Your name?` asks the person."""
    spoken = words(person.header)
    return "your" not in spoken and ("you" in spoken or person.header.rstrip().endswith("?"))


def _of_whoever_was_asked(table: Table, person: Column, lexicon: Lexicon) -> list[Column]:
    """Of a form that asks whom it is about, and has one answer for most people: `Email` and `Name` where they
    do not go with that person, and beside them the number of the answer."""
    people = table.cells[person.letter]
    theirs = [
        replace(column, role=_OF_WHOEVER_ANSWERED[column.role], why=f"of whoever answered '{person.header}'")
        for column in table.columns
        if column is not person
        and column.role in _OF_WHOEVER_ANSWERED
        and may_be_of_answers(column, lexicon)
        and not _goes_with(table, column, people)
    ]
    numbers = [
        replace(column, role=None, why="it numbers the answers")
        for column in table.taken_for(fields.EMPLOYEE_ID)
        if theirs
        and column is not person
        and column.weak
        and not table.cells[column.letter].is_duplicated().any()
    ]
    return [*theirs, *numbers]


def _goes_with(table: Table, column: Column, people: pl.Series) -> bool:
    """Whether an address or a name is mostly that of the person, as far as its words tell."""
    pairs = pl.DataFrame(
        {"person": text_of(people), "value": text_of(table.cells[column.letter])}
    ).drop_nulls()
    shared = (
        any(part in normalise(one.partition("@")[0]) for part in words(person) if len(part) >= _TELLING)
        for person, one in pairs.iter_rows()
    )
    return sum(shared) > _MOST * pairs.height


_TELLING = 3
"""Letters of a name that are hardly in another one by chance."""


def _is_somebody_else(table: Table, column: Column, people: pl.Series) -> bool:
    """Whether a column that does not say whose it is goes with whoever answered: most people have several of
    its values, and some of its values stand beside several people, as a manager's do. A number of answers or
    records only has to differ within people."""
    unsure = column.weak and column.role in (fields.EMPLOYEE_ID, fields.EMPLOYEE_NAME)
    if not unsure and column.role is not fields.EMAIL:
        return False
    is_number = column.role is fields.EMPLOYEE_ID
    by_both = {role.rater for role in table.by_role if isinstance(role, RatingOf)} >= set(RATERS)
    if not is_number and not by_both and not table.by_role.keys() & SAY_WHO_RATED:
        return False  # nobody else has answered: the rows of one person differ
    keys = table.cells[column.letter].cast(pl.String)
    if column.role is fields.EMPLOYEE_NAME:
        keys = each(keys, person_key)
    pairs = pl.DataFrame({"person": people.cast(pl.String), "value": keys}).drop_nulls()
    several, of = _with_several(pairs, "person", "value")
    shared, _ = _with_several(pairs, "value", "person")
    return several >= _PAIRS and several > _MOST * of and (is_number or shared > 0)


def _mostly_shared(table: Table, column: Column, people: pl.Series) -> bool:
    """Whether most people share a column's value with somebody: nobody is called so, or has that address."""
    pairs = pl.DataFrame({"person": people.cast(pl.String), "value": table.cells[column.letter]})
    shared = pairs.drop_nulls().unique().select(pl.col("value").is_duplicated()).to_series()
    return len(shared) > _PAIRS and shared.sum() > _MOST * len(shared)


def _with_several(pairs: pl.DataFrame, one: str, other: str) -> tuple[int, int]:
    """How many have several of the other, of how many with several rows."""
    counts = pairs.group_by(one).agg(pl.len(), different=pl.col(other).n_unique()).filter(pl.col("len") > 1)
    return counts.filter(pl.col("different") > 1).height, counts.height


def ask_whom(table: Table, lexicon: Lexicon, log: TableIssues) -> None:
    """Asks whom rows are about where only `ID`, `Name` or `Email` may say it, and nobody is rated both by
    themselves and by a manager: then these go with whoever answered."""
    key = next((table.by_role[role] for role in KEYS if role in table.by_role), None)
    rater = next((table.by_role[role] for role in _BY_WORDS if role in table.by_role), None)
    if key is None or rater is None or not may_be_of_answers(key, lexicon):
        return
    raters = each(text_of(table.cells[rater.letter]), lexicon.rater)
    if set(RATERS) <= set(raters.drop_nulls()) and not _rated_by_both(table, key, raters):
        unknown = (one for one in table.columns if one.role is None and one.header and not one.why)
        people = {one: count for one in unknown if (count := _rated_by_both(table, one, raters)) > 1}
        found = max(people, key=people.__getitem__, default=None)
        remedy = "Add a column 'Employee ID' with the id of the person who is rated."
        if found is not None:
            means = f'`columns: {{"{found.header}": {fields.EMPLOYEE.name}}}`'
            remedy = f"If {found.called} says it, say so in a mapping: {means}."
        log.ask(
            f"{table.place}: who is each row about? {key.called} seems to identify "
            "the person who answered: going by it, nobody is rated both by themselves and by a manager.",
            remedy,
            [key, *([] if found is None else [found])],
        )


_BY_WORDS = (fields.RATER, fields.RELATIONSHIP)


def _rated_by_both(table: Table, key: Column, raters: pl.Series) -> int:
    """How many have rows by both raters, by the values of a column."""
    pairs = pl.DataFrame({"person": text_of(table.cells[key.letter]), "rater": raters})
    pairs = pairs.filter(pl.col("rater").is_in(RATERS)).drop_nulls().unique()
    field = key.role if isinstance(key.role, Field) and key.role in KEYS else fields.EMPLOYEE_ID
    written = [plain_key(text, field) for text in pairs["person"].to_list()]
    of_ours = pairs.with_columns(person=pl.Series(written, dtype=pl.String)).unique()
    return int(of_ours["person"].is_duplicated().sum()) // len(RATERS)
