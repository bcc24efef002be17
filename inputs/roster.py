"""What a loaded, checked spreadsheet is: the roster, its cells, its issues."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

import polars as pl

from inputs.fields import FIELDS, Rater
from inputs.issues import KINDS
from inputs.own_scale import OwnScale

UNITS_PER_POINT = 25_200_000
"""A rating is kept as a whole number of these units: 10,000 (four decimals) times 2,520 (so that
dividing a point by any number from 1 to 10, as a change of scale does, comes out whole). Sums and
comparisons of ratings are therefore exact."""


class InputError(Exception):
    """The input has a problem that stops the work. The message says what, where, and what would be right."""


class UnknownLevelError(InputError):
    """No row has a level of the rule pack."""


class FaultyFileError(InputError):
    """Only a change of the file itself helps, whatever is said of its columns: of a layout that is not read,
    and of formulas without results."""


class MappingError(InputError):
    """The mapping cannot be used, or not for this file."""


class Severity(StrEnum):
    """How much an issue costs."""

    ERROR = "error"
    """A person could not be assessed because of it."""
    WARNING = "warning"
    """A value could not be used; everything else of the row counts."""
    NOTE = "note"
    """Read as the issue says; nothing was lost."""


@dataclass(frozen=True)
class Cell:
    """One cell of the user's file, as the spreadsheet program shows its place."""

    sheet: str | None
    """None for formats without sheets, such as CSV."""
    row: int
    """1-based, as shown by the spreadsheet program; in a CSV file the line's record number."""
    column: str
    """The letter, such as `C` or `AB`."""
    file: str | None = None
    """The file's name, where several were read."""

    def __str__(self) -> str:
        """`Ratings!C14`, `'Ratings 2026'!C14`, `C14` without a sheet; after `[may.xlsx]` where several files
        were read. A whole row is `may.xlsx, Ratings, row 14`."""
        if not self.column:
            return ", ".join(part for part in (self.file, self.sheet, f"row {self.row}") if part is not None)
        file = "" if self.file is None else f"[{self.file}]"
        if self.sheet is None:
            return f"{file}{self.place}"
        plain = self.sheet.isidentifier()
        sheet = self.sheet if plain else "'" + self.sheet.replace("'", "''") + "'"
        return f"{file}{sheet}!{self.place}"

    @property
    def place(self) -> str:
        """`C14`: the cell within its sheet."""
        return f"{self.column}{self.row}"


@dataclass(frozen=True)
class Issue:
    """One thing in the file that does not fit: where it is, what is wrong, what would be right."""

    kind: str
    """A stable name such as `unknown_level`; `inputs.issues.KINDS` lists all of them."""
    severity: Severity
    problem: str
    """A sentence: what is wrong."""
    remedy: str
    """A sentence: what would be right."""
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    header: str | None = None
    value: str | None = None
    """The text of the cell as it was read."""
    employee_id: str | None = None
    file: str | None = None
    """The file's name, where several were read."""
    about: str | None = None
    """Where it is told with a person: a column of the roster, or the rater whose ratings it is all about."""

    @classmethod
    def at(
        cls,
        place: Cell,
        kind: str,
        severity: Severity,
        problem: str,
        remedy: str,
        header: str | None = None,
        value: str | None = None,
        employee_id: str | None = None,
        about: str | None = None,
    ) -> "Issue":
        """An issue about a cell; about a whole column with row 0, about a whole row without a letter."""
        sheet, row, column = place.sheet, place.row or None, place.column or None
        return cls(
            *(kind, severity, problem, remedy, sheet, row, column, header, value, employee_id),
            file=place.file,
            about=about,
        )

    @property
    def is_of_manager(self) -> bool:
        """Whether it is told with a person, of ratings by the manager."""
        return self.about is not None and self.about.rpartition(":")[2] == "manager"

    @property
    def title(self) -> str:
        """What people read of the kind."""
        return KINDS[self.kind]

    @property
    def place(self) -> Cell | None:
        """The cell that it is about, if it is about one."""
        if self.row is None or self.column is None:
            return None
        return Cell(self.sheet, self.row, self.column, self.file)

    @property
    def cell(self) -> str | None:
        """The place as `Ratings!C14`; a whole row as `Ratings, row 14`; None when it is the whole file."""
        if self.row is not None:
            return str(Cell(self.sheet, self.row, self.column or "", self.file))
        column = None if self.column is None else f"column {self.column}"
        return ", ".join(part for part in (self.file, self.sheet, column) if part is not None) or None


@dataclass(frozen=True)
class Term:
    """A level, competency or specialisation of the rule pack, with what else people call it."""

    id: str
    title: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class RatingScale:
    """The scale that ratings are put on."""

    lowest: Decimal
    highest: Decimal
    words: tuple[str, ...] = ()
    """Where the rule pack's ratings are words: from the lowest to the highest, in even steps."""
    meanings: Mapping[Decimal, str] = field(default_factory=dict)
    """What the rule pack calls its ratings."""
    lowest_is_best: bool = False
    """Whether numbers that do not say which is the best are on it upside down, as school marks are."""
    known_up_to: Decimal | None = None
    """Where nobody has said at which rating it ends: the highest that the rules surely have."""


@dataclass(frozen=True)
class Vocabulary:
    """What reading a spreadsheet needs to know of the rule pack."""

    competencies: tuple[Term, ...]
    levels: tuple[Term, ...]
    """In the order of the ladder, lowest first."""
    next_levels: Mapping[str, tuple[str, ...]]
    """Level id to the level ids that a person can be promoted to from there; empty at the top."""
    scale: RatingScale
    name_key: Callable[[str], str]
    """What all spellings of one name have in common: the pack's own rule, by which its names are unique."""
    specialisations: tuple[Term, ...] = ()
    facts: tuple[str, ...] = ()
    """The yes/no fields that the pack asks about; columns for others are not read."""
    counts_experience: bool = True
    """Whether some promotion counts years of experience."""
    experience_levels: tuple[str, ...] = ()
    """The levels from which one does."""
    signals: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Competency id to the titles of what the pack shows by it; empty where the pack does not say."""


@dataclass(frozen=True)
class ColumnPlace:
    """Where one sheet of a list that was put together from several has a column."""

    start: int
    """Row 1 of the sheet has this number, less one, in the list."""
    file: str | None
    sheet: str | None
    letter: str


@dataclass(frozen=True)
class ColumnSource:
    """Where one column of the roster was read from, and what it was taken for."""

    name: str
    """The roster's column: `level`, `communication:manager` ..."""
    header: str
    sheet: str | None
    letter: str
    why: str
    """How it was recognised, in a few words, such as `known name`."""
    row_column: str = "row"
    """The column of `Roster.people` that holds the row numbers of this column's cells."""
    file: str | None = None
    """The file's name, where several were read."""
    places: tuple[ColumnPlace, ...] = ()
    """Where several sheets were read as one list: the place in each, and `row_column` counts through all."""

    def cell(self, row: int) -> Cell:
        """The cell of a row number of `row_column`."""
        for place in reversed(self.places):
            if row > place.start:
                return Cell(place.sheet, row - place.start, place.letter, place.file)
        return Cell(self.sheet, row, self.letter, self.file)


@dataclass(frozen=True)
class FileSource:
    """One file that was read."""

    name: str
    """The file's name without its folder."""
    sha256: str
    sheet: str | None
    header_row: int
    rows: int
    """Rows below the header that hold anything."""


PEOPLE_SCHEMA: dict[str, pl.DataType] = {
    "row": pl.UInt32(),  # as the spreadsheet program numbers it
    **{one.name: one.dtype for one in FIELDS.values() if one.use == "kept"},
    "specialisation_as_written": pl.String(),  # also where the vocabulary has no such specialisation
}
"""`Roster.people`: one row per person who can be assessed. Never null: row, employee_id, level. Levels and
`specialisation` are ids of the vocabulary."""
MANAGER = pl.coalesce("manager_id", "manager_name")
"""What tells the managers of `Roster.people` apart: the id, or the name where there is no id."""

NOT_ASSESSABLE_SCHEMA: dict[str, pl.DataType] = {
    "row": pl.UInt32(),
    "employee_id": pl.String(),
    "employee_name": pl.String(),
    "level_as_written": pl.String(),
    "manager_id": pl.String(),
    "manager_name": pl.String(),
    "department": pl.String(),
    "kind": pl.String(),  # the issue's kind
    "reason": pl.String(),  # a sentence with the cell, what is wrong, what would be right
}
"""`Roster.not_assessable`: one row per person of the file who cannot be assessed, and why."""


OTHERS_SCHEMA: dict[str, pl.DataType] = {
    "employee_id": pl.String(),
    "competency": pl.String(),  # its id
    "units": pl.Int64(),  # the mean, in `UNITS_PER_POINT`
    "ratings": pl.UInt32(),  # how many it is the mean of
}
"""`Roster.others`: what raters gave who are neither the person nor the manager."""


@dataclass(frozen=True)
class Roster:
    """A loaded, checked spreadsheet. People in the file = `people` + `not_assessable`, row for row."""

    people: pl.DataFrame
    """`PEOPLE_SCHEMA`."""
    ratings: pl.DataFrame
    """Same height and order as `people`; one Int64 column per rated competency and rater, named by
    `rating_column`, in `UNITS_PER_POINT`; null where there is no rating. A competency that the file
    does not have has no column."""
    comments: pl.DataFrame
    """Same height and order as `people`; String columns named by `comment_column`, for a rating column or for
    `overall:self`, `overall:manager`; no column where the file has none."""
    not_assessable: pl.DataFrame
    """`NOT_ASSESSABLE_SCHEMA`."""
    issues: tuple[Issue, ...]
    """In the order of the file."""
    columns: tuple[ColumnSource, ...]
    sources: tuple[FileSource, ...]
    unused: pl.DataFrame = field(default_factory=pl.DataFrame)
    """What else the file says of its people, assessable or not: `row` and `employee_id` as above, then a
    column for each header that is taken for nothing, as it was read. No rule can see it; it only tells
    calibration groups apart. Columns that differ between several rows of a person are left out."""
    used_columns: frozenset[tuple[str, str | None, str]] | None = None
    """File, sheet and letter of each column that is taken for something; None where that is not known."""
    earlier: tuple["EarlierCycle", ...] = ()
    """The earlier cycles that the file holds too, the earliest first."""
    scales: Mapping[Rater, OwnScale] = field(default_factory=dict)
    """How each rater's ratings are written in the file, where that is not the rule pack's scale."""
    others: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=OTHERS_SCHEMA))
    """`OTHERS_SCHEMA`, in the order of the people. No rule can see it; where these raters see somebody
    clearly otherwise than the manager, that is an open question."""
    _sources_by_name: dict[str, ColumnSource] = field(init=False, repr=False, compare=False)
    _row_numbers: dict[str, list[int | None]] = field(init=False, repr=False, compare=False)
    """Filled when a cell is first asked for: looking up single items of a frame is slow."""

    def __post_init__(self) -> None:
        by_name = {source.name: source for source in self.columns}
        object.__setattr__(self, "_sources_by_name", by_name)
        object.__setattr__(self, "_row_numbers", {})

    @classmethod
    def without_file(cls, people: pl.DataFrame, ratings: pl.DataFrame) -> "Roster":
        """People who are in no file, and their ratings."""
        nobody = pl.DataFrame(schema=NOT_ASSESSABLE_SCHEMA)
        return cls(people, ratings, people.select(), nobody, issues=(), columns=(), sources=())

    @property
    def people_in_file(self) -> int:
        """How many people the file holds, assessable or not."""
        return self.people.height + self.not_assessable.height

    @cached_property
    def issues_of(self) -> Mapping[str, Sequence[Issue]]:
        """By employee id: the issues that are told with the person."""
        found: dict[str, list[Issue]] = {}
        for issue in self.issues:
            if issue.about is not None and issue.employee_id is not None:
                found.setdefault(issue.employee_id, []).append(issue)
        return found

    def share(self, rows: slice) -> "Roster":
        """The same file with only some of those who can be assessed, as if the others were not in it."""
        people, ratings = self.people[rows], self.ratings[rows]
        comments = self.comments[rows] if self.comments.width else self.comments
        others = self.others.filter(pl.col("employee_id").is_in(people["employee_id"].implode()))
        return replace(self, people=people, ratings=ratings, comments=comments, others=others)

    def cell(self, person: int, column: str) -> Cell | None:
        """The cell that a value of `people`, `ratings` or `comments` came from; `person` is the row index in
        `people`. None when the file has no such column."""
        source = self._sources_by_name.get(column)
        if source is None:
            return None
        if source.row_column not in self._row_numbers:
            self._row_numbers[source.row_column] = self.people[source.row_column].to_list()
        row = self._row_numbers[source.row_column][person]
        return None if row is None else source.cell(row)


@dataclass(frozen=True)
class EarlierCycle:
    """The ratings of an earlier cycle that stand in the same file."""

    name: str
    """As the file names it: `2025`, `h1 2026`."""
    end: date
    """Its last day."""
    roster: Roster
    """Reviewed on its last day, unless the file says when. Where the file gives one level for all cycles, the
    people are on the level that they are on now."""
