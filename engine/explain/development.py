"""What to do in order to grow: actions for what is short, in the order of their effect on the next band."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction

from engine.words.explanation import DevelopmentAction, LensResult, SignalEvidence, SkillAhead
from rules.pack import Action, Promotion, RulePack

ACTIONS_FOR_A_SIGNAL = 2
"""Beside the step that the signal itself names."""
_ORDER = (("core", "gap"), ("core", "near"), ("supporting", "gap"), ("supporting", "near"))
"""A clear gap in a core signal settles the band by itself; then core signals just under the bar, and so
on."""
_MOSTLY = Fraction(1, 2)
"""The share of a signal's weight that a competency has of which the signal mostly is."""


def plan_actions(
    pack: RulePack,
    promotion: Promotion,
    evidence: Sequence[SignalEvidence],
    lenses: Sequence[LensResult],
) -> tuple[DevelopmentAction, ...]:
    """The actions for one person: for every signal that is short, and for every step of a way not yet
    shown."""
    short = [signal for signal in evidence if (signal.importance, signal.status) in _ORDER]
    short.sort(key=lambda signal: (_ORDER.index((signal.importance, signal.status)), -_distance(signal)))
    meant = _meant(pack, promotion)
    planned: list[DevelopmentAction] = []
    taken: set[str] = set()
    for signal in short:
        planned.append(DevelopmentAction(signal.title, signal.status, signal.title, signal.grow, signal.cite))
        left = [action for action in meant if action.id not in taken]
        for action in _fitting(signal, left)[:ACTIONS_FOR_A_SIGNAL]:
            taken.add(action.id)
            planned.append(
                DevelopmentAction(signal.title, signal.status, action.title, action.advice, action.cite)
            )
    return (*planned, *_missing_steps(lenses))


def skills_ahead(pack: RulePack, promotion: Promotion) -> tuple[SkillAhead, ...]:
    """What the next level will ask to develop."""
    skills = pack.level(promotion.to_level).skills
    return tuple(SkillAhead(skill.title, skill.advice, skill.cite) for skill in skills)


def advice_on(pack: RulePack, promotion: Promotion, competency: str) -> str | None:
    """What helps somebody to show a competency that their present level expects: what the step to that level
    advises for a signal that is mostly about it, else an action that is first of all for it."""
    into = (one for one in pack.promotions if one.to_level == promotion.from_level)
    about = {
        signal.grow: Fraction(signal.weights[competency], sum(signal.weights.values()))
        for one in into
        for signal in one.signals
        if competency in signal.weights
    }
    best = max(about, key=about.__getitem__, default=None)
    if best is not None and about[best] >= _MOSTLY:
        return best
    first_of_all = (one.advice for one in _meant(pack, promotion) if one.competencies[0] == competency)
    return next(first_of_all, None)


def _meant(pack: RulePack, promotion: Promotion) -> list[Action]:
    """The actions that are meant for people at the present level of a promotion."""
    return [one for one in pack.actions if not one.levels or promotion.from_level in one.levels]


def _distance(signal: SignalEvidence) -> Decimal:
    """How far under the bar, in points."""
    return signal.bar - signal.manager_score if signal.manager_score is not None else Decimal(0)


def _fitting(signal: SignalEvidence, actions: Sequence[Action]) -> list[Action]:
    """Actions that grow what the signal is made of, those for its weakest competency first."""
    weakness = {
        used.competency: signal.bar - used.manager_rating
        for used in signal.ratings
        if used.manager_rating is not None and used.manager_rating < signal.bar
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
