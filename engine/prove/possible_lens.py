"""What a lens can show of anybody, as a model for a solver over the ratings that its parts look at."""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property

import z3

from engine.lenses.evaluation import AT_WORK, LensProfile, fit_of, parts_as_signals, reach_of
from engine.prove.possible import Possible, Z3Expression
from rules.lens_facts import SEVERAL, UNKNOWN, counted, lens_values
from rules.pack import STATUSES, Lens, LensPart, Promotion, RulePack


class PossibleLens(Possible):
    """All that one lens over one promotion could meet.

    `holds` takes the conditions of the lens's rules, over the facts of `rules.lens_facts`.
    """

    def __init__(self, pack: RulePack, promotion: Promotion, lens: Lens) -> None:
        super().__init__(pack, parts_as_signals(pack, promotion, lens), ())
        self._lens = lens
        self._ladder_of = promotion
        self._looked_at = counted(lens)
        known = [one.id for one in pack.specialisations]
        self._specialisations: Sequence[str | None] = (None, *known)
        self._specialisation = z3.Int("specialisation")
        self._solver.add(self._specialisation >= 0, self._specialisation < len(self._specialisations))

    def shows(self, case: LensProfile) -> Z3Expression:
        """When somebody is this case, in terms of ratings."""
        parts = zip(self._lens.parts, case.statuses, strict=True)
        shown = [self._status(part, status) for part, status in parts]
        if self._lens.view == "shape":
            shown.append(self._strongest[case.strongest])
        return z3.And(shown)

    def _status(self, part: LensPart, status: str) -> Z3Expression:
        if not part.competencies:
            return z3.BoolVal(val=status == "unrated")
        return super()._category(f"signal.{part.id}", status)

    def _category(self, fact: str, value: str) -> Z3Expression:
        family, _, name = fact.partition(".")
        if family == "part":
            return self._status(next(part for part in self._lens.parts if part.id == name), value)
        if fact == "value":
            return self._values[value]
        if fact == "strongest":
            return self._strongest[value]
        if fact == "specialisation":
            return self._fits(value)
        level = self._ladder_of.from_level if fact == "against_level" else self._ladder_of.to_level
        reached = [one for one in lens_values(self._lens) if reach_of(self._lens, one, level) == value]
        return z3.Or([self._values[one] for one in reached])

    def _number(self, fact: str) -> tuple[Z3Expression, Z3Expression]:
        status = fact.removeprefix("parts_")
        ones = [z3.If(self._status(part, status), 1, 0) for part in self._looked_at]
        return z3.Sum(ones) if ones else z3.IntVal(0), z3.BoolVal(val=True)

    @cached_property
    def _values(self) -> Mapping[str, Z3Expression]:
        return _VALUES[self._lens.view]([self._statuses(part) for part in self._looked_at], self._looked_at)

    def _statuses(self, part: LensPart) -> Mapping[str, Z3Expression]:
        return {status: self._status(part, status) for status in STATUSES}

    @cached_property
    def _strongest(self) -> Mapping[str, Z3Expression]:
        """Which part has the highest score, where all are rated."""
        rated = z3.And([z3.Not(self._status(part, "unrated")) for part in self._looked_at])
        scores = {
            part.id: self._signals[part.id].score("manager") for part in self._looked_at if part.competencies
        }
        leading = {
            name: z3.And(rated, *(score > other for rival, other in scores.items() if rival != name))
            for name, score in scores.items()
        }
        alone = z3.Or(list(leading.values()))
        never = {part.id: z3.BoolVal(val=False) for part in self._looked_at}
        return {**never, **leading, SEVERAL: z3.And(rated, z3.Not(alone)), UNKNOWN: z3.Not(rated)}

    def _fits(self, value: str) -> Z3Expression:
        return z3.Or(
            [
                z3.And(self._strongest[strongest], self._specialisation == number)
                for strongest in self._strongest
                for number, specialisation in enumerate(self._specialisations)
                if fit_of(self._lens, strongest, specialisation) == value
            ]
        )


Statuses = Sequence[Mapping[str, Z3Expression]]


def _all_of(parts: Statuses, _: Sequence[LensPart]) -> dict[str, Z3Expression]:
    every = z3.And([part["met"] for part in parts])
    unrated = z3.And([part["unrated"] for part in parts])
    some = z3.Or([part["met"] for part in parts])
    return {
        "all": every,
        "unknown": z3.And(z3.Not(every), unrated),
        "some": z3.And(z3.Not(every), some),
        "none": z3.And(z3.Not(unrated), z3.Not(some)),
    }


def _ladder(parts: Statuses, rungs: Sequence[LensPart]) -> dict[str, Z3Expression]:
    first = parts[0]
    values = {"unknown": first["unrated"], "none": z3.Not(z3.Or(first["met"], first["unrated"]))}
    for number, rung in enumerate(rungs):
        below = [part["met"] for part in parts[: number + 1]]
        above = [z3.Not(part["met"]) for part in parts[number + 1 : number + 2]]
        values[rung.id] = z3.And(*below, *above)
    return values


def _shape(parts: Statuses, _: Sequence[LensPart]) -> dict[str, Z3Expression]:
    unrated = z3.Or([part["unrated"] for part in parts])
    deep = z3.Sum([z3.If(part["met"], 1, 0) for part in parts])
    at_work = z3.And([z3.Or([part[status] for status in AT_WORK]) for part in parts])
    known = z3.Not(unrated)
    return {
        "unknown": unrated,
        "none": z3.And(known, deep == 0),
        "i": z3.And(known, deep > 0, z3.Not(at_work)),
        "t": z3.And(known, deep == 1, at_work),
        "broad": z3.And(known, deep > 1, at_work),
    }


def _steps(parts: Statuses, _: Sequence[LensPart]) -> dict[str, Z3Expression]:
    done = z3.And([part["met"] for part in parts])
    return {"done": done, "open": z3.Not(done)}


_VALUES: Mapping[str, Callable[[Statuses, Sequence[LensPart]], dict[str, Z3Expression]]] = {
    "all_of": _all_of,
    "ladder": _ladder,
    "shape": _shape,
    "steps": _steps,
}
