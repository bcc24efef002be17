"""The order of review cycles: by the names that people give them, such as `2025`, `H1 2026`, `Q3 FY25` or
`Mid-Year 2025`, or by dates."""

import re
from collections.abc import Sequence
from datetime import date

import polars as pl

from inputs.dates import read_dates
from inputs.parts import text_of
from inputs.spelling import words
from inputs.table_findings import TableFindings

_YEAR = re.compile(r"20\d\d")
_FISCAL = re.compile(r"fy(\d\d|\d{4})")
_PARTS = {
    "q1": 1, "h1": 2, "q2": 2, "mid": 2, "midyear": 2, "s1": 2, "q3": 3, "h2": 4, "q4": 4, "s2": 4, "end": 4,
    "yearend": 4, "endyear": 4, "annual": 4,
}  # fmt: skip


def row_order(findings: TableFindings, day: date) -> pl.Series:
    """A number per row, higher for later reviews; null where the row does not say when it was."""
    table = findings.table
    nothing = pl.Series("order", [None], dtype=pl.Int64).new_from_index(0, len(table.rows))
    cycles = table.values("cycle")
    if cycles is not None:
        texts = text_of(cells=cycles)
        names = texts.drop_nulls().unique().sort().to_list()
        order = cycle_order(names)
        if order is not None:
            return texts.replace_strict(order, default=None, return_dtype=pl.Int64).alias("order")
        if len(names) > 1 and not table.by_role.keys() & {"review_date", "date"}:
            seen = ", ".join(f"'{name}'" for name in names[:6])
            findings.questions.append(
                f"{table.place}, column {table.by_role['cycle'].letter}: which of the cycles is to be "
                f"read: {seen}? "
                "Their order cannot be told from their names. Keep the rows of one cycle."
            )
    dates = table.values("date" if "date" in table.by_role else "review_date")
    if dates is None:
        return nothing
    read = read_dates(dates, day, epoch_1904=table.sheet.epoch_1904)
    return read.readings.values.to_physical().cast(pl.Int64).alias("order")


def cycle_order(names: Sequence[str]) -> dict[str, int] | None:
    """A number per cycle name, later cycles higher; None when a name does not say when it was."""
    order = {}
    for name in names:
        spoken = words(name)
        years = [int(word) for word in spoken if _YEAR.fullmatch(word)]
        fiscal = [int(found[1][-2:]) + 2000 for word in spoken if (found := _FISCAL.fullmatch(word))]
        parts = {_PARTS[word] for word in spoken if word in _PARTS}
        if len(years or fiscal) != 1 or len(parts) > 1:
            return None
        order[name] = (years or fiscal)[0] * 10 + (parts.pop() if parts else 4)
    return order if len(set(order.values())) == len(order) else None
