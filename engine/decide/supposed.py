"""The band of supposed ratings: many people's at once, with time and answers as they are.

Changes, re-ratings and completions of missing ratings ask what the rules would say of ratings that nobody
gave. The facts are computed by the definitions of `engine.decide.meaning` over arrays; distinct cases are
put to the rule engine once and remembered.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from math import prod
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from engine.decide.algebra import NUMPY
from engine.decide.cases import LARGEST_KEY, LARGEST_TABLE
from engine.decide.discretization import NumberCut
from engine.decide.evidence import LOWEST, KnownRatings
from engine.decide.facts import compute_bins, is_given
from engine.decide.meaning import CompleteRatings, Number, PromotionMeaning
from engine.decide.monotony import Case, direction_of, is_monotone
from engine.decide.program import Program
from engine.decide.recommending import Recommender
from inputs import rating_column
from rules.pack import BANDS, RulePack

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
MISSING = np.int64(np.iinfo(np.int64).min)
"""In place of a rating that is not there."""
NO_BAND = len(BANDS)
"""Where the rules give no band or contradict each other: a place after all of `rules.pack.BANDS`."""
INSUFFICIENT = BANDS.index("insufficient_evidence")
READY_NOW, DEVELOPING = BANDS.index("ready_now"), BANDS.index("developing")
MOST_COMPLETIONS = 5_000
"""Completions of one person's missing ratings that are tried where two of them are not enough."""
_COMPLETIONS_AT_ONCE = 200_000
"""Completions of all people that are tried together, about."""
_CODES: Mapping[str | None, int] = {None: NO_BAND} | {band: code for code, band in enumerate(BANDS)}


def band_codes(recommender: Recommender, cases: Sequence[Case]) -> Ints:
    """The code of the band of each case."""
    return np.array([_CODES[band] for band in recommender.bands(cases)], dtype=np.int64)


def leave_open(worst: Ints, best: Ints) -> Bools:
    """Where one end alone is insufficient evidence: any band may lie between the two ends."""
    left: Bools = ((worst < INSUFFICIENT) & (best == INSUFFICIENT)) | (
        (worst == INSUFFICIENT) & (best < INSUFFICIENT)
    )
    return left


def _ends_of(codes: Ints) -> tuple[Ints, Ints]:
    """The worst and the best band of completions along the last axis. Insufficient evidence in some of them
    is no end: with what is missing there, such as a date, these could lead to any band."""
    worst, best = codes.max(axis=-1), codes.min(axis=-1)
    open_ = (worst == INSUFFICIENT) & (best < INSUFFICIENT)
    told = np.where(codes < INSUFFICIENT, codes, 0).max(axis=-1)
    told = np.where(told == READY_NOW, DEVELOPING, told)
    return np.where(open_, told, worst), np.where(open_, READY_NOW, best)


@dataclass(frozen=True)
class RatingSteps:
    """The ratings of a scale: from the lowest to the highest, a step apart."""

    lowest: int
    highest: int
    step: int

    def ratings(self) -> Ints:
        """The ratings that a rater can give, lowest first."""
        return np.append(np.arange(self.lowest, self.highest, self.step, dtype=np.int64), self.highest)


@dataclass(frozen=True)
class Bander:
    """What gives bands to ratings of one promotion, as one specialisation asks for it."""

    meaning: PromotionMeaning
    program: Program
    """Of rules on the recommendation."""
    competencies: tuple[str, ...]
    """What the ratings are of: everything that can move the band."""
    recommender: Recommender = field(repr=False, compare=False)
    _known: dict[int, int] = field(default_factory=dict, repr=False, compare=False)
    """Packed bins to the code of the band."""

    @classmethod
    def of(
        cls, pack: RulePack, meaning: PromotionMeaning, program: Program, recommender: Recommender
    ) -> "Bander":
        """`recommender` may be shared by all specialisations, as the rules are the same."""
        everything = tuple(part.id for part in pack.competencies)
        competencies = everything if LOWEST in program.facts else meaning.competencies
        return cls(meaning, program, competencies, recommender)

    @property
    def monotone(self) -> bool:
        """Whether a higher rating never leads to a lower band, as `engine.decide.monotony` proves."""
        return is_monotone(self.recommender)

    @property
    def scale(self) -> RatingSteps:
        """The scale that the ratings are on."""
        return RatingSteps(self.meaning.lowest, self.meaning.highest, self.meaning.step)

    def people(self, ratings: pl.DataFrame, evidence: pl.DataFrame) -> "People":
        """People as arrays, from their rows of `Roster.ratings` and of an evidence frame with times."""
        return People(self, managers_ratings(ratings, self.competencies), self.times(evidence))

    def times(self, evidence: pl.DataFrame) -> dict[str, Ints]:
        """The bins of the facts on time, and of answers, that rules on the band name, by name, of rows of an
        evidence frame."""
        fixed = {name: cut for name, cut in self.program.facts.items() if is_given(name)}
        bins = compute_bins(evidence, fixed, self.meaning, KnownRatings())
        return {name: bins[name].to_numpy().astype(np.int64) for name in fixed}

    def bands(self, ratings: Ints, times: Mapping[str, Ints]) -> Ints:
        """The code of the band of each column of complete ratings, a row for each of `competencies`."""
        bins = list(self.bins(ratings, times).values())
        sizes = [cut.size for cut in self.program.facts.values()]
        people = ratings.shape[1]
        if prod(sizes) > LARGEST_KEY:
            return self._bands_by_row(bins, people)
        keys = np.zeros(people, dtype=np.int64)
        for some, size in zip(bins, sizes, strict=True):
            keys = keys * size + some
        if prod(sizes) <= LARGEST_TABLE and people:
            there = np.zeros(prod(sizes), dtype=np.bool_)
            there[keys] = True
            distinct = np.flatnonzero(there)
            codes = np.empty(len(there), dtype=np.int64)
            codes[distinct] = self._codes(distinct, sizes)
            return codes[keys]
        distinct, numbers = np.unique(keys, return_inverse=True)
        return self._codes(distinct, sizes)[numbers]

    def bins(self, ratings: Ints, times: Mapping[str, Ints]) -> dict[str, Any]:
        """The bins of each fact of the program, by its name, for columns of complete ratings."""
        supposed = _Supposed(self.meaning, dict(zip(self.competencies, ratings, strict=True)))
        return {name: self._bins(name, supposed, times) for name in self.program.facts}

    def _bins(self, name: str, supposed: "_Supposed", times: Mapping[str, Ints]) -> Any:
        if name in times:
            return times[name]
        cut = self.program.facts[name]
        if isinstance(cut, NumberCut):
            return cut.bins(NUMPY, self.meaning.number(name, NUMPY, supposed))
        return self.meaning.category(name, supposed)

    def _codes(self, keys: Ints, sizes: list[int]) -> Ints:
        """The codes of packed cases."""
        new = [key for key in keys.tolist() if key not in self._known]
        # The first axis is there for rules that name no fact.
        _, *bins = np.unravel_index(np.array(new, dtype=np.int64), [1, *sizes])
        cases = [*zip(*(one.tolist() for one in bins), strict=True)] if bins else [()] * len(new)
        self._known.update(zip(new, band_codes(self.recommender, cases).tolist(), strict=True))
        return np.array([self._known[key] for key in keys.tolist()], dtype=np.int64)

    def _bands_by_row(self, bins: list[Any], people: int) -> Ints:
        rows = np.column_stack([np.broadcast_to(some, people) for some in bins])
        return band_codes(self.recommender, [*map(tuple, rows.tolist())])


def managers_ratings(ratings: pl.DataFrame, competencies: Sequence[str]) -> Ints:
    """What the manager gave competencies, a row for each, in rows of `Roster.ratings`, and `MISSING` where
    that is nothing."""
    columns = [rating_column(name, "manager") for name in competencies]
    places = [place for place, column in enumerate(columns) if column in ratings.columns]
    known = np.full((len(columns), ratings.height), MISSING, dtype=np.int64)
    if places:
        known[places] = ratings.select(columns[place] for place in places).fill_null(MISSING).to_numpy().T
    return known


@dataclass(frozen=True)
class People:
    """People of one promotion and specialisation as arrays."""

    bander: Bander
    ratings: Ints
    """A row for each of `Bander.competencies`, a column for each person, `MISSING` where there is none."""
    times: Mapping[str, Ints]
    """The bins of the facts on time, and of answers, that rules on the band name."""

    def __len__(self) -> int:
        return int(self.ratings.shape[1])

    @property
    def missing(self) -> Bools:
        """Which ratings are missing."""
        missing: Bools = self.ratings == MISSING
        return missing

    def those(self, people: Ints) -> "People":
        """Some of them, perhaps several times."""
        times = {name: bins[people] for name, bins in self.times.items()}
        return People(self.bander, self.ratings[:, people], times)

    def bands(self, ratings: Ints) -> Ints:
        """The band of each person with other, complete ratings."""
        return self.bander.bands(ratings, self.times)

    def range_of(self, ratings: Ints) -> tuple[Ints, Ints]:
        """The worst and the best band to which any completion of these ratings could lead, in ranks.

        A rank is the code of a band, the best first; insufficient evidence is an end where all completions
        lead to it, else it leaves the range open (`_ends_of`).
        """
        missing, scale = ratings == MISSING, self.bander.scale
        best = self.bands(np.where(missing, scale.highest, ratings))
        worst = best.copy()
        open_ = np.flatnonzero(missing.any(axis=0))
        if len(open_):
            some = self.those(open_)
            worst[open_] = some.bands(np.where(missing[:, open_], scale.lowest, ratings[:, open_]))
            left = leave_open(worst[open_], best[open_])
            tried = open_[left] if self.bander.monotone else open_
            if len(tried):
                worst[tried], best[tried] = self.those(tried)._searched(ratings[:, tried])
        return worst, best

    def _searched(self, ratings: Ints) -> tuple[Ints, Ints]:
        """The worst and the best band over all completions of the ratings of everybody, who all lack some;
        where there are too many, over all cases that lie between the worst and the best completion."""
        scale, missing = self.bander.scale.ratings(), ratings == MISSING
        worst = np.full(len(self), DEVELOPING)
        best = np.full(len(self), READY_NOW)
        lacking = missing.sum(axis=0)
        for count in np.unique(lacking).tolist():
            ways = len(scale) ** count
            if ways > MOST_COMPLETIONS:
                places = np.flatnonzero(lacking == count)
                worst[places], best[places] = self.those(places)._bounded(ratings[:, places])
                continue
            given = np.stack(np.meshgrid(*[scale] * count, indexing="ij")).reshape(count, ways)
            places = np.flatnonzero(lacking == count)
            for some in np.array_split(places, -(-len(places) * ways // _COMPLETIONS_AT_ONCE)):
                tried = np.repeat(ratings[:, some], ways, axis=1)
                gone = np.nonzero(missing[:, some].T)[1].reshape(len(some), count).T
                tried[np.repeat(gone, ways, axis=1), np.arange(tried.shape[1])] = np.tile(given, len(some))
                bands = self.those(np.repeat(some, ways)).bands(tried).reshape(len(some), ways)
                worst[some], best[some] = _ends_of(bands)
        return worst, best

    def _bounded(self, ratings: Ints) -> tuple[Ints, Ints]:
        """The worst and the best band of all cases whose facts lie between those of the lowest and the
        highest completion; all bands that there are where these are too many cases."""
        ends, scale = [], self.bander.scale
        for end in (scale.lowest, scale.highest):
            bins = self.bander.bins(np.where(ratings == MISSING, end, ratings), self.times)
            ends.append(np.array([np.broadcast_to(one, len(self)) for one in bins.values()], dtype=np.int64))
        low, high = np.minimum(*ends), np.maximum(*ends)
        for fact, (name, cut) in enumerate(self.bander.program.facts.items()):
            if direction_of(name) is None:
                low[fact], high[fact] = 0, cut.size - 1
        worst = np.full(len(self), DEVELOPING)
        best = np.full(len(self), READY_NOW)
        ways = (high - low + 1).prod(axis=0, dtype=np.float64)  # may be more than 64 bits hold
        for person in np.flatnonzero(ways <= MOST_COMPLETIONS).tolist():
            ranges = zip(low[:, person].tolist(), high[:, person].tolist(), strict=True)
            cases = [*product(*(range(first, last + 1) for first, last in ranges))]
            codes = band_codes(self.bander.recommender, cases)
            known = codes[codes != NO_BAND]  # in a case that no completion leads to, rules may say nothing
            if len(known):
                worst[person], best[person] = _ends_of(known)
        return worst, best

    def parts(self, at_once: int) -> Iterator[tuple[Ints, "People"]]:
        """Everybody in parts of at most so many, with their places."""
        for start in range(0, len(self), at_once):
            places = np.arange(start, min(len(self), start + at_once))
            yield places, self.those(places)


class _Supposed(CompleteRatings):
    """Complete ratings as arrays: `engine.decide.meaning.Ratings` for numpy."""

    algebra = NUMPY

    def lowest_ratings(self) -> Number:
        """How many competencies have the lowest rating."""
        return sum((given == self.meaning.lowest).astype(np.int64) for given in self.ratings.values())
