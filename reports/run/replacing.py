"""A folder, or files in it, replaced as a whole, by one process at a time; what a killed one left is mended.

    .results.lock                  beside the folder while somebody writes; freed with its process
    .results.????????.readiness    a new folder in the making, and the old one while the two change places
    results/.readiness.????????    new files in the making
    results/.readiness.undo        the old files, while new ones take their places
    .page.html.lock, .page.html.????????.readiness    the same for a single file

Whoever holds the lock knows that nobody else is alive here, so that everything of these names is left over.
"""

import errno
import itertools
import json
import logging
import os
import re
import secrets
import shutil
import stat
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from shutil import disk_usage

from filelock import FileLock, Timeout
from polars.exceptions import PolarsError

from inputs import InputError
from reports.run.manifest import OPEN_MARKS, Kind, peoples_work, write_manifest
from reports.run.uninterrupted import uninterrupted

if sys.platform == "darwin":
    import fcntl

PATIENCE = 600.0
"""Seconds that somebody who writes a few files waits for the others."""
PAUSES = (0.1, 0.2, 0.4, 0.8)
"""Seconds until a move is tried again: on Windows, scanners and OneDrive hold new files for a moment."""
IN_FOLDER = ".readiness."
BESIDE = ".readiness"
UNDO = f"{IN_FOLDER}undo"

_log = logging.getLogger(__name__)


@contextmanager
def locked(folder: Path, patience: float = PATIENCE) -> Iterator[None]:
    """Nobody else writes into the folder meanwhile. Raises `InputError` when somebody still does at the end
    of `patience`, in seconds."""
    target = folder.resolve()
    if not target.parent.is_dir():
        raise InputError(f"{folder}: there is no folder {target.parent}; check the name")
    with _alone(folder, patience):
        _mend(target)
        for other in _unfinished(target.parent):  # where nobody may ever write again
            with suppress(InputError, OSError), _alone(other, 0):
                _mend(other)
        yield


@contextmanager
def _alone(folder: Path, patience: float) -> Iterator[None]:
    target = folder.resolve()
    path = target.parent / f".{target.name}.lock"
    lock = FileLock(path)
    try:
        _acquire(lock, folder, patience)
        yield
    finally:
        uninterrupted(partial(_release, lock, path))


def require_settled(folder: Path) -> None:
    """Wait while files of the folder change places; where somebody was killed at that, put them back."""
    if changing(folder):
        with locked(folder):
            pass


def changing(folder: Path) -> bool:
    """Whether the folder or files of it are changing places, or somebody was killed at that."""
    target = folder.resolve()
    return (target / UNDO).is_dir() or (not target.exists() and bool(_left_beside(target)))


def _left_beside(target: Path) -> list[Path]:
    """The folders in the making beside a folder."""
    return _unfinished(target.parent).get(target, [])


def _unfinished(above: Path) -> dict[Path, list[Path]]:
    """What is being written in a folder, or was when somebody was killed, to the folders in the making."""
    found: dict[Path, list[Path]] = {}
    for path in above.glob(f".*{BESIDE}"):
        if named := _MADE_OF.fullmatch(path.name):
            found.setdefault(path.with_name(named[1]), []).append(path)
    return found


_MADE_OF = re.compile(rf"\.(.+)\.\w{{8}}{re.escape(BESIDE)}")


def _acquire(lock: FileLock, folder: Path, patience: float) -> None:
    try:
        lock.acquire(timeout=0)
        return
    except Timeout as error:
        if not patience:
            raise InputError(
                f"{folder} is being written by somebody else at this moment; wait until that is done, or "
                "give another folder"
            ) from error
    except OSError as error:
        above = folder.resolve().parent
        needed = f"{above} cannot be written to, which is needed to change {folder}"
        raise InputError(f"{needed} ({error.strerror})") from error
    _log.warning("%s is being written by somebody else; waiting for it", folder)
    try:
        lock.acquire(timeout=patience)
    except Timeout as error:
        raise InputError(
            f"{folder} has been in use by somebody else for {patience:.0f} seconds; try again later"
        ) from error


def _release(lock: FileLock, path: Path) -> None:
    """Leave no file of a lock that this process has, or that an interrupt kept it from getting."""
    if not lock.is_locked:
        with suppress(OSError, Timeout):  # somebody else has it
            lock.acquire(timeout=0)
    if lock.is_locked:
        if sys.platform != "win32":  # there filelock does it; whoever waits here makes a new one
            path.unlink(missing_ok=True)
        lock.release()


def _absolute(folder: Path) -> Path:
    """The path without links and dots on the way; the folder itself may be a link."""
    return folder.parent.resolve() / folder.name if folder.name not in ("", "..") else folder.resolve()


def _mend(target: Path) -> None:
    """Put right what a process that was killed has left."""
    for scratch in _left_beside(target):
        if (scratch / "old").is_dir() and not target.exists():
            (scratch / "old").rename(target)
            _log.warning("%s is back in its place, which a run that was stopped had emptied", target)
        _clear(scratch)
    if (target / UNDO).is_dir():
        _undo(target)
        _log.warning("%s is as it was before a change that was stopped half-way", target)
    for scratch in target.glob(f"{IN_FOLDER}*"):
        _clear(scratch)


def _clear(scratch: Path) -> None:
    shutil.rmtree(
        scratch, ignore_errors=True
    )  # another process may be about to notice that its first is dead
    if not scratch.exists():
        _log.warning("%s was removed; a run that was stopped had left it behind", scratch)


def require_replaceable(out: Path, kind: Kind) -> None:
    """Raise `InputError` when the folder cannot be made, or holds what must not be lost, or somebody else is
    writing it: to be asked before the work."""
    _require_place(out, kind)
    if _absolute(out).parent.is_dir():
        with locked(out, patience=0):
            _require_nobodys(out, kind)


def _require_place(out: Path, kind: Kind) -> None:
    target = _absolute(out)
    if target.is_symlink():
        raise InputError(f"{out} is a link; give the folder itself, or another one")
    if target.is_file():
        raise InputError(f"{out} is a file; give a folder that is new, empty, or of an earlier {kind}")
    if Path.cwd().is_relative_to(target):
        raise InputError(
            f"{out} is the folder you are in, which cannot be replaced; give a new one inside it"
        )
    if os.path.ismount(target):
        raise InputError(f"{out} is the root of a disk, which cannot be replaced; give a folder inside it")
    above = next(path for path in target.parents if path.exists())
    if not above.is_dir() or not os.access(above, os.W_OK):
        raise InputError(f"{out} cannot be made: {above} is not a folder that you can write to")


def _require_nobodys(out: Path, kind: Kind) -> None:
    target = _absolute(out)
    found = peoples_work(target, kind) if target.is_dir() else None
    if found is not None:
        raise InputError(f"{out} {found}; nothing was replaced. Give another folder, such as {_free(out)}")


def _free(out: Path) -> Path:
    """The path with the first number at its end that is not taken."""
    names = (out.with_name(f"{out.name}-{number}") for number in itertools.count(2))
    return next(path for path in names if not path.exists())


@contextmanager
def replaced_folder(out: Path, kind: Kind) -> Iterator[Path]:
    """A new folder next to `out` to write into; it takes the place of `out` when nothing failed.

    Raises `InputError` as `require_replaceable`, or when somebody else is writing into `out`.
    """
    _require_place(out, kind)
    target = _absolute(out)
    target.parent.mkdir(parents=True, exist_ok=True)
    with locked(target, patience=0):
        _require_nobodys(out, kind)
        scratch = _scratch_beside(target)
        with _in_the_making(scratch, out) as fresh:
            yield fresh
            write_manifest(fresh, kind)
            _require_nobodys(out, kind)
            _exchange(target, fresh, scratch / "old")


@contextmanager
def _in_the_making(scratch: Path, out: Path, name: str = "") -> Iterator[Path]:
    """The folder `new` of a scratch folder, or a path of this name in it, for what takes the place of `out`.
    The scratch folder goes, whatever errors and interrupts come; an error names no folder but `out`."""
    fresh = scratch / "new" / name
    try:
        scratch.mkdir(mode=0o700)
        (scratch / "new").mkdir()
        yield fresh
    except (OSError, PolarsError) as error:
        _tell_of_disk(error, fresh, out)
        raise
    finally:
        if out.exists() or not (scratch / "old").exists():  # else the next command puts it back
            uninterrupted(partial(shutil.rmtree, scratch, ignore_errors=True))


def _scratch_beside(target: Path) -> Path:
    return target.parent / f".{target.name}.{_nobodys()}{BESIDE}"


def _nobodys() -> str:
    """A part of a name that nothing has yet. What is named before it is made is cleared away however early an
    interrupt comes."""
    return secrets.token_hex(4)


def _tell_of_disk(error: OSError | PolarsError, fresh: Path, out: Path) -> None:
    """Raise `InputError` where a disk is full; else let the error name no folder that is gone by now."""
    temporary = Path(tempfile.gettempdir())
    if temporary.stat().st_dev == temporary.parent.stat().st_dev:  # a command's own one is gone afterwards
        temporary = temporary.parent
    places = (_absolute(out).parent, temporary)
    if _is_full(error, places):
        full = min(places, key=lambda place: disk_usage(place).free)
        raise InputError(
            f"no space is left on the disk of {full}; free some, or work on another disk (for temporary "
            "files, TMPDIR names it). Nothing was replaced"
        ) from error
    if (
        isinstance(error, OSError)
        and error.filename is not None
        and Path(str(error.filename)).is_relative_to(fresh)
    ):
        error.filename = str(out / Path(error.filename).relative_to(fresh))


def _is_full(error: OSError | PolarsError, places: Sequence[Path]) -> bool:
    """polars has errors of its own, which say it in words or not at all."""
    if isinstance(error, OSError) and error.errno is not None:
        return error.errno in (errno.ENOSPC, errno.EDQUOT)
    return bool(_FULL.search(str(error))) or any(disk_usage(place).free < LEAST for place in places)


_FULL = re.compile(rf"os error ({errno.ENOSPC}|{errno.EDQUOT}|112)\)")
"""112 is Windows' number."""
LEAST = 1024**2
"""Bytes without which a disk is full."""


def _exchange(target: Path, fresh: Path, old: Path) -> None:
    try:
        if target.exists():
            _move(target, old)
        try:
            _move(fresh, target)
        except OSError:
            if old.exists():
                _move(old, target)
            raise
    except PermissionError as error:
        raise InputError(
            f"{target} cannot be replaced: a program has one of its files open, or it belongs to somebody "
            "else. Close its files, or give another folder"
        ) from error


def _move(folder: Path, place: Path) -> None:
    for pause in PAUSES:
        try:
            folder.rename(place)
        except PermissionError:
            time.sleep(pause)
        else:
            return
    folder.rename(place)


@contextmanager
def replaced_files(folder: Path, gone: Sequence[str] = ()) -> Iterator[Path]:
    """A new folder to write files into, which take the places of those in `folder`: all of them, or none.

    The files in `gone` are removed at the same time. Once they have, no power cut takes them back. The caller
    holds the lock. Raises `InputError` when one of them cannot be replaced.
    """
    scratch = folder / f"{IN_FOLDER}{_nobodys()}"
    with _in_the_making(scratch, folder) as new:
        yield new
        names = sorted(path.relative_to(new).as_posix() for path in new.rglob("*") if path.is_file())
        require_writable(folder, [*names, *gone])
        _save(folder, [*names, *gone], scratch)
        _hold(scratch, *scratch.rglob("*"))
        scratch.rename(folder / UNDO)
        _hold(folder)
        try:
            _take_places(folder, names)
            for name in gone:
                (folder / name).unlink(missing_ok=True)
            _hold(folder, *{(folder / name).parent for name in (*names, *gone)} - {folder})
        except BaseException:
            _undo(folder)
            raise
        (folder / UNDO).rename(scratch)  # from here on the new ones count
        _hold(folder)


@contextmanager
def whole_files(folder: Path) -> Iterator[Path]:
    """As `replaced_files`, in a folder that is made where there is none, and is locked meanwhile."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with locked(folder, patience=0), replaced_files(folder) as fresh:
        yield fresh


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """A path to write a file to; the file takes the place of `path` when nothing failed, whole."""
    if path.exists() and not path.is_file():  # such as /dev/stdout
        yield path
        return
    with _beside(path) as fresh:
        yield fresh
        fresh.replace(path.resolve())


@contextmanager
def whole_folder(folder: Path) -> Iterator[Path]:
    """The same for a folder that is new, or empty."""
    with _beside(folder) as fresh:
        fresh.mkdir()
        yield fresh
        if folder.is_dir():
            folder.rmdir()
        fresh.rename(folder.resolve())


@contextmanager
def _beside(path: Path) -> Iterator[Path]:
    """A path next to another one, for what is in the making."""
    target = path.resolve()
    with locked(target, patience=0), _in_the_making(_scratch_beside(target), path, target.name) as fresh:
        yield fresh


def _hold(*paths: Path) -> None:
    """Have the contents of files, and the names in folders, on the disk itself: a power cut may come now."""
    for path in paths:
        names = path.is_dir()
        if names and sys.platform == "win32":  # which lets nobody open a folder, and writes names down itself
            continue
        held = os.open(path, os.O_RDONLY if names else os.O_RDWR)
        try:
            _flush(held)
        except OSError as error:
            if not names or error.errno not in (errno.EINVAL, errno.ENOTSUP):  # some disks of networks
                raise
        finally:
            os.close(held)


def _flush(held: int) -> None:
    if sys.platform == "darwin":  # where fsync alone leaves it to the disk when to write
        with suppress(OSError):
            fcntl.fcntl(held, fcntl.F_FULLFSYNC)
            return
    os.fsync(held)


def require_writable(folder: Path, names: Iterable[str]) -> None:
    """Raise `InputError` with every one of the files that cannot be replaced."""
    wrong = [f"{name}: {why}" for name in names if (why := _obstacle(folder / name))]
    if not os.access(folder, os.W_OK):
        wrong.append("the folder is read-only")
    if wrong:
        raise InputError(f"{folder} cannot be changed, and nothing was:\n  " + "\n  ".join(wrong))


def is_open(path: Path) -> bool:
    """Whether a spreadsheet program says beside a file that it has it open."""
    marks = (path.with_name(f"{mark}{path.name}{'#' * (mark == '.~lock.')}") for mark in OPEN_MARKS)
    return any(mark.exists() for mark in marks)


def _obstacle(path: Path) -> str | None:
    """Why the file cannot be replaced."""
    if is_open(path):
        return "it is open in a spreadsheet program; close it there"
    if path.is_symlink() or path.is_dir():
        return "it is a link or a folder; move it away"
    if not path.exists():
        return None
    if not path.stat().st_mode & stat.S_IWUSR:
        return "it is read-only; allow writing to it"
    try:
        with path.open("r+b"):
            return None
    except PermissionError:
        return "it is open in another program, or not yours to write; close it there"


def _save(folder: Path, names: list[str], scratch: Path) -> None:
    """Keep what is there now, and which of the files are new."""
    for name in names:
        if (folder / name).exists():
            kept = scratch / "old" / name
            kept.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(folder / name, kept)
    added = [name for name in names if not (folder / name).exists()]
    (scratch / "added.json").write_text(json.dumps(added), encoding="utf-8", newline="\n")


def _take_places(folder: Path, names: list[str]) -> None:
    for name in names:
        made = folder / UNDO / "new" / name
        made.chmod(0o600)
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        try:
            made.replace(folder / name)
        except PermissionError as error:
            raise InputError(
                f"{folder / name} cannot be replaced; close it in every program. Nothing was changed"
            ) from error


def _undo(folder: Path) -> None:
    """Every file as it was; may be stopped and done again."""
    undo = folder / UNDO
    for name in json.loads((undo / "added.json").read_text(encoding="utf-8")):
        (folder / name).unlink(missing_ok=True)
    for kept in (path for path in (undo / "old").rglob("*") if path.is_file()):
        kept.replace(folder / kept.relative_to(undo / "old"))
    scratch = Path(tempfile.mkdtemp("", IN_FOLDER, folder))
    undo.rename(scratch / "undone")
    shutil.rmtree(scratch, ignore_errors=True)
