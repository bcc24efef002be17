"""Rating steps: the fewest that bring some signals to a status, on one person's ratings.

A step is the pack's (`Scale.step`), shortened at the ends of the scale. All numbers are in rating units.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import product
from math import ceil

from engine.signals import STATUS, looked_at, signal_columns, units
from rules.pack import RulePack, Transition

Ratings = Sequence[int | None]
"""A manager's ratings of the competencies of a transition, in the order of `engine.signals.looked_at`."""
Bar = tuple[int, int]
"""A score as a fraction: numerator and denominator."""
Moves = Sequence[tuple[int, int]]
"""Place of a signal in the transition and the code of the status that it is to have."""


@dataclass(frozen=True)
class Plan:
    """New ratings that carry out some moves, in the fewest steps."""

    ratings: Mapping[int, int]
    """Place of the competency to its new rating."""
    steps: int
    """A rating that there was not counts as one step."""


@dataclass(frozen=True)
class Ladder:
    """The steps of a scale and what a transition's signals need."""

    step: int
    lowest: int
    highest: int
    weights: tuple[Mapping[int, int], ...]
    """By signal: place of the competency to its weight."""
    least_weights: tuple[int, ...]
    """By signal: the weight that must be rated."""
    bars: tuple[tuple[Bar, Bar], ...]
    """By signal: the score from which it is met, and the one from which it is near."""
    _parts: dict[tuple[int, ...], list[tuple[set[int], tuple[int, ...]]]] = field(default_factory=dict)
    _totals: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)
    _planned_before: dict[tuple[object, ...], Plan | None] = field(default_factory=dict)

    @classmethod
    def of(cls, pack: RulePack, transition: Transition) -> "Ladder":
        """The ladder of a transition."""
        places = {name: place for place, name in enumerate(looked_at(transition))}
        columns = signal_columns(pack, transition)
        scale, standard = pack.scale, pack.standard
        return cls(
            step=int(units(scale.step)),
            lowest=int(units(scale.lowest)),
            highest=int(units(scale.highest)),
            weights=tuple(
                {places[name]: weight for name, weight in signal.weights.items()}
                for signal in transition.signals
            ),
            least_weights=tuple(
                ceil(Fraction(standard.minimum_coverage) * names.total_weight) for names in columns
            ),
            bars=tuple(
                (
                    names.bar.as_integer_ratio(),
                    (names.bar - units(standard.near_margin)).as_integer_ratio(),
                )
                for names in columns
            ),
        )

    def rungs(self) -> Iterator[int]:
        """The ratings that a rater can give, lowest first."""
        yield from range(self.lowest, self.highest, self.step)
        yield self.highest

    def next_to(self, rating: int) -> tuple[int, ...]:
        """The ratings one step down and one step up, as far as the scale goes."""
        around = (max(rating - self.step, self.lowest), min(rating + self.step, self.highest))
        return tuple(after for after in around if after != rating)

    def status(self, signal: int, ratings: Ratings) -> int:
        """The code of a signal's status."""
        return self.status_of(signal, *self.sums(signal, ratings))

    def status_of(self, signal: int, total: int, weight: int) -> int:
        """The code of the status of a signal's weighted sum and the weight that was rated."""
        if weight < self.least_weights[signal]:
            return STATUS["unrated"]
        met, near = self.least_totals(signal, weight)
        return STATUS["met"] if total >= met else STATUS["near"] if total >= near else STATUS["gap"]

    def least_totals(self, signal: int, weight: int) -> tuple[int, int]:
        """The weighted sums from which a signal is met and near, with so much weight rated."""
        key = (signal, weight)
        if key not in self._totals:
            met, near = self.bars[signal]
            self._totals[key] = least_total(met, weight), least_total(near, weight)
        return self._totals[key]

    def sums(self, signal: int, ratings: Ratings) -> tuple[int, int]:
        """A signal's weighted sum of the ratings and the weight that was rated."""
        total = rated = 0
        for place, weight in self.weights[signal].items():
            rating = ratings[place]
            if rating is not None:
                total += rating * weight
                rated += weight
        return total, rated

    def missing(self, signal: int, ratings: Ratings) -> list[int]:
        """The competencies of a signal that are not rated."""
        return [place for place in self.weights[signal] if ratings[place] is None]

    def raised(self, ratings: Ratings, moves: Moves) -> Plan | None:
        """The fewest steps up after which every signal has at least its status.

        A signal that is not rated gets its missing ratings first, all of one and the same value, the lowest
        that will do, together with those that share a competency with it. None when the scale ends before.
        """
        return self._in_parts(ratings, moves, self._raised)

    def lowered(self, ratings: Ratings, moves: Moves) -> Plan | None:
        """The fewest steps down after which every signal has at best its status (`near` or `gap`)."""
        return self._in_parts(ratings, moves, self._lowered)

    def _in_parts(
        self, ratings: Ratings, moves: Moves, carry_out: Callable[[Ratings, Moves], Plan | None]
    ) -> Plan | None:
        """Signals that share no competency are planned apart; many people share each such problem."""
        new: dict[int, int] = {}
        steps = 0
        for signals, places in self._parts_of(tuple(signal for signal, _ in moves)):
            part = tuple(move for move in moves if move[0] in signals)
            key = (carry_out.__name__, part, *(ratings[place] for place in places))
            if key not in self._planned_before:
                self._planned_before[key] = carry_out(ratings, part)
            plan = self._planned_before[key]
            if plan is None:
                return None
            new.update(plan.ratings)
            steps += plan.steps
        return Plan(new, steps)

    def _parts_of(self, signals: tuple[int, ...]) -> list[tuple[set[int], tuple[int, ...]]]:
        """The signals in groups that share competencies, and the competencies of each group."""
        if signals not in self._parts:
            parts: list[tuple[set[int], set[int]]] = []
            for signal in signals:
                places = set(self.weights[signal])
                joined = [part for part in parts if part[1] & places]
                parts = [part for part in parts if part not in joined]
                parts.append(
                    (
                        {signal}.union(*(part[0] for part in joined)),
                        places.union(*(part[1] for part in joined)),
                    )
                )
            self._parts[signals] = [(group, tuple(sorted(places))) for group, places in parts]
        return self._parts[signals]

    def _raised(self, ratings: Ratings, moves: Moves) -> Plan | None:
        filled = self._filled(ratings, moves)
        if filled is None:
            return None
        given = {
            place: value for place, value in enumerate(filled) if ratings[place] is None and value is not None
        }
        needs = {}
        for signal, status in moves:
            total, weight = self.sums(signal, filled)
            least = least_total(self.bars[signal][status], weight)
            if least > total:
                needs[signal] = least - total
        steps = {
            place: self._amounts(self.highest - value)
            for place, value in self._rated(filled, needs)
            if place not in given
        }
        return self._planned(filled, given, needs, steps, 1)

    def _lowered(self, ratings: Ratings, moves: Moves) -> Plan | None:
        needs = {}
        for signal, status in moves:
            total, weight = self.sums(signal, ratings)
            needs[signal] = total - least_total(self.bars[signal][status - 1], weight) + 1
        steps = {place: self._amounts(value - self.lowest) for place, value in self._rated(ratings, needs)}
        return self._planned(ratings, {}, needs, steps, -1)

    def _rated(self, ratings: Ratings, signals: Iterable[int]) -> Iterator[tuple[int, int]]:
        """The rated competencies of some signals."""
        for place in {place for signal in signals for place in self.weights[signal]}:
            rating = ratings[place]
            if rating is not None:
                yield place, rating

    def _filled(self, ratings: Ratings, moves: Moves) -> list[int | None] | None:
        unrated = [move for move in moves if self.status(move[0], ratings) == STATUS["unrated"]]
        filled = list(ratings)
        if not unrated:
            return filled
        places = {place for signal, _ in unrated for place in self.missing(signal, ratings)}
        for rung in self.rungs():
            for place in places:
                filled[place] = rung
            if all(self.status(signal, filled) <= status for signal, status in unrated):
                return filled
        return None

    def _amounts(self, room: int) -> list[int]:
        """What each further step moves a rating by: whole steps, then what is left to the scale's end."""
        whole, rest = divmod(room, self.step)
        return [self.step] * whole + ([rest] if rest else [])

    def _planned(
        self,
        ratings: Ratings,
        given: Mapping[int, int],
        needs: Mapping[int, int],
        steps: Mapping[int, Sequence[int]],
        sign: int,
    ) -> Plan | None:
        taken = self._fewest(needs, steps)
        if taken is None:
            return None
        new = dict(given)
        for place, count in taken.items():
            before = ratings[place]
            assert before is not None
            new[place] = before + sign * sum(steps[place][:count])
        return Plan(new, len(given) + sum(taken.values()))

    def _fewest(self, needs: Mapping[int, int], steps: Mapping[int, Sequence[int]]) -> dict[int, int] | None:
        """Steps by competency, fewest in total, that give every signal what it needs.

        Competencies of several of the signals are tried in every way; what is then left of each signal's need
        is covered by its own competencies, the largest gain first, which is the fewest for one signal because
        a competency's later steps never gain more than its earlier ones. Of equally few, the choice with most
        steps on shared competencies, then on the heaviest.
        """
        serving: dict[int, list[int]] = {}
        for signal in needs:
            for place in self.weights[signal]:
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
                weights = self.weights[signal]
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


def least_total(bar: Bar, weight: int) -> int:
    """The smallest weighted sum of ratings whose mean is at the bar."""
    return -(-bar[0] * weight // bar[1])
