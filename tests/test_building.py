"""Setting up: what is built and pinned, and the sentence for every machine where that cannot be done."""

import re
import subprocess
import sys
import sysconfig
import tomllib
from dataclasses import replace
from importlib.metadata import metadata
from pathlib import Path

import durable_rules_engine
import pytest

from building import machine, rule_engine
from building.jobs import JOBS
from building.libraries import Library, library
from building.running import SetUpError, pip, run

HOUSE = Path(__file__).parents[1]
PROJECT = tomllib.loads((HOUSE / "pyproject.toml").read_text(encoding="utf-8"))
PIN = re.compile(r"^([a-z0-9-]+)==(\S+)(?: ; ([^\\]+))?", re.MULTILINE)


def pins(file: str) -> dict[str, str]:
    text = (HOUSE / file).read_text(encoding="utf-8")
    return {found[1]: found[2] for found in PIN.finditer(text)}


def plain(requirement: str) -> str:
    return re.sub(r"[-_.]+", "-", re.split(r"[<>=!~ \[;]", requirement)[0]).lower()


def test_make_and_make_py_do_the_same_jobs():
    jobs = re.search(r"^JOBS := (.+)$", (HOUSE / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert jobs is not None
    assert jobs[1].split() == list(JOBS)


def test_without_a_job_the_jobs_are_shown():
    shown = [sys.executable, str(HOUSE / "make.py")]
    plainly = subprocess.run(shown, capture_output=True, text=True, check=False)
    unknown = subprocess.run([*shown, "demonstrate"], capture_output=True, text=True, check=False)
    assert (plainly.returncode, unknown.returncode) == (0, 2)
    assert all(f"python make.py {job}" in plainly.stdout for job in JOBS)
    assert unknown.stdout.startswith("There is no job 'demonstrate'")


def test_setting_up_imports_nothing_but_the_standard_library():
    code = "import sys, building.jobs; print(*{name.partition('.')[0] for name in sys.modules})"
    ran = subprocess.run(
        [sys.executable, "-S", "-c", code], cwd=HOUSE, capture_output=True, text=True, check=True
    )
    assert set(ran.stdout.split()) - sys.stdlib_module_names <= {"building", "__main__"}


@pytest.mark.parametrize("group", ["build", "dev"])
def test_everything_that_is_needed_is_pinned(group):
    wanted = [*PROJECT["project"]["dependencies"], *PROJECT["project"]["optional-dependencies"]["proofs"]]
    wanted += PROJECT["dependency-groups"][group]
    pinned = pins("requirements.txt") | pins("requirements-dev.txt")
    assert {plain(one) for one in wanted} - set(pinned) == {"durable-rules"}


def test_every_dependency_is_listed_with_its_reason_and_the_licence_that_it_names():
    text = (HOUSE / "CONTRIBUTING.md").read_text(encoding="utf-8")
    rows = re.findall(
        r"^\| ([a-z0-9.-]+)(?: \([^|]*\))? \| (.+) \| (.+) \| (.+) \| \d+ \|$", text, re.MULTILINE
    )
    licences = {name: licence for name, _, _, licence in rows}
    wanted = [*PROJECT["project"]["dependencies"], *PROJECT["project"]["optional-dependencies"]["proofs"]]
    assert {plain(one) for one in wanted} == {plain(name) for name in licences}
    named = {name: metadata(name)["License-Expression"] for name in licences}
    assert {name: one for name, one in named.items() if one} == {
        name: licences[name] for name, one in named.items() if one
    }


def test_both_files_of_pins_agree():
    product, tools = pins("requirements.txt"), pins("requirements-dev.txt")
    assert {name: tools.get(name, version) for name, version in product.items()} == product


@pytest.mark.parametrize("file", ["requirements.txt", "requirements-dev.txt"])
def test_every_pin_has_its_hashes(file):
    text = (HOUSE / file).read_text(encoding="utf-8")
    assert re.findall(r"^[a-z].*[^\\]$", text, re.MULTILINE) == []


def test_what_the_product_needs_is_the_same_on_every_system():
    # pip takes conditions for the machine it runs on, also where it fetches for another one.
    text = (HOUSE / "requirements.txt").read_text(encoding="utf-8")
    assert [found[0] for found in PIN.finditer(text) if found[3]] == []


def test_upstreams_version_is_one_and_the_same_everywhere():
    sources = (rule_engine.RECIPE / "sources.txt").read_text(encoding="utf-8")
    assert f"durable-rules=={rule_engine.UPSTREAM} " in sources
    assert f"durable-rules=={rule_engine.UPSTREAM}" in PROJECT["project"]["dependencies"]


def test_a_change_that_does_not_fit_the_sources_stops_the_build():
    with pytest.raises(SetUpError, match=r"not those that were expected: src/rulespy/rules\.c"):
        rule_engine.changed("PyEval_CallObject(", "src/rulespy/rules.c")


def test_a_change_is_made_wherever_it_has_to_be():
    assert rule_engine.changed("PyEval_CallObject(" * 5, "src/rulespy/rules.c") == "PyObject_CallObject(" * 5
    assert rule_engine.changed("untouched", "src/rules/json.c") == "untouched"


def test_the_engine_that_runs_asks_python_for_its_stable_abi_alone():
    read = library(Path(durable_rules_engine.__file__).read_bytes())
    assert set(read.from_python) == set(rule_engine.from_python())
    assert read.offers == ("PyInit_durable_rules_engine",)


SOUND = Library("ELF", ("libc.so.6",), ("Py_IncRef",), ("free",), ("PyInit_durable_rules_engine",), (2, 14))


@pytest.mark.parametrize(
    ("harm", "flaw"),
    [
        ({"needs": ("python311.dll",)}, "needs the library python311.dll"),
        ({"from_python": ("_Py_Dealloc",)}, "asks Python for _Py_Dealloc"),
        ({"offers": ()}, "offers nothing"),
        ({"glibc": (2, 34)}, "needs glibc 2.34"),
    ],
)
def test_a_library_that_would_not_run_everywhere_is_found(harm, flaw):
    assert SOUND.flaws() == []
    assert flaw in replace(SOUND, **harm).flaws()[0]


def test_this_machine_is_fit():
    assert machine.unfit() is None


def test_a_python_of_32_bits_is_refused(monkeypatch):
    monkeypatch.setattr(sys, "maxsize", 2**31 - 1)
    assert "64-bit installer" in str(machine.unfit())


def test_a_python_that_is_too_new_is_refused(monkeypatch):
    monkeypatch.setattr(machine, "PYTHONS", ("3.9", "3.10"))
    assert "3.11, 3.12, 3.13 or 3.14 is needed" in str(machine.unfit())


def test_a_python_without_its_lock_is_refused(monkeypatch):
    monkeypatch.setattr(sysconfig, "get_config_var", lambda name: int(name == "Py_GIL_DISABLED"))
    assert "free-threaded" in str(machine.unfit())


@pytest.mark.parametrize(
    ("depth", "long_paths", "fit"), [(150, False, False), (150, True, True), (40, False, True)]
)
def test_a_folder_that_lies_too_deep_for_windows_is_refused(monkeypatch, depth, long_paths, fit):
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(machine, "ROOT", Path("/" + "d" * depth))
    monkeypatch.setattr(machine, "_long_paths", lambda: long_paths)
    assert (machine.unfit() is None) is fit


@pytest.mark.parametrize(
    ("platform", "variable", "folder"),
    [
        ("win32", "LOCALAPPDATA", "promotion-readiness"),
        ("linux", "XDG_CACHE_HOME", "promotion-readiness"),
        ("darwin", "HOME", "Library/Caches/promotion-readiness"),
        ("win32", "READINESS_CACHE", "."),
    ],
)
def test_what_is_built_once_is_kept_where_each_system_keeps_such_things(
    tmp_path, monkeypatch, platform, variable, folder
):
    monkeypatch.delenv("READINESS_CACHE", raising=False)
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setenv(variable, str(tmp_path))
    assert machine.cache() == tmp_path / folder


@pytest.mark.parametrize(
    ("platform", "processor", "name"),
    [
        ("win32", "AMD64", "windows-x86_64"),
        ("darwin", "arm64", "macos-arm64"),
        ("darwin", "x86_64", "macos-x86_64"),
        ("linux", "x86_64", "linux-x86_64"),
        ("linux", "aarch64", "linux-aarch64"),
        ("linux", "riscv64", None),
        ("sunos5", "x86_64", None),
    ],
)
def test_each_machine_is_known_by_its_name(monkeypatch, platform, processor, name):
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr("platform.machine", lambda: processor)
    monkeypatch.setattr("platform.libc_ver", lambda: ("glibc", "2.36"))
    assert rule_engine.this_machine() == name


def test_a_crash_is_told_in_a_sentence():
    with pytest.raises(SetUpError, match="The trial failed: it crashed"):
        run([sys.executable, "-c", "import os; os.abort()"], "The trial failed")


def test_what_a_failed_program_said_is_shown_and_no_more_than_its_end():
    with pytest.raises(SetUpError, match=r"^It failed\.$") as failed:
        run([sys.executable, "-c", "print(*range(99), sep='\\n'); raise SystemExit(3)"], "It failed")
    assert failed.value.said.splitlines()[-1] == "98"
    assert len(failed.value.said.splitlines()) == 12


def test_a_program_that_is_not_there_is_told_in_a_sentence(tmp_path):
    with pytest.raises(SetUpError, match="No such file"):
        run([tmp_path / "cc"], "The compiler cannot be run")


def test_an_index_that_does_not_answer_is_told_in_a_sentence(tmp_path):
    nowhere = ("--no-index", "--find-links", tmp_path)
    with pytest.raises(SetUpError, match="Check the connection"):
        pip(Path(sys.executable), "download", *nowhere, "durable-rules", wrong="It cannot be fetched")
