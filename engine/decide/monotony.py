"""Whether a higher rating can ever lead to a lower band.

Shown over cases: every fact that rules on the band name rises with the manager's ratings, falls, or stays.
Where no case, moved by one bin in the better direction of one fact, gets a lower band, no rating moved up can
lead to one, as it moves every fact in its better direction or not at all.
"""

from dataclasses import dataclass
from itertools import product
from math import prod

from engine.decide.discretization import CategoryCut, Cut, NumberCut
from engine.decide.facts import TIME_CATEGORIES, TIME_NUMBERS
from engine.decide.meaning import FALLING, FIXED, RISING
from engine.decide.program import Program
from engine.decide.recommending import Recommender
from rules.pack import BANDS, STATUSES

MOST_CASES = 100_000
"""Cases that are looked at; with more of them nothing is shown."""


@dataclass(frozen=True)
class Fall:
    """A case in which a better fact leads to a lower band, or why none could be looked for."""

    sentence: str


def falls(program: Program, recommender: Recommender) -> Fall | None:
    """Why it is not shown that the rules of a promotion are monotone; None where it is shown."""
    facts = program.facts
    for name in facts:
        if _direction(name) is None:
            return Fall(f"`{name}` may rise or fall when a rating rises")
    names, sizes = list(facts), [_size(name, cut) for name, cut in facts.items()]
    if prod(sizes) > MOST_CASES:
        return Fall(f"there are {prod(sizes):,} cases, more than the {MOST_CASES:,} that are looked at")
    cases = list(product(*map(range, sizes)))
    found = recommender.bands(cases)
    band = dict(zip(cases, found, strict=True))
    for case in cases:
        for place, name in enumerate(names):
            direction = _direction(name)
            moved = case[place] + (direction or 0)
            if direction and 0 <= moved < sizes[place]:
                better = (*case[:place], moved, *case[place + 1 :])
                if _rank(band[better]) > _rank(band[case]):
                    told = ", ".join(f"{n}: {facts[n].describe(b)}" for n, b in zip(names, case, strict=True))
                    now = facts[name].describe(moved)
                    return Fall(
                        f"with {told} the band is {_said(band[case])}; with {name}: {now} it is "
                        f"{_said(band[better])}"
                    )
    return None


def _direction(name: str) -> int | None:
    """The bin to which a fact goes when ratings rise: 1 up, -1 down, 0 none, None either."""
    if name in RISING:
        return 1
    if name in FALLING or name.startswith("signal."):
        return -1
    if name in FIXED or name in TIME_NUMBERS or name in TIME_CATEGORIES:
        return 0
    return None


def _size(name: str, cut: Cut) -> int:
    """How many bins there are where nothing is missing."""
    if isinstance(cut, CategoryCut) and name.startswith("signal."):
        return STATUSES.index("unrated")
    if isinstance(cut, NumberCut) and _direction(name):
        return len(cut.breaks) + 1
    return cut.size


def _rank(band: str | None) -> int:
    return len(BANDS) if band is None else BANDS.index(band)


def _said(band: str | None) -> str:
    return band or "none"
