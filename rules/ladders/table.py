"""The table of a matrix: where it lies in a sheet, and what its columns are.

Wide: competencies down, levels across (or the other way round). Long: a row for each level and competency.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from rules.ladders.cells import number_in
from rules.ladders.grid import Grid, Text
from rules.ladders.headings import keys, role_of, speaks_of
from rules.ladders.legends import is_of_legend, points_in, span_in, words_of_line
from rules.ladders.level_times import TimesTable, times_below
from rules.pack import PackError
from rules.spelling import name_key


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

    times: TimesTable | None = None
    """The minimum times below it."""

    def columns(self, role: str) -> list[int]:
        """The columns with this role."""
        return [column for column, one in self.roles.items() if one == role]

    def text(self, row: int, role: str) -> str:
        """The first text of a row in a column of this role."""
        texts = (self.grid.rows[row][column] for column in self.columns(role))
        return next((text for text in texts if text), "")

    def heading(self, column: int) -> Text:
        """What a column is called."""
        return self.grid.at(self.head, column)

    def name(self, row: int) -> Text:
        """The cell of a row that names the competency."""
        return self.grid.at(row, self.columns("competency")[0])

    def of_levels(self, row: int) -> list[Text]:
        """What a row has in columns without a role, which are those of the levels in a wide table."""
        return [one for one in self.grid.texts_in(row) if one.column not in self.roles]

    def cell(self, row: int, role: str) -> Text | None:
        """The same at the first such column; None where there is no text."""
        text = self.text(row, role)
        return replace(self.grid.at(row, self.columns(role)[0]), text=text) if text else None

    def is_of_legend(self, row: int) -> bool:
        """Whether a row below the headings is one of a legend: a number, or a word of the cells, and what it
        means; beside a column of numbers a competency of one level looks alike."""
        texts, title = self.grid.said_in(row), self.text(row, "competency")
        levels = [column for column in range(len(self.grid.rows[row])) if column not in self.roles]
        if is_of_legend(texts):
            return number_in(title) is not None or not any(self.grid.rows[row][column] for column in levels)
        others = (self.grid.rows[other][column] for other in self.below for column in levels if other != row)
        return len(texts) == 2 and texts[0] == title and name_key(title) in set(map(name_key, others))

    @property
    def corner(self) -> str:
        """What the column of the competencies is called."""
        return next((self.heading(column).text for column in self.columns("competency")), "")

    @property
    def below(self) -> list[int]:
        """The rows of the table."""
        times = self.times.lines if self.times and self.times.grid is self.grid else ()
        below = range(self.head + 1 + bool(self.parts), len(self.grid.rows))
        return [row for row in below if row not in times]

    @property
    def lines_around(self) -> Iterator[list[str]]:
        """What stands in rows above the table, and in rows below it that have one cell."""
        for row in range(len(self.grid.rows)):
            texts = self.grid.said_in(row)
            if row < self.head or (row > self.head and (len(texts) == 1 or self.is_of_legend(row))):
                yield texts
        yield self.grid.said_in(self.head)
        yield from ([text for text in row if text] for row in self.grid.beside)
        yield from ([f"scale out of {text}"] for text in self.scales)

    @property
    def scales(self) -> list[str]:
        """The scales that a column gives the competencies, and that of the corner, as in `Skill (0-4)`."""
        column = [self.text(row, "scale") for row in self.below]
        return [*dict.fromkeys([*_SPAN_OF_CORNER.findall(self.corner), *filter(None, column)])]


_SPAN_OF_CORNER = re.compile(r"\((\d+\s*(?:-|–|to)\s*\d+)\)")


def table_of(grid: Grid) -> Table:
    """Where the table of a sheet lies. Raises `PackError` where there is none."""
    grid = _without_legend_below(_without_legend_beside(grid))
    for row in range(len(grid.rows)):
        texts = grid.texts_in(row)
        if len(texts) < 2 or words_of_line([one.text for one in texts]) or _are_numbers(texts):
            continue
        points = points_in([one.text for one in texts])
        if len(points) == len(texts) and not _has_texts_left_of(texts[0].column, grid, row + 1):
            continue
        if _is_line_above(grid, row):
            continue
        grid = _with_groups_over_their_levels(grid, row)
        roles = _roles_in(grid, row)
        if not roles:
            break
        head, roles = _with_next_line(grid, row, roles)
        roles = _with_one_competency(grid, head, roles)
        roles = _with_areas_before(grid, head, roles)
        ordered, several = dict(sorted(roles.items())), _parts_of_levels(grid, head, roles)
        return Table(grid, head, ordered, several, times_below(grid, head))
    raise PackError(
        f"{grid.file}: no matrix was found on {grid.name}; give a sheet with a row of headings: competencies "
        "down and levels across, or the columns Level, Competency and Required level"
    )


def _roles_in(grid: Grid, row: int) -> dict[int, str]:
    """By column of a line of headings what they say that it holds; levels have none.

    Empty where none is left for the competencies.
    """
    texts = grid.texts_in(row)
    over_several = {text for text, after in pairwise(grid.rows[row]) if text == after}
    own = [one for one in texts if one.text not in over_several]
    roles = {one.column: role for one in own if (role := role_of(one.text))}
    asked = [one.column for one in own if roles.get(one.column) == "required" and "(" in one.text]
    if len(asked) > 1:
        # `Expected level (Junior)` is a column of that level.
        roles = {column: role for column, role in roles.items() if column not in asked}
    if "other" in roles.values():
        # `Manager` beside `Self` is who rates, and no level.
        roles |= {one.column: "other" for one in texts if name_key(one.text) in keys("raters")}
    roles = _without_heading_of_levels(grid, row, roles)
    if list(roles.values()) == ["required"] and texts[0].column in roles:
        # `Requirement` in the corner.
        roles = {texts[0].column: "competency"}
    if not is_long(roles) and "competency" not in roles.values() and "level" not in roles.values():
        # The first column that is nothing else names the competencies, whatever it is called.
        free = [column for column in range(len(grid.rows[row])) if column not in roles]
        named = [column for column in free if not _are_codes(grid, row, column)] or free
        if not named:
            return {}
        roles |= dict.fromkeys((column for column in free if column < named[0]), "ignored")
        roles[named[0]] = "competency"
    return roles


def _without_legend_beside(grid: Grid) -> Grid:
    """A legend right of the table, behind an empty column, counts as one on a sheet of its own."""
    width = max(map(len, grid.rows), default=0)
    empty = [column for column in range(1, width) if not any(row[column] for row in grid.rows)]
    for column in empty:
        legend = [texts for row in grid.rows if (texts := [text for text in row[column:] if text])]
        if len(legend) > 2 and all(map(is_of_legend, legend[1:])) and len(legend[0]) in (2, 3):
            rows = [[*row[:column], *[""] * (width - column)] for row in grid.rows]
            return replace(grid, rows=rows, beside=[*grid.beside, *legend])
    return grid


def _without_legend_below(grid: Grid) -> Grid:
    """The same of one below the table, numbered upwards, behind an empty row or with headings of its own."""
    texts = [grid.said_in(row) for row in range(len(grid.rows))]
    numbers = [number_in(row[0]) if len(row) == 2 and is_of_legend(row) else None for row in texts]
    last = max((row for row, one in enumerate(texts) if one), default=0)
    first = last
    while first and (number := numbers[first]) is not None and numbers[first - 1] == number - 1:
        first -= 1
    titled = first and len(texts[first - 1]) == 2 and role_of(texts[first - 1][0]) in _OF_RATINGS
    head = first - 1 if titled else first
    if first == last or not head or (head == first and texts[head - 1]):
        return grid
    rows = [row if at < head else [""] * len(row) for at, row in enumerate(grid.rows)]
    return replace(grid, rows=rows, beside=[*grid.beside, *texts[head : last + 1]])


_OF_RATINGS = ("required", "level")


def _with_groups_over_their_levels(grid: Grid, row: int) -> Grid:
    """Groups stand over all columns up to the next group, as if cells were merged: a text file has each once.

    In the line below are the levels, beside the heading of the competencies or beside nothing.
    """
    headings = grid.texts_in(row + 1) if row + 1 < len(grid.rows) else []
    groups = [column for column in _columns(grid, row) if grid.rows[row + 1][column]] if headings else []
    levels = [one for one in headings if groups and one.column >= groups[0]]
    named = [role_of(one.text) for one in headings if one not in levels]
    parts = {role_of(one.text) for one in levels} <= {"required", "text", "definition"}
    if (
        not 1 < len(groups) < len(levels)
        or (len({name_key(one.text) for one in levels}) < len(levels) and not parts)
        or _are_numbers(levels)
        or (named and not {"competency", "level"} & {*named})
        or {"category", "competency"} & {role_of(one.text) for one in levels}
        or not _has_texts_left_of(groups[0], grid, row + 2)
    ):
        return grid
    above = list(grid.rows[row])
    for column in range(groups[0], levels[-1].column + 1):
        above[column] = above[column] or above[column - 1]
    return replace(grid, rows=[*grid.rows[:row], above, *grid.rows[row + 1 :]])


def _without_heading_of_levels(grid: Grid, row: int, roles: dict[int, str]) -> dict[int, str]:
    """`Grade` over several levels, which stand in the row below, is no column of levels."""
    below = grid.rows[row + 1] if row + 1 < len(grid.rows) else ()
    named = [column for column, role in roles.items() if role == "competency" and below and below[column]]
    free = [column for column, text in enumerate(below) if text and not grid.rows[row][column]]
    over = is_long(roles) and not named and free
    return {column: role for column, role in roles.items() if role != "level"} if over else roles


def _has_texts_left_of(column: int, grid: Grid, first: int) -> bool:
    """Whether rows, from the first of them on, have something left of a column: the competencies."""
    return any(text for row in grid.rows[first:] for text in row[:column])


def _with_areas_before(grid: Grid, head: int, roles: dict[int, str]) -> dict[int, str]:
    """A column before that of the competencies is no level: it is the areas, where nothing else is."""
    named = [column for column, role in roles.items() if role == "competency"]
    before = [
        one.column
        for one in grid.texts_in(head)
        if one.column not in roles and one.column < min(named, default=0)
    ]
    if not before:
        return roles
    if len(before) > 2 and max(column for column in _columns(grid, head)) == named[0]:
        # What stands behind all levels, such as `Behaviour`, does not name the competencies.
        return roles | {named[0]: "definition", before[0]: "competency"}
    others = dict.fromkeys(before, "other")
    return roles | others | ({} if "category" in roles.values() else {before[-1]: "category"})


def _columns(grid: Grid, row: int) -> list[int]:
    return [one.column for one in grid.texts_in(row)]


def _is_line_above(grid: Grid, row: int) -> bool:
    """Whether a row only says something of the file, such as `Owner:` and who that is."""
    texts = grid.texts_in(row)
    wider = any(len(grid.texts_in(below)) > len(texts) for below in range(row + 1, len(grid.rows)))
    return len(texts) == 2 and texts[0].column == 0 and role_of(texts[0].text) in (None, "ignored") and wider


def _are_codes(grid: Grid, row: int, column: int) -> bool:
    """Whether a column below a heading numbers its rows: `1`, `1.2`, `A3`."""
    texts = [one for below in grid.rows[row + 1 :] if (one := below[column])]
    return bool(texts) and all(_CODE.fullmatch(text) for text in texts)


_CODE = re.compile(r"[A-Za-z]{0,3}[-. ]?\d+(?:[.]\d+)*[.)]?")


def _with_next_line(grid: Grid, row: int, roles: dict[int, str]) -> tuple[int, dict[int, str]]:
    """The line of headings; where it names no two levels, as in `Levels` above `L1`, `L2`, that below it."""
    above = [one for one in grid.texts_in(row) if one.column not in roles]
    titles = {one.text for one in above}
    if is_long(roles) or row + 1 == len(grid.rows):
        return row, roles
    below = [one for one in grid.texts_in(row + 1) if one.column not in roles]
    # Groups or tracks stand above several levels each.
    grouped = len(titles) < len(above) <= len(below) == len({name_key(one.text) for one in below})
    corner = next((column for column, role in roles.items() if role == "competency"), 0)
    if not grid.rows[row][corner] and role_of(grid.rows[row + 1][corner]) == "competency":
        # The headings are those beside `Competency`, also where two tracks have a level of one name.
        grouped = grouped or (len(titles) < len(above) and not any(role_of(one.text) for one in below))
    if not grid.rows[row][corner] and role_of(grid.rows[row + 1][corner]) == "level":
        # Areas stand above competencies, perhaps one above each.
        grouped = len(above) <= len(below)
    if len(titles) > 1 and not grouped:
        return row, roles
    if len({one.text for one in below}) < 2 or _are_numbers(below) or not titles:
        return row, roles
    named = {one.column: role for one in below if (role := role_of(one.text)) is not None}
    for column in (column for column, role in roles.items() if role == "competency"):
        if not grid.rows[row][column] and role_of(grid.rows[row + 1][column]) == "level":
            roles = roles | {column: "level"}
    return row + 1, roles | {column: role for column, role in named.items() if role != "level"}


def _with_one_competency(grid: Grid, head: int, roles: dict[int, str]) -> dict[int, str]:
    """Of several columns that may name the competencies that of the most names: beside one of few, as `Skill`
    beside `Competency`, these are areas. A second one of as many says more about them."""
    columns = [column for column, role in sorted(roles.items()) if role == "competency"]
    if len(columns) < 2:
        return roles
    levels = [one.column for one in grid.texts_in(head) if one.column not in roles]
    if any(columns[0] < one < columns[-1] for one in levels) and levels[-1] > columns[-1]:
        raise PackError(
            f"{grid.place(head, columns[0])} and {grid.cell(head, columns[-1])}: two tables stand side by "
            "side; give each a sheet of its own, or leave only one here"
        )
    rows = range(head + 1, len(grid.rows))
    different = {column: len({grid.rows[row][column] for row in rows} - {""}) for column in columns}
    said = {one.column: one.text for one in grid.texts_in(head) if name_key(one.text) in keys("text")}
    if is_long(roles) and len(said) < len(columns):
        return roles | {column: "text" for column in columns if column in said}
    chosen = max(columns, key=lambda column: different[column])
    others = {
        column: "category" if column < chosen and "category" not in roles.values() else "definition"
        for column in columns
        if column != chosen
    }
    return roles | others


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


def _are_numbers(texts: Sequence[Text]) -> bool:
    return all(number_in(one.text) is not None for one in texts)


def is_long(roles: Mapping[int, str]) -> bool:
    """Whether columns with these roles have a row for each level and competency."""
    return {"level", "competency"} <= set(roles.values())


def heading_above(table: Table) -> str | None:
    """The area that stands above the headings: where other headings stand between the rows, and where it is
    no title of the sheet."""
    grid = table.grid
    lines = [grid.said_in(row) for row in range(table.head)]
    named = [texts for texts in lines if texts and not words_of_line(texts) and span_in([texts]) is None]
    again = [row for row in table.below if grid.rows[row] == grid.rows[table.head]]
    between = [row for row in table.below[:-1] if len(grid.texts_in(row)) == 1 and grid.texts_in(row + 1)]
    if not between or not named or len(named[-1]) > 1 or (len(named) == 1 and not again):
        return None
    text = named[-1][0]
    is_title = speaks_of("titles_of_ladders", text) or len(text.split()) > _MOST_WORDS or ":" in text
    return None if is_title else text


_MOST_WORDS = 6
