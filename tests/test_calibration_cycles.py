from datetime import date

import openpyxl
import pytest

from engine import assess
from engine.decisions import Decision, append, merge, parse_log, render_log
from inputs.roster import InputError
from reports import write_run
from reports.decision_files import write_decisions
from reports.history import movements, read_previous
from reports.run import Wanted
from reports.saved import read_summary
from tests.small import DAY, pack, roster

EARLIER = date(2025, 6, 30)
THEN = (
    {"drive:manager": 3.5, "care:manager": 4},
    {"drive:manager": 5, "care:manager": 4},
    {"drive:manager": 4, "care:manager": 4},
    {"drive:manager": 4, "care:manager": 4},
)
NOW = (
    {"drive:manager": 4, "care:manager": 4},
    {"drive:manager": 2, "care:manager": 4},
    {"drive:manager": 4, "care:manager": 4},
    {"drive:manager": 4, "care:manager": 4},
    {"drive:manager": None},
)


def decision(employee, band="ready_now", **more):
    made = {
        "transition": "up",
        "recommendation": "ready_now",
        "reason_code": None,
        "reason": None,
        "decided_by": "Panel",
        "decided_on": date(2025, 7, 1),
        "follow_up": None,
    }
    return Decision(employee_id=employee, decision=band, **{**made, **more})


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cycles")
    before = write_run(assess(roster(THEN), pack(), EARLIER), folder / "then")
    made = (
        decision("E3"),
        decision("E2", "developing", reason_code="other", reason="Too soon", follow_up="Ask"),
    )
    write_decisions(before, append((), made, "session.xlsx", "a" * 64), folder / "then")
    write_run(assess(roster(NOW), pack(), DAY), folder / "now", wanted=Wanted(previous=folder / "then"))
    return folder


def test_each_recommendation_stands_beside_the_one_of_the_earlier_cycle(runs):
    now = read_summary(runs / "now")
    moves = movements(now, read_previous(runs / "then", now))
    assert [move.change for move in moves] == [
        "up",
        "down",
        "unchanged",
        "unchanged",
        "not in the earlier run",
    ]
    assert [move.decided for move in moves] == [None, "developing", "ready_now", None, None]
    assert moves[1].became == "Decided on 2025-07-01; follow-up: Ask"
    assert moves[2].became == "Promotion decided on 2025-07-01, not carried out"
    assert moves[3].became == "Nothing was decided"


def test_core_signs_met_in_both_cycles_are_sustained_evidence(runs):
    now = read_summary(runs / "now")
    moves = movements(now, read_previous(runs / "then", now))
    assert [(move.sustained, move.core, move.finding) for move in moves[:3]] == [
        (0, 1, ""),
        (0, 1, ""),
        (1, 1, "Sustained evidence"),
    ]


def test_the_workbook_shows_the_last_cycle(runs):
    sheet = openpyxl.load_workbook(runs / "now" / "calibration.xlsx")["Last cycle"]
    row = [cell.value for cell in sheet[8]]
    assert row[0] == "E3"
    assert "Sustained evidence" in row


def test_a_run_that_is_not_earlier_is_refused(runs):
    now = read_summary(runs / "now")
    with pytest.raises(InputError, match="not before"):
        read_previous(runs / "now", now)


def test_a_run_read_back_is_the_run_that_was_written(runs):
    written = write_run(assess(roster(THEN), pack(), EARLIER), runs / "again")
    assert read_summary(runs / "again") == written


def test_a_log_is_read_back_as_it_was_written_and_a_missing_line_is_noticed():
    log = append((), [decision("E1"), decision("E2"), decision("E3")], "a.xlsx", "b" * 64)
    text = render_log(log)
    assert parse_log(text, "log") == log
    lines = text.splitlines(keepends=True)
    with pytest.raises(InputError, match="line 2"):
        parse_log(lines[0] + lines[2], "log")


def test_merging_tells_new_known_and_conflicting_decisions_apart():
    standing = {one.key: one for one in (decision("E1"), decision("E2"))}
    merged = merge(standing, [decision("E1"), decision("E2", decided_by="Other"), decision("E3")])
    assert [one.employee_id for one in merged.same] == ["E1"]
    assert [(c.standing.employee_id, c.differs) for c in merged.conflicts] == [("E2", ("decided_by",))]
    assert [one.employee_id for one in merged.fresh] == ["E3"]
