"""The date columns of joined tables: each sheet's dates in the order of day and month that they show."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

import polars as pl

from inputs import fields
from inputs.asked import mapped
from inputs.checks.issue_log import IssueLog
from inputs.fields import Field
from inputs.phrases import counted, few, was
from inputs.tables.contents import SourceColumn
from inputs.tables.date_language import read_table_dates
from inputs.tables.joining.joined_tables import JoinedTables
from inputs.tables.layout import Table
from inputs.words.dates import DateColumn, DateOrder, OrderSource, is_length_in_level, read_dates
from inputs.words.texts import text_of


def date_column(
    joined: JoinedTables,
    field: Field,
    day: date,
    declared: DateOrder | None,
    log: IssueLog,
    *,
    future: bool = False,
) -> pl.Series:
    """The dates of a column (Date), nulls where there is none; `future` dates are faults unless allowed."""
    column = joined.columns.get(field)
    values = pl.Series(dtype=pl.Date).clear(len(joined.rows))
    if column is None:
        return values
    for table, at in _tables(joined, column):
        cells = column.cells if at is None else column.cells.gather(at)
        sheet = table.sheet
        header = next((one.header for one in table.columns if one.role is field), column.header)
        read, language = read_table_dates(table, header, cells, day, declared, future=future)
        faults = read.faults
        if at is None:
            values = read.values
        else:
            values = values.scatter(at, read.values)
            faults = tuple(replace(fault, at=at[fault.at]) for fault in faults)
        log.cells(field, faults)
        where = "" if at is None else f" in '{sheet.name or sheet.file}'"
        _report(field, read, where, language or "", log)
    return values


def _tables(joined: JoinedTables, column: SourceColumn) -> Iterator[tuple[Table, pl.Series | None]]:
    """The table of each sheet with the people whose cells it holds; None for all of them."""
    layers = column.table.layers
    if not layers:
        yield column.table, None
        return
    # Of a cell that another column fills the place is not known, but the person's is.
    rows = (
        joined.rows if column.rows is None else column.rows.zip_with(column.rows.is_not_null(), joined.rows)
    )
    ends = [layer.start for layer in layers[1:]] + [None]
    for layer, end in zip(layers, ends, strict=True):
        inside = rows > layer.start
        if end is not None:
            inside &= rows <= end
        yield layer.table, inside.fill_null(value=False).arg_true()


def report_unused_dates(joined: JoinedTables, day: date, log: IssueLog) -> None:
    """A note of columns of dates that are taken for nothing, where none says since when people are in their
    level."""
    if fields.LEVEL_SINCE in joined.columns:
        return
    for header, cells in joined.unused.items():
        if not is_length_in_level(header):
            continue
        lengths = text_of(cells).drop_nulls()
        if lengths.str.contains(r"\d").any() and not _are_dates(cells, day):
            log.warn(
                "column_not_used",
                f"'{header}' seems to say how long people have been at their level, such as '{lengths[0]}', "
                "and was not used: a length of time does not say on which day it was counted.",
                "Add a column 'In Level Since' with the date from which each person has been at their level.",
            )
    found = [header for header, cells in joined.unused.items() if _are_dates(cells, day)]
    if found:
        listed = few([f"'{header}'" for header in found], 6)
        log.note(
            "column_not_used",
            "No column is known to say how long people have been at their level, and dates were not used: "
            f"{listed}.",
            f"If these are the dates, say so in a mapping: `columns: {mapped([(found[0], 'level_since')])}`.",
        )


_LOOKED_AT = 50
"""Cells of a column."""


def _are_dates(cells: pl.Series, day: date) -> bool:
    """Whether most cells are dates, and not numbers that could be dates of a spreadsheet program."""
    cells = cells.drop_nulls().head(_LOOKED_AT)
    if cells.dtype == pl.String:
        words = cells.filter(~cells.str.contains(r"^[\d.,]*$"))
        dates = read_dates(words, day, declared="day first", future=True).values
        return 0 < len(cells) < 2 * dates.count()
    return cells.dtype.is_temporal() and len(cells) > 0


_HOW: Mapping[OrderSource, str] = {
    "dates": "as the other dates of the column show",
    "mapping": "as the mapping says",
    "header": "as the header says",
    "dots": "as dates with dots are written",
    "months": "as is usual in the language of the month names in the column",
    "language": "as dates are written in {}, the language of the headers",
}


def _report(field: Field, read: DateColumn, where: str, language: str, log: IssueLog) -> None:
    if read.order is not None and read.order_by is not None:
        log.note(
            "date_order",
            f"{counted(read.ordered, 'different date')}{where} could be read in two ways and "
            f"{was(read.ordered)} read {read.order}, {_HOW[read.order_by].format(language)}.",
            "If that is wrong, write the dates as YYYY-MM-DD.",
            field,
        )
    if read.without_day:
        log.note(
            "month_only",
            f"{counted(read.without_day, 'different date')}{where} "
            f"{'gives' if read.without_day == 1 else 'give'} only the month; its first day was used.",
            "Nothing to do if that is close enough; otherwise write the day too.",
            field,
        )
    if read.suspicious:
        log.warn(
            "swapped_dates",
            f"The column{where} mixes real dates, none of them after the 12th of a month, with texts that "
            "all are: a spreadsheet program with another date order may have swapped day and month of the "
            "real ones.",
            "Export the dates as YYYY-MM-DD.",
            field,
        )
