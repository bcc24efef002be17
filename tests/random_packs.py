"""Random rule packs and random people, to hold the engine against the oracle far from the shipped pack."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import polars as pl

from inputs import (
    PEOPLE_SCHEMA,
    UNITS_PER_POINT,
    EarlierCycle,
    Roster,
    rating_column,
)
from rules.facts import CYCLES_MET, Fact, facts_of, is_of_two_views
from rules.pack import (
    BANDS,
    CONFIDENCES,
    Bars,
    Competency,
    EvidenceStandard,
    Expectation,
    Finding,
    Level,
    Promotion,
    Rule,
    RulePack,
    Scale,
    Signal,
    SignalOverride,
    Specialisation,
    Tenure,
    YesNoFact,
)
from tests.small import CANNOT_TELL, CITE, SOURCES, WORDS

WEIGHTS = (("1",), ("1", "2"), ("1", "2", "3"), ("0.5", "1", "1.5"), ("0.1", "0.3"), ("2.5", "5"), ("7",))
"""Sets of weights; a pack takes one, as people do."""
POINTS = tuple(Decimal(text) for text in ("2.5", "3", "3.3", "3.5", "3.75", "4", "4.25"))


OF_TIME = (
    *("observed_months", "observation", "review", "review_age_months", "months_in_level"),
    *("experience_years", "tenure"),
)
"""Facts on time."""
ASKED = ("certificate", "network", "side_project")
"""Yes/no facts."""
COUNTED, SHARES = ("1", "2", "3"), ("0.25", "0.5", "0.6", "1")
LACKING, SCORED = ("0", "0.25", "0.5", "1", "1.5"), ("2.5", "3", "3.25", "3.5", "3.75", "4")
RISING = {
    "core_met": (">=", COUNTED),
    "core_gap": ("<", COUNTED),
    "core_met_share": (">=", SHARES),
    "core_shortfall": ("<=", LACKING),
    "largest_core_shortfall": ("<=", LACKING),
    "supporting_met": (">=", COUNTED),
    "supporting_gap": ("<", COUNTED),
    "supporting_met_share": (">", ("0", "0.25", "0.5")),
    "supporting_shortfall": ("<", ("0.25", "0.5", "1")),
    "largest_supporting_shortfall": ("<=", LACKING),
    "present_met": (">", ("0", "1")),
    "present_below": ("<", COUNTED),
    "present_shortfall": ("<=", LACKING),
    "largest_present_shortfall": ("<=", LACKING),
    "lowest_ratings": ("<", COUNTED),
    "score": (">=", SCORED),
    "lowest_score": (">=", SCORED),
}
"""The comparisons that hold the longer, the higher the ratings are, with constants that tell people apart."""
CONSTANTS = {
    "signals": ("0", "1", "2", "3"),
    "competencies": ("0", "1", "2", "3"),
    "share": ("0", "0.25", "0.5", "0.6", "0.75", "0.9", "1"),
    "points": ("0", "0.25", "0.5", "1", "1.5", "2.5", "3", "3.25", "3.5", "3.75", "4"),
    "years": ("0.5", "1", "1.5", "2", "3", "5"),
    "months": ("0", "1", "6", "12", "18", "24"),
    "cycles": ("0", "1", "2"),
}
"""What facts are compared with, by their unit."""
Facts = Mapping[str, Fact]


def random_pack(
    seed: int, *, monotone: bool = False, answers: bool = False, cycles: bool = False
) -> RulePack:
    """A small valid pack: random signals, expectations, bars and margins; random rules, every case concluded.

    With `answers` it asks yes/no facts, and its rules look at the answers; with `cycles` they look at earlier
    cycles.

    In a monotone one no higher rating leads to a lower band, as the rules on the band look only in the
    right direction.
    """
    dice = random.Random(seed)
    competencies = [f"skill_{number}" for number in range(dice.randint(3, 7))]
    weights = dice.choice(WEIGHTS)
    bare = RulePack(
        name="random",
        version="1",
        title="Random",
        about="Made by dice.",
        scale=Scale(lowest=Decimal(1), highest=Decimal(5), step=dice.choice([Decimal("0.5"), Decimal(1)])),
        standard=EvidenceStandard(
            bars=_bars(dice),
            near_margin=Decimal(dice.choice(["0", "0.25", "0.3", "0.5", "1"])),
            agreement_margin=Decimal(dice.choice(["0.1", "0.5", "0.7", "1"])),
            minimum_coverage=Decimal(dice.choice(["0.01", "0.34", "0.5", "0.6", "1"])),
            observation_months=dice.choice([0, 1, 6, 11, 12]),
            stale_months=dice.choice([1, 3, 12, 24]),
        ),
        **WORDS,
        cannot_tell=CANNOT_TELL,
        sources=SOURCES,
        levels=tuple(_level(dice, number, competencies) for number in range(4)),
        competencies=tuple(
            Competency(id=name, title=name.title(), definition="A skill.", cite=CITE) for name in competencies
        ),
        facts=tuple(YesNoFact(id=name, title=f"a {name}", cite=CITE) for name in ASKED if answers),
        findings=tuple(
            Finding(id=f"finding_{n}", title=f"Finding {n}", meaning="It is so.", kind="concern", cite=CITE)
            for n in range(dice.randint(1, 6))
        ),
        rules=(),
        promotions=tuple(
            _promotion(dice, competencies, weights, start, end)
            for start, end in ((0, 1), (1, 2), (1, 3), (2, 3))
        ),
        sha256="0" * 64,
    )
    return _RuleMaker(dice, bare, monotone=monotone, cycles=cycles).pack()


def _level(dice: random.Random, number: int, competencies: Sequence[str]) -> Level:
    """A level that expects something of up to three competencies."""
    expected = dice.sample(competencies, dice.randint(0, 3))
    return Level(
        id=f"level_{number}",
        title=f"Level {number}",
        track="ic",
        summary="A step.",
        expects=tuple(
            Expectation(
                competency=name, rating=Decimal(dice.choice(["2", "2.5", "3", "3.25", "4"])), cite=CITE
            )
            for name in expected
        ),
        cite=CITE,
    )


def random_specialisations(seed: int, pack: RulePack) -> RulePack:
    """The pack with three specialisations that ask for some signals differently in some way."""
    dice = random.Random(seed)
    weights = sorted({str(w) for t in pack.promotions for s in t.signals for w in s.competencies.values()})
    names = [competency.id for competency in pack.competencies]
    specialisations = []
    for number in range(3):
        signal_overrides = [
            _emphasis(dice, promotion, signal, names, weights)
            for promotion in pack.promotions
            for signal in promotion.signals
            if dice.random() < 0.4
        ]
        specialisations.append(
            Specialisation(
                id=f"specialisation_{number}",
                title=f"Specialisation {number}",
                about="Of a kind.",
                signal_overrides=tuple(signal_overrides),
                cite=CITE,
            )
        )
    return pack.model_copy(update={"specialisations": tuple(specialisations)})


def _emphasis(
    dice: random.Random,
    promotion: Promotion,
    signal: Signal,
    competencies: Sequence[str],
    weights: Sequence[str],
) -> SignalOverride:
    """Another bar, importance or other weights, which may look at other competencies."""
    asked = dice.choice(["bar", "weights", "importance", "all"])
    chosen = dice.sample(competencies, dice.randint(1, min(4, len(competencies))))
    return SignalOverride(
        promotion=promotion.id,
        signal=signal.id,
        bar=dice.choice(POINTS) if asked in ("bar", "all") else None,
        importance=dice.choice(["core", "supporting"]) if asked in ("importance", "all") else None,
        competencies={name: Decimal(dice.choice(weights)) for name in chosen}
        if asked in ("weights", "all")
        else {},
        reason="It is so there.",
    )


def _bars(dice: random.Random) -> Bars:
    return Bars(core=dice.choice(POINTS), supporting=dice.choice(POINTS))


def _promotion(
    dice: random.Random, competencies: Sequence[str], weights: Sequence[str], start: int, end: int
) -> Promotion:
    signals = tuple(
        Signal(
            id=f"signal_{number}",
            title=f"Signal {number}",
            looks_like="One sees it.",
            importance="core" if number == 0 else dice.choice(["core", "supporting"]),
            competencies={
                name: Decimal(dice.choice(weights))
                for name in dice.sample(competencies, dice.randint(1, min(4, len(competencies))))
            },
            bar=dice.choice(POINTS) if dice.random() < 0.3 else None,
            grow="Practise.",
            ask="When did you?",
            cite=CITE,
        )
        for number in range(dice.randint(1, 5))
    )
    years = dice.choice([None, (0, 2), (1, None), ("1.5", "2.5"), (3, 5)])
    return Promotion(
        id=f"from_{start}_to_{end}",
        from_level=f"level_{start}",
        to_level=f"level_{end}",
        title=f"{start} to {end}",
        bars=_bars(dice) if dice.random() < 0.3 else None,
        tenure=None
        if years is None
        else Tenure(
            measure=dice.choice(["time_in_level", "product_experience"]),
            from_years=Decimal(years[0]),
            to_years=None if years[1] is None else Decimal(years[1]),
            cite=CITE,
        ),
        signals=signals,
        cite=CITE,
    )


class _RuleMaker:
    """Rules for a pack that has none.

    The first half of the findings are impartial: they never rest on self ratings, so that rules on the band
    and on confidence may name them. A rule names only findings before its own, so that layers exist. Of the
    conclusions the earlier win over the later.
    """

    def __init__(self, dice: random.Random, bare: RulePack, *, monotone: bool, cycles: bool) -> None:
        self.dice, self.bare, self.monotone = dice, bare, monotone
        self.unasked = () if cycles else (CYCLES_MET,)
        self.order = [finding.id for finding in bare.findings]
        dice.shuffle(self.order)
        self.impartial = self.order[: (len(self.order) + 1) // 2]
        self.shared = {
            name: fact
            for name, fact in self._facts_of(bare.promotions[0]).items()
            if not name.startswith(("signal.", "agreement."))
        }

    def _facts_of(self, promotion: Promotion) -> dict[str, Fact]:
        facts = facts_of(self.bare, promotion)
        return {name: fact for name, fact in facts.items() if name not in self.unasked}

    def pack(self) -> RulePack:
        """The pack with its rules."""
        dice = self.dice
        general = [self._finding(f"GEN-F{n}", self.shared) for n in range(dice.randint(1, 4))]
        if dice.random() < 0.5:
            some = tuple(promotion.id for promotion in self.bare.promotions if dice.random() < 0.5)
            general.append(self._finding("SOME-F", self.shared).model_copy(update={"only_for": some}))
        conclusions = [*self._bands(), *self._confidences()]
        promotions = []
        for number, promotion in enumerate(self.bare.promotions):
            facts = self._facts_of(promotion)
            own = [self._finding(f"OWN{number}-F{n}", facts) for n in range(dice.randint(0, 4))]
            if dice.random() < 0.4:
                own.append(self._exception(f"OWN{number}-C", conclusions, facts))
            promotions.append(promotion.model_copy(update={"rules": tuple(own)}))
        mixed = [*general, *conclusions]
        dice.shuffle(mixed)
        fields = {name: getattr(self.bare, name) for name in RulePack.model_fields}
        return RulePack(**{**fields, "rules": tuple(mixed), "promotions": tuple(promotions)})

    def _finding(self, code: str, facts: Facts) -> Rule:
        place = self.dice.randrange(len(self.order))
        finding, earlier = self.order[place], self.order[:place]
        if finding not in self.impartial:
            known = _without_flags(facts, ("finding",), earlier)
            when = random_condition(self.dice, known, 3)
        elif self.monotone:
            when = self._rising(facts, earlier, 3)
        else:
            known = _without_flags(facts, ("finding", "recommendation"), earlier)
            when = random_condition(self.dice, known, 3)
        return _rule(code, when, finding=finding)

    def _bands(self) -> list[Rule]:
        if self.monotone:
            return self._rising_bands()
        codes = [f"REC-{n}" for n in range(self.dice.randint(1, 5))]
        facts = self._known(self.shared, "recommendation")
        return [
            _band_rule(
                self.dice,
                code,
                "always" if code == codes[-1] else random_condition(self.dice, facts, 3),
                self.dice.choice(BANDS),
                codes[number + 1 :],
            )
            for number, code in enumerate(codes)
        ]

    def _rising_bands(self) -> list[Rule]:
        """Time may take the question away; then the highest band whose condition holds."""
        dice, of_time = self.dice, self._given
        made: list[tuple[str, str]] = []
        if dice.random() < 0.5:
            made.append((random_condition(dice, of_time, 1), "insufficient_evidence"))
        if dice.random() < 0.5:
            made.append((f"not ({self._rising(self.shared, self.impartial, 1)})", "developing"))
        for band in ("ready_now", "ready_now", "ready_soon", "ready_soon"):
            if dice.random() < 0.7:
                made.append((self._rising(self.shared, self.impartial, 2), band))
        made.append(("always", "developing"))
        codes = [f"REC-{n}" for n in range(len(made))]
        return [
            _band_rule(dice, codes[number], when, band, codes[number + 1 :])
            for number, (when, band) in enumerate(made)
        ]

    def _confidences(self) -> list[Rule]:
        codes = [f"CON-{n}" for n in range(self.dice.randint(1, 5))]
        facts = self._known(self.shared, "confidence")
        return [
            _rule(
                code,
                "always" if code == codes[-1] else random_condition(self.dice, facts, 3),
                confidence=self.dice.choice(CONFIDENCES),
                overrides=tuple(codes[number + 1 :]),
            )
            for number, code in enumerate(codes)
        ]

    def _exception(self, code: str, general: Sequence[Rule], facts: Facts) -> Rule:
        """A conclusion of one promotion alone, which wins over the general ones on its topic."""
        if self.dice.random() < 0.5:
            over = tuple(rule.code for rule in general if rule.topic == "confidence")
            when = random_condition(self.dice, self._known(facts, "confidence"), 2)
            return _rule(code, when, confidence=self.dice.choice(CONFIDENCES), overrides=over)
        if not self.monotone:
            over = tuple(rule.code for rule in general if rule.topic == "recommendation")
            when = random_condition(self.dice, self._known(facts, "recommendation"), 2)
            return _band_rule(self.dice, code, when, self.dice.choice(BANDS), over)
        bands = [rule for rule in general if rule.topic == "recommendation"]
        in_time = [f"not ({rule.when})" for rule in bands if rule.recommendation == "insufficient_evidence"]
        over = tuple(rule.code for rule in bands if rule.recommendation != "insufficient_evidence")
        high = self._rising(facts, self.impartial, 2)
        band, when = self.dice.choice([("ready_now", f"({high})"), ("developing", f"not ({high})")])
        return _band_rule(self.dice, code, " and ".join([*in_time, when]), band, over)

    @property
    def _given(self) -> dict[str, Fact]:
        """The facts that no rating moves."""
        others = [name for name in self.shared if name.startswith("fact.") or name == CYCLES_MET]
        return {name: self.shared[name] for name in (*OF_TIME, *others)}

    def _known(self, facts: Facts, topic: str) -> dict[str, Fact]:
        return _without_flags(facts, (topic,), self.impartial)

    def _rising(self, facts: Facts, findings: Sequence[str], depth: int) -> str:
        """A condition that goes on holding when ratings rise."""
        dice = self.dice
        if depth > 0 and dice.random() < 0.5:
            word = dice.choice([" and ", " or "])
            return word.join(f"({self._rising(facts, findings, depth - 1)})" for _ in range(2))
        kind = dice.random()
        if kind < 0.06:
            return random_condition(dice, self._given, 0)
        flags = [name for name in findings if name in self.impartial]
        if kind < 0.3 and flags:
            return f"finding.{dice.choice(flags)}"
        signals = [name for name in facts if name.startswith("signal.")]
        if kind < 0.5 and signals:
            held = dice.choice(['== "met"', 'in ("met", "near")', '!= "gap"', 'not in ("gap", "near")'])
            return f"{dice.choice(signals)} {held}"
        name = dice.choice(sorted(RISING))
        operator, constants = RISING[name]
        return f"{name} {operator} {dice.choice(constants)}"


def _without_flags(facts: Facts, topics: Sequence[str], findings: Sequence[str]) -> dict[str, Fact]:
    """The facts that rules on all these topics may name, of the findings only these."""
    flags = {f"finding.{name}" for name in findings}
    return {
        name: fact
        for name, fact in facts.items()
        if (fact.kind != "flag" or name in flags) and all(_is_for(name, topic) for topic in topics)
    }


def _is_for(name: str, topic: str) -> bool:
    if name in ("firmness", "recommendation"):
        return topic == "confidence"
    return topic == "finding" or not is_of_two_views(name)


def _rule(code: str, when: str, **conclusion: Any) -> Rule:
    return Rule(code=code, title="A conclusion", when=when, reason="So it is.", cite=CITE, **conclusion)


def _band_rule(dice: random.Random, code: str, when: str, band: str, over: Sequence[str]) -> Rule:
    kind = dice.choice(["too_new", "earlier_level"]) if band == "insufficient_evidence" else None
    conclusion = {"recommendation": band, "kind": kind, "next_step": "Go on.", "overrides": tuple(over)}
    return _rule(code, when, **conclusion)


def random_condition(dice: random.Random, facts: Facts, depth: int) -> str:
    """The text of a condition over these facts."""
    kind = dice.random()
    if depth > 0 and kind < 0.5:
        word = dice.choice([" and ", " or "])
        return word.join(
            f"({random_condition(dice, facts, depth - 1)})"
            for _ in range(dice.randint(2, 3 if depth < 3 else 2))
        )
    if depth > 0 and kind < 0.62:
        return f"not ({random_condition(dice, facts, depth - 1)})"
    fact = facts[dice.choice(sorted(facts))]
    if fact.kind == "flag":
        return fact.name
    if fact.kind == "category":
        if dice.random() < 0.5:
            return f'{fact.name} {dice.choice(["==", "!="])} "{dice.choice(fact.values)}"'
        some = dice.sample(fact.values, dice.randint(1, len(fact.values) - 1))
        listed = ", ".join(f'"{value}"' for value in some)
        return f"{fact.name} {dice.choice(['in', 'not in'])} ({listed})"
    if fact.may_be_unknown and dice.random() < 0.15:
        return f"known({fact.name})"
    constant = dice.choice(CONSTANTS[fact.unit])
    return f"{fact.name} {dice.choice(['==', '!=', '<', '<=', '>', '>='])} {constant}"


GAPS = (0, 0, 0, 0.05, 0.1, 0.4, 0.9)


def random_roster(
    seed: int, pack: RulePack, day: date, people: int, *, gaps: Sequence[float] = GAPS
) -> Roster:
    """People with ratings missing, at the bar, at the margin, and in halves, thirds and tenths of a point.

    `gaps`: how large a share of somebody's ratings is missing, one of these for each person.
    """
    dice = random.Random(seed)
    values = _telling_points(pack)
    least = min(
        pack.bar_of(promotion, signal) for promotion in pack.promotions for signal in promotion.signals
    )
    strong = [units for units in values if units >= (least - pack.standard.near_margin) * UNITS_PER_POINT]
    levels = [level.id for level in pack.levels]
    specialisations = [specialisation.id for specialisation in pack.specialisations]
    targets = {level: [t.to_level for t in pack.promotions if t.from_level == level] for level in levels}
    rows, ratings, answers = [], [], random.Random(seed)
    columns = [rating_column(c.id, rater) for c in pack.competencies for rater in ("self", "manager")]
    # A file may lack a competency altogether.
    lost = dice.choice([0, 0, 0.1]) if any(gaps) else 0
    columns = [column for column in columns if dice.random() >= lost] or columns
    for number in range(people):
        level = dice.choice(levels if dice.random() < 0.1 else [t.from_level for t in pack.promotions])
        target = dice.choice(targets[level]) if targets[level] and dice.random() < 0.3 else None
        gap = dice.choice(gaps)
        palette = dice.choice([values, strong, dice.sample(values, 3), dice.sample(strong, 2)])
        ratings.append({column: None if dice.random() < gap else dice.choice(palette) for column in columns})
        rows.append(
            {
                "row": number + 2,
                "employee_id": f"E{number}",
                "level": level,
                "target_level": target,
                "level_since": _telling_date(dice, pack, day),
                "product_since": _telling_date(dice, pack, day),
                "specialisation": dice.choice([None, *specialisations]) if specialisations else None,
                "review_date": _review_date(dice, pack, day),
                **{fact.id: answers.choice([True, False, None]) for fact in pack.facts},
            }
        )
    frame = pl.DataFrame(
        [{name: row.get(name) for name in PEOPLE_SCHEMA} for row in rows], schema=PEOPLE_SCHEMA
    )
    return Roster.without_file(frame, pl.DataFrame(ratings, schema=dict.fromkeys(columns, pl.Int64)))


def with_earlier_cycles(seed: int, pack: RulePack, day: date, roster: Roster) -> Roster:
    """The same people with up to three earlier cycles, of which one may be another's ratings again."""
    dice, cycles = random.Random(seed), []
    for number in range(dice.choice([1, 2, 3]), 0, -1):
        end = day - timedelta(days=182 * number)
        then = random_roster(seed + 1000 * number, pack, end, roster.people.height)
        if cycles and dice.random() < 0.3:
            then = Roster.without_file(then.people, cycles[-1].roster.ratings)
        cycles.append(EarlierCycle(str(number), end, then))
    return replace(roster, earlier=tuple(cycles))


def lacking_few(people: Roster, pack: RulePack, most: int = 3) -> Roster:
    """Those of whom the manager left out no more than so many ratings: all completions can be tried."""
    asked = {rating_column(competency.id, "manager") for competency in pack.competencies}
    given = asked.intersection(people.ratings.columns)
    missing = pl.sum_horizontal(
        pl.lit(len(asked - given)), *(pl.col(name).is_null() for name in sorted(given))
    )
    few = people.ratings.select(missing <= most).to_series()
    return Roster.without_file(people.people.filter(few), people.ratings.filter(few))


def _telling_points(pack: RulePack) -> list[int]:
    """Ratings in units: where the pack's bars and margins are, just beside them, and odd fractions."""
    standard = pack.standard
    bars = {pack.bar_of(promotion, signal) for promotion in pack.promotions for signal in promotion.signals}
    exact = {round(value * UNITS_PER_POINT) for bar in bars for value in (bar, bar - standard.near_margin)}
    exact |= {units + round(standard.agreement_margin * UNITS_PER_POINT) for units in exact}
    beside = {units + step for units in exact for step in (-1, 1)}
    halves = {units * UNITS_PER_POINT // 2 for units in range(2, 11)}
    odd = {UNITS_PER_POINT * units // parts for parts in (3, 10) for units in range(parts, 5 * parts + 1, 2)}
    return sorted(
        units for units in exact | beside | halves | odd if UNITS_PER_POINT <= units <= 5 * UNITS_PER_POINT
    )


def _telling_date(dice: random.Random, pack: RulePack, day: date) -> date | None:
    """No date, a date about a boundary of the pack, or any within eight years; now and then after the day."""
    kind = dice.random()
    if kind < 0.1:
        return None
    if kind < 0.5:
        months = dice.choice([pack.standard.observation_months, 12, 18, 24, 30, 36, 60, 1])
        since = date(day.year - months // 12, day.month, min(day.day, 28)) - timedelta(
            days=30 * (months % 12)
        )
        return since + timedelta(days=dice.randint(-5, 5))
    return day - timedelta(days=dice.randint(-40, 365 * 8))


def _review_date(dice: random.Random, pack: RulePack, day: date) -> date | None:
    """No date, one about the day on which a review gets stale, or any within three years before the day."""
    kind = dice.random()
    if kind < 0.15:
        return None
    if kind < 0.5:
        months = dice.choice([0, 1, pack.standard.stale_months, pack.standard.stale_months + 1])
        return day - timedelta(days=max(0, round(30.44 * months) + dice.randint(-3, 3)))
    return day - timedelta(days=dice.randint(0, 365 * 3))
