"""A company's matrix of levels and competencies, in the shapes that companies keep it in, to a `Ladder`.

Wide: competencies down, levels across (or the other way round). Long: a row for each level and competency.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import pairwise

from rules.ladders.grid import Grid
from rules.ladders.headings import means, role_of, speaks_of, words
from rules.ladders.ladder import (
    Answers,
    Ladder,
    LadderCompetency,
    LadderLevel,
    OpenQuestionError,
    Required,
)
from rules.ladders.level_times import TimesTable, times_of
from rules.ladders.scale import (
    FoundScale,
    Written,
    find_scale,
    is_of_legend,
    number_in,
    words_of_line,
)
from rules.ladders.times import speaks_of_time, years_in
from rules.pack import IMPORTANCES, Importance, PackError
from rules.spelling import closest, name_key

_RANGE = re.compile(r"\d+(?:[.,]\d+)?\s*[-–—]\s*\d+(?:[.,]\d+)?")


def ladder_from_matrix(grid: Grid, answers: Answers) -> Ladder:
    """What a sheet says of levels and competencies.

    Raises `PackError` with every problem, each with its cell, or with the question that is left open.
    """
    table = _table_of(grid)
    if "level" in table.roles.values() and "competency" in table.roles.values():
        parts = _long(table)
    else:
        if table.roles.get(0) == "level" and "competency" not in table.roles.values():
            table = _table_of(grid.turned_over(), turned=True)
        parts = _wide(table)
    if parts.problems:
        raise PackError(*parts.problems)
    return _ladder(table, parts, answers)


@dataclass(frozen=True)
class _Table:
    """Where the table lies in a sheet, and what its columns are."""

    grid: Grid
    head: int
    """The row of the headings."""
    roles: Mapping[int, str]
    """By column its role; those without one are levels, in a wide table."""
    parts: Mapping[int, tuple[str, str]]
    """Where each level has several columns: by column the level's title, and `required` or `text`."""

    def columns(self, role: str) -> list[int]:
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
class _Parts:
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


def _table_of(grid: Grid, *, turned: bool = False) -> _Table:
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
        return _Table(grid, head, dict(sorted(roles.items())), _parts_of_levels(grid, head, roles))
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
    if len({one.text for one in below}) < _TWO_LEVELS or _are_numbers(below) or not titles:
        return row, roles
    named = {one.column: role for one in below if (role := role_of(one.text)) is not None}
    return row + 1, roles | {column: role for column, role in named.items() if role != "level"}


_TWO_LEVELS = 2


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
    several = len(found) > len({title for title, _ in found.values()}) >= _TWO_LEVELS
    return found if several else {}


def _are_numbers(texts: Sequence[object]) -> bool:
    return all(number_in(getattr(one, "text", "")) is not None for one in texts)


def _is_long(roles: Mapping[int, str]) -> bool:
    return {"level", "competency"} <= set(roles.values())


def _columns_of_levels(table: _Table, parts: _Parts) -> dict[int, str]:
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
    if len(parts.levels) < _TWO_LEVELS:
        found = ", ".join(f"“{level.title}”" for level in parts.levels.values()) or "none"
        raise PackError(
            f"{grid.place(table.head, 0)}: a ladder needs two levels at least, one column each; found {found}"
        )
    return columns


def _wide(table: _Table) -> _Parts:
    grid = table.grid
    parts = _Parts({}, {}, {}, [], {})
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


def _is_of_levels(table: _Table, parts: _Parts, row: int, columns: Mapping[str, int]) -> bool:
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
            number = _number_of(parts, role, text, grid.place(row, columns[level]))
            parts.levels[level] = _with(parts.levels[level], role, number)
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


def _with(level: LadderLevel, role: str | None, number: Decimal | None) -> LadderLevel:
    return replace(level, years=number) if role == "years" else replace(level, total=number)


def _take_competency(table: _Table, parts: _Parts, row: int, title: str, category: str | None) -> str:
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


def _importance_of(table: _Table, parts: _Parts, row: int, text: str) -> Importance | None:
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


def _number_at(table: _Table, parts: _Parts, row: int, role: str, text: str) -> Decimal | None:
    return _number_of(parts, role, text, table.grid.place(row, table.columns(role)[0])) if text else None


def _number_of(parts: _Parts, role: str, text: str, place: str) -> Decimal | None:
    number = years_in(text) if role == "years" else number_in(text)
    if number is None:
        what = "no time, such as `2` or `18 months`" if role == "years" else "not a number"
        parts.problems.append(f"{place}: “{text}” is {what}")
    return number


def _long(table: _Table) -> _Parts:
    grid = table.grid
    parts = _Parts({}, {}, {}, [], {})
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


def _required_columns(table: _Table) -> list[int]:
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


def _take_of_level(table: _Table, parts: _Parts, row: int, level: str, role: str) -> None:
    """A number that each row of a level repeats: the same throughout."""
    number = _number_at(table, parts, row, role, table.text(row, role))
    before = getattr(parts.levels[level], role)
    if number is None:
        return
    if before is not None and before != number:
        where = table.grid.place(row, table.columns(role)[0])
        parts.problems.append(f"{where}: {number} here, and {before} in another row of the same level")
    parts.levels[level] = _with(parts.levels[level], role, number)


def _ladder(table: _Table, parts: _Parts, answers: Answers) -> Ladder:
    grid = table.grid
    levels = _in_order(parts.levels, answers, grid)
    read = [*_take_times(grid, parts)]
    if parts.problems:
        raise PackError(*parts.problems)
    _settle_times(levels, parts, answers)
    if len(levels) < 2:
        raise PackError(f"{grid.file}: a ladder needs two levels at least; found {len(levels)}")
    if not parts.written and not any(level.total for level in parts.levels.values()):
        raise PackError(f"{grid.file}: no cell of the matrix on {grid.name} says what a level requires")
    _require_no_senior_first(levels, parts, answers, grid)
    _drop_crosses(parts)
    _drop_totals(parts)
    found = find_scale(
        [parts.written.get((level, one)) for one in parts.competencies for level in levels],
        list(table.lines_around),
        len(levels),
        answers,
        [level.total for level in parts.levels.values() if level.total is not None],
    )
    required: dict[tuple[int, int], Required] = {}
    problems = []
    for (level, one), written in parts.written.items():
        try:
            rating, prose = found.read(written)
        except ValueError as error:
            problems.append(f"{written.place}: {error}")
            continue
        at = levels.index(level), list(parts.competencies).index(one)
        required[at] = Required(written.cell, rating, prose or parts.prose.get((level, one)))
    if problems:
        raise PackError(*problems)
    _require_rising(levels, parts, required, answers, grid)
    if found.kind == "numbers":
        required = _without_labels(required)
    competencies = tuple(parts.competencies.values())
    return Ladder(
        source=grid.file,
        sheet=grid.name,
        scale=found.scale,
        levels=tuple(parts.levels[level] for level in levels),
        competencies=competencies,
        required=required,
        kind=found.kind,
        undecided=(
            *found.undecided,
            *_ranges(parts, found),
            *parts.undecided,
            *_groups(table, answers),
            *_unread_times(table),
            *(() if read else _elsewhere(grid, parts)),
        ),
        steps=tuple(_places(levels, answers.steps)) if answers.steps else (),
        notes=(*parts.notes, *_notes(levels, parts, required, answers)),
    )


def _take_times(grid: Grid, parts: _Parts) -> Iterator[TimesTable]:
    """The one table of minimum times on another sheet, where the matrix has none itself."""
    tables = [table for other in grid.others if (table := times_of(other)) and _names_a_level(table, parts)]
    if len(tables) != 1 or parts.times is not None:
        return
    table = tables[0]
    where = table.grid.place(table.head, table.time)
    parts.times = ("" if table.names_promotions else table.heading), where
    for row, title, text in table.rows:
        if not text or name_key(title) not in parts.levels:
            continue
        number = _number_of(parts, "years", text, table.grid.place(row, table.time))
        parts.levels[name_key(title)] = _with(parts.levels[name_key(title)], "years", number)
    parts.undecided.append(f"“{table.heading}” is read from another sheet ({where}).")
    left = [title for _, title, text in table.rows if text and name_key(title) not in parts.levels]
    unread = [*table.unread, *left]
    if unread:
        parts.undecided.append(f"Not read from that sheet, and in no rule: {', '.join(unread)}.")
    yield table


def _names_a_level(table: TimesTable, parts: _Parts) -> bool:
    return any(name_key(title) in parts.levels for _, title, _ in table.rows)


def _places(levels: Sequence[str], steps: Sequence[tuple[str, str]]) -> list[tuple[int, int]]:
    """The places of each level and one above it."""
    if not steps:
        return [*pairwise(range(len(levels)))]
    return [(levels.index(name_key(lower)), levels.index(name_key(higher))) for lower, higher in steps]


def _settle_times(levels: Sequence[str], parts: _Parts, answers: Answers) -> None:
    """Minimum times are in the level below. Where they are in the level itself, as their heading or a highest
    level without any says, each is moved to the level above; where nothing says which, it is asked."""
    if parts.times is None or len(levels) < _TWO_LEVELS:
        return
    heading, place = parts.times
    years = [parts.levels[level].years for level in levels]
    own = speaks_of("own_time", heading)
    if not own and heading and not speaks_of("time_below", heading) and years[0]:
        if years[-1]:
            raise OpenQuestionError(
                f"{place}: “{heading}” gives a time for the lowest and for the highest level; "
                "is it the time in the level itself, or in the level below?",
                f"Say it in the heading: “{heading} below” or “{heading} before promotion”",
            )
        own = True
    if own:
        for level in levels:
            parts.levels[level] = replace(parts.levels[level], years=None)
        for lower, higher in _places(levels, answers.steps):
            parts.levels[levels[higher]] = replace(parts.levels[levels[higher]], years=years[lower])
        parts.undecided.append(f"“{heading}” is read as the time in each level before the next one.")


def _require_no_senior_first(levels: Sequence[str], parts: _Parts, answers: Answers, grid: Grid) -> None:
    """Asks for the order of the levels where their names fall: from Senior to Junior, from III to I."""
    first, last = (parts.levels[levels[place]].title for place in (0, -1))
    numbers = [_number_of_level(title) for title in (first, last)]
    names = _has_word("senior_words", first) and _has_word("junior_words", last)
    names = names and not (_has_word("junior_words", first) or _has_word("senior_words", last))
    if not answers.levels and (names or (None not in numbers and numbers[0] > numbers[1])):  # type: ignore[operator]
        raise _which_is_lowest(
            grid, parts, levels, "comes first and is named as a higher level than the last"
        )


def _number_of_level(title: str) -> int | None:
    """The number at the end of a title: 3 of `L3`, `PM III`."""
    found = re.search(r"(?:(\d+)|\b(I{1,3}|IV|VI{0,3}))$", title.strip())
    if found is None:
        return None
    return int(found[1]) if found[1] else _ROMAN.index(found[2]) + 1


_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII")


def _has_word(listed: str, title: str) -> bool:
    return any(means(listed, word) for word in re.findall(r"\w+", title))


def _require_rising(
    levels: Sequence[str],
    parts: _Parts,
    required: Mapping[tuple[int, int], Required],
    answers: Answers,
    grid: Grid,
) -> None:
    """Asks for the order of the levels where the ratings fall from the first of them to the last."""
    ends = (
        (required.get((0, one)), required.get((len(levels) - 1, one)))
        for one in range(len(parts.competencies))
    )
    ratings = ((first.rating, last.rating) for first, last in ends if first and last)
    known = [(first, last) for first, last in ratings if first is not None and last is not None]
    falling = sum(first > last for first, last in known)
    if not answers.levels and falling > sum(first < last for first, last in known):
        raise _which_is_lowest(grid, parts, levels, "comes first and requires more than the levels behind it")
    for lower, higher in _places(levels, ()) if not answers.levels else ():
        _require_no_fork([parts.levels[level].title for level in levels], lower, higher, parts, required)


def _require_no_fork(
    titles: Sequence[str],
    lower: int,
    higher: int,
    parts: _Parts,
    required: Mapping[tuple[int, int], Required],
) -> None:
    """Asks whether a level is the next one or a branch where it asks for less as often as for more."""
    less, more = list[str](), 0
    for place, one in enumerate(parts.competencies.values()):
        here, above = required.get((lower, place)), required.get((higher, place))
        if here and above and here.rating is not None and above.rating is not None:
            less += [one.title] if above.rating < here.rating else []
            more += above.rating > here.rating
    if lower and less and len(less) >= more:
        branch = f"{', '.join(titles[:higher])}; {titles[lower - 1]}, {', '.join(titles[higher:])}"
        raise OpenQuestionError(
            f"“{titles[higher]}” requires less than “{titles[lower]}” of {', '.join(less)}; "
            "is it the next level, or another way up?",
            f'Say it with --levels "{", ".join(titles)}" where each is the next level, or, for two ways up, '
            f'such as --levels "{branch}"',
        )


def _which_is_lowest(grid: Grid, parts: _Parts, levels: Sequence[str], why: str) -> OpenQuestionError:
    titles = ", ".join(parts.levels[level].title for level in reversed(levels))
    return OpenQuestionError(
        f"{grid.file}: “{parts.levels[levels[0]].title}” {why}; which is the lowest level?",
        f'Say it with --levels "{titles}", the lowest first',
    )


def _drop_crosses(parts: _Parts) -> None:
    """Where cells only say whether something is expected, a no is an empty cell."""
    crosses = {key for key, one in parts.written.items() if means("cross", one.text)}
    if all(key in crosses or means("mark", one.text) for key, one in parts.written.items()):
        for key in crosses:
            del parts.written[key]


def _drop_totals(parts: _Parts) -> None:
    """A total of competencies without weights is in no rule, and that is said."""
    totals = [level.title for level in parts.levels.values() if level.total is not None]
    if totals and parts.written and not any(one.weight for one in parts.competencies.values()):
        parts.levels = {key: replace(level, total=None) for key, level in parts.levels.items()}
        parts.notes.append("The totals are in no rule, as the competencies have no weights.")


def _without_labels(required: Mapping[tuple[int, int], Required]) -> dict[tuple[int, int], Required]:
    """Without what stands beside numbers, as in `2 - Solid`, where one number always has one word."""
    words: dict[Decimal | None, set[str | None]] = {}
    for one in required.values():
        words.setdefault(one.rating, set()).add(one.prose)
    labels = len(required) > len(words) and all(len(prose) == 1 for prose in words.values())
    return {at: replace(one, prose=None) if labels else one for at, one in required.items()}


def _in_order(levels: Mapping[str, LadderLevel], answers: Answers, grid: Grid) -> list[str]:
    if not answers.levels:
        return list(levels)
    wanted = [name_key(title) for title in answers.levels]
    unknown = [title for title in answers.levels if name_key(title) not in levels]
    if unknown:
        known = [level.title for level in levels.values()]
        raise PackError(f"{grid.file}: “{unknown[0]}” is not a level of it{closest(unknown[0], known)}")
    return wanted


def _ranges(parts: _Parts, found: FoundScale) -> Iterator[str]:
    """That of a range such as `2-3` its lower end is required."""
    ranges = [one for one in parts.written.values() if _RANGE.fullmatch(one.text.strip())]
    if ranges and found.kind == "numbers":
        first = f"{ranges[0].text.strip()} ({ranges[0].cell})"
        yield f"Where a cell gives a range, such as {first}, its lower end is required."


def _groups(table: _Table, answers: Answers) -> Iterator[str]:
    """That groups above the levels, such as tracks, were read as one way up."""
    above = table.grid.texts_in(table.head - 1) if table.head else []
    groups = list(dict.fromkeys(one.text for one in above if one.column not in table.roles))
    if len(groups) > 1 and len(above) > len(groups) and not answers.levels:
        yield (
            f"The levels stand in groups ({', '.join(groups)}) and are read as one way up. "
            "Where they are several, say so with --levels."
        )


def _unread_times(table: _Table) -> Iterator[str]:
    """That a line above or below the table speaks of a time: it may be a rule."""
    grid = table.grid
    for row in range(len(grid.rows)):
        texts = grid.texts_in(row)
        around = row < table.head or (row > table.head and len(texts) == 1)
        for one in texts if around else ():
            if speaks_of_time(one.text):
                yield f"A line was not read and may be a rule ({grid.cell(row, one.column)}): {one.text}"


def _elsewhere(grid: Grid, parts: _Parts) -> Iterator[str]:
    """That the levels stand on another sheet too, which is not read: it may ask for years or totals."""
    titles = {name_key(level.title) for level in parts.levels.values()}
    rows = [[text for text in row if text] for row in grid.beside]
    places = [n for n, row in enumerate(rows) if any(name_key(text) in titles for text in row)]
    if len({name_key(text) for n in places for text in rows[n]} & titles) < 2:
        return
    above = rows[places[0] - 1] if places[0] else []
    said = f" ({', '.join(above)})" if above else ""
    yield (
        f"Another sheet names these levels too{said}. It was not read: what it asks for is in no rule. "
        "Minimum years and totals are read from the sheet of the matrix, as rows or columns."
    )


def _notes(
    levels: Sequence[str],
    parts: _Parts,
    required: Mapping[tuple[int, int], Required],
    answers: Answers,
) -> Iterable[str]:
    """Requirements that fall from one level to the next."""
    titles = [parts.levels[level].title for level in levels]
    for place, one in enumerate(parts.competencies.values()):
        for lower, higher in _places(levels, answers.steps):
            here, above = required.get((lower, place)), required.get((higher, place))
            if (
                here
                and here.rating is not None
                and (above is None or (above.rating is not None and above.rating < here.rating))
            ):
                what = "nothing" if above is None else "less"
                said = f"{titles[higher]} requires {what}"
                yield f"{one.title}: {said}, where {titles[lower]} requires more ({here.cell})."
