"""A pack's rules for one promotion, compiled into groups of rules that look at the same few facts.

Rules of one layer do not see each other's conclusions, so they can run apart: a group of rules needs only the
distinct combinations of the facts that it names, and there are far fewer of those than of all facts together.
What the groups conclude for a person is put together again by rule, in the order of reading.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import prod

from engine.decide.discretization import Cut, conjunctions_of, cuts_for
from engine.decide.inference import CompiledRule
from rules.conditions import Condition, facts_named, parse_condition
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
        rules = pack.rules_of(promotion)
        parsed = {one.code: _Parsed(one, parse_condition(one.when, catalogue)) for one in rules}

        def program(codes: Collection[str]) -> Program:
            chosen = {code: one for code, one in parsed.items() if code in codes}
            return _compile(pack, promotion, catalogue, chosen)

        by_topic = {topic: {rule.code for rule in rules if rule.topic == topic} for topic in TOPICS}
        return cls(
            catalogue,
            {code: one.condition for code, one in parsed.items()},
            findings=program(by_topic["finding"]),
            band=program(_behind_the_band(parsed)),
            confidence=program(by_topic["confidence"]),
        )

    @property
    def facts_named(self) -> set[str]:
        """The names of all facts that a rule names."""
        return {name for one in (self.findings, self.band, self.confidence) for name in one.facts}


@dataclass(frozen=True)
class _Parsed:
    """A rule with its condition."""

    rule: Rule
    condition: Condition

    @cached_property
    def facts(self) -> frozenset[str]:
        """What the condition names."""
        return frozenset(facts_named(self.condition))


_Rules = Mapping[str, _Parsed]
"""By code, in the order of the pack."""


def _compile(pack: RulePack, promotion: Promotion, catalogue: Mapping[str, Fact], rules: _Rules) -> Program:
    cuts = cuts_for((one.condition for one in rules.values()), catalogue)
    layers = _layers(rules)
    return Program(
        pack,
        promotion,
        rules={one.rule.code: one.rule for layer in layers for one in layer},
        cuts=cuts,
        layers=tuple(_groups(layer, cuts) for layer in layers),
    )


def _behind_the_band(rules: _Rules) -> set[str]:
    """Codes of the rules on the recommendation, and of those whose findings they rest on."""
    waiting = [one for one in rules.values() if one.rule.topic == "recommendation"]
    kept: set[str] = set()
    while waiting:
        named = waiting.pop()
        kept.add(named.rule.code)
        waiting += [
            one
            for code, one in rules.items()
            if one.rule.topic == "finding"
            and code not in kept
            and FINDING + one.rule.conclusion in named.facts
        ]
    return kept


def _layers(rules: _Rules) -> list[list[_Parsed]]:
    """Rules in layers: a finding's rules come after those of the findings that they name."""
    waiting = {code: one for code, one in rules.items() if one.rule.topic == "finding"}
    layers: list[list[_Parsed]] = []
    while waiting:
        unsettled = {FINDING + one.rule.conclusion for one in waiting.values()}
        layer = {code: one for code, one in waiting.items() if not one.facts & unsettled}
        if not layer:
            raise PackError(
                f"the findings of rules {', '.join(waiting)} depend on each other in a circle; "
                "let one of them rest on facts alone"
            )
        layers.append([*layer.values()])
        waiting = {code: one for code, one in waiting.items() if code not in layer}
    return [*layers, [one for one in rules.values() if one.rule.topic != "finding"]]


def _groups(layer: Iterable[_Parsed], cuts: Mapping[str, Cut]) -> tuple[Group, ...]:
    """Rules on findings are gathered while their facts stay few; those of another topic always are."""
    members: list[tuple[str, set[str], list[_Parsed]]] = []
    for one in layer:
        for topic, facts, others in members:
            few = prod(cuts[fact].size for fact in facts | one.facts) <= GROUP_CELLS
            if topic == one.rule.topic and (few or topic != "finding"):
                facts |= one.facts
                others.append(one)
                break
        else:
            members.append((one.rule.topic, {*one.facts}, [one]))
    return tuple(
        Group(
            rules=tuple(CompiledRule(one.rule.code, conjunctions_of(one.condition, cuts)) for one in some),
            cuts={name: cut for name, cut in cuts.items() if name in facts},
            topic=topic,
        )
        for topic, facts, some in members
    )
