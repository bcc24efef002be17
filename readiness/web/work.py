"""What runs in another process for the pages: the four packages called in order, and plain values back."""

import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from engine import Assessment, vocabulary_of
from engine.session import Decision
from engine.simulation import Span, Trial, settings_of
from engine.stored import read_assessment
from inputs import InputError
from inputs.answering import Understood, all_answers, answers_text, column_options, merged, understand
from inputs.discovery import discover
from inputs.files import Sheet
from inputs.loading import read_files
from inputs.mapping import FileMapping, read_mapping
from inputs.template import write_template
from readiness.main_job import make_run
from readiness.new_packs import pack_from_ratings
from reports.calibration import (
    SeatDetails,
    Sitting,
    apply_workbooks,
    differing,
    keep_decisions,
    seat_details,
    sitting_of,
)
from reports.calibration import follow_log as follow_log_of
from reports.comparison import Tried, compare_runs, read_compared, render_difference, tried_of
from reports.run import locked, read_run
from reports.shown import GROUPINGS, Guideline, Run, read_guidelines
from reports.workbook import Turn, is_calibration_workbook, turns_of
from reports.writing import Stopwatch, Wanted
from rules import PackError, load_pack
from rules.ladders import Answers, OpenQuestionError
from rules.pack import IMPORTANCES

Steps = Sequence[tuple[str, Mapping[str, str]]]
"""Answers, each with its kind."""
MOST_CELLS_COUNTED = 2_000_000
"""Cells of a file up to which each choice says what it would lead to."""
ERRORS_FOR_PEOPLE = (InputError, PackError)
"""Their message is a sentence for whoever uses the page."""


class UnreadableFileError(InputError):
    """A file cannot be read, whatever the rules are."""


@dataclass(frozen=True)
class Looked:
    """What a page shows of files that nobody is assessed from yet."""

    understood: Understood
    mapping: str
    """What was answered, as a mapping file."""
    columns: Mapping[str, str]
    """What a column can be."""
    names: Mapping[str, str]
    """The same, and the levels: what each is called, by how a mapping has it."""
    bands: Mapping[str, str]
    groupings: tuple[str, ...]
    pack: str
    """Its title and version."""
    without_next: Mapping[str, int]
    """The titles of levels from which the rules have no promotion, with the people on them."""


def look(
    files: Sequence[Path],
    mapping: Path | None,
    steps: Steps,
    pack: str | Path,
    day: date,
) -> Looked:
    """What files seem to hold with the answers that were given. Raises InputError or PackError."""
    try:
        sheets = _sheets(tuple(files), tuple(path.stat().st_mtime_ns for path in files))
    except InputError as error:
        raise UnreadableFileError(str(error)) from error
    for file in dict.fromkeys(sheet.file for sheet in sheets):
        if is_calibration_workbook([sheet for sheet in sheets if sheet.file == file]):
            raise UnreadableFileError(
                f"{file} is the calibration workbook of a run. Bring it back on the results page of that "
                "run; here, drop the spreadsheet that holds the ratings."
            )
    rules = load_pack(pack)
    vocabulary = vocabulary_of(rules)
    answered = _answered(mapping, steps)
    cells = sum(sheet.cells.height * sheet.cells.width for sheet in sheets)
    found = understand(sheets, vocabulary, day, answered, counting=cells <= MOST_CELLS_COUNTED)
    columns = column_options(vocabulary)
    return Looked(
        found,
        answers_text(answered),
        columns,
        columns | {level.id: level.title for level in rules.levels},
        {band: text.label for band, text in rules.bands.items()},
        GROUPINGS,
        f"{rules.title} {rules.version}",
        {
            level.title: people
            for level in rules.levels
            if (people := found.inspection.levels.get(level.id)) and not rules.promotions_from(level.id)
        },
    )


@lru_cache(4)
def _sheets(files: tuple[Path, ...], stamps: tuple[int, ...]) -> tuple[Sheet, ...]:  # noqa: ARG001
    return read_files(files)


def _answered(mapping: Path | None, steps: Steps) -> FileMapping:
    known = read_mapping(mapping) if mapping else FileMapping()
    return merged(known, all_answers(FileMapping(), [(kind, given) for kind, given in steps]))  # type: ignore[misc]


def assess(
    files: Sequence[Path],
    mapping: Path | None,
    steps: Steps,
    pack: str | Path,
    day: date,
    group_by: str | None,
    guideline: str,
    out: Path,
    announce: Callable[[str], None],
) -> None:
    """The main job, as `readiness assess` does it; `announce` hears of each stage. Raises InputError or
    PackError."""
    answered = _answered(mapping, steps)
    wanted = Wanted(
        mapping=None if answered == FileMapping() else answered,
        group_by=group_by,
        guidelines=_guidelines(guideline),
    )
    make_run(files, wanted, out, pack, day, Stopwatch(announce))


def _guidelines(text: str) -> tuple[Guideline, ...]:
    try:
        return read_guidelines(text.split())
    except ValueError as error:
        raise InputError(str(error)) from error


def sit(folder: Path) -> Sitting:
    """The session of a run; nobody is explained for it."""
    return sitting_of(*_session(folder))


def details(folder: Path, number: int) -> SeatDetails:
    """What is said of one person of a session."""
    run, turns = _session(folder)
    return seat_details(run, turns[number - 1])


@lru_cache(2)
def _session(folder: Path) -> tuple[Run, tuple[Turn, ...]]:
    run = read_run(folder)
    return run, turns_of(run)


def follow_log(folder: Path) -> bool:
    """Write everything that follows from the decisions of a run; whether there was anything to write."""
    return follow_log_of(folder)


@dataclass(frozen=True)
class Move:
    """One decision as a list shows it."""

    name: str
    employee_id: str
    promotion: str
    recommended: str
    decided: str
    changed: bool
    why: str
    by: str


@dataclass(frozen=True)
class Differing:
    """A decision of a workbook that differs from another one."""

    proposed: Move
    fields: tuple[tuple[str, str, str], ...]
    """What differs, as it is proposed, and as it is now."""


@dataclass(frozen=True)
class Reviewed:
    """What an edited workbook changes."""

    fresh: tuple[Move, ...]
    known: int
    undecided: int
    conflicts: tuple[Differing, ...]
    again: tuple[tuple[Move, str], ...]
    """Taken back before: what the workbook still says, and why it was taken back."""
    problems: tuple[tuple[str, str, str], ...]
    """Place, what is wrong, what would be right."""
    notes: tuple[str, ...]
    refused: bool
    lines: int
    """How many lines the log had before."""
    written: bool


def review_workbook(
    folder: Path,
    workbook: Path,
    today: date,
    applied_at: datetime,
    final: bool,
    replace: bool,
    seen: int | None = None,
) -> Reviewed:
    """What an edited workbook changes; with `final`, it is made so, unless more was decided than was `seen`
    when somebody agreed to `replace`. Raises InputError."""
    made = apply_workbooks(folder, [workbook], today, applied_at, final=final, replace=replace, seen=seen)
    outcome = made.outcome
    move = _mover(made.run, made.run.names)

    return Reviewed(
        tuple(map(move, outcome.fresh)),
        sum(len(merge.same) for merge in outcome.merges),
        sum(one.undecided for one in outcome.reviews),
        tuple(Differing(move(one.proposed), differing(one, made.run)) for one in outcome.conflicts),
        tuple((move(one.proposed), one.withdrawal.reason) for one in outcome.again),
        tuple((one.place, one.problem, one.remedy) for one in outcome.problems),
        tuple(note for one in outcome.reviews for note in one.notes),
        bool(made.refusal),
        made.lines,
        bool(made.written),
    )


def _mover(run: Run, names: Mapping[str, str]) -> Callable[[Decision], Move]:
    titles = {one.id: one.title for one in run.pack.promotions}

    def move(decision: Decision) -> Move:
        return Move(
            names.get(decision.employee_id) or decision.employee_id,
            decision.employee_id,
            titles.get(decision.promotion, decision.promotion),
            run.pack.bands[decision.recommendation].label,
            run.pack.bands[decision.decision].label,
            decision.decision != decision.recommendation,
            decision.reason or "",
            decision.decided_by,
        )

    return move


@dataclass(frozen=True)
class Carried:
    """What becomes of the decisions of an earlier run in this one."""

    kept: tuple[Move, ...]
    known: int
    left: tuple[tuple[Move, str], ...]
    """To be made again, and why."""
    written: bool


def keep_earlier(folder: Path, earlier: Path, applied_at: datetime, final: bool) -> Carried:
    """The decisions of an earlier run that still hold; with `final`, they are made so. Raises InputError."""
    run, kept, written = keep_decisions(folder, earlier, applied_at, final=final)
    move = _mover(run, kept.names)
    decisions = (line.decision for line in kept.lines)
    return Carried(
        tuple(move(one) for one in decisions if isinstance(one, Decision)),
        kept.known,
        tuple((move(one.decision), one.why) for one in kept.left),
        bool(written),
    )


def compare(before: Path, after: Path, called: tuple[str, str]) -> str:
    """The page of what differs between two runs, which are `called` so."""
    old, new = read_compared(before), read_compared(after)
    difference = replace(compare_runs(old, new), before=called[0], after=called[1])
    return render_difference(difference, {**old.labels, **new.labels})


def template(pack: str | Path, out: Path) -> None:
    """An empty ratings workbook."""
    write_template(out, vocabulary_of(load_pack(pack)))


def archive(folder: Path, below: str, out: Path) -> None:
    """A zip file of everything in a folder of a run, or of a part of it, while nobody decides."""
    top = folder / below if below else folder
    with locked(folder), zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=5) as packed:
        files = sorted(path for path in top.rglob("*") if path.is_file() and not path.is_symlink())
        for path in files:
            packed.write(path, path.relative_to(folder).as_posix())


@dataclass(frozen=True)
class Slider:
    """One bar, margin or time to move."""

    key: str
    title: str
    present: str
    span: Span


SLIDERS = {
    "bar.core": "Bar of core signals",
    "bar.supporting": "Bar of supporting signals",
    "margin.near": "How far below the bar still counts as near",
    "observation.months": "Months of observation needed",
}


@dataclass(frozen=True)
class Shown:
    """What files show of a ladder that no rule pack describes yet."""

    levels: Mapping[str, int]
    """As they are written, and how many people are on each."""
    competencies: tuple[str, ...]
    words: tuple[str, ...]
    """In which the ratings are given, in the order that is known, else as they come; empty for numbers."""
    lowest: str
    highest: str
    """Of the ratings that are numbers; empty where there are none."""


def show_ladder(files: Sequence[Path], encoding: str | None) -> Shown:
    """The levels, competencies and ratings that files hold. Raises InputError where they hold none."""
    found = discover(files, encoding)
    numbers = found.numbers
    return Shown(
        dict(found.levels),
        tuple(found.competencies),
        tuple(found.known_order or found.words) if len(found.words) > 1 else (),
        str(min(numbers)) if numbers else "",
        str(max(numbers)) if numbers else "",
    )


def make_pack(
    files: Sequence[Path],
    title: str,
    levels: tuple[str, ...],
    words: tuple[str, ...],
    scale: tuple[Decimal, Decimal] | None,
    bar: Decimal | None,
    folder: Path,
    encoding: str | None,
) -> None:
    """A rule pack made from files of ratings: a starting point. Raises PackError or InputError."""
    try:
        pack_from_ratings(files, title, Answers(words, scale, levels, bar), folder, encoding)
    except PackError as error:
        raise InputError(error.question if isinstance(error, OpenQuestionError) else str(error)) from error


def sliders(folder: Path) -> tuple[Slider, ...]:
    """The main bars of a run's rules, and those of promotions that have their own."""
    pack = _run(folder).pack
    known = settings_of(pack)
    titles = dict(SLIDERS)
    titles |= {
        f"bar.{one.id}.{importance}": f"{one.title}: bar of {importance} signals"
        for one in pack.promotions
        if one.bars is not None
        for importance in IMPORTANCES
    }
    settings = ((known[key], title) for key, title in titles.items() if key in known)
    return tuple(
        Slider(one.key, title, one.present, one.span) for one, title in settings if one.span is not None
    )


@lru_cache(2)
def _run(folder: Path) -> Assessment:
    return read_assessment(folder / "columns")


@lru_cache(2)
def _trial(folder: Path) -> Trial:
    return Trial.of(_run(folder))


@lru_cache(500)
def try_settings(folder: Path, settings: tuple[tuple[str, str], ...]) -> Tried:
    """Whose recommendation would change with these values. Raises PackError when one does not fit."""
    return tried_of(_run(folder), _trial(folder).movements(settings))
