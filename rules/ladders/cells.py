"""What one cell of a matrix requires: a number, a word of a scale, or the least of what it allows."""

import re
from collections.abc import Sequence
from decimal import Decimal

from rules.ladders.headings import words as listed
from rules.spelling import name_key

SPAN = re.compile(r"(\d+)\s*(?:-|–|—|→|->|to|\.\.+|bis|à|au?|tot|t/m|hasta)\s*(\d+)")
MORE_THAN = re.compile(r">\s*(\d.*)")
_STARS = re.compile(r"([*★⭐●•▮■█]{1,10})([☆○◦▯□░]*)")
_NUMBER = re.compile(
    r"(?:(?:≥|>=|~|≈|ca\.?|circa|approx\.?|about)\s*)?(\d+(?:[.,]\d+)?)\s*(?:[+%]|\s*(?:points?|pts?|punkte?|pkt|punti|puntos|pontos|punten|poäng)\.?)?",
    re.IGNORECASE,
)
_NUMBER_OF = re.compile(r"(\d+(?:[.,]\d+)?)\s*(?:/|of|out of|von|sur|de|van|su)\s*(\d+)", re.IGNORECASE)
_NAMED_NUMBER = re.compile(
    r"^(?:level|lvl|l|stufe|niveau|nivel|livello|rating|score|note|punkte?)\.?\s*", re.IGNORECASE
)
_NUMBER_AND_WORD = re.compile(r"(\d+(?:[.,]\d+)?)\s*(?:[-–—:=.)]\s*(?P<after>\S.*)|\((?P<within>[^()]+)\))")
_WORD_AND_NUMBER = re.compile(r"(\S.*?)\s*[-–—:=(]\s*(\d+(?:[.,]\d+)?)\)?")
_BETWEEN_WORDS = re.compile(r"\s*[-–—/→]\s*|\s+(?:to|bis|à|a)\s+")
_FEW = 3
_PLUS = re.compile(r"(?:\d|\w{3})\s*[+]$")
_SIGNED = re.compile(r"[^\W\d_][+-]\s*$")


def is_sentence(text: str) -> bool:
    """Whether a cell has more words than a rating or a heading has."""
    return len(text.split()) > _FEW


def number_in(text: str) -> Decimal | None:
    """A plain number, also as `≥ 3`, `3+`, `35 %` or `3,5`."""
    found = _NUMBER.fullmatch(text.strip())
    return Decimal(found[1].replace(",", ".")) if found else None


def rating_in(text: str) -> Decimal | None:
    """A number as a cell may require it: also as `Level 3`, `3/5` or `***`."""
    if stars := _STARS.fullmatch("".join(text.split())):
        return Decimal(len(stars[1]))
    bare = _NAMED_NUMBER.sub("", at_least(text), count=1)
    found = _NUMBER_OF.fullmatch(bare)
    return Decimal(found[1].replace(",", ".")) if found else number_in(bare)


def rating_and_prose(text: str) -> tuple[Decimal | None, str | None]:
    """The number of a cell, and what it says beside: of `3 - Solid` or `3 (Solid)` the word, of a range such
    as `2-3` its lower end alone."""
    number, least = rating_in(text), at_least(text).strip()
    if number is not None:
        return number, None
    if span := SPAN.fullmatch(least):
        return Decimal(span[1]), None
    found = _NUMBER_AND_WORD.fullmatch(_NAMED_NUMBER.sub("", least, count=1))
    if found is None:
        return None, None
    word = found["after"] or found["within"]
    return number_in(found[1]), None if number_in(word) else word


def span_shown(texts: Sequence[str]) -> tuple[Decimal, Decimal] | None:
    """The ends of the scale that cells show: `3/7`, or stars with the empty ones too, `★★☆☆`."""
    of = [found.groups() for text in texts if (found := _NUMBER_OF.fullmatch(text.strip()))]
    if len({top for _, top in of}) == 1:
        highest, is_from_0 = Decimal(of[0][1]), any(number == "0" for number, _ in of)
        return Decimal(0 if highest > 10 or is_from_0 else 1), highest
    bare = ["".join(text.split()) for text in texts]
    stars = [_STARS.fullmatch(text) for text in bare]
    lengths = {len(text) for text in bare}
    if len(lengths) == 1 and all(stars) and any(one[2] for one in stars if one):
        return Decimal(1), Decimal(lengths.pop())
    return None


def at_least(text: str) -> str:
    """What a cell asks for at least: `Solid` of `at least Solid`, `Solid or above` and `Solid+`."""
    said = " ".join(text.split())
    for begin in sorted(listed("at_least"), key=len, reverse=True):
        rest = said[len(begin) :]
        if rest and said.casefold().startswith(begin) and not (begin[-1].isalpha() and rest[0].isalpha()):
            said = rest.lstrip(" :")
            break
    for end in listed("or_above"):
        if said.casefold().endswith(f" {end}"):
            return said[: -len(end)].rstrip(" ,")
    # `B+` is a grade of its own.
    return said.removesuffix("+").rstrip() if _PLUS.search(said) else said


def without_number(word: str) -> str:
    """A word without the number before or after it."""
    word = word.strip().strip("“”\"'")
    if labelled := _NUMBER_AND_WORD.fullmatch(word):
        return (labelled["after"] or labelled["within"]).strip()
    if found := _WORD_AND_NUMBER.fullmatch(word):
        return found[1].strip()
    return re.sub(r"^\d+\s+(?=\D)", "", word)


def word_and_prose(text: str, words: Sequence[str]) -> tuple[int, str | None] | None:
    """The place of the word that a cell begins with, and what follows it; None where there is none."""
    places = {word_key(word): place for place, word in enumerate(words)}
    first, colon, rest = text.partition(":")
    for said, prose in ((text, None), (first, rest.strip() or None if colon else None)):
        for word in (said, without_number(said), at_least(said), without_number(at_least(said))):
            if word_key(word) in places:
                return places[word_key(word)], prose
    two = two_words(text, words)
    return (min(two), None) if two else None


def two_words(text: str, words: Sequence[str]) -> tuple[int, int] | None:
    """The places of the two words that a cell gives, as in `Basic-Good`."""
    places = {word_key(word): place for place, word in enumerate(words)}
    for found in _BETWEEN_WORDS.finditer(text):
        first, second = word_key(text[: found.start()]), word_key(text[found.end() :])
        if first in places and second in places:
            return places[first], places[second]
    return None


def word_key(word: str) -> str:
    """As of a name, apart from a sign at the end: `B+` and `B-` are words beside `B`."""
    return name_key(word) + (word.strip()[-1:] if _SIGNED.search(word) else "")
