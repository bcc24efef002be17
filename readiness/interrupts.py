"""Interrupts from the keyboard, which libraries may lose on the way."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def interrupts_abort() -> Iterator[None]:
    """An interrupt ends the program with one word, wherever it comes.

    In the middle of a call from a library that is not written in Python, KeyboardInterrupt is printed and
    forgotten, and the library fails of something else.
    """
    came: list[int] = []

    def interrupt(number: int, _frame: object) -> None:
        came.append(number)
        raise KeyboardInterrupt

    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, interrupt)
        sys.unraisablehook = lambda lost: None if came else sys.__unraisablehook__(lost)
    try:
        yield
    except KeyboardInterrupt:
        sys.exit("Aborted!")
    except Exception:
        if not came:
            raise
        sys.exit("Aborted!")
