"""Two runs of the same company: who of the one is met again in the other, by id and by name."""

import csv
from datetime import date

import polars as pl
import pytest

from engine import assess
from engine.decide import cycles_through
from engine.raters import raters_of
from engine.session import Origin, append
from inputs.met_again import met_again
from reports.calibration import write_decisions
from reports.comparison import compare_runs, difference_lines, read_compared
from reports.run import read_run, with_cycles_in
from reports.run.previous import read_previous
from reports.run.writing import Wanted, write_run
from reports.shown.last_cycle import last_cycle
from tests.small import DAY, pack, roster
from tests.test_calibration_cycles import APPLIED, decision

THEN = date(2025, 6, 30)
MET = {"drive:manager": 4, "care:manager": 4}


def person(employee_id, name, **more):
    return {**MET, "employee_id": employee_id, "employee_name": name, **more}


def names(*pairs):
    return pl.DataFrame(pairs, schema=["employee_id", "employee_name"], orient="row")


def two_runs(tmp_path, then, now, **wanted):
    write_run(assess(roster(then), pack(), THEN), tmp_path / "then")
    later = roster(now)
    if wanted.get("previous"):
        later, earlier = with_cycles_in(tmp_path / "then", later, DAY)
        write_run(
            assess(later, pack(), DAY, earlier=earlier),
            tmp_path / "now",
            wanted=Wanted(previous=tmp_path / "then"),
        )
    else:
        write_run(assess(later, pack(), DAY), tmp_path / "now")
    return tmp_path / "then", tmp_path / "now"


@pytest.mark.parametrize(
    ("then", "now", "found"),
    [
        ("Runa Falk", "Runa Falk", "same"),
        ("Falk, Runa", "runa  FALK", "same"),
        ("Runa Falk", None, "same"),
        ("Runa Falk", "Runa Lind", "renamed"),
        ("Runa Falk", "R. Falk", "renamed"),
        ("Runa Falk", "Timo Abel", "other"),
    ],
)
def test_names_tell_whether_an_id_is_still_the_same_persons(then, now, found):
    met = met_again(names(("E1", then)), names(("E1", now)))
    assert (len(met.others), len(met.renamed)) == {"same": (0, 0), "renamed": (0, 1), "other": (1, 0)}[found]


def test_ids_that_are_written_otherwise_are_paired_only_where_they_are_alone():
    met = met_again(
        names(("00106", "A"), ("e-7", "B"), ("07", "C"), ("007", "D"), ("5", "E")),
        names(("106", "A"), ("E7", "B"), ("7", "C"), ("5", "E")),
    )
    assert met.rewritten == {"00106": "106", "e-7": "E7"}
    assert (met.rewritten_as("106"), met.rewritten_as("E7"), met.rewritten_as("5")) == ("00106", "e-7", None)


def test_an_id_that_went_to_somebody_else_is_compared_as_two_people(tmp_path):
    then, now = two_runs(tmp_path, [person("E1", "Runa Falk")], [person("E1", "Timo Abel")])
    found = compare_runs(read_compared(then), read_compared(now))
    assert [(one.employee_name, one.cause) for one in found.changed] == [
        ("Timo Abel", "appeared"),
        ("Runa Falk", "gone"),
    ]
    assert found.same == 0
    assert found.changed[0].details == ("in the other run the id is that of Runa Falk",)
    told = "\n".join(difference_lines(found, {}))
    assert "1 id of the first run is beside another name in the second: E1 (Runa Falk then and Timo" in told


def test_who_is_in_one_run_alone_is_told_with_the_reason(tmp_path):
    people = [person("007", "Runa Falk"), person("E2", "Timo Abel")]
    then, now = two_runs(tmp_path, people, [person("7", "Runa Falk")])
    found = compare_runs(read_compared(then), read_compared(now))
    assert {(one.employee_id, one.details) for one in found.changed} == {
        ("7", ("the other run has the id 007",)),
        ("007", ("the other run has the id 7",)),
        ("E2", ("the other run does not have this person",)),
    }


def test_what_an_earlier_run_says_of_somebody_else_is_held_for_nobody(tmp_path):
    people = [person("E1", "Timo Abel"), person("E2", "Ada Moor"), person("7", "Ida Berg")]
    before = [person("E1", "Runa Falk"), person("E2", "Ada Lund"), person("07", "Ida Berg")]
    for one in before:
        one["drive:manager"] = 5
    then, folder = two_runs(tmp_path, before, people, previous=True)
    now = read_run(folder)
    assert with_cycles_in(then, roster(people), DAY)[1]["employee_id"].to_list() == ["E2", "07"]
    rows = {row.employee_id: row for row in now.session.cycle.rows}
    assert (rows["E1"].before, rows["E1"].change) == (None, "not in the earlier run")
    assert (rows["E2"].before, rows["E2"].change) == ("ready_now", "unchanged")
    assert now.session.cycle.gone == 2
    with (folder / "issues.csv").open(encoding="utf-8-sig", newline="") as file:
        told = {row["kind"]: row["problem"] for row in csv.DictReader(file)}
    assert "E1 (Runa Falk then and Timo Abel now)" in told["id_of_another"]
    assert "07 then and 7 now" in told["id_rewritten"]
    assert "E2 (Ada Lund then and Ada Moor now)" in told["name_changed"]


def test_decisions_about_somebody_else_are_not_shown(tmp_path):
    before, after = ([person("E1", name), person("E2", "Ada Moor")] for name in ("Runa Falk", "Timo Abel"))
    then, folder = two_runs(tmp_path, before, after)
    both = [decision("E1", "developing"), decision("E2", "developing")]
    write_decisions(read_run(then), append((), both, Origin(), APPLIED), then)
    now = read_run(folder)
    previous = read_previous(then, now)
    assert (len(previous.run.explanations), previous.others) == (1, 1)
    rows = last_cycle(now, previous).rows
    assert [row.decided for row in rows] == [None, "developing"]
    assert rows[0].became == "" != rows[1].became


def test_managers_are_not_linked_by_an_id_that_went_to_somebody_else():
    managers = [person("E1", "Runa Falk", manager_id="M1"), person("E2", "Ada Moor", manager_id="M1")]
    then = assess(roster(managers), pack(), THEN)
    people = [person("E1", "Timo Abel", manager_id="M2"), person("E2", "Ada Moor", manager_id="M2")]
    people.append(person("E3", "Ida Berg", manager_id="M1"))
    assert raters_of(assess(roster(people), pack(), DAY), [then]).links.earlier == 1


def test_a_review_of_the_same_day_is_one_cycle_though_it_is_given_twice(tmp_path):
    reviewed = date(2025, 6, 1)
    before = [person("E1", "Runa Falk", review_date=reviewed), person("E2", "Ada Moor")]
    people = [before[0], person("E2", "Ada Moor", **{"care:manager": 5})]
    told = cycles_through(assess(roster(before), pack(), THEN), roster(people))
    assert dict(told.select("employee_id", "cycles_met_before").iter_rows()) == {"E2": 1, "E1": None}
    _, folder = two_runs(tmp_path, before, people, previous=True)
    first, second = read_run(folder).session.cycle.rows
    assert (first.finding, [streak.cycles for streak in first.streaks]) == (None, [1])
    assert first.sentence == "The review is of 1 June 2025, as it was then: it makes no new cycle."
    assert (second.finding, [streak.cycles for streak in second.streaks]) == ("sustained", [2])


def test_a_level_that_began_before_a_run_which_has_another_one_is_asked_about(tmp_path):
    rules = pack(levels=("junior", "senior"))
    write_run(
        assess(roster([person(f"E{n}", f"Person {n}") for n in range(1, 6)]), rules, THEN), tmp_path / "then"
    )
    began = (date(2024, 1, 1), date(2025, 6, 29), THEN, None)
    people = [
        *(person(f"E{n}", f"Person {n}", level="senior", level_since=on) for n, on in enumerate(began, 1)),
        person("E5", "Timo Abel", level="senior"),
        person("E6", "Person 6", level="senior"),
    ]
    known, _ = with_cycles_in(tmp_path / "then", roster(people), DAY)
    told = {one.employee_id: one for one in known.issues if one.about == "level_since"}
    assert set(told) == {"E1", "E2"}
    assert told["E1"].problem == (
        "In level since 1 January 2024, but at another level, Junior, in the run of 30 June 2025. "
        "The date was used."
    )


def test_a_level_that_began_after_a_run_which_has_it_already_is_asked_about(tmp_path):
    began = [date(2021, 1, 1), date(2021, 1, 1), date(2025, 9, 1), None]
    then = [person(f"E{at}", f"Person {at}", level_since=on) for at, on in enumerate(began, 1)]
    write_run(assess(roster(then), pack(), THEN), tmp_path / "then")
    since = [date(2026, 5, 30), date(2022, 1, 1), date(2025, 9, 1), date(2026, 5, 30)]
    people = [person(f"E{at}", f"Person {at}", level_since=on) for at, on in enumerate(since, 1)]
    known, _ = with_cycles_in(tmp_path / "then", roster(people), DAY)
    assert [(one.employee_id, one.problem) for one in known.issues if one.about == "level_since"] == [
        (
            "E1",
            "In level since 30 May 2026, but at this level since 1 January 2021 in the run of 30 June 2025. "
            "The date was used.",
        )
    ]
