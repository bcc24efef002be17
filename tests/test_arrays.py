"""What is computed for many people at once is what is computed for each of them."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.arrays import numbered, spread
from engine.ladder import UNGIVEN, Ladder
from engine.outlook.plans import plan_alone
from engine.outlook.steps import lowered, raised
from engine.signals import STATUS

RATINGS = st.none() | st.integers(10, 50)


@st.composite
def ladders(draw):
    """A scale from 10 to 50 and a few signals over four competencies."""
    places = st.lists(st.integers(0, 3), min_size=1, max_size=4, unique=True)
    weights = [dict.fromkeys(draw(places), 1) for _ in range(draw(st.integers(1, 3)))]
    weights = [{place: draw(st.integers(1, 4)) for place in some} for some in weights]
    weights[0].update({place: weights[0].get(place, 1) for place in range(4)})
    met = st.tuples(st.integers(20, 90), st.integers(2, 3))
    bars = [(bar, (bar[0] - 6 * bar[1], bar[1])) for bar in (draw(met) for _ in weights)]
    least = tuple(draw(st.integers(1, sum(some.values()))) for some in weights)
    return Ladder(draw(st.integers(3, 9)), 10, 50, tuple(weights), least, tuple(bars))


def as_array(ratings):
    return np.array([[UNGIVEN if rating is None else rating for rating in some] for some in ratings])


@given(ladders(), st.lists(st.lists(RATINGS, min_size=4, max_size=4), min_size=1, max_size=5))
def test_statuses_of_many_are_those_of_each(ladder, people):
    expected = [
        [ladder.status(signal, ratings) for signal in range(len(ladder.weights))] for ratings in people
    ]
    assert ladder.statuses(as_array(people)).tolist() == expected


@settings(max_examples=300)
@given(ladders(), st.lists(RATINGS, min_size=4, max_size=4), st.sampled_from(("met", "near", "gap")))
def test_a_signal_by_itself_is_moved_as_it_is_among_others(ladder, ratings, wanted):
    for signal in range(len(ladder.weights)):
        status, now = STATUS[wanted], ladder.status(signal, ratings)
        if now == status or (now == STATUS["unrated"] and status == STATUS["gap"]):
            continue
        up = status < now
        planned = plan_alone(ladder, as_array([ratings]), np.array([signal]), np.array([status]), up=up)
        plan = (raised if up else lowered)(ladder, ratings, ((signal, status),))
        assert planned.able.tolist() == [plan is not None]
        if plan is not None:
            new = {n: rating for n, rating in enumerate(planned.ratings[0].tolist()) if rating != UNGIVEN}
            assert (new, planned.steps.tolist()) == (plan.ratings, [plan.steps])


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2**40), st.integers(0, 2**40))))
def test_rows_are_numbered_by_what_they_hold(rows):
    columns = list(np.array(rows, dtype=np.int64).reshape(-1, 3).T)
    places, numbers = numbered(columns, [3, 2**40 + 1, 2**40 + 1])
    assert [rows[place] for place in places[numbers]] == rows
    assert len(places) == len(set(rows))


@given(st.lists(st.lists(st.integers(0, 9), max_size=3), min_size=1, max_size=4), st.data())
def test_each_row_gets_every_entry_of_its_list(lists, data):
    numbers = data.draw(st.lists(st.integers(0, len(lists) - 1), max_size=6))
    at, entries = spread(
        np.array(numbers, dtype=np.int64), [np.array(some, dtype=np.int64) for some in lists]
    )
    expected = [(n, entry) for n, number in enumerate(numbers) for entry in lists[number]]
    assert list(zip(at.tolist(), entries.tolist(), strict=True)) == expected
