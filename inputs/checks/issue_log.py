"""The issues found while a roster is checked, with their cells."""

from collections import Counter
from collections.abc import Mapping, Sequence

import polars as pl

from inputs.fields import Role
from inputs.files.sheets import column_index
from inputs.issues import LISTED_OF_PEOPLE, OF_A_PERSON
from inputs.phrases import counted
from inputs.roster import Issue, Severity
from inputs.tables.joining.joined_tables import JoinedTables
from inputs.tables.table_issues import of_severity
from inputs.words.texts import Fault

LISTED = 1_000
"""Issues of one kind in one column that are listed cell by cell; the rest is counted in one issue."""


class IssueLog:
    """Collects issues about joined tables; `issues` gives them in the order of the file."""

    def __init__(self, joined: JoinedTables, ids: pl.Series) -> None:
        self.joined = joined
        self._ids = ids
        self._issues: list[Issue] = list(joined.issues)
        self._met: Counter[tuple[str, Role | None]] = Counter()
        self._left_out: Counter[tuple[str, Role | None]] = Counter()

    def about(
        self, severity: Severity, kind: str, problem: str, remedy: str, role: Role | None = None
    ) -> None:
        """Adds an issue about a column, or about the whole sheet."""
        column = self.joined.columns.get(role) if role else None
        table = column.table if column else self.joined.table
        self._issues.append(table.issue(kind, severity, problem, remedy, column))

    note, warn = of_severity(Severity.NOTE, about), of_severity(Severity.WARNING, about)

    def cells(
        self,
        role: Role | None,
        faults: Sequence[Fault],
        severity: Severity = Severity.WARNING,
        total: int | None = None,
    ) -> None:
        """Adds an issue per faulty cell of a column; of a whole row when there is no column.

        Errors are all listed, what is told with a person up to `LISTED_OF_PEOPLE` for each kind and column,
        others up to `LISTED`. `total` is how many there are when not all are given.
        """
        column = self.joined.columns.get(role) if role else None
        for fault in faults:
            self._met[fault.kind, role] += 1
            about = fault.about or (role.name if role and fault.kind in OF_A_PERSON else None)
            most = LISTED if about is None else LISTED_OF_PEOPLE
            if severity is not Severity.ERROR and self._met[fault.kind, role] > most:
                self._left_out[fault.kind, role] += 1
                continue
            place, header = self.joined.place(role, fault.at), column.header if column else None
            told = fault.kind, severity, fault.problem, fault.remedy, header, fault.text
            self._issues.append(Issue.at(place, *told, self._ids[fault.at], about))
        if total is not None and total > len(faults):
            self._left_out[faults[0].kind, role] += total - len(faults)

    def issues(self) -> tuple[Issue, ...]:
        """All issues: those about the file first, then row by row."""
        for (kind, role), count in self._left_out.items():
            cells = f"{counted(count, 'more cell')} of this column {'has' if count == 1 else 'have'}"
            problem, remedy = f"{cells} the same kind of problem.", "Correct the column as a whole."
            self.warn(kind, problem, remedy, role)
        sheets = [table.sheet for whole in self.joined.tables for table in whole.originals]
        order = {(sheet.named_file, sheet.name): at for at, sheet in reversed(list(enumerate(sheets)))}
        return tuple(sorted(self._issues, key=lambda issue: _in_file_order(issue, order)))


def _in_file_order(issue: Issue, sheets: Mapping[tuple[str | None, str | None], int]) -> tuple[int, int, int]:
    sheet = -1 if issue.row is None else sheets.get((issue.file, issue.sheet), 0)
    return sheet, issue.row or 0, -1 if issue.column is None else column_index(issue.column)
