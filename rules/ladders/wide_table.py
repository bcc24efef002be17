"""A wide table: competencies down, levels across."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from rules.ladders.cells import is_sentence, rating_in
from rules.ladders.grid import Text
from rules.ladders.headings import means, role_of, words
from rules.ladders.legends import words_of_line
from rules.ladders.level_columns import columns_again, columns_of_levels
from rules.ladders.level_names import names_in
from rules.ladders.matrix import Matrix, key_in_area
from rules.ladders.rows_of_levels import Row, is_about_levels
from rules.ladders.sums import take_out_areas
from rules.ladders.table import Table, heading_above
from rules.spelling import name_key


def read_wide(table: Table) -> Matrix:
    """What the rows of a wide table say, with the problems of their cells."""
    matrix = Matrix(table)
    columns = columns_of_levels(matrix)
    category, key = heading_above(table) or _corner_that_is_an_area(matrix), ""
    for row in table.below:
        title, own = table.text(row, "competency"), table.text(row, "category")
        if again := columns_again(matrix, row):
            columns = again
            category = category if role_of(title) or title == table.corner else title
            continue
        cells = [*_said_of_levels(matrix, row, columns)]
        if cells and own and not title and is_about_levels(matrix, Row(row, own, category, cells)):
            continue
        category = own or category
        here = Row(row, title, category, cells)
        heading = _heading_in(table, here)
        if heading is not None:
            _say_what_is_left_out(matrix, here, heading)
            category = category if own or table.columns("category") else heading or category
        elif not (key or title) and is_about_levels(matrix, here):
            continue
        elif _is_more_of(matrix, key, here):
            _take_next_line(matrix, key, here)
        elif not is_about_levels(matrix, here):
            key = _key_of(matrix, here)
            matrix.take_competency(row, title, category, key)
            _take_cells(matrix, key, here)
    take_out_areas(matrix)
    matrix.undecided += _unread_columns(table)
    return matrix


def _said_of_levels(matrix: Matrix, row: int, columns: Mapping[int, str]) -> Iterator[tuple[str, Text]]:
    """The cells of a row, with what an arrow or `same as L1` stands for."""
    said: list[tuple[str, str]] = []
    for column, level in columns.items():
        cell = matrix.table.grid.at(row, column)
        if not cell.text:
            continue
        meant = (
            before
            for title, before in said
            if any(name_key(f"{word} {title}") == name_key(cell.text) for word in words("as"))
        )
        again = means("as_before", cell.text) or (matrix.table.grid.turned and means("as_above", cell.text))
        before = said[-1][1] if said and again else cell.text
        said.append((matrix.levels[level].title, next(meant, before)))
        yield level, replace(cell, text=said[-1][1])


def _say_what_is_left_out(matrix: Matrix, here: Row, heading: str) -> None:
    """That a row of a column that is none of a competency, or the weight of an area, is in no rule."""
    where = f"“{here.title}” ({matrix.table.name(here.row).cell})"
    if here.cells and not heading and matrix.table.grid.turned:
        matrix.notes.append(f"{where} is not read as a competency.")
    if heading and heading == here.title and matrix.table.text(here.row, "weight"):
        matrix.notes.append(f"{where} is read as an area, and its weight is in no rule.")


def _heading_in(table: Table, here: Row) -> str | None:
    """What a row is a heading of; empty for one that says nothing, such as a remark or a part of a legend,
    and None for one that says something of levels."""
    texts, title = table.grid.said_in(here.row), here.title
    if len(texts) > 2 and len({*texts}) == 1:
        return texts[0]
    if title and not here.cells and _is_weighted_area(table, here.row):
        return title
    if (here.cells or (title and len(texts) > 1)) and not table.is_of_legend(here.row):
        rated = means("ignored_or_rated", title) and all(
            rating_in(one.text) is not None for _, one in here.cells
        )
        return "" if table.grid.turned and role_of(title) == "ignored" and not rated else None
    alone = (
        len(texts) == 1 and not words_of_line(texts) and not texts[0].startswith("(") and ": " not in texts[0]
    )
    return texts[0] if alone else ""


def _is_weighted_area(table: Table, row: int) -> bool:
    """Whether a row has a weight alone, where the competencies have more."""
    if {table.roles.get(one.column) for one in table.grid.texts_in(row)} != {"competency", "weight"}:
        return False
    not_one = ("total", "years")
    rows = [one for one in table.below if role_of(table.text(one, "competency")) not in not_one]
    return row in rows and any(map(table.of_levels, rows))


def _is_more_of(matrix: Matrix, key: str, here: Row) -> bool:
    """Whether a row goes on with the competency of the row above: it names none, or the same beside
    sentences."""
    if not here.title or not key:
        return not here.title
    above = matrix.competencies[key]
    alike = name_key(here.title) == name_key(above.title) and here.category == (above.category or "")
    return alike and any(is_sentence(cell.text) for _, cell in here.cells)


def _take_cells(matrix: Matrix, key: str, here: Row) -> None:
    table = matrix.table
    for column in table.columns("aliases"):
        matrix.competency_names += names_in(key, table.grid.at(here.row, column))
    for level, cell in here.cells:
        if means("nothing", cell.text):
            continue
        if table.parts.get(cell.column, ("", "required"))[1] == "required":
            matrix.written[level, key] = matrix.without_mark(cell)
        elif "required" in {part for _, part in table.parts.values()}:
            matrix.prose[level, key] = "\n".join(filter(None, (matrix.prose.get((level, key)), cell.text)))
        else:
            _take_sentence(matrix, (level, key), cell)


def _corner_that_is_an_area(matrix: Matrix) -> str:
    """`Technical skills` in the corner, where another heading stands in its place further down."""
    table = matrix.table
    again = [row for row in table.below if columns_again(matrix, row)]
    titles = {table.corner, *(table.text(row, "competency") for row in again)} - {""}
    return table.corner if len(titles) > 1 and not any(map(role_of, titles)) else ""


def _take_next_line(matrix: Matrix, key: str, here: Row) -> None:
    """More lines of sentences about the competency above; ratings beside no competency are a problem."""
    for level, cell in here.cells:
        before = matrix.written.get((level, key))
        if means("nothing", cell.text):
            continue
        if not key or any(one and rating_in(one.text) is not None for one in (cell, before)):
            words = f"“{cell.text}” stands beside no competency; name it in its row"
            matrix.problems.append(f"{cell.place}: {words}")
        else:
            _take_sentence(matrix, (level, key), cell)


def _take_sentence(matrix: Matrix, at: tuple[str, str], cell: Text) -> None:
    """One more sentence of what a level requires of a competency."""
    before = matrix.written.get(at)
    cell = matrix.without_mark(cell)
    if before is None:
        matrix.written[at] = cell
    elif cell.text not in before.text.splitlines():
        # A cell that is merged over several columns is said once.
        matrix.written[at] = replace(before, text=f"{before.text}\n{cell.text}")


_READ = ("competency", "category", "definition", "weight", "importance", "aliases", "ignored", "scale")


def _unread_columns(table: Table) -> Iterator[str]:
    """That a column is in no rule, such as a minimum beside the levels."""
    for heading in (table.heading(column) for column, role in table.roles.items() if role not in _READ):
        yield f"The column “{heading.text}” ({heading.cell}) is in no rule."


def _key_of(matrix: Matrix, here: Row) -> str:
    """The key of the competency of a row; in another area it is another one."""
    key = name_key(here.title)
    first = matrix.competencies.get(key)
    if first and first.category and here.category and name_key(first.category) != name_key(here.category):
        key = key_in_area(key, here.category)
    if also := matrix.competencies.get(key):
        matrix.problems.append(
            f"{matrix.table.name(here.row).place}: the competency “{here.title}” is also at {also.cell}; "
            "if they are two, give each a name of its own, or an area of its own: a heading above its rows, "
            "or a column Area"
        )
    return key
