"""Sheets and files about one person each, whom nothing but their title names."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from inputs.fields import EMPLOYEE_NAME, LEVEL
from inputs.phrases import counted, was
from inputs.roster import Issue, Severity
from inputs.tables.contents import key_field, shape_of, source_columns
from inputs.tables.layout import Table
from inputs.words.lexicon import Meaning
from inputs.words.names import Names
from inputs.words.spelling import person_key
from inputs.words.texts import tidy

BY_TITLE = "the title of the sheet or file, which no column repeats"


def named_by_title(tables: Sequence[Table], levels: Names) -> tuple[list[Table], list[Issue]]:
    """The tables, with a column of the people whom titles name where no column names any and a list of the
    people has most of these titles; and a note that says so."""
    lists = [one for one in tables if shape_of(one) == "people" and key_field(one) is not None]
    nobodys = of_nobody(tables)
    known = _people(lists[0]) if lists else {}
    above = _named_in_cells(tables, known)
    unlike = list(_other_levels(above, lists[0], levels)) if above else []
    for titles in zip(*(one.titles for one in nobodys), strict=True) if known else ():
        found = [known.get(person_key(title)) for title in titles]
        if any(_named_above(one, known) - {person} for one, person in zip(nobodys, found, strict=True)):
            continue
        if len(set(titles)) == len(titles) < 2 * len(list(filter(None, found))):
            people = {id(one): text or title for one, text, title in zip(nobodys, found, titles, strict=True)}
            key = Meaning(key_field(lists[0]), BY_TITLE)
            named = [one.with_value(key, people[id(one)]) if id(one) in people else one for one in tables]
            return named, [
                _note(nobodys, titles[0], lists[0]),
                *_other_levels([(one, people[id(one)]) for one in nobodys], lists[0], levels),
                *unlike,
            ]
    return list(tables), unlike


def _named_in_cells(tables: Sequence[Table], known: Mapping[str, str]) -> list[tuple[Table, str]]:
    """The tables above which a line names a person of a list, each with that person."""
    keyed = ((table, key) for table in tables if (key := key_field(table)) is not None)
    named = ((table, known.get(person_key(table.said_above(key) or ""))) for table, key in keyed)
    return [(table, person) for table, person in named if person is not None]


def of_nobody(tables: Sequence[Table]) -> list[Table]:
    """The visible tables with ratings that have no column for whom they rate."""
    rated = (one for one in tables if one.sheet.visible and shape_of(one) not in ("people", "other"))
    return [one for one in rated if one.cells.height and key_field(one) is None]


def _people(table: Table) -> Mapping[str, str]:
    """What tells each person of a list apart, by what a title may call them: the id, the name, or both."""
    columns, key = source_columns(table), key_field(table)
    if key is None:
        return {}
    keys = columns[key].texts.to_list()
    names = columns[EMPLOYEE_NAME].texts.to_list() if EMPLOYEE_NAME in columns else keys
    called = [
        (form, one)
        for one, name in zip(keys, names, strict=True)
        if one
        for form in {person_key(one), person_key(name or one), person_key(f"{one} {name or ''}")}
    ]
    times = Counter(form for form, _ in called)
    return {form: one for form, one in called if times[form] == 1}


def level_above(table: Table, levels: Names) -> tuple[str, str] | None:
    """The cell above the header that holds a level, and what it says."""
    for row, cells in enumerate(table.above.iter_rows(), start=table.sheet.first_row):
        for at, cell in zip(table.above.columns, cells, strict=True):
            if cell is not None and levels.id_of(tidy(str(cell))) is not None:
                return f"{at}{row}", str(cell)
    return None


def _named_above(table: Table, known: Mapping[str, str]) -> set[str | None]:
    """The people whom cells above the header name."""
    texts = (str(cell) for row in table.above.iter_rows() for cell in row if cell is not None)
    return {known[key] for text in texts if (key := person_key(text)) in known}


def _other_levels(tables: Sequence[tuple[Table, str]], listed: Table, levels: Names) -> Iterator[Issue]:
    """A warning for each table above which another level stands than the list gives the person."""
    columns, key = source_columns(listed), key_field(listed)
    rows = zip(*(columns[one].texts.to_list() for one in (key, LEVEL) if one), strict=True)
    known = {str(person): str(level) for person, level in rows}
    for table, person in tables:
        above, level = level_above(table, levels), known.get(person)
        if above is not None and level is not None and levels.id_of(above[1]) != levels.id_of(level):
            problem = f"{above[0]} says '{above[1]}', and '{listed.name}' says '{level}', which counts."
            remedy = "Write the same in both, or take out the one that is wrong."
            yield table.issue("conflicting_value", Severity.WARNING, problem, remedy)


def _note(tables: Sequence[Table], title: str, people: Table) -> Issue:
    count = len(tables)
    return people.sheet.issue(
        "stacked",
        Severity.NOTE,
        f"{counted(count, 'table')} {was(count)} read as ratings of the person whom the title alone names, "
        f"such as '{title}', as '{people.name}' lists them.",
        "Nothing to do if that is right.",
    )
