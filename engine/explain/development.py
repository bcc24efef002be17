"""What to do in order to grow: actions for what is short, in the order of their effect on the next band."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from engine.words.explanation import DevelopmentAction, LensResult, SignalEvidence, SkillAhead
from rules.pack import Action, RulePack, Transition

ACTIONS_FOR_A_SIGN = 2
"""Beside the step that the sign itself names."""
_ORDER = (("core", "gap"), ("core", "near"), ("supporting", "gap"), ("supporting", "near"))
"""A clear gap in a core sign settles the band by itself; then core signs just under the bar, and so on."""


def plan_actions(
    pack: RulePack,
    transition: Transition,
    evidence: Sequence[SignalEvidence],
    lenses: Sequence[LensResult],
) -> tuple[DevelopmentAction, ...]:
    """The actions for one person: for every sign that is short, and for every step of a way not yet shown."""
    short = [sign for sign in evidence if (sign.importance, sign.status) in _ORDER]
    short.sort(key=lambda sign: (_ORDER.index((sign.importance, sign.status)), -_distance(sign)))
    meant = [one for one in pack.actions if not one.levels or transition.from_level in one.levels]
    planned: list[DevelopmentAction] = []
    taken: set[str] = set()
    for sign in short:
        planned.append(DevelopmentAction(sign.title, sign.status, sign.title, sign.grow, sign.cite))
        left = [action for action in meant if action.id not in taken]
        for action in _fitting(sign, left)[:ACTIONS_FOR_A_SIGN]:
            taken.add(action.id)
            planned.append(
                DevelopmentAction(sign.title, sign.status, action.title, action.advice, action.cite)
            )
    return (*planned, *_missing_steps(lenses))


def skills_ahead(pack: RulePack, transition: Transition) -> tuple[SkillAhead, ...]:
    """What the next level will ask to develop."""
    skills = pack.level(transition.to_level).skills
    return tuple(SkillAhead(skill.title, skill.advice, skill.cite) for skill in skills)


def _distance(sign: SignalEvidence) -> Decimal:
    """How far under the bar, in points."""
    return sign.bar - sign.manager_score if sign.manager_score is not None else Decimal(0)


def _fitting(sign: SignalEvidence, actions: Sequence[Action]) -> list[Action]:
    """Actions that grow what the sign is made of, those for its weakest competency first."""
    weakness = {
        used.competency: sign.bar - used.manager_rating
        for used in sign.ratings
        if used.manager_rating is not None and used.manager_rating < sign.bar
    }
    reach = [
        (max((weakness[name] for name in action.competencies if name in weakness), default=None), action)
        for action in actions
    ]
    fitting = [(far, action) for far, action in reach if far is not None]
    return [action for _, action in sorted(fitting, key=lambda pair: -pair[0])]


def _missing_steps(lenses: Sequence[LensResult]) -> Iterator[DevelopmentAction]:
    for lens in lenses:
        for part in lens.parts if lens.view == "steps" else ():
            if part.status != "met":
                yield DevelopmentAction(
                    f"{lens.title}: {part.title}", part.status, part.title, part.grow, part.cite
                )
