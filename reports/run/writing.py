"""A run is a folder: everything that is in it, written."""

import hashlib
import json
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from importlib.metadata import version
from pathlib import Path

import polars as pl

from engine import Assessment, explain
from engine.stored import write_assessment
from inputs import FileSource, InputError, Roster
from inputs.mapping import FileMapping
from reports.pages import page_pieces
from reports.run.background import Shared
from reports.run.data import issues_frame, write_csv, write_recommendations, write_table
from reports.run.earlier import cycle_in_file
from reports.run.manifest import Kind
from reports.run.previous import read_previous, write_last_cycle
from reports.run.replacing import replaced_folder
from reports.run.saved import COLUMNS, fingerprint_in, read_written, write_context
from reports.run.searching import drop_explained, search_shared, take_explained
from reports.shown.calibration_groups import choose_groups
from reports.shown.content import Pages, Run, run_of
from reports.shown.guidelines import Guideline
from reports.shown.last_cycle import last_cycle
from reports.shown.session import GroupColumn, Session
from reports.workbook import Marking, issues_workbook, write_workbook
from reports.workbook.by_group import group_workbooks
from rules.pack import RulePack

PRODUCT = "promotion-readiness"
RUN_FORMAT = "promotion-readiness/run/1"
LIBRARIES = ("durable-rules", "fastexcel", "jinja2", "openpyxl", "polars")


TOLD_EVERY = 2.0
"""Seconds between two words on how far a stage is."""


class Stopwatch:
    """Times the stages of a run, and announces each as it begins."""

    def __init__(self, announce: Callable[[str], None] = lambda _: None) -> None:
        self.seconds: dict[str, float] = {}
        self._announce = announce
        self._told = time.perf_counter()

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time one stage; of work in another process, only the waiting for it."""
        self._announce(name)
        start = time.perf_counter()
        yield
        self.seconds[name] = round(time.perf_counter() - start, 4)

    def tell(self, done: int, pieces: int) -> None:
        """Announce how far a long stage is, now and then."""
        if time.perf_counter() - self._told >= TOLD_EVERY:
            self._told = time.perf_counter()
            self._announce(f"  {done:,} of {pieces:,}")


@dataclass(frozen=True)
class Wanted:
    """What a run was made from, and what it writes beyond what every run writes."""

    mapping: FileMapping | None = None
    people: bool = False
    """A page for each person, which they may read themselves."""
    packets: bool = False
    """A promotion packet for each person, linked from the managers' pages."""
    include_indirect_reports: bool = False
    """Managers' pages also hold the people below their own people."""
    group_by: str | None = None
    """Also a workbook for each calibration group; a key of
    `reports.shown.calibration_groups.GROUPINGS`, or a header."""
    guidelines: tuple[Guideline, ...] = ()
    """Shares to show with the bands, as information."""
    places: int | None = None
    """How many recommendations the agenda has time for; by the session's length unless given."""
    previous: Path | None = None
    """The folder of an earlier cycle's run, to compare this one with."""
    only_data: bool = False
    """Columns and the table of recommendations alone, nobody explained: no workbook, no pages. What would
    change a recommendation is searched when its explanation is asked for."""


@dataclass(frozen=True)
class Ready:
    """Everything that the files of a run are written from, beside its columns."""

    assessment: Assessment
    searched: pl.DataFrame | None
    """None where it is searched when an explanation is asked for."""
    fingerprint: str
    wanted: Wanted
    by: str | None
    """What the groups of `Wanted.group_by` are called, and the column of the file that they are from."""
    column: GroupColumn | None
    issues: Callable[[], bytes] | None
    """`issues.xlsx`, where there is one."""

    @classmethod
    def of(
        cls, assessment: Assessment, searched: pl.DataFrame | None, wanted: Wanted, marking: Marking | None
    ) -> "Ready":
        """All of it for people who were assessed at once."""
        roster = assessment.roster
        by, column = choose_groups(wanted.group_by, roster) if wanted.group_by else (None, None)
        earlier = None if wanted.previous is None else fingerprint_in(wanted.previous)
        fingerprint = fingerprint_of(roster.sources, assessment.pack, assessment.day, wanted.mapping, earlier)
        issues = None if marking is None else partial(issues_workbook, marking)
        return cls(assessment, searched, fingerprint, wanted, by, column, issues)


def write_run(
    assessment: Assessment,
    out: Path,
    watch: Stopwatch | None = None,
    wanted: Wanted | None = None,
    executor: Executor | None = None,
    marking: Marking | None = None,
) -> Run:
    """Write the whole folder of a run and return what it shows.

    Other processes of `executor` search a part, and write pages while this one writes the data; after a
    failure the executor is shut down. `marking` is what `issues.xlsx` shows, the copy of the
    spreadsheets with the faulty cells marked; without it there is none.

    The folder is complete or untouched. Raises `InputError` when `out` holds what people did, or decided, or
    something that is not a run.
    """
    watch, wanted = watch or Stopwatch(), wanted or Wanted()
    require_possible(wanted, assessment.roster, out)
    with new_folder(out, "run", executor) as folder:
        searched = write_columns(assessment, folder / COLUMNS, watch, wanted, executor)
        return write_files(Ready.of(assessment, searched, wanted, marking), folder, watch, executor)


def require_possible(wanted: Wanted, roster: Roster, out: Path) -> None:
    """Raises `InputError` before the work where a file has nothing by which to make the groups, or where the
    run of the earlier cycle would be replaced by this one."""
    if wanted.previous is not None and wanted.previous.resolve() == out.resolve():
        raise InputError(
            f"{out} holds the run of the earlier cycle, which would be lost; give another folder for this one"
        )
    if wanted.group_by:
        choose_groups(wanted.group_by, roster)


@contextmanager
def new_folder(out: Path, kind: Kind, executor: Executor | None) -> Iterator[Path]:
    """As `replaced_folder`; after a failure nothing is written any more when the folder is taken away."""
    with replaced_folder(out, kind) as folder:
        try:
            yield folder
        except BaseException:
            if executor is not None:
                executor.shutdown(cancel_futures=True)
            raise


def write_columns(
    assessment: Assessment, folder: Path, watch: Stopwatch, wanted: Wanted, executor: Executor | None
) -> pl.DataFrame | None:
    """Write the columns of an assessment, and what would change it; returns that, where it is searched."""
    with watch.stage("writing the columns"):
        write_assessment(assessment, folder)
    if wanted.only_data:
        return None
    with watch.stage("explaining, and searching what would change it"):
        return search_shared(assessment, executor, folder, watch.tell)


def write_files(ready: Ready, folder: Path, watch: Stopwatch, executor: Executor | None) -> Run:
    """Write everything into the folder of a run that has its columns, and return what it shows."""
    wanted = ready.wanted
    run = _run_of(ready, folder)
    write_context(run, folder)
    pieces = None if wanted.only_data else _begin(run, ready.by, folder, executor)
    with watch.stage("writing data files"):
        if wanted.only_data:
            write_table(run, folder)
        else:
            write_recommendations(run, folder)
        if run.session.cycle is not None:
            write_last_cycle(run, run.session.cycle, folder)
        write_csv(issues_frame(run.issues), folder / "issues.csv")
    if ready.issues is not None:
        with watch.stage("marking the issues"):
            (folder / "issues.xlsx").write_bytes(ready.issues())
    if pieces is not None:
        with watch.stage("writing the workbook"):
            write_workbook(run, folder / "calibration.xlsx")
        with watch.stage("writing the pages" if ready.by is None else "writing pages and groups' workbooks"):
            pieces.finish(watch.tell)
        _pieces.pop(folder)
    drop_explained(folder / COLUMNS)
    write_json(about_run(run), folder / "run.json")
    write_json(watch.seconds, folder / "timings.json")
    return run


def _run_of(ready: Ready, folder: Path) -> Run:
    assessment, wanted = ready.assessment, ready.wanted
    explanations = explain(assessment, ready.searched)
    take_explained(explanations, folder / COLUMNS)
    run = run_of(assessment, explanations, ready.fingerprint)
    if wanted.only_data:
        return run
    if wanted.previous is None:
        cycle = cycle_in_file(assessment, run)
    else:
        cycle = last_cycle(run, read_previous(wanted.previous, run))
    return replace(
        run,
        session=Session(wanted.guidelines, wanted.places, ready.column, cycle),
        pages=Pages(wanted.people, wanted.packets, wanted.include_indirect_reports),
    )


_pieces: dict[Path, list[Callable[[], object]]] = {}
"""The pages and groups' workbooks of a run in the making, for a process that writes some of them."""


def _begin(run: Run, by: str | None, folder: Path, executor: Executor | None) -> Shared:
    """Let other processes begin with pages and groups' workbooks."""
    _pieces[folder] = _pieces_of(run, by, folder)
    return Shared(executor, folder / "taken", len(_pieces[folder]), partial(_write_piece, folder, by))


def _pieces_of(run: Run, by: str | None, folder: Path) -> list[Callable[[], object]]:
    groups = group_workbooks(run, by, folder / "groups") if by is not None else ()
    return [*page_pieces(run, folder), *groups]


def _write_piece(folder: Path, by: str | None, piece: int) -> None:
    if folder not in _pieces:
        _pieces.clear()
        run = read_written(folder)
        take_explained(run.explanations, folder / COLUMNS)
        _pieces[folder] = _pieces_of(run, by, folder)
    _pieces[folder][piece]()


def fingerprint_of(
    sources: tuple[FileSource, ...],
    pack: RulePack,
    day: date,
    mapping: FileMapping | None = None,
    earlier: str | None = None,
) -> str:
    """Twelve characters that are the same for the same input, mapping, pack, day, run of an earlier cycle (by
    its own) and product version."""
    known: list[object] = [
        [source.sha256 for source in sources],
        pack.sha256,
        day.isoformat(),
        version(PRODUCT),
    ]
    if mapping is not None:
        known.append(mapping.model_dump(mode="json"))
    if earlier is not None:
        known.append(earlier)
    return hashlib.sha256(json.dumps(known, sort_keys=True).encode()).hexdigest()[:12]


def about_run(run: Run) -> dict[str, object]:
    """What `run.json` says: what went in, what came out, and which versions did it."""
    severities = Counter(str(issue.severity) for issue in run.issues)
    return {
        "format": RUN_FORMAT,
        "fingerprint": run.fingerprint,
        "day": run.day.isoformat(),
        "pack": {
            "name": run.pack.name,
            "version": run.pack.version,
            "sha256": run.pack.sha256,
        },
        "inputs": [
            {
                "file": source.name,
                "sha256": source.sha256,
                "sheet": source.sheet,
                "header_row": source.header_row,
                "rows": source.rows,
            }
            for source in run.sources
        ],
        "counts": {
            "people_in_file": run.people_in_file,
            "people_recommended": run.people_recommended,
            "people_not_assessable": len(run.not_assessable),
            "recommendations": len(run.explanations),
            "by_recommendation": run.overall().counts,
            "issues": dict(sorted(severities.items())),
        },
        "versions": {PRODUCT: version(PRODUCT), **{name: version(name) for name in LIBRARIES}},
    }


def write_json(value: object, path: Path) -> None:
    """Write a value as readable JSON."""
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8", newline="\n")
