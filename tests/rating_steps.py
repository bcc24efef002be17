"""The fewest rating steps that bring some signals to a status, on one person's ratings, in plain numbers.

`engine.outlook.plans` is held against it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from engine.decide.bars import Ratings, SignalBars, least_total
from engine.decide.evidence import STATUS

Moves = tuple[tuple[int, int], ...]
"""Place of a signal in the promotion and the code of the status that it is to have."""


@dataclass(frozen=True)
class Plan:
    """New ratings that carry out some moves, in the fewest steps."""

    ratings: Mapping[int, int]
    """Place of the competency to its new rating."""
    steps: int
    """A rating that there was not counts as one step."""


def raised(ladder: SignalBars, ratings: Ratings, moves: Moves) -> Plan | None:
    """The fewest steps up after which every signal has at least its status.

    A signal that is not rated gets its missing ratings first, all of one and the same value, the lowest
    that will do, together with those that share a competency with it. None when the scale ends before.
    """
    filled = _filled(ladder, ratings, moves)
    if filled is None:
        return None
    given = {
        place: value for place, value in enumerate(filled) if ratings[place] is None and value is not None
    }
    needs = {}
    for signal, status in moves:
        total, weight = ladder.sums(signal, filled)
        least = least_total(ladder.bars[signal][status], weight)
        if least > total:
            needs[signal] = least - total
    steps = {
        place: _amounts(ladder, ladder.highest - value)
        for place, value in _rated(ladder, filled, needs)
        if place not in given
    }
    return _planned(ladder, filled, given, needs, steps, 1)


def lowered(ladder: SignalBars, ratings: Ratings, moves: Moves) -> Plan | None:
    """The fewest steps down after which every signal has at best its status (`near` or `gap`)."""
    needs = {}
    for signal, status in moves:
        total, weight = ladder.sums(signal, ratings)
        needs[signal] = total - least_total(ladder.bars[signal][status - 1], weight) + 1
    steps = {
        place: _amounts(ladder, value - ladder.lowest) for place, value in _rated(ladder, ratings, needs)
    }
    return _planned(ladder, ratings, {}, needs, steps, -1)


def _rated(ladder: SignalBars, ratings: Ratings, signals: Iterable[int]) -> Iterator[tuple[int, int]]:
    """The rated competencies of some signals."""
    for place in {place for signal in signals for place in ladder.weights[signal]}:
        rating = ratings[place]
        if rating is not None:
            yield place, rating


def _filled(ladder: SignalBars, ratings: Ratings, moves: Moves) -> list[int | None] | None:
    unrated = [move for move in moves if ladder.status(move[0], ratings) == STATUS["unrated"]]
    filled = list(ratings)
    if not unrated:
        return filled
    places = {place for signal, _ in unrated for place in ladder.weights[signal] if ratings[place] is None}
    for rung in ladder.rungs():
        for place in places:
            filled[place] = rung
        if all(ladder.status(signal, filled) <= status for signal, status in unrated):
            return filled
    return None


def _amounts(ladder: SignalBars, room: int) -> list[int]:
    """What each further step moves a rating by: whole steps, then what is left to the scale's end."""
    whole, rest = divmod(room, ladder.step)
    return [ladder.step] * whole + ([rest] if rest else [])


def _planned(
    ladder: SignalBars,
    ratings: Ratings,
    given: Mapping[int, int],
    needs: Mapping[int, int],
    steps: Mapping[int, Sequence[int]],
    signal: int,
) -> Plan | None:
    taken = _fewest(ladder, needs, steps)
    if taken is None:
        return None
    new = dict(given)
    for place, count in taken.items():
        before = ratings[place]
        assert before is not None
        new[place] = before + signal * sum(steps[place][:count])
    return Plan(new, len(given) + sum(taken.values()))


def _fewest(
    ladder: SignalBars, needs: Mapping[int, int], steps: Mapping[int, Sequence[int]]
) -> dict[int, int] | None:
    """Steps by competency, fewest in total, that give every signal what it needs.

    Competencies of several of the signals are tried in every way; what is then left of each signal's need
    is covered by its own competencies, the largest gain first, which is the fewest for one signal because
    a competency's later steps never gain more than its earlier ones. Of equally few, the choice with most
    steps on shared competencies, then on the heaviest.
    """
    serving: dict[int, list[int]] = {}
    for signal in needs:
        for place in ladder.weights[signal]:
            if steps.get(place):
                serving.setdefault(place, []).append(signal)
    shared = [place for place, signals in serving.items() if len(signals) > 1]
    best: dict[int, int] | None = None
    fewest = 0
    for counts in product(*(range(len(steps[place]), -1, -1) for place in shared)):
        if best is not None and sum(counts) >= fewest:
            continue
        taken = {place: count for place, count in zip(shared, counts, strict=True) if count}
        for signal, need in needs.items():
            weights = ladder.weights[signal]
            left = need - sum(
                weights.get(p, 0) * sum(steps[p][:n]) for p, n in zip(shared, counts, strict=True)
            )
            if left > 0 and not _cover(
                left, weights, [p for p in weights if serving.get(p) == [signal]], steps, taken
            ):
                break
        else:
            total = sum(taken.values())
            if best is None or total < fewest:
                best, fewest = taken, total
    return best


def _cover(
    need: int,
    weights: Mapping[int, int],
    places: Sequence[int],
    steps: Mapping[int, Sequence[int]],
    taken: dict[int, int],
) -> bool:
    """Take the steps of the largest gain until the need is covered; False when they do not suffice."""
    gains = [
        (-weights[place] * amount, order, place)
        for order, place in enumerate(places)
        for amount in steps[place]
    ]
    for gain, _, place in sorted(gains):
        taken[place] = taken.get(place, 0) + 1
        need += gain
        if need <= 0:
            return True
    return False
