"""A long table: a row for each level and competency."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rules.ladders.cells import number_in
from rules.ladders.grid import Text
from rules.ladders.headings import means
from rules.ladders.ladder import LadderLevel
from rules.ladders.level_names import names_in
from rules.ladders.matrix import NO_TIME, Matrix, key_in_area, require_one_column
from rules.ladders.rows_of_levels import Row, is_about_levels
from rules.ladders.sums import take_out_areas
from rules.ladders.table import Table
from rules.spelling import name_key


def read_long(table: Table) -> Matrix:
    """What the rows of a long table say, with the problems of their cells."""
    matrix = Matrix(table)
    required = _required_columns(table)
    texts = [one for one in (*table.columns("required"), *table.columns("text")) if one not in required]
    levels, names_of_levels, names_of_competencies = _columns_of_names(table)
    for role, said in NO_TIME.items():
        headings = map(table.heading, table.columns(role))
        matrix.undecided += [said.format(one.text, one.cell) for one in headings]
    for one in map(table.heading, table.columns("years")):
        matrix.times = one.text, one.place
    rows = list(_rows_of(table, levels))
    for row in rows:
        level = name_key(row.level)
        matrix.levels.setdefault(level, LadderLevel(row.level, table.grid.cell(row.row, levels)))
        for column in names_of_levels:
            matrix.level_names += names_in(level, table.grid.at(row.row, column))
        _take_numbers(matrix, level, row.row)
    apart, about_levels = _in_two_areas(rows), _about_levels(matrix, rows, required or texts)
    described: dict[tuple[str, str], Text] = {}
    for row in rows:
        level, key = name_key(row.level), name_key(row.title)
        if key in about_levels:
            continue
        key = key_in_area(key, row.category) if key in apart else key
        matrix.take_competency(row.row, row.title, row.category, key)
        for column in names_of_competencies:
            matrix.competency_names += names_in(key, table.grid.at(row.row, column))
        for cell in _said(matrix, row.row, required):
            _take_required(matrix, row, (level, key), cell)
        for cell in _said(matrix, row.row, texts):
            described[level, key] = _with_more(described.get((level, key)), cell)
    matrix.prose |= {at: one.text for at, one in described.items()}
    if not required and not table.columns("total"):
        matrix.written |= described
    take_out_areas(matrix)
    return matrix


def _about_levels(matrix: Matrix, rows: Sequence["_Row"], columns: Sequence[int]) -> set[str]:
    """The keys of rows that are about the levels, such as `Minimum years`; what they say is taken."""
    named: dict[str, Row] = {}
    for one in rows:
        here = named.setdefault(name_key(one.title), Row(one.row, one.title, one.category or "", []))
        here.cells.extend((name_key(one.level), cell) for cell in _said(matrix, one.row, columns))
    return {key for key, here in named.items() if is_about_levels(matrix, here)}


def _take_numbers(matrix: Matrix, level: str, row: int) -> None:
    """The time and the total that a row gives its level."""
    for role in ("years", "total"):
        if cell := matrix.table.cell(row, role):
            matrix.take_number(level, role, cell, matrix.table.heading(cell.column).text)


def _take_required(matrix: Matrix, row: "_Row", at: tuple[str, str], cell: Text) -> None:
    before = matrix.written.setdefault(at, cell)
    if before is not cell:
        matrix.problems.append(
            f"{cell.place}: “{row.level}” and “{row.title}” are also at {before.place}; leave one row for "
            "each level and competency, and where two tracks have a level of one name, give each a name of "
            "its own"
        )


def _said(matrix: Matrix, row: int, columns: Sequence[int]) -> Iterator[Text]:
    """The cells of a row in some columns that say something, without their marks."""
    cells = (matrix.table.grid.at(row, column) for column in columns)
    return (matrix.without_mark(cell) for cell in cells if cell.text and not means("nothing", cell.text))


def _with_more(before: Text | None, here: Text) -> Text:
    """Indicators of one competency may stand in rows and columns of their own."""
    if before is None:
        return here
    return replace(before, text="\n".join(dict.fromkeys([*before.text.split("\n"), *here.text.split("\n")])))


@dataclass(frozen=True)
class _Row:
    row: int
    level: str
    title: str
    category: str | None


def _rows_of(table: Table, level_column: int) -> Iterator[_Row]:
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
            yield _Row(row, level, title, category or None)


def _in_two_areas(rows: Sequence[_Row]) -> set[str]:
    """The keys of the competencies that one level lists in several areas: they are several competencies."""
    areas: dict[tuple[str, str], set[str]] = {}
    for one in rows:
        areas.setdefault((one.level, name_key(one.title)), set()).add(name_key(one.category or ""))
    return {title for (_, title), some in areas.items() if len(some - {""}) > 1}


def _columns_of_names(table: Table) -> tuple[int, list[int], list[int]]:
    """Of a long table the column of the levels, and those of other names of levels and of competencies."""
    levels = table.columns("level")
    level = max(levels, key=lambda column: len(_keys_in(table, column)))
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
    numbers = [column for column in columns if None not in map(number_in, table.said(column))]
    require_one_column(table, "required", numbers)
    different = {column: len(_keys_in(table, column)) for column in columns}
    return [column for column in columns if different[column] == min(different.values())]


def _keys_in(table: Table, column: int) -> set[str]:
    return {*map(name_key, table.said(column))}
