"""Facts cut at exactly the constants that rules compare them with, and conditions as sets of bins.

Two people whose facts fall into the same bins meet exactly the same conditions, so the rule engine needs
to see only bins: small whole numbers. A missing number has a bin of its own, in which no comparison holds.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby, product

from engine.decide.meaning import Algebra, Number, Ratio, Truth
from rules.conditions import All, Always, Any, Compare, Condition, Flag, Known, Not, OneOf, Operator
from rules.facts import Fact
from rules.pack import PackError

Bins = frozenset[int]
Conjunction = Mapping[str, Bins]
"""Fact to the bins it may be in; facts that are not named may be in any."""

Break = tuple[Fraction, bool]
"""A place on the number line: just before the constant (False) or just after it (True)."""

FINEST_CONSTANT = 10_000
LARGEST_CONSTANT = 10_000
"""Constants are multiples of 1/FINEST_CONSTANT: products of facts with them then fit in 64 bits."""


@dataclass(frozen=True)
class NumberCut:
    """A number, cut at breaks: bin 0 below the first, and so on; the last bin is “unknown” if it may be."""

    fact: str
    breaks: tuple[Break, ...]
    may_be_unknown: bool

    @property
    def size(self) -> int:
        """How many bins there are."""
        return len(self.breaks) + 1 + self.may_be_unknown

    def above(self, ratio: Ratio) -> list[Truth]:
        """Whether a number as an interpreter holds it lies above each break."""
        return [
            ratio.numerator * constant.denominator > ratio.denominator * constant.numerator
            if after
            else ratio.numerator * constant.denominator >= ratio.denominator * constant.numerator
            for constant, after in self.breaks
        ]

    def bins(self, algebra: Algebra, ratio: Ratio) -> Number:
        """The bins of a number as an interpreter holds it."""
        number = algebra.count(self.above(ratio))
        if ratio.known is None or not self.may_be_unknown:
            return number
        return algebra.where(ratio.known, number, self.size - 1)

    def bin_of(self, numerator: int, denominator: int = 1) -> int:
        """The bin of one known number."""
        number = Fraction(numerator, denominator)
        return sum(number > constant if after else number >= constant for constant, after in self.breaks)

    def bins_where(self, atom: Compare | Known, *, holds: bool) -> Bins:
        """The bins in which an atom, or its opposite, holds; a missing number is in neither."""
        known = frozenset(range(len(self.breaks) + 1))
        if isinstance(atom, Known):
            return known if holds else frozenset(range(self.size)) - known
        constant = Fraction(atom.constant)
        below, up_to = (self.bins_below(constant, including=one) for one in (False, True))
        bins: dict[Operator, Bins] = {
            "<": below,
            "<=": up_to,
            ">": known - up_to,
            ">=": known - below,
            "==": up_to - below,
            "!=": known - (up_to - below),
        }
        return bins[atom.operator] if holds else known - bins[atom.operator]

    def describe(self, bin_: int) -> str:
        """A bin in words: `at least 1 and below 3`."""
        if bin_ > len(self.breaks):
            return "unknown"
        low = self.breaks[bin_ - 1] if bin_ > 0 else None
        high = self.breaks[bin_] if bin_ < len(self.breaks) else None
        if low and high and low[0] == high[0]:
            return f"exactly {_plain(low[0])}"
        parts = []
        if low:
            parts.append(f"{'above' if low[1] else 'at least'} {_plain(low[0])}")
        if high:
            parts.append(f"{'at most' if high[1] else 'below'} {_plain(high[0])}")
        return " and ".join(parts) or "known"

    def bins_below(self, constant: Fraction, *, including: bool) -> Bins:
        """The bins of numbers below the constant (or up to it); exact where the constant is a break."""
        return frozenset(range(sum(place <= (constant, including) for place in self.breaks)))


@dataclass(frozen=True)
class CategoryCut:
    """A category or a finding: its bin is the index of its value."""

    fact: str
    values: tuple[str, ...]

    @property
    def size(self) -> int:
        """How many bins there are."""
        return len(self.values)

    def bin_of(self, value: int) -> int:
        """The bin of the value at an index."""
        return value

    def describe(self, bin_: int) -> str:
        """The value of a bin."""
        return self.values[bin_]

    def bins_where(self, atom: OneOf | Flag, *, holds: bool) -> Bins:
        """The bins in which an atom, or its opposite, holds."""
        wanted = {"true"} if isinstance(atom, Flag) else atom.values
        return frozenset(n for n, value in enumerate(self.values) if (value in wanted) == holds)


Cut = NumberCut | CategoryCut


def cuts_for(conditions: Iterable[Condition], facts: Mapping[str, Fact]) -> dict[str, Cut]:
    """The cut of every fact that the conditions name, in the order of the catalogue `facts`."""
    breaks: dict[str, set[Break]] = {}
    for condition in conditions:
        for atom in atoms_of(condition):
            places = breaks.setdefault(atom.fact, set())
            if isinstance(atom, Compare):
                places.update(_breaks_of(atom))
    return {name: _cut(fact, breaks[name]) for name, fact in facts.items() if name in breaks}


def atoms_of(condition: Condition) -> Iterator[Flag | Known | Compare | OneOf]:
    """The comparisons of a condition, from left to right."""
    match condition:
        case Always():
            return
        case Not(part):
            yield from atoms_of(part)
        case All(parts) | Any(parts):
            for part in parts:
                yield from atoms_of(part)
        case _:
            yield condition


def conjunctions_of(condition: Condition, cuts: Mapping[str, Cut]) -> tuple[Conjunction, ...]:
    """The condition in disjunctive normal form over bins: it holds where one of the conjunctions does."""
    return _simplify(_expand(condition, cuts, holds=True), cuts)


def runs_of(bins: Iterable[int]) -> list[tuple[int, int]]:
    """Neighbouring bins as ranges: {0, 1, 3} is (0, 1) and (3, 3)."""
    runs = []
    for _, group in groupby(enumerate(sorted(bins)), key=lambda pair: pair[1] - pair[0]):
        members = [number for _, number in group]
        runs.append((members[0], members[-1]))
    return runs


def _breaks_of(atom: Compare) -> tuple[Break, ...]:
    constant = Fraction(atom.constant)
    if FINEST_CONSTANT % constant.denominator or abs(constant) > LARGEST_CONSTANT:
        raise PackError(
            f"{atom.fact} {atom.operator} {atom.constant}: a constant may have at most four decimals "
            f"and lie between -{LARGEST_CONSTANT} and {LARGEST_CONSTANT}, so that comparisons stay exact"
        )
    before, after = (constant, False), (constant, True)
    match atom.operator:
        case "<" | ">=":
            return (before,)
        case "<=" | ">":
            return (after,)
        case _:
            return (before, after)


def _cut(fact: Fact, breaks: set[Break]) -> Cut:
    if fact.kind == "number":
        return NumberCut(fact.name, tuple(sorted(breaks)), fact.may_be_unknown)
    return CategoryCut(fact.name, ("false", "true") if fact.kind == "flag" else fact.values)


def _expand(condition: Condition, cuts: Mapping[str, Cut], *, holds: bool) -> list[dict[str, Bins]]:
    """Conjunctions under which the condition, or with `holds` false its opposite, is true."""
    match condition:
        case Always():
            return [{}] if holds else []
        case Not(part):
            return _expand(part, cuts, holds=not holds)
        case All(parts) | Any(parts):
            expanded = [_expand(part, cuts, holds=holds) for part in parts]
            if isinstance(condition, All) == holds:
                return [_both(chosen, cuts) for chosen in product(*expanded)]
            return [conjunction for alternatives in expanded for conjunction in alternatives]
        case _:
            return [{condition.fact: cuts[condition.fact].bins_where(condition, holds=holds)}]  # type: ignore[arg-type]


def _both(chosen: Iterable[Mapping[str, Bins]], cuts: Mapping[str, Cut]) -> dict[str, Bins]:
    together: dict[str, Bins] = {}
    for conjunction in chosen:
        for fact, bins in conjunction.items():
            together[fact] = together.get(fact, frozenset(range(cuts[fact].size))) & bins
    return together


def _simplify(alternatives: list[dict[str, Bins]], cuts: Mapping[str, Cut]) -> tuple[Conjunction, ...]:
    """Drop what cannot hold, what limits nothing, and what another alternative already allows."""
    possible = [
        {fact: bins for fact, bins in conjunction.items() if len(bins) < cuts[fact].size}
        for conjunction in alternatives
        if all(conjunction.values())
    ]
    kept: list[dict[str, Bins]] = []
    for conjunction in possible:
        if any(_allows(other, conjunction) for other in kept):
            continue
        kept = [other for other in kept if not _allows(conjunction, other)]
        kept.append(conjunction)
    return tuple(kept)


def _allows(wider: Mapping[str, Bins], narrower: Mapping[str, Bins]) -> bool:
    return all(fact in narrower and narrower[fact] <= bins for fact, bins in wider.items())


def _plain(number: Fraction) -> str:
    return f"{float(number):g}"
