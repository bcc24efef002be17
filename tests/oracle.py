"""An independent evaluation of a rule pack in plain Python and exact fractions, to hold the engine against.

It is written from docs/judgement.md, the catalogue of facts and the language of conditions, and shares no
code with `engine`: one person at a time, no polars expression, no cut, no case. A fact is worked out when a
rule asks for it.
"""

import calendar
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache, cached_property
from hashlib import sha256
from itertools import combinations, combinations_with_replacement, product

from inputs import UNITS_PER_POINT, Roster
from rules.conditions import All, Always, Any, Compare, Condition, Flag, Known, Not, OneOf, parse_condition
from rules.facts import facts_of
from rules.pack import BANDS, Promotion, Rule, RulePack, Signal

FactValue = Fraction | int | str | bool | None
"""A number (None when missing), a category's value, or a flag."""
Rated = Mapping[str, int | None]
"""Rating columns such as `communication:manager` to units; None, or no such column, without a rating."""
Cycles = Mapping[str, Mapping[str, int | None]]
"""By employee id and promotion."""
RE_RATINGS = 64
MOST_RULES = 200
"""Promotions whose rules and scores are kept: there is no end to random packs."""


@cache
def exact(constant: Decimal) -> Fraction | int:
    """A pack's constant without rounding; made once, as there are few."""
    fraction = Fraction(constant)
    return int(fraction) if fraction.denominator == 1 else fraction


class ContradictionError(Exception):
    """Two rules that apply conclude differently and neither wins over the other, or none applies."""


@dataclass(frozen=True)
class Dates:
    """What the sheet says about one person beside ratings: time and answers, and the day of the run."""

    level_since: date | None
    product_since: date | None
    review: date | None
    day: date
    answers: Mapping[str, bool | None] = field(default_factory=dict)
    """Yes/no fact to what its cell says; None, or no such fact, where it says nothing."""
    cycles: Mapping[str, int | None] = field(default_factory=dict)
    """Promotion to the earlier cycles in a row that met every core signal; None, or none, where unknown."""


@dataclass(frozen=True)
class Judged:
    """What one person's ratings say about one signal."""

    manager_score: Fraction | None
    """Over what is rated; None where nothing is."""
    self_score: Fraction | None
    coverage: Fraction
    status: str
    agreement: str


@dataclass(frozen=True)
class BandGiven:
    """The band with the rules that say so, or that it cannot be told."""

    band: str
    rules: tuple[Rule, ...]
    """All that apply, those that give way among them; none where it cannot be told."""
    decisive: str
    """The code of the rule that is shown."""
    kind: str | None
    worst: str
    best: str


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
    kind: str | None
    """Of insufficient evidence, and of nothing else."""
    worst_band: str
    best_band: str
    confidence: str
    confidence_rule: str
    asked: "Asked"

    @property
    def firmness(self) -> Fraction | None:
        """The share of the re-ratings in which the band stays; worked out when it is asked for."""
        return self.asked.firmness

    @property
    def firm_in(self) -> int | None:
        """The number of these re-ratings."""
        return None if self.firmness is None else int(self.firmness * RE_RATINGS)


def verdicts(
    roster: Roster, pack: RulePack, day: date, *, every_completion: bool = False
) -> Iterator[tuple[int, Verdict]]:
    """The verdict for every person and open promotion, in the order of the roster, then of the pack."""
    for place, asked in asked_of(roster, pack, day, every_completion=every_completion):
        yield place, asked.verdict()


def asked_of(
    roster: Roster, pack: RulePack, day: date, *, every_completion: bool = False
) -> Iterator[tuple[int, "Asked"]]:
    """Every person and open promotion, before anything is decided."""
    yield from _asked_of(roster, pack, day, cycles_before(roster, pack), every_completion=every_completion)


def _asked_of(
    roster: Roster, pack: RulePack, day: date, cycles: Cycles, *, every_completion: bool = False
) -> Iterator[tuple[int, "Asked"]]:
    people = roster.people.to_dicts()
    ratings = roster.ratings.to_dicts() or [{} for _ in people]
    for place, (person, rated) in enumerate(zip(people, ratings, strict=True)):
        answers = {fact.id: person[fact.id] for fact in pack.facts}
        since = (person["level_since"], person["product_since"], person["review_date"])
        dates = Dates(*since, day, answers, cycles.get(person["employee_id"], {}))
        for promotion in open_promotions(pack, person["level"], person["target_level"]):
            rules = rules_for(pack, promotion, person["specialisation"])
            yield place, Asked(rules, rated, dates, every_completion=every_completion)


def cycles_before(roster: Roster, pack: RulePack) -> Cycles:
    """By person and promotion, the earlier cycles of the file in a row that met every core signal."""
    told: Cycles = {}
    rosters = [*(cycle.roster for cycle in roster.earlier), roster]
    for cycle, after in zip(roster.earlier, rosters[1:], strict=True):
        fresh, now = not _same_ratings(cycle.roster, after), dict[str, dict[str, int | None]]()
        names = cycle.roster.people["employee_id"].to_list()
        for place, asked in _asked_of(cycle.roster, pack, cycle.end, told):
            promotion, before = asked.rules.promotion.id, told.get(names[place], {})
            known = asked.cycles_through() if fresh else before.get(promotion)
            now.setdefault(names[place], {})[promotion] = known
        told = now
    return told


def _same_ratings(then: Roster, now: Roster) -> bool:
    """Whether everybody who is in both has the same ratings in both."""
    before, after = (
        {
            name: {column: units for column, units in rated.items() if units is not None}
            for name, rated in zip(one.people["employee_id"], one.ratings.to_dicts(), strict=True)
        }
        for one in (then, now)
    )
    both = before.keys() & after.keys()
    return bool(both) and all(before[name] == after[name] for name in both)


def open_promotions(pack: RulePack, level: str, target: str | None) -> list[Promotion]:
    """The promotions from a level; only the one to the target level where the sheet names one."""
    return [
        promotion
        for promotion in pack.promotions
        if promotion.from_level == level and target in (None, promotion.to_level)
    ]


def rules_for(pack: RulePack, promotion: Promotion, specialisation: str | None = None) -> "Rules":
    """A promotion's rules as the specialisation that the sheet names asks for them, read once."""
    key = (id(pack), promotion.id, specialisation)
    if key not in _RULES:
        if len(_RULES) >= MOST_RULES:
            _RULES.clear()
        _RULES[key] = Rules(pack, _as_asked(pack, promotion, specialisation))
    return _RULES[key]


_RULES: dict[tuple[int, str, str | None], "Rules"] = {}
"""Each holds on to its pack, so that the pack's id stays its own."""


def _as_asked(pack: RulePack, promotion: Promotion, kind: str | None) -> Promotion:
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
    return promotion.model_copy(update={"signals": tuple(signals.values())})


class Rules:
    """What a pack asks of everybody on the way of one promotion."""

    def __init__(self, pack: RulePack, promotion: Promotion) -> None:
        self.pack, self.promotion = pack, promotion
        general = [rule for rule in pack.rules if not rule.only_for or promotion.id in rule.only_for]
        self.read = [*promotion.rules, *general]
        self.on: dict[str, list[Rule]] = {"finding": [], "recommendation": [], "confidence": []}
        """The rules on a topic, in the order in which they are read."""
        for rule in self.read:
            self.on[rule.topic].append(rule)
        facts = facts_of(pack, promotion)
        self.conditions = {rule.code: parse_condition(rule.when, facts) for rule in self.read}
        self.behind = {topic: self._facts_behind(topic) for topic in ("recommendation", "confidence")}
        self.bars = {signal.id: exact(pack.bar_of(promotion, signal)) for signal in promotion.signals}
        self.weights = {
            signal.id: {name: exact(weight) for name, weight in signal.competencies.items()}
            for signal in promotion.signals
        }
        self.columns = {
            name: [f"{competency}:manager" for competency in weights]
            for name, weights in self.weights.items()
        }
        self._scores: dict[tuple[str, tuple[int, ...]], Fraction] = {}
        self.expected = {
            one.competency: exact(one.rating) for one in pack.level(promotion.from_level).expects
        }
        self.lowest, self.highest, self.step = (
            int(point * UNITS_PER_POINT) for point in (pack.scale.lowest, pack.scale.highest, pack.scale.step)
        )

    def score(self, signal: str, units: tuple[int, ...]) -> Fraction:
        """A signal's score in points for ratings of its competencies; worked out once for the same ones."""
        key = (signal, units)
        if key not in self._scores:
            weights = self.weights[signal].values()
            total = sum(weight * rated for weight, rated in zip(weights, units, strict=True))
            self._scores[key] = Fraction(total) / (sum(weights) * UNITS_PER_POINT)
        return self._scores[key]

    def drawing(self, finding: str) -> list[Rule]:
        """The rules that draw a finding."""
        return [rule for rule in self.on["finding"] if rule.finding == finding]

    @cached_property
    def finding_layers(self) -> list[list[Rule]]:
        """Finding rules in the order of inference: a rule comes after every rule whose finding it names."""
        depths = {rule.code: self._depth(rule) for rule in self.on["finding"]}
        deepest = max(depths.values(), default=-1)
        return [
            [rule for rule in self.on["finding"] if depths[rule.code] == layer]
            for layer in range(deepest + 1)
        ]

    def _depth(self, rule: Rule) -> int:
        named = names_in(self.conditions[rule.code])
        return max(
            (self._depth(other) + 1 for other in self.on["finding"] if f"finding.{other.finding}" in named),
            default=0,
        )

    def _facts_behind(self, topic: str) -> set[str]:
        """The facts that rules on a topic name, and those that findings which they name rest on."""
        waiting, seen = list(self.on[topic]), set[str]()
        while waiting:
            for name in names_in(self.conditions[waiting.pop().code]) - seen:
                seen.add(name)
                waiting += self.drawing(name.removeprefix("finding."))
        return seen

    @cached_property
    def looked_at(self) -> list[str]:
        """The competencies whose ratings can move the band."""
        if self.behind["recommendation"] & {"lowest_ratings", "missing_ratings"}:
            return [competency.id for competency in self.pack.competencies]
        asked = {name for weights in self.weights.values() for name in weights} | set(self.expected)
        return [competency.id for competency in self.pack.competencies if competency.id in asked]

    @cached_property
    def lattice(self) -> list[int]:
        """The scale in steps, its end included."""
        return sorted({*range(self.lowest, self.highest, self.step), self.highest})


class Asked:
    """One person and one promotion: ratings, dates, and what the rules say of them."""

    def __init__(self, rules: Rules, rated: Rated, dates: Dates, *, every_completion: bool = False) -> None:
        self.rules, self.dates, self.every_completion = rules, dates, every_completion
        self.rated = {name: units for name, units in rated.items() if units is not None}

    def verdict(self) -> Verdict:
        """Everything that the rules say."""
        facts = Facts(self.rules, self.rated, self.dates)
        drawn = [rule for layer in self.rules.finding_layers for rule in layer if facts.fires(rule)]
        given = self.band()
        known = Facts(self.rules, self.rated, self.dates)
        known["recommendation"] = given.band
        if "firmness" in self.rules.behind["confidence"]:
            known["firmness"] = self.firmness
        sure = [rule for rule in self.rules.on["confidence"] if known.fires(rule)]
        confidence = winner(sure)
        shown = [rule.code for rule in given.rules] or [given.decisive]
        return Verdict(
            promotion=self.rules.promotion.id,
            signals={signal.id: facts.judged(signal) for signal in self.rules.promotion.signals},
            facts=facts,
            fired=(*(rule.code for rule in drawn), *shown, *(rule.code for rule in sure)),
            findings=tuple(dict.fromkeys(rule.conclusion for rule in drawn)),
            recommendation=given.band,
            recommendation_rule=given.decisive,
            kind=given.kind,
            worst_band=given.worst,
            best_band=given.best,
            confidence=confidence.conclusion,
            confidence_rule=confidence.code,
            asked=self,
        )

    def cycles_through(self) -> int | None:
        """In how many cycles in a row, this one the last, every core signal is met; None where it cannot be
        told of this one."""
        facts = Facts(self.rules, self.rated, self.dates)
        core = [one for one in self.rules.promotion.signals if one.importance == "core"]
        statuses = {facts.status(signal) for signal in core}
        if facts.review() == "earlier_level" or not statuses:
            return None
        if statuses == {"met"}:
            return 1 + (self.dates.cycles.get(self.rules.promotion.id) or 0)
        return 0 if statuses & {"near", "gap"} else None

    @cached_property
    def missing(self) -> list[str]:
        """The rating columns without a rating that the band may rest on."""
        columns = [f"{name}:manager" for name in self.rules.looked_at]
        return [column for column in columns if column not in self.rated]

    def band(self, changed: Rated | None = None) -> BandGiven:
        """The band with some ratings changed: the same for whatever is missing, or it cannot be told."""
        rated = {**self.rated, **(changed or {})}
        best = self._applying({**dict.fromkeys(self.missing, self.rules.highest), **rated})
        shown = winner(best)
        bands = {shown.conclusion, *self._bands_of_completions(rated)}
        in_order = [band for band in BANDS if band in bands]
        if len(in_order) == 1:
            return BandGiven(
                shown.conclusion, tuple(best), shown.code, shown.kind, shown.conclusion, shown.conclusion
            )
        code = self.rules.pack.cannot_tell.code
        worst, best = in_order[-1], in_order[0]
        if worst == "insufficient_evidence":  # what is missing there beside ratings could lead to any band
            worst, best = "developing" if in_order[-2] == "ready_now" else in_order[-2], "ready_now"
        return BandGiven("insufficient_evidence", (), code, "cannot_be_told", worst, best)

    def _bands_of_completions(self, rated: Rated) -> Iterator[str]:
        """The bands with the missing ratings at their lowest, or with all that they may be."""
        values = self.rules.lattice if self.every_completion else [self.rules.lowest]
        missing = [column for column in self.missing if column not in rated]
        completions = product(values, repeat=len(missing))
        for completion in completions if missing else ():
            complete = {**rated, **dict(zip(missing, completion, strict=True))}
            yield winner(self._applying(complete)).conclusion

    def _applying(self, rated: Rated) -> list[Rule]:
        facts = Facts(self.rules, rated, self.dates)
        return [rule for rule in self.rules.on["recommendation"] if facts.fires(rule)]

    @cached_property
    def firmness(self) -> Fraction | None:
        """The share of the re-ratings in which the band stays."""
        band = self.band().band
        if band == "insufficient_evidence":
            return None
        kept = sum(self.band(self.re_rated(number)).band == band for number in range(RE_RATINGS))
        return Fraction(kept, RE_RATINGS)

    def re_rated(self, number: int) -> dict[str, int]:
        """The manager's ratings in one re-rating: half a step down, the same, or half a step up."""
        ratings = {}
        for competency in self.rules.pack.competencies:
            column = f"{competency.id}:manager"
            if column in self.rated:
                units = self.rated[column] + half_steps(competency.id, number) * self.rules.step // 2
                ratings[column] = min(max(units, self.rules.lowest), self.rules.highest)
        return ratings

    def fewest_steps(self, target: str, most: int) -> int | None:
        """The fewest steps up that give a band or a better one; None where so many do not."""
        return next((steps for steps, _ in self.changes_to(target, most)), None)

    def changes_to(self, target: str, most: int) -> Iterator[tuple[int, dict[str, int]]]:
        """All ways of the fewest steps up that give a band or a better one, as ratings in units."""
        wanted = BANDS[: BANDS.index(target) + 1]
        columns = [f"{name}:manager" for name in self.rules.looked_at]
        room = {
            column: -((self.rated[column] - self.rules.highest) // self.rules.step)
            for column in columns
            if column in self.rated
        }
        for steps in range(1, most + 1):
            found = False
            for taken in combinations_with_replacement(room, steps):
                counts = Counter(taken)
                if any(count > room[column] for column, count in counts.items()):
                    continue
                moved = {
                    column: min(self.rated[column] + count * self.rules.step, self.rules.highest)
                    for column, count in counts.items()
                }
                if self.band(moved).band in wanted:
                    found = True
                    yield steps, moved
            if found:
                return

    def settles(self, columns: Sequence[str]) -> bool:
        """Whether the band can be told once these missing ratings are given, whatever they are."""
        return all(
            self.band(dict(zip(columns, values, strict=True))).kind != "cannot_be_told"
            for values in product(self.rules.lattice, repeat=len(columns))
        )

    def fewest_to_settle(self) -> int:
        """How many of the missing ratings have to be given so that the band can be told."""
        return next(
            size
            for size in range(len(self.missing) + 1)
            if any(self.settles(columns) for columns in combinations(self.missing, size))
        )


class Facts(dict[str, FactValue]):
    """The facts of one person's ratings, each worked out when it is asked for."""

    def __init__(self, rules: Rules, rated: Rated, dates: Dates) -> None:
        super().__init__()
        self.rules, self.rated, self.dates = rules, rated, dates
        self._bounds: dict[tuple[str, int], Fraction] = {}

    def __missing__(self, name: str) -> FactValue:
        value = self._worked_out(name)
        self[name] = value
        return value

    def _worked_out(self, name: str) -> FactValue:
        family, _, part = name.partition(".")
        if family == "finding":
            return any(self.fires(rule) for rule in self.rules.drawing(part))
        if family == "fact":
            return {True: "yes", False: "no", None: "unknown"}[self.dates.answers.get(part)]
        if family == "signal":
            return self.status(self._signals[part])
        if family == "agreement":
            return self.agreement(self._signals[part])
        importance, _, rest = name.partition("_")
        if importance in ("core", "supporting") and rest in OF_IMPORTANCE:
            return OF_IMPORTANCE[rest](self, importance)
        if name.startswith("largest_") and name != "largest_present_shortfall":
            return self._largest_shortfall(name.split("_")[1])
        return DEFINITIONS[name](self)

    def fires(self, rule: Rule) -> bool:
        """Whether a rule's condition holds."""
        return truth(self.rules.conditions[rule.code], self) is True

    @cached_property
    def _signals(self) -> dict[str, Signal]:
        return {signal.id: signal for signal in self.rules.promotion.signals}

    # Signals

    def judged(self, signal: Signal) -> Judged:
        """What the ratings say of a signal."""
        manager, coverage = self._mean(signal, "manager")
        own, _ = self._mean(signal, "self")
        return Judged(manager, own, coverage, self.status(signal), self.agreement(signal))

    def _mean(self, signal: Signal, rater: str) -> tuple[Fraction | None, Fraction]:
        """A rater's score in points over what is rated, and the share of weight that is."""
        weights = self.rules.weights[signal.id]
        given = [
            (weight, self.rated[f"{competency}:{rater}"])
            for competency, weight in weights.items()
            if f"{competency}:{rater}" in self.rated
        ]
        seen = sum(weight for weight, _ in given)
        mean = None
        if given:
            mean = Fraction(sum(weight * units for weight, units in given)) / (seen * UNITS_PER_POINT)
        return mean, Fraction(seen) / sum(weights.values())

    def bound(self, signal: Signal, missing: int) -> Fraction:
        """The manager's score in points with every missing rating taken as this many units."""
        key = (signal.id, missing)
        if key not in self._bounds:
            units = tuple(self.rated.get(column, missing) for column in self.rules.columns[signal.id])
            self._bounds[key] = self.rules.score(signal.id, units)
        return self._bounds[key]

    def status(self, signal: Signal) -> str:
        """Where a signal stands, whatever is missing."""
        bar, margin = self.rules.bars[signal.id], exact(self.rules.pack.standard.near_margin)
        worst, best = self.bound(signal, self.rules.lowest), self.bound(signal, self.rules.highest)
        if worst >= bar:
            return "met"
        if best < bar - margin:
            return "gap"
        if worst >= bar - margin and best < bar:
            return "near"
        return "unrated"

    def shortfall(self, signal: Signal) -> Fraction:
        """How many points are missing to the bar at least."""
        return missing_to(self.rules.bars[signal.id], self.bound(signal, self.rules.highest))

    def _of(self, importance: str) -> list[Signal]:
        return [signal for signal in self.rules.promotion.signals if signal.importance == importance]

    def count(self, importance: str, status: str) -> int:
        """How many signals of an importance stand so."""
        return sum(self[f"signal.{signal.id}"] == status for signal in self._of(importance))

    def met_share(self, importance: str) -> Fraction:
        """The share of the signals of an importance that are met."""
        total = len(self._of(importance))
        return Fraction(self.count(importance, "met"), total) if total else Fraction(1)

    def total_shortfall(self, importance: str) -> Fraction:
        """Added up for core signals, the mean for supporting ones."""
        shortfalls = [self.shortfall(signal) for signal in self._of(importance)]
        total = sum(shortfalls, Fraction(0))
        return total if importance == "core" or not shortfalls else total / len(shortfalls)

    def _largest_shortfall(self, importance: str) -> Fraction:
        return max((self.shortfall(signal) for signal in self._of(importance)), default=Fraction(0))

    def coverage(self) -> Fraction:
        """The share of weight that is rated, each signal alike."""
        shares = [self._mean(signal, "manager")[1] for signal in self.rules.promotion.signals]
        return sum(shares, Fraction(0)) / len(shares)

    def scores(self) -> list[Fraction]:
        """The manager's scores of signals of which anything is rated."""
        means = (self._mean(signal, "manager")[0] for signal in self.rules.promotion.signals)
        return [mean for mean in means if mean is not None]

    # The present level

    def present(self) -> list[tuple[Fraction, Fraction | int]]:
        """What is rated of what the present level expects: rating and expectation in points."""
        return [
            (in_points(self.rated[f"{name}:manager"]), rating)
            for name, rating in self.rules.expected.items()
            if f"{name}:manager" in self.rated
        ]

    @cached_property
    def present_shortfalls(self) -> list[Fraction]:
        """How far each of these lies below."""
        return [missing_to(expected, rating) for rating, expected in self.present()]

    def lowest_ratings(self) -> int:
        """Competencies of the whole pack with the lowest rating."""
        names = [f"{competency.id}:manager" for competency in self.rules.pack.competencies]
        return sum(self.rated.get(name) == self.rules.lowest for name in names)

    def missing_ratings(self) -> int:
        """Competencies of the whole pack without a rating by the manager."""
        return sum(f"{one.id}:manager" not in self.rated for one in self.rules.pack.competencies)

    # Two views

    def compared(self, signal: Signal) -> tuple[Fraction, Fraction] | None:
        """Self and manager where both rated enough of a signal."""
        least = exact(self.rules.pack.standard.minimum_coverage)
        (own, own_seen), (manager, seen) = self._mean(signal, "self"), self._mean(signal, "manager")
        if own is None or manager is None or own_seen < least or seen < least:
            return None
        return own, manager

    def agreement(self, signal: Signal) -> str:
        """How the two views of a signal compare."""
        views = self.compared(signal)
        if views is None:
            return "unknown"
        difference, margin = views[0] - views[1], exact(self.rules.pack.standard.agreement_margin)
        if difference >= margin:
            return "self_higher"
        return "self_lower" if difference <= -margin else "aligned"

    def views(self, agreement: str) -> int:
        """How many signals agree so."""
        return sum(self[f"agreement.{signal.id}"] == agreement for signal in self.rules.promotion.signals)

    def apart_across_the_bar(self, *, self_above: bool) -> int:
        """Signals with a step or more between the views, the higher one at the bar, the lower below it."""
        step, found = exact(self.rules.pack.scale.step), 0
        for signal in self.rules.promotion.signals:
            views = self.compared(signal)
            if views is not None:
                higher, lower = views if self_above else (views[1], views[0])
                bar = self.rules.bars[signal.id]
                found += higher - lower >= step and higher >= bar > lower
        return found

    # Time

    def reviewed(self) -> date:
        """The day of the ratings."""
        return self.dates.review or self.dates.day

    def observed_months(self) -> int | None:
        """Whole months in the level up to the review."""
        since = self.dates.level_since
        if since is None:
            return None
        return 0 if self.reviewed() < since else whole_months(since, self.reviewed())

    def observation(self) -> str:
        """These months against what ratings need."""
        months = self.observed_months()
        if months is None:
            return "unknown"
        return "enough" if months >= self.rules.pack.standard.observation_months else "too_short"

    def review(self) -> str:
        """Which time the ratings are about."""
        since, review = self.dates.level_since, self.dates.review
        if review is None:
            return "undated"
        if since is not None and review < since:
            return "earlier_level"
        age = whole_months(review, self.dates.day)
        return "stale" if age is not None and age > self.rules.pack.standard.stale_months else "current"

    def experience_months(self) -> int | None:
        """By the measure of the guidance on time, to the day of the run."""
        guidance, dates = self.rules.promotion.tenure, self.dates
        if guidance is None:
            return None
        since = dates.level_since if guidance.measure == "time_in_level" else dates.product_since
        return whole_months(since, dates.day)

    def experience_years(self) -> Fraction | None:
        """The same in years."""
        months = self.experience_months()
        return None if months is None else Fraction(months, 12)

    def tenure(self) -> str:
        """These years against the guidance."""
        guidance, years = self.rules.promotion.tenure, self.experience_years()
        if guidance is None or years is None:
            return "unknown"
        if years < exact(guidance.from_years):
            return "early"
        late = guidance.to_years is not None and years > exact(guidance.to_years)
        return "overdue" if late else "typical"


OF_IMPORTANCE: Mapping[str, Callable[[Facts, str], FactValue]] = {
    "met": lambda facts, importance: facts.count(importance, "met"),
    "near": lambda facts, importance: facts.count(importance, "near"),
    "gap": lambda facts, importance: facts.count(importance, "gap"),
    "unrated": lambda facts, importance: facts.count(importance, "unrated"),
    "total": lambda facts, importance: len(facts._of(importance)),
    "met_share": Facts.met_share,
    "shortfall": Facts.total_shortfall,
}
DEFINITIONS: Mapping[str, Callable[[Facts], FactValue]] = {
    "coverage": Facts.coverage,
    "score": lambda facts: sum(facts.scores(), Fraction(0)) / len(facts.scores()) if facts.scores() else None,
    "lowest_score": lambda facts: min(facts.scores(), default=None),
    "present_total": lambda facts: len(facts.rules.expected),
    "present_met": lambda facts: sum(rating >= expected for rating, expected in facts.present()),
    "present_below": lambda facts: sum(rating < expected for rating, expected in facts.present()),
    "present_shortfall": lambda facts: sum(facts.present_shortfalls, Fraction(0)),
    "largest_present_shortfall": lambda facts: max(facts.present_shortfalls, default=Fraction(0)),
    "lowest_ratings": Facts.lowest_ratings,
    "missing_ratings": Facts.missing_ratings,
    "self_higher": lambda facts: facts.views("self_higher"),
    "self_lower": lambda facts: facts.views("self_lower"),
    "self_unknown": lambda facts: facts.views("unknown"),
    "blind_spots": lambda facts: facts.apart_across_the_bar(self_above=True),
    "hidden_strengths": lambda facts: facts.apart_across_the_bar(self_above=False),
    "observed_months": Facts.observed_months,
    "observation": Facts.observation,
    "review": Facts.review,
    "review_age_months": lambda facts: whole_months(facts.dates.review, facts.dates.day),
    "months_in_level": lambda facts: whole_months(facts.dates.level_since, facts.dates.day),
    "experience_years": Facts.experience_years,
    "tenure": Facts.tenure,
    "cycles_met_before": lambda facts: facts.dates.cycles.get(facts.rules.promotion.id),
}


@cache
def in_points(units: int) -> Fraction:
    """A rating in points."""
    return Fraction(units, UNITS_PER_POINT)


@cache
def missing_to(wanted: Fraction | int, score: Fraction) -> Fraction:
    """How many points a score lies below what is wanted; 0 where it does not."""
    return max(Fraction(0), wanted - score)


@cache
def half_steps(competency: str, number: int) -> int:
    """Half a step down, none or up: -1, 0 or 1, fixed by the competency and the number of the re-rating."""
    digest = sha256(f"{competency}:{number}".encode()).digest()
    return int.from_bytes(digest[:8], "big") % 3 - 1


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


def names_in(condition: Condition) -> set[str]:
    """The facts that a condition names."""
    match condition:
        case Always():
            return set()
        case Not(part):
            return names_in(part)
        case All(parts) | Any(parts):
            return {name for part in parts for name in names_in(part)}
        case _:
            return {condition.fact}


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
            return _until(False, parts, facts)
        case Any(parts):
            return _until(True, parts, facts)


def _until(settling: bool, parts: Sequence[Condition], facts: Mapping[str, FactValue]) -> bool | None:
    """The value that settles the matter if a part has it; else None if a part is open, or its opposite."""
    still_open = False
    for part in parts:
        value = truth(part, facts)
        if value is settling:
            return settling
        still_open = still_open or value is None
    return None if still_open else not settling


def compare(value: FactValue, operator: str, constant: Fraction | int) -> bool | None:
    """A comparison of a number with a constant; None when the number is missing."""
    if value is None:
        return None
    assert isinstance(value, Fraction | int)
    return COMPARISONS[operator](value, constant)


COMPARISONS: Mapping[str, Callable[[Fraction | int, Fraction | int], bool]] = {
    "==": lambda value, constant: value == constant,
    "!=": lambda value, constant: value != constant,
    "<": lambda value, constant: value < constant,
    "<=": lambda value, constant: value <= constant,
    ">": lambda value, constant: value > constant,
    ">=": lambda value, constant: value >= constant,
}


def winner(applying: Sequence[Rule]) -> Rule:
    """The first rule that gives way to none; all that are left must conclude the same."""
    left = [
        rule
        for rule in applying
        if not any(rule.code in other.overrides and other.conclusion != rule.conclusion for other in applying)
    ]
    if len({rule.conclusion for rule in left}) != 1:
        raise ContradictionError([rule.code for rule in left])
    return left[0]
