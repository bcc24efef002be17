"""What else is wrong with a pack that has faults: its references, as far as they can be told.

A value that does not fit is replaced by a stand-in that would; then all references are checked. Nothing is
said of a part that holds a stand-in, nor of references to names that are themselves in doubt, so that
whatever is said is true.
"""

from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from typing import Any, Literal, get_args, get_origin

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from rules.cross_references import wrong_references
from rules.pack import RulePack
from rules.paths import KeyPath, Place, bare_type, model_of, replaced, type_at, type_of, value_at
from rules.value_errors import path_of

ROUNDS = 8
"""A stand-in may bring up another value that is missing inside it; this is how often that is tried."""
NAMING = frozenset({"id", "code", "sections", "signals", "parts", "findings", "rules", "promotions"})
"""Keys whose values are the names that other parts refer to."""


def further_problems(
    values: Mapping[str, Any], places: Mapping[KeyPath, Place], unreadable: Collection[Place]
) -> Iterator[tuple[Place, str]]:
    """The wrong references of a pack whose values do not all fit, with their places."""
    pack, faults = _with_stand_ins(values)
    if pack is None:
        return
    faults |= {path for path, place in places.items() if place in unreadable}
    doubtful = {place for path, place in places.items() if any(_holds(fault, path) for fault in faults)}
    unsure = {str(fault[0]) for fault in faults if fault and _names_others(fault)}
    for place, text in wrong_references(pack, places, unsure):
        if place not in doubtful:
            yield place, text


def _with_stand_ins(values: Mapping[str, Any]) -> tuple[RulePack | None, set[KeyPath]]:
    """The pack with a stand-in for each value that does not fit, and where these are."""
    whole: Any = {**values, "sha256": "0" * 64}
    faults: set[KeyPath] = set()
    for _ in range(ROUNDS):
        try:
            return RulePack.model_validate(whole), faults
        except ValidationError as error:
            for detail in error.errors():
                faults.add(path_of(detail))
                whole = _mended(whole, detail)
    return None, faults


def _mended(whole: Any, detail: ErrorDetails) -> Any:
    """Plain values without a key that is not allowed, or with a stand-in for a value that does not fit."""
    path = path_of(detail)
    if detail["type"] == "extra_forbidden" or "[key]" in detail["loc"]:
        holder = value_at(whole, path[:-1])
        return replaced(whole, path[:-1], {key: value for key, value in holder.items() if key != path[-1]})
    return replaced(whole, path, _stand_in(type_at(path)))


def _stand_in(kind: Any) -> Any:
    """A value of this type, as plain as a file would give it; None where none is known."""
    model = model_of(kind)
    if model is not None:
        needed = {name: field for name, field in model.model_fields.items() if field.is_required()}
        return {field.alias or name: _stand_in(type_of(field)) for name, field in needed.items()}
    bare, arguments = bare_type(kind), get_args(bare_type(kind))
    if get_origin(bare) is Literal:
        return arguments[0]
    if get_origin(bare) is tuple:
        return (_stand_in(arguments[0]),)
    if get_origin(bare) is Mapping or bare is Mapping or len(arguments) == len(("key", "value")):
        return {_stand_in(arguments[0]): _stand_in(arguments[1])}
    return next((value for value in _PLAIN if _fits(kind, value)), None)


_PLAIN = ("x", "X-0", Decimal(1), 1, False)


def _fits(kind: Any, value: object) -> bool:
    try:
        TypeAdapter(kind).validate_python(value, strict=True)
    except ValidationError:
        return False
    return True


def _holds(fault: KeyPath, path: KeyPath) -> bool:
    """Whether a path is in the innermost list entry, or else the group, that a fault is in."""
    ends = [number for number, key in enumerate(fault, start=1) if isinstance(key, int)]
    part = fault[: ends[-1]] if ends else fault[:-1] or fault
    return path[: len(part)] == part


def _names_others(fault: KeyPath) -> bool:
    return len(fault) == 1 or isinstance(fault[-1], int) or fault[-1] in NAMING or fault[0] == "scale"
