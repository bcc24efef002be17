"""The band alone: the rules and facts of a promotion that decide it, and the band of any supposed case.

What would change a recommendation is asked of cases that nobody is in. The rules that conclude a band, with
the findings that they rest on, are a small program of their own with few facts and few distinct cases.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import polars as pl

from engine.decide.discretization import NumberCut
from engine.decide.evidence import EvidencePlan, SignalColumns, looked_at, plan_evidence, signal_columns
from engine.decide.facts import fact_expressions
from engine.decide.program import Program, compile_program
from engine.decide.recommending import Recommender
from engine.decide.variants import Variant
from engine.outlook.arrays import Ints
from inputs import RATERS, Rater
from rules.pack import BANDS, IMPORTANCES, STATUSES, Promotion, RulePack

TIME_FACTS = ("tenure", "observation", "months_in_level", "experience_years")
COVERAGE = "coverage"
_CODES: dict[str | None, int | None] = {None: None} | {band: code for code, band in enumerate(BANDS)}
SELF_FACTS = ("blind_spots", "hidden_strengths", "self_higher", "self_lower", "self_unknown")


@dataclass(frozen=True)
class Banding:
    """What decides the band of one promotion."""

    pack: RulePack
    promotion: Promotion
    program: Program
    """Only the rules that conclude a band and the findings that these rest on."""
    columns: tuple[SignalColumns, ...]
    _recommender: Recommender = field(repr=False, compare=False)
    _plans: dict[tuple[str, ...], EvidencePlan] = field(default_factory=dict, repr=False, compare=False)
    """By the columns of the ratings: making expressions costs more than computing a few rows."""
    _expressions: dict[tuple[str, ...], tuple[pl.Expr, ...]] = field(
        default_factory=dict, repr=False, compare=False
    )
    """By the facts that are wanted, for the same reason."""

    @classmethod
    def of(cls, pack: RulePack, promotion: Promotion) -> "Banding":
        """The banding of a promotion. Raises `PackError` as `compile_program` does."""
        program = compile_program(pack, promotion, "recommendation")
        return cls(pack, promotion, program, signal_columns(pack, promotion), Recommender(program))

    def on(self, variant: Variant) -> "Banding":
        """The same on a variant of this promotion, whose bars and weights may be others."""
        if variant.specialisation is None:
            return self
        columns = signal_columns(self.pack, variant.promotion)
        return Banding(self.pack, variant.promotion, self.program, columns, self._recommender)

    @cached_property
    def competencies(self) -> tuple[str, ...]:
        """What the promotion looks at, in the order of its signals."""
        return looked_at(self.promotion)

    @cached_property
    def status_facts(self) -> tuple[str, ...]:
        """Facts that the statuses of the signals alone decide."""
        counts = {f"{importance}_{status}" for importance in IMPORTANCES for status in STATUSES}
        return tuple(n for n in self.program.facts if n in counts or n.startswith("signal."))

    @cached_property
    def time_facts(self) -> tuple[str, ...]:
        """Facts that the day decides."""
        return tuple(n for n in self.program.facts if n in TIME_FACTS)

    @cached_property
    def fixed_facts(self) -> tuple[str, ...]:
        """Facts that no change of an existing rating moves, those of time first."""
        others = {COVERAGE, *(f"{importance}_total" for importance in IMPORTANCES)}
        return (*self.time_facts, *(n for n in self.program.facts if n in others))

    @cached_property
    def rests_on_statuses(self) -> bool:
        """Whether, time and coverage aside, the statuses of the signals alone decide the band."""
        return len(self.status_facts) + len(self.fixed_facts) == len(self.program.facts)

    def codes(self, evidence: pl.DataFrame, times: pl.DataFrame) -> list[int | None]:
        """The place of each row's band in `BANDS`, None where the rules give none or contradict each other.

        `evidence` is of `engine.decide.evidence.compute_evidence`, `times` of
        `engine.decide.tenure.compute_tenure`.
        """
        return self.codes_of(self.cases(evidence, times))

    def cases(self, evidence: pl.DataFrame, times: pl.DataFrame) -> list[tuple[int, ...]]:
        """The bin of every fact of the program, for each row."""
        frame = evidence.hstack(times.get_columns())
        return self._bins(frame, self.program.facts).rows() if self.program.facts else [()] * frame.height

    def time_bins(self, times: pl.DataFrame) -> Ints:
        """The bin of every one of `time_facts`, for each row."""
        if not self.time_facts:
            return np.empty((times.height, 0), dtype=np.int64)
        return self._bins(times, self.time_facts).to_numpy().astype(np.int64)

    @cached_property
    def total_bins(self) -> dict[str, int]:
        """The bin of each of `fixed_facts` that counts all signals of an importance, whatever their
        statuses."""
        importances = [signal.importance for signal in self.promotion.signals]
        totals = {f"{importance}_total": importances.count(importance) for importance in IMPORTANCES}
        return {
            name: self._number_cut(name).bin_of(totals[name]) for name in self.fixed_facts if name in totals
        }

    @property
    def coverage_cut(self) -> NumberCut:
        """How the rules cut the coverage, where they look at it."""
        return self._number_cut(COVERAGE)

    def codes_of(self, cases: Sequence[tuple[int, ...]]) -> list[int | None]:
        """As `codes`, of cases."""
        return [_CODES[band] for band in self._recommender.bands(cases)]

    def evidence(self, ratings: pl.DataFrame) -> pl.DataFrame:
        """The evidence of some people, or of supposed ones, from `person` and rating columns.

        Without what self ratings say where no rule on the band looks at it.
        """
        available = tuple(ratings.columns)
        if available not in self._plans:
            raters: tuple[Rater, ...] = RATERS if self._sees_self else ("manager",)
            self._plans[available] = plan_evidence(available, self.pack, self.promotion, raters)
        return self._plans[available].compute(ratings)

    def _bins(self, frame: pl.DataFrame, facts: tuple[str, ...]) -> pl.DataFrame:
        """A column for each of some facts."""
        if facts not in self._expressions:
            self._expressions[facts] = fact_expressions(self.pack, self.promotion, facts)
        cuts = (self.program.cuts[name].bin_expression().alias(name) for name in facts)
        return frame.lazy().with_columns(self._expressions[facts]).select(cuts).collect()

    def _number_cut(self, fact: str) -> NumberCut:
        cut = self.program.cuts[fact]
        assert isinstance(cut, NumberCut)
        return cut

    @cached_property
    def _sees_self(self) -> bool:
        return any(n in SELF_FACTS or n.startswith("agreement.") for n in self.program.facts)
