"""What has to be rated before there can be a judgement: the smallest sets of signals."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from engine.outlook.arrays import Bools, ByRow, Ints, numbered, spread
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
    choices: Sequence[Sequence[int]]
    numbers: Ints
    """The place of the signals in `choices`."""
    missing: Bools
    """The competencies that are not rated, a column for each."""
    bands: Ints
    """By rung of the scale, given throughout, the band; no columns before they are known."""

    @classmethod
    def of(cls, rows: Ints, choices: Sequence[Sequence[int]], numbers: Ints, missing: Bools) -> "_Sets":
        """Before the bands are known."""
        return cls(rows, choices, numbers, missing, np.empty((len(rows), 0), dtype=np.int64))

    def those(self, chosen: Bools) -> "_Sets":
        """Some of them."""
        return _Sets(
            self.rows[chosen], self.choices, self.numbers[chosen], self.missing[chosen], self.bands[chosen]
        )


def find_needed_ratings(people: People) -> Mapping[int, tuple[FoundRatings, ...]]:
    """By row of insufficient evidence: the smallest sets of signals to rate, all of them where more than
    three are needed; no row that more ratings would not help."""
    rungs = list(people.ladders.scale.rungs())
    (everything,) = _enough(people, _enough(people, [_all_missing(people)], rungs[-1:]), rungs)
    waiting, found = np.zeros(len(people), dtype=np.bool_), []
    waiting[everything.rows] = True
    # Most sets that fail do so even when all of it is given the highest rating: one to try instead of all.
    for sets in _enough(people, list(_choices(people, everything.rows)), rungs[-1:]):
        (enough,) = _enough(people, [sets.those(waiting[sets.rows])], rungs)
        found.append(enough)
        waiting[enough.rows] = False
    found.append(everything.those(waiting[everything.rows]))

    def make(some: Sequence[tuple[int, int]]) -> Sequence[FoundRatings]:
        return [_found(found[batch], at, rungs=rungs) for batch, at in some]

    return ByRow.of([sets.rows for sets in found], make)


def _all_missing(people: People) -> _Sets:
    """For every row of insufficient evidence everything that is not rated, where something is not."""
    rows = np.flatnonzero((people.codes == INSUFFICIENT) & people.missing.any(axis=1))
    signals = [np.flatnonzero(some).tolist() for some in people.statuses[rows] == UNRATED]
    return _Sets.of(rows, signals, np.arange(len(rows)), people.missing[rows])


def _choices(people: People, rows: Ints) -> Iterator[_Sets]:
    """Every choice of one signal that is not rated, of these rows, then of two, and so on."""
    unrated = people.statuses[rows] == UNRATED
    places, numbers = numbered(unrated.astype(np.int64), [2] * unrated.shape[1])
    patterns = unrated[places]
    looks = people.ladders.matrices.transpose(0, 2, 1) != 0
    of, choices = np.arange(len(patterns)), np.empty((len(patterns), 0), dtype=np.int64)
    for size in range(LARGEST_CHANGE):
        last = choices[:, -1:] if size else np.full((len(of), 1), -1)
        more, signals = np.nonzero(patterns[of] & (np.arange(patterns.shape[1]) > last))
        of, choices = of[more], np.column_stack([choices[more], signals])
        starts, ends = np.searchsorted(of, [np.arange(len(patterns)), np.arange(1, len(patterns) + 1)])
        at, nth = spread((ends - starts)[numbers])
        own, chosen = rows[at], starts[numbers[at]] + nth
        looked_at = looks[:, choices].any(axis=2)
        missing = looked_at[people.variants[own], chosen] & people.missing[own]
        yield _Sets.of(own, choices.tolist(), chosen, missing)


def _enough(people: People, each: Sequence[_Sets], rungs: Sequence[int]) -> list[_Sets]:
    """Of several batches the sets that allow a judgement whichever of these ratings is given throughout, with
    their bands."""
    rows, missing = np.concatenate([sets.rows for sets in each]), [sets.missing for sets in each]
    bands = people.codes_given(rows, np.concatenate(missing), rungs)
    ends = np.cumsum([len(sets.rows) for sets in each])[:-1]
    known = [replace(sets, bands=own) for sets, own in zip(each, np.split(bands, ends), strict=True)]
    unclear = ((sets.bands == INSUFFICIENT) | (sets.bands == NO_BAND) for sets in known)
    return [sets.those(some.sum(axis=1) == 0) for sets, some in zip(known, unclear, strict=True)]


def _found(sets: _Sets, at: int, *, rungs: Sequence[int]) -> FoundRatings:
    competencies = tuple(np.flatnonzero(sets.missing[at]).tolist())
    return FoundRatings(
        tuple(sets.choices[sets.numbers[at]]), competencies, _runs(rungs, sets.bands[at].tolist())
    )


def _runs(rungs: Sequence[int], codes: Sequence[int]) -> tuple[tuple[int, str], ...]:
    """Neighbouring rungs of the same band as one."""
    runs: list[tuple[int, str]] = []
    for rung, code in zip(rungs, codes, strict=True):
        if not runs or runs[-1][1] != BANDS[code]:
            runs.append((rung, BANDS[code]))
    return tuple(runs)
