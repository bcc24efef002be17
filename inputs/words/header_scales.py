"""The scale that the header of ratings names: `Communication (1-10)`, `Rating (1 low - 10 high)`."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache

from inputs.words.numerals import with_digits
from inputs.words.rating_words import known_sets, places_in_sets
from inputs.words.spelling import normalise
from inputs.words.word_lists import read_words

Scale = tuple[Decimal, Decimal]
"""The worst and the best rating."""

_RANGE = re.compile(
    r"(?:(?<![^\W_])(?:on )?(?:an? )?(?:scale|skala|échelle|escala)(?: of| from| von| de)?)?:?\s*(?<![^\W_])"
    r"(?P<worst>\d{1,3})\s*(?:-|–|—|to|bis|à|\.\.)\s*(?P<best>\d{1,3})(?![^\W_])"
    r"|(?:(?<!\b20\d\d)(?<!\bfy\d\d)/|out of|max\.?|von|sur)\s*(?P<top>\d{1,3})\b",
    re.IGNORECASE,
)
_RUN = re.compile(r"(?<![\w.,/])\d{1,2}(?:\s*[,;|/·]\s*\d{1,2}){2,10}(?![\w.,/])")
"""Every number of a scale: `(1, 2, 3, 4)`, `1|2|3|4`."""
_SIGN = r"\s*(?:[=:–—-]+|\(|\b(?:is|means|being|ist|est|es)\b(?:\s+the\b)?)?\s*"
"""Between a number and its word: `1 = low`, `1 low`, `10 is the best`."""
_SCALE = r"(?:on\s+)?(?:an?\s+|the\s+)?(?:scale|skala|échelle|escala|scala|schaal|legend|rated?)?"
_SAYS = re.compile(r"[=:(–—-]|\b(?:is|means|being|ist|est|es)\b", re.IGNORECASE)
_LEAD = re.compile(rf"\b{_SCALE}\s*(?:of|from|von|de|da|van)?\s*:?\s*$", re.IGNORECASE)
_EMPTY = re.compile(rf"[(\[]\s*{_SCALE}\s*[:,;]?\s*[)\]]", re.IGNORECASE)
_FEWEST_STEPS = 3
"""The best rating of a scale in words: `Zero to One` is none."""
_SHORTEST_WORD = 3
"""Letters of a word for an end: `A` may be anything."""
_LONGEST = 120
_HALF = Fraction(1, 2)
_INSIDE = re.compile(r"[(\[]([^)\]]*)[)\]]")
_EXPLAINED = re.compile(r"(?<![\w.])(?P<number>\d{1,3})\s*(?:(?P<sign>[=:])|(?<=\s)[^\W\d_]{3})")


def without_scale(header: str) -> tuple[str, Scale | None]:
    """The header without the scale that it names, and that scale."""
    header = _RUN.sub(_its_ends, header)
    for text in dict.fromkeys((header, with_digits(header))):
        ends = list(_ends(text))
        numbers = {number: end for number, end, _, _ in ends}
        low, high = min(numbers, default=None), max(numbers, default=None)
        if low is None or high is None or low == high or numbers[low] == numbers[high]:
            continue
        start, stop = min(one[2] for one in ends), max(one[3] for one in ends)
        if stop - start <= _LONGEST:
            return _cut(text, start, stop), (low, high) if numbers[low] == "worst" else (high, low)
    return _without_range(_without_end(header))


def _without_end(header: str) -> str:
    """The header without brackets that say one end of the scale alone: `(1 = best)`."""
    for _, _, start, stop in _ends(header):
        if header[:start].rstrip().endswith(("(", "[")):
            return _cut(header, start, stop)
    return header


def _its_ends(run: re.Match[str]) -> str:
    """`1-4` for `1, 2, 3, 4`."""
    numbers = list(map(int, re.findall(r"\d+", run[0])))
    follow = all(abs(one - numbers[0]) == at for at, one in enumerate(numbers))
    return f"{min(numbers)}-{max(numbers)}" if follow else run[0]


def _without_range(header: str) -> tuple[str, Scale | None]:
    found = _RANGE.search(header)
    in_words = _RANGE.search(with_digits(header)) if found is None else None
    if in_words is not None and in_words["best"] and int(in_words["best"]) >= _FEWEST_STEPS:
        header, found = with_digits(header), in_words
    if found is None or found["worst"] is None:
        return (header if found is None else header.replace(found[0], " "), None)
    worst, best = Decimal(found["worst"]), Decimal(found["best"])
    if worst == best:
        return header, None
    header = header.replace(found[0], " ")
    for number, end, start, stop in _ends(header):
        # `1-10 (10 is best)`
        if number in (worst, best):
            other = worst if number == best else best
            return _cut(header, start, stop), (other, number) if end == "best" else (number, other)
    return header, (worst, best)


def _cut(text: str, start: int, stop: int) -> str:
    lead = _LEAD.search(text[:start])
    rest = f"{text[: start if lead is None else lead.start()]} {text[stop:]}"
    return _EMPTY.sub(" ", rest)


def _ends(text: str) -> Iterator[tuple[Decimal, str, int, int]]:
    """The numbers beside a word for an end of a scale, with that end and where both stand."""
    found = max((list(pattern.finditer(text)) for pattern in _patterns()), key=len)
    for one in found:
        yield Decimal(one["number"]), _known_ends()[normalise(one["word"])], one.start(), one.end()


@dataclass(frozen=True)
class End:
    """A number that a text calls an end of a scale."""

    number: Decimal
    word: str
    said: str
    """The whole of it: `1 is the best`."""


def ends_beside(text: str) -> list[End]:
    """The numbers of which a text says that they are an end of a scale: `5 = lowest`, `best: 1`; not `Top
    5`."""
    found = max((list(pattern.finditer(text)) for pattern in _patterns()), key=len)
    said = (one for one in found if _SAYS.search(one[0]) or one[0][0].isdigit())
    return [End(Decimal(one["number"]), one["word"], one[0]) for one in said]


def number_explained(header: str) -> Decimal | None:
    """The highest number that brackets of a header explain in words that need not be known, or None: 10 in
    `Rating (1 topp, 10 botten)` and `Rating (10 = best)`."""
    inside = _in_brackets(header)
    found = list(_EXPLAINED.finditer(inside))
    ends = [number for number, *_ in _ends(inside)]
    if len(found) == 1 and ends == [1]:
        return None  # a worst rating as usual, or a best one that `falls` tells of
    explains = len(found) > 1 or any(one["sign"] for one in found)
    return max([*ends, *(Decimal(one["number"]) for one in found if explains)], default=None)


def falls(header: str) -> bool:
    """Whether brackets of a header say of one end that high numbers are bad: `(5 = lowest)`, `(1 = best)`."""
    return any((end == "worst") == (number > 1) for number, end, _, _ in _ends(_in_brackets(header)))


def _in_brackets(header: str) -> str:
    return " ".join(_INSIDE.findall(with_digits(header)))


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    spelled = {word for listed in _spelled().values() for word in listed}
    word = rf"\b(?P<word>{'|'.join(map(re.escape, sorted(spelled, key=len, reverse=True)))})\b"
    number = r"(?<![\w.])(?P<number>\d{1,3})(?![\w.])"
    forms = (rf"{number}{_SIGN}{word}\)?", rf"{word}{_SIGN}{number}\)?")
    return re.compile(forms[0], re.IGNORECASE), re.compile(forms[1], re.IGNORECASE)


@cache
def _known_ends() -> Mapping[str, str]:
    """The normalised words for the ends of a scale, each with its end."""
    return {normalise(word): end for end, listed in _spelled().items() for word in listed}


@cache
def _spelled() -> Mapping[str, frozenset[str]]:
    """The words for the worst and the best rating: those that are listed, and those that are in the lower or
    the upper half of all known sets."""
    spoken = [word for steps in known_sets().values() for step in steps for word in step]
    low = {word for word in spoken if all(place < _HALF for place in places_in_sets(word))}
    high = {word for word in spoken if all(place > _HALF for place in places_in_sets(word))}
    known = read_words("scales")
    return {
        end: frozenset(
            word
            for word in (*known["ends"][end], *known["superlatives"][end], *words)
            if len(word) >= _SHORTEST_WORD
        )
        for end, words in (("worst", low), ("best", high))
    }
