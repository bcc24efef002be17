"""Ratings beside a ladder that does not say at which rating its scale ends: a 4 is a 4, or it is asked."""

from pathlib import Path

import pytest

from engine import vocabulary_of
from inputs import InputError
from inputs.loading import load_roster
from inputs.roster import UNITS_PER_POINT, Roster
from rules import RulePack
from tests.test_made_ladders import DAY, book, made

NUMBERS = """
    Competency | A1 | A2 | A3
    Law | 1 | 2 | 4
    Clients | 1 | 3 | 3"""
CALLED = """
    Competency | A1 | A2 | A3
    Law | 1 - Beginner | 2 - Competent | 4 - Master
    Clients | 1 - Beginner | 3 - Proficient | 3 - Proficient"""
WORDS = """
    Competency | A1 | A2 | A3
    Law | Working | Advanced | Expert
    Clients | Working | Working | Advanced"""


@pytest.mark.parametrize("header", ["Law (manager) [1-4]", "Law (manager)", "Law (manager) (1 to 5)"])
def test_ratings_are_not_stretched_to_an_end_that_the_ladder_does_not_name(tmp_path: Path, header: str):
    pack = made(tmp_path, NUMBERS)
    assert ratings(tmp_path, pack, header, range(1, 5)) == [1, 2, 3, 4]


def test_ratings_are_stretched_to_a_scale_that_the_ladder_names(tmp_path: Path):
    pack = made(tmp_path, f"    Scale: 1 to 5\n{NUMBERS}")
    assert ratings(tmp_path, pack, "Law (manager) [1-4]", (1, 4)) == [1, 5]


def test_a_scale_that_cannot_be_that_of_the_ladder_is_asked_about(tmp_path: Path):
    pack = made(tmp_path, NUMBERS)
    with pytest.raises(InputError) as found:
        ratings(tmp_path, pack, "Law (manager) [1-10]", (1, 9))
    assert "go up to 4, and nobody has said where their scale ends. Which scale are the rules on?" in str(
        found.value
    )
    assert "`readiness pack new ... --scale 1..10`" in str(found.value)
    said = made(below(tmp_path, "said"), NUMBERS, "--scale", "1..10")
    assert ratings(tmp_path, said, "Law (manager) [1-10]", (1, 9)) == [1, 9]


def test_ratings_beyond_an_end_that_was_taken_are_asked_about_with_how_to_say_the_end(tmp_path: Path):
    pack = made(tmp_path, NUMBERS)
    with pytest.raises(InputError, match=r"`readiness pack new \.\.\. --scale 1\.\.6`"):
        ratings(tmp_path, pack, "Law (manager)", [6, 6, 5, 4] * 4)


def test_words_that_the_ladder_puts_beside_its_numbers_are_read_as_these_numbers(tmp_path: Path):
    pack = made(tmp_path, CALLED)
    written = ["Master", "Proficient", "Competent", "Beginner"]
    assert ratings(tmp_path, pack, "Law (manager)", written) == [4, 3, 2, 1]
    labelled = ["4 - Master", "3 - Proficient", "1 - Beginner"] * 12
    assert ratings(tmp_path, pack, "Law (manager)", labelled) == [4, 3, 1] * 12


def test_words_of_a_set_are_read_a_point_apart_where_the_ladder_has_numbers_alone(tmp_path: Path):
    pack = made(tmp_path, NUMBERS)
    written = ["Beginner", "Intermediate", "Advanced", "Expert"]
    assert ratings(tmp_path, pack, "Law (manager)", written) == [1, 2, 3, 4]


def test_numbers_beside_a_ladder_that_may_not_name_all_its_words_are_asked_about(tmp_path: Path):
    pack = made(tmp_path, WORDS)
    with pytest.raises(InputError) as found:
        ratings(tmp_path, pack, "Law (manager) [1-4]", (1, 4))
    assert "Those that the rules ask for are the words Working, Advanced, Expert" in str(found.value)
    whole = made(below(tmp_path, "whole"), WORDS, "--words", "Basic, Working, Advanced, Expert")
    assert ratings(tmp_path, whole, "Law (manager) [1-4]", (1, 4, 3)) == [1, 4, 3]
    assert ratings(tmp_path, pack, "Law (manager) [1-3]", (1, 3)) == [1, 3]


def below(folder: Path, name: str) -> Path:
    """A new folder."""
    (folder / name).mkdir()
    return folder / name


def ratings(folder: Path, pack: RulePack, header: str, written) -> list[float]:
    """What was read of ratings by the manager, person by person."""
    rows = "\n".join(f"E{number} | A2 | {rating}" for number, rating in enumerate(written))
    path = book(folder / "people.xlsx", f"Employee ID | Level | {header}\n{rows}")
    roster: Roster = load_roster((path,), vocabulary_of(pack), DAY)
    return [units / UNITS_PER_POINT for units in roster.ratings["law:manager"]]
