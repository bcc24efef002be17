"""Sentences that speak of signals where there are none: “clearly not there yet: none”."""

from collections.abc import Iterable, Iterator
from string import Formatter

from engine.prove.flaws import Hollow
from engine.prove.verdicts import Confidences
from rules.pack import IMPORTANCES, STATUSES, Rule

EFFORT = 300_000
"""What a solver may spend on one list, in its own steps; beyond, nothing is said of it."""
_OF_COMPETENCIES = {"present_below_competencies": "present_below", "lowest_competencies": "lowest_ratings"}


def empty_lists(one: Confidences, on_band: Iterable[Rule]) -> Iterator[Hollow]:
    """The lists in sentences of a promotion's rules that can be empty where the sentence is shown."""
    shown = [(rule, one.shows(rule)) for rule in on_band]
    shown += [(rule, one.findings[code]) for code, rule in one.programs.findings.rules.items()]
    for rule, when in shown:
        for name in dict.fromkeys(_named(f"{rule.reason} {rule.next_step or ''}")):
            facts = _counted_by(name)
            wanted = [when, *map(one.facts.is_zero, facts)]
            known = bool(facts) and one.possible.is_found(*wanted, effort=EFFORT)
            if known and (found := one.possible.find(*wanted)) is not None:
                yield Hollow(one.programs.band.promotion.id, rule.code, name, str(found.person))


def _named(text: str) -> Iterator[str]:
    return (name for _, name, _, _ in Formatter().parse(text) if name)


def _counted_by(placeholder: str) -> list[str]:
    """The number facts that are all 0 where a list is empty; none for what is no such list."""
    if placeholder in _OF_COMPETENCIES:
        return [_OF_COMPETENCIES[placeholder]]
    whose, _, which = placeholder.removesuffix("_signals").partition("_")
    if placeholder == f"{whose}_{which}_signals" and which in (*STATUSES, "short"):
        fact = "shortfall" if which == "short" else which
        return [f"{importance}_{fact}" for importance in IMPORTANCES if whose in (importance, "all")]
    return []
