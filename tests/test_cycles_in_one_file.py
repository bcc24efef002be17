"""Several cycles in one file: the latest is assessed, the earlier ones show what moved and what lasted."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from engine import assess, vocabulary_of
from inputs import UNITS_PER_POINT, InputError, Roster
from inputs.loading import load_roster
from reports.writing import write_run
from rules import load_pack
from tests.made_files import write_lines, write_workbook

DAY = date(2026, 6, 30)
PACK = load_pack("product_management")
WORDS = vocabulary_of(PACK)
TITLES = [one.title for one in WORDS.competencies]
PEOPLE = {
    "E1": (4.5, 4.5),
    "E2": (3.0, 4.5),
    "E3": (4.5, 3.0),
    "E4": (3.0, 3.0),
    "E5": (4.5, 4.5),
}
"""The ratings of each person, in 2025 and in 2026."""
SINCE = dict.fromkeys(PEOPLE, "2023-01-01") | {"E5": "2026-02-01"}
ABOUT = ("Employee ID", "Level", "In Level Since")
Written = tuple[Path, ...]


def person(employee: str) -> list[str]:
    return [employee, "Product Manager", SINCE[employee]]


def in_columns(folder: Path) -> Written:
    rated = [
        f"{title} ({rater}) {year}" for title in TITLES for rater in ("self", "manager") for year in YEARS
    ]
    rows = [[*person(one), *(PEOPLE[one] * 2 * len(TITLES))] for one in PEOPLE]
    return (write_lines(folder / "all.csv", [*ABOUT, *rated], *rows),)


def rated(one: str, year: int) -> list[object]:
    return [*person(one), *([PEOPLE[one][YEARS.index(year)]] * 2 * len(TITLES))]


YEARS = (2025, 2026)
BY_TWO = [f"{title} ({rater})" for title in TITLES for rater in ("self", "manager")]


def in_rows(folder: Path) -> Written:
    rows = [[year, *rated(one, year)] for one in PEOPLE for year in YEARS]
    return (write_lines(folder / "all.csv", ["Review Cycle", *ABOUT, *BY_TWO], *rows),)


def one_row_a_rating(folder: Path) -> Written:
    rows = [
        [*person(one), year, title, rater, PEOPLE[one][YEARS.index(year)]]
        for one in PEOPLE
        for year in YEARS
        for title in TITLES
        for rater in ("Self", "Manager")
    ]
    headers = [*ABOUT, "Review Cycle", "Competency", "Rater", "Rating"]
    return (write_lines(folder / "all.csv", headers, *rows),)


def on_sheets(folder: Path) -> Written:
    sheets = {f"Review {year}": [[*ABOUT, *BY_TWO], *(rated(one, year) for one in PEOPLE)] for year in YEARS}
    return (write_workbook(folder / "all.xlsx", sheets),)


def in_files(folder: Path) -> Written:
    return tuple(
        write_lines(folder / f"ratings-{year}.csv", [*ABOUT, *BY_TWO], *[rated(one, year) for one in PEOPLE])
        for year in YEARS
    )


LAYOUTS = (in_columns, in_rows, one_row_a_rating, on_sheets, in_files)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_latest_cycle_counts_and_the_earlier_one_is_read_beside_it(
    layout: Callable[[Path], Written], tmp_path: Path
) -> None:
    roster = load_roster(layout(tmp_path), WORDS, DAY)
    (earlier,) = roster.earlier
    assert (earlier.name, earlier.end) == ("2025", date(2025, 12, 31))
    assert points(roster) == {one: now for one, (_, now) in PEOPLE.items()}
    assert points(earlier.roster) == {one: then for one, (then, _) in PEOPLE.items()}
    assert set(earlier.roster.people["review_date"].to_list()) == {date(2025, 12, 31)}


def points(roster: Roster) -> dict[str, float]:
    ids = roster.people["employee_id"].to_list()
    return dict(zip(ids, given(roster, "manager"), strict=True))


def given(roster: Roster, rater: str) -> list[float]:
    return [units / UNITS_PER_POINT for units in roster.ratings[f"communication:{rater}"].to_list()]


def test_one_run_shows_what_moved_and_what_lasted_over_all_cycles_of_the_file(tmp_path: Path) -> None:
    rows = [[year, *rated(one, year)] for one in PEOPLE for year in YEARS]
    rows += [[2024, *person(one), *[4] * len(BY_TWO)] for one in PEOPLE]
    file = write_lines(tmp_path / "all.csv", ["Review Cycle", *ABOUT, *BY_TWO], *rows)
    run = write_run(assess(load_roster([file], WORDS, DAY), PACK, DAY), tmp_path / "run")
    cycle = run.session.cycle
    assert cycle is not None
    assert (cycle.name, cycle.day) == ("2025", date(2025, 12, 31))
    rows_of = {row.employee_id: row for row in cycle.rows}
    found = {one: (row.before, row.change, row.finding) for one, row in rows_of.items()}
    assert found == {
        "E1": ("ready_now", "unchanged", "sustained"),
        "E2": ("developing", "up", "new"),
        "E3": ("ready_now", "down", "lost"),
        "E4": ("developing", "unchanged", None),
        "E5": (None, "not in the earlier run", None),
    }
    assert {(one.cycles, one.since) for one in rows_of["E1"].streaks} == {(3, date(2024, 12, 31))}
    assert {one.cycles for one in rows_of["E5"].streaks} == {1}, "the level began after the earlier cycles"
    assert set(pl.read_parquet(tmp_path / "run" / "last-cycle.parquet")["became"].to_list()) == {""}
    sheet = openpyxl.load_workbook(tmp_path / "run" / "calibration.xlsx")["Last cycle"]
    assert sheet["A2"].value.startswith("The cycle “2025” of the same file, as of 31 Dec")


def test_cycles_of_both_raters_stay_together(tmp_path: Path) -> None:
    tabs = {
        f"{rater} {year}": [
            [*ABOUT, *TITLES],
            *([*person(one), *([PEOPLE[one][YEARS.index(year)]] * len(TITLES))] for one in PEOPLE),
        ]
        for year in YEARS
        for rater in ("Self", "Manager")
    }
    roster = load_roster([write_workbook(tmp_path / "four.xlsx", tabs)], WORDS, DAY)
    (earlier,) = roster.earlier
    for rater in ("self", "manager"):
        assert given(earlier.roster, rater) == [then for then, _ in PEOPLE.values()]


def test_a_cycle_whose_time_is_not_known_is_not_guessed_at(tmp_path: Path) -> None:
    headers = ["Review Cycle", *ABOUT, *BY_TWO]
    rows = [[name, *rated("E1", 2026)] for name in ("Alpha", "Beta")]
    with pytest.raises(InputError, match="which of the cycles should be read"):
        load_roster([write_lines(tmp_path / "all.csv", headers, *rows)], WORDS, DAY)


@pytest.mark.parametrize(
    ("earlier", "latest", "end"),
    [
        ("2025", "2026", date(2025, 12, 31)),
        ("1H25", "2H25", date(2025, 6, 30)),
        ("FY25Q4", "FY26Q1", date(2025, 12, 31)),
        ("2024/25", "2025/26", date(2025, 12, 31)),
        ("H1 FY26", "H2 FY26", None),
        ("1H", "2H", None),
    ],
)
@pytest.mark.parametrize("header", ["{cycle} {title} ({rater})", "{title} ({rater}) {cycle}"])
def test_a_cycle_is_read_before_and_behind_a_competency_however_it_is_written(
    earlier: str, latest: str, end: date | None, header: str, tmp_path: Path
) -> None:
    title = TITLES[0]
    headers = [
        header.format(cycle=cycle, title=title, rater=rater)
        for cycle in (earlier, latest)
        for rater in ("self", "manager")
    ]
    path = write_lines(tmp_path / "all.csv", [*ABOUT, *headers], [*person("E1"), 2, 3, 4, 5])
    roster = load_roster([path], WORDS, DAY)
    assert [given(roster, rater) for rater in ("self", "manager")] == [[4.0], [5.0]]
    assert [one.end for one in roster.earlier] == ([end] if end else [])


def test_ratings_of_two_years_before_the_competency_are_no_silent_pair(tmp_path: Path) -> None:
    headers = [f"2025 {TITLES[0]} (self)", f"2026 {TITLES[0]} (manager)"]
    path = write_lines(tmp_path / "all.csv", [*ABOUT, *headers], [*person("E1"), 4, 3])
    roster = load_roster([path], WORDS, DAY)
    assert any("are of different cycles: 2025" in issue.problem for issue in roster.issues)


def test_a_cycle_in_which_nobody_can_be_assessed_stops_nothing(tmp_path):
    twice = [
        [2025, *rated("E1", 2025)],
        [2025, "E1", "Product Manager", "2024-03-01", *rated("E1", 2026)[3:]],
    ]
    rows = [*twice, *([2026, *rated(one, 2026)] for one in PEOPLE)]
    path = write_lines(tmp_path / "all.csv", ["Review Cycle", *ABOUT, *BY_TWO], *rows)
    assert load_roster([path], WORDS, DAY).people["employee_id"].to_list() == list(PEOPLE)


def test_a_level_that_began_before_a_cycle_at_another_one_is_asked_about(tmp_path):
    levels = {"E1": "2023-01-01", "E2": "2025-10-01", "E3": None}
    rows = [
        [year, one, "Associate PM" if year == 2025 else "Product Manager", since, *([4] * 2 * len(TITLES))]
        for one, since in levels.items()
        for year in YEARS
    ]
    path = write_lines(tmp_path / "all.csv", ["Review Cycle", *ABOUT, *BY_TWO], *rows)
    known = load_roster([path], WORDS, DAY)
    told = [(one.cell, one.problem) for one in known.issues if one.about == "level_since"]
    assert told == [
        (
            "D3",
            "In level since 1 January 2023, but at another level, Associate PM, in the cycle “2025”. "
            "The date was used.",
        )
    ]
