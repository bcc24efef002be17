"""How sure: what becomes of a band when one manager's rating is one step higher or lower.

A step is the pack's (`Scale.step`), shortened at the ends of the scale. Nothing here changes a
recommendation.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from engine.people import GAP, MET, NEAR, People
from engine.space import UNRATED
from rules.pack import BANDS

AT_ONCE = 100_000
"""Supposed people that are computed together."""


@dataclass(frozen=True)
class TurningStep:
    """A single step of a rating that changes the band."""

    competency: int
    """Place in `Banding.competencies`."""
    before: int
    """The manager's rating, in rating units."""
    after: int
    recommendation: str | None
    """After the step; None where the rules would give none."""


@dataclass(frozen=True)
class Stability:
    """What single steps do to the bands of the people of one transition, by row."""

    steps: Sequence[int]
    """How many single steps are possible."""
    unchanged: Sequence[int]
    """How many of them leave the band as it is."""
    turning: Mapping[int, Sequence[TurningStep]]
    """The others, in the order of the competencies, down before up; a row without any is not there."""


def compute_stability(people: People) -> Stability:
    """Try every single step of every manager's rating that the transition looks at."""
    ladder = people.ladder
    given = {rating for ratings in people.managers_ratings for rating in ratings if rating is not None}
    reached = {rating: ladder.next_to(rating) for rating in given}
    steps = [
        sum(len(reached[rating]) for rating in ratings if rating is not None)
        for ratings in people.managers_ratings
    ]
    tried = _tried_by_state(people, reached) if people.by_state else _tried_again(people, reached)
    turning: dict[int, list[TurningStep]] = {}
    for row, place, after, code in tried:
        if code != people.codes[row]:
            before = people.managers_ratings[row][place]
            assert before is not None
            band = None if code is None else BANDS[code]
            turning.setdefault(row, []).append(TurningStep(place, before, after, band))
    unchanged = [count - len(turning.get(row, ())) for row, count in enumerate(steps)]
    return Stability(steps, unchanged, turning)


_Tried = tuple[int, int, int, int | None]
"""Row, place of the competency, the rating after the step, and the place of the band after it in `BANDS`."""


def _tried_by_state(people: People, reached: Mapping[int, Sequence[int]]) -> Iterator[_Tried]:
    """The steps that lead to another state, where the state decides; the other steps change nothing."""
    ladder, contributions = people.ladder, people.space.contributions
    looking = [
        [(signal, weight, contributions[signal]) for signal, weight in some] for some in people.looking_at
    ]
    moved: list[tuple[int, int, int, int]] = []
    for row, (ratings, statuses) in enumerate(zip(people.managers_ratings, people.statuses, strict=True)):
        present = people.states[row]
        totals = [
            (total, *ladder.least_totals(signal, weight))
            for signal, (total, weight) in enumerate(people.sums[row])
        ]
        for place, rating in enumerate(ratings):
            if rating is None:
                continue
            for after in reached[rating]:
                state = present
                for signal, weight, adds in looking[place]:
                    total, met, near = totals[signal]
                    before = statuses[signal]
                    if before != UNRATED:
                        total += (after - rating) * weight
                        status = MET if total >= met else NEAR if total >= near else GAP
                        state += adds[status] - adds[before]
                if state != present:
                    moved.append((row, place, after, state))
    codes = people.space.codes(state for *_, state in moved)
    return ((row, place, after, codes[state]) for row, place, after, state in moved)


def _tried_again(people: People, reached: Mapping[int, Sequence[int]]) -> Iterator[_Tried]:
    """Every step, run again."""
    steps = [
        (row, place, after)
        for row, ratings in enumerate(people.managers_ratings)
        for place, rating in enumerate(ratings)
        for after in (reached[rating] if rating is not None else ())
    ]
    for start in range(0, len(steps), AT_ONCE):
        some = steps[start : start + AT_ONCE]
        codes = people.codes_of([people.suppose(row, {place: after}) for row, place, after in some])
        yield from ((*step, code) for step, code in zip(some, codes, strict=True))
