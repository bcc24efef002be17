"""Ladders of other professions, made from a matrix: what the people on them are told is right and plain."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from click.testing import CliRunner
from openpyxl import Workbook

from engine import assess, explain, vocabulary_of
from engine.words.explanation import Explanation
from inputs.loading import load_roster
from inputs.mapping import FileMapping
from readiness.cli import main
from reports.shown.crux import crux_of
from rules import RulePack, load_pack

DAY = date(2026, 6, 30)
LAW = """
    Scale: 1 to 4
    Competency | A1 | A2 | A3
    Law | 1 | 2 | 3
    Procedure | 1 | 2 | 3
    Clients | 1 | 2 | 2
    Minimum time in level below | | 6 months | 18 months"""


def test_who_lacks_only_the_minimum_time_is_told_from_when_it_is_over(tmp_path: Path) -> None:
    pack = made(tmp_path, LAW)
    people = (
        "E1 | A2 | 2025-07-31 | 3 | 3 | 3\nE2 | A2 | 2024-12-30 | 3 | 3 | 3\nE3 | A2 | 2025-07-31 | 2 | 3 | 3"
    )
    found = judged(tmp_path, pack, people)
    assert [one.recommendation for one in found.values()] == ["ready_soon", "ready_now", "ready_soon"]
    early, _, short = (one.outlook for one in found.values())
    assert early.summary == (
        "No rating leads to a better band before 31 January 2027, when the minimum time is over; with "
        "ratings like these it would be Ready now then."
    )
    assert (early.from_day, early.from_day_recommendation) == (date(2027, 1, 31), "ready_now")
    assert short.from_day is None  # time alone brings nothing better
    later = judged(tmp_path, pack, people, day=date(2027, 1, 31))
    assert later["E1"].recommendation == "ready_now"
    assert judged(tmp_path, pack, people, day=date(2027, 1, 30))["E1"].recommendation == "ready_soon"


def test_a_date_that_is_missing_is_not_called_a_rating(tmp_path: Path) -> None:
    pack = made(tmp_path, LAW)
    found = judged(tmp_path, pack, "E1 | A2 | | 3 | 3 | 3")["E1"]
    assert found.kind == "fact_missing"
    told = "A date or an answer that the rules ask for is missing; there is no band without it."
    assert found.outlook.summary == told
    assert crux_of(found, pack) == told.rstrip(".")


SCHOOL = """
    Scale: 1 to 6
    Competency | Teacher | Head of subject
    Lessons | 4 | 5
    Assessment | 3 | 5
    Leading | 2 | 4"""
ONE_IS_BEST = FileMapping.model_validate({"scales": {"both": {"worst": 6, "best": 1}}})


def test_what_missing_ratings_settle_is_true_of_a_scale_on_which_one_is_best(tmp_path: Path) -> None:
    pack = made(tmp_path, SCHOOL)
    found = judged(tmp_path, pack, "E1 | Teacher | 2024-01-31 | 2 | | 3", mapping=ONE_IS_BEST)["E1"]
    (needed,) = found.outlook.to_rate
    assert needed.sentence == (
        "Rating this settles it: Assessment. With 2 (= 5) or better: Ready now; with 3 (= 4) or better: "
        "Ready soon; with worse: Developing."
    )
    assert "with 2 (= 5) or better Ready now" in crux_of(found, pack)


def made(folder: Path, matrix: str, *arguments: str) -> RulePack:
    """The pack that `readiness pack new` makes of a matrix."""
    out = folder / "ours"
    given = ["pack", "new", "ours", "--from-matrix", str(book(folder / "ladder.xlsx", matrix))]
    result = CliRunner().invoke(main, [*given, "--out", str(out), *arguments])
    assert result.exit_code == 0, result.output
    return load_pack(out)


def judged(
    folder: Path, pack: RulePack, people: str, *, day: date = DAY, mapping: FileMapping | None = None
) -> Mapping[str, Explanation]:
    """People as id, level, start of the level, and the manager's rating of each competency."""
    ratings = " | ".join(f"{one.title} (manager)" for one in pack.competencies)
    path = book(folder / "people.xlsx", f"Employee ID | Level | In level since | {ratings}\n{people}")
    roster = load_roster((path,), vocabulary_of(pack), day, mapping)
    return {one.employee_id: one for one in explain(assess(roster, pack, day))}


def book(path: Path, text: str) -> Path:
    """A workbook of one sheet."""
    workbook = Workbook()
    for line in text.strip("\n").splitlines():
        cells = [cell.strip() for cell in line.split("|")]
        workbook.active.append([int(cell) if cell.isdigit() else cell or None for cell in cells])
    workbook.save(path)
    return path
