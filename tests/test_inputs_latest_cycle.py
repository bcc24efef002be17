"""The latest cycle may have just begun, or leave people out: it is asked about, and they are named."""

import pytest
from openpyxl import Workbook

from inputs.answering import understand, with_answer
from inputs.files.reading import read_file
from inputs.mapping import FileMapping
from tests.read_rosters import DAY, WORDS, assessed, points, question, read, told

HEAD = ("Employee ID", "Level", "Communication (manager)")
EARLIER = tuple((f"E{at}", "Senior PM", 1 + at % 5) for at in range(8))


def book(path, latest, *, titles=("H1 2026", "H2 2026")):
    made = Workbook()
    made.remove(made.active)
    for title, rows in zip(titles, (EARLIER, latest), strict=True):
        sheet = made.create_sheet(title)
        for row in (HEAD, *rows):
            sheet.append(row)
    made.save(path)
    return path


@pytest.mark.parametrize(
    "latest", [EARLIER[:3], [row[:2] for row in EARLIER]], ids=["few-people", "no-ratings"]
)
def test_a_sheet_of_a_cycle_that_has_just_begun_is_asked_about(tmp_path, latest):
    path = book(tmp_path / "cycles.xlsx", latest)
    assert f"'H2 2026', has {len(latest[0]) // 3 * 3} rating" in question(path)
    (asked,) = understand(read_file(path), WORDS, DAY, FileMapping()).questions
    answered = with_answer(FileMapping(), asked.kind, asked.choices[0].given)
    assert points(read(path, mapping=answered), "communication:manager") == [row[2] for row in EARLIER]


def test_people_of_an_earlier_sheet_whom_the_latest_does_not_have_are_named(tmp_path):
    roster = read(book(tmp_path / "cycles.xlsx", EARLIER[:6], titles=("2024", "2025")))
    assert len(assessed(roster)) == 6
    assert (
        told(roster, "earlier_cycle")[1] == "2 people of '2024' are not in '2025', and not assessed: E6, E7."
    )


def test_columns_of_a_cycle_that_has_just_begun_are_asked_about(tmp_path):
    path = tmp_path / "cycles.csv"
    rows = [",".join(map(str, (*row, 4 if at == 0 else ""))) for at, row in enumerate(EARLIER)]
    head = "Employee ID,Level,Communication (manager) H1 2026,Communication (manager) H2 2026"
    path.write_text("\n".join([head, *rows]), encoding="utf-8")
    assert "'h2 2026', has 1 rating, and 'h1 2026' has 8" in question(path)
    assert points(read(path, mapping=FileMapping(cycle="H2 2026")), "communication:manager")[:2] == [4, None]


def test_rows_of_a_cycle_that_nobody_has_filled_in_are_asked_about(tmp_path):
    path = tmp_path / "rows.csv"
    rows = [
        f"{one},{level},{cycle},{n if cycle == 'H1 2026' else ''}"
        for one, level, n in EARLIER
        for cycle in ("H1 2026", "H2 2026")
    ]
    path.write_text("\n".join(["Employee ID,Level,Cycle,Communication (manager)", *rows]), encoding="utf-8")
    assert "'H2 2026', has 0 ratings, and 'H1 2026' has 8" in question(path)
    roster = read(path, mapping=FileMapping(cycle="H1 2026"))
    assert points(roster, "communication:manager") == [row[2] for row in EARLIER]


def test_rows_of_two_cycles_whose_ratings_are_nobodys_yet_end_in_the_question_whose_they_are(tmp_path):
    rows = [f"E{at},PM,{year},{1 + at}\n" for at in range(3) for year in (2025, 2026)]
    path = tmp_path / "voices.csv"
    path.write_text("Employee ID,Level,Review Cycle,Communication (Omar P)\n" + "".join(rows))
    assert "“Omar P”" in understand(read_file(path), WORDS, DAY, FileMapping()).questions[0].title
