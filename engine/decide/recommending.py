"""A program run over people: groups of rules asked once per distinct case, put together person by person."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
import polars as pl
from numpy.typing import NDArray

from engine.decide.cases import distinct_cases, distinct_combinations
from engine.decide.inference import fire
from engine.decide.program import FINDING, Case, Group, Program
from engine.phrases import join
from rules.facts import facts_of
from rules.pack import BANDS, CONFIDENCES, PackError, Rule

_Number = TypeVar("_Number", bound=np.generic)
Fired = tuple[str, ...]
"""Codes of the rules that fired on a case, in order."""
_TOPIC_VALUES: Mapping[str, tuple[str, ...]] = {"recommendation": BANDS, "confidence": CONFIDENCES}


@dataclass(frozen=True)
class Concluded:
    """What the rules of one topic concluded for some people, in their order."""

    values: pl.Series
    """An Enum of the topic's values; null for those who are in `undecided`."""
    undecided: pl.Series
    """String: why the rules come to no conclusion, null where they do."""

    @property
    def codes(self) -> NDArray[np.int64]:
        """The place of each value in the topic's values, and one more than the last where there is none."""
        none = len(self.values.dtype.categories)  # type: ignore[attr-defined]
        codes: NDArray[np.int64] = self.values.to_physical().fill_null(none).to_numpy().astype(np.int64)
        return codes


@dataclass(frozen=True)
class Ran:
    """A program that was run over some people."""

    program: Program
    people: int
    groups: tuple["_RanGroup", ...]

    def drawn(self) -> pl.DataFrame:
        """For every finding that the rules conclude, under the name of its fact, UInt8 1 for the people for
        whom it was drawn, else 0."""
        names = {_finding_of(self.program, code): None for code in self.program.rules}
        return pl.DataFrame([_drawn(self.program, name, self.groups, self.people) for name in names if name])

    def fired(self) -> tuple[pl.Series, list[Fired]]:
        """The distinct combinations of rules that fired, and for each person the index (UInt32) of theirs."""
        if not self.groups:
            return pl.repeat(0, self.people, dtype=pl.UInt32, eager=True), [()]
        columns, distinct = list[pl.Series](), list[list[Fired]]()
        for n, one in enumerate(self.groups):
            known = list(dict.fromkeys(one.fired))
            index = {codes: number for number, codes in enumerate(known)}
            by_case = np.array([index[codes] for codes in one.fired], dtype=np.uint32)
            columns.append(pl.Series(f"group{n}", one.by_person(by_case)))
            distinct.append(known)
        sizes = {column.name: max(1, len(known)) for column, known in zip(columns, distinct, strict=True)}
        case, combinations = distinct_combinations(pl.DataFrame(columns), sizes)
        place = {code: n for n, code in enumerate(self.program.rules)}
        codes = (
            [code for known, one in zip(distinct, row, strict=True) for code in known[one]]
            for row in combinations.rows()
        )
        return case, [tuple(sorted(some, key=place.__getitem__)) for some in codes]

    def concluded(self, topic: str, *, gaps_allowed: bool = False) -> Concluded:
        """What the rules of a topic other than findings say of each person.

        Raises `PackError` when they say nothing, or contradict each other; the message holds the case. With
        `gaps_allowed` nothing is raised and these people are undecided.
        """
        dtype = pl.Enum(_TOPIC_VALUES[topic])
        one = next((one for one in self.groups if one.group.topic == topic), None)
        if one is None:
            if not gaps_allowed and self.people:
                raise PackError(_gap(self.program, topic, "every case", ()))
            why = f"no rule gives a {topic}"
            return Concluded(
                pl.Series([None] * self.people, dtype=dtype), pl.Series([why] * self.people, dtype=pl.String)
            )
        values, undecided = list[str | None](), list[str | None]()
        for case, codes in zip(one.cases, one.fired, strict=True):
            candidates = [self.program.rules[code] for code in codes]
            winner = winning(candidates)
            values.append(None if winner is None else winner.conclusion)
            undecided.append(None)
            if winner is None:
                if not gaps_allowed:
                    raise PackError(_gap(self.program, topic, one.group.describe(case), candidates))
                undecided[-1] = _gap_in_words(self.program, one.group, case, candidates)
        return Concluded(
            pl.Series(values, dtype=dtype).gather(one.case),
            pl.Series(undecided, dtype=pl.String).gather(one.case),
        )


def run(program: Program, bins: pl.DataFrame) -> Ran:
    """Run a program over people: `bins` holds the bin of each of its facts, and perhaps of findings."""
    ran: list[_RanGroup] = []
    for place, layer in enumerate(program.layers):
        rules = [rule for later in program.layers[place:] for group in later for rule in group.rules]
        waiting = {_finding_of(program, rule.code) for rule in rules}
        settled = [name for name in program.findings if name not in bins.columns and name not in waiting]
        if settled:
            bins = bins.with_columns(_drawn(program, name, ran, bins.height) for name in settled)
        for group in layer:
            distinct = distinct_cases(bins, group.cuts)
            ran.append(_RanGroup(group, distinct.case, distinct.cases, fire(group.rules, distinct.cases)))
    return Ran(program, bins.height, tuple(ran))


@dataclass(frozen=True, eq=False)
class Recommender:
    """The band of supposed cases, one after the other; what was asked before is remembered.

    In plain numbers: there are few distinct cases, and a query costs more than each of them.
    """

    program: Program
    """Of rules on the recommendation."""
    _bands: dict[tuple[int, ...], str | None] = field(default_factory=dict, compare=False, repr=False)
    _fired: dict[tuple[int, tuple[int, ...]], Fired] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def of(cls, program: Program) -> "Recommender":
        """The recommender of a program; promotions with the same rules over the same bins share one."""
        groups = (group for layer in program.layers for group in layer)
        rules = (
            (rule.code, *(tuple(some.items()) for some in rule.conjunctions))
            for group in groups
            for rule in group.rules
        )
        won = tuple((code, rule.conclusion, rule.overrides) for code, rule in program.rules.items())
        key = (*rules, won, *((name, cut.size) for name, cut in program.cuts.items()))
        if key not in _recommenders:
            if len(_recommenders) >= MOST_REMEMBERED:
                _recommenders.clear()
            _recommenders[key] = cls(program)
        return _recommenders[key]

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
        winner = winning([self.program.rules[code] for code in fired])
        return None if winner is None else winner.conclusion


MOST_REMEMBERED = 200
_recommenders: dict[object, Recommender] = {}


def winning(candidates: Sequence[Rule]) -> Rule | None:
    """The first rule to which every rule with another conclusion gives way."""
    return next((rule for rule in candidates if all(gives_way(other, to=rule) for other in candidates)), None)


def gives_way(rule: Rule, to: Rule) -> bool:
    """Whether a rule says nothing against another, or is overridden by it."""
    return rule.conclusion == to.conclusion or rule.code in to.overrides


@dataclass(frozen=True)
class _RanGroup:
    """A group of rules that has been run."""

    group: Group
    case: pl.Series
    """UInt32, one for each person: the index into `cases` and `fired`."""
    cases: Sequence[Case]
    fired: Sequence[Fired]

    def by_person(self, by_case: NDArray[_Number]) -> NDArray[_Number]:
        """What is known of each case, for each person. Not as a query, which costs few people more than all
        else."""
        by_person: NDArray[_Number] = by_case[self.case.to_numpy()]
        return by_person


def _finding_of(program: Program, code: str) -> str:
    """The fact of the finding that a rule concludes; empty for a rule of another topic."""
    rule = program.rules[code]
    return FINDING + rule.conclusion if rule.topic == "finding" else ""


def _drawn(program: Program, finding: str, ran: Iterable[_RanGroup], people: int) -> pl.Series:
    """UInt8 1 for the people for whom a rule concluded the finding, else 0."""
    drawn = np.zeros(people, dtype=np.uint8)
    for one in ran:
        concluding = {rule.code for rule in one.group.rules if _finding_of(program, rule.code) == finding}
        if concluding:
            by_case = [not concluding.isdisjoint(fired) for fired in one.fired]
            drawn |= one.by_person(np.array(by_case, dtype=np.uint8))
    return pl.Series(finding, drawn)


def _gap(program: Program, topic: str, case: str, candidates: Sequence[Rule]) -> str:
    """Why none of these rules settles a topic, and what would help, for those who write rules."""
    where = f"pack {program.pack.name}, promotion {program.promotion.id}"
    if not candidates:
        return f"{where}: no rule gives a {topic} for this case: {case}; add a rule that covers it"
    return (
        f"{where}: rules contradict each other for this case: {case}: {_said(candidates)}; "
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
