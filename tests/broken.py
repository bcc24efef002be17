"""A small, sound pack, and packs that are broken in one place each."""

import shutil
from pathlib import Path
from typing import Any

import yaml

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
