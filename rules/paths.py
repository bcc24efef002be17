"""Paths into a pack: the value, the type and the place at one, and a pack with another value there."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import UnionType
from typing import Annotated, Any, TypeVar, Union, cast, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from rules.pack import RulePack
from rules.values import Part

Key = str | int
KeyPath = tuple[Key, ...]
"""The way to a value: keys as the files spell them (`from`, not `from_level`) and 0-based list positions."""

EACH = "*"
"""In a pattern of paths: every entry of a list, or every key."""
Whole = TypeVar("Whole")


@dataclass(frozen=True)
class Place:
    """Where a value is written."""

    file: str
    line: int
    """1-based."""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


def place_of(places: Mapping[KeyPath, Place], path: KeyPath) -> Place:
    """The place of a value, or of the innermost part that would hold it."""
    while path not in places:
        path = path[:-1]
    return places[path]


def value_at(whole: object, path: KeyPath) -> Any:
    """What a pack, or plain values, hold at a path; None where there is nothing."""
    for key in path:
        whole = _inside(whole, key)
    return whole


def paths_of(whole: object, pattern: KeyPath) -> Iterator[KeyPath]:
    """Every path of this pattern at which there is something."""
    if not pattern:
        yield from () if whole is None else ((),)
        return
    keys: Iterable[Key] = (pattern[0],)
    if pattern[0] == EACH:
        keys = range(len(whole)) if isinstance(whole, tuple) else whole if isinstance(whole, Mapping) else ()
    for key in keys:
        yield from ((key, *rest) for rest in paths_of(_inside(whole, key), pattern[1:]))


def replaced(whole: Whole, path: KeyPath, value: object) -> Whole:
    """A copy with another value at a path; in plain values, what is missing on the way is added.

    Raises pydantic's `ValidationError` where a part of a pack does not accept the value.
    """
    return cast(Whole, _replaced(whole, path, value))


def _replaced(whole: Any, path: KeyPath, value: object) -> Any:
    if not path:
        return value
    key = path[0]
    inner = _replaced(_inside(whole, key), path[1:], value)
    if isinstance(whole, Part):
        values = {name: getattr(whole, name) for name in type(whole).model_fields}
        return type(whole).model_validate({**values, _names(type(whole))[str(key)]: inner})
    if isinstance(key, int):
        entries = whole or ()
        return (*entries[:key], inner, *entries[key + 1 :])
    return {**(whole or {}), key: inner}


def _inside(whole: object, key: Key) -> Any:
    if isinstance(whole, Part):
        return getattr(whole, _names(type(whole)).get(str(key), ""), None)
    if isinstance(whole, Mapping):
        return whole.get(key)
    if isinstance(whole, tuple) and isinstance(key, int) and key < len(whole):
        return whole[key]
    return None


@cache
def _names(model: type[BaseModel]) -> dict[str, str]:
    """By key of a file, the name of the field."""
    return {field.alias or name: name for name, field in model.model_fields.items()}


def type_at(path: KeyPath) -> Any:
    """The type, with its limits, of what a pack holds at a path; None where it holds nothing."""
    kind: Any = RulePack
    for key in path:
        model = model_of(kind)
        if model is not None:
            field = model.model_fields.get(_names(model).get(str(key), ""))
            kind = field and type_of(field)
        else:
            arguments = [argument for argument in get_args(bare_type(kind)) if argument is not Ellipsis]
            kind = arguments[-1] if arguments else None
    return kind


def keys_at(path: KeyPath) -> set[str]:
    """The keys that a pack may hold in the part at a path."""
    model = model_of(type_at(path))
    return set(_names(model)) if model else set()


def type_of(field: FieldInfo) -> Any:
    """The type of a field with its limits."""
    return Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation


def model_of(kind: Any) -> type[BaseModel] | None:
    """The kind of part that a type is, if it is one."""
    bare = bare_type(kind)
    return bare if isinstance(bare, type) and issubclass(bare, BaseModel) else None


def bare_type(kind: Any) -> Any:
    """A type without `Annotated` and without `| None`."""
    if get_origin(kind) is Annotated:
        return bare_type(get_args(kind)[0])
    if get_origin(kind) in (Union, UnionType):
        return bare_type(next(argument for argument in get_args(kind) if argument is not type(None)))
    return kind
