"""The issues and questions met while one table is put together."""

from inputs.roster import Cell, Issue, Severity
from inputs.tables.layout import Table


class TableIssues:
    """Collects issues about a table, with the cells as the user sees them."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.issues: list[Issue] = []
        self.questions: list[str] = []

    def issue(
        self,
        kind: str,
        severity: Severity,
        problem: str,
        remedy: str,
        role: str | None = None,
        row: int | None = None,
        value: str | None = None,
        employee_id: str | None = None,
    ) -> None:
        """Adds an issue about a cell of a role's column, about the column, or about the table."""
        column = self.table.by_role.get(role) if role else None
        place = self._place(row, column.letter if column else "")
        self.issues.append(
            Issue(
                kind,
                severity,
                problem,
                remedy,
                sheet=place.sheet if place else None,
                row=row if row is None or place is None else place.row,
                column=(place.column or None) if place else None,
                header=column.header if column else None,
                value=value,
                employee_id=employee_id,
                file=place.file if place else None,
            )
        )

    def _place(self, row: int | None, letter: str) -> Cell | None:
        """The place; None for what is about a list of several sheets as a whole."""
        if row is not None:
            return self.table.cell(row, letter)
        sheet = self.table.sheet
        return None if self.table.layers else Cell(sheet.name, 0, letter, sheet.named_file)
