"""What to discuss first: the outliers among the recommendations, and in which order."""

from collections.abc import Callable
from dataclasses import dataclass

from engine.session import AgendaTopic, session_terms
from engine.words import Explanation, SignalEvidence
from reports.shown.content import Run
from reports.shown.session import PastCycle
from rules.pack import BANDS, CONFIDENCES


@dataclass(frozen=True)
class AgendaItem:
    """One person and promotion on the agenda."""

    index: int
    """The place in `Run.explanations`."""
    explanation: Explanation
    topics: tuple[AgendaTopic, ...]
    """The heaviest first."""
    signals: tuple[str, ...]
    """Titles of the signals to look at, core ones first."""
    asks: tuple[str, ...]
    """Titles of the signals to ask for an example of. They alone bring nobody onto the agenda: where few
    people write comments, that would be nearly everybody."""

    @property
    def weight(self) -> int:
        """How much the discussion can change."""
        return sum(topic.weight for topic in self.topics)


def agenda_of(run: Run) -> tuple[AgendaItem, ...]:
    """Everybody with a topic, in the order of how much a discussion can change: the weights of the topics
    together, then the least certain recommendation, then the most signals in question."""
    items = [
        item for index, one in enumerate(run.explanations) if (item := _item(run, index, one)) is not None
    ]
    return tuple(sorted(items, key=_urgency))


def places_of(run: Run) -> int:
    """How many recommendations the session has time for."""
    places = run.session.places
    return session_terms().time.places if places is None else places


def _item(run: Run, index: int, explanation: Explanation) -> AgendaItem | None:
    past = run.session.past(explanation.key)
    terms = session_terms().agenda
    topics = [topic for topic in terms if topic.weight and _TESTS[topic.id](explanation, past)]
    if not topics and explanation.recommendation == BANDS[0]:
        # Nobody who is recommended for promotion is passed over: the room consents.
        topics = [topic for topic in terms if not topic.weight]
    if not topics:
        return None
    signals = tuple(signal.title for signal in explanation.evidence if _in_question(signal))
    asks = tuple(
        dict.fromkeys(
            title for one in explanation.questions if one.kind == "unwritten" for title in one.subjects
        )
    )
    return AgendaItem(index, explanation, tuple(sorted(topics, key=lambda t: -t.weight)), signals, asks)


def _urgency(item: AgendaItem) -> tuple[int, int, int, int]:
    certainty = CONFIDENCES.index(item.explanation.confidence)
    return (-item.weight, -certainty, -len(item.signals), item.index)


def _in_question(signal: SignalEvidence) -> bool:
    return signal.importance == "core" and (signal.status in ("near", "unrated") or _opposite(signal))


def _opposite(signal: SignalEvidence) -> bool:
    """Self and manager stand on different sides of the bar."""
    if signal.manager_score is None or signal.self_score is None or signal.status == "unrated":
        return False
    return (signal.status == "met") != (signal.self_score >= signal.bar) and signal.agreement != "aligned"


def _core(explanation: Explanation) -> tuple[SignalEvidence, ...]:
    return tuple(signal for signal in explanation.evidence if signal.importance == "core")


_TESTS: dict[str, Callable[[Explanation, PastCycle | None], bool]] = {
    "disagreement": lambda one, _: sum(_opposite(signal) for signal in _core(one)) * 2 >= len(_core(one)) > 0,
    "gaps": lambda one, _: (
        one.recommendation == "insufficient_evidence"
        or any(signal.status == "unrated" for signal in _core(one))
    ),
    "borderline": lambda one, _: one.borderline,
    "early": lambda one, _: one.tenure == "early" and one.recommendation in BANDS[:2],
    "overdue": lambda one, _: one.tenure == "overdue" and one.recommendation != BANDS[0],
    "low_confidence": lambda one, _: one.confidence == CONFIDENCES[-1],
    "promised": lambda _, past: past is not None and past.open,
    "lost": lambda _, past: past is not None and past.finding == "lost",
}
"""Topic to who it is for. Half of the core signals seen from opposite sides of the bar is a disagreement."""
