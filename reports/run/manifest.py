"""Which files a run wrote, and as what: what people touched since is theirs, and is never replaced."""

import hashlib
from collections.abc import Iterator, Sequence
from fnmatch import fnmatch
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from engine.phrases import few

MANIFEST = "files.json"
NOT_PEOPLES = (MANIFEST, "timings.json", ".DS_Store", "Thumbs.db", "desktop.ini")
"""Names of files that nobody works in: two of our own, and what file managers leave behind."""
OPEN_MARKS = ("~$", ".~lock.")
"""How the name begins of what Excel and LibreOffice leave beside a workbook while it is open."""
LOG = "decisions-log.jsonl"
"""The file of decisions, once there are some."""
NAMED = 5
"""Files that a message names."""

Kind = Literal["run", "simulation", "part"]


class Manifest(BaseModel):
    """`files.json`: every file as it was written."""

    model_config = ConfigDict(extra="forbid")

    format: Literal["promotion-readiness/files/1"]
    kind: Kind
    files: dict[str, str]
    """Path below the folder, with `/`, to SHA-256."""


def write_manifest(folder: Path, kind: Kind) -> None:
    """Write `files.json` of a folder that is whole; from then on nobody but its owner can read any of it."""
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o700 if path.is_dir() else 0o600)
    files = {name: sha256_of(folder / name) for name in _names(folder)}
    manifest = Manifest(format="promotion-readiness/files/1", kind=kind, files=files)
    (folder / MANIFEST).write_bytes(manifest.model_dump_json(indent=1).encode() + b"\n")
    (folder / MANIFEST).chmod(0o600)


def peoples_work(folder: Path, kind: Kind) -> str | None:
    """What would be lost if the folder were replaced, in words; None when it is as the program wrote it."""
    names = _names(folder)
    if LOG in names:
        return f"holds decisions of a calibration session ({LOG})"
    manifest = _read(folder)
    if manifest is None:
        return f"holds files that are not of a {kind}" if names else None
    if manifest.kind != kind:
        return f"holds a {manifest.kind}, which a {kind} does not replace"
    opened = [name for name in names if Path(name).name.startswith(OPEN_MARKS)]
    if opened:
        return f"is in use: a spreadsheet program has a file open ({few(opened, NAMED)}); close it"
    changed = [name for name in names if manifest.files.get(name) != sha256_of(folder / name)]
    return f"holds work that was done since in {few(changed, NAMED)}" if changed else None


def changed_files(folder: Path, patterns: Sequence[str]) -> str | None:
    """Which files that match one of the patterns are not as they were written, in words; None where all
    are."""
    known = written_files(folder)
    if not known:
        return f"{MANIFEST}, which says how it was written, is gone or changed"
    names = {*known, *(name for pattern in patterns for name in _names_below(folder, pattern))}
    meant = sorted(name for name in names if any(fnmatch(name, pattern) for pattern in patterns))
    changed = [name for name in meant if known.get(name) != sha256_of(folder / name)]
    return f"{few(changed, NAMED)} changed since, or gone" if changed else None


def kind_of(folder: Path) -> Kind | None:
    """What the folder was written as; None where that is not known."""
    manifest = _read(folder)
    return None if manifest is None else manifest.kind


def written_at(folder: Path) -> tuple[int, int] | None:
    """What tells the writing of a folder from every other one, also of the same run."""
    try:
        known = (folder / MANIFEST).stat()
    except OSError:
        return None
    return known.st_ino, known.st_mtime_ns


def written_files(folder: Path) -> dict[str, str]:
    """The files of a folder as they were written, to their SHA-256; none where that is not known."""
    manifest = _read(folder)
    return {} if manifest is None else manifest.files


def _read(folder: Path) -> Manifest | None:
    try:
        return Manifest.model_validate_json((folder / MANIFEST).read_bytes())
    except (OSError, ValidationError):
        return None


def _names(folder: Path) -> list[str]:
    """What is in the folder and may be somebody's, in alphabetical order; a link counts as a file."""
    return sorted(
        path.relative_to(folder).as_posix() for path in _entries(folder) if path.name not in NOT_PEOPLES
    )


def _names_below(folder: Path, pattern: str) -> list[str]:
    """What is where files that match a pattern may be; a run may hold thousands of others."""
    place, wild, _ = pattern.partition("*")
    inside = place.rpartition("/")[0]
    if not wild or not (folder / inside).is_dir():
        return []  # known to have been written, or nothing that is read
    return [f"{inside}/{name}" if inside else name for name in _names(folder / inside)]


def _entries(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            inside = list(_entries(path))
            yield from inside or [path] * (path.name not in NOT_PEOPLES)
        else:
            yield path


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file; empty of a link or a folder."""
    if path.is_symlink() or not path.is_file():
        return ""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
