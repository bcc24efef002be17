"""Other tables on the sheet of a ladder: named once, and never read as competencies or levels."""

from pathlib import Path

import pytest

from rules import RulePack
from rules.ladders import Ladder
from tests.ladder_books import made, read, refused

LADDERS = {
    "ratings": "Competency | L1 | L2 | L3\nCoding | 2 | 3 | 4\nTesting | 1 | 2 | 3\nDesign | 1 | 2 | 3",
    "sentences": (
        "Competency | L1 | L2 | L3\n"
        "Coding | Writes small changes with help | Writes features on their own | Writes what all rely on\n"
        "Testing | Runs the tests there are | Writes tests for own work | Decides what is tested and how"
    ),
    "levels down": "Level | Coding | Testing | Design\nL1 | 1 | 1 | 1\nL2 | 2 | 2 | 2\nL3 | 3 | 2 | 3",
    "a list": (
        "Level | Competency | Required\n"
        "L1 | Coding | 1\nL1 | Testing | 1\nL2 | Coding | 2\nL2 | Testing | 2\n"
        "L3 | Coding | 3\nL3 | Testing | 3"
    ),
    "areas apart": (
        "Competency | L1 | L2 | L3\n\nCraft\nCoding | 2 | 3 | 4\nTesting | 1 | 2 | 3\n\n"
        "People\nCoaching | 1 | 2 | 3\nHiring | 1 | 1 | 3"
    ),
}
TABLES = {
    "Pay bands": "Level | From | To\nL1 | €45k | €55k\nL2 | €55k | €70k\nL3 | €70k | €90k",
    "Pay by place": "Location | L1 | L2 | L3\nBerlin | 45000 | 55000 | 70000\nLisbon | 35000 | 42000 | 55000",
    "Training": "Course | Provider | Days | For\nClean code | Academy | 2 | L1\nDesign | Academy | 3 | L2",
    "Sign-off": "Approved by | Role | Date\nMaria Cole | CTO | 2026-01-12\nJon Hale | HR | 2026-01-14",
    "Glossary": "Term | Meaning\nScope | How far the work reaches\nImpact | What changes through the work",
    "Headcount": "Team | L1 | L2 | L3\nPayments | 4 | 3 | 1\nSearch | 8 | 4 | 1",
    "Contacts": "Name | Role | E-mail\nMaria Cole | CTO | cole@firm.example\nJon Hale | HR | jo@firm.example",
    "Steps": "Step | Who | When\nNomination | Manager | March\nReview | Committee | April",
    "Questions": "Question | Answer\nHow often are levels reviewed? | Twice a year\nWho decides? | All of us",
    "Log": "Version | Date | Author\n1.0 | 2025-03-01 | Maria Cole\n1.1 | 2026-01-12 | Jon Hale",
    "Budget": "Level | Budget | Days\nL1 | 1000 | 3\nL2 | 1500 | 5\nL3 | 2000 | 5",
}


@pytest.mark.parametrize("ladder", LADDERS)
def test_a_table_below_or_beside_a_ladder_is_told_and_is_no_part_of_it(ladder: str, tmp_path: Path) -> None:
    matrix = LADDERS[ladder]
    alone, _ = made(tmp_path, {"Ladder": matrix})
    for place, (table, other) in enumerate(TABLES.items(), start=list(LADDERS).index(ladder)):
        text = _beside(matrix, other) if place % 2 else f"{matrix}\n\n{table}\n{other}"
        pack, said = made(tmp_path, {"Ladder": text})
        assert _contents(pack) == _contents(alone)
        assert said.count("Another table was not read (") == 1
        assert other.partition("\n")[0].replace(" | ", ", ") in " ".join(said.split())


@pytest.mark.parametrize("ladder", LADDERS)
@pytest.mark.parametrize("table", TABLES)
def test_a_table_above_or_left_of_a_ladder_is_told_and_is_no_part_of_it(ladder: str, table: str) -> None:
    matrix, other = LADDERS[ladder], TABLES[table]
    for text in (f"{other}\n\n{matrix}", f"{table}\n{other}\n\n{matrix}", _beside(other, matrix)):
        found = read(text)
        assert _said(found) == _said(read(matrix))
        told = [note for note in found.notes if note.startswith("Another table was not read (A")]
        assert len(told) == 1
        assert other.partition("\n")[0].replace(" | ", ", ") in told[0]


def test_a_table_that_begins_beside_the_title_of_a_ladder_is_told() -> None:
    found = read(_beside(f"Our ladder\n\n{LADDERS['ratings']}", TABLES["Contacts"]))
    assert _said(found) == _said(read(LADDERS["ratings"]))
    assert found.notes == ("Another table was not read (F1 to H3: Name, Role, E-mail).",)


def test_so_many_requirements_that_fall_are_counted_and_not_listed() -> None:
    rows = "\n".join(f"Skill {number} | 2 | {number % 2 * 3}" for number in range(1, 41))
    found = read(f"Competency | L1 | L2\nCoding | 1 | 3\n{rows.replace('| 0', '| 1')}")
    assert len(found.notes) == 13
    assert found.notes[-1] == "In 8 more places a level requires less than the one below, or nothing."


def test_another_table_is_told_with_its_cells_and_its_title(tmp_path: Path) -> None:
    table = "Term | Meaning\nScope | How far it reaches\nImpact |\nPace | How fast it goes"
    _, said = made(tmp_path, {"Ladder": f"{LADDERS['ratings']}\nGlossary\n{table}"})
    assert "Another table was not read (A5 to B9, Glossary: Term, Meaning)." in said


def test_a_legend_is_one_also_where_another_table_follows_it_at_once() -> None:
    legend = "Rating | Meaning\n1 | Basic\n2 | Fair\n3 | Solid\n4 | Strong\n5 | Expert\n6 | Leading"
    found = read(f"{LADDERS['ratings']}\n\n{legend}\nGlossary\n{TABLES['Glossary']}")
    assert found.scale.highest == 6
    assert found.notes == ("Another table was not read (A13 to B16, Glossary: Term, Meaning).",)


def test_areas_behind_empty_rows_and_columns_are_parts_of_the_matrix(tmp_path: Path) -> None:
    text = """
        Competency | L1 | L2 | | L3 | L4
        Coding | 1 | 2 | | 3 | 4
        Testing | 1 | 1 | | 2 | 3

        People | L1 | L2 | | L3 | L4
        Coaching | - | 1 | | 2 | 3

        Hiring | - | - | | 2 | 3
        Caring | 1 | 1 | | 2 | 2"""
    pack, said = made(tmp_path, {"Ladder": text})
    assert [one.title for one in pack.competencies] == ["Coding", "Testing", "Coaching", "Hiring", "Caring"]
    assert [len(level.expects) for level in pack.levels] == [3, 4, 5, 5]
    assert "Another table" not in said


def test_a_list_of_levels_below_a_matrix_names_them(tmp_path: Path) -> None:
    names = "Level | Example titles\nL1 | Developer\nL2 | Lead developer\nL3 | Architect"
    pack, said = made(tmp_path, {"Ladder": f"{LADDERS['ratings']}\n\n{names}"})
    assert [one.aliases for one in pack.levels] == [("Developer",), ("Lead developer",), ("Architect",)]
    assert "read for names and times of levels alone (A6 to B9: Level, Example titles)." in said


def test_levels_of_a_list_behind_empty_rows_are_levels_whatever_their_competencies_are(
    tmp_path: Path,
) -> None:
    text = """
        Level | Competency | Behaviour
        L1 | Coding | Writes small changes
        L1 | Testing | Runs the tests

        L2 | Coding | Writes features alone
        L2 | Reviewing | Reviews the code of others

        L3 | Planning | Plans the work of the team
        L3 | Reviewing | Teaches how to review"""
    pack, said = made(tmp_path, {"Ladder": text})
    assert [one.title for one in pack.levels] == ["L1", "L2", "L3"]
    assert "Another table" not in said


def test_rows_about_levels_behind_an_empty_row_are_no_other_table(tmp_path: Path) -> None:
    rows = "Job title | Engineer | Senior Engineer | Staff Engineer\nSalary | 45k | 55k | 70k"
    pack, said = made(tmp_path, {"Ladder": f"{LADDERS['ratings']}\n\n{rows}"})
    assert [one.aliases for one in pack.levels] == [("Engineer",), ("Senior Engineer",), ("Staff Engineer",)]
    assert "“Salary” (A7) is about the levels" in said


def test_rows_on_another_scale_behind_an_empty_row_are_refused_and_not_passed_over(tmp_path: Path) -> None:
    rows = "KPIs\nQuota | 80% | 90% | 100%\nForecast | 50% | 60% | 70%"
    assert "“Quota” is on a different scale" in refused(
        tmp_path, {"Ladder": f"{LADDERS['ratings']}\n\n{rows}"}
    )


def _beside(matrix: str, table: str) -> str:
    """The table right of the matrix, behind an empty column."""
    left, right = matrix.splitlines(), table.splitlines()
    width = max(line.count("|") for line in left)
    lines = [*left, *[""] * (len(right) - len(left))]
    return "\n".join(
        f"{line}{' |' * (width - line.count('|'))} | | {right[row]}" if row < len(right) else line
        for row, line in enumerate(lines)
    )


def _said(ladder: Ladder) -> tuple[object, ...]:
    required = {at: (one.rating, one.prose) for at, one in ladder.required.items()}
    levels = [(one.title, one.years) for one in ladder.levels]
    return levels, [(one.title, one.category) for one in ladder.competencies], required


def _contents(pack: RulePack) -> tuple[object, ...]:
    levels = [(one.title, [(it.competency, it.rating) for it in one.expects]) for one in pack.levels]
    return levels, [(one.title, one.category) for one in pack.competencies]
