"""One group's share of people beside another's: ratio, interval, exact tests, and what one person would
change.

The interval of the ratio is Koopman's (1984), from the score test: it holds where a share is 0 too. Fisher's
test is two-sided and adds up the tables that are no more likely than the one that was seen; mid-p takes half
of that one away (Lydersen, Fagerland & Laake 2009). Both are exact, in whole numbers where people are not
too many for that.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, comb, exp, fsum, inf, lgamma, sqrt

NORMAL_95 = 1.959964
FOUR_FIFTHS = Fraction(4, 5)
EXACT_UP_TO = 2_000
"""People up to whom the tests are computed in whole numbers."""


@dataclass(frozen=True)
class Selected:
    """How many people of a group were selected."""

    selected: int
    people: int

    @property
    def share(self) -> Fraction:
        """Of the group's people, 0 to 1."""
        return Fraction(self.selected, self.people)

    def with_more(self, people: int) -> "Selected | None":
        """The same with so many more selected; None where there are not that many."""
        more = self.selected + people
        return Selected(more, self.people) if 0 <= more <= self.people else None


@dataclass(frozen=True)
class Comparison:
    """A group beside the group with the highest share."""

    ratio: Fraction
    low: float
    high: float
    """The ratio lies between these with 95 % confidence; `inf` where there is no upper end."""
    shortfall: Fraction
    """People who would have to be selected besides, for the same share."""
    to_line: int
    """People who would have to be selected besides, for four fifths of it; 0 where it is reached."""
    one_more: Fraction | None
    one_fewer: Fraction | None
    """The ratio with one person of the group more, or fewer, selected."""
    fisher: Fraction
    mid_p: Fraction
    holm: Fraction
    """Fisher's p, adjusted for all comparisons that are shown together (Holm 1979)."""

    @property
    def below_four_fifths(self) -> bool:
        """Decided exactly."""
        return self.ratio < FOUR_FIFTHS


def compare_all(pairs: Sequence[tuple[Selected, Selected] | None]) -> list[Comparison | None]:
    """Each group beside its group of comparison, adjusted for each other; None where there is none, or where
    nobody in it was selected."""
    asked = [pair is not None and pair[1].selected > 0 for pair in pairs]
    tests = {at: exact_tests(*pair) for at, pair in enumerate(pairs) if pair is not None and asked[at]}
    adjusted = dict(zip(tests, holm([fisher for fisher, _ in tests.values()]), strict=True))
    return [
        _comparison(*pair, *tests[at], adjusted[at]) if pair is not None and asked[at] else None
        for at, pair in enumerate(pairs)
    ]


def _comparison(
    group: Selected, highest: Selected, fisher: Fraction, mid_p: Fraction, adjusted: Fraction
) -> Comparison:
    low, high = ratio_interval(group, highest)
    more, fewer = group.with_more(1), group.with_more(-1)
    return Comparison(
        ratio=group.share / highest.share,
        low=low,
        high=high,
        shortfall=max(group.people * highest.share - group.selected, Fraction(0)),
        to_line=max(ceil(FOUR_FIFTHS * group.people * highest.share) - group.selected, 0),
        one_more=None if more is None else more.share / highest.share,
        one_fewer=None if fewer is None else fewer.share / highest.share,
        fisher=fisher,
        mid_p=mid_p,
        holm=adjusted,
    )


def exact_tests(one: Selected, other: Selected) -> tuple[Fraction, Fraction]:
    """Fisher's two-sided p and its mid-p, of two groups."""
    selected, people = one.selected + other.selected, one.people + other.people
    first, last = max(0, selected - other.people), min(selected, one.people)
    if people > EXACT_UP_TO:
        return _large(one, other, range(first, last + 1))
    ways = [comb(one.people, k) * comb(other.people, selected - k) for k in range(first, last + 1)]
    seen, whole = ways[one.selected - first], comb(people, selected)
    fisher = Fraction(sum(way for way in ways if way <= seen), whole)
    return fisher, fisher - Fraction(seen, 2 * whole)


def _large(one: Selected, other: Selected, possible: range) -> tuple[Fraction, Fraction]:
    """The same in floating point, by which whole numbers of thousands of digits are not needed."""
    selected = one.selected + other.selected
    whole = _log_ways(one.people + other.people, selected)
    chances = [
        exp(_log_ways(one.people, k) + _log_ways(other.people, selected - k) - whole) for k in possible
    ]
    seen = chances[one.selected - possible[0]]
    fisher = min(fsum(chance for chance in chances if chance <= seen * (1 + 1e-7)), 1.0)
    return Fraction(fisher), Fraction(max(fisher - seen / 2, 0.0))


def _log_ways(people: int, selected: int) -> float:
    return lgamma(people + 1) - lgamma(selected + 1) - lgamma(people - selected + 1)


def holm(values: Sequence[Fraction]) -> list[Fraction]:
    """Holm's step-down adjustment, in the order of the values."""
    order = sorted(range(len(values)), key=lambda at: values[at])
    adjusted, reached = [Fraction(1)] * len(values), Fraction(0)
    for rank, at in enumerate(order):
        reached = max(reached, min((len(values) - rank) * values[at], Fraction(1)))
        adjusted[at] = reached
    return adjusted


def ratio_interval(one: Selected, other: Selected) -> tuple[float, float]:
    """Koopman's interval of the ratio of two shares; the second group has somebody selected."""
    seen = one.selected * other.people / (one.people * other.selected)
    low = 0.0 if one.selected == 0 else _root(lambda at: _score(one, other, at) - NORMAL_95, 0.0, seen)
    top = max(seen, 1.0)
    while _score(one, other, top) > -NORMAL_95:
        top *= 2
        if top > 1e9:
            return low, inf
    return low, _root(lambda at: _score(one, other, at) + NORMAL_95, seen, top)


def _root(function: Callable[[float], float], low: float, high: float) -> float:
    """Where a falling function is 0."""
    for _ in range(200):
        middle = (low + high) / 2
        if function(middle) > 0:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _score(one: Selected, other: Selected, ratio: float) -> float:
    """The score statistic for a ratio: it falls as the ratio grows."""
    if ratio <= 0:
        return inf
    people = one.people + other.people
    linear = ratio * (one.people + other.selected) + one.selected + other.people
    selected = one.selected + other.selected
    root = sqrt(max(linear**2 - 4 * people * ratio * selected, 0.0))
    base = (linear - root) / (2 * people * ratio)
    given = ratio * base
    variance = given * (1 - given) / one.people + ratio**2 * base * (1 - base) / other.people
    distance = one.selected / one.people - ratio * other.selected / other.people
    if variance <= 0:
        return inf if distance > 0 else -inf if distance < 0 else 0.0
    return distance / sqrt(variance)
