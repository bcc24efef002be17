"""Random rule packs and random people, to hold the engine against the oracle far from the shipped pack."""

import random
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

import polars as pl

from inputs import NOT_ASSESSABLE_SCHEMA, PEOPLE_SCHEMA, UNITS_PER_POINT, Roster, rating_column
from rules.facts import Fact, facts_of
from rules.pack import (
    BANDS,
    CONFIDENCES,
    Bars,
    Competency,
    EvidenceStandard,
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
)
from tests.small import CITE, SOURCES, WORDS

WEIGHTS = (("1",), ("1", "2"), ("1", "2", "3"), ("0.5", "1", "1.5"), ("0.1", "0.3"), ("2.5", "5"), ("7",))
"""Sets of weights; a pack takes one, as people do."""
POINTS = tuple(Decimal(text) for text in ("2.5", "3", "3.3", "3.5", "3.75", "4", "4.25"))


def random_pack(seed: int) -> RulePack:
    """A small valid pack: random signals, bars and margins; random rules, every case concluded."""
    dice = random.Random(seed)
    competencies = [f"skill_{number}" for number in range(dice.randint(3, 7))]
    weights = dice.choice(WEIGHTS)
    bare = RulePack(
        name="random",
        version="1",
        title="Random",
        about="Made by dice.",
        scale=Scale(lowest=Decimal(1), highest=Decimal(5)),
        standard=EvidenceStandard(
            bars=_bars(dice),
            near_margin=Decimal(dice.choice(["0", "0.25", "0.3", "0.5", "1"])),
            agreement_margin=Decimal(dice.choice(["0.1", "0.5", "0.7", "1"])),
            minimum_coverage=Decimal(dice.choice(["0.01", "0.34", "0.5", "0.6", "1"])),
            observation_months=dice.choice([0, 1, 6, 11, 12]),
        ),
        **WORDS,
        sources=SOURCES,
        levels=tuple(
            Level(id=f"level_{n}", title=f"Level {n}", track="ic", summary="A step.", cite=CITE)
            for n in range(4)
        ),
        competencies=tuple(
            Competency(id=name, title=name.title(), definition="A skill.", cite=CITE) for name in competencies
        ),
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
    return _with_rules(dice, bare)


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


def _with_rules(dice: random.Random, bare: RulePack) -> RulePack:
    """The pack with finding rules in layers, and conclusions of which the earlier win over the later."""
    shared = {
        name: fact
        for name, fact in facts_of(bare, bare.promotions[0]).items()
        if not name.startswith(("signal.", "agreement."))
    }
    order = [finding.id for finding in bare.findings]
    dice.shuffle(order)
    general = [_finding_rule(dice, f"GEN-F{n}", order, shared) for n in range(dice.randint(1, 4))]
    if dice.random() < 0.5:
        some = tuple(promotion.id for promotion in bare.promotions if dice.random() < 0.5)
        general.append(_finding_rule(dice, "SOME-F", order, shared).model_copy(update={"only_for": some}))
    conclusions = _conclusions(dice, shared)
    promotions = []
    for number, promotion in enumerate(bare.promotions):
        facts = facts_of(bare, promotion)
        own = [_finding_rule(dice, f"OWN{number}-F{n}", order, facts) for n in range(dice.randint(0, 4))]
        if dice.random() < 0.4:
            own.append(_exception(dice, f"OWN{number}-C", conclusions, facts))
        promotions.append(promotion.model_copy(update={"rules": tuple(own)}))
    mixed = [*general, *conclusions]
    dice.shuffle(mixed)
    fields = {name: getattr(bare, name) for name in RulePack.model_fields}
    return RulePack(**{**fields, "rules": tuple(mixed), "promotions": tuple(promotions)})


def _finding_rule(dice: random.Random, code: str, order: Sequence[str], facts: Mapping[str, Fact]) -> Rule:
    """A rule that may name only findings that come before its own, so that layers exist."""
    place = dice.randrange(len(order))
    earlier = {f"finding.{name}" for name in order[:place]}
    known = {name: fact for name, fact in facts.items() if fact.kind != "flag" or name in earlier}
    return Rule(
        code=code,
        title="A finding",
        when=random_condition(dice, known, 3),
        finding=order[place],
        reason="So it is.",
        cite=CITE,
    )


def _conclusions(dice: random.Random, facts: Mapping[str, Fact]) -> list[Rule]:
    rules: list[Rule] = []
    for topic, choices in (("recommendation", BANDS), ("confidence", CONFIDENCES)):
        codes = [f"{topic[:3].upper()}-{n}" for n in range(dice.randint(1, 5))]
        for number, code in enumerate(codes):
            last = number == len(codes) - 1
            rules.append(
                Rule(
                    code=code,
                    title="A conclusion",
                    when="always" if last else random_condition(dice, facts, 3),
                    overrides=tuple(codes[number + 1 :]),
                    reason="So it is.",
                    next_step="Go on." if topic == "recommendation" else None,
                    cite=CITE,
                    **{topic: dice.choice(choices)},
                )
            )
    return rules


def _exception(dice: random.Random, code: str, general: Sequence[Rule], facts: Mapping[str, Fact]) -> Rule:
    """A conclusion of one promotion alone, which wins over the general ones on its topic."""
    topic, choices = dice.choice([("recommendation", BANDS), ("confidence", CONFIDENCES)])
    return Rule(
        code=code,
        title="An exception",
        when=random_condition(dice, facts, 2),
        overrides=tuple(rule.code for rule in general if rule.topic == topic),
        reason="So it is.",
        next_step="Go on." if topic == "recommendation" else None,
        cite=CITE,
        **{topic: dice.choice(choices)},
    )


def random_condition(dice: random.Random, facts: Mapping[str, Fact], depth: int) -> str:
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
    constants = {
        "signals": ["0", "1", "2", "3"],
        "share": ["0", "0.25", "0.5", "0.6", "0.75", "1"],
        "points": ["2.5", "3", "3.25", "3.5", "3.75", "4"],
        "years": ["0.5", "1", "1.5", "2", "3", "5"],
        "months": ["1", "6", "12", "18", "24"],
    }[fact.unit]
    return f"{fact.name} {dice.choice(['==', '!=', '<', '<=', '>', '>='])} {dice.choice(constants)}"


def random_roster(seed: int, pack: RulePack, day: date, people: int) -> Roster:
    """People with ratings missing, at the bar, at the margin, and in halves, thirds and tenths of a point."""
    dice = random.Random(seed)
    values = _telling_points(pack)
    least = min(
        pack.bar_of(promotion, signal) for promotion in pack.promotions for signal in promotion.signals
    )
    strong = [units for units in values if units >= (least - pack.standard.near_margin) * UNITS_PER_POINT]
    levels = [level.id for level in pack.levels]
    specialisations = [specialisation.id for specialisation in pack.specialisations]
    targets = {level: [t.to_level for t in pack.promotions if t.from_level == level] for level in levels}
    rows, ratings = [], []
    columns = [rating_column(c.id, rater) for c in pack.competencies for rater in ("self", "manager")]
    # A file may lack a competency altogether.
    lost = dice.choice([0, 0, 0.1])
    columns = [column for column in columns if dice.random() >= lost] or columns
    for number in range(people):
        level = dice.choice(levels if dice.random() < 0.1 else [t.from_level for t in pack.promotions])
        target = dice.choice(targets[level]) if targets[level] and dice.random() < 0.3 else None
        gaps = dice.choice([0, 0, 0, 0.05, 0.1, 0.4, 0.9])
        palette = dice.choice([values, strong, dice.sample(values, 3), dice.sample(strong, 2)])
        ratings.append({column: None if dice.random() < gaps else dice.choice(palette) for column in columns})
        rows.append(
            {
                "row": number + 2,
                "employee_id": f"E{number}",
                "level": level,
                "target_level": target,
                "level_since": _telling_date(dice, pack, day),
                "product_since": _telling_date(dice, pack, day),
                "specialisation": dice.choice([None, *specialisations]) if specialisations else None,
            }
        )
    frame = pl.DataFrame(
        [{name: row.get(name) for name in PEOPLE_SCHEMA} for row in rows], schema=PEOPLE_SCHEMA
    )
    return roster_of(frame, pl.DataFrame(ratings, schema=dict.fromkeys(columns, pl.Int64)))


def roster_of(people: pl.DataFrame, ratings: pl.DataFrame) -> Roster:
    """A roster made of values, without a file behind it."""
    nobody = pl.DataFrame(schema=NOT_ASSESSABLE_SCHEMA)
    return Roster(people, ratings, people.select(), nobody, issues=(), columns=(), sources=())


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
