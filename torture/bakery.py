"""A small company, its files, and every command that writes something about it."""

import csv
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl

from engine.session import Entry
from inputs import InputError
from reports.calibration import Seat, decide, follow_log, sitting_of, take_back
from reports.run import read_log, read_run
from reports.run.replacing import locked
from reports.workbook import turns_of
from tests.broken import BASE
from tests.calibration_rows import COLUMNS, SESSION
from torture.children import Ended, command_line, in_child

DAY, SESSION_DAY = "2026-06-30", date(2026, 7, 1)
NOW = datetime(2026, 7, 2, 9, tzinfo=UTC)
ASSESS = ("--pack", "bakery", "--as-of", DAY)
HEADERS = (
    *("Employee ID", "Name", "Level", "In Level Since", "Department", "Manager ID", "Manager"),
    *(f"{skill} ({rater})" for skill in ("Dough", "Oven", "Teaching") for rater in ("self", "manager")),
    "Dough comment (manager)",
)
PEOPLE = tuple(
    (
        *(
            f"E{n}",
            f"Person {n}",
            ("Apprentice", "Journeyman")[n % 2],
            "2023-01-01",
            f"D{n % 2}",
            f"M{n % 3}",
        ),
        *(f"Boss {n % 3}", 3, 1 + n % 4, 3, 4 - n % 3, "" if n == 3 else 2, 1 + (n * n) % 4, "Rises well."),
    )
    for n in range(8)
)


EXAMPLES = """# By hand, for the bakery.
examples:
  - id: one
    about: Everything is there.
    promotion: apprentice_to_journeyman
    everything: 4
    months_in_level: 24
    review_months: 1
    recommendation: developing
    confidence: high
"""


@dataclass(frozen=True)
class Command:
    """One thing that can be killed, or run out of disk."""

    name: str
    needs: tuple[str, ...]
    """Files and folders that are there before."""
    act: Callable[[], object]
    folder: str | None = None
    """The folder that it writes into as a whole, if it does; what a kill left in it is mended by the next one
    that writes there."""
    done: tuple[int, ...] = (0,)
    """Exit codes of running it once more."""
    code: int = 0
    apart: bool = False
    """Whether each of the files is whole by itself, and not all of them together."""


def _said(*words: str) -> Callable[[], None]:
    return command_line(*words)


def _asked(act: Callable[[], object]) -> Callable[[], None]:
    """What the server's process does, which tells of a refusal as a command does."""

    def told() -> None:
        try:
            act()
        except (InputError, OSError) as error:
            print(f"Stopped: {error}")
            sys.exit(1)

    return told


def _seats(folder: Path) -> tuple[Seat, ...]:
    run = read_run(folder)
    return sitting_of(run, turns_of(run)).seats


def _decide() -> None:
    folder = Path("run")
    seat = _seats(folder)[0]
    entry = Entry("developing", None, None, "Panel", SESSION_DAY, None)
    if seat.recommendation != "developing":
        entry = Entry("developing", "outcomes", "Saw it", "Panel", SESSION_DAY, None)
    decide(folder, seat, entry, _version(folder), date(2026, 6, 30), SESSION_DAY, NOW)


def _take_back(folder: Path) -> None:
    """Afterwards the log has more than the files say, as while a session is held on the page."""
    seats = {seat.key: seat for seat in _seats(folder)}
    line = next(line for line in read_log(folder) if line.decision.key in seats)
    take_back(folder, seats[line.decision.key], "A slip", "Panel", line.number, NOW)


def _version(folder: Path) -> int:
    return 1 if read_log(folder) else 0


COMMANDS = (
    Command(
        "assess",
        ("ratings.csv", "bakery"),
        _said("assess", "ratings.csv", "--out", "new", *ASSESS),
        "new",
    ),
    Command(
        "assess, in place of an earlier run",
        ("other.csv", "bakery", "run"),
        _said("assess", "other.csv", "--out", "run", *ASSESS),
        "run",
    ),
    Command(
        "assess, in place of a run with decisions",
        ("other.csv", "bakery", "decided"),
        _said("assess", "other.csv", "--out", "decided", *ASSESS),
        "decided",
        (1,),
        code=1,
    ),
    Command(
        "assess, a workbook, with pages and packets for everybody",
        ("ratings.xlsx", "bakery"),
        _said(
            "assess",
            "ratings.xlsx",
            "--out",
            "new",
            "--people",
            "--packets",
            "--group-by",
            "manager",
            *ASSESS,
        ),
        "new",
    ),
    Command(
        "assess --shard",
        ("ratings.csv", "bakery"),
        _said("assess", "ratings.csv", "--out", "part", "--shard", "1/2", *ASSESS),
        "part",
    ),
    Command("merge", ("part-1", "part-2"), _said("merge", "part-1", "part-2", "--out", "new"), "new"),
    Command(
        "merge, in place of an earlier run",
        ("part-1", "part-2", "earlier"),
        _said("merge", "part-1", "part-2", "--out", "earlier"),
        "earlier",
    ),
    Command(
        "calibrate --apply",
        ("run", "edited.xlsx"),
        _said("calibrate", "run", "edited.xlsx", "--apply", "--today", "2026-07-02"),
        "run",
    ),
    Command(
        "calibrate --apply --replace, on decisions",
        ("decided", "changed.xlsx"),
        _said("calibrate", "decided", "changed.xlsx", "--apply", "--replace", "--today", "2026-07-02"),
        "decided",
    ),
    Command(
        "calibrate --from",
        ("run", "decided"),
        _said("calibrate", "run", "--from", "decided", "--apply", "--today", "2026-07-02"),
        "run",
    ),
    Command(
        "calibrate --preview",
        ("run", "edited.xlsx"),
        _said("calibrate", "run", "edited.xlsx", "--preview", "--today", "2026-07-02", "--out", "voted.xlsx"),
        "run",
        (2,),
        apart=True,
    ),
    Command("a decision on the page of `serve`", ("run",), _asked(_decide), "run"),
    Command(
        "a decision on that page taken back",
        ("decided",),
        _asked(lambda: _take_back(Path("decided"))),
        "decided",
        (1,),
    ),
    Command(
        "what follows from decisions there",
        ("waiting",),
        _asked(lambda: follow_log(Path("waiting"))),
        "waiting",
    ),
    Command(
        "withdraw",
        ("decided",),
        _said("withdraw", "decided", "E0", "--reason", "A slip", "--by", "Panel"),
        "decided",
        (1,),
    ),
    Command(
        "simulate",
        ("ratings.csv", "bakery"),
        _said("simulate", "ratings.csv", "--set", "bar.core=2.5", "--out", "what_if", *ASSESS),
        "what_if",
    ),
    Command("packet", ("run",), _said("packet", "run", "E0", "E1"), "run"),
    Command("fairness", ("run",), _said("fairness", "run", "--out", "hr_only"), "hr_only"),
    Command("diff", ("run", "decided"), _said("diff", "run", "decided", "--out", "diff.html"), done=(2,)),
    Command(
        "record",
        ("ratings.csv", "bakery"),
        _said("record", "ratings.csv", "--out", "record.html", *ASSESS),
        done=(2,),
    ),
    Command("template", ("bakery",), _said("template", "--out", "new.xlsx", "--pack", "bakery"), done=(2,)),
    Command(
        "inspect --write-mapping",
        ("ratings.csv", "bakery"),
        _said("inspect", "ratings.csv", "--write-mapping", "map.yaml", *ASSESS),
        done=(2,),
    ),
    Command("pack new", (), _said("pack", "new", "mine", "--from", "software_engineering"), "mine", (1,)),
    Command("pack export", ("bakery",), _said("pack", "export", "new.xlsx", "--pack", "bakery"), done=(2,)),
    Command(
        "pack import", ("bakery.xlsx",), _said("pack", "import", "bakery.xlsx", "--out", "mine"), "mine", (1,)
    ),
    Command("pack schema --into", ("bakery",), _said("pack", "schema", "--into", "bakery"), apart=True),
    Command(
        "pack test --accept", ("tested",), _said("pack", "test", "tested", "--accept"), done=(1,), code=1
    ),
    Command("pack show", ("bakery",), _said("pack", "show", "bakery", "--out", "handbook.md"), done=(2,)),
)


def build(folder: Path) -> None:
    """Make everything that a command needs, in a new folder."""
    folder.mkdir(parents=True)
    shutil.copytree(BASE, folder / "bakery")
    _write_csv(folder / "ratings.csv", PEOPLE)
    _write_csv(folder / "other.csv", PEOPLE[:-1])
    _write_workbook(folder / "ratings.xlsx")
    _do(folder, "assess", "ratings.csv", "--out", "run", *ASSESS)
    _do(folder, "assess", "other.csv", "--out", "earlier", *ASSESS)
    for part in ("1", "2"):
        _do(folder, "assess", "ratings.csv", "--out", f"part-{part}", "--shard", f"{part}/2", *ASSESS)
    _edit(folder / "run" / "calibration.xlsx", folder / "edited.xlsx", 5, "Panel")
    _edit(folder / "run" / "calibration.xlsx", folder / "changed.xlsx", 8, "The same panel, later")
    shutil.copytree(folder / "run", folder / "decided")
    _do(folder, "calibrate", "decided", "edited.xlsx", "--apply", "--today", "2026-07-02")
    shutil.copytree(folder / "decided", folder / "waiting")
    _act(folder, lambda: _take_back(Path("waiting")))
    _do(folder, "pack", "export", "bakery.xlsx", "--pack", "bakery")
    shutil.copytree(folder / "bakery", folder / "tested")
    (folder / "tested" / "examples.yaml").write_text(EXAMPLES, encoding="utf-8")


def _do(folder: Path, *words: str) -> None:
    _act(folder, command_line(*words))


def _act(folder: Path, act: Callable[[], object]) -> None:
    ended = in_child(act, folder, folder.with_name("temporary"))
    if ended.code:
        raise RuntimeError(f"{ended.code}: {ended.said}")


def _write_csv(path: Path, people: tuple[tuple[object, ...], ...]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADERS, *people])


def _write_workbook(path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (HEADERS, *PEOPLE):
        book.active.append(row)
    book.active["I4"] = "none of these"
    book.save(path)


def _edit(workbook: Path, to: Path, rows: int, by: str) -> None:
    book = openpyxl.load_workbook(workbook)
    sheet = book["Calibration"]
    sheet[SESSION["decided_by"]], sheet[SESSION["decided_on"]] = by, SESSION_DAY
    for row in range(6, 6 + rows):
        sheet.cell(row, COLUMNS["decision"]).value = sheet.cell(row, COLUMNS["recommendation"]).value
    book.save(to)


def mend(command: Command, cwd: Path, temporary: Path) -> Ended:
    """What the next command that writes here does before its work: put right what one that was killed has
    left."""

    def act() -> None:
        from readiness.temporary import temporary_folder

        with temporary_folder(), locked(Path(command.folder or "another")):
            pass

    return in_child(act, cwd, temporary)
