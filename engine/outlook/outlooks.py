"""The outlook of everybody who is assessed for a promotion, put together from the searches."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import ceil, floor

import numpy as np
import polars as pl

from engine.decide.assessment import Assessment
from engine.decide.discretization import NumberCut
from engine.decide.facts import MONTHS_PER_YEAR
from engine.decide.tenure import MEASURED_FROM, plan_tenure
from engine.decide.variants import Variant
from engine.outlook.arrays import Ints
from engine.outlook.banding import Banding
from engine.outlook.candidates import INSUFFICIENT, Candidates
from engine.outlook.changes import FoundChange, find_changes
from engine.outlook.needed_ratings import FoundRatings, find_needed_ratings
from engine.outlook.people import People, Supposed
from engine.outlook.space import Space
from engine.outlook.stability import Stability, compute_stability
from rules.pack import BANDS, Promotion


@dataclass(frozen=True)
class Outlooks:
    """What is found for some people, by row."""

    banding: Banding
    """Of any of their variants."""
    competencies: tuple[str, ...]
    """As `People.competencies`."""
    better: Mapping[int, tuple[FoundChange, ...]]
    unsearched: frozenset[int]
    """Rows without a change for which not all changes were tried."""
    tried_steps: Mapping[int, int]
    """Of them: so many steps of the ratings at hand, in whatever way, lead to no better band."""
    worse: Mapping[int, tuple[FoundChange, ...]]
    to_rate: Mapping[int, tuple[FoundRatings, ...]]
    """For insufficient evidence: the smallest sets of signals to rate; all of them where more than three are
    needed."""
    reachable: Mapping[int, bool]
    """For a row without a change: whether any ratings at all would lead to a better band."""
    from_day: Mapping[int, tuple[date, str]]
    """For a row that no three signals change: the first day on which time alone does, and the band then."""
    stability: Stability


def find_outlooks(assessment: Assessment, promotion: Promotion) -> Iterator[tuple[Ints, Outlooks]]:
    """The outlook of everybody who is assessed for a promotion, those together whose variants give every
    signal the same importance; with their places in `Assessment.of`."""
    for places, people in people_of(assessment, promotion):
        yield places, _find(people, assessment)


def people_of(assessment: Assessment, promotion: Promotion) -> Iterator[tuple[Ints, People]]:
    """As `find_outlooks`, with what their bands are made of."""
    together: dict[tuple[str, ...], list[tuple[Variant, Ints]]] = {}
    for variant, own in assessment.by_variant(promotion):
        kinds = tuple(signal.importance for signal in variant.promotion.signals)
        together.setdefault(kinds, []).append((variant, own.cast(pl.Int64).to_numpy()))
    if not together:
        return
    banding = Banding.of(assessment.pack, promotion)
    for alike in together.values():
        bandings = tuple(banding.on(variant) for variant, _ in alike)
        places = np.concatenate([own for _, own in alike])
        variants = np.repeat(np.arange(len(alike)), [len(own) for _, own in alike])
        order = np.argsort(places)
        yield places[order], _people(assessment, promotion, bandings, variants[order], places[order])


def _people(
    assessment: Assessment,
    promotion: Promotion,
    bandings: tuple[Banding, ...],
    variants: Ints,
    places: Ints,
) -> People:
    found, evidence = assessment.of(promotion), assessment.evidence[promotion.id]
    if len(places) < found.height:
        found, evidence = found[places], evidence[places]
    return People(
        bandings=bandings,
        variants=variants,
        space=Space(bandings[0]),
        person=found["person"],
        given=assessment.roster.ratings,
        evidence=evidence,
        present=found["recommendation"],
    )


def _find(people: People, assessment: Assessment) -> Outlooks:
    stability = compute_stability(people)
    dates = assessment.roster.people[list(MEASURED_FROM.values())][people.person]
    better = find_changes(people, Candidates(people.space, up=True))
    to_rate = find_needed_ratings(people)
    helped = [*better.found, *to_rate]
    stuck = np.setdiff1d(np.flatnonzero(people.codes > 0), np.array(helped, dtype=np.int64))
    return Outlooks(
        banding=people.banding,
        competencies=people.competencies,
        better=better.found,
        unsearched=better.unsearched,
        tried_steps=better.tried_steps,
        worse=find_changes(people, Candidates(people.space, up=False)).found,
        to_rate=to_rate,
        reachable=_reachable(people, stuck[people.codes[stuck] != INSUFFICIENT]),
        from_day=_first_days(people, dates, stuck, assessment.day),
        stability=stability,
    )


def _reachable(people: People, rows: Ints) -> dict[int, bool]:
    """Whether a better band is reached when every rating is the highest."""
    best = np.full((len(rows), people.ratings.shape[1]), people.ladders.scale.highest)
    reached = people.judge(Supposed(rows, best)).codes
    return dict(zip(rows.tolist(), (reached < people.codes[rows]).tolist(), strict=True))


def _first_days(people: People, dates: pl.DataFrame, rows: Ints, day: date) -> dict[int, tuple[date, str]]:
    """The first day after `day` on which time alone brings a better band, or any judgement at all."""
    there = dates.with_row_index("row")[rows].lazy()
    moments = [
        there.with_columns(on=pl.col(column).dt.offset_by(f"{months}mo"))
        for column, months in _thresholds(people.banding)
    ]
    if not moments or not len(rows):
        return {}
    later = pl.concat(moments).filter(pl.col("on") > day).sort("row", "on")
    banding = people.banding
    tried, times = pl.collect_all([later, plan_tenure(later, banding.pack, banding.promotion, pl.col("on"))])
    at = tried["row"].to_numpy().astype(np.int64)
    codes = people.codes_at(at, times)
    better = np.flatnonzero(codes < people.codes[at])
    first = better[np.unique(at[better], return_index=True)[1]]
    days = tried["on"].gather(first)
    return {
        row: (on, BANDS[code])
        for row, on, code in zip(at[first].tolist(), days, codes[first].tolist(), strict=True)
    }


def _thresholds(banding: Banding) -> Iterator[tuple[str, int]]:
    """The date column and the whole months after it at which a fact of time moves to another bin."""
    guidance, facts = banding.promotion.tenure, banding.program.facts
    measured = MEASURED_FROM[guidance.measure] if guidance else "level_since"
    if "observation" in facts:
        yield "level_since", banding.pack.standard.observation_months
    if "tenure" in facts and guidance is not None:
        yield measured, ceil(Fraction(guidance.from_years) * MONTHS_PER_YEAR)
        if guidance.to_years is not None:
            yield measured, floor(Fraction(guidance.to_years) * MONTHS_PER_YEAR) + 1
    for fact, column, factor in (
        ("months_in_level", "level_since", 1),
        ("experience_years", measured, MONTHS_PER_YEAR),
    ):
        cut = banding.program.cuts.get(fact)
        if isinstance(cut, NumberCut):
            for constant, after in cut.breaks:
                months = constant * factor
                yield column, floor(months) + 1 if after else ceil(months)
