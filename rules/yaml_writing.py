"""Plain values to YAML files; what stays as it was in a file keeps its comments and its layout."""

from collections.abc import Mapping
from contextlib import suppress
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.nodes import ScalarNode
from ruamel.yaml.representer import RoundTripRepresenter
from ruamel.yaml.util import load_yaml_guess_indent

from rules.paths import value_at
from rules.values import Part
from rules.yaml_reading import needs_quotes, read_yaml

LINE_WIDTH = 108
_ENDLESS = 1_000_000
"""Lines of a file that is kept are not broken anew."""


def write_yaml(file: Path, value: object, like: Path | None = None) -> None:
    """Write a file; where the file `like` holds the same, its comments and layout are kept."""
    if like is None or not like.exists():
        text = yaml_of(value)
    else:
        text = like.read_text(encoding="utf-8")
        before = read_yaml(like, like.name).value
        value = _spelled_out(before, value)
        if before != value:
            yaml = _yaml(_ENDLESS)
            document, indent, offset = load_yaml_guess_indent(text, yaml=yaml)
            yaml.indent(mapping=2, sequence=indent or 4, offset=offset or 0)
            text = _dumped(yaml, _updated(document, value))
    write_text(file, text)


def write_text(file: Path, text: str) -> None:
    """Write a file of a pack, which is the old or the new one at every moment: people write them by hand."""
    fresh = file.with_name(f".{file.name}.new")
    try:
        fresh.write_text(text, encoding="utf-8", newline="\n")
        fresh.replace(file)
    except OSError as error:
        with suppress(OSError):  # on a disk that is read-only there is none
            fresh.unlink()
        error.filename = str(file)  # of a full disk Python does not tell it
        raise


def yaml_of(value: object) -> str:
    """Plain values or parts of a pack as YAML."""
    lines = _dumped(_yaml(LINE_WIDTH), _spelled_out(None, value)).splitlines()
    return "".join(f"{line.rstrip()}\n" for line in lines)


def _yaml(width: int) -> YAML:
    yaml = YAML()
    yaml.preserve_quotes, yaml.width = True, width
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.Representer = _Representer
    return yaml


def _dumped(yaml: YAML, value: object) -> str:
    text = StringIO()
    yaml.dump(value, text)
    return text.getvalue()


def _spelled_out(old: Any, new: Any) -> Any:
    """New values as a file spells them: defaults are left out, unless the old file has them."""
    if isinstance(new, Part):
        fields = type(new).model_fields.items()
        values = {field.alias or name: (getattr(new, name), field.default) for name, field in fields}
        known = old if isinstance(old, dict) else ()
        new = {
            key: value
            for key, (value, default) in values.items()
            if value != default or (key in known and value is not None)
        }
    if isinstance(new, Mapping):
        return {key: _spelled_out(value_at(old, (key,)), value) for key, value in new.items()}
    if isinstance(new, tuple):
        named = {_name_of(entry): entry for entry in old} if isinstance(old, tuple) else {}
        return tuple(_spelled_out(named.get(_name_of(entry)), entry) for entry in new)
    return new


def _updated(old: Any, new: Any) -> Any:
    """A part of a document changed to hold new values; what does not change keeps its comments."""
    if isinstance(old, CommentedMap) and isinstance(new, dict):
        for key in [key for key in old if key not in new]:
            del old[key]
        for position, (key, value) in enumerate(new.items()):
            if key in old:
                old[key] = _updated(old[key], value)
            else:
                old.insert(position, key, value)
        return old
    if isinstance(old, CommentedSeq) and isinstance(new, tuple):
        names = [_name_of(entry) for entry in new]
        for place in reversed(range(len(old))):
            if _name_of(old[place]) not in names:
                del old[place]
        for place, value in enumerate(new):
            if place < len(old) and _name_of(old[place]) == names[place]:
                old[place] = _updated(old[place], value)
            else:
                old.insert(place, value)
        del old[len(new) :]
        return old
    return old if (Decimal(str(old)) if isinstance(old, float) else old) == new else new


def _name_of(entry: Any) -> object:
    """What an entry of a list is called, by which it is found again."""
    if isinstance(entry, dict | Part):
        name = value_at(entry, ("id",)) or value_at(entry, ("code",))
        return name or tuple(
            value_at(entry, (key,)) for key in ("title", "promotion", "signal", "competency")
        )
    return entry


class _Representer(RoundTripRepresenter):
    """Writes exact numbers plainly, lists as lists, and text in quotes where YAML would change it."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - ruamel's signature
        """Write a value out each time: a pack has no anchors."""
        return True

    def number(self, value: Decimal) -> ScalarNode:
        """An exact number, as a whole one where it is."""
        whole = value == value.to_integral_value()
        text = str(int(value)) if whole else f"{value.normalize():f}"
        return self.represent_scalar(f"tag:yaml.org,2002:{'int' if whole else 'float'}", text)

    def text(self, value: str) -> ScalarNode:
        """A text, in quotes where it needs them."""
        return self.represent_scalar(
            "tag:yaml.org,2002:str", value, style='"' if needs_quotes(value) else None
        )


_Representer.add_representer(Decimal, _Representer.number)
_Representer.add_representer(str, _Representer.text)
_Representer.add_representer(tuple, _Representer.represent_list)
