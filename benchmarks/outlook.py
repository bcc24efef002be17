"""How firm each band is and what would change it, at scale: the time it takes, apart from deciding.

python benchmarks/outlook.py [PEOPLE]   (1,000 unless given)
"""

import gc
import sys
import time

from engine import assess, vocabulary_of
from engine.decide import firmness
from engine.outlook import search_outlooks
from inputs.samples import SAMPLE_DAY
from rules import load_pack
from tests.company import generate_people


def main() -> None:
    people = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
    pack = load_pack("product_management")
    roster = generate_people(vocabulary_of(pack), n=people, seed=7).roster
    gc.disable()
    assess(roster, pack, SAMPLE_DAY)  # rulesets are built once per process
    spent = _watched()
    started = time.process_time()
    assessment = assess(roster, pack, SAMPLE_DAY)
    decided = time.process_time() - started - spent[0]
    started = time.process_time()
    searched_all = search_outlooks(assessment)
    searched = time.process_time() - started
    found = [one for each in searched_all for one in (each.next_band, each.ready_now) if one is not None]
    print(f"{people:,} people, {assessment.recommendations.height:,} recommendations; processor seconds")
    print(f"  evidence and inference  {decided:8.2f}")
    print(f"  firmness                {spent[0]:8.2f}")
    print(f"  outlook                 {searched:8.2f}")
    steps, certain = (sum(one.steps is not None for one in found), sum(one.certain for one in found))
    print(f"  {steps:,} distances found, {certain:,} of {len(found):,} answers certain")


def _watched() -> list[float]:
    """The seconds spent on firmness from now on, in a list of one."""
    from engine.decide import assessing

    stock, spent = firmness.firm_in, [0.0]

    def timed(*args: object) -> object:
        started = time.process_time()
        try:
            return stock(*args)  # type: ignore[arg-type]
        finally:
            spent[0] += time.process_time() - started

    assessing.firm_in = timed  # type: ignore[assignment]
    return spent


if __name__ == "__main__":
    main()
