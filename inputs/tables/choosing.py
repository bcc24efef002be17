"""Which tables are read: the one of the people, those that are joined to it, those that are one list."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from inputs.fields import LEVEL, Role, is_rating
from inputs.phrases import few
from inputs.roster import InputError, Issue, Severity
from inputs.tables.contents import RATINGS, key_field, shape_of
from inputs.tables.layout import Table
from inputs.tables.stacking import not_alike, stacked

ALL_SHEETS = "read them as one list with `--all-sheets` (in a mapping: `sheets: all`)"


@dataclass
class TableChoice:
    """The tables that are read, that of the people first, with issues and questions about the choice."""

    together: bool
    """Whether a person said that tables of one kind in a file are one list."""
    tables: list[Table] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)


def choose(tables: Sequence[Table], *, together: bool = False) -> TableChoice:
    """The tables that belong together. Raises InputError when ratings, levels or people are missing."""
    rows = [table for table in tables if table.cells.height]
    rated = [table for table in rows if shape_of(table) in ("wide", "long", "rater rows")]
    full = [table for table in rated if LEVEL in table.by_role]
    people = [table for table in rows if LEVEL in table.by_role and table not in full]
    _require(tables, rows, rated, full or people)
    choice = TableChoice(together)
    if full:
        choice.tables.append(_one(full, "the ratings and the level", choice))
        choice.tables += _more_about(people, choice.tables[0])
    else:
        choice.tables.append(_one(people, "the people and their levels", choice))
        choice.tables += _apart(rated, choice)
    used = [one for table in choice.tables for one in table.originals]
    main = used[0]
    choice.issues += [_not_used(table, main) for table in tables if not any(table is one for one in used)]
    return choice


def _one(tables: Sequence[Table], what: str, choice: TableChoice) -> Table:
    """The one table: of several, the one that is not hidden, or all of them as one list; a question when
    nothing decides."""
    visible = [table for table in tables if table.sheet.visible] or list(tables)
    if not _differ(visible):
        return visible[0]
    if _are_one_list(visible, choice):
        return _together(visible, choice)
    places = few([f"'{_short(table)}'" for table in visible], 5, " and ")
    unlike = not_alike(visible)
    way = f"They cannot be one list: {unlike}." if unlike else f"To have all of them, {ALL_SHEETS}."
    choice.questions.append(
        f"{tables[0].sheet.file}: {places} each hold {what}. Which one is to be read? Keep only that one in "
        f"the file, or name it in a mapping. {way}"
    )
    return visible[0]


def _differ(tables: Sequence[Table]) -> bool:
    first = tables[0]
    return any(not table.cells.equals(first.cells) or table.columns != first.columns for table in tables[1:])


def _are_one_list(tables: Sequence[Table], choice: TableChoice) -> bool:
    """Whether alike tables are one list: a person said so, or gave files of different people."""
    if not_alike(tables) is not None:
        return False
    if choice.together:
        return True
    files = {table.sheet.file for table in tables}
    return len(files) == len(tables) and not _of_the_same_people(tables)


def _of_the_same_people(tables: Sequence[Table]) -> bool:
    """Whether most people of a table are in another one too, as in the files of two years."""
    key = key_field(tables[0])
    if key is None or key not in tables[0].by_role:
        return False
    seen: set[str] = set()
    for table in tables:
        keys = set(table.texts(key).drop_nulls().to_list())
        if 2 * len(keys & seen) > min(len(keys), len(seen)) > 0:
            return True
        seen |= keys
    return False


def _together(tables: Sequence[Table], choice: TableChoice) -> Table:
    table, issues = stacked(tables)
    choice.issues += issues
    return table


def _short(table: Table) -> str:
    return table.sheet.name or table.sheet.file


def _more_about(people: Sequence[Table], main: Table) -> list[Table]:
    """The one table of people without ratings that can say more about the people of the main table."""
    fitting = [
        table
        for table in people
        if table.sheet.visible
        and key_field(table) is key_field(main)
        and table.by_role.keys() - main.by_role.keys()
    ]
    return fitting if len(fitting) == 1 else []


def _apart(rated: Sequence[Table], choice: TableChoice) -> list[Table]:
    """The tables with ratings; those that hold the same ratings as one list, where they are one."""
    visible = [table for table in rated if table.sheet.visible] or list(rated)
    groups: dict[tuple[Role, ...], list[Table]] = {}
    for table in visible:
        groups.setdefault(_rated_by(table), []).append(table)
    found: list[Table] = []
    for group in groups.values():
        one_list = len(group) > 1 and _are_one_list(group, choice)
        found += [_together(group, choice)] if one_list else group
    seen: dict[Role, Table] = {}
    for table in found:
        for role in _rated_by(table):
            if role in seen:
                choice.questions.append(_both(table, seen[role], role))
                return found
            seen[role] = table
    return found


def _rated_by(table: Table) -> tuple[Role, ...]:
    """What a table rates: the competencies and raters of its columns, or that its rows name them."""
    rated = (role for role in table.by_role if is_rating(role) or role in RATINGS)
    return tuple(sorted(rated, key=lambda role: role.name))


def _both(table: Table, other: Table, role: Role) -> str:
    unlike = not_alike([other, table])
    way = f"They cannot be one list: {unlike}." if unlike else f"To have both, {ALL_SHEETS}."
    return (
        f"{table.place} and {other.place} both hold the {role.label}. Which one is to be read? Keep only "
        f"that one, or name it in a mapping. {way}"
    )


def _require(
    tables: Sequence[Table], rows: Sequence[Table], rated: Sequence[Table], levelled: Sequence[Table]
) -> None:
    """Raises InputError when ratings, levels or people are missing altogether."""
    if not rows:
        where = "; ".join(f"{table.place}, header in row {table.header_row}" for table in tables[:3])
        raise InputError(f"{where}: there are no rows below the header. Is it the right file?")
    seen = "; ".join(f"{table.place}, row {table.header_row}: {table.seen}" for table in rows[:3])
    if not rated:
        raise InputError(
            f"No column with ratings was found. Columns seen in {seen}. Ratings need two columns per "
            "competency, such as 'Communication (self)' and 'Communication (manager)', or a column each for "
            "competency, rater and rating. `readiness template` writes a workbook with all of them."
        )
    if not levelled:
        raise InputError(
            f"No column with the level was found. Columns seen in {seen}. Name the column 'Level', or say "
            "which one it is in a mapping (`readiness inspect --write-mapping`)."
        )


def _not_used(table: Table, main: Table) -> Issue:
    hidden = "" if table.sheet.visible else " (hidden)"
    problem = f"The sheet '{_short(table)}'{hidden} was not used: the people are in '{_short(main)}'."
    return table.sheet.issue("sheet_not_used", Severity.NOTE, problem)
