"""Which columns of a form are about whoever answered, and not about the person whom a row is about."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import polars as pl

from inputs import fields
from inputs.fields import KEYS, RATERS, RATING_BY, AnyRater, CommentOn, Field, OpenRating, RatingOf
from inputs.tables.contents import SAY_WHO_RATED, source_columns
from inputs.tables.keys import plain_key
from inputs.tables.layout import Column, Table
from inputs.tables.raters import few_texts
from inputs.tables.table_issues import TableIssues
from inputs.words.lexicon import BY_MAPPING, FIELD_OF_MANAGER, FIELD_OF_RATER, Lexicon
from inputs.words.spelling import normalise, person_key, words
from inputs.words.texts import each, text_of

_HALVES = fields.OF_EMPLOYEE[3:]
_ASKED_ANYWAY = frozenset(fields.OF_EMPLOYEE[1:])
"""What forms have of whoever answered."""
_FIELDS_OF: Mapping[AnyRater | None, Mapping[Field, Field]] = {
    "manager": FIELD_OF_MANAGER,
    "other": {},
    None: FIELD_OF_RATER,
}
"""What is what of whoever answered, where that is a manager, somebody else, or not known."""
_SEVERAL_ROWS = (*SAY_WHO_RATED, fields.COMPETENCY, fields.CYCLE, fields.DATE, fields.REVIEW_DATE)
"""With one of these a person may have several rows."""
_MOST = 0.5
"""The share of values from which a column is taken for what they are."""
_LOOKED_AT = 2000
"""Values that are looked at."""
_PAIRS = 2
"""People with several values before a column is somebody else's."""


def without_whoever_answered(table: Table, lexicon: Lexicon, by: AnyRater | None = None) -> Table:
    """Of a form, `Email`, `Name` and `ID` are whoever answered and the number of the answer, where they do
    not go with the person that the row is about. Where only managers rate, `by` whom a title says it or as
    each column does, whoever answered is the manager."""
    table = _rated_by_whoever_answered(table, lexicon)
    person = _surest(table)
    if person is None:
        return table
    people = table.cells[person.letter]
    once = 2 * people.is_duplicated().sum() < len(people)
    asked, rater = once and _asks(person), _rated_by_others(table, by)
    if asked or rater:
        table = table.with_columns(_of_whoever_was_asked(table, person, lexicon, rater, asked=asked))
    if once and not table.by_role.keys() & set(_SEVERAL_ROWS):
        why = f"of whoever answered: '{person.header}' says whom the row is about"
        shared = {
            column.letter: why
            for column in table.columns
            if column is not person
            and column.role in KEYS
            and may_be_of_answers(column, lexicon)
            and _mostly_shared(table, column, people)
        }
        # Of a form there are both, or the number of the answer.
        return table.unused(shared if len(shared) + len(table.taken_for(fields.EMPLOYEE_ID)) > 2 else {})

    others = []
    for column in table.columns:
        if column is person or _says_whose(column, lexicon) or not _is_somebody_else(table, column, people):
            continue
        role = FIELD_OF_RATER[column.role] if column.role in _ASKED_ANYWAY else None
        what = "it numbers the rows" if role is None else "of whoever answered"
        why = f"{what}: '{person.header}' says whom the row is about"
        others.append(replace(column, role=role, why=why))
    return table.with_columns(others)


def _rated_by_whoever_answered(table: Table, lexicon: Lexicon) -> Table:
    """The table without saying that `Team member: Communication` is by that person, where most addresses or
    names of whoever answered stand in several rows, and a column may name others."""
    if table.raters != {"self"} or table.by_role.keys() & _BY_WORDS:
        return table
    people = _identifying(table)
    raters = [column for role in FIELD_OF_RATER.values() for column in table.taken_for(role)]
    unsure = [column for column in people if may_be_of_answers(column, lexicon)]
    answered = [column for column in (*raters, *unsure) if _in_several_rows(table, column)]
    others = [one for one in (*people, *_unsure(table)) if one not in answered]
    if not answered or not any(_may_be_people(table, one) for one in others):
        return table
    return table.with_columns(
        [
            replace(column, role=replace(column.role, rater=None), why="it does not say who rated")
            for column in table.columns
            if isinstance(column.role, RatingOf) and lexicon.names_employee(column.header)
        ]
    )


def _surest(table: Table) -> Column | None:
    """The column that surely says whom a row is about, if there is one."""
    for role in (fields.EMPLOYEE_ID, fields.EMPLOYEE_NAME, fields.EMAIL):
        sure = [column for column in table.taken_for(role) if not column.weak]
        if sure:
            # Of two addresses, that of whoever answered stands in several rows.
            return next((one for one in sure[:-1] if not _in_several_rows(table, one)), sure[-1])
    return None


def may_be_of_answers(column: Column, lexicon: Lexicon) -> bool:
    """Whether a column such as `Email`, `Name` or `ID` does not say whose it is: in a form, it may be of
    whoever answered or number the answers."""
    unsure = column.weak or column.role in (fields.EMAIL, *_HALVES)
    return unsure and not _says_whose(column, lexicon)


def _says_whose(column: Column, lexicon: Lexicon) -> bool:
    spoken = words(column.header)
    return any(lexicon.people.get(spoken[:end]) == "employee" for end in range(1, len(spoken)))


def _asks(person: Column) -> bool:
    """Whether a header asks somebody else whom the row is about: `Your name?` asks the person."""
    spoken = words(person.header)
    return "your" not in spoken and ("you" in spoken or person.header.rstrip().endswith("?"))


def _rated_by_others(table: Table, by: AnyRater | None) -> AnyRater | None:
    """Who gave all ratings of a table, as its title or its columns say, where that is not the person."""
    raters = {rater or by for rater in table.raters}
    alone = len(raters) == 1 and not table.by_role.keys() & SAY_WHO_RATED
    return next(iter(raters - {"self"}), None) if alone else None


def _of_whoever_was_asked(
    table: Table, person: Column, lexicon: Lexicon, rater: AnyRater | None, *, asked: bool
) -> list[Column]:
    """Of a form: `Email` and `Name` where they do not go with the person that it has `asked` for or, where
    others rate, stand beside several people; and beside them the number of the answer."""
    people, roles = table.cells[person.letter], _FIELDS_OF[rater]
    why = f"of whoever answered '{person.header}'"
    shared = {
        column.letter: column.role
        for column in table.columns
        if rater is not None and column.role in _ASKED_ANYWAY and _mostly_shared(table, column, people)
    }
    if fields.EMAIL not in shared.values() and fields.DATE not in table.by_role:
        shared = {}  # no form: people of one name
    theirs = [
        replace(column, role=_free(roles.get(column.role), table), why=why)
        for column in table.columns
        if column is not person
        and column.role is not None
        and column.role in _ASKED_ANYWAY
        and may_be_of_answers(column, lexicon)
        and (column.letter in shared or (asked and not _goes_with(table, column, people)))
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


def _free(role: Field | None, table: Table) -> Field | None:
    """A role that no column has yet."""
    return None if role in table.by_role else role


def _goes_with(table: Table, column: Column, people: pl.Series) -> bool:
    """Whether an address or a name is mostly that of the person, as far as its words tell."""
    pairs = pl.DataFrame({"person": text_of(people), "value": table.texts_of(column)}).drop_nulls()
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
    by_both = table.raters >= set(RATERS)
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
    pairs = pl.DataFrame({"person": people.cast(pl.String), "value": _naming(table, column)})
    shared = pairs.drop_nulls().unique().select(pl.col("value").is_duplicated()).to_series()
    return len(shared) > _PAIRS and shared.sum() > _MOST * len(shared)


def _naming(table: Table, column: Column) -> pl.Series:
    """A column's cells; those of half a name with the other half."""
    halves = [table.by_role[role].letter for role in _HALVES if role in table.by_role]
    if column.role not in _HALVES or len(halves) != len(_HALVES):
        return table.cells[column.letter]
    return table.cells.select(pl.concat_str(halves, separator=" ")).to_series()


def _in_several_rows(table: Table, column: Column) -> bool:
    """Whether most values stand in several rows."""
    return _mostly_shared(table, column, pl.Series(range(table.cells.height)))


def _with_several(pairs: pl.DataFrame, one: str, other: str) -> tuple[int, int]:
    """How many have several of the other, of how many with several rows."""
    counts = pairs.group_by(one).agg(pl.len(), different=pl.col(other).n_unique()).filter(pl.col("len") > 1)
    return counts.filter(pl.col("different") > 1).height, counts.height


def with_answers_explained(tables: Sequence[Table], lexicon: Lexicon) -> list[Table]:
    """The tables, of which some may hold answers of a form about the people of another one: where its own
    `Email` and `Name` stand in several rows each, the one column that names people of another table says
    whom a row is about, whatever its header is. An `ID` and a `Respondent ID` that are nobody's only number
    the answers."""
    listed = list(map(_Listed, tables))
    return [_explained(one, [other for other in listed if other is not one], lexicon) for one in listed]


@dataclass(frozen=True, eq=False)
class _Listed:
    """A table, with what tells its people apart."""

    table: Table
    _known: dict[Field, frozenset[str]] = field(default_factory=dict)

    def people(self, role: Field) -> frozenset[str]:
        """Its people by one of `KEYS`, in whatever way of writing."""
        if role not in self._known:
            column = source_columns(self.table).get(role)
            texts = [] if column is None else column.texts.drop_nulls().unique().to_list()
            self._known[role] = frozenset(plain_key(text, role) for text in texts)
        return self._known[role]

    def share(self, of: Table, column: Column, role: Field) -> float:
        """The share of the values of another table's column that are people of this one."""
        texts = of.texts_of(column).drop_nulls().unique().head(_LOOKED_AT).to_list()
        known = self.people(role)
        return sum(plain_key(text, role) in known for text in texts) / max(len(texts), 1) if known else 0

    def has_most_of(self, table: Table) -> bool:
        """Whether most people of a table are in this one, by their address or name."""
        return any(
            role in table.by_role and self.share(table, table.by_role[role], role) > _MOST
            for role in (fields.EMAIL, fields.EMPLOYEE_NAME)
        )


def _explained(listed: _Listed, others: Sequence[_Listed], lexicon: Lexicon) -> Table:
    table = listed.table
    named = {
        column.letter: replace(column, role=role, why=f"its values are people of '{other.table.name}'")
        for column in _may_say_whom(table, lexicon)
        for other in others
        for role in KEYS
        if other.share(table, column, role) > _MOST
    }
    raters = _raters_said(table, lexicon) if named else None
    asked = [
        column
        for column in named.values()
        if _may_be_people(table, column) or (raters is not None and _rated_once(table, column, raters))
    ]
    answered = [column for column in named.values() if _in_several_rows(table, column)]
    if len(asked) == 1 and (answered or table.by_role.keys() & _ASKED_ANYWAY):
        table = table.with_columns([*(replace(one, weak=True) for one in answered), *asked])
    return table.unused({one.letter: "it numbers the answers" for one in _numbers(listed, others)})


def _numbers(listed: _Listed, others: Sequence[_Listed]) -> Iterator[Column]:
    """The ids of which each is another one, and none that of the person, or of anybody who rated."""
    table = listed.table
    mine = [column for column in table.taken_for(fields.EMPLOYEE_ID) if column.weak]
    for column in (*mine, *table.taken_for(fields.RATER_ID)):
        cells = table.cells[column.letter].drop_nulls()
        if len(cells) <= _PAIRS or cells.is_duplicated().any():
            continue
        if column.role is fields.RATER_ID:
            known = [listed, *others]
        else:
            known = [
                one for one in others if fields.EMPLOYEE_ID in one.table.by_role and one.has_most_of(table)
            ]
        if known and not any(one.share(table, column, fields.EMPLOYEE_ID) for one in known):
            yield column


def _may_say_whom(table: Table, lexicon: Lexicon) -> list[Column]:
    """The columns that may be about people, as far as anybody knows, where all that is known to be may be of
    whoever answered, and stands in several rows each."""
    known = _identifying(table)
    sure = [column for column in known if not may_be_of_answers(column, lexicon)]
    answered = [one for one in known if one.role in _ASKED_ANYWAY]
    shared = answered or not known
    if sure or not shared or not all(_in_several_rows(table, column) for column in answered):
        return []
    return _unsure(table)


def _identifying(table: Table) -> list[Column]:
    """The columns by which people may be known."""
    return [column for role in (*KEYS, *_HALVES) for column in table.taken_for(role)]


def _unsure(table: Table) -> list[Column]:
    """The columns of which nobody knows what they are, or that may be comments; and `Direct report`, where an
    answer says that it stands for the manager's ratings."""
    overall = RATING_BY.values()
    return [
        one
        for one in table.columns
        if one.header
        and (
            (one.role is None and not one.why)
            or one.role in overall
            or isinstance(one.role, CommentOn | OpenRating)
        )
    ]


def _may_be_people(table: Table, column: Column) -> bool:
    """Whether values are as short as names, and those of most rows differ."""
    texts = table.texts_of(column).drop_nulls()
    long = (texts.str.len_chars() > _LONGEST_NAME).any()
    return not long and 2 * texts.n_unique() > table.cells.height


def _rated_once(table: Table, column: Column, raters: pl.Series) -> bool:
    """Whether, going by a column, hardly anybody is rated twice by themselves or twice by their manager: this
    holds for whoever is rated, not for whoever answered."""
    rows = pl.DataFrame({"who": table.texts_of(column), "by": raters})
    rows = rows.filter(pl.col("by").is_in(RATERS)).drop_nulls()
    rows = rows.with_columns(twice=pl.struct(pl.all()).is_duplicated())
    return not (rows.group_by("by").agg(pl.col("twice").mean())["twice"] > _MOST).any()


def _raters_said(table: Table, lexicon: Lexicon) -> pl.Series | None:
    """Who rated in each row, as the first column says that names both raters."""
    named = (column for column in table.columns if few_texts(table, column))
    raters = (each(table.texts_of(column), lexicon.rater) for column in named)
    return next((one for one in raters if set(RATERS) <= set(one.unique())), None)


def _most_like_names(table: Table, columns: Sequence[Column]) -> list[Column]:
    """Those without digits, which names do not have; all where each has some."""
    named = [one for one in columns if not table.texts_of(one).str.contains(r"\d").any()]
    return named or [*columns]


_LONGEST_NAME = 60


def ask_whom(table: Table, lexicon: Lexicon, by: AnyRater | None, log: TableIssues) -> None:
    """Asks whom rows are about where only `ID`, `Name` or `Email` may say it, and they go with whoever
    answered: nobody is rated both by themselves and by a manager, or others alone rate several people."""
    key = next((table.by_role[role] for role in KEYS if role in table.by_role), None)
    rater = next((table.by_role[role] for role in _BY_WORDS if role in table.by_role), None)
    if key is None or not may_be_of_answers(key, lexicon):
        return
    if rater is None:
        others = _rated_by_others(table, by)
        perhaps = _may_say_whom(table, lexicon) if others else []
        perhaps = [one for one in perhaps if _may_be_people(table, one)]
        if found := [one for one in perhaps if not _is_comment_by(one, others)]:
            found = _most_like_names(table, found)
            _ask_whom(table, key, found, "it stands in several rows each, and others rate", log)
        return
    raters = each(table.texts_of(rater), lexicon.rater)
    if not set(RATERS) <= set(raters.drop_nulls()):
        return
    by_key = _rated_by_both(table, key, raters)
    perhaps = [
        one
        for one in table.columns
        if one is not key
        and (one.role in _OTHER_PEOPLE or isinstance(one.role, CommentOn))
        and one.why != BY_MAPPING
        and not (one.role in KEYS and _goes_with(table, one, table.cells[key.letter]))
    ]
    once = (one for one in perhaps if _rated_once(table, one, raters))
    people = {one: _rated_by_both(table, one, raters) for one in once}
    most = max(people, key=people.__getitem__, default=None)
    found = [] if most is None or people[most] <= max(1, by_key) else [most]
    if not by_key or found:
        few = f"{by_key:,} people are" if by_key > 1 else "one person is" if by_key else "nobody is"
        _ask_whom(table, key, found, f"going by it, {few} rated both by themselves and by a manager", log)


def _ask_whom(table: Table, key: Column, found: Sequence[Column], why: str, log: TableIssues) -> None:
    remedy = "Add a column 'Employee ID' with the id of the person who is rated."
    if len(found) == 1:
        (one,) = found
        remedy = f"If {one.called} says it, say so in a mapping: {one.mapped_as(fields.EMPLOYEE.name)}."
    seems = f"{key.called} seems to identify the person who answered: {why}."
    log.ask(f"{table.place}: who is each row about? {seems}", remedy, [key, *found])


def _is_comment_by(column: Column, rater: AnyRater | None) -> bool:
    return isinstance(column.role, CommentOn) and column.role.rater in (rater, None)


_OTHER_PEOPLE = (None, *KEYS, *FIELD_OF_RATER.values())
"""What a column may be taken for that says whom a row is about under another header."""
_BY_WORDS = (fields.RATER, fields.RELATIONSHIP)


def _rated_by_both(table: Table, key: Column, raters: pl.Series) -> int:
    """How many have rows by both raters, by the values of a column."""
    pairs = pl.DataFrame({"person": table.texts_of(key), "rater": raters})
    pairs = pairs.filter(pl.col("rater").is_in(RATERS)).drop_nulls().unique()
    field = key.role if isinstance(key.role, Field) and key.role in KEYS else fields.EMPLOYEE_ID
    written = [plain_key(text, field) for text in pairs["person"].to_list()]
    of_ours = pairs.with_columns(person=pl.Series(written, dtype=pl.String)).unique()
    return int(of_ours["person"].is_duplicated().sum()) // len(RATERS)
