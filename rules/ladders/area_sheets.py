"""A matrix with a sheet for each area, as one table with the areas above its rows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from rules.ladders.contents import read_table
from rules.ladders.grid import Grid, remarks_of
from rules.ladders.headings import keys, role_of, words
from rules.ladders.legends import named_scale, words_of_line
from rules.ladders.matrix import Matrix
from rules.ladders.table import Table, heading_above, is_long
from rules.pack import PackError
from rules.spelling import name_key


@dataclass(frozen=True)
class AreaSheet:
    """One sheet that holds a matrix."""

    matrix: Matrix

    @property
    def table(self) -> Table:
        """Where it lies."""
        return self.matrix.table

    @property
    def title(self) -> str:
        """The name of the sheet."""
        return str(self.table.grid.sheet)

    @property
    def levels(self) -> tuple[str, ...]:
        """The titles of its levels."""
        return tuple(level.title for level in self.matrix.levels.values())

    @property
    def head(self) -> list[int]:
        """The rows of its headings."""
        return [self.table.head, self.table.head + 1] if self.table.parts else [self.table.head]

    @property
    def columns(self) -> dict[str, int]:
        """The columns of the table by what they hold: a role or a level."""
        table, title, found = self.table, "", dict[str, int]()
        for column in range(len(table.grid.rows[table.head])):
            above, *below = (table.grid.rows[row][column] for row in self.head)
            role, title = table.roles.get(column), above or title
            if role or above or below:
                found.setdefault(role or "/".join(map(name_key, (title, *below))), column)
        return found

    @property
    def scale(self) -> object:
        """The scale that the sheet names; None where it names none."""
        return named_scale(list(self.table.lines_around))


def area_sheet(grid: Grid) -> AreaSheet | None:
    """A sheet with a matrix of two levels or more; None where it holds something else."""
    try:
        matrix = read_table(grid)
    except PackError:
        return None
    if any(name_key(text) in keys("log_columns") for text in matrix.table.grid.rows[matrix.table.head]):
        return None
    return AreaSheet(matrix) if len(matrix.levels) > 1 and matrix.competencies else None


def shared_by(sheets: Sequence[AreaSheet]) -> list[str]:
    """The titles of the competencies that two of the sheets list."""
    found: dict[str, None] = {}
    for one, other in combinations(sheets, 2):
        keys = {name_key(item.title) for item in other.matrix.competencies.values()}
        items = one.matrix.competencies.values()
        found |= {item.title: None for item in items if name_key(item.title) in keys}
    return list(found)


def have_the_same_levels(sheets: Sequence[AreaSheet]) -> bool:
    """Whether the sheets have the same levels in the same order."""
    return len({tuple(map(name_key, sheet.levels)) for sheet in sheets}) == 1


def joined(sheets: Sequence[AreaSheet], beside: Sequence[Grid]) -> Grid:
    """The sheets as one table; the area of a row is that which its sheet gives it, or the name of the sheet.

    `beside` are the other sheets of the file. Raises `PackError` where they do not fit together.
    """
    longest = max(sheets, key=lambda sheet: len(sheet.levels))
    _require_fit(sheets, longest)
    columns = dict.fromkeys(
        ["category", *longest.columns, *(one for sheet in sheets for one in sheet.columns)]
    )
    rows, cells = list[list[str]](), dict[tuple[int, int], str]()

    def add(sheet: AreaSheet, row: int, texts: Sequence[str]) -> None:
        for place, one in enumerate(columns):
            at = sheet.columns.get(one, sheet.columns["competency"])
            cells[len(rows), place] = f"{sheet.title}!{sheet.table.grid.cell(row, at)}"
        rows.append(list(texts))

    for line, row in enumerate(longest.head):
        add(longest, row, [_heading(sheets, one, line) for one in columns])
    for sheet in sheets:
        for row, area in _rows_of(sheet):
            said = {one: sheet.table.grid.rows[row][column] for one, column in sheet.columns.items()}
            add(sheet, row, [(said | {"category": area}).get(one, "") for one in columns])
    heads = [[text for text in sheet.table.grid.rows[sheet.table.head] if text] for sheet in sheets]
    lines = [line for sheet in sheets for line in sheet.table.lines_around if line not in heads]
    return Grid(
        longest.table.grid.file,
        ", ".join(sheet.title for sheet in sheets),
        rows,
        beside=[*lines, *(row for grid in beside for row in grid.rows)],
        others=[*beside, *(sheet.table.times.grid for sheet in sheets if sheet.table.times)],
        cells=cells,
        uncalculated=[f"{sheet.title}!{cell}" for sheet in sheets for cell in sheet.table.grid.uncalculated],
        remarks=remarks_of([sheet.table.grid for sheet in sheets]),
    )


def _require_fit(sheets: Sequence[AreaSheet], longest: AreaSheet) -> None:
    place = longest.table.grid.file
    for sheet in sheets:
        known = iter(map(name_key, longest.levels))
        if not all(name_key(level) in known for level in sheet.levels):
            raise PackError(
                f"{place}: the sheets {longest.title} ({', '.join(longest.levels)}) and {sheet.title} "
                f"({', '.join(sheet.levels)}) have different levels, or the same in another order; parts of "
                "one matrix have the same ones, in the same order"
            )
        shapes = [
            (is_long(one.table.roles), one.table.grid.turned, len(one.head)) for one in (longest, sheet)
        ]
        if shapes[0] != shapes[1]:
            raise PackError(
                f"{place}: the sheets {longest.title} and {sheet.title} are laid out in different ways; "
                "give both the same headings"
            )
        if sheet.scale != longest.scale and None not in (sheet.scale, longest.scale):
            raise PackError(
                f"{place}: the sheets {longest.title} and {sheet.title} name different scales; "
                "use one scale on both"
            )


def _heading(sheets: Sequence[AreaSheet], column: str, line: int) -> str:
    """What a column is called in the first sheet that has it, or the usual word for what it holds."""
    sheet = next((sheet for sheet in sheets if column in sheet.columns), None)
    text = sheet.table.grid.rows[sheet.head[line]][sheet.columns[column]] if sheet else ""
    if line or (sheet and sheet.columns[column] not in sheet.table.roles) or role_of(text) == column:
        return text
    return str(words(column)[0])


def _rows_of(sheet: AreaSheet) -> Iterator[tuple[int, str]]:
    """The rows below the headings and their areas."""
    table, area = sheet.table, heading_above(sheet.table) or sheet.title
    for row in table.below:
        texts = table.grid.texts_in(row)
        area = table.text(row, "category") or area
        if len(texts) == 1 and not words_of_line([texts[0].text]):
            area = area if table.columns("category") else texts[0].text
        elif texts and not table.is_of_legend(row):
            yield row, area
