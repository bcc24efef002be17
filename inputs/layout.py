"""Where the table of a sheet begins, and what each of its columns is taken for."""

from collections import defaultdict
from dataclasses import dataclass, field

import polars as pl

from inputs.lexicon import Lexicon, Role
from inputs.roster import InputError
from inputs.sheets import Sheet

_HEADER_WITHIN = 60
"""Rows from the top within which the header is looked for."""
_ASKING = ("rater_unknown:", "comment_rater_unknown:")


@dataclass(frozen=True)
class Column:
    """One column of the table."""

    letter: str
    header: str
    role: str | None
    why: str


@dataclass(frozen=True)
class Table:
    """A sheet with its header known."""

    sheet: Sheet
    header_row: int
    columns: tuple[Column, ...]
    cells: pl.DataFrame
    """The rows below the header that hold anything; columns named by letter."""
    rows: pl.Series
    """The number of each row (UInt32)."""
    by_role: dict[str, Column] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        known = {column.role: column for column in self.columns if column.role is not None}
        object.__setattr__(self, "by_role", known)

    def values(self, role: str) -> pl.Series | None:
        """The cells of a role's column, or None when the sheet has no such column."""
        column = self.by_role.get(role)
        return None if column is None else self.cells[column.letter]


def match_table(sheet: Sheet, lexicon: Lexicon) -> Table | None:
    """The sheet's table, or None when no row of it looks like the header of one."""
    if sheet.headers is not None:
        columns = _match(list(sheet.headers), list(sheet.cells.columns), lexicon)
        return _table(sheet, sheet.first_row - 1, 0, columns)
    best: tuple[int, int, int, tuple[Column, ...]] | None = None
    head = [list(row) for row in sheet.cells.head(_HEADER_WITHIN).iter_rows()]
    letters = list(sheet.cells.columns)
    for at, row in enumerate(head):
        for lines, headers in ((1, _one_line(row)), (2, _two_lines(row, head[at + 1 : at + 2], lexicon))):
            columns = _match(headers, letters, lexicon)
            found = sum(column.role is not None for column in columns)
            if found >= 2 and (best is None or found > best[0]):
                best = (found, at, lines, columns)
    if best is None:
        return None
    _, at, lines, columns = best
    return _table(sheet, sheet.first_row + at + lines - 1, at + lines, columns)


def _one_line(row: list[str | None]) -> list[str]:
    return [(cell or "").strip() for cell in row]


def _two_lines(row: list[str | None], below: list[list[str | None]], lexicon: Lexicon) -> list[str]:
    """The headers when a competency stands over `Self` and `Manager`, or a rater over competencies."""
    if not below:
        return []
    headers = []
    over = ""
    for top, bottom in zip(_one_line(row), _one_line(below[0]), strict=True):
        over = top or over
        choices = (
            bottom if not top else "",
            top if not bottom else "",
            f"{top} {bottom}",
            f"{over} {bottom}",
        )
        known = (text for text in choices if text.strip() and _is_known(lexicon.role(text)))
        headers.append(next(known, f"{top} {bottom}".strip()))
    return headers


def _is_known(role: Role | None) -> bool:
    return role is not None and not role.name.startswith(_ASKING)


def _match(headers: list[str], letters: list[str], lexicon: Lexicon) -> tuple[Column, ...]:
    columns = []
    for letter, header in zip(letters, headers, strict=False):
        role = lexicon.role(header) if header else None
        columns.append(Column(letter, header, role.name if role else None, role.why if role else ""))
    return tuple(columns)


def _table(sheet: Sheet, header_row: int, skip: int, columns: tuple[Column, ...]) -> Table:
    cells = sheet.cells.slice(skip)
    rows = pl.Series("row", range(header_row + 1, header_row + 1 + cells.height), dtype=pl.UInt32)
    text = [name for name, kind in cells.schema.items() if kind == pl.String]
    other = [name for name in cells.columns if name not in text]
    if cells.width:
        filled = cells.select(
            pl.any_horizontal(
                *(pl.col(name).str.contains(r"\S").fill_null(value=False) for name in text),
                *(pl.col(name).is_not_null() for name in other),
            )
        ).to_series()
        if not filled.all():
            cells, rows = cells.filter(filled), rows.filter(filled)
    return Table(sheet, header_row, columns, cells, rows)


def refuse_rivals(table: Table) -> None:
    """Raises InputError when two columns with different values could be the same thing."""
    rivals: defaultdict[str, list[Column]] = defaultdict(list)
    for column in table.columns:
        if column.role is not None:
            rivals[column.role].append(column)
    questions = []
    for role, columns in rivals.items():
        if len(columns) > 1:
            seen = " and ".join(f"'{column.header}' (column {column.letter})" for column in columns)
            questions.append(f"{seen} could both be {role}")
    if questions:
        place = table.sheet.file + (f", sheet '{table.sheet.name}'" if table.sheet.name else "")
        raise InputError(
            f"{place}: {'; '.join(questions)}. Which is it? Rename or remove the other column, "
            "or write a mapping with `readiness inspect --write-mapping` and correct it there."
        )
