"""What if the pack were another one: settings on a pack, and who would move from which band to which."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import partial
from hashlib import sha256
from typing import Any, TypeVar

import polars as pl
from pydantic import ValidationError

from engine.decide.assessing import assess
from engine.decide.assessment import Assessment
from inputs import Roster
from rules.conditions import parse_condition
from rules.facts import facts_of
from rules.pack import (
    BANDS,
    IMPORTANCES,
    PackError,
    Part,
    Promotion,
    Rule,
    RulePack,
    Signal,
    is_exact,
)
from rules.spelling import closest

MARK = "SIMULATION, not in force:"
MOST_VALUES = 200
"""Values that a sweep may have."""

AnyPart = TypeVar("AnyPart", bound=Part)
Apply = Callable[[RulePack, str], RulePack]


@dataclass(frozen=True)
class Setting:
    """One thing of a pack that a simulation can set."""

    key: str
    present: str
    """Its value in the pack."""
    apply: Apply


@dataclass(frozen=True)
class Simulation:
    """The same people under two packs."""

    before: Assessment
    after: Assessment
    settings: tuple[tuple[str, str], ...]
    """What was set, as key and value; empty for a second pack."""

    @property
    def movements(self) -> pl.DataFrame:
        """`person`, `promotion`, `before`, `after`: every recommendation under either pack, in the order of
        the roster; null where the promotion is not in the pack, or the rules come to none."""
        frames = [
            assessment.recommendations.select("person", "promotion", pl.col("recommendation").alias(name))
            for name, assessment in (("before", self.before), ("after", self.after))
        ]
        return (
            frames[0]
            .join(
                frames[1], on=["person", "promotion"], how="full", coalesce=True, maintain_order="left_right"
            )
            .sort("person", maintain_order=True)
        )

    @property
    def moved(self) -> pl.DataFrame:
        """The rows of `movements` whose band differs."""
        return self.movements.filter(pl.col("before").ne_missing(pl.col("after")))


@dataclass(frozen=True)
class SweepPoint:
    """How many recommendations each band holds for one value of the swept setting."""

    value: Decimal
    counts: Mapping[str, int]
    """In the order of `rules.pack.BANDS`."""
    undecided: int = 0
    """For how many the rules come to no recommendation."""


@dataclass(frozen=True)
class Sweep:
    """One setting taken through a range of values."""

    key: str
    present: str
    points: tuple[SweepPoint, ...]

    @property
    def undecided(self) -> bool:
        """Whether for some value the rules leave anybody without a recommendation."""
        return any(point.undecided for point in self.points)


def simulate(
    roster: Roster, pack: RulePack, other: RulePack, day: date, settings: Sequence[tuple[str, str]] = ()
) -> Simulation:
    """The same people under a pack and under another one, which may leave people without a recommendation.

    Raises `PackError` as `assess` does.
    """
    after = assess(roster, other, day, gaps_allowed=True)
    return Simulation(assess(roster, pack, day), after, tuple(settings))


def sweep(
    roster: Roster,
    pack: RulePack,
    key: str,
    values: Sequence[Decimal],
    day: date,
    settings: Sequence[tuple[str, str]] = (),
) -> Sweep:
    """Assess everybody once for each value of a setting, on top of other settings.

    Raises `PackError` as `with_settings` does.
    """
    points = []
    for value in values:
        other = with_settings(pack, [*settings, (key, str(value))])
        found = assess(roster, other, day, gaps_allowed=True)
        counts = Counter(found.recommendations["recommendation"].to_list())
        points.append(SweepPoint(value, {band: counts[band] for band in BANDS}, found.undecided.height))
    return Sweep(key, _setting(pack, key).present, tuple(points))


def with_settings(pack: RulePack, settings: Sequence[tuple[str, str]]) -> RulePack:
    """The pack with some values set. Raises `PackError` for an unknown key or a value that does not fit."""
    for key, value in settings:
        try:
            pack = _setting(pack, key).apply(pack, value)
        except ValidationError as error:
            detail = error.errors()[0]
            raise PackError(f"{key}={value}: {detail['msg']}") from error
    if not settings:
        return pack
    written = "".join(f"{key}={value}\n" for key, value in settings)
    digest = sha256((pack.sha256 + "\n" + written).encode()).hexdigest()
    return _with(pack, sha256=digest)


def marked(pack: RulePack) -> RulePack:
    """The pack under a title that says on every output that it is a simulation."""
    return _with(pack, title=f"{MARK} {pack.title}")


def settings_of(pack: RulePack) -> dict[str, Setting]:
    """Everything that a simulation of this pack can set, by key."""
    return {setting.key: setting for part in _FAMILIES for setting in part(pack)}


def parse_settings(texts: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """`bar.core=3.75` as key and value. Raises `PackError` when a text is no setting."""
    settings = []
    for text in texts:
        key, equals, value = text.partition("=")
        if not equals or not key.strip() or not value.strip():
            raise PackError(f"{text}: a setting is written as KEY=VALUE, such as bar.core=3.75")
        settings.append((key.strip(), value.strip()))
    return tuple(settings)


def parse_sweep(text: str) -> tuple[str, tuple[Decimal, ...]]:
    """`bar.core=3.0..4.5:0.25` as a key and its values, both ends included where the step meets them.

    Raises `PackError` when the text is no range.
    """
    key, _, span = text.partition("=")
    ends, _, step = span.partition(":")
    low, dots, high = ends.partition("..")
    wanted = f"{text}: a sweep is written as KEY=FROM..TO:STEP, such as bar.core=3.0..4.5:0.25"
    if not dots or not key.strip():
        raise PackError(wanted)
    try:
        first, last, by = Decimal(low.strip()), Decimal(high.strip()), Decimal(step.strip())
    except InvalidOperation as error:
        raise PackError(wanted) from error
    if not all(number.is_finite() for number in (first, last, by)) or by <= 0 or last < first:
        raise PackError(f"{text}: the step must be above 0 and the range must not end before it begins")
    count = int((last - first) / by) + 1
    if count > MOST_VALUES:
        raise PackError(f"{text}: this is {count} values; a sweep may have {MOST_VALUES}")
    return key.strip(), tuple(first + by * n for n in range(count))


def _setting(pack: RulePack, key: str) -> Setting:
    known = settings_of(pack)
    if key not in known:
        suggestion = closest(key, known) or f"; keys begin with {', '.join(_beginnings(known))}"
        raise PackError(f"{key}: there is no such setting of the pack “{pack.title}”{suggestion}")
    return known[key]


def _beginnings(keys: Mapping[str, Setting]) -> list[str]:
    return list(dict.fromkeys(key.partition(".")[0] + "." for key in keys))


def _standard(pack: RulePack) -> Iterator[Setting]:
    """Bars, margins and minimums of the whole pack."""
    standard = pack.standard
    for importance in IMPORTANCES:
        bar = str(standard.bars.of(importance))
        yield Setting(f"bar.{importance}", bar, partial(_set_general_bar, importance))
    for key, name in (
        ("margin.near", "near_margin"),
        ("margin.agreement", "agreement_margin"),
        ("coverage.minimum", "minimum_coverage"),
    ):
        yield Setting(key, str(getattr(standard, name)), partial(_set_standard, name))
    yield Setting("observation.months", str(standard.observation_months), _set_months)


def _of_promotions(pack: RulePack) -> Iterator[Setting]:
    """Bars, weights, importance and guidance of single promotions."""
    for promotion in pack.promotions:
        own, bars = promotion.id, promotion.bars or pack.standard.bars
        for importance in IMPORTANCES:
            bar = str(bars.of(importance))
            yield Setting(f"bar.{own}.{importance}", bar, partial(_set_promotion_bar, own, importance))
        for signal in promotion.signals:
            yield from _of_signal(pack, promotion, signal)
        if promotion.tenure is not None:
            years = {"from": "from_years", "to": "to_years"}
            for key, name in years.items():
                present = str(getattr(promotion.tenure, name))
                yield Setting(f"tenure.{own}.{key}", present, partial(_set_years, own, name))


def _of_signal(pack: RulePack, promotion: Promotion, signal: Signal) -> Iterator[Setting]:
    own, name = promotion.id, signal.id
    bar = str(pack.bar_of(promotion, signal))
    yield Setting(f"bar.{own}.{name}", bar, partial(_set_signal_bar, own, name))
    yield Setting(f"importance.{own}.{name}", signal.importance, partial(_set_importance, own, name))
    for competency, weight in signal.competencies.items():
        key = f"weight.{own}.{name}.{competency}"
        yield Setting(key, str(weight), partial(_set_weight, own, name, competency))


def _of_rules(pack: RulePack) -> Iterator[Setting]:
    """Whether a rule is read at all, and its condition."""
    homes: list[tuple[str | None, Rule]] = [(None, rule) for rule in pack.rules]
    homes += [(promotion.id, rule) for promotion in pack.promotions for rule in promotion.rules]
    for home, rule in homes:
        yield Setting(f"rule.{rule.code}.enabled", "true", partial(_set_enabled, home, rule.code))
        yield Setting(f"rule.{rule.code}.when", rule.when, partial(_set_condition, home, rule.code))


def _of_specialisations(pack: RulePack) -> Iterator[Setting]:
    """Whether a specialisation may ask for signals differently."""
    for specialisation in pack.specialisations:
        if specialisation.signal_overrides:
            key = f"specialisation.{specialisation.id}.enabled"
            yield Setting(key, "true", partial(_set_specialisation, specialisation.id))


_FAMILIES: tuple[Callable[[RulePack], Iterator[Setting]], ...] = (
    *(_standard, _of_promotions, _of_rules, _of_specialisations),
)


def _set_general_bar(importance: str, pack: RulePack, value: str) -> RulePack:
    return _set_standard_to(pack, bars=_with(pack.standard.bars, **{importance: _bar(pack, value)}))


def _set_standard(name: str, pack: RulePack, value: str) -> RulePack:
    return _set_standard_to(pack, **{name: _number(value)})


def _set_months(pack: RulePack, value: str) -> RulePack:
    if not value.isdecimal():
        raise PackError(f"{value}: a whole number of months is needed, such as 6")
    return _set_standard_to(pack, observation_months=int(value))


def _set_promotion_bar(promotion: str, importance: str, pack: RulePack, value: str) -> RulePack:
    bars = pack.promotion(promotion).bars or pack.standard.bars
    return _with_promotion(pack, promotion, bars=_with(bars, **{importance: _bar(pack, value)}))


def _set_signal_bar(promotion: str, signal: str, pack: RulePack, value: str) -> RulePack:
    return _with_signal(pack, promotion, signal, bar=_bar(pack, value))


def _set_importance(promotion: str, signal: str, pack: RulePack, value: str) -> RulePack:
    return _with_signal(pack, promotion, signal, importance=value)


def _set_weight(promotion: str, signal: str, competency: str, pack: RulePack, value: str) -> RulePack:
    before = next(one for one in pack.promotion(promotion).signals if one.id == signal)
    weights = {**before.competencies, competency: _number(value)}
    return _with_signal(pack, promotion, signal, competencies=weights)


def _set_years(promotion: str, name: str, pack: RulePack, value: str) -> RulePack:
    tenure = pack.promotion(promotion).tenure
    assert tenure is not None
    return _with_promotion(pack, promotion, tenure=_with(tenure, **{name: _number(value)}))


def _set_enabled(home: str | None, code: str, pack: RulePack, value: str) -> RulePack:
    if value not in ("true", "false"):
        raise PackError(f"rule.{code}.enabled={value}: write true or false")
    return pack if value == "true" else _with_rules(pack, home, lambda rule: rule.code != code, {})


def _set_specialisation(specialisation_id: str, pack: RulePack, value: str) -> RulePack:
    if value not in ("true", "false"):
        raise PackError(f"specialisation.{specialisation_id}.enabled={value}: write true or false")
    if value == "true":
        return pack
    changed = (
        _with(one, signal_overrides=()) if one.id == specialisation_id else one
        for one in pack.specialisations
    )
    return _with(pack, specialisations=tuple(changed))


def _set_condition(home: str | None, code: str, pack: RulePack, value: str) -> RulePack:
    for promotion in pack.promotions:
        if home in (None, promotion.id):
            try:
                parse_condition(value, facts_of(pack, promotion))
            except PackError as error:
                raise PackError(f"rule.{code}.when={value}: {error}") from error
    return _with_rules(pack, home, lambda _: True, {code: value})


def _set_standard_to(pack: RulePack, **changes: Any) -> RulePack:
    return _with(pack, standard=_with(pack.standard, **changes))


def _with(part: AnyPart, **changes: Any) -> AnyPart:
    """The part with some fields changed, checked anew."""
    fields = {name: getattr(part, name) for name in type(part).model_fields}
    return type(part).model_validate({**fields, **changes})


def _with_promotion(pack: RulePack, promotion_id: str, **changes: Any) -> RulePack:
    changed = (
        _with(promotion, **changes) if promotion.id == promotion_id else promotion
        for promotion in pack.promotions
    )
    return _with(pack, promotions=tuple(changed))


def _with_signal(pack: RulePack, promotion_id: str, signal_id: str, **changes: Any) -> RulePack:
    signals = (
        _with(signal, **changes) if signal.id == signal_id else signal
        for signal in pack.promotion(promotion_id).signals
    )
    return _with_promotion(pack, promotion_id, signals=tuple(signals))


def _with_rules(
    pack: RulePack, home: str | None, keep: Callable[[Rule], bool], conditions: Mapping[str, str]
) -> RulePack:
    """The pack with some rules of a promotion, or of all, left out or under another condition."""
    before = pack.rules if home is None else pack.promotion(home).rules
    rules = tuple(
        _with(rule, when=conditions[rule.code]) if rule.code in conditions else rule
        for rule in before
        if keep(rule)
    )
    return _with(pack, rules=rules) if home is None else _with_promotion(pack, home, rules=rules)


def _bar(pack: RulePack, value: str) -> Decimal:
    bar = _number(value)
    if not pack.scale.lowest <= bar <= pack.scale.highest:
        raise PackError(
            f"{value}: a bar lies on the rating scale, from {pack.scale.lowest} to {pack.scale.highest}"
        )
    return bar


def _number(value: str) -> Decimal:
    try:
        number = Decimal(value)
    except InvalidOperation as error:
        raise PackError(f"{value}: a number is needed, such as 3.75") from error
    if not number.is_finite():
        raise PackError(f"{value}: a number is needed, such as 3.75")
    if not is_exact(number):
        raise PackError(f"{value}: a number may have at most four decimals, so that comparisons stay exact")
    return number
