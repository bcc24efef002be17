"""The rule pack: ladder, competencies, signals, rules and sources, as checked values."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal
from fractions import Fraction
from functools import cached_property
from math import ceil, floor, gcd, lcm
from typing import Annotated, Any, Literal, TypeVar

from pydantic import Field

from rules.phrases import span
from rules.values import DECIMALS, Change, Day, Identifier, Number, Part, Text

Band = Literal["ready_now", "ready_soon", "developing", "insufficient_evidence"]
BANDS: tuple[Band, ...] = ("ready_now", "ready_soon", "developing", "insufficient_evidence")
InsufficientKind = Literal["too_new", "earlier_level", "fact_missing", "cannot_be_told"]
RULED_KINDS: tuple[InsufficientKind, ...] = ("too_new", "earlier_level", "fact_missing")
"""The kinds of insufficient evidence that rules conclude; `cannot_be_told` is found from missing ratings."""
TOO_EARLY: tuple[InsufficientKind, ...] = ("too_new", "earlier_level")
"""Those of whoever has been at the present level for too short a time, or was rated before it: nothing that
the ratings say is held against anybody."""
Confidence = Literal["high", "medium", "low"]
CONFIDENCES: tuple[Confidence, ...] = ("high", "medium", "low")
Importance = Literal["core", "supporting"]
IMPORTANCES: tuple[Importance, ...] = ("core", "supporting")
Status = Literal["met", "near", "gap", "unrated"]
STATUSES: tuple[Status, ...] = ("met", "near", "gap", "unrated")
Agreement = Literal["aligned", "self_higher", "self_lower", "unknown"]
AGREEMENTS: tuple[Agreement, ...] = ("aligned", "self_higher", "self_lower", "unknown")
TimeMeasure = Literal["time_in_level", "product_experience"]
TENURES: tuple[str, ...] = ("early", "typical", "overdue", "unknown")
ANSWERS: tuple[str, ...] = ("yes", "no", "unknown")
"""What a sheet says of a yes/no fact; `unknown` where nobody has answered."""


class PackError(Exception):
    """The rule pack cannot be used. The message says file, line, what is wrong, and what would be right.

    The arguments are the problems, one line each; all problems of a pack are reported at once.
    """

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.args)


_P = TypeVar("_P", bound=Part)


class BandText(Part):
    """How a band, a confidence or a status is called and explained wherever it is shown."""

    label: Text
    meaning: Text
    talk: Text | None = None
    """For the manager, before the conversation with the person: how to open it, or what to ask."""
    answer: Text | None = None
    """What the manager may say when the person asks where they stand."""


class Citation(Part):
    """Where a statement comes from: an article and its section."""

    source: Text
    section: Text


class Source(Part):
    """An article that the pack rests on, with the sections that may be cited."""

    id: Text
    title: Text
    author: Text
    about: Text
    sections: tuple[Text, ...] = Field(min_length=1)


class Scale(Part):
    """The rating scale that the pack's bars are on."""

    lowest: Number
    highest: Number
    step: Annotated[Number, Field(gt=0)] = Decimal("0.5")
    """What one rating step is, in points: the least by which a rater moves a rating."""
    words: tuple[Text, ...] = ()
    """Where ratings are words: one for each step, the lowest first."""
    lowest_is_best: bool = False
    """Whether people rate downwards, as with school marks: of numbers that do not say which is the best, the
    lowest is. Bars and rules count upwards all the same."""
    meanings: Mapping[str, Text] = {}
    """What a point of the scale means, keyed by the point as text: `"4": strong`."""
    known_up_to: Number | None = None
    """Where nobody has said at which rating the scale ends: the highest that it surely has. `highest` is a
    guess then, and ratings that are said to end elsewhere are not stretched to it."""

    def written(self, point: Decimal) -> Decimal:
        """The number that people write for a point; of that number it is the point."""
        return self.lowest + self.highest - point if self.lowest_is_best else point


class Bars(Part):
    """The score that a signal needs to be met, by importance, in points of the scale."""

    core: Number
    supporting: Number

    def of(self, importance: Importance) -> Decimal:
        """The bar of a signal of this importance that names none of its own."""
        return self.core if importance == "core" else self.supporting


class EvidenceStandard(Part):
    """How ratings become evidence: bars, margins, and how much there must be."""

    bars: Bars
    bars_from: Literal["importance", "next_level"] = "importance"
    """Where a signal without a bar of its own has it from: its importance, or what the next level expects of
    its competencies, as their weighted mean."""
    bar_tolerance: Number = Field(default=Decimal(0), ge=0)
    """A bar from the next level lies so many points under what that level expects."""
    near_margin: Number = Field(ge=0)
    """A score at most this far under the bar, in points, is `near`."""
    agreement_margin: Number = Field(gt=0)
    """Self and manager at least this far apart, in points, disagree."""
    minimum_coverage: Number = Field(gt=0, le=1)
    """The share of a signal's weight that both raters must have rated before their views are compared."""
    observation_months: int = Field(ge=0)
    """Whole months in the level, up to the review, before ratings can speak for a recommendation."""
    stale_months: int = Field(default=12, ge=1)
    """A review that is more whole months old than this is stale."""
    borderline_below: Number = Field(default=Decimal("0.5"), ge=0, le=1)
    """A band that stays in a smaller share of the plausible re-ratings is marked as borderline."""
    asked_from_core_signals: int = Field(default=2, ge=1)
    """From so many core signals on, a blind spot or a hidden strength is asked about by name."""
    straight_line_from: int = Field(default=8, ge=2)
    """From so many ratings on, one and the same rating throughout is asked about."""
    alike_from_people: int = Field(default=5, ge=2)
    """From so many people on, a manager who gives nearly all the same rating is asked about."""
    alike_share: Number = Field(default=Decimal("0.8"), gt=0, le=1)
    """The share of a manager's ratings that makes “nearly all”."""
    correction_days: int = Field(default=30, ge=1)
    """Days in which a person may ask to have a decision looked at again, as letters say."""
    ratings_against: Literal["present_level", "whole_ladder"] = "whole_ladder"
    """What a rating is measured by: what the present level asks, or the whole ladder."""


class Skill(Part):
    """A skill that an article says to develop at a level."""

    title: Text
    competencies: tuple[Identifier, ...] = Field(min_length=1)
    advice: Text
    cite: Citation


class Expectation(Part):
    """The rating of one competency that a level asks of everybody who is on it."""

    competency: Identifier
    rating: Number
    cite: Citation


class Level(Part):
    """One step of the ladder."""

    id: Identifier
    title: Text
    track: Literal["entry", "ic", "management"]
    aliases: tuple[Text, ...] = ()
    summary: Text
    expects: tuple[Expectation, ...] = ()
    """What the level asks of whoever is on it: nobody is ready for the next one who misses it."""
    skills: tuple[Skill, ...] = ()
    cite: Citation


class Competency(Part):
    """One thing that a person is rated on; two columns of the sheet."""

    id: Identifier
    title: Text
    definition: Text
    category: Text | None = None
    """What it is listed under, together with others."""
    aliases: tuple[Text, ...] = ()
    cite: Citation


class Tenure(Part):
    """How long the articles expect a person to take before a promotion: guidance, never a gate."""

    measure: TimeMeasure
    from_years: Number = Field(ge=0)
    to_years: Number | None = None
    """Later than this is `overdue`; None when the article names no end."""
    cite: Citation

    @property
    def least_months(self) -> int:
        """The fewest whole months that are not `early`."""
        return ceil(Fraction(self.from_years) * 12)

    @property
    def most_months(self) -> int | None:
        """The most whole months that are not `overdue`."""
        return None if self.to_years is None else floor(Fraction(self.to_years) * 12)

    @property
    def shown(self) -> str:
        """`1 to 3 years`, `8 months or more`."""
        least, most = self.least_months, self.most_months
        if most is None:
            return f"{span(least)} or more"
        return f"{least // 12 if least % 12 == most % 12 == 0 else span(least)} to {span(most)}"


class Signal(Part):
    """One signal of readiness for one promotion."""

    id: Identifier
    title: Text
    looks_like: Text
    """What a manager would see, in our words."""
    importance: Importance
    competencies: Mapping[Identifier, Annotated[Number, Field(gt=0)]] = Field(min_length=1)
    """Competency id to weight."""
    bar: Number | None = None
    """Overrides the bar of its importance."""
    grow: Text
    """What to do to grow it: one concrete step."""
    ask: Text
    """A question that brings out evidence, worded for a manager."""
    cite: Citation

    @cached_property
    def weights(self) -> dict[str, int]:
        """Competency id to its weight as a whole number, in the same proportions."""
        scale = lcm(*(weight.as_integer_ratio()[1] for weight in self.competencies.values()))
        whole = {name: int(weight * scale) for name, weight in self.competencies.items()}
        common = gcd(*whole.values())
        return {name: weight // common for name, weight in whole.items()}


class Rule(Part):
    """One conclusion and the condition under which it is drawn."""

    code: Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9]*(-[A-Z0-9]+)+$")]
    title: Text
    when: Text
    """A condition over facts, in the language of `rules.conditions`."""
    finding: Identifier | None = None
    recommendation: Band | None = None
    confidence: Confidence | None = None
    only_for: tuple[Identifier, ...] = ()
    """The promotions that a general rule is read for; empty: all of them."""
    overrides: tuple[Text, ...] = ()
    """Codes of the rules whose different conclusion gives way when both apply."""
    reason: Text
    """The sentence shown for it, with placeholders of `rules.placeholders`."""
    next_step: Text | None = None
    """What follows from a recommendation, with placeholders of `rules.placeholders`."""
    kind: InsufficientKind | None = None
    """Why the evidence is insufficient; of a rule that recommends `insufficient_evidence`, and of no
    other."""
    valid_from: Day | None = None
    """The first day of runs that it is read in, as text: `"2026-01-01"`."""
    valid_until: Day | None = None
    """The last day."""
    changes: tuple[Change, ...] = ()
    """What was changed in it and when: `"2026-01-01: 0.75 in place of 0.5, as decided by the committee"`."""
    cite: Citation

    def is_read_on(self, day: date) -> bool:
        """Whether a run of this day reads it."""
        return (self.valid_from or "") <= day.isoformat() <= (self.valid_until or "9999-12-31")

    @property
    def topic(self) -> Literal["finding", "recommendation", "confidence"]:
        """What kind of conclusion the rule draws."""
        if self.recommendation is not None:
            return "recommendation"
        return "confidence" if self.confidence is not None else "finding"

    @property
    def conclusion(self) -> str:
        """The finding, band or confidence that the rule concludes."""
        return self.recommendation or self.confidence or self.finding or ""


class CannotTell(Part):
    """What is said where missing ratings could lead to more than one band."""

    code: Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9]*(-[A-Z0-9]+)+$")]
    title: Text
    reason: Text
    """With placeholders of `rules.placeholders`, `{worst_band}` and `{best_band}` among them."""
    next_step: Text
    cite: Citation

    @property
    def rule(self) -> Rule:
        """It as the rule that is shown; nobody runs it."""
        return Rule(
            code=self.code,
            title=self.title,
            when="missing ratings leave the band open",
            recommendation="insufficient_evidence",
            kind="cannot_be_told",
            reason=self.reason,
            next_step=self.next_step,
            cite=self.cite,
        )


QuestionKind = Literal[
    "blind_spot",
    "hidden_strength",
    "views_apart",
    "others_lower",
    "others_higher",
    "unwritten",
    "one_view",
    "straight_lined",
    "same_for_everybody",
    "not_asked",
    "old_review",
    "perhaps_twice",
    "reporting_loop",
    "rated_by_another",
]


class QuestionText(Part):
    """How an open question is called and put, beside a recommendation."""

    title: Text
    sentence: Text
    """With `{signals}`, `{count}`, `{rating}`, `{review_date}`, `{employee}` and `{manager}` to fill in."""


class Finding(Part):
    """A conclusion that rules draw on the way to a recommendation."""

    id: Identifier
    title: Text
    meaning: Text
    kind: Literal["strength", "concern", "evidence", "timing", "question"]
    cite: Citation


class YesNoFact(Part):
    """Something that is so or not, and that no rating shows: a yes/no column of the sheet."""

    id: Identifier
    """The name of the column, as mappings call it."""
    title: Text
    """What the person can point to where it is so, such as `a project owned from end to end`."""
    promotions: tuple[Identifier, ...] = ()
    """The promotions that ask for it; empty: all."""
    cite: Citation


class Promotion(Part):
    """One promotion: from a level to a next level, with its signals and its own rules."""

    id: Identifier
    from_level: Identifier = Field(alias="from")
    to_level: Identifier = Field(alias="to")
    title: Text
    bars: Bars | None = None
    """Overrides the pack's bars."""
    tenure: Tenure | None = None
    signals: tuple[Signal, ...] = Field(min_length=1)
    rules: tuple[Rule, ...] = ()
    """Rules of this promotion alone; they are read before the pack's general rules."""
    cite: Citation


View = Literal["all_of", "ladder", "shape", "steps"]
VIEWS: tuple[View, ...] = ("all_of", "ladder", "shape", "steps")
VIEW_WORDS: dict[View, tuple[str, ...]] = {
    "all_of": ("all", "some", "none", "unknown"),
    "ladder": ("none", "unknown"),
    "shape": ("i", "t", "broad", "none", "unknown"),
    "steps": ("done", "open"),
}
"""The values of a lens that need words of the pack; a ladder's other values are its parts."""


class LensPart(Part):
    """One thing that a lens looks at: a weighted set of competencies, held to a bar like a signal."""

    id: Identifier
    title: Text
    meaning: Text
    competencies: Mapping[Identifier, Annotated[Number, Field(gt=0)]] = {}
    """Competency id to weight; empty where no rating can show it, and it has to be asked for."""
    all_of: tuple[Identifier, ...] = ()
    """In place of competencies: other parts of the lens, all of which it takes."""
    fact: Identifier | None = None
    """In place of competencies, the yes/no fact that shows it: `yes` is met, `no` a gap."""
    bar: Number | None = None
    """Overrides the lens's bar."""
    counts: bool = True
    """False for what the lens's rules look at beside its parts, such as the strengths of the present role."""
    specialisation: Identifier | None = None
    """The specialisation whose work this part is."""
    grow: Text
    cite: Citation


class Lens(Part):
    """One framework of an article, seen as a view over the same ratings, with a value and its own rules.

    `all_of`: all parts are needed; the value says whether all, some or none are met. `ladder`: parts build on
    each other, lowest first; the value is the highest one that is met with all below it. `shape`: depth
    (met) and breadth (near or met) over the parts. `steps`: a way of steps; the value says whether all are
    shown.
    """

    id: Identifier
    key: Text
    """A short mark, such as a letter."""
    title: Text
    question: Text
    about: Text
    view: View
    promotions: tuple[Identifier, ...] = ()
    """Where the lens applies; empty: everywhere."""
    bar: Number | None = None
    """The bar of its parts; the pack's core bar unless given."""
    parts: tuple[LensPart, ...] = Field(min_length=1)
    expects: Mapping[Identifier, Identifier] = {}
    """In a ladder: level id to the part that the level needs."""
    words: Mapping[str, BandText]
    """How each value of `VIEW_WORDS` is called and explained."""
    findings: tuple[Finding, ...] = ()
    rules: tuple[Rule, ...] = ()
    """They conclude the lens's own findings, over the facts of `rules.lens_facts`."""
    cite: Citation


class Action(Part):
    """Something to do in order to grow, drawn from an article."""

    id: Identifier
    title: Text
    advice: Text
    competencies: tuple[Identifier, ...] = Field(min_length=1)
    """What it grows."""
    levels: tuple[Identifier, ...] = ()
    """The present levels that it is meant for; empty: all."""
    cite: Citation


class SignalOverride(Part):
    """What a specialisation asks differently of one signal: another importance, bar or weights, one of
    them at least."""

    promotion: Identifier
    signal: Identifier
    importance: Importance | None = None
    bar: Number | None = None
    competencies: Mapping[Identifier, Annotated[Number, Field(gt=0)]] = {}
    """Competency id to weight, in place of the signal's own; empty: as they are."""
    reason: Text
    """Why, as shown to a manager."""

    def applied_to(self, signal: Signal) -> Signal:
        """The signal as this specialisation asks for it."""
        asked = {"importance": self.importance, "bar": self.bar, "competencies": self.competencies}
        fields = {name: getattr(signal, name) for name in Signal.model_fields}
        return Signal(**{**fields, **{name: value for name, value in asked.items() if value}})


class Specialisation(Part):
    """A kind of the role, as a sheet may name it.

    It may ask for some signals differently, and lenses compare it with what a person is strongest in.
    """

    id: Identifier
    title: Text
    aliases: tuple[Text, ...] = ()
    about: Text
    signal_overrides: tuple[SignalOverride, ...] = ()
    cite: Citation

    def overrides_on(self, promotion: Promotion) -> dict[str, SignalOverride]:
        """By signal: what it asks differently for a promotion."""
        return {one.signal: one for one in self.signal_overrides if one.promotion == promotion.id}


class Example(Part):
    """A worked example: ratings in, what the rules must say out."""

    id: Identifier
    about: Text
    promotion: Identifier
    everything: Number
    """The rating, by both raters, of whatever is not named below."""
    manager: Mapping[Identifier, Number] = {}
    own: Mapping[Identifier, Number] = Field(default={}, alias="self")
    unrated: tuple[Identifier, ...] = ()
    """Competencies that the manager has not rated."""
    self_unrated: tuple[Identifier, ...] = ()
    months_in_level: int | None = None
    """Unknown when left out."""
    experience_months: int | None = None
    """In the profession; unknown when left out."""
    review_months: int | None = None
    """Since the review; undated when left out."""
    cycles_met_before: int | None = None
    """Earlier cycles in a row, the last one first, that met every core signal; unknown when left out."""
    specialisation: Identifier | None = None
    answered_yes: tuple[Identifier, ...] = ()
    """Yes/no facts to which the sheet says yes."""
    answered_no: tuple[Identifier, ...] = ()
    """Those to which it says no; nobody has answered the others."""
    recommendation: Band
    confidence: Confidence
    fires: tuple[Text, ...] = ()
    """Codes of rules, of lenses too, that must fire."""
    misses: tuple[Text, ...] = ()
    """Codes of rules that must not fire, though little is missing."""


class RulePack(Part):
    """A whole pack, checked: every reference in it resolves. Made by `rules.load_pack`."""

    name: Identifier
    version: Text
    title: Text
    about: Text
    undecided: tuple[Text, ...] = ()
    """What nobody has decided yet, and what holds until somebody does: sentences."""
    scale: Scale
    standard: EvidenceStandard
    bands: Mapping[Band, BandText]
    confidences: Mapping[Confidence, BandText]
    cannot_tell: CannotTell
    statuses: Mapping[Status, BandText]
    agreements: Mapping[Agreement, BandText]
    sources: tuple[Source, ...]
    levels: tuple[Level, ...]
    """Lowest first."""
    competencies: tuple[Competency, ...]
    facts: tuple[YesNoFact, ...] = ()
    findings: tuple[Finding, ...]
    rules: tuple[Rule, ...]
    """The general rules, in the order in which they are read."""
    promotions: tuple[Promotion, ...]
    lenses: tuple[Lens, ...] = ()
    actions: tuple[Action, ...] = ()
    specialisations: tuple[Specialisation, ...] = ()
    questions: Mapping[QuestionKind, QuestionText] = {}
    """Those of `rules/questions.yaml` where a pack words none of its own."""
    examples: tuple[Example, ...] = ()
    sha256: str
    """Over the pack's files, names and contents."""

    @cached_property
    def _by_id(self) -> dict[tuple[type[Part], str], Any]:
        kinds = (self.levels, self.competencies, self.findings, self.sources, self.promotions)
        return {(type(part), part.id): part for parts in kinds for part in parts}

    def _part(self, kind: type[_P], part_id: str) -> _P:
        part: _P = self._by_id[kind, part_id]
        return part

    def level(self, level_id: str) -> Level:
        """The level of this id."""
        return self._part(Level, level_id)

    def competency(self, competency_id: str) -> Competency:
        """The competency of this id."""
        return self._part(Competency, competency_id)

    def finding(self, finding_id: str) -> Finding:
        """The finding of this id."""
        return self._part(Finding, finding_id)

    def source(self, source_id: str) -> Source:
        """The source of this id."""
        return self._part(Source, source_id)

    def promotion(self, promotion_id: str) -> Promotion:
        """The promotion of this id."""
        return self._part(Promotion, promotion_id)

    def lenses_for(self, promotion: Promotion) -> tuple[Lens, ...]:
        """The lenses that look at a promotion."""
        return tuple(lens for lens in self.lenses if not lens.promotions or promotion.id in lens.promotions)

    def facts_for(self, promotion: Promotion) -> tuple[YesNoFact, ...]:
        """The yes/no facts that a promotion asks for."""
        return tuple(fact for fact in self.facts if not fact.promotions or promotion.id in fact.promotions)

    def promotions_from(self, level_id: str) -> tuple[Promotion, ...]:
        """The promotions open from a level; empty at the top of the pack's ladder."""
        return tuple(t for t in self.promotions if t.from_level == level_id)

    def on(self, day: date) -> "RulePack":
        """The pack with the rules that a run of this day reads, and with no dates of validity any more."""
        if not self.days_of_change:
            return self

        def read(rules: Sequence[Rule]) -> tuple[Rule, ...]:
            always = {"valid_from": None, "valid_until": None}
            return tuple(rule.model_copy(update=always) for rule in rules if rule.is_read_on(day))

        values = {name: getattr(self, name) for name in RulePack.model_fields}
        promotions = tuple(one.model_copy(update={"rules": read(one.rules)}) for one in self.promotions)
        lenses = tuple(one.model_copy(update={"rules": read(one.rules)}) for one in self.lenses)
        changed = {"rules": read(self.rules), "promotions": promotions, "lenses": lenses}
        return RulePack.model_validate({**values, **changed})

    @cached_property
    def days_of_change(self) -> tuple[date, ...]:
        """The days from which other rules are read than before, in order."""
        homes = [self.rules, *(one.rules for one in self.promotions), *(one.rules for one in self.lenses)]
        rules = [rule for home in homes for rule in home]
        begin = {date.fromisoformat(rule.valid_from) for rule in rules if rule.valid_from}
        end = {date.fromisoformat(rule.valid_until) for rule in rules if rule.valid_until}
        return tuple(sorted(begin | {day + timedelta(days=1) for day in end}))

    def rules_of(self, promotion: Promotion) -> tuple[Rule, ...]:
        """Every rule read for a promotion, in order: its own, then the general ones."""
        general = (rule for rule in self.rules if not rule.only_for or promotion.id in rule.only_for)
        return (*promotion.rules, *general)

    @property
    def shown_rules(self) -> tuple[Rule, ...]:
        """The general rules as they are listed, what cannot be told first."""
        return (self.cannot_tell.rule, *self.rules)

    def bar_of(self, promotion: Promotion, signal: Signal) -> Decimal:
        """The bar that a signal is held to: its own, else the promotion's, else what the next level expects
        where bars come from that, else the pack's."""
        if signal.bar is not None:
            return signal.bar
        expected = None if promotion.bars else self._expected_of(promotion, signal)
        return (promotion.bars or self.standard.bars).of(signal.importance) if expected is None else expected

    def has_usual_bar(self, promotion: Promotion, signal: Signal) -> bool:
        """Whether the bar of a signal is the pack's for its importance, and comes from nowhere else."""
        own = signal.bar is not None or promotion.bars is not None
        return not own and self._expected_of(promotion, signal) is None

    def _expected_of(self, promotion: Promotion, signal: Signal) -> Decimal | None:
        """What the next level expects of a signal's competencies, less the tolerance; None where bars do not
        come from that, or it does not expect all of them."""
        ratings = {one.competency: one.rating for one in self.level(promotion.to_level).expects}
        if self.standard.bars_from != "next_level" or not ratings.keys() >= signal.competencies.keys():
            return None
        total = sum((ratings[name] * weight for name, weight in signal.weights.items()), Decimal(0))
        mean = total / sum(signal.weights.values()) - self.standard.bar_tolerance
        return max(mean.quantize(Decimal(1).scaleb(-DECIMALS), ROUND_DOWN).normalize() + 0, self.scale.lowest)
