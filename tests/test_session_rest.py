"""The rest as recommended, said on the session page: one act with a name, and one that takes it back."""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime

import polars as pl
import pytest

from engine import assess
from engine.session import Entry, decisions_in
from inputs import InputError
from reports.calibration import (
    MeanwhileError,
    agree_to_rest,
    decide,
    rest_of,
    said_of_rest,
    sitting_of,
    take_back,
    take_back_rest,
    versions_in,
)
from reports.run import read_log, read_run
from reports.workbook import turns_of
from reports.writing import Wanted, write_run
from tests.small import DAY, pack, roster
from tests.test_calibration_rest import PANEL, PEOPLE, REST, calibrate, filled
from tests.test_calibration_round_trip import forking_pack
from tests.test_web_flow import HEADS
from tests.web_server import TODAY, served

NOW = datetime(2026, 7, 1, 10, 30, tzinfo=UTC)
LATER = datetime(2026, 7, 1, 11, 30, tzinfo=UTC)
UNTOLD = ({"care:manager": 4}, {"care:manager": 2})
"""People about whom there is something to discuss."""


def written(tmp_path, rules, **wanted):
    write_run(assess(roster((*PEOPLE, *UNTOLD)), rules, DAY), tmp_path / "run", wanted=Wanted(**wanted))
    return tmp_path / "run"


@pytest.fixture
def folder(tmp_path):
    return written(tmp_path, pack())


def sitting_at(folder):
    run = read_run(folder)
    return sitting_of(run, turns_of(run))


def everybody(folder):
    return {one.when for one in sitting_at(folder).seats}


def agree(folder, groups, seen=0, by="Panel", at=NOW):
    return agree_to_rest(folder, sitting_at(folder), groups, by, TODAY, seen, TODAY, at)


def test_the_rest_is_decided_as_in_the_workbook(folder, tmp_path):
    agree(folder, everybody(folder))
    other = tmp_path / "other" / "run"
    write_run(assess(roster((*PEOPLE, *UNTOLD)), pack(), DAY), other)
    assert calibrate(other, filled(other, tmp_path / "e.xlsx", rest="yes", **PANEL), "--apply").exit_code == 0
    by_page, by_workbook = (decisions_in(read_log(one)) for one in (folder, other))
    assert by_page == by_workbook
    assert {one.reason for one in by_page.values()} == {REST}


def test_who_is_to_be_discussed_and_was_passed_over_stays_undecided_unless_that_is_said(folder):
    sitting = sitting_at(folder)
    passed = {one.key for one in sitting.seats if one.when == "In the session"}
    assert 0 < len(passed) < len(sitting.seats)
    agree(folder, {"By consent", "Not on the agenda"})
    assert set(decisions_in(read_log(folder))) == {one.key for one in sitting.seats} - passed
    agree(folder, {"In the session"}, seen=len(sitting.seats) - len(passed))
    assert len(decisions_in(read_log(folder))) == len(sitting.seats)


def test_what_is_decided_already_stays_as_it_is(folder):
    seat = sitting_at(folder).seats[0]
    entry = Entry(
        decision="developing" if seat.recommendation != "developing" else "ready_soon",
        reason_code="timing",
        reason="Seen",
        decided_by="Ada",
        decided_on=TODAY,
    )
    decide(folder, seat, entry, 0, DAY, TODAY, NOW)
    log = agree(folder, everybody(folder), seen=1)
    assert decisions_in(log)[seat.key].decided_by == "Ada"
    assert len(log) == len(sitting_at(folder).seats)


def test_the_rest_promotes_nobody_twice(tmp_path):
    folder = written(tmp_path, forking_pack())
    sitting = sitting_at(folder)
    rest = rest_of(sitting, ())
    assert sorted({one.key[0] for one in rest.twice}) == ["E1", "E4"]
    log = agree(folder, everybody(folder))
    assert {line.decision.employee_id for line in log}.isdisjoint({"E1", "E4"})
    one = rest.twice[0]
    entry = Entry(decision="ready_now", decided_by="Ada", decided_on=TODAY)
    decide(folder, one, entry, 0, DAY, TODAY, NOW)
    left = rest_of(sitting, read_log(folder))
    assert sorted({one.key[0] for one in left.twice}) == ["E1", "E4"]
    assert left.groups == {}


def test_of_several_promotions_only_two_that_both_promote_are_left_out(folder):
    first, second, third = sitting_at(folder).seats[:3]
    of_one = {"person": 1, "when": "By consent"}
    seats = (
        replace(first, key=("E1", "up"), recommendation="ready_now", **of_one),
        replace(second, key=("E1", "across"), recommendation="developing", **of_one),
    )
    sitting = replace(sitting_at(folder), seats=seats)
    assert (rest_of(sitting, ()).twice, rest_of(sitting, ()).groups) == ((), {"By consent": seats})
    more = replace(third, key=("E1", "aside"), recommendation="ready_now", **of_one)
    rest = rest_of(replace(sitting, seats=(*seats, more)), ())
    assert (rest.twice, rest.groups) == ((seats[0], more), {"By consent": seats[1:]})


def test_of_two_who_agree_to_the_rest_at_the_same_moment_one_is_told(folder):
    def said(by):
        try:
            return agree(folder, everybody(folder), by=by) and ""
        except MeanwhileError:
            return "decided meanwhile"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(said, ["Ada", "Ben"])) == ["", "decided meanwhile"]
    assert len(read_log(folder)) == len(sitting_at(folder).seats)


def test_the_rest_of_one_person_is_agreed_to_also_a_year_after_the_session(folder):
    seats = sitting_at(folder).seats
    for number, seat in enumerate(seats[1:]):
        entry = Entry(decision=seat.recommendation, decided_by="Ada", decided_on=TODAY)
        assert len(decide(folder, seat, entry, 0, DAY, TODAY, NOW)) == number + 1
    sitting, later = sitting_at(folder), date(2028, 1, 1)
    log = agree_to_rest(folder, sitting, everybody(folder), "Panel", TODAY, len(seats) - 1, later, NOW)
    assert log[-1].decision.decided_on == TODAY


def test_all_of_it_is_taken_back_at_once_and_what_was_decided_since_stays(folder):
    seats = sitting_at(folder).seats
    agree(folder, everybody(folder))
    first, second = seats[:2]
    take_back(folder, first, "Wrong row", "Ada", versions_in(read_log(folder))[first.key], LATER)
    entry = Entry(decision=second.recommendation, reason="Discussed", decided_by="Ada", decided_on=TODAY)
    decide(folder, second, entry, versions_in(read_log(folder))[second.key], DAY, TODAY, LATER)
    said = said_of_rest(read_log(folder))
    assert len(said) == len(seats) - 2
    log = take_back_rest(folder, "Too early", "Ben", len(read_log(folder)), LATER)
    assert set(decisions_in(log)) == {second.key}
    assert {line.decision.withdrawn_by for line in log[-len(said) :]} == {"Ben"}
    assert said_of_rest(log) == ()
    with pytest.raises(InputError, match="nothing to take back"):
        take_back_rest(folder, "Again", "Ben", len(log), LATER)


@pytest.mark.parametrize(("first", "last"), [(NOW, LATER), (LATER, NOW)])
def test_only_the_last_time_is_taken_back_also_where_the_clock_was_put_back(folder, first, last):
    agree(folder, {"By consent", "Not on the agenda"}, at=first)
    before = decisions_in(read_log(folder))
    agree(folder, {"In the session"}, seen=len(before), at=last)
    assert decisions_in(take_back_rest(folder, "Not yet", "Ben", len(read_log(folder)), LATER)) == before


@pytest.mark.parametrize(
    ("groups", "seen", "by", "said"),
    [
        ({"By consent"}, 7, "Panel", "decided meanwhile"),
        ({"By consent"}, 0, " ", "does not say who decided"),
        ({"By consent"}, 0, "-", "not a word"),
        (set(), 0, "Panel", "Nobody was chosen"),
    ],
)
def test_what_is_not_complete_or_was_not_seen_is_refused_and_nothing_is_in_the_log(
    folder, groups, seen, by, said
):
    with pytest.raises(InputError, match=said):
        agree(folder, groups, seen, by)
    assert read_log(folder) == ()
    with pytest.raises(MeanwhileError):
        take_back_rest(folder, "Why", "Ben", 3, LATER)


def test_a_decision_changed_later_does_not_keep_that_nobody_asked_to_discuss_it(folder):
    agree(folder, everybody(folder))
    seat = next(one for one in sitting_at(folder).seats if one.recommendation == "ready_now")
    seen = versions_in(read_log(folder))[seat.key]
    entry = Entry(
        decision="ready_soon", reason_code="timing", reason=REST, decided_by="Ada", decided_on=TODAY
    )
    with pytest.raises(InputError, match="is the reason where nobody asked to discuss it"):
        decide(folder, seat, entry, seen, DAY, TODAY, LATER)


def test_the_same_in_a_workbook_is_a_problem_with_its_cell(folder, tmp_path):
    rows = {(0, "decision"): "developing", (0, "reason_code"): "Other, see the reason", (0, "reason"): REST}
    answer = calibrate(folder, filled(folder, tmp_path / "e.xlsx", rows, **PANEL))
    assert "is the reason where nobody asked to discuss it" in answer.output


FIVE = HEADS + "".join(f"{n},P{n},PM,Kim,4,{grade}\n" for n, grade in enumerate("44441", start=1))


def test_the_page_says_who_is_the_rest_decides_on_a_click_and_takes_it_back_on_another(tmp_path):
    with served(tmp_path / "data") as server:
        client = server.client()
        address = client.run(client.upload(("five.csv", FIVE.encode()), day="2026-06-30"))
        folder = server.site.shelf.entry(address.rpartition("/")[2]).run
        page = client.get(f"{address}/session/rest").text
        for seat in sitting_at(folder).seats:
            assert seat.name in page
        groups = re.findall(r'name="groups" value="([^"]+)"( checked)?', page)
        assert {name for name, ticked in groups if ticked} <= {"By consent", "Not on the agenda"}
        fields = {"groups": groups[0][0], "decided_by": "Panel", "version": "0"}
        refused = client.post(f"{address}/session/rest", {**fields, "decided_by": "-"})
        assert (refused.status, read_log(folder)) == (422, ())
        behind = client.post(f"{address}/session/rest", {**fields, "version": "5"})
        assert "decided meanwhile" in behind.text
        assert 'name="decided_by" value="Panel"' in behind.text
        assert client.post(f"{address}/session/rest", fields).status == 303
        made = decisions_in(read_log(folder))
        assert {(one.reason, one.decided_by) for one in made.values()} == {(REST, "Panel")}
        page = client.get(f"{address}/session/rest").text
        assert "Take it all back" in page
        told = {"why": "Too early", "decided_by": "Ben", "version": str(len(read_log(folder)))}
        assert client.post(f"{address}/session/rest/withdraw", told).status == 303
        assert decisions_in(read_log(folder)) == {}
    assert pl.read_csv(folder / "decisions.csv").is_empty()
