"""Other tables on the sheet of a matrix, below or beside it, such as pay bands, contacts and logs of changes.

A table begins behind an empty row or column, or below a title. It belongs to the matrix where it has the
headings of that again, or cells like those of its rows. Any other is told and not read.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from itertools import dropwhile, pairwise, takewhile

from rules.ladders.cells import is_sentence, rating_and_prose, rating_in
from rules.ladders.grid import Grid, Text
from rules.ladders.headings import keys, means, role_of, speaks_of
from rules.ladders.legends import is_of_legend
from rules.ladders.level_tables import level_list, times_of
from rules.ladders.table import is_long
from rules.spelling import name_key

Line = Sequence[Text]
_OTHER_NAMES = keys("people") | keys("rows_of_others")
_ABOUT_LEVELS = keys("title_rows") | keys("about_levels")
_ROLES = ("competency", "category", "level", "required", "definition", "text")
_SMALL = Decimal(10)
"""Ratings up to this are of the size of any others."""
_ENOUGH = 100
"""So many lines show what the cells of a matrix are."""


def without_other_tables(grid: Grid, head: int) -> Grid:
    """A sheet without the other tables around the matrix with these headings. Legends among them are kept
    beside it, and lists of levels and of their times as other sheets."""
    for columns in _columns_beside(grid, head):
        matrix = _Matrix(_lines_in(grid, range(columns.start), head))
        block = _Block(_lines_in(grid, columns))
        if len(matrix.lines) > 1 and len(block.lines) > 1 and not matrix.goes_on_beside(block):
            grid = _without(grid, block)
    matrix, other_before = _Matrix([grid.texts_in(head)]), -1
    for lines in _runs_below(grid, head):
        first = lines[0][0].row
        above = grid.texts_in(first - 1)
        title = above if first - 1 > head and len(above) == 1 else []
        block = _Block(lines, title, is_behind_a_gap=not grid.texts_in(first - 1 - len(title)))
        more = other_before > 0 and all(map(grid.texts_in, range(other_before + 1, first)))
        if more:
            grid = grid.without(range(other_before + 1, first))
        if len(matrix.lines) > 1 and (more or not matrix.goes_on_below(block)):
            grid, other_before = _without(grid, block, is_told=more), block.lines[-1][0].row
        elif len(matrix.lines) < _ENOUGH:
            matrix = _Matrix([*matrix.lines, *lines])
    return grid


def _columns_beside(grid: Grid, head: int) -> Iterator[range]:
    """The columns behind each that is empty from the headings on, where they are several."""
    width = len(grid.rows[head])
    empty = [column for column in range(1, width) if not any(row[column] for row in grid.rows[head:])]
    for before, after in pairwise([*empty, width]):
        if after - before > 2:
            yield range(before + 1, after)


def _lines_in(grid: Grid, columns: range, head: int | None = None) -> list[Line]:
    """The lines of two texts or more in some columns; below headings the first that stand together."""
    rows = range(head or 0, len(grid.rows))
    lines = ([one for one in grid.texts_in(row) if one.column in columns] for row in rows)
    if head is None:
        return [*filter(_is_line, lines)]
    return [next(lines), *takewhile(_is_line, dropwhile(lambda line: not _is_line(line), lines))]


def _is_line(texts: Line) -> bool:
    return len(texts) > 1


def _runs_below(grid: Grid, head: int) -> Iterator[list[Line]]:
    """The lines of two texts or more that stand together; those of people and logs stand apart."""
    run: list[Line] = []
    for row in range(head + 1, len(grid.rows)):
        line = grid.texts_in(row)
        if run and (len(line) < 2 or _is_of_people_or_log(line)):
            yield run
            run = []
        run += [line] if len(line) > 1 else []
    if run:
        yield run


def _is_of_people_or_log(headings: Line) -> bool:
    named = [name_key(one.text) for one in headings]
    return named[0] in keys("people") or sum(name in keys("log_columns") for name in named) > 1


@dataclass(frozen=True)
class _Block:
    """Lines that stand together; the first one may be headings."""

    lines: Sequence[Line]
    title: Line = ()
    is_behind_a_gap: bool = False

    @property
    def headings(self) -> Line:
        """The first line."""
        return self.lines[0]

    @property
    def names(self) -> list[str]:
        """The keys of what the other lines begin with."""
        return [name_key(line[0].text) for line in self.lines[1:]]

    @property
    def is_legend(self) -> bool:
        """Whether all its lines but headings are those of a legend."""
        return len(self.lines) > 2 and all(
            is_of_legend([one.text for one in line]) for line in self.lines[1:]
        )

    @property
    def is_of_others(self) -> bool:
        """Whether its first line is one of headings that a ladder does not have there."""
        first, *others = self.headings
        has_roles = any(role_of(one.text) in _ROLES for one in others)
        return has_roles or name_key(first.text) in _OTHER_NAMES or _is_of_people_or_log(self.headings)

    @property
    def names_levels(self) -> bool:
        """Whether its first line is one about the levels of the matrix, such as their job titles."""
        first = self.headings[0].text
        return role_of(first) in ("aliases", "level", "total") or name_key(first) in _ABOUT_LEVELS

    @property
    def may_be_ratings(self) -> bool:
        """Whether its first line is like the others, without words or with words that come back, as those of
        a scale do."""
        for one in self.headings[1:]:
            below = [
                _kind(cell.text) for line in self.lines[1:] for cell in line if cell.column == one.column
            ]
            if _kind(one.text) == "word" and 2 * below.count("word") < len(below):
                return False
        words = [name_key(one.text) for line in self.lines for one in line[1:]]
        return len({*words}) < len(words) or "word" not in {_kind(one.text) for one in self.headings[1:]}

    @property
    def is_about_levels(self) -> bool:
        """Whether its title or headings say something about levels that is no competency, such as pay."""
        said = [*self.title, *self.headings]
        return any(speaks_of("about_levels", one.text) or speaks_of("pay", one.text) for one in said)


@dataclass(frozen=True)
class _Matrix:
    """The headings of a matrix, and its lines as far as they are found."""

    lines: Sequence[Line]

    @property
    def headings(self) -> Line:
        """The line of its headings."""
        return self.lines[0]

    @property
    def is_long(self) -> bool:
        """Whether it has a row for each level and competency."""
        return is_long({one.column: str(role_of(one.text)) for one in self.headings})

    @cached_property
    def of_levels(self) -> list[int]:
        """The columns that say what is required."""
        roles = {one.column: role_of(one.text) for one in self.headings[1:]}
        required = [column for column, role in roles.items() if role in (None, "required", "text")]
        return required or [*roles]

    @cached_property
    def cells(self) -> list[str]:
        """What stands there."""
        return [one.text for line in self.lines[1:] for one in line if one.column in self.of_levels]

    @cached_property
    def kinds(self) -> Counter[str]:
        """Of which kinds that is."""
        return Counter(map(_kind, self.cells))

    @cached_property
    def words(self) -> list[str]:
        """The keys of those that are words, each as often as it is there."""
        return [name_key(one) for one in self.cells if _kind(one) == "word"]

    @cached_property
    def largest(self) -> Decimal:
        """The largest rating of the matrix, or one that is no larger than others may be."""
        return max([*(rating_and_prose(one)[0] or Decimal(0) for one in self.cells), _SMALL])

    @cached_property
    def names(self) -> set[str]:
        """The keys of what stands above and left of that."""
        return {name_key(one.text) for one in (*self.headings, *(line[0] for line in self.lines))}

    def goes_on_beside(self, block: _Block) -> bool:
        """Whether columns behind an empty one have cells like those of levels, or more about competencies."""
        first = block.headings[0]
        if first.row != self.headings[0].row or block.is_legend:
            return False
        if name_key(first.text) == name_key(self.headings[0].text) and role_of(first.text) == "competency":
            return True
        for one in block.headings:
            below = [cell.text for line in block.lines[1:] for cell in line if cell.column == one.column]
            says_more = role_of(one.text) not in (None, "level", "competency", "years", "required")
            if not says_more and not self._is_like(below):
                return False
        return True

    def goes_on_below(self, block: _Block) -> bool:
        """Whether lines further down are some of the matrix."""
        corner, *titles = [name_key(one.text) for one in self.headings]
        named = [name_key(one.text) for one in block.headings if one.column != self.headings[0].column]
        of_rows = {name_key(line[0].text) for line in self.lines[1:]}
        if len(block.lines) < 2 and not _is_of_people_or_log(block.headings):
            return True
        times = any(role_of(one.text) == "years" for one in block.headings[1:])
        if times or 2 * sum(name in of_rows for name in named) > len(named):
            return False
        cells = [[one.text for one in line if one.column in self.of_levels] for line in block.lines]
        is_like = [*map(self._is_like, cells)]
        again = {name_key(one.text) for one in block.headings if one.column in self.of_levels} == {*named}
        again = again and {*named} <= {*titles}
        has_corner = name_key(block.headings[0].text) == corner
        if again or has_corner:
            counts = not has_corner and _fall(block.lines[1:]) and not _fall(self.lines[1:])
            is_part = all(is_like[1:]) and not (block.is_about_levels or counts)
            return is_part and (again or not self.is_long)
        if 2 * sum(name in titles for name in block.names) > len(block.names):
            return False
        reached = sorted(line[-1].column for line in self.lines[1:])
        narrow = all(line[-1].column < reached[len(reached) // 2] for line in block.lines)
        if is_like[0]:
            return not (narrow and block.is_behind_a_gap)
        wide = any(line[-1].column > max(reached[-1], self.headings[-1].column) for line in block.lines)
        if narrow or wide or block.is_of_others:
            return False
        if block.names_levels and not self.is_long:
            return True
        return 2 * sum(is_like[1:]) > len(is_like[1:]) or block.may_be_ratings

    def _is_like(self, texts: Collection[str]) -> bool:
        """Whether most texts are like what the matrix says of levels; `L3` is the name of one."""
        alike = [text for text in texts if name_key(text) not in self.names and self._is_of_its_kind(text)]
        return 2 * len(alike) > len(texts)

    def _is_of_its_kind(self, text: str) -> bool:
        """Whether a text is a rating of the size of others, a word of the scale, or a sentence among such."""
        kind = _kind(text)
        if kind == "rating":
            return (rating_and_prose(text)[0] or 0) <= self.largest and kind in self.kinds
        if kind == "word" and 2 * len({*self.words}) <= len(self.words):
            return name_key(text) in self.words
        if kind == "sentence" and kind in self.kinds and "rating" not in self.kinds:
            return True
        return kind == "nothing" or 2 * self.kinds[kind] > self.kinds.total() - self.kinds["nothing"]


def _fall(lines: Sequence[Line]) -> bool:
    """Whether all lines end with a lower number than they begin with, as those of people on each level do."""
    numbers = [[rating_in(one.text) for one in line[1:]] for line in lines]
    return all(None not in (row[0], row[-1]) and (row[0] or 0) > (row[-1] or 0) for row in numbers)


def _kind(text: str) -> str:
    if any(means(name, text) for name in ("nothing", "mark", "cross", "as_before")):
        return "nothing"
    if rating_and_prose(text)[0] is not None:
        return "rating"
    return "sentence" if is_sentence(text) else "word"


def _without(grid: Grid, block: _Block, *, is_told: bool = False) -> Grid:
    """A sheet without a table on it, which is told."""
    lines = [block.title, *block.lines] if block.title else block.lines
    columns = range(
        min(line[0].column for line in block.lines), max(line[-1].column for line in block.lines) + 1
    )
    rows = range(lines[0][0].row, lines[-1][0].row + 1)

    def kept(inside: bool) -> list[list[str]]:
        return [
            [
                text if (row in rows and column in columns) == inside else ""
                for column, text in enumerate(texts)
            ]
            for row, texts in enumerate(grid.rows)
        ]

    rest, alone = replace(grid, rows=kept(inside=False)), replace(grid, rows=kept(inside=True), others=())
    if block.is_legend:
        return replace(rest, beside=[*grid.beside, *([one.text for one in line] for line in block.lines)])
    title = f", {block.title[0].text}" if block.title else ""
    where = f"{lines[0][0].cell} to {grid.cell(rows[-1], columns[-1])}{title}"
    headings = ", ".join(one.text for one in block.headings)
    is_of_levels = times_of(alone) or level_list(alone)
    read = "read for names and times of levels alone" if is_of_levels else "not read"
    told = [] if is_told else [f"Another table was {read} ({where}: {headings})."]
    others = [*grid.others, alone] if is_of_levels else grid.others
    return replace(rest, others=others, remarks=[*grid.remarks, *told])
