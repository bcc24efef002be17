"""What ratings hold, counted before their scale is known."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from inputs.asked import Asked
from inputs.fields import BY
from inputs.roster import RatingScale
from inputs.words.header_scales import Scale
from inputs.words.legends import Legend
from inputs.words.rating_words import places_in_sets
from inputs.words.scales.kinds import NumberScale, ScaleChoice
from inputs.words.written_ratings import TEN_THOUSANDTHS

STRAY_SHARE = Fraction(1, 10)
"""Up to this share of a rater's cells may not fit the scale: each is then an issue of its own. More than
that, and the scale itself is in question."""
STRAY_CELLS = 3
"""Fewer cells than this never put the scale in question, unless they are half of all."""
_RARE = 20
"""A number that fewer than one in so many ratings have is rare."""
Span = Legend | NumberScale | RatingScale
"""Two ends between which numbers may be."""
Whose = Literal["self", "manager", "both"]
BY_WHOM: Mapping[Whose, str] = {
    "self": BY["self"],
    "manager": BY["manager"],
    "both": "the person and the manager",
}


@dataclass
class RatingsSeen:
    """What one rater's columns hold, counted in cells."""

    numbers: int = 0
    outside: int = 0
    """Numbers outside the rule pack's scale."""
    zeros: int = 0
    tops: set[int] = field(default_factory=set)
    """The best possible ratings that cells name beside their own, such as 10 in `4 out of 10`."""
    lowest: int | None = None
    """In ten-thousandths."""
    highest: int | None = None
    percents: int = 0
    beyond: int = 0
    """Percentages outside 0% to 100%."""
    words: Counter[str] = field(default_factory=Counter)
    """Normalised word to its count."""
    spelled: dict[str, str] = field(default_factory=dict)
    """Normalised word to one of its spellings, in full: answers give it back."""
    in_words: list[str] = field(default_factory=list)
    """Some of the cells with words."""
    contradictions: Counter[str] = field(default_factory=Counter)
    """Numbers with a word that says the opposite, such as `1 - Outstanding`, with their counts."""
    labels: dict[str, set[int]] = field(default_factory=dict)
    """Normalised words beside numbers, such as `Exceeds` in `4 - Exceeds`, with those numbers."""
    labelled: int = 0
    """Cells with a number and words."""
    unrated_labels: Counter[str] = field(default_factory=Counter)
    """Numbers with words that say not rated, such as `5 - Not observed`, with their counts."""
    hint: Scale | None = None
    """The scale that the headers of all these columns name."""
    tallies: list[Callable[[], Mapping[int, int]]] = field(default_factory=list)
    """Each gives the different numbers of a column, in ten-thousandths, with their counts; costly."""
    headers: list[str] = field(default_factory=list)
    """Of these columns; what they rate where all stand in one."""
    sheets: set[str] = field(default_factory=set)
    """Where they stand."""

    def widen(self, number: int | None) -> None:
        """Makes room for a number, in ten-thousandths, between the lowest and the highest."""
        if number is not None:
            self.lowest = number if self.lowest is None else min(self.lowest, number)
            self.highest = number if self.highest is None else max(self.highest, number)

    def within(self, span: Span) -> bool:
        """Whether there are numbers, and all are on a scale."""
        if self.lowest is None or self.highest is None:
            return False
        return span.lowest * TEN_THOUSANDTHS <= self.lowest and self.highest <= span.highest * TEN_THOUSANDTHS

    def nearly_within(self, span: Span) -> bool:
        """Whether all numbers but a few are on a scale."""
        return self.within(span) or not many(sum(one for _, one, _ in self._beyond(span)), self.numbers)

    def columns_beyond(self, span: Span) -> list[str]:
        """The headers of the columns with all the numbers that are not on a scale, where most columns have no
        such number; none where the columns hold hardly anything."""
        found = list(self._beyond(span))
        if any(total < STRAY_CELLS for _, _, total in found):
            return []
        named = [header for header, beyond, _ in found if beyond]
        return named if 2 * len(named) <= len(found) else []

    def few_columns_beyond(self, span: Span) -> bool:
        """Whether those columns are the fewer ones, and each of them has many such numbers."""
        found = list(self._beyond(span))
        named = [(beyond, total) for _, beyond, total in found if beyond]
        return 0 < 2 * len(named) < len(found) and all(many(beyond, total) for beyond, total in named)

    def _beyond(self, span: Span) -> Iterator[tuple[str, int, int]]:
        """For each column its header, how many of its numbers are not on a scale, and how many there are."""
        low, high = span.lowest * TEN_THOUSANDTHS, span.highest * TEN_THOUSANDTHS
        for header, tally_of in zip(self.headers, self.tallies, strict=True):
            counts = tally_of()
            beyond = sum(count for number, count in counts.items() if not low <= number <= high)
            yield header, beyond, sum(counts.values())

    @property
    def steps(self) -> int:
        """How many different numbers are used, but for those that are rare."""
        counts = Counter[int]()
        for tally_of in self.tallies:
            counts.update(tally_of())
        return sum(count * _RARE >= counts.total() for count in counts.values())

    @property
    def labels_are_names(self) -> bool:
        """Whether the words beside numbers are one name for each number, which is given more than once."""
        numbers = [number for found in self.labels.values() for number in found]
        return len(numbers) == len(set(numbers)) == len(self.labels) and self.labelled > len(self.labels)

    @property
    def rated(self) -> int:
        """Cells that hold anything meant as a rating."""
        return self.numbers + self.percents + self.words.total() + self.contradictions.total()

    @property
    def range(self) -> str:
        """`1 to 4.5`, `only 3`, or `no number`."""
        if self.lowest is None or self.highest is None:
            return "no number"
        if self.lowest == self.highest:
            return f"only {points_text(self.lowest)}"
        return f"{points_text(self.lowest)} to {points_text(self.highest)}"

    @property
    def spread(self) -> str:
        """`run from 1 to 4.5`, or `are all 3`."""
        if self.lowest is not None and self.lowest == self.highest:
            return f"are all {points_text(self.lowest)}"
        return f"run from {self.range}"


_ADDED_UP = (
    *("numbers", "outside", "zeros", "percents", "beyond", "labelled"),
    *("words", "contradictions", "unrated_labels", "in_words", "tallies", "headers"),
)


def seen_together(raters: Sequence[RatingsSeen]) -> RatingsSeen:
    """What several raters' columns hold together."""
    whole = RatingsSeen()
    hints = {seen.hint for seen in raters}
    whole.hint = hints.pop() if len(hints) == 1 else None
    for seen in raters:
        for name in _ADDED_UP:
            setattr(whole, name, getattr(whole, name) + getattr(seen, name))
        for name in ("spelled", "tops", "sheets"):
            setattr(whole, name, getattr(whole, name) | getattr(seen, name))
        for word, numbers in seen.labels.items():
            whole.labels.setdefault(word, set()).update(numbers)
        whole.widen(seen.lowest)
        whole.widen(seen.highest)
    return whole


@dataclass(frozen=True)
class Unscaled:
    """Ratings whose scale is to be found."""

    whose: Whose
    seen: RatingsSeen
    pack: RatingScale

    @property
    def by(self) -> str:
        """`by the manager`."""
        return f"by {BY_WHOM[self.whose]}"

    @property
    def usual(self) -> NumberScale:
        """The scale of numbers that do not say theirs: the rule pack's."""
        ends = (self.pack.lowest, self.pack.highest)
        return NumberScale(*(reversed(ends) if self.pack.lowest_is_best else ends))

    @property
    def known_top(self) -> Decimal:
        """The rating that somebody surely reaches if these ratings are on the rule pack's scale."""
        return self.pack.highest if self.pack.known_up_to is None else self.pack.known_up_to

    @property
    def stated(self) -> NumberScale:
        """The scale that the headers name, or the usual one."""
        return self.usual if self.seen.hint is None else NumberScale(*self.seen.hint)

    def ask(self, text: str, remedy: str = "") -> ScaleChoice:
        """The usual scale, and a question; unless another remedy is given, numbers in a mapping answer it."""
        return ScaleChoice(self.usual, question=Asked(text, remedy or in_a_mapping(self.whose), "scale"))


def in_a_mapping(whose: Whose, more: str = "") -> str:
    """How a mapping says which numbers are the ends of a scale."""
    return f"Say it in a mapping: `scales: {{{whose}: {{worst: ..., best: ...}}}}`{more}."


def quoted(headers: Sequence[str]) -> list[str]:
    """Headers for a question, each once."""
    return [f"'{header[:60]}'" for header in dict.fromkeys(headers)]


def many(cells: int, of: int) -> bool:
    """Whether so many of a rater's cells do not fit that the scale itself is in question."""
    if not cells or Fraction(cells, of) <= STRAY_SHARE:
        return False
    return cells >= STRAY_CELLS or 2 * cells >= of


def words_counted(seen: RatingsSeen) -> list[tuple[str, int]]:
    """The words seen as they are spelled, with their counts, by the alphabet: `A+`, `A`, `A-`, `B+`."""

    def place(word: str) -> tuple[str, int]:
        plain = word.removesuffix(" plus").removesuffix(" minus")
        return plain, word.endswith(" minus") - word.endswith(" plus")

    return [(seen.spelled[word], seen.words[word]) for word in sorted(seen.words, key=place)]


def count_of_known_words(seen: RatingsSeen) -> int:
    """How many of the words seen are of a known set."""
    return sum(count for word, count in seen.words.items() if places_in_sets(word))


def words_of_no_scale(seen: RatingsSeen) -> list[str]:
    """The words seen that are none of a known set, as they are spelled."""
    return sorted(seen.spelled[word] for word in seen.words if not places_in_sets(word))


def points_text(number: int) -> str:
    """Ten-thousandths as a plain number."""
    return format((Decimal(number) / TEN_THOUSANDTHS).normalize(), "f")
