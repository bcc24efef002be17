"""What README and docs show is true: commands run, links lead somewhere, examples give what they say."""

import importlib.util
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple

import click
import openpyxl
import pytest

from building.jobs import JOBS
from engine import vocabulary_of
from engine.decide.discretization import cuts_for
from inputs.samples import shipped_sample
from inputs.template import write_template
from readiness.cli import main
from readiness.console import run_lines
from rules import load_pack, parse_condition
from rules.facts import facts_of
from tests.calibration_rows import COLUMNS, SESSION, row_of
from tests.command_line import succeeded
from tests.sample_run import sample, write_few
from tests.small import pack
from tests.test_cli import ALL

HOUSE = Path(__file__).parents[1]
PAGES = sorted([HOUSE / "README.md", HOUSE / "CONTRIBUTING.md", *(HOUSE / "docs").glob("*.md")])
PROGRAM = re.compile(r"(?<![\w.-])(readiness|python3?|py|make|pip|pip-audit|uv)(?=[ \"])")
"""What a line holds that somebody may type; whatever holds it is run, or is in `NOT_RUN`."""
INSTALLED = re.compile(r"^(\.venv|readiness)[\\/](bin|Scripts)[\\/]")
"""Where an environment keeps its programs."""
NOT_RUN = {
    "readiness serve": "it serves until somebody stops it; tests/test_web_flow.py does that",
    "readiness demo --out demo": "tests/test_cli.py runs it",
    "make demo": "CI runs this very command",
    "make test": "it runs these tests",
    "make check": "CI runs it",
    "make bench": "it takes minutes",
    "python -m tests.test_inputs_transcripts": "it writes docs/inspect.md; its own tests hold that",
    "make torture": "it takes hours",
    "python make.py torture kills --times 20": "it takes minutes; tests/test_torture.py runs a short one",
    "python make.py demo": "CI runs it, also where there is no compiler",
    "python make.py test": "it runs these tests",
    "python make.py wheels windows-x86_64": "it needs a network, and minutes",
    "python -m venv readiness": "the wheelhouse that it is about needs a network",
    "python -m pip install --no-index --find-links . --require-hashes "
    "-r requirements.txt": "it needs a wheelhouse",
    "uv tool install --no-index --find-links . promotion-readiness": "it needs a wheelhouse",
    "pip-audit --strict --disable-pip -r requirements.txt": "it needs a network",
    "python -m pip list --outdated": "it needs a network",
    "readiness simulate ratings.xlsx --set bar.core=3.75 --out what_if": "tests/test_simulation.py runs one",
    "readiness simulate ratings.xlsx --sweep bar.core=3.5..4.25:0.25 --out what_if": "so it does a sweep",
    "python building/trial.py 1000000": "it takes minutes; set-up runs it with fewer cases",
    "python docs/explanations.py": "tests/test_explanations_page.py does what it does",
    "python -m benchmarks.upload_page people": "it takes minutes",
    "python -m benchmarks.upload_page kills": "it takes minutes",
    "python -m torture --help": "tests/test_torture.py runs its jobs",
    "python -m torture.fuzzing packs 17": "tests/test_torture.py runs others of the kind",
    "python -m torture.fuzzing forms 17": "tests/test_torture.py runs others of the kind",
    "python -m torture.fuzzing exports 17": "tests/test_torture.py runs others of the kind",
    "python -m torture.fuzzing answers 17": "tests/test_torture.py runs others of the kind",
    "python -m torture.fuzzing matrices 17": "tests/test_torture.py runs others of the kind",
    "seq 64 | xargs -P 4 -I {} readiness assess ratings.parquet --shard {}/64 --out part-{} "
    "--as-of 2026-06-30": "64 parts take minutes; tests/test_parts.py makes fewer",
    "readiness merge part-* --out results": "only a shell knows what `part-*` is",
    'readiness assess ratings.parquet --shard "$SLURM_ARRAY_TASK_ID/64" --out "part-$SLURM_ARRAY_TASK_ID" '
    "--as-of 2026-06-30": "it needs Slurm",
    'subprocess.run(["readiness", "assess", "ratings.parquet", "--shard", f"{k}/64", "--out", f"part-{k}",': (
        "it needs Ray"
    ),
    "you@your-mac readiness %": "the terminal shows it, nobody types it",
    "readiness (command line, library, upload page): the door; it calls the four in this order and holds no "
    "logic of its own": "it is part of a drawing",
}
NOT_RUN_PAGES = {
    "inspect.md": "its transcripts are made by tests/test_inputs_transcripts.py, on sheets of their own"
}


def test_what_the_windows_in_readme_show_is_what_the_demo_prints() -> None:
    shown = (HOUSE / "docs" / "pictures" / "first-run.txt").read_text(encoding="utf-8").splitlines()
    lines = [line.replace("\\", "/") for line in run_lines(sample(), Path("demo"))]
    # The sample that is made for pages has no folder, and so nothing to open.
    assert shown[3:-1] == [line for line in lines if not line.startswith("Open")]
    assert shown[0].startswith("Setting up .venv with Python 3.")


class Block(NamedTuple):
    """A fenced block of code."""

    language: str
    text: str


def blocks(page: Path) -> Iterator[Block]:
    found = re.finditer(
        r"^(?P<indent> *)```(?P<language>\w*)\n(?P<text>.*?)^(?P=indent)```$",
        page.read_text(encoding="utf-8"),
        re.MULTILINE | re.DOTALL,
    )
    return (Block(one["language"], one["text"]) for one in found)


def commands(page: Path) -> list[str]:
    """Every distinct line with a program that a page shows in a block, in order; Python is run as a whole."""
    if page.name in NOT_RUN_PAGES:
        return []
    lines = [
        INSTALLED.sub("", line.strip().removeprefix("$ ")).partition("    #")[0].strip()
        for block in blocks(page)
        if block.language != "python"
        for line in block.text.replace("\\\n", " ").splitlines()
    ]
    return list(dict.fromkeys(line for line in lines if PROGRAM.search(line)))


def in_text(page: Path) -> list[str]:
    """What is in code marks within the text and begins with a program."""
    text = re.sub(r"^ *```.*?^ *```$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    marked = (INSTALLED.sub("", " ".join(one.split())) for one in re.findall(r"`([^`]+)`", text))
    return [one for one in marked if PROGRAM.match(one)]


def named(page: Path) -> Iterator[str]:
    """Every command of the product that a page names without running it."""
    for line in [*in_text(page), *(line for line in commands(page) if line in NOT_RUN)]:
        _, found, rest = re.sub(r'[",\[\]]+', " ", line).partition("readiness ")
        if found and not rest.startswith(("(", "%")):
            yield rest


RUN_PAGES = [page for page in PAGES if set(commands(page)) - set(NOT_RUN)]


def name(page: Path) -> str:
    return page.stem


@pytest.fixture(scope="module")
def ratings(tmp_path_factory):
    """The first people of the sample, among them everybody whom a page names."""
    return write_few(tmp_path_factory.mktemp("sample") / "ratings.xlsx", people=43)


@pytest.fixture(scope="module")
def results(ratings, tmp_path_factory):
    """Their run, for pages that take it as there."""
    out = tmp_path_factory.mktemp("docs") / "results"
    succeeded("assess", ratings, "--out", out, "--as-of", "2026-06-30")
    return out


def decide(*made: tuple[int, str], to: str) -> Callable[[], None]:
    """What people do in the workbook between two commands; openpyxl stands in for Excel. Recommendations are
    named by their places in the run."""

    def act() -> None:
        book = openpyxl.load_workbook("results/calibration.xlsx")
        sheet = book["Calibration"]
        sheet[SESSION["decided_by"]], sheet[SESSION["decided_on"]] = "Panel", date(2026, 7, 2)
        for place, band in made:
            row = row_of(sheet, place)
            sheet.cell(row, COLUMNS["decision"]).value = band
            if band != sheet.cell(row, COLUMNS["recommendation"]).value:
                sheet.cell(row, COLUMNS["reason_code"]).value = "New evidence brought to the room"
                sheet.cell(row, COLUMNS["reason"]).value = "Led the June launch"
        book.save(to)

    return act


def another_cycle() -> None:
    shutil.copy("ratings.xlsx", "ratings-autumn.xlsx")


def groups() -> None:
    ids = [f"E{number}" for number in range(10001, 10241)]
    rows = [f"{one},{'ab'[at % 2]}" for at, one in enumerate(ids)]
    Path("groups.csv").write_text("\n".join(["Employee ID,Group", *rows]), encoding="utf-8")


def engineers() -> None:
    """The sample is of product managers; for engineers, the template's own example."""
    write_template(Path("engineers.xlsx"), vocabulary_of(load_pack("our_ladder")))
    shutil.move("engineers.xlsx", "ratings.xlsx")


def matrix() -> None:
    shutil.copy(HOUSE / "tests" / "cases" / "ladders" / "1-words-matrix.xlsx", "LADDER.xlsx")


def votes() -> None:
    decide((0, "Developing"), (1, "Ready now"), to="votes-ada.xlsx")()
    decide((0, "Ready soon"), (1, "Ready now"), to="votes-ben.xlsx")()


def vignettes() -> None:
    """Two managers' copies of the workbook that was handed out, with one answer each."""
    for at, name in enumerate(("ada", "ben")):
        book = openpyxl.load_workbook("vignettes.xlsx")
        sheet = book["Vignettes"]
        first = next(row[0].row for row in sheet.iter_rows() if ":" in str(row[0].value))
        sheet.cell(first, 5).value = 3 + at
        book.save(f"vignettes-{name}.xlsx")


BEFORE: dict[str, Callable[[], None]] = {
    "readiness vignettes vignettes-ada.xlsx vignettes-ben.xlsx --out hr_only --level product_manager "
    "--level senior_pm": vignettes,
    "readiness calibrate results votes-ada.xlsx votes-ben.xlsx --preview": votes,
    "readiness calibrate results calibration-edited.xlsx": decide(
        (0, "Developing"), (1, "Ready now"), (3, "Ready soon"), to="calibration-edited.xlsx"
    ),
    "readiness pack new from_our_matrix --from-matrix LADDER.xlsx": matrix,
    "readiness fairness results --groups groups.csv --out hr_only": groups,
    "readiness assess ratings.xlsx --out results --pack our_ladder": engineers,
    "readiness assess ratings-autumn.xlsx --out results-autumn --as-of 2026-12-31 "
    "--previous results": another_cycle,
}
"""What people do between the commands of a page."""


def test_only_commands_that_pages_show_are_excused_or_prepared():
    shown = {command for page in PAGES for command in [*commands(page), *in_text(page)]}
    assert set(BEFORE) | set(NOT_RUN) <= shown
    assert set(NOT_RUN_PAGES) <= {page.name for page in PAGES}


@pytest.mark.parametrize("page", RUN_PAGES, ids=name)
def test_every_command_that_a_page_shows_runs(page, results, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    people = re.findall(r"\bE10(\d{3})\b", " ".join(commands(page)))
    write_few(Path("ratings.xlsx"), people=max([12, *map(int, people)]))
    if not any("assess ratings.xlsx --out results" in command for command in commands(page)):
        shutil.copytree(results, "results")
    for command in commands(page):
        if command in NOT_RUN:
            continue
        BEFORE.get(command, lambda: None)()
        program, *arguments = shlex.split(command)
        assert program == "readiness", f"run it here, or list it in NOT_RUN with the reason: {command}"
        succeeded(*arguments)


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_command_that_the_text_names_exists_with_its_options(page):
    for shown in named(page):
        words = shown.split()
        path = next((tuple(words[:n]) for n in (2, 1) if tuple(words[:n]) in ALL), None)
        if path is None:
            assert words[0] in main.list_commands(click.Context(main)) or words[0].startswith("-"), shown
            continue
        known = {option for parameter in ALL[path].params for option in parameter.opts} | {"--help"}
        assert {word for word in words if word.startswith("--")} <= known, shown


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_other_program_that_a_page_names_is_there(page):
    for shown in [*in_text(page), *commands(page)]:
        match shown.split():
            case ["make", job, *_] | [_, "make.py", job, *_]:
                assert job in {*JOBS, "JOB"}, shown
            case ["python", "-m", module, *_]:
                assert importlib.util.find_spec(module), shown
                assert shown in NOT_RUN
            case ["python", script, *_]:
                assert (HOUSE / script).is_file(), shown
            case [program, *_]:
                assert program == "readiness" or shown in NOT_RUN, shown


def links(page: Path) -> Iterator[Path]:
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
        if not re.match(r"\w+:|#", target):
            yield page.parent / target.partition("#")[0]


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_link_of_a_page_leads_somewhere(page):
    assert [str(link) for link in links(page) if not link.exists()] == []


@pytest.mark.parametrize("start", ["README.md", "docs/index.md"])
def test_every_page_of_docs_is_linked_from(start):
    linked = {link.resolve() for link in links(HOUSE / start)}
    assert set((HOUSE / "docs").glob("*.md")) - linked <= {HOUSE / "docs" / "index.md"}


def test_every_term_of_the_glossary_stands_there_once():
    text = (HOUSE / "docs" / "glossary.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (?!term|---)([^|]+) \| ([^|]+) \|$", text, re.MULTILINE)
    terms = [term for names, _ in rows for term in names.split(", ")]
    assert len(terms) == len(set(terms)) > 40


def test_every_module_that_the_architecture_page_names_exists():
    text = (HOUSE / "docs" / "architecture.md").read_text(encoding="utf-8")
    of_decide = text.partition("| module of `engine.decide` |")[2].partition("\n\n")[0]
    named = [name for name in re.findall(r"`([a-z_]+(?:\.[a-z_]+)+)`", text) if name != "pyproject.toml"]
    named += [
        f"decide.{module}"
        for row in of_decide.splitlines()
        for module in re.findall(r"`(\w+)`", row.partition(" | ")[0])
    ]
    assert len(named) > 20
    for module in named:
        room, _, last = module.replace(".", "/").rpartition("/")
        doors = [folder / room / f"{last}.py" for folder in (HOUSE, HOUSE / "engine")]
        door = HOUSE / room / "__init__.py"
        offered = door.is_file() and re.search(rf"\b{last}\b", door.read_text(encoding="utf-8"))
        assert offered or any(path.exists() or path.with_suffix("").is_dir() for path in doors), module


def example_program() -> str:
    (program,) = (
        block.text for block in blocks(HOUSE / "docs" / "programmers.md") if block.language == "python"
    )
    return program


def test_the_example_for_programmers_runs(tmp_path):
    shutil.copy(shipped_sample(), tmp_path / "ratings.xlsx")
    (tmp_path / "program.py").write_text(example_program(), encoding="utf-8")
    ran = subprocess.run(
        [sys.executable, "program.py"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(HOUSE), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.stderr == ""
    assert "240 = 233 + 7" in ran.stdout
    assert (tmp_path / "results_of_a_program" / "calibration.xlsx").is_file()


def test_a_type_checker_sees_the_functions_of_the_example(tmp_path):
    wrong = "\nreadiness.assess(pack, roster, DAY)\nreadiness.asses(roster, pack, DAY)\n"
    (tmp_path / "program.py").write_text(example_program() + wrong, encoding="utf-8")
    options = ["--strict", "--config-file=", f"--cache-dir={HOUSE / '.mypy_cache' / 'programs'}"]
    told = subprocess.run(
        [sys.executable, "-m", "mypy", *options, "program.py"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(HOUSE)},
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    assert 'Argument 1 to "assess" has incompatible type "RulePack"; expected "Roster"' in told
    assert 'Argument 2 to "assess" has incompatible type "Roster"; expected "RulePack"' in told
    assert 'Module has no attribute "asses"' in told
    assert "Found 3 errors" in told


def test_the_worked_example_of_distinct_cases_is_what_the_engine_does():
    text = (HOUSE / "docs" / "architecture.md").read_text(encoding="utf-8")
    conditions = re.findall(r"^\| R\d \| `(.+?)` \|", text, re.MULTILINE)
    small = pack()
    facts = facts_of(small, small.promotions[0])
    cuts = cuts_for([parse_condition(condition, facts) for condition in conditions], facts)
    people = re.findall(r"^\| \w+ \| (\d) \| (\d) \| ([\d.]+) \| (\d) (\d) (\d) \|$", text, re.MULTILINE)
    assert len(people) == 5
    for *values, gap, near, score in people:
        numbers = dict(zip(("core_gap", "core_near", "score"), values, strict=True))
        bins = {fact: cuts[fact].bin_of(round(float(number) * 100), 100) for fact, number in numbers.items()}
        assert bins == {"core_gap": int(gap), "core_near": int(near), "score": int(score)}
    assert len({person[3:] for person in people}) == 3
    assert [cuts[fact].size for fact in ("core_gap", "core_near", "score")] == [2, 2, 3]
