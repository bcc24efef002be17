"""Group ratios: exact against plain Python, withheld where groups are small, apart from everything else."""

import json
import zipfile
from collections import Counter
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import polars as pl
import pytest

from engine import assess
from engine.fairness import MEASURES, GroupShares, compare_groups, local_law_tables
from engine.fairness.comparing import Selected, compare_all, exact_tests, holm
from engine.fairness.withholding import Counts, Tables, withhold_fewest
from engine.session import Decision, DecisionStatus, Origin, append
from inputs import InputError
from inputs.protected_groups import read_groups
from reports.calibration import write_decisions
from reports.comparison import fairness_lines, show_fairness, write_fairness
from reports.comparison.fairness import chance, fairness_frame
from reports.run import read_run
from reports.run.writing import write_run
from rules.pack import BANDS
from tests.broken import BASE
from tests.command_line import call, succeeded
from tests.inputs_vocabulary import VOCABULARY
from tests.made_files import write_sheet
from tests.small import DAY, pack, roster
from tests.suppression_attack import Attack, changes_recovered


def bands_of(rows: list[tuple[str, str]]) -> dict[tuple[str, str], Any]:
    return {(employee, f"promotion_{n}"): band for n, (employee, band) in enumerate(rows)}


def plainly(
    groups: dict[str, str | None], bands: list[tuple[str, str]], withheld: set[str | None]
) -> dict[tuple[str | None, str], tuple[int, int, Fraction | None]]:
    """The same in plain Python: people, ready, and the exact ratio, for every group that is not withheld."""
    wanted = {"ready_now": {"ready_now"}, "ready_now_or_soon": {"ready_now", "ready_soon"}}
    everybody = {employee for employee, _ in bands}
    members: dict[str | None, set[str]] = {}
    for employee in everybody:
        members.setdefault(groups.get(employee), set()).add(employee)
    large = {name: people for name, people in members.items() if name not in withheld}
    found = {}
    for measure, accepted in wanted.items():
        ready = {employee for employee, band in bands if band in accepted}
        shares = {name: Fraction(len(people & ready), len(people)) for name, people in large.items()}
        sensible = [name for name in large if name is not None and len(large[name]) * 50 >= len(everybody)]
        best = max((shares[name] for name in sensible), default=Fraction(0))
        alone = sum(name is not None for name in large) == 1
        for name, people in large.items():
            ratio = None if name is None or best == 0 or alone else shares[name] / best
            found[name, measure] = (len(people), len(people & ready), ratio)
    return found


@pytest.mark.parametrize(
    ("p", "said"),
    [
        ("0.995", "nearly always"),
        ("0.9949", "99 times in 100"),
        ("0.015", "2 times in 100"),
        ("0.005", "once in 100"),
        ("0.0049", "5 times in 1,000"),
        ("0.001", "once in 1,000"),
        ("0.0009", "hardly ever"),
    ],
)
def test_how_often_chance_does_as_much_is_told_as_a_person_would(p: str, said: str) -> None:
    assert chance(Fraction(p)) == said


@pytest.mark.parametrize(
    ("people", "ready", "said"),
    [
        (50, (40, 10), "Chance does not explain 2 of them, even among so many comparisons."),
        (
            12,
            (6, 4),
            "Among so many comparisons, chance can explain each of them, so nobody can tell whether groups "
            "differ.",
        ),
    ],
)
def test_how_many_ratios_are_low_is_said_with_whether_chance_can_explain_them(
    people: int, ready: tuple[int, int], said: str
) -> None:
    bands = [
        (f"{name}{n}", "ready_now" if n < most else "developing")
        for name, most in zip("ab", ready, strict=True)
        for n in range(people)
    ]
    frame = pl.DataFrame({"employee_id": [e for e, _ in bands], "Group": [e[0] for e, _ in bands]})
    fairness = compare_groups(frame, ["Group"], {"now": bands_of(bands)})
    first, second, *_ = show_fairness(fairness, "groups.xlsx", pack()).conclusions
    assert first == f"2 of 2 ratios are under 4/5. {said}"
    assert second.startswith("Group: b, ready now")


@pytest.mark.parametrize(
    ("people", "said"),
    [
        (50, "Chance does not explain it."),
        (12, "Chance can explain it, so nobody can tell whether groups differ."),
    ],
)
def test_a_single_ratio_is_not_told_as_one_of_so_many(people: int, said: str, tmp_path: Path) -> None:
    bands = [
        (f"{name}{n}", "ready_soon" if 5 * n < people * most else "developing")
        for name, most in (("a", 4), ("b", 2))
        for n in range(people)
    ]
    frame = pl.DataFrame({"employee_id": [e for e, _ in bands], "Group": [e[0] for e, _ in bands]})
    fairness = compare_groups(frame, ["Group"], {"now": bands_of(bands)})
    shown = show_fairness(fairness, "groups.xlsx", pack())
    assert shown.conclusions[0] == f"1 of 1 ratio is under 4/5. {said}"
    write_fairness(shown, pack(), f"{2 * people} people.", tmp_path)
    assert "comparisons" not in (tmp_path / "fairness.html").read_text(encoding="utf-8")


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
    withheld = {group.group for group in fairness.groups if group.withheld}
    small = {group.group for group in fairness.groups if group.group and group.people < smallest}
    assert small <= withheld
    assert len(withheld) != 1
    assert bool(small) == bool(withheld)
    expected = plainly(groups, bands, withheld)
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


def test_groups_are_read_below_a_title_and_names_are_left_out(tmp_path: Path) -> None:
    rows = [["Self-identification 2026"], [], ["Personnel No", "Name", "Gender", "Age band"]]
    people: list[list[object]] = [
        [1001, "Ada", " Woman ", "40+"],
        [1002, "Bo", None, "40+"],
        [1002, "Bo", None, "40+"],
    ]
    known = read_groups(write_sheet(tmp_path / "groups.xlsx", *rows, *people), VOCABULARY)
    assert known.attributes == ("Gender", "Age band")
    assert known.people.rows() == [("1001", "Woman", "40+"), ("1002", None, "40+")]


def test_whoever_does_not_say_is_in_no_group_and_case_makes_no_other_group(tmp_path: Path) -> None:
    said = ["female", "Female", "FEMALE ", "Unknown", "Prefer not to say", "n/a", "F", "40+", "40"]
    rows: list[list[object]] = [["Employee ID", "Gender"], *([at, text] for at, text in enumerate(said))]
    known = read_groups(write_sheet(tmp_path / "groups.xlsx", *rows), VOCABULARY)
    assert known.people["Gender"].to_list() == [*["female"] * 3, *[None] * 3, "F", "40+", "40"]
    assert known.remarks == (
        "Gender: counted as no value given: “Unknown”, “Prefer not to say”, “n/a”.",
        "Gender: “F” and “female” are counted as two groups; if they are one, write it one way in all rows.",
    )


def test_where_no_two_groups_can_be_compared_no_ratio_is_said_to_be_in_order() -> None:
    bands = [(f"E{n}", "ready_now" if n % 2 else "developing") for n in range(12)]
    frame = pl.DataFrame({"employee_id": [e for e, _ in bands], "G": ["only"] * 12})
    shown = show_fairness(compare_groups(frame, ["G"], {"now": bands_of(bands)}), "groups.csv", pack())
    assert shown.conclusions == ("There is no ratio to show: nowhere can two groups be compared.",)
    assert not any(", the highest" in line for line in fairness_lines(shown))


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([["Gender"], ["woman"]], "no column holds employee ids; .* Its first row holds “Gender”"),
        ([["Employee ID", "Name"], ["1", "Ada"]], "no column says which group a person belongs to"),
        ([["Employee ID", "Gender"], ["1", "a"], ["1", "b"]], "1 has several rows with different values"),
        ([["Employee ID", "Gender", "Gender"], ["1", "a", "b"]], "several columns have the same heading"),
    ],
)
def test_a_file_of_groups_that_cannot_be_used_is_refused_in_words(
    rows: list[list[object]], words: str, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match=words):
        read_groups(write_sheet(tmp_path / "groups.xlsx", *rows), VOCABULARY)


def bakers(folder: Path) -> Path:
    """Ratings of sixty people for the pack of bakers, which is small: each command is done in a moment."""
    heading: list[object] = ["Employee ID", "Level", "In level since", "Review date"]
    heading += [f"{name} ({by})" for name in ("Dough", "Oven", "Teaching") for by in ("self", "manager")]
    dates = ("2024-01-01", "2026-06-01")
    rows = [[f"B{n}", "Apprentice", *dates, *((n + at) % 5 / 2 + 2 for at in range(6))] for n in range(60)]
    return write_sheet(folder / "ratings.xlsx", heading, *rows)


def groups_of_bakers(folder: Path, ids: list[str]) -> Path:
    """All but the last three people, two strangers, and words found nowhere else."""
    rows: list[list[object]] = [["Employee ID", "Self-described"]]
    rows += [[name, ("Quokka", "Numbat", None)[at % 3]] for at, name in enumerate(ids[:-3])]
    rows += [["STRANGER1", "Quokka"], ["STRANGER2", "Bilby"]]
    return write_sheet(folder / "groups.xlsx", *rows)


@pytest.fixture(scope="module")
def simulated(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A simulation with groups, and what the terminal said."""
    folder = tmp_path_factory.mktemp("simulated")
    plain = ["simulate", str(bakers(folder)), "--pack", str(BASE), "--as-of", "2026-06-30"]
    plain += ["--set", "bar.core=3.75"]
    succeeded(*plain, "--out", folder / "plain")
    found = pl.read_parquet(folder / "plain" / "recommendations.parquet")
    groups = groups_of_bakers(folder, found["employee_id"].unique(maintain_order=True).to_list())
    done = succeeded(*plain, "--groups", groups, "--out", folder / "grouped")
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
    assert sum(flow["count"] for flow in flows if flow["before"] != flow["after"])
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


def contents(path: Path) -> bytes:
    """What is in a file; of a workbook, in all of its parts."""
    if path.suffix != ".xlsx":
        return path.read_bytes()
    book = zipfile.ZipFile(path)
    return b"".join(book.read(name) for name in book.namelist())


def test_a_run_has_its_report_in_a_folder_of_its_own(tmp_path: Path) -> None:
    run = tmp_path / "run"
    people = [{"drive:manager": 4 if at < 12 else 2, "manager_name": "Ada"} for at in range(24)]
    write_run(assess(roster(people), pack(), DAY), run)
    before = {path: path.read_bytes() for path in run.rglob("*") if path.is_file()}
    rows: list[list[object]] = [["Employee ID", "Gender"], *([f"E{n + 1}", "mw"[n % 2]] for n in range(24))]
    groups = write_sheet(tmp_path / "groups.xlsx", *rows)
    arguments = ["fairness", str(run), "--groups", str(groups)]
    inside = call(*arguments, "--out", run / "hr")
    assert inside.exit_code == 1
    assert "choose a folder apart from it" in inside.stderr
    done = succeeded(*arguments, "--out", tmp_path / "hr")
    assert "12 people  ready now: 6 = 50%, the highest" in done.stdout
    written = {path.name for path in (tmp_path / "hr").iterdir()}
    assert written == {"fairness.html", "fairness.csv", "local-law-144.csv", "raters.html", "raters.xlsx"}
    law = pl.read_csv(tmp_path / "hr" / "local-law-144.csv")
    figures = ("category", "people", "selected", "selection_rate", "impact_ratio")
    assert law.filter(pl.col("category").is_in(["m", "w"])).select(figures).rows() == [
        ("m", 12, 6, 0.5, 1.0),
        ("w", 12, 6, 0.5, 1.0),
    ]
    assert {path: path.read_bytes() for path in run.rglob("*") if path.is_file()} == before
    for path in tmp_path.rglob("*"):
        if path.is_file() and path.name not in (
            "fairness.html",
            "fairness.csv",
            "local-law-144.csv",
            groups.name,
        ):
            assert b"Gender" not in contents(path), path.name


def test_decisions_of_a_run_are_shown_beside_its_recommendations(tmp_path: Path) -> None:
    run = tmp_path / "run"
    people = [{"drive:manager": 4 if at < 12 else 2} for at in range(24)]
    write_run(assess(roster(people), pack(), DAY), run)
    decided = Decision("E24", "up", "developing", "ready_now", "scope", "Holds it.", "Ada", DAY, None)
    log = append((), [decided], Origin("calibration.xlsx", "2" * 64), datetime(2026, 7, 1, tzinfo=UTC))
    write_decisions(read_run(run), log, run)
    rows: list[list[object]] = [["Employee ID", "Gender"], *([f"E{n + 1}", "mw"[n % 2]] for n in range(24))]
    groups = write_sheet(tmp_path / "groups.xlsx", *rows)
    done = succeeded("fairness", run, "--groups", groups)
    men, women = (line for line in done.stdout.splitlines() if "ready now: recommended" in line)
    assert "6 = 50%, the highest, decided: 6 = 50%, ratio 0.86" in men
    assert "6 = 50%, ratio 1.00 (0.44 to 2.27; chance alone: nearly always), decided: 7 = 58%, the" in women


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
    assert not any("comparison" in sentence for sentence in shown.about)  # nothing was compared


INDEPENDENT = json.loads(
    (Path(__file__).parent / "cases" / "independent_figures.json").read_text(encoding="utf-8")
)
"""Made by tests/independent_figures.py."""


def two_groups(selected: list[int], people: list[int]) -> GroupShares:
    """The first of two groups, the second being the one with the highest share."""
    rows = [
        (name, at < chosen)
        for name, chosen, whole in zip("ab", selected, people, strict=True)
        for at in range(whole)
    ]
    bands = [(f"E{at}", "ready_now" if ready else "developing") for at, (_, ready) in enumerate(rows)]
    frame = pl.DataFrame({"employee_id": [one for one, _ in bands], "G": [name for name, _ in rows]})
    return compare_groups(frame, ["G"], {"now": bands_of(bands)}, smallest=2).groups[0]


@pytest.mark.parametrize(
    ("selected", "people", "ratio", "p"),
    [([2, 4], [6, 10], 0.833, 1.0), ([1, 4], [6, 10], 0.417, 0.59), ([10, 20], [50, 50], 0.5, 0.0486)],
)
def test_ratios_and_exact_tests_are_those_worked_out_by_hand(
    selected: list[int], people: list[int], ratio: float, p: float
) -> None:
    found = two_groups(selected, people).measures[0][0].compared
    assert found is not None
    assert float(found.ratio) == pytest.approx(ratio, abs=5e-4)
    assert float(found.fisher) == pytest.approx(p, abs=5e-3 if p > 0.1 else 5e-5)


def test_what_one_person_would_change_and_how_many_are_missing_is_exact() -> None:
    found = two_groups([1, 4], [6, 10]).measures[0][0].compared
    assert found is not None
    assert found.shortfall == Fraction(6 * 4, 10) - 1
    assert found.to_line == 1
    assert (found.one_more, found.one_fewer) == (Fraction(5, 6), 0)
    nobody = two_groups([0, 4], [6, 10]).measures[0][0].compared
    assert nobody is not None
    assert nobody.one_fewer is None


@pytest.mark.parametrize("case", INDEPENDENT["two_groups"])
def test_exact_tests_and_intervals_are_those_of_scipy_and_statsmodels(case: dict[str, Any]) -> None:
    (one, other) = (Selected(*pair) for pair in zip(case["selected"], case["people"], strict=True))
    (found,) = compare_all([(one, other)])
    assert found is not None
    assert float(found.fisher) == pytest.approx(case["fisher"])
    assert (found.low, found.high) == pytest.approx(case["interval"], abs=1e-6)
    assert found.mid_p < found.fisher


def test_mid_p_counts_half_of_the_table_that_was_seen() -> None:
    # Of the 70 ways to select 4 of 8, 16 give 3 of the first 4, as seen; 1, 16 and 1 are no more likely.
    fisher, mid_p = exact_tests(Selected(3, 4), Selected(1, 4))
    assert (fisher, mid_p) == (Fraction(34, 70), Fraction(26, 70))


def test_p_is_adjusted_as_statsmodels_adjusts_it() -> None:
    case = INDEPENDENT["holm"]
    adjusted = holm([Fraction(str(value)) for value in case["p"]])
    assert [float(one) for one in adjusted] == pytest.approx(case["adjusted"])


def test_tables_of_local_law_144_are_those_of_aedt_audit() -> None:
    case = INDEPENDENT["local_law"]
    bands = [
        (f"E{at}", "ready_now" if one["selected"] else "developing") for at, one in enumerate(case["people"])
    ]
    columns = {
        "Gender": [one["sex"] for one in case["people"]],
        "Race": [one["race"] for one in case["people"]],
    }
    frame = pl.DataFrame({"employee_id": [one for one, _ in bands], **columns})
    levels = {one: "Junior" for one, _ in bands}
    fairness = compare_groups(frame, ["Gender", "Race"], {"now": bands_of(bands)}, levels=levels)
    found = local_law_tables(fairness)
    assert [table.attribute for table in found] == ["Gender", "Race", "Gender × Race"]
    for table, expected in zip(found, case["tables"].values(), strict=True):
        names = [" × ".join(str(one[key]) for key in ("sex", "race") if key in one) for one in expected]
        assert [row.category for row in table.rows] == names
        assert [row.people for row in table.rows] == [one["n"] for one in expected]
        assert [float(row.rate) for row in table.rows] == pytest.approx([one["rate"] for one in expected])
        ratios = [float(row.impact_ratio or 0) for row in table.rows]
        assert ratios == pytest.approx([one["impact_ratio"] for one in expected])


def test_a_withheld_group_cannot_be_had_by_subtraction() -> None:
    """Three people of one group, and a total that every report prints."""
    bands = [(f"E{n}", "ready_now" if n % 3 else "developing") for n in range(63)]
    colours = ["red"] * 40 + ["blue"] * 20 + ["rare"] * 3
    frame = pl.DataFrame({"employee_id": [e for e, _ in bands], "Colour": colours})
    fairness = compare_groups(frame, ["Colour"], {"now": bands_of(bands)})
    assert {group.group for group in fairness.groups if group.withheld} == {"rare", "blue"}


def test_a_small_group_hides_behind_people_without_a_value() -> None:
    bands = [(f"E{n}", "developing") for n in range(67)]
    colours = ["red"] * 40 + ["blue"] * 20 + ["rare"] * 3 + [None] * 4
    frame = pl.DataFrame({"employee_id": [e for e, _ in bands], "Colour": colours})
    fairness = compare_groups(frame, ["Colour"], {"now": bands_of(bands)})
    assert {group.group for group in fairness.groups if group.withheld} == {"rare", None}


def population(seed: int) -> tuple[pl.DataFrame, dict[str, Any], dict[str, str]]:
    """Groups of two attributes, bands at two times, and levels."""
    dice = Random(seed)
    ids = [f"E{at}" for at in range(dice.choice([90, 140]))]
    frame = pl.DataFrame(
        {
            "employee_id": ids,
            "A": [dice.choices(["f", "m", "x", None], [10, 12, 1, 1])[0] for _ in ids],
            "B": [dice.choices(["p", "q", "r"], [10, 4, 3])[0] for _ in ids],
        }
    )
    bands = {
        time: {(one, "up"): dice.choices(BANDS, [3, 2, 6, 1])[0] for one in ids} for time in ("then", "now")
    }
    levels = {one: f"L{at * 3 // len(ids)}" for at, one in enumerate(ids)}
    return frame, bands, levels


@pytest.mark.parametrize("seed", [0, 1, 18])
def test_a_solver_recovers_no_withheld_cell_from_all_that_is_published(seed: int) -> None:
    """No number of people, and none in a band, nobody included. Of parts of groups that are shown it may find
    what the figures of whole groups say by themselves: where no woman is ready, no woman on any level is."""
    frame, bands, levels = population(seed)
    fairness = compare_groups(frame, ["A", "B"], bands, levels=levels)
    shown = fairness_frame(show_fairness(fairness, "groups.csv", pack()))
    attack = Attack(shown, frame, bands, levels)
    assert attack.withheld
    single = shown.filter(pl.col("level").is_null() & ~pl.col("attribute").str.contains("×"))
    inner = {cell for cell in (*attack.truth, *attack.withheld) if cell[1] is not None or "×" in cell[0]}
    known = Attack(single, frame, bands, levels, hide=inner).recovered()
    assert {cell for cell, _, _ in known} <= inner
    assert attack.recovered() <= known


def test_nobody_of_a_small_group_being_ready_is_not_told_by_the_others() -> None:
    """All who are ready are red or blue: so nobody of the rest is, unless the red are counted with them."""
    bands = [(f"E{n}", "ready_now" if n % 3 == 0 and n < 60 else "developing") for n in range(67)]
    colours = ["red"] * 40 + ["blue"] * 20 + ["rare"] * 3 + [None] * 4
    frame = pl.DataFrame({"employee_id": [e for e, _ in bands], "Colour": colours})
    fairness = compare_groups(frame, ["Colour"], {"now": bands_of(bands)})
    ready = {group.group: group.measures[0][0] for group in fairness.groups if not group.withheld}
    assert ready.keys() == {"red", "blue"}
    blue, red = ready["blue"], ready["red"]
    assert blue is not None
    assert (blue.pooled, blue.ready, blue.counted.people) == (False, 6, 20)
    assert red is not None
    assert (red.pooled, red.ready, red.counted.people) == (True, 14, 47)
    shown = show_fairness(fairness, "groups.csv", pack())
    assert "14 of 47 with those withheld = 30%" in "\n".join(fairness_lines(shown))


def test_the_attack_recovers_what_is_hidden_too_little() -> None:
    """The attack is no straw man: with the companions of small groups shown, it finds them."""
    frame, bands, levels = population(0)
    fairness = compare_groups(frame, ["A", "B"], bands, smallest=2, levels=levels)
    shown = fairness_frame(show_fairness(fairness, "groups.csv", pack()))
    attack = Attack(shown, frame, bands, levels, hide={("A", None, "x")})
    assert (("A", None, "x"), "then", "people") in attack.recovered()


@pytest.mark.parametrize("case", INDEPENDENT["withheld"])
def test_hardly_more_cells_are_withheld_than_the_fewest_that_tau_argus_finds(case: dict[str, Any]) -> None:
    width, cells = case["columns"], case["cells"]
    rows, columns = range(0, len(cells), width), range(width)
    sums: list[tuple[Any, None]] = [(range(at, at + width), None) for at in rows]
    sums += [(range(at, len(cells), width), None) for at in columns]
    tables = Tables([Counts(people) for people in cells], sums)
    small = [at for at, people in enumerate(cells) if people < 10]
    assert len(withhold_fewest(tables, small, frozenset())) <= 1.2 * case["withheld"]


def decisions(run: Path, made: dict[str, tuple[Any, Any]]) -> None:
    """Make decisions of a run final: employee id to recommendation and decision."""
    log = [
        Decision(one, "up", before, after, "scope", "Holds it.", "Ada", DAY, None)
        for one, (before, after) in made.items()
    ]
    origin = Origin("calibration.xlsx", "2" * 64)
    write_decisions(read_run(run), append((), log, origin, datetime(2026, 7, 1, tzinfo=UTC)), run)


def test_what_a_session_changed_is_shown_by_group(tmp_path: Path) -> None:
    """Ten women and ten men are developing; four men are decided up, two women and six men as they are."""
    run = tmp_path / "run"
    write_run(assess(roster([{"drive:manager": 2} for _ in range(20)]), pack(), DAY), run)
    up = {f"E{at}": ("developing", "ready_now") for at in range(11, 15)}
    same = {f"E{at}": ("developing", "developing") for at in (1, 2, *range(15, 21))}
    decisions(run, up | same)
    rows: list[list[object]] = [["Employee ID", "Gender"], *([f"E{n + 1}", "wm"[n // 10]] for n in range(20))]
    groups = write_sheet(tmp_path / "groups.xlsx", *rows)
    arguments = ["fairness", str(run), "--groups", str(groups), "--out", str(tmp_path / "hr")]
    succeeded(*arguments)
    men, women = pl.read_csv(tmp_path / "hr" / "changes.csv").sort("group").rows(named=True)
    assert (men["decided"], men["agreed"], men["changed_up"], men["changed_down"]) == (10, 6, 4, 0)
    assert (women["decided"], women["agreed"], women["changed_up"]) == (2, 2, 0)
    assert men["agreement_rate"] == 0.6
    # 4 of 10 against 0 of 2: of all ways to choose 4 of 12, as few among the two as 0 or more unlikely.
    assert men["p_up"] == pytest.approx(float(exact_tests(Selected(4, 10), Selected(0, 2))[0]))
    assert "What the session changed" in (tmp_path / "hr" / "fairness.html").read_text(encoding="utf-8")


def test_one_person_with_several_decisions_is_changed_where_one_of_them_is() -> None:
    ids = [f"E{at}" for at in range(20)]
    bands = {(one, way): "developing" for one in ids for way in ("x", "y")}
    status = {(one, way): DecisionStatus.AGREED for one in ids for way in ("x", "y")}
    status |= {
        ("E0", "x"): DecisionStatus.UP,
        ("E1", "x"): DecisionStatus.UP,
        ("E1", "y"): DecisionStatus.DOWN,
    }
    frame = pl.DataFrame({"employee_id": ids, "G": ["a"] * 10 + ["b"] * 10})
    fairness = compare_groups(frame, ["G"], {"recommended": bands}, decided=status)
    changes = fairness.groups[0].changes
    assert changes is not None
    assert (changes.decided, changes.agreed, changes.up, changes.down, changes.aside) == (10, 8, 1, 0, 1)


@pytest.mark.parametrize("seed", range(4))
def test_what_a_session_changed_for_a_small_group_cannot_be_worked_out(seed: int) -> None:
    dice = Random(seed)
    ids = [f"E{at}" for at in range(80)]
    values = {one: dice.choices(["f", "m", "x", None], [10, 12, 1, 1])[0] for one in ids}
    status = {
        one: dice.choices([DecisionStatus.AGREED, DecisionStatus.UP, None], [8, 1, 3])[0] for one in ids
    }
    names = {DecisionStatus.AGREED: "agreed", DecisionStatus.UP: "up", None: "none"}
    frame = pl.DataFrame({"employee_id": ids, "G": [values[one] for one in ids]})
    fairness = compare_groups(
        frame,
        ["G"],
        {"now": {(one, "up"): "developing" for one in ids}},
        decided={(one, "up"): made for one, made in status.items() if made is not None},
    )
    truth = {
        group: Counter(names[status[one]] for one in ids if values[one] == group)
        for group in set(values.values())
    }
    hidden = sum((truth[group.group] for group in fairness.groups if group.withheld), Counter())
    shown = {}
    for group in fairness.groups:
        if (one := group.changes) is not None:
            people = group.people + (hidden.total() if one.pooled else 0)
            counts = Counter(agreed=one.agreed, up=one.up, none=people - one.decided)
            shown[group.group] = (one.pooled, counts)
    assert any(group.withheld for group in fairness.groups)
    assert not changes_recovered(shown, truth)


def test_any_heading_can_name_an_attribute() -> None:
    bands = [(f"E{n}", "ready_now" if n % 2 else "developing") for n in range(40)]
    names = ["0", "changes", "people", "level"]
    frame = pl.DataFrame({"employee_id": [e for e, _ in bands], **{name: ["a", "b"] * 20 for name in names}})
    decided = {(one, f"promotion_{n}"): DecisionStatus.AGREED for n, (one, _) in enumerate(bands)}
    fairness = compare_groups(frame, names, {"now": bands_of(bands)}, decided=decided)
    assert [group.attribute for group in fairness.groups] == [name for name in names for _ in "ab"]
    assert [group.measures[0][0].ready for group in fairness.groups] == [0, 20] * 4
    assert {group.changes.agreed for group in fairness.groups if group.changes} == {20}
