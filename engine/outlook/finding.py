"""The outlook of everybody on one track, put together from the searches."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import ceil, floor

import numpy as np
import polars as pl

from engine.arrays import Ints
from engine.assessment import Assessment
from engine.cuts import NumberCut
from engine.facts import MONTHS_PER_YEAR
from engine.outlook.banding import Banding
from engine.outlook.candidates import INSUFFICIENT, Candidates
from engine.outlook.changes import FoundChange, find_changes
from engine.outlook.needed_ratings import FoundRatings, find_needed_ratings
from engine.outlook.people import People, Supposed
from engine.outlook.space import Space
from engine.outlook.stability import Stability, compute_stability
from engine.signals import rating_columns
from engine.tenure import MEASURED_FROM, compute_tenure
from engine.tracks import Track
from rules.pack import BANDS, Transition

TIME_COLUMNS = ("months_in_level", "experience_months", "tenure", "observation")


@dataclass(frozen=True)
class Outlooks:
    """What is found for the people of one track, by row."""

    banding: Banding
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


@dataclass(frozen=True)
class _Searched:
    """The case space of some tracks, and the changes in it that may lead elsewhere."""

    space: Space
    better: Candidates
    worse: Candidates

    @classmethod
    def of(cls, banding: Banding) -> "_Searched":
        space = Space(banding)
        return cls(space, Candidates(space, up=True), Candidates(space, up=False))


def find_outlooks(assessment: Assessment, promotion: Transition) -> Iterator[tuple[Track, Outlooks]]:
    """The outlook of everybody who is assessed for a promotion, by track as `Assessment.by_track` says."""
    for track, people, searched in _people_of(assessment, promotion):
        yield track, _find(people, searched, assessment)


def people_of(assessment: Assessment, promotion: Transition) -> Iterator[tuple[Track, People]]:
    """Everybody who is assessed for a promotion, by track, with what their band is made of."""
    for track, people, _ in _people_of(assessment, promotion):
        yield track, people


def _people_of(assessment: Assessment, promotion: Transition) -> Iterator[tuple[Track, People, _Searched]]:
    known = assessment.roster.ratings
    banding = Banding.of(assessment.pack, promotion)
    searched: dict[tuple[str, ...], _Searched] = {}
    for track, found, evidence in assessment.by_track(promotion):
        looked_at = [name for name in rating_columns(track.transition) if name in known.columns]
        ratings = known.select(looked_at)[found["person"]].get_columns() if looked_at else []
        on_track = banding.on(track)
        kinds = tuple(signal.importance for signal in track.transition.signals)
        if kinds not in searched:
            searched[kinds] = _Searched.of(on_track)
        people = People(
            banding=on_track,
            space=searched[kinds].space,
            known=found.select("person").hstack(ratings),
            evidence=evidence.drop(TIME_COLUMNS),
            times=evidence.select(TIME_COLUMNS),
            present=found["recommendation"],
        )
        yield track, people, searched[kinds]


def _find(people: People, searched: _Searched, assessment: Assessment) -> Outlooks:
    dates = assessment.roster.people.select(*MEASURED_FROM.values())[people.known["person"]]
    better = find_changes(people, searched.better)
    to_rate = find_needed_ratings(people)
    helped = [*better.found, *to_rate]
    stuck = np.setdiff1d(np.flatnonzero(people.codes > 0), np.array(helped, dtype=np.int64))
    return Outlooks(
        banding=people.banding,
        better=better.found,
        unsearched=better.unsearched,
        tried_steps=better.tried_steps,
        worse=find_changes(people, searched.worse).found,
        to_rate=to_rate,
        reachable=_reachable(people, stuck[people.codes[stuck] != INSUFFICIENT]),
        from_day=_first_days(people, dates, stuck, assessment.day),
        stability=compute_stability(people),
    )


def _reachable(people: People, rows: Ints) -> dict[int, bool]:
    """Whether a better band is reached when every rating is the highest."""
    best = np.full((len(rows), people.ratings.shape[1]), people.ladder.highest)
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
    tried = pl.concat(moments).filter(pl.col("on") > day).unique().sort("row", "on").collect()
    times = compute_tenure(tried, people.banding.pack, people.banding.transition, pl.col("on"))
    at = tried["row"].cast(pl.Int64).to_numpy()
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
    guidance, facts = banding.transition.tenure, banding.program.facts
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
