"""What the statuses of its parts make of a lens, written once: its value, and all that its rules may name.

As in `engine.decide.meaning`, over an `Algebra`: numpy and plain Python interpret it for everybody, z3 for
proofs. Statuses are codes into `rules.pack.STATUSES`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce

from engine.decide.meaning import STATUS, Algebra, Mean, Number, Truth
from rules.lens_facts import (
    AGAINST,
    CLIMBS,
    SEVERAL,
    SPECIALISATION_FIT,
    UNKNOWN,
    counted,
    lens_values,
    strongest_values,
)
from rules.pack import Lens, Promotion, RulePack, View

Statuses = Sequence[Number]
Codes = Mapping[str, int]
"""Value of the lens to its code."""


@dataclass(frozen=True)
class LensMeaning:
    """What the rules of a lens over one promotion may name, as `rules.lens_facts` lists it."""

    lens: Lens
    promotion: Promotion
    specialisations: tuple[str | None, ...]
    """Those that a person may have, none at all first."""

    @classmethod
    def of(cls, pack: RulePack, promotion: Promotion, lens: Lens) -> "LensMeaning":
        """With the specialisations of a pack."""
        return cls(lens, promotion, (None, *(one.id for one in pack.specialisations)))

    def code_of(self, specialisation: str | None) -> int:
        """The place of a specialisation; that of none where the pack does not know it."""
        known = specialisation in self.specialisations
        return self.specialisations.index(specialisation) if known else 0

    def categories(
        self, algebra: Algebra, statuses: Mapping[str, Number], strongest: Number, specialisation: Number
    ) -> dict[str, Number]:
        """The code of each category, by the statuses of all parts, the code of the strongest part (see
        `strongest_of`), and the place of the specialisation."""

        def by_code(term: Number, of: Sequence[Number]) -> Number:
            """What each code stands for, where it is the term."""
            chosen = of[-1]
            for code, one in enumerate(of[:-1]):
                chosen = algebra.where(term == code, one, chosen)
            return chosen

        value = value_of(self.lens, algebra, statuses)
        codes = {**{f"part.{part}": status for part, status in statuses.items()}, "value": value}
        if self.lens.view == "ladder":
            needed, later = (self._rungs_to(end) for end in self._ends)
            climb = UNKNOWN if not needed or not later else "higher" if len(later) > len(needed) else "same"
            codes["against_level"] = by_code(value, self._reached[0])
            codes["against_next"] = by_code(value, self._reached[1])
            codes["at_level"] = worst_of(algebra, [statuses[one] for one in needed])
            codes["climb"] = CLIMBS.index(climb)
        if self.lens.view == "shape":
            own = {part.specialisation: statuses[part.id] for part in reversed(self.lens.parts)}
            own[None] = STATUS["unrated"]
            codes["strongest"] = strongest
            codes["specialisation"] = by_code(
                strongest, [by_code(specialisation, fits) for fits in self._fits]
            )
            codes["own"] = by_code(specialisation, [own.get(one, own[None]) for one in self.specialisations])
        return codes

    def counts(self, algebra: Algebra, statuses: Mapping[str, Number]) -> dict[str, Number]:
        """How many of the parts that count have each status."""
        parts = [statuses[part.id] for part in counted(self.lens)]
        return {
            f"parts_{name}": algebra.count([one == code for one in parts]) for name, code in STATUS.items()
        }

    @property
    def _ends(self) -> tuple[str, str]:
        return self.promotion.from_level, self.promotion.to_level

    def _rungs_to(self, level: str) -> list[str]:
        """The parts of a ladder up to the one that a level needs."""
        rungs, needed = [part.id for part in counted(self.lens)], self.lens.expects.get(level)
        return rungs[: rungs.index(needed) + 1] if needed in rungs else []

    @cached_property
    def _reached(self) -> list[list[int]]:
        """For the present level and the next one, by value where it stands against what the level needs."""
        return [self._against(len(self._rungs_to(end))) for end in self._ends]

    def _against(self, needed: int) -> list[int]:
        values, unknown = lens_values(self.lens), AGAINST.index(UNKNOWN)
        if self.lens.view != "ladder" or not needed:
            return [unknown] * len(values)
        # The values of a ladder are its rungs, then `none` and `unknown`.
        reached = (*range(1, len(values) - 1), 0)
        stands = ("at" if one == needed else "below" if one < needed else "above" for one in reached)
        return [*map(AGAINST.index, stands), unknown]

    @cached_property
    def _fits(self) -> list[list[int]]:
        """By strongest part and specialisation whether a person works in what they are strongest in."""
        works = {part.id: part.specialisation for part in self.lens.parts if part.specialisation}

        def fit(part: str, one: str | None) -> str:
            known = part in works and one in works.values()
            return UNKNOWN if not known else "matches" if works[part] == one else "differs"

        parts = strongest_values(self.lens)
        return [[SPECIALISATION_FIT.index(fit(part, one)) for one in self.specialisations] for part in parts]


def value_of(lens: Lens, algebra: Algebra, statuses: Mapping[str, Number]) -> Number:
    """The code of the lens's value in `rules.lens_facts.lens_values`; `statuses` are those of its parts."""
    codes = {value: code for code, value in enumerate(lens_values(lens))}
    return _VALUES[lens.view](algebra, [statuses[part.id] for part in counted(lens)], codes)


def with_composed(lens: Lens, algebra: Algebra, statuses: Mapping[str, Number]) -> dict[str, Number]:
    """The statuses of all parts, those that take several others among them."""
    composed = {part.id: [statuses[one] for one in part.all_of] for part in lens.parts if part.all_of}
    return {**statuses, **{part: worst_of(algebra, parts) for part, parts in composed.items()}}


def worst_of(algebra: Algebra, parts: Statuses) -> Number:
    """The lowest of some statuses: a gap is one whatever is unrated; of no parts, nothing can be told."""
    worst: Number = STATUS["met"] if parts else STATUS["unrated"]
    for status in ("near", "unrated", "gap") if parts else ():
        worst = algebra.where(_count(algebra, parts, status) > 0, STATUS[status], worst)
    return worst


def strongest_of(
    lens: Lens, algebra: Algebra, statuses: Mapping[str, Number], means: Mapping[str, Mean]
) -> Number:
    """The code in `rules.lens_facts.strongest_values` of the part with the highest score, where every part is
    rated; `means` are what the manager gave the parts that ratings can show."""
    codes = {value: code for code, value in enumerate(strongest_values(lens))}
    parts = [part.id for part in counted(lens)]
    if lens.view != "shape" or any(part not in means for part in parts):
        return codes[UNKNOWN]
    strongest: Number = codes[SEVERAL]
    for part in parts:
        rivals = [means[rival] for rival in parts if rival != part]
        ahead = [means[part].total * one.rated > one.total * means[part].rated for one in rivals]
        strongest = algebra.where(algebra.count(ahead) == len(ahead), codes[part], strongest)
    rated = [(means[part].rated > 0) & (statuses[part] != STATUS["unrated"]) for part in parts]
    return algebra.where(algebra.count(rated) == len(rated), strongest, codes[UNKNOWN])


def _count(algebra: Algebra, parts: Statuses, *wanted: str) -> Number:
    return algebra.count([_is(status, wanted) for status in parts])


def _is(status: Number, wanted: Sequence[str]) -> Truth:
    return reduce(lambda held, one: held | one, (status == STATUS[name] for name in wanted))


def _all_of(algebra: Algebra, parts: Statuses, codes: Codes) -> Number:
    met, unrated = _count(algebra, parts, "met"), _count(algebra, parts, "unrated")
    none = algebra.where(unrated == len(parts), codes[UNKNOWN], codes["none"])
    some = algebra.where(met > 0, codes["some"], none)
    return algebra.where(met == len(parts), codes["all"], some)


def _ladder(algebra: Algebra, parts: Statuses, codes: Codes) -> Number:
    """The highest part that is met with all below it; unknown when the lowest is not rated."""
    reached = algebra.where(_is(parts[0], ["unrated"]), codes[UNKNOWN], codes["none"])
    for place in range(len(parts)):
        # The codes of a ladder begin with its rungs.
        up_to_here = _count(algebra, parts[: place + 1], "met") == place + 1
        reached = algebra.where(up_to_here, place, reached)
    return reached


def _shape(algebra: Algebra, parts: Statuses, codes: Codes) -> Number:
    """I: deep in a part. T: deep in one, at work in all. Broad: deep in two or more, at work in all."""
    deep, at_work = _count(algebra, parts, "met"), _count(algebra, parts, "met", "near")
    wide = algebra.where(deep == 1, codes["t"], codes["broad"])
    shape = algebra.where(at_work < len(parts), codes["i"], wide)
    known = algebra.where(deep == 0, codes["none"], shape)
    return algebra.where(_count(algebra, parts, "unrated") > 0, codes[UNKNOWN], known)


def _steps(algebra: Algebra, parts: Statuses, codes: Codes) -> Number:
    return algebra.where(_count(algebra, parts, "met") == len(parts), codes["done"], codes["open"])


_VALUES: Mapping[View, Callable[[Algebra, Statuses, Codes], Number]] = {
    "all_of": _all_of,
    "ladder": _ladder,
    "shape": _shape,
    "steps": _steps,
}
