"""The language of a sheet's headers, which tells the order of day and month where nothing else does."""

import re
from collections import Counter
from collections.abc import Set
from datetime import date

import polars as pl

from inputs.fields import Field
from inputs.phrases import join
from inputs.tables.layout import Table
from inputs.words.dates import DateColumn, DateOrder, read_dates, shows_month_first
from inputs.words.word_lists import ENGLISH, languages_of

_DAY_FIRST = (
    *("Arabic", "Czech", "Danish", "Dutch", "Finnish", "French", "German", "Italian", "Norwegian", "Polish"),
    *("Portuguese", "Romanian", "Russian", "Spanish", "Swedish", "Turkish"),
)
"""Languages in which nobody writes the month of a date in numbers first."""
_FEWEST_HEADERS = 2


def read_table_dates(
    table: Table,
    header: str,
    cells: pl.Series,
    day: date,
    declared: DateOrder | None,
    *,
    future: bool = False,
) -> tuple[DateColumn, str | None]:
    """The dates of cells of a table, as `read_dates` with all that its sheet shows, and `date_language`."""
    language = date_language(table, header)
    read = read_dates(
        cells,
        day,
        epoch_1904=table.sheet.epoch_1904,
        declared=declared,
        future=future,
        header=header,
        day_first_language=language is not None,
    )
    return read, language


def numbered_days(
    table: Table, field: Field, cells: pl.Series, day: date, *, future: bool = False
) -> pl.Series | None:
    """The dates of cells of a field's column as numbers; None where day and month could be swapped."""
    header = table.by_role[field].header
    read, _ = read_table_dates(table, header, cells, day, table.sheet.date_order, future=future)
    swappable = any(fault.kind == "ambiguous_date" for fault in read.faults)
    return None if swappable else read.values.to_physical().cast(pl.Int64)


def date_language(table: Table, header: str) -> str | None:
    """The language that the headers of a sheet and its name evidently are in, if dates are day first in it;
    None also where the header of the dates is in English, or a column of dates has the month first."""
    names = [*(column.header for column in table.columns), table.sheet.name or ""]
    known = [languages for name in names if (languages := _languages_of(name))]
    foreign = Counter(one for languages in known if ENGLISH not in languages for one in languages)
    count = sum(ENGLISH not in languages for languages in known)
    english = sum(languages == {ENGLISH} for languages in known)
    if count < _FEWEST_HEADERS or count <= english or _languages_of(header) == {ENGLISH}:
        return None
    if _shows_month_first(table):
        return None
    most = [one for one, headers in foreign.items() if headers == max(foreign.values())]
    return join(sorted(most), "or") if set(most) <= set(_DAY_FIRST) else None


def _languages_of(header: str) -> Set[str]:
    """The languages of a header, or of its parts: `Communication (auto-évaluation)`."""
    parts = (languages_of(part) for part in _PARTS.split(header))
    return languages_of(header) or next(filter(None, parts), frozenset())


_PARTS = re.compile(r"[()\[\]:|/]|\s[-–—]\s")


def _shows_month_first(table: Table) -> bool:
    """Whether a column of dates, be it used or not, has the month first."""
    dated = (
        column.letter
        for column in table.columns
        if column.role is None or (isinstance(column.role, Field) and column.role.kind == "date")
    )
    return any(shows_month_first(table.cells[letter]) for letter in dated)
