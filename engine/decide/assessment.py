"""The result of an assessment: one recommendation for each person and open promotion."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

from engine.decide.cases import distinct_combinations
from engine.decide.facts import FIRM_IN
from engine.decide.program import Programs
from engine.decide.recommending import Fired, Ran, winning
from engine.decide.supposed import Bander
from engine.decide.variants import Variant, by_variant
from inputs import Roster
from rules.pack import BANDS, CONFIDENCES, Band, Confidence, InsufficientKind, Promotion, RulePack

RECOMMENDATIONS_SCHEMA: dict[str, pl.DataType] = {
    "person": pl.UInt32(),  # the row index in Roster.people
    "promotion": pl.String(),
    "case": pl.UInt32(),  # the index into the outcomes of the promotion
    "recommendation": pl.Enum(BANDS),
    "confidence": pl.Enum(CONFIDENCES),
    "worst_band": pl.Enum(BANDS),  # whatever the missing ratings are, the band is no worse than this
    "best_band": pl.Enum(BANDS),  # nor better than this
    FIRM_IN: pl.UInt8(),  # in how many of the re-ratings the band stays; null for insufficient evidence
}
"""`Assessment.recommendations`, in the order of the roster, then of the pack's promotions."""

UNDECIDED_SCHEMA: dict[str, pl.DataType] = {
    "person": pl.UInt32(),
    "promotion": pl.String(),
    "reason": pl.String(),  # without a full stop
}
"""`Assessment.undecided`, in the same order."""


def bands_of(codes: NDArray[np.int64]) -> pl.Series:
    """The codes of bands as bands; null for a code after the last."""
    known = np.where(codes < len(BANDS), codes, 0)
    there = pl.Series(codes < len(BANDS))
    bands = pl.Series(BANDS, dtype=pl.Enum(BANDS)).gather(pl.Series(known, dtype=pl.UInt32))
    return bands.set(~there, None)


@dataclass(frozen=True)
class Outcome:
    """What the rules concluded for one case; all people for whom the same rules fired share it."""

    fired: tuple[str, ...]
    """Codes of the rules that fired, in order, also those that gave way: findings over the ratings as they
    are, the recommendation over missing ratings at their best, the confidence."""
    findings: tuple[str, ...]
    recommendation: Band
    recommendation_rule: str
    confidence: Confidence
    confidence_rule: str
    kind: InsufficientKind | None
    """Why the evidence is insufficient; None for every other band."""


@dataclass(frozen=True)
class Outcomes(Sequence[Outcome]):
    """The outcome of every distinct combination of fired rules, made when it is asked for."""

    pack: RulePack
    programs: Programs
    findings: Sequence[Fired]
    bands: Sequence[Fired]
    confidences: Sequence[Fired]
    combinations: pl.DataFrame
    """One row per outcome: the places in the three above, and whether missing ratings leave the band open."""

    @classmethod
    def of(
        cls,
        pack: RulePack,
        programs: Programs,
        findings: Ran,
        band: Ran,
        untold: NDArray[np.bool_],
        confidence: Ran,
    ) -> tuple[pl.Series, "Outcomes"]:
        """The outcomes, and for each person the index (UInt32) of theirs."""
        fired = {"findings": findings.fired(), "bands": band.fired(), "confidences": confidence.fired()}
        columns = [case.alias(name) for name, (case, _) in fired.items()]
        sizes = {name: max(1, len(known)) for name, (_, known) in fired.items()}
        frame = pl.DataFrame([*columns, pl.Series("untold", untold, dtype=pl.UInt32)])
        case, combinations = distinct_combinations(frame, sizes | {"untold": 2})
        known = {name: codes for name, (_, codes) in fired.items()}
        return case, cls(pack, programs, **known, combinations=combinations)

    def __len__(self) -> int:
        return self.combinations.height

    def __getitem__(self, index: int) -> Outcome:  # type: ignore[override]
        if index not in self._made:
            self._made[index] = self._outcome(*self.combinations.row(index))
        return self._made[index]

    def __iter__(self) -> Iterator[Outcome]:
        return (self[index] for index in range(len(self)))

    @cached_property
    def _made(self) -> dict[int, Outcome]:
        return {}

    def _outcome(self, findings: int, band: int, confidence: int, untold: int) -> Outcome:
        programs, cannot_tell = self.programs, self.pack.cannot_tell
        drawn = self.findings[findings]
        bands = [code for code in self.bands[band] if programs.band.rules[code].topic == "recommendation"]
        deciding = winning([programs.band.rules[code] for code in bands])
        sure = winning([programs.confidence.rules[code] for code in self.confidences[confidence]])
        assert deciding is not None
        assert sure is not None
        return Outcome(
            fired=(*drawn, *([cannot_tell.code] if untold else bands), *self.confidences[confidence]),
            findings=tuple(dict.fromkeys(programs.findings.rules[code].conclusion for code in drawn)),
            recommendation=BANDS[-1] if untold else deciding.recommendation or BANDS[-1],
            recommendation_rule=cannot_tell.code if untold else deciding.code,
            confidence=sure.confidence or CONFIDENCES[-1],
            confidence_rule=sure.code,
            kind="cannot_be_told" if untold else deciding.kind,
        )


@dataclass(frozen=True)
class Judged:
    """Everything about one promotion."""

    programs: Programs
    found: pl.DataFrame
    """`RECOMMENDATIONS_SCHEMA` and `reason`: why there is no recommendation, null where there is one."""
    evidence: pl.DataFrame
    """The columns of `engine.decide.evidence` and of `engine.decide.tenure`, in the same order."""
    outcomes: Sequence[Outcome] | Mapping[int, Outcome]
    """By case."""
    banders: Mapping[str | None, Bander]
    """By the id of a specialisation that overrides signals, None for everybody else."""

    def without_undecided(self) -> "Judged":
        """Only those for whom there is a recommendation."""
        known = self.found["reason"].is_null()
        if known.all():
            return self
        return replace(self, found=self.found.filter(known), evidence=self.evidence.filter(known))


@dataclass(frozen=True)
class Assessment:
    """Recommendations with everything that is needed to explain them."""

    roster: Roster
    pack: RulePack
    day: date
    recommendations: pl.DataFrame
    """`RECOMMENDATIONS_SCHEMA`."""
    judged: Mapping[str, Judged]
    """By promotion."""
    not_assessable: pl.DataFrame
    """`inputs.NOT_ASSESSABLE_SCHEMA`: the roster's, and those for whom the pack has no promotion, or the
    rules no recommendation."""
    undecided: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=UNDECIDED_SCHEMA))
    """`UNDECIDED_SCHEMA`: for whom the rules come to no recommendation, where that was allowed."""

    def bands(self) -> dict[tuple[str, str], Band]:
        """The band of each person and promotion, by employee id and promotion id."""
        ids = self.roster.people["employee_id"].gather(self.recommendations["person"])
        found = self.recommendations.select("promotion", "recommendation")
        return {(id_, promotion): band for id_, (promotion, band) in zip(ids, found.iter_rows(), strict=True)}

    @property
    def promotions(self) -> Iterator[Promotion]:
        """The promotions that somebody is assessed for, in the order of the pack."""
        known = set(self.recommendations["promotion"].unique())
        return (promotion for promotion in self.pack.promotions if promotion.id in known)

    def some(self, places: Sequence[int]) -> "Assessment":
        """The same for some rows of `recommendations` alone."""
        kept = self.recommendations[list(places)]
        judged = {}
        for (name,), own in kept.partition_by("promotion", as_dict=True, maintain_order=True).items():
            one = self.judged[name]
            # The people of a promotion are in the order of the roster.
            rows = one.found["person"].search_sorted(own["person"].sort())
            judged[name] = replace(one, found=one.found[rows], evidence=one.evidence[rows])
        return replace(self, recommendations=kept, judged=judged)

    def of(self, promotion: Promotion) -> Judged:
        """Everybody who is assessed for a promotion, in the order of the roster."""
        return self.judged[promotion.id]

    def by_variant(self, promotion: Promotion) -> Iterator[tuple[Variant, pl.Series]]:
        """Every variant of a promotion that somebody is asked for, with the places of its people in `of`."""
        found = self.of(promotion).found
        if not found.is_empty():
            specialisations = self.roster.people["specialisation"].gather(found["person"])
            yield from by_variant(self.pack, promotion, specialisations)
