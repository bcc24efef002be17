"""A pack's names for reading spreadsheets, as the plain values that `inputs` asks for."""

from inputs.roster import RatingScale, Term, Vocabulary
from rules.pack import RulePack


def vocabulary_of(pack: RulePack) -> Vocabulary:
    """What reading a spreadsheet needs to know of a pack."""
    return Vocabulary(
        competencies=tuple(Term(part.id, part.title, part.aliases) for part in pack.competencies),
        levels=tuple(Term(part.id, part.title, part.aliases) for part in pack.levels),
        next_levels={
            part.id: tuple(transition.to_level for transition in pack.transitions_from(part.id))
            for part in pack.levels
        },
        scale=RatingScale(pack.scale.lowest, pack.scale.highest),
        signs=_signs(pack),
    )


def _signs(pack: RulePack) -> dict[str, tuple[str, ...]]:
    """The titles of the signs and parts of lenses that rest on each competency."""
    parts = [
        *(signal for transition in pack.transitions for signal in transition.signals),
        *(part for lens in pack.lenses for part in lens.parts),
    ]
    return {
        competency.id: tuple(
            dict.fromkeys(part.title for part in parts if competency.id in part.competencies)
        )
        for competency in pack.competencies
    }
