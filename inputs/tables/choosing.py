"""Which tables are read: the one of the people, those that are joined to it, those that are one list."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from inputs.roster import InputError, Issue, Severity
from inputs.tables.contents import is_rating, key_role, shape_of, text_of
from inputs.tables.layout import Table
from inputs.tables.stacking import not_alike, stacked
from inputs.words.roles import said_role

ALL_SHEETS = "read them as one list with `--all-sheets` (in a mapping: `sheets: all`)"


@dataclass
class TableChoice:
    """The tables that are read, that of the people first, and what was met in choosing them."""

    together: bool
    """Whether a person said that tables of one kind in a file are one list."""
    tables: list[Table] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)


def choose(tables: Sequence[Table], *, together: bool = False) -> TableChoice:
    """The tables that belong together. Raises InputError when ratings, levels or people are missing."""
    rows = [table for table in tables if table.cells.height]
    rated = [table for table in rows if shape_of(table) in ("wide", "long", "rater rows")]
    full = [table for table in rated if "level" in table.by_role]
    people = [table for table in rows if "level" in table.by_role and table not in full]
    _require(tables, rows, rated, full or people)
    chosen = TableChoice(together)
    if full:
        chosen.tables.append(_one(full, "the ratings and the level", chosen))
        chosen.tables += _more_about(people, chosen.tables[0])
    else:
        chosen.tables.append(_one(people, "the people and their levels", chosen))
        chosen.tables += _apart(rated, chosen)
    used = [one for table in chosen.tables for one in table.originals]
    main = used[0]
    chosen.issues += [_not_used(table, main) for table in tables if not any(table is one for one in used)]
    return chosen


def _one(tables: Sequence[Table], what: str, chosen: TableChoice) -> Table:
    """The one table: of several, the one that is not hidden, or all of them as one list; a question when
    nothing decides."""
    visible = [table for table in tables if table.sheet.visible] or list(tables)
    if not _differ(visible):
        return visible[0]
    if _are_one_list(visible, chosen):
        return _together(visible, chosen)
    places = " and ".join(f"'{_short(table)}'" for table in visible[:5])
    more = f" and {len(visible) - 5} more" if len(visible) > 5 else ""
    unlike = not_alike(visible)
    way = f"They are no one list: {unlike}." if unlike else f"To have all of them, {ALL_SHEETS}."
    chosen.questions.append(
        f"{tables[0].sheet.file}: {places}{more} each hold {what}. Which one is to be read? Keep only that "
        f"one in the file, or name it in a mapping. {way}"
    )
    return visible[0]


def _differ(tables: Sequence[Table]) -> bool:
    first = tables[0]
    return any(not table.cells.equals(first.cells) or table.columns != first.columns for table in tables[1:])


def _are_one_list(tables: Sequence[Table], chosen: TableChoice) -> bool:
    """Whether alike tables are one list: a person said so, or gave files of different people."""
    if not_alike(tables) is not None:
        return False
    if chosen.together:
        return True
    files = {table.sheet.file for table in tables}
    return len(files) == len(tables) and not _of_the_same_people(tables)


def _of_the_same_people(tables: Sequence[Table]) -> bool:
    """Whether most people of a table are in another one too, as in the files of two years."""
    role = key_role(tables[0])
    if role is None or role not in tables[0].by_role:
        return False
    seen: set[str] = set()
    for table in tables:
        keys = set(text_of(table.cells[table.by_role[role].letter]).drop_nulls().to_list())
        if 2 * len(keys & seen) > min(len(keys), len(seen)) > 0:
            return True
        seen |= keys
    return False


def _together(tables: Sequence[Table], chosen: TableChoice) -> Table:
    table, issues = stacked(tables)
    chosen.issues += issues
    return table


def _short(table: Table) -> str:
    return table.sheet.name or table.sheet.file


def _more_about(people: Sequence[Table], main: Table) -> list[Table]:
    """The one table of people without ratings that can say more about the people of the main table."""
    fitting = [
        table
        for table in people
        if table.sheet.visible
        and key_role(table) == key_role(main)
        and table.by_role.keys() - main.by_role.keys()
    ]
    return fitting if len(fitting) == 1 else []


def _apart(rated: Sequence[Table], chosen: TableChoice) -> list[Table]:
    """The tables with ratings: those that hold the same ratings as one list, when that was said."""
    visible = [table for table in rated if table.sheet.visible] or list(rated)
    groups: dict[tuple[str, ...], list[Table]] = {}
    for table in visible:
        groups.setdefault(_rated_by(table), []).append(table)
    found: list[Table] = []
    for group in groups.values():
        one_list = len(group) > 1 and _are_one_list(group, chosen)
        found += [_together(group, chosen)] if one_list else group
    seen: dict[str, Table] = {}
    for table in found:
        for role in _rated_by(table):
            if role in seen:
                chosen.questions.append(_both(table, seen[role], role))
                return found
            seen[role] = table
    return found


def _rated_by(table: Table) -> tuple[str, ...]:
    """What a table rates: the competencies and raters of its columns, or that its rows name them."""
    ratings = ("rating", "self_rating", "manager_rating")
    return tuple(sorted(role for role in table.by_role if is_rating(role) or role in ratings))


def _both(table: Table, other: Table, role: str) -> str:
    unlike = not_alike([other, table])
    way = f" They are no one list: {unlike}." if unlike else f" To have both, {ALL_SHEETS}."
    return (
        f"{table.place} and {other.place} both hold the {said_role(role)}. Which one is to be read? Keep "
        f"only that one, or name it in a mapping.{way}"
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
            "competency, "
            "such as 'Communication (self)' and 'Communication (manager)', or a column each for "
            "competency, rater "
            "and rating. `readiness template` writes a workbook with all of them."
        )
    if not levelled:
        raise InputError(
            f"No column with the level was found. Columns seen in {seen}. Name the column 'Level', or "
            "say which "
            "one it is in a mapping (`readiness inspect --write-mapping`)."
        )


def _not_used(table: Table, main: Table) -> Issue:
    hidden = "" if table.sheet.visible else " (hidden)"
    return Issue(
        "sheet_not_used",
        Severity.NOTE,
        f"The sheet '{_short(table)}'{hidden} was not used: the people are in '{_short(main)}'.",
        "Nothing to do if that is right.",
        sheet=table.sheet.name,
        file=table.sheet.named_file,
    )
