"""What programs give to the library, made into what the packages take; what does not fit gets a sentence."""

from collections.abc import Iterable
from datetime import date, datetime
from os import PathLike
from pathlib import Path
from typing import TypeVar

from readiness.days import likely

FilePath = str | PathLike[str]
Day = date | str
"""A date, or one written like 2026-06-30."""
_T = TypeVar("_T")


def path_of(value: FilePath, name: str) -> Path:
    """One path. Raises TypeError for anything else."""
    if isinstance(value, str | PathLike):
        return Path(value)
    raise TypeError(f"{name} must be a path, as text or as a pathlib.Path; this is {shown(value)}")


def paths_of(values: FilePath | Iterable[FilePath], name: str) -> list[Path]:
    """One path or several. Raises TypeError for anything else, ValueError where there is none."""
    if isinstance(values, str | PathLike):
        return [path_of(values, name)]
    if not isinstance(values, Iterable) or isinstance(values, bytes):
        raise TypeError(f"{name} must be a path or a list of paths; this is {shown(values)}")
    paths = [path_of(value, f"each of {name}") for value in values]
    if not paths:
        raise ValueError(f"{name} is empty; give at least one path")
    return paths


def day_of(value: Day, name: str) -> date:
    """A day. Raises TypeError or ValueError with what would be right."""
    right = "give a datetime.date, or a text such as 2026-06-30"
    if isinstance(value, datetime):
        return likely(value.date())
    if isinstance(value, date):
        return likely(value)
    if not isinstance(value, str):
        raise TypeError(f"{name} must be a day; this is {shown(value)}; {right}")
    try:
        day = date.fromisoformat(value)
    except ValueError as error:
        raise ValueError(f"{name} is not a day: {value!r}; {right}") from error
    return likely(day)


def required(value: object, kind: type[_T], name: str, made_by: str) -> _T:
    """The value, when it is of this class. Raises TypeError with the function that makes one."""
    if isinstance(value, kind):
        return value
    raise TypeError(f"{name} must be what {made_by} returns ({kind.__name__}); this is {shown(value)}")


def shown(value: object) -> str:
    """A value in a message: short ones as they are, of others what they are."""
    kind = type(value).__name__
    if isinstance(value, str | int | float | bytes):
        text = repr(value)
        return (text if len(text) <= SHOWN else text[:SHOWN] + "…") + f" ({kind})"
    return f"{'an' if kind[0] in 'AEIOUaeiou' else 'a'} {kind}"


SHOWN = 60
"""Characters of a wrong value that a message shows."""
