"""Files to a roster: the way from what HR has to what the engine assesses."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl

from inputs.checking import check_table
from inputs.layout import Column, Table, match_table, refuse_rivals
from inputs.lexicon import Lexicon, load_lexicon
from inputs.reading import read_file
from inputs.roster import RATERS, InputError, Issue, Roster, Severity, Vocabulary, rating_column
from inputs.sheets import Sheet


def load_roster(paths: Sequence[Path], vocabulary: Vocabulary, day: date) -> Roster:
    """Reads and checks a spreadsheet. `day` is the day of the assessment: later dates are issues.

    Raises InputError when the work cannot go on: an unreadable file, no table, no known level, or a question
    that only a person can answer.
    """
    lexicon = load_lexicon(vocabulary)
    (path,) = paths
    sheets = read_file(path)
    table, notes = choose_table(sheets, lexicon)
    table = settle(table)
    refuse_rivals(table)
    roster = check_table(table, vocabulary, lexicon, day)
    return replace(roster, issues=(*notes, *roster.issues))


def choose_table(sheets: Sequence[Sheet], lexicon: Lexicon) -> tuple[Table, tuple[Issue, ...]]:
    """The one table to read, and notes about the sheets that were left out."""
    tables = [table for sheet in sheets if (table := match_table(sheet, lexicon)) is not None]
    full = [table for table in tables if any(":" in role for role in table.by_role)]
    file = sheets[0].file
    if not tables:
        raise InputError(_no_table(sheets))
    if len(full) > 1:
        names = ", ".join(f"'{table.sheet.name}'" for table in full)
        raise InputError(
            f"{file}: several sheets hold ratings: {names}. Which one is it? Keep only that one."
        )
    chosen = (full or tables)[0]
    notes = tuple(
        Issue(
            "sheet_not_used",
            Severity.NOTE,
            f"The sheet '{sheet.name}' was not used: the ratings are in '{chosen.sheet.name}'.",
            "Nothing to do if that is right.",
            sheet=sheet.name,
        )
        for sheet in sheets
        if sheet is not chosen.sheet and not sheet.cells.is_empty()
    )
    return chosen, notes


def _no_table(sheets: Sequence[Sheet]) -> str:
    seen = []
    for sheet in sheets:
        first = next(
            ([text for text in row if text] for row in sheet.cells.head(20).iter_rows() if any(row)),
            [],
        )
        place = f"sheet '{sheet.name}'" if sheet.name is not None else "the first row"
        seen.append(f"{place}: {', '.join(repr(text[:40]) for text in first[:8]) or 'nothing'}")
    return (
        f"{sheets[0].file}: no row looks like the header of a table of ratings. "
        f"Seen in {'; '.join(seen[:6])}. The header needs columns such as 'Employee ID', "
        "'Level' and 'Communication (manager)'."
    )


def settle(table: Table) -> Table:
    """Gives `Manager` its meaning, name or id, from its values, and puts columns without a rater aside."""
    columns = tuple(_settled(table, column) for column in table.columns)
    return replace(table, columns=columns)


def _settled(table: Table, column: Column) -> Column:
    if column.role == "manager":
        return _manager_column(table, column)
    if column.role is None or not column.role.startswith(("rater_unknown:", "comment_rater_unknown:")):
        return column
    unknown, competency = column.role.split(":")
    if unknown == "rater_unknown" and not all(
        rating_column(competency, rater) in table.by_role for rater in RATERS
    ):
        place = table.sheet.file + (f", sheet '{table.sheet.name}'" if table.sheet.name else "")
        raise InputError(
            f"{place}, column {column.letter} ('{column.header}'): whose rating is it, the person's own or "
            f"the manager's? Name it '{column.header} (self)' or '{column.header} (manager)', "
            "or say it in a mapping (`readiness inspect --write-mapping`)."
        )
    return replace(column, role=None, why="does not say whether the person or the manager wrote it")


def _manager_column(table: Table, column: Column) -> Column:
    ids = table.values("employee_id")
    values = table.cells[column.letter].drop_nulls().unique()
    are_ids = ids is not None and len(values) > 0 and values.is_in(ids.drop_nulls().to_list()).mean()
    role = "manager_id" if isinstance(are_ids, float) and are_ids >= 0.5 else "manager_name"
    if role in table.by_role:
        other = "manager_name" if role == "manager_id" else "manager_id"
        role = other if other not in table.by_role else role
    why = "its values are employee ids" if role == "manager_id" else "its values are no employee ids"
    return replace(column, role=role, why=why)


def sheet_frame(sheet: Sheet) -> pl.DataFrame:
    """The cells of a sheet with their row numbers, for writing a copy."""
    return sheet.cells.with_row_index("row", offset=sheet.first_row)
