"""Text files of very many people: read in little memory, and read as small ones are."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from engine import vocabulary_of
from inputs import InputError
from inputs.files import text_files
from inputs.loading import load_roster, read_files
from rules import load_pack
from tests.company_files import write_sample_csv

DAY = date(2026, 6, 30)
CASES = Path(__file__).parent / "cases" / "inputs"
PACK = load_pack("product_management")


def told(path: Path) -> object:
    """Everything that is read from a file, or why it is not read."""
    try:
        roster = load_roster([path], vocabulary_of(PACK), DAY)
    except InputError as stopped:
        return str(stopped)
    frames = (roster.people, roster.ratings, roster.comments, roster.not_assessable)
    unused = roster.unused.cast(dict.fromkeys(roster.unused.columns, pl.String))
    return [frame.to_dict(as_series=False) for frame in (*frames, unused)], roster.issues, roster.columns


@pytest.mark.parametrize("path", sorted(CASES.glob("*.csv")), ids=lambda path: path.stem)
def test_whose_texts_are_kept_once_is_read_as_any_other(path, monkeypatch):
    small = told(path)
    monkeypatch.setattr(text_files, "_LOOKED_AT", 2)
    monkeypatch.setattr(text_files, "_TIMES", 0)
    assert small == told(path)


def test_ratings_of_many_people_take_two_bytes_each(tmp_path):
    write_sample_csv(tmp_path / "many.csv", vocabulary_of(PACK), 12_000)
    (sheet,) = read_files([tmp_path / "many.csv"])
    rated = [name for name, head in sheet.cells.row(0, named=True).items() if "(manager)" in head]
    assert sum(sheet.cells[name].to_physical().estimated_size() for name in rated) < 2.2 * 12_001 * len(rated)


def test_columns_whose_texts_differ_only_far_below_are_read_whole(tmp_path):
    numbers = ["1"] * 12_000 + [str(number) for number in range(70_000)]
    (tmp_path / "many.csv").write_text("".join(f"a,{one}\n" for one in numbers), encoding="utf-8")
    (sheet,) = read_files([tmp_path / "many.csv"])
    assert sheet.cells["B"].cast(pl.String).to_list() == numbers


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_letters_where_a_piece_of_the_text_ends_stay_whole(tmp_path, monkeypatch, encoding):
    monkeypatch.setattr(text_files, "_DECODED_AT_ONCE", 3)
    text = "id,name\nE1,Zoë Müller\nE2,Ana Núñez\n" + ("" if encoding == "cp1252" else "E3,李 🌱\n")
    (tmp_path / "a.csv").write_bytes(text.encode(encoding))
    (sheet,) = read_files([tmp_path / "a.csv"])
    assert sheet.cells.rows() == [tuple(line.split(",")) for line in text.splitlines()]
