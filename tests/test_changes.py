from datetime import date
from decimal import Decimal
from itertools import product

import polars as pl
import pytest

from engine import assess, explain
from engine.outlook import find_outlooks
from inputs import UNITS_PER_POINT
from inputs.samples import SAMPLE_DAY
from rules import load_pack
from rules.pack import BANDS, STATUSES, Bars
from tests.oracle import as_asked, judge
from tests.random_packs import random_pack, random_roster, random_specialisations, roster_of
from tests.small import DAY, RULES, pack, roster, rule, signal

ORDER = BANDS[:3]
STEP, LOWEST, HIGHEST = UNITS_PER_POINT // 2, UNITS_PER_POINT, 5 * UNITS_PER_POINT
SHARED = (
    signal("drive", weights={"a": "2", "b": "1"}),
    signal("lead", weights={"b": "1", "c": "1"}),
    signal("care", "supporting", weights={"c": "1"}),
)


def outlook(person, rules_pack=None, **more):
    return explain(assess(roster([person], **more), rules_pack or pack(), DAY))[0].outlook


def told(changes):
    """Band, steps and new ratings of changes, in the order in which they are listed."""
    return [
        (change.recommendation, change.steps, {move.competency: float(move.after) for move in change.ratings})
        for change in changes
    ]


def test_the_smallest_change_is_the_fewest_steps_to_the_bar():
    assert told(outlook({"drive:manager": 3}).changes) == [("ready_soon", 1, {"drive": 3.5})]
    assert told(outlook({"drive:manager": "3.5"}).changes) == [("ready_now", 1, {"drive": 4.0})]


def test_what_could_lose_the_band_is_the_fewest_steps_below_it():
    assert told(outlook({"drive:manager": 5}).could_lose) == [("ready_soon", 3, {"drive": 3.5})]
    assert told(outlook({"drive:manager": "3.5"}).could_lose) == [("developing", 1, {"drive": 3.0})]


def test_the_heaviest_competency_is_raised_first():
    small = pack(SHARED[:1])
    assert told(outlook({"a:manager": "3.5", "b:manager": 4}, small).changes) == [
        ("ready_now", 1, {"a": 4.0})
    ]


def test_a_shared_competency_may_serve_two_signals_at_once():
    found = outlook({"a:manager": 4, "b:manager": "3.5", "c:manager": 4}, pack(SHARED))
    assert told(found.changes) == [("ready_now", 1, {"b": 4.0})]
    assert [move.signal for move in found.changes[0].signals] == ["drive", "lead"]


def test_all_smallest_changes_are_listed_fewest_steps_first():
    signals = [signal(name) for name in ("drive", "lead", "care")]
    rules = (
        rule("T-R1", "core_gap >= 3", recommendation="developing"),
        rule("T-R2", "core_gap <= 2", recommendation="ready_soon"),
        RULES[-1],
    )
    found = outlook({"drive:manager": 2, "lead:manager": 3, "care:manager": 3}, pack(signals, rules))
    assert told(found.changes) == [
        ("ready_soon", 1, {"lead": 3.5}),
        ("ready_soon", 1, {"care": 3.5}),
        ("ready_soon", 3, {"drive": 3.5}),
    ]
    assert (
        found.summary == "One signal has to move to reach ready soon, 1 rating step away; there are 3 ways."
    )


def test_the_sentence_names_ratings_and_signals():
    found = outlook({"drive:manager": "3.5"})
    assert [change.sentence for change in found.changes] == [
        "ready now if Drive were rated 4 instead of 3.5: “Drive” would go from near to met."
    ]


def test_a_signal_that_is_not_rated_may_be_what_is_missing():
    rules = (
        rule("T-R1", "supporting_met == 0", recommendation="developing"),
        rule("T-R2", "supporting_met >= 1", recommendation="ready_now"),
        RULES[-1],
    )
    found = outlook({"drive:manager": 4}, pack(rules=rules))
    assert told(found.changes) == [("ready_now", 1, {"care": 3.5})]
    assert found.changes[0].ratings[0].before is None


BY_SCORE = (
    rule("T-R2", "score >= 4.5", recommendation="ready_now"),
    rule("T-R3", "score >= 4 and score < 4.5", recommendation="ready_soon"),
    rule("T-R4", "score < 4 or not known(score)", recommendation="developing"),
    RULES[-1],
)


def test_where_scores_decide_the_fewest_steps_are_told_though_no_signal_moves():
    small = pack((signal("drive"), signal("care")), BY_SCORE)
    found = outlook({"drive:manager": 4, "care:manager": 4}, small)
    assert told(found.changes) == [
        ("ready_now", 2, {"drive": 5.0}),
        ("ready_now", 2, {"care": 4.5, "drive": 4.5}),
        ("ready_now", 2, {"care": 5.0}),
    ]
    assert found.summary == "2 rating steps would reach ready now; there are 3 ways; fewer would not."
    assert found.changes[0].signals == ()
    assert found.changes[0].sentence == (
        "ready now if Drive were rated 5 instead of 4: no signal would change its status."
    )
    assert told(found.could_lose) == [
        ("developing", 1, {"drive": 3.5}),
        ("developing", 1, {"care": 3.5}),
    ]


def test_where_scores_decide_and_a_rating_is_missing_no_fewest_is_claimed():
    small = pack((signal("drive"), signal("care", "supporting")), BY_SCORE)
    found = outlook({"drive:manager": "3.5"}, small)
    assert found.summary == "1 rating step would reach ready soon."
    found = outlook({"drive:manager": 3}, small)
    assert found.summary == "2 rating steps would reach ready soon; whether fewer would was not searched."


def test_where_scores_decide_and_no_rating_can_do_it_that_is_said():
    rules = (rule("T-R1", "score <= 5 or not known(score)", recommendation="developing"), RULES[-1])
    assert outlook({"drive:manager": 4, "care:manager": 4}, pack(rules=rules)).summary == (
        "No rating, however high, leads to another band. Time alone does not either."
    )


def test_where_steps_are_too_many_to_try_only_what_was_tried_is_claimed():
    signals = [signal(name) for name in "abcdefghij"]
    found = outlook({f"{name}:manager": 3 for name in "abcdefghij"}, pack(signals, BY_SCORE))
    assert found.changes == ()
    assert found.summary == (
        "More than 2 rating steps of the ratings at hand would be needed to reach a better band."
    )


def test_where_steps_are_too_many_to_try_and_the_best_ratings_would_not_do_that_is_said():
    signals = [signal(name) for name in "abcdefghij"]
    rules = (rule("T-R1", "score <= 5 or not known(score)", recommendation="developing"), RULES[-1])
    found = outlook({f"{name}:manager": 3 for name in "abcdefghij"}, pack(signals, rules))
    assert found.summary == (
        "With every rating at its highest no better band would be reached. Time alone does not either."
    )


def test_more_than_three_signals_are_said_to_be_more():
    signals = [signal(name) for name in "abcd"]
    found = outlook({f"{name}:manager": 2 for name in "abcd"}, pack(signals))
    assert (found.changes, found.changes_in_all) == ((), 0)
    assert found.summary == "More than 3 signals at once would have to move to reach a better band."


GATED = (
    rule("T-R1", 'observation == "too_short"', recommendation="insufficient_evidence"),
    rule("T-R2", 'observation != "too_short"', recommendation="ready_now"),
    RULES[-1],
)


def test_a_gate_on_time_is_said_with_the_day_on_which_it_opens():
    found = outlook({"drive:manager": 4, "level_since": date(2026, 3, 31)}, pack(rules=GATED))
    assert (found.from_day, found.from_day_recommendation) == (date(2026, 9, 30), "ready_now")
    assert found.summary == (
        "No rating, however high, leads to another band. Time does: "
        "with the ratings as they are, it would be ready now from 30 September 2026 on."
    )


@pytest.mark.parametrize(
    "since", [date(2026, 1, 31), date(2026, 3, 31), date(2025, 12, 31), date(2026, 2, 28)]
)
def test_the_day_given_is_the_first_on_which_the_band_is_another_one(since):
    people = roster([{"drive:manager": 4, "level_since": since}])
    found = explain(assess(people, pack(rules=GATED), date(2026, 4, 1)))[0].outlook
    assert found.from_day is not None
    bands = [
        assess(people, pack(rules=GATED), day).recommendations["recommendation"].item()
        for day in (date.fromordinal(found.from_day.toordinal() - 1), found.from_day)
    ]
    assert bands == ["insufficient_evidence", "ready_now"]


def test_where_neither_ratings_nor_time_help_it_is_said():
    rules = (rule("T-R1", "always", recommendation="developing"), RULES[-1])
    assert outlook({"drive:manager": 4}, pack(rules=rules)).summary == (
        "No rating, however high, leads to another band. Time alone does not either."
    )


def test_missing_ratings_are_named_with_the_band_that_each_would_give():
    found = outlook({"care:manager": 4})
    assert [(needed.signals, needed.outcomes) for needed in found.to_rate] == [
        (
            ("Drive",),
            (
                (Decimal(1), "developing"),
                (Decimal("3.5"), "ready_soon"),
                (Decimal(4), "ready_now"),
            ),
        )
    ]
    assert found.to_rate[0].sentence == (
        "Rated, this is enough to judge: Drive. "
        "With 4 or more throughout: ready now; from 3.5 on: ready soon; with less: developing."
    )


def test_ratings_that_would_not_settle_it_alone_are_not_said_to_be_enough():
    signals = [signal("drive"), signal("lead")]
    found = outlook({}, pack(signals))
    assert [needed.signals for needed in found.to_rate] == [("Drive", "Lead")]


@pytest.mark.parametrize("seed", range(10))
def test_stated_changes_hold_when_they_are_applied_and_nothing_smaller_does(seed):
    rules_pack = random_pack(seed)
    _check_changes(seed, rules_pack)
    _check_changes(seed, random_specialisations(seed, rules_pack))


def _check_changes(seed, rules_pack):
    people = random_roster(seed, rules_pack, DAY, people=10)
    assessment = assess(people, rules_pack, DAY)
    for promotion in rules_pack.promotions:
        assessed = assessment.of(promotion).select("person", "recommendation").rows()
        for places, found in find_outlooks(assessment, promotion):
            for row, place in enumerate(places):
                person, band = assessed[place]
                if band in ORDER:
                    _check(_Trial(people, rules_pack, promotion, person), found, row, band)


def _check(trial, found, row, band):
    for up, changes in ((True, found.better.get(row, ())), (False, found.worse.get(row, ()))):
        for change in changes:
            trial.check(change, found.competencies, band, up=up)
        if found.banding.rests_on_statuses and changes:
            assert trial.fewest_moved(band, up=up) >= len(changes[0].moves)
        if not found.banding.rests_on_statuses and changes and changes[0].fewest:
            assert not trial.leads_within(changes[0].steps - 1, band, up=up)


class _Trial:
    """One person's ratings, changed and judged anew by the oracle."""

    def __init__(self, people, rules_pack, promotion, person):
        self.rated = people.ratings.row(person, named=True)
        row = people.people.row(person, named=True)
        asked = as_asked(rules_pack, promotion, row["specialisation"])
        self.judge = lambda rated: judge(
            rules_pack, asked, rated, row["level_since"], row["product_since"], DAY
        )
        self.before = self.judge(self.rated)
        self.signals = [signal.id for signal in asked.signals]
        looked_at = dict.fromkeys(name for signal in asked.signals for name in signal.competencies)
        self.columns = [
            column for name in looked_at if self.rated.get(column := f"{name}:manager") is not None
        ]

    def check(self, change, competencies, band, *, up):
        new = {f"{competencies[place]}:manager": after for place, _, after in change.ratings}
        verdict = self.judge({**self.rated, **new})
        assert verdict.recommendation == change.recommendation
        assert _leads(band, verdict.recommendation, up=up)
        for place, before, after in (*change.moves, *change.also):
            name = self.signals[place]
            assert self.before.signals[name].status == STATUSES[before]
            assert verdict.signals[name].status == STATUSES[after]

    def leads_within(self, most, band, *, up):
        """Whether any way to take at most so many steps in this direction leads elsewhere."""
        columns = self.columns
        end, signal = (HIGHEST, 1) if up else (LOWEST, -1)
        for taken in product(range(most + 1), repeat=len(columns)):
            if not 0 < sum(taken) <= most:
                continue
            new = {
                column: signal * min(signal * (self.rated[column] + signal * n * STEP), signal * end)
                for column, n in zip(columns, taken, strict=True)
            }
            if _leads(band, self.judge({**self.rated, **new}).recommendation, up=up):
                return True
        return False

    def fewest_moved(self, band, *, up):
        """The fewest signals that any change of up to two steps of each rating moves to lead elsewhere."""
        columns = self.columns[:4]
        choices = [
            [self.rated[column] + n * STEP * (1 if up else -1) for n in range(3)] for column in columns
        ]
        choices = [[value for value in some if LOWEST <= value <= HIGHEST] for some in choices]
        fewest = len(self.signals) + 1
        for values in product(*choices):
            verdict = self.judge({**self.rated, **dict(zip(columns, values, strict=True))})
            if _leads(band, verdict.recommendation, up=up):
                moved = sum(verdict.signals[n].status != self.before.signals[n].status for n in self.signals)
                fewest = min(fewest, moved)
        return fewest


def _leads(before, after, *, up):
    if after not in ORDER:
        return False
    return ORDER.index(after) < ORDER.index(before) if up else ORDER.index(after) > ORDER.index(before)


@pytest.mark.parametrize("ratings", list(product((2, 3, "3.5", 4), repeat=3)))
def test_no_fewer_steps_bring_the_signals_of_a_change_to_their_status(ratings):
    small = pack(SHARED, bars=Bars(core=Decimal(4), supporting=Decimal("3.5")))
    person = dict(zip(("a:manager", "b:manager", "c:manager"), ratings, strict=True))
    found = outlook(person, small)
    units = {name: int(Decimal(str(points)) * UNITS_PER_POINT) for name, points in person.items()}
    for change in found.changes:
        wanted = {move.signal: move.after for move in change.signals}
        assert change.steps == _fewest_steps(small, units, wanted)


def _fewest_steps(small, units, wanted):
    fewest = None
    for steps in product(range(9), repeat=3):
        raised = {name: value + n * STEP for (name, value), n in zip(units.items(), steps, strict=True)}
        if max(raised.values()) > HIGHEST or (fewest is not None and sum(steps) >= fewest):
            continue
        signals = judge(small, small.promotions[0], raised, None, None, DAY).signals
        if all(
            STATUSES.index(signals[name].status) <= STATUSES.index(after) for name, after in wanted.items()
        ):
            fewest = sum(steps)
    return fewest


def test_changes_of_the_shipped_pack_hold_when_the_input_is_assessed_again():
    shipped = load_pack("product_management")
    people = random_roster(11, shipped, SAMPLE_DAY, people=120)
    explained = explain(assess(people, shipped, SAMPLE_DAY))
    applied, expected = [], []
    for one in explained:
        for change in (*one.outlook.changes, *one.outlook.could_lose):
            applied.append((one.person, one.promotion, change))
            expected.append(change.recommendation)
    again = assess(_with_changes(people, applied), shipped, SAMPLE_DAY).recommendations
    bands = {(person, promotion): band for person, promotion, _, band, _ in again.iter_rows()}
    reached = [bands[row, promotion] for row, (_, promotion, _) in enumerate(applied)]
    assert len(applied) > 50
    assert reached == expected


def _with_changes(people, applied):
    """One person for each change, with the ratings that it states."""
    rows = [person for person, _, _ in applied]
    ratings = people.ratings[rows].to_dicts()
    for rated, (_, _, change) in zip(ratings, applied, strict=True):
        for move in change.ratings:
            rated[f"{move.competency}:manager"] = _units(rated, move)
    names = {f"{move.competency}:manager" for _, _, change in applied for move in change.ratings}
    schema = {**people.ratings.schema, **dict.fromkeys(sorted(names), pl.Int64)}
    chosen = people.people[rows]
    return roster_of(chosen, pl.DataFrame(ratings, schema=schema))


def _units(rated, move):
    """The stated rating; it is rounded for show, so whole steps are counted from the rating itself."""
    before = rated.get(f"{move.competency}:manager")
    if before is None:
        return int(move.after * UNITS_PER_POINT)
    if move.after in (1, 5):
        return int(move.after) * UNITS_PER_POINT
    return before + round((move.after - move.before) * 2) * STEP


def test_changes_are_found_where_the_rules_name_more_signals_than_a_machine_number_holds():
    names = "abcdefghijklmnopqr"
    every = " and ".join(f'signal.{name} == "met"' for name in names)
    rules = (
        rule("T-R1", every, recommendation="ready_now"),
        rule("T-R2", f"not ({every})", recommendation="developing"),
        RULES[-1],
    )
    ratings = {f"{name}:manager": 4 for name in names} | {"c:manager": 3, "q:manager": "3.5"}
    found = outlook(ratings, pack([signal(name) for name in names], rules))
    assert told(found.changes) == [("ready_now", 3, {"c": 4.0, "q": 4.0})]
    assert found.stability == Decimal("1")
