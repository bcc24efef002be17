"""Work that another process may do while this one does something else."""

from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future
from functools import partial
from typing import Generic, ParamSpec, TypeVar

PATIENCE = 600.0
"""Seconds after which a process must have been stopped: the longest work takes a tenth of that."""
_P = ParamSpec("_P")
_T = TypeVar("_T")


class Task(Generic[_T]):
    """Work that was handed over; calling it gives the result."""

    def __init__(self, here: Callable[[], _T], future: Future[_T] | None, executor: Executor | None) -> None:
        self._here, self._future, self._executor = here, future, executor

    @property
    def done(self) -> bool:
        """Whether no other process has to do with it any more."""
        return self._future is None or self._future.done()

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
