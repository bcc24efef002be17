"""What is unexpected becomes one sentence, and a report that holds nothing of people."""

import platform
import sys
import tempfile
import traceback
from datetime import datetime
from importlib.metadata import version
from pathlib import Path


def tell(error: Exception) -> None:
    """Say on stderr that something unforeseen happened, and where the report of it is."""
    kind = type(error).__name__
    print(
        f"Stopped: the program failed unexpectedly ({kind}). {_kept(_report(error))}",
        file=sys.stderr,
    )


def _report(error: BaseException) -> str:
    """Where it failed and with which versions; neither what the error says nor any value, which may be of
    people."""
    lines = [
        f"promotion-readiness {version('promotion-readiness')}, Python {platform.python_version()}, "
        f"{platform.platform()}",
        f"command: {next(iter(sys.argv[1:]), 'none')}",
    ]
    at: BaseException | None = error
    seen: list[BaseException] = []
    while at is not None and at not in seen:  # an error may be said to come from itself
        seen.append(at)
        lines.append(f"{type(at).__module__}.{type(at).__qualname__}")
        lines += [
            f"  {'/'.join(Path(frame.filename).parts[-3:])}:{frame.lineno} in {frame.name}"
            for frame in traceback.extract_tb(at.__traceback__)
        ]
        at = at.__cause__ or at.__context__
    return "\n".join(lines) + "\n"


def _kept(report: str) -> str:
    """Write the report where there is room for it, and say where."""
    name = f"readiness-error-{datetime.now():%Y%m%d-%H%M%S}.txt"
    for folder in (Path.cwd(), Path(tempfile.gettempdir()).parent):
        try:
            (folder / name).write_text(report, encoding="utf-8", newline="\n")
        except OSError:
            continue
        place = folder / name
        return f"{place} says where and holds no data; please send it to whoever maintains the program"
    return f"Please send this to whoever maintains the program:\n{report}"
