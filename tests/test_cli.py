import gc
import json
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from engine import assess
from inputs.samples import shipped_sample
from readiness.cli import main
from reports.writing import write_run
from tests.command_line import call, succeeded
from tests.small import DAY, pack, roster

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")


def commands(group=main, prefix=()):
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from commands(command, (*prefix, name))
        else:
            yield (*prefix, name), command


ALL = dict(commands())


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cli") / "results"
    result = succeeded("demo", "--out", folder, "--json")
    return folder, result


@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_every_command_has_help_with_an_example(path):
    result = succeeded(*path, "--help")
    assert f"Example:  readiness {' '.join(path)}" in " ".join(result.stdout.split("\n")).replace("   ", " ")


@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_every_command_is_in_the_readme(path):
    assert f"readiness {' '.join(path)}" in README


def test_the_demo_assesses_everybody_in_the_sample(run):
    counts = json.loads(run[1].stdout)["counts"]
    assert counts["people_in_file"] == counts["people_recommended"] + counts["people_not_assessable"]
    assert "people in the file =" in run[1].stderr


def test_explain_shows_rules_evidence_and_cells(run):
    result = succeeded("explain", run[0], "E10002")
    assert "Ifeoma Okafor" in result.stdout
    assert "PM-R" in result.stdout


def test_explain_names_what_was_not_found_by_its_title(run):
    said = " ".join(call("explain", run[0], "E10001").stdout.replace("│", " ").split())
    assert "Not found here: “The present level is not solid”" in said
    assert "no present level not held" not in said


def test_inspect_prints_json_of_the_shipped_sample():
    result = succeeded("inspect", shipped_sample(), "--json")
    assert json.loads(result.stdout)["issues"]["exact_repeat"] == 1


def test_explain_prints_json_for_programs(run):
    answer = json.loads(call("explain", run[0], "E10002", "--json").stdout)
    assert answer[0]["employee_id"] == "E10002"


@pytest.mark.parametrize("asked", ["E10066", "e10066", "Elif Polat", "elif polat", "ELIF  POLAT"])
def test_a_person_is_found_by_id_or_name_in_any_spelling(run, asked):
    assert succeeded("explain", run[0], asked).stdout.startswith("Elif Polat (E10066)")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("E-1", "nobody in this run has the id or the name “E-1”"),
        ("Polat", "did you mean E10063 (Emre Polat), E10066 (Elif Polat) or E10206 (Defne Polat)?"),
        ("Elif Pollat", "E10066 (Elif Polat)"),
        (
            "E10120",
            "Anna Engel (row 122) has no recommendation. 'Performance Review H1'!E122: 'Chapter Wizard'",
        ),
        ("anna engel", "Anna Engel (row 122) has no recommendation."),
        ("E10091", "Yetunde Sule (row 144) has no recommendation."),
    ],
)
def test_who_has_no_recommendation_is_told_with_the_reason_or_with_who_may_be_meant(run, asked, said):
    result = call("explain", run[0], asked)
    assert result.exit_code == 1
    assert said in result.stderr


def test_a_name_that_two_people_have_is_asked_about(tmp_path):
    people = ({"employee_name": "Ada One"}, {"employee_name": "Ada One"}, {"employee_name": "Bo Two"})
    write_run(assess(roster(people), pack(), DAY), tmp_path / "run")
    said = call("explain", tmp_path / "run", "ada one").stderr
    assert "“ada one” may be E1 (Ada One) or E2 (Ada One); give the employee id" in said


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "empty"),
        ("name,shoe size\nAda,38\n", "employee id"),
    ],
)
def test_a_file_that_cannot_be_used_is_told_in_a_sentence_with_exit_code_1(tmp_path, content, said):
    path = tmp_path / "ratings.csv"
    path.write_text(content)
    result = call("assess", path, "--out", tmp_path / "out")
    assert result.exit_code == 1
    assert result.stderr.startswith("Stopped: ")
    assert said in result.stderr.lower()
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("asess", "ratings.xlsx"), "Did you mean one of: 'assess', "),
        (
            ("assess", shipped_sample(), "--as-of", "30.06.2026"),
            "30.06.2026 is not a day written as year-month-day, such as 2026",
        ),
        (
            ("assess", shipped_sample(), "--as-of", "2026-06-31"),
            "2026-06-31 is not a day written as year-month-day, such as 2026",
        ),
    ],
)
def test_wrong_usage_is_told_with_what_may_be_meant(given, said):
    result = call(*given)
    assert result.exit_code == 2
    assert said in " ".join(result.stderr.split())


@pytest.mark.parametrize(
    ("command", "right"),
    [(("template",), "plan.xlsx"), (("record", shipped_sample()), "plan.html")],
)
def test_a_page_or_workbook_that_no_program_would_open_is_told_its_right_name(
    tmp_path, monkeypatch, command, right
):
    monkeypatch.chdir(tmp_path)
    for name in ("plan", "plan.txt"):
        refused = call(*command, "--out", name)
        assert refused.exit_code == 2
        assert f"name it {right}." in " ".join(refused.stderr.split())
    succeeded(*command, "--out", right)
    assert [path.name for path in tmp_path.iterdir()] == [right]


def test_wrong_usage_has_exit_code_2(tmp_path):
    assert call("assess", tmp_path / "none.xlsx", "--out", tmp_path).exit_code == 2
    assert call("assess").exit_code == 2
    assert call("assemble").exit_code == 2


def test_an_unknown_pack_is_told_with_those_that_exist(tmp_path):
    result = call("assess", shipped_sample(), "--out", tmp_path / "out", "--pack", "no_such_pack")
    assert result.exit_code == 1
    assert "product_management" in result.stderr


@pytest.mark.parametrize("pack", ["product_management", "software_engineering"])
def test_the_command_that_a_template_tells_reads_it_by_the_same_pack(tmp_path, monkeypatch, pack):
    monkeypatch.chdir(tmp_path)
    told = call("template", "--out", "ratings.xlsx", "--pack", pack).stderr.partition("readiness ")[2]
    succeeded(*told.split())


def test_as_of_must_be_a_date(tmp_path):
    result = call("assess", shipped_sample(), "--out", tmp_path / "out", "--as-of", "summer")
    assert result.exit_code == 2


def test_a_library_that_cannot_be_loaded_says_what_to_do(tmp_path):
    (tmp_path / "durable").mkdir()
    (tmp_path / "durable" / "__init__.py").write_text("")
    (tmp_path / "durable" / "engine.py").write_text("raise ImportError('undefined symbol')")
    code = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); from readiness.cli import main; main()"
    result = subprocess.run(
        [sys.executable, "-c", code, "explain", str(tmp_path), "E1"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 1
    assert "python make.py setup" in result.stderr
    assert "undefined symbol" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("pack", "check", "software_engineering"), 1, "pip install z3-solver"),
        (("pack", "show", "software_engineering"), 0, ""),
    ],
)
def test_the_solver_is_asked_for_where_something_is_proved_and_nowhere_else(arguments, code, said):
    program = "import sys; sys.modules['z3'] = None; from readiness.cli import main; main()"
    command = [sys.executable, "-c", program, *arguments]
    result = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert result.returncode == code
    assert said in result.stderr
    assert "Traceback" not in result.stderr


def test_progress_is_silent_when_nobody_watches(run):
    assert "…" not in run[1].stderr.split("people in the file")[0]


@pytest.mark.parametrize("enabled", [True, False])
def test_a_command_leaves_the_search_for_cycles_as_it_was(enabled):
    (gc.enable if enabled else gc.disable)()
    try:
        call("pack", "list")
        assert gc.isenabled() == enabled
    finally:
        gc.enable()


HEAVY = ("engine", "inputs", "numpy", "openpyxl", "polars", "pydantic", "reports", "rules")


def loaded_by(*arguments):
    """What the real command line has imported when it ends."""
    code = (
        "import atexit, sys; sys.argv = ['readiness', *sys.argv[1:]]\n"
        "atexit.register(lambda: print('\\nLoaded:', *sys.modules, file=sys.stderr))\n"
        "from readiness.__main__ import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False
    )
    return done, set(done.stderr.partition("\nLoaded: ")[2].split())


@pytest.mark.parametrize("arguments", [("--help",), ("-h",), ("--version",), ()], ids=" ".join)
def test_help_and_version_load_nothing_heavy(arguments):
    done, modules = loaded_by(*arguments)
    assert "readiness" in done.stdout + done.stderr
    assert "readiness.cli" in modules
    assert modules.isdisjoint(HEAVY)


def test_a_command_with_a_typing_error_loads_nothing_heavy():
    done, modules = loaded_by("asess")
    assert done.returncode == 2
    assert "No such command 'asess'" in done.stderr
    assert modules.isdisjoint(HEAVY)


def test_the_list_of_commands_tells_the_first_sentence_of_each_help():
    listed = " ".join(call("--help").stdout.split())
    for path, command in ALL.items():
        sentence = " ".join(command.help.split()).partition(". ")[0].removesuffix(".")
        assert len(path) > 1 or f" {path[0]} {sentence}." in listed


def with_foreign(folder, *call):
    """Run Python where another project's modules come first on the path."""
    path = os.pathsep.join([str(folder), *sys.path])
    return subprocess.run(
        [sys.executable, "-P", *call],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": path},
    )


@pytest.mark.parametrize("name", ["engine", "inputs", "reports", "rules"])
@pytest.mark.parametrize("place", ["{}/__init__.py", "{}.py"])
def test_another_package_of_the_same_name_is_told_in_one_sentence_with_its_file(tmp_path, name, place):
    foreign = tmp_path / place.format(name)
    foreign.parent.mkdir(exist_ok=True)
    foreign.write_text("raise SystemExit('imported')")
    done = with_foreign(tmp_path, "-m", "readiness", "pack", "list")
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith(f"Stopped: {foreign} is another package named {name!r}")
    assert done.stderr.count("\n") == 1
    assert f"take {tmp_path} off the path" in done.stderr


def test_a_folder_without_modules_of_such_a_name_does_no_harm(tmp_path):
    (tmp_path / "rules").mkdir()
    assert with_foreign(tmp_path, "-m", "readiness", "pack", "list").returncode == 0


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps a folder that somebody works in")
def test_a_command_in_a_folder_that_is_gone_says_so_in_one_sentence(tmp_path):
    gone = tmp_path / "results"
    gone.mkdir()
    script = f"import os, runpy; os.rmdir({str(gone)!r}); runpy.run_module('readiness', run_name='__main__')"
    done = subprocess.run(
        [sys.executable, "-c", script, "explain", ".", "E1"],
        cwd=gone,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("Stopped: the folder that you work in is no longer there")
    assert done.stderr.count("\n") == 1


def test_a_day_of_assessment_that_nobody_can_mean_is_wrong_usage(tmp_path):
    (tmp_path / "a.csv").write_text("Employee ID,Level,Communication (manager)\nE1,PM,3\n")
    for day in ("0001-01-01", "0026-06-30", "9999-12-31"):
        result = call("assess", tmp_path / "a.csv", "--out", tmp_path / "out", "--as-of", day)
        assert (result.exit_code, "write the year in full" in result.output) == (2, True), result.output
