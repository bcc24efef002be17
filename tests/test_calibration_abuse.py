"""What people do to calibration workbooks: no decision is lost, and none goes to somebody else."""

import json
import re
import shutil
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from openpyxl.comments import Comment
from openpyxl.styles import Font

from engine import assess
from reports.workbook.layout import CALIBRATION_COLUMNS
from reports.writing import Wanted, write_run
from tests.calibration_rows import COLUMNS, FIRST, SESSION, row_of
from tests.command_line import call, succeeded
from tests.folders import contents
from tests.libreoffice import saved_by_libreoffice
from tests.small import DAY, pack, roster
from tests.test_calibration_round_trip import forking_pack

PEOPLE = 7
GIVEN = range(1, COLUMNS["decision"])
YELLOW = range(COLUMNS["decision"], COLUMNS["evidence"])
RATINGS = tuple({"drive:manager": (5, 3.5, 2)[n % 3], "care:manager": 4} for n in range(PEOPLE))


@pytest.fixture(scope="module")
def fresh_run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("abuse") / "run"
    write_run(assess(roster(RATINGS), pack(), DAY), folder, wanted=Wanted(group_by="level"))
    return folder


@pytest.fixture
def run(fresh_run, tmp_path):
    return Path(shutil.copytree(fresh_run, tmp_path / "run"))


def calibrate(*arguments):
    return call("calibrate", *arguments, "--today", "2026-07-02")


def filled(run, path, change=lambda _sheet: None, *, rows=(0, 1, 2), **more):
    """A copy in which the recommendations of some rows are agreed with, after `change` of its sheet."""
    book = openpyxl.load_workbook(run / "calibration.xlsx")
    sheet = book["Calibration"]
    sheet[SESSION["decided_by"]], sheet[SESSION["decided_on"]] = "Panel", date(2026, 7, 1)
    for row in rows:
        made = dict(more)
        made.setdefault("decision", sheet.cell(row_of(sheet, row), COLUMNS["recommendation"]).value)
        for key, value in made.items():
            sheet.cell(row_of(sheet, row), COLUMNS[key]).value = value
    change(sheet)
    book.save(path)
    return path


def put(row, key, value):
    return lambda sheet: setattr(sheet.cell(row_of(sheet, row), COLUMNS[key]), "value", value)


def reverse(columns, *, header=False):
    """Turn the rows of some columns upside down, as sorting them without the others does."""
    rows = range(FIRST - header, FIRST + PEOPLE)

    def change(sheet):
        for column in columns:
            values = [sheet.cell(row, column).value for row in rows]
            for row, value in zip(rows, reversed(values), strict=True):
                sheet.cell(row, column).value = value

    return change


def exchange(key, one, other):
    def change(sheet):
        cells = [sheet.cell(row_of(sheet, row), COLUMNS[key]) for row in (one, other)]
        cells[0].value, cells[1].value = cells[1].value, cells[0].value

    return change


def copy_down(sheet):
    """The decision of the first row, with all that is yellow, for the next two as well."""
    rows = [row_of(sheet, place) for place in range(3)]
    for row in rows[1:]:
        for column in {*YELLOW} - {COLUMNS["status"]}:
            sheet.cell(row, column).value = sheet.cell(rows[0], column).value


def copy_of_the_sheet(sheet):
    """The sheet once more, with a decision that only the copy has."""
    copied = sheet.parent.copy_worksheet(sheet)
    copied.title = "Calibration (2)"
    copied.cell(row_of(sheet, 5), COLUMNS["decision"]).value = "ready now"


def put_header(key, text):
    return lambda sheet: setattr(sheet.cell(FIRST - 1, COLUMNS[key]), "value", text)


NEW_ROW = {"employee_id": "E99", "promotion": "Up", "decision": "ready now"}
WHOSE = "Nobody can tell whose decision this is"
ABUSES = {
    "sorted without the yellow columns": (reverse(GIVEN), WHOSE),
    "only the yellow columns sorted": (reverse(YELLOW), WHOSE),
    "id and name sorted, nothing else": (reverse([COLUMNS["employee_id"], COLUMNS["employee_name"]]), WHOSE),
    "names sorted": (reverse([COLUMNS["employee_name"]]), WHOSE),
    "ids exchanged": (exchange("employee_id", 0, 1), WHOSE),
    "names exchanged": (exchange("employee_name", 0, 1), WHOSE),
    "a name overwritten": (
        put(1, "employee_name", "Somebody"),
        "the name is “Somebody”, but E2 is “Person 2”",
    ),
    "an id overwritten": (put(1, "employee_id", "E99"), "E99, Up is not a row of this run"),
    "an id twice": (put(1, "employee_id", "E1"), "E1, Up appears twice"),
    "a promotion overwritten": (put(1, "promotion", "Sideways"), "E2, Sideways is not a row of this run"),
    "a promotion taken out": (put(1, "promotion", None), "E2, no promotion is not a row of this run"),
    "an error where a name belongs, above the rows": (
        lambda sheet: setattr(sheet[SESSION["decided_by"]], "value", "#REF!"),
        "is an error of the spreadsheet program",
    ),
    "the hidden column taken out": (
        lambda sheet: sheet.delete_cols(COLUMNS["mark"]),
        "no header row with Row of",
    ),
    "the sheet renamed": (lambda sheet: setattr(sheet, "title", "Mine"), "the sheet Calibration is missing"),
    "a decision that is none": (put(1, "decision", "yes"), "“yes” is not a decision"),
    "a decision taken out": (
        lambda sheet: [put(1, "decision", None)(sheet), put(1, "reason", "Seen")(sheet)],
        "but no decision",
    ),
    "the day of the session is none": (
        lambda sheet: setattr(sheet[SESSION["decided_on"]], "value", "31.02.2026"),
        "Give the day of the decision",
    ),
    "the day of the session has no day": (
        lambda sheet: setattr(sheet[SESSION["decided_on"]], "value", "July 2026"),
        "'July 2026' does not say which day. Give the day of the decision",
    ),
    "a day in one row has no day": (put(1, "decided_on", "06/2026"), "'06/2026' does not say which day."),
    "the day of the session is to come": (
        lambda sheet: setattr(sheet[SESSION["decided_on"]], "value", date(2027, 1, 1)),
        "is in the future",
    ),
    "nobody decided": (
        lambda sheet: setattr(sheet[SESSION["decided_by"]], "value", None),
        "decisions do not say who decided, or when",
    ),
    "an answer about the rest that is none": (
        lambda sheet: setattr(sheet[SESSION["rest"]], "value", "perhaps"),
        "“perhaps” is not an answer here",
    ),
    "a date that is none": (put(1, "decided_on", "31.02.2026"), "Give the day of the decision"),
    "a row taken out": (lambda sheet: sheet.delete_rows(row_of(sheet, 1)), "the row of E2, Up is missing"),
    "a decision below the rows": (
        lambda sheet: put(PEOPLE, "decision", "ready now")(sheet),
        "“ready now” is in a row without an employee id; move it to the row of the person, or clear it",
    ),
    "a decision struck through": (
        lambda sheet: setattr(sheet.cell(row_of(sheet, 1), COLUMNS["decision"]), "font", Font(strike=True)),
        "is struck through. Clear the cell, or take the line away.",
    ),
    "a row added by hand": (
        lambda sheet: [put(PEOPLE, key, value)(sheet) for key, value in NEW_ROW.items()],
        "E99, Up is not a row of this run",
    ),
    "a header renamed": (put_header("decision", "Our decision"), "no header row with Decision"),
    "a header twice": (put_header("level", "Decision"), "the column Decision appears twice"),
    "a change without a reason": (put(1, "decision", "developing"), "without a reason code and a reason"),
    "a reason code that is none": (put(1, "reason_code", "Mood"), "“Mood” is not a reason code"),
    "a decision in another language": (put(1, "decision", "bereit"), "“bereit” is not a decision"),
    "a copy of the sheet filled in": (
        copy_of_the_sheet,
        "sheet Calibration (2): 1 decision not in the sheet Calibration, which alone is read.",
    ),
    "a date where a reason belongs": (
        put(1, "reason", date(2026, 5, 3)),
        "“2026-05-03” is a date; the reason belongs here. Write it in words.",
    ),
    "a dash where a reason belongs": (
        lambda sheet: (
            [
                put(1, key, value)(sheet)
                for key, value in (("decision", "developing"), ("reason_code", "Other, see the reason"))
            ]
            and put(1, "reason", " - ")(sheet)
        ),
        "“-” is not a word; the reason belongs here. Write it in words.",
    ),
    "an error where a reason belongs": (put(1, "reason", "#N/A"), "is an error of the spreadsheet program"),
    "a date where a name belongs": (
        lambda sheet: setattr(sheet[SESSION["decided_by"]], "value", date(2026, 7, 1)),
        "“2026-07-01” is a date; who decided belongs here",
    ),
    "a day to come in one row": (put(1, "decided_on", date(2030, 1, 1)), "is in the future"),
    "a day long past in one row": (put(1, "decided_on", date(1999, 1, 1)), "over a year before"),
    "the list of lists taken out": (
        lambda sheet: sheet.parent.remove(sheet.parent["Lists"]),
        "is not a calibration workbook of this version",
    ),
    "another run's number in it": (
        lambda sheet: setattr(sheet.parent["Lists"]["D3"], "value", "ffffffffffff"),
        "belongs to run ffffffffffff",
    ),
    "a formula without a result": (put(1, "decided_by", '=A1&"x"'), "a formula whose result was not stored"),
    "a decision that is a formula without a result, and nothing else in the row": (
        put(5, "decision", "=F6"),
        "a formula whose result was not stored",
    ),
}


@pytest.mark.parametrize("abuse", ABUSES)
def test_nothing_is_decided_for_somebody_else(run, tmp_path, abuse):
    change, words = ABUSES[abuse]
    answer = calibrate(run, filled(run, tmp_path / "edited.xlsx", change), "--apply")
    assert answer.exit_code == 1
    assert words in answer.output
    assert not (run / "decisions-log.jsonl").exists()


HARMLESS = {
    "whole rows sorted": reverse(range(1, len(COLUMNS) + 1)),
    "whole rows sorted with the header among them": reverse(range(1, len(COLUMNS) + 1), header=True),
    "a reason that is called like a column": put(1, "reason", "Evidence"),
    "the rest not agreed to": lambda sheet: setattr(sheet[SESSION["rest"]], "value", "No"),
    "a decision copied to others with all that is yellow": copy_down,
    "the decisions emptied again": lambda sheet: [
        put(row, column.key, None)(sheet)
        for row in range(3)
        for column in CALIBRATION_COLUMNS
        if column.role == "entry"
    ],
    "the labels of the session's cells rewritten, and each row its own": lambda sheet: [
        setattr(sheet[f"C{SESSION['decided_by'][1:]}"], "value", "By:"),
        *(put(row, "decided_by", "Panel")(sheet) for row in range(3)),
    ],
    "bands in capitals and with blanks": lambda sheet: [
        put(row, "decision", "  READY \u00a0 Now ")(sheet) for row in range(3)
    ],
    "a day written as text": lambda sheet: [put(row, "decided_on", "1 July 2026")(sheet) for row in range(3)],
    "a column put in at the left": lambda sheet: sheet.insert_cols(1),
    "rows put in at the top": lambda sheet: sheet.insert_rows(1, 3),
    "columns that nothing needs taken out": lambda sheet: sheet.delete_cols(COLUMNS["confidence"], 6),
    "rows and columns hidden": lambda sheet: [
        setattr(sheet.row_dimensions[FIRST], "hidden", True),
        setattr(sheet.column_dimensions["B"], "hidden", True),
    ],
    "notes beside the session's cells": lambda sheet: setattr(sheet["L3"], "value", "Room 4, 9 o'clock"),
    "a copy of the sheet kept": lambda sheet: sheet.parent.copy_worksheet(sheet),
    "a name in a row without a decision": put(5, "employee_name", "Somebody"),
    "other blanks in a name": put(1, "employee_name", " Person \u00a0 2"),
}


@pytest.mark.parametrize("what", HARMLESS)
def test_what_harms_nobody_is_taken(run, tmp_path, what):
    more = {"decision": "ready now", "reason_code": "Other, see the reason", "reason": "Seen"}
    answer = calibrate(run, filled(run, tmp_path / "edited.xlsx", HARMLESS[what], **more))
    assert answer.exit_code == 0, answer.output
    assert ("0 new" if "emptied" in what else "3 new") in answer.output


def test_a_sort_of_some_columns_by_libreoffice_is_noticed_too(run, tmp_path):
    sheet = openpyxl.load_workbook(run / "calibration.xlsx")["Calibration"]
    moved = [place for place in range(PEOPLE) if row_of(sheet, place) != FIRST + PEOPLE // 2][:3]
    sorted_alone = filled(run, tmp_path / "edited.xlsx", reverse(YELLOW), rows=moved)
    answer = calibrate(run, saved_by_libreoffice(sorted_alone, tmp_path / "office"))
    assert answer.exit_code == 1
    assert answer.output.count(WHOSE) == 3


def test_a_row_that_was_emptied_takes_nothing_back_and_is_not_undecided(decided, tmp_path):
    emptied = filled(decided, tmp_path / "emptied.xlsx", rows=(0, 1))
    answer = calibrate(decided, emptied)
    assert answer.exit_code == 0, answer.output
    assert "0 new, 2 known, 0 in conflict, 4 undecided" in answer.output
    assert (
        "1 row that is empty here is decided already and stays so; to take it back, withdraw it"
        in answer.output
    )


@pytest.mark.parametrize(("step", "said"), [(1, "row above"), (-1, "row below")])
def test_a_column_of_decisions_that_was_moved_by_a_cell_is_told_as_such(run, tmp_path, step, said):
    def move(sheet):
        column, rows = COLUMNS["decision"], range(FIRST, FIRST + PEOPLE)
        values = [sheet.cell(row, column).value for row in rows]
        for row, value in zip(rows, [None, *values[:-1]] if step == 1 else [*values[1:], None], strict=True):
            sheet.cell(row, column).value = value

    agreed = range(PEOPLE - 1) if step == 1 else range(1, PEOPLE)
    answer = calibrate(run, filled(run, tmp_path / "e.xlsx", move, rows=agreed))
    assert f"are what is recommended one {said}. Perhaps the column Decision was moved" in answer.output
    unmoved = filled(run, tmp_path / "f.xlsx", rows=agreed)
    assert "was moved" not in calibrate(run, unmoved, "--apply").output


@pytest.mark.parametrize(("moved", "told"), [(3, True), (2, False)])
def test_three_decisions_show_that_a_column_was_moved_and_two_may_be_chance(run, tmp_path, moved, told):
    def move(sheet):
        bands = [sheet.cell(FIRST + at, COLUMNS["recommendation"]).value for at in range(PEOPLE)]
        parted = [at for at in range(PEOPLE - 1) if bands[at] != bands[at + 1]]
        for at in parted[:moved]:
            sheet.cell(FIRST + at + 1, COLUMNS["decision"]).value = bands[at]

    answer = calibrate(run, filled(run, tmp_path / "e.xlsx", move, rows=()))
    assert answer.exit_code == 1
    assert answer.output.count("without a reason code and a reason") == moved
    assert ("are what is recommended one row above" in answer.output) is told


def test_a_note_to_a_cell_is_named(run, tmp_path):
    def note(sheet):
        sheet.cell(row_of(sheet, 0), COLUMNS["decision"]).comment = Comment(
            "Ben objects,\nsee the mail", "Ada"
        )

    answer = calibrate(run, filled(run, tmp_path / "e.xlsx", note))
    assert (
        "the note “Ben objects, see the mail” stays in this workbook; nothing is made of it" in answer.output
    )


def test_what_would_be_right_is_said_once(run, tmp_path):
    edited = filled(run, tmp_path / "edited.xlsx", put(1, "decided_on", "Ada"))
    said = calibrate(run, edited).output
    assert "'Ada' is not a date. Give the day of the decision as a date, such as 2026-07-01." in said


def test_problems_are_listed_in_the_order_of_the_sheet(run, tmp_path):
    edited = filled(run, tmp_path / "edited.xlsx", rows=range(PEOPLE), decision="ok")
    said = calibrate(run, edited).output
    rows = [int(row) for row in re.findall(r"Calibration!G(\d+): “ok”", said)]
    assert rows == [FIRST + place for place in range(PEOPLE)]


def test_a_row_of_another_group_is_said_to_be_of_another_group(tmp_path):
    people = [{"drive:manager": 4, "department": name} for name in ("North", "South")]
    folder = tmp_path / "run"
    write_run(assess(roster(people), pack(), DAY), folder, wanted=Wanted(group_by="department"))
    books = [openpyxl.load_workbook(folder / "groups" / f"{name}.xlsx") for name in ("north", "south")]
    for column in range(1, len(COLUMNS) + 1):
        cell = books[1]["Calibration"].cell(FIRST, column)
        books[0]["Calibration"].cell(FIRST + 1, column).value = cell.value
    books[0].save(tmp_path / "both.xlsx")
    said = calibrate(folder, tmp_path / "both.xlsx").output
    assert "E2, Up is not a row of department North, which this workbook is for" in said


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("decided.csv", "is not a workbook, so it does not say which run it belongs to"),
        ("~$calibration.xlsx", "keeps beside a workbook while it is open"),
    ],
)
def test_a_file_that_is_not_the_workbook_but_looks_like_it_is_told_apart(run, tmp_path, name, words):
    (tmp_path / name).write_text("No.,Employee id,Decision\n1,E1,ready now\n")
    answer = calibrate(run, tmp_path / name)
    assert answer.exit_code == 1
    assert words in answer.output


def test_notes_about_one_row_are_one_line(run, tmp_path):
    def change(sheet):
        for key in ("recommendation", "confidence", "level", "department"):
            put(5, key, "other")(sheet)

    answer = calibrate(run, filled(run, tmp_path / "edited.xlsx", change))
    assert answer.exit_code == 0, answer.output
    assert answer.output.count("  i ") == 1
    assert "(and so in 3 more cells of the row)" in answer.output


def test_a_note_on_a_long_cell_shows_where_it_differs(run, tmp_path):
    def change(sheet):
        cell = sheet.cell(row_of(sheet, 5), COLUMNS["crux"])
        cell.value = f"{cell.value} indeed, and more than once"

    answer = calibrate(run, filled(run, tmp_path / "edited.xlsx", change))
    assert answer.exit_code == 0, answer.output
    (note,) = (line for line in answer.output.splitlines() if line.startswith("  i "))
    assert "indeed, and more than" in note


def test_a_decision_that_was_typed_over_a_status_is_named(run, tmp_path):
    def change(sheet):
        sheet.cell(row_of(sheet, 5), COLUMNS["status"]).value = "Ready now"

    answer = calibrate(run, filled(run, tmp_path / "edited.xlsx", change))
    said = "“Ready now” is where the status stands; nothing is made of it. A decision belongs into the column"
    assert said in " ".join(answer.output.split())


@pytest.mark.parametrize("written", ["Person 2", "2, person"])
def test_whoever_decides_on_themself_is_named_however_the_name_is_written(run, tmp_path, written):
    answer = calibrate(run, filled(run, tmp_path / "edited.xlsx", put(1, "decided_by", written)))
    assert answer.exit_code == 0, answer.output
    assert answer.output.count(f"decided by {written}, whom it is about") == 1


def test_what_no_decision_is_made_of_is_named(run, tmp_path):
    def change(sheet):
        put(4, "follow_up", "Talk in spring")(sheet)
        sheet.cell(FIRST - 1, len(COLUMNS) + 2).value = "HR notes"
        sheet.cell(FIRST + 2, len(COLUMNS) + 2).value = "ask Ada"
        sheet.cell(FIRST + 20, 4).value = "Next meeting on Monday"

    answer = calibrate(run, filled(run, tmp_path / "edited.xlsx", change))
    assert answer.exit_code == 0, answer.output
    assert "a follow-up without a decision stays in this workbook" in answer.output
    assert "the added column “HR notes” (1 cell) stays in this workbook" in answer.output
    assert "a note outside the rows of people stays in this workbook" in answer.output


def test_reasons_beside_votes_are_named(run, tmp_path):
    vote = filled(run, tmp_path / "ada.xlsx", reason="Saw it", follow_up="Mentor")
    answer = calibrate(run, vote, "--preview")
    assert answer.exit_code == 0, answer.output
    assert "ada.xlsx: 6 reasons and follow-ups next to the votes" in answer.output


def test_a_vote_in_a_row_of_two_people_is_not_counted(run, tmp_path):
    vote = filled(run, tmp_path / "ada.xlsx", exchange("employee_name", 0, 1))
    answer = calibrate(run, vote, "--preview", "--json")
    assert [len(ballot["votes"]) for ballot in json.loads(answer.stdout)].count(1) == 1
    assert answer.stderr.count("Not counted as a vote") == 2


def test_copies_that_contradict_each_other_are_refused_even_with_replace(run, tmp_path):
    one = filled(run, tmp_path / "one.xlsx")
    other = filled(
        run,
        tmp_path / "other.xlsx",
        decision="developing",
        reason_code="Other, see the reason",
        reason="Seen",
    )
    for order in ((one, other), (other, one)):
        answer = calibrate(run, *order, "--apply", "--replace")
        assert answer.exit_code == 1
        assert "3 decisions differ between the workbooks; agree on one" in answer.output
    assert not (run / "decisions-log.jsonl").exists()


def test_replace_counts_what_it_replaces(run, tmp_path):
    assert calibrate(run, filled(run, tmp_path / "one.xlsx"), "--apply").exit_code == 0
    more = {"reason_code": "Other, see the reason", "reason": "Seen"}
    other = filled(run, tmp_path / "other.xlsx", rows=(0, 1), decision="ready soon", **more)
    answer = calibrate(run, other, "--apply", "--replace")
    assert answer.exit_code == 0, answer.output
    assert "In all: 2 replaced, 1 of them with another band" in answer.output
    assert pl.read_parquet(run / "decisions.parquet").height == 3


def forge(log):
    lines = log.read_text("utf-8").splitlines(keepends=True)
    log.write_text("".join(lines[:-1]) + lines[-1].replace("Panel", "Other"), "utf-8")


def cut(log):
    log.write_text("".join(log.read_text("utf-8").splitlines(keepends=True)[:-1]), "utf-8")


LOG_ABUSES = {
    "the last line forged": (forge, "was changed by hand"),
    "the last line cut off": (cut, "it should have 3 lines"),
    "the log emptied": (lambda log: log.write_text(""), "it should have 3 lines"),
    "the log deleted": (lambda log: log.unlink(), "but their log decisions-log.jsonl is gone"),
    "the seal deleted": (lambda log: log.with_name("decisions-seal.json").unlink(), "is gone or was changed"),
    "a line of nonsense": (
        lambda log: log.write_text(log.read_text() + "{}\n"),
        "line 4: this is not a line",
    ),
}


@pytest.fixture(scope="module")
def decided(fresh_run, tmp_path_factory):
    folder = Path(shutil.copytree(fresh_run, tmp_path_factory.mktemp("decided") / "run"))
    assert calibrate(folder, filled(folder, folder.parent / "first.xlsx"), "--apply").exit_code == 0
    return folder


@pytest.mark.parametrize("abuse", LOG_ABUSES)
def test_a_log_that_was_touched_is_noticed_and_nothing_is_changed(decided, tmp_path, abuse):
    run = Path(shutil.copytree(decided, tmp_path / "run"))
    change, words = LOG_ABUSES[abuse]
    change(run / "decisions-log.jsonl")
    before = contents(run)
    answer = calibrate(run, filled(run, tmp_path / "next.xlsx", rows=(4,)), "--apply")
    assert answer.exit_code == 1
    assert words in answer.output
    assert contents(run) == before


def test_each_line_says_when_it_was_applied_and_a_reason_may_break_lines(run, tmp_path):
    reason = "one\u2028two\u0085three\u2029four"
    first = filled(run, tmp_path / "first.xlsx", rows=(0,), reason=reason)
    assert calibrate(run, first, "--apply").exit_code == 0
    answer = calibrate(run, filled(run, tmp_path / "next.xlsx", rows=(1,)), "--apply")
    assert answer.exit_code == 0, answer.output
    lines = [json.loads(line) for line in (run / "decisions-log.jsonl").read_bytes().split(b"\n")[:-1]]
    assert [line["decision"]["reason"] for line in lines] == [reason, None]
    assert all(line["applied_at"].endswith("Z") for line in lines)


def test_a_reason_of_several_lines_is_one_line_in_the_terminal(run, tmp_path):
    before = Path(shutil.copytree(run, tmp_path / "before"))
    more = {"decision": "ready soon", "reason_code": "Other, see the reason", "reason": "One\n\n- two"}
    answer = calibrate(run, filled(run, tmp_path / "first.xlsx", rows=(0,), **more), "--apply")
    assert "ready soon (Other, see the reason: One - two); Panel" in answer.output
    assert "Other, see the reason: One - two\n" in succeeded("diff", before, run).output


def open_in_excel(run):
    (run / "~$calibration-final.xlsx").write_bytes(b"Ada")


def open_in_libreoffice(run):
    (run / ".~lock.calibration-final.xlsx#").write_text("Ada")


OBSTACLES = {
    "open in Excel": (open_in_excel, "calibration-final.xlsx: it is open in a spreadsheet program; close it"),
    "open in LibreOffice": (
        open_in_libreoffice,
        "calibration-final.xlsx: it is open in a spreadsheet program",
    ),
    "read-only": (lambda run: (run / "hr-decisions.csv").chmod(0o400), "hr-decisions.csv: it is read-only"),
    "worked in": (
        lambda run: (run / "calibration-final.xlsx").write_bytes(b"edited"),
        "calibration-final.xlsx would be replaced, and somebody has worked there since",
    ),
}


@pytest.mark.parametrize("obstacle", OBSTACLES)
def test_a_file_that_cannot_be_replaced_stops_everything_and_is_named(decided, tmp_path, obstacle):
    run = Path(shutil.copytree(decided, tmp_path / "run"))
    make, words = OBSTACLES[obstacle]
    make(run)
    before = contents(run)
    answer = calibrate(run, filled(run, tmp_path / "next.xlsx", rows=(4,)), "--apply")
    assert answer.exit_code == 1
    assert words in answer.output
    assert contents(run) == before


def test_a_failure_in_the_middle_of_replacing_leaves_every_file_as_it_was(decided, tmp_path, monkeypatch):
    run = Path(shutil.copytree(decided, tmp_path / "run"))
    before = contents(run)
    replace, done = Path.replace, []

    def fail_at_the_fourth(path, target):
        done.append(target)
        if len(done) == 4:
            raise OSError(28, "No space left on device", str(target))
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", fail_at_the_fourth)
    answer = calibrate(run, filled(run, tmp_path / "next.xlsx", rows=(4,)), "--apply")
    assert answer.exit_code == 1
    assert "no space is left on the disk" in answer.output
    assert contents(run) == before


def test_what_a_kill_left_half_replaced_is_put_back_by_whoever_comes_next(decided, tmp_path, monkeypatch):
    run = Path(shutil.copytree(decided, tmp_path / "run"))
    before = contents(run)
    replace, done = Path.replace, []

    class Killed(BaseException):
        pass

    def die_at_the_fourth(path, target):
        done.append(target)
        if len(done) >= 4:
            raise Killed
        return replace(path, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", die_at_the_fourth)
        patch.setattr("reports.run.replacing._undo", lambda _folder: None)
        with pytest.raises(Killed):
            calibrate(run, filled(run, tmp_path / "next.xlsx", rows=(4,)), "--apply")
    assert (run / ".readiness.undo").is_dir()
    answer = calibrate(run, filled(run, tmp_path / "after.xlsx", rows=(4,)))
    assert answer.exit_code == 0, answer.output
    assert contents(run) == before


def test_a_decision_is_withdrawn_with_a_reason_and_may_be_made_again(decided, tmp_path):
    run = Path(shutil.copytree(decided, tmp_path / "run"))
    told = ["withdraw", run, "person 2", "--reason", "Wrong row", "--by", "HR"]
    other = call(*told, "--promotion", "Sideways").output
    assert "On E2 these promotions are decided: Up. Add --promotion with the one to take back" in other
    answer = succeeded(*told)
    assert "Withdrawn: E2 Person 2, Up: ready soon, agreed" in answer.output
    assert pl.read_parquet(run / "decisions.parquet")["employee_id"].to_list() == ["E1", "E3"]
    last = json.loads((run / "decisions-log.jsonl").read_text("utf-8").splitlines()[-1])
    assert (last["decision"]["reason"], last["before"]) == ("Wrong row", "ready_soon")
    assert call(*told[:-3], "...", *told[-2:]).exit_code == 2
    again = call(*told)
    assert again.exit_code == 1
    assert "On E2 nothing is decided" in again.output
    assert "Decided before: ready soon; then taken back, by HR on " in call("explain", run, "E2").output
    assert "taken back" in (run / "calibration-final.html").read_text("utf-8")
    changed = {"decision": "ready now", "reason_code": "Other, see the reason", "reason": "Seen"}
    answer = calibrate(run, filled(run, tmp_path / "again.xlsx", rows=(1,), **changed), "--apply")
    assert answer.exit_code == 0, answer.output
    assert "1 new" in answer.output


@pytest.mark.parametrize("by", ["Panel", "Second panel"])
def test_what_was_taken_back_does_not_return_with_the_workbook_it_was_made_in(decided, tmp_path, by):
    run = Path(shutil.copytree(decided, tmp_path / "run"))
    succeeded("withdraw", run, "E2", "--reason", "Wrong row", "--by", "HR")
    before = contents(run)
    gone_on = filled(
        run,
        tmp_path / "gone_on.xlsx",
        lambda sheet: setattr(sheet[SESSION["decided_by"]], "value", by),
        rows=(0, 1, 2, 4),
    )
    answer = calibrate(run, gone_on, "--apply")
    assert answer.exit_code == 1
    assert "this was taken back by HR: Wrong row" in answer.output
    assert "1 decision was taken back since; clear them in the workbook, or add --replace" in answer.output
    assert contents(run) == before
    answer = calibrate(run, gone_on, "--apply", "--replace")
    assert answer.exit_code == 0, answer.output
    assert "1 taken back before and made again" in answer.output
    assert pl.read_parquet(run / "decisions.parquet")["employee_id"].to_list() == ["E1", "E2", "E3", "E5"]


def test_a_corrected_run_keeps_the_decisions_that_still_rest_on_the_same_evidence(decided, tmp_path):
    """The second person's rating is corrected, the third person is gone, and all rows moved down by one."""
    corrected = [{**one, "row": n + 3, "employee_id": f"E{n + 1}"} for n, one in enumerate(RATINGS)]
    corrected[1]["drive:manager"] = 3.6
    del corrected[2]
    write_run(assess(roster(corrected), pack(), DAY), tmp_path / "new")
    answer = calibrate(tmp_path / "new", "--from", decided, "--apply")
    assert answer.exit_code == 0, answer.output
    assert "E2 Person 2, Up: ready soon, agreed; Panel, 1 July 2026: other evidence: Drive" in answer.output
    assert "E3 Person 3, Up: " in answer.output
    assert "there is no such recommendation any more" in answer.output
    assert "1 decision kept, 0 known, 2 to be made again" in answer.output
    (line,) = (tmp_path / "new" / "decisions-log.jsonl").read_text("utf-8").splitlines()
    assert json.loads(line)["origin"]["workbook"] == "first.xlsx"
    assert json.loads(line)["origin"]["run"] == json.loads((decided / "run.json").read_text())["fingerprint"]
    again = calibrate(tmp_path / "new", "--from", decided, "--apply")
    assert "0 decisions kept, 1 known, 2 to be made again" in again.output
    assert "There was nothing new to make final" in again.output


def test_each_decision_that_does_not_hold_in_a_corrected_run_says_why(tmp_path):
    """The first one was taken back before; nothing about the sixth has changed."""
    rules, old, new = pack(expects={"calm": "3"}), tmp_path / "old", tmp_path / "new"
    people = [{"drive:manager": 4, "care:manager": 4, "calm:manager": 4} for _ in range(6)]
    write_run(assess(roster(people), rules, DAY), old)
    assert calibrate(old, filled(old, tmp_path / "a.xlsx", rows=range(6)), "--apply").exit_code == 0
    succeeded("withdraw", old, "E1", "--reason", "Wrong row", "--by", "HR")
    people[2]["employee_name"] = "Somebody Else"
    people[3]["drive:manager"] = 2
    people[4]["calm:manager"] = 3
    write_run(assess(roster(people), rules, DAY), new)
    otherwise = {"decision": "developing", "reason_code": "Other, see the reason", "reason": "Seen"}
    assert calibrate(new, filled(new, tmp_path / "b.xlsx", rows=(1,), **otherwise), "--apply").exit_code == 0
    said = calibrate(new, "--from", old).output
    lines = (" ".join(line.split()) for line in said.splitlines())
    assert {line.split()[1]: line.rpartition(": ")[2] for line in lines if line.startswith("✗")} == {
        "E2": "something else is final in this run",
        "E3": "the id is now of Somebody Else",
        "E4": "the recommendation was ready now, it is developing",
        "E5": "Calm",
    }
    assert "agreed; Panel, 1 July 2026: other evidence: Calm" in said
    assert "1 decision kept, 0 known, 4 to be made again" in said


def test_nobody_keeps_a_promotion_who_is_promoted_otherwise_in_a_corrected_run(tmp_path):
    old, new = tmp_path / "old", tmp_path / "new"
    for run in (old, new):
        write_run(assess(roster([RATINGS[0]] * 2), forking_pack(), DAY), run)
    # Both people are decided on for one way first; then one of them is for the other way.
    for run, rows in ((old, (0, 2)), (new, (1,))):
        answer = calibrate(run, filled(run, run / "filled.xlsx", rows=rows), "--apply")
        assert answer.exit_code == 0, answer.output
    answer = calibrate(new, "--from", old, "--apply").output
    (left,) = (
        line for line in answer.splitlines() if line.endswith("another promotion is final in this run")
    )
    assert left.split()[1] == "E1"
    assert "1 decision kept, 0 known, 1 to be made again" in answer


def test_what_was_taken_back_in_a_corrected_run_is_not_kept_again(decided, tmp_path):
    new = tmp_path / "new"
    write_run(assess(roster(RATINGS), pack(), DAY), new)
    assert "3 decisions kept" in calibrate(new, "--from", decided, "--apply").output
    succeeded("withdraw", new, "E2", "--reason", "Wrong row", "--by", "HR")
    again = calibrate(new, "--from", decided, "--apply").output
    assert "it was taken back in this run: Wrong row" in again
    assert "0 decisions kept, 2 known, 1 to be made again" in again


@pytest.mark.parametrize("mark", ["~$edited.xlsx", ".~lock.edited.xlsx#"])
def test_of_a_workbook_that_is_open_it_is_said_that_unsaved_work_is_not_read(run, tmp_path, mark):
    workbook, said = filled(run, tmp_path / "edited.xlsx"), "Open in a spreadsheet program: edited.xlsx"
    assert said not in calibrate(run, workbook).stderr
    (tmp_path / mark).touch()
    assert said in calibrate(run, workbook).stderr
    assert said in calibrate(run, workbook, "--preview").stderr
    assert said in call("assess", workbook, "--out", tmp_path / "out").stderr


def test_what_is_kept_twice_keeps_its_first_run_and_the_day_from_which_it_counts(tmp_path):
    runs = [tmp_path / name for name in ("first", "second", "third")]
    for number, run in enumerate(runs):
        write_run(assess(roster(RATINGS), pack(), DAY - timedelta(days=number)), run)
    marks = [json.loads((run / "run.json").read_text())["fingerprint"] for run in runs]
    assert len(set(marks)) == len(runs)
    edited = filled(runs[0], tmp_path / "a.xlsx", rows=(0,))
    assert calibrate(runs[0], edited, "--apply", "--effective-on", "2026-10-01").exit_code == 0
    for earlier, later in pairwise(runs):
        assert "1 decision kept" in calibrate(later, "--from", earlier, "--apply").output
    line = json.loads((runs[2] / "decisions-log.jsonl").read_text("utf-8"))
    assert line["origin"]["run"] == marks[0]
    days = [pl.read_csv(run / "hr-decisions.csv")["effective_on"].to_list() for run in runs]
    assert days[0] == days[1] == days[2]
    assert "2026-10-01" in days[0]


@pytest.mark.parametrize("promotion", ["across", "Across"])
def test_of_two_promotions_that_are_decided_the_one_that_is_named_is_taken_back(tmp_path, promotion):
    run = tmp_path / "run"
    write_run(assess(roster([RATINGS[1]]), forking_pack(), DAY), run)
    assert calibrate(run, filled(run, tmp_path / "a.xlsx", rows=(0, 1)), "--apply").exit_code == 0
    told = ("withdraw", run, "E1", "--reason", "Wrong row", "--by", "HR")
    unclear = call(*told)
    assert (unclear.exit_code, "Add --promotion" in unclear.output) == (1, True)
    succeeded(*told, "--promotion", promotion)
    assert pl.read_csv(run / "decisions.csv")["promotion"].to_list() == ["up"]


def test_that_somebody_is_not_promoted_one_way_is_kept_beside_a_promotion_the_other_way(tmp_path):
    old, new = tmp_path / "old", tmp_path / "new"
    for run in (old, new):
        write_run(assess(roster([RATINGS[0]]), forking_pack(), DAY), run)
    otherwise = {"decision": "developing", "reason_code": "Other, see the reason", "reason": "Seen"}
    assert calibrate(old, filled(old, tmp_path / "a.xlsx", rows=(0,), **otherwise), "--apply").exit_code == 0
    assert calibrate(new, filled(new, tmp_path / "b.xlsx", rows=(1,)), "--apply").exit_code == 0
    assert "1 decision kept, 0 known" in calibrate(new, "--from", old).output
