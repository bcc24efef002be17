"""`import readiness`: the ten functions that programs use."""

import doctest
import json
import shutil
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

import readiness
from inputs.samples import shipped_sample
from readiness import library
from rules.writer import write_pack
from tests import small
from tests.calibration_rows import COLUMNS, row_of
from tests.command_line import call
from tests.folders import contents
from tests.sample_run import write_few
from tests.test_cli import HEAVY, with_foreign

VERBS = [
    *("assess", "calibrate", "check_pack", "compare", "explain", "load_pack", "load_roster", "read_run"),
    *("simulate", "write_run"),
]
DAY = "2026-06-30"
SHEET = "Calibration"


@pytest.fixture(scope="module")
def pack():
    return readiness.load_pack("product_management")


@pytest.fixture(scope="module")
def few(tmp_path_factory):
    return write_few(tmp_path_factory.mktemp("few") / "ratings.xlsx")


@pytest.fixture(scope="module")
def roster(few, pack):
    return readiness.load_roster(few, pack, DAY)


@pytest.fixture(scope="module")
def assessment(roster, pack):
    return readiness.assess(roster, pack, DAY)


@pytest.fixture(scope="module")
def written(assessment, tmp_path_factory):
    folder = tmp_path_factory.mktemp("library") / "results"
    return folder, readiness.write_run(assessment, folder)


def test_ten_functions_and_two_errors_are_offered():
    assert readiness.__all__ == ["InputError", "PackError", *VERBS]
    assert set(readiness.__all__) <= set(dir(readiness))
    assert library.__all__ == readiness.__all__


def test_importing_it_loads_nothing_heavy_and_an_unknown_name_nothing_either():
    code = (
        "import sys, readiness\n"
        "try:\n    readiness.asses\n"
        "except AttributeError as error:\n    print(error)\n"
        "print(*sys.modules)"
    )
    told, modules = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.splitlines()
    assert told.startswith("module 'readiness' has no attribute 'asses'; it offers InputError, PackError, ")
    assert set(modules.split()).isdisjoint(HEAVY)


def test_another_package_of_the_same_name_is_told_to_programs_too(tmp_path):
    (tmp_path / "rules.py").touch()
    done = with_foreign(tmp_path, "-c", "import readiness; readiness.load_pack()")
    assert f"ImportError: {tmp_path / 'rules.py'} is another package named 'rules'" in done.stderr


@pytest.mark.parametrize("verb", VERBS)
def test_every_example_of_a_function_is_true(verb, few, pack, assessment, written, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    shutil.copy(few, "ratings.xlsx")
    shutil.copytree(written[0], "results")
    names = {**vars(library), "pack": pack, "roster": assessment.roster, "assessment": assessment}
    (example,) = doctest.DocTestFinder(recurse=False).find(getattr(library, verb), verb, globs=names)
    assert example.examples
    told = []
    doctest.DocTestRunner().run(example, out=told.append)
    assert told == []


def test_a_program_writes_the_same_run_as_the_command_line(few, written, tmp_path):
    out = tmp_path / "results"
    call("assess", few, "--as-of", DAY, "--out", out)
    here, there = contents(written[0]), contents(out)
    assert there.keys() - here.keys() == {"issues.xlsx"}
    assert here.keys() <= there.keys()
    assert {name for name in here if here[name] != there[name]} == {"timings.json", "files.json"}
    listed = [json.loads((folder / "files.json").read_text())["files"] for folder in (written[0], out)]
    assert listed[1].keys() - listed[0].keys() == {"issues.xlsx"}
    assert listed[0].items() <= listed[1].items()


@pytest.mark.parametrize("all_sheets", [True, False])
def test_how_the_files_were_read_is_in_the_fingerprint_as_on_the_command_line(pack, tmp_path, all_sheets):
    files, mapping, out = tmp_path / "ratings.csv", tmp_path / "map.yaml", tmp_path / "there"
    files.write_text("Employee ID,Level,Communication (manager)\nE1,Senior PM,4\n", encoding="utf-8")
    mapping.write_text("date_order: day first\n", encoding="utf-8")
    options = ["--mapping", str(mapping), "--as-of", DAY, *(["--all-sheets"] if all_sheets else [])]
    call("assess", files, "--out", out, *options)
    roster = readiness.load_roster(files, pack, DAY, mapping=mapping, all_sheets=all_sheets)
    assessment = readiness.assess(roster, pack, DAY)
    here = readiness.write_run(assessment, tmp_path / "here", mapping=mapping, all_sheets=all_sheets)
    assert here.fingerprint == readiness.read_run(out).fingerprint


def test_a_run_reads_back_as_what_was_written(written):
    folder, summary = written
    assert readiness.read_run(folder) == summary
    assert readiness.read_run(str(folder)) == summary


@pytest.mark.parametrize("given", [str, Path, lambda path: [str(path)], lambda path: (path,)])
def test_files_are_given_as_a_text_a_path_or_several(given, few, pack, roster):
    read = readiness.load_roster(given(few), pack, date(2026, 6, 30))
    assert read.people.equals(roster.people)


@pytest.mark.parametrize("day", [DAY, date(2026, 6, 30), datetime(2026, 6, 30, 12, 0)])
def test_a_day_is_a_date_or_a_text(day, roster, pack, assessment):
    assert readiness.assess(roster, pack, day).day == assessment.day == date(2026, 6, 30)


def test_a_mapping_is_heeded_and_told(pack, tmp_path):
    mapping = tmp_path / "map.yaml"
    mapping.write_text("competencies: {Communication: no_such_competency}\n", encoding="utf-8")
    with pytest.raises(readiness.InputError, match="no_such_competency"):
        readiness.load_roster(shipped_sample(), pack, DAY, mapping=mapping)


WRONG = {
    "a pack's name": (
        lambda _: readiness.load_roster("x.xlsx", "product_management", DAY),
        "pack must be what load_pack returns (RulePack); this is 'product_management' (str)",
    ),
    "no file": (
        lambda known: readiness.load_roster([], known["pack"], DAY),
        "files is empty; give at least one path",
    ),
    "a number as file": (
        lambda known: readiness.load_roster(3, known["pack"], DAY),
        "files must be a path or a list of paths; this is 3 (int)",
    ),
    "a number among files": (
        lambda known: readiness.load_roster(["x.xlsx", 3], known["pack"], DAY),
        "each of files must be a path, as text or as a pathlib.Path; this is 3 (int)",
    ),
    "a German day": (
        lambda known: readiness.assess(known["roster"], known["pack"], "30.6.2026"),
        "day is not a day: '30.6.2026'; give a datetime.date, or a text such as 2026-06-30",
    ),
    "a year": (
        lambda known: readiness.assess(known["roster"], known["pack"], 2026),
        "day must be a day; this is 2026 (int); give a datetime.date, or a text such as 2026-06-30",
    ),
    "swapped": (
        lambda known: readiness.assess(known["pack"], known["roster"], DAY),
        "roster must be what load_roster returns (Roster); this is a RulePack",
    ),
    "a roster explained": (
        lambda known: readiness.explain(known["roster"]),
        "assessment must be what assess returns (Assessment); this is a Roster",
    ),
    "an explanation written": (
        lambda known: readiness.write_run(readiness.explain(known["assessment"])[:1], "out"),
        "assessment must be what assess returns (Assessment); this is an Explanations",
    ),
    "a guideline in words": (
        lambda known: readiness.write_run(known["assessment"], "out", guidelines=["a fifth"]),
        "'a fifth' is not a guideline; write a band (",
    ),
    "guidelines as one text": (
        lambda known: readiness.write_run(known["assessment"], "out", guidelines="ready_now=10..20%"),
        "guidelines must be a list of texts such as ready_now=10..20%; this is 'ready_now=10..20%' (str)",
    ),
    "a run instead of its folder": (
        lambda known: readiness.read_run(known["assessment"]),
        "folder must be a path, as text or as a pathlib.Path; this is an Assessment",
    ),
    "nothing to simulate": (
        lambda known: readiness.simulate(known["roster"], known["pack"], DAY, {}),
        "change is empty; give at least one value by its key",
    ),
    "a setting as text": (
        lambda known: readiness.simulate(known["roster"], known["pack"], DAY, "bar.core=3.5"),
        'change must be another pack, or values by their keys such as {"bar.core": 3.5}; this is \'bar.core',
    ),
    "no workbook": (
        lambda known: readiness.calibrate(known["folder"], []),
        "workbooks is empty; give at least one path",
    ),
    "a pack that is a number": (
        lambda _: readiness.check_pack(7),
        "pack must be a path, as text or as a pathlib.Path; this is 7 (int)",
    ),
}


@pytest.mark.parametrize("mistake", WRONG)
def test_a_wrong_argument_gets_a_sentence(mistake, pack, roster, assessment, written):
    call, sentence = WRONG[mistake]
    known = {"pack": pack, "roster": roster, "assessment": assessment, "folder": written[0]}
    with pytest.raises((TypeError, ValueError)) as told:
        call(known)
    assert str(told.value).startswith(sentence)
    assert len(str(told.value)) < 250


def test_a_simulation_takes_values_or_another_pack(roster, pack):
    easier = readiness.simulate(roster, pack, DAY, {"bar.core": 3.5, "rule.PM-R02.enabled": True})
    assert easier.settings == (("bar.core", "3.5"), ("rule.PM-R02.enabled", "true"))
    assert easier.movements.filter(easier.movements["before"] != easier.movements["after"]).height > 0
    same = readiness.simulate(roster, pack, DAY, pack).movements
    assert same["before"].equals(same["after"], check_names=False)


def decided(run, target, rows):
    """The run's workbook with decisions filled in: row of the table to band and reason."""
    book = openpyxl.load_workbook(run / "calibration.xlsx")
    for row, (band, reason) in rows.items():
        entries = {"decision": band, "decided_by": "Panel", "decided_on": date(2026, 7, 1)}
        if reason:
            entries |= {"reason_code": "Other, see the reason", "reason": reason}
        for key, value in entries.items():
            book[SHEET].cell(row_of(book[SHEET], row), COLUMNS[key]).value = value
    book.save(target)
    return target


def test_decisions_are_checked_made_final_and_found_by_compare(written, tmp_path):
    run = shutil.copytree(written[0], tmp_path / "run")
    label = readiness.read_run(run).explanations[0].recommendation
    other = "developing" if label != "developing" else "ready soon"
    edited = decided(run, tmp_path / "edited.xlsx", {0: (other, "Seen at work")})
    assert len(readiness.calibrate(run, edited, today="2026-07-02").fresh) == 1
    assert not (run / "decisions.csv").exists()
    readiness.calibrate(run, [edited], apply=True, today="2026-07-02")
    assert "Seen at work" in (run / "decisions.csv").read_text(encoding="utf-8")
    assert readiness.calibrate(run, edited, apply=True, today="2026-07-02").fresh == ()
    (changed,) = readiness.compare(written[0], run).changed
    assert changed.cause == "decision"


def test_what_is_wrong_in_a_workbook_keeps_everything_from_being_final(written, tmp_path):
    run = shutil.copytree(written[0], tmp_path / "run")
    recommended = [one.recommendation for one in readiness.read_run(run).explanations]
    row = recommended.index("developing")
    edited = decided(run, tmp_path / "edited.xlsx", {row: ("ready now", None)})
    assert len(readiness.calibrate(run, edited, today="2026-07-02").problems) > 0
    with pytest.raises(
        readiness.InputError, match=r"nothing was made final: 1 problem to fix first\n.*edited\.xlsx"
    ):
        readiness.calibrate(run, edited, apply=True, today="2026-07-02")
    assert not (run / "decisions.csv").exists()


def test_a_pack_is_checked_by_name_folder_or_value(tmp_path):
    signals = (small.signal("drive"),)
    assert readiness.check_pack(small.pack(signals)).flaws == ()
    without = small.pack(signals, [rule for rule in small.RULES if rule.recommendation != "developing"])
    assert {flaw.kind for flaw in readiness.check_pack(without).flaws} == {"gap"}
    write_pack(without, tmp_path / "without")
    assert {flaw.kind for flaw in readiness.check_pack(tmp_path / "without").flaws} == {"gap"}
    with pytest.raises(readiness.PackError, match="no_such_pack: there is no rule pack of this name"):
        readiness.check_pack("no_such_pack")
    (tmp_path / "matrix.csv").write_text("Skill,L1,L2\nCraft,1,2\n", encoding="utf-8")
    with pytest.raises(readiness.PackError, match=r"this is a file, .*`readiness pack new --from-matrix`"):
        readiness.check_pack(tmp_path / "matrix.csv")
