"""Inputs changed at random where their structure is: each ends in a sentence or in a result.

python -m torture.fuzzing KIND NUMBER [SEED]      one of them again, with its traceback
"""

import random
import re
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from inputs import InputError
from rules import PackError
from torture.answers import answers
from torture.exports import exports
from torture.forms import forms
from torture.fuzzed import KINDS, Kind
from torture.matrices import matrices
from torture.tallies import Tally

LONGEST = 60
"""Seconds of processor time for one input."""
MADE: Mapping[str, Kind] = {
    "forms": forms,
    "exports": exports,
    "answers": answers,
    "matrices": matrices,
}


class EndlessError(BaseException):
    """One input takes too long; no `except Exception` keeps it."""


def fuzzing(times: int, seconds: float, seed: int) -> list[Tally]:
    """Each kind of input for its share of the seconds, a thousand times `times` at most."""
    with tempfile.TemporaryDirectory(prefix="torture-") as folder:
        share = seconds / len(KINDS)
        return [_fuzzed(name, kind, Path(folder), 1000 * times, share, seed) for name, kind in KINDS.items()]


def searched(name: str) -> Callable[[int, float, int], list[Tally]]:
    """Things made at random, of which nothing may be lost in silence or read as something else."""

    def search(times: int, seconds: float, seed: int) -> list[Tally]:
        with tempfile.TemporaryDirectory(prefix="torture-") as folder:
            return [_fuzzed(name, MADE[name], Path(folder), times, seconds, seed)]

    return search


def _fuzzed(name: str, kind: Kind, folder: Path, times: int, seconds: float, seed: int) -> Tally:
    tally, seen = Tally(f"fuzzed: {name}"), set[str]()
    try_one, end = kind(folder / name.replace(" ", "-")), time.monotonic() + seconds
    refused = 0
    while tally.times < times and time.monotonic() < end:
        number = tally.times
        try:
            with soon():
                try_one(random.Random(f"{seed} {name} {number}"))
            problem = None
        except (InputError, PackError) as error:
            refused += 1
            problem = _wrong_words(str(error))
        except (Exception, EndlessError) as error:
            problem = _where(error)
        if problem is not None and problem in seen:
            tally.times += 1
            continue
        if not tally.passed(problem if problem is None else f"{name} {number}: {problem}"):
            seen.add(problem or "")
            print(tally.failures[-1], file=sys.stderr, flush=True)
    tally.remark = f"{refused:,} refused in a sentence, the others read"
    print(tally, file=sys.stderr, flush=True)
    return tally


@contextmanager
def soon() -> Iterator[None]:
    if sys.platform == "win32":  # it has no such signal
        yield
        return

    def stop(*_: object) -> None:
        raise EndlessError(f"not done after {LONGEST} seconds")

    signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, LONGEST)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _wrong_words(said: str) -> str | None:
    """What no sentence holds."""
    wrong = re.search(r"Traceback|object at 0x|readiness-\w{8}|\.readiness", said)
    if said.strip() and wrong is None:
        return None
    return f"says {wrong[0] if wrong else 'nothing'}: {said[:300]}"


def _where(error: BaseException) -> str:
    """The kind of error and the last place of ours, by which findings are told apart."""
    ours = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if Path(frame.filename).parent.as_posix().startswith(Path.cwd().as_posix())
        and "torture" not in Path(frame.filename).relative_to(Path.cwd()).parts
    ]
    if isinstance(error, AssertionError) and error.args:
        return f"{error}"[:300]
    place = f"{Path(ours[-1].filename).relative_to(Path.cwd())}:{ours[-1].lineno}" if ours else "elsewhere"
    return f"{type(error).__name__} at {place}"


def again(name: str, number: int, seed: int) -> None:
    """One input once more."""
    with tempfile.TemporaryDirectory() as folder, soon():
        kind = {**KINDS, **MADE}[name]
        print(kind(Path(folder) / "x")(random.Random(f"{seed} {name} {number}")))


if __name__ == "__main__":
    again(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 1)
