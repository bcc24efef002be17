import re
import shutil
from datetime import UTC, date, datetime

import openpyxl
import polars as pl
import pytest

from engine import assess, explain
from engine.session import (
    Decision,
    Origin,
    Withdrawal,
    append,
    decisions_in,
    end_of,
    merge,
    parse_log,
    render_log,
    session_terms,
)
from inputs import InputError
from reports.calibration import apply_workbooks, write_decisions
from reports.run import read_run
from reports.run.previous import read_previous
from reports.shown.content import run_of
from reports.shown.last_cycle import Previous, last_cycle
from reports.workbook.topics import agenda_of
from reports.writing import Wanted, write_run
from tests.small import DAY, pack, roster, rule, signal
from tests.test_calibration_round_trip import forking_pack

APPLIED = datetime(2026, 7, 1, 12, tzinfo=UTC)
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
        "promotion": "up",
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
    write_decisions(before, append((), made, Origin("session.xlsx", "a" * 64), APPLIED), folder / "then")
    write_run(assess(roster(NOW), pack(), DAY), folder / "now", wanted=Wanted(previous=folder / "then"))
    return folder


def test_each_recommendation_stands_beside_the_one_of_the_earlier_cycle(runs):
    now = read_run(runs / "now")
    moves = last_cycle(now, read_previous(runs / "then", now)).rows
    assert [move.change for move in moves] == [
        "up",
        "down",
        "unchanged",
        "unchanged",
        "not in the earlier run",
    ]
    assert [move.decided for move in moves] == [None, "developing", "ready_now", None, None]
    assert moves[1].became == "Decided on 1 July 2025; follow-up: Ask"
    assert moves[2].became == "Promotion decided on 1 July 2025, not carried out"
    assert moves[3].became == "Nothing was decided"


def test_who_could_not_be_judged_in_one_of_two_cycles_went_neither_up_nor_down():
    both = {"drive:manager": (4, None), "care:manager": (4, 4)}

    def cycle(at):
        people = [{name: given[at] for name, given in both.items()}]
        people.append({name: given[1 - at] for name, given in both.items()})
        assessment = assess(roster(people), pack(), DAY if at else EARLIER)
        return run_of(assessment, explain(assessment), "0123456789ab")

    rows = last_cycle(cycle(1), Previous(cycle(0), {})).rows
    assert [row.change for row in rows] == ["no longer judged", "newly judged"]


def test_a_promotion_is_carried_out_where_it_was_to_and_whoever_is_gone_with_one_is_named():
    forked = forking_pack()
    on = forked.promotions[0].model_copy(update={"id": "on", "from_level": "senior", "to_level": "expert"})
    rules = forked.model_copy(update={"promotions": (*forked.promotions, on)})

    def cycle(levels, at):
        people = [{"drive:manager": 4, "level": level} for level in levels]
        assessment = assess(roster(people), rules, at)
        return run_of(assessment, explain(assessment), "0123456789ab")

    made = [decision("E1"), decision("E2", promotion="across"), decision("E4")]
    then = Previous(cycle(["junior"] * 4, EARLIER), {one.key: one for one in made})
    past = last_cycle(cycle(["senior"] * 3, DAY), then)
    assert [row.became for row in past.rows] == [
        "Promotion carried out: Junior then, Senior now",
        "Level changed otherwise than decided (Expert): Junior then, Senior now",
        "Level changed without a decision: Junior then, Senior now",
    ]
    assert (past.gone, past.promised) == (1, ("Person 4 (E4)",))


def test_a_promotion_to_a_level_that_has_not_begun_is_still_to_be_carried_out():
    rules = forking_pack()
    on = rules.promotions[0].model_copy(update={"id": "on", "from_level": "senior", "to_level": "expert"})
    rules = rules.model_copy(update={"promotions": (*rules.promotions, on)})

    def cycle(at, **more):
        assessment = assess(roster([{"drive:manager": 4, **more}]), rules, at)
        return run_of(assessment, explain(assessment), "0123456789ab")

    then = Previous(cycle(EARLIER), {one.key: one for one in [decision("E1")]})

    def since(day):
        (row,) = last_cycle(cycle(DAY, level="senior", level_since=day), then).rows
        return row.became, row.open

    assert since(date(2026, 8, 1)) == (
        "Promotion to be carried out: Junior then, Senior from 1 August 2026 on",
        True,
    )
    assert since(DAY) == ("Promotion carried out: Junior then, Senior now", False)
    assert since(None) == ("Promotion carried out: Junior then, Senior now", False)


def test_under_rules_with_other_levels_nobody_is_said_to_have_moved():
    def cycle(rules, at, people):
        assessment = assess(roster(people), rules, at)
        return run_of(assessment, explain(assessment), "0123456789ab")

    before = cycle(pack(), EARLIER, [{"drive:manager": 4}, {"drive:manager": 4}])
    then = Previous(before, {one.key: one for one in [decision("E1")]})
    others = pack(levels=("grade_one", "grade_two"))
    others = others.model_copy(
        update={"promotions": (others.promotions[0].model_copy(update={"id": "graded"}),)}
    )
    now = cycle(others, DAY, [{"drive:manager": 4, "level": "grade_one"}] * 2)
    assert [(row.change, row.became, row.open) for row in last_cycle(now, then).rows] == [
        (
            "other levels",
            "The rules have other levels now: Junior then, Grade_One now; promotion to Senior was decided",
            True,
        ),
        ("other levels", "The rules have other levels now: Junior then, Grade_One now", False),
    ]


NEW = "Every core signal is met now; not yet on 30 June 2025: “Drive”."
LOST = "Every core signal was met on 30 June 2025; not met now: “Drive”."


@pytest.mark.parametrize(
    ("then", "now", "sentence"),
    [
        ({"drive": 4, "heart": 4}, {"drive": 4, "heart": None}, ""),
        ({"drive": 4, "heart": 4}, {"drive": 2, "heart": None}, LOST),
        ({"drive": 4, "heart": None}, {"drive": 4, "heart": 4}, ""),
        ({"drive": 2, "heart": None}, {"drive": 4, "heart": 4}, NEW),
        ({"drive": 4, "heart": 4}, {"drive": 2, "heart": 2, "level_since": date(2026, 6, 1)}, ""),
        ({"drive": 2, "heart": 2, "level_since": date(2025, 6, 1)}, {"drive": 4, "heart": 4}, ""),
    ],
)  # fmt: skip
def test_a_signal_that_one_of_two_cycles_cannot_tell_was_neither_met_nor_lost(then, now, sentence):
    rules = pack(
        (signal("drive"), signal("heart")),
        (rule("T-R1", "observation == 'too_short'", recommendation="insufficient_evidence", kind="too_new"),
         *(rule(f"T-R{at}", f"observation != 'too_short' and core_gap {test}", recommendation=band)
           for at, test, band in ((2, ">= 1", "developing"), (3, "== 0", "ready_now"))),
         rule("T-C1", "always", confidence="high")),
    )  # fmt: skip

    def cycle(person, on):
        given = {name if "_" in name else f"{name}:manager": value for name, value in person.items()}
        assessment = assess(roster([given]), rules, on)
        return run_of(assessment, explain(assessment), "0123456789ab")

    (row,) = last_cycle(cycle(now, DAY), Previous(cycle(then, EARLIER), {})).rows
    assert (row.sentence, row.finding is None) == (sentence, not sentence)


def test_core_signals_met_in_both_cycles_are_sustained_and_those_only_now_new_evidence(runs):
    rows = read_run(runs / "now").session.cycle.rows
    assert [(row.sustained, row.core, row.finding) for row in rows] == [
        (0, 1, "new"),
        (0, 1, "lost"),
        (1, 1, "sustained"),
        (1, 1, "sustained"),
        (0, 1, None),
    ]
    assert rows[0].sentence == "Every core signal is met now; not yet on 30 June 2025: “Drive”."
    assert rows[1].sentence == "Every core signal was met on 30 June 2025; not met now: “Drive”."
    assert rows[2].sentence == (
        "Every core signal has been met in 2 cycles in a row, since 30 June 2025. "
        "Every rating is the same as then; is it the same review?"
    )


def test_a_finding_about_two_cycles_changes_no_recommendation(runs):
    alone = write_run(assess(roster(NOW), pack(), DAY), runs / "alone")
    beside = read_run(runs / "now")
    assert beside.explanations == alone.explanations


def test_cycles_add_up_through_every_earlier_run_and_a_break_starts_anew(runs):
    third = date(2027, 6, 30)
    later = (
        {"drive:manager": 4, "care:manager": 4},
        {"drive:manager": 5, "care:manager": 4},
        {"drive:manager": 5, "care:manager": 4},
    )
    run = write_run(
        assess(roster(later), pack(), third), runs / "later", wanted=Wanted(previous=runs / "now")
    )
    rows = run.session.cycle.rows
    assert [[(s.since, s.cycles) for s in row.streaks] for row in rows] == [
        [(DAY, 2)],
        [(third, 1)],
        [(EARLIER, 3)],
    ]
    frame = pl.read_parquet(runs / "later" / "last-cycle.parquet")
    assert frame["cycles"].to_list() == [2, 1, 3]
    assert frame["since"].to_list() == [DAY, third, EARLIER]
    assert frame["finding"].to_list() == ["sustained", "new", "sustained"]
    assert pl.read_csv(runs / "later" / "last-cycle.csv").height == 3


def test_the_same_ratings_over_again_are_no_evidence_that_lasted(runs):
    wanted = Wanted(previous=runs / "now")
    later = date(2026, 12, 31)
    run = write_run(assess(roster(NOW), pack(), later), runs / "again", wanted=wanted)
    cycle = run.session.cycle
    assert cycle.same_ratings
    assert {row.finding for row in cycle.rows} == {None}
    assert [[(s.since, s.cycles) for s in row.streaks] for row in cycle.rows[2:4]] == [[(EARLIER, 2)]] * 2
    sheet = openpyxl.load_workbook(runs / "again" / "calibration.xlsx")["Last cycle"]
    assert "The ratings are the same as then" in sheet["A2"].value
    assert not read_run(runs / "now").session.cycle.same_ratings


def test_another_rating_of_what_only_the_present_level_expects_is_not_the_same_review():
    rules = pack((signal("drive"),), expects={"care": "3"}, beside=("care",))

    def cycle(care, at):
        assessment = assess(roster([{"drive:manager": 4, "care:manager": care}]), rules, at)
        return run_of(assessment, explain(assessment), "0123456789ab")

    past = last_cycle(cycle(4, DAY), Previous(cycle(3, EARLIER), {}))
    assert (past.same_ratings, past.rows[0].finding) == (False, "sustained")
    assert session_terms().same_review not in past.rows[0].sentence


def test_what_is_open_since_the_last_cycle_and_evidence_not_repeated_are_on_the_agenda(runs):
    agenda = agenda_of(read_run(runs / "now"))
    topics = {turn.known.employee_id: {topic.id for topic in turn.topics} for turn in agenda}
    assert {"promised", "lost"} <= topics["E2"]
    assert "promised" in topics["E3"]
    assert not {"promised", "lost"} & (topics.get("E1", set()) | topics.get("E4", set()))


def test_the_report_names_whoever_moved_or_has_something_open_since_the_last_cycle(runs):
    text = (runs / "now" / "report.html").read_text(encoding="utf-8")
    section = re.search(r'<section id="moved".*?</section>', text, re.S)[0]
    assert re.findall(r">(Person \d)</a>", section) == ["Person 1", "Person 2", "Person 3"]
    assert "Promotion decided on 1 July 2025, not carried out" in section


def test_the_report_names_whoever_was_promoted_and_is_gone(runs, tmp_path):
    wanted = Wanted(previous=runs / "then")
    write_run(assess(roster(NOW[:2]), pack(), DAY), tmp_path / "fewer", wanted=wanted)
    text = (tmp_path / "fewer" / "report.html").read_text(encoding="utf-8")
    assert "there is no recommendation now: Person 3 (E3)." in text
    assert "there is no recommendation now" not in (runs / "now" / "report.html").read_text(encoding="utf-8")


def test_the_workbook_shows_the_last_cycle(runs):
    book = openpyxl.load_workbook(runs / "now" / "calibration.xlsx")
    rows = {row[0].value: [cell.value for cell in row] for row in book["Last cycle"].iter_rows(min_row=6)}
    assert rows["E3"][12] == "Sustained evidence"
    assert rows["E1"][12] == "New evidence"
    heads, *details = [[cell.value for cell in row] for row in book["Details"].iter_rows(min_row=4)]
    told = {row[heads.index("Employee id")]: row[heads.index("Last cycle")] for row in details}
    assert told["E3"].splitlines()[:2] == [
        "30 June 2025: ready now, decided ready now; unchanged since",
        "Promotion decided on 1 July 2025, not carried out",
    ]
    assert "2 cycles in a row" in told["E3"]
    assert told["E5"] == "Not in the earlier run"
    names = [cell.value for row in book["People"].iter_rows() for cell in row if cell.value]
    assert any("Person 1 ↑" in text for text in names)
    assert any("Person 2 ↓" in text for text in names)
    assert any("Person 5 +" in text for text in names)


def test_a_group_workbook_shows_the_last_cycle_of_its_own_people_alone(runs):
    people = [{**person, "department": f"Team {n % 2}"} for n, person in enumerate(NOW)]
    wanted = Wanted(previous=runs / "then", group_by="department")
    write_run(assess(roster(people), pack(), DAY), runs / "groups", wanted=wanted)
    for team, ids in (("team-0", {"E1", "E3", "E5"}), ("team-1", {"E2", "E4"})):
        book = openpyxl.load_workbook(runs / "groups" / "groups" / f"{team}.xlsx")
        found = {row[0].value for row in book["Last cycle"].iter_rows(min_row=6)}
        assert {one for one in found if one and one.startswith("E") and one[1:].isdigit()} == ids


def test_a_run_keeps_the_last_cycle_when_the_earlier_folder_is_gone(runs, tmp_path):
    shutil.copytree(runs / "now", tmp_path / "now")
    made = decision("E1", decided_on=DAY)
    write_decisions(
        read_run(tmp_path / "now"), append((), [made], Origin("a.xlsx", "b" * 64), APPLIED), tmp_path / "now"
    )
    final = openpyxl.load_workbook(tmp_path / "now" / "calibration-final.xlsx")
    before = openpyxl.load_workbook(tmp_path / "now" / "calibration.xlsx")
    assert [name for name in final.sheetnames if name != "Room"] == before.sheetnames
    assert [[c.value for c in row] for row in final["Last cycle"]] == [
        [c.value for c in row] for row in before["Last cycle"]
    ]


def test_a_run_that_is_not_earlier_is_refused(runs):
    now = read_run(runs / "now")
    with pytest.raises(InputError, match="not before"):
        read_previous(runs / "now", now)


def test_a_run_read_back_is_the_run_that_was_written(runs):
    written = write_run(assess(roster(THEN), pack(), EARLIER), runs / "copy")
    assert read_run(runs / "copy") == written


def test_a_log_is_read_back_as_it_was_written_and_a_missing_line_is_noticed():
    made = [decision("E1"), decision("E2"), decision("E3")]
    log = append((), [*made, Withdrawal("E2", "up", "Wrong row", "HR")], Origin("a.xlsx", "b" * 64), APPLIED)
    text, end = render_log(log), end_of(log)
    assert parse_log(text, "log", end) == log
    assert set(decisions_in(log)) == {("E1", "up"), ("E3", "up")}
    lines = text.splitlines(keepends=True)
    with pytest.raises(InputError, match="line 2"):
        parse_log(lines[0] + lines[2], "log", end)
    with pytest.raises(InputError, match="should have 4 lines"):
        parse_log("".join(lines[:3]), "log", end)


def test_merging_tells_new_known_and_conflicting_decisions_apart():
    final = append((), [decision("E1"), decision("E2")], Origin(), datetime(2026, 7, 1, tzinfo=UTC))
    merged = merge(
        final,
        [decision("E1"), decision("E2", decided_by="Other"), decision("E3"), decision("E4", "developing")],
        beside={("E4", "up"): decision("E4")},
    )
    assert [one.employee_id for one in merged.same] == ["E1"]
    assert [(c.current.employee_id, c.differs) for c in merged.conflicts] == [("E2", ("decided_by",))]
    assert [one.employee_id for one in merged.fresh] == ["E3"]
    assert [c.proposed.employee_id for c in merged.contradictions] == ["E4"]


def test_a_workbook_of_a_run_that_was_compared_with_no_earlier_one_is_of_another_run(runs):
    later, day = assess(roster(NOW), pack(), date(2026, 12, 31)), date(2027, 1, 1)
    write_run(later, runs / "alone")
    write_run(later, runs / "compared", wanted=Wanted(previous=runs / "now"))
    with pytest.raises(InputError, match="another run"):
        apply_workbooks(runs / "compared", [runs / "alone" / "calibration.xlsx"], day, APPLIED, final=False)
