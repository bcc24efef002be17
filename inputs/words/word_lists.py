"""The lists of words that ship with the product, as the YAML files beside this module hold them."""

import re
from collections.abc import Mapping
from copy import deepcopy
from functools import cache
from importlib.resources import files
from itertools import product
from typing import Any

import yaml

from inputs.words.spelling import normalise

_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
"""The fast one of the two where the library was built with it."""
_ALTERNATIVES = re.compile(r"\(([^()]*)\)")


ENGLISH = "English"


@cache
def column_words() -> dict[str, Any]:
    """The words of all languages: English in `words/columns.yaml`, the others in `words/languages/`."""
    merged = deepcopy(read_words("columns"))
    for of_language in _other_languages().values():
        for name, listed in of_language.items():
            if isinstance(listed, list):
                merged[name] += listed
                continue
            for part, texts in listed.items():
                merged[name].setdefault(part, []).extend(texts)
    return merged


@cache
def _other_languages() -> dict[str, dict[str, Any]]:
    """The lists of `words/languages/`, by the names of the languages."""
    paths = sorted(files("inputs.words").joinpath("languages").iterdir(), key=lambda path: path.name)
    return {path.name.partition(".")[0].title(): _parsed(path.read_text(encoding="utf-8")) for path in paths}


def languages_of(text: str) -> frozenset[str]:
    """The languages in which a text is the name of a field, or a word for people or raters."""
    return _languages().get(word_key(text), frozenset())


@cache
def _languages() -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for language, lists in {ENGLISH: read_words("columns"), **_other_languages()}.items():
        for name in ("fields", "people", "raters"):
            for listed in lists.get(name, {}).values():
                found |= {key: found.get(key, frozenset()) | {language} for key in map(word_key, listed)}
    return found


@cache
def read_words(name: str) -> dict[str, Any]:
    """The data file `words/<name>.yaml`."""
    return _parsed(files("inputs.words").joinpath(f"{name}.yaml").read_text(encoding="utf-8"))


def word_key(text: str) -> str:
    """What all spellings of a word have in common; spaces and hyphens do not count either."""
    return normalise(text).replace(" ", "")


@cache
def word_keys(file: str, name: str) -> frozenset[str]:
    """The keys of one list of a data file."""
    return frozenset(map(word_key, read_words(file)[name]))


def _parsed(text: str) -> dict[str, Any]:
    # The base loader leaves words such as `on` and `no` the texts that they are.
    found = yaml.load(text, Loader=_LOADER)
    assert isinstance(found, dict)
    groups = found.pop("groups", {})
    return {name: _written_out(listed, groups) for name, listed in found.items()}


def _written_out(data: Any, groups: Mapping[str, str]) -> Any:
    """The same data, with the alternatives in texts of lists written out."""
    if isinstance(data, dict):
        return {key: _written_out(value, groups) for key, value in data.items()}
    if isinstance(data, str):
        return data
    each = (_each(item, groups) if isinstance(item, str) else [_written_out(item, groups)] for item in data)
    return [one for written in each for one in written]


def _each(text: str, groups: Mapping[str, str]) -> list[str]:
    """`(pay|job) grade` is `pay grade` and `job grade`, `(current|) level` is also `level`; a group's name
    stands for its alternatives."""
    if "(" not in text:
        return [text]
    parts = [
        [one for name in part.split("|") for one in groups.get(name, name).split("|")]
        for part in _ALTERNATIVES.split(text)
    ]
    return [" ".join("".join(chosen).split()) for chosen in product(*parts)]
