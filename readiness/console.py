"""What the commands share: options, progress, and the words about a run."""

import sys
from collections import Counter
from pathlib import Path

import click

from engine.fairness import SMALLEST_GROUP
from engine.phrases import count
from inputs.mapping import FileMapping, read_mapping
from reports.shown import NotAssessable, Run

DEFAULT_PACK = "product_management"

pack_option = click.option(
    "--pack",
    default=DEFAULT_PACK,
    show_default=True,
    metavar="NAME_OR_DIR",
    help="A shipped rule pack by name, or the folder of your own.",
)

all_sheets_option = click.option(
    "--all-sheets",
    is_flag=True,
    help="Read sheets with the same columns, such as one for each department, as one list.",
)


def mapping_of(path: Path | None, *, all_sheets: bool) -> FileMapping | None:
    """The mapping that a person gave, with what they said by `--all-sheets`."""
    mapping = read_mapping(path) if path else None
    if not all_sheets:
        return mapping
    return (mapping or FileMapping()).model_copy(update={"sheets": "all"})


groups_option = click.option(
    "--groups",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Employee ids with columns such as gender or age band, for group ratios alone; no rule sees them.",
)
smallest_option = click.option(
    "--smallest-group",
    "smallest",
    type=click.IntRange(min=2),
    default=SMALLEST_GROUP,
    show_default=True,
    help="Groups with fewer people than this are withheld.",
)


def announce(stage: str) -> None:
    """Say which stage begins, when a person watches."""
    if sys.stderr.isatty():
        click.echo(click.style(f"… {stage}", dim=True), err=True)


def show_run(run: Run, out: Path) -> None:
    """Say on stderr what came out and which file to open."""
    for line in run_lines(run, out):
        click.echo(line, err=True)


def run_lines(run: Run, out: Path) -> list[str]:
    """The words about a run: counts that add up, what could not be used, what to open."""
    bands = run.overall().counts
    severities = Counter(str(issue.severity) for issue in run.issues)
    issues = ", ".join(count(severities[s], s) for s in _SEVERITIES if severities[s])
    lines = [
        f"{count(run.people_in_file, 'person', 'people')} in the file = {run.people_recommended:,} assessed "
        f"+ {len(run.not_assessable):,} not assessable",
        f"{count(len(run.explanations), 'recommendation')}{_why_more(run)}:",
        *(f"  {bands[band]:>5,}  {text.label}" for band, text in run.pack.bands.items()),
    ]
    if run.not_assessable:
        lines.append("Not assessable:")
        lines += [f"  {_who(person.row, person.employee_id)}: {person.reason}" for person in _first(run)]
        more = len(run.not_assessable) - SHOWN
        lines += [f"  … and {more:,} more; the workbook and the report list everybody"] if more > 0 else []
    lines.append(f"Data issues: {issues or 'none'}" + (" (issues.csv)" if issues else ""))
    if (out / "report.html").exists():
        lines.append(f"Open {out / 'report.html'} and {out / 'calibration.xlsx'}")
    else:
        lines.append(f"Open {out / 'recommendations.csv'}; `readiness explain {out} EMPLOYEE_ID` says why")
    return lines


def _why_more(run: Run) -> str:
    """Why there are more recommendations than people, where the ladder forks."""
    several = int((run.explanations.people["person"].value_counts()["count"] > 1).sum())
    if not several:
        return ""
    return f", because {count(several, 'person has', 'people have')} more than one next level"


SHOWN = 10
"""People not assessable that the terminal lists."""
_SEVERITIES = ("error", "warning", "note")


def _first(run: Run) -> tuple[NotAssessable, ...]:
    return run.not_assessable[:SHOWN]


def _who(row: int, employee_id: str | None) -> str:
    return f"row {row}" + (f", {employee_id}" if employee_id else "")
