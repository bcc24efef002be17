"""A mapping applied to a file: refused when the file no longer fits it."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from inputs.checks.checking import Declared
from inputs.files.sheets import Sheet
from inputs.mapping import FileMapping, MappedScale, MappedTable
from inputs.roster import RATERS, InputError, Rater, Vocabulary
from inputs.tables.layout import Column, Table, table_at
from inputs.words.lexicon import Lexicon
from inputs.words.scales import NumberScale, RaterScale, WordScale, word_scale
from inputs.words.spelling import key, normalise, words
from inputs.words.texts import tidy


def fitted_tables(sheets: Sequence[Sheet], mapping: FileMapping, lexicon: Lexicon) -> tuple[Table, ...]:
    """The tables that the mapping names, with the columns as it says. Raises InputError when one is
    not there."""
    return tuple(_fitted(_sheet_of(sheets, mapped), mapped, lexicon) for mapped in mapping.tables)


def _sheet_of(sheets: Sequence[Sheet], mapped: MappedTable) -> Sheet:
    named = [sheet for sheet in sheets if mapped.sheet is None or sheet.name == mapped.sheet]
    files = {sheet.file for sheet in sheets}
    if len(files) > 1 and mapped.file is not None:
        named = [sheet for sheet in named if sheet.file == mapped.file]
    if len(named) == 1:
        return named[0]
    seen = ", ".join(f"'{sheet.name or sheet.file}'" for sheet in sheets)
    wanted = " of ".join(f"'{text}'" for text in (mapped.sheet, mapped.file) if text) or "a sheet"
    raise InputError(
        f"The mapping no longer fits: it names {wanted}; the input holds {seen}. Write a new mapping with "
        "`readiness inspect FILE --write-mapping`, or correct the names in the old one."
    )


def _fitted(sheet: Sheet, mapped: MappedTable, lexicon: Lexicon) -> Table:
    table = table_at(sheet, mapped.header_rows, lexicon)
    if table is None:
        raise InputError(
            f"{sheet.place}: the mapping no longer fits: there is no header in row "
            f"{mapped.header_rows[-1]}. Write a "
            "new mapping with `readiness inspect FILE --write-mapping`."
        )
    by_letter = {column.letter: column for column in table.columns}
    changed = [
        f"column {letter} was '{column.header}' and is now "
        f"'{by_letter[letter].header if letter in by_letter else ''}'"
        for letter, column in mapped.columns.items()
        if letter not in by_letter or normalise(by_letter[letter].header) != normalise(column.header)
    ]
    if changed:
        more = f" and {len(changed) - 5} more" if len(changed) > 5 else ""
        raise InputError(
            f"{sheet.place}, row {table.header_row}: the mapping no longer fits: "
            f"{'; '.join(changed[:5])}{more}. Write "
            "a new mapping with `readiness inspect FILE --write-mapping`, or correct the old one."
        )
    return table.with_columns([_taken(table, column, mapped, lexicon) for column in table.columns])


def _taken(table: Table, column: Column, mapped: MappedTable, lexicon: Lexicon) -> Column:
    said = mapped.columns.get(column.letter)
    if said is None:
        return replace(column, role=None, why="not in the mapping" if column.header else "")
    if said.taken_for is not None and not is_role(said.taken_for, lexicon):
        raise InputError(
            f"The mapping says that column {column.letter} of {table.place} is '{said.taken_for}', "
            "which is nothing "
            f"known. Known: {', '.join(sorted(set(lexicon.fields.values())))}, and for ratings such as "
            "'communication:self' or 'comment:communication:manager'."
        )
    return replace(column, role=said.taken_for, why="the mapping says so", weak=False)


def is_role(role: str, lexicon: Lexicon) -> bool:
    """Whether a role is one that a column can have."""
    if role in lexicon.fields.values() or role in ("self_rating", "manager_rating", "ratee_role"):
        return True
    name, _, rater = role.removeprefix("comment:").rpartition(":")
    of_rater = rater in RATERS and (
        name in lexicon.titles or (role.startswith("comment:") and name == "overall")
    )
    return of_rater or (name == "rater_unknown" and rater in lexicon.titles)


def with_mapped_words(lexicon: Lexicon, mapping: FileMapping) -> Lexicon:
    """The lexicon with the words that the mapping explains."""
    competencies = dict(lexicon.competencies)
    for text, name in mapping.competencies.items():
        found = lexicon.competency(name)
        if found is None:
            raise InputError(
                f"The mapping takes '{text}' for the competency '{name}', which the rule pack does not know."
            )
        competencies[key(text)] = (found,)
    raters = dict(lexicon.raters) | {words(text): rater for text, rater in mapping.raters.items()}
    return replace(lexicon, competencies=competencies, raters=raters)


def declared_in(mapping: FileMapping, vocabulary: Vocabulary) -> Declared:
    """What the mapping says about values."""
    scales: dict[Rater, RaterScale] = {
        rater: _scale(rater, mapped, vocabulary) for rater, mapped in mapping.scales.items()
    }
    return Declared(
        scales,
        frozenset(tidy(text).casefold() for text in mapping.not_rated),
        mapping.date_order,
    )


def _scale(rater: Rater, mapped: MappedScale, vocabulary: Vocabulary) -> RaterScale:
    why = "the mapping says so"
    pack = vocabulary.scale
    if mapped.percent:
        return RaterScale(None, percent=True, why=why)
    if mapped.worst is not None and mapped.best is not None and mapped.worst != mapped.best:
        return RaterScale(NumberScale(mapped.worst, mapped.best), why=why)
    if mapped.words is not None and len(mapped.words) > 1:
        return RaterScale(None, word_scale(list(mapped.words), pack), why=why)
    if mapped.points:
        outside = [
            word for word, points in mapped.points.items() if not pack.lowest <= points <= pack.highest
        ]
        if outside:
            raise InputError(
                f"The mapping gives '{outside[0]}' {mapped.points[outside[0]]} points; the rule pack's "
                "scale runs "
                f"from {pack.lowest} to {pack.highest}."
            )
        points = {normalise(word): Fraction(value) for word, value in mapped.points.items()}
        return RaterScale(None, WordScale(points, tuple(mapped.points)), why=why)
    raise InputError(
        f"The mapping's scale for '{rater}' is not complete. It needs `worst` and `best`, or `words` "
        "from worst to "
        "best, or `points` for each word, or `percent: true`."
    )
