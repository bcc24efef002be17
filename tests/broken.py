"""A small, sound pack, and packs that are broken in one place each."""

import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from rules import PackError, load_pack

_FOLDER = Path(__file__).parent / "broken_packs"
BASE = _FOLDER / "base"
FAULTS: dict[str, Any] = yaml.safe_load((_FOLDER / "faults.yaml").read_text(encoding="utf-8"))["broken"]


def write_broken_pack(name: str, folder: Path) -> Path:
    """Write `BASE` into a new folder with one of the `FAULTS`."""
    fault = FAULTS[name]
    shutil.copytree(BASE, folder)
    text = (BASE / fault["file"]).read_text(encoding="utf-8")
    assert text.count(fault["replace"]) == 1
    changed = text.replace(fault["replace"], fault["by"])
    (folder / fault["file"]).write_text(changed, encoding="utf-8")
    return folder


def break_file(folder: Path, file: str, old: str, new: str) -> int:
    """Break a file of a pack in one place; the line on which it was broken."""
    path = folder / file
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    return text[: text.index(old)].count("\n") + 1


def problems_of(folder: Path) -> list[str]:
    """What is said of a pack that is refused."""
    with pytest.raises(PackError) as refusal:
        load_pack(folder)
    return [str(problem) for problem in refusal.value.args]
