"""Fields that stand on the first of a person's rows alone, as exports of parent and child records have
them."""

from dataclasses import replace
from functools import reduce
from operator import or_

import polars as pl

from inputs.fields import LAST_NAME, Field
from inputs.phrases import counted, was
from inputs.roster import Issue, Severity
from inputs.tables.contents import key_field, shape_of, source_columns
from inputs.tables.layout import Table
from inputs.words.stand_ins import sums_up
from inputs.words.texts import each

_ENOUGH = 3
"""One row in this many has to be without a person for the empty cells to mean: as above."""


def filled_down(table: Table) -> tuple[Table, list[Issue]]:
    """The table with the fields of a person in all of the person's rows, and a note that says so."""
    key = key_field(table)
    if key is None or shape_of(table) not in ("long", "rater rows"):
        return table, []
    column = table.by_role.get(key) or table.by_role[LAST_NAME]  # the name may be in two columns
    letters = [
        one.letter for one in table.columns if isinstance(one.role, Field) and one.role.use != "rating"
    ]
    keys = source_columns(table)[key].texts
    without = table.cells.select(pl.all_horizontal(pl.col(letters).is_null())).to_series()
    sums = _sum_up(keys)
    if (without | sums).sum() < keys.null_count():
        # The sum of a person's rows may stand where the name does, beside an empty id.
        others = (table.cells[letter].cast(pl.String).set(keys.is_not_null(), None) for letter in letters)
        sums = reduce(or_, map(_sum_up, others), sums)
    filled = _as_above(keys, without, sums)
    if not filled:
        return table, []
    at = pl.select(pl.when(~pl.lit(without)).then(pl.int_range(len(keys)))).to_series().forward_fill()
    cells = table.cells.with_columns(table.cells[letter].gather(at) for letter in letters)
    return replace(table, cells=cells), [
        table.issue(
            "filled_down",
            Severity.NOTE,
            f"{counted(filled, 'row')} without a person {was(filled)} read as if the empty cells repeated "
            "those above. Only the first of a person's rows has their fields.",
            "Nothing to do if an empty cell means the same as above.",
            column,
        )
    ]


def _sum_up(texts: pl.Series) -> pl.Series:
    return each(texts, sums_up, pl.Boolean).fill_null(value=False)


def _as_above(keys: pl.Series, without: pl.Series, sums: pl.Series) -> int:
    """How many rows are about the person above; 0 when empty cells can mean something else."""
    count = int(without.sum())
    if not count:
        return 0
    named = keys.filter(~sums).drop_nulls()
    # A row below a sum, or the first one, is not about a person above.
    below = without & (sums | keys.is_null()).shift(1, fill_value=True) & ~without.shift(1, fill_value=False)
    clear = count == (keys.is_null() & ~sums).sum() and not named.is_duplicated().any() and not below.any()
    return count if clear and count * _ENOUGH >= len(keys) - int(sums.sum()) else 0
