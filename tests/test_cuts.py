"""Conditions over bins against the same conditions evaluated directly on the numbers."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from engine.decide.algebra import NUMPY, POLARS
from engine.decide.discretization import NumberCut, conjunctions_of, cuts_for
from engine.decide.meaning import Ratio
from rules.conditions import All, Always, Any, Compare, Flag, Known, Not, OneOf
from rules.facts import Fact

FACTS = {
    "count": Fact("count", "number", "a count"),
    "years": Fact("years", "number", "years", may_be_unknown=True),
    "tenure": Fact("tenure", "category", "tenure", values=("early", "typical", "overdue")),
    "finding.seen": Fact("finding.seen", "flag", "seen"),
}
CONSTANTS = [Decimal(text) for text in ("0", "1", "1.5", "2", "3")]
ATOMS = st.one_of(
    st.builds(
        Compare,
        st.sampled_from(["count", "years"]),
        st.sampled_from(["==", "!=", "<", "<=", ">", ">="]),
        st.sampled_from(CONSTANTS),
    ),
    st.just(Known("years")),
    st.builds(OneOf, st.just("tenure"), st.frozensets(st.sampled_from(FACTS["tenure"].values), min_size=1)),
    st.just(Flag("finding.seen")),
    st.just(Always()),
)
CONDITIONS = st.recursive(
    ATOMS,
    lambda parts: st.one_of(
        st.builds(Not, parts),
        st.builds(All, st.lists(parts, min_size=1, max_size=3).map(tuple)),
        st.builds(Any, st.lists(parts, min_size=1, max_size=3).map(tuple)),
    ),
    max_leaves=8,
)
NUMBERS = [Fraction(n, 4) for n in range(-1, 15)]
PEOPLE = st.fixed_dictionaries(
    {
        "count": st.sampled_from(NUMBERS),
        "years": st.one_of(st.none(), st.sampled_from(NUMBERS)),
        "tenure": st.sampled_from(FACTS["tenure"].values),
        "finding.seen": st.booleans(),
    }
)


def holds(condition, person):
    """True, False, or None when a missing number leaves it open (Kleene's logic)."""
    match condition:
        case Always():
            return True
        case Flag(fact):
            return person[fact]
        case Known(fact):
            return person[fact] is not None
        case OneOf(fact, values):
            return person[fact] in values
        case Compare(fact, operator, constant):
            value, bound = person[fact], Fraction(constant)
            if value is None:
                return None
            return {
                "==": value == bound,
                "!=": value != bound,
                "<": value < bound,
                "<=": value <= bound,
                ">": value > bound,
                ">=": value >= bound,
            }[operator]
        case Not(part):
            inner = holds(part, person)
            return None if inner is None else not inner
        case All(parts):
            found = [holds(part, person) for part in parts]
            return False if False in found else (None if None in found else True)
        case Any(parts):
            found = [holds(part, person) for part in parts]
            return True if True in found else (None if None in found else False)


def bins_of(person, cuts):
    return {name: _bin(person[name], cut) for name, cut in cuts.items()}


def _bin(value, cut):
    """By both interpreters, which say the same; a category's bin is the place of its value."""
    if not isinstance(cut, NumberCut):
        return FACTS[cut.fact].values.index(value) if isinstance(value, str) else int(value)
    known = value is not None
    numerator, denominator = (value.numerator, value.denominator) if known else (0, 1)
    frame = pl.DataFrame({"n": [numerator], "d": [denominator], "k": [known]})
    by_polars = cut.bins(POLARS, Ratio(pl.col("n"), pl.col("d"), pl.col("k")))
    by_numpy = cut.bins(NUMPY, Ratio(*(np.array([one]) for one in (numerator, denominator, known))))
    assert frame.select(by_polars).item() == by_numpy.item()
    return by_numpy.item()


@given(CONDITIONS, PEOPLE)
def test_bins_decide_every_condition_as_the_numbers_do(condition, person):
    cuts = cuts_for([condition], FACTS)
    bins = bins_of(person, cuts)
    fires = any(
        all(bins[fact] in allowed for fact, allowed in conjunction.items())
        for conjunction in conjunctions_of(condition, cuts)
    )
    assert fires == (holds(condition, person) is True)


@given(CONDITIONS)
def test_a_cut_holds_only_the_breaks_that_the_condition_needs(condition):
    for cut in cuts_for([condition], FACTS).values():
        assert cut.size <= 2 * len(CONSTANTS) + 2


def test_bins_are_described_in_words():
    condition = All((Compare("years", ">=", Decimal(1)), Compare("years", "<=", Decimal(3))))
    cut = cuts_for([condition], FACTS)["years"]
    assert [cut.describe(n) for n in range(cut.size)] == [
        "below 1",
        "at least 1 and at most 3",
        "above 3",
        "unknown",
    ]
