"""The engine says what the oracle says, for random packs and random people."""

from datetime import date

import pytest

from engine import cases
from tests.oracle_comparison import differences
from tests.random_packs import random_pack, random_roster

DAYS = (date(2026, 6, 30), date(2028, 2, 29), date(2025, 3, 31), date(2027, 1, 15))


@pytest.mark.parametrize("seed", range(24))
def test_engine_and_oracle_agree_on_a_random_pack(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    # Half of the packs take the way of large populations.
    monkeypatch.setattr(cases, "FEW_PEOPLE", cases.FEW_PEOPLE if seed % 2 else 0)
    pack = random_pack(seed)
    day = DAYS[seed % len(DAYS)]
    roster = random_roster(seed, pack, day, people=160)

    assert differences(roster, pack, day) == []
