"""The real command line: `readiness`, and `python -m readiness`."""

import gc
import os
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from readiness.interrupts import interrupts_abort
from readiness.neighbours import foreign_package

if TYPE_CHECKING:
    from readiness.other_processes import OtherProcesses

SHARED = ("assess", "demo", "merge")
"""Commands that are quicker with other processes."""
MOST_PROCESSES = 7
"""Each takes some 300 MB."""
WORK = "reports.writing"
"""The module that imports all that another process works with."""


def main() -> None:
    """Run the command that was asked for."""
    wrong = _folder_gone() or foreign_package()
    if wrong is not None:
        print(f"Stopped: {wrong}", file=sys.stderr)
        sys.exit(2)
    try:
        _run()
    except Exception as error:
        from readiness.error_report import tell

        tell(error)
        sys.exit(UNFORESEEN)


def _folder_gone() -> str | None:
    """What is wrong where the folder in which the command was started was removed or replaced."""
    try:
        Path.cwd()
    except OSError:
        return (
            "the folder that you work in is no longer there: it was removed, or another command replaced it; "
            "go to another folder, or to this one again, and repeat the command"
        )
    return None


UNFORESEEN = 3
"""The exit code where something fails unexpectedly."""


def _run() -> None:
    # As `readiness.cli` does, but also for what is imported; and all memory is given back at once in the end,
    # instead of looking for cycles among the values of a run once more, which takes a twentieth of its time.
    gc.disable()
    with interrupts_abort(), ExitStack() as stack:
        stack.callback(gc.freeze)
        if does_something(sys.argv[1:]):
            from readiness.temporary import temporary_folder

            stack.enter_context(temporary_folder())
        others = other_processes(sys.argv[1:])
        if others is not None:
            stack.callback(others.shutdown, cancel_futures=True)
        # Imported when another process has begun, so that both import at the same time.
        from readiness.cli import main as command_line

        command_line(obj=others)


def does_something(arguments: Sequence[str]) -> bool:
    """More than printing help, which is to be quick."""
    return bool(arguments) and not {"-h", "--help", "--version"} & set(arguments)


def other_processes(arguments: Sequence[str]) -> "OtherProcesses | None":
    """Other processes, one for each further processor, where they help and can be had."""
    shared = does_something(arguments) and arguments[0] in SHARED
    others = min(_processors() - 1, MOST_PROCESSES)
    if not shared or others < 1:
        return None
    try:
        from readiness.other_processes import OtherProcesses

        return OtherProcesses(WORK, others)
    except (OSError, RuntimeError, ImportError):  # no process more, no thread, or no semaphores
        return None


def _processors() -> int:
    """Those that this process may use; elsewhere than on Linux, those that there are."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


if __name__ == "__main__":
    main()
