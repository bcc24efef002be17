"""The facts that conditions may name: what the rules can know of a person and a promotion."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from rules.pack import AGREEMENTS, ANSWERS, BANDS, IMPORTANCES, STATUSES, TENURES, Promotion, RulePack


@dataclass(frozen=True)
class Fact:
    """A named fact: its kind says what it may be compared with."""

    name: str
    kind: Literal["number", "category", "flag"]
    meaning: str
    values: tuple[str, ...] = ()
    """The values of a category."""
    unit: str = ""
    """What a number counts: `signals`, `competencies`, `share`, `points`, `years`, `months`, `cycles`."""
    may_be_unknown: bool = False
    """A number that may be missing; every comparison with a missing number is false, whichever way round it
    is put, so `not (x >= 3)` means `x < 3`. `known(x)` asks."""


REVIEWS: tuple[str, ...] = ("current", "stale", "earlier_level", "undated")
OBSERVATIONS: tuple[str, ...] = ("enough", "too_short", "unknown")
ANSWER = "fact."
"""Stands before the name of a yes/no fact."""
CYCLES_MET = "cycles_met_before"
FIRMNESS = "firmness"
BAND = "recommendation"
SELF_COUNTS = ("blind_spots", "hidden_strengths", "self_higher", "self_lower", "self_unknown")
Topic = Literal["finding", "recommendation", "confidence"]


def facts_of(pack: RulePack, promotion: Promotion, topic: Topic | None = None) -> dict[str, Fact]:
    """The facts that rules of a promotion may name, by name: all there are, or those for rules of a topic.

    How firm a band is and which it is are known to rules on confidence alone; what self ratings say is known
    to rules on findings alone.
    """
    facts = (*_NUMBERS, *_categories(pack, promotion), *_flags(pack), _FIRMNESS, _BAND)
    return {fact.name: fact for fact in facts if topic is None or topic in _topics(fact.name)}


def number_facts() -> tuple[Fact, ...]:
    """The numbers, which are the same for every pack."""
    return (*_NUMBERS, _FIRMNESS)


def _topics(name: str) -> tuple[Topic, ...]:
    if name in (FIRMNESS, BAND):
        return ("confidence",)
    if is_of_two_views(name):
        return ("finding",)
    return ("finding", "recommendation", "confidence")


def is_of_two_views(name: str) -> bool:
    """Whether a fact is about the self ratings, which never enter a band or a confidence."""
    return name in SELF_COUNTS or name.startswith("agreement.")


def _categories(pack: RulePack, promotion: Promotion) -> Iterator[Fact]:
    yield Fact("tenure", "category", "time so far against the guidance of the promotion", values=TENURES)
    months = f"the {pack.standard.observation_months} months that ratings need"
    words = f"time in the level up to the review against {months}"
    yield Fact("observation", "category", words, values=OBSERVATIONS)
    yield Fact("review", "category", "which time the review is about, and how old it is", values=REVIEWS)
    for asked in pack.facts_for(promotion):
        words = f"whether the person can point to {asked.title}, as the sheet says"
        yield Fact(f"{ANSWER}{asked.id}", "category", words, values=ANSWERS)
    for signal in promotion.signals:
        yield Fact(f"signal.{signal.id}", "category", f"status of “{signal.title}”", values=STATUSES)
    for signal in promotion.signals:
        words = f"self and manager on “{signal.title}”"
        yield Fact(f"agreement.{signal.id}", "category", words, values=AGREEMENTS)


def _flags(pack: RulePack) -> Iterator[Fact]:
    for finding in pack.findings:
        yield Fact(f"finding.{finding.id}", "flag", f"the finding “{finding.title}” was drawn")


_STATUS_WORDS = {
    "met": "at or above their bar",
    "near": "within the margin under their bar",
    "gap": "further below their bar than the margin",
    "unrated": "that cannot be judged, as ratings are missing",
}
_COUNTED = {
    "signals": {
        "blind_spots": "signals that self rates at the bar and the manager a step lower and below it",
        "hidden_strengths": "signals that the manager rates at the bar and self a step lower and below it",
        "self_higher": "signals on which self is above the manager by the margin",
        "self_lower": "signals on which self is below the manager by the margin",
        "self_unknown": "signals on which the two views cannot be compared",
    },
    "competencies": {
        "present_total": "competencies of which the present level expects a rating",
        "present_met": "expectations of the present level that are met",
        "present_below": "expectations of the present level that are missed",
        "lowest_ratings": "competencies with the lowest rating of the scale",
        "missing_ratings": "competencies of the pack that the manager has not rated",
    },
    "points": {
        "core_shortfall": "points that the core signals lack to their bars, added up",
        "largest_core_shortfall": "points that the core signal furthest below its bar lacks",
        "supporting_shortfall": "points that the supporting signals lack to their bars, on average",
        "largest_supporting_shortfall": "points that the supporting signal furthest below its bar lacks",
        "present_shortfall": "points that are missing to what the present level expects, added up",
        "largest_present_shortfall": "points missing where the present level is missed most",
    },
    "share": {"coverage": "share of the promotion's rating weight that the manager has rated, 0 to 1"},
}
_MEASURED = (
    ("score", "mean of the manager's scores over all signals", "points"),
    ("lowest_score", "the lowest manager score of any signal", "points"),
    ("months_in_level", "whole months in the level", "months"),
    ("observed_months", "whole months in the level up to the review", "months"),
    ("review_age_months", "whole months since the review", "months"),
    ("experience_years", "years by the measure of the promotion's tenure guidance", "years"),
    (CYCLES_MET, "earlier cycles in a row, the last one first, that met every core signal", "cycles"),
    (FIRMNESS, "share of the plausible re-ratings in which the band stays, 0 to 1", "share"),
)


def _of_signals(importance: str) -> Iterator[Fact]:
    for status, words in _STATUS_WORDS.items():
        yield Fact(f"{importance}_{status}", "number", f"{importance} signals {words}", unit="signals")
    yield Fact(f"{importance}_total", "number", f"{importance} signals", unit="signals")
    words = f"share of the {importance} signals at or above their bar, 0 to 1"
    yield Fact(f"{importance}_met_share", "number", words, unit="share")


*_NUMBERS, _FIRMNESS = (
    *(fact for importance in IMPORTANCES for fact in _of_signals(importance)),
    *(
        Fact(name, "number", words, unit=unit)
        for unit, some in _COUNTED.items()
        for name, words in some.items()
    ),
    *(Fact(name, "number", words, unit=unit, may_be_unknown=True) for name, words, unit in _MEASURED),
)
_BAND = Fact(BAND, "category", "the band that was recommended", values=BANDS)
