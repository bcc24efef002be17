"""People whom a solver found, put before the engine: none is shown whom it does not confirm."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from random import Random

from engine.decide.assessment import Assessment
from engine.prove.people import Given, Person, assess_people
from rules.pack import RulePack, Scale

TRIED = 500
"""People like the one that was found who are tried where how firm a band is matters."""


class UnconfirmedExampleError(RuntimeError):
    """Solver and engine disagree: a defect of this program, never of a pack."""

    def __init__(self, pack: RulePack, sought: str, found: str) -> None:
        super().__init__(
            f"This is a defect of readiness and not of the pack {pack.name}; please report it together with "
            f"the pack. The check found an example of “{sought}”, but the rule engine does not confirm it: "
            f"{found}"
        )


def assessed(pack: RulePack, people: Sequence[Person]) -> Assessment:
    """People of one promotion as the engine sees them; who gets no band is told in `undecided`."""
    alone = pack.model_copy(update={"promotions": (people[0].promotion,)})
    return assess_people(alone, people, gaps_allowed=True)


def undecided(pack: RulePack, people: Sequence[Person]) -> list[str | None]:
    """Why the rules come to no conclusion for each of these people of one promotion; None where they do."""
    found = assessed(pack, people).undecided
    why = dict(zip(found["person"], found["reason"], strict=True))
    return [why.get(number) for number in range(len(people))]


def like(person: Person, scale: Scale) -> Iterator[Person]:
    """The person, then people with other manager's ratings near theirs: the same ones each time."""
    yield person
    dice = Random(64)
    for number in range(1, TRIED):
        yield replace(person, manager=_moved(person.manager, scale, 1 + number % 4, dice))


def _moved(ratings: Given, scale: Scale, steps: int, dice: Random) -> dict[str, Decimal | None]:
    return {
        name: None
        if rating is None
        else min(scale.highest, max(scale.lowest, rating + scale.step * dice.randint(-steps, steps)))
        for name, rating in ratings.items()
    }
