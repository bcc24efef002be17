"""What a lens can show of anybody, over the ratings that its parts look at."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import z3

from engine.decide.meaning import STATUS, Number, Ratio
from engine.decide.variants import Variant
from engine.lenses.evaluation import (
    UNRATED,
    LensProfile,
    climb_of,
    compile_lens,
    fit_of,
    own_part,
    parts_as_signals,
    reach_of,
    rungs_to,
)
from engine.lenses.meaning import strongest_of, value_of, with_composed, worst_of
from engine.prove.possible import Possible
from engine.prove.terms import Z3, Facts, Formula
from rules.facts import CYCLES_MET
from rules.lens_facts import (
    AGAINST,
    CLIMBS,
    SPECIALISATION_FIT,
    counted,
    lens_values,
    strongest_values,
)
from rules.pack import STATUSES, Lens, LensPart, Promotion, RulePack


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
        known = [None, *(one.id for one in pack.specialisations)]
        self._possible.limit(self._specialisation >= 0, self._specialisation < len(known))
        self._facts = self._shown(facts, promotion, known)

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

    def _shown(self, facts: Facts, promotion: Promotion, specialisations: Sequence[str | None]) -> Facts:
        """The facts of `rules.lens_facts`."""
        lens, statuses = self._lens, self._statuses
        value = value_of(lens, Z3, statuses)

        def against(level: str) -> Number:
            names = lens_values(lens)
            return _by_code(value, len(names), lambda n: AGAINST.index(reach_of(lens, names[n], level)))

        def fit(strongest: int) -> Number:
            name = strongest_values(lens)[strongest]
            fits = [SPECIALISATION_FIT.index(fit_of(lens, name, one)) for one in specialisations]
            return _by_code(self._specialisation, len(fits), fits.__getitem__)

        def own(specialisation: int) -> Number:
            return statuses.get(own_part(lens, specialisations[specialisation]), STATUS[UNRATED])

        codes = {
            **{f"part.{part}": status for part, status in statuses.items()},
            "value": value,
            "against_level": against(promotion.from_level),
            "against_next": against(promotion.to_level),
            "strongest": self._strongest,
            "specialisation": _by_code(self._strongest, len(strongest_values(lens)), fit),
            "at_level": worst_of(Z3, [statuses[one] for one in rungs_to(lens, promotion.from_level)]),
            "climb": CLIMBS.index(climb_of(lens, promotion)),
            "own": _by_code(self._specialisation, len(specialisations), own),
        }
        parts = [statuses[part.id] for part in counted(lens)]
        numbers = {CYCLES_MET: facts.numbers[CYCLES_MET]} | {
            f"parts_{name}": Ratio(Z3.count([status == STATUS[name] for status in parts]), 1)
            for name in STATUSES
        }
        return replace(facts, numbers=numbers, codes=codes)


def _by_code(term: Number, size: int, of: Callable[[int], Number]) -> Number:
    """What each code stands for, where it is the term."""
    chosen = of(size - 1)
    for code in range(size - 1):
        chosen = Z3.where(term == code, of(code), chosen)
    return chosen
