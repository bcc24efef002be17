"""Is the room calibrated? How often it changed what the rules recommended, and where; without names."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from engine.phrases import count, percent
from engine.session import Decision, DecisionStatus
from engine.words import Explanation
from reports.shown.content import Run
from reports.shown.grouped import grouped
from rules.pack import BANDS

FEWEST = 3
"""Managers with fewer decisions than this are counted together: their changes would be somebody's."""
ABOUT = (
    "A room that changes a lot in one band, in one direction or for one manager reads the ratings "
    "differently there."
)
MOVES = (DecisionStatus.AGREED, DecisionStatus.UP, DecisionStatus.DOWN, DecisionStatus.ASIDE)
FEW = f"Managers with fewer than {FEWEST} decisions, together"


@dataclass(frozen=True)
class Changes:
    """What the room did to a group of recommendations."""

    name: str
    counts: Mapping[DecisionStatus, int]

    @property
    def decided(self) -> int:
        """All decisions."""
        return sum(self.counts.values())

    @property
    def changed(self) -> int:
        """Those that differ from the recommendation."""
        return self.decided - self.counts.get(DecisionStatus.AGREED, 0)


@dataclass(frozen=True)
class VotesBefore:
    """How the votes before the session compare with the recommendations, and with what was decided then."""

    recommendations: int
    """Those with a vote and a decision."""
    cast: int
    """Votes on them."""
    unanimous: int
    """Recommendations with several votes, all for one band."""
    several: int
    """Recommendations with several votes."""
    like_recommendation: int
    """Votes for the recommended band."""
    like_decision: int
    """Votes for the band that was decided."""

    @property
    def sentences(self) -> tuple[str, str]:
        """What the votes agree with: the recommendations before the session, the decisions after it."""
        where = f"{count(self.cast, 'vote')} on {count(self.recommendations, 'recommendation')}"
        together = f"; all for one band on {self.unanimous:,} of the {self.several:,} with several votes"
        return (
            f"Before the session: {where} that {'is' if self.recommendations == 1 else 'are'} decided now, "
            f"{percent(self.like_recommendation, self.cast)} for the recommended band"
            f"{together if self.several else ''}.",
            f"After it: {percent(self.like_decision, self.cast)} of them are for the band that was decided.",
        )


@dataclass(frozen=True)
class Overruled:
    """A rule whose recommendation the room decided otherwise, with each decision: for the pack's owner."""

    code: str
    title: str
    decided: int
    """Decisions on recommendations of this rule."""
    changed: tuple[tuple[Explanation, Decision], ...]
    """Those that differ from its recommendation."""

    @property
    def share(self) -> Fraction:
        """Of its decisions, those that differ."""
        return Fraction(len(self.changed), self.decided)


@dataclass(frozen=True)
class Room:
    """The record of a session as counts."""

    bands: tuple[Changes, ...]
    """By the band that the rules recommended, those with a decision, then all together."""
    managers: tuple[Changes, ...]
    """By manager without a name, the most changed first."""
    votes: VotesBefore | None
    """None when nobody voted before."""
    rules: tuple[Overruled, ...]
    """The most overruled first; those that never were are left out."""


def room_of(run: Run) -> Room:
    """What the decisions of a run say about the room that made them."""
    made = [
        (one, run.decisions[one.key])
        for one in run.only({key[0] for key in run.decisions})
        if one.key in run.decisions
    ]
    by_band = grouped(made, lambda pair: pair[0].recommendation)
    bands = [_changes(run.pack.bands[band].label, by_band[band]) for band in BANDS if band in by_band]
    whole = _changes("All", made)
    return Room((*bands, whole), _managers(run, made), _votes(run, made), _rules(made))


def _changes(name: str, made: Iterable[tuple[Explanation, Decision]]) -> Changes:
    return Changes(name, Counter(decision.status for _, decision in made))


def _managers(run: Run, made: Sequence[tuple[Explanation, Decision]]) -> tuple[Changes, ...]:
    groups = grouped(made, lambda pair: run.manager_label(pair[0])).values()
    large = [own for own in groups if len(own) >= FEWEST]
    large.sort(key=lambda own: (-Fraction(_changes("", own).changed, len(own)), -len(own)))
    small = [pair for own in groups if len(own) < FEWEST for pair in own]
    numbered = [_changes(f"Manager {number}", own) for number, own in enumerate(large, start=1)]
    return (*numbered, *([_changes(FEW, small)] if small else []))


def _votes(run: Run, made: Sequence[tuple[Explanation, Decision]]) -> VotesBefore | None:
    both = [(run.votes[one.key], decision) for one, decision in made if one.key in run.votes]
    if not both:
        return None
    several = [votes for votes, _ in both if votes.total > 1]
    return VotesBefore(
        recommendations=len(both),
        cast=sum(votes.total for votes, _ in both),
        unanimous=sum(votes.agreement == 1 for votes in several),
        several=len(several),
        like_recommendation=sum(votes.total - votes.against for votes, _ in both),
        like_decision=sum(votes.cast.get(decision.decision, 0) for votes, decision in both),
    )


def _rules(made: Sequence[tuple[Explanation, Decision]]) -> tuple[Overruled, ...]:
    of_rule: defaultdict[tuple[str, str], list[tuple[Explanation, Decision]]] = defaultdict(list)
    for one, decision in made:
        for rule in one.rules:
            if rule.topic == "recommendation" and rule.decisive:
                of_rule[rule.code, rule.title].append((one, decision))
    found = [
        Overruled(
            code, title, len(own), tuple(pair for pair in own if pair[1].status != DecisionStatus.AGREED)
        )
        for (code, title), own in of_rule.items()
    ]
    overruled = [one for one in found if one.changed]
    return tuple(sorted(overruled, key=lambda one: (-len(one.changed), -one.share, one.code)))
