"""Evidence and dates to facts: the values that conditions compare, exact.

What facts that rest on ratings mean stands in `engine.decide.meaning`, those on time in
`engine.decide.tenure`. A number is a fraction of two whole numbers, a category the index of its value.
Findings are facts too, but `engine.decide.recommending` adds those.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

import numpy as np
import polars as pl

from engine.decide import cases
from engine.decide.discretization import Cut, NumberCut
from engine.decide.evidence import Arrays, KnownRatings
from engine.decide.meaning import Number, PromotionMeaning, Ratio
from rules.facts import ANSWER, CYCLES_MET, FIRMNESS, Fact

MONTHS_PER_YEAR = 12
TIME_NUMBERS: Mapping[str, tuple[str, int]] = {
    "months_in_level": ("months_in_level", 1),
    "observed_months": ("observed_months", 1),
    "review_age_months": ("review_age_months", 1),
    "experience_years": ("experience_months", MONTHS_PER_YEAR),
    CYCLES_MET: (CYCLES_MET, 1),
}
"""Facts on time to the column of `engine.decide.tenure` or `engine.decide.cycles` and what a whole is divided
into."""
_TIME_CATEGORIES = ("tenure", "observation", "review")
FIRM_IN = "firm_in"
"""UInt8, null for insufficient evidence: in how many of `RE_RATINGS` plausible re-ratings the band stays."""
RE_RATINGS = 64


def is_given(name: str) -> bool:
    """Whether a fact is about time or an answer of the sheet: no rating moves it."""
    return name in TIME_NUMBERS or name in _TIME_CATEGORIES or name.startswith(ANSWER)


def ratio_of(name: str, meaning: PromotionMeaning, ratings: KnownRatings) -> Ratio:
    """A number fact over an evidence frame with the columns of `compute_tenure` beside it."""
    columns = ratings.columns
    if name == FIRMNESS:
        return Ratio(columns.column(FIRM_IN), RE_RATINGS, columns.known(FIRM_IN))
    if name in TIME_NUMBERS:
        column, parts = TIME_NUMBERS[name]
        return Ratio(columns.column(column), parts, columns.known(column))
    return meaning.number(name, columns.algebra, ratings)


def category_of(name: str, meaning: PromotionMeaning, ratings: KnownRatings) -> Number:
    """The code of a category fact, over the same frame."""
    code = meaning.category(name, ratings)
    return ratings.columns.code(name) if code is None else code


def compute_bins(
    evidence: pl.DataFrame, cuts: Mapping[str, Cut], meaning: PromotionMeaning, ratings: KnownRatings
) -> pl.DataFrame:
    """`person` and the bin (UInt8) of each of these facts, a row for each of an evidence frame, in order."""
    if evidence.height > cases.FEW_PEOPLE:
        bins = (one.cast(pl.UInt8).alias(name) for name, one in _bins(cuts, meaning, ratings))
        return evidence.lazy().select("person", *bins).collect()
    arrays = replace(ratings, columns=Arrays(evidence))
    columns = (_column(name, one, evidence.height, np.uint8) for name, one in _bins(cuts, meaning, arrays))
    return pl.DataFrame([evidence["person"], *columns])


def _bins(
    cuts: Mapping[str, Cut], meaning: PromotionMeaning, ratings: KnownRatings
) -> Iterator[tuple[str, Number]]:
    for name, cut in cuts.items():
        if isinstance(cut, NumberCut):
            yield name, cut.bins(ratings.columns.algebra, ratio_of(name, meaning, ratings))
        else:
            yield name, category_of(name, meaning, ratings)


def compute_facts(evidence: pl.DataFrame, meaning: PromotionMeaning, facts: Iterable[Fact]) -> pl.DataFrame:
    """The values of facts as they are, one row for each of an evidence frame, in order.

    A column for each name: for a number its numerator (Int64, null where it is unknown) and, as `name/`, its
    denominator (Int64); for a category the index of its value (UInt8).
    """
    ratings, rows, columns = KnownRatings(columns=Arrays(evidence)), evidence.height, [evidence["person"]]
    for fact in facts:
        if fact.kind == "number":
            ratio = ratio_of(fact.name, meaning, ratings)
            number = _column(fact.name, ratio.numerator, rows, np.int64)
            if ratio.known is not None:
                number = number.set(pl.Series(~ratio.known), None)
            columns += [number, _column(denominator_of(fact.name), ratio.denominator, rows, np.int64)]
        elif fact.kind == "category":
            columns.append(_column(fact.name, category_of(fact.name, meaning, ratings), rows, np.uint8))
    return pl.DataFrame(columns)


def _column(name: str, numbers: Number, rows: int, dtype: type[np.generic]) -> pl.Series:
    """An array, or one number for everybody, as a column."""
    return pl.Series(name, np.broadcast_to(numbers, rows).astype(dtype))


def denominator_of(name: str) -> str:
    """The column that holds the denominator of a number fact."""
    return f"{name}/"
