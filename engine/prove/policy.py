"""A pack's whole policy in few sentences: the fewest conditions under which each band is recommended.

Every combination of what the rules on the band compare is put to the rule engine. Combinations with one band
are put together to ways of which no condition can be left out; together the ways of a band are all its
combinations, and that is checked here once more.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from engine.decide.discretization import Cut, NumberCut
from engine.decide.monotony import band_grid, complete_cases, count_complete
from engine.decide.program import Program, Programs
from engine.decide.recommending import Recommender
from engine.phrases import join
from engine.prove.flaws import LARGEST_ENUMERATION
from rules.facts import Fact
from rules.pack import BANDS, STATUSES, Band, PackError, Promotion, RulePack

Way = tuple[frozenset[int], ...]
"""The bins of each fact of a program in which a way holds."""


@dataclass(frozen=True)
class BandPolicy:
    """One band, and the ways to it: each a list of conditions that all have to hold."""

    band: Band
    ways: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Policy:
    """What is recommended when, in promotions that are judged alike."""

    promotions: tuple[str, ...]
    cases: int
    """Combinations of what rules compare, each of which is in the ways of exactly one band."""
    empty: int
    """Combinations without a band: in a sound pack those in which nobody can be."""
    bands: tuple[BandPolicy, ...]
    """The best first; without bands that nobody can be given."""


def policies_of(pack: RulePack) -> tuple[Policy, ...]:
    """The policy of a sound pack. Raises `PackError` where there are too many cases to tell."""
    found: dict[tuple[object, ...], Policy] = {}
    for promotion in pack.promotions:
        one = _of_promotion(pack, promotion)
        key = one.cases, one.empty, one.bands
        alike = found.get(key)
        found[key] = one if alike is None else replace(alike, promotions=(*alike.promotions, promotion.id))
    return tuple(found.values())


def _of_promotion(pack: RulePack, promotion: Promotion) -> Policy:
    programs = Programs.of(pack, promotion)
    program, size = programs.band, count_complete(programs.band)
    if size > LARGEST_ENUMERATION:
        raise PackError(f"{promotion.title}: {size:,} cases are too many for sentences")
    grid = band_grid(program, Recommender.of(program).bands(complete_cases(program)))
    told = []
    for code, band in enumerate(BANDS):
        numbers = [isinstance(cut, NumberCut) for cut in program.facts.values()]
        ways = _ways(grid == code, (grid == code) | (grid == len(BANDS)), numbers)
        if ways:
            sentences = tuple(tuple(_sentences(way, grid.shape, program, programs.catalogue)) for way in ways)
            told.append(BandPolicy(band, sentences))
    return Policy((promotion.id,), size, int((grid == len(BANDS)).sum()), tuple(told))


def _ways(wanted: NDArray[np.bool_], allowed: NDArray[np.bool_], is_number: Sequence[bool]) -> list[Way]:
    """Ways that are together all that is wanted, none of which can lose a condition or be left out.

    They hold for nothing but what is `allowed`: what is wanted, and cases in which nobody is.
    """
    left, found = wanted.copy(), list[Way]()
    while left.any():
        cell = tuple(int(place) for place in np.argwhere(left)[0])
        way = _widened(allowed, cell, is_number)
        found.append(way)
        left[np.ix_(*map(sorted, way))] = False
    for way in list(found):
        if _covered([other for other in found if other is not way], wanted)[wanted].all():
            found.remove(way)
    covered = _covered(found, wanted)
    assert covered[wanted].all(), "the ways to a band are all its cases"
    assert allowed[covered].all(), "and no other"
    return found


def _covered(ways: Sequence[Way], like: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The cases in which one of the ways holds."""
    covered = np.zeros_like(like)
    for way in ways:
        covered[np.ix_(*map(sorted, way))] = True
    return covered


def _widened(allowed: NDArray[np.bool_], cell: Sequence[int], is_number: Sequence[bool]) -> Way:
    """The widest way round a case: first without a condition, then with wider ones."""
    way: list[frozenset[int]] = [frozenset({place}) for place in cell]

    def fits(fact: int, bins: frozenset[int]) -> bool:
        tried = [*way[:fact], bins, *way[fact + 1 :]]
        return bool(allowed[np.ix_(*map(sorted, tried))].all())

    for fact, size in enumerate(allowed.shape):
        if fits(fact, frozenset(range(size))):
            way[fact] = frozenset(range(size))
    for fact, size in enumerate(allowed.shape):
        growing = True
        while growing:
            beside = _beside(way[fact], size, is_number[fact])
            more = next((one for one in beside if fits(fact, way[fact] | {one})), None)
            growing = more is not None
            way[fact] |= frozenset() if more is None else frozenset({more})
    return tuple(way)


def _beside(bins: frozenset[int], size: int, is_number: bool) -> Iterator[int]:
    """The bins by which some may be widened: of a number its neighbours, of a category any other."""
    others = (min(bins) - 1, max(bins) + 1) if is_number else range(size)
    return (one for one in others if 0 <= one < size and one not in bins)


def _sentences(
    way: Way, sizes: Sequence[int], program: Program, catalogue: Mapping[str, Fact]
) -> Iterator[str]:
    for (name, cut), bins, size in zip(program.facts.items(), way, sizes, strict=True):
        if len(bins) < size:
            fact, told = catalogue[name], _in_words(cut, sorted(bins))
            yield f"{fact.meaning}: {_PLAINER.get((fact.unit, told), told)}"


_COUNTS = ("signals", "competencies")
_PLAINER = {
    **{(unit, told): "none" for unit in _COUNTS for told in ("below 1", "at most 0", "exactly 0")},
    **{(unit, told): "one or more" for unit in _COUNTS for told in ("above 0", "at least 1")},
    ("share", "at least 1"): "1, which is all of them",
    ("share", "below 1"): "below 1, which is not all of them",
}
"""What a number means where it is as low or as high as can be."""


def _in_words(cut: Cut, bins: Sequence[int]) -> str:
    if not isinstance(cut, NumberCut):
        values = STATUSES if cut.fact.startswith("signal.") else cut.values
        return join([values[one].replace("_", " ") for one in bins], word="or")
    known = [one for one in bins if one <= len(cut.breaks)]
    unknown = ["unknown"] if len(known) < len(bins) else []
    if not known:
        return "unknown"
    low = cut.describe(known[0]).partition(" and ")[0] if known[0] > 0 else ""
    high = cut.describe(known[-1]).rpartition(" and ")[2] if known[-1] < len(cut.breaks) else ""
    span = cut.describe(known[0]) if len(known) == 1 else " and ".join(filter(None, (low, high)))
    return join([span or "known", *unknown], word="or")
