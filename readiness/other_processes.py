"""Other processes for work that the first needs only later.

One is started before the first process imports anything large, so that both import at the same time;
therefore this module imports nothing large itself.
"""

import gc
import os
import signal
import threading
from concurrent.futures import Future, ProcessPoolExecutor
from importlib import import_module
from multiprocessing import active_children, get_context, parent_process
from multiprocessing.context import SpawnContext
from typing import Any


class OtherProcesses(ProcessPoolExecutor):
    """Processes beside this one, started when there is work for them, which end with it."""

    def __init__(self, imports: str, processes: int = 1) -> None:
        """Start one of so many, which imports the module `imports`. Raises OSError when it cannot start."""
        super().__init__(processes, new_processes(), _begin)
        self.processes = processes
        self.submit(_import, imports)

    def submit(self, *arguments: Any, **named: Any) -> Future[Any]:
        """As an executor does, from the main thread.

        An interrupt from the keyboard reaches all processes, and the first ends the others: these are to say
        nothing. They inherit this.
        """
        at_interrupt = signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            return super().submit(*arguments, **named)
        finally:
            signal.signal(signal.SIGINT, at_interrupt)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """As an executor does; with `cancel_futures`, also what has begun is ended."""
        if cancel_futures:
            for process in active_children():
                process.kill()
        super().shutdown(wait, cancel_futures=cancel_futures)


def new_processes() -> SpawnContext:
    """What starts processes; in the present folder, which Python would put on their path, may be anything."""
    os.environ["PYTHONSAFEPATH"] = "1"
    return get_context("spawn")


def follow_the_first() -> None:
    """End this process when the first one ends, in the middle of its work: nobody is left who would take the
    result. An interrupt from the keyboard is for the first one alone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # on Windows it is not inherited
    threading.Thread(target=_end_with_the_first, daemon=True).start()


def _end_with_the_first() -> None:
    first = parent_process()
    assert first is not None
    first.join()
    os._exit(1)


def _begin() -> None:
    gc.disable()
    follow_the_first()


def _import(module: str) -> None:
    import_module(module)
