"""Polars, numpy and plain Python as interpreters of `engine.decide.meaning`."""

from collections.abc import Sequence
from functools import reduce

import numpy as np
import polars as pl

from engine.decide.meaning import Number, Truth


class PolarsAlgebra:
    """Numbers are expressions, of people in rows."""

    def where(self, test: Truth, then: Number, other: Number) -> pl.Expr:
        """One number where the test holds, another elsewhere."""
        return pl.when(test).then(_wide(then)).otherwise(_wide(other))

    def largest(self, numbers: Sequence[Number]) -> pl.Expr:
        """The largest in each row."""
        return pl.max_horizontal(*map(_wide, numbers))

    def smallest(self, numbers: Sequence[Number]) -> pl.Expr:
        """The smallest in each row."""
        return pl.min_horizontal(*map(_wide, numbers))

    def count(self, tests: Sequence[Truth]) -> pl.Expr:
        """How many hold in each row."""
        # UInt8 sums are several times faster than 64-bit ones, and a pack holds fewer than 255 of anything;
        # but products with them would be UInt8 too, and overflow.
        each = (pl.lit(test) if isinstance(test, bool) else test for test in tests)
        each = (test.cast(pl.UInt8) for test in each)
        return reduce(lambda total, one: total + one, each, pl.lit(0, dtype=pl.UInt8)).cast(pl.Int64)


def _wide(number: Number) -> Number:
    """A plain number of 64 bits: by themselves they are of 32, and products with them would overflow."""
    return pl.lit(number, dtype=pl.Int64) if type(number) is int else number


class NumpyAlgebra:
    """Numbers are arrays, of supposed people one after the other."""

    def where(self, test: Truth, then: Number, other: Number) -> Number:
        """One number where the test holds, another elsewhere."""
        return np.where(test, then, other)

    def largest(self, numbers: Sequence[Number]) -> Number:
        """The largest at each place."""
        return reduce(np.maximum, numbers)

    def smallest(self, numbers: Sequence[Number]) -> Number:
        """The smallest at each place."""
        return reduce(np.minimum, numbers)

    def count(self, tests: Sequence[Truth]) -> Number:
        """How many hold at each place."""
        return sum((np.asarray(test).astype(np.int64) for test in tests), 0)


class PlainAlgebra:
    """Numbers are whole numbers, of one case."""

    def where(self, test: Truth, then: Number, other: Number) -> Number:
        """One number where the test holds, another elsewhere."""
        return then if test else other

    def largest(self, numbers: Sequence[Number]) -> Number:
        """The largest."""
        return max(numbers)

    def smallest(self, numbers: Sequence[Number]) -> Number:
        """The smallest."""
        return min(numbers)

    def count(self, tests: Sequence[Truth]) -> Number:
        """How many hold."""
        return sum(map(bool, tests))


POLARS = PolarsAlgebra()
NUMPY = NumpyAlgebra()
PLAIN = PlainAlgebra()
