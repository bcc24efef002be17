"""Work that another process may do while this one does something else."""

from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor
from functools import partial
from typing import ParamSpec, TypeVar

_P = ParamSpec("_P")
_T = TypeVar("_T")


def begin(
    executor: Executor | None, work: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs
) -> Callable[[], _T]:
    """Begin work elsewhere; what is returned waits for its result.

    Without an executor, or where its process has died, the work is done here when its result is asked for.
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
            return future.result()
        except BrokenExecutor:
            return here()

    return result
