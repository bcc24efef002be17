"""What a recommendation hinges on: the ratings that would change it, and what stands beside them."""

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass

from engine.phrases import count, join, number
from engine.words import Change, Explanation, RatingMove, RatingsNeeded, SignalEvidence, outcomes_said
from inputs import RATERS, comment_column, rating_column
from inputs.fields import TARGET_LEVEL
from reports.shown.cells import CellNames
from reports.shown.content import Run
from rules.pack import BANDS, RulePack

SIGNALS = 5
"""Signals or competencies that one line names."""
NAMED = 2
"""A change of more ratings than this is told by its first step, as is one that leaps, and missing ones by the
first few."""


def crux_of(one: Explanation, run: Run, *, to_manager: bool = False) -> str:
    """The concrete thing to talk about, such as `Ready soon if Strategic Thinking were 3.5; AW225 says 3;
    self says 3.1; nobody wrote an example`; said `to_manager`, `you rated it 3 (AW225)`.

    Nobody is said to have left out what the file has no column for. A target level that is not used is told
    too: it says which step was meant. So are the lowest ratings to those who decide; pages of managers name
    them beside it.
    """
    targets = (issue.problem.rstrip(".") for issue in one.issues if issue.about == TARGET_LEVEL.name)
    said = "; ".join([_Teller(one, run, to_manager).crux(), *targets])
    lowest = "" if to_manager else lowest_beside(said, one)
    return f"{said}; {lowest[0].lower()}{lowest[1:]}" if lowest else said


def lowest_beside(said: str, one: Explanation) -> str:
    """What is rated lowest on the scale and not named in what is said; else nothing."""
    more = [given.competency_title for given in one.lowest if given.competency_title not in said]
    return f"Rated lowest on the scale: {join(more, most=SIGNALS)}" if more else ""


@dataclass(frozen=True)
class _Teller:
    """One recommendation, and who it is told."""

    one: Explanation
    run: Run
    to_manager: bool

    @property
    def pack(self) -> RulePack:
        return self.run.pack

    def crux(self) -> str:
        one, outlook = self.one, self.one.outlook
        ahead = outlook.changes[0] if outlook.changes else None
        if one.recommendation == BANDS[0]:
            losing = [change for change in outlook.could_lose if len(change.ratings) <= NAMED]
            return self._if(losing[0]) if losing else "No small change in the ratings takes it away"
        if ahead is not None and len(ahead.ratings) <= NAMED and ahead.in_full:
            return self._if(ahead)
        first = outlook.first_step
        if first is not None and outlook.steps_to_next and outlook.next_band:
            there = (
                f"{count(outlook.steps_to_next, 'rating step')} to {self.pack.bands[outlook.next_band].label}"
            )
            return f"{there}; first {first.competency_title} to {number(first.after)}; {self._said(first)}"
        if outlook.to_rate:
            return self._rate(outlook.to_rate[0])
        return outlook.summary.rstrip(".")

    def _if(self, change: Change) -> str:
        label = self.pack.bands[change.recommendation].label
        first, *others = change.ratings
        lower = BANDS.index(self.one.recommendation) < BANDS.index(change.recommendation) < len(BANDS) - 1
        begun = f"{'Only ' * lower}{label} if {first.competency_title} were {number(first.after)}"
        if not others:
            return f"{begun}; {self._said(first)}"
        more = [f"{one.competency_title} {number(one.after)} ({self._said(one)})" for one in others]
        return " and ".join([f"{begun} ({self._said(first)})", *more])

    def _rate(self, needed: RatingsNeeded) -> str:
        """The ratings that are missing, with their cells, and what they would settle."""
        moves = needed.ratings
        what = _named([move.competency_title for move in moves])
        if len(moves) <= NAMED:
            what = " and ".join(f"{move.competency_title} ({self._said(move)})" for move in moves)
        return f"Rate {what}; {outcomes_said(needed.outcomes, self.pack, many=len(moves) > 1)}"

    def _said(self, move: RatingMove) -> str:
        """What the file says now: the manager's cell, the self rating, and whether anybody wrote about it."""
        place = CellNames.of(self.one).text(move.cell)
        if move.before is None:
            unused = self.one.is_not_used(move.competency, "manager")
            manager = f"{place or 'the cell'} is {'not used' if unused else 'empty'}"
        elif self.to_manager:
            manager = f"you rated it {number(move.before)}" + (f" ({place})" if place else "")
        else:
            manager = f"{place or 'the manager'} says {number(move.before)}"
        return f"{manager}{self._beside(move.competency)}"

    def _beside(self, competency: str) -> str:
        ratings = (used for signal in self.one.evidence for used in signal.ratings)
        used = next((used for used in ratings if used.competency == competency), None)
        if used is None:
            return ""
        known = self.run.explanations.columns
        own, managers = (rating_column(competency, rater) for rater in RATERS)
        told = ""
        if used.self_rating is not None:
            told = f"; {'they rated it' if self.to_manager else 'self says'} {number(used.self_rating)}"
        elif own in known:
            told = "; no self rating"
        asked = not known.isdisjoint((comment_column(own), comment_column(managers)))
        unwritten = asked and not (used.manager_comment or used.self_comment)
        return told + ("; nobody wrote an example" if unwritten else "")


def strongest(one: Explanation, most: int = 3) -> list[SignalEvidence]:
    """The signals that are furthest above their bars, core ones first; none that is mostly about what is
    rated lowest or too low for the present level, as the same page says."""
    weak = {e.competency for e in one.short_of_present} | {given.competency for given in one.lowest}
    met = [signal for signal in one.evidence if signal.status == "met" and not _is_mostly(signal, weak)]
    return sorted(met, key=lambda s: (s.importance != "core", s.bar - (s.manager_score or s.bar)))[:most]


def _is_mostly(signal: SignalEvidence, competencies: Set[str]) -> bool:
    weight = sum(used.weight for used in signal.ratings if used.competency in competencies)
    return 2 * weight >= sum(used.weight for used in signal.ratings)


def still_to_show(one: Explanation) -> list[SignalEvidence]:
    """The signals that are not met, those that hold the person back most first."""
    return by_urgency(signal for signal in one.evidence if signal.status != "met")


def by_urgency(signals: Iterable[SignalEvidence]) -> list[SignalEvidence]:
    """Signals with those first that hold a person back most: core before supporting, the furthest off
    first."""
    order = {"gap": 0, "near": 1, "unrated": 2, "met": 3}
    return sorted(signals, key=lambda signal: (signal.importance != "core", order[signal.status]))


def _named(titles: Sequence[str]) -> str:
    """The first few, and how many more."""
    return join(titles, most=NAMED + 1)
