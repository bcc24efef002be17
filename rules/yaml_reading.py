"""YAML files to plain values that keep their lines; what YAML would silently change is refused in words.

PyYAML reads YAML 1.1, in which `no` is a truth value, `1:30` is ninety and `010` is eight, the later of two
equal keys wins, and numbers become binary floats. Here a plain scalar is text, a whole number, an exact
decimal number, `true` or `false`, or it is refused.

Values are built from the parser's events. Composing nodes first would take longer, and would end the process
where a hostile file is nested deeply enough.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from rules.paths import KeyPath, Place

try:
    from yaml import CSafeLoader as SafeLoader
except ImportError:
    from yaml import SafeLoader  # type: ignore[assignment]

DEEPEST = 30
"""Levels that groups and lists may be nested; a pack has about eight."""


@dataclass
class YamlFile:
    """One file as plain values: dicts, tuples, text, `int`, `Decimal`, `bool`."""

    value: object = None
    places: dict[KeyPath, Place] = field(default_factory=dict)
    problems: list[tuple[Place, str]] = field(default_factory=list)


def read_yaml(file: Path, label: str) -> YamlFile:
    """Read one file; `label` is what places call it. Problems are collected, not raised."""
    line, words = 1, "is empty"
    content = file.read_bytes()
    try:
        read = _Builder(label, content.decode("utf-8")).build()
        if read is not None:
            return read
    except UnicodeDecodeError as error:
        line, words = content.count(b"\n", 0, error.start) + 1, "is not UTF-8 text; save the file as UTF-8"
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, words = mark.line + 1 if mark else 1, _syntax_words(error)
    except yaml.reader.ReaderError as error:
        words = f"holds a character that YAML does not allow ({error.reason}); remove it"
    return YamlFile(problems=[(Place(label, line), words)])


def needs_quotes(text: str) -> bool:
    """Whether YAML takes a text without quotes for something else, such as a truth value or a date."""
    return _kind_of(text) != "str"


def _syntax_words(error: yaml.MarkedYAMLError) -> str:
    # The parser stops at a depth of its own, far beyond ours, where it looks so far ahead.
    if isinstance(error, _TooDeepError) or "nesting depth" in (error.problem or ""):
        return f"is nested more than {DEEPEST} levels deep; a pack never is"
    problem = ", ".join(part for part in (error.context, error.problem) if part)
    return (
        f"is not YAML: {problem or 'cannot be read'}; check the indentation (spaces, not tabs), "
        "and put text that holds `: ` or ` #`, or begins with a special character, in quotes"
    )


def _kind_of(text: str) -> str:
    """What YAML takes a text without quotes for: `str`, `int`, `bool` ..."""
    return str(_RESOLVER.resolve(yaml.ScalarNode, text, (True, False))).removeprefix(_STANDARD)  # type: ignore[no-untyped-call]


_RESOLVER = yaml.resolver.Resolver()
_STANDARD = "tag:yaml.org,2002:"


class _TooDeepError(yaml.MarkedYAMLError):
    """The file is nested more deeply than a pack can be."""


def _not_too_deep(events: Iterator[Any]) -> Iterator[Any]:
    """The events, up to one that is nested too deeply: time grows with the square of the depth."""
    depth = 0
    for event in events:
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > DEEPEST:
            raise _TooDeepError(problem_mark=event.start_mark)
        yield event


class _Builder:
    """The events of one file to its values."""

    def __init__(self, label: str, text: str) -> None:
        self._label = label
        self._events = _not_too_deep(yaml.parse(text, SafeLoader))
        self._read = YamlFile()

    def build(self) -> YamlFile | None:
        """The file's values; None where it holds nothing."""
        next(self._events)
        if isinstance(next(self._events), yaml.StreamEndEvent):
            return None
        self._read.value = self._value(next(self._events), ())
        next(self._events)
        after = next(self._events)
        if not isinstance(after, yaml.StreamEndEvent):
            self._refuse(after, "a second document begins here; write each file as one, without `---`")
        return self._read

    def _value(self, event: Any, path: KeyPath) -> object:
        self._read.places[path] = self._place(event)
        if isinstance(event, yaml.AliasEvent):
            self._refuse(event, f"the alias `*{event.anchor}` is not used here; write the value out")
            return None
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event)
        if event.tag not in (*_NO_TAG, _STANDARD + _COLLECTIONS[type(event)]):
            self._refuse(event, _UNKNOWN_TAG.format(tag=event.tag))
        return (self._mapping if isinstance(event, yaml.MappingStartEvent) else self._list)(path)

    def _list(self, path: KeyPath) -> tuple[object, ...]:
        entries: list[object] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            entries.append(self._value(event, (*path, len(entries))))
        return tuple(entries)

    def _mapping(self, path: KeyPath) -> dict[str, object]:
        values: dict[str, object] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            key = self._key(event)
            child = next(self._events)
            if key is None:
                self._skip(child)
            elif key in values:
                first = self._read.places[(*path, key)].line
                self._refuse(event, f"the key `{key}` is given a second time; the first is on line {first}")
                self._skip(child)
            else:
                values[key] = self._value(child, (*path, key))
                # A value may begin on the line after its key; the key is what a person looks for.
                self._read.places[(*path, key)] = self._place(event)
        return values

    def _key(self, event: Any) -> str | None:
        if not isinstance(event, yaml.ScalarEvent):
            self._refuse(event, "a key must be a word")
            self._skip(event)
            return None
        key: str = event.value
        if self._kind(event) != "str":
            self._refuse(event, f'YAML does not read the key `{key}` as text; write `"{key}"`')
            return None
        return key

    def _scalar(self, event: Any) -> object:
        text: str = event.value
        kind = self._kind(event)
        if kind == "str":
            return text
        if kind == "int" and re.fullmatch(r"-?(0|[1-9]\d*)", text):
            return int(text)
        if kind == "float" and re.fullmatch(r"-?(0|[1-9]\d*)\.\d+", text):
            return Decimal(text)
        if kind == "bool" and text in ("true", "false"):
            return text == "true"
        self._refuse(event, _TRAPS.get(kind, _UNKNOWN_TAG).format(text=text, tag=event.tag))
        return text

    def _kind(self, event: Any) -> str:
        if event.tag in _NO_TAG:
            return _kind_of(event.value) if event.implicit[0] else "str"
        return str(event.tag).removeprefix(_STANDARD)

    def _skip(self, event: Any) -> None:
        """Pass over a value whose first event has been taken."""
        if isinstance(event, yaml.CollectionStartEvent):
            while not isinstance(inner := next(self._events), yaml.CollectionEndEvent):
                self._skip(inner)

    def _place(self, event: Any) -> Place:
        return Place(self._label, event.start_mark.line + 1)

    def _refuse(self, event: Any, text: str) -> None:
        self._read.problems.append((self._place(event), text))


_NO_TAG = (None, "!")
_COLLECTIONS: dict[type, str] = {yaml.MappingStartEvent: "map", yaml.SequenceStartEvent: "seq"}
_UNKNOWN_TAG = "the tag {tag} is not known here; leave it out"
_TRAPS = {
    "null": "there is no value; write one, or leave the key out",
    "bool": "YAML reads the word `{text}` as true or false; write it in quotes if text is meant, "
    "or `true` or `false`",
    "int": "YAML does not read `{text}` as the number that it looks like; write a plain number such as "
    '`90`, or "{text}" in quotes if text is meant',
    "float": "`{text}` is not a plain number; write it like `0.5`, or in quotes if text is meant",
    "timestamp": 'YAML reads `{text}` as a date; write it in quotes: "{text}"',
    "merge": "`<<` is not used here; write the keys out",
    "value": "`=` is not used here; write it in quotes if text is meant",
}
