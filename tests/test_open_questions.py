"""What is asked beside a recommendation: in both directions alike, each disagreement once, at its limits."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from engine import assess, explain
from rules import RulePack
from tests.small import DAY, pack, roster, signal

FOUR = pack([signal("drive"), signal("lead"), signal("care", "supporting"), signal("craft", "supporting")])
NAMES = ("drive", "lead", "care", "craft")


def asked(*people: Mapping[str, Any], rules: RulePack = FOUR) -> list[dict[str, tuple[str, ...]]]:
    """Of each person the kinds of questions, with what they are about."""
    explained = explain(assess(roster(people), rules, DAY))
    return [{one.kind: one.subjects for one in person.questions} for person in explained]


def seen(own: float, manager: float, *apart: str) -> dict[str, float]:
    """Both see 4 everywhere but in a few signals."""
    views = {name: (own, manager) if name in apart else (4, 4) for name in NAMES}
    given = {f"{name}:self": view[0] for name, view in views.items()}
    return given | {f"{name}:manager": view[1] for name, view in views.items()}


@pytest.mark.parametrize(("own", "manager", "kind"), [(5, 3, "blind_spot"), (3, 5, "hidden_strength")])
def test_from_two_core_signals_on_they_are_asked_about_by_name_and_the_others_as_views_apart(
    own: float, manager: float, kind: str
) -> None:
    both, one, supporting, all_ = asked(
        seen(own, manager, "drive", "lead"),
        seen(own, manager, "drive"),
        seen(own, manager, "care", "craft"),
        seen(own, manager, *NAMES),
    )
    assert both == {kind: ("Drive", "Lead")}
    assert one == {"views_apart": ("Drive",)}
    assert supporting == {"views_apart": ("Care", "Craft")}
    assert all_ == {kind: ("Drive", "Lead"), "views_apart": ("Care", "Craft")}


def test_a_signal_that_missing_ratings_leave_open_is_no_blind_spot_but_views_that_are_apart() -> None:
    half = {"a": "1", "b": "1"}
    open_ = pack([signal("drive", weights=half), signal("lead")], minimum_coverage=Decimal("0.5"))
    person = {"a:self": 5, "b:self": 5, "a:manager": 3, "lead:self": 5, "lead:manager": 3}
    assert asked(person, rules=open_) == [{"views_apart": ("Drive", "Lead")}]


@pytest.mark.parametrize(
    ("own", "is_asked"), [((), True), (("drive", "lead"), True), (("drive", "lead", "care"), False)]
)
def test_one_view_is_asked_about_where_half_of_the_signals_or_more_have_no_other(
    own: tuple[str, ...], *, is_asked: bool
) -> None:
    rated = {f"{name}:manager": 4 for name in NAMES} | {f"{name}:self": 4 for name in own}
    (questions,) = asked(rated)
    assert ("one_view" in questions) == is_asked


def test_an_example_is_asked_for_where_a_core_signal_is_met_by_less_than_a_step() -> None:
    people = [seen(4, manager, "drive") for manager in ("4.25", "4.5")]
    commented = replace(roster(people), comments=pl.DataFrame({"other": ["So it was.", None]}))
    explained = explain(assess(commented, FOUR, DAY))
    unwritten = [
        subjects
        for person in explained
        for kind, subjects in ((one.kind, one.subjects) for one in person.questions)
        if kind == "unwritten"
    ]
    assert unwritten == [("Drive", "Lead"), ("Lead",)]


@pytest.mark.parametrize(
    ("count", "other", "is_asked"), [(8, None, True), (7, None, False), (8, 4, False), (9, None, True)]
)
def test_one_rating_throughout_is_asked_about_from_so_many_ratings_on(
    count: int, other: float | None, *, is_asked: bool
) -> None:
    names = [f"c{number}" for number in range(count)]
    given: dict[str, float] = {f"{name}:manager": 3 for name in names} | {f"{name}:self": 3 for name in names}
    given |= {} if other is None else {"c0:manager": other}
    (questions,) = asked(given, rules=pack([signal(name) for name in names]))
    assert ("straight_lined" in questions) == is_asked


@pytest.mark.parametrize(
    ("people", "others", "is_asked"), [(5, 2, True), (5, 3, False), (4, 0, False), (6, 0, True)]
)
def test_a_manager_is_asked_about_who_gives_so_many_people_so_often_the_same(
    people: int, others: int, *, is_asked: bool
) -> None:
    """Two ratings a person; eight of ten are the share of 0.8 from which on it is asked."""
    given = [{"manager_id": "M1", "drive:manager": 3, "care:manager": 3} for _ in range(people)]
    for person in given[:others]:
        person["care:manager"] = 4
    assert {("same_for_everybody" in one) for one in asked(*given, rules=pack())} == {is_asked}
