"""What the commands share: arguments and options, how they say and write, and the words about a run."""

import json
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import click
from click.decorators import FC

from engine.fairness import SMALLEST_GROUP
from engine.phrases import count, few
from inputs.mapping import FileMapping, read_mapping
from readiness.days import likely
from reports.run import is_open, require_settled, whole_file
from reports.shown import Run

DEFAULT_PACK = "product_management"
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


class _Folder(click.Path):
    """A folder that is there, or comes back: somebody may have been killed while a new run took its place."""

    def __init__(self) -> None:
        super().__init__(exists=True, file_okay=False, path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The path. Raises click's error where there is none."""
        folder = Path(os.fsdecode(value))
        if not folder.exists():
            require_settled(folder)
        return super().convert(value, param, ctx)


FOLDER = _Folder()


class _Day(click.DateTime):
    """A day as year, month and day, for people who do not know what `%Y` is."""

    def __init__(self) -> None:
        super().__init__(["%Y-%m-%d"])

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:  # noqa: ARG002 - click's signature
        """How the help shows it."""
        return "YYYY-MM-DD"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The day. Raises click's error with what would be right."""
        try:
            day = super().convert(value, param, ctx)
        except click.BadParameter:
            self.fail(f"{value} is not a day written as year-month-day, such as 2026-06-30.", param, ctx)
        try:
            likely(day.date())
        except ValueError as error:
            self.fail(f"{error}.", param, ctx)
        return day


DAY = _Day()


class _NewFile(click.Path):
    """A file to write, where there is none yet: somebody may have worked in one that is there. Programs may
    know it by the end of its name."""

    def __init__(self, suffix: str = "", what: str = "") -> None:
        super().__init__(dir_okay=False, path_type=Path)
        self._suffix, self._what = suffix, what

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The path. Raises click's error with the name that would be right."""
        path = Path(os.fsdecode(super().convert(value, param, ctx)))
        if self._suffix and path.suffix.lower() != self._suffix:
            self.fail(f"It is {self._what}: name it {path.with_suffix(self._suffix)}.", param, ctx)
        require_free(path)
        return path


def require_free(path: Path) -> None:
    """Refuse to write over what is there, which a device such as /dev/stdout is not."""
    if path.is_file() or path.is_dir():
        raise click.UsageError(f"{path} exists. Give another name, or remove it first.")


NEW_FILE = _NewFile()
NEW_PAGE = _NewFile(".html", "a page for a browser")
NEW_WORKBOOK = _NewFile(".xlsx", "a workbook")

files_argument = click.argument(
    "files", metavar="FILE...", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path)
)
run_argument = click.argument("folder", metavar="DIR", type=FOLDER)


def pack_option_of(text: str) -> Callable[[FC], FC]:
    """The rule pack, with what it is for."""
    return click.option("--pack", default=DEFAULT_PACK, show_default=True, metavar="NAME_OR_DIR", help=text)


pack_option = pack_option_of("A shipped rule pack by name, or the folder of your own.")


def mapping_option(text: str) -> Callable[[FC], FC]:
    """The mapping that a person gives."""
    return click.option("--mapping", type=FILE, help=text)


def day_option(name: str, text: str) -> Callable[[FC], FC]:
    """A day, the `date` of the option `day`; today unless given."""
    return click.option(
        name,
        "day",
        type=DAY,
        callback=lambda _context, _option, given: given.date() if given else date.today(),
        help=text,
    )


def json_option(text: str) -> Callable[[FC], FC]:
    """Whether the answer is for programs."""
    return click.option("--json", "as_json", is_flag=True, help=text)


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
    type=FILE,
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


def say(lines: Iterable[str], *, err: bool = False) -> None:
    """Print lines."""
    for line in lines:
        click.echo(line, err=err)


def say_json(data: object) -> None:
    """Print an answer for programs."""
    click.echo(json.dumps(data, indent=2, ensure_ascii=False))


def save_text(path: Path, text: str) -> None:
    """Write a file of text, the whole or none."""
    with whole_file(path) as fresh:
        fresh.write_text(text, encoding="utf-8", newline="\n")


def say_open(paths: Iterable[Path]) -> None:
    """Say which files somebody is perhaps writing in: what is not saved yet is not read."""
    if opened := [path.name for path in paths if is_open(path)]:
        click.echo(
            f"Open in a spreadsheet program: {few(opened, SHOWN)}. What is not saved there yet is not read.",
            err=True,
        )


def with_pack(pack: str) -> str:
    """The option that the next command needs for the same pack."""
    return "" if pack == DEFAULT_PACK else f" --pack {pack}"


def now() -> datetime:
    """The time that a log keeps."""
    return datetime.now(UTC).replace(microsecond=0)


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
        for one in run.not_assessable[:SHOWN]:
            who = f", {one.employee_id}" if one.employee_id else ""
            lines.append(f"  row {one.row}{who}: {one.reason}")
        more = len(run.not_assessable) - SHOWN
        lines += [f"  … and {more:,} more; the workbook and the report list everybody"] if more > 0 else []
    lines += [f"{issue.problem} {issue.remedy}" for issue in run.issues if issue.kind in _LEFT_OUT]
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
_LEFT_OUT = ("rated_earlier", "rated_in_draft", "id_of_another", "id_rewritten")
"""Kinds of issues that the terminal tells too: all that a rater, or an earlier run, has said of somebody is
left out."""
_SEVERITIES = ("error", "warning", "note")
