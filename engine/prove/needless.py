"""What a pack says in vain: parts that nothing looks at, conditions that hold for everybody or nobody, and
signals that decide nothing."""

import operator
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import z3

from engine.decide.discretization import atoms_of
from engine.decide.facts import TIME_NUMBERS, is_given
from engine.decide.meaning import PromotionMeaning
from engine.decide.program import Programs
from engine.decide.recommending import Recommender
from engine.decide.supposed import Bander, Ints
from engine.decide.variants import Variant
from engine.phrases import number
from engine.prove.flaws import Flaw
from engine.prove.verdicts import Bands
from rules import replaced
from rules.conditions import Compare, Condition, parse_condition
from rules.facts import facts_of
from rules.pack import IMPORTANCES, STATUSES, Promotion, Rule, RulePack, Signal

PEOPLE = 2_000
"""People with ratings at random who are tried before a solver looks."""
EFFORT = 1_000_000
"""What a solver may spend on one signal, in its own steps, so that every machine comes to the same."""
_SCORES = ("score", "lowest_score")
_OF_PRESENT_RATINGS = {"present_met", "present_below", "present_shortfall", "largest_present_shortfall"}
Range = tuple[Decimal, Decimal | None]
"""The least and the most that a fact can be; None where there is no end."""


def unused_parts(pack: RulePack, named: Mapping[str, Collection[str]]) -> Iterator[Flaw]:
    """Competencies that nothing looks at, levels that nothing reaches, and expectations without a rule.

    `named` are the facts that the rules of each promotion name, by its id.
    """
    used = {name for promotion in pack.promotions for s in promotion.signals for name in s.competencies}
    used |= {one.competency for level in pack.levels for one in level.expects}
    for competency in pack.competencies:
        if competency.id not in used:
            text = (
                f"no signal looks at the competency `{competency.id}`, and no level expects it; people would "
                "rate it for nothing"
            )
            yield Flaw("unused_competency", None, (), text, None, competency.id)
    reached = {end for t in pack.promotions for end in (t.from_level, t.to_level)}
    for level in pack.levels:
        # Nothing is expected in vain of the highest level: nobody is promoted from it.
        # Nor is the lowest rating, which nobody can miss.
        can_be_missed = any(one.rating > pack.scale.lowest for one in level.expects)
        onwards = [named[promotion.id] for promotion in pack.promotions_from(level.id)]
        if level.id not in reached:
            text = f"no promotion leads to the level `{level.id}` or away from it"
            yield Flaw("unused_level", None, (), text, None, level.id)
        elif can_be_missed and onwards and not any(_OF_PRESENT_RATINGS & set(facts) for facts in onwards):
            text = (
                f"the level `{level.id}` expects ratings, and no rule looks at them; name a fact such as "
                "`largest_present_shortfall` in a rule, or leave `expects` out"
            )
            yield Flaw("unused_expectation", None, (), text, None, level.id)


def vain_conditions(pack: RulePack) -> Iterator[Flaw]:
    """Comparisons in rules that are true of everybody or of nobody, in each promotion that reads the rule."""
    found: dict[tuple[str, str], list[bool | None]] = {}
    told: dict[tuple[str, str], Range] = {}
    rules: dict[str, Rule] = {}
    for promotion in pack.promotions:
        facts, ranges = facts_of(pack, promotion), _ranges(pack, promotion)
        for rule in pack.rules_of(promotion):
            rules[rule.code] = rule
            for atom in _comparisons(parse_condition(rule.when, facts)):
                if atom.fact in ranges:
                    key = rule.code, f"{atom.fact} {atom.operator} {atom.constant}"
                    found.setdefault(key, []).append(_always(atom, ranges[atom.fact]))
                    told.setdefault(key, ranges[atom.fact])
    for (code, text), always in found.items():
        if len(set(always)) == 1 and always[0] is not None:
            low, high = told[code, text]
            ends = f"at least {number(low)}" if high is None else f"from {number(low)} to {number(high)}"
            what = "true of everybody" if always[0] else "true of nobody"
            words = (
                f"{code}: `{text}` is {what}, as `{text.split()[0]}` is {ends}; leave it out or correct it"
            )
            yield Flaw("vain_condition", None, (code,), words)


def _comparisons(condition: Condition) -> Iterator[Compare]:
    return (atom for atom in atoms_of(condition) if isinstance(atom, Compare))


def _always(atom: Compare, ends: Range) -> bool | None:
    """Whether a comparison holds for every number between the ends, or for none; None where it depends."""
    low, high = ends[0], Decimal("Infinity") if ends[1] is None else ends[1]
    if atom.operator in ("==", "!="):
        return None if low <= atom.constant <= high else atom.operator == "!="
    at_low, at_high = (_HOLDS[atom.operator](end, atom.constant) for end in (low, high))
    return at_low if at_low == at_high else None


_HOLDS = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}


def _ranges(pack: RulePack, promotion: Promotion) -> dict[str, Range]:
    scale, zero, one = pack.scale, Decimal(0), Decimal(1)
    every = Decimal(len(promotion.signals))
    ranges: dict[str, Range] = {}
    for importance in IMPORTANCES:
        signals = [signal for signal in promotion.signals if signal.importance == importance]
        count = Decimal(len(signals))
        lacking = [max(pack.bar_of(promotion, signal) - scale.lowest, zero) for signal in signals]
        ranges |= {f"{importance}_{status}": (zero, count) for status in STATUSES}
        ranges[f"{importance}_total"] = (count, count)
        ranges[f"{importance}_met_share"] = (zero, one) if signals else (one, one)
        whole = sum(lacking, zero)
        mean = whole / len(signals) if signals and importance == "supporting" else whole
        ranges[f"{importance}_shortfall"] = (zero, mean)
        ranges[f"largest_{importance}_shortfall"] = (zero, max(lacking, default=zero))
    expects = pack.level(promotion.from_level).expects
    missed = [max(each.rating - scale.lowest, zero) for each in expects]
    ranges |= {f"present_{name}": (zero, Decimal(len(expects))) for name in ("met", "below")}
    ranges["present_shortfall"] = (zero, sum(missed, zero))
    ranges["largest_present_shortfall"] = (zero, max(missed, default=zero))
    rated = Decimal(len(pack.competencies))
    ranges |= dict.fromkeys(("lowest_ratings", "missing_ratings"), (zero, rated))
    ranges |= dict.fromkeys(_SCORES, (scale.lowest, scale.highest))
    ranges |= dict.fromkeys(("coverage", "firmness"), (zero, one))
    ranges |= dict.fromkeys(
        ("blind_spots", "hidden_strengths", "self_higher", "self_lower", "self_unknown"), (zero, every)
    )
    return {**ranges, **dict.fromkeys(TIME_NUMBERS, (zero, None))}


def idle_signals(
    pack: RulePack, variant: Variant, programs: Programs, recommender: Recommender
) -> Iterator[Flaw]:
    """Signals that no fact of a rule on the band can tell from ones that are met anyhow; of a specialisation
    those that it asks for differently."""
    if not programs.band.facts.keys().isdisjoint(_SCORES):
        # The band looks at the ratings themselves, past all bars.
        return
    promotion, special = variant.promotion, variant.specialisation
    changed = {after.id for _, after, _ in variant.changed}
    if special is not None:
        pack = replaced(pack, ("promotions", [*pack.promotions].index(variant.base)), promotion)
    tried = _Tried.of(pack, promotion, programs, recommender)
    for place, signal in enumerate(promotion.signals):
        if special is not None and signal.id not in changed:
            continue
        if not (tried.matters(place, signal) or _can_matter(pack, promotion, programs, place)):
            asked = f", as {special.title} asks for it," if special is not None else ""
            text = (
                f"{promotion.title}: the signal `{signal.id}`{asked} can never change a band: no rule on the "
                "band can tell whether it is met; name it or its like in a rule, make it core, or leave it "
                "out"
            )
            yield Flaw("idle_signal", promotion.id, (), text, None, signal.id)


@dataclass(frozen=True)
class _Tried:
    """Made-up people."""

    pack: RulePack
    promotion: Promotion
    programs: Programs
    bander: Bander
    ratings: Ints
    """Of strong people, a row for each of the bander's competencies."""
    times: Mapping[str, Ints]

    @classmethod
    def of(
        cls, pack: RulePack, promotion: Promotion, programs: Programs, recommender: Recommender
    ) -> "_Tried":
        bander = _bander(pack, promotion, programs, recommender)
        dice, scale = np.random.default_rng(7), bander.scale.ratings()
        size = (len(bander.competencies), PEOPLE)
        down = np.minimum(dice.integers(3, size=size) * dice.integers(2, size=PEOPLE), len(scale) - 1)
        core = {name for one in promotion.signals if one.importance == "core" for name in one.competencies}
        # What only supports is low now and then, for some people more often: it counts together.
        low = dice.random(size) < dice.random(PEOPLE)
        low[[place for place, name in enumerate(bander.competencies) if name in core]] = False
        ratings = np.where(low, scale[dice.integers(len(scale), size=size)], scale[len(scale) - 1 - down])
        times = {
            name: dice.integers(cut.size, size=PEOPLE)
            for name, cut in programs.band.facts.items()
            if is_given(name)
        }
        return cls(pack, promotion, programs, bander, ratings, times)

    def matters(self, number: int, signal: Signal) -> bool:
        """Whether rules can tell somebody here who misses the signal from whoever meets it."""
        dice = np.random.default_rng(number)
        rows = [self.bander.competencies.index(name) for name in signal.competencies]
        scale, ratings = self.bander.scale.ratings(), self.ratings.copy()
        size = (len(rows), ratings.shape[1])
        # Some miss it by a little: what it shares with core signals must not fail those.
        near = len(scale) - 1 - dice.integers(min(len(scale), 5), size=size)
        wide = dice.integers(len(scale), size=size)
        ratings[rows] = scale[np.where(dice.integers(2, size=size[1]), near, wide)]
        without = _without_bar(self.pack, self.promotion, number)
        promotion = without.promotion(self.promotion.id)
        other = _bander(without, promotion, self.programs, self.bander.recommender)
        first, second = self.bander.bins(ratings, self.times), other.bins(ratings, self.times)
        return any(bool(np.any(first[name] != second[name])) for name in first)


def _bander(pack: RulePack, promotion: Promotion, programs: Programs, recommender: Recommender) -> Bander:
    meaning = PromotionMeaning.of(pack, promotion)
    return Bander.of(pack, meaning, programs.band, recommender)


def _without_bar(pack: RulePack, promotion: Promotion, number: int) -> RulePack:
    """The pack with a signal that everybody meets."""
    place = [one.id for one in pack.promotions].index(promotion.id)
    return replaced(pack, ("promotions", place, "signals", number, "bar"), pack.scale.lowest)


def _can_matter(pack: RulePack, promotion: Promotion, programs: Programs, number: int) -> bool:
    """Whether a solver cannot rule out that rules tell somebody who misses the signal from others."""
    without = _without_bar(pack, promotion, number)
    one = Bands.of(pack, Variant(promotion, promotion, None), programs)
    free = without.promotion(promotion.id)
    other = Bands.of(without, Variant(free, free, None), programs)
    bins = ((cut, frozenset({place})) for cut in programs.band.facts.values() for place in range(cut.size))
    differs = z3.Or([one.facts.within(cut, some) != other.facts.within(cut, some) for cut, some in bins])
    return not one.possible.is_ruled_out(differs, effort=EFFORT)
