"""Ratings that may rise, as linear sums: `engine.decide.meaning` over the variables of a linear program.

No rating is missing and none falls. Where a sum is large enough is said by a variable that is 1 at the most
then, and the larger of two numbers by one that is no less than either: right for what is to be large and
rises with ratings, and for what is to be small and falls. What cannot be said so raises `NotLinearError`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import gcd, inf
from typing import Any, Protocol, Union

from engine.decide.meaning import CompleteRatings, Number, Truth


class NotLinearError(Exception):
    """A number or a truth that no linear program can hold."""


class Variables(Protocol):
    """What sums are of."""

    def variable(self, most: float, *, whole: bool = True) -> int:
        """A new variable, from 0 to `most`."""

    def row(self, total: "Sum", amount: int) -> None:
        """A sum is to be no less than an amount."""


# There are tens of thousands of the following three, so they are slots that can be changed; nobody does.
@dataclass(eq=False, slots=True)
class Sum:
    """A weighted sum of variables and a whole number."""

    variables: Variables
    weights: Mapping[int, int]
    constant: int = 0

    @property
    def rises(self) -> bool:
        """Whether some variable makes it larger."""
        return any(weight > 0 for weight in self.weights.values())

    @property
    def falls(self) -> bool:
        """Whether variables make it smaller, and none larger."""
        return bool(self.weights) and not self.rises

    def __add__(self, other: Union["Sum", "Largest", int]) -> "Sum":
        if isinstance(other, int):
            return Sum(self.variables, self.weights, self.constant + other) if other else self
        if isinstance(other, Largest):
            return self + other.as_sum()
        weights = dict(self.weights)
        for variable, weight in other.weights.items():
            weights[variable] = weights.get(variable, 0) + weight
        return Sum(self.variables, weights, self.constant + other.constant)

    __radd__ = __add__

    def __mul__(self, factor: int) -> "Sum":
        if factor == 1:
            return self
        weights = {variable: weight * factor for variable, weight in self.weights.items()}
        return Sum(self.variables, weights, self.constant * factor)

    __rmul__ = __mul__

    def __neg__(self) -> "Sum":
        return self * -1

    def __sub__(self, other: Union["Sum", int]) -> "Sum":
        return self + -other

    def __rsub__(self, other: int) -> "Sum":
        weights = {variable: -weight for variable, weight in self.weights.items()}
        return Sum(self.variables, weights, other - self.constant)

    def __ge__(self, amount: int) -> "Reached":
        return Reached(self, amount)

    def __gt__(self, amount: int) -> "Reached":
        return Reached(self, amount + 1)

    def __lt__(self, amount: int) -> "Reached":
        return ~Reached(self, amount)

    def __le__(self, amount: int) -> "Reached":
        return ~Reached(self, amount + 1)


@dataclass(eq=False, slots=True)
class Reached:
    """Whether a sum is no less than an amount, or with `missed` whether it is less."""

    total: Sum
    amount: int
    missed: bool = False

    def __invert__(self) -> "Reached":
        return Reached(self.total, self.amount, not self.missed)

    def __and__(self, other: Truth) -> Truth:
        """Both; None of two that are open, which no program can say."""
        if isinstance(other, bool):
            return self if other else False
        return None

    __rand__ = __and__

    def as_sum(self) -> Sum | int:
        """1 where it holds, else 0, as it is wanted."""
        if self.total.falls:
            return Reached(-self.total, 1 - self.amount, not self.missed).as_sum()
        if self.missed:
            return 1 - (~self).as_sum()
        total, lacking = self.total, self.amount - self.total.constant
        if lacking <= 0 or not total.weights:
            return int(lacking <= 0)
        if any(weight < 0 for weight in total.weights.values()):
            raise NotLinearError
        one = Sum(total.variables, {total.variables.variable(1): 1})
        total.variables.row(total - one * lacking, total.constant)
        return one

    def demand(self) -> None:
        """It is to hold."""
        if self.missed:
            self.total.variables.row(-self.total, 1 - self.amount)
        else:
            self.total.variables.row(self.total, self.amount)


@dataclass(eq=False, slots=True)
class Largest:
    """The largest of some numbers."""

    numbers: tuple[Sum, ...]
    least: int
    """A whole number among them."""

    def __mul__(self, factor: int) -> "Largest":
        if factor == 1:
            return self
        return Largest(tuple(one * factor for one in self.numbers), self.least * factor)

    def __add__(self, other: Union[Sum, "Largest", int]) -> Sum | int:
        return self.as_sum() + other

    __radd__ = __add__

    def __gt__(self, amount: int) -> Reached:
        if len(self.numbers) != 1 or amount < self.least:
            raise NotLinearError
        return self.numbers[0] > amount

    def as_sum(self) -> Sum | int:
        """No less than each of them."""
        if self.least < 0:
            raise NotLinearError
        numbers = [one for one in self.numbers if one.constant > self.least or one.rises]
        if not numbers:
            return self.least
        variables = numbers[0].variables
        size = gcd(self.least, *(weight for one in numbers for weight in one.weights.values())) or 1
        largest = Sum(variables, {variables.variable(inf, whole=False): size})
        for one in numbers:
            variables.row(largest - one, 0)
        if self.least:
            variables.row(largest, self.least)
        return largest


@dataclass(frozen=True)
class Smallest:
    """The smallest of some numbers."""

    numbers: tuple[Sum, ...]


@dataclass(frozen=True, eq=False)
class Code:
    """One of some codes, each with the truth that it holds; no two of these hold at once."""

    ways: Mapping[int, Truth]

    def __eq__(self, code: Any) -> Truth:
        return self.ways.get(code)

    __hash__ = None  # type: ignore[assignment]


class LinearAlgebra:
    """Numbers are sums, the largest or the smallest of some, or whole numbers."""

    def where(self, test: Truth, then: Number, other: Number) -> Number:
        """One number where the test holds, another elsewhere: of codes, or what is above 0."""
        if isinstance(test, bool):
            return then if test else other
        if isinstance(then, int):
            rest = other.ways if isinstance(other, Code) else {other: None}
            return Code({then: test, **rest})
        if isinstance(test, Reached) and (test.total, test.amount, test.missed, other) == (then, 1, False, 0):
            return Largest((then,), 0)
        raise NotLinearError

    def largest(self, numbers: Sequence[Number]) -> Number:
        """The largest of some numbers that are the largest of their own."""
        if not all(isinstance(one, Largest) for one in numbers):
            raise NotLinearError
        return Largest(
            tuple(part for one in numbers for part in one.numbers), max(one.least for one in numbers)
        )

    def smallest(self, numbers: Sequence[Number]) -> Number:
        """The smallest of some sums."""
        return Smallest(tuple(numbers))

    def count(self, tests: Sequence[Truth]) -> Number:
        """How many of the tests hold."""
        if any(test is None for test in tests):
            raise NotLinearError
        return sum(int(test) if isinstance(test, bool) else test.as_sum() for test in tests)


LINEAR = LinearAlgebra()


def demand(truth: Truth) -> bool:
    """A truth is to hold; whether it can."""
    if isinstance(truth, bool):
        return truth
    truth.demand()
    return True


def demand_at_least(number: Number, amount: int) -> bool:
    """A number is to be no less than an amount; whether that can be."""
    numbers = number.numbers if isinstance(number, Smallest) else (number,)
    return all(demand(one >= amount) for one in numbers)


def demand_at_most(number: Number, amount: int) -> bool:
    """A number is to be no more than an amount; whether that can be."""
    numbers: Iterable[Number] = (number,)
    if isinstance(number, Largest):
        numbers = (*number.numbers, number.least)
    return all(demand(one <= amount) for one in numbers)


class RisingRatings(CompleteRatings):
    """One person's ratings that may rise, as sums: `engine.decide.meaning.Ratings` for linear programs."""

    algebra = LINEAR
    refusal = NotLinearError

    def lowest_ratings(self) -> Number:
        """How many competencies have the lowest rating."""
        lowest = self.meaning.lowest
        above = min(lowest + self.meaning.step, self.meaning.highest)
        return LINEAR.count([one < above for one in self.ratings.values() if one.constant == lowest])
