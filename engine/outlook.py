"""How recommendations could become others: by which ratings, from which day, and how firmly they stand."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from itertools import combinations, groupby
from math import ceil, floor

import polars as pl

from engine.assessment import Assessment
from engine.banding import Banding
from engine.changes import INSUFFICIENT, LARGEST_CHANGE, FoundChange, find_changes
from engine.cuts import NumberCut
from engine.facts import MONTHS_PER_YEAR
from engine.people import People
from engine.signals import rating_columns
from engine.space import UNRATED, Space
from engine.stability import Stability, compute_stability
from engine.steps import Ladder
from engine.tenure import MEASURED_FROM, compute_tenure
from engine.tracks import Track
from rules.pack import BANDS, Transition

TIME_COLUMNS = ("months_in_level", "experience_months", "tenure", "observation")


@dataclass(frozen=True)
class FoundRatings:
    """Ratings that are missing and whose being given, whatever they are, would allow a judgement."""

    signals: tuple[int, ...]
    """Places of the signals to rate."""
    competencies: tuple[int, ...]
    """Places of the competencies in `Banding.competencies` that are not rated."""
    outcomes: tuple[tuple[int, str], ...]
    """From this rating on, given throughout, the band; lowest rating first."""


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


def find_outlooks(assessment: Assessment, promotion: Transition) -> Iterator[tuple[Track, Outlooks]]:
    """The outlook of everybody who is assessed for a promotion, by track as `Assessment.by_track` says."""
    for track, people in people_of(assessment, promotion):
        yield track, _find(people, assessment)


def people_of(assessment: Assessment, promotion: Transition) -> Iterator[tuple[Track, People]]:
    """Everybody who is assessed for a promotion, by track, with what their band is made of."""
    known = assessment.roster.ratings
    banding = Banding.of(assessment.pack, promotion)
    spaces: dict[tuple[str, ...], Space] = {}
    for track, found, evidence in assessment.by_track(promotion):
        looked_at = [name for name in rating_columns(track.transition) if name in known.columns]
        ratings = known.select(looked_at)[found["person"]].get_columns() if looked_at else []
        on_track = banding.on(track)
        kinds = tuple(signal.importance for signal in track.transition.signals)
        people = People(
            banding=on_track,
            space=spaces.setdefault(kinds, Space(on_track)),
            ratings=found.select("person").hstack(ratings),
            evidence=evidence.drop(TIME_COLUMNS),
            times=evidence.select(TIME_COLUMNS),
            present=found["recommendation"],
        )
        yield track, people


def _find(people: People, assessment: Assessment) -> Outlooks:
    dates = assessment.roster.people.select(*MEASURED_FROM.values())[people.ratings["person"]]
    better = find_changes(people, "up")
    rating = _Rating(people)
    to_rate = rating.find()
    codes = people.codes
    stuck = [n for n, code in enumerate(codes) if code > 0 and n not in better.found and n not in to_rate]
    return Outlooks(
        banding=people.banding,
        better=better.found,
        unsearched=better.unsearched,
        tried_steps=better.tried_steps,
        worse=find_changes(people, "down").found,
        to_rate=to_rate,
        reachable=_reachable(people, [row for row in stuck if codes[row] != INSUFFICIENT]),
        from_day=_first_days(people, dates, stuck, assessment.day),
        stability=compute_stability(people),
    )


@dataclass
class _Rating:
    """The search for what has to be rated before there can be a judgement."""

    people: People
    ladder: Ladder = field(init=False)

    def __post_init__(self) -> None:
        self.ladder = self.people.ladder
        self.rungs = list(self.ladder.rungs())
        self.ratings = self.people.managers_ratings
        self.statuses = self.people.statuses

    def find(self) -> dict[int, tuple[FoundRatings, ...]]:
        """By row: the smallest sets; no row that more ratings would not help."""
        rows = [row for row, code in enumerate(self.people.codes) if code == INSUFFICIENT]
        everything = [(row, self._unrated(row), self._missing(row)) for row in rows]
        helped = dict(
            self._judged([(row, signals, missing) for row, signals, missing in everything if missing])
        )
        found = {row: tuple(sets) for row, sets in helped.items()}
        waiting = [row for row in rows if row in found]
        for size in range(1, LARGEST_CHANGE + 1):
            tried = [
                (row, signals, self._missing_of(row, signals))
                for row in waiting
                for signals in combinations(self._unrated(row), size)
            ]
            smaller = dict(self._judged(tried))
            found |= {row: tuple(sets) for row, sets in smaller.items()}
            waiting = [row for row in waiting if row not in smaller]
        return found

    def _unrated(self, row: int) -> tuple[int, ...]:
        return tuple(n for n, status in enumerate(self.statuses[row]) if status == UNRATED)

    def _missing(self, row: int) -> tuple[int, ...]:
        return tuple(place for place, rating in enumerate(self.ratings[row]) if rating is None)

    def _missing_of(self, row: int, signals: Sequence[int]) -> tuple[int, ...]:
        missing = (self.ladder.missing(signal, self.ratings[row]) for signal in signals)
        return tuple(sorted({place for places in missing for place in places}))

    def _judged(
        self, tried: Sequence[tuple[int, tuple[int, ...], tuple[int, ...]]]
    ) -> Iterator[tuple[int, list[FoundRatings]]]:
        """The sets of missing ratings that allow a judgement whichever rating is given throughout."""
        judged = list(tried)
        for end in (self.rungs[0], self.rungs[-1]):  # most sets fail at an end, which is two ratings to try
            judged = [
                one for one, bands in zip(judged, self._bands(judged, [end]), strict=True) if _all(bands)
            ]
        held = [
            (row, FoundRatings(signals, missing, _runs(self.rungs, bands)))
            for (row, signals, missing), bands in zip(judged, self._bands(judged, self.rungs), strict=True)
            if _all(bands)
        ]
        for row, group in groupby(held, key=lambda one: one[0]):
            yield row, [found for _, found in group]

    def _bands(
        self, tried: Sequence[tuple[int, tuple[int, ...], tuple[int, ...]]], rungs: Sequence[int]
    ) -> list[list[str | None]]:
        codes = self.people.codes_filled([(row, missing) for row, _, missing in tried], rungs)
        return [[None if code is None else BANDS[code] for code in some] for some in codes]


def _all(bands: Sequence[str | None]) -> bool:
    return all(band is not None and band != BANDS[INSUFFICIENT] for band in bands)


def _runs(rungs: Sequence[int], bands: Sequence[str | None]) -> tuple[tuple[int, str], ...]:
    """Neighbouring rungs of the same band as one."""
    runs: list[tuple[int, str]] = []
    for rung, band in zip(rungs, bands, strict=True):
        if band is not None and (not runs or runs[-1][1] != band):
            runs.append((rung, band))
    return tuple(runs)


def _reachable(people: People, rows: Sequence[int]) -> dict[int, bool]:
    """Whether a better band is reached when every rating is the highest."""
    if not rows:
        return {}
    best = dict.fromkeys(range(len(people.banding.competencies)), people.ladder.highest)
    reached = people.codes_of([people.suppose(row, best) for row in rows])
    return {
        row: code is not None and code < people.codes[row] for row, code in zip(rows, reached, strict=True)
    }


def _first_days(
    people: People, dates: pl.DataFrame, rows: Sequence[int], day: date
) -> dict[int, tuple[date, str]]:
    """The first day after `day` on which time alone brings a better band, or any judgement at all."""
    there = dates.with_row_index("row")[list(rows)]
    moments = [
        there.with_columns(on=pl.col(column).dt.offset_by(f"{months}mo"))
        for column, months in _thresholds(people.banding)
    ]
    if not moments or not rows:
        return {}
    tried = pl.concat(moments).filter(pl.col("on") > day).unique().sort("row", "on")
    times = compute_tenure(tried, people.banding.pack, people.banding.transition, pl.col("on"))
    codes = people.banding.codes(people.evidence[tried["row"]], times)
    better = tried.with_columns(
        code=pl.Series(codes, dtype=pl.Int64),
        present=pl.Series(people.codes, dtype=pl.Int64).gather(tried["row"]),
    ).filter(pl.col("code") < pl.col("present"))
    first = better.unique("row", keep="first", maintain_order=True)
    return {row: (on, BANDS[code]) for row, on, code in first.select("row", "on", "code").iter_rows()}


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
