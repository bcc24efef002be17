"""A wide table: competencies down, levels across."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from rules.ladders.grid import Text
from rules.ladders.headings import keys, means, role_of, speaks_of, words
from rules.ladders.ladder import LadderLevel
from rules.ladders.level_names import are_levels, are_names, bare_titles, names_in
from rules.ladders.parts import (
    NO_TIME,
    Parts,
    key_in_area,
    require_one_column,
    take_competency,
    take_number,
    without_mark,
)
from rules.ladders.scale import number_in, rating_in, words_of_line
from rules.ladders.table import Table, heading_above
from rules.pack import PackError
from rules.spelling import name_key


def read_wide(table: Table) -> Parts:
    """What the rows of a wide table say, with the problems of their cells."""
    grid = table.grid
    parts = Parts({}, {}, {}, [], {})
    columns = _columns_of_levels(table, parts)
    category = heading_above(table) or _corner_that_is_an_area(table, parts)
    key = ""
    for row in table.below:
        title, own = table.text(row, "competency"), table.text(row, "category")
        if not title and role_of(own) in _OF_LEVELS:
            title, own = own, ""
        if again := _columns_again(table, parts, row):
            columns = again
            category = category if role_of(title) or title == table.corner else title
            continue
        cells = {column: grid.rows[row][column] for column in columns if grid.rows[row][column]}
        cells = _as_before(cells, {column: parts.levels[level].title for column, level in columns.items()})
        category = own or category
        heading = _heading_in(table, row, title, cells)
        where = table.name(row).cell
        if cells and heading == "" and grid.turned:
            parts.notes.append(f"“{title}” ({where}) is not read as a competency.")
        if heading and heading == title and table.text(row, "weight"):
            parts.notes.append(f"“{title}” ({where}) is read as an area, and its weight is in no rule.")
        _require_no_second_table(table, row, title)
        if heading is not None:
            category = category if own or table.columns("category") else heading or category
        elif _is_more_of(parts, key, title, category, cells):
            _take_next_line(table, parts, row, {columns[one]: one for one in cells}, key)
        elif not _is_of_levels(table, parts, row, title, {columns[one]: one for one in cells}):
            key = _key_of(table, parts, row, title, category)
            take_competency(table, parts, row, title, category, key)
            _take_cells(table, parts, row, key, columns, cells)
    parts.undecided += _unread_columns(table)
    return parts


def _heading_in(table: Table, row: int, title: str, cells: Mapping[int, str]) -> str | None:
    """What a row is a heading of; empty for one that says nothing, such as a remark or a part of a legend,
    and None for one that says something of levels."""
    texts = table.grid.texts_in(row)
    if len(texts) > 2 and len({one.text for one in texts}) == 1:
        return texts[0].text
    if title and not cells and _is_weighted_area(table, row):
        return title
    if (cells or (title and len(texts) > 1)) and not table.is_of_legend(row):
        rated = means("ignored_or_rated", title) and None not in map(rating_in, cells.values())
        return "" if table.grid.turned and role_of(title) == "ignored" and not rated else None
    alone = len(texts) == 1 and not words_of_line([texts[0].text])
    alone = alone and not texts[0].text.startswith("(") and ": " not in texts[0].text
    return texts[0].text if alone else ""


def _is_weighted_area(table: Table, row: int) -> bool:
    """Whether a row has a weight alone, where the competencies with weights have more."""
    filled = {
        other: {table.roles.get(one.column) for one in table.grid.texts_in(other)}
        for other in table.below
        if table.text(other, "weight") and role_of(table.text(other, "competency")) != "total"
    }
    return filled.get(row) == {"competency", "weight"} and any(None in roles for roles in filled.values())


def _is_more_of(parts: Parts, key: str, title: str, category: str | None, cells: Mapping[int, str]) -> bool:
    """Whether a row goes on with the competency of the row above: it names none, or the same beside
    sentences."""
    if not title or not key:
        return not title
    above = parts.competencies[key]
    alike = name_key(title) == name_key(above.title) and (category or "") == (above.category or "")
    return alike and any(len(text.split()) > _FEW for text in cells.values())


def _take_cells(
    table: Table, parts: Parts, row: int, key: str, columns: Mapping[int, str], cells: Mapping[int, str]
) -> None:
    grid = table.grid
    for column in table.columns("aliases"):
        parts.competency_names += names_in(key, grid.at(row, column))
    for column, text in cells.items():
        if means("nothing", text):
            continue
        if table.parts.get(column, ("", "required"))[1] == "text":
            parts.prose[columns[column], key] = text
        else:
            cell = replace(grid.at(row, column), text=text)
            parts.written[columns[column], key] = without_mark(parts, cell)


_FEW = 3
"""A cell of more words is a sentence."""


def _columns_again(table: Table, parts: Parts, row: int) -> dict[int, str]:
    """The columns of the levels from a row on that has headings once more, perhaps in another order; none
    where a row has something else. Numbers are headings only below a title that is one."""
    texts = table.of_levels(row)
    found = {one.column: name_key(bare) for one, bare in zip(texts, _bare(texts), strict=True)}
    title = table.text(row, "competency")
    numbers = all(number_in(one.text) is not None for one in texts)
    if len(found) < 2 or not {*found.values()} <= {*parts.levels} or (numbers and title != table.corner):
        return {}
    return found


def _require_no_second_table(table: Table, row: int, title: str) -> None:
    """Raises `PackError` where the headings come back with levels that the first ones do not have."""
    texts = [one.text for one in table.of_levels(row)]
    names = are_names(texts) and not any(number_in(text) is not None for text in texts)
    if names and title == table.corner and role_of(title) == "competency":
        raise PackError(
            f"{table.name(row).place}: a second table begins here, with "
            f"other levels ({', '.join(texts)}); write both as one, with all levels beside each other, and "
            "say with --levels which leads where"
        )


def _corner_that_is_an_area(table: Table, parts: Parts) -> str | None:
    """`Technical skills` in the corner, where another heading stands in its place further down."""
    again = [row for row in table.below if _columns_again(table, parts, row)]
    titles = [table.corner, *(table.text(row, "competency") for row in again)]
    return table.corner if len({*titles} - {""}) > 1 and not any(map(role_of, titles)) else None


def _take_next_line(table: Table, parts: Parts, row: int, columns: Mapping[str, int], key: str) -> None:
    """More lines of sentences about the competency above; ratings beside no competency are a problem."""
    grid = table.grid
    for level, column in columns.items():
        before, here = parts.written.get((level, key)), grid.at(row, column)
        if means("nothing", here.text):
            continue
        if not key or rating_in(here.text) is not None or (before and rating_in(before.text) is not None):
            words = f"“{here.text}” stands beside no competency; name it in its row"
            parts.problems.append(f"{here.place}: {words}")
        elif before is None:
            parts.written[level, key] = without_mark(parts, here)
        else:
            parts.written[level, key] = replace(before, text=f"{before.text}\n{here.text}")


def _bare(texts: Sequence[Text]) -> list[str]:
    return bare_titles([one.text for one in texts])


_READ = ("competency", "category", "definition", "weight", "importance", "aliases", "ignored", "scale")


def _unread_columns(table: Table) -> Iterator[str]:
    """That a column is in no rule, such as a minimum beside the levels."""
    for column, role in table.roles.items():
        heading = table.heading(column)
        if role not in _READ and heading.text:
            yield f"The column “{heading.text}” ({heading.cell}) is in no rule."


def _columns_of_levels(table: Table, parts: Parts) -> dict[int, str]:
    """The columns of a wide table that speak of levels, with the keys of these."""
    grid, columns = table.grid, dict[int, str]()
    _require_one_column_each(table)
    _require_one_scale(table)
    for column, (title, _) in table.parts.items():
        columns[column] = name_key(title)
        parts.levels.setdefault(columns[column], LadderLevel(title, grid.cell(table.head, column)))
    parts.problems += _without_heading(table)
    texts = [] if table.parts else table.of_levels(table.head)
    titles = dict(zip(texts, _bare(texts), strict=True))
    for one, title in titles.items():
        key, others = name_key(title), {name_key(other) for other in titles.values() if other != title}
        below = {name_key(grid.rows[row][one.column]) for row in table.below} - {""}
        if number_in(title) is None and below and below <= others:
            # It names the level from which on something is required, and is none itself.
            parts.undecided.append(f"The column “{title}” ({one.cell}) is in no rule.")
            continue
        if key in parts.levels:
            also = parts.levels[key]
            same = "" if also.title == title else f", as “{also.title}”: signs alone tell no levels apart"
            parts.problems.append(
                f"{one.place}: the level “{one.text}” is also at {also.cell}{same}; if they are two, "
                "such as on two tracks, give each a name of its own and say with --levels which leads where"
            )
            continue
        columns[one.column] = key
        parts.levels[key] = LadderLevel(title, one.cell)
    if len(parts.levels) < 2:
        found = ", ".join(f"“{level.title}”" for level in parts.levels.values()) or "none"
        raise PackError(
            f"{grid.place(table.head, 0)}: a ladder needs at least two levels, one column each; found {found}"
        )
    return columns


def _without_heading(table: Table) -> Iterator[str]:
    """That beside or between the levels a column is filled and has no heading: it may be a level."""
    grid = table.grid
    rows = [row for row in table.below if table.text(row, "competency") and len(grid.texts_in(row)) > 2]
    for column in range(len(grid.rows[table.head])):
        heading = table.heading(column)
        if heading.text or column in {**table.roles, **table.parts}:
            continue
        filled = [row for row in rows if grid.rows[row][column]]
        if 2 * len(filled) > len(rows):
            yield (
                f"{heading.place}: the column has no heading, and “"
                f"{grid.rows[filled[0]][column]}” stands in it ({grid.cell(filled[0], column)}); write which "
                "level it is of, or empty it"
            )


def _require_one_column_each(table: Table) -> None:
    """Raises `PackError` where a level has two columns that are not alike, such as a minimum and a target."""
    for title in dict.fromkeys(title for title, _ in table.parts.values()):
        rated = [column for column, part in table.parts.items() if part == (title, "required")]
        require_one_column(table, "required", rated, f"“{title}”")
    heads = [] if table.parts else table.of_levels(table.head)
    begun = {one.column: _without_part(one.text) for one in heads}
    for one in heads:
        level = begun[one.column]
        also = next(
            (other for other in heads if other != one and level == (begun[other.column] or other.text)), None
        )
        if level and also:
            raise PackError(
                f"{one.place}: “{one.text}” and “{also.text}” "
                f"({also.cell}) are two columns of “{level}”; leave one for each "
                "level, called after it, with the rating that it requires; weights have one column for "
                "all levels"
            )


def _require_one_scale(table: Table) -> None:
    """Raises `PackError` where a column gives competencies different scales."""
    for column in table.columns("scale"):
        scales = list(dict.fromkeys(table.grid.rows[row][column] for row in table.below))
        said = [scale for scale in scales if scale]
        if len(said) > 1:
            raise PackError(
                f"{table.heading(column).place}: “{table.heading(column).text}” gives the "
                f"competencies different scales ({', '.join(said)}); write all on one, such as percentages "
                "of what is possible, and take the column out"
            )


def _without_part(heading: str) -> str:
    """The level of a heading such as `Junior target` or `Junior (weight)`; empty for any other."""
    begun, _, last = heading.strip(" )").replace("(", " ").rpartition(" ")
    part = role_of(last) in ("required", "weight", "text") or means("at_least", last)
    return " ".join(begun.split()) if part else ""


def _key_of(table: Table, parts: Parts, row: int, title: str, category: str | None) -> str:
    """The key of the competency of a row of a wide table; in another area it is another one."""
    key = name_key(title)
    first = parts.competencies.get(key)
    if first and first.category and category and name_key(first.category) != name_key(category):
        key = key_in_area(key, category)
    if key in parts.competencies:
        also = parts.competencies[key]
        parts.problems.append(
            f"{table.name(row).place}: the competency “{title}” is also at {also.cell}; if they are two, "
            "give each a name of its own, or an area of its own: a heading above its rows, or a column Area"
        )
    return key


_OF_LEVELS = ("years", "total", "experience", "aliases", "level")
"""What rows say of the levels themselves, also where that stands in the column of the areas."""


def _is_of_levels(table: Table, parts: Parts, row: int, title: str, columns: Mapping[str, int]) -> bool:
    """Whether a row is about the levels themselves, such as their times and totals; what it says is taken."""
    grid = table.grid
    cells = {level: grid.at(row, column) for level, column in columns.items()}
    texts = [cell.text for cell in cells.values()]
    role, here = role_of(title), table.name(row)
    where = here.cell
    if means("summary", title) or _sums_up(parts, title, cells):
        parts.notes.append(f"“{title}” ({where}) sums up other rows and is not a competency.")
    elif name_key(title.partition("(")[0]) in keys("about_levels"):
        parts.notes.append(
            f"“{title}” ({where}) is about the levels and is not a competency; it is in no rule."
        )
        if name_key(title) in keys("family"):
            parts.groups = list(dict.fromkeys(texts))
    elif _names_levels(table, row, title, texts):
        for level, cell in cells.items():
            parts.level_names += names_in(level, cell, title if role == "level" else "")
        parts.notes.append(f"“{title}” ({where}) is read as other names of the levels.")
    elif role in ("experience", "longest"):
        parts.undecided.append(NO_TIME[role].format(title, f"{where}: {', '.join(texts)}"))
    elif role == "years" or (role == "total" and all(number_in(text) is not None for text in texts)):
        parts.times = (title, here.place) if role == "years" else parts.times
        for level, cell in cells.items():
            take_number(parts, level, role, cell, title)
    else:
        return False
    return True


def _sums_up(parts: Parts, title: str, cells: Mapping[str, Text]) -> bool:
    """Whether a row such as `Total technical` has the sums of the rows above it, or their means."""
    asks = role_of(title) == "total"
    if asks and not any(one.weight for one in parts.competencies.values()):
        return False
    if not (speaks_of("summary", title) or speaks_of("total", title)):
        return False
    numbers = {level: number_in(cell.text) for level, cell in cells.items() if cell.text}
    rows = [
        [(written := parts.written.get((level, key))) and number_in(written.text) for level in numbers]
        for key in reversed(parts.competencies)
    ]
    for count in range(2, len(rows) + 1):
        sums = [sum(filter(None, column)) for column in zip(*rows[:count], strict=True)]
        means = None if asks else [one / count for one in sums]  # a total may ask for a mean
        if [*numbers.values()] in (sums, means):
            return True
    return False


def _names_levels(table: Table, row: int, title: str, texts: Sequence[str]) -> bool:
    """Whether a row says what the levels are called too, such as `Job title`; below the headings, also a
    second line of headings."""
    role = role_of(title)
    if role == "competency" and row == table.head + 1:
        again = {name_key(text) for below in table.below if below != row for text in table.grid.rows[below]}
        return are_levels(texts) and not any(name_key(text) in again for text in texts)
    named = role in ("aliases", "level") or name_key(title) in keys("title_rows")
    return named and are_names(texts) and len({*texts}) > 1


def _as_before(cells: Mapping[int, str], headings: Mapping[int, str]) -> dict[int, str]:
    """The cells of a row, with what an arrow or `same as L1` stands for."""
    said: dict[int, str] = {}
    before = ""
    for column, text in cells.items():
        named = next(
            (
                one
                for one in said
                if any(name_key(f"{same} {headings[one]}") == name_key(text) for same in words("as"))
            ),
            None,
        )
        before = said[named] if named is not None else before if before and means("as_before", text) else text
        said[column] = before
    return said
