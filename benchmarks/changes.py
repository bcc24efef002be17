"""What would change it, at scale: the time it takes, and whether everything that is said holds.

python benchmarks/changes.py [PEOPLE]   (10,000 unless given)

Time: evidence and inference alone, then how stable each recommendation is and what would change it, one after
the other in the same process, without garbage collection as in the command. The ratio is the middle one of
several rounds: machines differ, and drift within a minute. Aim: twice the time at most. Truth: an oracle that
shares no code with the engine recomputes every fact in every trace from the ratings, and every stated change
is applied to the ratings and judged again.
"""

import gc
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from statistics import median
from typing import ParamSpec, TypeVar

sys.path.insert(0, str(Path(__file__).parent.parent))

from engine import assess, explain, vocabulary_of
from engine.decide import Assessment
from engine.outlook import compute_stability, find_outlooks, people_of
from engine.words import Explanation
from engine.words.explanation import Change
from engine.words.sentences import rounded
from inputs import UNITS_PER_POINT, Roster
from inputs.samples import SAMPLE_DAY
from inputs.samples.company import generate_people
from rules import RulePack, load_pack
from rules.facts import facts_of
from tests.oracle import Verdict, as_asked, judge
from tests.random_packs import roster_of

ROUNDS = 7
EXPLAINED_AT_ONCE = 1_000
P = ParamSpec("P")
T = TypeVar("T")


def main() -> None:
    people = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    pack = load_pack("product_management")
    organisation = generate_people(vocabulary_of(pack), n=people, seed=7)
    roster = roster_of(organisation.people, organisation.ratings)
    assessment = assess(roster, pack, SAMPLE_DAY)
    print(f"{people:,} people, {assessment.recommendations.height:,} recommendations")
    measure(roster, pack)
    check(roster, pack)


def measure(roster: Roster, pack: RulePack) -> None:
    alone: list[float] = []
    stable: list[float] = []
    everything: list[float] = []
    gc.disable()
    for _ in range(ROUNDS):
        assessment = timed(alone, assess, roster, pack, SAMPLE_DAY)
        timed(stable, stabilities, assessment)
        timed(everything, outlooks, assessment)
        gc.collect()
    gc.enable()
    print(f"  evidence and inference      {min(alone):8.2f} s")
    for name, times in (("with stability", stable), ("with changes and stability", everything)):
        ratios = sorted((base + more) / base for base, more in zip(alone, times, strict=True))
        told = f"{median(ratios):5.2f} times in all ({ratios[0]:.2f} to {ratios[-1]:.2f})"
        print(f"  {name:<26}  {min(times):8.2f} s more   {told}")


def timed(times: list[float], work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    start = time.perf_counter()
    result = work(*args, **kwargs)
    times.append(time.perf_counter() - start)
    return result


def stabilities(assessment: Assessment) -> None:
    for promotion in assessment.pack.promotions:
        for _, people in people_of(assessment, promotion):
            compute_stability(people)


def outlooks(assessment: Assessment) -> None:
    for promotion in assessment.pack.promotions:
        list(find_outlooks(assessment, promotion))


def check(roster: Roster, pack: RulePack) -> None:
    traces = facts = changes = wrong = 0
    for start in range(0, roster.people.height, EXPLAINED_AT_ONCE):
        part = replace(
            roster,
            people=roster.people.slice(start, EXPLAINED_AT_ONCE),
            ratings=roster.ratings.slice(start, EXPLAINED_AT_ONCE),
            comments=roster.comments.slice(start, EXPLAINED_AT_ONCE),
        )
        for one in explain(assess(part, pack, SAMPLE_DAY)):
            rated = part.ratings.row(one.person, named=True)
            verdict = verdict_on(part, pack, one, rated)
            traces += 1
            wrong += tuple(rule.code for rule in one.rules) != verdict.fired
            for said, true in said_facts(pack, one, verdict):
                facts += 1
                wrong += said != true
            for change in (*one.outlook.changes, *one.outlook.could_lose):
                changes += 1
                applied = verdict_on(part, pack, one, with_change(rated, change))
                wrong += applied.recommendation != change.recommendation
    print(f"  {traces:,} traces with {facts:,} facts and {changes:,} changes recomputed: {wrong} wrong")
    sys.exit(1 if wrong else 0)


def verdict_on(roster: Roster, pack: RulePack, one: Explanation, rated: dict[str, int | None]) -> Verdict:
    person = roster.people.row(one.person, named=True)
    promotion = as_asked(pack, pack.promotion(one.promotion), person["specialisation"])
    return judge(pack, promotion, rated, person["level_since"], person["product_since"], SAMPLE_DAY)


def said_facts(pack: RulePack, one: Explanation, verdict: Verdict) -> list[tuple[str, str]]:
    """Every fact of the trace as it is shown, beside what the oracle says it is, shown alike."""
    catalogue = facts_of(pack, pack.promotion(one.promotion))
    said = {name: value for rule in one.rules for name, value in rule.facts}
    return [(value, shown(catalogue[name].unit, verdict.facts[name], pack)) for name, value in said.items()]


def shown(unit: str, value: object, pack: RulePack) -> str:
    if value is None:
        return "unknown"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        labels = {str(name): text.label for name, text in (*pack.statuses.items(), *pack.agreements.items())}
        return value.replace("_", " ") if value not in labels or value == "unknown" else labels[value]
    number = value * 100 if unit == "share" else value  # type: ignore[operator]
    places = {"points": 2, "years": 1}.get(unit, 0)
    return str(rounded(number, places)) + (" %" if unit == "share" else "")


def with_change(rated: dict[str, int | None], change: Change) -> dict[str, int | None]:
    new = dict(rated)
    for move in change.ratings:
        new[f"{move.competency}:manager"] = int(Decimal(move.after) * UNITS_PER_POINT)
    return new


if __name__ == "__main__":
    main()
