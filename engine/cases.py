"""People to distinct cases and back: a million people share a few thousand cases."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from engine.cuts import Cut

LARGEST_TABLE = 2**20
"""Up to so many combinations of bins, cases are numbered through a table instead of a join."""
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

    `bins` holds `person` and a UInt8 column of bins for every cut, one row for each person.
    """
    keys = _keys(cuts)
    packed = bins.select(key.expression.alias(f"key{n}") for n, key in enumerate(keys))
    if len(keys) == 1 and keys[0].size <= LARGEST_TABLE:
        case, distinct = _number_by_table(packed.to_series(), keys[0].size)
    else:
        case, distinct = distinct_rows(packed)
    return DistinctCases(case, tuple(_unpack(row, keys) for row in distinct.iter_rows()))


def distinct_rows(frame: pl.DataFrame) -> tuple[pl.Series, pl.DataFrame]:
    """The distinct rows of a frame, sorted, and for each row the index (UInt32) of its equal."""
    distinct = frame.unique().sort(frame.columns)
    numbered = distinct.with_columns(pl.int_range(pl.len(), dtype=pl.UInt32).alias("case"))
    joined = frame.join(numbered, on=frame.columns, how="left", maintain_order="left")
    return joined["case"], distinct


@dataclass(frozen=True)
class _Key:
    """Some cuts packed into one whole number, the first cut the most significant."""

    expression: pl.Expr
    size: int
    cuts: tuple[tuple[str, int], ...]
    """Name and number of bins of each cut."""


def _keys(cuts: Mapping[str, Cut]) -> list[_Key]:
    nothing = _Key(pl.repeat(0, pl.len(), dtype=pl.UInt64), 1, ())
    keys = [nothing]
    for name, cut in cuts.items():
        last = keys[-1]
        if last.size * cut.size > LARGEST_KEY:
            keys.append(nothing)
            last = nothing
        bins = pl.col(name).cast(pl.UInt64)
        packed = last.expression * cut.size + bins if last.cuts else bins
        keys[-1] = _Key(packed, last.size * cut.size, (*last.cuts, (name, cut.size)))
    return keys


def _number_by_table(key: pl.Series, size: int) -> tuple[pl.Series, pl.DataFrame]:
    present = key.unique().sort()
    number = pl.Series("case", range(present.len()), dtype=pl.UInt32)
    table = pl.DataFrame({"key": present, "case": number})
    every = pl.DataFrame({"key": pl.int_range(size, dtype=pl.UInt64, eager=True)})
    lookup = every.join(table, on="key", how="left", maintain_order="left")["case"]
    return lookup.gather(key), present.to_frame()


def _unpack(row: Sequence[int], keys: Sequence[_Key]) -> dict[str, int]:
    bins: dict[str, int] = {}
    for packed, key in zip(row, keys, strict=True):
        rest = packed
        found: dict[str, int] = {}
        for name, size in reversed(key.cuts):
            rest, found[name] = divmod(rest, size)
        bins.update(reversed(found.items()))
    return bins
