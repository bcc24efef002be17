"""The issues and questions found while one table is put together."""

from inputs.fields import Role
from inputs.roster import Cell, Issue, Severity
from inputs.tables.layout import Table
from inputs.tables.open_words import OpenWord


class TableIssues:
    """Collects issues about a table, with the cells as the user sees them."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.issues: list[Issue] = []
        self.questions: list[str] = []
        self.open_words: list[OpenWord] = []

    def add(
        self,
        kind: str,
        severity: Severity,
        problem: str,
        remedy: str,
        role: Role | None = None,
        row: int | None = None,
        value: str | None = None,
        employee_id: str | None = None,
    ) -> None:
        """Adds an issue about a cell of a role's column, about the column, or about the table."""
        column = self.table.by_role.get(role) if role else None
        letter = column.letter if column else ""
        sheet = self.table.sheet
        if row is not None:
            place = self.table.cell(row, letter)
        elif self.table.layers:
            place = Cell(None, 0, "")  # what is about a list of several sheets is about none of them alone
        else:
            place = Cell(sheet.name, 0, letter, sheet.named_file)
        self.issues.append(
            Issue(
                kind,
                severity,
                problem,
                remedy,
                sheet=place.sheet,
                row=place.row or None,
                column=place.column or None,
                header=column.header if column else None,
                value=value,
                employee_id=employee_id,
                file=place.file,
            )
        )
