"""YAML files to plain values that keep their lines; what YAML would silently change is refused in words.

PyYAML reads YAML 1.1, in which `no` is a truth value, `1:30` is ninety and `010` is eight, the later of two
equal keys wins, and numbers become binary floats. Here a plain scalar is text, a whole number, an exact
decimal number, `true` or `false`, or it is refused.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import yaml

from rules.paths import KeyPath, Place

try:
    from yaml import CSafeLoader as SafeLoader
except ImportError:
    from yaml import SafeLoader  # type: ignore[assignment]


@dataclass
class YamlFile:
    """One file as plain values: dicts, tuples, text, `int`, `Decimal`, `bool`."""

    value: object = None
    places: dict[KeyPath, Place] = field(default_factory=dict)
    problems: list[tuple[Place, str]] = field(default_factory=list)


def read_yaml(file: Path, label: str) -> YamlFile:
    """Read one file; `label` is what places call it. Problems are collected, not raised."""
    result = YamlFile()
    try:
        node = yaml.compose(file.read_text(encoding="utf-8"), SafeLoader)
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        result.problems.append((Place(label, line), "is not UTF-8 text; save the file as UTF-8"))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        result.problems.append((Place(label, line), _syntax_words(error)))
    except yaml.reader.ReaderError as error:
        text = f"holds a character that YAML does not allow ({error.reason}); remove it"
        result.problems.append((Place(label, 1), text))
    else:
        if node is None:
            result.problems.append((Place(label, 1), "is empty"))
        else:
            _Builder(label, result).build_file(node)
    return result


def _syntax_words(error: yaml.MarkedYAMLError) -> str:
    problem = (error.problem or "cannot be read").removesuffix(" here")
    context = f" {error.context}" if error.context else ""
    return (
        f"is not YAML: {problem}{context}; check the indentation (spaces, not tabs), "
        "and put text that holds `: ` or ` #`, or begins with a special character, in quotes"
    )


class _Builder:
    """One file's nodes to values; each node is taken once, so an alias is seen as the second visit."""

    def __init__(self, label: str, result: YamlFile) -> None:
        self._label = label
        self._result = result
        self._seen: set[int] = set()

    def build_file(self, node: yaml.Node) -> None:
        self._result.value = self._build(node, ())

    def _build(self, node: yaml.Node, path: KeyPath) -> object:
        self._result.places[path] = self._place(node)
        if id(node) in self._seen:
            self._refuse(node, "an anchor is used twice; write the value out where it is needed")
            return None
        self._seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            if node.tag != "tag:yaml.org,2002:seq":
                self._refuse(node, f"the tag {node.tag} is not known here; leave it out")
            return tuple(self._build(child, (*path, place)) for place, child in enumerate(node.value))
        return self._scalar(node)

    def _mapping(self, node: yaml.MappingNode, path: KeyPath) -> dict[str, object]:
        values: dict[str, object] = {}
        for place, key, child in self._entries(node):
            if key in values:
                first = self._result.places[(*path, key)].line
                self._refuse(
                    child, f"the key `{key}` stands here a second time; the first is on line {first}"
                )
                continue
            values[key] = self._build(child, (*path, key))
            # A value may begin on the line after its key; the key is what a person looks for.
            self._result.places[(*path, key)] = place
        return values

    def _entries(self, node: yaml.MappingNode) -> Iterator[tuple[Place, str, yaml.Node]]:
        if node.tag != "tag:yaml.org,2002:map":
            self._refuse(node, f"the tag {node.tag} is not known here; leave it out")
        for key, child in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self._refuse(key, "a key must be a word")
            elif key.tag != "tag:yaml.org,2002:str":
                self._refuse(key, f'YAML does not read the key `{key.value}` as text; write `"{key.value}"`')
            else:
                yield self._place(key), key.value, child

    def _scalar(self, node: yaml.Node) -> object:
        kind = node.tag.removeprefix("tag:yaml.org,2002:")
        text: str = node.value
        if kind == "str":
            return text
        if kind == "int" and re.fullmatch(r"-?(0|[1-9]\d*)", text):
            return int(text)
        if kind == "float" and re.fullmatch(r"-?(0|[1-9]\d*)\.\d+", text):
            return Decimal(text)
        if kind == "bool" and text in ("true", "false"):
            return text == "true"
        words = _TRAPS.get(kind, "the tag {tag} is not known here; leave it out")
        self._refuse(node, words.format(text=text, tag=node.tag))
        return text

    def _place(self, node: yaml.Node) -> Place:
        return Place(self._label, node.start_mark.line + 1)

    def _refuse(self, node: yaml.Node, text: str) -> None:
        self._result.problems.append((self._place(node), text))


_TRAPS = {
    "null": "there is no value; write one, or leave the key out",
    "bool": "YAML reads the word `{text}` as true or false; write it in quotes if text is meant, "
    "or `true` or `false`",
    "int": "YAML reads `{text}` as another number than it seems; write a plain number such as `90`, "
    'or "{text}" in quotes if text is meant',
    "float": "`{text}` is not a plain number; write it like `0.5`, or in quotes if text is meant",
    "timestamp": 'YAML reads `{text}` as a date; write it in quotes: "{text}"',
    "merge": "`<<` is not used here; write the keys out",
    "value": "`=` is not used here; write it in quotes if text is meant",
}
