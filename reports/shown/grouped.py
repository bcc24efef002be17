"""Things by what they have in common."""

from collections.abc import Callable, Iterable
from typing import TypeVar

_Key = TypeVar("_Key")
_One = TypeVar("_One")


def grouped(items: Iterable[_One], key_of: Callable[[_One], _Key]) -> dict[_Key, list[_One]]:
    """Items by their key; groups and items in the order in which they come."""
    groups: dict[_Key, list[_One]] = {}
    for one in items:
        groups.setdefault(key_of(one), []).append(one)
    return groups
