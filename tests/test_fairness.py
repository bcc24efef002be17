"""Group ratios: exact against plain Python, withheld where groups are small, apart from everything else."""

import json
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import openpyxl
import polars as pl
import pytest
from click.testing import CliRunner

from engine import assess
from engine.fairness import MEASURES, compare_groups
from engine.session import Decision, Origin, append
from inputs import InputError
from inputs.protected_groups import read_groups
from inputs.samples import shipped_sample
from readiness.cli import main
from reports.calibration import write_decisions
from reports.comparison import fairness_lines, show_fairness
from reports.comparison.fairness import fairness_frame
from reports.run import read_run
from reports.run.writing import write_run
from rules.pack import BANDS
from tests.inputs_vocabulary import VOCABULARY
from tests.small import DAY, pack, roster


def bands_of(rows: list[tuple[str, str]]) -> dict[tuple[str, str], Any]:
    return {(employee, f"promotion_{n}"): band for n, (employee, band) in enumerate(rows)}


def plainly(
    groups: dict[str, str | None], bands: list[tuple[str, str]], smallest: int
) -> dict[tuple[str | None, str], tuple[int, int, Fraction | None]]:
    """The same in plain Python: people, ready, and the exact ratio, for every group that is large enough."""
    wanted = {"ready_now": {"ready_now"}, "ready_now_or_soon": {"ready_now", "ready_soon"}}
    everybody = {employee for employee, _ in bands}
    members: dict[str | None, set[str]] = {}
    for employee in everybody:
        members.setdefault(groups.get(employee), set()).add(employee)
    large = {name: people for name, people in members.items() if len(people) >= smallest}
    found = {}
    for measure, accepted in wanted.items():
        ready = {employee for employee, band in bands if band in accepted}
        shares = {name: Fraction(len(people & ready), len(people)) for name, people in large.items()}
        best = max((share for name, share in shares.items() if name is not None), default=Fraction(0))
        for name, people in large.items():
            ratio = None if name is None or best == 0 else shares[name] / best
            found[name, measure] = (len(people), len(people & ready), ratio)
    return found


@pytest.mark.parametrize("seed", range(12))
def test_shares_and_ratios_are_those_of_plain_python(seed: int) -> None:
    dice = Random(seed)
    people = [f"E{number}" for number in range(dice.choice([5, 40, 300]))]
    bands = [(employee, dice.choice(BANDS)) for employee in people for _ in range(dice.choice([1, 1, 2]))]
    groups = {
        employee: dice.choice(["red", "green", "blue", "rare" if dice.random() < 0.1 else "red", None])
        for employee in people
        if dice.random() < 0.9
    }
    smallest = dice.choice([2, 10])
    frame = pl.DataFrame(
        list(groups.items()), schema={"employee_id": pl.String, "Colour": pl.String}, orient="row"
    )
    fairness = compare_groups(frame, ["Colour"], {"now": bands_of(bands)}, smallest)
    expected = plainly(groups, bands, smallest)
    shown = {
        (group.group, measure): (group.people, ratios[0])
        for group in fairness.groups
        for measure, ratios in zip(MEASURES, group.measures, strict=False)
    }
    assert shown.keys() == expected.keys()
    for key, (people_in_all, ready, ratio) in expected.items():
        count, found = shown[key]
        assert (count, found.ready) == (people_in_all, ready)
        assert found.share == pytest.approx(ready / people_in_all)
        assert found.ratio == (None if ratio is None else pytest.approx(float(ratio)))
        assert found.below_four_fifths == (ratio is not None and ratio < Fraction(4, 5))
    assert sum(group.people for group in fairness.groups) == len({employee for employee, _ in bands})
    assert fairness.matched + len(fairness.missing) == fairness.people


def test_a_ratio_of_exactly_four_fifths_is_not_under_it() -> None:
    bands = [(f"a{n}", "ready_now" if n < 5 else "developing") for n in range(10)]
    bands += [(f"b{n}", "ready_now" if n < 4 else "developing") for n in range(10)]
    bands += [(f"c{n}", "ready_now" if n < 39 else "developing") for n in range(100)]
    frame = pl.DataFrame({"employee_id": [e for e, _ in bands], "Group": [e[0] for e, _ in bands]})
    fairness = compare_groups(frame, ["Group"], {"now": bands_of(bands)})
    assert [group.measures[0][0].below_four_fifths for group in fairness.groups] == [False, False, True]


def test_before_and_after_each_have_a_group_of_their_own_to_compare_with() -> None:
    before = [
        (f"{g}{n}", "ready_now" if (g, n) < ("b", 0) else "developing") for g in "ab" for n in range(10)
    ]
    after = [(employee, "developing" if band == "ready_now" else "ready_now") for employee, band in before]
    frame = pl.DataFrame({"employee_id": [e for e, _ in before], "G": [e[0] for e, _ in before]})
    fairness = compare_groups(frame, ["G"], {"now": bands_of(before), "then": bands_of(after)})
    assert [[one.ratio for one in group.measures[0]] for group in fairness.groups] == [[1.0, 0.0], [0.0, 1.0]]


def sheet_of(path: Path, rows: list[list[object]]) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    book.save(path)
    return path


def test_groups_are_read_below_a_title_and_names_are_left_out(tmp_path: Path) -> None:
    rows = [["Self-identification 2026"], [], ["Personnel No", "Name", "Gender", "Age band"]]
    people: list[list[object]] = [
        [1001, "Ada", " Woman ", "40+"],
        [1002, "Bo", None, "40+"],
        [1002, "Bo", None, "40+"],
    ]
    known = read_groups(sheet_of(tmp_path / "groups.xlsx", [*rows, *people]), VOCABULARY)
    assert known.attributes == ("Gender", "Age band")
    assert known.people.rows() == [("1001", "Woman", "40+"), ("1002", None, "40+")]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([["Gender"], ["woman"]], "no column holds employee ids; .* Its first row holds “Gender”"),
        ([["Employee ID", "Name"], ["1", "Ada"]], "no column says which group a person belongs to"),
        ([["Employee ID", "Gender"], ["1", "a"], ["1", "b"]], "1 has several rows with different values"),
    ],
)
def test_a_file_of_groups_that_cannot_be_used_is_refused_in_words(
    rows: list[list[object]], words: str, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match=words):
        read_groups(sheet_of(tmp_path / "groups.xlsx", rows), VOCABULARY)


def sample_groups(folder: Path, ids: list[str]) -> Path:
    """All but the last three people of the sample, two strangers, and words found nowhere else."""
    rows: list[list[object]] = [["Employee ID", "Self-described"]]
    rows += [[name, ("Quokka", "Numbat", None)[at % 3]] for at, name in enumerate(ids[:-3])]
    rows += [["STRANGER1", "Quokka"], ["STRANGER2", "Bilby"]]
    return sheet_of(folder / "groups.xlsx", rows)


@pytest.fixture(scope="module")
def simulated(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A simulation of the sample with groups, and what the terminal said."""
    folder = tmp_path_factory.mktemp("simulated")
    plain = ["simulate", str(shipped_sample()), "--as-of", "2026-06-30", "--set", "bar.core=3.75"]
    first = CliRunner().invoke(main, [*plain, "--out", str(folder / "plain")])
    assert first.exit_code == 0, first.output
    found = pl.read_parquet(folder / "plain" / "recommendations.parquet")
    groups = sample_groups(folder, found["employee_id"].unique(maintain_order=True).to_list())
    done = CliRunner().invoke(main, [*plain, "--groups", str(groups), "--out", str(folder / "grouped")])
    assert done.exit_code == 0, done.output
    return folder, done.stderr


def test_a_simulation_shows_ratios_before_and_after_and_who_does_not_match(
    simulated: tuple[Path, str],
) -> None:
    folder, said = simulated
    assert "3 not in groups.xlsx, counted as “No value given”" in said
    assert "2 in groups.xlsx without a recommendation, not counted: STRANGER1, STRANGER2." in said
    page = (folder / "grouped" / "simulation.html").read_text(encoding="utf-8")
    for words in ("Self-described", "Quokka", "No value given", "29 CFR 1607.4 D", "For HR alone".lower()):
        assert words in page or words in page.lower()
    table = pl.read_csv(folder / "grouped" / "fairness.csv")
    assert set(table["time"]) == {"now", "simulated"}
    assert table["simulation"].str.starts_with("SIMULATION, not in force").all()
    flows = json.loads((folder / "grouped" / "run.json").read_text(encoding="utf-8"))["simulation"]["flows"]
    people = {row["group"]: row["people"] for row in table.iter_rows(named=True)}
    assert sum(people.values()) <= sum(flow["count"] for flow in flows)


def test_groups_reach_no_rule_and_no_other_file(simulated: tuple[Path, str]) -> None:
    folder, _ = simulated
    for path in (folder / "grouped").rglob("*"):
        if path.is_dir() or path.name in ("simulation.html", "fairness.csv", "timings.json"):
            continue
        content = path.read_bytes()
        assert b"Quokka" not in content, path.name
        assert b"Self-described" not in content, path.name
        if path.name == "files.json":  # the hashes of all files
            continue
        # Without groups the very same bytes come out, so nothing else can have looked at them.
        assert content == (folder / "plain" / path.relative_to(folder / "grouped")).read_bytes(), path.name


def test_a_run_has_its_report_in_a_folder_of_its_own(tmp_path: Path) -> None:
    run = tmp_path / "run"
    people = [{"drive:manager": 4 if at < 12 else 2, "manager_name": "Ada"} for at in range(24)]
    write_run(assess(roster(people), pack(), DAY), run)
    before = {path: path.read_bytes() for path in run.rglob("*") if path.is_file()}
    rows: list[list[object]] = [["Employee ID", "Gender"], *([f"E{n + 1}", "mw"[n % 2]] for n in range(24))]
    groups = sheet_of(tmp_path / "groups.xlsx", rows)
    arguments = ["fairness", str(run), "--groups", str(groups)]
    inside = CliRunner().invoke(main, [*arguments, "--out", str(run / "hr")])
    assert inside.exit_code == 1
    assert "choose a folder apart from it" in inside.stderr
    done = CliRunner().invoke(main, [*arguments, "--out", str(tmp_path / "hr")])
    assert done.exit_code == 0, done.output
    assert "12 people  ready now: 6 = 50%, ratio 1" in done.stdout
    written = {path.name for path in (tmp_path / "hr").iterdir()}
    assert written == {"fairness.html", "fairness.csv", "raters.html", "raters.xlsx"}
    assert {path: path.read_bytes() for path in run.rglob("*") if path.is_file()} == before


def test_decisions_of_a_run_are_shown_beside_its_recommendations(tmp_path: Path) -> None:
    run = tmp_path / "run"
    people = [{"drive:manager": 4 if at < 12 else 2} for at in range(24)]
    write_run(assess(roster(people), pack(), DAY), run)
    decided = Decision("E24", "up", "developing", "ready_now", "scope", "Holds it.", "Ada", DAY, None)
    log = append((), [decided], Origin("calibration.xlsx", "2" * 64), datetime(2026, 7, 1, tzinfo=UTC))
    write_decisions(read_run(run), log, run)
    rows: list[list[object]] = [["Employee ID", "Gender"], *([f"E{n + 1}", "mw"[n % 2]] for n in range(24))]
    groups = sheet_of(tmp_path / "groups.xlsx", rows)
    done = CliRunner().invoke(main, ["fairness", str(run), "--groups", str(groups)])
    assert done.exit_code == 0, done.output
    assert "ready now: recommended: 6 = 50%, ratio 1, decided: 7 = 58%, ratio 1" in done.stdout
    assert "ready now: recommended: 6 = 50%, ratio 1, decided: 6 = 50%, ratio 0.86" in done.stdout


def test_a_withheld_group_shows_no_number_anywhere() -> None:
    bands = [(f"E{n}", "ready_now") for n in range(13)]
    frame = pl.DataFrame({"employee_id": [e for e, _ in bands], "Colour": ["red"] * 10 + ["rare"] * 3})
    fairness = compare_groups(frame, ["Colour"], {"now": bands_of(bands)})
    shown = show_fairness(fairness, "groups.xlsx", pack())
    (row,) = fairness_frame(shown).filter(pl.col("group") == "rare").rows(named=True)
    assert {name for name, value in row.items() if value is not None} == {"attribute", "group", "withheld"}
    (line,) = [line for line in fairness_lines(shown) if "rare" in line]
    assert "withheld: fewer than 10 people" in line
    assert "3" not in line
