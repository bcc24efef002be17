"""In which order the session goes through a run, what about, and what the room consents to without talk."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from engine.session import AgendaTopic, session_terms
from engine.words import Explanation, SignalEvidence
from reports.shown.content import Run
from reports.shown.session import PastCycle
from reports.shown.votes import Votes
from rules.pack import BANDS, CONFIDENCES

NOW, CONSENT, LATER, NEVER = "In the session", "By consent", "If time allows", "Not on the agenda"
ALIKE = ("straight_lined", "same_for_everybody")
"""The open questions about ratings that tell people, or what a person can, hardly apart."""


@dataclass(frozen=True)
class AgendaItem:
    """One person and promotion in the order of the session."""

    index: int
    """The place in `Run.explanations`."""
    explanation: Explanation
    topics: tuple[AgendaTopic, ...]
    """The heaviest first; none for who is there with another promotion, or not at all."""
    votes: Votes | None
    when: str = NEVER
    """`NOW`, `CONSENT`, `LATER` or `NEVER`."""

    @property
    def weight(self) -> int:
        """How much the discussion can change."""
        return sum(topic.weight for topic in self.topics)

    @property
    def discussed(self) -> bool:
        """Whether there is something to talk about."""
        return self.weight > 0 or (self.votes is not None and self.votes.discuss)

    @property
    def urgency(self) -> tuple[int, float, int, int, int]:
        """Where votes differ comes first, then the weights of the topics together, then the least certain
        recommendation, then the file's order."""
        split = self.votes if self.votes is not None and self.votes.discuss else None
        certainty = CONFIDENCES.index(self.explanation.confidence)
        return (
            split is None,
            float(split.agreement or 0) if split else 0,
            -self.weight if split is None else -split.against,
            -certainty,
            self.index,
        )


def running_order(run: Run) -> tuple[AgendaItem, ...]:
    """Everybody, each person's promotions together: first whom a discussion can change most, then those to be
    promoted by consent, then the others in the order of the file."""
    people: dict[int, list[AgendaItem]] = {}
    for index, one in enumerate(run.explanations):
        people.setdefault(one.person, []).append(_item(run, index, one))
    talked = [own for own in people.values() if any(item.discussed for item in own)]
    talked.sort(key=lambda own: min(item.urgency for item in own if item.discussed))
    silent = [own for own in people.values() if not any(item.discussed for item in own)]
    ordered: list[AgendaItem] = []
    taken = 0
    for own in talked:
        when = NOW if taken < places_of(run) else LATER
        taken += sum(item.discussed for item in own)
        ordered += [replace(item, when=CONSENT if when == LATER and _best(item) else when) for item in own]
    for own in silent:
        ordered += [replace(item, when=CONSENT) for item in own if any(map(_best, own))]
    return (*ordered, *(item for own in silent if not any(map(_best, own)) for item in own))


def agenda_of(run: Run) -> tuple[AgendaItem, ...]:
    """Those of the running order that are on the agenda."""
    return tuple(item for item in running_order(run) if item.when != NEVER)


def places_of(run: Run) -> int:
    """How many recommendations the session has time for."""
    places = run.session.places
    return session_terms().time.places if places is None else places


def _best(item: AgendaItem) -> bool:
    """Nobody who is recommended for promotion is passed over: the room consents."""
    return item.explanation.recommendation == BANDS[0]


def _item(run: Run, index: int, explanation: Explanation) -> AgendaItem:
    past = run.session.past(explanation.key)
    terms = session_terms().agenda
    topics = [
        _asked(topic, explanation) for topic in terms if topic.weight and _TESTS[topic.id](explanation, past)
    ]
    if not topics and explanation.recommendation == BANDS[0]:
        topics = [topic for topic in terms if not topic.weight]
    ordered = tuple(sorted(topics, key=lambda topic: -topic.weight))
    return AgendaItem(index, explanation, ordered, run.votes.get(explanation.key))


def _asked(topic: AgendaTopic, explanation: Explanation) -> AgendaTopic:
    """The topic with what the ratings show, where the explanation says it."""
    if topic.id != "alike":
        return topic
    sentences = (one.sentence for one in explanation.questions if one.kind in ALIKE)
    return topic.model_copy(update={"question": " ".join(sentences)})


def _opposite(signal: SignalEvidence) -> bool:
    """Self and manager stand on different sides of the bar."""
    if signal.manager_score is None or signal.self_score is None or signal.status == "unrated":
        return False
    return (signal.status == "met") != (signal.self_score >= signal.bar) and signal.agreement != "aligned"


def _core(explanation: Explanation) -> Sequence[SignalEvidence]:
    return [signal for signal in explanation.evidence if signal.importance == "core"]


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
    "alike": lambda one, _: any(question.kind in ALIKE for question in one.questions),
    "promised": lambda _, past: past is not None and past.open,
    "lost": lambda _, past: past is not None and past.finding == "lost",
}
"""Topic to who it is for. Half of the core signals seen from opposite sides of the bar is a disagreement."""
