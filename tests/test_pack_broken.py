"""Packs that are broken in one place each: `readiness pack check` finds every one."""

import filecmp
from pathlib import Path

import pytest

from tests.broken import BASE, FAULTS, write_broken_pack
from tests.command_line import call, succeeded


def test_the_base_of_the_broken_packs_is_sound() -> None:
    sound = succeeded("pack", "check", BASE)
    assert "is sound" in sound.output


@pytest.mark.parametrize("name", FAULTS)
def test_a_broken_pack_differs_from_the_base_in_one_file(name: str, tmp_path: Path) -> None:
    broken = write_broken_pack(name, tmp_path / name)
    files = [path.relative_to(BASE) for path in BASE.rglob("*.yaml")]
    differing = [str(file) for file in files if not filecmp.cmp(BASE / file, broken / file, False)]
    assert differing == [FAULTS[name]["file"]]


@pytest.mark.parametrize("name", FAULTS)
def test_a_broken_pack_is_reported_with_file_line_and_an_example(name: str, tmp_path: Path) -> None:
    fault = FAULTS[name]
    broken = write_broken_pack(name, tmp_path / name)
    result = call("pack", "check", broken)
    assert result.exit_code == 1
    place = f"{broken / fault.get('reported_in', fault['file'])}:{fault['line']}: "
    found = [line for line in result.stderr.splitlines() if place in line and fault["says"] in line]
    assert found, result.stderr
    assert ("; example: " in found[0]) == fault["example"]
