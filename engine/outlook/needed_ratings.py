"""What has to be rated before there can be a judgement: the smallest sets of signals."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from engine.arrays import Bools, ByRow, Ints, numbered, spread
from engine.outlook.candidates import INSUFFICIENT
from engine.outlook.changes import LARGEST_CHANGE
from engine.outlook.people import People
from engine.outlook.space import NO_BAND, UNRATED
from rules.pack import BANDS


@dataclass(frozen=True)
class FoundRatings:
    """Ratings that are missing and whose being given, whatever they are, would allow a judgement."""

    signals: tuple[int, ...]
    """Places of the signals to rate."""
    competencies: tuple[int, ...]
    """Places of the competencies in `People.competencies` that are not rated."""
    outcomes: tuple[tuple[int, str], ...]
    """From this rating on, given throughout, the band; lowest rating first."""


@dataclass(frozen=True)
class _Sets:
    """Sets of signals to rate, each with whose they are, at a place of these arrays."""

    rows: Ints
    choices: Sequence[tuple[int, ...]]
    numbers: Ints
    """The place of the signals in `choices`."""
    missing: Bools
    """The competencies that are not rated, a column for each."""
    bands: Ints
    """By rung of the scale, given throughout, the band; no columns before they are known."""

    def those(self, chosen: Ints) -> "_Sets":
        return _Sets(
            self.rows[chosen], self.choices, self.numbers[chosen], self.missing[chosen], self.bands[chosen]
        )


def find_needed_ratings(people: People) -> Mapping[int, tuple[FoundRatings, ...]]:
    """By row of insufficient evidence: the smallest sets of signals to rate, all of them where more than
    three are needed; no row that more ratings would not help."""
    rungs = list(people.ladders.scale.rungs())
    everything = _enough(people, _all_missing(people), rungs)
    waiting, found = everything.rows, []
    for size in range(1, LARGEST_CHANGE + 1):
        enough = _enough(people, _choices(people, waiting, size), rungs)
        found.append(enough)
        waiting = waiting[~np.isin(waiting, enough.rows)]
    found.append(everything.those(np.flatnonzero(np.isin(everything.rows, waiting))))

    def make(some: Sequence[tuple[int, int]]) -> Sequence[FoundRatings]:
        return [_found(found[batch], at, rungs=rungs) for batch, at in some]

    return ByRow.of([sets.rows for sets in found], make)


def _all_missing(people: People) -> _Sets:
    """For every row of insufficient evidence everything that is not rated, where something is not."""
    rows = np.flatnonzero((people.codes == INSUFFICIENT) & people.missing.any(axis=1))
    signals = [tuple(np.flatnonzero(some).tolist()) for some in people.statuses[rows] == UNRATED]
    return _Sets(rows, signals, np.arange(len(rows)), people.missing[rows], _no_bands(rows))


def _choices(people: People, rows: Ints, size: int) -> _Sets:
    """Every choice of so many signals that are not rated, of these rows."""
    unrated = people.statuses[rows] == UNRATED
    places, numbers = numbered(list(unrated.T.astype(np.int64)), [2] * unrated.shape[1])
    each = [list(combinations(np.flatnonzero(unrated[place]).tolist(), size)) for place in places.tolist()]
    choices = [signals for some in each for signals in some]
    counts = np.array([len(some) for some in each], dtype=np.int64)
    at, nth = spread(counts[numbers])
    own, chosen = rows[at], (np.cumsum(counts) - counts)[numbers[at]] + nth
    looks = people.ladders.matrices.transpose(0, 2, 1) != 0
    signals = np.array(choices, dtype=np.int64).reshape(-1, size)
    looked_at = looks[:, signals].any(axis=2)
    missing = looked_at[people.tracks[own], chosen] & people.missing[own]
    return _Sets(own, choices, chosen, missing, _no_bands(own))


def _no_bands(rows: Ints) -> Ints:
    return np.empty((len(rows), 0), dtype=np.int64)


def _enough(people: People, sets: _Sets, rungs: Sequence[int]) -> _Sets:
    """The sets that allow a judgement whichever rating is given throughout, with their bands."""
    # Most sets that fail do so even when all of it is given the highest rating: one to try instead of all.
    for some in (rungs[-1:], rungs):
        bands = people.codes_given(sets.rows, sets.missing, some)
        sets = replace(sets, bands=bands)
        sets = sets.those(np.flatnonzero(~np.isin(bands, (INSUFFICIENT, NO_BAND)).any(axis=1)))
    return sets


def _found(sets: _Sets, at: int, *, rungs: Sequence[int]) -> FoundRatings:
    competencies = tuple(np.flatnonzero(sets.missing[at]).tolist())
    return FoundRatings(sets.choices[sets.numbers[at]], competencies, _runs(rungs, sets.bands[at].tolist()))


def _runs(rungs: Sequence[int], codes: Sequence[int]) -> tuple[tuple[int, str], ...]:
    """Neighbouring rungs of the same band as one."""
    runs: list[tuple[int, str]] = []
    for rung, code in zip(rungs, codes, strict=True):
        if not runs or runs[-1][1] != BANDS[code]:
            runs.append((rung, BANDS[code]))
    return tuple(runs)
