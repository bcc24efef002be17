"""What the rules say of anybody, as formulas over ratings and dates."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import z3

from engine.decide.facts import RE_RATINGS
from engine.decide.meaning import Ratio
from engine.decide.program import FINDING, Program, Programs
from engine.decide.recommending import gives_way
from engine.decide.supposed import INSUFFICIENT
from engine.decide.variants import Variant
from engine.prove.possible import Found, Possible
from engine.prove.terms import Facts, Formula
from rules.facts import BAND, FIRMNESS
from rules.pack import BANDS, Rule, RulePack

FIRM_IN = z3.Int("firm_in")
"""In how many re-ratings the band stays: any number, as it is counted and not proved."""


Neighbour = tuple[str, tuple[str, ...]]
"""The code of a rule, and the facts in which it does not fire."""


@dataclass(frozen=True)
class Topic:
    """The rules of one topic: when each fires, and when its conclusion stands."""

    rules: tuple[Rule, ...]
    fires: Mapping[str, Formula]
    """By the code of a rule."""

    @classmethod
    def of(cls, program: Program, topic: str, facts: Facts) -> "Topic":
        """The rules of a program's topic over some facts."""
        fires = facts.fires(program)
        rules = tuple(rule for rule in program.rules.values() if rule.topic == topic)
        return cls(rules, {rule.code: fires[rule.code] for rule in rules})

    @cached_property
    def silent(self) -> Formula:
        """No rule fires."""
        return z3.Not(z3.Or(list(self.fires.values())))

    @cached_property
    def torn(self) -> Formula:
        """Some fire, and none of them stands against the others."""
        return z3.And(z3.Not(self.silent), *(z3.Not(self.stands(rule)) for rule in self.rules))

    def stands(self, rule: Rule) -> Formula:
        """A rule fires, and every rule that says something else gives way."""
        stronger = [self.fires[other.code] for other in self.rules if not gives_way(other, to=rule)]
        return z3.And(self.fires[rule.code], *map(z3.Not, stronger))

    def says(self, conclusion: str) -> Formula:
        """The topic's conclusion is this one."""
        return z3.Or([self.stands(rule) for rule in self.rules if rule.conclusion == conclusion])


@dataclass(frozen=True)
class Bands:
    """The rules on the band over people of whom everything is rated."""

    possible: Possible
    topic: Topic
    program: Program
    facts: Facts

    @classmethod
    def of(cls, pack: RulePack, variant: Variant, programs: Programs) -> "Bands":
        """For one promotion, as one specialisation asks for it."""
        possible = Possible(pack, variant, complete=True)
        facts = possible.facts(possible.given)
        return cls(possible, Topic.of(programs.band, "recommendation", facts), programs.band, facts)

    def neighbour(self, found: Found) -> Neighbour | None:
        """The rule that comes closest to firing for somebody; None where there is no rule at all."""
        return _neighbour(self.program, self.facts, "recommendation", found)

    def which(self, wanted: Mapping[str, Formula]) -> set[str]:
        """The names of what holds for somebody."""
        return self.possible.which(wanted)

    def find(self, *wanted: Formula) -> Found | None:
        """Somebody for whom all of this holds."""
        return self.possible.find(*wanted)


@dataclass(frozen=True)
class Confidences:
    """The rules on findings and on the confidence over people as they are, ratings missing here and there."""

    possible: Possible
    programs: Programs
    facts: Facts
    findings: Mapping[str, Formula]
    """When each rule on a finding fires, by code."""
    monotone: bool
    """Whether missing ratings leave the band open only where it differs at worst and at best."""

    @classmethod
    def of(cls, pack: RulePack, variant: Variant, programs: Programs, *, monotone: bool) -> "Confidences":
        """For one promotion, as one specialisation asks for it."""
        possible = Possible(pack, variant)
        facts = possible.facts(possible.given)
        return cls(possible, programs, facts, facts.fires(programs.findings), monotone)

    @cached_property
    def _ends(self) -> tuple[Topic, Topic]:
        """The rules on the band with missing ratings at worst, and at best."""
        possible, program = self.possible, self.programs.band
        worst, best = possible.facts(possible.at_worst), possible.facts(possible.at_best)
        return Topic.of(program, "recommendation", worst), Topic.of(program, "recommendation", best)

    def shows(self, rule: Rule) -> Formula:
        """A rule on the band is shown: it stands at best, and at worst the band is the same."""
        worst, best = self._ends
        told = z3.Or(self.monotone, z3.Not(self.possible.incomplete))
        return z3.And(told, best.stands(rule), worst.says(rule.conclusion))

    def which(self, wanted: Mapping[str, Formula]) -> set[str]:
        """The names of what holds for somebody who has a band."""
        return self.possible.which(wanted, self._banded)

    def find(self, *wanted: Formula) -> Found | None:
        """Somebody who has a band and for whom all of this holds."""
        return self.possible.find(self._banded, *wanted)

    @cached_property
    def _banded(self) -> Formula:
        """What is wrong with the band of others is reported of the band."""
        return z3.Not(z3.Or([undecided for end in self._ends for undecided in (end.silent, end.torn)]))

    @cached_property
    def recommendation(self) -> Formula:
        """The code of the band."""
        possible, (worst, best) = self.possible, self._ends
        left_open = z3.And(z3.Bool("left open"), possible.incomplete, not self.monotone)
        band = z3.IntVal(INSUFFICIENT)
        for code, name in enumerate(BANDS[:INSUFFICIENT]):
            band = z3.If(z3.And(worst.says(name), best.says(name), z3.Not(left_open)), code, band)
        return band

    @cached_property
    def topic(self) -> Topic:
        """The rules on the confidence."""
        return Topic.of(self.programs.confidence, "confidence", self._known)

    @cached_property
    def _known(self) -> Facts:
        """All that rules on the confidence may name."""
        facts, band = self.facts, self.recommendation
        self.possible.limit(FIRM_IN >= 0, FIRM_IN <= RE_RATINGS)
        firm = Ratio(FIRM_IN, RE_RATINGS, band != INSUFFICIENT)
        return replace(facts, numbers={**facts.numbers, FIRMNESS: firm}, codes={**facts.codes, BAND: band})

    def neighbour(self, found: Found) -> Neighbour | None:
        """The rule that comes closest to firing for somebody; None where there is no rule at all."""
        return _neighbour(self.programs.confidence, self._known, "confidence", found)

    def case_of(self, found: Found) -> str:
        """What somebody's confidence rests on besides ratings and dates, in words."""
        code = int(found.number(self.recommendation))
        if code == INSUFFICIENT:
            return BANDS[code]
        return f"{BANDS[code]} that stays in {found.number(FIRM_IN)} of {RE_RATINGS} re-ratings"


def _neighbour(program: Program, facts: Facts, topic: str, found: Found) -> Neighbour | None:
    """The rule of a topic that comes closest to firing for somebody: the fewest facts, findings last."""
    missed = [
        (
            rule.code,
            tuple(
                name for name, bins in way.items() if not found.holds(facts.within(program.cuts[name], bins))
            ),
        )
        for layer in program.layers
        for group in layer
        if group.topic == topic
        for rule in group.rules
        for way in rule.conjunctions
    ]
    return min(missed, key=_far_off, default=None)


def _far_off(way: Neighbour) -> tuple[int, int]:
    return len(way[1]), sum(name.startswith(FINDING) for name in way[1])
