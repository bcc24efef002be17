from dataclasses import replace

import openpyxl

from engine import assess, explain
from inputs import Issue, Severity
from reports.pages.report import write_report
from reports.shown.content import run_of
from reports.workbook import write_workbook
from rules.pack import AGREEMENTS, BANDS, STATUSES
from tests.made_explanations import MadeExplanations
from tests.sample_run import sample
from tests.small import DAY, pack, roster

PEOPLE = (
    {"drive:manager": 5, "drive:self": 5, "care:manager": 2, "department": "Core", "manager_name": "Ada"},
    {"drive:manager": 3.5, "drive:self": 5, "care:manager": 2, "department": "Core"},
    {"drive:manager": 2, "drive:self": 2, "care:manager": 5, "department": "growth"},
    {"drive:manager": None},
)


def small_run():
    assessment = assess(roster(PEOPLE), pack(), DAY)
    return run_of(assessment, explain(assessment), "f")


def test_every_grouping_adds_up_to_all_recommendations():
    run = sample()
    for groups in (
        run.by_level(),
        run.by_promotion(),
        run.by_department(),
        run.by_manager(),
        run.by_specialisation(),
    ):
        assert {band: sum(group.counts[band] for group in groups) for band in BANDS} == run.overall().counts
    assert run.overall().total == len(run.explanations)


def test_people_recommended_and_not_assessable_add_up_to_the_file():
    run = sample()
    assert run.people_in_file == run.people_recommended + len(run.not_assessable)
    assert run.people_recommended == len({one.person for one in run.explanations})


def test_levels_come_in_the_order_of_the_ladder():
    titles = [level.title for level in sample().pack.levels]
    shown = [group.name for group in sample().by_level()]
    assert shown == [title for title in titles if title in shown]


def test_departments_come_in_alphabetical_order_and_none_last():
    assert [group.name for group in small_run().by_department()] == [
        "Core",
        "growth",
        "No department given",
    ]


def test_specialisations_come_in_alphabetical_order_none_last_and_only_where_there_are_any():
    assert small_run().by_specialisation() == ()
    people = tuple(
        replace(one, specialisation=kind)
        for one, kind in zip(small_run().explanations, ("b", None, "A", "b"), strict=True)
    )
    run = replace(small_run(), explanations=MadeExplanations(people))
    assert [(group.name, group.total) for group in run.by_specialisation()] == [
        ("A", 1),
        ("b", 2),
        ("No specialisation given", 1),
    ]


def test_the_signal_that_holds_most_people_back_comes_first():
    (holding,) = small_run().holding_back()
    assert [(signal.signal, signal.short, signal.total) for signal in holding.signals] == [
        ("drive", 2, 4),
        ("care", 2, 4),
    ]
    assert holding.signals[0].counts == {"met": 1, "near": 1, "gap": 1, "unrated": 1}
    assert list(holding.signals[0].counts) == list(STATUSES)


def test_agreement_is_counted_over_signals():
    (agreement,) = small_run().agreement()
    assert list(agreement.counts) == list(AGREEMENTS)
    assert agreement.counts == {"aligned": 2, "self_higher": 1, "self_lower": 0, "unknown": 5}
    assert agreement.total == 8


def test_the_report_and_the_workbook_call_a_kind_of_issue_what_inspect_calls_it(tmp_path):
    issues = tuple(
        Issue("leading_zeros", Severity.WARNING, "A problem.", "A remedy.", row=row) for row in range(3, 1503)
    )
    run = replace(small_run(), issues=issues)
    write_report(run, tmp_path / "report.html")
    write_workbook(run, tmp_path / "run.xlsx")
    listed = openpyxl.load_workbook(tmp_path / "run.xlsx")["Data issues"]
    assert "Ids that may have lost leading zeros <b>1,500</b>" in (tmp_path / "report.html").read_text()
    assert listed["A2"].value == "1,500 in all. Ids that may have lost leading zeros: 1,500"
    assert {row[-1] for row in listed.iter_rows(min_row=6, max_row=8, values_only=True)} == {
        "Ids that may have lost leading zeros"
    }
