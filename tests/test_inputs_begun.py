"""Files are read once, and a workbook is read while other things are done."""

import tempfile
import zipfile
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from inputs import InputError
from inputs.loading import begin_reading, load_roster, read_files, roster_of
from reports.workbook import issues as drawing
from reports.workbook import issues_workbook, mark_issues
from tests.command_line import call, succeeded
from tests.inputs_vocabulary import DAY, VOCABULARY
from tests.made_files import write_sheet

HEADER = ("Employee ID", "Level", "Communication (manager)")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    people = [("E1", "Senior PM", 4), ("E2", "Senior PM", "often"), ("E3", "Senior PM", 3)]
    return write_sheet(tmp_path / "ratings.xlsx", HEADER, *people)


@pytest.fixture
def broken(path: Path) -> Path:
    """A workbook whose sheet ends in the middle."""
    whole = path.with_name("whole.xlsx")
    path.rename(whole)
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, data[:300] if name.endswith("sheet1.xml") else data)
    return path


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "scratch"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def test_sheets_that_were_begun_make_the_same_roster(path: Path) -> None:
    with begin_reading([path]) as sheets:
        roster = roster_of(sheets(), VOCABULARY, DAY)
    whole = load_roster([path], VOCABULARY, DAY)
    assert roster.ratings.equals(whole.ratings)
    assert (roster.issues, roster.sources) == (whole.issues, whole.sources)


def test_what_fails_in_between_stops_the_reader_and_leaves_nothing(path: Path, scratch: Path) -> None:
    def fail_in_between() -> None:
        with begin_reading([path]):
            assert len(list(scratch.iterdir())) == 1
            raise KeyError("rules")

    with pytest.raises(KeyError):
        fail_in_between()
    assert list(scratch.iterdir()) == []


def test_a_file_that_cannot_be_read_by_its_name_is_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "ratings.pdf").write_text("%PDF")
    with pytest.raises(InputError, match="A PDF holds a picture"), begin_reading([tmp_path / "ratings.pdf"]):
        raise AssertionError("it was begun")


def test_a_broken_workbook_is_told_when_its_sheets_are_asked_for(broken: Path) -> None:
    with begin_reading([broken]) as sheets, pytest.raises(InputError, match="cannot be read as a workbook"):
        sheets()


@pytest.mark.parametrize("pack", ["no_such_pack", "product_management"])
def test_the_file_or_the_rules_stop_the_command_with_one_sentence(broken: Path, pack: str) -> None:
    out = str(broken.parent / "out")
    told = call("assess", broken, "--out", out, "--pack", pack)
    assert told.exit_code == 1
    assert told.stderr.startswith("Stopped: ")
    assert ("no_such_pack" in told.stderr) == (pack == "no_such_pack")


def test_the_marked_copy_holds_what_was_read_whatever_became_of_the_file(path: Path, tmp_path: Path) -> None:
    sheets = read_files([path])
    marking = mark_issues(roster_of(sheets, VOCABULARY, DAY), sheets)
    path.unlink()
    (tmp_path / "issues.xlsx").write_bytes(issues_workbook(marking))
    copy = openpyxl.load_workbook(tmp_path / "issues.xlsx")["Sheet"]
    assert [cell.value for cell in copy[3]] == ["E2", "Senior PM", "often"]
    assert "cannot be read as a rating" in copy["C3"].comment.text


def test_of_a_large_sheet_no_more_is_kept_than_its_header_and_the_rows_with_issues(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drawing, "WHOLE_COPY", 11)
    sheets = read_files([path])
    marking = mark_issues(roster_of(sheets, VOCABULARY, DAY), sheets)
    (excerpt,) = marking.excerpts
    assert excerpt.sheet.cells.rows() == [HEADER, ("E2", "Senior PM", "often")]
    (tmp_path / "issues.xlsx").write_bytes(issues_workbook(marking))
    book = openpyxl.load_workbook(tmp_path / "issues.xlsx")
    assert [[cell.value for cell in row] for row in book["Sheet"]["A1:A3"]] == [
        ["Employee ID"],
        [None],
        ["E2"],
    ]
    assert "only the rows with issues are copied" in book["Issues"]["A2"].value


@pytest.mark.parametrize(("name", "marked"), [("people.parquet", False), ("people.csv", True)])
def test_parquet_has_no_marked_copy(tmp_path: Path, name: str, marked: bool) -> None:
    frame = pl.DataFrame([("E1", "Senior PM", 4)], schema=HEADER, orient="row")
    (frame.write_parquet if name.endswith(".parquet") else frame.write_csv)(tmp_path / name)
    succeeded("assess", tmp_path / name, "--out", tmp_path / "out")
    assert (tmp_path / "out" / "issues.xlsx").exists() == marked
