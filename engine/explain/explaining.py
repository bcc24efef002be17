"""Trace and evidence to sentences: an assessment as one `Explanation` per person and promotion."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

import polars as pl

from engine.decide.algebra import PLAIN
from engine.decide.assessment import Assessment, Judged, Outcome
from engine.decide.discretization import atoms_of
from engine.decide.evidence import KnownRatings, agreement_of, looked_at, status_of, sum_of, weight_of
from engine.decide.facts import FIRM_IN, RE_RATINGS, compute_facts
from engine.decide.meaning import (
    Mean,
    PromotionMeaning,
    SignalMeaning,
    is_blind_spot,
    is_hidden_strength,
    units,
)
from engine.decide.tenure import add_months
from engine.decide.variants import Variant
from engine.explain.development import plan_actions, skills_ahead
from engine.explain.questions import Asker
from engine.explain.signal_overrides import signal_overrides
from engine.lenses.evaluation import evaluate_lenses
from engine.outlook import Group, Prospects, Searched, confidence_parts, groups_of
from engine.phrases import THE_MANAGER, filled, join, rounded_ratio, span
from engine.words.explanation import (
    Expectation,
    Explanation,
    FiredRule,
    LensResult,
    Outlook,
    OverriddenSignal,
    RatingGiven,
    RatingUsed,
    SignalEvidence,
    WrittenComment,
)
from engine.words.ratings import PLACES_SHOWN, scale_note, shown_rating
from engine.words.sentences import (
    UNKNOWN,
    Row,
    guidance_texts,
    show_day,
    show_fact,
    show_number,
    signal_lists,
)
from inputs import OVERALL, Cell, OwnScale, Rater, Roster, comment_column, rating_column
from rules.facts import ANSWER, BAND, CYCLES_MET, REVIEWS, Fact
from rules.pack import (
    AGREEMENTS,
    ANSWERS,
    BANDS,
    IMPORTANCES,
    STATUSES,
    TENURES,
    Promotion,
    Rule,
    RulePack,
    Signal,
    YesNoFact,
)
from rules.placeholders import NUMBERS

_Used = tuple[Decimal | None, Cell | None, Decimal | None, Cell | None, str | None, str | None]
"""A competency's self rating and its cell, the manager's and its cell, and what each wrote."""


def explain_people(
    assessment: Assessment, found: Sequence[Searched], asker: Asker
) -> Mapping[tuple[int, str], Explanation]:
    """Every recommendation explained, by person and promotion; `found` are the searches of each."""
    keys = assessment.recommendations.select("person", "promotion").iter_rows()
    searched = dict(zip(keys, found, strict=True))
    return {
        (one.person, one.promotion): one
        for promotion in assessment.promotions
        for one in _explained(assessment, promotion, searched, asker)
    }


def _explained(
    assessment: Assessment, promotion: Promotion, searched: Mapping[tuple[int, str], Searched], asker: Asker
) -> Iterator[Explanation]:
    judged = assessment.of(promotion)
    people, cycles = judged.found["person"], judged.evidence[CYCLES_MET]
    seen = evaluate_lenses(assessment.roster, people, cycles, assessment.pack, promotion)
    lenses = dict(zip(people, seen, strict=True))
    for group in groups_of(assessment, promotion):
        own = [searched[person, promotion.id] for person in group.found["person"]]
        yield from _Explainer(assessment, judged, group, lenses, asker).explanations(own)


@dataclass(frozen=True)
class _Explainer:
    """What explaining the people of one variant needs at hand."""

    assessment: Assessment
    judged: Judged
    group: Group
    lenses: Mapping[int, tuple[LensResult, ...]]
    """By person."""
    asker: Asker

    @property
    def pack(self) -> RulePack:
        return self.assessment.pack

    @property
    def roster(self) -> Roster:
        return self.assessment.roster

    @property
    def variant(self) -> Variant:
        return self.group.variant

    @property
    def promotion(self) -> Promotion:
        return self.variant.promotion

    @property
    def meaning(self) -> PromotionMeaning:
        return self.group.bander.meaning

    @property
    def catalogue(self) -> Mapping[str, Fact]:
        return self.judged.programs.catalogue

    @cached_property
    def rules(self) -> Mapping[str, Rule]:
        """By code, that for an open band among them."""
        return {rule.code: rule for rule in (*self.pack.rules_of(self.promotion), self.pack.cannot_tell.rule)}

    @cached_property
    def facts_in_rules(self) -> Mapping[str, tuple[str, ...]]:
        """By the code of a rule the facts that its condition names."""
        return {
            code: tuple(dict.fromkeys(atom.fact for atom in atoms_of(condition)))
            for code, condition in self.judged.programs.conditions.items()
        }

    def explanations(self, searched: Sequence[Searched]) -> Iterator[Explanation]:
        """The group's explanations, in its order, as the searches are."""
        found, evidence = self.group.found, self.group.evidence
        people = found["person"]
        with_band = evidence.with_columns(
            found[FIRM_IN], found["recommendation"].to_physical().cast(pl.UInt8).alias(BAND)
        )
        rows = (
            found.iter_rows(named=True),
            _rows_of(self.roster.people, people),
            _rows_of(self.roster.ratings, people),
            _rows_of(self.roster.comments, people),
            evidence.with_columns(self._two_views()).iter_rows(named=True),
            compute_facts(with_band, self.meaning, self._wanted).iter_rows(named=True),
        )
        prospects = Prospects(self.pack, self.group, self.roster)
        for place, (own, one, *others) in enumerate(zip(searched, *rows, strict=True)):
            outlook = prospects.outlook(place, one["person"], one["recommendation"], own)
            yield self._explanation(outlook, one, *others)

    def _two_views(self) -> Iterator[pl.Expr]:
        ratings = KnownRatings()
        for signal in self.meaning.signals:
            yield is_blind_spot(signal, ratings).alias(f"{signal.id}.blind_spot")
            yield is_hidden_strength(signal, ratings).alias(f"{signal.id}.hidden_strength")

    @cached_property
    def _wanted(self) -> list[Fact]:
        """The facts that are shown: those in conditions and in sentences."""
        in_rules = {name for names in self.facts_in_rules.values() for name in names}
        sentences = [rule.reason + (rule.next_step or "") for rule in self.rules.values()]
        named = {name for name in NUMBERS if any("{" + name + "}" in text for text in sentences)}
        asked = {f"{ANSWER}{fact.id}" for fact in self.pack.facts_for(self.promotion)}
        wanted = in_rules | named | asked | _ALWAYS_SHOWN
        return [fact for name, fact in self.catalogue.items() if name in wanted and fact.kind != "flag"]

    def _explanation(
        self,
        outlook: Outlook,
        found: Row,
        person: Row,
        ratings: Row,
        comments: Row,
        evidence: Row,
        facts: Row,
    ) -> Explanation:
        outcome = self.judged.outcomes[found["case"]]
        index: int = found["person"]
        signals = self._evidence(index, ratings, comments, evidence)
        missing = self._missing(ratings)
        lowest, present = self._lowest(index, ratings), self._present_level(index, ratings)
        lists = {
            **signal_lists(signals, self._short(evidence)),
            "unrated_competencies": join(missing),
            "lowest_competencies": join([one.competency_title for one in lowest]),
            "present_below_competencies": join([one.competency_title for one in present if _is_below(one)]),
        }
        texts = self._texts(found, person, facts, outlook) | lists
        fired = tuple(self._fired(self.rules[code], outcome, facts, texts) for code in outcome.fired)
        deciding = self.rules[outcome.recommendation_rule]
        sentence = next(rule.sentence for rule in fired if rule.code == deciding.code)
        months = evidence["experience_months"]
        lenses = self.lenses[index]
        return Explanation(
            person=index,
            **{name: person[name] for name in IDENTITY},
            level_title=self.pack.level(self.promotion.from_level).title,
            promotion=self.promotion.id,
            promotion_title=self.promotion.title,
            next_level=self.promotion.to_level,
            next_level_title=self.pack.level(self.promotion.to_level).title,
            specialisation=specialisation_of(self.pack, person),
            overridden=bool(self._signal_overrides),
            recommendation=outcome.recommendation,
            confidence=outcome.confidence,
            firm_in=found[FIRM_IN],
            borderline=is_borderline(self.pack, found[FIRM_IN]),
            findings=outcome.findings,
            rules=fired,
            reasons=(sentence, *self._further_reasons(fired, deciding)),
            missing=missing,
            next_step=filled(deciding.next_step or "", texts),
            evidence=signals,
            months_in_level=evidence["months_in_level"],
            experience_years=None if months is None else rounded_ratio(months, 12, 1),
            tenure=TENURES[evidence["tenure"]],
            outlook=outlook,
            confidence_parts=confidence_parts(found[FIRM_IN], evidence["review_age_months"]),
            kind=outcome.kind,
            worst_band=found["worst_band"],
            best_band=found["best_band"],
            re_ratings=RE_RATINGS,
            review_date=person["review_date"],
            observed_months=evidence["observed_months"],
            present_level=present,
            lowest=lowest,
            questions=self.asker.questions(
                index,
                texts,
                signals,
                lenses,
                self._unanswered(facts),
                judged=outcome.recommendation != BANDS[-1],
                stale=REVIEWS[evidence["review"]] == "stale",
            ),
            comments=tuple(self._comments(index, comments)),
            lenses=lenses,
            actions=plan_actions(self.pack, self.promotion, signals, lenses),
            skills_ahead=skills_ahead(self.pack, self.promotion),
            signal_overrides=self._signal_overrides,
            scale_note=self._scale_note,
        )

    @cached_property
    def _scale_note(self) -> str:
        return scale_note(self.roster.scales, self.pack)

    def _unanswered(self, facts: Row) -> list[YesNoFact]:
        unknown = ANSWERS.index("unknown")
        return [
            fact for fact in self.pack.facts_for(self.promotion) if facts[f"{ANSWER}{fact.id}"] == unknown
        ]

    @cached_property
    def _signal_overrides(self) -> tuple[OverriddenSignal, ...]:
        return signal_overrides(self.pack, self.variant)

    def _present_level(self, person: int, ratings: Row) -> tuple[Expectation, ...]:
        expected = self.pack.level(self.promotion.from_level).expects
        return tuple(
            Expectation(
                one.competency,
                self.pack.competency(one.competency).title,
                shown_rating(units(one.rating), self._own("manager")),
                *self._given(person, one.competency, ratings),
                one.cite,
            )
            for one in expected
        )

    def _lowest(self, person: int, ratings: Row) -> tuple[RatingGiven, ...]:
        lowest, found = self.meaning.lowest, []
        for part in self.pack.competencies:
            if ratings.get(rating_column(part.id, "manager")) == lowest:
                rating, cell = self._given(person, part.id, ratings)
                assert rating is not None
                found.append(RatingGiven(part.id, part.title, rating, cell))
        return tuple(found)

    def _given(self, person: int, competency: str, ratings: Row) -> tuple[Decimal | None, Cell | None]:
        """The manager's rating of a competency, and its cell."""
        column = rating_column(competency, "manager")
        return self._rating(ratings.get(column), "manager"), self.roster.cell(person, column)

    def _own(self, rater: Rater) -> OwnScale | None:
        return self.roster.scales.get(rater)

    def _rating(self, given: int | None, rater: Rater) -> Decimal | None:
        return None if given is None else shown_rating(given, self._own(rater))

    def _score(self, evidence: Row, signal: str, rater: Rater) -> Decimal | None:
        """The mean of what a rater rated; None when that is nothing."""
        rated = evidence[weight_of(signal, rater)]
        return shown_rating(evidence[sum_of(signal, rater)], self._own(rater), rated) if rated else None

    def _further_reasons(self, fired: Sequence[FiredRule], deciding: Rule) -> list[str]:
        """Findings that the deciding rule does not already speak of, concerns first."""
        premises = {name.removeprefix("finding.") for name in self._named_by(deciding)}
        further = [rule for rule in fired if rule.topic == "finding" and rule.conclusion not in premises]
        order = {kind: n for n, kind in enumerate(_FINDING_ORDER)}
        further.sort(key=lambda rule: order[self.pack.finding(rule.conclusion).kind])
        return [rule.sentence for rule in further]

    def _named_by(self, deciding: Rule) -> frozenset[str]:
        """What the deciding rule rests on; where the band is open, what every band rests on."""
        if deciding.code != self.pack.cannot_tell.code:
            return frozenset(self.facts_in_rules[deciding.code])
        return self._behind_every_band

    @cached_property
    def _behind_every_band(self) -> frozenset[str]:
        named = [
            frozenset(self.facts_in_rules[rule.code])
            for rule in self.pack.rules_of(self.promotion)
            if rule.recommendation not in (None, BANDS[-1])
        ]
        return named[0].intersection(*named) if named else frozenset()

    def _texts(self, found: Row, person: Row, facts: Row, outlook: Outlook) -> dict[str, str]:
        shown = {name: show_number(self.catalogue[name], facts) for name in NUMBERS if name in facts}
        since, standard = person["level_since"], self.pack.standard
        day = self.assessment.day
        enough = add_months(since, standard.observation_months) if since else None
        # Nobody can be rated on a day that has passed.
        passed = enough is not None and enough <= day
        labels = {str(band): text.label for band, text in self.pack.bands.items()}
        to_rate = outlook.to_rate[0].ratings if outlook.to_rate else ()
        return {
            **shown,
            **guidance_texts(self.promotion.tenure),
            "employee": str(person["employee_name"] or person["employee_id"]),
            "manager": str(person["manager_name"] or person["manager_id"] or THE_MANAGER),
            "level": self.pack.level(self.promotion.from_level).title,
            "next_level": self.pack.level(self.promotion.to_level).title,
            "observation_months": span(standard.observation_months),
            "when_to_rate": "now" if passed else f"on or after {show_day(enough)}",
            "level_since": show_day(since),
            "review_date": show_day(person["review_date"]),
            "worst_band": labels[found["worst_band"]],
            "best_band": labels[found["best_band"]],
            "competencies_to_rate": join([one.competency_title for one in to_rate]),
            "firm_in": UNKNOWN if found[FIRM_IN] is None else str(found[FIRM_IN]),
            "re_ratings": str(RE_RATINGS),
        }

    def _fired(self, rule: Rule, outcome: Outcome, facts: Row, texts: Mapping[str, str]) -> FiredRule:
        named = self.facts_in_rules.get(rule.code, ())
        return FiredRule(
            code=rule.code,
            title=rule.title,
            topic=rule.topic,
            conclusion=rule.conclusion,
            decisive=rule.topic == "finding"
            or rule.code in (outcome.recommendation_rule, outcome.confidence_rule),
            sentence=filled(rule.reason, texts),
            facts=tuple(
                (name, show_fact(self.catalogue[name], facts, outcome.findings, self.pack)) for name in named
            ),
            condition=rule.when,
            cite=rule.cite,
        )

    def _short(self, evidence: Row) -> set[str]:
        """The signals that are below the bar whatever the missing ratings are."""
        return {
            signal.id
            for signal in self.meaning.signals
            if signal.shortfall(
                PLAIN, Mean(evidence[sum_of(signal.id, "manager")], evidence[weight_of(signal.id, "manager")])
            )
        }

    def _missing(self, ratings: Row) -> tuple[str, ...]:
        return tuple(
            self.pack.competency(name).title
            for name in self.meaning.competencies
            if ratings.get(rating_column(name, "manager")) is None
        )

    def _evidence(
        self, person: int, ratings: Row, comments: Row, evidence: Row
    ) -> tuple[SignalEvidence, ...]:
        used = {name: self._used(person, name, ratings, comments) for name in self._titles}
        signals = [
            self._signal(signal, meaning, evidence, used)
            for meaning, signal in zip(self.meaning.signals, self.promotion.signals, strict=True)
        ]
        return tuple(sorted(signals, key=lambda signal: IMPORTANCES.index(signal.importance)))

    def _signal(
        self, signal: Signal, meaning: SignalMeaning, evidence: Row, used: Mapping[str, _Used]
    ) -> SignalEvidence:
        titles = self._titles
        return SignalEvidence(
            signal=signal.id,
            title=signal.title,
            looks_like=signal.looks_like,
            importance=signal.importance,
            bar=shown_rating(units(self.pack.bar_of(self.promotion, signal)), self._own("manager")),
            manager_score=self._score(evidence, signal.id, "manager"),
            self_score=self._score(evidence, signal.id, "self"),
            coverage=rounded_ratio(evidence[weight_of(signal.id, "manager")], meaning.whole, PLACES_SHOWN),
            status=STATUSES[evidence[status_of(signal.id)]],
            agreement=AGREEMENTS[evidence[agreement_of(signal.id)]],
            blind_spot=bool(evidence[f"{signal.id}.blind_spot"]),
            hidden_strength=bool(evidence[f"{signal.id}.hidden_strength"]),
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

    def _comments(self, person: int, comments: Row) -> Iterator[WrittenComment]:
        for column, (title, competency, rater) in self._commented.items():
            if text := comments.get(column):
                yield WrittenComment(title, competency, rater, text, self.roster.cell(person, column))

    @cached_property
    def _commented(self) -> Mapping[str, tuple[str, str | None, Rater]]:
        """The columns of comments that the file has: what each is about, its competency and who wrote it."""
        about: dict[str, tuple[str, str | None]] = {OVERALL: ("Overall", None)}
        about |= {part.id: (part.title, part.id) for part in self.pack.competencies}
        raters: tuple[Rater, ...] = ("manager", "self")
        named = {
            comment_column(rating_column(name, rater)): (*of, rater)
            for name, of in about.items()
            for rater in raters
        }
        return {column: of for column, of in named.items() if column in self.roster.comments.columns}

    def _used(self, person: int, competency: str, ratings: Row, comments: Row) -> _Used:
        own, managers = rating_column(competency, "self"), rating_column(competency, "manager")
        return (
            self._rating(ratings.get(own), "self"),
            self.roster.cell(person, own),
            self._rating(ratings.get(managers), "manager"),
            self.roster.cell(person, managers),
            comments.get(comment_column(own)),
            comments.get(comment_column(managers)),
        )


def specialisation_of(pack: RulePack, person: Row) -> str | None:
    """The title of the person's specialisation, or what the sheet says where the pack knows none of that
    name."""
    written: str | None = person["specialisation_as_written"]
    return next((one.title for one in pack.specialisations if one.id == person["specialisation"]), written)


def is_borderline(pack: RulePack, firm_in: int | None) -> bool:
    """Whether the band stays in fewer of the plausible re-ratings than the pack asks for."""
    return firm_in is not None and firm_in < pack.standard.borderline_below * RE_RATINGS


IDENTITY = ("employee_id", "employee_name", "department", "manager_id", "manager_name", "level")
_ALWAYS_SHOWN = frozenset({"coverage"})
_FINDING_ORDER = ("concern", "strength", "timing", "evidence", "question")


def _rows_of(frame: pl.DataFrame, people: pl.Series) -> Iterator[Row]:
    """These people's rows; a frame without columns has no height, and an empty row for everybody."""
    return frame[people].iter_rows(named=True) if frame.width else iter([{}] * people.len())


def _is_below(one: Expectation) -> bool:
    return one.rating is not None and one.rating < one.expected
