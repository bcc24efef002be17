"""The table of a matrix: where it lies in a sheet, and what each of its rows says.

Wide: competencies down, levels across (or the other way round). Long: a row for each level and competency.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from rules.ladders.grid import Grid
from rules.ladders.headings import means, role_of, words
from rules.ladders.ladder import LadderCompetency, LadderLevel
from rules.ladders.scale import Written, is_of_legend, number_in, words_of_line
from rules.ladders.times import years_in
from rules.pack import IMPORTANCES, Importance, PackError
from rules.spelling import closest, name_key


@dataclass(frozen=True)
class Table:
    """Where the table lies in a sheet, and what its columns are."""

    grid: Grid
    head: int
    """The row of the headings."""
    roles: Mapping[int, str]
    """By column its role; those without one are levels, in a wide table."""
    parts: Mapping[int, tuple[str, str]]
    """Where each level has several columns: by column the level's title, and `required` or `text`."""

    def columns(self, role: str) -> list[int]:
        """The columns with this role."""
        return [column for column, one in self.roles.items() if one == role]

    def text(self, row: int, role: str) -> str:
        """The first text of a row in a column of this role."""
        texts = (self.grid.rows[row][column] for column in self.columns(role))
        return next((text for text in texts if text), "")

    @property
    def below(self) -> range:
        """The rows of the table."""
        return range(self.head + 1 + bool(self.parts), len(self.grid.rows))

    @property
    def lines_around(self) -> Iterator[list[str]]:
        """What stands in rows above the table, and in rows below it that have one cell."""
        for row in range(len(self.grid.rows)):
            texts = [one.text for one in self.grid.texts_in(row)]
            if row < self.head or (row > self.head and (len(texts) == 1 or is_of_legend(texts))):
                yield texts
        yield [text for text in self.grid.rows[self.head] if text]
        yield from ([text for text in row if text] for row in self.grid.beside)


@dataclass
class Parts:
    """What has been read so far; cells are not read as ratings yet."""

    levels: dict[str, LadderLevel]
    """By key of the title."""
    competencies: dict[str, LadderCompetency]
    written: dict[tuple[str, str], Written]
    problems: list[str]
    prose: dict[tuple[str, str], str]
    times: tuple[str, str] | None = None
    """What minimum times are called, and where."""
    undecided: list[str] = field(default_factory=list)
    """What was read and is in no rule, or not as it may be meant."""
    notes: list[str] = field(default_factory=list)
    """What was not read as a competency, and why."""


def read_table(grid: Grid) -> tuple[Table, Parts]:
    """The table of a sheet and what it says, with the problems of its cells.

    Raises `PackError` where there is no table.
    """
    table = _table_of(grid)
    if _is_long(table.roles):
        return table, _long(table)
    if table.roles.get(0) == "level" and "competency" not in table.roles.values():
        table = _table_of(grid.turned_over(), turned=True)
    return table, _wide(table)


def _table_of(grid: Grid, *, turned: bool = False) -> Table:
    for row in range(len(grid.rows)):
        texts = grid.texts_in(row)
        if len(texts) < 2 or words_of_line([one.text for one in texts]) or _are_numbers(texts):
            continue
        roles = {one.column: role for one in texts if (role := role_of(one.text))}
        if turned:
            # What was the column of the levels is now the column of the competencies.
            roles = {column: role for column, role in roles.items() if role != "level"}
        if not _is_long(roles) and "competency" not in roles.values() and "level" not in roles.values():
            # The first column that is nothing else names the competencies, whatever it is called.
            roles[next(column for column in range(len(grid.rows[row])) if column not in roles)] = "competency"
        head, roles = _with_next_line(grid, row, roles)
        return Table(grid, head, dict(sorted(roles.items())), _parts_of_levels(grid, head, roles))
    raise PackError(
        f"{grid.file}: no matrix was found on {grid.name}; give a sheet with a row of headings: competencies "
        "down and levels across, or the columns Level, Competency and Required level"
    )


def _with_next_line(grid: Grid, row: int, roles: dict[int, str]) -> tuple[int, dict[int, str]]:
    """The line of headings; where it names no two levels, as in `Levels` above `L1`, `L2`, that below it."""
    above = [one for one in grid.texts_in(row) if one.column not in roles]
    titles = {one.text for one in above}
    if _is_long(roles) or row + 1 == len(grid.rows):
        return row, roles
    below = [one for one in grid.texts_in(row + 1) if one.column not in roles]
    # Groups or tracks stand above several levels each.
    grouped = len(titles) < len(above) <= len(below) == len({name_key(one.text) for one in below})
    if len(titles) > 1 and not grouped:
        return row, roles
    if len({one.text for one in below}) < 2 or _are_numbers(below) or not titles:
        return row, roles
    named = {one.column: role for one in below if (role := role_of(one.text)) is not None}
    return row + 1, roles | {column: role for column, role in named.items() if role != "level"}


def _parts_of_levels(grid: Grid, row: int, roles: Mapping[int, str]) -> dict[int, tuple[str, str]]:
    """What the columns below each level hold, where a second line of headings says so."""
    found: dict[int, tuple[str, str]] = {}
    title = ""
    for column, above in enumerate(grid.rows[row] if row + 1 < len(grid.rows) else ()):
        if column in roles:
            continue
        title, below = above or title, grid.rows[row + 1][column]
        role = role_of(below)
        if below and title and role in ("required", "level", "text", "definition"):
            found[column] = title, "required" if role in ("required", "level") else "text"
    several = len(found) > len({title for title, _ in found.values()}) >= 2
    return found if several else {}


def _are_numbers(texts: Sequence[object]) -> bool:
    return all(number_in(getattr(one, "text", "")) is not None for one in texts)


def _is_long(roles: Mapping[int, str]) -> bool:
    return {"level", "competency"} <= set(roles.values())


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


def _wide(table: Table) -> Parts:
    grid = table.grid
    parts = Parts({}, {}, {}, [], {})
    columns = _columns_of_levels(table, parts)
    headings = {column: grid.rows[table.head][column] for column in columns}
    category: str | None = None
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
        key = _take_competency(table, parts, row, title, category)
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


def _is_of_levels(table: Table, parts: Parts, row: int, columns: Mapping[str, int]) -> bool:
    """Whether a row is about the levels themselves, such as their times and totals; what it says is taken."""
    grid, title = table.grid, table.text(row, "competency")
    texts = {level: grid.rows[row][column] for level, column in columns.items()}
    role, where = role_of(title), grid.cell(row, table.columns("competency")[0])
    if means("summary", title):
        parts.notes.append(f"“{title}” ({where}) sums up other rows and is no competency.")
    elif role == "experience":
        parts.undecided.append(_NO_TIME.format(title, f"{where}: {', '.join(texts.values())}"))
    elif role == "years" or (role == "total" and all(number_in(text) is not None for text in texts.values())):
        parts.times = (
            (title, grid.place(row, table.columns("competency")[0])) if role == "years" else parts.times
        )
        for level, text in texts.items():
            number = number_of(parts, role, text, grid.place(row, columns[level]))
            parts.levels[level] = with_number(parts.levels[level], role, number)
    else:
        return False
    return True


_NO_TIME = "{} ({}): not time in a level, and in no rule."


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


def with_number(level: LadderLevel, role: str | None, number: Decimal | None) -> LadderLevel:
    """The level with another minimum time, in years, or another total."""
    return replace(level, years=number) if role == "years" else replace(level, total=number)


def _take_competency(table: Table, parts: Parts, row: int, title: str, category: str | None) -> str:
    grid, key = table.grid, name_key(title)
    column = table.columns("competency")[0]
    if key in parts.competencies and "level" not in table.roles.values():
        where = grid.place(row, column)
        parts.problems.append(f"{where}: the competency “{title}” is also at {parts.competencies[key].cell}")
    importance, weight = table.text(row, "importance"), table.text(row, "weight")
    here = LadderCompetency(
        title=" ".join(title.split()),
        cell=grid.cell(row, column),
        category=" ".join(category.split()) if category else None,
        definition=table.text(row, "definition") or None,
        importance=_importance_of(table, parts, row, importance),
        weight=_number_at(table, parts, row, "weight", weight),
    )
    parts.competencies.setdefault(key, here)
    return key


def _importance_of(table: Table, parts: Parts, row: int, text: str) -> Importance | None:
    if not text:
        # A column of marks says supporting by leaving the cell empty.
        marks = {table.text(other, "importance").casefold() for other in table.below} - {""}
        return "supporting" if marks and marks <= {"x", "✓", "✔", "yes", "core"} else None
    for importance in IMPORTANCES:
        if means(importance, text) or text in "✓✔":
            return importance
    where = table.grid.place(row, table.columns("importance")[0])
    parts.problems.append(
        f"{where}: “{text}” is neither core nor supporting{closest(text, ('core', 'supporting'))}"
    )
    return None


def _number_at(table: Table, parts: Parts, row: int, role: str, text: str) -> Decimal | None:
    return number_of(parts, role, text, table.grid.place(row, table.columns(role)[0])) if text else None


def number_of(parts: Parts, role: str, text: str, place: str) -> Decimal | None:
    """The number of a text, of a time in years; None with one more problem where it is none."""
    number = years_in(text) if role == "years" else number_in(text)
    if number is None:
        what = "no time, such as `2` or `18 months`" if role == "years" else "not a number"
        parts.problems.append(f"{place}: “{text}” is {what}")
    return number


def _long(table: Table) -> Parts:
    grid = table.grid
    parts = Parts({}, {}, {}, [], {})
    category = level_text = ""
    said = [*table.columns("required"), *table.columns("text")]
    described: dict[tuple[str, str], Written] = {}
    required = _required_columns(table)
    for column in table.columns("experience"):
        parts.undecided.append(_NO_TIME.format(grid.rows[table.head][column], grid.cell(table.head, column)))
    for column in table.columns("years"):
        parts.times = grid.rows[table.head][column], grid.place(table.head, column)
    for row in table.below:
        title = table.text(row, "competency")
        level_text = table.text(row, "level") or level_text
        category = table.text(row, "category") or category
        if not title or not level_text:
            continue
        level, at = name_key(level_text), table.columns("level")[0]
        parts.levels.setdefault(level, LadderLevel(level_text, grid.cell(row, at)))
        for role in ("years", "total"):
            _take_of_level(table, parts, row, level, role)
        key = _take_competency(table, parts, row, title, category or None)
        for column in (*required, *(one for one in said if one not in required)):
            text = grid.rows[row][column]
            if not text or means("nothing", text):
                continue
            if column not in required:
                parts.prose[level, key] = text
                described[level, key] = Written(text, grid.place(row, column), grid.cell(row, column))
            elif (level, key) in parts.written:
                where = parts.written[level, key].place
                parts.problems.append(
                    f"{grid.place(row, column)}: “{level_text}” and “{title}” are also at {where}"
                )
            else:
                parts.written[level, key] = Written(text, grid.place(row, column), grid.cell(row, column))
    if not required and not table.columns("total"):
        parts.written |= described
    return parts


def _required_columns(table: Table) -> list[int]:
    """The columns of required ratings: of several that may be, the one that says the same most often, as
    ratings do and descriptions do not."""
    columns = table.columns("required")
    if len(columns) < 2:
        return columns
    different = {
        column: len({name_key(table.grid.rows[row][column]) for row in table.below}) for column in columns
    }
    fewest = min(different.values())
    return [column for column in columns if different[column] == fewest]


def _take_of_level(table: Table, parts: Parts, row: int, level: str, role: str) -> None:
    """A number that each row of a level repeats: the same throughout."""
    number = _number_at(table, parts, row, role, table.text(row, role))
    before = getattr(parts.levels[level], role)
    if number is None:
        return
    if before is not None and before != number:
        where = table.grid.place(row, table.columns(role)[0])
        parts.problems.append(f"{where}: {number} here, and {before} in another row of the same level")
    parts.levels[level] = with_number(parts.levels[level], role, number)
