"""A folder of packs that are broken in one place each: `readiness pack check` finds every one."""

import filecmp
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from readiness.cli import main

FOLDER = Path(__file__).parent / "broken_packs"
EXPECTED = yaml.safe_load((FOLDER / "expected.yaml").read_text())["broken"]


def test_every_broken_pack_is_expected_and_the_base_is_sound() -> None:
    folders = {folder.name for folder in FOLDER.iterdir() if folder.is_dir()}
    assert folders == {*EXPECTED, "base"}
    sound = CliRunner().invoke(main, ["pack", "check", str(FOLDER / "base")])
    assert sound.exit_code == 0
    assert "are sound" in sound.output


@pytest.mark.parametrize("name", EXPECTED)
def test_a_broken_pack_differs_from_the_base_in_one_file(name: str) -> None:
    files = [path.relative_to(FOLDER / "base") for path in (FOLDER / "base").rglob("*.yaml")]
    differing = [
        str(file) for file in files if not filecmp.cmp(FOLDER / "base" / file, FOLDER / name / file, False)
    ]
    assert differing == [EXPECTED[name]["file"]]


@pytest.mark.parametrize("name", EXPECTED)
def test_a_broken_pack_is_reported_with_file_line_and_an_example(name: str) -> None:
    expected = EXPECTED[name]
    result = CliRunner().invoke(main, ["pack", "check", str(FOLDER / name)])
    assert result.exit_code == 1
    place = f"{FOLDER / name / expected['file']}:{expected['line']}: "
    found = [line for line in result.stderr.splitlines() if place in line and expected["says"] in line]
    assert found, result.stderr
    assert ("; example: " in found[0]) == expected["example"]
