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

from inputs import UNITS_PER_POINT, Roster
from rules.conditions import All, Always, Any, Compare, Condition, Flag, Known, Not, OneOf, parse_condition
from rules.facts import facts_of
from rules.pack import Promotion, Rule, RulePack, Signal

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
class Judged:
    """What one person's ratings say about one signal."""

    manager_score: Fraction | None
    self_score: Fraction | None
    coverage: Fraction
    status: str
    agreement: str


@dataclass(frozen=True)
class Verdict:
    """What the rules say of one person and one promotion."""

    promotion: str
    signals: Mapping[str, Judged]
    facts: Mapping[str, FactValue]
    fired: tuple[str, ...]
    findings: tuple[str, ...]
    recommendation: str
    recommendation_rule: str
    confidence: str
    confidence_rule: str


def verdicts(roster: Roster, pack: RulePack, day: date) -> Iterator[tuple[int, Verdict]]:
    """The verdict for every person and open promotion, in the order of the roster, then of the pack."""
    people = roster.people.to_dicts()
    ratings = roster.ratings.to_dicts() or [{} for _ in people]
    for place, (person, rated) in enumerate(zip(people, ratings, strict=True)):
        for promotion in open_promotions(pack, person["level"], person["target_level"]):
            asked = as_asked(pack, promotion, person["specialisation"])
            yield place, judge(pack, asked, rated, person["level_since"], person["product_since"], day)


def as_asked(pack: RulePack, promotion: Promotion, kind: str | None) -> Promotion:
    """The promotion with its signals as the specialisation of this id asks for them."""
    signals = {signal.id: signal for signal in promotion.signals}
    for specialisation in pack.specialisations:
        if specialisation.id != kind:
            continue
        for asked in specialisation.signal_overrides:
            if asked.promotion == promotion.id:
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


def open_promotions(pack: RulePack, level: str, target: str | None) -> list[Promotion]:
    """The promotions from a level; only the one to the target level where the sheet names one."""
    return [
        promotion
        for promotion in pack.promotions
        if promotion.from_level == level and target in (None, promotion.to_level)
    ]


def judge(
    pack: RulePack,
    promotion: Promotion,
    rated: Mapping[str, int | None],
    level_since: date | None,
    product_since: date | None,
    day: date,
) -> Verdict:
    """One person and one promotion: `rated` maps rating columns to units or None."""
    signals = {signal.id: judge_signal(pack, promotion, signal, rated) for signal in promotion.signals}
    facts: dict[str, FactValue] = {
        **count_facts(promotion, signals, pack),
        **score_facts(signals),
        **time_facts(pack, promotion, level_since, product_since, day),
        **{f"signal.{name}": judged.status for name, judged in signals.items()},
        **{f"agreement.{name}": judged.agreement for name, judged in signals.items()},
        **{f"finding.{finding.id}": False for finding in pack.findings},
    }
    rules = _rules_read(pack, promotion)
    fired: list[Rule] = []
    for layer in finding_layers(pack, promotion):
        drawn = [rule for rule in layer if truth(condition_of(pack, promotion, rule), facts) is True]
        facts |= {f"finding.{rule.finding}": True for rule in drawn}
        fired += drawn
    findings = tuple(dict.fromkeys(rule.finding for rule in fired if rule.finding is not None))
    concluding = [
        rule
        for rule in rules
        if rule.finding is None and truth(condition_of(pack, promotion, rule), facts) is True
    ]
    recommendation = winner([rule for rule in concluding if rule.recommendation is not None])
    confidence = winner([rule for rule in concluding if rule.confidence is not None])
    assert recommendation.recommendation is not None
    assert confidence.confidence is not None
    return Verdict(
        promotion=promotion.id,
        signals=signals,
        facts=facts,
        fired=tuple(rule.code for rule in [*fired, *concluding]),
        findings=findings,
        recommendation=recommendation.recommendation,
        recommendation_rule=recommendation.code,
        confidence=confidence.confidence,
        confidence_rule=confidence.code,
    )


def rules_read(pack: RulePack, promotion: Promotion) -> list[Rule]:
    """A promotion's own rules, then the general ones that are not only for other promotions."""
    general = [rule for rule in pack.rules if not rule.only_for or promotion.id in rule.only_for]
    return [*promotion.rules, *general]


def judge_signal(
    pack: RulePack, promotion: Promotion, signal: Signal, rated: Mapping[str, int | None]
) -> Judged:
    """Scores of both raters, and where they stand against the bar and each other."""
    manager, coverage = weighted_mean(pack, signal, rated, "manager")
    own, _ = weighted_mean(pack, signal, rated, "self")
    bar = exact(pack.bar_of(promotion, signal))
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
    return Judged(manager, own, coverage, status, agreement)


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


def count_facts(promotion: Promotion, signals: Mapping[str, Judged], pack: RulePack) -> dict[str, FactValue]:
    """How many signals stand where."""

    def count(test: Callable[[Signal, Judged], bool]) -> int:
        return sum(test(signal, signals[signal.id]) for signal in promotion.signals)

    def at_bar(signal: Signal, score: Fraction | None) -> bool | None:
        return None if score is None else score >= exact(pack.bar_of(promotion, signal))

    facts: dict[str, FactValue] = {}
    for importance in ("core", "supporting"):
        facts[f"{importance}_total"] = sum(s.importance == importance for s in promotion.signals)
        for status in ("met", "near", "gap", "unrated"):
            facts[f"{importance}_{status}"] = sum(
                signal.importance == importance and signals[signal.id].status == status
                for signal in promotion.signals
            )
    facts["blind_spots"] = count(
        lambda signal, judged: (
            at_bar(signal, judged.self_score) is True and at_bar(signal, judged.manager_score) is False
        )
    )
    facts["hidden_strengths"] = count(
        lambda signal, judged: (
            at_bar(signal, judged.manager_score) is True and at_bar(signal, judged.self_score) is False
        )
    )
    facts["self_higher"] = count(lambda _, judged: judged.agreement == "self_higher")
    facts["self_lower"] = count(lambda _, judged: judged.agreement == "self_lower")
    facts["self_unknown"] = count(lambda _, judged: judged.agreement == "unknown")
    return facts


def score_facts(signals: Mapping[str, Judged]) -> dict[str, FactValue]:
    """Coverage, mean and lowest score; each signal counts alike."""
    scores = [judged.manager_score for judged in signals.values() if judged.manager_score is not None]
    return {
        "coverage": sum((judged.coverage for judged in signals.values()), Fraction(0)) / len(signals),
        "score": sum(scores, Fraction(0)) / len(scores) if scores else None,
        "lowest_score": min(scores) if scores else None,
    }


def time_facts(
    pack: RulePack,
    promotion: Promotion,
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
    guidance = promotion.tenure
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


def condition_of(pack: RulePack, promotion: Promotion, rule: Rule) -> Condition:
    """The tree of a rule's condition."""
    key = (id(pack), promotion.id, rule.code)
    if key not in _TREES:
        _TREES[key] = (pack, parse_condition(rule.when, facts_of(pack, promotion)))
    return _TREES[key][1]


_TREES: dict[tuple[int, str, str], tuple[RulePack, Condition]] = {}
"""Parsed once; the pack is kept so that its id stays its own."""


def finding_layers(pack: RulePack, promotion: Promotion) -> list[list[Rule]]:
    """Finding rules in the order of inference: a rule comes after every rule whose finding it names."""
    key = (id(pack), promotion.id)
    if key not in _LAYERS:
        _LAYERS[key] = (pack, _layers(pack, promotion))
    return _LAYERS[key][1]


_LAYERS: dict[tuple[int, str], tuple[RulePack, list[list[Rule]]]] = {}


def _layers(pack: RulePack, promotion: Promotion) -> list[list[Rule]]:
    rules = [rule for rule in _rules_read(pack, promotion) if rule.finding is not None]

    def depth(rule: Rule) -> int:
        named = {name.removeprefix("finding.") for name in flags_in(condition_of(pack, promotion, rule))}
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
        if not any(rule.code in other.overrides and other.conclusion != rule.conclusion for other in applying)
    ]
    if len({rule.conclusion for rule in left}) != 1:
        raise ContradictionError([rule.code for rule in left])
    return left[0]


def _rules_read(pack: RulePack, promotion: Promotion) -> list[Rule]:
    """The promotion's own rules, then the general ones that are not kept for other promotions."""
    general = [rule for rule in pack.rules if not rule.only_for or promotion.id in rule.only_for]
    return [*promotion.rules, *general]
