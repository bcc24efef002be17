"""The lists of words that ship with the product, as the YAML files beside this module hold them."""

from copy import deepcopy
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from inputs.words.spelling import normalise

_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
"""The fast one of the two where the library was built with it."""


@cache
def column_words() -> dict[str, Any]:
    """The words of all languages: English in `words/columns.yaml`, the others in `words/languages/`."""
    merged = deepcopy(read_words("columns"))
    for path in sorted(files("inputs.words").joinpath("languages").iterdir(), key=lambda path: path.name):
        for name, listed in _parsed(path.read_text(encoding="utf-8")).items():
            if isinstance(listed, list):
                merged[name] += listed
                continue
            for part, texts in listed.items():
                merged[name].setdefault(part, []).extend(texts)
    return merged


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
    return found
