"""JSON Schemas of a pack's files, by which an editor completes, explains and marks what is written."""

import ast
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

import rules.pack
from rules.loader import FILES, LENSES, OPTIONAL_FILES, PROMOTIONS
from rules.pack import Lens, Promotion, RulePack
from rules.yaml_writing import write_text

FOLDER = ".schema"
"""Where a pack of one's own keeps them; hidden, so that it is no file of the pack."""
LINE = "# yaml-language-server: $schema="
"""How a YAML file names its schema to editors."""
_DRAFT = "https://json-schema.org/draft/2020-12/schema"
Schema = dict[str, Any]


def schema_names() -> tuple[str, ...]:
    """The schemas that there are: one for each file, and one for each of the two folders."""
    files = (name.removesuffix(".yaml") for name in (*FILES, *OPTIONAL_FILES))
    return (*files, PROMOTIONS, LENSES)


def schema_of(name: str) -> Schema:
    """The JSON Schema of one of `schema_names`."""
    if name in (PROMOTIONS, LENSES):
        schema = _generated(Promotion if name == PROMOTIONS else Lens)
    else:
        keys = {**FILES, **OPTIONAL_FILES}[f"{name}.yaml"]
        whole = _generated(RulePack)
        needed = [key for key in keys if key in whole["required"]]
        properties = {key: whole["properties"][key] for key in keys}
        schema = {"type": "object", "properties": properties, "additionalProperties": False}
        schema |= {"required": needed, "$defs": _used(whole["$defs"], properties)}
    title = f"{name}.yaml of a rule pack" if name not in (PROMOTIONS, LENSES) else f"A file of {name}"
    return {"$schema": _DRAFT, "title": title, **{key: schema[key] for key in schema if key != "title"}}


def write_schemas(folder: Path) -> None:
    """Write the schemas into a pack's folder, and name each in the first line of its files."""
    (folder / FOLDER).mkdir(exist_ok=True)
    for name in schema_names():
        text = json.dumps(schema_of(name), indent=1, ensure_ascii=False)
        write_text(folder / FOLDER / f"{name}.json", f"{text}\n")
    for file in sorted(folder.rglob("*.yaml")):
        inside = file.relative_to(folder)
        name, up = (inside.parts[0], "../") if len(inside.parts) > 1 else (inside.stem, "")
        lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
        kept = [line for line in lines if not line.startswith(LINE)]
        write_text(file, "".join([f"{LINE}{up}{FOLDER}/{name}.json\n", *kept]))


class _Generator(GenerateJsonSchema):
    """Numbers as numbers: a pack never writes one as a text."""

    def decimal_schema(self, schema: core_schema.DecimalSchema) -> JsonSchemaValue:
        """An exact number with its limits."""
        limits = {"ge": "minimum", "gt": "exclusiveMinimum", "le": "maximum", "lt": "exclusiveMaximum"}
        found: JsonSchemaValue = {"type": "number"}
        found.update({name: float(str(value)) for key, value in schema.items() if (name := limits.get(key))})
        return found


@cache
def _generated(model: Any) -> Schema:
    schema = TypeAdapter(model).json_schema(by_alias=True, schema_generator=_Generator, mode="validation")
    described = dict(_field_texts())
    for name, part in ((model.__name__, schema), *schema.get("$defs", {}).items()):
        for key, field in part.get("properties", {}).items():
            if (text := described.get((name, key))) is not None:
                field.setdefault("description", text)
    return schema


def _field_texts() -> Iterator[tuple[tuple[str, str], str]]:
    """What stands below each field of a part in its class, by the name of both."""
    source = Path(rules.pack.__file__).read_text(encoding="utf-8")
    for part in (node for node in ast.parse(source).body if isinstance(node, ast.ClassDef)):
        for field, text in zip(part.body, part.body[1:], strict=False):
            if not isinstance(field, ast.AnnAssign) or not isinstance(field.target, ast.Name):
                continue
            if isinstance(text, ast.Expr) and isinstance(text.value, ast.Constant):
                yield (part.name, field.target.id), " ".join(str(text.value.value).split())


def _used(parts: Schema, root: Any) -> Schema:
    """The definitions that a schema refers to, themselves or through others."""
    waiting, used = [root], dict[str, Any]()
    while waiting:
        for name in _references(waiting.pop()):
            if name not in used:
                used[name] = parts[name]
                waiting.append(parts[name])
    return dict(sorted(used.items()))


def _references(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        if isinstance(schema.get("$ref"), str):
            yield schema["$ref"].rpartition("/")[2]
        for value in schema.values():
            yield from _references(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from _references(value)
