"""What a file seems to hold, before any assessment: an answer as a helpful colleague would give it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from inputs.checking import DATE_FIELDS
from inputs.layout import Column, Table
from inputs.lexicon import load_lexicon
from inputs.loading import choose_table, load_roster, settle
from inputs.reading import read_file
from inputs.readings import tidy
from inputs.roster import RATERS, InputError, Rater, Vocabulary, rating_column
from inputs.scales import number_in

_SAMPLES = 3
_COSTS: Mapping[str, str] = {
    "employee_name": "reports show the employee id instead of a name",
    "target_level": "people whose level forks get one recommendation for each way",
    "manager_id": "reports cannot be sorted by manager id",
    "manager_name": "there are no pages per manager",
    "department": "nothing can be shown by department",
    "speciality": "no weights of a speciality apply",
    "hire_date": "a review before the hire cannot be noticed",
    "level_since": "time in level is unknown, so too early or too late a move cannot be noticed",
    "product_since": "years of product experience are unknown",
    "review_date": "how old the ratings are is unknown",
}


@dataclass(frozen=True)
class InspectedColumn:
    """One column of the file."""

    letter: str
    header: str
    taken_for: str | None
    """The roster's name for it, or None when it is not used."""
    why: str
    samples: tuple[str, ...]
    range_seen: str | None
    """Lowest to highest, for ratings and dates."""
    filled: int
    """Cells that hold anything."""


@dataclass(frozen=True)
class Inspection:
    """What a file seems to hold."""

    file: str
    sheets: tuple[str, ...]
    """The names of its sheets, with `(hidden)` behind those that are."""
    sheet: str | None
    """The sheet that would be read."""
    header_row: int
    rows: int
    columns: tuple[InspectedColumn, ...]
    missing: tuple[str, ...]
    """What the file does not have, and what that costs: a sentence each."""
    competencies_rated: int
    competencies_known: int
    stops: str | None
    """The question or problem that would stop an assessment, or None."""
    issues: Mapping[str, int]
    """Issue kind to how many, as an assessment would report them."""


def inspect_file(path: Path, vocabulary: Vocabulary, day: date) -> Inspection:
    """Looks at a file without assessing anybody. Raises InputError when it holds no table at all."""
    lexicon = load_lexicon(vocabulary)
    sheets = read_file(path)
    table, _ = choose_table(sheets, lexicon)
    stops: str | None = None
    issues: dict[str, int] = {}
    try:
        roster = load_roster([path], vocabulary, day)
        for issue in roster.issues:
            issues[issue.kind] = issues.get(issue.kind, 0) + 1
        table = settle(table)
    except InputError as error:
        stops = str(error)
    return Inspection(
        file=path.name,
        sheets=tuple(
            (sheet.name or "") + ("" if sheet.visible else " (hidden)")
            for sheet in sheets
            if sheet.name is not None
        ),
        sheet=table.sheet.name,
        header_row=table.header_row,
        rows=len(table.rows),
        columns=tuple(_inspect_column(table, column) for column in table.columns),
        missing=_missing(table, vocabulary),
        competencies_rated=sum(_rated(table, term.id, "manager") for term in vocabulary.competencies),
        competencies_known=len(vocabulary.competencies),
        stops=stops,
        issues=issues,
    )


def _inspect_column(table: Table, column: Column) -> InspectedColumn:
    cells = table.cells[column.letter].cast(pl.String).drop_nulls()
    distinct = [
        text for text in (tidy(text) for text in cells.head(2000).unique(maintain_order=True)) if text
    ]
    return InspectedColumn(
        column.letter,
        column.header,
        column.role,
        column.why or "no known name",
        tuple(text[:40] for text in distinct[:_SAMPLES]),
        _range(column, cells),
        len(cells),
    )


def _range(column: Column, cells: pl.Series) -> str | None:
    role = column.role or ""
    if role in DATE_FIELDS:
        found = sorted(cells.unique().to_list())
        return f"{found[0]} to {found[-1]}" if found else None
    if ":" not in role or role.startswith("comment"):
        return None
    numbers = [number for text in cells.unique() if (number := number_in(tidy(text))) is not None]
    return f"{min(numbers)} to {max(numbers)}" if numbers else None


def _rated(table: Table, competency: str, rater: Rater) -> bool:
    return rating_column(competency, rater) in table.by_role


def _missing(table: Table, vocabulary: Vocabulary) -> tuple[str, ...]:
    said = [
        f"No {role.replace('_', ' ')}: {cost}." for role, cost in _COSTS.items() if role not in table.by_role
    ]
    for rater in RATERS:
        without = [term.title for term in vocabulary.competencies if not _rated(table, term.id, rater)]
        if without:
            by = "the person" if rater == "self" else "the manager"
            said.append(
                f"No rating by {by} of: {', '.join(without)}. Signals that rest on them may stay unrated."
            )
    return tuple(said)


def inspection_lines(inspection: Inspection) -> list[str]:
    """The inspection as lines of text for the terminal."""
    where = f", sheet '{inspection.sheet}'" if inspection.sheet is not None else ""
    lines = [
        f"{inspection.file}{where}: {inspection.rows:,} rows below the header in row {inspection.header_row}",
    ]
    if len(inspection.sheets) > 1:
        lines.append(f"Sheets: {', '.join(inspection.sheets)}")
    used = [column for column in inspection.columns if column.taken_for]
    unused = [
        column for column in inspection.columns if not column.taken_for and (column.header or column.filled)
    ]
    lines += ["", f"Columns used ({len(used)}):", *(_column_line(column) for column in used)]
    if unused:
        lines += ["", f"Columns not used ({len(unused)}):", *(_column_line(column) for column in unused)]
    lines += ["", f"Competencies with a manager's rating: {inspection.competencies_rated} of "
              f"{inspection.competencies_known}"]  # fmt: skip
    if inspection.missing:
        lines += ["", "Missing:", *(f"  {text}" for text in inspection.missing)]
    if inspection.issues:
        lines += ["", "Issues that an assessment would report:"]
        lines += [f"  {count:>6}  {kind.replace('_', ' ')}" for kind, count in inspection.issues.items()]
    if inspection.stops:
        lines += ["", f"An assessment would stop here: {inspection.stops}"]
    return lines


def _column_line(column: InspectedColumn) -> str:
    taken = f"{column.taken_for} ({column.why})" if column.taken_for else column.why
    seen = f", {column.range_seen}" if column.range_seen else ""
    samples = ", ".join(column.samples)
    header = column.header or "(no header)"
    return f"  {column.letter:>3}  {header}  ->  {taken}{seen}; e.g. {samples or 'nothing'}"


def inspection_data(inspection: Inspection) -> dict[str, Any]:
    """The inspection as plain values that JSON can hold."""
    return asdict(inspection)
