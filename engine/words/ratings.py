"""Ratings and means of them as people read them: in points, and as the file writes them where it has a way
of its own."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from engine.phrases import Rating, join, number, rounded_ratio
from inputs import UNITS_PER_POINT, OwnScale, Rater
from rules.pack import RulePack

PLACES_SHOWN = 4


def shown_rating(units: int, scale: OwnScale | None, weight: int = 1) -> Decimal:
    """A rating in units, or with a weight the mean of several."""
    plain = rounded_ratio(units, weight * UNITS_PER_POINT, PLACES_SHOWN)
    return plain if scale is None else _own(units, weight, plain, scale)


def scale_note(scales: Mapping[Rater, OwnScale], pack: RulePack) -> str:
    """What is said of a file with ratings of its own; empty where they are on the pack's scale."""
    written = list(dict.fromkeys(map(str, scales.values())))
    lowest, highest, step = map(number, (pack.scale.lowest, pack.scale.highest, pack.scale.step))
    if not written:
        return ""
    marks = dict.fromkeys(one.between for one in scales.values() if one.between)
    between = "".join(f" (“{mark}” is between a word and the next)" for mark in marks)
    return (
        f"The ratings of the file are {join(written)}{between}. After “=” is the rating on the rule pack's "
        f"scale from {lowest} to {highest}; a rating step is {step} on it."
    )


def outcomes_said(outcomes: Sequence[tuple[Decimal, str]], pack: RulePack, *, many: bool) -> str:
    """What missing ratings would lead to: `with 4 or better: Ready now; otherwise: Developing`.

    The best rating may be the lowest number, as in school marks.
    """
    labels, best = {str(band): text.label for band, text in pack.bands.items()}, pack.scale.highest
    (_, least), *limits = outcomes
    each, other = (" in each", "with worse in each") if many else ("", "otherwise")
    said = [
        f"with {number(rating, PLACES_SHOWN)}{' or better' * (rating < best)}{each}: {labels[band]}"
        for rating, band in reversed(limits)
    ]
    return "; ".join([*said, f"{other if said else 'whatever is given'}: {labels[least]}"])


@lru_cache(maxsize=100_000)
def _own(units: int, weight: int, plain: Decimal, scale: OwnScale) -> Rating:
    return Rating(plain, scale.written(Fraction(units, weight)))
