"""Files to a roster: the way from what HR has to what the engine assesses."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import polars as pl

from inputs.asked import Asked
from inputs.checks.checking import Checked, check
from inputs.fields import EMPLOYEE_ID, EMPLOYEE_NAME, LEVEL, Rater
from inputs.files.reading import Waiting, begin_file, read_file
from inputs.files.sheets import Sheet
from inputs.files.text_encodings import TAKEN, about_encoding, as_said
from inputs.fitting import declared_in, fitted_tables, require_fitting, unlisted_columns, with_mapped_words
from inputs.mapping import FileMapping
from inputs.met_again import levels_unlike
from inputs.roster import EarlierCycle, FaultyFileError, InputError, Issue, MappingError, Roster, Vocabulary
from inputs.sheet_notes import no_table, sheet_notes
from inputs.tables.codebooks import read_codebook
from inputs.tables.columns.resolving import ResolvedColumns, resolve_columns
from inputs.tables.columns.whoever_answered import with_answers_explained
from inputs.tables.contents import key_field, shape_of
from inputs.tables.fields_above import (
    named_otherwise,
    note_of_fields_above,
    several_in_one,
    with_fields_above,
)
from inputs.tables.joining.choosing import match_tables
from inputs.tables.joining.join import join_tables
from inputs.tables.joining.joined_tables import JoinedTables
from inputs.tables.joining.titles import named_by_title
from inputs.tables.keys import match_keys
from inputs.tables.layout import Table
from inputs.tables.legend import legends_of, scales_by_row, with_entered_scales
from inputs.tables.open_words import OpenWord, asked_once
from inputs.tables.review_cycles import end_of_cycle
from inputs.tables.unread import not_read, pivoted, side_by_side, split_numbers
from inputs.words.cycle_names import cycle_in
from inputs.words.legends import Legend
from inputs.words.lexicon import Lexicon, load_lexicon
from inputs.words.names import PackNames, pack_names
from inputs.words.scales.kinds import RaterScale
from inputs.words.spelling import words


@dataclass(frozen=True, kw_only=True)
class Loaded(Checked):
    """A checked roster with what it was made from."""

    sheets: tuple[Sheet, ...]
    tables: tuple[Table, ...]
    joined: JoinedTables
    legends: tuple[Legend, ...]
    """What the files say of their scales."""
    open_words: tuple[OpenWord, ...]
    """The words that questions are about."""
    cycles: Mapping[str, date]
    """The earlier cycles that are not read, each with its last day, the earliest first."""


def load_roster(
    paths: Sequence[Path], vocabulary: Vocabulary, day: date, mapping: FileMapping | None = None
) -> Roster:
    """Reads and checks spreadsheets. `day` is the day of the assessment: later dates are issues.

    Raises InputError when the work cannot go on: an unreadable file, no table, no known level, or questions
    that only a person can answer; all of them are in the message.
    """
    return roster_of(read_files(paths), vocabulary, day, mapping)


def roster_of(
    sheets: Sequence[Sheet], vocabulary: Vocabulary, day: date, mapping: FileMapping | None = None
) -> Roster:
    """`load_roster` for sheets already read; raises as it does, also where a question is open."""
    loaded = load(sheets, vocabulary, day, mapping)
    if loaded.questions:
        raise InputError(questions_text(loaded.questions))
    cycles = loaded.cycles if mapping is None or mapping.cycle is None else {}
    earlier = (_earlier(loaded, name, end, vocabulary, day, mapping) for name, end in cycles.items())
    return _with_cycles(loaded.roster, [one for one in earlier if one is not None], vocabulary)


def _with_cycles(roster: Roster, earlier: Sequence[EarlierCycle], vocabulary: Vocabulary) -> Roster:
    """The people with the earlier cycles of their file, and with issues about levels that these contradict,
    of each person about the latest. A cycle is taken to be a year at most."""
    titles = {term.id: term.title for term in vocabulary.levels}
    told: dict[str | None, Issue] = {}
    for one in earlier:
        begun = pl.lit(one.end).dt.offset_by("-1y")
        found = levels_unlike(one.roster.people, begun, f"the cycle “{one.name}”", titles, roster)
        told |= {issue.employee_id: issue for issue in found}
    return replace(roster, earlier=tuple(earlier), issues=(*roster.issues, *told.values()))


def _earlier(
    loaded: Loaded, name: str, end: date, vocabulary: Vocabulary, day: date, mapping: FileMapping | None
) -> EarlierCycle | None:
    """An earlier cycle of the same sheets, on the scales of the present one; None where it cannot be read."""
    wanted = (mapping or FileMapping()).model_copy(update={"cycle": name})
    scales = {rater: choice.scale for rater, choice in loaded.scales.of_raters.items()}
    try:
        found = load(loaded.sheets, vocabulary, day, wanted, scales)
    except InputError:
        return None
    if found.questions or not found.roster.ratings.width or _is_same(found.roster, loaded.roster):
        return None
    # A review that is dated after the cycle is that of the present one.
    reviewed = pl.when(pl.col("review_date") <= end).then("review_date").otherwise(end)
    ids = _ids_of_now(loaded.roster.people, found.roster.people)
    people = found.roster.people.with_columns(review_date=reviewed, employee_id=ids)
    return EarlierCycle(name, end, replace(found.roster, people=people))


def _ids_of_now(now: pl.DataFrame, then: pl.DataFrame) -> pl.Series:
    """The ids of an earlier cycle as the present one writes them; by the names where it has none of them."""
    known = set(now["employee_id"])
    ids = match_keys(now["employee_id"], then["employee_id"], EMPLOYEE_ID).keys
    if known & set(ids):
        return ids
    alone = now.filter(pl.col("employee_name").is_not_null() & ~pl.col("employee_name").is_duplicated())
    by_name = dict(alone.select("employee_name", "employee_id").iter_rows())
    names = match_keys(now["employee_name"], then["employee_name"], EMPLOYEE_NAME).keys
    pairs = zip(names, ids, strict=True)
    return pl.Series("employee_id", [by_name.get(name, key) for name, key in pairs], dtype=pl.String)


def _is_same(one: Roster, other: Roster) -> bool:
    """Whether a rating column of two rosters is the same cells for most people."""
    columns = {source.name: source for source in other.columns if source.name in other.ratings.columns}
    for source in one.columns:
        twin = columns.get(source.name)
        if twin is None or source.cell(1) != twin.cell(1):
            continue
        rows = set(one.people[source.row_column].to_list())
        if 2 * len(rows & set(other.people[twin.row_column].to_list())) > len(rows):
            return True
    return False


def _cycles(used: Sequence[ResolvedColumns], earlier: Sequence[Table], day: date) -> dict[str, date]:
    """The earlier cycles of tables, by the words that name them."""
    named = [cycle for one in used for cycle in one.earlier]
    named += [next((text for text in table.titles if end_of_cycle(text, day)), "") for table in earlier]
    ends = {cycle_in(words(text)) or text: end_of_cycle(text, day) for text in named}
    known = {cycle: end for cycle, end in ends.items() if end is not None}
    return dict(sorted(known.items(), key=lambda one: one[1]))


def questions_text(questions: Sequence[Asked]) -> str:
    """The questions as one message, with the way to answer them."""
    several = len(questions) > 1
    listed = "".join(f"\n  {at}. {text}" for at, text in enumerate(questions, 1)) if several else questions[0]
    count = f"are {len(questions)} questions" if several else "is one question"
    return (
        f"There {count} that only you can answer: {listed}\n"
        "`readiness inspect FILE --write-mapping map.yaml` writes what was understood; correct it there, "
        "then `readiness assess FILE --mapping map.yaml`."
    )


def load(
    sheets: Sequence[Sheet],
    vocabulary: Vocabulary,
    day: date,
    mapping: FileMapping | None = None,
    scales: Mapping[Rater, RaterScale] | None = None,
) -> Loaded:
    """Like `roster_of`, but questions are part of the answer, and earlier cycles are named alone. Raises
    InputError for everything else. `scales` are those that are known already."""
    mapping = mapping or FileMapping()
    sheets = as_mapped(sheets, mapping)
    try:
        return _loaded(sheets, vocabulary, day, mapping, scales)
    except MappingError:
        raise
    except InputError as error:
        # Letters that nobody writes so may be why no header and no level is understood.
        doubted = about_encoding(sheets)
        if doubted is None or not doubted[1]:
            raise
        raise type(error)(f"{doubted[0]} {_ONE_LINE} Read as {TAKEN}: {error}") from error


_ONE_LINE = "(A mapping may be that one line in a text file, given with `--mapping FILE`.)"


def _loaded(
    sheets: Sequence[Sheet],
    vocabulary: Vocabulary,
    day: date,
    mapping: FileMapping,
    scales: Mapping[Rater, RaterScale] | None,
) -> Loaded:
    """`load` for sheets with their letters and dates as a mapping says."""
    lexicon = load_lexicon(vocabulary)
    codebook = read_codebook(sheets, lexicon, mapping.competencies)
    others = [one for one in sheets if not any(one is book for book in codebook.sheets)]
    named = {**codebook.codes, **mapping.competencies}
    lexicon = with_mapped_words(lexicon, mapping.model_copy(update={"competencies": named}))
    names = pack_names(vocabulary, mapping.levels, mapping.specialisations)
    matched = match_tables(others, lexicon)
    tables = _readable(matched, sheets, mapping, lexicon)
    resolved, by_title = _resolved(tables, lexicon, names, day, mapping)
    declared = declared_in(mapping, vocabulary)
    declared = declared if scales is None else replace(declared, scales=scales, of_another_cycle=True)
    joined = join_tables(
        [one.table for one in resolved],
        lexicon,
        names.levels,
        day,
        together=mapping.sheets == "all" or bool(mapping.tables),
        cycle=mapping.cycle,
        counts=mapping.row_that_counts,
        not_rated=declared.not_rated,
    )
    read = {id(table) for whole in joined.tables for table in whole.originals}
    used = [one for one in resolved if id(one.table) in read]
    legends = legends_of(sheets, joined.tables, joined.earlier)
    checked = check(joined, vocabulary, names, lexicon, day, declared, legends)
    fresh = unlisted_columns(tables, lexicon) if mapping.tables else []
    notes = (*sheet_notes(others, tables, used, matched), *by_title, *codebook.notes, *fresh)
    open_words = (*(word for one in used for word in one.found.open_words), *joined.open_words)
    asked = [
        *(question for one in used for question in one.found.questions),
        *asked_once(open_words),
        *joined.questions,
        *(question for table in joined.tables for question in scales_by_row(table)),
        *checked.questions,
    ]
    checked = replace(checked, roster=replace(checked.roster, issues=(*notes, *checked.roster.issues)))
    return Loaded(
        **vars(_with_questions(checked, asked, about_encoding(sheets))),
        sheets=tuple(sheets),
        tables=tuple(one.table for one in resolved),
        joined=joined,
        legends=legends,
        open_words=open_words,
        cycles=_cycles(used, joined.earlier, day),
    )


def _readable(
    matched: Sequence[Table], sheets: Sequence[Sheet], mapping: FileMapping, lexicon: Lexicon
) -> Sequence[Table]:
    """The tables that are there, or those of a mapping. Raises InputError for none, or one that cannot be
    read as it is laid out."""
    tables = fitted_tables(sheets, mapping, lexicon) if mapping.tables else matched
    rated = any(shape_of(one) not in ("people", "other") for one in tables)
    if not rated and (pivot := next(filter(None, map(pivoted, sheets)), None)):
        raise FaultyFileError(pivot)
    if not tables:
        raise no_table(sheets, lexicon)
    require_fitting(mapping, sheets, tables, lexicon)
    for one in tables:
        why = side_by_side(one) or several_in_one(one, lexicon) or split_numbers(one)
        why = why or (None if mapping.tables else not_read(one, lexicon))
        if why:
            raise FaultyFileError(why)
    return tables


def _resolved(
    tables: Sequence[Table], lexicon: Lexicon, names: PackNames, day: date, mapping: FileMapping
) -> tuple[Sequence[ResolvedColumns], Sequence[Issue]]:
    """The tables with one meaning for each column, and with the people whom titles name; and what is worth
    knowing of these."""
    confirmed = bool(mapping.tables)
    listed = any(shape_of(table) == "people" and key_field(table) for table in tables)
    tables = [with_fields_above(table, lexicon, [LEVEL] if listed else []) for table in tables]
    tables = tables if confirmed else with_answers_explained(tables, lexicon)
    found = [
        resolve_columns(table, lexicon, names.levels, day, confirmed=confirmed, cycle=mapping.cycle)
        for table in tables
    ]
    meant, notes = named_by_title([with_entered_scales(one.table) for one in found], names.levels)
    notes += note_of_fields_above(meant)
    if (unclear := named_otherwise(meant)) is not None:
        raise FaultyFileError(unclear)
    return [replace(one, table=table) for one, table in zip(found, meant, strict=True)], notes


def _with_questions(checked: Checked, asked: Sequence[Asked], doubted: tuple[Asked, bool] | None) -> Checked:
    """With all questions. How the letters of a file are written is one where it has to be known; otherwise it
    is worth asking."""
    letters, must = ((doubted[0],), doubted[1]) if doubted else ((), False)
    questions = (*(letters if must else ()), *asked)
    # While questions are open, rows of one person may turn out to be those of several raters.
    worth_asking = (*(() if must else letters), *(() if questions else checked.worth_asking))
    return replace(checked, questions=questions, worth_asking=worth_asking)


def as_mapped(sheets: Sequence[Sheet], mapping: FileMapping) -> list[Sheet]:
    """The sheets with their dates and letters as a mapping says. Raises MappingError."""
    return [as_said(replace(one, date_order=mapping.date_order), mapping.encoding) for one in sheets]


def read_files(paths: Sequence[Path]) -> tuple[Sheet, ...]:
    """The sheets of all files; of several, each place names its file. Raises InputError when one cannot be
    read, or when two have one name."""
    with begin_reading(paths) as sheets:
        return sheets()


@contextmanager
def begin_reading(paths: Sequence[Path]) -> Iterator[Waiting]:
    """`read_files` in two steps: it begins here, and what this gives waits for the sheets.

    In between the first file is read by another process, where it is a workbook. One at a time, because each
    may take much memory. Raises `InputError` for two files of one name.
    """
    names = Counter(path.name for path in paths)
    twice = next((name for name, count in names.items() if count > 1), None)
    if twice is not None:
        raise InputError(
            f"{twice}: two files of this name were given, so it would be unclear which of them a cell "
            "is in. Give each file once, and different files different names."
        )
    first, *others = paths
    with begin_file(first) as begun:
        yield lambda: tuple(
            replace(sheet, one_of_several=bool(others))
            for sheet in (*begun(), *(sheet for path in others for sheet in read_file(path)))
        )
