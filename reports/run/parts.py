"""A run in parts: people are independent of each other, so that each part can be assessed by itself.

Every part reads the whole file, as its checks need that, and assesses its share of the people. The parts put
together are the run, byte for byte.
"""

from collections import Counter
from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Literal

import polars as pl
from pydantic import BaseModel, ConfigDict, ValidationError

from engine import assess
from engine.decide import cycles_in_file, joined
from engine.phrases import count
from engine.stored import TABLES, read_assessment, read_roster, write_assessment, write_roster
from inputs import EarlierCycle, InputError, Issue, Roster
from reports.run.manifest import changed_files
from reports.run.saved import COLUMNS
from reports.run.searching import SEARCHED, read_searched
from reports.run.writing import (
    Ready,
    Stopwatch,
    Wanted,
    new_folder,
    require_possible,
    write_columns,
    write_files,
)
from reports.shown.content import Run
from reports.shown.session import GroupColumn
from reports.workbook import Marking
from rules.pack import RulePack

PART_FILE = "part.json"
ISSUES = "issues.xlsx"
NOT_ASSESSABLE = "not_assessable.parquet"
EARLIER = "earlier"


@dataclass(frozen=True)
class Share:
    """One of several parts, which are as large as each other, or by one person larger."""

    number: int
    """From 1."""
    of: int

    def rows(self, people: int) -> slice:
        """The people of this part, among so many."""
        return slice(people * (self.number - 1) // self.of, people * self.number // self.of)

    def __str__(self) -> str:
        """`3/7`, as on the command line."""
        return f"{self.number}/{self.of}"


class Part(BaseModel):
    """`part.json`: which part it is, and what the run is made from beside its columns."""

    model_config = ConfigDict(extra="forbid")

    format: Literal["promotion-readiness/part/1"]
    share: Share
    fingerprint: str
    wanted: Wanted
    by: str | None
    column: GroupColumn | None
    first: "First | None"
    """In the first part alone."""


class First(BaseModel):
    """What is the same for everybody."""

    model_config = ConfigDict(extra="forbid")

    issues: tuple[Issue, ...]
    earlier: tuple[tuple[str, date], ...]
    """Name and last day of each earlier cycle of the file."""


def write_part(
    roster: Roster,
    pack: RulePack,
    day: date,
    share: Share,
    out: Path,
    watch: Stopwatch,
    wanted: Wanted,
    executor: Executor | None = None,
    marking: Marking | None = None,
    earlier: pl.DataFrame | None = None,
) -> int:
    """Assess a share of the people of a roster, write that into a folder, and return how many these are.

    The folder is complete or untouched. Raises `InputError` as `write_run`.
    """
    require_possible(wanted, roster, out)
    some = roster.share(share.rows(roster.people.height))
    # Of everybody: whether a cycle is another one cannot be told by some of the people.
    earlier = cycles_in_file(roster, pack) if earlier is None else earlier
    with new_folder(out, "part", executor) as folder:
        with watch.stage("assessing"):
            assessment = assess(some, pack, day, earlier=earlier)
        searched = write_columns(assessment, folder / COLUMNS, watch, wanted, executor)
        ready = Ready.of(replace(assessment, roster=roster), searched, wanted, marking)
        first = _write_first(ready, folder) if share.number == 1 else None
        part = Part(
            format="promotion-readiness/part/1",
            share=share,
            fingerprint=ready.fingerprint,
            wanted=wanted,
            by=ready.by,
            column=ready.column if first else None,
            first=first,
        )
        (folder / PART_FILE).write_bytes(part.model_dump_json(indent=1).encode() + b"\n")
    return some.people.height


def _write_first(ready: Ready, folder: Path) -> First:
    roster = ready.assessment.roster
    roster.not_assessable.write_parquet(folder / NOT_ASSESSABLE)
    for number, cycle in enumerate(roster.earlier):
        write_roster(cycle.roster, cycle.end, folder / f"{EARLIER}-{number}")
    if ready.issues is not None:
        (folder / ISSUES).write_bytes(ready.issues())
    return First(issues=roster.issues, earlier=tuple((cycle.name, cycle.end) for cycle in roster.earlier))


def merge_parts(
    folders: Sequence[Path], out: Path, watch: Stopwatch | None = None, executor: Executor | None = None
) -> tuple[Run, str | None]:
    """Put all parts of a run together, in whatever order they are given: the folder is that of one run.

    Returns the run, and what its groups are called where it has some.

    Raises `InputError` when a part is not whole, or is of another run, or when one is missing or there twice;
    and as `write_run`.
    """
    watch = watch or Stopwatch()
    parts = _whole(folders)
    with new_folder(out, "run", executor) as folder:
        with watch.stage("joining the parts"):
            ready = _joined(parts)
            write_assessment(ready.assessment, folder / COLUMNS)
            if ready.searched is not None:
                ready.searched.write_parquet(folder / COLUMNS / SEARCHED)
        return write_files(ready, folder, watch, executor), ready.by


def _whole(folders: Sequence[Path]) -> dict[Path, Part]:
    """The parts in their order."""
    parts = {folder: _read_part(folder) for folder in folders}
    (one, first), *others = parts.items()
    for folder, part in others:
        if (part.fingerprint, part.share.of) != (first.fingerprint, first.share.of):
            raise InputError(
                f"{folder} and {one} are not parts of one run: they differ in the file, mapping, pack, day, "
                "run of an earlier cycle, version of the program or number of parts "
                f"({part.share} and {first.share})"
            )
        if part.wanted != first.wanted:
            raise InputError(f"{folder} and {one} were made with different options; give all the same ones")
    numbers = Counter(parts[folder].share.number for folder in folders)
    missing = [str(number) for number in range(1, first.share.of + 1) if not numbers[number]]
    if missing:
        raise InputError(
            f"{count(len(missing), 'part')} of {first.share.of} not given: {', '.join(missing[:10])}"
            f"{' …' if len(missing) > 10 else ''}"
        )
    if twice := [str(number) for number, times in numbers.items() if times > 1]:
        raise InputError(f"Part {twice[0]} was given twice; give each part once")
    return dict(sorted(parts.items(), key=lambda one: one[1].share.number))


def _read_part(folder: Path) -> Part:
    try:
        part = Part.model_validate_json((folder / PART_FILE).read_bytes(), strict=False)
    except (OSError, ValidationError) as error:
        raise InputError(
            f"{folder} is not a part of a run of this version; give folders that `readiness assess --shard` "
            "wrote"
        ) from error
    if changed := changed_files(folder, ("*",)):
        raise InputError(f"{folder} is not as it was written: {changed}; make this part again")
    return part


def _joined(parts: dict[Path, Part]) -> Ready:
    (home, first), *_ = parts.items()
    assert first.first is not None
    assessed = [read_assessment(folder / COLUMNS) for folder in parts]
    rosters = [part.roster for part in assessed]
    earlier = (
        EarlierCycle(name, end, read_roster(home / f"{EARLIER}-{number}")[0])
        for number, (name, end) in enumerate(first.first.earlier)
    )
    roster = replace(
        rosters[0],
        **{name: pl.concat([getattr(one, name) for one in rosters], rechunk=True) for name in TABLES},
        not_assessable=pl.read_parquet(home / NOT_ASSESSABLE),
        issues=first.first.issues,
        earlier=tuple(earlier),
    )
    found = [one for folder in parts if (one := read_searched(folder / COLUMNS)) is not None]
    issues = home / ISSUES
    return Ready(
        joined(assessed, roster),
        pl.concat(found, rechunk=True) if found else None,
        first.fingerprint,
        first.wanted,
        first.by,
        first.column,
        issues.read_bytes if issues.exists() else None,
    )
