"""Numbers that hold nobody back where they are unknown: years that whoever has no date need not have."""

from collections.abc import Iterator

import numpy as np

from engine.decide.discretization import NumberCut, atoms_of
from engine.decide.monotony import MOST_CASES, band_grid, complete_cases, count_complete, direction_of
from engine.decide.program import Programs
from engine.decide.recommending import Recommender
from engine.decide.supposed import INSUFFICIENT
from engine.prove.flaws import Passed
from rules.conditions import Compare
from rules.pack import BANDS


def passed_without_a_number(programs: Programs, recommender: Recommender) -> Iterator[Passed]:
    """Every number that ratings do not move, where a band is better without it than with some numbers."""
    program = programs.band
    if count_complete(program) > MOST_CASES:
        return
    grid = band_grid(program, recommender.bands(complete_cases(program)))
    for axis, cut in enumerate(program.facts.values()):
        if not isinstance(cut, NumberCut) or not cut.may_be_unknown or direction_of(cut.fact) != 0:
            continue
        by_number = np.moveaxis(grid, axis, 0)
        unknown, known = by_number[-1], by_number[:-1]
        worst = np.where(known == len(BANDS), -1, known).max(axis=0)
        better = np.argwhere((unknown < worst) & (unknown < INSUFFICIENT))
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
