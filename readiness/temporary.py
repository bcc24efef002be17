"""One private folder for the temporary files of a command, so that nothing of people stays behind.

A command that is killed cannot remove its folder: the next one does. A lock beside it, which the system frees
with its process, tells that a folder's command is still alive.
"""

import os
import secrets
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

PREFIX = "promotion-readiness-"


@contextmanager
def temporary_folder() -> Iterator[None]:
    """Temporary files, also of processes that this one starts, go into a folder that is gone in the end."""
    above = Path(tempfile.gettempdir())
    for left in above.glob(f"{PREFIX}*/"):
        with suppress(OSError, Timeout):  # of somebody else, or alive
            _remove_dead(left)
    folder = above / f"{PREFIX}{secrets.token_hex(8)}"
    lock = FileLock(_lock_of(folder))
    try:
        lock.acquire()
        folder.mkdir(mode=0o700)
        tempfile.tempdir = str(folder)
        os.environ.update(dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(folder)))
        yield
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        _lock_of(folder).unlink(missing_ok=True)
        lock.release()


def _remove_dead(folder: Path) -> None:
    lock = FileLock(_lock_of(folder))
    lock.acquire(timeout=0)
    try:
        shutil.rmtree(folder)
        print(f"{folder} was removed; a command that was stopped had left it behind", file=sys.stderr)
        _lock_of(folder).unlink(missing_ok=True)
    finally:
        lock.release()


def _lock_of(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}.lock")
