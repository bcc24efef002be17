"""Windows and macOS, faked on the system at hand: names, newlines, locks, code pages, processes."""

import ast
import errno
import os
import signal
import subprocess
import sys
from concurrent.futures import Future
from functools import cache
from pathlib import Path

import pytest

from engine import assess, explain
from inputs import InputError
from inputs.samples import shipped_sample
from readiness import other_processes
from readiness.other_processes import OtherProcesses
from reports.pages.rendering import file_name, person_file
from reports.run import replacing
from reports.run.replacing import replaced_folder
from reports.shown.content import run_of
from reports.shown.file_names import LONGEST_STEM, is_reserved
from reports.workbook.by_group import group_workbooks
from tests.small import DAY, pack, roster

HOUSE = Path(__file__).parents[1]
PACKAGES = ("building", "engine", "inputs", "readiness", "reports", "rules")
ARCHIVES = ("inputs/files/rich_texts.py:", "inputs/files/sheet_xml.py:", "reports/workbook/dated_zip.py:")
"""Where parts of an archive are opened, which are bytes."""
DEVICES = ("CON", "PRN", "AUX", "NUL", "COM1", "LPT9", "com0", "Nul")


@cache
def all_calls() -> list[tuple[str, ast.Call]]:
    """Every call of a method in the packages, with its place."""
    files = [path for package in PACKAGES for path in sorted((HOUSE / package).rglob("*.py"))]
    return [
        (f"{path.relative_to(HOUSE)}:{node.lineno}", node)
        for path in files
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    ]


def calls(name: str) -> list[tuple[str, ast.Call]]:
    return [(place, call) for place, call in all_calls() if getattr(call.func, "attr", None) == name]


def named(call: ast.Call) -> set[str | None]:
    return {keyword.arg for keyword in call.keywords}


def test_every_text_that_is_written_has_the_same_newlines_on_every_system():
    assert [place for place, call in calls("write_text") if "newline" not in named(call)] == []


@pytest.mark.parametrize(("name", "before"), [("write_text", 1), ("read_text", 0)])
def test_no_text_is_read_or_written_in_the_code_page_of_the_system(name, before):
    assert [
        place for place, call in calls(name) if "encoding" not in named(call) and len(call.args) <= before
    ] == []


def test_every_file_that_is_opened_is_opened_as_bytes():
    opened = [
        (place, call)
        for place, call in calls("open")
        if not place.startswith(ARCHIVES)
        # The one opens an address and no file, the other reads and writes nothing in it.
        and ast.unparse(call.func) not in ("webbrowser.open", "os.open")
    ]
    texts = [place for place, call in opened if "b" not in "".join(map(ast.unparse, call.args))]
    assert texts == []


@pytest.mark.parametrize("device", DEVICES)
def test_no_page_is_named_like_a_device_of_windows(device):
    assert is_reserved(device)
    assert not is_reserved(file_name(device))
    assert not is_reserved(person_file(device))
    assert not is_reserved(person_file(device.lower()))


def test_names_that_only_resemble_a_device_stay_as_they_are():
    assert [file_name(name) for name in ("Con Nolan", "Nuller", "COM10")] == ["con-nolan", "nuller", "com10"]
    assert [person_file(one) for one in ("CON1", "COM10", "E10042")] == ["CON1", "COM10", "E10042"]


def test_no_name_is_longer_than_a_disk_allows():
    long = "Maximiliana " * 40
    assert len(file_name(long)) <= LONGEST_STEM + 9
    assert len(person_file("E" * 300)) <= LONGEST_STEM + 9
    assert file_name(long) != file_name(long + "x")
    assert person_file("E" * 300) != person_file("E" * 301)


def test_files_of_people_differ_also_where_the_disk_ignores_case():
    ids = ("e1", "E1", "con", "CON", "Con", "c_6f_n", "é", "É")
    assert len({person_file(one).casefold() for one in ids}) == len(ids)


def test_a_workbook_of_a_group_is_not_named_like_a_device(tmp_path):
    people = [{"department": name, "drive:manager": 4} for name in ("AUX", "Core")]
    assessment = assess(roster(people), pack(), DAY)
    run = run_of(assessment, explain(assessment), "0123456789ab")
    for piece in group_workbooks(run, "department", tmp_path / "groups"):
        piece()
    names = {path.name for path in (tmp_path / "groups").iterdir()}
    assert names == {"group-aux.xlsx", "core.xlsx", "overview.xlsx"}


def refuse(monkeypatch: pytest.MonkeyPatch, times: int) -> list[Path]:
    """A folder of which a file is open: on Windows it cannot be moved, so many times."""
    refused: list[Path] = []
    stock = Path.rename

    def rename(self: Path, target: Path) -> Path:
        if self.name == "results" and len(refused) < times:
            refused.append(self)
            raise PermissionError(errno.EACCES, "Access is denied", str(self))
        return stock(self, target)

    monkeypatch.setattr(Path, "rename", rename)
    monkeypatch.setattr(replacing, "PAUSES", (0.0, 0.0))
    return refused


def write(out: Path, text: str) -> None:
    with replaced_folder(out, "run") as fresh:
        (fresh / "calibration.xlsx").write_text(text, encoding="utf-8")


def test_a_folder_that_is_held_for_a_moment_is_replaced_all_the_same(tmp_path, monkeypatch):
    write(tmp_path / "results", "old")
    refused = refuse(monkeypatch, times=2)
    write(tmp_path / "results", "new")
    assert len(refused) == 2
    assert (tmp_path / "results" / "calibration.xlsx").read_text(encoding="utf-8") == "new"


def test_a_folder_of_which_a_file_stays_open_is_as_it_was_and_the_sentence_says_what_to_do(
    tmp_path, monkeypatch
):
    write(tmp_path / "results", "old")
    refuse(monkeypatch, times=99)
    with pytest.raises(InputError, match=r"results cannot be replaced: a program has one of its files open"):
        write(tmp_path / "results", "new")
    assert (tmp_path / "results" / "calibration.xlsx").read_text(encoding="utf-8") == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["results"], "what was written beside is gone"


@pytest.mark.parametrize(
    ("code_page", "arguments"),
    [("cp437", ("pack", "show", "product_management")), ("ascii", ("inspect", str(shipped_sample())))],
)
def test_what_is_printed_does_not_depend_on_the_code_page_of_the_console(code_page, arguments):
    command = [sys.executable, "-m", "readiness", *arguments]
    variables = {**os.environ, "PYTHONPATH": str(HOUSE), "PYTHONIOENCODING": code_page, "PYTHONUTF8": "0"}
    printed = subprocess.run(command, env=variables, capture_output=True, check=False)
    assert printed.returncode == 0, printed.stderr.decode(errors="replace")
    assert (printed.stdout + printed.stderr).decode("utf-8")


def test_a_name_that_is_no_text_ends_in_a_sentence(tmp_path):
    command = [
        os.fsencode(sys.executable),
        b"-m",
        b"readiness",
        b"inspect",
        os.fsencode(tmp_path) + b"/\xff.xlsx",
    ]
    ran = subprocess.run(
        command, env={**os.environ, "PYTHONPATH": str(HOUSE)}, capture_output=True, check=False
    )
    assert ran.returncode == 1
    assert b"\\udcff.xlsx: there is no such file" in ran.stderr


def test_an_interrupt_is_not_the_other_processess_affair_where_nothing_is_inherited(monkeypatch):
    monkeypatch.setattr(other_processes.signal, "signal", lambda *_: signal.default_int_handler)
    process = OtherProcesses("json")
    try:
        handler: Future[object] = process.submit(signal.getsignal, signal.SIGINT)
        assert handler.result() == signal.SIG_IGN
    finally:
        process.shutdown(cancel_futures=True)


def test_a_workbook_is_read_where_there_is_no_resource_module(tmp_path):
    code = (
        "import sys; sys.modules['resource'] = None\n"
        "from inputs.files.sheet_reader import main\n"
        "main(sys.argv[1], sys.argv[2], 1 << 32, 60)"
    )
    subprocess.run(
        [sys.executable, "-c", code, str(shipped_sample()), str(tmp_path)],
        env={**os.environ, "PYTHONPATH": str(HOUSE)},
        check=True,
    )
    assert (tmp_path / "answer.json").is_file()
