"""A long table: a row for each level and competency."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from rules.ladders.grid import Grid, Text
from rules.ladders.headings import means
from rules.ladders.ladder import LadderLevel
from rules.ladders.level_names import names_in
from rules.ladders.parts import (
    NO_TIME,
    Parts,
    key_in_area,
    require_one_column,
    take_competency,
    take_number,
    without_mark,
)
from rules.ladders.scale import number_in
from rules.ladders.table import Table
from rules.spelling import name_key


def read_long(table: Table) -> Parts:
    """What the rows of a long table say, with the problems of their cells."""
    grid = table.grid
    parts = Parts({}, {}, {}, [], {})
    required = _required_columns(table)
    texts = [one for one in (*table.columns("required"), *table.columns("text")) if one not in required]
    level_column, of_levels, of_competencies = _columns_of_levels_and_names(table)
    described: dict[tuple[str, str], Text] = {}
    for role, said in NO_TIME.items():
        headings = map(table.heading, table.columns(role))
        parts.undecided += [said.format(one.text, one.cell) for one in headings]
    for column in table.columns("years"):
        parts.times = table.heading(column).text, table.heading(column).place
    rows = list(_rows_of(table, level_column))
    apart = _in_two_areas(rows)
    for one in rows:
        row, level = one.row, name_key(one.level)
        parts.levels.setdefault(level, LadderLevel(one.level, grid.cell(row, level_column)))
        for column in of_levels:
            parts.level_names += names_in(level, grid.at(row, column))
        for role in ("years", "total"):
            if cell := table.cell(row, role):
                take_number(parts, level, role, cell, table.heading(cell.column).text)
        key = name_key(one.title)
        key = key_in_area(key, one.category) if key in apart else key
        take_competency(table, parts, row, one.title, one.category, key)
        for column in of_competencies:
            parts.competency_names += names_in(key, grid.at(row, column))
        for cell in _said(grid, row, required):
            here = without_mark(parts, cell)
            before = parts.written.setdefault((level, key), here)
            if before is not here:
                parts.problems.append(
                    f"{here.place}: “{one.level}” and “{one.title}” are also at {before.place}; leave one "
                    "row for each level and competency, and where two tracks have a level of one "
                    "name, give each a name of its own"
                )
        for cell in _said(grid, row, texts):
            here = without_mark(parts, cell)
            described[level, key] = _with_more(described.get((level, key)), here)
    parts.prose |= {at: one.text for at, one in described.items()}
    if not required and not table.columns("total"):
        parts.written |= described
    return parts


def _said(grid: Grid, row: int, columns: Iterable[int]) -> Iterator[Text]:
    """The cells of a row in some columns that say something."""
    cells = (grid.at(row, column) for column in columns)
    return (cell for cell in cells if cell.text and not means("nothing", cell.text))


def _with_more(before: Text | None, here: Text) -> Text:
    """Indicators of one competency may stand in rows and columns of their own."""
    if before is None:
        return here
    return replace(before, text="\n".join(dict.fromkeys([*before.text.split("\n"), *here.text.split("\n")])))


@dataclass(frozen=True)
class _LongRow:
    row: int
    level: str
    title: str
    category: str | None


def _rows_of(table: Table, level_column: int) -> Iterator[_LongRow]:
    """The rows that name a level and a competency; levels and areas hold until the next one, and competencies
    where a row has only one more text."""
    level = category = title = ""
    inner = table.columns("category")[:1] > [level_column]
    for row in table.below:
        before, level = level, table.grid.rows[row][level_column] or level
        more = title if level == before and table.text(row, "text") else ""
        title = table.text(row, "competency") or more
        if inner and level != before:
            category = ""
        category = table.text(row, "category") or category
        if title and level:
            yield _LongRow(row, level, title, category or None)


def _in_two_areas(rows: Sequence[_LongRow]) -> set[str]:
    """The keys of the competencies that one level lists in several areas: they are several competencies."""
    areas: dict[tuple[str, str], set[str]] = {}
    for one in rows:
        areas.setdefault((one.level, name_key(one.title)), set()).add(name_key(one.category or ""))
    return {title for (_, title), some in areas.items() if len(some - {""}) > 1}


def _columns_of_levels_and_names(table: Table) -> tuple[int, list[int], list[int]]:
    """Of a long table the column of the levels, and those of other names of levels and of competencies."""
    levels = table.columns("level")
    different = {
        column: -len({name_key(table.grid.rows[row][column]) for row in table.below}) for column in levels
    }
    level = min(levels, key=lambda column: different[column])
    names = [column for column in levels if column != level], list[int]()
    for column in table.columns("aliases"):
        left = [one for one, role in table.roles.items() if one < column and role in ("level", "competency")]
        names[table.roles[max(left, default=level)] == "competency"].append(column)
    return level, *names


def _required_columns(table: Table) -> list[int]:
    """The columns of required ratings: of several that may be, the one that says the same most often, as
    ratings do and descriptions do not."""
    columns = table.columns("required")
    if len(columns) < 2:
        return columns
    different = {
        column: len({name_key(table.grid.rows[row][column]) for row in table.below}) for column in columns
    }
    numbers = [
        column
        for column in columns
        if all(number_in(text) is not None for row in table.below if (text := table.grid.rows[row][column]))
    ]
    require_one_column(table, "required", numbers)
    fewest = min(different.values())
    return [column for column in columns if different[column] == fewest]
