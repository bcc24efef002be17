"""Work whose result is needed only later: who does it, and how its result is asked for."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, ParamSpec, Protocol, TypeVar

_P = ParamSpec("_P")
_T = TypeVar("_T")
_T_co = TypeVar("_T_co", covariant=True)


class Task(Protocol[_T_co]):
    """Work that was handed over."""

    def result(self) -> _T_co:
        """What the work returns; raises what it raises. To be asked for once."""

    def close(self) -> None:
        """Stop the work, where nobody will ask for its result."""


class Beside(Protocol):
    """Somebody who can do work beside this process."""

    def start(self, work: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> Task[_T]:
        """Hand work over: a function of a module, with arguments that can be pickled."""


@dataclass(frozen=True)
class Later(Generic[_T]):
    """Work that is done in this process, when its result is asked for."""

    work: Callable[[], _T]

    def result(self) -> _T:
        """Do it."""
        return self.work()

    def close(self) -> None:
        """Nothing to stop: it is done by nobody else."""


class Alone:
    """Nobody beside: everything is done in this process, in the order in which results are asked for."""

    def start(self, work: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> Task[_T]:
        """Remember the work."""
        return Later(lambda: work(*args, **kwargs))


ALONE = Alone()
