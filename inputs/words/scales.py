"""The scale that each rater's ratings are on: read off the header or the words, or asked for; never
guessed."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from itertools import combinations
from typing import Literal

from inputs.asked import Asked
from inputs.fields import BY, RATERS, Rater
from inputs.phrases import counted, few, join, tally
from inputs.roster import UNITS_PER_POINT, RatingScale
from inputs.words.header_scales import Scale
from inputs.words.legends import Legend
from inputs.words.rating_words import KnownSet, known_sets, places_in_sets, places_of, sets_with
from inputs.words.written_ratings import TEN_THOUSANDTHS, rating_word

_STRAY_SHARE = Fraction(1, 10)
"""Up to this share of a rater's cells may not fit the scale: each is then an issue of its own. More than
that, and the scale itself is in question."""
STRAY_CELLS = 3
"""Fewer cells than this never put the scale in question, unless they are half of all."""
_ENOUGH = 30
"""Ratings from which a range that stays below the top of the scale is worth a note or a question."""
_SHOWN = 6
"""Texts that a question shows."""
_DIFFERENT = 20
"""Words of a scale that a question shows, at most."""
_HEADERS = "the headers (or the rules for the cells)"
"""What may name a scale for single columns."""
_LONGEST = 120
"""Letters that it shows of each."""
_MANY_PEOPLE = 30
"""With more people than this, nobody at the top of the scale is a question."""
_NEARLY = 8
"""A rating that lacks less than this part of the scale reaches the top."""
_SEVERAL_PEOPLE = 5
"""With as many people, ratings that end a whole point or more below the top are one: 1 to 4, or 1 to 3."""
_SEVERAL_STEPS = 3
"""If they are spread over as many steps, so that somebody would have reached the top."""
_RARE = 20
"""A number that fewer than one in so many ratings have is rare."""


@dataclass(frozen=True)
class NumberScale:
    """Numbers from the worst to the best rating; the worst may be the higher one, as in school marks."""

    worst: Decimal
    best: Decimal

    def __str__(self) -> str:
        return f"numbers from {self.worst} (worst) to {self.best} (best)"

    @property
    def range(self) -> str:
        """`from 1 to 5`, whichever is the best."""
        return f"from {min(self.worst, self.best)} to {max(self.worst, self.best)}"

    @property
    def right(self) -> str:
        """What can be written on it."""
        return f"a number {self.range}"


@dataclass(frozen=True)
class WordScale:
    """Words, each with its points of the rule pack's scale."""

    points: Mapping[str, Fraction]
    """Normalised word to points."""
    steps: tuple[str, ...]
    """The words from worst to best, for messages."""
    name: str = "words"

    def __str__(self) -> str:
        return f"{self.name}: {', '.join(self.steps)}, in even steps"

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

    def within(self, lowest: Decimal, highest: Decimal) -> bool:
        """Whether all numbers are between two others."""
        if self.lowest is None or self.highest is None:
            return False
        return lowest * TEN_THOUSANDTHS <= self.lowest and self.highest <= highest * TEN_THOUSANDTHS

    def nearly_within(self, lowest: Decimal, highest: Decimal) -> bool:
        """Whether all numbers but a few are between two others."""
        return self.within(lowest, highest) or not many(self.beyond_of(lowest, highest), self.numbers)

    def beyond_of(self, lowest: Decimal, highest: Decimal) -> int:
        """How many numbers are not between two others."""
        return sum(beyond for _, beyond, _ in self._by_column(lowest, highest))

    def columns_beyond(self, lowest: Decimal, highest: Decimal) -> list[str]:
        """The headers of the columns with all the numbers that are not between two others, where most columns
        have no such number; none where the columns hold hardly anything."""
        found = list(self._by_column(lowest, highest))
        if any(total < STRAY_CELLS for _, _, total in found):
            return []
        named = [header for header, beyond, _ in found if beyond]
        return named if 2 * len(named) <= len(found) else []

    def few_columns_beyond(self, lowest: Decimal, highest: Decimal) -> bool:
        """Whether those columns are the fewer ones, and each of them has many such numbers."""
        found = [(beyond, total) for _, beyond, total in self._by_column(lowest, highest)]
        named = [(beyond, total) for beyond, total in found if beyond]
        return 0 < 2 * len(named) < len(found) and all(many(beyond, total) for beyond, total in named)

    def _by_column(self, lowest: Decimal, highest: Decimal) -> Iterator[tuple[str, int, int]]:
        low, high = lowest * TEN_THOUSANDTHS, highest * TEN_THOUSANDTHS
        for header, tally_of in zip(self.headers, self.tallies, strict=True):
            counts = tally_of()
            beyond = sum(count for number, count in counts.items() if not low <= number <= high)
            yield header, beyond, sum(counts.values())

    @property
    def counts(self) -> Counter[int]:
        """The different numbers, in ten-thousandths, with their counts."""
        whole: Counter[int] = Counter()
        for tally_of in self.tallies:
            whole.update(tally_of())
        return whole

    @property
    def steps(self) -> int:
        """How many different numbers are used, but for those that are rare."""
        counts = self.counts
        return sum(count * _RARE >= counts.total() for count in counts.values())

    @property
    def rated(self) -> int:
        """Cells that hold anything meant as a rating."""
        return self.numbers + self.percents + sum(self.words.values()) + sum(self.contradictions.values())

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


Whose = Literal["self", "manager", "both"]
_BY: Mapping[Whose, str] = {
    "self": BY["self"],
    "manager": BY["manager"],
    "both": "the person and the manager",
}


def choose_scales(
    seen: Mapping[Rater, RatingsSeen], pack: RatingScale, legends: Sequence[Legend], people: int
) -> dict[Rater, ScaleChoice]:
    """The scale of each rater's ratings, when nobody declared it. What is open for both is one question, by
    what both of them hold. `people` are those who have a rating."""
    own = ({pack.lowest, pack.highest}, {pack.highest})
    lists = [one for one in legends if one.is_list]
    legends = [one for one in legends if not one.is_list and (not one.said or one.words.keys() not in own)]
    rated = [rater for rater in RATERS if seen[rater].rated]
    exceeded = _exceeded(legends, [seen[rater] for rater in rated], pack)
    legends = [one for one in legends if one not in exceeded]
    choices = {rater: _choose(rater, seen[rater], pack, legends, lists) for rater in RATERS}
    together = seen_together([seen[rater] for rater in rated])
    asked = [rater for rater in rated if choices[rater].question]
    strays = [rater for rater in rated if seen[rater].outside and not seen[rater].hint]
    if (
        len(rated) == 2
        and (len(asked) == 2 or (asked and len(strays) == 2))
        and len(_fitting(legends, together)) < 2
    ):
        both = _choose("both", together, pack, legends, lists)
        if both.question is None:
            both = ScaleChoice(both.scale, question=_range_question("both", together, pack))
        choices = dict.fromkeys(RATERS, both)
    if rated and not any(choice.question or choice.by_words for choice in choices.values()):
        whose: Whose = "both" if len(rated) == 2 else rated[0]
        question = _exceeded_question(whose, together, exceeded) or _top_question(
            whose, together, pack, people
        )
        if question is not None:
            choices |= {rater: replace(choices[rater], note=None, question=question) for rater in rated}
        elif explaining := [one for one in exceeded if not one.said]:
            warning = _exceeded_warning(whose, together, pack, explaining[0])
            choices |= {rater: replace(choices[rater], warning=warning) for rater in rated}
    return choices


def beside_turned(rater: Rater, choice: ScaleChoice, seen: RatingsSeen) -> ScaleChoice:
    """Asks also for a scale that nothing says where, by the mapping, the lowest number is the best on the
    other rater's."""
    text = (
        f"The mapping says that the lowest number is the best on the other scale, but nothing says so of the "
        f"ratings by {_BY[rater]}, which {seen.spread}. Which scale are they on?"
    )
    return _unless_said(rater, choice, seen, text)


def beside_stated(
    rater: Whose, choice: ScaleChoice, seen: RatingsSeen, stated: Sequence[RatingsSeen]
) -> ScaleChoice:
    """Asks also for the scale of the columns whose headers name none where others of the rater name one."""
    headers = [header for one in stated for header in one.headers]
    named = join(sorted({str(NumberScale(*one.hint)) for one in stated if one.hint}))
    text = (
        f"T{_HEADERS[1:]} of the ratings by {_BY[rater]} name {named} for {len(headers)} of "
        f"{len(headers) + len(seen.headers)} columns ({few(_quoted(headers), 4)}). The others "
        f"({few(_quoted(seen.headers), 4)}) {seen.spread}. Which scale are those on?"
    )
    return _unless_said(rater, choice, seen, text)


def _quoted(headers: Sequence[str]) -> list[str]:
    return [f"'{header[:60]}'" for header in dict.fromkeys(headers)]


def _unless_said(rater: Whose, choice: ScaleChoice, seen: RatingsSeen, text: str) -> ScaleChoice:
    if choice.question or choice.by_words or not seen.numbers:
        return choice
    return replace(choice, note=None, question=_asked(text, rater))


def choose_stated(
    rater: Rater, seen: RatingsSeen, pack: RatingScale, legends: Sequence[Legend]
) -> ScaleChoice:
    """The scale of columns whose headers name one, beside columns of the rater with none or another."""
    choice = _choose(rater, seen, pack, [one for one in legends if not one.is_list], ())
    by = f"by {_BY[rater]}"
    under = f"{by} under {few(_quoted(seen.headers), 6)}"
    if choice.question is not None:
        text = choice.question.text.replace(by, under)
        return replace(choice, question=Asked(text, "Correct these headers or the ratings below them."))
    note = (choice.note or "").replace(by, under).replace("the headers", _HEADERS)
    return replace(choice, note=note or None)


def misfit_question(
    rater: Rater, scale: RaterScale, misfits: Counter[str], seen: RatingsSeen
) -> Asked | None:
    """Asks again for a scale that a mapping gives where many ratings are not on it; None where few are not,
    or all, of which nothing could be read."""
    count = misfits.total()
    if count >= seen.rated or not many(count, seen.rated):
        return None
    return Asked(
        f"According to the mapping, each rating by {_BY[rater]} is {scale.right}, but {count:,} of "
        f"{seen.rated:,} are not: {tally(misfits.most_common(), _SHOWN)}. Which scale are they on?",
        "Correct the mapping: its `scales` if they are ratings, its `not_rated` if they are not.",
        "scale",
    )


def wide_warning(rater: Rater, scale: RaterScale, seen: RatingsSeen, pack: RatingScale) -> str | None:
    """A warning where a mapping gives a longer scale than the rule pack's, and no rating goes beyond that."""
    if not isinstance(scale, NumberScale) or seen.numbers < _ENOUGH or seen.steps < _SEVERAL_STEPS:
        return None
    if max(scale.worst, scale.best) <= pack.highest or not seen.within(pack.lowest, pack.highest):
        return None
    return (
        f"Ratings by {_BY[rater]} were read as {scale}, as the mapping says, but they {seen.spread}: none of "
        f"{seen.numbers:,} is above {pack.highest}, where the rule pack's own scale ends."
    )


def _exceeded(legends: Sequence[Legend], raters: Sequence[RatingsSeen], pack: RatingScale) -> list[Legend]:
    """The legends beyond which ratings go that would be read on the rule pack's scale."""
    of_own = [seen for seen in raters if seen.within(pack.lowest, pack.highest) and not seen.hint]
    return [one for seen in of_own if not _fitting(legends, seen) for one in legends if len(one.words) > 1]


def _exceeded_question(whose: Whose, seen: RatingsSeen, exceeded: Sequence[Legend]) -> Asked | None:
    """Asks for the scale where the file surely names another than the ratings can be on."""
    legend = next((one for one in exceeded if one.said and one.is_sure), None)
    if legend is None:
        return None
    return _asked(
        f"{legend.place} says {legend.shown}, but the ratings by {_BY[whose]} {seen.spread}. Which scale are "
        "they on?",
        whose,
    )


def _exceeded_warning(whose: Whose, seen: RatingsSeen, pack: RatingScale, legend: Legend) -> str:
    return (
        f"{legend.place} explains a scale from {legend.lowest} to {legend.highest} ({legend.shown}), but the "
        f"ratings by {_BY[whose]} {seen.spread}. They were read as numbers from {pack.lowest} to "
        f"{pack.highest}, as if it explained something else."
    )


def seen_together(raters: Sequence[RatingsSeen]) -> RatingsSeen:
    """What several raters' columns hold together."""
    whole = RatingsSeen()
    hints = {seen.hint for seen in raters}
    whole.hint = hints.pop() if len(hints) == 1 else None
    for seen in raters:
        for count in ("numbers", "outside", "zeros", "percents", "beyond", "labelled"):
            setattr(whole, count, getattr(whole, count) + getattr(seen, count))
        whole.widen(seen.lowest)
        whole.widen(seen.highest)
        whole.words.update(seen.words)
        whole.contradictions.update(seen.contradictions)
        whole.unrated_labels.update(seen.unrated_labels)
        whole.spelled |= seen.spelled
        whole.in_words += seen.in_words
        for word, numbers in seen.labels.items():
            whole.labels.setdefault(word, set()).update(numbers)
        whole.tops |= seen.tops
        whole.tallies += seen.tallies
        whole.headers += seen.headers
        whole.sheets |= seen.sheets
    return whole


def _top_question(whose: Whose, seen: RatingsSeen, pack: RatingScale, people: int) -> Asked | None:
    """Asks for the scale where nobody reaches the top of the rule pack's, and many could."""
    top, step = int(pack.highest * TEN_THOUSANDTHS), TEN_THOUSANDTHS
    # A mean of ratings hardly ever is the top itself.
    nearly = top - int((pack.highest - pack.lowest) * TEN_THOUSANDTHS) // _NEARLY
    if seen.highest is None or seen.highest > nearly or seen.numbers < _ENOUGH or seen.hint:
        return None
    if pack.lowest_is_best:
        return None
    ends_lower = seen.highest <= top - step and seen.steps >= _SEVERAL_STEPS
    if people <= _MANY_PEOPLE and not (people >= _SEVERAL_PEOPLE and ends_lower):
        return None
    return _asked(
        f"Ratings by {_BY[whose]} {seen.spread}{_named(seen)}: none of {seen.numbers:,} reaches "
        f"{pack.highest}, the top of the rule pack's scale. Which scale are they on?",
        whose,
        f"; worst {pack.lowest} and best {pack.highest} if it is that of the rule pack",
    )


def _named(seen: RatingsSeen) -> str:
    """The names of the numbers, and what was read as not rated."""
    numbers = sorted((number, word) for word, found in seen.labels.items() for number in found)
    words = [f"{points_text(number)} is '{seen.spelled.get(word, word)}'" for number, word in numbers[:8]]
    words += [f"'{text}' ({count:,}) was read as not rated" for text, count in seen.unrated_labels.items()]
    return f" ({', '.join(words)})" if words else ""


def _written_on(pack: RatingScale) -> NumberScale:
    """The scale that numbers are on which do not say it."""
    ends = (pack.lowest, pack.highest)
    return NumberScale(*(reversed(ends) if pack.lowest_is_best else ends))


def _choose(
    rater: Whose, seen: RatingsSeen, pack: RatingScale, legends: Sequence[Legend], lists: Sequence[Legend]
) -> ScaleChoice:
    own = _written_on(pack)
    stated = own if seen.hint is None else NumberScale(*seen.hint)
    if seen.numbers:
        about = legends if seen.hint is None else _about({*seen.hint}, legends)
        by_legend = _by_legend(rater, seen, stated, own, _fitting(about, seen))
        if by_legend is not None:
            return by_legend
    if seen.percents and seen.hint and {*seen.hint} == {0, 100}:
        return _percentages(rater, seen, own)
    if stated != own:
        if not seen.nearly_within(min(stated.worst, stated.best), max(stated.worst, stated.best)):
            text = (
                f"The headers say that the ratings by {_BY[rater]} are {stated}, but they {seen.spread}. "
                "Which scale are they on?"
            )
            return ScaleChoice(own, question=_asked(text, rater))
        note = f"Ratings by {_BY[rater]} were read as {stated}, as the headers say."
        return ScaleChoice(stated, note, by_words=True)
    if many(sum(seen.contradictions.values()), seen.rated) or _run_backwards(seen):
        return ScaleChoice(own, question=_direction_question(rater, seen))
    best = _best_below_top(seen, pack)
    if best is not None:
        return ScaleChoice(own, question=_short_question(rater, best, seen, pack))
    words = sum(seen.words.values())
    if many(seen.percents, seen.rated):
        return _percentages(rater, seen, own)
    # A stray word leaves the numbers what they are; a stray number may belong to another scale.
    if words == seen.rated > 0 or (words >= STRAY_CELLS and many(words, seen.rated)):
        return _in_words(rater, seen, own, pack, lists)
    # Of single columns on another scale it is asked what becomes of them.
    apart = not seen.zeros and not seen.tops and seen.few_columns_beyond(pack.lowest, pack.highest)
    if many(seen.outside, seen.rated) and not apart:
        return ScaleChoice(own, question=_range_question(rater, seen, pack))
    return ScaleChoice(own, _narrow(rater, seen, pack))


def _about(ends: set[Decimal], legends: Sequence[Legend]) -> list[Legend]:
    """The legends that may say which end is the best of a scale that headers name."""
    said = [one for one in legends if not (one.said and one.words.keys() in (ends, {max(ends)}))]
    return [
        one for one in said if {min(one.words, default=None), max(one.words, default=None)} - {None} <= ends
    ]


def _fitting(legends: Sequence[Legend], seen: RatingsSeen) -> list[Legend]:
    """The legends that these ratings may be on, those that say the same once; those that a few ratings are
    beyond where no other explains all."""
    if seen.highest is None or seen.lowest is None:
        return []
    fits = [one for one in legends if len(one.words) < 2 or seen.within(one.lowest, one.highest)]
    fits = fits or [one for one in legends if seen.nearly_within(one.lowest, one.highest) and one.is_sure]
    ends = [(min(one.words, default=None), max(one.words, default=None), rises(one)) for one in fits]
    return list(dict(zip(reversed(ends), reversed(fits), strict=True)).values())[::-1]


def _by_legend(
    rater: Whose, seen: RatingsSeen, stated: NumberScale, own: NumberScale, legends: Sequence[Legend]
) -> ScaleChoice | None:
    """The scale that the file itself explains, or the question what it means; None when it is the stated or
    the rule pack's own, or cannot be that of these ratings."""
    if not legends:
        return None
    legend, *others = legends
    by = f"Those by {_BY[rater]} {seen.spread}."
    explains = [f"{one.place} explains the ratings: {one.shown}." for one in legends]
    if others:
        text = f"{' '.join(explains)} {by} Which of these is their scale?"
        return ScaleChoice(own, question=_asked(text, rater))
    beyond = not seen.within(min(stated.worst, stated.best), max(stated.worst, stated.best))
    if legend.said and len(legend.words) == 1 and beyond:
        return None
    if legend.said and not (legend.words and beyond):
        text = (
            f"{legend.place} says {legend.shown}. {by} Which scale are they on, and which number is the best?"
        )
        return ScaleChoice(own, question=_asked(text, rater))
    low, high, upwards = legend.lowest, legend.highest, bool(legend.said) or rises(legend)
    if len(legend.words) == 1:
        number, place = low, places_of(legend.words[low])
        if number == (stated.best if 1 in place else stated.worst):
            return None
        text = f"{explains[0]} {by} Which scale are they on?"
        return ScaleChoice(own, question=_asked(text, rater))
    if upwards is None or (not legend.said and _ends_beyond(legend, rises=upwards)):
        text = f"{explains[0]} {by} Is {high} the best on a scale from {low} to {high}?"
        return ScaleChoice(own, question=_asked(text, rater))
    scale = NumberScale(low, high) if upwards else NumberScale(high, low)
    silent = [one for one in legend.silent if one in seen.sheets]
    if silent and scale not in (stated, own):
        there = few(_quoted(silent), 4)
        text = f"{explains[0]} {by} Is that the scale in {there} too, which says nothing of it?"
        return ScaleChoice(own, question=_asked(text, rater))
    note = f"Ratings by {_BY[rater]} were read as {scale}, as {legend.place} says: {legend.shown}."
    return ScaleChoice(scale, None if scale == own else note, by_words=True)


def _ends_beyond(legend: Legend, *, rises: bool) -> bool:
    """Whether a word that no set knows stands beyond the best or the worst word of a set: `cannot say` as 6
    after `excellent` as 5."""
    words = [places_of(legend.words[number]) for number in sorted(legend.words, reverse=not rises)]
    return len(words) > 2 and ((not words[0] and 0 in words[1]) or (not words[-1] and 1 in words[-2]))


def rises(legend: Legend) -> bool | None:
    """Whether the highest number of a legend is the best, by its words; None when they do not say it."""
    votes = [above > below for below, above in _votes(legend)]
    if not votes or 2 * sum(votes) == len(votes):
        return None
    return 2 * sum(votes) > len(votes)


def _votes(legend: Legend) -> list[tuple[Fraction, Fraction]]:
    """How far up two words are, the one with the lower number first, where that differs."""
    steps = sorted(legend.words)
    shares = [(number, place) for number in steps for place in places_of(legend.words[number])]
    return [
        (below, above)
        for (lower, below), (upper, above) in combinations(shares, 2)
        if lower < upper and above != below
    ]


def many(cells: int, of: int) -> bool:
    """Whether so many of a rater's cells do not fit that the scale itself is in question."""
    if not cells or Fraction(cells, of) <= _STRAY_SHARE:
        return False
    return cells >= STRAY_CELLS or 2 * cells >= of


def _percentages(rater: Whose, seen: RatingsSeen, own: NumberScale) -> ScaleChoice:
    others = seen.rated - seen.percents
    if many(others, seen.rated):
        text = (
            f"Ratings by {_BY[rater]} mix {counted(seen.percents, 'percentage')} with "
            f"{counted(others, 'other')} ({seen.range})."
        )
        return ScaleChoice(own, question=Asked(text, "Write all of them in one form.", "scale"))
    if many(seen.beyond, seen.percents):
        text = (
            f"{seen.beyond} of {counted(seen.percents, 'rating')} by {_BY[rater]} are percentages outside 0% "
            "to 100%. Are they percentages at all?"
        )
        remedy = "If the cells' format turns a 3 into 300%, change the format; otherwise correct the ratings."
        return ScaleChoice(own, question=Asked(text, remedy, "scale"))
    note = f"Ratings by {_BY[rater]} are percentages; 0% to 100% was put on the rule pack's scale."
    return ScaleChoice(PercentScale(), note, by_words=True)


def words_of_no_scale(seen: RatingsSeen) -> list[str]:
    """The words seen that are none of a known set, as they are spelled."""
    return sorted(seen.spelled[word] for word in seen.words if not places_in_sets(word))


def _in_words(
    rater: Whose, seen: RatingsSeen, own: NumberScale, pack: RatingScale, lists: Sequence[Legend]
) -> ScaleChoice:
    counts = sorted(seen.words.items())
    written = tally(((f"'{seen.spelled[word][:_LONGEST]}'", count) for word, count in counts), _DIFFERENT)
    if Fraction(seen.numbers, seen.rated) > _STRAY_SHARE:
        cells = few(seen.in_words[:_SHOWN], _SHOWN)
        text = f"Ratings by {_BY[rater]} mix numbers ({seen.range}) and words: {written}, as in {cells}."
        unrated = ", ".join(f'"{word}"' for word in words_of_no_scale(seen)[:_SHOWN])
        also = (
            f" Where words mean not rated, say so in a mapping: `not_rated: [{unrated}]`." if unrated else ""
        )
        remedy = (
            "Write all of them in one form: numbers, with a comment behind where there is one ('4 - led it "
            f"alone'), or words.{also}"
        )
        return ScaleChoice(own, question=Asked(text, remedy, "scale"))
    if pack.words and {rating_word(word) for word in pack.words} >= seen.words.keys():
        scale = word_scale(list(pack.words), pack, "the rule pack's words")
        note = f"Ratings by {_BY[rater]} are {scale}: {_points_of(scale)}."
        return ScaleChoice(scale, note, by_words=True)
    meant = {rating_word(text): Fraction(number) for number, text in pack.meanings.items()}
    if meant and meant.keys() >= seen.words.keys():
        steps = tuple(pack.meanings[number] for number in sorted(pack.meanings))
        scale = WordScale(meant, steps, "what the rule pack calls its ratings")
        note = f"Ratings by {_BY[rater]} are words: {_points_of(scale)}, as the rule pack says."
        return ScaleChoice(scale, note, by_words=True)
    listed = {
        one.shown: one for one in lists if seen.words.keys() <= set(map(rating_word, one.words.values()))
    }
    by_list = next(iter(listed.values())) if len(listed) == 1 else None
    rises = None if by_list is None else _order_of(by_list)
    if by_list is not None and rises is not None:
        scale = word_scale(list(by_list.words.values())[:: 1 if rises else -1], pack, "words of a list")
        note = f"Ratings by {_BY[rater]} are words: {_points_of(scale)}. {by_list.place} gives their order."
        return ScaleChoice(scale, note, by_words=True)
    fitting = sets_with(seen.words)
    if len(fitting) == 1 and (by_list is None or _by_alphabet(by_list)):
        name, words = next(iter(fitting.items()))
        scale = word_scale([step[0] for step in words], pack, name, words)
        note = f"Ratings by {_BY[rater]} are words and were read as {scale}: {_points_of(scale)}."
        return ScaleChoice(scale, note, by_words=True)
    several = f" They fit several known sets: {'; '.join(fitting)}." if len(fitting) > 1 else ""
    several = several if by_list is None else f" {by_list.place} has them as {by_list.shown}."
    text = f"Ratings by {_BY[rater]} are words: {written}.{several} What is their order, from worst to best?"
    remedy = f"Say it in a mapping: `scales: {{{rater}: {{words: [worst, ..., best]}}}}`."
    return ScaleChoice(own, question=Asked(text, remedy, "scale"))


def _order_of(words: Legend) -> bool | None:
    """Whether words are listed from the worst to the best, as all of them that a set knows show; None where
    they do not, or contradict each other, as in a list by the alphabet."""
    if _by_alphabet(words) and not all(map(places_of, words.words.values())):
        return None
    votes = {above > below for below, above in _votes(words)}
    return votes.pop() if len(votes) == 1 else None


def _by_alphabet(words: Legend) -> bool:
    spelled = [word.casefold() for word in words.words.values()]
    return sorted(spelled) in (spelled, spelled[::-1])


def _points_of(scale: WordScale) -> str:
    return ", ".join(f"{step} = {_rounded(scale.points[rating_word(step)])}" for step in scale.steps)


def _rounded(points: Fraction) -> str:
    return points_text(round(points * TEN_THOUSANDTHS))


def contradicts(word: str, number: int, pack: RatingScale) -> bool:
    """Whether a word beside a number is at the other end of every known set than the number is on the rule
    pack's scale: then the number counts from the best, or on another scale."""
    places = places_in_sets(word)
    lowest, highest = Fraction(pack.lowest), Fraction(pack.highest)
    share = (Fraction(number, TEN_THOUSANDTHS) - lowest) / (highest - lowest)
    return 0 <= share <= 1 and bool(places) and all(abs(place - share) > Fraction(1, 2) for place in places)


def _run_backwards(seen: RatingsSeen) -> bool:
    """Whether better words go with lower numbers."""
    rising = falling = 0
    for steps in known_sets().values():
        placed = [
            (at, number)
            for at, step in enumerate(steps)
            for word, numbers in seen.labels.items()
            if word in step
            for number in numbers
        ]
        for (lower, below), (upper, above) in combinations(placed, 2):
            if lower != upper and below != above:
                rising += below < above
                falling += below > above
    return falling > rising


def _best_below_top(seen: RatingsSeen, pack: RatingScale) -> str | None:
    """The best word of its sets, when it goes with the highest number seen and that is not the top."""
    top = int(pack.highest * TEN_THOUSANDTHS)
    if seen.highest is None or seen.highest >= top:
        return None
    for word, numbers in seen.labels.items():
        sets = sets_with([word]).values()
        if sets and all(word in steps[-1] for steps in sets) and max(numbers) == seen.highest:
            return word
    return None


def _asked(text: str, rater: Whose, more: str = "") -> Asked:
    remedy = f"Say it in a mapping: `scales: {{{rater}: {{worst: ..., best: ...}}}}`{more}."
    return Asked(text, remedy, "scale")


def _short_question(rater: Whose, best: str, seen: RatingsSeen, pack: RatingScale) -> Asked:
    beside = "".join(
        f"; '{text}' ({count:,}) was read as not rated" for text, count in seen.unrated_labels.items()
    )
    return _asked(
        f"Ratings by {_BY[rater]} {seen.spread}, and the highest is called '{best}', the best word of its "
        f"set; the rule pack's scale runs to {pack.highest}{beside}. Which scale are they on?",
        rater,
    )


def _direction_question(rater: Whose, seen: RatingsSeen) -> Asked:
    shown = [f"'{text}' ({count:,})" for text, count in sorted(seen.contradictions.items())]
    if not shown:
        numbers = [(word, number) for word, found in seen.labels.items() for number in found]
        shown = [f"'{points_text(number)} - {word}'" for word, number in sorted(numbers)]
    return _asked(
        f"Ratings by {_BY[rater]} have words that say the opposite of their numbers: {few(shown, 6)}. "
        "Which number is the best?",
        rater,
    )


def _range_question(rater: Whose, seen: RatingsSeen, pack: RatingScale) -> Asked:
    zeros = f", {seen.zeros} of them 0" if seen.zeros else ""
    outside = f"{seen.outside} of {seen.numbers} {'is' if seen.outside == 1 else 'are'} outside"
    not_rated = '`not_rated: ["0"]`'
    out_of = f" out of {join(list(map(str, sorted(seen.tops))))}" if seen.tops else ""
    columns = _quoted(seen.columns_beyond(pack.lowest, pack.highest))
    where = f" All of those are in {few(columns, 4)}, and the other columns have none." if columns else ""
    one = " If they have a scale of their own, name it there: 'Communication (1-10)'." if columns else ""
    return _asked(
        f"Ratings by {_BY[rater]} {seen.spread}{out_of}; {outside} the rule pack's scale from "
        f"{pack.lowest} to {pack.highest}{zeros}.{where}{one} Which scale are they on?",
        rater,
        f", and {not_rated} if 0 means not rated",
    )


def _narrow(rater: Whose, seen: RatingsSeen, pack: RatingScale) -> str | None:
    """A note when many ratings never reach the top: the sheet's scale may end lower. Or that the lowest is
    the best here, as the file itself does not say so."""
    if pack.lowest_is_best and seen.numbers:
        return f"Ratings by {_BY[rater]} were read as {_written_on(pack)}, as the rule pack counts."
    top = int(pack.highest * TEN_THOUSANDTHS)
    if seen.highest is None or seen.numbers < _ENOUGH or seen.highest >= top:
        return None
    return (
        f"Ratings by {_BY[rater]} {seen.spread} and were read on the scale from {pack.lowest} to "
        f"{pack.highest}. If their scale ends lower, say so in a mapping."
    )


def points_text(number: int) -> str:
    """Ten-thousandths as a plain number."""
    return format((Decimal(number) / TEN_THOUSANDTHS).normalize(), "f")


def word_scale(
    steps: list[str], pack: RatingScale, name: str = "words", synonyms: KnownSet | None = None
) -> WordScale:
    """Words from worst to best, put on the rule pack's scale in even steps."""
    span = Fraction(pack.highest) - Fraction(pack.lowest)
    points: dict[str, Fraction] = {}
    for at, step in enumerate(steps):
        value = Fraction(pack.lowest) + span * at / (len(steps) - 1)
        for word in synonyms[at] if synonyms else (rating_word(step),):
            points[word] = value
        points[rating_word(step)] = value
    return WordScale(points, tuple(steps), name)


def units_on(number: int, scale: NumberScale, pack: RatingScale) -> int | None:
    """A number in ten-thousandths, put on the rule pack's scale in `UNITS_PER_POINT`; None outside its
    scale."""
    value = Fraction(number, TEN_THOUSANDTHS)
    worst, best = Fraction(scale.worst), Fraction(scale.best)
    if not min(worst, best) <= value <= max(worst, best):
        return None
    return units_of((value - worst) / (best - worst), pack)


def units_of(share: Fraction, pack: RatingScale) -> int:
    """A share of the way from the lowest to the highest rating, in `UNITS_PER_POINT`."""
    lowest, highest = Fraction(pack.lowest), Fraction(pack.highest)
    return round((lowest + share * (highest - lowest)) * UNITS_PER_POINT)


def units_of_points(points: Fraction) -> int:
    """Points of the rule pack's scale in `UNITS_PER_POINT`."""
    return round(points * UNITS_PER_POINT)
