"""The engine says what the oracle says about random and believable people under the shipped packs."""

from collections import Counter
from datetime import date, timedelta
from functools import cache

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import vocabulary_of
from inputs import PEOPLE_SCHEMA, UNITS_PER_POINT, Roster, rating_column
from inputs.samples import SAMPLE_DAY
from rules import RulePack, load_pack
from rules.pack import BANDS, CONFIDENCES
from tests.company import generate_people
from tests.oracle import verdicts
from tests.oracle_comparison import differences, looks_at_firmness
from tests.random_packs import random_roster

DAYS = (SAMPLE_DAY, date(2024, 2, 29), date(2025, 8, 31), date(2026, 11, 17))


@cache
def shipped(name: str = "product_management") -> RulePack:
    return load_pack(name)


@pytest.mark.parametrize("seed", range(2))
def test_engine_and_oracle_agree_on_random_people(seed: int) -> None:
    pack = shipped(("product_management", "software_engineering")[seed % 2])
    day = DAYS[seed // 2]
    roster = random_roster(seed, pack, day, people=120)

    assert differences(roster, pack, day) == []


@pytest.mark.parametrize("name", ["product_management", "software_engineering"])
def test_engine_and_oracle_agree_on_a_believable_organisation(name: str) -> None:
    organisation = generate_people(vocabulary_of(shipped(name)), n=120, seed=1)
    roster = organisation.roster

    assert looks_at_firmness(shipped(name))
    assert differences(roster, shipped(name), SAMPLE_DAY) == []


def test_random_people_reach_every_band_confidence_and_rule() -> None:
    pack = shipped()
    roster = random_roster(2, pack, SAMPLE_DAY, people=250)
    seen = Counter(
        name
        for _, verdict in verdicts(roster, pack, SAMPLE_DAY)
        for name in (verdict.recommendation, verdict.confidence, *verdict.fired)
    )
    rules = {rule.code for promotion in pack.promotions for rule in pack.rules_of(promotion)}
    never = {*BANDS, *CONFIDENCES, *rules} - set(seen)

    assert not never & {*BANDS, *CONFIDENCES}
    assert len(never) <= len(rules) // 6


def ratings() -> st.SearchStrategy[int | None]:
    """Ratings in units: no rating, half points, thirds, tenths, and a hair beside a bar."""
    bars = sorted({shipped().bar_of(t, signal) for t in shipped().promotions for signal in t.signals})
    near = [bar - shipped().standard.near_margin for bar in bars]
    edges = [int(point * UNITS_PER_POINT) + step for point in (*bars, *near) for step in (-1, 0, 1)]
    return st.one_of(
        st.none(),
        st.sampled_from(edges),
        st.integers(2, 10).map(lambda halves: halves * UNITS_PER_POINT // 2),
        st.integers(3, 15).map(lambda thirds: thirds * UNITS_PER_POINT // 3),
        st.integers(10, 50).map(lambda tenths: tenths * UNITS_PER_POINT // 10),
    )


def dates() -> st.SearchStrategy[date | None]:
    return st.none() | st.dates(SAMPLE_DAY - timedelta(days=4_000), SAMPLE_DAY + timedelta(days=60))


@settings(max_examples=15)
@given(
    promotion=st.integers(0, 11),
    rated=st.lists(ratings(), min_size=12, max_size=12),
    since=dates(),
    experience=dates(),
    review=st.none() | st.dates(SAMPLE_DAY - timedelta(days=1_000), SAMPLE_DAY),
)
def test_engine_and_oracle_agree_on_any_person(
    promotion: int,
    rated: list[int | None],
    since: date | None,
    experience: date | None,
    review: date | None,
) -> None:
    pack = shipped()
    open_promotion = pack.promotions[promotion % len(pack.promotions)]
    person = dict.fromkeys(PEOPLE_SCHEMA) | {
        "row": 2,
        "employee_id": "E1",
        "level": open_promotion.from_level,
        "target_level": open_promotion.to_level,
        "level_since": since,
        "product_since": experience,
        "review_date": review,
    }
    columns = [rating_column(c.id, rater) for c in pack.competencies for rater in ("manager", "self")]
    row = {column: rated[place % len(rated)] for place, column in enumerate(columns)}
    roster = Roster.without_file(
        pl.DataFrame([person], schema=PEOPLE_SCHEMA),
        pl.DataFrame([row], schema=dict.fromkeys(columns, pl.Int64)),
    )

    assert differences(roster, pack, SAMPLE_DAY) == []
