"""The words of `headings.yaml`."""

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import yaml

from rules.spelling import name_key

_ROLES = (
    *("competency", "category", "level", "required", "total", "weight", "importance", "years"),
    *("definition", "text", "aliases", "family", "ignored", "other", "scale"),
)


def words(name: str) -> Any:
    """What is listed under a name."""
    return _lists()[name]


@cache
def _lists() -> Mapping[str, Any]:
    found: Mapping[str, Any] = yaml.safe_load(
        Path(__file__).with_name("headings.yaml").read_text(encoding="utf-8")
    )
    return found


@cache
def keys(name: str) -> frozenset[str]:
    """The same as keys of names, by which spellings of headings are equal."""
    return frozenset(name_key(str(word)) for word in words(name))


def means(name: str, text: str) -> bool:
    """Whether a text is one of the words listed under a name; `k. A.` is `k.a.`."""
    return _without_spaces(text) in _without_spaces_each(name)


def _without_spaces(text: str) -> str:
    return "".join(text.casefold().split())


@cache
def _without_spaces_each(name: str) -> frozenset[str]:
    return frozenset(_without_spaces(str(word)) for word in words(name))


@lru_cache(10_000)
def role_of(heading: str) -> str | None:
    """What a heading says that its column or row holds; None where it may be a level or anything else."""
    # What stands in brackets, as in `Minimum total (of 100)`, belongs to no name.
    bare = heading.partition("(")[0]
    if heading.strip() == "#":
        return "ignored"
    written = (name_key(heading), name_key(bare))
    role = next((role for key in written for role in _ROLES if key and key in keys(role)), None)
    spoken = {*map(name_key, bare.split())}
    if role is None and spoken and spoken <= keys("required"):
        # As in `Target proficiency`.
        role = "required"
    if role in (None, "years") and speaks_of("times", heading):
        role = "experience" if speaks_of("experience", heading) else "years"
    if role == "years" and speaks_of("at_most", heading):
        return "longest"
    is_usual = speaks_of("usual", heading) and not speaks_of("at_least", heading)
    return "usual" if role == "years" and is_usual else role


def speaks_of(name: str, text: str) -> bool:
    """Whether one of the phrases listed under a name is part of a text."""
    said = f" {' '.join(re.findall(_WORD, text.casefold()))} "
    return any(f" {phrase} " in said for phrase in words(name))


_WORD = r"[^\W\d_]+"
