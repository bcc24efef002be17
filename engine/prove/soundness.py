"""Is a pack's set of rules sound: does every possible case get one recommendation, and can every rule fire?

Gaps and contradictions are sought by enumeration through the rule engine: every combination of the bins that
the rules of a topic look at, directly or through findings. Where there are too many combinations, a solver
looks for them instead. A combination that no ratings and dates can bring about is no flaw; the solver decides
that, and gives the example that is shown, after the engine has confirmed it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from math import prod

import z3

from engine.decide.discretization import Cut, conjunctions_of, cuts_for
from engine.decide.inference import CompiledRule, fire
from engine.decide.variants import variants_of
from engine.prove.confirming import confirm
from engine.prove.flaws import LARGEST_ENUMERATION, Flaw, Proof, Soundness
from engine.prove.lens_soundness import check_lens
from engine.prove.possible import Example, Possible
from rules.conditions import Condition, facts_named, parse_condition
from rules.facts import facts_of
from rules.pack import Promotion, Rule, RulePack

FINDING = "finding."
TOPICS = ("recommendation", "confidence")


def check_soundness(pack: RulePack) -> Soundness:
    """Look for every flaw in the rules of a pack. Its references are in order: `load_pack` saw to it."""
    flaws: list[Flaw] = list(_unused(pack))
    proofs: list[Proof] = []
    can_fire: set[str] = set()
    can_decide: set[str] = set()
    seen: dict[object, set[str]] = {}
    for promotion in pack.promotions:
        ruleset = _Ruleset.of(pack, promotion)
        for topic in TOPICS:
            found, proof = _search(ruleset, topic, seen)
            flaws += found or _by_variant(pack, promotion, topic, seen)
            proofs.append(proof)
        can_fire |= _firing(ruleset, can_fire)
        can_decide |= _deciding(ruleset, can_decide)
    flaws += _dead(pack, can_fire, can_decide)
    for lens in pack.lenses:
        of_lens, searched = check_lens(pack, lens)
        flaws += of_lens
        proofs += [searched] if searched else []
    return Soundness(tuple(flaws), tuple(proofs))


def _by_variant(
    pack: RulePack, promotion: Promotion, topic: str, seen: dict[object, set[str]]
) -> Iterator[Flaw]:
    """What is wrong with a topic for a specialisation alone, because it asks for some signals differently."""
    for variant in variants_of(pack, promotion):
        if variant.specialisation is not None:
            title = f"{promotion.title}, for the specialisation {variant.specialisation.title}"
            asked = variant.promotion.model_copy(update={"title": title})
            yield from _search(_Ruleset.of(pack, asked, variant.specialisation.id), topic, seen)[0]


@dataclass(frozen=True)
class _Ruleset:
    """The rules of one promotion, with their conditions and what is possible there."""

    pack: RulePack
    promotion: Promotion
    specialisation: str | None
    """The specialisation that the promotion's signals are those of."""
    rules: Mapping[str, Rule]
    conditions: Mapping[str, Condition]
    cuts: Mapping[str, Cut]
    possible: Possible

    @classmethod
    def of(cls, pack: RulePack, promotion: Promotion, specialisation: str | None = None) -> "_Ruleset":
        facts = facts_of(pack, promotion)
        rules = {rule.code: rule for rule in pack.rules_of(promotion)}
        conditions = {code: parse_condition(rule.when, facts) for code, rule in rules.items()}
        cuts = cuts_for(conditions.values(), facts)
        possible = Possible(pack, promotion, rules.values())
        return cls(pack, promotion, specialisation, rules, conditions, cuts, possible)

    def concluding(self, topic: str) -> tuple[Rule, ...]:
        """The rules of a topic."""
        return tuple(rule for rule in self.rules.values() if rule.topic == topic)

    def needed_by(self, rules: Iterable[Rule]) -> list[list[str]]:
        """The codes of these rules and of all that they rest on, in layers, findings first."""
        layers = [[rule.code for rule in rules]]
        while True:
            named = {
                name.removeprefix(FINDING)
                for code in layers[0]
                for name in facts_named(self.conditions[code])
                if name.startswith(FINDING)
            }
            before = [rule.code for rule in self.rules.values() if rule.finding in named]
            if not before:
                return _once(layers)
            layers.insert(0, before)

    def fires(self, rules: Iterable[Rule]) -> dict[str, z3.BoolRef]:
        """By code, when each rule fires, in terms of ratings and dates."""
        return {rule.code: self.possible.holds(self.conditions[rule.code], self.conditions) for rule in rules}

    def confirmed(self, topic: str, example: Example, *words: str) -> str:
        """The example in words, after the engine has said these words of it."""
        # The engine asks for the recommendation first: where that is flawed too, it says so instead.
        rules = self.concluding("recommendation") if topic == "confidence" else ()
        first = ["no rule gives a recommendation", *(f"{rule.code} says" for rule in rules)] if rules else []
        return confirm(self.pack, self.promotion.id, self.specialisation, example, words, first)


def _once(layers: list[list[str]]) -> list[list[str]]:
    """Each rule in the first layer that needs it."""
    seen: set[str] = set()
    result = []
    for layer in layers:
        result.append([code for code in dict.fromkeys(layer) if code not in seen])
        seen.update(layer)
    return result


def _search(ruleset: _Ruleset, topic: str, seen: dict[object, set[str]]) -> tuple[list[Flaw], Proof]:
    """What is wrong with one topic. Promotions that share rules and bins share the enumeration: `seen`."""
    rules = ruleset.concluding(topic)
    layers = ruleset.needed_by(rules)
    names = dict.fromkeys(
        name
        for layer in layers
        for code in layer
        for name in facts_named(ruleset.conditions[code])
        if not name.startswith(FINDING)
    )
    size = prod(ruleset.cuts[name].size for name in names)
    method = "enumeration" if size <= LARGEST_ENUMERATION else "solver"
    proof = Proof(ruleset.promotion.id, topic, method, size)
    suspected = {"gap", "contradiction"}
    if method == "enumeration":
        same = (topic, *map(tuple, layers), *(ruleset.cuts[name] for name in names))
        if same not in seen:
            seen[same] = _enumerated(ruleset, topic, layers, tuple(names))
        suspected = seen[same]
    flaws: list[Flaw] = []
    if "gap" in suspected:
        flaws += _gaps(ruleset, topic)
    if "contradiction" in suspected:
        flaws += _contradictions(ruleset, topic)
    return flaws, proof


def _enumerated(ruleset: _Ruleset, topic: str, layers: list[list[str]], names: tuple[str, ...]) -> set[str]:
    """What goes wrong in any combination of bins, by running all of them through the engine."""
    bins = [range(ruleset.cuts[name].size) for name in names]
    findings = [name for name in ruleset.cuts if name.startswith(FINDING)]
    cases = [{**dict(zip(names, case, strict=True)), **dict.fromkeys(findings, 0)} for case in product(*bins)]
    fired: list[list[str]] = [[] for _ in cases]
    for layer in layers:
        compiled = [
            CompiledRule(code, conjunctions_of(ruleset.conditions[code], ruleset.cuts)) for code in layer
        ]
        for case, codes, seen in zip(cases, fire(compiled, cases), fired, strict=True):
            seen.extend(codes)
            drawn = (ruleset.rules[code].finding for code in codes)
            case.update({FINDING + name: 1 for name in drawn if name and FINDING + name in case})
    suspected: set[str] = set()
    for codes in {tuple(seen) for seen in fired}:
        rules = [ruleset.rules[code] for code in codes if ruleset.rules[code].topic == topic]
        if not rules:
            suspected.add("gap")
        elif not any(_beats_all(rule, rules) for rule in rules):
            suspected.add("contradiction")
    return suspected


def _beats_all(rule: Rule, rules: Iterable[Rule]) -> bool:
    return all(_beats(rule, other) for other in rules)


def _beats(rule: Rule, other: Rule) -> bool:
    return rule.conclusion == other.conclusion or other.code in rule.overrides


def _gaps(ruleset: _Ruleset, topic: str) -> Iterator[Flaw]:
    fires = ruleset.fires(ruleset.concluding(topic))
    example = ruleset.possible.example(*(z3.Not(fired) for fired in fires.values()))
    if example is not None:
        text = f"{ruleset.promotion.title}: no rule gives a {topic} in this case; add a rule that covers it"
        shown = ruleset.confirmed(topic, example, f"no rule gives a {topic}")
        yield Flaw("gap", ruleset.promotion.id, tuple(fires)[-1:], text, shown)


def _contradictions(ruleset: _Ruleset, topic: str) -> Iterator[Flaw]:
    rules = ruleset.concluding(topic)
    fires = ruleset.fires(rules)
    no_winner = [
        z3.Or(z3.Not(fires[rule.code]), *(fires[other.code] for other in rules if not _beats(rule, other)))
        for rule in rules
    ]
    told: list[z3.BoolRef] = []
    while True:
        example = ruleset.possible.example(z3.Or(list(fires.values())), *no_winner, *told, watch=fires)
        if example is None:
            return
        fired = [rule for rule in rules if rule.code in example.holding]
        one, other = next((a, b) for a in fired for b in fired if not _beats(a, b) and not _beats(b, a))
        told.append(z3.Not(z3.And(fires[one.code], fires[other.code])))
        text = (
            f"{ruleset.promotion.title}: {one.code} says {one.conclusion} and {other.code} says "
            f"{other.conclusion} in the same case; make their conditions exclude each other, or name the "
            "weaker rule in `overrides` of the stronger"
        )
        shown = ruleset.confirmed(topic, example, f"{one.code} says", f"{other.code} says")
        yield Flaw("contradiction", ruleset.promotion.id, (one.code, other.code), text, shown)


def _firing(ruleset: _Ruleset, known: set[str]) -> set[str]:
    """The rules that some ratings and dates make fire, of those not known to."""
    fires = ruleset.fires(rule for rule in ruleset.rules.values() if rule.code not in known)
    return {code for code, fired in fires.items() if ruleset.possible.is_possible(fired)}


def _deciding(ruleset: _Ruleset, known: set[str]) -> set[str]:
    """The rules whose recommendation or confidence stands for somebody, of those not known to."""
    found = set()
    for topic in TOPICS:
        rules = ruleset.concluding(topic)
        fires = ruleset.fires(rules)
        for rule in rules:
            stronger = [fires[other.code] for other in rules if not _beats(rule, other)]
            if rule.code not in known and ruleset.possible.is_possible(
                fires[rule.code], *(z3.Not(fired) for fired in stronger)
            ):
                found.add(rule.code)
    return found


def _dead(pack: RulePack, can_fire: set[str], can_decide: set[str]) -> Iterator[Flaw]:
    rules = [rule for promotion in pack.promotions for rule in pack.rules_of(promotion)]
    for rule in dict.fromkeys(rules):
        if rule.code not in can_fire:
            text = (
                f"{rule.code} can never fire: no ratings and dates meet its condition `{rule.when.strip()}`"
            )
            yield Flaw("dead_rule", None, (rule.code,), text)
        elif rule.topic in TOPICS and rule.code not in can_decide:
            text = f"{rule.code} never decides: whenever it fires, a rule that overrides it fires too"
            yield Flaw("idle_rule", None, (rule.code,), text)
    drawn = {rule.finding for rule in rules if rule.code in can_fire}
    for finding in pack.findings:
        if finding.id not in drawn:
            concluding = tuple(dict.fromkeys(rule.code for rule in rules if rule.finding == finding.id))
            why = "the rules that conclude it can never fire" if concluding else "no rule concludes it"
            text = f"the finding `{finding.id}` can never be drawn: {why}"
            yield Flaw("unreachable_finding", None, concluding, text, None, finding.id)


def _unused(pack: RulePack) -> Iterator[Flaw]:
    used = {name for promotion in pack.promotions for s in promotion.signals for name in s.competencies}
    for competency in pack.competencies:
        if competency.id not in used:
            text = f"no signal looks at the competency `{competency.id}`; people would rate it for nothing"
            yield Flaw("unused_competency", None, (), text, None, competency.id)
    reached = {end for t in pack.promotions for end in (t.from_level, t.to_level)}
    for level in pack.levels:
        if level.id not in reached:
            text = f"no promotion leads to the level `{level.id}` or away from it"
            yield Flaw("unused_level", None, (), text, None, level.id)
