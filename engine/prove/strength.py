"""How strong the worked examples are: the share of small changes to rules and bars that one notices."""

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from engine.decide.assessing import assess
from engine.decide.assessment import Outcome
from engine.decide.facts import RE_RATINGS
from engine.prove.examples import person_of
from engine.prove.people import DAY, roster_of
from rules.pack import Example, PackError, Promotion, RulePack
from rules.paths import KeyPath, replaced, value_at

_COMPARISON = re.compile(r"(?P<fact>[a-z_]+)\s*(?P<operator><=|>=|==|<|>)\s*(?P<number>\d+(?:\.\d+)?)")
_BESIDE = {">=": ">", ">": ">=", "<=": "<", "<": "<=", "==": ">="}
"""By operator the one that differs where a number is exactly at the limit."""


@dataclass(frozen=True)
class Mutant:
    """A small change to a pack."""

    path: KeyPath
    """Where it is made."""
    what: str
    """Which rule or signal, and what is changed: `PM-R06: supporting_shortfall > 1, not 0.75`."""
    value: object


@dataclass(frozen=True)
class Strength:
    """What the examples of a pack notice."""

    mutants: int
    unnoticed: tuple[Mutant, ...]

    @property
    def share(self) -> float:
        """The share that some example notices, 0 to 1."""
        return 1 - len(self.unnoticed) / self.mutants if self.mutants else 1.0


def strength_of(pack: RulePack) -> Strength:
    """Change every limit, operator and bar a little, one at a time, and run the examples each time."""
    pack = _without_lens_codes(pack)
    mutants = tuple(_mutants(pack))
    return Strength(len(mutants), tuple(one for one in mutants if not _is_noticed(pack, one)))


def _without_lens_codes(pack: RulePack) -> RulePack:
    """The pack with examples that speak of no rules of lenses, which decide nothing."""
    codes = {rule.code for lens in pack.lenses for rule in lens.rules}
    examples = tuple(
        one.model_copy(update={name: tuple(set(getattr(one, name)) - codes) for name in ("fires", "misses")})
        for one in pack.examples
    )
    return pack.model_copy(update={"examples": examples})


def _mutants(pack: RulePack) -> Iterator[Mutant]:
    homes: list[KeyPath] = [("rules",), *(("promotions", n, "rules") for n in range(len(pack.promotions)))]
    for home in homes:
        for number, rule in enumerate(value_at(pack, home)):
            for found in _COMPARISON.finditer(rule.when):
                for text in _changed(found, pack):
                    when = rule.when[: found.start()] + text + rule.when[found.end() :]
                    yield Mutant((*home, number, "when"), f"{rule.code}: {text}, not {found[0]}", when)
    for place, promotion in enumerate(pack.promotions):
        for number, signal in enumerate(promotion.signals):
            bar = pack.bar_of(promotion, signal)
            for other in (bar - pack.scale.step, bar + pack.scale.step):
                if pack.scale.lowest <= other <= pack.scale.highest:
                    what = f"{promotion.title}, {signal.title}: the bar {other}, not {bar}"
                    yield Mutant(("promotions", place, "signals", number, "bar"), what, other)


def _changed(found: re.Match[str], pack: RulePack) -> Iterator[str]:
    number, fact = Decimal(found["number"]), found["fact"]
    if fact != "firmness" or (number * RE_RATINGS) % 1 == 0:
        # Else nobody is exactly at the limit, and the other operator is the same.
        yield f"{fact} {_BESIDE[found['operator']]} {number}"
    by = pack.scale.step if "short" in fact or "score" in fact else Decimal(1)
    by = Decimal("0.1") if fact in ("firmness", "coverage") or fact.endswith("_share") else by
    for other in (number - by, number + by):
        if other >= 0:
            yield f"{fact} {found['operator']} {other}"


def _is_noticed(pack: RulePack, mutant: Mutant) -> bool:
    """Whether an example comes out otherwise than it says; that there is no band at all is noticed too."""
    other = replaced(pack, mutant.path, mutant.value)
    examples = [one for one in pack.examples if _touches(pack, mutant, one.promotion)]
    found = _outcomes(other, examples)
    return found is None or any(_differs(one, outcome) for one, outcome in zip(examples, found, strict=True))


def _touches(pack: RulePack, mutant: Mutant, promotion: str) -> bool:
    home, place = mutant.path[:2]
    return home != "promotions" or (isinstance(place, int) and pack.promotions[place].id == promotion)


def _outcomes(pack: RulePack, examples: Sequence[Example]) -> list[Outcome] | None:
    """What the rules say of each example; None where they come to no band or to two."""
    if not examples:
        return []
    try:
        assessed = assess(roster_of(pack, (person_of(pack, one) for one in examples)), pack, DAY)
    except PackError:
        return None
    found: dict[int, Outcome] = {}
    for promotion in {one.promotion for one in examples}:
        judged = assessed.judged[promotion]
        for person, case in judged.found.select("person", "case").iter_rows():
            found[person] = judged.outcomes[case]
    return [found[place] for place in range(len(examples))]


def _differs(example: Example, outcome: Outcome) -> bool:
    """Whether an outcome is another one than an example says; `fires` and `misses` are of no lenses here."""
    said = example.recommendation, example.confidence
    fired = set(outcome.fired)
    return (
        said != (outcome.recommendation, outcome.confidence)
        or not fired.issuperset(example.fires)
        or not fired.isdisjoint(example.misses)
    )


def proposed_examples(pack: RulePack, strength: Strength) -> tuple[Example, ...]:
    """Examples that notice what no example notices so far, as far as people at random show a difference."""
    dice, found = random.Random(11), list[Example]()
    pools = {one.id: [_at_random(pack, one, dice) for _ in range(POOL)] for one in pack.promotions}
    pool = [example for examples in pools.values() for example in examples]
    as_they_are = _outcomes(pack, pool)
    assert as_they_are is not None, "the pack is sound"
    for mutant in strength.unnoticed:
        if found and _is_noticed(pack.model_copy(update={"examples": tuple(found)}), mutant):
            continue
        places = [n for n, one in enumerate(pool) if _touches(pack, mutant, one.promotion)]
        after = _outcomes(replaced(pack, mutant.path, mutant.value), [pool[n] for n in places])
        both = zip(places, after or (), strict=bool(after))
        place = next((n for n, outcome in both if outcome.fired != as_they_are[n].fired), None)
        if place is not None:
            found.append(_saying(pool[place], as_they_are[place], mutant, len(pack.examples) + len(found)))
    return tuple(found)


POOL = 400
"""People at random for each promotion, of whom examples are chosen."""


def _at_random(pack: RulePack, promotion: Promotion, dice: random.Random) -> Example:
    """Somebody near the bars: most ratings at or beside them, one or two elsewhere."""
    scale = pack.scale
    bars = [pack.bar_of(promotion, signal) for signal in promotion.signals]
    expected = [one.rating for one in pack.level(promotion.from_level).expects]
    steps = int((scale.highest - scale.lowest) / scale.step)
    rungs = [scale.lowest + scale.step * n for n in range(steps + 1)]
    usual = min(rungs, key=lambda rung: abs(rung - dice.choice([*bars, *expected])))
    names = [name for signal in promotion.signals for name in signal.competencies]
    chosen = dice.sample(sorted(set(names)), k=min(len(set(names)), dice.choice([0, 1, 1, 2, 3, 5])))
    near = [rung for rung in rungs if abs(rung - usual) <= 3 * scale.step]
    rated = {name: dice.choice(near) for name in chosen}
    if dice.random() < 0.15:
        rated[dice.choice(names)] = scale.lowest
    months, stale, years = pack.standard.observation_months, pack.standard.stale_months, [2, 4, 10]
    if promotion.tenure is not None:
        years = [int(end) for end in (promotion.tenure.from_years, promotion.tenure.to_years or 20)]
    experience = dice.choice([12 * year + more for year in years for more in (-1, 0, 1, 12)])
    return Example(
        id="proposed",
        about="Proposed.",
        promotion=promotion.id,
        everything=usual,
        manager=rated,
        unrated=tuple(dice.sample(names, k=1)) if dice.random() < 0.15 else (),
        months_in_level=dice.choice([24, 24, 24, 48, months, months + 1, months + 2, None]),
        experience_months=max(experience, 0),
        review_months=dice.choice([1, 1, 1, stale, stale + 1, None]),
        recommendation="developing",
        confidence="low",
    )


def _saying(example: Example, outcome: Outcome, mutant: Mutant, number: int) -> Example:
    return example.model_copy(
        update={
            "id": f"case_{number + 1:03d}",
            "about": f"Would come out otherwise with {mutant.what}.",
            "recommendation": outcome.recommendation,
            "confidence": outcome.confidence,
            "fires": outcome.fired,
        }
    )
