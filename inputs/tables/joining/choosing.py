"""Which tables are read: the one of the people, those that are joined to it, those that are one list."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import chain

import polars as pl

from inputs.asked import Asked
from inputs.fields import (
    COMPETENCY,
    KEYS,
    LEAVING_DATE,
    LEVEL,
    OF_MANAGER,
    RATERS,
    STATUS,
    Field,
    RatingOf,
    Role,
    is_comment,
)
from inputs.files.sheets import Sheet
from inputs.phrases import counted, few
from inputs.roster import InputError, Issue, Severity
from inputs.tables.contents import (
    Shape,
    holds_ratings,
    key_field,
    keys_of,
    rated_by,
    shape_of,
    source_columns,
)
from inputs.tables.joining.lacking import without_level, without_ratings, without_rows
from inputs.tables.joining.left_out import are_among, column_of_people, notes_on, questions_on
from inputs.tables.joining.stacking import not_alike, stacked
from inputs.tables.joining.titles import BY_TITLE
from inputs.tables.keys import match_keys, plain_key
from inputs.tables.layout import Table, match_table
from inputs.tables.review_cycles import MOVEMENT, ask_for_fuller, cycle_order, those_of_cycle
from inputs.words.cycle_names import cycle_in, spelled_out
from inputs.words.lexicon import Lexicon
from inputs.words.names import Names
from inputs.words.spelling import words
from inputs.words.statuses import says_of_rows

ALL_SHEETS = "read them as one list with `--all-sheets` (in a mapping: `sheets: all`)"


@dataclass
class TableChoice:
    """The tables that are read, that of the people first, with issues and questions about the choice."""

    together: bool
    """Whether a person said that tables of one kind in a file are one list."""
    cycle: str | None = None
    """The cycle that a person wants read; None for the latest."""
    tables: list[Table] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    questions: list[Asked] = field(default_factory=list)
    earlier: list[Table] = field(default_factory=list)
    """Those of earlier cycles, which are not read."""
    rivals: list[Table] = field(default_factory=list)
    """Those of which only one can be read, where a question asks which."""


def match_tables(sheets: Sequence[Sheet], lexicon: Lexicon) -> tuple[Table, ...]:
    """The tables of the sheets: by their headers, or, where these do not say enough, by rows about the people
    of another table."""
    found = [match_table(sheet, lexicon) for sheet in sheets]
    lists = [table for table in found if table is not None]
    pairs = zip(sheets, found, strict=True)
    return tuple(filter(None, (table or _about_people_of(lists, sheet, lexicon) for sheet, table in pairs)))


def _about_people_of(lists: Sequence[Table], sheet: Sheet, lexicon: Lexicon) -> Table | None:
    """The table of a sheet whose rows are about the people of one of these tables."""
    table = match_table(sheet, lexicon, doubtful=True)
    if table is None:
        return None
    for people in lists:
        key = key_field(table, keys_of(people))
        if key and are_among(source_columns(table)[key].texts, source_columns(people)[key].texts, key):
            return table
        if not key and any(map(holds_ratings, table.by_role)) and column_of_people(table, people):
            return table
    return None


def choose(
    tables: Sequence[Table], levels: Names, day: date, *, together: bool = False, cycle: str | None = None
) -> TableChoice:
    """The tables that belong together. Raises InputError when ratings, levels or people are missing."""
    rows = [table for table in tables if table.cells.height]
    rated = [table for table in rows if shape_of(table) in ("wide", "long", "rater rows")]
    rated = [table for table in rated if key_field(table) is not None] or rated
    people = [table for table in rows if LEVEL in table.by_role and shape_of(table) == "people"]
    if not rows:
        raise InputError(without_rows(tables))
    if not rated:
        raise InputError(without_ratings(rows))
    if not people and not any(LEVEL in table.by_role for table in rated):
        raise without_level(rows, levels)
    choice = TableChoice(together, cycle)
    chosen = [_one(group, choice, day) for group in _groups(rated)]
    full = [table for table in chosen if LEVEL in table.by_role]
    if full:
        main = full[0]
        choice.tables += [main, *(table for table in chosen if table is not main)]
        choice.tables += _more_about(rows, choice.tables, _LISTS)
    elif people:
        choice.tables += [_one(people, choice, day), *chosen]
        choice.tables += _more_about(rows, choice.tables, _LISTS[1:])
    else:
        raise without_level(chosen, levels)
    used = [one for table in choice.tables for one in table.originals] + choice.earlier
    main = used[0]
    left_out = [table for table in tables if not any(table is one for one in used)]
    choice.issues += notes_on(left_out, main, choice.tables[0], levels)
    choice.questions += questions_on(left_out, choice.tables, day)
    return choice


def _groups(rated: Sequence[Table]) -> list[list[Table]]:
    """The tables by what they rate: those of one group hold ratings that another of it has too. A hidden
    table is left out unless nobody else has its ratings."""
    groups: list[tuple[set[Role], list[Table]]] = []
    for table in sorted(rated, key=lambda table: not table.sheet.visible):
        rates = rated_by(table)
        overlapping = [group for group in groups if group[0] & rates]
        if not table.sheet.visible and (overlapping or _have_both_raters(groups, rates)):
            continue
        groups = [group for group in groups if not group[0] & rates]
        joined = [one for _, members in overlapping for one in members]
        groups.append((rates.union(*(held for held, _ in overlapping)), [*joined, table]))
    order = {id(table): at for at, table in enumerate(rated)}
    listed = [sorted(members, key=lambda table: order[id(table)]) for _, members in groups]
    return sorted(listed, key=lambda members: order[id(members[0])])


def _have_both_raters(groups: Sequence[tuple[set[Role], list[Table]]], rates: set[Role]) -> bool:
    """Whether both raters' ratings are there of whatever is rated without saying by whom."""
    held = set().union(*(roles for roles, _ in groups))
    return bool(rates) and all(
        isinstance(one, RatingOf) and {replace(one, rater=rater) for rater in RATERS} <= held for one in rates
    )


def _one(tables: Sequence[Table], choice: TableChoice, day: date) -> Table:
    """The one table: of several, the one that is not hidden, all of them as one list, or that of the latest
    cycle; a question when nothing decides."""
    visible = [table for table in tables if table.sheet.visible] or list(tables)
    if not _differ(visible):
        return visible[0]
    apart = _titled_apart(visible, day)
    if _are_one_list(visible, choice, apart):
        whole, notes = stacked(visible)
        choice.issues += notes
        if apart and not _of_the_same_people(visible):
            remedy = "Nothing to do if everybody in them is to be assessed; otherwise leave that table out."
            problem = f"{apart[0].upper()}{apart[1:]}; all were read as one list, as you said."
            choice.issues.append(Issue("stacked", Severity.WARNING, problem, remedy))
        return whole
    cycles = {} if choice.together else _cycles(visible, day, choice.cycle)
    if cycles:
        name, latest = next(iter(cycles.items()))
        choice.earlier += [table for table in visible if table is not latest]
        choice.issues += _earlier_cycles(choice.earlier, latest)
        ratings = {title: _ratings_in(table) for title, table in cycles.items()}
        if choice.cycle is None and (asked := ask_for_fuller(latest.place, ratings, name)):
            choice.questions.append(asked)
        return latest
    if not any(map(_nobody_rated, visible)):
        choice.questions.append(_which(visible, apart))
        choice.rivals += visible
    return next((table for table in visible if LEVEL in table.by_role), visible[0])


def _nobody_rated(table: Table) -> bool:
    """Whether a table's columns do not say who rated: that is asked first, and may be the whole question."""
    return shape_of(table) == "wide" and any(
        isinstance(role, RatingOf) and role.rater is None for role in table.by_role
    )


def _which(tables: Sequence[Table], apart: str) -> Asked:
    places = few([f"'{table.full_name}'" for table in tables], separator=" and ")
    rates = any(shape_of(table) != "people" for table in tables)
    level = all(LEVEL in table.by_role for table in tables)
    what = {
        (True, True): "the ratings and the level",
        (True, False): "ratings by the same raters",
        (False, True): "the people and their levels",
    }[rates, level]
    unlike = not_alike(tables)
    way = f"They cannot be one list: {unlike}." if unlike else f"To have all of them, {ALL_SHEETS}."
    return Asked(
        f"{tables[0].sheet.file}: {places} each hold {what}{apart and f', and {apart}'}.",
        f"Which one should be read? Keep only that one in the file, or name it in a mapping. {way}",
        "tables",
    )


def _cycles(tables: Sequence[Table], day: date, wanted: str | None) -> dict[str, Table]:
    """The tables by their cycles, that of the latest, or the one that is wanted, first, where titles name the
    cycles and most people are in several of them; else none."""
    if len({shape_of(table) for table in tables}) > 1 or not _of_the_same_people(tables):
        return {}
    for names in zip(*(table.titles for table in tables), strict=True):
        order = cycle_order(names, day) if len(set(names)) == len(tables) else None
        if order is not None:
            chosen = those_of_cycle(names, wanted)
            first = chosen[0] if len(chosen) == 1 else max(order, key=order.__getitem__)
            return dict(sorted(zip(names, tables, strict=True), key=lambda one: one[0] != first))
    return {}


def _ratings_in(table: Table) -> int:
    rated = (one for one in table.columns if holds_ratings(one.role))
    return sum(len(table.cells[one.letter].drop_nulls()) for one in rated)


def _earlier_cycles(earlier: Sequence[Table], latest: Table) -> Iterator[Issue]:
    named = few([f"'{table.full_name}'" for table in earlier], 6)
    yield latest.sheet.issue(
        "earlier_cycle",
        Severity.NOTE,
        f"{named} {'holds' if len(earlier) == 1 else 'hold'} the same people in a different cycle from "
        f"'{latest.full_name}', which is assessed.",
        MOVEMENT,
    )
    key = key_field(latest)
    others = [columns for table in earlier if key in (columns := source_columns(table))]
    if key is None or not others:
        return
    here = source_columns(latest)[key].texts
    known, there = set(here), (match_keys(here, columns[key].texts, key).keys for columns in others)
    if gone := [one for one in dict.fromkeys(chain(*there)) if one and one not in known]:
        yield latest.sheet.issue(
            "earlier_cycle",
            Severity.WARNING,
            f"{counted(len(gone), 'person', 'people')} of {named} {'is' if len(gone) == 1 else 'are'} not in "
            f"'{latest.full_name}', and not assessed: {few(gone, 6)}.",
            "Nothing to do if they have left; otherwise add their rows.",
        )


def _differ(tables: Sequence[Table]) -> bool:
    """Whether tables differ in more than what their titles say of them."""
    first, *others = ([replace(one, why="") for one in table.columns] for table in tables)
    cells = tables[0].cells
    return any(columns != first for columns in others) or not all(
        one.cells.equals(cells) for one in tables[1:]
    )


def _titled_apart(tables: Sequence[Table], day: date) -> str:
    """What titles say of tables that are hardly one list: that they are of different cycles, or that some are
    of people who have left, or of reviews that are not finished; empty where they do not."""
    for names in zip(*(table.titles for table in tables), strict=True):
        cycles = [cycle_in(words(spelled_out(name))) for name in names]
        if None not in cycles and len(set(cycles)) > 1:
            return "their names are those of different cycles"
    for table in tables:
        for title in filter(None, table.titles):
            if any(says_of_rows(text, day) for text in (title, *words(title))):
                return f"the name '{title}' says that those in it are not to be assessed like the others"
    return ""


def _are_one_list(tables: Sequence[Table], choice: TableChoice, apart: str) -> bool:
    """Whether alike tables are one list: a person said so, gave files of different people, or titles alone
    say whom each is about."""
    if not_alike(tables) is not None:
        return False
    if choice.together:
        return True
    files = {table.sheet.file for table in tables}
    if apart:
        return False
    one_each = all(map(_is_of_one, tables))
    return (one_each or len(files) == len(tables)) and not _of_the_same_people(tables)


def _is_of_one(table: Table) -> bool:
    """Whether the title of a table, or a line above it, names whom all of it is about."""
    key = key_field(table)
    column = None if key is None else table.by_role.get(key)
    return column is not None and (column.why == BY_TITLE or column.letter in table.raised)


def _of_the_same_people(tables: Sequence[Table]) -> bool:
    """Whether most people of a table are in another one too, as in the files of two years, whichever of their
    ids, addresses and names all tables have, in whatever way of writing."""
    listed = [source_columns(table) for table in tables]
    return any(
        _has_most_of_another([columns[key].texts for columns in listed], key)
        for key in KEYS
        if all(key in columns for columns in listed)
    )


def _has_most_of_another(listed: Sequence[pl.Series], key: Field) -> bool:
    seen: set[str] = set()
    for texts in listed:
        keys = {plain_key(text, key) for text in texts.drop_nulls().unique().to_list()}
        if 2 * len(keys & seen) > min(len(keys), len(seen)) > 0:
            return True
        seen |= keys
    return False


_LISTS: tuple[Shape, ...] = ("people", "other")
"""What a list without ratings may be, with levels and without."""


def _more_about(rows: Sequence[Table], chosen: Sequence[Table], shapes: Collection[Shape]) -> list[Table]:
    """The tables without ratings, of these shapes, that say something of the people, a row each, which no
    other table says: a list of all employees, of hires, a form with yes and no."""
    main, known = chosen[0], {role for table in chosen for role in table.by_role}
    lists = [table for table in rows if shape_of(table) in shapes and table.sheet.visible]
    says = {id(table): _told_by(table) - known for table in lists if _lists_people_of(table, main)}
    times = Counter(role for told in says.values() for role in told)
    return [
        table for table in lists if (told := says.get(id(table))) and all(times[role] == 1 for role in told)
    ]


def _told_by(table: Table) -> set[Role]:
    """What a list says of people; without a level it may be about anything, so only dates, answers, comments,
    managers and who has left count."""
    with_level = LEVEL in table.by_role
    return {
        role
        for role in table.by_role
        if (is_comment(role) and COMPETENCY not in table.by_role)
        or (
            isinstance(role, Field)
            and role.use != "rating"
            and (
                with_level
                or role in (STATUS, LEAVING_DATE, *OF_MANAGER)
                or (role.use == "kept" and role.kind in ("date", "yes_no"))
            )
        )
    }


def _lists_people_of(table: Table, main: Table) -> bool:
    """Whether most rows of a list, or most people of the main table, are people of the other, each once.

    In which of two ways an id is written does not count.
    """
    key = key_field(table, keys_of(main))
    if key is None:
        return False
    own, theirs = source_columns(main)[key].texts, source_columns(table)[key].texts
    people = match_keys(own, theirs, key).keys.drop_nulls()
    known = set(own.drop_nulls().to_list())
    found = sum(person in known for person in people.to_list())
    return people.n_unique() == len(people) and 2 * found > min(len(people), len(known))
