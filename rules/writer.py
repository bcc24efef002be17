"""A pack to the files of its folder."""

import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from rules.loader import FILES, LENSES, OPTIONAL_FILES, PROMOTIONS, SHIPPED, load_pack, pack_names
from rules.pack import PackError, RulePack

LINE_WIDTH = 108
_NAME = re.compile(r"[a-z][a-z0-9_]*")


def write_pack(pack: RulePack, folder: Path) -> None:
    """Write a pack as a folder that `load_pack` reads. Raises `PackError` when there is something already."""
    _refuse_existing(folder)
    plain = pack.model_dump(by_alias=True, exclude_defaults=True, exclude={"sha256"})
    (folder / PROMOTIONS).mkdir(parents=True)
    for name, keys in (*FILES.items(), *OPTIONAL_FILES.items()):
        chosen = {key: plain[key] for key in keys if key in plain}
        if chosen:
            _write(folder / name, chosen)
    for promotion in plain["promotions"]:
        _write(folder / PROMOTIONS / f"{promotion['id']}.yaml", promotion)
    for lens in plain.get("lenses", ()):
        (folder / LENSES).mkdir(exist_ok=True)
        _write(folder / LENSES / f"{lens['id']}.yaml", lens)


def copy_pack(source: str, name: str, folder: Path, title: str | None = None) -> None:
    """Begin a pack of one's own: the files of another, comments kept, under a new name and title.

    The title is the name in words unless it is given. Raises `PackError` when the name is not one, or there
    is something at the folder already.
    """
    if not _NAME.fullmatch(name):
        fitting = "_".join(re.findall(r"[a-z0-9]+", name.lower()))
        hint = f", such as {fitting}" if _NAME.fullmatch(fitting) else ""
        words = f"a pack's name is of small letters, digits and `_`, beginning with a letter{hint}"
        raise PackError(f"{name}: {words}")
    _refuse_existing(folder)
    load_pack(source)
    shown = title or name.replace("_", " ").capitalize()
    heads = {"name:": f"name: {name}", "title:": f"title: {json.dumps(shown, ensure_ascii=False)}"}
    origin = SHIPPED / source if source in pack_names() else Path(source)
    for file in sorted(origin.rglob("*.yaml")):
        copy = folder / file.relative_to(origin)
        copy.parent.mkdir(parents=True, exist_ok=True)
        text = file.read_text(encoding="utf-8")
        if file.relative_to(origin) == Path("pack.yaml"):
            lines = [heads.get(line.partition(" ")[0], line) for line in text.splitlines()]
            text = "\n".join(lines) + "\n"
        copy.write_text(text, encoding="utf-8")


def write_examples(pack: RulePack, folder: Path) -> None:
    """Write a pack's worked examples into its folder, in place of those that are there."""
    plain = pack.model_dump(by_alias=True, exclude_defaults=True)
    _write(folder / "examples.yaml", {"examples": plain.get("examples", ())})


def _refuse_existing(folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise PackError(f"{folder}: there is something here already; give the name of a new folder")


def _write(file: Path, value: Any) -> None:
    text = yaml.dump(
        value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=LINE_WIDTH, default_flow_style=False
    )
    file.write_text(text, encoding="utf-8")


class _Dumper(yaml.SafeDumper):
    """Writes exact numbers plainly, and every list below its key."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - PyYAML's signature
        """Write a value out each time: a pack has no anchors."""
        return True

    def number(self, value: Decimal) -> yaml.Node:
        """An exact number, as a whole one where it is."""
        whole = value == value.to_integral_value()
        if whole:
            return self.represent_scalar("tag:yaml.org,2002:int", str(int(value)))
        return self.represent_scalar("tag:yaml.org,2002:float", f"{value.normalize():f}")


_Dumper.add_representer(Decimal, _Dumper.number)
_Dumper.add_representer(tuple, _Dumper.represent_list)
