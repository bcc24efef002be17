"""More exports as people have them: read as written, or asked about, and never something else."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from engine import vocabulary_of
from inputs import UNITS_PER_POINT, InputError, Roster, load_roster
from rules import load_pack

DAY = date(2026, 6, 30)
WORDS = vocabulary_of(load_pack("product_management"))
Row = Sequence[object]


def written(path: Path, *rows: Row) -> Path:
    path.write_text("\n".join(";".join(map(str, row)) for row in rows) + "\n", encoding="utf-8")
    return path


def read(*paths: Path) -> Roster:
    return load_roster(paths, WORDS, DAY)


def question(*paths: Path) -> str:
    with pytest.raises(InputError) as stopped:
        load_roster(paths, WORDS, DAY)
    return str(stopped.value)


def ratings(roster: Roster, column: str) -> list[float | None]:
    return [None if units is None else units / UNITS_PER_POINT for units in roster.ratings[column].to_list()]


def test_few_ratings_in_words_under_a_word_nobody_explained_are_asked_about(tmp_path: Path) -> None:
    path = written(
        tmp_path / "words.csv",
        ["Employee ID", "Level", "Communication self", "Communication Facilitator"],
        ["E1", "Product Manager", "Needs improvement", "Exceeds expectations"],
        ["E2", "Product Manager", "Outstanding", "Meets expectations"],
        ["E3", "Senior PM", "Meets expectations", "Outstanding"],
        ["E4", "Senior PM", "Exceeds expectations", "Needs improvement"],
        ["E5", "Lead PM", "Unsatisfactory", "Unsatisfactory"],
    )
    assert "who rated under this word: 'Facilitator'" in question(path)
