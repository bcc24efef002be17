"""For the record: what it says of each field is what the program does."""

import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from engine import assess, vocabulary_of
from inputs.fields import FIELDS
from inputs.inspection import inspect_files
from inputs.loading import load_roster
from reports.record import RecordShown, show_record
from reports.record.shown import record_texts
from reports.writing import Wanted, write_run
from tests.command_line import call, succeeded
from tests.small import DAY, pack

READ = {
    "Employee ID": "E{n}",
    "Name": "NAME{n}",
    "Manager ID": "MGRID{n}",
    "Manager Name": "MGRNAME{n}",
    "Department": "DEPARTMENT{n}",
    "Level": "Junior",
    "In Level Since": "2023-03-04",
    "Review Date": "2026-05-06",
    "Drive (self)": "3",
    "Drive (manager)": "4",
    "Care (self)": "4",
    "Care (manager)": "3",
    "Drive comment (self)": "OWNWORDS{n}",
    "Drive comment (manager)": "GIVENWORDS{n}",
}
UNREAD = {"Favourite colour": "COLOUR{n}", "Gender": "GENDER{n}", "Shoe size": "{n}"}


def sheet(folder: Path, columns: Mapping[str, str], ids: Sequence[int] = range(4)) -> Path:
    """A file of people; `{n}` is a person's number, in columns that are not read the row's."""
    rows = [
        ",".join(text.format(n=row if name in UNREAD else one) for name, text in columns.items())
        for row, one in enumerate(ids)
    ]
    folder.mkdir(exist_ok=True)
    path = folder / "ratings.csv"
    path.write_text("\n".join([",".join(columns), *rows]), encoding="utf-8")
    return path


def record(path: Path) -> RecordShown:
    return show_record(inspect_files((path,), vocabulary_of(pack()), DAY), pack(), DAY, None)


def outputs(path: Path) -> dict[str, bytes]:
    """Every file of the run, without the hashes of the input that it names."""
    run = path.parent / "run"
    roster = load_roster((path,), vocabulary_of(pack()), DAY)
    written = write_run(assess(roster, pack(), DAY), run, wanted=Wanted(people=True, packets=True))
    hashes = [written.fingerprint.encode(), roster.sources[0].sha256.encode()]
    found = {}
    for one in sorted(run.rglob("*")):
        if one.is_file() and one.name not in ("timings.json", "files.json"):
            contents = one.read_bytes()
            if one.suffix == ".xlsx":
                book = zipfile.ZipFile(one)
                contents = b"".join(book.read(name) for name in book.namelist())
            for value in hashes:
                contents = contents.replace(value, b"")
            found[str(one.relative_to(run))] = contents
    return found


def test_every_field_that_can_be_read_has_its_reason_and_who_sees_it_has_a_name() -> None:
    texts = record_texts()
    assert all(len(field.why) > 10 for field in FIELDS.values())
    assert set().union(*(field.seen_by for field in FIELDS.values())) <= texts.who.keys()


def test_columns_that_are_not_listed_change_no_byte(tmp_path: Path) -> None:
    """Only files that say which file was read differ: in its hash."""
    whole = sheet(tmp_path / "whole", READ | UNREAD)
    shown = record(whole)
    assert [one.rpartition(" (")[0] for one in shown.unread] == list(UNREAD)
    listed = [one.rpartition(" (")[0] for field in shown.read for one in field.columns]
    assert sorted(listed) == sorted(READ)
    assert outputs(whole) == outputs(sheet(tmp_path / "listed", READ))


@pytest.mark.parametrize("name", ["Department", "Review Date", "Drive comment (manager)"])
def test_columns_that_are_listed_change_something(name: str, tmp_path: Path) -> None:
    less = {one: text for one, text in READ.items() if one != name}
    assert outputs(sheet(tmp_path / "less", less)) != outputs(sheet(tmp_path / "whole", READ))


def test_columns_by_which_rows_with_one_id_differ_are_named(tmp_path: Path) -> None:
    twice = sheet(tmp_path / "twice", READ | UNREAD, ids=[0, 1, 1])
    shown = record(twice)
    assert shown.unread == ()
    assert [one.rpartition(" (")[0] for one in shown.compared] == list(UNREAD)
    people = [
        load_roster((one,), vocabulary_of(pack()), DAY).people.height
        for one in (twice, sheet(tmp_path / "listed", READ, ids=[0, 1, 1]))
    ]
    assert people == [1, 2]


def test_nobody_sees_what_the_record_does_not_say_they_see(tmp_path: Path) -> None:
    path = sheet(tmp_path / "run", READ)
    shown, written = record(path), outputs(path)
    pages = {"hr": "report.html", "manager": "managers/mgrname0.html"}
    pages |= {"committee": "packets/E0.html", "person": "people/E0.html"}
    texts = {who: written[name].decode() for who, name in pages.items()}
    marks = {"Name": "NAME0", "Manager ID": "MGRID0", "Manager Name": "MGRNAME0", "Department": "DEPARTMENT0"}
    marks |= {"Drive comment (self)": "OWNWORDS0", "Drive comment (manager)": "GIVENWORDS0"}
    for column, mark in marks.items():
        (field,) = (
            one for one in shown.read if any(place.startswith(f"{column} (") for place in one.columns)
        )
        assert {who for who, text in texts.items() if mark in text} <= field.who, column
        assert mark in texts["hr"]


def test_the_page_names_law_without_claiming_to_comply(tmp_path: Path) -> None:
    path = sheet(tmp_path / "run", READ | UNREAD)
    out = tmp_path / "record.html"
    ratings = tmp_path / "ratings.csv"
    ratings.write_text(path.read_text().replace("Drive", "Communication").replace("Care", "Results"))
    ratings.write_text(ratings.read_text().replace("Junior", "Product Manager"))
    succeeded("record", ratings, "--out", out, "--as-of", "2026-06-30", "--kept", "two years.")
    page = out.read_text(encoding="utf-8")
    for words in (
        "Annex III point 4(b)",
        "Articles 11 and 12",
        "Articles 13 and 14",
        "Articles 26 and 27",
        "Article 86",
        "2 December 2027",
        "Article 15",
        "Article 22",
        "29 CFR 1607.4(D)",
        "Local Law 144",
        "HB 3773",
        "SB 26-189",
        "section 94",
        "26 November 2026",
        "it claims no compliance with any law",
        "who may open it: two years.",
        "Favourite colour",
        "within 30 days of this letter",
    ):
        assert words in page, words


def test_open_questions_about_columns_come_first(tmp_path: Path) -> None:
    path = tmp_path / "ratings.csv"
    path.write_text("Employee ID,Level,Communication,Results\n1,Product Manager,3,4\n", encoding="utf-8")
    done = call("record", path, "--out", tmp_path / "record.html")
    assert done.exit_code == 1
    assert "1 question is open about the columns" in done.stderr
    assert "answer that first: readiness inspect" in done.stderr
