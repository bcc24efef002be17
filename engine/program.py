"""A pack's rules for one transition, compiled: what a case is made of, and the layers of rules."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from engine.assessment import Outcome
from engine.cuts import Cut, atoms_of, conjunctions_of, cuts_for
from engine.inference import CompiledRule, fire
from rules.conditions import Condition, parse_condition
from rules.facts import facts_of
from rules.pack import PackError, Rule, RulePack, Transition

FINDING = "finding."
Case = Mapping[str, int]
"""Fact to bin, for every fact of `Program.facts`."""


@dataclass(frozen=True)
class Program:
    """The rules of one transition, ready to run over cases."""

    pack: RulePack
    transition: Transition
    cuts: Mapping[str, Cut]
    """For every fact and finding that a rule names, in the order of the catalogue."""
    layers: tuple[tuple[CompiledRule, ...], ...]
    """Findings first, each layer resting on those before it; the last layer recommends."""
    rules: Mapping[str, Rule]
    """By code, in the order in which they are read."""

    @property
    def facts(self) -> tuple[str, ...]:
        """The facts that make a case: those computed from evidence, not the findings."""
        return tuple(name for name in self.cuts if not name.startswith(FINDING))


def compile_program(pack: RulePack, transition: Transition) -> Program:
    """Compile the rules that the pack reads for a transition.

    Raises `PackError` when findings depend on each other in a circle.
    """
    facts = facts_of(pack, transition)
    rules = {rule.code: rule for rule in pack.rules_of(transition)}
    conditions = {code: parse_condition(rule.when, facts) for code, rule in rules.items()}
    cuts = cuts_for(conditions.values(), facts)
    layers = tuple(
        tuple(CompiledRule(code, conjunctions_of(conditions[code], cuts)) for code in layer)
        for layer in _layers(rules, conditions)
    )
    return Program(pack, transition, cuts, layers, rules)


def run(program: Program, cases: Sequence[Case]) -> tuple[Outcome, ...]:
    """The outcome of each case. Raises `PackError` when the rules give a case no recommendation, or two that
    contradict each other; the message holds the case."""
    findings = [name for name in program.cuts if name.startswith(FINDING)]
    known: list[dict[str, int]] = [{**case, **dict.fromkeys(findings, 0)} for case in cases]
    fired: list[tuple[str, ...]] = [()] * len(cases)
    for layer in program.layers:
        for number, codes in enumerate(fire(layer, known)):
            fired[number] += codes
            for code in codes:
                name = FINDING + program.rules[code].conclusion
                if program.rules[code].topic == "finding" and name in known[number]:
                    known[number][name] = 1
    return tuple(_outcome(program, case, codes) for case, codes in zip(cases, fired, strict=True))


def describe_case(program: Program, case: Case) -> str:
    """A case in words, such as `core_gap: at least 1, tenure: early`."""
    return ", ".join(f"{name}: {program.cuts[name].describe(case[name])}" for name in program.facts)


def _layers(rules: Mapping[str, Rule], conditions: Mapping[str, Condition]) -> list[list[str]]:
    """Codes in layers: a finding's rules come after those of the findings that they name."""
    waiting = {code: rule for code, rule in rules.items() if rule.topic == "finding"}
    layers: list[list[str]] = []
    while waiting:
        open_findings = {rule.conclusion for rule in waiting.values()}
        layer = [code for code in waiting if not _findings_in(conditions[code]) & open_findings]
        if not layer:
            raise PackError(
                f"the findings of rules {', '.join(waiting)} depend on each other in a circle; "
                "let one of them rest on facts alone"
            )
        layers.append(layer)
        waiting = {code: rule for code, rule in waiting.items() if code not in layer}
    layers.append([code for code, rule in rules.items() if rule.topic != "finding"])
    return layers


def _findings_in(condition: Condition) -> set[str]:
    return {atom.fact.removeprefix(FINDING) for atom in atoms_of(condition) if atom.fact.startswith(FINDING)}


def _outcome(program: Program, case: Case, fired: Sequence[str]) -> Outcome:
    recommendation = _decisive(program, case, fired, "recommendation")
    confidence = _decisive(program, case, fired, "confidence")
    findings = dict.fromkeys(
        program.rules[code].conclusion for code in fired if program.rules[code].topic == "finding"
    )
    return Outcome(
        fired=tuple(fired),
        findings=tuple(findings),
        recommendation=recommendation.conclusion,
        recommendation_rule=recommendation.code,
        confidence=confidence.conclusion,
        confidence_rule=confidence.code,
    )


def _decisive(program: Program, case: Case, fired: Sequence[str], topic: str) -> Rule:
    """The rule that settles a topic: the first that fired and to which every different one gives way."""
    candidates = [program.rules[code] for code in fired if program.rules[code].topic == topic]
    winners = [rule for rule in candidates if _beats_all(rule, candidates)]
    if winners:
        return winners[0]
    where = f"pack {program.pack.name}, transition {program.transition.id}"
    if not candidates:
        raise PackError(
            f"{where}: no rule gives a {topic} for this case: {describe_case(program, case)}; "
            "add a rule that covers it"
        )
    conclusions = ", ".join(f"{rule.code} says {rule.conclusion}" for rule in candidates)
    raise PackError(
        f"{where}: rules contradict each other for this case: {describe_case(program, case)}: {conclusions}; "
        "make their conditions exclude each other or name the weaker rule in wins_over of the stronger"
    )


def _beats_all(rule: Rule, candidates: Iterable[Rule]) -> bool:
    return all(other.conclusion == rule.conclusion or other.code in rule.wins_over for other in candidates)
