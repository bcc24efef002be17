"""Cells that look like what is asked for and are something else: said, and never taken for it."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from engine import vocabulary_of
from inputs import UNITS_PER_POINT, Roster
from inputs.loading import load_roster
from rules import load_pack

DAY = date(2026, 6, 30)
WORDS = vocabulary_of(load_pack("product_management"))
RATED = ["Communication (self)", "Communication (manager)"]


def read(folder: Path, *rows: Sequence[object]) -> Roster:
    path = folder / "people.csv"
    path.write_text("\n".join("|".join(map(str, row)) for row in rows) + "\n", encoding="utf-8")
    return load_roster([path], WORDS, DAY)


def managers_rating(folder: Path, cell: str) -> tuple[float | None, list[str]]:
    """What a cell by the manager is read as among numbers, and what is said of it."""
    people = [[f"E{at}", "Senior PM", 1 + at % 5, 5 - at % 5] for at in range(12)]
    roster = read(folder, ["Employee ID", "Level", *RATED], ["E", "Senior PM", 3, cell], *people)
    units = roster.ratings["communication:manager"][0]
    said = [one.problem for one in roster.issues if one.kind == "unreadable_rating"]
    return None if units is None else units / UNITS_PER_POINT, said


@pytest.mark.parametrize("cell", ["4-May", "04. Mai", "3.Apr", "4.mars", "1. Dez.", "5-mei"])
def test_a_rating_that_a_spreadsheet_program_made_a_date_of_is_none(cell: str, tmp_path: Path) -> None:
    assert managers_rating(tmp_path, cell) == (None, [f"{cell} is a date, not a rating."])


@pytest.mark.parametrize("cell", ["3 or 4", "3 bis 4", "3 to 4", "2 et 3", "3.5 oder 4"])
def test_two_numbers_in_a_cell_are_no_rating(cell: str, tmp_path: Path) -> None:
    assert managers_rating(tmp_path, cell) == (None, [f"'{cell}' cannot be read as a rating."])


@pytest.mark.parametrize("cell", ["4/5", "4 sobre 5", "4.0 / 5.0", "4 op 5", "4 su 5", "4 - since May, led Q3"])
def test_a_rating_may_name_the_best_one_or_have_words_behind_it(cell: str, tmp_path: Path) -> None:
    assert managers_rating(tmp_path, cell) == (4, [])
