"""The issues and questions found while one table is looked at, and the columns that are not used after
all."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Concatenate, ParamSpec, TypeVar

from inputs.asked import Answers, Asked, Naming, ask_about_columns
from inputs.fields import Role
from inputs.phrases import counted, was
from inputs.roster import Issue, Severity
from inputs.tables.layout import Column, Table
from inputs.tables.open_words import OpenWord

_Log = TypeVar("_Log")
_P = ParamSpec("_P")


def of_severity(
    severity: Severity, add: Callable[Concatenate[_Log, Severity, _P], None]
) -> Callable[Concatenate[_Log, _P], None]:
    """What adds issues of one severity to a log."""

    def adding(log: _Log, /, *args: _P.args, **kwargs: _P.kwargs) -> None:
        add(log, severity, *args, **kwargs)

    return adding


class TableIssues:
    """Collects issues about a table, with the cells as the user sees them, and what has to be asked."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.issues: list[Issue] = []
        self.questions: list[Asked] = []
        self.open_words: list[OpenWord] = []
        self.swappable = ""
        """The header of dates that tell no order of rows, because day and month could be swapped."""
        self._unused: dict[str, str] = {}
        """Letter to the reason."""

    def add(
        self,
        severity: Severity,
        kind: str,
        problem: str,
        remedy: str,
        role: Role | None = None,
        row: int | None = None,
        value: str | None = None,
        employee_id: str | None = None,
        about: str | None = None,
    ) -> None:
        """Adds an issue about a cell of a role's column, about the column, or about the table."""
        column = self.table.by_role.get(role) if role else None
        issue = self.table.issue(kind, severity, problem, remedy, column, row=row, value=value)
        self.issues.append(replace(issue, employee_id=employee_id, about=about))

    note, warn = of_severity(Severity.NOTE, add), of_severity(Severity.WARNING, add)

    def ask(
        self,
        text: str,
        remedy: str = "",
        columns: Iterable[Column] = (),
        answers: Answers = (),
        namings: tuple[Naming, ...] = (),
    ) -> None:
        """Adds a question: what some columns are, or something that only a change of the file settles."""
        places = frozenset(self.table.sheet.column(column.letter) for column in columns)
        self.questions.append(ask_about_columns(text, remedy, places, answers, namings))

    def put_aside(self, column: Column, why: str, shown: str | None = None) -> None:
        """Notes that a column is not used; `shown` says why in the inspection, where that is shorter."""
        self._unused[column.letter] = shown or why
        problem = f"The column '{column.header}' was not used: {why}."
        remedy = "Nothing to do if that is right; otherwise say in a mapping what it is."
        self.issues.append(self.table.issue("column_not_used", Severity.NOTE, problem, remedy, column))

    def warn_of(
        self,
        columns: Sequence[Column],
        why: str,
        remedy: str = "Nothing to do if that is right; otherwise say in a mapping what the word means.",
    ) -> None:
        """Warns of columns that are not used for one and the same reason."""
        count, header = len(columns), f"'{columns[0].header}'"
        named = f"The column {header}" if count == 1 else f"{counted(count, 'column')}: {header} and the like"
        problem = f"{named} {was(count)} not used: {why}."
        self.issues.append(self.table.issue("column_not_used", Severity.WARNING, problem, remedy, columns[0]))

    def left_in(self, table: Table) -> Table:
        """The table without the columns that are not used."""
        return table.unused(self._unused)
