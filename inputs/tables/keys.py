"""Ids, addresses and names of two tables, matched: also where only the way of writing them differs."""

import re
from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass, field

import polars as pl

from inputs import fields
from inputs.fields import Field
from inputs.phrases import counted, few, was
from inputs.words.people_names import have_other_ids, names_like, names_of_one
from inputs.words.spelling import person_key, plain_id
from inputs.words.texts import ERROR_TEXTS, each

NO_ID = (*ERROR_TEXTS, "-", "n/a", "N/A", "NULL", "null", "None", "nan")
"""Texts in place of an id."""
MANGLED = {r"^[+-]?\d([.,]\d+)?[eE][+-]?\d+$": "a rounded number", r"^\d{4}-\d\d-\d\d 00:00:00$": "a date"}
"""Ids that a spreadsheet program turned into something else, by which several people may have one."""
_LISTED = 20
"""Strange names for which others like them are sought."""


@dataclass(frozen=True)
class MatchedKeys:
    """The keys of a table, written as another table writes them."""

    keys: pl.Series
    notes: tuple[str, ...] = ()
    """What was taken for the same, a sentence each."""
    unclear: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Names that nobody can tell of whom they are, each with those of ours that may be meant."""


def match_keys(own: pl.Series, theirs: pl.Series, field: Field) -> MatchedKeys:
    """Their keys as ours where they are ours but for the way of writing: `417` as `00417`, `Falk, Runa` as
    `Runa Falk`. A key that could be two of ours stays as it is."""
    known = set(own.drop_nulls().to_list())
    unknown = [key for key in theirs.drop_nulls().unique(maintain_order=True).to_list() if key not in known]
    if not unknown:
        return MatchedKeys(theirs)
    named = field is fields.EMPLOYEE_NAME
    taken = known & set(theirs.drop_nulls().to_list())
    ours = {form: key for form, key in unique_keys(sorted(known), field).items() if key not in taken}
    meant = unique_keys(unknown, field)
    written = {
        key: ours[form]
        for form, key in meant.items()
        if form in ours and not (named and have_other_ids([key, ours[form]]))
    }
    matched, notes = theirs.replace(written), []
    if written:
        first, as_ours = next(iter(written.items()))
        why = f"the {field.label} is written differently there, such as '{first}' for '{as_ours}'"
        notes.append(f"{_found(written)} although {why}.")
    if not named or len(written) == len(unknown):
        return MatchedKeys(matched, tuple(notes))
    found = names_of_one(matched.drop_nulls().unique().to_list(), known)
    if found.meant:
        matched = matched.replace(found.meant)
        such = few([f"'{name}' for '{as_ours}'" for name, as_ours in found.meant.items()])
        notes.append(
            f"{_found(found.meant)} although a title, an umlaut or an initial differs there: {such}."
        )
    strange = [name for name in unknown if name not in {*written, *found.meant, *found.unclear}]
    nobodys = sorted(known - set(matched.to_list()))
    near = names_like(strange[:_LISTED], nobodys)
    return MatchedKeys(matched, tuple(notes), {**found.unclear, **near})


def _found(written: Mapping[str, str]) -> str:
    return f"{counted(len(written), 'person', 'people')} {was(len(written))} found"


def match_within(keys: pl.Series, field: Field, names: pl.Series, raters: pl.Series) -> MatchedKeys:
    """The keys of rows of which a person has several, each person's in one way of writing, the longest. Ids
    that differ so are one person's where the names beside them agree; without names, where no rater has
    rated both; and so are names that differ in a title, an umlaut or an initial."""
    spelled = keys.drop_nulls().unique(maintain_order=True)
    if field is fields.EMPLOYEE_ID:
        spelled = spelled.filter(alike(spelled, field))
    forms = _by_form(spelled.to_list(), field)
    several = [found for form, found in forms.items() if form and len(found) > 1]
    if field is fields.EMPLOYEE_NAME:
        several = [found for found in several if not have_other_ids(found)]
        several += _by_one_rater_each(keys, raters, {key for found in several for key in found})
    if field is fields.EMPLOYEE_ID and several:
        rows = pl.DataFrame({"key": keys, "name": names, "rater": raters}).filter(
            pl.col("key").is_in([key for found in several for key in found])
        )
        beside = {str(key): rows.filter(pl.col("key") == key) for key in rows["key"].unique().to_list()}
        several = [found for found in several if _one_person([beside[key] for key in found])]
    longest = [max(found, key=len) for found in several]
    written = {key: whole for found, whole in zip(several, longest, strict=True) for key in found}
    if not written:
        return MatchedKeys(keys)
    ways = few([f"'{key}'" for key in several[0]], 4, " and ")
    problem = (
        f"{counted(len(several), 'person has', 'people have')} rows in which the {field.label} is written in "
        f"different ways, such as {ways}; they were put together."
    )
    return MatchedKeys(keys.replace(written), (problem,))


def are_ids(keys: pl.Series) -> pl.Series:
    """Whether each key may be somebody's: no text that stands for none, or that was turned into a number."""
    no_id = keys.is_in(NO_ID)
    for pattern in MANGLED:
        no_id |= keys.str.contains(pattern)
    return ~no_id.fill_null(value=True)


def why_no_id(text: str | None) -> tuple[str, str, str]:
    """The kind, the problem and the remedy of a text that `are_ids` says is nobody's id."""
    into = next((into for pattern, into in MANGLED.items() if re.match(pattern, text or "")), None)
    if into is not None:
        problem = f"The spreadsheet program turned the id into {into} ({text})."
        return "mangled_employee_id", problem, "Format the column as text and enter the id again."
    if text is None:
        problem = "The row has no employee id."
    elif text in ERROR_TEXTS:
        problem = f"The id holds the spreadsheet error {text}."
    else:
        problem = f"'{text}' is not an employee id."
    return "missing_employee_id", problem, "Write the id."


def alike(keys: pl.Series, field: Field) -> pl.Series:
    """Whether each key is that of another row too, in whatever way of writing."""
    if field is fields.EMPLOYEE_ID:
        folded = keys.str.to_lowercase().str.replace(r"\.0+$", "").str.replace_all(r"[^\p{L}\p{N}]|_", "")
        folded = folded.str.strip_chars_start("0")
    else:
        folded = each(keys, _PLAIN[field])
    return folded.is_duplicated() & keys.is_not_null()


def _one_person(rows: list[pl.DataFrame]) -> bool:
    """Whether the rows of several ids agree in the name, or were written by different raters."""
    names = [{person_key(name) for name in one["name"].drop_nulls().unique().to_list()} for one in rows]
    if any(names):
        return len(names[0]) == 1 and all(one == names[0] for one in names)
    raters = [set(one["rater"].drop_nulls().to_list()) for one in rows]
    return all(raters) and sum(map(len, raters)) == len(set().union(*raters))


def plain_key(text: str, field: Field) -> str:
    """What all ways of writing a key have in common."""
    return _PLAIN[field](text)


def shared_keys(own: pl.Series, theirs: pl.Series, field: Field) -> list[list[int]]:
    """The places of those among us who share a key that the other table has, however it is written."""
    plain = _PLAIN[field]
    there = {plain(key) for key in theirs.drop_nulls().unique().to_list()}
    places: dict[str, list[int]] = {}
    for at, key in enumerate(own.to_list()):
        if key is not None:
            places.setdefault(plain(key), []).append(at)
    return [found for form, found in places.items() if len(found) > 1 and form in there]


def _by_one_rater_each(keys: pl.Series, raters: pl.Series, known: Set[str]) -> list[list[str]]:
    """Pairs of names of one person, other than those that are known, each of which one rater alone used, and
    not the same one."""
    rows = pl.DataFrame({"key": keys, "rater": raters}).drop_nulls()
    rows = rows.filter(~pl.col("key").is_in(list(known))).unique(maintain_order=True)
    alone = dict(rows.filter(pl.len().over("key") == 1).iter_rows())
    everybody, pairs = set(rows["key"].to_list()), set[tuple[str, str]]()
    raters_alone = set(alone.values())
    for rater in raters_alone if len(raters_alone) > 1 else ():
        theirs = {key for key, one in alone.items() if one == rater}
        for name, other in names_of_one(theirs, everybody - theirs).meant.items():
            if other in alone:
                pairs.add((min(name, other), max(name, other)))
    return [list(pair) for pair in sorted(pairs)]


def unique_keys(keys: Iterable[str], field: Field) -> dict[str, str]:
    """Plain form to the one key that has it."""
    return {form: found[0] for form, found in _by_form(keys, field).items() if form and len(found) == 1}


def _by_form(keys: Iterable[str], field: Field) -> dict[str, list[str]]:
    """The keys by what all ways of writing them have in common."""
    forms: dict[str, list[str]] = {}
    for key in keys:
        forms.setdefault(_PLAIN[field](key), []).append(key)
    return forms


_PLAIN: dict[Field, Callable[[str], str]] = {
    fields.EMPLOYEE_ID: plain_id,
    fields.EMAIL: lambda text: text.strip().casefold(),
    fields.EMPLOYEE_NAME: person_key,
}
