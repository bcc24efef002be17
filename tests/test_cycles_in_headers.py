"""Seasons, months and numbers of cycles in headers and cells, wherever they stand in them."""

import pytest

from tests.read_rosters import points, question, read

FORMS = (
    "{cycle} {skill} (manager)",
    "{skill} (manager) {cycle}",
    "{cycle} - {skill} - manager",
    "{skill} manager ({cycle})",
)


def file(folder, form, *cycles):
    headers = [
        form.format(cycle=cycle, skill=skill) for skill in ("Communication", "Delegation") for cycle in cycles
    ]
    ratings = [str(1 + at) for at in range(len(cycles))] * 2
    rows = [["Employee ID", "Level", *headers], ["E1", "Senior PM", *ratings]]
    path = folder / "cycles.csv"
    path.write_text("\n".join(",".join(row) for row in rows) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    "cycles",
    [
        ("Spring 2025", "Spring 2026"),
        ("Spring Term 2025", "Spring Term 2026"),
        ("Cycle 1", "Cycle 2"),
        ("Herbst 2025", "Frühjahr 2026"),
        ("May 2025", "Nov. 2025"),
        ("1. Halbjahr 2025", "2. Halbjahr 2025"),
        ("Primer semestre 2025", "Segundo semestre 2025"),
        ("Second half 2025", "First half 2026"),
        ("T3 2025", "T1 2026"),
        ("Trimester 1 2026", "Trimester 2 2026"),
        ("Tertial 2 2025", "Tertial 1 2026"),
        ("1er semestre 2026", "2e semestre 2026"),
        ("1º trimestre 2026", "2º trimestre 2026"),
        ("I kwartał 2026", "II kwartał 2026"),
        ("Halvår 2 2025", "Halvår 1 2026"),
        ("Período 1", "Período 2"),
        ("Phase 2 2025", "Phase 1 2026"),
        ("Mid-year", "End of year"),
    ],
)
def test_the_latest_cycle_of_headers_is_read(tmp_path, form, cycles):
    roster = read(file(tmp_path, form, *cycles))
    assert points(roster, "communication:manager") == points(roster, "delegation:manager") == [2]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("cycle", ["Spring 2026", "Spring Term 2026", "Cycle 1", "H1", "Été 2026"])
def test_a_cycle_that_all_headers_name_is_no_part_of_a_name(tmp_path, form, cycle):
    assert points(read(file(tmp_path, form, cycle)), "delegation:manager") == [1]


@pytest.mark.parametrize("cycles", [("Spring 2026", "Autumn 2026"), ("Winter 2026", "H2 2026")])
def test_which_season_of_a_year_is_the_latest_is_asked(tmp_path, cycles):
    assert "which" in question(file(tmp_path, FORMS[0], *cycles)).lower()


@pytest.mark.parametrize(
    "cycles",
    [
        ("2025/26", "2026/27"),
        ("2. Halbjahr 2025", "1. Halbjahr 2026"),
        ("Semester 1 2026", "Semester 2 2026"),
        ("T1 2026", "T2 2026"),
        ("Round 2 2025", "Round 1 2026"),
    ],
)
def test_a_column_of_reviews_is_that_of_the_cycle_however_it_is_written(tmp_path, cycles):
    path = tmp_path / "rows.csv"
    rows = [f"E1,Senior PM,{cycle},{at}" for at, cycle in enumerate(cycles, start=1)]
    path.write_text("\n".join(["Employee ID,Level,Review,Communication (manager)", *rows]), encoding="utf-8")
    assert points(read(path), "communication:manager") == [2]


def test_numbers_of_cycles_with_a_year_and_without_one_are_in_no_order(tmp_path):
    assert "which of the cycles" in question(rows_of(tmp_path, "Cycle 2", "Cycle 1 2026"))


def test_the_end_of_a_term_is_not_told(tmp_path):
    # In France T1 ends in March, in Sweden in April.
    roster = read(rows_of(tmp_path, "T1 2025", "T1 2026"))
    assert roster.earlier == ()


def rows_of(folder, *cycles):
    path = folder / "rows.csv"
    rows = [f"E1,Senior PM,{cycle},{at}" for at, cycle in enumerate(cycles, start=1)]
    path.write_text("\n".join(["Employee ID,Level,Cycle,Communication (manager)", *rows]), encoding="utf-8")
    return path


def test_rows_that_name_numbered_cycles_are_read_in_their_order(tmp_path):
    path = tmp_path / "rows.csv"
    rows = ["E1,Senior PM,Cycle 10,5", "E1,Senior PM,Cycle 9,1"]
    path.write_text("\n".join(["Employee ID,Level,Cycle,Communication (manager)", *rows]), encoding="utf-8")
    assert points(read(path), "communication:manager") == [5]


def test_a_name_that_nobody_knows_is_asked_about_in_front_of_a_cycle_too(tmp_path):
    asked = question(file(tmp_path, "Key {skill} Self Rating {cycle}", "2026"))
    assert "which are these: 'Key Communication'" in asked


@pytest.mark.parametrize(
    "cycles", [("Spring 2025", "Spring 2026"), ("H1 2026", "H2 2026"), ("Cycle 1", "Cycle 2")]
)
def test_the_level_and_the_manager_are_those_of_the_latest_cycle(tmp_path, cycles):
    path = tmp_path / "levels.csv"
    head = ",".join(
        f"{what} {cycle}" for cycle in cycles for what in ("Level", "Manager", "Delegation (manager)")
    )
    path.write_text(f"Employee ID,{head}\nE1,PM,Ada Roth,2,Senior PM,Ben Ortiz,4\n", encoding="utf-8")
    roster = read(path)
    assert roster.people.select("level", "manager_name").row(0) == ("senior_pm", "Ben Ortiz")
    assert points(roster, "delegation:manager") == [4]
