"""A run folder as people use it: what they did in it is never replaced, and what a kill leaves is mended."""

import errno
import logging
import os
import shutil
import stat
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from datetime import timedelta
from multiprocessing import get_context
from pathlib import Path
from types import SimpleNamespace

import openpyxl
import polars as pl
import pytest
from filelock import FileLock

from engine import assess, stored
from inputs import InputError
from inputs.samples import shipped_sample
from readiness import __main__ as command_line
from readiness.temporary import temporary_folder
from reports.run import read_run, replacing, whole_files
from reports.run.replacing import replaced_folder, require_settled, require_writable
from reports.writing import Wanted, write_run
from tests.broken import BASE
from tests.command_line import call, succeeded
from tests.folders import contents
from tests.interrupting_work import left_by_interrupts
from tests.small import DAY, pack, roster
from torture.bakery import EXAMPLES

PEOPLE = ({"drive:manager": 5}, {"drive:manager": 3.5})


@pytest.fixture(scope="module")
def fresh_run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("folders") / "results"
    write_run(assess(roster(PEOPLE), pack(), DAY), folder)
    return folder


@pytest.fixture
def run(fresh_run, tmp_path):
    return Path(shutil.copytree(fresh_run, tmp_path / "results"))


def write_again(folder):
    write_run(assess(roster(PEOPLE[:1]), pack(), DAY), folder)


def edit_workbook(run):
    book = openpyxl.load_workbook(run / "calibration.xlsx")
    book["Calibration"]["C6"].value = "edited"
    book.save(run / "calibration.xlsx")


WORK = {
    "an edited workbook": (edit_workbook, "work that was done since in calibration.xlsx"),
    "a page with a remark": (lambda run: (run / "report.html").write_text("x"), "done since in report.html"),
    "notes beside": (lambda run: (run / "notes.txt").write_text("x"), "done since in notes.txt"),
    "notes in a folder": (
        lambda run: (run / "managers" / "to do.md").write_text("x"),
        "done since in managers/to do.md",
    ),
    "a folder of somebody's": (lambda run: (run / "mine").mkdir(), "done since in mine"),
    "a workbook in another program": (
        lambda run: (run / "calibration.xlsx").write_bytes((run / "issues.csv").read_bytes()),
        "done since in calibration.xlsx",
    ),
    "an open workbook": (
        lambda run: (run / "~$calibration.xlsx").write_text("Ada"),
        "a spreadsheet program has a file open",
    ),
    "decisions": (lambda run: (run / "decisions-log.jsonl").write_text("{}"), "decisions of a calibration"),
    "no list of files": (lambda run: (run / "files.json").unlink(), "holds files that are not of a run"),
    "many files": (
        lambda run: [(run / f"n{number}").write_text("x") for number in range(9)],
        "n0, n1, n2, n3, n4 and 4 more",
    ),
}
if sys.platform != "win32":
    WORK["a link"] = (lambda run: (run / "shortcut").symlink_to("report.html"), "done since in shortcut")


@pytest.mark.parametrize("what", WORK)
def test_what_people_did_in_a_run_is_not_replaced(run, what):
    make, words = WORK[what]
    make(run)
    before = contents(run)
    with pytest.raises(InputError) as told:
        write_again(run)
    assert words in str(told.value)
    assert f"Give another folder, such as {run.with_name('results-2')}" in str(told.value)
    assert contents(run) == before
    assert [path.name for path in run.parent.iterdir()] == ["results"]


def test_the_run_of_the_earlier_cycle_is_not_replaced_by_the_one_that_looks_at_it(run, monkeypatch):
    monkeypatch.chdir(run.parent)
    before, later = contents(run), assess(roster(PEOPLE[:1]), pack(), DAY + timedelta(days=365))
    for out in (run, Path("results"), run / ".." / "results"):
        with pytest.raises(InputError, match="holds the run of the earlier cycle, which would be lost"):
            write_run(later, out, wanted=Wanted(previous=run))
    assert contents(run) == before


def test_a_folder_that_a_later_version_wrote_is_not_replaced(run):
    listed = (run / "files.json").read_text(encoding="utf-8")
    (run / "files.json").write_text(listed.replace("files/1", "files/2"), encoding="utf-8")
    with pytest.raises(InputError, match="holds files that are not of a run"):
        write_again(run)


def test_work_that_is_done_while_a_run_is_written_is_not_replaced_either(run):
    def touched_meanwhile():
        with replaced_folder(run, "run") as folder:
            (folder / "run.json").write_text("new")
            (run / "notes.txt").write_text("mine")

    with pytest.raises(InputError, match=r"notes\.txt"):
        touched_meanwhile()
    assert (run / "notes.txt").read_text() == "mine"
    assert read_run(run).people_recommended == 2


def test_what_file_managers_leave_behind_is_nobodys_work(run):
    for name in (".DS_Store", "Thumbs.db", "desktop.ini"):
        (run / name).write_text("x")
    write_again(run)
    assert read_run(run).people_recommended == 1


def test_a_simulation_does_not_replace_a_run_nor_a_run_a_simulation(run, tmp_path):
    ratings = tmp_path / "ratings.csv"
    ratings.write_text("Employee ID,Level\nE1,PM\n", encoding="utf-8")
    told = ["simulate", str(ratings), "--set", "bar.core=3.75", "--out", str(run)]
    answer = call(*told)
    assert answer.exit_code == 1
    assert "holds a run, which a simulation does not replace" in answer.output
    with replaced_folder(tmp_path / "what-if", "simulation") as folder:
        (folder / "run.json").write_text("{}")
    with pytest.raises(InputError, match="holds a simulation, which a run does not replace"):
        write_again(tmp_path / "what-if")


@pytest.fixture
def places(tmp_path, monkeypatch):
    """Folders that cannot be replaced, by what they are."""
    (tmp_path / "here" / "inside").mkdir(parents=True)
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    (tmp_path / "file").write_text("x")
    monkeypatch.chdir(tmp_path / "here" / "inside")
    return {
        "here": (Path(), "is the folder you are in"),
        "above": (Path(".."), "is the folder you are in"),
        "above, by name": (tmp_path / "here", "is the folder you are in"),
        "a link": (tmp_path / "link", "is a link; give the folder itself"),
        "a file": (tmp_path / "file", "is a file"),
        "below a file": (tmp_path / "file" / "results", "is not a folder that you can write to"),
        "a mount point": (Path("/proc"), "is the root of a disk"),
    }


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
@pytest.mark.parametrize(
    "what", ["here", "above", "above, by name", "a link", "a file", "below a file", "a mount point"]
)
def test_a_folder_that_cannot_be_replaced_is_refused_before_the_work(places, what):
    """The spreadsheet does not exist: whoever began to read it would say so."""
    out, words = places[what]
    Path("ratings.csv").write_text("nonsense", encoding="utf-8")
    answer = call("assess", "ratings.csv", "--out", out)
    assert answer.exit_code == 1
    assert words in answer.output


@pytest.mark.skipif(sys.platform == "win32", reason="there are no modes there")
def test_a_run_and_all_that_is_in_it_is_private_whatever_the_umask(tmp_path):
    before = os.umask(0)
    try:
        write_again(tmp_path / "results")
    finally:
        os.umask(before)
    modes = {
        stat.S_IMODE(path.stat().st_mode) & 0o077
        for path in (tmp_path / "results", *(tmp_path / "results").rglob("*"))
    }
    assert modes == {0}


def test_what_a_killed_run_left_is_removed_by_the_next_one_which_says_so(run, caplog):
    left = run.parent / ".results.a1b2c3d4.readiness"
    (left / "new").mkdir(parents=True)
    (left / "new" / "report.html").write_text("people")
    (run.parent / ".results.a1b2c3d4").mkdir()
    with caplog.at_level(logging.WARNING):
        write_again(run)
    assert f"{left} was removed; a run that was stopped had left it behind" in caplog.text
    assert sorted(path.name for path in run.parent.iterdir()) == [".results.a1b2c3d4", "results"]


@pytest.mark.parametrize("name", ["results-2", "results.old", "diff.html"])
def test_what_a_command_that_was_killed_left_is_removed_by_whatever_is_written_beside_it(run, name):
    left = run.parent / f".{name}.a1b2c3d4.readiness"
    (left / "new").mkdir(parents=True)
    (left / "new" / "report.html").write_text("people")
    with FileLock(run.parent / f".{name}.lock"):
        write_again(run)
        assert left.is_dir(), "it is still being written"
    write_again(run)
    assert [path.name for path in run.parent.iterdir()] == ["results"]


def test_an_old_run_beside_comes_back_too_when_its_new_one_was_killed_at_taking_its_place(run):
    scratch = run.parent / ".earlier.a1b2c3d4.readiness"
    shutil.copytree(run, scratch / "old")
    write_again(run)
    assert sorted(path.name for path in run.parent.iterdir()) == ["earlier", "results"]
    assert contents(run.parent / "earlier") != contents(run)
    assert read_run(run.parent / "earlier").people_recommended == 2


def test_a_run_killed_between_its_two_renames_is_put_back_by_the_next_one(run, caplog):
    scratch = run.parent / ".results.a1b2c3d4.readiness"
    scratch.mkdir()
    run.rename(scratch / "old")
    (scratch / "new").mkdir()
    edit_workbook(scratch / "old")
    with caplog.at_level(logging.WARNING), pytest.raises(InputError, match="work that was done since"):
        write_again(run)
    assert "is back in its place" in caplog.text
    assert read_run(run).people_recommended == 2


READERS = {
    "calibrate": ("calibrate", "results", "calibration.xlsx"),
    "withdraw": ("withdraw", "results", "E1", "--reason", "a slip", "--by", "HR"),
    "explain": ("explain", "results", "E1"),
    "packet": ("packet", "results", "E1"),
    "fairness": ("fairness", "results"),
    "diff": ("diff", "results", "results"),
    "merge": ("merge", "results", "--out", "merged"),
}
SAID_OF_A_RUN = {"withdraw": "On E1 nothing is decided", "merge": "results is not a part of a run"}
"""What those commands say that have nothing to do here."""


@pytest.mark.parametrize("command", READERS)
def test_whoever_reads_a_run_that_was_killed_between_its_two_renames_finds_it_again(
    run, monkeypatch, command
):
    scratch = run.parent / ".results.a1b2c3d4.readiness"
    scratch.mkdir()
    shutil.copy(run / "calibration.xlsx", run.parent)
    run.rename(scratch / "old")
    monkeypatch.chdir(run.parent)
    answer = call(*READERS[command])
    assert answer.exit_code == (command in SAID_OF_A_RUN), answer.output
    assert SAID_OF_A_RUN.get(command, "") in answer.output
    assert sorted(path.name for path in run.parent.iterdir()) == ["calibration.xlsx", "results"]


@pytest.mark.parametrize("people", [1, 3])
def test_a_run_that_is_replaced_while_it_is_read_is_read_anew(run, tmp_path, monkeypatch, people):
    other, day = tmp_path / "other", DAY + timedelta(days=people)
    write_run(assess(roster(({"drive:manager": 5},) * people), pack(), day), other)
    read = stored.read_assessment

    def replaced_first(columns):
        monkeypatch.setattr(stored, "read_assessment", read)
        shutil.rmtree(run)
        other.rename(run)
        return read(columns)

    monkeypatch.setattr(stored, "read_assessment", replaced_first)
    found = read_run(run)
    assert (found.day, found.people_recommended, len(found.explanations)) == (day, people, people)


@pytest.mark.parametrize("name", ["old", "new", "ladder"])
def test_what_a_kill_left_of_a_folder_in_the_making_is_not_taken_for_it_whatever_its_name(tmp_path, name):
    with replacing.whole_folder(tmp_path / name) as fresh:
        (fresh / "half.yaml").touch()
        (scratch,) = tmp_path.glob(f".{name}.*.readiness")
        left = Path(shutil.copytree(scratch, tmp_path / "as a kill leaves it"))
    shutil.rmtree(tmp_path / name)
    left.rename(scratch)
    require_settled(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_a_preview_never_overwrites_a_file(run, tmp_path):
    copy = Path(shutil.copy(run / "calibration.xlsx", tmp_path / "ada.xlsx"))
    before = copy.read_bytes()
    told = ["calibrate", str(run), str(copy), "--preview"]
    answer = call(*told, "--out", copy)
    assert answer.exit_code == 2
    assert "exists. Give another name, or remove it" in " ".join(answer.output.split())
    assert copy.read_bytes() == before
    for name in ("calibration-voted.xlsx", "calibration-voted-2.xlsx"):
        succeeded(*told)
        assert (run / name).exists()


def command(*told, temporary):
    here = {"PYTHONPATH": str(Path(__file__).parents[1])}
    here |= dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(temporary))
    return subprocess.Popen(
        [sys.executable, "-m", "readiness", *map(str, told)],
        env={**os.environ, **here},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_temporary_files_of_a_killed_command_are_removed_and_those_of_a_live_one_are_not(tmp_path):
    alive, dead = (tmp_path / f"promotion-readiness-{name}" for name in ("alive", "dead"))
    for folder in (alive, dead):
        (folder / "readiness-1").mkdir(parents=True)
        (folder / "readiness-1" / "answer.json").write_text("people")
    with FileLock(f"{alive}.lock"):
        done = command("pack", "list", temporary=tmp_path)
        said = done.communicate()[1]
    assert done.returncode == 0
    assert said == f"{dead} was removed; a command that was stopped had left it behind\n"
    assert not dead.exists()
    assert (alive / "readiness-1" / "answer.json").exists()


def test_an_interrupt_leaves_nothing_however_early_it_comes(tmp_path):
    with ProcessPoolExecutor(1, get_context("spawn")) as process:
        left = process.submit(left_by_interrupts, tmp_path).result()
    assert len(left) > 50
    assert {lines: names for lines, names in left.items() if names} == {}


def test_a_killed_assessment_leaves_nothing_after_the_next_command(run, tmp_path):
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    ratings = tmp_path / "ratings.xlsx"
    shutil.copy(shipped_sample(), ratings)
    told = ("assess", ratings, "--out", run, "--as-of", "2026-06-30")
    killed = command(*told, temporary=temporary)
    while not any(tmp_path.glob(".results.*.readiness")):
        assert killed.poll() is None
        time.sleep(0.02)
    killed.kill()
    killed.wait()
    assert read_run(run).people_recommended == 2
    edit_workbook(run)
    said = command(*told, temporary=temporary).communicate()[1]
    assert said.count("was removed; a command that was stopped had left it behind") == 1
    assert said.count("was removed; a run that was stopped had left it behind") == 1
    assert "work that was done since" in said
    assert not list(temporary.iterdir())
    assert sorted(path.name for path in tmp_path.iterdir()) == ["ratings.xlsx", "results", "temporary"]


FULL = (
    OSError(errno.ENOSPC, "No space left on device"),
    OSError("No space left on device (os error 28)"),
    pl.exceptions.ComputeError("No space left on device (os error 28)"),
    pl.exceptions.ComputeError("parquet: File out of specification: Invalid thrift: transport error"),
)


@pytest.mark.parametrize("error", FULL, ids=["of Python", "of Rust", "of polars", "without a word of it"])
@pytest.mark.parametrize("replaced", [lambda run: replaced_folder(run, "run"), whole_files])
def test_a_full_disk_is_said_and_nothing_is_replaced(run, monkeypatch, error, replaced):
    before = contents(run)
    monkeypatch.setattr(replacing, "disk_usage", lambda _: SimpleNamespace(free=0))

    def no_space_left():
        with replaced(run) as folder:
            (folder / "run.json").write_text("new")
            raise error

    with pytest.raises(InputError, match=r"no space is left on the disk of .*; free some"):
        no_space_left()
    assert contents(run) == before
    assert [path.name for path in run.parent.iterdir()] == ["results"]


def test_a_full_disk_of_temporary_files_is_named_by_a_folder_that_stays(run, monkeypatch, tmp_path):
    above = tmp_path / "temporary"
    above.mkdir()
    for name in ("TMPDIR", "TEMP", "TMP"):
        monkeypatch.setenv(name, str(above))
    monkeypatch.setattr("tempfile.tempdir", None)
    monkeypatch.setattr(
        replacing, "disk_usage", lambda place: SimpleNamespace(free=0 if place.is_relative_to(above) else 1)
    )
    with temporary_folder(), pytest.raises(InputError) as told, replaced_folder(run, "run"):
        raise OSError(errno.ENOSPC, "No space left on device")
    assert f"no space is left on the disk of {above};" in str(told.value)


def test_a_disk_that_refuses_a_file_is_not_taken_for_a_program_that_has_it_open(run, monkeypatch):
    def refuse(*_):
        raise OSError(errno.ENOSPC, "No space left on device", "run.json")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(OSError, match="No space left"):
        require_writable(run, ["run.json"])


def test_a_run_is_not_lost_where_neither_the_new_nor_the_old_one_can_be_moved_into_place(run, monkeypatch):
    rename, before, moved = Path.rename, contents(run), []

    def once_alone(path, place):
        if moved:
            raise OSError(errno.EIO, "Input/output error", str(path))
        moved.append(path)
        return rename(path, place)

    monkeypatch.setattr(Path, "rename", once_alone)
    with pytest.raises(OSError, match="Input/output error"):
        write_again(run)
    monkeypatch.setattr(Path, "rename", rename)
    assert moved == [run]
    require_settled(run)
    assert contents(run) == before


def test_an_error_names_the_folder_that_was_asked_for_and_no_temporary_one(run):
    def too_long():
        with replaced_folder(run, "run") as folder:
            (folder / ("a" * 300)).write_text("x")

    with pytest.raises(OSError, match="too long") as told:
        too_long()
    assert told.value.filename == str(run / ("a" * 300))


def test_the_unforeseen_ends_in_a_sentence_and_a_report_without_data(tmp_path, monkeypatch, capsys):
    def fail():
        error = KeyError("Ada Lovelace, 4.5")
        raise error from error

    monkeypatch.setattr(command_line, "_run", fail)
    monkeypatch.setattr(sys, "argv", ["readiness", "assess", "salaries.xlsx"])
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as ended:
        command_line.main()
    assert ended.value.code == 3
    (report,) = tmp_path.iterdir()
    assert f"{report} says where and holds no data" in capsys.readouterr().err
    text = report.read_text(encoding="utf-8")
    assert "builtins.KeyError" in text
    assert "test_run_folders.py" in text
    assert "command: assess" in text
    assert "Ada" not in text
    assert "salaries" not in text


@pytest.fixture(scope="module")
def small_run(tmp_path_factory):
    """A run of the bakery, and what commands are given beside it."""
    folder = tmp_path_factory.mktemp("bakery")
    shutil.copytree(BASE, folder / "bakery")
    (folder / "ratings.csv").write_text(
        "Employee ID,Level,Dough (manager)\nE1,Apprentice,3\n", encoding="utf-8"
    )
    (folder / "bakery" / "examples.yaml").write_text(EXAMPLES, encoding="utf-8")
    told = ["assess", "ratings.csv", "--out", "run", "--pack", "bakery", "--as-of", "2026-06-30"]
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        succeeded(*told)
        succeeded("pack", "export", "b.xlsx", "--pack", "bakery")
    return folder


WRITERS = (
    "template --pack bakery --out new.xlsx",
    "inspect ratings.csv --pack bakery --write-mapping map.yaml",
    "record ratings.csv --pack bakery --as-of 2026-06-30 --out record.html",
    "diff run run --out diff.html",
    "packet run E1 --out packets",
    "fairness run --out hr_only",
    "calibrate run run/calibration.xlsx --preview --out voted.xlsx",
    "pack show bakery --out handbook.md",
    "pack export new.xlsx --pack bakery",
    "pack import b.xlsx --out mine",
    "pack new mine --from bakery",
    "pack test bakery --accept",
    "pack schema --into bakery",
    "vignettes --out vignettes.xlsx",
)


@pytest.mark.parametrize("told", WRITERS)
def test_a_command_that_is_stopped_before_its_last_step_has_changed_no_file(
    small_run, tmp_path, monkeypatch, told
):
    shutil.copytree(small_run, tmp_path / "here")
    monkeypatch.chdir(tmp_path / "here")
    before = contents(tmp_path / "here")

    def stopped(*_):
        raise OSError(errno.EIO, "Input/output error", "disk")

    monkeypatch.setattr(os, "rename", stopped)
    monkeypatch.setattr(os, "replace", stopped)
    answer = call(*told.split())
    assert answer.exit_code == 1
    assert "Input/output error" in answer.output
    now = contents(tmp_path / "here")
    assert {name: now[name] for name in before} == before
    assert [name for name in now if name not in before and not Path(name).name.startswith(".")] == []


@pytest.mark.parametrize(
    "told",
    [
        "template --out new.xlsx",
        "inspect ratings.csv --pack bakery --write-mapping map.yaml",
        "record ratings.csv --pack bakery --as-of 2026-06-30 --out record.html",
        "diff run run --out run/report.html",
        "calibrate run run/calibration.xlsx --preview --out run/calibration.xlsx",
        "pack show bakery --out handbook.md",
        "pack show bakery --as html --out rules.html",
        "pack explain bakery --out policy.md",
        "pack export --pack bakery b.xlsx",
        "vignettes --out vignettes.xlsx",
    ],
)
def test_a_command_that_writes_a_file_never_writes_over_one(small_run, tmp_path, monkeypatch, told):
    shutil.copytree(small_run, tmp_path / "here")
    monkeypatch.chdir(tmp_path / "here")
    written = Path(told.split()[-1])
    written.write_text("Somebody has worked in it.", encoding="utf-8")
    answer = call(*told.split())
    assert (answer.exit_code, answer.stdout) == (2, "")
    assert f"{written} exists. Give another name, or remove it first." in " ".join(answer.stderr.split())
    assert written.read_text(encoding="utf-8") == "Somebody has worked in it."


def test_a_full_disk_under_a_pack_is_said_with_the_file_and_leaves_the_old_one(
    small_run, tmp_path, monkeypatch
):
    shutil.copytree(small_run / "bakery", tmp_path / "bakery")
    before = contents(tmp_path / "bakery")

    def refuse(*_, **__):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_text", refuse)
    answer = call("pack", "schema", "--into", tmp_path / "bakery")
    assert answer.exit_code == 1
    assert f"{tmp_path / 'bakery' / '.schema'}" in answer.output
    assert "No space left on device" in answer.output
    assert contents(tmp_path / "bakery") == before


def read_only(*_, **__):
    raise OSError(errno.EROFS, os.strerror(errno.EROFS), ".hidden")


def test_a_disk_that_is_read_only_is_named_and_no_hidden_file(tmp_path, monkeypatch, fresh_run):
    shutil.copytree(BASE, tmp_path / "ours")
    monkeypatch.setattr(FileLock, "acquire", read_only)
    monkeypatch.setattr(Path, "write_text", read_only)
    monkeypatch.setattr(Path, "unlink", read_only)
    sheet = tmp_path / "empty.xlsx"
    for arguments, changed in (
        (("template", "--out", sheet), sheet),
        (("packet", fresh_run, "E1"), fresh_run),
        (("pack", "new", "mine", "--out", tmp_path / "mine"), tmp_path / "mine"),
    ):
        said = call(*arguments).stderr
        needed = f"{changed.parent} cannot be written to, which is needed to change {changed}"
        assert said == f"Stopped: {needed} (Read-only file system)\n"
    said = call("pack", "schema", "--into", tmp_path / "ours").stderr
    assert said == f"Stopped: {tmp_path / 'ours' / '.schema' / 'pack.json'}: Read-only file system\n"
