"""A pack's folder to a checked `RulePack`: every problem at once, each with file and line."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from rules.cross_references import unknown_words, wrong_references
from rules.pack import PackError, RulePack
from rules.partial_checks import further_problems
from rules.paths import EACH, KeyPath, Place, paths_of, place_of, value_at
from rules.spelling import closest
from rules.value_errors import listed, path_of, unknown_key, words_of
from rules.yaml_reading import YamlFile, read_yaml

SHIPPED = Path(__file__).parent / "packs"

FILES: dict[str, tuple[str, ...]] = {
    "pack.yaml": (
        *("name", "version", "title", "about", "undecided", "scale", "standard", "bands"),
        *("cannot_tell", "confidences", "statuses", "agreements"),
    ),
    "sources.yaml": ("sources",),
    "ladder.yaml": ("levels",),
    "competencies.yaml": ("competencies",),
    "findings.yaml": ("findings",),
    "rules.yaml": ("rules",),
}
"""The files of a pack and the keys of each; the folder `promotions` has one file for each promotion."""
OPTIONAL_FILES: dict[str, tuple[str, ...]] = {
    "facts.yaml": ("facts",),
    "actions.yaml": ("actions",),
    "specialisations.yaml": ("specialisations",),
    "questions.yaml": ("questions",),
    "examples.yaml": ("examples",),
}
PROMOTIONS = "promotions"
LENSES = "lenses"
"""An optional folder with one file for each lens, in the order of their ids."""


@dataclass(frozen=True)
class LoadedPack:
    """A pack with the file and line of each of its values."""

    pack: RulePack
    places: Mapping[KeyPath, Place]
    """By the path of the value in `RulePack`."""
    remarks: tuple[str, ...] = ()
    """What was not read and is no mistake: sentences."""

    def place_of(self, name: str, promotion: str | None = None) -> Place:
        """Where the rule of this code, or the part of this id, begins: that of the promotion, if any."""
        names = (("code",), ("id",))
        found = [path for path in self.places if path[-1:] in names and value_at(self.pack, path) == name]
        ids = [one.id for one in self.pack.promotions]
        inside = ("promotions", ids.index(promotion)) if promotion in ids else ()
        found.sort(key=lambda path: path[: len(inside)] != inside)
        return self.places[found[0]] if found else self.places[()]


@dataclass(frozen=True)
class Contents:
    """A pack as plain values, before it is checked."""

    values: dict[str, Any]
    places: dict[KeyPath, Place]
    problems: list[tuple[Place, str]]
    unreadable: set[Place] = field(default_factory=set)
    """Where YAML could not be read as meant; nothing more is said about such a value."""


def pack_names() -> tuple[str, ...]:
    """The names of the packs that are shipped."""
    return tuple(sorted(folder.name for folder in SHIPPED.iterdir() if (folder / "pack.yaml").is_file()))


def load_pack(name_or_folder: str | Path) -> RulePack:
    """Load a shipped pack by name, or any pack by folder.

    Raises `PackError` with every problem found, each with file, line and what would be right.
    """
    return load_with_places(name_or_folder).pack


def load_with_places(name_or_folder: str | Path) -> LoadedPack:
    """Load a pack together with the file and line of each of its values. Raises as `load_pack`."""
    folder = folder_of(name_or_folder)
    names = tuple(sorted(file.relative_to(folder).as_posix() for file in folder.rglob("*")))
    return _load(folder, str(name_or_folder), names, _fingerprint(folder))


@lru_cache(8)
def _load(folder: Path, label: str, _names: tuple[str, ...], fingerprint: str) -> LoadedPack:
    """A pack is read once, as long as no file of its folder changes, comes or goes."""
    contents = _read(folder, label)
    return LoadedPack(check_contents(contents, fingerprint), contents.places)


def check_contents(contents: Contents, fingerprint: str | None = None) -> RulePack:
    """Plain values as a checked pack. Raises `PackError` with every problem, each with its place."""
    values, places, unreadable = contents.values, contents.places, contents.unreadable
    digest = fingerprint or sha256(repr(values).encode()).hexdigest()
    problems, pack = list(contents.problems), None
    try:
        pack = RulePack.model_validate({**values, "sha256": digest})
    except ValidationError as error:
        for detail in error.errors():
            path = path_of(detail)
            if place_of(places, path) not in unreadable:
                problems.append((place_of(places, path), f"{_in_words(values, path)}: {words_of(detail)}"))
    if problems or pack is None:
        problems += further_problems(values, places, unreadable)
    else:
        problems += wrong_references(pack, places)
    if problems or pack is None:
        raise PackError(*_in_order(problems))
    return pack


def require_known(pack: RulePack, label: str) -> None:
    """Raises `PackError` where a checked pack, kept as `label`, uses facts or placeholders that are not known
    any more: an earlier version of the program may have kept it."""
    if problems := list(unknown_words(pack, Place(label, 1))):
        raise PackError(*_in_order(problems))


def folder_of(name_or_folder: str | Path) -> Path:
    """The folder of a shipped pack, or the folder itself. Raises `PackError` if it is neither."""
    written = str(name_or_folder)
    if written in pack_names():
        return SHIPPED / written
    folder = Path(name_or_folder)
    if (folder / "pack.yaml").is_file():
        return folder
    if folder.is_dir():
        raise PackError(f"{written}: this folder is not a rule pack: it has no file pack.yaml")
    if folder.is_file():
        raise PackError(
            f"{written}: this is a file, and a rule pack is a folder; make one of a company's matrix with "
            "`readiness pack new --from-matrix`, or of an exported pack with `readiness pack import`"
        )
    known = ", ".join(pack_names())
    raise PackError(
        f"{written}: there is no rule pack of this name or folder; shipped packs are {known}"
        f"{closest(written, pack_names())}"
    )


def _read(folder: Path, label: str) -> Contents:
    contents = Contents({}, {(): Place(f"{label}/pack.yaml", 1)}, list(_unknown_files(folder, label)))
    for name, keys in FILES.items():
        _read_keys(contents, folder / name, f"{label}/{name}", keys)
    for name, keys in OPTIONAL_FILES.items():
        file = folder / name
        # A shell makes an empty one before `pack test --generate > examples.yaml` begins.
        if file.exists() and file.stat().st_size:
            _read_keys(contents, file, f"{label}/{name}", keys)
    levels = [value_at(contents.values, path) for path in paths_of(contents.values, ("levels", EACH, "id"))]
    label_of = {name: f"{label}/{name}" for name in (PROMOTIONS, LENSES)}
    _read_folder(contents, folder / PROMOTIONS, label_of[PROMOTIONS], lambda one: _steps(one, levels))
    if not contents.values[PROMOTIONS]:
        words = "a pack needs at least one promotion, each in a file of its own in this folder"
        contents.problems.append((Place(label_of[PROMOTIONS], 1), words))
    if (folder / LENSES).exists():
        _read_folder(contents, folder / LENSES, label_of[LENSES], lambda one: str(value_at(one, ("id",))))
    return contents


def _unknown_files(folder: Path, label: str) -> Iterator[tuple[Place, str]]:
    names = {*FILES, *OPTIONAL_FILES, PROMOTIONS, LENSES}
    allowed = (
        f"a pack's folder holds {', '.join(FILES)}, perhaps {', '.join(OPTIONAL_FILES)}, "
        f"the folder {PROMOTIONS} and perhaps the folder {LENSES}"
    )
    for file in sorted(folder.iterdir()):
        if file.name not in names and not file.name.startswith("."):
            yield Place(f"{label}/{file.name}", 1), f"is not a file of a pack; {allowed}"


def _read_keys(contents: Contents, file: Path, label: str, keys: tuple[str, ...]) -> None:
    """Take one file's keys into the contents."""
    contents.places.update({(key,): Place(label, 1) for key in keys})
    if not file.is_file():
        contents.unreadable.add(Place(label, 1))
        contents.problems.append((Place(label, 1), f"the file is missing; it holds {listed(keys)}"))
        return
    read = read_yaml(file, label)
    _take_problems(contents, read)
    if not isinstance(read.value, dict):
        contents.unreadable.add(Place(label, 1))
        if not read.problems:
            contents.problems.append((Place(label, 1), f"must have the keys {listed(keys)}"))
        return
    contents.places.update({path: place for path, place in read.places.items() if path})
    for key, value in read.value.items():
        if key in keys:
            contents.values[key] = value
        else:
            contents.problems.append((read.places[(key,)], unknown_key(key, keys)))


def _read_folder(contents: Contents, folder: Path, label: str, order: Callable[[object], Any]) -> None:
    """Take every file of a folder into the contents, sorted by what is in it."""
    kind = folder.name
    contents.places[(kind,)] = Place(label, 1)
    read = []
    for file in sorted(folder.iterdir()) if folder.is_dir() else ():
        if file.suffix == ".yaml":
            read.append(read_yaml(file, f"{label}/{file.name}"))
        elif not file.name.startswith("."):
            words = f"does not belong here; the files of {kind} have names that end in .yaml"
            contents.problems.append((Place(f"{label}/{file.name}", 1), words))
    read.sort(key=lambda one: order(one.value))
    contents.values[kind] = tuple(one.value for one in read)
    for number, one in enumerate(read):
        _take_problems(contents, one)
        if one.value is None:
            contents.places[(kind, number)] = one.problems[0][0]
        contents.places.update({(kind, number, *path): at for path, at in one.places.items()})


def _take_problems(contents: Contents, read: YamlFile) -> None:
    contents.problems.extend(read.problems)
    contents.unreadable.update(place for place, _ in read.problems)


def _steps(promotion: object, levels: list[object]) -> tuple[int, int]:
    """From which to which step of the ladder a promotion leads; unknown levels come last."""
    ends = (value_at(promotion, (end,)) for end in ("from", "to"))
    start, end = (levels.index(level) if level in levels else len(levels) for level in ends)
    return start, end


def _in_words(values: object, path: KeyPath) -> str:
    """A path as a person would say it: `signals, no. 2 (`speaks_up`), bar`."""
    steps: list[str] = []
    for key in path:
        values = value_at(values, (key,))
        if isinstance(key, str):
            steps.append(key)
            continue
        name = value_at(values, ("id",)) or value_at(values, ("code",))
        steps.append(f"no. {key + 1} (`{name}`)" if name else f"no. {key + 1}")
    return ", ".join(steps)


def _in_order(problems: Iterable[tuple[Place, str]]) -> list[str]:
    unique = sorted(set(problems), key=lambda problem: (problem[0].file, problem[0].line, problem[1]))
    return [f"{place}: {text}" for place, text in unique]


def _fingerprint(folder: Path) -> str:
    """SHA-256 over the names and contents of the pack's files."""
    digest = sha256()
    for file in sorted(folder.rglob("*.yaml")):
        digest.update(f"{file.relative_to(folder).as_posix()}\0{file.stat().st_size}\0".encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()
