"""Values of the wrong kind, in words: what is wrong with each, and what would be right."""

from collections.abc import Iterable

from pydantic_core import ErrorDetails

from rules.paths import KeyPath, keys_at
from rules.spelling import closest


def path_of(detail: ErrorDetails) -> KeyPath:
    """Where the value is."""
    return tuple(key for key in detail["loc"] if key != "[key]")


def words_of(detail: ErrorDetails) -> str:
    """What is wrong and what would be right, for one error of pydantic's."""
    kind, context = detail["type"], detail.get("ctx", {})
    if kind == "extra_forbidden":
        return unknown_key(str(detail["loc"][-1]), keys_at(detail["loc"][:-1]))
    template = _WORDS.get(kind)
    if template is None:
        return str(detail["msg"])
    limits = ("expected", "pattern", "gt", "ge", "le", "lt", "min_length", "class")
    limit = next((context[name] for name in limits if name in context), "")
    return template.format(value=_shown(detail["input"]), limit=_SHAPES.get(str(limit), limit))


_WORDS = {
    "missing": "is missing",
    "string_type": "{value} is not text; write it in quotes",
    "string_too_short": "is empty; a text is needed",
    "string_pattern_mismatch": "{value} is not a name of the right shape; {limit}",
    "literal_error": "{value} is not allowed; write {limit}",
    "is_instance_of": "{value} is not a number; write a number such as `3` or `0.5`, without quotes",
    "int_type": "{value} is not a whole number; write one such as `6`, without quotes",
    "bool_type": "{value} is neither true nor false; write `true` or `false`",
    "greater_than": "{value} is too small; it must be above {limit}",
    "greater_than_equal": "{value} is too small; it must be {limit} or more",
    "decimals": "{value} has more than four decimals, and comparisons would not stay exact; round it",
    "less_than_equal": "{value} is too large; it must be {limit} or less",
    "too_short": "has too few entries; at least {limit} is needed",
    "tuple_type": "{value} is not a list; begin each entry on a line of its own with `- `",
    "mapping_type": "{value} is not a group of keys with values",
    "model_type": "{value} is not a group of keys with values",
    "dict_type": "{value} is not a group of keys with values",
}
_SHAPES = {
    r"^[a-z][a-z0-9_]*$": "use small letters, digits and `_`, beginning with a letter",
    r"^[A-Z][A-Z0-9]*(-[A-Z0-9]+)+$": "use capitals and digits in parts joined by `-`, such as `PM-R01`",
}


def _shown(value: object) -> str:
    if isinstance(value, dict):
        return "a group of keys"
    if isinstance(value, tuple):
        return "a list"
    return f"`{value}`"


def unknown_key(key: str, allowed: Iterable[str]) -> str:
    """What is wrong with a key that is not allowed, and what is."""
    known = sorted(allowed)
    return f"the key `{key}` is not known here; allowed are {listed(known)}{closest(key, known)}"


def listed(names: Iterable[str]) -> str:
    """Names in backquotes, with commas between them."""
    return ", ".join(f"`{name}`" for name in names)
