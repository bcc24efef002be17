"""JSON Schemas of a pack's files: published, true to what packs hold, and named by packs of one's own."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from rules import load_pack, pack_names
from rules.loader import SHIPPED
from rules.schema import schema_names, schema_of
from rules.yaml_reading import read_yaml
from tests.broken import BASE
from tests.command_line import succeeded

PUBLISHED = Path(__file__).parent.parent / "docs" / "schemas"


@pytest.mark.parametrize("name", schema_names())
def test_the_published_schema_is_what_the_program_says(name: str) -> None:
    assert json.loads((PUBLISHED / f"{name}.json").read_text(encoding="utf-8")) == schema_of(name)
    Draft202012Validator.check_schema(schema_of(name))


@pytest.mark.parametrize(
    "folder", [*(SHIPPED / name for name in pack_names()), BASE], ids=lambda one: one.name
)
def test_every_file_of_a_pack_is_valid(folder: Path) -> None:
    for file in folder.rglob("*.yaml"):
        inside = file.relative_to(folder)
        name = inside.parts[0] if len(inside.parts) > 1 else inside.stem
        wrong = list(
            Draft202012Validator(schema_of(name)).iter_errors(_plain(read_yaml(file, file.name).value))
        )
        assert [f"{file.name}: {error.json_path} {error.message}" for error in wrong] == []


def test_a_mistake_is_marked_and_a_key_explained() -> None:
    schema = schema_of("promotions")
    bar = schema["$defs"]["Signal"]["properties"]["bar"]
    assert bar["description"] == "Overrides the bar of its importance."
    assert schema["$defs"]["Signal"]["properties"]["importance"]["enum"] == ["core", "supporting"]
    read = _plain(read_yaml(BASE / "promotions" / "journeyman_to_master.yaml", "x").value)
    read["signals"][0]["importanse"] = "core"
    (error,) = Draft202012Validator(schema).iter_errors(read)
    assert "importanse" in error.message
    assert schema_of("pack")["$defs"]["EvidenceStandard"]["properties"]["stale_months"]["default"] == 12


def test_a_pack_of_ones_own_names_the_schema_of_each_file_and_is_read_all_the_same(tmp_path: Path) -> None:
    ours = tmp_path / "ours"
    arguments = ["pack", "new", "ours", "--from", "software_engineering", "--out", str(ours)]
    succeeded(*arguments)
    assert load_pack(ours).name == "ours"
    for file in ours.rglob("*.yaml"):
        first = file.read_text(encoding="utf-8").splitlines()[0]
        named = first.removeprefix("# yaml-language-server: $schema=")
        assert (file.parent / named).is_file(), first


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    return float(value) if isinstance(value, Decimal) else value


@pytest.mark.parametrize("name", pack_names())
def test_a_shipped_pack_names_the_published_schema_of_each_file(name: str) -> None:
    for file in (SHIPPED / name).rglob("*.yaml"):
        inside = file.relative_to(SHIPPED / name)
        schema = inside.parts[0] if len(inside.parts) > 1 else inside.stem
        first = file.read_text(encoding="utf-8").splitlines()[0]
        named = (file.parent / first.removeprefix("# yaml-language-server: $schema=")).resolve()
        assert named == PUBLISHED / f"{schema}.json", first
        assert named.is_file()
