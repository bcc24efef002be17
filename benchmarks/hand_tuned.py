"""The same decision as polars expressions alone, as fast as we know how to write it: the floor.

No cases, no rule engine, no trace: a pack's conditions become masks over whole columns. It reads the same
`Roster` and gives recommendation, confidence and findings, so that the two can be checked person by person.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import reduce
from itertools import combinations
from math import ceil, floor, lcm
from operator import add, and_, or_

import polars as pl

from inputs import UNITS_PER_POINT, Roster
from rules import BANDS, CONFIDENCES, Promotion, Rule, RulePack, Signal, facts_of, parse_condition
from rules.conditions import All, Always, Any, Compare, Condition, Flag, Known, Not, OneOf

Number = tuple[pl.Expr, pl.Expr | int]
"""A fact as numerator and denominator."""


def decide(roster: Roster, pack: RulePack, day: date) -> dict[str, pl.DataFrame]:
    """By promotion: `person`, `recommendation`, `confidence` and a Boolean column for each finding drawn."""
    known = ("level", "target_level", "level_since", "product_since", "specialisation")
    everybody = roster.people.select(known).hstack(roster.ratings.get_columns())
    frame = everybody.with_row_index("person").lazy()
    available = set(roster.ratings.columns)
    queries = [
        (promotion.id, _Query(pack, asked, day, available).over(frame.filter(walkers)))
        for promotion in pack.promotions
        for asked, walkers in _as_asked(pack, promotion)
    ]
    decided: dict[str, list[pl.DataFrame]] = {}
    for (name, _), frame_of_some in zip(
        queries, pl.collect_all([query for _, query in queries]), strict=True
    ):
        decided.setdefault(name, []).append(frame_of_some)
    return {name: pl.concat(frames) for name, frames in decided.items()}


def _as_asked(pack: RulePack, promotion: Promotion) -> Iterator[tuple[Promotion, pl.Expr]]:
    """The promotion as each specialisation asks for it, and as all others are asked, with a mask of
    people."""
    theirs = pl.col("specialisation")
    special = []
    for one in pack.specialisations:
        asked = one.overrides_on(promotion)
        if asked:
            special.append(one.id)
            signals = tuple(asked[s.id].applied_to(s) if s.id in asked else s for s in promotion.signals)
            yield promotion.model_copy(update={"signals": signals}), theirs == one.id
    yield promotion, ~theirs.is_in(special).fill_null(value=False)


class _Query:
    """One promotion's rules as a lazy query."""

    def __init__(self, pack: RulePack, promotion: Promotion, day: date, available: set[str]) -> None:
        self.pack, self.promotion, self.day, self.available = pack, promotion, day, available
        facts = facts_of(pack, promotion)
        self.rules = pack.rules_of(promotion)
        self.conditions = {rule.code: parse_condition(rule.when, facts) for rule in self.rules}
        self.named = {name for condition in self.conditions.values() for name in _named(condition)}

    def over(self, frame: pl.LazyFrame) -> pl.LazyFrame:
        """The decisions for everybody at the promotion's level."""
        start, end = self.promotion.from_level, self.promotion.to_level
        aims_here = pl.col("target_level").is_null() | (pl.col("target_level") == end)
        chosen = frame.filter((pl.col("level") == start) & aims_here)
        chosen = chosen.select("person", *self._times(), *self._sums()).with_columns(self._statuses())
        chosen = chosen.with_columns(self._counts())
        for layer in self._layers():
            chosen = chosen.with_columns(
                _any(self._mask(rule) for rule in rules).fill_null(value=False).alias(f"finding.{finding}")
                for finding, rules in layer.items()
            )
        return chosen.select(
            "person",
            self._winner("recommendation", BANDS),
            self._winner("confidence", CONFIDENCES),
            *dict.fromkeys(f"finding.{rule.finding}" for rule in self.rules if rule.finding is not None),
        )

    def _times(self) -> list[pl.Expr]:
        months = [_months("level_since", self.day).alias("months_in_level")]
        guidance = self.promotion.tenure
        if guidance is not None and guidance.measure == "product_experience":
            months.append(_months("product_since", self.day).alias("experience_months"))
        elif guidance is not None:
            months.append(_months("level_since", self.day).alias("experience_months"))
        return months

    def _sums(self) -> list[pl.Expr]:
        """Weighted sum of ratings and rated weight, by signal and rater."""
        columns = []
        for signal in self.promotion.signals:
            for rater in ("manager", "self"):
                parts = [
                    (pl.col(f"{competency}:{rater}"), weight)
                    for competency, weight in signal.weights.items()
                    if f"{competency}:{rater}" in self.available
                ]
                total = _sum(_times(column.fill_null(0), weight) for column, weight in parts)
                seen = _sum(_times(column.is_not_null().cast(pl.Int64), weight) for column, weight in parts)
                columns += [total.alias(f"{signal.id}.{rater}"), seen.alias(f"{signal.id}.{rater}_seen")]
        return columns

    def _least(self, signal: Signal) -> int:
        least = Fraction(self.pack.standard.minimum_coverage) * sum(signal.weights.values())
        return -(-least.numerator // least.denominator)

    def _bar(self, signal: Signal, margin: Fraction = Fraction(0)) -> Fraction:
        return (Fraction(self.pack.bar_of(self.promotion, signal)) - margin) * UNITS_PER_POINT

    def _statuses(self) -> list[pl.Expr]:
        """For each signal whether it is rated, met, at least near; who is how far from whom."""
        near, apart = Fraction(self.pack.standard.near_margin), Fraction(self.pack.standard.agreement_margin)
        columns = []
        for signal in self.promotion.signals:
            total, seen = pl.col(f"{signal.id}.manager"), pl.col(f"{signal.id}.manager_seen")
            own, own_seen = pl.col(f"{signal.id}.self"), pl.col(f"{signal.id}.self_seen")
            rated, own_rated = seen >= self._least(signal), own_seen >= self._least(signal)
            met, close = (
                _reaches(total, seen, self._bar(signal)),
                _reaches(total, seen, self._bar(signal, near)),
            )
            own_met, both = _reaches(own, own_seen, self._bar(signal)), rated & own_rated
            gap, weight = own * seen - total * own_seen, own_seen * seen
            columns += [
                rated.alias(f"{signal.id}?rated"),
                (rated & met).alias(f"{signal.id}?met"),
                (rated & close & ~met).alias(f"{signal.id}?near"),
                (rated & ~close).alias(f"{signal.id}?gap"),
                both.alias(f"{signal.id}?both"),
                (both & own_met & ~met).alias(f"{signal.id}?blind"),
                (both & met & ~own_met).alias(f"{signal.id}?hidden"),
                (both & _reaches(gap, weight, apart * UNITS_PER_POINT)).alias(f"{signal.id}?higher"),
                (both & _reaches(-gap, weight, apart * UNITS_PER_POINT)).alias(f"{signal.id}?lower"),
            ]
        return columns

    def _counts(self) -> list[pl.Expr]:
        """The counts that rules name."""
        signals = self.promotion.signals
        families = {
            f"{importance}_{status}": [f"{s.id}?{status}" for s in signals if s.importance == importance]
            for importance in ("core", "supporting")
            for status in ("met", "near", "gap")
        }
        families |= {
            name: [f"{signal.id}?{mask}" for signal in signals]
            for name, mask in (
                ("blind_spots", "blind"),
                ("hidden_strengths", "hidden"),
                ("self_higher", "higher"),
                ("self_lower", "lower"),
            )
        }
        counts = [
            _sum(pl.col(mask).cast(pl.UInt8) for mask in masks).alias(name)
            for name, masks in families.items()
            if name in self.named
        ]
        for name, mask in (
            ("core_unrated", "rated"),
            ("supporting_unrated", "rated"),
            ("self_unknown", "both"),
        ):
            importance = name.split("_")[0]
            missing = [~pl.col(f"{s.id}?{mask}") for s in signals if importance in ("self", s.importance)]
            if name in self.named:
                counts.append(_sum(flag.cast(pl.UInt8) for flag in missing).alias(name))
        return counts

    def _number(self, name: str) -> Number:
        signals = self.promotion.signals
        if name == "experience_years":
            return (pl.col("experience_months") if self.promotion.tenure else pl.lit(None, pl.Int64)), 12
        if name == "coverage":
            totals = {signal.id: sum(signal.weights.values()) for signal in signals}
            common = lcm(*totals.values())
            seen = [pl.col(f"{name}.manager_seen") * (common // total) for name, total in totals.items()]
            return _sum(seen), common * len(signals)
        if name in ("score", "lowest_score"):
            return self._scores(name)
        if name.endswith("_total"):
            importance = name.removesuffix("_total")
            return pl.lit(sum(signal.importance == importance for signal in signals)), 1
        return pl.col(name), 1

    def _scores(self, name: str) -> Number:
        signals = self.promotion.signals
        weights = {
            sum(some)
            for signal in signals
            for size in range(1, len(signal.weights) + 1)
            for some in combinations(signal.weights.values(), size)
        }
        common = lcm(*weights)
        scores = [
            pl.when(pl.col(f"{s.id}?rated")).then(
                pl.col(f"{s.id}.manager") * (common // pl.col(f"{s.id}.manager_seen").clip(1))
            )
            for s in signals
        ]
        if name == "lowest_score":
            return pl.min_horizontal(scores), common * UNITS_PER_POINT
        count = _sum(pl.col(f"{s.id}?rated").cast(pl.Int64) for s in signals)
        total = _sum(score.fill_null(0) for score in scores)
        return pl.when(count > 0).then(total), count * (common * UNITS_PER_POINT)

    def _layers(self) -> list[dict[str, list[Rule]]]:
        """Findings with their rules, each layer resting on those before it."""
        waiting = [rule for rule in self.rules if rule.finding is not None]
        layers = []
        while waiting:
            open_findings = {f"finding.{rule.finding}" for rule in waiting}
            ready = [rule for rule in waiting if not _named(self.conditions[rule.code]) & open_findings]
            settled = {rule.finding for rule in ready} - {
                rule.finding for rule in waiting if rule not in ready
            }
            layer: dict[str, list[Rule]] = {}
            for rule in (rule for rule in ready if rule.finding in settled):
                layer.setdefault(rule.finding or "", []).append(rule)
            layers.append(layer)
            waiting = [rule for rule in waiting if rule.finding not in settled]
        self.drawn = {f"finding.{finding}" for layer in layers for finding in layer}
        return layers

    def _winner(self, topic: str, values: Sequence[str]) -> pl.Expr:
        rules = [rule for rule in self.rules if rule.topic == topic]
        result = pl.lit(None, pl.UInt8)
        for rule in reversed(rules):
            rivals = [r for r in rules if rule.code in r.overrides and r.conclusion != rule.conclusion]
            mask = reduce(
                and_, [~self._mask(rival).fill_null(value=False) for rival in rivals], self._mask(rule)
            )
            code = pl.lit(values.index(rule.conclusion), pl.UInt8)
            result = pl.when(mask).then(code).otherwise(result)
        return result.cat.to(pl.Enum(values)).alias(topic)

    def _mask(self, rule: Rule) -> pl.Expr:
        return self._holds(self.conditions[rule.code])

    def _holds(self, condition: Condition) -> pl.Expr:
        match condition:
            case Always():
                return pl.lit(value=True)
            case Flag(fact):
                return pl.col(fact) if fact in self.drawn else pl.lit(value=False)
            case Known(fact):
                return self._number(fact)[0].is_not_null()
            case Compare():
                return self._compare(condition)
            case OneOf(fact, values):
                return _any(self._is(fact, value) for value in sorted(values))
            case Not(part):
                return ~self._holds(part)
            case All(parts):
                return reduce(and_, [self._holds(part) for part in parts])
            case Any(parts):
                return reduce(or_, [self._holds(part) for part in parts])

    def _compare(self, atom: Compare) -> pl.Expr:
        constant = Fraction(atom.constant)
        numerator, denominator = self._number(atom.fact)
        right: pl.Expr | int | float = denominator * constant.numerator
        left = numerator * constant.denominator if constant.denominator != 1 else numerator
        compared: dict[str, pl.Expr] = {
            "==": left == right,
            "!=": left != right,
            "<": left < right,
            "<=": left <= right,
            ">": left > right,
            ">=": left >= right,
        }
        return compared[atom.operator]

    def _is(self, fact: str, value: str) -> pl.Expr:
        family, _, signal = fact.partition(".")
        masks: Mapping[str, str] = {"self_higher": "higher", "self_lower": "lower"}
        if family == "signal":
            return ~pl.col(f"{signal}?rated") if value == "unrated" else pl.col(f"{signal}?{value}")
        if family == "agreement" and value in masks:
            return pl.col(f"{signal}?{masks[value]}")
        if family == "agreement":
            both = pl.col(f"{signal}?both")
            apart = pl.col(f"{signal}?higher") | pl.col(f"{signal}?lower")
            return ~both if value == "unknown" else both & ~apart
        if fact == "observation":
            return _observation(value, self.pack.standard.observation_months)
        return self._tenure(value)

    def _tenure(self, value: str) -> pl.Expr:
        guidance = self.promotion.tenure
        if guidance is None:
            return pl.lit(value == "unknown")
        months = pl.col("experience_months")
        early = (months < ceil(Fraction(guidance.from_years) * 12)).fill_null(value=False)
        overdue = pl.lit(value=False)
        if guidance.to_years is not None:
            overdue = (months > floor(Fraction(guidance.to_years) * 12)).fill_null(value=False)
        return {
            "early": early,
            "overdue": overdue,
            "unknown": months.is_null(),
            "typical": months.is_not_null() & ~early & ~overdue,
        }[value]


def _named(condition: Condition) -> set[str]:
    match condition:
        case Always():
            return set()
        case Not(part):
            return _named(part)
        case All(parts) | Any(parts):
            return {name for part in parts for name in _named(part)}
        case _:
            return {condition.fact}


def _observation(value: str, least: int) -> pl.Expr:
    months = pl.col("months_in_level")
    return {
        "unknown": months.is_null(),
        "enough": (months >= least).fill_null(value=False),
        "too_short": (months < least).fill_null(value=False),
    }[value]


def _months(column: str, day: date) -> pl.Expr:
    since = pl.col(column)
    month_end = day == pl.select(pl.lit(day).dt.month_end()).item()
    short = pl.lit(0) if month_end else (since.dt.day() > day.day).cast(pl.Int32)
    months = day.year * 12 + day.month - since.dt.year() * 12 - since.dt.month().cast(pl.Int32) - short
    return pl.when(since <= day).then(months)


def _reaches(total: pl.Expr, weight: pl.Expr, bar: Fraction) -> pl.Expr:
    left = total if bar.denominator == 1 else total * bar.denominator
    return left >= weight * bar.numerator


def _times(expression: pl.Expr, factor: int) -> pl.Expr:
    return expression if factor == 1 else expression * factor


def _sum(terms: Iterable[pl.Expr]) -> pl.Expr:
    listed = list(terms)
    return reduce(add, listed) if listed else pl.repeat(0, pl.len(), dtype=pl.Int64)


def _any(masks: Iterable[pl.Expr]) -> pl.Expr:
    return reduce(or_, masks)
