"""In which order the session goes through a run, what about, and what the room consents to without talk."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from engine.session import AgendaTopic, session_terms
from engine.words import Recommendation
from reports.shown.content import Run
from reports.shown.session import PastCycle
from reports.shown.votes import Votes
from rules.pack import BANDS, CONFIDENCES, TOO_EARLY, Status

Row = Mapping[str, Any]
NOW, CONSENT, LATER, NEVER = "In the session", "By consent", "If time allows", "Not on the agenda"


@dataclass(frozen=True)
class Turn:
    """One person and promotion in the order of the session, of whom nothing is explained yet."""

    index: int
    """The place in `Run.explanations`."""
    known: Recommendation
    topics: tuple[AgendaTopic, ...]
    """The heaviest first; none for who is there with another promotion, or not at all."""
    votes: Votes | None
    when: str
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
        certainty = CONFIDENCES.index(self.known.confidence)
        return (
            split is None,
            float(split.agreement or 0) if split else 0,
            -self.weight if split is None else -split.against,
            -certainty,
            self.index,
        )


@dataclass(frozen=True)
class AgendaItem(Turn):
    """The same with what the sheets say of it: no explanation is held while they are written."""

    texts: Mapping[str, str]
    """By the keys of `details_of`."""
    signals: tuple[tuple[str, Status], ...]
    """The cells of the evidence sheet, as `evidence_text` says them, and what colours them."""
    scale_note: str
    """On which scale the scores are shown, where that is not the one of the rules."""
    months_in_level: int | None
    steps_to_ready_now: int | None


def turns_of(run: Run) -> tuple[Turn, ...]:
    """Everybody, each person's promotions together: first whom a discussion can change most, then those to be
    promoted by consent, then the others in the order of the file."""
    people: dict[int, list[Turn]] = {}
    seen = run.explanations.notable().iter_rows(named=True)
    for index, (one, row) in enumerate(zip(run.recommendations, seen, strict=True)):
        people.setdefault(one.person, []).append(_turn(run, index, one, row))
    talked = [own for own in people.values() if any(item.discussed for item in own)]
    talked.sort(key=lambda own: min(item.urgency for item in own if item.discussed))
    silent = [own for own in people.values() if not any(item.discussed for item in own)]
    ordered: list[Turn] = []
    taken = 0
    for own in talked:
        when = NOW if taken < places_of(run) else LATER
        taken += sum(item.discussed for item in own)
        ordered += [replace(item, when=CONSENT if when == LATER and _best(item) else when) for item in own]
    for own in silent:
        ordered += [replace(item, when=CONSENT) for item in own if any(map(_best, own))]
    return (*ordered, *(item for own in silent if not any(map(_best, own)) for item in own))


def agenda_of(run: Run) -> tuple[Turn, ...]:
    """The turns of those who are on the agenda."""
    return tuple(turn for turn in turns_of(run) if turn.when != NEVER)


def places_of(run: Run) -> int:
    """How many recommendations the session has time for."""
    places = run.session.places
    return session_terms().time.places if places is None else places


def _best(turn: Turn) -> bool:
    """Nobody who is recommended for promotion is passed over: the room consents."""
    return turn.known.recommendation == BANDS[0]


def _turn(run: Run, index: int, one: Recommendation, seen: Row) -> Turn:
    past = run.session.past(one.key)
    terms = session_terms().agenda
    early = _TESTS["too_early"](one, seen, past)
    topics = [
        topic
        for topic in terms
        if topic.weight and _TESTS[topic.id](one, seen, past) and (not early or topic.id in _OF_TOO_EARLY)
    ]
    if not topics and one.recommendation == BANDS[0]:
        topics = [topic for topic in terms if not topic.weight]
    ordered = tuple(sorted(topics, key=lambda topic: -topic.weight))
    return Turn(index, one, ordered, run.votes.get(one.key), NEVER)


_OF_TOO_EARLY = ("too_early", "promised")
"""All there is to say of somebody about whom only a later review can tell."""
_TESTS: dict[str, Callable[[Recommendation, Row, PastCycle | None], bool]] = {
    "disagreement": lambda _, seen, __: seen["opposite"] * 2 >= seen["core"] > 0,
    "gaps": lambda one, seen, _: one.recommendation == "insufficient_evidence" or seen["unrated"] > 0,
    "borderline": lambda one, _, __: one.borderline,
    "early": lambda one, seen, _: seen["tenure"] == "early" and one.recommendation in BANDS[:2],
    "overdue": lambda one, seen, _: seen["tenure"] == "overdue" and one.recommendation in BANDS[1:3],
    "low_confidence": lambda one, _, __: one.confidence == CONFIDENCES[-1],
    "alike": lambda _, seen, __: seen["alike"],
    "promised": lambda _, __, past: past is not None and past.open,
    "too_early": lambda _, seen, __: seen["kind"] in TOO_EARLY,
    "lost": lambda _, __, past: past is not None and past.finding == "lost",
}
"""Topic to who it is for, by `NOTABLE_SCHEMA`. Half of the core signals seen from opposite sides of the bar
is a disagreement."""
