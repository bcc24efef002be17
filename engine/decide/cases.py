"""People to distinct cases and back: a million people share a few thousand cases."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod

import polars as pl

from engine.decide.discretization import Cut

LARGEST_TABLE = 2**20
"""Up to so many combinations of bins, cases are numbered through a table instead of a join."""
FEW_PEOPLE = 2_000
"""Up to so many people, plain Python and numpy are quicker than a query."""
LARGEST_KEY = 2**62
"""A case is packed into one whole number while it fits in 64 bits with room to spare."""


@dataclass(frozen=True)
class DistinctCases:
    """Who is in which case, and what bins each case is made of."""

    case: pl.Series
    """UInt32, one for each person: the index into `cases`."""
    cases: Sequence[Mapping[str, int]]
    """Fact to bin."""


def distinct_cases(bins: pl.DataFrame, cuts: Mapping[str, Cut]) -> DistinctCases:
    """The distinct combinations of bins among people.

    `bins` holds a column of bins for every cut, one row for each person, and may hold other columns.
    """
    case, distinct = distinct_combinations(bins, {name: cut.size for name, cut in cuts.items()})
    # Without cuts everybody is in the one case there is.
    return DistinctCases(case, tuple(distinct.to_dicts()) if cuts else ({},) * min(1, case.len()))


def distinct_combinations(frame: pl.DataFrame, sizes: Mapping[str, int]) -> tuple[pl.Series, pl.DataFrame]:
    """The distinct combinations of some columns of whole numbers below `sizes`, sorted, and for each row the
    index (UInt32) of its combination."""
    if sizes and frame.height <= FEW_PEOPLE:
        return _number_one_by_one(pl.DataFrame([frame[name] for name in sizes]))
    keys = _keys(sizes)
    packed = frame.select(key.expression.alias(f"key{n}") for n, key in enumerate(keys))
    if len(keys) == 1 and keys[0].size <= LARGEST_TABLE:
        case, distinct = _number_by_table(packed.to_series(), keys[0].size)
    else:
        case, distinct = distinct_rows(packed)
    return case, distinct.select(
        column for n, key in enumerate(keys) for column in _unpacked(f"key{n}", key.columns)
    )


def distinct_rows(frame: pl.DataFrame) -> tuple[pl.Series, pl.DataFrame]:
    """The distinct rows of a frame, sorted, and for each row the index (UInt32) of its equal."""
    distinct = frame.unique().sort(frame.columns)
    numbered = distinct.with_columns(pl.int_range(pl.len(), dtype=pl.UInt32).alias("case"))
    joined = frame.join(numbered, on=frame.columns, how="left", maintain_order="left")
    return joined["case"], distinct


@dataclass(frozen=True)
class _Key:
    """Some columns packed into one whole number, the first the most significant."""

    columns: tuple[tuple[str, int], ...]
    """Name and size of each column."""

    @property
    def size(self) -> int:
        return prod(size for _, size in self.columns)

    @property
    def expression(self) -> pl.Expr:
        dtype = pl.UInt32() if self.size <= LARGEST_TABLE else pl.UInt64()
        if not self.columns:
            return pl.repeat(0, pl.len(), dtype=dtype)
        (first, _), *others = self.columns
        key = pl.col(first).cast(dtype)
        for name, size in others:
            key = key * pl.lit(size, dtype=dtype) + pl.col(name).cast(dtype)
        return key


def _keys(sizes: Mapping[str, int]) -> list[_Key]:
    keys = [_Key(())]
    for name, size in sizes.items():
        if keys[-1].size * size > LARGEST_KEY:
            keys.append(_Key(()))
        keys[-1] = _Key((*keys[-1].columns, (name, size)))
    return keys


def _unpacked(key: str, columns: Sequence[tuple[str, int]]) -> list[pl.Expr]:
    """The columns that a key was packed from."""
    rest, found = pl.col(key), []
    for name, size in reversed(columns):
        found.append((rest % size).cast(pl.UInt32).alias(name))
        rest = rest // size
    return found[::-1]


def _number_one_by_one(frame: pl.DataFrame) -> tuple[pl.Series, pl.DataFrame]:
    rows = frame.rows()
    distinct = sorted(set(rows))
    number = {row: n for n, row in enumerate(distinct)}
    case = pl.Series("case", [number[row] for row in rows], dtype=pl.UInt32)
    return case, pl.DataFrame(distinct, schema=dict.fromkeys(frame.columns, pl.UInt32), orient="row")


def _number_by_table(key: pl.Series, size: int) -> tuple[pl.Series, pl.DataFrame]:
    present = key.unique().sort()
    number = pl.Series("case", range(present.len()), dtype=pl.UInt32)
    table = pl.repeat(0, size, dtype=pl.UInt32, eager=True).scatter(present, number)
    return table.gather(key), present.to_frame()
