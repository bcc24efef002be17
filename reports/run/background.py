"""Work that another process may do while this one does something else."""

from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor
from functools import partial
from typing import ParamSpec, TypeVar

PATIENCE = 600.0
"""Seconds after which a process must have been stopped: the longest work takes a tenth of that."""
_P = ParamSpec("_P")
_T = TypeVar("_T")


def begin(
    executor: Executor | None, work: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs
) -> Callable[[], _T]:
    """Begin work elsewhere; what is returned waits for its result.

    Without an executor, or where its process has died or does not go on, the work is done here when its
    result is asked for; a process that does not go on is ended.
    `work` returns little: whoever dies in the middle of a long answer would be waited for without end.
    """
    here = partial(work, *args, **kwargs)
    if executor is None:
        return here
    try:
        future = executor.submit(work, *args, **kwargs)
    except (RuntimeError, OSError):  # broken, ended, or no process to be had
        return here

    def result() -> _T:
        try:
            return future.result(PATIENCE)
        except BrokenExecutor:
            return here()
        except TimeoutError:
            executor.shutdown(cancel_futures=True)
            return here()

    return result
