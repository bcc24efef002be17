"""What a process of its own does: an interrupt in the middle of a library may leave that in no good state."""

import itertools
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

from reports.run.replacing import locked, replaced_folder


def left_by_interrupts(folder: Path) -> dict[int, list[str]]:
    """What lies in a folder after an interrupt, by the number of lines after which it came. Where the new run
    is in its place already, the next command may have to clear away."""
    results = folder / "results"

    def write() -> None:
        with replaced_folder(results, "run") as fresh:
            (fresh / "recommendations.csv").touch()

    left: dict[int, list[str]] = {}
    counted = itertools.count(1, 9)
    while _interrupted_after(lines := next(counted), write):
        if results.exists():
            with locked(results):
                shutil.rmtree(results)
        left[lines] = sorted(path.name for path in folder.iterdir())
        with locked(results):
            pass
    return left


def _interrupted_after(lines: int, do: Callable[[], None]) -> bool:
    """Whether an interrupt came: after so many lines of what locks and replaces."""
    left = lines

    def trace(frame: FrameType, event: str, _argument: Any) -> Any:
        nonlocal left
        ours = any(name in frame.f_code.co_filename for name in ("filelock", "replacing"))
        left -= ours and event == "line"
        if not left:
            sys.settrace(None)
            left = -1
            signal.raise_signal(signal.SIGINT)
        return trace

    sys.settrace(trace)
    try:
        do()
    except KeyboardInterrupt:
        assert left < 0
    finally:
        sys.settrace(None)
    return left < 0
