"""Ids, addresses and names of two tables, matched: also where only the way of writing them differs."""

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from inputs import fields
from inputs.fields import Field
from inputs.phrases import counted
from inputs.words.spelling import person_key


@dataclass(frozen=True)
class MatchedKeys:
    """The keys of a table, written as another table writes them."""

    keys: pl.Series
    notes: tuple[str, ...] = ()
    """What was taken for the same, a sentence each."""


def match_keys(own: pl.Series, theirs: pl.Series, field: Field) -> MatchedKeys:
    """Their keys as ours where they are ours but for the way of writing: `417` as `00417`, `Falk, Runa` as
    `Runa Falk`. A key that could be two of ours stays as it is."""
    known = set(own.drop_nulls().to_list())
    unknown = [key for key in theirs.drop_nulls().unique(maintain_order=True).to_list() if key not in known]
    if not unknown:
        return MatchedKeys(theirs)
    plain = _PLAIN[field]
    taken = known & set(theirs.drop_nulls().to_list())
    ours = {form: key for form, key in _unique(sorted(known), plain).items() if key not in taken}
    meant = _unique(unknown, plain)
    written = {key: ours[form] for form, key in meant.items() if form in ours}
    if not written:
        return MatchedKeys(theirs)
    first, as_ours = next(iter(written.items()))
    problem = (
        f"{counted(len(written), 'person', 'people')} {'was' if len(written) == 1 else 'were'} found "
        f"although the {field.label} is written in another way there, such as '{first}' for '{as_ours}'."
    )
    return MatchedKeys(theirs.replace(written), (problem,))


def shared_keys(own: pl.Series, theirs: pl.Series, field: Field) -> list[list[int]]:
    """The places of those among us who share a key that the other table has, however it is written."""
    plain = _PLAIN[field]
    there = {plain(key) for key in theirs.drop_nulls().unique().to_list()}
    places: dict[str, list[int]] = {}
    for at, key in enumerate(own.to_list()):
        if key is not None:
            places.setdefault(plain(key), []).append(at)
    return [found for form, found in places.items() if len(found) > 1 and form in there]


def _unique(keys: list[str], plain: Callable[[str], str]) -> dict[str, str]:
    """Plain form to the one key that has it."""
    forms: dict[str, list[str]] = {}
    for key in keys:
        forms.setdefault(plain(key), []).append(key)
    return {form: found[0] for form, found in forms.items() if form and len(found) == 1}


def plain_id(text: str) -> str:
    """What an id is without its case, punctuation, leading zeros and the decimals that exports add."""
    kept = "".join(character for character in text.casefold() if character.isalnum() or character == ".")
    whole, _, decimals = kept.rpartition(".")
    kept = whole if whole and not decimals.strip("0") else kept.replace(".", "")
    return kept.lstrip("0")


_PLAIN: dict[Field, Callable[[str], str]] = {
    fields.EMPLOYEE_ID: plain_id,
    fields.EMAIL: lambda text: text.strip().casefold(),
    fields.EMPLOYEE_NAME: person_key,
}
