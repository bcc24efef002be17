"""The whole way from a roster and a pack to recommendations."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import polars as pl

from engine.decide.answers import answer_columns, answers_of
from engine.decide.assessment import (
    RECOMMENDATIONS_SCHEMA,
    UNDECIDED_SCHEMA,
    Assessment,
    Judged,
    Outcomes,
    bands_of,
)
from engine.decide.cycles import cycles_before, cycles_met, repeats
from engine.decide.discretization import Cut
from engine.decide.evidence import (
    LOWEST,
    CompletedRatings,
    KnownRatings,
    compute_evidence,
    count_lowest,
    is_incomplete,
)
from engine.decide.facts import FIRM_IN, compute_bins
from engine.decide.firmness import firm_in
from engine.decide.meaning import PromotionMeaning
from engine.decide.program import Programs
from engine.decide.recommending import Recommender, run
from engine.decide.supposed import INSUFFICIENT, NO_BAND, Bander, Ints, leave_open
from engine.decide.tenure import compute_tenure
from engine.decide.variants import Variant, by_variant
from inputs import NOT_ASSESSABLE_SCHEMA, Roster, rating_column
from rules.facts import BAND
from rules.pack import Promotion, RulePack

_DATES = ("level_since", "product_since", "review_date")


def assess(
    roster: Roster,
    pack: RulePack,
    day: date,
    *,
    gaps_allowed: bool = False,
    earlier: pl.DataFrame | None = None,
) -> Assessment:
    """Recommend for every person and every promotion open to them.

    A person with a `target_level` is assessed for that promotion alone. `day` is the day of the run. Raises
    `PackError` when the rules give somebody no recommendation or contradicting ones; with `gaps_allowed`, as
    where rules are only tried, these people are in `Assessment.undecided`. Rules with dates of validity
    are read on the day of the run. `earlier` (`engine.decide.cycles.CYCLES_SCHEMA`) is what earlier cycles
    say; those of the roster's own file unless given.
    """
    pack = pack.on(day)
    earlier = cycles_in_file(roster, pack) if earlier is None else earlier
    given = Given(roster, pack, day, earlier)
    candidates = ((promotion, given.candidates(promotion)) for promotion in pack.promotions)
    judged = {
        promotion.id: _Assessing.of(given, promotion, people).judged(gaps_allowed=gaps_allowed)
        for promotion, people in candidates
        if not people.is_empty()
    }
    return together(roster, pack, day, judged)


def together(roster: Roster, pack: RulePack, day: date, judged: Mapping[str, Judged]) -> Assessment:
    """The assessment that promotions, each judged for its people, make together."""
    # A stable sort keeps the order of the pack's promotions.
    nobody = pl.DataFrame(schema=RECOMMENDATIONS_SCHEMA | {"reason": pl.String()})
    found = pl.concat([nobody, *(one.found for one in judged.values())]).sort("person", maintain_order=True)
    known = pl.col("reason").is_null()
    undecided = found.filter(~known).select(*UNDECIDED_SCHEMA)
    recommendations = found.filter(known).select(*RECOMMENDATIONS_SCHEMA)
    left_out = _left_out(roster, pack, recommendations, undecided)
    not_assessable = pl.concat([roster.not_assessable, left_out]).sort("row", maintain_order=True)
    kept = {name: one.without_undecided() for name, one in judged.items()}
    return Assessment(roster, pack, day, recommendations, kept, not_assessable, undecided)


def cycles_in_file(roster: Roster, pack: RulePack) -> pl.DataFrame | None:
    """What the earlier cycles of a file say, by the signals and bars of now; None where it has none."""
    before: pl.DataFrame | None = None
    rosters = (*(one.roster for one in roster.earlier), roster)
    for cycle, after in zip(roster.earlier, rosters[1:], strict=True):
        given = Given(cycle.roster, pack, cycle.end, before)
        ids = cycle.roster.people["employee_id"]
        seen = (
            (ids.gather(one.evidence["person"]), one.variant, one.evidence)
            for promotion in pack.promotions
            for one in given.evidence(promotion, given.candidates(promotion))
        )
        before = cycles_met(seen, fresh=not repeats(cycle.roster, after))
    return before


@dataclass(frozen=True)
class _Evidence:
    """What is known of the people whom one specialisation asks for a promotion."""

    variant: Variant
    places: pl.Series
    """Where they are among the people of the promotion."""
    meaning: PromotionMeaning
    ratings: pl.DataFrame
    evidence: pl.DataFrame


@dataclass(frozen=True)
class Given:
    """What everybody is judged by."""

    roster: Roster
    pack: RulePack
    day: date
    earlier: pl.DataFrame | None

    @cached_property
    def lowest(self) -> pl.DataFrame:
        """Of everybody, how many ratings are the lowest, and how many are missing."""
        return count_lowest(self.roster.ratings, self.pack)

    def candidates(self, promotion: Promotion) -> pl.DataFrame:
        """The people at the promotion's level who do not aim elsewhere: `person`, their dates and answers."""
        answers = answer_columns(self.pack.facts_for(promotion))
        aims_here = pl.col("target_level").is_null() | (pl.col("target_level") == promotion.to_level)
        return (
            self.roster.people.lazy()
            .with_row_index("person")
            .filter((pl.col("level") == promotion.from_level) & aims_here)
            .select("person", *_DATES, *answers)
            .collect()
        )

    def unrated(self, promotion: Promotion, people: pl.DataFrame) -> pl.DataFrame:
        """What no rating moves, of candidates: times, earlier cycles and answers."""
        ids = self.roster.people["employee_id"].gather(people["person"])
        return compute_tenure(people, self.pack, promotion, self.day).hstack(
            [
                cycles_before(self.earlier, ids, promotion.id),
                *answers_of(people, people.columns[1 + len(_DATES) :]).get_columns(),
            ]
        )

    def evidence(
        self, promotion: Promotion, people: pl.DataFrame, *, everything: bool = False
    ) -> Iterator[_Evidence]:
        """The evidence of candidates, with what no rating moves, by what they are asked; with `everything`,
        their ratings are of all competencies of the pack."""
        given = self.unrated(promotion, people)
        chosen = self.roster.people["specialisation"].gather(people["person"])
        for variant, places in by_variant(self.pack, promotion, chosen):
            meaning = PromotionMeaning.of(self.pack, variant.promotion)
            wanted = [one.id for one in self.pack.competencies] if everything else meaning.competencies
            ratings = self._ratings(people["person"].gather(places), wanted, meaning)
            evidence = compute_evidence(ratings, meaning).hstack(given[places].get_columns())
            yield _Evidence(variant, places, meaning, ratings, evidence)

    def _ratings(
        self, people: pl.Series, competencies: Sequence[str], meaning: PromotionMeaning
    ) -> pl.DataFrame:
        """`person`, the manager's ratings of these competencies, the self ratings of what signals look at,
        and `lowest`; nothing more is carried along."""
        self_rated = (name for signal in meaning.signals for name in signal.weights)
        wanted = [rating_column(name, "manager") for name in competencies]
        wanted += [rating_column(name, "self") for name in dict.fromkeys(self_rated)]
        ratings, size = self.roster.ratings, self.roster.people.height
        known = [name for name in wanted if name in ratings.columns]
        chosen = pl.repeat(value=False, n=size, dtype=pl.Boolean, eager=True)
        everybody = pl.int_range(size, dtype=pl.UInt32, eager=True).alias("person").to_frame()
        frame = everybody.hstack(ratings.select(known).get_columns()).hstack(self.lowest.get_columns())
        return frame.filter(chosen.scatter(people, values=True))


@dataclass(frozen=True)
class _Group(_Evidence):
    """The same with what gives them bands."""

    bander: Bander


@dataclass(frozen=True)
class _Assessing:
    """One promotion and the people it is open to."""

    pack: RulePack
    promotion: Promotion
    programs: Programs
    people: pl.DataFrame
    """`person`, dates and answers, in the order of the roster."""
    groups: tuple[_Group, ...]

    @classmethod
    def of(cls, given: Given, promotion: Promotion, people: pl.DataFrame) -> "_Assessing":
        programs = Programs.of(given.pack, promotion)
        recommender = Recommender.of(programs.band)
        groups = []
        for one in given.evidence(promotion, people, everything=LOWEST in programs.band.facts):
            bander = Bander.of(given.pack, one.meaning, programs.band, recommender)
            groups.append(_Group(**vars(one), bander=bander))
        return cls(given.pack, promotion, programs, people, tuple(groups))

    def judged(self, *, gaps_allowed: bool) -> Judged:
        """Findings, then the band, then how firm it is, then the confidence."""
        findings = run(self.programs.findings, self._as_given(self.programs.findings.facts))
        band = run(self.programs.band, self._completed(best=True))
        best = band.concluded("recommendation", gaps_allowed=gaps_allowed)
        worst_codes, best_codes = self._range(best.codes, gaps_allowed=gaps_allowed)
        untold = worst_codes != best_codes
        codes = np.where(untold & (worst_codes != NO_BAND), INSUFFICIENT, best_codes)
        firm = self._firm(codes)
        facts = self._as_given(self.programs.confidence.facts, codes, firm).hstack(findings.drawn())
        confidence = run(self.programs.confidence, facts)
        sure = confidence.concluded("confidence", gaps_allowed=gaps_allowed)
        case, outcomes = Outcomes.of(self.pack, self.programs, findings, band, untold, confidence)
        found = self.people.select(
            "person",
            pl.lit(self.promotion.id).alias("promotion"),
            case.alias("case"),
            bands_of(codes).alias("recommendation"),
            sure.values.alias("confidence"),
            bands_of(worst_codes).alias("worst_band"),
            bands_of(best_codes).alias("best_band"),
            firm.alias(FIRM_IN),
            pl.coalesce(
                best.undecided,
                pl.when(pl.lit(pl.Series(worst_codes == NO_BAND))).then(pl.lit(_NO_WORST)),
                sure.undecided,
            ).alias("reason"),
        )
        evidence = self._sorted([one.evidence for one in self.groups])
        return Judged(self.programs, found, evidence, outcomes, self.banders)

    @property
    def banders(self) -> Mapping[str | None, Bander]:
        """By the id of a specialisation that overrides signals, None for everybody else."""
        return {one.variant.name: one.bander for one in self.groups}

    def _as_given(
        self, cuts: Mapping[str, Cut], codes: Ints | None = None, firm: pl.Series | None = None
    ) -> pl.DataFrame:
        """The bins of facts as they are; for rules on the confidence with the band and how firm it is."""
        frames = []
        for one in self.groups:
            frame = one.evidence
            if codes is not None and firm is not None:
                band = pl.Series(BAND, codes[one.places.to_numpy()].clip(0, INSUFFICIENT), dtype=pl.UInt8)
                frame = frame.with_columns(band, firm.gather(one.places).alias(FIRM_IN))
            frames.append(compute_bins(frame, cuts, one.meaning, KnownRatings()))
        return self._sorted(frames)

    def _completed(self, *, best: bool) -> pl.DataFrame:
        """The bins of the facts that the band rests on, every missing rating at one end of the scale."""
        program = self.programs.band
        return self._sorted(
            compute_bins(one.evidence, program.facts, one.meaning, CompletedRatings(one.meaning, best))
            for one in self.groups
        )

    def _range(self, best: Ints, *, gaps_allowed: bool) -> tuple[Ints, Ints]:
        """The codes of the bands at worst and at best: the same where no rating is missing that can
        matter."""
        worst, best = best.copy(), best.copy()
        for one in self.groups:
            meaning = one.meaning
            everything = len(one.bander.competencies) > len(meaning.competencies)
            gone = one.evidence.select(is_incomplete(meaning, everything=everything)).to_series()
            places = one.places.filter(gone).to_numpy()
            if not len(places):
                continue
            evidence, tried = one.evidence.filter(gone), np.full(len(places), fill_value=True)
            if one.bander.monotone:
                bins = compute_bins(
                    evidence, self.programs.band.facts, meaning, CompletedRatings(meaning, best=False)
                )
                ran = run(self.programs.band, bins)
                worst[places] = ran.concluded("recommendation", gaps_allowed=gaps_allowed).codes
                tried = leave_open(worst[places], best[places])
            if tried.any():
                mask = pl.Series(tried)
                people = one.bander.people(one.ratings.filter(gone).filter(mask), evidence.filter(mask))
                worst[places[tried]], best[places[tried]] = people.range_of(people.ratings)
        return worst, best

    def _firm(self, codes: Ints) -> pl.Series:
        """In how many re-ratings the band stays; null for insufficient evidence and where there is no
        band."""
        firm = pl.repeat(None, len(codes), dtype=pl.UInt8, eager=True)
        for one in self.groups:
            own = codes[one.places.to_numpy()]
            judged = pl.Series(own < INSUFFICIENT)
            places = one.places.filter(judged)
            if not places.is_empty():
                people = one.bander.people(one.ratings.filter(judged), one.evidence.filter(judged))
                found = firm_in(people, own[own < INSUFFICIENT])
                firm = firm.scatter(places, pl.Series(found, dtype=pl.UInt8))
        return firm

    def _sorted(self, frames: Iterable[pl.DataFrame]) -> pl.DataFrame:
        """Frames of all groups together, in the order of the people."""
        together = list(frames)
        if len(together) == 1:
            return together[0]
        places = pl.concat([one.places.rename("place") for one in self.groups])
        # Specialisations with other weights may keep their sums in other types.
        return pl.concat(together, how="vertical_relaxed").with_columns(places).sort("place").drop("place")


_NO_WORST = "no rule gives a recommendation where missing ratings are at the lowest"


def _left_out(
    roster: Roster, pack: RulePack, recommendations: pl.DataFrame, undecided: pl.DataFrame
) -> pl.DataFrame:
    """People for whom the pack has no promotion or the rules no recommendation, as rows of
    `NOT_ASSESSABLE_SCHEMA`."""
    recommended = pl.repeat(value=False, n=roster.people.height, dtype=pl.Boolean, eager=True)
    people = roster.people.with_row_index("person")
    left = people.filter(~recommended.scatter(recommendations["person"], values=True))
    titles = {level.id: level.title for level in pack.levels}
    promotions = {promotion.id: promotion.title for promotion in pack.promotions}
    title = pl.col("level").replace_strict(titles, return_dtype=pl.String)
    nowhere = pl.format("The rules of “{}” have no promotion from {}.", pl.lit(pack.title), title)
    promotion = pl.col("promotion").replace_strict(promotions, return_dtype=pl.String)
    why = pl.format("{}: {}.", promotion, pl.col("reason"))
    reasons = undecided.group_by("person").agg(why.str.join(" ").alias("reason"))
    return (
        left.join(reasons, on="person", how="left", maintain_order="left")
        .with_columns(
            level_as_written=title,
            kind=pl.when(pl.col("reason").is_null())
            .then(pl.lit("no_promotion"))
            .otherwise(pl.lit("no_recommendation")),
            reason=pl.coalesce("reason", nowhere),
        )
        .select(*NOT_ASSESSABLE_SCHEMA)
    )
