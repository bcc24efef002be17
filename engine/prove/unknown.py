"""Numbers that hold nobody back where they are unknown: years that whoever has no date need not have."""

from collections.abc import Iterator

import numpy as np

from engine.decide.discretization import NumberCut, atoms_of
from engine.decide.monotony import MOST_CASES, complete_cases, count_complete, direction_of
from engine.decide.program import Programs
from engine.decide.recommending import Recommender
from engine.prove.flaws import Passed
from rules.conditions import Compare
from rules.pack import BANDS


def passed_without_a_number(programs: Programs, recommender: Recommender) -> Iterator[Passed]:
    """Every number that ratings do not move, where a band is better without it than with some numbers."""
    program = programs.band
    if count_complete(program) > MOST_CASES:
        return
    bands = recommender.bands(complete_cases(program))
    none = len(BANDS)
    ranks = np.array([none if band is None else BANDS.index(band) for band in bands])
    cuts = list(program.facts.values())
    grid = ranks.reshape([1 + max(case) for case in zip(*complete_cases(program), strict=True)])
    for axis, cut in enumerate(cuts):
        if not isinstance(cut, NumberCut) or not cut.may_be_unknown or direction_of(cut.fact) != 0:
            continue
        by_number = np.moveaxis(grid, axis, 0)
        unknown, known = by_number[-1], by_number[:-1]
        worst = np.where(known == none, -1, known).max(axis=0)
        better = np.argwhere((unknown < worst) & (unknown < BANDS.index("insufficient_evidence")))
        if len(better):
            place = tuple(better[0])
            codes = tuple(
                code
                for code, condition in programs.conditions.items()
                if any(isinstance(atom, Compare) and atom.fact == cut.fact for atom in atoms_of(condition))
                and code in program.rules
            )
            band, instead = BANDS[unknown[place]], BANDS[worst[place]]
            yield Passed(program.promotion.id, cut.fact, codes, band, instead)
