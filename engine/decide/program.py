"""A pack's rules for one promotion, compiled into groups of rules that look at the same few facts.

Rules of one layer do not see each other's conclusions, so they can run apart: a group of rules needs only the
distinct combinations of the facts that it names, and there are far fewer of those than of all facts together.
What the groups conclude for a person is put together again by rule, in the order of reading.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import prod

from engine.decide.discretization import Cut, atoms_of, conjunctions_of, cuts_for
from engine.decide.inference import CompiledRule
from rules.conditions import Condition, parse_condition
from rules.facts import Fact, facts_of
from rules.pack import PackError, Promotion, Rule, RulePack

FINDING = "finding."
GROUP_CELLS = 256
"""Rules are put into one group while their facts have at most so many combinations of bins."""
TOPICS = ("finding", "recommendation", "confidence")
Case = Mapping[str, int]
"""Fact to bin, for every fact of a group."""


@dataclass(frozen=True)
class Group:
    """Rules of one layer that run over the same distinct cases."""

    rules: tuple[CompiledRule, ...]
    cuts: Mapping[str, Cut]
    """For every fact and finding that a rule of the group names."""
    topic: str
    """`finding`, `recommendation` or `confidence`; all rules of the latter two are in one group."""

    def describe(self, case: Case) -> str:
        """A case in words, such as `core_gap: at least 1, tenure: early`."""
        return ", ".join(f"{name}: {cut.describe(case[name])}" for name, cut in self.cuts.items())


@dataclass(frozen=True)
class Program:
    """The rules of one promotion, ready to run."""

    pack: RulePack
    promotion: Promotion
    rules: Mapping[str, Rule]
    """By code, in the order in which a trace lists them: by layer, then as the pack reads them."""
    cuts: Mapping[str, Cut]
    """For every fact and finding that a rule names, in the order of the catalogue."""
    layers: tuple[tuple[Group, ...], ...]
    """Findings first, each layer resting on those before it; the last layer recommends."""

    @cached_property
    def facts(self) -> Mapping[str, Cut]:
        """The cuts of the facts that the rules name, without the findings."""
        return {name: cut for name, cut in self.cuts.items() if not name.startswith(FINDING)}

    @cached_property
    def findings(self) -> tuple[str, ...]:
        """The findings that later rules name, as facts."""
        return tuple(name for name in self.cuts if name.startswith(FINDING))


@dataclass(frozen=True)
class Programs:
    """The rules of one promotion, parsed once, as the three programs that run one after the other."""

    catalogue: Mapping[str, Fact]
    conditions: Mapping[str, Condition]
    """By the code of each rule."""
    findings: Program
    """Rules on findings, over the facts as they are."""
    band: Program
    """Rules on the recommendation and the findings that they rest on, over completed ratings."""
    confidence: Program
    """Rules on the confidence, to which findings are facts among others."""

    @classmethod
    def of(cls, pack: RulePack, promotion: Promotion) -> "Programs":
        """Raises `PackError` when findings depend on each other in a circle."""
        catalogue = facts_of(pack, promotion)
        rules = {rule.code: rule for rule in pack.rules_of(promotion)}
        conditions = {code: parse_condition(rule.when, catalogue) for code, rule in rules.items()}

        def program(codes: Collection[str]) -> Program:
            chosen = {code: rule for code, rule in rules.items() if code in codes}
            return _compile(pack, promotion, chosen, {code: conditions[code] for code in chosen}, catalogue)

        by_topic = {topic: {code for code, rule in rules.items() if rule.topic == topic} for topic in TOPICS}
        return cls(
            catalogue,
            conditions,
            findings=program(by_topic["finding"]),
            band=program(_behind_the_band(rules, conditions)),
            confidence=program(by_topic["confidence"]),
        )

    @property
    def facts_named(self) -> set[str]:
        """The names of all facts that a rule names."""
        return {name for one in (self.findings, self.band, self.confidence) for name in one.facts}


def _compile(
    pack: RulePack,
    promotion: Promotion,
    rules: Mapping[str, Rule],
    conditions: Mapping[str, Condition],
    facts: Mapping[str, Fact],
) -> Program:
    cuts = cuts_for(conditions.values(), facts)
    compiled = {
        code: CompiledRule(code, conjunctions_of(condition, cuts)) for code, condition in conditions.items()
    }
    layers = _layers(rules, conditions)
    return Program(
        pack,
        promotion,
        rules={code: rules[code] for layer in layers for code in layer},
        cuts=cuts,
        layers=tuple(_groups(layer, rules, compiled, conditions, cuts) for layer in layers),
    )


def _behind_the_band(rules: Mapping[str, Rule], conditions: Mapping[str, Condition]) -> set[str]:
    """Codes of the rules on the recommendation, and of those whose findings they rest on."""
    waiting = [code for code, rule in rules.items() if rule.topic == "recommendation"]
    kept: set[str] = set()
    while waiting:
        code = waiting.pop()
        kept.add(code)
        named = _facts_in(conditions[code])
        waiting += [
            other
            for other, rule in rules.items()
            if rule.topic == "finding" and other not in kept and FINDING + rule.conclusion in named
        ]
    return kept


def _layers(rules: Mapping[str, Rule], conditions: Mapping[str, Condition]) -> list[list[str]]:
    """Codes in layers: a finding's rules come after those of the findings that they name."""
    waiting = {code: rule for code, rule in rules.items() if rule.topic == "finding"}
    layers: list[list[str]] = []
    while waiting:
        unsettled = {FINDING + rule.conclusion for rule in waiting.values()}
        layer = [code for code in waiting if not _facts_in(conditions[code]) & unsettled]
        if not layer:
            raise PackError(
                f"the findings of rules {', '.join(waiting)} depend on each other in a circle; "
                "let one of them rest on facts alone"
            )
        layers.append(layer)
        waiting = {code: rule for code, rule in waiting.items() if code not in layer}
    layers.append([code for code, rule in rules.items() if rule.topic != "finding"])
    return layers


def _groups(
    layer: Iterable[str],
    rules: Mapping[str, Rule],
    compiled: Mapping[str, CompiledRule],
    conditions: Mapping[str, Condition],
    cuts: Mapping[str, Cut],
) -> tuple[Group, ...]:
    """Rules on findings are gathered while their facts stay few; those of another topic always are."""
    members: list[tuple[str, set[str], list[str]]] = []
    for code in layer:
        topic, facts = rules[code].topic, _facts_in(conditions[code])
        for known_topic, known_facts, codes in members:
            few = _cells(known_facts | facts, cuts) <= GROUP_CELLS
            if topic == known_topic and (few or topic != "finding"):
                known_facts |= facts
                codes.append(code)
                break
        else:
            members.append((topic, set(facts), [code]))
    return tuple(
        Group(
            rules=tuple(compiled[code] for code in codes),
            cuts={name: cut for name, cut in cuts.items() if name in facts},
            topic=topic,
        )
        for topic, facts, codes in members
    )


def _cells(facts: Iterable[str], cuts: Mapping[str, Cut]) -> int:
    return prod(cuts[fact].size for fact in facts)


def _facts_in(condition: Condition) -> set[str]:
    return {atom.fact for atom in atoms_of(condition)}
