"""Every command killed at every step that it takes in the file system, and at random instants in between.

A command that is killed leaves on the disk what is there at that instant. So most kills are copies of the
disk: before each step, and while the process is held by a signal. One in ten is a kill. After each, the next
command puts right what is left; then everything is as it was before or as it is after the whole command, byte
for byte; and every so often the command is run once more, to its end.
"""

import random
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from torture.bakery import COMMANDS, Command, build
from torture.children import Step, import_everything, in_child
from torture.scenes import Scene
from torture.tallies import Tally

RUN_AGAIN = 20
"""Every so many kills the command is run once more."""
HELD = 20
"""Instants at which one process is held."""
REAL = 10
"""One in so many kills is one."""


def kills(times: int, seconds: float, seed: int) -> list[Tally]:
    """Kill each command `times` times, or for its share of the `seconds` that are left."""
    import_everything()
    dice, end = random.Random(seed), time.monotonic() + seconds
    with tempfile.TemporaryDirectory(prefix="torture-") as above:
        world = Path(above) / "world"
        build(world)
        return [
            _killed(command, world, times, (end - time.monotonic()) / (len(COMMANDS) - done), dice)
            for done, command in enumerate(COMMANDS)
        ]


def _killed(command: Command, world: Path, wanted: int, share: float, dice: random.Random) -> Tally:
    tally = Tally(command.name)
    with tempfile.TemporaryDirectory(prefix="scene-", dir=world.parent) as above:
        scene = Scene(command, world, Path(above) / "work", Path(above) / "temporary")
        before = scene.state()
        whole = in_child(command.act, scene.cwd, scene.temporary)
        after, left = scene.state(), scene.left()
        if whole.code != command.code or left:
            tally.passed(f"not killed at all: {whole.code}, {left}: {whole.said}")
            return tally
        end = time.monotonic() + share
        outcomes = {"before": 0, "after": 0}
        ways = {"step": 0, "held": 0, "killed": 0}
        for way, where, found in _deaths(scene, whole.seconds, wanted, dice):
            again = tally.times % RUN_AGAIN == 0 or command.folder is None
            problem = found.problem(before, after, outcomes, again=again)
            tally.passed(None if problem is None else f"{command.name}, {where}: {problem}")
            ways[way] += 1
            if tally.times >= wanted or time.monotonic() > end:
                break
    counted = f"{ways['step']} at steps, {ways['held']} at instants, {ways['killed']} real kills"
    tally.remark = f"{counted}; found {outcomes['before']:,} times as before, {outcomes['after']:,} as after"
    print(tally, file=sys.stderr, flush=True)
    return tally


Death = tuple[str, str, Scene]
"""Its way, where it was, and what it left."""


def _deaths(scene: Scene, seconds: float, wanted: int, dice: random.Random) -> Iterator[Death]:
    kept = scene.cwd.with_name("kept")
    yield from _at_steps(scene, kept)
    for _ in range(max(wanted // REAL, 1)):
        scene.reset()
        instant = dice.uniform(0, 1.05 * seconds)
        in_child(scene.command.act, scene.cwd, scene.temporary, kill_after=instant)
        yield "killed", f"killed at {instant:.3f} s", scene
    while True:
        yield from _at_instants(scene, kept, seconds, dice)


def _at_steps(scene: Scene, kept: Path) -> Iterator[Death]:
    """The disk before each step of one run, which copies it itself."""
    scene.reset()
    in_child(scene.command.act, scene.cwd, scene.temporary, _copier(scene, kept))
    for copy in sorted(kept.iterdir() if kept.exists() else (), key=lambda path: int(path.name)):
        yield "step", f"step {copy.name}", scene.at(copy)
        shutil.rmtree(copy)


def _copier(scene: Scene, kept: Path) -> Step:
    def step(number: int) -> None:
        scene.copy(kept / str(number))

    return step


def _at_instants(scene: Scene, kept: Path, seconds: float, dice: random.Random) -> Iterator[Death]:
    """The disk at random instants of one run, which is held meanwhile."""
    scene.reset()
    instants = sorted(dice.uniform(0, 1.05 * seconds) for _ in range(HELD))

    def hold(number: int) -> None:
        scene.copy(kept / str(number))

    in_child(scene.command.act, scene.cwd, scene.temporary, hold=hold, instants=instants)
    for number, instant in enumerate(instants):
        copy = kept / str(number)
        if copy.exists():
            yield "held", f"held at {instant:.3f} s", scene.at(copy)
            shutil.rmtree(copy)
