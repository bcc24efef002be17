"""Trace and evidence to sentences: an assessment as one `Explanation` per person and promotion."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, cached_property

import polars as pl

from engine.decide.assessment import Assessment, Outcome
from engine.decide.discretization import atoms_of
from engine.decide.evidence import SignalColumns, is_rated, looked_at, signal_columns
from engine.decide.facts import blind_spot, compute_facts, hidden_strength
from engine.decide.tenure import add_months
from engine.decide.variants import Variant, specialisation_of
from engine.explain.adjustments import adjustments
from engine.explain.asking import evidence_to_ask_for
from engine.explain.development import plan_actions, skills_ahead
from engine.lenses.evaluation import evaluate_lenses
from engine.outlook import Outlooks, Prospects, confidence_parts, find_outlooks
from engine.phrases import join
from engine.words.explanation import (
    Adjustment,
    EvidenceToAskFor,
    Explanation,
    FiredRule,
    LensResult,
    Outlook,
    RatingUsed,
    SignalEvidence,
)
from engine.words.sentences import (
    Row,
    SignalGroup,
    guidance_texts,
    number_of,
    rounded_ratio,
    show_day,
    show_fact,
    show_number,
    signal_lists,
)
from inputs import UNITS_PER_POINT, Roster, comment_column, rating_column
from rules.conditions import parse_condition
from rules.facts import Fact, facts_of
from rules.pack import AGREEMENTS, IMPORTANCES, STATUSES, TENURES, Promotion, Rule, RulePack, Signal
from rules.texts import MEASURES, NUMBERS

PLACES_SHOWN = 4
_Used = tuple[Decimal | None, str | None, Decimal | None, str | None, str | None, str | None]
"""A competency's self rating and its cell, the manager's and its cell, and what each wrote."""


def explain(assessment: Assessment) -> tuple[Explanation, ...]:
    """Every recommendation explained, in the order of `Assessment.recommendations`."""
    pack = assessment.pack
    explained = [one for promotion in pack.promotions for one in _explained(assessment, promotion)]
    order = {promotion.id: n for n, promotion in enumerate(pack.promotions)}
    return tuple(sorted(explained, key=lambda one: (one.person, order[one.promotion])))


def _explained(assessment: Assessment, promotion: Promotion) -> Iterator[Explanation]:
    found, evidence = assessment.of(promotion), assessment.evidence[promotion.id]
    seen = evaluate_lenses(assessment.roster, found["person"], assessment.pack, promotion)
    lenses = dict(zip(found["person"], seen, strict=True))
    outlooks = {
        place: (some, row)
        for places, some in find_outlooks(assessment, promotion)
        for row, place in enumerate(places.tolist())
    }
    for variant, own in assessment.by_variant(promotion):
        explainer = _Explainer.of(assessment, variant, lenses)
        yield from explainer.explanations(found[own], evidence[own], [outlooks[place] for place in own])


@dataclass(frozen=True)
class _Explainer:
    """What explaining the people of one variant needs at hand."""

    assessment: Assessment
    variant: Variant
    lenses: Mapping[int, tuple[LensResult, ...]]
    """By person."""
    columns: tuple[SignalColumns, ...]
    catalogue: Mapping[str, Fact]
    rules: Mapping[str, Rule]
    facts_in_rules: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(
        cls, assessment: Assessment, variant: Variant, lenses: Mapping[int, tuple[LensResult, ...]]
    ) -> "_Explainer":
        pack, promotion = assessment.pack, variant.promotion
        catalogue = facts_of(pack, promotion)
        rules = {rule.code: rule for rule in pack.rules_of(promotion)}
        named = {
            code: tuple(dict.fromkeys(atom.fact for atom in atoms_of(parse_condition(rule.when, catalogue))))
            for code, rule in rules.items()
        }
        return cls(assessment, variant, lenses, signal_columns(pack, promotion), catalogue, rules, named)

    @property
    def pack(self) -> RulePack:
        return self.assessment.pack

    @property
    def roster(self) -> Roster:
        return self.assessment.roster

    @property
    def promotion(self) -> Promotion:
        return self.variant.promotion

    def explanations(
        self, found: pl.DataFrame, evidence: pl.DataFrame, outlooks: Sequence[tuple[Outlooks, int]]
    ) -> Iterator[Explanation]:
        people = found["person"]
        rows = (
            found.iter_rows(named=True),
            _rows_of(self.roster.people, people),
            _rows_of(self.roster.ratings, people),
            _rows_of(self.roster.comments, people),
            evidence.with_columns(self._judged()).iter_rows(named=True),
            self._facts(evidence).iter_rows(named=True),
            (self.lenses[person] for person in people),
            self._outlooks(found, outlooks),
        )
        for row in zip(*rows, strict=True):
            yield self._explanation(*row)

    def _outlooks(self, found: pl.DataFrame, outlooks: Sequence[tuple[Outlooks, int]]) -> Iterator[Outlook]:
        people = found.select("person", "recommendation").iter_rows()
        for (person, band), (among, row) in zip(people, outlooks, strict=True):
            yield Prospects(among, self._cell).outlook(row, person, band)

    def _judged(self) -> Iterator[pl.Expr]:
        standard = self.pack.standard
        for names in self.columns:
            yield is_rated(names, "self", standard).alias(f"{names.signal}.self_rated")
            yield is_rated(names, "manager", standard).alias(f"{names.signal}.manager_rated")
            yield blind_spot(names, standard).alias(f"{names.signal}.blind_spot")
            yield hidden_strength(names, standard).alias(f"{names.signal}.hidden_strength")

    def _facts(self, evidence: pl.DataFrame) -> pl.DataFrame:
        times = evidence.select("months_in_level", "experience_months", "observation", "tenure")
        signals = evidence.drop(times.columns)
        names = [name for name, fact in self.catalogue.items() if fact.kind != "flag"]
        wanted = [name for name in names if name in _ALWAYS_SHOWN or name in self._named]
        return compute_facts(signals, times, self.pack, self.promotion, wanted)

    @property
    def _named(self) -> set[str]:
        in_rules = {name for names in self.facts_in_rules.values() for name in names}
        in_texts = {
            name
            for name in MEASURES
            if any("{" + name + "}" in rule.reason + (rule.next_step or "") for rule in self.rules.values())
        }
        return in_rules | in_texts

    def _explanation(
        self,
        found: Row,
        person: Row,
        ratings: Row,
        comments: Row,
        evidence: Row,
        facts: Row,
        lenses: tuple[LensResult, ...],
        outlook: Outlook,
    ) -> Explanation:
        outcome = self.assessment.outcomes[self.promotion.id][found["case"]]
        groups = [
            _group(names, signal, evidence)
            for names, signal in zip(self.columns, self.promotion.signals, strict=True)
        ]
        missing = self._missing(ratings)
        texts = self._texts(person, facts, groups, missing)
        fired = tuple(self._fired(self.rules[code], outcome, facts, texts) for code in outcome.fired)
        deciding = self.rules[outcome.recommendation_rule]
        sentence = next(rule.sentence for rule in fired if rule.code == deciding.code)
        months = evidence["experience_months"]
        index: int = found["person"]
        signals = self._evidence(index, ratings, comments, evidence)
        return Explanation(
            person=index,
            **{name: person[name] for name in _IDENTITY},
            level_title=self.pack.level(self.promotion.from_level).title,
            promotion=self.promotion.id,
            promotion_title=self.promotion.title,
            next_level=self.promotion.to_level,
            next_level_title=self.pack.level(self.promotion.to_level).title,
            recommendation=outcome.recommendation,
            confidence=outcome.confidence,
            findings=outcome.findings,
            rules=fired,
            reasons=(sentence, *self._further_reasons(fired, deciding)),
            missing=missing,
            next_step=_fill(deciding.next_step or "", texts),
            evidence=signals,
            months_in_level=evidence["months_in_level"],
            experience_years=None if months is None else rounded_ratio(months, 12, 1),
            tenure=TENURES[evidence["tenure"]],
            outlook=outlook,
            confidence_parts=confidence_parts(signals, number_of(facts, "coverage"), outlook),
            lenses=lenses,
            actions=plan_actions(self.pack, self.promotion, signals, lenses),
            skills_ahead=skills_ahead(self.pack, self.promotion),
            specialisation=self._specialisation(person),
            adjustments=self._adjustments,
            evidence_to_ask_for=self._to_ask_for(signals),
        )

    def _specialisation(self, person: Row) -> str | None:
        written: str | None = person["specialisation"]
        if written not in self._specialisations:
            known = specialisation_of(self.pack, written)
            self._specialisations[written] = written if known is None else known.title
        return self._specialisations[written]

    @cached_property
    def _specialisations(self) -> dict[str | None, str | None]:
        """As the sheet has it to as it is shown."""
        return {}

    @cached_property
    def _adjustments(self) -> tuple[Adjustment, ...]:
        return adjustments(self.pack, self.variant)

    def _to_ask_for(self, signals: Sequence[SignalEvidence]) -> tuple[EvidenceToAskFor, ...]:
        """Without any comment in the file nothing can be told from a comment that is not there."""
        return evidence_to_ask_for(self.pack, signals) if self.roster.comments.width else ()

    def _further_reasons(self, fired: Sequence[FiredRule], deciding: Rule) -> list[str]:
        """Findings that the deciding rule does not already speak of, concerns first."""
        premises = {name.removeprefix("finding.") for name in self.facts_in_rules[deciding.code]}
        further = [rule for rule in fired if rule.topic == "finding" and rule.conclusion not in premises]
        order = {kind: n for n, kind in enumerate(_FINDING_ORDER)}
        further.sort(key=lambda rule: order[self.pack.finding(rule.conclusion).kind])
        return [rule.sentence for rule in further]

    def _texts(
        self, person: Row, facts: Row, groups: Sequence[SignalGroup], missing: Sequence[str]
    ) -> dict[str, str]:
        shown = {
            name: show_number(self.catalogue[name], facts) for name in NUMBERS | MEASURES if name in facts
        }
        since = person["level_since"]
        enough = add_months(since, self.pack.standard.observation_months) if since else None
        return {
            **shown,
            **signal_lists(groups),
            **guidance_texts(self.promotion.tenure),
            "unrated_competencies": join(missing),
            "employee": str(person["employee_name"] or person["employee_id"]),
            "manager": str(person["manager_name"] or person["manager_id"] or "the manager"),
            "level": self.pack.level(self.promotion.from_level).title,
            "next_level": self.pack.level(self.promotion.to_level).title,
            "observation_months": str(self.pack.standard.observation_months),
            "enough_evidence_on": show_day(enough),
        }

    def _fired(self, rule: Rule, outcome: Outcome, facts: Row, texts: Mapping[str, str]) -> FiredRule:
        named = self.facts_in_rules[rule.code]
        return FiredRule(
            code=rule.code,
            title=rule.title,
            topic=rule.topic,
            conclusion=rule.conclusion,
            decisive=rule.topic == "finding"
            or rule.code in (outcome.recommendation_rule, outcome.confidence_rule),
            sentence=_fill(rule.reason, texts),
            facts=tuple(
                (name, show_fact(self.catalogue[name], facts, outcome.findings, self.pack)) for name in named
            ),
            condition=rule.when,
            cite=rule.cite,
        )

    def _missing(self, ratings: Row) -> tuple[str, ...]:
        return tuple(
            title
            for name, title in self._titles.items()
            if ratings.get(rating_column(name, "manager")) is None
        )

    def _evidence(
        self, person: int, ratings: Row, comments: Row, evidence: Row
    ) -> tuple[SignalEvidence, ...]:
        used = {name: self._used(person, name, ratings, comments) for name in self._titles}
        signals = [
            self._signal(signal, names, evidence, used)
            for names, signal in zip(self.columns, self.promotion.signals, strict=True)
        ]
        return tuple(sorted(signals, key=lambda signal: IMPORTANCES.index(signal.importance)))

    def _signal(
        self, signal: Signal, names: SignalColumns, evidence: Row, used: Mapping[str, _Used]
    ) -> SignalEvidence:
        titles = self._titles
        rated = evidence[names.weight("manager")]
        return SignalEvidence(
            signal=signal.id,
            title=signal.title,
            looks_like=signal.looks_like,
            importance=signal.importance,
            bar=self.pack.bar_of(self.promotion, signal),
            manager_score=_score(
                evidence, names.sum("manager"), names.weight("manager"), f"{names.signal}.manager_rated"
            ),
            self_score=_score(
                evidence, names.sum("self"), names.weight("self"), f"{names.signal}.self_rated"
            ),
            coverage=rounded_ratio(rated, names.total_weight, PLACES_SHOWN),
            status=STATUSES[evidence[names.status]],
            agreement=AGREEMENTS[evidence[names.agreement]],
            ratings=tuple(
                RatingUsed(name, titles[name], weight, *used[name])
                for name, weight in signal.competencies.items()
            ),
            grow=signal.grow,
            ask=signal.ask,
            cite=signal.cite,
        )

    @cached_property
    def _titles(self) -> dict[str, str]:
        return {name: self.pack.competency(name).title for name in looked_at(self.promotion)}

    def _used(self, person: int, competency: str, ratings: Row, comments: Row) -> _Used:
        own, managers = rating_column(competency, "self"), rating_column(competency, "manager")
        return (
            _points(ratings.get(own)),
            self._cell(person, own),
            _points(ratings.get(managers)),
            self._cell(person, managers),
            comments.get(comment_column(own)),
            comments.get(comment_column(managers)),
        )

    def _cell(self, person: int, column: str) -> str | None:
        cell = self.roster.cell(person, column)
        return None if cell is None else str(cell)


_IDENTITY = ("employee_id", "employee_name", "department", "manager_id", "manager_name", "level")
_ALWAYS_SHOWN = NUMBERS | {"coverage"}
_FINDING_ORDER = ("concern", "strength", "timing", "evidence")


def _rows_of(frame: pl.DataFrame, people: pl.Series) -> Iterator[Row]:
    """These people's rows; a frame without columns has no height, and an empty row for everybody."""
    return frame[people].iter_rows(named=True) if frame.width else iter([{}] * people.len())


def _group(names: SignalColumns, signal: Signal, evidence: Row) -> SignalGroup:
    return SignalGroup(
        title=signal.title,
        importance=signal.importance,
        status=STATUSES[evidence[names.status]],
        agreement=AGREEMENTS[evidence[names.agreement]],
        blind_spot=bool(evidence[f"{names.signal}.blind_spot"]),
        hidden_strength=bool(evidence[f"{names.signal}.hidden_strength"]),
    )


def _score(evidence: Row, total: str, weight: str, rated: str) -> Decimal | None:
    if not evidence[rated]:
        return None
    return rounded_ratio(evidence[total], evidence[weight] * UNITS_PER_POINT, PLACES_SHOWN)


@cache
def _points(units: int | None) -> Decimal | None:
    return None if units is None else rounded_ratio(units, UNITS_PER_POINT, PLACES_SHOWN)


def _fill(template: str, texts: Mapping[str, str]) -> str:
    return template.format_map(texts)
