"""The list of people as pages show it: an entry per recommendation, with its place on the page."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from engine.explanation import Explanation, RatingUsed
from reports.pages.rendering import anchor
from reports.summary import manager_of
from rules.pack import BANDS, RulePack


@dataclass(frozen=True)
class RatingBehind:
    """A rating, and the signs that it counts towards, by title and weight."""

    rating: RatingUsed
    counts_towards: tuple[tuple[str, Decimal], ...]


@dataclass(frozen=True)
class Other:
    """The same person's recommendation for another transition."""

    anchor: str
    explanation: Explanation


@dataclass(frozen=True)
class Entry:
    """One recommendation in the list of people."""

    anchor: str
    """`person-` and the employee id; the transition follows for a person's second one."""
    explanation: Explanation
    manager: str
    band_rank: int
    level_rank: int
    met: int
    """How many signs are met."""
    ratings: tuple[RatingBehind, ...]
    others: tuple[Other, ...]


def entries_of(explanations: Sequence[Explanation], pack: RulePack) -> tuple[Entry, ...]:
    """An entry for each recommendation, in the order given, linked to the same person's others."""
    level_ranks = {level.id: rank for rank, level in enumerate(pack.levels)}
    band_ranks = {str(band): rank for rank, band in enumerate(BANDS)}
    of_person: dict[int, list[Other]] = defaultdict(list)
    for explanation in explanations:
        own = of_person[explanation.person]
        name = f"person-{anchor(explanation.employee_id)}"
        if own:
            name += f"_-_{anchor(explanation.transition)}"
        own.append(Other(name, explanation))
    return tuple(
        Entry(
            anchor=this.anchor,
            explanation=this.explanation,
            manager=manager_of(this.explanation),
            band_rank=band_ranks[this.explanation.recommendation],
            level_rank=level_ranks[this.explanation.level],
            met=sum(sign.status == "met" for sign in this.explanation.evidence),
            ratings=ratings_behind(this.explanation),
            others=tuple(other for other in of_person[this.explanation.person] if other is not this),
        )
        for this in _in_order(explanations, of_person)
    )


def ratings_behind(explanation: Explanation) -> tuple[RatingBehind, ...]:
    """Every rating that a score is made of, once, in the order of the signs."""
    ratings: dict[str, RatingUsed] = {}
    towards: dict[str, list[tuple[str, Decimal]]] = defaultdict(list)
    for sign in explanation.evidence:
        for rating in sign.ratings:
            ratings.setdefault(rating.competency, rating)
            towards[rating.competency].append((sign.title, rating.weight))
    return tuple(RatingBehind(ratings[name], tuple(towards[name])) for name in ratings)


def _in_order(explanations: Sequence[Explanation], of_person: dict[int, list[Other]]) -> list[Other]:
    waiting = {person: iter(own) for person, own in of_person.items()}
    return [next(waiting[explanation.person]) for explanation in explanations]
