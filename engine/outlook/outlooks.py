"""The outlook of everybody who is assessed for a promotion, put together from the searches."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from engine.decide.assessment import Assessment
from engine.decide.supposed import INSUFFICIENT, MISSING, Bander, Ints, People
from engine.decide.tenure import add_months
from engine.decide.variants import Variant
from engine.outlook.needed import Needed, needed_ratings
from engine.outlook.search import Found, fewest_down, fewest_up
from rules.facts import OBSERVATIONS, REVIEWS
from rules.pack import BANDS, Promotion

_DEVELOPING = BANDS.index("developing")


@dataclass(frozen=True)
class Step:
    """One rating step that alone changes the band."""

    competency: int
    before: int
    after: int
    band: int | None
    """The code of the band that it leads to; None where missing ratings would leave it open."""


@dataclass(frozen=True)
class Outlooks:
    """What is found for the people of one variant, by row."""

    variant: Variant
    people: People
    up: Mapping[int, Mapping[int, Found]]
    """By the rank of a band and the row of a person below it: the fewest steps to it."""
    down: Mapping[int, Found]
    """By the row of a person with a band: the fewest steps that lose it."""
    needed: Mapping[int, tuple[Needed, ...]]
    """For a row whose band cannot be told."""
    from_day: Mapping[int, tuple[date, int]]
    """For a row that is too new: from when there would be enough, and the code of the band then with the same
    ratings, unless missing ones leave it open."""
    single_steps: Ints
    """By row how many single steps of one rating are possible."""
    turning: Mapping[int, tuple[Step, ...]]
    """Those that change the band."""

    @property
    def bander(self) -> Bander:
        """What gives bands to supposed ratings."""
        return self.people.bander


def find_outlooks(assessment: Assessment, promotion: Promotion) -> Iterator[tuple[list[int], Outlooks]]:
    """The outlook of everybody who is assessed for a promotion, by variant, with their places in
    `Assessment.of`."""
    judged = assessment.of(promotion)
    for variant, places in assessment.by_variant(promotion):
        name = None if variant.specialisation is None else variant.specialisation.id
        found, evidence = judged.found[places], judged.evidence[places]
        people = judged.banders[name].people(assessment.roster.ratings[found["person"]], evidence)
        since = assessment.roster.people["level_since"].gather(found["person"])
        bands = found["recommendation"].to_physical().to_numpy().astype(np.int64)
        new = _too_new(assessment, people, evidence, since)
        yield places.to_list(), _outlooks(variant, people, bands, new)


def _outlooks(
    variant: Variant, people: People, bands: Ints, from_day: Mapping[int, tuple[date, int]]
) -> Outlooks:
    up = {
        rank: _up(people, np.flatnonzero(bands == rank + 1), rank, ways=True) for rank in range(_DEVELOPING)
    }
    up[0] |= _up(people, np.flatnonzero(bands == _DEVELOPING), 0, ways=False)
    judged = np.flatnonzero(bands < INSUFFICIENT)
    down = dict(zip(judged.tolist(), fewest_down(people.those(judged), bands[judged]), strict=True))
    worst, best = people.range_of(people.ratings)
    open_ = np.flatnonzero(worst != best)
    needed = dict(zip(open_.tolist(), needed_ratings(people.those(open_)), strict=True))
    single, turning = _single_steps(people, bands)
    return Outlooks(variant, people, up, down, needed, from_day, single, turning)


def _up(people: People, rows: Ints, rank: int, *, ways: bool) -> dict[int, Found]:
    return dict(zip(rows.tolist(), fewest_up(people.those(rows), rank, ways=ways), strict=True))


def _single_steps(people: People, bands: Ints) -> tuple[Ints, dict[int, tuple[Step, ...]]]:
    """How many single steps there are, and which of them change the band."""
    scale, size, competencies = people.bander.scale, len(people), len(people.bander.competencies)
    # Every rating a step down, then a step up: a column for each person, competency and direction.
    person = np.tile(np.arange(size), 2 * competencies)
    place = np.tile(np.repeat(np.arange(competencies), size), 2)
    by = np.repeat((-scale.step, scale.step), competencies * size)
    before = people.ratings[place, person]
    after = np.where(before == MISSING, MISSING, np.clip(before + by, scale.lowest, scale.highest))
    possible = np.flatnonzero(after != before)
    person, place, before, after = person[possible], place[possible], before[possible], after[possible]
    ratings = people.ratings[:, person]
    ratings[place, np.arange(len(person))] = after
    worst, best = people.those(person).range_of(ratings)
    turning: dict[int, tuple[Step, ...]] = {}
    was = bands[person]
    for n in np.flatnonzero((was < INSUFFICIENT) & ((worst != was) | (best != was))).tolist():
        band = int(worst[n]) if worst[n] == best[n] and worst[n] < len(BANDS) else None
        step = Step(int(place[n]), int(before[n]), int(after[n]), band)
        turning[int(person[n])] = (*turning.get(int(person[n]), ()), step)
    return np.bincount(person, minlength=size), turning


def _too_new(
    assessment: Assessment, people: People, evidence: pl.DataFrame, since: pl.Series
) -> dict[int, tuple[date, int]]:
    """From when there would be enough evidence about those who are too new, and the band then."""
    months = assessment.pack.standard.observation_months
    codes = evidence["observation"].to_numpy()
    rows = np.flatnonzero(codes == OBSERVATIONS.index("too_short"))
    if not len(rows):
        return {}
    later = evidence[rows].with_columns(
        pl.lit(OBSERVATIONS.index("enough"), dtype=pl.UInt8).alias("observation"),
        pl.lit(REVIEWS.index("current"), dtype=pl.UInt8).alias("review"),
        pl.lit(months, dtype=pl.Int32).alias("observed_months"),
        pl.lit(0, dtype=pl.Int32).alias("review_age_months"),
        pl.max_horizontal("months_in_level", pl.lit(months, dtype=pl.Int32)).alias("months_in_level"),
    )
    then = People(people.bander, people.ratings[:, rows], people.bander.times(later))
    worst, best = then.range_of(then.ratings)
    return {
        row: (add_months(since[row], months), int(high) if low == high else len(BANDS))
        for row, low, high in zip(rows.tolist(), worst.tolist(), best.tolist(), strict=True)
    }
