"""`readiness assess`: the main job."""

import re
from collections.abc import Sequence
from concurrent.futures import Executor
from datetime import date
from pathlib import Path

import click

from engine.phrases import count, few
from engine.session import session_terms
from readiness import console
from readiness.main_job import load, make_run
from reports.run import require_replaceable
from reports.shown import GROUPINGS, Guideline, Run, choose_groups, group_sizes, read_guidelines
from reports.writing import Share, Stopwatch, Wanted, about_run, write_part


@click.command(
    epilog="Example:  readiness assess ratings.xlsx --out results --as-of 2026-06-30",
)
@console.files_argument
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Folder for the results.")
@console.pack_option
@console.mapping_option(
    "The mapping of columns, words and scales that `inspect --write-mapping` wrote and you corrected."
)
@console.day_option("--as-of", "The day on which time in level is counted; today unless given.")
@console.all_sheets_option
@click.option("--people", is_flag=True, help="Also write a page for each person, for them to read.")
@click.option("--packets", is_flag=True, help="Also write a promotion packet for each person, to print.")
@click.option(
    "--include-indirect-reports",
    is_flag=True,
    help="Managers' pages also show the people below their direct reports.",
)
@click.option(
    "--group-by",
    metavar="COLUMN",
    help="Also write a calibration workbook for each group, with nobody else's data, into the folder groups. "
    f"One of {', '.join(GROUPINGS)}, or a column of the file by its header.",
)
@click.option(
    "--guideline",
    "guidelines",
    multiple=True,
    metavar="BAND=LOW..HIGH%",
    callback=lambda _context, _option, texts: _guidelines(texts),
    help="A share to show next to a band, as information, never as a quota: ready_now=10..20%. Repeatable.",
)
@click.option(
    "--agenda",
    "places",
    type=click.IntRange(min=1),
    metavar="N",
    help="How many recommendations the session has time for; "
    f"{session_terms().time.places} unless given. The others remain on the agenda, filtered out.",
)
@click.option(
    "--previous",
    type=console.FOLDER,
    help="The folder of an earlier cycle's run, to show what moved, what became of its decisions, and which "
    "evidence lasted; rules may look at it too.",
)
@click.option(
    "--only-data",
    is_flag=True,
    help="For very large numbers of people: write only the columns and a table of the recommendations, no "
    "workbook and no pages. `readiness explain` says what led to each recommendation.",
)
@click.option(
    "--shard",
    "share",
    metavar="K/N",
    callback=lambda _context, _option, text: None if text is None else _share(text),
    help="Assess only the Kth of N equal parts of the people. Give every part the same other options; "
    "`readiness merge` puts the parts together.",
)
@console.json_option("Print what run.json says on stdout.")
@click.pass_obj
def command(
    executor: Executor | None,
    files: tuple[Path, ...],
    out: Path,
    pack: str,
    mapping: Path | None,
    day: date,
    group_by: str | None,
    guidelines: tuple[Guideline, ...],
    places: int | None,
    previous: Path | None,
    share: Share | None,
    *,
    all_sheets: bool,
    people: bool,
    packets: bool,
    include_indirect_reports: bool,
    only_data: bool,
    as_json: bool,
) -> None:
    """Assess every person in a spreadsheet of self and manager ratings.

    Writes into the folder --out: calibration.xlsx for the calibration session, report.html for HR, a page for
    each manager, and data files. People who cannot be assessed are listed with the reason.
    """
    wanted = Wanted(
        mapping=console.mapping_of(mapping, all_sheets=all_sheets),
        people=people,
        packets=packets,
        include_indirect_reports=include_indirect_reports,
        group_by=group_by,
        guidelines=guidelines,
        places=places,
        previous=previous,
        only_data=only_data,
    )
    if only_data and wanted != Wanted(mapping=wanted.mapping, only_data=True):
        raise click.UsageError(
            "--only-data leaves out the workbook, the pages and what they compare: it goes with none of "
            "--people, --packets, --include-indirect-reports, --group-by, --guideline, --agenda, --previous"
        )
    console.say_open(files)
    if share is not None:
        if as_json:
            raise click.UsageError("--json describes a whole run; give it to `readiness merge`")
        assess_part(files, wanted, out, pack, day, share, executor)
    else:
        assess_files(files, wanted, out, pack, day, executor, as_json=as_json)


def assess_files(
    files: Sequence[Path],
    wanted: Wanted,
    out: Path,
    pack: str,
    day: date,
    executor: Executor | None,
    *,
    as_json: bool,
) -> None:
    """Load, assess, write, and say what came out."""
    require_replaceable(out, "run")
    watch = Stopwatch(console.announce)
    run = make_run(files, wanted, out, pack, day, watch, executor)
    roster = run.explanations.assessment.roster
    show_results(run, out, wanted.group_by and choose_groups(wanted.group_by, roster)[0], as_json=as_json)


def assess_part(
    files: Sequence[Path],
    wanted: Wanted,
    out: Path,
    pack: str,
    day: date,
    share: Share,
    executor: Executor | None,
) -> None:
    """The same for a part of the people, which is put together with the others later."""
    require_replaceable(out, "part")
    watch = Stopwatch(console.announce)
    rules, loaded = load(files, wanted, pack, day, watch)
    roster, earlier, marking = loaded.roster, loaded.earlier, loaded.marking
    people = write_part(roster, rules, day, share, out, watch, wanted, executor, marking, earlier)
    click.echo(
        f"Part {share}: {count(people, 'person', 'people')} of {roster.people.height:,}. When all parts are "
        "there, `readiness merge PART... --out RESULTS` puts them together",
        err=True,
    )


def show_results(run: Run, out: Path, by: str | None, *, as_json: bool) -> None:
    """Say what came out: in groups, where there are some, and on stdout as JSON, where that is wanted."""
    console.say(console.run_lines(run, out), err=True)
    if by is not None:
        click.echo(_groups(run, by), err=True)
    if as_json:
        console.say_json(about_run(run))


def _share(text: str) -> Share:
    found = re.fullmatch(r"(\d{1,6})/(\d{1,6})", text)
    if not found or not 1 <= int(found[1]) <= int(found[2]):
        raise click.BadParameter(f"{text} is not the Kth of N parts; the third of seven is 3/7")
    return Share(int(found[1]), int(found[2]))


def _guidelines(texts: tuple[str, ...]) -> tuple[Guideline, ...]:
    try:
        return read_guidelines(texts)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


def _groups(run: Run, by: str) -> str:
    sizes = group_sizes(run, by)
    listed = [f"{name} {size:,}" for name, size in sizes.items()]
    return f"{count(len(sizes), 'group')} by {by}: {few(listed, SHOWN)} (groups/overview.xlsx)"


SHOWN = 20
"""Groups that the terminal lists."""
