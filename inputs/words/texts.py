"""Texts to values, one distinct text at a time: a column of a million cells holds few different texts."""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

import polars as pl

V = TypeVar("V")

UNSEEN = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
"""Soft hyphens, spaces and joiners of no width, byte order marks."""
_UNSEEN = dict.fromkeys(map(ord, UNSEEN))

ERROR_TEXTS = frozenset(
    [
        "#DIV/0!",
        "#N/A",
        "#NAME?",
        "#NULL!",
        "#NUM!",
        "#REF!",
        "#VALUE!",
        "#GETTING_DATA",
        "#ERROR!",
        "#SPILL!",
        "#CALC!",
    ]
)


@dataclass(frozen=True)
class Reading(Generic[V]):
    """What one text means: a value, nothing, or a fault with what is wrong and what would be right."""

    value: V | None
    kind: str | None = None
    problem: str = ""
    remedy: str = ""


@dataclass(frozen=True)
class Fault:
    """One cell that could not be used."""

    at: int
    """Index of the row."""
    text: str | None
    kind: str
    problem: str
    remedy: str

    def moved_to(self, at: int) -> "Fault":
        """The fault at another index."""
        return replace(self, at=at)


@dataclass(frozen=True)
class Readings:
    """A column that was read."""

    values: pl.Series
    faults: tuple[Fault, ...]


def read_distinct(cells: pl.Series, read: Callable[[str], Reading[V]], dtype: pl.DataType) -> Readings:
    """Reads every distinct text of `cells` with `read` and puts the values in the place of the texts."""
    distinct = cells.unique().drop_nulls()
    texts: list[str] = distinct.cast(pl.String).to_list()
    readings = [read(text) for text in texts]
    if distinct.is_empty():
        values = pl.Series(cells.name, [None], dtype=dtype).new_from_index(0, len(cells))
    else:
        new = pl.Series([reading.value for reading in readings], dtype=dtype)
        values = cells.replace_strict(distinct, new, default=None, return_dtype=dtype)
    faulty = {
        text: reading for text, reading in zip(texts, readings, strict=True) if reading.kind is not None
    }
    return Readings(values.alias(cells.name), tuple(_faults(cells, faulty)))


def _faults(cells: pl.Series, faulty: dict[str, Reading[V]]) -> list[Fault]:
    if not faulty:
        return []
    texts = cells.cast(pl.String)
    at = texts.is_in(list(faulty)).fill_null(value=False).arg_true()
    faults = []
    for index, text in zip(at.to_list(), texts.gather(at).to_list(), strict=True):
        reading = faulty[text]
        faults.append(Fault(index, text, reading.kind or "", reading.problem, reading.remedy))
    return faults


def tidy(text: str) -> str:
    """The text without what cannot be seen: full-width forms, non-breaking and doubled spaces, marks of no
    width."""
    return " ".join(unicodedata.normalize("NFKC", text).translate(_UNSEEN).split())
