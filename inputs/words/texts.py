"""Texts without what cannot be seen, and the faults of cells."""

import unicodedata
from dataclasses import dataclass

import polars as pl

UNSEEN = (
    "\u00ad\u200b\u200c\u200d\u2060\ufeff"
    "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
"""Soft hyphens, spaces and joiners of no width, byte order marks; marks of direction, which would turn round
what stands behind them on a page."""
_UNSEEN = dict.fromkeys(map(ord, UNSEEN))

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


def tidy(text: str) -> str:
    """The text without what cannot be seen: full-width forms, non-breaking and doubled spaces, marks of no
    width."""
    return " ".join(unicodedata.normalize("NFKC", text).translate(_UNSEEN).split())


def text_of(cells: pl.Series) -> pl.Series:
    """A column of texts: tidied, null where there is none."""
    if cells.dtype != pl.String:
        cells = cells.cast(pl.String)
    # Most texts are tidy already: only those with anything but plain words and single spaces are touched.
    odd = cells.str.contains(r"[^\x20-\x7e]|^ | $|  |^$").fill_null(value=False)
    if not odd.any():
        return cells
    at = odd.arg_true()
    # What `tidy` does to one text, for all of them at once.
    plain = cells.gather(at).str.normalize("NFKC").str.replace_all(f"[{UNSEEN}]", "")
    spaced = plain.str.replace_all(r"[\s\x1c-\x1f]+", " ").str.strip_chars(" ")
    return cells.clone().scatter(at, spaced.set(spaced == "", None))
