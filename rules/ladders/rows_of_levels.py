"""Rows of a wide table that are about the levels themselves, such as their times and totals, by kind."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from rules.ladders.cells import number_in
from rules.ladders.grid import Text
from rules.ladders.headings import keys, role_of, speaks_of
from rules.ladders.level_names import are_levels, are_names, names_in
from rules.ladders.matrix import NO_TIME, Matrix
from rules.ladders.sums import sums_up
from rules.ladders.times import lower_end, speaks_of_time, years_in
from rules.spelling import name_key


@dataclass(frozen=True)
class Row:
    """A row of a wide table that names something and says something of levels."""

    row: int
    title: str
    category: str
    cells: list[tuple[str, Text]]
    """The keys of levels, and what the row says of them."""

    @property
    def of_levels(self) -> dict[str, Text]:
        """The last that it says of each level."""
        return dict(self.cells)

    @property
    def texts(self) -> list[str]:
        """The texts of that."""
        return [cell.text for cell in self.of_levels.values()]

    def name(self, matrix: Matrix) -> Text:
        """The cell of its title, which may stand in the column of the areas; the first without a title."""
        texts = matrix.table.grid.texts_in(self.row)
        return next((one for one in texts if one.text == self.title), texts[0])

    @property
    def shown(self) -> str:
        """What messages call it."""
        return f"“{self.title}”" if self.title else "The line below the headings"


def is_about_levels(matrix: Matrix, here: Row) -> bool:
    """Whether a row is about the levels themselves; what it says is taken, or told to be in no rule."""
    for is_one, take in _KINDS.items():
        if is_one(matrix, here):
            take(matrix, here)
            return True
    return False


def _sums_up(matrix: Matrix, here: Row) -> bool:
    """Whether a row has the sums or means of those above."""
    return sums_up(matrix, here.title, here.texts, here.of_levels)


def _describes_levels(matrix: Matrix, here: Row) -> bool:
    """Whether a row has such as the levels' pay; `Equity` is that beside a salary."""
    key = name_key(here.title.partition("(")[0])
    others = (name_key(matrix.table.text(row, "competency")) for row in matrix.table.below)
    return key in keys("about_levels") or (key in keys("beside_pay") and not keys("pay").isdisjoint(others))


def _says_more(matrix: Matrix, here: Row) -> bool:
    """Whether a row has such as examples of the one above: others are called alike."""
    titles = (name_key(matrix.table.text(row, "competency")) for row in matrix.table.below)
    return role_of(here.title) == "other" and [*titles].count(name_key(here.title)) > 1


def _counts(_: Matrix, here: Row) -> bool:
    """Whether a row says how many are required, such as `Minimum competencies met` or `Cycles at level`."""
    numbers = [number_in(text) for text in here.texts]
    said = speaks_of("counted", here.title) and speaks_of("counts", here.title)
    return bool(said and numbers) and all(number is None or number % 1 == 0 for number in numbers)


def _names_levels(matrix: Matrix, here: Row) -> bool:
    """Whether a row says what the levels are called too, such as `Job title`; below the headings, also a
    second line of headings."""
    role, table, texts = role_of(here.title), matrix.table, here.texts
    if here.row == table.head + 1 and (role == "competency" or not here.title):
        below = (row for row in table.below if row != here.row)
        again = {name_key(text) for row in below for text in table.grid.rows[row]}
        above = [] if here.title else [one.text for one in table.of_levels(table.head)]
        numbered = any(number_in(text) is not None for text in (*texts, *above))
        are_titles = are_levels(texts) or (
            name_key(here.title) in keys("names_of_names") and are_names(texts)
        )
        return are_titles and not numbered and not again & {*map(name_key, texts)}
    named = role in ("aliases", "level") or name_key(here.title) in keys("title_rows")
    return named and are_names(texts) and len({*texts}) > 1


def _kind_of_times(matrix: Matrix, here: Row) -> str | None:
    """What times are that are not called minimum times; None for others, and where all rows are such."""
    role, table = role_of(here.title), matrix.table
    if role in NO_TIME or role == "years":
        return role if role != "years" else None
    if not here.cells or any(years_in(lower_end(text)) is None for text in here.texts):
        return None
    others = (one.text for row in table.below for one in table.of_levels(row))
    if name_key(here.title) in keys("experience"):
        return "experience"
    if not any(map(speaks_of_time, here.texts)) or all(map(speaks_of_time, others)):
        return None
    return "experience" if speaks_of("experience", here.title) else "time"


def _asks_a_number(_: Matrix, here: Row) -> bool:
    """Whether a row has minimum times or totals."""
    role = role_of(here.title)
    return role == "years" or (role == "total" and None not in map(number_in, here.texts))


def _leave_out(said: str) -> Callable[[Matrix, Row], None]:
    def note(matrix: Matrix, here: Row) -> None:
        matrix.notes.append(f"{here.shown} ({here.name(matrix).cell}) {said}.")
        if name_key(here.title) in keys("family"):
            matrix.groups = list(dict.fromkeys(here.texts))

    return note


def _take_names(matrix: Matrix, here: Row) -> None:
    for level, cell in here.of_levels.items():
        matrix.level_names += names_in(level, cell, here.title if role_of(here.title) == "level" else "")
    _leave_out("is read as other names of the levels")(matrix, here)


def _tell_times(matrix: Matrix, here: Row) -> None:
    said = f"{here.name(matrix).cell}: {', '.join(here.texts)}"
    matrix.undecided.append(NO_TIME[str(_kind_of_times(matrix, here))].format(here.title or here.shown, said))


def _take_numbers(matrix: Matrix, here: Row) -> None:
    role = str(role_of(here.title))
    matrix.times = (here.title, here.name(matrix).place) if role == "years" else matrix.times
    for level, cell in here.of_levels.items():
        matrix.take_number(level, role, cell, here.title)


_KINDS: Mapping[Callable[[Matrix, Row], object], Callable[[Matrix, Row], None]] = {
    _sums_up: _leave_out("sums up other rows and is not a competency"),
    _describes_levels: _leave_out("is about the levels and is not a competency; it is in no rule"),
    _says_more: _leave_out("says more about the row above and is no competency; it is in no rule"),
    _counts: _leave_out("says how many are required and is no competency; it is in no rule"),
    _names_levels: _take_names,
    _kind_of_times: _tell_times,
    _asks_a_number: _take_numbers,
}
"""How each kind is told, the first that fits, and what is done with it. All other rows are competencies."""
