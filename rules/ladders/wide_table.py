"""A wide table: competencies down, levels across."""

from collections.abc import Mapping, Sequence

from rules.ladders.headings import means, role_of, words
from rules.ladders.ladder import LadderLevel
from rules.ladders.level_names import are_levels, are_names, names_in
from rules.ladders.parts import NO_TIME, Parts, key_in_area, take_competency, take_number
from rules.ladders.scale import Written, is_of_legend, number_in, words_of_line
from rules.ladders.table import Table, heading_above
from rules.pack import PackError
from rules.spelling import name_key


def read_wide(table: Table) -> Parts:
    """What the rows of a wide table say, with the problems of their cells."""
    grid = table.grid
    parts = Parts({}, {}, {}, [], {})
    columns = _columns_of_levels(table, parts)
    headings = {column: grid.rows[table.head][column] for column in columns}
    category = heading_above(table)
    for row in table.below:
        title, own = table.text(row, "competency"), table.text(row, "category")
        texts = grid.texts_in(row)
        cells = {column: grid.rows[row][column] for column in columns if grid.rows[row][column]}
        cells = _as_before(cells, headings)
        category = own or category
        if not title or _is_remark(texts, cells, title) or is_of_legend([one.text for one in texts]):
            if len(texts) == 1 and not own and not words_of_line([texts[0].text]):
                category = texts[0].text if not table.columns("category") else category
            continue
        # The same headings may stand once more above the next part of the table.
        if cells == headings or _is_of_levels(table, parts, row, {columns[one]: one for one in cells}):
            continue
        key = _key_of(table, parts, row, title, category)
        take_competency(table, parts, row, title, category, key)
        for column in table.columns("aliases"):
            parts.competency_names += names_in(key, grid.rows[row][column], grid.place(row, column))
        for column, text in cells.items():
            if means("nothing", text):
                continue
            if table.parts.get(column, ("", "required"))[1] == "text":
                parts.prose[columns[column], key] = text
            else:
                parts.written[columns[column], key] = Written(
                    text, grid.place(row, column), grid.cell(row, column)
                )
    return parts


def _columns_of_levels(table: Table, parts: Parts) -> dict[int, str]:
    """The columns of a wide table that speak of levels, with the keys of these."""
    grid, columns = table.grid, dict[int, str]()
    for column, (title, _) in table.parts.items():
        columns[column] = name_key(title)
        parts.levels.setdefault(columns[column], LadderLevel(title, grid.cell(table.head, column)))
    for one in () if table.parts else grid.texts_in(table.head):
        if one.column in table.roles:
            continue
        key = name_key(one.text)
        if key in parts.levels:
            where = grid.place(one.row, one.column)
            parts.problems.append(f"{where}: the level “{one.text}” is also at {parts.levels[key].cell}")
            continue
        columns[one.column] = key
        parts.levels[key] = LadderLevel(one.text, grid.cell(one.row, one.column))
    if len(parts.levels) < 2:
        found = ", ".join(f"“{level.title}”" for level in parts.levels.values()) or "none"
        raise PackError(
            f"{grid.place(table.head, 0)}: a ladder needs two levels at least, one column each; found {found}"
        )
    return columns


def _key_of(table: Table, parts: Parts, row: int, title: str, category: str | None) -> str:
    """The key of the competency of a row of a wide table; in another area it is another one."""
    key = name_key(title)
    first = parts.competencies.get(key)
    if first and first.category and category and name_key(first.category) != name_key(category):
        key = key_in_area(key, category)
    if key in parts.competencies:
        where, also = table.grid.place(row, table.columns("competency")[0]), parts.competencies[key]
        parts.problems.append(
            f"{where}: the competency “{title}” is also at {also.cell}; where they are two, give each a "
            "name of its own, or an area of its own: a heading above its rows, or a column Area"
        )
    return key


def _is_of_levels(table: Table, parts: Parts, row: int, columns: Mapping[str, int]) -> bool:
    """Whether a row is about the levels themselves, such as their times and totals; what it says is taken."""
    grid, title = table.grid, table.text(row, "competency")
    texts = {level: grid.rows[row][column] for level, column in columns.items()}
    role, where = role_of(title), grid.cell(row, table.columns("competency")[0])
    if means("summary", title):
        parts.notes.append(f"“{title}” ({where}) sums up other rows and is no competency.")
    elif _names_levels(table, row, role, list(texts.values())):
        for level, text in texts.items():
            place = grid.place(row, columns[level])
            parts.level_names += names_in(level, text, place, title if role == "level" else "")
        parts.notes.append(f"“{title}” ({where}) is read as other names of the levels.")
    elif role == "experience":
        parts.undecided.append(NO_TIME.format(title, f"{where}: {', '.join(texts.values())}"))
    elif role == "years" or (role == "total" and all(number_in(text) is not None for text in texts.values())):
        parts.times = (
            (title, grid.place(row, table.columns("competency")[0])) if role == "years" else parts.times
        )
        for level, text in texts.items():
            take_number(parts, level, role, text, grid.place(row, columns[level]))
    else:
        return False
    return True


def _names_levels(table: Table, row: int, role: str | None, texts: Sequence[str]) -> bool:
    """Whether a row says what the levels are called too, such as `Job title`; below the headings, also a
    second line of headings."""
    if role == "competency" and row == table.head + 1:
        again = {name_key(text) for below in table.below if below != row for text in table.grid.rows[below]}
        return are_levels(texts) and not any(name_key(text) in again for text in texts)
    return role in ("aliases", "level") and are_names(texts) and len({*texts}) > 1


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


def _is_remark(texts: Sequence[object], cells: Mapping[int, str], title: str) -> bool:
    """Whether a row says nothing of any level: a heading between rows, or a note below them."""
    return not cells and (len(texts) == 1 or not title)
