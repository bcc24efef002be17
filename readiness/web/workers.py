"""Work in processes of their own: it can be cancelled, and where it dies, the pages go on."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing.connection import Connection
from typing import Any

from readiness.other_processes import follow_the_first, new_processes
from readiness.web import work

PATIENCE = 300.0
"""Seconds after which an answer that a page waits for will not come."""


STOPPED = "It was stopped; nothing was written."


class WorkError(Exception):
    """What came instead of a result, as a sentence for people."""

    def __init__(self, said: str, cause: type[Exception] = Exception) -> None:
        super().__init__(said, cause)
        self.cause = cause
        """The kind of error that it was where it happened."""

    def __str__(self) -> str:
        return str(self.args[0])


class Worker:
    """One process that does what it is asked, one thing after the other."""

    def __init__(self) -> None:
        processes = new_processes()
        self._stages, self._begun = processes.Pipe(duplex=False)
        self._executor = ProcessPoolExecutor(1, processes, _begin, (self._begun,))
        self._executor.submit(abs, 0)  # starts it
        (self._process,) = self._executor._processes.values()
        self._cancelled = False

    @property
    def alive(self) -> bool:
        """Whether it can be asked."""
        return self._process.is_alive()

    def ask(self, name: str, *given: Any, told: Callable[[str], None] | None = None) -> Any:
        """The result of a function of `readiness.web.work`; where it has stages, `told` hears of each. Waits
        for it.

        Raises WorkError with a sentence, also when the process dies.
        """
        try:
            asking = self._executor.submit(_work, name, given, heard=told is not None)
            asking.add_done_callback(lambda _: self._begun.send(None))
            for stage in iter(self._stages.recv, None):
                if told is not None:
                    told(stage)
            return asking.result()
        except RuntimeError as error:  # it has died (a BrokenExecutor), or was told to end before
            if self._cancelled:
                raise WorkError(STOPPED) from error
            raise WorkError(
                "The process ended before it said that the work was done, perhaps for lack of memory. Either "
                "all of it was written or nothing was: load the page again to see which, then try again."
            ) from error

    def cancel(self) -> None:
        """End the process, whatever it does."""
        self._cancelled = True
        self._process.kill()
        self._executor.shutdown()


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


_announce: Callable[[str], None]
"""In a worker's process: tells the first one that a stage begins."""


def _begin(stages: Connection) -> None:
    global _announce
    follow_the_first()
    _announce = stages.send


def _work(name: str, given: tuple[Any, ...], *, heard: bool) -> Any:
    hearing = {"announce": _announce} if heard else {}
    try:
        return getattr(work, name)(*given, **hearing)
    except work.ERRORS_FOR_PEOPLE as error:
        raise WorkError(str(error), type(error)) from error
    except OSError as error:
        said = f"{error.strerror or 'The disk could not be used'}. Nothing was written."
    except Exception as error:  # said in words; what it holds may be of people
        said = _UNFORESEEN.format(kind=type(error).__name__)
    raise WorkError(said)


_UNFORESEEN = (
    "The program failed unexpectedly ({kind}). Nothing was written. Given the same file, the command line "
    "writes an error report that contains no data."
)
