"""Small hostile and broken files of `cases/hostile`: each ends soon, in one sentence or a right reading."""

import os
import shutil
import signal
import sys
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from engine import assess, vocabulary_of
from inputs import InputError
from inputs.files import text_files
from inputs.loading import load_roster, read_files
from inputs.mapping import read_mapping
from readiness.cli import main
from readiness.plain_terminal import plain
from reports.workbook import issues_workbook, mark_issues
from reports.writing import Wanted, write_run
from rules import load_pack

CASES = Path(__file__).parent / "cases" / "hostile"
DAY = date(2026, 6, 30)
SECONDS = 300
"""It takes less than ten, on a busy machine a minute; whoever waits for more waits for ever."""
NO_SHEET = "the workbook has no sheet that can be read"
REFUSED = {
    "chart_only.xlsx": "no row looks like the header of a table of ratings",
    "fuzz-2.xlsx": NO_SHEET,
    "fuzz-3.xlsx": NO_SHEET,
    "rel_http.xlsx": NO_SHEET,
    "rel_traversal.xlsx": NO_SHEET,
    "nums.csv": "Ratings by the manager mix numbers",
}
READ = {
    "fuzz-1.xlsx": set(),
    "id-300-with-people.xlsx": set(),
    "impossible-date.xlsx": {"unknown_level"},
    "manager-name-300.xlsx": set(),
    "mysql.csv": set(),
    "re_c.xlsx": set(),
    "re_col.xlsx": set(),
    "re_merge.xlsx": set(),
    "re_row.xlsx": set(),
    "terminal-escape.csv": {"unknown_level"},
    "zero-date.xlsx": {"unknown_level"},
}
"""With the kinds of errors that are reported."""


@pytest.fixture(scope="module")
def pack():
    return load_pack("product_management")


@pytest.fixture(autouse=True)
def soon():
    """Stop a test that does not end."""
    if sys.platform == "win32":
        yield
        return

    def stop(*_):
        raise TimeoutError(f"not done after {SECONDS} seconds")

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    yield
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, before)


def test_every_file_of_the_folder_is_in_a_table():
    assert {path.name for path in CASES.iterdir()} == {*REFUSED, *READ, "mapping-with-a-key-twice.yaml"}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_read_is_refused_in_one_sentence(pack, name):
    with pytest.raises(InputError) as told:
        load_roster([CASES / name], vocabulary_of(pack), DAY)
    assert REFUSED[name] in str(told.value)


@pytest.mark.parametrize("name", READ)
def test_what_can_be_read_is_and_its_issues_are_told_with_their_cells(pack, name):
    roster = load_roster([CASES / name], vocabulary_of(pack), DAY)
    assert roster.people.height
    errors = {issue.kind for issue in roster.issues if issue.severity == "error" and issue.cell}
    assert errors >= READ[name]
    assert issues_workbook(mark_issues(roster, read_files([CASES / name])))


def test_a_mapping_with_a_key_twice_is_refused():
    with pytest.raises(InputError, match=r"line 2: 'date_order' is there twice"):
        read_mapping(CASES / "mapping-with-a-key-twice.yaml")


def test_endless_numbers_are_issues_of_their_cells(pack, tmp_path):
    head, *rows = (CASES / "nums.csv").read_text(encoding="utf-8").splitlines()
    endless = [row for row in rows if len(row) > 400 and '"4.0' not in row]
    good = [f"G{number},Senior PM,4" for number in range(20)]
    (tmp_path / "nums.csv").write_text("\n".join([head, *good, *endless]), encoding="utf-8")
    roster = load_roster([tmp_path / "nums.csv"], vocabulary_of(pack), DAY)
    told = {issue.cell for issue in roster.issues if issue.column == "C" and issue.row}
    assert told == {f"C{number}" for number in range(22, 22 + len(endless))}
    assert roster.ratings["communication:manager"].drop_nulls().len() == len(good)


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="such names do not exist there")
def test_a_file_whose_name_is_no_text_is_refused(pack, tmp_path):
    path = tmp_path / os.fsdecode(b"rat\xff.csv")
    path.write_bytes((CASES / "mysql.csv").read_bytes())
    with pytest.raises(
        InputError, match=r"^rat\\udcff\.csv: the name of the file has bytes that are not text"
    ):
        load_roster([path], vocabulary_of(pack), DAY)


def test_a_line_without_end_is_refused_at_once(pack, tmp_path):
    head = b"Employee ID,Level,Communication (manager)\nE1,Senior PM,4\n"
    (tmp_path / "line.csv").write_bytes(head + b"E2,Senior PM,4" + b"x" * 5_000_000)
    with pytest.raises(InputError, match="line 3: the line has more than 4 MB"):
        load_roster([tmp_path / "line.csv"], vocabulary_of(pack), DAY)
    (tmp_path / "lines.csv").write_bytes(head + b"E2,Senior PM,4\n" * 400_000)
    text_files._require_lines(tmp_path / "lines.csv", (tmp_path / "lines.csv").read_bytes())


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("x\n" * 40_000, "the file would take"),
        ("a,b,c\n" * 1_000, "the file has 3,000 fields, which take"),
        (f"a{',' * 999}\n" + "x\n" * 100, "the file has 101,000 fields, which take"),
        (f"title\n{',' * 499}x\n" + "x\n" * 100, "the file has 51,000 fields, which take"),
        ("title\n" + "a,b,c\n" * 250, "the file has 751 fields, which take"),
    ],
    ids=["text", "fields", "short lines below a wide one", "a wide line below a title", "uneven lines"],
)
def test_what_would_take_too_much_memory_is_refused_before_it_is_taken(
    pack, tmp_path, monkeypatch, text, told
):
    monkeypatch.setattr(text_files, "MEMORY_LIMIT", 50_000)
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=rf"{told} .* GB of memory, .*\. Leave out columns"):
        load_roster([tmp_path / "a.csv"], vocabulary_of(pack), DAY)


def test_more_columns_than_a_sheet_can_have_are_refused_before_they_are_read(pack, tmp_path):
    (tmp_path / "a.csv").write_text("a" * 50_000 + "," * 1_000_000 + "\nE1\n", encoding="utf-8")
    with pytest.raises(InputError, match="a line has 1,000,001 fields, more than a sheet can have"):
        load_roster([tmp_path / "a.csv"], vocabulary_of(pack), DAY)


@pytest.mark.parametrize("written", ["2026-02-30", "0000-00-00 00:00:00", "31.04.2025", "2025-13-01"])
def test_a_day_that_does_not_exist_is_an_issue_of_its_cell(pack, tmp_path, written):
    text = f"Employee ID,Level,In Level Since,Communication (manager)\nE1,Senior PM,{written},4\n"
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    roster = load_roster([tmp_path / "a.csv"], vocabulary_of(pack), DAY)
    assert "C2" in {issue.cell for issue in roster.issues}
    assert roster.people["level_since"].to_list() == [None]
    assert issues_workbook(mark_issues(roster, read_files([tmp_path / "a.csv"])))


@pytest.mark.parametrize("name", ["id-300-with-people.xlsx", "manager-name-300.xlsx"])
def test_however_long_a_name_is_every_page_is_written_and_stays_apart(pack, tmp_path, name):
    book = openpyxl.load_workbook(CASES / name)
    for sheet in book:
        sheet.delete_rows(6, sheet.max_row)
    book.save(tmp_path / name)
    roster = load_roster([tmp_path / name], vocabulary_of(pack), DAY)
    run = write_run(assess(roster, pack, DAY), tmp_path / "run", wanted=Wanted(people=True, packets=True))
    people = {one.employee_id for one in run.explanations}
    for folder in ("people", "packets"):
        names = [path.name for path in (tmp_path / "run" / folder).iterdir()]
        assert len(names) == len(people)
        assert max(map(len, names)) < 120
    assert max(len(path.name) for path in (tmp_path / "run" / "managers").iterdir()) < 120


def test_an_escape_sequence_does_not_reach_the_terminal(tmp_path):
    told = [
        "assess",
        str(shutil.copy(CASES / "terminal-escape.csv", tmp_path)),
        "--out",
        str(tmp_path / "run"),
    ]
    answer = CliRunner().invoke(main, [*told, "--as-of", "2026-06-30"], color=True)
    assert answer.exit_code == 0, answer.output
    assert r"E2\x1b[1A\x1b[2K" in answer.stderr
    assert "\x1b" not in answer.stderr


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain\n\ttext", "plain\n\ttext"),
        ("\x1b[31mred\x1b[0m", "\x1b[31mred\x1b[0m"),
        ("\x1b]0;title\x07", r"\x1b]0;title\x07"),
        ("a\rb\x9bc\u202ed", r"a\rb\x9bc\u202ed"),
        ("Ünal → 3½", "Ünal → 3½"),
    ],
)
def test_control_characters_are_shown_as_such_and_colours_stay(text, shown):
    assert plain(text) == shown
