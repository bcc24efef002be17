"""Trace and evidence to sentences: an assessment as one `Explanation` per person and promotion."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

import polars as pl

from engine.decide.algebra import PLAIN
from engine.decide.assessment import Assessment, Judged, Outcome
from engine.decide.evidence import KnownRatings, agreement_of, status_of, sum_of, weight_of
from engine.decide.facts import FIRM_IN, RE_RATINGS, compute_facts
from engine.decide.meaning import Mean, PromotionMeaning, is_blind_spot, is_hidden_strength, units
from engine.decide.program import FINDING
from engine.decide.tenure import add_months
from engine.explain.development import plan_actions, skills_ahead
from engine.explain.questions import NAMED, SHARED, Asker, said_of
from engine.explain.signal_overrides import signal_overrides
from engine.lenses.evaluation import evaluate_lenses
from engine.outlook import Group, Prospects, Searched, confidence_parts, groups_of
from engine.phrases import filled, join, rounded_ratio, span
from engine.words.explanation import (
    Expectation,
    Explanation,
    FiredRule,
    LensResult,
    OpenQuestion,
    Outlook,
    OverriddenSignal,
    PersonIssue,
    RatingGiven,
    RatingUsed,
    Recommendation,
    SignalEvidence,
    WrittenComment,
)
from engine.words.ratings import PLACES_SHOWN, scale_note, shown_rating
from engine.words.sentences import (
    UNKNOWN,
    Row,
    guidance_texts,
    names_of,
    show_day,
    show_fact,
    show_number,
    signal_lists,
)
from inputs import (
    OVERALL,
    RATERS,
    UNITS_PER_POINT,
    Cell,
    Issue,
    OwnScale,
    Rater,
    Roster,
    comment_column,
    rating_column,
)
from rules.conditions import facts_named
from rules.facts import ANSWER, BAND, CYCLES_MET, REVIEWS, Fact
from rules.pack import (
    AGREEMENTS,
    ANSWERS,
    BANDS,
    IMPORTANCES,
    STATUSES,
    TENURES,
    TOO_EARLY,
    Promotion,
    QuestionKind,
    Rule,
    RulePack,
    Signal,
    YesNoFact,
)
from rules.placeholders import NUMBERS

_Weighted = tuple[str, Decimal]
"""A competency and its weight in a signal."""


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
class _Rows:
    """What is known of one person: their row of each table."""

    found: Row
    """Of `Judged.found`."""
    about: Row
    """Of `Roster.people`."""
    ratings: Row
    comments: Row
    evidence: Row
    facts: Row
    """Of `compute_facts`."""


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
    def promotion(self) -> Promotion:
        """As the variant asks for it."""
        return self.group.variant.promotion

    @property
    def meaning(self) -> PromotionMeaning:
        return self.group.bander.meaning

    @cached_property
    def rules(self) -> Mapping[str, Rule]:
        """By code, that for an open band among them."""
        return {rule.code: rule for rule in (*self.pack.rules_of(self.promotion), self.pack.cannot_tell.rule)}

    @cached_property
    def facts_in_rules(self) -> Mapping[str, tuple[str, ...]]:
        """By the code of a rule the facts that its condition names; that for an open band has none."""
        named = {code: facts_named(one) for code, one in self.judged.programs.conditions.items()}
        return {self.pack.cannot_tell.code: (), **named}

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
        for place, (own, *each) in enumerate(zip(searched, *rows, strict=True)):
            who = _Rows(*each)
            person, rank = who.found["person"], BANDS.index(who.found["recommendation"])
            outlook = Prospects(self.pack, self.roster, self.group, place, person, rank, own).outlook()
            yield self._explanation(who, outlook)

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
        catalogue = self.judged.programs.catalogue
        return [fact for name, fact in catalogue.items() if name in wanted and fact.kind != "flag"]

    def _explanation(self, who: _Rows, outlook: Outlook) -> Explanation:
        found, evidence = who.found, who.evidence
        person: int = found["person"]
        outcome, lenses = self.judged.outcomes[found["case"]], self.lenses[person]
        signals, present, issues = self._evidence(who), self._present_level(who), self._issues(who)
        lowest = self._lowest(who)
        missing = tuple(self.pack.competency(name).title for name in self._unrated(who))
        texts = self._texts(who, outlook) | {
            **signal_lists(signals, self._short(who)),
            "unrated_competencies": join(missing),
            "lowest_competencies": join([one.competency_title for one in lowest]),
            "present_below_competencies": join([one.competency_title for one in present if one.shortfall]),
        }
        fired = tuple(self._fired(self.rules[code], outcome, who, texts) for code in outcome.fired)
        deciding = self.rules[outcome.recommendation_rule]
        decides = self._decides(who, issues, outlook) if outcome.kind == "cannot_be_told" else []
        next_step = self._next_step(deciding, texts, decides, outlook)
        if any(one.about in RATERS for one in decides):
            # Whoever has rated may have rated everything: nobody is asked for ratings before that is known.
            outlook = replace(outlook, summary=next_step, to_rate=(), to_rate_in_all=0)
        overridden = bool(self._signal_overrides)
        return Explanation(
            **vars(recommendation_of(self.pack, {**who.about, **found}, overridden=overridden)),
            findings=outcome.findings,
            rules=fired,
            reasons=(*said_of(decides), *self._reasons(fired, deciding)),
            missing=missing,
            next_step=next_step,
            evidence=signals,
            months_in_level=evidence["months_in_level"],
            experience_months=evidence["experience_months"],
            tenure=TENURES[evidence["tenure"]],
            outlook=outlook,
            confidence_parts=confidence_parts(found[FIRM_IN], evidence["review_age_months"]),
            kind=outcome.kind,
            worst_band=found["worst_band"],
            best_band=found["best_band"],
            re_ratings=RE_RATINGS,
            review_date=who.about["review_date"],
            observed_months=evidence["observed_months"],
            present_level=present,
            lowest=lowest,
            questions=self._questions(who, outcome, texts, signals, lenses, issues),
            comments=tuple(self._comments(who)),
            lenses=lenses,
            actions=plan_actions(self.pack, self.promotion, signals, lenses),
            skills_ahead=skills_ahead(self.pack, self.promotion),
            signal_overrides=self._signal_overrides,
            issues=issues,
            scale_note=self._scale_note,
        )

    def _questions(
        self,
        who: _Rows,
        outcome: Outcome,
        texts: Mapping[str, str],
        signals: Sequence[SignalEvidence],
        lenses: Sequence[LensResult],
        issues: Sequence[PersonIssue],
    ) -> tuple[OpenQuestion, ...]:
        """What is open; of whoever was rated too early, nothing that the ratings say."""
        is_judged, of_now = outcome.recommendation != BANDS[-1], outcome.kind not in TOO_EARLY
        return self.asker.questions(
            who.found["person"],
            texts,
            signals if is_judged else (),
            lenses if of_now else (),
            self._unanswered(who.facts) if is_judged else (),
            issues,
            {one.kind for one in self.roster.issues_of.get(who.about["employee_id"], ())},
            self._other_views(who) if of_now else {},
            stale=REVIEWS[who.evidence["review"]] == "stale",
        )

    @cached_property
    def _scale_note(self) -> str:
        return scale_note(self.roster.scales, self.pack)

    @cached_property
    def _signal_overrides(self) -> tuple[OverriddenSignal, ...]:
        return signal_overrides(self.pack, self.group.variant)

    def _issues(self, who: _Rows) -> tuple[PersonIssue, ...]:
        found = self.roster.issues_of.get(who.about["employee_id"], ())
        return tuple(
            PersonIssue(one.about or "", one.title, self._place(one), one.problem, one.remedy)
            for one in found
            if one.kind not in SHARED
        )

    def _place(self, issue: Issue) -> str:
        what = self._rated.get(issue.about or "", issue.header)
        return f"{issue.cell} ({what})" if what else issue.cell or ""

    @cached_property
    def _others(self) -> Mapping[str, Mapping[str, int]]:
        """By employee id of the group: the mean of other raters, in units, by competency."""
        ids = self.roster.people["employee_id"].gather(self.group.found["person"].unique())
        found: dict[str, dict[str, int]] = {}
        for one in self.roster.others.filter(pl.col("employee_id").is_in(ids.implode())).iter_rows(
            named=True
        ):
            found.setdefault(one["employee_id"], {})[one["competency"]] = one["units"]
        return found

    def _other_views(self, who: _Rows) -> dict[QuestionKind, list[str]]:
        """What other raters see clearly otherwise than the manager, a competency each."""
        theirs = self._others.get(who.about["employee_id"], {})
        margin = self.pack.standard.agreement_margin * UNITS_PER_POINT
        found: dict[QuestionKind, list[str]] = {"others_lower": [], "others_higher": []}
        for name in self.meaning.competencies:
            units, mean = who.ratings.get(rating_column(name, "manager")), theirs.get(name)
            if units is not None and mean is not None and abs(mean - units) >= margin:
                kind: QuestionKind = "others_lower" if mean < units else "others_higher"
                found[kind].append(self.pack.competency(name).title)
        return found

    @cached_property
    def _rated(self) -> Mapping[str, str]:
        """What the columns of ratings hold."""
        titles: Mapping[Rater, str] = {"manager": "{}", "self": "{}, self rating"}
        return {
            rating_column(one.id, rater): titles[rater].format(one.title)
            for one in self.pack.competencies
            for rater in RATERS
        }

    def _decides(self, who: _Rows, issues: Iterable[PersonIssue], outlook: Outlook) -> list[PersonIssue]:
        """Those by which ratings of the manager are not used that would settle the band."""
        to_rate = [one.competency for one in outlook.to_rate[0].ratings] if outlook.to_rate else []
        wanted = to_rate or self._unrated(who)
        return [one for one in issues if any(one.is_of(name, "manager") for name in wanted)]

    def _next_step(
        self, deciding: Rule, texts: Mapping[str, str], decides: Sequence[PersonIssue], outlook: Outlook
    ) -> str:
        """What the deciding rule says, of ratings that were not given; before it what corrects the others."""
        needed = outlook.to_rate[0].ratings if outlook.to_rate else ()
        left = [
            one.competency_title
            for one in needed
            if not any(given.is_of(one.competency, "manager") for given in decides)
        ]
        remedies = dict.fromkeys(one.remedy for one in decides)
        places = {remedy: [one.place for one in decides if one.remedy == remedy] for remedy in remedies}
        steps = [f"In the file, {join(places[remedy], most=NAMED)}: {remedy}" for remedy in remedies]
        if left or not decides:
            names = {"competencies_to_rate": join(left)} if decides else {}
            steps.append(filled(deciding.next_step or "", {**texts, **names}))
        return " ".join(steps)

    def _unanswered(self, facts: Row) -> list[YesNoFact]:
        unknown = ANSWERS.index("unknown")
        return [one for one in self.pack.facts_for(self.promotion) if facts[f"{ANSWER}{one.id}"] == unknown]

    def _present_level(self, who: _Rows) -> tuple[Expectation, ...]:
        return tuple(
            Expectation(
                one.competency,
                self.pack.competency(one.competency).title,
                shown_rating(units(one.rating), self.roster.scales.get("manager")),
                *self._given(who, one.competency, "manager"),
                one.cite,
            )
            for one in self.pack.level(self.promotion.from_level).expects
        )

    def _lowest(self, who: _Rows) -> tuple[RatingGiven, ...]:
        found = []
        for part in self.pack.competencies:
            if who.ratings.get(rating_column(part.id, "manager")) == self.meaning.lowest:
                rating, cell = self._given(who, part.id, "manager")
                assert rating is not None
                found.append(RatingGiven(part.id, part.title, rating, cell))
        return tuple(found)

    def _given(self, who: _Rows, competency: str, rater: Rater) -> tuple[Decimal | None, Cell | None]:
        """A rating of a competency, and its cell."""
        column = rating_column(competency, rater)
        given = who.ratings.get(column)
        rating = None if given is None else shown_rating(given, self.roster.scales.get(rater))
        issues = self.roster.issues_of.get(who.about["employee_id"], ())
        unused = next((one.place for one in issues if one.about == column), None)
        return rating, self.roster.cell(who.found["person"], column) or unused

    def _reasons(self, fired: Sequence[FiredRule], deciding: Rule) -> Iterator[str]:
        """What the deciding rule says, then findings that it does not already speak of, concerns first."""
        yield next(rule.sentence for rule in fired if rule.code == deciding.code)
        told = self._rests_on(deciding)
        further = [
            rule for rule in fired if rule.topic == "finding" and FINDING + rule.conclusion not in told
        ]
        further.sort(key=lambda rule: _FINDING_ORDER.index(self.pack.finding(rule.conclusion).kind))
        yield from (rule.sentence for rule in further)

    def _rests_on(self, deciding: Rule) -> set[str]:
        """The facts behind the deciding rule; where the band is open, those behind every band."""
        if deciding.code != self.pack.cannot_tell.code:
            return {*self.facts_in_rules[deciding.code]}
        banded = (rule for rule in self.pack.rules_of(self.promotion) if rule.recommendation)
        named = [{*self.facts_in_rules[one.code]} for one in banded if one.recommendation != BANDS[-1]]
        return set.intersection(*named) if named else set()

    def _texts(self, who: _Rows, outlook: Outlook) -> dict[str, str]:
        catalogue, about, found = self.judged.programs.catalogue, who.about, who.found
        since, standard = about["level_since"], self.pack.standard
        enough = add_months(since, standard.observation_months) if since else None
        # Nobody can be rated on a day that has passed.
        passed = enough is not None and enough <= self.assessment.day
        labels = {str(band): text.label for band, text in self.pack.bands.items()}
        to_rate = outlook.to_rate[0].ratings if outlook.to_rate else ()
        return {
            **{name: show_number(catalogue[name], who.facts) for name in NUMBERS if name in who.facts},
            **guidance_texts(self.promotion.tenure),
            **names_of(about),
            "level": self.pack.level(self.promotion.from_level).title,
            "next_level": self.pack.level(self.promotion.to_level).title,
            "observation_months": span(standard.observation_months),
            "when_to_rate": "now" if passed else f"on or after {show_day(enough)}",
            "level_since": show_day(since),
            "review_date": show_day(about["review_date"]),
            "worst_band": labels[found["worst_band"]],
            "best_band": labels[found["best_band"]],
            "competencies_to_rate": join([one.competency_title for one in to_rate]),
            "firm_in": UNKNOWN if found[FIRM_IN] is None else str(found[FIRM_IN]),
            "re_ratings": str(RE_RATINGS),
        }

    def _fired(self, rule: Rule, outcome: Outcome, who: _Rows, texts: Mapping[str, str]) -> FiredRule:
        stands = rule.code in (outcome.recommendation_rule, outcome.confidence_rule)
        catalogue = self.judged.programs.catalogue
        facts = (
            (name, show_fact(catalogue[name], who.facts, outcome.findings, self.pack))
            for name in self.facts_in_rules[rule.code]
        )
        decisive = stands or rule.topic == "finding"
        return FiredRule.of(rule, filled(rule.reason, texts), facts, decisive=decisive)

    def _short(self, who: _Rows) -> set[str]:
        """The signals that are below the bar whatever the missing ratings are."""
        means = ((signal, _mean(who, signal.id, "manager")) for signal in self.meaning.signals)
        return {signal.id for signal, mean in means if signal.shortfall(PLAIN, mean)}

    def _unrated(self, who: _Rows) -> list[str]:
        names = self.meaning.competencies
        return [name for name in names if who.ratings.get(rating_column(name, "manager")) is None]

    def _evidence(self, who: _Rows) -> tuple[SignalEvidence, ...]:
        used = {weighted: self._used(who, *weighted) for weighted in self._weighted}
        meanings = zip(self.promotion.signals, self.meaning.signals, strict=True)
        signals = [self._signal(signal, meaning.whole, who, used) for signal, meaning in meanings]
        return tuple(sorted(signals, key=lambda signal: IMPORTANCES.index(signal.importance)))

    @cached_property
    def _weighted(self) -> frozenset[_Weighted]:
        return frozenset(one for signal in self.promotion.signals for one in signal.competencies.items())

    def _signal(
        self, signal: Signal, whole: int, who: _Rows, used: Mapping[_Weighted, RatingUsed]
    ) -> SignalEvidence:
        evidence, scales = who.evidence, self.roster.scales
        own, managers = (_mean(who, signal.id, rater) for rater in RATERS)
        return SignalEvidence(
            signal=signal.id,
            title=signal.title,
            looks_like=signal.looks_like,
            importance=signal.importance,
            bar=shown_rating(units(self.pack.bar_of(self.promotion, signal)), scales.get("manager")),
            manager_score=_score(managers, scales.get("manager")),
            self_score=_score(own, scales.get("self")),
            coverage=rounded_ratio(managers.rated, whole, PLACES_SHOWN),
            status=STATUSES[evidence[status_of(signal.id)]],
            agreement=AGREEMENTS[evidence[agreement_of(signal.id)]],
            blind_spot=bool(evidence[f"{signal.id}.blind_spot"]),
            hidden_strength=bool(evidence[f"{signal.id}.hidden_strength"]),
            ratings=tuple(used[weighted] for weighted in signal.competencies.items()),
            grow=signal.grow,
            ask=signal.ask,
            cite=signal.cite,
        )

    def _used(self, who: _Rows, competency: str, weight: Decimal) -> RatingUsed:
        own, managers = (rating_column(competency, rater) for rater in RATERS)
        return RatingUsed(
            competency,
            self.pack.competency(competency).title,
            weight,
            *self._given(who, competency, "self"),
            *self._given(who, competency, "manager"),
            who.comments.get(comment_column(own)),
            who.comments.get(comment_column(managers)),
        )

    def _comments(self, who: _Rows) -> Iterator[WrittenComment]:
        for column, (title, competency, rater) in self._commented.items():
            if text := who.comments.get(column):
                cell = self.roster.cell(who.found["person"], column)
                yield WrittenComment(title, competency, rater, text, cell)

    @cached_property
    def _commented(self) -> Mapping[str, tuple[str, str | None, Rater]]:
        """The columns of comments that the file has: what each is about, its competency and who wrote it."""
        about: dict[str, tuple[str, str | None]] = {OVERALL: ("Overall", None)}
        about |= {part.id: (part.title, part.id) for part in self.pack.competencies}
        named = {
            comment_column(rating_column(name, rater)): (*of, rater)
            for name, of in about.items()
            for rater in reversed(RATERS)
        }
        return {column: of for column, of in named.items() if column in self.roster.comments.columns}


def recommendation_of(pack: RulePack, row: Row, *, overridden: bool) -> Recommendation:
    """What is recommended to one person: a row of `Assessment.recommendations` with who that is."""
    promotion, firm_in, written = pack.promotion(row["promotion"]), row[FIRM_IN], row["specialisation"]
    known = (one.title for one in pack.specialisations if one.id == written)
    return Recommendation(
        person=row["person"],
        **{name: row[name] for name in IDENTITY},
        level_title=pack.level(row["level"]).title,
        promotion=promotion.id,
        promotion_title=promotion.title,
        next_level=promotion.to_level,
        next_level_title=pack.level(promotion.to_level).title,
        specialisation=next(known, row["specialisation_as_written"]),
        overridden=overridden,
        recommendation=row["recommendation"],
        confidence=row["confidence"],
        firm_in=firm_in,
        borderline=firm_in is not None and firm_in < pack.standard.borderline_below * RE_RATINGS,
    )


IDENTITY = ("employee_id", "employee_name", "department", "manager_id", "manager_name", "level")
_ALWAYS_SHOWN = frozenset({"coverage"})
_FINDING_ORDER = ("concern", "strength", "timing", "evidence", "question")


def _rows_of(frame: pl.DataFrame, people: pl.Series) -> Iterator[Row]:
    """These people's rows; a frame without columns has no height, and an empty row for everybody."""
    return frame[people].iter_rows(named=True) if frame.width else iter([{}] * people.len())


def _mean(who: _Rows, signal: str, rater: Rater) -> Mean:
    return Mean(who.evidence[sum_of(signal, rater)], who.evidence[weight_of(signal, rater)])


def _score(mean: Mean, scale: OwnScale | None) -> Decimal | None:
    """What a rater gave, as it is shown; None when that is nothing."""
    return shown_rating(mean.total, scale, mean.rated) if mean.rated else None
