"""The scale of ratings in words or as percentages."""

from collections.abc import Sequence
from fractions import Fraction
from json import dumps

from inputs.asked import Asked, mapped
from inputs.phrases import counted, few, tally
from inputs.words.legends import Legend
from inputs.words.rating_words import KnownSet, places_of, sets_with
from inputs.words.scales.explained import rises, word_pairs
from inputs.words.scales.kinds import (
    NumberScale,
    PercentScale,
    RaterScale,
    ScaleChoice,
    WordScale,
    word_scale,
)
from inputs.words.scales.seen import (
    STRAY_SHARE,
    RatingsSeen,
    Unscaled,
    many,
    points_text,
    words_counted,
    words_of_no_scale,
)
from inputs.words.written_ratings import TEN_THOUSANDTHS, rating_word

_SHOWN = 6
"""Texts that a question shows."""
_DIFFERENT = 20
"""Words of a scale that a question shows, at most."""
_LONGEST = 120
"""Letters that it shows of each."""


def choose_percents(of: Unscaled) -> ScaleChoice:
    """Percentages, if nearly all ratings are percentages that can be meant."""
    seen, others = of.seen, of.seen.rated - of.seen.percents
    if many(others, seen.rated):
        mixed = f"{counted(seen.percents, 'percentage')} with {counted(others, 'other')} ({seen.range})"
        return of.ask(f"Ratings {of.by} mix {mixed}.", "Write all of them in one form.")
    if many(seen.beyond, seen.percents):
        return of.ask(
            f"{seen.beyond} of {counted(seen.percents, 'rating')} {of.by} are percentages outside 0% to "
            "100%. Are they percentages at all?",
            "If the cells' format turns a 3 into 300%, change the format; otherwise correct the ratings.",
        )
    note = f"Ratings {of.by} are percentages; 0% to 100% was put on the rule pack's scale."
    return ScaleChoice(PercentScale(), note, by_words=True)


def choose_words(of: Unscaled, lists: Sequence[Legend]) -> ScaleChoice:
    """Words, where the rule pack, a list in the file or a known set says their order."""
    seen = of.seen
    if Fraction(seen.numbers, seen.rated) > STRAY_SHARE:
        return ask_about_mixed(of)
    found = _by_pack(of)
    if found is not None:
        return found
    all_ = {
        one.shown: one
        for one in lists
        if not one.letters and seen.words.keys() <= {*map(rating_word, one.words.values())}
    }
    listed = next(iter(all_.values())) if len(all_) == 1 else None
    upwards = None if listed is None else _order_of(listed)
    if listed is not None and upwards is not None:
        scale = word_scale(list(listed.words.values())[:: 1 if upwards else -1], of.pack, "words of a list")
        return _read_as(scale, f"Ratings {of.by} are words", f". {listed.place} gives their order.")
    fitting = sets_with(seen.words)
    if len(fitting) == 1 and (listed is None or _by_alphabet(listed)):
        name, words = next(iter(fitting.items()))
        read = _by_set(of, name, words, lists)
        if read is not None:
            return read
    several = f" They fit several known sets: {'; '.join(fitting)}." if len(fitting) > 1 else ""
    several += "".join(f" {one.place} says {one.shown}." for one in lists if one.letters and fitting)
    several = several if listed is None else f" {listed.place} has them as {listed.shown}."
    return of.ask(
        f"Ratings {of.by} are words: {_written(seen)}.{several} What is their order, from worst to best?",
        f"Say it in a mapping: `scales: {{{of.whose}: {{words: [worst, ..., best]}}}}`.",
    )


def _written(seen: RatingsSeen) -> str:
    return tally(((f"'{word[:_LONGEST]}'", count) for word, count in words_counted(seen)), _DIFFERENT)


def ask_about_mixed(of: Unscaled) -> ScaleChoice:
    """Asks which number each word among numbers stands for."""
    cells = few(of.seen.in_words[:_SHOWN], _SHOWN)
    words = mapped((word, "...") for word, _ in words_counted(of.seen)[:_DIFFERENT])
    unrated = words_of_no_scale(of.seen)[:_SHOWN]
    also = (
        f"; or that it means not rated: `not_rated: {dumps(unrated, ensure_ascii=False)}`" if unrated else ""
    )
    text = f"Ratings {of.by} mix numbers ({of.seen.range}) and words: {_written(of.seen)}, as in {cells}."
    remedy = (
        "Say in a mapping which number each word stands for: "
        f"`scales: {{{of.whose}: {{worst: ..., best: ..., points: {words}}}}}`{also}. "
        "Or write all of them in one form: numbers, with a comment behind where there is one ('4 - led it "
        "alone'), or words."
    )
    return ScaleChoice(of.usual, question=Asked(text, remedy, "mixed"))


def words_read(scale: RaterScale, seen: RatingsSeen) -> str:
    """What each word of a mapping's scale was read as, and in how many cells: `: 'Good' (12) as 4`."""
    if isinstance(scale, NumberScale):
        points = {word: f"{number}" for word, number in scale.words.items()}
    elif isinstance(scale, WordScale):
        points = {step: _points(scale.points[rating_word(step)]) for step in scale.steps}
    else:
        return ""
    read = [f"'{word[:_LONGEST]}' ({seen.words[rating_word(word)]:,}) as {at}" for word, at in points.items()]
    return f": {few(read, _DIFFERENT)}" if read else ""


def _by_pack(of: Unscaled) -> ScaleChoice | None:
    pack, words = of.pack, of.seen.words.keys()
    if pack.words and words <= {rating_word(word) for word in pack.words}:
        scale = word_scale(list(pack.words), pack, "the rule pack's words")
        return _read_as(scale, f"Ratings {of.by} are {scale}")
    meant = {rating_word(text): Fraction(number) for number, text in pack.meanings.items()}
    if not meant or not words <= meant.keys():
        return None
    steps = tuple(pack.meanings[number] for number in sorted(pack.meanings))
    scale = WordScale(meant, steps, "what the rule pack calls its ratings")
    return _read_as(scale, f"Ratings {of.by} are words", ", as the rule pack says.")


def _read_as(scale: WordScale, said: str, why: str = ".") -> ScaleChoice:
    """The scale with a note that shows its points."""
    points = [(step, scale.points[rating_word(step)]) for step in scale.steps]
    shown = ", ".join(f"{step} = {_points(value)}" for step, value in points)
    return ScaleChoice(scale, f"{said}: {shown}{why}", by_words=True)


def _points(value: Fraction) -> str:
    return points_text(round(value * TEN_THOUSANDTHS))


def _order_of(listed: Legend) -> bool | None:
    """Whether words are listed from the worst to the best, as all of them that a set knows show; None where
    they do not, or contradict each other, as in a list by the alphabet."""
    if _by_alphabet(listed) and not all(map(places_of, listed.words.values())):
        return None
    votes = {above > below for below, above in word_pairs(listed)}
    return votes.pop() if len(votes) == 1 else None


def _by_set(of: Unscaled, name: str, words: KnownSet, legends: Sequence[Legend]) -> ScaleChoice | None:
    """The scale of words of a known set, the other way round where legends say so of its letters; None where
    they leave it open."""
    said, steps = f"Ratings {of.by} are words and were read as", [step[0] for step in words]
    first = {word[:1] for word in of.seen.words}
    explained = [one for one in legends if {*map(rating_word, one.letters)} & first]
    best_first = {_letters_fall(one) for one in explained}
    if best_first <= {True}:
        scale = word_scale(steps, of.pack, name, words)
        return _read_as(scale, f"{said} {scale}")
    if best_first != {False} or any(len(word) > 1 for word in of.seen.words):
        return None
    scale = word_scale(steps[::-1], of.pack, "letters of which the last is the best")
    return _read_as(scale, f"{said} {scale}", f", as {explained[0].place} says: {explained[0].shown}.")


def _letters_fall(legend: Legend) -> bool | None:
    """Whether what letters are said to mean gets worse from A on; None where it does not tell, as where A is
    the number 1, which may be the best."""
    if all(word.isdecimal() for word in legend.words.values()):
        numbers = [int(word) for word in legend.words.values()]
        return True if len(numbers) > 1 and numbers == sorted(numbers, reverse=True) else None
    if len(legend.words) == 1:
        (letter,), (word,) = legend.letters, legend.words.values()
        places = {*places_of(word)} & {0, 1}
        return None if len(places) != 1 or letter not in "AEF" else (letter == "A") == (places == {1})
    up = rises(legend)
    return None if up is None else not up


def _by_alphabet(listed: Legend) -> bool:
    spelled = [word.casefold() for word in listed.words.values()]
    return sorted(spelled) in (spelled, spelled[::-1])
