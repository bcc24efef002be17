"""The product as ten functions for programs; `readiness` offers them all.

The days of an assessment are arguments: the same files, pack and day give the same result. Paths may be
texts or `pathlib.Path`s, and days dates or texts such as `2026-06-30`. A wrong argument raises TypeError or
ValueError, data that cannot be used `InputError`, a pack that cannot be used `PackError`, each with a
sentence that says what would be right.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import polars as pl

import engine
import rules
from engine import Assessment, Explanation
from engine.prove import Soundness, check_soundness
from engine.simulation import Simulation, marked, with_settings
from engine.simulation import simulate as simulate_packs
from inputs import InputError, Roster, loading
from inputs.mapping import FileMapping
from readiness import console
from readiness.arguments import Day, FilePath, day_of, path_of, paths_of, required, shown
from reports import writing
from reports.calibration import Outcome, apply_workbooks
from reports.comparison import Difference, compare_runs, read_compared
from reports.run import read_run as read_whole_run
from reports.run import with_cycles_in
from reports.shown import read_guidelines
from reports.writing import Run, Wanted
from rules import PackError, RulePack

__all__ = [
    "InputError",
    "PackError",
    "assess",
    "calibrate",
    "check_pack",
    "compare",
    "explain",
    "load_pack",
    "load_roster",
    "read_run",
    "simulate",
    "write_run",
]


def load_pack(pack: FilePath = "product_management") -> RulePack:
    """Load a shipped rule pack by name, or your own by its folder.

    Raises PackError with every problem found, each with file, line and what would be right.

    >>> load_pack("product_management").levels[0].title
    'Aspiring PM'
    """
    return rules.load_pack(pack if isinstance(pack, str) else path_of(pack, "pack"))


def load_roster(
    files: FilePath | Iterable[FilePath],
    pack: RulePack,
    day: Day,
    *,
    mapping: FilePath | None = None,
    all_sheets: bool = False,
) -> Roster:
    """Read and check one spreadsheet or several; all files of one call belong together.

    `day` is the day of the assessment: later dates in the files are issues. `mapping` is a file that
    `readiness inspect --write-mapping` wrote; with `all_sheets`, sheets of the same columns are read as one
    list.

    The roster holds polars frames: `people` (one row a person, `inputs.PEOPLE_SCHEMA`, and a column of whole
    numbers for each rating), `not_assessable`, and `issues`, one for every cell that could not be used.

    Raises InputError when the work cannot go on: a file that cannot be read, no table, or questions that
    only a person can answer; all of them are in the message.

    >>> roster = load_roster("ratings.xlsx", load_pack(), "2026-06-30")
    >>> roster.people.columns[:3]
    ['row', 'employee_id', 'employee_name']
    """
    paths = paths_of(files, "files")
    vocabulary = engine.vocabulary_of(required(pack, RulePack, "pack", "load_pack"))
    declared = _mapping(mapping, all_sheets=all_sheets)
    return loading.load_roster(paths, vocabulary, day_of(day, "day"), declared)


def _mapping(path: FilePath | None, *, all_sheets: bool) -> FileMapping | None:
    return console.mapping_of(None if path is None else path_of(path, "mapping"), all_sheets=all_sheets)


def assess(roster: Roster, pack: RulePack, day: Day, *, previous: FilePath | None = None) -> Assessment:
    """Recommend for every person and every promotion open to them.

    The assessment's `recommendations` is a polars frame, one row for each person and open promotion
    (`engine.RECOMMENDATIONS_SCHEMA`): `person`, the row in `roster.people`, `promotion`, `recommendation`,
    `confidence`. `not_assessable` lists everybody else with the reason. `previous` is the folder of an
    earlier cycle's run, to which rules may look.

    Raises PackError when the rules give somebody no recommendation, or two that contradict each other.

    >>> assessment = assess(roster, pack, "2026-06-30")
    >>> sorted(set(assessment.recommendations["recommendation"]))
    ['developing', 'insufficient_evidence', 'ready_now', 'ready_soon']
    """
    known, earlier = _with_earlier(previous, roster, day)
    rules = required(pack, RulePack, "pack", "load_pack")
    return engine.assess(known, rules, day_of(day, "day"), earlier=earlier)


def _with_earlier(previous: FilePath | None, roster: Roster, day: Day) -> tuple[Roster, pl.DataFrame | None]:
    known = required(roster, Roster, "roster", "load_roster")
    if previous is None:
        return known, None
    return with_cycles_in(path_of(previous, "previous"), known, day_of(day, "day"))


def explain(assessment: Assessment) -> Sequence[Explanation]:
    """Every recommendation with all that led to it, in the order of the file, then of the pack's promotions.

    An explanation holds the names, the `recommendation`, the `rules` that fired with their sentences and
    sources, the `evidence` by signal with the cells of the ratings, what is `missing`, and the `outlook`:
    what would change it.

    >>> one = explain(assessment)[0]
    >>> one.employee_name, one.promotion_title
    ('Cem Yıldız', 'Product Manager to Senior PM')
    """
    return engine.explain(required(assessment, Assessment, "assessment", "assess"))


def write_run(
    assessment: Assessment,
    out: FilePath,
    *,
    mapping: FilePath | None = None,
    all_sheets: bool = False,
    people: bool = False,
    packets: bool = False,
    include_indirect_reports: bool = False,
    group_by: str | None = None,
    guidelines: Iterable[str] = (),
    agenda: int | None = None,
    previous: FilePath | None = None,
) -> Run:
    """Write the folder of a run, workbook, pages and data files, and return what it shows.

    The options are those of `readiness assess`. Give `mapping` and `all_sheets` as you gave them to
    `load_roster`: they are a part of the run's fingerprint. The folder is complete or untouched.
    `issues.xlsx`, the marked copy of the spreadsheets, is written by the command line alone.

    Raises InputError when `out` holds something that is not a run, or decisions that would be lost.

    >>> write_run(assessment, "results_of_a_program").day.isoformat()
    '2026-06-30'
    """
    if isinstance(guidelines, str):
        right = "a list of texts such as ready_now=10..20%"
        raise TypeError(f"guidelines must be {right}; this is {shown(guidelines)}")
    wanted = Wanted(
        mapping=_mapping(mapping, all_sheets=all_sheets),
        people=people,
        packets=packets,
        include_indirect_reports=include_indirect_reports,
        group_by=group_by,
        guidelines=read_guidelines(tuple(guidelines)),
        places=agenda,
        previous=None if previous is None else path_of(previous, "previous"),
    )
    ready = required(assessment, Assessment, "assessment", "assess")
    return writing.write_run(ready, path_of(out, "out"), wanted=wanted)


def read_run(folder: FilePath) -> Run:
    """Read back a run that `write_run` or `readiness assess` wrote: its pack, day, explanations and issues.

    Raises InputError when the folder is not a whole run of this version.

    >>> read_run("results").day.isoformat()
    '2026-06-30'
    """
    return read_whole_run(path_of(folder, "folder"))


def calibrate(
    folder: FilePath,
    workbooks: FilePath | Iterable[FilePath],
    *,
    apply: bool = False,
    replace: bool = False,
    today: Day | None = None,
) -> Outcome:
    """Check edited calibration workbooks against their run; with `apply`, make their decisions final.

    `replace` lets a decision take the place of a different one. `today` is the day after which no decision
    can have been made, the real one unless given. The outcome tells what is `fresh`, the `conflicts`, what
    was taken back and is decided `again`, and the `problems` to fix.

    Raises InputError when a workbook belongs to another run, and, with `apply`, when there are problems or
    conflicts, or what was taken back; nothing is written then.

    >>> calibrate("results", "results/calibration.xlsx").fresh
    ()
    """
    day = date.today() if today is None else day_of(today, "today")
    made = apply_workbooks(
        path_of(folder, "folder"),
        paths_of(workbooks, "workbooks"),
        day,
        console.now(),
        final=apply,
        replace=replace,
    )
    if apply and made.refusal:
        problems = map(str, made.outcome.problems)
        raise InputError("\n  ".join([f"nothing was made final: {made.refusal}", *problems]))
    return made.outcome


def simulate(
    roster: Roster,
    pack: RulePack,
    day: Day,
    change: Mapping[str, object] | RulePack,
    *,
    previous: FilePath | None = None,
) -> Simulation:
    """Assess the same people under a pack and under a changed one; nothing is put in force.

    `change` is another pack, or values by the keys that `readiness simulate --list-keys` prints. `previous`
    is the folder of an earlier cycle's run. `movements` of the simulation is a polars frame: `person`,
    `promotion`, and the band `before` and `after`.

    Raises PackError for an unknown key or a value that does not fit, and as `assess`.

    >>> simulate(roster, pack, "2026-06-30", {"bar.core": 3.5}).movements.columns
    ['person', 'promotion', 'before', 'after']
    """
    known, earlier = _with_earlier(previous, roster, day)
    required(pack, RulePack, "pack", "load_pack")
    if isinstance(change, RulePack):
        return simulate_packs(known, pack, marked(change), day_of(day, "day"), earlier=earlier)
    if not isinstance(change, Mapping):
        right = 'another pack, or values by their keys such as {"bar.core": 3.5}'
        raise TypeError(f"change must be {right}; this is {shown(change)}")
    if not change:
        raise ValueError("change is empty; give at least one value by its key")
    settings = tuple((key, _written(value)) for key, value in change.items())
    other = marked(with_settings(pack, settings))
    return simulate_packs(known, pack, other, day_of(day, "day"), settings, earlier)


def _written(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def compare(before: FilePath, after: FilePath) -> Difference:
    """Who has another result in the second of two runs, and whether data, time, rules or a decision did it.

    Both are folders of runs. `changed` holds one entry for each result that differs, with its `cause`.

    Raises InputError when a folder is not a run of this version.

    >>> compare("results", "results").changed
    ()
    """
    return compare_runs(read_compared(path_of(before, "before")), read_compared(path_of(after, "after")))


def check_pack(pack: FilePath | RulePack) -> Soundness:
    """Prove that a pack's rules are sound: no case without a recommendation, none with two, no rule in vain.

    What is wrong is in `flaws`, each with a person that shows it; `proofs` tell how it was looked for. A
    sound pack has no flaws. Takes seconds.

    Raises PackError when the pack cannot be loaded at all.

    >>> check_pack("software_engineering").flaws
    ()
    """
    return check_soundness(pack if isinstance(pack, RulePack) else load_pack(pack))
