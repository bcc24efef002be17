"""What to discuss first: the outliers among the recommendations, and in which order."""

from collections.abc import Callable
from dataclasses import dataclass

from engine.calibration import AgendaTopic, session_terms
from engine.explanation import Explanation, SignalEvidence
from rules.pack import BANDS, CONFIDENCES


@dataclass(frozen=True)
class AgendaItem:
    """One person and promotion on the agenda."""

    index: int
    """The place in `Summary.explanations`."""
    explanation: Explanation
    topics: tuple[AgendaTopic, ...]
    signs: tuple[str, ...]
    """Titles of the signs to look at, core ones first."""


def agenda_of(explanations: tuple[Explanation, ...]) -> tuple[AgendaItem, ...]:
    """Everybody with a topic, in the order of how much a discussion can change: where one rating step changes
    the band, then the least certain recommendation, then the most topics, then the most signs in question."""
    items = [item for index, one in enumerate(explanations) if (item := _item(index, one)) is not None]
    return tuple(sorted(items, key=_urgency))


def _item(index: int, explanation: Explanation) -> AgendaItem | None:
    topics = tuple(topic for topic in session_terms().agenda if _TESTS[topic.id](explanation))
    if not topics:
        return None
    signs = tuple(sign.title for sign in explanation.evidence if _in_question(sign))
    return AgendaItem(index, explanation, topics, signs)


def _urgency(item: AgendaItem) -> tuple[bool, int, int, int, int]:
    certainty = CONFIDENCES.index(item.explanation.confidence)
    return (
        not item.explanation.outlook.borderline,
        -certainty,
        -len(item.topics),
        -len(item.signs),
        item.index,
    )


def _in_question(sign: SignalEvidence) -> bool:
    return sign.importance == "core" and (sign.status in ("near", "unrated") or _opposite(sign))


def _opposite(sign: SignalEvidence) -> bool:
    """Self and manager stand on different sides of the bar."""
    if sign.manager_score is None or sign.self_score is None or sign.status == "unrated":
        return False
    return (sign.status == "met") != (sign.self_score >= sign.bar) and sign.agreement != "aligned"


def _core(explanation: Explanation) -> tuple[SignalEvidence, ...]:
    return tuple(sign for sign in explanation.evidence if sign.importance == "core")


_TESTS: dict[str, Callable[[Explanation], bool]] = {
    "disagreement": lambda one: sum(_opposite(sign) for sign in _core(one)) * 2 >= len(_core(one)) > 0,
    "gaps": lambda one: (
        one.recommendation == "insufficient_evidence" or any(sign.status == "unrated" for sign in _core(one))
    ),
    "borderline": lambda one: one.outlook.borderline,
    "early": lambda one: one.tenure == "early" and one.recommendation in BANDS[:2],
    "overdue": lambda one: one.tenure == "overdue" and one.recommendation != BANDS[0],
    "low_confidence": lambda one: one.confidence == CONFIDENCES[-1],
}
"""Topic to who it is for. Half of the core signs seen from opposite sides of the bar is a disagreement."""
