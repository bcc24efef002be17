"""The scale that the file itself explains."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import combinations

from inputs.phrases import few
from inputs.words.legends import Legend
from inputs.words.rating_words import places_of
from inputs.words.scales.kinds import NumberScale, ScaleChoice
from inputs.words.scales.seen import RatingsSeen, Unscaled, quoted


def by_legend(of: Unscaled, legends: Sequence[Legend]) -> ScaleChoice | None:
    """The scale that legends say these ratings are on, or the question what they mean; None where they say no
    other than the headers and the rule pack do, or cannot be meant."""
    if of.seen.hint is not None:
        legends = _about({*of.seen.hint}, legends)
    legends = fitting(legends, of.seen)
    if not legends:
        return None
    legend, *others = legends
    by = f"Those {of.by} {of.seen.spread}."
    explains = [f"{one.place} explains the ratings: {one.shown}." for one in legends]
    if others:
        return of.ask(f"{' '.join(explains)} {by} Which of these is their scale?")
    beyond = not of.seen.within(of.stated)
    if legend.said and len(legend.words) == 1 and beyond:
        return None
    if legend.said and not (legend.words and beyond):
        question = "Which scale are they on, and which number is the best?"
        return of.ask(f"{legend.place} says {legend.shown}. {by} {question}")
    low, high = legend.lowest, legend.highest
    if low == high:
        is_best = 1 in places_of(legend.words[low])
        if low == (of.stated.best if is_best else of.stated.worst):
            return None
        return of.ask(f"{explains[0]} {by} Which scale are they on?")
    upwards = bool(legend.said) or rises(legend)
    if upwards is None or (not legend.said and _ends_beyond(legend, upwards=upwards)):
        return of.ask(f"{explains[0]} {by} Is {high} the best on a scale from {low} to {high}?")
    scale = NumberScale(low, high) if upwards else NumberScale(high, low)
    silent = [one for one in legend.silent if one in of.seen.sheets]
    if silent and scale not in (of.stated, of.usual):
        there = few(quoted(silent), 4)
        return of.ask(f"{explains[0]} {by} Is that the scale in {there} too, which does not say so?")
    note = f"Ratings {of.by} were read as {scale}, as {legend.place} says: {legend.shown}."
    return ScaleChoice(scale, None if scale == of.usual else note, by_words=True)


def _about(ends: set[Decimal], legends: Sequence[Legend]) -> list[Legend]:
    """The legends that may say which end is the best of a scale that headers name."""
    said = [one for one in legends if not (one.said and one.words.keys() in (ends, {max(ends)}))]
    return [one for one in said if {*_ends_of(one)} - {None} <= ends]


def fitting(legends: Sequence[Legend], seen: RatingsSeen) -> list[Legend]:
    """The legends that these ratings may be on, those that say the same once; those that a few ratings are
    beyond where no other explains all."""
    if seen.lowest is None:
        return []
    fits = [one for one in legends if len(one.words) < 2 or seen.within(one)]
    fits = fits or [one for one in legends if seen.nearly_within(one) and one.is_sure]
    different = {(*_ends_of(one), rises(one)): one for one in reversed(fits)}
    return [*different.values()][::-1]


def _ends_of(legend: Legend) -> tuple[Decimal | None, Decimal | None]:
    return min(legend.words, default=None), max(legend.words, default=None)


def _ends_beyond(legend: Legend, *, upwards: bool) -> bool:
    """Whether a word that no set knows stands beyond the best or the worst word of a set: `cannot say` as 6
    after `excellent` as 5."""
    words = [places_of(legend.words[number]) for number in sorted(legend.words, reverse=not upwards)]
    return len(words) > 2 and ((not words[0] and 0 in words[1]) or (not words[-1] and 1 in words[-2]))


def rises(legend: Legend) -> bool | None:
    """Whether the highest number of a legend is the best, by its words; None when they do not say it."""
    votes = [above > below for below, above in word_pairs(legend)]
    if not votes or 2 * sum(votes) == len(votes):
        return None
    return 2 * sum(votes) > len(votes)


def word_pairs(legend: Legend) -> list[tuple[Fraction, Fraction]]:
    """How far up two words are, the one with the lower number first, where that differs."""
    steps = sorted(legend.words)
    shares = [(number, place) for number in steps for place in places_of(legend.words[number])]
    return [
        (below, above)
        for (lower, below), (upper, above) in combinations(shares, 2)
        if lower < upper and above != below
    ]
