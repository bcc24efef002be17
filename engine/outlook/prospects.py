"""What was found to change a recommendation, stated for one person: titles, ratings in points, sentences."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

import numpy as np

from engine.decide.algebra import PLAIN
from engine.decide.facts import RE_RATINGS
from engine.decide.meaning import Mean, SignalMeaning
from engine.decide.supposed import INSUFFICIENT, MISSING, Ints
from engine.outlook.needed import settled_by
from engine.outlook.outlooks import Group
from engine.outlook.search import NEAR
from engine.outlook.searched import Distance, Needed, NewRating, Searched, Step, Way
from engine.phrases import count, join, number, rounded, span
from engine.words.explanation import (
    Change,
    ConfidencePart,
    DecisiveStep,
    Outlook,
    RatingMove,
    RatingsNeeded,
    SignalMove,
)
from engine.words.ratings import PLACES_SHOWN, shown_rating
from engine.words.sentences import show_day
from inputs import UNITS_PER_POINT, OwnScale, Roster, rating_column
from rules.facts import REVIEWS
from rules.pack import BANDS, STATUSES, TENURES, Band, RulePack, TimeMeasure

LISTED = 8
"""Ways of one person that are listed; how many there are in all is always said."""

_BEGAN: Mapping[TimeMeasure, str] = {
    "time_in_level": "the date from which the person has been at the present level",
    "product_experience": "the date on which the person began in the profession",
}
NAMED = 5
"""Missing ratings that the summary names; how many more there are is said."""
Own = Mapping[Way, Way]
"""Ways that were found, as a file with steps of its own can write them."""


@dataclass(frozen=True)
class Prospects:
    """What was found for the people of one variant of a promotion, ready to be stated."""

    pack: RulePack
    group: Group
    roster: Roster

    def outlook(self, row: int, person: int, recommendation: Band, found: Searched) -> Outlook:
        """The outlook of one row of the group's people."""
        up, down, rank = found.next_band, found.lost, BANDS.index(recommendation)
        top = found.ready_now or up
        steps, turning = found.single_steps, found.turning
        ways = [way for distance in (up, down) if distance for way in distance.ways]
        ways += [_way_of(step, step.band) for step in turning if step.band is not None]
        own = self._in_own_steps(row, recommendation, ways)
        first = self._first_step(row, person, up)
        example = first if up and up.ways_in_all is None else None
        return Outlook(
            summary=self._summary(row, rank, found),
            next_band=BANDS[rank - 1] if up else None,
            steps_to_next=up.steps if up else None,
            steps_to_ready_now=top.steps if top else None,
            changes=self._changes(row, person, up, own, example),
            changes_in_all=up.ways_in_all if up and up.ways else 0,
            first_step=first,
            to_rate=tuple(self._to_rate(row, person, needed) for needed in found.needed[:LISTED]),
            to_rate_in_all=len(found.needed),
            from_day=found.from_day,
            from_day_recommendation=found.from_day_band,
            could_lose=self._changes(row, person, down, own),
            could_lose_in_all=down.ways_in_all or 0 if down else 0,
            single_steps=steps,
            stability=rounded(Fraction(steps - len(turning), steps), PLACES_SHOWN) if steps else None,
            decisive_steps=tuple(self._decisive(row, person, step, own) for step in turning),
        )

    def _summary(self, row: int, rank: int, found: Searched) -> str:
        band, up = BANDS[rank], found.next_band
        if rank == 0:
            return f"{self._band(band)} is the highest band."
        if up is None:
            return self._until_enough(row, found)
        if up.steps is None:
            if up.certain:
                return self._nowhere(row, rank, found)
            near = count(NEAR, "rating step")
            if self._lacks_a_fact(row):
                return f"{near} do not lead to a better band; {self._lacking(row)} is missing."
            if open_ := self._leaving_open(row, rank):
                named = join(self._titles(open_), most=NAMED)
                return f"Missing ratings leave open to which better band higher ones would lead: {named}."
            return f"A better band is more than {near} away."
        ready_now = found.ready_now
        if ready_now is not None and ready_now.steps == up.steps and ready_now.certain and up.certain:
            return f"{self._band(BANDS[0])} is {_so_far(ready_now)} away."
        nearest = self._band(BANDS[rank - 1])
        if ready_now is None or ready_now.steps is None:
            return f"{nearest} is {_so_far(up)} away."
        further = f"{'' if ready_now.certain else 'at most '}{ready_now.steps:,}"
        return f"It is {_so_far(up)} to {nearest}, and {further} to {self._band(BANDS[0])}."

    def _nowhere(self, row: int, rank: int, found: Searched) -> str:
        """Why no rating that there is leads to a better band, however high it were."""
        gone = np.flatnonzero(self.group.people.missing[:, row]).tolist()
        if not gone or not self._rise(row, rank, [[]])[0]:
            return self._whatever_the_ratings(row, rank, found)
        needed = join(self._titles(self._indispensable(row, rank, gone)), most=NAMED)
        rated = f"No better band is possible until what is missing has been rated: {needed}."
        return f"{rated} That alone does not change the band."

    def _titles(self, places: Iterable[int]) -> list[str]:
        return [self.pack.competency(self.group.bander.competencies[place]).title for place in places]

    def _whatever_the_ratings(self, row: int, rank: int, found: Searched) -> str:
        """What is in the way where not even the highest ratings lead to a better band."""
        if found.from_day is None:
            lacking = self._lacks_a_fact(row)
            way = f"{self._lacking(row)} is missing" if lacking else "something else is in the way"
            return f"No rating, however high, leads to a better band; {way}."
        until = f"before {show_day(found.from_day)}, when the minimum time is over"
        then = found.from_day_band
        if then is None or BANDS.index(then) >= rank:
            return f"No rating leads to a better band {until}."
        like_these = f"with ratings like these it would be {self._band(then)} then"
        return f"No rating leads to a better band {until}; {like_these}."

    def _lacks_a_fact(self, row: int) -> bool:
        """Whether not even the highest ratings lead to a band."""
        top = np.full((len(self.group.bander.competencies), 1), self.group.bander.scale.highest)
        return bool(self.group.people.those(np.array([row])).bands(top)[0] == INSUFFICIENT)

    def _lacking(self, row: int) -> str:
        """The date that is missing; where the pack asks for answers too, nobody can tell which it is."""
        promotion, tenure = self.group.variant.promotion, TENURES[self.group.evidence["tenure"][row]]
        if promotion.tenure is None or tenure != "unknown" or self.pack.facts_for(promotion):
            return "a date or an answer that the rules ask for"
        return _BEGAN[promotion.tenure.measure]

    def _indispensable(self, row: int, rank: int, gone: Sequence[int]) -> list[int]:
        """Of the missing ratings as few as have to be there before others can lead to a better band."""
        rises = self._rise(row, rank, [[place] for place in gone])
        dispensable = [place for place, better in zip(gone, rises, strict=True) if better]
        if not self._rise(row, rank, [dispensable])[0]:
            left = list[int]()
            for place in dispensable:
                left += [place] if self._rise(row, rank, [[*left, place]])[0] else []
            dispensable = left
        return [place for place in gone if place not in dispensable]

    def _leaving_open(self, row: int, rank: int) -> list[int]:
        """The missing ratings that leave open which of several better bands the highest of the others lead
        to."""
        gone = np.flatnonzero(self.group.people.missing[:, row])
        highest, lowest = self.group.bander.scale.highest, self.group.bander.scale.lowest
        ratings = np.full((len(self.group.bander.competencies), len(gone) + 2), highest)
        ratings[gone, 1] = lowest
        ratings[gone, np.arange(len(gone)) + 2] = lowest
        best, worst, *alone = self.group.people.those(np.full(len(gone) + 2, row)).bands(ratings).tolist()
        if not best < worst < rank:
            return []
        decide = [place for place, band in zip(gone.tolist(), alone, strict=True) if band != best]
        return decide or gone.tolist()

    def _rise(self, row: int, rank: int, without: Sequence[Sequence[int]]) -> list[bool]:
        """Whether the highest ratings lead to a better band, for each of these sets of places not rated."""
        ratings = np.full(
            (len(self.group.bander.competencies), len(without)), self.group.bander.scale.highest
        )
        for column, places in enumerate(without):
            ratings[places, column] = MISSING
        worst, best = self.group.people.those(np.full(len(without), row)).range_of(ratings)
        rises: list[bool] = ((worst == best) & (worst < rank)).tolist()
        return rises

    def _until_enough(self, row: int, found: Searched) -> str:
        if found.from_day is not None:
            review = f"A review on or after {show_day(found.from_day)} would be enough"
            if found.from_day_band is None:
                return f"{review} once what is missing is there too."
            return (
                f"{review} to judge; with ratings like these it would be {self._band(found.from_day_band)}."
            )
        if not found.needed:
            if self.group.evidence["review"][row] != REVIEWS.index("earlier_level"):
                lacking = self._lacking(row)
                return f"{lacking[0].upper()}{lacking[1:]} is missing; there is no band without it."
            return "Ratings about the present level are needed before anything can be said."
        count = len(found.needed[0].competencies)
        ratings = "One rating" if count == 1 else f"{count} ratings"
        more = f"; there are {len(found.needed)} ways" if len(found.needed) > 1 else ""
        return f"{ratings} would settle it{more}."

    def _first_step(self, row: int, person: int, up: Distance | None) -> RatingMove | None:
        """The step on the weakest rating: of the most human way or, where none is known, of all ratings."""
        before, scale = self.group.people.ratings[:, row], self.group.bander.scale
        if up is None or (up.certain and up.steps is None):
            return None
        if up.ways:
            movable = self._after(row, up.ways[0].ratings) != before
        else:
            movable = (before != MISSING) & (before < scale.highest)
        if not movable.any():
            return None
        place = int(np.where(movable, before, scale.highest).argmin())
        name, now = self.group.bander.competencies[place], int(before[place])
        return self._rating(person, name, now, self._reached(min(now + scale.step, scale.highest), up=True))

    def _after(self, row: int, moved: Iterable[NewRating]) -> Ints:
        """All ratings of a person where some are others."""
        after = self.group.people.ratings[:, row].copy()
        for one in moved:
            after[self._places[one.competency]] = one.rating
        return after

    @cached_property
    def _places(self) -> Mapping[str, int]:
        return {name: place for place, name in enumerate(self.group.bander.competencies)}

    def _before(self, row: int, competency: str) -> int:
        return int(self.group.people.ratings[self._places[competency], row])

    def _changes(
        self, row: int, person: int, found: Distance | None, own: Own, first: RatingMove | None = None
    ) -> tuple[Change, ...]:
        """Every way once, as the file can write it. `first`: of a way that is no more than an example."""
        ways = dict.fromkeys(own.get(way, way) for way in found.ways) if found else ()
        return tuple(self._change(row, person, way, first) for way in ways)

    def _in_own_steps(self, row: int, now: Band, ways: Sequence[Way]) -> Own:
        """Ways in ratings that the file can write, no less far, with the bands that these lead to."""
        if self._own is None or not ways:
            return {}
        moved = [(way, ratings) for way in ways for ratings in self._own_ways(row, way)]
        after = np.stack([self._after(row, ratings) for _, ratings in moved], axis=1)
        worst, best = self.group.people.those(np.full(len(moved), row)).range_of(after)
        steps: dict[Way, Way] = {}
        for (way, ratings), low, high in zip(moved, worst.tolist(), best.tolist(), strict=True):
            # The nearest that leads where the way leads; else the last, wherever it leads.
            if low == high < len(BANDS) and (way not in steps or steps[way].band != way.band):
                steps[way] = Way(ratings, BANDS[high])
        return {way: other for way, other in steps.items() if other.band != now}

    def _own_ways(self, row: int, way: Way) -> Sequence[tuple[NewRating, ...]]:
        """A way in ratings that the file can write; of one rating all on the way there, the nearest first."""
        reached = tuple(self._in_own_step(row, one) for one in way.ratings)
        if len(reached) > 1 or self._own is None:
            return [reached]
        (end,), before = reached, self._before(row, reached[0].competency)
        between = [
            one for one in self._own.ratings if min(before, end.rating) < one < max(before, end.rating)
        ]
        near = sorted(between, key=lambda one: abs(one - before))
        return [*((replace(end, rating=one),) for one in near), reached]

    def _in_own_step(self, row: int, one: NewRating) -> NewRating:
        up = one.rating > self._before(row, one.competency)
        return replace(one, rating=self._reached(one.rating, up=up))

    def _change(self, row: int, person: int, way: Way, first: RatingMove | None) -> Change:
        step = self.group.bander.scale.step
        weakest = sorted(way.ratings, key=lambda one: self._before(row, one.competency))
        moves = [(one.competency, self._before(row, one.competency), one.rating) for one in weakest]
        ratings = tuple(self._rating(person, *move) for move in moves)
        leap = any(abs(after - before) > max(UNITS_PER_POINT, step) for _, before, after in moves)
        return Change(
            recommendation=way.band,
            signals=self._moves(self.group.people.ratings[:, row], self._after(row, way.ratings)),
            ratings=ratings,
            steps=sum(-(-abs(after - before) // step) for _, before, after in moves),
            sentence=f"A first step would be {_moved(first)}."
            if first and leap
            else f"{self._band(way.band)} if {_rated(ratings)}.",
        )

    def _moves(self, before: Ints, after: Ints) -> tuple[SignalMove, ...]:
        """The signals whose status the new ratings change."""
        moves = []
        moved = {self.group.bander.competencies[place] for place in np.flatnonzero(after != before)}
        signals = self.group.variant.promotion.signals
        for meaning, signal in zip(self.group.bander.meaning.signals, signals, strict=True):
            if moved.isdisjoint(meaning.weights):
                continue
            was, now = (self._status(meaning, ratings) for ratings in (before, after))
            if was != now:
                moves.append(SignalMove(signal.id, signal.title, STATUSES[was], STATUSES[now]))
        return tuple(moves)

    def _status(self, signal: SignalMeaning, ratings: Ints) -> int:
        known = [(ratings[self._places[name]], weight) for name, weight in signal.weights.items()]
        there = [(int(rating), weight) for rating, weight in known if rating != MISSING]
        mean = Mean(sum(rating * weight for rating, weight in there), sum(weight for _, weight in there))
        return int(signal.status(PLAIN, mean))

    def _to_rate(self, row: int, person: int, needed: Needed) -> RatingsNeeded:
        if self._own is not None and self._own.ratings:
            # What lies between two steps of the pack may be a rating of the file.
            places = [self._places[name] for name in needed.competencies]
            needed = settled_by(self.group.people.those(np.array([row])), places, np.array(self._own.ratings))
        lowest = self.group.bander.scale.lowest
        ratings = tuple(self._rating(person, name, None, lowest) for name in needed.competencies)
        # The higher of two limits that are one in the steps of the file leads on.
        limits = {self._reached(one.rating, up=True): one.band for one in needed.outcomes}
        outcomes = tuple((shown_rating(rating, self._own), band) for rating, band in limits.items())
        wanted, many = join([rating.competency_title for rating in ratings]), len(ratings) > 1
        return RatingsNeeded(
            ratings=ratings,
            outcomes=outcomes,
            sentence=f"Rate {wanted}. {self._outcomes(outcomes, many=many)}".strip(),
        )

    def _outcomes(self, outcomes: Sequence[tuple[Decimal, Band]], *, many: bool) -> str:
        """`With 4 or better: Ready now; with 3.5 or better: Ready soon; otherwise: Developing.` The best
        rating may be the lowest number, as in school marks."""
        if not outcomes:
            return ""
        if len(outcomes) == 1:
            return f"Whatever is given: {self._band(outcomes[0][1])}."
        best, *rest = reversed(outcomes)
        each = " in each" if many else ""
        other = "with worse in each" if many else "otherwise"
        parts = [f"With {_shown(best[0])} or better{each}: {self._band(best[1])}"]
        parts += [f"with {_shown(rating)} or better{each}: {self._band(band)}" for rating, band in rest[:-1]]
        return "; ".join([*parts, f"{other}: {self._band(rest[-1][1])}"]) + "."

    def _decisive(self, row: int, person: int, step: Step, own: Own) -> DecisiveStep:
        band, rating = step.band, step.rating
        if band is not None and (way := own.get(_way_of(step, band))) is not None:
            band, rating = way.band, way.ratings[0].rating
        move = self._rating(person, step.competency, self._before(row, step.competency), rating)
        reached = self._band(band) if band else "The band would be open"
        return DecisiveStep(move, band, f"{reached} if {_rated([move])}.")

    def _rating(self, person: int, competency: str, before: int | None, after: int) -> RatingMove:
        return RatingMove(
            competency=competency,
            competency_title=self.pack.competency(competency).title,
            before=None if before is None else shown_rating(before, self._own),
            after=shown_rating(after, self._own),
            cell=self.roster.cell(person, rating_column(competency, "manager")),
        )

    @property
    def _own(self) -> OwnScale | None:
        return self.roster.scales.get("manager")

    def _reached(self, rating: int, *, up: bool) -> int:
        """A rating that is to be reached; where the file has steps of its own, the nearest that is no less
        far."""
        return rating if self._own is None else self._own.reaching(rating, up=up)

    def _band(self, band: Band) -> str:
        return self.pack.bands[band].label


def confidence_parts(firm_in: int | None, review_age_months: int | None) -> tuple[ConfidencePart, ...]:
    """How firm the band is, and how old the evidence."""
    firmness = None if firm_in is None else Fraction(firm_in, RE_RATINGS)
    months = review_age_months
    return (
        ConfidencePart(
            "firmness",
            "Firmness",
            None if firmness is None else rounded(firmness, PLACES_SHOWN),
            "There is no band yet that could stay or move."
            if firm_in is None
            else f"The band stays in {firm_in} of {RE_RATINGS} plausible re-ratings.",
        ),
        ConfidencePart(
            "age",
            "Age of the review",
            None,
            "The file does not say when the review was."
            if months is None
            else f"The review is {span(months)} old."
            if months
            else "The review is less than a month old.",
        ),
    )


def _way_of(step: Step, band: Band) -> Way:
    return Way((NewRating(step.competency, step.rating),), band)


def _so_far(found: Distance) -> str:
    return ("" if found.certain else "at most ") + count(found.steps or 0, "rating step")


def _rated(ratings: Iterable[RatingMove]) -> str:
    """`Mentoring were rated 4 instead of 3.5 and Influence 4 instead of 3`."""
    return join([_moved(rating, "were rated" if n == 0 else "") for n, rating in enumerate(ratings)])


def _moved(rating: RatingMove, verb: str = "rated") -> str:
    """`Mentoring rated 4 instead of 3.5`."""
    now = "(not rated now)" if rating.before is None else f"instead of {_shown(rating.before)}"
    return " ".join(part for part in (rating.competency_title, verb, _shown(rating.after), now) if part)


def _shown(rating: Decimal) -> str:
    return number(rating, PLACES_SHOWN)
