"""The machine: where things are kept on it, and what keeps it from running the product."""

import os
import sys
import sysconfig
from pathlib import Path

ROOT = Path(__file__).parents[1]
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
"""Those on which the tests were run."""
ANY_PYTHON = f"{', '.join(PYTHONS[:-1])} or {PYTHONS[-1]}"
LONGEST_INSIDE = 140
"""Letters of the longest path within the environment."""
WINDOWS_LIMIT = 260
"""Letters that a path on Windows may have, where it is not told otherwise."""


def unfit() -> str | None:
    """Why the product cannot be set up with this Python, in this folder; None where it can."""
    if sys.implementation.name != "cpython":
        return f"CPython is needed, the Python from python.org; this is {sys.implementation.name}."
    version = "{}.{}".format(*sys.version_info)
    if version not in PYTHONS:
        return f"Python {ANY_PYTHON} is needed; this is {version}. Both can be installed."
    if sys.maxsize < 2**32:
        return "A Python of 64 bits is needed; this one has 32. Install the 64-bit installer of Python 3.13."
    if sysconfig.get_config_var("Py_GIL_DISABLED"):
        return "The usual Python is needed; this is the free-threaded one."
    if sys.platform == "win32" and len(str(ROOT)) + LONGEST_INSIDE > WINDOWS_LIMIT and not _long_paths():
        return (
            f"The folder {ROOT} lies too deep: Windows allows {WINDOWS_LIMIT} letters in a path. Move it to "
            "a short one, such as C:\\readiness."
        )
    return None


def _long_paths() -> bool:
    """Whether this Windows allows paths of any length."""
    import winreg

    key = r"SYSTEM\CurrentControlSet\Control\FileSystem"
    try:
        with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, key) as opened:  # type: ignore[attr-defined]
            return bool(winreg.QueryValueEx(opened, "LongPathsEnabled")[0])  # type: ignore[attr-defined]
    except OSError:
        return False


def cache() -> Path:
    """The folder for what is built once for all checkouts; `READINESS_CACHE` names another one."""
    named = os.environ.get("READINESS_CACHE")
    if named:
        return Path(named).absolute()
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return base / "promotion-readiness"
