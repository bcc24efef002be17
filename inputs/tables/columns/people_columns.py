"""Which columns say who a row is about, who the manager is and what the level is: as the values show."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import polars as pl

from inputs import fields
from inputs.fields import AnyRater, Field, OpenRating, RatingOf
from inputs.tables.columns.whoever_answered import without_whoever_answered
from inputs.tables.contents import RATERS_OF_ROWS, columns_of_people
from inputs.tables.layout import Column, Table
from inputs.tables.raters import few_texts, name_both
from inputs.tables.values import HIGHEST_RATING, hold_a_scale, hold_numbers, is_address, key_among
from inputs.words.cycle_names import cycle_in, spelled_out
from inputs.words.lexicon import BY_MAPPING, Lexicon
from inputs.words.names import Names
from inputs.words.rating_words import is_word_of_a_scale
from inputs.words.spelling import words
from inputs.words.texts import tidy
from inputs.words.yes_no import yes_or_no

NOT_LEVELS = "could be the level, but its values are not levels of the rule pack"
_MOST = 0.5
"""The share of values from which a column is taken for what they are."""
_LONGEST_CYCLE = 40


def people_columns(table: Table, lexicon: Lexicon, levels: Names, by: AnyRater | None = None) -> Table:
    """Gives the columns about people the one meaning that their values show. `by` is whose ratings they are
    where columns do not say it."""
    table = _employees(
        _ratings_by_people(_reviewers(_competencies(_without_yes_and_no(table), lexicon), lexicon))
    )
    table = _half_names(without_whoever_answered(_by_their_values(table, lexicon, levels), lexicon, by))
    return _managers(_levels(_times_of_answers(table), levels))


def _without_yes_and_no(table: Table) -> Table:
    """The table without columns such as `Employee reviewed`, where their values are yes and no."""
    named = table.taken_for(fields.EMPLOYEE)
    asked = [column for column in named if _most(table, column, lambda text: yes_or_no(text) is not None)]
    return table.unused({column.letter: "its values are yes and no" for column in asked})


def _times_of_answers(table: Table) -> Table:
    """`Start date` and `End date` or `Submit date` that are mostly one day are when somebody began and ended
    an answer: hardly anybody leaves, or is rated, on the day of the hire."""
    begun, left, sent = map(table.by_role.get, (fields.HIRE_DATE, fields.LEAVING_DATE, fields.DATE))
    ended = left or sent
    if begun is None or ended is None:
        return table
    days = [table.cells[one.letter].cast(pl.String).str.slice(0, _OF_A_DAY) for one in (begun, ended)]
    both = pl.DataFrame({"begun": days[0], "ended": days[1]}).drop_nulls()
    if not 0 < both.height < 2 * both.filter(pl.col("begun") == pl.col("ended")).height:
        return table
    why = "when an answer was begun and ended"
    return table.unused({begun.letter: why} | ({ended.letter: why} if ended is left else {}))


_OF_A_DAY = 10
"""Signs of a date before its time."""


def _by_their_values(table: Table, lexicon: Lexicon, levels: Names) -> Table:
    """`Band` is the level, `Review` the cycle and `Username` the address, where their values show it and no
    other column can be."""
    fits: Mapping[Field, tuple[Callable[[str], object], str]] = {
        fields.EMAIL: (is_address, "addresses"),
        fields.LEVEL: (levels.id_of, "those of a level"),
        fields.CYCLE: (_short_cycle, "those of a cycle"),
    }
    unknown = table.unexplained
    for field, (says, what) in fits.items():
        named = [one for one in unknown if lexicon.perhaps.get(lexicon.name_key(one.header)) is field]
        found = [column for column in unknown if _most(table, column, says)] if named else []
        others = [column for column in table.taken_for(field) if _most(table, column, says)]
        if len(found) == 1 and found[0] in named and not others:
            table = table.unused(
                {one.letter: NOT_LEVELS for one in table.taken_for(field) if field is fields.LEVEL}
            )
            table = table.with_columns([replace(found[0], role=field, why=f"its values are {what}")])
    return table


def _short_cycle(text: str) -> str | None:
    """The cycle that a text names, where it is hardly more: `HR-2026-00417` is the number of a document."""
    spoken = words(spelled_out(text))
    cycle = cycle_in(spoken) or ""
    named = cycle.replace("/", " ").split()
    numbered = any(map(str.isdigit, "".join(word for word in spoken if word not in named)))
    return None if numbered or len(text) > _LONGEST_CYCLE else cycle


def _competencies(table: Table, lexicon: Lexicon) -> Table:
    """`Factor`, say, is the competency of each row where its values are competencies of the rule pack, and no
    column is a competency; of several columns called so it is the one with such values."""
    called = table.taken_for(fields.COMPETENCY)
    known = [column for column in called if _most(table, column, lexicon.rated_by)]
    if len(known) == 1:
        why = f"'{known[0].header}' names what is rated"
        return table.unused({column.letter: why for column in called if column is not known[0]})
    if any(role is fields.COMPETENCY or isinstance(role, RatingOf | OpenRating) for role in table.by_role):
        return table
    several = [column for column in table.unknown if several_each(table, column)]
    found = [column for column in several if _most(table, column, lexicon.rated_by)]
    if len(found) != 1:
        return table
    named = replace(found[0], role=fields.COMPETENCY, why="its values are competencies of the rule pack")
    return table.with_columns([named])


def several_each(table: Table, column: Column, keys: Sequence[Column] = (), least: float = 2) -> bool:
    """Whether people have several of a column's values, on average at least so many. What each has one of,
    such as an area to develop, is not what a rating is of."""
    keys = keys or columns_of_people(table)
    if not keys or column in keys:
        return False
    # Of several rows of a person the first one alone may say whose they are.
    pairs = table.cells.select(pl.col(keys[0].letter).forward_fill(), column.letter).drop_nulls().unique()
    return pairs.height >= least * pairs[keys[0].letter].n_unique()


def _reviewers(table: Table, lexicon: Lexicon) -> Table:
    """`Reviewer` is a kind of rater, an id, or a name."""

    def resolved(column: Column) -> Column:
        if _most(table, column, lexicon.rater):
            return replace(column, role=fields.RATER, why="its values say who rated")
        if any(len(text) == 1 for text in few_texts(table, column)):
            return replace(column, role=fields.RATER, why="nobody is called as its values are")
        role, why = _named_by(table, column, fields.KEYS_OF_RATERS)
        return column if role in table.by_role else replace(column, role=role, why=why)

    table = table.with_columns(map(resolved, table.taken_for(fields.RATER_NAME)))
    if not table.by_role.keys() & set(RATERS_OF_ROWS):
        may_be = (one for one in table.columns if _may_say_who_rated(table, one, lexicon))
        found = [column for column in may_be if name_both(few_texts(table, column), lexicon)]
        table = table.with_columns(
            replace(column, role=fields.RATER, why="its values say who rated") for column in found[:1]
        )
    naming = [column for column in table.taken_for(fields.RATER) if _most(table, column, lexicon.rater)]
    others = [column for column in table.taken_for(fields.RATER) if column not in naming]
    if not naming and not {fields.SELF_RATING, fields.MANAGER_RATING} <= table.by_role.keys():
        return table
    why = "another column says who rated" if naming else "each column of ratings says who rated"
    return table.unused({column.letter: why for column in others})


def _may_say_who_rated(table: Table, column: Column, lexicon: Lexicon) -> bool:
    """Whether a column without a header, or called `Who are you?` or `Role`, says it where its values do, of
    which most people have two: else a role is their own."""
    if not column.header:
        return column.role is None
    of_rater = lexicon.perhaps.get(lexicon.name_key(column.header)) is fields.RATER
    if not of_rater or column.why == BY_MAPPING or column.role not in (None, fields.LEVEL):
        return False
    # An address or a number may be that of whoever answered.
    named = [*table.taken_for(fields.EMPLOYEE), *table.taken_for(fields.EMPLOYEE_NAME)]
    people = named or columns_of_people(table)
    return any(several_each(table, column, [one], _MOST_HAVE_TWO) for one in people)


_MOST_HAVE_TWO = 1.5


def _ratings_by_people(table: Table) -> Table:
    """`Employee` and `Manager` in a table with a row per competency hold ratings where both are numbers or
    words of a scale, or one is where nobody has filled in the other, or `Employee` is beside ratings by the
    manager."""
    if fields.COMPETENCY not in table.by_role:
        return table
    rated = {
        role: [column for column in table.taken_for(role) if hold_a_scale(table, column)]
        for role in (fields.EMPLOYEE, fields.MANAGER)
    }
    if any(rated.values()) and fields.RATING not in table.by_role:
        for role in rated:
            empty = (one for one in table.taken_for(role) if not table.cells[one.letter].count())
            rated[role] = rated[role] or [*empty]
    named = (*map(table.by_role.get, (*fields.KEYS, fields.LAST_NAME)), *table.taken_for(fields.EMPLOYEE))
    someone = [one for one in named if one is not None and one not in rated[fields.EMPLOYEE]]
    beside = fields.MANAGER_RATING in table.by_role and any(
        several_each(table, column, someone, _MOST_HAVE_TWO) for column in rated[fields.EMPLOYEE]
    )
    if not someone or not (all(rated.values()) or beside):
        return table
    why = "its values are ratings, next to those of the other"
    own = [replace(column, role=fields.SELF_RATING, why=why) for column in rated[fields.EMPLOYEE]]
    theirs = [replace(column, role=fields.MANAGER_RATING, why=why) for column in rated[fields.MANAGER]]
    return table.with_columns([*own, *theirs])


def _employees(table: Table) -> Table:
    """`Employee` is an id, an address or a name. Its ids are surer than those of a column `ID`; beside its
    addresses those of a column `Email` are of whoever answered."""
    known, asked = table.by_role.get(fields.EMPLOYEE_ID), table.by_role.get(fields.EMPLOYEE)
    addressed = asked is not None and _named_by(table, asked)[0] is fields.EMAIL

    def resolved(column: Column) -> Column:
        if addressed and column.role is fields.EMAIL and fields.RATER_EMAIL not in table.by_role:
            return replace(column, role=fields.RATER_EMAIL, why="of whoever answered, next to the employee's")
        if column.role is not fields.EMPLOYEE:
            return column
        role, why = _named_by(table, column)
        if role is fields.EMPLOYEE_ID and known is not None and not known.weak:
            role, why = fields.EMPLOYEE_NAME, "its values look like names"
        if role is not fields.EMPLOYEE_NAME:
            return replace(column, role=role, why=why)
        named = table.by_role.get(role)
        weak = named is not None and not named.weak  # another column surely is the name
        return replace(column, role=role, why=why, weak=weak)

    return table.with_columns(map(resolved, table.columns))


def _half_names(table: Table) -> Table:
    """`Nom` beside `Prénom` is the last name, and `Nombre` beside `Apellidos` the first: unless its values
    already hold the other half, or the other is `Preferred name`."""
    whole = table.by_role.get(fields.EMPLOYEE_NAME)
    halves = [field for field in (fields.FIRST_NAME, fields.LAST_NAME) if field in table.by_role]
    if whole is None or len(halves) != 1:
        return table
    half = halves[0]
    if table.by_role[half].weak:
        return table
    other = fields.LAST_NAME if half is fields.FIRST_NAME else fields.FIRST_NAME
    cells = {"whole": table.cells[whole.letter], "half": table.cells[table.by_role[half].letter]}
    lowered = pl.DataFrame(cells).select(pl.all().cast(pl.String).str.to_lowercase()).drop_nulls()
    holds = lowered.select(pl.col("whole").str.contains(pl.col("half"), literal=True)).to_series()
    if holds.is_empty() or holds.sum() > _MOST * len(holds):
        return table
    why = f"the {other.label}: the {half.label} has a column of its own"
    return table.with_columns([replace(whole, role=other, why=why)])


def _named_by(table: Table, column: Column, keys: Sequence[Field] = fields.KEYS) -> tuple[Field, str]:
    """Which of `KEYS`, or of those of others, the values of a column are, and why."""
    field, what = key_among(table.cells[column.letter].cast(pl.String).drop_nulls().head(1000), keys)
    return field, f"its values look like {what}"


def _most(table: Table, column: Column, fits: Callable[[str], object]) -> bool:
    """Whether most of a column's different values fit: `fits` gives something for them."""
    texts = table.cells[column.letter].cast(pl.String).drop_nulls().unique().head(2000).to_list()
    texts = [text for text in texts if text.strip()]
    return sum(map(bool, map(fits, texts))) > _MOST * len(texts)


def _levels(table: Table, levels: Names) -> Table:
    """Of several columns that could hold the level, the only one whose values are levels; what a mapping says
    of another one is not passed over."""
    candidates = table.taken_for(fields.LEVEL)
    holding = [column for column in candidates if holds_levels(table, column, levels)]
    if len(candidates) < 2 or len(holding) != 1:
        return table
    if any(column.why == BY_MAPPING for column in candidates if column is not holding[0]):
        return table

    table = table.unused({column.letter: NOT_LEVELS for column in candidates if column is not holding[0]})
    why = f"{holding[0].why}; its values are levels of the rule pack"
    return table.with_columns([replace(holding[0], why=why)])


def holds_levels(table: Table, column: Column, levels: Names) -> bool:
    """Whether any of a column's values is a level."""
    texts = table.cells[column.letter].cast(pl.String).drop_nulls().unique().head(5000).to_list()
    return any(levels.id_of(tidy(text)) is not None for text in texts)


def _rates_like(table: Table, column: Column, rated: Column) -> bool:
    """Whether a column holds ratings like those of another: numbers, words of a scale, or texts of that."""
    own = set(table.texts_of(rated).drop_nulls().unique().to_list())

    def is_rating(text: str) -> bool:
        return text in own or is_word_of_a_scale(text)

    return hold_numbers(table, column) or _most(table, column, is_rating)


def _managers(table: Table) -> Table:
    """`Manager` is a name, an address or an id: an id when most of its values are ids of the file or look
    like ids. Beside a column `Self`, in a table with a row per competency, it holds ratings."""
    table = _ratings_by_managers(table)
    ids = table.values(fields.EMPLOYEE_ID)
    known = set() if ids is None else set(ids.cast(pl.String).drop_nulls().to_list())

    def resolved(column: Column) -> Column:
        role, why = _named_by(table, column, fields.KEYS_OF_MANAGERS)
        if role is not fields.MANAGER_EMAIL and _most(table, column, known.__contains__):
            role, why = fields.MANAGER_ID, "its values are ids of the file"
        elif role is not fields.MANAGER_EMAIL and _rates_a_cycle(table, column):
            role, why = fields.MANAGER_RATING, "its values are ratings of a cycle"
        if role in table.by_role and role not in (fields.MANAGER_RATING, fields.MANAGER_NAME):
            return replace(column, role=None, why=f"the file has a clearer column for the {role.label}")
        # `Manager` is less clear than `Manager Name`.
        return replace(column, role=role, why=why, weak=role in table.by_role)

    return table.with_columns(map(resolved, table.taken_for(fields.MANAGER)))


def _rates_a_cycle(table: Table, column: Column) -> bool:
    return column.cycle is not None and hold_numbers(table, column, HIGHEST_RATING)


def _ratings_by_managers(table: Table) -> Table:
    """Those of several columns such as `Manager` and `Line Manager` that hold ratings like the person's."""
    own = table.by_role.get(fields.SELF_RATING)
    if own is None or fields.COMPETENCY not in table.by_role:
        return table
    why = "ratings by the manager, next to the person's"
    surely = {column.cycle for column in table.taken_for(fields.MANAGER_RATING)}
    return table.with_columns(
        replace(column, role=fields.MANAGER_RATING, why=why)
        for column in table.taken_for(fields.MANAGER)
        if _rates_like(table, column, own)
        and (column.cycle not in surely or several_each(table, column))  # else it is who the manager is
    )
