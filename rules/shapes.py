"""What kind of value stands at a path of a pack, and one that would do there."""

from collections.abc import Mapping
from decimal import Decimal
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from rules.pack import RulePack
from rules.yaml_text import KeyPath


def keys_allowed(path: KeyPath) -> set[str]:
    """The keys that the part at this path of `RulePack` may hold."""
    model = _model(kind_at(path))
    return {field.alias or name for name, field in model.model_fields.items()} if model else set()


def kind_at(path: KeyPath) -> Any:
    """The type of what stands at this path of `RulePack`; None where nothing can stand."""
    kind: Any = RulePack
    for key in path:
        kind = _inside(kind, key)
    return kind


def would_do(kind: Any) -> Any:
    """A value of this type, as plain as a file would give it; None where none is known."""
    model = _model(kind)
    if model is not None:
        needed = {name: field for name, field in model.model_fields.items() if field.is_required()}
        return {field.alias or name: would_do(_kind_of(field)) for name, field in needed.items()}
    bare, arguments = _bare(kind), get_args(_bare(kind))
    if get_origin(bare) is Literal:
        return arguments[0]
    if get_origin(bare) is tuple:
        return (would_do(arguments[0]),)
    if get_origin(bare) is Mapping or bare is Mapping or len(arguments) == len(("key", "value")):
        return {would_do(arguments[0]): would_do(arguments[1])}
    return next((value for value in _PLAIN if _fits(kind, value)), None)


_PLAIN = ("x", "X-0", Decimal(1), 1, False)


def _fits(kind: Any, value: object) -> bool:
    try:
        TypeAdapter(kind).validate_python(value, strict=True)
    except ValidationError:
        return False
    return True


def _inside(kind: Any, key: str | int) -> Any:
    """The type of what stands under a key of a part, a mapping or a list of this type."""
    model = _model(kind)
    if model is not None:
        fields = {field.alias or name: _kind_of(field) for name, field in model.model_fields.items()}
        return fields.get(str(key))
    arguments = [argument for argument in get_args(_bare(kind)) if argument is not Ellipsis]
    return arguments[-1] if arguments else None


def _kind_of(field: FieldInfo) -> Any:
    """The type of a field with its limits."""
    return Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation


def _model(kind: Any) -> type[BaseModel] | None:
    bare = _bare(kind)
    return bare if isinstance(bare, type) and issubclass(bare, BaseModel) else None


def _bare(kind: Any) -> Any:
    """A type without `Annotated` and without `| None`."""
    if get_origin(kind) is Annotated:
        return _bare(get_args(kind)[0])
    if get_origin(kind) in (Union, UnionType):
        return _bare(next(argument for argument in get_args(kind) if argument is not type(None)))
    return kind
