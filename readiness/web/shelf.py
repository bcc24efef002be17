"""Where uploads and runs are kept: a folder for each, private, with a name that nobody guesses.

runs/<id>/about.json     what was uploaded, how it is to be read and judged
runs/<id>/files/         the files as they came, under names that are safe
runs/<id>/run/           the folder of the run, as `readiness assess --out` writes it
runs/<id>/workbooks/     edited workbooks that were dropped in, each in a folder of its own
"""

import hashlib
import os
import re
import secrets
import shutil
import sys
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

from filelock import FileLock, Timeout
from pydantic import BaseModel, ConfigDict, ValidationError
from starlette.exceptions import HTTPException

from engine.phrases import day as written_day
from engine.phrases import few

DEFAULT_PACK = "product_management"
LONGEST_NAME = 100
_ID = re.compile(r"[0-9a-f]{32}")
_NOT_IN_NAMES = re.compile(r"[^\w .,()&+=@-]")
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
TABLES = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".csv", ".tsv", ".psv", ".txt")
MAPPINGS = (".yaml", ".yml")


class Step(BaseModel):
    """One answer, in words and as it goes into the mapping."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    answer: str
    kind: str
    given: Mapping[str, str] = {}
    asked: str = ""
    """Stands for the question, which may still be open with this answer."""

    @property
    def mark(self) -> str:
        """Stands for this answer, wherever it is among the others."""
        return fingerprint(self.model_dump_json())


class About(BaseModel):
    """`about.json`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    created: datetime
    """By the clock of this machine, which somebody may have put back since."""
    place: int = 0
    """Among all that came here, from 1 on; 0 of those that came before places were counted."""
    files: tuple[str, ...]
    """Names in `files/`, the spreadsheets alone."""
    mapping: str | None = None
    """The name of a mapping that came with them."""
    day: date
    pack: str = DEFAULT_PACK
    group_by: str | None = None
    guideline: str = ""
    steps: tuple[Step, ...] = ()
    layout: str = ""
    """What files of the same sheets and headers have in common; known once they were looked at."""
    trouble: str | None = None
    """Why the last run came to nothing."""

    @property
    def arrived(self) -> str:
        """When it came, by the clock of this machine; a file of the same name may come within a minute."""
        here = self.created.astimezone()
        return f"{written_day(here.date())}, {here:%H:%M:%S}"

    @property
    def answered(self) -> str:
        """Stands for everything that was answered so far."""
        return fingerprint(f"{self.mapping} {[one.mark for one in self.steps]}")

    @property
    def title(self) -> str:
        """What lists call it."""
        return few(self.files, 1)


@dataclass(frozen=True)
class Entry:
    """One upload, with its run if there is one."""

    id: str
    folder: Path
    about: About

    @property
    def run(self) -> Path:
        """The folder of the run."""
        return self.folder / "run"

    @property
    def done(self) -> bool:
        """Whether there is a run."""
        return (self.run / "run.json").is_file()

    @property
    def files(self) -> list[Path]:
        """The spreadsheets."""
        return [self.folder / "files" / name for name in self.about.files]

    @property
    def mapping(self) -> Path | None:
        """The mapping that came with them."""
        return self.folder / "files" / self.about.mapping if self.about.mapping else None

    def supposing(self, steps: tuple[Step, ...]) -> "Entry":
        """The same with other answers, which nothing writes down."""
        return replace(self, about=self.about.model_copy(update={"steps": steps}))


class Shelf:
    """All of them."""

    def __init__(self, root: Path) -> None:
        """Raises OSError when the folder cannot be made, Timeout when another server has it."""
        self.root = root
        private(root)
        self._lock = FileLock(root / ".lock")
        self._lock.acquire(timeout=0)
        private(root / "runs")
        private(root / "packs")
        for left in (root / "runs").iterdir():
            if left.name.startswith("."):  # a server was killed while it received or deleted this
                shutil.rmtree(left, ignore_errors=True)

    def close(self) -> None:
        """Let another server have it."""
        self._lock.release()

    @contextmanager
    def receiving(self) -> Iterator[Path]:
        """A new folder for files that are on their way; it is gone in the end unless `keep` was called."""
        folder = self.root / "runs" / f".{secrets.token_hex(16)}"
        try:
            private(folder / "files")
            folder.chmod(0o700)
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def keep(self, folder: Path, about: About) -> Entry:
        """What was received, from now on an entry, and the latest."""
        last = max((one.about.place for one in self.entries()), default=0)
        about = about.model_copy(update={"place": last + 1})
        write_about(folder, about)
        kept = folder.with_name(folder.name.removeprefix("."))
        folder.rename(kept)
        return Entry(kept.name, kept, about)

    def entry(self, name: str) -> Entry:
        """One of them by its id. Raises HTTPException when there is none."""
        folder = self.root / "runs" / name
        if not _ID.fullmatch(name) or not folder.is_dir():
            raise HTTPException(404, "There is no such run here; perhaps it was deleted.")
        about = _read_about(folder)
        if about is None:
            raise HTTPException(404, "This run cannot be read any more.")
        return Entry(name, folder, about)

    def entries(self) -> list[Entry]:
        """All that can be read, the latest first."""
        known = [Entry(path.name, path, about) for path in self._folders() if (about := _read_about(path))]
        return sorted(known, key=lambda one: (one.about.place, one.about.created), reverse=True)

    def unreadable(self) -> list[Path]:
        """The folders of all others, which may hold somebody's decisions."""
        return sorted(path for path in self._folders() if _read_about(path) is None)

    def _folders(self) -> list[Path]:
        return [path for path in (self.root / "runs").iterdir() if _ID.fullmatch(path.name)]

    def change(self, entry: Entry, **changes: object) -> Entry:
        """The entry with other values, written down; of the others, those that it has by now. Raises
        HTTPException when it was deleted."""
        about = self.entry(entry.id).about.model_copy(update=changes)
        write_about(entry.folder, about)
        return Entry(entry.id, entry.folder, about)

    def delete(self, entry: Entry) -> None:
        """Everything of it, at once."""
        gone = entry.folder.with_name(f".{entry.id}")
        entry.folder.rename(gone)
        shutil.rmtree(gone)

    def packs(self) -> list[str]:
        """The names of packs that were made here."""
        return sorted(path.name for path in (self.root / "packs").iterdir() if (path / "pack.yaml").is_file())

    def pack(self, name: str) -> str | Path:
        """A pack as `rules.load_pack` takes it: its folder where it was made here."""
        own = name.removeprefix("own:")
        return name if own == name or own not in self.packs() else self.root / "packs" / own


def now() -> datetime:
    """The present time, to the second."""
    return datetime.now(UTC).replace(microsecond=0)


def private(folder: Path) -> None:
    """A folder that nobody but its owner can look into."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.chmod(0o700)


def write_about(folder: Path, about: About) -> None:
    """Write `about.json`, whole or not at all."""
    scratch = folder / ".about"  # of one that was killed at this, the next takes the place
    try:
        scratch.write_bytes(about.model_dump_json(indent=1).encode() + b"\n")
        scratch.chmod(0o600)
        scratch.replace(folder / "about.json")
    finally:
        scratch.unlink(missing_ok=True)


def _read_about(folder: Path) -> About | None:
    try:
        return About.model_validate_json((folder / "about.json").read_bytes())
    except (OSError, ValidationError):
        return None


def fingerprint(text: str) -> str:
    """A long text as a short one that stands for it."""
    return hashlib.sha256(text.encode()).hexdigest()


def safe_name(given: str | None, taken: set[str]) -> str:
    """The name of a file as a browser tells it, made harmless: no path, nothing hidden, and not twice."""
    last = re.split(r"[\\/]", unicodedata.normalize("NFC", given or ""))[-1]
    plain = _NOT_IN_NAMES.sub("_", last).strip(" .")
    stem, dot, ending = plain.rpartition(".")
    stem, ending = (stem, f".{ending}") if dot else (plain, "")
    ending = ending[:10]
    if not stem or _RESERVED.fullmatch(plain):
        stem = f"file {stem}".strip()
    stem = stem[: LONGEST_NAME - len(ending)]
    name, number = f"{stem}{ending}", 2
    while name.casefold() in taken:
        name, number = f"{stem} ({number}){ending}", number + 1
    taken.add(name.casefold())
    return name


def usual_root() -> Path:
    """Where systems keep the data of programs."""
    if sys.platform == "win32":
        above = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        above = Path.home() / "Library" / "Application Support"
    else:
        above = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    return above / "promotion-readiness"


Taken = Timeout
"""What `Shelf` raises when another server has the folder."""
