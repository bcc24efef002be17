"""What a file itself says of its scale: `Scale: 1 = outstanding, 5 = unsatisfactory`, a line for each number,
a sentence such as `1 is the best rating and 5 the worst`, or its ends alone: `Scale: 1-10`."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce
from itertools import pairwise

from inputs.words.dates import month_number
from inputs.words.header_scales import ends_beside, falls, number_explained
from inputs.words.numerals import with_digits
from inputs.words.rating_words import is_known, places_of
from inputs.words.spelling import normalise, words
from inputs.words.stand_ins import is_figure
from inputs.words.texts import tidy
from inputs.words.word_lists import read_words
from inputs.words.written_ratings import is_unrated, rating_word

_STEP = re.compile(r"(?<![\w.])(\d{1,3})\s*(?:[=:–—-]|\()\s*([^\W\d_] ?/ ?[^\W\d_]\b|[^\W\d_][^\d=;,|/()]*)")
"""`1 = outstanding`, `5 (high)`, `0 = N/A`."""
_LETTER = re.compile(
    r"(?<![^\s(,;/:=–—-])([A-F])\s*(?:[=:–—-]|\(|\b(?:is|means|the)\b)\s*(?:the\s+)?([^\W\d_][^=;,|/()]+|\d+\b)"
)
"""`A = outstanding`, `E (lowest)`, `A is the lowest rating`."""
_BEFORE_SIGN = re.compile(r"[^\W\d_]+(?=\s*[=(])")
"""What may be a number in words: `one (low) to ten (high)`."""
_WORD_FIRST = re.compile(r"([^\W\d_][^\d=:;,|/()–—]*?)\s*(?:[=:–—-]|\()\s*(\d{1,3})(?![\w.])")
"""`Outstanding (1)`."""
_SENTENCE = re.compile(r"(?<![\w.])(\d{1,3})\s+([^\W\d_][^\d;,.|/()=]*)")
"""`1 is the best rating`, `5 means unsatisfactory`."""
_ENDS = re.compile(
    r"(?<![\w./-])(?P<worst>[01])(?:\s*\([^\d()]*\))?\s*(?:-|–|—|to|through|bis|à|a|al|tot|t/m|\.\.|…)\s*(?P<best>[3-9]|10|100)"
    r"(?![\w%]|[./-]\d)(?:\.?\s+(?P<next>[^\W\d_]+))?"
    r"|(?:out of|(?:max\.?|maximum|highest|best|top)(?:\s+(?:rating|score|grade|mark|value))?)"
    r"(?:\s*[:=]|\s+is)?\s+(?P<top>[3-9]|10|100)(?![\w%])"
    r"|(?<![\w./-])(?P<points>[3-9]|10|100)[ -]?(?:points?|pts?|punkte?|stufig\w*|puntos|pontos|punten)\b",
    re.IGNORECASE,
)
"""`Scale: 1-10`, `on a scale of 1 to 7`, `10-point scale`; no `Rating period 1-5 May`."""
_TOPS = re.compile(r"[3-9]|10|100")
_TOP = re.compile(
    r"(?:(?<!\b20\d\d)(?<!\bfy\d\d)/|\b(?:out of|max\.?|von|sur|sobre)|(?<!\d )\bof)"
    r"\s*(\d{1,3})\b(?![./-]\d)",
    re.IGNORECASE,
)
"""The best rating that a header names: `Communication (self) /10`; no `2025/26`, and no
`Question 2 of 7`."""
_NUMBER = re.compile(r"\d{1,3}")
_ENTERED = re.compile(r"\d{1,3}(?:\.\d{1,4})?")
_FEWEST_WORDS = 3
_LONGEST = 40
_SAID = 80
_HIGHEST = 100
_WORDS = 4
"""Of a sentence, that can be one word of a scale."""

Texts = Sequence[tuple[str, str]]
"""Places and what stands there."""


@dataclass(frozen=True)
class Legend:
    """The words for the numbers of a scale, and where they stand."""

    words: Mapping[Decimal, str]
    place: str
    """The cell, or the first of several."""
    unrated: Mapping[Decimal, str]
    """The numbers that say that nobody has rated, such as `0 = not rated`."""
    said: str = ""
    """What says the ends or the best rating alone, or only that the lowest number may be the best; `words`
    are then empty texts, or none."""
    is_sure: bool = True
    """Whether what it says can be of nothing but a scale: `FY 1-4` may be of anything."""
    silent: tuple[str, ...] = ()
    """The tables of ratings on whose sheets it does not stand, where it stands beside other ratings."""
    is_list: bool = False
    """Whether it gives the order of words alone; the numbers count them."""
    letters: tuple[str, ...] = ()
    """The letters that the words explain, in their order."""

    @property
    def lowest(self) -> Decimal:
        """The lowest number that it explains."""
        return min(self.words)

    @property
    def highest(self) -> Decimal:
        """The highest number that it explains."""
        return max(self.words)

    @property
    def shown(self) -> str:
        """`1 = outstanding, 5 = unsatisfactory`."""
        if self.said:
            return f"'{self.said}'"
        if self.letters:
            return ", ".join(map("{} = {}".format, self.letters, self.words.values()))
        if self.is_list:
            return ", ".join(self.words.values())
        words = {**self.words, **self.unrated}
        return ", ".join(f"{number} = {words[number]}" for number in sorted(words))


def read_legends(texts: Texts) -> list[Legend]:
    """The legends in texts that belong together: a number that is explained once more begins another one.

    A legend has two numbers at least, or one that a sentence calls the best or the worst rating.
    """
    for steps_of in (_steps, _known_words_first, _sentences):
        groups: list[dict[Decimal, tuple[str, str]]] = [{}]
        for place, text in texts:
            for number, word in steps_of(tidy(text)):
                known = groups[-1].get(number)
                if known is not None and known[0].casefold() != word.casefold():
                    groups.append({})
                groups[-1].setdefault(number, (word, place))
        found = [_legend(group) for group in groups if group and max(group) <= _HIGHEST]
        legends = [one for one in found if len(one.words) > 1]
        if legends:
            return legends
    return [one for place, text in texts if (one := _superlative(place, tidy(text))) is not None]


def read_letters(texts: Texts) -> Legend | None:
    """What texts that belong together say of the letters of a scale; None where they explain no letter."""
    said: dict[str, tuple[str, str]] = {}
    for place, text in texts:
        for found in _LETTER.finditer(tidy(text)):
            spoken = found[2].split()
            said.setdefault(found[1], (_known_among(spoken) or " ".join(spoken)[:_LONGEST], place))
    known = [word for word, _ in said.values() if is_known(word)]
    if not known and len(said) < _FEWEST_WORDS:
        return None
    words = {Decimal(at): said[letter][0] for at, letter in enumerate(sorted(said))}
    return Legend(words, next(iter(said.values()))[1], {}, is_list=True, letters=tuple(sorted(said)))


def _legend(steps: Mapping[Decimal, tuple[str, str]]) -> Legend:
    words = {number: word for number, (word, _) in steps.items()}
    unrated = {number: word for number, word in words.items() if is_unrated(tidy(word))}
    rated = {number: word for number, word in words.items() if number not in unrated}
    return Legend(rated, next(iter(steps.values()))[1], unrated)


def _superlative(place: str, text: str) -> Legend | None:
    """What a text says of one number, as an end of the scale, that speaks of ratings or says hardly anything
    else: `Note: 1 = best`."""
    said = (one for one in ends_beside(text) if not is_figure(one.word))
    found = [one for one in said if _ENDS_OF_SCALES & set(places_of(one.word))]
    rest = reduce(lambda left, one: left.replace(one.said, " "), found, text)
    ends = {one.number: (one.word, place) for one in found}
    speaks = speaks_of_ratings(text) or len(words(rest)) <= _WORDS_BESIDE
    return _legend(ends) if speaks and len(ends) == 1 else None


_ENDS_OF_SCALES = {0, 1}
_WORDS_BESIDE = 3


def read_statements(texts: Texts) -> list[Legend]:
    """What texts say of the ratings' scale without words for its numbers: `Scale: 1-10`."""
    return [one for place, text in texts if (one := _statement(place, tidy(text))) is not None]


def _statement(place: str, text: str) -> Legend | None:
    if counts_from_the_best(text):
        return Legend({}, place, {}, text[:_SAID])
    label, value = _label_and_value(text)
    tops = _NUMBER.findall(value)
    if names_top(label) and len(tops) == 1 and _TOPS.fullmatch(tops[0]):
        return Legend({Decimal(1): "", Decimal(tops[0]): ""}, place, {}, text[:_SAID])
    found = _ENDS.search(text)
    if found is None and names_its_scale(with_digits(text)):
        found = _ENDS.search(with_digits(text))
    if found is None or month_number((found["next"] or "").casefold()):
        return None
    if not speaks_of_ratings(text):
        return None
    ends = found["worst"] or "1", found["best"] or found["top"] or found["points"]
    numbers = dict.fromkeys(map(Decimal, ends), "")
    return Legend(numbers, place, {}, text[:_SAID], names_its_scale(with_digits(text)))


def entries_legend(place: str, values: Sequence[str]) -> Legend | None:
    """What the values that may be entered into cells say of a scale: its ends where they are numbers, else
    the order of its words."""
    rated = [value for value in values if not is_unrated(tidy(value))]
    numbers = [Decimal(value) for value in rated if _ENTERED.fullmatch(value)]
    if len(numbers) == len(rated) > 1 and min(numbers) < max(numbers) <= _HIGHEST:
        said = ", ".join(rated)
        return Legend({min(numbers): "", max(numbers): ""}, place, {}, said[:_SAID])
    if numbers or len(rated) < _FEWEST_WORDS or any(map(explains, rated)):
        return None
    return Legend({Decimal(at): value for at, value in enumerate(rated, 1)}, place, {}, is_list=True)


def completed(statement: Legend, superlatives: Sequence[Legend]) -> Legend:
    """A statement of the ends of a scale, with what a sentence calls one of them: `1-10, 10 = best`."""
    if len(statement.words) < 2:
        return statement
    for one in superlatives:
        ends, number = (statement.lowest, statement.highest), one.lowest
        if number in ends:
            listed = read_words("scales")["superlatives"]
            is_best = 1 in places_of(one.words[number])
            other = listed["worst" if is_best else "best"][0]
            words = {end: one.words[number] if end == number else other for end in ends}
            return Legend(words, one.place, {})
    return statement


def header_statement(place: str, header: str) -> Legend | None:
    """What the header of ratings says of their scale beside its ends: the best rating, `Schulnoten`, or a
    number in words that do not tell the ends."""
    if counts_from_the_best(header) or falls(header):
        return Legend({}, place, {}, header[:_SAID])
    found = _TOP.search(header)
    number = number_explained(header) if found is None else Decimal(found[1])
    return None if number is None else Legend({number: ""}, place, {}, header[:_SAID])


def speaks_of_scales(text: str) -> bool:
    """Whether a text has a word for the scale or the highest rating; a comment on somebody hardly has."""
    return _has_word(text, "speaks of scales")


def names_top(header: str) -> bool:
    """Whether a header says that the highest rating stands below it: `Out of`, `Highest score`, `Scale`."""
    spoken, known = set(words(header)), read_words("scales")["highest rating"]
    named, beside = (set(map(normalise, known[name])) for name in ("names it", "beside it"))
    return bool(spoken & named) and spoken <= named | beside


def names_its_scale(text: str) -> bool:
    """Whether the ends that a text names surely are those of a scale: `Rate from 1 to 4`; `FY 1-4` may be of
    anything."""
    found = _ENDS.search(tidy(text))
    if found is None or not found["worst"]:
        return found is not None
    before = (text[: found.start()].split() or [""])[-1]
    is_from = rating_word(before) in map(rating_word, read_words("scales")["before ends"])
    return is_from or speaks_of_ratings(before) or speaks_of_scales(text)


def _label_and_value(text: str) -> tuple[str, str]:
    """`Highest score: 7` and `Out of 7` in two; no label where there is but a value."""
    label, _, value = text.rpartition(": " if ": " in text else " ")
    return label, value


def names_scale(text: str) -> bool:
    """Whether a text beside a table is short and names a scale."""
    speaks = speaks_of_scales(text) or names_top(_label_and_value(text)[0])
    return speaks and len(text) <= _LONGEST and _statement("", tidy(text)) is not None


def counts_from_the_best(text: str) -> bool:
    """Whether a text says that the lowest number is the best, or may be: `Schulnoten`."""
    lowered = text.casefold()
    return any(
        all(part in lowered for part in parts) for parts in read_words("scales")["counts from the best"]
    )


def speaks_of_ratings(text: str) -> bool:
    """Whether a text has a word for ratings or their scale."""
    return _has_word(text, "speaks of ratings")


def _has_word(text: str, listed: str) -> bool:
    lowered = text.casefold()
    return any(word in lowered for word in read_words("scales")[listed])


def _steps(text: str) -> Iterator[tuple[Decimal, str]]:
    for found in _STEP.finditer(_BEFORE_SIGN.sub(lambda word: with_digits(word[0]), text)):
        yield Decimal(found[1]), found[2].strip(" .-–—")[:_LONGEST]


def _known_words_first(text: str) -> Iterator[tuple[Decimal, str]]:
    for found in _WORD_FIRST.finditer(text):
        word = _known_among(found[1].split()[::-1], backwards=True)
        if word:
            yield Decimal(found[2]), word


def _sentences(text: str) -> Iterator[tuple[Decimal, str]]:
    filling = {rating_word(word) for word in read_words("scales")["between"]}
    for found in _SENTENCE.finditer(text):
        spoken = found[2].split()
        while spoken and rating_word(spoken[0]) in filling:
            spoken = spoken[1:]
        word = _known_among(spoken)
        if word:
            yield Decimal(found[1]), word


def _known_among(spoken: Sequence[str], *, backwards: bool = False) -> str:
    """The longest beginning of some words that is a word of a scale; empty where there is none."""
    for count in range(min(_WORDS, len(spoken)), 0, -1):
        some = spoken[:count]
        text = " ".join(reversed(some) if backwards else some)
        if is_known(text):
            return text
    return ""


def explains(text: str) -> bool:
    """Whether a text explains a number of a scale, and is nothing else: `0 - No knowledge`."""
    return _STEP.fullmatch(tidy(text)) is not None


def explained_in(cells: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Of the cells of a row, with their letters: numbers and the known words next to them, each pair as one
    text."""
    listed = [(letter, tidy(text).removesuffix(".0")) for letter, text in cells]
    steps = [
        (letter, f"{first} = {second}")
        for (letter, first), (_, second) in pairwise(listed)
        if _NUMBER.fullmatch(first) and is_known(second)
    ]
    return steps or [
        (letter, f"{second} = {first}")
        for (letter, first), (_, second) in pairwise(listed)
        if _NUMBER.fullmatch(second) and is_known(first)
    ]
