"""Evidence and dates to facts: the values that conditions compare, exact.

What facts that rest on ratings mean stands in `engine.decide.meaning`, those on time in
`engine.decide.tenure`. A number is a fraction of two whole numbers, a category the index of its value.
Findings are facts too, but `engine.decide.recommending` adds those.
"""

from collections.abc import Iterable, Iterator, Mapping

import polars as pl

from engine.decide.algebra import POLARS
from engine.decide.discretization import Cut, NumberCut
from engine.decide.evidence import Told
from engine.decide.meaning import PromotionMeaning, Ratings, Ratio
from rules.facts import ANSWER, FIRMNESS, Fact

MONTHS_PER_YEAR = 12
TIME_NUMBERS: Mapping[str, tuple[str, int]] = {
    "months_in_level": ("months_in_level", 1),
    "observed_months": ("observed_months", 1),
    "review_age_months": ("review_age_months", 1),
    "experience_years": ("experience_months", MONTHS_PER_YEAR),
}
"""Facts on time to the column of `engine.decide.tenure` and what a whole is divided into."""
_TIME_CATEGORIES = ("tenure", "observation", "review")
FIRM_IN = "firm_in"
"""UInt8, null for insufficient evidence: in how many of `RE_RATINGS` plausible re-ratings the band stays."""
RE_RATINGS = 64


def is_given(name: str) -> bool:
    """Whether a fact is about time or an answer of the sheet: no rating moves it."""
    return name in TIME_NUMBERS or name in _TIME_CATEGORIES or name.startswith(ANSWER)


def ratio_of(name: str, meaning: PromotionMeaning, ratings: Ratings) -> Ratio:
    """A number fact over an evidence frame with the columns of `compute_tenure` beside it."""
    if name == FIRMNESS:
        return Ratio(pl.col(FIRM_IN).cast(pl.Int64), RE_RATINGS, pl.col(FIRM_IN).is_not_null())
    if name in TIME_NUMBERS:
        column, parts = TIME_NUMBERS[name]
        return Ratio(pl.col(column).cast(pl.Int64), parts, pl.col(column).is_not_null())
    return meaning.number(name, POLARS, ratings)


def category_of(name: str, meaning: PromotionMeaning, ratings: Ratings) -> pl.Expr:
    """The code of a category fact, over the same frame."""
    family, _, signal = name.partition(".")
    if family in ("signal", "agreement"):
        of = next(one for one in meaning.signals if one.id == signal)
        code: pl.Expr = ratings.status(of) if family == "signal" else ratings.agreement(of)
        return code
    return pl.col(name)


def bins_of(cuts: Mapping[str, Cut], meaning: PromotionMeaning, ratings: Ratings) -> Iterator[pl.Expr]:
    """The bin (UInt8) of each of these facts, under its name."""
    for name, cut in cuts.items():
        if isinstance(cut, NumberCut):
            yield cut.bins(POLARS, ratio_of(name, meaning, ratings)).cast(pl.UInt8).alias(name)
        else:
            yield category_of(name, meaning, ratings).cast(pl.UInt8).alias(name)


def compute_facts(evidence: pl.DataFrame, meaning: PromotionMeaning, facts: Iterable[Fact]) -> pl.DataFrame:
    """The values of facts as they are, one row for each of an evidence frame, in order.

    A column for each name: for a number its numerator (Int64, null where it is unknown) and, as `name/`, its
    denominator (Int64); for a category the index of its value (UInt8).
    """
    told, expressions = Told(), list[pl.Expr]()
    for fact in facts:
        if fact.kind == "number":
            ratio = ratio_of(fact.name, meaning, told)
            number = _expression(ratio.numerator)
            known = number if ratio.known is None else pl.when(ratio.known).then(number)
            expressions += [known.alias(fact.name), _expression(ratio.denominator).alias(f"{fact.name}/")]
        elif fact.kind == "category":
            expressions.append(category_of(fact.name, meaning, told).cast(pl.UInt8).alias(fact.name))
    return evidence.lazy().select("person", *expressions).collect()


def denominator_of(name: str) -> str:
    """The column that holds the denominator of a number fact."""
    return f"{name}/"


def _expression(number: pl.Expr | int) -> pl.Expr:
    return pl.lit(number, dtype=pl.Int64) if isinstance(number, int) else number.cast(pl.Int64)
