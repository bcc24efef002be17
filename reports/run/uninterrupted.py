"""What is done to its end, however early an interrupt comes."""

import signal
import threading
from collections.abc import Callable


def uninterrupted(do: Callable[[], object]) -> None:
    """An interrupt from the keyboard that comes meanwhile counts afterwards. For moments alone: whoever
    interrupts is waiting."""
    if threading.current_thread() is not threading.main_thread():  # which interrupts do not reach
        do()
        return
    came: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _frame: came.append(number))
    try:
        do()
    finally:
        signal.signal(signal.SIGINT, before)
        if came:
            signal.raise_signal(signal.SIGINT)
