"""The fewest missing ratings that would settle a recommendation that they leave open."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, product
from math import comb

import numpy as np

from engine.decide.supposed import Ints, People
from engine.outlook.searched import BandFrom, Needed
from rules.pack import BANDS

MOST_NAMED = 3
"""Ratings of which every choice is tried; where more are needed, all that are missing are named."""
MOST_TRIED = 200_000
"""Ways to rate one person that are tried for one number of ratings; beyond, the number is not tried. Of all
people about so many are tried together."""

Places = Sequence[int]
"""Some of the ratings that a person lacks, by their places in `Bander.competencies`."""


def needed_ratings(people: People) -> tuple[tuple[Needed, ...], ...]:
    """For each person all smallest sets of missing ratings that would settle the band; nothing where it is
    settled."""
    scale = people.bander.scale.ratings()
    gone = {person: np.flatnonzero(lacks).tolist() for person, lacks in enumerate(people.missing.T)}
    settling: dict[int, Sequence[Places]] = {person: [places] for person, places in gone.items() if places}
    open_ = gone
    for size in range(1, MOST_NAMED + 1):
        chosen = {
            person: [*combinations(places, size)]
            for person, places in open_.items()
            if 0 < comb(len(places), size) * 2**size <= MOST_TRIED
        }
        able = _settling_at_ends(people, chosen)
        able = {person: some for person, some in able.items() if len(some) * len(scale) ** size <= MOST_TRIED}
        found = {person: some for person, some in _settling(people, able, scale).items() if some}
        settling.update(found)
        open_ = {person: gone[person] for person in able if person not in found}
    each = [(person, places) for person, some in settling.items() for places in some]
    needed: dict[int, list[Needed]] = {person: [] for person in gone}
    for (person, _), one in zip(each, settled_by(people, each, scale), strict=True):
        needed[person].append(one)
    return tuple(map(tuple, needed.values()))


def _settling_at_ends(people: People, chosen: Mapping[int, Sequence[Places]]) -> Mapping[int, list[Places]]:
    """Of the sets of each person, all of one size, those after which only one band is left, whichever ends of
    the scale are given."""
    found: dict[int, list[Places]] = {person: [] for person in chosen}
    each = [(person, places) for person, some in chosen.items() for places in some]
    ends = people.bander.scale.highest, people.bander.scale.lowest
    for some in (each[start : start + MOST_TRIED] for start in range(0, len(each), MOST_TRIED)):
        who, places = np.array([person for person, _ in some]), np.array([places for _, places in some]).T
        # After the highest ratings most sets leave two bands open, after the lowest most of the others do.
        for way in sorted(product(ends, repeat=len(places)), key=lambda way: len({*way})):
            given = people.ratings[:, who]
            given[places, np.arange(len(who))] = np.array(way)[:, np.newaxis]
            worst, best = people.those(who).range_of(given)
            who, places = who[worst == best], places[:, worst == best]
        for person, kept in zip(who.tolist(), places.T.tolist(), strict=True):
            found[person].append(kept)
    return found


def _settling(
    people: People, chosen: Mapping[int, Sequence[Places]], scale: Ints
) -> Mapping[int, Sequence[Places]]:
    """Of the sets of each person, all of one size, those after which only one band is left, whatever of
    `scale` is given."""
    found: dict[int, list[Places]] = {person: [] for person in chosen}
    each = [(person, places) for person, some in chosen.items() for places in some]
    if not each:
        return found
    size = len(each[0][1])
    ways = np.stack(np.meshgrid(*[scale] * size, indexing="ij")).reshape(size, -1)
    count = ways.shape[1]
    at_once = -(-MOST_TRIED // count)
    for some in (each[start : start + at_once] for start in range(0, len(each), at_once)):
        who = np.repeat([person for person, _ in some], count)
        given = people.ratings[:, who]
        places = np.repeat(np.array([places for _, places in some]).T, count, axis=1)
        given[places, np.arange(given.shape[1])] = np.tile(ways, len(some))
        worst, best = people.those(who).range_of(given)
        for one in np.flatnonzero((worst == best).reshape(-1, count).all(axis=1)).tolist():
            found[some[one][0]].append(some[one][1])
    return found


def settled_by(people: People, chosen: Sequence[tuple[int, Places]], scale: Ints) -> Iterator[Needed]:
    """For each set of ratings that a person lacks: its competencies, and the band by the rating of `scale`
    that all of them get, where it is settled."""
    who = np.repeat(np.array([person for person, _ in chosen], dtype=np.int64), len(scale))
    given = people.ratings[:, who]
    for start, (_, places) in zip(range(0, len(who), len(scale)), chosen, strict=True):
        given[list(places), start : start + len(scale)] = scale
    ends = (end.reshape(-1, len(scale)).tolist() for end in people.those(who).range_of(given))
    for (_, places), worst, best in zip(chosen, *ends, strict=True):
        outcomes: list[BandFrom] = []
        for rating, low, high in zip(scale.tolist(), worst, best, strict=True):
            if low == high < len(BANDS) and (not outcomes or outcomes[-1].band != BANDS[low]):
                outcomes.append(BandFrom(rating, BANDS[low]))
        yield Needed(tuple(people.bander.competencies[place] for place in places), tuple(outcomes))
