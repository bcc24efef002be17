"""A pack's names for reading spreadsheets, as the values that `inputs` asks for."""

from collections.abc import Iterable
from decimal import Decimal

from inputs import RatingScale, Term, Vocabulary
from rules import name_key
from rules.pack import Competency, LensPart, Level, RulePack, Signal, Specialisation


def vocabulary_of(pack: RulePack) -> Vocabulary:
    """What reading a spreadsheet needs to know of a pack."""
    return Vocabulary(
        competencies=_terms(pack.competencies),
        levels=_terms(pack.levels),
        next_levels={
            part.id: tuple(promotion.to_level for promotion in pack.promotions_from(part.id))
            for part in pack.levels
        },
        scale=RatingScale(
            pack.scale.lowest,
            pack.scale.highest,
            pack.scale.words,
            {Decimal(number): text for number, text in pack.scale.meanings.items()},
            pack.scale.lowest_is_best,
            pack.scale.known_up_to,
        ),
        name_key=name_key,
        specialisations=_terms(pack.specialisations),
        facts=tuple(fact.id for fact in pack.facts),
        counts_experience=bool(experience := _experience_levels(pack)),
        experience_levels=experience,
        signals=_signals(pack),
    )


def _experience_levels(pack: RulePack) -> tuple[str, ...]:
    """The levels from which a promotion counts years of experience."""
    asked = ((one.from_level, one.tenure) for one in pack.promotions)
    return tuple(level for level, tenure in asked if tenure and tenure.measure == "product_experience")


def _terms(parts: Iterable[Level | Competency | Specialisation]) -> tuple[Term, ...]:
    return tuple(Term(part.id, part.title, part.aliases) for part in parts)


def _signals(pack: RulePack) -> dict[str, tuple[str, ...]]:
    """The titles of the signals and parts of lenses that rest on each competency."""
    resting: dict[str, dict[str, None]] = {competency.id: {} for competency in pack.competencies}
    named: list[Signal | LensPart] = [one for promotion in pack.promotions for one in promotion.signals]
    for one in (*named, *(part for lens in pack.lenses for part in lens.parts)):
        for competency in one.competencies:
            resting[competency][one.title] = None
    return {competency: tuple(titles) for competency, titles in resting.items()}
