"""People to distinct cases and back: a million people share a few thousand cases."""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from engine.cuts import Cut

LARGEST_KEY = 2**62
"""A case is packed into one whole number while it fits in 64 bits with room to spare."""


@dataclass(frozen=True)
class DistinctCases:
    """Who is in which case, and what bins each case is made of."""

    case: pl.Series
    """UInt32, one for each person: the index into `cases`."""
    cases: tuple[Mapping[str, int], ...]
    """Fact to bin."""


def distinct_cases(facts: pl.DataFrame, cuts: Mapping[str, Cut]) -> DistinctCases:
    """Cut the facts (columns of `engine.facts.compute_facts`) and find the distinct combinations of bins."""
    key, cases = pl.repeat(0, pl.len(), dtype=pl.UInt64), 1
    keys: list[pl.Expr] = []
    for cut in cuts.values():
        if cases * cut.size > LARGEST_KEY:
            keys.append(key)
            key, cases = pl.lit(0, dtype=pl.UInt64), 1
        key, cases = key * cut.size + cut.bin_expression().cast(pl.UInt64), cases * cut.size
    keys.append(key)
    names = [f"key{n}" for n in range(len(keys))]
    people = facts.lazy().select(k.alias(name) for k, name in zip(keys, names, strict=True)).collect()
    first = people.with_row_index("person").group_by(names).agg(pl.col("person").min()).sort("person")
    numbered = first.select(*names, pl.int_range(pl.len(), dtype=pl.UInt32).alias("case"))
    case = people.join(numbered, on=names, how="left", maintain_order="left")["case"]
    bins = facts[first["person"]].select(cut.bin_expression().alias(name) for name, cut in cuts.items())
    return DistinctCases(case, tuple(bins.to_dicts()) if cuts else ({},) * first.height)
