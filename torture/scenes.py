"""A command with the files that it needs, as often as wanted; and how everything is found afterwards."""

import hashlib
import re
import shutil
import zipfile
from pathlib import Path

from torture.bakery import Command, mend
from torture.children import in_child

VOLATILE = "timings.json"
State = dict[str, str]
"""Path to digest."""


class Scene:
    """A folder with what a command needs, as often as wanted."""

    def __init__(self, command: Command, world: Path, cwd: Path, temporary: Path) -> None:
        self.command, self.world, self.cwd, self.temporary = command, world, cwd, temporary
        if not cwd.exists():
            self.reset()

    def copy(self, place: Path) -> None:
        """Both folders as they are now; where a file goes away meanwhile, it was not there."""
        for folder in (self.cwd, self.temporary):
            shutil.copytree(folder, place / folder.name, symlinks=True)

    def at(self, place: Path) -> "Scene":
        """The scene in a copy."""
        return Scene(self.command, self.world, place / self.cwd.name, place / self.temporary.name)

    def reset(self) -> None:
        """As it was in the beginning."""
        for folder in (self.cwd, self.temporary):
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
        for name in self.command.needs:
            source = self.world / name
            (shutil.copytree if source.is_dir() else shutil.copy2)(source, self.cwd / name)

    def state(self) -> State:
        """Every file with its content; hidden ones are looked at by `left`."""
        files = (path for path in self.cwd.rglob("*") if path.is_file() and path.name != VOLATILE)
        return {str(path.relative_to(self.cwd)): _digest(path) for path in files if not _is_hidden(path)}

    def left(self) -> list[str]:
        """What lies around."""
        hidden = [str(path.relative_to(self.cwd)) for path in self.cwd.rglob("*") if _is_hidden(path)]
        return [*hidden, *map(str, self.temporary.iterdir())]

    def problem(self, before: State, after: State, outcomes: dict[str, int], *, again: bool) -> str | None:
        """What is wrong after a kill."""
        mended = mend(self.command, self.cwd, self.temporary)
        if mended.code:
            return f"the next command ends with {mended.code}: {mended.said}"
        found = self.state()
        torn = differing(found, before, after)
        if torn and (not self.command.apart or _torn(found, before, after)):
            return f"neither as before nor as after: {torn}"
        outcomes["after" if found == after and found != before else "before"] += 1
        if self.command.folder is not None and (left := self._left_in()):
            return f"left over: {left}"
        if again:
            return self._problem_again(after, allowed=(*self.command.done, self.command.code))
        return None

    def _left_in(self) -> list[str]:
        """Without locks, which are empty."""
        return [one for one in self.left() if _holds_something(self.cwd / one)]

    def _problem_again(self, after: State, allowed: tuple[int, ...]) -> str | None:
        once_more = in_child(self.command.act, self.cwd, self.temporary)
        if once_more.code not in allowed:
            return f"run again, it ends with {once_more.code}: {once_more.said}"
        if (found := self.state()) != after:
            return f"run again, it writes something else: {_torn(found, after, after)}"
        left = self._left_in()
        return f"left over after running again: {left}" if left else None


def differing(found: State, before: State, after: State) -> list[str]:
    """The files that are as they were neither before nor after, or, where there are none, that are mixed."""
    if found in (before, after):
        return []
    return _torn(found, before, after) or [name for name in after if before.get(name) != after[name]]


def _torn(found: State, before: State, after: State) -> list[str]:
    names = sorted({*found, *before, *after})
    return [name for name in names if found.get(name) not in (before.get(name), after.get(name))]


def _holds_something(path: Path) -> bool:
    return any(path.iterdir()) if path.is_dir() else path.stat().st_size > 0


def _is_hidden(path: Path) -> bool:
    return any(_IN_THE_MAKING.fullmatch(part) for part in path.parts)


_IN_THE_MAKING = re.compile(r"\..*(readiness|lock|new)|\.readiness\..*")


def _digest(path: Path) -> str:
    """Of the content; of an exported pack without the time at which it was written."""
    content = path.read_bytes()
    if path.suffix == ".xlsx" and zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as parts:
            content = b"".join(parts.read(name) for name in sorted(parts.namelist()) if name != _DATED)
    return hashlib.sha256(content).hexdigest()


_DATED = "docProps/core.xml"
