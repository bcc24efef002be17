"""What the statuses of its parts make of a lens, written once: its value, and which part is strongest.

As in `engine.decide.meaning`, over an `Algebra`: numpy interprets it for everybody, z3 for proofs. Statuses
are codes into `rules.pack.STATUSES`.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import reduce

from engine.decide.meaning import STATUS, Algebra, Mean, Number, Truth
from rules.lens_facts import SEVERAL, UNKNOWN, counted, lens_values, strongest_values
from rules.pack import Lens, View

Statuses = Sequence[Number]
Codes = Mapping[str, int]
"""Value of the lens to its code."""


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
