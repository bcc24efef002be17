"""What if the pack were another one: settings on a pack, and who would move from which band to which."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import partial
from hashlib import sha256

import polars as pl
from pydantic import ValidationError

from engine.decide.assessing import assess
from engine.decide.assessment import Assessment
from engine.decide.cycles import cycles_known
from engine.decide.ready import ReadyPeople
from engine.phrases import few
from inputs import Roster
from rules import KeyPath, closest, replaced, value_at, words_of
from rules.conditions import parse_condition
from rules.facts import facts_of
from rules.pack import BANDS, IMPORTANCES, Bars, Importance, PackError, Promotion, RulePack, Signal
from rules.values import is_exact

MARK = "SIMULATION, not in force:"
MOST_VALUES = 200
"""Values that a sweep may have."""
BAR_STEP = Decimal("0.05")
"""Points by which bars are moved bit by bit."""
MOST_MONTHS = 24
"""Months of observation up to which more of them are tried."""


Read = Callable[[str], object]
"""A written value to what the pack holds for it. Raises `PackError`."""


@dataclass(frozen=True)
class Span:
    """The numbers that are worth trying for a setting, a step apart."""

    lowest: Decimal
    highest: Decimal
    step: Decimal


@dataclass(frozen=True)
class Setting:
    """One thing of a pack that a simulation can set."""

    key: str
    path: KeyPath
    """Where it is in the pack."""
    present: str
    """Its value in the pack."""
    read: Read
    span: Span | None = None
    """Of a bar, a margin or a time that is worth moving bit by bit."""


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
        return _movements(self.before.recommendations, self.after.recommendations)

    @property
    def moved(self) -> pl.DataFrame:
        """The rows of `movements` whose band differs."""
        return self.movements.filter(pl.col("before").ne_missing(pl.col("after")))


def _movements(before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    keys = ["person", "promotion"]
    was, then = (
        frame.select(*keys, pl.col("recommendation").alias(name))
        for name, frame in (("before", before), ("after", after))
    )
    both = was.join(then, on=keys, how="full", coalesce=True, maintain_order="left_right")
    return both.sort("person", maintain_order=True)


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
    roster: Roster,
    pack: RulePack,
    other: RulePack,
    day: date,
    settings: Sequence[tuple[str, str]] = (),
    earlier: pl.DataFrame | None = None,
) -> Simulation:
    """The same people under a pack and under another one, which may leave people without a recommendation.

    `earlier` is what earlier cycles say, as for `assess`. Raises `PackError` as `assess` does.
    """
    known = {level.id for level in other.levels}
    if unknown := sorted(set(roster.people["level"].unique()) - known):
        raise PackError(
            f"{other.title.removeprefix(MARK).strip()} has no level {few(unknown, 5)}, on which people of "
            "this file are: it cannot be tried on them. Assess with each pack, and compare the two runs"
        )
    after = assess(roster, other, day, gaps_allowed=True, earlier=earlier)
    return Simulation(assess(roster, pack, day, earlier=earlier), after, tuple(settings))


@dataclass(frozen=True)
class Trial:
    """One value after another tried on people who are assessed already: quick, as what no setting moves is
    made ready once."""

    present: Assessment
    people: ReadyPeople

    @classmethod
    def of(cls, present: Assessment) -> "Trial":
        """The trial of an assessment."""
        return cls(present, ReadyPeople.of(present.roster, present.pack, present.day, cycles_known(present)))

    def movements(self, settings: Sequence[tuple[str, str]]) -> pl.DataFrame:
        """As `Simulation.movements`. Raises `PackError` as `with_settings`."""
        after = self.people.bands(with_settings(self.present.pack, settings))
        return _movements(self.present.recommendations, after)


def sweep(
    roster: Roster,
    pack: RulePack,
    key: str,
    values: Sequence[Decimal],
    day: date,
    settings: Sequence[tuple[str, str]] = (),
    earlier: pl.DataFrame | None = None,
) -> Sweep:
    """Assess everybody once for each value of a setting, on top of other settings.

    Raises `PackError` as `with_settings` does.
    """
    points = []
    for value in values:
        other = with_settings(pack, [*settings, (key, str(value))])
        found = assess(roster, other, day, gaps_allowed=True, earlier=earlier)
        counts = Counter(found.recommendations["recommendation"].to_list())
        points.append(SweepPoint(value, {band: counts[band] for band in BANDS}, found.undecided.height))
    return Sweep(key, _setting(pack, key).present, tuple(points))


def with_settings(pack: RulePack, settings: Sequence[tuple[str, str]]) -> RulePack:
    """The pack with some values set. Raises `PackError` for an unknown key or a value that does not fit."""
    for key, value in settings:
        setting = _setting(pack, key)
        try:
            pack = replaced(pack, setting.path, setting.read(value))
        except PackError as error:
            raise PackError(f"{key}={value}: {error}") from error
        except ValidationError as error:
            raise PackError(f"{key}={value}: {words_of(error.errors()[0])}") from error
    if not settings:
        return pack
    written = "".join(f"{key}={value}\n" for key, value in settings)
    digest = sha256((pack.sha256 + "\n" + written).encode()).hexdigest()
    return replaced(pack, ("sha256",), digest)


def marked(pack: RulePack) -> RulePack:
    """The pack under a title that says on every output that it is a simulation."""
    return replaced(pack, ("title",), f"{MARK} {pack.title}")


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
    if key in {f"bar.{importance}" for importance in IMPORTANCES} - known.keys():
        raise PackError(
            f"{key}: no signal of the pack “{pack.title}” takes its bar from there, because signals, "
            "promotions or the next level name theirs; set bar.PROMOTION.SIGNAL, as --list-keys prints them"
        )
    if key not in known:
        beginnings = dict.fromkeys(name.partition(".")[0] + "." for name in known)
        suggestion = closest(key, known) or f"; keys begin with {', '.join(beginnings)}"
        raise PackError(f"{key}: there is no such setting of the pack “{pack.title}”{suggestion}")
    return known[key]


def _standard(pack: RulePack) -> Iterator[Setting]:
    """Bars, margins and minimums of the whole pack."""
    on_scale, near = _bar_span(pack), (pack.scale.highest - pack.scale.lowest) / 2
    spans = {
        **{f"bar.{name}": on_scale for name in IMPORTANCES},
        "margin.near": replace(on_scale, lowest=Decimal(0), highest=near),
        "observation.months": Span(Decimal(0), Decimal(MOST_MONTHS), Decimal(1)),
    }
    usual = {
        signal.importance
        for promotion in pack.promotions
        for signal in promotion.signals
        if pack.has_usual_bar(promotion, signal)
    }
    months, count = partial(_whole, " of months, such as 6"), partial(_whole, ", such as 5")
    readers: tuple[tuple[str, KeyPath, Read], ...] = (
        *((f"bar.{name}", ("bars", name), partial(_bar, pack)) for name in IMPORTANCES if name in usual),
        ("bar.tolerance", ("bar_tolerance",), _number),
        ("margin.near", ("near_margin",), _number),
        ("margin.agreement", ("agreement_margin",), _number),
        ("coverage.minimum", ("minimum_coverage",), _number),
        ("observation.months", ("observation_months",), months),
        ("review.stale_months", ("stale_months",), months),
        ("firmness.borderline_below", ("borderline_below",), _number),
        ("question.from_core_signals", ("asked_from_core_signals",), count),
        ("question.straight_line_from", ("straight_line_from",), count),
        ("question.alike_from_people", ("alike_from_people",), count),
        ("question.alike_share", ("alike_share",), _number),
        ("letter.correction_days", ("correction_days",), count),
    )
    for key, path, read in readers:
        yield Setting(key, ("standard", *path), str(value_at(pack.standard, path)), read, spans.get(key))


def _bar_span(pack: RulePack) -> Span:
    return Span(pack.scale.lowest, pack.scale.highest, BAR_STEP)


def _of_promotions(pack: RulePack) -> Iterator[Setting]:
    """Bars, weights, importance and guidance of single promotions."""
    for place, promotion in enumerate(pack.promotions):
        own, path = promotion.id, ("promotions", place)
        bars = promotion.bars or pack.standard.bars
        for importance in IMPORTANCES:
            read = partial(_bars, pack, bars, importance)
            # Without bars of its own, what its signals have from elsewhere is what the setting would replace;
            # a signal with a bar of its own keeps that.
            has = set() if promotion.bars else _bars_of(pack, promotion, importance)
            present = ", ".join(map(str, sorted(has or {bars.of(importance)})))
            yield Setting(f"bar.{own}.{importance}", (*path, "bars"), present, read, _bar_span(pack))
        for number, signal in enumerate(promotion.signals):
            yield from _of_signal(pack, promotion, signal, (*path, "signals", number))
        for key, name in (("from", "from_years"), ("to", "to_years")) if promotion.tenure else ():
            present = str(value_at(promotion.tenure, (name,)))
            yield Setting(f"tenure.{own}.{key}", (*path, "tenure", name), present, _number)


def _bars_of(pack: RulePack, promotion: Promotion, importance: Importance) -> set[Decimal]:
    moved = (one for one in promotion.signals if one.importance == importance and one.bar is None)
    return {pack.bar_of(promotion, one) for one in moved}


def _of_signal(pack: RulePack, promotion: Promotion, signal: Signal, path: KeyPath) -> Iterator[Setting]:
    own, name = promotion.id, signal.id
    bar = str(pack.bar_of(promotion, signal))
    yield Setting(f"bar.{own}.{name}", (*path, "bar"), bar, partial(_bar, pack))
    yield Setting(f"importance.{own}.{name}", (*path, "importance"), signal.importance, str)
    for competency, weight in signal.competencies.items():
        key = f"weight.{own}.{name}.{competency}"
        yield Setting(key, (*path, "competencies", competency), str(weight), _number)


def _of_rules(pack: RulePack) -> Iterator[Setting]:
    """Whether a rule is read at all, and its condition."""
    homes: list[tuple[KeyPath, Sequence[Promotion]]] = [(("rules",), pack.promotions)]
    homes += [(("promotions", n, "rules"), (one,)) for n, one in enumerate(pack.promotions)]
    for home, promotions in homes:
        rules = value_at(pack, home)
        for number, rule in enumerate(rules):
            without = (*rules[:number], *rules[number + 1 :])
            yield Setting(f"rule.{rule.code}.enabled", home, "true", partial(_either, rules, without))
            read = partial(_condition, pack, promotions)
            yield Setting(f"rule.{rule.code}.when", (*home, number, "when"), rule.when, read)


def _of_specialisations(pack: RulePack) -> Iterator[Setting]:
    """Whether a specialisation may ask for signals differently."""
    for number, one in enumerate(pack.specialisations):
        if one.signal_overrides:
            path = ("specialisations", number, "signal_overrides")
            read = partial(_either, one.signal_overrides, ())
            yield Setting(f"specialisation.{one.id}.enabled", path, "true", read)


_FAMILIES = (_standard, _of_promotions, _of_rules, _of_specialisations)


def _either(enabled: object, disabled: object, text: str) -> object:
    if text not in ("true", "false"):
        raise PackError("write true or false")
    return enabled if text == "true" else disabled


def _condition(pack: RulePack, promotions: Iterable[Promotion], text: str) -> str:
    for promotion in promotions:
        parse_condition(text, facts_of(pack, promotion))
    return text


def _bars(pack: RulePack, bars: Bars, importance: Importance, text: str) -> Bars:
    """A promotion's bars, which take the pack's where it has none of its own."""
    return replaced(bars, (importance,), _bar(pack, text))


def _bar(pack: RulePack, text: str) -> Decimal:
    bar = _number(text)
    if not pack.scale.lowest <= bar <= pack.scale.highest:
        raise PackError(f"a bar is on the rating scale, from {pack.scale.lowest} to {pack.scale.highest}")
    return bar


def _whole(such: str, text: str) -> int:
    if not text.isdecimal():
        raise PackError(f"write a whole number{such}")
    return int(text)


def _number(text: str) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("nan")
    if not number.is_finite():
        raise PackError("write a number, such as 3.75")
    if not is_exact(number):
        raise PackError("a number may have at most four decimals, so that comparisons stay exact")
    return number
