"""A run in parts: `assess --shard` and `merge` give the bytes of one run."""

import json
import random
from datetime import date
from pathlib import Path

import pytest

from engine import assess, vocabulary_of
from inputs import InputError, Roster
from inputs.loading import load_roster, read_files
from reports.shown import read_guidelines
from reports.workbook import Marking, mark_issues
from reports.writing import Share, Stopwatch, Wanted, merge_parts, write_part, write_run
from rules import load_pack
from rules.pack import RulePack
from tests import small
from tests.command_line import call, succeeded
from tests.folders import results

DAY = date(2026, 6, 30)
PACK = load_pack("product_management")
WORDS = vocabulary_of(PACK)
GUIDELINES = read_guidelines(("ready_now=10..20%",))
LEVELS = ("Associate PM", "Product Manager", "Lead PM", "CPO", "Wizard")
OPTIONS = ("--as-of", "2026-06-30", "--group-by", "Site", "--people", "--guideline", "ready_now=10..20%")
PEOPLE = 30


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two cycles, comments, a column of their own, people on a fork and some who cannot be assessed."""
    path = tmp_path_factory.mktemp("parts") / "ratings.csv"
    draw = random.Random(7)
    titles = [one.title for one in WORDS.competencies]
    rated = [f"{title} ({rater})" for title in titles for rater in ("self", "manager")]
    lines = [
        "Employee ID,Level,In Level Since,Site,Manager ID,Review Cycle,Overall comment (manager),"
        + ",".join(rated)
    ]
    for number in range(PEOPLE):
        for year in (2025, 2026):
            level = LEVELS[number % len(LEVELS)]
            site = "Oslo" if number % 3 else "Rome"
            about = f"E{number},{level},2023-01-01,{site},E{number // 9},{year},note {number}"
            given = [draw.choice(("1", "2.5", "3", "4", "4.5", "5", "")) for _ in rated]
            given[0] = "?!" if number == 21 else given[0]
            lines.append(",".join((about, *given)))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def whole(file: Path) -> Path:
    out = file.parent / "whole"
    succeeded("assess", file, "--out", out, *OPTIONS)
    return out


def part(file: Path, share: str, out: Path, *options: str) -> Path:
    succeeded("assess", file, "--shard", share, "--out", out, *OPTIONS, *options)
    return out


@pytest.mark.parametrize("parts", [1, 7])
def test_parts_put_together_are_the_bytes_of_one_run(
    file: Path, whole: Path, tmp_path: Path, parts: int
) -> None:
    people = load_roster([file], WORDS, DAY)
    wanted = Wanted(group_by="Site", guidelines=GUIDELINES, people=True)
    marking = mark_issues(people, read_files([file]))
    merged = in_parts(people, PACK, parts, tmp_path, wanted, marking)
    assert results(merged) == results(whole)


def in_parts(
    people: Roster, pack: RulePack, parts: int, folder: Path, wanted: Wanted, marking: Marking | None = None
) -> Path:
    made = [folder / str(number) for number in range(parts)]
    for number, out in enumerate(made, start=1):
        write_part(people, pack, DAY, Share(number, parts), out, Stopwatch(), wanted, marking=marking)
    random.Random(parts).shuffle(made)
    merge_parts(made, folder / "run")
    return folder / "run"


def test_there_may_be_more_parts_than_people(tmp_path: Path) -> None:
    people = small.roster([{"drive:manager": n % 5 + 1, "care:manager": 3.5} for n in range(40)])
    write_run(assess(people, small.pack(), DAY), tmp_path / "whole")
    assert results(in_parts(people, small.pack(), 64, tmp_path, Wanted())) == results(tmp_path / "whole")


@pytest.fixture(scope="module")
def halves(file: Path) -> tuple[Path, Path]:
    first, second = (part(file, f"{k}/2", file.parent / f"half-{k}") for k in (1, 2))
    return first, second


def test_the_command_line_gives_the_same(whole: Path, halves: tuple[Path, Path], tmp_path: Path) -> None:
    merged = succeeded("merge", *halves, "--out", tmp_path / "run", "--json")
    assert results(tmp_path / "run") == results(whole)
    assert json.loads(merged.stdout) == json.loads((whole / "run.json").read_text(encoding="utf-8"))


def test_a_part_says_how_many_people_it_holds_and_what_to_do(file: Path, tmp_path: Path) -> None:
    made = call("assess", file, "--shard", "2/7", "--out", tmp_path / "part", *OPTIONS)
    assert made.stderr.splitlines()[-1].startswith("Part 2/7: 3 people of 24. When all parts are there,")


def test_what_are_no_parts_of_one_run_is_refused(
    file: Path, whole: Path, halves: tuple[Path, Path], tmp_path: Path
) -> None:
    first, second = halves
    other = part(file, "2/2", tmp_path / "other", "--as-of", "2026-07-01")
    sheets = part(file, "2/2", tmp_path / "sheets", "--packets")
    third = part(file, "2/3", tmp_path / "third")
    again = part(file, "2/2", tmp_path / "again")
    (tmp_path / "empty").mkdir()
    refused = {
        (first, other): "not parts of one run",
        (first, third): "number of parts (2/3 and 1/2)",
        (first, sheets): "made with different options",
        (first,): "1 part of 2 not given: 2",
        (second, again, first): "Part 2 was given twice",
        (first, second, second): "Part 2 was given twice",
        (first, whole): "is not a part of a run",
        (first, tmp_path / "empty"): "is not a part of a run",
    }
    for given, message in refused.items():
        answer = call("merge", *given, "--out", tmp_path / "run")
        assert (answer.exit_code, message in answer.output) == (1, True), (message, answer.output)
    assert not (tmp_path / "run").exists()


def test_a_part_that_was_changed_is_refused_by_its_file(halves: tuple[Path, Path], tmp_path: Path) -> None:
    first, second = halves
    about = second / "columns" / "people.parquet"
    kept = about.read_bytes()
    about.write_bytes(kept[:-1] + b"x")
    answer = call("merge", first, second, "--out", tmp_path / "run")
    about.write_bytes(kept)
    assert answer.exit_code == 1
    assert "columns/people.parquet changed since" in answer.output


def test_a_part_is_no_run_and_is_not_replaced_by_one(file: Path, halves: tuple[Path, Path]) -> None:
    explained = call("explain", halves[0], "E1")
    assert explained.exit_code == 1
    assert "holds a part of a run; put all parts together with `readiness merge`" in explained.output
    replaced = call("assess", file, "--out", halves[0], *OPTIONS)
    assert replaced.exit_code == 1
    assert "holds a part, which a run does not replace" in replaced.output


def test_a_column_to_group_by_that_is_not_there_is_told_before_the_work(tmp_path: Path) -> None:
    stages: list[str] = []
    people, watch, out = small.roster([{"drive:manager": 3}]), Stopwatch(stages.append), tmp_path / "part"
    with pytest.raises(InputError, match="Squad"):
        write_part(people, small.pack(), DAY, Share(1, 2), out, watch, Wanted(group_by="Squad"))
    assert stages == []


@pytest.mark.parametrize("share", ["0/3", "4/3", "1", "1/0", "a/b", "-1/2", "1/2/3"])
def test_a_part_that_there_cannot_be_is_refused(file: Path, tmp_path: Path, share: str) -> None:
    answer = call("assess", file, f"--shard={share}", "--out", tmp_path / "part")
    assert answer.exit_code == 2
    assert "is not the Kth of N parts; the third of seven is 3/7" in answer.output


def test_parts_that_were_compared_with_different_earlier_runs_are_not_parts_of_one(tmp_path: Path) -> None:
    folder, pack = tmp_path / "then", small.pack()
    now = small.roster([{"drive:manager": n % 5 + 1, "care:manager": 3.5} for n in range(6)])
    for number in (1, 2):
        write_run(assess(now, pack, date(2025, 6, number)), folder)
        wanted = Wanted(previous=folder)
        write_part(now, pack, DAY, Share(number, 2), tmp_path / str(number), Stopwatch(), wanted)
    with pytest.raises(InputError, match=r"they differ in .* run of an earlier cycle"):
        merge_parts([tmp_path / "1", tmp_path / "2"], tmp_path / "run")
