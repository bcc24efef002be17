"""How names are compared, and suggestions for those that are not known."""

import re
import unicodedata
from collections.abc import Iterable

from rapidfuzz import fuzz, process

LEAST_ALIKE = 60
"""Of 100: less alike names are not suggested."""

_PLUS_BEHIND = re.compile(r"(?<=[\w+ ])\+(?=\+*\s*$)")
_BETWEEN_LETTERS = re.compile(r"[\W_ʼ]")
"""Everything but letters and digits; Unicode calls `ʼ` a letter, but people write it as an apostrophe."""


def name_key(name: str) -> str:
    """What all spellings of one name have in common: case, accents, punctuation and spaces do not count.

    `Product_Manager`, `product-manager` and `Prodúct Manager` are one name; `SE1+` is not `SE1`. The same
    function finds the names of a pack in a spreadsheet: `engine.vocabulary_of` hands it to `inputs`.
    """
    folded = unicodedata.normalize("NFKC", name).casefold().replace("&", "and")
    if "+" in folded:
        folded = _PLUS_BEHIND.sub("plus", folded)
    if not folded.isascii():
        decomposed = unicodedata.normalize("NFKD", folded)
        folded = "".join(c for c in decomposed if not unicodedata.combining(c))
    return _BETWEEN_LETTERS.sub("", folded)


_BETWEEN = re.compile(r"[._]")


def closest(written: str, known: Iterable[str]) -> str:
    """`; did you mean `x`?` for the known name that is written most like this one, or nothing."""
    names = sorted(known)
    same_ending = [name for name in names if name.split(".")[-1] == written.split(".")[-1]]
    words = set(_BETWEEN.split(written))
    same_words = [name for name in names if len(words) > 1 and words <= set(_BETWEEN.split(name))]
    alike = process.extractOne(written, names, scorer=fuzz.ratio, score_cutoff=LEAST_ALIKE)
    found = same_ending or same_words or alike
    return f"; did you mean `{found[0]}`?" if found else ""
