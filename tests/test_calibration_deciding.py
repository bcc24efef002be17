"""One decision at a time, as the session page makes them: checked as in a workbook, in the log at once."""

import errno
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import pytest

from engine import assess
from engine.session import Entry, decisions_in
from inputs import InputError
from reports.calibration import (
    MeanwhileError,
    apply_workbooks,
    decide,
    follow_log,
    progress_of,
    seat_details,
    sitting_of,
    take_back,
    versions_in,
)
from reports.run import read_log, read_run, replacing
from reports.run.decision_log import followed, read_seal
from reports.run.manifest import sha256_of
from reports.workbook import turns_of
from reports.writing import write_run
from tests.calibration_rows import COLUMNS, FIRST, SESSION, row_of
from tests.small import DAY, pack, roster

TODAY = date(2026, 7, 1)
NOW = datetime(2026, 7, 1, 10, 30, tzinfo=UTC)
PEOPLE = tuple({"drive:manager": (5, 3.5, 2)[n % 3], "care:manager": 4} for n in range(6))
AGREED = Entry(decided_by="Panel", decided_on=TODAY)


@pytest.fixture
def folder(tmp_path):
    write_run(assess(roster(PEOPLE), pack(), DAY), tmp_path / "run")
    return tmp_path / "run"


def sitting_at(folder):
    run = read_run(folder)
    return sitting_of(run, turns_of(run))


def seat_of(folder, employee_id):
    return next(one for one in sitting_at(folder).seats if one.key[0] == employee_id)


def made(folder, employee_id, entry, seen=0):
    return decide(folder, seat_of(folder, employee_id), entry, seen, DAY, TODAY, NOW)


def agreed(folder, employee_id, **more):
    seat = seat_of(folder, employee_id)
    return Entry(**{**vars(AGREED), "decision": seat.recommendation, **more})


def test_everybody_is_told_of_in_the_order_and_the_words_of_the_workbook(folder):
    run = read_run(folder)
    turns = turns_of(run)
    book = openpyxl.load_workbook(folder / "calibration.xlsx")
    calibration, details = book["Calibration"], list(book["Details"].iter_rows(min_row=4, values_only=True))
    order = [calibration.cell(FIRST + at, COLUMNS["employee_id"]).value for at in range(len(turns))]
    assert [seat.key[0] for seat in sitting_of(run, turns).seats] == order
    assert order != sorted(order)
    for row, turn in zip(details[1:], turns, strict=True):
        written = dict(zip(details[0], row, strict=True))
        texts = seat_details(run, turn).texts
        assert (texts["time"], texts["firmness"]) == (written["Time"], written["How firm"])


def test_the_projector_tells_namesakes_apart(tmp_path):
    people = [{"drive:manager": 4, "employee_name": name} for name in ("Sam Lee", "Sam Lee", "Ann Ray")]
    write_run(assess(roster(people), pack(), DAY), tmp_path / "run")
    names = {seat.name for seat in sitting_at(tmp_path / "run").seats}
    assert names == {"Sam Lee (E1)", "Sam Lee (E2)", "Ann Ray"}


def test_a_decision_is_in_the_log_when_it_is_made_and_the_files_follow(folder):
    log = made(folder, "E1", agreed(folder, "E1"))
    assert read_log(folder) == log
    assert decisions_in(log)["E1", "up"].decided_by == "Panel"
    assert not (folder / "decisions.csv").exists()
    assert follow_log(folder)
    assert not follow_log(folder)
    assert (folder / "decisions.csv").read_text("utf-8-sig").count("E1") == 1
    seal = read_seal(folder)
    assert {name: sha256_of(folder / name) for name in seal.files} == dict(seal.files)
    assert "Decided: ready now" in (folder / "report.html").read_text("utf-8")


@pytest.mark.skipif(sys.platform != "linux", reason="tells by /proc what was written to the disk")
def test_a_decision_survives_a_power_cut_once_it_is_said_to_be_made(folder, monkeypatch):
    """Each content is on the disk before its name, and what there was until the new is."""
    held, real = [], os.fsync

    def fsync(descriptor):
        path = Path(f"/proc/self/fd/{descriptor}").readlink()
        held.append((path, path.read_bytes() if path.is_file() else {one.name for one in path.iterdir()}))
        real(descriptor)

    first = made(folder, "E1", agreed(folder, "E1"))
    before = (folder / "decisions-log.jsonl").read_bytes()
    monkeypatch.setattr(os, "fsync", fsync)
    made(folder, "E4", agreed(folder, "E4"))
    after = (folder / "decisions-log.jsonl").read_bytes()
    assert len(read_log(folder)) == len(first) + 1
    contents = [what for path, what in held if path.name == "decisions-log.jsonl"]
    assert sorted(contents) == sorted([before, after])
    undo, replaced, done = (names for path, names in held if path == folder)
    assert ".readiness.undo" in undo & replaced
    assert ".readiness.undo" not in done
    places = [path for path, _ in held]
    last = max(at for at, path in enumerate(places) if path.name == "decisions-log.jsonl")
    assert last < places.index(folder)
    assert places[-1] == folder


def test_a_disk_that_fails_leaves_the_log_without_the_decision_or_with_the_whole_of_it(folder, monkeypatch):
    flush, fails, lengths = replacing._flush, [], set()

    def failing(descriptor):
        if not fails.pop():
            raise OSError(errno.EIO, "the disk fails")
        flush(descriptor)

    monkeypatch.setattr(replacing, "_flush", failing)
    for works in range(12):
        before = read_log(folder)
        fails = [True] * 99 + [False] + [True] * works
        entry, seen = (
            agreed(folder, "E4", decided_by=f"Panel {works}"),
            versions_in(before).get(("E4", "up"), 0),
        )
        with suppress(OSError):
            made(folder, "E4", entry, seen)
        after = read_log(folder)
        assert after[: len(before)] == before
        lengths.add(len(after) - len(before))
    assert lengths == {0, 1}


def test_pages_of_everybody_who_was_decided_on_since_the_files_were_written_follow(folder):
    made(folder, "E1", agreed(folder, "E1"))
    follow_log(folder)
    take_back(folder, seat_of(folder, "E1"), "wrong row", "HR", 1, NOW)
    made(folder, "E4", agreed(folder, "E4"))
    assert followed(folder) == 1
    follow_log(folder)
    rows = (folder / "decisions.csv").read_text("utf-8-sig").splitlines()
    assert [row.split(",")[0] for row in rows] == ["employee_id", "E4"]
    # In the row and in the card.
    assert (folder / "report.html").read_text("utf-8").count("Decided: ready now") == 2


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (Entry(decided_by="Panel", decided_on=TODAY), "Choose a decision"),
        (Entry(decision="developing", decided_by="Panel", decided_on=TODAY), "without a reason code"),
        (Entry(decision="ready_now", decided_on=TODAY), "does not say who decided"),
        (Entry(decision="ready_now", decided_by="  ", decided_on=TODAY), "does not say who decided"),
        (Entry(decision="ready_now", decided_by="P", decided_on=date(2031, 1, 1)), "is in the future"),
        (
            Entry(decision="developing", reason_code="luck", reason="x", decided_by="P", decided_on=TODAY),
            "not a reason code",
        ),
    ],
)
def test_what_is_not_complete_is_refused_and_not_in_the_log(folder, entry, said):
    with pytest.raises(InputError, match=said):
        made(folder, "E1", entry)
    assert read_log(folder) == ()


def test_a_row_that_changed_meanwhile_is_not_decided_on(folder):
    log = made(folder, "E1", agreed(folder, "E1"))
    with pytest.raises(MeanwhileError, match="changed meanwhile"):
        made(folder, "E1", agreed(folder, "E1", decided_by="Somebody else"))
    assert read_log(folder) == log
    assert len(made(folder, "E1", agreed(folder, "E1", decided_by="Somebody else"), seen=1)) == 2
    assert len(made(folder, "E1", agreed(folder, "E1", decided_by="Somebody else"), seen=2)) == 2


def test_what_is_taken_back_stays_in_the_log(folder):
    made(folder, "E1", agreed(folder, "E1"))
    seat = seat_of(folder, "E1")
    with pytest.raises(InputError, match="who takes the decision back, and why"):
        take_back(folder, seat, "", "HR", 1, NOW)
    log = take_back(folder, seat, "wrong row", "HR", 1, NOW)
    assert versions_in(log)["E1", "up"] == 2
    assert decisions_in(log) == {}
    with pytest.raises(InputError, match="Nothing is decided"):
        take_back(folder, seat, "wrong row", "HR", 2, NOW)


def test_the_counts_follow_the_decisions(folder):
    sitting = sitting_at(folder)
    before = progress_of(sitting, ())
    assert (before.decided, before.of) == (0, 6)
    entry = agreed(folder, "E1", decision="developing", reason_code="new_evidence", reason="A failed launch")
    counts = {band: (old, new) for band, _, old, new in progress_of(sitting, made(folder, "E1", entry)).bands}
    assert counts["ready_now"] == (2, 1)
    assert counts["developing"] == (2, 3)


def test_decisions_one_by_one_and_by_workbook_give_the_same_table(folder, tmp_path):
    write_run(assess(roster(PEOPLE), pack(), DAY), tmp_path / "other")
    book = openpyxl.load_workbook(tmp_path / "other" / "calibration.xlsx")
    sheet = book["Calibration"]
    sheet[SESSION["decided_by"]], sheet[SESSION["decided_on"]] = "Panel", TODAY
    for at, name in enumerate(("E1", "E2", "E3")):
        row = row_of(sheet, at)
        changed = name == "E2"
        decision = "developing" if changed else sheet.cell(row, COLUMNS["recommendation"]).value
        sheet.cell(row, COLUMNS["decision"]).value = decision
        if changed:
            sheet.cell(row, COLUMNS["reason_code"]).value = "New evidence brought to the room"
            sheet.cell(row, COLUMNS["reason"]).value = "A failed launch,\nin “June”"
        entry = agreed(folder, name)
        if changed:
            entry = agreed(
                folder,
                name,
                decision="developing",
                reason_code="new_evidence",
                reason=" A failed launch,\r\nin “June” ",
            )
        made(folder, name, entry)
    book.save(tmp_path / "edited.xlsx")
    apply_workbooks(tmp_path / "other", [tmp_path / "edited.xlsx"], TODAY, NOW, final=True)
    follow_log(folder)
    for name in ("decisions.csv", "hr-decisions.csv"):
        assert (folder / name).read_bytes() == (tmp_path / "other" / name).read_bytes()
    again = apply_workbooks(folder, [folder / "calibration-final.xlsx"], TODAY, NOW, final=False)
    assert again.outcome.fresh == ()
    assert again.refusal is None


def test_all_who_decide_and_take_back_at_the_same_moment_are_in_the_log(folder):
    seats = sitting_at(folder).seats
    entries = {one.key: agreed(folder, one.key[0]) for one in seats}
    with ThreadPoolExecutor(len(seats)) as pool:
        list(pool.map(lambda one: decide(folder, one, entries[one.key], 0, DAY, TODAY, NOW), seats))
        versions = versions_in(read_log(folder))
        assert len(versions) == len(seats)
        list(pool.map(lambda one: take_back(folder, one, "Slip", "Ada", versions[one.key], NOW), seats))
    assert (len(read_log(folder)), decisions_in(read_log(folder))) == (2 * len(seats), {})


def test_a_decision_of_the_session_may_be_recorded_more_than_a_year_later(folder):
    seat, much_later = seat_of(folder, "E1"), date(2028, 1, 1)
    decide(folder, seat, agreed(folder, "E1"), 0, DAY, much_later, NOW)
    assert decisions_in(read_log(folder))["E1", "up"].decided_on == TODAY


@pytest.mark.parametrize(
    ("reason", "by", "said"),
    [
        ("", "Ada", "Say who takes the decision back, and why"),
        ("Slip", "", "Say who takes the decision back, and why"),
        ("-", "Ada", "the reason belongs here"),
        ("Slip", "2026-07-01", "who decided belongs here"),
    ],
)
def test_a_decision_is_taken_back_by_somebody_and_for_a_reason(folder, reason, by, said):
    (line,) = made(folder, "E1", agreed(folder, "E1"))
    seat = seat_of(folder, "E1")
    with pytest.raises(InputError, match=said):
        take_back(folder, seat, reason, by, 1, NOW)
    assert read_log(folder) == (line,)
    last = take_back(folder, seat, "Slip", "Ada", 1, NOW)[-1]
    assert (last.decision.reason, last.decision.withdrawn_by) == ("Slip", "Ada")


def test_a_decision_that_was_changed_meanwhile_is_not_taken_back(folder):
    made(folder, "E1", agreed(folder, "E1"))
    log = made(folder, "E1", agreed(folder, "E1", decided_by="The other panel"), 1)
    with pytest.raises(MeanwhileError):
        take_back(folder, seat_of(folder, "E1"), "Slip", "Ada", 1, NOW)
    assert read_log(folder) == log
