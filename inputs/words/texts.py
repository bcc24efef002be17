"""Texts without what cannot be seen, and the faults of cells."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import polars as pl

UNSEEN = (
    "\u00ad\u200b\u200c\u200d\u2060\ufeff"
    "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
"""Soft hyphens, spaces and joiners of no width, byte order marks; marks of direction, which would turn round
what stands behind them on a page."""
_UNSEEN = dict.fromkeys(map(ord, UNSEEN))

_JOINED_SCRIPTS = "\u0600-\u0dff\u0f00-\u109f\u1700-\u18af"
"""Arabic to Sinhala, Tibetan, Myanmar, and the scripts of the Philippines to Mongolian."""
_VIRAMAS = "\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d4d\u0dca"
_EMOJI = "\u2190-\u2bff\ufe0f\U0001f000-\U0001faff"
_SHAPING = re.compile(
    rf"(?<=[{_JOINED_SCRIPTS}])[\u200c\u200d](?=[{_JOINED_SCRIPTS}])"
    rf"|(?<=[{_VIRAMAS}])\u200d|(?<=[{_EMOJI}])\u200d(?=[{_EMOJI}])"
)
"""Joiners that change how their neighbours are drawn: in Persian and Indic words, and within one emoji."""

ERROR_TEXTS = frozenset(
    (
        *("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"),
        *("#GETTING_DATA", "#ERROR!", "#SPILL!", "#CALC!"),
    )
)


@dataclass(frozen=True)
class Fault:
    """One cell that could not be used."""

    at: int
    """Index of the row."""
    text: str | None
    kind: str
    problem: str
    remedy: str
    about: str | None = None
    """The rater all of whose ratings it is about."""


def tidy(text: str) -> str:
    """The text without what cannot be seen: full-width forms, non-breaking and doubled spaces, marks of no
    width."""
    return " ".join(unicodedata.normalize("NFKC", text).translate(_UNSEEN).split())


def drawn_words(texts: Iterable[str]) -> dict[str, str]:
    """Each word that needs joiners to be drawn rightly, from the tidied word, which is what is compared."""
    found: dict[str, str] = {}
    for text in texts:
        if "\u200c" in text or "\u200d" in text:
            for word in _shaped(text).split():
                found.setdefault(tidy(word), word)
    return {plain: word for plain, word in found.items() if plain != word}


def drawn(text: str, words: Mapping[str, str]) -> str:
    """A tidied text with its words as `drawn_words` has them."""
    return " ".join(words.get(word, word) for word in text.split(" "))


def _shaped(text: str) -> str:
    """A tidied text that still has the joiners that shape it."""
    plain = unicodedata.normalize("NFKC", text)
    kept = {found.start() for found in _SHAPING.finditer(plain)}
    signs = (sign for at, sign in enumerate(plain) if at in kept or sign not in UNSEEN)
    return " ".join("".join(signs).split())


def each(
    texts: pl.Series, meaning: Callable[[str], object], dtype: type[pl.DataType] = pl.String
) -> pl.Series:
    """What each text means, null where it means nothing; each different text is looked at once."""
    known = {text: meaning(text) for text in texts.drop_nulls().unique().to_list()}
    return texts.replace_strict(known, default=None, return_dtype=dtype)


def text_of(cells: pl.Series) -> pl.Series:
    """A column of texts: tidied, null where there is none."""
    if cells.dtype != pl.String:
        cells = cells.cast(pl.String)
    # Most texts are tidy already: only those with anything but plain words and single spaces are touched.
    odd = cells.str.contains(r"[^\x20-\x7e]|^ | $|  |^$")
    if not odd.any():
        return cells
    at = odd.arg_true()
    # What `tidy` does to one text, for all of them at once.
    plain = cells.gather(at).str.normalize("NFKC").str.replace_all(f"[{UNSEEN}]", "")
    spaced = plain.str.replace_all(r"[\s\x1c-\x1f]+", " ").str.strip_chars(" ")
    return cells.clone().scatter(at, spaced.set(spaced == "", None))
