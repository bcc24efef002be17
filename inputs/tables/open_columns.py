"""Columns whose headers hold a word that nobody has explained: resolved by what is beside them, else "
"asked."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from inputs import fields
from inputs.fields import BY, OVERALL, RATERS, CommentOn, OpenRating, Rater, RatingOf, Role
from inputs.phrases import counted, few
from inputs.tables.contents import RATERS_BY_IDENTITY, RATERS_OF_ROWS
from inputs.tables.layout import Column, Table, replaced
from inputs.tables.open_words import OpenWord, likely_competencies
from inputs.tables.values import HIGHEST_RATING, are_prose, hold_numbers, hold_ratings, range_of
from inputs.words.lexicon import Lexicon
from inputs.words.scales import is_word_of_a_scale
from inputs.words.spelling import normalise

_VERY_ALIKE = 72
"""Similarity, of 100, from which a name is asked about even where most names are in the rule pack."""


@dataclass(frozen=True)
class OpenColumns:
    """A table whose headers are explained as far as the table itself does it."""

    table: Table
    open_words: tuple[OpenWord, ...]
    asked: frozenset[str]
    """Letters of the columns that are asked about."""
    questions: tuple[str, ...] = ()
    left_out: tuple[tuple[Column, str], ...] = ()
    """Columns that are not used, and why."""


def open_columns(table: Table, lexicon: Lexicon, rater_of_title: Rater | None) -> OpenColumns:
    """Resolves or asks about the columns that are taken for an `OpenRating`."""
    table = _by_values(table)
    table = _bare_names(_noise(table, rater_of_title), lexicon, rater_of_title)
    return _asked(table, lexicon, rater_of_title)


def _by_values(table: Table) -> Table:
    """What is no rating by its values is a comment by a known rater, or nothing. Columns with the same word
    are looked at together."""
    cells: defaultdict[str, list[pl.Series]] = defaultdict(list)
    for column in table.columns:
        if isinstance(column.role, OpenRating) and not column.role.is_comment:
            cells[column.role.word].append(table.cells[column.letter].cast(pl.String).alias("cells"))
    rated = {word: hold_ratings(pl.concat(listed)) for word, listed in cells.items()}

    def resolved(column: Column) -> Column:
        role = column.role
        if not isinstance(role, OpenRating) or role.is_comment or rated[role.word]:
            return column
        if role.competency is None and role.rater in RATERS and are_prose(table.cells[column.letter]):
            return replace(column, role=CommentOn(OVERALL, role.rater), why=f"comment by {BY[role.rater]}")
        return replace(column, role=None, why="its values are not ratings")

    return replaced(table, resolved)


def _noise(table: Table, rater_of_title: Rater | None) -> Table:
    """Where rows or the sheet's title say who rated, one and the same word in all headers says nothing."""
    if rater_of_title is None and not table.by_role.keys() & {*RATERS_OF_ROWS, *RATERS_BY_IDENTITY}:
        return table
    found = [one for column in table.columns if (one := _unrated_by(column.role)) is not None]
    if len({normalise(one.word) for one in found}) != 1 or any(
        isinstance(role, RatingOf) for role in table.by_role
    ):
        return table

    def resolved(column: Column) -> Column:
        role = _unrated_by(column.role)
        if role is None or role.competency is None:
            return column
        of = CommentOn(role.competency, None) if role.is_comment else RatingOf(role.competency, None)
        return replace(column, role=of, why=f"{of.label}; '{role.word}' stands in all of them")

    return replaced(table, resolved)


def _bare_names(table: Table, lexicon: Lexicon, rater_of_title: Rater | None) -> Table:
    """Where rows or the sheet's title say who rated, columns of small numbers under names that are not in the
    rule pack may be competencies: if they outnumber those that are."""
    by_rows = table.by_role.keys() & {*RATERS_OF_ROWS, *RATERS_BY_IDENTITY}
    if fields.COMPETENCY in table.by_role or not (by_rows or rater_of_title):
        return table
    bare = {
        column.letter
        for column in table.columns
        if column.role is None
        and not column.why
        and column.header
        and not lexicon.is_ignored(column.header)
        and hold_numbers(table, column, HIGHEST_RATING)
    }
    known = {role for role in table.by_role if isinstance(role, RatingOf | OpenRating)}
    if len(bare) <= max(1, len(known)):
        return table
    return replaced(
        table,
        lambda column: (
            replace(column, role=OpenRating(column.header), why=f"'{column.header}' is not in the rule pack")
            if column.letter in bare
            else column
        ),
    )


def _unrated_by(role: Role | None) -> OpenRating | None:
    return role if isinstance(role, OpenRating) and role.competency is not None else None


def _asked(table: Table, lexicon: Lexicon, rater_of_title: Rater | None) -> OpenColumns:
    missing = _missing_raters(table, rater_of_title)
    table = _without_others(table, lexicon, missing)
    raters, competencies = _groups(table)
    dropped: dict[str, str] = {}
    open_words: list[OpenWord] = []
    questions: list[str] = []
    if _are_counts(raters):
        questions.append(_counts_question(table, raters))
    elif raters and missing:
        open_words += _rater_words(table, lexicon, raters, missing)
    else:
        for name, columns in raters.items():
            dropped |= {
                column.letter: f"'{name}' is neither the person nor the manager" for column in columns
            }
    if _worth_asking(table, lexicon, competencies):
        open_words += _competency_words(table, lexicon, competencies)
    else:
        for name, columns in competencies.items():
            dropped |= {column.letter: f"'{name}' is not in the rule pack" for column in columns}
    asked = {
        column.letter
        for column in table.columns
        if isinstance(column.role, OpenRating) and column.letter not in dropped
    }
    left_out = tuple((column, dropped[column.letter]) for column in table.columns if column.letter in dropped)
    resolved = replaced(
        table,
        lambda column: (
            replace(column, role=None, why=dropped[column.letter]) if column.letter in dropped else column
        ),
    )
    return OpenColumns(resolved, tuple(open_words), frozenset(asked), tuple(questions), left_out)


def _without_others(table: Table, lexicon: Lexicon, missing: Sequence[Rater]) -> Table:
    """Words for other raters that may mean one of ours are others where that one has ratings."""

    def resolved(column: Column) -> Column:
        role = _unrated_by(column.role)
        if role is None or role.competency is None or lexicon.other_or(role.word) in (None, *missing):
            return column
        title = lexicon.titles[role.competency]
        why = f"{title} as others see it, which is kept apart from the manager's rating"
        return replace(column, role=None, why=why)

    return replaced(table, resolved)


def _groups(table: Table) -> tuple[dict[str, list[Column]], dict[str, list[Column]]]:
    """The columns by their unexplained word: by those for raters, and by those for competencies."""
    raters: defaultdict[str, list[Column]] = defaultdict(list)
    competencies: defaultdict[str, list[Column]] = defaultdict(list)
    spelled: dict[str, str] = {}
    for column in table.columns:
        if isinstance(column.role, OpenRating):
            word = spelled.setdefault(normalise(column.role.word) or column.role.word, column.role.word)
            (competencies if column.role.competency is None else raters)[word].append(column)
    return dict(raters), dict(competencies)


def _missing_raters(table: Table, rater_of_title: Rater | None) -> list[Rater]:
    if rater_of_title is not None:
        return []
    known = {role.rater for role in table.by_role if isinstance(role, RatingOf)}
    return [rater for rater in RATERS if rater not in known]


def _are_counts(raters: Mapping[str, Sequence[Column]]) -> bool:
    """Whether the words are those of a scale, as where `Excellent` and `Poor` stand under a competency."""
    return len(raters) > 1 and all(is_word_of_a_scale(word) for word in raters)


def _counts_question(table: Table, raters: Mapping[str, Sequence[Column]]) -> str:
    words = few([f"'{word}'" for word in raters], 8)
    return (
        f"{table.place}: the words {words} stand beside each competency, so its numbers seem to count how "
        "many people gave each rating; a count is not a rating. Export the ratings themselves, one column "
        "or row for the person's own and one for the manager's."
    )


def _rater_words(
    table: Table, lexicon: Lexicon, raters: Mapping[str, Sequence[Column]], missing: Sequence[Rater]
) -> list[OpenWord]:
    known = {
        role.rater: column
        for column in reversed(table.columns)
        if isinstance(role := column.role, RatingOf) and role.rater is not None
    }
    beside = next(
        (f"'{column.header}' was read as given by {BY[rater]}." for rater, column in known.items()), ""
    )
    only = missing[0] if len(missing) == 1 and len(raters) == 1 else None
    return [
        OpenWord(
            *("raters", word, table.place, _where(columns), range_of(table, *columns)),
            only if lexicon.may_be(word, only) else None,
            beside,
        )
        for word, columns in raters.items()
    ]


def _worth_asking(table: Table, lexicon: Lexicon, competencies: Mapping[str, Sequence[Column]]) -> bool:
    """Whether names that are not in the rule pack outweigh those that are, or look like some of those."""
    rated = {name: columns for name, columns in competencies.items() if _has_ratings(columns)}
    if not rated:
        return False
    known = {role.competency for role in table.by_role if isinstance(role, RatingOf)}
    whole = [name for name, columns in rated.items() if _by_all(columns)]
    if len(whole) > len(known):
        return True
    taken = {competency for competency in known if _rated_by_both(table, competency)}
    return bool(likely_competencies(list(rated), lexicon, taken, alike=_VERY_ALIKE))


def _rated_by_both(table: Table, competency: str) -> bool:
    return all(RatingOf(competency, rater) in table.by_role for rater in RATERS)


def _by_all(columns: Sequence[Column]) -> bool:
    """Whether both raters, or whoever the rows name, have rated under a name."""
    raters = {column.role.rater for column in columns if isinstance(column.role, OpenRating)}
    return raters >= set(RATERS) or None in raters


def _has_ratings(columns: Sequence[Column]) -> bool:
    return any(isinstance(column.role, OpenRating) and not column.role.is_comment for column in columns)


def _competency_words(
    table: Table, lexicon: Lexicon, competencies: Mapping[str, Sequence[Column]]
) -> list[OpenWord]:
    rated = {name: columns for name, columns in competencies.items() if _has_ratings(columns)}
    known = {role.competency for role in table.by_role if isinstance(role, RatingOf)}
    taken = {competency for competency in known if _rated_by_both(table, competency)}
    likely = likely_competencies(list(rated), lexicon, taken)
    return [
        OpenWord(
            "competencies", name, table.place, _where(columns), range_of(table, *columns), likely.get(name)
        )
        for name, columns in rated.items()
    ]


def _where(columns: Sequence[Column]) -> str:
    first = f"'{columns[0].header[:60]}' (column {columns[0].letter})"
    return first if len(columns) == 1 else f"{counted(len(columns), 'column')} such as {first}"
