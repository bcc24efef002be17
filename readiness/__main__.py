"""The real command line: `readiness`, and `python -m readiness`."""

import gc
import os
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING

from readiness.interrupts import interrupts_abort
from readiness.neighbours import foreign_package

if TYPE_CHECKING:
    from readiness.second_process import SecondProcess

SHARED = ("assess", "demo", "merge")
"""Commands that are quicker with a second process."""


def main() -> None:
    """Run the command that was asked for."""
    foreign = foreign_package()
    if foreign is not None:
        print(f"Stopped: {foreign}", file=sys.stderr)
        sys.exit(2)
    try:
        _run()
    except Exception as error:
        from readiness.error_report import tell

        tell(error)
        sys.exit(UNFORESEEN)


UNFORESEEN = 3
"""The exit code where something fails that nobody has foreseen."""


def _run() -> None:
    # As `readiness.cli` does, but also for what is imported; and all memory is given back at once in the end,
    # instead of looking for cycles among the values of a run once more, which takes a twentieth of its time.
    gc.disable()
    with interrupts_abort(), ExitStack() as stack:
        stack.callback(gc.freeze)
        if does_something(sys.argv[1:]):
            from readiness.temporary import temporary_folder

            stack.enter_context(temporary_folder())
        second = second_process(sys.argv[1:])
        if second is not None:
            stack.callback(second.shutdown, cancel_futures=True)
        # Imported when the second process has begun, so that both import at the same time.
        from readiness.cli import main as command_line

        command_line(obj=second)


def does_something(arguments: Sequence[str]) -> bool:
    """More than printing help, which is to be quick."""
    return bool(arguments) and not {"-h", "--help", "--version"} & set(arguments)


def second_process(arguments: Sequence[str]) -> "SecondProcess | None":
    """The second process, where it helps and can be had."""
    shared = does_something(arguments) and arguments[0] in SHARED
    if not shared or _processors() < 2:
        return None
    try:
        from readiness.second_process import SecondProcess

        return SecondProcess("reports")
    except (OSError, RuntimeError, ImportError):  # no process more, no thread, or no semaphores
        return None


def _processors() -> int:
    """Those that this process may use; elsewhere than on Linux, those that there are."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


if __name__ == "__main__":
    main()
