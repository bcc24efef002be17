"""An explanation is the same whoever asks for it, and when."""

import pickle
from collections.abc import Sequence

import pytest

from engine import Explanation, assess, explain
from engine.explain import explanations
from engine.outlook import search_outlooks, searched_frame, searched_of
from tests.small import DAY, pack, roster

PEOPLE = [
    {"drive:manager": 5, "care:manager": 4},
    {"drive:manager": 3.5, "care:manager": 2},
    {"drive:manager": None, "care:manager": 3},
    {"drive:manager": 2, "care:manager": 2.5},
    {"drive:manager": 4, "care:manager": 3.5},
]


@pytest.fixture(scope="module")
def everybody() -> tuple[Explanation, ...]:
    return tuple(explain(assess(roster(PEOPLE), pack(), DAY)))


def test_in_any_order_each_explanation_is_the_same(everybody: Sequence[Explanation]) -> None:
    found = explain(assess(roster(PEOPLE), pack(), DAY))
    assert [found[place] for place in (3, 0, -1, 2)] == [everybody[place] for place in (3, 0, -1, 2)]
    assert tuple(found[1:4]) == everybody[1:4]


def test_who_is_chosen_is_explained_as_among_everybody(everybody: Sequence[Explanation]) -> None:
    found = explain(assess(roster(PEOPLE), pack(), DAY))
    chosen = found.chosen(found.people["employee_id"].is_in(["E2", "E5"]))
    assert (len(chosen), tuple(chosen)) == (2, (everybody[1], everybody[4]))


def test_nobody_is_explained_who_was_not_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def watched(assessment, *others):
        asked.append(assessment.recommendations["person"].to_list())
        return explanations.explain_people_of(assessment, *others)

    monkeypatch.setattr(explanations, "explain_people_of", explanations.explain_people, raising=False)
    monkeypatch.setattr(explanations, "explain_people", watched)
    found = explain(assess(roster(PEOPLE), pack(), DAY))
    assert (len(found), found.people["employee_id"].len()) == (5, 5)
    assert asked == []
    assert found[2].person == 2
    assert [one.person for one in found] == [0, 1, 2, 3, 4]
    assert asked == [[2], [0, 1, 3, 4]]


def test_however_few_are_kept_a_loop_gives_all_of_them(
    everybody: Sequence[Explanation], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(explanations, "MOST_KEPT", 1)
    monkeypatch.setattr(explanations, "AT_ONCE", 2)
    found = explain(assess(roster(PEOPLE), pack(), DAY))
    assert [(one, other) for one in found for other in found] == [
        (one, other) for one in everybody for other in everybody
    ]


def test_what_was_searched_before_is_told_as_what_is_searched_now(everybody: Sequence[Explanation]) -> None:
    assessment = assess(roster(PEOPLE), pack(), DAY)
    found = search_outlooks(assessment)
    columns = searched_frame(found)
    assert tuple(searched_of(columns)) == found
    assert explain(assessment, columns) == everybody


def test_a_copy_for_another_process_carries_no_explanations(everybody: Sequence[Explanation]) -> None:
    found = explain(assess(roster(PEOPLE * 40), pack(), DAY))
    before = len(pickle.dumps(found))
    assert [one.recommendation for one in found][:5] == [one.recommendation for one in everybody]
    assert len(pickle.dumps(found)) < before * 1.2
