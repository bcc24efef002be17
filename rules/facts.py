"""The facts that conditions may name: what the rules can know of a person and a promotion."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from rules.pack import AGREEMENTS, IMPORTANCES, STATUSES, TENURES, Promotion, RulePack


@dataclass(frozen=True)
class Fact:
    """A named fact: its kind says what it may be compared with."""

    name: str
    kind: Literal["number", "category", "flag"]
    meaning: str
    values: tuple[str, ...] = ()
    """The values of a category."""
    unit: str = ""
    """What a number counts: `signals`, `share`, `points`, `years`, `months`."""
    may_be_unknown: bool = False
    """A number that may be missing; every comparison with a missing number is false, whichever way round it
    is put, so `not (x >= 3)` means `x < 3`. `known(x)` asks."""


_STATUS_WORDS = {
    "met": "at or above their bar",
    "near": "within the margin under their bar",
    "gap": "further below their bar",
    "unrated": "with too few manager ratings to tell",
}


def facts_of(pack: RulePack, promotion: Promotion) -> dict[str, Fact]:
    """Every fact that the rules of a promotion may name, by name."""
    facts = (*_counts(), *_numbers(), *_categories(pack, promotion), *_flags(pack))
    return {fact.name: fact for fact in facts}


def _counts() -> Iterator[Fact]:
    for importance in IMPORTANCES:
        for status in STATUSES:
            words = f"{importance} signals {_STATUS_WORDS[status]}"
            yield Fact(f"{importance}_{status}", "number", words, unit="signals")
        yield Fact(f"{importance}_total", "number", f"{importance} signals", unit="signals")
    yield Fact(
        "blind_spots",
        "number",
        "signals that self rates at the bar and the manager below",
        unit="signals",
    )
    yield Fact(
        "hidden_strengths",
        "number",
        "signals that the manager rates at the bar and self below",
        unit="signals",
    )
    yield Fact(
        "self_higher",
        "number",
        "signals on which self is above the manager by the margin",
        unit="signals",
    )
    yield Fact(
        "self_lower",
        "number",
        "signals on which self is below the manager by the margin",
        unit="signals",
    )
    yield Fact("self_unknown", "number", "signals that lack a self or a manager score", unit="signals")


def _numbers() -> Iterator[Fact]:
    yield Fact(
        "coverage",
        "number",
        "share of the promotion's rating weight that the manager has rated, 0 to 1",
        unit="share",
    )
    yield Fact(
        "score",
        "number",
        "weighted mean of the manager's ratings over all signals",
        unit="points",
        may_be_unknown=True,
    )
    yield Fact(
        "lowest_score",
        "number",
        "the lowest manager score of any rated signal",
        unit="points",
        may_be_unknown=True,
    )
    yield Fact("months_in_level", "number", "whole months in the level", unit="months", may_be_unknown=True)
    yield Fact(
        "experience_years",
        "number",
        "years by the measure of the promotion's tenure guidance",
        unit="years",
        may_be_unknown=True,
    )


def _categories(pack: RulePack, promotion: Promotion) -> Iterator[Fact]:
    yield Fact("tenure", "category", "time so far against the articles' guidance", values=TENURES)
    yield Fact(
        "observation",
        "category",
        f"time in the level against the {pack.standard.observation_months} months that ratings need",
        values=("enough", "too_short", "unknown"),
    )
    for signal in promotion.signals:
        yield Fact(f"signal.{signal.id}", "category", f"status of “{signal.title}”", values=STATUSES)
    for signal in promotion.signals:
        yield Fact(
            f"agreement.{signal.id}",
            "category",
            f"self and manager on “{signal.title}”",
            values=AGREEMENTS,
        )


def _flags(pack: RulePack) -> Iterator[Fact]:
    for finding in pack.findings:
        yield Fact(f"finding.{finding.id}", "flag", f"the finding “{finding.title}” was drawn")
