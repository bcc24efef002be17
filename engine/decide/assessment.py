"""The result of an assessment: one recommendation for each person and open promotion."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import polars as pl

from engine.decide.variants import Variant, by_variant
from inputs import Roster
from rules.pack import BANDS, CONFIDENCES, Promotion, RulePack

RECOMMENDATIONS_SCHEMA: dict[str, pl.DataType] = {
    "person": pl.UInt32(),  # the row index in Roster.people
    "promotion": pl.String(),
    "case": pl.UInt32(),  # the index into Assessment.outcomes of the promotion
    "recommendation": pl.Enum(BANDS),
    "confidence": pl.Enum(CONFIDENCES),
}
"""`Assessment.recommendations`, in the order of the roster, then of the pack's promotions."""

UNDECIDED_SCHEMA: dict[str, pl.DataType] = {
    "person": pl.UInt32(),
    "promotion": pl.String(),
    "reason": pl.String(),  # without a full stop
}
"""`Assessment.undecided`, in the same order."""


@dataclass(frozen=True)
class Outcome:
    """What the rules concluded for one case; all people for whom the same rules fired share it."""

    fired: tuple[str, ...]
    """Codes of the rules that fired, in order, also those that gave way."""
    findings: tuple[str, ...]
    recommendation: str
    recommendation_rule: str
    confidence: str
    confidence_rule: str


@dataclass(frozen=True)
class Assessment:
    """Recommendations with everything that is needed to explain them."""

    roster: Roster
    pack: RulePack
    day: date
    recommendations: pl.DataFrame
    """`RECOMMENDATIONS_SCHEMA`."""
    evidence: Mapping[str, pl.DataFrame]
    """By promotion: `person` and, for each signal, the columns of `engine.decide.evidence`."""
    outcomes: Mapping[str, Sequence[Outcome]]
    """By promotion: the outcome of every distinct combination of rules that fired."""
    not_assessable: pl.DataFrame
    """`inputs.NOT_ASSESSABLE_SCHEMA`: the roster's, and those for whom the pack has no promotion, or the
    rules no recommendation."""
    undecided: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=UNDECIDED_SCHEMA))
    """`UNDECIDED_SCHEMA`: for whom the rules come to no recommendation, where that was allowed."""

    def of(self, promotion: Promotion) -> pl.DataFrame:
        """The rows of `recommendations` of everybody who is assessed for a promotion."""
        return self._by_promotion.get((promotion.id,), self.recommendations.clear())

    @cached_property
    def _by_promotion(self) -> Mapping[tuple[object, ...], pl.DataFrame]:
        return self.recommendations.partition_by("promotion", as_dict=True)

    def by_variant(self, promotion: Promotion) -> Iterator[tuple[Variant, pl.Series]]:
        """Every variant of a promotion that somebody is on, with the places of its people in `of` and in the
        promotion's `evidence`, in order."""
        found = self.of(promotion)
        if not found.is_empty():
            written = self.roster.people["specialisation"].gather(found["person"])
            yield from by_variant(self.pack, promotion, written)
