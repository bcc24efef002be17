"""The engine says what the oracle says, for random packs and random people."""

from datetime import date

import pytest

from engine import assess
from engine.decide import cases
from engine.decide.monotony import is_monotone
from engine.decide.program import Programs
from engine.decide.recommending import Recommender
from rules import RulePack
from tests.oracle import cycles_before
from tests.oracle_comparison import differences, firmness_differences
from tests.random_packs import (
    lacking_few,
    random_pack,
    random_roster,
    random_specialisations,
    with_earlier_cycles,
)
from tests.small import pack as small_pack
from tests.small import roster as small_roster
from tests.small import rule, signal

DAYS = (date(2026, 6, 30), date(2028, 2, 29), date(2025, 3, 31), date(2027, 1, 15))


@pytest.mark.parametrize("seed", range(5))
def test_engine_and_oracle_agree_on_a_random_monotone_pack(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Half of the packs take the way of large populations.
    monkeypatch.setattr(cases, "FEW_PEOPLE", cases.FEW_PEOPLE if seed % 2 else 0)
    pack = random_pack(seed, monotone=True)
    if seed % 3 == 0:
        pack = random_specialisations(seed, pack)
    day = DAYS[seed % len(DAYS)]
    roster = random_roster(seed, pack, day, people=60)
    if not _is_shown_monotone(pack):
        roster = lacking_few(roster, pack)

    assert differences(roster, pack, day) == []


@pytest.mark.parametrize("seed", [8, 10, 21])
def test_engine_and_oracle_agree_where_rules_on_the_band_look_at_what_the_sheet_answers(seed: int) -> None:
    monotone = bool(seed % 2)
    pack = random_pack(seed, monotone=monotone, answers=True)
    roster = lacking_few(random_roster(seed, pack, DAYS[0], people=24, gaps=(0, 0, 0, 0.1)), pack)
    rules = [rule for promotion in pack.promotions for rule in pack.rules_of(promotion)]
    assert any("fact." in rule.when for rule in rules if rule.topic == "recommendation")

    assert differences(roster, pack, DAYS[0], every_completion=not monotone) == []
    if monotone:
        assert firmness_differences(roster, pack, DAYS[0]) == []


@pytest.mark.parametrize("seed", [0, 4, 5, 8, 11, 39])
def test_engine_and_oracle_agree_where_rules_look_at_earlier_cycles(seed: int) -> None:
    monotone = bool(seed % 2)
    pack = random_pack(seed, monotone=monotone, cycles=True)
    roster = lacking_few(random_roster(seed, pack, DAYS[0], people=40, gaps=(0, 0, 0, 0.1)), pack)
    roster = with_earlier_cycles(seed, pack, DAYS[0], roster)
    rules = [rule for promotion in pack.promotions for rule in pack.rules_of(promotion)]
    assert any("cycles_met_before" in rule.when for rule in rules)
    known = {one for facts in cycles_before(roster, pack).values() for one in facts.values()}
    assert known >= {0, 1, None}

    assert differences(roster, pack, DAYS[0], every_completion=not monotone) == []


def _is_shown_monotone(pack: RulePack) -> bool:
    """Whether the engine shows it; where it does not, as there are too many cases, it tries completions."""
    programs = (Programs.of(pack, promotion).band for promotion in pack.promotions)
    return all(is_monotone(Recommender(band)) for band in programs)


def test_most_random_monotone_packs_are_shown_to_be_monotone() -> None:
    shown = [_is_shown_monotone(random_pack(seed, monotone=True)) for seed in range(8)]
    assert sum(shown) >= 4


@pytest.mark.parametrize("seed", range(5))
def test_engine_and_oracle_agree_on_any_random_pack(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rules may look in any direction, so all completions count, of few ratings."""
    monkeypatch.setattr(cases, "FEW_PEOPLE", cases.FEW_PEOPLE if seed % 2 else 0)
    pack = random_pack(seed)
    day = DAYS[seed % len(DAYS)]
    roster = lacking_few(random_roster(seed, pack, day, people=60, gaps=(0, 0, 0, 0.1)), pack)

    assert differences(roster, pack, day, every_completion=True) == []


def test_where_better_ratings_alone_leave_a_band_open_the_range_holds_every_band_between() -> None:
    rules = (
        rule("T-R5", "lowest_ratings >= 1", recommendation="developing"),
        rule("T-R6", "lowest_ratings == 0 and core_gap >= 1", recommendation="ready_now"),
        rule("T-R7", "lowest_ratings == 0 and core_gap == 0", recommendation="insufficient_evidence"),
        rule("T-C1", "always", confidence="high"),
    )
    people = small_roster([{"drive:manager": None}, {"drive:manager": 1}, {"drive:manager": 3}])
    found = assess(people, small_pack((signal("drive"),), rules), DAYS[0]).recommendations
    assert found.select("recommendation", "worst_band", "best_band").rows() == [
        ("insufficient_evidence", "developing", "ready_now"),
        ("developing", "developing", "developing"),
        ("ready_now", "ready_now", "ready_now"),
    ]
