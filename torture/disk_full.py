"""Every command on a disk that is full: at twenty sizes, and at each step that it takes in the file system.

A small file system in memory stands for the disk, which only root can make: once for the folder of the
results, once for temporary files. At the steps, Python is made to say that no space is left, which anybody
can.
"""

import errno
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from torture.bakery import COMMANDS, Command, build
from torture.children import Ended, Step, import_everything, in_child
from torture.scenes import Scene, State
from torture.tallies import Tally

SIZES = 20
ROOM = 512 * 1024**2
"""Bytes of a disk that is large enough."""
PAGE = 4096


def disk_full(times: int, seconds: float, seed: int) -> list[Tally]:  # noqa: ARG001 - as every job
    """Run each command at `SIZES` sizes of both disks, and refuse up to `times` of its steps."""
    import_everything()
    end, run = time.monotonic() + seconds, 0
    by_size, temporary, by_step = (
        Tally("disk of the results full, by size"),
        Tally("disk of temporary files full, by size"),
        Tally("no space at a step"),
    )
    with tempfile.TemporaryDirectory(prefix="torture-") as above:
        world = Path(above) / "world"
        build(world)
        for command in COMMANDS:
            if time.monotonic() > end:
                break
            run += 1
            if _can_mount():
                _by_size(command, world, Path(above), by_size, of_results=True)
                _by_size(command, world, Path(above), temporary, of_results=False)
            _by_step(command, world, Path(above), by_step, times)
            print(command.name, by_size, temporary, by_step, sep="\n", file=sys.stderr, flush=True)
    by_step.remark = f"the first {times} steps of each of {run} commands, in turn"
    for one in (by_size, temporary):
        one.remark = (
            f"twenty sizes for each of {run} commands that needs so much"
            if _can_mount()
            else "not measured: it needs root"
        )
    return [by_size, temporary, by_step]


def _can_mount() -> bool:
    return sys.platform == "linux" and os.geteuid() == 0


@contextmanager
def _disk(size: int, place: Path) -> Iterator[Path]:
    place.mkdir(exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "torture", place], check=True)
    try:
        yield place
    finally:
        subprocess.run(["umount", place], check=True)


def _by_size(command: Command, world: Path, above: Path, tally: Tally, *, of_results: bool) -> None:
    disk, roomy = above / "disk", above / "roomy"
    cwd, temporary = (
        (disk / "work", roomy / "temporary") if of_results else (roomy / "work", disk / "temporary")
    )
    with _disk(ROOM, disk):
        scene = Scene(command, world, cwd, temporary)
        scene.reset()
        used = [_used(disk)]
        before = scene.state()
        heard, told = os.pipe()
        in_child(command.act, cwd, temporary, lambda _: os.write(told, b"%d\n" % _used(disk)))
        os.close(told)
        with os.fdopen(heard) as lines:
            used += map(int, lines.read().split())
        used.append(_used(disk))
        after = scene.state()
    needed = max(used) - used[0]
    for part in range(SIZES if needed > 2 * PAGE else 1):  # some need no temporary files
        size = used[0] + needed * part // SIZES + PAGE
        with _disk(size, disk):
            scene.reset()
            ended = in_child(command.act, cwd, temporary)
            problem = _problem(ended, scene, before, after)
            where = f"{command.name}, {'results' if of_results else 'temporary files'} on {size:,} bytes"
            tally.passed(None if problem is None else f"{where}: {problem}")


def _used(disk: Path) -> int:
    told = os.statvfs(disk)
    return (told.f_blocks - told.f_bfree) * told.f_frsize


def _by_step(command: Command, world: Path, above: Path, tally: Tally, times: int) -> None:
    scene = Scene(command, world, above / "roomy" / "work", above / "roomy" / "temporary")
    scene.reset()
    before = scene.state()
    heard, told = os.pipe()
    in_child(command.act, scene.cwd, scene.temporary, lambda _: os.write(told, b"."))
    os.close(told)
    with os.fdopen(heard) as dots:
        steps = len(dots.read())
    after = scene.state()
    for at in range(1, min(steps, times) + 1):
        scene.reset()
        ended = in_child(command.act, scene.cwd, scene.temporary, _refusal(at))
        problem = _problem(ended, scene, before, after)
        tally.passed(None if problem is None else f"{command.name}, step {at}: {problem}")


def _refusal(at: int) -> Step:
    """No space is left at this step and at the nine after it."""

    def step(number: int) -> None:
        if at <= number < at + 10:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "refused")

    return step


def _problem(ended: Ended, scene: Scene, before: State, after: State) -> str | None:
    found = scene.state()
    if ended.code == scene.command.code and found == after:
        return None
    said = next((line for line in ended.said.splitlines() if line.startswith("Stopped:")), "")
    if ended.code != 1 or "no space" not in said.casefold():
        return f"ends with {ended.code}: {ended.said[-600:]}"
    if re.search(r"readiness-\w{8}|\.readiness", said):
        return f"shows a temporary path: {said}"
    return scene.problem(before, after, {"before": 0, "after": 0}, again=False)
