"""A mapping applied to a file: refused when the file no longer fits it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from inputs.checks.checking import Declared
from inputs.fields import BY_HEADER, CYCLE, FIELDS, OVERALL, RATERS, CommentOn, Rater, RatingOf, Role
from inputs.files.sheets import Sheet
from inputs.files.text_encodings import TAKEN, written_in
from inputs.mapping import FileMapping, MappedScale, MappedTable
from inputs.phrases import few, join, was
from inputs.roster import Issue, MappingError, Severity, Vocabulary
from inputs.tables.layout import Column, Table, seen_tables, table_at
from inputs.tables.review_cycles import those_of_cycle
from inputs.words.lexicon import Lexicon, Person, Phrase, declared_meaning
from inputs.words.scales.kinds import NumberScale, PercentScale, RaterScale, WordScale, word_scale
from inputs.words.spelling import normalise, words
from inputs.words.texts import tidy
from inputs.words.written_ratings import rating_word

_NO_LONGER = "the mapping no longer fits"
_NOT_LISTED = "not in the mapping"
_WRITE_ANEW = "Write a new mapping with `readiness inspect FILE --write-mapping`, or correct the old one."


def fitted_tables(sheets: Sequence[Sheet], mapping: FileMapping, lexicon: Lexicon) -> tuple[Table, ...]:
    """The tables that the mapping names, with the columns as it says. Raises MappingError when one is
    not there."""
    return tuple(
        _fitted(_sheet_of(sheets, mapped), mapped, lexicon, mapping.encoding or TAKEN)
        for mapped in mapping.tables
    )


def _sheet_of(sheets: Sequence[Sheet], mapped: MappedTable) -> Sheet:
    named = [sheet for sheet in sheets if mapped.sheet is None or sheet.name == mapped.sheet]
    files = {sheet.file for sheet in sheets}
    if len(files) > 1 and mapped.file is not None:
        named = [sheet for sheet in named if sheet.file == mapped.file]
    if len(named) == 1:
        return named[0]
    seen = ", ".join(f"'{sheet.name or sheet.file}'" for sheet in sheets)
    wanted = " of ".join(f"'{text}'" for text in (mapped.sheet, mapped.file) if text) or "a sheet"
    raise MappingError(f"{_NO_LONGER.capitalize()}: it names {wanted}; the input holds {seen}. {_WRITE_ANEW}")


def _fitted(sheet: Sheet, mapped: MappedTable, lexicon: Lexicon, encoding: str) -> Table:
    table = table_at(sheet, mapped.header_rows, lexicon)
    if table is None:
        raise MappingError(
            f"{sheet.place}: {_NO_LONGER}: there is no header in row {mapped.header_rows[-1]}. {_WRITE_ANEW}"
        )
    headers = {column.letter: column.header for column in table.columns}
    changed = [
        f"column {letter} was '{column.header}' and is now '{headers.get(letter, '')}'"
        for letter, column in mapped.columns.items()
        if letter not in headers or normalise(headers[letter]) not in _spellings(column.header, encoding)
    ]
    if changed:
        raise MappingError(
            f"{sheet.place}, row {table.header_row}: {_NO_LONGER}: {few(changed, 5, '; ')}. {_WRITE_ANEW}"
        )
    roles = roles_by_name(lexicon)
    return table.with_columns([_taken(table, column, mapped, roles) for column in table.columns])


def _spellings(header: str, encoding: str) -> list[str]:
    """A header as a mapping has it, and as it is where that was written before somebody said the encoding."""
    return [normalise(header), normalise(written_in(header, encoding) or header)]


def _taken(table: Table, column: Column, mapped: MappedTable, roles: Mapping[str, Role]) -> Column:
    confirmed = mapped.columns.get(column.letter)
    if confirmed is None:
        return replace(column, role=None, why=_NOT_LISTED if column.header else "")
    name = confirmed.taken_for
    if name == BY_HEADER:
        return column
    role = _role(name, f"column {column.letter} of {table.place}", roles)
    declared = declared_meaning(column.header, role)
    return replace(column, role=role, why=declared.why, weak=False, scale=declared.scale)


def require_fitting(
    mapping: FileMapping, sheets: Sequence[Sheet], tables: Sequence[Table], lexicon: Lexicon
) -> None:
    """Raises MappingError where columns, or the cycle, that the mapping names are not in the file."""
    if any(mapping.columns.values()):
        seen = [one for one in (*tables, *seen_tables(sheets, lexicon)) if one is not None]
        headers = {lexicon.name_key(column.header) for table in seen for column in table.columns}
        gone = [
            f"'{header}' ({name})"
            for header, name in mapping.columns.items()
            if name is not None and lexicon.name_key(header) not in headers
        ]
        if gone:
            raise MappingError(
                f"{_NO_LONGER.capitalize()}: no column is called {few(gone)}. Write the header as it is "
                "now, or take the line out of `columns`."
            )
    if mapping.cycle is None:
        return
    cycles = list(dict.fromkeys(_cycles_of(tables)))
    titles = [title for table in tables for title in table.titles if title]
    if not those_of_cycle([*cycles, *titles], mapping.cycle):
        listed = join([f"'{cycle}'" for cycle in cycles], most=6)
        there = f" There {'is' if len(cycles) == 1 else 'are'} {listed}." if cycles else ""
        raise MappingError(
            f"{_NO_LONGER.capitalize()}: it asks for the cycle '{mapping.cycle}', which no header, cell, "
            f"sheet or file names.{there} Name one that is there, or take `cycle` out of the mapping."
        )


def _cycles_of(tables: Sequence[Table]) -> Iterator[str]:
    """What headers and cells call cycles."""
    for table in tables:
        yield from (column.cycle for column in table.columns if column.cycle is not None)
        if CYCLE in table.by_role:
            yield from table.texts(CYCLE).drop_nulls().unique().sort().to_list()


def unlisted_columns(tables: Sequence[Table], lexicon: Lexicon) -> Iterator[Issue]:
    """A warning for each table with columns that would be understood and that its mapping does not list."""
    for table in tables:
        fresh = [column for column in table.columns if column.header and column.why == _NOT_LISTED]
        fresh = [one for one in fresh if (meant := lexicon.meaning(one.header)) and meant.role is not None]
        if fresh:
            named = few([one.called for one in fresh], 6)
            problem = (
                f"{named} {was(len(fresh))} not used: not in the mapping, which lists the table's columns."
            )
            remedy = "Add to the mapping what it is, or null."
            yield table.issue("column_not_used", Severity.WARNING, problem, remedy, fresh[0])


def _role(name: str | None, what: str, roles: Mapping[str, Role]) -> Role | None:
    """What a mapping says that a column is. Raises MappingError when there is no such thing."""
    if name is not None and name not in roles:
        raise MappingError(
            f"The mapping says that {what} is '{name}', which is not one of: {', '.join(sorted(FIELDS))}, a "
            "rating such as 'communication:self' or a comment such as 'comment:communication:manager'."
        )
    return None if name is None else roles[name]


def roles_by_name(lexicon: Lexicon) -> dict[str, Role]:
    """Everything that a column can be, by the name that mappings use."""
    roles: list[Role] = [*FIELDS.values(), *(CommentOn(OVERALL, rater) for rater in RATERS)]
    for competency in lexicon.titles:
        for rater in (*RATERS, None):
            roles += [RatingOf(competency, rater), CommentOn(competency, rater)]
    return {role.name: role for role in roles}


def with_mapped_words(lexicon: Lexicon, mapping: FileMapping) -> Lexicon:
    """The lexicon with the words that the mapping explains.

    Raises `MappingError` for a competency or a column of the mapping that is none.
    """
    competencies = dict(lexicon.competencies)
    for text, name in mapping.competencies.items():
        if name is None:
            continue
        found = lexicon.competency(name)
        if found is None:
            raise MappingError(
                f"The mapping takes '{text}' for the competency '{name}', which is not in the rule pack."
            )
        competencies[lexicon.name_key(text)] = (found,)
    roles = roles_by_name(lexicon)
    ignored = (text for text, name in mapping.competencies.items() if name is None)
    explained = {words(text): rater for text, rater in mapping.raters.items()}
    others_or = {
        phrase: rater
        for phrase, rater in lexicon.others_or.items()
        if not any(set(phrase) <= set(one) for one in explained)
    }
    return replace(
        lexicon,
        competencies=competencies,
        raters={**lexicon.raters, **explained},
        explained=frozenset(explained),
        others_or=others_or,
        people={**lexicon.people, **_people(mapping, lexicon)},
        declared={
            lexicon.name_key(header): _role(name, f"the column '{header}'", roles)
            for header, name in mapping.columns.items()
        },
        ignored=frozenset(map(lexicon.name_key, ignored)),
    )


def _people(mapping: FileMapping, lexicon: Lexicon) -> dict[Phrase, Person]:
    """The words for raters that are words for people too: `Facilitator ID` beside `Facilitator: Delegation`.
    Where `Report: Delegation` is by the manager, `Report ID` is still not the manager's."""
    persons: Mapping[str, Person] = {"self": "employee", "manager": "manager"}
    return {
        words(text): persons[rater]
        for text, rater in mapping.raters.items()
        if rater == "self" or (rater == "manager" and _is_for_managers(text, lexicon))
    }


def _is_for_managers(text: str, lexicon: Lexicon) -> bool:
    """Whether a word stands for nobody else: `Facilitator`, and not `Team member` or `Report`."""
    known = {lexicon.raters.get(words(one), "manager") for one in (text, f"{text}s")}
    return known == {"manager"} and lexicon.may_be(text, "manager")


def declared_in(mapping: FileMapping, vocabulary: Vocabulary) -> Declared:
    """What the mapping says about values."""
    scales: dict[Rater, RaterScale] = {}
    for rater in RATERS:
        mapped = mapping.scales.get(rater) or mapping.scales.get("both")
        if mapped is not None:
            scales[rater] = _scale(rater, mapped, vocabulary)
    return Declared(
        scales,
        frozenset(tidy(text).casefold() for text in mapping.not_rated),
        mapping.date_order,
        mapping.row_that_counts,
    )


def _scale(rater: Rater, mapped: MappedScale, vocabulary: Vocabulary) -> RaterScale:
    pack = vocabulary.scale
    points = mapped.points or {}
    if mapped.percent:
        return PercentScale()
    if mapped.worst is not None and mapped.best is not None and mapped.worst != mapped.best:
        scale = NumberScale(mapped.worst, mapped.best, points)
        require_points(points, scale.lowest, scale.highest, "its scale")
        return scale
    if mapped.words is not None and len(mapped.words) > 1:
        return word_scale(list(mapped.words), pack)
    if points:
        require_points(points, pack.lowest, pack.highest, "the rule pack's scale")
        by_word = {rating_word(word): Fraction(value) for word, value in points.items()}
        return WordScale(by_word, tuple(points))
    raise MappingError(
        f"The mapping's scale for '{rater}' is not complete. It needs `worst` and `best`, or `words` from "
        "worst to best, or `points` for each word, or `percent: true`."
    )


def require_points(points: Mapping[str, Decimal], lowest: Decimal, highest: Decimal, scale: str) -> None:
    """Raise MappingError where a word is given what is not on the scale, or two different numbers."""
    for word, number in points.items():
        if not lowest <= number <= highest:
            raise MappingError(
                f"'{word}' is given {number}, but {scale} runs from {lowest} to {highest}. Give it a number "
                "of the scale."
            )
        same = next(one for one in points if rating_word(one) == rating_word(word))
        if points[same] != number:
            raise MappingError(f"'{same}' is given {points[same]}, and '{word}' {number}: that is one word.")
