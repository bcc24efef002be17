"""Work that other processes may do while this one does something else."""

import gc
import shutil
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future
from functools import partial
from pathlib import Path
from typing import Generic, ParamSpec, TypeVar

PATIENCE = 600.0
"""Seconds after which a process must have been stopped: the longest work takes a tenth of that."""
_P = ParamSpec("_P")
_T = TypeVar("_T")


class Task(Generic[_T]):
    """Work that was handed over; calling it gives the result."""

    def __init__(self, here: Callable[[], _T], future: Future[_T] | None, executor: Executor | None) -> None:
        self._here, self._future, self._executor = here, future, executor

    def __call__(self) -> _T:
        """The result, waited for; the work is done here where no other process took it.

        So it is where the process has died, and where it does not go on, which is ended then.
        """
        if self._future is None:
            return self._here()
        try:
            return self._future.result(PATIENCE)
        except BrokenExecutor:
            return self._here()
        except TimeoutError:
            assert self._executor is not None
            self._executor.shutdown(cancel_futures=True)
            return self._here()


def begin(executor: Executor | None, work: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> Task[_T]:
    """Hand work over, where there is an executor that takes it.

    `work` returns little: whoever dies in the middle of a long answer would be waited for without end.
    """
    here = partial(work, *args, **kwargs)
    if executor is None:
        return Task(here, None, None)
    try:
        return Task(here, executor.submit(work, *args, **kwargs), executor)
    except (RuntimeError, OSError):  # broken, ended, or no process to be had
        return Task(here, None, None)


Tell = Callable[[int, int], None]
"""Told how many pieces are done, and of how many."""


class Shared:
    """Pieces of work that this process and others take, each the next that nobody has, until none is left.

    They share a folder, in which a file stands for each piece that is taken, and another for what is done.
    """

    def __init__(
        self, executor: Executor | None, folder: Path, pieces: int, work: Callable[[int], object]
    ) -> None:
        """Let others begin with `work(piece)`, for whole numbers below `pieces`; `folder` is a new one."""
        folder.mkdir()
        self._folder, self._pieces, self._work = folder, pieces, work
        others = min(getattr(executor, "processes", 1), pieces - 1) if executor is not None else 0
        self._tasks = [begin(executor, _take, folder, pieces, work) for _ in range(others)]

    def finish(self, tell: Tell) -> None:
        """Take pieces too, and wait for the others; what one of them has left undone is done here."""
        _take(self._folder, self._pieces, self._work, tell)
        for task in self._tasks:
            task()
        for piece in range(self._pieces):
            if not _done(self._folder, piece).exists():
                self._work(piece)
        shutil.rmtree(self._folder)


def _take(folder: Path, pieces: int, work: Callable[[int], object], tell: Tell = lambda *_: None) -> None:
    for piece in range(pieces):
        try:
            (folder / str(piece)).touch(exist_ok=False)
        except FileExistsError:
            continue
        work(piece)
        _done(folder, piece).touch()
        # A workbook is full of cycles, for which nobody else looks in a program that writes a run.
        gc.collect(0)
        tell(piece + 1, pieces)


def _done(folder: Path, piece: int) -> Path:
    return folder / f"{piece}.done"
