"""The distance to a better band is the fewest rating steps there are, and told humanly."""

import random
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import product

import numpy as np
import polars as pl
import pytest

from engine import assess, explain, vocabulary_of
from engine.decide.algebra import PLAIN
from engine.decide.facts import TIME_NUMBERS
from engine.decide.meaning import FALLING, NUMBERS, RISING, Mean
from engine.outlook.goals import AtLeast, AtMost
from engine.outlook.nearest import nearest
from inputs import UNITS_PER_POINT, Roster
from inputs.samples import SAMPLE_DAY
from rules import load_pack
from rules.facts import CYCLES_MET, FIRMNESS, number_facts
from rules.pack import BANDS, Bars, Tenure
from tests.company import generate_people
from tests.oracle import asked_of
from tests.random_packs import lacking_few, random_pack, random_roster, random_specialisations
from tests.small import CITE, DAY, RULES, pack, roster, rule, signal

ORDER = BANDS[:3]
DEPTH = 3
"""As far as all ways are tried."""


def outlook(person, small):
    return explain(assess(roster([person]), small, DAY))[0].outlook


@pytest.mark.parametrize("seed", range(3))
def test_no_fewer_steps_than_told_reach_a_better_band(seed):
    rules_pack = random_specialisations(seed, random_pack(seed, monotone=True))
    people = lacking_few(random_roster(seed, rules_pack, DAY, people=40), rules_pack, 2)
    _hold_against_brute_force(people, rules_pack, DAY)


def test_no_fewer_steps_than_told_reach_a_better_band_of_the_shipped_pack():
    shipped = load_pack("product_management")
    company = generate_people(vocabulary_of(shipped), n=30, seed=3)
    people = company.roster
    _hold_against_brute_force(people, shipped, SAMPLE_DAY, depth=2)


def _hold_against_brute_force(people, rules_pack, day, depth=DEPTH):
    told = {(one.person, one.promotion): one for one in explain(assess(people, rules_pack, day))}
    for person, asked in asked_of(people, rules_pack, day):
        one = told[person, asked.rules.promotion.id]
        next_better = _next_better(one.recommendation)
        if next_better is None:
            assert (one.outlook.steps_to_next, one.outlook.steps_to_ready_now) == (None, None)
            continue
        for steps, target in (
            (one.outlook.steps_to_next, next_better),
            (one.outlook.steps_to_ready_now, "ready_now"),
        ):
            fewest = asked.fewest_steps(target, depth)
            assert (fewest is None) == (steps is None or steps > depth), (person, target, steps, fewest)
            assert fewest is None or fewest == steps


def _next_better(band):
    return None if band in ("ready_now", "insufficient_evidence") else ORDER[ORDER.index(band) - 1]


def test_the_told_change_applied_to_the_input_gives_the_told_band_in_the_told_steps():
    changes = 0
    for seed in range(6):
        rules_pack = random_specialisations(seed, random_pack(seed, monotone=True))
        people = lacking_few(random_roster(seed, rules_pack, DAY, people=60), rules_pack, 2)
        applied = _applied(people, rules_pack, DAY)
        changes += len(applied)
        if applied:  # the rules of some packs leave no rating that could change anything
            _hold_when_applied(people, rules_pack, DAY, applied)
    assert changes > 20


def test_the_told_changes_hold_for_a_believable_company():
    shipped = load_pack("product_management")
    company = generate_people(vocabulary_of(shipped), n=60, seed=4)
    people = company.roster
    applied = _applied(people, shipped, SAMPLE_DAY)
    assert len(applied) > 20
    _hold_when_applied(people, shipped, SAMPLE_DAY, applied)


def _applied(people, rules_pack, day):
    """Changes of ratings that are told exactly; how many steps led to a rounded one cannot be read off it."""
    return [
        (one, change)
        for one in explain(assess(people, rules_pack, day))
        for change in one.outlook.changes
        if all(
            people.ratings[f"{move.competency}:manager"][one.person] == move.before * UNITS_PER_POINT
            for move in change.ratings
        )
    ]


def _hold_when_applied(people, rules_pack, day, applied):
    rows = people.ratings[[one.person for one, _ in applied]].to_dicts()
    for rated, (one, change) in zip(rows, applied, strict=True):
        steps = 0
        for move in change.ratings:
            column = f"{move.competency}:manager"
            after, taken = _moved(rated[column], move, rules_pack.scale)
            rated[column] = after
            steps += taken
        assert steps == change.steps, one.employee_id
        assert change.steps >= one.outlook.steps_to_next
    again = Roster.without_file(
        people.people[[one.person for one, _ in applied]], pl.DataFrame(rows, schema=people.ratings.schema)
    )
    bands = {
        (person, promotion): band
        for person, promotion, band in assess(again, rules_pack, day)
        .recommendations.select("person", "promotion", "recommendation")
        .iter_rows()
    }
    assert [bands[row, one.promotion] for row, (one, _) in enumerate(applied)] == [
        change.recommendation for _, change in applied
    ]


def _moved(before, move, scale):
    """The rating after a told move, in units, and how many steps it took; what is told is rounded."""
    assert before is not None, "a missing rating is not moved"
    step, highest = int(scale.step * UNITS_PER_POINT), int(scale.highest * UNITS_PER_POINT)
    assert abs(Fraction(before, UNITS_PER_POINT) - Fraction(move.before)) < Fraction(1, 100)
    for taken in range(1, 100):
        after = min(before + taken * step, highest)
        if abs(Fraction(after, UNITS_PER_POINT) - Fraction(move.after)) < Fraction(1, 100):
            return after, taken
        assert after < highest
    raise AssertionError(move)


@pytest.mark.parametrize("seed", range(3))
def test_the_told_change_is_the_most_human_of_the_fewest(seed):
    rules_pack = random_pack(seed, monotone=True)
    people = lacking_few(random_roster(seed, rules_pack, DAY, people=40), rules_pack, 2)
    told = {(one.person, one.promotion): one for one in explain(assess(people, rules_pack, DAY))}
    for person, asked in asked_of(people, rules_pack, DAY):
        one = told[person, asked.rules.promotion.id]
        if not one.outlook.changes or one.outlook.steps_to_next > DEPTH:
            continue
        first, target = one.outlook.changes[0], _next_better(one.recommendation)
        ways = [moved for _, moved in asked.changes_to(target, DEPTH)]
        ours = {
            f"{move.competency}:manager": _moved(
                asked.rated[f"{move.competency}:manager"], move, asked.rules.pack.scale
            )[0]
            for move in first.ratings
        }
        assert ours in ways
        if any(_jump(asked, way) <= UNITS_PER_POINT for way in ways):
            assert _jump(asked, ours) <= UNITS_PER_POINT, (person, ours, ways)
        _no_top_where_a_weaker_could_move(asked, ours, ways)


def _jump(asked, way):
    return max(after - asked.rated[column] for column, after in way.items())


def _no_top_where_a_weaker_could_move(asked, ours, ways):
    """Nobody is asked for the top rating where a way as short, without a larger jump, spares it."""
    spared = [
        way
        for way in ways
        if asked.rules.highest not in way.values()
        and _jump(asked, way) <= max(UNITS_PER_POINT, _jump(asked, ours))
    ]
    if spared:
        assert asked.rules.highest not in ours.values()


def test_the_weakest_rating_moves_first():
    small = pack((signal("drive", weights={"a": "1", "b": "1", "c": "1"}),))
    person = {"a:manager": "4.5", "b:manager": 3, "c:manager": "3.5"}  # 11 of 12
    found = outlook(person, small)
    assert found.steps_to_next == found.steps_to_ready_now == 2
    first = {move.competency: float(move.after) for move in found.changes[0].ratings}
    assert first in ({"b": 4.0}, {"b": 3.5, "c": 4.0})


def test_nobody_is_asked_for_a_jump_of_more_than_a_point_where_two_ratings_can_share_it():
    small = pack((signal("drive", weights={"a": "1", "b": "1"}),))
    found = outlook({"a:manager": "2.5", "b:manager": "3"}, small)  # soon from 7 on, now from 8 on
    assert (found.steps_to_next, found.steps_to_ready_now) == (3, 5)
    after = {move.competency: float(move.after) for move in found.changes[0].ratings}
    assert max(after["a"] - 2.5, after.get("b", 3) - 3) <= 1


def test_somebody_very_far_away_is_told_how_far_and_what_the_first_step_is():
    signals = [signal(name) for name in "abcdefgh"]
    found = outlook({f"{name}:manager": 1 for name in "abcdefgh"}, pack(signals))
    assert (found.steps_to_next, found.steps_to_ready_now) == (5 * 8, 6 * 8)
    assert found.summary == "It is 40 rating steps to ready soon, and 48 to ready now."
    assert (found.first_step.before, found.first_step.after) == (1, Decimal("1.5"))
    assert [change.sentence for change in found.changes] == [
        "A first step would be A rated 1.5 instead of 1."
    ]


def test_an_example_without_a_leap_is_told_whole():
    found = outlook({f"{name}:manager": 3 for name in "abcd"}, pack([signal(name) for name in "abcd"]))
    assert (found.steps_to_next, found.changes_in_all) == (4, None)
    told = ", ".join(f"{name} 3.5 instead of 3" for name in "BC")
    assert found.changes[0].sentence == (
        f"ready soon if A were rated 3.5 instead of 3, {told} and D 3.5 instead of 3."
    )


FAR = {
    "two core signals share a rating": (
        (signal("x", weights={"a": "2", "b": "1"}), signal("y", weights={"b": "1", "c": "3"})),
        RULES,
        {},
    ),
    "shortfalls add up": (
        (signal("x", weights={"a": "1", "b": "1"}), signal("y", "supporting", weights={"c": "1", "a": "1"})),
        (
            rule("T-R2", "core_shortfall > 0.75 or supporting_shortfall > 1", recommendation="developing"),
            rule(
                "T-R3",
                "core_shortfall > 0 and core_shortfall <= 0.75 and supporting_shortfall <= 1",
                recommendation="ready_soon",
            ),
            rule("T-R4", "core_shortfall == 0 and supporting_shortfall <= 1", recommendation="ready_now"),
        ),
        {},
    ),
    "the present level and no lowest rating": (
        (signal("x", weights={"a": "1"}), signal("y", "supporting", weights={"b": "1"})),
        (
            rule("T-R2", "present_below > 0 or lowest_ratings > 0", recommendation="developing"),
            rule(
                "T-R3",
                "present_below == 0 and lowest_ratings == 0 and core_met_share < 1",
                recommendation="ready_soon",
            ),
            rule(
                "T-R4",
                "present_below == 0 and lowest_ratings == 0 and core_met_share == 1",
                recommendation="ready_now",
            ),
        ),
        {"b": "2.5", "c": "3"},
    ),
    "scores": (
        (signal("x", weights={"a": "3", "b": "1"}), signal("y", weights={"c": "1"})),
        (
            rule("T-R2", "score < 3.25 or lowest_score < 2.75", recommendation="developing"),
            rule(
                "T-R3", "score >= 3.25 and score < 3.9 and lowest_score >= 2.75", recommendation="ready_soon"
            ),
            rule("T-R4", "score >= 3.9 and lowest_score >= 2.75", recommendation="ready_now"),
        ),
        {},
    ),
    "one signal by its name": (
        (signal("x", weights={"a": "1", "c": "1"}), signal("y", weights={"b": "1", "c": "1"})),
        (
            rule("T-R2", 'signal.x == "gap"', recommendation="developing"),
            rule(
                "T-R3",
                'signal.x == "near" or (signal.x == "met" and signal.y != "met")',
                recommendation="ready_soon",
            ),
            rule("T-R4", 'signal.x == "met" and signal.y == "met"', recommendation="ready_now"),
        ),
        {},
    ),
}


@pytest.mark.parametrize("what", FAR)
def test_however_far_the_distance_is_the_fewest_steps_of_all_ratings_there_are(what):
    signals, rules, expects = FAR[what]
    rules = (*(one for one in rules if one.code != "T-C1"), rule("T-C1", "always", confidence="high"))
    small = pack(signals, rules, expects=expects)
    rungs = [Decimal(half) / 2 for half in range(2, 11)]
    everybody = list(product(rungs, repeat=3))
    ranks = np.array(
        [ORDER.index(one) for one in _judged(everybody, small).recommendations["recommendation"]]
    )
    assert set(ranks) == {0, 1, 2}
    steps = 2 * np.array(everybody, dtype=float)
    some = random.Random(what).sample(range(len(everybody)), 60)
    for one, place in zip(explain(_judged([everybody[place] for place in some], small)), some, strict=True):
        rises = np.where((steps >= steps[place]).all(axis=1), (steps - steps[place]).sum(axis=1), np.inf)
        if rank := ranks[place]:
            assert one.outlook.steps_to_next == rises[ranks < rank].min(), everybody[place]
            assert one.outlook.steps_to_ready_now == rises[ranks == 0].min(), everybody[place]


def _judged(people, small):
    rated = [{f"{name}:manager": one for name, one in zip("abc", person, strict=True)} for person in people]
    return assess(roster(rated), small, DAY)


def test_what_no_rating_reaches_has_no_distance():
    rules = (rule("T-R1", "always", recommendation="developing"), rule("T-C1", "always", confidence="high"))
    found = outlook({"drive:manager": 4, "care:manager": 4}, pack(rules=rules))
    assert (found.steps_to_next, found.steps_to_ready_now, found.changes) == (None, None, ())


def test_ready_now_has_no_distance_and_neither_has_insufficient_evidence():
    for person in ({"drive:manager": 4}, {}):
        found = outlook(person, pack((signal("drive"),)))
        assert (found.steps_to_next, found.steps_to_ready_now) == (None, None)


def test_a_missing_rating_is_not_moved():
    small = pack((signal("drive", weights={"a": "1", "b": "9"}),))
    # With b at 4 it is ready soon at worst and ready now at best, so it cannot be told; at 4.5 it can.
    found = outlook({"b:manager": 2}, small)
    assert found.steps_to_next == found.steps_to_ready_now == 5
    assert [move.competency for change in found.changes for move in change.ratings] == ["b"]


@pytest.mark.parametrize("seed", range(6))
def test_as_few_missing_ratings_are_asked_for_as_settle_the_band(seed):
    rules_pack = random_pack(seed, monotone=True)
    people = lacking_few(random_roster(seed, rules_pack, DAY, people=40, gaps=(0.2, 0.4)), rules_pack, 3)
    told = {(one.person, one.promotion): one for one in explain(assess(people, rules_pack, DAY))}
    for person, asked in asked_of(people, rules_pack, DAY):
        one = told[person, asked.rules.promotion.id]
        sets = [tuple(f"{move.competency}:manager" for move in some.ratings) for some in one.outlook.to_rate]
        if one.kind != "cannot_be_told":
            assert sets == []
            continue
        assert {len(some) for some in sets} == {asked.fewest_to_settle()}
        assert all(asked.settles(some) for some in sets)


@pytest.fixture(scope="module")
def bander():
    """What gives bands for one promotion."""
    rules_pack = load_pack("product_management")
    found = assess(random_roster(1, rules_pack, DAY, people=20), rules_pack, DAY)
    return next(iter(found.of(rules_pack.promotions[0]).banders.values()))


@pytest.mark.parametrize("fact", sorted(RISING | FALLING))
def test_every_number_that_rises_or_falls_with_ratings_can_be_searched_for(bander, fact):
    lowest, highest = (
        np.full(len(bander.competencies), end) for end in (bander.scale.lowest, bander.scale.highest)
    )
    ends = [Complete(bander, ratings).value(fact) for ratings in (lowest, highest)]
    halfway = sum(ends) / 2
    is_to_be = AtLeast(fact, halfway, above=False) if fact in RISING else AtMost(fact, halfway, below=False)
    nearest_ = nearest(bander, lowest, [[is_to_be]], 0)

    def is_met(ratings):
        value = Complete(bander, ratings).value(fact)
        return value >= halfway if fact in RISING else value <= halfway

    assert ends[0] != ends[1]
    assert not is_met(lowest)
    assert is_met(nearest_.ratings)
    moved = np.flatnonzero(nearest_.ratings > lowest)
    assert nearest_.steps >= len(moved) > 0
    for place in moved:  # no step of them is one too many
        fewer = nearest_.ratings.copy()
        fewer[place] = max(lowest[place], fewer[place] - bander.scale.step)
        assert not is_met(fewer)


class Complete:
    """Ratings of everything, as `engine.decide.meaning` asks for them."""

    def __init__(self, bander, ratings):
        self.meaning = bander.meaning
        self.ratings = dict(zip(bander.competencies, ratings.tolist(), strict=True))

    def value(self, fact):
        ratio = self.meaning.number(fact, PLAIN, self)
        return Fraction(ratio.numerator, ratio.denominator)

    def mean(self, signal, rater):
        assert rater == "manager"
        return Mean(sum(self.ratings[name] * weight for name, weight in signal.weights.items()), signal.whole)

    def status(self, signal):
        return signal.status(PLAIN, self.mean(signal, "manager"))

    def rating(self, competency):
        return Mean(self.ratings[competency], 1)

    def lowest_ratings(self):
        return sum(rating == self.meaning.lowest for rating in self.ratings.values())


def test_the_numbers_that_rules_may_name_are_those_that_ratings_give_or_time_and_cycles():
    named = {fact.name for fact in number_facts()}
    assert named == NUMBERS.keys() | TIME_NUMBERS | {FIRMNESS, CYCLES_MET}


@pytest.mark.parametrize(
    ("review", "told"), [("2026-06-01", (date(2027, 1, 1), "ready_now")), ("2025-09-01", (None, None))]
)
def test_what_time_alone_will_bring_rests_on_the_review_that_there_is(review, told):
    """A review that is stale by the day on which the minimum time is over brings nothing on that day."""
    rules = (
        rule("T-R2", "core_shortfall > 0", recommendation="developing"),
        rule(
            "T-R3",
            'core_shortfall == 0 and (review == "stale" or tenure == "early")',
            recommendation="ready_soon",
        ),
        rule(
            "T-R4",
            'core_shortfall == 0 and review != "stale" and tenure != "early"',
            recommendation="ready_now",
        ),
        RULES[-1],
    )
    three_years = Tenure(measure="time_in_level", from_years=Decimal(3), cite=CITE)
    small = pack([signal("drive")], rules, tenure=three_years)
    person = {"drive:manager": 4, "review_date": date.fromisoformat(review)}
    found = outlook(person, small)
    assert (found.from_day, found.from_day_recommendation) == told


@pytest.mark.parametrize("third", [{}, {"c": None}])
def test_nobody_is_asked_for_the_top_where_a_weaker_rating_can_rise_as_well(third):
    """Half a step each would do too, but would ask for a 5."""
    weights = dict.fromkeys(("a", "b"), "1")
    beside = [signal(name, "supporting") for name in third]
    small = pack(
        [signal("drive", weights=weights), *beside],
        bars=Bars(core=Decimal("4.25"), supporting=Decimal(1)),
    )
    found = outlook({"a:manager": "4.5", "b:manager": 3}, small)
    told = [[(move.competency, move.after) for move in change.ratings] for change in found.changes]
    assert told == [[("b", 4)], [("b", Decimal("3.5")), ("a", 5)]]


@pytest.mark.parametrize(
    ("rating", "then"), [(4, "; with ratings like these it would be ready now then."), ("3.5", ".")]
)
def test_what_time_alone_will_bring_is_said_where_it_is_better_than_now(rating, then):
    rules = (
        rule("T-R2", "core_gap >= 1", recommendation="developing"),
        rule(
            "T-R3",
            'core_gap == 0 and (core_shortfall > 0 or tenure == "early")',
            recommendation="ready_soon",
        ),
        rule("T-R4", 'core_shortfall == 0 and tenure != "early"', recommendation="ready_now"),
        RULES[-1],
    )
    three_years = Tenure(measure="time_in_level", from_years=Decimal(3), cite=CITE)
    found = outlook({"drive:manager": rating}, pack([signal("drive")], rules, tenure=three_years))
    until = "No rating leads to a better band before 1 January 2027, when the minimum time is over"
    assert found.summary == f"{until}{then}"
