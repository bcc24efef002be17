"""Examples that a solver found, tried out: none is shown that the rule engine does not confirm."""

from collections.abc import Sequence

from engine.decide.assessing import assess
from engine.prove import possible
from engine.prove.examples import DAY, roster_of
from rules.pack import BANDS, CONFIDENCES, Example, RulePack


class UnconfirmedExampleError(RuntimeError):
    """Solver and engine disagree: a defect of this program, never of a pack."""


def confirm(
    pack: RulePack,
    promotion: str,
    specialisation: str | None,
    found: possible.Example,
    words: Sequence[str],
    instead: Sequence[str] = (),
) -> str:
    """An example in words, after the engine has assessed that person.

    Raises `UnconfirmedExampleError` unless the engine leaves the person without a recommendation and says
    why with all of `words`, or with one of `instead`, where it comes to another reason first.
    """
    alone = pack.model_copy(update={"promotions": (pack.promotion(promotion),), "examples": ()})
    example = _as_example(pack, promotion, specialisation, found)
    undecided = assess(roster_of(pack, (example,)), alone, DAY, gaps_allowed=True).undecided
    reason = "".join(undecided["reason"])
    if not all(word in reason for word in words) and not any(word in reason for word in instead):
        raise UnconfirmedExampleError(
            f"This is a defect of readiness and not of the pack {pack.name}; please report it together with "
            f"the pack. The check of {promotion} found an example of “{', '.join(words)}”, but the rule "
            f"engine says “{reason or 'nothing of the kind'}” of it: {found}"
        )
    return str(found)


def _as_example(
    pack: RulePack, promotion: str, specialisation: str | None, found: possible.Example
) -> Example:
    """The person as a worked example, which is not checked: a solver may choose any fraction as a rating."""
    names = [competency.id for competency in pack.competencies]
    return Example.model_construct(
        id="found",
        about="Found by a solver.",
        promotion=promotion,
        everything=pack.scale.lowest,
        manager={name: rating for name, rating in found.manager.items() if rating is not None},
        own={name: rating for name, rating in found.own.items() if rating is not None},
        unrated=tuple(name for name in names if found.manager.get(name) is None),
        self_unrated=tuple(name for name in names if found.own.get(name) is None),
        months_in_level=found.months_in_level,
        experience_months=found.experience_months,
        specialisation=specialisation,
        recommendation=BANDS[-1],
        confidence=CONFIDENCES[-1],
    )
