"""An independent evaluation of a rule pack in plain Python and exact fractions, to hold the engine against.

It is written from the contract (rules/pack.py, rules/facts.py, rules/conditions.py and the definitions
of evidence) and shares no code with `engine`: one person at a time, no polars expression, no cut, no case.
"""

import calendar
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache

from inputs.roster import UNITS_PER_POINT, Roster
from rules.conditions import All, Always, Any, Compare, Condition, Flag, Known, Not, OneOf, parse_condition
from rules.facts import facts_of
from rules.pack import Rule, RulePack, Signal, Transition

FactValue = Fraction | int | str | bool | None
"""A number (None when missing), a category's value, or a flag."""


@cache
def exact(constant: Decimal) -> Fraction | int:
    """A pack's constant without rounding; made once, as there are few."""
    fraction = Fraction(constant)
    return int(fraction) if fraction.denominator == 1 else fraction


class ContradictionError(Exception):
    """Two rules that apply conclude differently and neither wins over the other, or none applies."""


@dataclass(frozen=True)
class Sign:
    """What one person's ratings say about one signal."""

    manager_score: Fraction | None
    self_score: Fraction | None
    coverage: Fraction
    status: str
    agreement: str


@dataclass(frozen=True)
class Verdict:
    """What the rules say of one person and one transition."""

    transition: str
    signs: Mapping[str, Sign]
    facts: Mapping[str, FactValue]
    fired: tuple[str, ...]
    findings: tuple[str, ...]
    recommendation: str
    recommendation_rule: str
    confidence: str
    confidence_rule: str


def verdicts(roster: Roster, pack: RulePack, day: date) -> Iterator[tuple[int, Verdict]]:
    """The verdict for every person and open transition, in the order of the roster, then of the pack."""
    people = roster.people.to_dicts()
    ratings = roster.ratings.to_dicts() or [{} for _ in people]
    for place, (person, rated) in enumerate(zip(people, ratings, strict=True)):
        for promotion in open_transitions(pack, person["level"], person["target_level"]):
            asked = as_asked(pack, promotion, person["speciality"])
            yield place, judge(pack, asked, rated, person["level_since"], person["product_since"], day)


def as_asked(pack: RulePack, promotion: Transition, written: str | None) -> Transition:
    """The promotion with its signs as the speciality that the sheet names asks for them."""
    name = " ".join((written or "").casefold().replace("-", " ").split())
    signals = {signal.id: signal for signal in promotion.signals}
    for speciality in pack.specialities:
        if name not in {one.casefold() for one in (speciality.title, *speciality.aliases)}:
            continue
        for asked in speciality.emphases:
            if asked.transition == promotion.id:
                own = signals[asked.signal]
                signals[own.id] = own.model_copy(
                    update={
                        "importance": asked.importance or own.importance,
                        "bar": own.bar if asked.bar is None else asked.bar,
                        "competencies": asked.competencies or own.competencies,
                    }
                )
                signals[own.id].__dict__.pop("weights", None)  # worked out from the weights before
    return promotion.model_copy(update={"signals": tuple(signals.values())})


def open_transitions(pack: RulePack, level: str, target: str | None) -> list[Transition]:
    """The promotions from a level; only the one to the target level where the sheet names one."""
    return [
        transition
        for transition in pack.transitions
        if transition.from_level == level and target in (None, transition.to_level)
    ]


def judge(
    pack: RulePack,
    transition: Transition,
    rated: Mapping[str, int | None],
    level_since: date | None,
    product_since: date | None,
    day: date,
) -> Verdict:
    """One person and one transition: `rated` maps rating columns to units or None."""
    signs = {signal.id: judge_signal(pack, transition, signal, rated) for signal in transition.signals}
    facts: dict[str, FactValue] = {
        **count_facts(transition, signs, pack),
        **score_facts(signs),
        **time_facts(pack, transition, level_since, product_since, day),
        **{f"signal.{name}": sign.status for name, sign in signs.items()},
        **{f"agreement.{name}": sign.agreement for name, sign in signs.items()},
        **{f"finding.{finding.id}": False for finding in pack.findings},
    }
    rules = _rules_read(pack, transition)
    fired: list[Rule] = []
    for layer in finding_layers(pack, transition):
        drawn = [rule for rule in layer if truth(condition_of(pack, transition, rule), facts) is True]
        facts |= {f"finding.{rule.finding}": True for rule in drawn}
        fired += drawn
    findings = tuple(dict.fromkeys(rule.finding for rule in fired if rule.finding is not None))
    concluding = [
        rule
        for rule in rules
        if rule.finding is None and truth(condition_of(pack, transition, rule), facts) is True
    ]
    recommendation = winner([rule for rule in concluding if rule.recommendation is not None])
    confidence = winner([rule for rule in concluding if rule.confidence is not None])
    assert recommendation.recommendation is not None
    assert confidence.confidence is not None
    return Verdict(
        transition=transition.id,
        signs=signs,
        facts=facts,
        fired=tuple(rule.code for rule in [*fired, *concluding]),
        findings=findings,
        recommendation=recommendation.recommendation,
        recommendation_rule=recommendation.code,
        confidence=confidence.confidence,
        confidence_rule=confidence.code,
    )


def rules_read(pack: RulePack, transition: Transition) -> list[Rule]:
    """A transition's own rules, then the general ones that are not only for other transitions."""
    general = [rule for rule in pack.rules if not rule.only_for or transition.id in rule.only_for]
    return [*transition.rules, *general]


def judge_signal(
    pack: RulePack, transition: Transition, signal: Signal, rated: Mapping[str, int | None]
) -> Sign:
    """Scores of both raters, and where they stand against the bar and each other."""
    manager, coverage = weighted_mean(pack, signal, rated, "manager")
    own, _ = weighted_mean(pack, signal, rated, "self")
    bar = exact(pack.bar_of(transition, signal))
    if manager is None:
        status = "unrated"
    elif manager >= bar:
        status = "met"
    elif manager >= bar - exact(pack.standard.near_margin):
        status = "near"
    else:
        status = "gap"
    margin = exact(pack.standard.agreement_margin)
    if manager is None or own is None:
        agreement = "unknown"
    elif own - manager >= margin:
        agreement = "self_higher"
    elif manager - own >= margin:
        agreement = "self_lower"
    else:
        agreement = "aligned"
    return Sign(manager, own, coverage, status, agreement)


def weighted_mean(
    pack: RulePack, signal: Signal, rated: Mapping[str, int | None], rater: str
) -> tuple[Fraction | None, Fraction]:
    """A rater's score in points, None below the minimum coverage, and the share of weight that is rated."""
    given = [
        (exact(weight), units)
        for competency, weight in signal.competencies.items()
        if (units := rated.get(f"{competency}:{rater}")) is not None
    ]
    seen = sum(weight for weight, _ in given)
    coverage = Fraction(seen, sum(exact(weight) for weight in signal.competencies.values()))
    if seen == 0 or coverage < exact(pack.standard.minimum_coverage):
        return None, coverage
    return Fraction(sum(weight * units for weight, units in given), seen * UNITS_PER_POINT), coverage


def count_facts(transition: Transition, signs: Mapping[str, Sign], pack: RulePack) -> dict[str, FactValue]:
    """How many signals stand where."""

    def count(test: Callable[[Signal, Sign], bool]) -> int:
        return sum(test(signal, signs[signal.id]) for signal in transition.signals)

    def at_bar(signal: Signal, score: Fraction | None) -> bool | None:
        return None if score is None else score >= exact(pack.bar_of(transition, signal))

    facts: dict[str, FactValue] = {}
    for importance in ("core", "supporting"):
        facts[f"{importance}_total"] = sum(s.importance == importance for s in transition.signals)
        for status in ("met", "near", "gap", "unrated"):
            facts[f"{importance}_{status}"] = sum(
                signal.importance == importance and signs[signal.id].status == status
                for signal in transition.signals
            )
    facts["blind_spots"] = count(
        lambda signal, sign: (
            at_bar(signal, sign.self_score) is True and at_bar(signal, sign.manager_score) is False
        )
    )
    facts["hidden_strengths"] = count(
        lambda signal, sign: (
            at_bar(signal, sign.manager_score) is True and at_bar(signal, sign.self_score) is False
        )
    )
    facts["self_higher"] = count(lambda _, sign: sign.agreement == "self_higher")
    facts["self_lower"] = count(lambda _, sign: sign.agreement == "self_lower")
    facts["self_unknown"] = count(lambda _, sign: sign.agreement == "unknown")
    return facts


def score_facts(signs: Mapping[str, Sign]) -> dict[str, FactValue]:
    """Coverage, mean and lowest score; each signal counts alike."""
    scores = [sign.manager_score for sign in signs.values() if sign.manager_score is not None]
    return {
        "coverage": sum((sign.coverage for sign in signs.values()), Fraction(0)) / len(signs),
        "score": sum(scores, Fraction(0)) / len(scores) if scores else None,
        "lowest_score": min(scores) if scores else None,
    }


def time_facts(
    pack: RulePack,
    transition: Transition,
    level_since: date | None,
    product_since: date | None,
    day: date,
) -> dict[str, FactValue]:
    """Months in the level, years by the guidance's measure, and both against what the pack expects."""
    in_level = whole_months(level_since, day)
    if in_level is None:
        observation = "unknown"
    else:
        observation = "enough" if in_level >= pack.standard.observation_months else "too_short"
    guidance = transition.tenure
    months = None
    if guidance is not None:
        months = in_level if guidance.measure == "time_in_level" else whole_months(product_since, day)
    years = None if months is None else Fraction(months, 12)
    if guidance is None or years is None:
        tenure = "unknown"
    elif years < exact(guidance.from_years):
        tenure = "early"
    elif guidance.to_years is not None and years > exact(guidance.to_years):
        tenure = "overdue"
    else:
        tenure = "typical"
    return {
        "months_in_level": in_level,
        "experience_years": years,
        "tenure": tenure,
        "observation": observation,
    }


@cache
def whole_months(since: date | None, day: date) -> int | None:
    """Full calendar months; a month is full when its day is reached or the month has no such day."""
    if since is None or since > day:
        return None
    months = 0
    while add_months(since, months + 1) <= day:
        months += 1
    return months


def add_months(since: date, months: int) -> date:
    """The same day so many months later, the month's last day where it is shorter."""
    year, month = divmod(since.year * 12 + since.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(since.day, last))


def condition_of(pack: RulePack, transition: Transition, rule: Rule) -> Condition:
    """The tree of a rule's condition."""
    key = (id(pack), transition.id, rule.code)
    if key not in _TREES:
        _TREES[key] = (pack, parse_condition(rule.when, facts_of(pack, transition)))
    return _TREES[key][1]


_TREES: dict[tuple[int, str, str], tuple[RulePack, Condition]] = {}
"""Parsed once; the pack is kept so that its id stays its own."""


def finding_layers(pack: RulePack, transition: Transition) -> list[list[Rule]]:
    """Finding rules in the order of inference: a rule comes after every rule whose finding it names."""
    key = (id(pack), transition.id)
    if key not in _LAYERS:
        _LAYERS[key] = (pack, _layers(pack, transition))
    return _LAYERS[key][1]


_LAYERS: dict[tuple[int, str], tuple[RulePack, list[list[Rule]]]] = {}


def _layers(pack: RulePack, transition: Transition) -> list[list[Rule]]:
    rules = [rule for rule in _rules_read(pack, transition) if rule.finding is not None]

    def depth(rule: Rule) -> int:
        named = {name.removeprefix("finding.") for name in flags_in(condition_of(pack, transition, rule))}
        return max((depth(other) + 1 for other in rules if other.finding in named), default=0)

    depths = {rule.code: depth(rule) for rule in rules}
    deepest = max(depths.values(), default=-1)
    return [[rule for rule in rules if depths[rule.code] == layer] for layer in range(deepest + 1)]


def flags_in(condition: Condition) -> set[str]:
    """The flag facts that a condition names."""
    match condition:
        case Flag(fact):
            return {fact}
        case Not(part):
            return flags_in(part)
        case All(parts) | Any(parts):
            return {name for part in parts for name in flags_in(part)}
        case _:
            return set()


def truth(condition: Condition, facts: Mapping[str, FactValue]) -> bool | None:
    """True, False, or None where a missing number leaves it open."""
    match condition:
        case Always():
            return True
        case Flag(fact):
            return facts[fact] is True
        case Known(fact):
            return facts[fact] is not None
        case OneOf(fact, values):
            return facts[fact] in values
        case Compare(fact, operator, constant):
            return compare(facts[fact], operator, exact(constant))
        case Not(part):
            value = truth(part, facts)
            return None if value is None else not value
        case All(parts):
            values = [truth(part, facts) for part in parts]
            return False if False in values else None if None in values else True
        case Any(parts):
            values = [truth(part, facts) for part in parts]
            return True if True in values else None if None in values else False


def compare(value: FactValue, operator: str, constant: Fraction) -> bool | None:
    """A comparison of a number with a constant; None when the number is missing."""
    if value is None:
        return None
    assert isinstance(value, Fraction | int)
    return COMPARISONS[operator](value, constant)


COMPARISONS: Mapping[str, Callable[[Fraction | int, Fraction], bool]] = {
    "==": lambda value, constant: value == constant,
    "!=": lambda value, constant: value != constant,
    "<": lambda value, constant: value < constant,
    "<=": lambda value, constant: value <= constant,
    ">": lambda value, constant: value > constant,
    ">=": lambda value, constant: value >= constant,
}


def winner(applying: list[Rule]) -> Rule:
    """The first rule that gives way to none; all that are left must conclude the same."""
    left = [
        rule
        for rule in applying
        if not any(rule.code in other.wins_over and other.conclusion != rule.conclusion for other in applying)
    ]
    if len({rule.conclusion for rule in left}) != 1:
        raise ContradictionError([rule.code for rule in left])
    return left[0]


def _rules_read(pack: RulePack, transition: Transition) -> list[Rule]:
    """The transition's own rules, then the general ones that are not kept for other transitions."""
    general = [rule for rule in pack.rules if not rule.only_for or transition.id in rule.only_for]
    return [*transition.rules, *general]
