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
    )
