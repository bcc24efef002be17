"""What a pack asks or names for nothing."""

from collections.abc import Collection, Iterator, Mapping

from engine.prove.flaws import Flaw
from rules.pack import RulePack

_OF_PRESENT_RATINGS = {"present_met", "present_below", "present_shortfall", "largest_present_shortfall"}


def unused_parts(pack: RulePack, named: Mapping[str, Collection[str]]) -> Iterator[Flaw]:
    """Competencies that nothing looks at, levels that nothing reaches, and expectations without a rule.

    `named` are the facts that the rules of each promotion name, by its id.
    """
    used = {name for promotion in pack.promotions for s in promotion.signals for name in s.competencies}
    used |= {one.competency for level in pack.levels for one in level.expects}
    for competency in pack.competencies:
        if competency.id not in used:
            text = (
                f"no signal looks at the competency `{competency.id}`, and no level expects it; people would "
                "rate it for nothing"
            )
            yield Flaw("unused_competency", None, (), text, None, competency.id)
    reached = {end for t in pack.promotions for end in (t.from_level, t.to_level)}
    for level in pack.levels:
        # Nothing is expected in vain of the highest level: nobody is promoted from it.
        # Nor is the lowest rating, which nobody can miss.
        can_be_missed = any(one.rating > pack.scale.lowest for one in level.expects)
        onwards = [named[promotion.id] for promotion in pack.promotions_from(level.id)]
        if level.id not in reached:
            text = f"no promotion leads to the level `{level.id}` or away from it"
            yield Flaw("unused_level", None, (), text, None, level.id)
        elif can_be_missed and onwards and not any(_OF_PRESENT_RATINGS & set(facts) for facts in onwards):
            text = (
                f"the level `{level.id}` expects ratings, and no rule looks at them; name a fact such as "
                "`largest_present_shortfall` in a rule, or leave `expects` out"
            )
            yield Flaw("unused_expectation", None, (), text, None, level.id)
