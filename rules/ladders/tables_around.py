"""The matrix of a sheet among other tables, such as pay bands, contacts and logs of changes.

Blocks of lines stand behind empty rows and columns, or below titles. The matrix is the one whose headings and
first column name levels and competencies best. A block below or beside it belongs to it where it has the
headings of that again, or cells like those of its rows. Any other is told and not read.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from itertools import dropwhile, pairwise, takewhile

from rules.ladders.cells import is_sentence, rating_and_prose, rating_in
from rules.ladders.grid import Grid, Text
from rules.ladders.headings import keys, means, role_of, speaks_of
from rules.ladders.legends import LARGEST, is_of_legend, named_scale
from rules.ladders.level_names import are_levels
from rules.ladders.level_tables import level_list, times_of
from rules.ladders.other_tables import is_amount, is_time
from rules.ladders.table import is_long
from rules.spelling import name_key

Line = Sequence[Text]
_OTHER_NAMES = keys("people") | keys("rows_of_others")
_ABOUT_LEVELS = keys("title_rows") | keys("about_levels")
_ROLES = ("competency", "category", "level", "required", "definition", "text")
_ENOUGH = 100
"""So many lines show what the cells of a block are."""
_SMALL = Decimal(10)
"""Ratings up to this are of the size of any others."""


def with_the_matrix_first(grid: Grid) -> Grid:
    """A sheet without the other tables above its matrix and left of it."""
    blocks = [block for columns in _panels(grid, 0) for block in _blocks(grid, columns, 0)]
    ladders = (one for block in blocks for one in block.beginnings if not one.is_of_something_else)
    best = max(ladders, key=lambda one: one.names, default=None)
    if best is None:
        return grid
    first, columns = best.headings[0].row, best.columns
    matrix = _Block(_lines_of_matrix(grid, columns, first))
    others = [one for one in blocks if one.lines[-1] is not best.lines[-1]]
    before = (one for one in others if one.headings[0].row < first or one.columns.start < columns.start)
    return _without(grid, [one for one in before if one.is_table and not matrix.goes_on_below(one)])


def without_other_tables(grid: Grid, head: int) -> Grid:
    """A sheet without other tables below the matrix with these headings and beside it. Legends among them are
    kept beside it, and lists of levels and of their times as other sheets."""
    first, *panels = _panels(grid, head)
    matrix = _Block(_lines_of_matrix(grid, first, head))
    beside = [_Block([line for line in _lines(grid, columns) if len(line) > 1]) for columns in panels]
    apart = [
        one for one in beside if len(matrix.lines) > 1 < len(one.lines) and not matrix.goes_on_beside(one)
    ]
    grid = _without(grid, apart)
    columns = range(len(grid.rows[head]))
    matrix = _Block(_lines_of_matrix(grid, columns, head))
    others, is_other = list[_Block](), False
    for block in _blocks(grid, columns, head + 1):
        if is_other and not (block.is_behind_a_gap or others[-1].is_legend):
            others[-1] = replace(others[-1], lines=[*others[-1].lines, *block.lines])
            continue
        is_new = block.headings[0].row > matrix.lines[-1][0].row
        is_other = is_new and not matrix.goes_on_below(block)
        if is_other:
            others.append(block)
        elif is_new and len(matrix.lines) < _ENOUGH:
            matrix = _Block([*matrix.lines, *block.lines])
    return _without(grid, others)


def _panels(grid: Grid, head: int) -> Iterator[range]:
    """The first columns, and those behind each that is empty from a row on, where they are several."""
    width = len(grid.rows[head]) if grid.rows else 0
    empty = [column for column in range(1, width) if not any(row[column] for row in grid.rows[head:])]
    wide = [range(before + 1, after) for before, after in pairwise([*empty, width]) if after - before > 2]
    yield from (range(wide[0].start if wide else width), *wide)


def _lines(grid: Grid, columns: range, begin: int = 0) -> Iterator[Line]:
    """What rows have in some columns."""
    for row in range(begin, len(grid.rows)):
        yield [one for one in grid.texts_in(row) if one.column in columns]


def _lines_of_matrix(grid: Grid, columns: range, head: int) -> list[Line]:
    """The headings, and the first lines below them that stand together."""
    headings, *below = _lines(grid, columns, head)
    lines = dropwhile(lambda line: len(line) < 2, below)
    return [headings, *takewhile(lambda line: len(line) > 1 and not _is_of_people_or_log(line), lines)]


def _blocks(grid: Grid, columns: range, begin: int) -> Iterator["_Block"]:
    """The lines of two texts or more that stand together; those of people and logs stand apart."""
    run: list[Line] = []
    title: Line = ()
    gap = False
    for line in (*_lines(grid, columns, begin), []):
        if run and (len(line) < 2 or _is_of_people_or_log(line)):
            yield _Block(run, title, gap, columns)
            run, title, gap = [], (), False
        if len(line) > 1:
            run.append(line)
        else:
            gap, title = gap or not line, line


def _is_of_people_or_log(headings: Line) -> bool:
    named = [name_key(one.text) for one in headings]
    return named[0] in keys("people") or sum(name in keys("log_columns") for name in named) > 1


@dataclass(frozen=True)
class _Block:
    """Lines that stand together; the first one may be headings."""

    lines: Sequence[Line]
    title: Line = ()
    is_behind_a_gap: bool = False
    columns: range = range(0)
    """Those that it was looked for in."""

    @property
    def headings(self) -> Line:
        """The first line."""
        return self.lines[0]

    @property
    def is_legend(self) -> bool:
        """Whether all its lines but headings are those of a legend."""
        numbered = (is_of_legend([one.text for one in line]) for line in self.lines[1:])
        return len(self.lines) > 2 and all(numbered) and not self.is_of_people_or_things

    @property
    def is_of_people_or_things(self) -> bool:
        """Whether its headings say that its rows are no competencies and no levels."""
        return name_key(self.headings[0].text) in _OTHER_NAMES or _is_of_people_or_log(self.headings)

    @property
    def names_levels(self) -> bool:
        """Whether its first line is one about the levels of the matrix, such as their job titles."""
        first = self.headings[0].text
        return role_of(first) in ("aliases", "level", "total") or name_key(first) in _ABOUT_LEVELS

    @property
    def may_be_ratings(self) -> bool:
        """Whether its first line has no words, or words come back, as those of a scale do."""
        words = [name_key(one.text) for line in self.lines for one in line[1:]]
        return len({*words}) < len(words) or "word" not in {_kind(one.text) for one in self.headings[1:]}

    @property
    def beginnings(self) -> Iterator["_Block"]:
        """The same from each of its first lines on: fields or areas may stand above the headings."""
        count = 1 if self.is_of_something_else else min(len(self.lines), 3)
        yield from (replace(self, lines=self.lines[first:]) for first in range(count))

    @cached_property
    def is_of_something_else(self) -> bool:
        """Whether it is a table of something else than levels and competencies."""
        roles = [role_of(one.text) for one in self.headings]
        headings = {name_key(one.text) for one in self.headings}
        cells = [one.text for line in self.lines[1:_ENOUGH] for one in line[1:]]
        numbers = (rating_and_prose(text)[0] or 0 for text in cells)
        about = [speaks_of("about_levels", one.text) or speaks_of("pay", one.text) for one in self.headings]
        return bool(
            self.is_of_people_or_things
            or (headings & keys("from_level") and headings & keys("to_level"))
            or any(is_time(one.text) for one in self.headings)
            or 2 * sum(is_amount(text) or is_time(text) for text in cells) > len(cells)
            or 2 * sum(about[1:]) >= len(about)
            or max(numbers, default=0) > LARGEST
            or ("level" in roles and {"aliases", "years"} & {*roles} and "competency" not in roles)
            or ("competency" not in roles and len(self.lines) > 1 and _fall(self.lines[1:]))
        )

    @property
    def names(self) -> int:
        """How many of both, levels and competencies, it names."""
        roles = [role_of(one.text) for one in self.headings]
        first = [line[0].text for line in self.lines[1:]]
        across = [one.text for one, role in zip(self.headings[1:], roles[1:], strict=True) if role is None]
        is_named = "competency" in roles or ("level" in roles and len(roles) > 2)
        return is_named + (are_levels(across) or are_levels([*dict.fromkeys(first)]))

    @property
    def is_table(self) -> bool:
        """Whether it is no legend and no fields above a table, such as `Owner:` and a name."""
        lines = [[one.text for one in line] for line in self.lines]
        return len(lines) > 1 and max(len(lines), *map(len, lines)) > 2 and named_scale(lines) is None

    @cached_property
    def of_levels(self) -> list[int]:
        """The columns that say what is required."""
        roles = {one.column: role_of(one.text) for one in self.headings[1:]}
        required = [column for column, role in roles.items() if role in (None, "required", "text")]
        return required or [*roles]

    @cached_property
    def said(self) -> dict[str, list[str]]:
        """What stands there, by its kind."""
        found: dict[str, list[str]] = {kind: [] for kind in _KINDS}
        for one in (one for line in self.lines[1:] for one in line if one.column in self.of_levels):
            found[_kind(one.text)].append(one.text)
        return found

    @cached_property
    def largest(self) -> Decimal:
        """Its largest rating, or one that is no larger than others may be."""
        return max([*(rating_and_prose(one)[0] or Decimal(0) for one in self.said["rating"]), _SMALL])

    @cached_property
    def scale(self) -> set[str]:
        """The keys of its words where they come back."""
        words = self.said["word"]
        found = {*map(name_key, words)}
        return found if 2 * len(found) <= len(words) else set()

    @cached_property
    def keys_around(self) -> set[str]:
        """The keys of what stands above and left of that."""
        return {name_key(one.text) for one in (*self.headings, *(line[0] for line in self.lines))}

    def goes_on_beside(self, block: "_Block") -> bool:
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

    def goes_on_below(self, block: "_Block") -> bool:
        """Whether lines further down are some of the matrix."""
        if len(self.lines) < 2:
            return False
        is_list = is_long({one.column: str(role_of(one.text)) for one in self.headings})
        corner, *titles = [name_key(one.text) for one in self.headings]
        named = [name_key(one.text) for one in block.headings if one.column != self.headings[0].column]
        of_rows = {name_key(line[0].text) for line in self.lines[1:]}
        if len(block.lines) < 2 and not _is_of_people_or_log(block.headings):
            return True
        if 2 * sum(name in of_rows for name in named) > len(named):
            return False
        cells = [[one.text for one in line if one.column in self.of_levels] for line in block.lines]
        is_like = [*map(self._is_like, cells)]
        again = {name_key(one.text) for one in block.headings if one.column in self.of_levels} == {*named}
        again = again and {*named} <= {*titles}
        has_corner = name_key(block.headings[0].text) == corner
        if again or has_corner:
            return all(is_like[1:]) and not block.is_of_something_else and (again or not is_list)
        if 2 * sum(name_key(line[0].text) in titles for line in block.lines[1:]) > len(block.lines) - 1:
            return False
        reached = sorted(line[-1].column for line in self.lines[1:])
        narrow = all(line[-1].column < reached[len(reached) // 2] for line in block.lines)
        if is_like[0]:
            return not (narrow and block.is_behind_a_gap)
        if narrow or block.is_of_people_or_things:
            return False
        if block.names_levels and not is_list:
            return True
        if block.is_of_something_else or any(role_of(one.text) in _ROLES for one in block.headings[1:]):
            return False
        return 2 * sum(is_like[1:]) > len(is_like[1:]) or block.may_be_ratings

    def _is_like(self, texts: Collection[str]) -> bool:
        """Whether most texts are like what the matrix says of levels; `L3` is the name of one."""
        alike = [
            text for text in texts if name_key(text) not in self.keys_around and self._is_of_its_kind(text)
        ]
        return 2 * len(alike) > len(texts)

    def _is_of_its_kind(self, text: str) -> bool:
        """Whether a text is a rating of the size of others, a word of the scale, or a sentence among such."""
        kind, said = _kind(text), self.said
        if kind == "rating":
            return bool(said[kind]) and (rating_and_prose(text)[0] or 0) <= self.largest
        if kind == "word" and self.scale:
            return name_key(text) in self.scale
        if kind == "sentence" and said[kind] and not said["rating"]:
            return True
        return kind == "nothing" or 2 * len(said[kind]) > sum(len(said[one]) for one in _KINDS[1:])


def _fall(lines: Sequence[Line]) -> bool:
    """Whether all lines end with a lower number than they begin with, as those of people on each level do."""
    numbers = [[rating_in(one.text) for one in line[1:]] for line in lines]
    return all(None not in (row[0], row[-1]) and (row[0] or 0) > (row[-1] or 0) for row in numbers)


_KINDS = ("nothing", "rating", "word", "sentence")


def _kind(text: str) -> str:
    if any(means(name, text) for name in ("nothing", "mark", "cross", "as_before")):
        return "nothing"
    if rating_and_prose(text)[0] is not None:
        return "rating"
    return "sentence" if is_sentence(text) else "word"


def _without(grid: Grid, blocks: Sequence[_Block]) -> Grid:
    """A sheet without some tables on it, which are told."""
    if not blocks:
        return grid
    rows, beside = [*map(list, grid.rows)], [*grid.beside]
    others, remarks = [*grid.others], [*grid.remarks]
    for block in blocks:
        lines = [block.title, *block.lines] if block.title else block.lines
        begin, end = lines[0][0].row, lines[-1][0].row + 1
        left = min(line[0].column for line in block.lines)
        right = max(line[-1].column for line in block.lines) + 1
        empty = [""] * len(grid.rows[begin])
        alone = [[*empty[:left], *rows[row][left:right], *empty[right:]] for row in range(begin, end)]
        for row in range(begin, end):
            rows[row][left:right] = empty[left:right]
        if block.is_legend:
            beside += [[one.text for one in line] for line in block.lines]
            continue
        table = replace(grid, rows=[*[empty] * begin, *alone], others=())
        is_of_levels = times_of(table) or level_list(table)
        others += [table] if is_of_levels else []
        where = f"{lines[0][0].cell} to {grid.cell(end - 1, right - 1)}"
        title = f", {block.title[0].text}" if block.title else ""
        read = "read for names and times of levels alone" if is_of_levels else "not read"
        headings = ", ".join(one.text for one in block.headings)
        remarks.append(f"Another table was {read} ({where}{title}: {headings}).")
    return replace(grid, rows=rows, beside=beside, others=others, remarks=remarks)
