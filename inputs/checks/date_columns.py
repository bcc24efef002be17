"""The date columns of an assembly: each sheet's dates in the order of day and month that they show."""

from collections.abc import Iterator
from datetime import date

import polars as pl

from inputs.checks.issue_log import IssueLog
from inputs.files.sheets import Sheet
from inputs.roster import Severity
from inputs.tables.contents import SourceColumn
from inputs.tables.joining import JoinedTables
from inputs.words.dates import DateColumn, DateOrder, read_dates


def date_column(
    assembly: JoinedTables,
    role: str,
    day: date,
    declared: DateOrder | None,
    findings: IssueLog,
    *,
    future: bool = False,
) -> pl.Series:
    """The dates of a column (Date), nulls where there is none; `future` dates are faults unless allowed."""
    strand = assembly.strands.get(role)
    values = pl.Series(role, [None], dtype=pl.Date).new_from_index(0, len(assembly.rows))
    if strand is None:
        return values
    for sheet, at in _sheets(assembly, strand):
        cells = strand.cells if at is None else strand.cells.gather(at)
        read = read_dates(cells, day, epoch_1904=sheet.epoch_1904, declared=declared, future=future)
        faults = read.readings.faults
        if at is None:
            values = read.readings.values.alias(role)
        else:
            values = values.scatter(at, read.readings.values)
            faults = tuple(fault.moved_to(at[fault.at]) for fault in faults)
        findings.cells(role, faults)
        where = "" if at is None else f" in '{sheet.name or sheet.file}'"
        _report(role, read, declared, where, findings)
    return values


def _sheets(assembly: JoinedTables, strand: SourceColumn) -> Iterator[tuple[Sheet, pl.Series | None]]:
    """Each sheet with the people whose cells it holds; None for all of them."""
    layers = strand.table.layers
    if not layers:
        yield strand.sheet, None
        return
    rows = assembly.rows if strand.rows is None else strand.rows
    ends = [layer.start for layer in layers[1:]] + [None]
    for layer, end in zip(layers, ends, strict=True):
        inside = rows > layer.start
        if end is not None:
            inside &= rows <= end
        yield layer.table.sheet, inside.fill_null(value=False).arg_true()


def _report(role: str, read: DateColumn, declared: DateOrder | None, where: str, findings: IssueLog) -> None:
    if read.order is not None:
        shown = read.order != declared
        how = "as the other dates of the column show" if shown else "as the mapping says"
        findings.note(
            "date_order",
            f"{read.ordered} different dates{where} could be read in two ways; they were read {read.order}, "
            f"{how}.",
            "If that is wrong, write the dates as YYYY-MM-DD.",
            role,
        )
    if read.suspicious:
        findings.about(
            "swapped_dates",
            Severity.WARNING,
            f"The column{where} mixes real dates, none of them after the 12th of a month, with texts that "
            "all are: a spreadsheet program with another date order may have swapped day and month of the "
            "real ones.",
            "Export the dates as YYYY-MM-DD.",
            role,
        )
