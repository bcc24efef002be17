"""Other processes: what it does is the same, and nothing depends on its doing it."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from click.testing import CliRunner

from engine import assess, explain, vocabulary_of
from engine.explain import explanations
from engine.outlook import search_outlooks, searched_frame
from engine.stored import write_assessment
from inputs import InputError
from inputs.loading import load_roster
from inputs.samples import SAMPLE_DAY, shipped_sample
from readiness import __main__ as command_line
from readiness import cli
from readiness.other_processes import OtherProcesses
from reports.run import background, writing
from reports.run.background import begin
from reports.run.data import write_recommendations
from reports.run.searching import drop_explained, search_shared, take_explained
from reports.writing import Run, Wanted, write_run
from rules import load_pack
from tests.folders import results
from tests.other_processes_work import (
    end_elsewhere_after,
    end_elsewhere_than_in,
    imported_modules,
    where,
    write_then_sleep,
)
from tests.sample_run import write_few
from tests.small import DAY, pack, roster

HOUSE = Path(__file__).parents[1]
PEOPLE = (
    {"drive:manager": 5, "drive:self": 4, "department": "Core", "manager_name": "Ada"},
    {"drive:manager": 3.5, "care:manager": 2, "manager_name": "Ada", "department": "Growth"},
    {"drive:manager": None, "manager_name": "Bo"},
)
posix = pytest.mark.skipif(sys.platform == "win32", reason="signals as POSIX has them")


@pytest.fixture(scope="module")
def shared() -> Iterator[OtherProcesses]:
    process = OtherProcesses(command_line.WORK)
    yield process
    process.shutdown(cancel_futures=True)


@pytest.fixture
def second() -> Iterator[OtherProcesses]:
    process = OtherProcesses("json")
    yield process
    process.shutdown(cancel_futures=True)


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_work_is_done_in_another_process(second: OtherProcesses) -> None:
    assert begin(second, where)() != os.getpid() == begin(None, where)()


def test_what_a_process_that_gets_nowhere_has_taken_is_done_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Stuck(Executor):
        given = 0

        def submit(self, *_: Any, **__: Any) -> Future[Any]:
            self.given += 1
            return Future()

    assessment = assess(roster(PEOPLE * 2), pack(), DAY)
    write_assessment(assessment, tmp_path / "columns")
    monkeypatch.setattr(background, "PATIENCE", 0.01)
    stuck = Stuck()
    found = search_shared(assessment, stuck, tmp_path / "columns")
    assert stuck.given == 1
    assert found.equals(searched_frame(search_outlooks(assessment)))


@pytest.mark.filterwarnings("error::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_process_that_dies_with_work_before_it_says_nothing(second: OtherProcesses, tmp_path: Path) -> None:
    assessment = assess(roster(PEOPLE * 2), pack(), DAY)
    write_assessment(assessment, tmp_path / "columns")
    second.submit(abs, -1).result()  # what it imports at first is imported
    dying = begin(second, end_elsewhere_after, os.getpid(), 1.0)
    found = search_shared(assessment, second, tmp_path / "columns")
    dying()
    assert found.equals(searched_frame(search_outlooks(assessment)))


def test_results_may_be_asked_for_in_any_order(second: OtherProcesses) -> None:
    one, two = (begin(second, json.loads, text) for text in ("[1]", "[2]"))
    assert [two(), one()] == [[2], [1]]


def test_what_fails_there_fails_here_in_the_same_words(second: OtherProcesses, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError) as raised:
        begin(second, Path.read_bytes, tmp_path / "none")()
    assert raised.value.filename == str(tmp_path / "none")
    assert begin(second, where)() != os.getpid()


def test_what_a_process_that_dies_leaves_undone_is_done_here(second: OtherProcesses) -> None:
    assert begin(second, end_elsewhere_than_in, os.getpid())() == "done here"
    assert begin(second, where)() == os.getpid()


def test_a_process_that_was_shut_down_is_done_without(second: OtherProcesses) -> None:
    second.shutdown()
    assert begin(second, where)() == os.getpid()


def test_a_module_that_cannot_be_imported_stops_nothing() -> None:
    process = OtherProcesses("no_such_module")
    assert begin(process, where)() != os.getpid()
    process.shutdown(cancel_futures=True)


def test_nothing_is_imported_from_the_present_folder(tmp_path: Path) -> None:
    (tmp_path / "multiprocessing.py").write_text("raise SystemExit('imported')", encoding="utf-8")
    code = (
        "import sys; sys.path[:] = filter(None, sys.path)\n"
        "from readiness.other_processes import OtherProcesses\n"
        "process = OtherProcesses('json'); print(process.submit(abs, -1).result())\n"
        "process.shutdown(cancel_futures=True)"
    )
    command = [sys.executable, "-c", code]
    environment = {**os.environ, "PYTHONPATH": str(HOUSE)}
    environment.pop("PYTHONSAFEPATH", None)
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, timeout=60)
    assert (done.stdout, done.stderr) == (b"1\n", b"")


def test_shutting_down_ends_unfinished_work(second: OtherProcesses, tmp_path: Path) -> None:
    path = tmp_path / "began"
    second.submit(write_then_sleep, path, 600)
    until(lambda: path.exists() and bool(path.read_text()))
    second.shutdown(cancel_futures=True)
    until(lambda: not _lives(int(path.read_text())))


@posix
def test_it_ends_when_the_first_process_is_killed(tmp_path: Path) -> None:
    path = tmp_path / "began"
    code = (
        "from pathlib import Path; from readiness.other_processes import OtherProcesses\n"
        "from tests.other_processes_work import write_then_sleep\n"
        f"OtherProcesses('json').submit(write_then_sleep, Path({str(path)!r}), 600).result()"
    )
    with subprocess.Popen([sys.executable, "-c", code], cwd=HOUSE) as first:
        until(lambda: path.exists() and bool(path.read_text()))
        first.kill()
    until(lambda: not _lives(int(path.read_text())))


def _lives(process: int) -> bool:
    if sys.platform == "linux":
        # Who is dead and not yet asked for by its parent counts as dead.
        stat = Path(f"/proc/{process}/stat")
        return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] not in "ZX"
    try:
        os.kill(process, 0)
    except OSError:
        return False
    return True


@pytest.mark.parametrize(
    ("arguments", "starts"),
    [
        (["assess", "a.xlsx", "--out", "b"], True),
        (["demo"], True),
        (["merge", "a", "b", "--out", "c"], True),
        (["demo", "--help"], False),
        (["pack", "list"], False),
        ([], False),
    ],
)
def test_only_commands_that_write_a_whole_run_have_one(
    monkeypatch: pytest.MonkeyPatch, arguments: list[str], starts: bool
) -> None:
    monkeypatch.setattr("readiness.other_processes.OtherProcesses", lambda *given: given)
    monkeypatch.setattr(command_line, "_processors", lambda: 4)
    assert command_line.other_processes(arguments) == ((command_line.WORK, 3) if starts else None)


def test_it_imports_what_its_work_needs_before_there_is_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command_line, "_processors", lambda: 2)
    process = command_line.other_processes(["demo"])
    assert process is not None
    imported = process.submit(imported_modules).result(60)
    process.shutdown(cancel_futures=True)
    assert {"engine.outlook.search", "highspy", "reports.run.searching", "reports.pages.report"} <= imported


def test_one_processor_alone_is_not_divided(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command_line, "_processors", lambda: 1)
    assert command_line.other_processes(["demo"]) is None


def test_where_none_can_be_started_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(command_line, "_processors", lambda: 2)
    monkeypatch.setattr(OtherProcesses, "submit", refuse)
    assert command_line.other_processes(["demo"]) is None


def test_pages_and_groups_workbooks_written_there_are_the_same_bytes(
    shared: OtherProcesses, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = roster(PEOPLE)
    write_run(assess(people, pack(), DAY.replace(year=2025)), tmp_path / "then")
    wanted = Wanted(people=True, packets=True, previous=tmp_path / "then", group_by="department")
    write_run(assess(people, pack(), DAY), tmp_path / "alone", wanted=wanted)

    def when_all_is_done_there(run: Run, folder: Path) -> None:
        pieces = len(writing._pieces[folder])
        assert pieces > 6
        until(lambda: len(list((folder / "taken").glob("*.done"))) == pieces)
        write_recommendations(run, folder)

    monkeypatch.setattr(writing, "write_recommendations", when_all_is_done_there)
    write_run(assess(people, pack(), DAY), tmp_path / "shared", wanted=wanted, executor=shared)
    assert results(tmp_path / "shared") == results(tmp_path / "alone")


def test_what_is_searched_in_parts_is_the_same_and_in_the_same_order(
    shared: OtherProcesses, tmp_path: Path
) -> None:
    shipped = load_pack("product_management")
    people = load_roster([shipped_sample()], vocabulary_of(shipped), SAMPLE_DAY)
    assessment = assess(people, shipped, SAMPLE_DAY).some(range(0, 300, 6))
    assert assessment.recommendations["promotion"].n_unique() > 3
    write_assessment(assessment, tmp_path / "columns")
    found = search_shared(assessment, shared, tmp_path / "columns")
    assert found.equals(searched_frame(search_outlooks(assessment)))
    assert found.equals(pl.read_parquet(tmp_path / "columns" / "searched.parquet"))
    assert not list(tmp_path.glob("columns/searched-*"))


def test_what_was_explained_while_searching_is_at_hand_and_the_same(
    shared: OtherProcesses, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shipped = load_pack("product_management")
    people = load_roster([shipped_sample()], vocabulary_of(shipped), SAMPLE_DAY)
    assessment = assess(people, shipped, SAMPLE_DAY).some(range(0, 300, 6))
    write_assessment(assessment, tmp_path / "columns")
    found = search_shared(assessment, shared, tmp_path / "columns")
    made = tuple(explain(assessment, found))
    taken = explain(assessment, found)
    take_explained(taken, tmp_path / "columns")
    monkeypatch.setattr(explanations, "explain_people", None)
    assert tuple(taken) == made
    drop_explained(tmp_path / "columns")
    assert not list(tmp_path.glob("columns/explained-*"))


@pytest.mark.filterwarnings("error::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_process_that_dies_costs_no_file_and_says_nothing(tmp_path: Path) -> None:
    process = OtherProcesses(command_line.WORK)
    process.submit(end_elsewhere_than_in, os.getpid())
    write_run(assess(roster(PEOPLE), pack(), DAY), tmp_path / "shared", executor=process)
    process.shutdown(cancel_futures=True)
    write_run(assess(roster(PEOPLE), pack(), DAY), tmp_path / "alone")
    assert results(tmp_path / "shared") == results(tmp_path / "alone")


def test_a_failure_here_leaves_nothing_of_what_was_written_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device", "calibration.xlsx")

    monkeypatch.setattr(writing, "write_workbook", full)
    process = OtherProcesses(command_line.WORK)
    with pytest.raises(InputError, match="no space is left"):
        write_run(assess(roster(PEOPLE * 40), pack(), DAY), tmp_path / "out", executor=process)
    process.shutdown(cancel_futures=True)
    assert list(tmp_path.iterdir()) == []


def test_the_command_writes_the_same_as_without_other_processes(tmp_path: Path) -> None:
    arguments = ["assess", str(write_few(tmp_path / "few.xlsx", 24)), "--as-of", "2026-06-30", "--out"]
    command = [sys.executable, "-m", "readiness", *arguments, str(tmp_path / "shared")]
    subprocess.run(command, cwd=HOUSE, check=True, capture_output=True, timeout=300)
    told = CliRunner().invoke(cli.main, [*arguments, str(tmp_path / "alone")])
    assert told.exit_code == 0
    assert results(tmp_path / "shared") == results(tmp_path / "alone")


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_few(tmp_path_factory.mktemp("few") / "few.xlsx")


@posix
@pytest.mark.parametrize(("began", "to_both"), [("*", True), ("*/new/recommendations.csv", False)])
def test_an_interrupt_ends_the_command_at_once_and_quietly(
    few: Path, tmp_path: Path, began: str, to_both: bool
) -> None:
    arguments = ["assess", str(few), "--as-of", "2026-06-30", "--out", str(tmp_path / "out")]
    with subprocess.Popen(
        [sys.executable, "-m", "readiness", *arguments],
        cwd=HOUSE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as process:
        until(lambda: any(tmp_path.glob(began)))
        (os.killpg if to_both else os.kill)(process.pid, signal.SIGINT)
        said = b"".join(process.communicate(timeout=60))
    assert said.strip() == b"Aborted!"
    assert process.returncode in (1, -signal.SIGINT)  # Python's own, where it comes while text is executed
    assert list(tmp_path.iterdir()) == []


@posix
@pytest.mark.parametrize(("comes", "said"), [(True, "Aborted!"), (False, "ValueError: said instead")])
def test_an_interrupt_that_a_library_loses_ends_the_command_as_quietly(comes: bool, said: str) -> None:
    code = (
        "import os, signal\n"
        "from readiness.interrupts import interrupts_abort\n"
        "class Library:\n"
        f"    def __del__(self): {comes} and os.kill(os.getpid(), signal.SIGINT)\n"
        "with interrupts_abort():\n"
        "    Library()\n"
        "    raise ValueError('said instead')"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=HOUSE, capture_output=True, text=True)
    assert (done.returncode, done.stderr.splitlines()[-1]) == (1, said)
    assert ("Traceback" in done.stderr) != comes


@posix
def test_a_process_that_is_stopped_is_not_waited_for_without_end(
    second: OtherProcesses, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = begin(second, where)()
    assert elsewhere != os.getpid()
    os.kill(elsewhere, signal.SIGSTOP)
    monkeypatch.setattr(background, "PATIENCE", 0.5)
    assert begin(second, where)() == os.getpid()
    assert begin(second, where)() == os.getpid()
