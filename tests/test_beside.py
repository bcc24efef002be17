"""The second process: what it does is the same, and nothing depends on its doing it."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from click.testing import CliRunner

from engine import assess, explain, vocabulary_of
from inputs import load_roster
from inputs.samples import SAMPLE_DAY, shipped_sample
from readiness import __main__ as command_line
from readiness import cli, second_process
from readiness.second_process import SecondProcess
from reports import Wanted, run, write_run
from reports.run import ALONE
from reports.run.explained import explain_beside
from rules import load_pack
from tests.beside_work import end_elsewhere_than_in, print_and_repeat, where, write_then_sleep
from tests.small import DAY, pack, roster

HOUSE = Path(__file__).parents[1]
PEOPLE = (
    {"drive:manager": 5, "drive:self": 4, "department": "Core", "manager_name": "Ada"},
    {"drive:manager": 3.5, "care:manager": 2, "manager_name": "Ada", "department": "Growth"},
    {"drive:manager": None, "manager_name": "Bo"},
)
posix = pytest.mark.skipif(sys.platform == "win32", reason="signals as POSIX has them")


@pytest.fixture(scope="module")
def shared() -> Iterator[SecondProcess]:
    process = SecondProcess("reports")
    yield process
    process.close()


@pytest.fixture
def second() -> Iterator[SecondProcess]:
    process = SecondProcess("json")
    yield process
    process.close()


def contents(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "timings.json"
    }


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_work_is_done_in_another_process(second: SecondProcess) -> None:
    assert second.start(where).result() != os.getpid() == ALONE.start(where).result()


def test_results_may_be_asked_for_in_any_order(second: SecondProcess) -> None:
    one, two = (second.start(json.loads, text) for text in ("[1]", "[2]"))
    assert [two.result(), one.result()] == [[2], [1]]


def test_nothing_waits_for_a_long_answer_to_be_taken_or_for_what_is_printed(second: SecondProcess) -> None:
    content = b"x" * 3_000_000
    tasks = [second.start(print_and_repeat, content) for _ in range(3)]
    assert second.start(where).result() != os.getpid()
    assert [task.result() == content for task in tasks] == [True] * 3


def test_what_fails_there_fails_here_in_the_same_words(second: SecondProcess, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError) as raised:
        second.start(Path.read_bytes, tmp_path / "none").result()
    assert raised.value.filename == str(tmp_path / "none")
    assert second.start(where).result() != os.getpid()


def test_what_a_process_that_dies_leaves_undone_is_done_here(second: SecondProcess) -> None:
    tasks = [second.start(end_elsewhere_than_in, os.getpid()), second.start(where)]
    assert [task.result() for task in tasks] == ["done here", os.getpid()]
    assert second.start(where).result() == os.getpid()


def test_a_process_that_cannot_import_is_done_without() -> None:
    process = SecondProcess("no_such_module")
    assert process.start(where).result() == os.getpid()
    process.close()


def test_closing_unfinished_work_stops_it(second: SecondProcess, tmp_path: Path) -> None:
    path = tmp_path / "began"
    task = second.start(write_then_sleep, path, 600)
    until(lambda: path.exists() and bool(path.read_text()))
    task.close()
    until(lambda: not _lives(int(path.read_text())))


def test_closing_finished_work_leaves_the_process_for_more(second: SecondProcess) -> None:
    task = second.start(where)
    task.result()
    task.close()
    assert second.start(where).result() != os.getpid()


@posix
def test_it_ends_when_the_first_process_is_killed(tmp_path: Path) -> None:
    path = tmp_path / "began"
    code = (
        "from pathlib import Path; from readiness.second_process import SecondProcess\n"
        "from tests.beside_work import write_then_sleep\n"
        f"SecondProcess('json').start(write_then_sleep, Path({str(path)!r}), 600).result()"
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
        (["demo", "--help"], False),
        (["pack", "list"], False),
        ([], False),
    ],
)
def test_only_commands_that_write_a_whole_run_have_one(
    monkeypatch: pytest.MonkeyPatch, arguments: list[str], starts: bool
) -> None:
    monkeypatch.setattr(command_line, "SecondProcess", lambda imports: imports)
    monkeypatch.setattr(command_line, "_processors", lambda: 2)
    assert command_line.second_process(arguments) == ("reports" if starts else None)


def test_one_processor_alone_is_not_divided(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command_line, "_processors", lambda: 1)
    assert command_line.second_process(["demo"]) is None


def test_where_none_can_be_started_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(command_line, "_processors", lambda: 2)
    monkeypatch.setattr(second_process.subprocess, "Popen", refuse)
    assert command_line.second_process(["demo"]) is None


def test_pages_written_beside_are_the_same_bytes(
    shared: SecondProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = roster(PEOPLE)
    write_run(assess(people, pack(), DAY.replace(year=2025)), tmp_path / "then")
    wanted = Wanted(people=True, packets=True, previous=tmp_path / "then", group_by="department")
    write_run(assess(people, pack(), DAY), tmp_path / "alone", wanted=wanted)
    monkeypatch.setattr(run, "write_report", lambda *_: pytest.fail("written here"))
    write_run(assess(people, pack(), DAY), tmp_path / "beside", wanted=wanted, beside=shared)
    assert contents(tmp_path / "beside") == contents(tmp_path / "alone")


def test_people_explained_beside_are_explained_the_same_and_in_the_same_order(second: SecondProcess) -> None:
    shipped = load_pack("product_management")
    people = load_roster([shipped_sample()], vocabulary_of(shipped), SAMPLE_DAY)
    assessment = assess(people, shipped, SAMPLE_DAY)
    several = pl.len().over("promotion") < 20
    few = replace(assessment, recommendations=assessment.recommendations.filter(several))
    assert few.recommendations["promotion"].n_unique() > 3
    assert explain_beside(few, second) == explain_beside(few, ALONE) == explain(few)


def test_a_process_that_dies_costs_no_file(tmp_path: Path) -> None:
    process = SecondProcess("reports")
    task = process.start(end_elsewhere_than_in, os.getpid())
    write_run(assess(roster(PEOPLE), pack(), DAY), tmp_path / "beside", beside=process)
    task.result()
    process.close()
    write_run(assess(roster(PEOPLE), pack(), DAY), tmp_path / "alone")
    assert contents(tmp_path / "beside") == contents(tmp_path / "alone")


def test_a_failure_here_leaves_nothing_of_what_was_written_beside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device", "calibration.xlsx")

    monkeypatch.setattr(run, "write_workbook", full)
    process = SecondProcess("reports")
    with pytest.raises(OSError, match="No space left"):
        write_run(assess(roster(PEOPLE * 40), pack(), DAY), tmp_path / "out", beside=process)
    process.close()
    assert list(tmp_path.iterdir()) == []


def test_many_people_are_not_shared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Nobody:
        def start(self, *_: Any) -> None:
            raise AssertionError("handed over")

    monkeypatch.setattr(run, "SHARED", 2)
    write_run(assess(roster(PEOPLE), pack(), DAY), tmp_path / "out", beside=Nobody())
    assert (tmp_path / "out" / "report.html").exists()


def test_the_command_writes_the_same_as_without_a_second_process(tmp_path: Path) -> None:
    arguments = ["assess", str(shipped_sample()), "--as-of", "2026-06-30", "--out"]
    command = [sys.executable, "-m", "readiness", *arguments, str(tmp_path / "beside")]
    subprocess.run(command, cwd=HOUSE, check=True, capture_output=True, timeout=300)
    told = CliRunner().invoke(cli.main, [*arguments, str(tmp_path / "alone")])
    assert told.exit_code == 0
    assert contents(tmp_path / "beside") == contents(tmp_path / "alone")


@posix
@pytest.mark.parametrize("to_both", [True, False])
def test_an_interrupt_ends_the_command_at_once_and_quietly(tmp_path: Path, to_both: bool) -> None:
    command = [sys.executable, "-m", "readiness", "demo", "--out", str(tmp_path / "out")]
    with subprocess.Popen(
        command, cwd=HOUSE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    ) as process:
        until(lambda: any(tmp_path.iterdir()))
        (os.killpg if to_both else os.kill)(process.pid, signal.SIGINT)
        said = b"".join(process.communicate(timeout=60))
    assert (process.returncode, said.strip()) == (1, b"Aborted!")
    assert list(tmp_path.iterdir()) == []
