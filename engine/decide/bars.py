"""A rating scale with its steps, and what the signals of a promotion need on it, for one person.

All numbers are in rating units. `engine.outlook.variant_bars` judges many people at once.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil

from engine.decide.evidence import STATUS, looked_at, signal_columns, units
from rules.pack import Promotion, RulePack

Ratings = Sequence[int | None]
"""A manager's ratings of the competencies of a ladder, in its order."""
Bar = tuple[int, int]
"""A score as a fraction: numerator and denominator."""


@dataclass(frozen=True)
class SignalBars:
    """The steps of a scale and what a promotion's signals need."""

    step: int
    lowest: int
    highest: int
    weights: tuple[Mapping[int, int], ...]
    """By signal: place of the competency to its weight."""
    least_weights: tuple[int, ...]
    """By signal: the weight that must be rated."""
    bars: tuple[tuple[Bar, Bar], ...]
    """By signal: the score from which it is met, and the one from which it is near."""
    _totals: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)

    @classmethod
    def of(
        cls, pack: RulePack, promotion: Promotion, competencies: Sequence[str] | None = None
    ) -> "SignalBars":
        """The ladder of a promotion over some competencies, or over those that it looks at."""
        over = looked_at(promotion) if competencies is None else competencies
        places = {name: place for place, name in enumerate(over)}
        columns = signal_columns(pack, promotion)
        scale, standard = pack.scale, pack.standard
        return cls(
            step=int(units(scale.step)),
            lowest=int(units(scale.lowest)),
            highest=int(units(scale.highest)),
            weights=tuple(
                {places[name]: weight for name, weight in signal.weights.items()}
                for signal in promotion.signals
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


def least_total(bar: Bar, weight: int) -> int:
    """The smallest weighted sum of ratings whose mean is at the bar."""
    return -(-bar[0] * weight // bar[1])
