"""What a lens can show of anybody, over the ratings that its parts look at."""

from dataclasses import replace

import z3

from engine.decide.meaning import STATUS, Number, Ratio
from engine.decide.variants import Variant
from engine.lenses.evaluation import LensProfile, compile_lens, parts_as_signals
from engine.lenses.meaning import LensMeaning, strongest_of, with_composed
from engine.prove.possible import Possible
from engine.prove.terms import Z3, Formula
from rules.facts import CYCLES_MET
from rules.lens_facts import strongest_values
from rules.pack import Lens, LensPart, Promotion, RulePack


class PossibleLens:
    """All that one lens over one promotion could meet."""

    def __init__(self, pack: RulePack, promotion: Promotion, lens: Lens) -> None:
        self._lens = lens
        parts = parts_as_signals(pack, promotion, lens)
        self._possible = Possible(pack, Variant(parts, parts, None))
        facts = self._possible.facts(self._possible.given)
        signals, ratings = facts.meaning.signals, facts.ratings
        rated = {signal.id: ratings.status(signal) for signal in signals}
        statuses = {part.id: rated.get(part.id, self._answered(part)) for part in lens.parts}
        self._statuses = with_composed(lens, Z3, statuses)
        means = {signal.id: ratings.mean(signal, "manager") for signal in signals}
        self._strongest = strongest_of(lens, Z3, self._statuses, means)
        self._specialisation = z3.Int("specialisation")
        meaning = LensMeaning.of(pack, promotion, lens)
        self._possible.limit(self._specialisation >= 0, self._specialisation < len(meaning.specialisations))
        counts = meaning.counts(Z3, self._statuses)
        self._facts = replace(
            facts,
            numbers={CYCLES_MET: facts.numbers[CYCLES_MET]} | {one: Ratio(counts[one], 1) for one in counts},
            codes=meaning.categories(Z3, self._statuses, self._strongest, self._specialisation),
        )

    def _answered(self, part: LensPart) -> Number:
        """The status of a part that no rating shows."""
        if part.fact is None:
            return STATUS["unrated"]
        says = self._possible.answers.is_
        known = Z3.where(says(part.fact, "no"), STATUS["gap"], STATUS["unrated"])
        return Z3.where(says(part.fact, "yes"), STATUS["met"], known)

    def fires(self) -> dict[str, Formula]:
        """When each rule of the lens fires, by code."""
        cuts, rules = compile_lens(self._lens)
        return {rule.code: self._facts.meets(rule, cuts) for rule in rules}

    def shows(self, case: LensProfile) -> Formula:
        """When somebody is this case, whatever their specialisation."""
        statuses = zip(self._statuses.values(), case.statuses, strict=True)
        shown = [term == STATUS[status] for term, status in statuses]
        if self._lens.view == "shape":
            shown.append(self._strongest == strongest_values(self._lens).index(case.strongest))
        cycles = self._possible.times.cycles
        shown.append(z3.Not(cycles.known) if case.cycles is None else cycles.is_(case.cycles))
        return z3.And(*shown)

    def is_possible(self, *wanted: Formula) -> bool:
        """Whether there is a person for whom all of this holds."""
        return self._possible.is_possible(*wanted)
