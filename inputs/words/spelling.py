"""The words of a text: case, accents and punctuation do not count."""

import re
import unicodedata

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z][a-z]|[A-Z]{2,}\b|[A-Z]\b)|(?<=[A-Z])(?=[A-Z][a-z])")
_APOSTROPHES = re.compile(r"['’`´ʼ]")
IN_BRACKETS = re.compile(r"[(\[].*?[)\]]")
_OF_BOTH = "in|innen|r|n|e|er|s|es|rice|trice|ne|euse|a|as|o|os"
OF_BOTH = re.compile(rf"(?<=[^\W\d_]{{3}})(?:[:*·/]-?(?:{_OF_BOTH})|\((?:{_OF_BOTH})\))(?![^\W_])")
"""Endings by which a word means women and men, or one and several: `Vorgesetzte:r`, `Rating(s)`."""
_NOT_WORD = re.compile(r"[\W_]+")
_ABOVE_OR_BELOW = re.compile(r"(?<![^\W_])(?:([a-z]+) ?(\+) ?|(n)([-−–]))(?=\d(?!\w))")
"""`N+1` is the manager of whom `N` is, `Manager+1` theirs, and `N-1` reports to `N`."""


def normalise(text: str) -> str:
    """The words of a text, in lower case, one space between them: `Self-Rating: Übersicht` is `self rating
    ubersicht`, `managerID` is `manager id`, and `N+1` is one word, which is not that of `N-1`."""
    plain = _APOSTROPHES.sub("", _CAMEL.sub(" ", unicodedata.normalize("NFKC", text)))
    folded = plain.casefold().replace("&", " and ")
    if not folded.isascii():
        decomposed = unicodedata.normalize("NFKD", folded)
        folded = "".join(c for c in decomposed if not unicodedata.combining(c))
    folded = _ABOVE_OR_BELOW.sub(lambda one: f"{one[1]}plus" if one[2] else "nminus", folded)
    return _NOT_WORD.sub(" ", folded).strip()


def person_key(name: str) -> str:
    """What all spellings of one person's name have in common: `Falk, Runa`, `runa FALK`, `RunaFalk` and `Runa
    Falk (K2001)`. Capitals within a word part it only where nothing else does: `Ian McRae` is `IAN MCRAE`."""
    plain = IN_BRACKETS.sub(" ", name)
    return " ".join(sorted(normalise(plain if plain.strip().isalpha() else plain.casefold()).split()))


def plain_id(text: str) -> str:
    """What an id is without its case, punctuation, leading zeros and the decimals that exports add."""
    kept = "".join(character for character in text.casefold() if character.isalnum() or character == ".")
    whole, _, decimals = kept.rpartition(".")
    kept = whole if whole and not decimals.strip("0") else kept.replace(".", "")
    return kept.lstrip("0")


def words(text: str) -> tuple[str, ...]:
    """The words of a text, normalised, without `OF_BOTH`."""
    return tuple(normalise(OF_BOTH.sub("", text)).split())
