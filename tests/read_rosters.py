"""Made files read with the words of the shipped pack for product people, and what is found in them."""

from datetime import date
from pathlib import Path

import pytest

from engine import vocabulary_of
from inputs import UNITS_PER_POINT, InputError, Roster
from inputs.loading import load_roster
from inputs.mapping import FileMapping
from rules import load_pack
from tests.made_files import Row, write_lines

DAY = date(2026, 6, 30)
WORDS = vocabulary_of(load_pack("product_management"))


def read(*paths: Path, mapping: FileMapping | None = None) -> Roster:
    return load_roster(paths, WORDS, DAY, mapping)


def read_rows(folder: Path, *rows: Row) -> Roster:
    """Of a text file with these rows, whose cells may have commas and semicolons."""
    return read(write_lines(folder / "people.csv", *rows, between="|"))


def question(*paths: Path) -> str:
    """What has to be answered before the files can be read."""
    with pytest.raises(InputError) as stopped:
        load_roster(paths, WORDS, DAY)
    return str(stopped.value)


def assessed(roster: Roster) -> list[str]:
    """The ids of those who can be."""
    return roster.people["employee_id"].to_list()


def told(roster: Roster, kind: str) -> list[str]:
    """The problems of one kind."""
    return [issue.problem for issue in roster.issues if issue.kind == kind]


def points(roster: Roster, column: str) -> list[float | None]:
    """A column of ratings, as they were given."""
    return [None if units is None else units / UNITS_PER_POINT for units in roster.ratings[column].to_list()]
