"""Whatever was written about a person reaches everybody who reads about them."""

from dataclasses import replace
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from engine import assess, explain, vocabulary_of
from inputs import ColumnSource
from inputs.loading import load_roster
from reports.writing import Wanted, write_run
from rules import load_pack
from tests.command_line import call
from tests.made_files import write_lines
from tests.small import DAY, pack, roster

WRITTEN = {
    "comment:overall:manager": "Carried the move to the new platform.",
    "comment:overall:self": "Ready for a larger product.",
    "comment:drive:manager": "Finished what others had given up.",
}
SHOWN = tuple(WRITTEN.values())


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    people = roster([{"drive:manager": 5, "care:manager": 4, "manager_name": "Ada"}, {"drive:manager": 3}])
    comments = pl.DataFrame({name: [text, None] for name, text in WRITTEN.items()})
    named = zip(WRITTEN, "XYZ", strict=True)
    places = (ColumnSource(name, name, "Talks", letter, "known name") for name, letter in named)
    people = replace(people, comments=comments, columns=(*people.columns, *places))
    folder = tmp_path_factory.mktemp("written") / "results"
    write_run(assess(people, pack(), DAY), folder, wanted=Wanted(people=True, packets=True))
    return folder


def test_overall_comments_come_first_each_with_its_cell() -> None:
    people = roster([{"drive:manager": 5}])
    comments = pl.DataFrame({name: [text] for name, text in WRITTEN.items()})
    (one,) = explain(assess(replace(people, comments=comments), pack(), DAY))
    assert [(said.about, said.competency, said.rater) for said in one.comments] == [
        ("Overall", None, "manager"),
        ("Overall", None, "self"),
        ("Drive", "drive", "manager"),
    ]


def test_a_dash_or_no_comment_is_nothing_that_anybody_wrote(tmp_path: Path) -> None:
    said = [
        "-",
        "n/a",
        "N.A.",
        "...",
        "None.",
        "no comments",
        "Keine",
        "—",
        "Not observed",
        "Good",
        "👍",
        "#1 in sales",
    ]
    header = ["Employee ID", "Level", "Communication (manager)", "Communication (manager comment)"]
    rows = [[f"E{at}", "Product Manager", 4, text] for at, text in enumerate(said)]
    path = write_lines(tmp_path / "said.csv", header, *rows)
    known = load_roster([path], vocabulary_of(load_pack("product_management")), DAY)
    kept = known.comments["comment:communication:manager"]
    assert kept.drop_nulls().to_list() == said[-4:]


@pytest.mark.parametrize("page", ["report.html", "managers/ada.html", "packets/E1.html"])
def test_every_page_that_shows_comments_shows_all_of_them(run: Path, page: str) -> None:
    text = (run / page).read_text(encoding="utf-8")
    assert [comment for comment in SHOWN if comment not in text] == []


def test_explain_tells_them_with_their_cells(run: Path) -> None:
    told = " ".join(call("explain", run, "E1").stdout.split())
    assert "Manager overall (Talks!X2): Carried the move to the new platform." in told
    assert "Self overall (Talks!Y2): Ready for a larger product." in told


def test_the_workbook_has_them_beside_the_person(run: Path) -> None:
    sheet = openpyxl.load_workbook(run / "calibration.xlsx")["Details"]
    cells = "\n".join(str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value)
    assert [comment for comment in SHOWN if comment not in cells] == []


def test_nothing_is_said_to_be_written_about_who_has_no_comment(run: Path) -> None:
    assert "What was written" not in call("explain", run, "E2").stdout
    assert "The file has no comments about this person" in (run / "packets" / "E2.html").read_text("utf-8")


def test_notes_are_comments_by_whoever_their_header_names(tmp_path: Path) -> None:
    header = [
        "Employee ID",
        "Level",
        "Communication (manager)",
        "Manager notes",
        "Communication notes (manager)",
    ]
    row = ["E1", "Senior PM", 4, WRITTEN["comment:overall:manager"], WRITTEN["comment:drive:manager"]]
    file = write_lines(tmp_path / "ratings.csv", header, row)
    people = load_roster([file], vocabulary_of(load_pack("product_management")), DAY)
    assert dict(zip(people.comments.columns, people.comments.row(0), strict=True)) == {
        "comment:overall:manager": WRITTEN["comment:overall:manager"],
        "comment:communication:manager": WRITTEN["comment:drive:manager"],
    }
