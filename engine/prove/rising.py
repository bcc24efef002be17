"""Can a higher rating of the manager lead to a lower band?

That it cannot is shown over cases; else a solver looks for two people, alike but for one rating, who show
that it can.
"""

from dataclasses import replace
from fractions import Fraction

import z3

from engine.decide.evidence import LOWEST
from engine.decide.meaning import Mean
from engine.decide.monotony import is_monotone
from engine.decide.program import Program
from engine.decide.recommending import Recommender
from engine.decide.variants import Variant, variants_of
from engine.prove.confirming import UnconfirmedExampleError, assessed
from engine.prove.flaws import Monotony
from engine.prove.possible import Found, Possible, points_of
from engine.prove.verdicts import Topic
from inputs import Rater
from rules.pack import BANDS, Promotion, RulePack

WHICH, BY = z3.Int("which is higher"), z3.Real("by")


def check_monotony(
    pack: RulePack, promotion: Promotion, program: Program, recommender: Recommender
) -> Monotony:
    """Whether it is shown that it cannot, for everybody whom one promotion meets."""
    if is_monotone(recommender):
        return Monotony(promotion.id, shown=True, method="enumeration", example=None)
    for variant in variants_of(pack, promotion):
        example = _falling_pair(pack, variant, program)
        if example is not None:
            return Monotony(promotion.id, shown=False, method="solver", example=example)
    return Monotony(promotion.id, shown=True, method="solver", example=None)


def _falling_pair(pack: RulePack, variant: Variant, program: Program) -> str | None:
    """Two people in words, the one with one higher rating and with the lower band."""
    possible = Possible(pack, variant, complete=True)
    everything = [part.id for part in pack.competencies]
    names = everything if LOWEST in program.facts else list(possible.meaning.competencies)

    def raised(who: Rater, name: str) -> Mean:
        told = possible.given(who, name)
        if name not in names:
            return told
        return Mean(told.total + z3.If(names.index(name) == WHICH, BY, 0), told.rated)

    lower = Topic.of(program, "recommendation", possible.facts(possible.given))
    higher = Topic.of(program, "recommendation", possible.facts(raised))
    inside = [raised("manager", name).total <= possible.meaning.highest for name in names]
    falling = [
        z3.And(lower.says(better), higher.says(worse))
        for place, better in enumerate(BANDS)
        for worse in BANDS[place + 1 :]
    ]
    step = possible.meaning.step
    found = possible.find(BY > 0, *inside, z3.Or(falling), rather=[step == BY])
    if found is None:
        return None
    name = names[int(found.number(WHICH))]
    return _in_words(pack, found, name, found.number(raised("manager", name).total))


def _in_words(pack: RulePack, found: Found, name: str, higher: Fraction) -> str:
    before, rating = found.person, points_of(higher)
    after = replace(before, manager={**before.manager, name: rating})
    bands = assessed(pack, [before, after]).recommendations["recommendation"].to_list()
    if len(bands) != 2 or BANDS.index(bands[1]) <= BANDS.index(bands[0]):
        sought = "a higher rating leads to a lower band"
        raise UnconfirmedExampleError(pack, sought, f"{before}; with {rating:f} on {name}")
    labels = [pack.bands[band].label for band in bands]
    return f"{before}: {labels[0]}; with {rating.normalize():f} on {name}: {labels[1]}"
