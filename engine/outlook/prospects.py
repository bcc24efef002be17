"""What was found to change a recommendation, stated for one person: titles, ratings in points, sentences."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from engine.outlook.changes import LARGEST_CHANGE, FoundChange
from engine.outlook.needed_ratings import FoundRatings
from engine.outlook.outlooks import Outlooks
from engine.outlook.stability import TurningStep
from engine.phrases import join
from engine.words.explanation import (
    Change,
    ConfidencePart,
    DecisiveStep,
    Outlook,
    RatingMove,
    RatingsNeeded,
    SignalEvidence,
    SignalMove,
)
from engine.words.sentences import rounded, show_day
from inputs import UNITS_PER_POINT, rating_column
from rules.pack import BANDS, STATUSES, RulePack

LISTED = 8
"""Changes of one person that are listed; how many there are in all is always said."""
PLACES_SHOWN = 4
_NUMBERS = {1: "One signal", 2: "Two signals", 3: "Three signals"}

CellOf = Callable[[int, str], str | None]
"""Person and rating column to the cell in the input."""


@dataclass(frozen=True)
class Prospects:
    """The outlooks of one promotion, ready to be stated."""

    outlooks: Outlooks
    cell_of: CellOf

    @property
    def pack(self) -> RulePack:
        """The pack whose words are used."""
        return self.outlooks.banding.pack

    def outlook(self, row: int, person: int, recommendation: str) -> Outlook:
        """The outlook of one row of the promotion's recommendations."""
        found = self.outlooks
        better, worse = found.better.get(row, ()), found.worse.get(row, ())
        to_rate = found.to_rate.get(row, ())
        day, then = found.from_day.get(row, (None, None))
        steps, unchanged = found.stability.steps[row], found.stability.unchanged[row]
        decisive = tuple(self._decisive(person, step) for step in found.stability.turning.get(row, ()))
        return Outlook(
            summary=self._summary(row, recommendation),
            changes=tuple(self._change(person, change) for change in better[:LISTED]),
            changes_in_all=len(better),
            to_rate=tuple(self._to_rate(person, needed) for needed in to_rate[:LISTED]),
            to_rate_in_all=len(to_rate),
            from_day=day,
            from_day_recommendation=then,
            could_lose=tuple(self._change(person, change) for change in worse[:LISTED]),
            could_lose_in_all=len(worse),
            single_steps=steps,
            stability=rounded(Fraction(unchanged, steps), PLACES_SHOWN) if steps else None,
            decisive_steps=decisive,
            borderline=bool(decisive),
        )

    def _summary(self, row: int, recommendation: str) -> str:
        found = self.outlooks
        if recommendation == BANDS[0]:
            return f"{self._band(recommendation)} is the highest band."
        if changes := found.better.get(row):
            return self._ways(changes)
        if needed := found.to_rate.get(row):
            return self._ratings_wanted(needed)
        time = found.from_day.get(row)
        more = found.reachable.get(row)
        ratings = self._out_of_reach(row, reachable=bool(more))
        if time is None:
            return ratings if more else f"{ratings} Time alone does not either."
        return (
            f"{ratings} Time does: with the ratings as they are, it would be {self._band(time[1])} "
            f"from {show_day(time[0])} on."
        )

    def _out_of_reach(self, row: int, *, reachable: bool) -> str:
        """What is known of a better band where no change that was searched leads to one."""
        tried = self.outlooks.tried_steps.get(row)
        if row not in self.outlooks.unsearched:
            return (
                f"More than {LARGEST_CHANGE} signals at once would have to move to reach a better band."
                if reachable
                else "No rating, however high, leads to another band."
            )
        if not reachable:
            return "With every rating at its highest no better band would be reached."
        if tried:
            return f"More than {_steps(tried)} of the ratings at hand would be needed to reach a better band."
        return "There are too many combinations of ratings to say which would lead to a better band."

    def _ways(self, changes: Sequence[FoundChange]) -> str:
        if not self.outlooks.banding.rests_on_statuses:
            return self._step_ways(changes)
        signals = _NUMBERS[len(changes[0].moves)]
        verb = "has" if len(changes[0].moves) == 1 else "have"
        steps, ways = _steps(changes[0].steps), _more_ways(changes)
        return f"{signals} {verb} to move to reach {self._reached(changes)}, {steps} away{ways}."

    def _step_ways(self, changes: Sequence[FoundChange]) -> str:
        """As `_ways`, where steps of ratings count and not signals."""
        told = f"{_steps(changes[0].steps)} would reach {self._reached(changes)}{_more_ways(changes)}"
        if not changes[0].fewest:
            return f"{told}; whether fewer would was not searched."
        return f"{told}; fewer would not." if changes[0].steps > 1 else f"{told}."

    def _reached(self, changes: Sequence[FoundChange]) -> str:
        """The bands that some change reaches, the best first."""
        bands = {change.recommendation for change in changes}
        return join([self._band(band) for band in BANDS if band in bands], "or")

    def _ratings_wanted(self, needed: Sequence[FoundRatings]) -> str:
        signals = needed[0].signals
        if len(signals) > LARGEST_CHANGE:
            return (
                f"Ratings of more than {LARGEST_CHANGE} signals are missing before there is enough to judge."
            )
        counted = _NUMBERS.get(len(signals), "What is missing")
        ways = _more_ways(needed)
        return f"{counted} rated would be enough to judge{ways}."

    def _change(self, person: int, change: FoundChange) -> Change:
        ratings = tuple(self._rating(person, *rating) for rating in change.ratings)
        signals = tuple(self._move(*move) for move in change.moves)
        moves = join([self._in_words(s) for s in signals]) if signals else "no signal would change its status"
        return Change(
            recommendation=change.recommendation,
            signals=signals,
            ratings=ratings,
            steps=change.steps,
            also=tuple(self._move(*move) for move in change.also),
            sentence=f"{self._band(change.recommendation)} if {_rated(ratings)}: {moves}.",
        )

    def _to_rate(self, person: int, needed: FoundRatings) -> RatingsNeeded:
        lowest = needed.outcomes[0][0]
        ratings = tuple(self._rating(person, place, None, lowest) for place in needed.competencies)
        outcomes = tuple((_points(rating), band) for rating, band in needed.outcomes)
        wanted = join([rating.competency_title for rating in ratings])
        return RatingsNeeded(
            signals=tuple(self._signal(place) for place in needed.signals),
            ratings=ratings,
            outcomes=outcomes,
            sentence=f"Rated, this is enough to judge: {wanted}. {self._outcomes(outcomes)}",
        )

    def _outcomes(self, outcomes: Sequence[tuple[Decimal, str]]) -> str:
        """`With 4 or more: Ready now; with 3.5: Ready soon; with less: Developing.`"""
        if len(outcomes) == 1:
            return f"Whatever the ratings are: {self._band(outcomes[0][1])}."
        best, *rest = reversed(outcomes)
        parts = [f"With {best[0]} or more throughout: {self._band(best[1])}"]
        parts += [f"from {rating} on: {self._band(band)}" for rating, band in rest[:-1]]
        return "; ".join([*parts, f"with less: {self._band(rest[-1][1])}"]) + "."

    def _decisive(self, person: int, step: TurningStep) -> DecisiveStep:
        rating = self._rating(person, step.competency, step.before, step.after)
        reached = self._band(step.recommendation) if step.recommendation else "No recommendation"
        return DecisiveStep(rating, step.recommendation, f"{reached} if {_rated([rating])}.")

    def _rating(self, person: int, place: int, before: int | None, after: int) -> RatingMove:
        competency = self.outlooks.competencies[place]
        return RatingMove(
            competency=competency,
            competency_title=self.pack.competency(competency).title,
            before=None if before is None else _points(before),
            after=_points(after),
            cell=self.cell_of(person, rating_column(competency, "manager")),
        )

    def _move(self, place: int, before: int, after: int) -> SignalMove:
        signal = self.outlooks.banding.promotion.signals[place]
        return SignalMove(signal.id, signal.title, STATUSES[before], STATUSES[after])

    def _signal(self, place: int) -> str:
        return self.outlooks.banding.promotion.signals[place].title

    def _in_words(self, move: SignalMove) -> str:
        labels = {str(name): text.label for name, text in self.pack.statuses.items()}
        return f"“{move.title}” would go from {labels[move.before]} to {labels[move.after]}"

    def _band(self, band: str) -> str:
        return next(text.label for name, text in self.pack.bands.items() if name == band)


def confidence_parts(
    signals: Sequence[SignalEvidence], coverage: Fraction | None, outlook: Outlook
) -> tuple[ConfidencePart, ...]:
    """Coverage, agreement and stability of one recommendation."""
    seen = coverage or Fraction(0)
    compared = [signal for signal in signals if signal.agreement != "unknown"]
    aligned = sum(signal.agreement == "aligned" for signal in compared)
    agreement = Fraction(aligned, len(compared)) if compared else None
    steps, stability = outlook.single_steps, outlook.stability
    unchanged = 0 if stability is None else round(stability * steps)
    return (
        ConfidencePart(
            "coverage",
            "Coverage",
            rounded(seen, PLACES_SHOWN),
            f"The manager has rated {_percent(seen)} of what this promotion looks at.",
        ),
        ConfidencePart(
            "agreement",
            "Agreement",
            None if agreement is None else rounded(agreement, PLACES_SHOWN),
            f"Self and manager agree on {aligned} of the {len(compared)} signals that both have rated."
            if compared
            else "There is no signal that both self and manager have rated.",
        ),
        ConfidencePart(
            "stability",
            "Stability",
            stability,
            f"{unchanged} of {steps} single rating steps up or down leave the recommendation as it is."
            if steps
            else "There is no rating that could move.",
        ),
    )


def _rated(ratings: Iterable[RatingMove]) -> str:
    """`Mentoring were rated 4 instead of 3.5 and Influence 4 (not rated now)`."""
    parts = []
    for n, rating in enumerate(ratings):
        now = "not rated now" if rating.before is None else f"instead of {rating.before}"
        words = f"{rating.after} ({now})" if rating.before is None else f"{rating.after} {now}"
        parts.append(f"{rating.competency_title} {'were rated ' if n == 0 else ''}{words}")
    return join(parts)


def _points(units: int) -> Decimal:
    return rounded(Fraction(units, UNITS_PER_POINT), PLACES_SHOWN)


def _percent(share: Fraction) -> str:
    return f"{rounded(share * 100, 0)} %"


def _more_ways(ways: Sequence[object]) -> str:
    return f"; there are {len(ways)} ways" if len(ways) > 1 else ""


def _steps(count: int) -> str:
    return f"{count} rating step" + ("s" if count != 1 else "")
