"""Commands in processes that are forked from one that has imported everything already: many, and cheap."""

import importlib
import os
import pkgutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Self

from readiness import __main__ as door
from readiness import commands, console
from reports.pages import rendering

LONGEST = 120.0
"""Seconds after which a command counts as one that does not end."""
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
STEPS = ("os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.chmod", "os.truncate", "os.link", "os.symlink")
"""What Python tells of before it does it; to open a file to write into it is one more."""
Step = Callable[[int], object]
"""Called before each step in the file system, with its number from 1 on."""
Hold = Callable[[int], None]
"""Called with the number of an instant, while the process stands still."""


@dataclass(frozen=True)
class Ended:
    """How a process ended."""

    code: int
    """The exit code; minus the signal's number where one ended it."""
    said: str
    seconds: float


def import_everything() -> None:
    """What commands import when they are asked for, so that those that are forked need not."""
    for module in pkgutil.iter_modules(commands.__path__):
        importlib.import_module(f"{commands.__name__}.{module.name}")
    for template in rendering._environment().list_templates(["html"]):
        rendering._environment().get_template(template)
    door._processors = lambda: 1  # other processes would take longer to start than a command takes here
    console.datetime = _Stopped  # type: ignore[attr-defined,misc]  # the log says when; here always the same


class _Stopped(datetime):
    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Self:
        return cls(2026, 7, 2, 9, tzinfo=tz)


def command_line(*words: str) -> Callable[[], None]:
    """The command as somebody gives it."""

    def act() -> None:
        sys.argv = ["readiness", *words]
        door.main()

    return act


def in_child(
    act: Callable[[], object],
    cwd: Path,
    temporary: Path,
    step: Step | None = None,
    kill_after: float = LONGEST,
    hold: Hold | None = None,
    instants: Sequence[float] = (),
) -> Ended:
    """Do something in a process of its own, inside a folder.

    `kill_after` and `instants`, at which `hold` is called, are in seconds of its beginning.
    """
    temporary.mkdir(exist_ok=True)
    begun = time.monotonic()
    with tempfile.TemporaryFile() as said:
        child = os.fork()
        if child == 0:
            _be_child(act, cwd, temporary, said.fileno(), step)
        status: int | None = None
        for number, instant in enumerate(instants):
            status = _wait(child, begun + instant)
            status = _stopped(child) if status is None else status
            if status is not None:
                break
            assert hold is not None
            held = time.monotonic()
            hold(number)
            begun += time.monotonic() - held
            os.kill(child, signal.SIGCONT)
        if status is None:
            status = _wait(child, begun + kill_after)
        if status is None:
            os.kill(child, signal.SIGKILL)
            status = os.waitpid(child, 0)[1]
        said.seek(0)
        text = said.read().decode("utf-8", "replace")
    return Ended(os.waitstatus_to_exitcode(status), text, time.monotonic() - begun)


def _wait(child: int, end: float) -> int | None:
    """How it ended; None where it has not."""
    while time.monotonic() < end:
        found, status = os.waitpid(child, os.WNOHANG)
        if found:
            return status
        time.sleep(0.001)
    return None


def _stopped(child: int) -> int | None:
    """How it ended, where it did so before it could be stopped."""
    os.kill(child, signal.SIGSTOP)
    status = os.waitpid(child, os.WUNTRACED)[1]
    return None if os.WIFSTOPPED(status) else status


def _be_child(act: Callable[[], object], cwd: Path, temporary: Path, said: int, step: Step | None) -> None:
    code = 70
    try:
        os.environ.update(dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(temporary)))
        os.chdir(cwd)
        os.dup2(said, 1)
        os.dup2(said, 2)
        if step is not None:
            sys.addaudithook(_Steps(cwd, temporary, step).hear)
        act()
        code = 0
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


class _Steps:
    """Counts the steps in two folders."""

    def __init__(self, cwd: Path, temporary: Path, step: Step) -> None:
        self.roots = tuple(os.path.realpath(folder) for folder in (cwd, temporary))
        self.step, self.number = step, 0

    def hear(self, event: str, told: tuple[object, ...]) -> None:
        """A hook for `sys.addaudithook`."""
        if event == "open":
            path, _, flags = told
            if not (isinstance(flags, int) and flags & WRITING):
                return
        elif event in STEPS:
            path = told[0]
        else:
            return
        if isinstance(path, bytes):
            path = os.fsdecode(path)
        if isinstance(path, str | os.PathLike) and self._is_inside(os.fspath(path)):
            self.number += 1
            self.step(self.number)

    def _is_inside(self, path: str | bytes) -> bool:
        whole = os.path.abspath(os.fsdecode(path))  # noqa: PTH100 - resolving links would ask the disk
        return whole.startswith(self.roots)
