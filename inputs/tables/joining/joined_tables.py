"""What several tables say of the people, before its values are checked."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

import polars as pl

from inputs import fields
from inputs.fields import Role
from inputs.roster import Cell, FileSource
from inputs.tables.contents import TableContent
from inputs.tables.layout import Table


@dataclass(frozen=True)
class JoinedTables(TableContent):
    """All that is known of the people, one row each, before its values are checked: what the table of the
    people says, and what others say of them."""

    tables: tuple[Table, ...] = ()
    """The tables that were read: that of the people first."""
    unused: Mapping[str, pl.Series] = field(default_factory=dict)
    """By header: the columns that are taken for nothing."""
    strays: tuple[tuple[int, Table], ...] = ()
    """From which index on the rows are those of another table, whose people are not among the people."""
    earlier: tuple[Table, ...] = ()
    """Those that hold the same people in an earlier cycle; they are not read."""
    rivals: tuple[Table, ...] = ()
    """Those of which only one can be read, where a question asks which."""

    @property
    def sources(self) -> tuple[FileSource, ...]:
        """The sheets that were read."""
        return tuple(
            FileSource(one.sheet.file, one.sheet.sha256, one.sheet.name, one.header_row, len(one.rows))
            for table in self.tables
            for one in table.originals
        )

    @property
    def used_columns(self) -> frozenset[tuple[str, str | None, str]]:
        """File, sheet and letter of each column that is taken for something."""
        return frozenset(
            (one.sheet.file, one.sheet.name, column.letter)
            for table in self.tables
            for one in table.originals
            for column in one.columns
            if column.role is not None
        )

    def without_values(self, rows: Collection[int]) -> "JoinedTables":
        """The tables without the values of some rows; their ids and levels stay, to name them by."""
        if not rows:
            return self
        at = pl.Series(sorted(rows), dtype=pl.UInt32)
        kept = (self.key, fields.LEVEL, fields.EMPLOYEE_NAME, fields.MANAGER_NAME, fields.DEPARTMENT)
        columns = {
            role: column if role in kept else replace(column, cells=column.cells.clone().scatter(at, None))
            for role, column in self.columns.items()
        }
        unused = {header: cells.clone().scatter(at, None) for header, cells in self.unused.items()}
        return replace(self, columns=columns, unused=unused)

    def place(self, role: Role | None, at: int) -> Cell:
        """The cell of a person in a role's column; with no letter when it is the whole row."""
        table = next((table for start, table in reversed(self.strays) if at >= start), self.table)
        column = self.columns.get(role) if role else None
        if column is not None and (column.rows is not None or column.table is table):
            row = self.rows[at] if column.rows is None else column.rows[at]
            if row is not None:
                return column.table.cell(int(row), column.letter)
        return table.cell(int(self.rows[at]), column.letter if column and column.table is table else "")

    def row_label(self, at: int) -> str:
        """The number of a person's row, with its sheet in a list of several."""
        return self.table.row_label(int(self.rows[at]))

    def shown_rows(self) -> pl.Series:
        """The row numbers as the sheets show them."""
        ends = [start for start, _ in self.strays]
        tables = (self.table, *(table for _, table in self.strays))
        parts = zip([0, *ends], [*ends, None], tables, strict=True)
        return pl.concat([table.shown(self.rows[start:end]) for start, end, table in parts])
