"""What else is wrong with a pack that has faults: its references, as far as they can be told.

A value that does not fit is stood in for by one that would; then all references are checked. Nothing is said
of the part in which a value was stood in for, nor of references to names that are themselves in doubt, so
that whatever is said is true.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from rules.cross_references import wrong_references
from rules.pack import RulePack
from rules.shapes import kind_at, would_do
from rules.yaml_text import KeyPath, Place

ROUNDS = 8
"""A value that is stood in for may bring up another one that is missing inside it; so often it is tried."""
NAMING = frozenset({"id", "code", "sections", "signals", "parts", "findings", "rules", "promotions"})
"""Keys whose values are the names that other parts refer to."""


def path_of(detail: ErrorDetails) -> KeyPath:
    """Where a value does not fit."""
    return tuple(key for key in detail["loc"] if key != "[key]")


def wrong_nevertheless(
    values: Mapping[str, Any], places: Mapping[KeyPath, Place], unreadable: Collection[Place]
) -> Iterator[tuple[Place, str]]:
    """The wrong references of a pack whose values do not all fit, with their places."""
    pack, faults = _made_whole(values)
    if pack is None:
        return
    faults |= {path for path, place in places.items() if place in unreadable}
    doubtful = {place for path, place in places.items() if any(_holds(fault, path) for fault in faults)}
    unsure = {str(fault[0]) for fault in faults if fault and _names_others(fault)}
    for place, text in wrong_references(pack, places, unsure):
        if place not in doubtful:
            yield place, text


def _made_whole(values: Mapping[str, Any]) -> tuple[RulePack | None, set[KeyPath]]:
    """The pack with a stand-in for each value that does not fit, and where these are."""
    whole: Any = {**values, "sha256": "0" * 64}
    faults: set[KeyPath] = set()
    for _ in range(ROUNDS):
        try:
            return RulePack.model_validate(whole), faults
        except ValidationError as error:
            for detail in error.errors():
                path = path_of(detail)
                faults.add(path)
                whole = _changed(whole, path, _mending(detail))
    return None, faults


def _mending(detail: ErrorDetails) -> Callable[[Any], Any]:
    """What to do with the value that holds the last key of the path of an error."""
    key = path_of(detail)[-1]
    if detail["type"] == "extra_forbidden" or "[key]" in detail["loc"]:
        return lambda holder: {name: value for name, value in holder.items() if name != key}
    fitting = would_do(kind_at(path_of(detail)))
    if isinstance(key, int):
        return lambda holder: (*holder[:key], fitting, *holder[key + 1 :])
    return lambda holder: {**holder, key: fitting}


def _changed(value: Any, path: KeyPath, mend: Callable[[Any], Any]) -> Any:
    """The value with the holder of the last key of a path mended; as it is where the way is gone by now."""
    if len(path) == 1:
        return mend(value) if isinstance(value, dict | tuple) else value
    key, rest = path[0], path[1:]
    if isinstance(value, dict) and key in value:
        return {**value, key: _changed(value[key], rest, mend)}
    if isinstance(value, tuple) and isinstance(key, int) and key < len(value):
        return (*value[:key], _changed(value[key], rest, mend), *value[key + 1 :])
    return value


def _holds(fault: KeyPath, path: KeyPath) -> bool:
    """Whether a path lies in the innermost entry of a list, or else the group, that a fault lies in."""
    ends = [number for number, key in enumerate(fault, start=1) if isinstance(key, int)]
    part = fault[: ends[-1]] if ends else fault[:-1] or fault
    return path[: len(part)] == part


def _names_others(fault: KeyPath) -> bool:
    return len(fault) == 1 or isinstance(fault[-1], int) or fault[-1] in NAMING or fault[0] == "scale"
