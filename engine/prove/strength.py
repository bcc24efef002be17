"""How strong the worked examples are: the share of small changes to rules and bars that one notices."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from engine.decide.assessment import Outcome
from engine.decide.facts import RE_RATINGS
from engine.prove.examples import person_of
from engine.prove.people import DAY, assess_people
from rules import KeyPath, replaced, value_at
from rules.facts import number_facts
from rules.pack import Example, PackError, Rule, RulePack

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

    def without(self, idle: Collection[Mutant]) -> "Strength":
        """The same, not counting changes that change nothing."""
        kept = tuple(one for one in self.unnoticed if one not in idle)
        return Strength(self.mutants - len(self.unnoticed) + len(kept), kept)


def strength_of(pack: RulePack, every: int = 1) -> Strength:
    """Change every limit, operator and bar a little, one at a time, and run the examples each time.

    With `every` only one in so many changes is made, for a quick look.
    """
    pack = without_lens_codes(pack.on(DAY))
    mutants = tuple(_mutants(pack))[::every]
    return Strength(len(mutants), tuple(one for one in mutants if not is_noticed(pack, one)))


def without_lens_codes(pack: RulePack) -> RulePack:
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
    unit = next((one.unit for one in number_facts() if one.name == fact), "")
    by = {"points": pack.scale.step, "share": Decimal("0.1")}.get(unit, Decimal(1))
    for other in (number - by, number + by):
        if other >= 0 and (unit != "share" or other <= 1):
            yield f"{fact} {found['operator']} {other}"


def is_noticed(pack: RulePack, mutant: Mutant) -> bool:
    """Whether an example comes out otherwise than it says; that there is no band at all is noticed too."""
    other = replaced(pack, mutant.path, mutant.value)
    changed = value_at(pack, mutant.path[:-1])
    by_promotion: dict[str, list[Example]] = {}
    # Examples that speak of the rule come first: most changes are noticed by them.
    for one in sorted(pack.examples, key=lambda one: not _speaks_of(one, changed)):
        by_promotion.setdefault(one.promotion, []).append(one)
    return any(
        _notice(other, examples)
        for promotion, examples in by_promotion.items()
        if touches(pack, mutant, promotion)
    )


def _speaks_of(example: Example, changed: object) -> bool:
    return isinstance(changed, Rule) and changed.code in (*example.fires, *example.misses)


def _notice(pack: RulePack, examples: Sequence[Example]) -> bool:
    found = outcomes_of(pack, examples)
    return found is None or any(_differs(one, outcome) for one, outcome in zip(examples, found, strict=True))


def touches(pack: RulePack, mutant: Mutant, promotion: str) -> bool:
    """Whether a promotion reads what is changed."""
    home, place = mutant.path[:2]
    assert isinstance(place, int)
    if home == "promotions":
        return pack.promotions[place].id == promotion
    return not pack.rules[place].only_for or promotion in pack.rules[place].only_for


def outcomes_of(pack: RulePack, examples: Sequence[Example]) -> list[Outcome] | None:
    """What the rules say of each example; None where they come to no band or to two."""
    if not examples:
        return []
    asked = {one.promotion for one in examples}
    alone = pack.model_copy(update={"promotions": tuple(one for one in pack.promotions if one.id in asked)})
    try:
        assessment = assess_people(alone, [person_of(pack, one) for one in examples])
    except PackError:
        return None
    found: dict[int, Outcome] = {}
    for promotion in asked:
        judged = assessment.judged[promotion]
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
