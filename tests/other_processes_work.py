"""Work for other processes, in a module that it can import."""

import os
import sys
import time
from pathlib import Path


def where() -> int:
    return os.getpid()


def end_elsewhere_than_in(process: int) -> str:
    """End the process that does this, unless it is `process`."""
    if os.getpid() != process:
        os._exit(9)
    return "done here"


def end_elsewhere_after(process: int, seconds: float) -> None:
    """The same, after a while."""
    if os.getpid() != process:
        time.sleep(seconds)
        os._exit(9)


def write_then_sleep(path: Path, seconds: float) -> None:
    path.write_text(str(os.getpid()), encoding="utf-8")
    time.sleep(seconds)


def imported_modules() -> set[str]:
    """The modules that the process has imported."""
    return set(sys.modules)
