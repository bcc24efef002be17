from dataclasses import replace

from engine import assess, explain
from reports.shown.content import summarise
from rules.pack import AGREEMENTS, BANDS, STATUSES
from tests.sample_summary import sample
from tests.small import DAY, pack, roster

PEOPLE = (
    {"drive:manager": 5, "drive:self": 5, "care:manager": 2, "department": "Core", "manager_name": "Ada"},
    {"drive:manager": 3.5, "drive:self": 5, "care:manager": 2, "department": "Core"},
    {"drive:manager": 2, "drive:self": 2, "care:manager": 5, "department": "growth"},
    {"drive:manager": None},
)


def small_summary():
    assessment = assess(roster(PEOPLE), pack(), DAY)
    return summarise(assessment, explain(assessment), "f")


def test_every_grouping_adds_up_to_all_recommendations():
    summary = sample()
    for groups in (
        summary.by_level(),
        summary.by_promotion(),
        summary.by_department(),
        summary.by_manager(),
        summary.by_specialisation(),
    ):
        assert {
            band: sum(group.counts[band] for group in groups) for band in BANDS
        } == summary.overall().counts
    assert summary.overall().total == len(summary.explanations)


def test_people_recommended_and_not_assessable_add_up_to_the_file():
    summary = sample()
    assert summary.people_in_file == summary.people_recommended + len(summary.not_assessable)
    assert summary.people_recommended == len({one.person for one in summary.explanations})


def test_levels_come_in_the_order_of_the_ladder():
    titles = [level.title for level in sample().pack.levels]
    shown = [group.name for group in sample().by_level()]
    assert shown == [title for title in titles if title in shown]


def test_departments_come_in_alphabetical_order_and_none_last():
    assert [group.name for group in small_summary().by_department()] == [
        "Core",
        "growth",
        "No department given",
    ]


def test_specialisations_come_in_alphabetical_order_none_last_and_only_where_there_are_any():
    assert small_summary().by_specialisation() == ()
    people = tuple(
        replace(one, specialisation=kind)
        for one, kind in zip(small_summary().explanations, ("b", None, "A", "b"), strict=True)
    )
    summary = replace(small_summary(), explanations=people)
    assert [(group.name, group.total) for group in summary.by_specialisation()] == [
        ("A", 1),
        ("b", 2),
        ("No specialisation given", 1),
    ]


def test_the_signal_that_holds_most_people_back_comes_first():
    (holding,) = small_summary().holding_back()
    assert [(signal.signal, signal.short, signal.total) for signal in holding.signals] == [
        ("drive", 2, 4),
        ("care", 2, 4),
    ]
    assert holding.signals[0].counts == {"met": 1, "near": 1, "gap": 1, "unrated": 1}
    assert list(holding.signals[0].counts) == list(STATUSES)


def test_agreement_is_counted_over_signals():
    (agreement,) = small_summary().agreement()
    assert list(agreement.counts) == list(AGREEMENTS)
    assert agreement.counts == {"aligned": 2, "self_higher": 1, "self_lower": 0, "unknown": 5}
    assert agreement.total == 8
