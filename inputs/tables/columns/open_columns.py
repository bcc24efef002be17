"""Columns whose headers hold a word that nobody has explained: resolved by what is beside them, or asked."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain

import polars as pl

from inputs import fields
from inputs.asked import mapped
from inputs.fields import BY, OVERALL, RATERS, RATING_BY, AnyRater, CommentOn, OpenRating, Rater, RatingOf
from inputs.phrases import counted, few, was
from inputs.roster import Severity
from inputs.tables.contents import SAY_WHO_RATED
from inputs.tables.layout import Column, Table
from inputs.tables.open_words import VERY_ALIKE, OpenWord, likely_competencies
from inputs.tables.raters import names_of_raters
from inputs.tables.table_issues import TableIssues
from inputs.tables.values import HIGHEST_RATING, are_prose, hold_numbers, hold_ratings, range_of, words_in
from inputs.words.lexicon import BY_MAPPING, BY_OTHERS, Lexicon
from inputs.words.rating_words import is_word_of_a_scale
from inputs.words.spelling import normalise


def open_columns(log: TableIssues, lexicon: Lexicon, rater_of_title: AnyRater | None) -> Table:
    """The table with its headers explained as far as it does that itself; the rest is asked or left out."""
    table = _by_values(_of_each_row(_without_second_raters(log.table, lexicon)))
    table = _bare_names(_noise(table, lexicon, rater_of_title), lexicon, rater_of_title)
    if rater_of_title is not None:
        table = _named_like_others(table, lexicon)
    missing = _missing_raters(table, rater_of_title)
    return _asked(_without_others(table, lexicon, missing, log), lexicon, missing, log)


def _without_second_raters(table: Table, lexicon: Lexicon) -> Table:
    """The table without saying that `Communication (Manager 2)` is by the manager, where all columns by
    managers have that number: there is another manager."""
    for rater in RATERS:
        rated = [
            (column, column.role, lexicon.second_rater(column.header))
            for column in table.columns
            if isinstance(column.role, RatingOf) and column.role.rater == rater
        ]
        if len({word and normalise(word) for _, _, word in rated}) == 1:
            table = table.with_columns(
                [
                    replace(column, role=OpenRating(word, role.competency), why=f"'{word}' may be another")
                    for column, role, word in rated
                    if word is not None and column.why != BY_MAPPING
                ]
            )
    return table


def _named_like_others(table: Table, lexicon: Lexicon) -> Table:
    """`Coaching others` beside ratings by whom the title names may be a competency, where Coaching has no
    other column."""
    by_title = {
        role.competency for role in table.by_role if isinstance(role, RatingOf) and role.rater is None
    }
    others = [column for column in table.columns if column.why.endswith(BY_OTHERS)]
    theirs = [(column, rated[0]) for column in others if (rated := lexicon.rated_by(column.header))]
    counts = Counter(competency for _, competency in theirs)
    changed = [
        _of_unknown_name(column)
        for column, competency in theirs
        if competency not in by_title and counts[competency] == 1
    ]
    return table.with_columns(changed if by_title else [])


def _of_unknown_name(column: Column) -> Column:
    return replace(column, role=OpenRating(column.header), why=f"'{column.header}' is not in the rule pack")


def _of_each_row(table: Table) -> Table:
    """`Item Rating (Self)` beside a column `Item` is the person's own rating of what that names."""
    named = table.by_role.get(fields.COMPETENCY)
    changed = []
    for column in table.columns:
        role = column.role
        if not isinstance(role, OpenRating) or role.competency is not None or role.rater not in RATERS:
            continue
        if named is not None and normalise(role.word) == normalise(named.header):
            of = CommentOn(OVERALL, role.rater) if role.is_comment else RATING_BY[role.rater]
            changed.append(replace(column, role=of, why=f"{of.label}, of what '{named.header}' names"))
    return table.with_columns(changed)


def _by_values(table: Table) -> Table:
    """What is no rating by its values is a comment by a known rater, or nothing. Columns with the same word
    are looked at together."""
    cells: defaultdict[str, list[pl.Series]] = defaultdict(list)
    for column in table.columns:
        if isinstance(column.role, OpenRating) and not column.role.is_comment:
            cells[column.role.word].append(table.cells[column.letter].cast(pl.String).alias("cells"))
    rated = {word: hold_ratings(pl.concat(listed)) for word, listed in cells.items()}

    changed = []
    for column in table.columns:
        role = column.role
        if not isinstance(role, OpenRating) or role.is_comment or rated[role.word]:
            continue
        if role.competency is None and role.rater in RATERS and are_prose(table.cells[column.letter]):
            comment, why = CommentOn(OVERALL, role.rater), f"comment by {BY[role.rater]}"
            changed.append(replace(column, role=comment, why=why))
        else:
            changed.append(replace(column, role=None, why="its values are not ratings"))
    return table.with_columns(changed)


def _noise(table: Table, lexicon: Lexicon, rater_of_title: AnyRater | None) -> Table:
    """Where rows or the sheet's title say who rated, or seem to, one and the same word in all headers says
    nothing. `Strategic Communication` beside other ratings may be a competency of its own."""
    found = list(_without_rater(table))
    rated = any(isinstance(role, RatingOf) for role in table.by_role)
    if rated or len({normalise(role.word) for _, role, _ in found}) != 1:
        return table
    by_rows = table.by_role.keys() & SAY_WHO_RATED or names_of_raters(table, lexicon)
    if rater_of_title is None and not by_rows:
        return table
    alone = len({competency for _, _, competency in found}) == 1
    if alone and any(map(_holding_such(table, [column for column, _, _ in found]), table.unexplained)):
        return table
    changed = []
    for column, role, competency in found:
        of = CommentOn(competency, None) if role.is_comment else RatingOf(competency, None)
        why = f"{of.label}; '{role.word}' is in all of them"
        changed.append(replace(column, role=of, why=why))
    return table.with_columns(changed)


def _bare_names(table: Table, lexicon: Lexicon, rater_of_title: AnyRater | None) -> Table:
    """Where rows or the sheet's title say who rated, columns of small numbers under names that are not in the
    rule pack may be competencies: all if they outnumber those that are, else those that look like one."""
    by_rows = table.by_role.keys() & SAY_WHO_RATED
    if fields.COMPETENCY in table.by_role or not (by_rows or rater_of_title):
        return table
    rated = [column for role, column in table.by_role.items() if isinstance(role, RatingOf | OpenRating)]
    holds_such = _holding_such(table, rated)
    bare = [
        _of_unknown_name(column)
        for column in table.unexplained
        if not lexicon.is_ignored(column.header) and holds_such(column)
    ]
    if len(bare) <= max(1, len(rated)):
        names = {one.header: one.header for one in bare}
        alike = likely_competencies(names, lexicon, _taken(table), VERY_ALIKE)
        bare = [one for one in bare if one.header in alike]
    return table.with_columns(bare)


def _holding_such(table: Table, rated: Sequence[Column]) -> Callable[[Column], bool]:
    """Whether a column holds numbers as those of ratings do, up to 10 if these do not go beyond it, or only
    words that these hold."""
    numbers = [column for column in rated if hold_numbers(table, column)]
    up_to = [] if any(not hold_numbers(table, one, HIGHEST_RATING) for one in numbers) else [HIGHEST_RATING]
    words = words_in(table, *rated)

    def holds_such(column: Column) -> bool:
        return hold_numbers(table, column, *up_to) or bool((own := words_in(table, column)) and own <= words)

    return holds_such


def _without_rater(table: Table) -> Iterator[tuple[Column, OpenRating, str]]:
    """The columns of a known competency whose rater nobody has explained."""
    for column in table.columns:
        if isinstance(column.role, OpenRating) and column.role.competency is not None:
            yield column, column.role, column.role.competency


def _asked(table: Table, lexicon: Lexicon, missing: Sequence[Rater], log: TableIssues) -> Table:
    """The table without the columns whose words are not worth asking about; the others are asked about."""
    raters, competencies = _groups(table)
    dropped: list[tuple[list[Column], str]] = []
    if _are_counts(raters):
        _ask_about_counts(log, raters)
    elif raters and missing:
        if both := [word for word in raters if lexicon.names_both(word)]:
            _ask_to_part(log, list(chain(*map(raters.__getitem__, both))))
        one = {word: columns for word, columns in raters.items() if word not in both}
        log.open_words += _rater_words(table, lexicon, one, missing)
    else:
        why = "'{}' is neither the person nor the manager"
        own = _with_their_only_ratings(table, raters)
        competencies |= {column.header: [column] for column in own}
        apart = {name: [one for one in columns if one not in own] for name, columns in raters.items()}
        dropped += [(columns, why.format(name)) for name, columns in apart.items() if columns]
    open_competencies = _competency_words(table, lexicon, competencies)
    log.open_words += open_competencies
    if not open_competencies:
        why = "'{}' is not in the rule pack"
        dropped += [(columns, why.format(name)) for name, columns in competencies.items()]
    for columns, why in sorted(dropped, key=lambda one: table.columns.index(one[0][0])):
        log.warn_of(columns, why)
    table = table.unused({column.letter: why for columns, why in dropped for column in columns})
    return table


def _with_their_only_ratings(table: Table, raters: Mapping[str, Sequence[Column]]) -> list[Column]:
    """The columns of ratings whose headers have more words than a competency that has no other: `Delegating
    work`. Two of one competency are two things."""
    rated = [column for column in chain(*raters.values()) if _has_ratings([column])]
    taken = Counter[str | None](role.competency for role in table.by_role if isinstance(role, RatingOf))
    taken.update(role.competency for role in (one.role for one in rated) if isinstance(role, OpenRating))
    return [one for one in rated if isinstance(one.role, OpenRating) and taken[one.role.competency] == 1]


def _without_others(table: Table, lexicon: Lexicon, missing: Sequence[Rater], log: TableIssues) -> Table:
    """Words for other raters that may mean one of ours are others where that one has ratings. A note says
    which columns are theirs."""
    others = [
        (column, role.word, lexicon.titles[competency])
        for column, role, competency in _without_rater(table)
        if lexicon.other_or(role.word) not in (None, *missing)
    ]
    known = [column for column in table.columns if column.why.endswith(BY_OTHERS)]
    if apart := [*known, *(column for column, _, _ in others)]:
        words = few([f"'{word}'" for word in dict.fromkeys(word for _, word, _ in others)])
        whose = "of other raters or averages" if known else f"by other raters ({words})"
        problem = (
            f"{counted(len(apart), 'column')} {whose}, such as '{apart[0].header}', "
            f"{was(len(apart))} kept apart: not part of the manager's rating."
        )
        may_count = [word for _, word, _ in others if lexicon.other_or(word) == "manager"]
        remedy = (
            "If it is the rating by the manager that counts, say so in a mapping: "
            f"`raters: {mapped([(may_count[0], 'manager')])}`; otherwise nothing to do."
            if may_count
            else "Nothing to do."
        )
        log.issues.append(table.issue("other_raters", Severity.NOTE, problem, remedy, apart[0]))
    return table.unused({column.letter: f"{title} {BY_OTHERS}" for column, _, title in others})


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


def _missing_raters(table: Table, rater_of_title: AnyRater | None) -> list[Rater]:
    """Whose ratings no column holds, or empty ones alone; nobody's where the title names the rater, unless
    all columns say themselves whose theirs are."""
    known = {
        role.rater
        for role, column in table.by_role.items()
        if isinstance(role, RatingOf) and table.cells[column.letter].drop_nulls().len()
    }
    if rater_of_title is not None and (None in known or not known):
        return []
    return [rater for rater in RATERS if rater not in known]


def _are_counts(raters: Mapping[str, Sequence[Column]]) -> bool:
    """Whether the words are those of a scale, as where `Excellent` and `Poor` stand under a competency."""
    return len(raters) > 1 and all(is_word_of_a_scale(word) for word in raters)


def _ask_about_counts(log: TableIssues, raters: Mapping[str, Sequence[Column]]) -> None:
    words = few([f"'{word}'" for word in raters], 8)
    log.ask(
        f"{log.table.place}: the words {words} are next to each competency, so its numbers seem to count "
        "how many people gave each rating; a count is not a rating.",
        "Export the ratings themselves, one column or row for the person's own and one for the manager's.",
    )


def _ask_to_part(log: TableIssues, columns: Sequence[Column]) -> None:
    listed = few([column.called for column in columns], 3)
    log.ask(
        f"{log.table.place}: {listed} {'names' if len(columns) == 1 else 'name'} both the person and the "
        "manager, and a column holds the ratings by one of them.",
        "Split each into a column of the person's own ratings and one of the manager's.",
        columns,
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


def _competency_words(
    table: Table, lexicon: Lexicon, competencies: Mapping[str, Sequence[Column]]
) -> list[OpenWord]:
    """The names to ask about: where those that are not in the rule pack outweigh those that are, or look like
    some of those."""
    rated = {name: columns for name, columns in competencies.items() if _has_ratings(columns)}
    known = {role.competency for role in table.by_role if isinstance(role, RatingOf)}
    taken = _taken(table)
    names = {name: columns[0].header for name, columns in rated.items()}
    if _by_both(rated) <= len(known) and not likely_competencies(names, lexicon, taken, VERY_ALIKE):
        return []
    named: defaultdict[frozenset[AnyRater | None], dict[str, str]] = defaultdict(dict)
    for name, columns in rated.items():
        named[_raters_of(columns)][name] = names[name]
    likely = dict(chain(*(likely_competencies(one, lexicon, taken).items() for one in named.values())))
    return [
        OpenWord(
            "competencies", name, table.place, _where(columns), range_of(table, *columns), likely.get(name)
        )
        for name, columns in rated.items()
    ]


def _taken(table: Table) -> set[str]:
    """The competencies of which every rating has its column."""
    rated: defaultdict[str, set[AnyRater | None]] = defaultdict(set)
    for role in table.by_role:
        if isinstance(role, RatingOf):
            rated[role.competency].add(role.rater)
    return {one for one, raters in rated.items() if None in raters or raters >= set(RATERS)}


def _by_both(competencies: Mapping[str, Sequence[Column]]) -> int:
    """Under how many names each of the raters, or whoever the rows name, has rated: questions may name one
    competency to the person and to the manager in two ways."""
    raters = [_raters_of(columns) for columns in competencies.values()]
    return min(sum(bool({rater, None} & those) for those in raters) for rater in RATERS)


def _raters_of(columns: Sequence[Column]) -> frozenset[AnyRater | None]:
    return frozenset(column.role.rater for column in columns if isinstance(column.role, OpenRating))


def _has_ratings(columns: Sequence[Column]) -> bool:
    return any(isinstance(column.role, OpenRating) and not column.role.is_comment for column in columns)


def _where(columns: Sequence[Column]) -> str:
    first = f"'{columns[0].header[:60]}' (column {columns[0].letter})"
    return first if len(columns) == 1 else f"{counted(len(columns), 'column')} such as {first}"
