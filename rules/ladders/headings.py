"""The words of `headings.yaml`."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from rules.spelling import name_key


@cache
def words(name: str) -> Any:
    """What is listed under a name."""
    return yaml.safe_load(Path(__file__).with_name("headings.yaml").read_text(encoding="utf-8"))[name]


@cache
def keys(name: str) -> frozenset[str]:
    """The same as keys of names, by which spellings of headings are equal."""
    return frozenset(name_key(str(word)) for word in words(name))


def means(name: str, text: str) -> bool:
    """Whether a text is one of the words listed under a name."""
    return text.strip().casefold() in {str(word) for word in words(name)}
