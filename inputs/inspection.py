"""What a file seems to hold, before any assessment."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import groupby
from pathlib import Path

import polars as pl

from inputs import fields
from inputs.asked import ColumnPlace
from inputs.checks.gaps import COSTS, WITHOUT_COMMENTS, WITHOUT_RATER, rating_gaps
from inputs.fields import BY, FIELDS, RATERS, OpenRating, Rater, RatingOf, Role, is_comment, is_rating
from inputs.files.sheets import Sheet
from inputs.loading import Loaded, as_mapped, load, read_files
from inputs.mapping import OPEN, FileMapping, MappedColumn, MappedTable
from inputs.phrases import join
from inputs.roster import InputError, MappingError, Vocabulary
from inputs.tables.contents import shape_of
from inputs.tables.layout import Column, Table, seen_tables
from inputs.tables.open_words import OpenWord
from inputs.tables.values import range_of
from inputs.words.lexicon import BY_OTHERS, Lexicon, has_use, load_lexicon
from inputs.words.scales.seen import seen_together, words_counted
from inputs.words.texts import tidy

_SAMPLES = 3
_SAMPLE_LENGTH = 24


@dataclass(frozen=True)
class InspectedColumn:
    """One column of the file."""

    file: str
    sheet: str | None
    letter: str
    header: str
    role: Role | None
    """What it is taken for; None when it is not used."""
    why: str
    suggestion: str | None
    """What it looks like, when it is not used; it has to be confirmed."""
    samples: tuple[str, ...]
    range: str | None
    """Lowest to highest, for ratings."""
    filled: int
    """Cells that hold anything."""

    @property
    def taken_for(self) -> str | None:
        """The roster's name for it, such as `communication:manager`; None when it is not used."""
        return None if self.role is None else self.role.name

    @property
    def by_others(self) -> bool:
        """Whether it holds ratings by raters who are neither the person nor the manager."""
        return self.role is None and self.why.endswith(BY_OTHERS)


@dataclass(frozen=True)
class InspectedRatings:
    """What one rater's ratings look like."""

    rater: Rater
    competencies: int
    cells: int
    range: str
    """Lowest to highest number seen."""
    words: tuple[str, ...]
    read_as: str


@dataclass(frozen=True)
class InspectedSheet:
    """One sheet of the file."""

    file: str
    name: str | None
    visible: bool
    rows: int
    used: bool
    one_of_list: bool
    """Whether it was read as one list with others."""
    header_rows: tuple[int, ...]
    """Empty where no table was found."""
    shape: str
    """What one row is."""


@dataclass(frozen=True)
class Inspection:
    """What a file, or several together, seem to hold."""

    files: tuple[str, ...]
    sheets: tuple[InspectedSheet, ...]
    people_in_file: int
    people_assessable: int
    columns: tuple[InspectedColumn, ...]
    ratings: tuple[InspectedRatings, ...]
    competencies_known: int
    missing: tuple[str, ...]
    """What the file does not have, and what that costs: a sentence each."""
    questions: tuple[str, ...]
    """What has to be answered before an assessment."""
    issues: Mapping[str, int]
    """Issue kind to how many an assessment would report."""
    notes: tuple[str, ...]
    """What was understood without asking, a sentence each."""
    mapping: FileMapping
    """How the file would be read, for a person to correct."""
    scales_asked: tuple[Rater, ...]
    """The raters whose scale has to be declared."""
    words_asked: Mapping[Rater, tuple[str, ...]] = field(default_factory=dict)
    """Of those, the words among their numbers, to be declared too."""
    open_words: tuple[OpenWord, ...] = ()
    """The words that a mapping has to explain."""
    worth_answering: tuple[str, ...] = ()
    """What an answer would help with, and nobody has to answer."""
    levels: Mapping[str, int] = field(default_factory=dict)
    """How many people who can be assessed are on each level."""


def inspect_files(
    paths: Sequence[Path], vocabulary: Vocabulary, day: date, mapping: FileMapping | None = None
) -> Inspection:
    """Looks at files without assessing anybody. Raises InputError when one cannot be read, or when the
    mapping does not fit."""
    sheets, known = read_files(paths), mapping or FileMapping()
    try:
        found = inspection_of(load(sheets, vocabulary, day, mapping), vocabulary)
    except MappingError:
        raise
    except InputError as error:
        if mapping is not None and mapping.tables:
            raise
        found = unassessable(as_mapped(sheets, known), vocabulary, str(error))
    return replace(found, mapping=known.model_copy(update={"tables": found.mapping.tables}))


def inspection_of(loaded: Loaded, vocabulary: Vocabulary) -> Inspection:
    """What loaded sheets hold."""
    used, lexicon = loaded.joined.tables, load_lexicon(vocabulary)
    asked = frozenset[ColumnPlace]().union(*(one.columns for one in loaded.questions))
    return Inspection(
        files=tuple(dict.fromkeys(sheet.file for sheet in loaded.sheets)),
        sheets=tuple(_sheet(sheet, loaded) for sheet in loaded.sheets),
        people_in_file=loaded.roster.people_in_file,
        people_assessable=loaded.roster.people.height,
        columns=_columns(used, lexicon),
        ratings=tuple(_rated(loaded, rater) for rater in RATERS),
        competencies_known=len(vocabulary.competencies),
        missing=_missing(set(loaded.joined.columns), vocabulary),
        questions=tuple(map(str, loaded.questions)),
        issues=dict(Counter(issue.kind for issue in loaded.roster.issues if issue.row is not None)),
        notes=_notes(loaded),
        mapping=FileMapping(
            tables=tuple(mapped_table(table, asked) for whole in used for table in whole.originals)
        ),
        scales_asked=tuple(rater for rater in RATERS if loaded.scales.of_raters[rater].question),
        words_asked={
            rater: tuple(word for word, _ in words_counted(loaded.cells.seen[rater]))
            for rater, choice in loaded.scales.of_raters.items()
            if choice.question and choice.question.about == "mixed"
        },
        open_words=loaded.open_words,
        worth_answering=tuple(map(str, loaded.worth_asking)),
        levels=dict(Counter(loaded.roster.people["level"])),
    )


def unassessable(sheets: Sequence[Sheet], vocabulary: Vocabulary, why: str) -> Inspection:
    """What files hold that cannot be assessed as they are. Raises InputError when they hold no table."""
    lexicon = load_lexicon(vocabulary)
    found = seen_tables(sheets, lexicon)
    tables = [table for table in found if table is not None]
    if not tables:
        raise InputError(why)
    return Inspection(
        files=tuple(dict.fromkeys(sheet.file for sheet in sheets)),
        sheets=tuple(
            _seen(sheet, table, _SHAPES[shape_of(table)] if table else "empty", used=table is not None)
            for sheet, table in zip(sheets, found, strict=True)
        ),
        people_in_file=0,
        people_assessable=0,
        columns=_columns(tables, lexicon),
        ratings=(),
        competencies_known=len(vocabulary.competencies),
        missing=_missing({role for table in tables for role in table.by_role}, vocabulary),
        questions=(why,),
        issues={},
        notes=(),
        mapping=FileMapping(tables=tuple(mapped_table(table, frozenset()) for table in tables)),
        scales_asked=(),
    )


def _sheet(sheet: Sheet, loaded: Loaded) -> InspectedSheet:
    table = next((table for table in loaded.tables if table.sheet is sheet), None)
    shape = "no table of people or ratings" if table is None else _SHAPES[shape_of(table)]
    whole = [one for one in loaded.joined.tables if any(part.sheet is sheet for part in one.originals)]
    return _seen(sheet, table, shape, used=bool(whole), one_of_list=bool(whole and whole[0].layers))


def _seen(
    sheet: Sheet, table: Table | None, shape: str, *, used: bool, one_of_list: bool = False
) -> InspectedSheet:
    return InspectedSheet(
        sheet.file,
        sheet.name,
        sheet.visible,
        sheet.cells.height if table is None else len(table.rows),
        used,
        one_of_list,
        () if table is None else table.header_rows,
        shape,
    )


_SHAPES = {
    "wide": "one row per person",
    "long": "one row per rating",
    "rater rows": "one row per person and rater",
    "people": "people without ratings",
    "other": "no people with levels or ratings",
}


def _columns(tables: Sequence[Table], lexicon: Lexicon) -> tuple[InspectedColumn, ...]:
    return tuple(_column(table, column, lexicon) for table in tables for column in table.columns)


def _column(table: Table, column: Column, lexicon: Lexicon) -> InspectedColumn:
    cells = table.cells[column.letter].cast(pl.String).drop_nulls()
    distinct = [text for text in map(tidy, cells.head(3000).unique(maintain_order=True).to_list()) if text]
    unknown = column.role is None and not column.why and bool(column.header)
    like = lexicon.suggestion(column.header) if unknown else None
    return InspectedColumn(
        table.sheet.file,
        table.sheet.name,
        table.place_of(column.letter),
        column.header,
        column.role,
        column.why,
        None if like is None else like.role.label,
        tuple(map(_shortened, distinct[:_SAMPLES])),
        (range_of(table, column) or None) if is_rating(column.role) else None,
        len(cells),
    )


def _shortened(text: str) -> str:
    plain = text.removesuffix(" 00:00:00")
    return plain if len(plain) <= _SAMPLE_LENGTH else plain[: _SAMPLE_LENGTH - 1] + "…"


def _rated(loaded: Loaded, rater: Rater) -> InspectedRatings:
    roles = [role for role in loaded.joined.columns if isinstance(role, RatingOf) and role.rater == rater]
    seen = seen_together([loaded.cells.seen[rater], *loaded.cells.stated_of(rater)])
    choices = [loaded.scales.of_raters[rater]] if loaded.cells.seen[rater].rated else []
    choices += [choice for role, choice in loaded.scales.stated.items() if role.rater == rater]
    return InspectedRatings(
        rater,
        len(roles),
        seen.rated,
        seen.range,
        tuple(_shortened(seen.spelled[word]) for word in sorted(seen.words)[:8]),
        join(list(dict.fromkeys("asked below" if one.question else str(one.scale) for one in choices))),
    )


def _missing(roles: set[Role], vocabulary: Vocabulary) -> tuple[str, ...]:
    if roles >= {fields.MANAGER_ID, fields.EMPLOYEE_NAME}:
        roles = roles | {fields.MANAGER_NAME}
    if fields.MANAGER in roles:  # Nobody has found out yet whether these are ids or names.
        roles = roles | {fields.MANAGER_ID, fields.MANAGER_NAME}
    if fields.DATE in roles:
        roles = roles | {fields.REVIEW_DATE}
    missing = [
        f"No {field.label}: {field.absence_costs}."
        for field in FIELDS.values()
        if field.absence_costs is not None and field not in roles and has_use(field, vocabulary)
    ]
    for raters, gaps in groupby(rating_gaps(roles, vocabulary), key=lambda gap: gap.raters):
        titles = [gap.term.title for gap in gaps if gap.term is not None]
        if titles:
            by = join([BY[rater] for rater in raters], "or")
            missing.append(f"No rating by {by} of {join(titles, most=6)}: {COSTS[raters[0]]}.")
        else:
            what, cost = WITHOUT_RATER[raters[0]]
            missing.append(f"{what}: {cost}.")
    if not any(map(is_comment, roles)) and fields.RATING_COMMENT not in roles:
        missing.append(f"{WITHOUT_COMMENTS[0]}: {WITHOUT_COMMENTS[1]}.")
    return tuple(missing)


def _notes(loaded: Loaded) -> tuple[str, ...]:
    """The notes and warnings that are about columns or the file, each with its place."""
    notes = []
    for issue in loaded.roster.issues:
        if issue.row is None and issue.kind not in _SHOWN_ELSEWHERE:
            place = f"{issue.cell}: " if issue.cell and issue.column else ""
            notes.append(f"{place}{issue.problem}")
    return tuple(dict.fromkeys(notes))


_SHOWN_ELSEWHERE = ("column_not_used", "missing_column", "no_comments")


def mapped_table(table: Table, asked: Collection[ColumnPlace]) -> MappedTable:
    """A table as a mapping writes it down; columns that are `asked` about stay open."""
    columns = {}
    for column in table.columns:
        if column.header and column.letter not in table.raised:
            name = None if column.role is None else column.role.name
            by_header = isinstance(column.role, OpenRating)
            if table.sheet.column(column.letter) in asked and not by_header:
                name = OPEN
            columns[column.letter] = MappedColumn.model_validate({"header": column.header, "is": name})
    return MappedTable(
        file=table.sheet.file, sheet=table.sheet.name, header_rows=table.header_rows, columns=columns
    )
