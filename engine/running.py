"""A program run over people: groups of rules asked once per distinct case, put together person by person."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import polars as pl

from engine.assessment import Outcome
from engine.cases import distinct_cases, distinct_rows
from engine.inference import fire
from engine.program import FINDING, Case, Group, Program
from rules.pack import BANDS, CONFIDENCES, PackError, Rule

WORD_BITS = 63
"""Which rules fired is kept as bits of whole numbers; the 64th bit is left alone."""
_TOPIC_VALUES: Mapping[str, tuple[str, ...]] = {"recommendation": BANDS, "confidence": CONFIDENCES}


@dataclass(frozen=True)
class Concluded:
    """What the rules concluded for the people of one transition, in their order."""

    case: pl.Series
    """UInt32: the index into `outcomes`."""
    recommendation: pl.Series
    confidence: pl.Series
    outcomes: "Outcomes"


@dataclass(frozen=True)
class Outcomes(Sequence[Outcome]):
    """The outcome of every distinct combination of fired rules, made when it is asked for."""

    program: Program
    words: pl.DataFrame
    """One row per outcome: the bits of the rules that fired."""
    _made: dict[int, Outcome] = field(default_factory=dict, compare=False, repr=False)

    def __len__(self) -> int:
        return self.words.height

    def __getitem__(self, index: int) -> Outcome:  # type: ignore[override]
        if index not in self._made:
            self._made[index] = _outcome(self.program, self._codes(self.words.row(index)))
        return self._made[index]

    def __iter__(self) -> Iterator[Outcome]:
        return (self[index] for index in range(len(self)))

    def _codes(self, words: Sequence[int]) -> list[str]:
        return [code for n, code in enumerate(self._order) if words[n // WORD_BITS] >> (n % WORD_BITS) & 1]

    @cached_property
    def _order(self) -> tuple[str, ...]:
        return tuple(self.program.rules)


def run(program: Program, facts: pl.DataFrame) -> Concluded:
    """Run a program over people (a frame of `engine.facts.compute_facts`).

    Raises `PackError` when the rules give somebody no recommendation, or ones that contradict each other; the
    message holds the case.
    """
    known = facts.select(
        "person", *(program.cuts[name].bin_expression().alias(name) for name in program.facts)
    )
    fired, concluding = _fire_layers(program, known)
    settled = {
        one.group.topic: _settle(program, one.group, one.cases, one.codes).gather(one.case)
        for one in concluding
    }
    case, words = distinct_rows(pl.DataFrame(fired.words))
    return Concluded(case, settled["recommendation"], settled["confidence"], Outcomes(program, words))


def recommend(program: Program, bins: pl.DataFrame) -> pl.Series:
    """The band of supposed people: null where the rules give none or ones that contradict each other.

    `bins` holds `person` and the bin of every fact of the program; one row for each supposed person.
    """
    concluding = _fire_layers(program, bins)[1]
    for one in concluding:
        if one.group.topic == "recommendation":
            winners = [_winner([program.rules[code] for code in codes]) for codes in one.codes]
            bands = [None if winner is None else winner.conclusion for winner in winners]
            return pl.Series(bands, dtype=pl.Enum(BANDS)).gather(one.case)
    return pl.repeat(None, bins.height, dtype=pl.Enum(BANDS), eager=True)


@dataclass(frozen=True)
class _Concluding:
    """What fired in a group of the last layer."""

    group: Group
    case: pl.Series
    """UInt32, one for each person: the index into `cases` and `codes`."""
    cases: Sequence[Case]
    codes: Sequence[Sequence[str]]


def _fire_layers(program: Program, known: pl.DataFrame) -> tuple["FiredRules", list[_Concluding]]:
    """Every group of every layer, in order; `known` holds `person` and the bins of the program's facts."""
    fired = FiredRules.none(program, known.height)
    concluding: list[_Concluding] = []
    for layer in program.layers:
        known = known.with_columns(
            fired.of_finding(name.removeprefix(FINDING)).alias(name) for name in program.findings
        )
        for group in layer:
            distinct = distinct_cases(known, group.cuts)
            codes = fire(group.rules, distinct.cases)
            fired = fired.add(distinct.case, codes)
            if group.topic != "finding":
                concluding.append(_Concluding(group, distinct.case, distinct.cases, codes))
    return fired, concluding


@dataclass(frozen=True)
class FiredRules:
    """Which rules fired for each person, as bits in the order of `Program.rules`."""

    program: Program
    words: tuple[pl.Series, ...]
    """UInt64, one row for each person."""

    @classmethod
    def none(cls, program: Program, people: int) -> "FiredRules":
        """Nothing fired yet."""
        count = len(program.rules) // WORD_BITS + 1
        words = (pl.repeat(0, people, dtype=pl.UInt64, eager=True).alias(f"word{n}") for n in range(count))
        return cls(program, tuple(words))

    def add(self, case: pl.Series, codes: Sequence[Iterable[str]]) -> "FiredRules":
        """With the rules (`codes` by case) that fired for the people in these cases."""
        bits = [sum(1 << self._bit(code) for code in fired) for fired in codes]
        words = []
        for n, word in enumerate(self.words):
            values = [bit >> (n * WORD_BITS) & (2**WORD_BITS - 1) for bit in bits]
            words.append(word | pl.Series(values, dtype=pl.UInt64).gather(case) if any(values) else word)
        return FiredRules(self.program, tuple(words))

    def of_finding(self, finding: str) -> pl.Series:
        """UInt8 1 for the people for whom a rule concluded the finding, else 0."""
        bits = sum(
            1 << self._bit(code)
            for code, rule in self.program.rules.items()
            if rule.topic == "finding" and rule.conclusion == finding
        )
        fired = pl.repeat(value=False, n=self.words[0].len(), dtype=pl.Boolean, eager=True)
        for n, word in enumerate(self.words):
            here = bits >> (n * WORD_BITS) & (2**WORD_BITS - 1)
            fired = fired | (word & here).cast(pl.Boolean) if here else fired
        return fired.cast(pl.UInt8)

    def _bit(self, code: str) -> int:
        return self._positions[code]

    @cached_property
    def _positions(self) -> dict[str, int]:
        return {code: n for n, code in enumerate(self.program.rules)}


def _settle(
    program: Program, group: Group, cases: Sequence[Case], fired: Sequence[Sequence[str]]
) -> pl.Series:
    """The band or confidence of each case."""
    settled = [
        _decisive(program, group, case, codes).conclusion for case, codes in zip(cases, fired, strict=True)
    ]
    return pl.Series(settled, dtype=pl.Enum(_TOPIC_VALUES[group.topic]))


def _decisive(program: Program, group: Group, case: Case, fired: Sequence[str]) -> Rule:
    """The rule that settles the group's topic. Raises `PackError` with the case when there is none."""
    candidates = [program.rules[code] for code in fired]
    winner = _winner(candidates)
    if winner is not None:
        return winner
    where = f"pack {program.pack.name}, transition {program.transition.id}"
    if not candidates:
        raise PackError(
            f"{where}: no rule gives a {group.topic} for this case: {group.describe(case)}; "
            "add a rule that covers it"
        )
    conclusions = ", ".join(f"{rule.code} says {rule.conclusion}" for rule in candidates)
    raise PackError(
        f"{where}: rules contradict each other for this case: {group.describe(case)}: {conclusions}; "
        "make their conditions exclude each other or name the weaker rule in wins_over of the stronger"
    )


def _winner(candidates: Sequence[Rule]) -> Rule | None:
    """The first rule to which every rule with another conclusion gives way."""
    for rule in candidates:
        if all(other.conclusion == rule.conclusion or other.code in rule.wins_over for other in candidates):
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
