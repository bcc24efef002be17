"""What a file seems to hold, before any assessment: what a helpful colleague would say about it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path

import polars as pl

from inputs.checks.gaps import WITHOUT_COMMENTS, WITHOUT_RATER, rating_gaps
from inputs.files.sheets import Sheet
from inputs.loading import Loaded, load, read_files
from inputs.mapping import OPEN, FileMapping, MappedColumn, MappedTable
from inputs.roster import RATERS, InputError, Rater, Vocabulary
from inputs.tables.contents import is_comment, is_rating, shape_of
from inputs.tables.layout import Column, Table, likely_table, match_table
from inputs.words.lexicon import BY, Lexicon, load_lexicon
from inputs.words.roles import said_role
from inputs.words.scales import RatingsSeen
from inputs.words.texts import tidy
from inputs.words.written_ratings import read_written_rating

_SAMPLES = 3
_SAMPLE_LENGTH = 24

_COSTS: Mapping[str, str] = {
    "employee_name": "reports show the id instead of a name",
    "target_level": "where the ladder forks, people get one recommendation for each way",
    "manager_id": "reporting lines cannot be followed",
    "manager_name": "there are no pages per manager",
    "department": "nothing can be shown by department",
    "specialisation": "everybody is held to the same bars, and no work type is compared with their own",
    "hire_date": "a review before the hire would not be noticed",
    "level_since": "time in the level is unknown: moves that are early or long overdue are not noticed, "
    "and nobody "
    "can be held to a minimum time under observation",
    "product_since": "years of experience are unknown: promotions that look at them say so",
    "review_date": "how old the ratings are is unknown",
}


@dataclass(frozen=True)
class InspectedColumn:
    """One column of the file."""

    file: str
    sheet: str | None
    letter: str
    header: str
    taken_for: str | None
    """The roster's name for it, such as `communication:manager`; None when it is not used."""
    why: str
    suggestion: str | None
    """What it looks like, when it is not used: nothing is taken for that without being confirmed."""
    samples: tuple[str, ...]
    range: str | None
    """Lowest to highest, for ratings."""
    filled: int
    """Cells that hold anything."""


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
    """What one row stands for."""


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


def inspect_files(
    paths: Sequence[Path], vocabulary: Vocabulary, day: date, mapping: FileMapping | None = None
) -> Inspection:
    """Looks at files without assessing anybody. Raises InputError when one cannot be read, or when the
    mapping does not fit."""
    lexicon = load_lexicon(vocabulary)
    sheets = read_files(paths)
    try:
        loaded = load(sheets, vocabulary, day, mapping)
    except InputError as error:
        if mapping is not None and mapping.tables:
            raise
        return _unassessable(sheets, lexicon, vocabulary, str(error))
    used = loaded.joined.tables
    roles = set(loaded.joined.columns)
    return Inspection(
        files=tuple(path.name for path in paths),
        sheets=tuple(_sheet(sheet, loaded) for sheet in loaded.sheets),
        people_in_file=loaded.roster.people_in_file,
        people_assessable=loaded.roster.people.height,
        columns=tuple(_column(table, column, lexicon) for table in used for column in table.columns),
        ratings=tuple(_rated(loaded, rater) for rater in RATERS),
        competencies_known=len(vocabulary.competencies),
        missing=_missing(roles, vocabulary),
        questions=loaded.questions,
        issues=Counter(issue.kind for issue in loaded.roster.issues if issue.row is not None),
        notes=tuple(_said(loaded)),
        mapping=FileMapping(
            tables=tuple(_mapped(table, loaded.asked) for whole in used for table in whole.originals)
        ),
        scales_asked=tuple(rater for rater in RATERS if loaded.scales[rater].question is not None),
    )


def _unassessable(sheets: Sequence[Sheet], lexicon: Lexicon, vocabulary: Vocabulary, why: str) -> Inspection:
    """What files hold that cannot be assessed as they are. Raises InputError when they hold no table."""
    found = [(sheet, match_table(sheet, lexicon) or likely_table(sheet, lexicon)) for sheet in sheets]
    tables = [table for _, table in found if table is not None]
    if not tables:
        raise InputError(why)
    return Inspection(
        files=tuple(dict.fromkeys(sheet.file for sheet in sheets)),
        sheets=tuple(
            _seen(sheet, table, _SHAPES[shape_of(table)] if table else "empty") for sheet, table in found
        ),
        people_in_file=0,
        people_assessable=0,
        columns=tuple(_column(table, column, lexicon) for table in tables for column in table.columns),
        ratings=(),
        competencies_known=len(vocabulary.competencies),
        missing=_missing({role for table in tables for role in table.by_role}, vocabulary),
        questions=(why,),
        issues={},
        notes=(),
        mapping=FileMapping(tables=tuple(_mapped(table, frozenset()) for table in tables)),
        scales_asked=(),
    )


def _sheet(sheet: Sheet, loaded: Loaded) -> InspectedSheet:
    table = next((table for table in loaded.tables if table.sheet is sheet), None)
    shape = "no table of people or ratings" if table is None else _SHAPES[shape_of(table)]
    whole = next(
        (
            whole
            for whole in loaded.joined.tables
            if any(original.sheet is sheet for original in whole.originals)
        ),
        None,
    )
    return _seen(sheet, table, shape, used=whole is not None, one_of_list=bool(whole and whole.layers))


def _seen(
    sheet: Sheet, table: Table | None, shape: str, *, used: bool | None = None, one_of_list: bool = False
) -> InspectedSheet:
    return InspectedSheet(
        sheet.file,
        sheet.name,
        sheet.visible,
        sheet.cells.height if table is None else len(table.rows),
        table is not None if used is None else used,
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


def _column(table: Table, column: Column, lexicon: Lexicon) -> InspectedColumn:
    cells = table.cells[column.letter].cast(pl.String).drop_nulls()
    distinct = [text for text in map(tidy, cells.head(3000).unique(maintain_order=True).to_list()) if text]
    like = None
    if column.role is None and not column.why and column.header:
        found = lexicon.suggestion(column.header)
        like = None if found is None else said_role(found.role)
    return InspectedColumn(
        table.sheet.file,
        table.sheet.name,
        column.letter,
        column.header,
        column.role,
        column.why,
        like,
        tuple(_shortened(text) for text in distinct[:_SAMPLES]),
        _range(cells) if column.role is not None and is_rating(column.role) else None,
        len(cells),
    )


def _shortened(text: str) -> str:
    plain = text.removesuffix(" 00:00:00")
    return plain if len(plain) <= _SAMPLE_LENGTH else plain[: _SAMPLE_LENGTH - 1] + "…"


def _range(cells: pl.Series) -> str | None:
    seen = RatingsSeen()
    for text in cells.unique().head(5000).to_list():
        parts = read_written_rating(text).parts
        if parts is not None:
            seen.lowest = parts if seen.lowest is None else min(seen.lowest, parts)
            seen.highest = parts if seen.highest is None else max(seen.highest, parts)
    return None if seen.lowest is None else seen.range


def _rated(loaded: Loaded, rater: Rater) -> InspectedRatings:
    roles = [role for role in loaded.joined.columns if is_rating(role) and role.endswith(f":{rater}")]
    seen = loaded.seen[rater]
    choice = loaded.scales[rater]
    return InspectedRatings(
        rater,
        len(roles),
        seen.rated,
        seen.range,
        tuple(seen.spelled[word] for word in sorted(seen.words)[:8]),
        "asked below" if choice.question else str(choice.scale),
    )


def _missing(roles: set[str], vocabulary: Vocabulary) -> tuple[str, ...]:
    managers_known = "manager_id" in roles and "employee_name" in roles
    said = [
        f"No {role.replace('_', ' ')}: {cost}."
        for role, cost in _COSTS.items()
        if role not in roles and not (role == "manager_name" and managers_known)
    ]
    for rater, gaps in groupby(rating_gaps(roles, vocabulary), key=lambda gap: gap.rater):
        titles = [gap.term.title for gap in gaps if gap.term is not None]
        if titles:
            said.append(
                f"No rating by {BY[rater]} of {_listed(titles)}: signals that rest on them may stay unrated."
            )
        else:
            what, cost = WITHOUT_RATER[rater]
            said.append(f"{what}: {cost}.")
    if not any(is_comment(role) for role in roles) and "rating_comment" not in roles:
        said.append(f"{WITHOUT_COMMENTS[0]}: {WITHOUT_COMMENTS[1]}.")
    return tuple(said)


def _listed(titles: Sequence[str]) -> str:
    few = ", ".join(titles[:6])
    return few if len(titles) <= 6 else f"{few} and {len(titles) - 6} more"


def _said(loaded: Loaded) -> list[str]:
    """The notes and warnings that are about columns or the file, each with its place."""
    said = []
    for issue in loaded.roster.issues:
        if issue.row is None and issue.kind not in _SAID_ELSEWHERE:
            place = f"{issue.cell}: " if issue.cell and issue.column else ""
            said.append(f"{place}{issue.problem}")
    return list(dict.fromkeys(said))


_SAID_ELSEWHERE = ("column_not_used", "missing_column", "no_comments")


def _mapped(table: Table, asked: frozenset[tuple[str, str | None, str]]) -> MappedTable:
    return MappedTable(
        file=table.sheet.file,
        sheet=table.sheet.name,
        header_rows=table.header_rows,
        columns={
            column.letter: MappedColumn.model_validate(
                {
                    "header": column.header,
                    "is": OPEN
                    if (table.sheet.file, table.sheet.name, column.letter) in asked
                    else column.role,
                }
            )
            for column in table.columns
            if column.header
        },
    )
