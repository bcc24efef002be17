"""What was found to change a recommendation, stated for one person: titles, ratings in points, sentences."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

import numpy as np

from engine.decide.algebra import PLAIN
from engine.decide.facts import RE_RATINGS
from engine.decide.meaning import Mean, SignalMeaning, units
from engine.decide.supposed import INSUFFICIENT, MISSING, Bools, Ints, People
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
from engine.words.ratings import PLACES_SHOWN, outcomes_said, shown_rating
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


@dataclass(frozen=True)
class Prospects:
    """What was found for one person and promotion, ready to be stated."""

    pack: RulePack
    roster: Roster
    group: Group
    row: int
    """The person's place in the group."""
    person: int
    """And in the roster."""
    rank: int
    """Of the recommendation, in `rules.pack.BANDS`."""
    found: Searched

    def outlook(self) -> Outlook:
        """The outlook of the person."""
        up, down, needed = self.found.next_band, self.found.lost, self.found.needed
        top, first = self.found.ready_now or up, self._first_step()
        steps, turning = self.found.single_steps, self.found.turning
        return Outlook(
            summary=self._summary(),
            next_band=BANDS[self.rank - 1] if up else None,
            steps_to_next=up.steps if up else None,
            steps_to_ready_now=top.steps if top else None,
            changes=self._changes(up, first if up and up.ways_in_all is None else None),
            changes_in_all=up.ways_in_all if up and up.ways else 0,
            first_step=first,
            to_rate=tuple(map(self._to_rate, needed[:LISTED])),
            to_rate_in_all=len(needed),
            from_day=self.found.from_day,
            from_day_recommendation=self.found.from_day_band,
            could_lose=self._changes(down),
            could_lose_in_all=down.ways_in_all or 0 if down else 0,
            single_steps=steps,
            stability=rounded(Fraction(steps - len(turning), steps), PLACES_SHOWN) if steps else None,
            decisive_steps=tuple(map(self._decisive, turning)),
        )

    @cached_property
    def _ratings(self) -> Ints:
        """The manager's ratings of the person as they are."""
        return self.group.people.ratings[:, self.row]

    @cached_property
    def _missing(self) -> list[int]:
        """The places of the ratings that are not there."""
        return np.flatnonzero(self._ratings == MISSING).tolist()

    def _summary(self) -> str:
        up, ready_now = self.found.next_band, self.found.ready_now
        if self.rank == 0:
            return f"{self._band(BANDS[0])} is the highest band."
        if up is None:
            return self._until_enough()
        if up.steps is None:
            return self._nowhere() if up.certain else self._far_away()
        if ready_now is not None and ready_now.steps == up.steps and ready_now.certain and up.certain:
            return f"{self._band(BANDS[0])} is {_so_far(ready_now)} away."
        nearest = self._band(BANDS[self.rank - 1])
        if ready_now is None or ready_now.steps is None:
            return f"{nearest} is {_so_far(up)} away."
        further = f"{'' if ready_now.certain else 'at most '}{ready_now.steps:,}"
        return f"It is {_so_far(up)} to {nearest}, and {further} to {self._band(BANDS[0])}."

    def _far_away(self) -> str:
        """What is known where no few steps were found to lead to a better band."""
        near = count(NEAR, "rating step")
        if self._lacks_a_fact():
            return f"{near} do not lead to a better band; {self._lacking} is missing."
        if open_ := self._leaving_open():
            return f"Missing ratings leave open to which better band higher ones would lead: {open_}."
        return f"A better band is more than {near} away."

    def _nowhere(self) -> str:
        """Why no rating that there is leads to a better band, however high it were."""
        if not self._missing or not self._rise([[]])[0]:
            return self._whatever_the_ratings()
        needed = self._named(self._indispensable())
        rated = f"No better band is possible until what is missing has been rated: {needed}."
        return f"{rated} That alone does not change the band."

    def _named(self, places: Iterable[int]) -> str:
        titles = [self.pack.competency(self.group.bander.competencies[place]).title for place in places]
        return join(titles, most=NAMED)

    def _whatever_the_ratings(self) -> str:
        """What is in the way where not even the highest ratings lead to a better band."""
        day, then = self.found.from_day, self.found.from_day_band
        if day is None:
            way = f"{self._lacking} is missing" if self._lacks_a_fact() else "something else is in the way"
            return f"No rating, however high, leads to a better band; {way}."
        until = f"before {show_day(day)}, when the minimum time is over"
        if then is None or BANDS.index(then) >= self.rank:
            return f"No rating leads to a better band {until}."
        like_these = f"with ratings like these it would be {self._band(then)} then"
        return f"No rating leads to a better band {until}; {like_these}."

    def _highest(self, ways: int) -> Ints:
        """The highest rating everywhere, in so many columns."""
        return np.full((len(self.group.bander.competencies), ways), self.group.bander.scale.highest)

    def _with(self, ratings: Ints) -> People:
        """The person, once for each column of other ratings."""
        return self.group.people.those(np.full(ratings.shape[1], self.row))

    @property
    def _lacking(self) -> str:
        """The date that is missing; where the pack asks for answers too, nobody can tell which it is."""
        promotion = self.group.variant.promotion
        unknown = TENURES[self.group.evidence["tenure"][self.row]] == "unknown"
        if promotion.tenure is None or not unknown or self.pack.facts_for(promotion):
            return "a date or an answer that the rules ask for"
        return _BEGAN[promotion.tenure.measure]

    def _lacks_a_fact(self) -> bool:
        """Whether not even the highest ratings lead to a band."""
        top = self._highest(1)
        return bool(self._with(top).bands(top)[0] == INSUFFICIENT)

    def _indispensable(self) -> list[int]:
        """Of the missing ratings as few as have to be there before others can lead to a better band."""
        rises = self._rise([[place] for place in self._missing])
        dispensable = [place for place, better in zip(self._missing, rises, strict=True) if better]
        if not self._rise([dispensable])[0]:
            left = list[int]()
            for place in dispensable:
                left += [place] if self._rise([[*left, place]])[0] else []
            dispensable = left
        return [place for place in self._missing if place not in dispensable]

    def _leaving_open(self) -> str:
        """The missing ratings that leave open which of several better bands the highest of the others lead
        to; empty where none do."""
        gone = self._missing
        ratings = self._highest(len(gone) + 2)
        ratings[gone, 1] = self.group.bander.scale.lowest
        ratings[gone, np.arange(len(gone)) + 2] = self.group.bander.scale.lowest
        best, worst, *alone = self._with(ratings).bands(ratings).tolist()
        if not best < worst < self.rank:
            return ""
        return self._named([place for place, one in zip(gone, alone, strict=True) if one != best] or gone)

    def _rise(self, without: Sequence[Sequence[int]]) -> list[bool]:
        """Whether the highest ratings lead to a better band, for each of these sets of places not rated."""
        ratings = self._highest(len(without))
        for column, places in enumerate(without):
            ratings[places, column] = MISSING
        worst, best = self._with(ratings).range_of(ratings)
        rises: list[bool] = ((worst == best) & (worst < self.rank)).tolist()
        return rises

    def _until_enough(self) -> str:
        day, then, needed = self.found.from_day, self.found.from_day_band, self.found.needed
        if day is not None:
            review = f"A review on or after {show_day(day)} would be enough"
            if then is None:
                return f"{review} once what is missing is there too."
            if then not in BANDS[:2]:  # nothing is held against whoever was rated too early
                return f"{review} to judge."
            return f"{review} to judge; with ratings like these it would be {self._band(then)}."
        if not needed:
            if self.group.evidence["review"][self.row] != REVIEWS.index("earlier_level"):
                lacking = self._lacking
                return f"{lacking[0].upper()}{lacking[1:]} is missing; there is no band without it."
            return "Ratings about the present level are needed before anything can be said."
        count = len(needed[0].competencies)
        ratings = "One rating" if count == 1 else f"{count} ratings"
        more = f"; there are {len(needed)} ways" if len(needed) > 1 else ""
        return f"{ratings} would settle it{more}."

    def _first_step(self) -> RatingMove | None:
        """The step on the weakest rating: of the most human way or, where none is known, of all ratings."""
        up, before, scale = self.found.next_band, self._ratings, self.group.bander.scale
        if up is None or (up.certain and up.steps is None):
            return None
        rated = (before != MISSING) & (before < scale.highest)
        movable = self._after(up.ways[0].ratings) != before if up.ways else rated
        if not movable.any():
            return None
        movable = self._present_level_first(movable)
        place = int(np.where(movable, before, scale.highest).argmin())
        reached = self._reached(min(int(before[place]) + scale.step, scale.highest))
        return self._move(self.group.bander.competencies[place], reached)

    def _present_level_first(self, movable: Bools) -> Bools:
        """Of the ratings that may move those below what the present level expects, where the highest ratings
        elsewhere would lead to no better band."""
        level = self.pack.level(self.group.variant.promotion.from_level)
        expected = {one.competency: units(one.rating) for one in level.expects}
        wanted = np.array([expected.get(name, 0) for name in self.group.bander.competencies])
        short = movable & (self._ratings < wanted)
        top = self._highest(1)
        top[short, 0] = self._ratings[short]
        return short if short.any() and self._with(top).bands(top)[0] >= self.rank else movable

    def _place(self, competency: str) -> int:
        return self.group.bander.competencies.index(competency)

    def _before(self, one: NewRating) -> int:
        return int(self._ratings[self._place(one.competency)])

    def _after(self, moved: Iterable[NewRating]) -> Ints:
        """All ratings of the person where some are others."""
        after = self._ratings.copy()
        for one in moved:
            after[self._place(one.competency)] = one.rating
        return after

    def _changes(self, found: Distance | None, first: RatingMove | None = None) -> tuple[Change, ...]:
        """Every way once, as the file can write it. `first`: of a way that is no more than an example."""
        ways = dict.fromkeys(self._in_own_steps.get(way, way) for way in found.ways) if found else ()
        return tuple(self._change(way, first) for way in ways)

    @cached_property
    def _in_own_steps(self) -> Mapping[Way, Way]:
        """All ways that were found to the ratings that the file can write, no less far, with the bands that
        these lead to."""
        distances = (self.found.next_band, self.found.lost)
        ways = [way for distance in distances if distance for way in distance.ways]
        ways += [_way_of(step, step.band) for step in self.found.turning if step.band is not None]
        if self._own is None or not ways:
            return {}
        moved = [(way, ratings) for way in ways for ratings in self._own_ways(way, self._own)]
        after = np.stack([self._after(ratings) for _, ratings in moved], axis=1)
        worst, best = self._with(after).range_of(after)
        steps: dict[Way, Way] = {}
        for (way, ratings), low, high in zip(moved, worst.tolist(), best.tolist(), strict=True):
            # The nearest that leads where the way leads; else the last, wherever it leads.
            if low == high < len(BANDS) and (way not in steps or steps[way].band != way.band):
                steps[way] = Way(ratings, BANDS[high])
        return {way: other for way, other in steps.items() if other.band != BANDS[self.rank]}

    def _own_ways(self, way: Way, own: OwnScale) -> Sequence[tuple[NewRating, ...]]:
        """A way in ratings that the file can write; of one rating all on the way there, the nearest first."""
        reached = tuple(
            replace(one, rating=own.reaching(one.rating, up=one.rating > self._before(one)))
            for one in way.ratings
        )
        if len(reached) > 1:
            return [reached]
        (end,), before = reached, self._before(reached[0])
        between = [one for one in own.ratings if min(before, end.rating) < one < max(before, end.rating)]
        near = sorted(between, key=lambda one: abs(one - before))
        return [*((replace(end, rating=one),) for one in near), reached]

    def _change(self, way: Way, first: RatingMove | None) -> Change:
        step = self.group.bander.scale.step
        weakest = sorted(way.ratings, key=self._before)
        moves = tuple(self._move(one.competency, one.rating) for one in weakest)
        apart = [abs(one.rating - self._before(one)) for one in weakest]
        leap = max(apart) > max(UNITS_PER_POINT, step)
        return Change(
            recommendation=way.band,
            signals=tuple(self._signals_moved(self._after(way.ratings))),
            ratings=moves,
            steps=sum(-(-far // step) for far in apart),
            sentence=f"A first step would be {_moved(first)}."
            if first and leap
            else f"{self._band(way.band)} if {_rated(moves)}.",
        )

    def _signals_moved(self, after: Ints) -> Iterator[SignalMove]:
        """The signals whose status new ratings change."""
        moved = {self.group.bander.competencies[place] for place in np.flatnonzero(after != self._ratings)}
        signals = self.group.variant.promotion.signals
        for meaning, signal in zip(self.group.bander.meaning.signals, signals, strict=True):
            if not moved.isdisjoint(meaning.weights):
                was, now = (self._status(meaning, ratings) for ratings in (self._ratings, after))
                if was != now:
                    yield SignalMove(signal.id, signal.title, STATUSES[was], STATUSES[now])

    def _status(self, signal: SignalMeaning, ratings: Ints) -> int:
        known = [(int(ratings[self._place(name)]), weight) for name, weight in signal.weights.items()]
        there = [(rating, weight) for rating, weight in known if rating != MISSING]
        mean = Mean(sum(rating * weight for rating, weight in there), sum(weight for _, weight in there))
        return int(signal.status(PLAIN, mean))

    def _to_rate(self, needed: Needed) -> RatingsNeeded:
        if self._own is not None and self._own.ratings:
            # What lies between two steps of the pack may be a rating of the file.
            chosen = (self.row, [*map(self._place, needed.competencies)])
            (needed,) = settled_by(self.group.people, [chosen], np.array(self._own.ratings))
        ratings = tuple(self._move(name, self.group.bander.scale.lowest) for name in needed.competencies)
        # The higher of two limits that are one in the steps of the file leads on.
        limits = {self._reached(one.rating): one.band for one in needed.outcomes}
        outcomes = tuple((shown_rating(rating, self._own), band) for rating, band in limits.items())
        wanted, many = join([rating.competency_title for rating in ratings]), len(ratings) > 1
        said = outcomes_said(outcomes, self.pack, many=many) if outcomes else ""
        return RatingsNeeded(
            ratings, outcomes, f"Rate {wanted}. {said[:1].upper()}{said[1:]}.".removesuffix(" .")
        )

    def _decisive(self, step: Step) -> DecisiveStep:
        band, rating = step.band, step.rating
        if band is not None and (way := self._in_own_steps.get(_way_of(step, band))) is not None:
            band, rating = way.band, way.ratings[0].rating
        move = self._move(step.competency, rating)
        reached = self._band(band) if band else "The band would be open"
        return DecisiveStep(move, band, f"{reached} if {_rated([move])}.")

    def _move(self, competency: str, after: int) -> RatingMove:
        before = int(self._ratings[self._place(competency)])
        return RatingMove(
            competency=competency,
            competency_title=self.pack.competency(competency).title,
            before=None if before == MISSING else shown_rating(before, self._own),
            after=shown_rating(after, self._own),
            cell=self.roster.cell(self.person, rating_column(competency, "manager")),
        )

    @property
    def _own(self) -> OwnScale | None:
        return self.roster.scales.get("manager")

    def _reached(self, rating: int) -> int:
        """A rating that is to be reached; of a file with steps of its own, the nearest that is no lower."""
        return rating if self._own is None else self._own.reaching(rating, up=True)

    def _band(self, band: Band) -> str:
        return self.pack.bands[band].label


def confidence_parts(firm_in: int | None, review_age_months: int | None) -> tuple[ConfidencePart, ...]:
    """How firm the band is, and how old the evidence."""
    share, stays = None, "There is no band yet that could stay or move."
    if firm_in is not None:
        share = rounded(Fraction(firm_in, RE_RATINGS), PLACES_SHOWN)
        stays = f"The band stays in {firm_in} of {RE_RATINGS} plausible re-ratings."
    old = "The file does not say when the review was."
    if review_age_months is not None:
        months = span(review_age_months) if review_age_months else "less than a month"
        old = f"The review is {months} old."
    firmness = ConfidencePart("firmness", "Firmness", share, stays)
    return firmness, ConfidencePart("age", "Age of the review", None, old)


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
