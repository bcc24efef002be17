"""A run read back from its folder: the same value that its reports were made from."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Literal, TypeVar

import polars as pl
from pydantic import BaseModel, ConfigDict, ValidationError

from engine import Assessment, explain, phrases, stored
from engine.decide import cycles_known, cycles_through
from engine.session import decisions_in
from inputs import FileSource, InputError, Issue, Roster
from inputs.met_again import issues_met_again, levels_unlike, met_again
from reports.run.decision_log import read_log
from reports.run.manifest import changed_files, kind_of, written_at
from reports.run.replacing import require_settled
from reports.run.searching import read_searched
from reports.run.vote_counts import read_votes
from reports.shown.content import NotAssessable, Pages, Run
from reports.shown.session import EMPTY_SESSION, Session
from rules import PackError, require_known

CONTEXT_FILE = "context.json"
COLUMNS = "columns"
"""The folder of tables that explanations are made from."""
_T = TypeVar("_T")


class Context(BaseModel):
    """`context.json`: everything that reports show besides the recommendations themselves."""

    model_config = ConfigDict(extra="forbid")

    format: Literal["promotion-readiness/context/2"]
    fingerprint: str
    day: date
    sources: tuple[FileSource, ...]
    people_in_file: int
    people_recommended: int
    not_assessable: tuple[NotAssessable, ...]
    issues: tuple[Issue, ...]
    session: Session = EMPTY_SESSION
    pages: Pages = Pages()


def write_context(run: Run, folder: Path) -> None:
    """Write `context.json`."""
    context = Context(format="promotion-readiness/context/2", **_shared(run))
    (folder / CONTEXT_FILE).write_bytes(context.model_dump_json(indent=1).encode() + b"\n")


def _shared(one: Run | Context) -> dict[str, Any]:
    """What a run and its context both have, by name."""
    return {name: getattr(one, name) for name in Context.model_fields if name != "format"}


def read_run(folder: Path, *, simulated: bool = False) -> Run:
    """A run from its folder, with what was decided so far.

    Raises `InputError` when the folder is not a whole run of this version, or what it is made of, or its log,
    was altered; and of a simulation, unless `simulated` allows one.
    """

    def read() -> Run:
        require_whole(folder, simulated=simulated)
        return read_written(folder)

    run = _unreplaced(folder, read)
    try:
        require_known(run.pack, f"{COLUMNS}/{stored.PACK}")
    except PackError as error:
        raise InputError(
            f"{folder} was written by another version of this program, and its rules say what this one does "
            f"not know: {error.args[0]}; run `readiness assess` again into a new folder"
        ) from error
    return run


def _unreplaced(folder: Path, read: Callable[[], _T]) -> _T:
    """What is read of a folder, all of it of one run: read again where another took its place meanwhile."""
    while True:
        before = written_at(folder)
        try:
            found = read()
        except InputError:
            if written_at(folder) == before:
                raise
        else:
            if written_at(folder) == before:
                return found


def require_whole(folder: Path, *, simulated: bool = False) -> None:
    """Raises `InputError` as `read_run` does, where that can be told without reading everything."""
    require_settled(folder)
    kind = kind_of(folder)
    if kind == "simulation" and not simulated:
        raise InputError(
            f"{folder} holds a simulation, which is not in force; give the folder that `readiness assess "
            "--out` wrote"
        )
    if kind == "part":
        raise InputError(
            f"{folder} holds a part of a run; put all parts together with `readiness merge`, and give the "
            "folder that it wrote"
        )
    if not (folder / CONTEXT_FILE).is_file():
        raise InputError(
            f"{folder} is not the folder of a run: it has no {CONTEXT_FILE}; "
            "give the folder that `readiness assess --out` wrote"
        )
    if changed := changed_files(folder, (CONTEXT_FILE, f"{COLUMNS}/*")):
        raise InputError(
            f"{folder} is not as it was written: {changed}; copy the whole folder, or run `readiness assess` "
            "again into a new one"
        )


def read_written(folder: Path) -> Run:
    """The run of a folder that only just was written, perhaps not yet as a whole."""
    context = _context(folder)
    with _of_this_version(folder):
        assessment = stored.read_assessment(folder / COLUMNS)
        searched = read_searched(folder / COLUMNS)
    explanations = explain(assessment, searched)
    return Run(
        pack=assessment.pack,
        explanations=explanations,
        decisions=decisions_in(read_log(folder)),
        votes=read_votes(folder, explanations),
        **_shared(context),
    )


def with_cycles_in(folder: Path, now: Roster, today: date) -> tuple[Roster, pl.DataFrame]:
    """What the run of an earlier cycle says to the rules on `now`, which may look at earlier cycles; and
    `now` with issues about ids that are not the same people's in both, and about levels that it contradicts.

    Raises `InputError` as `read_run` does, and when the run is not earlier than `today`.
    """
    then = _unreplaced(folder, lambda: _assessment(folder))
    with _of_this_version(folder):
        require_earlier(folder, then.day, today)
        met = met_again(then.roster.people, now.people)
        named = f"the run of {phrases.day(then.day)}"
        issues = [*issues_met_again(met, named)]
        same = ~pl.col("employee_id").is_in(met.ids_of_others)
        titles = {level.id: level.title for level in then.pack.levels}
        reviewed = pl.col("review_date").fill_null(then.day)
        issues += levels_unlike(then.roster.people.filter(same), reviewed, named, titles, now)
        known = cycles_through(then, now).filter(same)
    return replace(now, issues=(*now.issues, *issues)), known


def fingerprint_in(folder: Path) -> str:
    """That of the run of a folder. Raises `InputError` as `read_run`."""
    require_whole(folder)
    return _context(folder).fingerprint


def require_earlier(folder: Path, then: date, today: date) -> None:
    """Raises `InputError` when a run that is to be of an earlier cycle is not."""
    if then >= today:
        raise InputError(
            f"{folder} was assessed as of {phrases.day(then)}, which is not before {phrases.day(today)}; "
            "give the run of an earlier cycle"
        )


def cycles_behind(folder: Path) -> pl.DataFrame:
    """What a run itself, or a simulation, was told of earlier cycles. Raises `InputError` as `read_run`."""
    return cycles_known(_unreplaced(folder, lambda: _assessment(folder, simulated=True)))


def _assessment(folder: Path, *, simulated: bool = False) -> Assessment:
    require_whole(folder, simulated=simulated)
    with _of_this_version(folder):
        return stored.read_assessment(folder / COLUMNS)


@contextmanager
def _of_this_version(folder: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError, pl.exceptions.PolarsError) as error:
        raise InputError(
            f"{folder / COLUMNS} cannot be read as the columns of a run of this version; run `readiness "
            "assess` again"
        ) from error


def _context(folder: Path) -> Context:
    path = folder / CONTEXT_FILE
    try:
        return Context.model_validate_json(path.read_bytes(), strict=False)
    except ValidationError as error:
        raise InputError(
            f"{path} cannot be read as the context of a run of this version "
            f"({phrases.count(error.error_count(), 'problem')}); run `readiness assess` again"
        ) from error
