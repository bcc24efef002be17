"""Promotion readiness for programs: ten functions and two errors, each imported when it is first asked for.

    >>> import readiness
    >>> pack = readiness.load_pack("product_management")
    >>> roster = readiness.load_roster("ratings.xlsx", pack, "2026-06-30")
    >>> assessment = readiness.assess(roster, pack, "2026-06-30")
    >>> run = readiness.write_run(assessment, "results_of_a_program")

`docs/programmers.md` shows all of them; the command line is `readiness.cli`.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from readiness.neighbours import foreign_package

__all__ = [
    "InputError",
    "PackError",
    "assess",
    "calibrate",
    "check_pack",
    "compare",
    "explain",
    "load_pack",
    "load_roster",
    "read_run",
    "simulate",
    "write_run",
]

if TYPE_CHECKING:
    from readiness.library import (
        InputError,
        PackError,
        assess,
        calibrate,
        check_pack,
        compare,
        explain,
        load_pack,
        load_roster,
        read_run,
        simulate,
        write_run,
    )
else:

    def __getattr__(name: str) -> object:
        """What `readiness.library` offers. Raises ImportError where another package is in the way."""
        if name not in __all__:
            raise AttributeError(
                f"module {__name__!r} has no attribute {name!r}; it offers {', '.join(__all__)}"
            )
        foreign = foreign_package()
        if foreign is not None:
            raise ImportError(foreign)
        return getattr(import_module("readiness.library"), name)

    def __dir__() -> list[str]:
        """What is offered, also before it is imported."""
        return sorted({*globals(), *__all__})
