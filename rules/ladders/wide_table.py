"""A wide table: competencies down, levels across."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from rules.ladders.cells import is_sentence, number_in, rating_in
from rules.ladders.grid import Text
from rules.ladders.headings import keys, means, role_of, speaks_of, words
from rules.ladders.legends import words_of_line
from rules.ladders.level_columns import columns_again, columns_of_levels
from rules.ladders.level_names import are_levels, are_names, names_in
from rules.ladders.matrix import NO_TIME, Matrix, key_in_area
from rules.ladders.table import Table, heading_above
from rules.ladders.times import lower_end, speaks_of_time, years_in
from rules.spelling import name_key


@dataclass(frozen=True)
class _Row:
    row: int
    title: str
    category: str
    cells: Sequence[tuple[str, Text]]
    """The keys of levels, and what the row says of them."""


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
        if cells and own and not title and _is_of_levels(matrix, _Row(row, own, category, cells)):
            continue
        category = own or category
        here = _Row(row, title, category, cells)
        heading = _heading_in(table, here)
        if heading is not None:
            _say_what_is_left_out(matrix, here, heading)
            category = category if own or table.columns("category") else heading or category
        elif _is_more_of(matrix, key, here):
            _take_next_line(matrix, key, here)
        elif not _is_of_levels(matrix, here):
            key = _key_of(matrix, here)
            matrix.take_competency(row, title, category, key)
            _take_cells(matrix, key, here)
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
        before = said[-1][1] if said and means("as_before", cell.text) else cell.text
        said.append((matrix.levels[level].title, next(meant, before)))
        yield level, replace(cell, text=said[-1][1])


def _say_what_is_left_out(matrix: Matrix, here: _Row, heading: str) -> None:
    """That a row of a column that is none of a competency, or the weight of an area, is in no rule."""
    where = f"“{here.title}” ({matrix.table.name(here.row).cell})"
    if here.cells and not heading and matrix.table.grid.turned:
        matrix.notes.append(f"{where} is not read as a competency.")
    if heading and heading == here.title and matrix.table.text(here.row, "weight"):
        matrix.notes.append(f"{where} is read as an area, and its weight is in no rule.")


def _heading_in(table: Table, here: _Row) -> str | None:
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
    """Whether a row has a weight alone, where the competencies with weights have more."""
    filled = {
        other: {table.roles.get(one.column) for one in table.grid.texts_in(other)}
        for other in table.below
        if table.text(other, "weight") and role_of(table.text(other, "competency")) != "total"
    }
    return filled.get(row) == {"competency", "weight"} and any(None in roles for roles in filled.values())


def _is_more_of(matrix: Matrix, key: str, here: _Row) -> bool:
    """Whether a row goes on with the competency of the row above: it names none, or the same beside
    sentences."""
    if not here.title or not key:
        return not here.title
    above = matrix.competencies[key]
    alike = name_key(here.title) == name_key(above.title) and here.category == (above.category or "")
    return alike and any(is_sentence(cell.text) for _, cell in here.cells)


def _take_cells(matrix: Matrix, key: str, here: _Row) -> None:
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


def _take_next_line(matrix: Matrix, key: str, here: _Row) -> None:
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
        if heading.text:
            yield f"The column “{heading.text}” ({heading.cell}) is in no rule."


def _key_of(matrix: Matrix, here: _Row) -> str:
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


def _is_of_levels(matrix: Matrix, here: _Row) -> bool:
    """Whether a row is about the levels themselves, such as their times and totals; what it says is taken."""
    title, cells, role = here.title, dict(here.cells), role_of(here.title)
    texts, name = [cell.text for cell in cells.values()], _name_of(matrix.table, here)
    where = f"“{title}” ({name.cell})"
    if means("summary", title) or _sums_up(matrix, title, cells):
        matrix.notes.append(f"{where} sums up other rows and is not a competency.")
    elif _is_about_levels(matrix.table, title):
        matrix.notes.append(f"{where} is about the levels and is not a competency; it is in no rule.")
        if name_key(title) in keys("family"):
            matrix.groups = list(dict.fromkeys(texts))
    elif _names_levels(matrix.table, here, texts):
        for level, cell in cells.items():
            matrix.level_names += names_in(level, cell, title if role == "level" else "")
        matrix.notes.append(f"{where} is read as other names of the levels.")
    elif kind := _kind_of_times(matrix.table, title, texts):
        matrix.undecided.append(NO_TIME[kind].format(title, f"{name.cell}: {', '.join(texts)}"))
    elif role == "years" or (role == "total" and all(number_in(text) is not None for text in texts)):
        matrix.times = (title, name.place) if role == "years" else matrix.times
        for level, cell in cells.items():
            matrix.take_number(level, role, cell, title)
    else:
        return False
    return True


def _name_of(table: Table, here: _Row) -> Text:
    """The cell that names a row, which may stand in the column of the areas."""
    return next(one for one in table.grid.texts_in(here.row) if one.text == here.title)


def _kind_of_times(table: Table, title: str, texts: Sequence[str]) -> str | None:
    """What times are that are not called minimum times; None for others, and where all rows are such."""
    role = role_of(title)
    if role in NO_TIME or role == "years":
        return role if role != "years" else None
    if not texts or any(years_in(lower_end(text)) is None for text in texts):
        return None
    others = (one.text for row in table.below for one in table.of_levels(row))
    if name_key(title) in keys("experience"):
        return "experience"
    if not any(map(speaks_of_time, texts)) or all(map(speaks_of_time, others)):
        return None
    return "experience" if speaks_of("experience", title) else "time"


def _is_about_levels(table: Table, title: str) -> bool:
    """Whether a row is about the levels, such as their pay; `Equity` is beside a salary."""
    key = name_key(title.partition("(")[0])
    others = {name_key(table.text(row, "competency")) for row in table.below}
    return key in keys("about_levels") or (key in keys("beside_pay") and not others.isdisjoint(keys("pay")))


def _sums_up(matrix: Matrix, title: str, cells: Mapping[str, Text]) -> bool:
    """Whether a row such as `Total technical` has the sums of the rows above it, or their means."""
    asks = role_of(title) == "total"
    if asks and not any(one.weight for one in matrix.competencies.values()):
        return False
    named = any(speaks_of(words, title) for words in ("summary", "may_sum_up", "total"))
    numbers = {level: number_in(cell.text) for level, cell in cells.items()}
    written = [number for number in numbers.values() if number is not None]
    if len(written) < len(numbers) or not written:
        return False
    rows = [
        [number_in(one.text) if (one := matrix.written.get((level, key))) else None for level in numbers]
        for key in reversed(matrix.competencies)
    ]
    for count in range(2, len(rows) + 1):
        columns = [[one for one in column if one is not None] for column in zip(*rows[:count], strict=True)]
        sums = [sum(column, Decimal(0)) for column in columns]
        # A total may ask for a mean.
        means = [total / max(len(column), 1) for total, column in zip(sums, columns, strict=True)]
        are_means = not asks and all(map(_is_about, means, written))
        if named and (written == sums or are_means):
            return True
        if len(sums) > 1 and (written == sums or (are_means and any(one % 1 for one in written))):
            what = "sums" if written == sums else "means"
            matrix.notes.append(
                f"“{title}” has the {what} of the {count} rows above it and is read as a competency; if it "
                "is no more than that, take it out."
            )
            return False
    return False


def _is_about(number: Decimal, written: Decimal) -> bool:
    """Whether a number may be written so with fewer decimals."""
    return 2 * abs(number - written) <= Decimal(1).scaleb(int(written.as_tuple().exponent))


def _names_levels(table: Table, here: _Row, texts: Sequence[str]) -> bool:
    """Whether a row says what the levels are called too, such as `Job title`; below the headings, also a
    second line of headings."""
    role = role_of(here.title)
    if role == "competency" and here.row == table.head + 1:
        below = (row for row in table.below if row != here.row)
        again = {name_key(text) for row in below for text in table.grid.rows[row]}
        return are_levels(texts) and not again & {*map(name_key, texts)}
    named = role in ("aliases", "level") or name_key(here.title) in keys("title_rows")
    return named and are_names(texts) and len({*texts}) > 1
