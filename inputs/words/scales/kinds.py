"""The kinds of scale, and where on the rule pack's is what is written on them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from itertools import pairwise

from inputs.asked import Asked
from inputs.roster import UNITS_PER_POINT, RatingScale
from inputs.words.rating_words import KnownSet, places_in_sets
from inputs.words.written_ratings import TEN_THOUSANDTHS, rating_word


@dataclass(frozen=True)
class NumberScale:
    """Numbers from the worst to the best rating; the worst may be the higher one, as in school marks."""

    worst: Decimal
    best: Decimal
    words: Mapping[str, Decimal] = field(default_factory=dict, hash=False)
    """What each word among the numbers stands for, as a mapping spells it."""

    def __str__(self) -> str:
        words = "".join(f", {word} = {number}" for word, number in self.words.items())
        return f"numbers from {self.worst} (worst) to {self.best} (best){words}"

    @property
    def ends(self) -> tuple[Decimal, Decimal]:
        """The worst and the best number on it."""
        return self.worst, self.best

    @cached_property
    def by_word(self) -> dict[str, int]:
        """Normalised word to what it stands for, in ten-thousandths."""
        return {rating_word(word): round(number * TEN_THOUSANDTHS) for word, number in self.words.items()}

    @property
    def lowest(self) -> Decimal:
        """The lowest number on it, be it the best or the worst."""
        return min(self.worst, self.best)

    @property
    def highest(self) -> Decimal:
        """The highest number on it."""
        return max(self.worst, self.best)

    @property
    def range(self) -> str:
        """`from 1 to 5`, whichever is the best."""
        return f"from {self.lowest} to {self.highest}"

    @property
    def right(self) -> str:
        """What can be written on it."""
        return f"a number {self.range}" + (f" or one of {', '.join(self.words)}" if self.words else "")


@dataclass(frozen=True)
class WordScale:
    """Words, each with its points of the rule pack's scale."""

    points: Mapping[str, Fraction]
    """Normalised word to points."""
    steps: tuple[str, ...]
    """The words from worst to best, for messages."""
    name: str = "words"

    def __str__(self) -> str:
        points = sorted((self.points[rating_word(step)], step) for step in self.steps)
        if len({above - below for (below, _), (above, _) in pairwise(points)}) < 2:
            return f"{self.name}: {', '.join(step for _, step in points)}, in even steps"
        return f"{self.name}: {', '.join(f'{step} = {float(value):g}' for value, step in points)}"

    @property
    def right(self) -> str:
        """What can be written on it."""
        return f"one of {', '.join(self.steps)}"


@dataclass(frozen=True)
class PercentScale:
    """Percentages, on which 0% is the worst rating and 100% the best."""

    def __str__(self) -> str:
        return "percentages from 0% to 100%"

    @property
    def right(self) -> str:
        """What can be written on it."""
        return "a percentage from 0% to 100%"


RaterScale = NumberScale | WordScale | PercentScale
"""How one rater's ratings are read."""


@dataclass(frozen=True)
class ScaleChoice:
    """A rater's scale, or the question that it depends on."""

    scale: RaterScale
    note: str | None = None
    question: Asked | None = None
    by_words: bool = False
    """Whether words of the file say it."""
    warning: str | None = None
    """What the file says of a scale that cannot be this one."""


def word_scale(
    steps: list[str], pack: RatingScale, name: str = "words", synonyms: KnownSet | None = None
) -> WordScale:
    """Words from worst to best, put on the rule pack's scale in even steps."""
    span = Fraction(pack.highest) - Fraction(pack.lowest)
    points: dict[str, Fraction] = {}
    for at, step in enumerate(steps):
        value = Fraction(pack.lowest) + span * at / (len(steps) - 1)
        for word in (*(synonyms[at] if synonyms else ()), rating_word(step)):
            points[word] = value
    return WordScale(points, tuple(steps), name)


def contradicts(word: str, number: int, pack: RatingScale) -> bool:
    """Whether a word beside a number is at the other end of every known set than the number is on the rule
    pack's scale: then the number counts from the best, or on another scale."""
    places = places_in_sets(word)
    lowest, highest = Fraction(pack.lowest), Fraction(pack.highest)
    share = (Fraction(number, TEN_THOUSANDTHS) - lowest) / (highest - lowest)
    return 0 <= share <= 1 and bool(places) and all(abs(place - share) > Fraction(1, 2) for place in places)


def units_on(number: int, scale: NumberScale, pack: RatingScale) -> int | None:
    """A number in ten-thousandths, put on the rule pack's scale in `UNITS_PER_POINT`; None outside its
    scale."""
    value = Fraction(number, TEN_THOUSANDTHS)
    worst, best = Fraction(scale.worst), Fraction(scale.best)
    return (
        units_of((value - worst) / (best - worst), pack) if scale.lowest <= value <= scale.highest else None
    )


def units_of(share: Fraction, pack: RatingScale) -> int:
    """A share of the way from the lowest to the highest rating, in `UNITS_PER_POINT`."""
    lowest, highest = Fraction(pack.lowest), Fraction(pack.highest)
    return units_of_points(lowest + share * (highest - lowest))


def units_of_points(points: Fraction) -> int:
    """Points of the rule pack's scale in `UNITS_PER_POINT`."""
    return round(points * UNITS_PER_POINT)
