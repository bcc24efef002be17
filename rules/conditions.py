"""The condition language of rules: short expressions over named facts, parsed into a checked tree.

Grammar, loosest first::

    condition  = conjunction {"or" conjunction}
    conjunction = negation {"and" negation}
    negation   = "not" negation | atom
    atom       = "(" condition ")" | "always" | "known" "(" fact ")" | flag
               | fact ("==" | "!=" | "<" | "<=" | ">" | ">=") constant
               | fact ["not"] "in" "(" constant {"," constant} ")"
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Operator = Literal["==", "!=", "<", "<=", ">", ">="]


@dataclass(frozen=True)
class Always:
    """True for everybody."""


@dataclass(frozen=True)
class Flag:
    """A flag fact that must be true."""

    fact: str


@dataclass(frozen=True)
class Known:
    """A number fact that must not be missing."""

    fact: str


@dataclass(frozen=True)
class Compare:
    """A number fact against a constant; false when the number is missing."""

    fact: str
    operator: Operator
    constant: Decimal


@dataclass(frozen=True)
class OneOf:
    """A category fact that must have one of these values (`==` gives one, `!=` the others)."""

    fact: str
    values: frozenset[str]


@dataclass(frozen=True)
class Not:
    """The opposite; a missing number stays missing, so neither a comparison nor its opposite holds."""

    part: "Condition"


@dataclass(frozen=True)
class All:
    """Every part must hold."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True)
class Any:
    """At least one part must hold."""

    parts: tuple["Condition", ...]


Condition = Always | Flag | Known | Compare | OneOf | Not | All | Any
