"""The outlook of everybody who is assessed for a promotion, put together from the searches."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from engine.decide.assessment import Assessment
from engine.decide.supposed import DEVELOPING, INSUFFICIENT, MISSING, Bander, Ints, People
from engine.decide.tenure import MEASURED_FROM, add_months, compute_tenure
from engine.decide.variants import Variant
from engine.outlook.needed import needed_ratings
from engine.outlook.search import fewest_down, fewest_up
from engine.outlook.searched import Distance, Searched, Step
from rules.facts import OBSERVATIONS
from rules.pack import BANDS, TENURES, Band, Promotion


@dataclass(frozen=True)
class Group:
    """The people of one variant of a promotion as arrays."""

    variant: Variant
    places: pl.Series
    """Where they are in `Assessment.of`."""
    people: People
    found: pl.DataFrame
    evidence: pl.DataFrame

    @property
    def bander(self) -> Bander:
        """What gives bands to supposed ratings."""
        return self.people.bander


def groups_of(assessment: Assessment, promotion: Promotion) -> Iterator[Group]:
    """Everybody who is assessed for a promotion, by variant."""
    judged = assessment.of(promotion)
    for variant, places in assessment.by_variant(promotion):
        found, evidence = judged.found[places], judged.evidence[places]
        people = judged.banders[variant.name].people(assessment.roster.ratings[found["person"]], evidence)
        yield Group(variant, places, people, found, evidence)


def search_outlooks(assessment: Assessment) -> tuple[Searched, ...]:
    """What would change each recommendation, in the order of `Assessment.recommendations`."""
    searched: dict[tuple[int, str], Searched] = {}
    for promotion in assessment.promotions:
        for group in groups_of(assessment, promotion):
            found = zip(group.found["person"], _searched(assessment, group), strict=True)
            searched.update(((person, promotion.id), one) for person, one in found)
    keys = assessment.recommendations.select("person", "promotion").iter_rows()
    return tuple(searched[key] for key in keys)


def _searched(assessment: Assessment, group: Group) -> Iterator[Searched]:
    """What would change the recommendation of each person of a group."""
    people, bands = group.people, group.found["recommendation"].to_physical().to_numpy().astype(np.int64)
    up = {rank: _up(people, np.flatnonzero(bands == rank + 1), rank, ways=True) for rank in range(DEVELOPING)}
    top = _up(people, np.flatnonzero(bands == DEVELOPING), 0, ways=False)
    judged = np.flatnonzero(bands < INSUFFICIENT)
    down = dict(zip(judged.tolist(), fewest_down(people.those(judged), bands[judged]), strict=True))
    worst, best = people.range_of(people.ratings)
    open_ = np.flatnonzero(worst != best)
    needed = dict(zip(open_.tolist(), needed_ratings(people.those(open_)), strict=True))
    single, turning = _single_steps(people, bands)
    later = {**_too_new(assessment, group), **_short_of_time(assessment, group, bands)}
    for row, rank in enumerate(bands.tolist()):
        day, then = later.get(row, (None, None))
        yield Searched(
            next_band=up.get(rank - 1, {}).get(row),
            ready_now=top.get(row),
            lost=down.get(row),
            needed=needed.get(row, ()),
            from_day=day,
            from_day_band=then,
            single_steps=int(single[row]),
            turning=turning.get(row, ()),
        )


def _up(people: People, rows: Ints, rank: int, *, ways: bool) -> dict[int, Distance]:
    return dict(zip(rows.tolist(), fewest_up(people.those(rows), rank, ways=ways), strict=True))


def _single_steps(people: People, bands: Ints) -> tuple[Ints, Mapping[int, tuple[Step, ...]]]:
    """How many single steps there are, and which of them change the band."""
    scale, size, competencies = people.bander.scale, len(people), len(people.bander.competencies)
    # Every rating a step down, then a step up: a column for each person, competency and direction.
    person = np.tile(np.arange(size), 2 * competencies)
    place = np.tile(np.repeat(np.arange(competencies), size), 2)
    by = np.repeat((-scale.step, scale.step), competencies * size)
    before = people.ratings[place, person]
    after = np.where(before == MISSING, MISSING, np.clip(before + by, scale.lowest, scale.highest))
    possible = np.flatnonzero(after != before)
    person, place, after = person[possible], place[possible], after[possible]
    ratings = people.ratings[:, person]
    ratings[place, np.arange(len(person))] = after
    worst, best = people.those(person).range_of(ratings)
    turning: dict[int, tuple[Step, ...]] = {}
    was = bands[person]
    for n in np.flatnonzero((was < INSUFFICIENT) & ((worst != was) | (best != was))).tolist():
        step = Step(people.bander.competencies[place[n]], int(after[n]), _settled(worst[n], best[n]))
        turning[int(person[n])] = (*turning.get(int(person[n]), ()), step)
    return np.bincount(person, minlength=size), turning


def _too_new(assessment: Assessment, group: Group) -> Mapping[int, tuple[date, Band | None]]:
    """From when a review would be enough to judge those who are too new, and the band after one on that day
    with the same ratings."""
    codes = group.evidence["observation"].to_numpy()
    rows = np.flatnonzero(codes == OBSERVATIONS.index("too_short"))
    if not len(rows):
        return {}
    days = _after_months(assessment, group, rows, "level_since", assessment.pack.standard.observation_months)
    then = _on(assessment, group, rows, days, reviewed=True)
    return dict(zip(rows.tolist(), zip(days, _bands_of(then), strict=True), strict=True))


def _short_of_time(
    assessment: Assessment, group: Group, bands: Ints
) -> Mapping[int, tuple[date, Band | None]]:
    """From when the time that the promotion asks for is over, for those to whom no rating brings what it does
    then, and the band then, with the same ratings."""
    guidance, early = group.variant.promotion.tenure, TENURES.index("early")
    codes = group.evidence["tenure"].to_numpy()
    rows = np.flatnonzero((codes == early) & (bands > 0) & (bands < INSUFFICIENT))
    if guidance is None or not len(rows):
        return {}
    days = _after_months(assessment, group, rows, MEASURED_FROM[guidance.measure], guidance.least_months)
    now, then = group.people.those(rows), _on(assessment, group, rows, days, reviewed=False)
    top = np.full_like(now.ratings, group.bander.scale.highest)
    held_back = then.bands(top) < now.bands(top)
    return {
        row: (on, band)
        for row, on, band, held in zip(rows.tolist(), days, _bands_of(then), held_back.tolist(), strict=True)
        if held
    }


def _after_months(
    assessment: Assessment, group: Group, rows: Ints, column: str, months: int
) -> Sequence[date]:
    """For each of some people the day on which so many months have passed since a date of theirs."""
    since = assessment.roster.people[column].gather(group.found["person"][rows])
    return [add_months(start, months) for start in since]


def _on(assessment: Assessment, group: Group, rows: Ints, days: Sequence[date], *, reviewed: bool) -> People:
    """Some people of a group, each as judged on a day to come, or today where it has passed; with `reviewed`,
    as if the review had been on that day."""
    people = assessment.roster.people[group.found["person"][rows]].with_columns(pl.Series("on", days))
    if reviewed:
        people = people.with_columns(review_date="on")
    on = pl.max_horizontal("on", pl.lit(assessment.day))
    times = compute_tenure(people, assessment.pack, group.variant.promotion, on)
    later = group.evidence[rows].with_columns(times)
    return People(group.bander, group.people.ratings[:, rows], group.bander.times(later))


def _bands_of(people: People) -> Iterator[Band | None]:
    """The band of each; None where what is missing leaves it open."""
    worst, best = people.range_of(people.ratings)
    open_ = best == INSUFFICIENT
    return (None if none else _settled(*ends) for none, *ends in zip(open_, worst, best, strict=True))


def _settled(worst: np.int64, best: np.int64) -> Band | None:
    """The band between two codes; None where there are two, or none."""
    return BANDS[best] if worst == best < len(BANDS) else None
