"""A program run over people: groups of rules asked once per distinct case, put together person by person."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import polars as pl

from engine.decide.assessment import Outcome
from engine.decide.cases import distinct_cases, distinct_combinations
from engine.decide.inference import fire
from engine.decide.program import FINDING, Case, Group, Program
from engine.phrases import join
from rules.facts import facts_of
from rules.pack import BANDS, CONFIDENCES, PackError, Rule

Fired = tuple[str, ...]
"""Codes of the rules of a group that fired on a case, in order."""
_TOPIC_VALUES: Mapping[str, tuple[str, ...]] = {"recommendation": BANDS, "confidence": CONFIDENCES}


@dataclass(frozen=True)
class Concluded:
    """What the rules concluded for the people of one promotion, in their order."""

    case: pl.Series
    """UInt32: the index into `outcomes`."""
    recommendation: pl.Series
    confidence: pl.Series
    """Null for those who are in `undecided`, as the recommendation."""
    outcomes: "Outcomes"
    undecided: pl.Series
    """String: why the rules come to no conclusion, null where they do."""


@dataclass(frozen=True)
class Outcomes(Sequence[Outcome]):
    """The outcome of every distinct combination of fired rules, made when it is asked for."""

    program: Program
    fired: Sequence[Sequence[Fired]]
    """For every group of rules, the distinct things that fired."""
    combinations: pl.DataFrame
    """One row per outcome and one column per group: the index into the group's `fired`."""
    _made: dict[int, Outcome] = field(default_factory=dict, compare=False, repr=False)

    def __len__(self) -> int:
        return self.combinations.height

    def __getitem__(self, index: int) -> Outcome:  # type: ignore[override]
        if index not in self._made:
            self._made[index] = _outcome(self.program, self._codes(self.combinations.row(index)))
        return self._made[index]

    def __iter__(self) -> Iterator[Outcome]:
        return (self[index] for index in range(len(self)))

    def _codes(self, combination: Sequence[int]) -> list[str]:
        """What fired in all groups, in the order in which a trace lists it."""
        codes = (code for one, fired in zip(combination, self.fired, strict=True) for code in fired[one])
        return sorted(codes, key=self._positions.__getitem__)

    @cached_property
    def _positions(self) -> dict[str, int]:
        return {code: n for n, code in enumerate(self.program.rules)}


def run(program: Program, facts: pl.LazyFrame, *, gaps_allowed: bool = False) -> Concluded:
    """Run a program over people (a plan of `engine.decide.facts.plan_facts`).

    Raises `PackError` when the rules give somebody no recommendation, or ones that contradict each other; the
    message holds the case. With `gaps_allowed` nothing is raised and these people are undecided.
    """
    bins = facts.select(
        "person", *(program.cuts[name].bin_expression().alias(name) for name in program.facts)
    ).collect()
    ran = _fire_layers(program, bins)
    settled, undecided = {}, pl.repeat(None, bins.height, dtype=pl.String, eager=True)
    for one in ran:
        topic = one.group.topic
        if topic != "finding":
            by_case = _settle(program, one.group, one.cases, one.fired, gaps_allowed=gaps_allowed)
            settled[topic] = by_case["settled"].gather(one.case)
            if by_case["undecided"].null_count() < by_case.height:
                why = by_case["undecided"].gather(one.case)
                undecided = undecided.zip_with(undecided.is_not_null(), why)
    case, outcomes = _outcomes(program, ran)
    return Concluded(case, settled["recommendation"], settled["confidence"], outcomes, undecided)


@dataclass(frozen=True)
class Recommender:
    """The band of supposed cases, one after the other; what was asked before is remembered.

    In plain numbers: there are few distinct cases, and a query costs more than each of them.
    """

    program: Program
    _bands: dict[tuple[int, ...], str | None] = field(default_factory=dict, compare=False, repr=False)
    _fired: dict[tuple[int, tuple[int, ...]], Fired] = field(default_factory=dict, compare=False, repr=False)

    def bands(self, cases: Sequence[tuple[int, ...]]) -> list[str | None]:
        """None where the rules give no band or ones that contradict each other.

        A case is the bin of every fact of the program, in their order.
        """
        new = [case for case in dict.fromkeys(cases) if case not in self._bands]
        self._bands.update(zip(new, self._recommend(new), strict=True))
        return [self._bands[case] for case in cases]

    def _recommend(self, cases: Sequence[tuple[int, ...]]) -> list[str | None]:
        program = self.program
        nothing: list[str | None] = [None] * len(cases)
        drawn = dict.fromkeys(program.findings, 0)
        known = [dict(zip(program.facts, case, strict=True)) | drawn for case in cases]
        number = 0
        for layer in program.layers:
            for group in layer:
                fired = self._fire(number, group, known)
                number += 1
                if group.topic == "recommendation":
                    return [self._band(codes) for codes in fired]
                for case, codes in zip(known, fired, strict=True):
                    case.update((_finding_of(program, code), 1) for code in codes)
        return nothing

    def _fire(self, number: int, group: Group, known: Sequence[Case]) -> list[Fired]:
        keys = [(number, tuple(case[name] for name in group.cuts)) for case in known]
        new = [key for key in dict.fromkeys(keys) if key not in self._fired]
        cases = [dict(zip(group.cuts, bins, strict=True)) for _, bins in new]
        self._fired.update(zip(new, fire(group.rules, cases), strict=True))
        return [self._fired[key] for key in keys]

    def _band(self, fired: Fired) -> str | None:
        winner = _winner([self.program.rules[code] for code in fired])
        return None if winner is None else winner.conclusion


@dataclass(frozen=True)
class _Ran:
    """A group of rules that has been run."""

    group: Group
    case: pl.Series
    """UInt32, one for each person: the index into `cases` and `fired`."""
    cases: Sequence[Case]
    fired: Sequence[Fired]


def _fire_layers(program: Program, bins: pl.DataFrame) -> list[_Ran]:
    """Every group of every layer, in order; `bins` holds the bins of the program's facts."""
    ran: list[_Ran] = []
    for place, layer in enumerate(program.layers):
        rules = [rule for later in program.layers[place:] for group in later for rule in group.rules]
        unsettled = {_finding_of(program, rule.code) for rule in rules}
        settled = [name for name in program.findings if name not in bins.columns and name not in unsettled]
        bins = bins.with_columns(_drawn(program, name, ran, bins.height) for name in settled)
        for group in layer:
            distinct = distinct_cases(bins, group.cuts)
            ran.append(_Ran(group, distinct.case, distinct.cases, fire(group.rules, distinct.cases)))
    return ran


def _finding_of(program: Program, code: str) -> str:
    """The fact of the finding that a rule concludes; of no use for a rule of another topic."""
    rule = program.rules[code]
    return FINDING + rule.conclusion if rule.topic == "finding" else ""


def _drawn(program: Program, finding: str, ran: Iterable[_Ran], people: int) -> pl.Series:
    """UInt8 1 for the people for whom a rule concluded the finding, else 0."""
    drawn: pl.Series | None = None
    for one in ran:
        concluding = {rule.code for rule in one.group.rules if _finding_of(program, rule.code) == finding}
        if concluding:
            by_case = pl.Series([not concluding.isdisjoint(fired) for fired in one.fired], dtype=pl.UInt8)
            here = by_case.gather(one.case)
            drawn = here if drawn is None else drawn | here
    if drawn is None:
        drawn = pl.repeat(0, people, dtype=pl.UInt8, eager=True)
    return drawn.alias(finding)


def _outcomes(program: Program, ran: Sequence[_Ran]) -> tuple[pl.Series, Outcomes]:
    """Who has which outcome: the distinct combinations of what fired in the groups."""
    distinct = [list(dict.fromkeys(one.fired)) for one in ran]
    columns = []
    for n, (one, fired) in enumerate(zip(ran, distinct, strict=True)):
        index = {codes: number for number, codes in enumerate(fired)}
        columns.append(
            pl.Series(f"group{n}", [index[codes] for codes in one.fired], pl.UInt32).gather(one.case)
        )
    sizes = {column.name: max(1, len(fired)) for column, fired in zip(columns, distinct, strict=True)}
    case, combinations = distinct_combinations(pl.DataFrame(columns), sizes)
    return case, Outcomes(program, distinct, combinations)


def _settle(
    program: Program,
    group: Group,
    cases: Sequence[Case],
    fired: Sequence[Sequence[str]],
    *,
    gaps_allowed: bool,
) -> pl.DataFrame:
    """By case, the band or confidence as `settled`, or why there is none as `undecided`."""
    settled, undecided = list[str | None](), list[str | None]()
    for case, codes in zip(cases, fired, strict=True):
        candidates = [program.rules[code] for code in codes]
        winner = _winner(candidates)
        settled.append(None if winner is None else winner.conclusion)
        undecided.append(None)
        if winner is None:
            if not gaps_allowed:
                raise PackError(_gap(program, group, case, candidates))
            undecided[-1] = _gap_in_words(program, group, case, candidates)
    values = pl.Enum(_TOPIC_VALUES[group.topic])
    return pl.DataFrame([pl.Series("settled", settled, values), pl.Series("undecided", undecided, pl.String)])


def _gap(program: Program, group: Group, case: Case, candidates: Sequence[Rule]) -> str:
    """Why none of these rules settles the group's topic, and what would help, for those who write rules."""
    where = f"pack {program.pack.name}, promotion {program.promotion.id}"
    if not candidates:
        return (
            f"{where}: no rule gives a {group.topic} for this case: {group.describe(case)}; "
            "add a rule that covers it"
        )
    return (
        f"{where}: rules contradict each other for this case: {group.describe(case)}: {_said(candidates)}; "
        "make their conditions exclude each other or name the weaker rule in overrides of the stronger"
    )


def _gap_in_words(program: Program, group: Group, case: Case, candidates: Sequence[Rule]) -> str:
    """As `_gap`, for people: the findings that hold, by their titles, and the facts."""
    titles = {FINDING + finding.id: f"“{finding.title}”" for finding in program.pack.findings}
    catalogue = facts_of(program.pack, program.promotion)
    told = {name: cut.describe(case[name]) for name, cut in group.cuts.items()}
    holding = [titles[name] for name, value in told.items() if name in titles and value == "true"]
    facts = [f"{catalogue[name].meaning}: {value}" for name, value in told.items() if name not in titles]
    found = f"the findings are {join(holding)}" if holding else "none of the findings holds"
    where = "; ".join([*([found] if told.keys() & titles.keys() else []), *facts])
    if not candidates:
        return f"no rule gives a {group.topic} where {where}"
    return f"rules contradict each other where {where}: {_said(candidates)}"


def _said(rules: Sequence[Rule]) -> str:
    return ", ".join(f"{rule.code} says {rule.conclusion}" for rule in rules)


def _winner(candidates: Sequence[Rule]) -> Rule | None:
    """The first rule to which every rule with another conclusion gives way."""
    for rule in candidates:
        if all(other.conclusion == rule.conclusion or other.code in rule.overrides for other in candidates):
            return rule
    return None


def _outcome(program: Program, fired: Sequence[str]) -> Outcome:
    rules = [program.rules[code] for code in fired]
    recommendation = _winner([rule for rule in rules if rule.topic == "recommendation"])
    confidence = _winner([rule for rule in rules if rule.topic == "confidence"])
    assert recommendation is not None
    assert confidence is not None
    return Outcome(
        fired=tuple(fired),
        findings=tuple(dict.fromkeys(rule.conclusion for rule in rules if rule.topic == "finding")),
        recommendation=recommendation.conclusion,
        recommendation_rule=recommendation.code,
        confidence=confidence.conclusion,
        confidence_rule=confidence.code,
    )
