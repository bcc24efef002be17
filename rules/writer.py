"""A pack to the files of its folder."""

import re
from collections.abc import Sequence
from pathlib import Path
from shutil import copyfile

from rules.loader import FILES, LENSES, OPTIONAL_FILES, PROMOTIONS, folder_of, load_pack
from rules.pack import Example, PackError, RulePack
from rules.paths import replaced
from rules.yaml_reading import read_yaml
from rules.yaml_writing import write_yaml, yaml_of

_NAME = re.compile(r"[a-z][a-z0-9_]*")


def write_pack(pack: RulePack, folder: Path, like: str | None = None) -> None:
    """Write a pack as a folder that `load_pack` reads.

    Where the pack `like`, by name or folder, holds the same, its comments and layout are kept. Raises
    `PackError` when the folder is not empty, or `like` is not a pack.
    """
    require_new(folder)
    before = folder_of(like) if like else None
    needed = {key for keys in FILES.values() for key in keys} - {"undecided"}
    files: dict[str, object] = {
        name: {key: getattr(pack, key) for key in keys if getattr(pack, key) or key in needed}
        for name, keys in {**FILES, **OPTIONAL_FILES}.items()
    }
    files |= {f"{PROMOTIONS}/{one.id}.yaml": one for one in pack.promotions}
    files |= {f"{LENSES}/{one.id}.yaml": one for one in pack.lenses}
    for name, value in files.items():
        if value:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            write_yaml(folder / name, value, before and before / name)


def copy_pack(source: str, name: str, folder: Path, title: str | None = None) -> None:
    """Begin a pack of your own: the files of another, comments and all, under a new name and title.

    Without a title, it is the name in words. Raises `PackError` for a name that does not fit, or when the
    folder is not empty.
    """
    checked_name(name)
    require_new(folder)
    load_pack(source)
    before = folder_of(source)
    for file in sorted(before.rglob("*.yaml")):
        copy = folder / file.relative_to(before)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copyfile(file, copy)
    shown = title or in_words(name)
    file = folder / "pack.yaml"
    values = replaced(read_yaml(file, file.name).value, ("name",), name)
    write_yaml(file, replaced(values, ("title",), shown), file)


def in_words(name: str) -> str:
    """What reports call a pack of this name: `our_ladder` as `Our ladder`."""
    return name.replace("_", " ").capitalize()


def checked_name(name: str) -> str:
    """The name, where it can be one of a pack. Raises `PackError`, with one that can."""
    if _NAME.fullmatch(name):
        return name
    fitting = "_".join(re.findall(r"[a-z0-9]+", name.lower()))
    hint = f", such as {fitting}" if _NAME.fullmatch(fitting) else ""
    words = f"a pack's name has small letters, digits and `_`, and begins with a letter{hint}"
    raise PackError(f"{name}: {words}")


def write_examples(pack: RulePack, folder: Path) -> None:
    """Write a pack's worked examples into its folder, in place of those that are there."""
    file = folder / "examples.yaml"
    write_yaml(file, {"examples": pack.examples}, file)


def examples_text(examples: Sequence[Example]) -> str:
    """Worked examples as `examples.yaml` holds them."""
    return yaml_of({"examples": examples})


def require_new(folder: Path) -> None:
    """Raise `PackError` when there is something in the folder."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise PackError(f"{folder}: exists and is not empty; give the name of a new folder")
