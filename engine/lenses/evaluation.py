"""Lenses: each framework of the articles as a view over the same ratings, with a value and findings.

A lens decides nothing. Its parts are held to a bar exactly as signals are, its rules run through the same
rule engine, once for each distinct case, and the result stands beside the recommendation.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

import numpy as np
import polars as pl
import polars.selectors as cs

from engine.decide.algebra import NUMPY, PLAIN
from engine.decide.discretization import Cut, conjunctions_of, cuts_for
from engine.decide.evidence import looked_at
from engine.decide.inference import CompiledRule, fire
from engine.decide.meaning import STATUS, Mean, signal_meanings
from engine.lenses.meaning import LensMeaning, strongest_of, with_composed
from engine.phrases import join
from engine.words.explanation import FiredRule, LensPartResult, LensResult
from engine.words.ratings import shown_rating
from engine.words.sentences import Row, names_of
from inputs import Roster, rating_column
from rules.conditions import Condition, facts_named, parse_condition
from rules.facts import CYCLES_MET, Fact
from rules.lens_facts import UNKNOWN, counted, facts_of_lens, lens_values, strongest_values
from rules.pack import STATUSES, Lens, LensPart, Promotion, Rule, RulePack, Signal

Score = tuple[int, int]
"""A part's weighted sum in rating units, and the weight that was rated."""


def evaluate_lenses(
    roster: Roster, people: pl.Series, cycles: pl.Series, pack: RulePack, promotion: Promotion
) -> list[tuple[LensResult, ...]]:
    """What every lens of a promotion shows for these people (indices into the roster), in their order.

    `cycles` are theirs of `engine.decide.cycles`.
    """
    columns = [
        _LensEvaluator.of(pack, promotion, lens).results(roster, people, cycles)
        for lens in pack.lenses_for(promotion)
    ]
    return list(zip(*columns, strict=True)) if columns else [()] * people.len()


def fired_in_cases(
    pack: RulePack, promotion: Promotion, lens: Lens, cases: Iterable["LensProfile"]
) -> dict["LensProfile", tuple[str, ...]]:
    """The codes of the lens's rules that fire on each of these cases, run through the rule engine."""
    looker = _LensEvaluator.of(pack, promotion, lens)
    return looker.fired({case: looker.view(case) for case in dict.fromkeys(cases)})


def compile_lens(lens: Lens) -> tuple[Mapping[str, Cut], tuple[CompiledRule, ...]]:
    """The cuts of the facts that a lens's rules name, and the rules over them."""
    catalogue = facts_of_lens(lens)
    conditions = {rule.code: parse_condition(rule.when, catalogue) for rule in lens.rules}
    cuts = cuts_for(conditions.values(), catalogue)
    return cuts, tuple(CompiledRule(code, conjunctions_of(one, cuts)) for code, one in conditions.items())


def parts_as_signals(pack: RulePack, promotion: Promotion, lens: Lens) -> Promotion:
    """The promotion with the lens's parts that ratings can show for its signals, and without rules."""
    signals = tuple(
        Signal(
            id=part.id,
            title=part.title,
            looks_like=part.meaning,
            importance="core",
            competencies=part.competencies,
            bar=part_bar(pack, lens, part),
            grow=part.grow,
            ask=lens.question,
            cite=part.cite,
        )
        for part in lens.parts
        if part.competencies
    )
    return promotion.model_copy(update={"signals": signals, "rules": ()})


def part_bar(pack: RulePack, lens: Lens, part: LensPart) -> Decimal:
    """The bar that a part is held to: its own, else the lens's, else the pack's core bar; of one that takes
    several, that of the first."""
    if part.all_of:
        return part_bar(pack, lens, next(one for one in lens.parts if one.id == part.all_of[0]))
    return next(bar for bar in (part.bar, lens.bar, pack.standard.bars.core) if bar is not None)


@dataclass(frozen=True)
class LensProfile:
    """All that the rules of a lens can tell people apart by."""

    statuses: tuple[str, ...]
    """One for each part."""
    strongest: str
    specialisation: str | None
    cycles: int | None = None
    """Earlier cycles in a row that met every core signal of the promotion, where the lens looks at them."""


@dataclass(frozen=True)
class _View:
    """What a case shows."""

    looker: "_LensEvaluator"
    statuses: Mapping[str, str]
    """Part to status."""
    case: LensProfile
    value: str
    facts: Mapping[str, int | None]
    """Number fact to number, None where it is unknown, category fact to the index of its value."""

    @cached_property
    def words(self) -> Mapping[str, str]:
        """Placeholder to text, but for the names of people."""
        return self.looker.words(self)


@dataclass(frozen=True)
class _Look:
    """What one person's ratings show."""

    scores: Mapping[str, Score]
    """Of the parts that are rated."""
    statuses: tuple[str, ...]
    """One for each part."""
    strongest: str


@dataclass(frozen=True)
class _LensEvaluator:
    """One lens over one promotion, with what looking needs at hand."""

    pack: RulePack
    promotion: Promotion
    lens: Lens
    catalogue: Mapping[str, Fact]
    conditions: Mapping[str, Condition]
    bars: Mapping[str, Decimal]
    counted: tuple[LensPart, ...]
    """The parts that make the value."""
    meaning: LensMeaning
    drawn: dict[tuple[str, str, Score | None], LensPartResult] = field(default_factory=dict)
    """A population repeats the same scores over and over; each part is made once for each."""

    @classmethod
    def of(cls, pack: RulePack, promotion: Promotion, lens: Lens) -> "_LensEvaluator":
        catalogue = facts_of_lens(lens)
        conditions = {rule.code: parse_condition(rule.when, catalogue) for rule in lens.rules}
        bars = {part.id: part_bar(pack, lens, part) for part in lens.parts}
        meaning = LensMeaning.of(pack, promotion, lens)
        return cls(pack, promotion, lens, catalogue, conditions, bars, counted(lens), meaning)

    @cached_property
    def sees_specialisation(self) -> bool:
        """Whether anything that the lens shows can differ by specialisation."""
        in_words = any("{specialisation}" in rule.reason for rule in self.lens.rules)
        return in_words or any(part.specialisation is not None for part in self.lens.parts)

    @cached_property
    def sees_cycles(self) -> bool:
        """Whether a rule of the lens looks at earlier cycles, or tells them."""
        named = any(CYCLES_MET in facts_named(condition) for condition in self.conditions.values())
        return named or any(f"{{{CYCLES_MET}}}" in rule.reason for rule in self.lens.rules)

    def results(self, roster: Roster, people: pl.Series, cycles: pl.Series) -> list[LensResult]:
        """The results of these people, in their order."""
        chosen = roster.people[people]
        known = chosen["specialisation"].to_list() if self.sees_specialisation else [None] * people.len()
        before = cycles.to_list() if self.sees_cycles else [None] * people.len()
        looks = self._looks(roster, people)
        cases = [
            LensProfile(look.statuses, look.strongest, *rest)
            for look, *rest in zip(looks, known, before, strict=True)
        ]
        views = {case: self.view(case) for case in dict.fromkeys(cases)}
        fired = self.fired(views)
        return [
            self._result(case, views[case], fired[case], look.scores, person)
            for case, look, person in zip(cases, looks, chosen.iter_rows(named=True), strict=True)
        ]

    def _looks(self, roster: Roster, people: pl.Series) -> list[_Look]:
        """What the ratings show: parts are signals of a promotion of their own. The same ratings, and a
        population repeats many, are looked at once."""
        columns = [rating_column(name, "manager") for name in looked_at(self._as_promotion)]
        known = [column for column in columns if column in roster.ratings.columns]
        facts = list(dict.fromkeys(part.fact for part in self.lens.parts if part.fact is not None))
        seen = [
            frame.select(names)[people]
            for frame, names in ((roster.ratings, known), (roster.people, facts))
            if names
        ]
        rows = pl.concat(seen, how="horizontal").rows() if seen else [()] * people.len()
        distinct = {row: place for place, row in enumerate(dict.fromkeys(rows))}
        schema = {**dict.fromkeys(known, pl.Int64()), **dict.fromkeys(facts, pl.Boolean())}
        given = pl.DataFrame(list(distinct), schema=schema, orient="row")
        looks = self._look(given, len(distinct))
        return [looks[distinct[row]] for row in rows]

    @cached_property
    def _as_promotion(self) -> Promotion:
        return parts_as_signals(self.pack, self.promotion, self.lens)

    def _look(self, given: pl.DataFrame, rows: int) -> list[_Look]:
        """What each row of ratings and answers shows."""
        statuses = {part.id: np.full(rows, STATUSES.index("unrated")) for part in self.lens.parts}
        for part in self.lens.parts:
            if part.fact is not None:
                code = pl.when(part.fact).then(STATUS["met"]).when(~pl.col(part.fact)).then(STATUS["gap"])
                statuses[part.id] = given.select(code.otherwise(STATUS["unrated"])).to_series().to_numpy()
        ratings = given.select(cs.integer())
        filled = dict(zip(ratings.columns, ratings.fill_null(0).to_numpy().T, strict=True))
        there = dict(zip(ratings.columns, ratings.select(pl.all().is_not_null()).to_numpy().T, strict=True))
        sums: dict[str, Mean] = {}
        for signal in signal_meanings(self.pack, self._as_promotion):
            total, rated = np.zeros(rows, dtype=np.int64), np.zeros(rows, dtype=np.int64)
            for name, weight in signal.weights.items():
                column = rating_column(name, "manager")
                if column in filled:
                    total += filled[column] * weight
                    rated += there[column] * weight
            sums[signal.id] = Mean(total, rated)
            statuses[signal.id] = signal.status(NUMPY, sums[signal.id])
        statuses = with_composed(self.lens, NUMPY, statuses)
        strongest = np.broadcast_to(strongest_of(self.lens, NUMPY, statuses, sums), rows)
        names = strongest_values(self.lens)
        found = []
        for row in range(rows):
            shown = {part: STATUSES[codes[row]] for part, codes in statuses.items()}
            scores = {
                part: (int(mean.total[row]), int(mean.rated[row]))
                for part, mean in sums.items()
                if shown[part] != "unrated" and mean.rated[row]
            }
            for part in self.lens.parts:
                # What takes several shows the weakest of them.
                rated_parts = [scores[one] for one in part.all_of if one in scores]
                if rated_parts and shown[part.id] != "unrated":
                    scores[part.id] = min(rated_parts, key=lambda score: Fraction(*score))
            found.append(_Look(scores, tuple(shown.values()), names[strongest[row]]))
        return found

    def view(self, case: LensProfile) -> _View:
        """What a case shows."""
        lens, meaning = self.lens, self.meaning
        statuses = dict(zip((part.id for part in lens.parts), case.statuses, strict=True))
        codes = {part: STATUS[status] for part, status in statuses.items()}
        strongest = strongest_values(lens).index(case.strongest)
        shown = meaning.categories(PLAIN, codes, strongest, meaning.code_of(case.specialisation))
        shown |= {CYCLES_MET: case.cycles, **meaning.counts(PLAIN, codes)}
        facts = {name: shown[name] for name in self.catalogue}
        return _View(self, statuses, case, lens_values(lens)[shown["value"]], facts)

    def words(self, view: _View) -> Mapping[str, str]:
        """What sentences say of a case, by placeholder."""
        lens, parts, case = self.lens, self.counted, view.case
        titles = {part.id: part.title for part in lens.parts}
        specialisations = {one.id: one.title for one in self.pack.specialisations}
        return {
            **_part_lists(parts, view.statuses),
            "level": self.pack.level(self.promotion.from_level).title,
            "next_level": self.pack.level(self.promotion.to_level).title,
            "parts_met": str(view.facts["parts_met"]),
            "parts_total": str(len(parts)),
            "reached": self.called[view.value][0],
            "expected_level": titles.get(lens.expects.get(self.promotion.from_level, ""), UNKNOWN),
            "expected_next": titles.get(lens.expects.get(self.promotion.to_level, ""), UNKNOWN),
            "strongest": titles.get(case.strongest, case.strongest),
            "specialisation": specialisations.get(case.specialisation or "", UNKNOWN),
            CYCLES_MET: UNKNOWN if case.cycles is None else str(case.cycles),
            "next_part": next((part.title for part in parts if view.statuses[part.id] != "met"), "none"),
        }

    def fired(self, views: Mapping[LensProfile, _View]) -> dict[LensProfile, tuple[str, ...]]:
        """The codes of the rules that fire on each case."""
        if not self.conditions or not views:
            return dict.fromkeys(views, ())
        cuts, compiled = compile_lens(self.lens)
        facts = [view.facts for view in views.values()]
        bins = [{name: _bin_of(cut, values[name]) for name, cut in cuts.items()} for values in facts]
        return dict(zip(views, fire(compiled, bins), strict=True))

    def _result(
        self, case: LensProfile, view: _View, fired: Sequence[str], scores: Mapping[str, Score], person: Row
    ) -> LensResult:
        lens, (label, meaning) = self.lens, self.called[view.value]
        rules = [rule for rule in lens.rules if rule.code in fired]
        drawn = {rule.conclusion: None for rule in rules}
        expected = [view.words[name] for name in ("expected_level", "expected_next")]
        return LensResult(
            lens=lens.id,
            key=lens.key,
            title=lens.title,
            question=lens.question,
            view=lens.view,
            value=view.value,
            value_label=label,
            value_meaning=meaning,
            parts_met=int(view.words["parts_met"]),
            parts=tuple(
                self._part(part, status, scores.get(part.id))
                for part, status in zip(lens.parts, case.statuses, strict=True)
            ),
            expected_level=None if expected[0] == UNKNOWN else expected[0],
            expected_next=None if expected[1] == UNKNOWN else expected[1],
            findings=tuple(drawn),
            finding_titles=tuple(finding.title for finding in lens.findings if finding.id in drawn),
            rules=tuple(self._fired(rule, view, person) for rule in rules),
            cite=lens.cite,
        )

    def _part(self, part: LensPart, status: str, score: Score | None) -> LensPartResult:
        key = (part.id, status, score)
        if key not in self.drawn:
            self.drawn[key] = LensPartResult(
                part=part.id,
                title=part.title,
                meaning=part.meaning,
                status=status,
                score=None if score is None else shown_rating(score[0], None, score[1]),
                bar=self.bars[part.id],
                counts=part.counts,
                grow=part.grow,
                cite=part.cite,
            )
        return self.drawn[key]

    def _fired(self, rule: Rule, view: _View, person: Row) -> FiredRule:
        named = facts_named(self.conditions[rule.code])
        facts = ((name, self._shown(name, view.facts[name])) for name in named)
        sentence = rule.reason.format_map({**view.words, **names_of(person)})
        return FiredRule.of(rule, sentence, facts, decisive=True)

    def _shown(self, name: str, value: int | None) -> str:
        fact = self.catalogue[name]
        if value is None:
            return UNKNOWN
        return str(value) if fact.kind == "number" else fact.values[value].replace("_", " ")

    @cached_property
    def called(self) -> Mapping[str, tuple[str, str]]:
        """By value of the lens what it is called and what it means."""
        parts = {part.id: (part.title, part.meaning) for part in self.lens.parts}
        return parts | {value: (text.label, text.meaning) for value, text in self.lens.words.items()}


def _bin_of(cut: Cut, value: int | None) -> int:
    return cut.size - 1 if value is None else cut.bin_of(value)


def _part_lists(parts: Sequence[LensPart], statuses: Mapping[str, str]) -> dict[str, str]:
    return {
        name: join([part.title for part in parts if statuses[part.id] in wanted])
        for name, wanted in _LISTS.items()
    }


_LISTS = {
    "met_parts": ("met",),
    "short_parts": ("near", "gap"),
    "near_parts": ("near",),
    "gap_parts": ("gap",),
    "unrated_parts": ("unrated",),
}
