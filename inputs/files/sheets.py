"""A sheet as it was read: its cells with their places, before anybody knows what they mean."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import polars as pl

from inputs.asked import ColumnPlace
from inputs.phrases import few
from inputs.roster import Cell, Issue, Severity

AS_IT_IS = "Nothing to do if that is right."
Place = tuple[int, str]
"""Row number and column letter."""


@dataclass(frozen=True)
class Entries:
    """What may be entered into cells."""

    ranges: tuple[tuple[Place, Place], ...]
    """Upper left and lower right cells."""
    values: tuple[str, ...]
    """The values of a drop-down list, in its order, or the lowest and the highest number."""
    is_list: bool


@dataclass(frozen=True)
class Sheet:
    """One sheet of a file, or a file without sheets, before its header is known."""

    file: str
    sha256: str
    name: str | None
    """None for formats without sheets."""
    cells: pl.DataFrame
    """One column per column of the sheet, named by its letter; String, except for typed formats, and
    Categorical where a long text file repeats few texts."""
    first_row: int = 1
    """The number of the first row of `cells`, as the spreadsheet program shows it."""
    headers: tuple[str, ...] | None = None
    """The headers, for formats that keep them apart from the cells."""
    visible: bool = True
    epoch_1904: bool = False
    """Whether date numbers count from 1904, as in workbooks from old Macs."""
    date_order: Literal["day first", "month first"] | None = None
    """The order of day and month in its dates, as a mapping says."""
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[str] = frozenset()
    merged: tuple[tuple[Place, Place], ...] = ()
    """Upper left and lower right cell of merged cells."""
    uncalculated: frozenset[Place] = frozenset()
    """Cells with a formula whose result was never stored."""
    notes: Mapping[Place, str] = field(default_factory=dict, repr=False)
    """What people wrote as notes to cells."""
    captions: tuple[str, ...] = ()
    """What text boxes and the headers and footers of printed pages say, line by line."""
    fills: Mapping[Place, str] = field(default_factory=dict, repr=False)
    """The colours of empty cells."""
    struck: frozenset[Place] = frozenset()
    """Cells, empty or not, whose text is struck through."""
    partly_struck: Mapping[Place, str] = field(default_factory=dict, repr=False)
    """Cells of whose text a part is struck through and was left out, with the whole text."""
    hidden: frozenset[Place] = frozenset()
    """Cells, empty or not, whose number or text their format hides."""
    worded: Mapping[Place, str] = field(default_factory=dict, repr=False)
    """Cells with a number that their format shows with words or signs, with the number."""
    rounded: Mapping[Place, str] = field(default_factory=dict, repr=False)
    """How numbers are shown of which the format hides decimals."""
    shown_by_rules: tuple[str, ...] = ()
    """Where rules show some numbers otherwise than they are: `D2:M8`."""
    entries: tuple[Entries, ...] = ()
    uneven: frozenset[int] = frozenset()
    """Rows of a text file that have more fields than its header."""
    remarks: tuple[str, ...] = field(default=())
    """What a person should know about how the file was read."""
    encoding_open: bool = False
    """Whether nothing says how the letters of a text file are written."""
    one_of_several: bool = False
    """Whether several files were read, so that places have to name theirs."""

    @property
    def titles(self) -> tuple[str, str]:
        """The names of the sheet, empty where it has none, and of the file without its ending."""
        return self.name or "", self.file.rpartition(".")[0]

    def column(self, letter: str) -> ColumnPlace:
        """The place of a column among those of all files."""
        return self.file, self.name, letter

    def texts(self) -> list[list[str]]:
        """The rows as texts, after headers that are kept apart; an empty cell is an empty text.

        A merged cell stands wherever it covers the table, but titles that begin at its edge, over all
        columns, stand once.
        """
        rows = [["" if cell is None else str(cell).strip() for cell in row] for row in self.cells.rows()]
        if self.headers is not None:
            rows.insert(0, list(self.headers))
        letters = {letter: number for number, letter in enumerate(self.cells.columns)}
        for (top, left), (bottom, right) in self.merged:
            if left not in letters or right not in letters or (left != right and letters[left] == 0):
                continue
            begin, end = max(top - self.first_row, 0), min(bottom + 1 - self.first_row, len(rows))
            for place in range(begin, end):
                for column in range(letters[left], letters[right] + 1):
                    rows[place][column] = rows[begin][letters[left]]
        return rows

    def struck_ranges(self, below: int) -> list[str]:
        """Where text below a row is struck through: `A5:D5`, `F7`."""
        struck = sorted((row, column_index(letter)) for row, letter in self._filled(self.struck, below))
        ranges: list[list[Place]] = []
        for at, (row, column) in enumerate(struck):
            if at and struck[at - 1] == (row, column - 1):
                ranges[-1].append((row, letter(column)))
            else:
                ranges.append([(row, letter(column))])
        ends = ({f"{place[1]}{place[0]}": None for place in (one[0], one[-1])} for one in ranges)
        return [":".join(one) for one in ends]

    def hidden_cells(self, below: int, columns: Collection[str]) -> list[str]:
        """Where a format hides what stands below a row in some columns: `F7`."""
        places = in_order(self._filled(self.hidden, below))
        return [f"{letter}{row}" for row, letter in places if letter in columns]

    def _filled(self, places: Iterable[Place], below: int) -> list[Place]:
        """Those of the places below a row that hold anything."""
        return [
            (row, letter)
            for row, letter in places
            if row > below and letter in self.cells.columns and row - self.first_row < self.cells.height
            if self.cells[letter][row - self.first_row] is not None
        ]

    def worded_cells(self, columns: Collection[str]) -> list[str]:
        """`D5 (3, shown as 'High')`, in some columns."""
        return [
            f"{letter}{row} ({self.worded[row, letter]}, shown as "
            f"'{str(self.cells[letter][row - self.first_row])[:40]}')"
            for row, letter in in_order(self.worded)
            if letter in columns
        ]

    def noted_cells(self, below: int, columns: Collection[str]) -> list[str]:
        """`C5 ('Promoted in June')`: the notes on cells below a row in some columns."""
        return [
            f"{letter}{row} ('{' '.join(self.notes[row, letter].split())[:60]}')"
            for row, letter in in_order(self.notes)
            if row > below and letter in columns
        ]

    def rounded_cells(self, columns: Collection[str]) -> list[str]:
        """`D5 (3.5, shown as 4)`, in some columns."""
        return [
            f"{letter}{row} ({self.cells[letter][row - self.first_row]}, shown as {shown})"
            for (row, letter), shown in self.rounded.items()
            if letter in columns
        ]

    def partly_struck_cells(self, columns: Collection[str]) -> list[str]:
        """`D5 ('43', read as '3')`, in some columns."""
        return [
            f"{letter}{row} ('{self.partly_struck[row, letter][:40]}', read as "
            f"'{str(self.cells[letter][row - self.first_row])[:40]}')"
            for row, letter in in_order(self.partly_struck)
            if letter in columns
        ]

    def cells_seen_otherwise(
        self, below: int, columns: Collection[str]
    ) -> Iterator[tuple[str, Sequence[str], str, str]]:
        """The kind of issue, the cells below a row and in some columns, what is said of them, and the remedy;
        none for a note."""
        yield (
            "struck_through",
            self.struck_ranges(below),
            "Text that is struck through was read like any other",
            "Take out the rows of people, and the ratings, that no longer count; otherwise nothing to do.",
        )
        yield (
            "struck_through",
            self.partly_struck_cells(columns),
            "A part of a text that is struck through was left out",
            "Nothing to do if what is left counts; otherwise remove the strikethrough from the rest.",
        )
        yield (
            "shown_otherwise",
            self.hidden_cells(below, columns),
            "What the format of the cells hides was read like any other",
            "Empty the cells that do not count; otherwise nothing to do.",
        )
        yield (
            "shown_otherwise",
            self.shown_by_rules,
            "Rules show some numbers as words or hide them; all were read as they are",
            "Write the words into the cells where they count; otherwise nothing to do.",
        )
        worded = self.worded_cells(columns)
        yield "shown_otherwise", worded, "Numbers were read as their formats show them", ""

    @property
    def seen_otherwise(self) -> tuple[str, ...]:
        """Where what was read differs from what a reader sees: sentences."""
        found = {
            "Hidden rows were read like any other": [str(row) for row in sorted(self.hidden_rows)],
            "Hidden columns were read like any other": sorted(self.hidden_columns),
            **{said: cells for _, cells, said, _ in self.cells_seen_otherwise(0, self.cells.columns)},
            "Notes on cells were not read": [f"{letter}{row}" for row, letter in sorted(self.notes)],
        }
        return (*self.remarks, *(f"{said}: {few(places, 8)}." for said, places in found.items() if places))

    def with_remark(self, remark: str) -> "Sheet":
        """The sheet with one more remark."""
        return replace(self, remarks=(*self.remarks, remark))

    def issue(
        self,
        kind: str,
        severity: Severity,
        problem: str,
        remedy: str = AS_IT_IS,
        *,
        row: int | None = None,
        column: str | None = None,
        header: str | None = None,
        value: str | None = None,
    ) -> Issue:
        """An issue about the sheet, or about one of its columns, rows or cells."""
        place = Cell(self.name, row or 0, column or "", self.named_file)
        return Issue.at(place, kind, severity, problem, remedy, header, value)

    def not_used(self, why: str, severity: Severity = Severity.NOTE, remedy: str = AS_IT_IS) -> Issue:
        """An issue about the sheet, which nothing was read from."""
        what, name = ("sheet", self.name) if self.name is not None else ("file", self.file)
        hidden = "" if self.visible else " (hidden)"
        problem = f"The {what} '{name}'{hidden} was not used: {why}."
        return self.issue("sheet_not_used", severity, problem, remedy)

    @property
    def named_file(self) -> str | None:
        """The file's name, where places have to name it."""
        return self.file if self.one_of_several else None

    @property
    def place(self) -> str:
        """`ratings.xlsx, sheet 'Ratings'`, for messages."""
        return self.file if self.name is None else f"{self.file}, sheet '{self.name}'"


def in_order(places: Iterable[Place]) -> list[Place]:
    """Places by columns, each from the top down."""
    return sorted(places, key=lambda place: (column_index(place[1]), place[0]))


def letter(index: int) -> str:
    """The letter of a column counted from 0: `A`, `Z`, `AA`."""
    text = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


def column_index(letters: str) -> int:
    """The index, from 0, of a column letter."""
    index = 0
    for character in letters:
        index = index * 26 + ord(character) - ord("A") + 1
    return index - 1
