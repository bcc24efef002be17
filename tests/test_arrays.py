"""What is computed for many people at once is what is computed for each of them."""

from itertools import combinations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.decide.bars import SignalBars
from engine.decide.evidence import STATUS
from engine.outlook.arrays import numbered, spread
from engine.outlook.plans import plan
from engine.outlook.variant_bars import UNGIVEN, VariantBars
from tests.rating_steps import lowered, raised

COMPETENCIES = 4
RATINGS = st.lists(st.none() | st.integers(10, 50), min_size=COMPETENCIES, max_size=COMPETENCIES)
MET, NEAR, GAP, UNRATED = STATUS.values()


@st.composite
def ladders(draw, at_most=3):
    """Some ladders on a scale from 10 to 50, over the same signals and competencies."""
    step, signals = draw(st.integers(3, 9)), draw(st.integers(1, at_most))
    return VariantBars(tuple(draw(_ladder(step, signals)) for _ in range(draw(st.integers(1, 2)))))


@st.composite
def _ladder(draw, step, signals):
    places = st.lists(st.integers(0, COMPETENCIES - 1), min_size=1, max_size=3, unique=True)
    weights = [{place: draw(st.integers(1, 4)) for place in draw(places)} for _ in range(signals)]
    met = st.tuples(st.integers(20, 90), st.integers(2, 3))
    bars = [(bar, (bar[0] - 6 * bar[1], bar[1])) for bar in (draw(met) for _ in weights)]
    least = tuple(draw(st.integers(1, sum(some.values()))) for some in weights)
    # A last signal looks at everything, so that every ladder has all of the competencies.
    weights.append(dict.fromkeys(range(COMPETENCIES), 1))
    return SignalBars(step, 10, 50, tuple(weights), (*least, 1), (*bars, ((40, 1), (34, 1))))


def as_array(ratings):
    given = [[UNGIVEN if rating is None else rating for rating in some] for some in ratings]
    return np.array(given, dtype=np.int64).reshape(-1, COMPETENCIES)


def statuses(some, which, ratings):
    which = np.array(which, dtype=np.int64)
    return some.statuses_of(which, *some.sums_of(which, ratings)).tolist()


@given(ladders(), st.data())
def test_statuses_of_many_are_those_of_each(some, data):
    people = data.draw(st.lists(RATINGS, min_size=1, max_size=5))
    which = [data.draw(st.integers(0, len(some.each) - 1)) for _ in people]
    expected = [
        [some.each[number].status(signal, ratings) for signal in range(len(some.scale.weights))]
        for number, ratings in zip(which, people, strict=True)
    ]
    assert statuses(some, which, as_array(people)) == expected


def test_ratings_larger_than_floats_can_hold_are_compared_exactly():
    bar = 2**53 + 1
    ladder = SignalBars(1, 0, 2 * bar, ({0: 1},), (1,), (((bar, 1), (bar, 1)),))
    ratings = np.array([[bar - 1], [bar], [bar + 1]])
    assert statuses(VariantBars((ladder,)), [0, 0, 0], ratings) == [[GAP], [MET], [MET]]


@settings(max_examples=500)
@given(ladders(), st.lists(st.tuples(RATINGS, st.integers(0, 1)), min_size=1, max_size=4), st.booleans())
def test_moves_of_many_take_the_steps_that_each_person_takes_alone(some, people, up):
    asked = [
        (number % len(some.each), ratings, moves)
        for ratings, number in people
        for moves in _moves(some.each[number % len(some.each)], ratings, up=up)
    ]
    for size in range(1, 4):
        these = [one for one in asked if len(one[2]) == size]
        which = np.array([number for number, _, _ in these], dtype=np.int64)
        moves = np.array([moves for _, _, moves in these], dtype=np.int64).reshape(-1, size, 2)
        found = plan(
            some, which, as_array(ratings for _, ratings, _ in these), *np.moveaxis(moves, 2, 0), up=up
        )
        expected = [_alone(some.each[number], ratings, moves, up=up) for number, ratings, moves in these]
        assert found.able.tolist() == [one is not None for one in expected]
        for at, one in enumerate(expected):
            if one is not None:
                assert (as_array([one[0]])[0].tolist(), one[1]) == (
                    found.ratings[at].tolist(),
                    found.steps[at],
                )


def _moves(ladder, ratings, *, up):
    """Every choice of up to three signals with the nearest better, or worse, status."""
    nearest = {MET: None, NEAR: MET, GAP: MET, UNRATED: NEAR} if up else {MET: NEAR, NEAR: GAP}
    able = [
        (signal, nearest[ladder.status(signal, ratings)])
        for signal in range(len(ladder.weights))
        if nearest.get(ladder.status(signal, ratings)) is not None
    ]
    return [chosen for size in range(1, 4) for chosen in combinations(able, size)]


def _alone(ladder, ratings, moves, *, up):
    """New ratings and steps of one person; moves that share no competency are made one after the other."""
    new, steps = list(ratings), 0
    for part in _parts(ladder, moves):
        done = (raised if up else lowered)(ladder, ratings, part)
        if done is None:
            return None
        steps += done.steps
        for place, rating in done.ratings.items():
            new[place] = rating
    return new, steps


def _parts(ladder, moves):
    parts = []
    for move in moves:
        joined = [part for part in parts if any(_share(ladder, move, other) for other in part)]
        parts = [part for part in parts if part not in joined]
        parts.append(tuple(sorted([*(one for part in joined for one in part), move])))
    return parts


def _share(ladder, one, other):
    return not ladder.weights[one[0]].keys().isdisjoint(ladder.weights[other[0]])


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2**40), st.integers(0, 2**40))))
def test_rows_are_numbered_by_what_they_hold(rows):
    held = np.array(rows, dtype=np.int64).reshape(-1, 3)
    places, numbers = numbered(held, [3, 2**40 + 1, 2**40 + 1])
    assert [part.tolist() for part in numbered(held[:, :1], [3])] == [
        part.tolist() for part in np.unique(held[:, 0], return_index=True, return_inverse=True)[1:]
    ]
    assert [rows[place] for place in places[numbers]] == rows
    assert len(places) == len(set(rows))


@given(st.lists(st.integers(0, 3)))
def test_each_row_gets_so_many_entries(counts):
    places, nth = spread(np.array(counts, dtype=np.int64))
    expected = [(place, n) for place, count in enumerate(counts) for n in range(count)]
    assert list(zip(places.tolist(), nth.tolist(), strict=True)) == expected
