"""What is worth knowing of how sheets were read, and which of them were not."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from inputs.fields import Field
from inputs.files.sheets import Sheet
from inputs.phrases import counted, few, was
from inputs.roster import FaultyFileError, InputError, Issue, Severity
from inputs.tables.columns.leftovers import over_ratings, rows_above, stray_cells
from inputs.tables.columns.resolving import ResolvedColumns
from inputs.tables.contents import holds_ratings, shape_of
from inputs.tables.layout import Table
from inputs.tables.unread import transposed
from inputs.words.lexicon import Lexicon

_NAMED = 8
"""Cells that a sentence names."""
_ONE_BY_ONE = 3
"""Sheets of which the same is said of each."""
_UNCALCULATED = 1000
"""Formulas without a result that are told one by one."""


def sheet_notes(
    sheets: Sequence[Sheet],
    tables: Sequence[Table],
    used: Sequence[ResolvedColumns],
    matched: Sequence[Table],
) -> Iterator[Issue]:
    """The notes and warnings of all sheets. `tables` are those that were found, `used` those that were read,
    and `matched` those that would be read without a mapping."""
    read_from = {id(one.table.sheet): one.table for one in used}
    for sheet in sheets:
        table = read_from.get(id(sheet))
        if table is not None:
            yield from _about_sheet(sheet, table)
        else:
            yield from (sheet.issue("file_read", Severity.NOTE, remark) for remark in sheet.remarks)
    yield from _once(issue for one in used for issue in one.found.issues)
    for one in used:
        yield from (*rows_above(one.table), *stray_cells(one.table), *over_ratings(one.table))
    known = {id(table.sheet) for table in tables}
    unmapped = {id(table.sheet): table for table in matched}
    for sheet in sheets:
        if id(sheet) not in known and not sheet.cells.is_empty():
            yield _not_used(sheet, unmapped.get(id(sheet)))


def _once(issues: Iterable[Issue]) -> Iterator[Issue]:
    """What is said of a column in many sheets, as of a form for each person, once."""
    alike: dict[object, list[Issue]] = {}
    for issue in issues:
        about = (issue.kind, issue.header, issue.problem, issue.remedy)
        alike.setdefault(about if issue.row is None and issue.header else id(issue), []).append(issue)
    for told in alike.values():
        if len(told) > _ONE_BY_ONE:
            more = f" The same goes for {len(told) - 1:,} more sheets."
            told = [replace(told[0], problem=told[0].problem + more)]
        yield from told


def _not_used(sheet: Sheet, table: Table | None) -> Issue:
    if table is None:
        return sheet.not_used("it holds no table of people or ratings")
    severity = Severity.NOTE if shape_of(table) in ("people", "other") else Severity.WARNING
    return sheet.not_used(
        "the mapping does not name it", severity, "Add its table to the mapping if it counts."
    )


def _about_sheet(sheet: Sheet, table: Table) -> Iterator[Issue]:
    for kind, problem in _of_the_whole(sheet, table.header_row):
        yield sheet.issue(kind, Severity.NOTE, problem)
    for kind, cells, problem, remedy in _of_cells(sheet, table):
        told = f"{problem}: {few(cells, _NAMED)}."
        if cells and remedy:
            yield sheet.issue(kind, Severity.WARNING, told, remedy)
        elif cells:
            yield sheet.issue(kind, Severity.NOTE, told)
    for row, letter in sorted(sheet.uncalculated)[:_UNCALCULATED]:
        yield sheet.issue(
            "formula_without_value",
            Severity.WARNING,
            "The cell holds a formula whose result was never calculated; it was read as empty.",
            "Open the workbook in a spreadsheet program and save it.",
            row=row,
            column=letter,
        )


def _of_the_whole(sheet: Sheet, header_row: int) -> Iterator[tuple[str, str]]:
    """Kinds and problems."""
    yield from (("file_read", remark) for remark in sheet.remarks)
    if not sheet.visible:
        yield "hidden_sheet", f"The sheet '{sheet.name}' is hidden; it was read."
    if count := len(sheet.hidden_rows):
        rows = few(list(map(str, sorted(sheet.hidden_rows))), 5)
        yield "hidden_rows", f"{counted(count, 'hidden row')} {was(count)} read too: {rows}."
    if count := len(sheet.hidden_columns):
        letters = few(sorted(sheet.hidden_columns), _NAMED)
        yield "hidden_columns", f"{counted(count, 'hidden column')} {was(count)} read too: {letters}."
    merged = [(start, end) for start, end in sheet.merged if start[0] != end[0] and end[0] > header_row]
    if count := len(merged):
        (top, left), (bottom, right) = merged[0]
        yield (
            "merged_cells",
            f"{counted(count, 'group')} of merged cells, such as {left}{top}:{right}{bottom}, {was(count)} "
            "read as if every row had the value.",
        )


def _of_cells(sheet: Sheet, table: Table) -> Iterator[tuple[str, Sequence[str], str, str]]:
    """Kinds, the cells, what is said of them, and the remedy; none for a note."""
    header_row = table.header_row
    # What stands in other columns, such as salaries, is nobody's business.
    read = [one.letter for one in table.columns if one.role is not None]
    rated = [one.letter for one in table.columns if holds_ratings(one.role)]
    people = [one.letter for one in table.columns if isinstance(one.role, Field) and one.role.use != "rating"]
    yield from sheet.cells_seen_otherwise(header_row, read)
    yield (
        "note_not_read",
        sheet.noted_cells(header_row, people),
        "Notes on what is said of people were not read",
        "Write what counts into the cells; otherwise nothing to do.",
    )
    rounded = sheet.rounded_cells(rated)
    yield "hidden_decimals", rounded, "Ratings were read with decimals that their formats do not show", ""


def no_table(sheets: Sequence[Sheet], lexicon: Lexicon) -> InputError:
    """The error of a file without a table of ratings: what was seen, what would be right."""
    for sheet in sheets:
        if turn := transposed(sheet, lexicon):
            return FaultyFileError(turn)
    seen = []
    for sheet in sheets:
        lines = ([text for text in row if text] for row in sheet.cells.head(20).iter_rows())
        first = sheet.headers or next((line for line in lines if line), [])
        place = f"sheet '{sheet.name}'" if sheet.name is not None else sheet.file
        seen.append(f"{place}: {', '.join(repr(str(text)[:40]) for text in first[:8]) or 'nothing'}")
    return InputError(
        f"{sheets[0].file}: no row looks like the header of a table of ratings. Seen in "
        f"{few(seen, 6, '; ')}. The header needs columns such as 'Employee ID', 'Level' and 'Communication "
        "(manager)'. `readiness template` writes a workbook with all of them."
    )
