"""A second process for work that the first needs only later.

It is started before the first process imports anything large, so that both import at the same time; therefore
this module imports nothing large itself. What the second process does not answer, for whatever reason, the
first does itself: nothing depends on it but time. It ends when its end of the pipe is closed, also when the
first process was killed.
"""

import gc
import importlib
import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import IO, Generic, ParamSpec, TypeVar

_P = ParamSpec("_P")
_T = TypeVar("_T")
_FAILED = b""
"""The answer of work that raised: it is done again where errors have their place."""
_LENGTH = 8
"""Bytes in front of every message that tell how long it is."""


class SecondProcess:
    """Does one piece of work after another, in the order in which it is handed over."""

    def __init__(self, imports: str) -> None:
        """Start the process; it imports the module `imports` at once. Raises OSError when it cannot start."""
        # What Python would put on the path by itself, such as the present folder, may hold anything.
        program = f"import sys; sys.path[:] = {sys.path!r}; from {__name__} import serve; serve({imports!r})"
        self._process = subprocess.Popen(
            [sys.executable, "-c", program],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._requests = self._process.stdin
        self._answers: SimpleQueue[bytes | None] = SimpleQueue()
        self._received: list[bytes] = []
        self._lost = False
        self._started = 0
        # An answer is taken at once: the second process would wait for that before it goes on.
        arguments = (self._process.stdout, self._answers)
        self._receiver = threading.Thread(target=_receive, args=arguments, daemon=True)
        self._receiver.start()

    def start(self, work: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> "Handed[_T]":
        """Hand work over: a function of a module, with arguments that can be pickled."""
        place = None
        if not self._lost:
            try:
                _send(self._requests, pickle.dumps((work, args, kwargs), pickle.HIGHEST_PROTOCOL))
                place, self._started = self._started, self._started + 1
            except (OSError, MemoryError):
                self.close()
        return Handed(self, place, lambda: work(*args, **kwargs))

    def answer(self, place: int) -> bytes:
        """Wait for the answer to what was handed over, `_FAILED` when there will be none."""
        while len(self._received) <= place and not self._lost:
            message = self._answers.get()
            if message is None:
                self._lost = True
            else:
                self._received.append(message)
        return self._received[place] if place < len(self._received) else _FAILED

    def stop(self, place: int) -> None:
        """End the process unless it has done this work already."""
        if len(self._received) <= place:
            self.close()

    def close(self) -> None:
        """End the process, whatever it does."""
        self._lost = True
        self._process.kill()
        self._process.wait()
        self._receiver.join()
        for pipe in (self._process.stdout, self._process.stdin):
            try:
                assert pipe is not None
                pipe.close()
            except OSError:
                continue


class Handed(Generic[_T]):
    """Work that was handed to the second process."""

    def __init__(self, process: SecondProcess, place: int | None, here: Callable[[], _T]) -> None:
        """`place` is the work's number among all that was handed over, None when that failed."""
        self._process = process
        self._place = place
        self._here = here

    def result(self) -> _T:
        """What the work returned there; where it did not, it is done here."""
        answer = _FAILED if self._place is None else self._process.answer(self._place)
        if answer == _FAILED:
            return self._here()
        value: _T = pickle.loads(answer)
        return value

    def close(self) -> None:
        """See to it that nothing is done any more."""
        if self._place is not None:
            self._process.stop(self._place)


def serve(imports: str) -> None:
    """The second process: import, then answer requests until there are no more."""
    gc.disable()
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    # What is printed must not get among the answers.
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    waiting: SimpleQueue[bytes | None] = SimpleQueue()
    threading.Thread(target=_receive_or_end, args=(requests, waiting), daemon=True).start()
    importlib.import_module(imports)
    while request := waiting.get():
        _send(answers, _answer(request))


def _answer(request: bytes) -> bytes:
    try:
        work, args, kwargs = pickle.loads(request)
        return pickle.dumps(work(*args, **kwargs), pickle.HIGHEST_PROTOCOL)
    except Exception:
        return _FAILED


def _receive_or_end(pipe: IO[bytes], into: SimpleQueue[bytes | None]) -> None:
    """Receive; nobody is left to work for when the pipe is closed, so that ends the process in the middle."""
    _receive(pipe, into)
    os._exit(0)


def _receive(pipe: IO[bytes], into: SimpleQueue[bytes | None]) -> None:
    """Take whole messages from a pipe, and None when it is closed."""
    while len(length := pipe.read(_LENGTH)) == _LENGTH:
        size = int.from_bytes(length, "little")
        message = pipe.read(size)
        if len(message) < size:
            break
        into.put(message)
    into.put(None)


def _send(pipe: IO[bytes], message: bytes) -> None:
    pipe.write(len(message).to_bytes(_LENGTH, "little"))
    pipe.write(message)
    pipe.flush()
