"""The engine against the oracle, person by person: random packs, and the shipped ones on random people.

The oracle (`tests/oracle.py`) is a second evaluation in plain Python, written from the documentation alone. A
pair is one person and one promotion; each is compared in band, range, confidence, rules, findings, time and
evidence.
"""

import sys
import time
from collections.abc import Iterator
from datetime import date

from engine import assess
from engine.decide.monotony import is_monotone
from engine.decide.program import Programs
from engine.decide.recommending import Recommender
from inputs import Roster
from rules import RulePack, load_pack, pack_names
from tests.oracle_comparison import differences, looks_at_firmness
from tests.random_packs import (
    lacking_few,
    random_pack,
    random_roster,
    random_specialisations,
    with_earlier_cycles,
)
from torture.tallies import Tally

DAYS = (date(2026, 6, 30), date(2028, 2, 29), date(2025, 3, 31), date(2027, 1, 15))
PEOPLE, MANY_PEOPLE = 100, 4000
MANY = 8
"""Of the packs in a round, those that are asked about many people."""
GAPS = (0, 0, 0, 0.1)


def differential(times: int, seconds: float, seed: int) -> list[Tally]:
    """A thousand times `times` pairs of a person and a promotion, or as many as the seconds allow."""
    end = time.monotonic() + seconds
    tallies: dict[str, Tally] = {}
    pairs = packs = 0
    for number, (name, pack, roster, day, every) in enumerate(_combinations(seed)):
        tally = tallies.setdefault(name, Tally(f"engine against oracle: {name}"))
        found = differences(roster, pack, day, every_completion=every)
        count = assess(roster, pack, day).recommendations.height
        pairs, packs = pairs + count, packs + 1
        tally.times += count
        tally.failures += [f"no. {number} of seed {seed}: {ours} and {theirs}" for ours, theirs in found]
        if pairs >= 1000 * times or time.monotonic() > end:
            break
    for tally in tallies.values():
        tally.remark = "pairs of a person and a promotion"
        print(tally, file=sys.stderr, flush=True)
    return list(tallies.values())


Combination = tuple[str, RulePack, Roster, date, bool]
"""Its kind, the pack, the people, the day, and whether the oracle tries every completion."""


def _combinations(seed: int) -> Iterator[Combination]:
    number = seed * 1_000_000
    while True:
        day = DAYS[number % len(DAYS)]
        for more in range(MANY):
            yield "random packs, many people", *_monotone(number + 1000 * (more + 1), day, many=True)
        yield "random packs, monotone", *_monotone(number, day)
        pack = random_pack(number, answers=number % 3 == 0)
        yield (
            "random packs, any",
            pack,
            lacking_few(random_roster(number, pack, day, PEOPLE, gaps=GAPS), pack),
            day,
            True,
        )
        pack = random_pack(number, monotone=number % 2 == 0, cycles=True)
        roster = lacking_few(random_roster(number, pack, day, PEOPLE // 2, gaps=GAPS), pack)
        roster = with_earlier_cycles(number, pack, day, roster)
        yield "random packs, earlier cycles", pack, roster, day, number % 2 == 1
        for name in pack_names():
            shipped = load_pack(name)
            yield f"the pack {name}", shipped, random_roster(number, shipped, day, PEOPLE), day, False
        number += 1


def _monotone(number: int, day: date, *, many: bool = False) -> tuple[RulePack, Roster, date, bool]:
    """With `many` people the next pack that does not ask how firm a band is, which takes the oracle long."""
    pack = random_pack(number, monotone=True)
    if many and looks_at_firmness(pack):
        return _monotone(number + 1, day, many=True)
    if number % 3 == 0:
        pack = random_specialisations(number, pack)
    roster = random_roster(number, pack, day, people=MANY_PEOPLE if many else PEOPLE)
    programs = (Programs.of(pack, promotion).band for promotion in pack.promotions)
    if not all(is_monotone(Recommender(band)) for band in programs):
        roster = lacking_few(roster, pack)
    return pack, roster, day, False
