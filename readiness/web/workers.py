"""Work in processes of their own: it can be cancelled, and where it dies, the pages go on."""

import asyncio
from collections.abc import Callable
from importlib import import_module
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import Any

from readiness.other_processes import follow_the_first, new_processes
from readiness.web import work

PATIENCE = 300.0
"""Seconds after which an answer that a page waits for will not come."""


class WorkError(Exception):
    """What came instead of a result, as a sentence for people."""


class CancelledError(WorkError):
    """Somebody stopped it."""


class Worker:
    """One process that does what it is asked, one thing after the other."""

    def __init__(self) -> None:
        processes = new_processes()
        here, there = processes.Pipe()
        self._pipe: Connection = here
        self._process: SpawnProcess = processes.Process(target=_serve, args=(there,), daemon=True)
        self._process.start()
        there.close()
        self._cancelled = False

    @property
    def alive(self) -> bool:
        """Whether it can be asked."""
        return self._process.is_alive()

    @property
    def number(self) -> int | None:
        """The id of its process."""
        return self._process.pid

    def ask(self, name: str, *given: Any, told: Callable[[str], None] = lambda _: None) -> Any:
        """The result of a function of `readiness.web.work`; `told` hears of each stage. Waits for it.

        Raises WorkError with a sentence, also when the process dies.
        """
        try:
            self._pipe.send((name, given))
            while True:
                kind, value = self._pipe.recv()
                if kind == "stage":
                    told(value)
                elif kind == "done":
                    return value
                else:
                    raise WorkError(value)
        except (EOFError, OSError) as error:
            if self._cancelled:
                raise CancelledError("It was stopped; nothing was written.") from error
            raise WorkError(
                "The process that did the work has ended before it was done, perhaps for lack of memory. "
                "Nothing was written, and everything else is as it was. Try again."
            ) from error

    def cancel(self) -> None:
        """End the process, whatever it does."""
        self._cancelled = True
        self._process.kill()
        self._process.join()
        self._pipe.close()


class Desk:
    """One worker for questions that pages wait for, in the order in which they come; a new one when it
    died."""

    def __init__(self, *, at_once: bool = True) -> None:
        """With `at_once` the worker is there when the first question comes."""
        self._worker = Worker() if at_once else None
        self._turn = asyncio.Lock()

    def wake(self) -> Worker:
        """The worker, begun where there is none: so that it is ready when somebody asks."""
        if self._worker is None or not self._worker.alive:
            self._worker = Worker()
        return self._worker

    async def ask(self, name: str, *given: Any) -> Any:
        """As `Worker.ask`. Raises WorkError, also when it takes too long."""
        async with self._turn:
            worker = self.wake()
            asking = asyncio.ensure_future(asyncio.to_thread(worker.ask, name, *given))
            try:
                return await asyncio.wait_for(asyncio.shield(asking), PATIENCE)
            except TimeoutError as error:
                worker.cancel()
                await asyncio.gather(asking, return_exceptions=True)
                raise WorkError("That takes too long here. Try it with a smaller file.") from error
            except asyncio.CancelledError:
                await asyncio.gather(asking, return_exceptions=True)  # the next one needs an idle worker
                raise

    def close(self) -> None:
        """End the worker."""
        if self._worker is not None:
            self._worker.cancel()


def _serve(pipe: Connection) -> None:
    """What a worker's process does until its first one is gone."""
    follow_the_first()
    for_people = work.errors_for_people()
    while True:
        try:
            name, given = pipe.recv()
        except EOFError:
            return
        try:
            result = getattr(import_module("readiness.web.work"), name)(
                *given, announce=lambda stage: pipe.send(("stage", stage))
            )
            pipe.send(("done", result))
        except for_people as error:
            pipe.send(("failed", str(error)))
        except OSError as error:
            pipe.send(("failed", f"{error.strerror or 'The disk could not be used'}. Nothing was written."))
        except Exception as error:  # said in words; what it holds may be of people
            pipe.send(("failed", _UNFORESEEN.format(kind=type(error).__name__)))


_UNFORESEEN = (
    "The program failed unexpectedly ({kind}). Nothing was written. The command line writes "
    "a report of it that holds no data, when it is given the same file."
)
