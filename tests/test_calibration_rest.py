"""What the session says once for all rows: who decides, when, and that the rest is as recommended."""

from datetime import date
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from engine import assess
from reports.writing import write_run
from tests.calibration_rows import COLUMNS, SESSION, row_of
from tests.command_line import call
from tests.libreoffice import saved_by_libreoffice
from tests.small import DAY, pack, roster
from tests.test_calibration_round_trip import forking_pack

PEOPLE = tuple({"drive:manager": (5, 3.5, 2)[n % 3], "care:manager": 4} for n in range(6))
REST = "As recommended; nobody asked to discuss it"


@pytest.fixture
def run(tmp_path):
    write_run(assess(roster(PEOPLE), pack(), DAY), tmp_path / "run")
    return tmp_path / "run"


def filled(run, path, rows=(), **session):
    """A copy with the session's cells and some rows filled in: place and column to value."""
    book = openpyxl.load_workbook(run / "calibration.xlsx")
    sheet = book["Calibration"]
    for key, value in session.items():
        sheet[SESSION[key]] = value
    for (place, key), value in dict(rows).items():
        sheet.cell(row_of(sheet, place), COLUMNS[key]).value = value
    book.save(path)
    return path


PANEL = {"decided_by": "Panel", "decided_on": date(2026, 7, 1)}
CHANGED = {
    (0, "decision"): "developing",
    (0, "reason_code"): "Other, see the reason",
    (0, "reason"): "Seen",
}


def calibrate(*arguments):
    return call("calibrate", *arguments, "--today", "2026-07-20")


def test_who_decided_and_when_is_said_once_and_a_row_may_say_otherwise(run, tmp_path):
    rows = {(1, "decision"): "ready soon", (2, "decision"): "developing", (2, "decided_by"): "HR"}
    answer = calibrate(run, filled(run, tmp_path / "e.xlsx", rows, **PANEL), "--apply")
    assert answer.exit_code == 0, answer.output
    made = pl.read_parquet(run / "decisions.parquet").select("employee_id", "decided_by", "decided_on").rows()
    assert made == [("E2", "Panel", date(2026, 7, 1)), ("E3", "HR", date(2026, 7, 1))]


def test_the_rest_as_recommended_is_recorded_as_agreement_that_was_not_discussed(run, tmp_path):
    edited = filled(run, tmp_path / "e.xlsx", CHANGED, rest="Yes", **PANEL)
    answer = calibrate(run, edited, "--apply")
    assert answer.exit_code == 0, answer.output
    assert "6 new, 0 known, 0 in conflict, 0 undecided" in answer.output
    assert "1 changed down, 5 agreed" in answer.output
    table = pl.read_parquet(run / "decisions.parquet")
    assert table["reason"].to_list() == ["Seen", *[REST] * 5]
    assert table.filter(pl.col("decision") != pl.col("recommendation")).height == 1


def test_a_follow_up_in_a_row_left_empty_is_kept_with_the_rest(run, tmp_path):
    edited = filled(run, tmp_path / "e.xlsx", {(3, "follow_up"): "Mentor"}, rest="yes", **PANEL)
    answer = calibrate(run, edited, "--apply")
    assert answer.exit_code == 0, answer.output
    assert "stays in this workbook" not in answer.output
    assert pl.read_parquet(run / "decisions.parquet")["follow_up"].to_list()[3] == "Mentor"


def test_the_workbook_itself_shows_what_the_rest_means(run, tmp_path):
    edited = filled(run, tmp_path / "e.xlsx", CHANGED, rest="yes", **PANEL)
    saved = saved_by_libreoffice(edited, tmp_path / "office")
    sheet = openpyxl.load_workbook(saved, data_only=True)["Calibration"]
    statuses = [sheet.cell(row_of(sheet, place), COLUMNS["status"]).value for place in range(6)]
    assert statuses == ["Changed down", *["Agreed"] * 5]
    answer = calibrate(run, saved)
    assert "1 changed down, 5 agreed" in answer.output


@pytest.mark.parametrize("reason", [REST, f" {REST.upper()}"])
def test_the_workbook_and_the_command_agree_that_a_changed_decision_cannot_keep_the_reason_of_the_rest(
    run, tmp_path, reason
):
    rows = {**CHANGED, (0, "reason"): reason, (1, "decision"): "ready soon", (1, "reason"): REST}
    saved = saved_by_libreoffice(filled(run, tmp_path / "e.xlsx", rows, **PANEL), tmp_path / "office")
    sheet = openpyxl.load_workbook(saved, data_only=True)["Calibration"]
    statuses = [sheet.cell(row_of(sheet, place), COLUMNS["status"]).value for place in range(2)]
    assert statuses == ["Reason missing", "Agreed"]
    answer = calibrate(run, saved).output
    assert "1 problem to fix first" in answer
    assert "is the reason where nobody asked to discuss it" in answer


@pytest.mark.parametrize("key", ["decided_by", "decided_on"])
def test_the_rest_needs_somebody_who_decides_and_a_day(run, tmp_path, key):
    answer = calibrate(run, filled(run, tmp_path / "e.xlsx", rest="yes", **{**PANEL, key: None}), "--apply")
    assert answer.exit_code == 1
    assert "1 problem to fix first" in answer.output
    assert answer.output.count("6 decisions do not say who decided, or when. Fill in Decided by and") == 1
    assert not (run / "decisions-log.jsonl").exists()


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("1/7/26", "could be day first or month first"),
        ("July 2026", "'July 2026' does not say which day"),
        (date(2030, 1, 1), "1 January 2030 is in the future"),
    ],
)
def test_a_day_that_is_none_is_said_once_and_not_in_every_row(run, tmp_path, day, said):
    answer = calibrate(run, filled(run, tmp_path / "e.xlsx", rest="yes", **{**PANEL, "decided_on": day}))
    assert "1 problem to fix first" in calibrate(run, tmp_path / "e.xlsx", "--apply").output
    assert answer.output.count(said) == 1
    assert not (run / "decisions-log.jsonl").exists()


def test_a_day_before_the_assessment_is_asked_about_once(run, tmp_path):
    rows = {(1, "decision"): "ready soon", (1, "decided_on"): "7/1/2026", (2, "decided_on"): "13/7/2026"}
    rows[2, "decision"] = "developing"
    answer = calibrate(run, filled(run, tmp_path / "e.xlsx", rows, rest="yes", **PANEL))
    assert answer.exit_code == 0, answer.output
    assert (
        "1 decision has a day before the assessment of 30 June 2026; the first is that on E2, 7 January"
        in answer.output
    )
    assert (
        "before the assessment"
        not in calibrate(run, filled(run, tmp_path / "f.xlsx", rest="yes", **PANEL)).output
    )


def test_the_rest_leaves_alone_what_is_decided_elsewhere(run, tmp_path):
    assert calibrate(run, filled(run, tmp_path / "a.xlsx", CHANGED, **PANEL), "--apply").exit_code == 0
    other = filled(run, tmp_path / "b.xlsx", {(1, "decision"): "ready soon"}, **PANEL)
    rest = filled(run, tmp_path / "c.xlsx", rest="yes", **PANEL)
    answer = calibrate(run, rest, other, "--apply")
    assert answer.exit_code == 0, answer.output
    table = pl.read_parquet(run / "decisions.parquet")
    assert table["reason"].to_list() == ["Seen", None, *[REST] * 4]


def test_the_rest_promotes_nobody_twice(tmp_path):
    folder = tmp_path / "run"
    write_run(assess(roster(PEOPLE), forking_pack(), DAY), folder)
    answer = calibrate(folder, filled(folder, tmp_path / "e.xlsx", rest="yes", **PANEL), "--apply")
    assert answer.exit_code == 1
    assert "Person 1 would be promoted to two levels at once" in answer.output
    saved = saved_by_libreoffice(tmp_path / "e.xlsx", tmp_path / "office")
    sheet = openpyxl.load_workbook(saved, data_only=True)["Calibration"]
    twice = [row[1].value for row in sheet.iter_rows(min_row=6) if row[8].value == "Two promotions"]
    assert sorted(twice) == ["E1", "E1", "E4", "E4"]


def test_the_rest_is_no_vote(run, tmp_path):
    answer = calibrate(run, filled(run, tmp_path / "ada.xlsx", CHANGED, rest="yes", **PANEL), "--preview")
    assert answer.exit_code == 0, answer.output
    assert "1 copy, 1 of 6 recommendations voted on" in answer.output


def test_a_second_day_in_the_same_workbook_leaves_the_first_day_as_it_was(run, tmp_path):
    assert calibrate(run, filled(run, tmp_path / "one.xlsx", CHANGED, **PANEL), "--apply").exit_code == 0
    later = {"decided_by": "Board", "decided_on": date(2026, 7, 8)}
    rows = {**CHANGED, (1, "decision"): "ready soon"}
    answer = calibrate(run, filled(run, tmp_path / "two.xlsx", rows, **later), "--apply")
    assert answer.exit_code == 0, answer.output
    assert "1 new, 1 known" in answer.output
    assert "1 decision is already final; its original date and decider are kept" in answer.output
    made = pl.read_parquet(run / "decisions.parquet").select("employee_id", "decided_by").rows()
    assert made == [("E1", "Panel"), ("E2", "Board")]
    final = openpyxl.load_workbook(Path(run) / "calibration-final.xlsx", data_only=True)["Calibration"]
    by = {row[1].value: row[COLUMNS["decided_by"] - 1].value for row in final.iter_rows(min_row=6)}
    assert (by["E1"], by["E2"], by["E3"]) == ("Panel", "Board", None)


def test_a_final_decision_that_is_changed_with_the_day_of_the_first_one_is_asked_about(run, tmp_path):
    assert calibrate(run, filled(run, tmp_path / "one.xlsx", CHANGED, **PANEL), "--apply").exit_code == 0
    book = openpyxl.load_workbook(Path(run) / "calibration-final.xlsx")
    sheet = book["Calibration"]
    sheet.cell(row_of(sheet, 0), COLUMNS["decision"]).value = "ready soon"
    book.save(tmp_path / "two.xlsx")
    said = calibrate(run, tmp_path / "two.xlsx", "--replace").output
    assert said.count("its row still says who made that, and when") == 1
    sheet.cell(row_of(sheet, 0), COLUMNS["decided_on"]).value = date(2026, 7, 8)
    book.save(tmp_path / "three.xlsx")
    assert "its row still says" not in calibrate(run, tmp_path / "three.xlsx", "--replace").output


def test_who_makes_decisions_final_is_told_where_the_letters_are(run, tmp_path):
    answer = calibrate(run, filled(run, tmp_path / "one.xlsx", CHANGED, **PANEL), "--apply")
    assert f"letters to those who are not promoted are in {run / 'letters'}." in answer.output
    assert [path.name for path in (run / "letters").iterdir()] == ["E1.html"]
    again = calibrate(run, filled(run, tmp_path / "two.xlsx", CHANGED, **PANEL), "--apply")
    assert "letters" not in again.output
