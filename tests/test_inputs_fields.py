"""A column is one thing: a row of the table of fields and its spellings are all that a new one needs."""

import subprocess
import sys
from pathlib import Path
from shutil import copytree, ignore_patterns

import pytest
import yaml

from inputs.fields import FIELDS

HOUSE = Path(__file__).parents[1]
ROW = """LOCATION = Field(
    "location", absence_costs="nothing can be shown by location", why="to count by location", seen_by=HR
)
"""
BEFORE = "FIELDS: Mapping"
WORDS = "  location: [location, place of work]\n"
WIDE = "Employee ID,Level,Place of Work,Communication (self),Communication (manager)\nE1,SPM,Berlin,3,4\n"
LONG = (
    "Employee ID,Level,Place of Work,Competency,Rater,Rating\n"
    "E1,SPM,Berlin,Communication,Self,3\nE1,SPM,,Communication,Manager,4\n"
)
PROGRAM = """
import sys
from pathlib import Path
from inputs.loading import load_roster
from inputs.inspection import inspect_files
from inputs.transcript import inspection_lines, mapping_text
from tests.inputs_vocabulary import DAY, VOCABULARY
path = [Path(sys.argv[1])]
roster = load_roster(path, VOCABULARY, DAY)
print(roster.people["location"].to_list(), roster.cell(0, "location"), roster.unused.columns)
inspection = inspect_files(path, VOCABULARY, DAY)
print(*inspection_lines(inspection), mapping_text(inspection), sep="\\n")
"""


@pytest.fixture
def extended(tmp_path: Path) -> Path:
    """A copy of `inputs` to which a column was added as CONTRIBUTING says."""
    ignored = ignore_patterns("broken_packs", "awkward", "__pycache__")
    for name in ("inputs", "rules", "engine", "reports", "readiness", "tests"):
        copytree(HOUSE / name, tmp_path / name, ignore=ignored)
    for path, before, row in (
        ("inputs/fields.py", BEFORE, ROW),
        ("inputs/words/columns.yaml", "  level: [", WORDS),
    ):
        text = (tmp_path / path).read_text(encoding="utf-8")
        assert text.count(before) == 1
        (tmp_path / path).write_text(text.replace(before, row + before), encoding="utf-8")
    return tmp_path


def said_of(folder: Path, text: str, *words: str) -> str:
    """What a program prints about a file, the one above unless other words are given."""
    (folder / "export.csv").write_text(text, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, *(words or ("-c", PROGRAM, str(folder / "export.csv")))],
        cwd=folder,
        env={"PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("text", [WIDE, LONG])
def test_a_new_column_comes_through_in_every_shape_of_file_and_in_inspect(text: str, extended: Path) -> None:
    said = said_of(extended, text)
    assert said.startswith("['Berlin'] C2 ['row', 'employee_id']\n")
    assert "C  Place of Work" in said
    assert "location (known name)" in said
    assert 'C: {header: "Place of Work", is: "location"}' in said


def test_what_the_absence_of_a_new_column_costs_is_said(extended: Path) -> None:
    said = said_of(extended, WIDE.replace("Place of Work", "Office"))
    assert said.startswith("[None] None ['row', 'employee_id', 'Office']\n")
    assert "- No location: nothing can be shown by location." in said


def test_every_spelling_belongs_to_a_field_and_only_mappings_name_the_rest() -> None:
    words = yaml.safe_load((HOUSE / "inputs" / "words" / "columns.yaml").read_text(encoding="utf-8"))
    assert words["fields"].keys() <= FIELDS.keys()
    by_who = {
        f"{who}_{what}" for who in ("manager", "rater") for what in ("email", "first_name", "last_name")
    }
    rest = FIELDS.keys() - words["fields"].keys()
    assert rest - by_who == {"ratee_role", "self_rating", "manager_rating"}


def test_the_record_says_what_a_new_column_is_for(extended: Path) -> None:
    said_of(extended, WIDE, "-m", "readiness", "record", "export.csv", "--out", "record.html")
    said = (extended / "record.html").read_text(encoding="utf-8")
    assert "Place of Work (C)</td><td>To count by location" in said
