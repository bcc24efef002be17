"""What checking a pack's rules comes to: what is wrong with them, and how it was looked for."""

from dataclasses import dataclass

LARGEST_ENUMERATION = 100_000
"""Combinations that are run through the rule engine; beyond, a solver looks."""


@dataclass(frozen=True)
class Flaw:
    """One thing that is wrong with the rules of a pack."""

    kind: str
    """`gap`, `contradiction`, `dead_rule`, `idle_rule`, `unreachable_finding`, `unused_competency` ..."""
    promotion: str | None
    rules: tuple[str, ...]
    """The codes of the rules concerned, the one to look at first."""
    text: str
    """What is wrong and what would be right."""
    example: str | None = None
    """A person that shows it."""
    part: str | None = None
    """The id of the finding, competency or level concerned, where it is not a rule."""


@dataclass(frozen=True)
class Proof:
    """How one topic of one promotion, or the rules of one lens, were searched for flaws."""

    promotion: str | None
    """None for a lens."""
    topic: str
    method: str
    """`enumeration` or `solver`."""
    cases: int
    """Combinations of what the rules look at that there are."""
    lens: str | None = None


@dataclass(frozen=True)
class Soundness:
    """What was found, and how it was looked for."""

    flaws: tuple[Flaw, ...]
    proofs: tuple[Proof, ...]
