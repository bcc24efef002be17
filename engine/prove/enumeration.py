"""Every combination of what rules compare, run through the rule engine: is there a conclusion in each?"""

from collections.abc import Iterator, Mapping
from itertools import product
from math import floor, prod

from engine.decide.discretization import Cut, NumberCut
from engine.decide.inference import fire
from engine.decide.monotony import complete_cases, count_complete
from engine.decide.program import Case, Program, Programs
from engine.decide.recommending import Recommender, winning
from engine.prove.flaws import LARGEST_ENUMERATION, Proof
from rules.facts import BAND, FIRMNESS, Fact
from rules.pack import BANDS

COUNTED = ("signals", "competencies", "months", "cycles")
"""Units of numbers that are always whole."""


def enumerate_cases(
    programs: Programs, recommender: Recommender, topic: str, seen: dict[object, bool]
) -> tuple[Proof, bool]:
    """How a topic is searched, and whether it is shown that there is one conclusion in every combination.

    Promotions that share rules and bins share the work: `seen`.
    """
    on_band = topic == "recommendation"
    program = programs.band if on_band else programs.confidence
    bins = {name: _bins(cut, programs.catalogue[name]) for name, cut in program.cuts.items()}
    size = count_complete(program) if on_band else prod(map(len, bins.values()))
    promotion = program.promotion.id
    if size > LARGEST_ENUMERATION:
        return Proof(promotion, topic, "solver", size), False
    key = (topic, tuple(program.rules), tuple(program.cuts.values()))
    if key not in seen:
        if on_band:
            seen[key] = None not in recommender.bands(complete_cases(program))
        else:
            seen[key] = _is_always_sure(program, list(_cases(program.cuts, bins)))
    return Proof(promotion, topic, "enumeration", size), seen[key]


def _bins(cut: Cut, fact: Fact) -> list[int]:
    """The bins that a fact can be in by itself: a count is in none between two whole numbers."""
    if not isinstance(cut, NumberCut) or fact.unit not in COUNTED:
        return list(range(cut.size))
    places = {0, *(floor(constant) + more for constant, _ in cut.breaks for more in (-1, 0, 1))}
    known = {cut.bin_of(place) for place in places if place >= 0}
    return sorted(known | ({cut.size - 1} if cut.may_be_unknown else set()))


def _cases(cuts: Mapping[str, Cut], bins: Mapping[str, list[int]]) -> Iterator[Case]:
    """How firm a band is is known where there is one, and only there."""
    for case in product(*bins.values()):
        named = dict(zip(bins, case, strict=True))
        if {BAND, FIRMNESS} <= named.keys():
            no_band = BANDS[named[BAND]] == "insufficient_evidence"
            if no_band != (named[FIRMNESS] == cuts[FIRMNESS].size - 1):
                continue
        yield named


def _is_always_sure(program: Program, cases: list[Case]) -> bool:
    """Whether every combination of facts and findings gets one confidence."""
    rules = [rule for group in program.layers[-1] for rule in group.rules]
    fired = set(fire(rules, cases))
    return all(winning([program.rules[code] for code in codes]) is not None for codes in fired)
