"""What checking a pack's rules comes to: what is wrong with them, and how it was looked for."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from rules.pack import Band, Finding, Rule

LARGEST_ENUMERATION = 100_000
"""Combinations that are run through the rule engine; beyond, a solver looks."""
Method = Literal["enumeration", "solver"]


@dataclass(frozen=True)
class Flaw:
    """One thing that is wrong with the rules of a pack."""

    kind: str
    """`gap`, `contradiction`, `dead_rule`, `idle_rule`, `vain_condition`, `idle_signal`,
    `unreachable_finding`, `unused_competency`, `unused_expectation`, `unused_level`."""
    promotion: str | None
    rules: tuple[str, ...]
    """The codes of the rules concerned, the one to look at first."""
    text: str
    """What is wrong and what would be right."""
    example: str | None = None
    """A person that shows it; the engine was asked about them."""
    part: str | None = None
    """The id of the finding, competency or level concerned, where it is not a rule."""

    def shown_by(self, example: str | None, case: str = "") -> "Flaw":
        """The same with an example, or where nobody was found with the case in words."""
        return replace(self, example=example, text=f"{self.text}: {case}" if case else self.text)


def never_drawn(finding: Finding, rules: Iterable[Rule], of: str = "") -> Flaw:
    """That a finding can never be drawn: the rules that conclude it, if there are any, can never fire."""
    concluding = tuple(rule.code for rule in rules if rule.finding == finding.id)
    why = "the rules that conclude it can never fire" if concluding else f"no rule{of} concludes it"
    text = f"the finding `{finding.id}` can never be drawn: {why}"
    return Flaw("unreachable_finding", None, concluding, text, None, finding.id)


@dataclass(frozen=True)
class Proof:
    """How one topic of one promotion, or the rules of one lens, were searched for flaws."""

    promotion: str | None
    """None for a lens."""
    topic: str
    method: Method
    cases: int
    """Combinations of what the rules look at that there are."""
    lens: str | None = None


@dataclass(frozen=True)
class Monotony:
    """Whether a higher rating can lead to a lower band of one promotion."""

    promotion: str
    shown: bool
    """Whether it is shown that none can, in any specialisation."""
    method: Method
    """Only where it is shown by `enumeration` does a run try two completions of missing ratings, not all."""
    example: str | None
    """Two people that show that one can."""


@dataclass(frozen=True)
class Passed:
    """A rule that holds back whoever has a number, and not whoever has none."""

    promotion: str
    fact: str
    rules: tuple[str, ...]
    """The codes of the rules that compare the number."""
    band: Band
    """The band that somebody without the number can get."""
    instead: Band
    """The lower one of somebody alike with such a number."""


@dataclass(frozen=True)
class Barred:
    """Bands that nobody can get on a promotion, whatever the ratings and dates are."""

    promotion: str
    bands: tuple[Band, ...]


@dataclass(frozen=True)
class Hollow:
    """A list in a rule's sentence that can be empty where the sentence is shown: it says “none” there."""

    promotion: str
    rule: str
    placeholder: str
    example: str


@dataclass(frozen=True)
class Soundness:
    """What was found, and how it was looked for."""

    flaws: tuple[Flaw, ...]
    proofs: tuple[Proof, ...]
    monotony: tuple[Monotony, ...]
    """One for each promotion."""
    passed: tuple[Passed, ...] = ()
    """Numbers that hold back whoever has them, and not whoever has none."""
    barred: tuple[Barred, ...] = ()
    """Promotions on which somebody can get not every band."""
