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
        ("Cycle 1", "Cycle 2"),
        ("Herbst 2025", "Frühjahr 2026"),
        ("May 2025", "Nov. 2025"),
        ("1. Halbjahr 2025", "2. Halbjahr 2025"),
        ("Primer semestre 2025", "Segundo semestre 2025"),
        ("Second half 2025", "First half 2026"),
    ],
)
def test_the_latest_cycle_of_headers_is_read(tmp_path, form, cycles):
    roster = read(file(tmp_path, form, *cycles))
    assert points(roster, "communication:manager") == points(roster, "delegation:manager") == [2]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("cycle", ["Spring 2026", "Cycle 1", "H1", "Été 2026"])
def test_a_cycle_that_all_headers_name_is_no_part_of_a_name(tmp_path, form, cycle):
    assert points(read(file(tmp_path, form, cycle)), "delegation:manager") == [1]


@pytest.mark.parametrize("cycles", [("Spring 2026", "Autumn 2026"), ("Winter 2026", "H2 2026")])
def test_which_season_of_a_year_is_the_latest_is_asked(tmp_path, cycles):
    assert "which" in question(file(tmp_path, FORMS[0], *cycles)).lower()


def test_rows_that_name_numbered_cycles_are_read_in_their_order(tmp_path):
    path = tmp_path / "rows.csv"
    rows = ["E1,Senior PM,Cycle 10,5", "E1,Senior PM,Cycle 9,1"]
    path.write_text("\n".join(["Employee ID,Level,Cycle,Communication (manager)", *rows]), encoding="utf-8")
    assert points(read(path), "communication:manager") == [5]


def test_a_name_that_nobody_knows_is_asked_about_in_front_of_a_cycle_too(tmp_path):
    asked = question(file(tmp_path, "Key {skill} Self Rating {cycle}", "2026"))
    assert "which are these: 'Key Communication'" in asked
