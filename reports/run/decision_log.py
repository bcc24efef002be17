"""The decision log of a run, read from its folder, and how it ends, which is kept apart from it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from engine.phrases import join
from engine.session import LogEnd, LogLine, parse_log
from inputs import InputError
from reports.run.manifest import LOG, sha256_of, written_files
from reports.run.replacing import changing, require_settled

SEAL_FILE = "decisions-seal.json"
MADE = ("decisions.csv", "decisions.parquet", "hr-decisions.csv", SEAL_FILE)
"""Files that are there only when decisions were made final."""


@dataclass(frozen=True)
class Seal:
    """`decisions-seal.json`: how the log ends, and the files that were made of it."""

    log: LogEnd
    files: Mapping[str, str]
    """Name to SHA-256."""
    followed: int
    """Lines of the log that these files were made of: fewer than it has while a session goes on in a
    browser, where only the log is written with each decision."""


SEAL = TypeAdapter(Seal)


def read_log(folder: Path) -> tuple[LogLine, ...]:
    """The decision log of a run; empty when nothing was decided. Raises `InputError` when it was altered."""
    while True:
        require_settled(folder)
        before = _stamp(folder)
        try:
            return _read(folder)
        except InputError:
            if _stamp(folder) == before:  # else somebody made decisions final at this very moment
                raise


def _stamp(folder: Path) -> tuple[bytes, bool]:
    seal = folder / SEAL_FILE
    return seal.read_bytes() if seal.is_file() else b"", changing(folder)


def _read(folder: Path) -> tuple[LogLine, ...]:
    path = folder / LOG
    if path.is_file():
        return parse_log(path.read_bytes().decode("utf-8", "replace"), str(path), read_seal(folder).log)
    if made := [name for name in MADE if (folder / name).is_file()]:
        raise InputError(
            f"{folder} holds decisions ({', '.join(made)}), but their log {LOG} is gone; restore it from a "
            "backup"
        )
    return ()


def read_seal(folder: Path) -> Seal:
    """The seal of a run with decisions. Raises `InputError` when it is not there, or was changed by hand."""
    path = folder / SEAL_FILE
    try:
        return SEAL.validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise InputError(
            f"{path}, which says how {LOG} ends, is gone or was changed by hand; restore it from a backup"
        ) from error


def followed(folder: Path) -> int:
    """How many lines of the log the other files were made of; 0 before the first decision."""
    return read_seal(folder).followed if (folder / SEAL_FILE).is_file() else 0


def read_files(folder: Path) -> Mapping[str, str]:
    """The files that were made of the log, to their SHA-256; none before the first decision."""
    return read_seal(folder).files if (folder / SEAL_FILE).is_file() else {}


def require_own(folder: Path, names: Iterable[str]) -> None:
    """Raise `InputError` with every one of the files that somebody else wrote, or changed since."""
    known = {**written_files(folder), **read_files(folder)}
    theirs = [
        name for name in names if (folder / name).exists() and sha256_of(folder / name) != known.get(name)
    ]
    if theirs:
        raise InputError(
            f"{folder}: {join(theirs)} would be replaced, and somebody has worked there since; nothing was "
            "changed. Move it away, or save it under another name, and try again"
        )
