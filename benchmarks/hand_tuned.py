"""The same decision as polars expressions alone, as fast as we know how to write it: the floor.

No cases, no rule engine, no trace: a pack's conditions become masks over whole columns. It reads the same
`Roster` and gives band, findings and, when asked, firmness and confidence, so that both can be checked
person by person. Ratings that are missing are filled with the lowest and the highest of the scale for those
who lack any; the others are looked at once.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import reduce
from hashlib import sha256
from itertools import combinations
from math import ceil, floor, lcm
from operator import add, and_, or_

import polars as pl

from inputs import UNITS_PER_POINT, Roster
from rules import BANDS, CONFIDENCES, Promotion, Rule, RulePack, Signal, facts_of, parse_condition
from rules.conditions import All, Always, Any, Compare, Condition, Flag, Known, Not, OneOf

Number = tuple[pl.Expr, pl.Expr | int]
"""A fact as numerator and denominator."""
RE_RATINGS = 64
INSUFFICIENT = "insufficient_evidence"
_DATES = ("level_since", "product_since", "review_date")


def decide(roster: Roster, pack: RulePack, day: date, *, confidence: bool = True) -> dict[str, pl.DataFrame]:
    """By promotion: `person`, `recommendation` and a Boolean column for each finding drawn.

    With `confidence` also `kept`, the re-ratings of 64 in which the band stays, and `confidence` itself.
    """
    known = ("level", "target_level", "specialisation", *_DATES)
    managers = [name for name in roster.ratings.columns if name.endswith(":manager")]
    everybody = roster.people.select(known).hstack(roster.ratings.get_columns())
    frame = everybody.with_row_index("person").lazy()
    decided: dict[str, list[pl.DataFrame]] = {}
    queries = [
        (promotion.id, _Decision(pack, asked, day, roster.ratings.columns), walkers)
        for promotion in pack.promotions
        for asked, walkers in _as_asked(pack, promotion)
    ]
    bands = pl.collect_all([decision.over(frame.filter(walkers)) for _, decision, walkers in queries])
    for (name, decision, walkers), found in zip(queries, bands, strict=True):
        told = found
        if confidence:
            kept = _kept(decision, frame.filter(walkers), managers, found=found)
            told = decision.confident(frame.filter(walkers), found.hstack([kept])).collect()
        decided.setdefault(name, []).append(told)
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


def _kept(
    decision: "_Decision", frame: pl.LazyFrame, managers: Sequence[str], *, found: pl.DataFrame
) -> pl.Series:
    """In how many re-ratings the band stays; null without a band."""
    kept = pl.repeat(0, found.height, dtype=pl.UInt8, eager=True)
    lowest, highest, half = decision.lowest, decision.highest, decision.step // 2
    for number in range(RE_RATINGS):
        moves = {name: _way(name.removesuffix(":manager"), number) * half for name in managers}
        moved = frame.with_columns(
            (pl.col(name) + move).clip(lowest, highest) for name, move in moves.items() if move
        )
        again = decision.bands(moved).collect()["recommendation"]
        kept += (again == found["recommendation"]).cast(pl.UInt8)
    told = found["recommendation"] != INSUFFICIENT
    return kept.zip_with(told, pl.Series([None], dtype=pl.UInt8).new_from_index(0, len(kept))).alias("kept")


def _way(competency: str, number: int) -> int:
    """Half a step down, none, or up: -1, 0 or 1."""
    digest = sha256(f"{competency}:{number}".encode()).digest()
    return int.from_bytes(digest[:8], "big") % 3 - 1


class _Decision:
    """One promotion's rules as lazy queries."""

    def __init__(self, pack: RulePack, promotion: Promotion, day: date, columns: Sequence[str]) -> None:
        self.pack, self.promotion, self.day, self.columns = pack, promotion, day, set(columns)
        scale = pack.scale
        self.lowest, self.highest, self.step = (
            int(point * UNITS_PER_POINT) for point in (scale.lowest, scale.highest, scale.step)
        )
        facts = facts_of(pack, promotion)
        self.rules = pack.rules_of(promotion)
        self.conditions = {rule.code: parse_condition(rule.when, facts) for rule in self.rules}

    def over(self, frame: pl.LazyFrame) -> pl.LazyFrame:
        """Band and findings for everybody at the promotion's level, by person."""
        everybody = self._chosen(frame)
        drawn = _View(self, "finding").over(everybody)
        findings = dict.fromkeys(f"finding.{rule.finding}" for rule in self.rules if rule.finding is not None)
        told = pl.concat([self.bands(frame).drop("person"), drawn.select(*findings)], how="horizontal")
        return pl.concat([everybody.select("person"), told], how="horizontal")

    def bands(self, frame: pl.LazyFrame) -> pl.LazyFrame:
        """The band of everybody at the promotion's level, in the order of persons."""
        everybody = self._chosen(frame)
        looked_at = [f"{name}:manager" for name in self._looked_at()]
        there = [name for name in looked_at if name in self.columns]
        view = _View(self, "recommendation")
        if len(there) < len(looked_at):
            return self._bounded(everybody, looked_at, view)
        lacking = pl.any_horizontal(pl.col(there).is_null())
        full = view.over(everybody.filter(~lacking)).select("person", view.winner(BANDS))
        return pl.concat([full, self._bounded(everybody.filter(lacking), looked_at, view)]).sort("person")

    def _bounded(self, frame: pl.LazyFrame, looked_at: Sequence[str], view: "_View") -> pl.LazyFrame:
        """The band at worst and at best where they are the same."""
        columns = {name: pl.col(name) for name in looked_at if name in self.columns}
        columns |= {name: pl.lit(None, pl.Int64) for name in looked_at if name not in self.columns}
        at = [
            view.over(
                frame.with_columns(column.fill_null(bound).alias(name) for name, column in columns.items())
            )
            .select("person", view.winner(BANDS).alias(name))
            .drop("person")
            for name, bound in (("worst", self.lowest), ("best", self.highest))
        ]
        both = pl.concat([frame.select("person"), *at], how="horizontal")
        told = pl.when(pl.col("worst") == pl.col("best")).then(pl.col("best"))
        return both.select(
            "person", told.otherwise(pl.lit(INSUFFICIENT, pl.Enum(BANDS))).alias("recommendation")
        )

    def confident(self, frame: pl.LazyFrame, found: pl.DataFrame) -> pl.LazyFrame:
        """What was found, with the confidence in it."""
        view = _View(self, "confidence")
        facts = pl.concat(
            [self._chosen(frame), found.lazy().select("recommendation", "kept")], how="horizontal"
        )
        sure = view.over(facts).select("person", view.winner(CONFIDENCES)).drop("person")
        return pl.concat([found.lazy(), sure], how="horizontal")

    def _chosen(self, frame: pl.LazyFrame) -> pl.LazyFrame:
        start, end = self.promotion.from_level, self.promotion.to_level
        aims_here = pl.col("target_level").is_null() | (pl.col("target_level") == end)
        return frame.filter((pl.col("level") == start) & aims_here)

    def behind(self, topic: str) -> set[str]:
        """The facts that rules on a topic rest on, those of findings among them."""
        waiting, seen = [rule for rule in self.rules if rule.topic == topic], set[str]()
        while waiting:
            for name in _named(self.conditions[waiting.pop().code]) - seen:
                seen.add(name)
                waiting += [rule for rule in self.rules if f"finding.{rule.finding}" == name]
        return seen

    def _looked_at(self) -> list[str]:
        """The competencies on which the band may rest."""
        if self.behind("recommendation") & {"lowest_ratings", "missing_ratings"}:
            return [competency.id for competency in self.pack.competencies]
        signals = [name for signal in self.promotion.signals for name in signal.competencies]
        expected = [one.competency for one in self.pack.level(self.promotion.from_level).expects]
        return list(dict.fromkeys([*signals, *expected]))


class _View:
    """The facts, findings and conclusions that rules on one topic need, as columns."""

    def __init__(self, decision: _Decision, topic: str) -> None:
        self.pack, self.promotion, self.day = decision.pack, decision.promotion, decision.day
        self.lowest, self.highest, self.columns = decision.lowest, decision.highest, decision.columns
        self.conditions, self.topic = decision.conditions, topic
        self.named = decision.behind(topic)
        self.rules = [
            rule
            for rule in decision.rules
            if rule.topic == topic or (rule.topic == "finding" and f"finding.{rule.finding}" in self.named)
        ]
        self.complete = topic == "recommendation"
        """Whether every rating that is looked at is there."""

    def over(self, frame: pl.LazyFrame) -> pl.LazyFrame:
        """The people with all that conclusions on the topic rest on."""
        columns = [name for name in ("person", "recommendation", "kept") if name in frame.collect_schema()]
        level = self._of_the_level()
        chosen = frame.select(*columns, *self._times(), *self._sums(), **level).with_columns(self._statuses())
        chosen = chosen.with_columns(self._counts())
        for layer in self._layers():
            chosen = chosen.with_columns(
                _any(self._mask(rule) for rule in rules).fill_null(value=False).alias(f"finding.{finding}")
                for finding, rules in layer.items()
            )
        return chosen

    def winner(self, values: Sequence[str]) -> pl.Expr:
        """The conclusion that gives way to none."""
        rules = [rule for rule in self.rules if rule.topic == self.topic]
        result = pl.lit(None, pl.UInt8)
        for rule in reversed(rules):
            rivals = [r for r in rules if rule.code in r.overrides and r.conclusion != rule.conclusion]
            mask = reduce(
                and_, [~self._mask(rival).fill_null(value=False) for rival in rivals], self._mask(rule)
            )
            code = pl.lit(values.index(rule.conclusion), pl.UInt8)
            result = pl.when(mask).then(code).otherwise(result)
        return result.cat.to(pl.Enum(values)).alias(self.topic)

    # Time

    def _times(self) -> list[pl.Expr]:
        reviewed = pl.col("review_date").fill_null(self.day)
        level, product, review = (pl.col(name) for name in _DATES)
        since = level
        guidance = self.promotion.tenure
        if guidance is not None and guidance.measure == "product_experience":
            since = product
        day = pl.lit(self.day)
        columns = {
            "months_in_level": _months(level, day),
            "observed_months": pl.when(reviewed < level).then(0).otherwise(_months(level, reviewed)),
            "review_age_months": _months(review, day),
            "experience_months": _months(since, day) if guidance else pl.lit(None, pl.Int32),
            "earlier_level": (review < level).fill_null(value=False),
        }
        wanted = self.named | {
            {"observation": "observed_months", "review": "review_age_months"}.get(name, "experience_months")
            for name in self.named & {"observation", "review", "tenure", "experience_years"}
        }
        wanted |= {"earlier_level"} if "review" in self.named else set()
        return [column.alias(name) for name, column in columns.items() if name in wanted]

    # Ratings

    def _of_the_level(self) -> dict[str, pl.Expr]:
        """The facts about the present level, points in units."""
        expected = [
            (self._rating(f"{one.competency}:manager"), int(one.rating * UNITS_PER_POINT))
            for one in self.pack.level(self.promotion.from_level).expects
        ]
        short = [(least - rating).clip(lower_bound=0).fill_null(0) for rating, least in expected]
        columns_of_all = [f"{competency.id}:manager" for competency in self.pack.competencies]
        rated = [pl.col(name) for name in columns_of_all if self.complete or name in self.columns]
        columns = {
            "present_total": pl.lit(len(expected)),
            "present_met": _count((rating >= least) for rating, least in expected),
            "present_below": _count((rating < least) for rating, least in expected),
            "present_shortfall": _sum(short),
            "largest_present_shortfall": pl.max_horizontal(short) if short else pl.lit(0, pl.Int64),
            "lowest_ratings": _count(rating == self.lowest for rating in rated),
            "missing_ratings": _count(rating.is_null() for rating in rated)
            + len(columns_of_all)
            - len(rated),
        }
        return {name: column for name, column in columns.items() if name in self.named}

    def _rating(self, column: str) -> pl.Expr:
        return pl.col(column) if column in self.columns or self.complete else pl.lit(None, pl.Int64)

    def _sums(self) -> list[pl.Expr]:
        """Weighted sum of ratings and rated weight, by signal and rater."""
        columns = []
        for signal in self.promotion.signals:
            for rater in ("manager",) if self.complete else ("manager", "self"):
                parts = [
                    (pl.col(f"{competency}:{rater}"), weight)
                    for competency, weight in signal.weights.items()
                    if self.complete or f"{competency}:{rater}" in self.columns
                ]
                if self.complete:
                    columns.append(
                        _sum(_times(part, weight) for part, weight in parts).alias(f"{signal.id}.manager")
                    )
                    continue
                total = _sum(_times(column.fill_null(0), weight) for column, weight in parts)
                seen = _sum(_times(column.is_not_null().cast(pl.Int64), weight) for column, weight in parts)
                columns += [total.alias(f"{signal.id}.{rater}"), seen.alias(f"{signal.id}.{rater}_seen")]
        return columns

    def _bounds(self, signal: Signal) -> tuple[pl.Expr, pl.Expr]:
        """The weighted sum with what is missing at its lowest, and at its highest."""
        total = pl.col(f"{signal.id}.manager")
        if self.complete:
            return total, total
        missing = _weight(signal) - pl.col(f"{signal.id}.manager_seen")
        return total + missing * self.lowest, total + missing * self.highest

    def _bar(self, signal: Signal) -> int:
        return int(self.pack.bar_of(self.promotion, signal) * UNITS_PER_POINT)

    def _statuses(self) -> list[pl.Expr]:
        """For each signal whether it is met, near or a gap, and how much is missing; who is how far from
        whom."""
        margin = int(self.pack.standard.near_margin * UNITS_PER_POINT)
        columns = []
        for signal in self.promotion.signals:
            bar, weight = self._bar(signal), _weight(signal)
            worst, best = self._bounds(signal)
            met, gap = worst >= bar * weight, best < (bar - margin) * weight
            columns += [
                met.alias(f"{signal.id}?met"),
                (~met & (worst >= (bar - margin) * weight) & (best < bar * weight)).alias(
                    f"{signal.id}?near"
                ),
                gap.alias(f"{signal.id}?gap"),
                (bar * weight - best).clip(lower_bound=0).alias(f"{signal.id}.short"),
            ]
            if not self.complete:
                columns += self._views(signal)
        return columns

    def _views(self, signal: Signal) -> Iterator[pl.Expr]:
        standard = self.pack.standard
        least = ceil(Fraction(standard.minimum_coverage) * _weight(signal))
        total, seen = pl.col(f"{signal.id}.manager"), pl.col(f"{signal.id}.manager_seen")
        own, own_seen = pl.col(f"{signal.id}.self"), pl.col(f"{signal.id}.self_seen")
        both = (seen >= least) & (own_seen >= least)
        apart, weight = own * seen - total * own_seen, own_seen * seen
        margin, step = (
            int(points * UNITS_PER_POINT) for points in (standard.agreement_margin, self.pack.scale.step)
        )
        at_bar, own_at_bar = total >= seen * self._bar(signal), own >= own_seen * self._bar(signal)
        yield both.alias(f"{signal.id}?both")
        yield (both & (apart >= weight * step) & own_at_bar & ~at_bar).alias(f"{signal.id}?blind")
        yield (both & (-apart >= weight * step) & at_bar & ~own_at_bar).alias(f"{signal.id}?hidden")
        yield (both & (apart >= weight * margin)).alias(f"{signal.id}?higher")
        yield (both & (-apart >= weight * margin)).alias(f"{signal.id}?lower")

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
        needed = self.named | {
            name.replace("_met_share", "_met") for name in self.named if name.endswith("_met_share")
        }
        counts = [
            _count(pl.col(mask) for mask in masks).alias(name)
            for name, masks in families.items()
            if name in needed
        ]
        for importance in ("core", "supporting"):
            if f"{importance}_unrated" in self.named:
                open_ones = [~self._told(s) for s in signals if s.importance == importance]
                counts.append(_count(open_ones).alias(f"{importance}_unrated"))
        if "self_unknown" in self.named:
            counts.append(_count(~pl.col(f"{s.id}?both") for s in signals).alias("self_unknown"))
        return counts

    @staticmethod
    def _told(signal: Signal) -> pl.Expr:
        return _any(pl.col(f"{signal.id}?{status}") for status in ("met", "near", "gap"))

    # Conditions

    def _number(self, name: str) -> Number:
        signals = self.promotion.signals
        importance, _, rest = name.removeprefix("largest_").partition("_")
        some = [signal for signal in signals if signal.importance == importance]
        if name == "experience_years":
            return pl.col("experience_months"), 12
        if name == "firmness":
            return pl.col("kept").cast(pl.Int64), RE_RATINGS
        if name == "coverage":
            if self.complete:
                return pl.lit(1), 1
            common = lcm(*(_weight(signal) for signal in signals))
            seen = [pl.col(f"{s.id}.manager_seen") * (common // _weight(s)) for s in signals]
            return _sum(seen), common * len(signals)
        if name in ("score", "lowest_score"):
            return self._scores(name)
        if name in ("present_shortfall", "largest_present_shortfall"):
            return pl.col(name), UNITS_PER_POINT
        if rest == "total" and importance in ("core", "supporting"):
            return pl.lit(len(some)), 1
        if rest == "met_share":
            return (pl.col(f"{importance}_met").cast(pl.Int64), len(some)) if some else (pl.lit(1), 1)
        if rest == "shortfall":
            return _shortfall(some, largest=name.startswith("largest_"), mean=importance == "supporting")
        return pl.col(name), 1

    def _scores(self, name: str) -> Number:
        signals = self.promotion.signals
        if self.complete:
            common = lcm(*(_weight(signal) for signal in signals))
            scores = [pl.col(f"{s.id}.manager") * (common // _weight(s)) for s in signals]
            if name == "lowest_score":
                return pl.min_horizontal(scores), common * UNITS_PER_POINT
            return _sum(scores), len(signals) * common * UNITS_PER_POINT
        weights = {
            sum(some)
            for signal in signals
            for size in range(1, len(signal.weights) + 1)
            for some in combinations(signal.weights.values(), size)
        }
        common = lcm(*weights)
        rated = [pl.col(f"{s.id}.manager_seen") > 0 for s in signals]
        scores = [
            pl.when(there).then(
                pl.col(f"{s.id}.manager") * (common // pl.col(f"{s.id}.manager_seen").clip(1))
            )
            for s, there in zip(signals, rated, strict=True)
        ]
        if name == "lowest_score":
            return pl.min_horizontal(scores), common * UNITS_PER_POINT
        count = _sum(there.cast(pl.Int64) for there in rated)
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
            known = next(one for one in self.promotion.signals if one.id == signal)
            return ~self._told(known) if value == "unrated" else pl.col(f"{signal}?{value}")
        if family == "agreement" and value in masks:
            return pl.col(f"{signal}?{masks[value]}")
        if family == "agreement":
            both = pl.col(f"{signal}?both")
            apart = pl.col(f"{signal}?higher") | pl.col(f"{signal}?lower")
            return ~both if value == "unknown" else both & ~apart
        if fact == "observation":
            return _observation(value, self.pack.standard.observation_months)
        if fact == "review":
            return _review(value, self.pack.standard.stale_months)
        if fact == "recommendation":
            return pl.col(fact) == value
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


def _weight(signal: Signal) -> int:
    return sum(signal.weights.values())


def _shortfall(signals: Sequence[Signal], *, largest: bool, mean: bool) -> Number:
    """Points that signals lack to their bars: the largest, the mean, or added up."""
    if not signals:
        return pl.lit(0), 1
    common = lcm(*(_weight(signal) for signal in signals))
    short = [_times(pl.col(f"{s.id}.short"), common // _weight(s)) for s in signals]
    if largest:
        return pl.max_horizontal(short), common * UNITS_PER_POINT
    return _sum(short), common * UNITS_PER_POINT * (len(signals) if mean else 1)


def _observation(value: str, least: int) -> pl.Expr:
    months = pl.col("observed_months")
    return {
        "unknown": months.is_null(),
        "enough": (months >= least).fill_null(value=False),
        "too_short": (months < least).fill_null(value=False),
    }[value]


def _review(value: str, stale: int) -> pl.Expr:
    age, earlier = pl.col("review_age_months"), pl.col("earlier_level")
    return {
        "undated": age.is_null(),
        "earlier_level": earlier,
        "stale": ~earlier & (age > stale).fill_null(value=False),
        "current": ~earlier & (age <= stale).fill_null(value=False),
    }[value]


def _months(since: pl.Expr, end: pl.Expr) -> pl.Expr:
    """Whole months from a day to another one; null where it lies before."""
    short = (since.dt.day() > end.dt.day()) & (end != end.dt.month_end())
    years, months = end.dt.year() - since.dt.year(), end.dt.month().cast(pl.Int32) - since.dt.month()
    return pl.when(since <= end).then(years * 12 + months - short.cast(pl.Int32))


def _times(expression: pl.Expr, factor: int) -> pl.Expr:
    return expression if factor == 1 else expression * factor


def _count(masks: Iterable[pl.Expr]) -> pl.Expr:
    return _sum(mask.fill_null(value=False).cast(pl.UInt8) for mask in masks)


def _sum(terms: Iterable[pl.Expr]) -> pl.Expr:
    listed = list(terms)
    return reduce(add, listed) if listed else pl.repeat(0, pl.len(), dtype=pl.Int64)


def _any(masks: Iterable[pl.Expr]) -> pl.Expr:
    return reduce(or_, masks)
