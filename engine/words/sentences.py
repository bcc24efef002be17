"""A person's own numbers and names, as the texts that fill the placeholders of a rule's sentences."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from engine.decide.facts import denominator_of
from engine.phrases import THE_MANAGER, day, join, percent, rounded_ratio, span
from engine.words.explanation import SignalEvidence
from rules.facts import Fact
from rules.pack import IMPORTANCES, STATUSES, BandText, RulePack, Tenure, TimeMeasure
from rules.placeholders import LISTS

UNKNOWN = "unknown"
Row = Mapping[str, Any]
"""One person's row of a frame, column to value; the frame's schema says of what type."""


def show_fact(fact: Fact, facts: Row, findings: Sequence[str], pack: RulePack) -> str:
    """A fact's value as people read it: `83%`, `3.67`, `near the bar`, `yes`."""
    if fact.kind == "flag":
        return "yes" if fact.name.removeprefix("finding.") in findings else "no"
    if fact.kind == "category":
        return _category_label(fact, fact.values[facts[fact.name]], pack)
    return show_number(fact, facts)


def show_number(fact: Fact, facts: Row) -> str:
    """A number fact's value in the form of its unit."""
    numerator, denominator = facts[fact.name], facts[denominator_of(fact.name)]
    if numerator is None:
        return UNKNOWN
    if fact.unit == "share":
        return percent(numerator, denominator)
    if fact.unit in _MONTHS:
        return span(numerator * _MONTHS[fact.unit] // denominator)
    return str(rounded_ratio(numerator, denominator, 2 if fact.unit == "points" else 0))


_MONTHS = {"months": 1, "years": 12}
"""Units of time, in months; time so far is counted in whole ones."""


def signal_lists(signals: Sequence[SignalEvidence], short: Collection[str]) -> dict[str, str]:
    """The texts of every list of signals in `rules.placeholders.LISTS`; `short` are the ids of those that are
    below the bar whatever the missing ratings are, perhaps unrated."""
    lists = {
        "blind_spot_signals": [one.title for one in signals if one.blind_spot],
        "hidden_strength_signals": [one.title for one in signals if one.hidden_strength],
        "self_higher_signals": [one.title for one in signals if one.agreement == "self_higher"],
        "self_lower_signals": [one.title for one in signals if one.agreement == "self_lower"],
    }
    for importance in (*IMPORTANCES, "all"):
        members = [one for one in signals if importance in (one.importance, "all")]
        for status in STATUSES:
            lists[f"{importance}_{status}_signals"] = [one.title for one in members if one.status == status]
        lists[f"{importance}_short_signals"] = [one.title for one in members if one.signal in short]
    return {name: join(titles) for name, titles in lists.items() if name in LISTS}


def names_of(person: Row) -> dict[str, str]:
    """What somebody, and who rates them, is called."""
    return {
        "employee": str(person["employee_name"] or person["employee_id"]),
        "manager": str(person["manager_name"] or person["manager_id"] or THE_MANAGER),
    }


def show_day(known: date | None) -> str:
    """A day as people write it, where it is known."""
    return UNKNOWN if known is None else day(known)


_TIME_COUNTED: Mapping[TimeMeasure, str] = {
    "product_experience": "Experience",
    "time_in_level": "Time at the present level",
}


def guidance_texts(tenure: Tenure | None) -> dict[str, str]:
    """The time that a tenure guidance names."""
    if tenure is None:
        return {"guidance_from": UNKNOWN, "guidance_to": UNKNOWN, "time_counted": "Time"}
    latest = tenure.most_months
    return {
        "guidance_from": span(tenure.least_months),
        "guidance_to": "no end" if latest is None else span(latest),
        "time_counted": _TIME_COUNTED[tenure.measure],
    }


def _category_label(fact: Fact, value: str, pack: RulePack) -> str:
    family = fact.name.partition(".")[0]
    words: dict[str, Mapping[Any, BandText]] = {"signal": pack.statuses, "agreement": pack.agreements}
    text = words.get(family, {}).get(value)
    return value.replace("_", " ") if text is None else text.label
